"""What a monitoring office does, on both databases: submissions are kept, compared, corrected, signed off, counted."""

from __future__ import annotations

import csv
import io
import json
import re
import zipfile
from dataclasses import replace
from datetime import UTC, date, datetime
from html import escape
from random import Random
from string import ascii_letters
from time import process_time
from typing import TYPE_CHECKING, Any

import pytest

from bicentennial import UsageError, explain, validate
from bicentennial.core.errors import ConflictError, UnknownNameError
from bicentennial.core.namespaces import PREFIXES
from bicentennial.limits import Limits
from bicentennial.monitoring.access import tokens
from bicentennial.monitoring.integrity.verifying import proves
from bicentennial.monitoring.questions import answers
from bicentennial.monitoring.registry import open_registry
from bicentennial.monitoring.store import postgres
from bicentennial.monitoring.store.dates import now, times
from bicentennial.monitoring.workflow import receiving, submitting

from .conftest import FAULTY, GOOD, new_database

if TYPE_CHECKING:
    from pathlib import Path

    from bicentennial.monitoring.registry import Registry
    from bicentennial.monitoring.workflow.submitting import Result

    from .conftest import Table


def hand_in(registry: Registry, data: bytes, issued: str, **more: object) -> Result:
    given = {"submitter": "UNODC", "dataset": "ccp", "name": "q.csv", **more}
    return registry.submit(data, issued=issued, **given)  # type: ignore[arg-type]


def test_the_same_bytes_for_the_same_date_are_one_submission(registry: Registry) -> None:
    first = registry.submit(GOOD, submitter="UNODC", dataset="ccp", issued="2024-03-31")
    assert (first.submission.number, first.submission.state, first.exit_code) == (1, "accepted", 0)  # type: ignore[union-attr]
    events = len(registry.log())
    again = registry.submit(GOOD, submitter="UNODC", dataset="ccp", issued="2024-03-31")
    assert again.submission == first.submission
    assert again.receipt == first.receipt
    assert not again.is_new
    assert len(registry.log()) == events


def test_a_wrong_mapping_is_called_by_its_name(registry: Registry, tmp_path: Path) -> None:
    mapping = tmp_path / "columnas.toml"
    mapping.write_text("columns = 7")
    with pytest.raises(UsageError, match=r"“columnas[.]toml”"):
        registry.submit(GOOD, submitter="UNODC", dataset="ccp", issued="2024-03-31", mapping=mapping)


def test_what_is_not_given_of_a_submitter_stays(registry: Registry) -> None:
    registry.add_party("ong", name="Organización Ejemplo")
    registry.add_party("ong", kind="ngo")
    registry.add_party("ong")
    there = registry.database.one("SELECT name, kind FROM submitter WHERE id = 'ong'")
    assert there == ("Organización Ejemplo", "ngo")
    assert registry.verify() == []


def test_names_that_differ_in_capitals_alone_are_one(registry: Registry, table: Table) -> None:
    """`unodc` is a party of the Framework as well, so it was one more submitter, with each action once more."""
    hand_in(registry, table(), "2024-03-31")
    for given in ({"submitter": "unodc"}, {"dataset": "CCP"}):
        with pytest.raises(UsageError, match="is here already as"):
            hand_in(registry, table(), "2024-06-30", **given)
    with pytest.raises(UsageError, match="is here already as"):
        registry.set_dataset("UNODC/Ccp", cadence="quarter")
    for party in ("unodc", "FUNDACION"):
        with pytest.raises(UsageError, match="is here already as"):
            registry.add_party(party, name="Another")
    hand_in(registry, table(), "2024-06-30")
    assert sum(row.actions for row in registry.progress(by="status")) == 5
    assert registry.verify() == []


def test_what_validate_takes_can_be_handed_in(registry: Registry) -> None:
    import rdflib

    record = {
        "id": "A-1",
        "title": "Train inspectors",
        "goal": "Prevent transborder crime",
        "responsible_party": "UNODC",
    }

    def handed(file: Any, dataset: str, **options: Any) -> Any:
        done = registry.submit(file, submitter="UNODC", dataset=dataset, issued="2024-03", **options)
        assert done.submission is not None
        return done.submission

    plain = handed(GOOD, "path")
    with GOOD.open("rb") as data, GOOD.open(encoding="utf-8") as text:
        for file, dataset in ((data, "stream"), (text, "text"), (io.BytesIO(GOOD.read_bytes()), "memory")):
            found = handed(file, dataset)
            assert (found.file_sha256, found.root) == (plain.file_sha256, plain.root), dataset
            assert found.file == ("submission" if dataset == "memory" else "good.csv")
    for given, dataset, name in (
        ([record], "records", "submission.json"),
        (record, "record", "submission.json"),
        (rdflib.Graph().parse(GOOD.with_name("good.ttl")), "graph", "submission.nt"),
    ):
        found = handed(given, dataset)
        assert (found.state, found.file) == ("accepted", name)
    assert handed([record], "named", name="of our system.json").file == "of our system.json"
    before = len(registry.submissions())
    for wrong in ([GOOD, GOOD], 7, [7]):
        with pytest.raises(UsageError):
            handed(wrong, "wrong")
    assert len(registry.submissions()) == before


@pytest.mark.parametrize(
    ("name", "kept"),
    [("acci\udcf3n.csv", "acci_n.csv"), ("漢" * 200 + ".csv", "漢" * 60 + ".csv"), ("..", "submission")],
)
def test_a_file_of_any_name_can_be_handed_in(registry: Registry, name: str, kept: str) -> None:
    done = hand_in(registry, GOOD.read_bytes(), "2024-03-31", name=name)
    assert done.submission is not None
    assert (done.submission.state, done.submission.file) == ("accepted", kept)
    assert registry.verify() == []


def test_what_fails_is_kept_with_the_report_that_validate_gives(registry: Registry) -> None:
    registry.submit(GOOD, submitter="UNODC", dataset="ccp", issued="2024-03-31")
    before = registry.current()
    result = registry.submit(FAULTY, submitter="UNODC", dataset="ccp", issued="2024-06-30")
    assert (result.submission.state, result.exit_code) == ("returned", 1)  # type: ignore[union-attr]
    kept = json.loads(registry.report(result.submission.id).to_json())  # type: ignore[union-attr]
    plain = json.loads(validate(FAULTY).to_json())
    assert kept["submission"].pop("file") == "faulty.csv"
    plain["submission"].pop("file")
    assert kept == plain
    assert registry.current() == before
    assert registry.file(2) == FAULTY.read_bytes()


