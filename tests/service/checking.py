"""What tests of the check page have in common: a file sent as the form sends it, and the processes of a service."""

from __future__ import annotations

import contextlib
import os
import re
import signal
import time
from pathlib import Path
from typing import TYPE_CHECKING

from tests.serving import EXAMPLES

if TYPE_CHECKING:
    from collections.abc import Iterator

    import httpx

    from tests.serving import Service

__all__ = ["children", "fork_server", "report_of", "runs", "send", "stopped", "text_of", "workers"]

HTML = {"Accept": "text/html,application/xhtml+xml"}


def send(client: httpx.Client, name: str, content: bytes | None = None, lang: str = "en") -> httpx.Response:
    """Send a file with the form and return the answer, which leads to the check; without content an example."""
    data = (EXAMPLES / name).read_bytes() if content is None else content
    return client.post(f"/{lang}/", files={"file": (name, data)}, headers=HTML)


def report_of(client: httpx.Client, address: str) -> str:
    """Follow a check to its report as a browser without scripts does, and return the page."""
    deadline = time.monotonic() + 90
    while time.monotonic() < deadline:
        page = client.get(address, headers=HTML)
        assert page.status_code == 200, page.text
        if 'http-equiv="refresh"' not in page.text:
            return page.text
        time.sleep(0.1)
    raise AssertionError("the check does not end")


def text_of(page: str) -> str:
    """Return what a page says, without its elements."""
    return " ".join(re.sub(r"<[^>]*>", " ", page).split())


def runs(pid: int) -> bool:
    """Return whether a process is there and no zombie."""
    with contextlib.suppress(OSError):
        return Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0] != "Z"
    return False


def children(pid: int) -> list[int]:
    """Return the processes that a process, in any of its threads, has started, and those that they have."""
    found: list[int] = []
    with contextlib.suppress(OSError):
        for task in Path(f"/proc/{pid}/task").iterdir():
            found += map(int, (task / "children").read_text().split())
    return [*found, *(each for child in found for each in children(child))]


def fork_server(service: Service) -> int:
    """Return the process that forks the workers of checks: the one that has loaded the validator."""
    for pid in children(service.process.pid):
        maps = Path(f"/proc/{pid}/maps").read_text()
        if "rapidfuzz" in maps and os.getpgid(pid):
            return pid
    raise AssertionError("there is no fork server of checks")


def workers(service: Service) -> list[int]:
    """Return the workers that are at work on checks."""
    return children(fork_server(service))


@contextlib.contextmanager
def stopped(pid: int) -> Iterator[None]:
    """Hold a process for the length of the block, so that what it should do waits."""
    os.kill(pid, signal.SIGSTOP)
    try:
        yield
    finally:
        with contextlib.suppress(ProcessLookupError):
            os.kill(pid, signal.SIGCONT)
