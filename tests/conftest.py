"""Files for the intake to read, written for each test, and what the tests ask of what it read."""

from __future__ import annotations

import gc
import os
import re
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest
from hypothesis import HealthCheck, settings

from bicentennial.core.namespaces import compact
from bicentennial.intake import Submission, read

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from playwright.sync_api import Browser

    from bicentennial.core.findings import Finding
    from tests.serving import Filled

Said = tuple[str, str, int, str, int | None, int | None, int | None]

# Whatever is set elsewhere: the processes that tests start, hundreds of them, would compile every module again.
sys.dont_write_bytecode = False
os.environ.pop("PYTHONDONTWRITEBYTECODE", None)

# Until all is collected: nearly everything that is made by then stays.
gc.disable()

# How long an example takes says more of the machine than of what is tested.
settings.register_profile("tests", settings.default, deadline=None, suppress_health_check=[HealthCheck.too_slow])
settings.load_profile("tests")

# What takes longest starts first, so that no process is left with it at the end. What needs Spark not to run goes
# before what starts it.
FIRST = (
    "spark/test_without_spark",
    "spark/test_same_findings",
    "validation/test_large",
    "security/test_ways",
    "service/test_hostile",
    "service/test_check_cases",
    "browser/test_pages",
    "explorer/test_browser",
    "shapes/test_examples",
    "validation/test_same_verdict",
    "explorer/test_export",
)


def pytest_xdist_auto_num_workers() -> int:
    """Return one process more than there are processors: many tests wait for a service, a browser or Spark."""
    return int(os.environ.get("PYTEST_XDIST_AUTO_NUM_WORKERS", (os.cpu_count() or 1) + 1))


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Put some files first, as said above; the rest stays in its order."""
    ranks = {Path(__file__).parent / f"{name}.py": rank for rank, name in enumerate(FIRST)}
    items.sort(key=lambda item: ranks.get(item.path, len(ranks)))


def pytest_collection_finish() -> None:
    """Leave what was collected, a million objects, out of every later search for circles."""
    gc.collect()
    gc.freeze()
    gc.enable()


@pytest.fixture
def taken() -> Callable[[str], str]:
    """Return a function that takes up the declarations of a proposed mapping."""
    return lambda proposal: re.sub(r"(?m)^# (\[\[declare\]\]|as = |name = |id = )", r"\1", proposal)


class Told:
    """A submission, asked as tests like to."""

    def __init__(self, submission: Submission) -> None:
        self.submission = submission
        self.findings: list[Finding] = submission.findings

    def found(self) -> list[tuple[str, str | int | None]]:
        """Return each finding's code with its cell, pointer, line or row."""
        return [
            (each.code, each.location.cell or each.location.pointer or each.location.line or each.location.row)
            for each in self.findings
        ]

    def said(self, local: str) -> list[Said]:
        """Return subject, value, kind, language or type, row, column and item of a property, in order."""
        rows = self.submission.dataset.connection.execute(
            "SELECT s, o, kind, CASE WHEN lang <> '' THEN lang ELSE dt END, row, col, item FROM statements"
            " WHERE substr(p, -length(?1)) = ?1 ORDER BY sheet IS NULL, sheet, row, col, item, s, o",
            [local],
        ).fetchall()
        return [
            (s.rpartition(":")[2] if s.startswith("urn:") else s, compact(o), kind, compact(dt), *rest)
            for s, o, kind, dt, *rest in rows
        ]

    def values(self, local: str) -> list[str]:
        """Return the values of a property in order."""
        return [each[1] for each in self.said(local)]

    def place(self, s: str, p: str | None = None, o: str | None = None) -> tuple[Any, ...]:
        """Return the sheet, cell or row, line and pointer of a statement."""
        at = self.submission.origins.locate(s, p, o)
        return at.sheet, at.cell or at.row, at.line, at.pointer


@pytest.fixture
def reads(tmp_path: Path) -> Callable[..., Told]:
    """Return a function that writes content under a name and reads the file, which must not change it."""

    def write_and_read(name: str, content: str | bytes, **options: Any) -> Told:
        path = tmp_path / name
        path.write_bytes(content.encode() if isinstance(content, str) else content)
        before = path.read_bytes()
        try:
            return Told(read(path, **{"sqlite": True, **options}))
        finally:
            assert path.read_bytes() == before

    return write_and_read


@pytest.fixture(scope="session")
def browser() -> Iterator[Browser]:
    """Yield a running browser; there is one for all tests of a process."""
    from tests.browsing import browsing

    with browsing() as running:
        yield running


@pytest.fixture(scope="session")
def filled(tmp_path_factory: pytest.TempPathFactory) -> Filled:
    """Return a registry that has something in every state; copy it, do not write to it."""
    from tests.serving import Filled, fill

    path = tmp_path_factory.mktemp("filled") / "registry.sqlite"
    return Filled(path, fill(path))


@pytest.fixture(scope="session")
def exported(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return the folder of a static site, written once for all processes of a run.

    What the command said, on standard output and standard error, stands in a file beside it.
    """

    import contextlib
    import io

    from bicentennial.cli import main
    from tests.sharing import made_once

    def write(folder: Path) -> None:
        with contextlib.redirect_stdout(io.StringIO()) as out, contextlib.redirect_stderr(io.StringIO()) as error:
            main(["export", "site", str(folder / "site"), "--base", "https://example.org/framework/", "--lang", "es"])
        (folder / "site.said").write_text(f"{out.getvalue()}|{error.getvalue()}", encoding="utf-8")

    return made_once(tmp_path_factory, "static-site", write) / "site"
