"""Both engines find the same, whatever the shapes and the data: shapes graphs and data graphs, good and hostile."""

from __future__ import annotations

from typing import Any

import pytest
import rdflib
from hypothesis import HealthCheck, assume, given, settings
from hypothesis import strategies as st
from rdflib import BNode, Literal, URIRef
from rdflib.collection import Collection
from rdflib.namespace import RDF, RDFS, SH, XSD

from bicentennial.core.errors import UsageError
from tests.shacl_results import shacl

EX = rdflib.Namespace("https://example.org/")
CLASSES = [EX.C, EX.D, EX.E]
PROPERTIES = [EX.p, EX.q, EX.r]
NODES: list[URIRef | BNode] = [EX.a, EX.b, EX.c, BNode("x"), BNode("y")]


def typed(lexical: str, datatype: URIRef) -> Literal:
    return Literal(lexical, datatype=datatype, normalize=False)


NUMBERS = [
    typed("1", XSD.integer),
    typed("01", XSD.integer),
    typed("-7", XSD.integer),
    typed("10", XSD.int),
    typed("1.0", XSD.decimal),
    typed("0.5", XSD.decimal),
    typed("5e-1", XSD.double),
]
DATES = [typed(day, XSD.date) for day in ("2022-03-01", "2024-02-29", "2022-02-28", "0999-12-31")]
MOMENTS = [
    typed("2022-03-01T10:00:00", XSD.dateTime),
    typed("2022-03-01T09:59:59.5", XSD.dateTime),
]
TEXTS = [
    Literal("meta"),
    Literal("Meta"),
    Literal(""),
    Literal("zeta 'quoted' \"twice\" \\ back\nslash\ttab"),
    Literal("é😀"),
]
TAGGED = [
    Literal("meta", lang="es"),
    Literal("goal", lang="en"),
    Literal("aim", lang="en"),
    Literal("meta", lang="es-MX"),
]
HOSTILE = [
    typed("maybe", XSD.boolean),
    typed("2023-02-30", XSD.date),
    typed("2026-W01-1", XSD.date),
    typed("1_000", XSD.integer),
    typed("١٢", XSD.integer),
    typed(" 1 ", XSD.integer),
    typed("300", XSD.byte),
    typed("one", EX.unknown),
    typed("'); DROP TABLE statements; --", XSD.string),
    Literal('"https://example.org/""x'),
    typed("true", XSD.boolean),
]
LITERALS = [*NUMBERS, *DATES, *MOMENTS, *TEXTS, *TAGGED, *HOSTILE]
DATATYPES = [XSD.integer, XSD.decimal, XSD.date, XSD.string, XSD.boolean, XSD.byte, RDF.langString, EX.unknown]


@st.composite
def data_graphs(draw: st.DrawFn, literals: list[Literal] = LITERALS, limits: list[Literal] = NUMBERS) -> rdflib.Graph:
    graph = rdflib.Graph()
    for node in NODES:
        for kind in draw(st.lists(st.sampled_from(CLASSES), max_size=2)):
            graph.add((node, RDF.type, kind))
    objects = st.one_of(st.sampled_from(NODES), st.sampled_from(literals))
    triples = st.tuples(st.sampled_from(NODES), st.sampled_from(PROPERTIES), objects)
    for triple in draw(st.lists(triples, min_size=1, max_size=14)):
        graph.add(triple)
    for node, limit in draw(st.lists(st.tuples(st.sampled_from(NODES), st.sampled_from(limits)), max_size=4)):
        graph.add((node, EX.limit, limit))
    for lower, upper in draw(st.lists(st.tuples(st.sampled_from(CLASSES), st.sampled_from(CLASSES)), max_size=2)):
        graph.add((lower, RDFS.subClassOf, upper))
    return graph


