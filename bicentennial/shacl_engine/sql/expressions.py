"""Expressions of SPARQL as SQL.

An expression is a `Row` (the parts of a term, NULL where it has no value) or, for what is true or false, an SQL
boolean that is NULL on an error; SQL's logic of three values is then SPARQL's. What is not covered raises
`UnsupportedShapeError`, and nothing is approximated.
"""

# ruff: noqa: S608 -- what goes into the SQL is quoted by `literals.quoted`

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Any, Final

from rdflib.plugins.sparql.parserutils import CompValue, Expr
from rdflib.term import BNode, Literal, URIRef, Variable

from bicentennial.core.errors import UnsupportedShapeError
from bicentennial.core.namespaces import RDF, XSD
from bicentennial.shacl_engine.lexical.datatypes import NUMERIC
from bicentennial.shacl_engine.lexical.regex import for_python
from bicentennial.shacl_engine.sql.literals import Row, any_of, compared, constant, decoded, made, quoted, unlike, valid
from bicentennial.shacl_engine.sql.patterns import translated
from bicentennial.shacl_engine.terms import term
from bicentennial.storage.layout import BLANK, IRI, LITERAL, literal_key

if TYPE_CHECKING:
    from collections.abc import Callable, Collection

    from bicentennial.shacl_engine.sql.basic import Relation
    from bicentennial.shacl_engine.sql.script import Script

__all__ = ["Expressions"]

_NULL: Final = Row(
    "CAST(NULL AS VARCHAR)",
    "CAST(NULL AS VARCHAR)",
    "CAST(NULL AS UTINYINT)",
    "CAST(NULL AS VARCHAR)",
    "CAST(NULL AS VARCHAR)",
)
_SHORT: Final = 1_500
_COMPARISONS: Final = {"=": "=", "!=": "<>", "<": "<", "<=": "<=", ">": ">", ">=": ">="}
_STRINGS: Final = (XSD.string, RDF.langString)


