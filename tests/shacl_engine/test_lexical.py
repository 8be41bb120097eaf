"""The lexical spaces of XSD, in Python and in SQL, and the order of values in SQL."""

from __future__ import annotations

from dataclasses import replace
from itertools import pairwise

import duckdb
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bicentennial.core.namespaces import RDF, XSD
from bicentennial.shacl_engine.lexical.datatypes import BOUNDS, EXACT, LEXICAL, is_valid
from bicentennial.shacl_engine.results import LITERAL, Term
from bicentennial.shacl_engine.sql import patterns
from bicentennial.shacl_engine.sql.literals import compared, constant, quoted, row, valid
from bicentennial.shacl_engine.sql.patterns import translated

GOOD: dict[str, list[str]] = {
    "string": ["", "é😀\n"],
    "normalizedString": ["", "a  b"],
    "token": ["", "a b"],
    "language": ["en", "es-MX"],
    "Name": ["a:b", "_x"],
    "NCName": ["é-1"],
    "NMTOKEN": ["-1.a"],
    "boolean": ["true", "false", "0", "1"],
    "decimal": ["0", "+.5", "5.", "-00.10", "9" * 60],
    "integer": ["0", "-07", "+" + "9" * 60],
    "double": ["1", "1e5", "-1.5E-3", "INF", "+INF", "-INF", "NaN", ".5"],
    "float": ["1", "NaN"],
    "long": ["9223372036854775807", "-9223372036854775808", "-0"],
    "int": ["2147483647", "-2147483648", "0002147483647"],
    "short": ["32767", "-32768"],
    "byte": ["127", "-128", "+0"],
    "unsignedLong": ["18446744073709551615", "-0"],
    "unsignedInt": ["4294967295"],
    "unsignedShort": ["65535"],
    "unsignedByte": ["255", "0255"],
    "nonNegativeInteger": ["0", "-0", "99"],
    "positiveInteger": ["1", "+010"],
    "nonPositiveInteger": ["0", "-5", "+0"],
    "negativeInteger": ["-1", "-010"],
    "date": ["2024-02-29", "2000-02-29", "-0004-02-29", "12000-02-29", "2023-12-31Z", "2023-01-31-14:00", "0000-01-01"],
    "dateTime": ["2023-02-28T24:00:00", "2023-02-28T23:59:59.999+05:30", "2024-02-29T00:00:00Z"],
    "dateTimeStamp": ["2023-02-28T00:00:00Z"],
    "time": ["24:00:00.0", "23:59:59Z", "00:00:00.5"],
    "gYear": ["2022", "-0001", "12022Z"],
    "gYearMonth": ["2022-12", "2022-01+14:00"],
    "gMonth": ["--12"],
    "gDay": ["---31Z"],
    "gMonthDay": ["--02-29", "--04-30"],
    "duration": ["P1Y", "-P1Y2M3DT4H5M6.7S", "PT0S", "P1DT1M", "P1M", "PT1H1S"],
    "dayTimeDuration": ["P1D", "PT1H"],
    "yearMonthDuration": ["P1Y2M", "-P2M"],
    "hexBinary": ["", "0aF0"],
    "base64Binary": ["", "YWI=", "YQ==", "YWJj", "Y W J j"],
    "anyURI": ["", "http://example.org/á b"],
}
BAD: dict[str, list[str]] = {
    "string": ["\x00", "\uffff"],
    "normalizedString": ["a\tb"],
    "token": [" a", "a  b", "a "],
    "language": ["", "e1", "en_US", "abcdefghi"],
    "Name": ["1a", ""],
    "NCName": ["a:b"],
    "NMTOKEN": ["", "a b"],
    "boolean": ["maybe", "TRUE", "yes", "", " true"],
    "decimal": ["1e5", ".", "", "1,5", "INF", "+", "1.5.5", "١"],
    "integer": ["1.0", "1_000", "١٢", " 1", "1 ", "", "--1", "0x1"],
    "double": ["inf", "Infinity", "nan", "1e", "e5", "+NaN"],
    "float": ["infinity"],
    "long": ["9223372036854775808", "-9223372036854775809"],
    "int": ["2147483648", "-2147483649"],
    "short": ["32768", "-32769"],
    "byte": ["128", "-129", "300", "1.0"],
    "unsignedLong": ["18446744073709551616", "-1"],
    "unsignedInt": ["4294967296"],
    "unsignedShort": ["65536"],
    "unsignedByte": ["256", "-1"],
    "nonNegativeInteger": ["-1"],
    "positiveInteger": ["0", "-1"],
    "nonPositiveInteger": ["1"],
    "negativeInteger": ["0", "-0"],
    "date": [
        *("2023-02-29", "2023-02-30", "1900-02-29", "2026-W01-1", "2023-13-01", "2023-1-1", "03/04/2023", "2023-04-31"),
        *("02023-01-01", "20230101", "2023-01-01T00:00:00", "2023-01-01+15:00", "-2023-00-01", "999-01-01"),
    ],
    "dateTime": [
        "2023-02-28",
        "2023-02-28T24:00:01",
        "2023-02-28T12:60:00",
        "2023-02-29T00:00:00",
        "2023-02-28 12:00:00",
    ],
    "dateTimeStamp": ["2023-02-28T00:00:00"],
    "time": ["24:00:01", "1:00:00", "12:00"],
    "gYear": ["22", "2022-", "02022"],
    "gYearMonth": ["2022-13", "2022"],
    "gMonth": ["--13", "12"],
    "gDay": ["---32", "---00"],
    "gMonthDay": ["--02-30", "--04-31"],
    "duration": ["P", "PT", "P1", "1Y", "P1YT", "P1S", "P1H", "-P", "P1M1Y"],
    "dayTimeDuration": ["P1Y", "P"],
    "yearMonthDuration": ["P1D"],
    "hexBinary": ["0", "0g"],
    "base64Binary": ["Y", "YW", "YWI", "YWJ=", "====", " YWI="],
    "anyURI": ["\x00"],
}


