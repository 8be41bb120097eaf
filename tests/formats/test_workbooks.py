from __future__ import annotations

import contextlib
import io
import re
import zipfile
from datetime import date, datetime
from functools import partial
from typing import TYPE_CHECKING, Any

import openpyxl
import pytest

from bicentennial.core.errors import BicentennialError, LimitReachedError, UnreadableInputError
from bicentennial.core.namespaces import BIC
from bicentennial.formats.workbook import extent
from bicentennial.formats.workbook import inspection as packed
from bicentennial.formats.workbook.inspection import open_packed
from bicentennial.formats.workbook.ods_inspection import content_of, inspect_ods
from bicentennial.formats.workbook.xlsx_inspection import inspect_xlsx
from bicentennial.intake import Limits
from bicentennial.storage import sizes
from bicentennial.storage.duckdb import spool
from tests import books

if TYPE_CHECKING:
    from collections.abc import Callable

HEADER = ["id", "title", "goal", "responsible_party", "start_date", "budget", "status"]


def saved(fill: Callable[[openpyxl.Workbook], Any]) -> bytes:
    workbook = openpyxl.Workbook()
    fill(workbook)
    out = io.BytesIO()
    workbook.save(out)
    return out.getvalue()


def one_sheet(*rows: list[Any], title: str = "actions") -> bytes:
    def fill(workbook: openpyxl.Workbook) -> None:
        sheet = workbook.worksheets[0]
        sheet.title = title
        for row in rows:
            sheet.append(row)

    return saved(fill)


def changed(data: bytes, part: str, change: Callable[[str], str]) -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(data)) as old, zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as new:
        for name in old.namelist():
            text = old.read(name)
            new.writestr(name, change(text.decode()).encode() if name == part else text)
    return out.getvalue()


def ods(*rows: str, name: str = "actions") -> bytes:
    namespaces = " ".join(
        f'xmlns:{prefix}="urn:oasis:names:tc:opendocument:xmlns:{prefix}:1.0"' for prefix in ("office", "table", "text")
    )
    content = (
        f'<?xml version="1.0"?><office:document-content {namespaces} xmlns:calcext="urn:org:documentfoundation:names:'
        'experimental:calc:xmlns:calcext:1.0" office:version="1.2"><office:body><office:spreadsheet>'
        f'<table:table table:name="{name}">{"".join(rows)}</table:table>'
        "</office:spreadsheet></office:body></office:document-content>"
    )
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as archive:
        archive.writestr("mimetype", "application/vnd.oasis.opendocument.spreadsheet")
        archive.writestr("content.xml", content)
        archive.writestr(
            "META-INF/manifest.xml",
            '<manifest:manifest xmlns:manifest="urn:oasis:names:tc:opendocument:xmlns:manifest:1.0"/>',
        )
    return out.getvalue()


def ods_row(*texts: str, repeated: int = 1) -> str:
    cells = "".join(
        f'<table:table-cell office:value-type="string"><text:p>{text}</text:p></table:table-cell>' for text in texts
    )
    return f'<table:table-row table:number-rows-repeated="{repeated}">{cells}</table:table-row>'


def test_cells_are_read_as_what_they_are(reads: Any) -> None:
    submission = reads(
        "a.xlsx",
        one_sheet(
            HEADER,
            [7, "x", "G1", "SRE", date(2023, 4, 3), 1000, "planned"],
            ["A-2", 2.5, "G1", "SRE", datetime(2023, 4, 3), 0.1, "En curso"],  # noqa: DTZ001 - cells have no time zone
            ["A-3", True, "G1", "SRE", datetime(2023, 4, 3, 12, 30), 1e20, None],  # noqa: DTZ001
            ["A-4", "y", "G1", "SRE", 2023, "1,000", None],
        ),
    )
    assert submission.findings == []
    assert submission.values("identifier") == ["7", "A-2", "A-3", "A-4"]
    assert submission.values("prefLabel") == ["x", "2.5", "true", "y"]
    assert [each[1::2] for each in submission.said("startDate")] == [
        ("2023-04-03", "xsd:date", 5),
        ("2023-04-03", "xsd:date", 5),
        ("2023-04-03", "xsd:date", 5),
        ("2023", "xsd:gYear", 5),
    ]
    assert submission.values("budgetAmount") == ["1000", "0.1", "100000000000000000000", "1,000"]
    assert submission.values("hasStatus") == ["bicd:status-planned", "bicd:status-ongoing"]


