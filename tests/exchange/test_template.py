"""The blank form: complete, in either language, filled in it conforms, untouched it is nothing to check."""

from __future__ import annotations

import json
import zipfile
from datetime import date
from typing import TYPE_CHECKING, Any
from xml.etree import ElementTree as ET

import openpyxl
import pytest
from python_calamine import CalamineWorkbook

from bicentennial.api import template, validate
from bicentennial.cli import main
from bicentennial.core.errors import OutputError, UsageError
from bicentennial.core.messages import entry
from bicentennial.core.namespaces import BIC
from bicentennial.core.resources import COMPILED, ontology_version
from bicentennial.exchange.forms.ods import write_ods
from bicentennial.exchange.forms.reference import known, offered
from bicentennial.exchange.names import Names
from bicentennial.storage.layout import IRI
from bicentennial.vocabulary.index import default_index

if TYPE_CHECKING:
    from pathlib import Path

LANGUAGES = ("en", "es")
EXPLAIN = {"en": ["instructions", "example", "reference"], "es": ["instrucciones", "ejemplo", "referencia"]}
DATA = {
    "en": ["actions", "parties", "places", "indicators", "measurements", "finances", "milestones"],
    "es": ["acciones", "partes", "lugares", "indicadores", "mediciones", "finanzas", "hitos"],
}


@pytest.fixture(scope="module")
def forms(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Path]:
    folder = tmp_path_factory.mktemp("forms")
    for lang in LANGUAGES:
        template(folder / f"{lang}.xlsx", lang=lang)
    return {lang: folder / f"{lang}.xlsx" for lang in LANGUAGES}


def filled(form: Path, lang: str) -> Any:
    """The form with its own example in the first row of each sheet, dates and numbers as a person enters them."""
    book: Any = openpyxl.load_workbook(form)
    for sheet, heading, _, _, _, value in book[EXPLAIN[lang][1]].iter_rows(min_row=2, values_only=True):
        column = [cell.value for cell in book[sheet][1]].index(heading) + 1
        book[sheet].cell(2, column).value = value
    return book


@pytest.mark.parametrize("lang", LANGUAGES)
def test_untouched_form_holds_nothing_to_check(forms: dict[str, Path], lang: str) -> None:
    report = validate(forms[lang])
    assert report.exit_code == 3
    assert [(finding.code, finding.location.sheet) for finding in report.findings] == [("nothing-checked", None)]


@pytest.mark.parametrize("lang", LANGUAGES)
def test_form_filled_with_its_example_conforms_without_a_warning(
    forms: dict[str, Path], lang: str, tmp_path: Path
) -> None:
    book = filled(forms[lang], lang)
    assert isinstance(book[DATA[lang][0]]["L2"].value, date)
    assert isinstance(book[DATA[lang][0]]["O2"].value, float)
    book.save(tmp_path / "filled.xlsx")
    report = validate(tmp_path / "filled.xlsx")
    assert report.exit_code == 0
    assert report.findings == ()
    assert report.to_dict()["submission"]["actions"] == 1


def test_a_sheet_that_merely_has_the_name_of_an_explaining_one_is_named(forms: dict[str, Path], tmp_path: Path) -> None:
    book = filled(forms["en"], "en")
    book["reference"]["A1"].value = "Our own codes"
    book["instructions"].title = "notes"
    book.save(tmp_path / "filled.xlsx")
    found = [(f.code, f.location.sheet) for f in validate(tmp_path / "filled.xlsx").findings]
    assert found == [("sheet-not-read", "notes"), ("sheet-not-read", "reference")]


def test_fault_in_a_filled_form_is_found_in_its_cell(forms: dict[str, Path], tmp_path: Path) -> None:
    book = filled(forms["es"], "es")
    book["acciones"]["D2"].value = "Proteger a nuestra jente"
    book.save(tmp_path / "filled.xlsx")
    found = [f for f in validate(tmp_path / "filled.xlsx").findings if f.severity == "violation"]
    assert [(f.code, f.location.sheet, f.location.cell) for f in found] == [
        ("Action-advancesGoal.unknown", "acciones", "D2")
    ]
    assert found[0].suggestions[0] == "Proteger a nuestra gente"


