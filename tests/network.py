"""Machines with a network of their own: three network namespaces at one switch, with PostgreSQL on one of them.

with machines() as (here, there):       # the address of an empty database, from here and from the others
    subprocess.Popen([*inside(FIRST), "command"])
    cut(FIRST, off=True)                # the cable is pulled
"""

from __future__ import annotations

import contextlib
import ctypes
import os
import subprocess
import tempfile
from pathlib import Path
from typing import TYPE_CHECKING

import httpx

from tests.monitoring.conftest import missing, new_database, postgres, program

if TYPE_CHECKING:
    from collections.abc import Iterator

__all__ = ["ADDRESSES", "DATABASE", "FIRST", "SECOND", "FromMachine", "cut", "inside", "machines"]

DATABASE, FIRST, SECOND = "bic-database", "bic-first", "bic-second"
ADDRESSES = {DATABASE: "10.213.86.1", FIRST: "10.213.86.2", SECOND: "10.213.86.3"}
_NETWORK = 0x40000000
_SOON = "connect_timeout=4&keepalives_idle=2&keepalives_interval=1&keepalives_count=3&tcp_user_timeout=6000"
"""A cable that is pulled is noticed after seconds in place of half a minute."""


def _ip(*arguments: str, check: bool = True) -> subprocess.CompletedProcess[str]:
    return subprocess.run([str(program("ip")), *arguments], check=check, capture_output=True, text=True)


def inside(machine: str) -> tuple[str, ...]:
    """Return what stands before a command that is to run on a machine."""
    return (str(program("ip")), "netns", "exec", machine)


def cut(machine: str, *, off: bool) -> None:
    """Pull the cable of a machine, or put it back."""
    _ip("-n", machine, "link", "set", "cable", "down" if off else "up")


@contextlib.contextmanager
def machines() -> Iterator[tuple[str, str]]:
    """Yield how to reach a database: from here by a socket, and from the machines by the network."""
    if program("ip") is None or os.geteuid() != 0:
        missing("the right to make network namespaces (root, iproute2)")
    names = [f"{name}-{os.getpid()}" for name in ADDRESSES]
    if _ip("netns", "add", names[0], check=False).returncode:
        missing("the right to make network namespaces")
    _ip("netns", "del", names[0])
    with _alone():
        yield from _made()


@contextlib.contextmanager
def _alone() -> Iterator[None]:
    """Wait until no other process has machines: they have the same names everywhere."""
    import fcntl

    with (Path(tempfile.gettempdir()) / "bicentennial-machines.lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        yield


def _made() -> Iterator[tuple[str, str]]:
    try:
        for name in ADDRESSES:
            _ip("netns", "del", name, check=False)
            _ip("netns", "add", name)
            _ip("-n", name, "link", "set", "lo", "up")
        _ip("-n", DATABASE, "link", "add", "switch", "type", "bridge")
        _ip("-n", DATABASE, "addr", "add", f"{ADDRESSES[DATABASE]}/24", "dev", "switch")
        _ip("-n", DATABASE, "link", "set", "switch", "up")
        for number, name in enumerate((FIRST, SECOND)):
            _ip("-n", name, "link", "add", "cable", "type", "veth", "peer", "name", f"port{number}", "netns", DATABASE)
            _ip("-n", name, "addr", "add", f"{ADDRESSES[name]}/24", "dev", "cable")
            _ip("-n", name, "link", "set", "cable", "up")
            _ip("-n", DATABASE, "link", "set", f"port{number}", "master", "switch", "up")
        with postgres(inside(DATABASE), ADDRESSES[DATABASE], "10.213.86.0/24") as here:
            url = new_database(here)
            name = url.partition("/registry_")[2].partition("?")[0]
            yield url, f"postgresql://tester@{ADDRESSES[DATABASE]}/registry_{name}?{_SOON}"
    finally:
        for name in ADDRESSES:
            _ip("netns", "del", name, check=False)


class FromMachine(httpx.HTTPTransport):
    """Sends requests from a machine: the sockets of a thread are of the network in which it makes them.

    Args:
        machine: its name.
    """

    def __init__(self, machine: str) -> None:
        super().__init__()
        self._network = Path("/run/netns") / machine

    def handle_request(self, request: httpx.Request) -> httpx.Response:
        with Path("/proc/thread-self/ns/net").open("rb") as before, self._network.open("rb") as there:
            _enter(there.fileno())
            try:
                return super().handle_request(request)
            finally:
                _enter(before.fileno())


def _enter(network: int) -> None:
    libc = ctypes.CDLL(None, use_errno=True)
    if libc.setns(network, _NETWORK) != 0:
        raise OSError(ctypes.get_errno(), "setns")
