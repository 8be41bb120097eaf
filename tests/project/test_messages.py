"""The compiled catalogue of sentences is used only if it was made from the catalogue that is there."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

from bicentennial.core import messages

if TYPE_CHECKING:
    from pathlib import Path

    import pytest


def test_a_letter_replaced_is_seen(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    home, compiled = tmp_path / "messages.toml", tmp_path / "messages.json"
    monkeypatch.setattr(messages, "_HOME", home)
    monkeypatch.setattr(messages, "_COMPILED", compiled)
    home.write_text('a.b = "right"', "utf-8")
    compiled.write_text(messages.artefacts()[compiled], "utf-8")
    assert "checksum" in json.loads(compiled.read_text("utf-8"))
    home.write_text('a.b = "wrong"', "utf-8")
    assert messages._catalogue.__wrapped__() == {"a": {"b": "wrong"}}
