"""Many at once say what one after the other says, and none disturbs another."""

from __future__ import annotations

import json
import multiprocessing
import subprocess
import sys
import time
from concurrent.futures import ProcessPoolExecutor, ThreadPoolExecutor
from typing import TYPE_CHECKING, Any

import pytest

from bicentennial import UsageError, query, validate
from bicentennial.core.errors import BicentennialError, LimitReachedError, UnreadableInputError
from bicentennial.core.worker import WorkerLimits, call_each
from tests.security.conftest import FAILING, GOOD, HEADER, PREFIXES, ROWS, TABLE, row, xlsx

if TYPE_CHECKING:
    from pathlib import Path

FILES: dict[str, str | bytes] = {
    "good.csv": TABLE,
    "faulty.csv": f"{HEADER}\nA-1,b,none,OFAC\nA-1,,G1,nobody\n",
    "good.ttl": GOOD,
    "failing.ttl": FAILING,
    "nested.json": "[" * 9_000 + "]" * 9_000,
    "bomb.xlsx": xlsx(ROWS + row(3, " " * 20_000_000)),
    "entities.rdf": "<!DOCTYPE a [<!ENTITY a 'aaaaaaaaaa'>]><a>&a;</a>",
    "many.csv": f"{HEADER}\n" + "".join(f"A-{n},b,{'G1' if n % 2 else 'none'},OFAC\n" for n in range(1_000)),
}


@pytest.fixture(scope="module")
def paths(tmp_path_factory: pytest.TempPathFactory) -> list[Path]:
    """Good, faulty and hostile files, and one that is not there."""
    folder = tmp_path_factory.mktemp("mixed")
    for name, content in FILES.items():
        (folder / name).write_bytes(content if isinstance(content, bytes) else content.encode())
    return [*(folder / name for name in FILES), folder / "missing.csv"]


def _verdict(path: Path) -> Any:
    return validate(path, isolated=False, coverage=False).to_dict()


@pytest.fixture(scope="module")
def alone(paths: list[Path]) -> list[Any]:
    """What is said of each, one after the other."""
    said = [_verdict(path) for path in paths]
    codes = [1 - each["conforms"] for each in said]
    assert codes == [0, 1, 0, 1, 1, 1, 1, 1, 1]
    return said


def test_in_threads(paths: list[Path], alone: list[Any]) -> None:
    with ThreadPoolExecutor(6) as threads:
        assert list(threads.map(_verdict, paths)) == alone


def test_in_processes(paths: list[Path], alone: list[Any]) -> None:
    with ProcessPoolExecutor(2, multiprocessing.get_context("spawn")) as processes:
        assert list(processes.map(_verdict, paths)) == alone


def test_in_workers_that_threads_started(paths: list[Path], alone: list[Any]) -> None:
    with ThreadPoolExecutor(4) as threads:
        found = threads.map(lambda path: validate(path, coverage=False).to_dict(), paths[1:6])
        assert list(found) == alone[1:6]


def test_in_one_call_in_the_order_of_the_arguments(paths: list[Path], alone: list[Any]) -> None:
    assert [each.to_dict() for each in validate(paths[::-1], coverage=False)] == alone[::-1]
    assert [each.to_dict() for each in validate(tuple(paths[:2]), coverage=False, isolated=False)] == alone[:2]
    assert len(validate([])) == 0


def test_on_the_command_line_in_the_order_of_the_arguments(paths: list[Path], alone: list[Any]) -> None:
    command = [sys.executable, "-m", "bicentennial", "validate", *map(str, paths), "--format", "json"]
    ended = subprocess.run(command, capture_output=True)
    assert ended.returncode == 3
    assert ended.stderr == b""
    assert json.loads(ended.stdout) == {"conforms": False, "reports": alone}


def test_a_limit_that_one_reaches_is_not_the_others(paths: list[Path], tmp_path: Path) -> None:
    large = tmp_path / "large.csv"
    large.write_text(f"{HEADER}\n" + "".join(f"A-{n},{'b' * 900},G1,OFAC\n" for n in range(20_000)), "utf-8")
    found = validate([large, paths[0], large, paths[2]], limits={"file_bytes": 1_000_000})
    assert [each.exit_code for each in found] == [3, 0, 3, 0]
    assert [list(each.by_code) for each in found[::2]] == [["limit-reached"], ["limit-reached"]]


