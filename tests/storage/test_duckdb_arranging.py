"""However statements are arranged, they say the same."""

from __future__ import annotations

from collections import Counter
from itertools import product
from typing import TYPE_CHECKING, Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from bicentennial.core.namespaces import RDF, XSD
from bicentennial.storage import sizes
from bicentennial.storage.duckdb.dataset import DuckDBDataset
from bicentennial.storage.layout import quoted
from bicentennial.storage.statement import Statement

if TYPE_CHECKING:
    from collections.abc import Iterator

PROPERTIES = ["urn:ex:p", "urn:ex:q", "urn:ex:it's", RDF.type]
NODES = ["urn:ex:a", "urn:ex:b", "urn:ex:c", "_:b0", "urn:ex:C", "urn:ex:D"]
PLACES = st.tuples(st.none(), st.sampled_from([None, 1, 2]), st.sampled_from([None, 3]), st.sampled_from([None, 1]))
LITERALS = st.sampled_from(
    [
        ("", XSD.string, ""),
        ("x", XSD.string, ""),
        ("x", RDF.langString, "es"),
        ("x", RDF.langString, "en"),
        ("2024-01-01", XSD.date, ""),
        ("2024", XSD.gYear, ""),
        ("urn:ex:a", XSD.string, ""),
    ]
)
TYPES = st.builds(
    lambda s, o, place: Statement.iri(s, RDF.type, o)._replace(row=place),
    st.sampled_from(NODES),
    st.sampled_from(["urn:ex:C", "urn:ex:D"]),
    st.sampled_from([None, 7]),
)
LINKS = st.builds(Statement.iri, st.sampled_from(NODES), st.sampled_from(PROPERTIES), st.sampled_from(NODES))
VALUES = st.builds(
    lambda s, p, literal, place: Statement.literal(s, p, *literal)._replace(
        sheet=place[0], row=place[1], col=place[2], item=place[3]
    ),
    st.sampled_from(NODES),
    st.sampled_from(PROPERTIES),
    LITERALS,
    PLACES,
)
ROWS = st.lists(st.one_of(TYPES, LINKS, VALUES), min_size=1, max_size=12)
CONDITIONS = ["kind = 2 AND length(o) > 1", "NOT (kind <> 1 AND o IN ('x', 'urn:ex:a'))", "k LIKE '%date%'"]


@pytest.fixture
def small_sizes() -> Iterator[None]:
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(sizes, "SORTED_STATEMENTS", -1)
        patch.setattr(sizes, "TABULATED_THINGS", 0)
        yield


def _rows(dataset: DuckDBDataset, query: str) -> Counter[tuple[Any, ...]]:
    return Counter(dataset.connection.execute(query).fetchall())


def _stated(dataset: DuckDBDataset) -> dict[str, Any]:
    """Return what a dataset answers that must not depend on how it is arranged."""
    layout = dataset.layout()
    columns = "s, p, o, kind, dt, lang, sheet, row, col, item"
    return {
        "statements": _rows(dataset, f"SELECT {columns} FROM statements"),
        "keyed": _rows(dataset, f"SELECT {columns}, k FROM keyed"),
        "number": len(dataset),
        "properties": dataset.properties(),
        "counts": [dataset.count_of(each) for each in ("urn:ex:C", "urn:ex:D", "urn:ex:E")],
        "typed": _rows(dataset, f"SELECT {columns} FROM {dataset.statements_of(RDF.type)}"),
        "of properties": [
            _rows(dataset, f"SELECT {columns}, k FROM ({layout.statements_of(p, where)})")
            for p in PROPERTIES
            for where in ("", *CONDITIONS)
        ],
    }


