"""Large tables into the database as they are, unless each row has to be looked at.

Reading a small one costs less in Python than planning what DuckDB is to do with it; see `storage.sizes`.
"""

from __future__ import annotations

from contextlib import suppress
from typing import TYPE_CHECKING, Final, TypeAlias

from bicentennial.core.concurrency import Aside
from bicentennial.core.findings import Location
from bicentennial.core.grid import Grid
from bicentennial.core.startup.named_tuples import NamedTuple
from bicentennial.semantics.sheets.body import GridBody, TableBody
from bicentennial.storage.choice import for_tables
from bicentennial.storage.sizes import is_large_sheet, is_large_text

if TYPE_CHECKING:
    from collections.abc import Callable
    from typing import Self

    from bicentennial.core.limits import Limits
    from bicentennial.semantics.sheets.sheet_plan import SheetPlan
    from bicentennial.semantics.tables import Tables
    from bicentennial.storage.duckdb.dataset import DuckDBDataset
    from bicentennial.storage.duckdb.tables import Head, Raw

__all__ = ["Begin", "BulkLoader", "Opening"]

Begin: TypeAlias = "Callable[[DuckDBDataset, str], None]"
"""Begins with what can be done with the dataset of a large sheet, given what its rows are, before it holds them."""

_HEAD: Final = 100_000
# A sheet is recognised by so many rows, or by a header within them and a few rows below.
_SHOWN: Final = 20
_BELOW: Final = 5


class Opening:
    """A database that is opened while a file is read that seems to be a long delimited text.

    DuckDB leaves the interpreter alone while it starts, as does a file that is written.

    Args:
        size: how long the text is, about; 0 if it is none.

    >>> with Opening(0) as opening:
    ...     opening.take() is None
    True
    """

    def __init__(self, size: int) -> None:
        self._coming = Aside(lambda: for_tables(characters=size)) if size and is_large_text(size) else None
        self._writing: Aside[None] | None = None

    def write(self, text: str, data: bytes) -> None:
        """Begin to write a text, given as UTF-8 too, to where the database may read it, while it is looked at."""
        if (coming := self._coming) is not None:

            def write() -> None:
                dataset = coming.result()
                path = dataset.spool / "ahead"
                path.write_bytes(data)
                dataset.written = text, path

            self._writing = Aside(write)

    def take(self) -> DuckDBDataset | None:
        """Return it, once; None if there is none."""
        coming, self._coming = self._coming, None
        writing, self._writing = self._writing, None
        if writing is not None:
            with suppress(OSError):  # which is said where it is written again
                writing.result()
        return coming.result() if coming else None

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *ended: object) -> None:
        with suppress(Exception):  # what is not needed may fail
            if (dataset := self.take()) is not None:
                dataset.close()


class _Seen(NamedTuple):
    """A delimited text from its header on, its first rows, and what it is by them."""

    text: str
    delimiter: str
    grid: Grid
    plan: SheetPlan


