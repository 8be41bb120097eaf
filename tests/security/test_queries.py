"""Queries only read, only what is at hand, and never for long."""

from __future__ import annotations

import http.server
import threading
from itertools import pairwise
from typing import TYPE_CHECKING

import pytest

from bicentennial import LimitReachedError, QueryError, query
from bicentennial.cli import main

if TYPE_CHECKING:
    from collections.abc import Iterator

CALLS = {
    "plain": "SELECT * { SERVICE <U> { ?s ?p ?o } }",
    "silent": "SELECT * { SERVICE SILENT <U> { ?s ?p ?o } }",
    "glued to a boolean": "SELECT * { ?s ?p trueSERVICE <U> { } }",
    "glued to a name": "PREFIX : <U> SELECT * { SERVICE:x { ?s ?p ?o } }",
    "glued to both": "PREFIX : <U> SELECT * { ?s ?p falseSERVICESILENT:x { ?s ?p ?o } }",
    "glued to a number": "SELECT * { ?s ?p 1.SERVICE <U> { } }",
    "behind a comment": "SELECT * { # '\nSERVICE <U> { } }",
    "behind a string": "SELECT * { ?s ?p '\\'' . SERVICE <U> { } }",
    "behind a long string": "SELECT * { ?s ?p '''a'\\'''' . SERVICE <U> { } }",
    "behind less-than": "SELECT * { FILTER(?a<?b) SERVICE <U> { } }",
    "escaped": "SELECT * { \\u0053ERVICE <U> { ?s ?p ?o } }",
    "escaped quotation mark": 'SELECT * { ?s ?p "\\u0022 . SERVICE <U> { } #" }',
    "escaped line end": "SELECT * { ?s ?p ?o # \\u000ASERVICE <U> { }\n} LIMIT 1",
    "from": "SELECT * FROM <U> { ?s ?p ?o }",
    "from glued": "PREFIX : <U> SELECT * FROM:x { ?s ?p ?o }",
    "from named": "SELECT * FROM NAMED <U> { GRAPH ?g { ?s ?p ?o } }",
    "from a file": "SELECT * FROM <file:///etc/passwd> { ?s ?p ?o }",
    "load": "LOAD <U>",
    "insert": "INSERT { ?s ?p 1 } WHERE { ?s ?p ?o }",
    "clear behind a query": "ASK { } ; CLEAR ALL",
    "describe": "DESCRIBE <U>",
}


@pytest.fixture(scope="module")
def listener() -> Iterator[tuple[str, list[str]]]:
    seen: list[str] = []

    class Handler(http.server.BaseHTTPRequestHandler):
        def handle(self) -> None:
            seen.append("connected")

    server = http.server.HTTPServer(("127.0.0.1", 0), Handler)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    yield f"http://127.0.0.1:{server.server_port}/", seen
    server.shutdown()
    server.server_close()


@pytest.mark.parametrize("text", CALLS.values(), ids=CALLS)
def test_no_query_calls_out_even_where_there_is_a_network(text: str, listener: tuple[str, list[str]]) -> None:
    address, seen = listener
    asked = text.replace("<U>", f"<{address}>")
    if text.startswith("DESCRIBE") or "\\u00" in text.replace("\\u0053", ""):
        query(asked, isolated=False)  # harmless: no more than a name, a text, a comment
    else:
        with pytest.raises(QueryError) as caught:
            query(asked, isolated=False)
        assert caught.value.exit_code == 2
    assert seen == []


DEAR = {
    "every pair": "SELECT (COUNT(*) AS ?n) { ?a ?b ?c . ?d ?e ?f . ?g ?h ?i . ?j ?k ?l }",
    "closures": "SELECT ?s { ?s (((skos:prefLabel|!skos:prefLabel)*)*)* ?x . ?x ((!bic:a)*)* ?y . ?y (!bic:a)* ?z }",
}


@pytest.mark.parametrize("text", DEAR.values(), ids=DEAR)
def test_time_is_limited(text: str) -> None:
    with pytest.raises(LimitReachedError, match=r"longer than 0\.5 seconds.*seconds") as caught:
        query(text, limits={"seconds": 0.5})
    assert caught.value.setting == "seconds"


def test_memory_is_limited() -> None:
    names = [f"?x{n}" for n in range(30)]
    doubling = " ".join(f"BIND(CONCAT({a},{a},{a},{a}) AS {b})" for a, b in pairwise(names))
    with pytest.raises(LimitReachedError, match="memory") as caught:
        query(
            f'SELECT (STRLEN({names[-1]}) AS ?n) {{ BIND("aaaa" AS ?x0) {doubling} }}',
            limits={"seconds": 20, "memory": 400 << 20},
        )
    assert caught.value.setting == "memory"


def test_rows_and_depth_are_limited_and_what_overflows_the_engine_is_a_sentence() -> None:
    with pytest.raises(LimitReachedError) as caught:
        query("SELECT * { ?s ?p ?o }", limits={"query_rows": 5}, isolated=False)
    assert caught.value.setting == "query_rows"
    with pytest.raises(LimitReachedError) as caught:
        query("ASK { { { } } }", limits={"query_depth": 2}, isolated=False)
    assert caught.value.setting == "query_depth"
    assert query("ASK " + "{" * 30 + "}" * 30, limits={"query_depth": 30}, isolated=False).boolean
    with pytest.raises(QueryError, match="crash"):
        query("SELECT * {{}" + " MINUS {}" * 3000 + "}")


@pytest.mark.parametrize(
    ("text", "code"), [("SELECT * { }", 0), ("SELECT * { # \fSERVICE <urn:x> { }\n}", 0), ("a" * 50_000, 2), ("a.", 2)]
)
def test_odd_queries_are_answered_or_a_sentence(text: str, code: int, capsys: pytest.CaptureFixture[str]) -> None:
    for name in ("table", "csv", "tsv", "json"):
        assert main(["query", text, "--format", name]) == code
        assert capsys.readouterr().err.count("\n") == (1 if code else 0)


def test_regular_expressions_take_linear_time() -> None:
    text = 'SELECT (REPLACE("' + "a" * 5_000 + '!", "(a+)+$", "x") AS ?x) { }'
    assert query(text, limits={"seconds": 5}).rows[0].x == "a" * 5_000 + "!"


def test_the_limits_are_options(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["query", "ASK { { { } } }", "--limit", "query_depth=2"]) == 3
    assert "allow more with query_depth" in capsys.readouterr().err
    assert main(["query", "ASK { }", "--data", "examples/submissions/good.csv", "--limit", "rows=1"]) == 3
    assert "“rows”" in capsys.readouterr().err


def test_answers_are_safe_to_open() -> None:
    text = """SELECT ?a ?b { VALUES (?a ?b) { ("=1+1" "\\u001B[2J\\u202E") ("\uff1d1" "x\\u0085y") ("-5" "@A1") } }"""
    result = query(text, isolated=False)
    assert result.to_csv().splitlines()[1:] == ["'=1+1,\\x1b[2J\\u202e", "'\uff1d1,x\\x85y", "-5,'@A1"]
    for written in (result.to_json(), result.to_tsv(), result.to_table()):
        assert not {"\x1b", "\u202e", "\x85"} & set(written)
    assert '"=1' not in result.to_tsv()
