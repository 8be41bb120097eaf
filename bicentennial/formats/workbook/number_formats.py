"""Numbers that a workbook shows otherwise than they are: as identifiers (`0007`, `MX-012`, `12-345`), as percentages.

What is shown is what was meant, and what a program writes when it saves the sheet as CSV. Only formats are followed
that show the digits of a whole number, zeros before them, hyphens, and a word before the first hyphen: any other may be
that of an amount. A percentage is read as the number that it is, and said to be shown otherwise.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Final

from bicentennial.formats.workbook.inspection import shown
from bicentennial.formats.workbook.package_parts import TAG, attribute

if TYPE_CHECKING:
    from collections.abc import Mapping

__all__ = ["PERCENTAGE", "cell_formats", "is_identifier", "telling_styles", "written"]

PERCENTAGE: Final = "%"
"""Stands for any number format of percentages."""

_TOKEN: Final = re.compile(r'"([^"]*)"|\\(.)|(-)|(0)')
_PATTERN: Final = re.compile(r"""((?:"[^"]*"|\\.|-|0)+)(?:;.*)?""", re.DOTALL)
_IDENTIFIER: Final = re.compile(r"(?:[A-Za-z]\w*-(?:\w+-)*)?\d+(?:-\d+)*", re.ASCII)
# Two formats of percentages have numbers of their own; in any other the sign is not quoted.
_PERCENTAGES: Final = ("9", "10")
_QUOTED: Final = re.compile(r'"[^"]*"|\\.|\[[^\]]*\]')
_FORMATS: Final = re.compile(TAG % b"numFmt")
_CELLS: Final = re.compile(rb"<(?:\w+:)?cellXfs(?=[\s>])(.*?)</(?:\w+:)?cellXfs\s*>", re.DOTALL)
_STYLE: Final = re.compile(TAG % b"xf")


def is_identifier(text: str) -> bool:
    """Return whether a number is shown as identifiers are written, rather than as an amount.

    >>> [is_identifier(each) for each in ("0007", "MX-012", "12-345", "MXN 500", "$7", "-7", "7.0")]
    [True, True, True, False, False, False, False]
    """
    return _IDENTIFIER.fullmatch(text) is not None


def written(code: str, digits: str) -> str:
    r"""Return how a number format shows a whole number; as it is where the format is none of identifiers.

    >>> written("0000", "7"), written('"MX-"000', "12"), written(r"00\-000", "12345"), written('"MXN "0', "5")
    ('0007', 'MX-012', '12-345', '5')
    """
    pattern = _PATTERN.fullmatch(code)
    if pattern is None:
        return digits
    tokens = _TOKEN.findall(pattern[1])
    left = digits.zfill(sum(bool(zero) for *_, zero in tokens))
    places = sum(bool(zero) for *_, zero in tokens)
    text: list[str] = []
    for quoted, escaped, hyphen, zero in reversed(tokens):
        if not zero:
            text.append(quoted or escaped or hyphen)
            continue
        places -= 1
        cut = len(left) - 1 if places else 0  # the first place takes all digits that are left
        text.append(left[cut:])
        left = left[:cut]
    found = "".join(reversed(text))
    return found if is_identifier(found) and not left else digits


def cell_formats(part: bytes) -> list[bytes]:
    """Return the tags of the formats of cells in the styles of an XLSX workbook; cells name them by their position."""
    cells = _CELLS.search(part)
    return _STYLE.findall(cells[1]) if cells else []


def telling_styles(part: bytes) -> Mapping[int, str]:
    """Return the number formats of the styles of cells that show numbers otherwise than they are, by their numbers.

    Args:
        part: the styles of an XLSX workbook.
    """
    part = shown(part)
    wanted: dict[str | None, str] = dict.fromkeys(_PERCENTAGES, PERCENTAGE)
    for tag in _FORMATS.findall(part):
        code = attribute(tag, b"formatCode") or ""
        if "%" in _QUOTED.sub("", code):
            wanted[attribute(tag, b"numFmtId")] = PERCENTAGE
        elif written(code, "1") != "1":
            wanted[attribute(tag, b"numFmtId")] = code
    numbers = (attribute(tag, b"numFmtId") for tag in cell_formats(part))
    return {style: wanted[number] for style, number in enumerate(numbers) if number in wanted}
