"""The scripts that make and change the tables: in order, without a gap, and from any version to the last."""

from __future__ import annotations

import pytest

from bicentennial.monitoring.registry import open_registry
from bicentennial.monitoring.store.database import migrations


def test_scripts_are_numbered_without_a_gap() -> None:
    assert [number for number, _ in migrations()] == list(range(1, len(migrations()) + 1))


@pytest.mark.parametrize("table", ["session", "outbox"])
def test_a_registry_of_the_first_version_is_brought_up_to_date(url: str, table: str) -> None:
    with open_registry(url, create=True) as registry, registry.database.transaction():
        for each in ("session", "outbox", "shared_report"):
            registry.database.execute(f"DROP TABLE {each}")
        registry.database.execute("UPDATE meta SET value = '1' WHERE key = 'version'")
    with open_registry(url) as registry:
        assert registry.database.value("SELECT value FROM meta WHERE key = 'version'") == str(len(migrations()))
        assert registry.database.all(f"SELECT * FROM {table}") == []
