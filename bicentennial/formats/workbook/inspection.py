"""Workbooks before they are opened: how large they unpack, and what their parts are.

The reader of workbooks trusts what a file says of itself; this module does not, nor do `xlsx_inspection` and
`ods_inspection`, which look into the sheets. Each part is unpacked once in pieces and looked at as text, which costs a
fraction of reading it. Every expression here and there takes time in proportion to the text: no tag holds a `<`, so
none looks further than to the next.
"""

from __future__ import annotations

import io
import re
import zipfile
import zlib
from contextlib import contextmanager
from html import unescape
from typing import TYPE_CHECKING, Final

from bicentennial.core.concurrency import prefetch
from bicentennial.core.problems import unreadable

if TYPE_CHECKING:
    from collections.abc import Iterator

    from bicentennial.core.limits import Limits

__all__ = [
    "ATTRIBUTES",
    "decoded",
    "number",
    "open_packed",
    "part_name",
    "pieces",
    "refuse_doctype",
    "refusing_damage",
    "shown",
]

ATTRIBUTES: Final = rb"""(?:[^<>"']++|"[^"<]*+"|'[^'<]*+')*+"""
"""What stands in a tag after its name, as an expression."""

_CHUNK: Final = 4_000_000
_SMALL: Final = 10_000_000
_PIECE: Final = 65_536
_ROOT: Final = re.compile(rb"<[A-Za-z_]")
_DOCTYPE: Final = re.compile(rb"<!(?:DOCTYPE|ENTITY)", re.IGNORECASE)
_COMMENT: Final = re.compile(rb"<!--.*?(?:-->|\Z)", re.DOTALL)
_DIGITS: Final = 18
_BOOKS: Final = {"content.xml", "xl/workbook.xml", "xl/workbook.bin"}
_HIDDEN: Final = re.compile(rb"<!--.*?(-->|\Z)|<!\[CDATA\[(.*?)(\]\]>|\Z)", re.DOTALL)


@contextmanager
def refusing_damage() -> Iterator[None]:
    """Refuse the workbook as damaged if one of its parts cannot be unpacked in this context."""
    try:
        yield
    except (zipfile.BadZipFile, zlib.error, NotImplementedError, RuntimeError, EOFError, OSError, KeyError) as error:
        raise unreadable("broken-workbook") from error


def open_packed(data: bytes, limits: Limits) -> zipfile.ZipFile:
    """Open the archive of a workbook after measuring what it would unpack to.

    Raises:
        LimitReachedError: it is a bomb, or merely too large.
        UnreadableInputError: it is damaged, or two of its parts may be taken for one another.
    """
    try:
        with refusing_damage():
            archive = zipfile.ZipFile(io.BytesIO(data))
            total = sum(part.file_size for part in archive.infolist())
            limits.check("unpacked_bytes", total)
            _refuse_doubles(archive)
            for part in archive.infolist():
                if part.file_size > _SMALL:
                    limits.check("unpacked_ratio", part.file_size // max(1, part.compress_size), part.filename)
    except ValueError as error:
        raise unreadable("broken-workbook") from error
    return archive


def part_name(name: str) -> str:
    r"""Return the name of a part as its reader compares it.

    >>> part_name("XL\\worksheets/Sheet1.xml")
    'xl/worksheets/sheet1.xml'
    """
    return name.replace("\\", "/").lower()


def _refuse_doubles(archive: zipfile.ZipFile) -> None:
    # A reader of one of two parts of one name, or one of two books, must not be shown the other, nor one by a detour
    # such as `xl/../a`.
    names = [part_name(part.filename) for part in archive.infolist()]
    books = _BOOKS & set(names)
    if (
        len(books) > 1
        or len(set(names)) < len(names)
        or any({"", ".", ".."} & {*name.rstrip("/").split("/")} for name in names)
    ):
        raise unreadable("broken-workbook")


def refuse_doctype(archive: zipfile.ZipFile, part: str) -> None:
    """Refuse a workbook if one of its parts has a document type declaration.

    A declaration may only stand before the first element, so what comes after is not looked at here.

    Raises:
        UnreadableInputError: it has.
    """
    head = b""
    with archive.open(part) as stream:
        while piece := stream.read(_PIECE):
            head = _COMMENT.sub(_without_comment, head + piece)
            if _DOCTYPE.search(head):
                raise unreadable("unsafe-workbook", part=part)
            before, opened, comment = head.partition(b"<!--")
            if _ROOT.search(before):
                return
            head = before[-16:] + opened + comment or b" "


def _without_comment(match: re.Match[bytes]) -> bytes:
    return b"" if match[0].endswith(b"-->") else b"<!--" + match[0][4:][-2:]


def pieces(archive: zipfile.ZipFile, name: str, end: bytes) -> Iterator[bytes]:
    """Unpack a part in pieces that end where an element ends; of a large one, the next while one is looked at."""
    unpacked = _unpacked(archive, name, end)
    return prefetch(unpacked) if archive.getinfo(name).file_size > _CHUNK else unpacked


def _unpacked(archive: zipfile.ZipFile, name: str, end: bytes) -> Iterator[bytes]:
    kept: list[bytes] = []
    with archive.open(name) as stream:
        while piece := stream.read(_CHUNK):
            # The end may have been cut in two.
            piece = (kept.pop() if kept else b"") + piece
            cut = piece.rfind(end)
            if cut < 0:
                kept += [piece[: -len(end)], piece[-len(end) :]]
                continue
            yield b"".join([*kept, piece[: cut + len(end)]])
            kept = [piece[cut + len(end) :]]
    if rest := b"".join(kept):
        yield rest


def number(digits: bytes) -> int:
    """Return the number that digits write, of which more than eighteen are beyond every limit, however many there are.

    >>> number(b"0012"), number(b"9" * 5_000) == 10**18 - 1
    (12, True)
    """
    return int(digits.lstrip(b"0")[:_DIGITS] or b"0")


def decoded(text: bytes) -> str:
    """Return the text of an attribute or element without its escapes."""
    return unescape(text.decode("utf-8", errors="replace"))


def shown(markup: bytes) -> bytes:
    """Return markup without its comments, and with what is quoted in it as text: tags in there are none.

    Raises:
        UnreadableInputError: a comment or a quoted text does not end.
    """
    return _HIDDEN.sub(_text, markup) if b"!" in markup else markup


def _text(hidden: re.Match[bytes]) -> bytes:
    if not (hidden[1] or hidden[3]):
        raise unreadable("broken-workbook")
    return (hidden[2] or b"").replace(b"&", b"&amp;").replace(b"<", b"&lt;")
