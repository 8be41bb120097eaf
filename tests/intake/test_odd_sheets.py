"""What is odd about single cells, rows, columns and sheets is told alike of XLSX and ODS, and only where it matters."""

from __future__ import annotations

import io
from typing import TYPE_CHECKING, Any
from xml.sax.saxutils import quoteattr

import openpyxl
import pytest
from openpyxl.styles import Font

from bicentennial.core.errors import LimitReachedError
from bicentennial.formats.workbook.number_formats import styles_of_dates
from bicentennial.intake import Limits
from bicentennial.storage import sizes
from tests.books import (
    HEADER,
    RELATIONS,
    ROW,
    ods,
    ods_parts,
    ods_table,
    packed,
    xlsx,
    xlsx_parts,
    xlsx_sheet,
)

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence
    from pathlib import Path

COLUMN = '<table:table-column table:number-columns-repeated="{}"{}/>'
HIDDEN_STYLE = (
    '<office:automatic-styles><style:style style:name="ta2" style:family="table">'
    '<style:table-properties table:display="false"/></style:style></office:automatic-styles>'
)


def row(**values: Any) -> list[Any]:
    return [values.get(name, value) for name, value in zip(HEADER, ROW, strict=True)]


@pytest.mark.parametrize(
    "cell",
    [
        ' t="str"><f>IF(A2="","","x")</f><v/></c>',
        ' t="str"><f>IF(A2="","","x")</f><v></v></c>',
        ' s="0" t="str"><f t="shared" si="0"/><v></v></c>',
        " t='str'><f>1</f></c>",
    ],
)
def test_an_empty_text_is_a_stored_result(reads: Any, cell: str) -> None:
    assert reads("a.xlsx", xlsx(HEADER, row(currency=(cell,)))).findings == []


@pytest.mark.parametrize("cell", ["><f>1</f></c>", "><f>1</f><v/></c>", ' s="1"><f>1</f><v></v></c>'])
def test_a_formula_without_a_result_is_told_where_it_is_read(reads: Any, cell: str) -> None:
    submission = reads("a.xlsx", xlsx(HEADER, row(currency=(cell,))))
    assert submission.found() == [("formula-without-value", "I2")]
    aside = xlsx([*HEADER, "Notes"], [*row(), (cell,)])
    assert reads("a.xlsx", aside).found() == [("header-unknown", "J1")]
    above = xlsx([(cell,)], HEADER, row())
    assert reads("a.xlsx", above).findings == []


ERRORS = (
    *("#NULL!", "#DIV/0!", "#VALUE!", "#REF!", "#NAME?", "#NUM!", "#N/A", "#GETTING_DATA", "#SPILL!", "#CALC!"),
    *("#FIELD!", "#BLOCKED!", "#CONNECT!", "#BUSY!", "#UNKNOWN!", "#ERROR!", "#PYTHON!", "#EXTERNAL!", "#TIMEOUT!"),
    *("#¡DIV/0!", "#N/D"),
)


@pytest.mark.parametrize("error", ERRORS)
def test_each_kind_of_error_is_told_at_its_cell(reads: Any, error: str) -> None:
    shown = f"<text:p>{error}</text:p></table:table-cell>"
    number = f' office:value-type="float" office:value="0" calcext:value-type="error">{shown}'
    old = f' office:value-type="float" office:value="0">{shown}'  # before programs said that it is an error
    formula = f' table:formula="of:=1" office:value-type="string" office:string-value="">{shown}'
    for name, data in (
        ("a.xlsx", xlsx(HEADER, row(budget=(f' t="e"><f>1/0</f><v>{error}</v></c>',)))),
        *(("a.ods", ods(HEADER, row(budget=(each,)))) for each in (number, old, formula)),
    ):
        submission = reads(name, data)
        assert submission.found() == [("cell-error", "H2")]
        assert submission.findings[0].value == error
        assert submission.values("budgetAmount") == []


def test_an_error_of_no_known_kind_is_one_all_the_same(reads: Any) -> None:
    submission = reads("a.xlsx", xlsx(HEADER, row(title=(' t="e"><v>#blocked</v></c>',))))
    assert submission.found() == [("cell-error", "B2")]
    assert submission.findings[0].value == "#BLOCKED!"


