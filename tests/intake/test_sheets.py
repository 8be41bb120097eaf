"""What a sheet is read as: which rows are records, which header is which, and what the report says of the rest."""

from __future__ import annotations

import io
from typing import TYPE_CHECKING, Any

import openpyxl
import pytest

from bicentennial import api
from bicentennial.core.errors import UnreadableInputError
from bicentennial.core.namespaces import BIC

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from pathlib import Path

EN = ["id", "title", "goal", "responsible_party", "status", "budget", "currency"]
ES = ["identificador", "título", "meta", "parte_responsable", "estado", "presupuesto", "moneda"]
ROW = ["A-1", "Train", "G2", "SRE", "planned", "100", "MXN"]
HEADERS = pytest.mark.parametrize("header", [EN, ES], ids=["en", "es"])


def table(*rows: Sequence[str]) -> str:
    return "".join(",".join(row) + "\n" for row in rows)


def workbook(**sheets: Sequence[Sequence[str]]) -> bytes:
    book = openpyxl.Workbook()
    book.remove(book.worksheets[0])
    for name, rows in sheets.items():
        sheet = book.create_sheet(name)
        for row in rows:
            sheet.append([cell or None for cell in row])
    buffer = io.BytesIO()
    book.save(buffer)
    return buffer.getvalue()


@HEADERS
@pytest.mark.parametrize(
    "row",
    [
        ["Total", "", "", "", "", "300", ""],
        ["TOTAL GENERAL", "", "", "", "", "$300.00", "MXN"],
        ["Subtotal Meta 2", "", "", "", "", "300", ""],
        ["Subtotal", "", "G2", "", "", "300", ""],
        ["Suma:", "3 acciones", "", "", "", "300", ""],
        ["", "", "", "", "Total", "300", ""],
        ["", "", "", "", "", "300", ""],
        ["", "", "", "", "", "", "MXN"],
        ["EJE 1. PREVENCIÓN", "", "", "", "", "", ""],
        ["Meta 2: Prevenir los delitos", "", "", "", "", "", ""],
        ["Primer trimestre 2024", "", "", "", "", "", ""],
        ["2024", "", "", "", "", "", ""],
        ["Fuente: elaboración propia con datos ficticios", "", "", "", "", "", ""],
        ["* Cifras preliminares", "", "", "", "", "", ""],
        ["1/ No incluye gastos de operación", "", "", "", "", "", ""],
        ["Note: figures are not final", "", "", "", "", "", ""],
        ["", "Nota: cifras al cierre", "", "", "", "", ""],
        ["Elaboró: Ana Ejemplo", "", "Revisó: Luis Ficticio", "", "", "", ""],
    ],
)
def test_rows_that_are_no_records_are_told_once(reads: Any, header: list[str], row: list[str]) -> None:
    told = reads("a.csv", table(header, ROW, row, ["A-2", *ROW[1:]]))
    assert told.found() == [("row-not-read", 3)]
    assert told.findings[0].severity == "warning"
    assert told.values("identifier") == ["A-1", "A-2"]


@pytest.mark.parametrize(
    "row",
    [
        ["A-2", "", "", "", "", "", ""],
        ["", "Plant trees", "", "", "", "", ""],
        ["", "", "G2", "", "", "", ""],
        ["A-2", "Total eradication", "G2", "SRE", "", "", ""],
        ["", "Total eradication", "G2", "SRE", "", "", ""],
        ["A-2", "Suma de esfuerzos", "", "", "", "", ""],
        ["A-2", "", "", "", "", "much", ""],
    ],
)
def test_rows_that_lack_something_stay_records(reads: Any, row: list[str]) -> None:
    told = reads("a.csv", table(EN, ROW, row))
    assert told.found() == []
    assert told.submission.sheets[0].rows == 2


@pytest.mark.parametrize("names", [[["name"], ["My office"]], [["nombre", "sigla"], ["My office", ""]]])
def test_a_list_of_names_declares_each(names: list[list[str]]) -> None:
    rows = [EN, [*ROW[:3], "My office", *ROW[4:]]]
    report = api.validate(workbook(actions=rows, parties=[*names, ["Total"], ["Fuente: SRE"]]), isolated=False)
    assert report.by_code == {"Action-unfinishedHasDueDate": 1, "row-not-read": 2}


