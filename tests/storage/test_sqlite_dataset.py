"""What SQLite is taught, and what never goes there."""

from __future__ import annotations

import json
import sqlite3
from typing import TYPE_CHECKING

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bicentennial.intake import Limits, read
from bicentennial.storage import choice, sizes
from bicentennial.storage.duckdb.dataset import DuckDBDataset
from bicentennial.storage.list_encoding import RESERVED, decode_list, encode_list
from bicentennial.storage.sqlite_dataset import SqliteDataset
from bicentennial.storage.statement import Statement

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from bicentennial.storage.dataset import Dataset

TEXTS = st.text(st.characters(exclude_categories=["Cs"], exclude_characters="\0\U0010ffff"), max_size=6)
LISTS = st.lists(st.none() | TEXTS, min_size=1, max_size=3)
PATTERNS = ["[^/#:]*$", "^[^-]*", "[0-9]", "[\\x00-\\x20\u00ad]"]
TURTLE = "<urn:a> a <https://w3id.org/bicentennial/ontology#Action> ; <urn:p> {} ."


@pytest.fixture(scope="module")
def both() -> Iterator[tuple[Dataset, Dataset]]:
    with DuckDBDataset() as duckdb, SqliteDataset() as sqlite:
        yield duckdb, sqlite


def asked(dataset: Dataset, expression: str, *values: object) -> object:
    return dataset.connection.execute(f"SELECT {expression}", list(values)).fetchall()[0][0]


@given(text=st.none() | TEXTS, pattern=st.sampled_from(PATTERNS))
@pytest.mark.parametrize(
    "expression",
    [
        "regexp_matches(CAST(?1 AS VARCHAR), ?2)",
        "regexp_full_match(CAST(?1 AS VARCHAR), ?2)",
        "regexp_extract(CAST(?1 AS VARCHAR), ?2)",
        "regexp_replace(CAST(?1 AS VARCHAR), ?2, '', 'g')",
        "starts_with(CAST(?1 AS VARCHAR), ?2)",
        "length(CAST(?1 AS VARCHAR)) + length(?2)",
        "lower(CAST(?1 AS VARCHAR)) || ?2",
    ],
)
def test_functions_do_what_those_of_duckdb_do(
    expression: str, text: str | None, pattern: str, both: tuple[Dataset, Dataset]
) -> None:
    duckdb, sqlite = (asked(dataset, expression, text, pattern) for dataset in both)
    assert duckdb == sqlite


# Capital letters of Unicode 16 and 17, which Python knows from 3.14 and 3.15 on.
NEWER = {0x1C89, *range(0xA7CB, 0xA7DD), *range(0x10D50, 0x10D66), *range(0x16EA0, 0x16EB9)}


def test_lower_does_what_that_of_duckdb_does(both: tuple[Dataset, Dataset]) -> None:
    every = "".join(chr(number) for number in range(1, 0x110000) if not 0xD800 <= number < 0xE000)
    duckdb, sqlite = (str(asked(dataset, "lower(?1)", every)) for dataset in both)
    unlike = {ord(each) for each, one, other in zip(every, duckdb, sqlite, strict=True) if one != other}
    assert unlike <= NEWER


@given(one=LISTS, other=LISTS)
def test_texts_of_lists_sort_like_the_lists(
    one: list[str | None], other: list[str | None], both: tuple[Dataset, Dataset]
) -> None:
    assert decode_list(encode_list(*one)) == one
    if len(one) == len(other):
        less = asked(both[0], "?1::VARCHAR[] < ?2::VARCHAR[]", one, other)
        assert (encode_list(*one) < encode_list(*other)) == less


@pytest.mark.parametrize("statement", ["ATTACH '{}' AS other", "SELECT load_extension('{}')", "VACUUM INTO '{}'"])
def test_it_reaches_no_file(statement: str, tmp_path: Path) -> None:
    path = tmp_path / "a.db"
    with SqliteDataset() as dataset, pytest.raises(sqlite3.OperationalError):
        dataset.connection.execute(statement.format(path))
    assert not path.exists()


def test_the_next_dataset_knows_nothing_of_the_last() -> None:
    count = "SELECT (SELECT count(*) FROM statements) + (SELECT count(*) FROM background) + (SELECT count(*) FROM made)"
    with SqliteDataset() as first:
        first.load([Statement.literal("urn:a", "urn:p", "1")])
        first.load_background([("urn:b", "urn:p", "urn:c")])
        first.define("made", "SELECT s FROM statements", indexed=("s",))
        assert first.connection.execute(count).fetchall() == [(3,)]
    with pytest.raises(sqlite3.ProgrammingError):
        first.connection.execute(count)
    with SqliteDataset() as second, SqliteDataset() as third:
        second.load([Statement.literal("urn:d", "urn:p", "2")])
        third.define("made", "SELECT 'x' AS s")
        second.define("made", "SELECT s FROM statements", indexed=("s",))
        assert second.connection.execute(count).fetchall() == [(2,)]
        assert second.connection.execute("SELECT s FROM made").fetchall() == [("urn:d",)]
        assert third.connection.execute(count).fetchall() == [(1,)]


@pytest.mark.parametrize("reserved", RESERVED)
def test_what_sqlite_cuts_short_goes_to_duckdb(reserved: str) -> None:
    with choice.for_statements([Statement.literal("urn:a", "urn:p", f"a{reserved}b")], sqlite=True) as dataset:
        assert not dataset.is_sqlite


@pytest.mark.parametrize(
    ("value", "is_sqlite"),
    [
        ('"x"', True),
        (r'"a\u0000b"', False),
        (r'"a\U0010FFFFb"', False),
        (", ".join(map(str, range(sizes.SQLITE_STATEMENTS))), False),
    ],
)
def test_graphs_go_where_they_fit(value: str, is_sqlite: bool, tmp_path: Path) -> None:
    path = tmp_path / "a.ttl"
    path.write_text(TURTLE.format(value), "utf-8")
    with read(path, sqlite=True).dataset as dataset, read(path).dataset as large:
        assert dataset.is_sqlite is is_sqlite
        query = "SELECT s, p, o, kind, dt, lang, sheet, row, col, item FROM statements ORDER BY p, o"
        assert dataset.connection.execute(query).fetchall() == large.connection.execute(query).fetchall()


def test_large_tables_go_to_duckdb(tmp_path: Path) -> None:
    rows = [{"identifier": f"A-{number}", "title": "x", "goal": "G1"} for number in range(sizes.SQLITE_STATEMENTS)]
    path = tmp_path / "a.json"
    path.write_text(json.dumps(rows[:10]), "utf-8")
    with read(path, sqlite=True).dataset as few:
        assert few.is_sqlite
    path.write_text(json.dumps(rows), "utf-8")
    with read(path, sqlite=True, limits=Limits()).dataset as many:
        assert not many.is_sqlite


def test_without_a_recent_sqlite_duckdb_does_all(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path = tmp_path / "a.ttl"
    path.write_text(TURTLE.format(1), "utf-8")
    monkeypatch.setattr(sqlite3, "sqlite_version_info", (3, 37, 2))
    choice.has_sqlite.cache_clear()
    try:
        with read(path, sqlite=True).dataset as dataset:
            assert not dataset.is_sqlite
    finally:
        choice.has_sqlite.cache_clear()
