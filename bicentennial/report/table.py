"""The findings as CSV, one a row: for whoever filters and assigns them in a spreadsheet program."""

from __future__ import annotations

import csv
import io
from typing import TYPE_CHECKING

from bicentennial.core.messages import entry
from bicentennial.core.namespaces import compact
from bicentennial.report.escape import cell

if TYPE_CHECKING:
    from collections.abc import Sequence

    from bicentennial.report.model import Language, Report

__all__ = ["COLUMNS", "to_csv"]

COLUMNS = (
    "file", "code", "severity", "sheet", "row", "column", "cell", "header", "line", "pointer",
    "focus", "path", "value", "message", "suggestions",
)  # fmt: skip
"""The columns in their order, by their keys in the catalogue of texts."""


def to_csv(reports: Sequence[Report], lang: Language) -> str:
    """Return the findings of one or several reports as CSV, its first row the headings in the language."""
    out = io.StringIO()
    writer = csv.writer(out, lineterminator="\r\n")
    headings, severities = entry("report", "headings"), entry("report", "severity")
    writer.writerow([headings[column][lang] for column in COLUMNS])
    for report in reports:
        for finding in report.findings:
            values = {
                **finding.location.to_dict(),
                "file": report.file,
                "code": finding.code,
                "severity": severities[finding.severity]["one"][lang],
                "focus": finding.focus,
                "path": compact(finding.path) if finding.path else None,
                "value": finding.value,
                "message": finding.message[lang],
                "suggestions": "; ".join(finding.suggestions),
            }
            writer.writerow([cell(values[column]) for column in COLUMNS])
    return out.getvalue()
