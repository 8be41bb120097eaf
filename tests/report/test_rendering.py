"""The report in each of its formats: what it says, and what no value can make it say."""

from __future__ import annotations

import csv
import io
import json
import textwrap
from typing import TYPE_CHECKING, Any

import pytest
import rdflib
from hypothesis import given
from hypothesis import strategies as st

from bicentennial import api
from bicentennial.core.findings import SEVERITIES, Finding, Location
from bicentennial.core.messages import section
from bicentennial.core.resources import directory, ontology_version
from bicentennial.report import BINARY, FORMATS, Report, render
from bicentennial.report import text as text_report
from bicentennial.report.codes.titles import title
from bicentennial.report.judged import JudgedOutcome
from bicentennial.report.words import guess, suggestion
from bicentennial.validation.outcome import Outcome

if TYPE_CHECKING:
    from pathlib import Path

    from bicentennial.core.messages import Language

SH = rdflib.Namespace("http://www.w3.org/ns/shacl#")
HOSTILE = '=HYPERLINK("x")\x1b[2J\n✓ a.csv conforms\r\u202e<script>alert(1)</script>]]>"'


@pytest.fixture(scope="module")
def faulty() -> Report:
    return api.validate(directory("submissions") / "faulty.csv", isolated=False)


@pytest.fixture(scope="module")
def good() -> Report:
    return api.validate(directory("submissions") / "good.csv", isolated=False)


def hostile() -> Report:
    finding = Finding(
        code="Action-prefLabel.pattern",
        severity="violation",
        problem={"en": f"Action {HOSTILE} is wrong.", "es": f"La acción {HOSTILE} está mal."},
        location=Location(file=HOSTILE, sheet=HOSTILE, row=2, column="B", header=HOSTILE),
        shape="Action-prefLabel",
        constraint="PatternConstraintComponent",
        focus="_:b0",
        path="http://www.w3.org/2004/02/skos/core#prefLabel",
        value=HOSTILE,
        suggestions=(HOSTILE,),
    )
    second = Finding("header-unknown", "info", {"en": HOSTILE, "es": HOSTILE}, Location(file=HOSTILE, pointer=HOSTILE))
    totals = {finding.code: ("violation", 1), second.code: ("info", 1)}
    return Report(Outcome(HOSTILE, "csv", 1, 3, "compiled", True, (finding, second), totals))


def test_ten_lines_say_what_to_fix_first(faulty: Report) -> None:
    assert faulty.to_text().splitlines()[1:10] == [
        "",
        "Fix first:",
        "  ✗ A2, A6: Action A-001 uses the identifier A-001, which another action uses too.",
        "  ✗ L3, L8: Start date: not a date that can be read (2) → 2023-04-03, 2023-03-04?",
        "  ✗ D7: Action A-006: no goal or guiding commitment is given, but at least one is required.",
        "  ✗ D8: Action A-007: the goal “Protect our peeple” is not a known goal. → Protect our people?",
        "  ✗ O5: Budget: number out of range (“-5000”)",
        "  ✗ P6: Currency: not recognised (“pesos”) → MXN?",
        "  … and 10 more kinds of findings below.",
    ]
    assert (
        faulty.to_text()
        .splitlines()[0]
        .endswith("faulty.csv does not conform: 12 violations, 4 warnings, 3 notes in 7 actions.")
    )


def test_where_a_sentence_does_not_fit_its_kind_stands() -> None:
    """Sixteen activities with long titles: what two kinds say of them would be cut to the same words."""
    said = {"en": f"Action “{'Programme of the region ' * 5}” lacks it.", "es": "Le falta."}

    def of(name: str, count: int) -> list[Finding]:
        path = f"https://w3id.org/bicentennial/ontology#{name}"
        places = [Location(line=3 + n) for n in range(count)]
        return [Finding(f"Action-{name}.missing", "violation", said, each, "x", path=path) for each in places]

    goals, parties = of("advancesGoal", 16), of("hasResponsibleParty", 1)
    totals = {goals[0].code: ("violation", 16), parties[0].code: ("violation", 1)}
    report = Report(Outcome("a.xml", findings=(*goals, *parties), totals=totals))
    assert report.to_text(width=80).splitlines()[3:5] == [
        "  ✗ line 3, line 4, line 5 and 13 more: Goal: required value missing (16)",
        "  ✗ line 3: Responsible party: required value missing",
    ]
    assert report.to_text(width=40).splitlines()[4] == "  ✗ line 3: Responsible party: required…"
    assert "  ✗ línea 3: Le falta." in report.to_text("es", width=80).splitlines()


