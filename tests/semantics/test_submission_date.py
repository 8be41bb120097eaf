"""The date of a submission is what the file says, wherever its format lets it; measurements are held against it."""

from __future__ import annotations

import io
from typing import TYPE_CHECKING

import pytest

from bicentennial.core.namespaces import BIC, DCTERMS
from bicentennial.validation.submission import check

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from tests.conftest import Told

THIS = "urn:x-bicentennial:submission:this"
ROW = "id,title,goal,responsible_party"
RDF = (
    "@prefix bic: <https://w3id.org/bicentennial/ontology#> . @prefix owl: <http://www.w3.org/2002/07/owl#> .\n"
    "@prefix dcterms: <http://purl.org/dc/terms/> . @prefix xsd: <http://www.w3.org/2001/XMLSchema#> .\n"
)
ONTOLOGY = "https://w3id.org/bicentennial/ontology/0.1.0"
INDICATOR = '{"id": "I", "name": "x", "measures": "G1", "unit": "u", "baseline": 0, "target": 1}'


def dates(told: Told) -> list[tuple[str, str]]:
    """Return the dates of all submissions, with their datatypes."""
    rows = told.submission.dataset.connection.execute(
        "SELECT d.o, d.dt FROM statements d JOIN statements t ON d.s = t.s AND t.o = ?1 WHERE d.p = ?2 ORDER BY 1",
        [BIC.Submission, DCTERMS.issued],
    ).fetchall()
    return [(o, dt.rpartition("#")[2]) for o, dt in rows]


@pytest.mark.parametrize(
    ("name", "content", "place"),
    [
        ("a.csv", f"{ROW},submission_date\nA,x,G1,UIF,\nB,y,G1,UIF,2024-06-30\n", (None, "E3", None, None)),
        ("a.csv", f"{ROW},Fecha de envío\nA,x,G1,UIF,2024-06-30\n", (None, "E2", None, None)),
        ("a.csv", f"{ROW},dcterms:issued\nA,x,G1,UIF,2024-06-30\n", (None, "E2", None, None)),
        ("a.csv", f"Submission date:,,2024-06-30,\n{ROW}\nA,x,G1,UIF\n", (None, "C1", None, None)),
        ("a.csv", f"Fecha de envío: 2024-06-30,,,\n{ROW}\nA,x,G1,UIF\n", (None, "A1", None, None)),
        (
            "a.csv",
            "indicator,value,date,submission_date\nI,1,2024,2024-06-30\nI,2,2023,2024-06-30\n",
            (None, "D2", None, None),
        ),
        (
            "a.json",
            '{"fecha_envío": "2024-06-30",\n "actions": [{"id": "A", "title": "x"}]}',
            (None, None, 1, "/fecha_envío"),
        ),
        (
            "a.json",
            '[{"id": "A", "title": "x", "goal": "G1"},\n {"id": "B", "title": "y", "submission_date": "2024-06-30"}]',
            (None, None, 2, "/1/submission_date"),
        ),
        (
            "a.xml",
            (
                '<iati-activities version="2.03" generated-datetime="2024-06-30T10:00:00Z"><iati-activity>'
                "<iati-identifier>A</iati-identifier></iati-activity></iati-activities>"
            ),
            (None, None, None, None),
        ),
    ],
)
def test_where_the_date_is_said(
    reads: Callable[..., Told], name: str, content: str, place: tuple[str | int | None, ...]
) -> None:
    told = reads(name, content)
    assert dates(told) == [("2024-06-30", "date")]
    assert told.place(THIS, DCTERMS.issued, "2024-06-30") == place
    assert told.place(THIS, DCTERMS.issued) == place
    assert not {code for code, _ in told.found()} & {"header-unknown", "key-unknown", "header-blank"}


