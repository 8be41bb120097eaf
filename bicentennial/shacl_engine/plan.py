"""The plan: shapes compiled to SQL, as plain data that can be written to a file and run without rdflib.

`compile_plan` makes it from a shapes graph, `load` reads that of our own shapes, and
`bicentennial.shacl_engine.sql.engine.run` runs it. Simple checks of property shapes with a target are kept as
parameters (`Check.way`), so that the engine does all of a kind in one statement; everything else is a `Script`.

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
from dataclasses import asdict, dataclass
from typing import TYPE_CHECKING, Any, Final

from bicentennial.core.resources import COMPILED, files
from bicentennial.shacl_engine.sql.edges import Star

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence
    from pathlib import Path
    from typing import Self

    import rdflib

    from bicentennial.shacl_engine.shapes import Constraint, Shape

__all__ = ["Check", "Plan", "PlannedScript", "PlannedShape", "artefacts", "compile_plan", "load", "shapes_graph"]

_FILE: Final = COMPILED / "plan.json"


@dataclass(frozen=True, slots=True)
class PlannedShape:
    """What results say of a shape: its name, severity, path as SPARQL writes it, and messages by language."""

    node: str
    severity: str
    path: str | None
    messages: tuple[tuple[str, str], ...]


@dataclass(frozen=True, slots=True)
class Check:
    """One constraint of one shape.

    `shape` and `target` count from 0 in the plan's lists. `way` says how it is done: `missing`, `repeated`, `class`,
    `language` and `value` are kinds of simple checks on the objects of `predicate`, with their `argument` (a number, a
    class, an SQL condition on the value); `script` is done by a script of the plan. `light` is the argument for SQLite
    where that is another.
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


@dataclass(frozen=True, slots=True)
class PlannedScript:
    """A statement that does the checks which it names by number, for the focus nodes of one target.

    Its SQL goes after `WITH RECURSIVE` and the relations that are named in `reads`, see `Script.star`. It finds nothing
    unless each property of `needs` occurs in the data.
    """

    target: int
    sql: str
    reads: tuple[Star, ...] = ()
    needs: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Plan:
    """Compiled shapes; each target is a list of pairs of kind and value, see `shapes.Target`."""

    shapes: tuple[PlannedShape, ...]
    targets: tuple[tuple[tuple[str, str], ...], ...]
    checks: tuple[Check, ...]
    scripts: tuple[PlannedScript, ...]

    def to_json(self) -> str:
        """Return the plan as JSON; the same shapes give the same text."""
        plain = asdict(self)
        plain["checks"] = [
            {name: value for name, value in each.items() if value or value == 0} for each in plain["checks"]
        ]
        return json.dumps(plain, ensure_ascii=False, indent=1) + "\n"

    @classmethod
    def from_json(cls, text: str) -> Self:
        """Return the plan that `to_json` wrote."""
        plain: dict[str, Any] = json.loads(text)
        return cls(
            shapes=tuple(
                PlannedShape(each["node"], each["severity"], each["path"], _pairs(each["messages"]))
                for each in plain["shapes"]
            ),
            targets=tuple(map(_pairs, plain["targets"])),
            checks=tuple(
                Check(
                    **{
                        **each,
                        "messages": _pairs(each.get("messages", ())),
                        "variables": tuple(each.get("variables", ())),
                    }
                )
                for each in plain["checks"]
            ),
            scripts=tuple(
                PlannedScript(
                    each["target"],
                    each["sql"],
                    tuple(Star(tuple(properties), of_focus) for properties, of_focus in each["reads"]),
                    tuple(each["needs"]),
                )
                for each in plain["scripts"]
            ),
        )


def _pairs(lists: Iterable[Sequence[str]]) -> tuple[tuple[str, str], ...]:
    return tuple((first, second) for first, second in lists)


def load() -> Plan:
    """Return the compiled plan of our own shapes, structural and rules."""
    return Plan.from_json(_FILE.read_text(encoding="utf-8"))


