"""The W3C's test suite for SHACL: what each engine makes of it, in exact numbers."""

from __future__ import annotations

from collections import Counter

import pytest
import rdflib
from rdflib.namespace import RDF

from benchmarks.w3c import cases, earl, outcome

CASES = list(cases())
RIGHT = {
    "auto": {"core": 98, "sparql": 22},
    "compiled": {"core": 98, "sparql": 21},
    "pyshacl": {"core": 98, "sparql": 21},
}


@pytest.mark.parametrize("engine", RIGHT)
def test_no_engine_answers_wrong_and_so_many_are_right(engine: str) -> None:
    found = {case.iri: (case.part, *outcome(case, engine)) for case in CASES}
    assert {iri: why for iri, (_, verdict, why) in found.items() if verdict == "wrong"} == {}
    counts = Counter(part for part, verdict, _ in found.values() if verdict == "right")
    assert counts == RIGHT[engine], [iri for iri, (_, verdict, _) in found.items() if verdict == "unsupported"]


def test_the_suite_is_whole_and_reported_on() -> None:
    assert Counter(case.part for case in CASES) == {"core": 98, "sparql": 23}
    graph = earl(dict.fromkeys((case.iri for case in CASES), "right"))
    assert len(set(graph.subjects(RDF.type, rdflib.URIRef("http://www.w3.org/ns/earl#Assertion")))) == 121
