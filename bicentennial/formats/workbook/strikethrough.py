"""Which styles of a workbook strike text out, as people do with what no longer holds; its reader does not say."""

from __future__ import annotations

import re
from typing import Final

from bicentennial.formats.workbook.inspection import ATTRIBUTES, shown
from bicentennial.formats.workbook.number_formats import cell_formats
from bicentennial.formats.workbook.package_parts import attribute

__all__ = ["struck_names", "struck_styles"]

_FONTS: Final = re.compile(rb"<(?:\w+:)?fonts(?=[\s>])(.*?)</(?:\w+:)?fonts\s*>", re.DOTALL)
_FONT: Final = re.compile(rb"<(?:\w+:)?font(?=[\s/>])[^<>]*?(?:/>|>(.*?)</(?:\w+:)?font\s*>)", re.DOTALL)
_STRIKE: Final = re.compile(rb"""<(?:\w+:)?strike(?=[\s/>])(?![^<>]*\sval\s*=\s*["'](?:0|false|off)["'])""")
_STYLE: Final = re.compile(rb"<style:style(?=\s)(" + ATTRIBUTES + rb")>((?:[^<]++|<(?!/style:style))*+)")
_LINE: Final = re.compile(rb"""\bstyle:text-line-through-(?:style|type)\s*=\s*["'](?!none["'])""")


def struck_styles(part: bytes) -> frozenset[int]:
    """Return the numbers of the styles of cells of an XLSX workbook that strike text out.

    Args:
        part: the styles of the workbook.

    >>> sorted(struck_styles(b"<fonts><font/><font><strike/></font></fonts><cellXfs><xf fontId='0'/><xf fontId='1'/>"
    ...     b"</cellXfs>"))
    [1]
    """
    if b"strike" not in part:
        return frozenset()
    part = shown(part)
    fonts = _FONTS.search(part)
    struck = {str(n) for n, font in enumerate(_FONT.findall(fonts[1])) if _STRIKE.search(font)} if fonts else set()
    return frozenset(n for n, tag in enumerate(cell_formats(part)) if attribute(tag, b"fontId") in struck)


def struck_names(content: bytes) -> frozenset[str]:
    """Return the names of the styles of an ODS workbook that strike text out.

    Args:
        content: the content of the workbook, in which stand the styles that its cells have.

    >>> struck_names(b'<style:style style:name="ce1"><style:text-properties style:text-line-through-style="solid"/>')
    frozenset({'ce1'})
    """
    if b"line-through" not in content:
        return frozenset()
    names = (attribute(tag, b"style:name") for tag, inner in _STYLE.findall(content) if _LINE.search(inner))
    return frozenset(name for name in names if name)
