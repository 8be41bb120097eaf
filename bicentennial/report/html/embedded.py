r"""The report as a part of another page: the same elements, and style and script as files of that page's site.

>>> print(scoped(".facts dt, h2 { color: red; }\n@media print {\n  .facts { color: blue; }\n}"))
.report .facts dt, .report h2 { color: red; }
@media print {
  .report .facts { color: blue; }
}
"""

from __future__ import annotations

import re
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Final

from bicentennial.core.messages import LANGUAGES, entry
from bicentennial.html.markup import Markup, element
from bicentennial.report.html.page import article

if TYPE_CHECKING:
    from bicentennial.report.judged import JudgedOutcome

__all__ = ["SLOT", "embedded", "scoped", "script", "style"]

SLOT: Final = element("div", class_="slot")
"""An element that no text within the report can be, to be replaced."""
_RULE: Final = re.compile(r"^(\s*)([^@{}/\s][^{}]*?)(\s*\{)", re.MULTILINE)
_HERE: Final = Path(__file__).parent


def embedded(report: JudgedOutcome) -> Markup:
    """Return a report without a page around it; `style()` shows the language of the page, and hides the other.

    After the verdict is `SLOT`, once, for what the page offers with the report.
    """
    thousands = {f"data_thousands_{each}": mark for each, mark in entry("report", "thousands").items()}
    return element("div", article(report, slot=SLOT), class_="report", **thousands)


@cache
def style() -> str:
    """Return the rules of the report's own page, which hold for what is within the report alone."""
    hidden = [
        f'html[lang="{lang}"] .report [lang="{other}"] {{ display: none; }}'
        for lang in LANGUAGES
        for other in LANGUAGES
        if lang != other
    ]
    return "\n".join([*hidden, scoped((_HERE / "page.css").read_text(encoding="utf-8"))])


@cache
def script() -> str:
    """Return the script, which filters findings."""
    return (_HERE / "page.js").read_text(encoding="utf-8")


def scoped(css: str) -> str:
    """Return style rules, each on a line that begins with its selectors, that hold within a report alone."""

    def within(rule: re.Match[str]) -> str:
        selectors = ", ".join(f".report {each.strip()}" for each in rule[2].split(","))
        return f"{rule[1]}{selectors}{rule[3]}"

    return _RULE.sub(within, css)
