"""The partner's workbook back: which cells are marked, what comments and list say, and that all else is as it was."""

from __future__ import annotations

import re
import zipfile
from typing import TYPE_CHECKING, Any
from xml.etree import ElementTree as ET

import openpyxl
import pytest

import bicentennial as bic
from bicentennial.cli import main
from bicentennial.core.errors import InputError, OutputError, UsageError
from bicentennial.core.findings import Finding, Location
from bicentennial.core.messages import entry
from bicentennial.report.model import Report
from bicentennial.report.words import verdict
from bicentennial.report.workbook import write_workbook
from bicentennial.report.workbook.marking import write
from bicentennial.validation.outcome import Outcome
from tests.report.conftest import comments, filled, listed, parts

if TYPE_CHECKING:
    from pathlib import Path

MARKED = {
    "C2": ("violation", "Action-advancesGoal.unknown"),
    "C3": ("violation", "Action-advancesGoal.missing"),
    "F3": ("violation", "Action-startDate.datatype"),
    "H4": ("warning", "Action-takesPlaceIn.unknown"),
}
CHANGED = {"[Content_Types].xml", "xl/workbook.xml", "xl/_rels/workbook.xml.rels", "xl/styles.xml"}


def test_exactly_the_faulty_cells_are_marked(submission: Path, tmp_path: Path) -> None:
    report = bic.validate(submission)
    report.to_workbook(tmp_path / "out.xlsx")
    book = openpyxl.load_workbook(tmp_path / "out.xlsx")
    assert book.sheetnames == ["cover & 'notes'", "actions", "Findings"]
    located = {each.location.cell: (each.severity, each.code) for each in report.findings if each.location.cell}
    assert located.items() >= MARKED.items()
    assert filled(book["actions"]) == {cell: severity for cell, (severity, _) in located.items()}
    assert filled(book["cover & 'notes'"]) == {}


def test_values_and_looks_stay(submission: Path, tmp_path: Path) -> None:
    bic.validate(submission).to_workbook(tmp_path / "out.xlsx")
    before = openpyxl.load_workbook(submission)["actions"]
    after = openpyxl.load_workbook(tmp_path / "out.xlsx")["actions"]
    for row in before.iter_rows():
        for cell in row:
            other = after[cell.coordinate]
            assert (other.value, other.number_format) == (cell.value, cell.number_format)
            # Styles of two workbooks compare by what they say.
            assert repr(other.font) == repr(cell.font)
            assert repr(other.border) == repr(cell.border)
            if cell.coordinate not in filled(after):
                assert repr(other.fill) == repr(cell.fill)
    assert after.freeze_panes == "A2"


@pytest.mark.parametrize("lang", ["en", "es"])
def test_comments_speak_the_language_and_those_of_people_stay(submission: Path, tmp_path: Path, lang: Any) -> None:
    report = bic.validate(submission)
    report.to_workbook(tmp_path / "out.xlsx", lang)
    found = comments(openpyxl.load_workbook(tmp_path / "out.xlsx")["actions"])
    assert found["B2"] == "Agreed in May"
    assert found["C2"].startswith("Ask Ana about this\n— bicentennial —\n")
    for each in report.findings:
        if each.location.cell:
            assert each.message[lang] in found[each.location.cell]
    said = {"en": "Did you mean: Protect our people", "es": "¿Quiso decir: Protect our people"}
    assert said[lang] in found["C2"]
    heading = {
        "en": "Violation: Goal: required value missing\n",
        "es": "Incumplimiento: Meta: falta un valor obligatorio\n",
    }
    assert found["C3"].startswith(heading[lang])
    assert found.keys() == {"B2", *(each.location.cell for each in report.findings if each.location.cell)}


def test_all_other_parts_are_the_same_bytes(submission: Path, tmp_path: Path) -> None:
    bic.validate(submission).to_workbook(tmp_path / "out.xlsx")
    before, after = parts(submission), parts(tmp_path / "out.xlsx")
    touched = {"xl/worksheets/sheet2.xml", "xl/comments/comment1.xml", "xl/drawings/commentsDrawing1.vml"}
    same = before.keys() - CHANGED - touched
    assert {"customXml/item1.xml", "xl/media/image1.png", "xl/worksheets/sheet1.xml"} <= same
    assert {name for name in same if before[name] != after[name]} == set()
    assert after.keys() - before.keys() == {"xl/worksheets/sheet3.xml"}


