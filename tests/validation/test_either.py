"""An action serves a goal or a guiding commitment: one of the two is required."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from bicentennial.validation.submission import check

if TYPE_CHECKING:
    from pathlib import Path

MISSING = "Action-advancesGoal.missing"
COMMITMENT = "Focus on data and results"


def codes(path: Path, engine: str = "auto") -> list[tuple[str, str | None, str | None]]:
    found = check(path, engine=engine).findings
    return [(each.code, each.path, each.location.cell) for each in found if each.severity == "violation"]


def rows(*cells: str) -> str:
    lines = (f"A-{n},Title {n},{cell},UNODC" for n, cell in enumerate(cells, start=1))
    return "\n".join(["id,title,goal,commitment,responsible_party", *lines]) + "\n"


@pytest.mark.parametrize("engine", ["compiled", "pyshacl"])
def test_a_commitment_takes_the_place_of_a_goal(tmp_path: Path, engine: str) -> None:
    path = tmp_path / "a.csv"
    path.write_text(rows("Protect our people,", f",{COMMITMENT}", ",", f"Protect our people,{COMMITMENT}"), "utf-8")
    goal = "https://w3id.org/bicentennial/ontology#advancesGoal"
    assert codes(path, engine) == [(MISSING, goal, "C4")]


def test_the_message_names_both(tmp_path: Path) -> None:
    path = tmp_path / "a.csv"
    path.write_text(rows(","), "utf-8")
    (one,) = (each for each in check(path).findings if each.code == MISSING)
    assert one.message["en"].startswith("Action A-1 (“Title 1”): no goal or guiding commitment is given")
    assert "meta o compromiso rector" in one.message["es"]


def test_a_sheet_with_commitments_alone_lacks_no_column(tmp_path: Path) -> None:
    path = tmp_path / "a.csv"
    path.write_text(f"id,title,commitment,responsible_party\nA-1,x,{COMMITMENT},UNODC\n", "utf-8")
    assert codes(path) == []
    path.write_text("id,title,responsible_party\nA-1,x,UNODC\n", "utf-8")
    assert [code for code, _, _ in codes(path)] == ["header-missing"]


def test_a_large_sheet_is_judged_alike(tmp_path: Path) -> None:
    path = tmp_path / "a.csv"
    cells = [f",{COMMITMENT}", "Protect our people,", ","] * 5_000
    path.write_text(rows(*cells), "utf-8")
    assert check(path).totals[MISSING] == ("violation", 5_000)
    path.write_text(path.read_text("utf-8").replace("goal,commitment", "goal,remarks"), "utf-8")
    assert check(path).totals[MISSING] == ("violation", 10_000)
