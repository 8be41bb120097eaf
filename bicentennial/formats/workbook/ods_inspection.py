"""The sheets of an ODS workbook before it is opened: how far apart their values lie, what their cells hide."""

from __future__ import annotations

import re
from decimal import Decimal
from itertools import islice, product
from typing import TYPE_CHECKING, Any, Final

from bicentennial.core.cell_errors import as_error, is_error
from bicentennial.core.grid import Oddities
from bicentennial.core.problems import unreadable
from bicentennial.formats.workbook.inspection import (
    ATTRIBUTES,
    decoded,
    number,
    pieces,
    refuse_doctype,
    refusing_damage,
)
from bicentennial.formats.workbook.number_formats import is_identifier
from bicentennial.formats.workbook.ods_content import plain_content
from bicentennial.formats.workbook.package_parts import attribute
from bicentennial.formats.workbook.strikethrough import struck_names
from bicentennial.semantics.values.amounts import currency_named, read_amount, scale

if TYPE_CHECKING:
    import zipfile
    from collections.abc import Iterable

    from bicentennial.core.grid import Position
    from bicentennial.core.limits import Limits

__all__ = ["content_of", "inspect_ods"]

_TABLE: Final = re.compile(rb"<table:table(?=[\s/>])(" + ATTRIBUTES + rb")>")
_ROW: Final = re.compile(rb"<table:table-row\b(" + ATTRIBUTES + rb")>")
_COLUMN: Final = re.compile(rb"<table:table-column\b(" + ATTRIBUTES + rb")>")
_CELL: Final = re.compile(rb"<table:(?:covered-)?table-cell\b(" + ATTRIBUTES + rb")>")
_PARAGRAPH: Final = re.compile(rb"<text:p(?=[\s/>])" + ATTRIBUTES + rb">([^<]*)")
_NAME: Final = re.compile(rb"""\btable:name\s*=\s*(?:"([^"]*)"|'([^']*)')""")
_ROWS: Final = re.compile(rb"""number-rows-repeated\s*=\s*["']\+?(\d+)""")
_COLUMNS: Final = re.compile(rb"""number-columns-repeated\s*=\s*["']\+?(\d+)""")
_DOWN: Final = re.compile(rb"""number-rows-spanned\s*=\s*["']\+?(\d+)""")
_ACROSS: Final = re.compile(rb"""number-columns-spanned\s*=\s*["']\+?(\d+)""")
_HIDDEN: Final = re.compile(rb"""table:visibility\s*=\s*["'](?:collapse|filter)""")
_STRING: Final = re.compile(rb"""office:string-value\s*=\s*(?:"[^"]*"|'[^']*')""")
_NO_STRING: Final = re.compile(rb"""office:string-value\s*=\s*(?:""|'')""")
_LONG: Final = re.compile(rb"""office:value\s*=\s*["']([+-]?\d{16,400})(?:\.0*)?["']""")
_VALUE: Final = re.compile(rb"""office:value\s*=\s*["']([+-]?\d{1,20}(?:\.\d{0,20})?(?:[eE][+-]?\d{1,3})?)["']""")
_WHOLE: Final = re.compile(rb"""office:value\s*=\s*["']\+?(\d{1,15})(?:\.0*)?["']""")
# What may name a currency beside a number.
_NAMED: Final = re.compile(rb">[^<>]*(?:[A-Za-z]{2}|\xe2\x82\xac|\xc2[\xa3\xa5])")
_FAILED: Final = re.compile(rb">(?:#|Err:)")
_UNIT: Final = re.compile(rb"<text:p[^<]*[A-Za-z]{3}[^<]*</text:p")
_WORD: Final = re.compile(r"[^\W\d]+\s*")
_SHOWN: Final = re.compile(rb"<text:p(?=[\s>])" + ATTRIBUTES + rb">([\w-]+)</text:p\s*>\s*\Z")
_MARKUP: Final = re.compile(rb"<[^<>]*+>")
_SPACES: Final = re.compile(rb"""\btext:c\s*=\s*["']\+?(\d+)""")
_EXACT: Final = 2**53
# So many cells that are written once are told one by one, more than are listed of a code.
_REPEATED: Final = 20_000


def content_of(archive: zipfile.ZipFile) -> tuple[bytes, bytes]:
    """Return the content of an ODS workbook as it is, and as `plain_content` makes it.

    Raises:
        UnreadableInputError: it is damaged, protected by a password, or has a document type declaration.
    """
    with refusing_damage():
        names = archive.namelist()
        manifest = archive.read("META-INF/manifest.xml") if "META-INF/manifest.xml" in names else b""
        if b":encryption-data" in manifest or "encrypted-package" in names:
            raise unreadable("protected-workbook")
        refuse_doctype(archive, "content.xml")
        content = b"".join(pieces(archive, "content.xml", b">"))
    return content, plain_content(content)


def inspect_ods(content: bytes, limits: Limits) -> dict[str, Oddities]:
    """Return what is odd about each sheet of an ODS workbook, by the sheet's name.

    Args:
        content: what `plain_content` made of it.
        limits: see `Limits`.

    Raises:
        LimitReachedError: values lie further apart, or are more or longer, than the limits allow.
        UnreadableInputError: two sheets have one name.
    """
    found: dict[str, Oddities] = {}
    size = _Size(limits)
    struck = struck_names(content)
    tables = list(_TABLE.finditer(content))
    for position, table in enumerate(tables):
        end = tables[position + 1].start() if position + 1 < len(tables) else len(content)
        match = _NAME.search(table[1])
        name = decoded(match[1] or match[2] or b"") if match else ""
        if name in found:
            raise unreadable("broken-workbook")
        found[name] = _sheet(content, table.end(), end, size, name, struck)
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


