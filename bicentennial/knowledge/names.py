"""Which thing a person means by a name: IRI, identifier, acronym, label in either language, or a part of it.

>>> names().resolve("OFAC")
'https://w3id.org/bicentennial/id/agency-ofac'
>>> names().resolve("prevent", kind="goal")
'https://w3id.org/bicentennial/id/goal-prevent-transborder-crime'
>>> names().resolve("proteger a nuestra gente").removeprefix("https://w3id.org/bicentennial/id/")
'goal-protect-our-people'
"""

from __future__ import annotations

from dataclasses import dataclass, field
from functools import cache
from typing import TYPE_CHECKING, Final

import pyoxigraph as ox

from bicentennial.core.errors import AmbiguousNameError, UnknownNameError
from bicentennial.core.messages import LANGUAGES
from bicentennial.core.namespaces import BIC, BICD, DCTERMS, RDF, SKOS, compact, expand, local_name
from bicentennial.core.similar import similar
from bicentennial.knowledge.problems import query_error
from bicentennial.knowledge.store import select
from bicentennial.knowledge.text import normalize_words

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable, Mapping

__all__ = ["KINDS", "Names", "Thing", "names"]

KINDS: Final[dict[str, str | None]] = {
    "thing": None,
    "goal": BIC.Goal,
    "pillar": BIC.Pillar,
    "objective": BIC.Objective,
    "commitment": BIC.GuidingCommitment,
    "principle": BIC.Principle,
    "action": BIC.Action,
    "party": BIC.Party,
    "agency": BIC.Agency,
    "instrument": BIC.Instrument,
    "network": BIC.CriminalNetwork,
    "place": BIC.Place,
    "event": BIC.Event,
    "indicator": BIC.Indicator,
    "theme": BIC.Theme,
    "modality": BIC.Modality,
    "status": BIC.Status,
    "document": BIC.SourceDocument,
}
"""The kinds of things that a parameter of a query may ask for, and their classes; a `thing` is of any class."""

_OURS: Final = "<https://w3id.org/bicentennial/ontology>, <https://w3id.org/bicentennial/dataset>"
_EVERYTHING: Final = f"""
SELECT ?thing ?key ?text WHERE {{
  {{ ?thing ?key ?text FILTER(?key IN (skos:prefLabel, skos:altLabel, skos:notation, dcterms:identifier))
     FILTER NOT EXISTS {{ ?thing a bic:Passage }} }}
  UNION {{ ?name bic:isNameOf ?thing ; skosxl:literalForm ?text BIND(skos:altLabel AS ?key) }}
  UNION {{ ?thing bic:messageNoun ?text BIND(bic:messageNoun AS ?key) }}
  UNION {{ ?thing a ?class ; dcterms:description ?text BIND(dcterms:description AS ?key)
           FILTER(?class IN (bic:Claim, bic:Quantity)) }}
  UNION {{ {{ ?thing csvw:title ?text }} UNION {{ ?thing dcterms:title ?text FILTER(?thing IN ({_OURS})) }}
           BIND(dcterms:description AS ?key) }}
  UNION {{ ?thing a bic:Measurement ; bic:observes / skos:prefLabel ?of ; bic:numericValue ?value ; dcterms:date ?day .
           OPTIONAL {{ ?thing bic:coversPlace / skos:prefLabel ?place FILTER(LANG(?place) = LANG(?of)) }}
           BIND(STRLANG(CONCAT(?of, COALESCE(CONCAT(", ", ?place), ""), ", ", STR(?day), ": ", STR(?value)), LANG(?of))
                AS ?text) BIND(dcterms:description AS ?key) }}
  UNION {{ ?thing a bic:Name ; skosxl:literalForm ?text BIND(dcterms:description AS ?key) }}
  UNION {{ ?thing a ?text BIND(<{RDF.type}> AS ?key) FILTER(?text != bic:Passage) }}
  UNION {{ ?thing rdfs:subClassOf ?text BIND(rdfs:subClassOf AS ?key) FILTER(!ISBLANK(?text)) }}
}}"""
_TIERS: Final = ("notations", "labels", "alternatives", "tail")
_SUGGESTIONS: Final = 3
_NEAR: Final = 70
_FEW: Final = 12
_CANDIDATES: Final = 12
_LABEL: Final = 70


