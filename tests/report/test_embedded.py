"""A report as a part of another page, and one that is rendered from a stored outcome."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from bicentennial import validate
from bicentennial.report.html.embedded import SLOT, embedded, script, style
from bicentennial.report.html.page import page
from bicentennial.report.model import Report
from bicentennial.report.stored import EMBEDDED, render_in_worker, store, stored

if TYPE_CHECKING:
    from pathlib import Path

FAULTY = "examples/submissions/faulty.xlsx"


def test_it_is_what_the_page_of_its_own_shows() -> None:
    report = validate(FAULTY)
    part, whole = embedded(report), page([report], "en")
    article = re.search(r"<article.*</article>", whole, re.DOTALL)
    assert article
    assert part.count(SLOT) == 1
    assert article[0] in part.replace(SLOT, "")


def test_its_style_holds_for_nothing_else() -> None:
    rules = re.findall(r"^\s*([^@{}\s/][^{}]*)\{", style(), re.MULTILINE)
    assert len(rules) > 80
    for rule in rules:
        assert all(".report " in f"{each} " for each in rule.split(",")), rule
    assert "data-thousands" in script()


def test_a_text_cannot_pass_for_the_slot() -> None:
    report = validate([{"id": str(SLOT), "title": str(SLOT), "goal": str(SLOT)}], name=str(SLOT))
    assert embedded(report).count(SLOT) == 1


def test_a_stored_outcome_is_rendered_as_the_report_was(tmp_path: Path) -> None:
    report = validate(FAULTY)
    path = tmp_path / "outcome.json"
    store(report.outcome, path)
    assert stored(path) == report.outcome
    assert render_in_worker(str(path), "json", "en").text == report.to_json()
    assert render_in_worker(str(path), "csv", "es").text == report.to_csv("es")
    assert render_in_worker(str(path), EMBEDDED, "en").text == embedded(Report(report.outcome))
