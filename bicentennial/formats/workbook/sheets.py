"""XLSX, XLSM and ODS workbooks: sheets as grids of texts, with the row numbers that people see.

Nothing in a workbook is followed or run: no link, no macro, no formula. A date cell becomes an ISO date, a whole
number is written without a decimal point, an error is the text that the cell shows.
"""

from __future__ import annotations

import io
import zipfile
from collections import defaultdict
from contextlib import contextmanager
from datetime import date, datetime, time, timedelta
from decimal import Decimal
from itertools import islice
from typing import TYPE_CHECKING, Any, Final, Self

from bicentennial.core.cell_errors import is_error
from bicentennial.core.grid import FEW, Grid, Oddities
from bicentennial.core.problems import unreadable
from bicentennial.core.startup.records import record
from bicentennial.formats.decoding import garbled
from bicentennial.formats.invisible import first_invisible, visible
from bicentennial.formats.workbook.ahead import reading_ahead
from bicentennial.formats.workbook.inspection import open_packed, refusing_damage
from bicentennial.formats.workbook.ods_inspection import content_of, inspect_ods
from bicentennial.formats.workbook.package_parts import arranged, book_of, packed_flat, repacked, tidied
from bicentennial.formats.workbook.xlsx_inspection import inspect_xlsx, known_errors

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    import python_calamine

    from bicentennial.core.grid import Part
    from bicentennial.core.limits import Limits
    from bicentennial.formats.workbook.ahead import Ahead

__all__ = ["read_workbook", "unflattened"]

# So many rows show what a sheet is; for more of them the sheet is read again.
_FIRST: Final = 1_000
_ODS_PARTS: Final[tuple[str, ...]] = ("mimetype", "content.xml", "META-INF/manifest.xml")
_EXACT: Final = 2**53
# Errors that the reader of workbooks knows; one of another kind keeps it from reading the sheet.
_KNOWN: Final = frozenset({"#DIV/0!", "#N/A", "#NAME?", "#NULL!", "#NUM!", "#REF!", "#VALUE!"})


def unflattened(data: bytes) -> bytes:
    """Return a workbook as a package, which flat ODS is not."""
    return data if data.startswith(b"PK") else packed_flat(data)


def read_workbook(data: bytes, format_name: str, limits: Limits) -> Iterator[Grid]:
    """Measure a workbook and open it, and return its sheets in order, each of which is read when it is asked for.

    Of a large sheet there are only the first rows, see `Grid.complete`. What is odd about single cells stands in
    `Grid.odd`.

    Args:
        data: the workbook.
        format_name: `xlsx`, `xlsm` or `ods`.
        limits: see `Limits`.

    Raises:
        UnreadableInputError: the workbook is damaged or not safe to open, perhaps only when a sheet is asked for.
        LimitReachedError: it is larger, or its values lie further apart, than the limits allow.
    """
    data = unflattened(data)
    with open_packed(data, limits) as archive:
        measured = _ods if format_name == "ods" else _xlsx
        plain, oddities, ahead = measured(data, archive, limits)
    return _grids(plain, oddities, ahead, limits)


def _xlsx(data: bytes, archive: zipfile.ZipFile, limits: Limits) -> tuple[bytes, dict[str, Oddities], Ahead | None]:
    """Return an XLSX workbook as the reader of workbooks takes it, what is odd about its sheets, and some of those."""
    with refusing_damage():
        tidy = tidied(data, archive)
        with zipfile.ZipFile(io.BytesIO(tidy)) as package:
            book = book_of(package)
            with reading_ahead(package, book, limits) as ahead:
                found = inspect_xlsx(package, limits, book, ahead)
            strange = [name for name, odd in found.items() if any(map(_is_strange, odd.texts.values()))]
            if strange or not book.is_usual:
                changes = {book.sheets[name].part: known_errors for name in strange}
                return arranged(package, book, changes), found, None
    return tidy, found, ahead


def _is_strange(text: str) -> bool:
    return text not in _KNOWN and is_error(text)


def _ods(data: bytes, archive: zipfile.ZipFile, limits: Limits) -> tuple[bytes, dict[str, Oddities], None]:
    """Return an ODS workbook as the reader of workbooks takes it, and what is odd about its sheets."""
    with refusing_damage():
        tidy = tidied(data, archive)
        with zipfile.ZipFile(io.BytesIO(tidy)) as package:
            content, plain = content_of(package)
            found = inspect_ods(plain, limits)
            if plain != content:
                names = {name: name for name in _ODS_PARTS if name in package.namelist()}
                return repacked(package, names, {"content.xml": lambda _: plain}), found, None
    return tidy, found, None


def _opened(data: bytes) -> python_calamine.CalamineWorkbook:
    from python_calamine import CalamineWorkbook

    return CalamineWorkbook.from_filelike(io.BytesIO(data))


def _grids(data: bytes, oddities: Mapping[str, Oddities], ahead: Ahead | None, limits: Limits) -> Iterator[Grid]:
    workbook = None
    listed = ahead.listed if ahead else []
    if not listed:
        with _refusing():
            workbook = _opened(data)
        listed = workbook.sheets_metadata
    for described in listed:
        if not str(described.typ).endswith("WorkSheet"):
            continue
        name, state = described.name, str(described.visible).rpartition(".")[2]
        if name not in oddities:  # what was not measured is not read
            raise unreadable("broken-workbook")
        oddities[name].state = "" if state == "Visible" else state
        with _refusing():
            sheets = ahead.take(name) if ahead else []
            if not sheets:
                workbook = workbook or _opened(data)
                sheets = [workbook.get_sheet_by_name(name)]
            grid = _grid(sheets, oddities[name], limits)
        del sheets  # the grid lets go of them
        yield grid


