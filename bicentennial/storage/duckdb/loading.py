"""Statements into the tables of DuckDB: from rows, from what pyoxigraph has parsed, and from the text of N-Triples.

Whatever is long goes by way of a file of lines, which DuckDB reads with all processors and without touching a term from
Python.
"""

# ruff: noqa: S608 -- the SQL is put together from constants of this package alone

from __future__ import annotations

from contextlib import closing, contextmanager, suppress
from itertools import chain, islice
from typing import TYPE_CHECKING, Final

from bicentennial.core.concurrency import prefetch
from bicentennial.storage.connection import duckdb
from bicentennial.storage.duckdb.lines import (
    FOREIGN,
    FOREIGN_ESCAPES,
    count_of_graphs,
    doubtful_terms,
    rows_of,
    triples,
    triples_of_quads,
    unescaped,
)
from bicentennial.storage.layout import COLUMNS
from bicentennial.storage.nquads import PIECE, write_quads
from bicentennial.storage.statement import as_line, no_triple_term, not_text

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence
    from pathlib import Path

    import pyoxigraph

    from bicentennial.storage.connection import Connection
    from bicentennial.storage.statement import Statement

__all__ = ["load_background", "load_files", "load_ntriples", "load_quads", "load_rows"]

_UNIT: Final = "\x1f"
# Up to here one call with Python lists costs less than writing a file and having DuckDB read it.
_SMALL: Final = 2_000
# So much is read by DuckDB while the next is parsed or copied. Copying is quick, and takes a processor from reading, so
# that parts of what is copied pay only where the whole would take much memory.
_QUADS: Final = 400_000
_BYTES: Final = 200_000_000


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
        with path.open("w", encoding="utf-8", newline="\n", buffering=PIECE) as out:
            out.writelines(map(as_line, first))
            out.writelines(map(as_line, iterator))
        connection.execute(
            f"INSERT INTO {table} SELECT * REPLACE ({unescaped('o')} AS o) FROM {rows_of(COLUMNS)}", [str(path)]
        )
    except (UnicodeEncodeError, duckdb.InvalidInputException) as error:
        if "surrogate" not in str(error):
            raise
        raise not_text() from error


def load_background(connection: Connection, rows: Iterable[tuple[str, ...]]) -> None:
    """Add rows to `background`, see `Dataset.load_background`: they hold neither line breaks nor unit separators."""
    # One text leaves the interpreter alone while DuckDB takes it apart; lists do not while they are handed over.
    text = "\n".join(map(_UNIT.join, rows))
    if text:
        connection.execute(
            "INSERT INTO background SELECT r[1], r[2], r[3], CASE WHEN r[4] <> '' THEN 2 ELSE 0 END,"
            f" coalesce(r[4], ''), '' FROM (SELECT string_split(unnest(string_split($1, chr(10))), '{_UNIT}') AS r)",
            [text],
        )


def load_quads(
    connection: Connection, table: str, quads: Iterable[pyoxigraph.Quad], path: Path, *, numbered: bool, named: bool
) -> int:
    """Add what pyoxigraph has parsed to a table; see `Dataset.load_quads`, and `load_rows` for the first arguments."""
    before = _length(connection, table)
    found = None
    coming = prefetch(_serialized(quads, path, None if named else _QUADS))
    with _added(connection, table, before), closing(coming):
        for file in coming:
            _insert(connection, table, str(file), named=named)
            if named:
                found = connection.execute(count_of_graphs(), [str(file)]).fetchone()
            file.unlink()
    if numbered:
        _number(connection, table, before)
    _refuse_triple_terms(connection)
    return int(found[0]) if found and found[1] else 0


def load_files(connection: Connection, table: str, files: Iterable[Sequence[Path]], most: int) -> bool:
    """Add what files of canonical N-Quads say; see `DuckDBDataset.load_files`, and `load_rows` for the arguments."""
    before = _length(connection, table)
    with suppress(_TooManyError), _added(connection, table, before):
        count = 0
        for several in files:
            count += _insert(connection, table, list(map(str, several)), named=False)
            for file in several:
                file.unlink()
            if count > most:
                raise _TooManyError
        _refuse_triple_terms(connection)
        return True
    return False


class _TooManyError(Exception):
    """There are more statements than there may be."""


