"""What we write is safe to open: in every format, whatever stands in what was submitted."""

from __future__ import annotations

import csv
import io
import json
import re
import tomllib
import zipfile
from html.parser import HTMLParser
from typing import TYPE_CHECKING, Any
from xml.parsers import expat
from xml.sax.saxutils import escape

import pytest

from bicentennial import query, validate
from bicentennial.api import convert
from bicentennial.cli import main
from bicentennial.formats.invisible import visible
from bicentennial.report import Report, render
from tests.security.conftest import HEADER, command_lines, xlsx
from tests.security.conftest import row as sheet_row
from tests.security.hostile import ACTS, FORGED, HOSTILE, IN_TABLES, RUNS

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

FIELDS = HEADER.split(",")
VALUES = list(HOSTILE.values())
# What a column of names splits into several names is not found as it was.
WHOLE = {visible(value).strip() for value in VALUES if ";" not in value}
# XML has no way to write some characters, so no workbook can hold them.
UNWRITABLE = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\ufffe\uffff]")
IN_XML = [value for value in VALUES if not UNWRITABLE.search(value)]


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A document and a workbook that hold every hostile text in every column, and hostile headers."""
    made = tmp_path_factory.mktemp("hostile")
    document = [dict.fromkeys([*FIELDS, "a <b> header=1"], value) for value in VALUES]
    (made / "a<b>&.json").write_text(json.dumps(document), "utf-8")
    rows = [[escape(each) for each in [*FIELDS, "=2+2", "<b>"]], *([escape(value)] * 6 for value in IN_XML)]
    sheet = "".join(sheet_row(number, *texts) for number, texts in enumerate(rows, start=1))
    (made / "book.xlsx").write_bytes(xlsx(sheet))
    return made


@pytest.fixture(scope="module")
def report(folder: Path) -> Report:
    found = validate(folder / "a<b>&.json", isolated=False)
    for code in ("Action-advancesGoal.unknown", "Action-hasResponsibleParty.unknown"):
        assert {(each.value or "").strip() for each in found.of_code(code)} >= WHOLE
    return found


def calm(text: str) -> None:
    """See that a text neither acts nor holds a line of somebody else's."""
    assert not ACTS.search(text.replace("\r\n", "\n")), ACTS.findall(text)
    assert not FORGED.search(text), FORGED.search(text)


@pytest.mark.parametrize("lang", ["en", "es"])
@pytest.mark.parametrize("name", ["text", "json", "csv", "html", "turtle", "sarif"])
def test_no_value_acts_in_a_report(report: Report, name: str, lang: Any) -> None:
    text = render([report], name, lang)
    calm(text)
    calm(render([report, report], name, lang))
    CHECKS[name](text)


def test_colours_are_ours_alone(report: Report) -> None:
    text = report.to_text(color=True, width=40)
    calm(re.sub(r"\x1b\[\d+m", "", text))


def _check_text(text: str) -> None:
    assert HOSTILE["placeholder"] in text


def _check_json(text: str) -> None:
    assert {(each["value"] or "").strip() for each in json.loads(text)["findings"]} >= WHOLE


def _check_csv(text: str) -> None:
    cells = [each for line in csv.reader(io.StringIO(text)) for each in line]
    assert not [each for each in cells if each.startswith(RUNS)]


class _Page(HTMLParser):
    """The elements of a page, and what could make them act."""

    def __init__(self) -> None:
        super().__init__()
        self.names: set[str] = set()
        self.attributes: set[str] = set()
        self.addresses: set[str] = set()
        self.scripts: list[str] = []
        self._open = False

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.names.add(tag)
        self.attributes |= {name for name, _ in attrs}
        self.addresses |= {value or "" for name, value in attrs if name in ("href", "src", "action", "xlink:href")}
        self._open = tag == "script"
        if self._open:
            self.scripts.append("")

    def handle_data(self, data: str) -> None:
        if self._open:
            self.scripts[-1] += data

    def handle_endtag(self, tag: str) -> None:
        self._open = False


def _check_html(text: str) -> None:
    page = _Page()
    page.feed(text)
    assert not page.names & {"img", "iframe", "object", "embed", "base", "link"}
    assert not [name for name in page.attributes if name.startswith("on")]
    assert all(address.startswith("#") for address in page.addresses), page.addresses
    assert len(page.scripts) == 1
    assert "alert" not in page.scripts[0]
    policy = re.search(r'http-equiv="Content-Security-Policy" content="([^"]+)"', text)
    assert policy is not None
    assert policy[1].startswith("default-src &#x27;none&#x27;")
    assert "unsafe" not in policy[1]