class Expressions:
    """Compiles expressions over a relation.

    Args:
        script: holds the relation.
        variables: those in scope; the key of each one's term, or NULL, is in the column `"?name"`.
        resources: those of them that are never literals.
        exists: compiles the pattern of an `EXISTS` to an SQL boolean.
    """

    def __init__(
        self, script: Script, variables: Collection[str], resources: Collection[str], exists: Callable[[Any], str]
    ) -> None:
        self._script = script
        self._variables = variables
        self._resources = resources
        self._exists = exists
        self._parts: set[str] = set()
        self._columns: dict[str, str] = {}

    def source(self, relation: Relation, *used: str) -> str:
        """Return the relation, or one that also has the parts of terms that these expressions look into."""
        used += tuple(self._columns)
        parts = [
            f"{sql} AS {column}"
            for name in sorted(self._parts)
            for part, sql in decoded(f'"?{name}"').items()
            if any((column := f'"?{name} {part}"') in expression for expression in used)
            and column not in relation.parts
        ]
        # Materialized, for DuckDB would otherwise take a term apart again wherever a part of it is looked at.
        found = relation.name
        if parts:
            found = self._script.relation(f"SELECT *, {', '.join(parts)} FROM {found}", materialized=True)
        for expression, column in self._columns.items():  # each may use those before it
            found = self._script.relation(f"SELECT *, {expression} AS {column} FROM {found} x", materialized=True)
        return found

    def _column(self, expression: str) -> str:
        """Return what stands for an expression: itself if it is simple, otherwise a column that holds its value."""
        if _is_simple(expression) or expression.startswith('"='):
            return expression
        return self._columns.setdefault(expression, f'"={len(self._columns) + 1}"')

    def truth(self, expression: Any) -> str:
        """Return the effective boolean value of an expression as an SQL boolean."""
        if isinstance(expression, Expr | CompValue):
            name = expression.name
            if name in ("ConditionalAndExpression", "ConditionalOrExpression"):
                word = " AND " if name == "ConditionalAndExpression" else " OR "
                return "(" + word.join(self.truth(part) for part in (expression.expr, *expression.other)) + ")"
            if name == "UnaryNot":
                return f"(NOT {self.truth(expression.expr)})"
            if name == "RelationalExpression":
                return self._relation(expression)
            if name == "TrueFilter":
                return "true"
            if name.startswith("Builtin_"):
                found = self._test(name.removeprefix("Builtin_"), expression)
                if found is not None:
                    return found
        return _effective(self.row(expression))

    def row(self, expression: Any) -> Row:
        """Return the term that an expression makes."""
        found = self._row(expression)
        if found.term is not None or _is_simple(found.k + found.o):
            return found
        columns = made(lambda part: self._column(getattr(found, part)))
        return replace(columns, datatype=found.datatype, sqlite=found.sqlite)

    def _row(self, expression: Any) -> Row:
        if isinstance(expression, Variable):
            name = str(expression)
            if name not in self._variables:
                return _NULL
            self._parts.add(name)
            columns = made(lambda part: f'"?{name}"' if part == "k" else f'"?{name} {part}"')
            return replace(columns, sqlite=self._script.sqlite)
        if isinstance(expression, BNode):
            raise UnsupportedShapeError("blank-node")
        if isinstance(expression, URIRef | Literal):
            return constant(term(expression))
        if isinstance(expression, Expr | CompValue):
            name = expression.name
            if name == "Function":
                return self._cast(expression)
            if name.startswith("Builtin_"):
                found = self._made(name.removeprefix("Builtin_"), expression)
                if found is not None:
                    return found
                truth = self._test(name.removeprefix("Builtin_"), expression)
                if truth is not None:
                    return _boolean(truth)
            elif name.startswith("Conditional") or name in ("UnaryNot", "RelationalExpression"):
                return _boolean(self.truth(expression))
            raise UnsupportedShapeError("in-sparql", name=name.removeprefix("Builtin_"))
        raise UnsupportedShapeError("in-expression", name=type(expression).__name__)

    def _is_resource(self, expression: Any) -> bool:
        return isinstance(expression, URIRef) or (
            isinstance(expression, Variable) and str(expression) in self._resources
        )

    def _key(self, expression: Any) -> str:
        if isinstance(expression, Variable):
            return f'"?{expression}"' if str(expression) in self._variables else "CAST(NULL AS VARCHAR)"
        return self.row(expression).k

    def _relation(self, expression: Any) -> str:
        operator = expression.op
        if operator is None:
            return self.truth(expression.expr)
        if operator in ("=", "!=") and (self._is_resource(expression.expr) or self._is_resource(expression.other)):
            # Nothing equals an IRI or a blank node but itself.
            return f"({self._key(expression.expr)} {_COMPARISONS[operator]} {self._key(expression.other)})"
        left = self.row(expression.expr)
        if operator in ("IN", "NOT IN"):
            others = expression.other if isinstance(expression.other, list) else [expression.other]
            among = _among(left, [self.row(_like(expression.expr, other)) for other in others])
            return among if operator == "IN" else f"(NOT {among})"
        if operator in ("=", "!="):
            left = self.row(_like(expression.other, expression.expr))
        right = self.row(_like(expression.expr, expression.other))
        if operator == "=":
            return _equal(left, right)
        if operator == "!=":
            return f"(NOT {_equal(left, right)})"
        if operator not in _COMPARISONS:
            raise UnsupportedShapeError("operator", operator=operator)
        return f"({compared(left, _COMPARISONS[operator], right)})"

    def _test(self, name: str, expression: Any) -> str | None:
        """Return a builtin that is true or false."""
        match name:
            case "EXISTS":
                return self._exists(expression.graph)
            case "NOTEXISTS":
                return f"(NOT {self._exists(expression.graph)})"
            case "BOUND":
                name = str(expression.arg)
                return f'("?{name}" IS NOT NULL)' if name in self._variables else "false"
            case "sameTerm":
                return f"({self._key(expression.arg1)} = {self._key(expression.arg2)})"
            case "isIRI" | "isURI":
                return f"({self.row(expression.arg).kind} = {IRI})"
            case "isBLANK":
                return f"({self.row(expression.arg).kind} = {BLANK})"
            case "isLITERAL":
                return f"({self.row(expression.arg).kind} = {LITERAL})"
            case "isNUMERIC":
                a = self.row(expression.arg)
                cases = " ".join(f"WHEN {quoted(name)} THEN {valid(name, a.o)}" for name in sorted(NUMERIC))
                return f"(CASE WHEN {a.kind} = {LITERAL} THEN CASE {a.dt} {cases} ELSE false END ELSE {a.kind} < 0 END)"
            case "STRSTARTS" | "STRENDS" | "CONTAINS":
                function = {"STRSTARTS": "starts_with", "STRENDS": "ends_with", "CONTAINS": "contains"}[name]
                a, b = self.row(expression.arg1), self.row(expression.arg2)
                return (
                    f"(CASE WHEN {_is_text(a)} AND {_is_text(b)} AND ({b.lang} = '' OR {b.lang} = {a.lang})"
                    f" THEN {function}({a.o}, {b.o}) END)"
                )
            case "REGEX":
                a = self.row(expression.text)
                pattern, flags = self._fixed(expression.pattern), self._fixed(expression.flags)
                wanted = for_python(pattern, flags) if self._script.sqlite else translated(pattern, flags)
                return f"(CASE WHEN {_is_text(a)} THEN regexp_matches({a.o}, {quoted(wanted)}) END)"
            case "LANGMATCHES":
                a, wanted = self.row(expression.arg1), self._fixed(expression.arg2).lower()
                if wanted == "*":
                    return f"({a.o} <> '')"
                return f"(lower({a.o}) = {quoted(wanted)} OR starts_with(lower({a.o}), {quoted(wanted + '-')}))"
        return None

    def _made(self, name: str, expression: Any) -> Row | None:
        """Return the term that a builtin makes."""
        match name:
            case "STR":
                a = self.row(expression.arg)
                return _text(f"CASE WHEN {a.kind} <> {BLANK} THEN {a.o} END")
            case "LANG":
                a = self.row(expression.arg)
                return _text(f"CASE WHEN {a.kind} = {LITERAL} THEN {a.lang} END")
            case "DATATYPE":
                a = self.row(expression.arg)
                datatype = f"CASE WHEN {a.kind} = {LITERAL} THEN {a.dt} END"
                return Row(datatype, datatype, f"CASE WHEN {a.kind} = {LITERAL} THEN {IRI} END", "''", "''")
            case "STRLEN":
                a = self.row(expression.arg)
                return _literal(f"CASE WHEN {_is_text(a)} THEN length({a.o})::VARCHAR END", XSD.integer)
            case "UCASE" | "LCASE":
                a = self.row(expression.arg)
                function = "upper" if name == "UCASE" else "lower"
                return _text_like(a, f"CASE WHEN {_is_text(a)} THEN {function}({a.o}) END")
            case "CONCAT":
                return _concatenated([self.row(each) for each in expression.arg])
            case "SUBSTR":
                a = self.row(expression.arg)
                start, length = self._whole(expression.start), expression.length
                rest = "" if length is None else f", {self._whole(length)}"
                return _text_like(a, f"CASE WHEN {_is_text(a)} THEN substr({a.o}, {start}{rest}) END")
            case "IF":
                truth = self._column(self.truth(expression.arg1))
                yes, no = self.row(expression.arg2), self.row(expression.arg3)
                return made(
                    lambda part: (
                        f"CASE WHEN {truth} THEN {getattr(yes, part)} WHEN NOT {truth} THEN {getattr(no, part)} END"
                    )
                )
            case "COALESCE":
                ways = [self.row(way) for way in expression.arg]
                return made(lambda part: _first(ways, part))
        return None

    def _cast(self, expression: Any) -> Row:
        datatype = str(expression.iri)
        arguments = expression.expr if isinstance(expression.expr, list) else [expression.expr]
        if datatype not in (XSD.date, XSD.dateTime) or len(arguments) != 1:
            raise UnsupportedShapeError("function", function=datatype)
        a = self.row(arguments[0])
        if datatype == XSD.date:
            other = XSD.dateTime
            change = f"regexp_replace({a.o}, 'T[0-9:.]*', '')"
        else:
            other = XSD.date
            change = f"regexp_replace({a.o}, '^(-?[0-9]+-[0-9]{{2}}-[0-9]{{2}})', '\\1T00:00:00')"
        same = f"{a.dt} IN ({quoted(XSD.string)}, {quoted(datatype)}) AND {valid(datatype, a.o)}"
        return _literal(
            f"CASE WHEN {same} THEN {a.o} WHEN {a.dt} = {quoted(other)} AND {valid(other, a.o)} THEN {change} END",
            datatype,
        )

    def _fixed(self, argument: Any) -> str:
        if argument is None:
            return ""
        if not isinstance(argument, Literal):
            raise UnsupportedShapeError("argument")
        return str(argument)

    def _whole(self, argument: Any) -> int:
        text = self._fixed(argument)
        if not text.isascii() or not text.isdigit() or int(text) < 1:
            raise UnsupportedShapeError("substr", number=text)
        return int(text)


