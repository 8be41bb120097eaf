"""Sentences live in the catalogue; the compiled one is used only if it was made from the catalogue that is there."""

from __future__ import annotations

import ast
import json
import tomllib
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from bicentennial.core import errors, messages

if TYPE_CHECKING:
    from collections.abc import Iterator

PACKAGE = Path(messages.__file__).parents[1]
_BY_KEY = "UnsupportedShapeError"


def test_a_letter_replaced_is_seen(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    folder, compiled = tmp_path / "messages", tmp_path / "messages.json"
    home = folder / "a.toml"
    folder.mkdir()
    monkeypatch.setattr(messages, "_HOME", folder)
    monkeypatch.setattr(messages, "_COMPILED", compiled)
    home.write_text('a.b = "right"', "utf-8")
    compiled.write_text(messages.artefacts()[compiled], "utf-8")
    assert "checksum" in json.loads(compiled.read_text("utf-8"))
    home.write_text('a.b = "wrong"', "utf-8")
    assert messages._catalogue.__wrapped__() == {"a": {"b": "wrong"}}


def _typed_sentences(path: Path) -> Iterator[str]:
    """Yield where a text by language, or the sentence of an error that has one, is typed in code."""
    for node in ast.walk(ast.parse(path.read_text("utf-8"))):
        if isinstance(node, ast.Dict):
            keys = {key.value for key in node.keys if isinstance(key, ast.Constant)}
            if keys >= {"en", "es"} and all(isinstance(each, ast.Constant | ast.JoinedStr) for each in node.values):
                yield f"{path.name}:{node.lineno}"
        elif isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.args:
            takes_text = node.func.id in errors.__all__ and node.func.id not in ("UnknownNameError", _BY_KEY)
            if takes_text and isinstance(node.args[0], ast.Constant | ast.JoinedStr):
                yield f"{path.name}:{node.lineno}"


@pytest.mark.parametrize("path", sorted(PACKAGE.rglob("*.py")), ids=lambda path: str(path.relative_to(PACKAGE)))
def test_no_sentence_is_typed_in_code(path: Path) -> None:
    assert list(_typed_sentences(path)) == []


def test_each_construct_that_is_not_covered_has_a_name() -> None:
    used = {
        node.args[0].value
        for path in PACKAGE.rglob("*.py")
        for node in ast.walk(ast.parse(path.read_text("utf-8")))
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id == _BY_KEY
        if isinstance(node.args[0], ast.Constant)
    }
    assert used == messages.section("unsupported").keys()
    refused = errors.UnsupportedShapeError("in-select", name="DESCRIBE", shape="urn:S")
    assert (refused.construct, refused.shape) == ("DESCRIBE in sh:select", "urn:S")
    assert refused.text["es"] == (
        "el motor compilado no cubre DESCRIBE en sh:select; use engine='pyshacl' o engine='auto'"
    )


def test_a_section_stands_in_the_file_of_its_name() -> None:
    found = {path.stem: set(tomllib.loads(path.read_text("utf-8"))) for path in (PACKAGE / "messages").glob("*.toml")}
    assert found, "no file of messages"
    assert {name: sections for name, sections in found.items() if sections != {name}} == {}
