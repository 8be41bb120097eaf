"""The comments of a sheet: ours beside those that people wrote, which stay.

Spreadsheet programs keep a comment in two parts, its text and a drawing of the box that shows it. A cell that has a
comment already gets our text below it. What an earlier report of ours left is taken out first.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Final

from bicentennial.report.workbook.markup import attribute, elements, escaped, prefix, whole

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

__all__ = ["AUTHOR", "NO_BOXES", "NO_COMMENTS", "with_boxes", "with_comments"]

AUTHOR: Final = "bicentennial"
_LINE: Final = f"\n— {AUTHOR} —\n"
_OURS: Final = re.compile(rb"(?:\xe2\x80\x94|&#8212;|&#x2014;) %s (?:\xe2\x80\x94|&#8212;|&#x2014;)" % AUTHOR.encode())
_MOST: Final = 2_000

NO_COMMENTS: Final = (
    b'<?xml version="1.0" encoding="UTF-8" standalone="yes"?>\n'
    b'<comments xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main">'
    b"<authors></authors><commentList></commentList></comments>"
)
"""The texts of a sheet without comments."""

NO_BOXES: Final = (
    b'<xml xmlns:v="urn:schemas-microsoft-com:vml" xmlns:o="urn:schemas-microsoft-com:office:office"'
    b' xmlns:x="urn:schemas-microsoft-com:office:excel">'
    b'<o:shapelayout v:ext="edit"><o:idmap v:ext="edit" data="1"/></o:shapelayout></xml>'
)
"""The boxes of a sheet without comments."""

_SHAPE_TYPE: Final = (
    b'<v:shapetype xmlns:v="urn:schemas-microsoft-com:vml" xmlns:o="urn:schemas-microsoft-com:office:office"'
    b' id="_x0000_t202" coordsize="21600,21600" o:spt="202" path="m,l,21600r21600,l21600,xe">'
    b'<v:stroke joinstyle="miter"/><v:path gradientshapeok="t" o:connecttype="rect"/></v:shapetype>'
)
_SHAPE: Final = (
    '<v:shape xmlns:v="urn:schemas-microsoft-com:vml" xmlns:o="urn:schemas-microsoft-com:office:office"'
    ' xmlns:x="urn:schemas-microsoft-com:office:excel" id="_x0000_s{id}" type="#_x0000_t202"'
    ' style="position:absolute;margin-left:60pt;margin-top:2pt;width:260pt;height:{height}pt;z-index:1;'
    'visibility:hidden" fillcolor="#fffdf5" o:insetmode="auto"><v:fill color2="#fffdf5"/>'
    '<v:shadow on="t" color="#b0b0b0" obscured="t"/><v:path o:connecttype="none"/>'
    '<v:textbox style="mso-direction-alt:auto"><div style="text-align:left"></div></v:textbox>'
    '<x:ClientData ObjectType="Note"><x:MoveWithCells/><x:SizeWithCells/>'
    "<x:Anchor>{left}, 12, {top}, 4, {right}, 30, {bottom}, 4</x:Anchor><x:AutoFill>False</x:AutoFill>"
    "<x:Row>{row}</x:Row><x:Column>{column}</x:Column></x:ClientData></v:shape>"
)
_SHAPES: Final = re.compile(rb"<v:shape(?=[\s>]).*?</v:shape>", re.DOTALL)
_NUMBER: Final = re.compile(rb"_x0000_s(\d+)")
_ROW: Final = re.compile(rb"<x:Row>\s*(\d+)\s*</x:Row>")
_COLUMN: Final = re.compile(rb"<x:Column>\s*(\d+)\s*</x:Column>")

Cell = tuple[int, int]


def _reference(cell: Cell) -> str:
    from bicentennial.core.findings import column_letter

    return f"{column_letter(cell[1])}{cell[0]}"


def with_comments(xml: bytes, texts: Mapping[Cell, Sequence[tuple[str, str]]]) -> tuple[bytes, set[str], set[str]]:
    """Return the texts of a sheet's comments with ours.

    Args:
        xml: the part as it is.
        texts: what to say of each cell (row, column): headings, each with a text.

    Returns:
        The part; the references of the cells that have a new comment and so need a box; those whose former comment of
        ours is gone, and whose box should be.
    """
    ns = prefix(xml, "comments")
    xml, gone = _without_ours(xml, ns)
    authors = next(elements(xml, ns + b"authors"), None)
    number = len(list(elements(authors[0], ns + b"author"))) if authors else 0
    runs = {_reference(cell): _runs(said, ns) for cell, said in texts.items()}

    def joined(match: re.Match[bytes]) -> bytes:
        reference = attribute(match[0][: match[0].index(b">") + 1], "ref") or ""
        end = match[0].rfind(b"</" + ns + b"text")
        if reference not in runs or end < 0:
            return match[0]
        ours = runs.pop(reference)
        if b"[Threaded comment]" in match[0]:  # only a thread's own program may change it
            return match[0]
        return match[0][:end] + _run(_LINE, ns, bold=False) + ours + match[0][end:]

    xml = whole(ns + b"comment").sub(joined, xml)
    made = [
        b'<%scomment ref="%s" authorId="%d"><%stext>%s</%stext></%scomment>'
        % (ns, reference.encode(), number, ns, inside, ns, ns)
        for reference, inside in runs.items()
    ]
    author = b"<%sauthor>%s</%sauthor>" % (ns, AUTHOR.encode(), ns)
    for name, items in ((b"authors", [author] if made else []), (b"commentList", made)):
        xml = _filled(xml, ns + name, b"".join(items), ns + b"comments")
    return xml, set(runs), gone


def _filled(xml: bytes, name: bytes, new: bytes, root: bytes) -> bytes:
    empty = re.search(rb"<%s\s*/>" % name, xml)
    if empty:
        return xml[: empty.start()] + b"<%s>%s</%s>" % (name, new, name) + xml[empty.end() :]
    at = xml.rfind(b"</" + name)
    if at >= 0:
        return xml[:at] + new + xml[at:]
    end = xml.rfind(b"</" + root)
    return xml[:end] + b"<%s>%s</%s>" % (name, new, name) + xml[end:]


def _without_ours(xml: bytes, ns: bytes) -> tuple[bytes, set[str]]:
    """Return the comments without ours, and which cells those were at; the list of authors stays, for its numbers."""
    authors = [re.sub(rb"<[^<>]*>", b"", match[0]).strip() for match in elements(xml, ns + b"author")]
    ours = {str(at) for at, author in enumerate(authors) if author == AUTHOR.encode()}
    gone: set[str] = set()

    def kept(match: re.Match[bytes]) -> bytes:
        tag = match[0][: match[0].index(b">") + 1]
        if attribute(tag, "authorId") in ours:
            gone.add(attribute(tag, "ref") or "")
            return b""
        return _cut(match[0], ns)

    return whole(ns + b"comment").sub(kept, xml), gone


def _cut(comment: bytes, ns: bytes) -> bytes:
    r"""Return a comment without what we wrote below it, whether or not a program has joined its runs since.

    >>> _cut(b"<comment><text><t>Ask Ana\n&#8212; bicentennial &#8212;\nOld</t></text></comment>", b"")
    b'<comment><text><t>Ask Ana</t></text></comment>'
    """
    line, end = _OURS.search(comment), comment.rfind(b"</" + ns + b"text")
    if line is None or end < line.start():
        return comment
    start = len(comment[: line.start()].rstrip())
    run = comment.rfind(b"<" + ns + b"r>", 0, start)
    if comment.rfind(b"</" + ns + b"r>", 0, start) > run:
        run = -1
    if run >= 0 and comment[:start].endswith(b">"):
        return comment[:run] + comment[end:]
    closed = b"</" + ns + b"t>" + (b"</" + ns + b"r>" if run >= 0 else b"")
    return comment[:start] + closed + comment[end:]


def _runs(said: Sequence[tuple[str, str]], ns: bytes) -> bytes:
    runs, length = [], 0
    for at, (heading, text) in enumerate(said):
        shown = text if len(text) <= _MOST else text[: _MOST - 1] + "…"
        if length and length + len(shown) > _MOST:
            runs.append(_run("\n…", ns, bold=False))
            break
        length += len(shown)
        runs += [_run(("\n\n" if at else "") + heading + "\n", ns, bold=True), _run(shown, ns, bold=False)]
    return b"".join(runs)


def _run(text: str, ns: bytes, *, bold: bool) -> bytes:
    look = (b"<b/>" if bold else b"") + b'<sz val="9"/><color indexed="81"/><rFont val="Tahoma"/><family val="2"/>'
    inside = b"<rPr>" + look + b'</rPr><t xml:space="preserve">' + escaped(text) + b"</t>"
    return re.sub(rb"<(/?)(?=[a-zA-Z])", rb"<\1" + ns, b"<r>" + inside + b"</r>")


def with_boxes(vml: bytes, cells: Mapping[Cell, Sequence[tuple[str, str]]], gone: set[str]) -> bytes:
    """Return the drawing of a sheet's comments with a hidden box for each of some cells.

    Args:
        vml: the part as it is.
        cells: the cells, and what their comments say, by which the boxes are as high as they need to be.
        gone: the references of cells whose box is to go.
    """

    def kept(match: re.Match[bytes]) -> bytes:
        row, column = _ROW.search(match[0]), _COLUMN.search(match[0])
        if row and column and _reference((int(row[1]) + 1, int(column[1]) + 1)) in gone:
            return b""
        return match[0]

    vml = _SHAPES.sub(kept, vml)
    if not cells:
        return vml
    last = max([1024, *(int(number[-9:]) for number in _NUMBER.findall(vml))])
    shapes = b"" if b"_x0000_t202" in vml else _SHAPE_TYPE
    for number, (cell, said) in enumerate(sorted(cells.items()), start=last + 1):
        row, column = cell
        lines = sum(2 + len(text) // 52 for _, text in said)
        shapes += _SHAPE.format(
            id=number, height=12 * lines + 10, left=column, right=column + 4, top=max(row - 2, 0),
            bottom=max(row - 2, 0) + max(3, (12 * lines + 10) // 15 + 1), row=row - 1, column=column - 1,
        ).encode()  # fmt: skip
    end = vml.rfind(b"</xml")
    return vml[:end] + shapes + vml[end:] if end >= 0 else vml