def _insert(connection: Connection, table: str, files: str | list[str], *, named: bool) -> int:
    """Add what files of quads say, and return how many statements that was."""
    into = f"INSERT INTO {table} SELECT s, p, o, kind, dt, lang, NULL, NULL, NULL, NULL FROM"
    try:
        ((count,),) = connection.execute(f"{into} ({triples_of_quads() if named else triples()})", [files]).fetchall()
    except duckdb.InvalidInputException:  # in a text, IRIs seem to end again and again
        if named:
            raise
        ((count,),) = connection.execute(f"{into} ({triples_of_quads()})", [files]).fetchall()
    return int(count)


def _refuse_triple_terms(connection: Connection) -> None:
    if connection.execute("SELECT 1 FROM statements WHERE p = '' LIMIT 1").fetchone():
        raise no_triple_term()


def _serialized(quads: Iterable[pyoxigraph.Quad], path: Path, most: int | None) -> Iterator[Path]:
    """Write quads to files, so many in each."""
    remaining = iter(quads)
    for number, first in enumerate(remaining):
        file = path.with_name(f"{path.name}{number}")
        write_quads(chain([first], islice(remaining, most and most - 1)), file)
        yield file


def load_ntriples(connection: Connection, stretches: Iterable[bytes], path: Path, most: int) -> bool:
    """Add what plain N-Triples say to `statements`; see `Dataset.load_ntriples`, and `load_rows` for the `path`."""
    before = _length(connection, "statements")
    lines = 0
    coming = prefetch(_copied(stretches, path, most))
    with suppress(_NotPlainError), _added(connection, "statements", before), closing(coming):
        for file, count in coming:
            try:
                connection.execute(
                    "INSERT INTO statements SELECT s, p, o, kind, dt, lang, NULL, NULL, NULL, NULL FROM"
                    f" ({triples(trusted=False)})",
                    [str(file)],
                )
            except duckdb.Error as error:  # a line is too long, or not of UTF-8
                raise _NotPlainError from error
            file.unlink()
            lines += count
        # Empty lines, which its reader does not count, would shift all numbers after them.
        if _length(connection, "statements") - before != lines or connection.execute(doubtful_terms()).fetchone():
            raise _NotPlainError
        _number(connection, "statements", before)
        return True
    return False


class _NotPlainError(Exception):
    """N-Triples are not as serializers write them."""


def _copied(stretches: Iterable[bytes], path: Path, most: int) -> Iterator[tuple[Path, int]]:
    """Copy N-Triples to files, and yield each with the number of its lines.

    Raises:
        _NotPlainError: they may be read otherwise than a parser would, or have more lines than `most`.
    """
    remaining = iter(stretches)
    lines, ended = 0, True
    for number, first in enumerate(remaining):
        file, before = path.with_name(f"{path.name}{number}"), lines
        with file.open("wb") as out:
            for stretch in chain([first], remaining):
                lines += stretch.count(b"\n")
                if not ended or lines > most or _is_foreign(stretch):
                    raise _NotPlainError
                out.write(stretch)
                ended = stretch.endswith(b"\n")
                if out.tell() >= _BYTES:
                    break
        yield file, lines - before + (not ended)


@contextmanager
def _added(connection: Connection, table: str, before: int) -> Iterator[None]:
    """Take out of a table what was added in this context, if it does not end well."""
    try:
        yield
    except BaseException:
        with suppress(duckdb.Error):  # which the first error may have caused
            connection.execute(f"DELETE FROM {table} WHERE rowid >= {before}")
        raise


def _is_foreign(stretch: bytes) -> bool:
    # Two characters are sought thirty times as slowly as one, and most texts have no escape at all.
    return any(each in stretch for each in FOREIGN) or (
        b"\\" in stretch and any(each in stretch for each in FOREIGN_ESCAPES)
    )


def _length(connection: Connection, table: str) -> int:
    ((length,),) = connection.execute(f"SELECT coalesce(max(rowid) + 1, 0) FROM {table}").fetchall()
    return int(length)


def _number(connection: Connection, table: str, before: int) -> None:
    """Number the rows after some from 1: after they are read, since counting would leave the reading to one thread."""
    # What was taken out again has left a gap.
    first = f"(SELECT min(rowid) FROM {table} WHERE rowid >= {before})"
    connection.execute(f"UPDATE {table} SET row = rowid + 1 - {first} WHERE rowid >= {before}")
