"""The ontology keeps its own rules, and each rule can fail: it owns an input that breaks it and nothing else."""

from __future__ import annotations

import re
from collections import defaultdict
from pathlib import Path

import pyoxigraph as ox
import pytest

from bicentennial.core.namespaces import compact
from bicentennial.core.resources import directory, files

RULES = {path.stem: path for path in files("shapes", "hygiene/*.rq")}
INVALID = {path.stem: path for path in sorted((Path(__file__).parent / "invalid").glob("*.ttl"))}

Offenders = frozenset[tuple[str, ...]]


def text_of(term: object) -> str:
    return compact(term.value) if isinstance(term, ox.NamedNode) else str(term)


def offenders(store: ox.Store, rule: str) -> Offenders:
    """Return what breaks a rule: the row of each solution, the offending node first."""
    query = RULES[rule].read_text("utf-8")
    solutions = store.query(query)
    assert isinstance(solutions, ox.QuerySolutions)
    return frozenset(tuple(text_of(term) for term in solution) for solution in solutions)


@pytest.fixture(scope="module")
def store() -> ox.Store:
    """The whole ontology with the framework's data, and the shapes, by which terms are used too."""
    store = ox.Store()
    for path in files("ontology", "**/*.ttl") + sorted(directory("shapes").glob("*/*.ttl")):
        store.bulk_load(path=path, format=ox.RdfFormat.TURTLE)
    return store


@pytest.fixture(scope="module")
def faults(store: ox.Store) -> dict[str, Offenders]:
    return {rule: offenders(store, rule) for rule in RULES}


@pytest.mark.parametrize("rule", RULES)
def test_the_ontology_keeps_the_rule(rule: str, faults: dict[str, Offenders]) -> None:
    assert not faults[rule], "\n".join(sorted("  ".join(row) for row in faults[rule]))


def test_every_rule_has_an_input_that_breaks_it_and_none_is_left_over() -> None:
    assert len(RULES) > 20
    assert set(INVALID) == set(RULES)


@pytest.mark.parametrize("name", INVALID)
def test_an_invalid_input_breaks_its_rule_and_no_other(
    name: str, store: ox.Store, faults: dict[str, Offenders]
) -> None:
    triples = list(ox.parse(path=INVALID[name], format=ox.RdfFormat.TURTLE))
    added = [quad for quad in triples if quad not in store]
    assert added, "the input says nothing new"
    store.extend(added)
    try:
        broken = {rule: offenders(store, rule) - faults[rule] for rule in RULES}
    finally:
        for quad in added:
            store.remove(quad)
    assert {rule for rule, rows in broken.items() if rows} == {name}


@pytest.mark.parametrize("rule", RULES)
def test_a_rule_names_itself_and_says_what_it_demands(rule: str) -> None:
    head = RULES[rule].read_text("utf-8").splitlines()
    assert head[0] == f"# name: {rule}"
    assert re.fullmatch(r"# demands: [A-Z].+", head[1])


def test_verbs_of_object_properties_are_listed_alike_in_both_rules() -> None:
    lists = defaultdict(set)
    for rule in ("object-property-name", "datatype-property-name"):
        for found in re.findall(r"\^\(([a-z|]+)\)\(\[A-Z\]", RULES[rule].read_text("utf-8")):
            lists[found].add(rule)
    assert len(lists) == 1
    (rules,) = lists.values()
    assert len(rules) == 2


def test_headers_within_a_table_are_told_apart(store: ox.Store) -> None:
    rows = store.query(
        """PREFIX csvw: <http://www.w3.org/ns/csvw#> PREFIX rdf: <http://www.w3.org/1999/02/22-rdf-syntax-ns#>
        SELECT ?table ?title (COUNT(DISTINCT ?column) AS ?count) WHERE {
          ?table csvw:tableSchema/csvw:column/rdf:rest*/rdf:first ?column . ?column csvw:title ?title
        } GROUP BY ?table ?title"""
    )
    assert isinstance(rows, ox.QuerySolutions)
    counts = {(str(row["table"]), str(row["title"])): str(row["count"]) for row in rows}
    assert counts
    assert {value.partition('"')[2].partition('"')[0] for value in counts.values()} == {"1"}


def test_texts_that_no_rule_can_parse_name_only_what_exists(store: ox.Store) -> None:
    """SPARQL within shapes, named queries and the rules themselves is text to the rules above."""
    paths = [*files("shapes", "**/*.ttl"), *files("shapes", "hygiene/*.rq"), *files("queries", "*.rq")]
    mentioned = {
        (path.name, name)
        for path in paths
        for name in re.findall(r"(?<![\w:])(bicd?:[A-Za-z][\w-]*)", path.read_text("utf-8"))
    }
    assert len(mentioned) > 100
    rows = store.query("SELECT DISTINCT ?thing WHERE { ?thing a ?kind }")
    assert isinstance(rows, ox.QuerySolutions)
    known = {text_of(row["thing"]) for row in rows}
    assert sorted((file, name) for file, name in mentioned if name not in known) == []
