"""A title or an identifier that only fills its cell is named, in every way that a table comes."""

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
OF_IDENTIFIERS = "Action-identifierTellsItApart"


def _listed(code: str) -> list[str]:
    rule = (directory("shapes") / "rules" / f"{code}.ttl").read_text(encoding="utf-8")
    return re.findall(r'"([^"]+)"', rule.split(" IN (", 1)[1].split("))", 1)[0])


def test_what_the_rule_lists_stands_for_nothing_elsewhere_too() -> None:
    listed = _listed(CODE)
    assert listed == _listed(OF_IDENTIFIERS)
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


@pytest.mark.parametrize("engine", ["compiled", "pyshacl"])
def test_identifiers_that_fill_their_cell(tmp_path: Path, engine: str) -> None:
    path = tmp_path / "a.csv"
    identifiers = ["N/A", "-", "s/n", "Por definir", "NA-1", "0", "A-1"]
    rows = [f"{each},Train port officers {n},Prevent transborder crime,UNODC" for n, each in enumerate(identifiers)]
    path.write_text("\n".join(["id,title,goal,responsible_party", *rows]), encoding="utf-8")
    found = [each for each in check(path, engine=engine).findings if each.code == OF_IDENTIFIERS]
    assert [(each.location.cell, each.severity) for each in found] == [(f"A{n}", "warning") for n in range(2, 6)]
    assert "the identifier “N/A”, which only fills the cell" in found[0].message["en"]
    assert "el identificador «N/A», que solo llena la celda" in found[0].message["es"]
