"""Whatever ends a run, and whenever: inputs stay as they were, output is there whole or not at all, nothing is left."""

from __future__ import annotations

import contextlib
import json
import os
import signal
import subprocess
import sys
import time
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

from bicentennial.cli import main
from tests.security.conftest import HEADER, TABLE
from tests.waiting import PATIENCE, until

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

pytestmark = pytest.mark.skipif(sys.platform != "linux", reason="the processes of a run are found through /proc")

SLOW = "SELECT (COUNT(*) AS ?n) { ?a ?b ?c . ?d ?e ?f . ?g ?h ?i . ?j ?k ?l }"
BEFORE = "what was there before"


class Place:
    """A folder with a large table, one for results, and one for temporary files, which must be empty in the end."""

    def __init__(self, folder: Path) -> None:
        self.temporary, self.results = folder / "temporary", folder / "results"
        self.temporary.mkdir(parents=True)
        self.results.mkdir()
        self.large = folder / "large.csv"
        rows = (f"A-{n},Train analysts {n},{'G1' if n % 3 else 'none'},OFAC\n" for n in range(10_000))
        self.large.write_text(f"{HEADER}\n{''.join(rows)}", "utf-8")

    def start(self, *arguments: str, **options: Any) -> subprocess.Popen[bytes]:
        """Start the command line."""
        return subprocess.Popen(
            [sys.executable, "-m", "bicentennial", *arguments],
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            env={**os.environ, "TMPDIR": str(self.temporary)},
            **options,
        )

    def processes(self) -> list[int]:
        """Return the processes of all runs that are still there, by what they have in their environment."""
        found = []
        for path in Path("/proc").glob("[0-9]*/environ"):
            with contextlib.suppress(OSError):
                if f"TMPDIR={self.temporary}".encode() in path.read_bytes().split(b"\0"):
                    found.append(int(path.parent.name))
        return sorted(found)

    def await_working(self, process: subprocess.Popen[bytes]) -> list[int]:
        """Wait until the supervisor and the worker of a run are there; return both."""
        until(lambda: len(self.processes()) == 3)
        return [each for each in self.processes() if each != process.pid]

    def check_nothing_is_left(self) -> None:
        until(lambda: not self.processes())
        assert [each.name for each in self.temporary.iterdir()] == []


@pytest.fixture
def place(tmp_path: Path) -> Place:
    return Place(tmp_path)


@pytest.mark.parametrize("command", ["validate", "convert"])
def test_who_is_killed_at_any_moment_leaves_nothing(command: str, place: Place) -> None:
    moments = [0.1, 0.2, 0.35, 0.5, 0.75, 1.1]
    runs: list[tuple[subprocess.Popen[bytes], float, Path]] = []
    for number, moment in enumerate(moments):
        result = place.results / f"{number}.json"
        if number % 2:
            result.write_text(BEFORE, "utf-8")
        output = [str(result)] if command == "convert" else ["--output", str(result)]
        runs.append((place.start(command, str(place.large), *output), time.monotonic() + moment, result))
    for process, moment, _ in runs:
        time.sleep(max(0.0, moment - time.monotonic()))
        process.kill()
        process.communicate()
    place.check_nothing_is_left()
    for _, _, result in runs:
        if result.exists() and result.read_text("utf-8") != BEFORE:
            json.loads(result.read_bytes())  # whole
    assert {each.suffix for each in place.results.iterdir()} <= {".json"}


@pytest.mark.parametrize("victim", ["supervisor", "worker"])
def test_a_worker_that_is_killed_is_told_and_leaves_nothing(victim: str, place: Place) -> None:
    process = place.start("query", SLOW)
    processes = place.await_working(process)
    time.sleep(0.2)
    os.kill(processes[0] if victim == "supervisor" else processes[1], signal.SIGKILL)
    _, told = process.communicate(timeout=PATIENCE)
    assert process.returncode == 3
    assert b"memory" in told
    place.check_nothing_is_left()


