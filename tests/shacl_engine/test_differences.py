"""Where the engines differ, and why: in each case the compiled one follows the recommendation.

pySHACL 0.40.1 on rdflib 7.6. That a case is still here means that pySHACL still differs; once it does not, the case
goes, and what the generated graphs of test_agreement.py leave out because of it comes back.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

import pytest

from bicentennial.core.errors import ShapesError, UsageError
from tests.shacl_results import shacl, turtle

if TYPE_CHECKING:
    from bicentennial.shacl_engine.results import Result

PREFIXES = """
@prefix ex: <https://example.org/> . @prefix sh: <http://www.w3.org/ns/shacl#> .
@prefix xsd: <http://www.w3.org/2001/XMLSchema#> . @prefix rdfs: <http://www.w3.org/2000/01/rdf-schema#> .
"""


class Difference(NamedTuple):
    """A constraint on ex:p of ex:a, the values, and those that violate it by the recommendation and by pySHACL."""

    why: str
    constraint: str
    values: str
    recommended: set[str]
    pyshacl: set[str]


DIFFERENCES = {
    "values of unlike datatypes": Difference(
        "SPARQL's `<` is an error between a number and a date; rdflib falls back on the order of the datatypes' IRIs",
        "sh:maxInclusive 10",
        '"2022-01-01"^^xsd:date',
        {"2022-01-01"},
        set(),
    ),
    "ill-typed values": Difference(
        "an ill-typed literal has no value to compare; rdflib compares what it has made of it, or the datatypes",
        "sh:minExclusive 0",
        '" 1 "^^xsd:integer',
        {" 1 "},
        set(),
    ),
    "texts with a language": Difference(
        "SPARQL's `<` does not take texts with a language; rdflib orders them by language and text",
        'sh:minInclusive "a"',
        '"b"@en',
        {"b"},
        set(),
    ),
    "the length of a blank node": Difference(
        "a blank node violates sh:minLength whatever the number; pySHACL takes 0 for no constraint",
        "sh:minLength 0",
        "[]",
        {"_:b"},
        set(),
    ),
}


@pytest.mark.parametrize("case", DIFFERENCES.values(), ids=DIFFERENCES.keys())
def test_the_recommendation_decides(case: Difference) -> None:
    shapes = turtle(f"{PREFIXES} ex:P sh:targetNode ex:a ; sh:path ex:p ; {case.constraint} .")
    data = turtle(f"{PREFIXES} ex:a ex:p {case.values} .")
    assert _values(shacl(data, shapes, engine="compiled")) == case.recommended
    assert _values(shacl(data, shapes, engine="pyshacl")) == case.pyshacl


def _values(results: list[Result]) -> set[str]:
    values = (result.value.lexical for result in results if result.value)
    return {"_:b" if value.startswith("_:") else value for value in values}


def test_iris_have_no_order() -> None:
    """SPARQL's `<` is an error between IRIs; pySHACL compares them as texts, also with texts."""
    shapes = turtle(f"{PREFIXES} ex:P sh:targetNode ex:a ; sh:path ex:p ; sh:lessThan ex:q .")
    data = turtle(f"{PREFIXES} ex:a ex:p ex:b ; ex:q ex:c .")
    assert [result.kind for result in shacl(data, shapes, engine="compiled")] == ["LessThan"]
    assert shacl(data, shapes, engine="pyshacl") == []


def test_less_than_a_blank_node_is_a_violation_and_not_the_end() -> None:
    shapes = turtle(f"{PREFIXES} ex:P sh:targetNode ex:a ; sh:path ex:p ; sh:lessThan ex:q .")
    data = turtle(f"{PREFIXES} ex:a ex:p [] ; ex:q 1 .")
    assert [result.kind for result in shacl(data, shapes, engine="compiled")] == ["LessThan"]
    with pytest.raises(UsageError, match="BlankNode"):
        shacl(data, shapes, engine="pyshacl")


def test_recursive_shapes_are_refused_and_not_passed_over() -> None:
    shapes = turtle(f"{PREFIXES} ex:S sh:targetNode ex:a ; sh:property ex:P . ex:P sh:path ex:p ; sh:node ex:S .")
    with pytest.raises(ShapesError, match="recursive"):
        shacl(turtle(f"{PREFIXES} ex:a ex:p ex:b ."), shapes, engine="compiled")


REFUSED = {
    "sh:js": "sh:js [ sh:jsFunctionName 'f' ]",
    "sh:expression": "sh:expression ex:e",
    "sh:target": "sh:target [ sh:select 'SELECT ?this WHERE {}' ]",
    "sh:rule": "sh:rule [ a sh:TripleRule ; sh:subject sh:this ; sh:predicate ex:p ; sh:object 1 ]",
    "sh:values": "sh:values [ sh:path ex:q ]",
    "two values of sh:minCount": "sh:minCount 1, 2",
    "an ill-formed list": "sh:in ex:notAList",
    "a count that is no number": "sh:minCount 'many'",
    r"\1": r"sh:pattern '(a)\\1'",
    "recursive": "sh:node [ sh:property ex:P ]",
    "sh:node with a shape that has a sh:path": "sh:node [ sh:path ex:q ]",
    "sh:sparql without sh:select": "sh:sparql [ sh:ask 'ASK {}' ]",
}


@pytest.mark.parametrize("construct", REFUSED)
def test_what_is_not_covered_is_refused_by_name(construct: str) -> None:
    shapes = turtle(f"{PREFIXES} ex:P sh:targetNode ex:a ; sh:path ex:p ; {REFUSED[construct]} .")
    with pytest.raises(ShapesError) as caught:
        shacl(turtle(f"{PREFIXES} ex:a ex:p 1 ."), shapes, engine="compiled")
    assert construct in caught.value.construct


def test_components_that_the_shapes_declare() -> None:
    component = """ex:K a sh:ConstraintComponent ; sh:parameter [ sh:path ex:words ] ;
        sh:validator [ a sh:SPARQLAskValidator ; sh:ask "ASK { FILTER (?value = 3) }" ] ."""
    shapes = turtle(f"{PREFIXES} {component} ex:S sh:targetNode ex:a ; ex:words 3 . ex:T sh:targetNode ex:a .")
    data = turtle(f"{PREFIXES} ex:a ex:p 1 .")
    assert [result.component for result in shacl(data, shapes, engine="pyshacl")] == ["https://example.org/K"]
    assert [result.component for result in shacl(data, shapes)] == ["https://example.org/K"]


def test_auto_takes_pyshacl_for_what_is_not_covered() -> None:
    shapes = turtle(rf"{PREFIXES} ex:P sh:targetNode ex:a ; sh:path ex:p ; sh:pattern '^(a)\\1$' .")
    assert [result.kind for result in shacl(turtle(f"{PREFIXES} ex:a ex:p 'ab' ."), shapes)] == ["Pattern"]


def test_an_unknown_engine_is_named() -> None:
    with pytest.raises(UsageError, match="java"):
        shacl(turtle(""), turtle(""), engine="java")  # type: ignore[arg-type]
