"""A proposal as data, and what a person's answers make of it."""

from __future__ import annotations

import tomllib
from typing import TYPE_CHECKING

import pytest

from bicentennial.intake.proposal import Answers, outline, outline_in_worker, propose

if TYPE_CHECKING:
    from pathlib import Path

TABLE = """Clave,Nombre del proyecto,Meta del acuerdo,Institución,Situación,Comienzo,Monto
X1,Capacitar analistas,proteger,SSPC,en curso,03/04/2023,"1,200"
X2,Otra cosa,G2,Fundación Ficticia,suspendidísima,05/06/2024,300
"""


@pytest.fixture
def table(tmp_path: Path) -> str:
    path = tmp_path / "avance.csv"
    path.write_text(TABLE, encoding="utf-8")
    return str(path)


def test_an_outline_says_what_a_form_needs(table: str) -> None:
    told = outline(table, "es")
    (sheet,) = told["sheets"]
    assert [(each["header"], each["ours"]) for each in sheet["columns"]] == [
        ("Clave", "identificador"),
        ("Nombre del proyecto", "título"),
        ("Meta del acuerdo", "meta"),
        ("Institución", "parte_responsable"),
        ("Situación", "estado"),
        ("Comienzo", "fecha_inicio"),
        ("Monto", "presupuesto"),
    ]
    assert sheet["columns"][0]["examples"] == ["X1", "X2"]
    assert {"identificador", "fecha_fin", "moneda"} < set(sheet["choices"])
    assert [each["header"] for each in told["constants"]] == ["moneda"]
    unknown = {each["header"]: [value for value, _ in each["unknown"]] for each in told["values"]}
    assert unknown == {
        "Meta del acuerdo": ["proteger"],
        "Institución": ["Fundación Ficticia"],
        "Situación": ["suspendidísima"],
    }
    goals = next(each["choices"] for each in told["values"] if each["header"] == "Meta del acuerdo")
    assert [value for value, _ in goals] == ["G1", "G2", "G3"]
    assert told["dates"][0] == "%d/%m/%Y"
    assert "%m/%d/%Y" in told["dates"]
    assert told["declared"] == [["Institución", ["Fundación Ficticia"]]]


def test_answers_become_the_mapping(table: str) -> None:
    answers = Answers(
        columns=[{"Clave": "", "Monto": "no such header", "Comienzo": "fecha_fin", "elsewhere": "título"}],
        constants={"moneda": "MXN", "identificador": "x"},
        values={"Situación": {"suspendidísima": "suspendida"}, "Meta del acuerdo": {"proteger": "", "otra": "G1"}},
        declared=["Institución", "elsewhere"],
        date_format="%m/%d/%Y",
    )
    made = tomllib.loads(propose(table, "es", answers=answers))
    assert made["columns"]["Clave"] == ""
    assert made["columns"]["Monto"] == ""
    assert made["columns"]["Comienzo"] == "fecha_fin"
    assert "elsewhere" not in made["columns"]
    assert made["date_format"] == "%m/%d/%Y"
    assert made["values"] == {"Situación": {"suspendidísima": "suspendida"}, "Meta del acuerdo": {}, "Institución": {}}
    assert made["declare"] == [{"as": "party", "name": "Institución"}]
    # Without the column of identifiers one is wanted, and without amounts no currency is.
    assert made["constants"] == {"identificador": "x"}


def test_a_way_of_writing_dates_that_does_not_fit_is_not_taken(table: str) -> None:
    made = tomllib.loads(propose(table, "es", answers=Answers(date_format="%Y")))
    assert made["date_format"] == "%d/%m/%Y"


def test_without_answers_nothing_changes(table: str) -> None:
    found = outline_in_worker(table, "en", {}, {})
    assert found == {"outline": outline(table, "en"), "text": propose(table, "en")}