@pytest.mark.parametrize(
    "about",
    [
        "<urn:x:set> a bic:Submission",
        f"<urn:x:set> dcterms:conformsTo <{ONTOLOGY}>",
        f"<urn:x:set> a owl:Ontology ; owl:imports <{ONTOLOGY}>",
        f"<urn:x:set> a owl:Ontology ; owl:versionIRI <{ONTOLOGY}>",
    ],
)
def test_rdf_says_it_of_a_submission_or_of_the_header(reads: Callable[..., Told], about: str) -> None:
    told = reads("a.ttl", f'{RDF}{about} ; dcterms:issued "2024-06"^^xsd:gYearMonth .\n')
    assert dates(told) == [("2024-06", "gYearMonth")]
    assert told.found() == []


def test_the_date_of_something_else_in_rdf_is_not_that_of_the_submission(reads: Callable[..., Told]) -> None:
    told = reads("a.ttl", f'{RDF}<urn:x:report> dcterms:issued "2024-06-30"^^xsd:date ; dcterms:title "Report" .\n')
    assert dates(told) == []


def test_a_workbook_says_it_on_a_sheet_of_another_kind_too(reads: Callable[..., Told]) -> None:
    from openpyxl import Workbook

    book = Workbook()
    book.active.title = "portada"
    book["portada"]["B4"] = "Fecha de envío"
    book["portada"]["D4"] = "2024-06-30"
    book.create_sheet("acciones").append(["identificador", "título", "meta", "parte_responsable"])
    book["acciones"].append(["A", "x", "Meta I", "UIF"])
    stream = io.BytesIO()
    book.save(stream)
    told = reads("a.xlsx", stream.getvalue())
    assert dates(told) == [("2024-06-30", "date")]
    assert told.place(THIS, DCTERMS.issued, "2024-06-30") == ("portada", "D4", None, None)


@pytest.mark.parametrize("given", ['"2024-06-30"', "2024-06-30", '"30/06/2024"'])
@pytest.mark.parametrize("setting", ["submission_date = {}", "[constants]\nsubmission_date = {}"])
def test_a_mapping_file_says_it(reads: Callable[..., Told], tmp_path: Path, given: str, setting: str) -> None:
    rules = tmp_path / "mapping.toml"
    rules.write_text(f'date_format = "%d/%m/%Y"\n{setting.format(given)}\n', "utf-8")
    assert dates(reads("a.csv", f"{ROW}\nA,x,G1,UIF\n", mapping=rules)) == [("2024-06-30", "date")]
    assert dates(reads("a.nt", "<urn:x:a> <urn:x:b> <urn:x:c> .\n", mapping=rules)) == [("2024-06-30", "date")]


def test_a_column_may_be_renamed_and_dates_written_otherwise(reads: Callable[..., Told], tmp_path: Path) -> None:
    rules = tmp_path / "mapping.toml"
    rules.write_text('date_format = "%d/%m/%Y"\n[columns]\n"Corte" = "submission_date"\n', "utf-8")
    assert dates(reads("a.csv", f"{ROW},Corte\nA,x,G1,UIF,30/06/2024\n", mapping=rules)) == [("2024-06-30", "date")]


def test_no_date_is_assumed(reads: Callable[..., Told]) -> None:
    assert dates(reads("a.csv", f"{ROW}\nA,x,G1,UIF\n")) == []


def test_a_list_of_columns_is_no_date(reads: Callable[..., Told]) -> None:
    told = reads("a.csv", f"submission_date,optional,date of handing in,\n{ROW}\nA,x,G1,UIF\n")
    assert dates(told) == []


def codes(path: Path, engine: str) -> list[tuple[str, str | None]]:
    found = check(path, engine=engine).findings
    return [
        (each.code, each.location.cell or each.location.pointer)
        for each in found
        if each.severity == "violation" and not each.code.startswith("header-")
    ]


