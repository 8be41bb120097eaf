"""One case for each threat that a file can carry: what goes in, and exactly what comes out."""

from __future__ import annotations

import contextlib
import json
from typing import TYPE_CHECKING, Any, cast

import pytest

from tests.security.conftest import (
    ACTION,
    FAILING,
    GOOD,
    HEADER,
    PREFIXES,
    ROW,
    ROWS,
    TABLE,
    cell,
    jsonld,
    ods,
    ods_row,
    row,
    xlsx,
)

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from bicentennial.report import Report

ENTITIES = "<!DOCTYPE a [<!ENTITY a 'aaaaaaaaaa'><!ENTITY b '&a;&a;&a;&a;&a;&a;&a;&a;&a;&a;'>]>"
RDF = '<rdf:RDF xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#">'
NESTED = 20_000
CONTEXT = "http://127.0.0.1:9/context.jsonld"
WITH = ACTION.rstrip(" .\n") + " ;\n    "
ADDED = {
    "prefix rebound": f"@prefix bic: <http://example.org/mine#> .\n{ACTION}",
    "goal relabelled": 'bicd:goal-protect-our-people skos:prefLabel "ex"@en .',
    "goal of one's own": "ex:a-goal-of-mine a bic:Goal .",
    "subclass": "ex:a-goal-of-mine a ex:G . ex:G rdfs:subClassOf bic:Goal .",
    "superclass": "bic:Action rdfs:subClassOf ex:Thing .",
    "range": "bic:advancesGoal rdfs:range bic:Goal .",
    "domain": "bic:advancesGoal rdfs:domain bic:Goal .",
    "same as": "ex:a-goal-of-mine owl:sameAs bicd:goal-protect-our-people .",
    "equivalent class": "ex:a-goal-of-mine a ex:G . ex:G owl:equivalentClass bic:Goal .",
    "shape switched off": "bicsh:Action-advancesGoal sh:deactivated true . bicsh:Action sh:deactivated true .",
    "shape changed": "bicsh:Action-advancesGoal sh:class ex:G ; sh:severity sh:Info .",
    "rule": "bicsh:Action sh:rule [ a sh:TripleRule ; sh:subject sh:this ; sh:predicate rdf:type ; sh:object bic:Goal ] .",
    "imports": "<http://127.0.0.1:9/> a owl:Ontology ; owl:imports <http://127.0.0.1:9/o.ttl> .",
    "entailment": "<http://example.org/> sh:entailment <http://www.w3.org/ns/entailment/RDFS> .",
}


@pytest.mark.parametrize("added", ADDED.values(), ids=ADDED)
def test_nothing_that_is_added_makes_bad_data_pass(judge: Callable[..., Report], added: str) -> None:
    report = judge("a.ttl", FAILING + added, engine="compiled")
    assert report.exit_code == 1
    assert report.by_code["Action-advancesGoal.unknown"] == 1


def test_nor_does_all_of_it_for_the_other_engine(judge: Callable[..., Report]) -> None:
    report = judge("a.ttl", FAILING + "\n".join(list(ADDED.values())[::-1]), engine="pyshacl")
    assert report.exit_code == 1
    assert report.by_code["Action-advancesGoal.unknown"] == 1


def test_the_file_that_is_added_to_is_good_but_for_its_goal(judge: Callable[..., Report]) -> None:
    assert judge("a.ttl", GOOD).exit_code == 0
    assert judge("b.ttl", FAILING).by_code == {"Action-advancesGoal.unknown": 1}


