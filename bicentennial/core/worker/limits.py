"""What a worker may use."""

from __future__ import annotations

import os
from pathlib import Path

from bicentennial.core.startup.records import record

__all__ = ["WorkerLimits", "address_space", "highest_descriptor"]


def address_space() -> int:
    """Return how many bytes of address space this process has: 0 where it is not known, as elsewhere than on Linux."""
    try:
        return int(Path("/proc/self/statm").read_text(encoding="ascii").split()[0]) * os.sysconf("SC_PAGE_SIZE")
    except (OSError, ValueError):
        return 0


def highest_descriptor() -> int:
    """Return the highest number of the files that this process has open: 0 where it is not known."""
    try:
        return max(map(int, os.listdir("/proc/self/fd")), default=0)  # noqa: PTH208 - which loads less
    except (OSError, ValueError):
        return 0


@record(frozen=True)
class WorkerLimits:
    """What a worker may use: bytes of address space, seconds of wall time, open files."""

    memory: int = 4 << 30
    seconds: float = 600
    open_files: int = 256