def test_errors_of_cells_without_names_are_told_at_their_cells(reads: Any) -> None:
    cells = "".join(f'<c t="inlineStr"><is><t>{text}</t></is></c>' for text in ROW[:7])
    header = "".join(f'<c t="inlineStr"><is><t>{text}</t></is></c>' for text in HEADER)
    sheet = xlsx_sheet([]).replace(
        "<sheetData>", f'<sheetData><row>{header}</row><row>{cells}<c t="e"><v>#SPILL!</v></c><c><f>1</f></c></row>'
    )
    submission = reads("a.xlsx", packed(xlsx_parts({"actions": sheet})))
    assert submission.found() == [("formula-without-value", "I2"), ("cell-error", "H2")]


def test_an_error_in_a_column_that_is_not_read_is_no_news(reads: Any) -> None:
    data = xlsx([*HEADER, "Notes"], [*row(), (' t="e"><v>#SPILL!</v></c>',)])
    assert reads("a.xlsx", data).found() == [("header-unknown", "J1")]


@pytest.mark.parametrize("digits", ["2023000000000017", "9007199254740991", "2023000000000010"])
def test_numbers_of_sixteen_digits_stay_as_they_are(reads: Any, digits: str) -> None:
    for name, data in (("a.xlsx", xlsx(HEADER, row(id=int(digits)))), ("a.ods", ods(HEADER, row(id=int(digits))))):
        submission = reads(name, data)
        assert (submission.findings, submission.values("identifier")) == ([], [digits])


@pytest.mark.parametrize("digits", ["20230000000000171", "12345678901234567890"])
def test_longer_numbers_keep_their_digits_and_are_told(reads: Any, digits: str) -> None:
    rows = [row(id=int(digits)), row(id=int(digits) + 1)]
    for name, data in (("a.xlsx", xlsx(HEADER, *rows)), ("a.ods", ods(HEADER, *rows))):
        submission = reads(name, data)
        assert submission.found() == [("number-long", "A2"), ("number-long", "A3")]
        assert submission.values("identifier") == [digits, str(int(digits) + 1)]


def test_a_text_that_is_not_in_the_file_is_told(reads: Any) -> None:
    parts = xlsx_parts({"actions": xlsx_sheet([HEADER, row(currency=(' t="s"><v>-1</v></c>',))])})
    parts["xl/sharedStrings.xml"] = (
        '<sst xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main"><si><t>USD</t></si></sst>'
    )
    relations = parts["xl/_rels/workbook.xml.rels"]
    assert isinstance(relations, str)
    parts["xl/_rels/workbook.xml.rels"] = relations.replace(
        "</Relationships>",
        f'<Relationship Id="rIdT" Type="{RELATIONS}/sharedStrings" Target="sharedStrings.xml"/></Relationships>',
    )
    submission = reads("a.xlsx", packed(parts))
    assert submission.found() == [("text-lost", "I2")]
    assert submission.values("budgetCurrency") == []
    assert reads("a.xlsx", xlsx(HEADER, row(budget=-1))).findings == []


def test_hidden_rows_and_columns_are_told(reads: Any) -> None:
    rows = [HEADER, *(row(id=f"A-{n}") for n in range(2, 9))]
    columns = '<cols><col min="3" max="4" hidden="1"/><col min="7" max="7" hidden="true"/></cols>'
    across = COLUMN.format(2, "") + COLUMN.format(2, ' table:visibility="collapse"') + COLUMN.format(2, "")
    across += COLUMN.format(1, ' table:visibility="collapse"')
    for name, data in (
        ("a.xlsx", xlsx(*rows, hidden=(3, 5, 6, 7, 20), before=columns)),
        ("a.ods", ods(*rows, hidden=(3, 5, 6, 7, 20), more=across)),
    ):
        submission = reads(name, data)
        assert submission.found() == [("rows-hidden", 3), ("columns-hidden", "C1")]
        said = [each.message["es"] for each in submission.findings]
        assert "3, 5–7." in said[0]
        assert "C–D, G." in said[1]
        assert {each.severity for each in submission.findings} == {"info"}


def test_hidden_rows_and_columns_that_hold_nothing_of_ours_are_no_news(reads: Any) -> None:
    rows = [HEADER, row(), [], [*[""] * 9, "aside"]]
    columns = '<cols><col min="10" max="16384" hidden="1"/></cols>'
    assert reads("a.xlsx", xlsx(*rows, hidden=(3,), before=columns)).found() == []