@HEADERS
def test_a_header_repeated_is_told_once_each_time(reads: Any, header: list[str]) -> None:
    told = reads("a.csv", table(header, ROW, header, ["A-2", *ROW[1:]], [each.upper() for each in header]))
    assert told.found() == [("row-not-read", 3), ("row-not-read", 5)]
    assert told.values("identifier") == ["A-1", "A-2"]


@pytest.mark.parametrize(
    "row",
    [
        ["texto", "texto", "(lista)", "texto", "lista", "(MXN)", ""],
        ["Obligatorio", "Obligatorio", "Obligatorio", "Obligatorio", "Opcional", "Opcional", "Opcional"],
        ["(1)", "(2)", "(3)", "(4)", "(5)", "(6)", "(7)"],
    ],
)
def test_rows_below_the_header_that_explain_it(reads: Any, row: list[str]) -> None:
    told = reads("a.csv", table(ES, row, ROW))
    assert told.found() == [("row-not-read", 2)]
    assert told.values("identifier") == ["A-1"]


@pytest.mark.parametrize(
    ("first", "second"), [(EN, ES), (ES, EN), (EN, [each.replace("_", " ").upper() for each in ES])]
)
def test_headers_in_the_other_language_below_are_headers(reads: Any, first: list[str], second: list[str]) -> None:
    told = reads("a.csv", table(first, second, ROW))
    assert told.found() == [("row-not-read", 2)]
    assert told.values("identifier") == ["A-1"]


def test_another_table_of_ours_below_is_a_violation(reads: Any) -> None:
    below = [["indicador", "valor", "fecha"], ["I-1", "3", "2024"]]
    told = reads("a.csv", table(ES, ROW) + "\n" + table(*below))
    assert told.found() == [("table-below", 4)]
    assert told.values("identifier") == ["A-1"]


def test_a_summary_below_is_told_once(reads: Any) -> None:
    told = reads("a.csv", table(ES, ROW, [""] * 7, ["Meta", "Presupuesto", *[""] * 5], ["G1", "200", *[""] * 5]))
    assert told.found() == [("rows-below", 4)]
    assert told.values("identifier") == ["A-1"]


@pytest.mark.parametrize("mapped", [False, True])
def test_rows_without_a_value_that_is_read_are_none(reads: Any, tmp_path: Path, mapped: bool) -> None:
    options = {}
    if mapped:
        options["mapping"] = tmp_path / "m.toml"
        options["mapping"].write_text('[columns]\n"Revisado" = ""\n', "utf-8")
    rows = [[*EN, "Revisado"], [*ROW, "TRUE"], *[[""] * 7 + ["FALSE"]] * 3]
    told = reads("a.csv", table(*rows), **options)
    assert [code for code, _ in told.found()] == ([] if mapped else ["header-unknown"])
    assert told.submission.sheets[0].rows == 1


def test_a_table_beside_is_no_row(reads: Any) -> None:
    beside = [["", "Meta", "Total"], ["", "G1", "5"], ["", "G2", "6"], ["", "G3", "7"]]
    rows = [[*first, *second] for first, second in zip([EN, ROW, [""] * 7, [""] * 7], beside, strict=True)]
    told = reads("a.csv", table(*rows))
    assert told.found() == [("table-beside", "I1")]
    assert told.submission.sheets[0].rows == 1


@pytest.mark.parametrize(
    ("upper", "lower"),
    [
        (["id", "title", "goal", "responsible_party", "Fechas", "", "estado"], ["", "", "", "", "start", "due", ""]),
        (
            ["id", "título", "meta", "parte_responsable", "Fecha", "", "estado"],
            ["", "", "", "", "inicio", "límite", ""],
        ),
        (
            ["Datos", "", "", "", "Fechas", "", "Avance"],
            ["id", "título", "meta", "parte_responsable", "inicio", "límite", "estado"],
        ),
        (
            ["id", "title", "goal", "responsible_party", "Dates", "", "status"],
            ["", "", "", "", "start_date", "due_date", ""],
        ),
    ],
)
def test_headers_of_two_rows(reads: Any, upper: list[str], lower: list[str]) -> None:
    for name, content in {
        "a.csv": table(upper, lower, ["A-1", "T", "G2", "SRE", "2023", "2024", "ongoing"]),
        "a.xlsx": workbook(actions=[upper, lower, ["A-1", "T", "G2", "SRE", "2023", "2024", "ongoing"]]),
    }.items():
        told = reads(name, content)
        assert told.found() == []
        assert (told.values("startDate"), told.values("dueDate")) == (["2023"], ["2024"])
        assert told.submission.sheets[0].rows == 1


