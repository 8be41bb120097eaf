"""JSON-LD 1.1: what the recommendation says, and nothing dropped without a word."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

import pytest

from bicentennial.core.errors import UnreadableInputError
from bicentennial.core.namespaces import BIC, RDF, XSD

if TYPE_CHECKING:
    from collections.abc import Callable

    from tests.conftest import Told

CONTEXT = "https://w3id.org/bicentennial/context.jsonld"
GOAL = "bicd:goal-protect-our-people"


def said(told: Told) -> set[tuple[str, str, str, str]]:
    """Return subject, property, value and datatype or language of each statement, blank nodes by their order."""
    rows = told.submission.dataset.connection.execute(
        "SELECT s, p, o, CASE lang WHEN '' THEN dt ELSE lang END FROM statements"
    )
    return {(s, p, o, kind.replace(str(XSD), "xsd:")) for s, p, o, kind in rows.fetchall()}


@pytest.mark.parametrize(
    ("document", "expected"),
    [
        # A number takes the datatype of its term; without one it is an integer or a double.
        (
            {
                "@context": {"a": {"@id": "urn:p", "@type": "http://www.w3.org/2001/XMLSchema#double"}},
                "@id": "urn:a",
                "a": [1500, 1500.5],
            },
            {("urn:a", "urn:p", "1.5E3", "xsd:double"), ("urn:a", "urn:p", "1.5005E3", "xsd:double")},
        ),
        (
            {"@id": "urn:a", "urn:p": [5.3, 7, 1e3]},
            {
                ("urn:a", "urn:p", "5.3E0", "xsd:double"),
                ("urn:a", "urn:p", "7", "xsd:integer"),
                ("urn:a", "urn:p", "1000", "xsd:integer"),
            },
        ),
        ({"@id": "urn:a", BIC.budgetAmount: 1500.5}, {("urn:a", BIC.budgetAmount, "1500.5", "xsd:decimal")}),
        (
            {"@context": {"val": "@value"}, "@id": "urn:a", "urn:p": {"val": 1.5}},
            {("urn:a", "urn:p", "1.5E0", "xsd:double")},
        ),
        # JSON itself stays JSON, whatever its keys are.
        (
            {
                "@context": {"p": {"@id": "urn:p", "@type": "@json"}},
                "@id": "urn:a",
                "p": {"@context": "http://x/", "price": 19.99},
            },
            {("urn:a", "urn:p", '{"@context":"http://x/","price":19.99}', RDF.JSON)},
        ),
        (
            {"@context": {"p": {"@id": "urn:p", "@type": "@json"}}, "@id": "urn:a", "p": "s"},
            {("urn:a", "urn:p", '"s"', RDF.JSON)},
        ),
        # Maps, contexts of types and nested keys.
        (
            {
                "@context": {"t": {"@id": "urn:t", "@container": "@type"}},
                "@id": "urn:a",
                "t": {"urn:T": {"@id": "urn:c"}},
            },
            {("urn:a", "urn:t", "urn:c", ""), ("urn:c", RDF.type, "urn:T", "")},
        ),
        (
            {
                "@context": {"@vocab": "urn:v:", "S": {"@id": "urn:S", "@context": {"u": "@nest", "geo": "urn:geo"}}},
                "@id": "urn:a",
                "@type": "S",
                "u": {"geo": "x"},
            },
            {("urn:a", RDF.type, "urn:S", ""), ("urn:a", "urn:geo", "x", "xsd:string")},
        ),
        (
            {
                "@context": {
                    "@vocab": "urn:v:",
                    "prop": {"@container": "@index"},
                    "foo": "urn:base-foo",
                    "Outer": {"@context": {"prop": {"@id": "urn:outer", "@container": "@type"}}},
                    "Inner": {"@context": {"foo": "urn:inner-foo"}},
                },
                "@id": "urn:a",
                "@type": "Outer",
                "prop": {"Inner": {"@id": "urn:b", "prop": {"index": {"@id": "urn:c", "foo": "x"}}}},
            },
            {
                ("urn:a", RDF.type, "urn:v:Outer", ""),
                ("urn:a", "urn:outer", "urn:b", ""),
                ("urn:b", RDF.type, "urn:v:Inner", ""),
                ("urn:b", "urn:v:prop", "urn:c", ""),
                ("urn:c", "urn:inner-foo", "x", "xsd:string"),
            },
        ),
        # References are resolved by RFC 3986.
        (
            {"@context": {"@base": "http://a/bb/./d"}, "@id": "../g", "urn:p": {"@id": "#x"}},
            {("http://a/g", "urn:p", "http://a/bb/./d#x", "")},
        ),
        ({"@id": "urn:a", "@reverse": {"urn:p": {"@id": "urn:b"}}}, {("urn:b", "urn:p", "urn:a", "")}),
        ({"@id": "urn:a", "urn:p": {"@list": []}}, {("urn:a", "urn:p", RDF.nil, "")}),
    ],
)
def test_what_a_document_says(reads: Callable[..., Told], document: Any, expected: set[tuple[str, ...]]) -> None:
    told = reads("a.jsonld", json.dumps(document))
    assert said(told) == expected
    assert told.findings == []


def test_a_number_that_no_double_can_hold_keeps_its_digits(reads: Callable[..., Told]) -> None:
    told = reads("a.jsonld", '{"@id": "urn:a", "urn:p": [1e400, 12345678901234567890123]}')
    assert {o for _, _, o, _ in said(told)} == {"1.0E400", "12345678901234567890123"}


ACTION = (
    '{"@context":"https://w3id.org/bicentennial/context.jsonld","@graph":[\n {"@id":"urn:x","@type":"Place"},\n'
    ' {"@id":"https://d.example/a 2",\n  "@type":"Action","startDate":"nonsense",\n'
    '  "advancesGoal":["bicd:goal-protect-our-people","Protect our people"],\n  "realizes":"https://d.example/a 2",\n'
    '  "prefLabel":{"en_US":"Train","es":"Capacitar"},"start date":"2024"}\n]}'
)


def test_nothing_is_dropped_without_a_word(reads: Callable[..., Told]) -> None:
    told = reads("a.jsonld", ACTION)
    action = "https://d.example/a%202"
    assert {
        (action, RDF.type, BIC.Action, ""),
        (action, BIC.startDate, "nonsense", "xsd:date"),
        (action, BIC.advancesGoal, "Protect our people", "xsd:string"),
        (action, BIC.realizes, action, ""),
    } <= said(told)
    assert {(o, kind) for _, p, o, kind in said(told) if p.endswith("#prefLabel")} == {
        ("Train", "en-us"),
        ("Capacitar", "es"),
    }
    found = {each.code: each for each in told.findings}
    assert {code: (each.severity, each.location.line, each.location.pointer) for code, each in found.items()} == {
        "jsonld-identifier": ("violation", 3, "/@graph/1"),
        "jsonld-language": ("warning", 7, "/@graph/1/prefLabel/en_US"),
        "unknown-term": ("violation", 7, "/@graph/1/start date"),
    }
    assert found["unknown-term"].suggestions[0] == "bic:startDate"
    assert (
        told.submission.origins.locate(action, BIC.advancesGoal, "Protect our people").pointer
        == "/@graph/1/advancesGoal/1"
    )
    assert told.submission.origins.locate(action, BIC.startDate).line == 4


@pytest.mark.parametrize(
    ("text", "code", "pointer"),
    [
        ('{"@id": "urn:a", "colour": 1, "urn:p": 1}', "jsonld-key-unread", "/colour"),
        ('{"@id": "urn:a", "urn:p": {"@id": "no iri {}"}}'.replace("{}", "<>"), "jsonld-reference", "/urn:p"),
        ('{"@context": {"@base": null}, "@id": "urn:a", "@type": "My Type", "urn:p": 1}', "jsonld-type", "/@type"),
        ('{"@id": "urn:a", "urn:p": {"@value": "x", "@type": "urn:a b"}}', "jsonld-datatype", "/urn:p"),
        ('{"@id": "urn:a", "urn:p": {"@value": "x", "@language": "español de México"}}', "jsonld-language", "/urn:p"),
        ('{"@graph": [{"@id": "urn:a", "urn:p": 1}, "loose"]}', "jsonld-loose-value", "/@graph/1"),
        ('{"@id": "urn:a", "urn:p": {"@id": "urn:b", "urn:q": 1, "urn:q": 2}}', "key-repeated", "/urn:p"),
        ('{"@context": {"p": "urn:p", "p": "urn:q"}, "@id": "urn:a", "p": 1}', "key-repeated", "/@context"),
        ('{"@id": "urn:a", "urn:p": {"@value": "x", "@language": "ar", "@direction": "rtl"}}', "text-direction", None),
    ],
)
def test_what_is_no_rdf_is_told(reads: Callable[..., Told], text: str, code: str, pointer: str | None) -> None:
    (found,) = reads("a.jsonld", text).findings
    assert (found.code, found.location.pointer) == (code, pointer)
    assert found.message["en"] != found.message["es"]


@pytest.mark.parametrize(
    ("text", "pointer", "words"),
    [
        ('{"@id": 5}', "(/)", "el valor de @id"),
        ('{"@graph": [{"@id": "urn:a", "urn:p": {"@value": {}}}]}', "(/@graph/0/urn:p)", "el valor de @value"),
        ('{"@context": {"p": {"@id": "q:x", "@container": "@bag"}}, "@id": "urn:a"}', "(/)", "el contexto"),
        ('{"@id": "urn:a", "urn:p": {"@value": 1, "@language": "en"}}', "(/urn:p)", "solo un texto"),
    ],
)
def test_what_is_no_json_ld_is_refused_with_its_place(
    reads: Callable[..., Told], text: str, pointer: str, words: str
) -> None:
    with pytest.raises(UnreadableInputError) as caught:
        reads("a.jsonld", text)
    assert caught.value.line == 1
    assert pointer in caught.value.text["es"]
    assert words in caught.value.text["es"]


def test_a_large_document_is_read_as_a_small_one(reads: Callable[..., Told]) -> None:
    nodes = [{"@id": f"urn:a{n}", "urn:p": [f"v{n}", {"@id": f"urn:b {n}"}]} for n in range(13_000)]
    told = reads("a.jsonld", json.dumps({"@graph": nodes}))
    assert len(told.submission.dataset) == 26_000
    assert not told.submission.dataset.is_sqlite
    found = told.submission.origins.locate("urn:a12999", "urn:p", "v12999")
    assert found.pointer == "/@graph/12999/urn:p/0"


@pytest.mark.parametrize(
    ("written", "half"),
    [("a \\ud800 b", "ud800"), ("\\uDC00", "uDC00"), ("\\ud83d\\n", "ud83d"), ("\\ud83d\\ud83d\\ude00", "ud83d")],
)
def test_half_of_a_character_is_refused_where_it_stands(reads: Any, written: str, half: str) -> None:
    text = f'{{"@id": "urn:x:a",\n "@type": "https://w3id.org/bicentennial/ontology#Action",\n "urn:x:p": "{written}"}}'
    with pytest.raises(UnreadableInputError, match=rf"Line 3 holds \\{half},"):
        reads("a.jsonld", text)


@pytest.mark.parametrize("written", ["\\ud83d\\ude00", "\\\\ud800", "\\\\\\\\uDC00"])
def test_whole_characters_and_backslashes_are_read(reads: Any, written: str) -> None:
    reads("a.jsonld", f'{{"@id": "urn:x:a", "urn:x:p": "{written}"}}')
