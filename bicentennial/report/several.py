"""The reports on several submissions: one verdict, one overview, one document in each format.

>>> from bicentennial.report.model import Report
>>> from bicentennial.validation.outcome import Outcome
>>> reports = Reports([Report(Outcome(file="a.csv", actions=1)), Report(Outcome(file="b.csv", checked=False))])
>>> reports, reports.conforms, reports.exit_code
(<Reports 1 of 2 files conform>, False, 3)
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from bicentennial.core.findings import SEVERITIES
from bicentennial.report.model import Report

if TYPE_CHECKING:
    from collections.abc import Iterable

    import pandas as pd
    import polars as pl

    from bicentennial.core.findings import Finding, Severity
    from bicentennial.core.messages import Language

__all__ = ["Reports"]


class Reports(list[Report]):
    """A list of reports with what they say together.

    Args:
        reports: one for each submission, in their order.
        skipped: files of a folder that were passed over, being hidden or temporary.
    """

    def __init__(self, reports: Iterable[Report] = (), skipped: Iterable[str] = ()) -> None:
        super().__init__(reports)
        self.skipped = tuple(skipped)

    def __bool__(self) -> bool:
        return self.conforms

    def __repr__(self) -> str:
        good = sum(report.conforms for report in self)
        return f"<Reports {good} of {len(self)} files conform>"

    def __str__(self) -> str:
        return self.to_text()

    def _repr_html_(self) -> str:
        from bicentennial.report.notebook import fragment

        return fragment(self)

    @property
    def conforms(self) -> bool:
        """Whether all submissions fit; where there is none, nothing was checked, which is never a pass."""
        return self.exit_code == 0

    @property
    def exit_code(self) -> int:
        """The worst of the reports' exit codes; 3 where there is none."""
        return max((report.exit_code for report in self), default=3)

    @property
    def findings(self) -> tuple[Finding, ...]:
        """The findings of all, in the order of the submissions."""
        return tuple(finding for report in self for finding in report.findings)

    @property
    def counts(self) -> dict[Severity, int]:
        """How many findings there are of each severity in all."""
        return {severity: sum(report.counts[severity] for report in self) for severity in SEVERITIES}

    def to_text(self, lang: Language = "en", *, color: bool = False, width: int = 100) -> str:
        """Return an overview and the reports as text for people."""
        return self._rendered("text", lang, color=color, width=width)

    def to_json(self) -> str:
        """Return all reports as one JSON document."""
        return self._rendered("json")

    def to_csv(self, lang: Language = "en") -> str:
        """Return all findings as CSV."""
        return self._rendered("csv", lang)

    def to_html(self, lang: Language = "en") -> str:
        """Return one page: the verdict on all, a list of the files, and a section on each."""
        return self._rendered("html", lang)

    def to_turtle(self) -> str:
        """Return all reports as SHACL validation reports in Turtle."""
        return self._rendered("turtle")

    def to_sarif(self, lang: Language = "en") -> str:
        """Return all findings as SARIF 2.1.0."""
        return self._rendered("sarif", lang)

    def _rendered(self, name: str, lang: Language = "en", **options: Any) -> str:
        from bicentennial.report.formats import render

        return render(self, name, lang, **options)

    def to_dicts(self, lang: Language = "en") -> list[dict[str, Any]]:
        """Return all findings as flat dictionaries."""
        return [record for report in self for record in report.to_dicts(lang)]

    def to_pandas(self, lang: Language = "en") -> pd.DataFrame:
        """Return all findings as a pandas DataFrame.

        Raises:
            UsageError: pandas is not installed.
        """
        from bicentennial.report.table import to_pandas

        return to_pandas(self, lang)

    to_dataframe = to_pandas

    def to_polars(self, lang: Language = "en") -> pl.DataFrame:
        """Return all findings as a polars DataFrame.

        Raises:
            UsageError: polars is not installed.
        """
        from bicentennial.report.table import to_polars

        return to_polars(self, lang)