def _check_turtle(text: str) -> None:
    import rdflib

    graph = rdflib.Graph().parse(data=text)
    assert {str(value).strip() for value in graph.objects(None, rdflib.SH.value)} >= WHOLE
    assert "urn:FORGED" not in map(str, graph.all_nodes())


def _check_sarif(text: str) -> None:
    log = json.loads(text)
    assert set(log) == {"$schema", "version", "runs"}
    assert len(log["runs"][0]["results"]) >= 2 * len(VALUES)


CHECKS: dict[str, Callable[[str], None]] = {
    "text": _check_text,
    "json": _check_json,
    "csv": _check_csv,
    "html": _check_html,
    "turtle": _check_turtle,
    "sarif": _check_sarif,
}


@pytest.mark.parametrize("name", ["a<b>&.json", "book.xlsx"])
def test_no_value_acts_in_a_marked_workbook(folder: Path, name: str) -> None:
    target = folder / f"marked {name}.xlsx"
    validate(folder / name, isolated=False).to_workbook(target)
    cells = check_workbook(target)
    listed = [str(value) for sheet, _, value in cells if sheet == "Findings" and value is not None]
    assert len(listed) > 8 * len(IN_XML)
    assert not [each for each in listed if ACTS.search(each)]
    assert not [each for each in listed if FORGED.search(each)]
    assert HOSTILE["formula"] in [value for sheet, _, value in cells if sheet != "Findings"]


def check_workbook(path: Path) -> list[tuple[str, str, Any]]:
    """Return the cells (sheet, type, value) of a workbook in which none is a formula and every part is sound XML."""
    import openpyxl

    with zipfile.ZipFile(path) as archive:
        for part in archive.namelist():
            if part.endswith((".xml", ".rels", ".vml")):
                expat.ParserCreate().Parse(archive.read(part), True)
                assert b"<f>" not in archive.read(part)
    book = openpyxl.load_workbook(path)
    cells = [(sheet.title, each.data_type, each.value) for sheet in book for line in sheet.iter_rows() for each in line]
    assert {kind for _, kind, value in cells if value is not None} <= {"s", "n", "d", "inlineStr"}
    assert max(len(str(value)) for *_, value in cells) <= 32_767
    return cells


GRAPHS = {"ttl": "turtle", "trig": "trig", "nt": "nt", "nq": "nquads", "rdf": "xml", "jsonld": ""}


@pytest.fixture(scope="module")
def converted(folder: Path) -> Path:
    """The document in every format."""
    for name in ("csv", "tsv", "xlsx", "json", *GRAPHS):
        convert(folder / "a<b>&.json", folder / f"out.{name}", isolated=False)
    return folder


@pytest.mark.parametrize(("name", "delimiter"), [("csv", ","), ("tsv", "\t")])
def test_no_value_acts_in_a_table_that_is_written(converted: Path, name: str, delimiter: str) -> None:
    text = (converted / f"out.{name}").read_bytes().decode("utf-8-sig")
    assert not IN_TABLES.search(text), IN_TABLES.findall(text)
    cells = [each for line in csv.reader(io.StringIO(text, newline=""), delimiter=delimiter) for each in line]
    assert not [each for each in cells if each.startswith(RUNS)]
    assert f"'{HOSTILE['formula']}" in cells
    assert HOSTILE["script"] in cells


def test_no_value_acts_in_a_workbook_that_is_written(converted: Path) -> None:
    values = [value for *_, value in check_workbook(converted / "out.xlsx")]
    for threat in ("formula", "script", "end of a section", "entity", "placeholder"):
        assert HOSTILE[threat] in values, threat
    assert "a\ufffd[2J\ufffd[31mb\ufffd]8;;http://127.0.0.1:9/\ufffdc" in values
    assert "agpj.exeb" in values


@pytest.mark.parametrize("name", GRAPHS)
def test_no_value_acts_in_a_graph_that_is_written_and_none_is_lost(converted: Path, name: str) -> None:
    import rdflib

    text = (converted / f"out.{name}").read_bytes().decode()
    assert not ACTS.search(text), ACTS.findall(text)
    if name == "jsonld":
        labels = [each["prefLabel"]["en"] for each in json.loads(text)["@graph"]]
    else:
        graph: Any = rdflib.Dataset(default_union=True) if name in ("trig", "nq") else rdflib.Graph()
        graph.parse(data=text, format=GRAPHS[name])
        assert "urn:FORGED" not in map(str, graph.all_nodes())
        labels = [str(each) for each in graph.objects(None, rdflib.SKOS.prefLabel)]
    expected = {UNWRITABLE.sub("\ufffd", value) if name == "rdf" else value for value in VALUES}
    assert {label.strip() for label in labels} == {visible(value).strip() for value in expected}


