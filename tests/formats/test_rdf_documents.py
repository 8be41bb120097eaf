from __future__ import annotations

import json
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from bicentennial.core.errors import LimitReachedError, UnreadableInputError
from bicentennial.core.namespaces import BIC, BICD, DCTERMS, RDF
from bicentennial.formats.rdf import reading as rdf
from bicentennial.formats.rdf.turtletext import TurtleText
from bicentennial.intake import Limits

PREFIXES = f"""@prefix bic: <{BIC}> .
@prefix bicd: <{BICD}> .
@prefix dcterms: <http://purl.org/dc/terms/> .
@prefix ex: <http://example.org/> .
@prefix rdfs: <http://www.w3.org/2000/01/rdf-schema#> .
@prefix owl: <http://www.w3.org/2002/07/owl#> .
@prefix sh: <http://www.w3.org/ns/shacl#> .
@prefix xsd: <http://www.w3.org/2001/XMLSchema#> .
"""
ACTION = """ex:a a bic:Action ;
    dcterms:identifier "A-1" ;
    bic:advancesGoal bicd:goal-protect-our-people ,
        bicd:goal-prevent-transborder-crime ;
    bic:budgetAmount "01.50"^^xsd:decimal .
"""
A = "http://example.org/a"
SECOND = BICD["goal-prevent-transborder-crime"]

TRIPLES = f"""<{A}> <{RDF.type}> <{BIC.Action}> .
# a comment

<{A}> <{DCTERMS.identifier}> "A-1" .
<{A}> <{BIC.advancesGoal}> <{BICD["goal-protect-our-people"]}> .
<{A}> <{BIC.advancesGoal}> <{SECOND}> .
<{A}> <{BIC.budgetAmount}> "01.50"^^<http://www.w3.org/2001/XMLSchema#decimal> .
"""
XML = f"""<?xml version="1.0" encoding="utf-16"?>
<rdf:RDF xmlns:rdf="{RDF}" xmlns:bic="{BIC}" xmlns:dcterms="{DCTERMS}">
  <bic:Action rdf:about="{A}" dcterms:identifier="A-1">
    <bic:advancesGoal rdf:resource="{BICD["goal-protect-our-people"]}"/>
    <bic:advancesGoal rdf:resource="{SECOND}"/>
    <bic:budgetAmount rdf:datatype="http://www.w3.org/2001/XMLSchema#decimal">01.50</bic:budgetAmount>
  </bic:Action>
</rdf:RDF>
"""
JSON_LD = f"""{{"@context": "https://w3id.org/bicentennial/context.jsonld",
 "@id": "{A}",
 "@type": "Action",
 "identifier": "A-1",
 "advancesGoal": ["{BICD["goal-protect-our-people"]}",
    "bicd:goal-prevent-transborder-crime"],
 "budgetAmount": "01.50"}}
"""


@pytest.mark.parametrize(
    ("name", "content", "begins", "goal", "budget"),
    [
        ("a.ttl", PREFIXES + ACTION, 9, 12, 13),
        ("a.trig", PREFIXES + "ex:g {\n" + ACTION + "}\n", 10, 13, 14),
        ("a.nt", TRIPLES, 1, 6, 7),
        ("a.nq", TRIPLES, 1, 6, 7),
        ("a.rdf", XML, 3, 5, 6),
        ("a.jsonld", JSON_LD, 2, 6, 7),
    ],
)
def test_every_syntax_gives_the_same_statements_and_its_lines(
    reads: Any, name: str, content: str, begins: int, goal: int, budget: int
) -> None:
    submission = reads(name, content)
    assert submission.said("advancesGoal")[0][0] == A
    assert sorted(submission.values("advancesGoal")) == [
        "bicd:goal-prevent-transborder-crime",
        "bicd:goal-protect-our-people",
    ]
    assert [each[1:4] for each in submission.said("budgetAmount")] == [("01.50", 2, "xsd:decimal")]
    assert submission.values("identifier") == ["A-1"]
    assert len(submission.submission.dataset) == 5
    assert submission.place(A)[2] == begins
    assert submission.place(A, BIC.advancesGoal, SECOND)[2] == goal
    assert submission.place(A, BIC.budgetAmount)[2] == budget
    assert submission.place(A, BIC.hasTheme)[2] == begins
    assert [each.code for each in submission.findings] == (["graph-ignored"] if name == "a.trig" else [])


@pytest.mark.parametrize(("name", "content"), [("a.ttl", PREFIXES + ACTION), ("a.nt", TRIPLES), ("a.jsonld", JSON_LD)])
def test_lines_may_end_as_those_of_old_macs_did(reads: Any, name: str, content: str) -> None:
    usual, old = reads(name, content), reads(f"old-{name}", content.replace("\n", "\r"))
    places = [(A, None), (A, BIC.advancesGoal), (A, BIC.budgetAmount)]
    assert [old.place(*place)[2] for place in places] == [usual.place(*place)[2] for place in places]


