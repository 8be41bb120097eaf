"""How far the values of a sheet of an XLSX workbook lie apart, without reading it cell by cell where that will do."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Final

from bicentennial.core.findings import column_number
from bicentennial.core.problems import unreadable
from bicentennial.formats.workbook.inspection import ATTRIBUTES, number
from bicentennial.formats.workbook.package_parts import TAG

if TYPE_CHECKING:
    from collections.abc import Collection

    from bicentennial.core.limits import Limits

__all__ = [
    "CELL_TAG",
    "NUMBER",
    "REFERENCE",
    "ROW",
    "VALUES",
    "Extent",
    "Span",
    "check",
    "column_of",
    "keeps",
    "regular",
]

# What the format has at most: more is a fault of the file, which no higher limit would mend.
_MOST_ROWS: Final = 1_048_576
_MOST_COLUMNS: Final = 16_384


Span = tuple[int, int]
"""Where something begins and ends."""


def keeps(extents: Collection[Extent], limits: Limits) -> bool:
    """Return whether the sheets of a workbook together keep the limits, going by how far they reach at most."""
    rows = sum(each.rows for each in extents)
    cells = sum(each.rows * each.columns for each in extents)
    few = all(each.columns <= limits.columns for each in extents)
    return few and rows <= limits.rows and cells <= limits.grid_cells


def check(extents: dict[str, Extent], limits: Limits) -> None:
    """Refuse a workbook whose sheets, given by name and measured exactly, go beyond the limits or what the format has.

    Raises:
        LimitReachedError: they do.
        UnreadableInputError: a value stands where no sheet has a cell.
    """
    rows = cells = 0
    for sheet, each in extents.items():
        if each.rows > _MOST_ROWS or each.columns > _MOST_COLUMNS:
            raise unreadable("broken-workbook")
        rows, cells = rows + each.rows, cells + each.rows * each.columns
        limits.check("columns", each.columns, sheet)
        limits.check("rows", rows, sheet)
        limits.check("grid_cells", cells, sheet)


ROW: Final = re.compile(TAG % b"row")
_PLAIN_NUMBER: Final = re.compile(rb'<row r="(\d{1,18})"(?![^<>]*\sr\s*=)')
_CELL: Final = (
    rb'<c r="%(column)s(?:%(row)s)"(?: s="\d++")?+(?: t="%(kind)s")?+(?: s="\d++")?+'
    rb'(?:>(?:<f(?: [\w:]++="[^"<>]*+")*+(?:/>|>[^<]*+</f>)(?=<v>[^<\s]))?+<v>%(value)s</v></c>| ?/>'
    rb'|>(?:<is>(?:<t(?: xml:space="preserve")?+(?:/>|>[^<]*+</t>))?+</is>|<is ?/>|<v ?/>)?+</c>)'
)
_ROWS: Final = (
    rb'(?:\s*+<row r="(?:%(row)s)"(?: (?!r=%(shown)s)[\w:]++="[^"<>]*+")*+(?: ?/>|>(?:' + _CELL + rb")*+</row>))*+"
)
# What the cells of most sheets are: no errors, and no numbers that are too long for a floating point number.
_USUAL: Final = {
    b"kind": rb'[^e"]\w*+',
    b"value": rb"(?:[^<]{0,15}+|(?!-?\d{16})[^<]*+)",
    b"shown": rb'|hidden="(?:1|true)"|(?:ht|width)="0(?:\.0*+)?"',
}
_REGULAR: Final = re.compile(
    _ROWS % {b"column": b"[A-Z]{1,3}", b"row": rb"\d{1,7}", b"kind": rb"\w++", b"value": rb"[^<]*+", b"shown": b""}
)
_ANY: Final = re.compile(rb"<(?:\w+:)?(?:row|c)(?=[\s/>])")
_ROW_TAG: Final = re.compile(rb"<(?:\w+:)?row\b")
CELL_TAG: Final = re.compile(rb"<(?:\w+:)?c(?=[\s/>])")
_NAMED: Final = re.compile(rb"""["']([A-Za-z]++)(\d++)["']""")
_GRID: Final = re.compile(rb"<(?:\w+:)?(row|c)(?=[\s/>])(" + ATTRIBUTES + rb")>(\s*+<(?:\w+:)?(?:v|is|f)(?=[\s/>]))?")
NUMBER: Final = re.compile(rb"""(?<![\w:])r\s*=\s*["']\+?(\d+)["']""")
REFERENCE: Final = re.compile(rb"""(?<![\w:])r\s*=\s*["']([A-Za-z]+)(\d+)["']""")
VALUES: Final = (b"<v", b"<is", b"<f", b":v", b":is", b":f")
_LETTERS: Final = 26
_LONGEST: Final = 8


class Extent:
    """How far the values of a sheet lie apart: exactly, or at most."""

    def __init__(self, columns: int = _LETTERS) -> None:
        self.rows = 0
        self.columns = columns
        self.row = 0
        self._column = 0

    def passes(self, piece: bytes) -> Span | None:
        """Take note of a piece of a sheet if there is nothing in its rows but what nearly all have.

        Each row then has a number and is shown, each cell has a name and a plain value, which is no error and no
        formula without a result. That is seen in a fraction of the time of reading them.

        Returns:
            Where its rows begin and end, or None.
        """
        last = _PLAIN_NUMBER.match(piece, max(piece.rfind(b"<row"), 0))
        most, digits = _up_to(max(self.rows, int(last[1]) if last else 0))
        span = _span(re.compile(_ROWS % {b"column": self._letters(), b"row": digits, **_USUAL}), piece)
        if span:
            self.rows = self.row = most
        return span

    def stretch(self, piece: bytes) -> bool:
        """Take note of a piece of a sheet by its last row and column with a name; return whether it is written plainly.

        Nearly every cell is written like `<c r="B7" s="1" t="s">`, in a row that was numbered, so one search for a
        cell that is not shows as much as reading all of them would.
        """
        rows = piece.count(b"<row")
        others = piece.count(b":row") if b":" in piece else 0
        numbers = _PLAIN_NUMBER.findall(piece)
        plain = len(numbers) == rows + others
        if plain:
            self.row = max(self.row + rows, *map(int, numbers)) if numbers else self.row
        else:
            given = [number(text) for tag in ROW.findall(piece) for text in NUMBER.findall(tag)]
            self.row = max(self.row + rows + others, max(given, default=0))
        most, digits = _up_to(max(self.rows, self.row))
        others = piece.count(b":c") if b":" in piece else 0
        cell = rb'<c(?! r="%s(?:%s)"(?: [st]="\w+")*+ ?/?>)(?=[\s/>])' % (self._letters(), digits)
        self.rows = max(self.rows, most)
        if not others and not re.search(cell, piece):
            return plain
        named = set(_NAMED.findall(piece))
        column = max((column_of(each) for each, _ in named), default=0)
        if len(CELL_TAG.findall(piece)) > piece.count(b'<c r="'):  # cells without a name follow those that have one
            column += max(len(CELL_TAG.findall(row)) for row in _ROW_TAG.split(piece))
        self.rows = max(self.rows, *(number(each) for _, each in named)) if named else self.rows
        self.columns = max(self.columns, -(-column // _LETTERS) * _LETTERS)
        return False

    def _letters(self) -> bytes:
        """Return an expression for the letters of the columns up to the last, or for fewer."""
        first = min(self.columns // _LETTERS - 1, _LETTERS)
        return b"[A-%c]?[A-Z]" % (64 + first) if first else b"[A-Z]"

    def measure(self, piece: bytes) -> None:
        """Take note of where the values of a piece of a sheet are."""
        if not any(mark in piece for mark in VALUES):
            # Formatted, and nothing more: programs leave such rows by the million.
            for tag in ROW.findall(piece):
                found = _only(NUMBER, tag)
                self.row = number(found[1]) if found else self.row + 1
            return
        for tag, attributes, value in _GRID.findall(piece):
            if tag == b"row":
                found = _only(NUMBER, attributes)
                self.row, self._column = number(found[1]) if found else self.row + 1, 0
                continue
            found = _only(REFERENCE, attributes)
            row, self._column = (number(found[2]), column_of(found[1])) if found else (self.row, self._column + 1)
            if value:
                self.rows, self.columns = max(self.rows, row), max(self.columns, self._column)


def regular(piece: bytes) -> Span | None:
    """Return where the rows of a piece of a sheet begin and end, if they hold cells and those hold values."""
    return _span(_REGULAR, piece)


def _span(rows: re.Pattern[bytes], piece: bytes) -> Span | None:
    """Return where rows begin and end in a piece of a sheet, if an expression matches all that there are."""
    start = max(piece.find(b"<row"), 0)
    if piece[:start].isspace():
        start = 0
    found = rows.match(piece, start)
    if found is None or _ANY.search(piece, 0, start) or _ANY.search(piece, found.end()):
        return None
    return found.span()


def _only(expression: re.Pattern[bytes], attributes: bytes) -> re.Match[bytes] | None:
    found = expression.search(attributes)
    if found and expression.search(attributes, found.end()):  # of which the reader might take the other
        raise unreadable("broken-workbook")
    return found


def _up_to(row: int) -> tuple[int, bytes]:
    r"""Return a number that is not less than a row, by a tenth at most more, and an expression for those up to it.

    >>> _up_to(1_048_576)
    (1099999, b'\\d{1,6}+|1[0-0]\\d{5}|[0-0]\\d{6}')
    """
    text = b"%d" % max(row, 10)
    rest = len(text) - 2
    most = rb"%s[0-%s]\d{%d}|[0-%d]\d{%d}" % (text[:1], text[1:2], rest, int(text[:1]) - 1, rest + 1)
    return (int(text[:2]) + 1) * 10**rest - 1, rb"\d{1,%d}+|%s" % (rest + 1, most)


def column_of(letters: bytes) -> int:
    """Return the number of a column from its letters."""
    return column_number(letters[:_LONGEST].decode())  # more letters are beyond every limit, however many there are
