"""Questions take whatever people call things, and say what stands for nothing."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

import pytest

import bicentennial as bic
from bicentennial.cli import main
from bicentennial.core.errors import AmbiguousNameError, QueryError, UnknownNameError
from bicentennial.core.namespaces import BICD
from bicentennial.knowledge.names import KINDS, names
from bicentennial.knowledge.show import about
from bicentennial.knowledge.sparql.guard import inspect
from bicentennial.knowledge.sparql.library import all_queries
from bicentennial.knowledge.sparql.query import answer

if TYPE_CHECKING:
    from pathlib import Path

OFAC = (
    "OFAC", "ofac", "bicd:agency-ofac", BICD["agency-ofac"], f"<{BICD['agency-ofac']}>", "agency-ofac",
    "Office of Foreign Assets Control", "oficina de control de activos extranjeros",
)  # fmt: skip
DECLARED = [(query.name, name, kind) for query in all_queries() for name, kind in query.parameters.items()]


@pytest.mark.parametrize("name", OFAC)
def test_sources_of_a_thing_by_whatever_it_is_called(name: str) -> None:
    expected = answer("sources", params={"thing": BICD["agency-ofac"]}).rows
    assert len(expected) > 0
    assert answer("sources", params={"thing": name}).rows == expected


@pytest.mark.parametrize(("query", "parameter", "kind"), DECLARED)
def test_every_parameter_takes_every_way_of_naming_and_refuses_what_is_none(
    query: str, parameter: str, kind: str
) -> None:
    if kind in KINDS:
        one = next(thing for thing in names().of_kind(kind) if thing.iri.startswith(BICD[""]))
        ways = {one.iri, bic_name(one.iri), one.iri.rpartition("/")[2], *one.notations[:1]}
        answers = {answer(query, params={parameter: way}).payload for way in ways}
        assert len(answers) == 1
        with pytest.raises(UnknownNameError):
            answer(query, params={parameter: "qqqqzzzz"})
    else:
        assert kind in ("text", "number", "date")
        if kind == "date":
            with pytest.raises(QueryError, match="is no date for the parameter"):
                answer(query, params={parameter: "2024-13-01"})


def bic_name(iri: str) -> str:
    return f"bicd:{iri.rpartition('/')[2]}"


def test_every_parameter_of_every_question_says_of_what_kind_it_is() -> None:
    for query in all_queries():
        text = [line.partition(": ")[2] for line in query.text.splitlines() if line.startswith("# parameter: ")]
        assert {line.split()[0] for line in text} == set(query.parameters), query.name
        assert all(line.split()[1] in {*KINDS, "text", "number", "date"} for line in text), query.name


def test_parameters_by_keyword() -> None:
    expected = bic.query("actions-by-goal", params={"goal": "G3"}, isolated=False).rows
    assert bic.query("actions-by-goal", goal="perseguir", isolated=False).rows == expected
    assert bic.query("actions-by-goal", goal=["G3"]).rows == expected


def test_a_label_as_it_is_written_goes_before_one_that_differs_in_case() -> None:
    assert about("tráfico de armas").iri == BICD["theme-arms-trafficking"]
    assert about("Tráfico de armas").iri == BICD["principle-weapons-trafficking"]


def test_what_fits_several_is_listed_with_ids(capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(AmbiguousNameError) as caught:
        about("TRÁFICO DE ARMAS")
    assert caught.value.candidates["es"] == [
        "bicd:principle-weapons-trafficking · principio · Tráfico de armas",
        "bicd:theme-arms-trafficking · tema · tráfico de armas",
    ]
    assert main(["query", "actions-by-theme", "--param", "theme=drogas", "--lang", "es"]) == 2
    assert capsys.readouterr().err.splitlines() == [
        "bicentennial: «drogas» corresponde a varios. Indique el id del que quiere:",
        "  bicd:theme-drug-trafficking · tema · tráfico de drogas",
        "  bicd:theme-synthetic-drugs · tema · drogas sintéticas",
    ]


def test_passages_are_shown_and_by_the_ids_that_exports_cite(tmp_path: Path) -> None:
    for name in ("bicd:passage-joint-statement-p15-s2", "passage-joint-statement-p15-s2"):
        page = about(name, "es")
        assert page.title.endswith("párrafo 15, oración 2")
        assert any("A8" in value.text for entry in page.links for value in entry.values)
    bic.export("framework", tmp_path / "f.csv")
    cited = {
        word.strip('";')
        for line in (tmp_path / "f.csv").read_text("utf-8-sig").splitlines()
        for word in line.replace(",", ";").split(";")
        if word.strip('" ').startswith("bicd:")
    }
    for name in sorted(cited)[::5]:
        assert about(name.strip()).iri.startswith("https://w3id.org/bicentennial/id/")


def test_nothing_is_shown_twice() -> None:
    page = about("Manzanillo", "es")
    assert page.also == ("Manzanillo", "Manzanillo, Colima")
    for name in ("theme-arms-trafficking", "OFAC", "A8"):
        page = about(name)
        for entries in (page.facts, page.links):
            assert len({entry.head for entry in entries}) == len(entries)
            assert all(len({value.text for value in entry.values}) == len(entry.values) for entry in entries)


def test_suggestions_are_in_the_language_of_the_reader() -> None:
    with pytest.raises(UnknownNameError) as caught:
        answer("actions-by-goal", params={"goal": "Protejer a nuestra jente"})
    assert "did you mean Protect our people?" in caught.value.text["en"]
    assert "¿quiso decir Proteger a nuestra gente?" in caught.value.text["es"]


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("ASK { ?a bic:responsible bicd:UNODC }", [
            "bic:responsible; did you mean bic:hasResponsibleParty, bic:infersResponsibleParty?",
                                                  "bicd:UNODC; did you mean bicd:agency-unodc?"]),
        ("ASK { ?a a bic:Acton }", ["bic:Acton; did you mean bic:Action?"]),
        (f"ASK {{ <{BICD['agency-ofacc']}> ?b ?c }}", ["bicd:agency-ofacc; did you mean bicd:agency-ofac?"]),
        ("PREFIX x: <https://w3id.org/bicentennial/id/> ASK { x:zzzzqqqq ?p ?o }", ["bicd:zzzzqqqq"]),
        ("CONSTRUCT { ?x bic:newName ?y } WHERE { ?x bic:isPartOf ?y }", []),
        ("PREFIX bic: <urn:mine:> ASK { ?x bic:anything ?y }", []),
        ("ASK { ?x bic:isPartOf ?y FILTER(?y = bicd:agency-treasury) # bic:commented\n}", []),
        ("ASK { ?x skos:prefLabel 'bic:quoted' }", []),
    ],
)  # fmt: skip
def test_names_that_stand_for_nothing_are_told(text: str, said: list[str]) -> None:
    assert [note["en"].removeprefix("nothing is called ") for note in answer(text).notes] == said


def test_named_questions_name_nothing_that_is_not_there() -> None:
    for query in all_queries():
        assert answer(query.text).notes == (query.description,), query.name


def test_what_a_question_means_goes_with_its_answer(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["query", "promises-not-started", "--lang", "es"]) == 0
    assert "nota: Compromisos de la declaración conjunta" in capsys.readouterr().err


def test_notes_go_to_standard_error_unless_asked_to_be_quiet(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["query", "ASK { ?a bic:Responsible ?b }", "--lang", "es"]) == 0
    streams = capsys.readouterr()
    assert streams.out == "no\n"
    assert streams.err.startswith("nota: nada se llama bic:Responsible; ¿quiso decir")
    assert main(["query", "ASK { ?a bic:Responsible ?b }", "-q"]) == 0
    assert capsys.readouterr().err == ""


def test_data_that_a_question_does_not_look_at_are_told(capsys: pytest.CaptureFixture[str]) -> None:
    good = "examples/submissions/good.csv"
    assert main(["query", "actions-by-modality", "--data", good]) == 0
    assert "note: the question actions-by-modality is about the Framework alone" in capsys.readouterr().err
    result = bic.query("ASK { ?s ?p ?o }", data=good)
    assert "GRAPH ?g { … }" in result.notes[0]["es"]
    assert bic.query("ASK { GRAPH ?g { ?s ?p ?o } }", data=good).notes == ()


def test_graphs_with_names_are_told(tmp_path: Path) -> None:
    path = tmp_path / "a.trig"
    path.write_text("<urn:g> { <urn:s> <urn:p> 1 } <urn:h> { <urn:s> <urn:p> 2 }", encoding="utf-8")
    (note,) = bic.query("SELECT ?o { GRAPH ?g { <urn:s> ?p ?o } }", data=path).notes
    plain = tmp_path / "a.ttl"
    plain.write_text("<urn:s> <urn:p> 1 .", encoding="utf-8")
    assert bic.query("SELECT ?o { GRAPH ?g { <urn:s> ?p ?o } }", data=plain).notes == ()
    assert note["en"].startswith("a.trig has named graphs, which keep their names: ")


@pytest.mark.parametrize(
    "text",
    [
        "PREFIX service: <urn:x:> SELECT * { service:a ?p ?o }",
        "PREFIX webservice: <urn:x:> ASK { ?s webservice:b webservice:c }",
        "PREFIX fromage: <urn:x:> SELECT * { ?s fromage:b ?o FILTER(?o = fromage:c) }",
        "PREFIX Service: <urn:x:> SELECT * { GRAPH Service:g { ?s ?p ?o } }",
    ],
)
def test_prefixes_that_hold_a_keyword_are_names(text: str) -> None:
    inspect(text)
    assert len(answer(text)) in (0, 1)


@pytest.mark.parametrize(
    "text",
    [
        "SELECT * { SERVICE:x { ?s ?p ?o } }",
        "PREFIX service: <urn:x:> SELECT * { SERVICE:x { ?s ?p ?o } }",
        "PREFIX service: <urn:x:> SELECT * { service:x { ?s ?p ?o } }",
        "PREFIX : <urn:x:> SELECT * { ?s ?p trueSERVICE:x { ?a ?b ?c } }",
        "PREFIX from: <urn:x:> PREFIX : <urn:y:> SELECT * FROM:g { ?s ?p ?o }",
        "PREFIX service: <urn:x:> SELECT * { SERVICE SILENT service:x { ?s ?p ?o } }",
    ],
)
def test_keywords_in_the_guise_of_names_are_refused(text: str) -> None:
    with pytest.raises(QueryError, match="is not allowed"):
        inspect(text)


@pytest.mark.parametrize("arguments", [["show", "OFAC"], ["show"], ["query", "actions-by-goal"]])
@pytest.mark.parametrize("name", ["html", "markdown", "json"])
def test_pages_in_every_format(
    arguments: list[str], name: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main([*arguments, "-f", name, "--lang", "es"]) == 0
    shown = capsys.readouterr().out
    ending = {"html": ".html", "markdown": ".md", "json": ".json"}[name]
    assert main([*arguments, "-o", str(tmp_path / f"a{ending}"), "--lang", "es"]) == 0
    assert (tmp_path / f"a{ending}").read_text("utf-8") == shown
    if name == "json":
        json.loads(shown)
    elif name == "html":
        assert shown.startswith('<!doctype html>\n<html lang="es">')


def test_what_pages_show_cannot_act() -> None:
    text = """SELECT ?a { VALUES ?a { "<script>alert(1)</script> | *x* [y](z) \\u001B[2J" } }"""
    result = answer(text)
    assert "<script>" not in result.to_html()
    assert "\\<script\\>" in result.to_markdown()
    assert "\x1b" not in result.to_html() + result.to_markdown()
    assert result.to_markdown().splitlines()[2].count(" | ") == 0
