"""Small submissions in SQLite, which starts and plans in a tenth of the time that DuckDB takes.

Functions of DuckDB's that occur in the SQL for both are given to SQLite. Lists of texts go in as JSON, and come out as
`storage.list_encoding` has them.

>>> from bicentennial.core.namespaces import XSD
>>> from bicentennial.storage.statement import Statement
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
from functools import cache, lru_cache
from itertools import chain, islice
from typing import TYPE_CHECKING, Any, Final

from bicentennial.core.namespaces import RDF
from bicentennial.storage import sizes
from bicentennial.storage.layout import IRI, LITERAL, TABLES, Layout, quoted
from bicentennial.storage.list_encoding import RESERVED, encode_list
from bicentennial.storage.statement import not_text

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping, Sequence
    from typing import Self

    import pyoxigraph

    from bicentennial.storage.connection import Connection
    from bicentennial.storage.statement import Statement

__all__ = ["SqliteDataset", "UnfitError", "fits"]

_Value = str | bool | int | None
_BETWEEN, _NONE = RESERVED
_STATEMENTS: Final = 256
# So many rows go in with one statement, which takes half the time of one for each.
_TOGETHER: Final = 50
# So many values are remembered with what was found in them.
_VALUES: Final = 1 << 14
# Of 4 KiB: what a few hundred rows take.
_PAGES: Final = 500
_MOST: Final = 2
_kept: Final[list[_Connection]] = []
_CLOSED: Final = sqlite3.connect(":memory:", check_same_thread=False)
_CLOSED.close()


class _Connection(sqlite3.Connection):
    """A connection, which serves one dataset after the other: what was planned for one need not be for the next."""

    def __init__(self) -> None:
        # Datasets use it one after the other, in whichever thread; a check asks about a hundred statements.
        super().__init__(":memory:", isolation_level=None, cached_statements=_STATEMENTS, check_same_thread=False)
        self.setlimit(sqlite3.SQLITE_LIMIT_ATTACHED, 0)  # it reaches no file; extensions are off anyway
        self.functions: set[str] = set()
        for name, (arguments, function) in _functions().items():
            self.add(name, arguments, function)
        self.views: dict[str, str] = {}
        self.tables = ["statements", "background"]
        self.executescript(TABLES)

    def __del__(self) -> None:
        self.close()  # of one that is kept, the end of the program is the end

    @classmethod
    def free(cls) -> _Connection:
        """Return one that nothing uses."""
        try:
            return _kept.pop()
        except IndexError:
            return cls()

    def add(self, name: str, arguments: int, function: Callable[..., _Value]) -> None:
        """Let SQL call a function, unless it does already: to say so anew would make all statements planned again."""
        if name not in self.functions:
            self.functions.add(name)
            self.create_function(name, arguments, function, deterministic=True)

    def release(self) -> None:
        """Close it, or keep it for another dataset if it has held little."""
        if len(_kept) >= _MOST or self.in_transaction or self.execute("PRAGMA page_count").fetchone()[0] > _PAGES:
            self.close()
            return
        for table in self.tables:
            self.execute(f"DELETE FROM {table}")
        _kept.append(self)

    def execute(self, sql: str, parameters: Sequence[Any] = (), /) -> sqlite3.Cursor:  # type: ignore[override]
        """Run a statement; a list among its parameters is one of texts."""
        return super().execute(sql, [json.dumps(each) if isinstance(each, list) else each for each in parameters])


class SqliteDataset:
    """The statements of a small submission; see `Dataset`."""

    is_sqlite: Final = True
    is_tabular: Final = False

    def __init__(self) -> None:
        self._sqlite = _Connection.free()
        self.connection: Connection = self._sqlite
        self._properties: frozenset[str] | None = None

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *ended: object) -> None:
        self.close()

    def __len__(self) -> int:
        ((count,),) = self.connection.execute("SELECT count(*) FROM statements").fetchall()
        return int(count)

    def connections(self, most: int) -> list[Connection]:  # noqa: ARG002 - DuckDB takes it
        """Return the only one: what is asked of it takes no time."""
        return [self.connection]

    def create_function(self, name: str, arguments: int, function: Callable[..., _Value]) -> None:
        """Let SQL call a deterministic function of Python's, the same one whenever it has that name."""
        self._sqlite.add(name, arguments, function)

    def texts(self, parameter: str) -> str:
        """Return a query for the texts of a list: see `Dataset.texts`."""
        return f"SELECT value FROM json_each({parameter})"

    def define(self, table: str, query: str, *, indexed: Sequence[str] = ()) -> None:
        """Make a table: see `Dataset.define`."""
        if table in self._sqlite.tables:
            self.connection.execute(f"DELETE FROM {table}")
            self.connection.execute(f"INSERT INTO {table} {query}")
            return
        self.connection.execute(f"CREATE TABLE {table} AS {query}")
        for number, columns in enumerate(indexed):
            self.connection.execute(f"CREATE INDEX {table}_{number} ON {table}({columns})")
        self._sqlite.tables.append(table)

    def define_each(self, queries: Mapping[str, str], *, indexed: Sequence[str] = ()) -> None:
        """Make tables: see `Dataset.define_each`."""
        for table, query in queries.items():
            self.define(table, query, indexed=indexed)

    def define_view(self, name: str, query: str) -> None:
        """Make a view: see `Dataset.define_view`."""
        if self._sqlite.views.get(name) != query:
            self.connection.execute(f"DROP VIEW IF EXISTS {name}")
            self.connection.execute(f"CREATE VIEW {name} AS {query}")
            self._sqlite.views[name] = query

    def close(self) -> None:
        """Give the connection back."""
        if self.connection is self._sqlite:
            self._sqlite.release()
            self.connection = _CLOSED

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

    def load_quads(self, quads: Iterable[pyoxigraph.Quad], *, numbered: bool = False, named: bool = True) -> int:
        """Add what pyoxigraph has parsed: see `Dataset.load_quads`.

        Raises:
            UnfitError: they are too many, or SQLite would cut a value short; nothing has been added.
        """
        from bicentennial.storage.nquads import read_quads

        rows, graphs = read_quads(islice(quads, sizes.SQLITE_STATEMENTS + 1))
        if not sizes.is_small(len(rows)) or not all(fits(row[2]) for row in rows):
            raise UnfitError
        # Columns that are NULL are left out: each takes longer to fill than one that holds something.
        columns = "s, p, o, kind, dt, lang"
        if numbered:
            self._add(f"statements({columns}, row)", rows)
        else:
            self._add(f"statements({columns})", (row[:6] for row in rows))
        return len(graphs) if named and graphs - {""} else 0

    def load_ntriples(self, stretches: Iterable[bytes], most: int) -> bool:  # noqa: ARG002 - DuckDB reads it
        """Return that it takes a parser: see `Dataset.load_ntriples`."""
        return False

    def delete(self, condition: str, parameters: Sequence[Any] = ()) -> None:
        """Take statements out: see `Dataset.delete`."""
        self._properties = None
        self.connection.execute(f"DELETE FROM statements WHERE {condition}", parameters)

    def materialize(self) -> None:
        """Do nothing, since all statements are stored one by one."""

    def properties(self) -> frozenset[str]:
        """Return the properties of the statements: see `Dataset.properties`."""
        if self._properties is None:
            self._properties = frozenset(
                p for (p,) in self.connection.execute("SELECT DISTINCT p FROM statements").fetchall()
            )
        return self._properties

    def count_of(self, class_iri: str) -> int:
        """Return how many things are said to be of a class: see `Dataset.count_of`."""
        query = f"SELECT count(DISTINCT s) FROM statements WHERE p = ?1 AND o = ?2 AND kind = {IRI}"
        return int(self.connection.execute(query, [RDF.type, class_iri]).fetchone()[0])

    def statements_of(self, *properties: str) -> str:
        """Return the relation of the statements about some properties: see `Dataset.statements_of`."""
        return f"(SELECT * FROM statements WHERE p IN ({', '.join(map(quoted, properties))}))"

    def layout(self) -> Layout:
        """Return where the statements are: see `Dataset.layout`."""
        return Layout("statements", self.properties(), disjoint=True)

    def arrange(self) -> None:
        """Do nothing: few statements are found quickly as they are."""

    def _add(self, table: str, rows: Iterable[Sequence[object]]) -> None:
        self._properties = None
        iterator = iter(rows)
        execute = super(_Connection, self._sqlite).execute
        execute("BEGIN")  # or else each statement is a transaction of its own
        try:
            while some := list(islice(iterator, _TOGETHER)):
                marks = f"({', '.join('?' * len(some[0]))})"
                execute(f"INSERT INTO {table} VALUES {', '.join([marks] * len(some))}", [*chain.from_iterable(some)])
        except BaseException:
            self._sqlite.rollback()
            raise
        self._sqlite.commit()


