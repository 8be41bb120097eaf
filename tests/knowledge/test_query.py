"""The query engine: bindings, limits, errors, values and formats."""

from __future__ import annotations

import datetime as dt
import json
import pickle
import signal
import subprocess
import sys
import threading
import time
from decimal import Decimal
from typing import TYPE_CHECKING

import pytest

from bicentennial.core.errors import LimitReachedError, QueryError, UnknownNameError, UnreadableInputError
from bicentennial.core.namespaces import BIC, BICD, XSD
from bicentennial.knowledge.sparql.query import answer, data_graph
from bicentennial.querying import query
from tests.waiting import PATIENCE

if TYPE_CHECKING:
    from pathlib import Path

    from bicentennial.knowledge.sparql.query import Parameter

SLOW = "SELECT (COUNT(*) AS ?n) { ?a ?b ?c . ?d ?e ?f . ?g ?h ?i FILTER(STR(?c) > STR(?f)) }"
GOALS = "SELECT ?goal { ?goal a bic:Goal } ORDER BY ?goal"


def test_worker_and_process_answer_alike() -> None:
    assert query(GOALS).rows == query(GOALS, isolated=False).rows
    assert [row.goal for row in query(GOALS)] == [
        BICD["goal-prevent-transborder-crime"],
        BICD["goal-protect-our-people"],
        BICD["goal-pursue-criminal-networks"],
    ]


def test_own_prefixes_need_no_declaration_and_may_be_declared() -> None:
    assert answer("ASK { bicd:agency-ofac a bic:Agency }").boolean is True
    assert answer("PREFIX bic: <urn:other#> ASK { bicd:agency-ofac a bic:Agency }").boolean is False


def test_values_are_python_values() -> None:
    row = answer(
        "SELECT ?i ?d ?f ?b ?day ?at ?year ?text ?es ?iri ?node ?none ?bad ?cheat { "
        "VALUES (?i ?d ?f ?b ?day ?at ?year ?text ?es ?iri ?bad ?cheat) { "
        '(7 1.50 2e3 true "2021-10-08"^^xsd:date "2021-10-08T09:30:00Z"^^xsd:dateTime "2021"^^xsd:gYear "x" "y"@es '
        'bic:Goal "2021-02-30"^^xsd:date "1_000"^^xsd:integer) } BIND(BNODE() AS ?node) }'
    ).rows[0]
    assert (row.i, row.d, row.f, row.b) == (7, Decimal("1.50"), 2000.0, True)
    assert (row.day, row.at) == (dt.date(2021, 10, 8), dt.datetime(2021, 10, 8, 9, 30, tzinfo=dt.UTC))
    assert (row.year, row.text, row.es, row.iri, row.none) == ("2021", "x", "y", BIC.Goal, None)
    assert (row.bad, row.cheat) == ("2021-02-30", "1_000")
    assert str(row.node).startswith("_:")


def test_rows_are_tuples_with_names() -> None:
    row = answer("SELECT ?a ?b { VALUES (?a ?b) { (1 2) } }").rows[0]
    assert tuple(row) == (1, 2)
    assert row["b"] == row.b == row[1] == 2
    assert pickle.loads(pickle.dumps(row)).as_dict() == {"a": 1, "b": 2}
    with pytest.raises(KeyError):
        row["c"]
    with pytest.raises(AttributeError):
        _ = row.c


def test_formats_are_the_standard_ones() -> None:
    result = answer('SELECT ?a ?b { VALUES (?a ?b) { ("=1+1" 2) ("x,\\"y\\"" UNDEF) } }')
    assert result.to_csv() == 'a,b\r\n\'=1+1,2\r\n"x,""y""",\r\n'
    assert result.to_tsv() == '?a\t?b\n"\\u003D1+1"\t2\n"x,\\"y\\""\t\n'
    document = json.loads(result.to_json())
    assert document["head"] == {"vars": ["a", "b"]}
    assert document["results"]["bindings"][0]["b"]["datatype"].endswith("#integer")
    assert json.loads(answer("ASK { }").to_json()) == {"head": {}, "boolean": True}


