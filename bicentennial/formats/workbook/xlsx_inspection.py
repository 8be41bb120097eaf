"""The sheets of an XLSX workbook before it is opened: how far apart their values lie, what their cells hide."""

from __future__ import annotations

import re
from bisect import bisect_right
from datetime import date
from math import floor
from typing import TYPE_CHECKING, Final

from bicentennial.core.cell_errors import as_error
from bicentennial.core.grid import Oddities
from bicentennial.formats.workbook.extent import (
    CELL_TAG,
    NUMBER,
    REFERENCE,
    ROW,
    VALUES,
    Extent,
    check,
    column_of,
    keeps,
    regular,
)
from bicentennial.formats.workbook.inspection import (
    ATTRIBUTES,
    decoded,
    number,
    pieces,
    refuse_doctype,
    refusing_damage,
    shown,
)
from bicentennial.formats.workbook.number_formats import (
    PERCENTAGE,
    currency,
    styles_of_dates,
    styles_that_change_numbers,
    unit,
    written,
)
from bicentennial.formats.workbook.package_parts import TAG, book_of, read_parts
from bicentennial.formats.workbook.strikethrough import struck_styles

if TYPE_CHECKING:
    import zipfile
    from collections.abc import Collection, Iterator, Mapping

    from bicentennial.core.grid import Position
    from bicentennial.core.limits import Limits
    from bicentennial.formats.workbook.ahead import Ahead, SheetAhead
    from bicentennial.formats.workbook.package_parts import Book

__all__ = ["inspect_xlsx", "known_errors"]


def inspect_xlsx(
    archive: zipfile.ZipFile, limits: Limits, book: Book | None = None, ahead: Ahead | None = None
) -> dict[str, Oddities]:
    """Return what is odd about each sheet of an XLSX workbook, by the sheet's name.

    Args:
        archive: its package.
        limits: see `Limits`.
        book: what `book_of` returns for the package, if that is known.
        ahead: reads large sheets meanwhile.

    Raises:
        LimitReachedError: values lie further apart, or in more columns, than the limits allow.
        UnreadableInputError: a part is damaged or has a document type declaration, a value stands where no sheet has a
            cell, or two sheets are one.
    """
    found: dict[str, Oddities] = {}
    with refusing_damage():
        book = book_of(archive) if book is None else book
        parts = {name: each.part for name, each in book.sheets.items() if each.part in archive.namelist()}
        for part in read_parts(archive, book):
            refuse_doctype(archive, part)
        bounds: dict[str, Extent] = {}
        part_of_styles = archive.read(book.others["styles"]) if "styles" in book.others else b""
        dates = () if _SINCE_1904.search(archive.read(book.part)) else styles_of_dates(part_of_styles)
        styles = _Styles(styles_that_change_numbers(part_of_styles), struck_styles(part_of_styles), dates)
        for name, part in parts.items():
            bounds[part] = Extent()
            found[name] = _look(archive, part, bounds[part], ahead.sheet(name) if ahead else None, styles)
        # Rows and columns may be formatted far beyond the last value; only if those are too many is it looked for.
        if not keeps(bounds.values(), limits):
            check({name: _measured(archive, part) for name, part in parts.items()}, limits)
        # What a part says of its size is only true if it can be unpacked to the end.
        for part in book.others.values():
            for _ in pieces(archive, part, b">"):
                pass
    return found


def _sheet_pieces(archive: zipfile.ZipFile, part: str) -> Iterator[bytes]:
    return map(shown, pieces(archive, part, b"</row>"))


