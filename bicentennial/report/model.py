"""The report on one submission: its verdict, its findings, and a method for each way of rendering them.

>>> from bicentennial.validation.outcome import Outcome
>>> report = Report(Outcome(file="actions.csv", format="csv", actions=2, statements=14, engine="compiled"))
>>> report.conforms, report.exit_code
(True, 0)
>>> print(report.to_text())
✓ actions.csv conforms: 2 actions, nothing to fix.
<BLANKLINE>
"""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

from bicentennial.core.escape import coded
from bicentennial.core.findings import SEVERITIES
from bicentennial.core.messages import Language
from bicentennial.core.records import field, record
from bicentennial.core.resources import version
from bicentennial.validation.outcome import lines

if TYPE_CHECKING:
    import os
    from collections.abc import Iterator
    from typing import Self

    import pandas as pd
    import polars as pl

    from bicentennial.core.findings import Finding, Severity
    from bicentennial.inputs import Input
    from bicentennial.limits import Limits
    from bicentennial.report.profile import Profile
    from bicentennial.validation.outcome import Outcome

__all__ = ["Language", "Report"]


@record(frozen=True, repr=False)
class Report:
    """What is to be said about one submission.

    It is true as a value (`if report:`) exactly when the submission conforms; it has the length of its findings, and
    iterating over it gives them.

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

    def __repr__(self) -> str:
        from bicentennial.report.words import verdict

        return f"<Report {verdict(self, 'en').rstrip('.')}>"

    def __str__(self) -> str:
        return self.to_text()

    def _repr_html_(self) -> str:
        from bicentennial.report.notebook import fragment

        return fragment([self])

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

    def to_text(self, lang: Language = "en", *, color: bool = False, width: int = 100) -> str:
        """Return the report as text for people: what to fix first, then every kind of finding with its places."""
        from bicentennial.report.text import to_text

        return to_text(self, lang, color=color, width=width)

    def to_csv(self, lang: Language = "en") -> str:
        """Return the findings as CSV, one a row, with nothing in it that a spreadsheet program would run."""
        from bicentennial.report.table import to_csv

        return to_csv([self], lang)

    def to_turtle(self) -> str:
        """Return the report as a W3C SHACL validation report in Turtle."""
        from bicentennial.report.turtle import to_turtle

        return to_turtle([self])

    def to_sarif(self, lang: Language = "en") -> str:
        """Return the findings as SARIF 2.1.0, as platforms for code review read it."""
        from bicentennial.report.sarif import to_sarif

        return to_sarif([self], lang)

    def to_html(self, lang: Language = "en") -> str:
        """Return the report as one self-contained page that holds both languages and opens in the given one."""
        from bicentennial.report.html import to_html

        return to_html([self], lang)

    def to_workbook(self, path: str | os.PathLike[str], lang: Language = "en") -> None:
        """Write the submission's own workbook back with its faulty cells marked and a sheet of findings.

        What is no workbook gets one made from it; the submission is read again, as it was read for the report. See
        `bicentennial.report.workbook`.
        """
        from bicentennial.report.workbook import write_workbook

        write_workbook(self, path, lang)

    def to_dicts(self, lang: Language = "en") -> list[dict[str, Any]]:
        """Return each finding as a flat dictionary with the keys of `bicentennial.report.table.COLUMNS`."""
        from bicentennial.report.table import records

        return list(records([self], lang))

    def to_pandas(self, lang: Language = "en") -> pd.DataFrame:
        """Return the findings as a pandas DataFrame, one a row.

        Raises:
            UsageError: pandas is not installed.
        """
        from bicentennial.report.table import to_pandas

        return to_pandas([self], lang)

    to_dataframe = to_pandas

    def to_polars(self, lang: Language = "en") -> pl.DataFrame:
        """Return the findings as a polars DataFrame, one a row.

        Raises:
            UsageError: polars is not installed.
        """
        from bicentennial.report.table import to_polars

        return to_polars([self], lang)


def _gravity(severity: str) -> int:
    return SEVERITIES.index(severity)
