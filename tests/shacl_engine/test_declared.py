"""Components that shapes declare, evaluated by pySHACL: where it would find less, or say more, than it should."""

from __future__ import annotations

from typing import NamedTuple

import pytest

import bicentennial
from bicentennial.core.errors import ShapesError

PREFIXES = """
@prefix ex: <https://example.org/> . @prefix sh: <http://www.w3.org/ns/shacl#> .
@prefix xsd: <http://www.w3.org/2001/XMLSchema#> .
"""
DATA = "ex:a a ex:C . ex:b a ex:C ; ex:p 0, 1, 2 ; ex:q 7 ."
ASK, SELECT = (
    "sh:validator [ a sh:SPARQLAskValidator ; sh:ask",
    "sh:propertyValidator [ a sh:SPARQLSelectValidator ; sh:select",
)


def component(validator: str, query: str, uses: str = "ex:least 1", message: str = "") -> str:
    """Return shapes with a component and a property shape that uses it."""
    said = f' ; sh:message "{message}"' if message else ""
    query = f'"""PREFIX ex: <https://example.org/> {query}""" {said} ] .'
    return f"""ex:K a sh:ConstraintComponent ; sh:parameter [ sh:path ex:least ] ; {validator} {query}
        ex:S sh:targetClass ex:C ; sh:property [ sh:path ex:p ; {uses} ] ."""


class Case(NamedTuple):
    """Shapes, and the results as focus node, value and message."""

    shapes: str
    expected: set[tuple[str, str, str]]


CASES = {
    "what a node lacks": Case(
        component(SELECT, "SELECT $this { FILTER NOT EXISTS { $this $PATH ?any } }", message="{$this} < {$least}"),
        {("a", "", "https://example.org/a < 1")},
    ),
    "a value of another property": Case(
        component(SELECT, "SELECT $this ?value { $this ex:q ?value }", message="{?value}"), {("b", "7", "7")}
    ),
    "each value with its own message": Case(
        component(SELECT, "SELECT $this ?value { $this $PATH ?value FILTER (?value >= 1 + 0) }", message="{?value}"),
        {("b", "1", "1"), ("b", "2", "2")},
    ),
    "a count as a value": Case(
        component(
            SELECT,
            "SELECT $this (COUNT(?any) AS ?value) { $this a ex:C OPTIONAL { $this $PATH ?any } } GROUP BY $this",
            message="{?value}",
        ),
        {("a", "0", "0"), ("b", "3", "3")},
    ),
    "the values that are asked about": Case(
        component(ASK, "ASK { FILTER ($value >= $least) }", message="{?value}"), {("b", "0", "0")}
    ),
    "zero is a value": Case(component(ASK, 'ASK { FILTER (STR($value) != "3") }', message="!"), set()),
    "each value of the parameter": Case(
        component(ASK, "ASK { FILTER ($value >= $least + 0) }", "ex:least 1, 2", "{?value}"),
        {("b", "0", "0"), ("b", "1", "1")},
    ),
}  # fmt: skip


@pytest.mark.parametrize("case", CASES.values(), ids=CASES.keys())
@pytest.mark.parametrize("engine", ["auto", "pyshacl"])
def test_results_are_those_of_the_recommendation(case: Case, engine: str) -> None:
    report = bicentennial.shacl(PREFIXES + DATA, PREFIXES + case.shapes, engine=engine, isolated=False)
    found = {
        (str(each.focus)[-1], "" if each.value is None else str(each.value), " ".join(map(str, each.messages)))
        for each in report
    }
    assert found == case.expected


def test_a_failure_that_a_query_reports_is_no_result() -> None:
    shapes = component(SELECT, "SELECT $this ?failure { $this a ex:C BIND (1 + 1 = 2 AS ?failure) }")
    with pytest.raises(ShapesError, match="failure"):
        bicentennial.shacl(PREFIXES + DATA, PREFIXES + shapes, isolated=False)


def test_the_component_counts_below_another_shape() -> None:
    shapes = component(SELECT, "SELECT $this { FILTER NOT EXISTS { $this $PATH ?any } FILTER (1 + 1 = 2) }")
    shapes = shapes.replace("sh:property [", "sh:not [")
    report = bicentennial.shacl(PREFIXES + DATA, PREFIXES + shapes, isolated=False)
    assert [(str(each.focus)[-1], each.component) for each in report] == [("b", "Not")]


