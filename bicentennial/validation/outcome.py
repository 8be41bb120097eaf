"""What came of validating one submission, as plain values that pass from the worker to the caller.

>>> outcome = Outcome(file="actions.csv", format="csv", actions=2, statements=14, engine="compiled")
>>> Outcome.from_dict(outcome.to_dict()) == outcome
True
"""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from functools import cached_property
from itertools import starmap, zip_longest
from pathlib import PurePath
from typing import TYPE_CHECKING, Any, Final, overload

from bicentennial.core.findings import Finding, Location
from bicentennial.core.startup.records import field, fields, record
from bicentennial.validation.finding_lines import lines as encoded

if TYPE_CHECKING:
    from collections.abc import Iterator
    from typing import Self

    from bicentennial.core.errors import InputError
    from bicentennial.validation.coverage import Coverage

__all__ = ["LazyFindings", "Outcome", "lines", "unreadable"]

_OF_A_FINDING: Final = tuple(each.name for each in fields(Finding))
_encode: Final = json.JSONEncoder(ensure_ascii=False).encode


class LazyFindings(Sequence[Finding]):
    """Findings that are kept as the JSON report holds them until they are needed.

    The worker writes that text, and a report in JSON passes it on: most findings are never anything else.

    Args:
        text: what stands between the brackets of the list in the report.
        unreported: of each what the report does not hold, its datatype and its aside, as a list in JSON.

    >>> finding = Finding("x", "info", {"en": "Look."}, value="7", datatype="urn:d")
    >>> found = LazyFindings(lines([finding, finding]), '[["urn:d", {}], ["urn:d", {}]]')
    >>> len(found), found == (finding, finding), len(LazyFindings("", "[]"))
    (2, True, 0)
    """

    def __init__(self, text: str, unreported: str) -> None:
        self.text = text
        self.unreported = unreported

    @cached_property
    def _findings(self) -> tuple[Finding, ...]:
        pairs: Iterator[Any] = zip_longest(
            json.loads(f"[{self.text}]"), json.loads(self.unreported), fillvalue=(None, {})
        )
        return tuple(starmap(_finding, pairs))

    def __len__(self) -> int:
        return self.text.count("\n") + 1 if self.text else 0  # each has a line

    def __iter__(self) -> Iterator[Finding]:
        return iter(self._findings)

    @overload
    def __getitem__(self, place: int) -> Finding: ...

    @overload
    def __getitem__(self, place: slice) -> tuple[Finding, ...]: ...

    def __getitem__(self, place: int | slice) -> Finding | tuple[Finding, ...]:
        return self._findings[place]

    def __eq__(self, other: object) -> bool:
        return isinstance(other, Sequence) and self._findings == tuple(other)

    __hash__ = None  # type: ignore[assignment]  # as of any sequence that is equal to others


def lines(findings: Sequence[Finding]) -> str:
    """Return what stands between the brackets of the list in the JSON report: each finding on a line of its own."""
    if isinstance(findings, LazyFindings):
        return findings.text
    return encoded(findings)


@record(frozen=True)
class Outcome:
    """Facts about a submission, and what was found in it.

    `checked` is whether anything was checked at all; `engine` is the one that ran, None where the content could
    not be read. `findings` hold at most as many of one code as the limit allows, in the order of the file; `totals`
    hold how many there are of each code and severity. `coverage` is counted only on request.
    `made_for` is the version of the ontology that the submission was made for, `made_for_source` where it says so.
    `sheets` are the sheets or lists that were read, in their order: `name` (None where the file is one table), `class`
    (the local name of what its rows are), `rows` (how many) and `header_row`.
    """

    file: str
    format: str | None = None
    actions: int = 0
    statements: int = 0
    engine: str | None = None
    checked: bool = True
    findings: Sequence[Finding] = ()
    totals: Mapping[str, tuple[str, int]] = field(default_factory=dict)
    coverage: Coverage | None = None
    made_for: str = ""
    made_for_source: str = "assumed"
    sheets: Sequence[Mapping[str, Any]] = ()

    def to_dict(self) -> dict[str, Any]:
        """Return everything as values that JSON can hold."""
        plain: dict[str, Any] = {each.name: getattr(self, each.name) for each in fields(self)}
        plain["findings"] = lines(self.findings)
        plain["unreported"] = _unreported(self.findings)
        plain["sheets"] = [dict(sheet) for sheet in self.sheets]
        plain["totals"] = {code: list(total) for code, total in self.totals.items()}
        plain["coverage"] = self.coverage.to_dict() if self.coverage else None
        return plain

    @classmethod
    def from_dict(cls, plain: Mapping[str, Any]) -> Self:
        """Return the outcome that `to_dict` described.

        A registry keeps outcomes for years: what an earlier version did not say yet is as by default, and what this
        one does not know is left out.
        """
        coverage = None
        if plain.get("coverage") is not None:
            from bicentennial.validation.coverage import Coverage

            coverage = Coverage.from_dict(plain["coverage"])
        unreported = plain.get("unreported", "[]")  # the first registries hold a list, and not its text
        return cls(
            **{
                **{each.name: plain[each.name] for each in fields(cls) if each.name in plain},
                "findings": LazyFindings(
                    plain["findings"], unreported if isinstance(unreported, str) else _encode(unreported)
                ),
                "totals": {code: (severity, number) for code, (severity, number) in plain["totals"].items()},
                "coverage": coverage,
                "sheets": tuple(plain.get("sheets", ())),
            }
        )


def unreadable(file: str, error: InputError) -> Outcome:
    """Return the outcome for a file that could not be read.

    >>> from bicentennial.core.errors import InputNotFoundError
    >>> unreadable("a.csv", InputNotFoundError({"en": "there is no a.csv", "es": "no hay a.csv"})).totals
    {'input-not-found': ('violation', 1)}
    """
    location = Location(file=PurePath(file).name, line=getattr(error, "line", None))
    finding = Finding(code=error.code, severity="violation", problem=dict(error.text), location=location)
    return Outcome(file=file, checked=False, findings=(finding,), totals={finding.code: ("violation", 1)})


def _unreported(findings: Sequence[Finding]) -> str:
    """Return of each finding what the report does not hold, without making findings of a text."""
    if isinstance(findings, LazyFindings):
        return findings.unreported
    return _encode([(finding.datatype, finding.aside) for finding in findings])


def _finding(plain: dict[str, Any], unreported: Sequence[Any]) -> Finding:
    place, suggestions = plain.get("location", {}), tuple(plain.get("suggestions", ()))
    by_language = ((language, tuple(each)) for language, each in plain.get("suggested", {}).items())
    given: dict[str, Any] = {
        "problem": plain.get("message"),  # as the first outcomes said it
        **plain,
        "location": Location(**{name: place[name] for name in Location._fields if name in place}),
        "datatype": unreported[0],
        "aside": unreported[1],
        "suggestions": suggestions,
        "suggested": {language: each for language, each in by_language if each != suggestions},
    }
    return Finding(**{name: given[name] for name in _OF_A_FINDING if name in given})