def test_macros_stay_and_the_name_must_say_that_there_are_some(submission: Path, tmp_path: Path) -> None:
    with_macros = tmp_path / "in.xlsm"
    plain = b"application/vnd.openxmlformats-officedocument.spreadsheetml.sheet.main+xml"
    with zipfile.ZipFile(with_macros, "w") as archive:
        for name, data in parts(submission).items():
            archive.writestr(name, data.replace(plain, b"application/vnd.ms-excel.sheet.macroEnabled.main+xml"))
        archive.writestr("xl/vbaProject.bin", b"macros")
    report = bic.validate(with_macros)
    with pytest.raises(UsageError, match="xlsm"):
        report.to_workbook(tmp_path / "out.xlsx")
    report.to_workbook(tmp_path / "out.xlsm")
    assert parts(tmp_path / "out.xlsm")["xl/vbaProject.bin"] == b"macros"
    with pytest.raises(UsageError, match="xlsx"):
        bic.validate(submission).to_workbook(tmp_path / "other.xlsm")


def test_a_thread_of_comments_is_left_to_its_own_program(submission: Path, tmp_path: Path) -> None:
    threaded = tmp_path / "threaded.xlsx"
    with zipfile.ZipFile(threaded, "w") as archive:
        for name, data in parts(submission).items():
            archive.writestr(name, data.replace(b"Ask Ana about this", b"[Threaded comment] Ask Ana"))
    bic.validate(threaded).to_workbook(tmp_path / "out.xlsx")
    sheet = openpyxl.load_workbook(tmp_path / "out.xlsx")["actions"]
    assert comments(sheet)["C2"] == "[Threaded comment] Ask Ana"
    assert filled(sheet)["C2"] == "violation"


def test_only_tags_of_marked_cells_change_in_a_sheet(submission: Path, tmp_path: Path) -> None:
    bic.validate(submission).to_workbook(tmp_path / "out.xlsx")
    before = parts(submission)["xl/worksheets/sheet2.xml"].decode()
    after = parts(tmp_path / "out.xlsx")["xl/worksheets/sheet2.xml"].decode()
    marked = openpyxl.load_workbook(tmp_path / "out.xlsx")["actions"]
    for cell in filled(marked):
        new = re.search(rf'<c r="{cell}"[^>]*>', after)
        old = re.search(rf'<c r="{cell}"[^>]*>', before)
        assert new is not None
        after = after.replace(new[0], old[0] if old else "", 1)
    assert after == before


def test_every_part_is_well_formed_and_declared(submission: Path, tmp_path: Path) -> None:
    bic.validate(submission).to_workbook(tmp_path / "out.xlsx")
    after = parts(tmp_path / "out.xlsx")
    for name, data in after.items():
        if name.endswith((".xml", ".rels", ".vml")):
            ET.fromstring(data)
    types = after["[Content_Types].xml"].decode()
    assert 'PartName="/xl/worksheets/sheet3.xml"' in types


def test_the_list_has_every_finding_with_a_link_to_its_cell(submission: Path, tmp_path: Path) -> None:
    report = bic.validate(submission)
    report.to_workbook(tmp_path / "out.xlsx", "es")
    sheet = openpyxl.load_workbook(tmp_path / "out.xlsx")["Hallazgos"]
    rows = listed(sheet)
    assert [row["Código del hallazgo"] for row in rows] == [each.code for each in report.findings]
    assert [row["Explicación"] for row in rows] == [each.message["es"] for each in report.findings]
    assert sheet["A1"].value == verdict(report, "es")
    links = {cell.value: cell.hyperlink.location for row in sheet.iter_rows() for cell in row if cell.hyperlink}
    assert links == {f"actions!{each.location.cell}": f"'actions'!{each.location.cell}"
                     for each in report.findings if each.location.cell}  # fmt: skip


def test_a_marked_workbook_that_comes_back_loses_its_former_marks(submission: Path, tmp_path: Path) -> None:
    first = tmp_path / "first.xlsx"
    bic.validate(submission).to_workbook(first)
    book = openpyxl.load_workbook(first)  # a program that saves everything anew
    book["actions"]["C3"] = "Protect our people"
    book["actions"]["F3"] = "2023-04-03"
    mended = tmp_path / "mended.xlsx"
    book.save(mended)
    report = bic.validate(mended)
    assert {each.location.cell for each in report.findings if each.severity == "violation"} == {"C2"}
    report.to_workbook(tmp_path / "second.xlsx", "es")
    again = openpyxl.load_workbook(tmp_path / "second.xlsx")
    assert again.sheetnames == ["cover & 'notes'", "actions", "Findings"]
    still = {each.location.cell: each.severity for each in report.findings if each.location.cell}
    assert filled(again["actions"]) == still
    found = comments(again["actions"])
    assert found.keys() == {"B2", *still}
    assert found["C2"].startswith("Ask Ana about this")
    assert found["C2"].count("— bicentennial —") == 1
    assert [row["Código del hallazgo"] for row in listed(again["Findings"])] == [each.code for each in report.findings]


