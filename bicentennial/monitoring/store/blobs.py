"""Files and reports, stored once under the SHA-256 of their bytes, compressed and in pieces of a mebibyte."""

from __future__ import annotations

import hashlib
import zlib
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from bicentennial.monitoring.store.database import Database

__all__ = ["get", "put", "sha_of"]

_PIECE: Final = 1 << 20


def sha_of(data: bytes) -> str:
    """Return the SHA-256 of bytes in hexadecimal digits."""
    return hashlib.sha256(data).hexdigest()


def put(database: Database, data: bytes) -> str:
    """Store bytes unless they are there already, and return their SHA-256."""
    sha = sha_of(data)
    if database.value("SELECT 1 FROM blob WHERE sha = ? AND piece = 0", [sha]) is None:
        packed = zlib.compress(data)
        pieces = [packed[start : start + _PIECE] for start in range(0, len(packed), _PIECE)]
        database.executemany(
            "INSERT INTO blob(sha, piece, bytes) VALUES (?, ?, ?) ON CONFLICT DO NOTHING",
            [(sha, number, piece) for number, piece in enumerate(pieces)],
        )
    return sha


def get(database: Database, sha: str) -> bytes | None:
    """Return the bytes of a SHA-256; None where they are not there, or not what they were."""
    pieces = database.all("SELECT piece, bytes FROM blob WHERE sha = ? ORDER BY piece", [sha])
    if not pieces or [number for number, _ in pieces] != list(range(len(pieces))):
        return None
    try:
        data = zlib.decompress(b"".join(bytes(piece) for _, piece in pieces))
    except (zlib.error, TypeError):  # a text where bytes were
        return None
    return data if sha_of(data) == sha else None
