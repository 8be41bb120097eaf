"""Corners of SHACL where processors differ: each with what the recommendation says, on the engine that is chosen."""

# ruff: noqa: E501 -- tables, a case a line

from __future__ import annotations

from typing import NamedTuple

import pytest
import rdflib

import bicentennial
from bicentennial.core.errors import ShapesError, UnsupportedShapeError
from bicentennial.shacl_engine.sql.planner import compile_plan

PREFIXES = """
@prefix ex: <https://example.org/> . @prefix sh: <http://www.w3.org/ns/shacl#> .
@prefix xsd: <http://www.w3.org/2001/XMLSchema#> . @prefix rdfs: <http://www.w3.org/2000/01/rdf-schema#> .
@prefix rdf: <http://www.w3.org/1999/02/22-rdf-syntax-ns#> . @prefix owl: <http://www.w3.org/2002/07/owl#> .
"""


class Corner(NamedTuple):
    """Shapes, data, and the results as component and value; `also` if pySHACL finds them too."""

    shapes: str
    data: str
    expected: set[tuple[str, str]]
    also: bool = True


def _p(constraint: str) -> str:
    return f"ex:S sh:targetNode ex:a ; sh:property [ sh:path ex:p ; {constraint} ] ."


ZONED, BARE = '"2021-10-08T09:00:00Z"^^xsd:dateTime', '"2030-01-01T00:00:00"^^xsd:dateTime'

CORNERS = {
    "a class that is a shape by its constraints": Corner(
        "ex:C a rdfs:Class ; sh:property [ sh:path ex:p ; sh:minCount 1 ] .", "ex:a a ex:C .", {("MinCount", "")}
    ),
    "a class typed by a subclass of sh:NodeShape": Corner(
        "ex:Mine rdfs:subClassOf sh:NodeShape ."
        " ex:C a ex:Mine, owl:Class ; sh:property [ sh:path ex:p ; sh:minCount 1 ] .",
        "ex:a a ex:C .",
        {("MinCount", "")},
    ),
    "uniqueLang 1": Corner(_p('sh:uniqueLang "1"^^xsd:boolean'), 'ex:a ex:p "x"@en, "y"@en .', set()),
    "languageIn of no language": Corner(
        _p('sh:languageIn ( "" "es" )'), 'ex:a ex:p "x"@en, "y", "z"@es .', {("LanguageIn", "x"), ("LanguageIn", "y")}
    ),
    "closed 1": Corner('ex:S sh:targetNode ex:a ; sh:closed "1"^^xsd:boolean .', "ex:a ex:p 1 .", set()),
    "deactivated 1": Corner(_p('sh:deactivated "1"^^xsd:boolean ; sh:maxCount 0'), "ex:a ex:p 1 .", {("MaxCount", "")}),
    "ignoredProperties without closed": Corner(
        "ex:S sh:targetNode ex:a ; sh:ignoredProperties ( rdf:type ) .", "ex:a ex:p 1 .", set()
    ),
    "moments years apart": Corner(_p("sh:lessThan ex:q"), f"ex:a ex:p {ZONED} ; ex:q {BARE} .", set(), also=False),
    "moments years apart the other way": Corner(
        _p("sh:lessThan ex:q"), f"ex:a ex:p {BARE} ; ex:q {ZONED} .", {("LessThan", "2030-01-01T00:00:00")}, also=False
    ),
    "moments within fourteen hours": Corner(
        _p('sh:minInclusive "2002-10-10T12:00:00Z"^^xsd:dateTime'),
        'ex:a ex:p "2002-10-11T01:59:59"^^xsd:dateTime .',
        {("MinInclusive", "2002-10-11T01:59:59")},
    ),
    "moments fourteen hours apart": Corner(
        _p('sh:minInclusive "2002-10-10T12:00:00Z"^^xsd:dateTime'),
        'ex:a ex:p "2002-10-11T02:00:00.1"^^xsd:dateTime .',
        set(),
        also=False,
    ),
    "days, one with a zone": Corner(
        _p("sh:lessThanOrEquals ex:q"), 'ex:a ex:p "2021-10-08Z"^^xsd:date ; ex:q "2030-01-01"^^xsd:date .', set()
    ),
    "months, one with a zone": Corner(
        _p('sh:maxExclusive "2023-01Z"^^xsd:gYearMonth'), 'ex:a ex:p "2022-12"^^xsd:gYearMonth .', set(), also=False
    ),
    "a decimal is promoted to a float": Corner(
        _p('sh:minInclusive "0.1"^^xsd:float ; sh:maxInclusive "0.1"^^xsd:float'), "ex:a ex:p 0.1 .", set(), also=False
    ),
    "a float is promoted to a double": Corner(
        _p("sh:maxInclusive 1e-1"), 'ex:a ex:p "0.1"^^xsd:float .', {("MaxInclusive", "0.1")}, also=False
    ),
    "an integer is promoted to a float": Corner(
        _p('sh:maxInclusive "16777216"^^xsd:float'), "ex:a ex:p 16777217 .", set(), also=False
    ),
    "a float that is infinite": Corner(_p('sh:maxInclusive "1e39"^^xsd:float'), 'ex:a ex:p "1E1"^^xsd:float .', set()),
    "a class without others": Corner(
        _p('sh:pattern "^[a-z-[aeiou]]+$"'), 'ex:a ex:p "bcd", "abc" .', {("Pattern", "abc")}
    ),
    "the flag x": Corner(_p('sh:pattern "a b" ; sh:flags "x"'), 'ex:a ex:p "ab", "a b" .', {("Pattern", "a b")}),
    "the flag q": Corner(_p('sh:pattern "a.b" ; sh:flags "q"'), 'ex:a ex:p "a.b", "axb" .', {("Pattern", "axb")}),
    "names of XML": Corner(_p(r'sh:pattern "^\\i\\c*$"'), 'ex:a ex:p "abc", "1a", "é-1" .', {("Pattern", "1a")}),
    "letters of any script": Corner(_p(r'sh:pattern "^\\w+$"'), 'ex:a ex:p "añ1", "a b", "a_" .', {("Pattern", "a b"), ("Pattern", "a_")}),
    "a reference to a group": Corner(_p(r'sh:pattern "^(.)\\1$"'), 'ex:a ex:p "aa", "ab" .', {("Pattern", "ab")}),
    "a block of Unicode": Corner(_p(r'sh:pattern "^\\p{IsGreek}+$"'), 'ex:a ex:p "αβ", "ab" .', {("Pattern", "ab")}),
    "a repetition of a repetition": Corner(
        "ex:S sh:targetNode ex:a ; sh:property [ sh:path [ sh:zeroOrMorePath ( [ sh:zeroOrMorePath ex:p ] ex:q ) ] ;"
        " sh:maxCount 2 ] .",
        "ex:a ex:p ex:b . ex:b ex:p ex:c . ex:c ex:q ex:d . ex:d ex:p ex:e . ex:e ex:q ex:f .",
        {("MaxCount", "")},
    ),
}  # fmt: skip


