"""The table of statements: nothing is lost on the way in, and nothing reaches out of it."""

from __future__ import annotations

import subprocess
import sys
from typing import TYPE_CHECKING

import duckdb
import pyoxigraph
import pytest
import rdflib
from hypothesis import given, settings
from hypothesis import strategies as st

from bicentennial.core.errors import LimitReachedError, UnreadableInputError
from bicentennial.core.namespaces import RDF, XSD
from bicentennial.shacl_engine.sql.engine import run
from bicentennial.shacl_engine.sql.planner import compile_plan
from bicentennial.storage.duckdb.dataset import DuckDBDataset
from bicentennial.storage.graphs import graph_of
from bicentennial.storage.sqlite_dataset import SqliteDataset
from bicentennial.storage.statement import Statement

if TYPE_CHECKING:
    from pathlib import Path

AWKWARD = ["", "\x00", "\x01\x02", "a\tb\nc\r\\n\\", '"q"', "\u0085\u2028", "é😀", "\ufeff", "NULL", "\\N", "\x7f"]


def values(dataset: DuckDBDataset) -> list[str]:
    return [o for (o,) in dataset.connection.execute("SELECT o FROM statements ORDER BY o").fetchall()]


@pytest.mark.parametrize("times", [1, 300])
def test_lexical_forms_arrive_as_they_are_whether_few_or_many(times: int) -> None:
    with DuckDBDataset() as dataset:
        dataset.load(Statement.literal("urn:a", "urn:p", text) for text in AWKWARD * times)
        assert values(dataset) == sorted(AWKWARD * times)


def test_origins_arrive_with_the_values() -> None:
    rows = [Statement("urn:a", "urn:p", str(n), 2, XSD.string, "", 1, n, 3, None) for n in range(3000)]
    with DuckDBDataset() as few, DuckDBDataset() as many:
        few.load(rows[:10])
        many.load(iter(rows))
        assert few.connection.execute("SELECT * FROM statements ORDER BY row").fetchall() == rows[:10]
        assert many.connection.execute("SELECT * FROM statements ORDER BY row").fetchall() == rows


@settings(max_examples=15, deadline=None)
@given(st.text(st.characters(exclude_categories=["Cs"])))
def test_any_literal_comes_through_pyoxigraph(text: str) -> None:
    node = pyoxigraph.NamedNode("http://a/b")
    some = [
        pyoxigraph.Literal(text),
        pyoxigraph.Literal(text, language="en"),
        pyoxigraph.Literal(text, datatype=pyoxigraph.NamedNode("urn:d")),
    ]
    for named in (False, True):
        with DuckDBDataset() as dataset:
            dataset.load_quads([pyoxigraph.Quad(node, node, literal) for literal in some], named=named)
            rows = dataset.connection.execute("SELECT s, p, o, dt, lang FROM statements ORDER BY dt").fetchall()
        ends = [(XSD.string, ""), (RDF.langString, "en"), ("urn:d", "")]
        assert sorted(rows) == sorted(("http://a/b", "http://a/b", text, *end) for end in ends)


def test_every_kind_of_term_comes_through_pyoxigraph() -> None:
    text = (
        '<urn:s> <urn:p> <urn:o> <urn:g> .\n_:b <urn:p> _:b .\n<urn:s> <urn:p> "a\\"b"@es-MX <urn:g> .\n'
        f'<urn:s> <urn:p> "1"^^<{XSD.integer}> _:g .\n<urn:s> <urn:p> "" .\n<urn:s> <urn:p> "<urn:x>" .\n'
    )
    with DuckDBDataset() as dataset:
        dataset.load_quads(pyoxigraph.parse(text, format=pyoxigraph.RdfFormat.N_QUADS), numbered=True)
        rows = dataset.connection.execute("SELECT s, o, kind, dt, lang, row FROM statements ORDER BY row").fetchall()
    assert [row[1] for row in rows][1].startswith("_:")
    assert [row[2:] for row in rows] == [
        (0, "", "", 1),
        (1, "", "", 2),
        (2, RDF.langString, "es-mx", 3),
        (2, XSD.integer, "", 4),
        (2, XSD.string, "", 5),
        (2, XSD.string, "", 6),
    ]
    assert rows[2][1] == 'a"b'