@pytest.mark.parametrize(
    ("issued", "measured", "later"),
    [
        ("2024-06-30", "2024-06-30", False),
        ("2024-06-30", "2024-07-01", True),
        ("2024-06-30", "2024-06", False),
        ("2024-06-30", "2024-07", True),
        ("2024-06-30", "2024", False),
        ("2024-06-30", "2025", True),
        ("2024-06", "2024-06-30", False),
        ("2024-06", "2024-07-01", True),
        ("2024", "2024-12-31", False),
        ("2024", "2025-01", True),
        ("someday", "2999", False),
    ],
)
def test_a_measurement_is_not_later_than_the_submission(
    tmp_path: Path, issued: str, measured: str, later: bool
) -> None:
    path = tmp_path / "a.json"
    path.write_text(
        f'{{"submission_date": "{issued}", "indicators": [{INDICATOR}], "measurements":'
        f' [{{"id": "M", "indicator": "I", "value": 1, "date": "{measured}"}}]}}',
        "utf-8",
    )
    wanted = [("Measurement-isNotAfterSubmission", "/measurements/0/date")] if later else []
    if issued == "someday":
        wanted = [("Submission-issued.datatype", "/submission_date")]
    assert codes(path, "compiled") == wanted


@pytest.mark.parametrize("engine", ["compiled", "pyshacl"])
def test_two_dates_are_one_too_many_whatever_their_order(tmp_path: Path, engine: str) -> None:
    path = tmp_path / "a.csv"
    found = []
    for days in (("2024-06-29", "2024-06-30"), ("2024-06-30", "2024-06-29")):
        path.write_text(f"{ROW},submission_date\nA,x,G1,UIF,{days[0]}\nB,y,G1,UIF,{days[1]}\n", "utf-8")
        found.append(codes(path, engine))
    assert found == [[("Submission-issued.repeated", "E3")]] * 2


def test_a_date_alone_is_nothing_to_check(tmp_path: Path) -> None:
    path = tmp_path / "a.ttl"
    path.write_text(f'{RDF}<urn:x:set> a bic:Submission ; dcterms:issued "2024"^^xsd:gYear .\n', "utf-8")
    assert not check(path).checked


def test_messages_name_the_submission_without_its_made_up_name(tmp_path: Path) -> None:
    path = tmp_path / "a.csv"
    path.write_text(f"{ROW},submission_date\nA,x,G1,UIF,30/06/2024\n", "utf-8")
    (found,) = (each for each in check(path).findings if each.code == "Submission-issued.datatype")
    assert found.message["en"].startswith("Submission: the submission date “30/06/2024” is not a date")
    assert found.message["es"].startswith("Envío: «30/06/2024», en «fecha de envío», no es una fecha")
    assert found.suggestions == ("2024-06-30",)


@pytest.mark.parametrize("ending", [".ttl", ".json", ".jsonld", ".xlsx", ".csv", ".nt"])
def test_conversion_carries_the_date_there_and_back(tmp_path: Path, ending: str) -> None:
    from bicentennial.exchange.conversion import convert

    first, between, last = tmp_path / "a.json", tmp_path / f"b{ending}", tmp_path / "c.json"
    first.write_text(
        '{\n "submission_date": "2024-06",\n "actions": [\n  {"id": "A", "title": "x"},\n'
        '  {"id": "B", "title": "y"}\n ]\n}\n',
        "utf-8",
    )
    assert convert(first, between, isolated=False) == ()
    assert convert(between, last, isolated=False) == ()
    assert last.read_text("utf-8") == first.read_text("utf-8")


def test_conversion_tells_what_a_table_cannot_say_of_a_submission(tmp_path: Path) -> None:
    from bicentennial.exchange.conversion import convert

    path = tmp_path / "a.ttl"
    path.write_text(
        f'{RDF}<urn:x:set> a bic:Submission ; dcterms:title "June" ; dcterms:issued "2024"^^xsd:gYear .\n'
        '<urn:x-bicentennial:action:A> a bic:Action ; dcterms:identifier "A" .\n',
        "utf-8",
    )
    losses = convert(path, tmp_path / "b.csv", isolated=False)
    assert [loss.message["en"] for loss in losses] == [
        "dcterms:title: no column for it (1)",
        "the IRIs of 1 rows of “submission”, such as urn:x:set: a table knows things by their names",
    ]
    assert (tmp_path / "b.csv").read_text("utf-8").splitlines()[1].endswith(",2024")
