"""`bicentennial query`, `show` and `sources` as people call them."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

import pytest

from bicentennial.cli import main

if TYPE_CHECKING:
    from pathlib import Path

GOALS = "SELECT ?goal { ?goal a bic:Goal } ORDER BY ?goal"
SLOW = "SELECT (COUNT(*) AS ?n) { ?a ?b ?c . ?d ?e ?f . ?g ?h ?i FILTER(STR(?c) > STR(?f)) }"


def test_formats(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["query", GOALS, "--format", "json"]) == 0
    assert len(json.loads(capsys.readouterr().out)["results"]["bindings"]) == 3
    assert main(["query", GOALS, "--format", "csv"]) == 0
    assert capsys.readouterr().out.split() == [
        "goal",
        "https://w3id.org/bicentennial/id/goal-prevent-transborder-crime",
        "https://w3id.org/bicentennial/id/goal-protect-our-people",
        "https://w3id.org/bicentennial/id/goal-pursue-criminal-networks",
    ]
    assert main(["query", GOALS, "--format", "tsv"]) == 0
    assert capsys.readouterr().out.startswith("?goal\n<https://w3id.org/bicentennial/id/")
    assert main(["query", "DESCRIBE bicd:agency-ofac"]) == 0
    assert "bicd:agency-ofac" in capsys.readouterr().out
    assert main(["query", "ASK { bicd:agency-ofac a bic:Agency }", "--lang", "es"]) == 0
    assert capsys.readouterr().out == "sí\n"


def test_named_query_with_parameter_in_spanish(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["query", "actions-by-goal", "--param", "goal=prevenir", "--lang", "es"]) == 0
    lines = capsys.readouterr().out.splitlines()
    assert lines[0].split()[:3] == ["id", "acción", "meta"]
    assert all("Prevenir los delitos transfronterizos" in line for line in lines[2:])


@pytest.mark.parametrize(
    ("lang", "title"), [("en", "Actions that serve a goal"), ("es", "Acciones que sirven a una meta")]
)
def test_list_has_every_query_with_its_title(lang: str, title: str, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["query", "--list", "--lang", lang]) == 0
    lines = capsys.readouterr().out.splitlines()
    assert len(lines) == 38
    assert lines[2].split("  ")[0] == "actions-by-goal"
    assert title in lines[2]


def test_files_in_and_out(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    query, data, output = tmp_path / "mine.rq", tmp_path / "data.csv", tmp_path / "answer.csv"
    query.write_text("SELECT ?title { GRAPH ?g { ?s skos:prefLabel ?title } }", encoding="utf-8")
    data.write_text("id,title,goal,responsible_party\nA-1,Train analysts,G1,OFAC\n", encoding="utf-8")
    assert main(["query", str(query), "--data", str(data), "--output", str(output)]) == 0
    assert output.read_text(encoding="utf-8").split() == ["title", "Train", "analysts"]
    assert capsys.readouterr().out == ""
    assert main(["query", str(query), "--data", str(data), "--output", str(data)]) == 2


FAILURES = {
    "update": (["query", "DROP ALL"], 2, "DROP is not allowed"),
    "syntax": (["query", "SELECT * { ?s ?p }"], 2, "this is not SPARQL 1.1"),
    "no query": (["query"], 2, "no query was given"),
    "unknown name": (["query", "actions-by-gaol"], 2, "did you mean actions-by-goal"),
    "parameter without value": (["query", "actions-by-goal", "--param", "goal"], 2, "“goal” is no parameter"),
    "unknown parameter": (["query", "deadlines", "--param", "x=1"], 2, "no parameter “x”"),
    "value of no thing": (["query", "actions-by-goal", "--param", "goal=zzz"], 2, "nothing here is called “zzz”"),
    "wrong limit": (["query", "ASK { }", "--limit", "seconds=soon"], 2, "--limit takes a name and a number"),
    "rows": (["query", "SELECT * { ?s ?p ?o }", "--limit", "query_rows=5"], 3, "more than 5 rows"),
    "time": (["query", SLOW, "--limit", "seconds=0.4"], 3, "longer than 0.4 seconds"),
    "missing data": (["query", "ASK { }", "--data", "missing.ttl"], 3, "missing.ttl"),
    "show nothing": (["show", "OFACC"], 2, "did you mean OFAC?"),
    "missing folder": (["sources", "check", "missing"], 3, "cannot be read as a folder"),
    "no folder": (["sources", "check"], 2, "this is missing: FOLDER"),
}  # fmt: skip


@pytest.mark.parametrize(("arguments", "code", "message"), FAILURES.values(), ids=FAILURES)
def test_failures_end_with_their_code_and_a_sentence(
    arguments: list[str], code: int, message: str, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main([*arguments, "--lang", "en"]) == code
    streams = capsys.readouterr()
    assert streams.out == ""
    assert message in streams.err
    assert len(streams.err.splitlines()) == 1


def test_show(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["show", "--lang", "es"]) == 0
    assert "G1 Proteger a nuestra gente" in capsys.readouterr().out
    assert main(["show", "Protect", "our", "people"]) == 0
    assert "bicd:goal-protect-our-people" in capsys.readouterr().out


def test_sources_check_of_the_wrong_documents(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (tmp_path / "a.txt").write_text("Something else.\n", encoding="utf-8")
    assert main(["sources", "check", str(tmp_path), "--lang", "es"]) == 1
    assert " pasajes encontrados." in capsys.readouterr().out
