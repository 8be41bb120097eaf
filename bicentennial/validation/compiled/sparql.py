"""Queries of SPARQL constraints as SQL, by way of the algebra that rdflib translates them to.

A pattern becomes a relation whose columns are its variables (`"?name"`, the key of a term or NULL). It is evaluated
from a *seed*: a relation of variables that are bound before, such as `$this`, and for `EXISTS` those of the outside.
"""

# ruff: noqa: S608 -- what goes into the SQL is quoted by `literals.quoted`

from __future__ import annotations

import re
import threading
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final

from rdflib import paths as rdflib_paths
from rdflib.plugins.sparql.algebra import translateQuery
from rdflib.plugins.sparql.parser import parseQuery
from rdflib.plugins.sparql.parserutils import CompValue
from rdflib.term import BNode, Literal, URIRef, Variable

from bicentennial.errors import UnsupportedShapeError
from bicentennial.namespaces import RDF, RDFS
from bicentennial.validation.compiled.expressions import Expressions
from bicentennial.validation.compiled.literals import quoted
from bicentennial.validation.paths import Alternative, Inverse, Predicate, Repeat, Sequence, inverted
from bicentennial.validation.shapes import term

if TYPE_CHECKING:
    from bicentennial.validation.compiled.script import Script
    from bicentennial.validation.paths import Path
    from bicentennial.validation.shapes import Shape

__all__ = ["Selected", "compile_select"]

# rdflib's parser breaks when two threads use it first at the same time.
_PARSING: Final = threading.Lock()
_TYPE: Final = Sequence((Predicate(RDF.type), Repeat(Predicate(RDFS.subClassOf), "*")))
_ALL_NODES: Final = "SELECT DISTINCT s AS f FROM edges UNION SELECT k FROM edges"


@dataclass(frozen=True, slots=True)
class Selected:
    """A compiled query, see `checks.Query` for the parts."""

    sql: str
    variables: tuple[str, ...]
    needs: tuple[str, ...]


@dataclass(slots=True)
class _Relation:
    """A relation and its variables.

    Of those in `optional` some rows may have no value; those in `resources` are never literals.
    """

    name: str
    variables: frozenset[str]
    optional: frozenset[str] = frozenset()
    resources: frozenset[str] = frozenset()


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
    if "this" not in projected:
        raise UnsupportedShapeError("sh:select that does not select $this")
    patterns = _Patterns(script)
    seed = _Relation(script.relation(f'SELECT DISTINCT f AS "?this" FROM {focus}'), frozenset({"this"}))
    pattern = algebra.p
    while pattern.name in ("Distinct", "Reduced", "Project", "OrderBy"):
        pattern = pattern.p
    found = patterns.compiled(pattern, seed)
    if projected and "failure" in projected:
        raise UnsupportedShapeError("?failure in sh:select")
    variables = tuple(name for name in projected if name in found.variables and name != "this")
    value = '"?value"' if "value" in variables else "NULL::VARCHAR"
    if shape.path is None:
        value = f'coalesce({value}, "?this")'
    path = '"?path"' if "path" in variables else "NULL::VARCHAR"
    columns = "".join(f', "?{name}"' for name in variables)
    sql = f'SELECT DISTINCT "?this" AS f, {value} AS k, {path} AS path{columns} FROM {found.name} WHERE "?this" IS NOT NULL'
    return Selected(sql, variables, tuple(sorted(_needs(pattern))))


def _needs(pattern: Any) -> set[str]:
    """Return properties without which a pattern has no solution."""
    match pattern.name:
        case "BGP":
            paths = (_path(p) for _, p, _ in pattern.triples if not isinstance(p, Variable))
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


def _path(path: Any) -> Path:
    match path:
        case URIRef():
            return Predicate(str(path))
        case rdflib_paths.InvPath():
            return inverted(Inverse(_path(path.arg)))
        case rdflib_paths.SequencePath():
            return Sequence(tuple(map(_path, path.args)))
        case rdflib_paths.AlternativePath():
            return Alternative(tuple(map(_path, path.args)))
        case rdflib_paths.MulPath():
            return Repeat(_path(path.path), path.mod)
    raise UnsupportedShapeError(f"the path {path} in SPARQL")


