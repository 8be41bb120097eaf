"""A proposed mapping names every header, decides only what the values bear out, and works once it is finished."""

from __future__ import annotations

import json
import tomllib
from typing import TYPE_CHECKING

import pytest

from bicentennial.cli import main
from bicentennial.core.errors import LimitReachedError, UnreadableInputError, UsageError
from bicentennial.intake import Limits, read
from bicentennial.intake.proposal import outline, propose
from bicentennial.semantics.mapping import MappingFile
from bicentennial.vocabulary.index import default_index

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from tests.conftest import Told

GRANTS = "\n".join(
    [
        (
            "Identifier,Title,Currency,Amount Awarded,Award Date,Recipient Org:Identifier,Recipient Org:Name,"
            "Recipient Org:City,Beneficiary Location:Name,Funding Org:Name,Last modified"
        ),
        "G-1,Grant to a school,GBP,1500,03/11/2020,GB-CHC-1,Escuela Ficticia,Leeds,UK Wide,Fictitious Trust,2021-02-15",
        "G-2,Grant to a choir,GBP,2500,30/11/2020,GB-CHC-2,Coro Ficticio,York,Wales,Fictitious Trust,2021-02-16",
        "G-3,Grant again,GBP,2600,01/12/2021,GB-CHC-2,Coro Ficticio A. C.,York,Wales,Fictitious Trust,2021-02-16",
    ]
)


@pytest.fixture
def grants(tmp_path: Path) -> Path:
    path = tmp_path / "grants.csv"
    path.write_text(GRANTS, "utf-8")
    return path


def test_columns_are_told_by_header_and_content(grants: Path, taken: Callable[[str], str]) -> None:
    made = tomllib.loads(propose(str(grants), "en"))
    assert made["columns"] == {
        "Identifier": "id",
        "Title": "title",
        "Currency": "currency",
        "Amount Awarded": "budget",
        "Award Date": "start_date",
        "Recipient Org:Identifier": "",
        "Recipient Org:Name": "partner",
        "Recipient Org:City": "",
        "Beneficiary Location:Name": "place",
        "Funding Org:Name": "funder",
        "Last modified": "",
    }
    assert made["date_format"] == "%d/%m/%Y"
    assert "declare" not in made
    made = tomllib.loads(taken(propose(str(grants), "en")))
    assert made["declare"][0] == {"as": "party", "name": "Recipient Org:Name", "id": "Recipient Org:Identifier"}
    assert made["constants"] == {}


def test_headers_are_proposed_in_the_chosen_language(grants: Path) -> None:
    text = propose(str(grants), "es")
    assert tomllib.loads(text)["columns"]["Recipient Org:Name"] == "socio"
    assert "# meta = " in text
    assert "G1 Proteger a nuestra gente" in text


def test_a_finished_proposal_makes_the_file_fit(grants: Path, taken: Callable[[str], str], tmp_path: Path) -> None:
    text = propose(str(grants), "en")
    rules = tmp_path / "mapping.toml"
    rules.write_text(
        taken(text)
        .replace('# goal = ""', 'goal = "G1"')
        .replace('# responsible_party = ""', 'responsible_party = "Fictitious Trust"'),
        "utf-8",
    )
    submission = read(grants, mapping=rules)
    assert [(each.code, each.value, each.location.row) for each in submission.findings] == [
        ("declared-by-mapping", name, row)
        for name, row in (
            ("Escuela Ficticia", 2),
            ("Coro Ficticio", 3),
            ("UK Wide", 2),
            ("Wales", 3),
            ("Fictitious Trust", 2),
        )
    ]
    unresolved = submission.dataset.connection.execute(
        "SELECT p, o FROM statements WHERE kind = 2 AND (ends_with(p, 'hasPartner') OR ends_with(p, 'isFundedBy')"
        " OR ends_with(p, 'advancesGoal') OR ends_with(p, 'takesPlaceIn') OR ends_with(p, 'hasResponsibleParty'))"
    ).fetchall()
    assert unresolved == []
    partners = submission.dataset.connection.execute(
        "SELECT o FROM statements WHERE ends_with(p, 'hasPartner') ORDER BY row"
    ).fetchall()
    assert [o for (o,) in partners] == [f"urn:x-bicentennial:party:GB-CHC-{n}" for n in (1, 2, 2)]
    dates = submission.dataset.connection.execute(
        "SELECT o FROM statements WHERE ends_with(p, 'startDate') ORDER BY row"
    ).fetchall()
    assert [o for (o,) in dates] == ["2020-11-03", "2020-11-30", "2021-12-01"]