def _results(shapes: str, data: str, engine: str) -> set[tuple[str, str]]:
    report = bicentennial.shacl(PREFIXES + data, PREFIXES + shapes, engine=engine, isolated=False)
    return {(result.component, "" if result.value is None else str(result.value)) for result in report}


@pytest.mark.parametrize("corner", CORNERS.values(), ids=CORNERS.keys())
def test_the_recommendation_decides(corner: Corner) -> None:
    assert _results(corner.shapes, corner.data, "auto") == corner.expected
    found = _results(corner.shapes, corner.data, "pyshacl")
    if corner.also:
        assert found == corner.expected
    else:
        assert found != corner.expected, "pySHACL now agrees: say so here"


ILL_FORMED = {
    "a property shape without a path": ("ex:S sh:targetClass ex:C ; sh:not [ a sh:PropertyShape ; sh:class ex:D ] .", "sh:path"),
    "two patterns": (_p('sh:pattern "^a", "^x"'), "sh:pattern"),
    "uniqueLang as a text": (_p('sh:uniqueLang "true"'), "sh:uniqueLang"),
    "deactivated as a number": (_p("sh:deactivated 1 ; sh:minCount 1"), "sh:deactivated"),
    "an ill-formed list": ("ex:S sh:targetClass ex:C ; sh:or [ rdf:first [ sh:class ex:D ] ] .", "sh:or"),
    "an entailment": ("<urn:x> sh:entailment <http://www.w3.org/ns/entailment/RDFS> . " + _p("sh:minCount 1"), "entailment"),
    "a term of a later draft": ("ex:S sh:targetClass ex:C ; sh:reifierShape [ sh:class ex:D ] .", "sh:reifierShape"),
    "closed by types": ("ex:S sh:targetClass ex:C ; sh:closed sh:ByTypes .", "sh:closed"),
    "a node kind in lower case": (_p("sh:nodeKind sh:literal"), "sh:nodeKind"),
    "a node kind that is a shape": (_p("sh:nodeKind ex:Other"), "sh:nodeKind"),
    "a misspelt constraint": (_p("sh:minlength 3"), "sh:minLength"),
    "a misspelt property": ("ex:S a sh:NodeShape ; sh:targetNode ex:a ; sh:proprty [ sh:path ex:p ] .", "sh:property"),
    "a misspelt type": ("ex:S a sh:Nodeshape ; sh:targetNode ex:a ; sh:class ex:C .", "sh:NodeShape"),
    "a count that is a decimal": (_p("sh:minCount 1.0"), "sh:minCount"),
    "a class that is a text": (_p('sh:class "C"'), "sh:class"),
    "a count on a node shape": ("ex:S sh:targetNode ex:a ; sh:minCount 1 .", "sh:minCount"),
    "a broken pattern": (_p('sh:pattern "["'), "“[”"),
    "an escape that XPath has not": (_p(r'sh:pattern "^\\x41"'), "XPath has no \\x"),
    "a look-ahead": (_p('sh:pattern "a(?=b)"'), "(?="),
    "an unknown flag": (_p('sh:pattern "a" ; sh:flags "g"'), "“g”"),
    "a broken query": ('ex:S sh:targetNode ex:a ; sh:sparql [ sh:select "SELECT $this WHERE { ?a ?b " ] .', "SPARQL"),
    "BIND AS $this": ('ex:S sh:targetNode ex:a ; sh:sparql [ sh:select "SELECT $this { BIND (1 AS $this) }" ] .', "AS ?this"),
    "an expression AS $this": ('ex:S sh:targetNode ex:a ; sh:sparql [ sh:select "SELECT (1 AS ?this) { ?a ?b ?c }" ] .', "AS ?this"),
    "VALUES": ('ex:S sh:targetNode ex:a ; sh:sparql [ sh:select "SELECT $this { VALUES ?x { 1 } }" ] .', "VALUES"),
    "VALUES at the end": ('ex:S sh:targetNode ex:a ; sh:sparql [ sh:select "SELECT $this { $this ?p ?x } VALUES ?x { 1 }" ] .', "VALUES"),
    "MINUS": ('ex:S sh:targetNode ex:a ; sh:sparql [ sh:select "SELECT $this { $this ?p ?o MINUS { ?o ?p $this } }" ] .', "MINUS"),
    "SERVICE": ('ex:S sh:targetNode ex:a ; sh:sparql [ sh:select "SELECT $this { SERVICE <urn:x> { ?a ?b $this } }" ] .', "SERVICE"),
    "the graph of shapes": ('ex:S sh:targetNode ex:a ; sh:sparql [ sh:select "SELECT $this { GRAPH $shapesGraph { $this ?b ?c } }" ] .', "$shapesGraph"),
    "recursive shapes": ("ex:S sh:targetNode ex:a ; sh:property [ sh:path ex:p ; sh:node ex:S ] .", "recursive"),
    "a script": ("ex:S sh:targetNode ex:a ; sh:js [ sh:jsFunctionName 'f' ] .", "sh:js"),
}  # fmt: skip


