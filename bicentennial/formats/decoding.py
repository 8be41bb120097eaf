"""The one decoder: bytes of whatever encoding become text, and what they were taken for is said.

UTF-8 is tried first, then a byte order mark or the look of UTF-16, then Windows-1252, and Latin-1 where a byte has
no meaning in that. A file that is mostly UTF-8 but broken in places is refused, for guessing would garble it.

>>> decode("título".encode())
('título', 'utf-8')
>>> decode("título".encode("cp1252"))
('título', 'windows-1252')
>>> decode("título".encode("utf-16"))
('título', 'utf-16')
"""

from __future__ import annotations

import codecs
from typing import Final

from bicentennial.core.notices import unreadable

__all__ = ["decode"]

# The longer marks first: that of UTF-32 begins with that of UTF-16.
_MARKS: Final = (
    (codecs.BOM_UTF8, "utf-8-sig", "utf-8"),
    (codecs.BOM_UTF32_LE, "utf-32", "utf-32"),
    (codecs.BOM_UTF32_BE, "utf-32", "utf-32"),
    (codecs.BOM_UTF16_LE, "utf-16", "utf-16"),
    (codecs.BOM_UTF16_BE, "utf-16", "utf-16"),
)
_SAMPLE: Final = 4096


def decode(data: bytes) -> tuple[str, str]:
    """Return the text of a file and the name of the encoding that it was taken for.

    Raises:
        UnreadableInputError: it is no text: it holds NUL characters, or is broken in the encoding that it has.
    """
    text, encoding = _decoded(data)
    nul = text.find("\x00")
    if nul >= 0:
        raise unreadable("nul", line=text.count("\n", 0, nul) + 1, row=text.count("\n", 0, nul) + 1)
    return text, encoding


def _decoded(data: bytes) -> tuple[str, str]:
    for mark, codec, name in _MARKS:
        if data.startswith(mark):
            return _strictly(data, codec, name), name
    wide = _wide(data[:_SAMPLE])
    if wide:
        return _strictly(data, wide, wide), wide
    try:
        return data.decode("utf-8"), "utf-8"
    except UnicodeDecodeError as error:
        lenient = data.decode("utf-8", errors="replace")
        broken = lenient.count("\ufffd")
        whole = sum(1 for character in lenient if character > "\x7f") - broken
        if whole > broken:
            line = data.count(b"\n", 0, error.start) + 1
            raise unreadable("mixed-encoding", line=line, row=line) from error
    try:
        return data.decode("cp1252"), "windows-1252"
    except UnicodeDecodeError:
        return data.decode("latin-1"), "iso-8859-1"


def _strictly(data: bytes, codec: str, name: str) -> str:
    try:
        return data.decode(codec)
    except UnicodeDecodeError as error:
        line = data.count(b"\n", 0, error.start) + 1
        raise unreadable("broken-encoding", line=line, encoding=name.upper(), row=line) from error


def _wide(sample: bytes) -> str | None:
    # Western text in UTF-16 has a zero in every second byte; nothing else that we read has zeros at all.
    pairs = len(sample) // 2
    if not pairs:
        return None
    even, odd = sample[0::2].count(0), sample[1::2].count(0)
    if odd > 0.6 * pairs and even < 0.1 * pairs:
        return "utf-16-le"
    if even > 0.6 * pairs and odd < 0.1 * pairs:
        return "utf-16-be"
    return None
