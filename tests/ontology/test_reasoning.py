"""Terms, vocabularies, alignments and data together are consistent, and the reasoner would say so if they were not."""

from __future__ import annotations

import owlrl
import pytest
from rdflib import OWL, RDF, RDFS, SKOS, Graph, Literal, Namespace, URIRef

from bicentennial.core.namespaces import BIC, BICD
from bicentennial.core.resources import files

# Where owlrl writes the contradictions that it finds.
ERRORS = Namespace("http://www.daml.org/2002/03/agents/agent-ont#")

# What SKOS, SKOS-XL and PROV-O say of their own terms, as far as it could contradict what we say with them.
AXIOMS_OF_OTHERS = """
@prefix owl: <http://www.w3.org/2002/07/owl#> .
@prefix prov: <http://www.w3.org/ns/prov#> .
@prefix rdfs: <http://www.w3.org/2000/01/rdf-schema#> .
@prefix skos: <http://www.w3.org/2004/02/skos/core#> .
@prefix skosxl: <http://www.w3.org/2008/05/skos-xl#> .
skos:Concept owl:disjointWith skos:ConceptScheme .
skosxl:Label owl:disjointWith skos:Concept , skos:ConceptScheme .
skos:inScheme rdfs:range skos:ConceptScheme .
skos:topConceptOf rdfs:subPropertyOf skos:inScheme ; rdfs:domain skos:Concept .
skos:semanticRelation rdfs:domain skos:Concept ; rdfs:range skos:Concept .
skos:broader rdfs:subPropertyOf skos:semanticRelation .
skos:closeMatch rdfs:subPropertyOf skos:semanticRelation .
skos:broadMatch rdfs:subPropertyOf skos:semanticRelation .
skos:narrowMatch rdfs:subPropertyOf skos:semanticRelation .
skos:relatedMatch rdfs:subPropertyOf skos:semanticRelation .
prov:Activity owl:disjointWith prov:Entity .
"""


def read(pattern: str) -> Graph:
    """Return our files without what no OWL rule looks at: literals and annotations."""
    graph = Graph()
    for path in files("ontology", pattern):
        graph.parse(path)
    annotations = set(graph.subjects(RDF.type, OWL.AnnotationProperty))
    for triple in list(graph):
        if isinstance(triple[2], Literal) or triple[1] in annotations:
            graph.remove(triple)
    return graph.parse(data=AXIOMS_OF_OTHERS, format="turtle")


def close(graph: Graph) -> list[str]:
    """Add to a graph what follows from it by OWL 2 RL; return the contradictions."""
    owlrl.DeductiveClosure(owlrl.OWLRL_Semantics, axiomatic_triples=False, datatype_axioms=False).expand(graph)
    return sorted(str(message) for message in graph.objects(None, ERRORS.error))


def test_ontology_and_data_are_consistent() -> None:
    graph = read("**/*.ttl")
    before = len(graph)
    assert close(graph) == []
    assert len(graph) > before
    # the closure is no empty pass: it follows subclasses, subproperties and alignments
    ofac, framework = URIRef(BICD["agency-ofac"]), URIRef(BICD["framework-bicentennial"])
    assert (ofac, RDF.type, URIRef("http://www.w3.org/ns/org#Organization")) in graph
    assert (URIRef(BICD["goal-protect-our-people"]), URIRef("http://purl.org/dc/terms/isPartOf"), framework) in graph
    assert (URIRef(BICD["status-completed"]), RDF.type, SKOS.Concept) in graph
    assert (URIRef(BIC.InternationalOrganization), RDFS.subClassOf, URIRef(BIC.Party)) in graph


@pytest.mark.parametrize(
    ("first", "second"),
    [
        ("Goal", "Pillar"),
        ("Action", "Instrument"),
        ("InternationalOrganization", "Place"),
        ("CooperationBody", "Agency"),
        ("Status", "Modality"),
    ],
)
def test_a_contradiction_is_found(first: str, second: str) -> None:
    graph = read("terms/*.ttl")
    thing = URIRef("urn:x-example:thing")
    for name in (first, second):
        graph.add((thing, RDF.type, URIRef(BIC[name])))
    found = close(graph)
    assert found
    assert all(str(thing) in message for message in found)
