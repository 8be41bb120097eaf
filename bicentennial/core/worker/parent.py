"""The outside of a worker: starting it, waiting for its answer, ending it."""

from __future__ import annotations

import contextlib
import json
import os
import signal
import sys
import time
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

from bicentennial.core import errors
from bicentennial.core.errors import BicentennialError, LimitReachedError, OutputError, UnreadableInputError
from bicentennial.core.messages import sentence
from bicentennial.core.worker.child import FAULT, LOADER, MEMORY, SIGNALLED, WithText, supervise
from bicentennial.core.workspace import Workspace

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from bicentennial.core.worker.limits import WorkerLimits

__all__ = ["Worker"]

_READ_SIZE: Final = 1 << 16
# How long a supervisor gets to end its worker and remove the folder before it is ended itself.
_PATIENCE: Final = 5.0
# The ends of pipes by which supervisors notice that we are gone: a fork must not keep those of its siblings open.
_lifelines: set[int] = set()


@dataclass(slots=True)
class Worker:
    """A job that is being done.

    Args:
        function: `module:function`.
        arguments: what it is called with, each JSON-able.
        limits: what it may use.
        files: descriptors that the worker needs too.
    """

    function: str
    arguments: Sequence[object]
    limits: WorkerLimits
    files: Sequence[int] = ()
    answers: int = -1
    """The descriptor that the answer comes from."""
    _scratch: Workspace = field(default_factory=Workspace)
    _lifeline: int = -1
    _poll: Callable[[], int | None] = lambda: 0
    _kill: Callable[[], None] = lambda: None
    _started: float = field(default_factory=time.monotonic)
    _parts: list[bytes] = field(default_factory=list)

    def __post_init__(self) -> None:
        # A process without other threads is forked, which costs a few milliseconds.
        if _is_single_threaded():
            self._fork()
        else:
            self._spawn()
        _lifelines.add(self._lifeline)

    def _fork(self) -> None:
        reading, writing = os.pipe()
        watched, self._lifeline = os.pipe()
        sys.stdout.flush()
        sys.stderr.flush()
        parent = os.getpid()
        child = os.fork()
        if child == 0:
            os.close(reading)
            for descriptor in (*_lifelines, self._lifeline):
                os.close(descriptor)
            supervise(self.function, self.arguments, self.limits, str(self._scratch.path), writing, watched, parent)
        os.close(writing)
        os.close(watched)
        self.answers = reading
        self._kill = lambda: os.kill(child, signal.SIGKILL)
        self._poll = lambda: _status(child)

    def _spawn(self) -> None:
        import subprocess

        limits = [self.limits.memory, self.limits.seconds, self.limits.open_files]
        job = json.dumps([self.function, self.arguments, limits, str(self._scratch.path)])
        # The search path is handed over, so that the worker imports just what its parent would.
        start = f"import sys; sys.path[:] = {sys.path!r}; from bicentennial.core.worker.child import main; main()"
        child = subprocess.Popen(
            [sys.executable, "-c", start],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            close_fds=True,
            pass_fds=tuple(self.files) if os.name == "posix" else (),
        )
        assert child.stdin is not None
        assert child.stdout is not None
        with contextlib.suppress(BrokenPipeError):
            child.stdin.write(job.encode() + b"\n")
            child.stdin.flush()
        # Descriptors outlive the Popen object, whose own files would close them when collected.
        self.answers, self._lifeline = os.dup(child.stdout.fileno()), os.dup(child.stdin.fileno())
        child.stdout.close()
        with contextlib.suppress(BrokenPipeError):
            child.stdin.close()
        self._kill, self._poll = child.kill, child.poll

    def read(self) -> bool:
        """Read what there is of the answer, and tell whether that was its end."""
        part = os.read(self.answers, _READ_SIZE)
        self._parts.append(part)
        return not part

    def is_late(self) -> bool:
        """Tell whether the job takes longer than it may."""
        return time.monotonic() - self._started > self.limits.seconds

    def end(self) -> None:
        """End the job, done or not, and leave nothing of it behind."""
        _lifelines.discard(self._lifeline)
        os.close(self._lifeline)
        if self._ended(_PATIENCE) is None:
            with contextlib.suppress(ProcessLookupError):
                self._kill()
            self._ended(_PATIENCE)
        os.close(self.answers)
        self._scratch.close()

    def _ended(self, patience: float) -> int | None:
        """Wait until the supervisor has ended, and return how; None if that takes too long."""
        pause, deadline = 0.0005, time.monotonic() + patience
        while (status := self._poll()) is None and time.monotonic() < deadline:
            time.sleep(pause)
            pause = min(1.2 * pause, 0.05)
        return status

    def result(self) -> Any:
        """Return what the function returned, once the answer has ended, or raise what it raised.

        Raises:
            BicentennialError: whatever the function raised on purpose.
            LimitReachedError: the worker ran out of memory or open files.
            OutputError: there was no room left on the disk.
            UnreadableInputError: the worker died.
            RuntimeError: the function failed otherwise.
        """
        status = self._ended(_PATIENCE)
        self.end()
        if status is None:  # it has answered, but did not end
            status = FAULT
        if status > SIGNALLED:
            status = SIGNALLED - status
        answer = b"".join(self._parts)
        if status != 0 or not answer:
            raise _death(status, self.limits)
        return _unpacked(answer, self.limits)


def _is_single_threaded() -> bool:
    """Whether this process can be forked safely: libraries keep threads that Python does not count, Linux does."""
    try:
        return sum(1 for _ in Path("/proc/self/task").iterdir()) == 1
    except OSError:
        return False


def _status(child: int) -> int | None:
    try:
        ended, status = os.waitpid(child, os.WNOHANG)
    except ChildProcessError:  # the program that we are part of collects its children itself
        return 0
    return os.waitstatus_to_exitcode(status) if ended else None


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
