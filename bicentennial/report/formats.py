"""One or several reports in a format chosen by name: what the command line writes.

>>> from bicentennial.report.model import Report
>>> from bicentennial.validation.outcome import Outcome
>>> reports = [Report(Outcome(file=name, actions=1)) for name in ("a.csv", "b.csv")]
>>> print(render(reports, "concise", "es"), end="")
2 archivos: 2 conformes.
"""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from collections.abc import Sequence

    from bicentennial.core.messages import Language
    from bicentennial.report.judged import JudgedOutcome

__all__ = ["BINARY", "FORMATS", "render"]

FORMATS: Final[dict[str, tuple[str, ...]]] = {
    "text": (".txt",),
    "json": (".json",),
    "csv": (".csv",),
    "html": (".html", ".htm"),
    "xlsx": (".xlsx", ".xlsm"),
    "turtle": (".ttl",),
    "sarif": (".sarif", ".sarif.json", ".json"),
    "github": (),
    "concise": (),
}
"""The names of the formats, the usual one first, and the endings of files that hold them."""

BINARY: Final = ("xlsx",)
"""Those that are no text: `report.workbook` writes them."""


def render(
    reports: Sequence[JudgedOutcome], name: str, lang: Language, *, color: bool = False, width: int = 100
) -> str:
    """Return reports in a format of text; several become one document.

    Raises:
        ValueError: no format of text has that name.
    """
    if name == "text":
        from bicentennial.report.overview import to_text

        return to_text(reports, lang, color=color, width=width)
    if name == "json":
        return _json(reports)
    if name == "csv":
        from bicentennial.report.table import to_csv

        return to_csv(reports, lang)
    if name == "html":
        from bicentennial.report.html import to_html

        return to_html(reports, lang)
    if name == "turtle":
        from bicentennial.report.turtle import to_turtle

        return to_turtle(reports)
    if name == "sarif":
        from bicentennial.report.sarif import to_sarif

        return to_sarif(reports, lang)
    if name == "github":
        from bicentennial.report.lines import to_github

        return to_github(reports, lang)
    if name == "concise":
        from bicentennial.report.lines import to_concise

        return to_concise(reports, lang)
    raise ValueError(f"no format is called {name!r}")


def _json(reports: Sequence[JudgedOutcome]) -> str:
    if len(reports) == 1:
        return reports[0].to_json()
    conforms = json.dumps(all(report.conforms for report in reports))
    each = ",\n".join(report.to_json().rstrip("\n") for report in reports)
    return f'{{\n"conforms": {conforms},\n"reports": [\n{each}\n]\n}}\n'
