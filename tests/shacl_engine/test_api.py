"""The public call and the command: what they take, what they return, how they fail."""

from __future__ import annotations

import io
import json
import subprocess
import sys
from typing import TYPE_CHECKING

import pytest
import rdflib
from rdflib.compare import isomorphic
from rdflib.namespace import RDF, SH

import bicentennial
from bicentennial.cli import main
from bicentennial.core.errors import InputError, LimitReachedError, ShapesError, UsageError
from bicentennial.storage.duckdb.dataset import DuckDBDataset

if TYPE_CHECKING:
    from collections.abc import Iterable
    from pathlib import Path

    from bicentennial.storage.statement import Statement

SHAPES = """@prefix sh: <http://www.w3.org/ns/shacl#> . @prefix ex: <https://example.org/> .
ex:S sh:targetClass ex:C ; sh:property ex:S-p, [ sh:path ( ex:q ex:r ) ; sh:minCount 1 ; sh:severity sh:Warning ] .
ex:S-p sh:path ex:p ; sh:minCount 1 ; sh:message "{$this} needs p"@en , "falta p"@es .
"""
DATA = """@prefix ex: <https://example.org/> .
ex:a a ex:C ; ex:p 1 ; ex:q [ ex:r 2 ] .

ex:b a ex:C .
"""
EX = rdflib.Namespace("https://example.org/")


@pytest.fixture
def files(tmp_path: Path) -> tuple[Path, Path]:
    data, shapes = tmp_path / "data.ttl", tmp_path / "shapes.ttl"
    data.write_text(DATA, encoding="utf-8")
    shapes.write_text(SHAPES, encoding="utf-8")
    return data, shapes


def _found(report: bicentennial.ShaclReport) -> list[tuple[str, str]]:
    return [(str(result.focus), result.component) for result in report]


def test_paths_texts_files_and_graphs_give_the_same(files: tuple[Path, Path]) -> None:
    data, shapes = files
    graph = rdflib.Graph().parse(data=DATA)
    dataset = rdflib.Dataset()
    for triple in graph:
        dataset.graph(EX.g).add(triple)
    expected = [(str(EX.b), "MinCount"), (str(EX.b), "MinCount")]
    with data.open("rb") as stream:
        for given in (data, str(data), DATA, DATA.encode(), io.StringIO(DATA), stream, graph, dataset, [data]):
            assert _found(bicentennial.shacl(given, shapes)) == expected
    assert _found(bicentennial.shacl(data, rdflib.Graph().parse(data=SHAPES))) == expected
    assert _found(bicentennial.shacl(DATA + SHAPES)) == expected, "shapes in the data"


def test_results_have_terms_of_rdflib_and_lines(files: tuple[Path, Path]) -> None:
    report = bicentennial.shacl(*files, locate=True)
    assert repr(report) == "<ShaclReport: does not conform, 2 results>"
    assert (report.conforms, bool(report), len(report), report.focus_nodes) == (False, False, 2, 2)
    complex_, plain = report
    assert (plain.focus, plain.path, plain.value, plain.shape) == (EX.b, EX.p, None, EX["S-p"])
    assert (plain.constraint, plain.severity) == (SH.MinCountConstraintComponent, SH.Violation)
    assert [str(text) for text in plain.messages] == ["{$this} needs p", "falta p"], "exactly as the shape has them"
    assert plain.message("es") == "falta p"
    assert plain.location.line == 4
    assert complex_.path is not None
    assert complex_.path.n3() == f"<{EX.q}>/<{EX.r}>"
    assert complex_.severity == SH.Warning


def _lines(number: int) -> list[str]:
    """Return N-Triples about so many things, of which three have faults."""
    lines = []
    for each in range(number):
        thing = f"<{EX}thing-{each}>"
        lines.append(f"{thing} <{rdflib.RDF.type}> <{EX.C}> .\n")
        lines.append(f'{thing} <{EX.p}> "{"x" * 60} {each}" .\n')
        lines.append(f"{thing} <{EX.q}> <{EX}thing-{each - 1 if each else number - 1}> .\n")
        lines.append(f"{thing} <{EX.r}> {'<urn:x:node>' if each == 20 else each if each == 10_000 else '_:r'} .\n")
    lines[3 * 4 + 1] = lines[3 * 4]  # without `p`
    return [line.replace("> 10000 .", '> "10000" .') for line in lines]


