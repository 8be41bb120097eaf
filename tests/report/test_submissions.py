"""What is found in each example submission, in every format: the code, and the very place."""

from __future__ import annotations

from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from bicentennial import api
from bicentennial.core.errors import UnsupportedShapeError
from bicentennial.core.resources import directory
from bicentennial.report.words import place

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


COVERED = """
@prefix sh: <http://www.w3.org/ns/shacl#> .
<urn:all> a sh:NodeShape ; sh:targetClass <https://w3id.org/bicentennial/ontology#Action> ; sh:property <urn:covered> .
<urn:covered> sh:path <https://w3id.org/bicentennial/ontology#endDate> ; sh:minCount 1 .
"""
UNCOVERED = """
@prefix sh: <http://www.w3.org/ns/shacl#> .
<urn:uncovered> a sh:NodeShape ; sh:targetClass <https://w3id.org/bicentennial/ontology#Action> ;
    sh:sparql [ sh:message "{$this} has a short title" ; sh:select '''
        SELECT $this ?value WHERE {
            $this <http://www.w3.org/2004/02/skos/core#prefLabel> ?value .
            FILTER (STRLEN(ENCODE_FOR_URI(STR(?value))) < 30)
        }''' ] .
"""


def test_what_one_engine_does_not_cover_the_other_does(tmp_path: Path) -> None:
    files = [tmp_path / "covered.ttl", tmp_path / "uncovered.ttl"]
    for file, content in zip(files, (COVERED, UNCOVERED), strict=True):
        file.write_text(content, encoding="utf-8")
    path = directory("submissions") / "faulty.csv"
    both, reference = (
        api.validate(path, engine=engine, shapes=files, coverage=False) for engine in ("auto", "pyshacl")
    )
    assert (both.outcome.engine, reference.outcome.engine) == ("compiled+pyshacl", "pyshacl")
    assert {"urn:covered", "urn:uncovered"} <= {each.shape for each in both.findings}
    assert both.findings == reference.findings
    assert api.validate(path, shapes=files[0], coverage=False).outcome.engine == "compiled"
    with pytest.raises(UnsupportedShapeError, match="ENCODE_FOR_URI"):
        api.validate(path, engine="compiled", shapes=files, coverage=False)
