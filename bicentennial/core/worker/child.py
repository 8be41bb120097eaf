"""The inside of a worker: two processes, of which one does the job and the other tidies up after it.

    caller ──lifeline──▶ supervisor ──fork──▶ worker: confined, does the job, answers the caller
                           └─ ends the worker when the caller has gone, and always removes the private folder

The supervisor does nothing but wait, so nothing that a file holds can take it down, and no call into native code that
never returns can keep it from noticing that the caller was killed.
"""

from __future__ import annotations

import contextlib
import errno
import gc
import json
import os
import select
import signal
import sys
from importlib import import_module
from typing import TYPE_CHECKING, Any, Final, NoReturn

from bicentennial.core.errors import BicentennialError
from bicentennial.core.files.workspace import remove
from bicentennial.core.reasons import is_full
from bicentennial.core.startup.named_tuples import NamedTuple
from bicentennial.core.worker.limits import WorkerLimits, address_space, files_of_others

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

__all__ = [
    "FAULT",
    "LOADER",
    "MEMORY",
    "NEEDED",
    "SIGNALLED",
    "STATUS_BYTES",
    "Job",
    "WithText",
    "awaited",
    "do_job",
    "encoded_status",
    "isolate",
    "main",
    "readable",
    "status_of",
    "supervise",
]

FAULT: Final = 70
"""The exit status of a worker that failed otherwise than on purpose."""
MEMORY: Final = 71
"""The exit status of a worker that ran out of memory."""
LOADER: Final = 127
"""The exit status that the C library gives a process for whose libraries it finds no memory."""
SIGNALLED: Final = 128
"""The exit status of a supervisor whose worker was ended by a signal is this and the signal's number."""

STATUS_BYTES: Final = 4
"""How many bytes the exit status takes at the end of an answer."""

NEEDED: Final = ("ctypes", "encodings.ascii", "fcntl", "resource", "traceback")
"""What every worker imports."""

# How often the supervisor looks if its parent is still there, should another process hold the lifeline open.
_GLANCE: Final = 1.0
# A worker makes many texts and lists, few of them in circles, and ends: looking for circles as often as usual takes a
# twentieth of the time of a large workbook.
_COLLECTING: Final = (500_000, 20, 50)


class Job(NamedTuple):
    """What a worker is to do: `module:function`, what to call it with, and what it may use."""

    function: str
    arguments: Sequence[object]
    limits: WorkerLimits


class WithText(NamedTuple):
    """What a function may return whose caller passes most of it on: no JSON is made of `text`."""

    plain: dict[str, Any]
    text: str


def encoded_status(status: int) -> bytes:
    """Return an exit status as it ends an answer."""
    return status.to_bytes(STATUS_BYTES, "big", signed=True)


def status_of(answer: bytes) -> int | None:
    """Return the exit status at the end of an answer; None if there is none.

    >>> status_of(b"{}" + encoded_status(-9))
    -9
    """
    return int.from_bytes(answer[-STATUS_BYTES:], "big", signed=True) if len(answer) >= STATUS_BYTES else None


def main() -> NoReturn:
    """Keep the worker of one job read from standard input: the entry point of a fresh interpreter."""
    parent = os.getppid()
    # Standard input stays open for as long as the parent lives.
    job = json.loads(sys.stdin.buffer.readline() or b"null")
    if job is None:
        os._exit(FAULT)
    function, arguments, limits, folder = job
    writing = os.dup(1)
    os.dup2(2, 1)  # whatever a library prints must not be taken for the answer
    supervise(lambda: Job(function, arguments, WorkerLimits(*limits)), folder, writing, 0, parent)


def awaited(function: str, jobs: int) -> Job:
    """Load the module of a function, and return its job once that has come; end if none does.

    Args:
        function: `module:function`.
        jobs: the reading end of a pipe, on which arguments and limits come as JSON.
    """
    with contextlib.suppress(Exception):  # what fails here fails in the job, with an error
        import_module(function.partition(":")[0])
    isolate()
    with os.fdopen(jobs, "rb") as stream:
        content = stream.read()
    if not content:
        os._exit(0)
    arguments, limits = json.loads(content)
    return Job(function, arguments, WorkerLimits(*limits))


def supervise(job: Callable[[], Job], folder: str, writing: int, lifeline: int, parent: int) -> NoReturn:
    """Have a job done by a child of this process, and end as it ends; never return to the caller's code.

    Args:
        job: called in the child: what to do.
        folder: private to the job; removed at the end.
        writing: where the answer goes.
        lifeline: the reading end of a pipe whose other end closes when the parent ends or has had enough.
        parent: its number.
    """
    status = FAULT
    try:
        for number in ("SIGINT", "SIGTERM", "SIGHUP"):  # the parent is asked too, and ends us
            if hasattr(signal, number):
                signal.signal(getattr(signal, number), signal.SIG_IGN)
        if not hasattr(os, "fork"):
            do_job(*job(), folder, writing)
        watched, held = os.pipe()
        supervisor = os.getpid()
        worker = os.fork()
        if worker == 0:
            os.close(watched)
            if lifeline == 0:
                os.dup2(os.open(os.devnull, os.O_RDONLY), 0)
            else:
                os.close(lifeline)
            do_job(*job(), folder, writing, supervisor)
        os.close(held)
        os.close(writing)
        if not _is_done(watched, lifeline, parent):
            os.kill(worker, signal.SIGKILL)
        ended = os.waitstatus_to_exitcode(os.waitpid(worker, 0)[1])
        status = ended if ended >= 0 else SIGNALLED - ended
    finally:
        remove(folder)
        os._exit(status)


