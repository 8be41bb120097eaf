"""A worker that is forked before its job is known is a worker like any other, and goes where there is no job.

`test_ahead` runs these in a process that has no threads: others cannot be forked without a risk.
"""

from __future__ import annotations

import os
import sys
import tempfile
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from bicentennial.core.errors import LimitReachedError, UnknownNameError
from bicentennial.core.worker import WorkerLimits, call
from bicentennial.core.worker.ahead import ahead
from bicentennial.core.worker.processes import is_single_threaded
from tests.waiting import within

if TYPE_CHECKING:
    from collections.abc import Iterator

JOBS = """
import os
import tempfile
from pathlib import Path

if "AHEAD_PID" in os.environ:
    Path(os.environ["AHEAD_PID"]).write_text(f"{os.getpid()} {os.getppid()}")

def who(*given):
    return os.getpid(), tempfile.gettempdir(), given

def other():
    return os.getpid()

def fail():
    from bicentennial.core.errors import UnknownNameError
    raise UnknownNameError("SSCP", ("SSPC",))

def hoard():
    return len([bytearray(1 << 20) for _ in range(100_000)])

def network():
    return os.readlink("/proc/self/ns/net")
"""

pytestmark = pytest.mark.skipif(sys.platform != "linux", reason="workers are forked on Linux")


@pytest.fixture(autouse=True)
def _places(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    (tmp_path / "ahead_jobs.py").write_text(JOBS, encoding="utf-8")
    (tmp_path / "scratch").mkdir()
    monkeypatch.syspath_prepend(tmp_path)
    monkeypatch.setattr(tempfile, "tempdir", str(tmp_path / "scratch"))
    monkeypatch.setenv("AHEAD_PID", str(tmp_path / "pid"))
    assert is_single_threaded()
    yield
    sys.modules.pop("ahead_jobs", None)  # from the second job of a function on, it is loaded here


def _waiting(folder: Path) -> list[int]:
    """Return the numbers of the worker that is waiting, and of what tidies up after it."""
    assert within(lambda: (folder / "pid").is_file() and " " in (folder / "pid").read_text())
    return [int(each) for each in (folder / "pid").read_text().split()]


def _is_there(pid: int) -> bool:
    try:
        return Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0] != "Z"
    except (FileNotFoundError, ProcessLookupError):  # it may end while this is read
        return False


def test_it_does_the_job_and_no_second_one(tmp_path: Path) -> None:
    with ahead("ahead_jobs:who"):
        pid, _ = _waiting(tmp_path)
        mine, folder, given = call("ahead_jobs:who", {"a": [1, None]}, "ñ\udc80")
        assert (mine, given) == (pid, [{"a": [1, None]}, "ñ\udc80"])
        assert Path(folder).parent == tmp_path / "scratch"
        assert call("ahead_jobs:who")[0] != pid
    assert list((tmp_path / "scratch").iterdir()) == []


def test_it_ends_with_the_block_and_leaves_nothing(tmp_path: Path) -> None:
    with ahead("ahead_jobs:who"):
        pids = _waiting(tmp_path)
        assert all(map(_is_there, pids))
    assert not any(map(_is_there, pids))
    assert list((tmp_path / "scratch").iterdir()) == []


def test_it_ends_when_the_caller_fails(tmp_path: Path) -> None:
    pids: list[int] = []

    def fail() -> None:
        with ahead("ahead_jobs:who"):
            pids.extend(_waiting(tmp_path))
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        fail()
    assert len(pids) == 2
    assert not any(map(_is_there, pids))


def test_it_ends_when_the_caller_is_killed(tmp_path: Path) -> None:
    child = os.fork()
    if child == 0:
        with ahead("ahead_jobs:who"):
            _waiting(tmp_path)
            os._exit(0)  # as if killed: nothing is tidied up
    os.waitpid(child, 0)
    pids = _waiting(tmp_path)
    assert within(lambda: not any(map(_is_there, pids)))
    assert within(lambda: list((tmp_path / "scratch").iterdir()) == [])


def test_a_job_for_something_else_gets_a_worker_of_its_own(tmp_path: Path) -> None:
    with ahead("ahead_jobs:who"):
        pid, _ = _waiting(tmp_path)
        assert call("ahead_jobs:other") != pid
        assert call("ahead_jobs:who")[0] == pid


def test_what_jobs_of_one_function_need_is_loaded_once(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("bicentennial.core.worker.parent._forked_for", set())
    call("ahead_jobs:who")
    assert "ahead_jobs" not in sys.modules
    call("ahead_jobs:who")
    assert "ahead_jobs" in sys.modules


def test_those_that_have_ended_are_asked_for_when_another_is_started() -> None:
    me = Path(f"/proc/self/task/{os.getpid()}/children")
    before = set(me.read_text().split())
    call("ahead_jobs:other")
    (ended,) = set(me.read_text().split()) - before
    assert within(lambda: not _is_there(int(ended)))
    call("ahead_jobs:other")
    assert ended not in me.read_text().split()


def test_what_goes_wrong_in_it_is_told() -> None:
    with ahead("ahead_jobs:fail"), pytest.raises(UnknownNameError):
        call("ahead_jobs:fail")
    with ahead("no_such_module:f"), pytest.raises(RuntimeError, match="no_such_module"):
        call("no_such_module:f")


def test_it_is_confined_as_any_other() -> None:
    with ahead("ahead_jobs:hoard"), pytest.raises(LimitReachedError):
        call("ahead_jobs:hoard", limits=WorkerLimits(memory=300 << 20, seconds=60))
    with ahead("ahead_jobs:network"):
        assert call("ahead_jobs:network") != str(Path("/proc/self/ns/net").readlink())