@dataclass(slots=True)
class Thing:
    """What a thing is called, as needed to find it and to name it in a line.

    `noun` is how messages call what a property holds; `caption` describes a thing that has no label.
    """

    iri: str
    types: list[str] = field(default_factory=list)
    label: dict[str, str] = field(default_factory=dict)
    alternatives: list[str] = field(default_factory=list)
    notations: list[str] = field(default_factory=list)
    noun: dict[str, str] = field(default_factory=dict)
    caption: dict[str, str] = field(default_factory=dict)

    def name(self, lang: str) -> str:
        """Return its label in a language, or in the other, or what describes it, or its compact IRI."""
        texts = self.label or self.caption
        return texts.get(lang) or next(iter(texts.values()), compact(self.iri))

    def written(self, tier: str) -> Collection[str]:
        """Return the names of one tier as they are written."""
        if tier == "notations":
            return self.notations
        if tier == "labels":
            return self.label.values()
        return self.alternatives if tier == "alternatives" else ()

    def matches(self, tier: str) -> Iterable[str]:
        """Return the worded names of one tier: notations, labels, alternatives, or the tail of its local name."""
        if tier == "notations":
            return map(normalize_words, self.notations)
        if tier == "labels":
            return map(normalize_words, self.label.values())
        if tier == "alternatives":
            return map(normalize_words, self.alternatives)
        return (normalize_words(local_name(self.iri).partition("-")[2]),)


class Names:
    """Everything that has a name in the ontology and the Framework."""

    def __init__(
        self, things: Mapping[str, Thing], nameless: Mapping[str, Thing], superclasses: Mapping[str, Collection[str]]
    ) -> None:
        self.things = things
        self._nameless = nameless
        self._superclasses = superclasses

    def __getitem__(self, iri: str) -> Thing:
        return self.things.get(iri) or self._nameless.get(iri) or Thing(iri)

    def classes(self, iri: str) -> set[str]:
        """Return the classes of a thing and all that are above them."""
        found: set[str] = set()
        ahead = list(self[iri].types)
        while ahead:
            one = ahead.pop()
            if one not in found:
                found.add(one)
                ahead.extend(self._superclasses.get(one, ()))
        return found

    def of_kind(self, kind: str | None) -> list[Thing]:
        """Return the things of a kind in KINDS, in the order of their IRIs; all things for None."""
        wanted = None if kind is None else KINDS[kind]
        return [self.things[iri] for iri in sorted(self.things) if wanted is None or wanted in self.classes(iri)]

    def resolve(self, name: str, *, kind: str | None = None, among: Collection[str] | None = None) -> str:
        """Return the IRI of the one thing that a name fits best.

        A name as it stands in the data goes before one that is spelled otherwise, that before one in which case and
        accents differ, a whole name before a part of one, and an acronym before a label before another name.

        Args:
            name: an IRI, `prefix:name`, local name, identifier, acronym, label or a part of a label.
            kind: only things of this kind (a key of KINDS).
            among: only things with these IRIs.

        Raises:
            UnknownNameError: nothing fits; it carries the nearest names.
            AmbiguousNameError: the name fits several things; it lists them.
        """
        iri = expand(name.strip().removeprefix("<").removesuffix(">"))
        if kind is None and among is None and iri in self.things:
            return iri
        things = [thing for thing in self.of_kind(kind) if among is None or thing.iri in among]
        for thing in things:
            if iri in (thing.iri, local_name(thing.iri)):
                return thing.iri
        if among is None and (known := self._nameless_one(iri, kind)):
            return known
        for fits in (self._fitting(things, name.strip()), self._parts(things, normalize_words(name))):
            if fits:
                return self._only(name, fits)
        raise UnknownNameError(name, self.suggestions(name, things, everything=kind not in (None, "thing")))

    def _nameless_one(self, iri: str, kind: str | None) -> str | None:
        """Return what has no name, such as a passage, by its IRI or local name."""
        wanted = None if kind is None else KINDS[kind]
        for candidate in (iri, BICD[iri]):
            if candidate in self.things or not _is_iri(candidate):
                continue
            types = {row["type"]["value"] for row in select(f"SELECT ?type {{ <{candidate}> a ?type }}")}
            if types:
                return candidate if wanted is None or wanted in types else None
        return None

    @staticmethod
    def _fitting(things: Iterable[Thing], name: str) -> list[Thing]:
        """Return the things of which this is a whole name, of the best tier that has any."""
        things, wanted = list(things), normalize_words(name)
        for tier in _TIERS:
            exact = [thing for thing in things if name in thing.written(tier)]
            if not exact and wanted:
                exact = [thing for thing in things if wanted in thing.matches(tier)]
            if exact:
                return exact
        return []

    @staticmethod
    def _parts(things: Iterable[Thing], wanted: str) -> list[Thing]:
        """Return the things of which this is a part of a name; one that begins with it goes before others."""
        things = list(things)
        for tier in ("labels", "alternatives") if wanted else ():
            partial = [thing for thing in things if any(wanted in candidate for candidate in thing.matches(tier))]
            if partial:
                return partial
        return []

    def suggestions(self, name: str, things: Iterable[Thing], *, everything: bool = False) -> dict[str, list[str]]:
        """Return the names nearest to one, best first, in each language; all names, if they are few and none is near.

        Args:
            name: what was asked for.
            things: among these.
            everything: whether to name all of them, if they are few, where none is near.
        """
        things = list(things)
        found: dict[str, list[str]] = {}
        wanted = normalize_words(name)
        for lang in LANGUAGES:
            shown: dict[str, str] = {}
            for thing in things:
                for text in (*thing.notations, *thing.label.values(), *thing.alternatives):
                    # Whatever name of a thing is near, it is called what it is called in this language.
                    shown.setdefault(normalize_words(text), text if text in thing.notations else thing.name(lang))
            names = [shown[each] for each in similar(wanted, shown, cutoff=_NEAR, limit=_SUGGESTIONS)]
            if not names and everything and len(things) <= _FEW:
                names = [thing.name(lang) for thing in things]
            found[lang] = list(dict.fromkeys(names))
        return found

    def _only(self, name: str, things: list[Thing]) -> str:
        if len(things) > 1:
            # A thing of the Framework goes before the term that merely shares its name with it.
            own = [thing for thing in things if not thing.iri.startswith(str(BIC))]
            things = own or things
        if len(things) > 1:
            # A name of a thing is a thing of its own, too, and the thing itself goes before it.
            things = [thing for thing in things if BIC.Name not in thing.types] or things
        if len(things) > 1:
            candidates: dict[str, list[str]] = {
                lang: [self._candidate(thing, lang) for thing in things[:_CANDIDATES]] for lang in LANGUAGES
            }
            if len(things) > _CANDIDATES:
                candidates = {lang: [*listed, "…"] for lang, listed in candidates.items()}
            joined = {lang: "; ".join(listed) for lang, listed in candidates.items()}
            text = query_error("ambiguous", name=name, candidates=joined).text
            raise AmbiguousNameError(text, name=name, candidates=candidates)
        return things[0].iri

    def _candidate(self, thing: Thing, lang: str) -> str:
        """Return an id, its kind and its label, such as `bicd:theme-drugs · theme · drugs`."""
        label = thing.name(lang)
        short = label if len(label) <= _LABEL else f"{label[: _LABEL - 1].rstrip()}…"
        kinds = [self[kind].name(lang) for kind in thing.types[:1]]
        return " · ".join([compact(thing.iri), *kinds, short])