def test_a_required_header_may_stand_below_a_group_in_a_sheet_of_any_name(reads: Any) -> None:
    upper = ["identificador", "título", "alineación", "", "responsable", "calendario", "", "presupuesto", ""]
    lower = ["", "", "meta", "pilar", "", "fecha_inicio", "fecha_límite", "monto", "moneda"]
    row = ["A-1", "T", "G2", "", "SRE", "2023", "2024", "100", "MXN"]
    told = reads("a.xlsx", workbook(Hoja1=[["Programa", *[""] * 8], upper, lower, row]))
    assert told.found() == []
    assert (told.values("advancesGoal"), told.values("dueDate")) == (["bicd:goal-prevent-transborder-crime"], ["2024"])


@pytest.mark.parametrize(
    "header",
    [
        ["id*", "title *", "goal (required)", "responsible_party*", "status", "budget (MXN)", "currency"],
        [
            "ID",
            "título (obligatorio)",
            "meta (obligatoria) *",
            "parte responsable [requerida]",
            "estado",
            "presupuesto ($)",
            "moneda (opcional)",
        ],
        [
            "ID",
            "Title / Título",
            "Goal / Meta",
            "Parte responsable / Responsible party",
            "Estado | Status",
            "Budget - Presupuesto",
            "Moneda/Currency",
        ],
    ],
)
def test_headers_with_remarks_and_in_two_languages(reads: Any, header: list[str]) -> None:
    told = reads("a.csv", table(header, ROW))
    assert told.found() == []
    assert told.values("budgetAmount") == ["100"]


def test_two_headers_joined_that_say_different_things_are_none(reads: Any) -> None:
    told = reads("a.csv", table([*EN[:5], "status / currency", "x"], ROW))
    assert [code for code, _ in told.found()] == ["header-unknown", "header-unknown"]


@pytest.mark.parametrize("above", [20, 25, 150])
def test_a_header_far_below(reads: Any, above: int) -> None:
    told = reads("a.csv", "".join(f"Línea {n}\n" for n in range(above)) + table(ES, ROW))
    assert (told.found(), told.submission.sheets[0].header_row) == ([], above + 1)


@pytest.mark.parametrize("separator", ["^", "~"])
def test_rare_separators(reads: Any, separator: str) -> None:
    told = reads("a.csv", table(EN, ROW).replace(",", separator))
    assert (told.found(), told.values("identifier")) == ([], ["A-1"])


def test_lines_in_quotes_as_a_whole(reads: Any) -> None:
    told = reads("a.csv", "".join(f'"{line}"\n' for line in table(EN, ROW).splitlines()))
    assert [code for code, _ in told.found()] == ["lines-quoted"]
    assert told.values("identifier") == ["A-1"]


def test_blanks_before_quotes(reads: Any) -> None:
    told = reads("a.csv", 'id, "title", "goal", "responsible_party"\nA-1, "Train, officers", "G2", "SRE"\n')
    assert (told.found(), told.values("prefLabel")) == ([], ["Train, officers"])


@pytest.mark.parametrize("separator", [",", ";", "\t"])
def test_a_stray_quotation_mark_that_swallows_rows(reads: Any, separator: str) -> None:
    text = 'id,title,description,goal,responsible_party\nA-1,T,"broken,G2,SRE\nA-2,P,x,G9,XXX\nA-3,S,y",G2,SRE\n'
    told = reads("a.tsv" if separator == "\t" else "a.csv", text.replace(",", separator))
    assert told.found() == [("quote-swallows-rows", "C2")]
    assert "3" in told.findings[0].message["en"]


@pytest.mark.parametrize("value", ["a, b\nc, d", "line one\nline two", "a, b, c, d, e\nf", "1, 2\n3, 4\n5, 6"])
def test_texts_of_several_lines_are_none(reads: Any, value: str) -> None:
    told = reads("a.csv", f'id,title,description,goal,responsible_party\nA-1,T,"{value}",G2,SRE\n')
    assert told.found() == []