def test_what_could_not_be_read_cannot_be_accepted_and_is_told_why(registry: Registry) -> None:
    hand_in(registry, b"id,title\nA-1,\n", "2024-06-30")
    with pytest.raises(UsageError, match="nothing could be read"):
        registry.accept("UNODC/ccp/1", actor="reviewer")


def test_differences_name_the_cells_of_both_files(registry: Registry, table: Table) -> None:
    hand_in(registry, table(), "2024-03-31")
    changed = {"A-001": {"status": "completed", "due_date": "2025-06-30", "end_date": "2024-06-01"}}
    hand_in(registry, table(changed, without=("A-002",)), "2024-06-30")
    found = {(each.subject, each.property): each for each in registry.diff(1, 2)}
    assert set(found) == {
        ("action/A-001", "bic:hasStatus"),
        ("action/A-001", "bic:dueDate"),
        ("action/A-001", "bic:endDate"),
        ("action/A-002", None),
        # The row has moved up, and says the same: no difference of.
    }
    due = found["action/A-001", "bic:dueDate"]
    assert (due.before, due.after) == (("2024-12-31",), ("2025-06-30",))
    assert [place.cell for place in due.places if place] == ["M2", "M2"]
    dropped = found["action/A-002", None]
    assert dropped.places[0] is not None
    assert (dropped.places[0].row, dropped.places[1]) == (3, None)
    assert registry.diff(2) == registry.diff(1, 2)


def test_changes_of_one_dataset_alone(registry: Registry, table: Table) -> None:
    for dataset in ("ccp", "other"):
        hand_in(registry, table(), "2024-03-31", dataset=dataset)
        hand_in(registry, table(without=("A-002",)), "2024-06-30", dataset=dataset)
    both = registry.changes()
    assert [each.dataset for each in both] == ["ccp", "other"]
    assert registry.changes(submitter="UNODC", dataset="other") == both[1:]
    assert registry.changes(submitter="UNODC") == both
    assert registry.changes(submitter="DEA") == []


def test_changes_say_what_moved_and_what_was_dropped(registry: Registry, table: Table) -> None:
    hand_in(registry, table(), "2024-03-31")
    changed = {
        "A-001": {"due_date": "2025-06-30", "budget": "300000"},
        "A-003": {"status": "ongoing", "end_date": ""},
        "A-004": {"status": "completed", "end_date": "2024-05-31"},
    }
    hand_in(registry, table(changed, without=("A-002",)), "2024-06-30")
    assert {(each.kind, each.subject) for each in registry.changes()} == {
        ("moved-deadline", "action/A-001"),
        ("rebudgeted", "action/A-001"),
        ("dropped", "action/A-002"),
        ("reopened", "action/A-003"),
        ("status", "action/A-004"),
    }
    [dropped] = registry.changes(kinds=["dropped"])
    assert "Open a reading room for young people" in dropped.message()["en"]
    assert dropped.finding().code == "version-dropped"
    assert registry.changes(since="2024-06-30") == []
    steps = registry.history("A-004")
    assert [(step.issued, step.values.get("bic:hasStatus")) for step in steps] == [
        ("2024-03-31", ["bicd:status-ongoing"]),
        ("2024-06-30", ["bicd:status-completed"]),
    ]


def test_a_deadline_written_more_precisely_has_not_moved(registry: Registry, table: Table) -> None:
    for issued, due in (("2024-03-31", "2024"), ("2024-06-30", "2024-12"), ("2024-09-30", "2024-12-31")):
        hand_in(registry, table({"A-001": {"due_date": due}}), issued)
    assert registry.changes() == []
    [deadline] = [each for each in registry.deadlines() if each.subject.endswith("A-001")]
    assert (deadline.due, deadline.moved) == ("2024-12-31", 0)


def test_what_was_dropped_and_comes_back_is_not_called_new(registry: Registry, table: Table) -> None:
    hand_in(registry, table(), "2024-03-31")
    hand_in(registry, table(without=("A-002",)), "2024-06-30")
    hand_in(registry, table(without=("A-002", "A-003")), "2024-09-30")
    result = hand_in(registry, table(), "2024-12-31")
    for back in (registry.changes(since="2024-09-30"), result.changes):
        assert [(each.kind, each.subject) for each in back] == [("added", "action/A-002"), ("added", "action/A-003")]
        ends = [each.message()["en"].partition(" is back: ")[2] for each in back]
        assert ends == [
            "it was in the submission for 2024-03-31, and not in the one for 2024-09-30.",
            "it was in the submission for 2024-06-30, and not in the one for 2024-09-30.",
        ]
        assert "vuelve a aparecer: estaba en el envío para 2024-03-31" in back[0].message()["es"]


def test_another_currency_is_said_as_such(registry: Registry, table: Table) -> None:
    hand_in(registry, table({"A-001": {"currency": "MXN"}}), "2024-03-31")
    hand_in(registry, table({"A-001": {"currency": "USD"}}), "2024-06-30")
    [change] = registry.changes()
    assert (change.kind, change.before, change.after) == ("rebudgeted", "MXN", "USD")
    assert "the currency of the budget was MXN" in change.message()["en"]
    assert "la moneda del presupuesto era MXN" in change.message()["es"]


def test_a_profile_grades_changes_like_other_codes(registry: Registry, table: Table, tmp_path: Path) -> None:
    hand_in(registry, table(), "2024-03-31")
    changed = {"A-001": {"due_date": "2025-06-30", "budget": "300000"}}
    result = hand_in(registry, table(changed, without=("A-002",)), "2024-06-30")
    assert [(each.code, each.severity) for each in result.changes] == [
        ("version-rebudgeted", "info"),
        ("version-moved-deadline", "warning"),
        ("version-dropped", "warning"),
    ]
    profile = tmp_path / "p.toml"
    profile.write_text('[codes]\n"version-rebudgeted" = "off"\n"version-dropped" = "violation"\n', encoding="utf-8")
    graded = [(each.code, each.severity) for each in registry.changes(profile=profile)]
    assert graded == [("version-moved-deadline", "warning"), ("version-dropped", "violation")]
    assert explain("version-dropped")[0].severity == "warning"


def test_the_order_of_rows_and_the_form_of_numbers_are_no_difference(registry: Registry, table: Table) -> None:
    hand_in(registry, table(), "2024-03-31")
    lines = table({"A-001": {"budget": "250000"}}).decode().splitlines()
    moved = "\n".join([lines[0], *reversed(lines[1:])]).encode()
    second = hand_in(registry, moved, "2024-06-30")
    assert registry.diff(1, 2) == []
    assert second.submission is not None
    assert second.submission.root == registry.submission(1).root


