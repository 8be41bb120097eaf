"""An outcome as a profile judges it: whether it conforms, and how much was found of what.

>>> from bicentennial.validation.outcome import Outcome
>>> judged = JudgedOutcome(Outcome(file="actions.csv", format="csv", actions=2, statements=14, engine="compiled"))
>>> judged.conforms, judged.exit_code
(True, 0)
"""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

from bicentennial.core.escape import coded
from bicentennial.core.findings import SEVERITIES
from bicentennial.core.resources import version
from bicentennial.core.startup.records import field, record
from bicentennial.validation.outcome import lines

if TYPE_CHECKING:
    from collections.abc import Iterator
    from typing import Self

    from bicentennial.core.findings import Finding, Severity
    from bicentennial.inputs import Input
    from bicentennial.limits import Limits
    from bicentennial.report.profile import Profile
    from bicentennial.validation.outcome import Outcome

__all__ = ["JudgedOutcome"]


@record(frozen=True, repr=False)
class JudgedOutcome:
    """What a report is rendered from.

    Args:
        outcome: what validating gave.
        fail_on: the mildest severity that keeps a submission from conforming.
        profile: the one by which the outcome was judged, None where each code has the severity that we give it.
        source: the submission, to be read again for a marked workbook; None if it is the file that `file` names.
        mapping: the mapping file that it was read with.
        limits: what reading it was allowed to take; None for the usual.
    """

    outcome: Outcome
    fail_on: Severity = "violation"
    profile: Profile | None = None
    source: Input | None = field(default=None, compare=False)
    mapping: str | None = None
    limits: Limits | None = None

    @classmethod
    def of(
        cls,
        outcome: Outcome,
        fail_on: Severity,
        profile: Profile | None,
        source: Input | None = None,
        mapping: str | None = None,
        limits: Limits | None = None,
    ) -> Self:
        """Return the report on an outcome as a profile judges it."""
        if profile is None:
            return cls(outcome, fail_on, None, source, mapping, limits)
        judged, used = profile.apply(outcome)
        return cls(judged, fail_on, used, source, mapping, limits)

    def __bool__(self) -> bool:
        return self.conforms

    def __len__(self) -> int:
        return len(self.outcome.findings)

    def __iter__(self) -> Iterator[Finding]:
        return iter(self.findings)

    @property
    def conforms(self) -> bool:
        """Whether the submission fits: true exactly when the exit code is 0."""
        return self.exit_code == 0

    @property
    def exit_code(self) -> int:
        """0 it conforms · 1 there are findings at or above `fail_on` · 3 nothing could be read or checked."""
        if not self.outcome.checked:
            return 3
        grave = SEVERITIES[: SEVERITIES.index(self.fail_on) + 1]
        return 1 if any(self.counts[severity] for severity in grave) else 0

    @property
    def file(self) -> str:
        """The submission, as it was named."""
        return self.outcome.file

    @property
    def findings(self) -> tuple[Finding, ...]:
        """What was found, in the order of the file; at most as many of one code as the limit allows."""
        return tuple(self.outcome.findings)

    @property
    def counts(self) -> dict[Severity, int]:
        """How many findings there are of each severity, listed or not."""
        return {
            severity: sum(number for each, number in self.outcome.totals.values() if each == severity)
            for severity in SEVERITIES
        }

    @property
    def by_code(self) -> dict[str, int]:
        """How many findings there are of each code, listed or not; the gravest first, then the most frequent."""
        ranked = sorted(self.outcome.totals.items(), key=lambda item: (_gravity(item[1][0]), -item[1][1], item[0]))
        return {code: number for code, (_, number) in ranked}

    @property
    def summary(self) -> dict[str, Any]:
        """The totals as the JSON report holds them."""
        return dict(self.counts) | {"by_code": self.by_code}

    @property
    def grouped(self) -> dict[str, list[Finding]]:
        """The findings of each code, in the order of `by_code`."""
        found: dict[str, list[Finding]] = {code: [] for code in self.by_code}
        for finding in self.findings:
            found[finding.code].append(finding)
        return found

    def of_code(self, code: str) -> list[Finding]:
        """Return the findings of a code, in the order of the file."""
        return [finding for finding in self.findings if finding.code == code]

    def to_dict(self) -> dict[str, Any]:
        """Return the report as the JSON holds it."""
        return self._head() | {"findings": [finding.to_dict() for finding in self.findings]}

    def _head(self) -> dict[str, Any]:
        return {
            "conforms": self.conforms,
            "engine": self.outcome.engine,
            "version": version(),
            "profile": self.profile.to_dict() if self.profile else None,
            "submission": {
                "file": self.outcome.file,
                "format": self.outcome.format,
                "actions": self.outcome.actions,
                "statements": self.outcome.statements,
                "version": self.outcome.made_for or None,
                "version_detected": self.outcome.made_for_source if self.outcome.made_for else None,
                "sheets": [dict(sheet) for sheet in self.outcome.sheets],
            },
            "summary": self.summary,
        }

    def to_json(self) -> str:
        """Return the report as JSON, each finding on a line of its own; its keys are stable."""
        findings = lines(self.outcome.findings)
        start = "\n    " if findings else ""
        head = json.dumps(self._head(), ensure_ascii=False, indent=2).removesuffix("\n}")
        return coded(f'{head},\n  "findings": [{start}{findings}\n  ]\n}}\n')


def _gravity(severity: str) -> int:
    return SEVERITIES.index(severity)
