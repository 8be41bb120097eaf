"""Canonical N-Quads, read here as pyoxigraph has the terms."""

from __future__ import annotations

import pyoxigraph as ox
import pytest
from hypothesis import given
from hypothesis import strategies as st

from bicentennial.core.errors import UnreadableInputError
from bicentennial.core.namespaces import RDF
from bicentennial.storage.nquads import read_quads

_CHARACTERS = st.sampled_from('ab"\\<>_:@^. -\n\r\t\x01\x1c\x7f\x85\u2028é😀') | st.characters(codec="utf-8")
_TEXT = st.text(_CHARACTERS, max_size=9)
_MARKS = st.lists(st.sampled_from(['"@en', '"^^<urn:x>', " <urn:g>", " _:b", '" .', "\\u0041"]) | _TEXT).map("".join)
_NODES = st.sampled_from([ox.NamedNode("urn:a"), ox.NamedNode("https://e.org/é?x=1#'"), ox.BlankNode("b1")])
_DATATYPES = st.sampled_from(["urn:d", "http://www.w3.org/2001/XMLSchema#string"]).map(ox.NamedNode)
_LITERALS = st.one_of(
    st.builds(ox.Literal, _MARKS),
    st.builds(lambda text, datatype: ox.Literal(text, datatype=datatype), _MARKS, _DATATYPES),
    st.builds(lambda text, tag: ox.Literal(text, language=tag), _MARKS, st.sampled_from(["en", "es-MX", "EN-us"])),
    st.builds(lambda text: ox.Literal(text, language="AR", direction=ox.BaseDirection.RTL), _MARKS),
)
_GRAPHS = st.sampled_from([ox.DefaultGraph(), ox.NamedNode("urn:g"), ox.BlankNode("g2")])
_QUADS = st.builds(ox.Quad, _NODES, st.just(ox.NamedNode("urn:p")), _NODES | _LITERALS, _GRAPHS)


@given(st.lists(_QUADS, max_size=5))
def test_rows_are_what_the_terms_say(quads: list[ox.Quad]) -> None:
    rows, graphs = read_quads(iter(quads))
    assert rows == [(*_row(quad), number) for number, quad in enumerate(quads, start=1)]
    assert graphs == {"" if isinstance(quad.graph_name, ox.DefaultGraph) else str(quad.graph_name) for quad in quads}


def test_triple_terms_are_refused() -> None:
    inner = ox.Triple(ox.NamedNode("urn:a"), ox.NamedNode("urn:p"), ox.Literal("x y"))
    with pytest.raises(UnreadableInputError):
        read_quads([ox.Quad(ox.NamedNode("urn:a"), ox.NamedNode("urn:p"), inner)])


def _row(quad: ox.Quad) -> tuple[str, str, str, int, str, str]:
    subject, value = _name(quad.subject), quad.object
    if not isinstance(value, ox.Literal):
        return subject, quad.predicate.value, _name(value), int(isinstance(value, ox.BlankNode)), "", ""
    datatype, language = value.datatype.value, (value.language or "").lower()
    if value.direction:
        datatype, language = RDF.dirLangString, f"{language}--{value.direction}"
    return subject, quad.predicate.value, value.value, 2, datatype, language


def _name(node: object) -> str:
    return node.value if isinstance(node, ox.NamedNode) else str(node)
