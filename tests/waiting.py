"""Waiting for what happens elsewhere, long enough for a machine with other work, and ports that are free."""

from __future__ import annotations

import os
import socket
import time
from pathlib import Path
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from collections.abc import Callable

__all__ = ["PATIENCE", "free_port", "until", "within"]

PATIENCE: Final = 60.0
"""Seconds after which what has not happened will not happen."""


def within(condition: Callable[[], bool], seconds: float = PATIENCE) -> bool:
    """Return whether something comes true in time."""
    deadline, pause = time.monotonic() + seconds, 0.005
    while not condition():
        if time.monotonic() > deadline:
            return False
        time.sleep(pause)
        pause = min(1.2 * pause, 0.2)
    return True


def until(condition: Callable[[], bool], seconds: float = PATIENCE) -> None:
    """Wait until something is so, which it must be in time."""
    assert within(condition, seconds)


def free_port() -> int:
    """Return a port for a program that cannot choose one itself.

    It is none of those that the system gives out by itself: until the program takes it, another process might get it.
    """
    first, last = 20_000, 32_000
    given = Path("/proc/sys/net/ipv4/ip_local_port_range")
    if given.exists():
        last = min(last, int(given.read_text("ascii").split()[0]))
    start = os.getpid() * 37
    for number in range(last - first):
        port = first + (start + number) % (last - first)
        if port in _given:
            continue
        with socket.socket() as probe:
            try:
                probe.bind(("127.0.0.1", port))
            except OSError:
                continue
        _given.add(port)
        return port
    raise OSError("no port is free")


_given: Final[set[int]] = set()
