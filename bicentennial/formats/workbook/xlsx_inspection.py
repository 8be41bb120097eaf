"""The sheets of an XLSX workbook before it is opened: how far apart their values lie, what their cells hide."""

from __future__ import annotations

import posixpath
import re
from typing import TYPE_CHECKING, Final

from bicentennial.core.findings import column_number
from bicentennial.core.notices import unreadable
from bicentennial.formats.workbook.inspection import (
    ATTRIBUTES,
    Oddities,
    decoded,
    number,
    part_name,
    pieces,
    refusing_damage,
)

if TYPE_CHECKING:
    import zipfile
    from collections.abc import Iterator

    from bicentennial.core.limits import Limits

__all__ = ["inspect_xlsx", "sheet_parts"]


def inspect_xlsx(archive: zipfile.ZipFile, limits: Limits) -> dict[str, Oddities]:
    """Return what is odd about each sheet of an XLSX workbook, by the sheet's name.

    Raises:
        LimitReachedError: values lie further apart, or in more columns, than the limits allow.
        UnreadableInputError: a part is damaged, a value stands where no sheet has a cell, or two sheets are one.
    """
    found: dict[str, Oddities] = {}
    with refusing_damage():
        parts = {name: part for name, part in sheet_parts(archive).items() if part in archive.namelist()}
        bounds: dict[str, _Extent] = {}
        for name, part in parts.items():
            bounds[part] = _Extent()
            found[name] = _look(archive, part, bounds[part])
        # Rows and columns may be formatted far beyond the last value; only if those are too many is it looked for.
        if not _keeps(bounds, limits):
            _check({part: _measured(archive, part) for part in parts.values()}, limits)
        # What a part says of its size is only true if it can be unpacked to the end.
        for part in archive.namelist():
            if part_name(part) in ("xl/sharedstrings.xml", "xl/styles.xml"):
                for _ in pieces(archive, part, b">"):
                    pass
    return found


_TAG: Final = rb"<(?:\w+:)?%s(?=[\s/>])" + ATTRIBUTES + rb">"
_ATTRIBUTE: Final = rb"""(?<![\w:])%s\s*=\s*(?:"([^"]*)"|'([^']*)')"""


_HIDDEN: Final = re.compile(rb"<!--.*?(-->|\Z)|<!\[CDATA\[(.*?)(\]\]>|\Z)", re.DOTALL)


def _attribute(tag: bytes, name: bytes) -> str | None:
    found = re.findall(_ATTRIBUTE % name, tag)
    if len(found) > 1:  # of which the reader might take the other
        raise unreadable("broken-workbook")
    return decoded(b"".join(found[0])) if found else None


def _shown(markup: bytes) -> bytes:
    """Return markup without its comments, and with what is quoted in it as text: tags in there are none."""
    return _HIDDEN.sub(_text, markup) if b"!" in markup else markup


def _text(hidden: re.Match[bytes]) -> bytes:
    if not (hidden[1] or hidden[3]):
        raise unreadable("broken-workbook")
    return (hidden[2] or b"").replace(b"<", b"&lt;")


def _sheet_pieces(archive: zipfile.ZipFile, part: str) -> Iterator[bytes]:
    return map(_shown, pieces(archive, part, b"</row>"))


def sheet_parts(archive: zipfile.ZipFile) -> dict[str, str]:
    """Return the part of each sheet of an XLSX workbook, by the sheet's name in the workbook's order.

    Raises:
        UnreadableInputError: two sheets have one name or one part, so that they may be taken for one another.
    """
    names = {part_name(name): name for name in archive.namelist()}
    workbook = _shown(archive.read(names["xl/workbook.xml"]))
    relations = _shown(archive.read(names["xl/_rels/workbook.xml.rels"]))
    targets: dict[str, str] = {}
    for tag in re.findall(_TAG % b"Relationship", relations):
        relation, target = _attribute(tag, b"Id"), _attribute(tag, b"Target")
        if relation and target:
            if relation in targets:
                raise unreadable("broken-workbook")
            plain = posixpath.normpath(posixpath.join("/xl", target)).lstrip("/")
            targets[relation] = names.get(part_name(plain), plain)
    parts: dict[str, str] = {}
    for tag in re.findall(_TAG % b"sheet", workbook):
        name, relation = _attribute(tag, b"name"), _attribute(tag, rb"\w+:id")
        if name is not None and relation in targets:
            if name in parts or targets[relation] in parts.values():
                raise unreadable("broken-workbook")
            parts[name] = targets[relation]
    return parts


