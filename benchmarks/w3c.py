"""The W3C's test suite for SHACL, run by the public call, and the report on it in EARL.

    python -m benchmarks.w3c [--engine auto|compiled|pyshacl] [--output earl.ttl]

The suite is in `tests/shacl_engine/w3c`, under its own licence.
"""

from __future__ import annotations

import argparse
import sys
from collections import Counter
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Final, Literal

import pyoxigraph
import rdflib
from rdflib.compare import isomorphic
from rdflib.namespace import DOAP, RDF, SH, XSD

import bicentennial
from bicentennial.core.errors import ShapesError, UnsupportedShapeError

if TYPE_CHECKING:
    from collections.abc import Iterator

    from rdflib.term import Node

__all__ = ["SUITE", "Case", "cases", "earl", "outcome"]

SUITE: Final = Path(__file__).parent.parent / "tests" / "shacl_engine" / "w3c"
_BASE: Final = "urn:x-shacl-test:"
_MF: Final = rdflib.Namespace("http://www.w3.org/2001/sw/DataAccess/tests/test-manifest#")
_SHT: Final = rdflib.Namespace("http://www.w3.org/ns/shacl-test#")
_EARL: Final = rdflib.Namespace("http://www.w3.org/ns/earl#")
_PROJECT: Final = rdflib.URIRef("https://w3id.org/bicentennial/software")

Outcome = Literal["right", "unsupported", "wrong"]


@dataclass(frozen=True)
class Case:
    """One test: its IRI, graphs of data and shapes, and what is expected: a report, or None for a failure."""

    iri: str
    part: str
    data: rdflib.Graph
    shapes: rdflib.Graph
    expected: rdflib.Graph | None


def _read(path: Path) -> rdflib.Graph:
    """Return a file's graph, lexical forms untouched, which rdflib's own parser would rewrite."""
    graph = rdflib.Graph()
    quads = pyoxigraph.parse(path.read_bytes(), format=pyoxigraph.RdfFormat.TURTLE, base_iri=path.as_uri())
    for quad in quads:
        graph.add((_term(quad.subject), _term(quad.predicate), _term(quad.object)))
    return graph


def _term(term: object) -> Node:
    if isinstance(term, pyoxigraph.NamedNode):
        return rdflib.URIRef(term.value)
    if isinstance(term, pyoxigraph.BlankNode):
        return rdflib.BNode(term.value)
    assert isinstance(term, pyoxigraph.Literal)
    if term.language:
        return rdflib.Literal(term.value, lang=term.language)
    datatype = rdflib.URIRef(term.datatype.value)
    return rdflib.Literal(term.value, datatype=None if datatype == XSD.string else datatype, normalize=False)


def cases() -> Iterator[Case]:
    """Yield the tests of the suite, in the order of their files."""
    for path in sorted(SUITE.rglob("*.ttl")):
        graph = _read(path)
        for test in graph.subjects(RDF.type, _SHT.Validate):
            yield _case(path, graph, test)


def _case(path: Path, graph: rdflib.Graph, test: Node) -> Case:
    action, result = graph.value(test, _MF.action), graph.value(test, _MF.result)
    files = [graph.value(action, each) for each in (_SHT.dataGraph, _SHT.shapesGraph)]
    names = [str(file).rpartition("/")[2] for file in files]
    graphs = [graph if name == path.name else _read(path.parent / name) for name in names]
    expected = None if result == _SHT.Failure else _described(graph, result)
    part = path.relative_to(SUITE).parts[0]
    return Case(f"{_BASE}{path.relative_to(SUITE).with_suffix('').as_posix()}", part, graphs[0], graphs[1], expected)


def _described(graph: rdflib.Graph, report: Node | None) -> rdflib.Graph:
    """Return what a graph says of a report: conformance, results and their paths."""
    found = rdflib.Graph()
    for conforms in graph.objects(report, SH.conforms):
        found.add((rdflib.BNode("report"), SH.conforms, rdflib.Literal(str(conforms) in ("true", "1"))))
    for result in graph.objects(report, SH.result):
        found.add((rdflib.BNode("report"), SH.result, result))
        for p, o in graph.predicate_objects(result):
            found.add((result, p, o))
            if p == SH.resultPath:
                _add_path(graph, o, found)
    return found


def _add_path(graph: rdflib.Graph, node: Node, found: rdflib.Graph) -> None:
    if isinstance(node, rdflib.BNode):
        for p, o in graph.predicate_objects(node):
            found.add((node, p, o))
            _add_path(graph, o, found)


