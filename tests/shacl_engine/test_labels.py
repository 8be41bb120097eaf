"""Blank nodes get the labels that rdflib gives them, on graphs with and without nodes that nothing tells apart."""

from __future__ import annotations

from hypothesis import given, settings
from hypothesis import strategies as st
from rdflib import BNode, Graph, Literal, URIRef
from rdflib.compare import to_canonical_graph

from bicentennial.shacl_engine.shapes.labels import canonical

_BLANK = [BNode() for _ in range(6)]
_NAMED = [URIRef(f"urn:{number}") for number in range(3)]
_SUBJECTS = st.sampled_from([*_BLANK, *_NAMED])
_OBJECTS = st.sampled_from([*_BLANK, *_NAMED, Literal(1), Literal("1"), Literal("one", lang="en")])
_TRIPLES = st.lists(st.tuples(_SUBJECTS, st.sampled_from(_NAMED[:2]), _OBJECTS), max_size=16)


@settings(max_examples=150, deadline=None)
@given(_TRIPLES)
def test_labels_are_those_of_rdflib(triples: list[tuple[BNode | URIRef, URIRef, BNode | URIRef | Literal]]) -> None:
    graph = Graph(bind_namespaces="none")
    for triple in triples:
        graph.add(triple)
    assert set(canonical(graph)) == set(to_canonical_graph(graph))


def test_nodes_that_nothing_tells_apart_keep_a_label_each() -> None:
    graph = Graph().parse(data="<urn:a> <urn:p> [ <urn:q> 1 ] , [ <urn:q> 1 ] .", format="turtle")
    assert len(set(canonical(graph))) == len(graph)


def test_lists_have_the_same_labels_whenever_they_are_read() -> None:
    text = "".join(f"<urn:{n}> <urn:in> ( {' '.join(map(str, range(n % 7, 20)))} ) .\n" for n in range(25))
    first, second = (set(canonical(Graph().parse(data=text, format="turtle"))) for _ in range(2))
    assert first == second
    assert len(first) == len(Graph().parse(data=text, format="turtle"))
