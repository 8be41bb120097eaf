"""Workers that a fork server forks before their jobs come: each waits for one, does it and ends, as any other does.

What a small query takes is mostly the fork, the setting up of what confines it, and the first touch of memory that it
shares with its parent. A spare has done all this before anyone waits for it; another takes its place once it is gone.
"""

from __future__ import annotations

import contextlib
import os
import signal
import socket
import time
from typing import TYPE_CHECKING, Final, NoReturn

from bicentennial.core.startup.named_tuples import NamedTuple
from bicentennial.core.worker.child import FAULT, isolate

if TYPE_CHECKING:
    from collections.abc import Callable

__all__ = ["Spares"]

_FOLDER_BYTES: Final = 1 << 14
_PAUSE: Final = 1.0
"""Seconds until another is tried after the system has refused to fork."""


class _Spare(NamedTuple):
    worker: int
    channel: socket.socket


class Spares:
    """The workers of a fork server that wait for a job.

    Args:
        wanted: how many there are to be.
        leave: called in a new worker: closes what is its parent's.
        warm: called in it next: touches what its job will need; what fails is left to the job.
        work: what it does with the job's socket, the job's folder, and the number of its parent.
    """

    def __init__(
        self,
        wanted: int,
        leave: Callable[[], None],
        warm: Callable[[], None],
        work: Callable[[socket.socket, str, int], NoReturn],
    ) -> None:
        self.wanted = wanted
        self._leave = leave
        self._warm = warm
        self._work = work
        self._waiting: list[_Spare] = []
        self._resting_until = 0.0

    def are_missing(self) -> bool:
        """Return whether there are fewer than wanted, and there could be more."""
        return len(self._waiting) < self.wanted and time.monotonic() >= self._resting_until

    def add(self) -> None:
        """Fork one; if the system refuses, leave it for a while."""
        server = os.getpid()
        ours, theirs = socket.socketpair(socket.AF_UNIX, socket.SOCK_SEQPACKET)
        try:
            worker = os.fork()
        except OSError:
            self._resting_until = time.monotonic() + _PAUSE
            ours.close()
            theirs.close()
            return
        if worker == 0:
            try:
                ours.close()
                self._leave()
                self._wait(theirs, server)
            finally:
                os._exit(FAULT)
        theirs.close()
        self._waiting.append(_Spare(worker, ours))

    def _wait(self, jobs: socket.socket, server: int) -> NoReturn:
        isolate()
        if os.getppid() != server:
            os._exit(0)
        with contextlib.suppress(Exception):
            self._warm()
        folder, descriptors, _, _ = socket.recv_fds(jobs, _FOLDER_BYTES, 1)
        jobs.close()
        if not descriptors:  # the fork server needs no more
            os._exit(0)
        self._work(socket.socket(fileno=descriptors[0]), os.fsdecode(folder), server)

    def take(self, channel: socket.socket, folder: str) -> int | None:
        """Give a job to one of them, and return its number; None where there is none.

        Args:
            channel: the job's own socket.
            folder: the job's folder.
        """
        while self._waiting:
            spare = self._waiting.pop(0)
            with spare.channel, contextlib.suppress(OSError):  # one that has ended meanwhile
                socket.send_fds(spare.channel, [os.fsencode(folder)], [channel.fileno()])
                return spare.worker
        return None

    def forget(self, worker: int) -> None:
        """Note that one has ended, if it is one of them."""
        for each in [each for each in self._waiting if each.worker == worker]:
            each.channel.close()
            self._waiting.remove(each)

    def close(self) -> None:
        """Close in a worker what belongs to its parent."""
        for each in self._waiting:
            each.channel.close()

    def end(self) -> None:
        """End all of them, and wait until they have."""
        for each in self._waiting:
            os.kill(each.worker, signal.SIGKILL)
        for each in self._waiting:
            each.channel.close()
            with contextlib.suppress(ChildProcessError):
                os.waitpid(each.worker, 0)
        self._waiting.clear()
