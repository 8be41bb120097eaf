"""A shapes graph as typed objects: shapes, targets, constraints and paths, checked for form on the way.

What the compiled engine does not cover is refused here or where it would be compiled, by name, and never skipped.

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
from rdflib.namespace import OWL, RDF, RDFS, SH

from bicentennial.core.errors import UnsupportedShapeError
from bicentennial.shacl_engine.paths import members, one, read_path
from bicentennial.shacl_engine.results import Term
from bicentennial.storage.dataset import BLANK, IRI, LITERAL

if TYPE_CHECKING:
    from collections.abc import Iterable

    from rdflib.term import Node

    from bicentennial.shacl_engine.paths import Path

__all__ = [
    "Constraint",
    "Select",
    "Shape",
    "Target",
    "messages_of",
    "read_shapes",
    "term",
]


@dataclass(frozen=True, slots=True)
class Target:
    """What a shape is about: `kind` is `class`, `node`, `subjectsOf` or `objectsOf`; `value` the key of a term."""

    kind: str
    value: str


@dataclass(frozen=True, slots=True)
class Select:
    """A constraint written as a SPARQL query, its prefixes in front."""

    text: str
    messages: tuple[tuple[str, str], ...]


@dataclass(frozen=True, slots=True)
class Constraint:
    """One constraint: the component's local name without its ending, and its parameters."""

    component: str
    values: tuple[Term, ...] = ()
    shapes: tuple[Shape, ...] = ()
    flag: bool = False
    siblings: tuple[Shape, ...] = ()
    select: Select | None = None

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


def term(node: Node) -> Term:
    """Return an rdflib term as ours."""
    if isinstance(node, rdflib.Literal):
        datatype = RDF.langString if node.language else node.datatype or rdflib.XSD.string
        return Term(str(node), LITERAL, str(datatype), (node.language or "").lower())
    return Term(f"_:{node}", BLANK) if isinstance(node, rdflib.BNode) else Term(str(node), IRI)


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
_ONLY_PROPERTY: Final = {"MinCount", "MaxCount", "UniqueLang", "LessThan", "LessThanOrEquals"}
_SILENT: Final = frozenset(
    {
        RDF.type, RDFS.label, RDFS.comment, RDFS.isDefinedBy, RDFS.seeAlso, RDFS.subClassOf,
        SH.path, SH.severity, SH.message, SH.deactivated, SH.name, SH.description, SH.order, SH.group,
        SH.defaultValue, SH.targetClass, SH.targetNode, SH.targetSubjectsOf, SH.targetObjectsOf,
        SH.flags, SH.pattern, SH.closed, SH.ignoredProperties, SH.sparql, SH.qualifiedValueShape,
        SH.qualifiedMinCount, SH.qualifiedMaxCount, SH.qualifiedValueShapesDisjoint, SH.declare, SH.prefixes,
        SH.shapesGraph, SH.rule, SH.entailment,
    }
)  # fmt: skip


def read_shapes(graph: rdflib.Graph) -> tuple[Shape, ...]:
    """Return every shape of the graph that has a target and is not deactivated, sorted by name.

    Raises:
        UnsupportedShapeError: a shape is recursive, ill-formed, or uses what the compiled engine does not cover.
    """
    if any(graph.triples((None, SH.entailment, None))):
        raise UnsupportedShapeError("sh:entailment")
    for kind in (SH.ConstraintComponent, SH.SPARQLTargetType):
        if any(graph.triples((None, RDF.type, kind))):
            raise UnsupportedShapeError(f"a declared sh:{kind.fragment}")
    reader = _Reader(graph)
    shapes = (reader.shape(node, ()) for node in sorted(_targeted(graph), key=str))
    return tuple(shape for shape in shapes if shape is not None)


def _targeted(graph: rdflib.Graph) -> set[Node]:
    found: set[Node] = set()
    for predicate in (SH.targetClass, SH.targetNode, SH.targetSubjectsOf, SH.targetObjectsOf, SH.target):
        found.update(graph.subjects(predicate))
    return found | {node for node in _declared(graph) if _is_class(graph, node)}


