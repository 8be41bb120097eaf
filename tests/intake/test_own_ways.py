"""A partner's own ways of writing dates and amounts: proposed, read as proposed, and the same in every way in."""

from __future__ import annotations

import tomllib
from typing import TYPE_CHECKING, Any

import pytest

from bicentennial import api
from bicentennial.core.errors import UsageError
from bicentennial.intake.proposal import propose
from bicentennial.semantics.mapping import MappingFile
from bicentennial.storage import sizes

if TYPE_CHECKING:
    from pathlib import Path

OURS_WITH_FAULTS = """\
id,title,goal,responsible_party,status,start_date,due_date,budget,currency
A-1,Train,G2,SRE,ongoing,12 de marzo de 2023,31/12/2024 (aprox.),"$1,234,567.00",pesos
A-2,Plant,G1,SSCP,ongoing,1 de abril de 2022,30/06/2023,"$250,000.00",pesos
"""
SPANISH = """\
Clave,Nombre del proyecto,Dependencia,Eje,Fecha de inicio,Fecha de término,Presupuesto (mdp),Estatus
P-1,Uno,SRE,II,12 de marzo de 2023,31 de diciembre de 2024,"1,234.5",Concluido
P-2,Dos,SSPC,Meta I,1 de abril de 2022,30 de junio de 2023,25,Concluido
P-3,Tres,FGR,III,15 de enero de 2023,15 de enero de 2025,$ 98.25,Concluido
"""


def proposed(folder: Path, content: str, lang: str = "en") -> tuple[Path, Path, dict[str, Any]]:
    """Return a table, the mapping that is proposed for it, and what that says."""
    data, rules = folder / "a.csv", folder / "a.toml"
    data.write_text(content, "utf-8")
    text = propose(str(data), lang)
    rules.write_text(text, "utf-8")
    return data, rules, tomllib.loads(text)


def codes(data: Path, rules: Path) -> list[tuple[str, str | None]]:
    found = api.validate(data, mapping=rules, isolated=False).findings
    return [(each.code, each.location.cell) for each in found if each.severity == "violation"]


def test_a_header_of_ours_stays_whatever_its_values(tmp_path: Path) -> None:
    data, rules, made = proposed(tmp_path, OURS_WITH_FAULTS)
    assert all(ours == theirs for theirs, ours in made["columns"].items())
    assert made["date_format"] == ["%d de %B de %Y", "%d/%m/%Y"]
    assert made["number_format"] == "1,234.56"
    assert "declare" not in made
    assert "values that cannot be read so: 1, such as 31/12/2024 (aprox.)" in rules.read_text("utf-8")
    assert codes(data, rules) == [
        ("Action-dueDate.datatype", "G2"),
        ("Action-budgetCurrency.unknown", "I2"),
        ("Action-hasResponsibleParty.unknown", "D3"),
        ("Action-budgetCurrency.unknown", "I3"),
    ]


