"""The ways of starting a worker from a process with threads: a fork server's fork, or a fresh interpreter."""

from __future__ import annotations

import contextlib
import json
import os
import select
import socket
import subprocess
import sys
import time
from pathlib import Path
from typing import TYPE_CHECKING, Final

from bicentennial.core.worker.child import STATUS_BYTES, status_of
from bicentennial.core.worker.pool import environment
from bicentennial.core.worker.processes import LOST, Supervised

if TYPE_CHECKING:
    from collections.abc import Sequence

    from bicentennial.core.worker.limits import WorkerLimits
    from bicentennial.core.worker.pool import Pool

__all__ = ["Requested", "Spawned"]

_READ_SIZE: Final = 1 << 16


class Spawned(Supervised):
    """A fresh interpreter."""

    def __init__(
        self, function: str, arguments: Sequence[object], limits: WorkerLimits, folder: str, files: Sequence[int]
    ) -> None:
        job = json.dumps([function, arguments, [limits.memory, limits.seconds, limits.open_files], folder])
        # The search path is handed over, so that the worker imports just what its parent would.
        start = f"import sys; sys.path[:] = {sys.path!r}; from bicentennial.core.worker.child import main; main()"
        child = subprocess.Popen(
            [sys.executable, "-c", start],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            close_fds=True,
            pass_fds=tuple(files) if os.name == "posix" else (),
        )
        assert child.stdin is not None
        assert child.stdout is not None
        with contextlib.suppress(BrokenPipeError):
            child.stdin.write(job.encode() + b"\n")
            child.stdin.flush()
        # Descriptors outlive the Popen object, whose own files would close them when collected.
        answers, lifeline = os.dup(child.stdout.fileno()), os.dup(child.stdin.fileno())
        child.stdout.close()
        with contextlib.suppress(BrokenPipeError):
            child.stdin.close()
        super().__init__(answers, lifeline, child.poll, child.kill)


def _directory() -> str:
    """Return the working directory; empty where it has been removed, and so nothing is relative to it."""
    try:
        return str(Path.cwd())
    except FileNotFoundError:
        return ""


class Requested:
    """A worker of a fork server, which tidies up after it and ends the answer with its exit status."""

    def __init__(
        self,
        function: str,
        arguments: Sequence[object],
        limits: WorkerLimits,
        folder: str,
        files: Sequence[int],
        pool: Pool,
    ) -> None:
        job = {
            "function": function,
            "arguments": arguments,
            "limits": [limits.memory, limits.seconds, limits.open_files],
            "files": list(files),
            "environment": environment(),
            "directory": _directory(),
            "path": sys.path,
        }
        content = json.dumps(job).encode() + b"\n"
        self._channel, theirs = socket.socketpair()
        try:
            with theirs:
                pool.ask(function, folder, theirs)
            # If the fork server or the worker has died since, the end of the answer shows it.
            with contextlib.suppress(BrokenPipeError, ConnectionResetError):
                socket.send_fds(self._channel, [b"\n"], files)
                self._channel.sendall(content)
        except BaseException:
            self._channel.close()
            raise
        self.answers = self._channel.fileno()

    def read(self) -> bytes:
        """Return what there is of the answer; nothing once it has ended."""
        try:
            return self._channel.recv(_READ_SIZE)
        except ConnectionResetError:
            return b""

    def ended(self, content: bytes, patience: float) -> tuple[bytes, int | None]:  # noqa: ARG002 - it has ended
        """Return the answer that is in what was read, and how the process ended; None if it does not in time."""
        status = status_of(content)
        return content[:-STATUS_BYTES], LOST if status is None else status

    def end(self, patience: float) -> None:
        """End it, done or not, and close what is held of it."""
        deadline = time.monotonic() + patience
        with contextlib.suppress(OSError):
            self._channel.shutdown(socket.SHUT_WR)  # which ends the worker, if it is still at work
            poll = select.poll()
            poll.register(self._channel, select.POLLIN)
            while (left := deadline - time.monotonic()) > 0 and poll.poll(left * 1_000):
                if not self.read():
                    break
        self._channel.close()
