r"""Sheets as CSV, TSV, XLSX and JSON.

A text that a spreadsheet would run gets an apostrophe in front in CSV and TSV, and reading takes exactly that one away
again; in a workbook it is a text cell. Control characters and those that turn the direction of writing are replaced in
tables, and written by their numbers in JSON.

>>> _guarded("=1+1"), _guarded("'=1+1"), _guarded("-5000"), _guarded("'tis")
("'=1+1", "''=1+1", '-5000', "'tis")
"""

from __future__ import annotations

import csv
import io
import json
import re
from typing import TYPE_CHECKING, Any, Final

from bicentennial.core.errors import OutputError
from bicentennial.core.escape import ACTING, coded, runs
from bicentennial.core.findings import column_letter
from bicentennial.core.messages import entry, render
from bicentennial.exchange.cells import put
from bicentennial.semantics.records import splits

if TYPE_CHECKING:
    from pathlib import Path

    from bicentennial.exchange.losses import Losses
    from bicentennial.exchange.tables import Sheet
    from bicentennial.vocabulary.index import Column

__all__ = ["write_delimited", "write_json", "write_workbook"]

_ROWS: Final = 1_048_575
# What a cell of a spreadsheet may hold.
_CHARACTERS: Final = 32_767
_PLAIN: Final = re.compile(r"[+-]?\d+(?:\.\d*)?", re.ASCII)
_JSON_NUMBER: Final = re.compile(r"-?(?:0|[1-9]\d*)(?:\.\d+)?", re.ASCII)
# Excel takes this in a text for a character by its number, so the underscore is written so itself.
_NUMBERED: Final = re.compile(r"_(?=x[0-9A-Fa-f]{4}_)")


def _guarded(text: str) -> str:
    """Return a text with an apostrophe in front if a spreadsheet would run it, or if it looks as if it had one.

    Plain numbers are left alone: a spreadsheet takes them for numbers, which is what they are.
    """
    bare = text.lstrip("'")
    return f"'{text}" if runs(bare) and not _PLAIN.fullmatch(text) else text


def write_delimited(path: Path, sheets: list[Sheet], losses: Losses, *, delimiter: str) -> None:
    """Write the one sheet as delimited text, with the byte order mark that Excel needs to read accents."""
    sheet = sheets[0]
    text = io.StringIO(newline="")
    writer = csv.writer(text, delimiter=delimiter, lineterminator="\r\n")
    writer.writerow([header for _, header, _ in sheet.columns])
    for row in sheet.rows:
        cells = [_joined(cell, losses) for cell in row]
        writer.writerow([_guarded(cell) for cell in cells])
    path.write_text("\ufeff" + text.getvalue(), encoding="utf-8", newline="")


def write_workbook(path: Path, sheets: list[Sheet], losses: Losses, lang: str) -> None:
    """Write a workbook: dates and numbers as such, everything else as text.

    Raises:
        OutputError: there are more rows than a sheet may have.
    """
    from openpyxl import Workbook
    from openpyxl.cell import WriteOnlyCell
    from openpyxl.styles import Font

    book = Workbook(write_only=True)
    for sheet in sheets:
        if len(sheet.rows) > _ROWS:
            text = render(entry("exchange", "too-many-rows"), most=f"{_ROWS:,}", found=f"{len(sheet.rows):,}")
            raise OutputError(text)
        made = book.create_sheet(sheet.table.name[lang])
        made.freeze_panes = "B2"
        heads = []
        for number, (column, header, _) in enumerate(sheet.columns, start=1):
            head = WriteOnlyCell(made, header)
            head.font = Font(name="Calibri", bold=True)
            heads.append(head)
            made.column_dimensions[column_letter(number)].width = 44 if column.is_text else 22
        made.append(heads)
        for row in sheet.rows:
            made.append(
                [
                    _packed(made, column, _joined(cell, losses))
                    for (column, _, _), cell in zip(sheet.columns, row, strict=True)
                ]
            )
    book.save(path)


def _packed(sheet: Any, column: Column, text: str) -> Any:
    from openpyxl.cell import WriteOnlyCell

    if not text:
        return None
    text = _NUMBERED.sub("_x005F_", text).replace("\r", "_x000D_")
    if text[0].isalpha() and not (column.is_date or column.is_number):
        return text
    return put(WriteOnlyCell(sheet), text, date=column.is_date, number=column.is_number)


def _joined(cell: tuple[str, ...], losses: Losses) -> str:
    text = "; ".join(cell)
    if ACTING.search(text):
        losses.note("character", value=text)
        text = ACTING.sub("\ufffd", text)
    if len(text) > _CHARACTERS:
        losses.note("too-long", value=text)
    return text


def write_json(path: Path, sheets: list[Sheet], lang: str) -> None:
    """Write an object with a list for each table, keys as the headers are; numbers keep their digits."""
    itself = [
        f" {_text(header)}: {_value(column, sheet.rows[0][number])}"
        for sheet in sheets
        for number, (column, header, _) in enumerate(sheet.columns)
        if column.about
    ]
    lists = [f" {_text(sheet.table.name[lang])}: [\n{_records(sheet, lang)}\n ]" for sheet in sheets]
    text = "{\n" + ",\n".join(itself + lists) + "\n}\n"
    path.write_text(coded(text), encoding="utf-8", newline="\n")


def _records(sheet: Sheet, lang: str) -> str:
    languages = {column.iri: 0 for column, _, _ in sheet.columns}
    for column, _, _ in sheet.columns:
        languages[column.iri] += 1
    records = []
    for row in sheet.rows:
        members: dict[str, str] = {}
        texts: dict[str, dict[str, str]] = {}
        for (column, _, language), cell in zip(sheet.columns, row, strict=True):
            if not cell or column.about:
                continue
            key = column.header[lang]
            if column.is_text and languages[column.iri] > 1:
                texts.setdefault(key, {})[language] = cell[0]
                members[key] = "{" + ", ".join(f"{_text(each)}: {_text(t)}" for each, t in texts[key].items()) + "}"
            else:
                members[key] = _value(column, cell)
        records.append("  {" + ", ".join(f"{_text(key)}: {value}" for key, value in members.items()) + "}")
    return ",\n".join(records)


def _value(column: Column, cell: tuple[str, ...]) -> str:
    values = [each if column.is_number and _JSON_NUMBER.fullmatch(each) else _text(each) for each in cell]
    divided = splits(column) and any(";" in each for each in cell)
    return "[" + ", ".join(values) + "]" if divided or len(values) > 1 else values[0]


def _text(text: str) -> str:
    return json.dumps(text, ensure_ascii=False)