@pytest.mark.parametrize("last", ["", f'<{EX}other> <{EX.note}> "escaped \\u00e9" .\n'], ids=["plain", "parsed"])
def test_long_files_of_lines_are_judged_and_located_alike(tmp_path: Path, last: str) -> None:
    data, shapes = tmp_path / "data.nt", tmp_path / "shapes.ttl"
    data.write_text("".join([*_lines(12_001), last]), encoding="utf-8")
    assert data.stat().st_size > 1_500_000
    shapes.write_text(SHAPES + "ex:S sh:property [ sh:path ex:r ; sh:nodeKind sh:BlankNode ] .", encoding="utf-8")
    for isolated in (True, False):
        report = bicentennial.shacl(data, shapes, locate=True, isolated=isolated)
        assert report.focus_nodes == 12_001
        assert [(str(each.focus).rpartition("-")[2], each.component, each.location.line) for each in report] == [
            ("10000", "NodeKind", 40_004),
            ("20", "NodeKind", 84),
            ("3", "MinCount", 13),
        ]
    with pytest.raises(LimitReachedError):
        bicentennial.shacl(data, shapes, limits={"file_bytes": 1_000_000})
    with pytest.raises(LimitReachedError):
        bicentennial.shacl(data, shapes, limits={"statements": 40_000})


def test_what_is_wrong_with_the_data_is_said_before_what_is_wrong_with_the_shapes(files: tuple[Path, Path]) -> None:
    broken = SHAPES.replace("sh:minCount", "sh:mincount")
    for isolated in (True, False):
        with pytest.raises(InputError, match="line 2"):
            bicentennial.shacl("<urn:a> <urn:p> 1 .\n<urn:a> <urn:p .", broken, isolated=isolated)
        with pytest.raises(ShapesError, match="did you mean sh:minCount"):
            bicentennial.shacl(files[0], broken, isolated=isolated)


def test_shapes_with_unlike_targets_that_demand_the_same_each_have_their_results() -> None:
    shapes = """@prefix sh: <http://www.w3.org/ns/shacl#> . @prefix ex: <https://example.org/> .
        ex:A sh:targetClass ex:C ; sh:node ex:Named ; sh:sparql ex:query . ex:B sh:targetClass ex:D ; sh:node ex:Named .
        ex:E sh:targetClass ex:D ; sh:sparql ex:query . ex:A sh:property ex:parts . ex:B sh:property ex:parts .
        ex:parts sh:path [ sh:inversePath ex:part ] ; sh:property [ sh:path ex:name ; sh:minCount 1 ] .
        ex:Named sh:property [ sh:path ex:name ; sh:minCount 2 ] .
        ex:query sh:select "SELECT $this ?value WHERE { $this <https://example.org/age> ?value }" ."""
    data = """@prefix ex: <https://example.org/> . ex:both a ex:C, ex:D ; ex:age 1 . ex:one a ex:D .
        ex:none ex:age 2 . ex:x ex:part ex:both ."""
    found = {
        (
            str(each.focus),
            "" if isinstance(each.shape, rdflib.BNode) else str(each.shape),
            each.component,
            str(each.value or ""),
        )
        for each in bicentennial.shacl(data, shapes, engine="compiled")
    }
    expected = {
        *((EX.both, shape, "Node", EX.both) for shape in (EX.A, EX.B)),
        *((EX.both, shape, "SPARQL", "1") for shape in (EX.A, EX.E)),
        (EX.one, EX.B, "Node", EX.one),
        (EX.x, "", "MinCount", ""),
    }
    assert found == {tuple(map(str, each)) for each in expected}


def test_shapes_without_queries_load_no_parser_of_them(files: tuple[Path, Path]) -> None:
    code = (
        "import sys, bicentennial\n"
        "report = bicentennial.shacl(*sys.argv[1:], isolated=False)\n"
        "print(len(report), [name for name in sys.modules if name in ('pyparsing', 'rdflib.plugins.sparql')])"
    )
    command = [sys.executable, "-c", code, *map(str, files)]
    assert subprocess.run(command, capture_output=True, text=True, check=True).stdout == "2 []\n"


