"""SQL about RDF terms: keys, lexical checks, and comparison as SPARQL compares.

A row of values has the columns `k` (the term's key, see `results.Term.decode`), `o`, `kind`, `dt` and `lang`; a `Row`
holds the SQL expressions of these five, be they columns or constants.

>>> valid(XSD.boolean, "v.o")
"regexp_full_match(v.o, 'true|false|0|1')"
>>> import duckdb
>>> from bicentennial.shacl_engine.results import Term
>>> ten, nine = (constant(Term(text, LITERAL, XSD.integer)) for text in ("10", "9"))
>>> duckdb.connect().execute(f"SELECT {compared(ten, '>', nine)}").fetchone()
(True,)
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from functools import lru_cache
from typing import TYPE_CHECKING, Final

from bicentennial.core.namespaces import RDF, XSD
from bicentennial.shacl_engine.lexical.datatypes import BOUNDS, EXACT, LEXICAL, is_valid
from bicentennial.storage.connection import duckdb
from bicentennial.storage.layout import BLANK, IRI, LITERAL, quoted

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

    from bicentennial.shacl_engine.results import Term

__all__ = ["Row", "any_of", "compared", "constant", "decimal", "decoded", "made", "quoted", "row", "unlike", "valid"]


@dataclass(frozen=True, slots=True)
class Row:
    """The SQL expressions of one term's parts.

    `term` is set if they are constants, `datatype` if it is known whatever the value, and `sound` if that is the
    datatype of all values beyond doubt. A `sqlite` row is one of a small
    submission, in SQLite: what is said of it is SQL for that where DuckDB's would not do.
    """

    k: str
    o: str
    kind: str
    dt: str
    lang: str
    term: Term | None = None
    datatype: str | None = None
    sound: bool = False
    sqlite: bool = False


def made(part: Callable[[str], str]) -> Row:
    """Return the row whose parts a function of their names gives."""
    return Row(part("k"), part("o"), part("kind"), part("dt"), part("lang"))


def row(prefix: str, *, sqlite: bool = False) -> Row:
    """Return the columns of a row, such as `v.o` for the prefix `v.`."""
    return replace(made(lambda part: prefix + part), sqlite=sqlite)


def decimal() -> Row:
    """Return the columns of a row that is a decimal number beyond doubt."""
    return replace(row(""), datatype=XSD.decimal, sound=True)


def constant(term: Term) -> Row:
    """Return a term as a row of constants."""
    parts = (quoted(term.key), quoted(term.lexical), str(term.kind), quoted(term.datatype), quoted(term.language))
    return Row(*parts, term, term.datatype)


def decoded(k: str) -> dict[str, str]:
    """Return the parts `o`, `kind`, `dt` and `lang` of the term that a key stands for."""
    literal = f"""starts_with({k}, '"')"""
    rest = f"substr({k}, 2)"
    second = f"""instr({rest}, '"')"""
    tail = f"substr({rest}, {second} + 1)"
    third = f"""instr({tail}, '"')"""
    return {
        "o": f"CASE WHEN {literal} THEN substr({tail}, {third} + 1) ELSE {k} END",
        "kind": (
            f"CAST(CASE WHEN {literal} THEN {LITERAL} WHEN starts_with({k}, '_:') THEN {BLANK}"
            f" WHEN {k} IS NOT NULL THEN {IRI} END AS UTINYINT)"
        ),
        "dt": f"CASE WHEN {literal} THEN substr({rest}, 1, {second} - 1) ELSE '' END",
        "lang": f"CASE WHEN {literal} THEN substr({tail}, 1, {third} - 1) ELSE '' END",
    }


def valid(datatype: str, o: str, lang: str = "''") -> str:
    """Return whether a lexical form belongs to a datatype; true for those that XSD does not have."""
    if datatype == RDF.langString:
        return f"{lang} <> ''"
    pattern = LEXICAL.get(datatype)
    return f"regexp_full_match({o}, {quoted(pattern)})" if pattern is not None else "true"


def _valid_number(dt: str, o: str) -> str:
    """Return whether a lexical form belongs to one of the datatypes in `EXACT`.

    Each statement that has a regular expression compiles it anew, and those for bounded integers take long; so integers
    are compared with their bounds.
    """
    zero = f"translate({o}, '+-0', '') = ''"
    negative = f"starts_with({o}, '-')"
    signed = {
        "integer": "true",
        "nonNegativeInteger": f"NOT {negative} OR {zero}",
        "nonPositiveInteger": f"{negative} OR {zero}",
        "positiveInteger": f"NOT {negative} AND NOT {zero}",
        "negativeInteger": f"{negative} AND NOT {zero}",
    }
    ways = {XSD[name]: condition for name, condition in signed.items()} | {
        datatype: f"TRY_CAST({o} AS DECIMAL(38, 0)) BETWEEN {least} AND {most}"
        for datatype, (least, most) in BOUNDS.items()
    }
    cases = " ".join(f"WHEN {quoted(datatype)} THEN {condition}" for datatype, condition in sorted(ways.items()))
    return (
        f"CASE WHEN {dt} = {quoted(XSD.decimal)} THEN {valid(XSD.decimal, o)}"
        f" WHEN {valid(XSD.integer, o)} THEN CASE {dt} {cases} END END"
    )


def any_of(texts: Iterable[str], column: str) -> str:
    """Return whether a column holds one of several texts."""
    return f"{column} IN ({', '.join(map(quoted, sorted(texts)))})"


# What SPARQL compares by order, each datatype with those of its family; numbers of all families mix.
_FAMILIES: Final = dict.fromkeys(EXACT, "n") | {
    XSD.float: "f",
    XSD.double: "g",
    XSD.string: "s",
    XSD.boolean: "b",
    XSD.dateTime: "t",
    XSD.dateTimeStamp: "t",
    XSD.date: "d",
    XSD.time: "h",
    XSD.gYear: "y",
    XSD.gYearMonth: "m",
}
_TEMPORAL: Final = frozenset("tdhym")
_NUMBERS: Final = frozenset("nfg")
# The datatypes whose values are never those of another of these: numbers are all alike, and each other family is.
_SPACES: Final = {name: "n" if family in _NUMBERS else family for name, family in _FAMILIES.items()} | {
    RDF.langString: "l"
}
# Moments without a time zone may be up to fourteen hours away from where they seem to be.
_DOUBT: Final = 14 * 3600
# What is added to seconds, so that all are positive and have as many digits, those before 1970 too.
_OFFSET: Final = 5 * 10**33
_DIGITS: Final = 34
_SHORT: Final = 18


def unlike(a: Row, b: Row) -> str:
    """Return whether two literals are of known datatypes that have no value in common.

    >>> from bicentennial.shacl_engine.results import Term
    >>> unlike(constant(Term("10", LITERAL, XSD.integer)), constant(Term("10", LITERAL, XSD.string)))
    'true'
    """
    if a.datatype is None:
        a, b = b, a
    if a.datatype is not None:
        space = _SPACES.get(a.datatype)
        others = [name for name, other in _SPACES.items() if space and other != space]
        if b.datatype is not None:
            return str(b.datatype in others).lower()
        return any_of(others, b.dt) if others else "false"
    return f"{_space(a.dt)} <> {_space(b.dt)}"


def _space(dt: str) -> str:
    spaces: dict[str, list[str]] = {}
    for name, space in _SPACES.items():
        spaces.setdefault(space, []).append(name)
    cases = " ".join(f"WHEN {any_of(names, dt)} THEN '{space}'" for space, names in spaces.items())
    return f"CASE {cases} END"


def _family(a: Row, families: frozenset[str]) -> str:
    """Return which of these families a literal belongs to: NULL where it is ill-typed or of none.

    Moments with a time zone and without one are of two families, the first marked with a `z`.
    """
    zone = f"CASE WHEN regexp_matches({a.o}, '(Z|[+-][0-9]{{2}}:[0-9]{{2}})$') THEN 'z' ELSE '' END"
    cases = [f"WHEN {any_of(EXACT, a.dt)} THEN CASE WHEN {_valid_number(a.dt, a.o)} THEN 'n' END"]
    cases = cases if "n" in families else []
    for datatype in sorted(name for name, family in _FAMILIES.items() if family in families - {"n"}):
        family = _FAMILIES[datatype]
        name = f"'{family}' || {zone}" if family in _TEMPORAL else f"'{family}'"
        found = name if family == "s" else f"CASE WHEN {valid(datatype, a.o)} THEN {name} END"
        cases.append(f"WHEN {a.dt} = {quoted(datatype)} THEN {found}")
    return f"CASE WHEN {a.kind} = {LITERAL} THEN CASE {' '.join(cases)} END END"


def _let(name: str, value: str, body: str) -> str:
    """Return an expression in which a name stands for a value that is worked out, and written, once.

    DuckDB takes twice as long to plan the body for each such name around it, hence names for several values.
    """
    return f"list_transform([{value}], lambda {name}: {body})[1]"


def _number_key(o: str) -> str:
    """Return a text that sorts as the decimal number that `o` writes, exact at any length."""
    parts = rf"regexp_extract({o}, '^([+-]?)0*([0-9]*)\.?([0-9]*?)0*$', ['sign', 'whole', 'part'])"
    digits = "lpad(length(n.whole)::VARCHAR, 9, '0') || n.whole || n.part"
    key = (
        "CASE WHEN n.whole = '' AND n.part = '' THEN '1000000000'"
        f" WHEN n.sign = '-' THEN '0' || translate({digits}, '0123456789', '9876543210') || '~'"
        f" ELSE '1' || {digits} END"
    )
    return _let("n", parts, key)


def _floating(a: Row, kind: str) -> str:
    """Return the value of a well-typed number as a `FLOAT` or `DOUBLE`; what is too large for it is infinite."""
    plain = f"TRY_CAST(replace({a.o}, '+INF', 'INF') AS {kind})"
    found = f"coalesce({plain}, CASE WHEN starts_with({a.o}, '-') THEN '-INF' ELSE 'INF' END::{kind})"
    return found if a.term is None else f"{_worked_out(a, f'({found})::VARCHAR')}::{kind}"


def _promoted(a: Row, operator: str, b: Row, kind: str) -> str:
    """Return the comparison of two numbers as `FLOAT` or `DOUBLE`: NaN is like nothing, not even itself."""
    v, w = (_floating(each, kind) for each in (a, b))
    if kind == "DOUBLE":  # a float has been rounded as one before
        v, w = (
            f"CASE WHEN {each.dt} = {quoted(XSD.float)} THEN {_floating(each, 'FLOAT')}::DOUBLE ELSE {value} END"
            if each.datatype in (None, XSD.float)
            else value
            for each, value in ((a, v), (b, w))
        )
    known = f"NOT isnan({v}) AND NOT isnan({w})"
    return f"NOT ({known} AND {v} = {w})" if operator == "<>" else f"({known} AND {v} {operator} {w})"


def _moment_key(a: Row) -> str:
    """Return a text that sorts as the moments of one family: seconds, with `_OFFSET` added, and their fraction.

    A year may have any number of digits: the clock is turned within the 400 years after which the calendar repeats,
    and the difference of years is carried over.
    """
    pattern = (
        r"^(-?[0-9]{4,})?-?([0-9]{2})?-?([0-9]{2})?T?([0-9]{2}:[0-9]{2}:[0-9]{2})?(?:\.([0-9]*?)0*)?"
        r"(Z|[+-][0-9]{2}:[0-9]{2})?$"
    )
    parts = f"regexp_extract({a.o}, '{pattern}', ['year', 'month', 'day', 'clock', 'fraction', 'zone'])"

    def part(name: str, default: str) -> str:
        return f"coalesce(nullif(({parts}).{name}, ''), '{default}')"

    turned = "(2000 + ((x.y % 400) + 400) % 400)"
    day = f"{turned}::VARCHAR || '-' || x.m || '-' || x.d"
    minutes = (
        "coalesce(TRY_CAST(substr(x.z, 1, 1) || '1' AS INTEGER)"
        " * (TRY_CAST(substr(x.z, 2, 2) AS INTEGER) * 60 + TRY_CAST(substr(x.z, 5, 2) AS INTEGER)), 0)"
    )
    next_day = f"CASE WHEN starts_with(x.c, '24') AND {a.dt} <> {quoted(XSD.time)} THEN 1 ELSE 0 END"
    stamp = (
        f"TRY_CAST({day} || ' ' || CASE WHEN starts_with(x.c, '24') THEN '00:00:00' ELSE x.c END AS TIMESTAMP)"
        f" + to_days({next_day}) - to_minutes({minutes})"
    )
    values = (
        f"{{'y': TRY_CAST({part('year', '2000')} AS HUGEINT), 'c': {part('clock', '00:00:00')},"
        f" 'z': {part('zone', '+00:00')}, 'm': {part('month', '01')}, 'd': {part('day', '01')},"
        f" 'f': {part('fraction', '')}}}"
    )
    # 400 years have 146,097 days; the difference of years is a multiple of that.
    carried = f"((x.y - {turned}) // 400) * {146_097 * 86_400}::HUGEINT"
    seconds = f"epoch_us({stamp}) // 1000000 + {carried} + {_OFFSET}::HUGEINT"
    return _let("x", values, f"({seconds})::VARCHAR || '.' || x.f")


def _moved(key: str, seconds: int) -> str:
    """Return the key of a moment that is so many seconds later."""
    return f"((substr({key}, 1, {_DIGITS})::HUGEINT + {seconds})::VARCHAR || substr({key}, {_DIGITS + 1}))"


def _doubtful(operator: str) -> str:
    """Return the comparison of moments of which one has no time zone: NULL where that could decide it.

    They are `p.x` and `p.y`, and their families `p.a` and `p.b`; that with a zone has a `z` in its name.
    """

    def bound(family: str, key: str, seconds: int) -> str:
        return f"CASE WHEN ends_with({family}, 'z') THEN {key} ELSE {_moved(key, seconds)} END"

    before = f"{bound('p.a', 'p.x', _DOUBT)} < {bound('p.b', 'p.y', -_DOUBT)}"
    after = f"{bound('p.a', 'p.x', -_DOUBT)} > {bound('p.b', 'p.y', _DOUBT)}"
    less = "true" if operator in ("<", "<=", "<>") else "false"
    greater = "true" if operator in (">", ">=", "<>") else "false"
    return f"CASE WHEN {before} THEN {less} WHEN {after} THEN {greater} END"


def _sort_key(a: Row, families: frozenset[str]) -> str:
    """Return the text by which values sort, be they of one of these families, neither floating nor moments."""
    if families <= {"n"}:
        return _number_key(a.o)
    cases = [f"WHEN {any_of(EXACT, a.dt)} THEN {_number_key(a.o)}"] if "n" in families else []
    if "b" in families:
        cases.append(f"WHEN {a.dt} = {quoted(XSD.boolean)} THEN ({a.o} IN ('true', '1'))::VARCHAR")
    return f"CASE {' '.join(cases)} ELSE {a.o} END" if cases else a.o


def _worked_out(a: Row, expression: str) -> str:
    """Return an expression about a row, or its value if the row is constant."""
    if a.term is None:
        return expression
    return _value(expression)


@lru_cache(256)
def _value(expression: str) -> str:
    """Return the value of an expression as SQL writes it."""
    found = duckdb.execute(f"SELECT {expression}").fetchone()
    assert found is not None
    return "NULL::VARCHAR" if found[0] is None else quoted(found[0])


def _both(datatype: str | None) -> frozenset[str]:
    """Return the families with which a value of a datatype can be compared."""
    if datatype is None:
        return frozenset(_FAMILIES.values())
    family = _FAMILIES.get(datatype)
    return _NUMBERS if family in _NUMBERS else frozenset({family} if family else ())


def compared(a: Row, operator: str, b: Row) -> str:
    """Return what SPARQL makes of `a operator b`, for `<`, `<=`, `>`, `>=`, `=` and `<>` between values.

    NULL where the two have no order: terms that are no literals, ill-typed literals, unlike families, a moment with
    a time zone and one without that are less than fourteen hours apart.
    """
    if a.sqlite or b.sqlite:
        return f"compared({a.o}, {a.dt}, '{operator}', {b.o}, {b.dt})"
    constants = [side for side in (a, b) if side.term is not None]
    if len(constants) == 1 and constants[0].datatype in EXACT and len(constants[0].o) <= _SHORT:
        return _held_against(a, operator, b)
    return _compared(a, operator, b)


def _held_against(a: Row, operator: str, b: Row) -> str:
    """Return the comparison of some value with a constant, a short exact number, which DuckDB plans in less time."""
    value, number = (b, a) if a.term is not None else (a, b)
    assert number.term is not None
    if not is_valid(number.term.datatype, number.term.lexical):
        return "NULL::BOOLEAN"

    def sides(datatype: str) -> tuple[Row, Row]:
        known = replace(value, datatype=datatype)
        return (number, known) if a is number else (known, number)

    x, y = (f"TRY_CAST({side.o} AS DECIMAL(38, 18))" for side in (a, b))
    v, w = (_worked_out(side, _number_key(side.o)) for side in (a, b))
    exact = f"CASE WHEN length({value.o}) <= {_SHORT} THEN {x} {operator} {y} ELSE {v} {operator} {w} END"
    if value.sound and value.datatype in EXACT:
        return exact
    ways = [f"WHEN {any_of(EXACT, value.dt)} THEN CASE WHEN {_valid_number(value.dt, value.o)} THEN {exact} END"]
    for datatype, kind in ((XSD.double, "DOUBLE"), (XSD.float, "FLOAT")):
        one, other = sides(datatype)
        promoted = f"CASE WHEN {valid(datatype, value.o)} THEN {_promoted(one, operator, other, kind)} END"
        ways.append(f"WHEN {value.dt} = {quoted(datatype)} THEN {promoted}")
    return f"CASE WHEN {value.kind} = {LITERAL} THEN CASE {' '.join(ways)} END END"


def _compared(a: Row, operator: str, b: Row) -> str:
    families = _both(a.datatype) & _both(b.datatype)
    if not families:
        return "NULL::BOOLEAN"
    if a.datatype == b.datatype == XSD.string:
        return f"{a.o} {operator} {b.o}"
    first, second = (_worked_out(side, _family(side, families)) for side in (a, b))
    keys = families - {"f", "g"} - _TEMPORAL
    by_key = " ".join((_worked_out(a, _sort_key(a, keys)), operator, _worked_out(b, _sort_key(b, keys))))
    parts = f"'a': {first}, 'b': {second}"
    ways = f"WHEN p.a = p.b THEN {by_key}" if keys else ""
    if families & _TEMPORAL:
        moments = [_worked_out(side, _moment(side, families)) for side in (a, b)]
        parts += f", 'x': {moments[0]}, 'y': {moments[1]}"
        ways = (
            f"WHEN p.x IS NOT NULL AND p.a = p.b THEN p.x {operator} p.y"
            f" WHEN p.x IS NOT NULL AND p.y IS NOT NULL AND substr(p.a, 1, 1) = substr(p.b, 1, 1)"
            f" THEN {_doubtful(operator)} {ways}"
        )
    if families & _NUMBERS:
        # Short decimal numbers, nearly all of them, fit a decimal column exactly.
        short = f"p.a = 'n' AND p.b = 'n' AND length({a.o}) <= {_SHORT} AND length({b.o}) <= {_SHORT}"
        x, y = (f"TRY_CAST({side.o} AS DECIMAL(38, 18))" for side in (a, b))
        # XPath promotes an exact number to what the other one is, and a float to a double.
        ways = (
            f"WHEN {short} THEN {x} {operator} {y}"
            f" WHEN p.a || p.b IN ('ng', 'gn', 'gg', 'fg', 'gf') THEN {_promoted(a, operator, b, 'DOUBLE')}"
            f" WHEN p.a || p.b IN ('nf', 'fn', 'ff') THEN {_promoted(a, operator, b, 'FLOAT')} {ways}"
        )
    return _let("p", f"{{{parts}}}", f"CASE {ways} END")


def _moment(a: Row, families: frozenset[str]) -> str:
    """Return the key of a moment, NULL if a row is none or ill-typed."""
    names = [name for name, family in _FAMILIES.items() if family in families & _TEMPORAL]
    valid_moment = f"{a.kind} = {LITERAL} AND {any_of(names, a.dt)} AND {_family(a, families & _TEMPORAL)} IS NOT NULL"
    return f"CASE WHEN {valid_moment} THEN {_moment_key(a)} END"
