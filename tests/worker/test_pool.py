"""Fork servers: what they load once, what their workers see, and what becomes of everyone when one of them ends."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

from bicentennial.core.errors import LimitReachedError, UnreadableInputError, WorkerLostError
from bicentennial.core.worker import Pool, WorkerLimits
from tests.waiting import PATIENCE, within

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

JOBS = """
import os, time
from pathlib import Path

loaded = []

def load():
    loaded.append(Path("loaded.txt").read_text() if Path("loaded.txt").exists() else "")

def preload():
    loaded.append("by itself")

def told():
    return [loaded, os.getpid(), os.getppid()]

def spoil():
    loaded.append("spoilt")
    return loaded

def threads():
    import threading
    threading.Thread(target=time.sleep, args=(600,), daemon=True).start()

def fail():
    raise ValueError("nothing to load")

def wait(seconds, mark=None):
    if mark:
        Path(mark).write_text(str(os.getpid()))
    began = time.monotonic()
    time.sleep(seconds)
    return [began, time.monotonic()]

def echo(value):
    return value

def crash():
    import faulthandler
    faulthandler.disable()
    os.abort() if False else os.kill(os.getpid(), 11)

def hoard():
    return len([bytearray(1 << 20) for _ in range(100_000)])

def read(number):
    return os.pread(number, 100, 0).decode()

def surroundings():
    descriptors = []
    for each in os.listdir("/proc/self/fd"):
        place = Path("/proc/self/fd", each)
        if not (place.exists() and "libffi" in os.readlink(place)):  # newer ones hold their own file open
            descriptors.append(int(each))
    return [dict(os.environ), os.getcwd(), sorted(descriptors)]

def parent():
    server = os.getppid()
    environ = Path(f"/proc/{server}/environ").read_bytes().decode()
    mapped = []
    with open(f"/proc/{server}/maps") as maps, open(f"/proc/{server}/mem", "rb") as memory:
        for line in maps:
            span, rights = line.split()[:2]
            start, end = (int(each, 16) for each in span.split("-"))
            if rights.startswith("rw") and "[v" not in line:
                memory.seek(start)
                mapped.append(memory.read(end - start))
    return [environ, any(SECRET[::-1].encode() in each for each in mapped)]

