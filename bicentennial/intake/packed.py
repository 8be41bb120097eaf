"""Workbooks before they are opened: how large they unpack, how far apart their values lie, what their cells hide.

The reader of workbooks trusts what a file says of itself; this module does not. Each part is unpacked once in pieces
and looked at as text, which costs a fraction of reading it.
"""

from __future__ import annotations

import io
import posixpath
import re
import zipfile
import zlib
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Final
from xml.sax.saxutils import unescape

from bicentennial.intake.notices import unreadable

if TYPE_CHECKING:
    from collections.abc import Iterator

    from bicentennial.intake.limits import Limits

__all__ = ["Oddities", "inspect_ods", "inspect_xlsx", "open_packed", "sheet_parts"]

_CHUNK: Final = 4_000_000
_SMALL: Final = 10_000_000
_ROOT: Final = re.compile(rb"<[A-Za-z_]")
_DOCTYPE: Final = re.compile(rb"<!(?:DOCTYPE|ENTITY)", re.IGNORECASE)
_ATTRIBUTE: Final = r'\b{}\s*=\s*"([^"]*)"'


@dataclass(slots=True)
class Oddities:
    """What the reader of workbooks would not tell of a sheet: cells with errors and formulas without a result."""

    errors: dict[tuple[int, int], str] = field(default_factory=dict)
    uncached: list[tuple[int, int]] = field(default_factory=list)