def test_every_datatype_has_examples() -> None:
    assert {XSD[name] for name in GOOD} == {XSD[name] for name in BAD} == set(LEXICAL)


@pytest.mark.parametrize("name", GOOD)
def test_lexical_forms_in_python_and_in_sql(name: str) -> None:
    datatype = XSD[name]
    expected = [(text, True) for text in GOOD[name]] + [(text, False) for text in BAD[name]]
    assert [(text, is_valid(datatype, text)) for text, _ in expected] == expected
    sql = f"SELECT o, {valid(datatype, 'o')} FROM (SELECT unnest($1::VARCHAR[]) AS o)"
    assert duckdb.execute(sql, [[text for text, _ in expected]]).fetchall() == expected


@settings(max_examples=60, deadline=None)
@given(st.sampled_from(sorted(LEXICAL)), st.text("0123456789-+:.TZPYMDHSeEINFa\n ١é", max_size=14))
def test_python_and_sql_agree_on_any_text(datatype: str, text: str) -> None:
    sql = duckdb.execute(f"SELECT {valid(datatype, 'o')} FROM (SELECT $1::VARCHAR AS o)", [text]).fetchone()
    assert sql == (is_valid(datatype, text),)


def test_a_language_makes_a_tagged_text_and_other_datatypes_are_not_judged() -> None:
    assert is_valid(RDF.langString, "x", "en")
    assert not is_valid(RDF.langString, "x")
    assert is_valid("urn:other", "\x00")


Pair = tuple[tuple[str, str], tuple[str, str]]

# Each list ascends strictly.
ORDERS = {
    "numbers": [
        ("-INF", XSD.double),
        ("-" + "9" * 45, XSD.integer),
        ("-" + "9" * 44 + ".5", XSD.decimal),
        ("-2", XSD.integer),
        ("-1.55", XSD.decimal),
        ("-15e-1", XSD.double),
        ("0", XSD.byte),
        ("0.00000000000000000000000000000001", XSD.decimal),
        ("0.1", XSD.decimal),
        ("00.11", XSD.decimal),
        ("2", XSD.unsignedByte),
        ("10", XSD.integer),
        ("9007199254740992", XSD.integer),
        ("9007199254740993", XSD.integer),
        ("9" * 45, XSD.integer),
        ("1" + "0" * 45, XSD.decimal),
        ("+INF", XSD.double),
    ],
    "dates": [(day, XSD.date) for day in ("-12000-01-01", "-0001-12-31", "0999-12-31", "2024-02-29", "12000-01-01")],
    "dates with zones": [(day, XSD.date) for day in ("2024-01-01+14:00", "2024-01-01Z", "2024-01-01-14:00")],
    "moments": [
        (moment, XSD.dateTime)
        for moment in (
            "2023-12-31T23:59:59.999999999",
            "2023-12-31T24:00:00",
            "2024-01-01T00:00:00.0000000001",
            "2024-01-01T00:00:00.5",
            "2024-01-01T00:00:01",
        )
    ],
    "moments with zones": [
        (moment, XSD.dateTime)
        for moment in ("2024-01-01T00:00:00+01:00", "2023-12-31T23:30:00Z", "2023-12-31T19:00:00-05:00")
    ],
    "times": [(time, XSD.time) for time in ("24:00:00", "00:00:01", "12:00:00.25", "12:00:00.3")],
    "years": [(year, XSD.gYear) for year in ("-0044", "0476", "2022", "12022")],
    "months": [(month, XSD.gYearMonth) for month in ("2021-12", "2022-01", "2022-10")],
    "texts": [(text, XSD.string) for text in ("", "B", "a", "aa", "é", "\ufffd", "😀")],
    "booleans": [("0", XSD.boolean), ("true", XSD.boolean)],
}
EQUAL: list[Pair] = [
    (("1", XSD.integer), ("1.0", XSD.decimal)),
    (("01", XSD.integer), ("1e0", XSD.double)),
    (("-0", XSD.integer), ("0.00", XSD.decimal)),
    (("1", XSD.boolean), ("true", XSD.boolean)),
    (("2024-01-01T01:00:00+01:00", XSD.dateTime), ("2024-01-01T00:00:00Z", XSD.dateTimeStamp)),
    (("2023-12-31T24:00:00", XSD.dateTime), ("2024-01-01T00:00:00.0", XSD.dateTime)),
    (("24:00:00", XSD.time), ("00:00:00", XSD.time)),
]
UNORDERED: list[Pair] = [
    (("1", XSD.integer), ("1", XSD.string)),
    (("x", XSD.integer), ("1", XSD.integer)),
    (("2022", XSD.gYear), ("2022-01-01", XSD.date)),
    (("2022-01-01", XSD.date), ("2022-01-01T00:00:00", XSD.dateTime)),
    (("2022-01-01", XSD.date), ("2022-01-01Z", XSD.date)),
    (("P1D", XSD.duration), ("P2D", XSD.duration)),
    (("a", "urn:other"), ("b", "urn:other")),
]


