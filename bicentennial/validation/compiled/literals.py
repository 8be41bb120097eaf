"""SQL about RDF terms: keys, lexical checks, and comparison as SPARQL compares.

A row of values has the columns `k` (the term's key, see `results.Term.decode`), `o`, `kind`, `dt` and `lang`; a `Row`
holds the SQL expressions of these five, be they columns or constants.

>>> valid(XSD.boolean, "v.o")
"regexp_full_match(v.o, 'true|false|0|1')"
>>> import duckdb
>>> from bicentennial.validation.results import Term
>>> ten, nine = (constant(Term(text, LITERAL, XSD.integer)) for text in ("10", "9"))
>>> duckdb.connect().execute(f"SELECT {compared(ten, '>', nine)}").fetchone()
(True,)
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from bicentennial.intake.dataset import LITERAL
from bicentennial.namespaces import RDF, XSD
from bicentennial.validation.lexical import EXACT, FLOATING, LEXICAL, is_valid

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

    from bicentennial.validation.results import Term

__all__ = ["COMPARABLE", "Row", "any_of", "compared", "constant", "decoded", "key", "made", "quoted", "row", "valid"]


def quoted(text: str) -> str:
    """Return a text as an SQL string.

    >>> quoted("l'été")
    "'l''été'"
    """
    return "'" + text.replace("'", "''") + "'"


@dataclass(frozen=True, slots=True)
class Row:
    """The SQL expressions of one term's parts.

    `term` is set if they are constants, `datatype` if it is known whatever the value.
    """

    k: str
    o: str
    kind: str
    dt: str
    lang: str
    term: Term | None = None
    datatype: str | None = None


def made(part: Callable[[str], str]) -> Row:
    """Return the row whose parts a function of their names gives."""
    return Row(part("k"), part("o"), part("kind"), part("dt"), part("lang"))


def row(prefix: str) -> Row:
    """Return the columns of a row, such as `v.o` for the prefix `v.`."""
    return made(lambda part: prefix + part)


def constant(term: Term) -> Row:
    """Return a term as a row of constants."""
    parts = (quoted(term.key), quoted(term.lexical), str(term.kind), quoted(term.datatype), quoted(term.language))
    return Row(*parts, term, term.datatype)


def key(prefix: str = "") -> str:
    """Return the key of the term in the columns `o`, `kind`, `dt` and `lang`."""
    o, kind, dt, lang = (prefix + name for name in ("o", "kind", "dt", "lang"))
    return f"""CASE WHEN {kind} = {LITERAL} THEN '"' || {dt} || '"' || {lang} || '"' || {o} ELSE {o} END"""


def decoded(k: str, prefix: str = "") -> str:
    """Return the select list of the parts `o`, `kind`, `dt` and `lang` of the term that a key stands for."""
    dt, lang = f"""split_part({k}, '"', 2)""", f"""split_part({k}, '"', 3)"""
    literal = f"""starts_with({k}, '"')"""
    parts = {
        "o": f"CASE WHEN {literal} THEN substr({k}, length({dt}) + length({lang}) + 4) ELSE {k} END",
        "kind": f"CASE WHEN {literal} THEN {LITERAL} WHEN starts_with({k}, '_:') THEN 1 WHEN {k} <> '' THEN 0 END::UTINYINT",
        "dt": f"CASE WHEN {literal} THEN {dt} ELSE '' END",
        "lang": f"CASE WHEN {literal} THEN {lang} ELSE '' END",
    }
    return ", ".join(f'{sql} AS "{prefix}{name}"' for name, sql in parts.items())


def valid(datatype: str, o: str, lang: str = "''") -> str:
    """Return whether a lexical form belongs to a datatype; true for those that XSD does not have."""
    if datatype == RDF.langString:
        return f"{lang} <> ''"
    pattern = LEXICAL.get(datatype)
    return f"regexp_full_match({o}, {quoted(pattern)})" if pattern is not None else "true"


def any_of(texts: Iterable[str], column: str) -> str:
    """Return whether a column holds one of several texts."""
    return f"{column} IN ({', '.join(map(quoted, sorted(texts)))})"


# What SPARQL compares by order, each datatype with those of its family.
_FAMILIES: Final = dict.fromkeys(EXACT | FLOATING, "n") | {
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
COMPARABLE: Final = frozenset(_FAMILIES)
"""The datatypes whose values have an order."""


def _family(a: Row, datatypes: frozenset[str]) -> str:
    """Return what a literal can be compared with, among these datatypes: NULL where it is ill-typed or none of them.

    Moments with a time zone and without one are of two families.
    """
    zone = f"CASE WHEN regexp_matches({a.o}, '(Z|[+-][0-9]{{2}}:[0-9]{{2}})$') THEN 'z' ELSE '' END"
    cases = []
    for datatype in sorted(datatypes):
        family = _FAMILIES[datatype]
        name = f"'{family}' || {zone}" if family in _TEMPORAL else f"'{family}'"
        check = valid(datatype, a.o)
        cases.append(
            f"WHEN {quoted(datatype)} THEN " + (name if family == "s" else f"CASE WHEN {check} THEN {name} END")
        )
    return f"CASE WHEN {a.kind} = {LITERAL} THEN CASE {a.dt} {' '.join(cases)} END END"


def _number_key(o: str) -> str:
    """Return a text that sorts as the decimal number that `o` writes, exact at any length."""
    parts = rf"regexp_extract({o}, '^([+-]?)0*([0-9]*)\.?([0-9]*?)0*$', ['sign', 'whole', 'part'])"
    whole, part = f"({parts}).whole", f"({parts}).part"
    digits = f"lpad(length({whole})::VARCHAR, 9, '0') || {whole} || {part}"
    return (
        f"CASE WHEN {whole} = '' AND {part} = '' THEN '1000000000'"
        f" WHEN ({parts}).sign = '-' THEN '0' || translate({digits}, '0123456789', '9876543210') || '~'"
        f" ELSE '1' || {digits} END"
    )


def _double(a: Row) -> str:
    plain = f"TRY_CAST(replace({a.o}, '+INF', 'INF') AS DOUBLE)"
    return f"CASE WHEN {a.dt} = {quoted(XSD.float)} THEN TRY_CAST({plain} AS FLOAT)::DOUBLE ELSE {plain} END"


def _moment_key(a: Row) -> str:
    """Return a text that sorts as the moments of one family.

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

    year = f"TRY_CAST({part('year', '2000')} AS HUGEINT)"
    turned = f"(2000 + ((({year}) % 400) + 400) % 400)"
    clock, zone = part("clock", "00:00:00"), part("zone", "+00:00")
    day = f"{turned}::VARCHAR || '-' || {part('month', '01')} || '-' || {part('day', '01')}"
    midnight = f"starts_with({clock}, '24')"
    minutes = (
        f"coalesce(TRY_CAST(substr({zone}, 1, 1) || '1' AS INTEGER) * (TRY_CAST(substr({zone}, 2, 2) AS INTEGER) * 60"
        f" + TRY_CAST(substr({zone}, 5, 2) AS INTEGER)), 0)"
    )
    stamp = (
        f"(TRY_CAST({day} || ' ' || CASE WHEN {midnight} THEN '00:00:00' ELSE {clock} END AS TIMESTAMP)"
        f" + to_days(CASE WHEN {midnight} AND {a.dt} <> {quoted(XSD.time)} THEN 1 ELSE 0 END) - to_minutes({minutes}))"
    )
    carried = f"({year} - {turned} + year({stamp}))::VARCHAR"
    return f"{_number_key(carried)} || strftime({stamp}, '-%m-%dT%H:%M:%S.') || {part('fraction', '')}"