def open_packed(data: bytes, limits: Limits) -> zipfile.ZipFile:
    """Open the archive of a workbook after measuring what it would unpack to.

    Raises:
        LimitReachedError: it is a bomb, or merely too large.
        UnreadableInputError: it is damaged, or a part of it begins with a document type declaration.
    """
    try:
        archive = zipfile.ZipFile(io.BytesIO(data))
        total = sum(part.file_size for part in archive.infolist())
        limits.check("unpacked_bytes", total)
        for part in archive.infolist():
            if part.file_size > _SMALL:
                limits.check("unpacked_ratio", part.file_size // max(1, part.compress_size), part.filename)
            if part.filename.lower().endswith((".xml", ".rels")):
                _refuse_doctype(archive, part)
    except (zipfile.BadZipFile, zlib.error, NotImplementedError, RuntimeError, EOFError, OSError, ValueError) as error:
        raise unreadable("broken-workbook") from error
    return archive


def _refuse_doctype(archive: zipfile.ZipFile, part: zipfile.ZipInfo) -> None:
    # A declaration may only stand before the first element, so what comes after is not looked at here.
    head = b""
    with archive.open(part) as stream:
        while len(head) < part.file_size:
            piece = stream.read(65_536)
            if not piece:
                break
            head += piece
            if _DOCTYPE.search(head) or head.startswith((b"\xff\xfe", b"\xfe\xff")):
                raise unreadable("unsafe-workbook", part=part.filename)
            if _ROOT.search(head):
                return


def _pieces(archive: zipfile.ZipFile, name: str, end: bytes) -> Iterator[bytes]:
    # Unpacks a part in pieces that end where an element ends.
    rest = b""
    with archive.open(name) as stream:
        while piece := stream.read(_CHUNK):
            piece = rest + piece
            cut = piece.rfind(end)
            if cut < 0:
                rest = piece
                continue
            yield piece[: cut + len(end)]
            rest = piece[cut + len(end) :]
    if rest:
        yield rest


def inspect_xlsx(archive: zipfile.ZipFile, limits: Limits) -> dict[str, Oddities]:
    """Return what is odd about each sheet of an XLSX workbook, by the sheet's name.

    Raises:
        LimitReachedError: values lie further apart, or in more columns, than the limits allow.
        UnreadableInputError: a part is damaged.
    """
    found: dict[str, Oddities] = {}
    try:
        for name, part in sheet_parts(archive).items():
            if part in archive.namelist():
                found[name] = _xlsx_sheet(archive, part, limits)
        # What a part says of its size is only true if it can be unpacked to the end.
        for part in ("xl/sharedStrings.xml", "xl/styles.xml"):
            if part in archive.namelist():
                for _ in _pieces(archive, part, b">"):
                    pass
    except (zipfile.BadZipFile, zlib.error, NotImplementedError, RuntimeError, EOFError, OSError, KeyError) as error:
        raise unreadable("broken-workbook") from error
    return found


def sheet_parts(archive: zipfile.ZipFile) -> dict[str, str]:
    """Return the part of each sheet of an XLSX workbook, by the sheet's name in the workbook's order."""
    workbook = archive.read("xl/workbook.xml").decode("utf-8", errors="replace")
    relations = archive.read("xl/_rels/workbook.xml.rels").decode("utf-8", errors="replace")
    targets: dict[str, str] = {}
    for tag in re.findall(r"<(?:\w+:)?Relationship\b[^>]*>", relations):
        name, target = re.search(_ATTRIBUTE.format("Id"), tag), re.search(_ATTRIBUTE.format("Target"), tag)
        if name and target:
            targets[name[1]] = posixpath.normpath(posixpath.join("/xl", target[1])).lstrip("/")
    parts: dict[str, str] = {}
    for tag in re.findall(r"<(?:\w+:)?sheet\b[^>]*>", workbook):
        name, relation = re.search(_ATTRIBUTE.format("name"), tag), re.search(_ATTRIBUTE.format(r"\w+:id"), tag)
        if name and relation and relation[1] in targets:
            parts[unescape(name[1], {"&quot;": '"', "&apos;": "'"})] = targets[relation[1]]
    return parts


_ROW: Final = re.compile(rb"<(?:\w+:)?row\b([^>]*)>")
_NUMBER: Final = re.compile(rb"""\br\s*=\s*["'](\d+)["']""")
_REFERENCE: Final = re.compile(rb"""\br\s*=\s*["']([A-Za-z]+)(\d+)["']""")
# A cell with a value beyond column Z, wherever it stands in its row: cells need not come in order.
_FAR: Final = re.compile(rb"""\br\s*=\s*["']([A-Za-z]{2,})(\d+)["'][^>]*(?<!/)>\s*<(?:\w+:)?(?:v|is|f)\b""")
_ERROR: Final = re.compile(rb'<(?:\w+:)?c\b([^>]*\bt="e"[^>]*)>(?:(?!</(?:\w+:)?c>).)*?<(?:\w+:)?v>([^<]*)<', re.DOTALL)
_UNCACHED: Final = re.compile(
    rb"<(?:\w+:)?c\b([^>]*)>\s*<(?:\w+:)?f\b(?:[^>]*/>|[^>]*>[^<]*</(?:\w+:)?f>)\s*"
    rb"(?:<(?:\w+:)?v\s*/>|<(?:\w+:)?v>\s*</(?:\w+:)?v>)?\s*</(?:\w+:)?c>"
)
_LETTERS: Final = 26
_ROW_NUMBER: Final = re.compile(rb"""<(?:\w+:)?row\s(?:[^>]*?\s)?r\s*=\s*["'](\d+)""")
_PLAIN_NUMBER: Final = re.compile(rb'<row r="(\d+)"')
_PLAIN_LETTERS: Final = re.compile(rb'<c r="[A-Za-z]{2,}\d')
_NAMED: Final = re.compile(rb"""["']([A-Za-z]{2,})\d+["']""")
_VALUES: Final = (b"<v", b"<is", b":v>", b":is>")


def _xlsx_sheet(archive: zipfile.ZipFile, part: str, limits: Limits) -> Oddities:
    odd = Oddities()
    bound = _Extent()
    for piece in _pieces(archive, part, b"</row>"):
        bound.stretch(piece)
        if b't="e"' in piece:
            for match in _ERROR.finditer(piece):
                odd.errors[_place(match[1])] = unescape(match[2].decode("utf-8", errors="replace"))
        if b"f>" in piece or b"<f" in piece:
            odd.uncached += [_place(match[1]) for match in _UNCACHED.finditer(piece)]
    # Rows and columns may be formatted far beyond the last value; only if those are too many is it looked for.
    if not bound.within(limits):
        exact = _Extent()
        for piece in _pieces(archive, part, b"</row>"):
            exact.measure(piece)
        limits.check("columns", exact.columns, part)
        limits.check("rows", exact.rows, part)
        limits.check("grid_cells", exact.rows * exact.columns, part)
    return odd


class _Extent:
    """How far the values of a sheet lie apart: exactly, or at most."""

    def __init__(self) -> None:
        self.rows = 0
        self.columns = 0
        self._row = 0

    def within(self, limits: Limits) -> bool:
        """Tell whether the limits allow it."""
        few = self.rows <= limits.rows and self.columns <= limits.columns
        return few and self.rows * self.columns <= limits.grid_cells

    def stretch(self, piece: bytes) -> None:
        """Take note of a piece of a sheet by its last row that is numbered and its last column that is named."""
        rows = piece.count(b"<row") + piece.count(b":row")
        plain = piece.count(b'<row r="') == rows
        numbers = (_PLAIN_NUMBER if plain else _ROW_NUMBER).findall(piece)
        self._row = max(self._row + rows, *map(int, numbers)) if numbers else self._row + rows
        self.rows = max(self.rows, self._row)
        self.columns = max(self.columns, _LETTERS)
        plain = piece.count(b'<c r="') == piece.count(b"<c ") + piece.count(b"<c>") + piece.count(b":c")
        if (_PLAIN_LETTERS if plain else _NAMED).search(piece):
            self.columns = max(self.columns, *map(_column, set(_NAMED.findall(piece))))

    def measure(self, piece: bytes) -> None:
        """Take note of where the values of a piece of a sheet are."""
        if not any(mark in piece for mark in _VALUES):
            self._row += piece.count(b"<row")  # formatted, and nothing more: programs leave such rows by the million
            return
        starts = [(match.start(), _NUMBER.search(match[1])) for match in _ROW.finditer(piece)]
        for position, (start, number) in enumerate(starts):
            self._row = int(number[1]) if number else self._row + 1
            stop = starts[position + 1][0] if position + 1 < len(starts) else len(piece)
            value = max(piece.rfind(mark, start, stop) for mark in _VALUES)
            if value < 0:
                continue
            self.rows = max(self.rows, self._row)
            first = max(piece.rfind(b"<c ", start, value), piece.rfind(b":c ", start, value))
            cell = _REFERENCE.search(piece, first, value)
            self._include(cell[1] if cell else b"A", int(cell[2]) if cell else 1)
        for letters, row in set(_FAR.findall(piece)):
            self._include(letters, int(row))

    def _include(self, letters: bytes, row: int) -> None:
        self.columns, self.rows = max(self.columns, _column(letters)), max(self.rows, row)


def _place(attributes: bytes) -> tuple[int, int]:
    match = _REFERENCE.search(attributes)
    return (int(match[2]), _column(match[1])) if match else (0, 0)


def _column(letters: bytes) -> int:
    number = 0
    for letter in letters.upper()[:8]:
        number = number * 26 + letter - 64
    return number


_ODS_ROW: Final = re.compile(rb"<table:table-row\b([^>]*?)(/?)>")
_ODS_CELL: Final = re.compile(
    rb"<table:(?:covered-)?table-cell\b([^>]*?)(?:/>|>(.*?)</table:(?:covered-)?table-cell>)", re.DOTALL
)
_ODS_TABLE: Final = re.compile(rb'<table:table\b[^>]*?\btable:name="([^"]*)"[^>]*>')
_ROWS: Final = re.compile(rb"""number-rows-repeated\s*=\s*["'](\d+)["']""")
_COLUMNS: Final = re.compile(rb"""number-columns-repeated\s*=\s*["'](\d+)["']""")
_TEXT: Final = re.compile(rb"<text:p[^>]*>(.*?)</text:p>", re.DOTALL)


def inspect_ods(archive: zipfile.ZipFile, limits: Limits) -> dict[str, Oddities]:
    """Return what is odd about each sheet of an ODS workbook, by the sheet's name; it raises as for XLSX."""
    try:
        content = b"".join(_pieces(archive, "content.xml", b">"))
    except (zipfile.BadZipFile, zlib.error, NotImplementedError, RuntimeError, EOFError, OSError, KeyError) as error:
        raise unreadable("broken-workbook") from error
    found: dict[str, Oddities] = {}
    tables = list(_ODS_TABLE.finditer(content))
    for position, table in enumerate(tables):
        end = tables[position + 1].start() if position + 1 < len(tables) else len(content)
        name = unescape(table[1].decode("utf-8", errors="replace"), {"&quot;": '"', "&apos;": "'"})
        found[name] = _ods_sheet(content, table.end(), end, limits, name)
    return found


def _ods_sheet(content: bytes, start: int, end: int, limits: Limits, name: str) -> Oddities:
    odd = Oddities()
    row = last_row = last_column = 0
    rows = list(_ODS_ROW.finditer(content, start, end))
    for position, match in enumerate(rows):
        repeated = _ROWS.search(match[1])
        times = int(repeated[1]) if repeated else 1
        stop = rows[position + 1].start() if position + 1 < len(rows) else end
        column = 0
        if not match[2]:
            for cell in _ODS_CELL.finditer(content, match.end(), stop):
                wide = _COLUMNS.search(cell[1])
                width = int(wide[1]) if wide else 1
                if b"value-type=" in cell[1] or cell[2]:
                    last_column, last_row = max(last_column, column + width), row + times
                    limits.check("columns", last_column, name)
                    limits.check("rows", last_row, name)
                    limits.check("grid_cells", last_row * last_column, name)
                    if b'calcext:value-type="error"' in cell[1]:
                        text = _TEXT.search(cell[2] or b"")
                        odd.errors[row + 1, column + 1] = (
                            unescape(text[1].decode("utf-8", errors="replace")) if text else "?"
                        )
                elif b"table:formula=" in cell[1]:
                    odd.uncached.append((row + 1, column + 1))
                column += width
        row += times
    return odd
