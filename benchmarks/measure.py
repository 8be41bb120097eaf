"""Run a whole process and say how long it took and how much memory it and its children used at most."""

from __future__ import annotations

import os
import subprocess
import threading
import time
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Sequence


@dataclass(frozen=True)
class Run:
    """What one run of a command took and printed; `status` is its exit code."""

    seconds: float
    megabytes: float
    output: str
    status: int


def measure(command: Sequence[str], *, timeout: float = 3600, cwd: Path | None = None, repeat: int = 1) -> Run:
    """Run a command so many times and return the fastest run: the others were disturbed by something else."""
    return min((_once(command, timeout, cwd) for _ in range(repeat)), key=lambda run: run.seconds)


def _once(command: Sequence[str], timeout: float, cwd: Path | None) -> Run:
    root = Path(__file__).resolve().parents[1]
    started = time.perf_counter()
    process = subprocess.Popen(
        command,
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
        text=True,
        cwd=cwd or root,
        env={**os.environ, "PYTHONPATH": str(root)},
    )
    watch = _Watch(process.pid)
    watch.start()
    try:
        output, _ = process.communicate(timeout=timeout)
    except subprocess.TimeoutExpired:
        process.kill()
        output, _ = process.communicate()
    seconds = time.perf_counter() - started
    watch.stop()
    return Run(seconds, watch.peak / 1e6, output, process.returncode)


class _Watch(threading.Thread):
    """Adds up the memory of a process and its descendants twenty times a second and keeps the most."""

    def __init__(self, pid: int) -> None:
        super().__init__(daemon=True)
        self.peak = 0.0
        self._pid = pid
        self._done = threading.Event()

    def run(self) -> None:
        while not self._done.wait(0.05):
            self.peak = max(self.peak, self._resident(self._pid))

    def stop(self) -> None:
        self._done.set()
        self.join()

    def _resident(self, pid: int) -> float:
        try:
            pages = int(Path(f"/proc/{pid}/statm").read_text().split()[1])
            children = Path(f"/proc/{pid}/task/{pid}/children").read_text().split()
        except (OSError, IndexError):
            return 0
        return pages * os.sysconf("SC_PAGE_SIZE") + sum(self._resident(int(child)) for child in children)
