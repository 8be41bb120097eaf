"""XLSX, XLSM and ODS workbooks: sheets as grids of texts, with the row numbers that people see.

Nothing in a workbook is followed or run: no link, no macro, no formula. A date cell becomes an ISO date, a whole
number is written without a decimal point, a cell with an error or without a stored result becomes a finding.
"""

from __future__ import annotations

import io
from collections import defaultdict
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from decimal import Decimal
from itertools import islice
from threading import Thread
from typing import TYPE_CHECKING, Any, Final, Self

from bicentennial.core.findings import Finding, Location, column_letter
from bicentennial.core.notices import notice, unreadable
from bicentennial.formats.csv.delimited import FEW, Grid
from bicentennial.formats.workbook.inspection import Oddities, open_packed
from bicentennial.formats.workbook.ods_inspection import inspect_ods
from bicentennial.formats.workbook.xlsx_inspection import inspect_xlsx

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence

    import python_calamine

    from bicentennial.core.limits import Limits
    from bicentennial.formats.csv.delimited import Part

__all__ = ["read_workbook"]

_EACH: Final = 1_000
# So many bytes, packed, take longer to measure than to start a thread for.
_LARGE: Final = 500_000
# So many rows show what a sheet is; whoever wants more of them reads the sheet once more.
_FIRST: Final = 1_000


def read_workbook(
    data: bytes, format_name: str, file: str, limits: Limits, *, meanwhile: Callable[[], None] | None = None
) -> Iterator[Grid]:
    """Measure a workbook and open it, and return its sheets in order, each of which is read when it is asked for.

    Of a large sheet there are only the first rows, see `Grid.complete`. What is odd about single cells stands in the
    findings of their sheet.

    Args:
        data: the workbook.
        format_name: `xlsx`, `xlsm` or `ods`.
        file: what it is called.
        limits: see `Limits`.
        meanwhile: open a large one while it is measured, whatever that does to this process, and do this then; None to
            measure it first.

    Raises:
        UnreadableInputError: the workbook is damaged or not safe to open, perhaps only when a sheet is asked for.
        LimitReachedError: it is larger, or its values lie further apart, than the limits allow.
    """
    opening = _Opening(data)
    with open_packed(data, limits) as archive:
        if meanwhile is not None and len(data) > _LARGE:
            opening.start()
        oddities = inspect_ods(archive, limits) if format_name == "ods" else inspect_xlsx(archive, limits)
    if meanwhile is not None and opening.is_alive():
        meanwhile()
        opening.join()
    with _refusing():
        opening.finish()
    return _grids(opening, oddities, file, limits)


def _grids(opening: _Opening, oddities: Mapping[str, Oddities], file: str, limits: Limits) -> Iterator[Grid]:
    for name in opening.names:
        if name not in oddities:  # what was not measured is not read
            raise unreadable("broken-workbook")
        with _refusing():
            grid = _grid(opening.sheet(name), oddities[name], file, limits)
        yield grid


class _Opening(Thread):
    """Opens a workbook and reads its first sheet, perhaps beside whoever waits for that.

    A thread that reads a workbook which nobody has measured may take the process with it, should memory not suffice.
    """

    def __init__(self, data: bytes) -> None:
        super().__init__(daemon=True)
        self._data = data
        self._error: BaseException | None = None
        self._sheets: dict[str, python_calamine.CalamineSheet] = {}
        self._is_done = False
        self.names: list[str] = []
        """The names of its sheets."""

    def run(self) -> None:
        """Do it, and keep what is raised for whoever asks for the sheets."""
        try:
            self._open()
            for name in self.names[:1]:
                self._sheets[name] = self._workbook.get_sheet_by_name(name)
        except BaseException as error:
            self._error = error

    def finish(self) -> None:
        """Do what has not been done, or raise what was raised when it was."""
        if self._error is not None:
            raise self._error
        if not self._is_done:
            self._open()

    def sheet(self, name: str) -> python_calamine.CalamineSheet:
        """Return a sheet, which is then forgotten here."""
        return self._sheets.pop(name, None) or self._workbook.get_sheet_by_name(name)

    def _open(self) -> None:
        from python_calamine import CalamineWorkbook

        self._workbook = CalamineWorkbook.from_filelike(io.BytesIO(self._data))
        every = self._workbook.sheets_metadata
        self.names = [described.name for described in every if str(described.typ).endswith("WorkSheet")]
        self._is_done = True


@contextmanager
def _refusing() -> Iterator[None]:
    from python_calamine import CalamineError

    try:
        yield
    except (CalamineError, ValueError, OSError) as error:
        raise unreadable("broken-workbook") from error


def _grid(sheet: python_calamine.CalamineSheet, odd: Oddities, file: str, limits: Limits) -> Grid:
    grid = _Sheet([], [], sheet.name, sheet=sheet, limits=limits)
    merged = sheet.merged_cell_ranges or ()
    # What is odd is said with the numbers of rows, which takes all of them.
    grid.begin(whole=bool(odd.errors or merged))
    first = grid.numbers[0] if grid.numbers else 0
    grid.findings += _merged(merged, sheet.name, first, file, limits)
    for (row_number, column), error in list(odd.errors.items())[:_EACH]:
        place = Location(file, sheet.name, row_number, column_letter(column))
        grid.findings.append(notice("cell-error", place, value=error, error=error))
        _blank(grid, row_number, column)
    for row_number, column in odd.uncached[:_EACH]:
        place = Location(file, sheet.name, row_number, column_letter(column))
        grid.findings.append(notice("formula-without-value", place))
    return grid