@settings(max_examples=40, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(rows=ROWS, copies=st.sampled_from([1, 9]))
def test_arranged_statements_are_the_same(rows: list[Statement], copies: int, small_sizes: None) -> None:
    # Copies under other names: many things that share a value.
    rows = [each._replace(s=f"{each.s}{n or ''}") for each in rows for n in range(copies)]
    with DuckDBDataset() as dataset:
        dataset.load(rows)
        expected = _stated(dataset)
        dataset.arrange()
        assert _stated(dataset) == expected


@settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(rows=ROWS)
def test_what_stands_in_rows_is_what_joins_find(rows: list[Statement], small_sizes: None) -> None:
    with DuckDBDataset() as dataset:
        dataset.load(rows)
        dataset.arrange()
        layout = dataset.layout()
        everything = "SELECT DISTINCT s FROM statements"
        for table in layout.sheets:
            of_rows = f"SELECT s FROM {table}"
            for p in PROPERTIES:
                lacking = layout.lacking(table, p)
                if lacking is not None:
                    others = f"SELECT s FROM statements WHERE p = {quoted(p)}"
                    expected = f"SELECT s FROM ({everything}) WHERE s IN ({of_rows}) AND s NOT IN ({others})"
                    assert _rows(dataset, lacking) == _rows(dataset, expected)
                values = _rows(dataset, f"SELECT s, count(*) AS n FROM statements WHERE p = {quoted(p)} GROUP BY s")
                assert not layout.single(p) or all(n == 1 for _, n in values)
        pairs = ((PROPERTIES[0], PROPERTIES[1]), (PROPERTIES[2], RDF.type))
        for (p, q), lacks in product(pairs, ([], PROPERTIES[1:3], [RDF.type])):
            lacked = ", ".join(map(quoted, lacks)) or "NULL"
            stars = layout.stars((p, q), lacks)
            if stars is not None:
                parts = ", ".join(f"{part}{n}" for n in (1, 2) for part in ("k", "o", "kind", "dt", "lang"))
                found = sum((_rows(dataset, f"SELECT s, {parts} FROM ({each})") for each in stars.values()), Counter())
                joined = ", ".join(f"e{n}.{part}" for n in (1, 2) for part in ("k", "o", "kind", "dt", "lang"))
                tables = " UNION ALL ".join(f"SELECT s FROM {table}" for table in layout.sheets)
                assert found == _rows(
                    dataset,
                    f"SELECT e1.s, {joined} FROM keyed e1, keyed e2 WHERE e1.s = e2.s AND e1.p = {quoted(p)}"
                    f" AND e2.p = {quoted(q)} AND e1.s IN ({tables})"
                    f" AND e1.s NOT IN (SELECT s FROM statements WHERE p IN ({lacked}))",
                )


def test_things_of_one_class_become_rows(small_sizes: None) -> None:
    rows = [
        Statement.iri("urn:ex:a", RDF.type, "urn:ex:C"),
        Statement.literal("urn:ex:a", "urn:ex:p", "x"),
        Statement.iri("urn:ex:b", RDF.type, "urn:ex:C"),
        Statement.literal("urn:ex:b", "urn:ex:q", "x"),
        Statement.literal("urn:ex:b", "urn:ex:q", "y"),
        Statement.iri("urn:ex:both", RDF.type, "urn:ex:C"),
        Statement.iri("urn:ex:both", RDF.type, "urn:ex:D"),
        Statement.literal("urn:ex:none", "urn:ex:p", "x"),
    ]
    with DuckDBDataset() as dataset:
        dataset.load(rows)
        dataset.arrange()
        layout = dataset.layout()
        assert layout.sheets == ["things1"]
        assert dataset.connection.execute("SELECT s FROM things1 ORDER BY s").fetchall() == [
            ("urn:ex:a",),
            ("urn:ex:b",),
        ]
        assert {column.p: column.single for column in layout.columns} == {
            RDF.type: True,
            "urn:ex:p": True,
            "urn:ex:q": False,
        }
        assert dataset.connection.execute("SELECT count(*) FROM stored").fetchone() == (3,)


def test_more_properties_than_a_table_has_columns(small_sizes: None) -> None:
    rows = [Statement.iri("urn:ex:a", RDF.type, "urn:ex:C")]
    rows += [Statement.literal("urn:ex:a", f"urn:ex:p{number}", "x") for number in range(300)]
    with DuckDBDataset() as dataset:
        dataset.load(rows)
        dataset.arrange()
        assert (dataset.layout().sheets, len(dataset)) == ([], 301)
