"""Where sources disagree: what each side says, and its sources, side by side.

>>> [found] = conflicts("https://w3id.org/bicentennial/id/conflict-weapons-secured-or-traced")
>>> [side.title for side in found.sides]
['Weapons secured', 'Weapons traced']
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from bicentennial.core.namespaces import BIC, DCTERMS, SKOS
from bicentennial.knowledge.citing import citations, texts
from bicentennial.knowledge.store import select

if TYPE_CHECKING:
    from bicentennial.knowledge.citing import Citation

__all__ = ["Conflict", "Side", "conflicts"]


@dataclass(frozen=True, slots=True)
class Side:
    """What one side says, how far it is verified, and its sources."""

    iri: str
    title: str
    text: str
    verification: str
    sources: tuple[Citation, ...]


@dataclass(frozen=True, slots=True)
class Conflict:
    """A disagreement between sources, or of a source with itself."""

    iri: str
    title: str
    note: str
    sides: tuple[Side, ...]


def conflicts(thing: str, lang: str = "en") -> tuple[Conflict, ...]:
    """Return the disagreements that a thing is, is a side of, or is the subject of, sorted by title.

    Args:
        thing: its IRI.
        lang: the language to write in.
    """
    rows = select(
        f"""SELECT DISTINCT ?conflict {{
        {{ ?conflict a bic:SourceConflict FILTER(?conflict = <{thing}>) }}
        UNION {{ ?conflict a bic:SourceConflict ; bic:hasClaim | bic:concerns <{thing}> }} }}"""
    )
    return tuple(sorted((_conflict(row["conflict"]["value"], lang) for row in rows), key=lambda each: each.title))


def _conflict(iri: str, lang: str) -> Conflict:
    sides = select(f"SELECT ?claim {{ <{iri}> bic:hasClaim ?claim }} ORDER BY ?claim")
    return Conflict(
        iri,
        "; ".join(texts(iri, SKOS.prefLabel, lang)),
        " ".join(texts(iri, SKOS.scopeNote, lang)),
        tuple(_side(row["claim"]["value"], lang) for row in sides),
    )


def _side(iri: str, lang: str) -> Side:
    return Side(
        iri,
        "; ".join(texts(iri, SKOS.prefLabel, lang)),
        " ".join(texts(iri, DCTERMS.description, lang)),
        "; ".join(texts(iri, BIC.hasVerification, lang)),
        citations(iri, lang),
    )
