"""The plan: shapes compiled to SQL, as plain data that can be written to a file and run without rdflib.

`compile_plan` makes it from a shapes graph and `bicentennial.shacl_engine.sql.engine.run` runs it. Simple checks of
property shapes with a target are kept as parameters (`Check.way`), so that the engine does all of a kind in
one statement; everything else is a `Script`.

>>> import rdflib
>>> graph = rdflib.Graph().parse(data='''
...     @prefix sh: <http://www.w3.org/ns/shacl#> .
...     <urn:S> sh:targetClass <urn:C> ; sh:property [ sh:path <urn:p> ; sh:minCount 1 ; sh:class <urn:D> ] .''')
>>> plan = compile_plan(graph)
>>> [(check.component, check.way, check.predicate) for check in plan.checks]
[('MinCount', 'missing', 'urn:p'), ('Class', 'class', 'urn:p')]
>>> Plan.from_json(plan.to_json()) == plan
True
"""

# ruff: noqa: S608 -- what goes into the SQL is numbers of checks and names of variables

from __future__ import annotations

import json
from collections import Counter
from contextlib import contextmanager
from itertools import groupby
from typing import TYPE_CHECKING, Any, Final

from bicentennial.core.errors import UnsupportedShapeError
from bicentennial.core.namespaces import compact
from bicentennial.core.records import field, record, replace
from bicentennial.core.resources import GENERATED
from bicentennial.shacl_engine.sql.edges import Star

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence
    from typing import Self

    import rdflib
    from rdflib.term import Node

    from bicentennial.shacl_engine.shapes import Constraint, Shape
    from bicentennial.shacl_engine.sql.checks import Query
    from bicentennial.shacl_engine.sql.script import Script

__all__ = [
    "Check",
    "Plan",
    "PlannedScript",
    "PlannedShape",
    "PlannedTable",
    "class_of",
    "compile_each",
    "compile_plan",
]

# The components that name shapes to which the value node itself must conform, or not.
_OF_NODES: Final = frozenset({"Node", "Not", "And", "Or", "Xone"})
_TEXTS: Final = ("way", "predicate", "argument", "light")
# What a script compares values of unknown types with; SQLite has no such function.
_OF_DUCKDB: Final = "list_transform("
_OF_CHECKS: Final = (*_TEXTS, "messages", "variables")


@record(frozen=True)
class PlannedShape:
    """What results say of a shape: its name, severity, path as SPARQL writes it, and messages by language."""

    node: str
    severity: str
    path: str | None
    messages: tuple[tuple[str, str], ...]


@record(frozen=True)
class Check:
    """One constraint of one shape.

    `shape` and `target` count from 0 in the plan's lists. `way` says how it is done: `missing`, `repeated`, `class`,
    `language` and `value` are kinds of simple checks on the objects of `predicate`, with their `argument` (a number, a
    class, an SQL condition on the value; for `missing`, further properties of which one will do); `script` is done by a
    script of the plan. `light` is the argument for SQLite where that is another. `node` is the key of the node of a
    SPARQL constraint, which JSON does not hold: it is another whenever the shapes are read.
    """

    shape: int
    component: str
    target: int
    way: str
    predicate: str = ""
    argument: str = ""
    light: str = ""
    messages: tuple[tuple[str, str], ...] = ()
    variables: tuple[str, ...] = ()
    node: str = field(default="", compare=False)


@record(frozen=True)
class PlannedScript:
    """A statement that does some checks, for the focus nodes of one target.

    Its SQL goes after `WITH RECURSIVE`, the relation `focus(f)` of the target's nodes, and the relations that are named
    in `reads`, see `Script.star`; the column `source` counts from 0 in the plan's `checks` that it names by number. It
    finds nothing unless each property of `needs` occurs in the data. `light` is the SQL for SQLite where it differs.
    """

    target: int
    checks: tuple[int, ...]
    sql: str
    reads: tuple[Star, ...] = ()
    needs: tuple[str, ...] = ()
    light: str = ""


@record(frozen=True)
class PlannedTable:
    """A table of the focus nodes, of several targets, that violate a shape: worked out once for all that use it."""

    name: str
    sql: str
    reads: tuple[Star, ...] = ()


