"""Statements into the tables of DuckDB: from rows, from what pyoxigraph has parsed, and from the text of N-Triples.

Whatever is long goes by way of files of lines, which DuckDB reads without touching a term from Python, and while the
next is being written.
"""

# ruff: noqa: S608 -- the SQL is put together from constants of this package alone

from __future__ import annotations

from itertools import chain, count, islice
from typing import TYPE_CHECKING, Final, TypeVar

from bicentennial.core.concurrency import prefetch
from bicentennial.storage.duckdb import duckdb
from bicentennial.storage.duckdb_lines import (
    FOREIGN,
    count_of_graphs,
    doubtful_terms,
    rows_of,
    triples,
    triples_of_quads,
    unescaped,
)
from bicentennial.storage.layout import COLUMNS
from bicentennial.storage.statement import as_line, no_triple_term, not_text

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator
    from pathlib import Path

    import pyoxigraph

    from bicentennial.storage.duckdb import Connection
    from bicentennial.storage.statement import Statement

__all__ = ["load_background", "load_ntriples", "load_quads", "load_rows"]

# Up to here one call with Python lists costs less than writing a file and having DuckDB read it.
_SMALL: Final = 2_000
# So many are written to one file.
_FILE: Final = 200_000

_Item = TypeVar("_Item")


def load_rows(connection: Connection, table: str, rows: Iterable[Statement], path: Path) -> None:
    """Add statements to a table, however many.

    Args:
        connection: of the database.
        table: which has the columns of `statements`.
        rows: the statements.
        path: a file that may be written and that the connection may read.

    Raises:
        UnreadableInputError: a value holds half of a surrogate pair, which is no character.
    """
    iterator = iter(rows)
    first = list(islice(iterator, _SMALL))
    try:
        if len(first) < _SMALL:
            if first:
                values = ", ".join(f"unnest(${n}::{kind}[])" for n, kind in enumerate(COLUMNS.values(), 1))
                connection.execute(f"INSERT INTO {table} SELECT {values}", list(zip(*first, strict=True)))
            return
        query = f"INSERT INTO {table} SELECT * REPLACE ({unescaped('o')} AS o) FROM {rows_of(COLUMNS)}"
        for written in prefetch(_files(chain(first, iterator), path, _write_rows)):
            connection.execute(query, [str(written)])
            written.unlink()
    except (UnicodeEncodeError, duckdb.InvalidInputException) as error:
        if "surrogate" not in str(error):
            raise
        raise not_text() from error


def _write_rows(rows: Iterable[Statement], path: Path) -> None:
    with path.open("w", encoding="utf-8", newline="\n") as out:
        out.writelines(map(as_line, rows))


def _files(items: Iterable[_Item], path: Path, write: Callable[[Iterable[_Item], Path], None]) -> Iterator[Path]:
    """Write items to one file after another, whose names begin as that of a path, and yield those."""
    iterator = iter(items)
    for number in count():
        for first in iterator:
            part = path.with_name(f"{path.name}{number}")
            write(chain([first], islice(iterator, _FILE - 1)), part)
            yield part
            break
        else:
            return


def load_background(connection: Connection, rows: Iterable[tuple[str, ...]]) -> None:
    """Add rows to `background`; see `Dataset.load_background`."""
    columns = list(zip(*((*row[:3], row[3] if row[3:] else "") for row in rows), strict=True))
    if columns:
        connection.execute(
            "INSERT INTO background SELECT s, p, o, CASE WHEN dt = '' THEN 0 ELSE 2 END, dt, '' FROM (SELECT"
            " unnest($1::VARCHAR[]) AS s, unnest($2::VARCHAR[]) AS p, unnest($3::VARCHAR[]) AS o,"
            " unnest($4::VARCHAR[]) AS dt)",
            columns,
        )


def load_quads(
    connection: Connection, table: str, quads: Iterable[pyoxigraph.Quad], path: Path, *, numbered: bool, named: bool
) -> int:
    """Add what pyoxigraph has parsed to a table; see `Dataset.load_quads`, and `load_rows` for the first arguments."""
    import pyoxigraph

    def write(some: Iterable[pyoxigraph.Quad], part: Path) -> None:
        pyoxigraph.serialize(some, output=str(part), format=pyoxigraph.RdfFormat.N_QUADS)

    before = _length(connection, table)
    found = None
    if named:  # which are counted in the whole
        write(quads, path)
        connection.execute(_insertion(table, triples_of_quads()), [str(path)])
        found = connection.execute(count_of_graphs(), [str(path)]).fetchone()
    else:
        try:
            for part in prefetch(_files(quads, path, write)):
                _insert_triples(connection, table, part)
                part.unlink()
        except SyntaxError:  # perhaps it is read again in another way
            connection.execute(f"DELETE FROM {table} WHERE rowid >= {before}")
            raise
    if numbered:
        _number(connection, table, before)
    if connection.execute("SELECT 1 FROM statements WHERE p = '' LIMIT 1").fetchone():
        raise no_triple_term()
    return int(found[0]) if found and found[1] else 0


def _insertion(table: str, query: str) -> str:
    return f"INSERT INTO {table} SELECT s, p, o, kind, dt, lang, NULL, NULL, NULL, NULL FROM ({query})"


def _insert_triples(connection: Connection, table: str, path: Path) -> None:
    try:
        connection.execute(_insertion(table, triples()), [str(path)])
    except duckdb.InvalidInputException:  # in a text, IRIs seem to end again and again
        connection.execute(_insertion(table, triples_of_quads()), [str(path)])


def load_ntriples(connection: Connection, stretches: Iterable[bytes], path: Path) -> bool:
    """Add what plain N-Triples say to `statements`; see `Dataset.load_ntriples`, and `load_rows` for the `path`."""
    with path.open("wb") as out:
        for stretch in stretches:
            if stretch.startswith(b"\n") or any(each in stretch for each in FOREIGN):
                return False
            out.write(stretch)
    before = _length(connection, "statements")
    try:
        connection.execute(_insertion("statements", triples(trusted=False)), [str(path)])
        is_plain = not connection.execute(doubtful_terms()).fetchone()
        if is_plain:
            _number(connection, "statements", before)
    except duckdb.Error:  # a line is too long, or not of UTF-8
        is_plain = False
    if not is_plain:
        connection.execute(f"DELETE FROM statements WHERE rowid >= {before}")
    return is_plain


def _length(connection: Connection, table: str) -> int:
    ((length,),) = connection.execute(f"SELECT coalesce(max(rowid) + 1, 0) FROM {table}").fetchall()
    return int(length)


def _number(connection: Connection, table: str, before: int) -> None:
    """Number the rows after some from 1: after they are read, since counting would leave the reading to one thread."""
    connection.execute(f"UPDATE {table} SET row = rowid + 1 - {before} WHERE rowid >= {before}")
