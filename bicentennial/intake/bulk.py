"""Which database a submission goes to, and whether its tables go there as they are.

Large tables do, unless each row has to be looked at: reading a small one costs less in Python than planning what DuckDB
is to do with it. Small submissions go to SQLite. The answers are the same.
"""

from __future__ import annotations

from functools import cache
from typing import TYPE_CHECKING, Final

from bicentennial.core.findings import Location
from bicentennial.core.namespaces import DCTERMS
from bicentennial.storage.dataset import Dataset
from bicentennial.vocabulary.index import NAMED_BY_IDENTIFIER

if TYPE_CHECKING:
    from bicentennial.core.limits import Limits
    from bicentennial.formats.csv.delimited import Grid
    from bicentennial.semantics.mapping import Mapping
    from bicentennial.semantics.tables import Tables
    from bicentennial.semantics.versions import Versions
    from bicentennial.storage.duckdb_tables import Head

__all__ = ["Wholesale", "has_sqlite", "is_worthwhile", "new_dataset"]

WORTHWHILE: Final = 50_000
"""From about so many cells on, tables stay tables."""
LARGE: Final = 500_000
"""From about so many characters on, DuckDB may read a delimited text."""
_OLDEST: Final = (3, 38)
_MANY: Final = 2_000_000
_HUGE: Final = 50_000_000
_HEAD: Final = 100_000
_KEPT: Final = 200


@cache
def has_sqlite() -> bool:
    """Tell whether Python came with an SQLite that knows JSON and lets us say what it is to work out once."""
    try:
        import sqlite3
    except ImportError:  # some distributions have it in a package of its own
        return False
    return sqlite3.sqlite_version_info >= _OLDEST


def is_worthwhile(cells: int) -> bool:
    """Tell whether so many cells are better left in a table of the database."""
    return cells >= WORTHWHILE


def new_dataset(cells: int) -> Dataset:
    """Return an empty dataset for so many cells."""
    return Dataset(on_disk=cells > _MANY)


class Wholesale:
    """Hands the tables of one file to the database.

    Args:
        file: the file's name.
        tables: what sheets may be.
        mapping: what a mapping file says.
        versions: knows the headers that are about the file itself.
        limits: see `Limits`.
    """

    def __init__(self, file: str, tables: Tables, mapping: Mapping, versions: Versions, limits: Limits) -> None:
        self._file = file
        self._tables = tables
        self._mapping = mapping
        self._versions = versions
        self._limits = limits

    def of_text(self, text: str, *, tab: bool) -> tuple[Grid, Dataset] | None:
        """Return the first rows of a delimited text, and the dataset that has all, or None if Python is to read it."""
        if len(text) < LARGE:
            return None
        dataset = Dataset(on_disk=len(text) > _HUGE)
        if grid := self._at_once(text, dataset, tab=tab):
            return grid, dataset
        dataset.close()
        return None

    def _at_once(self, text: str, dataset: Dataset, *, tab: bool) -> Grid | None:
        from bicentennial.formats.csv.delimited import delimiter_of, read_delimited
        from bicentennial.storage.duckdb_tables import of_text

        delimiter, start = delimiter_of(text, self._tables.score, tab=tab)
        text = text[start:]
        first = f"sep={delimiter}\n" + text[: text.rfind("\n", 0, _HEAD) + 1]
        grid = read_delimited(first, Location(file=self._file), self._limits, self._tables.score)
        whole = self._whole(grid) if not grid.findings else None
        if whole is None:
            return None
        position, head = whole
        grid.raw = of_text(dataset, text, delimiter, grid.numbers[position], head, self._limits)
        return grid if grid.raw else None

    def of_grid(self, grid: Grid, dataset: Dataset | None, sheet: int) -> Dataset | None:
        """Put the cells of a large sheet into the dataset, or into a new one, and keep the first rows."""
        cells = grid.size()
        whole = self._whole(grid) if grid.raw is None and is_worthwhile(cells) else None
        if whole is not None:
            from bicentennial.storage.duckdb_tables import of_rows

            dataset = new_dataset(cells) if dataset is None else dataset
            position, head = whole
            grid.raw = of_rows(dataset, grid, position, head, self._limits, sheet)
            if grid.raw is not None:
                grid.keep(position + _KEPT)
        if grid.raw is None:
            grid.complete()
        return dataset

    def _whole(self, grid: Grid) -> tuple[int, Head] | None:
        """Return the header and its position, if the cells below need be looked at but column by column."""
        from bicentennial.semantics.tables import is_tagged
        from bicentennial.storage.duckdb_tables import Head

        if self._mapping.declare or self._mapping.header_row is not None or not grid.rows:
            return None
        chosen = self._tables.choose(grid.rows, grid.name)
        if chosen is None:
            return None
        table, position = chosen
        if any(map(is_tagged, grid.rows[position + 1 : position + 2])):
            return None
        header = [cell.strip() for cell in grid.rows[position]]
        recogniser = self._tables.recogniser(table)
        columns = [None if recogniser.leaves_out(text) else recogniser.match(text) for text in header]
        # Parties and places are known by their names too; a version or a date of the submission is in any row.
        named = table.iri not in NAMED_BY_IDENTIFIER
        if named or any(each and each[0].about for each in columns) or any(map(self._versions.is_key, header)):
            return None
        identifiers = (n for n, each in enumerate(columns, start=1) if each and each[0].iri == DCTERMS.identifier)
        return position, Head(header, table.iri, next(identifiers, None))
