"""What is no workbook comes back as one: its rows, the marks and the list of findings, and never a formula."""

from __future__ import annotations

import io
import json
import zipfile
from typing import TYPE_CHECKING

import openpyxl
import pytest
from openpyxl.utils import get_column_letter

import bicentennial as bic
from bicentennial.core.resources import directory
from bicentennial.report.workbook.new_workbook import Table, write_fresh
from bicentennial.report.workbook.package import Package
from tests.report.conftest import filled, listed, parts

if TYPE_CHECKING:
    from pathlib import Path


def test_nothing_becomes_a_formula(tmp_path: Path) -> None:
    evil = '=HYPERLINK("http://example.org","x")'
    path = tmp_path / "in.csv"
    path.write_text(f'id,title,goal,responsible_party\n+1,@x,"{evil.replace(chr(34), chr(34) * 2)}",-2_x0041_\n')
    report = bic.validate(path)
    report.to_workbook(tmp_path / "out.xlsx")
    book = openpyxl.load_workbook(tmp_path / "out.xlsx")
    for sheet in book:
        for row in sheet.iter_rows():
            for cell in row:
                if cell.value is not None:
                    assert cell.data_type in ("s", "inlineStr")
                    assert cell.quotePrefix
    assert [cell.value for cell in book["Data"][2]] == ["+1", "@x", evil, "-2_x005F_x0041_"]
    assert evil in [row["As written"] for row in listed(book["Findings"])]
    for name, data in parts(tmp_path / "out.xlsx").items():
        assert b"<f>" not in data, name


def test_a_table_of_text_becomes_a_workbook_with_its_own_cells(tmp_path: Path) -> None:
    report = bic.validate(directory("submissions") / "faulty.csv")
    report.to_workbook(tmp_path / "out.xlsx")
    sheet = openpyxl.load_workbook(tmp_path / "out.xlsx")["Data"]
    assert sheet["L3"].value == "03/04/2023"
    assert filled(sheet).keys() == {each.location.cell for each in report.findings if each.location.cell}


def test_json_becomes_a_workbook_with_a_sheet_for_each_list(tmp_path: Path) -> None:
    path = tmp_path / "in.json"
    good = {"id": "A-1", "title": {"en": "a", "es": "b"}, "goal": ["Protect our people"], "responsible_party": "SRE"}
    bad = {"id": "A-2", "title": "c", "goal": ["Protect our people", "Protect our peeple"]}
    path.write_text(
        json.dumps({"actions": [good, bad], "parties": [{"id": "P-1", "name": "Example Grantee (fictitious)"}]})
    )
    report = bic.validate(path)
    report.to_workbook(tmp_path / "out.xlsx")
    book = openpyxl.load_workbook(tmp_path / "out.xlsx")
    assert book.sheetnames == ["actions", "parties", "Findings"]
    head = [cell.value for cell in book["actions"][1]]
    columns = dict(zip(head, "ABCDEFG", strict=False))
    row = {name: book["actions"][f"{column}3"].value for name, column in columns.items()}
    assert row["goal"] == "Protect our people; Protect our peeple"
    marks = filled(book["actions"])
    assert marks[f"{columns['goal']}3"] == "violation"
    assert marks[f"{columns['responsible_party']}3"] == "violation"
    assert f"{columns['goal']}2" not in marks


def test_rdf_becomes_a_workbook_with_a_row_for_each_thing(tmp_path: Path) -> None:
    path = tmp_path / "in.ttl"
    path.write_text(
        "@prefix bic: <https://w3id.org/bicentennial/ontology#> . @prefix dcterms: <http://purl.org/dc/terms/> .\n"
        '<urn:a> a bic:Action ; dcterms:identifier "A-1" ; bic:advancesGoal "Protect our peeple" .\n'
    )
    bic.validate(path).to_workbook(tmp_path / "out.xlsx", "es")
    sheet = openpyxl.load_workbook(tmp_path / "out.xlsx")["Datos"]
    head = {cell.value: get_column_letter(at) for at, cell in enumerate(sheet[1], start=1)}
    assert sheet["A2"].value == "urn:a"
    assert sheet[f"{head['bic:advancesGoal']}2"].value == "Protect our peeple"
    assert filled(sheet)[f"{head['bic:advancesGoal']}2"] == "violation"


def test_what_cannot_be_read_gets_the_list_alone(tmp_path: Path) -> None:
    path = tmp_path / "in.xlsx"
    path.write_bytes(b"PK\x03\x04 broken")
    report = bic.validate(path)
    assert report.exit_code == 3
    report.to_workbook(tmp_path / "out.xlsx")
    book = openpyxl.load_workbook(tmp_path / "out.xlsx")
    assert book.sheetnames == ["Findings"]
    assert listed(book["Findings"])[0]["Finding code"] == report.findings[0].code


@pytest.mark.parametrize(
    ("name", "written"),
    [
        ("a\u202eb/c", "a-b-c"),
        ("a_x0041_b", "a-x0041_b"),
        ("acciones 'de' veintisiete 1'2", "acciones 'de' veintisiete 1"),
        ("\U0001f600" * 20, "\U0001f600" * 14),
        ("Historial", "Historial"),
        ("History", "History 2"),
        ("''", "Data"),
    ],
)
def test_any_name_of_a_table_becomes_one_that_spreadsheet_programs_take(name: str, written: str) -> None:
    out = io.BytesIO()
    assert write_fresh([Table(name, [(1, ["id"])], 1, lambda _: None)], out) == [written]
    assert openpyxl.load_workbook(out).sheetnames == [written]
    assert Package(zipfile.ZipFile(out)).sheets == [written], "it is found again, and marked"
