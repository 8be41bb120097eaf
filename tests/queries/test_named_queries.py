"""The competency questions: each has its named query, and each query its expected answer.

`python -m tests.queries.test_named_queries` writes the expected answers anew. Read the difference that this makes
against the documents before you commit it: they are the record of what the Framework's data say.
"""

from __future__ import annotations

import tomllib
from pathlib import Path
from typing import TYPE_CHECKING, Final

import pytest

from bicentennial.core.messages import LANGUAGES
from bicentennial.knowledge.sparql.guard import inspect
from bicentennial.knowledge.sparql.library import all_queries, by_topic, find
from bicentennial.knowledge.sparql.query import answer
from bicentennial.knowledge.store import load
from bicentennial.querying import query

if TYPE_CHECKING:
    from bicentennial.knowledge.sparql.results import QueryResult

HERE: Final = Path(__file__).parent
EXPECTED: Final = HERE / "expected"
DATA: Final = HERE / "data"


def run(name: str, lang: str = "en") -> QueryResult:
    """Answer a named query with the data and parameters that its test has, if any."""
    parameters = tomllib.loads((HERE / "parameters.toml").read_text(encoding="utf-8"))
    data = sorted(path for path in DATA.iterdir() if path.stem == name)
    return query(name, params=parameters.get(name), data=data, lang=lang, isolated=False)


def csv(name: str) -> str:
    """Return the answer as it is kept: SPARQL CSV with the line ends of text files."""
    return run(name).to_csv().replace("\r\n", "\n")


NAMES = [query.name for query in all_queries()]


def test_every_question_has_one_query() -> None:
    assert sorted(query.question or 0 for query in all_queries()) == list(range(1, 37))
    assert [query for queries in by_topic().values() for query in queries] == list(all_queries())


def test_every_expectation_has_its_query() -> None:
    assert {path.stem for path in EXPECTED.iterdir()} == set(NAMES)
    assert {path.stem for path in DATA.iterdir()} <= set(NAMES)


@pytest.mark.parametrize("name", NAMES)
def test_answer_is_the_expected_one(name: str) -> None:
    expected = EXPECTED / f"{name}.csv"
    assert expected.is_file(), f"{expected.name} is missing: write it with python -m tests.queries.test_named_queries"
    assert csv(name) == expected.read_text(encoding="utf-8")


@pytest.mark.parametrize("name", NAMES)
def test_every_answer_has_rows(name: str) -> None:
    assert len(run(name)) > 0


# No source seen gives the day on which COSSAP was renamed, and the query says so; A8 is in no list item.
NOWHERE_KNOWN = {("successions", "date"), ("sources", "bullet")}


@pytest.mark.parametrize("name", NAMES)
@pytest.mark.parametrize("lang", LANGUAGES)
def test_no_column_is_empty_throughout(name: str, lang: str) -> None:
    result = run(name, lang)
    empty = {(name, column) for column in result.columns if all(row[column] is None for row in result)}
    assert empty <= NOWHERE_KNOWN


@pytest.mark.parametrize("name", NAMES)
def test_both_languages_answer_alike(name: str) -> None:
    english, spanish = run(name, "en"), run(name, "es")
    assert english.columns == spanish.columns
    # Things are the same; only what they are called differs.
    assert len(english) == len(spanish)
    for result in (english, spanish):
        for n, column in enumerate(result.columns):
            assert any(row[n] is None for row in english.rows) == any(row[n] is None for row in spanish.rows), column


@pytest.mark.parametrize("name", NAMES)
def test_header_is_complete_and_true(name: str) -> None:
    named = find(name)
    assert set(named.title) == set(named.description) == set(LANGUAGES)
    assert len(named.columns["es"]) == len(run(name).columns)
    blocks = {
        after.text[1:]
        for token, after in zip(inspect(named.text).tokens, inspect(named.text).tokens[1:], strict=False)
        if token.text == "VALUES" and after.kind == "variable"
    }
    assert {"lang", *named.parameters} <= blocks
    assert "ORDER BY" in named.text


@pytest.mark.parametrize("name", NAMES)
def test_order_does_not_depend_on_the_store(name: str, monkeypatch: pytest.MonkeyPatch) -> None:
    first = csv(name)
    again = load()
    monkeypatch.setattr("bicentennial.knowledge.sparql.query.store", lambda: again)
    assert csv(name) == first


def ids(name: str, **params: str) -> list[str]:
    return [row.id for row in answer(name, params=params)]


