"""The algebra of SPARQL as SQL, as rdflib translates queries to it.

A pattern becomes a `Relation` of its solutions. It is evaluated from a *seed*: a relation of variables that are bound
before, such as `$this`, and for `EXISTS` those of the outside.
"""

# ruff: noqa: S608 -- what goes into the SQL is quoted by `literals.quoted`

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any, Final

from rdflib.plugins.sparql.parserutils import CompValue
from rdflib.term import BNode, Literal, URIRef, Variable

from bicentennial.core.errors import UnsupportedShapeError
from bicentennial.shacl_engine.plan import InRow
from bicentennial.shacl_engine.shapes.query_forms import renamed
from bicentennial.shacl_engine.sql.basic import BasicPatterns, Relation, agreement, listed
from bicentennial.shacl_engine.sql.expressions import Expressions
from bicentennial.shacl_engine.sql.literals import quoted
from bicentennial.shacl_engine.terms import term

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from bicentennial.shacl_engine.sql.script import Script

__all__ = ["Patterns"]

_THIS: Final = Variable("this")
# Columns that a relation has only if its own conditions ask for them: parts of terms, and values worked out before.
_OF_PARTS: Final = re.compile(r'"\?\w+ \w+"|"=')


class Patterns:
    """Compiles graph patterns into one script.

    Args:
        script: where the relations go.
        bound: the variables that are bound beforehand besides `$this`.
    """

    def __init__(self, script: Script, bound: Iterable[str] = ()) -> None:
        self._script = script
        self._basic = BasicPatterns(script)
        self._bound = frozenset({"this", *bound})

    def selected(self, pattern: Any, seed: Relation, projected: frozenset[str]) -> Relation:
        """Return the solutions of a query's whole pattern, of which only some variables are asked for."""
        if pattern.name == "Filter" and pattern.p.name == "BGP":
            return self._filtered_triples(pattern, seed, projected)
        return self.compiled(pattern, seed)

    def _filtered_triples(self, pattern: Any, seed: Relation, projected: frozenset[str] | None = None) -> Relation:
        """Return the solutions of triples that meet a condition; perhaps only some variables are asked for."""
        triples = pattern.p.triples
        lacks, expression = _lacking(triples, pattern.expr, seed.variables)
        said = {p: o for s, p, o in triples if s == _THIS and isinstance(p, URIRef) and isinstance(o, Variable)}
        if projected is None:
            return self._filtered(self._basic.compiled(triples, seed, lacks=lacks), expression, said)
        witnesses = {one: other for one, other in _witnesses(triples, expression).items() if one not in projected}
        needed = projected | (frozenset(map(str, _mentioned(expression))) - witnesses.keys())
        return self._filtered(self._basic.compiled(triples, seed, witnesses, needed, lacks), expression, said)

    def compiled(self, pattern: Any, seed: Relation) -> Relation:
        """Return the relation of a pattern's solutions that agree with the seed."""
        match pattern.name:
            case "BGP":
                return self._basic.compiled(pattern.triples, seed)
            case "Filter" if pattern.p.name == "BGP":
                return self._filtered_triples(pattern, seed)
            case "Filter":
                return self._filtered(self.compiled(pattern.p, seed), pattern.expr)
            case "Join":
                return self._basic.joined(self.compiled(pattern.p1, seed), self.compiled(pattern.p2, seed))
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
                columns = inner.columns
                sql = f'SELECT {columns}, {made.k} AS "?{name}" FROM {expressions.source(inner, made.k)} x'
                more = inner.variables | {name}
                return self._made(sql, more, inner.optional | {name}, inner.resources, inner.values)
            case "ToMultiSet" if pattern.p.name in ("Project", "Distinct", "Reduced"):
                return self._basic.joined(seed, self._subquery(pattern.p, seed))
        raise UnsupportedShapeError("in-sparql", name=pattern.name)

    def _made(
        self,
        sql: str,
        variables: frozenset[str],
        optional: frozenset[str] = frozenset(),
        resources: frozenset[str] = frozenset(),
        values: frozenset[str] = frozenset(),
    ) -> Relation:
        return Relation(self._script.relation(sql), variables, optional, resources, values=values)

    def _filtered(self, inner: Relation, expression: Any, said: Mapping[URIRef, Variable] | None = None) -> Relation:
        """Return the solutions that meet a condition; `said` are the variables for what properties say of `$this`."""
        if getattr(expression, "name", "") == "TrueFilter":
            return inner
        expressions = self._expressions(inner, said)
        condition = expressions.truth(expression)
        source, columns = expressions.source(inner, condition), inner.columns
        sql = f"SELECT {columns} FROM {source} x WHERE coalesce({condition}, false)"
        return self._made(sql, inner.variables, inner.optional, inner.resources, inner.values)

    def _expressions(self, relation: Relation, said: Mapping[URIRef, Variable] | None = None) -> Expressions:
        def exists(pattern: Any) -> str:
            return self._exists(pattern, relation, said or {})

        return Expressions(self._script, relation.variables, relation.resources, exists)

    def _exists(self, pattern: Any, outside: Relation, said: Mapping[URIRef, Variable]) -> str:
        """Return whether a pattern has a solution for a row `x` of a relation."""
        pattern = _stripped(pattern)
        shared = frozenset(map(str, _mentioned(pattern))) & outside.variables
        if shared & outside.optional:
            raise UnsupportedShapeError("unbound-in-exists")
        if not shared:
            seed = self._made("SELECT 1 AS one", frozenset())
            inside = self.compiled(pattern, seed)
            return f"((SELECT count(*) FROM {inside.name}) > 0)"
        inside = self._alone(pattern, shared) or self._agreeing(pattern, outside, shared)
        row = ", ".join(f'x."?{name}"' for name in sorted(shared))
        condition = f"(({row}) IN (SELECT {listed(shared)} FROM {inside.name}))"
        if (in_row := self._in_row(pattern, outside, said)) and not self._script.sqlite:
            properties, instead = in_row
            self._script.note(InRow(properties, condition, instead))
        return condition

    def _in_row(
        self, pattern: Any, outside: Relation, said: Mapping[URIRef, Variable]
    ) -> tuple[tuple[str, ...], str] | None:
        """Return whether a pattern has a solution, by what is known of `$this` in a row `x`, and of which properties.

        That is so if the pattern, perhaps with a filter, says nothing but values of `$this` that the row has already,
        and these are the only ones. None is returned if it says more, or if a value would have to be taken apart.
        """
        basic = _stripped(pattern.p) if pattern.name == "Filter" else pattern
        if basic.name != "BGP":
            return None
        names: dict[Any, Variable] = {}
        conditions: list[str] = []
        for s, p, o in basic.triples:
            known = said.get(p) if s == _THIS and isinstance(p, URIRef) else None
            if known is None or str(known) not in outside.variables - outside.optional:
                return None
            if isinstance(o, URIRef | Literal):
                conditions.append(f'x."?{known}" = {quoted(term(o).key)}')
            elif str(o) in outside.variables or o in names:
                conditions.append(f'x."?{known}" = x."?{names.get(o, o)}"')
            else:
                names[o] = known
        if pattern.name == "Filter":
            if not _mentioned(pattern.expr) <= _mentioned(basic):
                return None
            expressions = Expressions(self._script, outside.variables, outside.resources, _refuse)
            try:
                conditions.append(f"coalesce({expressions.truth(renamed(pattern.expr, names))}, false)")
            except UnsupportedShapeError:
                return None
        instead = " AND ".join(conditions) or "true"
        if _OF_PARTS.search(instead):
            return None
        return tuple(sorted({str(p) for _, p, _ in basic.triples})), f"({instead})"

    def _agreeing(self, pattern: Any, outside: Relation, shared: frozenset[str]) -> Relation:
        """Return those solutions of a pattern that agree with some of an outside one in what they share."""
        sql = f"SELECT DISTINCT {listed(shared)} FROM {outside.name}"
        seed = self._made(sql, shared, frozenset(), shared & outside.resources, shared & outside.values)
        return self.compiled(pattern, seed)

    def _alone(self, pattern: Any, shared: frozenset[str]) -> Relation | None:
        """Return the solutions of a pattern, perhaps with a filter, whatever is bound: see `BasicPatterns.alone`."""
        if pattern.name != "Filter":
            return self._basic.alone(pattern, shared)
        found = self._basic.alone(_stripped(pattern.p), shared)
        inside = found is not None and frozenset(map(str, _mentioned(pattern))) <= found.variables
        return self._filtered(found, pattern.expr) if found is not None and inside else None

    def _optional(self, a: Relation, b: Relation, expression: Any) -> Relation:
        condition, selected = agreement(a, b)
        variables = a.variables | b.variables
        optional = a.optional | (b.variables - a.variables)
        if getattr(expression, "name", "") == "TrueFilter":
            sql = f"SELECT {selected} FROM {a.name} a LEFT JOIN {b.name} b ON {condition}"
            return self._made(sql, variables, optional, a.resources, a.values)
        # The rows that both sides and the filter allow, and those of the left side for which there are none.
        if a.optional:
            raise UnsupportedShapeError("unbound-in-optional")
        joined = self._basic.joined(a, b)
        allowed = self._filtered(joined, expression)
        shared = listed(a.variables)
        missing = ", ".join(
            f'"?{name}"' if name in a.variables else f'CAST(NULL AS VARCHAR) AS "?{name}"' for name in sorted(variables)
        )
        sql = (
            f"SELECT {listed(variables)} FROM {allowed.name} UNION ALL"
            f" SELECT {missing} FROM {a.name} WHERE ({shared}) NOT IN (SELECT {shared} FROM {allowed.name})"
        )
        return self._made(sql, variables, optional, a.resources, a.values)

    def _union(self, a: Relation, b: Relation) -> Relation:
        variables = a.variables | b.variables
        parts = []
        for side in (a, b):
            columns = ", ".join(
                (f'"?{name}"' if name in side.variables else f'CAST(NULL AS VARCHAR) AS "?{name}"')
                for name in sorted(variables)
            )
            parts.append(f"SELECT {columns or '1 AS one'} FROM {side.name}")
        missing = (variables - a.variables) | (variables - b.variables)
        return self._made(
            " UNION ALL ".join(parts),
            variables,
            a.optional | b.optional | missing,
            a.resources & b.resources,
            a.values & b.values,
        )

    def _subquery(self, pattern: Any, seed: Relation) -> Relation:
        """Return the solutions of a query within a query, of which only the variables bound beforehand are known."""
        while pattern.name in ("Distinct", "Reduced"):
            pattern = pattern.p
        known = seed.variables & self._bound
        start = seed
        if known != seed.variables:
            start = self._made(f"SELECT DISTINCT {listed(known)} FROM {seed.name}", known, values=seed.values & known)
        inner = self.compiled(pattern.p, start)
        kept = frozenset(map(str, pattern.PV)) & inner.variables
        sql = f"SELECT DISTINCT {listed(kept)} FROM {inner.name}"
        return self._made(sql, kept, inner.optional & kept, inner.resources & kept, inner.values & kept)


