"""The fork server: a process with one thread that forks a worker for each job it is sent, and tidies up after it.

    caller ──requests──▶ fork server ──fork──▶ worker: reads its job, is confined, does it
       └───────────── the job's own socket ───────────┘

It is a fresh interpreter with a bare environment, so there is nothing of its caller in its memory, and it has loaded
what the jobs need before they come, so a worker costs no more than a fork. The job, its descriptors and its answer pass
between caller and worker on a socket of their own; of a request the fork server sees a name and a folder.

Where its caller wants spares, some workers are forked before their jobs come (`spares`).

It never runs a job itself, so nothing that a file or a query holds can take it down. An answer ends with an exit status
of four bytes: a worker that has done its job says so itself, for any other that has ended the fork server does, which
also removes the job's folder. It ends a worker whose caller has closed the socket, or has shut down its side of it, and
itself once its caller has gone and no job is left.
"""

from __future__ import annotations

import contextlib
import gc
import json
import os
import select
import shutil
import signal
import socket
import sys
import time
from dataclasses import dataclass
from importlib import import_module
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final, NoReturn

from bicentennial.core.worker.child import FAULT, NEEDED, do_job, encoded_status
from bicentennial.core.worker.limits import WorkerLimits
from bicentennial.core.worker.spares import Spares

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

__all__ = ["main"]

_MOST_FILES: Final = 64
"""How many descriptors a job may bring along."""

_REQUEST_BYTES: Final = 1 << 16
_READ_SIZE: Final = 1 << 16
# How often the fork server looks if its caller is still there, should the socket be held open by another process.
_GLANCE_MS: Final = 1_000
# For how long nothing has to happen before a spare is forked: a job that is going on is not to wait for that.
_QUIET_MS: Final = 3
# The caller has closed the job's socket or shut down its side of it; hanging up and errors are always reported.
_GONE: Final = getattr(select, "POLLRDHUP", 0)
_PACKAGE: Final = "bicentennial."


@dataclass(slots=True, eq=False)
class _Job:
    """A job that is being done: its socket, its worker, its folder, and how the worker ended."""

    channel: socket.socket
    worker: int
    folder: str
    status: int | None = None


def main() -> NoReturn:
    """Serve: the entry point of a fresh interpreter, whose standard input is the socket for requests."""
    caller = os.getppid()
    for number in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):  # the caller is asked too, and closes the socket
        signal.signal(number, signal.SIG_IGN)
    requests = socket.socket(fileno=os.dup(0))
    nowhere = os.open(os.devnull, os.O_RDWR)
    os.dup2(nowhere, 0)
    os.dup2(nowhere, 1)
    os.close(nowhere)
    try:
        settings = json.loads(requests.recv(_REQUEST_BYTES))
        for each in (*NEEDED, *settings["preload"]):
            _preload(each)
        gc.collect()
        gc.freeze()  # so that looking for circles touches, and so copies, no memory that workers share
        threads = _threads()
        reply = {"ready": True} if threads == 1 else {"failed": f"preloading has left {threads} threads"}
    except Exception as error:
        import traceback

        reply = {"failed": f"{type(error).__name__}: {error}\n{traceback.format_exc()}"}
    with contextlib.suppress(OSError):
        requests.send(json.dumps(reply).encode())
    if "ready" in reply:
        with contextlib.suppress(BrokenPipeError):
            _Server(requests, caller, settings).run()
    os._exit(0)


def _preload(wanted: str | Sequence[Any]) -> None:
    """Import a module and call its function `preload`, or the one that is named after a colon, if there is one.

    Args:
        wanted: the name, or a list of it and the arguments of the function.
    """
    name, *arguments = [wanted] if isinstance(wanted, str) else list(wanted)
    module, _, function = name.partition(":")
    loaded = import_module(module)
    if function or hasattr(loaded, "preload"):
        getattr(loaded, function or "preload")(*arguments)


def _warm(wanted: Sequence[str | Sequence[Any]]) -> None:
    """Call the function `warm` of what was loaded, where there is one."""
    for each in wanted:
        name = each if isinstance(each, str) else str(each[0])
        warm = getattr(sys.modules[name.partition(":")[0]], "warm", None)
        if warm is not None:
            warm()


def _threads() -> int:
    with contextlib.suppress(OSError):
        return sum(1 for _ in Path("/proc/self/task").iterdir())
    return 1


