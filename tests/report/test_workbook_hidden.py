"""The marked workbook shows what is hidden and has findings, and keeps to the kind of package that came."""

from __future__ import annotations

import io
import re
import zipfile
from typing import TYPE_CHECKING, Any

import openpyxl
import pytest

from bicentennial.api import validate
from bicentennial.report.workbook import write_workbook
from tests.books import HEADER, ROW, packed, xlsx_parts, xlsx_sheet

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

STRICT = "http://purl.oclc.org/ooxml"
WRONG = ["A-2", "Equip", "G9", "SRE", *ROW[4:]]


def marked(tmp_path: Path, parts: dict[str, str | bytes]) -> zipfile.ZipFile:
    """Return the package of the marked workbook of some parts."""
    source, target = tmp_path / "a.xlsx", tmp_path / "marked.xlsx"
    source.write_bytes(packed(parts))
    write_workbook(validate(source), target)
    return zipfile.ZipFile(io.BytesIO(target.read_bytes()))


def test_hidden_rows_and_columns_with_findings_are_shown(tmp_path: Path) -> None:
    rows = [HEADER, ROW, WRONG, ["A-3", "Plant", *ROW[2:]]]
    columns = '<cols><col min="2" max="5" width="9" hidden="1"/><col min="8" max="16384" hidden="1"/></cols>'
    archive = marked(tmp_path, xlsx_parts({"actions": xlsx_sheet(rows, hidden=(2, 3), before=columns)}))
    sheet = archive.read("xl/worksheets/sheet1.xml").decode()
    assert re.findall(r'<row r="(\d)"[^>]*hidden="(\d)"', sheet) == [("2", "1"), ("3", "0")]
    assert re.findall(r'<col min="(\d+)" max="(\d+)"[^>]*hidden="(\d)"/>', sheet) == [
        # The first hidden column has the finding that says so.
        *(("2", "2", "0"), ("3", "3", "0"), ("4", "5", "1"), ("8", "16384", "1"))
    ]
    assert openpyxl.load_workbook(archive.filename or io.BytesIO((tmp_path / "marked.xlsx").read_bytes()))


def test_a_hidden_sheet_with_findings_is_shown(tmp_path: Path) -> None:
    sheets = {
        "actions": xlsx_sheet([HEADER, ROW]),
        "2022": xlsx_sheet([HEADER, WRONG]),
        "2021": xlsx_sheet([HEADER, ["A-3", "Plant", *ROW[2:]]]),
    }
    archive = marked(tmp_path, xlsx_parts(sheets, {"2022": "veryHidden", "2021": "hidden"}))
    book = archive.read("xl/workbook.xml").decode()
    assert dict(re.findall(r'name="(\d+)"[^>]*state="(\w+)"', book)) == {"2022": "visible", "2021": "hidden"}


def strict(parts: dict[str, str | bytes]) -> dict[str, str | bytes]:
    def change(text: str) -> str:
        text = text.replace("http://schemas.openxmlformats.org/spreadsheetml/2006/main", f"{STRICT}/spreadsheetml/main")
        return text.replace(
            "http://schemas.openxmlformats.org/officeDocument/2006/relationships",
            f"{STRICT}/officeDocument/relationships",
        )

    return {name: change(str(text)) for name, text in parts.items()}


@pytest.mark.parametrize("styled", [True, False])
def test_a_strict_workbook_stays_strict(tmp_path: Path, styled: bool) -> None:
    parts = xlsx_parts({"actions": xlsx_sheet([HEADER, WRONG])})
    if not styled:
        del parts["xl/styles.xml"]
        relations = str(parts["xl/_rels/workbook.xml.rels"])
        parts["xl/_rels/workbook.xml.rels"] = re.sub(r'<Relationship Id="rIdS"[^>]*>', "", relations)
    archive = marked(tmp_path, strict(parts))
    for name in archive.namelist():
        text = archive.read(name).decode()
        assert "openxmlformats.org/spreadsheetml/2006/main" not in text, name
        assert "openxmlformats.org/officeDocument/2006/relationships" not in text, name
    assert "xl/comments1.xml" in archive.namelist()


@pytest.mark.parametrize(
    "rename",
    [
        lambda name: name.removeprefix("xl/"),
        lambda name: name.replace("workbook.xml", "workbook2.xml"),
        lambda name: name.replace("/", "\\"),
    ],
    ids=["at the root", "numbered", "backslashes"],
)
def test_a_workbook_of_another_layout_is_marked(tmp_path: Path, rename: Callable[[str], str]) -> None:
    parts = xlsx_parts({"actions": xlsx_sheet([HEADER, WRONG])})
    book = rename("xl/workbook.xml").replace("\\", "/")
    for name in ("_rels/.rels", "[Content_Types].xml"):
        parts[name] = str(parts[name]).replace("xl/workbook.xml", book)
    marked(tmp_path, {rename(name): text for name, text in parts.items()})
    if "/" in book:  # openpyxl looks for the styles in their usual place
        again = openpyxl.load_workbook(tmp_path / "marked.xlsx")
        assert again.sheetnames == ["actions", "Findings"]
        assert "G9" in again["actions"]["C2"].comment.text
    found: Any = validate(tmp_path / "marked.xlsx").findings
    assert "Action-advancesGoal.unknown" in {each.code for each in found}