def test_hidden_sheets_that_are_read_are_told(reads: Any) -> None:
    sheets = {name: xlsx_sheet([HEADER, row(id=name)]) for name in ("actions", "2022", "2021")}
    sheets["lists"] = xlsx_sheet([["only names"]])
    parts = xlsx_parts(sheets, {"2022": "hidden", "2021": "veryHidden", "lists": "hidden"})
    found = [(each.code, each.location.sheet) for each in reads("a.xlsx", packed(parts)).findings]
    assert [each for each in found if each[0] == "sheet-hidden"] == [("sheet-hidden", "2022"), ("sheet-hidden", "2021")]

    hidden = ods_table([HEADER, row(id="B")], name="2022").replace(
        "<table:table ", '<table:table table:style-name="ta2" '
    )
    ods_of = ods_parts(ods_table([HEADER, row()]), hidden)
    ods_of["content.xml"] = str(ods_of["content.xml"]).replace("<office:body>", f"{HIDDEN_STYLE}<office:body>")
    told = reads("a.ods", packed(ods_of)).findings
    assert [(each.code, each.location.sheet, each.severity) for each in told if each.code == "sheet-hidden"] == [
        ("sheet-hidden", "2022", "warning")
    ]


def _struck_xlsx(rows: Sequence[Sequence[Any]], struck: Sequence[str]) -> bytes:
    book = openpyxl.Workbook()
    sheet = book.worksheets[0]
    for each in rows:
        sheet.append(list(each))
    for cell in ("A1", "B1"):
        sheet[cell].font = Font(strike=False, bold=True)
    for cell in struck:
        sheet[cell].font = Font(strike=True)
    out = io.BytesIO()
    book.save(out)
    return out.getvalue()


def _struck_ods(rows: Sequence[Sequence[Any]], struck: Sequence[str]) -> bytes:
    def cell(place: str, value: Any) -> Any:
        named = "ce2" if place in struck else "ce1"
        text = f"<text:p>{value}</text:p>"
        return (f' table:style-name="{named}" office:value-type="string">{text}</table:table-cell>',) if value else ""

    table = [[cell(f"{'ABCDEFGHIJ'[n]}{at}", each) for n, each in enumerate(row)] for at, row in enumerate(rows, 1)]
    parts = ods_parts(ods_table(table))
    style = '<style:style style:name="{}"><style:text-properties style:text-line-through-style="{}"/></style:style>'
    styles = f"{style.format('ce1', 'none')}{style.format('ce2', 'solid')}"
    styles = f"<office:automatic-styles>{styles}</office:automatic-styles>"
    parts["content.xml"] = str(parts["content.xml"]).replace("<office:body>", f"{styles}<office:body>")
    return packed(parts)


@pytest.mark.parametrize(("name", "made"), [("a.xlsx", _struck_xlsx), ("a.ods", _struck_ods)])
def test_text_that_is_struck_out_is_told_where_it_is_read(
    reads: Any, name: str, made: Callable[[Sequence[Sequence[Any]], Sequence[str]], bytes]
) -> None:
    rows = [["A title"], [*HEADER, "Notes"], *([*row(id=f"A-{n}"), "aside"] for n in range(3, 9))]
    submission = reads(name, made(rows, ["A1", "A4", "D5", "B5", "B7", "J8", "I6"]))
    assert submission.found() == [("text-struck-out", 4), ("header-unknown", "J2")]
    told = submission.findings[0]
    assert told.severity == "warning"
    assert "4–5, 7." in told.message["es"]
    assert [each.code for each in reads(name, made(rows, ["A1", "J5", "I6"])).findings] == ["header-unknown"]


def test_merged_cells_are_told_alike(reads: Any) -> None:
    rows = [["A title"], HEADER, row(), row(id="A-2", goal="")]
    merges = (
        '<mergeCells count="3"><mergeCell ref="C3:C4"/><mergeCell ref="A1:I1"/><mergeCell ref="K3:K4"/></mergeCells>'
    )
    spanned = ' table:number-rows-spanned="2" office:value-type="string"><text:p>G2</text:p></table:table-cell>'
    ods_rows = [rows[0], HEADER, row(goal=(spanned,)), row(id="A-2", goal=("/>",))]
    for name, data in (("a.xlsx", xlsx(*rows, after=merges)), ("a.ods", ods(*ods_rows))):
        submission = reads(name, data)
        assert submission.found() == [("cells-merged", "C3")]
        assert submission.findings[0].value == "C3:C4"


