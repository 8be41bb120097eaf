"""Sessions of browsers: a secret in a cookie stands for a token, until it ends, the token does, or its holder leaves.

Only the hash of the secret is kept, so that a copy of the database opens nothing.
"""

from __future__ import annotations

import hashlib
import secrets
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING, Final

from bicentennial.monitoring.access import tokens
from bicentennial.monitoring.store.dates import now, written

if TYPE_CHECKING:
    from bicentennial.monitoring.access.tokens import Token
    from bicentennial.monitoring.store.database import Database

__all__ = ["HOURS", "end", "holder", "start"]

HOURS: Final = 12
"""After how many hours a session ends."""


def start(database: Database, token: Token) -> str:
    """Begin a session for the holder of a token, and return its secret, which is kept nowhere else."""
    secret = secrets.token_urlsafe(32)
    ends = written(datetime.now(UTC) + timedelta(hours=HOURS))
    with database.transaction():
        database.execute("DELETE FROM session WHERE expires_at < ?", [now()])
        database.execute(
            "INSERT INTO session(key_sha256, token, created_at, expires_at) VALUES (?, ?, ?, ?)",
            [_hash(secret), token.id, now(), ends],
        )
    return secret


def holder(database: Database, secret: str) -> Token | None:
    """Return the token for which a session stands; None if it has ended, or the token opens nothing any more."""
    found = database.value("SELECT token FROM session WHERE key_sha256 = ? AND expires_at >= ?", [_hash(secret), now()])
    return tokens.usable(database, str(found)) if found is not None else None


def end(database: Database, secret: str) -> None:
    """End a session."""
    with database.transaction():
        database.execute("DELETE FROM session WHERE key_sha256 = ?", [_hash(secret)])


def _hash(secret: str) -> str:
    return hashlib.sha256(secret.encode("utf-8", "surrogatepass")).hexdigest()
