"""A line a finding: for editors and terminals, and as annotations of GitHub workflows.

>>> from bicentennial.core.findings import Finding, Location
>>> finding = Finding("x", "warning", {"en": "Look."}, Location(row=3, column="D"))
>>> _concise("a.csv", finding, "en"), _github("a.csv", finding, "en")
('a.csv:D3: x Look.', '::warning file=a.csv,line=3,title=x::D3: Look.')
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from bicentennial.core.escape import plain
from bicentennial.report.overview import totals
from bicentennial.report.words import place, suggestion

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from bicentennial.core.findings import Finding
    from bicentennial.core.messages import Language
    from bicentennial.report.judged import JudgedOutcome

__all__ = ["to_concise", "to_github"]

_COMMANDS: Final = {"violation": "error", "warning": "warning", "info": "notice"}


def to_concise(reports: Sequence[JudgedOutcome], lang: Language) -> str:
    """Return `file:place: code message` for each finding, and the totals at the end."""
    lines = [_concise(report.file, finding, lang) for report in reports for finding in report.findings]
    return "\n".join([*lines, *_unlisted(reports, lang), totals(reports, lang)]) + "\n"


def to_github(reports: Sequence[JudgedOutcome], lang: Language) -> str:
    """Return a workflow command for each finding, by which GitHub shows it beside the file's line."""
    lines = [_github(report.file, finding, lang) for report in reports for finding in report.findings]
    return "\n".join([*lines, *_unlisted(reports, lang), totals(reports, lang)]) + "\n"


def _concise(file: str, finding: Finding, lang: Language) -> str:
    """Return a finding on one line, with a place that an editor can go to where there is one."""
    location = finding.location
    where = place(location, lang) if location.row or (location.pointer and not location.line) else location.line
    said = _said(finding, lang)
    # A line that begins with two colons would be a command to a workflow that prints it.
    named = f"./{plain(file)}" if file.startswith(":") else plain(file)
    return f"{named}:{f'{where}:' if where else ''} {plain(finding.code)} {said}"


def _github(file: str, finding: Finding, lang: Language) -> str:
    """Return a finding as a workflow command; what would end one of its parts is escaped."""
    location = finding.location
    properties = {"file": file, "line": location.line or location.row, "title": finding.code}
    given = ",".join(f"{name}={_property(str(value))}" for name, value in properties.items() if value)
    said = _said(finding, lang)
    # A line is the only way to point into a table, too: the cell is said besides.
    where = f"{place(location, lang)}: " if location.row else ""
    return f"::{_COMMANDS[finding.severity]} {given}::{_data(where + said)}"


def _said(finding: Finding, lang: Language) -> str:
    return " ".join(filter(None, (plain(finding.message[lang]), suggestion(finding, lang))))


def _data(text: str) -> str:
    return text.replace("%", "%25").replace("\r", "%0D").replace("\n", "%0A")


def _property(text: str) -> str:
    return _data(plain(text)).replace(":", "%3A").replace(",", "%2C")


def _unlisted(reports: Sequence[JudgedOutcome], lang: Language) -> Iterator[str]:
    """Yield how many findings are not listed, so that no total is a riddle."""
    from bicentennial.report.words import number, word

    more = sum(sum(report.counts.values()) - len(report) for report in reports)
    if more:
        yield word("more-unlisted", lang, number=number(more, lang))
