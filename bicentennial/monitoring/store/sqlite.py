"""A registry in one file of SQLite: in WAL mode, on a local disk, every commit written through."""

from __future__ import annotations

import contextlib
import errno
import os
import sqlite3
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

from bicentennial.core.errors import DiskFullError
from bicentennial.core.files.output import unwritten
from bicentennial.monitoring.store import problems
from bicentennial.monitoring.store.database import APPEND_ONLY, Database, Dialect

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from bicentennial.core.errors import BicentennialError

__all__ = ["Sqlite"]

_TIMEOUT: Final = 30.0
_NETWORK: Final = frozenset({"nfs", "nfs4", "cifs", "smb3", "smbfs", "afs", "ceph", "glusterfs", "fuse.sshfs", "9p"})
"""File systems whose locks SQLite cannot trust."""
MOUNTS: Final = Path("/proc/self/mounts")
"""Where the system says what is mounted, on Linux."""


class Sqlite(Database):
    """A connection to a registry in one file."""

    dialect = Dialect("BLOB", "INTEGER PRIMARY KEY AUTOINCREMENT", " WITHOUT ROWID", "-- ")
    errors = (sqlite3.Error,)

    def __init__(self, path: str, *, create: bool) -> None:
        self.path = path
        if path != ":memory:":
            self._look_at_place(create=create)
        with self._translated():
            self._connection = sqlite3.connect(
                self._unwritable() or path,
                isolation_level=None,
                timeout=_TIMEOUT,
                check_same_thread=False,
                uri=True,
            )
            # A changed byte must not keep `verify` from looking at the rest.
            self._connection.text_factory = lambda data: str(data, "utf-8", "replace")
            self._connection.execute(f"PRAGMA busy_timeout = {int(_TIMEOUT * 1000)}")
            self._connection.execute("PRAGMA foreign_keys = ON")
            if create:
                self._connection.execute("PRAGMA journal_mode = WAL")
            self._connection.execute("PRAGMA synchronous = FULL")
            # What is redacted is overwritten, which not every build of SQLite does by itself.
            self._connection.execute("PRAGMA secure_delete = ON")

    def _unwritable(self) -> str | None:
        """Return the address of a file on a read-only disk, which SQLite opens as immutable; None of any other."""
        place = Path(self.path)
        if self.path == ":memory:" or os.access(place.absolute().parent, os.W_OK):
            return None
        log = place.with_name(f"{place.name}-wal")
        if not place.exists() or (log.exists() and log.stat().st_size):
            return None
        return f"{place.absolute().as_uri()}?immutable=1"

    def _look_at_place(self, *, create: bool) -> None:
        place = Path(self.path)
        try:
            exists, folder = place.exists(), place.is_dir()
        except (OSError, ValueError) as error:
            raise problems.usage("no-registry", registry=self.path) from error
        if not create and (folder or not exists):
            raise problems.usage("no-registry", registry=self.path)
        if create and exists and (not place.is_file() or place.stat().st_size):
            raise problems.usage("exists", registry=self.path)
        if create and not place.absolute().parent.is_dir():
            raise problems.usage("no-folder", registry=self.path)
        if (kind := _file_system(place.absolute())) in _NETWORK:
            raise problems.usage("network-drive", registry=self.path, kind=kind)

    def _run(self, sql: str, parameters: Sequence[Any]) -> Any:
        return self._connection.execute(sql, parameters)

    def _run_many(self, sql: str, rows: Iterable[Sequence[Any]]) -> None:
        self._connection.executemany(sql, rows)

    def _begin(self) -> None:
        self._run("BEGIN IMMEDIATE", ())

    def _read(self) -> None:
        self._run("BEGIN", ())

    def _news(self) -> object:
        return self.value("PRAGMA data_version")

    def damage(self) -> list[str]:
        """See `Database.damage`."""
        try:
            found = self._run("PRAGMA integrity_check", ()).fetchall()
        except sqlite3.DatabaseError as error:
            return [str(error)]
        return [text for (text,) in found if text != "ok"]

    def _version(self) -> int:
        with self._translated():
            if not self._run("SELECT 1 FROM sqlite_master WHERE type = 'table' AND name = 'meta'", ()).fetchone():
                return 0
            row = self._run("SELECT value FROM meta WHERE key = 'version'", ()).fetchone()
        return int(row[0]) if row else 0

    def _guard(self) -> None:
        for table in APPEND_ONLY:
            allowed = {
                "blob": "OLD.sha NOT IN (SELECT sha FROM redacted)",
                "record": "OLD.sha NOT IN (SELECT sha FROM redacted)",
            }.get(table, "1")
            for verb in ("UPDATE", "DELETE"):
                self._run(
                    f'CREATE TRIGGER "{table}_no_{verb.lower()}" BEFORE {verb} ON "{table}" WHEN {allowed} BEGIN '
                    f"SELECT RAISE(ABORT, '{table} is append-only'); END",
                    (),
                )

    def _problem(self, error: Exception) -> BicentennialError:
        text = str(error)
        if "locked" in text or "busy" in text:
            return problems.conflict("busy")
        # Beside a file that is open lies one that its readers need too, of 32 kB.
        if "full" in text or getattr(error, "sqlite_errorname", "") == "SQLITE_IOERR_SHMSIZE":
            return problems.full()
        if "readonly" in text or "unable to open" in text:
            return problems.database("read-only", registry=self.path)
        if "not a database" in text or "malformed" in text:
            return problems.database("damaged", registry=self.path)
        if "append-only" in text:
            return problems.database("append-only", what=text.partition(" ")[0])
        return problems.database("failed", why=text)

    def copy_to(self, target: Path) -> None:
        """Write a consistent copy of the whole database into a new file; nothing is left of one that is not whole."""
        try:
            target.open("xb").close()  # so that the name is ours
        except FileExistsError as error:
            raise problems.usage("exists", registry=str(target)) from error
        except OSError as error:
            raise unwritten(target, error) from error
        try:
            self.execute("VACUUM INTO ?", [str(target)])
        except BaseException as error:
            with contextlib.suppress(OSError):
                target.unlink()
            if isinstance(error, DiskFullError):  # of the copy
                raise unwritten(target, OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))) from error
            raise


def _file_system(path: Path) -> str:
    """Return the kind of the file system that a path is on, or nothing where the system does not say."""
    best, kind = "", ""
    try:
        mounts = MOUNTS.read_text(encoding="utf-8", errors="replace")
    except OSError:
        return ""
    place = str(path.resolve())
    for line in mounts.splitlines():
        fields = line.split()
        if len(fields) < 3:
            continue
        point = fields[1].replace("\\040", " ")
        inside = place == point or place.startswith(point.rstrip("/") + "/")
        if inside and len(point) >= len(best):
            best, kind = point, fields[2]
    return kind
