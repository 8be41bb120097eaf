"""One case for each threat that a file can carry: what goes in, and exactly what comes out, on every way in.

A new case belongs into one of the tables below; `CASES` puts them together, and `test_ways` sends each along every way.
"""

from __future__ import annotations

import json
import subprocess
import sys
import warnings
import zipfile
from dataclasses import dataclass
from io import BytesIO
from typing import TYPE_CHECKING, Any, Final

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
    packed,
    row,
    xlsx,
)
from tests.sharing import made_once

if TYPE_CHECKING:
    from pathlib import Path

    import pytest

__all__ = ["CASES", "Case", "Validated", "validated"]


@dataclass(frozen=True)
class Case:
    """A file, and what is to come of it.

    `exit` is the exit code of `validate`; `finding` a code that it must report, or None where nothing worse than a
    warning may be said; `said` a part of what it says, if it says anything. `converted` and `asked` are the exit codes
    of the commands that take the file over without checking it, `convert` and `query --data`: 0 where it can be read.
    """

    name: str
    content: str | bytes
    exit: int
    finding: str | None = None
    said: str = ""
    converted: int = 0
    asked: int = 0

    @property
    def data(self) -> bytes:
        """The bytes of the file."""
        return self.content if isinstance(self.content, bytes) else self.content.encode()


ENTITIES = "<!DOCTYPE a [<!ENTITY a 'aaaaaaaaaa'><!ENTITY b '&a;&a;&a;&a;&a;&a;&a;&a;&a;&a;'>]>"
RDF = '<rdf:RDF xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#">'
NESTED = 20_000
DIGITS = "9" * 5_000
CONTEXT = "http://127.0.0.1:9/context.jsonld"
WITH = ACTION.rstrip(" .\n") + " ;\n    "
# Statements that try to make bad data pass.
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

# Of a goal that is none: whatever is added, it must fail for that, and for that once.
_ADDED: Final = {
    threat: Case("a.ttl", FAILING + added, 1, "Action-advancesGoal.unknown") for threat, added in ADDED.items()
}

# A property, a value, the finding: the value is shown as it is written.
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

_LITERALS: Final = {
    threat: Case("a.ttl", f"{PREFIXES}{WITH}{name} {value} .", 1, finding, value.split('"')[1])
    for threat, (name, value, finding) in LITERALS.items()
}


def _lying(workbook: bytes) -> bytes:
    """Return a workbook whose directory says that its sheet is small."""
    with zipfile.ZipFile(BytesIO(workbook)) as archive:
        size = archive.getinfo("xl/worksheets/sheet1.xml").file_size
    return workbook.replace(size.to_bytes(4, "little"), (500).to_bytes(4, "little"))


def _with_part(workbook: bytes, name: str, content: bytes | None = None) -> bytes:
    """Return a workbook with one more part, which holds what its sheet does unless something else is given."""
    made = BytesIO(workbook)
    with zipfile.ZipFile(made, "a") as archive, warnings.catch_warnings():
        warnings.simplefilter("ignore")  # a name may be there twice
        archive.writestr(name, archive.read("xl/worksheets/sheet1.xml") if content is None else content)
    return made.getvalue()


def _with_sheets(workbook: bytes, *parts: str) -> bytes:
    """Return a workbook with further sheets, each of which has the part that is given."""
    sheet = zipfile.ZipFile(BytesIO(workbook)).read("xl/worksheets/sheet1.xml")
    names = {f"rId{100 + number}": part for number, part in enumerate(parts)}
    with zipfile.ZipFile(BytesIO(workbook)) as archive:
        content = {part: archive.read(part) for part in archive.namelist()}
    relation = "http://schemas.openxmlformats.org/officeDocument/2006/relationships/worksheet"
    sheets = "".join(f'<sheet name="{name}" sheetId="{name[3:]}" r:id="{name}"/>' for name in names)
    targets = "".join(
        f'<Relationship Id="{name}" Type="{relation}" Target="worksheets/{part}"/>' for name, part in names.items()
    )
    for part, end, more in (
        ("xl/workbook.xml", b"</sheets>", sheets),
        ("xl/_rels/workbook.xml.rels", b"</Relationships>", targets),
    ):
        assert end in content[part]
        content[part] = content[part].replace(end, more.encode() + end)
    return packed({**{f"xl/worksheets/{part}": sheet for part in parts}, **content})