def test_named_graphs_are_read_and_said(reads: Any) -> None:
    submission = reads("a.nq", f"<{A}> <urn:p> <urn:o> <urn:g> .\n<{A}> <urn:p> <urn:q> .\n")
    assert submission.values("p") == ["urn:o", "urn:q"]
    assert [(each.code, each.severity) for each in submission.findings] == [("graphs-several", "violation")]
    assert reads("b.nq", f"<{A}> <urn:p> <urn:o> <urn:g> .\n").found() == [("graph-ignored", None)]


TERMS = st.sampled_from(["<urn:a>", "<urn:b>", "_:x", "_:y"])
OBJECTS = TERMS | st.sampled_from(['"urn:a"', '"\\u00f1 \\"q\\""', '"x"@en', '"1"^^<urn:t>'])
TRIPLE = st.tuples(TERMS, st.sampled_from(["<urn:p>", "<urn:q>"]), OBJECTS).map(" ".join)


@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(triples=st.lists(TRIPLE, min_size=1, max_size=9), end=st.sampled_from(["\n", "\r\n", "\n\n", " # urn:a\n"]))
def test_numbers_of_triples_are_the_lines_that_a_search_finds(reads: Any, triples: list[str], end: str) -> None:
    text = "".join(f"{triple} .{end}" for triple in triples)
    # The statements of N-Quads are not numbered.
    numbered, searched = reads("a.nt", text).submission, reads("a.nq", text).submission
    found = numbered.dataset.connection.execute("SELECT DISTINCT s, p, o FROM statements WHERE s NOT LIKE '\\_:%'")
    for s, p, o in [*found.fetchall(), ("urn:a", "urn:p", "no such"), ("urn:c", "urn:p", "x")]:
        for asked in ((s,), (s, p), (s, p, o), (s, "urn:r", o)):
            assert numbered.origins.locate(*asked).line == searched.origins.locate(*asked).line, asked


@pytest.mark.parametrize(
    ("text", "line"),
    [
        ('# e:a\n"""e:a\n""" .', None),
        ("@base <http://example.org/> .\n<a> <p> 1 .", 2),
        ("@prefix e: <http://example.org/> .\n\n[] e:p 1 . e:x e:p 2 .\ne:a e:p 3 .", 4),
        ("PREFIX e: <http://example.org/>\ne:b e:p '''\ne:a e:p 1 .\n''' .\ne:a e:p 3 .", 5),
        ("@prefix : <http://example.org/> .\n:b :p ( :a :b ) , [ :q :a ; :r ':a' ] .\n:a :p 3 .", 3),
        ("@prefix e: <http://example.org/> .\ne:b e:p 1.5 ; e:q e:c.d .\ne:a e:p 3.", 3),
        ("@prefix e: <http://> .\ne:b e:p 1 .\n<http://example.org/b> e:p 1 .\ne:example.org\\/a e:p 3 .", 4),
        ('<http://example.org/b> <urn:p> "x # y" . # z\n<http://example.org/a> <urn:p> 1 .', 2),
    ],
)
def test_subjects_are_found_whatever_surrounds_them(reads: Any, text: str, line: int | None) -> None:
    if line is None:
        with pytest.raises(UnreadableInputError):
            reads("a.ttl", text)
    else:
        assert reads("a.ttl", text).place(A)[2] == line


@pytest.mark.parametrize(
    "before",
    [
        'e:q e:p , \'e:p\' , "e:p"@en , """ ; e:p \'x\' . """ ;',
        "e:q [ e:p 'x' ; e:q [ e:p 'x' ] ] , ( 'x' e:p ) ;",
        "e:q 'x'^^e:p , 1.5 , 5e1 , e:a.b , e:p\\;x ; # ; e:p 'x' .\n",
        "e:q <urn:e:p> , true, -2 ;;",
    ],
)
def test_a_property_is_found_past_whatever_stands_before_it(before: str) -> None:
    text = f"@prefix e: <urn:e:> .\ne:a a e:C ; {before} e:p 'y' , 'x' .\ne:b e:p 'z' ."
    turtle = TurtleText(text)
    assert turtle.position("urn:e:a", "urn:e:p") == text.rindex("e:p 'y'")
    assert turtle.position("urn:e:a", "urn:e:p", "x") == text.index("'x' .\ne:b")
    assert turtle.position("urn:e:a", "urn:e:r") == text.index("e:a")