class BulkLoader:
    """Hands the rows of the sheets of one file to the database, or leaves them to Python.

    Args:
        file: the file's name.
        tables: what sheets may be.
        limits: see `Limits`.
        begin: see `intake.read`.
        opening: the database, if it is being opened.
    """

    def __init__(
        self,
        file: str,
        tables: Tables,
        limits: Limits,
        begin: Begin | None = None,
        opening: Opening | None = None,
    ) -> None:
        self._file = file
        self._tables = tables
        self._limits = limits
        self._begin = begin
        self._opening = opening
        self.dataset: DuckDBDataset | None = None
        """Has the cells of the large sheets, if there are any."""

    def of_text(self, text: str, *, tab: bool) -> tuple[Grid, SheetPlan, TableBody] | None:
        """Return the first rows of a delimited text, what it is, and all its rows; None if Python is to read it."""
        if not is_large_text(len(text)):
            return None
        seen = self._recognised(text, tab=tab)
        if seen is None:
            return None
        dataset = self._opening.take() if self._opening is not None else None
        if dataset is None:
            dataset = for_tables(characters=len(text))
        if self._begin is not None:
            self._begin(dataset, seen.plan.table.iri)
        if body := self._read(seen, dataset):
            self.dataset = dataset
            return seen.grid, seen.plan, body
        dataset.close()
        return None

    def _recognised(self, text: str, *, tab: bool) -> _Seen | None:
        """Return what a delimited text is, by its first rows; None if Python is to read it."""
        from bicentennial.formats.csv.delimited import dialect_of, read_delimited

        dialect = dialect_of(text, self._tables.recogniser.score, tab=tab)
        if dialect.is_spaced or dialect.is_wrapped:
            return None
        text = text[dialect.start :]
        first = text if len(text) <= _HEAD else _first_lines(text, _HEAD)
        first_rows = f"sep={dialect.delimiter}\n{first}"
        grid = read_delimited(first_rows, Location(file=self._file), self._limits, self._tables.recogniser.score)
        plan = self._tables.plan(grid, self._file) if not grid.findings else None
        if plan is None or not plan.is_columnar:
            return None
        if len(first) < len(text) and len(grid.rows) < max(_SHOWN, plan.below) + _BELOW:
            return None
        if any("\n" in cell or "\r" in cell for row in grid.rows[: plan.below] for cell in row):
            return None  # rows are not lines
        return _Seen(text, dialect.delimiter, grid, plan)

    def _read(self, seen: _Seen, dataset: DuckDBDataset) -> TableBody | None:
        """Return the rows of a delimited text, as DuckDB reads them; None if Python is to read it."""
        from bicentennial.storage.duckdb.tables import of_text

        head = self._head(seen.plan, "")
        header_row = seen.grid.numbers[seen.plan.below - 1]
        raw = of_text(dataset, seen.text, seen.delimiter, header_row, head, self._limits)
        if raw is None or (raw.broken and self._any_spanning(dataset, raw, head, seen.delimiter)):
            return None
        return TableBody(dataset, raw, head)

    def _any_spanning(self, dataset: DuckDBDataset, raw: Raw, head: Head, delimiter: str) -> bool:
        """Return whether a value over several lines looks like rows, of which Python is to speak."""
        from bicentennial.formats.csv.delimited import spanning

        both = " OR ".join(f"contains({cell}, chr(10)) AND contains({cell}, $1)" for cell in raw.broken)
        found = dataset.connection.execute(
            f"SELECT row, {', '.join(head.cells)} FROM {raw.table} WHERE {both}",  # noqa: S608 - names of columns
            [delimiter],
        ).fetchall()
        grid = Grid([cells for _, *cells in found], [row for row, *_ in found])
        return any(True for _ in spanning(grid, delimiter, Location(file=self._file), self._limits))

    def of_grid(self, grid: Grid, plan: SheetPlan, sheet: int, prefix: str) -> GridBody | TableBody:
        """Return the rows of a sheet below its header: if it is large, those that were put into the dataset.

        Args:
            grid: its cells.
            plan: what it is read as.
            sheet: its number.
            prefix: goes before the number of a row that names the thing of the row.
        """
        cells = grid.size()
        if plan.is_columnar and is_large_sheet(cells):
            from bicentennial.storage.duckdb.tables import of_rows

            dataset = self.dataset
            if dataset is None:
                dataset = for_tables(cells=cells)
                if self._begin is not None:
                    self._begin(dataset, plan.table.iri)
            head = self._head(plan, prefix)
            raw = of_rows(dataset, grid, plan.below - 1, head, self._limits, sheet)
            self.dataset = dataset
            if raw is not None:
                grid.keep(plan.below)
                return TableBody(dataset, raw, head)
        grid.complete()
        return GridBody(grid.rows[plan.below :], grid.numbers[plan.below :])

    def _head(self, plan: SheetPlan, prefix: str) -> Head:
        from bicentennial.storage.duckdb.tables import Head

        return Head(plan.texts, plan.table.iri, plan.identifier, prefix)


def _first_lines(text: str, most: int) -> str:
    r"""Return the lines of a text within its first characters, without a last one that ends within quotation marks.

    >>> _first_lines('a\n"b\nc"\nd', 7), _first_lines('a\nb\nc', 4)
    ('a\n', 'a\nb\n')
    """
    end = text.rfind("\n", 0, most) + 1
    quotes = text.count('"', 0, end)
    while quotes % 2:
        before = text.rfind("\n", 0, end - 1) + 1
        quotes -= text.count('"', before, end)
        end = before
    return text[:end]