def fits(text: str) -> bool:
    """Return whether SQLite keeps an object as it is: functions of Python's cut texts at certain characters."""
    return _BETWEEN not in text and _NONE not in text


class UnfitError(ValueError):
    """Statements that are too many, or that SQLite would cut short."""


def _for_text(function: Callable[..., _Value]) -> Callable[..., _Value]:
    """Return a function that makes NULL of NULL."""
    return lambda text, *others: None if text is None else function(text, *others)


def _functions() -> dict[str, tuple[int, Callable[..., _Value]]]:
    compiled = cache(re.compile)

    # Values repeat, and what a function of Python's takes is mostly the call.
    @lru_cache(_VALUES)
    def matches(text: str | None, pattern: str) -> bool | None:
        return None if text is None else compiled(pattern).search(text) is not None

    @lru_cache(_VALUES)
    def full_match(text: str | None, pattern: str) -> bool | None:
        return None if text is None else compiled(pattern).fullmatch(text) is not None

    @lru_cache(_VALUES)
    def starts_with(text: str | None, beginning: str) -> bool | None:
        return None if text is None else text.startswith(beginning)

    of_text: dict[str, tuple[int, Callable[..., _Value]]] = {
        "regexp_extract": (2, lambda text, pattern: (compiled(pattern).search(text) or [""])[0]),
        "regexp_replace": (4, lambda text, pattern, new, _: compiled(pattern).sub(new, text)),
        # Each character by itself, and never two for one: as DuckDB does it.
        "lower": (1, lambda text: text.lower() if text.isascii() else "".join(each.lower()[0] for each in text)),
    }
    return {
        "list_value": (-1, encode_list),
        "starts_with": (2, starts_with),
        "regexp_matches": (2, matches),
        "regexp_full_match": (2, full_match),
        **{name: (arguments, _for_text(function)) for name, (arguments, function) in of_text.items()},
    }