def _is_done(watched: int, lifeline: int, parent: int) -> bool:
    """Wait until the worker has ended, or the parent has; return whether it was the worker."""
    while True:
        ready = readable([watched, lifeline], _GLANCE)
        if watched in ready:
            return True
        if lifeline in ready or os.getppid() != parent:
            return False


def readable(descriptors: Sequence[int], seconds: float) -> list[int]:
    """Return which of some descriptors there is something to read from, waiting so long for one."""
    if not hasattr(select, "poll"):
        return select.select(descriptors, [], [], seconds)[0]
    poll = select.poll()  # unlike `select` it takes descriptors above 1,023, as a caller with many files has
    for descriptor in descriptors:
        poll.register(descriptor, select.POLLIN)
    return [descriptor for descriptor, _ in poll.poll(seconds * 1_000)]


def do_job(
    function: str,
    arguments: Sequence[object],
    limits: WorkerLimits,
    folder: str,
    writing: int,
    supervisor: int = 0,
    *,
    is_socket: bool = False,
) -> NoReturn:
    """Confine this process, do the job in it, answer and end.

    The answer ends with the exit status of a job that is done, so that the caller has all that it waits for while this
    process is still ending.

    Args:
        function: `module:function`.
        arguments: what to call it with.
        limits: what this process may use.
        folder: private to the job.
        writing: where the answer goes.
        supervisor: the number of the process that tidies up after this one; 0 if there is none.
        is_socket: whether `writing` is a socket.
    """
    status = FAULT
    try:
        signal.signal(signal.SIGTERM, signal.SIG_DFL)
        _silence()
        isolate()
        _confine(limits)
        gc.set_threshold(*_COLLECTING)
        gc.freeze()  # looking for circles touches, and so copies, no memory that is shared with the parent
        if supervisor and os.getppid() != supervisor:
            os._exit(status)
        os.environ["TMPDIR"] = folder
        if "tempfile" in sys.modules:  # which may know the place of before
            vars(sys.modules["tempfile"])["tempdir"] = folder
        answer = _answer(function, arguments)
        text = answer.pop("text", "")
        content = f"{json.dumps(answer)}\n{text}".encode("utf-8", "surrogatepass") + encoded_status(0)
        if is_socket:
            import socket  # loaded already in a fork server, which alone asks for this

            with socket.socket(fileno=writing) as channel:
                channel.sendall(content)
                channel.shutdown(socket.SHUT_WR)
        else:
            with os.fdopen(writing, "wb") as stream:
                stream.write(content)
        status = 0
    except BrokenPipeError:
        status = 0  # the caller no longer waits
    except MemoryError:
        status = MEMORY
    finally:
        os._exit(status)


def _answer(function: str, arguments: Sequence[object]) -> dict[str, Any]:
    module, _, name = function.partition(":")
    try:
        result = getattr(import_module(module), name)(*arguments)
        return result._asdict() if isinstance(result, WithText) else {"result": result}
    except BicentennialError as error:
        return {"error": type(error).__name__, "state": vars(error), "arguments": list(error.args)}
    except MemoryError:
        raise
    except Exception as error:
        if _is_out_of_memory(error):
            raise MemoryError from error
        if getattr(error, "errno", None) == errno.EMFILE or "Too many open files" in str(error):
            return {"limit": "open_files"}
        if is_full(error):
            return {"full": True}
        # A fault of ours: reported with its place, so that it can be mended.
        import traceback

        return {"fault": f"{type(error).__name__}: {error}", "traceback": traceback.format_exc()}


def _is_out_of_memory(error: Exception) -> bool:
    """Return whether DuckDB, the system, the loader of libraries or threads had no more memory."""
    if type(error).__name__ == "OutOfMemoryException" or getattr(error, "errno", None) == errno.ENOMEM:
        return True
    text = str(error)
    ends = ("failed to map segment from shared object", "can't start new thread")
    return text.endswith(ends) or "Cannot allocate memory" in text


def _silence() -> None:
    """Keep what native code writes, above all before it aborts, from a caller that waits for a sentence."""
    if not os.environ.get("BICENTENNIAL_DEBUG"):
        nowhere = os.open(os.devnull, os.O_WRONLY)
        for descriptor in (1, 2):
            os.dup2(nowhere, descriptor)
        os.close(nowhere)


_isolated: set[int] = set()
"""The number of this process once it is isolated; a fork has another."""


def isolate() -> None:
    """Take from this process the network and the survival of its supervisor, once."""
    if sys.platform != "linux" or os.getpid() in _isolated:
        return
    _isolated.add(os.getpid())
    import ctypes

    libc = ctypes.CDLL(None)
    die_with_parent, new_network, new_user = 1, 0x40000000, 0x10000000
    libc.prctl(die_with_parent, signal.SIGKILL, 0, 0, 0)
    if libc.unshare(new_network) != 0:
        libc.unshare(new_network | new_user)


def _confine(limits: WorkerLimits) -> None:
    """Take from this process what it does not need: memory, files, core dumps."""
    try:
        import resource
    except ImportError:  # not on Windows
        return
    for kind, value in (
        # What a fork has from its parent is none of the worker's doing.
        (resource.RLIMIT_AS, limits.memory + address_space()),
        (resource.RLIMIT_NOFILE, limits.open_files + files_of_others()),
        (resource.RLIMIT_CORE, 0),
    ):
        hard = resource.getrlimit(kind)[1]
        most = value if hard == resource.RLIM_INFINITY else min(value, hard)
        with contextlib.suppress(ValueError, OSError, OverflowError):
            resource.setrlimit(kind, (most, most))
