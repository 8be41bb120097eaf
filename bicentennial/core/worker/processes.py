"""What a caller holds of a worker, and the plain way of starting one: a fork. The other ways are in `remote`."""

from __future__ import annotations

import contextlib
import os
import signal
import sys
import time
from pathlib import Path
from typing import TYPE_CHECKING, Final, Protocol

from bicentennial.core.worker.child import STATUS_BYTES, status_of, supervise

if TYPE_CHECKING:
    from collections.abc import Callable

    from bicentennial.core.worker.child import Job

__all__ = ["LOST", "Forked", "Process", "Supervised", "is_single_threaded", "lifelines"]

LOST: Final = -1_000
"""In place of an exit status: the fork server was ended from outside."""

_READ_SIZE: Final = 1 << 16
lifelines: Final[set[int]] = set()
"""The ends of pipes by which supervisors and workers notice that we are gone: no fork keeps those of its siblings."""


class Process(Protocol):
    """A worker as its caller holds it; `answers` is the descriptor that the answer comes from."""

    answers: int

    def read(self) -> bytes:
        """Return what there is of the answer; nothing once it has ended."""
        ...

    def ended(self, content: bytes, patience: float) -> tuple[bytes, int | None]:
        """Return the answer that is in what was read, and how the process ended; None if it does not in time."""
        ...

    def end(self, patience: float) -> None:
        """End it, done or not, and close what is held of it."""
        ...


def is_single_threaded() -> bool:
    """Return whether this process can be forked safely: Linux counts the threads of libraries, Python does not."""
    try:
        return sum(1 for _ in Path("/proc/self/task").iterdir()) == 1
    except OSError:
        return False


_ending: Final[list[Callable[[], int | None]]] = []
"""What asks for the ends of supervisors whose workers had done their jobs: the system keeps them until then."""


class Supervised:
    """A supervisor that is a child of this process.

    One whose worker has done its job is not waited for: it is asked for when the next one is started.
    """

    def __init__(self, answers: int, lifeline: int, poll: Callable[[], int | None], kill: Callable[[], None]) -> None:
        _ending[:] = [each for each in _ending if each() is None]
        self.answers = answers
        self._lifeline = lifeline
        self._poll = poll
        self._kill = kill
        self._is_done = False
        lifelines.add(lifeline)

    def read(self) -> bytes:
        """Return what there is of the answer; nothing once it has ended."""
        return os.read(self.answers, _READ_SIZE)

    def ended(self, content: bytes, patience: float) -> tuple[bytes, int | None]:
        """Return the answer that is in what was read, and how the process ended; None if it does not in time."""
        if status_of(content) == 0:
            self._is_done = True
            return content[:-STATUS_BYTES], 0
        pause, deadline = 0.0005, time.monotonic() + patience
        while (status := self._poll()) is None and time.monotonic() < deadline:
            time.sleep(pause)
            pause = min(1.2 * pause, 0.05)
        return content, status

    def end(self, patience: float) -> None:
        """End it, done or not, and close what is held of it."""
        lifelines.discard(self._lifeline)
        os.close(self._lifeline)
        if self._is_done:
            _ending.append(self._poll)
        elif self.ended(b"", patience)[1] is None:
            with contextlib.suppress(ProcessLookupError):
                self._kill()
            self.ended(b"", patience)
        os.close(self.answers)


class Forked(Supervised):
    """A fork of this process, which must have no other threads.

    Args:
        job: called in the worker: what to do.
        folder: private to the job.
    """

    def __init__(self, job: Callable[[], Job], folder: str) -> None:
        reading, writing = os.pipe()
        watched, lifeline = os.pipe()
        sys.stdout.flush()
        sys.stderr.flush()
        parent = os.getpid()
        child = os.fork()
        if child == 0:
            os.close(reading)
            for descriptor in (*lifelines, lifeline):
                os.close(descriptor)
            supervise(job, folder, writing, watched, parent)
        os.close(writing)
        os.close(watched)
        super().__init__(reading, lifeline, lambda: _status(child), lambda: os.kill(child, signal.SIGKILL))


def _status(child: int) -> int | None:
    try:
        ended, status = os.waitpid(child, os.WNOHANG)
    except ChildProcessError:  # the program that we are part of collects its children itself
        return 0
    return os.waitstatus_to_exitcode(status) if ended else None
