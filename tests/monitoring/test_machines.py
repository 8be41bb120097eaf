"""A registry on several machines: network namespaces, a database in one, workers and submitters in two others."""

from __future__ import annotations

import contextlib
import json
import os
import signal
import subprocess
import time
from typing import TYPE_CHECKING

import pytest

from bicentennial.monitoring.registry import Registry, open_registry
from bicentennial.monitoring.workflow import receiving
from bicentennial.monitoring.workflow.receiving import Handed
from tests.network import FIRST, SECOND, cut, inside, machines
from tests.waiting import until

from .conftest import GOOD, Table, new_database
from .test_durability import COMMAND, large, month

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from pathlib import Path


@pytest.fixture
def address() -> Iterator[tuple[str, str]]:
    """Yield how to reach a database: from here by a socket, and from the other machines by the network."""
    with machines() as found:
        yield found


@pytest.fixture
def start(tmp_path: Path) -> Iterator[Callable[..., subprocess.Popen[str]]]:
    """Yield what starts `registry …` on a machine; what still runs at the end is ended."""
    running: list[subprocess.Popen[str]] = []

    def begin(machine: str, url: str, *arguments: str) -> subprocess.Popen[str]:
        command = [*inside(machine), *COMMAND, *arguments]
        process = subprocess.Popen(
            command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True, cwd=tmp_path,
            env={**os.environ, "BICENTENNIAL_REGISTRY": url, "LANG": "C.UTF-8"},
        )  # fmt: skip
        running.append(process)
        return process

    yield begin
    for process in running:
        process.kill()
        process.communicate()


def receive(registry: Registry, data: bytes, dataset: str, issued: str) -> int:
    """Receive a file without checking it, as a process does that dies afterwards."""
    with registry.database.transaction():
        handed = Handed(
            data=data, name="a.csv", dataset=registry.dataset_number("UNODC", dataset), issued=issued, sent_by="UNODC"
        )
        return receiving.receive(registry.database, handed)[0]


def waiting(url: str) -> int:
    with open_registry(url) as registry:
        return len(registry.submissions(state="received"))


def test_several_machines_share_one_registry(
    address: tuple[str, str], start: Callable[..., subprocess.Popen[str]], tmp_path: Path, table: Table
) -> None:
    here, there = address
    assert start(FIRST, there, "init").wait() == 0
    workers = {machine: start(machine, there, "work", "-f", "json") for machine in (FIRST, SECOND)}

    # Both machines hand in at once, to one dataset and to their own; some processes are killed meanwhile.
    processes = []
    for number in range(4):
        for machine in (FIRST, SECOND):
            file = large(tmp_path / f"{machine}-{number}.csv", number, rows=60)
            issued = month(2 * number + (machine == SECOND))
            common = ("submit", str(file), "--as", "UNODC", "--issued", issued, "-f", "json", "--dataset")
            processes += [start(machine, there, *common, "shared"), start(machine, there, *common, f"own-{machine}")]
    killed = processes[::5]
    for process in killed:
        time.sleep(0.3)
        process.send_signal(signal.SIGKILL)
    answers = [json.loads(process.communicate()[0]) for process in processes if process not in killed]
    assert {answer["submission"]["state"] for answer in answers} == {"accepted"}
    until(lambda: waiting(here) == 0, 120)
    with open_registry(here) as registry:
        for answer in answers:
            assert registry.receipt(answer["submission"]["id"]) == answer["submission"]["receipt"]
        for dataset in ("shared", f"own-{FIRST}", f"own-{SECOND}"):
            numbers = [each.number for each in registry.submissions(dataset=dataset)]
            assert numbers == list(range(1, len(numbers) + 1))
        assert registry.verify() == []

        # One machine is cut off: the other does all the work, and what the first had begun is taken up.
        for number in range(3):
            receive(
                registry,
                large(tmp_path / f"cut-{number}.csv", 100 + number, rows=400).read_bytes(),
                "cut",
                month(number),
            )
        cut(SECOND, off=True)
        lost = start(SECOND, there, "list")
        until(lambda: waiting(here) == 0, 120)
        assert {each.state for each in registry.submissions(dataset="cut")} == {"accepted"}
        assert lost.wait(timeout=120) == 3
        said = lost.communicate()[1]
        assert "does not answer" in said
        assert "Traceback" not in said

        # It comes back, and works again once no other process does.
        workers[FIRST].send_signal(signal.SIGTERM)
        workers[FIRST].communicate()
        cut(SECOND, off=False)
        receive(registry, table(), "back", "2024-03-31")
        until(lambda: waiting(here) == 0, 120)
        assert registry.verify() == []
    workers[SECOND].send_signal(signal.SIGTERM)
    out, _ = workers[SECOND].communicate()
    done = [
        number for each in out.replace("}\n{", "}\0{").split("\0") if each for number in json.loads(each)["checked"]
    ]
    with open_registry(here) as registry:
        assert registry.submissions(dataset="back")[0].id in done
        checks = registry.database.all("SELECT submission, count(*) FROM event WHERE what = 'checked' GROUP BY 1")
        assert {count for _, count in checks} == {1}


def test_workers_share_what_waits_and_take_nothing_twice(server: str, tmp_path: Path) -> None:
    url = new_database(server)
    with open_registry(url, create=True) as registry:
        ids = {
            receive(registry, large(tmp_path / f"{number}.csv", number, rows=200).read_bytes(), "a", month(number))
            for number in range(8)
        }
        command = [*COMMAND, "work", "--once", "-f", "json", "--registry", url]
        workers = [subprocess.Popen(command, stdout=subprocess.PIPE, text=True) for _ in range(3)]
        taken = [json.loads(worker.communicate()[0])["checked"] for worker in workers]
        assert sorted(number for each in taken for number in each) == sorted(ids)
        assert len([each for each in taken if each]) > 1
        assert registry.verify() == []


def test_a_worker_hears_of_what_is_received(url: str) -> None:
    with open_registry(url, create=True) as registry, open_registry(url) as other:
        with contextlib.suppress(AssertionError):
            other.wait_for_news(0)
        assert not other.wait_for_news(0.1)
        receive(registry, GOOD.read_bytes(), "a", "2024-03-31")
        assert other.wait_for_news(30)
        assert other.work() == [1]
        assert other.submission(1).state == "accepted"
