"""Marks in the parts of a workbook, however its sheet is written down."""

from __future__ import annotations

import io
import zipfile
from xml.etree import ElementTree as ET

import pytest

from bicentennial.formats.workbook.inspection import open_packed
from bicentennial.intake import Limits
from bicentennial.report.workbook.comments import _cut
from bicentennial.report.workbook.package import Mark, Package
from bicentennial.report.workbook.styles import COLORS


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


@pytest.mark.parametrize(
    ("spans", "expected"), [("1:1", "1:2"), ("3:5", "2:5"), ("1:5", "1:5"), ("2:2", "2:2"), ("odd", "odd"), ("", None)]
)
def test_the_spans_of_a_row_reach_over_the_marked_cell(spans: str, expected: str | None) -> None:
    said = f' spans="{spans}"' if spans else ""
    made = patched(sheet_of(f'<x:row r="2"{said}/>'), {(2, 2): Mark("violation", [("Head", "Text")])})
    (row,) = ET.fromstring(made["xl/worksheets/sheet1.xml"]).iter(f"{{{MAIN}}}row")
    assert row.get("spans") == expected


def test_blanks_in_a_comment_are_gone_through_once() -> None:
    blank = b" " * 2_000_000
    said = b"<comment><text><t>Ask" + blank + b"Ana%s</t></text></comment>"
    assert _cut(said % b"", b"") == said % b""
    assert _cut(said % (blank + "— bicentennial —\nOld".encode()), b"") == said % b""
