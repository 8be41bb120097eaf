"""Every code has a page, made from the shapes, the catalogue and the examples."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from bicentennial import api
from bicentennial.cli import main
from bicentennial.core.messages import section
from bicentennial.core.resources import directory, files
from bicentennial.knowledge.sources import cited_at
from bicentennial.report.codes.explanation import codes

if TYPE_CHECKING:
    from pathlib import Path

# What an example of a text file shows, the file itself shows; the others show a part of a workbook or bytes.
READABLE = ("header-missing", "header-misspelt", "header-unknown", "header-repeated", "value-ambiguous")


def test_every_rule_and_every_code_of_reading_is_explained() -> None:
    rules = {path.stem for path in files("shapes", "rules/*-*.ttl")}
    assert rules <= codes().keys()
    assert {code for code, texts in section("intake").items() if "severity" in texts} <= codes().keys()


def test_every_example_belongs_to_a_code_that_is_explained() -> None:
    names = {".".join(path.stem.split(".")[:2]) for path in (directory("cases") / "invalid").glob("*.ttl")}
    # The example of a shape that several classes share bears the name of the shape, not of a class.
    known = {".".join([each.shape or code, *code.split(".")[1:]]) for code, each in codes().items()}
    assert names <= known


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


def test_rows_of_tables_come_before_rdf(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["explain", "Action-endsAfterItStarts", "--lang", "es"]) == 0
    out = capsys.readouterr().out
    assert "A-1            Capacitar a oficiales portuarios  2023-02-28    [2023-01-31]" in out
    assert out.index("[2023-01-31]") < out.index("Una fila que lo cumple:") < out.index("bic:endDate")


def test_html(tmp_path: Path) -> None:
    page = tmp_path / "code.html"
    assert main(["explain", "Action-endsAfterItStarts", "--lang", "es", "-o", str(page)]) == 0
    text = page.read_text(encoding="utf-8")
    assert "<td><mark>2023-01-31</mark></td>" in text
    assert "&lt;urn:x-example:subject&gt; a bic:Action ;\n" in text
    assert main(["explain", "-o", str(page)]) == 0
    assert "<code>Action-endsAfterItStarts</code></td>" in page.read_text(encoding="utf-8")


def test_list(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["explain", "--lang", "es"]) == 0
    lines = capsys.readouterr().out.splitlines()
    assert len(lines) == len(codes())
    assert any(
        line.split(maxsplit=1) == ["Action-endsAfterItStarts", "Una acción termina después de empezar"]
        for line in lines
    )


@pytest.mark.parametrize("code", READABLE)
def test_examples_of_codes_of_reading_break_and_keep_what_they_say(tmp_path: Path, code: str) -> None:
    explanation = codes()[code]
    for name, text in (("breaks", explanation.breaks), ("keeps", explanation.keeps)):
        assert text
        path = tmp_path / (f"{name}.json" if text.startswith("{") else f"{name}.csv")
        path.write_text(text, encoding="utf-8")
        report = api.validate(path, isolated=False)
        assert (code in report.by_code) is (name == "breaks"), report.to_text()
        assert name == "breaks" or report.counts["violation"] == 0


def test_the_commonest_codes_of_reading_have_examples() -> None:
    for code in (*READABLE, "sheet-not-read", "encoding-assumed", "formula-without-value"):
        assert codes()[code].breaks, code
        assert codes()[code].keeps, code


def test_every_source_of_a_rule_is_one_of_ours_and_has_a_name_in_both_languages() -> None:
    sources = {source for each in codes().values() for source in each.sources}
    assert {source.rpartition("/")[2] for source in sources} >= {"document-gao-10-837", "passage-fact-sheet-p08-s2"}
    for source in sources:
        assert cited_at(source, "en") != cited_at(source, "es")


@pytest.mark.parametrize(
    ("code", "lang", "said"),
    [
        (
            "Action-advancesGoal.missing", "en",
            "Where it comes from: U.S. Assistance to Mexico: State Department Could Improve Its Monitoring",
        ),
        ("Indicator-hasBaseline", "es", "De dónde viene: Iniciativa Mérida:"),
        ("Indicator-hasBaseline", "es", "párrafo 8, oración 2"),
        ("Indicator-hasBaseline", "en", "paragraph 8, sentence 2"),
    ],
)  # fmt: skip
def test_page_names_the_source(capsys: pytest.CaptureFixture[str], code: str, lang: str, said: str) -> None:
    assert main(["explain", code, "--lang", lang]) == 0
    assert said in " ".join(capsys.readouterr().out.split())
