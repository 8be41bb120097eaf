"""The page of one thing: what it is, what was promised, what came of it, what links to it, and who says so."""

from __future__ import annotations

from dataclasses import replace
from functools import cache
from typing import TYPE_CHECKING, Final

from bicentennial.core.namespaces import BIC, BICD, DCTERMS
from bicentennial.explorer.catalogue import KINDS, TERMS, address, iri_at, kind_of
from bicentennial.explorer.codes import codes_on
from bicentennial.explorer.promised import outcome_list, promise_table
from bicentennial.explorer.series import measured, series
from bicentennial.explorer.sources import cited, conflict
from bicentennial.explorer.terms import structure_table
from bicentennial.explorer.view import capital
from bicentennial.html.markup import Markup, element
from bicentennial.knowledge.citing import citation
from bicentennial.knowledge.conflicts import conflicts
from bicentennial.knowledge.names import names
from bicentennial.knowledge.show import page_of
from bicentennial.knowledge.store import objects, select
from bicentennial.knowledge.topic import promise, promises_to

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

    from bicentennial.explorer.view import View
    from bicentennial.knowledge.conflicts import Conflict
    from bicentennial.knowledge.pages import Entry, ThingPage, Value
    from bicentennial.knowledge.topic import Promise

__all__ = ["thing_page"]

_GLANCE: Final = (
    BIC.advancesGoal, BIC.honorsCommitment, BIC.hasModality, BIC.hasStatus, BIC.hasInstrumentState,
    BIC.hasRecommendationState, BIC.numericValue, BIC.unit, DCTERMS.date, BIC.startDate, BIC.dueDate, BIC.endDate,
    BIC.hasResponsibleParty, BIC.hasPartner, BIC.servesIn, BIC.isBasedIn, BIC.hasOrganizationKind, BIC.hasPlaceKind,
    BIC.hasDocumentStanding, BIC.hasDocumentReading, BIC.accessDate, BIC.hasPrincipleKind, BIC.hasVerification,
)  # fmt: skip
"""Facts that stand beside the text, in this order; all others stand below it."""
_LONG: Final = 70
"""From how many letters on a title is set smaller."""
_APART: Final = frozenset({BIC.quotation, BIC.sha256})
"""Facts of a passage that stand above all others, or that no reader asks for here."""
_FORMS: Final = {".ttl": "Turtle", ".jsonld": "JSON-LD", ".nt": "N-Triples", ".rdf": "RDF/XML"}
_NAMED: Final = 12
"""Up to how many links of one kind are shown at once."""
_UNSOURCED: Final = {"documents": "sources-document", "conflicts": "sources-conflict"}


def thing_page(view: View, iri: str) -> str:
    """Return the page of a thing.

    Args:
        view: the page's language and address.
        iri: the thing, which has an address in the catalogue.
    """
    record = page_of(iri, view.lang)
    kind = kind_of(iri) or "concepts"
    title = capital(record.labels.get(view.lang) or record.title)
    promises = promises_to(iri, view.lang)
    found = conflicts(iri, view.lang)
    shown = () if kind == "actions" else record.promises or promises
    parts = [
        *([_came_of_it(view, iri, record)] if kind == "actions" else []),
        *([_conflicts(view, iri, found)] if kind == "conflicts" else []),
        *_facts(view, record, found),
        *(structure_table(view, iri) if kind in TERMS else ()),
        *([_conflicts(view, iri, found)] if found and kind != "conflicts" else []),
        *_passages(view, iri, kind),
        *_linked(view, record, promises, found),
        *_codes(view, iri, kind),
        _sources(view, iri, kind, record),
    ]
    lead = (
        _quoted(view, iri)
        if kind == "passages"
        else [element("p", text, class_="lead" if n == 0 else False) for n, text in enumerate(record.paragraphs)]
    )
    return view.page(
        title,
        view.crumbs(*_way(view, iri, kind)),
        *_head(view, kind, record, title),
        *lead,
        *([_section(view.word("promised"), *promise_table(view, shown))] if shown else []),
        *(series(view, iri) if kind == "indicators" else ()),
        element("div", _aside(view, iri, record), element("div", *parts), class_="columns thing"),
        description=next(iter(record.paragraphs), ""),
    )