@pytest.mark.parametrize("engine", ["auto", "compiled", "pyshacl"])
@pytest.mark.parametrize(("shapes", "named"), ILL_FORMED.values(), ids=ILL_FORMED.keys())
def test_ill_formed_shapes_are_refused_by_name_whatever_the_engine(shapes: str, named: str, engine: str) -> None:
    with pytest.raises(ShapesError) as caught:
        bicentennial.shacl(PREFIXES + "ex:a ex:p 1 .", PREFIXES + shapes, engine=engine, isolated=False)
    assert named in str(caught.value)
    assert caught.value.text["es"] != caught.value.text["en"]


SELECTS = {
    "!= with an unbound variable": ("$this ex:q ?value OPTIONAL { $this ex:none ?o } FILTER (?o != ?value)", set()),
    "IN with an unbound variable": ("$this ex:q ?value OPTIONAL { $this ex:none ?o } FILTER (?o NOT IN (?value))", set()),
    "OPTIONAL with a variable as its filter": ("$this ex:q ?value OPTIONAL { $this ex:q ?z FILTER (?value) }", {"true"}),
    "the language as it was written": ('$this ex:l ?value FILTER (LANG(?value) = "en-US")', {"x"}),
    "a filter that is false": ("$this ex:q ?value FILTER (false)", set()),
    "a filter that is not true": ("$this ex:q ?value FILTER (!(true))", set()),
    "a filter that is not false": ("$this ex:q ?value FILTER (!false)", {"true"}),
    "EXISTS within IF, compared": (
        "$this ex:n ?value FILTER (?value = IF(EXISTS { $this ex:q true }, 5, 2))", {"5"},
    ),
    "IF within IF within IF": (
        "$this ex:n ?value FILTER (IF(IF(IF(?value > 3, ?value < 9, ?value > 1), ?value != 5, false), true, false))",
        {"2"},
    ),
    "COALESCE within COALESCE": (
        '$this ex:n ?value FILTER (COALESCE(COALESCE(?none, UCASE(?value)), COALESCE(?none, STR(?value))) = "5")', {"5"},
    ),
    "a query within": ("{ SELECT $this WHERE { $this ex:q true } } $this ex:n ?value", {"2", "5", "10"}),
}  # fmt: skip