def test_when_all_are_killed_at_once_the_next_run_tidies_up(place: Place) -> None:
    process = place.start("query", SLOW, start_new_session=True)
    place.await_working(process)
    os.killpg(process.pid, signal.SIGKILL)
    process.communicate()
    until(lambda: not place.processes())
    assert len(list(place.temporary.iterdir())) == 1
    assert place.start("query", "ASK { }").wait(PATIENCE) == 0
    place.check_nothing_is_left()


COMMANDS = {
    "validate": ("validate", "LARGE", "--output", "RESULT"),
    "validate several": ("validate", "LARGE", "LARGE", "LARGE", "--output", "RESULT"),
    "convert": ("convert", "LARGE", "RESULT"),
    "query": ("query", SLOW, "--output", "RESULT"),
    "mark a workbook": ("validate", "LARGE", "--format", "xlsx", "--output", "BOOK"),
}


@pytest.mark.parametrize("command", COMMANDS.values(), ids=COMMANDS)
def test_control_c_ends_everything(command: Sequence[str], place: Place) -> None:
    _check_signal(command, place, signal.SIGINT, 130)


@pytest.mark.parametrize(("number", "code"), [(signal.SIGTERM, 143), (signal.SIGHUP, 129)])
def test_who_is_asked_to_end_ends_everything(number: signal.Signals, code: int, place: Place) -> None:
    inherited = signal.signal(number, signal.SIG_DFL)  # under nohup it would be ignored by all that is started here
    try:
        _check_signal(COMMANDS["query"], place, number, code)
    finally:
        signal.signal(number, inherited)


def _check_signal(command: Sequence[str], place: Place, number: signal.Signals, code: int) -> None:
    names = {
        "LARGE": str(place.large),
        "RESULT": str(place.results / "out.json"),
        "BOOK": str(place.results / "out.xlsx"),
    }
    process = place.start(*(names.get(each, each) for each in command), start_new_session=True)
    until(lambda: len(place.processes()) >= 3)
    time.sleep(0.1)
    os.killpg(process.pid, number)  # as a terminal does: to all of them
    out, told = process.communicate(timeout=PATIENCE)
    assert (process.returncode, out, told) == (code, b"", b"")
    place.check_nothing_is_left()
    assert list(place.results.iterdir()) == []


# Killed while writing, before the result has its name, and between its own name and that of the old result.
MOMENTS = {
    "in the middle": "Path.write_text = lambda path, *_, **__: (path.write_bytes(b'after'), die())",
    "before it has a name": "os.link = lambda *_, **__: die()",
    "before it has its name": "os.replace = lambda *_, **__: die()",
    "without nameless files": "del os.O_TMPFILE; Path.replace = lambda *_, **__: die()",
}


@pytest.mark.parametrize("patch", MOMENTS.values(), ids=MOMENTS)
def test_killed_while_writing_the_old_content_stays(patch: str, tmp_path: Path) -> None:
    target = tmp_path / "out.txt"
    target.write_text(BEFORE, "utf-8")
    (tmp_path / ".out.txt-0.bicentennial-part").mkdir()  # not of ours, for it is no file
    code = (
        "import os, signal\nfrom pathlib import Path\nfrom bicentennial.cli.output import write\n"
        "def die(): os.kill(os.getpid(), signal.SIGKILL)\n"
        f"{patch}\nwrite('after' * 100_000, {str(target)!r})\n"
    )
    assert subprocess.run([sys.executable, "-c", code]).returncode == -signal.SIGKILL
    assert target.read_text("utf-8") == BEFORE
    # The next to write to the same place finds what was left there, if anything.
    from bicentennial.cli.output import write

    write("new", str(target))
    assert target.read_text("utf-8") == "new"
    assert sorted(each.name for each in tmp_path.iterdir()) == [".out.txt-0.bicentennial-part", "out.txt"]


