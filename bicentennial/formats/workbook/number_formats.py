"""Numbers that a workbook shows as identifiers are written: `0007`, `MX-012`, `12-345`.

What is shown is what was meant, and what a program writes when it saves the sheet as CSV. Only formats are followed
that show the digits of a whole number, zeros before them, hyphens, and a word before the first hyphen: any other may be
that of an amount.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Final

from bicentennial.formats.workbook.inspection import shown
from bicentennial.formats.workbook.package_parts import TAG, attribute

if TYPE_CHECKING:
    from collections.abc import Mapping

__all__ = ["is_identifier", "styles_of_identifiers", "written"]

_TOKEN: Final = re.compile(r'"([^"]*)"|\\(.)|(-)|(0)')
_PATTERN: Final = re.compile(r"""((?:"[^"]*"|\\.|-|0)+)(?:;.*)?""", re.DOTALL)
_IDENTIFIER: Final = re.compile(r"(?:[A-Za-z]\w*-(?:\w+-)*)?\d+(?:-\d+)*", re.ASCII)
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


def styles_of_identifiers(part: bytes) -> Mapping[int, str]:
    """Return the number formats of those styles of cells that show whole numbers as identifiers, by their numbers.

    Args:
        part: the styles of an XLSX workbook.
    """
    if b"formatCode" not in part:
        return {}
    part = shown(part)
    codes = {attribute(tag, b"numFmtId"): attribute(tag, b"formatCode") or "" for tag in _FORMATS.findall(part)}
    wanted = {number: code for number, code in codes.items() if written(code, "1") != "1"}
    cells = _CELLS.search(part)
    if not wanted or cells is None:
        return {}
    numbers = (attribute(tag, b"numFmtId") for tag in _STYLE.findall(cells[1]))
    return {style: wanted[number] for style, number in enumerate(numbers) if number in wanted}