def test_a_place_is_named_once() -> None:
    places = [Location(row=1), Location(row=1), Location(row=5), Location(row=1), Location(row=7), Location(row=9)]
    many = [Finding("x", "violation", {"en": "No."}, place) for place in places]
    other = Finding("y", "violation", {"en": "No."}, Location(row=1))
    totals = {"x": ("violation", 40), "y": ("violation", 1)}
    text = Report(Outcome("a.csv", findings=(*many, other), totals=totals)).to_text()
    assert "  ✗ row 1, row 5, row 7 and 37 more: No." in text.splitlines()
    assert "  ✗ row 1: No." in text.splitlines()


def test_json_is_the_same_from_a_worker(faulty: Report) -> None:
    isolated = api.validate(faulty.file)
    assert isolated.to_json() == faulty.to_json()
    assert isolated.findings == faulty.findings
    assert isolated.outcome.findings[:2] == faulty.findings[:2]
    assert isolated.outcome.findings[-1] == faulty.findings[-1]


def test_text_in_spanish(faulty: Report, good: Report) -> None:
    text = faulty.to_text("es")
    assert "faulty.csv no es conforme: 12 incumplimientos, 4 advertencias, 3 notas en 7 acciones." in text
    assert "Corrija primero:" in text
    assert "INCUMPLIMIENTO · La fecha de fin es anterior al inicio · Action-endsAfterItStarts · 1" in text
    assert "termina el 2023-01-31, antes de empezar el 2023-02-28" in " ".join(text.split())
    assert good.to_text("es").endswith("good.csv es conforme: 5 acciones, nada que corregir.\n")


def test_color_only_where_asked_for(faulty: Report) -> None:
    assert "\x1b" not in faulty.to_text()
    assert "\x1b[31m" in faulty.to_text(color=True)


@pytest.mark.parametrize("lang", ["en", "es"])
@pytest.mark.parametrize("name", [name for name in FORMATS if name not in BINARY])
def test_no_value_acts_on_its_reader(name: str, lang: Language) -> None:
    text = render([hostile()], name, lang)
    assert "\x1b" not in text
    if name not in ("json", "sarif", "turtle"):
        assert "\u202e" not in text
    assert not any(line.startswith("✓ a.csv") for line in text.splitlines())
    assert "<script>alert" not in text or name != "html"


def test_csv_holds_no_formula() -> None:
    rows = list(csv.reader(io.StringIO(hostile().to_csv())))
    assert len(rows) == 3
    assert not [cell for row in rows for cell in row if cell.startswith(("=", "+", "-", "@", "\t", "\r"))]


def test_csv_of_a_submission(faulty: Report) -> None:
    rows = list(csv.DictReader(io.StringIO(faulty.to_csv("es"))))
    assert len(rows) == 19
    ends = next(row for row in rows if row["código"] == "Action-endsAfterItStarts")
    assert (ends["celda"], ends["gravedad"], ends["propiedad"], ends["valor"]) == (
        "N4", "incumplimiento", "bic:endDate", "2023-01-31",
    )  # fmt: skip


def test_json_is_stable(faulty: Report) -> None:
    plain = json.loads(faulty.to_json())
    assert list(plain) == ["conforms", "engine", "version", "profile", "submission", "summary", "findings"]
    assert plain["conforms"] is False
    assert plain["submission"] == {
        "file": str(directory("submissions") / "faulty.csv"), "format": "csv", "actions": 7, "statements": 97,
        "version": ontology_version(), "version_detected": "assumed",
        "sheets": [{"name": None, "class": "Action", "rows": 7, "header_row": 1}],
    }  # fmt: skip
    assert {key: plain["summary"][key] for key in SEVERITIES} == {"violation": 12, "warning": 4, "info": 3}
    assert sum(plain["summary"]["by_code"].values()) == 19
    found = next(each for each in plain["findings"] if each["code"] == "Action-hasResponsibleParty.unknown")
    assert found == {
        "code": "Action-hasResponsibleParty.unknown",
        "severity": "violation",
        "shape": "Action-hasResponsibleParty",
        "constraint": "ClassConstraintComponent",
        "focus": "urn:x-bicentennial:action:A-002",
        "path": "https://w3id.org/bicentennial/ontology#hasResponsibleParty",
        "value": "SSCP",
        "location": {
            "file": "faulty.csv", "sheet": None, "row": 3, "column": "F", "cell": "F3", "header": "responsible_party",
            "line": None, "pointer": None,
        },
        "message": {lang: f"{found['problem'][lang]} {found['remedy'][lang]}" for lang in ("en", "es")},
        "problem": found["problem"],
        "remedy": found["remedy"],
        "suggestions": ["SSPC", "SHCP"],
        "suggested": {"en": ["SSPC", "SHCP"], "es": ["SSPC", "SHCP"]},
    }  # fmt: skip
    assert found["problem"]["en"].startswith(
        "Action A-002 (“Open a reading room for young people”): the responsible party “SSCP” is not a known"
    )
    assert found["remedy"]["en"].startswith("Correct the spelling; or ")