class ShapesGraph:
    """A shapes graph while it is drawn."""

    def __init__(self, draw: st.DrawFn, bounds: list[Literal]) -> None:
        self.graph = rdflib.Graph()
        self.bounds = bounds
        self._draw = draw
        self._count = 0

    def pick(self, *options: Any) -> Any:
        return self._draw(st.sampled_from(options))

    def add_list(self, members: list[Any]) -> Any:
        if not members:
            return RDF.nil
        head = BNode()
        Collection(self.graph, head, members)
        return head

    def path(self, depth: int) -> Any:
        kind = self.pick("predicate", "predicate", "predicate", "inverse", "sequence", "alternative", "*", "+", "?")
        if depth <= 0 or kind == "predicate":
            return self.pick(*PROPERTIES)
        if kind == "sequence":
            return self.add_list([self.path(depth - 1), self.path(depth - 1)])
        node = BNode()
        if kind == "inverse":
            self.graph.add((node, SH.inversePath, self.pick(*PROPERTIES)))
        elif kind == "alternative":
            self.graph.add((node, SH.alternativePath, self.add_list([self.path(depth - 1), self.path(depth - 1)])))
        else:
            predicate = {"*": SH.zeroOrMorePath, "+": SH.oneOrMorePath, "?": SH.zeroOrOnePath}[kind]
            self.graph.add((node, predicate, self.pick(*PROPERTIES)))
        return node

    def shape(self, depth: int, *, of_property: bool) -> URIRef:
        self._count += 1
        node = EX[f"shape{self._count}"]
        self.graph.add((node, RDF.type, SH.PropertyShape if of_property else SH.NodeShape))
        if of_property:
            self.graph.add((node, SH.path, self.path(2)))
        kinds = [*_VALUES, *(_OF_PROPERTIES if of_property else {}), *(_NESTED if depth > 0 else {})]
        if self.bounds:
            kinds += [*_RANGES, *(_PAIRS if of_property else {})]
        for kind in self._draw(st.lists(st.sampled_from(kinds), min_size=1, max_size=3, unique=True)):
            makers = {**_VALUES, **_OF_PROPERTIES, **_NESTED, **_RANGES, **_PAIRS}
            makers[kind](self, node, depth)
        if self.pick(True, *[False] * 5):
            self.graph.add((node, SH.severity, self.pick(SH.Warning, SH.Info)))
        if self.pick(True, *[False] * 12):
            self.graph.add((node, SH.deactivated, Literal(True)))
        return node

    def target(self, node: URIRef) -> None:
        predicate, values = self.pick(
            (SH.targetClass, CLASSES),
            (SH.targetClass, CLASSES),
            (SH.targetNode, [*NODES[:3], *TEXTS[:2], *self.bounds]),
            (SH.targetSubjectsOf, PROPERTIES),
            (SH.targetObjectsOf, PROPERTIES),
        )
        self.graph.add((node, predicate, self.pick(*values)))


def _fixed(predicate: URIRef, *options: Any) -> Any:
    return lambda shapes, node, _: shapes.graph.add((node, predicate, shapes.pick(*options)))


def _counted(predicate: URIRef) -> Any:
    return _fixed(predicate, *(Literal(number) for number in range(4)))


def _listed(predicate: URIRef, options: list[Any]) -> Any:
    def make(shapes: ShapesGraph, node: URIRef, _: int) -> None:
        members = [shapes.pick(*options) for _ in range(shapes.pick(1, 2, 3))]
        shapes.graph.add((node, predicate, shapes.add_list(members)))

    return make


def _node(shapes: ShapesGraph, node: URIRef, depth: int) -> None:
    shapes.graph.add((node, SH.node, shapes.shape(depth - 1, of_property=False)))


def _nested(predicate: URIRef) -> Any:
    def make(shapes: ShapesGraph, node: URIRef, depth: int) -> None:
        shapes.graph.add((node, predicate, shapes.shape(depth - 1, of_property=shapes.pick(True, False))))

    return make


def _nested_list(predicate: URIRef) -> Any:
    def make(shapes: ShapesGraph, node: URIRef, depth: int) -> None:
        members = [shapes.shape(depth - 1, of_property=shapes.pick(True, False)) for _ in range(shapes.pick(1, 2, 3))]
        shapes.graph.add((node, predicate, shapes.add_list(members)))

    return make


def _property(shapes: ShapesGraph, node: URIRef, depth: int) -> None:
    shapes.graph.add((node, SH.property, shapes.shape(depth - 1, of_property=True)))


def _closed(shapes: ShapesGraph, node: URIRef, _: int) -> None:
    shapes.graph.add((node, SH.closed, Literal(True)))
    shapes.graph.add((node, SH.ignoredProperties, shapes.add_list([RDF.type, shapes.pick(*PROPERTIES)])))


def _pattern(shapes: ShapesGraph, node: URIRef, _: int) -> None:
    shapes.graph.add(
        (node, SH.pattern, shapes.pick(*map(Literal, ("^m", "META", "[0-9]{2}", "a|e", r"^\S+$", "o.*g"))))
    )
    if shapes.pick(True, False):
        shapes.graph.add((node, SH.flags, shapes.pick(Literal("i"), Literal("s"), Literal(""))))


def _qualified(shapes: ShapesGraph, node: URIRef, depth: int) -> None:
    shapes.graph.add((node, SH.qualifiedValueShape, shapes.shape(depth - 1, of_property=shapes.pick(True, False))))
    shapes.graph.add((node, SH.qualifiedMinCount, Literal(shapes.pick(1, 2))))
    shapes.graph.add((node, SH.qualifiedMaxCount, Literal(shapes.pick(0, 1, 2))))


