"""The benchmarks measure what they say: data with just the known faults, whole trees of processes, honest verdicts."""

from __future__ import annotations

import doctest
import re
import subprocess
import sys
from typing import TYPE_CHECKING, Any

import openpyxl
import pytest

import bicentennial
from benchmarks import agreement, data, tables
from benchmarks import contenders as who
from benchmarks.agreement import Found, faults_found
from benchmarks.measure import ROOT, Run, measure
from benchmarks.profiling import PHASES, function_of
from benchmarks.tables import Table
from benchmarks.targets import TARGETS, Bound, Worst, ahead, growth, summary
from benchmarks.variations import PLAIN_CSV, variations

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path
    from types import ModuleType

COUNT = 450  # all faults, and two of them on one action
WRITERS = {".csv": data.write_csv, ".xlsx": data.write_xlsx, ".nt": data.write_ntriples}


def run(seconds: float, megabytes: float = 100, status: int | None = 0) -> Run:
    return Run(seconds, megabytes, "", "", status)


@pytest.mark.parametrize("suffix", WRITERS)
def test_the_data_has_just_the_known_faults(suffix: str, tmp_path: Path) -> None:
    write: Callable[[Path, int], None] = WRITERS[suffix]
    file = tmp_path / f"data{suffix}"
    write(file, COUNT)
    report = bicentennial.validate(file, coverage=False)
    assert faults_found(report.to_json(), data.expected(COUNT)) == ""
    assert len(report.findings) == sum(data.expected(COUNT).values())


def test_remarks_are_no_faults(tmp_path: Path) -> None:
    file = tmp_path / "data.csv"
    data.write_csv(file, 30, remarks=True)
    report = bicentennial.validate(file, coverage=False)
    assert report.conforms
    assert {f.code: f.severity for f in report.findings} == {
        "Action-completedCitesEvidence": "info",
        "Action-unfinishedHasDueDate": "info",
    }
    assert len(report.findings) == 20


def test_faults_that_are_not_found_are_told() -> None:
    report = '{"summary": {"violation": 9, "by_code": {"Action-advancesGoal.missing": 7}}, "findings": []}'
    assert faults_found(report, {"no goal": 8}) == "no goal: 8 put in, 7 found; 9 violations where 8 were put in"


def test_the_workbook_is_one(tmp_path: Path) -> None:
    data.write_xlsx(tmp_path / "data.xlsx", 67)
    (sheet,) = openpyxl.load_workbook(tmp_path / "data.xlsx").worksheets
    rows = list(sheet.iter_rows(values_only=True))
    assert rows[0] == data.HEADER
    assert len(rows) == 68
    assert sheet["G2"].is_date
    assert sheet["G68"].value == "2023-13-45"
    assert sheet["J2"].value == 1.5


def test_differences_are_told_by_kind() -> None:
    ours = Found.of_shacl("urn:a urn:p#goal urn:x#MinCountConstraintComponent\nurn:b urn:p#start urn:x#In")
    theirs = Found.of_shacl(
        "<urn:a> <urn:p#goal> <urn:x#MinCountConstraintComponent>".replace("<", "").replace(">", "")
    )
    assert ours.against(ours) == ""
    assert ours.against(theirs) == "misses 1 (start In 1)"
    assert theirs.against(ours) == "has 1 more (start In 1)"


def test_reports_that_do_not_list_all_are_compared_by_kind() -> None:
    cut = Found.of_report('{"summary": {"by_code": {"Action-advancesGoal.missing": 2}}, "findings": []}')
    assert cut.against(Found.of_schema("2 goal required\n3 goal required")) == ""
    assert cut.against(Found.of_schema("2 goal required")) == "misses 1 (goal required 1)"


def test_memory_is_that_of_all_processes() -> None:
    child = "held = bytearray(80_000_000); import time; time.sleep(1)"
    parent = f"import subprocess, sys; held = bytearray(80_000_000); subprocess.run([sys.executable, '-c', {child!r}])"
    found = measure([sys.executable, "-c", parent])
    assert found.is_good
    if sys.platform == "linux":
        assert 160 < found.megabytes < 220


def test_what_takes_too_long_is_stopped_with_its_children() -> None:
    mark = "import time; time.sleep(61.25)"
    parent = f"import subprocess, sys; subprocess.run([sys.executable, '-c', {mark!r}])"
    found = measure([sys.executable, "-c", parent], timeout=0.5)
    assert (found.is_good, found.status) == (False, None)
    assert found.seconds < 20
    listed = (
        subprocess.run(["ps", "-eo", "args"], capture_output=True, text=True).stdout if sys.platform == "linux" else ""
    )
    assert "time.sleep(61.25)" not in listed


