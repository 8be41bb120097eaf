"""Where sources disagree: what each side says, and its sources, side by side.

>>> [found] = conflicts("https://w3id.org/bicentennial/id/conflict-weapons-secured-or-traced")
>>> [side.title for side in found.sides]
['Weapons secured', 'Weapons traced']
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache
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
    return tuple(sorted((_conflict(each, lang) for each in _about().get(thing, ())), key=lambda each: each.title))


@cache
def _about() -> dict[str, list[str]]:
    """Return the disagreements about each thing."""
    found: dict[str, list[str]] = {}
    for row in select(
        """SELECT DISTINCT ?thing ?conflict {
        { ?conflict a bic:SourceConflict BIND(?conflict AS ?thing) }
        UNION { ?conflict a bic:SourceConflict ; bic:hasClaim | bic:concerns ?thing } }"""
    ):
        found.setdefault(row["thing"]["value"], []).append(row["conflict"]["value"])
    return found


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
