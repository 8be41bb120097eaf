"""One or several reports in a format chosen by name: what the command line writes.

>>> from bicentennial.report.model import Report
>>> from bicentennial.validation.outcome import Outcome
>>> reports = [Report(Outcome(file=name, actions=1)) for name in ("a.csv", "b.csv")]
>>> print(render(reports, "text", "es"), end="")
✓ a.csv es conforme: 1 acción, nada que corregir.
<BLANKLINE>
✓ b.csv es conforme: 1 acción, nada que corregir.
"""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from collections.abc import Sequence

    from bicentennial.report.model import Language, Report

__all__ = ["FORMATS", "render"]

FORMATS: Final = ("text", "json", "csv", "html", "turtle", "sarif")
"""The names of the formats, the usual one first."""


def render(reports: Sequence[Report], name: str, lang: Language, *, color: bool = False, width: int = 100) -> str:
    """Return reports in a format; several become one document."""
    if name == "text":
        return "\n".join(report.to_text(lang, color=color, width=width) for report in reports)
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
    raise ValueError(f"no format is called {name!r}")


def _json(reports: Sequence[Report]) -> str:
    if len(reports) == 1:
        return reports[0].to_json()
    conforms = json.dumps(all(report.conforms for report in reports))
    each = ",\n".join(report.to_json().rstrip("\n") for report in reports)
    return f'{{\n"conforms": {conforms},\n"reports": [\n{each}\n]\n}}\n'