def _way(view: View, iri: str, kind: str) -> Iterator[tuple[str, str]]:
    """Yield the steps to a thing: the landing page, the list of its kind, and what it is part of among the goals."""
    yield "/explore", view.word("explore")
    if kind in TERMS:
        yield "/ontology", view.word("terms", "title")
    yield f"/explore/{kind}", view.word("kind", kind)
    above: list[str] = []
    ahead = iri
    while ahead and len(above) < len(KINDS):
        wholes = sorted(whole.value for whole in objects(ahead, BIC.isPartOf))
        ahead = next((each for each in wholes if each not in above and address(each)), "")
        if ahead:
            above.insert(0, ahead)
    for each in above:
        if kind_of(each) != "instruments":
            known = names()[each]
            yield address(each) or "", next(iter(known.notations), "") or known.name(view.lang)


def _head(view: View, kind: str, record: ThingPage, title: str) -> Iterator[Markup]:
    kinds = [view.word("kind", kind, "one")]
    if record.kinds and ":" not in record.kinds[0]:
        kinds = [record.kinds[0]]
    kinds[0] = capital(kinds[0])
    yield element("p", " · ".join([*kinds, *record.notations]), class_="kicker")
    yield element("h1", title, class_="long" if len(title) > _LONG else False)
    if (other := record.labels.get(view.other)) and capital(other) != title:
        yield element("p", other, lang=view.other, class_="subtitle")


def _quoted(view: View, iri: str) -> list[Markup]:
    """Return the words of a passage, or that they are not repeated here."""
    passage = citation(iri, view.lang)
    if not passage.quotation:
        return [element("p", view.word("sources-passage", document=passage.document), class_="lead")]
    said = element("p", f"“{passage.quotation}”")
    return [element("blockquote", said, lang=passage.language or view.lang, class_="words")]


def _came_of_it(view: View, iri: str, record: ThingPage) -> Markup:
    states = [value for entry in record.facts if entry.link == BIC.hasStatus for value in entry.values]
    tags = [element("p", element("span", each.text, class_="tag info")) for each in states]
    return _section(view.word("outcome"), *tags, outcome_list(view, promise(iri, view.lang)))


def _facts(view: View, record: ThingPage, found: Sequence[Conflict]) -> Iterator[Markup]:
    sides = {side.iri for each in found for side in each.sides}
    rows = []
    for entry in record.facts:
        if entry.link in _GLANCE or entry.link in _APART:
            continue
        values = [value for value in entry.values if value.iri not in sides]
        if values:
            shown = [element("dd", view.value(value)) for value in values]
            rows.append(element("div", element("dt", capital(entry.head)), *shown))
    if rows:
        yield _section(view.word("said"), element("dl", *rows, class_="facts"))


def _conflicts(view: View, iri: str, found: Iterable[Conflict]) -> Markup:
    return _section(view.word("disagree"), *(conflict(view, each, is_linked=each.iri != iri) for each in found))


def _passages(view: View, iri: str, kind: str) -> Iterator[Markup]:
    """Yield the way to the passages before and after one."""
    if kind != "passages":
        return
    all_of = _passages_of(next(objects(iri, BIC.isPartOf)).value)
    place = all_of.index(iri)
    steps = [("before", place - 1)] * (place > 0) + [("after", place + 1)] * (place + 1 < len(all_of))
    links = [
        element("li", element("a", view.word(key), href=view.href(address(all_of[at]) or ""))) for key, at in steps
    ]
    yield element("nav", element("ul", *links, class_="inline"), aria_label=view.word("kind", "passages"))


