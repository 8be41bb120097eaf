"""The report as one self-contained page: it reads on screen and on paper, in both languages, with or without scripts.

Nothing is loaded from anywhere: style and script stand in the page, and its Content Security Policy allows these two
by their hashes and nothing else. Every value is escaped when an element is built (`markup`), never by the author of
a template. The findings that the page lists are the first of each code; totals are true.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Sequence

    from bicentennial.core.messages import Language
    from bicentennial.report.judged import JudgedOutcome

__all__ = ["to_html"]


def to_html(reports: Sequence[JudgedOutcome], lang: Language) -> str:
    """Return a page on one or several submissions that opens in a language and holds both.

    >>> from bicentennial.report.model import Report
    >>> from bicentennial.validation.outcome import Outcome
    >>> page = to_html([Report(Outcome(file="<b>.csv", actions=1, engine="compiled"))], "es")
    >>> page.startswith('<!doctype html>'), '<html lang="es"' in page, "<b>.csv" in page
    (True, True, False)
    """
    from bicentennial.report.html.page import page

    return page(reports, lang)
