"""Checks that take longer than a request should: a bounded queue, and what came of them for a while."""

from __future__ import annotations

import os
import secrets
import threading
import time
from concurrent.futures import Future, ThreadPoolExecutor
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, Final

from bicentennial.service.api.parameters import refuse

if TYPE_CHECKING:
    from collections.abc import Callable

    from bicentennial.service.settings import Settings

__all__ = ["Job", "Jobs"]

KEPT_SECONDS: Final = 600


@dataclass(slots=True)
class Job:
    """A check: its name, which cannot be guessed, and what comes of it."""

    id: str
    done: Future[Any]
    since: float = field(default_factory=time.monotonic)


class Jobs:
    """Runs as many checks at once as the settings say, and lets a bounded number wait."""

    def __init__(self, settings: Settings) -> None:
        self._threads = ThreadPoolExecutor(settings.checks or os.cpu_count() or 1, "check")
        self._most = settings.queue
        self._jobs: dict[str, Job] = {}
        self._lock = threading.Lock()

    def submit(self, work: Callable[[], Any]) -> Job:
        """Take up a piece of work.

        Raises:
            HTTPException: 503, where too many wait already.
        """
        with self._lock:
            now = time.monotonic()
            for name in [
                name for name, job in self._jobs.items() if job.done.done() and now - job.since > KEPT_SECONDS
            ]:
                del self._jobs[name]
            if sum(not job.done.done() for job in self._jobs.values()) >= self._most:
                raise refuse(503, "queue-full", {"Retry-After": "10"})
            job = Job(secrets.token_urlsafe(24), self._threads.submit(work))
            self._jobs[job.id] = job
            return job

    def find(self, name: str) -> Job | None:
        """Return the check of a name, as long as it is kept."""
        return self._jobs.get(name)

    def ahead(self, job: Job) -> int:
        """Return how many checks are before one."""
        with self._lock:
            names = list(self._jobs)
            return sum(not self._jobs[name].done.done() for name in names[: names.index(job.id)])
