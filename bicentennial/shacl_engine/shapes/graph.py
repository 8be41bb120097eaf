"""A shapes graph as typed objects: shapes, targets, constraints and paths, checked for form on the way.

What breaks the rules of SHACL is refused, and so is, by name, what the compiled engine does not cover: here or where it
would be compiled. Nothing is skipped.

>>> import rdflib
>>> graph = rdflib.Graph().parse(data='''
...     @prefix sh: <http://www.w3.org/ns/shacl#> .
...     <urn:S> sh:targetClass <urn:C> ; sh:property [ sh:path <urn:p> ; sh:minCount 1 ] .''')
>>> shape, = read_shapes(graph)
>>> shape.targets, shape.constraints[0].shapes[0].path
((Target(kind='class', value='urn:C'),), Predicate(iri='urn:p'))
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Final

import rdflib
from rdflib.namespace import SH

from bicentennial.core.errors import UnsupportedShapeError
from bicentennial.shacl_engine.shapes.components import Use, components
from bicentennial.shacl_engine.shapes.discovery import TRUE, is_class, prefixes, targeted
from bicentennial.shacl_engine.shapes.form import check_form
from bicentennial.shacl_engine.shapes.indexed import indexed
from bicentennial.shacl_engine.shapes.paths import members, one, read_path
from bicentennial.shacl_engine.terms import messages_of, term

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable, Mapping

    from rdflib.term import Node

    from bicentennial.shacl_engine.results import Term
    from bicentennial.shacl_engine.shapes.paths import Path

__all__ = [
    "Constraint",
    "Select",
    "Shape",
    "ShapesReader",
    "Target",
    "read_shapes",
    "targets_of",
]


@dataclass(frozen=True, slots=True)
class Target:
    """What a shape is about: `kind` is `class`, `node`, `subjectsOf` or `objectsOf`; `value` the key of a term."""

    kind: str
    value: str


@dataclass(frozen=True, slots=True)
class Select:
    """A constraint written as a SPARQL query, its prefixes in front; `node` is the key of its node."""

    text: str
    messages: tuple[tuple[str, str], ...]
    node: str = field(default="", compare=False)


@dataclass(frozen=True, slots=True)
class Constraint:
    """One constraint: the component's local name without its ending, and its parameters.

    Of a component that the graph declares, `component` is the IRI and `use` holds the rest.
    """

    component: str
    values: tuple[Term, ...] = ()
    shapes: tuple[Shape, ...] = ()
    flag: bool = False
    siblings: tuple[Shape, ...] = ()
    select: Select | None = None
    use: Use | None = None

    @property
    def value(self) -> Term:
        """The only value of a component that has one."""
        return self.values[0]


@dataclass(frozen=True, slots=True)
class Shape:
    """A node shape, or a property shape if it has a path."""

    node: str
    path: Path | None
    severity: str
    messages: tuple[tuple[str, str], ...]
    constraints: tuple[Constraint, ...]
    targets: tuple[Target, ...] = field(default=(), compare=False)


# Parameter -> component, for components that take one value at most.
_SINGLE: Final = {
    SH.datatype: "Datatype",
    SH.nodeKind: "NodeKind",
    SH.minCount: "MinCount",
    SH.maxCount: "MaxCount",
    SH.minExclusive: "MinExclusive",
    SH.minInclusive: "MinInclusive",
    SH.maxExclusive: "MaxExclusive",
    SH.maxInclusive: "MaxInclusive",
    SH.minLength: "MinLength",
    SH.maxLength: "MaxLength",
    SH.uniqueLang: "UniqueLang",
}
_MANY: Final = {
    SH["class"]: "Class",
    SH.equals: "Equals",
    SH.disjoint: "Disjoint",
    SH.lessThan: "LessThan",
    SH.lessThanOrEquals: "LessThanOrEquals",
    SH.hasValue: "HasValue",
}
_LISTS: Final = {SH["in"]: "In", SH.languageIn: "LanguageIn"}
_SHAPES: Final = {SH.node: "Node", SH["not"]: "Not", SH.property: "Property"}
_SHAPE_LISTS: Final = {SH["and"]: "And", SH["or"]: "Or", SH.xone: "Xone"}
_KNOWN: Final = frozenset(
    {
        *(SH.path, SH.severity, SH.message, SH.deactivated, SH.name, SH.description, SH.order, SH.group),
        *(SH.defaultValue, SH.targetClass, SH.targetNode, SH.targetSubjectsOf, SH.targetObjectsOf),
        *(SH.flags, SH.pattern, SH.closed, SH.ignoredProperties, SH.sparql, SH.qualifiedValueShape),
        *(SH.qualifiedMinCount, SH.qualifiedMaxCount, SH.qualifiedValueShapesDisjoint, SH.declare, SH.prefixes),
        *(SH.shapesGraph, SH.suggestedShapesGraph, SH.rule, *_SINGLE, *_MANY, *_LISTS, *_SHAPES, *_SHAPE_LISTS),
        SH.select,  # of a shape that is its own SPARQL constraint
    }
)


def read_shapes(graph: rdflib.Graph) -> tuple[Shape, ...]:
    """Return every shape of the graph that has a target and is not deactivated, sorted by name.

    Raises:
        ShapesError: a shape is ill-formed or recursive.
        UnsupportedShapeError: a shape uses what the compiled engine does not cover.
    """
    reader = ShapesReader(graph)
    return tuple(shape for node in reader.targeted if (shape := reader.shape(node)) is not None)


_TARGETS: Final = {
    SH.targetClass: "class",
    SH.targetNode: "node",
    SH.targetSubjectsOf: "subjectsOf",
    SH.targetObjectsOf: "objectsOf",
}


def targets_of(graph: rdflib.Graph, shapes: Collection[Node] | None = None) -> tuple[Target, ...]:
    """Return the targets of some shapes, or of all that are not deactivated; sorted, each once."""
    if shapes is None:
        shapes = [node for node in targeted(graph) if TRUE not in graph.objects(node, SH.deactivated)]
    found = {
        Target(kind, term(value).key)
        for node in shapes
        for predicate, kind in _TARGETS.items()
        for value in graph.objects(node, predicate)
    }
    found |= {Target("class", term(node).key) for node in shapes if is_class(graph, node)}
    return tuple(sorted(found, key=lambda target: (target.kind, target.value)))


def _refuse_unknown(said: set[Node]) -> None:
    """Refuse a shape of which something is said in SHACL's terms that is not covered."""
    for predicate in sorted(said - _KNOWN, key=str):
        if str(predicate).startswith(str(SH)):
            raise UnsupportedShapeError("term", name=str(predicate).removeprefix(str(SH)))