def _locked(workbook: bytes) -> bytes:
    """Return a workbook whose parts say that they are encrypted."""
    return workbook.replace(b"PK\x03\x04\x14\x00\x00", b"PK\x03\x04\x14\x00\x01").replace(
        b"PK\x01\x02\x14\x03\x14\x00\x00", b"PK\x01\x02\x14\x03\x14\x00\x01"
    )


# What cannot be read: a file, and a part of the sentence that says why.
UNREADABLE: dict[str, tuple[str, str | bytes, str]] = {
    # JSON-LD contexts, whichever way they are asked for
    "context": ("a.jsonld", jsonld(CONTEXT), "Nothing is fetched"),
    "context in a list": ("a.jsonld", jsonld([{}, CONTEXT]), "Nothing is fetched"),
    "context in a file": ("a.jsonld", jsonld("file:///etc/passwd"), "Nothing is fetched"),
    "context relative": ("a.jsonld", jsonld("context.jsonld"), "Nothing is fetched"),
    "context imported": ("a.jsonld", jsonld({"@import": CONTEXT}), "Nothing is fetched"),
    "context within": ("a.jsonld", jsonld({"p": "urn:p"}, p={"@context": CONTEXT}), "Nothing is fetched"),
    "context of a term": ("a.jsonld", jsonld({"p": {"@id": "urn:p", "@context": CONTEXT}}), "Nothing is fetched"),
    "context of a term imported": (
        "a.jsonld",
        jsonld({"p": {"@id": "urn:p", "@context": {"@import": CONTEXT}}}),
        "Nothing is fetched",
    ),
    # XML that acts
    "entities in RDF/XML": ("a.rdf", f"{ENTITIES}{RDF}</rdf:RDF>", "DOCTYPE"),
    "doctype in small letters": ("a.rdf", f"{ENTITIES.lower()}{RDF}</rdf:RDF>", "line 1, column 1"),
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
    "nested RDF/XML": ("a.rdf", RDF + '<a xmlns="urn:a:">' + "<a>" * NESTED + "</a>" * NESTED + "</a></rdf:RDF>", "“depth”"),
    "nested IATI": ("a.xml", "<iati-activities>" + "<a>" * NESTED + "</a>" * NESTED + "</iati-activities>", "“depth”"),
    # numbers, IRIs, prefixes
    "digits": ("a.ttl", f'{PREFIXES}{WITH}bic:budgetAmount "{"1" * 5_000}"^^xsd:decimal .', "“digits”"),
    "digits in JSON-LD": ("a.jsonld", f'{{"@context": {{}}, "urn:p": {"1" * 5_000}}}', "“digits”"),
    "IRI with a space": ("a.ttl", "<urn:a b> a <urn:c> .", "line 1, column 1"),
    "IRI with an escaped bracket": ("a.ttl", "<urn:a\\u003Eb> a <urn:c> .", "line 1, column 1"),
    "prefixes": ("a.ttl", "".join(f"@prefix p{n}: <urn:{n}:> .\n" for n in range(20_000)), "“prefixes”"),
    "prefixes in SPARQL's way": ("a.ttl", "".join(f"PREFIX p{n}: <urn:{n}:>\n" for n in range(200)), "“prefixes”"),
    "prefixes in RDF/XML": ("a.rdf", RDF + "<rdf:Description>" + "".join(f'<p{n}:a xmlns:p{n}="urn:{n}"/>' for n in range(200)) + "</rdf:Description></rdf:RDF>", "“prefixes”"),
    # what is no text, or not the text that it seems
    "NUL": ("a.csv", f"{TABLE}A\0", "Line 3 holds a NUL character"),
    "NUL in Turtle": ("a.ttl", GOOD + "#\0", "NUL character"),
    "broken UTF-8": ("a.csv", f"{TABLE}ñandú,á,é\n".encode() + b"\xff,x\n", "Line 4 is not in UTF-8"),
    "broken UTF-16": ("a.csv", b"\xff\xfe" + TABLE.encode("utf-16-le") + b"\x00\xd8\n", "says that it is UTF-16"),
    "surrogate in JSON-LD": ("a.jsonld", '{"@context": {}, "urn:p": "\\ud800"}', "half of a surrogate pair"),
    "empty": ("a.csv", "", "The file is empty"),
    "blank": ("a.ttl", " \n\n", "The file is empty"),
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
    "repeated rows in ODS": (
        "a.ods",
        ods(ods_row(*HEADER.split(",")) + ods_row("x").replace("<table:table-row", "<table:table-row table:number-rows-repeated='9000000'")),
        "“rows”",
    ),
    "row beyond reason": ("a.xlsx", xlsx(f'{ROWS}<row r="{DIGITS}"><c r="A{DIGITS}"><v>1</v></c></row>'), "damaged"),
    "row of an error beyond reason": ("a.xlsx", xlsx(f'{ROWS}<row r="3"><c r="A{DIGITS}" t="e"><v>#REF!</v></c></row>'), "damaged"),
    "cell in a row not its own": ("a.xlsx", xlsx(f'{ROWS}<row r="3">{cell("A4000000", "x")}</row>'), "damaged"),
    "cells without a name": ("a.xlsx", xlsx(f"{ROWS}<row>{'<c><v>1</v></c>' * 501}</row>"), "“columns”"),
    "cells behind tabs": ("a.xlsx", xlsx(ROWS + f'<row r="9">{cell("XFD9", "x")}</row>'.replace("<c ", "<c\t")), "“columns”"),
    "rows in comments": ("a.xlsx", xlsx(f'{ROWS}<row r="9">{("<c><v>1</v></c>" * 100 + "<!-- <row> -->") * 6}</row>'), "“columns”"),
    "cell named twice": ("a.xlsx", xlsx(ROWS + '<row r="9"><c r="A9" r="XFD9"><v>1</v></c></row>'), "damaged"),
    "row numbered twice": ("a.xlsx", xlsx(ROWS + '<row r="9" r="9000000"><c><v>1</v></c></row>'), "damaged"),
    "columns beyond reason in ODS": (
        "a.ods",
        ods(ods_row(*HEADER.split(",")) + ods_row("x").replace("<table:table-cell", f"<table:table-cell table:number-columns-repeated='{DIGITS}'")),
        "“columns”",
    ),
    "columns with a sign in ODS": (
        "a.ods",
        ods(ods_row(*HEADER.split(",")) + ods_row("x").replace("<table:table-cell", "<table:table-cell table:number-columns-repeated='+16384'")),
        "“columns”",
    ),
    "rows beyond reason in ODS": (
        "a.ods",
        ods(ods_row(*HEADER.split(",")) + ods_row("x").replace("<table:table-row", f"<table:table-row table:number-rows-repeated='{DIGITS}'")),
        "“rows”",
    ),
    "spaces in ODS": ("a.ods", ods(ods_row(*HEADER.split(",")) + ods_row('<text:s text:c="2000000000"/>')), "“cell_characters”"),
    "spaces in many cells of ODS": (
        "a.ods",
        ods(ods_row(*HEADER.split(",")) + ods_row('<text:s text:c="32000"/>') * 32_000),
        "“unpacked_bytes”",
    ),
    "rows of several sheets": (
        "a.xlsx",
        _with_sheets(xlsx(ROWS + f'<row r="1048576">{cell("A1048576", "x")}</row>'), "sheet2.xml"),
        "“rows”",
    ),
    "part twice": ("a.xlsx", _with_part(xlsx(ROWS), "xl/worksheets/sheet1.xml"), "damaged"),
    "part twice in capitals": ("a.xlsx", _with_part(xlsx(ROWS), "XL/worksheets/SHEET1.xml"), "damaged"),
    "part twice with a backslash": ("a.xlsx", _with_part(xlsx(ROWS), "xl\\worksheets\\sheet1.xml"), "damaged"),
    "part by a detour": ("a.xlsx", _with_part(xlsx(ROWS), "xl/../xl/worksheets/sheet1.xml"), "damaged"),
    "two books": ("a.xlsx", _with_part(xlsx(ROWS), "content.xml", b"<a/>"), "damaged"),
    "two sheets of one part": ("a.xlsx", _with_sheets(xlsx(ROWS), "sheet1.xml"), "damaged"),
    "entities behind a comment": ("a.xlsx", xlsx(ROWS, head=f"<!-- <a> -->{ENTITIES}"), "“xl/worksheets/sheet1.xml” holds a document type"),
    "damaged workbook": ("a.xlsx", xlsx(ROWS)[:-40], "damaged"),
    "size of a part not as it says": ("a.xlsx", _lying(xlsx(ROWS + row(3, " " * 20_000_000))), "damaged"),
    "locked workbook": ("a.xlsx", _locked(xlsx(ROWS)), "damaged"),
    "other archive": ("a.xlsx", packed({"a.txt": "x"}), "no workbook"),
    "inclusion in RDF/XML": (
        "a.rdf",
        f'{RDF}<xi:include xmlns:xi="http://www.w3.org/2001/XInclude" href="file:///etc/passwd"/></rdf:RDF>',
        "“href” has no namespace",
    ),
    "external entity": ("a.rdf", f"<!DOCTYPE a [<!ENTITY a SYSTEM 'file:///etc/passwd'>]>{RDF}&a;</rdf:RDF>", "DOCTYPE"),
    "surrogate in Turtle": ("a.ttl", '<urn:a> <urn:p> "\\uD800" .', "line 1, column 18"),
    "UTF-7 pretence": ("a.ttl", b"\x00\x00\xfe\xff<urn:a>", "UTF-32"),
    "program": ("a.csv", b"\x7fELF\x02\x01\x01" + b"\x00" * 50, ""),
    # what a reader could take the square of its length for
    "blank lines": ("a.ttl", "\n" * 200_000 + "x", "line 200001, column 1"),
    "keys twice": ("a.json", "[{" + ",".join(f'"k{n}":1' for n in (*range(40_000), *range(40_000))) + "}]", "“columns”"),
    "blank lines and a bracket": ("a.trig", " \n" * 200_000 + "<", ""),
    "web page": ("a.csv", "<!DOCTYPE html><html><script>alert(1)</script></html>", "web page"),
}  # fmt: skip

