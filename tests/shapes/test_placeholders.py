"""A title that only fills its cell is named, in every way that a table comes."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

import pytest

from bicentennial.core.resources import directory
from bicentennial.semantics.values.plain_text import is_placeholder
from bicentennial.validation.submission import check

if TYPE_CHECKING:
    from pathlib import Path

CODE = "Action-titleSaysWhatIsDone"


def _listed() -> list[str]:
    rule = (directory("shapes") / "rules" / f"{CODE}.ttl").read_text(encoding="utf-8")
    return re.findall(r'"([^"]+)"', rule.split(" IN (", 1)[1].split("))", 1)[0])


def test_what_the_rule_lists_stands_for_nothing_elsewhere_too() -> None:
    listed = _listed()
    assert len(listed) > 50
    assert [each for each in listed if not is_placeholder(each)] == []


@pytest.mark.parametrize("engine", ["compiled", "pyshacl"])
def test_titles_that_fill_their_cell(tmp_path: Path, engine: str) -> None:
    titles = ["N/A", "Por definir", "—", "TBD", "Pendiente", "Pendientes de 2023", "Null results", "Nada"]
    path = tmp_path / "a.csv"
    rows = [f"A-{n},{title},Prevent transborder crime,UNODC" for n, title in enumerate(titles)]
    path.write_text("\n".join(["id,title,goal,responsible_party", *rows]), encoding="utf-8")
    found = [each for each in check(path, engine=engine).findings if each.code == CODE]
    assert [(each.location.cell, each.severity) for each in found] == [(f"B{n}", "warning") for n in range(2, 7)]
    assert "the title “N/A”, which only fills the cell" in found[0].message["en"]
    assert "el título «N/A», que solo llena la celda" in found[0].message["es"]
