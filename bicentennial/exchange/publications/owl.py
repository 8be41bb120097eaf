"""What an export adds so that ontology editors and reasoners can use the graph, and the variant in OWL 2 DL.

Nothing here is a fact of its own: labels come from SKOS, cardinalities from the models by way of the compiled index,
what a part is from the classes of both ends, counts from the graph.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from functools import cache
from typing import TYPE_CHECKING, Final

import pyoxigraph as ox

from bicentennial.core.namespaces import BIC, BICD, DCAT, OWL, RDF, RDFS, SCHEMA, SKOS, VOID, XSD
from bicentennial.core.resources import files, ontology_version
from bicentennial.vocabulary.index import default_index

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

__all__ = ["DATASET", "dl", "kinds_of_part", "labelled", "measured"]

DATASET: Final = "https://w3id.org/bicentennial/dataset"
"""The IRI of the Framework's data as a dataset; `ontology/dataset.ttl` describes it."""

_LABELS: Final = {SKOS.prefLabel: ox.NamedNode(RDFS.label), SKOS.definition: ox.NamedNode(RDFS.comment)}
_DATES: Final = frozenset(XSD[name] for name in ("date", "gYear", "gYearMonth"))
_TYPE: Final = ox.NamedNode(RDF.type)
_PART: Final = ox.NamedNode(BIC.isPartOf)


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


def _specified(quads: Iterable[ox.Quad]) -> list[ox.Quad]:
    """Return the quads with the narrower property beside each `bic:isPartOf`, by the classes of the part and the whole.

    >>> colima, mexico = ox.NamedNode(BICD["place-colima"]), ox.NamedNode(BICD["place-mexico"])
    >>> kind = [ox.Quad(place, _TYPE, ox.NamedNode(BIC.Place)) for place in (colima, mexico)]
    >>> [quad.predicate.value.rpartition("#")[2] for quad in _specified([*kind, ox.Quad(colima, _PART, mexico)])[2:]]
    ['isPartOf', 'isWithinPlace']
    """
    quads = list(quads)
    classes: dict[object, set[str]] = defaultdict(set)
    for quad in quads:
        if quad.predicate == _TYPE and isinstance(quad.object, ox.NamedNode):
            classes[quad.subject] |= {quad.object.value, *default_index().superclasses(quad.object.value)}
    found = []
    for quad in quads:
        found.append(quad)
        if quad.predicate == _PART:
            part, whole = classes[quad.subject], classes[quad.object]
            found += [
                ox.Quad(quad.subject, ox.NamedNode(iri), quad.object)
                for iri, (parts, wholes) in kinds_of_part().items()
                if part & parts and whole & wholes
            ]
    return found


@cache
def kinds_of_part() -> dict[str, tuple[frozenset[str], frozenset[str]]]:
    """Return the classes of parts and of wholes, by the property that is narrower than `bic:isPartOf`."""
    said: dict[str, dict[str, set[str]]] = defaultdict(lambda: defaultdict(set))
    for path in files("ontology", "terms/*.ttl"):
        for quad in ox.parse(path=str(path), format=ox.RdfFormat.TURTLE):
            if isinstance(quad.subject, ox.NamedNode) and isinstance(quad.object, ox.NamedNode):
                said[quad.subject.value][quad.predicate.value].add(quad.object.value)
    return {
        iri: (frozenset(of[SCHEMA.domainIncludes]), frozenset(of[SCHEMA.rangeIncludes]))
        for iri, of in sorted(said.items())
        if BIC.isPartOf in of[RDFS.subPropertyOf]
    }


def measured(quads: Iterable[ox.Quad]) -> list[ox.Quad]:
    """Return the quads of the data with what each part is, the version, their number and that of things by class.

    The counts are of the data without that description.
    """
    quads, dataset = _specified(quads), ox.NamedNode(DATASET)
    data = [quad for quad in quads if quad.subject != dataset]
    things = {quad.subject for quad in data if isinstance(quad.subject, ox.NamedNode)}
    classes = Counter(quad.object for quad in data if quad.predicate == _TYPE)
    added = [
        ox.Quad(dataset, ox.NamedNode(DCAT.version), ox.Literal(ontology_version())),
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
    plain = [_without_date(quad) for quad in labelled(_specified(quads))]
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
    for iri, field in default_index().properties.items():
        datatypes = {each for of in field["of"].values() for each in of["datatypes"]}
        single = all(of["max"] == 1 for of in field["of"].values())
        if single and datatypes and RDF.langString not in datatypes and iri.startswith(str(BIC)):
            yield ox.Quad(ox.NamedNode(iri), _TYPE, ox.NamedNode(OWL.FunctionalProperty))
