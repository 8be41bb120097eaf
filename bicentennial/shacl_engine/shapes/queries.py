"""The queries of SPARQL constraints and components: parsed once, and held to the rules of pre-binding.

SHACL forbids what has no clear meaning for variables that are bound beforehand (section 5.2.1 and appendix A): `MINUS`,
`VALUES`, `SERVICE`, `AS` for such a variable, and subqueries that do not return it.

>>> algebra("SELECT $this WHERE { $this <urn:p> ?value }", "urn:S").name
'SelectQuery'
>>> algebra("SELECT $this WHERE { BIND (1 AS $this) }", "urn:S")
Traceback (most recent call last):
    ...
bicentennial.core.errors.ShapesError: the query of the shape urn:S uses AS ?this, which SHACL does not allow there
"""

from __future__ import annotations

import re
import threading
from functools import lru_cache
from typing import TYPE_CHECKING, Any, Final

from rdflib.plugins.sparql.algebra import translateQuery
from rdflib.plugins.sparql.operators import UnaryNot
from rdflib.plugins.sparql.parserutils import CompValue, Expr
from rdflib.term import Literal, Variable

from bicentennial.shacl_engine.problems import ill_formed
from bicentennial.shacl_engine.shapes.query_forms import parsed

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

__all__ = ["algebra"]

# rdflib's parser breaks when two threads use it first at the same time.
_PARSING: Final = threading.Lock()
_FORBIDDEN: Final = {
    "MinusGraphPattern": "MINUS",
    "InlineData": "VALUES",
    "ValuesClause": "VALUES",
    "ServiceGraphPattern": "SERVICE",
}
# What stands for the graph of shapes, which queries do not see.
_ELSEWHERE: Final = ("$shapesGraph", "$currentShape")
_NEAR: Final = 40
# How rdflib says so.
_PREFIX: Final = re.compile(r"Unknown namespace prefix : (.*)")
_ALWAYS: Final = frozenset({"this", "shapesGraph", "currentShape"})


def algebra(text: str, shape: str, bound: Iterable[str] = ()) -> Any:
    """Return the algebra that rdflib translates a query to.

    Args:
        text: the query, its prefixes in front.
        shape: what an error calls the shape.
        bound: the variables that are bound beforehand besides `$this`.

    Raises:
        ShapesError: it is no SPARQL, or breaks a rule.
    """
    found = _prepared(text, frozenset(bound) | _ALWAYS)
    if isinstance(found, tuple):
        key, words = found
        raise ill_formed(key, shape, **words)
    return found


@lru_cache(1024)
def _prepared(text: str, bound: frozenset[str]) -> Any:
    """Return the algebra, or the key and the words of what is wrong."""
    try:
        with _PARSING:
            tree = parsed(text)
            part = next(iter(_forbidden(tree, bound)), None)
            if part:
                return ("query-variable" if part in _ELSEWHERE else "query-form"), {"part": part}
            _keep_filters(tree)
            return translateQuery(tree).algebra
    except Exception as error:  # rdflib's parser raises whatever it meets
        if undeclared := _PREFIX.fullmatch(str(error)):
            return "query-prefix", {"prefix": undeclared[1]}
        place = getattr(error, "loc", 0)
        return "query", {"near": " ".join(text[place:].split())[:_NEAR] or " ".join(text.split())[-_NEAR:]}


def _keep_filters(node: Any) -> None:
    """Write a filter that is false by itself as a double negation: rdflib would take it out."""
    if isinstance(node, CompValue):
        if node.name == "Filter":
            inner = node.expr
            while isinstance(inner, CompValue) and set(inner) == {"expr"} and not inner.name.startswith("Unary"):
                inner = inner.expr
            if isinstance(inner, Literal):
                node["expr"] = Expr("UnaryNot", UnaryNot, expr=Expr("UnaryNot", UnaryNot, expr=inner))
        for value in list(node.values()):
            _keep_filters(value)
    elif not isinstance(node, str) and hasattr(node, "__iter__"):
        for value in node:
            _keep_filters(value)


def _forbidden(node: Any, bound: frozenset[str]) -> Iterator[str]:
    if isinstance(node, CompValue):
        if node.name in _FORBIDDEN:
            yield _FORBIDDEN[node.name]
        made = node.get("var") if node.name == "Bind" else node.get("evar") if node.name == "vars" else None
        if made is not None and str(made) in bound:
            yield f"AS ?{made}"
        projection = node.get("projection") if node.name == "SubSelect" else None
        if projection and projection != "*":
            returned = {str(each.get("var", each.get("evar"))) for each in projection if isinstance(each, CompValue)}
            yield from (
                f"a subquery without ${name}" for name in sorted(bound - {"shapesGraph", "currentShape"} - returned)
            )
        for value in node.values():
            yield from _forbidden(value, bound)
    elif isinstance(node, Variable) and f"${node}" in _ELSEWHERE:
        yield f"${node}"
    elif not isinstance(node, str) and hasattr(node, "__iter__"):
        for value in node:
            yield from _forbidden(value, bound)
