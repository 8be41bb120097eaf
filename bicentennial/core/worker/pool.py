r"""Fork servers, as their callers see them: started when first needed, replaced when they die, ended with their owner.

A `Pool` is for a program with threads, such as a service: forking such a program itself is not safe, and a fresh
interpreter for each job costs as much as the job. Its calls may come from any thread.

>>> with Pool(["bicentennial.core.resources"], size=2) as pool:
...     pool.call("bicentennial.core.namespaces:local_name", "urn:x#b")
'b'

`shared()` is the one that `call` and `call_each` use by themselves in a process with threads.
"""

from __future__ import annotations

import atexit
import contextlib
import json
import os
import socket
import subprocess
import sys
import threading
from typing import TYPE_CHECKING, Any, Final

from bicentennial.core.errors import WorkerLostError
from bicentennial.core.worker.limits import WorkerLimits

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence
    from typing import Self

__all__ = ["ForkServer", "Pool", "can_fork", "environment", "shared", "used"]

_DEFAULT: Final = WorkerLimits()
# What a fork server and its workers see of the environment: what an interpreter needs to start, and no secrets.
_PASSED: Final = frozenset(
    {"BICENTENNIAL_DEBUG", "HOME", "LANG", "LANGUAGE", "LD_LIBRARY_PATH", "PATH", "TMPDIR", "TZ"}
)
_PASSED_PREFIXES: Final = ("LC_", "PYTHON")
_IDLE: Final = 60.0
"""Seconds after which the shared fork server ends if it has nothing to do."""
_STARTING: Final = 120.0
_ENDING: Final = 5.0
_REPLY_BYTES: Final = 1 << 20


def can_fork() -> bool:
    """Return whether fork servers work on this system: on Linux; elsewhere forking is missing or not safe."""
    return sys.platform == "linux"


def environment() -> dict[str, str]:
    """Return what a fork server and its workers may see of the environment."""
    return {name: value for name, value in os.environ.items() if name in _PASSED or name.startswith(_PASSED_PREFIXES)}


class ForkServer:
    """A running fork server.

    Args:
        preload: what it loads before it takes requests, see `Pool`.
        idle: for how many seconds it may have nothing to do before it ends; None for ever.
        spares: how many workers it forks before their jobs come.

    Raises:
        RuntimeError: what is to be loaded cannot be, or leaves threads behind.
    """

    def __init__(self, preload: Sequence[str | Sequence[Any]], idle: float | None, spares: int) -> None:
        self.owner = os.getpid()
        self.user = os.geteuid()
        ours, theirs = socket.socketpair(socket.AF_UNIX, socket.SOCK_SEQPACKET)
        start = f"import sys; sys.path[:] = {sys.path!r}; from bicentennial.core.worker.fork_server import main; main()"
        with theirs:
            self.process = subprocess.Popen(
                [sys.executable, "-c", start],
                stdin=theirs.fileno(),
                stdout=subprocess.DEVNULL,
                close_fds=True,
                env=environment(),
            )
        self.requests = ours
        try:
            ours.send(json.dumps({"preload": list(preload), "idle": idle, "spares": spares}).encode())
            ours.settimeout(_STARTING)
            reply = json.loads(ours.recv(_REPLY_BYTES) or b'{"failed": "the fork server ended while it was starting"}')
            ours.settimeout(None)
        except OSError as error:
            reply = {"failed": f"the fork server does not start: {error}"}
        if "failed" in reply:
            self.end(0)
            raise RuntimeError(reply["failed"])

    def is_usable(self) -> bool:
        """Return whether it can take requests of this process."""
        return self.process.poll() is None and self.owner == os.getpid() and self.user == os.geteuid()

    def ask(self, function: str, folder: str, channel: socket.socket) -> bool:
        """Ask for a worker that reads its job from a socket, and return whether the request has arrived."""
        request = json.dumps({"function": function, "folder": folder}).encode()
        try:
            socket.send_fds(self.requests, [request], [channel.fileno()])
        except OSError:  # it has ended, or takes no more
            return False
        return True

    def dismiss(self) -> None:
        """Have it end once its jobs are done."""
        if self.owner != os.getpid():  # shutting down would do so for the owner too
            self.requests.close()
            return
        with contextlib.suppress(OSError):
            self.requests.shutdown(socket.SHUT_RDWR)

    def end(self, patience: float = _ENDING) -> None:
        """End it: jobs that are running get some seconds, then they are ended too."""
        self.dismiss()
        if self.owner == os.getpid():
            try:
                self.process.wait(patience)
            except subprocess.TimeoutExpired:
                self.process.kill()  # with it go its workers
                self.process.wait()
        self.requests.close()


