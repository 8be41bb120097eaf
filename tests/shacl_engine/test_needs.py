"""Scripts that are left out because the data does not say what they need would find nothing."""

from __future__ import annotations

from functools import cache
from typing import TYPE_CHECKING

import pytest
import rdflib
from hypothesis import given, settings
from hypothesis import strategies as st

from bicentennial.core.namespaces import RDF
from bicentennial.shacl_engine.plan import Need
from bicentennial.shacl_engine.sql.engine import run
from bicentennial.shacl_engine.sql.planner import compile_plan
from bicentennial.storage.duckdb.dataset import DuckDBDataset
from bicentennial.storage.sqlite_dataset import SqliteDataset
from bicentennial.storage.statement import Statement

if TYPE_CHECKING:
    from bicentennial.shacl_engine.plan import Plan

_RULES = {
    "values": "$this <urn:p> ?v . FILTER (?v IN (<urn:b>, <urn:c>))",
    "one value": "$this <urn:p> ?v . FILTER (?v = <urn:b> && ?v != <urn:c>)",
    "a constant": "$this <urn:p> <urn:b>",
    "a chain": "$this <urn:p> ?v . ?v <urn:q> ?w",
    "a chain to a class": "$this <urn:p> ?v . ?v a <urn:C> . FILTER NOT EXISTS { ?v <urn:q> ?w }",
    "a path": "$this <urn:p>/<urn:q> <urn:c>",
    "alternatives": "$this <urn:p>|<urn:q> ?v . FILTER NOT EXISTS { ?v <urn:p> ?w }",
    "either": "{ $this <urn:p> <urn:b> } UNION { $this <urn:q> <urn:c> }",
    "if there is": "$this <urn:p> ?v . OPTIONAL { ?v <urn:q> ?w } FILTER (!BOUND(?w))",
    "backwards": "$this ^<urn:p> ?v . ?v <urn:q> ?w",
}
_NODES = st.sampled_from(["urn:a", "urn:b", "urn:c", "_:d"])
_SAID = st.lists(st.tuples(_NODES, st.sampled_from(["urn:p", "urn:q", RDF.type]), _NODES), max_size=9)


@cache
def _plan() -> Plan:
    rules = " ".join(
        f"""<urn:S{number}> sh:targetClass <urn:C> ; sh:targetNode <urn:a> ; sh:sparql [
        sh:select "SELECT $this WHERE {{ {rule} }}" ] ."""
        for number, rule in enumerate(_RULES.values())
    )
    nodes = "<urn:P> sh:targetClass <urn:C> ; sh:path <urn:p> ; sh:or ( [ sh:class <urn:C> ] [ sh:hasValue 1 ] ) ."
    return compile_plan(rdflib.Graph().parse(data=f"@prefix sh: <http://www.w3.org/ns/shacl#> . {rules} {nodes}"))


@settings(max_examples=60, deadline=None)
@given(_SAID)
@pytest.mark.parametrize("kind", [DuckDBDataset, SqliteDataset])
def test_what_is_left_out_finds_nothing(
    kind: type[DuckDBDataset | SqliteDataset], said: list[tuple[str, str, str]]
) -> None:
    every = _plan()._replace(scripts=tuple(each._replace(needs=(), says=()) for each in _plan().scripts))
    rows = [
        Statement.iri(s, p, "urn:C" if p == RDF.type else o)._replace(kind=1 if o == "_:d" and p != RDF.type else 0)
        for s, p, o in said
    ]
    with kind() as dataset:
        dataset.load(rows)
        assert run(_plan(), dataset) == run(every, dataset)


def test_needs_are_values_and_chains() -> None:
    by_shape = {_plan().shapes[_plan().checks[each.checks[0]].shape].node: set(each.needs) for each in _plan().scripts}
    needs = {rule: by_shape[f"urn:S{number}"] for number, rule in enumerate(_RULES)}
    p, q = ("urn:p",), ("urn:q",)
    assert needs["values"] == {Need((p,), ("urn:b", "urn:c"))}
    assert needs["one value"] == {Need((p,), ("urn:b",))}
    assert needs["a chain"] == {Need((p,)), Need((q,)), Need((("urn:p", "urn:q"),))}
    assert needs["a path"] == {Need((p,)), Need((q,), ("urn:c",)), Need((("urn:p", "urn:q"),), ("urn:c",))}
    assert needs["alternatives"] == {Need((p, q))}
    assert needs["either"] == set()