def test_no_value_acts_in_json_that_is_written_and_none_is_lost(converted: Path) -> None:
    text = (converted / "out.json").read_bytes().decode()
    calm(text)
    found = [each["title"] for each in json.loads(text)["actions"]]
    assert {each.strip() for each in found} == {visible(value).strip() for value in VALUES}


@pytest.mark.parametrize("end", [" .\n", " . "])
def test_no_language_of_a_text_adds_a_statement(tmp_path: Path, end: str) -> None:
    forged = f'en{end}<urn:forged> <urn:forged> "x"@en'
    written = escape(forged, {'"': "&quot;", "\n": "&#10;"})
    narrative = f'<narrative xml:lang="{written}">a title</narrative>'
    path = tmp_path / "a.xml"
    path.write_text(
        f'<iati-activities version="2.03" xml:lang="{written}"><iati-activity><iati-identifier>X-1</iati-identifier>'
        f'<title>{narrative}</title><result><title>{narrative}</title><indicator measure="1"><title>{narrative}</title>'
        f'</indicator></result><recipient-country code="MX">{narrative}</recipient-country>'
        f'<participating-org role="4">{narrative}</participating-org></iati-activity></iati-activities>',
        "utf-8",
    )
    assert not query("ASK { GRAPH ?g { <urn:forged> ?p ?o } }", data=path, isolated=False).boolean
    for name in ("nt", "ttl", "rdf", "jsonld"):
        convert(path, tmp_path / f"out.{name}", isolated=False)
        assert query('ASK { GRAPH ?g { ?a ?b "a title" } }', data=tmp_path / f"out.{name}", isolated=False).boolean
        assert "forged" not in (tmp_path / f"out.{name}").read_text("utf-8")


def test_no_value_acts_in_an_answer(folder: Path) -> None:
    data = folder / "a<b>&.json"
    result = query("SELECT ?s ?o { GRAPH ?g { ?s ?p ?o } }", data=data, isolated=False)
    assert set(VALUES[:5]) <= {row.o for row in result}
    for text in (result.to_json(), result.to_tsv(), result.to_table(), result.to_table("es", width=80)):
        assert not ACTS.search(text), ACTS.findall(text)
    assert '"=' not in result.to_tsv()
    cells = [each for line in csv.reader(io.StringIO(result.to_csv(), newline="")) for each in line]
    assert not [each for each in cells if each.startswith(RUNS) and not re.fullmatch(r"[+-]?\d+", each)]
    assert not [each for each in cells if IN_TABLES.search(each)]
    graph = query("CONSTRUCT { ?s ?p ?o } { GRAPH ?g { ?s ?p ?o } }", data=data, isolated=False)
    calm(graph.to_turtle())


def test_no_header_or_value_acts_in_a_mapping_that_is_proposed(folder: Path) -> None:
    found, again = command_lines(
        ["mapping", "init", folder / "a<b>&.json"],
        ["mapping", "init", folder / "book.xlsx", "--output", folder / "mapping.toml"],
    )
    assert (found.code, again.code) == (0, 0), (found.told, again.told)
    for text in (found.out, (folder / "mapping.toml").read_text("utf-8")):
        assert not ACTS.search(text), ACTS.findall(text)
        assert "FORGED" not in tomllib.loads(text)


NAMES = ["a\x1b[2J\nFORGED.csv", "a\u202e.csv", "{0}{file}.csv", "a\rFORGED\u2028FORGED.csv", "=1+1.csv"]


@pytest.mark.parametrize("name", NAMES)
def test_no_name_of_a_file_acts_in_a_message(tmp_path: Path, name: str, capsys: pytest.CaptureFixture[str]) -> None:
    missing, there = tmp_path / "none" / name, tmp_path / name
    there.write_text(f"{HEADER}\nA-1,b,none,OFAC\n", "utf-8")
    for code, *arguments in (
        (3, "validate", missing),
        (1, "validate", there),
        (1, "validate", there, "--output", tmp_path / "out.json"),
        (3, "validate", there, "--output", missing),
        (2, "validate", there, "--output", there),
        (2, "validate", there, "--shapes", there),
        (2, "validate", there, "--mapping", missing),
        (3, "convert", missing, tmp_path / "out.ttl"),
        (2, "convert", there, there),
        (2, "convert", there, tmp_path / f"{name}.no-such"),
        (3, "query", "ASK {}", "--data", missing),
        (2, name),
        (2, "explain", name),
    ):
        assert main([str(each) for each in arguments]) == code, arguments
        told = capsys.readouterr()
        calm(told.out)
        calm(told.err)