def test_two_that_write_to_one_place_do_not_take_each_others_file(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    from bicentennial.core.files.output import atomic_path

    for nameless in (True, False):
        if not nameless:
            monkeypatch.delattr(os, "O_TMPFILE")
        with atomic_path(tmp_path / "out.txt") as first:
            first.write_text("first", "utf-8")
            with atomic_path(tmp_path / "out.txt") as second:
                second.write_text("second", "utf-8")
            assert (tmp_path / "out.txt").read_text("utf-8") == "second"
        assert (tmp_path / "out.txt").read_text("utf-8") == "first"
        assert [each.name for each in tmp_path.iterdir()] == ["out.txt"]


def _full(limit: int) -> Callable[[], None]:
    def limited() -> None:
        import resource

        resource.setrlimit(resource.RLIMIT_FSIZE, (limit, limit))

    return limited


FULL = {
    "report": (("validate", "LARGE", "--output", "RESULT"), 700_000),
    "workbook": (("convert", "LARGE", "RESULT.xlsx"), 1_000_000),
    "converted": (("convert", "LARGE", "RESULT"), 700_000),
    "answer": (("query", "SELECT * { ?s ?p ?o }", "--output", "RESULT"), 100_000),
    "temporary files": (("validate", "LARGE"), 10_000),
}


@pytest.mark.parametrize(("command", "room"), FULL.values(), ids=FULL)
def test_a_full_disk_is_a_sentence(command: Sequence[str], room: int, place: Place) -> None:
    result = place.results / "out.json"
    result.write_text(BEFORE, "utf-8")
    names = {"LARGE": str(place.large), "RESULT": str(result), "RESULT.xlsx": str(result.with_suffix(".xlsx"))}
    process = place.start(*(names.get(each, each) for each in command), preexec_fn=_full(room))
    _, told = process.communicate(timeout=PATIENCE)
    assert process.returncode == 3, told
    assert told.count(b"\n") == 1
    assert told.startswith(b"bicentennial: ")
    assert [each.name for each in place.results.iterdir()] == ["out.json"]
    assert result.read_text("utf-8") == BEFORE
    place.check_nothing_is_left()


def test_a_full_device_and_a_closed_pipe(place: Place) -> None:
    if Path("/dev/full").exists():
        with open("/dev/full", "w") as full:  # noqa: PTH123
            ended = subprocess.run(
                [sys.executable, "-m", "bicentennial", "validate", "examples/submissions/good.csv"],
                stdout=full,
                stderr=subprocess.PIPE,
            )
        assert ended.returncode == 3, ended.stderr
        assert b"there is no room left on the disk" in ended.stderr
    for command in (("query", "SELECT * { ?s ?p ?o }"), ("validate", str(place.large), "--format", "csv")):
        piped = place.start(*command)
        shown = subprocess.run(["head", "-1"], stdin=piped.stdout, stdout=subprocess.PIPE)
        assert len(shown.stdout.splitlines()) == 1
        assert piped.stdout is not None
        piped.stdout.close()
        assert piped.stderr is not None
        assert piped.stderr.read() == b""
        piped.wait(PATIENCE)
        assert piped.returncode in (141, -signal.SIGPIPE)
    place.check_nothing_is_left()


@pytest.fixture
def nobody() -> dict[str, Any]:
    """Return what starts a process that may not write everywhere, even if we are root."""
    if os.geteuid() != 0:
        return {}
    options: dict[str, Any] = {"user": 65534, "group": 65534, "extra_groups": []}
    try:
        reachable = subprocess.run([sys.executable, "-c", "import bicentennial"], **options, capture_output=True)
    except PermissionError:
        pytest.skip("another user cannot run this interpreter")
    if reachable.returncode != 0:
        pytest.skip("another user cannot run this interpreter")
    return options


def test_a_read_only_folder_is_a_sentence(place: Place, tmp_path: Path, nobody: dict[str, Any]) -> None:
    for folder in (*tmp_path.parents[:2], tmp_path, place.results):
        folder.chmod(0o755)
    place.temporary.chmod(0o777)
    (place.results / "out.json").write_text(BEFORE, "utf-8")
    if not nobody:
        place.results.chmod(0o555)
    for command in (
        ("validate", "examples/submissions/good.csv", "--output", str(place.results / "out.json")),
        ("validate", "examples/submissions/good.csv", "--output", str(place.results / "new.xlsx")),
        ("convert", "examples/submissions/good.csv", str(place.results / "new.xlsx")),
    ):
        process = place.start(*command, **nobody)
        _, told = process.communicate(timeout=PATIENCE)
        assert (process.returncode, told.count(b"\n")) == (3, 1), told
        assert b"access is not permitted" in told
    place.check_nothing_is_left()
    assert [each.name for each in place.results.iterdir()] == ["out.json"]
    assert (place.results / "out.json").read_text("utf-8") == BEFORE


def test_an_output_is_never_an_input(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    path = tmp_path / "a.csv"
    path.write_text(TABLE, "utf-8")
    mapping = tmp_path / "mapping.toml"
    mapping.write_text("", "utf-8")
    (tmp_path / "link.csv").symlink_to(path)
    (tmp_path / "link.xlsx").symlink_to(path)
    (tmp_path / "again.csv").symlink_to(tmp_path / "link.csv")
    os.link(path, tmp_path / "hard.csv")
    (tmp_path / "folder").symlink_to(tmp_path)
    for output in ("a.csv", "link.csv", "again.csv", "hard.csv", "./a.csv", "folder/a.csv"):
        where = f"{tmp_path}/{output}"
        assert main(["validate", str(path), "--output", where]) == 2
        assert main(["validate", str(tmp_path / "hard.csv"), str(path), "--output", where]) == 2
        assert main(["query", "ASK {}", "--data", str(path), "--output", where]) == 2
        assert main(["convert", str(path), where]) == 2
        assert main(["mapping", "init", str(path), "--output", where, "--force"]) == 2
    assert main(["validate", str(path), "--format", "xlsx", "--output", str(tmp_path / "link.xlsx")]) == 2
    assert main(["validate", str(path), "--mapping", str(mapping), "--output", str(mapping)]) == 2
    assert main(["validate", str(path), "--profile", str(mapping), "--output", str(mapping)]) == 2
    assert main(["convert", str(path), "--mapping", str(mapping), str(mapping)]) == 2
    assert path.read_text("utf-8") == TABLE
    assert len(list(tmp_path.iterdir())) == 7
    capsys.readouterr()


def test_where_nothing_can_be_written_nothing_is(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    path = tmp_path / "a.csv"
    path.write_text(TABLE, "utf-8")
    assert main(["validate", str(path), "--output", str(tmp_path / "none" / "out.json")]) == 3
    assert main(["validate", str(path), "--output", str(tmp_path)]) == 3
    assert main(["validate", str(path), "--output", str(tmp_path / "a\0b")]) == 3
    assert main(["validate", str(path), "--format", "xlsx", "--output", str(tmp_path)]) == 3
    assert main(["convert", str(path), "/proc/out.json"]) == 3
    assert [each.name for each in tmp_path.iterdir()] == ["a.csv"]
    told = capsys.readouterr().err.splitlines()
    assert len(told) == 5
    assert all("cannot be written" in each for each in told)


def test_a_link_stays_and_a_device_is_written_to(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    path, target, link = tmp_path / "a.csv", tmp_path / "out.json", tmp_path / "link.json"
    path.write_text(TABLE, "utf-8")
    target.write_text("", "utf-8")
    link.symlink_to(target)
    assert main(["validate", str(path), "--output", str(link)]) == 0
    assert link.is_symlink()
    assert json.loads(target.read_text("utf-8"))["conforms"]
    assert main(["validate", str(path), "--output", os.devnull]) == 0
    assert not Path(os.devnull).is_file()
    assert main(["convert", str(path), str(link)]) == 0
    assert link.is_symlink()
    assert target.stat().st_mode & 0o777 == 0o666 & ~_mask()
    capsys.readouterr()


def _mask() -> int:
    mask = os.umask(0)
    os.umask(mask)
    return mask


@pytest.mark.parametrize("name", ["😀" * 60 + ".json", "a" * 250 + ".json"[:4]])
def test_long_names_are_written_to(name: str, tmp_path: Path) -> None:
    from bicentennial.cli.output import write

    write("old", str(tmp_path / name))
    write("new", str(tmp_path / name))
    assert (tmp_path / name).read_text("utf-8") == "new"
