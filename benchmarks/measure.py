"""Run a whole process and say how long it took and how much memory it and its descendants used at most.

Memory is what the whole tree of processes holds, pages that several of them share counted once (Linux); elsewhere that
of the largest process.
"""

from __future__ import annotations

import contextlib
import os
import resource
import signal
import subprocess
import sys
import tempfile
import threading
import time
from dataclasses import dataclass
from pathlib import Path
from typing import IO, TYPE_CHECKING, Final

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

ROOT: Final = Path(__file__).resolve().parents[1]
_PAGE: Final = os.sysconf("SC_PAGE_SIZE")
# `ru_maxrss` counts kilobytes on Linux and bytes on macOS.
_UNIT: Final = 1 if sys.platform == "darwin" else 1024


@dataclass(frozen=True)
class Run:
    """What one run of a command took and printed; `status` is its exit code, None if it was stopped for its time."""

    seconds: float
    megabytes: float
    output: str
    complaint: str
    status: int | None

    @property
    def is_good(self) -> bool:
        """Whether it came to its end: validators end with 1 where there are findings."""
        return self.status in (0, 1)

    @property
    def failure(self) -> str:
        """Say how it failed."""
        if self.status is None:
            return f"stopped after {self.seconds:.0f} s"
        last = self.complaint.strip().rpartition("\n")[2]
        return f"ended with {self.status}" + (f": {last[:60]}" if last else "")


def measure(command: Sequence[str], *, timeout: float = 600, cwd: Path | None = None) -> Run:
    """Run a command; it is stopped, with all that it started, when its time is over."""
    with tempfile.TemporaryFile() as output, tempfile.TemporaryFile() as complaint:
        started = time.perf_counter()
        process = subprocess.Popen(
            command,
            stdin=subprocess.DEVNULL,
            stdout=output,
            stderr=complaint,
            cwd=cwd or ROOT,
            env={**os.environ, "PYTHONPATH": str(ROOT)},
            start_new_session=True,
        )
        watch = _Watch(process.pid, timeout)
        watch.start()
        try:
            _, status, usage = os.wait4(process.pid, 0)
        except BaseException:
            _end(process.pid)
            raise
        finally:
            seconds = time.perf_counter() - started
            watch.stop()
        # What a process began as counts for it too: as much as we held ourselves says nothing of the command.
        ours = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
        held = usage.ru_maxrss if usage.ru_maxrss > ours else 0
        process.returncode = os.waitstatus_to_exitcode(status)  # so that Popen does not wait for it again
        _end(process.pid)  # whatever it left behind
        return Run(
            seconds,
            max(watch.peak, held * _UNIT) / 1e6,
            _text(output),
            _text(complaint),
            None if watch.stopped else process.returncode,
        )


def _text(file: IO[bytes]) -> str:
    file.seek(0)
    return file.read().decode("utf-8", "replace")


def _end(leader: int) -> None:
    with contextlib.suppress(ProcessLookupError, PermissionError):
        os.killpg(leader, signal.SIGKILL)


class _Watch(threading.Thread):
    """Keeps the most memory that a process and its descendants hold together, and stops them when time is over.

    Between two looks it rests for twenty times as long as a look took, within bounds, so that looking costs little.
    """

    def __init__(self, pid: int, timeout: float) -> None:
        super().__init__(daemon=True)
        self.peak = 0.0
        self.stopped = False
        self._pid = pid
        self._deadline = time.perf_counter() + timeout
        self._done = threading.Event()

    def run(self) -> None:
        rest = 0.01
        while not self._done.wait(rest):
            began = time.perf_counter()
            if began > self._deadline:
                self.stopped = True
                _end(self._pid)
                return
            tree = list(_tree(self._pid))
            self.peak = max(self.peak, sum(map(_share if len(tree) > 1 else _resident, tree)))
            rest = min(max(0.02, 20 * (time.perf_counter() - began)), 0.25)

    def stop(self) -> None:
        self._done.set()
        self.join()


def _tree(pid: int) -> Iterator[int]:
    yield pid
    with contextlib.suppress(OSError):  # it has ended
        for children in Path(f"/proc/{pid}/task").glob("*/children"):
            for child in children.read_text().split():
                yield from _tree(int(child))


def _resident(pid: int) -> float:
    try:
        return int(Path(f"/proc/{pid}/statm").read_text().split()[1]) * _PAGE
    except (OSError, IndexError):
        return 0


def _share(pid: int) -> float:
    """Return the memory of one of several processes, pages that they share divided among them."""
    try:
        for line in Path(f"/proc/{pid}/smaps_rollup").read_text().splitlines():
            if line.startswith("Pss:"):
                return int(line.split()[1]) * 1024
    except OSError:
        return _resident(pid)
    return 0