_UNREADABLE: Final = {
    threat: Case(name, content, 3, None, said, converted=3, asked=3)
    for threat, (name, content, said) in UNREADABLE.items()
}

# What can be read and holds nothing to check, which is never a pass; and what becomes of it where nothing is checked.
NOTHING: dict[str, tuple[str, str | bytes, str]] = {
    "header only": ("a.csv", HEADER + "\n", "No action, party, indicator"),
    "header only in a workbook": ("a.xlsx", xlsx(row(1, *HEADER.split(","))), "No action, party, indicator"),
    "empty list": ("a.json", '{"actions": []}', "No action, party, indicator"),
    "misspelt class": ("a.ttl", PREFIXES + "ex:a a bic:Actoin .", "bic:Action"),
    "look-alike class": ("a.ttl", PREFIXES + "ex:a a <https://w3id.org/bicentennial/ontology#Аction> .", "bic:Action"),
    "graphs in N-Quads": ("a.nq", '<urn:a> <urn:p> "1" <urn:g> .\n', "No action, party, indicator"),
    "class of others": ("a.ttl", PREFIXES + "ex:a a ex:Action .", "No action, party, indicator"),
}

_NOTHING: Final = {
    threat: Case(name, content, 3, "nothing-checked", said, converted=0 if name.endswith(("ttl", "nq")) else 3)
    for threat, (name, content, said) in NOTHING.items()
}