def test_every_fault_of_quoting_is_told(reads: Any) -> None:
    told = reads(
        "a.csv",
        "id,title,goal,responsible_party,status\n"
        'A-1,Train 5" pipes,G2,SRE,ongoing\n'
        'A-2,"Plant 3" trees,G2,SRE,ongoing\n'
        'A-3,"Plant,G2,SRE,ongoing\nA-4,Seeds,G2,SRE,ongoing\nA-5,"Other" more,G2,SRE,ongoing\n'
        'A-6,"open,G2,SRE,ongoing\n',
    )
    assert told.found() == [
        ("quote-stray", 3), ("quote-stray", 4), ("quote-unclosed", 5), ("quote-swallows-rows", "B4"),
    ]  # fmt: skip


def test_an_identifier_in_two_sheets_makes_two_things(tmp_path: Path) -> None:
    path = tmp_path / "a.xlsx"
    path.write_bytes(workbook(**{"2023": [EN, ROW], "2024": [ES, ["A-1", "Plant", "G1", *ROW[3:]]]}))
    report = api.validate(path, isolated=False)
    found = report.of_code("Action-identifierIsUnique")
    assert [(each.location.sheet, each.location.cell) for each in found] == [("2023", "A2"), ("2024", "A2")]
    assert len({each.focus for each in found}) == 2
    assert report.outcome.actions == 2


@pytest.mark.parametrize(
    ("name", "rows", "code"),
    [
        (("parties", "partes"), [["id", "name"], ["P-1", "Oficina Ficticia"]], "Party"),
        (("indicators", "indicadores"), [["id", "name", "measures", "unit"], ["I-1", "N", "A-1", "kg"]], "Indicator"),
        (
            ("measurements", "mediciones"),
            [["id", "indicator", "value", "date"], ["M-1", "I-1", "3", "2024"]],
            "Measurement",
        ),
    ],
)
def test_so_do_other_kinds(tmp_path: Path, name: tuple[str, str], rows: list[list[str]], code: str) -> None:
    path = tmp_path / "a.xlsx"
    path.write_bytes(workbook(actions=[EN, ROW], **dict.fromkeys(name, rows)))
    found = api.validate(path, isolated=False).of_code(f"{code}-identifierIsUnique")
    assert sorted((each.location.sheet, each.location.cell) for each in found) == sorted((each, "A2") for each in name)


@pytest.mark.parametrize(
    "rows",
    [
        [["id", "name", "country"], ["1", "Ana Ficticia", "Mexico"]],
        [["Clave", "Nombre"], ["2", "Federal"], ["2", "Municipal"]],
        [["Nombre", "Estado", "Lugar"], ["Ana Ficticia", "Jalisco", "Tonalá"]],
        [["id", "name", "parent"], ["1", "Cat", ""]],
        [["Folio", "Título", "Fecha"], ["1", "Oficio", "2024-01-01"]],
    ],
)
def test_other_lists_beside_actions_are_not_read(reads: Any, rows: list[list[str]]) -> None:
    told = reads("a.xlsx", workbook(actions=[EN, ROW], Lista=rows))
    assert [code for code, _ in told.found()] == ["sheet-not-read"]
    assert [each.class_iri for each in told.submission.sheets] == [BIC.Action]


@pytest.mark.parametrize("text", ["id,name\n1,english\n", "Clave,Nombre\n1,Federal\n", "code,description\nx,y\n"])
def test_a_list_of_anything_is_nothing_checked(tmp_path: Path, text: str) -> None:
    path = tmp_path / "a.csv"
    path.write_text(text, "utf-8")
    report = api.validate(path, isolated=False)
    assert (report.exit_code, report.conforms) == (3, False)
    assert set(report.by_code) == {"nothing-checked", "table-unrecognised"}


