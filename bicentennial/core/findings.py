"""What a check has to say about a submission: findings and the places that they point to.

Findings are plain values, made by intake and validation and rendered by the report; nothing here depends on
how they came about. `code` is stable: see `bicentennial explain`.

>>> finding = Finding(
...     code="Action-advancesGoal.missing", severity="violation",
...     problem={"en": "Action A-7 has no goal.", "es": "La acción A-7 no tiene meta."},
...     remedy={"en": "Write one.", "es": "Escriba una."},
...     location=Location(file="actions.csv", row=8, column="D", header="goal"),
... )
>>> finding, finding.location.cell
(<Finding violation Action-advancesGoal.missing at D8>, 'D8')
>>> finding.message["en"], finding.to_dict()["location"]["row"]
('Action A-7 has no goal. Write one.', 8)
"""

from __future__ import annotations

from functools import cache
from typing import TYPE_CHECKING, Any, Final, Literal

from bicentennial.core.startup.named_tuples import NamedTuple
from bicentennial.core.startup.records import field, record

if TYPE_CHECKING:
    from collections.abc import Mapping

__all__ = ["LISTED", "SEVERITIES", "Finding", "Location", "Severity", "column_letter", "column_number"]

Severity = Literal["violation", "warning", "info"]

SEVERITIES: Final[tuple[Severity, ...]] = ("violation", "warning", "info")
"""From the gravest to the mildest: what MUST, SHOULD and MAY be mended."""

LISTED: Final = 21
"""How many findings of one code a text for people makes use of: one more than it shows."""


@cache
def column_letter(number: int) -> str:
    """Return the letters of a column as a spreadsheet program shows them, the first being 1.

    >>> [column_letter(n) for n in (1, 26, 27, 703)]
    ['A', 'Z', 'AA', 'AAA']
    """
    letters = ""
    while number > 0:
        number, rest = divmod(number - 1, 26)
        letters = chr(ord("A") + rest) + letters
    return letters


def column_number(letters: str) -> int:
    """Return the number of a column that has these letters, 0 without any.

    >>> [column_number(letters) for letters in ("A", "z", "AAA", "")]
    [1, 26, 703, 0]
    """
    number = 0
    for letter in letters.upper():
        number = number * 26 + ord(letter) - ord("A") + 1
    return number


class Location(NamedTuple):
    """Where in a submission something stands; what does not apply is None.

    Rows and columns count as the spreadsheet program shows them: the first row is 1 whether or not it holds the
    header, `column` is a letter. `line` counts from 1 in text files, in tables where it is another than `row` is;
    `pointer` is a JSON Pointer (RFC 6901).
    """

    file: str | None = None
    sheet: str | None = None
    row: int | None = None
    column: str | None = None
    header: str | None = None
    line: int | None = None
    pointer: str | None = None

    @property
    def cell(self) -> str | None:
        """The address of the cell, such as `C7`."""
        return f"{self.column}{self.row}" if self.column and self.row else None

    @property
    def short(self) -> str:
        """The place in a word, such as `actions!C7`, `line 3` or a pointer; empty for the file as a whole."""
        sheet = f"{self.sheet}!" if self.sheet else ""
        if self.cell or self.row:
            return sheet + (self.cell or f"row {self.row}")
        if self.line:
            return f"line {self.line}"
        return self.pointer or self.sheet or ""

    def to_dict(self) -> dict[str, Any]:
        """Return the place as the JSON report holds it, absent parts as None."""
        return {
            "file": self.file,
            "sheet": self.sheet,
            "row": self.row,
            "column": self.column,
            "cell": self.cell,
            "header": self.header,
            "line": self.line,
            "pointer": self.pointer,
        }


@record(frozen=True, repr=False)
class Finding:
    """One thing to mend, or to know, about a submission.

    `shape` is the shape's local name and `constraint` that of the SHACL component, both None where a finding
    comes from reading the file; `focus` and `path` are IRIs; `value` is the offending value as it was written.
    `problem` (what is wrong), `remedy` (what to do about it, empty where nothing is known) and `suggestions` are for
    people: the first two by language, suggestions as they would be typed into the file. `message` is problem and remedy
    as one text. `aside` is the part of the problem, by language, that gives the title of the thing in brackets; `brief`
    leaves it out. `datatype` is the IRI of the value's datatype, or its language such as `@es`; None where the value is
    no literal, or comes from reading the file. `suggested` holds the suggestions of each language that has others, as
    for names; see `suggestions_in`.
    """

    code: str
    severity: Severity
    problem: Mapping[str, str]
    location: Location = field(default_factory=Location)
    shape: str | None = None
    constraint: str | None = None
    focus: str | None = None
    path: str | None = None
    value: str | None = None
    suggestions: tuple[str, ...] = ()
    datatype: str | None = None
    suggested: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    remedy: Mapping[str, str] = field(default_factory=dict)
    aside: Mapping[str, str] = field(default_factory=dict)

    @property
    def message(self) -> dict[str, str]:
        """Problem and remedy as one text, by language."""
        return {
            language: " ".join(filter(None, (text, self.remedy.get(language, ""))))
            for language, text in self.problem.items()
        }

    def brief(self, language: str) -> str:
        """Return the problem without the title of the thing, as a summary says it.

        >>> said, aside = "Action A-1 (“Plant trees”) has no goal.", " (“Plant trees”)"
        >>> Finding("x", "violation", {"en": said}, aside={"en": aside}).brief("en")
        'Action A-1 has no goal.'
        """
        return self.problem[language].replace(self.aside.get(language, ""), "", 1)

    def suggestions_in(self, language: str) -> tuple[str, ...]:
        """Return the suggestions in a language.

        >>> found = Finding("x", "violation", {}, suggestions=("FIU",), suggested={"en": ("FIU",), "es": ("UIF",)})
        >>> found.suggestions_in("es"), Finding("x", "violation", {}, suggestions=("2023-02",)).suggestions_in("es")
        (('UIF',), ('2023-02',))
        """
        return self.suggested.get(language, self.suggestions)

    def __repr__(self) -> str:
        place = self.location.short
        return f"<Finding {self.severity} {self.code}{f' at {place}' if place else ''}>"

    def __str__(self) -> str:
        place = self.location.short
        message = self.message
        said = message.get("en") or next(iter(message.values()), self.code)
        return f"{place}: {said}" if place else said

    def to_dict(self) -> dict[str, Any]:
        """Return the finding as the JSON report holds it."""
        return {
            "code": self.code,
            "severity": self.severity,
            "shape": self.shape,
            "constraint": self.constraint,
            "focus": self.focus,
            "path": self.path,
            "value": self.value,
            "location": self.location.to_dict(),
            "message": self.message,
            "problem": dict(self.problem),
            "remedy": dict(self.remedy),
            "suggestions": list(self.suggestions),
            "suggested": {language: list(self.suggestions_in(language)) for language in self.problem},
        }