def test_json_of_several(faulty: Report, good: Report) -> None:
    plain = json.loads(render([good, faulty], "json", "en"))
    assert list(plain) == ["conforms", "reports"]
    assert (plain["conforms"], [each["conforms"] for each in plain["reports"]]) == (False, [True, False])


@pytest.mark.parametrize("kind", ["faulty", "hostile"])
def test_turtle_is_a_shacl_report(kind: str, faulty: Report) -> None:
    report = faulty if kind == "faulty" else hostile()
    graph = rdflib.Graph().parse(data=report.to_turtle(), format="turtle")
    (node,) = graph.subjects(rdflib.RDF.type, SH.ValidationReport)
    assert [str(value) for value in graph.objects(node, SH.conforms)] == ["false"]
    results = list(graph.objects(node, SH.result))
    assert len(results) == len(report.findings)
    for result in results:
        for required in (SH.focusNode, SH.resultSeverity, SH.sourceConstraintComponent):
            assert len(list(graph.objects(result, required))) == 1
        assert {message.language for message in graph.objects(result, SH.resultMessage)} == {"en", "es"}  # type: ignore[attr-defined]


def test_sarif_points_into_the_file(faulty: Report) -> None:
    (run,) = json.loads(faulty.to_sarif("es"))["runs"]
    ends = next(each for each in run["results"] if each["ruleId"] == "Action-endsAfterItStarts")
    assert ends["level"] == "error"
    assert run["tool"]["driver"]["rules"][ends["ruleIndex"]]["id"] == "Action-endsAfterItStarts"
    assert ends["locations"][0]["physicalLocation"]["region"] == {"startLine": 4}
    assert ends["locations"][0]["logicalLocations"] == [{"fullyQualifiedName": "N4"}]


def test_fail_on_decides_and_conforms_agrees(tmp_path: Path) -> None:
    text = (directory("submissions") / "good.csv").read_text(encoding="utf-8")
    noted = tmp_path / "noted.csv"
    noted.write_text(text.replace("Closing note 2 (fictitious)", ""), encoding="utf-8")
    outcome = api.validate(noted, isolated=False).outcome
    reports = {severity: Report(outcome, severity) for severity in SEVERITIES}
    assert {severity: report.exit_code for severity, report in reports.items()} == {
        "violation": 0, "warning": 0, "info": 1,
    }  # fmt: skip
    assert all(report.conforms is (report.exit_code == 0) is bool(report) for report in reports.values())


def test_totals_are_true_beyond_what_is_listed(tmp_path: Path) -> None:
    rows = "".join(f"A-{n},Title {n},Nowhere,SRE\n" for n in range(1_500))
    path = tmp_path / "long.csv"
    path.write_text("id,title,goal,responsible_party\n" + rows, encoding="utf-8")
    report = api.validate(path, isolated=False)
    assert report.by_code["Action-advancesGoal.unknown"] == 1_500
    listed = report.of_code("Action-advancesGoal.unknown")
    assert [finding.location.cell for finding in listed] == [f"C{row}" for row in range(2, 1_002)]
    assert "… and 1,480 more" in report.to_text()


def test_a_missing_goal_gives_the_goals_to_choose_from(tmp_path: Path) -> None:
    path = tmp_path / "in.csv"
    path.write_text("identificador,título,meta,parte_responsable,estado\nA-1,Plantar árboles,,,planeada\n")
    goal, party = (found for found in api.validate(path, isolated=False).findings if found.code.endswith(".missing"))
    goals = ("Proteger a nuestra gente", "Prevenir los delitos transfronterizos", "Perseguir las redes criminales")
    assert goal.suggestions == goals
    assert suggestion(goal, "es") == f"Elija entre: {', '.join(goals)}."
    assert suggestion(goal, "en").startswith("Choose from: Protect our people")
    assert guess(goal, "en") == ""
    assert party.suggestions == ()


def test_two_headers_that_are_missing_are_both_named(tmp_path: Path) -> None:
    path = tmp_path / "a.csv"
    path.write_text("id,title,status,pillar\nA-1,x,planned,\nA-2,y,planned,\n", "utf-8")
    named: dict[Language, tuple[str, str]] = {
        "en": ("“goal”", "“responsible_party”"),
        "es": ("«meta»", "«parte_responsable»"),
    }
    for lang, names in named.items():
        text = api.validate(path, isolated=False).to_text(lang)
        assert [text.partition("· header-missing ·")[2].count(name) for name in names] == [2, 2], text


