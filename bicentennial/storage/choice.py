"""Which database a submission goes to: SQLite or DuckDB, by the sizes in `storage.sizes`."""

from __future__ import annotations

from functools import cache
from itertools import chain, islice
from typing import TYPE_CHECKING, Final, TypeVar

from bicentennial.storage import sizes

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

    from bicentennial.storage.dataset import Dataset
    from bicentennial.storage.duckdb.dataset import DuckDBDataset
    from bicentennial.storage.statement import Statement

__all__ = ["for_graph", "for_statements", "for_tables", "has_sqlite", "is_short"]

# About how many characters the shortest statements of an RDF text take, and most of the long ones.
_SHORTEST: Final = 10
_LONG: Final = 250
_OLDEST: Final = (3, 38)

_T = TypeVar("_T")


@cache
def has_sqlite() -> bool:
    """Return whether Python came with an SQLite that knows JSON and takes `AS MATERIALIZED`."""
    try:
        import sqlite3
    except ImportError:  # some distributions have it in a package of its own
        return False
    return sqlite3.sqlite_version_info >= _OLDEST


def for_tables(*, cells: int = 0, characters: int = 0) -> DuckDBDataset:
    """Return an empty dataset for tables with so many cells, or of a text with so many characters."""
    from bicentennial.storage.duckdb.dataset import DuckDBDataset

    return DuckDBDataset(on_disk=sizes.is_for_disk(cells, characters))


def for_statements(rows: Iterable[Statement], *, sqlite: bool) -> Dataset:
    """Return a new dataset that holds some statements.

    Args:
        rows: the statements.
        sqlite: whether it may be one in SQLite, if they are few and hold nothing that SQLite cuts short.

    >>> from bicentennial.storage.statement import Statement
    >>> with for_statements([Statement.iri("urn:a", "urn:p", "urn:b")], sqlite=True) as dataset:
    ...     dataset.is_sqlite
    True
    """
    iterator = iter(rows)
    first: list[Statement] = []
    if sqlite:
        from bicentennial.storage.sqlite_dataset import SqliteDataset, fits

        first = list(islice(iterator, sizes.SQLITE_STATEMENTS + 1))
        if sizes.is_small(len(first)) and all(fits(each.o) for each in first):
            small = SqliteDataset()
            small.load(first)
            return small
    dataset = for_tables()
    dataset.load(chain(first, iterator))
    return dataset


def for_graph(text: str, fill: Callable[[Dataset], _T], *, sqlite: bool) -> tuple[Dataset, _T]:
    """Return a new dataset that holds what an RDF text says.

    Args:
        text: the text.
        fill: loads it into the dataset that it is given, and is called again with another if that does not suit.
        sqlite: whether it may be one in SQLite.

    Returns:
        The dataset, and what `fill` returned.
    """
    if sqlite and is_short(text):
        from bicentennial.storage.sqlite_dataset import SqliteDataset, UnfitError

        small = SqliteDataset()
        try:
            return small, fill(small)
        except UnfitError:
            small.close()
    dataset = for_tables()
    return dataset, fill(dataset)


def is_short(text: str) -> bool:
    """Return whether an RDF text is likely to hold few statements: most are written with a line for each."""
    most = sizes.SQLITE_STATEMENTS
    return len(text) <= _SHORTEST * most or (len(text) <= _LONG * most and text.count("\n") <= most)
