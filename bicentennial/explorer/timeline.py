"""The timeline: what happened when, drawn by year and kind, and listed with its dates.

>>> moment = _moments("en")[-1]
>>> moment.date[:2], moment.kind in _LANES
('20', True)
"""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from functools import cache
from typing import TYPE_CHECKING, Final

from bicentennial.core.namespaces import BIC, DCTERMS
from bicentennial.explorer.listing import called
from bicentennial.html.markup import Markup, element
from bicentennial.knowledge.names import names
from bicentennial.knowledge.store import select

if TYPE_CHECKING:
    from collections.abc import Sequence

    from bicentennial.explorer.view import View

__all__ = ["Moment", "timeline_page"]

_LANES: Final[dict[str, tuple[str, ...]]] = {
    "events": (BIC.Event,),
    "actions": (BIC.Action,),
    "designations": (BIC.SanctionsDesignation,),
    "states": (BIC.StateChange,),
    "recommendations": (BIC.Recommendation,),
    "instruments": (BIC.Instrument,),
}
"""The kinds of moments, in the order of the drawing; what is of several is of the first that fits."""
_DATES: Final = {DCTERMS.date: "", BIC.startDate: "start", BIC.endDate: "end", BIC.dueDate: "due"}
_FIRST: Final = 2021
"""The year with which the drawing begins: that of the Framework."""
_WIDTH: Final = 960
_LEFT: Final = 168
_LANE: Final = 46
_TOP: Final = 30
_RADIUS: Final = 4.5


@dataclass(frozen=True, slots=True)
class Moment:
    """A date of a thing, and which of its dates that is: nothing, `start`, `end` or `due`."""

    date: str
    iri: str
    name: str
    kind: str
    which: str


@cache
def _moments(lang: str) -> tuple[Moment, ...]:
    """Return all dated moments, the earliest first."""
    links = " ".join(f"<{link}>" for link in _DATES)
    found = []
    for row in select(f"SELECT DISTINCT ?thing ?link ?day {{ VALUES ?link {{ {links} }} ?thing ?link ?day }}"):
        iri = row["thing"]["value"]
        classes = names().classes(iri)
        kind = next((lane for lane, all_of in _LANES.items() if classes & set(all_of)), None)
        if kind is not None:
            known = names()[iri]
            code = next(iter(known.notations), "") if kind == "actions" else ""
            name = " ".join(filter(None, (code, called(iri, lang))))
            found.append(Moment(row["day"]["value"], iri, name, kind, _DATES[row["link"]["value"]]))
    return tuple(sorted(found, key=lambda each: (each.date, each.name)))


def timeline_page(view: View) -> str:
    """Return the page of the timeline."""
    every = _moments(view.lang)
    years = sorted({each.date[:4] for each in every if int(each.date[:4]) >= _FIRST}, reverse=True)
    toc = [element("li", element("a", year, href=f"#y{year}")) for year in years]
    earlier = [each for each in every if int(each.date[:4]) < _FIRST]
    title = view.word("timeline", "earlier", year=str(_FIRST))
    return view.page(
        view.word("timeline", "title"),
        view.crumbs(("/explore", view.word("explore"))),
        element("h1", view.word("timeline", "title")),
        element("p", view.word("timeline", "lead"), class_="lead"),
        _figure(view, [each for each in every if int(each.date[:4]) >= _FIRST]),
        element("nav", element("ul", *toc, class_="inline"), aria_label=view.word("year"), class_="years"),
        *(_year(view, year, year, [each for each in every if each.date.startswith(year)]) for year in years),
        *([_year(view, "earlier", title, earlier)] if earlier else []),
        description=view.word("timeline", "lead"),
    )


def _year(view: View, ident: str, title: str, listed: Sequence[Moment]) -> Markup:
    heads = [view.word("timeline", "date"), view.word("timeline", "what"), view.word("kind-head")]
    rows = [
        element(
            "tr",
            element("td", view.time(each.date), class_="nowrap"),
            element("th", view.link(each.iri, each.name), scope="row"),
            element("td", " · ".join(filter(None, (view.word("timeline", each.kind), _which(view, each))))),
        )
        for each in listed
    ]
    return element("section", element("h2", title), view.table(title, heads, rows), id=f"y{ident}", class_="dated")


