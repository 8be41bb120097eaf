from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest

from bicentennial.core.errors import InputNotFoundError, UsageError
from bicentennial.core.namespaces import BIC

if TYPE_CHECKING:
    from pathlib import Path

CSV = """Ref,Nombre del proyecto,Eje,Responsable,Comienzo,Monto,Estatus
P-1,x,Prevención,FEF,03/04/2023,5,Activo
P-2,y,Otro,FEF,2023-04-03,6,Cerrado
"""
MAPPING = """date_format = "%d/%m/%Y"
[columns]
Ref = "id"
"nombre del proyecto" = "título"
Eje = "goal"
Responsable = "responsible_party"
Comienzo = "start_date"
Monto = "budget"
Estatus = "status"
[values.Eje]
"Prevención" = "bicd:goal-prevent-transborder-crime"
[values.status]
Activo = "ongoing"
[constants]
currency = "MXN"
place = "Mexico"
[[parties]]
id = "fef"
name = "Fundación Ejemplo Ficticia"
acronym = "FEF"
language = "es"
"""


def test_headers_values_dates_constants_and_parties(reads: Any, tmp_path: Path) -> None:
    mapping = tmp_path / "mapping.toml"
    mapping.write_text(MAPPING, encoding="utf-8")
    submission = reads("a.csv", CSV, mapping=mapping)
    assert [(each.code, each.value) for each in submission.findings] == [
        ("declared-by-mapping", "Fundación Ejemplo Ficticia")
    ]
    assert submission.values("advancesGoal") == ["bicd:goal-prevent-transborder-crime", "Otro"]
    assert submission.values("startDate") == ["2023-04-03", "2023-04-03"]
    assert submission.values("hasStatus") == ["bicd:status-ongoing", "bicd:status-completed"]
    assert submission.values("budgetCurrency") == ["MXN", "MXN"]
    assert submission.values("hasResponsibleParty") == ["urn:x-bicentennial:party:fef"] * 2
    assert submission.said("prefLabel")[-1][1:4] == ("Fundación Ejemplo Ficticia", 2, "es")
    assert submission.place("urn:x-bicentennial:action:P-2", BIC.advancesGoal) == (None, "C3", None, None)
    assert submission.place("urn:x-bicentennial:action:P-2", BIC.budgetCurrency)[1] == 3


@pytest.mark.parametrize(
    ("content", "word"),
    [
        ("[columns", "TOML"),
        ("colums = 1", "colums"),
        ("columns = 1", "columns"),
        ('[columns]\na = ["b"]', "columns"),
        ("[values]\na = 1", "values.a"),
        ("parties = [1]", "parties"),
        ("[values.ejes]\nSalud = 'G1'", "ejes"),
        ("[multiply]\nmontos = 1000", "montos"),
    ],
)
def test_a_mapping_that_makes_no_sense_is_wrong_usage(reads: Any, tmp_path: Path, content: str, word: str) -> None:
    mapping = tmp_path / "mapping.toml"
    mapping.write_text(content, encoding="utf-8")
    with pytest.raises(UsageError) as caught:
        reads("a.csv", CSV, mapping=mapping)
    assert word in caught.value.text["en"] or word == "TOML"
    assert "mapping.toml" in caught.value.text["es"]


def test_a_mapping_that_is_not_there(reads: Any, tmp_path: Path) -> None:
    with pytest.raises(InputNotFoundError):
        reads("a.csv", CSV, mapping=tmp_path / "none.toml")


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "utf-16-le", "latin-1"])
def test_a_mapping_is_read_as_editors_and_shells_write_it(reads: Any, tmp_path: Path, encoding: str) -> None:
    mapping = tmp_path / "mapping.toml"
    mapping.write_bytes(("\ufeff" * (encoding == "utf-16-le") + MAPPING).encode(encoding))
    if encoding == "latin-1":
        with pytest.raises(UsageError, match="save it again with UTF-8"):
            reads("a.csv", CSV, mapping=mapping)
    else:
        assert reads("a.csv", CSV, mapping=mapping).values("budgetCurrency") == ["MXN", "MXN"]


def test_values_are_replaced_whatever_their_case_accents_and_spaces(reads: Any, tmp_path: Path) -> None:
    mapping = tmp_path / "mapping.toml"
    mapping.write_text(MAPPING.replace('"Prevención" =', '"PREVENCION  " ='), encoding="utf-8")
    submission = reads("a.csv", CSV, mapping=mapping)
    assert submission.values("advancesGoal") == ["bicd:goal-prevent-transborder-crime", "Otro"]