def test_sheets_are_recognised_by_name_or_header_and_others_named(reads: Any) -> None:
    def fill(workbook: openpyxl.Workbook) -> None:
        cover = workbook.worksheets[0]
        cover.title = "Cover"
        cover.append(["Programme of a fictitious grantee"])
        actions = workbook.create_sheet("2023")
        actions.append(HEADER)
        actions.append(["A-1", "x", "G1", "FEF"])
        parties = workbook.create_sheet("Partes")
        parties.append(["Identificador", "Nombre", "Siglas"])
        parties.append(["fef", "Fundación Ejemplo Ficticia", "FEF"])
        indicators = workbook.create_sheet("INDICADORES")
        indicators.append(["identificador", "nombre", "mide", "línea base"])
        indicators.append(["I-1", "Casos", "A-1; G2", 0])
        measurements = workbook.create_sheet("measurements")
        measurements.append(["indicator", "value", "date"])
        measurements.append(["I-1", 5, 2023])
        workbook.create_sheet("Blank")

    submission = reads("a.xlsx", saved(fill))
    assert [(each.code, each.location.sheet) for each in submission.findings] == [
        ("sheet-not-read", "Cover"),
        ("sheet-not-read", "Blank"),
    ]
    assert [(each.name, each.class_iri, each.rows) for each in submission.submission.sheets] == [
        ("2023", BIC.Action, 1),
        ("Partes", BIC.Party, 1),
        ("INDICADORES", BIC.Indicator, 1),
        ("measurements", BIC.Measurement, 1),
    ]
    assert submission.values("hasResponsibleParty") == ["urn:x-bicentennial:party:fef"]
    assert submission.values("measures") == ["urn:x-bicentennial:action:A-1", "bicd:goal-prevent-transborder-crime"]
    assert submission.values("observes") == ["urn:x-bicentennial:indicator:I-1"]
    party, name = "urn:x-bicentennial:party:fef", "http://www.w3.org/2004/02/skos/core#notation"
    assert submission.place(party, name) == ("Partes", "C2", None, None)


def test_two_sheets_of_the_same_table_are_both_read_and_said(reads: Any) -> None:
    def fill(workbook: openpyxl.Workbook) -> None:
        workbook.worksheets[0].title = "2023"
        for sheet, identifier in ((workbook.worksheets[0], "A-1"), (workbook.create_sheet("2024"), "A-2")):
            sheet.append(HEADER)
            sheet.append([identifier, "x", "G1", "SRE"])

    submission = reads("a.xlsx", saved(fill))
    assert [(each.code, each.location.sheet) for each in submission.findings] == [("sheet-repeated", "2024")]
    assert submission.values("identifier") == ["A-1", "A-2"]


def test_row_numbers_are_those_of_the_sheet(reads: Any) -> None:
    def fill(workbook: openpyxl.Workbook) -> None:
        sheet = workbook.worksheets[0]
        sheet["B2"] = "A merged title"
        sheet.merge_cells("B2:E2")
        for column, header in enumerate(HEADER, start=2):
            sheet.cell(5, column, header)
        for column, value in enumerate(["A-1", "two\nlines", "G1", "nobody known"], start=2):
            sheet.cell(9, column, value)
        for row in range(10, 400):
            sheet.cell(row, 2).number_format = "0.00"

    submission = reads("a.xlsx", saved(fill))
    assert submission.findings == []
    assert submission.said("prefLabel") == [("A-1", "two\nlines", 2, "en", 9, 3, None)]
    action = "urn:x-bicentennial:action:A-1"
    assert submission.place(action, BIC.hasResponsibleParty, "nobody known") == ("Sheet", "E9", None, None)
    assert submission.place(action, BIC.startDate) == ("Sheet", "F9", None, None)
    assert submission.place(action, BIC.hasTheme) == ("Sheet", 9, None, None)