@dataclass(slots=True, kw_only=True)
class _Sheet(Grid):
    """The cells of a sheet, which can be read again as often as somebody wants them."""

    sheet: python_calamine.CalamineSheet
    limits: Limits
    is_whole: bool = False

    def begin(self, *, whole: bool) -> None:
        """Read the rows, but of a large sheet the first ones, unless the whole is wanted."""
        for numbers, columns in self._read():
            for number, *row in zip(numbers, *columns, strict=True):
                if any(row):
                    self.rows.append(row)
                    self.numbers.append(number)
            if len(self.rows) >= _FIRST and not whole:
                return
        self.is_whole = True

    def size(self) -> int:
        return Grid.size(self) if self.is_whole else self.sheet.total_height * self.sheet.total_width

    def parts(self, position: int) -> Iterator[Part]:
        if self.is_whole:
            yield from Grid.parts(self, position)
            return
        above = self.numbers[position]
        for numbers, columns in self._read():
            if numbers[-1] > above:
                below = max(0, above + 1 - numbers[0])
                yield numbers[below:], [column[below:] for column in columns] if below else columns

    def complete(self) -> Self:
        if not self.is_whole:
            self.rows, self.numbers = [], []
            self.begin(whole=True)
        return self

    def keep(self, count: int) -> None:
        Grid.keep(self, count)
        self.is_whole = True
        del self.sheet  # which takes more memory than the rows

    def _read(self) -> Iterator[tuple[range, list[Sequence[str]]]]:
        """Yield all rows, blank ones too, a few at a time."""
        texts: defaultdict[type, _Texts] = defaultdict(_Texts)
        with _refusing():
            # Only from the first cell on is one row after the other as wide as the sheet.
            plain = self.sheet.start == (0, 0)
            each = self.sheet.iter_rows() if plain else iter(self.sheet.to_python(skip_empty_area=False))
            start = 1
            while cells := list(islice(each, FEW)):
                columns = [_column(column, texts) for column in zip(*cells, strict=True)]
                if any(len("".join(column)) > self.limits.cell_characters for column in columns):
                    for number, row in enumerate(zip(*columns, strict=True), start):
                        self.limits.check("cell_characters", max(map(len, row)), f"{self.name}, row {number}")
                yield range(start, start + len(cells)), columns
                start += len(cells)


def _column(cells: Sequence[Any], texts: Mapping[type, _Texts]) -> Sequence[str]:
    """Return the cells of a column as texts, which they are already where there are no numbers or dates."""
    kinds = set(map(type, cells))
    if kinds == {str}:
        return cells
    if len(kinds) == 1:
        return list(map(texts[kinds.pop()].__getitem__, cells))
    return [cell if type(cell) is str else texts[type(cell)][cell] for cell in cells]


def _blank(grid: Grid, row_number: int, column: int) -> None:
    # Some workbooks keep the error's text as the value, which would only be found to be unknown once more.
    try:
        position = grid.numbers.index(row_number)
    except ValueError:
        return
    if column <= len(grid.rows[position]):
        grid.rows[position][column - 1] = ""


def _merged(
    ranges: Iterable[tuple[tuple[int, int], tuple[int, int]]], sheet: str, first: int, file: str, limits: Limits
) -> list[Finding]:
    found: list[Finding] = []
    for (top, left), (bottom, right) in ranges:
        limits.check("merged_cells", (bottom - top + 1) * (right - left + 1), sheet)
        span = f"{column_letter(left + 1)}{top + 1}:{column_letter(right + 1)}{bottom + 1}"
        # Titles are merged across the sheet, in a row of their own; only a merge over several rows takes values away.
        if bottom > top and top + 1 > first:
            place = Location(file, sheet, top + 1, column_letter(left + 1))
            found.append(notice("cells-merged", place, range=span, value=span))
    return found[:_EACH]


class _Texts(dict[Any, str]):
    """The texts of the cells of one type, each worked out once: values of several types may be equal."""

    def __missing__(self, cell: Any) -> str:
        text = self[cell] = _text(cell)
        return text


def _text(cell: Any) -> str:
    # bool before int, datetime before date: each is also the other.
    if cell is None:
        return ""
    if isinstance(cell, bool):
        return "true" if cell else "false"
    if isinstance(cell, float):
        if cell.is_integer() and abs(cell) < 1e15:
            return str(int(cell))
        text = repr(cell)
        return format(Decimal(text), "f") if "e" in text or "n" in text else text
    if isinstance(cell, datetime):
        return cell.date().isoformat() if cell.time() == time() else cell.isoformat()
    if isinstance(cell, (date, time)):
        return cell.isoformat()
    if isinstance(cell, timedelta):
        seconds = int(cell.total_seconds())
        return f"{seconds // 3600:02}:{seconds // 60 % 60:02}:{seconds % 60:02}"
    return str(cell)
