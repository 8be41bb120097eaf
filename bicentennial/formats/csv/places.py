r"""Where the cells of a delimited text stand: a value may go over several lines, so that rows and lines differ.

>>> text = 'id,note,goal\nA-1,"planned,\nnot begun",G1\nA-2,,G2\n'
>>> cell_at(text, text.index("begun"), Dialect(","))
(2, 2)
>>> RowLines(text, Dialect(",")).of([(1, 1), (2, 1), (2, 3), (3, 1)])
{(1, 1): 1, (2, 1): 2, (2, 3): 3, (3, 1): 4}
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from bicentennial.core.findings import column_number
from bicentennial.core.startup.records import record, replace
from bicentennial.formats.csv.delimited import BREAK, Dialect, rows_of

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from bicentennial.core.findings import Finding
    from bicentennial.core.grid import Position

__all__ = ["RowLines", "cell_at"]


def cell_at(text: str, position: int, dialect: Dialect) -> Position:
    """Return the row and column of the cell that holds a character of a text.

    Args:
        text: the whole text.
        position: where the character stands, or stood before it was left out.
        dialect: how the text is written.
    """
    number, row = 1, [""]
    # Any letter shows that the last cell is there, and is no separator.
    for number, row in enumerate(rows_of(f"{text[:position]}x", dialect), start=1):  # noqa: B007 - the last is meant
        pass
    return number, len(row)


@record(frozen=True)
class RowLines:
    """On which lines the cells of a delimited text begin, of which not every row is a line.

    A `sep=` line is no row, and a row with line breaks in its values is several lines.
    """

    text: str
    dialect: Dialect

    def of(self, cells: Iterable[Position]) -> dict[Position, int]:
        """Return the line on which each cell begins; a cell that a row does not have is where that row ends."""
        wanted: dict[int, list[Position]] = {}
        for cell in cells:
            wanted.setdefault(cell[0], []).append(cell)
        found: dict[Position, int] = {}
        line = len(BREAK.findall(self.text[: self.dialect.start])) + 1
        last = max(wanted, default=0)
        for number, row in enumerate(rows_of(self.text, self.dialect), start=1):
            for cell in wanted.get(number, ()):
                found[cell] = line + _breaks(row[: cell[1] - 1])
            if number == last:
                break
            line += 1 + _breaks(row)
        return found

    def added(self, findings: Sequence[Finding]) -> list[Finding]:
        """Return findings, of which those that stand in a row have the line as well where that is another number."""
        cells = [(each.location.row or 0, column_number(each.location.column or "") or 1) for each in findings]
        lines = self.of(cell for cell in cells if cell[0])
        return [
            each
            if lines.get(cell, cell[0]) == cell[0]
            else replace(each, location=each.location._replace(line=lines[cell]))
            for each, cell in zip(findings, cells, strict=True)
        ]


def _breaks(row: Iterable[str]) -> int:
    return sum(len(BREAK.findall(cell)) for cell in row if "\n" in cell or "\r" in cell)
