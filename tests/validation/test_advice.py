"""What a finding advises is right for the value, the kind of file and the language of the report."""

from __future__ import annotations

import json
import re
from types import SimpleNamespace
from typing import TYPE_CHECKING, Any

import openpyxl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bicentennial import api
from bicentennial.core.namespaces import BIC, BICD, DCTERMS, RDF, XSD
from bicentennial.core.problems import excerpt
from bicentennial.validation import suggestions
from bicentennial.validation.submission import check
from bicentennial.validation.suggestions import Suggestions
from bicentennial.vocabulary.index import default_index, normalize_key
from tests import books

if TYPE_CHECKING:
    from pathlib import Path

    from bicentennial.core.findings import Finding

FULL: dict[str, str] = {"id": "A-1", "title": "Train port officers", "goal": "G2", "responsible_party": "SRE"}


def findings(folder: Path, kind: str, **values: str) -> list[Finding]:
    """Return the violations and warnings of one action in a file of a kind."""
    record = {**FULL, **values}
    path = folder / f"in.{kind}"
    if kind == "json":
        path.write_text(json.dumps({"actions": [record]}), "utf-8")
    elif kind == "csv":
        rows = (record.keys(), record.values())
        path.write_text(
            "\n".join(",".join('"' + each.replace('"', '""') + '"' for each in row) for row in rows), "utf-8"
        )
    else:
        book: Any = openpyxl.Workbook()
        book.active.title = "actions"
        book.active.append(list(record))
        book.active.append(list(record.values()))
        book.save(path)
    return [each for each in api.validate(path, isolated=False).findings if each.severity != "info"]


def one(folder: Path, kind: str = "csv", **values: str) -> Finding:
    """Return the only violation or warning."""
    (found,) = findings(folder, kind, **values)
    return found


JOINED = {
    "SSPC y FGR": "SSPC; FGR",
    "SSPC/FGR": "SSPC; FGR",
    "['SSPC', 'FGR']": "SSPC; FGR",
    '["SSPC","FGR"]': "SSPC; FGR",
    "SSPC / FGR": "SSPC; FGR",
    "SSPC\nFGR": "SSPC; FGR",
    "SSPC|FGR": "SSPC; FGR",
    "SSPC, FGR y SRE": "SSPC; FGR; SRE",
    "SSPC, FGR, and SRE": "SSPC; FGR; SRE",
    "SRE e INM": "SRE; INM",
    "SRE + INM": "SRE; INM",
    "SRE - INM": "SRE; INM",
    "DEA & ATF": "DEA; ATF",
    "- SSPC\n- FGR": "SSPC; FGR",
    "1. SSPC\n2. FGR": "SSPC; FGR",
    "SSCP y FGR": "SSPC; FGR",
    "Secretaría de Seguridad y Protección Ciudadana y FGR": "Secretaría de Seguridad y Protección Ciudadana; FGR",
    "SEMAR y Guardia Nacional": "SEMAR; Guardia Nacional",
}


@pytest.mark.parametrize(("written", "parted"), JOINED.items())
@pytest.mark.parametrize("kind", ["csv", "json"])
def test_joined_parties_are_proposed_with_semicolons(tmp_path: Path, kind: str, written: str, parted: str) -> None:
    found = one(tmp_path, kind, responsible_party=written)
    assert found.suggestions_in("en") == found.suggestions_in("es") == (parted,)
    assert "semicolon (;)" in found.message["en"]
    assert "punto y coma (;)" in found.message["es"]
    assert findings(tmp_path, kind, responsible_party=parted) == []


@pytest.mark.parametrize(
    ("written", "parted"),
    [
        ("G1, G3", "G1; G3"),
        ("G1 y G3", "G1; G3"),
        ("G1 and G2", "G1; G2"),
        ("I, III", "I; III"),
        (
            "Proteger a nuestra gente, Perseguir las redes criminales",
            "Proteger a nuestra gente; Perseguir las redes criminales",
        ),
    ],
)
def test_joined_goals_are_proposed_with_semicolons(tmp_path: Path, written: str, parted: str) -> None:
    assert one(tmp_path, goal=written).suggestions_in("es") == (parted,)
    assert findings(tmp_path, "csv", goal=parted) == []


