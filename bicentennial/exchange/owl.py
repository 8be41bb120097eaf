"""What an export adds so that ontology editors and reasoners can use the graph, and the variant in OWL 2 DL.

Nothing here is a fact of its own: labels come from SKOS, cardinalities from the models by way of the compiled index,
counts from the graph.
"""

from __future__ import annotations

import json
from collections import Counter
from typing import TYPE_CHECKING, Final

import pyoxigraph as ox

from bicentennial.core.namespaces import BIC, BICD, DCAT, OWL, RDF, RDFS, SKOS, VOID, XSD
from bicentennial.core.resources import COMPILED, version

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

__all__ = ["DATASET", "dl", "labelled", "measured"]

DATASET: Final = "https://w3id.org/bicentennial/dataset"
"""The IRI of the Framework's data as a dataset; `ontology/dataset.ttl` describes it."""

_LABELS: Final = {SKOS.prefLabel: ox.NamedNode(RDFS.label), SKOS.definition: ox.NamedNode(RDFS.comment)}
_DATES: Final = frozenset(XSD[name] for name in ("date", "gYear", "gYearMonth"))
_TYPE: Final = ox.NamedNode(RDF.type)


def labelled(quads: Iterable[ox.Quad]) -> list[ox.Quad]:
    """Return quads with `rdfs:label` beside each `skos:prefLabel` and `rdfs:comment` beside each `skos:definition`.

    >>> label = ox.Quad(ox.NamedNode(BIC.Goal), ox.NamedNode(SKOS.prefLabel), ox.Literal("goal", language="en"))
    >>> [quad.predicate.value for quad in labelled([label])]
    ['http://www.w3.org/2004/02/skos/core#prefLabel', 'http://www.w3.org/2000/01/rdf-schema#label']
    """
    return [
        each
        for quad in quads
        for each in (
            (quad, ox.Quad(quad.subject, _LABELS[quad.predicate.value], quad.object))
            if quad.predicate.value in _LABELS
            else (quad,)
        )
    ]


def measured(quads: Iterable[ox.Quad]) -> list[ox.Quad]:
    """Return the quads of the data with the version, their number and that of things by class as its description.

    The counts are of the data without that description.
    """
    quads, dataset = list(quads), ox.NamedNode(DATASET)
    data = [quad for quad in quads if quad.subject != dataset]
    things = {quad.subject for quad in data if isinstance(quad.subject, ox.NamedNode)}
    classes = Counter(quad.object for quad in data if quad.predicate == _TYPE)
    added = [
        ox.Quad(dataset, ox.NamedNode(DCAT.version), ox.Literal(version())),
        ox.Quad(dataset, ox.NamedNode(VOID.triples), ox.Literal(len(data))),
        ox.Quad(dataset, ox.NamedNode(VOID.entities), ox.Literal(len(things))),
    ]
    for kind, count in classes.items():
        part = ox.BlankNode()
        added += [
            ox.Quad(dataset, ox.NamedNode(VOID.classPartition), part),
            ox.Quad(part, ox.NamedNode(VOID["class"]), kind),
            ox.Quad(part, ox.NamedNode(VOID.entities), ox.Literal(count)),
        ]
    return quads + added


def dl(quads: Iterable[ox.Quad]) -> list[ox.Quad]:
    """Return the quads as an ontology of OWL 2 DL.

    OWL 2 has no datatype for days, months and years, so dates become strings of the same characters, which sort alike.
    Individuals are declared as such, and what the models allow one value of is functional.
    """
    plain = [_without_date(quad) for quad in labelled(quads)]
    return plain + list(_individuals(plain)) + list(_functional())


def _without_date(quad: ox.Quad) -> ox.Quad:
    if isinstance(quad.object, ox.Literal) and quad.object.datatype.value in _DATES:
        return ox.Quad(quad.subject, quad.predicate, ox.Literal(quad.object.value))
    return quad


def _individuals(quads: Iterable[ox.Quad]) -> Iterator[ox.Quad]:
    for thing in sorted({quad.subject.value for quad in quads if isinstance(quad.subject, ox.NamedNode)}):
        if thing.startswith(str(BICD)):
            yield ox.Quad(ox.NamedNode(thing), _TYPE, ox.NamedNode(OWL.NamedIndividual))


def _functional() -> Iterator[ox.Quad]:
    """Yield that our datatype properties of at most one value are functional.

    Object properties are left out: of a second value a reasoner would conclude that two things are one, and find no
    fault. A text in two languages is two values.
    """
    properties = json.loads((COMPILED / "index.json").read_text("utf-8"))["properties"]
    for iri, field in properties.items():
        datatypes = {each for of in field["of"].values() for each in of["datatypes"]}
        single = all(of["max"] == 1 for of in field["of"].values())
        if single and datatypes and RDF.langString not in datatypes and iri.startswith(str(BIC)):
            yield ox.Quad(ox.NamedNode(iri), _TYPE, ox.NamedNode(OWL.FunctionalProperty))
