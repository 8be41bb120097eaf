"""The sheets of an ODS workbook before it is opened: how far apart their values lie, what their cells hide."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Final

from bicentennial.core.notices import unreadable
from bicentennial.formats.workbook.inspection import ATTRIBUTES, Oddities, decoded, number, pieces, refusing_damage

if TYPE_CHECKING:
    import zipfile

    from bicentennial.core.limits import Limits

__all__ = ["inspect_ods"]

_TABLE: Final = re.compile(rb"<table:table(?=[\s/>])(" + ATTRIBUTES + rb")>")
_ROW: Final = re.compile(rb"<table:table-row\b(" + ATTRIBUTES + rb")>")
_CELL: Final = re.compile(rb"<table:(?:covered-)?table-cell\b(" + ATTRIBUTES + rb")>")
_PARAGRAPH: Final = re.compile(rb"<text:p(?=[\s/>])" + ATTRIBUTES + rb">([^<]*)")
_NAME: Final = re.compile(rb"""\btable:name\s*=\s*(?:"([^"]*)"|'([^']*)')""")
_ROWS: Final = re.compile(rb"""number-rows-repeated\s*=\s*["']\+?(\d+)""")
_COLUMNS: Final = re.compile(rb"""number-columns-repeated\s*=\s*["']\+?(\d+)""")
_STRING: Final = re.compile(rb"""office:string-value\s*=\s*(?:"[^"]*"|'[^']*')""")
_MARKUP: Final = re.compile(rb"<[^<>]*+>")
_SPACES: Final = re.compile(rb"""\btext:c\s*=\s*["']\+?(\d+)""")


def inspect_ods(archive: zipfile.ZipFile, limits: Limits) -> dict[str, Oddities]:
    """Return what is odd about each sheet of an ODS workbook, by the sheet's name.

    Raises:
        LimitReachedError: values lie further apart, or are more or longer, than the limits allow.
        UnreadableInputError: the content is damaged, or two sheets have one name.
    """
    with refusing_damage():
        content = b"".join(pieces(archive, "content.xml", b">"))
    found: dict[str, Oddities] = {}
    size = _Size(limits)
    tables = list(_TABLE.finditer(content))
    for position, table in enumerate(tables):
        end = tables[position + 1].start() if position + 1 < len(tables) else len(content)
        match = _NAME.search(table[1])
        name = decoded(match[1] or match[2] or b"") if match else ""
        if name in found:
            raise unreadable("broken-workbook")
        found[name] = _sheet(content, table.end(), end, size, name)
    return found


class _Size:
    """How much the sheets of a workbook hold, of which each and all together must keep the limits."""

    def __init__(self, limits: Limits) -> None:
        self._limits = limits
        self._rows = self._cells = self._characters = 0

    def check(self, rows: int, columns: int, sheet: str) -> None:
        """Refuse a sheet that would go beyond the limits."""
        self._limits.check("columns", columns, sheet)
        self._limits.check("rows", self._rows + rows, sheet)
        self._limits.check("grid_cells", self._cells + rows * columns, sheet)

    def close(self, rows: int, columns: int) -> None:
        """Take note of a sheet that is done."""
        self._rows += rows
        self._cells += rows * columns

    def write(self, attributes: bytes, inner: bytes, times: int, sheet: str) -> None:
        """Take note of the text of a cell: a few letters stand for any number of spaces, a cell for many."""
        spaces = sum(map(number, _SPACES.findall(inner))) if b"text:c" in inner else 0
        self._limits.check("cell_characters", spaces, sheet)
        if spaces or times > 1:
            string = _STRING.search(attributes)
            self._characters += (spaces + len(_MARKUP.sub(b"", inner)) + (len(string[0]) if string else 0)) * times
            self._limits.check("unpacked_bytes", self._characters, sheet)


def _times(expression: re.Pattern[bytes], attributes: bytes) -> int:
    match = expression.search(attributes)
    return number(match[1]) if match else 1


def _sheet(content: bytes, start: int, end: int, size: _Size, name: str) -> Oddities:
    odd = Oddities()
    row = last_row = last_column = 0
    rows = list(_ROW.finditer(content, start, end))
    for position, match in enumerate(rows):
        times = _times(_ROWS, match[1])
        stop = rows[position + 1].start() if position + 1 < len(rows) else end
        column = 0
        cells = list(_CELL.finditer(content, match.end(), stop))
        for order, cell in enumerate(cells):
            width = _times(_COLUMNS, cell[1])
            inner = b""
            if not cell[1].endswith(b"/"):
                limit = cells[order + 1].start() if order + 1 < len(cells) else stop
                inner = content[cell.end() : limit].partition(b"</table:")[0]
            if b"value-type=" in cell[1] or inner:
                last_column, last_row = max(last_column, column + width), row + times
                size.check(last_row, last_column, name)
                size.write(cell[1], inner, width * times, name)
                if b'calcext:value-type="error"' in cell[1]:
                    text = _PARAGRAPH.search(inner)
                    odd.errors[row + 1, column + 1] = decoded(text[1]) if text else "?"
            elif b"table:formula=" in cell[1]:
                odd.uncached.append((row + 1, column + 1))
            column += width
        row += times
    size.close(last_row, last_column)
    return odd