def test_a_correction_of_an_earlier_date_changes_only_what_is_known_since(registry: Registry, table: Table) -> None:
    hand_in(registry, table(), "2024-03-31")
    hand_in(registry, table({"A-001": {"status": "completed", "end_date": "2024-06-01"}}), "2024-06-30")
    before = now()
    hand_in(registry, table({"A-002": {"status": "ongoing"}}), "2024-03-31")
    assert [each.number for each in registry.current()] == [2]
    assert [each.number for each in registry.current(as_of="2024-04-01")] == [3]
    assert [each.number for each in registry.current(as_of="2024-04-01", known=before)] == [1]
    assert registry.submission(1).state == "superseded"

    def ongoing(**when: str) -> int:
        return sum(row.by_status.get("ongoing", 0) for row in registry.progress(by="goal", **when))

    assert ongoing(as_of="2024-04-01") == ongoing(as_of="2024-04-01", known=before) + 1
    registry.withdraw(3, reason="sent by mistake")
    assert [each.number for each in registry.current(as_of="2024-04-01")] == [1]


def test_what_still_stands_for_a_date_holds_again(registry: Registry, table: Table) -> None:
    for status in ("planned", "ongoing", "suspended"):
        hand_in(registry, table({"A-002": {"status": status}}), "2024-03-31")
    registry.withdraw(2, reason="sent by mistake")  # while another had taken its place
    registry.withdraw(3, reason="sent by mistake")
    assert [registry.submission(number).state for number in (1, 2, 3)] == ["accepted", "withdrawn", "withdrawn"]
    assert [each.number for each in registry.current()] == [1]


def test_two_submitters_with_one_identifier_have_two_actions(registry: Registry) -> None:
    registry.submit(GOOD, submitter="UNODC", dataset="ccp", issued="2024-03-31")
    registry.submit(GOOD, submitter="fundacion", dataset="ccp", issued="2024-03-31")
    subjects = {subject for row in registry.progress(by="status") for subject in row.subjects}
    assert {name for name in subjects if name.endswith("/A-001")} == {
        "UNODC/ccp/action/A-001",
        "fundacion/ccp/action/A-001",
    }
    assert registry.submission("fundacion/ccp/1").id == 2


def test_approval_is_apart_from_sending_and_needs_another_person(registry: Registry) -> None:
    registry.set_dataset("UNODC/ccp", approval=True, cadence="quarter")
    result = registry.submit(GOOD, submitter="UNODC", dataset="ccp", issued="2024-03-31", actor="ana")
    assert result.submission is not None
    assert (result.submission.state, result.exit_code) == ("pending", 0)
    assert registry.progress() == []
    with pytest.raises(UsageError, match="cannot sign it off"):
        registry.accept(1, actor="ana")
    with pytest.raises(UsageError, match="needs a reason"):
        registry.give_back(1, reason=" ", actor="luis")
    registry.give_back(1, reason="the budget of A-004 is that of 2023", actor="luis")
    assert registry.log(1)[-1].reason == "the budget of A-004 is that of 2023"
    registry.accept(1, actor="luis")
    assert sum(row.actions for row in registry.progress(by="status")) == 5
    [state] = [each for each in registry.submitters(as_of="2024-08-15") if each.dataset == "ccp"]
    assert (state.next_due, state.days_late) == ("2024-06-30", 46)


ODD_DATES = {
    "2024Z": '"2024Z"^^xsd:gYear',
    "2024-12-06:00": '"2024-12-06:00"^^xsd:gYearMonth',
    "2024-06-30+14:00": '"2024-06-30+14:00"^^xsd:date',
    "12024-01-01": '"12024-01-01"^^xsd:date',
    "-0044": '"-0044"^^xsd:gYear',
    "0000": '"0000"^^xsd:gYear',
}


@pytest.mark.parametrize("identifier", ["Acción 12", "A/7", "100%", "a b&c"])
def test_a_thing_is_found_by_its_identifier_as_it_is_written(registry: Registry, identifier: str) -> None:
    rows = f"id,title,goal,responsible_party\n{identifier},Train,G1,DEA\nA-2,Teach,G2,SRE\n"
    hand_in(registry, rows.encode(), "2024-03-31")
    (step,) = registry.history(identifier)
    assert step.values["dcterms:identifier"] == [identifier]
    assert registry.history(f"UNODC/ccp/action/{identifier}") == registry.history(step.subject) == [step]
    hand_in(registry, rows.replace(identifier, "A-3").encode(), "2024-06-30")
    [message] = [each.message()["es"] for each in registry.changes() if each.subject == step.subject.split("/", 2)[2]]
    assert identifier in message
    view = answers.of_history([step])
    assert f"UNODC/ccp/action/{identifier} " in view.to_text("es")
    assert escape(f"UNODC/ccp/action/{identifier}") in view.to_html("es")
    assert step.subject in view.to_csv("es"), "programs know it by its name"


def test_no_date_that_records_may_hold_stops_a_question(registry: Registry, tmp_path: Path) -> None:
    head = "".join(f"@prefix {name}: <{PREFIXES[name]}> .\n" for name in ("bic", "bicd", "dcterms", "skos", "xsd"))
    parts = [
        f'<urn:x-example:a{n}> a bic:Action ; dcterms:identifier "A{n}" ; skos:prefLabel "T{n}"@en, "C{n}"@es ;'
        f" bic:advancesGoal bicd:goal-protect-our-people ; bic:hasResponsibleParty bicd:agency-dea ;"
        f" bic:hasStatus bicd:status-ongoing ; bic:startDate {date} ; bic:dueDate {date} ; bic:endDate {date} .\n"
        f'<urn:x-example:i{n}> a bic:Indicator ; dcterms:identifier "I{n}" ; skos:prefLabel "T{n}"@en, "C{n}"@es ;'
        f" bic:measures <urn:x-example:a{n}> ; bic:baselineDate {date} ; bic:baselineValue 1.0 ; bic:dueDate {date} ;"
        f' bic:targetValue 2.0 ; bic:unit "n"@en .\n'
        f"<urn:x-example:m{n}> a bic:Measurement ; bic:observes <urn:x-example:i{n}> ; bic:numericValue 1.5 ;"
        f" dcterms:date {date} .\n"
        for n, date in enumerate(ODD_DATES.values())
    ]
    hand_in(registry, (head + "".join(parts)).encode(), "2024-09-30", name="a.ttl")
    assert registry.submission(1).state == "accepted"
    assert {each.due: each.state for each in registry.deadlines(as_of="2024-09-30")} == {
        "2024Z": "open",
        "2024-12-06:00": "open",
        "2024-06-30+14:00": "overdue",
    }
    assert [(row.actions, row.overdue) for row in registry.progress(as_of="2024-09-30")] == [(6, 1)]
    measured = {each.due: each.latest_date for each in registry.indicators(as_of="2025-01-31")}
    assert measured == {date: date if each < 3 else None for each, date in enumerate(ODD_DATES)}
    for what in ("iati", "stratml"):
        registry.export(what, tmp_path / f"{what}.xml")
        assert "12024" not in re.sub("due .*?<", "<", (tmp_path / f"{what}.xml").read_text("utf-8"))


