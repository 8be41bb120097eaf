"""What came of validating one submission, as plain values that pass from the worker to whoever asked.

>>> outcome = Outcome(file="actions.csv", format="csv", actions=2, statements=14, engine="compiled")
>>> Outcome.from_dict(outcome.to_dict()) == outcome
True
"""

from __future__ import annotations

from dataclasses import dataclass, field, fields
from pathlib import PurePath
from typing import TYPE_CHECKING, Any

from bicentennial.findings import Finding, Location

if TYPE_CHECKING:
    from collections.abc import Mapping
    from typing import Self

    from bicentennial.errors import InputError
    from bicentennial.validation.coverage import Coverage

__all__ = ["Outcome", "unreadable"]


@dataclass(frozen=True, slots=True)
class Outcome:
    """Facts about a submission, and what was found in it.

    `checked` tells whether anything was checked at all; `engine` is the one that ran, None where the content could
    not be read. `findings` hold at most as many of one code as the limit allows, in the order of the file; `totals`
    hold how many there are of each code and severity. `coverage` is counted only for whoever asks for it.
    `made_for` is the version of the ontology that the submission was made for, `made_for_source` where it says so.
    """

    file: str
    format: str | None = None
    actions: int = 0
    statements: int = 0
    engine: str | None = None
    checked: bool = True
    findings: tuple[Finding, ...] = ()
    totals: Mapping[str, tuple[str, int]] = field(default_factory=dict)
    coverage: Coverage | None = None
    made_for: str = ""
    made_for_source: str = "assumed"

    def to_dict(self) -> dict[str, Any]:
        """Return everything as values that JSON can hold."""
        plain: dict[str, Any] = {each.name: getattr(self, each.name) for each in fields(self)}
        plain["findings"] = [finding.to_dict() | {"datatype": finding.datatype} for finding in self.findings]
        plain["totals"] = {code: list(total) for code, total in self.totals.items()}
        plain["coverage"] = self.coverage.to_dict() if self.coverage else None
        return plain

    @classmethod
    def from_dict(cls, plain: Mapping[str, Any]) -> Self:
        """Return the outcome that `to_dict` described."""
        coverage = None
        if plain["coverage"] is not None:
            from bicentennial.validation.coverage import Coverage

            coverage = Coverage.from_dict(plain["coverage"])
        return cls(
            **{
                **plain,
                "findings": tuple(_finding(each) for each in plain["findings"]),
                "totals": {code: (severity, number) for code, (severity, number) in plain["totals"].items()},
                "coverage": coverage,
            }
        )


def unreadable(file: str, error: InputError) -> Outcome:
    """Return the outcome for a file that could not be read.

    >>> from bicentennial.errors import InputNotFoundError
    >>> unreadable("a.csv", InputNotFoundError("there is no a.csv", "no hay a.csv")).totals
    {'input-not-found': ('violation', 1)}
    """
    location = Location(file=PurePath(file).name, line=getattr(error, "line", None))
    finding = Finding(code=error.code, severity="violation", message=dict(error.text), location=location)
    return Outcome(file=file, checked=False, findings=(finding,), totals={finding.code: ("violation", 1)})


def _finding(plain: Mapping[str, Any]) -> Finding:
    place = {name: value for name, value in plain["location"].items() if name != "cell"}
    return Finding(**{**plain, "location": Location(**place), "suggestions": tuple(plain["suggestions"])})
