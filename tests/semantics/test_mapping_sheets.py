"""A proposal says of every sheet what it holds, and a mapping may say of each sheet what its headers mean."""

from __future__ import annotations

import json
import tomllib
from typing import TYPE_CHECKING, Any

import openpyxl
import pytest

from bicentennial.core.errors import UsageError
from bicentennial.core.namespaces import BIC
from bicentennial.intake.proposal import propose
from bicentennial.semantics.mapping import MappingFile
from bicentennial.vocabulary.index import default_index

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from tests.conftest import Told

SHEETS: dict[str, list[list[Any]]] = {
    "Portada": [["Programa ficticio"], ["Contacto", "a@example.org"]],
    "Proyectos": [
        ["Clave", "Nombre del proyecto", "Eje", "Organización responsable", "Fecha", "Situación"],
        ["A-1", "Capacitación portuaria", "Meta II", "Fundación Ejemplo Ficticia", "03/04/2023", "En curso"],
        ["A-2", "Talleres", "Meta I", "Instituto Ficticio", "30/04/2023", "En curso"],
    ],
    "Organizaciones aliadas": [
        ["Nombre", "Siglas", "Tipo de organización", "País"],
        ["Fundación Ejemplo Ficticia", "FEF", "universidad", "México"],
    ],
    "Metas e indicadores": [
        ["Código", "Nombre del indicador", "Qué mide", "Unidad de medida", "Valor de línea base", "Valor meta"],
        ["IND-1", "Contenedores revisados", "A-1", "contenedores", 0, 200],
    ],
    "Seguimiento": [
        ["Indicador", "Valor medido", "Fecha", "Fuente"],
        ["IND-1", 12, "30/06/2023", "Boletín"],
        ["IND-1", 40, "30/12/2023", "Boletín"],
    ],
    "Catálogo": [["Código", "Nombre"], ["1", "Alta"], ["2", "Baja"]],
}
KINDS = {
    "Proyectos": ("acciones", BIC.Action),
    "Organizaciones aliadas": ("partes", BIC.Party),
    "Metas e indicadores": ("indicadores", BIC.Indicator),
    "Seguimiento": ("mediciones", BIC.Measurement),
}


def workbook(path: Path, sheets: dict[str, list[list[Any]]]) -> Path:
    book = openpyxl.Workbook()
    book.remove(book.worksheets[0])
    for name, rows in sheets.items():
        sheet = book.create_sheet(name)
        for row in rows:
            sheet.append(row)
    book.save(path)
    return path


def as_json(path: Path, sheets: dict[str, list[list[Any]]]) -> Path:
    lists = {name: [dict(zip(rows[0], row, strict=False)) for row in rows[1:]] for name, rows in sheets.items()}
    path.write_text(json.dumps(lists), "utf-8")
    return path


@pytest.fixture(params=["xlsx", "json"])
def program(request: pytest.FixtureRequest, tmp_path: Path) -> Path:
    return (workbook if request.param == "xlsx" else as_json)(tmp_path / f"a.{request.param}", SHEETS)


def test_every_sheet_is_told_by_its_headers_and_what_is_none_of_ours_is_named(
    program: Path, taken: Callable[[str], str]
) -> None:
    text = propose(str(program), "es")
    made = tomllib.loads(text)
    assert made["sheets"] == {name: table for name, (table, _) in KINDS.items()}
    assert '# "Catálogo" = ""' in text
    assert '# "Portada" = ""' in text
    assert made["columns"] == {
        "Proyectos": {
            "Clave": "identificador",
            "Nombre del proyecto": "título",
            "Eje": "meta",
            "Organización responsable": "parte_responsable",
            "Fecha": "fecha_inicio",
            "Situación": "estado",
        },
        "Organizaciones aliadas": {
            "Nombre": "nombre",
            "Siglas": "siglas",
            "Tipo de organización": "tipo",
            "País": "país",
        },
        "Metas e indicadores": {
            "Código": "identificador",
            "Nombre del indicador": "nombre",
            "Qué mide": "mide",
            "Unidad de medida": "unidad",
            "Valor de línea base": "línea_base",
            "Valor meta": "valor_meta",
        },
        "Seguimiento": {"Indicador": "indicador", "Valor medido": "valor", "Fecha": "fecha", "Fuente": "fuente"},
    }
    assert made["date_format"] == "%d/%m/%Y"
    assert "declare" not in made
    assert tomllib.loads(taken(text))["declare"] == [{"as": "party", "name": "Organización responsable"}]
    assert made["values"] == {"Organización responsable": {}}  # what other sheets have in their rows is known
    assert '# "Instituto Ficticio" = ' in text