def test_errors_and_formulas_without_a_result(reads: Any) -> None:
    def fill(workbook: openpyxl.Workbook) -> None:
        sheet = workbook.worksheets[0]
        sheet.append(HEADER)
        sheet.append(["A-1", "x", "G1", "SRE", None, "=1+1", "#N/A"])
        sheet["G2"].data_type = "e"

    submission = reads("a.xlsx", saved(fill))
    assert submission.found() == [("formula-without-value", "F2"), ("cell-error", "G2")]
    assert submission.findings[1].value == "#N/A"
    assert {each.severity for each in submission.findings} == {"violation"}
    assert submission.values("hasStatus") == []


def test_formulas_with_a_result_are_values(reads: Any) -> None:
    data = one_sheet(HEADER, ["A-1", "x", "G1", "SRE", None, "=6*7"])
    data = changed(
        data, "xl/worksheets/sheet1.xml", lambda text: re.sub("(<f>6\\*7</f>)<v(?: ?/>|></v>)", r"\1<v>42</v>", text)
    )
    submission = reads("a.xlsx", data)
    assert submission.findings == []
    assert submission.values("budgetAmount") == ["42"]


def test_merged_cells_among_the_data_are_named(reads: Any) -> None:
    def fill(workbook: openpyxl.Workbook) -> None:
        sheet = workbook.worksheets[0]
        for row in (HEADER, ["A-1", "x", "G1", "SRE"], ["A-2", "y", None, "SRE"]):
            sheet.append(row)
        sheet.merge_cells("C2:C3")

    submission = reads("a.xlsx", saved(fill))
    assert submission.found() == [("cells-merged", "C2")]
    assert "C2:C3" in submission.findings[0].message["es"]


def test_oddities_of_a_sheet_that_is_not_read_are_no_news(reads: Any) -> None:
    def fill(workbook: openpyxl.Workbook) -> None:
        workbook.worksheets[0].append(HEADER)
        workbook.worksheets[0].append(["A-1", "x", "G1", "SRE"])
        notes = workbook.create_sheet("notes")
        notes.append(["Total", "=SUM(1,2)", "#N/A"])
        notes.append(["Rest", "", ""])
        notes["C1"].data_type = "e"
        notes.merge_cells("A2:B3")

    assert reads("a.xlsx", saved(fill)).found() == [("sheet-not-read", None)]


def test_ods(reads: Any) -> None:
    error = (
        '<table:table-row><table:table-cell office:value-type="string"><text:p>A-2</text:p></table:table-cell>'
        '<table:table-cell table:formula="of:=[.X]" office:value-type="string" office:string-value="" '
        'calcext:value-type="error"><text:p>#REF!</text:p></table:table-cell>'
        '<table:table-cell table:formula="of:=1"/></table:table-row>'
    )
    data = ods(
        ods_row("Título"),
        "<table:table-row table:number-rows-repeated='2'><table:table-cell/></table:table-row>".replace("'", '"'),
        ods_row("identificador", "título", "meta", "parte_responsable"),
        ods_row("A-1", "x", "G1", "SRE"),
        error,
        '<table:table-row table:number-rows-repeated="1048000">'
        '<table:table-cell table:number-columns-repeated="16384"/></table:table-row>',
        name="acciones",
    )
    submission = reads("a.ods", data)
    assert submission.said("prefLabel") == [("A-1", "x", 2, "es", 5, 2, None)]
    assert submission.found() == [("formula-without-value", "C6"), ("cell-error", "B6")]


def bomb() -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("xl/workbook.xml", "<workbook/>")
        archive.writestr("xl/worksheets/sheet1.xml", b" " * 30_000_000)
    return out.getvalue()


def far() -> bytes:
    def fill(workbook: openpyxl.Workbook) -> None:
        workbook.worksheets[0].append(HEADER)
        workbook.worksheets[0]["XFD1048576"] = "x"

    return saved(fill)


def tall() -> bytes:
    def fill(workbook: openpyxl.Workbook) -> None:
        workbook.worksheets[0].append(HEADER)
        workbook.worksheets[0]["CV1048576"] = "x"

    return saved(fill)