def _sort_key(a: Row, families: frozenset[str]) -> str:
    """Return the text by which values of one of these families sort."""
    cases = []
    if "n" in families:
        cases.append(f"WHEN {any_of(EXACT, a.dt)} THEN {_number_key(a.o)}")
    if families & _TEMPORAL:
        names = [name for name, family in _FAMILIES.items() if family in _TEMPORAL]
        cases.append(f"WHEN {any_of(names, a.dt)} THEN {_moment_key(a)}")
    if "b" in families:
        cases.append(f"WHEN {a.dt} = {quoted(XSD.boolean)} THEN CASE WHEN {a.o} IN ('true', '1') THEN '1' ELSE '0' END")
    return f"CASE {' '.join(cases)} ELSE {a.o} END" if cases else a.o


def compared(a: Row, operator: str, b: Row) -> str:
    """Return what SPARQL makes of `a operator b`, for `<`, `<=`, `>`, `>=`, `=` and `<>` between values.

    NULL where the two have no order: terms that are no literals, ill-typed literals, unlike families, a moment with
    a time zone and one without.
    """
    known = [side.term for side in (a, b) if side.term is not None]
    if any(t.datatype not in COMPARABLE or not is_valid(t.datatype, t.lexical) for t in known):
        return "NULL::BOOLEAN"
    families = frozenset(_FAMILIES.values())
    for side in (a, b):
        if side.datatype is not None:
            families &= {_FAMILIES.get(side.datatype, "")}
    if not families:
        return "NULL::BOOLEAN"
    if a.datatype == b.datatype == XSD.string:
        return f"{a.o} {operator} {b.o}"
    datatypes = frozenset(name for name, family in _FAMILIES.items() if family in families)
    by_key = f"({_sort_key(a, families)}) {operator} ({_sort_key(b, families)})"
    if "n" in families:
        floating = f"({any_of(FLOATING, a.dt)} OR {any_of(FLOATING, b.dt)})"
        x, y = _double(a), _double(b)
        number = f"NOT isnan({x}) AND NOT isnan({y})"
        as_doubles = f"NOT ({number} AND {x} = {y})" if operator == "<>" else f"({number} AND {x} {operator} {y})"
        # Short decimal numbers, nearly all of them, fit a decimal column exactly.
        short = f"length({a.o}) <= 18 AND length({b.o}) <= 18 AND {any_of(EXACT, a.dt)} AND {any_of(EXACT, b.dt)}"
        x, y = (f"TRY_CAST({side.o} AS DECIMAL(38, 18))" for side in (a, b))
        by_key = f"CASE WHEN {floating} THEN {as_doubles} WHEN {short} THEN {x} {operator} {y} ELSE {by_key} END"
    return f"CASE WHEN ({_family(a, datatypes)}) = ({_family(b, datatypes)}) THEN {by_key} END"
