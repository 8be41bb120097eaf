"""The sizes by which a way is chosen, and the functions that choose by them.

| what | goes |
| --- | --- |
| up to `SQLITE_STATEMENTS` statements | to SQLite, which starts and plans in a tenth of the time that DuckDB takes |
| more | to DuckDB, one by one |
| sheets from `TABLE_CELLS` cells on | to DuckDB as tables of cells, never as statements |
| delimited text from `TABLE_CHARACTERS` on | to DuckDB as it is, to be read there |
| more than `DISK_CELLS` or `DISK_CHARACTERS` | to a DuckDB that keeps tables of cells on disk |
| N-Triples of `PLAIN_CHARACTERS`, and any longer file | to DuckDB as they are, if each line is plain |
| Turtle of more than `PARTED_CHARACTERS` | is parsed in pieces by several processes |
| more than `SORTED_STATEMENTS` | are sorted by property before they are checked |
| more than `TABULATED_THINGS` of one class among them | become a table with a row for each |
| more than `PLANNED_STATEMENTS` | get a query for each property, which takes longer to plan and less to run |

The verdict is the same everywhere; tests drive submissions over each threshold, on both sides.
"""

from __future__ import annotations

from typing import Final

__all__ = [
    "are_worth_a_table",
    "is_for_disk",
    "is_large_sheet",
    "is_large_text",
    "is_plain_length",
    "is_plain_size",
    "is_small",
    "is_worth_parting",
    "is_worth_planning",
    "is_worth_sorting",
]

SQLITE_STATEMENTS: Final = 12_000
TABLE_CELLS: Final = 50_000
TABLE_CHARACTERS: Final = 500_000
DISK_CELLS: Final = 2_000_000
DISK_CHARACTERS: Final = 150_000_000
PARTED_CHARACTERS: Final = 30_000_000
SORTED_STATEMENTS: Final = 50_000
TABULATED_THINGS: Final = 5_000
PLANNED_STATEMENTS: Final = 50_000
PLAIN_CHARACTERS: Final = range(1_500_000, 200_000_000)


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

    Of longer ones, which are in memory already, that would hold two copies.
    """
    return characters in PLAIN_CHARACTERS


def is_plain_size(size: int) -> bool:
    """Return whether a file of N-Triples of so many bytes is worth a try without being read as a whole."""
    return size >= PLAIN_CHARACTERS.start


def is_worth_parting(characters: int) -> bool:
    """Return whether parsing half of so many characters takes longer than starting processes for it."""
    return characters > PARTED_CHARACTERS


def is_worth_sorting(statements: int) -> bool:
    """Return whether sorting so many statements by property takes less time than it saves in the checks."""
    return statements > SORTED_STATEMENTS


def are_worth_a_table(things: int) -> bool:
    """Return whether so many things of one class, among statements that are sorted, become rows of a table."""
    return things > TABULATED_THINGS


def is_worth_planning(statements: int) -> bool:
    """Return whether checking so many statements takes longer than planning a query for each property."""
    return statements > PLANNED_STATEMENTS


def is_for_disk(cells: int, characters: int) -> bool:
    """Return whether tables of so many cells, or of a text of so many characters, are kept on disk."""
    return cells > DISK_CELLS or characters > DISK_CHARACTERS