_VALUES: dict[str, Any] = {
    "class": _fixed(SH["class"], *CLASSES),
    "datatype": _fixed(SH.datatype, *DATATYPES),
    "nodeKind": _fixed(
        SH.nodeKind, SH.IRI, SH.BlankNode, SH.Literal, SH.BlankNodeOrIRI, SH.BlankNodeOrLiteral, SH.IRIOrLiteral
    ),
    "minLength": _fixed(SH.minLength, *(Literal(number) for number in (1, 4, 20))),
    "maxLength": _fixed(SH.maxLength, *(Literal(number) for number in (0, 1, 4, 20))),
    "pattern": _pattern,
    "languageIn": _listed(SH.languageIn, [Literal("en"), Literal("es"), Literal("es-MX")]),
    "in": _listed(SH["in"], [*NODES[:3], *LITERALS]),
    "hasValue": _fixed(SH.hasValue, *NODES[:3], *LITERALS),
    "equals": _fixed(SH.equals, *PROPERTIES),
    "disjoint": _fixed(SH.disjoint, *PROPERTIES),
    "closed": _closed,
}
_OF_PROPERTIES: dict[str, Any] = {
    "minCount": _counted(SH.minCount),
    "maxCount": _counted(SH.maxCount),
    "uniqueLang": _fixed(SH.uniqueLang, Literal(True)),
    "qualified": _qualified,
}
_RANGES: dict[str, Any] = {
    name: lambda shapes, node, _, name=name: shapes.graph.add((node, SH[name], shapes.pick(*shapes.bounds)))
    for name in ("minInclusive", "maxInclusive", "minExclusive", "maxExclusive")
}
_PAIRS: dict[str, Any] = {
    # What is compared with are never IRIs or texts: pySHACL takes IRIs for texts here.
    "lessThan": _fixed(SH.lessThan, EX.limit),
    "lessThanOrEquals": _fixed(SH.lessThanOrEquals, EX.limit),
}
_NESTED: dict[str, Any] = {
    "node": _node,
    "not": _nested(SH["not"]),
    "property": _property,
    "and": _nested_list(SH["and"]),
    "or": _nested_list(SH["or"]),
    "xone": _nested_list(SH.xone),
}


@st.composite
def shapes_graphs(draw: st.DrawFn, bounds: list[Literal] = []) -> rdflib.Graph:  # noqa: B006 - never changed
    """Shapes whose ranges have these bounds; without any, no shape compares values by order."""
    shapes = ShapesGraph(draw, bounds)
    for _ in range(draw(st.integers(1, 2))):
        shapes.target(shapes.shape(2, of_property=draw(st.booleans())))
    return shapes.graph


# Values are compared by order within one family: between families pySHACL follows rdflib's own order of terms, which
# SPARQL does not have (see test_differences.py).
FAMILIES = [
    (NUMBERS, [*NUMBERS, *TEXTS]),
    (DATES, [*DATES, *TEXTS]),
    (MOMENTS, [*MOMENTS, *TEXTS]),
    (TEXTS, [*TEXTS, *NUMBERS]),
]
RELAXED = settings(deadline=None, suppress_health_check=list(HealthCheck), derandomize=True)


def agree(data: rdflib.Graph, shapes: rdflib.Graph) -> None:
    compiled = shacl(data, shapes, engine="compiled")
    try:
        expected = shacl(data, shapes, engine="pyshacl")
    except UsageError as error:
        # pySHACL gives up where sh:lessThan meets a blank node; the recommendation counts that as a violation.
        assume("BlankNode" not in str(error))
        raise
    assert set(compiled) == set(expected), (
        f"{shapes.serialize(format='turtle')}\n{data.serialize(format='nt')}"
        f"\nonly compiled: {set(compiled) - set(expected)}\nonly pySHACL: {set(expected) - set(compiled)}"
    )
    assert compiled == expected


@pytest.mark.filterwarnings("ignore:Parsing weird boolean")
@settings(RELAXED, max_examples=40)
@given(data_graphs(LITERALS), shapes_graphs())
def test_on_any_shapes_and_hostile_literals(data: rdflib.Graph, shapes: rdflib.Graph) -> None:
    agree(data, shapes)


@settings(RELAXED, max_examples=30)
@given(st.data())
def test_on_shapes_that_compare_values(draws: st.DataObject) -> None:
    bounds, literals = draws.draw(st.sampled_from(FAMILIES))
    limits = NUMBERS if bounds is TEXTS else bounds
    agree(draws.draw(data_graphs(literals, limits)), draws.draw(shapes_graphs(bounds)))