@pytest.mark.parametrize(
    ("inner", "expected"),
    [
        ("<text:p>Train<text:line-break/>officers<text:tab/>now</text:p>", "Train\nofficers\tnow"),
        ('<text:p>Train<text:s text:c="3"/>now</text:p>', "Train   now"),
        ("<text:p>Train\n      officers\n    </text:p>", "Train officers"),
        ("<text:p>Train</text:p><text:p>now</text:p>", "Train\nnow"),
        ('<text:p><text:span text:style-name="T1">Tr</text:span>ain</text:p>', "Train"),
        ('<text:p><text:a xlink:href="https://example.org/">Train</text:a></text:p>', "Train"),
        ("<draw:frame><draw:text-box><text:p>No</text:p></draw:text-box></draw:frame><text:p>Train</text:p>", "Train"),
        ("<draw:g><draw:g><draw:line><text:p>x</text:p></draw:line></draw:g></draw:g><text:p>Train</text:p>", "Train"),
        ('<draw:frame><draw:image xlink:href="a"><text:p/></draw:image></draw:frame><text:p>Train</text:p>', "Train"),
        ("<office:annotation><text:p>why?</text:p></office:annotation><text:p>Train</text:p>", "Train"),
        ("<text:p>Tr<draw:a><draw:frame><text:p>x</text:p></draw:frame></draw:a>ain</text:p>", "Train"),
        ("<text:ruby><text:p>Train</text:p><text:ruby-text><text:p>x</text:p></text:ruby-text></text:ruby>", "Train"),
        ("<!-- <draw:g> --><text:p>Train</text:p><!-- </draw:g> -->", "Train"),
        ("<text:p><![CDATA[R&D]]></text:p>", "R&D"),
    ],
)  # fmt: skip
def test_a_cell_of_ods_has_its_own_text_alone(reads: Any, inner: str, expected: str) -> None:
    link = 'xmlns:xlink="http://www.w3.org/1999/xlink" office:version='
    parts = ods_parts(ods_table([HEADER, row(title=(f' office:value-type="string">{inner}</table:table-cell>',))]))
    parts["content.xml"] = str(parts["content.xml"]).replace("office:version=", link, 1)
    submission = reads("a.ods", packed(parts))
    assert (submission.findings, submission.values("prefLabel")) == ([], [expected])


@pytest.mark.parametrize("large", [False, True])
@pytest.mark.parametrize("name", ['table:name="in" table:is-sub-table="true"', 'table:name="a>b"', ""])
@pytest.mark.parametrize(
    ("before", "expected"),
    [(' office:value-type="string"><text:p>Train</text:p>', "Train\nnow\nhere"), (">", "now\nhere")],
)
def test_a_table_in_a_cell_of_ods_is_text_of_that_cell(
    reads: Any, monkeypatch: pytest.MonkeyPatch, before: str, expected: str, name: str, large: bool
) -> None:
    """The rows below it are read all the same, and so is the next sheet."""
    monkeypatch.setattr(sizes, "TABLE_CELLS", 0 if large else sizes.TABLE_CELLS)
    inner = ods_table([["now", "here"]]).replace('table:name="actions"', name)
    cell = f"{before}{inner}</table:table-cell>"
    sheets = ods_table([HEADER, row(title=(cell,)), row(id="A-2")]), ods_table([["Notes"]], name="Notes")
    submission = reads("a.ods", packed(ods_parts(*sheets)))
    assert submission.values("identifier") == ["A-1", "A-2"]
    assert submission.values("prefLabel") == [expected, "Train"]
    assert submission.found() == [("sheet-not-read", None)]


@pytest.mark.parametrize("large", [False, True])
def test_a_text_of_ods_that_is_not_said_to_be_one_is_read(
    reads: Any, monkeypatch: pytest.MonkeyPatch, large: bool
) -> None:
    monkeypatch.setattr(sizes, "TABLE_CELLS", 0 if large else sizes.TABLE_CELLS)
    plain = ("><text:p>Train</text:p></table:table-cell>",)
    styled = (' table:style-name="a>value-type=">\n <text:p>Train</text:p></table:table-cell>',)
    empty, noted = (
        ("></table:table-cell>",),
        ("><office:annotation><text:p>x</text:p></office:annotation></table:table-cell>",),
    )
    rows = [row(title=plain), row(id="A-2", title=styled), row(id="A-3", budget=empty, currency=noted)]
    submission = reads("a.ods", ods(HEADER, *rows))
    assert submission.values("prefLabel") == ["Train"] * 3
    assert (submission.values("budgetAmount"), submission.findings) == ([], [])


