"""What others' codes stand for here: code lists, external identifiers, and the versions of the ontology.

>>> status = next(each for each in codelists() if "ActivityStatus" in each["notations"])
>>> status["codes"]["2"]["matches"]
[['closeMatch', 'https://w3id.org/bicentennial/id/status-ongoing']]
"""

from __future__ import annotations

from collections import defaultdict
from typing import TYPE_CHECKING, Any, Final

from bicentennial.core.messages import LANGUAGES
from bicentennial.core.namespaces import BIC, DCTERMS, OWL, SKOS, local_name
from bicentennial.rdf.ontology import read

if TYPE_CHECKING:
    from collections.abc import Iterable

    import pyoxigraph as ox

__all__ = ["codelists", "external_identifiers", "versions"]

_GRADES: Final = ("exactMatch", "closeMatch", "narrowMatch", "broadMatch", "relatedMatch")
"""How near the meanings of two things are, the nearest first."""


def _pairs(triples: Iterable[ox.Triple], predicate: str) -> dict[str, list[Any]]:
    found: dict[str, list[Any]] = defaultdict(list)
    for triple in triples:
        if triple.predicate.value == predicate:
            found[getattr(triple.subject, "value", "")].append(triple.object)
    return found


def codelists() -> list[dict[str, Any]]:
    """Return the code lists of others that the ontology aligns, each code with what it stands for here.

    A list is known by the notations of its scheme; the matches of a code are ours, the nearest first.
    """
    triples = read("alignments/*.ttl")
    notations, labels = _pairs(triples, SKOS.notation), _pairs(triples, SKOS.prefLabel)
    ours: dict[str, list[list[str]]] = defaultdict(list)
    for grade in _GRADES:
        for subject, objects in sorted(_pairs(triples, SKOS[grade]).items()):
            for theirs in objects:
                ours[theirs.value].append([grade, subject])
    schemes: dict[str, dict[str, Any]] = defaultdict(dict)
    within = [(theirs, scheme.value) for theirs, found in _pairs(triples, SKOS.inScheme).items() for scheme in found]
    within += [(top.value, scheme) for scheme, tops in _pairs(triples, SKOS.hasTopConcept).items() for top in tops]
    for theirs, scheme in sorted(within):
        named = {label.language: label.value for label in labels[theirs] if label.language in LANGUAGES}
        for notation in notations[theirs]:
            schemes[scheme][notation.value] = {"label": named, "matches": ours[theirs]}
    return [
        {
            "scheme": scheme,
            "notations": sorted(notation.value for notation in notations[scheme]),
            "codes": {code: codes[code] for code in sorted(codes)},
        }
        for scheme, codes in sorted(schemes.items())
        if notations[scheme]
    ]


def external_identifiers() -> dict[str, list[str]]:
    """Return the individuals of ours that have a code of others', by that code.

    >>> external_identifiers()["XM-DAC:41128"]
    ['https://w3id.org/bicentennial/id/agency-unodc']
    """
    found: dict[str, list[str]] = defaultdict(list)
    for subject, codes in sorted(_pairs(read("framework/*.ttl"), BIC.externalIdentifier).items()):
        for code in codes:
            found[code.value].append(subject)
    return dict(sorted(found.items()))


def replaced() -> dict[str, str]:
    """Return every IRI that was replaced, with what takes its place.

    >>> replaced()["https://w3id.org/bicentennial/id/document-standing-primary"]
    'https://w3id.org/bicentennial/id/document-standing-official'
    """
    pairs = _pairs(read("versions.ttl"), DCTERMS.isReplacedBy)
    return {old: new[0].value for old, new in sorted(pairs.items())}


def versions() -> list[dict[str, str]]:
    """Return every published version of the ontology with its IRI, the current one first.

    >>> versions()[0]["iri"] == "https://w3id.org/bicentennial/ontology/" + versions()[0]["version"]
    True
    """
    triples = read("terms/header.ttl")
    iris = [
        iri.value
        for predicate in (OWL.versionIRI, OWL.priorVersion)
        for found in _pairs(triples, predicate).values()
        for iri in found
    ]
    return [{"version": local_name(iri), "iri": iri} for iri in dict.fromkeys(iris)]
