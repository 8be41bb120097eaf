"""A process of its own for whatever touches untrusted bytes: limited in memory, time and files, without network.

A parser that crashes, hangs or eats memory then takes only the worker along, and the caller gets a sentence. What goes
in and comes out is JSON, never pickles: a worker that was taken over cannot run code in its parent.

A process without other threads is forked, which costs a few milliseconds; any other starts a fresh interpreter.
Limits that a platform does not know (on Windows and macOS, some) are left out there; see SECURITY.md.

>>> call("bicentennial.resources:version") == __import__("bicentennial.resources").resources.version()
True
"""

from __future__ import annotations

import contextlib
import errno
import json
import math
import os
import select
import shutil
import signal
import subprocess
import sys
import tempfile
import time
from dataclasses import dataclass, fields
from importlib import import_module
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final, NoReturn

from bicentennial import errors
from bicentennial.errors import BicentennialError, LimitReachedError, UnreadableInputError, UsageError

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping
    from typing import Self

__all__ = ["DEFAULT_LIMITS", "WorkerLimits", "call"]


@dataclass(frozen=True, slots=True)
class WorkerLimits:
    """What a worker may use: bytes of address space, seconds of wall time, open files."""

    memory: int = 4 << 30
    seconds: float = 600
    open_files: int = 256

    @classmethod
    def split(cls, settings: Mapping[str, float]) -> tuple[Self, dict[str, float]]:
        """Return the limits of a worker that are among settings by name, and the other settings.

        Raises:
            UsageError: a limit is no number above 0.

        >>> WorkerLimits.split({"seconds": 5, "rows": 10})
        (WorkerLimits(memory=4294967296, seconds=5, open_files=256), {'rows': 10})
        """
        others = dict(settings)
        ours = {each.name: others.pop(each.name) for each in fields(cls) if each.name in others}
        for name, value in ours.items():
            if not isinstance(value, int | float) or not 0 < value < math.inf:
                raise UsageError(
                    f"the limit {name} must be a number above 0, not {value!r}",
                    f"el límite {name} debe ser un número mayor que 0, no {value!r}",
                )
        whole = {name: value if name == "seconds" else int(value) for name, value in ours.items()}
        return cls(**whole), others  # type: ignore[arg-type]  # numbers, as checked


DEFAULT_LIMITS: Final = WorkerLimits()

_READ_SIZE: Final = 1 << 16


def call(
    function: str,
    *arguments: object,
    limits: WorkerLimits = DEFAULT_LIMITS,
    tick: Callable[[float], None] | None = None,
) -> Any:
    """Call `module:function` with JSON-able arguments in a worker and return its JSON-able result.

    `tick` is called with the seconds passed, about five times a second, while the worker is busy.

    Raises:
        BicentennialError: whatever the function raised on purpose.
        LimitReachedError: the worker ran out of memory or time.
        UnreadableInputError: the worker died, so its input is not to be trusted to any parser.

    >>> call("bicentennial.namespaces:compact", "https://w3id.org/bicentennial/id/agency-ofac")
    'bicd:agency-ofac'
    """
    folder = tempfile.mkdtemp(prefix="bicentennial-")
    try:
        worker = (_forked if _is_single_threaded() else _spawned)(function, arguments, limits, folder)
        return _outcome(worker, limits, tick)
    finally:
        shutil.rmtree(folder, ignore_errors=True)


@dataclass(slots=True)
class _Worker:
    """A running child: where its answer comes from, how to end it, how to learn its exit status."""

    answers: int
    kill: Callable[[], None]
    wait: Callable[[], int]


def _is_single_threaded() -> bool:
    """Whether this process can be forked safely: libraries keep threads that Python does not count, Linux does."""
    try:
        return sum(1 for _ in Path("/proc/self/task").iterdir()) == 1
    except OSError:
        return False


def _forked(function: str, arguments: tuple[object, ...], limits: WorkerLimits, folder: str) -> _Worker:
    reading, writing = os.pipe()
    sys.stdout.flush()
    sys.stderr.flush()
    child = os.fork()
    if child == 0:
        os.close(reading)
        _serve(function, arguments, limits, folder, writing)
    os.close(writing)
    return _Worker(
        reading,
        kill=lambda: os.kill(child, signal.SIGKILL),
        wait=lambda: os.waitstatus_to_exitcode(os.waitpid(child, 0)[1]),
    )


def _spawned(function: str, arguments: tuple[object, ...], limits: WorkerLimits, folder: str) -> _Worker:
    job = json.dumps([function, arguments, [limits.memory, limits.seconds, limits.open_files], folder])
    # The search path is handed over, so that the worker imports just what its parent would.
    start = f"import sys; sys.path[:] = {sys.path!r}; from bicentennial.worker import main; main()"
    child = subprocess.Popen(
        [sys.executable, "-c", start], stdin=subprocess.PIPE, stdout=subprocess.PIPE, close_fds=True
    )
    assert child.stdin is not None
    assert child.stdout is not None
    with contextlib.suppress(BrokenPipeError):
        child.stdin.write(job.encode())
        child.stdin.close()
    # The descriptor outlives the Popen object, whose own file would close it when collected.
    reading = os.dup(child.stdout.fileno())
    child.stdout.close()
    return _Worker(reading, kill=child.kill, wait=child.wait)


def main() -> NoReturn:
    """Serve one job read from standard input: the entry point of a worker that is a fresh interpreter."""
    function, arguments, (memory, seconds, open_files), folder = json.loads(sys.stdin.buffer.read())
    writing = os.dup(1)
    os.dup2(2, 1)  # whatever a library prints must not be taken for the answer
    _serve(function, tuple(arguments), WorkerLimits(memory, seconds, open_files), folder, writing)


