"""The measurements of an indicator: a plot over time of its longest series, and all of them in a table."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache
from typing import TYPE_CHECKING, Final

from bicentennial.explorer.sources import brief
from bicentennial.html.markup import Markup, element
from bicentennial.knowledge.citing import citations
from bicentennial.knowledge.store import select

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from bicentennial.explorer.view import View

__all__ = ["Measured", "measured", "series"]

_WIDTH: Final = 720
_ROW: Final = 30
_LEFT: Final = 170
_RIGHT: Final = 90


@dataclass(frozen=True, slots=True)
class Measured:
    """One measurement, with what distinguishes it from others of the same indicator."""

    iri: str
    date: str
    value: str
    place: str
    sex: str
    revision: str
    unit: str


def measured(indicator: str, lang: str) -> tuple[Measured, ...]:
    """Return the measurements of an indicator, the latest last."""
    return _all_measured(lang).get(indicator, ())


@cache
def _all_measured(lang: str) -> dict[str, tuple[Measured, ...]]:
    """Return the measurements of every indicator: pages of other things ask for theirs, too."""
    rows = select(
        f"""SELECT ?of ?one ?day ?value (SAMPLE(?p) AS ?place) (SAMPLE(?s) AS ?sex) (SAMPLE(?r) AS ?revision)
                   (SAMPLE(?u) AS ?unit) {{
          ?one bic:observes ?of ; dcterms:date ?day ; bic:numericValue ?value .
          OPTIONAL {{ ?one bic:coversPlace / skos:prefLabel ?p FILTER(LANG(?p) = "{lang}") }}
          OPTIONAL {{ ?one bic:hasSex / skos:prefLabel ?s FILTER(LANG(?s) = "{lang}") }}
          OPTIONAL {{ ?one bic:hasRevisionState / skos:prefLabel ?r FILTER(LANG(?r) = "{lang}") }}
          OPTIONAL {{ ?one bic:unit ?u FILTER(LANG(?u) IN ("{lang}", "")) }}
        }} GROUP BY ?of ?one ?day ?value ORDER BY STR(?day) ?place ?sex ?one"""
    )
    keys = ("one", "day", "value", "place", "sex", "revision", "unit")
    found: dict[str, list[Measured]] = {}
    for row in rows:
        one = Measured(*(row[key]["value"] if key in row else "" for key in keys))
        found.setdefault(row["of"]["value"], []).append(one)
    return {indicator: tuple(every) for indicator, every in found.items()}


def series(view: View, indicator: str) -> Iterator[Markup]:
    """Yield the plot and the table of an indicator; nothing where nothing is measured."""
    every = measured(indicator, view.lang)
    if not every:
        return
    title = view.word("series", "title")
    yield element("section", element("h2", title), *_plot(view, every), _table(view, every, title))


def _table(view: View, every: Sequence[Measured], title: str) -> Markup:
    heads = [view.word("series", key) for key in ("date", "place", "sex", "value", "revision", "source")]
    rows = [
        element(
            "tr",
            element("th", view.link(each.iri, view.date(each.date)), scope="row"),
            element("td", each.place),
            element("td", each.sex),
            element("td", f"{view.decimal(each.value)} {each.unit}"),
            element("td", each.revision),
            element("td", brief(view, citations(each.iri, view.lang))),
        )
        for each in every
    ]
    return view.table(title, heads, rows)


def _label(view: View, each: Measured) -> str:
    return f"{view.date(each.date)} ({each.revision})" if each.revision else view.date(each.date)


def _plot(view: View, every: Sequence[Measured]) -> Iterator[Markup]:
    """Yield bars for the series that has the most dates: one place and one sex."""
    groups: dict[tuple[str, str], list[Measured]] = {}
    for each in every:
        groups.setdefault((each.place, each.sex), []).append(each)
    drawn = max(groups.values(), key=lambda group: len({each.date for each in group}))
    if len(drawn) < 2:
        return
    most = max(float(each.value) for each in drawn) or 1.0
    name = " · ".join(filter(None, (drawn[0].place, drawn[0].sex, drawn[0].unit)))
    marks: list[Markup] = []
    for place, each in enumerate(drawn):
        top = place * _ROW
        width = round((_WIDTH - _LEFT - _RIGHT) * float(each.value) / most, 1)
        value = view.decimal(each.value)
        marks += [
            element("text", _label(view, each), x=0, y=top + 18, class_="label"),
            element("rect", x=_LEFT, y=top + 7, width=max(width, 2), height=15, rx=2, class_="bar strong"),
            element("text", value, x=round(_LEFT + max(width, 2) + 8, 1), y=top + 18, class_="count"),
        ]
    said = "; ".join(f"{_label(view, each)}: {view.decimal(each.value)}" for each in drawn)
    yield element(
        "figure",
        element("figcaption", element("h3", name)),
        element(
            "svg",
            element("title", name, id="series-title"),
            element("desc", said, id="series-said"),
            *marks,
            viewBox=f"0 0 {_WIDTH} {len(drawn) * _ROW}",
            role="img",
            aria_labelledby="series-title series-said",
        ),
        class_="plot series",
    )