@pytest.mark.parametrize("written", ["SRE, Mi ONG Ficticia", "Mi ONG Ficticia y FGR", "FGR/Otra Cosa Ficticia"])
def test_nothing_is_proposed_that_loses_a_party(tmp_path: Path, written: str) -> None:
    for language in ("en", "es"):
        assert not {"SRE", "FGR"} & set(one(tmp_path, responsible_party=written).suggestions_in(language))


@pytest.mark.parametrize(
    ("column", "written"),
    [
        *(("responsible_party", each) for each in ("SRE, Mi ONG Ficticia", "FGR, SRE y Mi ONG Ficticia")),
        *(("partner", each) for each in ("Mi ONG Ficticia / FGR", "SRE\nMi ONG Ficticia")),
        ("goal", "G1, G77"),
        ("responsible_party", "XYZ, QQQ"),
    ],
)
def test_names_that_may_be_several_are_to_be_parted(tmp_path: Path, column: str, written: str) -> None:
    found = one(tmp_path, **{column: written})
    assert "separate them with a semicolon (;)." in found.message["en"]
    assert "sepárelos con punto y coma (;)." in found.message["es"]
    assert "into an array." in one(tmp_path, "json", **{column: written}).message["en"]


@pytest.mark.parametrize("written", ["Mi ONG, A.C.", "Mi ONG Ficticia", "Otra Oficina y Mi ONG Ficticia"])
def test_a_name_that_may_be_one_is_not_said_to_be_several(tmp_path: Path, written: str) -> None:
    assert "If these are several" not in one(tmp_path, responsible_party=written).message["en"]


@pytest.mark.parametrize("written", ["Mi ONG A.C.", "Mi ONG Ficticia"])
def test_a_word_for_a_kind_is_no_suggestion(tmp_path: Path, written: str) -> None:
    assert one(tmp_path, responsible_party=written).suggestions == ()


def test_names_are_suggested_in_the_language_of_the_report(tmp_path: Path) -> None:
    found = one(tmp_path, responsible_party="UFI")
    assert (found.suggestions_in("es"), found.suggestions_in("en")) == (("UIF",), ("FIU",))
    found = one(tmp_path, goal="Protect our peeple")
    assert found.suggestions_in("es") == ("Proteger a nuestra gente",)
    assert found.suggestions_in("en") == ("Protect our people",)
    assert found.to_dict()["suggested"] == {"en": ["Protect our people"], "es": ["Proteger a nuestra gente"]}
    # An acronym that both languages use stays what it is.
    assert one(tmp_path, responsible_party="OFACC").suggestions_in("es")[0] == "OFAC"


@pytest.mark.parametrize(
    "written", ["II", "2", "Goal II", "Meta II", "Objetivo 2", "Objetivo II", "G2", "G-2", "Meta No. 2", "eje 2", "2.0"]
)
def test_a_goal_is_known_by_its_number(tmp_path: Path, written: str) -> None:
    assert findings(tmp_path, "csv", goal=written) == []


@pytest.mark.parametrize("written", ["IV", "4", "Meta 4", "G9", "Objetivo"])
def test_a_number_that_no_goal_has_is_none(tmp_path: Path, written: str) -> None:
    assert one(tmp_path, goal=written).code == "Action-advancesGoal.unknown"


@pytest.mark.parametrize("written", ["N/A", "NA", "x", "No aplica", "-", "por definir", "n.d.", "s/d", "TBD"])
@pytest.mark.parametrize("column", ["partner", "place", "start_date", "status"])
def test_a_placeholder_is_to_be_left_empty(tmp_path: Path, column: str, written: str) -> None:
    found = one(tmp_path, "csv", **{column: written})
    assert found.suggestions_in("en") == found.suggestions_in("es") == ()
    assert found.message["en"].endswith("Leave it empty if there is none.")
    assert found.message["es"].endswith("Déjelo vacío si no hay.")


