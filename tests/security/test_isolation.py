"""What runs in a worker, and in a database that is locked, harms nothing outside."""

from __future__ import annotations

import re
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from bicentennial import InputError
from bicentennial.core.worker import WorkerLimits
from tests.security.conftest import FAILING, GOOD, HEADER, PREFIXES

if TYPE_CHECKING:
    from collections.abc import Callable

    from bicentennial.report import Report


def test_a_pattern_of_others_that_never_ends_is_stopped(judge: Callable[..., Report], tmp_path: Path) -> None:
    shapes = tmp_path / "shapes.ttl"
    shapes.write_text(
        PREFIXES
        + 'ex:S sh:targetClass bic:Action ; sh:property [ sh:path dcterms:description ; sh:pattern "^(a+)+$" ] .',
        "utf-8",
    )
    content = GOOD.replace('"Train', f'"Train" ; dcterms:description "{"a" * 40}!" ; skos:altLabel "Train')
    assert judge("a.ttl", content, shapes=shapes, engine="compiled").exit_code in (0, 1)
    report = judge("a.ttl", content, shapes=shapes, engine="pyshacl", isolated=True, limits={"seconds": 2.5})
    assert list(report.by_code) == ["limit-reached"]


LOCKED = [
    "SELECT * FROM read_text('/etc/passwd')",
    "SELECT * FROM read_csv('/etc/passwd')",
    "SELECT * FROM glob('/etc/*')",
    "COPY (SELECT 1) TO '/tmp/bicentennial-copied.csv'",
    "ATTACH '/tmp/bicentennial-attached.db' AS other",
    "EXPORT DATABASE '/tmp/bicentennial-exported'",
    "INSTALL httpfs",
    "LOAD httpfs",
    "SELECT * FROM 'http://127.0.0.1:9/a.csv'",
    "SET enable_external_access = true",
    "SET lock_configuration = false",
    "SET allowed_directories = ['/']",
    "SET memory_limit = '100GB'",
    "PRAGMA enable_profiling='json'",
]


@pytest.mark.parametrize("statement", LOCKED)
def test_the_database_is_locked(statement: str) -> None:
    import duckdb

    from bicentennial.storage.duckdb.dataset import DuckDBDataset

    with DuckDBDataset() as dataset, pytest.raises(duckdb.Error):
        dataset.connection.execute(statement)
    written = re.findall(r"'(/tmp/[^']+)'", statement)
    assert not [path for path in written if Path(path).exists()]


def test_values_are_never_run_as_sql(judge: Callable[..., Report]) -> None:
    evil = "'); COPY statements TO '/tmp/bicentennial-copied.csv'; --"
    assert judge("a.csv", f'{HEADER}\n"{evil}","{evil}","{evil}","{evil}"\n').exit_code == 1
    assert judge("b.ttl", FAILING.replace("Train analysts", evil)).exit_code == 1
    assert not Path("/tmp/bicentennial-copied.csv").exists()


def test_a_crash_in_native_code_is_a_sentence(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    from bicentennial.core.worker import call

    (tmp_path / "crashing.py").write_text(
        "def parse():\n import faulthandler; faulthandler.disable()\n import pyoxigraph as ox\n"
        " ox.Store().query('SELECT * {{}' + ' MINUS {}' * 30_000 + '}')\n",
        "utf-8",
    )
    monkeypatch.syspath_prepend(tmp_path)
    with pytest.raises(InputError, match=r"crash \(SIG|memory") as caught:
        call("crashing:parse", limits=WorkerLimits(seconds=20))
    assert caught.value.exit_code == 3