LITERALS = {
    "boolean": ("bic:budgetAmount", '"maybe"^^xsd:boolean', "Action-budgetAmount.datatype"),
    "week date": ("bic:startDate", '"2026-W01-1"^^xsd:date', "Action-startDate.datatype"),
    "no such day": ("bic:startDate", '"2023-02-30"^^xsd:date', "Action-startDate.datatype"),
    "underscore": ("bic:budgetAmount", '"1_000"^^xsd:decimal', "Action-budgetAmount.datatype"),
    "arabic digits": ("bic:budgetAmount", '"١٢"^^xsd:decimal', "Action-budgetAmount.datatype"),
    "exponent": ("bic:budgetAmount", '"1e999999999"^^xsd:decimal', "Action-budgetAmount.datatype"),
    "not a number": ("bic:budgetAmount", '"NaN"^^xsd:decimal', "Action-budgetAmount.datatype"),
    "infinity": ("bic:budgetAmount", '"INF"^^xsd:double', "Action-budgetAmount.datatype"),
    "white space": ("bic:budgetAmount", '" 1 "^^xsd:decimal', "Action-budgetAmount.datatype"),
}


@pytest.mark.parametrize(("name", "value", "code"), LITERALS.values(), ids=LITERALS)
def test_literals_keep_their_form(judge: Callable[..., Report], name: str, value: str, code: str) -> None:
    report = judge("a.ttl", f"{PREFIXES}{WITH}{name} {value} .", engine="compiled")
    assert report.exit_code == 1
    assert [each.value for each in report.of_code(code)] == [value.split('"')[1]]


def test_literals_keep_their_form_for_the_other_engine(judge: Callable[..., Report]) -> None:
    said = "".join(
        f"{ACTION.replace('ex:a ', f'ex:a{n} ').replace('A-1', f'A-{n}')[:-3]} ; {name} {value} .\n"
        for n, (name, value, _) in enumerate(LITERALS.values())
    )
    compiled, reference = (judge("a.ttl", PREFIXES + said, engine=engine) for engine in ("compiled", "pyshacl"))
    assert reference.by_code == compiled.by_code
    assert compiled.by_code["Action-budgetAmount.datatype"] == 7
    assert compiled.by_code["Action-startDate.datatype"] == 2


