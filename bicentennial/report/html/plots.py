"""Plots as inline SVG: bars and a timeline, each with a title, a description and a table that says the same.

The drawing is plain arithmetic, so that the same counts always give the same page. A label stands above its bar, which
leaves room for long names in a narrow column; what is not known to the Framework is hatched, never by colour only.
"""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from bicentennial.html.plots import Drawing, shortened
from bicentennial.report.html.texts import say
from bicentennial.report.words import number

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

    from bicentennial.core.messages import Language
    from bicentennial.html.markup import Markup
    from bicentennial.validation.coverage import Bar, Coverage, Span

__all__ = ["Figure", "figures"]

_WIDTH: Final = 400
_ROW: Final = 32
_BAR: Final = 7
_LETTERS: Final = 58
_YEARS: Final = 24
_TICKS: Final = (1, 2, 5, 10, 20, 50, 100, 200, 500, 1_000, 10_000)
_HATCHED: Final = ("unresolved", "none", "due")


@dataclass(frozen=True, slots=True)
class Figure:
    """A plot and the table that says the same."""

    name: str
    svg: Markup
    head: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]


@dataclass(frozen=True, slots=True)
class _Row:
    label: str
    count: int
    kind: str = "known"
    level: int = 0


def figures(coverage: Coverage, lang: Language, prefix: str) -> Iterator[Figure]:
    """Yield the plots of a submission in a language; `prefix` keeps their ids apart from those of others."""
    yield _bars("goals", _rows(coverage.goals, lang), lang, prefix)
    more = say("more-parties", lang, number=number(coverage.others, lang)) if coverage.others else ""
    yield _bars("parties", _rows(coverage.parties, lang), lang, prefix, more)
    yield _bars("statuses", _rows(coverage.statuses, lang), lang, prefix)
    undated = say("undated", lang, number=number(coverage.undated, lang)) if coverage.undated else ""
    if coverage.spans:
        yield _timeline(coverage.spans, lang, prefix, undated)
    elif coverage.years:
        yield _bars("years", _binned(coverage.years), lang, prefix, undated)


class _Drawing(Drawing):
    """A drawing whose look is that of the page's style sheet."""

    def __init__(self, name: str, lang: Language, prefix: str) -> None:
        super().__init__(say(name, lang), _WIDTH, f"{prefix}-{name}-{lang}")
        self.hatching()

    def bar(self, left: float, width: float, class_: str, kind: str = "known") -> None:
        self.rect(left, 20, width, _BAR, rx=2, class_=f"{class_} {kind}")
        if kind in _HATCHED:
            self.rect(left, 20, width, _BAR, rx=2, fill=self.hatching())

    def note(self, text: str) -> None:
        if text:
            self.text(0, 14, text, class_="note")
            self.top += 22


def _rows(bars: Iterable[Bar], lang: Language, level: int = 0) -> list[_Row]:
    rows = []
    for bar in bars:
        rows.append(_Row(bar.label.get(lang) or say(bar.kind, lang), bar.count, bar.kind, level))
        rows += _rows(bar.below, lang, level + 1)
    return rows


def _binned(years: Sequence[tuple[int, int]]) -> list[_Row]:
    """Return the years as rows, several in one where there are too many."""
    first, last = years[0][0], years[-1][0]
    step = next(tick for tick in _TICKS if (last - first + 1) / tick <= _YEARS)
    rows = []
    for start in range(first - first % step, last + 1, step):
        # An action that lasts is counted in each of its years, so the fullest year speaks for several.
        count = max((count for year, count in years if start <= year < start + step), default=0)
        rows.append(_Row(str(start) if step == 1 else f"{start}–{start + step - 1}", count))
    return rows


