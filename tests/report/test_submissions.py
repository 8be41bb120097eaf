"""What is found in each example submission, in every format: the code, and the very place."""

from __future__ import annotations

from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from bicentennial import api
from bicentennial.report.words import place
from bicentennial.resources import directory

if TYPE_CHECKING:
    from bicentennial.report import Report

EXPECTED = Path(__file__).parent / "expected"
SUBMISSIONS = sorted(path for path in directory("submissions").iterdir() if path.is_file())
GOOD = {"good", "buena"}


@cache
def report(path: Path, engine: str = "compiled") -> Report:
    return api.validate(path, engine=engine, isolated=False)


def lines(found: Report) -> str:
    """Return the findings as the expectations hold them: severity, code, place, suggestions."""
    return "".join(
        f"{each.severity} {each.code} @ {place(each.location, 'en')}"
        + (f" → {'; '.join(each.suggestions)}" if each.suggestions else "")
        + "\n"
        for each in found.findings
    )


def test_there_are_examples_of_each_format() -> None:
    assert {path.name for path in SUBMISSIONS} >= {
        f"{name}.{ending}"
        for name in ("good", "faulty")
        for ending in ("csv", "xlsx", "json", "jsonld", "ttl", "nt", "rdf")
    }


@pytest.mark.parametrize("path", SUBMISSIONS, ids=lambda path: path.name)
def test_findings_and_their_places(path: Path) -> None:
    assert lines(report(path)) == (EXPECTED / f"{path.name}.txt").read_text(encoding="utf-8")


@pytest.mark.parametrize("path", SUBMISSIONS, ids=lambda path: path.name)
def test_verdict(path: Path) -> None:
    found = report(path)
    assert found.conforms is (path.stem in GOOD)
    assert found.exit_code == (0 if path.stem in GOOD else 1)
    named = {"ttl": "turtle", "nt": "ntriples", "rdf": "rdfxml", "xml": "iati"}
    assert found.outcome.format == named.get(path.suffix[1:], path.suffix[1:])


@pytest.mark.parametrize("name", ["faulty.xlsx", "faulty.ttl", "defectuosa.csv"])
def test_engines_agree(name: str) -> None:
    path = directory("submissions") / name
    assert report(path, "pyshacl").findings == report(path).findings
    assert report(path, "pyshacl").outcome.engine == "pyshacl"


def test_same_findings_whichever_syntax_of_rdf() -> None:
    codes = [
        sorted((each.code, each.focus, each.value) for each in report(path).findings)
        for path in SUBMISSIONS
        if path.stem == "faulty" and path.suffix in (".ttl", ".nt", ".rdf", ".jsonld")
    ]
    assert codes[1:] == codes[:-1]