def test_table_speaks_the_language_and_hides_no_control_character() -> None:
    result = answer('SELECT ?a ?yes { VALUES (?a ?yes) { ("A\\u001B[31m\\nB" true) (bic:Goal false) } }')
    assert result.to_table("es").splitlines() == [
        "a             yes",
        "------------  ---",
        "A\\x1b[31m\\nB  sí",
        "bic:Goal      no",
    ]
    assert answer("ASK { }").to_table("es") == "sí"
    assert answer("SELECT ?a { ?a a <urn:none> }").to_table("es") == "ninguna fila: nada corresponde."


def test_wrapped_table_fits_its_width() -> None:
    table = answer("actions-by-commitment").to_table("en", width=100)
    assert max(map(len, table.splitlines())) <= 100
    assert table.splitlines()[1].startswith("--")


def test_many_columns_become_lines_of_head_and_value() -> None:
    result = answer("promises-not-started")
    lines = result.to_table("es", width=100).splitlines()
    assert lines[0].startswith("id: ")
    assert all(len(line) <= 100 or "://" in line for line in lines)
    assert sum(line == "" for line in lines) == len(result) - 1
    assert result.to_table("es").splitlines()[1].startswith("--")


def test_graphs_are_turtle_and_triples() -> None:
    text = "CONSTRUCT { ?g a bic:Goal } WHERE { ?g a bic:Goal }"
    result = answer(text)
    assert (result.kind, len(result), result.columns) == ("graph", 3, ("subject", "predicate", "object"))
    assert result.rows[0].object == BIC.Goal
    assert result.to_turtle() == answer(text).to_turtle()
    assert "@prefix sh:" not in result.to_turtle()
    with pytest.raises(QueryError, match="answers with a graph"):
        result.to_json()
    with pytest.raises(QueryError, match="answers with rows, not with a graph"):
        answer(GOALS).to_turtle()


@pytest.mark.parametrize(("library", "method"), [("pandas", "to_pandas"), ("polars", "to_polars")])
def test_data_frames(library: str, method: str) -> None:
    pytest.importorskip(library)
    frame = getattr(answer(GOALS), method)()
    assert frame.shape == (3, 1)
    assert list(frame.columns) == ["goal"]


@pytest.mark.parametrize(("library", "method"), [("pandas", "to_pandas"), ("polars", "to_polars")])
def test_a_missing_library_is_named_with_its_remedy(library: str, method: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, library, None)
    with pytest.raises(QueryError, match=rf"{library} is not installed.*bicentennial\[dataframes\]"):
        getattr(answer(GOALS), method)()


ERRORS = {
    "unknown prefix": ("ASK { ?s foo:p ?o }", "line 1, column 10: the prefix “foo:” is not declared"),
    "syntax": ("ASK { ?s ?p }", "line 1, column 13: this is not SPARQL 1.1: the query cannot be read from “}” on"),
    "too early": ("ASK {\n ?s ?p ?o", "line 2, column 9: this is not SPARQL 1.1: the query ends too early"),
    "not grouped": ("SELECT ?s (COUNT(*) AS ?n) { ?s ?p ?o }", "neither grouped nor aggregated"),
    "unknown function": ("SELECT * { ?s ?p ?o FILTER(<urn:f>(?o)) }", "the function <urn:f>, which is not known"),
    "unknown name": ("actions-by-gaol", "no named query “actions-by-gaol”; did you mean actions-by-goal"),
    "no such file": ("missing.rq", "the query file missing.rq cannot be read"),
}  # fmt: skip


@pytest.mark.parametrize(("text", "message"), ERRORS.values(), ids=ERRORS)
def test_wrong_queries_are_told_in_both_languages(text: str, message: str) -> None:
    with pytest.raises(QueryError) as caught:
        answer(text)
    assert message in caught.value.text["en"]
    assert caught.value.text["es"] != caught.value.text["en"]