class Pool:
    """Workers for a program with threads, forked by a process that has loaded what they need.

    Args:
        preload: what the fork server loads once, before any job: names of modules, whose function `preload` is called
            if they have one, or `module:function` for another; a list is such a name and the arguments, which JSON can
            hold. What these keep in memory each worker has too, at no cost but the fork; a worker's changes are its
            own. They must not leave threads behind.
        size: how many workers may run at once, the other callers waiting; None for no bound.
        idle: after how many seconds with nothing to do the fork server ends, to be started again when it is needed;
            None for never.
        spares: how many workers are forked before their jobs come, so that a small job waits for no fork; each takes
            one job, is confined as any other is, and is replaced. Before it waits, it calls the function `warm` of the
            modules of `preload` that have one.

    Where fork servers do not work (elsewhere than on Linux) each call starts a fresh interpreter, which loads what it
    needs itself.
    """

    def __init__(
        self,
        preload: Sequence[str | Sequence[Any]] = (),
        *,
        size: int | None = None,
        idle: float | None = None,
        spares: int = 0,
    ) -> None:
        self.preload = tuple(preload)
        self.idle = idle
        self.spares = spares
        self._room = threading.BoundedSemaphore(size) if size else None
        self._lock = threading.Lock()
        self._server: ForkServer | None = None
        self._retired: list[ForkServer] = []
        self._is_closed = False

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *ended: object) -> None:
        self.close()

    def call(
        self,
        function: str,
        *arguments: object,
        limits: WorkerLimits = _DEFAULT,
        files: Sequence[int] = (),
        on_progress: Callable[[float], None] | None = None,
    ) -> Any:
        """Call `module:function` with JSON-able arguments in a worker and return its JSON-able result.

        Args:
            function: `module:function`.
            arguments: what it is called with.
            limits: what the worker may use.
            files: descriptors that the worker needs too; they have the same numbers there.
            on_progress: called with the seconds passed, about five times a second, while the worker is busy.

        Raises:
            BicentennialError: whatever the function raised on purpose.
            LimitReachedError: the worker ran out of memory, time or open files.
            OutputError: the disk is full.
            UnreadableInputError: the worker died.
            WorkerLostError: the fork server was ended from outside while the worker was busy; the next call gets
                another.
            RuntimeError: the function failed otherwise, or the pool is closed.
        """
        from bicentennial.core.worker import call_each

        with self._room or contextlib.nullcontext():
            [outcome] = call_each(function, [arguments], limits=limits, on_progress=on_progress, files=files, pool=self)
        if isinstance(outcome, BaseException):
            raise outcome
        return outcome

    def start(self) -> None:
        """Start the fork server now instead of with the first call, so that no call waits for it.

        Raises:
            RuntimeError: what is to be loaded cannot be, or leaves threads behind; or the pool is closed.
        """
        if can_fork():
            with self._lock:
                self._usable()

    def replace(self) -> None:
        """Load everything anew in another fork server; jobs that are running end where they are.

        Raises:
            RuntimeError: what is to be loaded cannot be; the fork server that there is goes on.
        """
        if not can_fork():
            return
        fresh = ForkServer(self.preload, self.idle, self.spares)
        with self._lock:
            if self._is_closed:
                fresh.end(0)
                return
            former, self._server = self._server, fresh
            if former is not None:
                self._retire(former)

    def close(self, patience: float = _ENDING) -> None:
        """End the fork server; jobs that are running get `patience` seconds. Calls that come later fail."""
        with self._lock:
            self._is_closed = True
            servers = [*self._retired, *([self._server] if self._server else [])]
            self._retired, self._server = [], None
        for each in servers:
            each.dismiss()
        for each in servers:
            each.end(patience)

    def pids(self) -> list[int]:
        """Return the numbers of the fork servers that are running: one, or more for a while after `replace`."""
        with self._lock:
            servers = [*self._retired, *([self._server] if self._server else [])]
            return [each.process.pid for each in servers if each.process.poll() is None]

    def ask(self, function: str, folder: str, channel: socket.socket) -> None:
        """Have a worker forked that reads its job from a socket; for `Worker`.

        Raises:
            WorkerLostError: fork servers end as soon as they are started.
            RuntimeError: none can be started, or the pool is closed.
        """
        for _ in range(3):
            with self._lock:
                server = self._usable()
            if server.ask(function, folder, channel):
                return
            with self._lock:
                if self._server is server:
                    self._server = None
                    self._retire(server)
        raise WorkerLostError

    def _usable(self) -> ForkServer:
        """Return a fork server that runs, under the lock."""
        if self._is_closed:
            raise RuntimeError("the pool is closed")
        if self._server is not None and not self._server.is_usable():
            self._retire(self._server)
            self._server = None
        if self._server is None:
            self._server = ForkServer(self.preload, self.idle, self.spares)
        return self._server

    def _retire(self, server: ForkServer) -> None:
        """Have a fork server end by itself, and forget those that have."""
        server.dismiss()
        self._retired = [each for each in (*self._retired, server) if each.process.poll() is None]


_shared: Pool | None = None
_guard = threading.Lock()


def shared() -> Pool:
    """Return the pool of this process, whose fork server ends by itself when there is nothing to do for a minute."""
    global _shared  # noqa: PLW0603 - the one of the process
    with _guard:
        if _shared is None:
            _shared = Pool(idle=_IDLE)
            atexit.register(_shared.close, 0)
        return _shared


@contextlib.contextmanager
def used(pool: Pool) -> Iterator[Pool]:
    """Let `call` and `call_each` use a pool of the caller's for the length of the block, in all threads."""
    global _shared  # noqa: PLW0603 - the one of the process
    with _guard:
        former, _shared = _shared, pool
    try:
        yield pool
    finally:
        with _guard:
            _shared = former


def _forget() -> None:
    """Start anew in a process that was forked from this one: the fork server belongs to its parent."""
    global _shared, _guard
    if _shared is not None:
        atexit.unregister(_shared.close)
    _shared, _guard = None, threading.Lock()


if hasattr(os, "register_at_fork"):
    os.register_at_fork(after_in_child=_forget)