@pytest.mark.parametrize(("where", "expected"), SELECTS.values(), ids=SELECTS.keys())
def test_queries_that_engines_answer_differently(where: str, expected: set[str]) -> None:
    shapes = (
        'ex: sh:declare [ sh:prefix "ex" ; sh:namespace "https://example.org/"^^xsd:anyURI ] .'
        f" ex:S sh:targetNode ex:a ; sh:sparql [ sh:prefixes ex: ; sh:select '''SELECT $this ?value {{ {where} }}''' ] ."
    )
    data = 'ex:a ex:q true ; ex:n 2, 5, 10 ; ex:l "x"@en-US .'
    report = bicentennial.shacl(PREFIXES + data, PREFIXES + shapes, engine="compiled", isolated=False)
    assert {str(result.value) for result in report} == expected


def test_many_alternatives_and_deep_paths_stay_small() -> None:
    step = "[ sh:alternativePath ( ex:p ex:q ) ]"
    path = f"[ sh:zeroOrMorePath ( {' '.join([step] * 14)} ) ]"
    shapes = f"ex:S sh:targetNode ex:n0 ; sh:property [ sh:path {path} ; sh:maxCount 2 ] ."
    data = " ".join(f"ex:n{n} ex:{'pq'[n % 2]} ex:n{n + 1} ." for n in range(30))
    assert _results(shapes, data, "compiled") == {("MaxCount", "")}
    members = " ".join(f"[ sh:property [ sh:path ex:p ; sh:hasValue ex:x{n} ] ]" for n in range(60))
    for component, ones in (("or", {"ex:x7"}), ("and", set()), ("xone", {"ex:x7"})):
        shapes = f"ex:S sh:targetNode ex:a, ex:b, ex:c ; sh:{component} ( {members} ) ."
        data = f"ex:a ex:p ex:x7 . ex:b ex:p ex:y . ex:c ex:p {', '.join(f'ex:x{n}' for n in range(60))} ."
        bad = {"https://example.org/b"} | ({"https://example.org/a"} if not ones else set())
        bad |= {"https://example.org/c"} if component == "xone" else set()
        assert {value for _, value in _results(shapes, data, "compiled")} == bad


def test_shapes_that_nest_too_deeply_are_refused() -> None:
    shapes = "ex:S0 sh:targetNode ex:a . " + " ".join(f"ex:S{n} sh:node ex:S{n + 1} ." for n in range(400))
    with pytest.raises(ShapesError, match="levels"):
        _results(shapes + " ex:S400 sh:class ex:C .", "ex:a ex:p 1 .", "auto")


