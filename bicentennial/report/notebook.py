"""A report as a notebook shows it: verdict and first findings, in the language of the environment."""

from __future__ import annotations

import os
from typing import TYPE_CHECKING, Final

from bicentennial.core.messages import entry, environment_language
from bicentennial.html.markup import Markup, element
from bicentennial.report.words import number, place, suggestion, verdict, word

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from bicentennial.core.messages import Language
    from bicentennial.report.judged import JudgedOutcome

__all__ = ["fragment"]

_ROWS: Final = 20


def fragment(reports: Sequence[JudgedOutcome], lang: Language | None = None) -> str:
    """Return reports as a fragment of HTML, which holds nothing that runs.

    >>> from bicentennial.report.model import Report
    >>> from bicentennial.validation.outcome import Outcome
    >>> fragment([Report(Outcome(file="<b>.csv", actions=1))], "en")
    '<div><p><b>✓ &lt;b&gt;.csv conforms: 1 action, nothing to fix.</b></p></div>'
    """
    spoken = lang or environment_language(os.environ)
    return str(element("div", *(part for report in reports for part in _of(report, spoken))))


def _of(report: JudgedOutcome, lang: Language) -> Iterator[Markup]:
    mark = "✓" if report.conforms else "✗"
    yield element("p", element("b", f"{mark} {verdict(report, lang)}"))
    shown = report.findings[:_ROWS]
    if not shown:
        return
    headings, severities = entry("report", "headings"), entry("report", "severity")
    heads = [element("th", headings[key][lang]) for key in ("cell", "severity", "message", "suggestions", "code")]
    rows = [
        element(
            "tr",
            element("td", place(finding.location, lang)),
            element("td", severities[finding.severity]["one"][lang]),
            element("td", finding.message[lang]),
            element("td", suggestion(finding, lang)),
            element("td", element("code", finding.code)),
        )
        for finding in shown
    ]
    yield element("table", element("thead", element("tr", *heads)), element("tbody", *rows))
    if more := sum(report.counts.values()) - len(shown):
        yield element("p", word("more-unlisted", lang, number=number(more, lang)))
