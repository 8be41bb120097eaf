"""Shapes to a plan: which constraints are simple checks, and the SQL of the others.

>>> import rdflib
>>> graph = rdflib.Graph().parse(data='''
...     @prefix sh: <http://www.w3.org/ns/shacl#> .
...     <urn:S> sh:targetClass <urn:C> ; sh:property [ sh:path <urn:p> ; sh:minCount 1 ; sh:class <urn:D> ] .''')
>>> plan = compile_plan(graph)
>>> [(check.component, check.way, check.predicate) for check in plan.checks]
[('MinCount', 'missing', 'urn:p'), ('Class', 'class', 'urn:p')]
"""

# ruff: noqa: S608 -- what goes into the SQL is numbers of checks and names of variables

from __future__ import annotations

import re
from contextlib import contextmanager
from typing import TYPE_CHECKING, Final

from bicentennial.core.errors import UnsupportedShapeError
from bicentennial.core.namespaces import XSD
from bicentennial.shacl_engine.plan import Check, Plan, PlannedScript, PlannedShape, PlannedTable
from bicentennial.shacl_engine.problems import ill_formed
from bicentennial.shacl_engine.shapes.graph import ShapesReader
from bicentennial.shacl_engine.shapes.paths import Alternative, Predicate, path_text
from bicentennial.shacl_engine.sql.checks import Compiler
from bicentennial.shacl_engine.sql.constraints import condition, conforms, count
from bicentennial.shacl_engine.sql.literals import decimal, quoted, row
from bicentennial.shacl_engine.sql.script import Script

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    import rdflib
    from rdflib.term import Node

    from bicentennial.shacl_engine.shapes.graph import Constraint, Shape
    from bicentennial.shacl_engine.sql.checks import Query

__all__ = ["compile_each", "compile_plan"]

# The components that name shapes to which the value node itself must conform, or not.
_OF_NODES: Final = frozenset({"Node", "Not", "And", "Or", "Xone"})
# What a script compares values of unknown types with, splits long lists by, and seeks what occurs twice by: SQLite has
# no such functions; and how regular expressions begin that are written for DuckDB.
_OF_DUCKDB: Final = re.compile(r"list_transform\(|string_split\(|hash\(|, '\(\?i?m?(?:s|-s)\)")


def compile_plan(graph: rdflib.Graph) -> Plan:
    """Compile the shapes of a graph.

    Raises:
        ShapesError: the shapes are ill-formed or recursive.
        UnsupportedShapeError: a shape uses what the compiled engine does not cover.
    """
    return compile_each(graph, refuse=True)[0]


def compile_each(graph: rdflib.Graph, *, refuse: bool = False) -> tuple[Plan, set[Node]]:
    """Compile those shapes of a graph that the compiled engine covers, and return the others too.

    Args:
        graph: the shapes graph.
        refuse: whether a shape that is not covered is an error.

    Raises:
        ShapesError: the shapes are ill-formed or recursive.
        UnsupportedShapeError: a shape is not covered, and that is an error.
    """
    planner = _Planner()
    reader = ShapesReader(graph)
    left: set[Node] = set()
    shapes: dict[Node, Shape] = {}
    try:
        for node in reader.targeted:
            with _collected(node, left, refuse=refuse):
                if (shape := reader.shape(node)) is not None:
                    shapes[node] = shape
        planner.share([*shapes.values()])
        for node, shape in shapes.items():
            with _collected(node, left, refuse=refuse):
                planner.add(shape)
    except RecursionError:
        raise ill_formed("too-deep") from None
    return planner.plan(), left


@contextmanager
def _collected(node: Node, left: set[Node], *, refuse: bool) -> Iterator[None]:
    """Add a shape to those that are not covered if it turns out to be one, unless that is an error."""
    try:
        yield
    except UnsupportedShapeError:
        if refuse:
            raise
        left.add(node)


