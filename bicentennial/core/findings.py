"""What a check has to say about a submission: findings and the places that they point to.

Findings are plain values, made by intake and validation and rendered by the report; nothing here depends on
how they came about. `code` is stable: see `bicentennial explain`.

>>> finding = Finding(
...     code="Action-advancesGoal.missing", severity="violation",
...     message={"en": "Action A-7 has no goal.", "es": "La acción A-7 no tiene meta."},
...     location=Location(file="actions.csv", row=8, column="D", header="goal"),
... )
>>> finding.location.cell
'D8'
>>> finding.to_dict()["location"]["row"]
8
"""

from __future__ import annotations

from dataclasses import dataclass, field
from functools import cache
from typing import TYPE_CHECKING, Any, Final, Literal, NamedTuple

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
    header, `column` is a letter. `line` counts from 1 in text files, `pointer` is a JSON Pointer (RFC 6901).
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


@dataclass(frozen=True, slots=True)
class Finding:
    """One thing to mend, or to know, about a submission.

    `shape` is the shape's local name and `constraint` that of the SHACL component, both None where a finding
    comes from reading the file; `focus` and `path` are IRIs; `value` is the offending value as it was written.
    `message` and each of `suggestions` are for people: the message by language, suggestions as they
    would be typed into the file. `datatype` is the IRI of the value's datatype, or its language such as `@es`; None
    where the value is no literal, or comes from reading the file.
    """

    code: str
    severity: Severity
    message: Mapping[str, str]
    location: Location = field(default_factory=Location)
    shape: str | None = None
    constraint: str | None = None
    focus: str | None = None
    path: str | None = None
    value: str | None = None
    suggestions: tuple[str, ...] = ()
    datatype: str | None = None

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
            "message": dict(self.message),
            "suggestions": list(self.suggestions),
        }