def _refuse(pattern: Any) -> str:
    raise UnsupportedShapeError("in-sparql", name=pattern.name)


def _stripped(pattern: Any) -> Any:
    """Return a pattern without what is joined with it but says nothing."""
    while pattern.name == "Join" and pattern.p1.name == "BGP" and not pattern.p1.triples:
        pattern = pattern.p2
    return pattern


def _lacking(triples: list[Any], expression: Any, bound: frozenset[str]) -> tuple[list[str], Any]:
    """Return the properties that a condition forbids `$this` to have, of which triples say others, and the rest of it.

    It does so with `FILTER NOT EXISTS { $this ex:property ?any }`, whatever that is.
    """
    if not any(s == _THIS and isinstance(p, URIRef) for s, p, _ in triples):
        return [], expression
    known = _mentioned(triples) | set(map(Variable, bound))
    lacks, rest = [], []
    for part in _parts(expression):
        inside = _stripped(part.graph) if getattr(part, "name", "") == "Builtin_NOTEXISTS" else None
        match inside.triples if inside is not None and inside.name == "BGP" else []:
            case [(s, URIRef() as p, (Variable() | BNode()) as o)] if s == _THIS and o not in known:
                lacks.append(str(p))
            case _:
                rest.append(part)
    if not lacks:
        return [], expression
    if len(rest) > 1:
        return lacks, CompValue("ConditionalAndExpression", expr=rest[0], other=rest[1:])
    return lacks, rest[0] if rest else CompValue("TrueFilter")


def _parts(expression: Any) -> list[Any]:
    """Return the conditions all of which a condition is."""
    if isinstance(expression, CompValue) and expression.name == "ConditionalAndExpression":
        return [expression.expr, *expression.other]
    return [expression]


def _witnesses(triples: list[Any], expression: Any) -> dict[str, str]:
    """Return variables of which a query asks but that they be unlike another, and which: `FILTER (?other != $this)`."""
    parts = _parts(expression)
    elsewhere = {node for _, p, o in triples for node in (p, o)}
    found: dict[str, str] = {}
    for part in parts:
        if not isinstance(part, CompValue) or part.name != "RelationalExpression" or part.op != "!=":
            continue
        for one, other in ((part.expr, part.other), (part.other, part.expr)):
            others = set().union(*(_mentioned(rest) for rest in parts if rest is not part))
            plain = isinstance(one, Variable) and isinstance(other, Variable) and one != other
            if plain and one not in others | elsewhere and str(other) not in found:
                found[str(one)] = str(other)
    return found


def _mentioned(pattern: Any) -> set[Any]:
    """Return the variables that a pattern mentions anywhere."""
    if isinstance(pattern, Variable):
        return {pattern}
    if isinstance(pattern, URIRef | Literal | BNode | str):
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