def test_what_was_accepted_with_faults_stops_no_question(registry: Registry, tmp_path: Path) -> None:
    rows = "A-1,Train,G1,DEA,in progress,someday,soon,never,inf\nA-2,Teach,G2,SRE,ongoing,2023,2024-06,,5\n"
    head = "id,title,goal,responsible_party,status,start_date,due_date,end_date,budget\n"
    hand_in(registry, (head + rows).encode(), "2024-03-31")
    registry.accept(1, actor="office", reason="as it is")
    assert [(each.title["en"], each.due, each.state) for each in registry.deadlines()] == [("Teach", "2024-06", "open")]
    assert [(row.actions, row.budget) for row in registry.progress()] == [(1, {"?": 5.0}), (1, {})]
    hand_in(registry, (head + rows.replace("soon", "later").replace("2024-06", "2024-06-30")).encode(), "2024-06-30")
    registry.accept(2, actor="office", reason="as it is")
    assert [(each.before, each.after) for each in registry.changes()] == [("soon", "later")]
    for what in ("iati", "stratml"):
        registry.export(what, tmp_path / f"{what}.xml")


def test_what_was_measured_in_words_is_no_value(registry: Registry) -> None:
    action = {"id": "A-1", "title": "Train", "goal": "G1", "responsible_party": "DEA"}
    indicator = {"id": "I-1", "title": "Officers trained", "measures": "A-1", "unit": "officers", "target": "inf"}
    values = ("lots", "5", "nan", "Infinity")
    measured = [{"id": f"M-{n}", "indicator": "I-1", "value": v, "date": "2024-02"} for n, v in enumerate(values)]
    data = {"actions": [action], "indicators": [indicator], "measurements": measured}
    hand_in(registry, json.dumps(data).encode(), "2024-03-31", name="a.json")
    registry.accept(1, actor="office", reason="as it is")
    assert [(each.latest, each.latest_date, each.target) for each in registry.indicators()] == [(5.0, "2024-02", None)]


def test_a_thing_is_found_in_small_letters_on_both_databases(registry: Registry) -> None:
    hand_in(registry, GOOD.read_bytes(), "2024-03-31")
    assert [each.subject for each in registry.history("a-001")] == ["UNODC/ccp/action/A-001"]


def test_what_is_late_today_may_be_asked_of_all_that_was_reported(registry: Registry) -> None:
    registry.set_dataset("UNODC/ccp", cadence="quarter")
    hand_in(registry, GOOD.read_bytes(), "2024-03-31")
    for today, late in (("2024-06-30", 0), ("2024-07-01", 1)):
        found = next(each for each in registry.submitters(today=today) if each.dataset)
        assert (found.last_issued, found.days_late) == ("2024-03-31", late)


