"""Each limit acts on every way in and in every format, can be set by name, and is named when it is reached."""

from __future__ import annotations

import dataclasses
import json
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

from bicentennial import LimitReachedError, UnreadableInputError, UsageError, query, validate
from bicentennial.api import convert
from bicentennial.cli import main
from bicentennial.core.worker import WorkerLimits
from bicentennial.intake import Limits
from bicentennial.knowledge.sparql.guard import QueryLimits
from tests.security.conftest import GOOD, HEADER, ROW, ROWS, TABLE, command_lines, ods, ods_row, row, xlsx

if TYPE_CHECKING:
    from collections.abc import Callable

    from bicentennial.report import Report

SECOND = ("A-2", "b", "G1", "OFAC")
ACTION = {"id": "A-1", "title": "Train analysts", "goal": "Protect our people", "responsible_party": "OFAC"}
SHEET = xlsx(ROWS + row(3, *SECOND))
TEXTS = ods(ods_row(*HEADER.split(",")) + ods_row(*ROW.split(",")) + ods_row(*SECOND))
LIST = json.dumps([ACTION, ACTION])
LINES = f"{json.dumps(ACTION)}\n{json.dumps(ACTION)}\n"
TRIPLES = (
    '<urn:a> <urn:p> "a text" .\n<urn:a> <urn:p> "12345"^^<http://www.w3.org/2001/XMLSchema#integer> .\n'
    "<urn:a> <urn:p> <urn:a-name-of-some-length> .\n"
)
LINKED = json.dumps(
    {
        "@context": {"e": "urn:e:", "f": "urn:f/", "g": "urn:g#"},
        "@id": "urn:a",
        "e:p": [{"e:q": {"e:r": 12345}}],
        "e:l": "a text",
        "e:i": {"@id": "urn:a-name-of-some-length"},
    }
)
XML = (
    '<rdf:RDF xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#" xmlns:e="urn:e:"><rdf:Description rdf:about='
    '"urn:a"><e:p>a text</e:p><e:q><rdf:Description><e:r><rdf:Description><e:s>1</e:s></rdf:Description></e:r>'
    "</rdf:Description></e:q></rdf:Description></rdf:RDF>"
)
ACTIVITIES = (
    '<iati-activities version="2.03"><iati-activity><iati-identifier>X-1</iati-identifier>'
    "<title><narrative>Train analysts</narrative></title></iati-activity></iati-activities>"
)
NESTED = "<urn:a> <urn:p> [ <urn:p> ( 1 ) ] ."
LIMITED: dict[str, list[tuple[str, str | bytes, int]]] = {
    "file_bytes": [("a.csv", TABLE, 10)],
    "statements": [
        ("a.csv", TABLE, 2),
        ("a.xlsx", SHEET, 2),
        ("a.ods", TEXTS, 2),
        ("a.json", LIST, 2),
        ("a.jsonl", LINES, 2),
        ("a.xml", ACTIVITIES, 2),
        ("a.ttl", GOOD, 2),
        ("a.nt", TRIPLES, 2),
        ("a.nq", TRIPLES, 2),
        ("a.trig", GOOD, 2),
        ("a.jsonld", LINKED, 2),
        ("a.rdf", XML, 2),
    ],
    "rows": [
        ("a.csv", TABLE + ",".join(SECOND), 1),
        ("a.xlsx", SHEET, 1),
        ("a.ods", TEXTS, 1),
        ("a.json", LIST, 1),
        ("a.jsonl", LINES, 1),
    ],
    "columns": [("a.csv", TABLE, 3), ("a.xlsx", SHEET, 3), ("a.ods", TEXTS, 3), ("a.json", LIST, 3)],
    "cell_characters": [("a.csv", TABLE, 5), ("a.xlsx", SHEET, 5), ("a.ods", TEXTS, 5)],
    "literal_characters": [
        ("a.json", LIST.replace("Train", "T" * 40_000), 5),
        ("a.xml", ACTIVITIES, 5),
        ("a.ttl", GOOD, 5),
        ("a.nt", TRIPLES, 5),
        ("a.nq", TRIPLES, 5),
        ("a.trig", f"<urn:g> {{ {TRIPLES} }}", 5),
        ("a.jsonld", LINKED, 5),
        ("a.rdf", XML, 5),
    ],
    "iri_characters": [("a.ttl", GOOD, 20), ("a.nt", TRIPLES, 20), ("a.jsonld", LINKED, 20), ("a.rdf", XML, 4)],
    "depth": [
        ("a.json", "[[[[1]]]]", 3),
        ("a.jsonl", '{"id": {"en": {"a": 1}}}\n', 2),
        ("a.xml", ACTIVITIES, 3),
        ("a.ttl", NESTED, 1),
        ("a.trig", f"<urn:g> {{ {NESTED} }}", 2),
        ("a.jsonld", LINKED, 3),
        ("a.rdf", XML, 3),
    ],
    "prefixes": [("a.ttl", GOOD, 3), ("a.trig", GOOD, 3), ("a.jsonld", LINKED, 2), ("a.rdf", XML, 1)],
    "digits": [("a.ttl", TRIPLES, 4), ("a.nt", TRIPLES, 4), ("a.jsonld", LINKED, 4)],
    "unpacked_bytes": [("a.xlsx", SHEET, 100), ("a.ods", TEXTS, 100)],
    "unpacked_ratio": [("a.xlsx", xlsx(ROWS + row(3, " " * 11_000_000)), 20)],
    "merged_cells": [("a.xlsx", xlsx(ROWS, after='<mergeCells><mergeCell ref="A5:B9"/></mergeCells>'), 9)],
    "grid_cells": [("a.xlsx", SHEET, 7), ("a.ods", TEXTS, 7)],
    # So little that Python notices; with a little more it is the database that dies of it, in its own way.
    "memory": [("a.csv", TABLE, 4 << 20)],
    "seconds": [("a.csv", f"{HEADER}\n" + "".join(f"A-{n},b,G1,OFAC\n" for n in range(300)), 1)],
    "open_files": [("a.csv", TABLE, 4)],
}
SLOW = "SELECT (COUNT(*) AS ?n) { ?a ?b ?c . ?d ?e ?f . ?g ?h ?i . ?j ?k ?l }"
ALL = [(setting, *case) for setting, cases in LIMITED.items() for case in cases]
INSIDE = [each for each in ALL if each[0] not in ("memory", "seconds", "open_files")]