UNREADABLE = {
    # what a path is
    "missing": ("no-such-folder/x.csv", None, "There is no file"),
    # JSON-LD contexts, whichever way they are asked for
    "context": ("a.jsonld", jsonld(CONTEXT), "Nothing is fetched"),
    "context in a list": ("a.jsonld", jsonld([{}, CONTEXT]), "Nothing is fetched"),
    "context in a file": ("a.jsonld", jsonld("file:///etc/passwd"), "Nothing is fetched"),
    "context relative": ("a.jsonld", jsonld("context.jsonld"), "Nothing is fetched"),
    "context imported": ("a.jsonld", jsonld({"@import": CONTEXT}), "Nothing is fetched"),
    "context within": ("a.jsonld", jsonld({}, p={"@context": CONTEXT}), "Nothing is fetched"),
    "context of a term": ("a.jsonld", jsonld({"p": {"@id": "urn:p", "@context": CONTEXT}}), "Nothing is fetched"),
    "context of a term imported": (
        "a.jsonld",
        jsonld({"p": {"@id": "urn:p", "@context": {"@import": CONTEXT}}}),
        "Nothing is fetched",
    ),
    # XML that acts
    "entities in RDF/XML": ("a.rdf", f"{ENTITIES}{RDF}</rdf:RDF>", "DOCTYPE"),
    "doctype in small letters": ("a.rdf", f"{ENTITIES.lower()}{RDF}</rdf:RDF>", "(DOCTYPE)"),
    "entities in IATI": ("a.xml", f"{ENTITIES}<iati-activities><iati-activity/></iati-activities>", "DOCTYPE"),
    "entities in a sheet": ("a.xlsx", xlsx(ROWS, head=ENTITIES), "“xl/worksheets/sheet1.xml” holds a document type"),
    "entities in strings": ("a.xlsx", xlsx(ROWS, parts={"xl/sharedStrings.xml": ENTITIES}), "document type"),
    "entities in ODS": ("a.ods", ods(ods_row("id"), ENTITIES), "“content.xml” holds a document type"),
    # depth
    "nested nodes": ("a.ttl", "<urn:a> <urn:p> " + "[ <urn:p> " * NESTED + "1 " + "]" * NESTED + " .", "“depth”"),
    "nested lists": ("a.ttl", "<urn:a> <urn:p> " + "(" * NESTED + ")" * NESTED + " .", "“depth”"),
    "nested triple terms": ("a.ttl", "<urn:a> <urn:p> " + "<<( <urn:a> <urn:p> " * NESTED + " .", "“depth”"),
    "nested reified": ("a.ttl", "<urn:a> <urn:p> " + "<< <urn:a> <urn:p> " * 50 + "1" + " >>" * 50 + " .", "triple term"),
    "nested graphs": ("a.trig", "{" * NESTED + "}" * NESTED, "“depth”"),
    "nested JSON": ("a.json", "[" * NESTED + "]" * NESTED, "“depth”"),
    "nested JSON-LD": ("a.jsonld", '{"@context":{},"p":' + "[" * NESTED + "]" * NESTED + "}", "“depth”"),
    "nested RDF/XML": ("a.rdf", RDF + "<a>" * NESTED + "</a>" * NESTED + "</rdf:RDF>", "“depth”"),
    "nested IATI": ("a.xml", "<iati-activities>" + "<a>" * NESTED + "</a>" * NESTED + "</iati-activities>", "“depth”"),
    # numbers, IRIs, prefixes
    "digits": ("a.ttl", f'{PREFIXES}{WITH}bic:budgetAmount "{"1" * 5_000}"^^xsd:decimal .', "“digits”"),
    "digits in JSON-LD": ("a.jsonld", f'{{"@context": {{}}, "urn:p": {"1" * 5_000}}}', "“digits”"),
    "IRI with a space": ("a.ttl", "<urn:a b> a <urn:c> .", "at line 1"),
    "IRI with an escaped bracket": ("a.ttl", "<urn:a\\u003Eb> a <urn:c> .", "at line 1"),
    "prefixes": ("a.ttl", "".join(f"@prefix p{n}: <urn:{n}:> .\n" for n in range(20_000)), "“prefixes”"),
    "prefixes in SPARQL's way": ("a.ttl", "".join(f"PREFIX p{n}: <urn:{n}:>\n" for n in range(200)), "“prefixes”"),
    "prefixes in RDF/XML": ("a.rdf", "".join(f'<a xmlns:p{n}="urn:{n}"/>' for n in range(200)), "RDF/XML are read"),
    # what is no text, or not the text that it seems
    "NUL": ("a.csv", f"{TABLE}A\0", "Line 3 holds a NUL character"),
    "NUL in Turtle": ("a.ttl", GOOD + "#\0", "NUL character"),
    "broken UTF-8": ("a.csv", f"{TABLE}ñandú,á,é\n".encode() + b"\xff,x\n", "Line 4 is not in UTF-8"),
    "broken UTF-16": ("a.csv", b"\xff\xfe" + TABLE.encode("utf-16-le") + b"\x00\xd8\n", "says that it is UTF-16"),
    "surrogate in JSON-LD": ("a.jsonld", '{"@context": {}, "urn:p": "\\ud800"}', "JSON-LD breaks off"),
    # nothing to check
    "empty": ("a.csv", "", "The file is empty"),
    "blank": ("a.ttl", " \n\n", "The file is empty"),
    "header only": ("a.csv", HEADER + "\n", "No action, party, indicator"),
    "header only in a workbook": ("a.xlsx", xlsx(row(1, *HEADER.split(","))), "No action, party, indicator"),
    "empty list": ("a.json", '{"actions": []}', "No action, party, indicator"),
    "misspelt class": ("a.ttl", PREFIXES + "ex:a a bic:Actoin .", "bic:Action"),
    "look-alike class": ("a.ttl", PREFIXES + "ex:a a <https://w3id.org/bicentennial/ontology#Аction> .", "bic:Action"),
    "class of others": ("a.ttl", PREFIXES + "ex:a a ex:Action .", "No action, party, indicator"),
    "no header": ("a.csv", "1,2\n3,4\n", "No header row was found"),
    # tables beyond reason
    "columns": ("a.csv", ",".join(f"c{n}" for n in range(20_000)) + "\n", "“columns”"),
    "large cell": ("a.csv", f"{TABLE}A-2,{'x' * 200_000},G1,OFAC\n", "“cell_characters”"),
    "false end of a sheet": ("a.xlsx", xlsx(ROWS + f'<row r="1048576">{cell("XFD1048576", "x")}</row>'), "“columns”"),
    "cells out of order": (
        "a.xlsx",
        xlsx(ROWS + f'<row r="9">{cell("XFD9", "x")}{cell("A9", "x")}</row>'),
        "“columns”",
    ),
    "cells in other quotes": ("a.xlsx", xlsx(ROWS + cell("XFD9", "x").replace('"', "'").join(["<row r='9'>", "</row>"])), "“columns”"),
    "cells in small letters": ("a.xlsx", xlsx(ROWS + f'<row r="9">{cell("xfd9", "x")}</row>'), "“columns”"),
    "zip bomb": ("a.xlsx", xlsx(ROWS + row(3, " " * 20_000_000)), "“unpacked_ratio”"),
    "merged range": ("a.xlsx", xlsx(ROWS, after='<mergeCells><mergeCell ref="A5:XFD1048576"/></mergeCells>'), "“merged_cells”"),
    "repeated cells in ODS": (
        "a.ods",
        ods(ods_row(*HEADER.split(",")) + ods_row("x").replace("<table:table-cell", "<table:table-cell table:number-columns-repeated='16384'")),
        "“columns”",
    ),
    "damaged workbook": ("a.xlsx", xlsx(ROWS)[:-40], "damaged"),
}  # fmt: skip


