"""Which database a submission goes to, and whether its tables go there as they are: every threshold, and who decides.

| what | goes |
| --- | --- |
| up to `SQLITE_STATEMENTS` statements | to SQLite, which starts and plans in a tenth of the time that DuckDB takes |
| more | to DuckDB, one by one |
| sheets from `TABLE_CELLS` cells on | to DuckDB as tables of cells, never as statements |
| delimited text from `TABLE_CHARACTERS` on | to DuckDB as it is, to be read there |
| more than `DISK_CELLS` or `DISK_CHARACTERS` | to a DuckDB that keeps tables of cells on disk |
| N-Triples of `PLAIN_CHARACTERS` | to DuckDB as they are, if each line is plain |
| more than `SORTED_STATEMENTS` | are sorted by property before they are checked |
| more than `PLANNED_STATEMENTS` | get a query for each property, which takes longer to plan and less to run |

The verdict is the same everywhere; tests drive submissions over each threshold, on both sides.
"""

from __future__ import annotations

from functools import cache
from itertools import chain, islice
from typing import TYPE_CHECKING, Final, TypeVar

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

    from bicentennial.storage.dataset import Dataset
    from bicentennial.storage.duckdb_dataset import DuckDBDataset
    from bicentennial.storage.statement import Statement

__all__ = [
    "for_graph",
    "for_statements",
    "for_tables",
    "has_sqlite",
    "is_large_sheet",
    "is_large_text",
    "is_plain_length",
    "is_small",
    "is_worth_planning",
    "is_worth_sorting",
]

SQLITE_STATEMENTS: Final = 12_000
TABLE_CELLS: Final = 50_000
TABLE_CHARACTERS: Final = 500_000
DISK_CELLS: Final = 2_000_000
DISK_CHARACTERS: Final = 50_000_000
SORTED_STATEMENTS: Final = 50_000
PLANNED_STATEMENTS: Final = 100_000
PLAIN_CHARACTERS: Final = range(1_000_000, 200_000_000)

# About how many characters the shortest statements of an RDF text take.
_SHORTEST: Final = 10
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


def is_small(statements: int) -> bool:
    """Return whether so many statements may go to SQLite."""
    return statements <= SQLITE_STATEMENTS


def is_large_sheet(cells: int) -> bool:
    """Return whether a sheet of so many cells stays a table."""
    return cells >= TABLE_CELLS


def is_large_text(characters: int) -> bool:
    """Return whether DuckDB may read a delimited text of so many characters."""
    return characters >= TABLE_CHARACTERS


def is_plain_length(characters: int) -> bool:
    """Return whether N-Triples of so many characters are worth a try without a parser.

    Of longer ones memory would hold two copies.
    """
    return characters in PLAIN_CHARACTERS


def is_worth_sorting(statements: int) -> bool:
    """Return whether sorting so many statements by property takes less time than it saves in the checks."""
    return statements > SORTED_STATEMENTS


def is_worth_planning(statements: int) -> bool:
    """Return whether checking so many statements takes longer than planning a query for each property."""
    return statements > PLANNED_STATEMENTS


def for_tables(*, cells: int = 0, characters: int = 0) -> DuckDBDataset:
    """Return an empty dataset for tables with so many cells, or of a text with so many characters."""
    from bicentennial.storage.duckdb_dataset import DuckDBDataset

    return DuckDBDataset(on_disk=cells > DISK_CELLS or characters > DISK_CHARACTERS)


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

        first = list(islice(iterator, SQLITE_STATEMENTS + 1))
        if is_small(len(first)) and all(map(fits, first)):
            small = SqliteDataset()
            small.load(first)
            return small
    dataset = for_tables()
    dataset.load(chain(first, iterator))
    return dataset


def for_graph(characters: int, fill: Callable[[Dataset], _T], *, sqlite: bool) -> tuple[Dataset, _T]:
    """Return a new dataset that holds what an RDF text says.

    Args:
        characters: how long the text is.
        fill: loads it into the dataset that it is given, and is called again with another if that does not suit.
        sqlite: whether it may be one in SQLite.

    Returns:
        The dataset, and what `fill` returned.
    """
    if sqlite and characters <= _SHORTEST * SQLITE_STATEMENTS:
        from bicentennial.storage.sqlite_dataset import SqliteDataset, UnfitError

        small = SqliteDataset()
        try:
            return small, fill(small)
        except UnfitError:
            small.close()
    dataset = for_tables()
    return dataset, fill(dataset)