_ERROR: Final = re.compile(
    rb"<(?:\w+:)?c(?=\s)(" + ATTRIBUTES + rb")>"
    rb"(?:[^<]++|<(?!/?(?:\w+:)?[cv](?=[\s/>])))*+<(?:\w+:)?v(?=[\s/>])" + ATTRIBUTES + rb">([^<]*)<"
)
_ERROR_KIND: Final = re.compile(rb"""(\st\s*=\s*)(?:"e"|'e')""")
_UNCACHED: Final = re.compile(
    rb"<(?:\w+:)?c\b([^<>]*+)>\s*+<(?:\w+:)?f\b(?:[^<>]*+(?<=/)>|[^<>]*+>[^<]*+</(?:\w+:)?f>)\s*+"
    rb"(?:<(?:\w+:)?v\s*+/>|<(?:\w+:)?v>\s*+</(?:\w+:)?v>)?\s*+</(?:\w+:)?c>"
)
# A result that is a text is stored even where the text is empty.
_IS_TEXT: Final = re.compile(rb"""\st\s*=\s*["'](?:str|inlineStr)["']""")
_CELL_VALUE: Final = (
    rb"<(?:\w+:)?c(?=\s)([^<>]*+)>\s*+"
    rb"(?:<(?:\w+:)?f\b[^<>]*+(?:(?<=/)>|>[^<]*+</(?:\w+:)?f>)\s*+)?<(?:\w+:)?v>"
)
_LONG: Final = re.compile(_CELL_VALUE + rb"\s*+([+-]?\d{16,400})(?:\.0*+)?\s*+<")
_NUMBER: Final = re.compile(_CELL_VALUE + rb"\s*+([+-]?\d{1,20}(?:\.\d{0,20})?(?:[eE][+-]?\d{1,3})?)\s*+<")
_WHOLE: Final = re.compile(rb"(\d{1,15})(?:\.0*+)?")
_FILLED: Final = re.compile(rb"<(?:\w+:)?c(?=\s)([^<>]*+)(?<!/)>\s*+<(?:\w+:)?(?:v|is|f)(?=[\s>])")
_STYLED: Final = rb"""\ss\s*=\s*["'](%s)["']"""
# Plain expressions, since each piece is searched with them.
_IS_LONG: Final = re.compile(rb"v>\s*+[+-]?\d{16}")
_ISNUMBER: Final = re.compile(rb"""^(?!.*\st\s*=)|\st\s*=\s*["']n["']""", re.DOTALL)
_LOST: Final = re.compile(_CELL_VALUE + rb"\s*+-\d")
_IS_NEGATIVE: Final = re.compile(rb"<v>-\d")
_IS_NEGATIVE_ELSEWHERE: Final = re.compile(rb"v>\s*+-\d")
_EARLY: Final = re.compile(_CELL_VALUE + rb"\s*+(-\d{1,6}(?:\.\d{0,20})?+|0)\s*+<")
_IS_EARLY: Final = re.compile(rb"v>\s*+(?:-\d|0\s*+<)")
_DAY_0: Final = date(1899, 12, 30).toordinal()
_SINCE_1904: Final = re.compile(rb"""\bdate1904\s*=\s*["'](?:1|true)""")
_IS_SHARED: Final = re.compile(rb"""\st\s*=\s*["']s["']""")
_HIDDEN: Final = re.compile(rb"""\shidden\s*=\s*["'](?:1|true)["']|\s(?:ht|width)\s*=\s*["']0(?:\.0*)?["']""")
_COLUMN: Final = re.compile(TAG % b"col")
_FROM: Final = re.compile(rb"""\smin\s*=\s*["'](\d+)["']""")
_TO: Final = re.compile(rb"""\smax\s*=\s*["'](\d+)["']""")
_EXACT: Final = 2**53
"""Up to here a floating point number keeps each whole number."""


class _Styles:
    """Which styles of cells are looked for.

    Args:
        shown: the number formats of those that show numbers otherwise than they are.
        struck: those that strike text out.
        dates: those that show numbers as days.
    """

    def __init__(self, shown: Mapping[int, str], struck: Collection[int], dates: Collection[int]) -> None:
        self.formats = shown
        self.shown, self.struck, self.dates = map(_with_style, (shown, struck, dates))


def _look(archive: zipfile.ZipFile, part: str, bound: Extent, ahead: SheetAhead | None, styles: _Styles) -> Oddities:
    odd = Oddities()
    for number_, raw in enumerate(pieces(archive, part, b"</row>")):
        piece, above = shown(raw), bound.row
        rows = bound.passes(piece)
        plain = rows is not None or bound.stretch(piece)
        if ahead and ahead.is_regular:
            ahead.take(raw, rows if rows and piece == raw else regular(raw), bound)
        if not number_:
            odd.hidden_columns += _hidden_columns(piece[: piece.find(b"sheetData")])
        places = _Places(piece, above)
        if styles.shown is not None:
            _note_shown(odd, piece, places, styles.shown, styles.formats)
        if (lined := styles.struck) is not None:
            odd.struck += [places.of(each) for each in _cells(_FILLED, lined, piece) if lined.search(each[1])]
        if styles.dates is not None and (b">-" in piece or b">0<" in piece):
            _note_early(odd, piece, places, styles.dates)
        if rows is None:
            _look_closer(odd, piece, places, above, plain=plain)
        elif b">-" in piece:
            _note_lost(odd, piece, places, _IS_NEGATIVE)
    return odd


def _with_style(styles: Collection[int]) -> re.Pattern[bytes] | None:
    return re.compile(_STYLED % b"|".join(b"%d" % style for style in styles)) if styles else None


def _look_closer(odd: Oddities, piece: bytes, places: _Places, above: int, *, plain: bool) -> None:
    """Take note of what is odd about a piece of a sheet that does not pass at a glance."""
    if b"hidden" in piece or b'ht="0' in piece:
        _hide_rows(odd, piece, above)
    if b't="e"' in piece or not plain:
        for match in _ERROR.finditer(piece):
            if _ERROR_KIND.search(match[1]):
                odd.texts[places.of(match)] = as_error(decoded(match[2]))
    if b"<f" in piece or b":f" in piece:
        odd.uncached += [places.of(each) for each in _UNCACHED.finditer(piece) if not _IS_TEXT.search(each[1])]
    _note_long(odd, piece, places)
    if b">-" in piece:
        _note_lost(odd, piece, places, _IS_NEGATIVE_ELSEWHERE)


def _note_long(odd: Oddities, piece: bytes, places: _Places) -> None:
    """Take note of numbers too long for a floating point number."""
    for match in _cells(_LONG, _IS_LONG, piece):
        if _ISNUMBER.search(match[1]) and abs(number := int(match[2])) >= _EXACT:
            odd.texts[places.of(match)] = str(number)
            odd.long.append(places.of(match))


