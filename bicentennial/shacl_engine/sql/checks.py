"""Shapes as queries: `Compiler` writes what each constraint finds, over the relations of a `Script`.

A query has the columns `f` (focus node), `k` (value or NULL) and `path` (NULL, or the property that a closed shape
does not allow). Shapes within shapes are compiled for the relation of value nodes that they meet, however deep.
"""

# ruff: noqa: S608 -- what goes into the SQL is quoted by `literals.quoted`

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Final

from bicentennial.core.errors import UnsupportedShapeError
from bicentennial.shacl_engine.shapes.paths import Predicate
from bicentennial.shacl_engine.sql.constraints import condition, conforms, count
from bicentennial.shacl_engine.sql.literals import compared, quoted, row
from bicentennial.shacl_engine.sql.needs import first, needs_of_path

if TYPE_CHECKING:
    from collections.abc import Mapping

    from bicentennial.shacl_engine.plan import Need
    from bicentennial.shacl_engine.shapes.components import Use
    from bicentennial.shacl_engine.shapes.graph import Constraint, Shape
    from bicentennial.shacl_engine.sql.script import Script

__all__ = ["Compiler", "Query"]

# So many shapes in one list are looked at one by one.
_FEW: Final = 20
# What may be broken where there is no value.
_OF_NONE: Final = frozenset({"MinCount", "HasValue", "QualifiedMinCount", "Equals"})
_NOTHING = "SELECT CAST(NULL AS VARCHAR) AS f WHERE false"


@dataclass(frozen=True, slots=True)
class Query:
    """What finds the results of one constraint.

    `sql` has the columns `f, k, path` and, for a SPARQL constraint, `?name` of each variable. It finds nothing unless
    the data says all that it `needs`, and of each of `says` one is of a focus node: see `PlannedScript`.
    """

    shape: Shape
    constraint: Constraint
    sql: str
    variables: tuple[str, ...] = ()
    needs: tuple[Need, ...] = ()
    says: tuple[str, ...] = ()


