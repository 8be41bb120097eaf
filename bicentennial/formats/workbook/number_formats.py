"""Numbers that a workbook shows otherwise than they are: as identifiers (`0007`), percentages, millions (`25 mdp`).

What is shown is what was meant, and what a program writes when it saves the sheet as CSV. Only formats are followed
that show the digits of a whole number, zeros before them, hyphens, and a word before the first hyphen (`MX-012`): any
other may be that of an amount. Percentages and millions are read as the numbers that they are, and said to be shown
otherwise.
"""

from __future__ import annotations

import re
from functools import cache
from typing import TYPE_CHECKING, Final

from bicentennial.formats.workbook.inspection import shown
from bicentennial.formats.workbook.package_parts import TAG, attribute
from bicentennial.semantics.values.amounts import currency_named, scale

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

__all__ = [
    "PERCENTAGE",
    "cell_formats",
    "currency",
    "is_identifier",
    "styles_of_dates",
    "styles_that_change_numbers",
    "unit",
    "written",
]

PERCENTAGE: Final = "%"
"""Stands for any number format of percentages."""

_TOKEN: Final = re.compile(r'"([^"]*)"|\\(.)|(-)|(0)')
_PATTERN: Final = re.compile(r"""((?:"[^"]*"|\\.|-|0)+)(?:;.*)?""", re.DOTALL)
_IDENTIFIER: Final = re.compile(r"(?:[A-Za-z]\w*-(?:\w+-)*)?\d+(?:-\d+)*", re.ASCII)
# Two formats of percentages have numbers of their own; in any other the sign is not quoted.
_PERCENTAGES: Final = ("9", "10")
# Formats of dates that have numbers of their own.
_DATES: Final = tuple(map(str, (*range(14, 18), 22, *range(27, 37), *range(50, 59))))
_QUOTED: Final = re.compile(r'"([^"]*)"|\\(.)|\[[^\]]*\]')
# What a format shows as it is: in quotation marks, behind a backslash, or as the currency before a number of a locale.
_LITERAL: Final = re.compile(r'"([^"]*)"|\\(.)|\[(?:\$([^\]-]*))?[^\]]*\]')
_SECTION: Final = re.compile(r'(?:"[^"]*"|\\.|[^;])*', re.DOTALL)
_CONDITION: Final = re.compile(r"\[[<>=]")
_SCALED: Final = re.compile(r"[0#?],+(?![0#?,])")
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


@cache
def unit(code: str) -> tuple[str, int]:
    r"""Return the unit that a number format writes beside a number as it is, and how many powers of ten that is.

    A comma behind the digits shows a number in thousands, so that the unit is right.

    >>> unit('#,##0.0" mdp"'), unit(r"0\ \m\i\l"), unit('0.0,," mdp"'), unit('"MXN "0'), unit('[>999]0," mil";0')
    (('mdp', 6), ('mil', 3), ('', 0), ('', 0), ('', 0))
    """
    if _CONDITION.search(code):
        return "", 0
    section = _SECTION.match(code)
    first = section[0] if section else ""
    said = "".join(quoted or escaped for quoted, escaped in _QUOTED.findall(first)).strip()
    power = scale(said)[0]
    commas = _SCALED.search(_QUOTED.sub("", first))
    return (said, power) if power and not commas else ("", 0)


@cache
def currency(code: str) -> str:
    r"""Return what a number format writes beside a number if that names a currency; the sign `$` names none.

    >>> [currency(each) for each in ("[$EUR] #,##0", r"#,##0.00\ [$€-407]", '"MXN "0', "[$$-80A]0", "0.00", "d/mmm/yy")]
    ['EUR', '€', 'MXN', '', '', '']
    """
    section = _SECTION.match(code)
    said = re.sub(r"[\d#?.,;*_()\s-]+", " ", _LITERAL.sub(r"\1\2\3", section[0] if section else "")).strip()
    return said if currency_named(said)[0] else ""


def cell_formats(part: bytes) -> list[bytes]:
    """Return the tags of the formats of cells in the styles of an XLSX workbook; cells name them by their position."""
    cells = _CELLS.search(part)
    return _STYLE.findall(cells[1]) if cells else []


def styles_that_change_numbers(part: bytes) -> Mapping[int, str]:
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
        elif unit(code)[1] or currency(code) or written(code, "1") != "1":
            wanted[attribute(tag, b"numFmtId")] = code
    return {style: wanted[number] for style, number in _numbers(part) if number in wanted}


def styles_of_dates(part: bytes) -> frozenset[int]:
    """Return the numbers of the styles of cells that show numbers as days, given the styles of an XLSX workbook."""
    part = shown(part)
    wanted: set[str | None] = set(_DATES)
    for tag in _FORMATS.findall(part):
        code = _QUOTED.sub("", attribute(tag, b"formatCode") or "").lower()
        if code != "general" and ("d" in code or "y" in code):
            wanted.add(attribute(tag, b"numFmtId"))
    return frozenset(style for style, number in _numbers(part) if number in wanted)


def _numbers(part: bytes) -> Iterator[tuple[int, str | None]]:
    """Yield the styles of cells with the numbers of their number formats."""
    return enumerate(attribute(tag, b"numFmtId") for tag in cell_formats(part))