def test_the_report_is_a_graph_of_the_recommendation(files: tuple[Path, Path]) -> None:
    graph = bicentennial.shacl(*files).to_graph()
    for shape in list(graph.objects(None, SH.sourceShape)):
        if isinstance(shape, rdflib.BNode):
            graph.remove((None, SH.sourceShape, shape))
    expected = rdflib.Graph().parse(
        data="""@prefix sh: <http://www.w3.org/ns/shacl#> . @prefix ex: <https://example.org/> .
        [] a sh:ValidationReport ; sh:conforms false ; sh:result [ a sh:ValidationResult ; sh:focusNode ex:b ;
            sh:resultPath ex:p ; sh:resultSeverity sh:Violation ; sh:sourceShape ex:S-p ;
            sh:sourceConstraintComponent sh:MinCountConstraintComponent ;
            sh:resultMessage "{$this} needs p"@en , "falta p"@es ] , [ a sh:ValidationResult ; sh:focusNode ex:b ;
            sh:resultPath ( ex:q ex:r ) ; sh:resultSeverity sh:Warning ;
            sh:sourceConstraintComponent sh:MinCountConstraintComponent ] ."""
    )
    assert isomorphic(graph, expected)


def test_arguments_of_pyshacl_are_taken_where_they_mean_something(files: tuple[Path, Path]) -> None:
    data, shapes = files
    report = bicentennial.shacl(data, shacl_graph=shapes, meta_shacl=True, debug=False, data_graph_format="turtle")
    assert len(report) == 2
    assert len(bicentennial.shacl(data, shapes, abort_on_first=True)) == 1
    only = SHAPES.replace("sh:minCount 1 ; sh:message", "sh:message")
    assert not bicentennial.shacl(data, only)
    assert bicentennial.shacl(data, only, allow_warnings=True)
    more = "@prefix ex: <https://example.org/> .\nex:b ex:p 1 ; ex:q [ ex:r 1 ] .\n"
    assert bicentennial.shacl(data, shapes, ont_graph=more).conforms
    schema = (
        "@prefix ex: <https://example.org/> .\nex:x <http://www.w3.org/2000/01/rdf-schema#domain> ex:C .\nex:z ex:x 1 ."
    )
    assert "https://example.org/z" not in dict(_found(bicentennial.shacl([data, schema], shapes)))
    assert "https://example.org/z" in dict(_found(bicentennial.shacl([data, schema], shapes, inference="rdfs")))
    for wrong in ({"inference": "owlrl"}, {"js": True}, {"engine": "java"}, {"focus_nodes": ["x"]}):
        with pytest.raises(UsageError):
            bicentennial.shacl(data, shapes, **wrong)
    with pytest.raises(TypeError):
        bicentennial.shacl(data, shapes, nonsense=1)


def test_what_rdfs_entails_of_texts_is_no_rdf() -> None:
    """RDF Schema gives texts classes, too, and no triple of RDF has a text for its subject."""
    data = """@prefix rdfs: <http://www.w3.org/2000/01/rdf-schema#> . @prefix xsd: <http://www.w3.org/2001/XMLSchema#> .
        <urn:p> rdfs:range <urn:C> ; rdfs:subPropertyOf <urn:q> .
        <urn:a> <urn:p> "two words", "B", "sí"@es, "01"^^xsd:integer, 1, "x"^^xsd:integer, <urn:b> ."""
    shapes = """@prefix sh: <http://www.w3.org/ns/shacl#> .
        <urn:S> sh:targetClass <urn:C> ; sh:nodeKind sh:BlankNode .
        <urn:P> sh:targetNode <urn:a> ; sh:path <urn:q> ; sh:nodeKind sh:IRI ; sh:maxCount 6 ."""
    report = bicentennial.shacl(data, shapes, inference="rdfs", isolated=False)
    found = sorted((result.component, "" if result.value is None else result.value.n3()) for result in report)
    integer = "^^<http://www.w3.org/2001/XMLSchema#integer>"
    assert found == [
        ("MaxCount", ""),
        ("NodeKind", '"01"' + integer),
        ("NodeKind", '"1"' + integer),
        ("NodeKind", '"B"'),
        ("NodeKind", '"sí"@es'),
        ("NodeKind", '"two words"'),
        ("NodeKind", '"x"' + integer),
        ("NodeKind", "<urn:b>"),
    ]


