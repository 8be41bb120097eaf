"""Small submissions in SQLite, which starts and plans in a tenth of the time that DuckDB takes.

What is asked of both is written in SQL that both read alike: `CAST` and no `::`, parameters with numbers (`?1`), `IN`
and no `ANTI JOIN`. Functions of DuckDB's that occur there are given to SQLite. Lists of texts go in as JSON, and come
out as `storage.list_encoding` has them.

>>> from bicentennial.core.namespaces import XSD
>>> with SqliteDataset() as dataset:
...     dataset.load([Statement.literal("urn:a", "urn:q", "maybe", XSD.boolean)])
...     dataset.connection.execute("SELECT regexp_matches(o, 'm.y') FROM statements").fetchall()
[(1,)]
"""

# ruff: noqa: S608 -- the SQL is put together from constants of this module alone

from __future__ import annotations

import json
import re
import sqlite3
from functools import cache
from itertools import chain, islice
from typing import TYPE_CHECKING, Any, Final

from bicentennial.core.namespaces import RDF
from bicentennial.storage.dataset import TABLES, Dataset
from bicentennial.storage.layout import BLANK, IRI, LITERAL
from bicentennial.storage.list_encoding import RESERVED, listed
from bicentennial.storage.statement import Statement, no_triple_term, not_text

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Sequence

    import pyoxigraph

    from bicentennial.storage.duckdb import Connection

__all__ = ["MOST", "SqliteDataset", "UnfitError", "holding", "is_short"]

MOST: Final = 12_000
"""Up to so many statements are kept here."""

# About how many characters the shortest statements take.
_SHORTEST: Final = 10
_Value = str | bool | int | None
# How pyoxigraph calls the graph without a name.
_DEFAULT: Final = "DEFAULT"


class _Connection(sqlite3.Connection):
    def execute(self, sql: str, parameters: Sequence[Any] = (), /) -> sqlite3.Cursor:  # type: ignore[override]
        """Run a statement; a list among its parameters is one of texts."""
        return super().execute(sql, [json.dumps(each) if isinstance(each, list) else each for each in parameters])


class SqliteDataset(Dataset):
    """A dataset that cannot take tables of cells, nor files."""

    is_sqlite = True

    def __init__(self) -> None:
        self._sqlite = sqlite3.connect(":memory:", isolation_level=None, factory=_Connection)
        self._sqlite.setlimit(sqlite3.SQLITE_LIMIT_ATTACHED, 0)  # it reaches no file; extensions are off anyway
        self.connection = self._sqlite
        self._stored = "statements"
        self._included = []
        for name, (arguments, function) in _functions().items():
            self.create_function(name, arguments, function)
        self._sqlite.executescript(TABLES)

    def connections(self, most: int) -> list[Connection]:  # noqa: ARG002 - DuckDB takes it
        """Return the only one: what is asked of it takes no time."""
        return [self.connection]

    def create_function(self, name: str, arguments: int, function: Callable[..., _Value]) -> None:
        """Register a deterministic Python function for SQL; see `Dataset.create_function`."""
        self._sqlite.create_function(name, arguments, function, deterministic=True)

    def texts(self, parameter: str) -> str:
        """Return a query for the texts of a list: see `Dataset.texts`."""
        return f"SELECT value FROM json_each({parameter})"

    def define(self, table: str, query: str, *, indexed: Sequence[str] = ()) -> None:
        """Make a table: see `Dataset.define`."""
        self.connection.execute(f"DROP TABLE IF EXISTS {table}")
        self.connection.execute(f"CREATE TABLE {table} AS {query}")
        for number, columns in enumerate(indexed):
            self.connection.execute(f"CREATE INDEX {table}_{number} ON {table}({columns})")

    def close(self) -> None:
        """Close the connection."""
        self.connection.close()

    def load(self, rows: Iterable[Statement]) -> None:
        """Add statements of the partner: see `Dataset.load`."""
        try:
            self._add("statements", rows)
        except UnicodeEncodeError as error:
            raise not_text() from error

    def load_background(self, rows: Iterable[tuple[str, ...]]) -> None:
        """Add statements of ours: see `Dataset.load_background`."""
        typed = ((*row[:3], row[3] if row[3:] else "") for row in rows)
        self._add("background", ((s, p, o, LITERAL if dt else IRI, dt, "") for s, p, o, dt in typed))

    def load_quads(self, quads: Iterable[pyoxigraph.Quad], *, numbered: bool = False, named: bool = True) -> int:  # noqa: ARG002 - others need to know
        """Add what pyoxigraph has parsed: see `Dataset.load_quads`.

        Raises:
            UnfitError: they are too many, or a value is none for a light dataset; nothing has been added.
        """
        graphs: set[str] = set()
        rows = []
        for number, quad in enumerate(quads, start=1):
            graphs.add(str(quad.graph_name))
            rows.append(_statement(quad, number if numbered else None))
        if len(rows) > MOST or not all(map(_fits, rows)):
            raise UnfitError
        self._add("statements", rows)
        return len(graphs) if graphs - {_DEFAULT} else 0

    def _add(self, table: str, rows: Iterable[Sequence[object]]) -> None:
        self._changed()
        iterator = iter(rows)
        for first in iterator:
            marks = ", ".join("?" * len(first))
            self._sqlite.executemany(f"INSERT INTO {table} VALUES ({marks})", chain([first], iterator))


