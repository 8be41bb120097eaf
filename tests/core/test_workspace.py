"""Private folders: they go with their owner, and those of the dead with the next."""

from __future__ import annotations

import os
import re
import signal
import subprocess
import sys
import tempfile
from pathlib import Path

import pytest

from bicentennial.core.files.output import atomic_path
from bicentennial.core.files.workspace import Workspace, locked, sweep

pytestmark = pytest.mark.skipif(sys.platform == "win32", reason="without locks nothing is swept")

KEPT = (
    "from bicentennial.core.files.workspace import Workspace; import time; "
    "s = Workspace(); print(s.path, flush=True); time.sleep(60)"
)


# Reports what a run makes and where, its workers too.
WATCHED = """
import os, sys
place = os.environ["TMPDIR"]
def watch(event, arguments):
    if event in ("open", "os.mkdir") and str(arguments[0]).startswith(place):
        os.write(1, f"{arguments[0]}\\n".encode())
sys.addaudithook(watch)
from bicentennial.cli import main
main(sys.argv[1:])
"""


@pytest.fixture(autouse=True)
def place(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setattr(tempfile, "tempdir", str(tmp_path))
    monkeypatch.setattr("bicentennial.core.files.workspace._swept", set())
    return tmp_path


def _owner(place: Path) -> tuple[subprocess.Popen[bytes], Path]:
    process = subprocess.Popen(
        [sys.executable, "-c", KEPT], stdout=subprocess.PIPE, env={**os.environ, "TMPDIR": str(place)}
    )
    assert process.stdout is not None
    return process, Path(process.stdout.readline().decode().strip())


def test_a_folder_is_private_and_goes_when_it_is_closed_or_forgotten(place: Path) -> None:
    scratch = Workspace()
    assert scratch.path.stat().st_mode & 0o777 == 0o700
    (scratch.path / "inside").mkdir()
    scratch.close()
    scratch.close()
    Workspace()
    assert list(place.iterdir()) == []


def test_the_folder_of_who_was_killed_goes_with_the_next_and_that_of_the_living_stays(place: Path) -> None:
    dead, left = _owner(place)
    living, kept = _owner(place)
    try:
        (left / "file").write_text("x", "utf-8")
        dead.send_signal(signal.SIGKILL)
        dead.wait()
        assert left.is_dir()
        with Workspace() as scratch:
            assert sorted(place.iterdir()) == sorted([kept, scratch.path])
    finally:
        for process in (dead, living):
            process.kill()
            process.communicate()


@pytest.mark.parametrize("suffix", [".csv", ".xlsx", ".json", ".ttl"])
def test_a_run_makes_nothing_that_the_next_would_not_know_for_ours(place: Path, suffix: str) -> None:
    # `tempfile` finds its place by writing a file of any name there, which stays if the process is killed then.
    source = Path(__file__).parents[2] / "examples" / "submissions" / f"good{suffix}"
    command = [sys.executable, "-c", WATCHED, "validate", str(source), "--output", os.devnull]
    done = subprocess.run(command, stdout=subprocess.PIPE, env={**os.environ, "TMPDIR": str(place)}, check=True)
    made = [Path(line).relative_to(place).parts[0] for line in done.stdout.decode().splitlines()]
    assert made
    assert {bool(re.fullmatch(r"bicentennial-run-[a-z0-9_]{8}", name)) for name in made} == {True}


def test_the_first_place_that_can_be_written_to_is_taken(place: Path) -> None:
    code = "from bicentennial.core.files.workspace import Workspace; print(Workspace().path.parent)"
    places = {"TMPDIR": str(place / "none"), "TEMP": "", "TMP": str(place)}
    done = subprocess.run(
        [sys.executable, "-c", code], stdout=subprocess.PIPE, env={**os.environ, **places}, check=True
    )
    assert done.stdout.decode().strip() == str(place)


def test_only_folders_of_ours_are_swept(place: Path) -> None:
    (place / "bicentennial-main").mkdir()
    (place / "bicentennial-run-1").mkdir()
    (place / "bicentennial-run-abcdefgh").write_text("a file", "utf-8")
    (place / "bicentennial-run-linklink").symlink_to(place / "bicentennial-main")
    (place / "bicentennial-run-abandone").mkdir()
    sweep(str(place))
    assert sorted(each.name for each in place.iterdir()) == [
        "bicentennial-main",
        "bicentennial-run-1",
        "bicentennial-run-abcdefgh",
        "bicentennial-run-linklink",
    ]


def test_a_fork_does_not_remove_the_folder_of_its_parent() -> None:
    with Workspace() as scratch:
        child = os.fork()
        if child == 0:
            scratch.close()
            os._exit(0)
        os.waitpid(child, 0)
        assert scratch.path.is_dir()


def test_a_lock_is_held_once(place: Path) -> None:
    held = locked(place)
    assert held is not None
    assert locked(place) is None
    os.close(held)
    again = locked(place)
    assert again is not None
    os.close(again)
    assert locked(place / "none") is None


@pytest.mark.parametrize("has_names", [True, False])
def test_what_replaces_a_private_file_is_private(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, has_names: bool
) -> None:
    if has_names:
        monkeypatch.delattr(os, "O_TMPFILE", raising=False)
    target = tmp_path / "report.json"
    for mode in (0o600, 0o640):
        target.write_text("old", encoding="utf-8")
        target.chmod(mode)
        with atomic_path(target) as path:
            path.write_text("new", encoding="utf-8")
        assert (target.read_text(encoding="utf-8"), target.stat().st_mode & 0o777) == ("new", mode)