def test_the_proposal_makes_the_sheets_fit(
    program: Path, reads: Callable[..., Told], taken: Callable[[str], str], tmp_path: Path
) -> None:
    rules = tmp_path / "mapping.toml"
    rules.write_text(taken(propose(str(program), "es")), "utf-8")
    told = reads(f"b{program.suffix}", program.read_bytes(), mapping=rules)
    assert [each.class_iri for each in told.submission.sheets] == [iri for _, iri in KINDS.values()]
    assert {code for code, _ in told.found()} == {
        "declared-by-mapping",
        "sheet-not-read" if program.suffix == ".xlsx" else "key-unknown",
    }
    assert told.values("startDate") == ["2023-04-03", "2023-04-30"]
    assert told.values("date") == ["2023-06-30", "2023-12-30"]
    assert {each[1:3] for each in told.said("observes")} == {("urn:x-bicentennial:indicator:IND-1", 0)}
    assert told.values("measures") == ["urn:x-bicentennial:action:A-1"]


@pytest.mark.parametrize(
    ("header", "row", "kind", "columns"),
    [
        (
            "Indicador clave,Resultado,Fecha de corte,Procedencia",
            "IND-7,12,2023-06-30,Boletín",
            "indicador",
            {"Indicador clave": "indicador", "Resultado": "valor"},
        ),
        (
            "Código,Nombre del indicador,Qué mide,Unidad,Línea base,Valor meta",
            "IND-1,Revisiones,O1.1,contenedores,0,200",
            "mide",
            {"Código": "identificador", "Qué mide": "mide", "Valor meta": "valor_meta"},
        ),
        ("Clave,Nombre,Eje,Quién", "A,x,G1,Alguien", "título", {"Clave": "identificador", "Eje": "meta"}),
        ("Nombre,Siglas,País", "Fundación Ejemplo Ficticia,FEF,México", "siglas", {"Nombre": "nombre", "País": "país"}),
    ],
)
def test_a_bare_table_may_be_of_another_kind(
    tmp_path: Path, header: str, row: str, kind: str, columns: dict[str, str]
) -> None:
    path = tmp_path / "a.csv"
    path.write_text(f"{header}\n{row}\n", "utf-8")
    made = tomllib.loads(propose(str(path), "es"))["columns"]
    assert kind in made.values()
    assert {theirs: made[theirs] for theirs in columns} == columns


def test_what_a_table_lacks_is_said(tmp_path: Path) -> None:
    sheets: dict[str, list[list[Any]]] = {
        "Proyectos": SHEETS["Proyectos"],
        "mediciones": [["Indicador", "Valor"], ["IND-1", 12]],
    }
    text = propose(str(workbook(tmp_path / "a.xlsx", sheets)), "es")
    assert "# fecha: obligatorio, y no se encontró columna para ello" in text


def test_a_form_of_ours_needs_no_word_on_its_explaining_sheets(tmp_path: Path) -> None:
    from bicentennial.api import template

    template(tmp_path / "form.xlsx", lang="es")
    made = tomllib.loads(propose(str(tmp_path / "form.xlsx"), "es"))
    assert sorted(made["sheets"].values()) == [
        "acciones",
        "finanzas",
        "hitos",
        "indicadores",
        "lugares",
        "mediciones",
        "partes",
    ]


def test_headers_of_one_sheet_leave_the_others_alone(reads: Callable[..., Told], tmp_path: Path) -> None:
    rules = tmp_path / "mapping.toml"
    rules.write_text('[columns]\n"Día" = "start_date"\n[columns."Resultados"]\n"Día" = "date"\n', "utf-8")
    sheets: dict[str, list[list[Any]]] = {
        "acciones": [["id", "título", "meta", "parte_responsable", "Día"], ["A", "x", "Meta I", "UIF", "2023-01-01"]],
        "resultados": [["indicador", "valor", "Día"], ["I", 1, "2023-02-01"]],
    }
    told = reads("a.xlsx", workbook(tmp_path / "b.xlsx", sheets).read_bytes(), mapping=rules)
    assert told.values("startDate") == ["2023-01-01"]
    assert [each[1] for each in told.said("terms/date")] == ["2023-02-01"]


def test_a_header_of_ours_that_is_none_is_named_with_its_sheet(tmp_path: Path) -> None:
    rules = tmp_path / "mapping.toml"
    rules.write_text('[columns."Resultados"]\n"Día" = "dato"\n', "utf-8")
    with pytest.raises(UsageError) as caught:
        MappingFile.read(rules, default_index())
    assert "line 2, “columns → Resultados → Día” is mapped to “dato”" in str(caught.value)
