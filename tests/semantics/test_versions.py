"""The version that a submission was made for is what the file says, wherever its format lets it."""

from __future__ import annotations

import io
import zipfile
from typing import TYPE_CHECKING

import pytest

from bicentennial.vocabulary.index import default_index

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from tests.conftest import Told

CURRENT = default_index().versions[0]["version"]
IRI = default_index().versions[0]["iri"]
ROW = "id,title,goal,responsible_party"
RDF = (
    "@prefix bic: <https://w3id.org/bicentennial/ontology#> . @prefix owl: <http://www.w3.org/2002/07/owl#> .\n"
    "@prefix dcterms: <http://purl.org/dc/terms/> .\n<urn:x:a> a bic:Action .\n"
)


def version(told: Told) -> tuple[str, str]:
    return told.submission.version, told.submission.version_source


def test_every_published_version_is_known_and_the_current_one_is_first() -> None:
    from bicentennial.core.resources import version as packaged

    assert packaged() == CURRENT
    assert f"https://w3id.org/bicentennial/ontology/{packaged()}" == IRI


@pytest.mark.parametrize(
    ("name", "content", "source"),
    [
        ("a.csv", f"{ROW}\nA,x,G1,UIF\n", "assumed"),
        ("a.csv", f"{ROW},version\nA,x,G1,UIF,{CURRENT}\n", "column"),
        ("a.csv", f"{ROW},Versión\nA,x,G1,UIF,v{CURRENT}\nB,y,G1,UIF,\n", "column"),
        ("a.csv", f"Version: {IRI}.,,,\n{ROW}\nA,x,G1,UIF\n", "note"),
        ("a.json", f'{{"version": "{CURRENT}", "actions": [{{"id": "A", "title": "x"}}]}}', "key"),
        ("a.json", f'{{"conformsTo": ["{IRI}"], "actions": [{{"id": "A", "title": "x"}}]}}', "key"),
        (
            "a.jsonl",
            f'{{"id": "A", "goal": "G1", "version": "{CURRENT}"}}\n{{"id": "B"}}\n',
            "key",
        ),
        ("a.ttl", RDF, "assumed"),
        ("a.ttl", f"{RDF}<urn:x:set> dcterms:conformsTo <{IRI}> .\n", "header"),
        ("a.ttl", f"{RDF}<urn:x:set> a owl:Ontology ; owl:versionIRI <{IRI}> .\n", "header"),
        ("a.ttl", f"{RDF}<urn:x:set> a owl:Ontology ; owl:imports <{IRI}> .\n", "header"),
        ("a.nt", f"<urn:x:set> <http://purl.org/dc/terms/conformsTo> <{IRI}> .\n", "header"),
    ],
)
def test_where_the_version_is_said(reads: Callable[..., Told], name: str, content: str, source: str) -> None:
    told = reads(name, content)
    assert version(told) == (CURRENT, source)
    assert not {code for code, _ in told.found()} & {
        "version-unknown", "header-unknown", "key-unknown", "ontology-header", "schema-statement", "header-blank",
    }  # fmt: skip


def test_a_workbook_says_it_by_its_property_or_a_cell(reads: Callable[..., Told]) -> None:
    from openpyxl import Workbook
    from openpyxl.packaging.custom import StringProperty

    def saved(book: Workbook) -> bytes:
        stream = io.BytesIO()
        book.save(stream)
        return stream.getvalue()

    book = Workbook()
    book.active.title = "actions"
    book.active.append(ROW.split(","))
    book.active.append(["A", "x", "G1", "UIF"])
    assert version(reads("a.xlsx", saved(book))) == (CURRENT, "assumed")
    notes = book.create_sheet("notes")
    notes["B3"] = f"Versión {CURRENT} de la Ontología, {IRI}"
    assert version(reads("a.xlsx", saved(book))) == (CURRENT, "note")
    book.custom_doc_props.append(StringProperty(name="bicentennial ontology version", value=CURRENT))
    assert version(reads("a.xlsx", saved(book))) == (CURRENT, "property")


@pytest.mark.parametrize(
    "value",
    [
        '<property name="bicentennial ontology version" pid="2"><vt:lpwstr>{}</vt:lpwstr></property>',
        '<property name="bicentennial ontology version"><vt:lpwstr xmlns:vt="urn:vt">{}</vt:lpwstr></property>',
        "<p:property pid='2' name='bicentennial ontology version'>\n <lpwstr xmlns='urn:vt'> {} </lpwstr></p:property>",
    ],
    ids=["openpyxl", "openpyxl with lxml", "others"],
)
def test_the_property_is_read_as_any_program_writes_it(reads: Callable[..., Told], value: str) -> None:
    from openpyxl import Workbook

    book, stream = Workbook(), io.BytesIO()
    book.active.append(ROW.split(","))
    book.active.append(["A", "x", "G1", "UIF"])
    book.save(stream)
    with zipfile.ZipFile(stream, "a") as archive:
        archive.writestr("docProps/custom.xml", f"<Properties>{value.format(CURRENT)}</Properties>")
    assert version(reads("a.xlsx", stream.getvalue())) == (CURRENT, "property")


def test_a_mapping_file_says_it(reads: Callable[..., Told], tmp_path: Path) -> None:
    rules = tmp_path / "mapping.toml"
    rules.write_text(f'version = "{CURRENT}"\n', "utf-8")
    assert version(reads("a.csv", f"{ROW}\nA,x,G1,UIF\n", mapping=rules)) == (CURRENT, "mapping")


def test_an_unknown_version_is_a_warning_that_names_the_known_ones(reads: Callable[..., Told]) -> None:
    told = reads("a.csv", f"{ROW},version\nA,x,G1,UIF,99.1\n")
    found = next(each for each in told.findings if each.code == "version-unknown")
    assert (found.severity, found.location.cell, found.value) == ("warning", "E1", "99.1")
    assert CURRENT in found.message["en"]
    assert CURRENT in found.message["es"]
    assert version(told) == ("99.1", "column")


def test_several_versions_are_a_warning(reads: Callable[..., Told]) -> None:
    told = reads("a.csv", f"{ROW},version\nA,x,G1,UIF,{CURRENT}\nB,x,G1,UIF,99.1\n")
    assert [code for code, _ in told.found()] == ["version-unknown", "version-several"]


def test_a_column_of_something_else_stays_an_unknown_column(reads: Callable[..., Told]) -> None:
    told = reads("a.csv", f"{ROW},version\nA,x,G1,UIF,draft\n")
    assert version(told) == (CURRENT, "assumed")
    assert told.found() == [("header-unknown", "E1")]


def test_a_version_of_the_partners_own_data_is_not_ours(reads: Callable[..., Told]) -> None:
    told = reads("a.ttl", f"{RDF}<urn:x:set> a owl:Ontology ; owl:versionIRI <https://example.org/data/3.0> .\n")
    assert version(told) == (CURRENT, "assumed")
