r"""XML of workbooks, read and patched as bytes, so that all that is not meant to change stays as it was.

Parsing and writing XML anew would rename namespace prefixes, which some parts of a workbook refer to by name; these
functions touch single tags only. What is written is ASCII, with character references, and so right in any encoding.

>>> escaped("a < ñ\x07")
b'a &lt; &#241;\\x07'
>>> with_attribute(b'<c r="A1" s="3"/>', "s", 7), with_attribute(b"<c/>", "s", 7)
(b'<c r="A1" s="7"/>', b'<c s="7"/>')
"""

from __future__ import annotations

import re
from functools import cache
from html import unescape
from typing import TYPE_CHECKING, Final

from bicentennial.core.escape import printable

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

__all__ = [
    "MAIN",
    "STRICT_MAIN",
    "appended",
    "attribute",
    "elements",
    "escaped",
    "inserted",
    "prefix",
    "tags",
    "whole",
    "with_attribute",
]

MAIN: Final = b"http://schemas.openxmlformats.org/spreadsheetml/2006/main"
"""The namespace of the parts of a workbook."""
STRICT_MAIN: Final = b"http://purl.oclc.org/ooxml/spreadsheetml/main"
"""The same in workbooks that are strict Office Open XML."""

# Spreadsheet programs read _x0041_ in a text as the character with that number.
_ESCAPE: Final = re.compile(r"_(?=x[0-9A-Fa-f]{4}_)")
# Most texts need no escape, and looking costs a tenth of escaping.
_ORDINARY: Final = re.compile(r"[ !#-%'-;=?-^`-~]*")
_QUOTES: Final = {'"': "&quot;", "&": "&amp;", "<": "&lt;", ">": "&gt;"}


def escaped(text: str) -> bytes:
    """Return a text for an element or an attribute, with nothing in it that acts or that XML does not allow."""
    if _ORDINARY.fullmatch(text):
        return text.encode()
    harmless = _ESCAPE.sub("_x005F_", printable(text))
    return "".join(_QUOTES.get(c, c) for c in harmless).encode("ascii", "xmlcharrefreplace")


@cache
def _attribute(name: str) -> re.Pattern[bytes]:
    return re.compile(rb"""(?<=\s)%s\s*=\s*("[^"]*"|'[^']*')""" % name.encode())


def attribute(tag: bytes, name: str) -> str | None:
    """Return the value of an attribute of a tag.

    >>> attribute(b"<sheet name='R&amp;D' sheetId='1'/>", "name")
    'R&D'
    """
    found = _attribute(name).search(tag)
    return unescape(found[1][1:-1].decode("utf-8", "replace")) if found else None


def with_attribute(tag: bytes, name: str, value: str | int) -> bytes:
    """Return a tag in which an attribute has a value."""
    written = b'"' + escaped(str(value)) + b'"'
    found = _attribute(name).search(tag)
    if found:
        return tag[: found.start(1)] + written + tag[found.end(1) :]
    end = len(tag) - (2 if tag.endswith(b"/>") else 1)
    return tag[:end].rstrip() + b" " + name.encode() + b"=" + written + tag[end:]


def prefix(xml: bytes, root: str) -> bytes:
    """Return what stands before the names of elements in a part: nothing, or such as `x:`.

    >>> prefix(b'<?xml version="1.0"?><x:worksheet>', "worksheet")
    b'x:'
    """
    found = re.search(rb"<([A-Za-z_][\w.-]*:)?%s[\s>/]" % root.encode(), xml)
    return (found[1] or b"") if found else b""


def tags(xml: bytes, name: bytes) -> list[bytes]:
    """Return the start tags of the elements of a name."""
    return re.findall(rb"<%s(?=[\s>/])[^<>]*>" % name, xml)


def whole(name: bytes) -> re.Pattern[bytes]:
    """Return what a whole element of a name looks like that is not nested in itself."""
    return re.compile(rb"<%s(?=[\s>/])(?:[^<>]*/>|.*?</%s\s*>)" % (name, name), re.DOTALL)


def elements(xml: bytes, name: bytes) -> Iterator[re.Match[bytes]]:
    """Return each whole element of a name that is not nested in itself."""
    return whole(name).finditer(xml)


def inserted(xml: bytes, new: bytes, before: Sequence[bytes], root: bytes) -> bytes:
    """Return a part with something new before the first of some elements, or at the end of the root.

    >>> inserted(b"<a x='1'/>", b"<b/>", [], b"a")
    b"<a x='1'><b/></a>"
    """
    for name in before:
        found = re.search(rb"<%s(?=[\s>/])" % name, xml)
        if found:
            return xml[: found.start()] + new + xml[found.start() :]
    end = xml.rfind(b"</" + root)
    if end >= 0:
        return xml[:end] + new + xml[end:]
    return re.sub(
        rb"(<%s(?=[\s/])[^<>]*?)\s*/>" % root, lambda tag: tag[1] + b">" + new + b"</" + root + b">", xml, count=1
    )


def appended(xml: bytes, name: bytes, items: Iterable[bytes], before: Sequence[bytes], root: bytes) -> bytes:
    """Return a part with items at the end of a list, which is made where it is missing; its `count` is kept true.

    >>> appended(b"<a><l count='1'><i/></l></a>", b"l", [b"<j/>"], [], b"a")
    b'<a><l count="2"><i/><j/></l></a>'
    >>> appended(b"<a><z/></a>", b"l", [b"<j/>"], [b"z"], b"a")
    b'<a><l><j/></l><z/></a>'
    """
    new = list(items)
    if not new:
        return xml
    start = re.search(rb"<%s(?=[\s>/])[^<>]*>" % name, xml)
    if start is None:
        return inserted(xml, b"<%s>%s</%s>" % (name, b"".join(new), name), before, root)
    tag = start[0]
    count = attribute(tag, "count")
    if count is not None and count.isdecimal():
        tag = with_attribute(tag, "count", int(count) + len(new))
    if tag.endswith(b"/>"):
        return (
            xml[: start.start()] + tag[:-2].rstrip() + b">" + b"".join(new) + b"</" + name + b">" + xml[start.end() :]
        )
    end = xml.find(b"</" + name, start.end())
    if end < 0:
        return xml
    return xml[: start.start()] + tag + xml[start.end() : end] + b"".join(new) + xml[end:]
