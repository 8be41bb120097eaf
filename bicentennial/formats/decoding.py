"""The one decoder: bytes of whatever encoding become text, and what they were taken for is said.

UTF-8 is tried first, then a byte order mark or the look of UTF-16, then Windows-1252, and Latin-1 where a byte has
no meaning in that; where Mac Roman or the code page of DOS makes words of what those would not, it is taken for that. A
file that is mostly UTF-8 but broken in places is refused, for guessing would garble it.
XML says its encoding itself.

>>> decode("título".encode())
('título', 'utf-8')
>>> decode("título".encode("cp1252"))
('título', 'windows-1252')
>>> decode("título".encode("utf-16"))
('título', 'utf-16')
>>> decode("título, año, acción".encode("mac-roman"))
('título, año, acción', 'mac-roman')
>>> decode_xml("<?xml version='1.0' encoding='ISO-8859-2'?><a>Łódź</a>".encode("iso-8859-2"))[0][-11:]
'<a>Łódź</a>'
"""

from __future__ import annotations

import codecs
from typing import TYPE_CHECKING, Final

from bicentennial.core.problems import unreadable
from bicentennial.core.startup.named_tuples import NamedTuple
from bicentennial.core.startup.patterns import lazy

if TYPE_CHECKING:
    import re

__all__ = [
    "NAMES",
    "Decoded",
    "decode",
    "decode_xml",
    "decoded",
    "decoded_xml",
    "garbled",
    "is_wide",
    "may_be_garbled",
    "with_lines",
]

NAMES: Final = {
    "iso-8859-1": "Latin-1",
    "mac-roman": "Mac Roman",
    "cp850": "DOS (code page 850)",
    "utf-16-le": "UTF-16-LE",
    "utf-16-be": "UTF-16-BE",
    "utf-16": "UTF-16",
    "utf-32": "UTF-32",
    "windows-1252": "Windows-1252",
}
"""The encodings that a file may be taken for, and their names as people write them."""

# The longer marks first: that of UTF-32 begins with that of UTF-16.
_MARKS: Final = (
    (codecs.BOM_UTF8, "utf-8-sig", "utf-8"),
    (codecs.BOM_UTF32_LE, "utf-32", "utf-32"),
    (codecs.BOM_UTF32_BE, "utf-32", "utf-32"),
    (codecs.BOM_UTF16_LE, "utf-16", "utf-16"),
    (codecs.BOM_UTF16_BE, "utf-16", "utf-16"),
)
_SAMPLE: Final = 4096
_DECLARED: Final = lazy(rb"""\s*<\?xml[^>]*?\bencoding\s*=\s*["']([A-Za-z][\w.-]*)["']""")
# Codecs of Python that are encodings of text in which XML is written: others, such as UTF-7, could hide markup.
_TEXTUAL: Final = lazy(
    r"ascii|cp(?:125[0-8]|437|85[0258]|86[0-9]|874|932|949|950)|iso8859-\d+|koi8-[rut]|mac-\w+|tis-620|big5|gb\w+"
    r"|euc_\w+|shift_jis\w*|utf-8(?:-sig)?"
)
_WIDE: Final = lazy(r"utf-(?:16|32)(?:-[lb]e)?")
# What UTF-8 looks like that was read as Windows-1252 and saved so, and what is left of letters that were lost.
_GARBLED: Final = lazy(
    "\ufffd|[\u00c2\u00c3][\u0080-\u00bf\u0152\u0153\u0160\u0161\u0178\u017d\u017e\u0192\u02c6\u02dc\u2013\u2014\u2018-\u201e\u2020-\u2022"
    "\u2026\u2030\u2039\u203a\u20ac\u2122](?<!\u00c3\u00a0\\b)|\u00e2\u20ac[\u0080-\u00bf\u0153\u02dc\u2018-\u201d\u2122\u0161\u00a6]"
)
_GARBLED_BEGIN: Final = "\ufffd\u00c2\u00c3\u00e2"
# Names that XML documents use and Python does not know.
_ALIASES: Final = {"macintosh": "mac-roman", "x-mac-roman": "mac-roman", "ucs-2": "utf-16", "iso-10646-ucs-2": "utf-16"}


class Decoded(NamedTuple):
    """The text of a file, and what it was taken for."""

    text: str
    encoding: str
    """The name of the encoding; of XML empty if that is what it declares."""
    doubt: tuple[int, str] | None = None
    """Where a text that was taken for Windows-1252 and may be none looks least like it: position and letters."""


def decode(data: bytes) -> tuple[str, str]:
    """Return the text of a file and the name of the encoding that it was taken for.

    Raises:
        UnreadableInputError: it is no text: it holds NUL characters, or is broken in the encoding that it has.
    """
    return decoded(data)[:2]