def test_what_cannot_be_read_or_used_is_said(files: tuple[Path, Path], tmp_path: Path) -> None:
    data, shapes = files
    with pytest.raises(InputError):
        bicentennial.shacl(tmp_path / "none.ttl", shapes)
    with pytest.raises(InputError, match="line 2"):
        bicentennial.shacl("<urn:a> <urn:p> 1 .\n<urn:a> <urn:p .", shapes)
    with pytest.raises(UsageError):
        bicentennial.shacl(5, shapes)  # type: ignore[arg-type]
    with pytest.raises(ShapesError, match="did you mean sh:minCount"):
        bicentennial.shacl(data, SHAPES.replace("sh:minCount", "sh:mincount"))


def test_blank_nodes_of_two_files_are_different() -> None:
    first, second = "_:x a <urn:C> ; <urn:p> 1 .\n", "_:x a <urn:C> ; <urn:p> 2 .\n"
    shapes = (
        "@prefix sh: <http://www.w3.org/ns/shacl#> .\n<urn:S> sh:targetClass <urn:C> ; sh:property <urn:P> ."
        " <urn:P> sh:path <urn:p> ; sh:maxCount 1 ."
    )
    assert bicentennial.shacl([first, second], shapes).focus_nodes == 2
    assert bicentennial.shacl([first, second], shapes).conforms


LONG = "@prefix sh: <http://www.w3.org/ns/shacl#> .\n<urn:S> sh:targetSubjectsOf <urn:p> ; sh:property <urn:P> .\n"
SEVERAL = {
    "1.nt": "<urn:z> <urn:p> 'x' .\n<urn:a> <urn:q> 'fine' .\n<urn:a> <urn:p> 'ok' .\n".replace("'", '"'),
    "2.nt": '<urn:y> <urn:p> "x" .\n<urn:a> <urn:p> "bad" .\n_:x <urn:p> "worse" .\n',
    "3.ttl": '<urn:y> <urn:q> [\n  <urn:p> "wrong" ] .\n<urn:z> <urn:p> "x" .\n<urn:y> <urn:p> "other"@en .\n',
    "4.jsonld": '{\n"@id": "urn:j",\n"urn:p": "long"}',
    "5.nq": '\n\n_:x <urn:p> "worse" <urn:g> .\n<urn:z> <urn:p> "x" .',
    "6.rdf": '<rdf:RDF xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#" xmlns:u="urn:">'
    '<rdf:Description rdf:about="urn:a">\n<u:q><rdf:Description>\n<u:p>inner</u:p></rdf:Description></u:q>'
    "\n<u:p>last</u:p></rdf:Description></rdf:RDF>",
}