@pytest.mark.parametrize(("name", "content", "sentence"), UNREADABLE.values(), ids=UNREADABLE)
def test_it_is_refused_with_a_sentence(
    judge: Callable[..., Report], tmp_path: Path, name: str, content: str | bytes | None, sentence: str
) -> None:
    if content is None:
        from bicentennial import validate

        report = validate(tmp_path / name, isolated=False)
    else:
        report = judge(name, content)
    assert report.exit_code == 3
    assert not report.conforms
    assert report.findings
    told = " ".join(each.message["en"] for each in report.findings)
    assert sentence in told, told
    assert all(each.message["es"] != each.message["en"] for each in report.findings)


FOUND = {
    "graphs of others": ("a.trig", GOOD + "ex:g { ex:a ex:p 1 . }", 1, "graphs-several"),
    "one graph": ("a.trig", PREFIXES + f"ex:g {{ {ACTION} }}", 0, "graph-ignored"),
    "missing value from another graph": ("a.trig", FAILING + "ex:g { ex:a bic:advancesGoal bicd:goal-protect-our-people . }", 1, "graphs-several"),
    "hidden character in an IRI": ("a.ttl", GOOD + "<http://example.org/a\u200bb> ex:p 1 .", 1, "iri-hidden-character"),
    "direction turned in an IRI": ("a.ttl", GOOD + "<http://example.org/a\u202eb> ex:p 1 .", 1, "iri-hidden-character"),
    "look-alike namespace": ("a.ttl", GOOD + "ex:b a <https://w3id.org/bicentenniаl/ontology#Action> .", 1, "unknown-term"),
    "other scheme": ("a.ttl", GOOD + "ex:b a <http://w3id.org/bicentennial/ontology#Action> .", 1, "unknown-term"),
    "wrong separator said": ("a.csv", "sep=;\n" + TABLE.replace(",", ";"), 0, None),
    "repeated header": ("a.csv", f"{HEADER},goal\n{ROW},G1\n", 1, "header-repeated"),
    "blank header": ("a.csv", f"{HEADER},\n{ROW},x\n", 0, "header-blank"),
    "open quote": ("a.csv", TABLE + 'A-2,"open,G1,OFAC\n', 1, "quote-unclosed"),
    "stray quote": ("a.csv", TABLE + 'A-2,"a"b,G1,OFAC\n', 1, "quote-stray"),
    "long row": ("a.csv", TABLE + "A-2,b,G1,OFAC,more\n", 1, "row-too-long"),
    "Windows-1252": ("a.csv", TABLE.replace("Train", "Añadir").encode("cp1252"), 0, "encoding-assumed"),
    "UTF-16": ("a.csv", TABLE.encode("utf-16"), 0, "encoding-assumed"),
    "mark of UTF-8": ("a.csv", b"\xef\xbb\xbf" + TABLE.encode(), 0, None),
    "mixed line ends": ("a.csv", TABLE.replace("\n", "\r\n", 1) + "A-2,b,G1,OFAC\r", 0, None),
    "decomposed letters": ("a.csv", TABLE.replace("OFAC", "Secretari\u0301a de Relaciones Exteriores"), 0, None),
    "CSV called XLSX": ("a.xlsx", TABLE, 0, "format-differs"),
    "false dimension": ("a.xlsx", xlsx(ROWS, before='<dimension ref="A1:XFD1048576"/>'), 0, None),
    "formula without value": ("a.xlsx", xlsx(ROWS + '<row r="3"><c r="A3"><f>WEBSERVICE("http://x")</f></c></row>'), 1, "formula-without-value"),
    "error": ("a.xlsx", xlsx(ROWS + '<row r="3"><c r="A3" t="e"><v>#REF!</v></c></row>'), 1, "cell-error"),
    "external link": ("a.xlsx", xlsx(ROWS, parts={"xl/externalLinks/_rels/a.xml.rels": '<Relationships><Relationship Target="http://127.0.0.1:9/" TargetMode="External"/></Relationships>'}), 0, None),
    "macro": ("a.xlsm", xlsx(ROWS, parts={"xl/vbaProject.bin": "x"}), 0, None),
    "JSON key twice": ("a.json", '[{"id": "A-1", "id": "A-2", "title": "x", "goal": "G1", "responsible_party": "OFAC"}]', None, "key-repeated"),
    "JSON NaN": ("a.json", '[{"id": "A-1", "title": "x", "goal": "G1", "responsible_party": "OFAC", "budget": NaN}]', 1, "number-special"),
    "JSON surrogate": ("a.json", '[{"id": "A-1", "title": "\\ud800", "goal": "G1", "responsible_party": "OFAC"}]', None, "character-refused"),
    "JSON digits": ("a.json", f'[{{"id": "A-1", "title": "x", "goal": "G1", "responsible_party": "OFAC", "budget": {"9" * 5_000}}}]', 1, "Action-budgetAmount.datatype"),
    "digits in a cell": ("a.csv", f"{HEADER},budget,currency\n{ROW},{'9' * 60},USD\n", 1, "Action-budgetAmount.datatype"),
}  # fmt: skip


