"""The report as text: the verdict, what to fix first, then each kind of finding with its places.

The first ten lines say what to fix first; the rest lists every place.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from bicentennial.core.escape import plain
from bicentennial.core.findings import LISTED, SEVERITIES
from bicentennial.core.messages import entry
from bicentennial.report.codes.titles import title, written
from bicentennial.report.words import (
    guess,
    judged_by,
    made_for,
    more_kinds_below,
    number,
    place,
    read_as,
    suggestion,
    verdict,
    word,
)

if TYPE_CHECKING:
    from bicentennial.core.findings import Finding
    from bicentennial.core.messages import Language
    from bicentennial.report.judged import JudgedOutcome

__all__ = ["to_text"]

_KINDS_FIRST: Final = 6
_PLACES_FIRST: Final = 3
_PLACES: Final = LISTED - 1
_MARKS: Final = {"violation": "✗", "warning": "!", "info": "·"}
_COLORS: Final = {"violation": "31", "warning": "33", "info": "36", "good": "32", "strong": "1", "faint": "2"}


def to_text(report: JudgedOutcome, lang: Language, *, color: bool, width: int) -> str:
    """Return the report as text.

    Args:
        report: what to render.
        lang: the language of every sentence.
        color: whether to mark severities with the colours of a terminal.
        width: how many characters a line may hold.
    """
    return _Text(report, lang, color=color, width=width).render()


class _Text:
    def __init__(self, report: JudgedOutcome, lang: Language, *, color: bool, width: int) -> None:
        self.report, self.lang, self.color, self.width = report, lang, color, max(width, 40)
        self.groups, self.totals = report.grouped, report.by_code

    def render(self) -> str:
        mark, style = ("✓", "good") if self.report.conforms else ("✗", "violation")
        lines = [f"{self._paint(style, mark)} {self._paint('strong', verdict(self.report, self.lang))}"]
        if self.report.outcome.made_for_source != "assumed":
            lines.append(f"  {made_for(self.report, self.lang)}")
        for said in (read_as(self.report, self.lang), judged_by(self.report, self.lang)):
            lines += _wrapped(f"  {said}", self.width, "  ")
        if self.groups:
            if len(self.groups) > 1:
                lines += ["", *self._first()]
            for severity in SEVERITIES:
                for code, findings in self.groups.items():
                    if findings[0].severity == severity:
                        lines += ["", *self._group(code, findings)]
            lines += ["", self._paint("faint", word("explain", self.lang))]
        return "\n".join(lines) + "\n"

    def _first(self) -> list[str]:
        lines = [word("first" if self.report.counts["violation"] else "consider", self.lang)]
        shown = list(self.groups.items())[:_KINDS_FIRST]
        for code, findings in shown:
            places = dict.fromkeys(place(finding.location, self.lang, brief=True) for finding in findings)
            named = list(places)[:_PLACES_FIRST]
            where = ", ".join(named)
            if more := self.totals[code] - len(named):
                where += word("others", self.lang, number=number(more, self.lang))
            severity = findings[0].severity
            start = f"  {_MARKS[severity]} {where}: "
            lines.append(self._paint(severity, start) + self._in_short(findings, self.width - len(start)))
        if more_kinds := len(self.groups) - len(shown):
            lines.append("  " + more_kinds_below(more_kinds, self.lang))
        return lines

    def _in_short(self, findings: list[Finding], width: int) -> str:
        """Return what a kind of finding is about, on one line.

        That is the sentence of its first finding if there is room for it, else the heading under which all of the kind
        are listed below, with their number or the one value: two sentences that are cut can look the same.
        """
        first = findings[0]
        said, kind = plain(first.brief(self.lang)), plain(title(first)[self.lang])
        value = plain(written(first, self.lang))
        if (total := self.totals[first.code]) > 1:
            kind += f" ({number(total, self.lang)})"
        named = f"{kind} ({word('quoted', self.lang, text=value)})" if value and total == 1 else kind
        hint = f" {short}" if (short := guess(first, self.lang)) else ""
        for text in (said + hint, named + hint, kind + hint, kind):
            if len(text) <= width:
                return text
        return _shortened(kind, width)

    def _group(self, code: str, findings: list[Finding]) -> list[str]:
        severity = findings[0].severity
        total = self.totals[code]
        name = entry("report", "severity")[severity]["one"][self.lang].upper()
        titled = plain(title(findings[0])[self.lang])
        aside = self._paint("faint", f" · {plain(code)}") if titled != code else ""
        lines = [f"{self._paint(severity, f'{name} · {titled}')}{aside} · {number(total, self.lang)}"]
        shown = findings[:_PLACES]
        if len(findings) > 1 and len({finding.location for finding in findings}) == 1:
            # What a whole column lacks is said once, not for each row; two columns are two things to say.
            shown = list({finding.path: finding for finding in reversed(shown)}.values())[::-1]
        for finding in shown:
            lines += self._place(finding)
        if hidden := total - len(shown):
            key = "more-places" if len(findings) > _PLACES else "more-unlisted"
            lines.append("  " + word(key, self.lang, number=number(hidden, self.lang)))
        return lines

    def _place(self, finding: Finding) -> list[str]:
        where = place(finding.location, self.lang)
        said = _wrapped(f"{where}  {plain(finding.message[self.lang])}", self.width - 4, "    ")
        lines = [f"  {line}" for line in said]
        lines[0] = lines[0].replace(where, self._paint("strong", where), 1)
        if hint := suggestion(finding, self.lang):
            lines.append(f"      → {hint}")
        return lines

    def _paint(self, style: str, text: str) -> str:
        return f"\x1b[{_COLORS[style]}m{text}\x1b[0m" if self.color else text


def _wrapped(text: str, width: int, indent: str) -> list[str]:
    """Return a text in lines of a width, where words are not broken, and all but the first begin with an indent.

    It is what `textwrap.wrap` makes of a text of words with spaces between, in a tenth of the time.

    >>> _wrapped("row 2  The end date is missing.", 20, "  ")
    ['row 2  The end date', '  is missing.']
    """
    lines, start = [], ""
    while len(start) + len(text) > width:
        end = text.rfind(" ", 1, width - len(start) + 1)
        if end < 0 or not text[:end].strip(" "):
            end = text.find(" ", len(text) - len(text.lstrip(" ")))
        if end < 0:
            break
        lines.append(start + text[:end].rstrip(" "))
        text, start = text[end:].strip(" "), indent
    return [*lines, start + text] if text.strip(" ") else lines


def _shortened(text: str, width: int) -> str:
    return text if len(text) <= width else text[: max(width, 20) - 1].rstrip() + "…"
