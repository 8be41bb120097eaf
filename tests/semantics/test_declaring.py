"""`[[declare]]` holds in every format that has columns or keys, and is not passed over in silence in the others."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from tests.conftest import Told

RULES = """
[columns]
"Who" = "responsible_party"
"Where" = "place"

[[declare]]
as = "party"
name = "Who"
id = "Register"

[[declare]]
as = "place"
name = "Where"
"""
PARTIES = ["urn:x-bicentennial:party:GB-CHC-1", "urn:x-bicentennial:party:GB-CHC-2"]


@pytest.fixture
def rules(tmp_path: Path) -> Path:
    path = tmp_path / "mapping.toml"
    path.write_text(RULES, "utf-8")
    return path


def parties(told: Told) -> list[str]:
    return [each[1] for each in told.said("hasResponsibleParty")]


@pytest.mark.parametrize(
    ("name", "content"),
    [
        (
            "a.csv",
            (
                "id,title,goal,Who,Register,Where\n"
                "A,x,G1,Coro Ficticio; Escuela Ficticia,GB-CHC-1;GB-CHC-2,Lomas Ficticias\nB,y,G1,Escuela Ficticia,,\n"
            ),
        ),
        (
            "a.json",
            (
                '[{"id": "A", "title": "x", "goal": "G1", "Who": ["Coro Ficticio", "Escuela Ficticia"],'
                ' "Register": ["GB-CHC-1", "GB-CHC-2"], "Where": "Lomas Ficticias"},'
                ' {"id": "B", "title": "y", "goal": "G1", "Who": "Escuela Ficticia"}]'
            ),
        ),
        (
            "a.jsonl",
            (
                '{"id": "A", "title": "x", "goal": "G1", "Who": "Coro Ficticio; Escuela Ficticia",'
                ' "Register": "GB-CHC-1; GB-CHC-2", "Where": "Lomas Ficticias"}\n'
                '{"id": "B", "title": "y", "goal": "G1", "Who": "Escuela Ficticia"}\n'
            ),
        ),
    ],
)
def test_names_in_declared_columns_are_the_partners_own(
    reads: Callable[..., Told], rules: Path, name: str, content: str
) -> None:
    told = reads(name, content, mapping=rules)
    assert parties(told) == [*PARTIES, PARTIES[1]]
    assert [each[1:3] for each in told.said("takesPlaceIn")] == [("urn:x-bicentennial:place:Lomas%20Ficticias", 0)]
    assert sorted(told.values("externalIdentifier")) == ["GB-CHC:1", "GB-CHC:2"]
    row = 2 if name == "a.csv" else "/0"
    assert told.found() == [("declared-by-mapping", row)] * 3
    assert [each.value for each in told.findings] == ["Coro Ficticio", "Escuela Ficticia", "Lomas Ficticias"]


def test_a_declared_column_that_is_not_there_is_a_warning(reads: Callable[..., Told], rules: Path) -> None:
    told = reads("a.csv", "id,title,goal,Who\nA,x,G1,Coro Ficticio\n", mapping=rules)
    found, declared = told.findings
    assert (declared.code, declared.value) == ("declared-by-mapping", "Coro Ficticio")
    assert (found.code, found.severity, found.value) == ("declare-without-column", "warning", "Where")
    assert "“Where”" in found.message["en"]
    assert "«Where»" in found.message["es"]


@pytest.mark.parametrize(
    ("name", "content", "keys"),
    [
        ("a.ttl", "<urn:x:a> a <https://w3id.org/bicentennial/ontology#Action> .", "columns, declare"),
        (
            "a.jsonld",
            '{"@id": "urn:x:a", "@type": "https://w3id.org/bicentennial/ontology#Action"}',
            "columns, declare",
        ),
        (
            "a.xml",
            (
                '<iati-activities version="2.03"><iati-activity><iati-identifier>A</iati-identifier>'
                "</iati-activity></iati-activities>"
            ),
            "columns, declare",
        ),
    ],
)
def test_what_means_nothing_for_a_format_is_said(
    reads: Callable[..., Told], rules: Path, name: str, content: str, keys: str
) -> None:
    (found,) = (each for each in reads(name, content, mapping=rules).findings if each.code == "mapping-passed-over")
    assert found.severity == "info"
    assert keys in found.message["en"]
    assert keys in found.message["es"]


def test_what_holds_for_all_formats_is_not_mentioned(reads: Callable[..., Told], tmp_path: Path) -> None:
    rules = tmp_path / "mapping.toml"
    rules.write_text('version = "0.1.0"\nsubmission_date = "2024"\n', "utf-8")
    told = reads("a.ttl", "<urn:x:a> a <https://w3id.org/bicentennial/ontology#Action> .", mapping=rules)
    assert told.found() == []
