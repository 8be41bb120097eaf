"""Reports that visitors of the service keep for some days: each stands under a key of which only the hash is stored.

What is deleted, or has expired, is gone at once; that there was something is remembered for a while, so that the one
who follows an old link learns that, and not that it never existed.

>>> from bicentennial.monitoring.store import connect
>>> database = connect("sqlite:///:memory:", create=True)
>>> expires = keep(database, "key", b"report", days=7)
>>> find(database, "key").content, find(database, "other")
(b'report', None)
>>> delete(database, "key")
>>> find(database, "key").content is None
True
>>> database.close()
"""

from __future__ import annotations

import hashlib
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING, Final, NamedTuple

from bicentennial.core.errors import DiskFullError
from bicentennial.core.messages import sentence
from bicentennial.monitoring.store.dates import now, written

if TYPE_CHECKING:
    from bicentennial.monitoring.store.database import Database

__all__ = ["MOST_BYTES", "Shared", "clear", "delete", "find", "hashed", "keep"]

MOST_BYTES: Final = 2 << 30
"""How much all kept reports may take together."""
_REMEMBERED: Final = timedelta(days=90)


class Shared(NamedTuple):
    """A kept report: until when, and its content; None once it is gone."""

    expires: str
    content: bytes | None


def keep(database: Database, key: str, content: bytes, *, days: int) -> str:
    """Keep a report under a key, and return until when.

    Raises:
        DiskFullError: all that is kept would take too much room.
        DatabaseError: the database is away or read-only.
    """
    expires = written(datetime.now(UTC) + timedelta(days=days))
    with database.transaction():
        _forget(database)
        kept = database.value("SELECT coalesce(sum(length(content)), 0) FROM shared_report")
        if int(kept) + len(content) > MOST_BYTES:
            raise DiskFullError(sentence("error", "disk-full"))
        database.execute(
            "INSERT INTO shared_report(key_sha256, created_at, expires_at, content) VALUES (?, ?, ?, ?)",
            [hashed(key), now(), expires, content],
        )
    return expires


def find(database: Database, key: str) -> Shared | None:
    """Return what is kept under a key; None if there never was anything, or that is long ago."""
    found = database.one("SELECT expires_at, content FROM shared_report WHERE key_sha256 = ?", [hashed(key)])
    if found is None:
        return None
    expires, content = str(found[0]), found[1]
    return Shared(expires, bytes(content) if content is not None and expires > now() else None)


def delete(database: Database, key: str) -> None:
    """Delete what is kept under a key."""
    with database.transaction():
        database.execute("UPDATE shared_report SET content = NULL WHERE key_sha256 = ?", [hashed(key)])
        _forget(database)


def clear(database: Database) -> None:
    """Delete what has expired; without anything to delete nothing is written."""
    if database.value("SELECT 1 FROM shared_report WHERE content IS NOT NULL AND expires_at <= ?", [now()]):
        with database.transaction():
            _forget(database)


def hashed(key: str) -> str:
    """Return what is stored of a key."""
    return hashlib.sha256(key.encode("utf-8", "surrogatepass")).hexdigest()


def _forget(database: Database) -> None:
    """Delete what has expired, and forget what was deleted long ago."""
    database.execute("UPDATE shared_report SET content = NULL WHERE content IS NOT NULL AND expires_at <= ?", [now()])
    long_ago = written(datetime.now(UTC) - _REMEMBERED)
    database.execute("DELETE FROM shared_report WHERE expires_at < ?", [long_ago])