def answers(operator: str, pairs: list[Pair]) -> list[bool | None]:
    """Return what comes of comparing literals, be they known when the SQL is written or not."""
    columns = ", ".join(f"unnest(${n}::VARCHAR[]) AS {name}" for n, name in enumerate(("ao", "ad", "bo", "bd"), 1))
    a, b = (replace(row(""), o=f"{side}o", dt=f"{side}d", kind="2") for side in "ab")
    parameters = [[pair[side][part] for pair in pairs] for side in (0, 1) for part in (0, 1)]
    sql = f"SELECT {compared(a, operator, b)} FROM (SELECT {columns})"
    found = [answer for (answer,) in duckdb.execute(sql, parameters).fetchall()]
    for pair, answer in list(zip(pairs, found, strict=True))[:3]:
        first, second = (constant(Term(text, LITERAL, datatype)) for text, datatype in pair)
        assert duckdb.execute(f"SELECT {compared(first, operator, second)}").fetchone() == (answer,), pair
        half = f"SELECT {compared(first, operator, b)} FROM (SELECT $1 AS bo, $2 AS bd)"
        assert duckdb.execute(half, list(pair[1])).fetchone() == (answer,), pair
    return found


@pytest.mark.parametrize("name", ORDERS)
def test_values_ascend(name: str) -> None:
    up = list(pairwise(ORDERS[name]))
    down = [(upper, lower) for lower, upper in up]
    assert set(answers("<", up)) == set(answers(">=", down)) == set(answers("<>", up)) == {True}
    assert set(answers("<=", down)) == set(answers(">", up)) == set(answers("=", up)) == {False}


def test_values_are_equal_however_written() -> None:
    assert set(answers("=", EQUAL)) == set(answers(">=", EQUAL)) == {True}
    assert set(answers("<", EQUAL)) == set(answers("<>", EQUAL)) == {False}


def test_what_has_no_order_has_none() -> None:
    assert set(answers("<=", UNORDERED)) == set(answers("=", UNORDERED)) == {None}


@pytest.mark.parametrize("datatype", sorted(EXACT))
def test_numbers_are_compared_if_their_form_is_of_their_datatype(datatype: str) -> None:
    name = datatype.rpartition("#")[2]
    beyond = [f"{bound + step}" for bound in BOUNDS.get(datatype, (0, 0)) for step in (-1, 0, 1)]
    texts = [*GOOD[name], *BAD[name], *beyond, *(f"+{text}" for text in beyond), "-0", "1" * 60, "-" + "1" * 60]
    pairs: list[Pair] = [((text, datatype), (text, datatype)) for text in texts]
    expected = [True if is_valid(datatype, text) else None for text in texts]
    assert answers("=", pairs) == expected
    compares = compared(
        constant(Term("0", LITERAL, XSD.decimal)), "<=", replace(row(""), dt=quoted(datatype), kind="2")
    )
    found = duckdb.execute(
        f"SELECT ({compares}) IS NOT NULL FROM (SELECT unnest($1::VARCHAR[]) AS o)", [texts]
    ).fetchall()
    assert [(text, known) for text, (known,) in zip(texts, found, strict=True)] == [
        (text, is_valid(datatype, text)) for text in texts
    ]


def test_nan_is_like_nothing() -> None:
    nan, one = ("NaN", XSD.double), ("1", XSD.integer)
    assert answers("=", [(nan, nan)]) == answers("<=", [(nan, one)]) == [False]
    assert answers("<>", [(nan, nan)]) == [True]


@pytest.mark.parametrize("pattern", [r"\d{99}" * 19, r"[^\d]{99}" * 14, r".{1,99}" * 27, r"[^a]{99,}" * 21])
def test_no_pattern_that_is_taken_for_small_is_too_large(pattern: str) -> None:
    text = translated(pattern, "i")
    assert len(text) <= patterns._SHORT
    assert patterns._SMALL.fullmatch(text)
    assert duckdb.execute("SELECT regexp_matches('', $1)", [text]).fetchone() == (False,)
