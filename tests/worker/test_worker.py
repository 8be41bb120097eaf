"""The worker: what goes wrong in it reaches the caller as a sentence, and nothing else does."""

from __future__ import annotations

import contextlib
import os
import sys
import tempfile
import threading
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from bicentennial.core.errors import LimitReachedError, UnknownNameError, UnreadableInputError
from bicentennial.core.worker import WorkerLimits, call

if TYPE_CHECKING:
    from collections.abc import Iterator

JOBS = """
import tempfile

def crash():
    import faulthandler
    faulthandler.disable()
    import ctypes
    ctypes.string_at(0)

def abort():
    import faulthandler
    import os
    faulthandler.disable()
    os.write(1, b"told on the way")
    os.write(2, b"memory allocation of 2000000001 bytes failed")
    os.abort()

def unloadable():
    import os
    os._exit(127)

def hoard():
    return len([bytearray(1 << 20) for _ in range(100_000)])

def sleep():
    import time
    time.sleep(60)

def connect():
    import socket
    try:
        socket.create_connection(("192.0.2.1", 53), 5)
    except OSError as error:
        return error.errno

def fail():
    from bicentennial.core.errors import UnknownNameError
    raise UnknownNameError("SSCP", ("SSPC",))

def blunder():
    return 1 / 0

def told():
    from bicentennial.core.worker import WithText
    return WithText({"a": 1}, "one\\ntwo \\ud800 ñ\\n")

def reader():
    with open("/dev/zero", "rb") as stream:
        return len(stream.read(3))

def chatter():
    print("this is not the answer")
    return tempfile.gettempdir()
"""

resource = pytest.importorskip("resource", reason="not on Windows")
pytestmark = pytest.mark.skipif(sys.platform != "linux", reason="the limits are those of Linux")
LIMITS = WorkerLimits(memory=1 << 30, seconds=60)


@pytest.fixture(params=["forked", "requested", "spawned"], autouse=True)
def way(request: pytest.FixtureRequest, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """The ways of starting a worker: with another thread about, a process is not forked itself."""
    (tmp_path / "worker_jobs.py").write_text(JOBS, encoding="utf-8")
    monkeypatch.syspath_prepend(tmp_path)
    monkeypatch.setattr("bicentennial.core.worker.parent.is_single_threaded", lambda: request.param == "forked")
    monkeypatch.setattr("bicentennial.core.worker.pool.can_fork", lambda: request.param == "requested")
    done = threading.Event()
    if request.param != "forked":
        threading.Thread(target=done.wait).start()
    yield
    done.set()
    sys.modules.pop("worker_jobs", None)


def test_a_text_comes_as_it_was() -> None:
    assert call("worker_jobs:told", limits=LIMITS) == ({"a": 1}, "one\ntwo \ud800 ñ\n")


def test_a_crash_is_a_sentence() -> None:
    with pytest.raises(UnreadableInputError, match=r"crash \(SIGSEGV\)"):
        call("worker_jobs:crash", limits=LIMITS)


def test_a_crash_names_the_memory_as_the_other_cause() -> None:
    with pytest.raises(UnreadableInputError, match="setting 'memory'") as caught:
        call("worker_jobs:crash", limits=LIMITS)
    assert "«memory»" in caught.value.text["es"]


@pytest.mark.parametrize("job", ["abort", "unloadable"])
def test_who_gets_no_memory_may_end_in_other_ways(job: str) -> None:
    with pytest.raises(LimitReachedError) as caught:
        call(f"worker_jobs:{job}", limits=LIMITS)
    assert caught.value.setting == "memory"


def test_native_code_tells_the_user_nothing(capfd: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("BICENTENNIAL_DEBUG", raising=False)
    with pytest.raises(LimitReachedError):
        call("worker_jobs:abort", limits=LIMITS)
    assert capfd.readouterr() == ("", "")
    monkeypatch.setenv("BICENTENNIAL_DEBUG", "1")
    with pytest.raises(LimitReachedError):
        call("worker_jobs:abort", limits=LIMITS)
    assert "allocation of 2000000001 bytes" in capfd.readouterr().err


def test_memory_is_limited() -> None:
    with pytest.raises(LimitReachedError, match="more than 1 GB of memory") as caught:
        call("worker_jobs:hoard", limits=LIMITS)
    assert caught.value.setting == "memory"


def test_time_is_limited() -> None:
    with pytest.raises(LimitReachedError, match=r"longer than 0\.5 seconds") as caught:
        call("worker_jobs:sleep", limits=WorkerLimits(seconds=0.5))
    assert caught.value.setting == "seconds"


def test_there_is_no_network() -> None:
    import errno

    assert call("worker_jobs:connect", limits=LIMITS) == errno.ENETUNREACH


def test_a_caller_may_have_many_files_open() -> None:
    """`select` takes no descriptor above 1,023, and the limit of open files is of the worker's own."""
    with contextlib.ExitStack() as several:
        usual = resource.getrlimit(resource.RLIMIT_NOFILE)
        several.callback(resource.setrlimit, resource.RLIMIT_NOFILE, usual)
        resource.setrlimit(resource.RLIMIT_NOFILE, (min(4096, usual[1]), usual[1]))
        for _ in range(1_100):
            several.enter_context(Path(os.devnull).open("rb"))
        assert call("worker_jobs:reader", limits=LIMITS) == 3


def test_the_working_directory_may_be_gone(tmp_path: Path) -> None:
    gone, here = tmp_path / "gone", Path.cwd()
    gone.mkdir()
    os.chdir(gone)
    try:
        gone.rmdir()
        assert call("worker_jobs:reader", limits=LIMITS) == 3
    finally:
        os.chdir(here)


def test_an_error_keeps_its_type_texts_and_suggestions() -> None:
    with pytest.raises(UnknownNameError, match="did you mean SSPC") as caught:
        call("worker_jobs:fail", limits=LIMITS)
    assert caught.value.text["es"].endswith("¿quiso decir SSPC?")
    assert tuple(caught.value.suggestions) == ("SSPC",)


def test_a_fault_of_ours_tells_its_place() -> None:
    with pytest.raises(RuntimeError, match="ZeroDivisionError"):
        call("worker_jobs:blunder", limits=LIMITS)


def test_output_is_not_taken_for_the_answer_and_nothing_is_left_behind() -> None:
    folder = call("worker_jobs:chatter", limits=LIMITS)
    assert folder != tempfile.gettempdir()
    assert not Path(folder).exists()
