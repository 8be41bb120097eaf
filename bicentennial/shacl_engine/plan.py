"""The plan: shapes compiled to SQL, as plain data that can be written to a file and run without rdflib.

`sql.planner.compile_plan` makes it from a shapes graph and `sql.engine.run` runs it. Simple checks of property shapes
with a target are kept as parameters (`Check.way`), so that the engine does all of a kind in one statement; everything
else is a `PlannedScript`.

>>> check = Check(0, "MinCount", 0, "missing", "urn:p")
>>> plan = Plan((PlannedShape("urn:S", "Violation", "urn:p", ()),), ((("class", "urn:C"),),), (check,), ())
>>> Plan.from_json(plan.to_json()) == plan
True
"""

from __future__ import annotations

import json
from collections import Counter
from functools import partial
from itertools import groupby
from typing import TYPE_CHECKING, Any, Final

from bicentennial.core.namespaces import compact
from bicentennial.core.resources import GENERATED
from bicentennial.core.startup.named_tuples import NamedTuple

if TYPE_CHECKING:
    from collections.abc import Container, Iterable, Sequence
    from typing import Self

__all__ = ["Check", "InRow", "Need", "Plan", "PlannedScript", "PlannedShape", "PlannedTable", "Star", "class_of"]

_TEXTS: Final = ("way", "predicate", "argument", "sqlite", "decimal")
_OF_CHECKS: Final = (*_TEXTS, "messages", "variables")


class Star(NamedTuple):
    """What the data says of subjects that have all of some properties, and none of those that they are to lack.

    Asked for are those of them alone that are focus nodes, or that are values of something else.
    """

    properties: tuple[str, ...]
    of_focus: bool = False
    of_values: bool = False
    lacks: tuple[str, ...] = ()


class Need(NamedTuple):
    """Something that the data must say: that one of some paths, of one or two properties, leads anywhere.

    If there are `values`, it must lead to one of these IRIs.
    """

    paths: tuple[tuple[str, ...], ...]
    values: tuple[str, ...] = ()

    def may_be_met(self, present: frozenset[str] | set[str]) -> bool:
        """Return whether it may be met by data in which some properties occur."""
        return any(present.issuperset(path) for path in self.paths)


class PlannedShape(NamedTuple):
    """What results say of a shape: its name, severity, path as SPARQL writes it, and messages by language."""

    node: str
    severity: str
    path: str | None
    messages: tuple[tuple[str, str], ...]


class Check(NamedTuple):
    """One constraint of one shape.

    `shape` and `target` count from 0 in the plan's lists. `way` says how it is done: `missing`, `repeated`, `class`,
    `language` and `value` are kinds of simple checks on the objects of `predicate`, with their `argument` (a number, a
    class, an SQL condition on the value; for `missing`, further properties of which one will do); `script` is done by a
    script of the plan. `sqlite` is the argument for SQLite where that is another, and `decimal` for values
    that are decimal numbers beyond doubt, where that is planned sooner. `node` is the key of the node of a
    SPARQL constraint, which JSON does not hold: it is another whenever the shapes are read.
    """

    shape: int
    component: str
    target: int
    way: str
    predicate: str = ""
    argument: str = ""
    sqlite: str = ""
    decimal: str = ""
    messages: tuple[tuple[str, str], ...] = ()
    variables: tuple[str, ...] = ()
    node: str = ""


class InRow(NamedTuple):
    """A part of a script's SQL, and what takes its place if nothing has two values of any of some properties.

    A join then shows no more than what is known of a focus node already.
    """

    properties: tuple[str, ...]
    sql: str
    instead: str


class PlannedScript(NamedTuple):
    """A statement that does some checks, for the focus nodes of one target.

    Its SQL goes after `WITH RECURSIVE`, the relation `focus(f)` of the target's nodes, and the relations that are named
    in `reads`, see `Script.star`; the column `source` counts from 0 in the plan's `checks` that it names by number. It
    finds nothing unless the data says all of `needs`, and each of `says`, or one of several that stand there with
    spaces between, is a property of a focus node.
    `sqlite` is the SQL for SQLite where it differs, `in_row` what may be written in another way.
    """

    target: int
    checks: tuple[int, ...]
    sql: str
    reads: tuple[Star, ...] = ()
    needs: tuple[Need, ...] = ()
    sqlite: str = ""
    says: tuple[str, ...] = ()
    in_row: tuple[InRow, ...] = ()


