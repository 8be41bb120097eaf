"""The worker, the limits, the database, concurrency and what is left behind."""

from __future__ import annotations

import dataclasses
import re
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

from bicentennial import InputError, UsageError, validate
from bicentennial.cli import main
from bicentennial.intake import Limits
from bicentennial.worker import WorkerLimits
from tests.security.conftest import FAILING, GOOD, HEADER, PREFIXES, ROWS, TABLE, row, xlsx

if TYPE_CHECKING:
    from collections.abc import Callable

    from bicentennial.report import Report

LIMITED: dict[str, tuple[str, str | bytes, int]] = {
    "file_bytes": ("a.csv", TABLE, 10),
    "statements": ("a.ttl", GOOD, 2),
    "rows": ("a.csv", TABLE + "A-2,b,G1,OFAC\n", 1),
    "columns": ("a.csv", TABLE, 3),
    "cell_characters": ("a.csv", TABLE, 5),
    "literal_characters": ("a.ttl", GOOD, 5),
    "iri_characters": ("a.ttl", GOOD, 20),
    "depth": ("a.ttl", "<urn:a> <urn:p> [ <urn:p> [ <urn:p> 1 ] ] .", 1),
    "prefixes": ("a.ttl", GOOD, 3),
    "digits": ("a.ttl", "<urn:a> <urn:p> 12345 .", 4),
    "unpacked_bytes": ("a.xlsx", xlsx(ROWS), 100),
    "unpacked_ratio": ("a.xlsx", xlsx(ROWS + row(3, " " * 11_000_000)), 20),
    "merged_cells": ("a.xlsx", xlsx(ROWS, after='<mergeCells><mergeCell ref="A5:B9"/></mergeCells>'), 9),
    "grid_cells": ("a.xlsx", xlsx(ROWS), 7),
    "memory": ("a.csv", TABLE, 60 << 20),
    "seconds": ("a.csv", TABLE, 0),
    "open_files": ("a.csv", TABLE, 4),
}


@pytest.mark.parametrize("setting", LIMITED)
def test_each_limit_can_be_set_and_is_named_when_it_is_reached(
    judge: Callable[..., Report], setting: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    name, content, value = LIMITED[setting]
    isolated = setting in ("memory", "seconds", "open_files")
    limit = value or 0.001
    report = judge(name, content, limits={setting: limit}, isolated=isolated)
    assert list(report.by_code) == ["limit-reached"], report.to_text()
    assert report.exit_code == 3
    for text in report.findings[0].message.values():
        assert setting in text
    if value and setting not in ("memory", "open_files"):
        assert main(["validate", str(tmp_path / name), "--limit", f"{setting}={value}"]) == 3
        assert setting in capsys.readouterr().out


def test_the_number_of_findings_listed_can_be_set_and_the_totals_stay_true(judge: Callable[..., Report]) -> None:
    content = HEADER + "\n" + "".join(f"A-{n},t,none,OFAC\n" for n in range(5))
    report = judge("a.csv", content, limits={"findings": 2})
    assert len(report.of_code("Action-advancesGoal.unknown")) == 2
    assert report.by_code["Action-advancesGoal.unknown"] == 5


def test_every_limit_is_tried() -> None:
    names = {each.name for kind in (Limits, WorkerLimits) for each in dataclasses.fields(kind)}
    assert names == {*LIMITED, "findings"}


def test_the_defaults_are_those_that_are_promised() -> None:
    text = Path("SECURITY.md").read_text("utf-8")
    for kind in (Limits, WorkerLimits):
        for each in dataclasses.fields(kind):
            assert f"| `{each.name}` | {each.default:,.0f} |" in text


@pytest.mark.parametrize("given", ["rows=0", "rows=x", "nothing=5", "rows", f"rows={'9' * 5_000}"])
def test_limits_that_are_none_are_refused(given: str, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["validate", "examples/submissions/good.csv", "--limit", given]) == 2
    assert capsys.readouterr().err.startswith("bicentennial: ")


@pytest.mark.parametrize("settings", [{"rows": -1}, {"seconds": float("nan")}, {"memory": "x"}, {"seconds": -1}])
def test_limits_that_make_no_sense_are_refused(settings: dict[str, Any]) -> None:
    with pytest.raises(UsageError):
        validate("examples/submissions/good.csv", limits=settings, isolated=False)


def test_a_pattern_of_others_that_never_ends_is_stopped(judge: Callable[..., Report], tmp_path: Path) -> None:
    shapes = tmp_path / "shapes.ttl"
    shapes.write_text(
        PREFIXES
        + 'ex:S sh:targetClass bic:Action ; sh:property [ sh:path dcterms:description ; sh:pattern "^(a+)+$" ] .',
        "utf-8",
    )
    content = GOOD.replace('"Train', f'"Train" ; dcterms:description "{"a" * 40}!" ; skos:altLabel "Train')
    assert judge("a.ttl", content, shapes=shapes, engine="compiled").exit_code in (0, 1)
    report = judge("a.ttl", content, shapes=shapes, engine="pyshacl", isolated=True, limits={"seconds": 6})
    assert list(report.by_code) == ["limit-reached"]


LOCKED = [
    "SELECT * FROM read_text('/etc/passwd')",
    "SELECT * FROM read_csv('/etc/passwd')",
    "SELECT * FROM glob('/etc/*')",
    "COPY (SELECT 1) TO '/tmp/bicentennial-copied.csv'",
    "ATTACH '/tmp/bicentennial-attached.db' AS other",
    "EXPORT DATABASE '/tmp/bicentennial-exported'",
    "INSTALL httpfs",
    "LOAD httpfs",
    "SELECT * FROM 'http://127.0.0.1:9/a.csv'",
    "SET enable_external_access = true",
    "SET lock_configuration = false",
    "SET allowed_directories = ['/']",
    "SET memory_limit = '100GB'",
    "PRAGMA enable_profiling='json'",
]


@pytest.mark.parametrize("statement", LOCKED)
def test_the_database_is_locked(statement: str) -> None:
    import duckdb

    from bicentennial.intake.dataset import Dataset

    with Dataset() as dataset, pytest.raises(duckdb.Error):
        dataset.connection.execute(statement)
    written = re.findall(r"'(/tmp/[^']+)'", statement)
    assert not [path for path in written if Path(path).exists()]


def test_values_are_never_run_as_sql(judge: Callable[..., Report]) -> None:
    evil = "'); COPY statements TO '/tmp/bicentennial-copied.csv'; --"
    assert judge("a.csv", f'{HEADER}\n"{evil}","{evil}","{evil}","{evil}"\n').exit_code == 1
    assert judge("b.ttl", FAILING.replace("Train analysts", evil)).exit_code == 1
    assert not Path("/tmp/bicentennial-copied.csv").exists()


def test_a_crash_in_native_code_is_a_sentence(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    from bicentennial.worker import call

    (tmp_path / "crashing.py").write_text(
        "def parse():\n import faulthandler; faulthandler.disable()\n import pyoxigraph as ox\n"
        " ox.Store().query('SELECT * {{}' + ' MINUS {}' * 30_000 + '}')\n",
        "utf-8",
    )
    monkeypatch.syspath_prepend(tmp_path)
    with pytest.raises(InputError, match=r"crash \(SIG|memory") as caught:
        call("crashing:parse", limits=WorkerLimits(seconds=20))
    assert caught.value.exit_code == 3
