"""Nine actions that are each well formed and make no sense: what is wrong with each is found, by either engine."""

from __future__ import annotations

from pathlib import Path

import pytest

from bicentennial.validation.submission import check

NONSENSE = Path(__file__).parent / "nonsense.csv"

FOUND = {
    ("G2", "Action-isNotOverdue", "warning"),
    ("F3", "Action-ongoingHasBegun", "violation"),
    ("D4", "Action-responsibleGovernmentIsPartyToTheFramework", "violation"),
    ("D5", "Action-responsiblePartyExisted", "violation"),
    ("D6", "Action-responsibleBodyIsSetUp", "warning"),
    ("D7", "Action-responsiblePartyCanAnswer", "warning"),
    ("D8", "Action-responsiblePartyCanAnswer", "warning"),
    ("D9", "Action-namesWhoActs", "warning"),
    ("I9", "Action-completedCitesEvidence", "info"),
    ("I10", "Action-evidenceIsFromAfterItsStart", "warning"),
}


@pytest.mark.parametrize("engine", ["compiled", "pyshacl"])
def test_each_nonsensical_action_draws_its_finding(engine: str) -> None:
    findings = check(NONSENSE, engine=engine).findings
    assert {(each.location.cell, each.code, each.severity) for each in findings} == FOUND
    assert len(findings) == len(FOUND)


def test_no_nonsensical_action_passes() -> None:
    rows = {int(cell[1:]) for cell, _, _ in FOUND}
    assert rows == set(range(2, 11))