def test_no_period_is_due_after_the_end_of_all_dates(registry: Registry, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(submitting, "_MOST_DAYS_AHEAD", 10**7)  # as registries may hold it that took it once
    registry.submit(GOOD, submitter="UNODC", dataset="ccp", issued="9999-12-31")
    registry.set_dataset("UNODC/ccp", cadence="month")
    [state] = [each for each in registry.submitters() if each.dataset == "ccp"]
    assert (state.last_issued, state.next_due, state.days_late) == ("9999-12-31", None, 0)


@pytest.mark.parametrize("known", ["0001-01-01T00:00:00+14:00", "9999-12-31T23:59:59-14:00"])
def test_a_moment_before_or_after_all_dates_is_no_date(registry: Registry, known: str) -> None:
    with pytest.raises(UsageError, match="is no date"):
        registry.progress(known=known)


def test_a_moment_of_the_first_years_comes_before_all_events(registry: Registry) -> None:
    hand = registry.submit(GOOD, submitter="UNODC", dataset="ccp", issued="2024-03-31")
    assert hand.submission is not None
    assert registry.progress(known="0900-01-01T00:00:00") == []


def test_a_partial_submission_keeps_what_it_does_not_say(registry: Registry, table: Table) -> None:
    hand_in(registry, table(), "2024-03-31")
    only = table({"A-003": {"budget": "130000"}}, without=("A-001", "A-002", "A-004", "A-005"))
    hand_in(registry, only, "2024-06-30", partial=True)
    assert [(each.subject, each.property) for each in registry.diff(1, 2)] == [("action/A-003", "bic:budgetAmount")]
    assert sum(row.actions for row in registry.progress(by="status")) == 5
    assert registry.verify() == []


def test_a_report_dated_far_ahead_is_a_slip(registry: Registry) -> None:
    year = int(now()[:4])
    for issued in (str(year), f"{year + 1}-01-01"):
        assert hand_in(registry, GOOD.read_bytes(), issued).submission is not None
    stated = GOOD.read_text(encoding="utf-8").encode()
    for issued in ("2205", f"{year + 2}-12-31"):
        with pytest.raises(UsageError, match=f"{issued} is more than a year ahead") as refused:
            hand_in(registry, stated, issued)
        assert f"{issued} queda a más de un año en el futuro" in refused.value.text["es"]
    assert len(registry.submissions()) == 2


def _later(registry: Registry, number: int) -> list[tuple[str, tuple[str, ...]]]:
    return [(each.submission.name, each.subjects) for each in registry.not_carried(number)]


def test_who_corrects_an_earlier_date_hears_what_later_partial_ones_still_hold(
    registry: Registry, table: Table
) -> None:
    others = ("A-001", "A-002", "A-005")
    hand_in(registry, table(), "2024-03")
    hand_in(registry, table({"A-003": {"budget": "130000"}}, without=(*others, "A-004")), "2024-06", partial=True)
    hand_in(registry, table({"A-004": {"title": "Another"}}, without=(*others, "A-003")), "2024-09", partial=True)
    assert _later(registry, 1) == _later(registry, 3) == []
    changed = {name: {"due_date": "2031-01-01"} for name in ("A-001", "A-003", "A-004")}
    done = hand_in(registry, table(changed, without=("A-002",)), "2024-03")
    # A-003 was said anew for June, A-004 for September; what is dropped stays there too.
    first, second = ("action/A-001", "action/A-002", "action/A-004"), ("action/A-001", "action/A-002")
    assert _later(registry, 4) == [("UNODC/ccp/2", first), ("UNODC/ccp/3", second)]
    assert [each.message() for each in done.not_carried] == [each.message() for each in registry.not_carried(4)]
    assert "UNODC/ccp/3 says only what was new for 2024-09" in done.not_carried[1].message()["en"]
    assert "sigue allí como antes (elementos: 2)" in done.not_carried[1].message()["es"]
    assert [each["submission"] for each in done.to_dict()["not_carried"]] == ["UNODC/ccp/2", "UNODC/ccp/3"]
    # As the sentence says: given again for September, it holds there, and for those after it.
    hand_in(registry, table(changed, without=("A-002", "A-003", "A-004", "A-005")), "2024-09", partial=True)
    assert _later(registry, 4) == [("UNODC/ccp/2", first), ("UNODC/ccp/5", ("action/A-002",))]
    # A whole submission says all, and what comes after it has nothing of those before.
    hand_in(registry, table(), "2024-05")
    assert _later(registry, 4) == []


def test_who_takes_back_hears_what_later_partial_ones_still_hold(registry: Registry, table: Table) -> None:
    hand_in(registry, table(without=("A-002",)), "2024-03")
    hand_in(registry, table(without=("A-001", "A-003", "A-004", "A-005")), "2024-06", partial=True)
    registry.withdraw(1, reason="a mistake")
    kept = tuple(f"action/A-00{number}" for number in (1, 3, 4, 5))
    assert _later(registry, 1) == [("UNODC/ccp/2", kept)]
    registry.withdraw(2, reason="it goes with it")
    assert _later(registry, 1) == []


def test_a_redaction_takes_the_content_and_leaves_the_proof(registry: Registry, table: Table) -> None:
    hand_in(registry, table(), "2024-03-31")
    secret = table({"A-001": {"title": "A name that should not stand here"}})
    hand_in(registry, secret, "2024-06-30")
    registry.redact(2, reason="a court order", actor="office")
    assert registry.verify() == []
    with pytest.raises(UsageError, match="a court order"):
        registry.file(2)
    with pytest.raises(UsageError, match="a court order"):
        registry.report(2)
    bodies = "".join(body for (body,) in registry.database.all("SELECT body FROM record"))
    assert "should not stand here" not in bodies
    assert registry.file(1) == table()
    assert len(registry.diff(1, 1)) == 0


def test_what_only_redacted_submissions_hold_is_taken_away(registry: Registry, table: Table) -> None:
    """Each of two submissions of the same content is the other's reason to keep it, until both are redacted."""
    for issued in ("2024-03-31", "2024-06-30"):
        hand_in(registry, table(), issued)
    assert registry.redact(1, reason="a court order") == ["UNODC/ccp/2"]
    assert sum(row.actions for row in registry.progress(by="status")) == 5
    assert registry.redact(2, reason="a court order") == []
    assert registry.database.value("SELECT count(*) FROM record WHERE body <> ''") == 0
    assert registry.database.value("SELECT count(*) FROM blob") == 0
    assert registry.progress() == []
    assert registry.verify() == []


def test_a_redacted_submission_gives_nothing_that_another_keeps(
    registry: Registry, table: Table, tmp_path: Path
) -> None:
    """The other may be one that few may see, while this one was public."""
    registry.set_dataset("UNODC/other", embargo="2999")
    for dataset in ("ccp", "other"):
        registry.submit(table(), name="a.csv", submitter="UNODC", dataset=dataset, issued="2024-03", mapping=b"")
    registry.redact(1, reason="a court order")
    for content in (registry.file, registry.report):
        with pytest.raises(UsageError, match="a court order"):
            content(1)
    assert (registry.mapping(1), registry.mapping(2), registry.file(2)) == (None, b"", table())
    assert registry.report(2).conforms
    registry.export("zip", tmp_path / "a.zip")
    with zipfile.ZipFile(tmp_path / "a.zip") as archive:
        names = {each.removeprefix("submissions/UNODC/") for each in archive.namelist() if each.count("/") > 1}
    kept = {"other/1/file/a.csv", "other/1/receipt.json", "other/1/report.json"}
    assert names == kept | {"ccp/1/receipt.json"}
    assert registry.verify() == []


def test_a_character_that_no_text_has_is_refused_and_no_fault_of_the_database(registry: Registry) -> None:
    for ask in (registry.submission, registry.history):
        with pytest.raises(UsageError):
            ask("UNODC\0/ccp/1")


@pytest.mark.parametrize("column", ["id", "place", "goal"])
def test_a_text_of_any_length_is_kept_whatever_column_it_is_in(registry: Registry, table: Table, column: str) -> None:
    text = "".join(Random(1).choices(ascii_letters, k=20_000))  # cannot be compressed
    done = hand_in(registry, table({"A-001": {column: text}}), "2024-03-31")
    assert done.submission is not None
    assert done.submission.state == ("returned" if column == "goal" else "accepted")
    assert hand_in(
        registry, table({"A-001": {column: text}, "A-002": {"title": "!"}}), "2024-06-30"
    ).report.conforms is (column != "goal")
    assert registry.work() == []
    assert registry.verify() == []


def test_what_says_only_what_is_new_undoes_nothing_that_was_accepted_meanwhile(
    registry: Registry, table: Table
) -> None:
    def only(name: str) -> bytes:
        return table(without=tuple({f"A-00{number}" for number in range(1, 6)} - {name}))

    registry.submit(only("A-001"), name="a.csv", submitter="UNODC", dataset="ccp", issued="2024-01")
    registry.set_dataset("UNODC/ccp", partial=True, approval=True)
    for month, name in ((2, "A-002"), (3, "A-003")):
        registry.submit(only(name), name="a.csv", submitter="UNODC", dataset="ccp", issued=f"2024-0{month}")
    registry.accept(2, actor="reviewer")
    with pytest.raises(UsageError, match="one can accept it only in one of these states") as refused:
        registry.accept(2, actor="reviewer")
    assert "«aceptado»; solo se puede aceptar en uno de estos estados: pendiente" in refused.value.text["es"]
    with pytest.raises(UsageError, match="UNODC/ccp/3 says only what is new"):
        registry.accept(3, actor="reviewer")
    registry.withdraw(3, reason="to be added to what was accepted", actor="reviewer")
    again = registry.submit(only("A-003"), name="a.csv", submitter="UNODC", dataset="ccp", issued="2024-03")
    assert again.is_new
    registry.accept(4, actor="reviewer")
    assert [each.name for each in registry.current()] == ["UNODC/ccp/4"]
    assert sum(row.actions for row in registry.progress(by="status")) == 3
    assert "dropped" not in {each.kind for each in registry.changes()}
    assert registry.verify() == []


def test_what_was_redacted_and_is_handed_in_again_counts(registry: Registry, table: Table) -> None:
    hand_in(registry, table(), "2024-03-31")
    registry.withdraw(1, reason="it held a name")
    registry.redact(1, reason="it held a name")
    corrected = table({"A-001": {"title": "No name"}})
    result = hand_in(registry, corrected, "2024-03-31")
    assert result.submission.state == "accepted"  # type: ignore[union-attr]
    assert sum(row.actions for row in registry.progress(by="status")) == 5
    assert registry.verify() == []
    before = registry.progress()
    registry.rebuild()
    assert registry.progress() == before
    bodies = "".join(body for (body,) in registry.database.all("SELECT body FROM record"))
    assert "Train port officers" not in bodies
    registry.redact(2, reason="this too")
    assert registry.database.value("SELECT count(*) FROM record WHERE body <> ''") == 0
    assert registry.verify() == []


def test_a_redaction_makes_up_no_change(registry: Registry, table: Table, tmp_path: Path) -> None:
    dues = {"2024-03-31": "2024-06-30", "2024-06-30": "2024-09-30", "2024-09-30": "2024-12-31"}
    for issued, due in dues.items():
        rows = table({"A-001": {"due_date": due}}, without=("A-005",) if issued == "2024-09-30" else ())
        hand_in(registry, rows, issued)
    registry.redact("UNODC/ccp/2", reason="personal data")
    found = [(each.kind, each.subject, each.issued) for each in registry.changes()]
    assert sorted(found) == [
        ("dropped", "action/A-005", ("2024-06-30", "2024-09-30")),
        ("moved-deadline", "action/A-001", ("2024-03-31", "2024-09-30")),
    ], "each against what was said of it last"
    assert [each.values.get("bic:dueDate") for each in registry.history("A-001")] == [["2024-06-30"], ["2024-12-31"]]
    (difference,) = (each for each in registry.diff("UNODC/ccp/3") if each.subject == "action/A-001")
    assert (difference.property, difference.before, difference.after) == (None, (), ())
    assert "redacted" in answers.of_differences([difference]).render("csv", "en")
    later = hand_in(registry, table({"A-001": {"due_date": "2025-01-31"}}), "2024-12-31")
    assert ("moved-deadline", "2024-12-31") in {(each.kind, each.before) for each in later.changes}

    hand_in(registry, table({"A-001": {"due_date": "2025-02-28"}}), "2025-03-31")
    registry.redact("UNODC/ccp/5", reason="personal data")
    registry.export("iati", tmp_path / "out.xml")
    told = (tmp_path / "out.xml").read_text(encoding="utf-8")
    assert "A-002" in told
    assert "A-001" not in told, "an action of which nothing is known is none"


def test_what_a_redacted_submission_still_says_is_told_for_its_own_date(registry: Registry, table: Table) -> None:
    """What it brought and others repeat counts in `progress`, so `changes` tell it for the same date."""
    ended = {"status": "completed", "end_date": "2024-05-01"}
    hand_in(registry, table({"A-001": {"status": "planned"}, "A-002": {"due_date": "2024-07-31"}}), "2024-03-31")
    hand_in(registry, table({"A-001": ended, "A-002": {"due_date": "2024-08-31"}}, without=("A-005",)), "2024-06-30")
    hand_in(registry, table({"A-001": ended, "A-002": {"due_date": "2024-09-30"}}, without=("A-004",)), "2024-09-30")

    def told(**asked: str) -> set[tuple[str, str, tuple[str, str]]]:
        return {(each.kind, each.subject[-5:], each.issued) for each in registry.changes(**asked)}

    first, second = ("2024-03-31", "2024-06-30"), ("2024-06-30", "2024-09-30")
    moved = {("moved-deadline", "A-002", first), ("moved-deadline", "A-002", second)}
    others = {
        ("status", "A-001", first),
        ("dropped", "A-005", first),
        ("dropped", "A-004", second),
        ("added", "A-005", second),
    }
    assert told() == moved | others
    registry.redact("UNODC/ccp/2", reason="personal data")
    assert told() == others | {("moved-deadline", "A-002", ("2024-03-31", "2024-09-30"))}
    assert told(as_of="2024-06-30") == {("status", "A-001", first), ("dropped", "A-005", first)}
    assert told(since="2024-06-30") == told() - told(as_of="2024-06-30")


def test_what_came_without_a_title_is_new(registry: Registry) -> None:
    measured = [
        {"id": "I-1", "title": "Rooms", "measures": "A-1", "baseline_value": 0, "target_value": 9, "unit": "rooms"}
    ]
    action = {"id": "A-1", "title": "Open rooms", "goal": "Protect our people", "responsible_party": "UNODC"}
    for issued, several in (("2024-03", []), ("2024-06", [{"indicator": "I-1", "value": 3, "date": "2024-05-01"}])):
        document = {"actions": [action], "indicators": measured, "measurements": several}
        registry.submit(document, submitter="UNODC", dataset="m", issued=issued)
    found = registry.diff("UNODC/m/2")
    assert [(each.kind, each.property, each.after) for each in found] == [("measurement", None, ())]
    assert "(new)" in answers.of_differences(found).render("csv", "en")


def test_what_was_redacted_is_overwritten(tmp_path: Path, table: Table) -> None:
    path = tmp_path / "r.sqlite"
    with open_registry(path, create=True) as registry:
        assert registry.database.value("PRAGMA secure_delete") == 1
        hand_in(registry, table({"A-001": {"title": "A name that should not stand here"}}), "2024-03-31")
        registry.redact(1, reason="a court order")
    assert b"should not stand here" not in path.read_bytes()


def test_a_receipt_proves_without_the_registry_what_was_handed_in(registry: Registry) -> None:
    receipt = registry.submit(GOOD, submitter="UNODC", dataset="ccp", issued="2024-03-31").receipt
    assert receipt is not None
    assert proves(receipt, GOOD.read_bytes())
    assert not proves(receipt, GOOD.read_bytes() + b"\n")
    later = json.loads(json.dumps(receipt).replace("2024-03-31", "2024-06-30"))
    assert not proves(later, GOOD.read_bytes())
    with pytest.raises(UsageError, match="no receipt"):
        proves({"format": "other"}, b"")


def test_new_rules_add_verdicts_and_change_no_state(registry: Registry, tmp_path: Path) -> None:
    registry.submit(GOOD, submitter="UNODC", dataset="ccp", issued="2024-03-31")
    assert registry.recheck() == []
    profile = tmp_path / "strict.toml"
    profile.write_text('[severity]\n"Action-usesInstrument" = "violation"\n', encoding="utf-8")
    profile.write_text((GOOD.parents[1] / "profiles" / "strict.toml").read_text(encoding="utf-8"), encoding="utf-8")
    [verdict] = registry.recheck(profile=profile)
    assert verdict.submission == "UNODC/ccp/1"
    assert registry.submission(1).state == "accepted"
    assert registry.database.value('SELECT count(*) FROM "check"') == 2
    assert registry.recheck(profile=profile) == []
    assert registry.verify() == []


def test_a_date_is_stated_and_never_invented(registry: Registry, tmp_path: Path) -> None:
    with pytest.raises(UsageError, match="--issued"):
        registry.submit(GOOD, submitter="UNODC", dataset="ccp")
    with pytest.raises(UsageError, match="is no date"):
        registry.submit(GOOD, submitter="UNODC", dataset="ccp", issued="soon")
    assert registry.submissions() == []
    dated = tmp_path / "dated.csv"
    lines = GOOD.read_text(encoding="utf-8").splitlines()
    dated.write_text("\n".join([f"{lines[0]},submission_date", *(f"{line},2024-03-31" for line in lines[1:])]))
    result = registry.submit(dated, submitter="UNODC", dataset="ccp")
    assert result.submission is not None
    assert result.submission.issued == "2024-03-31"


def test_who_is_not_known_is_told_how_to_be(registry: Registry) -> None:
    with pytest.raises(UsageError, match="registry party add stranger"):
        registry.submit(GOOD, submitter="stranger", dataset="a", issued="2024")
    with pytest.raises(UsageError, match="cannot be the name"):
        registry.submit(GOOD, submitter="fundacion", dataset="../a", issued="2024")
    with pytest.raises(UsageError, match="no submission here"):
        registry.submission("UNODC/ccp/7")
    with pytest.raises(UnknownNameError):
        registry.history("A-404")


def test_a_dry_run_keeps_nothing(registry: Registry) -> None:
    result = registry.submit(FAULTY, submitter="UNODC", dataset="ccp", issued="2024", dry_run=True)
    assert result.exit_code == 1
    assert registry.submissions() == []
    assert len(registry.log()) == 1


def test_a_query_finds_each_dataset_in_its_graph(registry: Registry, table: Table) -> None:
    hand_in(registry, table(), "2024-03-31")
    hand_in(registry, table(), "2024-03-31", dataset="other")
    found = registry.query("SELECT ?g (COUNT(?a) AS ?n) { GRAPH ?g { ?a a bic:Action } } GROUP BY ?g ORDER BY ?g")
    graphs = [row.g.removeprefix("urn:x-bicentennial:registry/").rpartition("/")[2] for row in found]
    assert graphs == ["ccp", "other"]
    assert len({row.n for row in found}) == 1
    assert registry.query("ASK { GRAPH ?g { ?s <http://www.w3.org/ns/prov#generatedAtTime> ?t } }").kind == "ask"
    assert found.notes == ()


def test_deadlines_and_gaps_and_indicators(registry: Registry) -> None:
    registry.submit(GOOD.with_name("good.json"), submitter="fundacion", dataset="salas", issued="2024-06-30")
    states = {
        each.subject.rpartition("/")[2]: (each.state, each.days_late) for each in registry.deadlines(as_of="2024-12-31")
    }
    assert states == {
        "A-001": ("open", 0),
        "A-002": ("overdue", 184),
        "A-003": ("met", 0),
        "A-004": ("open", 0),
        "A-005": ("overdue", 244),
    }
    [containers, readers] = registry.indicators()
    assert (containers.baseline, containers.latest, containers.target, containers.share) == (120, 150, 200, 0.375)
    assert (readers.latest_date, readers.share, readers.time_share) == ("2023-12-31", 0.375, 1.0)
    gaps = {(gap.kind, gap.subject.rpartition("/")[2]) for gap in registry.gaps()}
    assert gaps == {("no-indicator", f"A-00{number}") for number in range(2, 6)}


def test_what_is_missing_of_many_is_soon_told(registry: Registry) -> None:
    rows = [f"A-{number},Title {number},G1,SRE,Site {number}" for number in range(4_000)]
    data = "\n".join(["id,title,goal,responsible_party,place", *rows]).encode()
    assert hand_in(registry, data, "2024-03-31").submission is not None
    begun = process_time()
    found = registry.gaps()
    points = registry.progress_over_time(by="place")
    assert process_time() - begun < 3
    assert sum(each.kind == "no-indicator" for each in found) == len(points[0]["rows"]) == len(rows)


def test_identifiers_mean_what_their_own_dataset_says(registry: Registry) -> None:
    """Two partners number their actions alike; one measures its first action, the other measures nothing."""
    registry.submit(GOOD.with_name("good.json"), submitter="fundacion", dataset="salas", issued="2024-06-30")
    registry.submit(GOOD, submitter="UNODC", dataset="ccp", issued="2024-06-30")
    rows = registry.progress(by="status")
    assert sum(row.actions for row in rows) == 10
    assert [each for row in rows for each in row.behind.get("with-indicator", ())] == ["fundacion/salas/action/A-001"]
    assert sum(row.with_indicator for row in rows) == 1
    unmeasured = {gap.subject for gap in registry.gaps() if gap.kind == "no-indicator"}
    assert "UNODC/ccp/action/A-001" in unmeasured
    assert "fundacion/salas/action/A-001" not in unmeasured


def test_a_cancelled_action_has_neither_met_nor_missed_its_deadline(registry: Registry, table: Table) -> None:
    for issued, status in (("2024-03-31", "ongoing"), ("2024-06-30", "cancelled")):
        changed = {"A-001": {"status": status, "due_date": "2024-05-31", "end_date": "", "description": "No funds"}}
        hand_in(registry, table(changed), issued)
        deadline = next(each for each in registry.deadlines(as_of=issued) if each.subject.endswith("A-001"))
        action = next(each for each in registry.actions(as_of=issued) if each.subject.endswith("A-001"))
        expected = "open" if status == "ongoing" else "cancelled"
        assert (deadline.state, deadline.days_late, action.state) == (expected, 0, expected)


def test_amounts_are_added_as_people_add_them(registry: Registry, table: Table) -> None:
    amounts = ("0.10", "0.20", "", "", "")
    changed = {
        f"A-00{n}": {"goal": "G1", "pillar": "", "budget": each, "currency": each and "USD"}
        for n, each in enumerate(amounts, start=1)
    }
    hand_in(registry, table(changed), "2024-03-31")
    rows = registry.progress()
    assert [row.budget for row in rows] == [{"USD": 0.3}]
    told = list(csv.DictReader(io.StringIO(answers.of_progress(rows, by="goal", **times()).render("csv", "en"))))
    assert [row["budget"] for row in told] == ["0.30 USD"], "0 USD would be another amount"
    listed = list(csv.DictReader(io.StringIO(answers.of_actions(registry.actions()).render("csv", "en"))))
    assert [row["budget"] for row in listed] == ["0.10 USD", "0.20 USD", "", "", ""]


def test_dates_may_be_those_of_python(registry: Registry) -> None:
    day = date(2024, 3, 31)
    first = registry.submit(GOOD, submitter="UNODC", dataset="ccp", issued=day)
    assert first.submission is not None
    assert first.submission.issued == "2024-03-31"
    again = registry.submit(GOOD, submitter="UNODC", dataset="ccp", issued=datetime(2024, 3, 31, 18, tzinfo=UTC))
    assert (again.submission, again.is_new) == (first.submission, False)
    assert registry.deadlines(as_of=day) == registry.deadlines(as_of="2024-03-31") != []
    assert registry.current(known=datetime.now(UTC)) == registry.current()
    assert registry.current(known=date(2000, 1, 1)) == []
    token, _ = registry.add_token(["review"], expires=date(2030, 1, 1))
    assert token.expires == "2030-01-01"


def test_a_mapping_that_makes_no_sense_is_called_by_its_name(registry: Registry, tmp_path: Path) -> None:
    mapping = tmp_path / "el mío.toml"
    mapping.write_text("columns = 7", encoding="utf-8")
    with pytest.raises(UsageError, match=r"“el mío\.toml”"):
        registry.submit(GOOD, submitter="UNODC", dataset="ccp", issued="2024-03-31", mapping=mapping)
    assert registry.submissions() == []


def test_a_token_that_would_open_nothing_is_not_made(registry: Registry) -> None:
    registry.add_party("ngo", name="An NGO")
    registry.set_dataset("ngo/ports", title="Ports")
    registry.add_token(["submit:ngo/later", "submit:UNODC", "read:UNODC"], submitter="anybody")
    for scopes, told in (
        (["submit:ngp"], "“ngp” is not known"),
        (["review", "read:ngp"], "“ngp” is not known"),
        (["submit:ngo/Ports"], "ports"),
        (["submit:NGO/ports"], "ngo"),
    ):
        with pytest.raises(UsageError, match=told):
            registry.add_token(scopes)
    with pytest.raises(UsageError, match="2024-12-31 is over"):
        registry.add_token(["review"], expires="2024")
    registry.add_token(["review"], expires=datetime.now(UTC).date())
    assert len(registry.tokens()) == 2


def test_a_registry_is_made_once(url: str) -> None:
    with pytest.raises(UsageError, match="there is no registry"):
        open_registry(url)
    open_registry(url, create=True).close()
    with open_registry(url) as registry:
        registry.submit(GOOD, submitter="UNODC", dataset="ccp", issued="2024")
    with pytest.raises(UsageError, match="not touched"):
        open_registry(url, create=True)
    with open_registry(url) as registry:
        assert len(registry.submissions()) == 1
        assert replace(registry.deadlines()[0]) == registry.deadlines()[0]


def test_limits_are_those_of_the_caller(registry: Registry) -> None:
    done = registry.submit(GOOD, submitter="UNODC", dataset="ccp", issued="2024-03-31", limits={"rows": 1})
    assert done.submission is not None
    assert done.submission.state == "returned"
    assert [(each.code, each.severity) for each in done.report.findings] == [("limit-reached", "violation")]
    assert "“rows”" in done.report.to_text()
    with registry.database.transaction():
        handed = receiving.Handed(
            data=FAULTY.read_bytes(), name="q.csv", dataset=1, issued="2024-06-30", sent_by="UNODC", mapping=None
        )
        number, _ = receiving.receive(registry.database, handed)
    assert registry.work(limits=Limits(rows=1)) == [number]
    assert registry.report(number).by_code == done.report.by_code
    with pytest.raises(UsageError, match="no limit rowz"):
        registry.submit(GOOD, submitter="UNODC", dataset="ccp", issued="2024-09-30", limits={"rowz": 1})
    assert len(registry.submissions()) == 2
    again = registry.submit(GOOD, submitter="UNODC", dataset="ccp", issued="2024-03-31")  # with the usual limits
    assert again.is_new
    assert (again.submission.number, again.submission.state) == (3, "accepted")  # type: ignore[union-attr]


def test_a_list_is_gone_through_part_by_part_while_it_grows_and_changes(registry: Registry) -> None:
    """What is added meanwhile comes at the end; what leaves the list moves nothing past the reader."""
    for month in range(1, 6):
        registry.submit(GOOD, submitter="UNODC", dataset="ccp", issued=f"2024-{month:02}")
    seen, after = [], 0
    while part := registry.submissions(state="accepted", after=after, limit=2):
        assert len(part) <= 2
        seen += [each.number for each in part]
        after = part[-1].id
        if after == 2:  # the first part has been read: its entries leave the list, and one comes
            registry.withdraw(1, reason="twice")
            registry.withdraw(2, reason="twice")
            registry.submit(GOOD, submitter="UNODC", dataset="ccp", issued="2024-07")
    assert seen == [1, 2, 3, 4, 5, 6]


def test_a_writer_that_another_was_in_the_way_of_tries_again(server: str, monkeypatch: pytest.MonkeyPatch) -> None:
    import psycopg

    monkeypatch.setattr(postgres, "_PATIENCE", "100ms")
    url = new_database(server)
    with open_registry(url, create=True) as registry, psycopg.connect(url, autocommit=True) as other:
        other.execute("SELECT pg_advisory_lock(%s)", [postgres._ADVISORY])
        with pytest.raises(ConflictError):
            registry.add_party("ngo")
        assert registry.submitters() == []
        token = registry.tokens()
        assert token == []
        other.execute("SELECT pg_advisory_unlock(%s)", [postgres._ADVISORY])
        registry.add_party("ngo")
        _, text = registry.add_token(["review"])
        other.execute("SELECT pg_advisory_lock(%s)", [postgres._ADVISORY])
        # When a token was used last is noted later; who holds it may read.
        assert tokens.check(registry.database, text) is not None
        with pytest.raises(ConflictError):
            registry.submit(GOOD, submitter="ngo", dataset="a", issued="2024-03", retry=False)
        other.execute("SELECT pg_advisory_unlock(%s)", [postgres._ADVISORY])
        done = registry.submit(GOOD, submitter="ngo", dataset="a", issued="2024-03")
        assert done.submission is not None
        assert done.submission.state == "accepted"


def test_a_full_disk_keeps_nobody_from_reading(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    with open_registry(tmp_path / "registry.sqlite", create=True) as registry:
        _, text = registry.add_token(["review"])
        registry.database.execute("PRAGMA query_only = ON")  # as of a disk that takes nothing any more
        assert tokens.check(registry.database, text) is not None
