"""The findings as CSV, one a row: to filter and assign them in a spreadsheet program."""

from __future__ import annotations

import csv
import io
from typing import TYPE_CHECKING, Any, Final

from bicentennial.core.escape import cell
from bicentennial.core.messages import entry
from bicentennial.core.namespaces import compact
from bicentennial.knowledge.sparql.results import optional

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    import pandas as pd
    import polars as pl

    from bicentennial.core.messages import Language
    from bicentennial.report.judged import JudgedOutcome

__all__ = ["COLUMNS", "records", "to_csv", "to_pandas", "to_polars"]

COLUMNS = (
    "file", "code", "severity", "sheet", "row", "column", "cell", "header", "line", "pointer",
    "focus", "path", "value", "message", "suggestions",
)  # fmt: skip
"""The columns in their order, by their keys in the catalogue of texts."""


_NUMBERS: Final = frozenset({"row", "line"})


def records(reports: Sequence[JudgedOutcome], lang: Language) -> Iterator[dict[str, Any]]:
    """Yield each finding as a flat dictionary with the keys of `COLUMNS`; what does not apply is None."""
    for report in reports:
        for finding in report.findings:
            yield {
                "file": report.file,
                "code": finding.code,
                "severity": finding.severity,
                **{name: value for name, value in finding.location.to_dict().items() if name != "file"},
                "focus": finding.focus,
                "path": compact(finding.path) if finding.path else None,
                "value": finding.value,
                "message": finding.message[lang],
                "suggestions": "; ".join(finding.suggestions_in(lang)) or None,
            }


def to_csv(reports: Sequence[JudgedOutcome], lang: Language) -> str:
    """Return the findings of one or several reports as CSV, its first row the headings in the language."""
    out = io.StringIO()
    writer = csv.writer(out, lineterminator="\r\n")
    headings, severities = entry("report", "headings"), entry("report", "severity")
    writer.writerow([headings[column][lang] for column in COLUMNS])
    for record in records(reports, lang):
        record["severity"] = severities[record["severity"]]["one"][lang]
        writer.writerow([cell(record[column]) for column in COLUMNS])
    return out.getvalue()


def _columns(reports: Sequence[JudgedOutcome], lang: Language) -> dict[str, list[Any]]:
    found = list(records(reports, lang))
    return {column: [_whole(record[column]) for record in found] for column in COLUMNS}


def _whole(value: Any) -> Any:
    """Return a text that a library of data frames can hold: half of a character pair, which it cannot, as an escape."""
    return value.encode("utf-8", "backslashreplace").decode() if isinstance(value, str) else value


def to_pandas(reports: Sequence[JudgedOutcome], lang: Language) -> pd.DataFrame:
    """Return the findings as a pandas DataFrame; rows and lines are whole numbers that may be missing."""
    library = optional("pandas")
    frame: pd.DataFrame = library.DataFrame(_columns(reports, lang), columns=list(COLUMNS))
    return frame.astype({name: "Int64" if name in _NUMBERS else "object" for name in COLUMNS})


def to_polars(reports: Sequence[JudgedOutcome], lang: Language) -> pl.DataFrame:
    """Return the findings as a polars DataFrame; rows and lines are whole numbers that may be missing."""
    library = optional("polars")
    schema = {name: library.Int64 if name in _NUMBERS else library.String for name in COLUMNS}
    frame: pl.DataFrame = library.DataFrame(_columns(reports, lang), schema=schema)
    return frame
