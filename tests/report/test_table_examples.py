"""A code is shown as a row that breaks it and one that keeps it, and both do what they say."""

from __future__ import annotations

import json
from functools import cache
from typing import TYPE_CHECKING

import pytest

from bicentennial import api
from bicentennial.core.messages import LANGUAGES, section
from bicentennial.report.codes import worked_examples
from bicentennial.report.codes.explanation import codes
from bicentennial.report.codes.table_examples import STORED, in_language, table_examples
from bicentennial.report.codes.worked_examples import work_out

if TYPE_CHECKING:
    from pathlib import Path

# What cells alone cannot show: the example depicts it.
DEPICTED = ("⟨",)
# A workbook, or the text of a file, is what these are about.
NO_TABLES = {"encoding-assumed", "sheet-not-read", "value-ambiguous"}
READING = sorted(code for code, known in section("intake").items() if known.get("example") and code not in NO_TABLES)


@cache
def rules() -> list[str]:
    """Return the rules that a row of actions, indicators or measurements can break."""
    return [code for code, each in codes().items() if code == each.shape]


@pytest.mark.parametrize("lang", LANGUAGES)
@pytest.mark.parametrize(
    "code",
    [
        "Action-advancesGoal.missing", "Action-advancesGoal.unknown", "Action-endsAfterItStarts",
        "Action-identifierIsUnique", "Action-prefLabel.missing", "Action-startDate.datatype",
        "Action-budgetHasCurrency",
        "Indicator-numberHasUnit", "Measurement-unitAgreesWithIndicator", "Milestone-prefLabel.missing",
    ],
)  # fmt: skip
def test_what_is_met_most_is_shown_in_tables(code: str, lang: str) -> None:
    example = table_examples(code, lang)
    assert example is not None
    assert any(sheet.marked for sheet in example.breaks)
    assert not any(sheet.marked for sheet in example.keeps)


def test_most_rules_on_actions_are_shown_in_tables() -> None:
    """Those that are not are about what the Framework's own data say, for which tables have no column."""
    without = [code for code in rules() if code.startswith("Action-") and table_examples(code, "es") is None]
    assert without == [
        "Action-aSourceStatesAGoal",
        "Action-doesNotRealizeItself",
        "Action-evidenceIsFromAfterItsStart",
        "Action-inferenceNamesItsEditor",
        "Action-inferredCommitmentIsAmongCommitments",
        "Action-inferredGoalIsAmongGoals",
        "Action-inferredObjectiveIsAmongObjectives",
        "Action-inferredPillarIsAmongPillars",
        "Action-inferredResponsiblePartyIsAmongParties",
        "Action-isNotItsOwnExample",
        "Action-responsibleBodyIsSetUp",
        "Action-sectionGoalIsAmongGoals",
        "Action-sectionGoalIsNotInferred",
        "Action-startDateIsPlausible",
    ]


def test_what_is_stored_is_what_is_worked_out() -> None:
    """As far as rules on actions go: conversion and validation have not changed since the examples were compiled."""
    for code in (each for each in rules() if each.startswith("Action-")):
        assert work_out(codes()[code], "es") == table_examples(code, "es"), f"compile.py --all-examples: {code}"


def test_an_example_is_worked_out_again_once_its_sources_change(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    stored = json.loads(STORED.read_text(encoding="utf-8"))
    changed = stored["examples"]["Action-endsAfterItStarts"]
    changed["of"], changed["es"] = "another", {}
    copy = tmp_path / "examples.json"
    copy.write_text(json.dumps(stored), encoding="utf-8")
    monkeypatch.setattr(worked_examples, "STORED", copy)
    assert worked_examples.artefacts() == {copy: STORED.read_text(encoding="utf-8")}


def test_headers_names_and_texts_are_in_the_language() -> None:
    [sheet] = table_examples("Action-endsAfterItStarts", "es").breaks  # type: ignore[union-attr]
    assert sheet.name == "acciones"
    assert sheet.header == ("identificador", "título", "fecha_inicio", "fecha_fin")
    assert sheet.rows == (("A-1", "Capacitar a oficiales portuarios", "2023-02-28", "2023-01-31"),)
    assert sheet.abridged
    [sheet] = table_examples("Action-endsAfterItStarts", "en").breaks  # type: ignore[union-attr]
    assert sheet.header == ("id", "title", "start_date", "end_date")


@pytest.mark.parametrize("lang", LANGUAGES)
@pytest.mark.parametrize("code", READING)
def test_examples_of_reading_break_and_keep_in_each_language(tmp_path: Path, code: str, lang: str) -> None:
    explanation = codes()[code]
    texts = [in_language(text or "", lang) for text in (explanation.breaks, explanation.keeps)]
    for name, text in zip(("breaks", "keeps"), texts, strict=True):
        assert text.isascii() or lang == "es" or any(mark in text for mark in DEPICTED) or code == "text-garbled"
        if any(mark in "".join(texts) for mark in DEPICTED):
            assert table_examples(code, lang)
            continue
        path = tmp_path / f"{name}.csv"
        path.write_text(text, encoding="utf-8")
        report = api.validate(path, isolated=False)
        assert (code in report.by_code) is (name == "breaks"), report.to_text()
