"""Graph to models to graph: nothing of our own data is lost, and what would be lost is refused."""

import json
from decimal import Decimal

import pyoxigraph as ox
import pytest
from rdflib import Graph
from rdflib.compare import isomorphic

from bicentennial.core.errors import UnreadableInputError
from bicentennial.core.namespaces import SKOS
from bicentennial.core.resources import COMPILED, files
from bicentennial.models import Action, Entity, Framework, Measurement, PartialDate, Text
from bicentennial.rdf import from_graph, from_triples, read, to_graph, to_jsonld, to_triples, to_turtle

HEAD = """@prefix bic: <https://w3id.org/bicentennial/ontology#> .
@prefix bicd: <https://w3id.org/bicentennial/id/> .
@prefix skos: <http://www.w3.org/2004/02/skos/core#> .
"""


@pytest.fixture(scope="module")
def graph() -> Graph:
    """The Framework's data and the entries of the closed lists (the lists themselves are ontology)."""
    found = Graph()
    for path in files("ontology", "framework/*.ttl") + files("ontology", "vocabularies/*.ttl"):
        found.parse(path)
    query = f"CONSTRUCT {{ ?s ?p ?o }} WHERE {{ ?s ?p ?o FILTER NOT EXISTS {{ ?s a <{SKOS.ConceptScheme}> }} }}"
    constructed = found.query(query).graph
    assert constructed is not None
    return constructed


@pytest.fixture(scope="module")
def entities(graph: Graph) -> list[Entity]:
    return from_graph(graph)


@pytest.fixture(scope="module")
def example() -> Action:
    """An action that holds every kind of value."""
    return Action(
        id="urn:x-example:1",
        identifier="A-1",
        pref_label="without language",
        alt_label={"en": ["a", "b"], "": ["c"]},
        notation=["N"],
        advances_goal=["bicd:goal-protect-our-people"],
        has_responsible_party=["urn:x-example:party"],
        source=["https://example.org/a?b=c#d", "page 3", Text("página 3", language="es")],
        start_date="2023",
        due_date="2023-02",
        end_date="2023-02-28",
        budget_amount=Decimal("250000.00"),
        budget_currency="USD",
    )


def test_nothing_of_the_framework_is_lost(graph: Graph, entities: list[Entity]) -> None:
    assert len(entities) > 500
    assert isomorphic(to_graph(entities), graph)


def test_the_framework_arrives_typed(entities: list[Entity]) -> None:
    (framework,) = (entity for entity in entities if isinstance(entity, Framework))
    assert framework.has_mechanism
    assert {"en", "es"} <= set(framework.vision)


def test_turtle_says_what_the_graph_says(example: Action) -> None:
    assert isomorphic(Graph().parse(data=to_turtle([example]), format="turtle"), to_graph([example]))


def test_every_kind_of_value_comes_back(example: Action) -> None:
    (back,) = from_graph(to_graph([example]))
    assert isinstance(back, Action)
    assert back.model_copy(update={"source": ()}) == example.model_copy(update={"source": ()})
    assert sorted(back.source) == sorted(example.source)
    assert isinstance(back.start_date, PartialDate)


def test_whole_numbers_and_decimals_stay_apart() -> None:
    def written(value: object) -> str:
        return to_turtle([Measurement(id="urn:x:m", observes="urn:x:i", numeric_value=value, date="2024")])

    assert "bic:numericValue 5 ;" in written(5)
    assert "bic:numericValue 5.0 ;" in written(Decimal("5.0"))
    assert 'bic:numericValue "5"^^xsd:decimal' in written(Decimal(5))


def test_json_ld_read_with_the_context_is_the_graph(entities: list[Entity], example: Action) -> None:
    document = to_jsonld([*entities, example])
    context = json.loads((COMPILED / "context.jsonld").read_text(encoding="utf-8"))
    text = json.dumps(document | context)
    expected = to_graph([*entities, example])
    assert set(Graph().parse(data=text, format="json-ld")) == set(expected)
    by_oxigraph = ox.Dataset(ox.parse(text, format=ox.RdfFormat.JSON_LD))
    assert by_oxigraph == ox.Dataset(ox.Quad(*triple) for triple in to_triples([*entities, example]))


@pytest.mark.parametrize(
    ("statements", "says"),
    [
        ("bicd:x a bic:Goal, bic:Pillar .", "is of no one class that we know: bic:Goal, bic:Pillar"),
        ("bicd:x a bic:Nothing .", "is of no one class that we know: bic:Nothing"),
        ("bicd:x skos:prefLabel 'x' .", "is of no one class that we know: –"),
        ("bicd:x a bic:Place ; skos:prefLabel 'x' ; bic:startDate '2024' .", "has bic:startDate, which Place does not"),
        ("bicd:x a bic:Place ; skos:prefLabel 'x'@en , 'y'@en .", "has two texts of a language as pref_label"),
        ("bicd:x a bic:Place ; skos:prefLabel bicd:y .", "has a pref_label that is no text"),
        (
            "bicd:x a bic:Place ; skos:prefLabel 'x' ; bic:hasPlaceKind bicd:a , bicd:b .",
            "has more than one has_place_kind",
        ),
        ("bicd:x a bic:Goal ; skos:prefLabel 'x' .", "is no Goal: 1 validation error"),
        ("[] a bic:Place ; skos:prefLabel 'x' .", "is a blank node"),
    ],
)
def test_what_no_model_can_hold_is_refused(statements: str, says: str) -> None:
    quads = ox.parse(HEAD + statements, format=ox.RdfFormat.TURTLE)
    with pytest.raises(UnreadableInputError) as caught:
        from_triples(quad.triple for quad in quads)
    assert says in str(caught.value)


def test_reading_finds_files_or_fails() -> None:
    with pytest.raises(FileNotFoundError):
        read("terms/*.nothing")