def _sheet(content: bytes, start: int, end: int, size: _Size, name: str, struck: frozenset[str]) -> Oddities:
    odd = Oddities()
    row = last_row = last_column = 0
    rows = list(_ROW.finditer(content, start, end))
    _hide_columns(odd, content, start, rows[0].start() if rows else end)
    for position, match in enumerate(rows):
        times = _times(_ROWS, match[1])
        stop = rows[position + 1].start() if position + 1 < len(rows) else end
        column = 0
        is_blank = True
        cells = list(_CELL.finditer(content, match.end(), stop))
        for order, cell in enumerate(cells):
            width = _times(_COLUMNS, cell[1])
            inner = b""
            if not cell[1].endswith(b"/"):
                limit = cells[order + 1].start() if order + 1 < len(cells) else stop
                inner = content[cell.end() : limit].partition(b"</table:")[0]
            if b"value-type=" in cell[1] or inner:
                is_blank = False
                last_column, last_row = max(last_column, column + width), row + times
                size.check(last_row, last_column, name)
                size.write(cell[1], inner, width * times, name)
                down, across = range(row + 1, row + times + 1), range(column + 1, column + width + 1)
                if struck and attribute(cell[1], b"table:style-name") in struck:
                    odd.struck += islice(product(down, across), max(times, _REPEATED))
                if text := _odd_text(odd, cell[1], inner, (row + 1, column + 1)):
                    odd.texts.update(dict.fromkeys(product(down, across), text))
                if width * times > 1:
                    _repeat(odd, (row + 1, column + 1), islice(product(down, across), _REPEATED))
            elif b"table:formula=" in cell[1]:
                down, across = range(row + 1, row + times + 1), range(column + 1, column + width + 1)
                odd.uncached += islice(product(down, across), _REPEATED)
            if b"-spanned=" in cell[1]:
                _merge(odd, cell[1], row, column)
            column += width
        if not is_blank and _HIDDEN.search(match[1]):
            odd.hide(row + 1, row + times)
        row += times
    size.close(last_row, last_column)
    return odd


def _odd_text(odd: Oddities, attributes: bytes, inner: bytes, place: tuple[int, int]) -> str | None:
    """Return the text of a cell that has an error, or a number too long for a floating point number."""
    if b'calcext:value-type="error"' in attributes:
        shown = _PARAGRAPH.search(inner)
        return as_error(decoded(shown[1]) if shown else "")
    if (is_bare := _NO_STRING.search(attributes)) or _FAILED.search(inner):
        # What is shown is the value, but for errors: old programs save them as the number 0.
        shown = _PARAGRAPH.search(inner)
        text = decoded(shown[1]) if shown else ""
        if is_bare or is_error(text):
            return text if is_error(text) else None
    if _NAMED.search(inner) and (value := _VALUE.search(attributes)):
        shown_as = decoded(_MARKUP.sub(b"", inner)).strip()
        if currency_named(shown_as)[0]:
            odd.currencies[place] = value[1].decode(), shown_as
    if b'office:value-type="percentage"' in attributes and (value := _VALUE.search(attributes)):
        odd.percentages[place] = value[1].decode()
    elif (value := _VALUE.search(attributes)) and _UNIT.search(inner):
        _note_unit(odd, value[1].decode(), decoded(_MARKUP.sub(b"", inner)).strip(), place)
    whole = _WHOLE.search(attributes)
    if whole and (shown := _SHOWN.match(inner)) and shown[1] != whole[1]:
        text = shown[1].decode()
        if is_identifier(text) and text.replace("-", "").endswith(whole[1].decode()):
            return text
    long = _LONG.search(attributes)
    if long and abs(int(long[1])) >= _EXACT:
        odd.long.append(place)
        return str(int(long[1]))
    return None


def _repeat(odd: Oddities, first: Position, places: Iterable[Position]) -> None:
    """Take note of whatever was noted of the first of several cells that are written once, for all of them."""
    if not (first in odd.percentages or first in odd.scaled or first in odd.currencies or odd.long[-1:] == [first]):
        return
    others = [place for place in places if place != first]
    noted: tuple[dict[Position, Any], ...] = (odd.percentages, odd.scaled, odd.currencies)
    for each in noted:
        if first in each:
            each.update(dict.fromkeys(others, each[first]))
    if odd.long[-1:] == [first]:
        odd.long += others


def _note_unit(odd: Oddities, held: str, shown: str, place: Position) -> None:
    """Take note of a number that is shown with a unit, as it is: `25 mdp` of 25, and not of 25000000."""
    power, amount = scale(shown)[0], read_amount(_WORD.sub("", shown).strip())
    if power and amount is not None and 10 * abs(Decimal(amount)) > abs(Decimal(held)):
        odd.scaled[place] = held, "".join(_WORD.findall(shown)).strip(), power


def _merge(odd: Oddities, attributes: bytes, row: int, column: int) -> None:
    down, across = _times(_DOWN, attributes), _times(_ACROSS, attributes)
    if down * across > 1:
        odd.merged.append(((row + 1, column + 1), (row + down, column + across)))


def _hide_columns(odd: Oddities, content: bytes, start: int, end: int) -> None:
    column = 0
    for match in _COLUMN.finditer(content, start, end):
        width = _times(_COLUMNS, match[1])
        if _HIDDEN.search(match[1]):
            odd.hidden_columns.append((column + 1, column + width))
        column += width