def is_short(text: str) -> bool:
    """Tell whether an RDF text is so short that few statements can stand in it."""
    return len(text) <= _SHORTEST * MOST


def holding(rows: Iterable[Statement]) -> Dataset:
    """Return a new dataset with statements: a light one, if they are few and hold nothing that SQLite cuts short.

    >>> with holding([Statement.iri("urn:a", "urn:p", "urn:b")]) as dataset:
    ...     dataset.is_sqlite
    True
    """
    iterator = iter(rows)
    first = list(islice(iterator, MOST + 1))
    dataset = SqliteDataset() if len(first) <= MOST and all(map(_fits, first)) else Dataset()
    dataset.load(chain(first, iterator))
    return dataset


def _fits(row: Statement) -> bool:
    return not any(reserved in row.o for reserved in RESERVED)


class UnfitError(ValueError):
    """Statements that are too many, or that SQLite would cut short."""


def _statement(quad: pyoxigraph.Quad, number: int | None) -> Statement:
    s, p, o = (_lexical(term) for term in quad.triple)
    place = (None, number, None, None)
    language = getattr(quad.object, "language", None)
    if language is None:
        datatype = getattr(quad.object, "datatype", None)
        kind = LITERAL if datatype else BLANK if o.startswith("_:") else IRI
        return Statement(s, p, o, kind, datatype.value if datatype else "", "", *place)
    direction = getattr(quad.object, "direction", None)
    lang = f"{language}--{direction}" if direction else language
    return Statement(s, p, o, LITERAL, RDF.dirLangString if direction else RDF.langString, lang.lower(), *place)


def _lexical(term: Any) -> str:
    """Return the lexical form of a term of pyoxigraph's.

    Raises:
        UnreadableInputError: it is a triple term.
    """
    text = getattr(term, "value", None)
    if text is None:
        raise no_triple_term()
    return str(term) if str(term).startswith("_:") else text


def _for_text(function: Callable[..., _Value]) -> Callable[..., _Value]:
    """Return a function that makes NULL of NULL."""
    return lambda text, *others: None if text is None else function(text, *others)


def _functions() -> dict[str, tuple[int, Callable[..., _Value]]]:
    compiled = cache(re.compile)
    of_text: dict[str, tuple[int, Callable[..., _Value]]] = {
        "regexp_matches": (2, lambda text, pattern: compiled(pattern).search(text) is not None),
        "regexp_full_match": (2, lambda text, pattern: compiled(pattern).fullmatch(text) is not None),
        "regexp_extract": (2, lambda text, pattern: (compiled(pattern).search(text) or [""])[0]),
        "regexp_replace": (4, lambda text, pattern, new, _: compiled(pattern).sub(new, text)),
        "starts_with": (2, str.startswith),
        "strlen": (1, lambda text: len(text.encode())),
        # Each character by itself, and never two for one: as DuckDB does it.
        "lower": (1, lambda text: text.lower() if text.isascii() else "".join(each.lower()[0] for each in text)),
    }
    return {
        "list_value": (-1, listed),
        **{name: (arguments, _for_text(function)) for name, (arguments, function) in of_text.items()},
    }