@pytest.mark.parametrize(("name", "content", "code", "finding"), FOUND.values(), ids=FOUND)
def test_it_is_a_finding(
    judge: Callable[..., Report], name: str, content: str | bytes, code: int | None, finding: str | None
) -> None:
    report = judge(name, content)
    if code is not None:
        assert report.exit_code == code, report.to_text()
    if finding is None:
        assert {each.severity for each in report.findings} <= {"info", "warning"}
    else:
        assert finding in report.by_code


@pytest.mark.parametrize(
    "name", ["http://127.0.0.1:9/a.ttl", "file:///etc/passwd", "data:text/plain,x", "ftp://x/a.csv"]
)
def test_a_path_is_a_path(name: str, capsys: pytest.CaptureFixture[str]) -> None:
    from bicentennial import InputNotFoundError, query, validate
    from bicentennial.cli import main

    assert list(validate(name, isolated=False).by_code) == ["input-not-found"]
    assert main(["validate", name]) == 3
    assert main(["query", "ASK { }", "--data", name]) == 3
    with pytest.raises(InputNotFoundError):
        query("ASK { }", data=name)
    capsys.readouterr()


def test_blank_nodes_of_two_files_stay_apart(tmp_path: Path) -> None:
    from bicentennial import query

    for name in ("a", "b"):
        (tmp_path / f"{name}.ttl").write_text(f'_:x <urn:name> "{name}" .', "utf-8")
    result = query(
        "SELECT ?x { GRAPH ?g { ?x <urn:name> ?n } GRAPH ?h { ?x <urn:name> ?m } FILTER(?g != ?h) }",
        data=[tmp_path / "a.ttl", tmp_path / "b.ttl"],
        timeout=None,
    )
    assert len(result) == 0