@pytest.mark.parametrize("large", [False, True])
def test_days_before_1900_are_no_times_of_day(reads: Any, monkeypatch: pytest.MonkeyPatch, large: bool) -> None:
    monkeypatch.setattr(sizes, "TABLE_CELLS", 0 if large else sizes.TABLE_CELLS)
    days = {"0": "1900-01-00", "-5": "1899-12-25", "-0.25": "1899-12-29", "1": "1900-01-01", "45000": "2023-03-15"}
    rows = [row(id=f"A-{n}", start_date=(f' s="1"><v>{day}</v></c>',)) for n, day in enumerate(days)]
    plain = row(id="A-9", start_date=("><v>0</v></c>",), budget=("><v>-5</v></c>",))
    submission = reads("a.xlsx", xlsx(HEADER, *rows, plain))
    assert submission.values("startDate") == [*days.values(), "0"]
    assert submission.values("budgetAmount") == ["-5"]
    # Where days count from 1904, there are such days.
    parts = xlsx_parts({"actions": xlsx_sheet([HEADER, *rows[:1]])})
    parts["xl/workbook.xml"] = str(parts["xl/workbook.xml"]).replace("<sheets>", '<workbookPr date1904="1"/><sheets>')
    assert reads("a.xlsx", packed(parts)).values("startDate") != ["1900-01-00"]


@pytest.mark.parametrize(
    "code", ["yyyy-mm-dd", 'd" de "mmmm', "[$-80A]dd/mm/yyyy;@", "General", "0.0", "h:mm", '"day "0']
)
def test_formats_of_days_are_told_from_others(code: str) -> None:
    styles = (
        f'<styleSheet><numFmts count="1"><numFmt numFmtId="164" formatCode={quoteattr(code)}/></numFmts>'
        '<cellXfs count="3"><xf/><xf numFmtId="164"/><xf numFmtId="14"/></cellXfs></styleSheet>'
    )
    assert styles_of_dates(styles.encode()) == ({1, 2} if "d" in code.replace("day", "") else {2})


def test_a_limit_names_the_sheet_as_people_know_it(reads: Any) -> None:
    data = packed(xlsx_parts({"Léeme": xlsx_sheet([["x"]]), "Año 2024": xlsx_sheet([HEADER, row(), row(id="A-2")])}))
    for limit in ("rows", "columns", "grid_cells"):
        with pytest.raises(LimitReachedError) as caught:
            reads("a.xlsx", data, limits=Limits(**{limit: 3}))
        assert "(Año 2024)" in caught.value.text["es"]


@pytest.mark.parametrize(
    "kept",
    [
        lambda table: table.replace('table:name="kept"', "table:name=\"'file:///home/x/other.ods'#$actions\""),
        lambda table: table.replace('table:name="kept"', 'table:name="&apos;https://example.org/a.ods&apos;#actions"'),
        lambda table: f"<table:dde-links><table:dde-link>{table}</table:dde-link></table:dde-links>",
        lambda table: f"<table:tracked-changes>{table}</table:tracked-changes>",
    ],
)
def test_what_is_kept_of_other_files_is_no_sheet(reads: Any, kept: Callable[[str], str]) -> None:
    other = kept(ods_table([HEADER, row(id="A-9", goal="G99")], name="kept"))
    for tables in ((ods_table([HEADER, row()]), other), (other, ods_table([HEADER, row()]))):
        submission = reads("a.ods", packed(ods_parts(*tables)))
        assert (submission.findings, submission.values("identifier")) == ([], ["A-1"])


def test_a_sheet_that_is_linked_to_another_file_is_one(reads: Any) -> None:
    table = ods_table([HEADER, row()], more='<table:table-source table:mode="copy-all"/>')
    assert reads("a.ods", packed(ods_parts(table))).values("identifier") == ["A-1"]


def test_drawings_beside_the_cells_are_not_read(reads: Any) -> None:
    shapes = (
        "<table:shapes><draw:frame><draw:text-box><text:p>Draft</text:p></draw:text-box></draw:frame></table:shapes>"
    )
    assert reads("a.ods", ods(HEADER, row(), more=shapes)).findings == []


