"""The cells of a sheet as texts: what every tabular format is read into, and what the storage takes.

>>> Grid([["id", "title"], ["A-1", "Trees"]], [1, 3], "Actions").size()
4
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Final, Self

from bicentennial.core.startup.records import field, record

if TYPE_CHECKING:
    from collections.abc import Iterator

    from bicentennial.core.findings import Finding

__all__ = ["FEW", "GUARDED", "Cell", "Grid", "Oddities", "Part", "Position"]

Cell = str | tuple[str, ...]
"""What stands in a cell or at a key: a text, or in JSON several."""

Position = tuple[int, int]
"""A row and a column, both from 1."""

Part = tuple[Sequence[int], Sequence[Sequence[str]]]
"""Some rows of one width: their numbers, and their cells column by column."""

FEW: Final = 500
"""So many rows at a time are handled faster than all at once, which go to and from memory at each step."""

# An apostrophe keeps spreadsheets from running a text; it is no part of the text. `exchange.grids` writes it.
GUARDED: Final = "'+[=+\\-@\t\r\n\uff1d\uff0b\uff0d\uff20]"
"""How a text begins whose first apostrophe is none of it, as a regular expression."""


@record
class Oddities:
    """What the reader of workbooks leaves out of a sheet, or returns otherwise than it is."""

    texts: dict[Position, str] = field(default_factory=dict)
    """What cells hold: errors, and numbers with more digits than a floating point number keeps."""
    uncached: list[Position] = field(default_factory=list)
    """Formulas without a result."""
    lost: list[Position] = field(default_factory=list)
    """Positions whose text is not in the file."""
    long: list[Position] = field(default_factory=list)
    """Positions whose number has more digits than spreadsheet programs keep."""
    percentages: dict[Position, str] = field(default_factory=dict)
    """Numbers that are shown as percentages, and so a hundred times as large as they are."""
    scaled: dict[Position, tuple[str, str, int]] = field(default_factory=dict)
    """Numbers that are shown with a unit: the number, the unit, and how many powers of ten that is."""
    currencies: dict[Position, tuple[str, str]] = field(default_factory=dict)
    """Numbers whose format names a currency: the number, and what is shown with it."""
    struck: list[Position] = field(default_factory=list)
    """Positions whose text is struck out."""
    invisible: Position | None = None
    """The first cell whose text has invisible characters."""
    garbled: tuple[Position, str] | None = None
    """The first cell whose text has garbled letters, and those."""
    merged: list[tuple[Position, Position]] = field(default_factory=list)
    """Ranges of merged cells."""
    state: str = ""
    """How the sheet is hidden, empty if it is not: `Hidden` or `VeryHidden`."""
    hidden_rows: list[tuple[int, int]] = field(default_factory=list)
    """The first and the last of hidden rows that follow one another."""
    hidden_columns: list[tuple[int, int]] = field(default_factory=list)
    """The same of columns."""

    def hide(self, first: int, last: int) -> None:
        """Take note of hidden rows, which come in order."""
        if self.hidden_rows and self.hidden_rows[-1][1] == first - 1:
            first = self.hidden_rows.pop()[0]
        self.hidden_rows.append((first, last))


@record
class Grid:
    """The cells of a sheet as texts, blank rows left out, each row with the number that people see beside it."""

    rows: list[list[str]]
    numbers: list[int]
    name: str | None = None
    findings: list[Finding] = field(default_factory=list)
    odd: Oddities | None = None
    """What is odd about the sheet, if it is one of a workbook."""

    def size(self) -> int:
        """Return how many cells there are."""
        return sum(map(len, self.rows))

    def parts(self, position: int) -> Iterator[Part]:
        """Yield the rows below one a few at a time, with their numbers."""
        for start in range(position + 1, len(self.rows), FEW):
            yield self.numbers[start : start + FEW], list(zip(*self.rows[start : start + FEW], strict=True))

    def keep(self, count: int) -> None:
        """Keep the first rows, and forget the others, which are elsewhere."""
        del self.rows[count:], self.numbers[count:]

    def complete(self) -> Self:
        """Return the grid with all its rows, of which it may have had the first ones only."""
        return self