def test_values_that_are_not_known_are_comments_with_candidates(tmp_path: Path) -> None:
    path = tmp_path / "a.csv"
    path.write_text("id,title,goal,status\nA,x,Protect our peeple,Activo\nB,y,G1,on going maybe\n", "utf-8")
    text = propose(str(path), "en")
    assert '# "Protect our peeple" = "Protect our people"  # 1 ×' in text
    assert tomllib.loads(text)["values"]["goal"] == {}


def test_rows_of_totals_and_headers_again_are_no_values(tmp_path: Path) -> None:
    head = "Folio,Proyecto,Responsable,Monto,Moneda,Estatus"
    rows = ["F-1,Capacitar,UIF,500,MXN,En curso", "F-2,Comprar,FGR,300,MXN,Concluido", "F-3,Total,X,9,MXN,planeada"]
    below = [",Subtotal FGR,,800,,", "TOTAL GENERAL,,TOTAL,800,MXN,"]
    path = tmp_path / "a.csv"
    path.write_text("\n".join([head, *rows[:2], head.upper(), rows[2], *below]), "utf-8")
    made = outline(str(path), "es")
    assert [each["header"] for each in made["values"]] == ["Responsable"]
    assert [value for value, _ in made["values"][0]["unknown"]] == ["X"]
    assert [each["ours"] for each in made["sheets"][0]["columns"]] == [
        *("identificador", "título", "parte_responsable", "presupuesto", "moneda", "estado")
    ]


def test_days_and_months_that_cannot_be_told_apart_are_asked_for(tmp_path: Path) -> None:
    path = tmp_path / "a.csv"
    path.write_text("id,title,goal,start_date\nA,x,G1,03/04/2023\n", "utf-8")
    text = propose(str(path), "en")
    assert "%m/%d/%Y" in text.split("date_format")[0]


def test_a_header_below_a_title_and_json_are_read_too(tmp_path: Path) -> None:
    path = tmp_path / "a.csv"
    path.write_text(
        'Informe anual,,\n,,\n"Clave ""propia""\\1",Nombre del proyecto,Eje\nK1,Uno,G1\nK2,Dos,G2\n', "utf-8"
    )
    made = tomllib.loads(propose(str(path), "es"))
    assert made["header_row"] == 3
    assert made["columns"]['Clave "propia"\\1'] == "identificador"
    path = tmp_path / "a.json"
    path.write_text('{"rows": [{"Eje": "G1", "Clave": "K1"}, {"Eje": ["G2", "G3"], "Clave": "K2"}]}', "utf-8")
    assert tomllib.loads(propose(str(path), "es"))["columns"]["Eje"] == "meta"


@pytest.mark.parametrize(
    ("header", "factor"),
    [("Budget (USD millions)", 10**6), ("Monto (miles de euros)", 1000), ("Monto mdp", 10**6), ("Budget (USD)", None)],
)
def test_a_unit_beside_a_currency_is_multiplied(tmp_path: Path, header: str, factor: int | None) -> None:
    path = tmp_path / "a.csv"
    path.write_text(f"id,title,goal,responsible_party,{header}\nA,x,G1,UIF,1.5\n", "utf-8")
    made = tomllib.loads(propose(str(path), "en"))
    assert made["columns"][header] == "budget"
    assert made.get("multiply", {}).get(header) == factor


def test_rdf_needs_no_mapping(tmp_path: Path) -> None:
    path = tmp_path / "a.ttl"
    path.write_text("@prefix a: <urn:a> .\na:b a:c a:d .\n", "utf-8")
    with pytest.raises(UnreadableInputError, match="Turtle"):
        propose(str(path), "en")