@pytest.mark.parametrize(("setting", "name", "content", "value"), INSIDE, ids=[f"{s} {n}" for s, n, _, _ in INSIDE])
def test_each_limit_acts_on_every_way_in(
    judge: Callable[..., Report], setting: str, name: str, content: str | bytes, value: int, tmp_path: Path
) -> None:
    report = judge(name, content, limits={setting: value})
    assert list(report.by_code) == ["limit-reached"], report.to_text()
    assert report.exit_code == 3
    for text in report.findings[0].message.values():
        assert f"“{setting}”" in text or f"«{setting}»" in text
    with pytest.raises(LimitReachedError) as caught:
        convert(tmp_path / name, tmp_path / "out.nt", isolated=False, limits={setting: value})
    assert caught.value.setting == setting
    with pytest.raises(LimitReachedError) as caught:
        query("ASK { }", data=tmp_path / name, isolated=False, limits={setting: value})
    assert caught.value.setting == setting
    assert [each.name for each in tmp_path.iterdir()] == [name]


def test_each_limit_is_an_option(tmp_path: Path) -> None:
    lines: list[list[object]] = []
    for number, (setting, cases) in enumerate(LIMITED.items()):
        name, content, value = cases[0]
        path = tmp_path / f"{number}{name}"
        path.write_bytes(content if isinstance(content, bytes) else content.encode())
        # The compiled engine is done before any limit of whole seconds is reached.
        slow = ["--engine", "pyshacl"] if setting == "seconds" else []
        options = [*slow, "--limit", f"{setting}={value}"]
        lines.append(["validate", path, *options])
        if setting in ("rows", "memory", "open_files"):
            lines.append(["convert", path, tmp_path / "out.nt", *options])
            lines.append(["query", "ASK { }", "--data", path, *options])
    lines.append(["query", SLOW, "--limit", "seconds=1"])
    # Memory is what a worker may take beyond what it begins with.
    for line, ended in zip(lines, command_lines(*lines, warm=False), strict=True):
        setting = str(line[-1]).partition("=")[0]
        assert (ended.code, setting in ended.out + ended.told) == (3, True), (line, ended)
    assert not (tmp_path / "out.nt").exists()


QUERIES = {
    "query_rows": ("SELECT * { ?s ?p ?o }", 5, "query_rows"),
    "query_depth": ("ASK { { { } } }", 2, "query_depth"),
    "query_characters": ("ASK { ?s ?p ?o }", 10, "query_characters"),
    "query_words": ("ASK { ?s ?p ?o }", 5, "query_words"),
}