def test_a_placeholder_in_json_and_where_a_value_is_required(tmp_path: Path) -> None:
    assert one(tmp_path, "json", partner="N/A").message["es"].endswith("Omita la clave si no hay.")
    found = one(tmp_path, "csv", responsible_party="TBD")
    assert found.message["en"].endswith(
        "A value is required here: write a known or declared party, and nothing that only holds the place."
    )
    assert found.suggestions == ()


@pytest.mark.parametrize("column", ["start_date", "partner", "goal"])
@pytest.mark.parametrize("written", ["Err:502"])
def test_an_error_of_the_spreadsheet_gets_no_suggestion(tmp_path: Path, column: str, written: str) -> None:
    found = one(tmp_path, "csv", **{column: written})
    assert found.suggestions == ()
    assert "Correct the formula" in found.message["en"]


@pytest.mark.parametrize(
    ("kind", "english", "spanish"),
    [
        ("xlsx", "add it to the sheet “parties”", "agréguelo en la hoja «partes»"),
        ("json", "under the key “parties”", "a la lista de la clave «partes»"),
        (
            "csv",
            "[[declare]] with as = “party” and name = “responsible_party”",
            "name = «responsible_party» toma por propio",
        ),
    ],
)
def test_each_format_says_how_to_declare_a_party(tmp_path: Path, kind: str, english: str, spanish: str) -> None:
    found = one(tmp_path, kind, responsible_party="Instituto Ficticio")
    assert english in found.message["en"]
    assert spanish in found.message["es"]
    assert "IRI" not in found.message["en"] + found.message["es"]


GOAL = "https://w3id.org/bicentennial/id/goal-protect-our-people"
LISTS = {
    "a.ttl": f"PREFIX bic: <{BIC}> <urn:x:a> a bic:Action ; bic:advancesGoal ( <{GOAL}> ) ; bic:startDate ( 1 ), () .",
    "a.rdf": f"""<bic:Action xmlns:bic="{BIC}" xmlns:rdf="{RDF}" rdf:about="urn:x:a">
        <bic:advancesGoal rdf:parseType="Collection"><rdf:Description rdf:about="{GOAL}"/></bic:advancesGoal>
        <bic:startDate rdf:parseType="Collection"/></bic:Action>""",
    "a.jsonld": json.dumps(
        {
            "@context": {"@vocab": str(BIC), "advancesGoal": {"@type": "@id", "@container": "@list"}},
            "@id": "urn:x:a",
            "@type": "Action",
            "advancesGoal": [GOAL],
            "startDate": {"@list": ["2024"]},
        }
    ),
}


@pytest.mark.parametrize("name", LISTS)
def test_a_list_is_told_from_a_thing_that_is_not_known(tmp_path: Path, name: str) -> None:
    path = tmp_path / name
    path.write_text(LISTS[name])
    found = [
        each
        for each in api.validate(path, isolated=False).findings
        if each.code in ("Action-advancesGoal.unknown", "Action-startDate.datatype")
    ]
    assert {each.code for each in found} == {"Action-advancesGoal.unknown", "Action-startDate.datatype"}
    for each in found:
        assert "“( … )” is not" in each.message["en"]
        assert ("“@list”" if name == "a.jsonld" else "commas") in each.message["en"]
        assert "una lista de RDF" in each.message["es"]
        assert "_:" not in each.message["en"] + each.message["es"]


def test_rdf_is_told_of_iris(tmp_path: Path) -> None:
    path = tmp_path / "a.ttl"
    path.write_text(
        "PREFIX bic: <https://w3id.org/bicentennial/ontology#>\n"
        "<urn:x:a> a bic:Action ; bic:hasResponsibleParty 'X Y Z' ."
    )
    found = next(
        each
        for each in api.validate(path, isolated=False).findings
        if each.code == "Action-hasResponsibleParty.unknown"
    )
    assert "Write its IRI, not a text" in found.message["en"]
    assert "(bic:Party)" in found.message["es"]