@pytest.mark.parametrize("named", [False, True])
def test_awkward_values_look_like_syntax_and_are_not(named: bool) -> None:
    node = pyoxigraph.NamedNode("http://a/b")
    looks = ['"', '\\"', '" .', '"@en', 'a"^^<urn:x> .', "<urn:x> .", "_:b .", " ", "> .", "á\n<<( .", "\\"]
    with DuckDBDataset() as dataset:
        dataset.load_quads(
            [pyoxigraph.Quad(node, node, pyoxigraph.Literal(look, language="es")) for look in looks], named=named
        )
        assert values(dataset) == sorted(looks)


def test_lines_are_numbered_from_one_after_an_attempt_was_taken_back() -> None:
    text = "<urn:ex:a> <urn:ex:p> <urn:ex:b> .\n<urn:ex:a> <urn:ex:p> <urn:x:b> .\n"  # whose last term is in doubt
    quads = pyoxigraph.parse(text, format=pyoxigraph.RdfFormat.N_TRIPLES)
    with DuckDBDataset() as dataset:
        assert not dataset.load_ntriples([text.encode()], 9)
        dataset.load_quads(quads, numbered=True, named=False)
        found = dataset.connection.execute("SELECT o, row FROM statements ORDER BY row").fetchall()
        assert found == [("urn:ex:b", 1), ("urn:x:b", 2)]


@pytest.mark.parametrize("named", [False, True])
def test_triple_terms_are_refused(named: bool) -> None:
    text = "<urn:s> <urn:p> <<( <urn:a> <urn:b> <urn:c> )>> ."
    with DuckDBDataset() as dataset, pytest.raises(UnreadableInputError, match="triple term"):
        dataset.load_quads(pyoxigraph.parse(text, format=pyoxigraph.RdfFormat.N_TRIPLES), named=named)


@pytest.mark.parametrize("times", [1, 3000])
def test_half_a_surrogate_pair_is_refused(times: int) -> None:
    with DuckDBDataset() as dataset, pytest.raises(UnreadableInputError, match="surrogate"):
        dataset.load([Statement.literal("urn:a", "urn:p", "\ud800")] * times)


def test_a_graph_and_back() -> None:
    with DuckDBDataset() as dataset:
        dataset.load(
            [
                Statement.literal("urn:a", "urn:p", "007", XSD.integer),
                Statement.literal("_:b", "urn:p", "meta", lang="es"),
                Statement.iri("urn:a", "urn:p", "_:b"),
            ]
        )
        before = set(dataset.connection.execute("SELECT s, p, o, kind, dt, lang FROM statements").fetchall())
        with DuckDBDataset.from_graph(graph_of(dataset)) as again:
            assert set(again.connection.execute("SELECT s, p, o, kind, dt, lang FROM statements").fetchall()) == before


@pytest.mark.parametrize(
    "sql",
    [
        "SELECT * FROM read_text('/etc/passwd')",
        "COPY statements TO '/tmp/leak.csv'",
        "ATTACH '/tmp/other.duckdb'",
        "INSTALL httpfs",
        "SET enable_external_access = true",
        "SET threads = 64",
        "SELECT * FROM read_csv('https://example.org/x.csv')",
    ],
)
def test_nothing_reaches_out(sql: str) -> None:
    with DuckDBDataset() as dataset, pytest.raises(duckdb.Error):
        dataset.connection.execute(sql)


def test_allowed_files_can_be_read_and_the_folder_goes(tmp_path: Path) -> None:
    path = tmp_path / "it's.csv"
    path.write_text("a,b\n1,2\n", encoding="utf-8")
    with DuckDBDataset(readable=[path]) as dataset:
        assert dataset.connection.execute("SELECT a FROM read_csv($1)", [str(path)]).fetchall() == [(1,)]
        spool = dataset.spool
        assert spool.is_dir()
    assert not spool.exists()


