"""Two numbers of a submission are compared alike in a small file, in a large one and by pySHACL."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

import pyoxigraph as ox
import pytest

from bicentennial.core.namespaces import local_name
from bicentennial.core.resources import files
from bicentennial.storage import sizes
from bicentennial.storage.sqlite_dataset import SqliteDataset
from bicentennial.validation.run import Run
from bicentennial.validation.submission import check

if TYPE_CHECKING:
    from pathlib import Path

DIRECTION = "Indicator-targetIsInItsDirection"
BUDGET = "FinancialRecord-isWithinBudget"
SAME = "Indicator-targetDiffersFromBaseline"


def submission(*figures: tuple[str, str, str], paid: tuple[str, ...] = ()) -> str:
    return json.dumps(
        {
            "actions": [
                {
                    "id": "A-1",
                    "title": "Train inspectors",
                    "goal": "Prevent transborder crime",
                    "responsible_party": "UNODC",
                    "budget": "1000.00",
                    "currency": "USD",
                }
            ],
            "finances": [
                {"id": f"F-{n}", "action": "A-1", "kind": "disbursed", "amount": amount, "currency": "USD"}
                for n, amount in enumerate(paid, start=1)
            ],
            "indicators": [
                {
                    "id": f"I-{n}",
                    "name": f"Indicator {n}",
                    "measures": "A-1",
                    "baseline": first,
                    "target": last,
                    "direction": direction,
                }
                for n, (first, last, direction) in enumerate(figures, start=1)
            ],
        }
    )


@pytest.mark.parametrize("engine", ["compiled", "duckdb", "pyshacl"])
def test_two_numbers_are_compared_as_numbers(tmp_path: Path, engine: str, monkeypatch: pytest.MonkeyPatch) -> None:
    figures = [
        ("9", "10", "increase"),
        ("10", "9.5", "increase"),
        ("-1", "-10", "decrease"),
        ("0.10", "0.1", "decrease"),
        ("99999999999999999999.1", "99999999999999999999.2", "decrease"),
    ]
    path = tmp_path / "a.json"
    path.write_text(submission(*figures, paid=("1000", "999.99", "1000.01", "2000")), "utf-8")
    if engine == "duckdb":
        monkeypatch.setattr(sizes, "SQLITE_STATEMENTS", 0)
    found = check(path, engine="pyshacl" if engine == "pyshacl" else "compiled").findings
    pointers = {(each.code, each.location.pointer) for each in found if each.code in (DIRECTION, BUDGET, SAME)}
    assert pointers == {
        (DIRECTION, "/indicators/1/target"),
        (SAME, "/indicators/3/target"),
        (DIRECTION, "/indicators/4/target"),
        (BUDGET, "/finances/2/amount"),
        (BUDGET, "/finances/3/amount"),
    }


@pytest.mark.parametrize("path", files("shapes", "rules/*-*.ttl"), ids=lambda path: path.stem)
def test_every_rule_runs_in_the_database_of_small_submissions(path: Path) -> None:
    statements = list(ox.parse(path=str(files("cases", f"invalid/{path.stem}.ttl")[0]), format=ox.RdfFormat.TURTLE))
    with SqliteDataset() as dataset:
        dataset.load_quads(statements)
        results = Run("compiled")(dataset).results()
    assert path.stem in {local_name(result.shape) for result in results}


@pytest.mark.parametrize("engine", ["compiled", "duckdb", "pyshacl"])
@pytest.mark.parametrize("kind", ["csv", "json"])
def test_a_point_that_may_separate_thousands_is_asked_about(
    tmp_path: Path, kind: str, engine: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    if engine == "duckdb":
        monkeypatch.setattr(sizes, "SQLITE_STATEMENTS", 0)
    amounts = {"250.000": True, "1.500": True, "250.00": False, "1250.000": False, "0.125": False, "250": False}
    names = ("id", "title", "goal", "responsible_party", "budget", "currency")
    rows = [(f"A-{n}", f"Train inspectors {n}", "G1", "UNODC", each, "MXN") for n, each in enumerate(amounts)]
    path = tmp_path / f"a.{kind}"
    if kind == "csv":
        path.write_text("\n".join(map(",".join, (names, *rows))), "utf-8")
    else:
        path.write_text(json.dumps([dict(zip(names, row, strict=True)) for row in rows]), "utf-8")
    found = [
        each
        for each in check(path, engine="pyshacl" if engine == "pyshacl" else "compiled").findings
        if each.code == "Action-budgetHasNoPointForThousands"
    ]
    assert [(each.value, each.severity) for each in found] == [
        (amount, "warning") for amount, is_told in amounts.items() if is_told
    ]
    assert "tiene un presupuesto de 250.000, que se lee con tres decimales" in found[0].message["es"]


@pytest.mark.parametrize(
    ("kind", "way"), [*(("csv", way) for way in ("small", "cells", "characters", "pyshacl")), ("json", "small")]
)
def test_an_amount_is_not_taken_for_one_of_another_currency(
    tmp_path: Path, kind: str, way: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    if way in ("cells", "characters"):
        monkeypatch.setattr(sizes, f"TABLE_{way.upper()}", 0)
    amounts = {
        ("MXN 1 mdp", "USD"): (),
        ("MXN 1 mdp", "MXN"): ("1000000",),
        ("¥500", "MXN"): (),
        ("¥500", "CNY"): ("500",),
        ("5 pesos", "ARS"): ("5",),
        ("5 pesos", "usd"): (),
        ("€ 5,000", "MXN"): (),
        ("$ 5,000", "MXN"): ("5000",),
        ("US$5,000", "Pesos de México"): (),
        ("MXN 2 mdp", ""): ("2000000",),
    }
    names = ("id", "title", "goal", "responsible_party", "budget", "currency")
    rows = [(f"A-{n}", f"Train group {n}", "G1", "UNODC", *each) for n, each in enumerate(amounts)]
    path = tmp_path / f"a.{kind}"
    if kind == "csv":
        path.write_text("\n".join(";".join(each) for each in (names, *rows)), "utf-8")
    else:
        path.write_text(json.dumps([dict(zip(names, row, strict=True)) for row in rows]), "utf-8")
    engine = "pyshacl" if way == "pyshacl" else "compiled"
    mapping = tmp_path / "a.toml"
    mapping.write_text('[values.currency]\n"Pesos de México" = "MXN"\n', "utf-8")
    found = [each for each in check(path, engine=engine, mapping=mapping).findings if str(each.path).endswith("Amount")]
    assert [each.suggestions for each in found] == [*amounts.values()]
    named = "names another currency"
    assert [named in each.remedy["en"] for each in found] == [not each for each in amounts.values()]

    mapping.write_text('number_format = "1,234.56"\n' + mapping.read_text("utf-8"), "utf-8")
    told = [each for each in check(path, engine=engine, mapping=mapping).findings if str(each.path).endswith("Amount")]
    assert {each.code for each in told} == {"amount-other-currency"}
    places = [(each.location.cell, each.location.pointer) for each in found if not each.suggestions]
    assert [(each.location.cell, each.location.pointer) for each in told] == places
    assert "names the currency MXN, but its row has USD" in told[0].problem["en"]
