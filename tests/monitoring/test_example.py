"""The example year: the script plays, and the registry then says what the story is."""

from __future__ import annotations

import runpy
from pathlib import Path

import bicentennial as bic

SCRIPT = Path(__file__).parents[2] / "examples" / "registry" / "play.py"


def test_the_year_of_three_partners(tmp_path: Path) -> None:
    url = str(tmp_path / "example.sqlite")
    runpy.run_path(str(SCRIPT))["play"](url)
    with bic.registry(url) as registry:
        assert {(change.kind, change.subject.rpartition("/")[2]) for change in registry.changes()} == {
            ("moved-deadline", "S-1"),
            ("dropped", "S-3"),
            ("rebudgeted", "S-2"),
            ("status", "S-1"),
            ("status", "P-1"),
            ("status", "P-2"),
            ("reopened", "P-1"),
            ("moved-deadline", "P-1"),
            ("rebudgeted", "P-1"),
            ("retargeted", "routes"),
        }
        [missed] = [each for each in registry.deadlines() if each.state == "missed"]
        assert (missed.subject, missed.days_late, missed.first) == (
            "fundacion-ejemplo/salas/action/S-1",
            13,
            "2024-06-30",
        )
        assert [each.reason for each in registry.log() if each.what == "returned" and each.actor == "reviewer"] == [
            "P-2 names two parties: say in the description which of them answers for it."
        ]
        assert registry.verify() == []
