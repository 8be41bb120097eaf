"""A shape that several classes share reports each fault once, under a code that names the class of the thing."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from bicentennial.report.codes.explanation import codes, explain
from bicentennial.validation.submission import check

if TYPE_CHECKING:
    from pathlib import Path

PREFIXES = """@prefix bic: <https://w3id.org/bicentennial/ontology#> .
@prefix skos: <http://www.w3.org/2004/02/skos/core#> .
"""
CASES = [
    ("bic:Place", "Place"),
    ("bic:Party", "Party"),
    ("bic:InternationalOrganization", "Party"),  # as of all that is demanded of parties
    ("bic:CooperationBody", "Instrument"),  # a party too, and reported once: the first in the alphabet
    ("bic:Place , bic:Party", "Party"),
]


@pytest.mark.parametrize("engine", ["compiled", "pyshacl"])
@pytest.mark.parametrize(("types", "name"), CASES)
def test_the_code_names_the_class(tmp_path: Path, types: str, name: str, engine: str) -> None:
    path = tmp_path / "a.ttl"
    path.write_text(f"{PREFIXES}<urn:x:a> a {types} ; skos:altLabel 7 .\n", "utf-8")
    found = check(path, engine=engine)
    pairs = sorted((each.code, each.shape) for each in found.findings if each.severity == "violation")
    assert pairs == [
        (f"{name}-altLabel.datatype", "Entity-altLabel"),
        (f"{name}-prefLabel.missing", "Labelled-prefLabel"),
    ]
    assert {code: number for code, (_, number) in found.totals.items() if code.startswith(name)} == {
        f"{name}-altLabel.datatype": 1,
        f"{name}-prefLabel.missing": 1,
    }


def test_each_class_has_its_codes_and_the_shape_names_them_all() -> None:
    assert {"Action-prefLabel.missing", "Action-prefLabel.empty", "Place-notation.empty"} <= codes().keys()
    assert {each.code for each in explain("Labelled-prefLabel")} >= {
        "Action-prefLabel.missing",
        "Goal-prefLabel.missing",
    }
    assert {each.code for each in explain("Action-identifier")} == {
        f"Action-identifier.{kind}" for kind in ("missing", "repeated", "datatype", "empty")
    }
    known = codes()["Action-prefLabel.empty"]
    assert known.breaks
    assert known.keeps
    assert "Entity" not in known.title["en"] + known.says["en"]