def test_why_there_is_no_header(reads: Any) -> None:
    def refused(text: str) -> Mapping[str, str]:
        with pytest.raises(UnreadableInputError) as caught:
            reads("a.csv", text)
        return caught.value.text

    text = refused("uno,dos\n1,2\n")
    assert "id, title, goal, responsible_party" in text["en"]
    assert "identificador, título, meta, parte_responsable" in text["es"]
    assert "header_row" in text["en"]
    assert "header_row" in text["es"]
    assert "sep=" in refused("uno!dos\n1!2\n")["es"]
    turned = table(*zip(EN, ROW, strict=True))
    assert "column A" in refused(turned)["en"]
    assert "transponer" in refused(turned)["es"]


@pytest.mark.parametrize("lang", ["en", "es"])
def test_the_first_sheet_of_the_form_saved_alone_is_known(tmp_path: Path, reads: Any, lang: str) -> None:
    api.template(tmp_path / "form.xlsx", lang=lang)
    book = openpyxl.load_workbook(tmp_path / "form.xlsx")
    rows = [[str(cell or "") for cell in row] for row in book.worksheets[0].iter_rows(values_only=True)]
    text = "\n".join(",".join('"' + cell.replace('"', '""') + '"' for cell in row) for row in rows)
    with pytest.raises(UnreadableInputError) as caught:
        reads("form.csv", text)
    assert "“actions”" in caught.value.text["en"]
    assert "«acciones»" in caught.value.text["es"]


@pytest.mark.parametrize("name", ["a.csv", "a.xlsx"])
def test_what_an_action_lacks_stands_at_its_row(tmp_path: Path, name: str) -> None:
    rows = [ES[:5], ["A-1", "T", "G2", "SRE", "planeada"], ["A-2", "T", "G2", "SRE", "en curso"]]
    path = tmp_path / name
    path.write_bytes(table(*rows).encode() if name == "a.csv" else workbook(acciones=rows))
    report = api.validate(path, isolated=False)
    assert [each.location.row for each in report.of_code("Action-ongoingHasStartDate")] == [3]
    assert [each.location.row for each in report.of_code("Action-unfinishedHasDueDate")] == [2, 3]
    missing = api.validate(path, isolated=False).of_code("header-missing")
    assert missing == []


def test_the_report_says_what_each_sheet_was_read_as(tmp_path: Path) -> None:
    path = tmp_path / "a.xlsx"
    path.write_bytes(workbook(Proyectos=[EN, ROW], partes=[["id", "name"], ["P-1", "Oficina Ficticia"]]))
    report = api.validate(path, isolated=False)
    assert report.to_dict()["submission"]["sheets"] == [
        {"name": "Proyectos", "class": "Action", "rows": 1, "header_row": 1},
        {"name": "partes", "class": "Party", "rows": 1, "header_row": 1},
    ]
    assert "“Proyectos” as actions (1 row), “partes” as parties (1 row)" in report.to_text("en")
    assert "«Proyectos» como acciones (1 fila), «partes» como partes (1 fila)" in report.to_text("es", width=120)
    assert "«Proyectos» como acciones (1 fila)" in report.to_html("es")


def test_a_report_carries_how_the_file_was_read(tmp_path: Path) -> None:
    (tmp_path / "m.toml").write_text('[columns]\n"Clave" = "id"\n', "utf-8")
    path = tmp_path / "a.json"
    path.write_text(
        '{"acciones": [{"Clave": "A-1", "título": "T", "meta": "G2", "parte_responsable": "SRE"}]}', "utf-8"
    )
    report = api.validate(path, mapping=tmp_path / "m.toml", limits={"rows": 5}, isolated=False)
    assert (report.mapping, report.limits and report.limits.rows) == (str(tmp_path / "m.toml"), 5)
    report.to_workbook(tmp_path / "out.xlsx")
    assert openpyxl.load_workbook(tmp_path / "out.xlsx").sheetnames == ["acciones", "Findings"]


def test_a_record_that_is_called_like_a_column_ends_no_table(reads: Any) -> None:
    head = ["id", "title", "description", "goal", "responsible_party"]
    rows = [["A-1", "Talk", "", "G1", "SRE"], ["A-2", "Lead", "Budget", "", ""], ["A-3", "Walk", "", "G1", "SRE"]]
    told = reads("a.csv", table(head, *rows))
    assert told.found() == []
    assert told.values("identifier") == ["A-1", "A-2", "A-3"]


