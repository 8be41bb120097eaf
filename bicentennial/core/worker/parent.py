"""The outside of a worker: starting it, reading its answer, ending it."""

from __future__ import annotations

import contextlib
import json
import os
import signal
import time
from importlib import import_module
from typing import TYPE_CHECKING, Any, Final

from bicentennial.core import errors
from bicentennial.core.errors import (
    BicentennialError,
    LimitReachedError,
    OutputError,
    UnreadableInputError,
    WorkerLostError,
)
from bicentennial.core.files.workspace import Workspace
from bicentennial.core.messages import sentence
from bicentennial.core.worker.ahead import taken
from bicentennial.core.worker.child import FAULT, LOADER, MEMORY, NEEDED, SIGNALLED, Job, WithText
from bicentennial.core.worker.processes import LOST, Forked, is_single_threaded

if TYPE_CHECKING:
    from collections.abc import Sequence

    from bicentennial.core.worker.limits import WorkerLimits
    from bicentennial.core.worker.pool import Pool
    from bicentennial.core.worker.processes import Process

__all__ = ["Worker"]

# How long a worker gets to end and have its folder removed before it is ended by other means.
_PATIENCE: Final = 5.0
_forked_for: Final[set[str]] = set()
"""The functions for which this process has forked a worker."""


class Worker:
    """A job that is being done.

    Args:
        function: `module:function`.
        arguments: what it is called with, each JSON-able.
        limits: what it may use.
        files: descriptors that the worker needs too.
        pool: whose fork server starts it; None for the usual way: a process without other threads is forked, any other
            asks the fork server that its callers share, or starts a fresh interpreter where there are none.
    """

    def __init__(
        self,
        function: str,
        arguments: Sequence[object],
        limits: WorkerLimits,
        files: Sequence[int] = (),
        pool: Pool | None = None,
    ) -> None:
        self.limits = limits
        early = taken(function) if pool is None and not files else None
        self._scratch = early.scratch if early else Workspace()
        self._started = time.monotonic()
        self._parts: list[bytes] = []
        folder = str(self._scratch.path)
        try:
            if early:
                _forked_for.add(function)
                self._process: Process = early.start(arguments, limits)
            else:
                self._process = _process(function, arguments, limits, folder, files, pool)
        except BaseException:
            self._scratch.close()
            raise

    @property
    def answers(self) -> int:
        """The descriptor that the answer comes from."""
        return self._process.answers

    def read(self) -> bool:
        """Read what there is of the answer, and return whether that was its end."""
        part = self._process.read()
        self._parts.append(part)
        return not part

    def is_late(self) -> bool:
        """Return whether the job takes longer than it may."""
        return time.monotonic() - self._started > self.limits.seconds

    def end(self) -> None:
        """End the job, done or not, and leave nothing of it behind."""
        self._process.end(_PATIENCE)
        self._scratch.close()

    def result(self) -> Any:
        """Return what the function returned, once the answer has ended, or raise what it raised.

        Raises:
            BicentennialError: whatever the function raised on purpose.
            LimitReachedError: the worker ran out of memory or open files.
            OutputError: there was no room left on the disk.
            UnreadableInputError: the worker died.
            WorkerLostError: its fork server was ended from outside.
            RuntimeError: the function failed otherwise.
        """
        answer, status = self._process.ended(b"".join(self._parts), _PATIENCE)
        self.end()
        if status == LOST:
            raise WorkerLostError
        if status is None:  # it has answered, but did not end
            status = FAULT
        if status > SIGNALLED:
            status = SIGNALLED - status
        if status != 0 or not answer:
            raise _death(status, self.limits)
        return _unpacked(answer, self.limits)


def _process(
    function: str,
    arguments: Sequence[object],
    limits: WorkerLimits,
    folder: str,
    files: Sequence[int],
    pool: Pool | None,
) -> Process:
    if pool is None and is_single_threaded():
        _load(function)
        return Forked(lambda: Job(function, arguments, limits), folder)
    from bicentennial.core.worker.pool import can_fork, shared
    from bicentennial.core.worker.remote import Requested, Spawned

    # With debugging on, a worker writes where its caller writes, which a fork server has no part in.
    if can_fork() and not os.environ.get("BICENTENNIAL_DEBUG"):
        return Requested(function, arguments, limits, folder, files, pool or shared())
    return Spawned(function, arguments, limits, folder, files)


def _load(function: str) -> None:
    """Load what workers need once instead of in each of them, unless this is the first for a function."""
    if function in _forked_for:
        for name in (*NEEDED, function.partition(":")[0]):
            with contextlib.suppress(Exception):  # what fails is reported by the worker
                import_module(name)
    _forked_for.add(function)


def _unpacked(content: bytes, limits: WorkerLimits) -> Any:
    first, _, text = content.partition(b"\n")
    answer = json.loads(first)
    if "plain" in answer:
        return WithText(answer["plain"], text.decode("utf-8", "surrogatepass"))
    if "result" in answer:
        return answer["result"]
    if "error" in answer:
        kind: type[BicentennialError] = getattr(errors, answer["error"])
        error = kind.__new__(kind)
        error.args = tuple(answer["arguments"])
        vars(error).update(answer["state"])
        raise error
    if "limit" in answer:
        raise LimitReachedError(sentence("error", "open-files", limit=limits.open_files), setting="open_files")
    if "full" in answer:
        raise OutputError(sentence("error", "disk-full"))
    raise RuntimeError(f"{answer['fault']}\n{answer['traceback']}")


def _death(status: int, limits: WorkerLimits) -> BicentennialError:
    # Native code that gets no memory aborts instead of raising, so an abort is most likely that.
    if status in (MEMORY, LOADER, -signal.SIGABRT, -signal.SIGKILL):
        size = f"{limits.memory / (1 << 30):.3g} GB"
        return LimitReachedError(sentence("error", "memory", limit=size), setting="memory")
    ending = signal.Signals(-status).name if status < 0 else f"exit {status}"
    return UnreadableInputError(sentence("error", "crash", ending=ending))