def test_what_is_no_iri_is_refused() -> None:
    graph = rdflib.Graph()
    graph.add((rdflib.URIRef("urn:a"), rdflib.URIRef("urn:p"), rdflib.BNode('"urn:x""y')))
    with pytest.raises(UnreadableInputError, match="IRI"):
        DuckDBDataset.from_graph(graph)


def test_rules_that_take_too_much_memory_end_in_a_limit() -> None:
    shapes = """@prefix sh: <http://www.w3.org/ns/shacl#> .
        <urn:S> sh:targetSubjectsOf <urn:p> ; sh:sparql [ sh:select
            "SELECT $this ?value WHERE { $this <urn:p> ?x . ?b <urn:p> ?x ; <urn:q> ?value }" ] ."""
    rows = [
        Statement.literal(f"urn:{n}", f"urn:{p}", "x" * 300 + q)
        for n in range(3000)
        for p, q in (("p", ""), ("q", str(n)))
    ]
    with DuckDBDataset(memory_limit="60MB", overflow_limit="1MB") as dataset:
        dataset.load(rows)
        with pytest.raises(LimitReachedError) as caught:
            run(compile_plan(rdflib.Graph().parse(data=shapes)), dataset)
    assert caught.value.setting == "memory"


@pytest.mark.parametrize("kind", [DuckDBDataset, SqliteDataset])
def test_what_we_know_are_things_and_literals(kind: type[DuckDBDataset | SqliteDataset]) -> None:
    ours = [
        ("urn:a", RDF.type, "urn:C"),
        ("urn:a", "urn:p", "urn:b", ""),
        ("urn:a", "urn:q", "2026-01", XSD.gYearMonth),
    ]
    with kind() as dataset:
        dataset.load_background(ours)
        rows = dataset.connection.execute("SELECT p, o, kind, dt, lang FROM background ORDER BY o").fetchall()
    assert rows == [
        ("urn:q", "2026-01", 2, XSD.gYearMonth, ""),
        (RDF.type, "urn:C", 0, "", ""),
        ("urn:p", "urn:b", 0, "", ""),
    ]


def test_what_was_begun_is_taken_up_only_as_it_is_wanted() -> None:
    with DuckDBDataset() as dataset:
        dataset.begin(lambda: [("urn:a", RDF.type, "urn:C")], {"one": "SELECT 1 AS n", "two": "SELECT 2 AS n"})
        dataset.load_background([])
        dataset.define("one", "SELECT 1 AS n")
        dataset.define("two", "SELECT 3 AS n")
        assert dataset.connection.execute("SELECT n FROM one UNION ALL SELECT n FROM two").fetchall() == [(1,), (3,)]
        dataset.define("one", "SELECT 1 AS n")  # the data may be another by now
        assert dataset.connection.execute("SELECT s FROM background").fetchall() == [("urn:a",)]


def test_what_was_begun_fails_when_it_is_asked_for_and_not_when_it_is_given_up() -> None:
    with DuckDBDataset() as dataset:
        dataset.begin(list, {"one": "SELECT nothing"})
        with pytest.raises(duckdb.BinderException):
            dataset.load_background([])
    with DuckDBDataset() as dataset:
        dataset.begin(list, {"one": "SELECT nothing"})


def test_nothing_is_drawn_where_python_runs_no_file() -> None:
    asked = "SELECT current_setting('enable_progress_bar')"
    script = f"""
import duckdb
from bicentennial.storage.duckdb.dataset import DuckDBDataset
print(duckdb.connect().execute({asked!r}).fetchone())
with DuckDBDataset(threads=2) as dataset:
    print([each.execute({asked!r}).fetchone() for each in [dataset.connection, dataset.connection.cursor()]])
"""
    run = subprocess.run([sys.executable, "-c", script], capture_output=True, text=True, check=True)
    assert run.stdout == "(True,)\n[(False,), (False,)]\n"
