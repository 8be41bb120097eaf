"""What the data must say for a pattern to have a solution, or for a path to lead anywhere: see `plan.Need`.

Whether it does is known at little cost before a script runs, so that those that can find nothing are not even planned.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from rdflib.term import URIRef, Variable

from bicentennial.shacl_engine.plan import Need
from bicentennial.shacl_engine.shapes.paths import Alternative, Inverse, Path, Predicate, Repeat, Sequence
from bicentennial.shacl_engine.sql.basic import path_of

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

__all__ = ["first", "needs_of_path", "needs_of_pattern", "says_of_pattern"]

_Values = dict[Any, frozenset[str]]


def needs_of_path(path: Path, values: frozenset[str] = frozenset()) -> set[Need]:
    """Return what must be said for a path to lead to any value, or to one of some."""
    match path:
        case Predicate():
            return {_need(((path.iri,),), values)}
        case Inverse():
            return needs_of_path(path.path)
        case Repeat(mark="+"):
            return needs_of_path(path.path)
        case Sequence():
            last = path.paths[-1]
            found = {need for step in path.paths[:-1] for need in needs_of_path(step)} | needs_of_path(last, values)
            for one, other in zip(path.paths, path.paths[1:], strict=False):
                if isinstance(one, Predicate) and isinstance(other, Predicate):
                    found.add(_need(((one.iri, other.iri),), values if other is last else frozenset()))
            return found
        case Alternative() if all(isinstance(each, Predicate) for each in path.paths):
            return {_need(tuple((each.iri,) for each in path.paths if isinstance(each, Predicate)), values)}
    return set()


def needs_of_pattern(pattern: Any, values: Mapping[Any, frozenset[str]] | None = None) -> set[Need]:
    """Return what must be said for a graph pattern to have a solution.

    Args:
        pattern: the pattern, in SPARQL's algebra.
        values: variables that can be nothing but one of some IRIs.
    """
    known: _Values = dict(values or {})
    match pattern.name:
        case "BGP":
            return _needs_of_triples(pattern.triples, known)
        case "Filter":
            for variable, among in _filtered(pattern.expr):
                known[variable] = known.get(variable, among) & among
            return needs_of_pattern(pattern.p, known)
        case "Join":
            return needs_of_pattern(pattern.p1, known) | needs_of_pattern(pattern.p2, known)
        case "Union":
            return needs_of_pattern(pattern.p1, known) & needs_of_pattern(pattern.p2, known)
        case "LeftJoin":
            return needs_of_pattern(pattern.p1, known)
        case "Extend":
            return needs_of_pattern(pattern.p)
    return set()


def says_of_pattern(pattern: Any) -> set[str]:
    """Return properties that the focus node must have for a graph pattern to have a solution."""
    match pattern.name:
        case "BGP":
            paths = (path_of(p) for s, p, _ in pattern.triples if s == Variable("this") and not isinstance(p, Variable))
            return {need for path in paths for need in first(path)}
        case "Join":
            return says_of_pattern(pattern.p1) | says_of_pattern(pattern.p2)
        case "Union":
            return says_of_pattern(pattern.p1) & says_of_pattern(pattern.p2)
        case "LeftJoin":
            return says_of_pattern(pattern.p1)
        case "Filter" | "Extend":
            return says_of_pattern(pattern.p)
    return set()


def first(path: Path) -> set[str]:
    """Return the properties, with spaces between, along one of which a path leads from its subject first."""
    match path:
        case Alternative():
            ways = list(map(first, path.paths))
            return {" ".join(sorted(set().union(*ways)))} if all(ways) else set()
        case Predicate():
            return {path.iri}
        case Sequence():
            return first(path.paths[0])
        case Repeat(mark="+"):
            return first(path.path)
    return set()


def _need(paths: tuple[tuple[str, ...], ...], values: frozenset[str]) -> Need:
    return Need(paths, tuple(sorted(values)))


def _needs_of_triples(triples: list[Any], known: _Values) -> set[Need]:
    found: set[Need] = set()
    plain: dict[Any, list[tuple[str, frozenset[str]]]] = {}
    for s, p, o in triples:
        if not isinstance(p, Variable):
            path = path_of(p)
            values = frozenset({str(o)}) if isinstance(o, URIRef) else known.get(o, frozenset())
            found |= needs_of_path(path, values)
            if isinstance(path, Predicate):
                plain.setdefault(s, []).append((path.iri, values))
    for _, p, o in triples:
        if isinstance(p, URIRef) and not isinstance(o, URIRef):
            found.update(_need(((str(p), other),), values) for other, values in plain.get(o, ()))
    return found


def _filtered(expression: Any) -> Iterator[tuple[Any, frozenset[str]]]:
    """Yield the variables that a condition allows nothing but some IRIs, and those."""
    from rdflib.plugins.sparql.parserutils import CompValue  # loads a parser that few shapes need

    if not isinstance(expression, CompValue):
        return
    if expression.name == "ConditionalAndExpression":
        for part in (expression.expr, *expression.other):
            yield from _filtered(part)
    elif expression.name == "RelationalExpression" and expression.op in ("=", "IN"):
        others = expression.other if isinstance(expression.other, list) else [expression.other]
        if isinstance(expression.expr, Variable) and all(isinstance(each, URIRef) for each in others):
            yield expression.expr, frozenset(map(str, others))
    elif expression.name == "RelationalExpression" and expression.op is None:
        yield from _filtered(expression.expr)
