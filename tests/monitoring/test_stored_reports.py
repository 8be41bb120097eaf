"""Registries keep the outcome of each check for years: what an earlier version stored can be read and rendered."""

from __future__ import annotations

import json
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

from bicentennial.core.messages import LANGUAGES
from bicentennial.core.startup.records import replace
from bicentennial.report import Report, render
from bicentennial.report.formats import BINARY, FORMATS
from bicentennial.validation.outcome import Outcome

if TYPE_CHECKING:
    from collections.abc import Callable

STORED = sorted((Path(__file__).parent / "stored").glob("report-*.json"))
"""Each the outcome of `faulty.csv` as a released version stored it; to change how outcomes are stored, add one."""


def read(file: Path) -> dict[str, Any]:
    found: dict[str, Any] = json.loads(file.read_text(encoding="utf-8"))
    return found


@pytest.mark.parametrize("file", STORED, ids=lambda file: file.stem)
def test_what_a_version_stored_is_read_and_rendered(file: Path) -> None:
    outcome = Outcome.from_dict(read(file))
    assert len(outcome.findings) == sum(number for _, number in outcome.totals.values()) == 19
    (first, *_) = outcome.findings
    assert (first.code, first.location.cell, first.value) == ("Action-identifierIsUnique", "A2", "A-001")
    assert outcome.coverage is not None
    assert sum(bar.count for bar in outcome.coverage.statuses) == 7
    report = Report.of(outcome, "violation", None)
    for lang in LANGUAGES:
        for name in set(FORMATS) - set(BINARY):
            assert render([report], name, lang)


def _without(plain: Any, name: str) -> Any:
    """Return a value without what goes by a name, at any depth."""
    if isinstance(plain, dict):
        return {key: _without(value, name) for key, value in plain.items() if key != name}
    return [_without(each, name) for each in plain] if isinstance(plain, list) else plain


def _with_more(plain: Any) -> Any:
    """Return a value in which each object has a further member."""
    if isinstance(plain, dict):
        more = {} if set(plain) <= {"en", "es"} else {"from-a-later-version": 1}
        return {key: _with_more(value) for key, value in plain.items()} | more
    return [_with_more(each) for each in plain] if isinstance(plain, list) else plain


def changed(plain: dict[str, Any], change: Callable[[Any], Any]) -> Outcome:
    """Return the outcome that is read of what was stored, each of its records changed."""
    lines = [json.dumps(change(json.loads(line.rstrip(",")))) for line in plain["findings"].split("\n")]
    apart = {name: value for name, value in plain.items() if name in ("totals", "unreported")}
    rest = change({name: value for name, value in plain.items() if name not in apart})
    return Outcome.from_dict({**rest, **apart, "findings": ",\n".join(lines)})


@pytest.mark.parametrize("file", STORED, ids=lambda file: file.stem)
def test_what_another_version_says_more_or_less_of_is_read(file: Path) -> None:
    plain = read(file)
    known = Outcome.from_dict(plain)
    assert replace(changed(plain, _with_more), sheets=known.sheets) == known
    later = ["unreported", "sheets", "coverage", "made_for", "made_for_source", "suggested", "suggestions", "remedy"]
    later += ["pointer", "cell", "message", "others", "years", "undated", "below", "due", "format", "engine"]
    for name in later:
        outcome = changed(plain, partial(_without, name=name))
        assert [each.code for each in outcome.findings] == [each.code for each in known.findings], name
        assert render([Report.of(outcome, "violation", None)], "html", "es"), name
    assert Outcome.from_dict({**plain, "unreported": json.loads(plain["unreported"])}) == known
    del plain["unreported"]
    assert [each.datatype for each in Outcome.from_dict(plain).findings] == [None] * 19


@pytest.mark.parametrize("file", STORED, ids=lambda file: file.stem)
def test_a_code_that_is_no_longer_there_is_reported(file: Path) -> None:
    text = file.read_text(encoding="utf-8").replace("Action-pillarBelongsToGoal", "Action-ofLongAgo")
    report = Report.of(Outcome.from_dict(json.loads(text)), "violation", None)
    for lang in LANGUAGES:
        for name in set(FORMATS) - set(BINARY):
            assert render([report], name, lang)
    assert "Action-ofLongAgo" in render([report], "html", "es")
