"""The programmes encoded from public records conform; what their records do not say is found."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from bicentennial.core.messages import entry
from bicentennial.core.namespaces import local_name
from bicentennial.validation.submission import check
from bicentennial.vocabulary.index import default_index

PROGRAMMES = Path(__file__).parents[2] / "examples" / "programmes"

FOUND = {
    "cossap-berkeley-county": [],
    "canada-synthetic-drugs-mexico": [("info", "Action-saysHowFarItIs", "/actions/0")],
    "inegi-homicides": [
        ("warning", "Indicator-hasBaseline", "/indicators/0"),
        ("warning", "Indicator-hasBaseline", "/indicators/1"),
        ("warning", "Indicator-hasTarget", "/indicators/0"),
        ("warning", "Indicator-hasTarget", "/indicators/1"),
    ],
}


def test_each_programme_is_expected() -> None:
    assert {path.stem for path in PROGRAMMES.glob("*.json")} == set(FOUND)


@pytest.mark.parametrize("name", FOUND)
def test_a_programme_draws_these_findings_and_no_others(name: str) -> None:
    found = check(PROGRAMMES / f"{name}.json").findings
    assert sorted((each.severity, each.code, each.location.pointer) for each in found) == FOUND[name]


@pytest.mark.parametrize("name", FOUND)
def test_a_programme_says_that_it_is_from_public_records(name: str) -> None:
    plain = json.loads((PROGRAMMES / f"{name}.json").read_text("utf-8"))
    described = [*plain.get("actions", ()), *plain.get("indicators", ())]
    assert described
    assert all(each["description"].startswith("Example drawn from public records") for each in described)
    stated = [*described, *plain.get("measurements", ()), *plain.get("finances", ()), *plain.get("milestones", ())]
    for each in stated:
        sources = each["source"] if isinstance(each["source"], list) else [each["source"]]
        assert all(source.startswith("https://") for source in sources)


def test_the_report_can_name_every_table_that_it_has_read() -> None:
    assert {local_name(table.iri) for table in default_index().tables} == set(entry("report", "tables"))
