"""A partner's workbook, and what to look at in the one that comes back."""

from __future__ import annotations

import zipfile
from typing import TYPE_CHECKING, Any

import openpyxl
import pytest
from openpyxl.comments import Comment
from openpyxl.formatting.rule import CellIsRule
from openpyxl.styles import Font, PatternFill
from openpyxl.workbook.defined_name import DefinedName

from bicentennial.report.workbook.styles import COLORS

if TYPE_CHECKING:
    from pathlib import Path

HEAD = ["id", "title", "goal", "responsible_party", "status", "start_date", "due_date", "place", "source"]
ROWS: list[list[str | None]] = [
    ["A-1", "Plant trees", "Protect our peeple", "SSPC", "planned", "2024-01-01", "2024-12-31", "Mexico", "x"],
    ["A-2", "Map routes", None, "OFAC", "planned", "03/04/2023", "2024-12-31", "Mexico", "x"],
    ["A-3", "Train officers", "Protect our people", "SRE", "planned", "2024-01-01", "2024-12-31", "Atlantis", "x"],
]


@pytest.fixture
def submission(tmp_path: Path) -> Path:
    book = openpyxl.Workbook()
    sheet = book.active
    assert sheet is not None
    sheet.title = "actions"
    sheet.append(HEAD)
    for row in ROWS:
        sheet.append(row)
    sheet["C2"].font = Font(italic=True, color="FF00AA00")
    sheet["C2"].number_format = "@"
    sheet["C2"].comment = Comment("Ask Ana about this", "Ana (fictitious)")
    sheet["B2"].comment = Comment("Agreed in May", "Ana (fictitious)")
    sheet["A1"].fill = PatternFill("solid", fgColor="FF123456")
    sheet.conditional_formatting.add("A1:A9", CellIsRule("equal", ["5"]))
    sheet.freeze_panes = "A2"
    cover = book.create_sheet("cover & 'notes'", 0)
    cover["A1"] = "A cover"
    book.defined_names["kept"] = DefinedName("kept", attr_text="actions!$A$1")
    path = tmp_path / "in.xlsx"
    book.save(path)
    with zipfile.ZipFile(path, "a") as archive:  # what a library would drop
        archive.writestr("customXml/item1.xml", "<kept/>")
        archive.writestr("xl/media/image1.png", b"\x89PNG not touched")
    return path


def parts(path: Path) -> dict[str, bytes]:
    with zipfile.ZipFile(path) as archive:
        assert archive.testzip() is None
        return {name: archive.read(name) for name in archive.namelist()}


def filled(sheet: Any) -> dict[str, str]:
    colors = {color: severity for severity, color in COLORS.items()}
    return {
        cell.coordinate: colors[cell.fill.fgColor.rgb]
        for row in sheet.iter_rows()
        for cell in row
        if cell.fill.fgColor.rgb in colors
    }


def comments(sheet: Any) -> dict[str, str]:
    return {cell.coordinate: cell.comment.text for row in sheet.iter_rows() for cell in row if cell.comment}


def listed(sheet: Any) -> list[dict[str, str]]:
    rows = list(sheet.iter_rows(values_only=True))
    start = next(at for at, row in enumerate(rows) if row[1] is not None)
    return [dict(zip(rows[start], row, strict=True)) for row in rows[start + 1 :]]