class Compiler:
    """Writes the queries of shapes into one script.

    Args:
        script: where the relations go.
        shared: tables of the focus nodes that violate a shape, by the name of the shape, where several targets use it.
    """

    def __init__(self, script: Script, shared: Mapping[str, str] | None = None) -> None:
        self._script = script
        self._shared = shared or {}

    def queries(self, shape: Shape, focus: str) -> list[Query]:
        """Return the queries for the results of a shape, and of the property shapes below it, at focus nodes."""
        found: list[Query] = []
        for constraint in shape.constraints:
            found.extend(self.of_constraint(shape, constraint, focus))
        return found

    def of_constraint(self, shape: Shape, constraint: Constraint, focus: str) -> list[Query]:
        """Return the queries for the results of one constraint, which are several if it names a property shape."""
        if constraint.component == "Property":
            inner = self._script.nodes(self._values(shape, focus))
            found = self.queries(constraint.shapes[0], inner)
            # Below a property, the nodes that a query is about are no focus nodes of the target.
            return found if shape.path is None else [replace(query, says=()) for query in found]
        return [self.query(shape, constraint, focus)]

    def query(self, shape: Shape, constraint: Constraint, focus: str) -> Query:
        """Return the query for one constraint's own results at focus nodes."""
        if constraint.component == "SPARQL":
            from bicentennial.shacl_engine.sql.sparql import compile_select

            assert constraint.select is not None
            selected = compile_select(constraint.select.text, shape, focus, self._script, {})
            return Query(shape, constraint, selected.sql, selected.variables, selected.needs, selected.says)
        if constraint.use is not None:
            return self._declared(shape, constraint, constraint.use, focus)
        sql = f"SELECT DISTINCT f, k, path FROM ({self._found(shape, constraint, focus)})"
        if shape.path is None or constraint.component in _OF_NONE:
            return Query(shape, constraint, sql)
        needs, says = sorted(needs_of_path(shape.path)), sorted(first(shape.path))
        return Query(shape, constraint, sql, needs=tuple(needs), says=tuple(says))

    def _declared(self, shape: Shape, constraint: Constraint, use: Use, focus: str) -> Query:
        from bicentennial.shacl_engine.sql.sparql import compile_ask, compile_select

        if use.is_ask:
            sql = compile_ask(use.text, shape, self._values(shape, focus), self._script, use.bound)
            return Query(shape, constraint, sql)
        selected = compile_select(use.text, shape, focus, self._script, use.bound)
        return Query(shape, constraint, selected.sql, selected.variables, selected.needs, selected.says)

    def violators(self, shape: Shape, focus: str) -> str:
        """Return the relation of those focus nodes that do not conform to a shape."""
        parts = []
        for constraint in shape.constraints:
            if constraint.component == "Property":
                values = self._values(shape, focus)
                inner = constraint.shapes[0]
                if shape.path is None:
                    parts.append(f"SELECT f FROM {self.violators(inner, self._script.nodes(values))}")
                else:
                    parts.append(f"SELECT v.f FROM {values} v WHERE {self._fails(inner, values)}")
            elif constraint.component == "SPARQL" or constraint.use is not None:
                parts.append(f"SELECT f FROM ({self.query(shape, constraint, focus).sql})")
            else:  # what is found twice matters to results alone
                parts.append(f"SELECT f FROM ({self._found(shape, constraint, focus)})")
        return self._script.relation(" UNION ".join(parts) or _NOTHING)

    def _values(self, shape: Shape, focus: str) -> str:
        return self._script.values(shape.path, focus)

    def _fails(self, shape: Shape, values: str) -> str:
        """Return whether the value `v` of a relation of value nodes does not conform to a shape."""
        alone = conforms(shape, row("v."))
        if alone is not None:
            return f"NOT ({alone})"
        if self._script.is_target(values) and shape.node in self._shared:
            return f"v.k IN (SELECT f FROM {self._shared[shape.node]})"
        return f"v.k IN (SELECT f FROM {self.violators(shape, self._script.nodes(values))})"

    def _found(self, shape: Shape, constraint: Constraint, focus: str) -> str:
        values = self._values(shape, focus)
        alone = condition(constraint, row("v."))
        # A value that a property must have is looked for among all; of a node shape, the node itself must be it.
        if alone is not None and constraint.component != "HasValue":
            return f"SELECT v.f, v.k, CAST(NULL AS VARCHAR) AS path FROM {values} v WHERE NOT ({alone})"
        bad = self._of_values(constraint, values)
        if bad is not None:
            return f"SELECT v.f, v.k, CAST(NULL AS VARCHAR) AS path FROM {values} v WHERE {bad}"
        bad = self._of_focus(constraint, values, focus)
        if bad is not None:
            return f"SELECT f, CAST(NULL AS VARCHAR) AS k, CAST(NULL AS VARCHAR) AS path FROM ({bad})"
        return self._of_pairs(constraint, values, focus)

    def _of_values(self, constraint: Constraint, values: str) -> str | None:
        """Return whether a value `v` violates a constraint that every value must satisfy by itself."""
        if len(constraint.shapes) > _FEW:
            return self._of_many(constraint, values)
        failing = [f"({self._fails(shape, values)})" for shape in constraint.shapes]
        match constraint.component:
            case "Class":
                return f"v.k NOT IN (SELECT n FROM types WHERE c = {quoted(constraint.value.key)})"
            case "Node":
                return failing[0]
            case "Not":
                return f"NOT {failing[0]}"
            case "And":
                return " OR ".join(failing)
            case "Or":
                return " AND ".join(failing)
            case "Xone":
                return " + ".join(f"CAST(NOT {way} AS INTEGER)" for way in failing) + " <> 1"
        return None

    def _of_many(self, constraint: Constraint, values: str) -> str:
        """Return the same for a constraint that names very many shapes: how many of them a value violates decides."""
        focus = self._script.nodes(values)
        failing = []
        for shape in constraint.shapes:
            alone = conforms(shape, row("v."))
            if alone is None:
                failing.append(f"SELECT DISTINCT f FROM {self.violators(shape, focus)}")
            else:
                failing.append(f"SELECT DISTINCT v.k AS f FROM {values} v WHERE NOT ({alone})")
        # DuckDB goes down into a union step by step, and not very far.
        while len(failing) > 1:
            groups = [failing[start : start + _FEW] for start in range(0, len(failing), _FEW)]
            failing = [f"SELECT f FROM {self._script.relation(' UNION ALL '.join(group))}" for group in groups]
        counted = f"SELECT f FROM ({failing[0]}) GROUP BY f HAVING count(*)"
        number = len(constraint.shapes)
        match constraint.component:
            case "And":
                return f"v.k IN ({counted} > 0)"
            case "Or":
                return f"v.k IN ({counted} = {number})"
            case _:  # exactly one does not fail
                return f"v.k NOT IN ({counted} = {number - 1})"

    def _of_focus(self, constraint: Constraint, values: str, focus: str) -> str | None:
        """Return a query for the focus nodes that violate a constraint on all their values together."""
        match constraint.component:
            case "MinCount":
                return self._too_few(values, focus, "true", count(constraint.value))
            case "MaxCount":
                return self._too_many(values, focus, "true", count(constraint.value))
            case "HasValue":
                having = f"SELECT f FROM {values} WHERE k = {quoted(constraint.value.key)}"
                return f"SELECT f FROM {focus} WHERE f NOT IN ({having})"
            case "UniqueLang":
                return f"SELECT f FROM {values} WHERE lang <> '' GROUP BY f, lang HAVING count(DISTINCT k) > 1"
            case "QualifiedMinCount" | "QualifiedMaxCount" as name:
                meets = f"NOT ({self._fails(constraint.shapes[0], values)})"
                for sibling in constraint.siblings:
                    meets += f" AND ({self._fails(sibling, values)})"
                if name == "QualifiedMinCount":
                    return self._too_few(values, focus, meets, count(constraint.value))
                return self._too_many(values, focus, meets, count(constraint.value))
        return None

    def _too_few(self, values: str, focus: str, meets: str, least: int) -> str:
        # One is there or not: so most are asked for, and nothing has to be counted.
        several = f" GROUP BY v.f HAVING count(DISTINCT v.k) >= {least}" if least > 1 else ""
        enough = f"SELECT v.f FROM {values} v WHERE {meets}{several}"
        return f"SELECT f FROM {focus} WHERE {f'f NOT IN ({enough})' if least > 0 else 'false'}"

    def _too_many(self, values: str, focus: str, meets: str, most: int) -> str:
        if most < 0:
            return f"SELECT f FROM {focus}"
        return f"SELECT v.f FROM {values} v WHERE {meets} GROUP BY v.f HAVING count(DISTINCT v.k) > {most}"

    def _of_pairs(self, constraint: Constraint, values: str, focus: str) -> str:
        """Return a query for constraints that hold values against other statements of the data."""
        if constraint.component == "Closed":
            allowed = ", ".join(quoted(term.lexical) for term in constraint.values) or "NULL"
            # Nothing is in a list of NULL alone, and nothing is known not to be: no allowed property is a case apart.
            outside = f"e.p NOT IN ({allowed})" if constraint.values else "true"
            return f"SELECT v.f, e.k, e.p AS path FROM {values} v JOIN edges e ON e.s = v.k WHERE {outside}"
        other = self._script.values(Predicate(constraint.value.lexical), focus)
        match constraint.component:
            case "Equals":
                return (
                    f"SELECT v.f, v.k, CAST(NULL AS VARCHAR) AS path FROM {values} v WHERE (f, k) NOT IN"
                    f" (SELECT f, k FROM {other})"
                    f" UNION ALL SELECT v.f, v.k, NULL FROM {other} v WHERE (f, k) NOT IN"
                    f" (SELECT f, k FROM {values})"
                )
            case "Disjoint":
                both = f"(f, k) IN (SELECT f, k FROM {other})"
                return f"SELECT v.f, v.k, CAST(NULL AS VARCHAR) AS path FROM {values} v WHERE {both}"
            case "LessThan" | "LessThanOrEquals" as name:
                holds = compared(row("v."), "<" if name == "LessThan" else "<=", row("w."))
                return (
                    f"SELECT v.f, v.k, CAST(NULL AS VARCHAR) AS path FROM {values} v JOIN {other} w USING (f)"
                    f" WHERE NOT coalesce({holds}, false)"
                )
        raise UnsupportedShapeError("term", name=f"{constraint.component}ConstraintComponent")