class _Planner:
    """Gathers the parts of a plan shape by shape."""

    def __init__(self) -> None:
        self._shapes: dict[PlannedShape, int] = {}
        self._targets: dict[tuple[tuple[str, str], ...], int] = {}
        self._checks: list[Check] = []
        self._scripts: list[PlannedScript] = []
        self._tables: list[PlannedTable] = []
        self._shared: dict[str, str] = {}

    def plan(self) -> Plan:
        """Return what was gathered."""
        parts = (tuple(self._shapes), tuple(self._targets), tuple(self._checks), tuple(self._scripts))
        return Plan(*parts, tuple(self._tables))

    def share(self, shapes: Sequence[Shape]) -> None:
        """Plan tables for what several shapes with unlike targets demand of their focus nodes."""
        users: dict[str, tuple[Shape, dict[int, None]]] = {}
        for shape in shapes:
            target = self._target(_target_of(shape))
            for owner, constraint in _constraints(shape):
                if owner.path is None and constraint.component in _OF_NODES:
                    for inner in constraint.shapes:
                        users.setdefault(inner.node, (inner, {}))[1][target] = None
        for inner, targets in users.values():
            if len(targets) < 2 or conforms(inner, row("")) is not None:
                continue
            script = Script()
            try:
                violators = Compiler(script).violators(inner, script.targets([*targets]))
                sql = script.statement([f"SELECT f FROM {violators}"])
            except UnsupportedShapeError:
                continue  # which is said of the shapes that use it
            name = f"shared{len(self._tables) + 1}"
            self._tables.append(PlannedTable(name, sql, tuple(script.reads)))
            self._shared[inner.node] = name

    def add(self, shape: Shape) -> None:
        """Add a shape that has targets, all of it or nothing."""
        checks, scripts = len(self._checks), len(self._scripts)
        try:
            self._add(shape)
        except UnsupportedShapeError:
            del self._checks[checks:], self._scripts[scripts:]
            raise

    def _add(self, shape: Shape) -> None:
        pairs = _target_of(shape)
        # What a shape of several classes demands is a check for each: codes name the class, and rows are of one.
        by_class = all(each == "class" for each, _ in pairs)
        targets = [self._target((pair,)) for pair in pairs] if by_class else [self._target(pairs)]
        left: list[tuple[Shape, Constraint]] = []
        for owner, constraint in _constraints(shape):
            simple = [self._simple(owner, constraint, target) for target in targets]
            if not all(simple):
                left.append((owner, constraint))
        if left:
            self._script(left, self._target(pairs))

    def _target(self, pairs: tuple[tuple[str, str], ...]) -> int:
        return self._targets.setdefault(pairs, len(self._targets))

    def _simple(self, shape: Shape, constraint: Constraint, target: int) -> bool:
        """Add a check as parameters if it is a simple one."""
        path, others = shape.path, ""
        if isinstance(path, Alternative) and constraint.component == "MinCount" and count(constraint.value) == 1:
            predicates = [each.iri for each in path.paths if isinstance(each, Predicate)]
            path = Predicate(predicates[0]) if len(predicates) == len(path.paths) else path
            others = " ".join(predicates[1:])
        if not isinstance(path, Predicate):
            return False
        match constraint.component:
            case "MinCount" if count(constraint.value) == 1:
                way, argument = "missing", others
            case "MaxCount" if count(constraint.value) >= 0:
                way, argument = "repeated", str(count(constraint.value))
            case "UniqueLang":
                way, argument = "language", ""
            case "Class":
                way, argument = "class", constraint.value.key
            case "HasValue":
                return False
            case _:
                alone = condition(constraint, row(""))
                if alone is None:
                    return False
                way, argument = "value", alone
        sqlite = condition(constraint, row("", sqlite=True)) if way == "value" else argument
        sqlite = sqlite if sqlite and sqlite != argument else ""
        # What numbers are compared with takes long to plan for all datatypes that there are.
        decimals = condition(constraint, decimal()) if quoted(XSD.decimal) in argument else ""
        texts = (path.iri, argument, sqlite, decimals or "")
        self._checks.append(Check(self._shape(shape), constraint.component, target, way, *texts))
        return True

    def _script(self, left: list[tuple[Shape, Constraint]], target: int) -> None:
        """Add a script for the constraints that are not simple."""
        for shape, constraint in left:
            script, queries, sql = self._statement(shape, constraint)
            first = len(self._checks)
            for query in queries:
                stated = query.constraint.select or query.constraint.use
                messages = stated.messages if stated else ()
                self._checks.append(
                    Check(
                        self._shape(query.shape),
                        query.constraint.component,
                        target,
                        "script",
                        messages=messages,
                        variables=query.variables,
                        node=query.constraint.select.node if query.constraint.select else "",
                    )
                )
            if queries:
                needs, says = (queries[0].needs, queries[0].says) if len(queries) == 1 else ((), ())
                numbers = tuple(range(first, len(self._checks)))
                sqlite = self._statement(shape, constraint, sqlite=True)[2] if _OF_DUCKDB.search(sql) else ""
                self._scripts.append(
                    PlannedScript(target, numbers, sql, tuple(script.reads), needs, sqlite, says, tuple(script.in_row))
                )

    def _statement(
        self, shape: Shape, constraint: Constraint, *, sqlite: bool = False
    ) -> tuple[Script, list[Query], str]:
        """Return the statement that checks a constraint, with what it is made of."""
        script = Script(sqlite=sqlite)
        focus = script.target()
        queries = list(Compiler(script, self._shared).of_constraint(shape, constraint, focus))
        selects = []
        for number, query in enumerate(queries):
            values = ", ".join(f'"?{name}"' for name in query.variables)
            bindings = f"min(list_value({values}))" if values else "NULL"
            # Of several solutions for one value, the messages show the first.
            selects.append(
                f"SELECT {number} AS source, f, k, path, {bindings} AS bindings FROM ({query.sql}) GROUP BY f, k, path"
            )
        return script, queries, script.statement(selects) if selects else ""

    def _shape(self, shape: Shape) -> int:

        path = path_text(shape.path) if shape.path else None
        planned = PlannedShape(shape.node, shape.severity, path, shape.messages)
        return self._shapes.setdefault(planned, len(self._shapes))


def _target_of(shape: Shape) -> tuple[tuple[str, str], ...]:
    return tuple((target.kind, target.value) for target in shape.targets)


def _constraints(shape: Shape) -> list[tuple[Shape, Constraint]]:
    """Return the constraints of a shape and, if it is a node shape, of its property shapes."""
    found: list[tuple[Shape, Constraint]] = []
    for constraint in shape.constraints:
        if constraint.component == "Property" and shape.path is None:
            # The value node of a node shape is its focus node, so that the inner shape has the same target.
            found.extend(_constraints(constraint.shapes[0]))
        else:
            found.append((shape, constraint))
    return found
