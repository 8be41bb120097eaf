"""The tree, and one thing with everything about it."""

from __future__ import annotations

import subprocess
import sys

import pytest

from bicentennial.core.errors import QueryError, UnknownNameError
from bicentennial.knowledge.show import about, describe, tree


def test_tree_has_every_level_once() -> None:
    lines = tree("en").splitlines()
    assert lines[0].startswith("U.S.-Mexico Bicentennial Framework")
    codes = [line.lstrip("│├└─ ").split(" ")[0] for line in lines[1:]]
    goals = [code for code in codes if code.startswith("G")]
    pillars = [code for code in codes if code.startswith("O") and code[-1].isdigit()]
    objectives = [code for code in codes if code.startswith("O") and code[-1].isalpha()]
    commitments = [code for code in codes if code.startswith("C")]
    assert (goals, len(pillars), len(objectives), commitments) == (["G1", "G2", "G3"], 10, 31, ["C1", "C2", "C3"])
    assert codes == goals[:1] + codes[1 : codes.index("G2")] + codes[codes.index("G2") :]


def test_tree_speaks_spanish() -> None:
    spanish = tree("es")
    assert "├── G1 Proteger a nuestra gente · " in spanish
    assert " · 1 acción\n" in spanish
    assert "actions" not in spanish
    assert len(spanish.splitlines()) == len(tree("en").splitlines())


def test_one_thing_has_names_facts_links_and_sources() -> None:
    text = describe("OFAC", "en")
    assert text.splitlines()[0] == "Office of Foreign Assets Control · Oficina de Control de Activos Extranjeros"
    assert "OFAC · agency · bicd:agency-ofac" in text
    assert "is part of: United States Department of the Treasury" in text
    assert "  responsible party of:\n    A15 " in text
    assert ", paragraph 17, sentence 3" in text


def test_one_thing_in_spanish_with_what_is_inferred() -> None:
    text = describe("A6", "es")
    assert "acción · bicd:action-container-control-mou" in text
    assert "pilar: " in text
    assert "(O2.1) [inferido]" in text
    assert "objetivo inferido" not in text
    assert "realizada por:" in text
    assert ", párrafo 14" in text


def test_terms_and_concepts_are_things_too() -> None:
    assert "bic:advancesGoal" in describe("bic:advancesGoal")
    assert "bicd:status-completed" in describe("completed")


def test_claims_are_shown_by_what_they_say() -> None:
    text = describe("bicd:conflict-number-of-cooperative-actions")
    assert "101" in text
    assert "bicd:claim" not in text


@pytest.mark.parametrize("width", [60, 100])
def test_lines_keep_the_width(width: int) -> None:
    body = describe("A6", width=width).split("\nSources\n")[0].splitlines()[2:]
    assert max(map(len, body)) <= width


def test_sources_come_with_standing_address_and_words() -> None:
    text = describe("A8", "es")
    assert "párrafo 15, oración 2\n  (retrotraducción) https://hpvtruth.org/" in text
    assert "“We affirm our support for ongoing initiatives" in text
    assert "sin dirección conocida" in describe("SAMHSA", "es")


def test_a_topic_tells_what_was_promised_and_what_came_of_it() -> None:
    page = about("arms trafficking")
    assert {promise.text.split()[0] for promise in page.promises} >= {"A7", "A8", "A10", "P3"}
    for text in (page.to_text(), page.to_html(), page.to_markdown(), page.to_json()):
        assert "Twenty-two" in text or "twenty-two states used eTrace" in text
        assert "milenio.com" in text.replace("\\", "")
    assert "by whom: Government of Mexico; Government of the United States" in page.to_text(width=200)
    assert "no source seen reports anything" in describe("ballistics") or "25 states" in describe("ballistics")


def test_unknown_names_come_with_suggestions() -> None:
    with pytest.raises(UnknownNameError) as caught:
        describe("OFACC")
    assert caught.value.suggestions == ("OFAC",)
    with pytest.raises(QueryError, match="fits several"):
        describe("memorandum of")


def test_nothing_heavy_is_imported() -> None:
    code = (
        "import sys\nfrom bicentennial.knowledge.show import describe, tree\ntree('es'); describe('OFAC')\n"
        "print(sorted({'rdflib', 'pydantic', 'pyshacl', 'duckdb', 'rapidfuzz'} & set(sys.modules)))"
    )
    run = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert run.stdout == "[]\n"
