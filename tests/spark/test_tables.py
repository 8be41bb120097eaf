"""Spark finds in tables what the compiled engine finds, with the cells."""

from __future__ import annotations

import csv
import random
from typing import TYPE_CHECKING

import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from bicentennial.core.resources import directory
from bicentennial.spark.check import check as check_by_spark
from bicentennial.validation.submission import check
from tests.spark.test_same_findings import facts

if TYPE_CHECKING:
    from pathlib import Path

pytestmark = pytest.mark.usefixtures("spark")

# Below the rows of the faulty example: what rows may hold besides values that are right or wrong.
_ODD: tuple[dict[str, str], ...] = (
    {"id": "A-001", "title": "The same identifier again", "goal": "Prevent transborder crime"},
    {"id": "", "title": "No identifier", "responsible_party": "UIF; SRE; Nobody", "status": "ongoing"},
    {"id": "A 9/é*~", "title": 'Says ""yes", twice', "source": "https://example.org/a?b=c; passage", "budget": "1,5"},
    {
        "id": "A-010",
        "title": "#REF!",
        "goal": "#N/A",
        "budget": "#####",
        "start_date": "2023",
        "due_date": "31/12/2024",
    },
    {"id": "A-011", "title": "'=1+1", "description": " blanks around ", "budget": "12.50", "currency": "us dollars"},
    {"id": "A-012", "title": "Año nuevo", "start_date": "1905-07-14", "place": "Ciudad Juárez", "partner": "UNODC;DEA"},
    {"title": "Section two"},
    {"title": "Total", "budget": "999999"},
    {},
    {"id": "A-013", "title": "After a blank row", "status": "terminada", "budget": "12;13", "source": "urn:x:y"},
)

# What partners write, well and badly, into any column at all.
_WRITTEN = (
    *("", "  ", "-", "n/a", "x", "0", "-1", "1,234.50", "1.234,50", "12.5", "1e3", "USD", "pesos", "MXN"),
    *("2024", "2024-05", "2024-02-30", "2024-02-29", "03/04/2023", "31/12/2024", "14 mayo 2024", "Q3 2024", "45000"),
    *("UIF", "uif", "Unidad de Inteligencia Financiera", "UIF; DEA", "SRE;;UNODC", "UIFF", "Nobody (fictitious)"),
    *("Prevent transborder crime", "prevenir la delincuencia transfronteriza", "Goal 2", "G9", "Protect our peeple"),
    *("ongoing", "en curso", "finished?", "México", "Mexico City", "Tijuana; Ciudad Juárez", "Atlantis"),
    *("https://example.org/a", "urn:x:y", "=1+1", "#REF!", "¿Qué?", "e\u0301", "\u00a0UIF\u00a0", "ＵＩＦ", '"'),
)


def _random(header: list[str], number: int) -> list[list[str]]:
    """Return random rows: most keep to what their column holds in the example, each has some cells of anything."""
    chance = random.Random(20211008)
    with (directory("submissions") / "good.csv").open(encoding="utf-8", newline="") as stream:
        good = list(csv.DictReader(stream))
    found = []
    for position in range(number):
        row = dict(chance.choice(good)) | {"id": f"R-{position}"}
        for name in chance.sample(header, chance.randrange(5)):
            row[name] = chance.choice(_WRITTEN)
        found.append([row.get(name) or "" for name in header])
    return found


def _table() -> tuple[list[str], list[list[str]]]:
    with (directory("submissions") / "faulty.csv").open(encoding="utf-8", newline="") as stream:
        header, *rows = csv.reader(stream)
    return header, [*rows, *([each.get(name, "") for name in header] for each in _ODD), *_random(header, 250)]


def test_cells_of_delimited_text(tmp_path: Path) -> None:
    header, rows = _table()
    file = tmp_path / "register.csv"
    with file.open("w", encoding="utf-8-sig", newline="") as stream:
        csv.writer(stream, delimiter=";").writerows([header, *rows])
    expected = check(file, name=file.name, engine="compiled", coverage=True)
    found = check_by_spark([str(file)], name=file.name, coverage=True)
    assert {"row-not-read", "cell-error"} < found.totals.keys()
    assert facts(found) == facts(expected)


def test_cells_of_parquet_in_several_files(tmp_path: Path) -> None:
    header, rows = _table()
    whole = tmp_path / "whole.csv"
    with whole.open("w", encoding="utf-8", newline="") as stream:
        csv.writer(stream).writerows([header, *rows])
    register = tmp_path / "register"
    register.mkdir()
    for number, part in enumerate((rows[:4], rows[4:])):
        columns = dict(zip(header, map(list, zip(*part, strict=True)), strict=True))
        pq.write_table(pa.table(columns), register / f"{number}.parquet")
    expected = check(whole, name="register", engine="compiled")
    found = check_by_spark([str(register)], name="register")
    assert found.totals == expected.totals
    there = {each.location.file: each.location.row or 0 for each in found.findings}
    assert there.keys() == {"0.parquet", "1.parquet"}
    places = sorted(
        (
            each.code,
            (each.location.row or 0) + (4 if each.location.file == "1.parquet" else 0),
            each.location.column or "",
        )
        for each in found.findings
    )
    assert places == sorted(
        (each.code, each.location.row or 0, each.location.column or "") for each in expected.findings
    )


@pytest.mark.parametrize(
    ("content", "said"),
    [
        (b'id,title\nA-1,"one\ntwo"\n', "line break"),
        (b"id,title,goal,responsible_party\nA-1,one,G1,SRE,five\n", "more or fewer cells"),
        (b"id,title,goal\nA-1,caf\xe9,G1\n", "not UTF-8"),
        (b"a,b\n1,2\n", "No table"),
    ],
)
def test_what_is_not_read_is_refused(tmp_path: Path, content: bytes, said: str) -> None:
    (tmp_path / "a.csv").write_bytes(content)
    found = check_by_spark([str(tmp_path / "a.csv")], name="register")
    assert not found.checked
    assert said in str(found.findings[0])