@pytest.mark.parametrize("version", ['@version "1.2" .', "VERSION '1.2-basic'"])
def test_the_version_of_turtle_is_no_subject(version: str) -> None:
    text = f"{version}\n@prefix e: <urn:e:> .\n  e:a e:p 'y' .\n  e:b e:p 'z' ."
    assert TurtleText(text).position("urn:e:a", "urn:e:p", "y") == text.index("'y'")


def test_nodes_without_a_name_are_found_within_the_thing_that_has_them(reads: Any) -> None:
    submission = reads(
        "a.ttl",
        PREFIXES + 'ex:a a bic:Action ;\n  bic:hasQuantity [\n    bic:numericValue "many" ] .\n_:q a bic:Action .\n',
    )
    node = submission.said("numericValue")[0][0]
    assert submission.place(node, BIC.numericValue, "many")[2] == 11
    assert submission.place("_:q")[2] == 12


@pytest.mark.parametrize(
    ("name", "content", "line"),
    [
        ("a.ttl", PREFIXES + "ex:a bic:p .", 9),
        ("a.ttl", "@prefix e: <urn:e:> .\ne:a e:b <http://a b> .", 2),
        ("a.ttl", "@prefix e: <urn:e:> .\ne:a e:b <http://a\\u003Eb> .", 2),
        ("a.ttl", '@prefix e: <urn:e:> .\ne:a e:b "\\uD800" .', 2),
        ("a.ttl", "<urn:a> <urn:b> <<( <urn:a> <urn:b> <urn:c> )>> .", None),
        ("a.nt", "<urn:a> <urn:b> <urn:c> .\n<urn:a> nonsense", 2),
        ("a.rdf", XML.replace("</bic:Action>", ""), 8),
        ("a.rdf", XML.replace("<rdf:RDF", "<!DOCTYPE a [\n<!ENTITY b 'c'>]>\n<rdf:RDF"), 2),
        ("a.jsonld", JSON_LD.replace('"Action",', '"Action"'), 4),
        ("a.jsonld", '{"@id": "urn:a", "urn:p": NaN}', 1),
    ],
)
def test_what_is_broken_or_refused_says_where(reads: Any, name: str, content: str, line: int | None) -> None:
    with pytest.raises(UnreadableInputError) as caught:
        reads(name, content)
    assert caught.value.line == line
    assert caught.value.text["es"] != caught.value.text["en"]


@pytest.mark.parametrize(
    "context",
    [
        '"http://attacker.example/context.jsonld"',
        '"file:///etc/passwd"',
        '["https://w3id.org/bicentennial/context.jsonld", "http://attacker.example/"]',
        '{"@import": "http://attacker.example/"}',
        '{"p": {"@id": "urn:p", "@context": "http://attacker.example/"}}',
        '{"@context": "http://attacker.example/"}',
    ],
)
def test_no_context_but_ours_is_used(reads: Any, context: str) -> None:
    for content in (
        f'{{"@context": {context}, "@id": "urn:a", "p": 1}}',
        f'{{"@id": "urn:a", "urn:q": {{"@context": {context}, "@id": "urn:b"}}}}',
    ):
        with pytest.raises(UnreadableInputError) as caught:
            reads("a.jsonld", content)
        assert "context" in caught.value.text["en"]


def test_json_ld_with_a_context_of_its_own(reads: Any) -> None:
    text = '{"@context": {"p": "urn:p:", "n": {"@id": "p:n"}}, "@id": "p:a", "n": [1, 2.50, "x"]}'
    submission = reads("a.jsonld", text)
    assert sorted(each[1::2][:2] for each in submission.said("n")) == [
        ("1", "xsd:integer"),
        ("2.5E0", "xsd:double"),
        ("x", "xsd:string"),
    ]
    assert submission.place("urn:p:a")[2] == 1


def test_a_key_that_our_context_does_not_know_is_an_unknown_term(reads: Any) -> None:
    submission = reads("a.jsonld", JSON_LD.replace("budgetAmount", "budgetAmmount"))
    (finding,) = submission.findings
    assert (finding.code, finding.suggestions) == ("unknown-term", ("bic:budgetAmount",))


def nested(count: int) -> str:
    return "<urn:a> <urn:p> " + "[ <urn:p> " * count + "1" + " ]" * count + " ."