def _which(view: View, moment: Moment) -> str:
    return view.word("timeline", moment.which) if moment.which else ""


def _figure(view: View, drawn: Sequence[Moment]) -> Markup:
    last = max(int(each.date[:4]) for each in drawn) + 1
    stacks = {lane: _stacks([each for each in drawn if each.kind == lane], last) for lane in _LANES}
    heights = {lane: max(_LANE, 2 * _RADIUS * max(found.values(), default=0) + 18) for lane, found in stacks.items()}
    height = _TOP + sum(heights.values()) + 8
    marks: list[Markup] = []
    top: float = _TOP
    for year in range(_FIRST, last + 1):
        at = round(_LEFT + (_WIDTH - _LEFT - 8) * (year - _FIRST) / (last - _FIRST), 1)
        marks.append(element("line", x1=at, x2=at, y1=_TOP - 8, y2=height - 4, class_="grid"))
        if year < last:
            marks.append(element("text", str(year), x=at + 6, y=_TOP - 12, class_="tick"))
    for lane in _LANES:
        middle = top + heights[lane] / 2
        top += heights[lane]
        marks.append(element("text", view.word("timeline", lane), x=0, y=middle + 4, class_="label"))
        marks.append(element("line", x1=_LEFT, x2=_WIDTH, y1=middle, y2=middle, class_="grid"))
        marks += _points(view, [each for each in drawn if each.kind == lane], middle, last)
    return element(
        "figure",
        element("figcaption", element("h2", view.word("timeline", "figure"))),
        element(
            "div",
            element(
                "svg",
                element("title", view.word("timeline", "figure"), id="timeline-title"),
                element("desc", _said(view, drawn), id="timeline-said"),
                *marks,
                viewBox=f"0 0 {_WIDTH} {height:g}",
                role="img",
                aria_labelledby="timeline-title timeline-said",
            ),
            class_="scroll wide",
            tabindex="0",
            role="region",
            aria_label=view.word("timeline", "figure"),
        ),
        class_="plot timeline",
    )


def _column(date: str, last: int) -> int:
    """Return in which of the columns, as wide as a point, a date is drawn."""
    at = _LEFT + (_WIDTH - _LEFT - 8) * (_passed(date) - _FIRST) / (last - _FIRST)
    return round(at / (2 * _RADIUS))


def _stacks(listed: Sequence[Moment], last: int) -> Counter[int]:
    return Counter(_column(each.date, last) for each in listed)


def _points(view: View, listed: Sequence[Moment], middle: float, last: int) -> list[Markup]:
    """Return a point for each moment; those of about the same day stand above and below each other."""
    taken: Counter[int] = Counter()
    points = []
    for each in listed:
        column = _column(each.date, last)
        step = (taken[column] + 1) // 2 * (1 if taken[column] % 2 else -1)
        taken[column] += 1
        title = element("title", f"{view.date(each.date)}: {each.name}")
        x, y = round(column * 2 * _RADIUS, 1), round(middle + step * 2 * _RADIUS, 1)
        points.append(element("circle", title, cx=x, cy=y, r=_RADIUS - 0.4, class_=f"point {each.which or 'on'}"))
    return points


def _passed(date: str) -> float:
    """Return a date as a year with a fraction; the middle of a month or year where no more is known."""
    year, month, day = (*map(int, date.split("-")), 0, 0)[:3]
    if not month:
        return year + 0.5
    return year + (month - 1 + ((day - 1) / 31 if day else 0.5)) / 12


def _said(view: View, drawn: Sequence[Moment]) -> str:
    counted: dict[str, Counter[str]] = {lane: Counter() for lane in _LANES}
    for each in drawn:
        counted[each.kind][each.date[:4]] += 1
    return "; ".join(
        view.word("timeline", "said", kind=view.word("timeline", lane),
                  counts=", ".join(f"{year} {number}" for year, number in sorted(found.items())))
        for lane, found in counted.items()
    )  # fmt: skip
