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

from bicentennial.core.errors import UnknownNameError
from bicentennial.core.namespaces import BIC, DCTERMS, RDF, SKOS, compact, expand, local_name
from bicentennial.knowledge.guard import query_error
from bicentennial.knowledge.store import select
from bicentennial.knowledge.text import worded

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable, Mapping

__all__ = ["KINDS", "Names", "Thing", "names"]

KINDS: Final[dict[str, str]] = {
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
    "theme": BIC.Theme,
    "modality": BIC.Modality,
    "status": BIC.Status,
    "document": BIC.SourceDocument,
}
"""The kinds of things that a parameter of a query may ask for, and their classes."""

_EVERYTHING: Final = f"""
SELECT ?thing ?key ?text WHERE {{
  {{ ?thing ?key ?text FILTER(?key IN (skos:prefLabel, skos:altLabel, skos:notation, dcterms:identifier))
     FILTER NOT EXISTS {{ ?thing a bic:Passage }} }}
  UNION {{ ?name bic:isNameOf ?thing ; skosxl:literalForm ?text BIND(skos:altLabel AS ?key) }}
  UNION {{ ?thing bic:messageNoun ?text BIND(bic:messageNoun AS ?key) }}
  UNION {{ ?thing a ?class ; dcterms:description ?text BIND(dcterms:description AS ?key)
           FILTER(?class IN (bic:Claim, bic:Quantity)) }}
  UNION {{ ?thing a bic:Name ; skosxl:literalForm ?text BIND(dcterms:description AS ?key) }}
  UNION {{ ?thing a ?text BIND(<{RDF.type}> AS ?key) FILTER(?text != bic:Passage) }}
  UNION {{ ?thing rdfs:subClassOf ?text BIND(rdfs:subClassOf AS ?key) FILTER(!ISBLANK(?text)) }}
}}"""
_TIERS: Final = ("notations", "labels", "alternatives", "tail")
_SUGGESTIONS: Final = 3
_NEAR: Final = 70


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

    def matches(self, tier: str) -> Iterable[str]:
        """Return the worded names of one tier: notations, labels, alternatives, or the tail of its local name."""
        if tier == "notations":
            return map(worded, self.notations)
        if tier == "labels":
            return map(worded, self.label.values())
        if tier == "alternatives":
            return map(worded, self.alternatives)
        return (worded(local_name(self.iri).partition("-")[2]),)


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

        Args:
            name: an IRI, `prefix:name`, local name, identifier, acronym, label or a part of a label.
            kind: only things of this kind (a key of KINDS).
            among: only things with these IRIs.

        Raises:
            UnknownNameError: nothing fits; it carries the nearest names.
            QueryError: a part of a name fits several things; it lists them.
        """
        things = [thing for thing in self.of_kind(kind) if among is None or thing.iri in among]
        iri = expand(name.strip().removeprefix("<").removesuffix(">"))
        for thing in things:
            if iri in (thing.iri, local_name(thing.iri)):
                return thing.iri
        wanted = worded(name)
        if wanted:
            for tier in _TIERS:
                exact = [thing for thing in things if wanted in thing.matches(tier)]
                if exact:
                    return self._only(name, exact)
            for tier in ("labels", "alternatives"):
                partial = [thing for thing in things if any(wanted in candidate for candidate in thing.matches(tier))]
                if partial:
                    return self._only(name, partial)
        raise UnknownNameError(name, self.suggest(wanted, things))

    def suggest(self, wanted: str, things: Iterable[Thing]) -> list[str]:
        """Return the names nearest to a worded one, best first."""
        from rapidfuzz import fuzz, process

        shown: dict[str, str] = {}
        for thing in things:
            for text in (*thing.notations, *thing.label.values(), *thing.alternatives):
                shown.setdefault(worded(text), text)
        near = process.extract(wanted, list(shown), scorer=fuzz.ratio, score_cutoff=_NEAR, limit=_SUGGESTIONS)
        return [shown[found] for found, _, _ in near]

    def _only(self, name: str, things: list[Thing]) -> str:
        if len(things) > 1:
            # A thing of the Framework goes before the term that merely shares its name with it.
            own = [thing for thing in things if not thing.iri.startswith(str(BIC))]
            things = own or things
        if len(things) > 1:
            shown = "; ".join(f"{thing.name('en')} ({local_name(thing.iri)})" for thing in things[:6])
            more = " …" if len(things) > 6 else ""
            raise query_error("ambiguous", name=name, candidates=shown + more)
        return things[0].iri


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
        thing.notations.sort(key=lambda notation: (worded(notation) not in thing.matches("tail"), notation))
    return Names({iri: things[iri] for iri in sorted(named)}, things, superclasses)