def test_every_rule_has_a_title_that_names_the_fault() -> None:
    titles = section("rule")["titles"]
    rules = {file.stem for file in directory("shapes").glob("rules/*.ttl")} - {"prefixes"}
    assert titles.keys() == rules
    assert all(set(texts) == {"en", "es"} for texts in titles.values())


def test_headings_name_the_fault(tmp_path: Path) -> None:
    path = tmp_path / "a.csv"
    path.write_text(
        "id,title,goal,responsible_party,start_date,budget\nA,x,G1,SRE,soon,lots\nA,y,G1,SRE,2023,5\n", encoding="utf-8"
    )
    found = {each.code: title(each)["es"] for each in api.validate(path, isolated=False).findings}
    assert found["Action-identifierIsUnique"] == "El identificador se repite"
    assert found["Action-startDate.datatype"] == "Fecha de inicio: no es una fecha que se pueda leer"
    assert found["Action-budgetAmount.datatype"] == "Presupuesto: no es un número simple"


@given(st.lists(st.text("ab-é", max_size=12), max_size=9), st.integers(5, 40), st.sampled_from(["", "  ", "    "]))
def test_lines_are_those_of_the_standard_library(words: list[str], width: int, indent: str) -> None:
    text = " ".join(words).strip()
    options: dict[str, Any] = {"subsequent_indent": indent, "break_long_words": False, "break_on_hyphens": False}
    assert text_report._wrapped(text, width, indent) == textwrap.wrap(text, width, **options)
    indented = textwrap.wrap(text, width, initial_indent=indent, **options)
    assert text_report._wrapped(indent + text, width, indent) == indented


def of_values(*values: str, file: str = "a.csv") -> Report:
    """A report on values that reading found, each with a code of its own."""
    found = [
        Finding(f"https://example.org/{n}", "info", {"en": "m", "es": "m"}, focus=value, value=value)
        for n, value in enumerate(values)
    ]
    totals = {each.code: ("info", 1) for each in found}
    return Report(Outcome(file, "csv", 1, 3, "compiled", True, tuple(found), totals))


@pytest.mark.parametrize("name", ["text", "html"])
def test_more_codes_take_no_more_rounds(name: str, monkeypatch: pytest.MonkeyPatch) -> None:
    """Further shapes may have thousands of codes: what is asked of a report is asked once for all of them."""
    asked: list[int] = []
    original: Any = JudgedOutcome.by_code
    for count in (10, 40):
        rounds: list[str] = []

        def findings(report: Report, rounds: list[str] = rounds) -> tuple[Finding, ...]:
            rounds.append("findings")
            return tuple(report.outcome.findings)

        def by_code(report: Report, rounds: list[str] = rounds) -> dict[str, int]:
            rounds.append("by_code")
            return dict(original.fget(report))

        monkeypatch.setattr(JudgedOutcome, "findings", property(findings))
        monkeypatch.setattr(JudgedOutcome, "by_code", property(by_code))
        render([of_values(*map(str, range(count)))], name, "en")
        asked.append(len(rounds))
        monkeypatch.undo()
    assert asked[0] == asked[1] > 0


def test_a_value_that_only_begins_as_an_iri_is_a_text_in_turtle() -> None:
    odd = ("https://example.org/a\n", "_:b0\n", "urn:\ud800", "urn:\u202ea", "https://example.org/a b")
    text = of_values(*odd).to_turtle()
    assert "\u202e" not in text
    graph = rdflib.Graph().parse(data=text, format="turtle")
    values = {str(value): type(value) for value in graph.objects(None, SH.value)}
    assert values == {
        "https://example.org/a\n": rdflib.Literal,
        "_:b0\n": rdflib.Literal,
        "urn:?": rdflib.Literal,
        "urn:\u202ea": rdflib.URIRef,
        "https://example.org/a b": rdflib.Literal,
    }


@pytest.mark.parametrize("library", ["pandas", "polars"])
def test_half_of_a_character_pair_stands_in_a_frame_as_an_escape(library: str) -> None:
    pytest.importorskip(library)
    frame = getattr(of_values("a\ud800"), f"to_{library}")()
    assert list(frame["value"]) == ["a\\ud800"]


@pytest.mark.parametrize("name", sorted(FORMATS.keys() - set(BINARY)))
@pytest.mark.parametrize("file", ["\udcff.csv", "/a/\udcff.csv", "a\ud800.csv"])
def test_a_file_whose_name_is_no_text_has_a_report_in_every_format(name: str, file: str) -> None:
    text = render([of_values("a", file=file)], name, "en")
    assert text.encode("utf-8")
    assert name != "sarif" or json.loads(text)["runs"][0]["results"][0]["locations"]
