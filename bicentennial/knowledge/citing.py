"""Where a thing is said: document, place in it, standing, address and the words themselves.

>>> citations("https://w3id.org/bicentennial/id/recommendation-gao-2020-risks")[0].addresses
('https://www.gao.gov/products/GAO-20-388',)
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import cache
from typing import TYPE_CHECKING, Any, Final

from bicentennial.core.escape import plain
from bicentennial.core.messages import section
from bicentennial.core.namespaces import BIC, DCTERMS, RDF, SKOS, compact
from bicentennial.knowledge.store import objects, store

if TYPE_CHECKING:
    from collections.abc import Iterable

    import pyoxigraph as ox

__all__ = ["Citation", "citation", "citations", "lines", "linking", "place", "texts"]

_URL: Final = "https://schema.org/url"
_NUMBER: Final = re.compile(r"[0-9]+")
_PARTS: Final = (("paragraph", BIC.paragraph), ("bullet", BIC.bullet), ("sentence", BIC.sentence))


@dataclass(frozen=True, slots=True)
class Citation:
    """One source of a thing: a document and the place in it, and what to judge it by.

    `reading` says how much of the document was read, `quotation` is the passage word for word, in `language`;
    `published` and `accessed` are dates, `note` says what there is to know about the address.
    """

    iri: str
    document: str
    place: str = ""
    standing: str = ""
    reading: str = ""
    addresses: tuple[str, ...] = ()
    missing: str = ""
    quotation: str = ""
    language: str = ""
    source: str = ""
    publisher: str = ""
    published: str = ""
    accessed: str = ""
    note: str = ""

    @property
    def text(self) -> str:
        """The document and the place in it."""
        return ", ".join(filter(None, (self.document, self.place)))

    @property
    def judged(self) -> str:
        """The standing of the document and its addresses, or that none is known."""
        notes = "; ".join(filter(None, (self.standing, self.missing)))
        return " ".join([*([f"({notes})"] if notes else []), *self.addresses])

    def to_dict(self) -> dict[str, Any]:
        """Return it as JSON holds it."""
        return {
            "id": compact(self.iri),
            "text": self.text,
            "standing": self.standing or None,
            "reading": self.reading or None,
            "addresses": list(self.addresses),
            "accessed": self.accessed or None,
            "quotation": self.quotation or None,
            "language": self.language or None,
        }


def citations(iri: str, lang: str = "en") -> tuple[Citation, ...]:
    """Return the sources of a thing, sorted by document and place.

    Args:
        iri: the thing.
        lang: the language of labels.
    """
    found = dict.fromkeys(_cited(source.value, lang) for source in objects(iri, DCTERMS.source) if source.value != iri)
    return tuple(sorted(found, key=_order))


def citation(source: str, lang: str = "en") -> Citation:
    """Return a passage or document as a source.

    Args:
        source: its IRI.
        lang: the language of labels.
    """
    return _cited(source, lang)


def lines(cited: Iterable[Citation]) -> str:
    """Return sources in one text: each document once, with the places in it, its standing and its address."""
    places: dict[tuple[str, str], list[str]] = {}
    for one in cited:
        places.setdefault((one.document, one.judged), []).append(one.place)
    return "; ".join(
        " ".join(filter(None, (", ".join(filter(None, (document, " / ".join(filter(None, inside))))), judged)))
        for (document, judged), inside in places.items()
    )


def place(passage: str, lang: str) -> str:
    """Return where a passage stands; an empty text for anything else."""
    return _cited(passage, lang).text if _is_passage(passage) else ""


def texts(subject: str, link: str, lang: str) -> tuple[str, ...]:
    """Return the labels of what a property of a subject names, or its texts, sorted."""
    return tuple(sorted({_label(term, lang) for term in objects(subject, link) if _fits(term, lang)}))


def linking(value: str, link: str, lang: str) -> tuple[str, ...]:
    """Return the labels of what has a thing as a value of a property, sorted."""
    import pyoxigraph as ox

    quads = store().quads_for_pattern(None, ox.NamedNode(link), ox.NamedNode(value), ox.DefaultGraph())
    subjects = {quad.subject for quad in quads}
    return tuple(sorted({_name(one.value, lang) for one in subjects if isinstance(one, ox.NamedNode)}))


def _order(citation: Citation) -> tuple[str, list[int]]:
    return citation.document, [int(number) for number in _NUMBER.findall(citation.place)]


@cache
def _cited(source: str, lang: str) -> Citation:
    containers = [term.value for term in objects(source, BIC.isPartOf)] if _is_passage(source) else []
    document = next(iter(containers), source)
    words = section("show")
    parts = [words[part][lang].format(number=term.value) for part, link in _PARTS for term in objects(source, link)]
    addresses = tuple(sorted(term.value for term in objects(document, _URL)))
    standing = ", ".join(texts(document, BIC.hasDocumentStanding, lang))
    quoted = next(iter(objects(source, BIC.quotation)), None)
    return Citation(
        iri=source,
        document=plain(_name(document, lang)),
        place=", ".join(parts),
        standing=standing,
        reading=", ".join(texts(document, BIC.hasDocumentReading, lang)),
        addresses=addresses,
        missing=words["no-address"][lang] if standing and not addresses else "",
        quotation=plain(quoted.value) if quoted else "",
        language=getattr(quoted, "language", None) or "",
        source=document,
        publisher=", ".join(texts(document, DCTERMS.publisher, lang)),
        published=next(iter(texts(document, DCTERMS.date, lang)), ""),
        accessed=next(iter(texts(document, BIC.accessDate, lang)), ""),
        note=" ".join(texts(document, BIC.addressNote, lang)),
    )


def _is_passage(iri: str) -> bool:
    return any(kind.value == BIC.Passage for kind in objects(iri, RDF.type))


def _name(iri: str, lang: str) -> str:
    labels = {getattr(term, "language", None): term.value for term in objects(iri, SKOS.prefLabel)}
    return labels.get(lang) or next(iter(labels.values()), compact(iri))


def _label(term: ox.NamedNode | ox.Literal, lang: str) -> str:
    return _name(term.value, lang) if _is_iri(term) else term.value


def _fits(term: ox.NamedNode | ox.Literal, lang: str) -> bool:
    return _is_iri(term) or getattr(term, "language", None) in (None, lang)


def _is_iri(term: object) -> bool:
    return not hasattr(term, "datatype")
