"""Queries of SPARQL constraints as SQL, by way of the algebra that rdflib translates them to.

The query is compiled for all focus nodes at once: they are the relation of `$this` from which its pattern starts.
"""

# ruff: noqa: S608 -- what goes into the SQL is quoted by `literals.quoted`

from __future__ import annotations

import re
import threading
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final

from rdflib.plugins.sparql.algebra import translateQuery
from rdflib.plugins.sparql.parser import parseQuery
from rdflib.term import Variable

from bicentennial.core.errors import UnsupportedShapeError
from bicentennial.shacl_engine.paths import Inverse, Predicate, Repeat, Sequence
from bicentennial.shacl_engine.sql.algebra import Patterns
from bicentennial.shacl_engine.sql.basic import Relation, path_of

if TYPE_CHECKING:
    from bicentennial.shacl_engine.paths import Path
    from bicentennial.shacl_engine.shapes import Shape
    from bicentennial.shacl_engine.sql.script import Script

__all__ = ["Selected", "compile_select"]

# rdflib's parser breaks when two threads use it first at the same time.
_PARSING: Final = threading.Lock()


@dataclass(frozen=True, slots=True)
class Selected:
    """A compiled query, see `checks.Query` for the parts."""

    sql: str
    variables: tuple[str, ...]
    needs: tuple[str, ...]


def compile_select(text: str, shape: Shape, focus: str, script: Script) -> Selected:
    """Compile a `SELECT` query for the focus nodes of a shape.

    Raises:
        UnsupportedShapeError: it uses what the compiled engine does not cover, or is no SPARQL.
    """
    if shape.path is not None:
        text = re.sub(r"[$?]PATH\b", str(shape.path).replace("\\", r"\\"), text)
    elif re.search(r"[$?]PATH\b", text):
        raise UnsupportedShapeError("$PATH in a node shape")
    try:
        with _PARSING:
            query = translateQuery(parseQuery(text))
    except Exception as error:
        raise UnsupportedShapeError(f"a query that is no SPARQL ({str(error)[:200]})") from error
    algebra = query.algebra
    if algebra.name != "SelectQuery" or algebra.datasetClause:
        raise UnsupportedShapeError(f"{algebra.name} in sh:select")
    projected = [str(variable) for variable in algebra.PV]
    if "failure" in projected:
        raise UnsupportedShapeError("?failure in sh:select")
    if "this" not in projected:
        raise UnsupportedShapeError("sh:select that does not select $this")
    patterns = Patterns(script)
    seed = Relation(script.seeded(focus), frozenset({"this"}))
    pattern = algebra.p
    while pattern.name in ("Distinct", "Reduced", "Project", "OrderBy"):
        pattern = pattern.p
    found = patterns.selected(pattern, seed, frozenset(projected))
    variables = tuple(name for name in projected if name in found.variables and name != "this")
    value = '"?value"' if "value" in variables else "CAST(NULL AS VARCHAR)"
    if shape.path is None:
        value = f'coalesce({value}, "?this")'
    path = '"?path"' if "path" in variables else "CAST(NULL AS VARCHAR)"
    columns = "".join(f', "?{name}"' for name in variables)
    sql = f'SELECT DISTINCT "?this" AS f, {value} AS k, {path} AS path{columns} FROM {found.name}'
    return Selected(sql, variables, tuple(sorted(_needs(pattern))))


def _needs(pattern: Any) -> set[str]:
    """Return properties without which a pattern has no solution."""
    match pattern.name:
        case "BGP":
            paths = (path_of(p) for _, p, _ in pattern.triples if not isinstance(p, Variable))
            return {need for path in paths for need in _steps(path)}
        case "Join":
            return _needs(pattern.p1) | _needs(pattern.p2)
        case "LeftJoin":
            return _needs(pattern.p1)
        case "Filter" | "Extend":
            return _needs(pattern.p)
    return set()


def _steps(path: Path) -> set[str]:
    match path:
        case Predicate():
            return {path.iri}
        case Inverse():
            return _steps(path.path)
        case Sequence():
            return {need for step in path.paths for need in _steps(step)}
        case Repeat(mark="+"):
            return _steps(path.path)
    return set()
