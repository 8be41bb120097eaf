"""Several reports at a glance: one verdict, the totals, and a line for each file.

>>> from bicentennial.report.model import Report
>>> from bicentennial.validation.outcome import Outcome
>>> print(headline([Report(Outcome(file=name, actions=2)) for name in ("a.csv", "b.csv")], "en"))
All 2 files conform: 4 actions, nothing to fix.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from bicentennial.core.escape import plain
from bicentennial.core.findings import SEVERITIES
from bicentennial.core.messages import entry
from bicentennial.knowledge.text import aligned
from bicentennial.report import text
from bicentennial.report.words import counted, number, verdict, word

if TYPE_CHECKING:
    from collections.abc import Sequence

    from bicentennial.core.messages import Language
    from bicentennial.report.judged import JudgedOutcome

__all__ = ["SIGNS", "headline", "heads", "row", "state", "to_text", "totals"]

SIGNS = {"conforms": "✓", "fails": "✗", "unread": "?"}
"""What stands before a file, by the state of its report."""


def state(report: JudgedOutcome) -> str:
    """Return whether a submission `conforms`, `fails`, or was `unread`."""
    return "conforms" if report.conforms else "fails" if report.outcome.checked else "unread"


def headline(reports: Sequence[JudgedOutcome], lang: Language) -> str:
    """Return the verdict on all: that on the one, where there is only one."""
    if len(reports) == 1:
        return verdict(reports[0], lang)
    bad = [report for report in reports if not report.conforms]
    said = _counts(reports, lang)
    if len(reports) == 0:  # `Reports` are false where one does not conform
        return word("overview-none", lang)
    key = "overview-fails" if bad else "overview-conforms-with" if said else "overview-conforms"
    return word(
        key,
        lang,
        bad=number(len(bad), lang),
        files=number(len(reports), lang),
        counts=said or word("none", lang),
        checked=counted("action", sum(report.outcome.actions for report in reports), lang),
    )


def totals(reports: Sequence[JudgedOutcome], lang: Language) -> str:
    """Return in one line how many files conform, and how much was found."""
    good = sum(report.conforms for report in reports)
    said = _counts(reports, lang)
    files = counted("file", len(reports), lang)
    key = "overview-conforming-one" if good == 1 else "overview-conforming"
    conforming = word(key, lang, number=number(good, lang))
    return f"{files}: {conforming}{f'; {said}' if said else ''}."


def row(report: JudgedOutcome, lang: Language) -> list[str]:
    """Return what the line of a file says after its name: violations, warnings, notes, actions."""
    found = [number(report.counts[severity], lang) for severity in SEVERITIES]
    return [*found, number(report.outcome.actions, lang) if report.outcome.checked else "–"]


def heads(lang: Language) -> list[str]:
    """Return the heads of the columns of the list of files."""
    severities, actions = entry("report", "severity"), entry("report", "counted")["action"]
    many = [forms["many"][lang] for forms in (*(severities[each] for each in SEVERITIES), actions)]
    return [entry("report", "headings")["file"][lang], *many]


def to_text(reports: Sequence[JudgedOutcome], lang: Language, *, color: bool, width: int) -> str:
    """Return reports as text; before several stands an overview."""
    texts = [text.to_text(report, lang, color=color, width=width) for report in reports]
    skipped: Sequence[str] = getattr(reports, "skipped", ())
    if len(texts) == 1 and not skipped:
        return texts[0]
    if len(texts) != 1:
        texts.insert(0, _overview(reports, lang, color=color))
    if skipped:
        said = ", ".join(map(plain, skipped))
        texts.insert(1, entry("inputs", "passed-over")[lang].format(files=said) + "\n")
    return "\n".join(texts)


def _overview(reports: Sequence[JudgedOutcome], lang: Language, *, color: bool) -> str:
    good = bool(reports) and all(report.conforms for report in reports)
    sign = SIGNS["conforms" if good else "fails"]
    first = f"{sign} {headline(reports, lang)}"
    if color:
        first = f"\x1b[{'32' if good else '31'};1m{first}\x1b[0m"
    titles = heads(lang)
    cells = [[f"{SIGNS[state(report)]} {plain(report.file)}", *row(report, lang)] for report in reports]
    widths = [max(map(len, column)) for column in zip(titles, *cells, strict=True)]
    for line in cells:
        line[1:] = [cell.rjust(width) for cell, width in zip(line[1:], widths[1:], strict=True)]
    return f"{first}\n\n{aligned(titles, cells)}\n"


def _counts(reports: Sequence[JudgedOutcome], lang: Language) -> str:
    found = {severity: sum(report.counts[severity] for report in reports) for severity in SEVERITIES}
    return ", ".join(counted(severity, found[severity], lang) for severity in SEVERITIES if found[severity])