def merged() -> bytes:
    merge = '<mergeCells count="1"><mergeCell ref="A2:Z100000"/></mergeCells><pageMargins'
    return changed(one_sheet(HEADER), "xl/worksheets/sheet1.xml", lambda text: text.replace("<pageMargins", merge))


@pytest.mark.parametrize(
    ("data", "setting"),
    [
        (bomb, "unpacked_ratio"),
        (far, "columns"),
        (tall, "grid_cells"),
        (merged, "merged_cells"),
        (lambda: ods(ods_row(*HEADER), ods_row("x", repeated=3_000_000)), "rows"),
        (lambda: ods(ods_row(*HEADER), ods_row(*["x"] * 501)), "columns"),
        (lambda: ods(ods_row(*HEADER), ods_row(*["x"] * 100, repeated=1_000_000)), "grid_cells"),
    ],
    ids=["bomb", "far cell", "tall", "merged", "ods rows", "ods columns", "ods grid"],
)
def test_workbooks_are_measured_before_they_are_opened(reads: Any, data: Callable[[], bytes], setting: str) -> None:
    with pytest.raises(LimitReachedError) as caught:
        reads("a.xlsx", data())
    assert caught.value.setting == setting


def test_unpacked_size_is_limited(reads: Any) -> None:
    with pytest.raises(LimitReachedError) as caught:
        reads("a.xlsx", one_sheet(HEADER), limits=Limits(unpacked_bytes=1000))
    assert caught.value.setting == "unpacked_bytes"


@pytest.mark.parametrize(
    "part", ["xl/workbook.xml", "xl/worksheets/sheet1.xml", "xl/styles.xml", "[Content_Types].xml"]
)
def test_a_document_type_declaration_in_a_workbook_is_refused(reads: Any, part: str) -> None:
    evil = '<?xml version="1.0"?><!DOCTYPE a [<!ENTITY b "c">]>'
    data = changed(one_sheet(HEADER, ["A-1", "x", "G1", "SRE"]), part, lambda text: evil + text.partition("?>")[2])
    with pytest.raises(UnreadableInputError) as caught:
        reads("a.xlsx", data)
    assert part in caught.value.text["en"]