@pytest.mark.parametrize(
    ("said", "code", "suggestion", "remedy"),
    [
        ("bic:advancesGoal 'G1'", "advancesGoal.unknown", "bicd:goal-protect-our-people", "Write its IRI: in RDF"),
        ("bic:advancesGoal 'Protect our peeple'@en", "advancesGoal.unknown", "bicd:goal-protect-our-people", ""),
        ("bic:advancesGoal bicd:goal-protect-our-peeple", "advancesGoal.unknown", "bicd:goal-protect-our-people",
         "Correct the IRI."),
        ("bic:advancesGoal <http://w3id.org/bicentennial/id/goal-protect-our-people>", "advancesGoal.unknown",
         "bicd:goal-protect-our-people", "Correct the IRI."),
        ("bic:advancesGoal <https://example.org/goal-protect-our-people>", "advancesGoal.unknown", None, ""),
        ("bic:hasStatus [ skos:prefLabel 'ongoing'@en ]", "hasStatus.unknown", "bicd:status-ongoing",
         "a node without an IRI"),
        ("bic:hasResponsibleParty [ skos:prefLabel 'X' ]", "hasResponsibleParty.unknown", None, "class (bic:Par"),
        ("bic:startDate [ skos:prefLabel '2023' ]", "startDate.datatype", None, "Correct it"),
        ("bic:hasStatus bicd:ongoing", "hasStatus.unknown", "bicd:status-ongoing", "Correct the IRI."),
        ("bic:hasResponsibleParty 'SRE'", "hasResponsibleParty.unknown", "bicd:agency-sre", "(bic:Party)"),
        ("bic:hasResponsibleParty bicd:agency-sscp", "hasResponsibleParty.unknown", "bicd:agency-sspc", "the IRI;"),
        ("bic:startDate '2023-05-01'", "startDate.datatype", '"2023-05-01"^^xsd:date', "The text is right"),
        ("bic:startDate 2023", "startDate.datatype", '"2023"^^xsd:gYear', "The text is right"),
        ("bic:startDate '2023-05-01T00:00:00'^^xsd:dateTime", "startDate.datatype", '"2023-05-01"^^xsd:date', ""),
        ("bic:startDate '2023-13-01'^^xsd:date", "startDate.datatype", "2023-01-13", "Correct it"),
        ("bic:budgetAmount 1000.0e0", "budgetAmount.datatype", '"1000"^^xsd:decimal', ""),
        ("bic:budgetAmount '1000'", "budgetAmount.datatype", '"1000"^^xsd:decimal', "The text is right"),
        ("bic:budgetAmount '1,000.50'^^xsd:decimal", "budgetAmount.datatype", "1000.50", ""),
        ("dcterms:identifier 'A-1'@en", "identifier.datatype", '"A-1"', "The text is right"),
        ("dcterms:identifier 'A{x}-{value}'@en", "identifier.datatype", '"A{x}-{value}"', 'write "A{x}-{value}".'),
        (r"dcterms:identifier 'A\n1'@en", "identifier.datatype", None, ""),
        (f"dcterms:identifier '{'very ' * 90}long'@en", "identifier.datatype", None, ""),
    ],
)  # fmt: skip
def test_rdf_is_told_what_to_write(tmp_path: Path, said: str, code: str, suggestion: str | None, remedy: str) -> None:
    path = tmp_path / "a.ttl"
    path.write_text(
        "PREFIX bic: <https://w3id.org/bicentennial/ontology#> PREFIX bicd: <https://w3id.org/bicentennial/id/>\n"
        "PREFIX dcterms: <http://purl.org/dc/terms/> PREFIX xsd: <http://www.w3.org/2001/XMLSchema#>\n"
        "PREFIX skos: <http://www.w3.org/2004/02/skos/core#>\n"
        f"<urn:x:a> a bic:Action ; {said} .",
        encoding="utf-8",
    )
    [found] = [each for each in api.validate(path, isolated=False).findings if each.code == f"Action-{code}"]
    assert found.suggestions[:1] == (() if suggestion is None else (suggestion,))
    assert remedy in found.message["en"]


