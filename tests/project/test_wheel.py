"""The built wheel, alone in an environment of its own and without network, does the main job."""

from __future__ import annotations

import json
import shutil
import subprocess
import sys
import sysconfig
import venv
from importlib.metadata import version
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]

NO_NETWORK = """
import sys
def refuse(event, arguments):
    if event in ("socket.connect", "socket.getaddrinfo", "urllib.Request"):
        raise RuntimeError(f"the network was asked for: {event} {arguments}")
sys.addaudithook(refuse)
"""


def isolation() -> list[str]:
    """A network namespace without interfaces, where the system lets us have one; Python's sockets are closed anyway."""
    command = ["unshare", "--map-root-user", "--net"]
    if shutil.which("unshare") and subprocess.run([*command, "true"], capture_output=True, check=False).returncode == 0:
        return command
    return []


@pytest.fixture(scope="module")
def python(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """An interpreter that has the wheel, and the dependencies of this run beside it, but not the checkout."""
    place = tmp_path_factory.mktemp("wheel")
    built = subprocess.run(
        [sys.executable, "-m", "build", "--wheel", "--no-isolation", "--outdir", str(place), str(ROOT)],
        capture_output=True,
        text=True,
        check=False,
    )
    assert built.returncode == 0, built.stderr
    (wheel,) = place.glob("bicentennial-*.whl")
    environment = place / "environment"
    venv.create(environment, with_pip=False, symlinks=True)
    (site,) = environment.glob("lib/python*/site-packages")
    subprocess.run(
        [
            sys.executable,
            "-m",
            "pip",
            "install",
            "--quiet",
            "--no-index",
            "--no-deps",
            "--target",
            str(site),
            str(wheel),
        ],
        check=True,
        capture_output=True,
    )
    # A plain path line adds this run's packages without its .pth files, so without the editable checkout.
    (site / "dependencies.pth").write_text(sysconfig.get_path("purelib"), encoding="utf-8")
    (site / "sitecustomize.py").write_text(NO_NETWORK, encoding="utf-8")
    return environment / "bin" / "python"


def run(python: Path, *arguments: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [*isolation(), str(python), *arguments], cwd=python.parent, capture_output=True, text=True, check=False
    )


def test_the_package_comes_from_the_wheel(python: Path) -> None:
    done = run(python, "-c", "import bicentennial; print(bicentennial.__file__)")
    assert Path(done.stdout.strip()).is_relative_to(python.parents[1]), done.stderr


def test_the_version_is_that_of_the_wheel(python: Path) -> None:
    code = "import bicentennial, sys; print(bicentennial.__version__, 'importlib.metadata' in sys.modules)"
    assert run(python, "-c", code).stdout.split() == [version("bicentennial"), "False"]


def test_validate(python: Path) -> None:
    where = run(python, "-c", "from bicentennial.core.resources import directory; print(directory('submissions'))")
    folder = Path(where.stdout.strip())
    assert folder.is_relative_to(python.parents[1]), where.stderr
    good = run(python, "-m", "bicentennial", "validate", str(folder / "good.csv"), "--format", "json")
    assert good.returncode == 0, good.stderr + good.stdout
    faulty = run(python, "-m", "bicentennial", "validate", str(folder / "faulty.csv"), "--format", "json")
    assert faulty.returncode == 1, faulty.stderr
    assert json.loads(faulty.stdout)["conforms"] is False


def test_query(python: Path) -> None:
    done = run(python, "-m", "bicentennial", "query", "actions-by-goal", "--param", "goal=prevent", "--format", "csv")
    assert done.returncode == 0, done.stderr
    assert len(done.stdout.splitlines()) > 5


def test_the_static_site_needs_nothing_of_the_service(python: Path, tmp_path: Path) -> None:
    absent = "import sys; sys.modules.update(dict.fromkeys(('starlette', 'fastapi', 'uvicorn')))"
    code = f"{absent}; import bicentennial; bicentennial.export('site', sys.argv[1])"
    done = run(python, "-c", code, str(tmp_path / "site"))
    assert done.returncode == 0, done.stderr
    page = (tmp_path / "site" / "es" / "id" / "goal-protect-our-people.html").read_text(encoding="utf-8")
    assert "Proteger a nuestra gente" in page
    loaded = {"base.css", "explorer.css", "explorer.js", "icon.svg", "search-en.js", "search-es.js", "theme.css"}
    assert {path.name for path in (tmp_path / "site" / "static").iterdir()} == loaded
    assert "<svg" in (tmp_path / "site" / "en" / "explore" / "map.html").read_text(encoding="utf-8")