def test_parameters_are_terms_never_text() -> None:
    text = "SELECT ?x { VALUES ?x { UNDEF } }"
    assert answer(text, params={"x": '" } DROP ALL #'}).rows[0].x == '" } DROP ALL #'
    assert answer(text, params={"x": "bic:Goal"}).rows[0].x == BIC.Goal
    assert answer(text, params={"x": [1, Decimal("2.5"), dt.date(2021, 10, 8), True]}).rows[3].x is True
    assert answer(text, params={"x": []}).rows == []
    with pytest.raises(QueryError, match=r"no parameter “y”\. It has: x\."):
        answer(text, params={"y": 1})
    with pytest.raises(QueryError, match="It has none"):
        answer(GOALS, params={"y": 1})


def test_parameters_survive_the_way_to_the_worker() -> None:
    text = "SELECT ?x { VALUES ?x { UNDEF } }"
    values: list[Parameter] = [
        1,
        Decimal("2.50"),
        dt.date(2021, 10, 8),
        dt.datetime(2021, 10, 8, 9, tzinfo=dt.UTC),
        "a",
        False,
    ]
    assert [row.x for row in query(text, params={"x": values})] == values


def test_names_of_things_as_parameters() -> None:
    by_part = answer("actions-by-goal", params={"goal": "PREVENIR los delitos"})
    assert by_part.rows == answer("actions-by-goal", params={"goal": "G2"}).rows
    assert by_part.rows == answer("actions-by-goal", params={"goal": BICD["goal-prevent-transborder-crime"]}).rows
    with pytest.raises(
        QueryError, match=r"“p” fits several: bicd:goal-prevent-transborder-crime · goal · Prevent transborder crime;"
    ):
        answer("actions-by-goal", params={"goal": "p"})
    with pytest.raises(UnknownNameError) as caught:
        answer("parties-and-roles", params={"party": "Goverment of Mexico"})
    assert caught.value.suggestions[0] == "Government of Mexico"


@pytest.mark.parametrize(
    ("text", "limits", "setting"),
    [
        (SLOW, {"seconds": 0.5}, "seconds"),
        ("SELECT * { ?a ?b ?c . ?d ?e ?f } ORDER BY ?c ?f", {"memory": 300 << 20}, "memory"),
        ("SELECT * { ?a ?b ?c . ?d ?e ?f }", {"query_rows": 1000}, "query_rows"),
        ("CONSTRUCT WHERE { ?a ?b ?c }", {"query_rows": 1000}, "query_rows"),
    ],
)  # fmt: skip
def test_limits_are_kept_and_named(text: str, limits: dict[str, float], setting: str) -> None:
    with pytest.raises(LimitReachedError) as caught:
        query(text, limits=limits)
    assert caught.value.setting == setting
    assert setting in caught.value.text["en"]
    assert setting in caught.value.text["es"]
    assert caught.value.exit_code == 3


def test_rows_up_to_the_limit_are_fine() -> None:
    assert len(query(GOALS, limits={"query_rows": 3})) == 3


def test_control_c_stops_the_query() -> None:
    code = (
        "from bicentennial.querying import query\n"
        "query('ASK {}')\n"
        "print('begins', flush=True)\n"
        "query('SELECT (COUNT(*) AS ?n) { ?a ?b ?c . ?d ?e ?f . ?g ?h ?i FILTER(STR(?c) > STR(?f)) }',"
        " limits={'seconds': 600})"
    )
    with subprocess.Popen([sys.executable, "-c", code], stdout=subprocess.PIPE, stderr=subprocess.PIPE) as process:
        assert process.stdout is not None
        assert process.stdout.readline() == b"begins\n"
        time.sleep(0.5)  # the query runs, and would do so for ten minutes
        process.send_signal(signal.SIGINT)
        assert b"KeyboardInterrupt" in process.communicate(timeout=PATIENCE)[1]


