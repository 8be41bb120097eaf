"""One sheet with cells marked: its bytes are passed on row by row, and only tags of marked cells are touched.

A marked cell gets another style; one that is not there yet (a missing value) is put in, in the style that its row or
column has. Nothing else of the sheet changes, and a sheet of any length takes little memory.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, BinaryIO, Final

from bicentennial.core.findings import column_letter
from bicentennial.report.workbook.markup import attribute, prefix, tags, with_attribute

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from bicentennial.core.findings import Severity
    from bicentennial.report.workbook.styles import Styles

__all__ = ["mark_sheet"]

_PIECE: Final = 1 << 20
_CELL: Final = re.compile(r"([A-Z]{1,3})\d+")
_RELATIONS: Final = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
# What follows the legacy drawing, which holds the boxes of comments, in a worksheet.
_AFTER: Final = (
    b"legacyDrawingHF",
    b"picture",
    b"oleObjects",
    b"controls",
    b"webPublishItems",
    b"tableParts",
    b"extLst",
)


def mark_sheet(
    source: BinaryIO,
    target: BinaryIO,
    marks: Mapping[int, Mapping[int, Severity]],
    styles: Styles,
    drawing: str,
) -> str:
    """Copy a sheet, marking cells on the way.

    Args:
        source: the part of the sheet.
        target: where its marked copy goes.
        marks: severities by row and column.
        styles: what gives each marked cell its style.
        drawing: the id of the relationship to the boxes of comments, for a sheet that has none.

    Returns:
        The id of that relationship: the one that the sheet had, or `drawing`.
    """
    head = source.read(_PIECE)
    marker = _Marker(head, marks, styles)
    tail = b""
    for piece in _pieces(source, head, b"</" + marker.ns + b"row>"):
        target.write(marker.mark(tail))
        tail = piece
    end = tail.rfind(b"</" + marker.ns + b"sheetData")
    end = max(end, 0)
    target.write(marker.mark(tail[:end]))
    rest, found = _with_drawing(tail[end:], marker.ns, drawing)
    target.write(rest)
    return found


def _pieces(source: BinaryIO, head: bytes, end: bytes) -> Iterator[bytes]:
    """Yield the sheet in pieces, each but the last ending with a row."""
    rest, piece = b"", head
    while piece:
        piece = rest + piece
        cut = piece.rfind(end)
        if cut >= 0:
            yield piece[: cut + len(end)]
            rest = piece[cut + len(end) :]
        else:
            rest = piece
        piece = source.read(_PIECE)
    yield rest


def _with_drawing(rest: bytes, ns: bytes, drawing: str) -> tuple[bytes, str]:
    for tag in tags(rest, ns + b"legacyDrawing"):
        found = re.search(rb"""\w+:id\s*=\s*["']([^"']*)""", tag)
        if found:
            return rest, found[1].decode("utf-8", "replace")
    new = b'<%slegacyDrawing xmlns:r="%s" r:id="%s"/>' % (ns, _RELATIONS.encode(), drawing.encode())
    at = _place(rest, ns)
    return rest[:at] + new + rest[at:], drawing


def _place(rest: bytes, ns: bytes) -> int:
    """Return where the drawing goes: before what must follow it, else at the end.

    Rules for conditional formats have extension lists of their own, before the one of the sheet.
    """
    within = rest.rfind(b"</" + ns + b"conditionalFormatting")
    places = [rest.rfind(b"</" + ns + b"worksheet")]
    for name in _AFTER:
        found = re.compile(rb"<%s(?=[\s>/])" % (ns + name)).search(rest, max(within, 0))
        if found:
            places.append(found.start())
    return min(place for place in places if place >= 0) if max(places) >= 0 else len(rest)


class _Marker:
    def __init__(self, head: bytes, marks: Mapping[int, Mapping[int, Severity]], styles: Styles) -> None:
        self.ns = prefix(head, "worksheet")
        self._marks = marks
        self._styles = styles
        self._row = re.compile(rb"<%srow(?=[\s>/])[^<>]*>" % self.ns)
        self._cell = re.compile(rb"<%sc(?=[\s>/])[^<>]*>" % self.ns)
        self._number = 0
        start = head[: head.find(b"<" + self.ns + b"sheetData")]
        self._columns = [
            (int(attribute(tag, "min") or 0), int(attribute(tag, "max") or 0), int(attribute(tag, "style") or 0))
            for tag in tags(start, self.ns + b"col")
        ]

    def mark(self, piece: bytes) -> bytes:
        """Return a piece, which ends where a row does, with its cells marked."""
        written: list[bytes] = []
        done = 0
        for match in self._row.finditer(piece):
            number = attribute(match[0], "r")
            self._number = int(number) if number and number.isdecimal() else self._number + 1
            marks = self._marks.get(self._number)
            if not marks:
                continue
            tag, inside, end = match[0], b"", match.end()
            if tag.endswith(b"/>"):
                tag = tag[:-2].rstrip() + b">"
                close = b"</" + self.ns + b"row>"
            else:
                end = piece.find(b"</" + self.ns + b"row", match.end())
                end = len(piece) if end < 0 else end
                inside, close = piece[match.end() : end], b""
            written += [piece[done : match.start()], self._spanning(tag, marks), self._cells(tag, inside, marks), close]
            done = end
        return b"".join([*written, piece[done:]]) if written else piece

    def _spanning(self, tag: bytes, marks: Mapping[int, Severity]) -> bytes:
        first, _, last = (attribute(tag, "spans") or "").partition(":")
        if not (first.isdecimal() and last.isdecimal()):
            return tag
        low, high = min(int(first), *marks), max(int(last), *marks)
        return tag if (low, high) == (int(first), int(last)) else with_attribute(tag, "spans", f"{low}:{high}")

    def _cells(self, row: bytes, inside: bytes, marks: Mapping[int, Severity]) -> bytes:
        written: list[bytes] = []
        done = column = 0
        waiting = sorted(marks)
        for match in self._cell.finditer(inside):
            reference = _CELL.match(attribute(match[0], "r") or "")
            column = _column(reference[1]) if reference else column + 1
            while waiting and waiting[0] < column:
                missing = waiting.pop(0)
                written += [inside[done : match.start()], self._empty(row, missing, marks[missing])]
                done = match.start()
            if waiting and waiting[0] == column:
                waiting.pop(0)
                style = attribute(match[0], "s") or "0"
                new = self._styles.marked(int(style) if style.isdecimal() else 0, marks[column])
                written += [inside[done : match.start()], with_attribute(match[0], "s", new)]
                done = match.end()
        return b"".join([*written, inside[done:], *(self._empty(row, each, marks[each]) for each in waiting)])

    def _empty(self, row: bytes, column: int, severity: Severity) -> bytes:
        style = attribute(row, "s") if attribute(row, "customFormat") in ("1", "true") else None
        base = int(style) if style and style.isdecimal() else 0
        if style is None:
            base = next((style for low, high, style in self._columns if low <= column <= high), 0)
        cell = f"{column_letter(column)}{self._number}".encode()
        return b'<%sc r="%s" s="%d"/>' % (self.ns, cell, self._styles.marked(base, severity))


def _column(letters: str) -> int:
    number = 0
    for letter in letters:
        number = number * 26 + ord(letter) - 64
    return number