def test_a_backslash_in_a_value_is_no_fault_of_the_shapes() -> None:
    shapes = r"""ex:S sh:targetSubjectsOf ex:r ; sh:sparql [ sh:message "path {?value}"@en ; sh:select
        "SELECT $this ?value { $this <https://example.org/r> ?value FILTER (1 + 1 = 2) }" ] ."""
    report = bicentennial.shacl(PREFIXES + r'ex:a ex:r "C:\\data\\1" .', PREFIXES + shapes, isolated=False)
    assert [each.message("en") for each in report] == [r"path C:\data\1"]


QUERY = "SELECT $this ?value ?n ?path { $this ex:p ?value BIND (1 + 1 AS ?n) BIND (ex:q AS ?path) FILTER (?value = 2) }"


@pytest.mark.parametrize("engine", ["auto", "pyshacl"])
def test_a_message_names_the_variables_of_a_solution(engine: str) -> None:
    shapes = f"""ex:S sh:targetClass ex:C ; sh:message "{{$this}}: {{?value}} {{?n}} {{?path}} {{?no}}"@en ;
        sh:sparql [ sh:select "PREFIX ex: <https://example.org/> {QUERY}" ] ."""
    report = bicentennial.shacl(PREFIXES + DATA, PREFIXES + shapes, engine=engine, isolated=False)
    expected = "https://example.org/b: 2 2 https://example.org/q {?no}"
    assert [(str(each.path), each.message("en")) for each in report] == [("https://example.org/q", expected)]


def test_what_stands_in_a_value_is_not_filled() -> None:
    shapes = """ex:S sh:targetSubjectsOf ex:r ; sh:sparql [ sh:message "{?value}"@en ; sh:select
        "SELECT $this ?value ?n { $this <https://example.org/r> ?value BIND (1 + 1 AS ?n) }" ] ."""
    report = bicentennial.shacl(PREFIXES + 'ex:a ex:r "{?n}" .', PREFIXES + shapes, engine="pyshacl", isolated=False)
    assert [each.message("en") for each in report] == ["{?n}"]


@pytest.mark.parametrize("engine", ["auto", "pyshacl"])
def test_a_failure_that_a_constraint_reports_is_no_result(engine: str) -> None:
    shapes = """ex:S sh:targetClass ex:C ; sh:sparql [ sh:select
        "SELECT $this ?failure { $this a <https://example.org/C> BIND (1 + 1 = 2 AS ?failure) }" ] ."""
    with pytest.raises(ShapesError, match="failure"):
        bicentennial.shacl(PREFIXES + DATA, PREFIXES + shapes, engine=engine, isolated=False)


CALL = """ex:S sh:targetClass ex:C ; sh:sparql [ sh:select
    "PREFIX ex: <https://example.org/> SELECT $this ?value { $this ex:p ?value FILTER (ex:next(?value) > 2) }" ] ."""
FUNCTION = """ex:next a sh:SPARQLFunction ; sh:parameter [ sh:path ex:x ; sh:datatype xsd:integer ] ;
    sh:returnType xsd:integer ; sh:select "SELECT ($x + 1 AS ?next) {}" ."""


@pytest.mark.parametrize("engine", ["auto", "pyshacl"])
@pytest.mark.parametrize(("declared", "advanced"), [("", False), ("", True), (FUNCTION, False)])
def test_a_function_that_is_not_known_lets_nothing_pass(declared: str, engine: str, *, advanced: bool) -> None:
    shapes = PREFIXES + CALL + declared
    with pytest.raises(ShapesError, match="calls the function <https"):
        bicentennial.shacl(PREFIXES + DATA, shapes, engine=engine, advanced=advanced, isolated=False)


def test_a_function_that_the_shapes_declare_is_called() -> None:
    report = bicentennial.shacl(PREFIXES + DATA, PREFIXES + CALL + FUNCTION, advanced=True, isolated=False)
    assert [str(each.value) for each in report] == ["2"]


@pytest.mark.parametrize("engine", ["compiled", "auto", "pyshacl"])
def test_a_rule_is_not_passed_over(engine: str) -> None:
    rule = "sh:rule [ a sh:TripleRule ; sh:subject sh:this ; sh:predicate ex:z ; sh:object 1 ]"
    shapes = f"{PREFIXES} ex:S sh:targetClass ex:C ; {rule} ; sh:property [ sh:path ex:z ; sh:minCount 1 ] ."
    with pytest.raises(ShapesError, match="advanced=True"):
        bicentennial.shacl(PREFIXES + DATA, shapes, engine=engine, isolated=False)
    assert bicentennial.shacl(PREFIXES + DATA, shapes, advanced=True, isolated=False).conforms