STATED = {
    "ex:g skos:exactMatch bicd:goal-protect-our-people .": "bicd:goal-protect-our-people",
    "ex:g <https://schema.org/sameAs> bicd:goal-protect-our-people ; skos:prefLabel 'Meta 3'@es .": (
        "bicd:goal-protect-our-people"
    ),
    "ex:g skos:prefLabel 'protect our people'@en, 'Proteger a nuestra gente'@es .": "bicd:goal-protect-our-people",
    "ex:g skos:exactMatch bicd:agency-sre .": None,
    "ex:g skos:exactMatch <urn:other> ; skos:prefLabel 'Our people'@en .": None,
    "ex:g skos:prefLabel 'Protect our people'@en, 'Pursue criminal networks'@en .": None,
}


@pytest.mark.parametrize(("said", "suggestion"), STATED.items())
@pytest.mark.parametrize("node", ["ex:g", "_:g"])
def test_what_a_file_says_a_thing_to_be_is_suggested(
    tmp_path: Path, node: str, said: str, suggestion: str | None
) -> None:
    path = tmp_path / "a.ttl"
    path.write_text(
        f"@prefix bic: <{BIC}> . @prefix bicd: <{BICD}> . @prefix skos: <http://www.w3.org/2004/02/skos/core#> .\n"
        "@prefix ex: <https://example.org/> .\n"
        f"ex:a a bic:Action ; bic:advancesGoal {node} .\n{said}".replace("ex:g", node),
        "utf-8",
    )
    found = api.validate(path, isolated=False).findings
    (finding,) = [each for each in found if each.code == "Action-advancesGoal.unknown"]
    assert list(finding.suggestions) == ([suggestion] if suggestion else [])


@pytest.mark.parametrize(
    ("column", "month"), [("start_date", "2023-01"), ("due_date", "2023-03"), ("end_date", "2023-03")]
)
def test_a_quarter_begins_and_ends_where_its_column_says(tmp_path: Path, column: str, month: str) -> None:
    found = next(each for each in findings(tmp_path, "csv", **{column: "1T 2023"}) if each.code.endswith("datatype"))
    assert found.suggestions == (month,)


def test_sentences_of_rules_begin_with_the_article(tmp_path: Path) -> None:
    found = one(tmp_path, start_date="2023-05", due_date="2023-04")
    assert found.message["es"].startswith("La acción A-1 («Train port officers») vence el 2023-04")
    assert found.message["en"].startswith("Action A-1 (“Train port officers”) is due on 2023-04")


@pytest.mark.parametrize(
    ("values", "code"),
    [
        ({"start_date": "0203-03-01"}, "Action-startDateIsPlausible"),
        ({"start_date": "1855-07-15"}, "Action-startDateIsPlausible"),
        ({"start_date": "-0044"}, "Action-startDateIsPlausible"),
        ({"due_date": "9999-12-31"}, "Action-dueDateIsPlausible"),
        ({"end_date": "3023-02"}, "Action-endDateIsPlausible"),
        ({"budget": "1000000000000000", "currency": "MXN"}, "Action-budgetIsPlausible"),
    ],
)
def test_what_can_hardly_be_meant_is_a_warning(tmp_path: Path, values: dict[str, str], code: str) -> None:
    found = one(tmp_path, **values)
    assert (found.code, found.severity) == (code, "warning")


