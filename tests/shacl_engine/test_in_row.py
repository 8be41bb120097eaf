"""What is decided by what stands in a row is what a join would find."""

from __future__ import annotations

from functools import cache
from typing import TYPE_CHECKING

import pytest
import rdflib
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from bicentennial.core.namespaces import RDF
from bicentennial.shacl_engine.result_table import ResultTable
from bicentennial.shacl_engine.sql.engine import run
from bicentennial.shacl_engine.sql.planner import compile_plan
from bicentennial.storage import sizes
from bicentennial.storage.duckdb.dataset import DuckDBDataset
from bicentennial.storage.statement import Statement

if TYPE_CHECKING:
    from collections.abc import Iterator

    from bicentennial.shacl_engine.plan import Plan

_DECIDED = {
    "another value": "$this <urn:p> ?v . ?v <urn:q> ?w . FILTER NOT EXISTS { $this <urn:p> ?w }",
    "the same value": "$this <urn:p> ?v ; <urn:q> ?w . FILTER EXISTS { $this <urn:p> ?w }",
    "a constant": "$this <urn:p> ?v . FILTER NOT EXISTS { $this <urn:p> <urn:b> }",
    "a condition": "$this <urn:p> ?v . FILTER NOT EXISTS { $this <urn:p> ?any . FILTER (?any IN (<urn:b>, <urn:c>)) }",
    "two properties": "$this <urn:p> ?v ; <urn:q> ?w . FILTER NOT EXISTS { $this <urn:p> ?any ; <urn:q> ?any }",
    "a thing alone": "$this <urn:p> ?v . FILTER EXISTS { $this <urn:p> $this }",
}
_JOINED = {
    "not of the row": "$this <urn:p> ?v . FILTER NOT EXISTS { $this <urn:q> ?w }",
    "of another thing": "$this <urn:p> ?v . FILTER NOT EXISTS { ?v <urn:p> $this }",
    "parts of a value": '$this <urn:p> ?v . FILTER EXISTS { $this <urn:p> ?w . FILTER (STRSTARTS(STR(?w), "urn:b")) }',
    "from outside": "$this <urn:p> ?v ; <urn:q> ?w . FILTER EXISTS { $this <urn:p> ?u . FILTER (?u = ?w) }",
}
_NODES = st.sampled_from(["urn:a", "urn:b", "urn:c", "urn:d"])
_SAID = st.lists(st.tuples(_NODES, st.sampled_from(["urn:p", "urn:q", RDF.type]), _NODES), max_size=9)


@cache
def _plan() -> Plan:
    rules = " ".join(
        f"""<urn:S{number}> sh:targetClass <urn:C> ; sh:sparql [ sh:select '''SELECT $this WHERE {{ {rule} }}''' ] ."""
        for number, rule in enumerate([*_DECIDED.values(), *_JOINED.values()])
    )
    return compile_plan(rdflib.Graph().parse(data=f"@prefix sh: <http://www.w3.org/ns/shacl#> . {rules}"))


@pytest.fixture
def small_sizes() -> Iterator[None]:
    with pytest.MonkeyPatch.context() as patch:
        for name in ("SORTED_STATEMENTS", "PLANNED_STATEMENTS"):
            patch.setattr(sizes, name, -1)
        patch.setattr(sizes, "TABULATED_THINGS", 0)
        yield


@settings(max_examples=40, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(_SAID)
def test_rows_decide_what_joins_find(small_sizes: None, said: list[tuple[str, str, str]]) -> None:
    joined = _plan()._replace(scripts=tuple(each._replace(in_row=()) for each in _plan().scripts))
    with DuckDBDataset() as dataset:
        dataset.load(Statement.iri(s, p, "urn:C" if p == RDF.type else o) for s, p, o in said)
        dataset.arrange()
        assert run(_plan(), dataset) == run(joined, dataset)


@pytest.mark.parametrize(("others", "expected"), [((), ["urn:a"]), (("urn:c",), [])])
def test_a_row_decides_where_a_property_has_one_value(
    small_sizes: None, monkeypatch: pytest.MonkeyPatch, others: tuple[str, ...], expected: list[str]
) -> None:
    plan = _plan()
    (script,) = [each for each in plan.scripts if plan.shapes[plan.checks[each.checks[0]].shape].node == "urn:S0"]
    asked: list[str] = []
    with DuckDBDataset() as dataset:
        rows = [Statement.iri(s, RDF.type, "urn:C") for s in ("urn:a", "urn:x")]
        rows += [Statement.iri("urn:a", "urn:p", o) for o in ("urn:b", *others)]
        dataset.load([*rows, Statement.iri("urn:b", "urn:q", "urn:c")])
        dataset.arrange()
        monkeypatch.setattr(
            "bicentennial.shacl_engine.result_table.ResultTable.insert",
            lambda found, statements, first, insert=ResultTable.insert: insert(found, map(noted, statements), first),
        )

        def noted(sql: str) -> str:
            asked.append(sql)
            return sql

        found = run(plan._replace(scripts=(script,)), dataset)
    assert [each.focus.lexical for each in found] == expected
    assert any(script.in_row[0].instead in sql for sql in asked) is not bool(others)


def test_what_stands_in_a_row_is_seen() -> None:
    decided = {_plan().shapes[_plan().checks[each.checks[0]].shape].node for each in _plan().scripts if each.in_row}
    assert decided == {f"urn:S{number}" for number in range(len(_DECIDED))}
