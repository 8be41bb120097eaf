"""The styles of a workbook, to which marked variants of those in use are added.

A marked cell keeps its number format, font, border and alignment; only its fill is another. A workbook that comes
back after its partner mended it may still hold marks of ours: their fills are emptied first.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Final

from bicentennial.report.workbook.markup import appended, attribute, elements, prefix, tags, whole, with_attribute

if TYPE_CHECKING:
    from bicentennial.core.findings import Severity

__all__ = ["COLORS", "EMPTY", "Styles"]

COLORS: Final[dict[Severity, str]] = {"violation": "FFF9D7D3", "warning": "FFFBE9C6", "info": "FFDBE8F4"}
"""The fill of a marked cell by the gravest of its findings."""

_LINE: Final = '<left/><right/><top/><bottom style="hair"><color rgb="FF9AA7AC"/></bottom><diagonal/>'
_FILL: Final = '<patternFill patternType="solid"><fgColor rgb="{}"/><bgColor indexed="64"/></patternFill>'
_FONT: Final = '<sz val="11"/><color rgb="FF1D2A33"/><name val="Calibri"/>'
_HEAD: Final = "FFE9EFF0"
EMPTY: Final = (
    b'<?xml version="1.0" encoding="UTF-8" standalone="yes"?>\n'
    b'<styleSheet xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main">'
    b'<fonts count="1"><font><sz val="11"/><name val="Calibri"/><family val="2"/></font></fonts>'
    b'<fills count="2"><fill><patternFill patternType="none"/></fill><fill><patternFill patternType="gray125"/></fill>'
    b'</fills><borders count="1"><border><left/><right/><top/><bottom/><diagonal/></border></borders>'
    b'<cellStyleXfs count="1"><xf numFmtId="0" fontId="0" fillId="0" borderId="0"/></cellStyleXfs>'
    b'<cellXfs count="1"><xf numFmtId="0" fontId="0" fillId="0" borderId="0" xfId="0"/></cellXfs>'
    b'<cellStyles count="1"><cellStyle name="Normal" xfId="0" builtinId="0"/></cellStyles></styleSheet>'
)
"""The styles of a workbook that has none."""

# The order in which the lists of a style sheet follow one another.
_ORDER: Final = (
    "fonts",
    "fills",
    "borders",
    "cellStyleXfs",
    "cellXfs",
    "cellStyles",
    "dxfs",
    "tableStyles",
    "colors",
    "extLst",
)


class Styles:
    """A style sheet that grows.

    Args:
        xml: the part as it is.
    """

    def __init__(self, xml: bytes) -> None:
        self._ns = prefix(xml, "styleSheet")
        self._xml = xml
        self._fonts = [self._element("font", f"<{look}/>{_FONT}") for look in ("b", "u")]
        found = next(elements(xml, self._ns + b"cellXfs"), None)
        listed = [match[0] for match in elements(found[0], self._ns + b"xf")] if found else []
        self._base = listed or [self._tag(b'xf numFmtId="0" fontId="0" fillId="0" borderId="0" xfId="0"/>')]
        self._known = len(listed)
        self._new: list[bytes] = [] if listed else list(self._base)
        self._fills = self._count("fills", "fill")
        self._first_font = self._count("fonts", "font")
        self._line = self._count("borders", "border")
        self._marked: dict[tuple[int, Severity], int] = {}
        self._empty_own_fills(found)
        bold, link = self._first_font, self._first_font + 1
        wrapped = b'<%salignment vertical="top" wrapText="1"/>' % self._ns
        self.text = self._add(0, 0, wrapped, lined=True)
        """Text that no program takes for a formula, wrapped."""
        self.bold = self._add(bold, 0, b"")
        self.head = self._add(bold, self._fills + len(COLORS), wrapped, lined=True)
        self.link = self._add(link, 0, wrapped, lined=True)
        self.severity: dict[Severity, int] = {
            severity: self._add(0, self._fills + place, wrapped, lined=True) for place, severity in enumerate(COLORS)
        }
        self.plain = self._add(0, 0, b"")
        """Text that no program takes for a formula, on one line."""

    def marked(self, style: int, severity: Severity) -> int:
        """Return the style that is another one but for the fill of a severity."""
        key = (style, severity)
        if key not in self._marked:
            # A style that the sheet names and the workbook has not counts as the first.
            base = self._base[style] if 0 <= style < len(self._base) else self._base[0]
            end = base.index(b">") + 1
            tag = with_attribute(base[:end], "fillId", self._fills + list(COLORS).index(severity))
            self._new.append(with_attribute(tag, "applyFill", 1) + base[end:])
            self._marked[key] = self._last()
        return self._marked[key]

    def xml(self) -> bytes:
        """Return the part with all that was added."""
        fills = [self._element("fill", _FILL.format(color)) for color in (*COLORS.values(), _HEAD)]
        xml = self._xml
        line = self._element("border", _LINE)
        lists = (("fonts", self._fonts), ("fills", fills), ("borders", [line]), ("cellXfs", self._new))
        for name, items in lists:
            later = [self._ns + each.encode() for each in _ORDER[_ORDER.index(name) + 1 :]]
            xml = appended(xml, self._ns + name.encode(), items, later, self._ns + b"styleSheet")
        return xml

    def _last(self) -> int:
        return self._known + len(self._new) - 1

    def _add(self, font: int, fill: int, inside: bytes, *, lined: bool = False) -> int:
        start = (
            b'xf numFmtId="49" fontId="%d" fillId="%d" borderId="%d" xfId="0" quotePrefix="1" applyNumberFormat="1"'
            b' applyFont="1" applyFill="1" applyBorder="1" applyAlignment="1"'
            % (font, fill, self._line if lined else 0)
        )
        self._new.append(self._tag(start + (b">" + inside + b"</" + self._ns + b"xf>" if inside else b"/>")))
        return self._last()

    def _tag(self, rest: bytes) -> bytes:
        return b"<" + self._ns + rest

    def _count(self, outer: str, inner: str) -> int:
        found = next(elements(self._xml, self._ns + outer.encode()), None)
        return len(tags(found[0], self._ns + inner.encode())) if found else 0

    def _element(self, name: str, inside: str) -> bytes:
        text = f"<{name}>{inside}</{name}>".encode()
        return re.sub(rb"<(/?)", rb"<\1" + self._ns, text) if self._ns else text

    def _empty_own_fills(self, listed: re.Match[bytes] | None) -> None:
        found = next(elements(self._xml, self._ns + b"fills"), None)
        if found is None or listed is None:
            return
        fills = [match[0] for match in elements(found[0], self._ns + b"fill")]
        ours = {str(at) for at, fill in enumerate(fills) if any(f'"{c}"'.encode() in fill for c in COLORS.values())}
        if not ours:
            return
        for at, xf in enumerate(self._base):
            end = xf.index(b">") + 1
            if attribute(xf[:end], "fillId") in ours:
                self._base[at] = with_attribute(xf[:end], "fillId", 0) + xf[end:]
        parts = iter(self._base)
        cleaned = whole(self._ns + b"xf").sub(lambda _: next(parts), listed[0])
        self._xml = self._xml[: listed.start()] + cleaned + self._xml[listed.end() :]
