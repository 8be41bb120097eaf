"""A rule says what is wrong and what to do in two texts, which no rendering has to cut out of one."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

import pytest

from bicentennial import api
from bicentennial.core.messages import LANGUAGES
from bicentennial.core.resources import files
from bicentennial.validation.own_shapes import artefacts, load, rule_texts

if TYPE_CHECKING:
    from pathlib import Path


def test_every_rule_has_a_problem_and_a_remedy_in_each_language() -> None:
    messages = {shape.node: dict(shape.messages) for shape in load().shapes}
    rules = rule_texts()
    assert {shape.rpartition("#")[2] for shape in rules} == {
        path.stem for path in files("shapes", "rules/*.ttl") if path.stem != "prefixes"
    }
    for shape, (problem, remedy) in rules.items():
        assert {lang: f"{problem[lang]} {remedy[lang]}" for lang in LANGUAGES} == messages[shape]
        for text in (*problem.values(), *remedy.values()):
            assert re.match(r"[A-ZÁÉÍÓÚÑ¿¡{]", text), text
            assert text.endswith((".", "?")), text


def test_the_compiled_texts_are_fresh() -> None:
    for path, text in artefacts().items():
        assert path.read_text(encoding="utf-8") == text, path.name


@pytest.mark.parametrize("engine", ["compiled", "pyshacl"])
def test_a_title_that_looks_like_two_sentences_divides_nothing(tmp_path: Path, engine: str) -> None:
    file = tmp_path / "actions.csv"
    file.write_text(
        "id,title,goal,status,start_date,end_date,responsible_party\n"
        "A-1,Train the U.S. Army. Again (“twice”),G1,completed,2023-05-01,2023-01-31,SSPC\n"
    )
    report = api.validate(file, engine=engine, isolated=False)
    [found] = report.of_code("Action-endsAfterItStarts")
    assert found.problem == {
        "en": "Action A-1 (“Train the U.S. Army. Again (“twice”)”) ends on 2023-01-31, before it starts on 2023-05-01.",
        "es": "La acción A-1 («Train the U.S. Army. Again (“twice”)») termina el 2023-01-31, antes de empezar el "
        "2023-05-01.",
    }
    assert found.remedy["en"] == "Correct whichever date is wrong; the same day is fine."
    assert found.brief("en") == "Action A-1 ends on 2023-01-31, before it starts on 2023-05-01."
    assert found.brief("es") == "La acción A-1 termina el 2023-01-31, antes de empezar el 2023-05-01."


def test_a_shape_of_others_speaks_for_itself_and_has_no_remedy(tmp_path: Path) -> None:
    file, shapes = tmp_path / "actions.csv", tmp_path / "own.ttl"
    file.write_text("id,title,goal,responsible_party\nA-1,Plant trees,G1,SSPC\n")
    shapes.write_text(
        """@prefix sh: <http://www.w3.org/ns/shacl#> . @prefix bic: <https://w3id.org/bicentennial/ontology#> .
        <urn:x:shape> a sh:NodeShape ; sh:targetClass bic:Action ;
            sh:property [ sh:path bic:startDate ; sh:minCount 1 ; sh:message "No start. Add one."@en ] ."""
    )
    report = api.validate(file, shapes=[shapes], isolated=True)
    [found] = [each for each in report.findings if each.message["en"] == "No start. Add one."]
    assert found.problem == {"en": "No start. Add one.", "es": "No start. Add one."}
    assert found.remedy == {}