@pytest.mark.parametrize("way", ["small", "bulk"])
def test_a_number_shown_as_a_percentage_is_told(reads: Any, monkeypatch: pytest.MonkeyPatch, way: str) -> None:
    if way == "bulk":
        monkeypatch.setattr(sizes, "TABLE_CELLS", 0)
    first, second = (' s="2"><v>0.075</v></c>',), (' s="3"><v>5</v></c>',)
    rows = [HEADER, row(budget=first), row(id=(' s="2"><v>7</v></c>',), budget=second)]
    parts = xlsx_parts({"actions": xlsx_sheet(rows)})
    styles = str(parts["xl/styles.xml"]).replace("</cellXfs>", '<xf numFmtId="10"/><xf numFmtId="170"/></cellXfs>')
    formats = '<numFmts><numFmt numFmtId="170" formatCode="0&quot; %&quot;"/></numFmts><fonts count'
    parts["xl/styles.xml"] = styles.replace("<fonts count", formats, 1)
    shown = "<text:p>7.50%</text:p></table:table-cell>"
    share = f' office:value-type="percentage" office:value="0.075">{shown}'
    for name, data in (("a.xlsx", packed(parts)), ("a.ods", ods(HEADER, row(budget=(share,)), row(id="7", budget=5)))):
        submission = reads(name, data)
        column = "ABCDEFGHIJ"[HEADER.index("budget")]
        assert submission.found() == [("percentage-shown", f"{column}2")]
        assert submission.findings[0].problem["en"] == (
            "The cell shows 7.5%, but holds the number 0.075, which is what was read."
        )
        assert submission.values("budgetAmount") == ["0.075", "5"]


@pytest.mark.parametrize(
    ("code", "shown", "told"),
    [
        ("#,##0.0&quot; mdp&quot;", "25.0 mdp", "25 mdp"),
        (r"0\ \m\i\l", "25 mil", "25 mil"),
        ("&quot;Millones de pesos &quot;0;-0", "Millones de pesos 25", "25 Millones de pesos"),
        ("0.0000000,,&quot; mdp&quot;", "0.0000250 mdp", None),
        ("[&gt;999]0.0,&quot; mil&quot;;0", "25", None),
        ("&quot;MXN &quot;0", "MXN 25", None),
    ],
)
def test_a_number_shown_in_thousands_or_millions_is_told(
    reads: Any, tmp_path: Path, code: str, shown: str, told: str | None
) -> None:
    parts = xlsx_parts({"actions": xlsx_sheet([HEADER, row(budget=(' s="2"><v>25</v></c>',))])})
    styles = str(parts["xl/styles.xml"]).replace("</cellXfs>", '<xf numFmtId="170"/></cellXfs>')
    formats = f'<numFmts><numFmt numFmtId="170" formatCode="{code}"/></numFmts><fonts count'
    parts["xl/styles.xml"] = styles.replace("<fonts count", formats, 1)
    cell = f' office:value-type="float" office:value="25"><text:p>{shown}</text:p></table:table-cell>'
    mapping = tmp_path / "m.toml"
    mapping.write_text("[multiply]\nbudget = 1000\n", "utf-8")
    for name, data in (("a.xlsx", packed(parts)), ("a.ods", ods(HEADER, row(budget=(cell,))))):
        submission = reads(name, data)
        column = "ABCDEFGHIJ"[HEADER.index("budget")]
        assert submission.found() == ([("unit-shown", f"{column}2")] if told else [])
        assert not told or f"“{told}”" in submission.findings[0].problem["en"]
        assert submission.values("budgetAmount") == ["25"]
        assert reads(name, data, mapping=mapping).found() == []