def shapes_graph() -> rdflib.Graph:
    """Return our own shapes, structural and rules, as one graph."""
    import rdflib

    graph = rdflib.Graph(bind_namespaces="none")
    for path in [*files("shapes", "structural/*.ttl"), *files("shapes", "rules/*.ttl")]:
        graph.parse(path, format="turtle")
    return graph


def artefacts() -> dict[Path, str]:
    """Return the file that is compiled from our own shapes, and its content."""
    return {_FILE: compile_plan(shapes_graph()).to_json()}


def compile_plan(graph: rdflib.Graph) -> Plan:
    """Compile the shapes of a graph.

    Raises:
        UnsupportedShapeError: a shape uses what the compiled engine does not cover.
    """
    from bicentennial.shacl_engine.shapes import read_shapes

    planner = _Planner()
    for shape in read_shapes(graph):
        planner.add(shape)
    return planner.plan()


class _Planner:
    """Gathers the parts of a plan shape by shape."""

    def __init__(self) -> None:
        self._shapes: dict[PlannedShape, int] = {}
        self._targets: dict[tuple[tuple[str, str], ...], int] = {}
        self._checks: list[Check] = []
        self._scripts: list[PlannedScript] = []

    def plan(self) -> Plan:
        """Return what was gathered."""
        return Plan(tuple(self._shapes), tuple(self._targets), tuple(self._checks), tuple(self._scripts))

    def add(self, shape: Shape) -> None:
        """Add a shape that has targets."""
        pairs = tuple((target.kind, target.value) for target in shape.targets)
        target = self._targets.setdefault(pairs, len(self._targets))
        left: list[tuple[Shape, Constraint]] = []
        for owner, constraint in _constraints(shape):
            if not self._simple(owner, constraint, target):
                left.append((owner, constraint))
        self._script(left, target)

    def _simple(self, shape: Shape, constraint: Constraint, target: int) -> bool:
        """Add a check as parameters if it is a simple one."""
        from bicentennial.shacl_engine.paths import Predicate
        from bicentennial.shacl_engine.sql.constraints import condition, count
        from bicentennial.shacl_engine.sql.literals import row

        if not isinstance(shape.path, Predicate):
            return False
        match constraint.component:
            case "MinCount" if count(constraint.value) == 1:
                way, argument = "missing", "1"
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
        self._checks.append(
            Check(self._shape(shape), constraint.component, target, way, shape.path.iri, argument, light)
        )
        return True

    def _script(self, left: list[tuple[Shape, Constraint]], target: int) -> None:
        """Add a script for the constraints that are not simple."""
        from bicentennial.shacl_engine.sql.checks import Compiler
        from bicentennial.shacl_engine.sql.script import Script

        for shape, constraint in left:
            script = Script()
            focus = script.target(target)
            compiler = Compiler(script)
            selects = []
            queries = compiler.of_constraint(shape, constraint, focus)
            for query in queries:
                number = len(self._checks)
                messages = query.constraint.select.messages if query.constraint.select else ()
                self._checks.append(
                    Check(
                        self._shape(query.shape),
                        query.constraint.component,
                        target,
                        "script",
                        messages=messages,
                        variables=query.variables,
                    )
                )
                values = ", ".join(f'"?{name}"' for name in query.variables)
                bindings = f"min(list_value({values}))" if values else "NULL"
                # Of several solutions for one value, the messages show the first.
                selects.append(
                    f"SELECT {number} AS source, f, k, path, {bindings} AS bindings"
                    f" FROM ({query.sql}) GROUP BY f, k, path"
                )
            if selects:
                needs = queries[0].needs if len(queries) == 1 else ()
                self._scripts.append(PlannedScript(target, script.statement(selects), tuple(script.reads), needs))

    def _shape(self, shape: Shape) -> int:
        from bicentennial.shacl_engine.paths import path_text

        path = path_text(shape.path) if shape.path else None
        planned = PlannedShape(shape.node, shape.severity, path, shape.messages)
        return self._shapes.setdefault(planned, len(self._shapes))


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