@pytest.mark.parametrize("engine", ["compiled", "pyshacl"])
def test_a_year_that_python_has_no_dates_of_is_hardly_meant(tmp_path: Path, engine: str) -> None:
    days = ("-0044-03-15", "0000-03-15", "12023-03-15")
    path = tmp_path / "a.ttl"
    path.write_text(
        "@prefix bic: <https://w3id.org/bicentennial/ontology#> .\n"
        + "".join(f'<urn:x:{day}> a bic:Action ; bic:startDate "{day}"^^<{XSD.date}> .\n' for day in days),
        encoding="utf-8",
    )
    found = check(path, engine=engine).findings
    assert [(each.code, each.value) for each in found if each.value in days] == [
        ("Action-startDateIsPlausible", day) for day in days
    ]


@pytest.mark.parametrize(
    ("class_name", "number"),
    [("Goal", 3), ("Modality", 0), ("Pillar", 0), ("Status", 0), ("Party", 0), ("GuidingCommitment", 3)],
)
def test_only_few_choices_are_listed_where_a_value_is_missing(class_name: str, number: int) -> None:
    index = default_index()
    things: Any = SimpleNamespace(index=index, language=lambda: "es")
    choices = Suggestions(things, None)._choices((BIC[class_name],))  # type: ignore[arg-type]
    assert {language: len(several) for language, several in choices.items()} == dict.fromkeys(("", "en", "es"), number)


@pytest.mark.parametrize(
    ("written", "suggested"),
    [("Containers inspectd", ("Containers inspected",)), ("Officers inspired", ()), ("Ports", ())],
)
def test_things_of_the_submission_are_suggested_by_like_names_alone(
    tmp_path: Path, written: str, suggested: tuple[str, ...]
) -> None:
    path = tmp_path / "in.json"
    indicator = {"id": "I-1", "name": "Containers inspected", "measures": "A-1"}
    measurement = {"id": "M-1", "indicator": written, "date": "2024-01-01", "value": 5}
    path.write_text(json.dumps({"actions": [FULL], "indicators": [indicator], "measurements": [measurement]}), "utf-8")
    found = [each for each in api.validate(path, isolated=False).findings if each.code.startswith("Measurement-obs")]
    assert [(each.code, each.suggestions) for each in found] == [("Measurement-observes.unknown", suggested)]


@pytest.mark.parametrize(
    ("column", "value", "suggestions"),
    [("budget", "(1,000)", ()), ("budget", "-$5,000", ()), ("budget", "1,000", ("1000",)),
     ("start_date", "2023-31-12", ("2023-12-31",)), ("start_date", "2023-02-30", ())],
)  # fmt: skip
def test_nothing_is_suggested_that_would_be_refused(
    tmp_path: Path, column: str, value: str, suggestions: tuple[str, ...]
) -> None:
    [found] = [each for each in findings(tmp_path, "csv", **{column: value}) if each.code.endswith(".datatype")]
    assert found.suggestions == suggestions


@pytest.mark.parametrize(("name", "where"), [("a.json", "list under the key “actions”"), ("a.xlsx", "sheet “actions”")])
def test_an_unknown_action_is_asked_for_by_its_identifier(tmp_path: Path, name: str, where: str) -> None:
    path = tmp_path / name
    action = ["A-1", "Train port officers", "G1", "SRE"]
    milestone = ["H-1", "A-9", "First course"]
    if name == "a.json":
        lists = {
            "actions": [dict(zip(("id", "title", "goal", "responsible_party"), action, strict=True))],
            "milestones": [dict(zip(("id", "action", "title"), milestone, strict=True))],
        }
        path.write_text(json.dumps(lists), encoding="utf-8")
    else:
        sheets = {
            "actions": books.xlsx_sheet([["id", "title", "goal", "responsible_party"], action]),
            "milestones": books.xlsx_sheet([["id", "action ID", "title"], milestone]),
        }
        path.write_bytes(books.packed(books.xlsx_parts(sheets)))
    [found] = [
        each for each in api.validate(path, isolated=False).findings if each.code.endswith("isMilestoneOf.unknown")
    ]
    assert found.remedy["en"] == (
        f"Correct the identifier; or if it is one of your own, add it to the {where} and write its identifier here."
    )
    assert found.suggestions[0] == "A9"


