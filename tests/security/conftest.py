"""Hostile files, and the ways in that each of them takes."""

from __future__ import annotations

import io
import json
import subprocess
import sys
import zipfile
from typing import TYPE_CHECKING, Any, NamedTuple

import pytest

from bicentennial.core.namespaces import BIC, BICD

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence
    from pathlib import Path

    from bicentennial.report import Report

PREFIXES = f"""@prefix bic: <{BIC}> .
@prefix bicd: <{BICD}> .
@prefix bicsh: <https://w3id.org/bicentennial/shapes#> .
@prefix dcterms: <http://purl.org/dc/terms/> .
@prefix ex: <http://example.org/> .
@prefix owl: <http://www.w3.org/2002/07/owl#> .
@prefix rdf: <http://www.w3.org/1999/02/22-rdf-syntax-ns#> .
@prefix rdfs: <http://www.w3.org/2000/01/rdf-schema#> .
@prefix sh: <http://www.w3.org/ns/shacl#> .
@prefix skos: <http://www.w3.org/2004/02/skos/core#> .
@prefix xsd: <http://www.w3.org/2001/XMLSchema#> .
"""
ACTION = """ex:a a bic:Action ; dcterms:identifier "A-1" ; skos:prefLabel "Train analysts"@en ;
    bic:hasStatus bicd:status-announced ; bic:hasResponsibleParty bicd:agency-ofac ;
    bic:advancesGoal bicd:goal-protect-our-people .
"""
GOOD = PREFIXES + ACTION
"""An action with which nothing is wrong."""
FAILING = PREFIXES + ACTION.replace("bicd:goal-protect-our-people", "ex:a-goal-of-mine")
"""The same with a goal that is none: it must fail, whatever else is said."""
HEADER = "id,title,goal,responsible_party"
ROW = "A-1,Train analysts,Protect our people,OFAC"
TABLE = f"{HEADER}\n{ROW}\n"


@pytest.fixture
def judge(tmp_path: Path) -> Callable[..., Report]:
    """Return a function that writes a file and validates it in this process, and sees that it stays as it was."""

    def write_and_validate(name: str, content: str | bytes, **options: Any) -> Report:
        from bicentennial import validate

        path = tmp_path / name
        data = content if isinstance(content, bytes) else content.encode()
        path.write_bytes(data)
        report = validate(path, **{"isolated": False, "coverage": False, **options})
        assert path.read_bytes() == data
        return report

    return write_and_validate


class Ended(NamedTuple):
    """How a command line ended: its exit code, and what it wrote."""

    code: int
    out: str
    told: str


def started(*lines: Sequence[object], warm: bool = True) -> subprocess.Popen[bytes]:
    """Start to run command lines, all of them in one process besides this one.

    A warm one has loaded what its workers need, and has room to spare that they inherit.
    """
    command = [sys.executable, "-m", "tests.security.driver", *(["--cold"] if not warm else [])]
    process = subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE)
    assert process.stdin is not None
    process.stdin.write(json.dumps([[str(each) for each in line] for line in lines]).encode())
    process.stdin.close()
    return process


def ended(process: subprocess.Popen[bytes]) -> list[Ended]:
    """Wait for command lines that were started, and return how each ended."""
    assert process.stdout is not None
    done = json.load(process.stdout)
    assert process.wait() == 0
    process.stdout.close()
    return [Ended(*each) for each in done]


def command_lines(*lines: Sequence[object], warm: bool = True) -> list[Ended]:
    """Run command lines and return how each ended; see `started`."""
    return ended(started(*lines, warm=warm))


def packed(parts: dict[str, str | bytes]) -> bytes:
    """Return an archive that holds these parts."""
    made = io.BytesIO()
    with zipfile.ZipFile(made, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in parts.items():
            archive.writestr(name, content)
    return made.getvalue()


_OFFICE = "http://schemas.openxmlformats.org"
_KINDS = "application/vnd.openxmlformats-officedocument.spreadsheetml"


def xlsx(rows: str, *, before: str = "", after: str = "", head: str = "", parts: dict[str, str] | None = None) -> bytes:
    """Return a workbook with one sheet `actions`, its rows as the XML says."""
    relationship = f"{_OFFICE}/officeDocument/2006/relationships"
    sheet = (
        f'{head}<worksheet xmlns="{_OFFICE}/spreadsheetml/2006/main">{before}<sheetData>{rows}</sheetData>{after}'
        "</worksheet>"
    )
    return packed(
        {
            "[Content_Types].xml": f'<Types xmlns="{_OFFICE}/package/2006/content-types"><Default Extension="rels" '
            'ContentType="application/vnd.openxmlformats-package.relationships+xml"/>'
            f'<Override PartName="/xl/workbook.xml" ContentType="{_KINDS}.sheet.main+xml"/>'
            f'<Override PartName="/xl/worksheets/sheet1.xml" ContentType="{_KINDS}.worksheet+xml"/></Types>',
            "_rels/.rels": f'<Relationships xmlns="{_OFFICE}/package/2006/relationships"><Relationship Id="rId1" '
            f'Type="{relationship}/officeDocument" Target="xl/workbook.xml"/></Relationships>',
            "xl/workbook.xml": f'<workbook xmlns="{_OFFICE}/spreadsheetml/2006/main" xmlns:r="{relationship}">'
            '<sheets><sheet name="actions" sheetId="1" r:id="rId1"/></sheets></workbook>',
            "xl/_rels/workbook.xml.rels": f'<Relationships xmlns="{_OFFICE}/package/2006/relationships">'
            f'<Relationship Id="rId1" Type="{relationship}/worksheet" Target="worksheets/sheet1.xml"/></Relationships>',
            "xl/worksheets/sheet1.xml": sheet,
            **(parts or {}),
        }
    )


def cell(place: str, text: str) -> str:
    """Return a cell that holds a text."""
    return f'<c r="{place}" t="inlineStr"><is><t>{text}</t></is></c>'


def row(number: int, *texts: str) -> str:
    """Return a row of texts."""
    return f'<row r="{number}">{"".join(cell(f"{chr(65 + n)}{number}", text) for n, text in enumerate(texts))}</row>'


ROWS = row(1, *HEADER.split(",")) + row(2, *ROW.split(","))

_NAMES = "urn:oasis:names:tc:opendocument:xmlns"


def ods(rows: str, head: str = "") -> bytes:
    """Return an ODS workbook with one sheet `actions`."""
    names = " ".join(f'xmlns:{name}="{_NAMES}:{name}:1.0"' for name in ("office", "table", "text"))
    return packed(
        {
            "mimetype": "application/vnd.oasis.opendocument.spreadsheet",
            "META-INF/manifest.xml": f'<manifest:manifest xmlns:manifest="{_NAMES}:manifest:1.0"/>',
            "content.xml": f"{head}<office:document-content {names}><office:body><office:spreadsheet>"
            f'<table:table table:name="actions">{rows}</table:table>'
            "</office:spreadsheet></office:body></office:document-content>",
        }
    )


def ods_row(*texts: str) -> str:
    """Return a row of an ODS sheet."""
    cells = (
        f'<table:table-cell office:value-type="string"><text:p>{text}</text:p></table:table-cell>' for text in texts
    )
    return f"<table:table-row>{''.join(cells)}</table:table-row>"


def jsonld(context: Any, **more: Any) -> str:
    """Return a document with a context."""
    return json.dumps({"@context": context, "@id": "http://example.org/a", "@type": "Action", **more})