def test_targets_say_whether_they_are_reached() -> None:
    runs = {
        ("table", 100_000, who.OURS): run(1.0),
        ("table", 100_000, who.FRICTIONLESS): run(3.0),
        ("table", 1_000_000, who.OURS): run(9.0, 2_100),
        ("rdf", 100_000, who.SAME): run(4.0),
        ("rdf", 100_000, who.PYSHACL): run(60.0),
        ("rdf", 100_000, who.PARSE): run(1.0),
        ("rdf", 100_000, who.TOPBRAID): run(2.0, status=None),
        ("start", 100, who.SMALL): run(0.3, status=70),
        ("start", 100, who.IMPORTS): run(0.3),
    }
    table = summary(runs)
    assert table.title == "Targets: 2 of 7 reached"
    assert [row[2:] for row in table.rows] == [
        ["15 times faster", "not reached"],
        ["the other stopped after 2 s", "not measured"],
        ["4 times as long", "reached"],
        ["3 times faster", "reached"],
        ["9 times as long, 2,100 MB", "not reached"],
        ["", "not measured"],
        ["ended with 70", "not reached"],
    ]
    assert len(TARGETS) == 7


def test_bounds_are_seconds_or_megabytes() -> None:
    bound = Bound("memory", ("rdf", 10, who.OURS), 2, who.THE_FILE)
    assert bound.row({("rdf", 10, who.OURS): run(1, 300)})[-1] == "not measured"
    runs = {("rdf", 10, who.OURS): run(1, 300), ("rdf", 10, who.THE_FILE): run(0, 100)}
    assert bound.row(runs)[1:] == ["at most 2 times as much", "3.00 times as much", "not reached"]
    seconds = Bound("a check", ("start", 100, who.WARM), 0.05)
    assert seconds.row({("start", 100, who.WARM): run(0.05)})[1:] == ["at most 0.05 s", "0.050 s", "reached"]
    assert seconds.row({("start", 100, who.WARM): run(0.01, status=70)})[2:] == ["ended with 70", "not reached"]


def test_the_slowest_variation_is_named() -> None:
    worst = Worst("CSV", "CSV", PLAIN_CSV, 1.25)
    runs = {
        ("variations", 9, name): run(s) for name, s in ((PLAIN_CSV, 2), ("CSV, a", 3), ("CSV, b", 2.2), ("XLSX", 9))
    }
    assert worst.row(runs)[1:] == ["at most 1.25 times as long", "1.5 times as long (CSV, a)", "not reached"]
    runs["variations", 9, "CSV, b"] = run(1, status=70)
    assert worst.row(runs)[2:] == ["CSV, b ended with 70", "not reached"]
    assert worst.row({})[-1] == "not measured"
    assert all(row[-1] == "not measured" for row in ahead({}).rows)


def test_variations_say_the_same(tmp_path: Path) -> None:
    found = {}
    for name, file, more in variations(tmp_path, COUNT):
        options: dict[str, Any] = {option[2:]: value for option, value in zip(more[::2], more[1::2], strict=True)}
        report = bicentennial.validate(file, coverage=False, **options)
        found[name] = report.to_dict()["summary"]["by_code"]
    assert len(found) == 21
    remarks = {"encoding-assumed", "row-too-short", "sheet-repeated"}
    faults = {name: {code: n for code, n in codes.items() if code not in remarks} for name, codes in found.items()}
    assert [name for name, codes in faults.items() if codes != found[PLAIN_CSV]] == []


def test_growth_has_a_factor_from_size_to_size() -> None:
    runs = {("table", 10, "ours"): run(1.0, 50), ("table", 100, "ours"): run(5.0, 60), ("start", 1, "x"): run(1)}
    table = growth(runs, {"table": "CSV"})
    assert table.header == ["", "10", "100"]
    assert table.rows == [["CSV, ours", "1.00 s", "5.00 s ×5.0"], ["", "50 MB", "60 MB ×1.2"]]


@pytest.mark.parametrize("place", [place for places in PHASES.values() for place in places])
def test_phases_of_the_profile_are_functions_of_ours(place: str) -> None:
    _, name, function = function_of(place)
    assert function.__name__ == name


def test_the_profile() -> None:
    command = [sys.executable, "-m", "benchmarks.profiling", "--rows", "60", "--top", "3"]
    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True)
    assert done.returncode == 0, done.stderr
    for title in ("Imports for 100 rows", "Phases", "Slowest statements", "Functions, watched one by one"):
        assert f"\n\n{title}" in f"\n\n{done.stdout}"
    for phase in PHASES:
        assert f"  {phase} " in done.stdout
    assert re.search(r"^  (SELECT|INSERT|CREATE|WITH) .* check  +\d", done.stdout, re.MULTILINE)


@pytest.mark.parametrize("module", [agreement, tables])
def test_examples_in_docstrings(module: ModuleType) -> None:
    assert doctest.testmod(module) == (0, 2 if module is agreement else 1)


def test_markdown() -> None:
    table = Table("Work", ("", "seconds", "said"), [["a|b", "1.00", "well"]], ["a note"])
    assert table.markdown() == "\n".join(
        ["## Work", "", "|  | seconds | said |", "| --- | ---: | --- |", "| a\\|b | 1.00 | well |", "", "- a note"]
    )


def test_the_whole(tmp_path: Path) -> None:
    markdown = tmp_path / "table.md"
    command = [sys.executable, "-m", "benchmarks", "--actions", "60", "--only", "table", "--markdown", str(markdown)]
    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True)
    assert done.returncode == 0, done.stderr
    assert "bicentennial, all its rules: just the 2 faults that were put in" in done.stdout
    assert "shacl-engine" in done.stdout
    assert markdown.read_text(encoding="utf-8").startswith("## Benchmarks\n")