def test_what_the_documents_say() -> None:
    """Answers that anybody can look up in the documents, told without the data."""
    inferred = ids("actions-without-stated-goal")
    assert {"P2", "A19", "A20", "A21"} <= set(inferred)
    assert not {"A1", "A6", "A13", "A14", "A15"} & set(inferred)

    governments = {row.id: row.governments for row in answer("actions-without-agency")}
    assert (governments["A2"], governments["A6"], governments["A14"]) == (1, 1, 2)
    assert not {"A3", "A5", "A15"} & set(governments)

    assert [(row.id, row.overdue) for row in answer("deadlines", params={"date": "2021-12-31"})] == [("A13", False)]

    container = answer("realizations", params={"action": "A6"}).rows
    assert [(str(row.date), row.months) for row in container] == [("2023-09-06", 23)]

    weapons = next(row for row in answer("quantities") if row.id == "A10")
    assert (weapons.value, weapons.unit, weapons.paragraph, weapons.sentence) == (80000, "weapons", 15, 3)

    assert "A15" in ids("actions-by-theme", theme="fentanyl")
    together = {(row.name, row["with"]) for row in answer("agencies-together", params={"agency": "OFAC"})}
    assert ("Office of Foreign Assets Control", "Drug Enforcement Administration") in together
    assert ("Office of Foreign Assets Control", "Financial Intelligence Unit of Mexico") in together

    [renamed] = answer("successions").rows
    assert renamed.former_iri.endswith("program-cossap")
    assert renamed.successor_iri.endswith("program-cossup")

    designated = [row for row in answer("designations", params={"network": "CJNG"}) if row.actions]
    assert ("A15", "SDNTK", "2021-10-06") in [(row.actions, row.program_code, str(row.date)) for row in designated]
    assert {row.actions for row in designated} == {"A14", "A15"}

    without_predecessor = {row.notation for row in answer("merida-correspondence") if row.merida_notation is None}
    assert without_predecessor <= {"O1.3", "O2.2"}


def test_the_earlier_principles_are_never_actions() -> None:
    assert not answer("ASK { ?action a bic:Action ; dcterms:source / bic:isPartOf? bicd:document-security-principles }")
    assert not answer("ASK { ?thing a bic:Action , bic:Principle }")
    principles = {row.p for row in answer("SELECT ?p { ?p a bic:Principle }")}
    for name in NAMES:
        if name not in {"sources", "source-conflicts", "names"}:
            assert not principles & {value for row in run(name) for value in row}, name


@pytest.mark.parametrize("noise", ["Guatemala", "40 billion", "40bn", "40 000 millones", "Navarra", "Most Popular"])
def test_nothing_of_the_noise_is_data(noise: str) -> None:
    # ISO 4217 has a currency of Guatemala, and that is no mention of the news item.
    found = answer(
        "SELECT ?s ?o { VALUES ?noise { UNDEF } ?s ?p ?o FILTER(CONTAINS(LCASE(STR(?o)), ?noise)) "
        "FILTER NOT EXISTS { ?s a bic:Currency } }",
        params={"noise": noise.lower()},
    )
    assert found.rows == []


def test_public_series_are_shown_for_the_country_and_as_last_revised() -> None:
    latest = {row.id: (str(row.latest_date), row.latest) for row in answer("indicators")}
    assert (latest["BIC-S2"][0], float(latest["BIC-S2"][1])) == ("2024", 25.8)
    assert latest["BIC-S1"] == ("2024", 33550)
    assert latest["BIC-S5"] == ("2025-12-18", 133520)
    assert all(row.target is None for row in answer("indicators"))


def test_nothing_is_told_as_never_started_that_a_source_shows() -> None:
    rows = answer("promises-not-started").rows
    assert len({row.id for row in rows}) == len(rows)
    assert not {"A1", "A2", "A3", "A8", "A9", "A10", "A14", "A16", "A17", "A20", "A21"} & {row.id for row in rows}
    assert not {"A0", "F2", "F3", "F4", "P3", "P4", "P6", "P9"} & {row.id for row in rows}
    assert [row.id for row in rows if row.clause == "concrete step"] == ["A4", "A5", "A18"]
    assert {row.finding for row in rows} == {"no source seen reports a start"}
    assert all(row.later_documents > row.read_in_full for row in rows)
    (last,) = {row.until for row in rows}
    standing = "?d dcterms:date ?day ; bic:hasDocumentStanding ?s"
    dated = answer(f'SELECT DISTINCT ?s {{ {standing} FILTER(STR(?day) = "{last}") }}').rows
    assert {row.s.rsplit("/")[-1] for row in dated} - {"document-standing-reference"}


def test_goals_are_stated_stated_by_the_section_or_inferred() -> None:
    basis = {(row.id, row.goal_name.split()[0]): row.basis for row in answer("actions-by-goal")}
    assert basis["A10", "Prevent"] == "stated by the section"
    assert basis["P0", "Protect"] == "inferred"
    assert "stated" in basis.values()
    assert all((row.inferred_by is not None) == (row.basis == "inferred") for row in answer("actions-by-goal"))


def test_totals_count_each_action_once() -> None:
    rows = answer("actions-by-modality").rows
    (total,) = [row for row in rows if row.modality_name.startswith("total") and row.goal_name.startswith("all")]
    every = answer("SELECT (COUNT(DISTINCT ?a) AS ?n) { ?a a bic:Action ; bic:advancesGoal ?g ; bic:hasModality ?m }")
    assert (total.actions, total.counted_again) == (every.rows[0].n, 0)


