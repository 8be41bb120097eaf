"""Properties of things for tables of others: which there are, and what they hold (data extension).

>>> rows = extended(["agency-sspc"], [{"id": "isBasedIn"}, {"id": "notation"}], "en")["rows"]
>>> rows["agency-sspc"]["isBasedIn"], rows["agency-sspc"]["notation"]
([{'id': 'place-mexico', 'name': 'Mexico'}], [{'str': 'SSPC'}])
"""

from __future__ import annotations

from functools import lru_cache
from typing import TYPE_CHECKING, Any, Final

import pyoxigraph as ox

from bicentennial.core.namespaces import BIC, BICD, RDF, SKOS, XSD, compact, local_name
from bicentennial.knowledge.names import names
from bicentennial.knowledge.store import store
from bicentennial.knowledge.text import normalize_words
from bicentennial.service.reconciliation.matching import property_iri, things, type_iri

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from bicentennial.core.messages import Language

__all__ = ["extended", "proposed", "suggested_properties"]

_MOST_THINGS: Final = 200
_MOST_PROPERTIES: Final = 30
_KEPT: Final = 64
_NUMBERS: Final = {XSD.integer: int, XSD.decimal: float, XSD.double: float}
_DATES: Final = frozenset(XSD[name] for name in ("date", "dateTime"))


def _short(iri: str) -> str:
    """Return the id of a property: its local name where that is enough to find it again."""
    name = local_name(iri)
    return name if property_iri(name) == iri else compact(iri)


@lru_cache(_KEPT)
def _of_type(type_name: str) -> tuple[str, ...]:
    """Return the properties that things of a type have, those that most have first."""
    counts: dict[str, int] = {}
    for thing in things((type_name,) if type_name else ()):
        for prop in {quad.predicate.value for quad in store().quads_for_pattern(ox.NamedNode(thing.iri), None, None)}:
            counts[prop] = counts.get(prop, 0) + 1
    for each in (RDF.type, SKOS.prefLabel):
        counts.pop(each, None)
    return tuple(sorted(counts, key=lambda iri: (-counts[iri], iri)))


def _named(iri: str, lang: Language) -> dict[str, str]:
    return {"id": _short(iri), "name": names()[iri].name(lang)}


def proposed(type_name: str, limit: int, lang: Language) -> dict[str, Any]:
    """Return the properties that things of a type have."""
    found = [_named(iri, lang) for iri in _of_type(local_name(type_iri(type_name)) if type_name else "")]
    return {"type": type_name, "limit": limit, "properties": found[:limit]}


def suggested_properties(prefix: str, lang: Language) -> list[dict[str, str]]:
    """Return the properties whose names have a text in them."""
    wanted = normalize_words(prefix)
    found = [_named(iri, lang) for iri in _of_type("")]
    return [each for each in found if wanted in normalize_words(each["name"]) or prefix.lower() in each["id"].lower()]


def extended(ids: Sequence[Any], properties: Sequence[Mapping[str, Any]], lang: Language) -> dict[str, Any]:
    """Return what properties of things hold: things by id and name, numbers, dates, texts in the language."""
    wanted = [str(each["id"]) for each in properties[:_MOST_PROPERTIES]]
    rows = {
        ident: {name: _values(f"{BICD}{ident}", property_iri(name), lang) for name in wanted}
        for ident in map(str, ids[:_MOST_THINGS])
    }
    return {"meta": [{"id": name, "name": names()[property_iri(name)].name(lang)} for name in wanted], "rows": rows}


def _values(thing: str, prop: str, lang: Language) -> list[dict[str, Any]]:
    try:
        quads = list(store().quads_for_pattern(ox.NamedNode(thing), ox.NamedNode(prop), None))
    except ValueError:  # no IRI, so there is nothing
        return []
    terms = [quad.object for quad in quads]
    texts = [each for each in terms if isinstance(each, ox.Literal) and each.language]
    own = [each for each in texts if each.language == lang]
    kept = [each for each in terms if each not in texts or each in (own or texts)]
    return sorted((_value(each, lang) for each in kept), key=str)


def _value(term: Any, lang: Language) -> dict[str, Any]:
    if isinstance(term, ox.NamedNode):
        if term.value.startswith(str(BICD)):
            return {"id": local_name(term.value), "name": names()[term.value].name(lang)}
        return {"str": names()[term.value].name(lang) if term.value.startswith(str(BIC)) else term.value}
    if isinstance(term, ox.Literal):
        kind = term.datatype.value
        if kind in _NUMBERS:
            number = _NUMBERS[kind](term.value)
            return {"int": number} if isinstance(number, int) else {"float": number}
        if kind in _DATES:
            return {"date": term.value if "T" in term.value else f"{term.value}T00:00:00Z"}
        if kind == XSD.boolean:
            return {"bool": term.value in ("true", "1")}
        return {"str": term.value}
    return {"str": str(term)}