def _note_shown(
    odd: Oddities, piece: bytes, places: _Places, styled: re.Pattern[bytes], styles: Mapping[int, str]
) -> None:
    """Take note of numbers that are shown otherwise than they are."""
    for match in _cells(_NUMBER, styled, piece):
        style = styled.search(match[1])
        if style and _ISNUMBER.search(match[1]):
            code, whole = styles[int(style[1])], _WHOLE.fullmatch(match[2])
            if code != PERCENTAGE and (beside := currency(code)):
                odd.currencies[places.of(match)] = match[2].decode(), beside
            if code == PERCENTAGE:
                odd.percentages[places.of(match)] = match[2].decode()
            elif (shown_with := unit(code))[1]:
                odd.scaled[places.of(match)] = match[2].decode(), *shown_with
            elif whole and (text := written(code, digits := str(int(whole[1])))) != digits:
                odd.texts[places.of(match)] = text


def _note_early(odd: Oddities, piece: bytes, places: _Places, dated: re.Pattern[bytes]) -> None:
    """Take note of days before 1900, which the reader of workbooks takes for times of day.

    What a reference to a blank cell gives is the day 0, which Excel shows as the day before 1 January 1900.
    """
    for match in _cells(_EARLY, _IS_EARLY, piece):
        if dated.search(match[1]) and _ISNUMBER.search(match[1]):
            day = _DAY_0 + floor(float(match[2]))
            if day > 0:
                odd.texts[places.of(match)] = "1900-01-00" if day == _DAY_0 else date.fromordinal(day).isoformat()


def _note_lost(odd: Oddities, piece: bytes, places: _Places, value: re.Pattern[bytes]) -> None:
    """Take note of texts that are not in the file: they have a negative number."""
    for match in _cells(_LOST, value, piece):
        if _IS_SHARED.search(match[1]):
            odd.texts[places.of(match)] = ""
            odd.lost.append(places.of(match))


def _cells(cell: re.Pattern[bytes], value: re.Pattern[bytes], piece: bytes) -> Iterator[re.Match[bytes]]:
    """Yield the matches of an expression for whole cells, given one for their values, of which there are far fewer."""
    if b":c" in piece:  # names with a prefix
        yield from cell.finditer(piece)
        return
    before = 0
    for found in value.finditer(piece):
        start = piece.rfind(b"<c", before, found.start())
        before = found.end()
        if start >= 0 and (match := cell.match(piece, start)):
            yield match


def known_errors(sheet: bytes) -> bytes:
    """Return a sheet in which no cell has an error that the reader of workbooks does not know: they become texts."""
    return _ERROR.sub(lambda match: _ERROR_KIND.sub(rb'\1"str"', match[0], count=1), shown(sheet))


def _hidden_columns(head: bytes) -> Iterator[tuple[int, int]]:
    for tag in _COLUMN.findall(head):
        first, last = _FROM.search(tag), _TO.search(tag)
        if first and last and _HIDDEN.search(tag):
            yield number(first[1]), number(last[1])


def _hide_rows(odd: Oddities, piece: bytes, above: int) -> None:
    """Take note of the hidden rows of a piece of a sheet in which there is something."""
    row = above
    for match in ROW.finditer(piece):
        given = NUMBER.search(match[0])
        row = number(given[1]) if given else row + 1
        if _HIDDEN.search(match[0]) and not match[0].endswith(b"/>"):
            end = piece.find(b"row>", match.end())
            if any(piece.find(mark, match.end(), end) >= 0 for mark in VALUES):
                odd.hide(row, row)


class _Places:
    """Where the cells of a piece of a sheet are: by their names, otherwise after those before them."""

    def __init__(self, piece: bytes, above: int) -> None:
        self._piece = piece
        self._above = above
        self._starts: list[int] | None = None
        self._numbers: list[int] = []

    def of(self, cell: re.Match[bytes]) -> Position:
        """Return the row and the column of a cell, whose attributes are the first group of a match."""
        named = REFERENCE.search(cell[1])
        if named:
            return number(named[2]), column_of(named[1])
        start, row = self._row(cell.start())
        column = 0
        for other in CELL_TAG.finditer(self._piece, start, cell.start() + 1 + len(b"<c")):
            named = REFERENCE.search(self._piece, other.end(), self._piece.find(b">", other.end()))
            column = column_of(named[1]) if named else column + 1
        return row, column

    def _row(self, position: int) -> tuple[int, int]:
        if self._starts is None:
            row, self._starts = self._above, []
            for match in ROW.finditer(self._piece):
                given = NUMBER.search(match[0])
                row = number(given[1]) if given else row + 1
                self._starts.append(match.start())
                self._numbers.append(row)
        at = bisect_right(self._starts, position) - 1
        return (self._starts[at], self._numbers[at]) if at >= 0 else (0, self._above)


def _measured(archive: zipfile.ZipFile, part: str) -> Extent:
    exact = Extent(0)
    for piece in _sheet_pieces(archive, part):
        exact.measure(piece)
    return exact
