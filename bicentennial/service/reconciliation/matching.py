"""Which things a name may mean, the likeliest first: for programs that match columns of names, such as OpenRefine.

>>> candidates(Wanted("SSCP", ("Party",)), "es")[0].thing.notations
['SSPC']
>>> best = candidates(Wanted("Secretaria de Relaciones Exteriores"), "es")[0]
>>> local_name(best.thing.iri), best.score, best.is_match
('agency-sre', 100.0, True)
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache
from typing import TYPE_CHECKING, Any, Final, NamedTuple

import pyoxigraph as ox

from bicentennial.core.namespaces import BIC, BICD, DCTERMS, SKOS, expand, local_name
from bicentennial.knowledge.names import KINDS, names
from bicentennial.knowledge.store import store
from bicentennial.knowledge.text import normalize_words

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from bicentennial.core.messages import Language
    from bicentennial.knowledge.names import Thing

__all__ = ["TYPES", "Candidate", "Wanted", "candidates", "property_iri", "things", "type_iri"]

TYPES: Final = tuple(
    local_name(str(KINDS[kind]))
    for kind in (
        "party", "place", "goal", "pillar", "objective", "commitment", "principle", "action",
        "instrument", "network", "event", "theme", "indicator", "document",
    )
)  # fmt: skip
"""The types that can be asked for, the usual ones first."""
_FEWEST: Final = 55.0
"""Names that are less alike than this are no candidates; of a hundred."""
_MOST: Final = 10
_LIMIT: Final = 100
# A short word is compared with acronyms letter by letter: swapping two is what people do most.
_SHORT: Final = 8
_PARTLY: Final = 0.9
_OTHER_TYPE: Final = 0.8
_NAME_SHARE: Final = 0.7


@dataclass(frozen=True, slots=True)
class Wanted:
    """What a query asks for.

    Args:
        name: a name as it was found; empty where properties alone are to match.
        types: the types that candidates may have: local names, compact or whole IRIs of classes.
        strictness: `any` of the types, `all` of them, or `should` for those that only go before others.
        properties: pairs of a property and the values that it should have.
        limit: how many candidates to return at most.
    """

    name: str
    types: tuple[str, ...] = ()
    strictness: str = "any"
    properties: tuple[tuple[str, tuple[str, ...]], ...] = ()
    limit: int = _MOST


class Candidate(NamedTuple):
    """A thing that may be meant, from 0 to 100 how likely it is, whether it is certain, and how alike the names are."""

    thing: Thing
    score: float
    is_match: bool
    likeness: float


def type_iri(name: str) -> str:
    """Return the class that a type names."""
    iri = expand(name)
    return iri if ":" in iri else BIC[name]


def property_iri(name: str) -> str:
    """Return the property that a name stands for.

    >>> property_iri("isPartOf"), property_iri("skos:notation")
    ('https://w3id.org/bicentennial/ontology#isPartOf', 'http://www.w3.org/2004/02/skos/core#notation')
    """
    known = {"notation": SKOS.notation, "identifier": DCTERMS.identifier, "description": DCTERMS.description}
    iri = known.get(name) or expand(name)
    return iri if ":" in iri else BIC[name]


@cache
def _all() -> tuple[tuple[Thing, frozenset[str]], ...]:
    """Return what can be matched, with its classes."""
    wanted = {BIC[name] for name in TYPES}
    found = ((thing, frozenset(names().classes(thing.iri))) for thing in names().things.values())
    return tuple((thing, classes) for thing, classes in found if classes & wanted and thing.iri.startswith(str(BICD)))


def things(types: tuple[str, ...]) -> list[Thing]:
    """Return the things of any of some types; all that can be matched if none is named."""
    wanted = {type_iri(each) for each in types}
    return [thing for thing, classes in _all() if not wanted or wanted & classes]


@cache
def _written() -> tuple[tuple[tuple[str, ...], tuple[str, ...]], ...]:
    """Return for each thing its acronyms and its names, worded."""
    return tuple(
        (
            tuple(map(normalize_words, thing.notations)),
            tuple(map(normalize_words, (*thing.label.values(), *thing.alternatives))),
        )
        for thing, _ in _all()
    )


def candidates(wanted: Wanted, lang: Language) -> list[Candidate]:
    """Return the things that a query may mean, the likeliest first; equally likely ones by their names.

    One is certain if its name is exactly the one that was given, and no other's is.
    """
    name = normalize_words(wanted.name)
    types = {type_iri(each) for each in wanted.types}
    found: list[Candidate] = []
    for (thing, classes), (acronyms, called) in zip(_all(), _written(), strict=True):
        fits = not types or (types <= classes if wanted.strictness == "all" else bool(types & classes))
        if not fits and wanted.strictness != "should":
            continue
        likeness = (
            100.0 if wanted.name.strip() in (thing.iri, local_name(thing.iri)) else _likeness(name, acronyms, called)
        )
        if wanted.name and likeness < _FEWEST:
            continue
        score = likeness
        if wanted.properties:
            share = _share(thing, wanted.properties)
            score = 100 * share if not wanted.name else likeness * (_NAME_SHARE + (1 - _NAME_SHARE) * share)
        score *= 1 if fits else _OTHER_TYPE
        if score >= _FEWEST * _OTHER_TYPE * _NAME_SHARE:
            found.append(Candidate(thing, round(score, 1), is_match=False, likeness=round(likeness, 1)))
    found.sort(key=lambda each: (-each.score, normalize_words(each.thing.name(lang)), each.thing.iri))
    if found and found[0].score == 100 and (len(found) == 1 or found[1].score < 100):
        found[0] = found[0]._replace(is_match=True)
    return found[: max(1, min(wanted.limit, _LIMIT))]


def _likeness(name: str, acronyms: Iterable[str], called: Iterable[str]) -> float:
    """Return how alike a name and those of a thing are, from 0 to 100."""
    from rapidfuzz import fuzz
    from rapidfuzz.distance import OSA

    best = 0.0
    if not name:
        return best
    is_short = len(name) <= _SHORT and " " not in name
    for each in acronyms:
        if each == name:
            return 100.0
        if is_short and each:
            # Swapped letters count as one fault, not as two, and half of it: nothing has been lost.
            swapped = sorted(each) == sorted(name)
            best = max(best, 100 * OSA.normalized_similarity(name, each) + (12.5 if swapped else 0))
    for each in called:
        if each == name:
            return 100.0
        alike = max(fuzz.ratio(name, each), fuzz.token_sort_ratio(name, each))
        if " " in name and " " in each:
            alike = max(alike, _PARTLY * fuzz.token_set_ratio(name, each))
        best = max(best, alike)
    return min(best, 99.0)


def _share(thing: Thing, properties: Sequence[tuple[str, tuple[str, ...]]]) -> float:
    """Return which part of the properties a thing has with one of the values that are wanted."""
    subject = ox.NamedNode(thing.iri)
    right = 0
    for name, values in properties:
        held = [quad.object for quad in store().quads_for_pattern(subject, _node(name), None)]
        known = {normalize_words(text) for each in held for text in _texts(each)}
        right += any(normalize_words(local_name(value) if ":" in value else value) in known for value in values)
    return right / len(properties)


def _node(name: str) -> ox.NamedNode:
    try:
        return ox.NamedNode(property_iri(name))
    except ValueError:  # no IRI, so nothing has it
        return ox.NamedNode(BIC.none)


def _texts(value: Any) -> Iterable[str]:
    """Return by what texts a value may be given: those of a thing are its id and its names."""
    if isinstance(value, ox.NamedNode):
        thing = names()[value.value]
        return (local_name(value.value), *thing.notations, *thing.label.values(), *thing.alternatives)
    return (str(value.value),) if isinstance(value, ox.Literal) else ()