class ShapesReader:
    """Reads shapes of one graph, each once.

    Raises:
        ShapesError: a shape is ill-formed or recursive.
    """

    def __init__(self, graph: rdflib.Graph) -> None:
        graph = self._graph = indexed(graph)
        check_form(graph)
        self._shapes: dict[Node, Shape | None] = {}
        self._components = components(graph)
        self.targeted: list[Node] = sorted(targeted(graph), key=str)
        """The shapes that have a target."""

    def shape(self, node: Node) -> Shape | None:
        """Return a shape; None if it is deactivated.

        Raises:
            UnsupportedShapeError: it uses what the compiled engine does not cover.
        """
        if node not in self._shapes:
            self._shapes[node] = self._read(node)
        return self._shapes[node]

    def _inner(self, node: Node) -> Shape:
        # A deactivated shape is conformed to by everything.
        return self.shape(node) or Shape(term(node).key, None, str(SH.Violation), (), ())

    def _read(self, node: Node) -> Shape | None:
        said = set(self._graph.predicates(node))
        _refuse_unknown(said)
        if self._is_true(node, SH.deactivated):
            return None
        path = one(self._graph, node, SH.path)
        return Shape(
            node=term(node).key,
            path=None if path is None else read_path(self._graph, path),
            severity=str(one(self._graph, node, SH.severity) or SH.Violation),
            messages=messages_of(self._graph, node),
            constraints=tuple(self._constraints(node, said)),
            targets=targets_of(self._graph, [node]),
        )

    def _is_true(self, node: Node, predicate: rdflib.URIRef) -> bool:
        return TRUE in self._graph.objects(node, predicate)

    def _constraints(self, node: Node, said: set[Node]) -> Iterable[Constraint]:
        def used(components: Mapping[rdflib.URIRef, str]) -> list[tuple[rdflib.URIRef, str]]:
            return [(predicate, component) for predicate, component in components.items() if predicate in said]

        for predicate, component in used(_SINGLE):
            value = one(self._graph, node, predicate)
            if value is not None and (component != "UniqueLang" or value == TRUE):
                yield Constraint(component, (term(value),))
        for predicate, component in used(_MANY):
            yield from (Constraint(component, (term(value),)) for value in self._sorted(node, predicate))
        for predicate, component in used(_LISTS):
            for head in self._sorted(node, predicate):
                yield Constraint(component, tuple(map(term, members(self._graph, head))))
        for predicate, component in used(_SHAPES):
            for value in self._sorted(node, predicate):
                yield Constraint(component, shapes=(self._inner(value),))
        for predicate, component in used(_SHAPE_LISTS):
            for head in self._sorted(node, predicate):
                yield Constraint(component, shapes=tuple(map(self._inner, members(self._graph, head))))
        yield from self._patterns(node)
        yield from self._closed(node)
        yield from self._qualified(node)
        yield from self._selects(node)
        for declared in self._components:
            for use in declared.uses(self._graph, node):
                yield Constraint(use.node, use=use)

    def _patterns(self, node: Node) -> Iterable[Constraint]:
        pattern, flags = one(self._graph, node, SH.pattern), one(self._graph, node, SH.flags)
        if pattern is not None:
            yield Constraint("Pattern", (term(pattern), term(flags if flags is not None else rdflib.Literal(""))))

    def _closed(self, node: Node) -> Iterable[Constraint]:
        if self._is_true(node, SH.closed):
            heads = list(self._graph.objects(node, SH.ignoredProperties))
            allowed: set[Node] = {member for head in heads for member in members(self._graph, head)}
            for inner in self._graph.objects(node, SH.property):
                allowed.update(path for path in self._graph.objects(inner, SH.path) if isinstance(path, rdflib.URIRef))
            yield Constraint("Closed", tuple(sorted(map(term, allowed))))

    def _qualified(self, node: Node) -> Iterable[Constraint]:
        value = one(self._graph, node, SH.qualifiedValueShape)
        if value is None:
            return
        siblings: tuple[Shape, ...] = ()
        if self._is_true(node, SH.qualifiedValueShapesDisjoint):
            others = {
                other
                for parent in self._graph.subjects(SH.property, node)
                for sibling in self._graph.objects(parent, SH.property)
                for other in self._graph.objects(sibling, SH.qualifiedValueShape)
                if other != value
            }
            siblings = tuple(map(self._inner, sorted(others, key=str)))
        for predicate, component in (
            (SH.qualifiedMinCount, "QualifiedMinCount"),
            (SH.qualifiedMaxCount, "QualifiedMaxCount"),
        ):
            count = one(self._graph, node, predicate)
            if count is not None:
                yield Constraint(component, (term(count),), (self._inner(value),), siblings=siblings)

    def _selects(self, node: Node) -> Iterable[Constraint]:
        for constraint in self._sorted(node, SH.sparql):
            if self._is_true(constraint, SH.deactivated):
                continue
            text = prefixes(self._graph, constraint) + str(one(self._graph, constraint, SH.select))
            messages = messages_of(self._graph, constraint)
            yield Constraint("SPARQL", select=Select(text, messages, term(constraint).key))

    def _sorted(self, node: Node, predicate: rdflib.URIRef) -> list[Node]:
        return sorted(self._graph.objects(node, predicate), key=lambda value: term(value).key)
