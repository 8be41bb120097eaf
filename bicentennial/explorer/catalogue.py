"""Which things have a page, of which kind they are, and at which address their page is.

>>> address("https://w3id.org/bicentennial/id/goal-protect-our-people")
'/id/goal-protect-our-people'
>>> address("https://w3id.org/bicentennial/ontology#advancesGoal"), address("http://purl.org/dc/terms/source")
('/ontology/advancesGoal', '/ontology/dcterms-source')
>>> kind_of("https://w3id.org/bicentennial/id/agency-ofac")
'parties'
>>> address("https://example.org/other") is None
True
"""

from __future__ import annotations

import re
from functools import cache
from typing import Final

from bicentennial.core.namespaces import BIC, BICD, OWL, PREFIXES, SKOS, compact
from bicentennial.knowledge.names import names
from bicentennial.knowledge.store import select

__all__ = ["FACETS", "GROUPS", "KINDS", "TERMS", "address", "iri_at", "kind_of", "things"]

CSVW: Final = PREFIXES["csvw"]
_PLACES: Final = (str(BICD), str(BIC))

KINDS: Final[dict[str, tuple[str, ...]]] = {
    "goals": (BIC.Goal,),
    "pillars": (BIC.Pillar,),
    "objectives": (BIC.Objective,),
    "commitments": (BIC.GuidingCommitment,),
    "actions": (BIC.Action,),
    "principles": (BIC.Principle,),
    "themes": (BIC.Theme,),
    "parties": (BIC.Party,),
    "networks": (BIC.CriminalNetwork,),
    "officials": (BIC.Official,),
    "offices": (BIC.OfficeHolding,),
    "instruments": (BIC.Instrument, BIC.Framework),
    "events": (BIC.Event,),
    "states": (BIC.StateChange,),
    "claims": (BIC.Claim,),
    "recommendations": (BIC.Recommendation,),
    "indicators": (BIC.Indicator,),
    "measurements": (BIC.Measurement,),
    "quantities": (BIC.Quantity,),
    "places": (BIC.Place,),
    "documents": (BIC.SourceDocument,),
    "passages": (BIC.Passage,),
    "conflicts": (BIC.SourceConflict,),
    "names": (BIC.Name,),
    "vocabularies": (SKOS.ConceptScheme,),
    "classes": (OWL.Class,),
    "properties": (OWL.ObjectProperty, OWL.DatatypeProperty, OWL.AnnotationProperty),
    "tables": tuple(CSVW + name for name in ("TableGroup", "Table", "Schema", "Column")),
    "datasets": (OWL.Ontology, PREFIXES["dcat"] + "Dataset"),
    "concepts": (SKOS.Concept,),
}
"""The kinds of things, and the classes of each; a thing's first kind is the one that its page names."""

GROUPS: Final[dict[str, tuple[str, ...]]] = {
    "framework": ("goals", "pillars", "objectives", "commitments", "actions", "principles", "themes"),
    "who": ("parties", "officials", "offices", "networks", "places"),
    "happened": ("instruments", "events", "states", "claims", "recommendations", "indicators", "measurements",
                 "quantities"),
    "evidence": ("documents", "passages", "conflicts", "names"),
    "words": ("vocabularies", "concepts", "classes", "properties", "tables", "datasets"),
}  # fmt: skip
"""The kinds in the groups in which the landing page lists them."""

TERMS: Final = ("classes", "properties", "datasets")
"""The kinds whose pages are below `/ontology`."""

FACETS: Final[dict[str, tuple[str, ...]]] = {
    "actions": (BIC.advancesGoal, BIC.hasModality, BIC.hasStatus),
    "pillars": (BIC.isPartOf,),
    "objectives": (BIC.isPartOf,),
    "principles": (BIC.hasPrincipleKind,),
    "parties": (BIC.isBasedIn, BIC.hasOrganizationKind),
    "officials": (BIC.servesIn,),
    "offices": (BIC.servesIn, BIC.startDate, BIC.endDate),
    "instruments": (BIC.hasInstrumentState,),
    "events": (PREFIXES["dcterms"] + "date", BIC.takesPlaceIn),
    "states": (PREFIXES["dcterms"] + "date", BIC.hasInstrumentState),
    "recommendations": (BIC.hasRecommendationState,),
    "measurements": (BIC.observes, BIC.coversPlace, PREFIXES["dcterms"] + "date"),
    "places": (BIC.isPartOf, BIC.hasPlaceKind),
    "documents": (BIC.hasDocumentStanding, PREFIXES["dcterms"] + "date"),
    "passages": (BIC.isPartOf,),
    "names": (BIC.hasNameStanding,),
    "concepts": (SKOS.inScheme,),
}
"""Properties whose values the list of a kind shows; those that name things can be filtered by."""