def _serve(function: str, arguments: tuple[object, ...], limits: WorkerLimits, folder: str, writing: int) -> NoReturn:
    """Do the job in this process, answer on `writing` and end; never return to the caller's code."""
    status = 70
    try:
        signal.signal(signal.SIGINT, signal.SIG_IGN)  # the parent is asked too, and ends us
        signal.signal(signal.SIGTERM, signal.SIG_DFL)
        _confine(limits)
        tempfile.tempdir = folder
        os.environ["TMPDIR"] = folder
        answer = json.dumps(_answer(function, arguments)).encode()
        with os.fdopen(writing, "wb") as stream:
            stream.write(answer)
        status = 0
    except BrokenPipeError:
        status = 0  # nobody is waiting any more
    except MemoryError:
        status = 71
    finally:
        os._exit(status)


def _answer(function: str, arguments: tuple[object, ...]) -> dict[str, object]:
    module, _, name = function.partition(":")
    try:
        return {"result": getattr(import_module(module), name)(*arguments)}
    except BicentennialError as error:
        return {"error": type(error).__name__, "state": vars(error), "arguments": list(error.args)}
    except MemoryError:
        raise
    except Exception as error:  # a fault of ours: told with its place, so that it can be mended
        if type(error).__name__ == "OutOfMemoryException":  # DuckDB's
            raise MemoryError from error
        if getattr(error, "errno", None) == errno.EMFILE or "Too many open files" in str(error):
            return {"limit": "open_files"}
        import traceback

        return {"fault": f"{type(error).__name__}: {error}", "traceback": traceback.format_exc()}


def _inherited() -> int:
    """Bytes of address space that a fork has from its parent: they are none of the worker's doing."""
    try:
        return int(Path("/proc/self/statm").read_text(encoding="ascii").split()[0]) * os.sysconf("SC_PAGE_SIZE")
    except (OSError, ValueError):
        return 0


def _confine(limits: WorkerLimits) -> None:
    """Take from this process what it does not need: memory, files, core dumps, the network, survival of its parent."""
    try:
        import resource
    except ImportError:  # not on Windows
        return
    for kind, value in (
        (resource.RLIMIT_AS, limits.memory + _inherited()),
        (resource.RLIMIT_NOFILE, limits.open_files),
        (resource.RLIMIT_CORE, 0),
    ):
        hard = resource.getrlimit(kind)[1]
        most = value if hard == resource.RLIM_INFINITY else min(value, hard)
        with contextlib.suppress(ValueError, OSError, OverflowError):
            resource.setrlimit(kind, (most, most))
    if sys.platform == "linux":
        import ctypes

        libc = ctypes.CDLL(None)
        die_with_parent, new_network, new_user = 1, 0x40000000, 0x10000000
        libc.prctl(die_with_parent, signal.SIGKILL, 0, 0, 0)
        if libc.unshare(new_network) != 0:
            libc.unshare(new_network | new_user)


def _outcome(worker: _Worker, limits: WorkerLimits, tick: Callable[[float], None] | None) -> Any:
    started = time.monotonic()
    parts: list[bytes] = []
    try:
        while True:
            passed = time.monotonic() - started
            if passed > limits.seconds:
                worker.kill()
                worker.wait()
                raise LimitReachedError(
                    f"this took longer than {limits.seconds:g} seconds and was stopped; the setting is 'seconds'",
                    f"esto tardó más de {limits.seconds:g} segundos y se detuvo; el ajuste es «seconds»",
                    setting="seconds",
                )
            if tick is not None:
                tick(passed)
            if select.select([worker.answers], [], [], min(0.2, limits.seconds))[0]:
                part = os.read(worker.answers, _READ_SIZE)
                if not part:
                    break
                parts.append(part)
        status = worker.wait()
    except BaseException:
        with contextlib.suppress(ProcessLookupError):
            worker.kill()
            worker.wait()
        raise
    finally:
        os.close(worker.answers)
    if status != 0 or not parts:
        raise _death(status, limits)
    return _unpack(json.loads(b"".join(parts)), limits)


def _unpack(answer: dict[str, Any], limits: WorkerLimits) -> Any:
    if "result" in answer:
        return answer["result"]
    if "error" in answer:
        kind: type[BicentennialError] = getattr(errors, answer["error"])
        error = kind.__new__(kind)
        error.args = tuple(answer["arguments"])
        vars(error).update(answer["state"])
        raise error
    if "limit" in answer:
        raise LimitReachedError(
            f"reading this needed more than {limits.open_files} open files; the setting is 'open_files'",
            f"leer esto necesitaba más de {limits.open_files} archivos abiertos; el ajuste es «open_files»",
            setting="open_files",
        )
    raise RuntimeError(f"{answer['fault']}\n{answer['traceback']}")


def _death(status: int, limits: WorkerLimits) -> BicentennialError:
    # Native code that gets no memory aborts instead of raising, so an abort is most likely that.
    if status in (71, -signal.SIGABRT, -signal.SIGKILL):
        size = f"{limits.memory / (1 << 30):.3g} GB"
        return LimitReachedError(
            f"reading this needed more than {size} of memory and was stopped; the setting is 'memory'",
            f"leer esto necesitaba más de {size} de memoria y se detuvo; el ajuste es «memory»",
            setting="memory",
        )
    ending = signal.Signals(-status).name if status < 0 else f"exit {status}"
    return UnreadableInputError(
        f"this content made the reader crash ({ending}), so it was given up; most often it is nested too deeply",
        f"este contenido hizo fallar al lector ({ending}) y se abandonó; casi siempre es que está anidado en exceso",
    )
