"""Who says so: citations and conflicts between sources, as parts of a page."""

from __future__ import annotations

from typing import TYPE_CHECKING

from bicentennial.html.markup import Markup, element

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

    from bicentennial.explorer.view import View
    from bicentennial.knowledge.citing import Citation
    from bicentennial.knowledge.conflicts import Conflict, Side

__all__ = ["brief", "cited", "conflict"]


def cited(view: View, citations: Iterable[Citation]) -> Markup:
    """Return sources, each document once: its standing, address and access date, and the passages with their words."""
    documents: dict[str, list[Citation]] = {}
    for each in citations:
        documents.setdefault(each.source or each.iri, []).append(each)
    return element("ul", *(_source(view, iri, passages) for iri, passages in documents.items()), class_="sources")


def _source(view: View, document: str, passages: Sequence[Citation]) -> Markup:
    citation = passages[0]
    parts = [element("p", view.link(document, citation.document), class_="cite")]
    marks = [element("span", each, class_="tag") for each in (citation.standing, citation.reading) if each]
    about: list[str] = []
    if citation.publisher and citation.publisher not in citation.document:
        about.append(citation.publisher)
    if citation.published:
        about.append(view.word("published", date=view.date(citation.published)))
    if citation.accessed:
        about.append(view.word("accessed", date=view.date(citation.accessed)))
    parts.append(element("p", *_spaced([*marks, element("span", " · ".join(about))]), class_="hint"))
    parts += [element("p", _out(address), class_="hint") for address in citation.addresses]
    if not citation.addresses:
        parts.append(element("p", view.word("no-address"), class_="hint"))
    if citation.note:
        parts.append(element("p", citation.note, class_="hint"))
    return element("li", *parts, *(part for each in passages if each.place for part in _passage(view, each)))


def _passage(view: View, citation: Citation) -> Iterator[Markup]:
    yield element("p", view.link(citation.iri, citation.place), class_="place")
    if citation.quotation:
        said = element("p", f"“{citation.quotation}”")
        yield element("blockquote", said, lang=citation.language or view.lang)


def _out(address: str) -> Markup:
    return element("a", address, href=address, rel="external")


def _spaced(parts: Sequence[Markup]) -> list[Markup]:
    return [part for each in parts for part in (each, Markup(" "))][:-1]


def brief(view: View, citations: Iterable[Citation]) -> Markup:
    """Return sources in one line: each document once, with its standing."""
    known = {each.source or each.iri: each for each in citations}
    links = [
        element("li", view.link(iri, each.document), f" ({each.standing})" if each.standing else "")
        for iri, each in known.items()
    ]
    return element("ul", *links, class_="brief")


def conflict(view: View, found: Conflict, *, level: str = "h3", is_linked: bool = True) -> Markup:
    """Return a disagreement with its sides next to each other."""
    title = [element(level, view.link(found.iri, found.title))] if is_linked else []
    sides = [element("li", *_side(view, side), class_="side") for side in found.sides]
    note = [element("p", found.note, class_="hint")] if found.note else []
    return element("article", *title, *note, element("ul", *sides, class_="sides"), class_="conflict")


def _side(view: View, side: Side) -> list[Markup]:
    parts = [element("p", element("strong", view.link(side.iri, side.title))), element("p", side.text)]
    if side.verification:
        parts.append(element("p", element("span", side.verification, class_="tag")))
    return [*parts, cited(view, side.sources)]