# What is read: a file, the exit code, and the finding that says what is odd, or None.
FOUND: dict[str, tuple[str, str | bytes, int, str | None]] = {
    "graphs of others": ("a.trig", GOOD + "ex:g { ex:a ex:p 1 . }", 1, "graphs-several"),
    "one graph": ("a.trig", PREFIXES + f"ex:g {{ {ACTION} }}", 0, "graph-ignored"),
    "missing value from another graph": ("a.trig", FAILING + "ex:g { ex:a bic:advancesGoal bicd:goal-protect-our-people . }", 1, "graphs-several"),
    "hidden character in an IRI": ("a.ttl", GOOD + "<http://example.org/a\u200bb> ex:p 1 .", 1, "iri-hidden-character"),
    "direction turned in an IRI": ("a.ttl", GOOD + "<http://example.org/a\u202eb> ex:p 1 .", 1, "iri-hidden-character"),
    "look-alike namespace": ("a.ttl", GOOD + "ex:b a <https://w3id.org/bicentenniаl/ontology#Action> .", 1, "namespace-differs"),
    "other scheme": ("a.ttl", GOOD + "ex:b a <http://w3id.org/bicentennial/ontology#Action> .", 1, "namespace-differs"),
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
    # What no sheet leads to is never looked at, so that nothing in it can act.
    "entities in a part of another name": ("a.xlsx", _with_part(xlsx(ROWS), "xl/worksheets/sheet2.bin", f"{ENTITIES}<a/>".encode()), 0, None),
    "error": ("a.xlsx", xlsx(ROWS + '<row r="3"><c r="A3" t="e"><v>#REF!</v></c></row>'), 1, "cell-error"),
    "external link": ("a.xlsx", xlsx(ROWS, parts={"xl/externalLinks/_rels/a.xml.rels": '<Relationships><Relationship Target="http://127.0.0.1:9/" TargetMode="External"/></Relationships>'}), 0, None),
    "macro": ("a.xlsm", xlsx(ROWS, parts={"xl/vbaProject.bin": "x"}), 0, None),
    "JSON key twice": ("a.json", '[{"id": "A-1", "id": "A-2", "title": "x", "goal": "G1", "responsible_party": "OFAC"}]', 1, "key-repeated"),
    "JSON NaN": ("a.json", '[{"id": "A-1", "title": "x", "goal": "G1", "responsible_party": "OFAC", "budget": NaN}]', 1, "number-special"),
    "JSON surrogate": ("a.json", '[{"id": "A-1", "title": "\\ud800", "goal": "G1", "responsible_party": "OFAC"}]', 1, "character-refused"),
    "JSON digits": ("a.json", f'[{{"id": "A-1", "title": "x", "goal": "G1", "responsible_party": "OFAC", "budget": {"9" * 5_000}}}]', 1, "Action-budgetAmount.datatype"),
    "formula in CSV": ("a.csv", f"{HEADER}\n=1+1,@SUM(A1),G1,OFAC\n", 0, None),
    "terminal codes in CSV": ("a.csv", f"{HEADER}\nA-1,\x1b[2J\x9b31m,G1,OFAC\n", 0, None),
    "direction turned in CSV": ("a.csv", f"{HEADER}\nA-1,\u202ecod.exe,G1,OFAC\n", 0, None),
    "IRI that is none in CSV": ("a.csv", f"{HEADER}\nA-1,b,https://example.org/a[b>,OFAC\n", 1, "Action-advancesGoal.unknown"),
    "other base": ("a.ttl", f"{PREFIXES}@base <http://127.0.0.1:9/> .\n{ACTION}", 0, None),
    "number beyond reason": ("a.json", '[{"id": "A-1", "title": "x", "goal": "G1", "responsible_party": "OFAC", "budget": 1e999999999}]', 1, "Action-budgetAmount.datatype"),
    "digits in a cell": ("a.csv", f"{HEADER},budget,currency\n{ROW},{'9' * 60},USD\n", 1, "Action-budgetAmount.datatype"),
}  # fmt: skip