@contextmanager
def _refusing() -> Iterator[None]:
    from python_calamine import CalamineError

    try:
        yield
    except (CalamineError, ValueError, OSError) as error:
        raise unreadable("broken-workbook") from error


def _grid(sheets: list[python_calamine.CalamineSheet], odd: Oddities, limits: Limits) -> Grid:
    name = sheets[0].name
    for (top, left), (bottom, right) in sheets[-1].merged_cell_ranges or ():
        odd.merged.append(((top + 1, left + 1), (bottom + 1, right + 1)))
    for (top, left), (bottom, right) in odd.merged:
        limits.check("merged_cells", (bottom - top + 1) * (right - left + 1), name)
    grid = _Sheet([], [], name, odd=odd, sheets=sheets, limits=limits, texts=_by_row(odd.texts))
    grid.begin(whole=False)
    return grid


def _by_row(texts: Mapping[tuple[int, int], str]) -> dict[int, list[tuple[int, str]]]:
    rows: defaultdict[int, list[tuple[int, str]]] = defaultdict(list)
    for (row, column), text in texts.items():
        rows[row].append((column, text))
    return rows


@record(kw_only=True)
class _Sheet(Grid):
    """The cells of a sheet, which can be read any number of times."""

    odd: Oddities
    sheets: list[python_calamine.CalamineSheet]
    """The sheet, or its stretches, one below the other."""
    limits: Limits
    texts: Mapping[int, Sequence[tuple[int, str]]]
    """What cells hold that the reader of workbooks does not return, by row."""
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
        return Grid.size(self) if self.is_whole else (self.sheets[-1].total_height + 1) * self._width()

    def _width(self) -> int:
        return max(each.total_width for each in self.sheets) + 1

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
        self.sheets.clear()  # which take more memory than the rows

    def _read(self) -> Iterator[tuple[range, list[Sequence[str]]]]:
        """Yield the rows, those that are blank too, a few at a time."""
        texts: defaultdict[type, _Texts] = defaultdict(_Texts)
        width = self._width()
        for sheet in self.sheets:
            start, each = _rows(sheet)
            while cells := list(islice(each, FEW)):
                columns = [_column(column, texts) for column in zip(*cells, strict=True)]
                columns += [("",) * len(cells)] * (width - len(columns))
                if self.texts:
                    columns = self._with_texts(columns, start)
                joined = list(map("".join, columns))
                if any(len(text) > self.limits.cell_characters for text in joined):
                    for number, row in enumerate(zip(*columns, strict=True), start):
                        self.limits.check("cell_characters", max(map(len, row)), self.name or "", row=number)
                if not all(map(str.isascii, joined)):
                    columns = [self._readable(column, number, start) for number, column in enumerate(columns, 1)]
                yield range(start, start + len(cells)), columns
                start += len(cells)

    def _readable(self, column: Sequence[str], number: int, start: int) -> Sequence[str]:
        """Return a column without invisible characters, and take note of the first and of garbled letters."""
        text = "\0".join(column)
        if self.odd.garbled is None and (found := garbled(text)):
            self.odd.garbled = (start + text.count("\0", 0, found.start()), number), found[0]
        at = first_invisible(text)
        if at is None:
            return column
        if self.odd.invisible is None:
            self.odd.invisible = start + text.count("\0", 0, at), number
        return list(map(visible, column))

    def _with_texts(self, columns: list[Sequence[str]], start: int) -> list[Sequence[str]]:
        few: list[Sequence[str]] = list(map(list, columns))
        for row in range(start, start + len(columns[0])):
            for column, text in self.texts.get(row, ()):
                if column <= len(few):
                    few[column - 1][row - start] = text  # type: ignore[index]
        return few


def _rows(sheet: python_calamine.CalamineSheet) -> tuple[int, Iterator[Sequence[Any]]]:
    """Return the number of the first row of a sheet, and the rows from there on."""
    with _refusing():
        # Only from the first column on is one row after the other as wide as the sheet.
        if sheet.start and not sheet.start[1]:
            return sheet.start[0] + 1, islice(sheet.iter_rows(), sheet.start[0], None)
        return 1, iter(sheet.to_python(skip_empty_area=False))


def _column(cells: Sequence[Any], texts: Mapping[type, _Texts]) -> Sequence[str]:
    """Return the cells of a column as texts, which they are already where there are no numbers or dates."""
    kinds = set(map(type, cells))
    if kinds == {str}:
        return cells
    if len(kinds) == 1:
        return list(map(texts[kinds.pop()].__getitem__, cells))
    return [cell if type(cell) is str else texts[type(cell)][cell] for cell in cells]


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
        if cell.is_integer() and abs(cell) < _EXACT:
            return str(int(cell))
        text = repr(cell)
        # Beyond that, as few digits as distinguish the number from its neighbours, and zeros.
        return format(Decimal(text), "f").removesuffix(".0") if "e" in text or "n" in text else text.removesuffix(".0")
    if isinstance(cell, datetime):
        return cell.date().isoformat() if cell.time() == time() else cell.isoformat()
    if isinstance(cell, (date, time)):
        return cell.isoformat()
    if isinstance(cell, timedelta):
        seconds = int(cell.total_seconds())
        return f"{seconds // 3600:02}:{seconds // 60 % 60:02}:{seconds % 60:02}"
    return str(cell)
