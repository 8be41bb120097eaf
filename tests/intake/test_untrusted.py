"""A partner's graph is data: nothing that it says about us, or about what words mean, is ever used."""

from __future__ import annotations

from typing import Any

import pytest

from bicentennial.core.namespaces import BIC, BICD
from bicentennial.intake.untrusted import sanitize
from bicentennial.vocabulary.index import default_index

PREFIXES = f"""@prefix bic: <{BIC}> .
@prefix bicd: <{BICD}> .
@prefix bicsh: <https://w3id.org/bicentennial/shapes#> .
@prefix ex: <http://example.org/> .
@prefix rdf: <http://www.w3.org/1999/02/22-rdf-syntax-ns#> .
@prefix rdfs: <http://www.w3.org/2000/01/rdf-schema#> .
@prefix owl: <http://www.w3.org/2002/07/owl#> .
@prefix sh: <http://www.w3.org/ns/shacl#> .
@prefix skos: <http://www.w3.org/2004/02/skos/core#> .
"""
LINE = 10


def left(submission: Any) -> int:
    return len(submission.submission.dataset)


@pytest.mark.parametrize(
    ("statement", "code", "severity"),
    [
        ('bicd:goal-protect-our-people skos:prefLabel "Mine"@en .', "reserved-subject", "violation"),
        ("bicd:goal-of-mine a bic:Goal .", "reserved-subject", "violation"),
        ("bic:Action rdfs:subClassOf ex:Anything .", "reserved-subject", "violation"),
        ("bicsh:Action sh:deactivated true .", "reserved-subject", "violation"),
        ("ex:A rdfs:subClassOf bic:Action .", "schema-statement", "violation"),
        ("ex:p rdfs:subPropertyOf bic:advancesGoal .", "schema-statement", "violation"),
        ("ex:p rdfs:domain bic:Action .", "schema-statement", "violation"),
        ("ex:p rdfs:range bic:Goal .", "schema-statement", "violation"),
        ("ex:a owl:sameAs bicd:agency-ofac .", "schema-statement", "violation"),
        ("ex:a owl:equivalentClass bic:Goal .", "schema-statement", "violation"),
        ("ex:s a sh:NodeShape ; sh:targetClass bic:Action .", "schema-statement", "violation"),
        ("ex:c a owl:Class .", "schema-statement", "violation"),
        ("ex:p a rdf:Property .", "schema-statement", "violation"),
        ("ex:g a bic:Goal .", "closed-class", "violation"),
        ("ex:s a bic:Status .", "closed-class", "violation"),
        ("<http://example.org/> a owl:Ontology ; owl:imports <http://example.org/other> .", "ontology-header", "info"),
    ],
)
def test_what_a_partner_has_no_say_in_is_taken_out_and_named(
    reads: Any, statement: str, code: str, severity: str
) -> None:
    submission = reads("a.ttl", PREFIXES + statement)
    assert [(each.code, each.severity, each.location.line) for each in submission.findings] == [(code, severity, LINE)]
    assert left(submission) == 0


def test_they_are_grouped_by_subject_and_counted(reads: Any) -> None:
    submission = reads("a.ttl", PREFIXES + 'bicd:x a bic:Goal ; skos:prefLabel "a", "b" .\nbicd:y a bic:Goal .')
    assert submission.found() == [("reserved-subject", 10), ("reserved-subject", 11)]
    assert submission.findings[0].message["en"].startswith("What the file says about bicd:x was ignored")
    assert "(rdf:type, skos:prefLabel; número de enunciados: 3)" in submission.findings[0].message["es"]


def test_a_file_full_of_them_does_not_drown_the_report(reads: Any) -> None:
    text = PREFIXES + "".join(f"bicd:x{n} a bic:Goal .\n" for n in range(250))
    submission = reads("a.ttl", text)
    assert [each.code for each in submission.findings] == [*["reserved-subject"] * 5, "reserved-subjects-more"]
    assert "245" in submission.findings[-1].message["en"]
    assert left(submission) == 0


def test_things_with_names_are_named_before_those_without(reads: Any) -> None:
    nameless = "".join("[] a owl:Class .\n" for _ in range(9))
    submission = reads("a.ttl", PREFIXES + nameless + "ex:a a owl:Class .\n")
    assert [each.code for each in submission.findings] == [*["schema-statement"] * 5, "schema-statements-more"]
    assert submission.findings[0].focus == "http://example.org/a"
    assert left(submission) == 0


@pytest.mark.parametrize(
    "statement",
    [
        "ex:a a bic:Action , owl:NamedIndividual .",
        'ex:p a bic:Agency ; skos:prefLabel "Fundación Ejemplo Ficticia"@es .',
        "ex:i a bic:Indicator . ex:m a bic:Measurement . ex:l a bic:Place . ex:q a bic:Quantity .",
        'ex:a rdfs:label "x" ; rdfs:comment "y" ; rdfs:seeAlso ex:b .',
    ],
)
def test_what_a_partner_may_say_stays(reads: Any, statement: str) -> None:
    submission = reads("a.ttl", PREFIXES + statement)
    assert submission.findings == []
    assert left(submission) > 0


