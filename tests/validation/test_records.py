"""Canonical records name things by what the file says of them, wherever in the file that stands."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

import openpyxl

from bicentennial.validation.submission import check

if TYPE_CHECKING:
    from pathlib import Path

HEADER = ["title", "description", "goal"]


def names(folder: Path, *sheets: list[list[str]]) -> dict[str, str]:
    """Return the names of actions without an identifier by their titles."""
    book = openpyxl.Workbook()
    book.remove(book.active)
    for number, rows in enumerate(sheets, start=1):
        sheet = book.create_sheet(f"actions {number}")
        for row in (HEADER, *rows):
            sheet.append(row)
    book.save(folder / "in.xlsx")
    check(folder / "in.xlsx", records=str(folder / "records.jsonl"))
    lines = (folder / "records.jsonl").read_text("utf-8").splitlines()[1:]
    found = [json.loads(line) for line in lines]
    return {body.split('prefLabel "')[1].split('"')[0]: name for name, _, body, *_ in found}


def test_a_row_without_identifier_is_named_by_what_it_says_in_any_sheet(tmp_path: Path) -> None:
    first, second, third = (["One", "x", "G1"], ["Two", "x", "G1"], ["Three", "x", "G2"])
    alone = names(tmp_path, [first, second, third])
    assert names(tmp_path, [first], [second, third]) == alone
    assert names(tmp_path, [first], [third, second]) == alone
