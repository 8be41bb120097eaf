"""The scripts that make and change the tables: in order, without a gap, and from any version to the last."""

from __future__ import annotations

from random import Random
from string import ascii_letters

import pytest

from bicentennial.monitoring.registry import open_registry
from bicentennial.monitoring.store.database import migrations

from .conftest import new_database


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


def test_a_registry_of_postgresql_takes_long_texts_once_it_is_up_to_date(server: str) -> None:
    url = new_database(server)
    with open_registry(url, create=True) as registry, registry.database.transaction():
        registry.add_party("ngo")
        registry.set_dataset("ngo/a")
        registry.database.execute("DROP INDEX subject_of_name")
        registry.database.execute("ALTER TABLE subject ADD CONSTRAINT subject_dataset_name_key UNIQUE (dataset, name)")
        registry.database.execute("ALTER TABLE link ADD CONSTRAINT link_pkey PRIMARY KEY (record, property, target)")
        registry.database.execute("UPDATE meta SET value = '3' WHERE key = 'version'")
    name = "".join(Random(1).choices(ascii_letters, k=20_000))  # cannot be compressed
    with open_registry(url) as registry, registry.database.transaction():
        registry.database.execute("INSERT INTO subject(dataset, name) VALUES (1, ?)", [name])
        registry.database.execute("INSERT INTO link(record, property, target) VALUES (1, 'bic:hasPartner', ?)", [name])