def _is_simple(expression: str) -> bool:
    """Return whether an expression may be written wherever its value is looked at.

    That is in several places, so that a long one within another would grow without bound, and in lambdas, where DuckDB
    takes no subquery.
    """
    return len(expression) <= _SHORT and "SELECT " not in expression


def _like(made: Any, other: Any) -> Any:
    """Return what an expression is held against: a language in lower case, if it is held against that of a text.

    Languages are compared without regard to case, and the data does not keep theirs.
    """
    is_language = isinstance(made, CompValue) and made.name == "Builtin_LANG"
    return Literal(other.lower()) if is_language and isinstance(other, Literal) else other


def _first(ways: list[Row], part: str) -> str:
    cases = " ".join(f"WHEN {way.k} IS NOT NULL THEN {getattr(way, part)}" for way in ways)
    return f"CASE {cases} END"


def _literal(o: str, datatype: str) -> Row:
    k = quoted(f'"{datatype}""')
    return Row(
        f"({k} || {o})",
        f"({o})",
        f"CASE WHEN ({o}) IS NOT NULL THEN {LITERAL} END",
        quoted(datatype),
        "''",
        None,
        datatype,
    )


def _text(o: str) -> Row:
    return _literal(o, XSD.string)


def _text_like(a: Row, o: str) -> Row:
    """Return a text with the language, if any, of another."""
    if a.datatype == XSD.string:
        return _text(o)
    return Row(
        f"({literal_key(o, a.dt, a.lang)})", f"({o})", f"CASE WHEN ({o}) IS NOT NULL THEN {LITERAL} END", a.dt, a.lang
    )


