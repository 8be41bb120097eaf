"""The command line in forks of a process that has loaded it: a new interpreter takes 1.2 s to load a service.

What runs is what `python -m bicentennial` runs, with an environment, a folder and streams of its own. It pays where
much is loaded: a short command starts no sooner, as a fork copies what it touches of a large process.
"""

from __future__ import annotations

import contextlib
import multiprocessing
import os
import subprocess
import sys
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from multiprocessing.connection import Connection

__all__ = ["Fork"]

_CONTEXT = multiprocessing.get_context("forkserver")
_CONTEXT.set_forkserver_preload(["tests.loaded"])
_ROOT = Path(__file__).resolve().parents[1]


class Fork:
    """A command that runs, which is asked as a `subprocess.Popen` is.

    Args:
        arguments: those of the command line.
        environment: all of its environment.
        error: the file for what it writes to standard error.
    """

    def __init__(self, arguments: Sequence[str], *, environment: Mapping[str, str], error: Path) -> None:
        given = (list(arguments), dict(environment), str(Path.cwd()), str(error))
        reading, writing = _CONTEXT.Pipe(duplex=False)
        with contextlib.chdir(_ROOT):  # where the process that is forked, which the first call starts, finds `tests`
            self._process = _CONTEXT.Process(target=_run, args=(*given, writing))
            self._process.start()
        writing.close()
        self.stdout = os.fdopen(os.dup(reading.fileno()), encoding="utf-8")
        reading.close()
        assert self._process.pid is not None
        self.pid = self._process.pid

    def poll(self) -> int | None:
        """Return the exit code, None while it runs."""
        return self._process.exitcode

    def wait(self, timeout: float | None = None) -> int:
        """Wait until it has ended, and return the exit code."""
        self._process.join(timeout)
        code = self._process.exitcode
        if code is None:
            raise subprocess.TimeoutExpired("bicentennial", timeout or 0)
        return code

    def send_signal(self, number: int) -> None:
        """Send it a signal."""
        os.kill(self.pid, number)

    def kill(self) -> None:
        """End it at once."""
        self._process.kill()


def _run(arguments: list[str], environment: dict[str, str], folder: str, error: str, writing: Connection) -> None:
    """Run a command line as a process of its own."""
    os.environ.clear()
    os.environ.update(environment)
    os.chdir(folder)
    os.dup2(writing.fileno(), 1)
    writing.close()
    said = os.open(error, os.O_WRONLY | os.O_CREAT | os.O_TRUNC)
    os.dup2(said, 2)
    os.close(said)
    # Those of the process that was forked still go by what its own descriptors were.
    sys.stdout = os.fdopen(1, "w", encoding="utf-8", closefd=False)
    sys.stderr = os.fdopen(2, "w", encoding="utf-8", errors="backslashreplace", buffering=1, closefd=False)
    sys.argv[1:] = arguments
    from bicentennial.__main__ import main

    sys.exit(main(arguments))
