"""The queue of what takes longer than a request should, such as checks: bounded, fair, and with a short memory.

Jobs of one client run one after the other while another client waits; processors that would be idle are used by any.
What came of a job is kept for some minutes, so that its page can be shown, and then dropped with all that it holds.

>>> jobs = Jobs(1)
>>> job = jobs.submit(lambda: 6 * 7, "192.0.2.7")
>>> job.done.result(), jobs.find(job.id) is job
(42, True)
>>> jobs.drop(job)
>>> jobs.find(job.id) is None
True
>>> jobs.close()
"""

from __future__ import annotations

import asyncio
import contextlib
import secrets
import threading
import time
from collections import Counter
from concurrent.futures import Future
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, Final

if TYPE_CHECKING:
    from collections.abc import Callable

__all__ = ["Job", "Jobs", "QueueFullError"]

KEPT_SECONDS: Final = 900
"""How long what came of a job is kept."""
_MOST_KEPT: Final = 1_000
_KEPT_BYTES: Final = 2 << 30
_GLANCE: Final = 5.0
_RETRY: Final = (2, 120)
_USUAL: Final = 0.5


class QueueFullError(Exception):
    """So many jobs wait that no more is taken; `retry_after` is after how many seconds there will be room."""

    def __init__(self, retry_after: int) -> None:
        super().__init__(f"the queue is full; again in {retry_after} s")
        self.retry_after = retry_after


@dataclass(slots=True, eq=False)
class Job:
    """A piece of work: its name, which cannot be guessed, and what comes of it."""

    work: Callable[[], Any]
    client: str
    on_drop: Callable[[], None]
    size: int = 0
    id: str = field(default_factory=lambda: secrets.token_urlsafe(32))
    done: Future[Any] = field(default_factory=Future)
    ended: float | None = None

    @property
    def state(self) -> str:
        """`waiting`, `running`, `done` or `failed`."""
        if not self.done.done():
            return "running" if self.done.running() else "waiting"
        return "failed" if self.done.cancelled() or self.done.exception() else "done"

    async def wait(self, seconds: float) -> bool:
        """Wait some seconds at most, and return whether the job has ended."""
        loop, ended = asyncio.get_running_loop(), asyncio.Event()

        def report_done(_: Future[Any]) -> None:
            with contextlib.suppress(RuntimeError):  # the loop has ended
                loop.call_soon_threadsafe(ended.set)

        self.done.add_done_callback(report_done)
        with contextlib.suppress(TimeoutError):
            await asyncio.wait_for(ended.wait(), seconds)
        return self.done.done()