def test_months_amounts_and_units_of_a_spanish_table_are_read(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    data, rules, made = proposed(tmp_path, SPANISH, "es")
    assert made["columns"] == {
        "Clave": "identificador",
        "Nombre del proyecto": "título",
        "Dependencia": "parte_responsable",
        "Eje": "meta",
        "Fecha de inicio": "fecha_inicio",
        "Fecha de término": "fecha_fin",
        "Presupuesto (mdp)": "presupuesto",
        "Estatus": "estado",
    }
    assert made["date_format"] == "%d de %B de %Y"
    assert made["multiply"] == {"Presupuesto (mdp)": 1000000}
    assert codes(data, rules) == []
    small = values(data, rules)
    assert small == {
        "startDate": ["2022-04-01", "2023-01-15", "2023-03-12"],
        "budgetAmount": ["1234500000", "25000000", "98250000"],
    }
    monkeypatch.setattr(sizes, "TABLE_CELLS", 1)
    assert values(data, rules) == small


def values(data: Path, rules: Path) -> dict[str, list[str]]:
    from bicentennial.intake import read

    dataset = read(data, mapping=rules).dataset
    return {
        name: sorted(
            o
            for (o,) in dataset.connection.execute(f"SELECT o FROM statements WHERE ends_with(p, '{name}')").fetchall()
        )
        for name in ("startDate", "budgetAmount")
    }


def test_an_address_is_no_currency_and_free_text_none_of_ours(tmp_path: Path) -> None:
    content = (
        "clave,proyecto,dependencia,enlace,client,technical_cooperation,countries,Monto Total del Tiempo de Estado\n"
        "1,Train,SRE,https://example.org/1,Acme,yes,Freedonia,lots\n2,Plant,SRE,https://example.org/2,Ñandú,no,Ruritania,few\n"
    )
    _, _, made = proposed(tmp_path, content)
    assert made["columns"] == {
        "clave": "id",
        "proyecto": "title",
        "dependencia": "responsible_party",
        "enlace": "source",
        "client": "",
        "technical_cooperation": "",
        "countries": "",
        "Monto Total del Tiempo de Estado": "",
    }


def test_a_header_far_below_is_named(tmp_path: Path) -> None:
    data, rules, made = proposed(tmp_path, "Informe,,\n" * 30 + "id,title,goal\nA-1,x,G1\n")
    assert made["header_row"] == 31
    assert [code for code, _ in codes(data, rules)] == ["header-missing"]


@pytest.mark.parametrize(
    ("header", "dates"),
    [
        ("id,title,goal,responsible_party,Dates,,estado\n,,,,start,due,\n", {"start_date", "due_date"}),
        ("Clave,Nombre,Meta,Responsable,Fechas,,Estado\n,,,,inicio,fin,\n", {"start_date", "end_date"}),
        (",,,,Fechas,,\nClave,Nombre,Meta,Responsable,inicio,fin,Estado\n", {"start_date", "end_date"}),
    ],
)
def test_headers_of_two_rows_are_proposed_as_they_are_read(tmp_path: Path, header: str, dates: set[str]) -> None:
    rows = "A-1,Train,G2,SRE,2023,2024,ongoing\nA-2,Plant,G1,SSPC,2022,2025,planned\n"
    data, rules, said = proposed(tmp_path, header + rows)
    assert "" not in said["columns"].values()
    assert dates <= set(said["columns"].values())
    assert values(data, rules)["startDate"] == ["2022", "2023"]


def test_joined_values_are_proposed_parted(tmp_path: Path) -> None:
    _, rules, _ = proposed(tmp_path, "id,title,goal,responsible_party,currency\nA,x,G1,SSPC y FGR,M.N.\n", "es")
    assert '# "SSPC y FGR" = "SSPC; FGR"' in rules.read_text("utf-8")
    assert '# "M.N." = "MXN"' in rules.read_text("utf-8")


@pytest.mark.parametrize(
    ("pattern", "value", "date"),
    [
        ("%d de %B de %Y", "12 de Marzo de 2023", "2023-03-12"),
        ("%d-%b-%y", "15-ene-24", "2024-01-15"),
        ("%d-%b-%y", "15-Jan-24", "2024-01-15"),
        ("%B de %Y", "marzo de 2023", "2023-03"),
        ("%m/%Y", "03/2023", "2023-03"),
        ("%d/%m/%Y %H:%M", "12/03/2023 10:30", "2023-03-12"),
        ("%d de %B de %Y", "12 de Brumario de 2023", "12 de Brumario de 2023"),
    ],
)
def test_a_date_format_reads_months_in_both_languages(tmp_path: Path, pattern: str, value: str, date: str) -> None:
    rules = tmp_path / "a.toml"
    rules.write_text(f'date_format = "{pattern}"\n', "utf-8")
    assert MappingFile.read(rules).date(value) == date


@pytest.mark.parametrize(
    ("line", "word"),
    [
        ('number_format = "1.234.567"', "1,234.56"),
        ("number_format = 5", "1,234.56"),
        ('[multiply]\n"Monto" = 0', "Monto"),
        ('[multiply]\n"Monto" = "mdp"', "mdp"),
        ('date_format = "%d de marzo"', "%d de %B de %Y"),
        ('date_format = "%d"', "%d de %B de %Y"),
    ],
)
def test_what_says_nothing_is_refused(tmp_path: Path, line: str, word: str) -> None:
    rules = tmp_path / "a.toml"
    rules.write_text(line, "utf-8")
    with pytest.raises(UsageError) as caught:
        MappingFile.read(rules)
    assert word in caught.value.text["en"]
    assert word in caught.value.text["es"]


@pytest.mark.parametrize(
    ("form", "value", "number"),
    [
        ("1,234.56", "$1,234.50 M.N.", "1234.50"),
        ("1,234.56", "25 mdp", "25000000"),
        ("1.234,56", "1.234", "1234"),
        ("1.234,56", "1.234,5", "1234.5"),
        ("1,234.56", "1.234,5", "1.234,5"),
        ("1,234.56", "n/a", "n/a"),
        ("1,234.56", "1234.5", "1234.5"),
    ],
)
def test_a_number_format_reads_amounts_as_they_are_written(form: str, value: str, number: str) -> None:
    assert MappingFile(number_format=form).number(value) == number
