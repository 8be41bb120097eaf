"""Queries of SPARQL constraints as SQL, by way of the algebra that rdflib translates them to.

The query is compiled for all focus nodes at once: they are the relation of `$this` from which its pattern starts.
"""

# ruff: noqa: S608 -- what goes into the SQL is quoted by `literals.quoted`

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from bicentennial.core.errors import UnsupportedShapeError
from bicentennial.shacl_engine.problems import ill_formed
from bicentennial.shacl_engine.shapes.queries import algebra
from bicentennial.shacl_engine.sql.algebra import Patterns
from bicentennial.shacl_engine.sql.basic import Relation
from bicentennial.shacl_engine.sql.literals import quoted
from bicentennial.shacl_engine.sql.needs import needs_of_pattern, says_of_pattern

if TYPE_CHECKING:
    from collections.abc import Mapping
    from collections.abc import Sequence as Sequence_

    from bicentennial.shacl_engine.plan import Need
    from bicentennial.shacl_engine.results import Term
    from bicentennial.shacl_engine.shapes.graph import Shape
    from bicentennial.shacl_engine.sql.script import Script

__all__ = ["Selected", "compile_ask", "compile_select", "seeded"]


@dataclass(frozen=True, slots=True)
class Selected:
    """A compiled query, see `checks.Query` for the parts."""

    sql: str
    variables: tuple[str, ...]
    needs: tuple[Need, ...]
    says: tuple[str, ...]


def compile_select(text: str, shape: Shape, focus: str, script: Script, bound: Mapping[str, Term]) -> Selected:
    """Compile a `SELECT` query for the focus nodes of a shape.

    Args:
        text: the query, its prefixes in front.
        shape: the shape.
        focus: the relation of focus nodes.
        script: where the relations go.
        bound: the values of variables that are bound beforehand: the parameters of a declared component.

    Raises:
        ShapesError: it is no SPARQL, or breaks a rule of SHACL.
        UnsupportedShapeError: it uses what the compiled engine does not cover.
    """
    query = algebra(_with_path(text, shape), shape.node, bound)
    if query.name != "SelectQuery" or query.datasetClause:
        raise UnsupportedShapeError("in-select", name=query.name)
    projected = [str(variable) for variable in query.PV]
    if "failure" in projected:
        raise UnsupportedShapeError("in-select", name="?failure")
    if "this" not in projected:
        raise ill_formed("query-form", shape.node, part="a query without $this")
    patterns = Patterns(script, bound)
    seed = seeded(script, script.seeded(focus), ["this"], bound)
    pattern = _plain(query.p)
    found = patterns.selected(pattern, seed, frozenset(projected))
    variables = tuple(name for name in projected if name in found.variables and name != "this")
    value = '"?value"' if "value" in variables else "CAST(NULL AS VARCHAR)"
    if shape.path is None:
        value = f'coalesce({value}, "?this")'
    path = '"?path"' if "path" in variables else "CAST(NULL AS VARCHAR)"
    columns = "".join(f', "?{name}"' for name in variables)
    sql = f'SELECT DISTINCT "?this" AS f, {value} AS k, {path} AS path{columns} FROM {found.name}'
    return Selected(sql, variables, tuple(sorted(needs_of_pattern(pattern))), tuple(sorted(says_of_pattern(pattern))))


def compile_ask(text: str, shape: Shape, values: str, script: Script, bound: Mapping[str, Term]) -> str:
    """Return a query for the value nodes to which an `ASK` query says no; see `compile_select` for the rest."""
    query = algebra(_with_path(text, shape), shape.node, [*bound, "value"])
    if query.name != "AskQuery" or query.datasetClause:
        raise UnsupportedShapeError("in-ask", name=query.name)
    pairs = script.relation(f'SELECT DISTINCT f AS "?this", k AS "?value" FROM {values}')
    seed = seeded(script, pairs, ["this", "value"], bound)
    found = Patterns(script, [*bound, "value"]).compiled(_plain(query.p), seed)
    allowed = f'SELECT "?this", "?value" FROM {found.name}'
    return f"SELECT DISTINCT f, k, CAST(NULL AS VARCHAR) AS path FROM {values} WHERE (f, k) NOT IN ({allowed})"


def _plain(pattern: Any) -> Any:
    """Return a pattern without what only arranges its solutions."""
    while pattern.name in ("Distinct", "Reduced", "Project", "OrderBy"):
        pattern = pattern.p
    return pattern


def _with_path(text: str, shape: Shape) -> str:
    """Return a query in which `$PATH` is the path of the shape."""
    if shape.path is not None:
        return re.sub(r"[$?]PATH\b", str(shape.path).replace("\\", r"\\"), text)
    if re.search(r"[$?]PATH\b", text):
        raise UnsupportedShapeError("path-variable")
    return text


def seeded(script: Script, relation: str, variables: Sequence_[str], bound: Mapping[str, Term]) -> Relation:
    """Return a relation of variables with the values of others that are bound beforehand."""
    if not bound:
        return Relation(relation, frozenset(variables))
    constants = ", ".join(f'{quoted(term.key)} AS "?{name}"' for name, term in sorted(bound.items()))
    name = script.relation(f"SELECT *, {constants} FROM {relation}")
    return Relation(name, frozenset({*variables, *bound}))