@pytest.mark.parametrize(
    ("statement", "suggestion"),
    [
        ("ex:a bic:advanceGoal ex:b .", "bic:advancesGoal"),
        ("ex:a a bic:Actoin .", "bic:Action"),
        ("ex:a bic:title 'a' .", "skos:prefLabel"),
        ("ex:a bic:identifier 'a' .", "dcterms:identifier"),
        ("ex:a <http://w3id.org/bicentennial/ontology#advanceGoal> ex:b .", "bic:advancesGoal"),
        ("ex:a a <https://w3id.org/bicentennial/ontology#Аction> .", "bic:Action"),
        ("ex:a a <Action> .", "bic:Action"),
        ("ex:a <advancesGoal> ex:b .", "bic:advancesGoal"),
    ],
    ids=[
        *("property", "class", "title", "identifier", "scheme", "look-alike letter"),
        *("relative class", "relative property"),
    ],
)
def test_terms_near_ours_that_are_none_are_named(reads: Any, statement: str, suggestion: str) -> None:
    submission = reads("a.ttl", PREFIXES + statement)
    assert submission.found() == [("unknown-term", 10)]
    assert submission.findings[0].severity == "violation"
    assert suggestion in submission.findings[0].suggestions


@pytest.mark.parametrize(
    ("namespace", "shown"),
    [
        ("http://w3id.org/bicentennial/ontology#", "http://w3id.org/bicentennial/ontology#"),
        ("https://w3id.org/bicentennial/ontology/", "https://w3id.org/bicentennial/ontology/"),
        ("https://w3id.org/bicentennial/ns#", "https://w3id.org/bicentennial/ns#"),
        ("http://w3id.org/bicentennial#", "http://w3id.org/bicentennial#"),
        ("https://w3id.org/bicentennial/id/", "https://w3id.org/bicentennial/id/"),
        ("https://w3id.org/bicentenni\u0430l/ontology#", r"https://w3id.org/bicentenni\u0430l/ontology#"),
    ],
    ids=["scheme", "slash", "another name", "none", "things", "look-alike letter"],
)
def test_a_namespace_that_is_not_ours_is_said_once(reads: Any, namespace: str, shown: str) -> None:
    terms = f"ex:a a <{namespace}Action> ; <{namespace}advancesGoal> ex:b ; <{namespace}dueDate> '2023' ."
    submission = reads("a.ttl", PREFIXES + terms)
    assert submission.found() == [("namespace-differs", 10)]
    finding = submission.findings[0]
    assert finding.problem["en"] == (
        f"The ontology's names do not begin with {shown}, so these were not read: Action, advancesGoal, dueDate."
    )
    assert finding.suggestions == ("https://w3id.org/bicentennial/ontology#",)


def test_properties_of_others_in_place_of_ours_are_named(reads: Any) -> None:
    submission = reads(
        "a.ttl",
        PREFIXES
        + """@prefix dc: <http://purl.org/dc/elements/1.1/> . @prefix schema: <http://schema.org/> .
ex:a a bic:Action ; rdfs:label "x"@en ; dc:identifier "A-1" ; schema:startDate "2023" ; rdfs:comment "y" .
ex:b a bic:Action ; rdfs:label "x"@en ; skos:prefLabel "x"@en .
ex:c a ex:Action ; rdfs:label "x"@en ; dc:identifier "A-2" .""",
    )
    assert [(each.code, each.severity, each.location.line, each.suggestions) for each in submission.findings] == [
        ("property-other", "warning", 11, ("dcterms:identifier",)),
        ("property-other", "warning", 11, ("bic:startDate",)),
        ("property-other", "warning", 11, ("skos:prefLabel",)),
    ]
    assert submission.findings[2].problem["es"] == (
        "rdfs:label no es de las propiedades que se revisan, así que no se leyó; parece significar skos:prefLabel,"
        " que les falta a las mismas cosas (número de cosas: 1)."
    )


def test_terms_of_others_are_their_own_affair(reads: Any) -> None:
    assert reads("a.ttl", PREFIXES + 'ex:a a ex:Action , skos:Concept ; ex:advancesGoal "x" .').findings == []


@pytest.mark.parametrize("character", ["\u200b", "\u00ad", "\u202e", "\ufeff"])
def test_invisible_characters_in_iris_are_named(reads: Any, character: str) -> None:
    submission = reads("a.ttl", PREFIXES + f"<http://example.org/a{character}b> a bic:Action .")
    assert submission.found() == [("iri-hidden-character", 10)]
    assert character not in submission.findings[0].message["en"]


def test_rebound_prefixes_change_nothing(reads: Any) -> None:
    text = PREFIXES.replace(str(BIC), "http://example.org/mine#") + "ex:a a bic:Goal ."
    submission = reads("a.ttl", text)
    assert submission.findings == []
    assert submission.values("type") == ["http://example.org/mine#Goal"]


def test_a_term_that_is_like_none_of_ours_leads_to_all_of_them(reads: Any) -> None:
    told = reads("a.ttl", f"<urn:x:a> a <{BIC}Zorro> ; <{BIC}advancesGoall> <urn:x:b> .")
    assert [(each.suggestions, each.remedy["es"]) for each in told.findings] == [
        ((), "Corríjalo; «bicentennial export ontology ontologia.ttl» escribe todos los términos que hay."),
        (
            ("bic:advancesGoal", "bic:advancesPillar"),
            "Corríjalo; los términos conocidos más parecidos: bic:advancesGoal, bic:advancesPillar.",
        ),
    ]


def test_however_many_properties_of_others_there_are_no_more_is_asked(reads: Any) -> None:
    def asked(terms: int) -> int:
        things = (
            f"ex:{n} a bic:Action ; <urn:x:{n}:title> 'x' ; <urn:x:{n}:start_date> '2023' ." for n in range(terms)
        )
        submission = reads("a.ttl", PREFIXES + "\n".join(things)).submission
        assert len(submission.findings) == 2 * terms
        statements: list[str] = []
        submission.dataset.connection.set_trace_callback(statements.append)
        sanitize(submission.dataset, default_index(), submission.origins)
        submission.dataset.connection.set_trace_callback(None)
        return len(statements)

    assert asked(5) == asked(50)