def _concatenated(rows: list[Row]) -> Row:
    """Return texts put together: with their language if they have the same one."""
    texts = " AND ".join(map(_is_text, rows)) or "true"
    o = f"CASE WHEN {texts} THEN {' || '.join(each.o for each in rows) or quoted('')} END"
    if all(each.datatype == XSD.string for each in rows):
        return _text(o)
    first = rows[0].lang
    lang = f"CASE WHEN {' AND '.join(f'{each.lang} = {first}' for each in rows)} THEN {first} ELSE '' END"
    dt = f"CASE WHEN {lang} <> '' THEN {quoted(RDF.langString)} ELSE {quoted(XSD.string)} END"
    return Row(f"({literal_key(o, dt, lang)})", f"({o})", f"CASE WHEN ({o}) IS NOT NULL THEN {LITERAL} END", dt, lang)


def _boolean(truth: str) -> Row:
    return _literal(f"CASE WHEN {truth} THEN 'true' WHEN NOT {truth} THEN 'false' END", XSD.boolean)


def _is_text(a: Row) -> str:
    if a.datatype == XSD.string:
        return f"{a.o} IS NOT NULL"
    return f"({a.kind} = {LITERAL} AND {any_of(_STRINGS, a.dt)})"


def _equal(a: Row, b: Row) -> str:
    """Return `a = b`: by value where the two have an order, otherwise as terms.

    Literals of known datatypes that have no value in common are not equal, as SPARQL 1.2 says (1.1 calls that an error,
    and lets an implementation say more); one whose datatype is not known is an error.
    """
    for side in (a, b):
        if side.term is not None and side.term.kind != LITERAL:
            return f"({a.k} = {b.k})"
    if a.datatype == b.datatype == XSD.string:
        return f"({a.o} = {b.o})"
    texts = f"{any_of(_STRINGS, a.dt)} AND {any_of(_STRINGS, b.dt)}"
    differ = f"{a.kind} <> {LITERAL} OR {b.kind} <> {LITERAL} OR ({texts}) OR {unlike(a, b)}"
    as_terms = f"CASE WHEN {a.k} = {b.k} THEN true WHEN {a.k} <> {b.k} AND ({differ}) THEN false END"
    return f"coalesce({compared(a, '=', b)}, {as_terms})"


def _among(a: Row, others: list[Row]) -> str:
    """Return whether a term equals one of several; of those that are compared as texts, it is worked out once."""
    ways: dict[str, list[str]] = {}
    rest = []
    for other in others:
        if other.term is not None and other.term.kind != LITERAL:
            ways.setdefault(a.k, []).append(other.k)
        elif other.term is not None and a.datatype == other.datatype == XSD.string:
            ways.setdefault(a.o, []).append(other.o)
        else:
            rest.append(_equal(a, other))
    rest += [f"{text} IN ({', '.join(texts)})" for text, texts in ways.items()]
    return f"({' OR '.join(rest) or 'false'})"


def _effective(a: Row) -> str:
    numbers = " ".join(f"WHEN {quoted(name)} THEN {valid(name, a.o)} AND {_not_zero(a.o)}" for name in sorted(NUMERIC))
    return (
        f"(CASE WHEN {a.kind} = {LITERAL} THEN CASE {a.dt} WHEN {quoted(XSD.boolean)} THEN {a.o} IN ('true', '1')"
        f" WHEN {quoted(XSD.string)} THEN {a.o} <> '' WHEN {quoted(RDF.langString)} THEN {a.o} <> '' {numbers} END END)"
    )


def _not_zero(o: str) -> str:
    return f"{o} <> 'NaN' AND regexp_matches({o}, '^[^eE]*[1-9I]')"