def test_a_shape_without_a_name_speaks_of_its_property(tmp_path: Path) -> None:
    data, shapes = tmp_path / "a.csv", tmp_path / "s.ttl"
    data.write_text("id,title,goal,responsible_party\nñ,Train,G1,SRE\n", encoding="utf-8")
    shapes.write_text(
        """@prefix sh: <http://www.w3.org/ns/shacl#> . @prefix bic: <https://w3id.org/bicentennial/ontology#> .
<urn:S> a sh:NodeShape ; sh:targetClass bic:Action ;
  sh:property [ sh:path <http://purl.org/dc/terms/identifier> ; sh:pattern "^[A-Z]" ] ;
  sh:property [ sh:path bic:startDate ; sh:minCount 1 ] .""",
        encoding="utf-8",
    )
    report = api.validate(data, shapes=shapes, isolated=False)
    said = {each.path: each.problem["en"] for each in report.findings if each.code.startswith("_:")}
    assert said == {
        DCTERMS.identifier: "Action ñ (“Train”): the identifier “ñ” does not meet what a shape asks for (pattern).",
        BIC.startDate: "Action ñ (“Train”): the start date does not meet what a shape asks for (missing).",
    }


@pytest.mark.parametrize("engine", ["auto", "pyshacl"])
def test_what_shapes_name_and_do_not_hold_is_told_by_file(tmp_path: Path, engine: str) -> None:
    data, first, second = tmp_path / "a.csv", tmp_path / "first.ttl", tmp_path / "second.ttl"
    data.write_text("id,title,goal,responsible_party\nA1,Train,G1,SRE\n", encoding="utf-8")
    start = """@prefix sh: <http://www.w3.org/ns/shacl#> . @prefix bic: <https://w3id.org/bicentennial/ontology#> .
<urn:S> a sh:NodeShape ; sh:targetClass bic:Action ; """
    first.write_text(
        f"{start}sh:node <urn:T> . <urn:o> <http://www.w3.org/2002/07/owl#imports> <urn:i> .", encoding="utf-8"
    )
    second.write_text(f"{start}sh:node <urn:T> . <urn:T> sh:nodeKind sh:IRI .", encoding="utf-8")
    report = api.validate(data, shapes=[first, second], engine=engine, isolated=False)
    assert report.conforms
    [found] = [each for each in report.findings if each.code == "shapes-unread"]
    assert "first.ttl" in found.message["en"]
    assert "<urn:i> (number of names: 2)" in found.message["en"]


def test_json_ld_is_told_in_its_own_form(tmp_path: Path) -> None:
    path = tmp_path / "a.jsonld"
    context = {"bic": str(BIC), "bicd": str(BICD)}
    node = {"bic:advancesGoal": "bicd:goal-protect-our-people", "bic:startDate": "2023-05-01"}
    path.write_text(json.dumps({"@context": context, "@id": "urn:x:a", "@type": "bic:Action", **node}))
    found = {each.path: each for each in api.validate(path, isolated=False).findings if each.suggestions}
    goal, start = found[BIC.advancesGoal], found[BIC.startDate]
    assert goal.suggestions == ('{"@id": "bicd:goal-protect-our-people"}',)
    assert "Write its IRI as “@id”" in goal.remedy["en"]
    assert start.suggestions == ('{"@value": "2023-05-01", "@type": "xsd:date"}',)
    assert start.remedy["es"].endswith("escríbalo con «@value» y «@type».")


@pytest.mark.parametrize("kind", ["csv", "xlsx", "json"])
def test_of_a_short_list_that_nothing_is_like_each_choice_is_named(tmp_path: Path, kind: str) -> None:
    found = one(tmp_path, kind, status="vigente")
    assert found.remedy == {
        "en": "Write one of: announced, cancelled, completed, ongoing, planned, suspended.",
        "es": "Escriba una de estas opciones: anunciada, cancelada, concluida, en curso, planeada, suspendida.",
    }
    assert one(tmp_path, kind, status="ongoingg").remedy["en"].startswith("Correct the spelling")


