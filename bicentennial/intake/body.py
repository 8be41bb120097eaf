"""The rows below the header of a sheet, in Python or in the database: whatever asks for them asks both alike."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Protocol

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable, Iterator, Sequence

    from bicentennial.intake.rowkinds import RowRules, Sifted

__all__ = ["Body", "GridBody"]


class Body(Protocol):
    """The rows below the header of a sheet."""

    def firsts(self, column: int) -> Iterable[tuple[str, int]]:
        """Return the differing values of a column (counted from 1), each with the row that it stands in first."""
        ...

    def sift(self, rules: RowRules) -> Sifted:
        """Take the rows out that hold no record, and return what there is to say of them."""
        ...


@dataclass(slots=True)
class GridBody:
    """Rows that Python holds, blank ones left out.

    >>> list(GridBody([["a", " x"], ["b"], ["c", "x"]], [2, 3, 5]).firsts(2))
    [('x', 2)]
    """

    rows: list[list[str]]
    numbers: list[int]

    def firsts(self, column: int) -> Iterator[tuple[str, int]]:
        """Yield the differing values of a column: see `Body.firsts`."""
        seen = {""}
        for row, number in zip(self.rows, self.numbers, strict=True):
            if column <= len(row) and (text := row[column - 1].strip()) not in seen:
                seen.add(text)
                yield text, number

    def sift(self, rules: RowRules) -> Sifted:
        """Take the rows out that hold no record: see `Body.sift`."""
        is_suspect = rules.is_suspect
        suspects = [(number, row) for number, row in zip(self.numbers, self.rows, strict=True) if is_suspect(row)]
        sifted = rules.sift(suspects)
        left_out = {*sifted.left_out, *(number for number, row in suspects if self._is_blank(row, rules.read))}
        if left_out or sifted.end is not None:
            self._keep(left_out, sifted.end)
        return sifted

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