SECRET = "5291-terces-a"
"""

pytestmark = pytest.mark.skipif(sys.platform != "linux", reason="fork servers are for Linux")


@pytest.fixture(autouse=True)
def jobs(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "pool_jobs.py").write_text(JOBS, encoding="utf-8")
    monkeypatch.syspath_prepend(tmp_path)
    monkeypatch.chdir(tmp_path)


@pytest.fixture(params=[0, 2], ids=["forked", "spare"])
def pool(request: pytest.FixtureRequest) -> Iterator[Pool]:
    with Pool(["pool_jobs:load"], spares=request.param) as made:
        yield made


@pytest.fixture
def spares() -> Iterator[tuple[Pool, Callable[[], list[int]]]]:
    """Yield a pool with two spares, and what waits until both are there and returns their numbers."""
    with Pool(["pool_jobs:load"], spares=2) as made:
        made.start()

        def waiting() -> list[int]:
            (server,) = made.pids()
            children = Path(f"/proc/{server}/task/{server}/children")

            def are_there() -> bool:
                return len(children.read_text().split()) == 2

            assert within(are_there)
            return [int(each) for each in children.read_text().split()]

        yield made, waiting


def _runs(pid: int) -> bool:
    try:
        return Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0] != "Z"
    except (FileNotFoundError, ProcessLookupError):  # it may end while this is read
        return False


def _started(mark: Path) -> int:
    assert within(lambda: mark.exists() and mark.read_text() != "")
    return int(mark.read_text())


def test_what_is_loaded_once_is_there_for_each_worker_and_changes_are_its_own(pool: Pool, tmp_path: Path) -> None:
    (tmp_path / "loaded.txt").write_text("data")
    assert pool.call("pool_jobs:spoil") == ["data", "spoilt"]
    (tmp_path / "loaded.txt").write_text("other data")
    loaded, worker, server = pool.call("pool_jobs:told")
    assert loaded == ["data"]
    assert [server] == pool.pids()
    assert worker != pool.call("pool_jobs:told")[1]


def test_a_module_says_itself_what_it_loads() -> None:
    with Pool(["pool_jobs"]) as pool:
        assert pool.call("pool_jobs:told")[0] == ["by itself"]


def test_replacing_loads_anew_and_ends_no_job(pool: Pool, tmp_path: Path) -> None:
    (tmp_path / "loaded.txt").write_text("before")
    pool.start()
    (former,) = pool.pids()
    with ThreadPoolExecutor(1) as threads:
        running = threads.submit(pool.call, "pool_jobs:wait", 1.0, str(tmp_path / "mark"))
        _started(tmp_path / "mark")
        (tmp_path / "loaded.txt").write_text("after")
        pool.replace()
        assert pool.call("pool_jobs:told")[0] == ["after"]
        assert len(running.result()) == 2
    assert within(lambda: former not in pool.pids())
    assert len(pool.pids()) == 1


def test_what_cannot_be_loaded_leaves_the_server_that_there_is(pool: Pool, tmp_path: Path) -> None:
    pool.start()
    before = pool.pids()
    (tmp_path / "loaded.txt").mkdir()
    with pytest.raises(RuntimeError, match="IsADirectoryError"):
        pool.replace()
    assert pool.pids() == before
    assert pool.call("pool_jobs:echo", 1) == 1


@pytest.mark.parametrize(("name", "told"), [("fail", "nothing to load"), ("threads", "2 threads")])
def test_a_pool_tells_why_it_does_not_start(name: str, told: str) -> None:
    with Pool([f"pool_jobs:{name}"]) as pool, pytest.raises(RuntimeError, match=told):
        pool.start()


def test_no_more_at_once_than_its_size() -> None:
    with Pool(size=2) as pool, ThreadPoolExecutor(6) as threads:
        found = list(threads.map(lambda _: pool.call("pool_jobs:wait", 0.4), range(6)))
    most = max(sum(began <= moment < ended for began, ended in found) for moment, _ in found)
    assert most == 2


def test_many_threads_get_each_their_own_answer(pool: Pool) -> None:
    values = [f"{number}" * 100_000 for number in range(40)]
    with ThreadPoolExecutor(16) as threads:
        assert list(threads.map(lambda each: pool.call("pool_jobs:echo", each), values)) == values


def test_descriptors_have_the_same_numbers(pool: Pool, tmp_path: Path) -> None:
    for name in ("a", "b"):
        (tmp_path / name).write_text(f"content of {name}")
    with (tmp_path / "a").open() as first, (tmp_path / "b").open() as second:
        files = [second.fileno(), first.fileno()]
        assert pool.call("pool_jobs:read", first.fileno(), files=files) == "content of a"
        assert pool.call("pool_jobs:read", second.fileno(), files=files) == "content of b"


def test_limits_hold(pool: Pool) -> None:
    with pytest.raises(LimitReachedError) as caught:
        pool.call("pool_jobs:hoard", limits=WorkerLimits(memory=300 << 20))
    assert caught.value.setting == "memory"
    with pytest.raises(LimitReachedError) as caught:
        pool.call("pool_jobs:wait", 60, limits=WorkerLimits(seconds=0.5))
    assert caught.value.setting == "seconds"
    with pytest.raises(UnreadableInputError, match="SIGSEGV"):
        pool.call("pool_jobs:crash")
    assert pool.call("pool_jobs:echo", "still there") == "still there"


def test_a_worker_sees_where_its_caller_is_and_nothing_else_of_it(
    pool: Pool, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("DATABASE_PASSWORD", "5291-terces-a"[::-1])
    pool.start()
    monkeypatch.setenv("LANG", "es_MX.UTF-8")
    (tmp_path / "elsewhere").mkdir()
    monkeypatch.chdir(tmp_path / "elsewhere")
    environ, directory, descriptors = pool.call("pool_jobs:surroundings")
    assert environ["LANG"] == "es_MX.UTF-8"
    assert "DATABASE_PASSWORD" not in environ
    assert directory == str(tmp_path / "elsewhere")
    assert descriptors[:3] == [0, 1, 2]
    assert len(descriptors) == 5  # the socket for the answer, and the folder that is being listed


def test_the_fork_server_knows_no_secrets(pool: Pool, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("BICENTENNIAL_REGISTRY", "postgresql://u:" + "5291-terces-a"[::-1] + "@h/d")
    environ, is_in_memory = pool.call("pool_jobs:parent", limits=WorkerLimits(memory=8 << 30))
    assert "PATH=" in environ
    assert "a-secret" not in environ
    assert not is_in_memory


def test_a_killed_worker_is_told_of_and_harms_no_other(pool: Pool, tmp_path: Path) -> None:
    with ThreadPoolExecutor(2) as threads:
        hit = threads.submit(pool.call, "pool_jobs:wait", 60, str(tmp_path / "hit"))
        other = threads.submit(pool.call, "pool_jobs:wait", 2, str(tmp_path / "other"))
        os.kill(_started(tmp_path / "hit"), signal.SIGKILL)
        with pytest.raises(LimitReachedError):  # the system ends what takes too much memory this way
            hit.result(PATIENCE)
        assert len(other.result(PATIENCE)) == 2


def test_a_killed_fork_server_is_replaced_and_its_job_is_answered_once(pool: Pool, tmp_path: Path) -> None:
    with ThreadPoolExecutor(1) as threads:
        running = threads.submit(pool.call, "pool_jobs:wait", 60, str(tmp_path / "mark"))
        worker = _started(tmp_path / "mark")
        (server,) = pool.pids()
        os.kill(server, signal.SIGKILL)
        with pytest.raises(WorkerLostError) as caught:
            running.result(PATIENCE)
    assert "inténtelo de nuevo" in caught.value.text["es"]
    assert within(lambda: not _runs(worker))
    assert pool.call("pool_jobs:echo", "again") == "again"
    assert server not in pool.pids()
    assert len(pool.pids()) == 1


def test_closing_ends_everything(tmp_path: Path) -> None:
    pool = Pool()
    with ThreadPoolExecutor(1) as threads:
        running = threads.submit(pool.call, "pool_jobs:wait", 60, str(tmp_path / "mark"))
        worker = _started(tmp_path / "mark")
        (server,) = pool.pids()
        pool.close(patience=0.2)
        with pytest.raises(WorkerLostError):
            running.result(PATIENCE)
    assert within(lambda: not _runs(worker) and not _runs(server))
    with pytest.raises(RuntimeError, match="closed"):
        pool.call("pool_jobs:echo", 1)


def test_a_job_that_runs_is_waited_for_when_a_pool_is_closed(tmp_path: Path) -> None:
    pool = Pool()
    with ThreadPoolExecutor(1) as threads:
        running = threads.submit(pool.call, "pool_jobs:wait", 1, str(tmp_path / "mark"))
        _started(tmp_path / "mark")
        pool.close(patience=PATIENCE)
        assert len(running.result(PATIENCE)) == 2


def test_a_spare_is_there_before_its_job_does_one_and_is_replaced(spares: tuple[Pool, Callable[[], list[int]]]) -> None:
    pool, waiting = spares
    seen = []
    for _ in range(4):
        before = waiting()
        loaded, worker, server = pool.call("pool_jobs:told")
        assert (loaded, [server]) == ([""], pool.pids())
        assert worker in before
        assert within(lambda number=worker: not _runs(number))  # type: ignore[misc]
        seen.append(worker)
    assert len(set(seen)) == 4


def test_a_job_whose_spares_were_killed_is_done(spares: tuple[Pool, Callable[[], list[int]]]) -> None:
    pool, waiting = spares
    for _ in range(3):
        killed = waiting()
        for each in killed:
            os.kill(each, signal.SIGKILL)
        assert within(lambda gone=killed: not any(map(_runs, gone)))  # type: ignore[misc]
        assert pool.call("pool_jobs:echo", "done") == "done"
    assert len(waiting()) == 2


def test_spares_know_what_is_loaded_later(spares: tuple[Pool, Callable[[], list[int]]]) -> None:
    pool, waiting = spares
    waiting()
    assert pool.call("bicentennial.core.namespaces:local_name", "urn:x#b") == "b"
    waiting()
    assert pool.call("bicentennial.core.namespaces:local_name", "urn:x#c") == "c"


def test_spares_have_no_network_and_go_with_their_pool(spares: tuple[Pool, Callable[[], list[int]]]) -> None:
    pool, waiting = spares
    there = waiting()
    mine = Path("/proc/self/ns/net").readlink()
    assert within(lambda: all(Path(f"/proc/{each}/ns/net").readlink() != mine for each in there))
    pool.close()
    assert within(lambda: not any(map(_runs, there)))


def test_a_spare_is_warm_before_its_job_comes(tmp_path: Path) -> None:
    (tmp_path / "warm_jobs.py").write_text(
        "import os\nwarmed = []\ndef warm():\n    warmed.append(os.getpid())\n"
        "def told():\n    return warmed == [os.getpid()]\n"
    )
    with Pool(["warm_jobs"], spares=1) as pool:
        pool.start()
        (server,) = pool.pids()
        assert within(lambda: Path(f"/proc/{server}/task/{server}/children").read_text() != "")
        assert pool.call("warm_jobs:told") is True


CALLER = """
import pathlib, sys, tempfile, threading, time
from bicentennial.core.worker import Pool, call
sys.path.insert(0, sys.argv[1])
threading.Thread(target=time.sleep, args=(600,), daemon=True).start()
if sys.argv[2] == "pool":
    pool = Pool(spares=int(sys.argv[4]))
    threading.Thread(target=pool.call, args=("pool_jobs:wait", 600, sys.argv[3])).start()
