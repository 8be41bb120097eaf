"""A Virtuoso server of the distribution, in a folder and on ports of its own."""

from __future__ import annotations

import contextlib
import subprocess
import tempfile
import time
import urllib.request
from pathlib import Path
from typing import TYPE_CHECKING, Final

from tests.waiting import free_port

if TYPE_CHECKING:
    from collections.abc import Iterator

__all__ = ["USER", "virtuoso"]

USER: Final = ("dba", "dba")
"""The administrator of a database that was just made."""
_SETTINGS: Final = """
[Database]
DatabaseFile = {folder}/virtuoso.db
ErrorLogFile = {folder}/virtuoso.log
LockFile = {folder}/virtuoso.lck
TransactionFile = {folder}/virtuoso.trx
xa_persistent_file = {folder}/virtuoso.pxa
ErrorLogLevel = 7
FileExtend = 200
MaxCheckpointRemap = 2000
Striping = 0

[TempDatabase]
DatabaseFile = {folder}/temporary.db
TransactionFile = {folder}/temporary.trx
MaxCheckpointRemap = 2000
Striping = 0

[Parameters]
ServerPort = 127.0.0.1:{port}
LiteMode = 0
DisableUnixSocket = 1
ServerThreads = 10
CheckpointInterval = 0
O_DIRECT = 0
NumberOfBuffers = 10000
MaxDirtyBuffers = 6000
DirsAllowed = {folder}
MaxMemPoolSize = 100000000

[HTTPServer]
ServerPort = 127.0.0.1:{http}
ServerRoot = {folder}
MaxClientConnections = 5
ServerThreads = 5
EnabledGzipContent = 0
HTTPLogFile = {folder}/http.log

[SPARQL]
DefaultQueryTimeout = 60
ResultSetMaxRows = 1000000
"""


@contextlib.contextmanager
def virtuoso(program: str) -> Iterator[str]:
    """Start a server, and yield the address at which it serves."""
    with tempfile.TemporaryDirectory(prefix="virtuoso-", ignore_cleanup_errors=True) as folder:
        http = free_port()
        settings = Path(folder) / "virtuoso.ini"
        settings.write_text(_SETTINGS.format(folder=folder, port=free_port(), http=http), encoding="utf-8")
        process = subprocess.Popen(
            [program, "+foreground", "+configfile", str(settings)],
            cwd=folder, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL,
        )  # fmt: skip
        try:
            address = f"http://127.0.0.1:{http}"
            _wait(process, f"{address}/sparql?query=ASK%7B%7D", Path(folder) / "virtuoso.log")
            yield address
        finally:
            process.kill()
            process.wait()


def _wait(process: subprocess.Popen[bytes], address: str, log: Path) -> None:
    end = time.monotonic() + 120
    while time.monotonic() < end and process.poll() is None:
        with contextlib.suppress(OSError), urllib.request.urlopen(address, timeout=5):
            return
        time.sleep(0.2)
    said = log.read_text(encoding="utf-8", errors="replace")[-2_000:] if log.exists() else ""
    raise RuntimeError(f"Virtuoso does not answer: {said}")
