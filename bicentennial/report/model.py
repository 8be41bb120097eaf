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

from typing import TYPE_CHECKING, Any

from bicentennial.core.startup.records import record
from bicentennial.report.judged import JudgedOutcome

if TYPE_CHECKING:
    import os

    import pandas as pd
    import polars as pl

    from bicentennial.core.messages import Language

__all__ = ["Report"]


@record(frozen=True, repr=False)
class Report(JudgedOutcome):
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

    def __repr__(self) -> str:
        from bicentennial.report.words import verdict

        return f"<Report {verdict(self, 'en').rstrip('.')}>"

    def __str__(self) -> str:
        return self.to_text()

    def _repr_html_(self) -> str:
        from bicentennial.report.notebook import fragment

        return fragment([self])

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