def test_simultaneous_queries_answer_like_one_after_another() -> None:
    expected = answer("parties-and-roles").rows
    found: list[object] = []
    threads = [threading.Thread(target=lambda: found.append(answer("parties-and-roles").rows)) for _ in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert found == [expected] * 8


TURTLE = """
@prefix bicd: <https://w3id.org/bicentennial/id/> .
@prefix bic: <https://w3id.org/bicentennial/ontology#> .
bicd:goal-protect-our-people bic:isPartOf <urn:x:other> .
_:b0 <urn:x:p> "1" .
"""


def test_data_are_named_graphs_and_change_nothing_of_ours(tmp_path: Path) -> None:
    one, two = tmp_path / "one file.ttl", tmp_path / "two.ttl"
    one.write_text(TURTLE, encoding="utf-8")
    two.write_text(TURTLE, encoding="utf-8")
    graphs = query("SELECT DISTINCT ?g { GRAPH ?g { ?s ?p ?o } } ORDER BY ?g", data=[one, two])
    assert [row.g for row in graphs] == [data_graph("one file.ttl"), data_graph("two.ttl")]
    assert not query("ASK { ?s bic:isPartOf <urn:x:other> }", data=one)
    shared = "SELECT ?s { GRAPH ?g { ?s <urn:x:p> ?o } GRAPH ?h { ?s <urn:x:p> ?o } FILTER(?g != ?h) }"
    assert len(query(shared, data=[one, two])) == 0
    assert not query("ASK { GRAPH ?g { ?s ?p ?o } }")


NAMED = {
    "a.trig": "@prefix e: <urn:e:> . e:a e:p 1 . e:g { e:a e:p 2 } GRAPH e:h { e:b e:p _:x . _:x e:p 3 }",
    "a.nq": "\n".join(
        f"{s} <urn:e:p> {o} ."
        for s, o in (
            ("<urn:e:a>", f'"1"^^<{XSD.integer}>'),
            ("<urn:e:a>", f'"2"^^<{XSD.integer}> <urn:e:g>'),
            ("<urn:e:b>", "_:x <urn:e:h>"),
            ("_:x", f'"3"^^<{XSD.integer}> <urn:e:h>'),
        )
    ),
    "a.jsonld": json.dumps(
        [
            {"@id": "urn:e:a", "urn:e:p": 1},
            {"@id": "urn:e:g", "@graph": {"@id": "urn:e:a", "urn:e:p": 2}},
            {"@id": "urn:e:h", "@graph": {"@id": "urn:e:b", "urn:e:p": {"urn:e:p": 3}}},
        ]
    ),
}


@pytest.mark.parametrize("name", NAMED)
def test_named_graphs_keep_their_names(tmp_path: Path, name: str) -> None:
    file = tmp_path / name
    file.write_text(NAMED[name], encoding="utf-8")
    found = query("SELECT ?g ?o { GRAPH ?g { ?s ?p ?o FILTER(isLiteral(?o)) } } ORDER BY ?o", data=file, isolated=False)
    assert [tuple(row) for row in found] == [(data_graph(name), 1), ("urn:e:g", 2), ("urn:e:h", 3)]
    assert query("ASK { GRAPH <urn:e:h> { <urn:e:b> ?p ?x . ?x ?q 3 } }", data=file, isolated=False)
    ((note,),) = [found.notes]
    assert note["en"].startswith(f"{name} has named graphs, which keep their names: urn:e:g, urn:e:h.")
    assert data_graph(name) in note["es"]


def test_a_graph_of_two_files_is_said(tmp_path: Path) -> None:
    one, two = tmp_path / "one.nq", tmp_path / "two.nq"
    one.write_text('<urn:a> <urn:p> "1" <urn:g> .\n', encoding="utf-8")
    two.write_text(f'<urn:a> <urn:p> "2" <urn:g> .\n<urn:a> <urn:p> "3" <{data_graph("one.nq")}> .\n', encoding="utf-8")
    notes = [note["en"] for note in query("ASK { GRAPH ?g { ?s ?p ?o } }", data=[one, two], isolated=False).notes]
    assert [note for note in notes if "several files" in note] == [
        f"the graph urn:g, {data_graph('one.nq')} holds what several files say: two.nq and one before it"
    ]


@pytest.mark.parametrize(
    ("value", "is_said"),
    [
        *((f'"{text}"^^xsd:{kind}', True) for text, kind in (("007", "integer"), ("5", "nonNegativeInteger"))),
        *((f'"{text}"^^xsd:{kind}', True) for text, kind in (("9" * 20, "integer"), ("+5", "integer"), ("1", "byte"))),
        *((f'"0.{"1" * 19}"^^xsd:decimal', True), ("7", False), ("-7", False), ("0", False), ("1.50", False)),
        *(('"2024"^^xsd:gYear', False), ('"007"', False)),
    ],
)
def test_numbers_that_a_query_sees_otherwise_are_said(tmp_path: Path, value: str, is_said: bool) -> None:
    file = tmp_path / "a.ttl"
    file.write_text(f"@prefix xsd: <{XSD}> . <urn:a> <urn:p> {value} .", encoding="utf-8")
    notes = query("ASK { GRAPH ?g { ?s ?p ?o } }", data=file, isolated=False).notes
    assert [("by their value" in note["en"], "por su valor" in note["es"]) for note in notes] == [
        (True, True)
    ] * is_said


def test_tables_are_data_too(tmp_path: Path) -> None:
    file = tmp_path / "actions.csv"
    file.write_text("id,title,goal,responsible_party\nA-1,Train,G1,OFAC\n", encoding="utf-8")
    rows = query("SELECT ?party { GRAPH ?g { ?a bic:hasResponsibleParty ?party } }", data=file).rows
    assert [row.party for row in rows] == [BICD["agency-ofac"]]


def test_data_that_cannot_be_read_end_in_a_sentence(tmp_path: Path) -> None:
    broken = tmp_path / "broken.ttl"
    broken.write_text("@prefix ex: <urn:x:> . ex:a ex:b [", encoding="utf-8")
    with pytest.raises(UnreadableInputError):
        query("ASK { }", data=broken)
    deep = tmp_path / "deep.ttl"
    deep.write_text("@prefix ex: <urn:x:> .\nex:a ex:b " + "[ ex:c " * 5000 + "]" * 5000 + " .", encoding="utf-8")
    with pytest.raises(LimitReachedError):
        query("ASK { }", data=deep)


def test_nothing_reaches_the_network_or_other_files(tmp_path: Path) -> None:
    secret = tmp_path / "secret.ttl"
    secret.write_text("<urn:a> <urn:b> <urn:c> .", encoding="utf-8")
    for text in (
        f"SELECT * FROM <{secret.as_uri()}> {{ ?s ?p ?o }}",
        "SELECT * { SERVICE <http://127.0.0.1:9/> { ?s ?p ?o } }",
        "SELECT * { SERVICE SILENT ?where { ?s ?p ?o } VALUES ?where { <http://127.0.0.1:9/> } }",
    ):
        with pytest.raises(QueryError):
            query(text)


@pytest.mark.parametrize("isolated", [True, False])
def test_data_are_there_for_their_query_alone(tmp_path: Path, isolated: bool) -> None:
    file = tmp_path / "a.nt"
    file.write_text("<urn:x:a> <urn:x:b> <urn:x:c> .", encoding="utf-8")
    asked = "ASK { GRAPH ?g { ?s ?p ?o } }"
    assert query(asked, data=file, isolated=isolated)
    assert not query(asked, isolated=isolated)
    assert not query(asked, isolated=False)


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("DESCRIBE ?s { GRAPH ?g { ?s ?p ?o } }", ["DESCRIBE tells what the Framework says"]),
        ("DESCRIBE <urn:a>", ["looks at none of the files"]),
        ("CONSTRUCT { ?s ?p ?o } WHERE { GRAPH ?g { ?s ?p ?o } } # DESCRIBE", []),
    ],
)
def test_what_describe_leaves_out_is_told(tmp_path: Path, text: str, told: list[str]) -> None:
    file = tmp_path / "a.ttl"
    file.write_text("<urn:a> <urn:p> <urn:b> .", encoding="utf-8")
    notes = [note["en"] for note in query(text, data=file, isolated=False).notes]
    assert len(notes) == len(told)
    assert all(part in note for part, note in zip(told, notes, strict=True))