_ERROR: Final = re.compile(
    rb"<(?:\w+:)?c(?=\s)(" + ATTRIBUTES + rb")>"
    rb"(?:[^<]++|<(?!/?(?:\w+:)?[cv](?=[\s/>])))*+<(?:\w+:)?v(?=[\s/>])" + ATTRIBUTES + rb">([^<]*)<"
)
_IS_ERROR: Final = re.compile(rb"""\st\s*=\s*(?:"e"|'e')""")
_UNCACHED: Final = re.compile(
    rb"<(?:\w+:)?c\b([^<>]*+)>\s*+<(?:\w+:)?f\b(?:[^<>]*+(?<=/)>|[^<>]*+>[^<]*+</(?:\w+:)?f>)\s*+"
    rb"(?:<(?:\w+:)?v\s*+/>|<(?:\w+:)?v>\s*+</(?:\w+:)?v>)?\s*+</(?:\w+:)?c>"
)


def _look(archive: zipfile.ZipFile, part: str, bound: _Extent) -> Oddities:
    odd = Oddities()
    for piece in _sheet_pieces(archive, part):
        if bound.passes(piece):
            continue
        plain = bound.stretch(piece)
        if b't="e"' in piece or not plain:
            for match in _ERROR.finditer(piece):
                if _IS_ERROR.search(match[1]):
                    odd.errors[_place(match[1])] = decoded(match[2])
        if b"<f" in piece or b":f" in piece:
            odd.uncached += [_place(match[1]) for match in _UNCACHED.finditer(piece)]
    return odd


# What the format has at most: more is a fault of the file, which no higher limit would mend.
_MOST_ROWS: Final = 1_048_576
_MOST_COLUMNS: Final = 16_384


def _keeps(extents: dict[str, _Extent], limits: Limits) -> bool:
    rows = sum(each.rows for each in extents.values())
    cells = sum(each.rows * each.columns for each in extents.values())
    few = all(each.columns <= limits.columns for each in extents.values())
    return few and rows <= limits.rows and cells <= limits.grid_cells


def _measured(archive: zipfile.ZipFile, part: str) -> _Extent:
    exact = _Extent(0)
    for piece in _sheet_pieces(archive, part):
        exact.measure(piece)
    return exact


def _check(extents: dict[str, _Extent], limits: Limits) -> None:
    rows = cells = 0
    for part, each in extents.items():
        if each.rows > _MOST_ROWS or each.columns > _MOST_COLUMNS:
            raise unreadable("broken-workbook")
        rows, cells = rows + each.rows, cells + each.rows * each.columns
        limits.check("columns", each.columns, part)
        limits.check("rows", rows, part)
        limits.check("grid_cells", cells, part)


_ROW: Final = re.compile(_TAG % b"row")
_NUMBERED: Final = rb' r="(%s)"(?![^<>]*\sr\s*=)'
_PLAIN_NUMBER: Final = re.compile(b"<row" + _NUMBERED % rb"\d{1,18}")
_OTHER_ROW: Final = rb"<row(?!%s)(?=[\s/>])" % _NUMBERED
_OTHER_CELL: Final = rb'<c(?! r="%s(?:%s)"(?: s="\w++"| t="(?!e")\w++")*+(?:/>|><(?:v>|is>|/c>)))(?=[\s/>])'
_ROW_TAG: Final = re.compile(rb"<(?:\w+:)?row\b")
_CELL_TAG: Final = re.compile(rb"<(?:\w+:)?c(?=[\s/>])")
_NAMED: Final = re.compile(rb"""["']([A-Za-z]++)(\d++)["']""")
_GRID: Final = re.compile(rb"<(?:\w+:)?(row|c)(?=[\s/>])(" + ATTRIBUTES + rb")>(\s*+<(?:\w+:)?(?:v|is|f)(?=[\s/>]))?")
_NUMBER: Final = re.compile(rb"""(?<![\w:])r\s*=\s*["']\+?(\d+)["']""")
_REFERENCE: Final = re.compile(rb"""(?<![\w:])r\s*=\s*["']([A-Za-z]+)(\d+)["']""")
_VALUES: Final = (b"<v", b"<is", b"<f", b":v", b":is", b":f")
_LETTERS: Final = 26
_LONGEST: Final = 8