class _Server:
    """Takes requests and watches the workers.

    Args:
        requests: the socket for requests.
        caller: the number of the process at its other end.
        settings: `preload`; `idle`, for how many seconds there may be nothing to do before this process ends, None for
            ever; `spares`, how many workers to fork before their jobs come.
    """

    def __init__(self, requests: socket.socket, caller: int, settings: Mapping[str, Any]) -> None:
        self.requests = requests
        self.caller = caller
        self.idle: float | None = settings["idle"]
        self.spares = Spares(settings["spares"], self._leave, lambda: _warm(settings["preload"]), _work)
        self.open = True
        self.used = time.monotonic()
        self.loaded: set[str] = set()
        self.workers: dict[int, _Job] = {}
        self.channels: dict[int, _Job] = {}
        self.ended, self.wake = os.pipe()
        os.set_blocking(self.ended, False)
        os.set_blocking(self.wake, False)
        signal.set_wakeup_fd(self.wake, warn_on_full_buffer=False)
        signal.signal(signal.SIGCHLD, lambda *_: None)
        self.poll = select.poll()
        self.poll.register(requests, select.POLLIN)
        self.poll.register(self.ended, select.POLLIN)

    def run(self) -> None:
        """Serve until the caller has gone, or has closed the socket, and every job is done."""
        while self.open or self.channels:
            lacking = self.open and self.spares.are_missing()
            ready = self.poll.poll(_QUIET_MS if lacking else _GLANCE_MS)
            if lacking and not ready:
                self.spares.add()
            for descriptor, events in ready:
                if descriptor == self.ended:
                    self._collect()
                elif descriptor in self.channels:
                    self._look(self.channels[descriptor], events)
                elif descriptor == self.requests.fileno() and self.open:
                    self._take()
            if os.getppid() != self.caller:
                self._give_up()
            elif self.open and self._is_idle():
                # What was sent before this can still be read; what comes later fails there and is sent to another.
                self.requests.shutdown(socket.SHUT_RD)
        self.spares.end()

    def _is_idle(self) -> bool:
        return self.idle is not None and not self.channels and time.monotonic() - self.used > self.idle

    def _take(self) -> None:
        """Take a request, or note that there will be no more."""
        content, descriptors, _, _ = socket.recv_fds(self.requests, _REQUEST_BYTES, 1)
        if not content:
            self.open = False
            self.poll.unregister(self.requests)
            return
        self.used = time.monotonic()
        asked = json.loads(content)
        self._load(asked["function"].partition(":")[0])
        self._start(socket.socket(fileno=descriptors[0]), asked["folder"])

    def _load(self, module: str) -> None:
        """Load a module of ours once instead of in each worker; what fails is reported by the worker."""
        if module not in self.loaded and module.startswith(_PACKAGE):
            self.loaded.add(module)
            with contextlib.suppress(Exception):
                _preload(module)
            gc.freeze()
            self.spares.end()  # they have not loaded it

    def _start(self, channel: socket.socket, folder: str) -> None:
        server = os.getpid()
        worker = self.spares.take(channel, folder) or os.fork()
        if worker == 0:
            try:
                self._leave()
                _work(channel, folder, server)
            finally:
                os._exit(FAULT)
        self.workers[worker] = self.channels[channel.fileno()] = _Job(channel, worker, folder)
        self.poll.register(channel, _GONE)

    def _leave(self) -> None:
        """Close in a worker what is not its own."""
        signal.set_wakeup_fd(-1)
        signal.signal(signal.SIGCHLD, signal.SIG_DFL)
        self.requests.close()
        os.close(self.ended)
        os.close(self.wake)
        self.spares.close()
        for job in self.channels.values():
            job.channel.close()

    def _collect(self) -> None:
        """Note which workers have ended, and how."""
        with contextlib.suppress(BlockingIOError):
            while os.read(self.ended, _READ_SIZE):
                pass
        with contextlib.suppress(ChildProcessError):
            while (found := os.waitpid(-1, os.WNOHANG))[0]:
                if found[0] not in self.workers:
                    self.spares.forget(found[0])
                    continue
                job = self.workers.pop(found[0])
                job.status = os.waitstatus_to_exitcode(found[1])
                shutil.rmtree(job.folder, ignore_errors=True)
                # Sent when there is room for it: a caller that reads slowly must not hold up the others.
                self.poll.register(job.channel, select.POLLOUT)
        self.used = time.monotonic()

    def _look(self, job: _Job, events: int) -> None:
        if job.status is not None:
            if events & select.POLLOUT:
                with contextlib.suppress(OSError):
                    job.channel.send(encoded_status(job.status), socket.MSG_DONTWAIT)
            del self.channels[job.channel.fileno()]
            self.poll.unregister(job.channel)
            job.channel.close()
        elif events:
            os.kill(job.worker, signal.SIGKILL)
            self.poll.unregister(job.channel)

    def _give_up(self) -> NoReturn:
        """End all workers and this process: the caller has gone."""
        self.spares.end()
        for job in self.workers.values():
            os.kill(job.worker, signal.SIGKILL)
        for job in self.workers.values():
            os.waitpid(job.worker, 0)
            shutil.rmtree(job.folder, ignore_errors=True)
        os._exit(0)


def _work(channel: socket.socket, folder: str, server: int) -> NoReturn:
    """Read the job that has come on the socket, and do it."""
    job, received = _received(channel)
    writing = _placed(received, job["files"], channel.detach())
    os.environ.clear()
    os.environ.update(job["environment"])
    if job["directory"]:
        os.chdir(job["directory"])
    sys.path[:] = job["path"]
    do_job(job["function"], job["arguments"], WorkerLimits(*job["limits"]), folder, writing, server, is_socket=True)


def _received(channel: socket.socket) -> tuple[dict[str, Any], list[int]]:
    first, descriptors, _, _ = socket.recv_fds(channel, 1, _MOST_FILES)
    parts = [first]
    while part := channel.recv(_READ_SIZE):
        parts.append(part)
        if part.endswith(b"\n"):  # as no other line of JSON does
            break
    return json.loads(b"".join(parts)), descriptors


def _placed(received: list[int], wanted: list[int], writing: int) -> int:
    """Give descriptors the numbers that they have for the caller, and return the number for the answer."""
    import fcntl

    floor = max([2, *wanted]) + 1
    moved, *spare = (fcntl.fcntl(each, fcntl.F_DUPFD_CLOEXEC, floor) for each in (writing, *received))
    for each in (writing, *received):
        os.close(each)
    for descriptor, number in zip(spare, wanted, strict=True):
        os.dup2(descriptor, number)
        os.close(descriptor)
    return moved