def _is_iri(text: str) -> bool:
    try:
        ox.NamedNode(text)
    except ValueError:
        return False
    return True


@cache
def names() -> Names:
    """Return the names of everything in the ontology and the Framework."""
    things: dict[str, Thing] = {}
    superclasses: dict[str, set[str]] = {}
    named: set[str] = set()
    for row in select(_EVERYTHING):
        iri, key, text = row["thing"]["value"], row["key"]["value"], row["text"]["value"]
        if key.endswith("#subClassOf"):
            superclasses.setdefault(iri, set()).add(text)
            continue
        if row["thing"]["type"] != "uri":
            continue
        thing = things.setdefault(iri, Thing(iri))
        if key == RDF.type:
            thing.types.append(text)
            continue
        lang = row["text"].get("xml:lang", "en")
        if key in (BIC.messageNoun, DCTERMS.description):
            (thing.noun if key == BIC.messageNoun else thing.caption)[lang] = text
            continue
        named.add(iri)
        if key == SKOS.prefLabel:
            thing.label[lang] = text
        elif key in (SKOS.notation, DCTERMS.identifier):
            thing.notations.append(text)
        else:
            thing.alternatives.append(text)
    for thing in things.values():
        # The acronym that the local name carries is the one by which people know the thing.
        thing.notations.sort(key=lambda notation: (normalize_words(notation) not in thing.matches("tail"), notation))
    return Names({iri: things[iri] for iri in sorted(named)}, things, superclasses)