def test_of_several_files_the_one_is_named_that_says_it(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    for name, text in SEVERAL.items():
        (tmp_path / name).write_text(text, encoding="utf-8")
    files, shapes = [tmp_path / name for name in SEVERAL], f"{LONG}<urn:P> sh:path <urn:p> ; sh:maxLength 2 ."

    def found() -> list[tuple[str, str, str | None, int | None]]:
        report = bicentennial.shacl(files, shapes, isolated=False, locate=True)
        assert {result.location.file for result in report} <= set(map(str, files))
        assert report.focus_nodes == 8
        return [
            (str(each.focus), str(each.value), str(each.location.file)[len(str(tmp_path)) + 1 :], each.location.line)
            for each in report
        ]

    several = found()
    assert several == [
        ("f1xx", "worse", "2.nt", 3),
        ("f2xb0", "wrong", "3.ttl", 2),
        ("f4xx", "worse", "5.nq", 3),
        ("f5xb0", "inner", "6.rdf", 3),
        ("urn:a", "bad", "2.nt", 2),
        ("urn:a", "last", "6.rdf", 4),
        ("urn:j", "long", "4.jsonld", 3),
        ("urn:y", "other", "3.ttl", 4),
    ]
    monkeypatch.setattr("bicentennial.storage.choice.is_short", lambda _: False)
    assert found() == several, "each loaded by itself"


@pytest.mark.parametrize("name", ["4.jsonld", "6.rdf"])
@pytest.mark.parametrize("isolated", [True, False])
def test_files_with_places_of_their_own_get_lines(tmp_path: Path, name: str, isolated: bool) -> None:
    (tmp_path / name).write_text(SEVERAL[name], encoding="utf-8")
    shapes = f"{LONG}<urn:P> sh:path <urn:p> ; sh:maxLength 3 ; sh:maxCount 0 ."
    found = {
        (str(each.value), each.location.line, each.location.pointer)
        for each in bicentennial.shacl(tmp_path / name, shapes, locate=True, isolated=isolated)
    }
    if name == "6.rdf":
        assert found == {("None", 3, None), ("None", 4, None), ("inner", 3, None), ("last", 4, None)}
    else:
        assert found == {("None", 3, "/urn:p"), ("long", 3, "/urn:p")}


def test_short_files_are_loaded_together_and_their_statements_counted_together(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    calls: list[DuckDBDataset] = []
    load = DuckDBDataset.load

    def counted(self: DuckDBDataset, rows: Iterable[Statement]) -> None:
        calls.append(self)
        load(self, rows)

    monkeypatch.setattr(DuckDBDataset, "load", counted)
    texts = [f"<urn:a{number}> a <urn:C> ; <urn:p> {number} .\n" for number in range(30)]
    shapes = f"{LONG}<urn:P> sh:path <urn:p> ; sh:maxCount 0 ."
    assert len(bicentennial.shacl(texts, shapes, isolated=False)) == 30
    assert len(calls) == 1
    with pytest.raises(LimitReachedError):
        bicentennial.shacl(texts, shapes, limits={"statements": 59})


def test_pyshacl_leaves_the_settings_of_rdflib_alone(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(rdflib, "NORMALIZE_LITERALS", False)
    bicentennial.shacl(DATA, SHAPES, engine="pyshacl", isolated=False)
    assert rdflib.NORMALIZE_LITERALS is False


def test_the_command_reports_in_every_format(files: tuple[Path, Path], capsys: pytest.CaptureFixture[str]) -> None:
    data, shapes = map(str, files)
    arguments = ["shacl", data, "--shapes", shapes]
    assert main([*arguments, "--lang", "es"]) == 1
    told = capsys.readouterr().out
    assert f"{data}:4  incumplimiento" in told
    assert "falta p" in told
    assert main([*arguments, "-q"]) == 1
    assert capsys.readouterr() == ("", "")
    assert main([*arguments, "-f", "json"]) == 1
    plain = json.loads(capsys.readouterr().out)
    assert [each["location"]["line"] for each in plain["results"]] == [4, 4]
    assert main([*arguments, "--format", "turtle"]) == 1
    assert len(list(rdflib.Graph().parse(data=capsys.readouterr().out).objects(None, SH.result))) == 2
    assert main([*arguments, "--format", "github"]) == 1
    assert capsys.readouterr().out.splitlines()[1].startswith(f"::error file={data},line=4,title=MinCount")
    assert main([*arguments, "--format", "sarif"]) == 1
    assert json.loads(capsys.readouterr().out)["runs"][0]["results"][1]["level"] == "error"
    assert main([*arguments, "--format", "csv"]) == 1
    assert len(capsys.readouterr().out.splitlines()) == 3


def test_the_command_ends_as_it_should(
    files: tuple[Path, Path], tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    data, shapes = map(str, files)
    other = tmp_path / "other.ttl"
    other.write_text("<urn:x> a <urn:Y> .", encoding="utf-8")
    assert main(["shacl", str(other), "--shapes", shapes]) == 3
    assert "Nothing was checked" in capsys.readouterr().err
    assert main(["shacl", str(tmp_path / "none.ttl"), "--shapes", shapes]) == 3
    assert main(["shacl", data, "--shapes", str(other)]) == 2
    assert "no SHACL shape" in capsys.readouterr().err
    wrong = tmp_path / "wrong.ttl"
    wrong.write_text(SHAPES.replace("http://www.w3.org/ns/shacl#", "https://www.w3.org/ns/shacl#"), encoding="utf-8")
    assert main(["shacl", data, "--shapes", str(wrong)]) == 2
    assert "https://www.w3.org/ns/shacl#" in capsys.readouterr().err
    warned = tmp_path / "warned.ttl"
    warned.write_text(SHAPES.replace("sh:minCount 1 ; sh:message", "sh:message"), encoding="utf-8")
    assert main(["shacl", data, "--shapes", str(warned)]) == 1
    assert main(["shacl", data, "--shapes", str(warned), "--fail-on", "violation"]) == 0
    output = tmp_path / "report.json"
    assert main(["shacl", data, "--shapes", shapes, "--output", str(output)]) == 1
    assert json.loads(output.read_text(encoding="utf-8"))["conforms"] is False


def test_what_a_misspelt_shape_demands_is_no_pass(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    data, shapes = tmp_path / "data.ttl", tmp_path / "shapes.ttl"
    data.write_text("<urn:a> a <urn:C> .", encoding="utf-8")
    text = "@prefix sh: <http://www.w3.org/ns/shacl#> . <urn:S> sh:targetClass <urn:C> ; sh:node <urn:Tt>"
    shapes.write_text(f"{text} .", encoding="utf-8")
    arguments = ["shacl", str(data), "--shapes", str(shapes)]
    for chosen in ([], ["--format", "json"], ["-q"], ["--engine", "pyshacl"]):
        assert main([*arguments, *chosen]) == 3
    assert "refers to <urn:Tt>" in capsys.readouterr().out
    shapes.write_text(f"{text} ; sh:nodeKind sh:Literal .", encoding="utf-8")
    assert main(arguments) == 1, "what is found comes first"
    shapes.write_text(f"{text} . <urn:Tt> a sh:NodeShape .", encoding="utf-8")
    assert main(arguments) == 0


def test_a_literal_that_is_not_of_its_datatype_writes_no_traceback(tmp_path: Path) -> None:
    data, shapes = tmp_path / "data.ttl", tmp_path / "shapes.ttl"
    data.write_text('<urn:a> <urn:p> "2021-02-30"^^<http://www.w3.org/2001/XMLSchema#date> .', "utf-8")
    shapes.write_text(
        "@prefix sh: <http://www.w3.org/ns/shacl#> . @prefix xsd: <http://www.w3.org/2001/XMLSchema#> .\n"
        "<urn:S> a sh:NodeShape ; sh:targetNode <urn:a> ; sh:property [ sh:path <urn:p> ; sh:datatype xsd:date ] .",
        "utf-8",
    )
    command = [sys.executable, "-m", "bicentennial", "shacl", str(data), "--shapes", str(shapes)]
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    assert (done.returncode, done.stderr) == (1, "")


WORDED = """@prefix sh: <http://www.w3.org/ns/shacl#> . @prefix ex: <https://example.org/> .
@prefix xsd: <http://www.w3.org/2001/XMLSchema#> .
ex:S sh:targetClass ex:C ; sh:property
    [ sh:path ex:a ; sh:minInclusive 0 ] ,
    [ sh:path ex:b ; sh:datatype xsd:date ; sh:maxCount 1 ] ,
    [ sh:path ex:c ; sh:in ( "x" ex:y 3 4 5 6 7 8 9 ) ] ,
    [ sh:path ex:d ; sh:pattern "^[A-Z]" ; sh:flags "s" ] ,
    [ sh:path ex:e ; sh:or ( [ sh:class ex:D ] ex:Named ) ] ,
    [ sh:path ex:f ; sh:uniqueLang true ] ,
    [ sh:path ex:g ; sh:minInclusive "2024-01-01"^^xsd:date ; sh:message "Too early" ] .
ex:Named sh:nodeKind sh:IRI .
"""
WORDED_DATA = """@prefix ex: <https://example.org/> . @prefix xsd: <http://www.w3.org/2001/XMLSchema#> .
ex:n a ex:C ; ex:a -1 ; ex:b "x" , "y" ; ex:c "z" ; ex:d "e" ; ex:e "f" ; ex:f "g"@en , "h"@en ;
    ex:g "2023-01-01"^^xsd:date .
"""


@pytest.mark.parametrize("engine", ["compiled", "pyshacl"])
@pytest.mark.parametrize("isolated", [True, False])
def test_a_message_says_by_which_parameters(engine: str, isolated: bool) -> None:
    report = bicentennial.shacl(WORDED_DATA, WORDED, engine=engine, isolated=isolated)
    spoken = {(str(each.path)[-1], each.component): each.message("en") for each in report}
    assert spoken == {
        ("a", "MinInclusive"): "The value is less than the bound of the shape, or cannot be compared with it: "
        "sh:minInclusive 0",
        ("b", "Datatype"): "The value does not have the datatype that the shape asks for, or is not written as that "
        "demands: sh:datatype xsd:date",
        ("b", "MaxCount"): "There are more values than the shape allows: sh:maxCount 1",
        (
            "c",
            "In",
        ): 'The value is none of those that the shape lists: sh:in ( "x" <https://example.org/y> 3 4 5 6 7 8 … )',
        ("d", "Pattern"): 'The value does not match the pattern of the shape: sh:pattern "^[A-Z]" ; sh:flags "s"',
        ("e", "Or"): "The value conforms to none of the shapes of which it must conform to one: "
        "sh:or ( [ … ] <https://example.org/Named> )",
        ("f", "UniqueLang"): "There are several values in one language.",
        ("g", "MinInclusive"): "Too early",
    }
    assert {each.wording.within for each in report} == {"https://example.org/S"}
    assert "shape: without a name, within https://example.org/S (MaxCount)" in report.to_text()
    dates = [each.wording.parameters for each in report if each.messages]
    assert dates == ['sh:minInclusive "2024-01-01"^^xsd:date']


@pytest.mark.parametrize("broken", [0, 1])
def test_the_file_that_cannot_be_read_is_named(
    files: tuple[Path, Path], broken: int, capsys: pytest.CaptureFixture[str]
) -> None:
    files[broken].write_text("no Turtle", encoding="utf-8")
    assert main(["shacl", str(files[0]), "--shapes", str(files[1]), "--lang", "es"]) == 3
    assert capsys.readouterr().err.startswith(f"bicentennial: {files[broken]}: El Turtle no se puede leer")


def test_no_name_is_not_taken_for_the_folder() -> None:
    with pytest.raises(InputError, match="no file “”"):
        bicentennial.shacl("", "@prefix sh: <http://www.w3.org/ns/shacl#> .")


def test_rdf_xml_says_its_encoding_itself(tmp_path: Path) -> None:
    path = tmp_path / "data.rdf"
    text = f"""<?xml version="1.0" encoding="iso-8859-2"?>
    <a:Description xmlns:a="{RDF}" a:about="urn:a"><p xmlns="urn:">Łódź</p></a:Description>"""
    path.write_bytes(text.encode("iso-8859-2"))
    shapes = "@prefix sh: <http://www.w3.org/ns/shacl#> . <urn:S> sh:targetSubjectsOf <urn:p> ; sh:closed true ."
    assert [str(each.value) for each in bicentennial.shacl(path, shapes)] == ["Łódź"]


IMPORTING = "@prefix owl: <http://www.w3.org/2002/07/owl#> .\n<urn:o> a owl:Ontology ; owl:imports <urn:i> .\n"
IMPORTED = "@prefix owl: <http://www.w3.org/2002/07/owl#> .\n<urn:i> a owl:Ontology .\n"


@pytest.mark.parametrize("isolated", [True, False])
def test_what_is_imported_and_not_given_is_told(isolated: bool) -> None:
    def unread(data: list[str], shapes: list[str] | None) -> tuple[tuple[str, str], ...]:
        return bicentennial.shacl(data, shapes, isolated=isolated).unread_imports

    assert unread([DATA], [SHAPES]) == ()
    assert unread([DATA], [SHAPES, IMPORTING]) == (("shapes", "urn:i"),)
    assert unread([DATA], [SHAPES, IMPORTING, IMPORTED]) == ()
    assert unread([DATA, IMPORTED], [SHAPES, IMPORTING]) == (("shapes", "urn:i"),), "the data is not the shapes"
    assert unread([DATA, IMPORTING], [SHAPES]) == (("data", "urn:i"),)
    assert unread([DATA, IMPORTING, IMPORTED], [SHAPES]) == ()
    assert unread([DATA, SHAPES, IMPORTING], None) == (("shapes", "urn:i"),)
    report = bicentennial.shacl(DATA, [SHAPES, IMPORTING], isolated=isolated)
    assert "The shapes import <urn:i>" in report.to_text()
    assert "Las formas importan <urn:i>" in report.to_text("es")
    assert json.loads(report.to_json())["unread_imports"] == [{"by": "shapes", "iri": "urn:i"}]


@pytest.mark.parametrize("engine", ["compiled", "pyshacl"])
def test_a_shape_of_which_nothing_is_said_is_told(engine: str) -> None:
    missing = f"{SHAPES}ex:S sh:node ex:T ; sh:not ex:U ; sh:xone ( ex:V ex:S-q ) . ex:S-q sh:nodeKind sh:IRI ."
    report = bicentennial.shacl(DATA, missing, engine=engine, isolated=False)
    assert report.undefined_shapes == (str(EX.T), str(EX.U), str(EX.V))
    assert "Una forma remite a <https://example.org/T>" in report.to_text("es")
    assert json.loads(report.to_json())["undefined_shapes"][0] == str(EX.T)
    assert bicentennial.shacl(DATA, SHAPES, engine=engine).undefined_shapes == ()


def test_the_command_tells_what_is_imported(files: tuple[Path, Path], capsys: pytest.CaptureFixture[str]) -> None:
    data, shapes = files
    importing = data.with_name("importing.ttl")
    importing.write_text(IMPORTING, encoding="utf-8")
    assert main(["shacl", str(data), "--shapes", str(importing)]) == 2
    assert "it imports <urn:i>, which is never fetched" in capsys.readouterr().err
    arguments = ["shacl", str(data), "--shapes", str(shapes), str(importing)]
    assert main(arguments) == 1
    assert "The shapes import <urn:i>" in capsys.readouterr().out
    assert main([*arguments, "--format", "csv", "--lang", "es"]) == 1
    assert "Las formas importan <urn:i>" in capsys.readouterr().err
    assert main([*arguments, "--format", "csv", "-q", "--output", str(data.with_name("report.csv"))]) == 1
    assert capsys.readouterr() == ("", "")
    importing.write_text(f"{IMPORTING}<urn:x> a <urn:Y> .", encoding="utf-8")
    assert main(["shacl", str(importing), "--shapes", str(shapes)]) == 3
    told = capsys.readouterr().err
    assert "Nothing was checked" in told
    assert "The data imports <urn:i>" in told


def test_the_command_applies_advanced_features(files: tuple[Path, Path], capsys: pytest.CaptureFixture[str]) -> None:
    data, shapes = files
    select = "SELECT ?this { ?this a <https://example.org/C> FILTER NOT EXISTS { ?this <https://example.org/p> 1 } }"
    shapes.write_text(
        f"""@prefix sh: <http://www.w3.org/ns/shacl#> . @prefix ex: <https://example.org/> .
        ex:S a sh:NodeShape ; sh:target [ a sh:SPARQLTarget ; sh:select "{select}" ] ;
        sh:property [ sh:path ex:p ; sh:minCount 1 ] .""",
        encoding="utf-8",
    )
    assert main(["shacl", str(data), "--shapes", str(shapes)]) == 2
    assert "--advanced" in capsys.readouterr().err
    assert main(["shacl", str(data), "--shapes", str(shapes), "--advanced"]) == 1
    assert "<https://example.org/b>" in capsys.readouterr().out