class Jobs:
    """Runs some jobs at once in threads, and lets a bounded number wait.

    Args:
        at_once: how many run at the same time.
        most: how many may wait.
        kept_seconds: how long what came of a job is kept.
        kept_bytes: how much the jobs that are kept may hold together; the oldest that have ended go first.
    """

    def __init__(
        self, at_once: int, most: int = 100, *, kept_seconds: float = KEPT_SECONDS, kept_bytes: int = _KEPT_BYTES
    ) -> None:
        self.at_once = at_once
        self.most = most
        self.kept_seconds = kept_seconds
        self.kept_bytes = kept_bytes
        self._changed = threading.Condition()
        self._waiting: list[Job] = []
        self._running: list[Job] = []
        self._known: dict[str, Job] = {}
        self._threads: list[threading.Thread] = []
        self._is_closed = False
        self._seconds = _USUAL

    def submit(
        self,
        work: Callable[[], Any],
        client: str = "",
        *,
        on_drop: Callable[[], None] = lambda: None,
        size: int = 0,
    ) -> Job:
        """Take up a piece of work.

        Args:
            work: what to do; what it returns or raises is what `Job.done` gives.
            client: who asks, so that each client gets its turn.
            on_drop: called once when the job is forgotten: what frees what it holds.
            size: how many bytes it holds until then.

        Raises:
            QueueFullError: too many wait already, or the service is ending.
        """
        with self._changed:
            # Counted with those that run: a job that a free thread is about to take up does not wait.
            if self._is_closed or len(self._waiting) + len(self._running) >= self.at_once + self.most:
                raise QueueFullError(self._retry_after())
            job = Job(work, client, on_drop, size)
            self._waiting.append(job)
            self._known[job.id] = job
            dropped = self._outdated()
            if len(self._threads) < self.at_once:
                thread = threading.Thread(target=self._run, name="job", daemon=True)
                self._threads.append(thread)
                thread.start()
            self._changed.notify()
        _drop(dropped)
        return job

    def find(self, name: str) -> Job | None:
        """Return the job of a name, as long as it is kept."""
        return self._known.get(name)

    def ahead(self, job: Job) -> int:
        """Return how many of those that wait have their turn before a job."""
        with self._changed:
            before: Counter[str] = Counter()
            turns = []
            for place, each in enumerate(self._waiting):
                turns.append((before[each.client], place, each))
                before[each.client] += 1
            mine = next((turn[:2] for turn in turns if turn[2] is job), None)
            return sum(turn[:2] < mine for turn in turns) if mine is not None else 0

    def waiting(self) -> int:
        """Return how many jobs wait."""
        return len(self._waiting)

    def running(self) -> int:
        """Return how many jobs run."""
        return len(self._running)

    def drop(self, job: Job) -> None:
        """Forget a job, and do not begin it if it waits; one that runs is forgotten once it has ended."""
        with self._changed:
            if job in self._waiting:
                self._waiting.remove(job)
                job.done.cancel()
            dropped = [job] if self._known.pop(job.id, None) and job not in self._running else []
        _drop(dropped)

    def close(self, patience: float = 20.0) -> None:
        """Take no more, give up what waits, give what runs some seconds, and forget everything."""
        deadline = time.monotonic() + patience
        with self._changed:
            self._is_closed = True
            given_up, self._waiting[:] = list(self._waiting), []
            self._changed.notify_all()
            threads = list(self._threads)
        for job in given_up:
            job.done.cancel()
        for thread in threads:
            thread.join(max(0.0, deadline - time.monotonic()))
        with self._changed:
            dropped = list(self._known.values())
            self._known.clear()
        _drop(dropped)

    def _run(self) -> None:
        while (job := self._next()) is not None:
            began = time.monotonic()
            if job.done.set_running_or_notify_cancel():
                try:
                    job.done.set_result(job.work())
                except BaseException as error:
                    job.done.set_exception(error)
            with self._changed:
                self._running.remove(job)
                job.ended = time.monotonic()
                self._seconds += (job.ended - began - self._seconds) / 10
                forgotten = [] if job.id in self._known else [job]
                self._changed.notify_all()
            _drop(forgotten)

    def _next(self) -> Job | None:
        """Return the job whose turn it is, once there is one; None once there will be none."""
        while True:
            with self._changed:
                dropped = self._outdated()
                if self._waiting and not dropped:
                    busy = Counter(job.client for job in self._running)
                    job = min(self._waiting, key=lambda each: busy[each.client])  # the first of them
                    self._waiting.remove(job)
                    self._running.append(job)
                    return job
                if self._is_closed:
                    return None
                if not dropped:
                    self._changed.wait(_GLANCE)
            _drop(dropped)

    def _outdated(self) -> list[Job]:
        """Take out the jobs that have been kept for long enough, or are too many, under the lock."""
        now = time.monotonic()
        ended = [job for job in self._known.values() if job.ended is not None]
        spare, held = len(ended) - _MOST_KEPT, sum(job.size for job in self._known.values())
        old = []
        for place, job in enumerate(ended):
            assert job.ended is not None
            if place < spare or held > self.kept_bytes or now - job.ended > self.kept_seconds:
                old.append(job)
                held -= job.size
                del self._known[job.id]
        return old

    def _retry_after(self) -> int:
        seconds = self._seconds * (len(self._waiting) + 1) / self.at_once
        return int(min(max(seconds, _RETRY[0]), _RETRY[1]))


def _drop(jobs: list[Job]) -> None:
    for job in jobs:
        with contextlib.suppress(Exception):
            job.on_drop()