@pytest.mark.parametrize("large", [False, True])
@pytest.mark.parametrize(
    ("code", "shown", "said"),
    [
        ("[$EUR] #,##0", "EUR 2,500", "EUR"),
        ("[$¥-411]#,##0", "¥2,500", "¥"),
        (r"_-* #,##0.00\ [$€-C0A]_-", "2.500,00 €", "€"),
        ("&quot;MXN &quot;#,##0", "MXN 2,500", "MXN"),
        ("[$$-80A]#,##0", "$2,500", None),
        ("[$USD] #,##0", "USD 2,500", None),
        ("#,##0.00", "2,500.00", None),
    ],
)
def test_an_amount_shown_in_another_currency_than_its_row_is_told(
    reads: Any, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, code: str, shown: str, said: str | None, large: bool
) -> None:
    monkeypatch.setattr(sizes, "TABLE_CELLS", 0 if large else sizes.TABLE_CELLS)
    parts = xlsx_parts({"actions": xlsx_sheet([HEADER, row(budget=(' s="2"><v>2500</v></c>',), currency="usd")])})
    styles = str(parts["xl/styles.xml"]).replace("</cellXfs>", '<xf numFmtId="170"/></cellXfs>')
    formats = f'<numFmts><numFmt numFmtId="170" formatCode="{code}"/></numFmts><fonts count'
    parts["xl/styles.xml"] = styles.replace("<fonts count", formats, 1)
    cell = f' office:value-type="currency" office:value="2500"><text:p>{shown}</text:p></table:table-cell>'
    mapping = tmp_path / "m.toml"
    meant = {"€": "EUR", "¥": "CNY"}.get(str(said), said)
    mapping.write_text(f'[values.currency]\n"usd" = "{meant}"\n', "utf-8")
    for name, data in (("a.xlsx", packed(parts)), ("a.ods", ods(HEADER, row(budget=(cell,), currency="usd")))):
        submission = reads(name, data)
        column = "ABCDEFGHIJ"[HEADER.index("budget")]
        assert submission.found() == ([("currency-shown", f"{column}2")] if said else [])
        if said:
            assert (
                f"{said if name == 'a.xlsx' else shown}”, but its row has usd" in submission.findings[0].problem["en"]
            )
            assert reads(name, data, mapping=mapping).found() == []


@pytest.mark.parametrize(
    ("code", "attributes", "shown"),
    [
        ("currency-shown", 'office:value-type="currency" office:value="2500"', "MXN 2,500"),
        ("unit-shown", 'office:value-type="float" office:value="25"', "25 millones"),
        ("percentage-shown", 'office:value-type="percentage" office:value="0.25"', "25%"),
        ("number-long", 'office:value-type="float" office:value="12345678901234567890"', "12345678901234567890"),
        ("formula-without-value", 'table:formula="of:=[.A1]"', ""),
    ],
)
def test_what_is_odd_of_a_cell_that_is_written_once_is_told_of_each(
    reads: Any, code: str, attributes: str, shown: str
) -> None:
    table = ods_table(
        [HEADER, row(budget=(f" {attributes}><text:p>{shown}</text:p></table:table-cell>",), currency="USD")]
    )
    if not shown:
        table = table.replace("><text:p></text:p></table:table-cell>", "/>")
    head, _, last = table.rpartition("<table:table-row>")
    repeated = packed(ods_parts(f'{head}<table:table-row table:number-rows-repeated="3">{last}'))
    column = "ABCDEFGHIJ"[HEADER.index("budget")]
    told = [each for each in reads("a.ods", repeated).found() if each[0] == code]
    assert told == [(code, f"{column}{number}") for number in (2, 3, 4)]


@pytest.mark.parametrize("kind", ["xlsx", "ods"])
def test_what_is_odd_in_a_row_that_is_not_read_changes_nothing(reads: Any, kind: str) -> None:
    cell = ("><f>SUM(H2)</f></c>",) if kind == "xlsx" else (' table:formula="of:=SUM([.H2])"/>',)
    written = xlsx if kind == "xlsx" else ods
    total = ["Total", *[""] * 6, cell]
    signed: list[list[Any]] = [["Vo. Bo.", "", "", "Autorizó"], ["", "", "", "", "", "", "", cell]]
    told = reads(f"a.{kind}", written(HEADER, row(), total, *signed))
    assert told.found() == [("row-not-read", 3), ("rows-below", 4)]
    told = reads(f"a.{kind}", written(HEADER, row(), ["A-2", *row()[1:7], cell]))
    assert told.found() == [("formula-without-value", "H3")]


def test_a_cell_of_ods_that_is_full_of_signs_is_gone_through_once(reads: Any) -> None:
    cell = f' office:value-type="string"><text:p>{">" * 2_000_000}</text:p></table:table-cell>'
    with pytest.raises(LimitReachedError):
        reads("a.ods", packed(ods_parts(ods_table([HEADER, row(title=(cell,))]))))
