"""How many queries a page takes does not grow with the datasets of the registry."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from starlette.testclient import TestClient

from bicentennial.monitoring.registry import open_registry
from bicentennial.monitoring.store.sqlite import Sqlite
from bicentennial.service.app import create_app
from bicentennial.service.settings import Settings
from tests.serving import EXAMPLES

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

    import pytest

PAGES = (
    "/en/registry/ngo-0/actions",
    "/en/registry/ngo-0/actions/2",
    "/en/registry/ngo-0/actions/action/A-001",
    "/feed/ngo-0/actions.atom",
    *(f"/en/{name}" for name in ("progress", "deadlines", "indicators", "gaps", "submitters")),
)


def _asked(folder: Path, datasets: int, monkeypatch: pytest.MonkeyPatch) -> dict[str, list[str]]:
    """Return the queries of each page, in a registry of so many datasets that have changed once each."""
    good = (EXAMPLES / "good.csv").read_bytes()
    path = folder / f"{datasets}.sqlite"
    with open_registry(path, create=True) as registry:
        for number in range(datasets):
            registry.add_party(f"ngo-{number}", name=f"NGO {number} (fictitious)", actor="office")
            for issued, data in (("2024-03", good), ("2024-06", good.replace(b"ongoing", b"completed"))):
                registry.submit(data, name="q.csv", submitter=f"ngo-{number}", dataset="actions", issued=issued)
        assert len(registry.changes(submitter="ngo-0")) == len(registry.changes()) / datasets > 0
    asked: list[str] = []
    run = Sqlite._run

    def counted(self: Sqlite, sql: str, parameters: Sequence[Any]) -> Any:
        asked.append(sql)
        return run(self, sql, parameters)

    found = {}
    with monkeypatch.context() as patched, TestClient(create_app(Settings(registry=str(path)))) as client:
        patched.setattr(Sqlite, "_run", counted)
        for page in PAGES:
            asked.clear()
            assert client.get(page, headers={"Host": "localhost"}).status_code == 200, page
            found[page] = [*asked]
    return found


def test_pages_take_no_more_queries_for_more_datasets(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    alone, beside_others = (_asked(tmp_path, datasets, monkeypatch) for datasets in (1, 4))
    assert all(alone.values())
    assert {page: len(queries) for page, queries in alone.items()} == {
        page: len(queries) for page, queries in beside_others.items()
    }