@cache
def _passages_of(document: str) -> list[str]:
    return [each["passage"]["value"] for each in select(
        f"SELECT ?passage {{ ?passage bic:isPartOf <{document}> ; a bic:Passage ; bic:paragraph ?paragraph "
        "OPTIONAL { ?passage bic:bullet ?bullet } OPTIONAL { ?passage bic:sentence ?sentence } } "
        "ORDER BY ?paragraph ?bullet ?sentence ?passage")]  # fmt: skip


def _linked(view: View, record: ThingPage, promises: Sequence[Promise], found: Sequence[Conflict]) -> Iterator[Markup]:
    shown = {each.iri for each in promises} | {each.iri for each in found}
    shown |= {each.iri for each in measured(record.iri, view.lang)}
    blocks = []
    for entry in record.links:
        values = [value for value in entry.values if value.iri not in shown]
        if values:
            blocks.append(_block(view, entry, values))
    if blocks:
        yield _section(view.word("linked"), *blocks)


def _block(view: View, entry: Entry, values: Sequence[Value]) -> Markup:
    items = element("ul", *(element("li", view.value(value)) for value in values), class_="bullets")
    head = capital(entry.head)
    if len(values) <= _NAMED:
        return element("div", element("h3", head), items, class_="links")
    count = element("span", f" · {view.word('more', count=view.number(len(values)))}", class_="count")
    return element("details", element("summary", element("strong", head), count), items, class_="links")


def _codes(view: View, iri: str, kind: str) -> Iterator[Markup]:
    if kind not in TERMS:
        return
    codes = codes_on(iri)
    if codes:
        items = [element("li", element("a", code, href=view.href(f"/codes/{code}"))) for code in codes]
        listed = element("ul", *items, class_="inline codes")
        title = view.word("terms", "codes")
        if len(items) <= 2 * _NAMED:
            yield _section(title, listed)
        else:
            count = element("span", view.word("more", count=view.number(len(items))))
            yield _section(title, element("details", element("summary", count), listed))


def _sources(view: View, iri: str, kind: str, record: ThingPage) -> Markup:
    if record.sources:
        return _section(view.word("sources"), cited(view, record.sources))
    if kind == "passages":
        return _section(view.word("sources"), _of_passage(view, iri))
    return _section(view.word("sources"), element("p", view.word(_UNSOURCED.get(kind, "sources-none"))))


def _of_passage(view: View, iri: str) -> Markup:
    return cited(view, [replace(citation(iri, view.lang), quotation="")])


def _aside(view: View, iri: str, record: ThingPage) -> Markup:
    known = {entry.link: entry for entry in record.facts if entry.link in _GLANCE}
    rows = [
        (known[link].head, [view.value(value) for value in known[link].values]) for link in _GLANCE if link in known
    ]
    if iri_at(f"/id/{iri.rpartition('/')[2]}") != iri and not iri.startswith(str(BIC)):
        rows.append((view.word("kind-head"), [element("span", view.word("reused"))]))
    if record.also:
        rows.append((view.word("also"), [element("span", text) for text in record.also]))
    rows.append((view.word("identifier"), [view.code(iri)]))
    rows += _data(view, iri)
    entries = [
        element(
            "div",
            element("dt", capital(head)),
            *(element("dd", each) for each in shown),
            class_="data" if head == view.word("data") else False,
        )
        for head, shown in rows
    ]
    return element("aside", element("h2", view.word("at-a-glance")), element("dl", *entries), class_="panel")


def _data(view: View, iri: str) -> Iterator[tuple[str, list[Markup]]]:
    """Yield links to the statements themselves, which a service gives for the names of this project."""
    path = address(iri)
    if view.site.files or path is None or not iri.startswith((str(BIC), str(BICD))):
        return
    here = view.site.href(view.here, path)
    yield view.word("data"), [element("a", name, href=f"{here}{ending}") for ending, name in _FORMS.items()]


def _section(title: str, *parts: Markup) -> Markup:
    return element("section", element("h2", title), *parts)