def _bars(name: str, rows: Sequence[_Row], lang: Language, prefix: str, note: str = "") -> Figure:
    drawing = _Drawing(name, lang, prefix)
    most = max((row.count for row in rows), default=0) or 1
    nested = any(row.level for row in rows)
    for row in rows:
        heading = nested and row.level == 0
        if heading and drawing.top:
            drawing.top += 8
        strength = "strong" if heading else "part" if row.level else "plain"
        drawing.text(0, 14, shortened(row.label, _LETTERS), class_=f"label {strength} {row.kind}")
        drawing.text(_WIDTH, 14, number(row.count, lang), "end", class_=f"count {strength}")
        drawing.bar(0, _WIDTH, "track")
        if row.count:
            drawing.bar(0, max(round(_WIDTH * row.count / most, 1), 3), f"bar {strength}", row.kind)
        drawing.top += _ROW
    drawing.note(note)
    said = ", ".join(f"{row.label}: {number(row.count, lang)}" for row in rows)
    table = tuple(("\N{EM SPACE}" * row.level + row.label, number(row.count, lang)) for row in rows)
    return Figure(name, drawing.svg(said), _head(lang, "years-head" if name == "years" else "bars-head"), table)


def _timeline(spans: Sequence[Span], lang: Language, prefix: str, note: str) -> Figure:
    drawing = _Drawing("spans", lang, prefix)
    drawn = [(span, *_ends(span)) for span in spans]
    low = min(min(start, finish) for _, start, finish in drawn).year
    high = max(max(start, finish) for _, start, finish in drawn).year + 1
    step = next(tick for tick in _TICKS if (high - low) / tick <= 8)
    height = 22 + _ROW * len(drawn)

    def across(day: dt.date) -> float:
        passed = day.year - low + (day.timetuple().tm_yday - 1) / 366
        return round(passed / (high - low) * _WIDTH, 1)

    for year in range(low, high + 1, step):
        at = round((year - low) / (high - low) * _WIDTH, 1)
        drawing.mark("line", x1=at, x2=at, y1=18, y2=height, class_="grid")
        anchor = "start" if at < 15 else "end" if at > _WIDTH - 15 else "middle"
        drawing.text(at, 11, str(year), anchor, class_="tick")
    drawing.top = 22
    for span, start, finish in drawn:
        drawing.text(0, 14, shortened(span.label, _LETTERS), class_="label halo")
        left, right = across(start), across(finish)
        if span.start and span.finish and start <= finish:
            drawing.bar(left, max(round(right - left, 1), 3), "bar plain", "due" if span.due else "known")
        else:
            # One date is known, or the two contradict each other: a point, not a length.
            at = min(max(left, 5), _WIDTH - 5)
            drawing.mark("path", d=f"M{at - 5:g} {drawing.top + 23.5:g}l5 -5l5 5l-5 5z", class_="point")
        drawing.top += _ROW
    drawing.note(note)
    rows = tuple((span.label, span.start or "–", _finish(span, lang)) for span in spans)
    said = "; ".join(f"{label}: {start} – {finish}" for label, start, finish in rows)
    return Figure("spans", drawing.svg(said), _head(lang, "spans-head"), rows)


def _finish(span: Span, lang: Language) -> str:
    if span.finish is None:
        return "–"
    return say("due-on", lang, date=span.finish) if span.due else span.finish


def _ends(span: Span) -> tuple[dt.date, dt.date]:
    """Return the first and the last day that the dates of a span may mean."""
    return _day(span.start or span.finish or "", first=True), _day(span.finish or span.start or "", first=False)


def _day(text: str, *, first: bool) -> dt.date:
    """Return the first or last day of a date, month or year; a day that the month does not have is its last.

    >>> _day("2023", first=False), _day("2024-02-30", first=True)
    (datetime.date(2023, 12, 31), datetime.date(2024, 2, 29))
    """
    year, month, day = (*map(int, text.split("-")), 0, 0)[:3]
    month = month or (1 if first else 12)
    last = 31 if month == 12 else (dt.date(year, month + 1, 1) - dt.timedelta(1)).day
    return dt.date(year, month, min(day or (1 if first else last), last))


def _head(lang: Language, key: str) -> tuple[str, ...]:
    return tuple(say(key, lang).split(" | "))
