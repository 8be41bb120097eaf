"""Every code has a page, made from the shapes, the catalogue and the examples."""

from __future__ import annotations

import pytest

from bicentennial.cli import main
from bicentennial.messages import section
from bicentennial.report.explanation import codes
from bicentennial.resources import directory, files


def test_every_rule_and_every_code_of_reading_is_explained() -> None:
    rules = {path.stem for path in files("shapes", "rules/*-*.ttl")}
    assert rules <= codes().keys()
    assert {code for code, texts in section("intake").items() if "severity" in texts} <= codes().keys()


def test_every_example_belongs_to_a_code_that_is_explained() -> None:
    names = {".".join(path.stem.split(".")[:2]) for path in (directory("cases") / "invalid").glob("*.ttl")}
    assert names <= codes().keys()


def test_explanations_are_complete() -> None:
    for code, explanation in codes().items():
        assert set(explanation.title) == set(explanation.says) == {"en", "es"}
        assert explanation.why is None or set(explanation.why) == {"en", "es"}
        if explanation.why is not None:
            assert explanation.breaks, code
            assert explanation.keeps, code


@pytest.mark.parametrize(("lang", "words"), [("en", "Why:"), ("es", "Por qué:")])
def test_page(capsys: pytest.CaptureFixture[str], lang: str, words: str) -> None:
    assert main(["explain", "Action-endsAfterItStarts", "--lang", lang]) == 0
    out = capsys.readouterr().out
    assert words in out
    assert 'bic:endDate "2023-01-31"^^xsd:date' in out


def test_list(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["explain", "--lang", "es"]) == 0
    lines = capsys.readouterr().out.splitlines()
    assert len(lines) == len(codes())
    assert any(
        line.split(maxsplit=1) == ["Action-endsAfterItStarts", "Una acción termina después de empezar"]
        for line in lines
    )