def test_pairs_of_agencies_stand_in_one_line() -> None:
    pairs = [frozenset((row.one, row.other)) for row in answer("agencies-together")]
    assert len(pairs) == len(set(pairs))


def test_documents_are_summed_up_unless_a_thing_is_asked_for() -> None:
    rows = answer("sources").rows
    documents = answer("SELECT ?source { ?source a bic:SourceDocument }").rows
    assert len(rows) == len(documents) > 100
    assert {row.source for row in rows} == {row.source for row in documents}
    assert [row.things for row in rows] == sorted((row.things for row in rows), reverse=True)
    assert all(row.address for row in rows)


def test_designations_by_authority_and_program() -> None:
    assert {row.authority_name for row in answer("designations")} >= {"Financial Crimes Enforcement Network"}
    terrorist = answer("designations", params={"programme": "fto"}).rows
    assert {row.program_code for row in terrorist} == {"FTO; SDGT"}


def test_states_and_offices_on_a_day() -> None:
    def last(day: str) -> list[str]:
        return [row.state for row in answer("framework-state", params={"date": day}) if row.last_known]

    assert (last("2021-12"), last("2022-06-01"), last("2026-01-01")) == (["adopted"], ["launched"], ["inactive"])
    history = answer("state-history", params={"thing": "bicd:body-security-implementation-group", "date": "2025-12-31"})
    assert [(row.state, row.last_known) for row in history] == [("launched", True)]
    foreign = answer("office-holders", params={"date": "2025-03-01", "agency": "SRE"}).rows
    assert "Alicia Bárcena" not in {row.holder for row in foreign}
    for day, expected in (("2023-06-10", False), ("2023-08-01", True), ("2023", True)):
        interior = answer("office-holders", params={"date": day, "agency": "SEGOB"}).rows
        assert {row.certainly for row in interior if row.holder == "Luisa María Alcalde"} == {expected}, day


def test_a_file_without_indicators_is_told_apart() -> None:
    rows = query("indicators", data=DATA / "unmatched-parties.csv", isolated=False).rows
    assert (rows[0].origin, rows[0].name) == ("unmatched-parties.csv", "this file holds no indicator")


def test_latest_values_mix_neither_territories_nor_revisions(tmp_path: Path) -> None:
    path = tmp_path / "series.ttl"
    path.write_text(
        """@prefix bic: <https://w3id.org/bicentennial/ontology#> . @prefix bicd: <https://w3id.org/bicentennial/id/> .
        @prefix dcterms: <http://purl.org/dc/terms/> . @prefix x: <https://grantee.example/fictitious/> .
        x:i a bic:Indicator ; dcterms:identifier "I-9" .
        x:a bic:observes x:i ; bic:numericValue 123 ; dcterms:date "2024" ; bic:coversPlace bicd:place-colima .
        x:b bic:observes x:i ; bic:numericValue 25.6 ; dcterms:date "2024" ; bic:coversPlace bicd:place-mexico ;
            bic:hasRevisionState bicd:revision-state-preliminary .
        x:c bic:observes x:i ; bic:numericValue 25.8 ; dcterms:date "2024" ; bic:coversPlace bicd:place-mexico ;
            bic:hasRevisionState bicd:revision-state-definitive .
        x:d bic:observes x:i ; bic:numericValue 24.9 ; dcterms:date "2023" ; bic:coversPlace bicd:place-mexico .""",
        encoding="utf-8",
    )
    rows = [row for row in query("indicators", data=path, isolated=False) if row.id == "I-9"]
    assert [(row.territory, float(row.latest)) for row in rows] == [("Colima", 123), ("Mexico", 25.8)]


def test_an_end_that_is_to_come_is_no_completion(tmp_path: Path) -> None:
    path = tmp_path / "plan.ttl"
    path.write_text(
        """@prefix bic: <https://w3id.org/bicentennial/ontology#> . @prefix dcterms: <http://purl.org/dc/terms/> .
        @prefix x: <https://grantee.example/fictitious/> .
        x:a a bic:Action ; dcterms:identifier "X-1" ; bic:dueDate "2025-06-30" ; bic:endDate "2025-12-31" .""",
        encoding="utf-8",
    )
    for day, expected in (("2025-07-01", (False, True)), ("2026-01-01", (True, False))):
        rows = query("deadlines", date=day, data=path, isolated=False).rows
        assert [(row.completed, row.overdue) for row in rows if row.id == "X-1"] == [expected]


def test_money_is_summed_by_kind_and_currency() -> None:
    totals = {(row.year, row.kind, row.currency): float(row.total) for row in run("money-by-year")}
    assert totals["2023", "disbursed", "USD"] == 200000.5
    assert totals["2023", "planned", "USD"] == 500000


if __name__ == "__main__":
    for known in EXPECTED.glob("*.csv"):
        known.unlink()
    for named in all_queries():
        (EXPECTED / f"{named.name}.csv").write_text(csv(named.name), encoding="utf-8")
