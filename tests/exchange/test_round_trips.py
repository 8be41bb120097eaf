"""A graph written in any syntax of RDF and read again is the same graph."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pyoxigraph as ox
import pytest
import rdflib
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from bicentennial.core.errors import OutputError
from bicentennial.exchange.conversion import convert

if TYPE_CHECKING:
    from pathlib import Path

_IRIS = st.sampled_from(
    [
        *("<urn:a>", "<urn:b>", "<https://example.org/niño#x>", "<http://e/a%20b>", "<http://e/a.b>", "<urn:e:->"),
        *(
            "<https://w3id.org/bicentennial/ontology#Action>",
            "<schema:Person>",
            "<http://www.w3.org/2002/07/owl#Thing>",
        ),
    ]
)
_BLANKS = st.sampled_from(["_:x", "_:1", "_:b0", "_:a.b", "_:renamed0x", "_:x\u200cy", "_:ñ"])
_PREDICATES = st.sampled_from(
    [
        *("<urn:p>", "<http://e/é>", "<http://e/a.b-c>", "<http://e/1a>", "<http://e/x/>p".replace("/>p", "/p>")),
        *("<http://purl.org/dc/terms/identifier>", "<https://w3id.org/bicentennial/ontology#budgetAmount>"),
        *("<http://www.w3.org/2004/02/skos/core#prefLabel>", "<http://www.w3.org/1999/02/22-rdf-syntax-ns#type>"),
        *("<http://www.w3.org/1999/02/22-rdf-syntax-ns#_1>", "<http://www.w3.org/1999/02/22-rdf-syntax-ns#first>"),
    ]
)
# What XML 1.0 has: no control characters but these.
_CHARACTERS = st.one_of(
    st.sampled_from(list("\t\n\r&<>\"'\\]ab é\u200f\u2028\u0085")),
    st.characters(min_codepoint=32, exclude_categories=["Cs", "Cc", "Cn"]),
)
_TEXTS = st.text(_CHARACTERS, max_size=8)


def _literal(text: str, ending: str) -> str:
    return str(ox.Literal(text)) + ending


_LITERALS = st.builds(
    _literal,
    _TEXTS,
    st.sampled_from(
        [
            *("", "@en", "@es-mx", "^^<http://www.w3.org/2001/XMLSchema#decimal>", "^^<urn:t>"),
            *("^^<http://www.w3.org/1999/02/22-rdf-syntax-ns#JSON>", "^^<http://www.w3.org/2001/XMLSchema#double>"),
            *(
                "^^<http://www.w3.org/2001/XMLSchema#boolean>",
                "^^<http://www.w3.org/1999/02/22-rdf-syntax-ns#XMLLiteral>",
            ),
        ]
    ),
)
_TRIPLES = st.tuples(_IRIS | _BLANKS, _PREDICATES, _IRIS | _BLANKS | _LITERALS)


def graph(text: str) -> set[str]:
    dataset = ox.Dataset(ox.parse(text, format=ox.RdfFormat.N_TRIPLES))
    dataset.canonicalize(ox.CanonicalizationAlgorithm.UNSTABLE)
    return {str(quad) for quad in dataset}


@pytest.mark.parametrize("ending", ["ttl", "trig", "nt", "nq", "rdf", "jsonld"])
@settings(max_examples=30, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(triples=st.lists(_TRIPLES, min_size=1, max_size=7))
def test_a_graph_survives_every_syntax(tmp_path: Path, ending: str, triples: list[tuple[str, str, str]]) -> None:
    text = "".join(f"{' '.join(triple)} .\n" for triple in triples)
    source, between, result = tmp_path / "a.nt", tmp_path / f"b.{ending}", tmp_path / "c.nt"
    source.write_text(text, encoding="utf-8")
    assert convert(source, between, isolated=False) == ()
    assert convert(between, result, isolated=False) == ()
    assert graph(result.read_text("utf-8")) == graph(text)


@pytest.mark.parametrize(
    "types",
    [["urn:e:-"], ["http://e/", "urn:T"], ["urn:T", "http://e/"], ["http://www.w3.org/1999/02/22-rdf-syntax-ns#li"]],
)
def test_a_type_that_no_element_can_be_named_after_is_written_as_a_property(tmp_path: Path, types: list[str]) -> None:
    source, between, result = tmp_path / "a.nt", tmp_path / "b.rdf", tmp_path / "c.nt"
    is_a = "<http://www.w3.org/1999/02/22-rdf-syntax-ns#type>"
    text = "".join(f"{thing} {is_a} <{each}> .\n" for thing in ("<urn:a>", "_:b") for each in types)
    source.write_text(text, encoding="utf-8")
    assert convert(source, between, isolated=False) == ()
    assert convert(between, result, isolated=False) == ()
    assert graph(result.read_text("utf-8")) == graph(text)
    assert len(rdflib.Graph().parse(between, format="xml")) == 2 * len(types)


@pytest.mark.parametrize("iri", ["http://e/123", "http://e/", "urn:1", "http://www.w3.org/1999/02/22-rdf-syntax-ns#li"])
def test_a_property_that_no_element_can_be_named_after_is_refused_whole(tmp_path: Path, iri: str) -> None:
    source, result = tmp_path / "a.nt", tmp_path / "b.rdf"
    source.write_text(f'<urn:a> <urn:p> "x" .\n<urn:a> <{iri}> "x" .\n', encoding="utf-8")
    with pytest.raises(OutputError) as caught:
        convert(source, result, isolated=False)
    assert iri in caught.value.text["en"]
    assert caught.value.text["es"] != caught.value.text["en"]
    assert not result.exists()
