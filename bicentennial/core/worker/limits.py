"""What a worker may use."""

from __future__ import annotations

import os
from pathlib import Path
from typing import Final

from bicentennial.core.startup.records import record

__all__ = ["WorkerLimits", "address_space", "files_of_others"]

_FEW: Final = 32
"""So many files a process may have open of itself."""


def address_space() -> int:
    """Return how many bytes of address space this process has: 0 where it is not known, as elsewhere than on Linux."""
    try:
        return int(Path("/proc/self/statm").read_text(encoding="ascii").split()[0]) * os.sysconf("SC_PAGE_SIZE")
    except (OSError, ValueError):
        return 0


def files_of_others() -> int:
    """Return how far the numbers of open files go beyond those that a process has of itself: what a fork has got.

    It is 0 where it is not known.
    """
    try:
        return max(0, *(int(each) - _FEW for each in os.listdir("/proc/self/fd")))  # noqa: PTH208 - which loads less
    except (OSError, ValueError):
        return 0


@record(frozen=True)
class WorkerLimits:
    """What a worker may use: bytes of address space, seconds of wall time, open files."""

    memory: int = 4 << 30
    seconds: float = 600
    open_files: int = 256
