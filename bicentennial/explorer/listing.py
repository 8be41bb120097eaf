"""The list of all things of a kind, as a table with filters that work with and without a script.

>>> [row.code for row in rows("goals", "es")]
['G1', 'G2', 'G3']
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache
from typing import TYPE_CHECKING, Final

from bicentennial.core.messages import LANGUAGES
from bicentennial.core.namespaces import BIC, local_name
from bicentennial.explorer.catalogue import FACETS, address, things
from bicentennial.explorer.view import capital
from bicentennial.html.markup import Markup, element
from bicentennial.knowledge.citing import place, texts
from bicentennial.knowledge.names import names
from bicentennial.knowledge.text import normalize_words

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from bicentennial.explorer.view import View

__all__ = ["Row", "called", "list_page", "rows"]

_MOST: Final = 40
"""Up to how many different values a column can be filtered by."""
_DATED: Final = frozenset({"date", "startDate", "endDate"})


@dataclass(frozen=True, slots=True)
class Row:
    """A thing in a list: its code, its name, its names as they are searched, and the values of each facet."""

    iri: str
    code: str
    name: str
    words: str
    values: tuple[tuple[str, ...], ...]


def called(iri: str, lang: str) -> str:
    """Return what a list calls a thing: its name, or the place of a passage."""
    return place(iri, lang) or names()[iri].name(lang)


@cache
def rows(kind: str, lang: str) -> tuple[Row, ...]:
    """Return the things of a kind with what a list shows of them."""
    return tuple(_row(iri, kind, lang) for iri in things(kind))


def _row(iri: str, kind: str, lang: str) -> Row:
    known = names()[iri]
    code = next(iter(known.notations), "")
    every = [code, *(called(iri, each) for each in LANGUAGES)]
    values = tuple(texts(iri, link, lang) for link in FACETS.get(kind, ()))
    return Row(iri, code, called(iri, lang), normalize_words(" ".join(every)), values)


def list_page(view: View, kind: str, query: Mapping[str, str]) -> str:
    """Return the page of a list.

    Args:
        view: the page's language and address.
        kind: one of `catalogue.KINDS`.
        query: what to filter by: `q` for the name, and facets by the local name of their property.
    """
    all_rows, title = rows(kind, view.lang), view.word("kind", kind)
    words = frozenset(normalize_words(query.get("q", "")).split())
    kept = [row for row in all_rows if _fits(row, kind, words, query)]
    shown = view.word("shown", count=view.number(len(kept)), all=view.number(len(all_rows)))
    parts = [
        element("h1", title),
        _filters(view, kind, query, shown, len(all_rows)),
        _table(view, kind, kept),
        element("p", view.word("none-fits"), class_="none", hidden=bool(kept)),
    ]
    return view.page(
        title,
        view.crumbs(("/explore", view.word("explore"))),
        *parts,
        description=f"{title}: {view.number(len(all_rows))}",
        scripts=("/static/explorer.js",),
    )


def _fits(row: Row, kind: str, words: frozenset[str], query: Mapping[str, str]) -> bool:
    if not all(word in row.words for word in words):
        return False
    wanted = [query.get(local_name(link), "") for link in FACETS.get(kind, ())]
    return all(not value or value in values for value, values in zip(wanted, row.values, strict=True))


def _filters(view: View, kind: str, query: Mapping[str, str], shown: str, count: int) -> Markup:
    label = element(
        "label",
        capital(view.word("filter-name")),
        element("input", type="search", name="q", value=query.get("q", ""), autocomplete="off"),
        class_="wide",
    )
    # A page that is a file cannot answer a form; there the filters wait for the script.
    return element(
        "form",
        label,
        *_choices(view, kind, query),
        element("button", view.word("filter"), class_="quiet"),
        element("output", shown, data_of=view.word("shown", count="{count}", all="{all}")),
        class_="filter",
        method="get",
        data_filters="rows",
        data_all=count,
        hidden=view.site.files,
    )


def _choices(view: View, kind: str, query: Mapping[str, str]) -> Iterator[Markup]:
    for place_of, link in enumerate(FACETS.get(kind, ())):
        name = local_name(link)
        found = {value for row in rows(kind, view.lang) for value in row.values[place_of]}
        if name in _DATED or not 1 < len(found) <= _MOST:
            continue
        options = [element("option", view.word("any"), value="")]
        options += [
            element("option", value, value=value, selected=query.get(name) == value)
            for value in sorted(found, key=normalize_words)
        ]
        yield element(
            "label", capital(_heading(view, link)), element("select", *options, name=name, data_column=place_of)
        )


def _heading(view: View, link: str) -> str:
    if local_name(link) == "date":
        return view.word("timeline", "date")
    if link == BIC.isPartOf:
        return view.word("whole")
    known = names()[link]
    return known.noun.get(view.lang) or known.name(view.lang)


def _table(view: View, kind: str, kept: Sequence[Row]) -> Markup:
    facets = FACETS.get(kind, ())
    has_codes = any(row.code for row in rows(kind, view.lang))
    heads = [*([view.word("code")] if has_codes else []), view.word("name"), *(_heading(view, each) for each in facets)]
    body = [_line(view, row, facets, has_codes=has_codes) for row in kept]
    return view.table(view.word("kind", kind), heads, body, ident="rows")


def _line(view: View, row: Row, facets: Sequence[str], *, has_codes: bool) -> Markup:
    cells = [element("td", *_values(view, link, values)) for link, values in zip(facets, row.values, strict=True)]
    name = element("a", row.name, href=view.href(address(row.iri) or ""))
    data = {f"data_column_{place_of}": "|".join(values) for place_of, values in enumerate(row.values)}
    first = [element("td", row.code, class_="nowrap")] if has_codes else []
    return element("tr", *first, element("th", name, scope="row"), *cells, data_words=row.words, **data)


def _values(view: View, link: str, values: Sequence[str]) -> list[Markup]:
    if local_name(link) in _DATED:
        return [part for value in values for part in (view.time(value), Markup(" "))]
    return [element("span", "; ".join(values))] if values else []