class PlannedTable(NamedTuple):
    """A table of the focus nodes, of several targets, that violate a shape: worked out once for all that use it."""

    name: str
    sql: str
    reads: tuple[Star, ...] = ()


class Plan(NamedTuple):
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
                    "reads": [list(star) for star in each.reads],
                    "needs": each.needs,
                    **({"says": each.says} if each.says else {}),
                    **({"sqlite": each.sqlite} if each.sqlite else {}),
                    **({"in_row": each.in_row} if each.in_row else {}),
                }
                for each in self.scripts
            ],
        }
        if self.tables:
            plain["tables"] = [
                {"name": each.name, "sql": each.sql, "reads": [list(star) for star in each.reads]}
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
                    _needs(each["needs"]),
                    each.get("sqlite", ""),
                    tuple(each.get("says", ())),
                    _in_rows(each.get("in_row", ())),
                )
                for each in plain["scripts"]
            ),
            tables=tuple(
                PlannedTable(each["name"], each["sql"], _stars(each["reads"])) for each in plain.get("tables", ())
            ),
        )

    def checks_by_way(self, focused: Container[int], present: Container[str]) -> dict[str, list[tuple[int, Check]]]:
        """Return the checks that may find something, but for those of scripts, with their numbers, by `way`.

        Args:
            focused: the targets that have focus nodes, by number.
            present: the properties that occur in the data.
        """
        found: dict[str, list[tuple[int, Check]]] = {}
        for number, check in enumerate(self.checks):
            is_said = check.predicate in present or check.way == "missing"
            if check.way != "script" and check.target in focused and is_said:
                found.setdefault(check.way, []).append((number, check))
        return found

    def plain(self) -> tuple[Any, ...]:
        """Return the plan as tuples, texts and numbers, see `from_plain`."""
        return (
            tuple(map(tuple, self.shapes)),
            self.targets,
            tuple(map(tuple, self.checks)),
            tuple(
                (
                    *each[:3],
                    tuple(map(tuple, each.reads)),
                    tuple(map(tuple, each.needs)),
                    *each[5:7],
                    tuple(map(tuple, each.in_row)),
                )
                for each in self.scripts
            ),
            tuple((each.name, each.sql, tuple(map(tuple, each.reads))) for each in self.tables),
        )

    @classmethod
    def from_plain(cls, plain: tuple[Any, ...]) -> Self:
        """Return the plan that `plain` gave."""
        shapes, targets, checks, scripts, tables = plain
        made = partial(tuple.__new__, Check)  # there are more than a thousand
        return cls(
            tuple(map(PlannedShape._make, shapes)),
            targets,
            tuple(map(made, checks)),
            tuple(
                PlannedScript._make(
                    (
                        *each[:3],
                        tuple(map(Star._make, each[3])),
                        tuple(map(Need._make, each[4])),
                        *each[5:7],
                        tuple(map(InRow._make, each[7])),
                    )
                )
                for each in scripts
            ),
            tuple(PlannedTable(name, sql, tuple(map(Star._make, reads))) for name, sql, reads in tables),
        )


def _stars(lists: Iterable[Sequence[Any]]) -> tuple[Star, ...]:
    return tuple(Star(tuple(of), focus, values, tuple(lacks)) for of, focus, values, lacks in lists)


def _needs(lists: Iterable[Sequence[Any]]) -> tuple[Need, ...]:
    return tuple(Need(tuple(map(tuple, paths)), tuple(values)) for paths, values in lists)


def _in_rows(lists: Iterable[Sequence[Any]]) -> tuple[InRow, ...]:
    return tuple(InRow(tuple(properties), sql, instead) for properties, sql, instead in lists)


def _of_any(check: Check) -> Check:
    return check._replace(target=0)


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
