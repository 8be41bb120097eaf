"""The components of SHACL Core as SQL.

Some constraints can be decided by looking at a value alone: `condition` gives the expression. All others are queries
over relations of a `Script`: `Compiler` writes them, for any focus nodes, so that shapes within shapes are compiled
like shapes with targets.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from bicentennial.core.errors import UnsupportedShapeError
from bicentennial.core.namespaces import SH, local_name
from bicentennial.shacl_engine.lexical.regex import for_python
from bicentennial.shacl_engine.sql.literals import any_of, compared, constant, quoted, valid
from bicentennial.shacl_engine.sql.patterns import translated
from bicentennial.storage.layout import BLANK, IRI, LITERAL

if TYPE_CHECKING:
    from bicentennial.shacl_engine.results import Term
    from bicentennial.shacl_engine.shapes.graph import Constraint, Shape
    from bicentennial.shacl_engine.sql.literals import Row

__all__ = ["condition", "conforms", "count"]

_KINDS: Final = {
    SH.IRI: (IRI,),
    SH.BlankNode: (BLANK,),
    SH.Literal: (LITERAL,),
    SH.BlankNodeOrIRI: (BLANK, IRI),
    SH.BlankNodeOrLiteral: (BLANK, LITERAL),
    SH.IRIOrLiteral: (IRI, LITERAL),
}
_LONG: Final = 1_000
_BETWEEN: Final = "\x1f"
_RANGES: Final = {"MinExclusive": "<", "MinInclusive": "<=", "MaxExclusive": ">", "MaxInclusive": ">="}


def count(term: Term) -> int:
    """Return the number that a literal such as that of `sh:minCount` writes."""
    try:
        return int(term.lexical)
    except ValueError:
        raise UnsupportedShapeError("count", text=term.lexical) from None


def conforms(shape: Shape, a: Row) -> str | None:
    """Return whether a value conforms to a node shape, if the value alone decides that; otherwise None."""
    if shape.path is not None:
        return None
    conditions = [condition(constraint, a) for constraint in shape.constraints]
    if any(found is None for found in conditions):
        return None
    return " AND ".join(f"({found})" for found in conditions) or "true"


def condition(constraint: Constraint, a: Row) -> str | None:
    """Return whether a value satisfies a constraint, if the value alone decides that; otherwise None."""
    inner = [conforms(shape, a) for shape in constraint.shapes]
    ways = [f"({found})" for found in inner if found is not None]
    if len(ways) < len(inner):
        return None
    match constraint.component:
        case "Datatype":
            datatype = constraint.value.lexical
            if a.sound:
                return str(datatype == a.datatype).lower()
            return f"{a.kind} = {LITERAL} AND {a.dt} = {quoted(datatype)} AND {valid(datatype, a.o, a.lang)}"
        case "NodeKind":
            kinds = _KINDS.get(constraint.value.lexical)
            if kinds is None:
                raise UnsupportedShapeError("term", name=f"nodeKind {local_name(constraint.value.lexical)}")
            return f"{a.kind} IN ({', '.join(map(str, kinds))})"
        case "MinExclusive" | "MinInclusive" | "MaxExclusive" | "MaxInclusive" as name:
            return f"coalesce({compared(constant(constraint.value), _RANGES[name], a)}, false)"
        case "MinLength":
            return f"{a.kind} <> {BLANK} AND length({a.o}) >= {count(constraint.value)}"
        case "MaxLength":
            return f"{a.kind} <> {BLANK} AND length({a.o}) <= {count(constraint.value)}"
        case "Pattern":
            pattern, flags = (value.lexical for value in constraint.values)
            wanted = for_python(pattern, flags) if a.sqlite else translated(pattern, flags)
            return f"{a.kind} <> {BLANK} AND regexp_matches({a.o}, {quoted(wanted)})"
        case "LanguageIn":
            return " OR ".join(_in_language(value.lexical.lower(), a) for value in constraint.values) or "false"
        case "In":
            return _in([value.key for value in constraint.values], a) if constraint.values else "false"
        case "HasValue":
            return f"{a.k} = {quoted(constraint.value.key)}"
        case "Not":
            return f"NOT {ways[0]}"
        case "And" | "Node":
            return " AND ".join(ways) or "true"
        case "Or":
            return " OR ".join(ways) or "false"
        case "Xone":
            return " + ".join(f"CAST({way} AS INTEGER)" for way in ways) + " = 1" if ways else "false"
    return None


def _in(keys: list[str], a: Row) -> str:
    # DuckDB plans each constant by itself: 50,000 take a second, and the pieces of a single one a fiftieth of it.
    if len(keys) < _LONG or a.sqlite or any(_BETWEEN in key for key in keys):
        return any_of(keys, a.k)
    return f"{a.k} IN (SELECT unnest(string_split({quoted(_BETWEEN.join(sorted(keys)))}, {quoted(_BETWEEN)})))"


def _in_language(wanted: str, a: Row) -> str:
    if not wanted:  # a text without a language has no tag that it could match
        return "false"
    if wanted == "*":
        return f"({a.kind} = {LITERAL} AND {a.lang} <> '')"
    return f"({a.kind} = {LITERAL} AND ({a.lang} = {quoted(wanted)} OR starts_with({a.lang}, {quoted(wanted + '-')})))"