_SEPARATORS: Final = re.compile(r"[^A-Za-z0-9]+")
_NUMBER: Final = re.compile(r"[0-9]+")


@cache
def _addresses() -> dict[str, str]:
    """Return the address of every thing that our data say something about."""
    found: dict[str, str] = {}
    taken: set[str] = set()
    rows = select("SELECT DISTINCT ?thing { ?thing a | skos:prefLabel ?said FILTER(ISIRI(?thing)) }")
    for iri in sorted(row["thing"]["value"] for row in rows):
        if iri.startswith(_PLACES[0]):
            path = f"/id/{iri.removeprefix(_PLACES[0])}"
        elif iri.startswith(_PLACES[1]):
            path = f"/ontology/{iri.removeprefix(_PLACES[1])}"
        else:
            path = f"/ontology/{_slug(iri)}"
            # Some file systems take csvw:Table and csvw:table for one name.
            path = f"{path}-2" if path.lower() in taken else path
        taken.add(path.lower())
        found[iri] = path
    return found


def _slug(iri: str) -> str:
    short = compact(iri)
    short = short if not short.startswith("http") else short.partition("://")[2]
    return _SEPARATORS.sub("-", short).strip("-")


@cache
def _things() -> dict[str, str]:
    return {path: iri for iri, path in _addresses().items()}


def address(iri: str) -> str | None:
    """Return the address of the page of a thing, without a language; None if it has none."""
    return _addresses().get(iri)


def iri_at(path: str) -> str | None:
    """Return the thing whose page has an address."""
    return _things().get(path)


@cache
def _kinds() -> dict[str, tuple[str, ...]]:
    """Return the kinds of every thing, in the order of `KINDS`."""
    classes = {cls: kind for kind, all_of in KINDS.items() for cls in all_of}
    order = list(KINDS)
    found: dict[str, set[str]] = {iri: set() for iri in _addresses()}
    for row in select("SELECT DISTINCT ?thing ?class { ?thing a / rdfs:subClassOf* ?class FILTER(ISIRI(?thing)) }"):
        if kind := classes.get(row["class"]["value"]):
            found[row["thing"]["value"]].add(kind)
    # What is said to be of no class is a concept of another's vocabulary.
    return {iri: tuple(sorted(kinds or {"concepts"}, key=order.index)) for iri, kinds in found.items()}


def kind_of(iri: str) -> str | None:
    """Return the kind that a thing's page names; None for what is of no kind here."""
    return next(iter(_kinds().get(iri, ())), None)


@cache
def things(kind: str) -> tuple[str, ...]:
    """Return the things of a kind in the order in which people count them (A2 before A10)."""
    # Concepts that have a kind of their own, such as topics, are listed there.
    members = [
        iri for iri, kinds in _kinds().items() if (kinds[:1] == (kind,) if kind == "concepts" else kind in kinds)
    ]
    return tuple(sorted(members, key=lambda iri: (_counted(iri, kind), iri)))


def _counted(iri: str, kind: str) -> tuple[str | int, ...]:
    known = names()
    counts_by_code = kind in ("goals", "pillars", "objectives", "commitments", "actions", "principles", "indicators")
    code = next(iter(sorted(known[iri].notations)), "") if counts_by_code else ""
    text = code or (iri if kind in ("passages", "measurements", "tables") else known[iri].name("en").casefold())
    return tuple(part for pair in _split(text) for part in pair)


def _split(text: str) -> list[tuple[str, int]]:
    """Split `A10` into a text and a number, so that it goes after `A2`."""
    texts = _NUMBER.split(text)
    numbers = [int(number) for number in _NUMBER.findall(text)]
    return list(zip(texts, [*numbers, -1], strict=True))
