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