def test_signatures_below_a_table_are_told_once(reads: Any) -> None:
    signed = [["Elaboró", "", "Revisó:", "", "Autorizó", "", ""], ["Uno", "", "Dos", "", "Tres", "", ""]]
    told = reads("a.csv", table(ES, ROW, *signed))
    assert told.found() == [("rows-below", 3)]
    assert told.submission.sheets[0].rows == 1


def test_a_summary_beside_is_no_column(reads: Any) -> None:
    rows = [[*ES, "", "Resumen", "Total"], [*ROW, "", "G1", "5"], [*[""] * 8, "G2", "6"]]
    told = reads("a.csv", table(*rows))
    assert told.found() == [("table-beside", "I1")]
    assert told.values("description") == []
    assert told.submission.sheets[0].rows == 1


def test_several_tables_in_a_sheet(reads: Any) -> None:
    rows = [
        ["Tabla 1. Acciones"], ES, ROW,
        ["Tabla 2. Acciones concluidas"], ES, ["A-2", *ROW[1:]],
        ["Tabla 3. Partes"], ["identificador", "nombre", "siglas", "tipo", "país"], ["P-1", "Oficina Ficticia", "OF"],
    ]  # fmt: skip
    told = reads("a.xlsx", workbook(Hoja1=rows))
    assert [each.class_iri for each in told.submission.sheets] == [BIC.Action]
    assert told.values("identifier") == ["A-1", "A-2"]
    assert told.found() == [("row-not-read", 4), ("row-not-read", 5), ("row-not-read", 7), ("table-below", 8)]


def test_the_word_total_in_a_column_that_is_not_read(reads: Any) -> None:
    rows = [["No.", *ES], ["1", *ROW], ["TOTAL", "", "", "", "", "1", "100", ""]]
    told = reads("a.csv", table(*rows))
    assert told.found() == [("header-unknown", "A1"), ("row-not-read", 3)]


@pytest.mark.parametrize(
    "listed",
    [
        ["meta", "estado", "moneda"],
        ["goal", "pillar", "status", "modality", "currency", "instrument"],
        ["meta", "parte_responsable", "lugar"],
    ],
)
def test_a_sheet_of_what_may_be_chosen_is_no_sheet_of_actions(reads: Any, listed: list[str]) -> None:
    told = reads("a.xlsx", workbook(acciones=[ES, ROW], Catálogos=[listed, ["G1"], ["G2"]]))
    assert told.found() == [("sheet-not-read", None)]
    told = reads("a.xlsx", workbook(acciones=[ES, ROW], Otras=[[*listed, "título", "descripción"], ["G1"]]))
    assert "header-missing" in [code for code, _ in told.found()]


@pytest.mark.parametrize("ending", [" - Table 1", " - Tabla 1"])
def test_a_table_that_numbers_has_exported_is_known_by_the_name_of_its_sheet(reads: Any, ending: str) -> None:
    actions = [[ending[3:]], ES, [*ROW[:3], "Fundación Ejemplo Ficticia", *ROW[4:]]]
    parties = [[ending[3:]], ["identificador", "nombre"], ["fef", "Fundación Ejemplo Ficticia"]]
    told = reads("a.xlsx", workbook(**{f"Acciones{ending}": actions, f"Partes{ending}": parties}))
    assert told.found() == []
    assert told.values("hasResponsibleParty") == ["urn:x-bicentennial:party:fef"]


@pytest.mark.parametrize("name", ["acciones", "actions"])
def test_a_sheet_of_ours_whose_headers_stand_below_each_other_is_told(reads: Any, name: str) -> None:
    across = [list(pair) for pair in zip(ES, ROW, strict=True)]
    parties = [["id", "name", "acronym", "kind", "country"], ["fef", "Fundación Ejemplo Ficticia", "FEF", "", "Mexico"]]
    told = reads("a.xlsx", workbook(**{name: across, "parties": parties}))
    assert [(each.code, each.severity, each.location.sheet) for each in told.findings] == [
        ("table-transposed", "violation", name)
    ]
    with pytest.raises(UnreadableInputError, match="column A"):
        reads("a.xlsx", workbook(**{name: across}))
    told = reads("a.xlsx", workbook(**{name: [ES, ROW], "Diccionario": [["Campo", "Qué va"], *across]}))
    assert told.found() == [("sheet-not-read", None)]