class _Extent:
    """How far the values of a sheet lie apart: exactly, or at most."""

    def __init__(self, columns: int = _LETTERS) -> None:
        self.rows = 0
        self.columns = columns
        self._row = 0
        self._column = 0

    def passes(self, piece: bytes) -> bool:
        """Take note of a piece of a sheet, and tell that there is no more to it, if it is as nearly all are.

        Each row then has a number, and each cell a name and a plain value, which is no error and no formula. One
        search for a row and one for a cell of another kind tell so, in a fraction of the time of reading them.
        """
        if b":" in piece and (b":row" in piece or b":c" in piece):
            return False
        last = _PLAIN_NUMBER.match(piece, max(piece.rfind(b"<row"), 0))
        most, digits = _up_to(max(self.rows, int(last[1]) if last else 0))
        if re.search(_OTHER_ROW % digits, piece) or re.search(_OTHER_CELL % (self._letters(), digits), piece):
            return False
        self.rows = self._row = most
        return True

    def stretch(self, piece: bytes) -> bool:
        """Take note of a piece of a sheet by its last row and column that are named, and tell if it is written plainly.

        Nearly every cell is written like `<c r="B7" s="1" t="s">`, in a row that was numbered, so one search for a
        cell that is not tells as much as reading all of them would.
        """
        rows = piece.count(b"<row")
        others = piece.count(b":row") if b":" in piece else 0
        numbers = _PLAIN_NUMBER.findall(piece)
        plain = len(numbers) == rows + others
        if plain:
            self._row = max(self._row + rows, *map(int, numbers)) if numbers else self._row
        else:
            given = [number(text) for tag in _ROW.findall(piece) for text in _NUMBER.findall(tag)]
            self._row = max(self._row + rows + others, max(given, default=0))
        most, digits = _up_to(max(self.rows, self._row))
        others = piece.count(b":c") if b":" in piece else 0
        cell = rb'<c(?! r="%s(?:%s)"(?: [st]="\w+")*+/?>)(?=[\s/>])' % (self._letters(), digits)
        self.rows = max(self.rows, most)
        if not others and not re.search(cell, piece):
            return plain
        named = set(_NAMED.findall(piece))
        column = max((_column(each) for each, _ in named), default=0)
        if len(_CELL_TAG.findall(piece)) > piece.count(b'<c r="'):  # cells without a name follow those that have one
            column += max(len(_CELL_TAG.findall(row)) for row in _ROW_TAG.split(piece))
        self.rows = max(self.rows, *(number(each) for _, each in named)) if named else self.rows
        self.columns = max(self.columns, -(-column // _LETTERS) * _LETTERS)
        return False

    def _letters(self) -> bytes:
        """Return an expression for the letters of the columns up to the last, or for fewer."""
        first = min(self.columns // _LETTERS - 1, _LETTERS)
        return b"[A-%c]?[A-Z]" % (64 + first) if first else b"[A-Z]"

    def measure(self, piece: bytes) -> None:
        """Take note of where the values of a piece of a sheet are."""
        if not any(mark in piece for mark in _VALUES):
            # Formatted, and nothing more: programs leave such rows by the million.
            for tag in _ROW.findall(piece):
                found = _only(_NUMBER, tag)
                self._row = number(found[1]) if found else self._row + 1
            return
        for tag, attributes, value in _GRID.findall(piece):
            if tag == b"row":
                found = _only(_NUMBER, attributes)
                self._row, self._column = number(found[1]) if found else self._row + 1, 0
                continue
            found = _only(_REFERENCE, attributes)
            row, self._column = (number(found[2]), _column(found[1])) if found else (self._row, self._column + 1)
            if value:
                self.rows, self.columns = max(self.rows, row), max(self.columns, self._column)


def _only(expression: re.Pattern[bytes], attributes: bytes) -> re.Match[bytes] | None:
    found = expression.search(attributes)
    if found and expression.search(attributes, found.end()):  # of which the reader might take the other
        raise unreadable("broken-workbook")
    return found


def _up_to(row: int) -> tuple[int, bytes]:
    r"""Return a number that is not less than a row, by a tenth at most more, and an expression for those up to it.

    >>> _up_to(1_048_576)
    (1099999, b'1[0-0]\\d{5}|[0-0]\\d{6}|\\d{1,6}')
    """
    text = b"%d" % max(row, 10)
    rest = len(text) - 2
    most = rb"%s[0-%s]\d{%d}|[0-%d]\d{%d}" % (text[:1], text[1:2], rest, int(text[:1]) - 1, rest + 1)
    return (int(text[:2]) + 1) * 10**rest - 1, rb"%s|\d{1,%d}" % (most, rest + 1)


def _place(attributes: bytes) -> tuple[int, int]:
    match = _REFERENCE.search(attributes)
    return (number(match[2]), _column(match[1])) if match else (0, 0)


def _column(letters: bytes) -> int:
    return column_number(letters[:_LONGEST].decode())  # more letters are beyond every limit, however many there are
