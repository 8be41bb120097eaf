"""What is said of one thing: its concise bounded description, what links to it, and labels of whatever is named.

>>> found = described("https://w3id.org/bicentennial/id/agency-ofac")
>>> sorted({each.predicate.value.rsplit("#")[-1] for each in found if str(each.object) == '"OFAC"'})
['notation']
>>> described("https://w3id.org/bicentennial/id/agency-none")
[]
"""

from __future__ import annotations

from functools import cache
from typing import Final

import pyoxigraph as ox

from bicentennial.core.namespaces import BICSH, DCTERMS, RDFS, SKOS, SKOSXL
from bicentennial.core.resources import files
from bicentennial.knowledge.store import store

__all__ = ["described", "is_known"]

_LABELS: Final = tuple(
    map(ox.NamedNode, (SKOS.prefLabel, RDFS.label, DCTERMS.title, SKOS.notation, SKOSXL.literalForm))
)


@cache
def _shapes() -> ox.Store:
    """Return the shapes, which are no part of what queries see."""
    new = ox.Store()
    for pattern in ("structural/*.ttl", "rules/*.ttl"):
        for path in files("shapes", pattern):
            new.load(path=str(path), format=ox.RdfFormat.TURTLE)
    return new


def _store_of(iri: str) -> ox.Store:
    return _shapes() if iri.startswith(str(BICSH)) else store()


def is_known(iri: str) -> bool:
    """Return whether anything is said of a thing."""
    return next(_store_of(iri).quads_for_pattern(ox.NamedNode(iri), None, None), None) is not None


def described(iri: str) -> list[ox.Triple]:
    """Return what is said of a thing, each statement once: an empty list if nothing is.

    - every statement about it, and about nodes without a name that these lead to;
    - every statement that has it as its object, unless the subject has no name;
    - the labels and notations, in every language, of the things that these name.
    """
    data, thing = _store_of(iri), ox.NamedNode(iri)
    found: dict[ox.Triple, None] = {}
    ahead: list[ox.NamedNode | ox.BlankNode] = [thing]
    seen = set(ahead)
    while ahead:
        for quad in data.quads_for_pattern(ahead.pop(), None, None):
            found[quad.triple] = None
            if isinstance(quad.object, ox.BlankNode) and quad.object not in seen:
                seen.add(quad.object)
                ahead.append(quad.object)
    if not found:
        return []
    linking = (quad.triple for quad in data.quads_for_pattern(None, None, thing))
    found |= dict.fromkeys(each for each in linking if isinstance(each.subject, ox.NamedNode))
    named = {term for each in found for term in (each.subject, each.object) if isinstance(term, ox.NamedNode)}
    for term in named - {thing}:
        for label in _LABELS:
            found |= dict.fromkeys(quad.triple for quad in store().quads_for_pattern(term, label, None))
    return list(found)