@pytest.mark.parametrize("lang", LANGUAGES)
def test_sheets_have_the_columns_of_the_tables(forms: dict[str, Path], lang: str) -> None:
    book: Any = openpyxl.load_workbook(forms[lang])
    questions = entry("exchange", "template")["questions"]
    assert book.sheetnames == [EXPLAIN[lang][0], *DATA[lang], *EXPLAIN[lang][1:]]
    for table in default_index().tables:
        sheet = book[table.name[lang]]
        columns = [column for column in table.columns if column.template]
        assert [cell.value for cell in sheet[1]] == [column.header[lang] for column in columns]
        for cell, column in zip(sheet[1], columns, strict=True):
            assert (cell.fill.fgColor.rgb == "001F3864") is column.required
            first, question, *_ = cell.comment.text.split("\n")
            assert (first == {"en": "Required.", "es": "Obligatorio."}[lang]) is column.required
            assert question == questions[table.name["en"]][column.header["en"]][lang]
            assert "IRI" not in cell.comment.text
            kind = sheet.column_dimensions[cell.column_letter].number_format
            assert (kind == "yyyy-mm-dd") is column.is_date
            assert (kind == "@") is (column.header["en"] == "id")
        assert sheet.freeze_panes == "B2"
        assert sheet.max_row == 1


@pytest.mark.parametrize("lang", LANGUAGES)
def test_lists_offer_what_the_column_takes(forms: dict[str, Path], lang: str) -> None:
    book: Any = openpyxl.load_workbook(forms[lang])
    reference = book[EXPLAIN[lang][2]]
    seen = set()
    for table in default_index().tables:
        sheet = book[table.name[lang]]
        lists = {next(iter(rule.sqref.ranges)).min_col: rule for rule in sheet.data_validations.dataValidation}
        for number, column in enumerate((column for column in table.columns if column.template), start=1):
            entries = offered(known(lang), column)
            if not entries:
                continue
            rule = lists[number]
            name, cells = rule.formula1.split("!")
            assert (rule.type, name) == ("list", f"'{EXPLAIN[lang][2]}'")
            assert [cell.value for (cell,) in reference[cells.replace("$", "")]] == [entry.write for entry in entries]
            if rule.showErrorMessage:
                seen.add(column.iri)
    assert seen == {BIC.hasStatus, BIC.budgetCurrency, BIC.hasOrganizationKind, BIC.hasMoneyKind, BIC.hasDirection}


@pytest.mark.parametrize("lang", LANGUAGES)
def test_every_name_offered_means_the_one_thing(lang: str) -> None:
    names = Names(default_index(), lang)
    for table in default_index().tables:
        for column in table.columns:
            for offer in offered(known(lang), column):
                found = names.read(offer.write, column)
                if column.iri == BIC.budgetCurrency:
                    assert [each[0] for each in found] == default_index().individuals[offer.iri]["notations"]
                else:
                    assert found == [(offer.iri, IRI, "", "", None)], (offer.write, column.iri)


def test_all_that_partners_may_name_is_in_the_reference() -> None:
    listed = {entry.iri for entry in known("en")}
    assert listed == {entry.iri for entry in known("es")}
    ranges = {iri for table in default_index().tables for column in table.columns for iri in column.ranges} | {
        BIC.Currency
    }
    for iri, individual in default_index().individuals.items():
        if {BIC.Action, BIC.Indicator, BIC.Pillar} & set(individual["types"]):
            continue
        if any(default_index().within(each, ranges) for each in individual["types"]):
            assert iri in listed
    assert sum(BIC.Pillar in entry.types for entry in known("en")) == 10
    assert all(entry.meaning for entry in known("es") if BIC.Status in entry.types or BIC.Goal in entry.types)


@pytest.mark.parametrize("lang", LANGUAGES)
def test_form_says_its_version_and_guards_what_explains(forms: dict[str, Path], lang: str) -> None:
    book: Any = openpyxl.load_workbook(forms[lang])
    assert [(each.name, each.value) for each in book.custom_doc_props.props] == [
        ("bicentennial ontology version", ontology_version())
    ]
    assert f"https://w3id.org/bicentennial/ontology/{ontology_version()}" in str(book[EXPLAIN[lang][0]]["A11"].value)
    assert [name for name in book.sheetnames if book[name].protection.sheet] == EXPLAIN[lang]


