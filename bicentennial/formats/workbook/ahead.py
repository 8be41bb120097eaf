"""Large sheets of XLSX workbooks, read while they are still being inspected.

The reader of workbooks leaves the interpreter alone, so that a sheet is read in stretches on one processor while the
rest of it is inspected on another. Each stretch becomes a package of its own, beside the parts that all sheets share.
By then inspection has shown how far its values lie apart, and that there is nothing in it but rows, their cells and
their values, so that reading the stretches is the same as reading the sheet.
"""

from __future__ import annotations

import io
import zipfile
from contextlib import contextmanager
from typing import TYPE_CHECKING, Final

from bicentennial.formats.workbook.extent import Extent, keeps
from bicentennial.formats.workbook.package_parts import read_parts

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping
    from concurrent.futures import Executor, Future

    import python_calamine
    from python_calamine import CalamineSheet as Sheet

    from bicentennial.core.limits import Limits
    from bicentennial.formats.workbook.extent import Span
    from bicentennial.formats.workbook.package_parts import Book

__all__ = ["Ahead", "SheetAhead", "reading_ahead"]

# So many bytes of a sheet take longer to read than threads and packages take to make, and fit into memory.
_SIZES: Final = range(1_500_000, 100_000_000)
_THREADS: Final = 2
# Of a sheet in two stretches, the first is larger, since its reading begins earlier.
_FIRST: Final = 0.6
_DATA: Final = b"<sheetData>"
_END: Final = b"</sheetData>"
# Before the rows, an empty list of merged cells saves the reader from going through all of them to look for one.
_NONE_MERGED: Final = b"<mergeCells/>"
_MERGED: Final = b"mergeCell"


@contextmanager
def reading_ahead(archive: zipfile.ZipFile, book: Book, limits: Limits) -> Iterator[Ahead | None]:
    """Return what reads the large sheets of a workbook; None if there are none, or if it would take much memory.

    At the end of the context all that was begun is done.
    """
    sizes = {each.filename: each.file_size for each in archive.infolist()}
    large = {name: sizes.get(each.part, 0) for name, each in book.sheets.items()}
    large = {name: size for name, size in large.items() if size in _SIZES}
    shared = read_parts(archive, book, sheets=False)
    beside = sum(sizes.get(part, 0) for part in shared)
    if not large or not book.is_usual or sum(large.values()) + max(len(large), _THREADS) * beside >= _SIZES.stop:
        yield None
        return
    from concurrent.futures import ThreadPoolExecutor  # takes longer than reading a small file

    with ThreadPoolExecutor(_THREADS) as threads:
        yield Ahead({part: archive.read(part) for part in shared}, book, limits, large, threads)


class Ahead:
    """Reads the large sheets of one workbook.

    Args:
        shared: the parts that all sheets share.
        book: the workbook.
        limits: see `Limits`.
        large: the sizes of the sheets that are to be read, by name.
        threads: where to.
    """

    def __init__(
        self,
        shared: Mapping[str, bytes],
        book: Book,
        limits: Limits,
        large: Mapping[str, int],
        threads: Executor,
    ) -> None:
        self._shared = shared
        self._book = book
        self._limits = limits
        self._large = large
        self._threads = threads
        self._begun: list[Extent] = []
        self._sheets: dict[str, SheetAhead] = {}
        self.listed: list[python_calamine.SheetMetadata] = []
        """All sheets of the workbook, if it was opened."""

    def sheet(self, name: str) -> SheetAhead | None:
        """Return what is given the pieces of a sheet, None if it is read later."""
        if name in self._large:
            first = self._large[name] * _FIRST if len(self._large) == 1 else self._large[name]
            self._sheets[name] = SheetAhead(self, name, int(first))
        return self._sheets.get(name)

    def begin(self, name: str, bound: Extent, xml: list[bytes]) -> Future[Sheet] | None:
        """Begin to read a stretch of a sheet, unless the values of all stretches might lie too far apart."""
        self._begun.append(Extent(bound.columns))
        self._begun[-1].rows = bound.rows
        if not keeps(self._begun, self._limits):
            return None
        return self._threads.submit(self._read, name, xml)

    def _read(self, name: str, xml: list[bytes]) -> Sheet:
        """Return a sheet of which there is the part in pieces."""
        from python_calamine import CalamineWorkbook

        out = io.BytesIO()
        with zipfile.ZipFile(out, "w") as package:
            for each, content in self._shared.items():
                package.writestr(each, content)
            with package.open(self._book.sheets[name].part, "w") as stream:
                stream.writelines(xml)
        xml.clear()
        out.seek(0)
        workbook = CalamineWorkbook.from_filelike(out)
        out.close()  # the reader has a copy
        self.listed = workbook.sheets_metadata
        return workbook.get_sheet_by_name(name)

    def take(self, name: str) -> list[Sheet]:
        """Hand over the stretches of a sheet; none if it was not read."""
        return self._sheets.pop(name).stretches() if name in self._sheets else []


class SheetAhead:
    """Reads one sheet.

    Args:
        ahead: reads those of the workbook.
        name: that of the sheet.
        first: so many bytes are the first stretch.
    """

    def __init__(self, ahead: Ahead, name: str, first: int) -> None:
        self._ahead = ahead
        self._name = name
        self._first = first
        self._size = 0
        self._head = self._tail = b""
        self._rows: list[bytes] = []
        self._begun: list[Future[Sheet]] = []
        self.is_regular = True
        """Whether all pieces up to now are, so that more of them are of use."""

    def take(self, piece: bytes, rows: Span | None, bound: Extent) -> None:
        """Take the next piece of the sheet.

        Args:
            piece: its text.
            rows: where its rows begin and end, None if they are not regular.
            bound: how far the values lie apart up to there.
        """
        if rows is None or self._tail or (self._head and rows[0]):
            self._give_up()
            return
        start, end = rows
        self._head, self._tail = self._head or piece[:start], piece[end:]
        self._rows.append(piece[start:end])
        self._size += len(piece)
        if self._tail:
            is_usual = self._head.rstrip().endswith(_DATA) and self._tail.lstrip().startswith(_END)
            if not is_usual or self._head.count(b"sheetData") > 1 or b"!" in self._head:
                self._give_up()
            elif any(self._rows) or self._has_merged():
                self._begin(bound, self._tail)
        elif self._size >= self._first and not self._begun:
            self._begin(bound, _END)

    def _begin(self, bound: Extent, tail: bytes) -> None:
        head = self._head
        if not self._has_merged() or tail is _END:
            head = head.replace(_DATA, _NONE_MERGED + _DATA)
        begun = self._ahead.begin(self._name, bound, [head, *self._rows, tail])
        self._rows = []
        if begun:
            self._begun.append(begun)
        else:
            self._give_up()

    def _has_merged(self) -> bool:
        return _MERGED in self._head or _MERGED in self._tail

    def _give_up(self) -> None:
        self.is_regular = False
        self._rows, self._begun = [], []

    def stretches(self) -> list[Sheet]:
        """Return the stretches of the sheet; none if they do not follow one another, each from the first column on."""
        from python_calamine import CalamineError

        try:
            found = [each.result() for each in self._begun] if self._tail else []
        except (CalamineError, ValueError, OSError):
            return []  # what is wrong is said by reading the whole
        last = -1
        for each in found:
            if each.start is None or each.end is None or each.start[1] or each.start[0] <= last:
                return []
            last = each.end[0]
        return found
