"""A worker that is forked before its job is known: it loads what it needs while its caller finds out what to ask.

A command line does so: its arguments are read on one processor while the worker loads the validator on another.

>>> from bicentennial.core.worker import call
>>> with ahead("bicentennial.core.namespaces:local_name"):
...     call("bicentennial.core.namespaces:local_name", "urn:x#b")
'b'
"""

from __future__ import annotations

import contextlib
import json
import os
import sys
from typing import TYPE_CHECKING, Final

from bicentennial.core.files.workspace import Workspace
from bicentennial.core.worker.child import awaited
from bicentennial.core.worker.processes import Forked, is_single_threaded, lifelines

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from bicentennial.core.worker.limits import WorkerLimits

__all__ = ["Ahead", "ahead", "taken"]

_PATIENCE: Final = 5.0
_waiting: Final[list[Ahead]] = []


class Ahead:
    """A worker that waits for a job; `scratch` is the folder of that.

    Args:
        function: `module:function`, which the job will be for.
    """

    def __init__(self, function: str) -> None:
        self.function = function
        self.scratch = Workspace()
        jobs, self._sending = os.pipe()
        lifelines.add(self._sending)
        try:
            self._process = Forked(lambda: awaited(function, jobs), str(self.scratch.path))
        finally:
            os.close(jobs)

    def start(self, arguments: Sequence[object], limits: WorkerLimits) -> Forked:
        """Let it do its job."""
        job = json.dumps([arguments, [limits.memory, limits.seconds, limits.open_files]])
        lifelines.discard(self._sending)
        # If it has ended, the end of its answer shows how.
        with contextlib.suppress(BrokenPipeError), os.fdopen(self._sending, "wb") as stream:
            stream.write(job.encode())
        return self._process

    def end(self) -> None:
        """End it: there is no job for it."""
        lifelines.discard(self._sending)
        os.close(self._sending)
        self._process.end(_PATIENCE)
        self.scratch.close()


@contextlib.contextmanager
def ahead(function: str) -> Iterator[None]:
    """Fork a worker for the first call of a function within the block, where this process can be forked.

    Args:
        function: `module:function`.
    """
    if sys.platform == "linux" and not _waiting and is_single_threaded():
        with contextlib.suppress(OSError):  # it is forked later, then, or that error is reported
            _waiting.append(Ahead(function))
    try:
        yield
    finally:
        while _waiting:
            _waiting.pop().end()


def taken(function: str) -> Ahead | None:
    """Return the worker that waits for a job of a function, once; None if there is none."""
    return _waiting.pop() if _waiting and _waiting[0].function == function else None
