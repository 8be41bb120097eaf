"""The unit of a measurement is held against that of its indicator, as far as the two can be compared."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from bicentennial.validation.submission import check

if TYPE_CHECKING:
    from pathlib import Path

CODE = "Measurement-unitAgreesWithIndicator"


def found(path: Path, engine: str) -> list[tuple[str, str | None, str | None]]:
    findings = check(path, engine=engine).findings
    return [(each.code, each.value, each.location.cell or each.location.pointer) for each in findings]


@pytest.mark.parametrize("engine", ["compiled", "pyshacl"])
def test_units_agree_whatever_their_case_and_are_compared_within_a_language_only(tmp_path: Path, engine: str) -> None:
    pairs = [
        ('"kg"', '"kg"', False),
        ('"kg"', '"KG"@en', False),
        ('"Niños"@es', '"niÑos"@es-MX', False),
        ('"kg"', '"t"', True),
        ('"kg"@en', '"t"@en', True),
        ('"kg"@es', '"t"@es-MX', True),
        ('"kg"', '"t"@es', True),
        ('"containers"@en', '"contenedores"@es', False),
        ('"containers"@en , "contenedores"@es', '"contenedores"@es', False),
        ('"containers"@en , "contenedores"@es', '"cajas"@es', True),
        ('"containers"', '"containers"@en , "contenedores"@es', False),
        ('""', '""', False),
    ]
    path = tmp_path / "a.ttl"
    path.write_text(
        "@prefix bic: <https://w3id.org/bicentennial/ontology#> .\n"
        + "".join(
            f"<urn:x:i{n}> a bic:Indicator ; bic:unit {one} .\n"
            f"<urn:x:m{n}> a bic:Measurement ; bic:observes <urn:x:i{n}> ; bic:unit {other} .\n"
            for n, (one, other, _) in enumerate(pairs)
        ),
        "utf-8",
    )
    findings = check(path, engine=engine).findings
    wanted = {f"urn:x:m{n}" for n, (_, _, differ) in enumerate(pairs) if differ}
    assert {each.focus for each in findings if each.code == CODE} == wanted


def test_a_table_states_units_in_a_column(tmp_path: Path) -> None:
    path = tmp_path / "a.json"
    path.write_text(
        '{"indicadores": [{"identificador": "I", "nombre": "x", "mide": "Meta I", "unidad": "escuelas",'
        ' "línea_base": 0, "valor_meta": 1}],\n'
        ' "mediciones": [{"indicador": "I", "valor": 1, "unidad": " Escuelas ", "fecha": "2023"},'
        ' {"indicador": "I", "valor": 2, "unidad": "alumnos", "fecha": "2024"}, '
        '{"indicador": "I", "valor": 2, "fecha": "2025"}]}',
        "utf-8",
    )
    assert [each for each in found(path, "compiled") if each[0] == CODE] == [(CODE, "alumnos", "/mediciones/1/unidad")]
    (one,) = (each for each in check(path).findings if each.code == CODE)
    assert one.message["es"].startswith(
        "La medición de la fila 2 está en «alumnos», que no es la unidad de su indicador."
    )