def _declared(graph: rdflib.Graph) -> set[Node]:
    return {node for kind in (SH.NodeShape, SH.PropertyShape) for node in graph.subjects(RDF.type, kind)}


def _is_class(graph: rdflib.Graph, node: Node) -> bool:
    kinds: set[Node] = {RDFS.Class, OWL.Class}
    kinds.update(kind for kind in graph.transitive_subjects(RDFS.subClassOf, RDFS.Class) if kind)
    return isinstance(node, rdflib.URIRef) and any(kind in kinds for kind in graph.objects(node, RDF.type))


def messages_of(graph: rdflib.Graph, node: Node) -> tuple[tuple[str, str], ...]:
    """Return the messages of a shape or a constraint, as sorted pairs of language and text."""
    found = graph.objects(node, SH.message)
    return tuple(sorted((getattr(text, "language", None) or "", str(text)) for text in found))


class _Reader:
    """Reads shapes of one graph, knowing by which shapes it came to each."""

    def __init__(self, graph: rdflib.Graph) -> None:
        self._graph = graph

    def shape(self, node: Node, above: tuple[Node, ...]) -> Shape | None:
        """Return a shape; None if it is deactivated."""
        if node in above:
            raise UnsupportedShapeError(f"recursive shapes ({node})")
        if isinstance(node, rdflib.Literal):
            raise UnsupportedShapeError(f"a literal in the place of a shape ({node})")
        self._refuse_unknown(node)
        deactivated = one(self._graph, node, SH.deactivated)
        if deactivated is not None and str(deactivated) in ("true", "1"):
            return None
        path = one(self._graph, node, SH.path)
        severity = one(self._graph, node, SH.severity)
        constraints = tuple(self._constraints(node, (*above, node), property_shape=path is not None))
        return Shape(
            node=term(node).key,
            path=None if path is None else read_path(self._graph, path),
            severity=str(severity or SH.Violation),
            messages=messages_of(self._graph, node),
            constraints=constraints,
            targets=tuple(self._targets(node)),
        )

    def _refuse_unknown(self, node: Node) -> None:
        known = _SILENT.union(_SINGLE, _MANY, _LISTS, _SHAPES, _SHAPE_LISTS)
        for predicate in self._graph.predicates(node):
            if predicate not in known and str(predicate).startswith(str(SH)):
                raise UnsupportedShapeError(f"sh:{str(predicate).removeprefix(str(SH))}")

    def _targets(self, node: Node) -> Iterable[Target]:
        kinds = {
            SH.targetClass: "class",
            SH.targetNode: "node",
            SH.targetSubjectsOf: "subjectsOf",
            SH.targetObjectsOf: "objectsOf",
        }
        found = {Target(kind, term(o).key) for p, kind in kinds.items() for o in self._graph.objects(node, p)}
        if node in _declared(self._graph) and _is_class(self._graph, node):
            found.add(Target("class", term(node).key))
        return sorted(found, key=lambda target: (target.kind, target.value))

    def _constraints(self, node: Node, above: tuple[Node, ...], *, property_shape: bool) -> Iterable[Constraint]:
        found: list[Constraint] = []
        for predicate, component in _SINGLE.items():
            value = one(self._graph, node, predicate)
            if value is not None and (component != "UniqueLang" or str(value) in ("true", "1")):
                found.append(Constraint(component, (term(value),)))
        for predicate, component in _MANY.items():
            found.extend(Constraint(component, (term(value),)) for value in self._sorted(node, predicate))
        for predicate, component in _LISTS.items():
            found.extend(
                Constraint(component, tuple(map(term, members(self._graph, head))))
                for head in self._sorted(node, predicate)
            )
        for predicate, component in _SHAPES.items():
            for value in self._sorted(node, predicate):
                inner = self.shape(value, above)
                if component == "Property" and one(self._graph, value, SH.path) is None:
                    raise UnsupportedShapeError(f"sh:property with a shape that has no sh:path ({value})")
                if component == "Node" and one(self._graph, value, SH.path) is not None:
                    raise UnsupportedShapeError(f"sh:node with a shape that has a sh:path ({value})")
                # A deactivated shape is conformed to by everything.
                found.append(Constraint(component, shapes=(inner or _anything(value),)))
        for predicate, component in _SHAPE_LISTS.items():
            for head in self._sorted(node, predicate):
                shapes = tuple(self.shape(member, above) or _anything(member) for member in members(self._graph, head))
                found.append(Constraint(component, shapes=shapes))
        found.extend(self._patterns(node))
        found.extend(self._closed(node))
        found.extend(self._qualified(node, above))
        found.extend(self._selects(node))
        for constraint in found:
            if not property_shape and (
                constraint.component in _ONLY_PROPERTY or constraint.component.startswith("Qualified")
            ):
                raise UnsupportedShapeError(f"{constraint.component} on a node shape ({node})")
        return found

    def _patterns(self, node: Node) -> Iterable[Constraint]:
        pattern, flags = one(self._graph, node, SH.pattern), one(self._graph, node, SH.flags)
        if pattern is not None:
            yield Constraint("Pattern", (term(pattern), term(flags if flags is not None else rdflib.Literal(""))))

    def _closed(self, node: Node) -> Iterable[Constraint]:
        closed = one(self._graph, node, SH.closed)
        if closed is not None and str(closed) in ("true", "1"):
            heads = list(self._graph.objects(node, SH.ignoredProperties))
            allowed: set[Node] = {member for head in heads for member in members(self._graph, head)}
            for inner in self._graph.objects(node, SH.property):
                allowed.update(path for path in self._graph.objects(inner, SH.path) if isinstance(path, rdflib.URIRef))
            yield Constraint("Closed", tuple(sorted(map(term, allowed))))

    def _qualified(self, node: Node, above: tuple[Node, ...]) -> Iterable[Constraint]:
        value = one(self._graph, node, SH.qualifiedValueShape)
        if value is None:
            return
        inner = self.shape(value, above) or _anything(value)
        siblings: list[Shape] = []
        if str(one(self._graph, node, SH.qualifiedValueShapesDisjoint)) in ("true", "1"):
            others = {
                other
                for parent in self._graph.subjects(SH.property, node)
                for sibling in self._graph.objects(parent, SH.property)
                for other in self._graph.objects(sibling, SH.qualifiedValueShape)
                if other != value
            }
            siblings = [self.shape(other, above) or _anything(other) for other in sorted(others, key=str)]
        for predicate, component in (
            (SH.qualifiedMinCount, "QualifiedMinCount"),
            (SH.qualifiedMaxCount, "QualifiedMaxCount"),
        ):
            count = one(self._graph, node, predicate)
            if count is not None:
                yield Constraint(component, (term(count),), (inner,), siblings=tuple(siblings))

    def _selects(self, node: Node) -> Iterable[Constraint]:
        for constraint in self._sorted(node, SH.sparql):
            if str(one(self._graph, constraint, SH.deactivated)) in ("true", "1"):
                continue
            select = one(self._graph, constraint, SH.select)
            if select is None:
                raise UnsupportedShapeError("sh:sparql without sh:select")
            yield Constraint(
                "SPARQL", select=Select(self._prefixes(constraint) + str(select), messages_of(self._graph, constraint))
            )

    def _prefixes(self, constraint: Node) -> str:
        owners = {
            owner
            for stated in self._graph.objects(constraint, SH.prefixes)
            for owner in self._graph.transitive_objects(stated, OWL.imports)
        }
        lines = {
            f"PREFIX {one(self._graph, declared, SH.prefix)}: <{one(self._graph, declared, SH.namespace)}>\n"
            for owner in owners
            for declared in self._graph.objects(owner, SH.declare)
        }
        return "".join(sorted(lines))

    def _sorted(self, node: Node, predicate: rdflib.URIRef) -> list[Node]:
        return sorted(self._graph.objects(node, predicate), key=lambda value: term(value).key)


def _anything(node: Node) -> Shape:
    return Shape(term(node).key, None, str(SH.Violation), (), ())