class _Patterns:
    """Compiles graph patterns into one script."""

    def __init__(self, script: Script) -> None:
        self._script = script
        self._blank: dict[BNode, str] = {}

    def compiled(self, pattern: Any, seed: _Relation) -> _Relation:
        """Return the relation of a pattern's solutions that agree with the seed."""
        match pattern.name:
            case "BGP":
                return self._basic(pattern.triples, seed)
            case "Filter":
                return self._filtered(self.compiled(pattern.p, seed), pattern.expr)
            case "Join":
                return self._joined(self.compiled(pattern.p1, seed), self.compiled(pattern.p2, seed))
            case "LeftJoin":
                left = self.compiled(pattern.p1, seed)
                return self._optional(left, self.compiled(pattern.p2, seed), pattern.expr)
            case "Union":
                return self._union(self.compiled(pattern.p1, seed), self.compiled(pattern.p2, seed))
            case "Extend":
                inner = self.compiled(pattern.p, seed)
                name = str(pattern.var)
                expressions = self._expressions(inner)
                made = expressions.row(pattern.expr)
                columns = self._columns(inner.variables)
                sql = f'SELECT {columns}, {made.k} AS "?{name}" FROM {expressions.source(inner.name)} x'
                return self._made(sql, inner.variables | {name}, inner.optional | {name}, inner.resources)
            case "ToMultiSet" if pattern.p.name == "values":
                return self._joined(seed, self._listed(pattern.p.res))
        raise UnsupportedShapeError(f"{pattern.name} in SPARQL")

    def _made(
        self,
        sql: str,
        variables: frozenset[str],
        optional: frozenset[str] = frozenset(),
        resources: frozenset[str] = frozenset(),
    ) -> _Relation:
        return _Relation(self._script.relation(sql), variables, optional, resources)

    def _name(self, node: Variable | BNode) -> str:
        """Return the name of a variable; blank nodes are numbered, so that the same query gives the same SQL."""
        return str(node) if isinstance(node, Variable) else self._blank.setdefault(node, f"_{len(self._blank) + 1}")

    def _filtered(self, inner: _Relation, expression: Any) -> _Relation:
        expressions = self._expressions(inner)
        condition = expressions.truth(expression)
        source, columns = expressions.source(inner.name), self._columns(inner.variables)
        sql = f"SELECT {columns} FROM {source} x WHERE coalesce({condition}, false)"
        return self._made(sql, inner.variables, inner.optional, inner.resources)

    def _columns(self, variables: frozenset[str]) -> str:
        return ", ".join(f'"?{name}"' for name in sorted(variables)) or "1 AS one"

    def _expressions(self, relation: _Relation) -> Expressions:
        return Expressions(relation.variables, relation.resources, lambda pattern: self._exists(pattern, relation))

    def _exists(self, pattern: Any, outside: _Relation) -> str:
        """Return whether a pattern has a solution for a row `x` of a relation."""
        shared = frozenset(map(str, _mentioned(pattern))) & outside.variables
        if shared & outside.optional:
            raise UnsupportedShapeError("EXISTS about a variable that may be unbound")
        if not shared:
            seed = self._made("SELECT 1 AS one", frozenset())
            inside = self.compiled(pattern, seed)
            return f"((SELECT count(*) FROM {inside.name}) > 0)"
        columns = self._columns(shared)
        seed = self._made(
            f"SELECT DISTINCT {columns} FROM {outside.name}", shared, frozenset(), shared & outside.resources
        )
        inside = self.compiled(pattern, seed)
        if len(shared) == 1:
            return f"(x.{columns} IN (SELECT {columns} FROM {inside.name}))"
        equal = " AND ".join(f'y."?{name}" = x."?{name}"' for name in sorted(shared))
        return f"(EXISTS (SELECT 1 FROM {inside.name} y WHERE {equal}))"

    def _basic(self, triples: list[Any], seed: _Relation) -> _Relation:
        """Join the triples of a basic graph pattern; those with repeated paths come last and start from what is bound."""
        plain: list[tuple[Any, Path | Variable, Any]] = []
        walks: list[tuple[Any, Path, Any]] = []
        for s, p, o in sorted(triples, key=lambda triple: ["" if isinstance(t, BNode) else str(t) for t in triple]):
            if isinstance(p, Variable):
                plain.append((s, p, o))
            else:
                _expanded(s, _path(p), o, plain, walks)
        if seed.optional:
            raise UnsupportedShapeError("a pattern about a variable that may be unbound")
        relation = self._matched(plain, seed)
        for s, path, o in walks:
            relation = self._walked(s, path, o, relation)
        return relation

    def _matched(self, triples: list[tuple[Any, Path | Variable, Any]], seed: _Relation) -> _Relation:
        columns = {name: f'a."?{name}"' for name in seed.variables}
        resources = set(seed.resources)
        sources, conditions = [f"{seed.name} a"], []
        for number, (s, p, o) in enumerate(triples, 1):
            edge = f"e{number}"
            if p == _TYPE:
                sources.append(f"types {edge}")
                places = [(s, f"{edge}.n"), (o, f"{edge}.c")]
            else:
                sources.append(f"edges {edge}")
                if isinstance(p, Inverse):
                    p, s, o = p.path, o, s
                places = [(s, f"{edge}.s"), (o, f"{edge}.k")]
            if isinstance(s, Variable | BNode):
                resources.add(self._name(s))
            if isinstance(p, Variable):
                places.append((p, f"{edge}.p"))
            elif isinstance(p, Predicate):
                conditions.append(f"{edge}.p = {quoted(p.iri)}")
            for node, column in places:
                if isinstance(node, Variable | BNode):
                    known = columns.setdefault(self._name(node), column)
                    if known != column:
                        conditions.append(f"{known} = {column}")
                else:
                    conditions.append(f"{column} = {quoted(term(node).key)}")
        selected = ", ".join(f'{column} AS "?{name}"' for name, column in sorted(columns.items())) or "1 AS one"
        where = f" WHERE {' AND '.join(conditions)}" if conditions else ""
        return self._made(
            f"SELECT {selected} FROM {', '.join(sources)}{where}", frozenset(columns), frozenset(), frozenset(resources)
        )

    def _walked(self, s: Any, path: Path, o: Any, relation: _Relation) -> _Relation:
        """Join a path with repetition: it is walked from whichever end is bound, else from every node."""
        if self._bound(o, relation) and not self._bound(s, relation):
            s, path, o = o, inverted(Inverse(path)), s
        if isinstance(s, URIRef | Literal):
            start = f"SELECT {quoted(term(s).key)} AS f"
        elif self._bound(s, relation):
            start = f'SELECT DISTINCT "?{self._name(s)}" AS f FROM {relation.name}'
        else:
            start = _ALL_NODES
        script = self._script
        pairs = script.walked(path, script.started(script.relation(start)))
        columns, conditions = [], []
        for node, column in ((s, "f"), (o, "k")):
            if isinstance(node, URIRef | Literal):
                conditions.append(f"{column} = {quoted(term(node).key)}")
            else:
                columns.append((self._name(node), column))
        if len(columns) == 2 and columns[0][0] == columns[1][0]:
            conditions.append("f = k")
            columns.pop()
        selected = ", ".join(f'{column} AS "?{name}"' for name, column in columns) or "1 AS one"
        where = f" WHERE {' AND '.join(conditions)}" if conditions else ""
        walked = self._made(f"SELECT DISTINCT {selected} FROM {pairs}{where}", frozenset(name for name, _ in columns))
        return self._joined(relation, walked)

    def _bound(self, node: Any, relation: _Relation) -> bool:
        return isinstance(node, URIRef | Literal) or self._name(node) in relation.variables

    def _joined(self, a: _Relation, b: _Relation) -> _Relation:
        condition, selected = self._agreement(a, b)
        sql = f"SELECT {selected} FROM {a.name} a JOIN {b.name} b ON {condition}"
        shared = a.variables & b.variables
        optional = (a.optional - b.variables) | (b.optional - a.variables) | (shared & a.optional & b.optional)
        return self._made(sql, a.variables | b.variables, optional, a.resources | b.resources)

    def _optional(self, a: _Relation, b: _Relation, expression: Any) -> _Relation:
        condition, selected = self._agreement(a, b)
        variables = a.variables | b.variables
        optional = a.optional | (b.variables - a.variables)
        if expression.name == "TrueFilter":
            sql = f"SELECT {selected} FROM {a.name} a LEFT JOIN {b.name} b ON {condition}"
            return self._made(sql, variables, optional, a.resources)
        # The rows that both sides and the filter allow, and those of the left side for which there are none.
        if a.optional:
            raise UnsupportedShapeError("OPTIONAL with a filter after a variable that may be unbound")
        joined = self._joined(a, b)
        allowed = self._filtered(joined, expression)
        shared = self._columns(a.variables)
        missing = ", ".join(
            f'"?{name}"' if name in a.variables else f'NULL::VARCHAR AS "?{name}"' for name in sorted(variables)
        )
        sql = (
            f"SELECT {self._columns(variables)} FROM {allowed.name} UNION ALL"
            f" SELECT {missing} FROM {a.name} ANTI JOIN (SELECT {shared} FROM {allowed.name}) USING ({shared})"
        )
        return self._made(sql, variables, optional, a.resources)

    def _agreement(self, a: _Relation, b: _Relation) -> tuple[str, str]:
        conditions = []
        for name in sorted(a.variables & b.variables):
            one, other = f'a."?{name}"', f'b."?{name}"'
            ways = [f"{one} = {other}"]
            ways += [f"{one} IS NULL"] if name in a.optional else []
            ways += [f"{other} IS NULL"] if name in b.optional else []
            conditions.append(f"({' OR '.join(ways)})")
        selected = ", ".join(f'{self._column(name, a, b)} AS "?{name}"' for name in sorted(a.variables | b.variables))
        return " AND ".join(conditions) or "true", selected or "1 AS one"

    def _column(self, name: str, a: _Relation, b: _Relation) -> str:
        if name in a.variables and name in b.variables and name in a.optional:
            return f'coalesce(a."?{name}", b."?{name}")'
        return f'a."?{name}"' if name in a.variables else f'b."?{name}"'

    def _union(self, a: _Relation, b: _Relation) -> _Relation:
        variables = a.variables | b.variables
        parts = []
        for side in (a, b):
            columns = ", ".join(
                (f'"?{name}"' if name in side.variables else f'NULL::VARCHAR AS "?{name}"')
                for name in sorted(variables)
            )
            parts.append(f"SELECT {columns or '1 AS one'} FROM {side.name}")
        missing = (variables - a.variables) | (variables - b.variables)
        return self._made(
            " UNION ALL ".join(parts), variables, a.optional | b.optional | missing, a.resources & b.resources
        )

    def _listed(self, rows: list[Any]) -> _Relation:
        names = sorted({str(variable) for row in rows for variable in row})
        if not rows or not names:
            raise UnsupportedShapeError("VALUES without a value")
        optional: set[str] = set()
        lines = []
        for row in rows:
            cells = []
            for name in names:
                value = row.get(Variable(name), "UNDEF")
                if isinstance(value, URIRef | Literal):
                    cells.append(quoted(term(value).key))
                else:
                    cells.append("NULL::VARCHAR")
                    optional.add(name)
            lines.append(f"({', '.join(cells)})")
        columns = ", ".join(f'"?{name}"' for name in names)
        sql = f"SELECT * FROM (VALUES {', '.join(lines)}) listed({columns})"
        return self._made(sql, frozenset(names), frozenset(optional))