elif sys.argv[2] == "shared":
    call("pool_jobs:wait", 600, sys.argv[3])
else:
    call("pool_jobs:echo", 1)
    print(pathlib.Path(f"/proc/self/task/{threading.get_native_id()}/children").read_text(), flush=True)
"""


@pytest.mark.parametrize(("way", "spares"), [("pool", 0), ("pool", 2), ("shared", 0)])
def test_all_end_within_seconds_of_a_killed_caller(way: str, spares: int, tmp_path: Path) -> None:
    (tmp_path / "temporary").mkdir()
    command = [sys.executable, "-c", CALLER, str(tmp_path), way, str(tmp_path / "mark"), str(spares)]
    environment = {**os.environ, "TMPDIR": str(tmp_path / "temporary"), "PYTHONPATH": os.pathsep.join(sys.path)}
    with subprocess.Popen(command, env=environment) as caller:
        worker = _started(tmp_path / "mark")
        server = int(Path(f"/proc/{worker}/stat").read_text().rpartition(")")[2].split()[1])
        assert _runs(server)
        assert list((tmp_path / "temporary").iterdir())
        children = Path(f"/proc/{server}/task/{server}/children")
        assert within(lambda: len(children.read_text().split()) == 1 + spares)
        workers = [worker, *map(int, children.read_text().split())]
        caller.kill()
    assert within(lambda: not any(map(_runs, [server, *workers])))
    assert not list((tmp_path / "temporary").iterdir())


def test_a_program_with_threads_leaves_nothing_running(tmp_path: Path) -> None:
    command = [sys.executable, "-W", "error", "-c", CALLER, str(tmp_path), "end"]
    environment = {**os.environ, "PYTHONPATH": os.pathsep.join(sys.path)}
    ended = subprocess.run(command, env=environment, capture_output=True, text=True)
    assert (ended.returncode, ended.stderr) == (0, "")
    (server,) = map(int, ended.stdout.split())
    assert within(lambda: not _runs(server))


def test_threads_share_a_fork_server_that_ends_when_idle(monkeypatch: pytest.MonkeyPatch) -> None:
    from bicentennial.core import worker
    from bicentennial.core.worker import pool as pools

    monkeypatch.setattr(pools, "_IDLE", 0.3)
    monkeypatch.setattr(pools, "_shared", None)

    def told() -> Any:
        return worker.call("pool_jobs:told")[2]

    with ThreadPoolExecutor(1) as threads:
        first = threads.submit(told).result()
        assert threads.submit(told).result() == first
        assert within(lambda: pools.shared().pids() == [])
        assert threads.submit(told).result() != first
    pools.shared().close()


def test_calls_use_the_pool_that_they_are_told_to(pool: Pool) -> None:
    from bicentennial.core import worker
    from bicentennial.core.worker.pool import used

    with used(pool), ThreadPoolExecutor(1) as threads:
        assert threads.submit(worker.call, "pool_jobs:told").result()[2] in pool.pids()
    with ThreadPoolExecutor(1) as threads:
        assert threads.submit(worker.call, "pool_jobs:told").result()[2] not in pool.pids()


def test_a_fork_of_the_caller_has_a_fork_server_of_its_own(pool: Pool) -> None:
    pool.start()
    reading, writing = os.pipe()
    child = os.fork()
    if child == 0:
        try:
            told = json.dumps([pool.call("pool_jobs:echo", "mine"), pool.pids()])
            os.write(writing, told.encode())
            pool.close()
        finally:
            os._exit(0)
    os.close(writing)
    with os.fdopen(reading) as stream:
        answer, servers = json.loads(stream.read())
    os.waitpid(child, 0)
    assert answer == "mine"
    assert set(servers).isdisjoint(pool.pids())
    assert pool.call("pool_jobs:echo", "still mine") == "still mine"
