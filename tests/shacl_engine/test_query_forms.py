"""Queries that are parsed by their form are understood as they are when each is parsed as it is."""

from __future__ import annotations

import re
from random import Random
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pyparsing import ParseResults
from rdflib.plugins.sparql.algebra import translateQuery
from rdflib.plugins.sparql.parser import parseQuery
from rdflib.plugins.sparql.parserutils import CompValue, Expr
from rdflib.term import BNode, Identifier

from bicentennial.shacl_engine.shapes import query_forms
from bicentennial.shacl_engine.shapes.query_forms import parsed

QUERIES = (
    'PREFIX a: <urn:x#>\nSELECT $this ?value { $this a:b/a:c* ?value . FILTER (?value <= 5 && ?value != "x"@en) }',
    "PREFIX a: <urn:x#> PREFIX : <urn:y:> ASK { $this a a:C ; :p :q , '1'^^a:t . OPTIONAL { ?x !(a:b|^a:c) 2.5 } }",
    "SELECT $this (COUNT(DISTINCT ?x) AS ?n) { $this <urn:p>|^<urn:q>+ ?x } GROUP BY $this ORDER BY DESC(?n)",
    "SELECT ?x{?x<urn:p> ?y.?y<urn:q> ?z # what is said\n FILTER NOT EXISTS{?z a <urn:C>;<urn:r>true}}",
    "PREFIX a: <urn:x#> SELECT * { ?a ?b ?c . FILTER (a:f(?a) IN (<urn:a>, 'b') || -?c < 3) BIND (1+2 AS ?d) }",
)
PIECES = (
    *"<>?$()[]{}.;,:^@#\"'\\&|!=*/+- \t_1aé",
    *("#x\n", " # c ?x <y>\n", "a:", "a:b", "e5:p", "_:b", "<urn:q>", "<>", "^^a:t", "@en", "?a<?b", "<=", "||"),
    *('"x"', "''", '"""', "'\t'", "BASE <u:> ", "PREFIX a: <b:>\n", "PREFIX b: <urn:x#>\n", "?x", "true", "1.5", "1e3"),
    *("\\u0041", "IN", "(1 2)", "[]", "%41", "DISTINCT", "a:b.c", "a:-b", "$this", "UNION", "GRAPH <urn:g> {"),
)


def understood(tree: Any) -> str:
    """Return the algebra of a syntax tree as text."""
    return str(plain(translateQuery(tree).algebra))


def plain(node: Any) -> Any:
    """Return algebra as tuples and texts."""
    if isinstance(node, CompValue):
        function = getattr(node._evalfn, "__name__", "") if isinstance(node, Expr) else None
        return type(node), node.name, function, sorted((key, plain(value)) for key, value in node.items())
    if isinstance(node, set | frozenset):
        return sorted(map(str, node))
    if isinstance(node, list | tuple | ParseResults):
        return [plain(each) for each in node]
    if isinstance(node, BNode):
        return "a blank node"
    return node.n3() if isinstance(node, Identifier) else str(node)


def result(parse: Any, text: str) -> str:
    """Return what comes of a query: its algebra, or the place of an error."""
    try:
        return understood(parse(text))
    except Exception as error:  # whatever the parser raises
        return f"{type(error).__name__} {getattr(error, 'loc', 0)}"


@pytest.mark.parametrize("text", QUERIES)
def test_a_query_by_its_form_means_the_same(text: str) -> None:
    assert query_forms._parted(text) is not None
    assert understood(parsed(text)) == understood(parseQuery(text))


def test_queries_of_one_form_are_parsed_once() -> None:
    query_forms._tree.cache_clear()
    for name in ("p", "q", "r"):
        query = parsed(f"PREFIX a: <urn:{name}:> SELECT $this\n{{ $this  a:{name} ?{name} }}")
        assert f"urn:{name}:{name}" in understood(query)
    assert query_forms._tree.cache_info().misses == 1


@pytest.mark.parametrize(
    "text",
    [
        "SELECT DISTINCT$this { $this <urn:p> ?x }",  # to rdflib, `$` goes on with the keyword
        "SELECT $this { $this <urn:p> '\t' }",  # tabs become spaces, as many as the place asks for
        "SELECT $this { $this <urn:p> ?x FILTER (?x<?y&&?z>?x) }",
        "SELECT $this { $this <urn:p> ?x FILTER (?x <5) }",
        "PREFIX a: <urn:a:> SELECT $this { $this a:b.c ?x }",
        "PREFIX a: <urn:a:> SELECT $this { $this a:b\\-c ?x }",
        "SELECT $this { $this <urn:p> 1e5 }",
        "SELECT $this { $this <urn:p> '''x''' }",
        "SELECT $this { $this <urn:p> _:b }",
    ],
)
def test_a_query_in_doubt_is_parsed_as_it_is(text: str) -> None:
    assert query_forms._parted(text) is None
    assert result(parsed, text) == result(parseQuery, text)


@given(st.integers(0))
def test_spoilt_queries_mean_the_same_or_break_at_the_same_place(seed: int) -> None:
    random = Random(seed)
    text = random.choice(QUERIES)
    for _ in range(random.randint(1, 3)):
        place = random.choice([match.start() for match in re.finditer(r"\b|\s", text)])
        end = place + random.choice((0, 0, 1, 3))
        text = text[:place] + random.choice(("", *PIECES)) + text[end:]
    assert result(parsed, text) == result(parseQuery, text)