@pytest.mark.parametrize("lang", LANGUAGES)
@pytest.mark.parametrize(("ending", "delimiter"), [("csv", ","), ("tsv", "\t")])
def test_header_row(tmp_path: Path, lang: str, ending: str, delimiter: str) -> None:
    template(tmp_path / f"form.{ending}", lang=lang)
    data = (tmp_path / f"form.{ending}").read_bytes()
    assert data.startswith(b"\xef\xbb\xbf")  # Excel needs it
    titles = [column.header[lang] for column in default_index().tables[0].columns if column.template]
    assert data.decode("utf-8-sig") == delimiter.join(titles) + "\r\n"
    report = validate(tmp_path / f"form.{ending}")
    assert (report.exit_code, [finding.code for finding in report.findings]) == (3, ["nothing-checked"])


def test_schema(tmp_path: Path) -> None:
    template(tmp_path / "form.json")
    assert json.loads((tmp_path / "form.json").read_text("utf-8")) == json.loads(
        (COMPILED / "schema.json").read_text("utf-8")
    )


def test_form_that_may_be_filled_in_is_not_written_over(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    there = tmp_path / "form.csv"
    there.write_text("mine")
    assert main(["template", str(there), "--lang", "es"]) == 2
    assert "ya existe" in capsys.readouterr().err
    assert there.read_text() == "mine"
    assert main(["template", str(there), "--force"]) == 0
    assert there.read_text("utf-8-sig").startswith("id,title,")


def test_wrong_uses() -> None:
    with pytest.raises(UsageError, match=r"its name must end in one of: \.xlsx \.ods \.csv \.tsv \.json"):
        template("form.docx")
    with pytest.raises(UsageError, match="no language “fr”"):
        template("form.csv", lang="fr")
    with pytest.raises(OutputError, match="no-such-folder"):
        template("no-such-folder/form.csv")


@pytest.mark.parametrize("lang", LANGUAGES)
def test_the_opendocument_form_is_the_same_form(forms: dict[str, Path], lang: str, tmp_path: Path) -> None:
    path = tmp_path / "form.ods"
    template(path, lang=lang)
    made, same = CalamineWorkbook.from_path(path), CalamineWorkbook.from_path(forms[lang])
    assert made.sheet_names == same.sheet_names
    for name in made.sheet_names:
        rows, others = (
            [row for row in book.get_sheet_by_name(name).to_python() if any(map(str, row))] for book in (made, same)
        )
        assert rows == others, name
    report = validate(path)
    assert [(each.code, each.location.sheet) for each in report.findings] == [("nothing-checked", None)]
    with zipfile.ZipFile(path) as archive:
        assert archive.infolist()[0].filename == "mimetype"
        content = ET.fromstring(archive.read("content.xml"))
        for name in archive.namelist()[1:]:
            ET.fromstring(archive.read(name))
    table = "{urn:oasis:names:tc:opendocument:xmlns:table:1.0}"
    conditions = {
        each.get(f"{table}name"): each.get(f"{table}condition") for each in content.iter(f"{table}content-validation")
    }
    assert any(
        str(each).startswith(f"of:cell-content-is-in-list([$'{EXPLAIN[lang][2]}'.$B$") for each in conditions.values()
    )
    used = {each.get(f"{table}content-validation-name") for each in content.iter(f"{table}table-cell")} - {None}
    assert used == conditions.keys()


@pytest.mark.parametrize("lang", LANGUAGES)
def test_the_filled_opendocument_form_conforms(forms: dict[str, Path], lang: str, tmp_path: Path) -> None:
    path = tmp_path / "filled.ods"
    write_ods(filled(forms[lang], lang), path)
    report = validate(path)
    assert report.conforms
    assert [finding.severity for finding in report.findings if finding.severity != "info"] == []
    assert report.outcome.actions == 1


def test_it_says_what_it_wrote(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["template", str(tmp_path / "f.ods"), "--lang", "es"]) == 0
    said = capsys.readouterr()
    assert (said.out, said.err) == ("", f"Se escribió {tmp_path / 'f.ods'}.\n")
