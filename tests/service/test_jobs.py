"""The queue: whose turn it is, how much waits, and what is forgotten when."""

from __future__ import annotations

import threading
import time
from concurrent.futures import CancelledError
from functools import partial
from typing import TYPE_CHECKING

import pytest

from bicentennial.service.jobs import Jobs, QueueFullError
from tests.waiting import PATIENCE, until

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator


class _Gate:
    """Work that waits for a sign, and notes in which order it was begun."""

    def __init__(self) -> None:
        self.begun: list[str] = []
        self.open = threading.Event()

    def work(self, name: str) -> Callable[[], str]:
        def wait() -> str:
            self.begun.append(name)
            assert self.open.wait(PATIENCE)
            return name

        return wait

    def has_begun(self, number: int) -> None:
        until(lambda: len(self.begun) >= number)
        assert len(self.begun) == number


@pytest.fixture
def gate() -> Iterator[_Gate]:
    made = _Gate()
    yield made
    made.open.set()


def test_each_client_has_its_turn(gate: _Gate) -> None:
    jobs = Jobs(1)
    first = jobs.submit(gate.work("a1"), "a")
    gate.has_begun(1)
    others = [jobs.submit(gate.work(name), name[0]) for name in ("a2", "a3", "b1", "c1", "b2")]
    assert first.state == "running"
    assert [job.state for job in others] == ["waiting"] * 5
    # The second of a client has its turn after the first of every other.
    assert [jobs.ahead(job) for job in others] == [0, 3, 1, 2, 4]
    assert (jobs.waiting(), jobs.running()) == (5, 1)
    gate.open.set()
    assert [job.done.result(PATIENCE) for job in others] == ["a2", "a3", "b1", "c1", "b2"]
    assert jobs.ahead(first) == 0
    jobs.close()


def test_a_client_whose_job_runs_waits_for_those_whose_does_not(gate: _Gate) -> None:
    jobs = Jobs(2)
    jobs.submit(gate.work("a1"), "a")
    gate.has_begun(1)
    jobs.submit(gate.work("a2"), "a")  # a processor that would be idle is used
    gate.has_begun(2)
    jobs.submit(gate.work("a3"), "a")
    jobs.submit(gate.work("b1"), "b")
    gate.open.set()
    gate.has_begun(4)
    assert gate.begun[2:] == ["b1", "a3"]
    jobs.close()


def test_above_the_bound_it_says_when_to_come_again(gate: _Gate) -> None:
    jobs = Jobs(1, most=2)
    jobs.submit(gate.work("1"))  # not waited for: the one that is about to run takes no place of those that wait
    jobs.submit(gate.work("2"))
    jobs.submit(gate.work("3"))
    with pytest.raises(QueueFullError) as caught:
        jobs.submit(gate.work("4"))
    assert 2 <= caught.value.retry_after <= 120
    gate.open.set()
    gate.has_begun(3)
    jobs.close()
    with pytest.raises(QueueFullError):
        jobs.submit(gate.work("5"))


def test_what_fails_says_so() -> None:
    jobs = Jobs(1)

    def fail() -> None:
        raise ValueError("x")

    job = jobs.submit(fail)
    with pytest.raises(ValueError, match="x"):
        job.done.result(PATIENCE)
    assert job.state == "failed"
    assert jobs.submit(lambda: 1).done.result(PATIENCE) == 1
    jobs.close()


def test_what_came_of_a_job_is_kept_for_a_while_and_dropped_once(monkeypatch: pytest.MonkeyPatch) -> None:
    jobs = Jobs(1, kept_seconds=600)
    dropped: list[str] = []
    kept = jobs.submit(lambda: 1, on_drop=lambda: dropped.append("kept"))
    assert kept.done.result(PATIENCE) == 1
    assert jobs.find(kept.id) is kept
    until(lambda: kept.ended is not None)
    clock = time.monotonic
    monkeypatch.setattr(time, "monotonic", lambda: clock() + 599 - PATIENCE)
    jobs.submit(lambda: 2).done.result(PATIENCE)
    assert jobs.find(kept.id) is kept
    monkeypatch.setattr(time, "monotonic", lambda: clock() + 601)
    jobs.submit(lambda: 2).done.result(PATIENCE)
    assert jobs.find(kept.id) is None
    assert dropped == ["kept"]
    jobs.close()
    assert dropped == ["kept"]


def test_a_job_that_is_dropped_is_not_begun_and_one_that_runs_is_dropped_at_its_end(gate: _Gate) -> None:
    jobs = Jobs(1)
    dropped: list[str] = []
    running = jobs.submit(gate.work("1"), on_drop=lambda: dropped.append("running"))
    gate.has_begun(1)
    waiting = jobs.submit(gate.work("2"), on_drop=lambda: dropped.append("waiting"))
    jobs.drop(waiting)
    jobs.drop(running)
    assert (jobs.find(waiting.id), jobs.find(running.id)) == (None, None)
    assert dropped == ["waiting"]
    with pytest.raises(CancelledError):
        waiting.done.result(PATIENCE)
    gate.open.set()
    assert running.done.result(PATIENCE) == "1"
    jobs.close()
    assert gate.begun == ["1"]
    assert dropped == ["waiting", "running"]


def test_closing_gives_up_what_waits_and_waits_for_what_runs(gate: _Gate) -> None:
    jobs = Jobs(1)
    running = jobs.submit(gate.work("1"))
    gate.has_begun(1)
    waiting = jobs.submit(gate.work("2"))
    threading.Timer(0.2, gate.open.set).start()
    jobs.close()
    assert running.state == "done"
    assert waiting.state == "failed"
    assert gate.begun == ["1"]


def test_the_oldest_are_dropped_when_what_is_kept_takes_too_much_room() -> None:
    jobs = Jobs(1, kept_bytes=250)
    dropped: list[int] = []
    kept = []
    for number in range(4):
        kept.append(jobs.submit(lambda: 1, on_drop=partial(dropped.append, number), size=100))
        assert kept[-1].done.result(PATIENCE) == 1
        until(lambda: kept[-1].ended is not None)
    jobs.submit(lambda: 1).done.result(PATIENCE)
    assert [jobs.find(job.id) is not None for job in kept] == [False, False, True, True]
    assert dropped == [0, 1]
    jobs.close()