def outcome(case: Case, engine: str = "auto") -> tuple[Outcome, str]:
    """Return how the library does on a test, and why it is not right, if so."""
    try:
        report = bicentennial.shacl(case.data, case.shapes, engine=engine)
    except UnsupportedShapeError as error:
        return "unsupported", str(error)
    except ShapesError as error:
        return ("right", "") if case.expected is None else ("unsupported", str(error))
    if case.expected is None:
        return "wrong", "answered, where it should fail"
    return _compared(report.to_graph(), case.expected)


def _compared(graph: rdflib.Graph, expected: rdflib.Graph) -> tuple[Outcome, str]:
    found = _described(graph, graph.value(None, RDF.type, SH.ValidationReport))
    # Messages, and nodes of constraints, are compared where the suite gives them.
    for predicate in (SH.resultMessage, SH.sourceConstraint):
        if (None, predicate, None) not in expected:
            found.remove((None, predicate, None))
    for graph in (found, expected):
        _unname(graph)
        _merge(graph)
    if isomorphic(found, expected):
        return "right", ""
    return "wrong", f"found {len(list(found.objects(None, SH.result)))} results: {found.serialize(format='turtle')}"


def _merge(graph: rdflib.Graph) -> None:
    """Take results out that say nothing but what another says: such a graph means the same."""
    seen = set()
    for result in list(graph.objects(None, SH.result)):
        said = frozenset((p, _path(graph, o) if p == SH.resultPath else o) for p, o in graph.predicate_objects(result))
        if said in seen:
            graph.remove((None, None, result))
            graph.remove((result, None, None))
        seen.add(said)


def _path(graph: rdflib.Graph, node: Node) -> object:
    return frozenset((p, _path(graph, o)) for p, o in graph.predicate_objects(node)) or node


def _unname(graph: rdflib.Graph) -> None:
    """Let what has no name in the shapes be one blank node: that of the shapes is in another graph."""
    for s, p, o in list(graph):
        if p in (SH.sourceShape, SH.sourceConstraint) and isinstance(o, rdflib.BNode):
            graph.remove((s, p, o))
            graph.add((s, p, rdflib.BNode(str(p).rpartition("#")[2])))


def earl(results: dict[str, Outcome]) -> rdflib.Graph:
    """Return a report in EARL, as the implementation reports of SHACL have it."""
    graph = rdflib.Graph()
    graph.bind("earl", _EARL)
    graph.bind("doap", DOAP)
    graph.add((_PROJECT, RDF.type, DOAP.Project))
    graph.add((_PROJECT, RDF.type, _EARL.Software))
    graph.add((_PROJECT, RDF.type, _EARL.TestSubject))
    graph.add((_PROJECT, DOAP.name, rdflib.Literal("bicentennial")))
    graph.add((_PROJECT, DOAP.release, rdflib.Literal(bicentennial.__version__)))
    outcomes = {"right": _EARL.passed, "unsupported": _EARL.untested, "wrong": _EARL.failed}
    for iri, verdict in results.items():
        assertion, result = rdflib.BNode(), rdflib.BNode()
        graph.add((assertion, RDF.type, _EARL.Assertion))
        graph.add((assertion, _EARL.assertedBy, _PROJECT))
        graph.add((assertion, _EARL.subject, _PROJECT))
        graph.add((assertion, _EARL.test, rdflib.URIRef(iri)))
        graph.add((assertion, _EARL.mode, _EARL.automatic))
        graph.add((assertion, _EARL.result, result))
        graph.add((result, RDF.type, _EARL.TestResult))
        graph.add((result, _EARL.outcome, outcomes[verdict]))
    return graph


def main() -> int:
    """Run the suite, print the counts, and write the report if asked to."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks.w3c", description=__doc__)
    parser.add_argument("--engine", default="auto", choices=("auto", "compiled", "pyshacl"))
    parser.add_argument("--output", type=Path, help="where to write the report in EARL")
    arguments = parser.parse_args()
    results: dict[str, Outcome] = {}
    counts: Counter[tuple[str, str]] = Counter()
    for case in cases():
        found, why = outcome(case, arguments.engine)
        results[case.iri] = found
        counts[case.part, found] += 1
        if found != "right":
            print(f"{found:12} {case.iri.removeprefix(_BASE)}: {why[:300]}", file=sys.stderr)
    for (part, verdict), number in sorted(counts.items()):
        print(f"{part:8} {verdict:12} {number}")
    if arguments.output:
        arguments.output.parent.mkdir(parents=True, exist_ok=True)
        arguments.output.write_text(earl(results).serialize(format="turtle"), encoding="utf-8")
    return 1 if any(found == "wrong" for found in results.values()) else 0


if __name__ == "__main__":
    sys.exit(main())
