r"""Documents of XML in which what XML cannot hold is replaced, and what would act on a reader is a reference.

>>> root = ET.Element("plan")
>>> put(root, "name", "a\x07b\u202e", kind="x").text
'a\ufffdb\u202e'
>>> document(root).splitlines()[2]
' <name kind="x">a\ufffdb&#8238;</name>'
"""

from __future__ import annotations

import re
from typing import Final
from xml.etree import ElementTree as ET

from bicentennial.core.messages import UNSAFE
from bicentennial.exchange.cells import UNWRITABLE

__all__ = ["document", "put", "referred"]

_INSIDE: Final = re.compile(r'>[^<]+<|="[^"]*"')


def put(parent: ET.Element, name: str, text: str | None = None, **attributes: str) -> ET.Element:
    """Add an element to another and return it; characters that XML does not have become U+FFFD in it."""
    element = ET.SubElement(parent, name, {key: _held(value) for key, value in attributes.items()})
    element.text = None if text is None else _held(text)
    return element


def _held(text: str) -> str:
    return UNWRITABLE.sub("\ufffd", text)


def document(root: ET.Element) -> str:
    """Return an element as a document, indented."""
    ET.indent(root, " ")
    return f'<?xml version="1.0" encoding="UTF-8"?>\n{referred(ET.tostring(root, encoding="unicode"))}\n'


def referred(text: str) -> str:
    """Return XML in which what would act is a reference to its number; it only may be within texts and attributes."""

    def inside(match: re.Match[str]) -> str:
        return UNSAFE.sub(lambda found: found[0] if found[0] in "\t\n" else f"&#{ord(found[0])};", match[0])

    return _INSIDE.sub(inside, text)