_FOUND: Final = {threat: Case(name, content, code, finding) for threat, (name, content, code, finding) in FOUND.items()}

CASES: Final[dict[str, Case]] = {**_ADDED, **_LITERALS, **_UNREADABLE, **_NOTHING, **_FOUND}
"""Every case by its threat."""
assert len(CASES) == sum(map(len, (_ADDED, _LITERALS, _UNREADABLE, _NOTHING, _FOUND))), "two cases have one name"


@dataclass(frozen=True)
class Validated:
    """A file of each case, and what the command line said of all of them at once: reports, exit code, messages."""

    paths: dict[str, Path]
    reports: dict[str, Any]
    code: int
    told: str


def validated(factory: pytest.TempPathFactory) -> Validated:
    """Return what the command line says of a file of each case, each in a folder of its own; once in a run."""
    folder = made_once(factory, "cases", _validate)
    paths = _paths(folder)
    reports, code, told = json.loads((folder / "said.json").read_text(encoding="utf-8"))
    return Validated(paths, dict(zip(paths, reports, strict=True)), code, told)


def _paths(folder: Path) -> dict[str, Path]:
    return {threat: folder / str(number) / case.name for number, (threat, case) in enumerate(CASES.items())}


def _validate(folder: Path) -> None:
    paths = _paths(folder)
    for threat, path in paths.items():
        path.parent.mkdir()
        path.write_bytes(CASES[threat].data)
    command = [sys.executable, "-m", "bicentennial", "validate", *map(str, paths.values()), "--format", "json"]
    done = subprocess.run(command, capture_output=True, encoding="utf-8", check=False)
    said = json.loads(done.stdout)["reports"], done.returncode, done.stderr
    (folder / "said.json").write_text(json.dumps(said), encoding="utf-8")