@record(frozen=True)
class Plan:
    """Compiled shapes; each target is a list of pairs of kind and value, see `shapes.Target`."""

    shapes: tuple[PlannedShape, ...]
    targets: tuple[tuple[tuple[str, str], ...], ...]
    checks: tuple[Check, ...]
    scripts: tuple[PlannedScript, ...]
    tables: tuple[PlannedTable, ...] = ()

    def to_json(self) -> str:
        """Return the plan as JSON; the same shapes give the same text.

        Shapes, targets and checks go by names there, so that a change of one shape changes the lines of that shape.
        """
        targets = [_target_name(target) for target in self.targets]
        checks = self._named_checks()
        names = [name for name, members in checks.items() for _ in members]
        plain = {
            "$comment": GENERATED,
            "shapes": {
                each.node: {"severity": each.severity, "path": each.path, "messages": each.messages}
                for each in self.shapes
            },
            "targets": dict(zip(targets, self.targets, strict=True)),
            "checks": {
                name: {
                    "shape": self.shapes[members[0].shape].node,
                    "component": members[0].component,
                    "targets": [targets[each.target] for each in members],
                    **{field: value for field in _OF_CHECKS if (value := getattr(members[0], field))},
                }
                for name, members in checks.items()
            },
            "scripts": [
                {
                    "target": targets[each.target],
                    "checks": [names[number] for number in each.checks],
                    "sql": each.sql,
                    "reads": [[star.properties, star.of_focus] for star in each.reads],
                    "needs": each.needs,
                    **({"light": each.light} if each.light else {}),
                }
                for each in self.scripts
            ],
        }
        if self.tables:
            plain["tables"] = [
                {"name": each.name, "sql": each.sql, "reads": [[star.properties, star.of_focus] for star in each.reads]}
                for each in self.tables
            ]
        return json.dumps(plain, ensure_ascii=False, indent=1) + "\n"

    def _named_checks(self) -> dict[str, list[Check]]:
        """Return the checks by name; those that differ in their target alone, which follow each other, share one."""
        found: dict[str, list[Check]] = {}
        taken: Counter[str] = Counter()
        alike = groupby(enumerate(self.checks), lambda each: each[0] if each[1].way == "script" else _of_any(each[1]))
        for members in ([check for _, check in group] for _, group in alike):
            name = _check_name(self.shapes[members[0].shape].node, members[0].component)
            taken[name] += 1
            found[name if taken[name] == 1 else f"{name}~{taken[name]}"] = members
        return found

    @classmethod
    def from_json(cls, text: str) -> Self:
        """Return the plan that `to_json` wrote."""
        plain: dict[str, Any] = json.loads(text)
        shapes = {node: number for number, node in enumerate(plain["shapes"])}
        targets = {name: number for number, name in enumerate(plain["targets"])}
        checks: list[Check] = []
        numbers: dict[str, int] = {}
        for name, each in plain["checks"].items():
            numbers[name] = len(checks)
            given = {field: each[field] for field in _TEXTS if field in each}
            messages, variables = _pairs(each.get("messages", ())), tuple(each.get("variables", ()))
            checks += [
                Check(
                    shapes[each["shape"]], each["component"], targets[target], messages=messages, variables=variables,
                    **given,
                )
                for target in each["targets"]
            ]  # fmt: skip
        return cls(
            shapes=tuple(
                PlannedShape(node, each["severity"], each["path"], _pairs(each["messages"]))
                for node, each in plain["shapes"].items()
            ),
            targets=tuple(map(_pairs, plain["targets"].values())),
            checks=tuple(checks),
            scripts=tuple(
                PlannedScript(
                    targets[each["target"]],
                    tuple(numbers[name] for name in each["checks"]),
                    each["sql"],
                    _stars(each["reads"]),
                    tuple(each["needs"]),
                    each.get("light", ""),
                )
                for each in plain["scripts"]
            ),
            tables=tuple(
                PlannedTable(each["name"], each["sql"], _stars(each["reads"])) for each in plain.get("tables", ())
            ),
        )


def _stars(lists: Iterable[Sequence[Any]]) -> tuple[Star, ...]:
    return tuple(Star(tuple(properties), of_focus) for properties, of_focus in lists)


def _of_any(check: Check) -> Check:
    return replace(check, target=0)


def class_of(target: Sequence[tuple[str, str]]) -> str:
    """Return the class that a target consists of, nothing where it is another kind of target."""
    return target[0][1] if len(target) == 1 and target[0][0] == "class" else ""


def _check_name(shape: str, component: str) -> str:
    """Return what the plan calls a check."""
    return f"{compact(shape)}.{component}"


def _target_name(target: Iterable[tuple[str, str]]) -> str:
    return " ".join(compact(value) if each == "class" else f"{each} {value}" for each, value in target)


def _pairs(lists: Iterable[Sequence[str]]) -> tuple[tuple[str, str], ...]:
    return tuple((first, second) for first, second in lists)


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
    from bicentennial.shacl_engine.problems import ill_formed
    from bicentennial.shacl_engine.shapes import ShapesReader

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
        from bicentennial.shacl_engine.sql.checks import Compiler
        from bicentennial.shacl_engine.sql.constraints import conforms
        from bicentennial.shacl_engine.sql.literals import row
        from bicentennial.shacl_engine.sql.script import Script

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
            except UnsupportedShapeError:
                continue  # which is said of the shapes that use it
            name = f"shared{len(self._tables) + 1}"
            sql = script.statement([f"SELECT f FROM {violators}"])
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
        from bicentennial.shacl_engine.paths import Alternative, Predicate
        from bicentennial.shacl_engine.sql.constraints import condition, count
        from bicentennial.shacl_engine.sql.literals import row

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
        light = condition(constraint, row("", light=True)) if way == "value" else argument
        light = light if light and light != argument else ""
        self._checks.append(Check(self._shape(shape), constraint.component, target, way, path.iri, argument, light))
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
                needs = queries[0].needs if len(queries) == 1 else ()
                numbers = tuple(range(first, len(self._checks)))
                light = self._statement(shape, constraint, light=True)[2] if _OF_DUCKDB in sql else ""
                self._scripts.append(PlannedScript(target, numbers, sql, tuple(script.reads), needs, light))

    def _statement(
        self, shape: Shape, constraint: Constraint, *, light: bool = False
    ) -> tuple[Script, list[Query], str]:
        """Return the statement that checks a constraint, with what it is made of."""
        from bicentennial.shacl_engine.sql.checks import Compiler
        from bicentennial.shacl_engine.sql.script import Script

        script = Script(light=light)
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
        from bicentennial.shacl_engine.paths import path_text

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