def test_the_command_writes_and_never_over_what_is_there(
    grants: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    output = tmp_path / "mapping.toml"
    assert main(["mapping", "init", str(grants), "--output", str(output)]) == 0
    assert tomllib.loads(output.read_text("utf-8"))["columns"]["Title"] == "title"
    assert main(["mapping", "init", str(grants), "--output", str(output), "--lang", "es"]) == 2
    assert "--force" in capsys.readouterr().err
    assert main(["mapping", "init", str(grants), "--lang", "es"]) == 0
    assert '"Title" = "título"' in capsys.readouterr().out
    assert main(["mapping", "init", str(tmp_path / "none.csv")]) == 3


@pytest.mark.parametrize(
    ("content", "en", "es"),
    [
        ('[columns]\n"Eje" = "gaol"\n', "line 2, “columns → Eje” is mapped to “gaol”", "goal"),
        ("\nheader_row = 0\n", "line 2", "contado desde 1"),
        ('date_format = "%d/%m"\n', "does not say day, month and year", "no indica día, mes y año"),
        ("\n\ncolums = 1\n", "line 3, “colums” is no key", "no es una clave"),
        ('[sheets]\nGrants = "grants"\n', "line 2", "acciones"),
        ('[[declare]]\nas = "dog"\nname = "x"\n', "party, place", "party, place"),
        ('[[declare]]\nas = "party"\n', "lacks “name”", "le falta «name»"),
        ('[[parties]]\nid = "x"\nname = "y"\nkind = "z"\n', "line 4", "acronym"),
        ('[[parties]]\nname = "y"\nlanguage = "en . <urn:a>"\n', "line 3", "uno de: en, es"),
        ('[constants]\nstat = "x"\n', "line 2", "status"),
        ("[columns]\nA = [1]\n", "must be a text", "debe ser un texto"),
        ('a = "\n', "line 1", "no es TOML"),
    ],
)
def test_errors_in_a_mapping_name_line_and_key(tmp_path: Path, content: str, en: str, es: str) -> None:
    path = tmp_path / "mapping.toml"
    path.write_text(content, "utf-8")
    with pytest.raises(UsageError) as caught:
        MappingFile.read(path, default_index())
    assert en in caught.value.text["en"]
    assert es in caught.value.text["es"]


def test_sheets_and_header_row_are_obeyed_and_columns_left_out(reads: Callable[..., Told], tmp_path: Path) -> None:
    rules = tmp_path / "mapping.toml"
    rules.write_text('header_row = 3\n[columns]\nNotas = ""\nGrupo = ""\n', "utf-8")
    told = reads("a.csv", "id,title,goal\n,,\nid,title,goal,responsible_party,Notas\nA,x,G1,UIF,y\n", mapping=rules)
    assert told.findings == []
    assert told.values("/identifier") == ["A"]


@pytest.mark.parametrize("setting", ["columns", "rows", "grid_cells"])
def test_a_document_beyond_the_limits_is_not_proposed_for(tmp_path: Path, setting: str) -> None:
    path = tmp_path / "a.json"
    path.write_text('[{"a": 1, "b": 2}, {"c": 3}]', "utf-8")
    values = {"columns": 3, "rows": 2, "grid_cells": 6}
    propose(str(path), "en", Limits(**values))
    with pytest.raises(LimitReachedError) as caught:
        propose(str(path), "en", Limits(**{**values, setting: values[setting] - 1}))
    assert caught.value.setting == setting


@pytest.mark.parametrize("between", ["\\n", "\\r\\n", "\\u0001", "\\u007f", "\\u2028"])
def test_a_header_of_several_lines_breaks_no_comment(tmp_path: Path, between: str, taken: Callable[[str], str]) -> None:
    path = tmp_path / "a.json"
    path.write_text(f'[{{"id": "A-1", "title": "x", "responsible{between}party": "Oficina Ficticia"}}]', "utf-8")
    text = propose(str(path), "en")
    header = json.loads(f'"responsible{between}party"')
    assert tomllib.loads(text)["columns"] == {"id": "id", "title": "title", header: "responsible_party"}
    assert tomllib.loads(taken(text))["declare"] == [{"as": "party", "name": header}]


def test_of_a_list_that_is_repeated_the_first_is_proposed_as_it_is_read(tmp_path: Path) -> None:
    path = tmp_path / "a.json"
    path.write_text('{"actions": [{"id": "A-1", "title": "x"}], "actions": [{"id": "A-2", "description": "y"}]}')
    made = tomllib.loads(propose(str(path), "en"))
    assert (made["sheets"], list(made["columns"])) == ({"actions": "actions"}, ["id", "title"])
    assert len(read(path).dataset) == 3
