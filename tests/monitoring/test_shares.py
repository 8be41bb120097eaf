"""Kept reports, in both databases: bytes come back as they were, until their day or until they are deleted."""

from __future__ import annotations

import random
from typing import TYPE_CHECKING

import pytest

from bicentennial.core.errors import DiskFullError
from bicentennial.monitoring.access import shares

if TYPE_CHECKING:
    from bicentennial.monitoring.registry import Registry


def test_kept_until_deleted_or_expired(registry: Registry, monkeypatch: pytest.MonkeyPatch) -> None:
    content = random.Random(5).randbytes(300_000)
    database = registry.database
    first = shares.keep(database, "first", content, days=7)
    second = shares.keep(database, "second", b"2", days=30)
    assert first < second
    assert shares.find(database, "first") == (first, content)
    assert shares.find(database, "third") is None
    stored = repr(database.all("SELECT key_sha256, created_at, expires_at FROM shared_report"))
    assert "first" not in stored

    shares.delete(database, "first")
    assert shares.find(database, "first") == (first, None)
    assert database.value("SELECT count(*) FROM shared_report WHERE content IS NOT NULL") == 1

    # On its day it is gone, whether or not anything was cleared away; the next that is kept clears it away.
    database.execute("UPDATE shared_report SET expires_at = ?", ["2026-01-01T00:00:00.000000Z"])
    gone = shares.find(database, "second")
    assert gone is not None
    assert gone.content is None
    shares.keep(database, "third", b"3", days=7)
    assert database.value("SELECT count(*) FROM shared_report WHERE content IS NOT NULL") == 1

    monkeypatch.setattr(shares, "MOST_BYTES", 10)
    with pytest.raises(DiskFullError):
        shares.keep(database, "fourth", b"more than is left", days=7)
    assert shares.find(database, "fourth") is None
    assert registry.verify() == []