def test_a_shape_that_several_use_is_worked_out_once_and_right() -> None:
    shapes = """ex:Named sh:property [ sh:path ex:name ; sh:minCount 1 ], [ sh:path ex:part ; sh:node ex:Small ] .
        ex:Small sh:property [ sh:path ex:size ; sh:maxInclusive 3 ] .
        ex:A sh:targetClass ex:TA ; sh:and ( ex:Named [ sh:class ex:TA ] ) .
        ex:B sh:targetClass ex:TB ; sh:node ex:Named . ex:C sh:targetClass ex:TC ; sh:not ex:Named ."""
    data = """ex:a1 a ex:TA ; ex:name "x" . ex:a2 a ex:TA . ex:b1 a ex:TB ; ex:name "y" ; ex:part [ ex:size 4 ] .
        ex:c1 a ex:TC . ex:c2 a ex:TC ; ex:name "z" ."""
    expected = {("And", "a2"), ("Node", "b1"), ("Not", "c2")}
    expected = {(component, f"https://example.org/{name}") for component, name in expected}
    assert _results(shapes, data, "compiled") == expected == _results(shapes, data, "pyshacl")


@pytest.mark.parametrize("value", ['"plain"', '"it\'s"', r'"a\u001Fb"', r'"\u001F"'])
def test_a_long_list_of_values_is_one_constant_and_means_the_same(value: str) -> None:
    """DuckDB plans each constant by itself; no value is taken for two."""
    listed = " ".join((*(f'"v{number}"' for number in range(1_200)), value, "1", "ex:b", '"es"@es'))
    data = f'ex:a ex:p {value}, "v7", 1, 1.0, ex:b, ex:c, "es", "es"@ES, "a", "v7v8" .'
    wrong = {("In", each) for each in ("1.0", "https://example.org/c", "es", "a", "v7v8")}
    assert _results(_p(f"sh:in ( {listed} )"), data, "compiled") == wrong
    within = f"sh:or ( [ sh:in ( {listed} ) ] [ sh:property [ sh:path ex:q ; sh:minCount 1 ] ] )"
    assert {found for _, found in _results(_p(within), data, "compiled")} == {found for _, found in wrong}
    graph = rdflib.Graph().parse(data=PREFIXES + _p(f"sh:in ( {listed} )"))
    (check,) = compile_plan(graph).checks
    assert (check.argument.count("', '") < 3) == ("001F" not in value)


def test_what_has_more_parts_than_duckdb_plans_goes_to_pyshacl() -> None:
    """DuckDB would raise an error of its own once the data is there."""
    ways = " ".join(f"[ sh:property [ sh:path ex:p{number} ; sh:minCount 1 ] ]" for number in range(330))
    paths = " ".join(f"ex:p{number}" for number in range(520))
    either = f"ex:S sh:targetNode ex:a, ex:b ; sh:or ( {ways} ) ."
    along = f"ex:S sh:targetNode ex:a ; sh:property [ sh:path [ sh:alternativePath ( {paths} ) ] ; sh:maxCount 0 ] ."
    for shapes, found in ((either, {("Or", "https://example.org/b")}), (along, {("MaxCount", "")})):
        assert _results(shapes, "ex:a ex:p3 1 .", "auto") == found
        with pytest.raises(UnsupportedShapeError, match="of so many parts"):
            _results(shapes, "ex:a ex:p3 1 .", "compiled")


def test_of_a_recursion_a_shape_on_the_circle_is_named() -> None:
    """Neither the one that only leads there, nor one without a name."""
    shapes = (
        "ex:A sh:targetNode ex:a ; sh:node ex:B . ex:B sh:property [ sh:path ex:p ; sh:node ex:C ] . ex:C sh:not ex:B ."
    )
    with pytest.raises(ShapesError, match=r"the shape https://example\.org/B is recursive"):
        _results(shapes, "ex:a ex:p 1 .", "auto")


def test_shapes_that_two_files_state_count_once() -> None:
    """A graph is a set of statements, however often they are written."""
    shapes = PREFIXES + "ex:S sh:targetNode ex:a ; sh:property ex:P . ex:P sh:path ex:p ; sh:maxCount 1 ; sh:in ( 1 ) ."
    again = PREFIXES + "ex:S sh:property ex:P . ex:P sh:path ex:p ; sh:maxCount 1 ."
    report = bicentennial.shacl(PREFIXES + "ex:a ex:p 1, 2 .", [shapes, again], isolated=False)
    assert [result.component for result in report] == ["In", "MaxCount"]