@pytest.mark.parametrize(
    ("column", "written", "suggestion"),
    [
        ("goal", "G1 - Protect our people", "G1"),
        ("responsible_party", "SRE / Secretaría de Relaciones Exteriores", "SRE"),
        ("place", "Puerto de Manzanillo, Colima", "Puerto de Manzanillo"),
        ("responsible_party", "UIF, SHCP", "UIF; SHCP"),
        ("responsible_party", "SRE FGR", "SRE; FGR"),
        ("goal", "G1 G2", "G1; G2"),
    ],
)
def test_what_is_named_twice_is_one_thing(tmp_path: Path, column: str, written: str, suggestion: str) -> None:
    found = one(tmp_path, **{column: written})
    assert found.suggestions_in("es") == (suggestion,)
    assert ("semicolon" in found.remedy["en"]) == (";" in suggestion)


def test_nothing_is_suggested_for_a_name_beside_a_known_one(tmp_path: Path) -> None:
    found = one(tmp_path, place="Somewhere, Baja California")
    assert found.suggestions == ()
    assert found.remedy["es"].startswith("Si son varios valores, sepárelos con punto y coma (;).")


@pytest.mark.parametrize("written", ["mdp", "millones de pesos", "thousands of dollars", "MDD"])
def test_a_unit_in_place_of_a_currency_belongs_to_the_amount(tmp_path: Path, written: str) -> None:
    found = one(tmp_path, currency=written, budget="1.5")
    assert found.remedy["en"].startswith("Write the three capital letters of the code, and the amount in full")
    assert found.suggestions == (("MXN",) if "p" in written else ("USD",))


AWKWARD = st.text(st.sampled_from("{}%$\\\"'«»\n\t\x1b\u202e<>&;aé0 !:.") | st.characters(max_codepoint=0x2FF))


@settings(deadline=None, max_examples=40)
@given(texts=st.lists(AWKWARD, min_size=5, max_size=5), is_spanish=st.booleans())
def test_texts_of_partners_are_quoted_as_they_are(texts: list[str], is_spanish: bool) -> None:
    values = [f"x{text.replace(chr(0), '')}{{value}}%s{{0}}{{expected}}" for text in texts]
    es = ("identificador", "título", "meta", "parte_responsable", "estado")
    names = es if is_spanish else ("id", "title", "goal", "responsible_party", "status")
    content = json.dumps([dict(zip(names, values, strict=True))]).encode()
    found = api.validate(content, input_format="json", isolated=False).findings
    for path in (BIC.advancesGoal, BIC.hasResponsibleParty, BIC.hasStatus):
        told = [each for each in found if each.path == path and each.value is not None]
        assert told
        for each in told:
            assert all(excerpt(each.value) in said for said in each.problem.values())
            assert not any(
                "{" in said or re.search(r"[\x00-\x1f\x7f-\x9f\u202e]", said) for said in each.remedy.values()
            )
            assert not any(re.search(r"[\x00-\x1f\x7f-\x9f\u202e]", said) for said in each.problem.values())


def test_the_names_that_a_file_declares_are_folded_once(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    folded: list[str] = []

    def fold_and_note(text: str) -> str:
        folded.append(text)
        return normalize_key(text)

    monkeypatch.setattr(suggestions, "normalize_key", fold_and_note)
    data = {
        "actions": [{**FULL, "id": f"A-{n}", "responsible_party": f"Oficina Fictisia {n}"} for n in range(20)],
        "parties": [{"id": f"P-{n}", "name": f"Oficina Ficticia {n}"} for n in range(20)],
    }
    path = tmp_path / "in.json"
    path.write_text(json.dumps(data), "utf-8")
    unknown = [each for each in check(path).findings if each.code == "Action-hasResponsibleParty.unknown"]
    assert {each.suggestions[0] for each in unknown} == {f"Oficina Ficticia {n}" for n in range(20)}
    assert folded.count("Oficina Ficticia 1") == 1