@pytest.mark.parametrize(("setting", "text", "value", "said"), [(name, *case) for name, case in QUERIES.items()])
def test_the_limits_of_queries_too(
    setting: str, text: str, value: int, said: str, capsys: pytest.CaptureFixture[str]
) -> None:
    query(text, isolated=False)
    with pytest.raises(LimitReachedError, match=said) as caught:
        query(text, isolated=False, limits={setting: value})
    assert caught.value.setting == said
    assert caught.value.exit_code == 3
    assert main(["query", text, "--limit", f"{setting}={value}"]) == 3
    assert said in capsys.readouterr().err


def test_what_is_longer_than_usual_is_allowed_by_its_limit() -> None:
    long = f"ASK {{ VALUES ?x {{ {'1 ' * 12_000} }} }}"
    for setting, text in {"query_words": long, "query_characters": f"ASK {{ }} #{'x' * 100_000}"}.items():
        with pytest.raises(LimitReachedError) as caught:
            query(text, isolated=False)
        assert caught.value.setting == setting
        query(text, isolated=False, limits={setting: 200_000})


def test_the_number_of_findings_listed_can_be_set_and_the_totals_stay_true(judge: Callable[..., Report]) -> None:
    content = HEADER + "\n" + "".join(f"A-{n},t,none,OFAC\n" for n in range(5))
    report = judge("a.csv", content, limits={"findings": 2})
    assert len(report.of_code("Action-advancesGoal.unknown")) == 2
    assert report.by_code["Action-advancesGoal.unknown"] == 5


KINDS: tuple[Any, ...] = (Limits, WorkerLimits, QueryLimits)


def test_every_limit_is_tried() -> None:
    names = {each.name for kind in KINDS[:2] for each in dataclasses.fields(kind)}
    assert names == {*LIMITED, "findings"}
    assert {f"query_{each.name}" for each in dataclasses.fields(QueryLimits)} == set(QUERIES)


def test_the_defaults_are_those_that_are_promised() -> None:
    text = Path("SECURITY.md").read_text("utf-8")
    for kind in KINDS:
        for each in dataclasses.fields(kind):
            name = f"query_{each.name}" if kind is QueryLimits else each.name
            assert f"| `{name}` | {each.default:,.0f} |" in text


def test_a_million_rows_of_the_whole_form_are_within_the_limits() -> None:
    rows, columns, size = 1_000_000, 17, 170_000_000
    usual = Limits()
    assert usual.rows >= rows
    assert usual.columns >= columns
    assert usual.file_bytes >= size
    assert usual.statements >= rows * (columns + 1)
    assert usual.grid_cells >= rows * columns


def test_a_term_that_no_setting_lets_pass_is_told_as_such(judge: Callable[..., Report], tmp_path: Path) -> None:
    report = judge("a.nt", f'<urn:a> <urn:p> "{"x" * 17_000_000}" .\n')
    assert "“literal_characters”" in report.findings[0].message["en"]
    with pytest.raises(UnreadableInputError, match="16 MB, which is more than can be read of N-Triples"):
        query("ASK { }", data=tmp_path / "a.nt", isolated=False, limits={"literal_characters": 20_000_000})
    nested = judge("a.json", "[" * 5_000 + "]" * 5_000, limits={"depth": 10_000})
    assert "whatever the settings" in nested.findings[0].message["en"]


@pytest.mark.parametrize("given", ["rows=0", "rows=x", "nothing=5", "rows", f"rows={'9' * 5_000}"])
def test_limits_that_are_none_are_refused(given: str, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["validate", "examples/submissions/good.csv", "--limit", given]) == 2
    assert capsys.readouterr().err.startswith("bicentennial: ")


@pytest.mark.parametrize("settings", [{"rows": -1}, {"seconds": float("nan")}, {"memory": "x"}, {"seconds": -1}])
def test_limits_that_make_no_sense_are_refused(settings: dict[str, Any]) -> None:
    with pytest.raises(UsageError):
        validate("examples/submissions/good.csv", limits=settings, isolated=False)


@pytest.mark.parametrize("settings", [{"query_rows": 0}, {"query_words": 1.5}, {"rows": -1}, {"nothing": 1}])
def test_limits_of_queries_that_make_no_sense_are_refused(settings: dict[str, Any]) -> None:
    with pytest.raises(UsageError):
        query("ASK { }", limits=settings, isolated=False)
