"""The same sheet gets the same findings whatever format it is written in, and whatever its size."""

from __future__ import annotations

import csv
import io
import json
from typing import TYPE_CHECKING, Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from bicentennial.intake import read
from bicentennial.storage import sizes
from tests.books import HEADER, ods, xlsx

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence
    from pathlib import Path

ERRORS = (
    *("#REF!", "#DIV/0!", "#N/A", "#N/D", "#¡VALOR!", "#¿NOMBRE?", "#SPILL!", "#CALC!", "#GETTING_DATA", "#ERROR!"),
    *("Err:502", "########"),
)
VALUES: dict[str, Sequence[Any]] = {
    "id": ["A-1", "A-2", "A\u00ad-1", "A-1\u200b", "\ufeffA-3", "2023000000000017", 7],
    "title": ["Train", "Capacitación  de\toficiales", "two\nlines", "CapacitaciÃ³n", "R&D <1>", " padded ", "#1 goal"],
    "goal": ["G2", "G\u200b2", "G9", "Meta 1; G2"],
    "responsible_party": ["SRE", "Nobody Known", "SRE; #N/A"],
    "status": ["ongoing", "En curso", "pending"],
    "start_date": ["2023", "2023-01-15", "2023-01-15T10:30:00", "2023-01-15 00:00", "1905-07-15", "15/01/2023", 2023],
    "due_date": ["2024-02", "1909-07-16", "soon"],
    "budget": [100, 0.5, "1,000", "-5", 12345678901234567890],
    "currency": ["MXN", "pesos"],
}
CELLS = st.tuples(*(st.sampled_from(["", *ERRORS, *VALUES[name], *VALUES[name], *VALUES[name]]) for name in HEADER))


def as_csv(rows: Sequence[Sequence[Any]]) -> bytes:
    out = io.StringIO(newline="")
    csv.writer(out).writerows(rows)
    return out.getvalue().encode()


def as_json(rows: Sequence[Sequence[Any]]) -> bytes:
    header, *rest = rows
    return json.dumps([{k: v for k, v in zip(header, row, strict=True) if v != ""} for row in rest]).encode()


WAYS: dict[str, Callable[[Sequence[Sequence[Any]]], bytes]] = {
    "a.csv": as_csv,
    "a.xlsx": lambda rows: xlsx(*rows),
    "a.ods": lambda rows: ods(*rows),
    "a.json": as_json,
}
# What is about how a file holds its cells, not about the sheet.
OF_THE_FILE = {"number-long", "text-garbled", "invisible-characters"}


def told(path: Path, data: bytes) -> tuple[Any, Any]:
    """Return what a file says, and what is found in it: code, row, column, value and suggestions."""
    path.write_bytes(data)
    submission = read(path)
    # A key of JSON has no column, and its objects count from 1 where the rows of a sheet begin below the header.
    is_json = path.suffix == ".json"
    found = []
    for each in submission.findings:
        at = each.location
        if each.code in OF_THE_FILE:
            continue
        row = int(at.pointer.split("/")[1]) + 2 if at.pointer else at.row
        found.append((each.code, row, each.path, each.value, each.suggestions, each.focus if not is_json else ""))
    rows = submission.dataset.connection.execute("SELECT s, p, o, kind, dt, lang FROM statements").fetchall()
    submission.dataset.close()
    return sorted(rows), sorted(found, key=repr)


def plain(findings: Sequence[tuple[Any, ...]]) -> list[tuple[Any, ...]]:
    return sorted((each[:-1] for each in findings), key=repr)


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("sheets")


@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(st.lists(CELLS, min_size=1, max_size=4))
def test_formats_agree(folder: Path, rows: list[Any]) -> None:
    sheet = [
        HEADER,
        *(row for row in rows if any(value != "" for value in row)),
        ["Z-9", "Last", "G1", "SRE", *5 * [""]],
    ]
    said, found = told(folder / "a.csv", as_csv(sheet))
    assert all(each[2] for each in found)  # each is said of a value
    for name, write in WAYS.items():
        others = told(folder / name, write(sheet))
        numbered = {s for s, *_ in others[0] if ":row:" in s}
        if name != "a.json" or not numbered:
            assert others[0] == said, name
        assert plain(others[1]) == plain(found), name


@settings(
    max_examples=20, deadline=None, suppress_health_check=[HealthCheck.too_slow, HealthCheck.function_scoped_fixture]
)
@given(st.lists(CELLS, min_size=2, max_size=5))
def test_large_tables_agree_with_small_ones(folder: Path, monkeypatch: pytest.MonkeyPatch, rows: list[Any]) -> None:
    sheet = [
        HEADER,
        *(row for row in rows if any(value != "" for value in row)),
        ["Z-9", "Last", "G1", "SRE", *5 * [""]],
    ]
    for name in ("a.csv", "a.xlsx", "a.ods"):
        data = WAYS[name](sheet)
        with monkeypatch.context() as patched:
            small = told(folder / name, data)
            patched.setattr(sizes, "TABLE_CELLS", 0)
            patched.setattr(sizes, "TABLE_CHARACTERS", 0)
            assert told(folder / name, data) == small, name
