"""The map: what the data place in a state of either country, and the table that says the same."""

from __future__ import annotations

import itertools
import re
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Final

from bicentennial.explorer.catalogue import address
from bicentennial.explorer.listing import called
from bicentennial.html.markup import Markup, element
from bicentennial.knowledge.names import names
from bicentennial.knowledge.store import select

if TYPE_CHECKING:
    from collections.abc import Sequence

    from bicentennial.explorer.view import View

__all__ = ["Territory", "map_page"]

_PATH: Final = re.compile(r'<path id="([A-Z-]+)" d="([MLZ0-9.,]+)"/>')
_BOX: Final = re.compile(r'viewBox="([0-9 ]+)"')
_LEVELS: Final = (1, 2, 5)
"""From how many entries on a state is drawn in each of the darker shades."""

_QUERY: Final = """
SELECT DISTINCT ?state ?entry WHERE {
  ?state a bic:Place ; bic:hasPlaceKind bicd:place-kind-state ; ^bic:isPartOf* ?place .
  ?entry ?link ?place . ?entry a ?class
  FILTER(?link NOT IN (bic:isPartOf, bic:isNameOf, dcterms:source) && ?class != bic:Place && ?class != bic:Name)
}"""


@dataclass(frozen=True, slots=True)
class Territory:
    """A state and the things that the data place in it or in a place of it."""

    iri: str
    code: str
    entries: tuple[str, ...]


@cache
def _territories() -> tuple[Territory, ...]:
    """Return the states of both countries in which there is something, the fullest first."""
    found: dict[str, set[str]] = {}
    for row in select(_QUERY):
        found.setdefault(row["state"]["value"], set()).add(row["entry"]["value"])
    made = [Territory(iri, _code(iri), tuple(sorted(entries))) for iri, entries in found.items()]
    return tuple(sorted(made, key=lambda each: (-len(each.entries), each.iri)))


def _code(iri: str) -> str:
    return next((each for each in names()[iri].notations if each in _outlines()), "")


@cache
def _outlines() -> dict[str, str]:
    """Return the outlines by ISO 3166-2."""
    return dict(_PATH.findall(_drawing()))


@cache
def _drawing() -> str:
    return Path(__file__).with_name("outlines.svg").read_text(encoding="utf-8")


@cache
def _states() -> dict[str, str]:
    """Return the states and districts that have an outline, by their code."""
    rows = select("SELECT ?place ?code { ?place a bic:Place ; skos:notation ?code }")
    return {row["code"]["value"]: row["place"]["value"] for row in rows if row["code"]["value"] in _outlines()}


def map_page(view: View) -> str:
    """Return the page of the map."""
    known = _territories()
    heads = [view.word("map", "state"), view.word("map", "entries"), view.word("map", "which")]
    rows = [_row(view, each) for each in known]
    return view.page(
        view.word("map", "title"),
        view.crumbs(("/explore", view.word("explore"))),
        element("h1", view.word("map", "title")),
        element("p", view.word("map", "lead"), class_="lead"),
        element(
            "figure",
            element("figcaption", element("h2", view.word("map", "figure"))),
            _map(view, known),
            _legend(view),
            element("p", view.word("map", "outlines"), class_="hint"),
            class_="plot map",
        ),
        view.table(view.word("map", "title"), heads, rows),
        description=view.word("map", "lead"),
    )


def _level(count: int) -> int:
    return sum(count >= least for least in _LEVELS)


def _entries(view: View, count: int) -> str:
    if count == 0:
        return view.word("map", "nothing")
    return view.word("map", "one") if count == 1 else view.word("map", "several", count=view.number(count))


def _map(view: View, known: Sequence[Territory]) -> Markup:
    counts = {each.code: len(each.entries) for each in known}
    paths = []
    for code, drawn in _outlines().items():
        count, iri = counts.get(code, 0), _states().get(code)
        name = names()[iri].name(view.lang) if iri else code
        title = element("title", f"{name}: {_entries(view, count)}")
        path = element("path", title, d=drawn, class_=f"level-{_level(count)}")
        # A state without entries is no stop for the keyboard; the list of places has them all.
        paths.append(element("a", path, href=view.href(address(iri) or "")) if iri and count else path)
    said = "; ".join(f"{called(each.iri, view.lang)}: {len(each.entries)}" for each in known)
    box = _BOX.search(_drawing())
    return element(
        "svg",
        element("title", view.word("map", "figure"), id="map-title"),
        element("desc", said, id="map-said"),
        *paths,
        viewBox=box[1] if box else "0 0 960 764",
        role="group",
        aria_labelledby="map-title map-said",
    )


def _legend(view: View) -> Markup:
    bounds = ["0", *(str(least) if least + 1 == after else f"{least}–{after - 1}" for least, after in
              itertools.pairwise(_LEVELS)), f"{_LEVELS[-1]}+"]  # fmt: skip
    items = [element("li", element("span", class_=f"swatch level-{n}"), text) for n, text in enumerate(bounds)]
    return element("ul", element("li", view.word("map", "legend")), *items, class_="legend")


def _row(view: View, territory: Territory) -> Markup:
    links = [element("li", view.link(iri, called(iri, view.lang))) for iri in territory.entries]
    return element(
        "tr",
        element("th", view.link(territory.iri, called(territory.iri, view.lang)), scope="row"),
        element("td", view.number(len(territory.entries)), class_="number"),
        element("td", element("ul", *links, class_="brief")),
    )