def test_an_argument_that_makes_no_sense_is_no_report(paths: list[Path]) -> None:
    with pytest.raises(UsageError, match="no limit nothing"):
        validate(paths[:3], limits={"nothing": 1})


JOBS = """
import ctypes, faulthandler, time

def crash():
    faulthandler.disable()
    ctypes.string_at(0)

def hoard():
    return len([bytearray(1 << 20) for _ in range(100_000)])

def wait(seconds):
    began = time.time()
    time.sleep(seconds)
    return [began, time.time()]

def blunder():
    return 1 / 0

def do(what, *arguments):
    return globals()[what](*arguments)
"""


@pytest.fixture
def jobs(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "concurrent_jobs.py").write_text(JOBS, "utf-8")
    monkeypatch.syspath_prepend(tmp_path)


@pytest.mark.usefixtures("jobs")
@pytest.mark.parametrize("way", ["forked", "requested", "spawned"])
def test_what_becomes_of_one_touches_none_of_the_others(way: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("bicentennial.core.worker.parent.is_single_threaded", lambda: way == "forked")
    monkeypatch.setattr("bicentennial.core.worker.pool.can_fork", lambda: way == "requested")
    asked: list[list[object]] = [
        ["wait", 0.1],
        ["crash"],
        ["wait", 0.1],
        ["hoard"],
        ["wait", 60],
        ["blunder"],
        ["wait", 0.1],
    ]
    # A fresh interpreter takes a while to start, and memory to be had, where there is other work above all.
    limits = WorkerLimits(memory=300 << 20, seconds=6)
    found = call_each("concurrent_jobs:do", asked, limits=limits, at_once=4)
    assert [type(each) for each in found] == [
        list,
        UnreadableInputError,
        list,
        LimitReachedError,
        LimitReachedError,
        RuntimeError,
        list,
    ]
    assert [each.setting for each in found if isinstance(each, LimitReachedError)] == ["memory", "seconds"]
    assert "ZeroDivisionError" in str(found[5])


@pytest.mark.usefixtures("jobs")
def test_as_many_at_once_as_are_wanted() -> None:
    found = call_each("concurrent_jobs:wait", [[0.4]] * 4, at_once=2)
    most = max(sum(began <= moment < ended for began, ended in found) for moment, _ in found)
    assert most == 2


@pytest.mark.usefixtures("jobs")
def test_whatever_ends_the_wait_ends_them_all() -> None:
    def on_progress(seconds: float) -> None:
        if seconds > 0.3:
            raise KeyboardInterrupt

    began = time.monotonic()
    with pytest.raises(KeyboardInterrupt):
        call_each("concurrent_jobs:wait", [[600]] * 3, at_once=3, on_progress=on_progress)
    assert time.monotonic() - began < 60


def test_queries_in_threads() -> None:
    def asked(number: int) -> Any:
        if number % 3 == 2:
            try:
                query("SELECT * {", isolated=False)
            except BicentennialError as error:
                return str(error)
        return query(f"SELECT (COUNT(*) + {number % 3} AS ?n) {{ ?goal a bic:Goal }}", isolated=False).rows[0].n

    alone = [asked(number) for number in range(9)]
    with ThreadPoolExecutor(6) as threads:
        assert list(threads.map(asked, range(9))) == alone
    assert alone[:2] == [3, 4]


def test_first_sparql_constraints_in_several_threads() -> None:
    code = f"""
import threading, rdflib
from concurrent.futures import ThreadPoolExecutor
from tests.shacl_results import shacl
shapes = rdflib.Graph().parse(data='''{PREFIXES}
ex:S sh:targetClass bic:Action ; sh:sparql [
    sh:select "SELECT $this {{ $this a <https://w3id.org/bicentennial/ontology#Action> }}" ] .''')
data = rdflib.Graph().parse(data='''{GOOD}''')
barrier = threading.Barrier(6)
def one(_):
    barrier.wait()
    return [str(each.focus) for each in shacl(data, shapes, engine="pyshacl")]
with ThreadPoolExecutor(6) as threads:
    assert list(threads.map(one, range(6))) == [["<http://example.org/a>"]] * 6
"""
    assert subprocess.run([sys.executable, "-c", code], capture_output=True, check=False).returncode == 0