def test_shapes_of_others_run_beside_ours_and_switch_nothing_off(tmp_path: Path, judge: Callable[..., Report]) -> None:
    shapes = tmp_path / "shapes.ttl"
    shapes.write_text(
        PREFIXES
        + "bicsh:Action sh:deactivated true . bicsh:Action-advancesGoal sh:deactivated true ; sh:path bic:none .",
        "utf-8",
    )
    for engine in ("compiled", "pyshacl"):
        assert judge("a.ttl", FAILING, shapes=shapes, engine=engine).by_code == {"Action-advancesGoal.unknown": 1}


@pytest.mark.parametrize("context", [CONTEXT, "file:///etc/passwd"])
def test_shapes_fetch_nothing(tmp_path: Path, judge: Callable[..., Report], context: str) -> None:
    from bicentennial import UsageError

    shapes = tmp_path / "shapes.jsonld"
    shapes.write_text(json.dumps({"@context": context, "@id": "urn:S"}), "utf-8")
    with pytest.raises(UsageError, match="Nothing is fetched"):
        judge("a.ttl", GOOD, shapes=shapes)


def test_plain_shacl_follows_no_import_and_no_prefix(tmp_path: Path) -> None:
    import rdflib

    from bicentennial.validation import shacl

    data = rdflib.Graph().parse(data=f"{FAILING}<urn:o> a owl:Ontology ; owl:imports <http://127.0.0.1:9/> .")
    data.bind("bic", "http://example.org/mine#", override=True, replace=True)
    shapes = rdflib.Graph().parse(
        data=f"{PREFIXES}ex:S sh:targetClass bic:Action ; sh:sparql [ sh:prefixes ex:P ; sh:select 'SELECT $this {{ $this a bic:Action }}' ] ."
        'ex:P sh:declare [ sh:prefix "bic" ; sh:namespace "https://w3id.org/bicentennial/ontology#"^^xsd:anyURI ] .'
    )
    for engine in ("compiled", "pyshacl"):
        with contextlib.suppress(NotImplementedError):
            assert [str(each.focus) for each in shacl(data, shapes, engine=cast("Any", engine))] == [
                "<http://example.org/a>"
            ]


@pytest.mark.parametrize("engine", ["auto", "compiled", "pyshacl"])
def test_recursive_shapes_are_refused_for_they_fail_open(engine: str) -> None:
    import rdflib

    from bicentennial import BicentennialError
    from bicentennial.validation import shacl

    shapes = rdflib.Graph().parse(
        data=f"{PREFIXES}ex:S a sh:NodeShape ; sh:targetNode ex:a ; sh:property [ sh:path ex:p ; sh:node ex:S ] , [ sh:path ex:bad ; sh:maxCount 0 ] ."
    )
    data: Any = rdflib.Graph().parse(
        data=f"{PREFIXES}ex:a ex:p ex:b . ex:b ex:p ex:c . ex:c ex:p ex:d . ex:d ex:bad 1 ."
    )
    with pytest.raises(BicentennialError, match="recursive"):
        shacl(data, shapes, engine=cast("Any", engine))