def test_damaged_workbooks_are_refused(reads: Any) -> None:
    data = one_sheet(HEADER, ["A-1", "x", "G1", "SRE"])
    for broken in (data[:200], data[: len(data) // 2], data[:-30], data[:60] + b"\xff" * 400 + data[460:]):
        with pytest.raises(UnreadableInputError):
            reads("a.xlsx", broken)
    with pytest.raises(UnreadableInputError):
        reads("a.xlsx", changed(data, "xl/workbook.xml", lambda text: text.replace("<sheets>", "<sheets")))


def test_a_packed_file_that_is_no_workbook(reads: Any) -> None:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as archive:
        archive.writestr("data.csv", "id,title")
    with pytest.raises(UnreadableInputError, match="compressed archive"):
        reads("a.zip", out.getvalue())


def test_an_xlsx_under_another_name_is_read_as_what_it_is(reads: Any) -> None:
    submission = reads("a.csv", one_sheet(HEADER, ["A-1", "x", "G1", "SRE"]))
    assert submission.submission.format == "xlsx"
    assert submission.found() == [("format-differs", None)]


def rewritten(change: Callable[[str], str], *, rows: int = 3) -> bytes:
    """Return a workbook of some rows whose sheet is written otherwise."""
    data = one_sheet(HEADER, *(["A-1", "x", "G1", "SRE", "2023", 5, "planned"] for _ in range(rows)))
    return changed(data, "xl/worksheets/sheet1.xml", change)


def prefixed(text: str) -> str:
    text = re.sub(r"<(/?)(?=[a-zA-Z])", r"<\1x:", text)
    return text.replace('xmlns="', 'xmlns:x="')


@pytest.mark.parametrize(
    "change",
    [
        lambda text: re.sub(r'<(row|c) r="\w+"', r"<\1", text),
        lambda text: re.sub(r'<row r="\d+"', "<row", text),
        lambda text: text.replace('"', "'"),
        prefixed,
        lambda text: re.sub(r"(<row r=\"2\".*?</row>)(<row.*</row>)", r"\2\1", text),
        lambda text: re.sub(r'<c r="(\w+)" t="(\w+)"', r'<c t="\2" r="\1"', text),
        lambda text: text.replace("<c ", "<c\n\t").replace("<row ", "<row\n"),
        lambda text: text.replace(' r="', ' cm="0" r="'),
        lambda text: text.replace("</v>", "<!-- --></v>").replace("<v>", "<!-- <v>9</v></c> --><v>"),
    ],
    ids=["no names", "no rows", "quotes", "prefixes", "out of order", "attributes", "lines", "more", "comments"],
)
def test_what_odd_programs_write_is_read_all_the_same(reads: Any, change: Callable[[str], str]) -> None:
    usual, odd = reads("a.xlsx", rewritten(str)), reads("a.xlsx", rewritten(change))
    assert odd.values("prefLabel") == usual.values("prefLabel") != []
    assert odd.values("budgetAmount") == usual.values("budgetAmount")
    tight = Limits(rows=4, columns=7, grid_cells=28)
    assert reads("a.xlsx", rewritten(change), limits=tight).values("prefLabel") == usual.values("prefLabel")
    with pytest.raises(LimitReachedError):
        reads("a.xlsx", rewritten(change), limits=Limits(rows=4, columns=6))


def test_an_error_in_other_quotes_is_an_error(reads: Any) -> None:
    def change(text: str) -> str:
        return re.sub(r'<c r="G2".*?</c>', "<c r='G2' t = 'e'><v>#REF!</v></c>", text)

    assert reads("a.xlsx", rewritten(change, rows=1)).found() == [("cell-error", "G2")]


def test_a_sheet_of_many_pieces_is_measured_to_its_end(reads: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(packed, "_CHUNK", 1_000)

    def with_last(*cells: str) -> bytes:
        last = "".join(f'<row r="200">{cell}</row>' for cell in cells)
        return rewritten(lambda text: text.replace("</sheetData>", f"{last}</sheetData>"), rows=100)

    assert reads("a.xlsx", with_last()).findings == []
    odd = with_last('<c r="B200" t="e"><v>#REF!</v></c><c r="C200"><f>1+1</f></c>')
    assert reads("a.xlsx", odd).found()[:2] == [("formula-without-value", "C200"), ("cell-error", "B200")]
    for cell, refusal in (("A9000000", "damaged"), ("A1048577", "damaged"), ("XFD200", "columns"), ("XFE2", "damaged")):
        with pytest.raises((LimitReachedError, UnreadableInputError), match=refusal):
            reads("a.xlsx", with_last(f'<c r="{cell}"><v>1</v></c>'), limits=Limits(rows=1_000_000))
    data = with_last()
    for place in range(0, len(data) - 200, 100):  # wherever it is damaged, it is refused or read as it was
        with contextlib.suppress(UnreadableInputError):
            reads("a.xlsx", data[:place] + bytes(b ^ 255 for b in data[place : place + 3]) + data[place + 3 :])


@pytest.mark.parametrize("way", ["small", "bulk"])
def test_a_number_shown_as_an_identifier_is_that_identifier(
    reads: Any, monkeypatch: pytest.MonkeyPatch, way: str
) -> None:
    formats = {"0000": "0007", '"MX-"000': "MX-007", r"00\-000;-0": "00-007", "0": "7", '"MXN "000': "7", "$000": "7"}
    given = {**formats, '"A"000': "7", "000.0": "7", "yyyy": "1900-01-07", "#,##0": "7", "[>5]000;0": "7", "000%": "7"}

    def fill(workbook: openpyxl.Workbook) -> None:
        sheet = workbook.worksheets[0]
        sheet.append(HEADER)
        cells = [(7, code) for code in given] + [(value, "0000") for value in (-7, 7.5, "7", 12345)]
        for row, (value, code) in enumerate(cells, start=2):
            sheet.append([value, "x", "G1", "SRE"])
            sheet.cell(row, 1).number_format = code

    if way == "bulk":
        monkeypatch.setattr(sizes, "TABLE_CELLS", 0)
    told = reads("a.xlsx", saved(fill))
    assert told.values("identifier") == [*given.values(), "-7", "7.5", "7", "12345"]


def test_a_number_shown_as_an_identifier_is_that_in_ods_too(reads: Any) -> None:
    def cell(value: str, text: str) -> tuple[str]:
        return (f' office:value-type="float" office:value="{value}"><text:p>{text}</text:p></table:table-cell>',)

    shown = ("7", "0007"), ("7", "MX-007"), ("12345", "12-345"), ("7", "MXN 007"), ("7", "7.0"), ("7", "12-345")
    rows = [[cell(*each), "x", "G1", "SRE"] for each in shown]
    assert reads("a.ods", books.ods(HEADER, *rows)).values("identifier") == ["0007", "MX-007", "12-345", "7", "7", "7"]


def long(*more: tuple[int, list[Any]], first: int = 1, left: int = 0) -> bytes:
    """Return a workbook of six parts of rows, some of them replaced, that begins at a cell."""

    def fill(workbook: openpyxl.Workbook) -> None:
        sheet = workbook.worksheets[0]
        rows = {number: ["A", "x", "G1", "SRE", date(2023, 4, 3), number, True] for number in range(2, 3_000)}
        for number, row in ({1: HEADER} | rows | dict(more)).items():
            cells = [f"A-{number}", *row[1:]] if row[:1] == ["A"] else row
            for column, value in enumerate(cells, left + 1):
                sheet.cell(number + first - 1, column, value)

    return saved(fill)


ODD_ROWS: tuple[tuple[int, list[Any]], ...] = (
    (1_200, []),
    (1_700, ["A", "two\nlines", "G2", "\u00a0SRE ", datetime(2023, 4, 3, 1, 2), 0.5, "planned"]),  # noqa: DTZ001
    (2_100, ["A-7", 1, "G1", "nobody", 2023, 1e20, None]),
    (2_700, [None, "  padded  ", "G1", "SRE", None, None, None]),
)


@pytest.mark.parametrize(("first", "left"), [(1, 0), (4, 0), (1, 2), (3, 1)])
def test_a_long_sheet_goes_to_the_database_in_parts_as_it_would_at_once(
    reads: Any, monkeypatch: pytest.MonkeyPatch, first: int, left: int
) -> None:
    def everything(data: bytes, worthwhile: int, batch: int) -> tuple[Any, ...]:
        monkeypatch.setattr(sizes, "TABLE_CELLS", worthwhile)
        monkeypatch.setattr(spool, "BATCH", batch)
        told = reads("a.xlsx", data)
        raw = [table for (table,) in told.submission.dataset.connection.execute("SHOW TABLES").fetchall()]
        assert ("sheet1" in raw) == (worthwhile == 0)
        query = "SELECT * FROM statements ORDER BY ALL"
        rows = told.submission.dataset.connection.execute(query).fetchall()
        return rows, told.findings, told.submission.sheets, told.submission.suppressed

    data = long(*ODD_ROWS, first=first, left=left)
    expected = everything(data, 10**9, 0)
    assert expected[2][0].rows == 2_997
    assert everything(data, 0, 0) == everything(data, 0, 50_000) == everything(data, 0, 10**9) == expected


def test_what_is_wrong_far_down_in_a_long_sheet_is_said(reads: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sizes, "TABLE_CELLS", 0)
    with pytest.raises(LimitReachedError, match="row 2600"):
        reads("a.xlsx", long((2_600, ["A", "x" * 101, "G1"])), limits=Limits(cell_characters=100))
    told = reads("a.xlsx", long((2_600, ["A", "x", "G1", "SRE", None, None, None, "more"])))
    assert told.found() == [("header-blank", "H1")]


@pytest.mark.parametrize(
    "piece",
    [
        b'<c r="B7" t="e"><v>#N/A</v></c>',
        b'<c r="B7" s="1" t="e"><v>#N/A</v></c>',
        b"<c r='B7'><v>1</v></c>",
        b'<c r="B7"><f>1+1</f></c>',
        b'<c r="B7"><x:f>1+1</x:f></c>',
        b'<c r="B7">\n<f>1+1</f></c>',
        b'<c r="B20"><v>1</v></c>',
        b'<c r="AB7"><v>1</v></c>',
        b'<c r="b7"><v>1</v></c>',
        b'<c r="B7" r="C7"><v>1</v></c>',
        b"<c><v>1</v></c>",
        b"<c/>",
        b"<x:c><v>1</v></x:c>",
        b'</row><row r="8" spans="1:2" r="9">',
        b"</row><row>",
        b"</row><x:row>",
    ],
)
def test_only_plain_pieces_pass_at_a_glance(piece: bytes) -> None:
    row = b'<row r="7" spans="1:2"><c r="A7" t="s"><v>0</v></c><c r="A7" s="1"/>%s</row>'
    assert extent.Extent().passes(row % b'<c r="B7" s="1" t="inlineStr"><is><t>x</t></is></c>')
    assert not extent.Extent().passes(row % piece)


def test_names_of_sheets_and_parts_are_found_as_the_reader_finds_them(reads: Any) -> None:
    data = one_sheet(HEADER, ["A-1", "x", "G1", "SRE", None, None, "=1+1"])
    for part, old, new in (
        ("xl/workbook.xml", 'name="actions"', "name='acci&#111;nes &amp; m&#xE1;s'"),
        ("xl/_rels/workbook.xml.rels", "/xl/worksheets/sheet1.xml", "worksheets/SHEET1.xml"),
    ):
        odd = changed(data, part, lambda text, old=old, new=new: text.replace(old, new))  # type: ignore[misc]
        assert odd != data
        assert reads("a.xlsx", odd).found() == [("formula-without-value", "G2")]


def test_sheets_together_keep_the_limits(reads: Any) -> None:
    def fill(workbook: openpyxl.Workbook) -> None:
        for sheet in (workbook.worksheets[0], workbook.create_sheet("notes")):
            for _ in range(10):
                sheet.append(HEADER)

    reads("a.xlsx", saved(fill), limits=Limits(rows=20, grid_cells=140))
    for limits, setting in ((Limits(rows=19), "rows"), (Limits(grid_cells=139), "grid_cells")):
        with pytest.raises(LimitReachedError) as caught:
            reads("a.xlsx", saved(fill), limits=limits)
        assert caught.value.setting == setting


TAGS = ('<c t="e">', '<c t="e"', "<c ", "<row ", "<f", "<c><f>", '<c r="AB1"><f ', "<c><v", "<c '", "<!--")
BOOK = ("<sheet ", '<sheet name="')
ODS = (
    *("<table:table-row ", "<table:table-cell>", "<table:table-cell ", "<table:table ", '<table:table table:name="'),
    *("<text:p>", "<text:p", "<table:"),
)


@pytest.mark.parametrize(
    ("part", "tag"),
    [
        *(("xl/worksheets/sheet1.xml", tag) for tag in TAGS),
        *(("xl/workbook.xml", tag) for tag in BOOK),
        *(("content.xml", tag) for tag in ODS),
    ],
)
def test_looking_into_a_workbook_takes_time_in_proportion(part: str, tag: str) -> None:
    """It ends; if time grew with the square of the length, this would take many minutes for each."""
    many = tag * 100_000
    error = '<table:table-cell calcext:value-type="error" office:value-type="x">'
    for end in ("", '<c r="XFD9"><v>1</v></c>'):
        if part == "content.xml":
            data, inspect = ods(f"<table:table-row>{error}{many}"), inspect_content
        else:
            data, inspect = changed(one_sheet(HEADER), part, partial(ending, f"{many}{end}")), inspect_xlsx
        with open_packed(data, Limits(unpacked_ratio=100_000)) as archive, contextlib.suppress(BicentennialError):
            inspect(archive, Limits())


def inspect_content(archive: zipfile.ZipFile, limits: Limits) -> Any:
    return inspect_ods(content_of(archive)[1], limits)


def ending(what: str, text: str) -> str:
    return text.replace("</sheet", f"{what}</sheet", 1)
