"""A process of its own for whatever touches untrusted bytes: limited in memory, time and files, without network.

A parser that crashes, hangs or eats memory then takes only the worker along, and the caller gets a sentence. What goes
in and comes out is JSON, never pickles: a worker that was taken over cannot run code in its parent.

What the caller only passes on need not be JSON within JSON: a function may return it as the text of a `WithText`.

A process without other threads is forked, which costs a few milliseconds; any other has a *fork server* do that (see
`pool`), a small process of its own that is started with the first call and ends after a minute without any. A service
keeps a `Pool`, which has loaded what its jobs need; a command line forks a worker before it knows its job, see `ahead`.
Where forking is no way, a worker is a fresh interpreter.
Limits that a platform does not know (on Windows and macOS, some) are left out there; see SECURITY.md.

>>> call("bicentennial.core.resources:version") == __import__("bicentennial").__version__
True
>>> call_each("bicentennial.core.namespaces:local_name", [["urn:x:a"], ["urn:x#b"]])
['a', 'b']
"""

from __future__ import annotations

import os
import time
from typing import TYPE_CHECKING, Any, Final

from bicentennial.core.errors import BicentennialError, LimitReachedError
from bicentennial.core.messages import sentence
from bicentennial.core.worker.child import WithText, readable
from bicentennial.core.worker.limits import WorkerLimits
from bicentennial.core.worker.parent import Worker

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from bicentennial.core.worker.pool import Pool

__all__ = ["Pool", "WithText", "WorkerLimits", "call", "call_each", "processors"]

_DEFAULT_LIMITS: Final = WorkerLimits()

_TICK: Final = 0.2


def __getattr__(name: str) -> Any:
    if name == "Pool":  # few need it
        from bicentennial.core.worker.pool import Pool

        return Pool
    raise AttributeError(f"module {__name__!r} has no attribute {name!r}")


def call(
    function: str,
    *arguments: object,
    limits: WorkerLimits = _DEFAULT_LIMITS,
    on_progress: Callable[[float], None] | None = None,
    files: Sequence[int] = (),
) -> Any:
    """Call `module:function` with JSON-able arguments in a worker and return its JSON-able result.

    Args:
        function: `module:function`.
        arguments: what it is called with.
        limits: what it may use.
        on_progress: called with the seconds passed, about five times a second, while the worker is busy.
        files: descriptors that the worker needs too.

    Raises:
        BicentennialError: whatever the function raised on purpose.
        LimitReachedError: the worker ran out of memory, time or open files.
        OutputError: the disk is full.
        UnreadableInputError: the worker died, so its input is not to be trusted to any parser.
        WorkerLostError: the fork server was ended from outside while the worker was busy.

    >>> call("bicentennial.core.namespaces:compact", "https://w3id.org/bicentennial/id/agency-ofac")
    'bicd:agency-ofac'
    """
    [outcome] = call_each(function, [arguments], limits=limits, on_progress=on_progress, files=files)
    if isinstance(outcome, BaseException):
        raise outcome
    return outcome


def call_each(
    function: str,
    jobs: Sequence[Sequence[object]],
    *,
    limits: WorkerLimits = _DEFAULT_LIMITS,
    on_progress: Callable[[float], None] | None = None,
    files: Sequence[int] = (),
    at_once: int | None = None,
    pool: Pool | None = None,
) -> list[Any]:
    """Call a function once for each list of arguments, each call in a worker of its own, several side by side.

    What becomes of one call touches none of the others. Whatever else ends the wait, such as Ctrl-C, ends them all.

    Args:
        function: `module:function`.
        jobs: the arguments of each call.
        limits: what each worker may use.
        on_progress: called with the seconds passed, about five times a second.
        files: descriptors that the workers need too.
        at_once: how many may run at the same time; as many as there are processors if None.
        pool: whose fork server starts the workers; None for the usual way.

    Returns:
        For each call, in their order, what it returned, or the error that `call` would raise.
    """
    outcomes: list[Any] = [None] * len(jobs)
    waiting = list(enumerate(jobs))[::-1]
    running: dict[int, tuple[int, Worker]] = {}
    begun = time.monotonic()
    most = at_once or processors()
    try:
        while waiting or running:
            while waiting and len(running) < most:
                number, arguments = waiting.pop()
                worker = Worker(function, arguments, limits, files, pool)
                running[worker.answers] = number, worker
            if on_progress is not None:
                on_progress(time.monotonic() - begun)
            for answers in readable(list(running), min(_TICK, limits.seconds)):
                number, worker = running[answers]
                if worker.read():
                    del running[answers]
                    outcomes[number] = _outcome(worker)
            for answers, (number, worker) in list(running.items()):
                if worker.is_late():
                    del running[answers]
                    worker.end()
                    outcomes[number] = _too_slow(limits)
    finally:
        for _, worker in running.values():
            worker.end()
    return outcomes


def processors() -> int:
    """Return how many processors this process may use."""
    if hasattr(os, "sched_getaffinity"):
        return len(os.sched_getaffinity(0))
    return os.cpu_count() or 1


def _outcome(worker: Worker) -> Any:
    try:
        return worker.result()
    except (BicentennialError, RuntimeError) as error:
        return error


def _too_slow(limits: WorkerLimits) -> LimitReachedError:
    return LimitReachedError(sentence("error", "seconds", limit=f"{limits.seconds:g}"), setting="seconds")
