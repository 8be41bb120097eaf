"""A large workbook is opened while it is measured; whatever is wrong with it is told as without haste."""

from __future__ import annotations

import os
import zipfile
from typing import TYPE_CHECKING, Any

import openpyxl
import pytest

from bicentennial import validate
from bicentennial.core import worker
from bicentennial.core.errors import LimitReachedError
from bicentennial.formats.workbook import sheets as workbook
from bicentennial.validation.submission import check

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

SHEET = "xl/worksheets/sheet1.xml"


def filled(path: Path, rows: int = 40) -> None:
    book = openpyxl.Workbook()
    book.active.append(["id", "title", "goal", "responsible_party"])
    for number in range(rows):
        # What cannot be packed makes the workbook a large one.
        book.active.append([f"A-{number}", os.urandom(8_000).hex(), "G1", "SRE" if number else "Nobody known"])
    book.save(path)
    assert path.stat().st_size > workbook._LARGE * rows // 100


def changed(path: Path, change: Callable[[bytes], bytes]) -> None:
    with zipfile.ZipFile(path) as archive:
        parts = {name: archive.read(name) for name in archive.namelist()}
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in parts.items():
            archive.writestr(name, change(content) if name == SHEET else content)


def far(sheet: bytes) -> bytes:
    last = b'<row r="1048576"><c r="XFD1048576" t="n"><v>1</v></c></row></sheetData>'
    return sheet.replace(b"</sheetData>", last)


FAULTS: dict[str, Callable[[bytes], bytes]] = {
    "nothing": lambda sheet: sheet,
    "cells far apart": far,
    "a DOCTYPE": lambda sheet: b"<!DOCTYPE x>" + sheet,
    "no end": lambda sheet: sheet[: len(sheet) // 2],
    "another sheet": lambda _: b"nothing of the kind",
}


@pytest.mark.parametrize("fault", FAULTS)
def test_haste_makes_no_difference(fault: str, tmp_path: Path) -> None:
    path = tmp_path / "a.xlsx"
    filled(path, 100)
    changed(path, FAULTS[fault])
    hasty, careful = validate(path, coverage=False), check(path, limits={})
    assert hasty.outcome == careful
    assert hasty.exit_code == (1 if fault == "nothing" else 3)


def test_a_large_file_that_is_no_workbook(tmp_path: Path) -> None:
    path = tmp_path / "a.xlsx"
    path.write_bytes(b"PK\x03\x04" + os.urandom(2 * workbook._LARGE))
    assert validate(path, coverage=False).outcome == check(path, limits={})


def test_small_workbooks_take_their_time(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    started: list[int] = []
    monkeypatch.setattr(workbook._Opening, "start", lambda opening: started.append(1))
    for rows in (1, 100):
        path = tmp_path / f"{rows}.xlsx"
        filled(path, rows)
        monkeypatch.setattr(workbook, "_LARGE", 100_000)
        check(path, hasty=True)
    assert started == [1]


@pytest.mark.parametrize(("setting", "again"), [("memory", True), ("seconds", False)])
def test_who_died_of_haste_is_replaced(
    setting: str, again: bool, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    calls: list[list[tuple[str, bool]]] = []
    really = worker.call_each

    def dying(function: str, jobs: list[tuple[str, dict[str, bool]]], **options: Any) -> list[Any]:
        calls.append([(name, given["hasty"]) for name, given in jobs])
        found = really(function, jobs, **options)
        died = LimitReachedError({"en": "en", "es": "es"}, setting=setting)
        return [died if given["hasty"] else found.pop(0) for _, given in jobs]

    monkeypatch.setattr(worker, "call_each", dying)
    paths = [tmp_path / "a.csv", tmp_path / "b.xlsx"]
    paths[0].write_text("id,title\nA-1,x\n", "utf-8")
    filled(paths[1], 1)
    of_table, of_workbook = validate(paths, coverage=False)
    assert calls[0] == [(str(paths[0]), False), (str(paths[1]), True)]
    assert calls[1:] == ([[(str(paths[1]), False)]] if again else [[]])
    assert of_table.outcome.checked
    assert of_workbook.outcome.checked is again