def test_marking_twice_without_a_program_between_changes_nothing_further(submission: Path, tmp_path: Path) -> None:
    one, two = tmp_path / "one.xlsx", tmp_path / "two.xlsx"
    bic.validate(submission).to_workbook(one)
    bic.validate(one).to_workbook(two)
    first, second = (openpyxl.load_workbook(path)["actions"] for path in (one, two))
    assert filled(first) == filled(second)
    assert comments(first) == comments(second)


def test_the_submission_is_never_written_over_and_no_rest_is_left(submission: Path, tmp_path: Path) -> None:
    report = bic.validate(submission)
    before = submission.read_bytes()
    link = tmp_path / "link.xlsx"
    link.symlink_to(submission)
    for target in (submission, link):
        with pytest.raises(UsageError):
            write_workbook(report, target)
    with pytest.raises(OutputError):
        write_workbook(report, tmp_path / "no-such-folder" / "out.xlsx")
    assert submission.read_bytes() == before
    assert {path.name for path in tmp_path.iterdir()} == {"in.xlsx", "link.xlsx"}


def test_the_limits_hold_when_the_submission_is_opened_again(submission: Path, tmp_path: Path) -> None:
    report = bic.validate(submission)
    write_workbook(report, tmp_path / "out.xlsx", limits={"unpacked_bytes": 100})
    assert openpyxl.load_workbook(tmp_path / "out.xlsx").sheetnames == ["Findings"]


@pytest.mark.parametrize(
    ("part", "old", "new"),
    [
        ("xl/workbook.xml", b'sheetId="1"', b'sheetId="one"'),
        ("xl/worksheets/sheet2.xml", b"<sheetData>", b'<cols><col min="x"/></cols><sheetData>'),
        ("[Content_Types].xml", b"", None),
    ],
)
def test_what_can_be_read_but_not_patched_is_refused_in_words(
    submission: Path, tmp_path: Path, part: str, old: bytes, new: bytes | None
) -> None:
    odd = tmp_path / "odd.xlsx"
    with zipfile.ZipFile(odd, "w") as archive:
        for name, data in parts(submission).items():
            if name != part:
                archive.writestr(name, data)
            elif new is not None:
                assert old in data
                archive.writestr(name, data.replace(old, new))
    report = bic.validate(odd)
    with pytest.raises(InputError):
        report.to_workbook(tmp_path / "out.xlsx")
    assert not (tmp_path / "out.xlsx").exists()


def test_a_cut_list_says_so(submission: Path, tmp_path: Path) -> None:
    found = Finding(
        "Action-x",
        "violation",
        {"en": "Bad.", "es": "Mal."},
        Location(sheet="actions", row=2, column="A"),
        shape="Action-x",
    )
    outcome = Outcome(str(submission), "xlsx", 3, 20, "compiled", True, (found,), {"Action-x": ("violation", 12_345)})
    write(str(tmp_path / "out.xlsx"), outcome.to_dict(), "violation", "en", {})
    sheet = openpyxl.load_workbook(tmp_path / "out.xlsx")["Findings"]
    assert sheet["A2"].value == "Not all findings are listed and marked (listed/all): Action-x (1/12,345)."


def test_the_command_line_wants_a_file_for_one_submission(
    submission: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    out = tmp_path / "marked.xlsx"
    assert main(["validate", str(submission), "--format", "xlsx", "--lang", "es"]) == 2
    assert entry("report", "workbook")["needs-output"]["es"] in capsys.readouterr().err
    assert main(["validate", str(submission), str(submission), "--output", str(out), "--lang", "en"]) == 2
    assert entry("report", "workbook")["one-file"]["en"] in capsys.readouterr().err
    assert not out.exists()
    assert main(["validate", str(submission), "--output", str(out), "--lang", "es"]) == 1
    assert capsys.readouterr().out == ""
    assert openpyxl.load_workbook(out).sheetnames[-1] == "Hallazgos"


def test_a_report_of_many_places_in_one_cell_keeps_its_comment_short(submission: Path, tmp_path: Path) -> None:
    place = Location(sheet="actions", row=2, column="A")
    many = tuple(
        Finding("Action-x", "info", {"en": f"{n} " + "long " * 100, "es": "x"}, place, shape="Action-x")
        for n in range(50)
    )
    grave = Finding("Action-y", "violation", {"en": "Grave.", "es": "x"}, place, shape="Action-y")
    outcome = Outcome(str(submission), "xlsx", 3, 20, "compiled", True, (*many, grave),
                      {"Action-x": ("info", 50), "Action-y": ("violation", 1)})  # fmt: skip
    Report(outcome).to_workbook(tmp_path / "out.xlsx")
    sheet = openpyxl.load_workbook(tmp_path / "out.xlsx")["actions"]
    assert filled(sheet) == {"A2": "violation"}
    assert len(comments(sheet)["A2"]) < 3_000
    assert comments(sheet)["A2"].endswith("\n…")
