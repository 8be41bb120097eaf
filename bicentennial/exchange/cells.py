"""Cells of workbooks: dates and numbers as what they are, and no text that a spreadsheet would run.

>>> from openpyxl import Workbook
>>> sheet = Workbook().active
>>> put(sheet.cell(1, 1), "=HYPERLINK(A2)").data_type, sheet["A1"].quotePrefix
('s', True)
>>> put(sheet.cell(2, 1), "2023-02-28", date=True).value, put(sheet.cell(3, 1), "2023-02", date=True).value
(datetime.date(2023, 2, 28), '2023-02')
>>> put(sheet.cell(4, 1), "250000.50", number=True).value, sheet["A4"].number_format
(250000.5, '0.00')
"""

from __future__ import annotations

import re
from datetime import date
from decimal import Decimal
from typing import Any, Final

from bicentennial.core.escape import runs

__all__ = ["DATE_FORMAT", "TEXT_FORMAT", "UNWRITABLE", "put"]

DATE_FORMAT: Final = "yyyy-mm-dd"
TEXT_FORMAT: Final = "@"
# What XML 1.0 has no way to write.
UNWRITABLE: Final = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\ud800-\udfff\ufffe\uffff]")
_ISO: Final = re.compile(r"\d{4}-\d{2}-\d{2}", re.ASCII)
_NUMBER: Final = re.compile(r"-?(?:0|[1-9]\d*)(?:\.(\d+))?", re.ASCII)
# Before that day Excel counts a leap day that never was.
_EARLIEST: Final = date(1900, 3, 1)
# A spreadsheet's numbers have so many digits that can be relied on.
_DIGITS: Final = 15


def put(cell: Any, text: str, *, date: bool = False, number: bool = False) -> Any:
    """Write a text into a cell and return the cell.

    Args:
        cell: of a worksheet of openpyxl.
        text: what was said; it stays a text unless it is exactly what the column holds.
        date: whether the column holds dates: a full one becomes a date cell.
        number: whether it holds numbers: one that a spreadsheet can hold as it is becomes a number cell, shown with
            as many decimals as it was written with.
    """
    if date and (day := _day(text)):
        cell.value = day
        cell.number_format = DATE_FORMAT
    elif number and (written := _NUMBER.fullmatch(text)) and _fits(text):
        cell.value = float(text) if written[1] else int(text)
        if written[1]:
            cell.number_format = "0." + "0" * len(written[1])
    else:
        cell.value = text
        cell.data_type = "s"
        if runs(text):
            cell.quotePrefix = True
    return cell


def _day(text: str) -> date | None:
    if not _ISO.fullmatch(text):
        return None
    try:
        found = date.fromisoformat(text)
    except ValueError:
        return None
    return found if found >= _EARLIEST else None


def _fits(text: str) -> bool:
    digits = sum(character.isdigit() for character in text)
    return digits <= _DIGITS and Decimal(repr(float(text))) == Decimal(text) and text != "-0"
