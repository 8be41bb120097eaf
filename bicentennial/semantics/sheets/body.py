"""The rows below the header of a sheet, in Python or in the database, behind one protocol."""

# ruff: noqa: S608 -- nothing that a partner wrote is ever part of the text of a query

from __future__ import annotations

from typing import TYPE_CHECKING, TypeAlias

from bicentennial.core.startup.records import replace

if TYPE_CHECKING:
    from collections.abc import Collection, Iterator, Sequence

    from bicentennial.semantics.sheets.row_kinds import RowRules, Sifted
    from bicentennial.storage.dataset import Dataset
    from bicentennial.storage.duckdb.tables import Head, Raw

__all__ = ["Body", "GridBody", "TableBody"]

Body: TypeAlias = "GridBody | TableBody"
"""The rows below the header of a sheet, of either kind."""


class GridBody:
    """The rows below the header of a sheet, held by Python, without blank ones.

    Args:
        rows: their cells.
        numbers: their numbers.

    >>> list(GridBody([["a", " x"], ["b"], ["c", "x"]], [2, 3, 5]).firsts(2))
    [('x', 2)]
    """

    def __init__(self, rows: list[list[str]], numbers: list[int]) -> None:
        self.rows = rows
        self.numbers = numbers

    def firsts(self, column: int) -> Iterator[tuple[str, int]]:
        """Yield the differing values of a column (counted from 1), each with the row that it stands in first."""
        seen = {""}
        for row, number in zip(self.rows, self.numbers, strict=True):
            if column <= len(row) and (text := row[column - 1].strip()) not in seen:
                seen.add(text)
                yield text, number

    def texts(self, column: int, numbers: Collection[int]) -> dict[int, str]:
        """Return what stands in a column of some rows, by their numbers."""
        rows = zip(self.numbers, self.rows, strict=True)
        return {number: row[column - 1].strip() for number, row in rows if number in numbers and column <= len(row)}

    def sift(self, rules: RowRules) -> Sifted:
        """Take the rows out that hold no record, and return what there is to say of them."""
        is_suspect = rules.is_suspect
        suspects = [(number, row) for number, row in zip(self.numbers, self.rows, strict=True) if is_suspect(row)]
        sifted = rules.sift(suspects)
        left_out = {*sifted.left_out, *(number for number, row in suspects if self._is_blank(row, rules.read))}
        if left_out or sifted.end is not None:
            self._keep(left_out, sifted.end)
        return sifted

    def uneven(self, width: int) -> Iterator[tuple[int, Sequence[str]]]:
        """Yield the rows that have fewer or more cells than the header, with their numbers."""
        yield from ((number, row) for number, row in zip(self.numbers, self.rows, strict=True) if len(row) != width)

    @staticmethod
    def _is_blank(row: Sequence[str], read: Sequence[int]) -> bool:
        return not any(number <= len(row) and row[number - 1].strip() for number in read)

    def _keep(self, left_out: Collection[int], end: int | None) -> None:
        kept = [
            (number, row)
            for number, row in zip(self.numbers, self.rows, strict=True)
            if number not in left_out and (end is None or number < end)
        ]
        self.numbers = [number for number, _ in kept]
        self.rows = [row for _, row in kept]


class TableBody:
    """The rows below the header of a sheet, in a table of the dataset.

    Args:
        dataset: the dataset.
        raw: its table.
        head: the header.
    """

    def __init__(self, dataset: Dataset, raw: Raw, head: Head) -> None:
        self.dataset = dataset
        self.raw = raw
        self.head = head

    def firsts(self, column: int) -> Iterator[tuple[str, int]]:
        """Yield the differing values of a column: see `GridBody.firsts`."""
        found = self.dataset.connection.execute(
            f"SELECT c{column}, min(row) AS n FROM {self.raw.table} WHERE c{column} <> '' GROUP BY 1 ORDER BY n"
        )
        yield from found.fetchall()

    def texts(self, column: int, numbers: Collection[int]) -> dict[int, str]:
        """Return what stands in a column of some rows: see `GridBody.texts`."""
        found = self.dataset.connection.execute(
            f"SELECT row, c{column} FROM {self.raw.table} WHERE row IN (SELECT unnest(?1::BIGINT[]))", [[*numbers]]
        )
        return dict(found.fetchall())

    def sift(self, rules: RowRules) -> Sifted:
        """Take the rows out that hold no record, and name the others: see `GridBody.sift`."""
        table, connection = self.raw.table, self.dataset.connection
        rows = f"SELECT row, {', '.join(self.head.cells)} FROM {table} WHERE {rules.condition()}"
        suspects = connection.execute(f"{rows} ORDER BY row", [rules.names]).fetchall()
        uneven = self.raw.uneven
        sifted = rules.sift((number, uneven.get(number, cells)) for number, *cells in suspects)
        if suspects:
            blank = f"concat({', '.join(f'c{number}' for number in rules.read)}) = ''"
            end = "" if sifted.end is None else f" OR row >= {sifted.end}"
            connection.execute(
                f"DELETE FROM {table} WHERE {blank} OR row IN (SELECT unnest(?1::INTEGER[])){end}", [sifted.left_out]
            )
            ((count,),) = connection.execute(f"SELECT count(*) FROM {table}").fetchall()
            self.raw = replace(self.raw, count=count)
        self._name()
        return sifted

    def uneven(self, width: int) -> Iterator[tuple[int, Sequence[str]]]:  # noqa: ARG002 - as of `GridBody`
        """Yield the rows that have fewer or more cells than the header: see `GridBody.uneven`."""
        if self.raw.uneven:
            kept = self.dataset.connection.execute(
                f"SELECT row FROM {self.raw.table} WHERE row IN (SELECT unnest(?1::INTEGER[])) ORDER BY row",
                [list(self.raw.uneven)],
            )
            yield from ((number, self.raw.uneven[number]) for (number,) in kept.fetchall())

    def _name(self) -> None:
        """Name rows by their number too whose identifier is missing or stands in a row before."""
        table, connection = self.raw.table, self.dataset.connection
        if not self.head.identifier:
            connection.execute(f"UPDATE {table} SET s = {self.head.numbered}")
            return
        from bicentennial.storage.duckdb.tables import identifier_of

        name = identifier_of(self.head.identifier)
        ((repeated,),) = connection.execute(
            f"SELECT count(*) <> count(DISTINCT {name}) OR min({name}) = '' FROM {table}"
        ).fetchall()
        if repeated:
            later = f"{name} = '' OR row_number() OVER (PARTITION BY {name} ORDER BY row) > 1"
            connection.execute(
                f"UPDATE {table} SET s = {self.head.numbered} WHERE row IN (SELECT row FROM {table} QUALIFY {later})"
            )