@pytest.mark.parametrize(
    ("name", "content", "setting"),
    [
        ("a.ttl", nested(65), "depth"),
        ("a.ttl", nested(100_000), "depth"),
        ("a.ttl", "<urn:a> <urn:p> " + "(" * 50_000, "depth"),
        ("a.ttl", "<urn:a> <urn:p> '[[', " + "[ <urn:p> ']' ;" * 20_000, "depth"),
        ("a.nt", "<urn:a> <urn:p> " + "<<( <urn:a> <urn:p> " * 50_000, "depth"),
        ("a.trig", "{ <urn:g> " * 50_000, "depth"),
        ("a.jsonld", '{"@id": "urn:a", "urn:p": ' + '{"urn:p":' * 100 + "1" + "}" * 101, "depth"),
        ("a.jsonld", "[" * 100_000, "depth"),
        ("a.rdf", f'<rdf:RDF xmlns:rdf="{RDF}" xmlns:e="urn:e:">' + "<e:a><e:b>" * 50_000, "depth"),
        ("a.ttl", "".join(f"@prefix p{n}: <urn:p{n}:> .\n" for n in range(101)), "prefixes"),
        ("a.ttl", "".join(f"PREFIX p{n}: <urn:p{n}:>\n" for n in range(20_000)), "prefixes"),
        (
            "a.rdf",
            "<rdf:RDF " + " ".join(f'xmlns:p{n}="urn:{n}"' for n in range(101)) + f' xmlns:rdf="{RDF}"/>',
            "prefixes",
        ),
        ("a.nt", f"<urn:{'a' * 3000}> <urn:b> <urn:c> .", "iri_characters"),
        ("a.nt", f'<urn:a> <urn:b> "{"a" * 1_000_001}" .', "literal_characters"),
        ("a.jsonld", f'{{"@id": "urn:a", "urn:p": {"9" * 5000}}}', "digits"),
    ],
    ids=lambda value: value if len(str(value)) < 30 else "content",
)
def test_extremes_are_refused_before_a_parser_sees_them(reads: Any, name: str, content: str, setting: str) -> None:
    with pytest.raises(LimitReachedError) as caught:
        reads(name, content)
    assert caught.value.setting == setting


def test_statements_are_counted(reads: Any) -> None:
    with pytest.raises(LimitReachedError) as caught:
        reads("a.nt", TRIPLES, limits=Limits(statements=4))
    assert caught.value.setting == "statements"


def test_brackets_in_texts_and_up_to_the_limit_are_no_nesting(reads: Any) -> None:
    text = "[(" * 500
    submission = reads(
        "a.ttl", f'<urn:a> <urn:q> "{text}", """{text}""" ; <urn:r> <urn:x#{"(" * 200}> . # {text}\n' + nested(64)
    )
    assert set(submission.values("q")) == {text}


def test_blank_nodes_of_one_file_stay_apart_and_relative_iris_lead_nowhere(reads: Any) -> None:
    submission = reads("a.ttl", "_:a <p> _:b . <#x> <p> <../y> .")
    assert {each[0] for each in submission.said("p")} == {"_:a", "urn:x-bicentennial:file/#x".rpartition(":")[2]}


def test_json_ld_numbers_of_our_context_keep_their_digits(reads: Any) -> None:
    submission = reads("a.jsonld", JSON_LD.replace('"01.50"', "1000000.50"))
    assert [each[1::2][:2] for each in submission.said("budgetAmount")] == [("1000000.50", "xsd:decimal")]
    assert json.loads(JSON_LD)["budgetAmount"] == "01.50"


@pytest.mark.parametrize(
    ("name", "content"),
    [
        ("a.rdf", f'<r:RDF xmlns:r="{RDF}">' + f'<Action xmlns="{BIC}" r:about="{A}"/>' * 300 + "</r:RDF>"),
        ("a.ttl", f"@prefix bic: <{BIC}> .\n<{A}> a bic:Action .\n" * 300),
    ],
)
def test_prefixes_that_are_declared_again_count_once(reads: Any, name: str, content: str) -> None:
    assert set(reads(name, content).values("type")) == {"bic:Action"}


@pytest.mark.parametrize("name", ["a.ttl", "a.nt", "a.trig"])
@pytest.mark.parametrize("end", ["", "<urn:a> <urn:p> broken", "<urn:a> <urn:p> << <<"])
def test_a_huge_text_is_read_like_any_other(reads: Any, name: str, end: str, monkeypatch: pytest.MonkeyPatch) -> None:
    def told() -> Any:
        try:
            submission = reads(name, (TRIPLES + '<urn:x> <urn:p> "ñ€" .\n') * 3 + end, sqlite=False).submission
        except UnreadableInputError as error:
            return error.line, error.text
        spool = list(submission.dataset.spool.iterdir())
        rows = submission.dataset.connection.execute("SELECT * FROM statements ORDER BY ALL").fetchall()
        return rows, spool

    usual = told()
    monkeypatch.setattr(rdf, "_HUGE", 0)
    monkeypatch.setattr(rdf, "_CHUNK", 7)
    assert told() == usual
