"""The content of an ODS workbook with nothing in it but its sheets, each cell with its own text.

The reader of workbooks takes whatever text stands in a cell for the cell's, that of pictures and shapes too, and knows
neither line breaks nor tabs, nor a text that is not said to be one, nor tables within cells; and it takes for a sheet
what is kept of another file that formulas refer to.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Final

from bicentennial.core.problems import unreadable
from bicentennial.formats.workbook.inspection import ATTRIBUTES, shown

if TYPE_CHECKING:
    from collections.abc import Iterator

__all__ = ["plain_content"]

# What stands in or beside cells and is no part of them: drawings, comments, how to pronounce a text, former values.
_BESIDE: Final = re.compile(
    rb"<(/?)(?:(?:draw|dr3d|chart|form):[\w-]+|table:(?:shapes|dde-links|tracked-changes)|office:(?:annotation|forms)"
    rb"|text:(?:ruby-text|note))(?=[\s/>])" + ATTRIBUTES + rb">"
)
_MARKS: Final = (b"<draw:", b"<dr3d:", b"<table:shapes", b"<table:dde", b"<table:tracked", b"<office:annot",
                 b"<office:forms", b"<text:ruby-text", b"<text:note", b"<form:", b"<chart:")  # fmt: skip
_BREAK: Final = re.compile(rb"<text:line-break\s*(?:/>|>\s*</text:line-break\s*>)")
_TAB: Final = re.compile(rb"<text:tab(?=[\s/>])" + ATTRIBUTES + rb"(?:(?<=/)>|>\s*</text:tab\s*>)")
_PARAGRAPH: Final = re.compile(rb"(<text:p(?=[\s>])[^<>]*(?<!/)>)((?:[^<]++|<(?!/?text:p[\s/>]))*+)(</text:p\s*>)")
_BLANKS: Final = re.compile(rb"[ \t\r\n]+")
# Tables that are kept of other files have names that no sheet can have: 'file:///folder/other.ods'#$sheet.
_KEPT: Final = re.compile(
    rb"""<table:table(?=\s)[^<>]*?\btable:name\s*=\s*(?:"(?:'|&apos;)[A-Za-z][\w+.-]*:[^"<]*(?:'|&apos;)\#[^"<]*\""""
    rb"""|'(?:&apos;|&\#39;)[A-Za-z][\w+.-]*:[^'<]*(?:&apos;|&\#39;)\#[^'<]*')""" + ATTRIBUTES + rb">",
    re.VERBOSE,
)
_BEGIN: Final = b"<table:table "
_END: Final = b"</table:table>"
_TABLE: Final = re.compile(rb"<(/?)table:table(?=[\s/>])" + ATTRIBUTES + rb">")
_UNTYPED: Final = re.compile(
    rb"(<table:(?:covered-)?table-cell(?=[\s>]))((?:[^<>\"'v]|\"[^\"<]*\"|'[^'<]*'|v(?!alue-type=))*+(?<!/)>\s*<text:p[\s>])"
)
_TAG: Final = re.compile(rb"</?table:[\w-]+" + ATTRIBUTES + rb">")


def plain_content(content: bytes) -> bytes:
    """Return the content of an ODS workbook without what is no part of its sheets; nearly always it is as it was.

    Raises:
        UnreadableInputError: an element, a comment or a quoted text does not end.

    >>> plain_content(b"<text:p>a<text:line-break/>b<text:tab/>c</text:p><draw:g><text:p>x</text:p></draw:g>")
    b'<text:p>a&#10;b&#9;c</text:p>'
    """
    content = shown(content)
    if any(mark in content for mark in _MARKS):
        content = b"".join(_without_beside(content))
    if b"'#" in content or b"apos;#" in content or b"&#39;#" in content:
        content = b"".join(_without_kept(content))
    content = b"".join(_without_inner(content)) if _may_nest(content) else content
    content = _typed(content)
    content = _PARAGRAPH.sub(_collapsed, content) if b"\n" in content or b"  " in content else content
    content = _BREAK.sub(b"&#10;", content) if b"<text:line-break" in content else content
    return _TAB.sub(b"&#9;", content) if b"<text:tab" in content else content


def _without_beside(content: bytes) -> Iterator[bytes]:
    depth = done = 0
    for match in _BESIDE.finditer(content):
        if match[1]:
            depth -= 1
            if depth < 0:
                raise unreadable("broken-workbook")
            done = match.end() if not depth else done
            continue
        if not depth:
            yield content[done : match.start()]
            done = match.end()
        depth += not match[0].endswith(b"/>")
    if depth:
        raise unreadable("broken-workbook")
    yield content[done:]


def _without_kept(content: bytes) -> Iterator[bytes]:
    done = 0
    for match in _KEPT.finditer(content):
        end = content.find(_END, match.end())
        if end < 0:
            raise unreadable("broken-workbook")
        if match[0].endswith(b"/>") or match.start() < done:
            continue
        yield content[done : match.start()]
        done = end + len(_END)
    yield content[done:]


def _may_nest(content: bytes) -> bool:
    """Return whether a table may stand in a cell of another."""
    start = 0
    while (end := content.find(_END, start)) >= 0:
        if content.count(_BEGIN, start, end) > 1:
            return True
        start = end + len(_END)
    return False


def _without_inner(content: bytes) -> Iterator[bytes]:
    """Yield content whose tables within cells are the paragraphs that stand in these."""
    depth = done = 0
    for match in _TABLE.finditer(content):
        if match[0].endswith(b"/>"):
            continue
        if match[1]:
            depth -= 1
            if depth == 1:
                yield _TAG.sub(b"", content[done : match.end()])
                done = match.end()
        else:
            depth += 1
            if depth == 2:
                yield content[done : match.start()]
                done = match.start()
    if depth:
        raise unreadable("broken-workbook")
    yield content[done:]


def _typed(content: bytes) -> bytes:
    """Return content whose cells all say that they hold a text if they hold text and do not say what.

    >>> _typed(b"<table:table-cell><text:p>x</text:p></table:table-cell>")
    b'<table:table-cell office:value-type="string"><text:p>x</text:p></table:table-cell>'
    """
    ends = content.count(b"</table:table-cell") + content.count(b"</table:covered-table-cell")
    if ends == content.count(b"office:value-type="):
        return content
    return _UNTYPED.sub(rb'\1 office:value-type="string"\2', content)


def _collapsed(paragraph: re.Match[bytes]) -> bytes:
    """Return a paragraph with each run of blanks as one, which is all that they count for; `text:s` stands for more."""
    inner = paragraph[2]
    if b"\n" in inner or b"\t" in inner or b"  " in inner:
        inner = _BLANKS.sub(b" ", inner).strip(b" ")
    return paragraph[1] + inner + paragraph[3]
