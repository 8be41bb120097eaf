"""Every threat on every way in: the same outcome, whichever way a file takes."""

from __future__ import annotations

import json
import re
from typing import TYPE_CHECKING, Any

import pytest

from tests.security.cases import ADDED, CASES, Case, validated
from tests.security.conftest import Ended, ended, started

if TYPE_CHECKING:
    from pathlib import Path

    from bicentennial.report import Report

THREATS = pytest.mark.parametrize("threat", CASES)
# The other engine takes half a second for the smallest file, and sees only what can be read, as statements: so it gets
# the statements that are there to mislead it. Literals share one file, in test_threats.
REFERENCE = [
    threat for threat, case in CASES.items() if threat in ADDED or (case.name.endswith("trig") and case.exit != 3)
]

# What is no workbook gets a fresh one, which is the same work for each.
BOOKS = [threat for threat, case in CASES.items() if case.name.endswith(("xlsx", "xlsm", "ods"))]


class Ways:
    """Every case along every way. The command lines run in processes of their own while this one is busy."""

    def __init__(self, folder: Path, factory: pytest.TempPathFactory) -> None:
        self.paths = {threat: folder / str(number) / case.name for number, (threat, case) in enumerate(CASES.items())}
        for threat, path in self.paths.items():
            path.parent.mkdir()
            path.write_bytes(CASES[threat].data)
        out = folder / "out"
        out.mkdir()
        self.books = {threat: out / f"{self.paths[threat].parent.name}.xlsx" for threat in BOOKS}
        carried = started(
            *(["convert", path, out / f"{path.parent.name}.nt"] for path in self.paths.values()),
            *(["query", "ASK { }", "--data", path] for path in self.paths.values()),
        )
        written = started(
            *(["mapping", "init", path] for path in self.paths.values()),
            *(["validate", self.paths[threat], "--output", self.books[threat]] for threat in BOOKS),
        )
        self.python = {threat: _report(path) for threat, path in self.paths.items()}
        self.pyshacl = {threat: _report(self.paths[threat], engine="pyshacl") for threat in REFERENCE}
        self.whole = validated(factory)
        count, taken, told = len(self.paths), ended(carried), ended(written)
        self.converted, self.asked, self.proposed = (
            dict(zip(self.paths, done, strict=True)) for done in (taken[:count], taken[count:], told[:count])
        )
        self.marked = dict(zip(BOOKS, told[count:], strict=True))


@pytest.fixture(scope="module")
def ways(tmp_path_factory: pytest.TempPathFactory) -> Ways:
    return Ways(tmp_path_factory.mktemp("ways"), tmp_path_factory)


def _report(path: Path, **options: Any) -> Report:
    from bicentennial import validate

    return validate(path, isolated=False, coverage=False, **options)


def _same(report: Any, path: Path) -> Any:
    """Return a report without the folder of its file, the names that parsers make up for nodes, and the engine."""
    text = json.dumps(report).replace(f"{path.parent}/", "")
    return {**json.loads(re.sub(r"_:[0-9a-f]+", "_:", text)), "engine": None}


def test_there_are_cases_of_every_kind() -> None:
    assert {case.exit for case in CASES.values()} == {0, 1, 3}
    assert {case.name.rpartition(".")[2] for case in CASES.values()} == {
        *("csv", "xlsx", "xlsm", "ods", "json", "jsonld", "ttl", "trig", "nq", "rdf", "xml")
    }
    assert len(REFERENCE) == len(ADDED) + 3
    assert len(BOOKS) > 20


@THREATS
def test_in_python(ways: Ways, threat: str) -> None:
    report, case = ways.python[threat], CASES[threat]
    assert report.exit_code == case.exit, report.to_text()
    assert report.conforms is (case.exit == 0)
    if case.finding is not None:
        assert case.finding in report.by_code
    elif case.exit == 3:
        assert list(report.by_code) in (["input-unreadable"], ["limit-reached"])
    else:
        assert {each.severity for each in report.findings} <= {"info", "warning"}
    told = " ".join(f"{each.message['en']} {each.value}" for each in report.findings)
    assert case.said in told, told
    assert all(each.message["es"] != each.message["en"] for each in report.findings)


@THREATS
def test_on_the_command_line_in_a_worker(ways: Ways, threat: str) -> None:
    found, path = ways.whole.reports[threat], ways.whole.paths[threat]
    assert found["submission"]["file"] == str(path)
    assert _same(found, path) == _same(ways.python[threat].to_dict(), ways.paths[threat])
    assert ways.whole.code == 3
    assert ways.whole.told == ""


@pytest.mark.parametrize("threat", REFERENCE)
def test_with_the_other_engine(ways: Ways, threat: str) -> None:
    report = ways.pyshacl[threat]
    assert report.to_dict()["engine"] == "pyshacl"
    path = ways.paths[threat]
    assert _same(report.to_dict(), path) == _same(ways.python[threat].to_dict(), path)


@THREATS
def test_converted(ways: Ways, threat: str) -> None:
    _check(ways.converted[threat], CASES[threat], CASES[threat].converted)
    path = ways.paths[threat].parent
    assert (path.parent / f"out/{path.name}.nt").exists() is (CASES[threat].converted == 0)


@THREATS
def test_asked(ways: Ways, threat: str) -> None:
    _check(ways.asked[threat], CASES[threat], CASES[threat].asked)
    assert ways.asked[threat].out == ("yes\n" if CASES[threat].asked == 0 else "")


def _check(found: Ended, case: Case, code: int) -> None:
    assert found.code == code, found
    if code == 3:
        assert found.told.count("\n") == 1
        assert found.told.startswith("bicentennial: ")
        assert case.said in found.told or case.finding == "nothing-checked"


@pytest.mark.parametrize("threat", BOOKS)
def test_marked(ways: Ways, threat: str) -> None:
    import openpyxl

    found = ways.marked[threat]
    assert found.code == CASES[threat].exit, found
    assert found.out == ""
    assert found.told.count("\n") == 1
    book = openpyxl.load_workbook(ways.books[threat], read_only=True)
    assert book.sheetnames[-1] == "Findings"
    book.close()


@THREATS
def test_proposed(ways: Ways, threat: str) -> None:
    found = ways.proposed[threat]
    assert (found.code, found.told.count("\n")) in ((0, 0), (3, 1)), found
    assert found.told.startswith("bicentennial: ") or not found.told


@THREATS
def test_no_way_changes_the_file(ways: Ways, threat: str) -> None:
    for path in (ways.paths[threat], ways.whole.paths[threat]):
        assert path.read_bytes() == CASES[threat].data
        assert [each.name for each in path.parent.iterdir()] == [CASES[threat].name]