def decoded(data: bytes) -> Decoded:
    """Return what `decode` does, and whether it is in doubt."""
    made = _decoded(data)
    nul = made.text.find("\x00")
    if nul >= 0:
        line = made.text.count("\n", 0, nul) + 1
        raise unreadable("nul", line=line, row=line)
    return made


def _decoded(data: bytes) -> Decoded:
    for mark, codec, name in _MARKS:
        if data.startswith(mark):
            return Decoded(_strictly(data, codec, name), name)
    wide = _wide(data[:_SAMPLE])
    if wide:
        return Decoded(_strictly(data, wide, wide), wide)
    try:
        return Decoded(data.decode("utf-8"), "utf-8")
    except UnicodeDecodeError as error:
        lenient = data.decode("utf-8", errors="replace")
        broken = lenient.count("\ufffd")
        whole = len(lenient) - len(lenient.encode("ascii", "ignore")) - broken
        if whole > broken:
            line = data.count(b"\n", 0, error.start) + 1
            raise unreadable("mixed-encoding", line=line, row=line) from error
    return _of_one_byte(data)


def _of_one_byte(data: bytes) -> Decoded:
    from bicentennial.formats.codepages import judged

    page, doubt = judged(data)
    if page:
        return Decoded(data.decode(page), page)
    try:
        return Decoded(data.decode("cp1252"), "windows-1252", doubt)
    except UnicodeDecodeError:
        return Decoded(data.decode("latin-1"), "iso-8859-1")


def decode_xml(data: bytes) -> tuple[str, str]:
    """Return the text of an XML document and the encoding that it was taken for, empty if that is what it declares.

    A declaration of UTF-16 in a document that is plainly none does not count.

    Raises:
        UnreadableInputError: the encoding is none that is read, or the document is not in the one that it declares.
    """
    return decoded_xml(data)[:2]


def decoded_xml(data: bytes) -> Decoded:
    """Return what `decode_xml` does, and whether it is in doubt."""
    declared = _DECLARED.match(data.removeprefix(codecs.BOM_UTF8))
    if declared is None or data.startswith(codecs.BOM_UTF8):
        return decoded(data)
    given = declared[1].decode("ascii", "replace")
    name = _codec(given)
    if name is None:
        raise unreadable("xml-encoding", encoding=given)
    if _WIDE.fullmatch(name) or name.startswith(("utf-8", "ascii")):
        return decoded(data)
    return Decoded(_strictly(data, name, given), "")


def _codec(name: str) -> str | None:
    """Return Python's name of an encoding of text, None if it has none or the encoding is not read."""
    try:
        found = codecs.lookup(_ALIASES.get(name.lower(), name)).name
    except LookupError:
        return None
    return found if _TEXTUAL.fullmatch(found) or _WIDE.fullmatch(found) else None


def garbled(text: str) -> re.Match[str] | None:
    r"""Return the first place in a text where letters are plainly not those that were written.

    >>> garbled("Capacitación"), garbled("CapacitaciÃ³n")[0], garbled("Acci\ufffdn")[0]
    (None, 'Ã³', '\ufffd')
    """
    if text.isascii() or not any(each in text for each in _GARBLED_BEGIN):
        return None
    return _GARBLED.search(text)


def may_be_garbled(data: bytes) -> bool:
    """Return whether `garbled` is worth asking of a text in UTF-8.

    >>> may_be_garbled("Capacitación".encode()), may_be_garbled("CapacitaciÃ³n".encode())
    (False, True)
    """
    return not data.isascii() and any(each.encode() in data for each in _GARBLED_BEGIN)


def with_lines(text: str) -> str:
    r"""Return a text whose lines all end as those of old Macs did with lines that are counted like any other's.

    >>> with_lines("a\rb"), with_lines("a\rb\n")
    ('a\nb', 'a\rb\n')
    """
    return text.replace("\r", "\n") if "\n" not in text else text


def _strictly(data: bytes, codec: str, name: str) -> str:
    try:
        return data.decode(codec)
    except UnicodeDecodeError as error:
        line = data.count(b"\n", 0, error.start) + 1
        raise unreadable("broken-encoding", line=line, encoding=name.upper(), row=line) from error


def is_wide(data: bytes) -> bool:
    """Return whether bytes are text, or meant to be, in an encoding of two or four bytes a character.

    >>> is_wide("id,title".encode("utf-16")), is_wide(b"id,title")
    (True, False)
    """
    return data.startswith(tuple(mark for mark, *_ in _MARKS)) or _wide(data[:_SAMPLE]) is not None


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
