"""The workbook back: which cells are marked, what stands in comments and list, and that all else is as it was."""

from __future__ import annotations

import io
import json
import re
import zipfile
from typing import TYPE_CHECKING, Any
from xml.etree import ElementTree as ET

import openpyxl
import pytest
from openpyxl.comments import Comment
from openpyxl.formatting.rule import CellIsRule
from openpyxl.styles import Font, PatternFill
from openpyxl.utils import get_column_letter
from openpyxl.workbook.defined_name import DefinedName

import bicentennial as bic
from bicentennial.cli import main
from bicentennial.errors import InputError, OutputError, UsageError
from bicentennial.findings import Finding, Location
from bicentennial.intake import Limits
from bicentennial.intake.packed import open_packed
from bicentennial.messages import entry
from bicentennial.report.model import Report
from bicentennial.report.words import verdict
from bicentennial.report.workbook import write_workbook
from bicentennial.report.workbook.job import write
from bicentennial.report.workbook.package import Mark, Package
from bicentennial.report.workbook.styles import COLORS
from bicentennial.resources import directory
from bicentennial.validation.outcome import Outcome

if TYPE_CHECKING:
    from pathlib import Path

HEAD = ["id", "title", "goal", "responsible_party", "status", "start_date", "due_date", "place", "source"]
ROWS: list[list[str | None]] = [
    ["A-1", "Plant trees", "Protect our peeple", "SSPC", "planned", "2024-01-01", "2024-12-31", "Mexico", "x"],
    ["A-2", "Map routes", None, "OFAC", "planned", "03/04/2023", "2024-12-31", "Mexico", "x"],
    ["A-3", "Train officers", "Protect our people", "SRE", "planned", "2024-01-01", "2024-12-31", "Atlantis", "x"],
]
MARKED = {
    "C2": ("violation", "Action-advancesGoal.unknown"),
    "C3": ("violation", "Action-advancesGoal.missing"),
    "F3": ("violation", "Action-startDate.datatype"),
    "H4": ("warning", "Action-takesPlaceIn.unknown"),
}
CHANGED = {"[Content_Types].xml", "xl/workbook.xml", "xl/_rels/workbook.xml.rels", "xl/styles.xml"}


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


def patched(files: dict[str, str], marks: dict[tuple[int, int], Mark]) -> dict[str, bytes]:
    source = io.BytesIO()
    with zipfile.ZipFile(source, "w") as archive:
        for name, text in files.items():
            archive.writestr(name, text)
    package = Package(open_packed(source.getvalue(), Limits()))
    package.mark("s", marks)
    target = io.BytesIO()
    package.write(target)
    with zipfile.ZipFile(target) as archive:
        return {name: archive.read(name) for name in archive.namelist()}


MAIN = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
OFFICE = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
PACKAGE = {
    "[Content_Types].xml": '<Types xmlns="http://schemas.openxmlformats.org/package/2006/content-types"/>',
    "xl/workbook.xml": f'<x:workbook xmlns:x="{MAIN}" xmlns:r="{OFFICE}"><x:sheets>'
    '<x:sheet name="s" sheetId="1" r:id="a"/></x:sheets></x:workbook>',
    "xl/_rels/workbook.xml.rels": '<Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships">'
    f'<Relationship Id="a" Type="{OFFICE}/worksheet" Target="worksheets/sheet1.xml"/></Relationships>',
}


def sheet_of(rows: str, after: str = "", ns: str = "x:") -> dict[str, str]:
    declared = f'xmlns:{ns[:-1]}="{MAIN}"' if ns else f'xmlns="{MAIN}"'
    sheet = f"<{ns}worksheet {declared}><{ns}cols><{ns}col min='2' max='3' style='0'/></{ns}cols>"
    sheet += f"<{ns}sheetData>{rows}</{ns}sheetData>{after}</{ns}worksheet>"
    return {**PACKAGE, "xl/worksheets/sheet1.xml": sheet}


@pytest.mark.parametrize(
    ("rows", "expected"),
    [
        ('<x:row r="2"><x:c r="A2"/><x:c r="C2"/></x:row>', ["A2", "B2*", "C2"]),
        ('<x:row r="2" spans="1:1"><x:c r="A2" s="0"><x:v>1</x:v></x:c></x:row>', ["A2", "B2*"]),
        ('<x:row r="2"/>', ["B2*"]),
        ("<x:row/><x:row><x:c/><x:c t='s'><x:v>0</x:v></x:c></x:row>", ["?", "?*"]),
        ('<x:row r="3"><x:c r="B3"/></x:row>', ["B3"]),
    ],
)
def test_cells_are_found_or_put_in_whatever_the_sheet_says_of_places(rows: str, expected: list[str]) -> None:
    made = patched(sheet_of(rows), {(2, 2): Mark("violation", [("Head", "Text")])})
    root = ET.fromstring(made["xl/worksheets/sheet1.xml"])
    styles = ET.fromstring(made["xl/styles.xml"])
    formats = styles.findall(f".//{{{MAIN}}}cellXfs/{{{MAIN}}}xf")
    fills = styles.findall(f".//{{{MAIN}}}fills/{{{MAIN}}}fill")

    def is_marked(cell: ET.Element) -> bool:
        fill = fills[int(formats[int(cell.get("s", "0"))].get("fillId", "0"))]
        return COLORS["violation"].encode() in ET.tostring(fill)

    cells = [cell for row in root.iter(f"{{{MAIN}}}row") for cell in row]
    assert [cell.get("r", "?") + "*" * is_marked(cell) for cell in cells] == expected


def test_the_drawing_of_comments_goes_where_the_schema_wants_it() -> None:
    after = (
        "<conditionalFormatting><cfRule><extLst><ext/></extLst></cfRule></conditionalFormatting><pageMargins/>"
        "<tableParts/><extLst><ext/></extLst>"
    )
    made = patched(sheet_of('<row r="2"/>', after, ns=""), {(2, 2): Mark("info", [("Head", "Text")])})
    root = ET.fromstring(made["xl/worksheets/sheet1.xml"])
    names = [child.tag.partition("}")[2] for child in root]
    assert names == [
        "cols",
        "sheetData",
        "conditionalFormatting",
        "pageMargins",
        "legacyDrawing",
        "tableParts",
        "extLst",
    ]
    drawing = root.find(f"{{{MAIN}}}legacyDrawing")
    assert drawing is not None
    related = made["xl/worksheets/_rels/sheet1.xml.rels"].decode()
    assert (
        f'Id="{drawing.get(f"{{{OFFICE}}}id")}" Type="{OFFICE}/vmlDrawing" Target="../drawings/vmlDrawing1.vml"'
        in related
    )
    assert "<x:Row>1</x:Row><x:Column>1</x:Column>" in made["xl/drawings/vmlDrawing1.vml"].decode()
    types = made["[Content_Types].xml"].decode()
    assert 'Extension="vml"' in types
    assert 'PartName="/xl/comments1.xml"' in types


def test_hostile_text_in_comments_stays_text() -> None:
    evil = "</t></comment><script/>&\x00\x1b[2J\u202e_x0041_"
    made = patched(sheet_of('<row r="2"/>', ns=""), {(2, 2): Mark("info", [(evil, evil)])})
    texts = [each.text for each in ET.fromstring(made["xl/comments1.xml"]).iter(f"{{{MAIN}}}t")]
    assert texts[1] == r"</t></comment><script/>&\x00\x1b[2J\u202e_x005F_x0041_"


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