def _expanded(s: Any, path: Path, o: Any, plain: list[Any], walks: list[Any]) -> None:
    """Sort a triple with a path into triples with properties and paths that have to be walked."""
    match path:
        case Predicate():
            plain.append((s, path, o))
        case Inverse(path=Predicate()):
            plain.append((s, path, o))
        case Sequence():
            steps = list(path.paths)
            while steps:
                # Types and their superclasses are known already.
                typed = tuple(steps[:2]) == _TYPE.paths
                step: Path = _TYPE if typed else steps[0]
                steps = steps[2 if typed else 1 :]
                end = BNode() if steps else o
                if typed:
                    plain.append((s, step, end))
                else:
                    _expanded(s, step, end, plain, walks)
                s = end
        case _:
            walks.append((s, path, o))


def _mentioned(pattern: Any) -> set[Any]:
    """Return the variables that a pattern mentions anywhere."""
    if isinstance(pattern, Variable):
        return {pattern}
    if isinstance(pattern, rdflib_paths.Path | URIRef | Literal | BNode | str):
        return set()
    if isinstance(pattern, dict):
        found = {key for key in pattern if isinstance(key, Variable)}
        parts = [value for key, value in pattern.items() if key != "_vars"]
        if isinstance(pattern, CompValue) and pattern.name.endswith("EXISTS"):
            parts.append(pattern.graph)
        return found.union(*(_mentioned(part) for part in parts)) if parts else found
    if isinstance(pattern, list | tuple | set):
        return set().union(*(_mentioned(part) for part in pattern)) if pattern else set()
    return set()
