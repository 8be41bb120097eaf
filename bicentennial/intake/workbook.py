"""XLSX, XLSM and ODS workbooks: sheets as grids of texts, with the row numbers that people see.

Nothing in a workbook is followed or run: no link, no macro, no formula. A date cell becomes an ISO date, a whole
number is written without a decimal point, a cell with an error or without a stored result becomes a finding.
"""

from __future__ import annotations

import io
from collections import defaultdict
from datetime import date, datetime, time, timedelta
from decimal import Decimal
from itertools import chain
from typing import TYPE_CHECKING, Any, Final

from bicentennial.findings import Finding, Location, column_letter
from bicentennial.intake.delimited import Grid
from bicentennial.intake.notices import notice, unreadable
from bicentennial.intake.packed import Oddities, open_packed
from bicentennial.intake.packedods import inspect_ods
from bicentennial.intake.packedxlsx import inspect_xlsx

if TYPE_CHECKING:
    import python_calamine

    from bicentennial.intake.limits import Limits

__all__ = ["read_workbook"]

_EACH: Final = 1_000


def read_workbook(data: bytes, format_name: str, file: str, limits: Limits) -> tuple[list[Grid], list[Finding]]:
    """Return the sheets of a workbook in order, and findings about the workbook as a whole.

    What is odd about single cells stands in the findings of their sheet.

    Raises:
        UnreadableInputError: the workbook is damaged or not safe to open.
        LimitReachedError: it is larger, or its values lie further apart, than the limits allow.
    """
    from python_calamine import CalamineError, CalamineWorkbook

    with open_packed(data, limits) as archive:
        oddities = inspect_ods(archive, limits) if format_name == "ods" else inspect_xlsx(archive, limits)
    grids: list[Grid] = []
    try:
        with CalamineWorkbook.from_filelike(io.BytesIO(data)) as workbook:
            for described in workbook.sheets_metadata:
                if str(described.typ).endswith("WorkSheet"):
                    if described.name not in oddities:  # what was not measured is not read
                        raise unreadable("broken-workbook")
                    sheet = workbook.get_sheet_by_name(described.name)
                    grids.append(_grid(sheet, oddities[described.name], file, limits))
    except (CalamineError, ValueError, OSError) as error:
        raise unreadable("broken-workbook") from error
    return grids, []


def _grid(sheet: python_calamine.CalamineSheet, odd: Oddities, file: str, limits: Limits) -> Grid:
    grid = Grid([], [], sheet.name)
    texts: defaultdict[type, _Texts] = defaultdict(_Texts)
    for number, cells in enumerate(sheet.to_python(skip_empty_area=False), start=1):
        row = [cell if type(cell) is str else texts[type(cell)][cell] for cell in cells]
        if any(row):
            grid.rows.append(row)
            grid.numbers.append(number)
    if max(map(len, chain.from_iterable(grid.rows)), default=0) > limits.cell_characters:
        for number, row in zip(grid.numbers, grid.rows, strict=True):
            limits.check("cell_characters", max(map(len, row)), f"{sheet.name}, row {number}")
    first = grid.numbers[0] if grid.numbers else 0
    grid.findings += _merged(sheet, first, file, limits)
    for (row_number, column), error in list(odd.errors.items())[:_EACH]:
        place = Location(file, sheet.name, row_number, column_letter(column))
        grid.findings.append(notice("cell-error", place, value=error, error=error))
        _blank(grid, row_number, column)
    for row_number, column in odd.uncached[:_EACH]:
        place = Location(file, sheet.name, row_number, column_letter(column))
        grid.findings.append(notice("formula-without-value", place))
    return grid


def _blank(grid: Grid, row_number: int, column: int) -> None:
    # Some workbooks keep the error's text as the value, which would only be found to be unknown once more.
    try:
        position = grid.numbers.index(row_number)
    except ValueError:
        return
    if column <= len(grid.rows[position]):
        grid.rows[position][column - 1] = ""


def _merged(sheet: python_calamine.CalamineSheet, first: int, file: str, limits: Limits) -> list[Finding]:
    found: list[Finding] = []
    for (top, left), (bottom, right) in sheet.merged_cell_ranges or ():
        limits.check("merged_cells", (bottom - top + 1) * (right - left + 1), sheet.name)
        span = f"{column_letter(left + 1)}{top + 1}:{column_letter(right + 1)}{bottom + 1}"
        # Titles are merged across the sheet, in a row of their own; only a merge over several rows takes values away.
        if bottom > top and top + 1 > first:
            place = Location(file, sheet.name, top + 1, column_letter(left + 1))
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
