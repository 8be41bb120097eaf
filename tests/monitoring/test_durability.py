"""Nothing acknowledged is lost, nothing half is seen: killed processes, many writers, changed bytes, a full disk."""

from __future__ import annotations

import contextlib
import json
import os
import random
import signal
import sqlite3
import subprocess
import sys
import threading
import time
from typing import TYPE_CHECKING, Any

import pytest

from bicentennial import DatabaseError, DiskFullError, OutputError, UsageError
from bicentennial.monitoring.integrity.verifying import proves
from bicentennial.monitoring.registry import open_registry
from bicentennial.monitoring.store import database as databases
from bicentennial.monitoring.store import is_postgres, problems, sqlite
from bicentennial.monitoring.workflow import submitting
from bicentennial.monitoring.workflow.judging import judge
from bicentennial.monitoring.workflow.receiving import Handed, receive
from tests.waiting import until

from .conftest import GOOD, missing, new_database, program

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from .conftest import Table

ROUNDS = int(os.environ.get("BICENTENNIAL_KILL_ROUNDS", "5"))
ACTIONS = int(os.environ.get("BICENTENNIAL_KILL_ACTIONS", "1500"))
"""Enlarged by the long run: `python -m benchmarks.registry --kills 200`."""
COMMAND = [sys.executable, "-m", "bicentennial", "registry"]


def submit(url: str, file: Path, dataset: str, issued: str) -> subprocess.Popen[str]:
    arguments = ["submit", str(file), "--as", "UNODC", "--dataset", dataset, "--issued", issued, "--format", "json"]
    environment = {**os.environ, "BICENTENNIAL_REGISTRY": url}
    return subprocess.Popen([*COMMAND, *arguments], stdout=subprocess.PIPE, env=environment, text=True)


def month(number: int) -> str:
    return f"{2000 + number // 12}-{number % 12 + 1:02d}"


def large(path: Path, seed: int, rows: int = ACTIONS) -> Path:
    lines = ["id,title,goal,responsible_party"]
    lines += [f"A-{number},Action {number} of version {seed},G{number % 3 + 1},SRE" for number in range(rows)]
    path.write_text("\n".join(lines), encoding="utf-8")
    return path


def test_nothing_acknowledged_is_lost_when_killed(url: str, tmp_path: Path) -> None:
    open_registry(url, create=True).close()
    acknowledged = []
    chance = random.Random(7)
    began = time.monotonic()
    submit(url, large(tmp_path / "first.csv", -1), "other", "2024").communicate()
    usual = time.monotonic() - began  # kills are spread over what a submission takes here
    for number in range(ROUNDS):
        file = large(tmp_path / f"v{number}.csv", number)
        process = submit(url, file, "ports", month(number))
        try:
            out, _ = process.communicate(timeout=chance.uniform(0.3, 1.7) * usual)
        except subprocess.TimeoutExpired:
            process.send_signal(signal.SIGKILL)
            out, _ = process.communicate()
        with contextlib.suppress(json.JSONDecodeError):
            acknowledged.append((json.loads(out)["submission"]["receipt"], file))
    look_back(url, acknowledged)


def look_back(url: str, acknowledged: list[tuple[dict[str, Any], Path]]) -> None:
    """Look whether all that was acknowledged is there, and nothing half; what waits is taken up by a worker."""
    with open_registry(url) as registry:
        waiting = len(registry.submissions(state="received"))
    done = subprocess.run([*COMMAND, "work", "--once", "--registry", url], capture_output=True, text=True, check=True)
    with open_registry(url) as registry:
        for receipt, file in acknowledged:
            assert proves(receipt, file.read_bytes())
            assert registry.receipt(receipt["submission"]["name"]) == receipt
        listed = registry.submissions(dataset="ports")
        assert {each.state for each in listed} <= {"accepted"}
        assert [each.number for each in listed] == list(range(1, len(listed) + 1))
        assert {len(registry.log(each.id)) for each in listed} <= {3}  # received, checked, accepted: each once
        assert registry.verify() == []
        if not is_postgres(url):
            assert registry.database.value("PRAGMA integrity_check") == "ok"
    print(f"{len(acknowledged)} acknowledged, {len(listed)} there, {waiting} were waiting: {done.stdout.strip()}")


def test_nothing_acknowledged_is_lost_when_the_backend_is_killed(server: str, tmp_path: Path) -> None:
    import psycopg

    url = new_database(server)
    open_registry(url, create=True).close()
    acknowledged = []
    chance = random.Random(11)
    for number in range(ROUNDS):
        file = large(tmp_path / f"v{number}.csv", number)
        process = submit(url, file, "ports", month(number))
        time.sleep(chance.uniform(0.3, 1.5))
        with contextlib.suppress(psycopg.Error), psycopg.connect(url, autocommit=True) as watching:
            of_ours = "SELECT pid FROM pg_stat_activity WHERE application_name = 'bicentennial'"
            for (pid,) in watching.execute(of_ours).fetchall():
                with contextlib.suppress(ProcessLookupError):
                    os.kill(pid, signal.SIGKILL)
        out, _ = process.communicate()
        assert process.returncode in (0, 3)
        if process.returncode == 0:
            acknowledged.append((json.loads(out)["submission"]["receipt"], file))
        _until_back(url)
    look_back(url, acknowledged)


def _until_back(url: str) -> None:
    """Wait until the server, which ends all connections when one of its processes was killed, takes new ones."""
    import psycopg

    def is_back() -> bool:
        with contextlib.suppress(psycopg.Error), psycopg.connect(url):
            return True
        return False

    until(is_back)


def test_many_writers_get_numbers_without_gaps(url: str, tmp_path: Path) -> None:
    open_registry(url, create=True).close()
    processes = []
    for number in range(8):
        file = large(tmp_path / f"w{number}.csv", number, rows=40)
        processes += [submit(url, file, "shared", month(number)), submit(url, file, f"own-{number}", "2024")]
    answers = [json.loads(process.communicate(timeout=120)[0]) for process in processes]
    assert all(process.returncode == 0 for process in processes)
    shared = sorted(a["submission"]["number"] for a in answers if a["submission"]["dataset"] == "shared")
    assert shared == list(range(1, 9))
    with open_registry(url) as registry:
        assert len(registry.submissions(state="accepted")) == 16
        assert registry.verify() == []


def test_a_reader_sees_whole_submissions_only(url: str, tmp_path: Path) -> None:
    open_registry(url, create=True).close()
    process = submit(url, large(tmp_path / "a.csv", 1), "ports", "2024")
    reading = threading.Thread(target=process.communicate)  # a pipe that is not read would hold the process up
    reading.start()
    seen = set()
    with open_registry(url) as registry:
        while reading.is_alive():
            with registry.database.snapshot():
                states = [each.state for each in registry.submissions()]
                members = registry.database.value("SELECT count(*) FROM member")
            seen.add((*states, members))
            time.sleep(0.002)
    assert process.returncode == 0
    assert seen <= {(0,), ("received", 0), ("accepted", ACTIONS)}


TAMPERING = {
    "record": "UPDATE record SET body = replace(body, 'SRE', 'SRF') || ' ' WHERE id = 1",
    "blob": "UPDATE blob SET bytes = substr(bytes, 1, 9) || x'00' || substr(bytes, 11) WHERE piece = 0",
    "event": "UPDATE event SET reason = 'nothing' WHERE id = 2",
    "submission": "UPDATE submission SET issued = '2020-01-01' WHERE id = 1",
    "check": 'UPDATE "check" SET conforms = 0 WHERE id = 1',
    "member": "UPDATE member SET record = (SELECT max(id) FROM record) WHERE subject = 1",
    "content": "UPDATE content SET places = '{}' WHERE submission = 1",
}
REMOVALS = {
    "event": "DELETE FROM event WHERE id = (SELECT max(id) FROM event)",
    "check": 'DELETE FROM "check" WHERE id = 1',
    "blob": "DELETE FROM blob WHERE sha = (SELECT file_sha FROM submission WHERE id = 1)",
    "member": "DELETE FROM member WHERE subject = 1",
    "submission": "DELETE FROM submission WHERE id = 1",
}


@pytest.mark.parametrize("change", [*TAMPERING.items(), *REMOVALS.items()], ids=lambda change: change[1].split()[0])
def test_a_changed_row_is_refused_and_if_forced_found(tmp_path: Path, change: tuple[str, str]) -> None:
    table, sql = change
    path = tmp_path / "r.sqlite"
    with open_registry(path, create=True) as registry:
        registry.submit(GOOD, submitter="UNODC", dataset="ccp", issued="2024-03-31")
        assert registry.verify() == []
    connection = sqlite3.connect(path)
    with pytest.raises(sqlite3.IntegrityError, match=f"{table} is append-only"):
        connection.execute(sql)
    connection.rollback()
    for (trigger,) in connection.execute("SELECT name FROM sqlite_master WHERE type = 'trigger'").fetchall():
        connection.execute(f'DROP TRIGGER "{trigger}"')
    connection.execute(sql)
    connection.commit()
    connection.close()
    with open_registry(path) as registry:
        assert table in {fault.table for fault in registry.verify()}
    done = subprocess.run([*COMMAND, "verify", "--registry", str(path)], capture_output=True, text=True, check=False)
    assert done.returncode == 1


def test_a_damaged_index_is_found(tmp_path: Path) -> None:
    """What is asked through it would be answered wrong or not at all, and no row shows it."""
    path = tmp_path / "r.sqlite"
    with open_registry(path, create=True) as registry:
        registry.submit(GOOD, submitter="UNODC", dataset="ccp", issued="2024-03-31")
    connection = sqlite3.connect(path)
    [(size,)] = connection.execute("PRAGMA page_size").fetchall()
    roots = connection.execute(
        "SELECT rootpage FROM sqlite_master WHERE type = 'index' AND tbl_name <> 'meta'"
    ).fetchall()
    connection.close()
    whole = path.read_bytes()
    for (root,) in roots:
        start = (root - 1) * size
        path.write_bytes(whole[:start] + bytes(size) + whole[start + size :])
        with open_registry(path) as registry:
            assert "database" in {fault.table for fault in registry.verify()}
    path.write_bytes(whole)
    with open_registry(path) as registry:
        assert registry.verify() == []


FREE = {("meta", "value"), ("token", "used"), ("dataset", "threshold"), ("session", "expires_at")}
"""Columns that nothing rests on: when a token was last used, and the like."""


def test_a_change_in_any_column_of_any_row_is_found(tmp_path: Path) -> None:
    path = tmp_path / "r.sqlite"
    with open_registry(path, create=True) as registry:
        file = GOOD.with_name("good.json")
        registry.set_dataset("UNODC/ccp", title="Precursors", cadence="quarter")
        registry.submit(file, submitter="UNODC", dataset="ccp", issued="2024-03-31", note="first")
        registry.submit(GOOD, submitter="UNODC", dataset="ccp", issued="2024-06-30")
        registry.redact(2, reason="a court order")
        registry.add_token(["submit:UNODC"], submitter="UNODC", expires="2030")
        assert registry.verify() == []
    connection = sqlite3.connect(path)
    for (trigger,) in connection.execute("SELECT name FROM sqlite_master WHERE type = 'trigger'").fetchall():
        connection.execute(f'DROP TRIGGER "{trigger}"')
    connection.execute("PRAGMA foreign_keys = OFF")
    connection.commit()
    names = [name for (name,) in connection.execute("SELECT name FROM sqlite_master WHERE type = 'table'").fetchall()]
    tried = set()
    for table in sorted(set(names) - {"sqlite_sequence"}):
        columns = [row[1] for row in connection.execute(f'PRAGMA table_info("{table}")').fetchall()]
        for column in columns:
            if (table, column) in FREE:
                continue
            row = connection.execute(
                f'SELECT "{columns[0]}", "{column}" FROM "{table}" WHERE "{column}" IS NOT NULL LIMIT 1'
            ).fetchone()
            if row is None:
                continue
            tried.add((table, column))
            connection.execute(f'UPDATE "{table}" SET "{column}" = ? WHERE "{column}" IS ?', [changed(row[1]), row[1]])
            connection.commit()
            with open_registry(path) as registry:
                assert registry.verify(), f"{table}.{column}: {row[1]!r}"
            connection.execute(f'UPDATE "{table}" SET "{column}" = ? WHERE "{column}" IS ?', [row[1], changed(row[1])])
            connection.commit()
    connection.close()
    with open_registry(path) as registry:
        assert registry.verify() == []
    assert {table for table, _ in tried} >= set(databases.APPEND_ONLY) | {"submitter", "dataset", "token", "redacted"}


def changed(value: Any) -> Any:
    """Return a value with one bit or digit changed."""
    if isinstance(value, bytes):
        return value[:-1] + bytes([value[-1] ^ 1])
    if isinstance(value, int):
        return value + 100_000
    if isinstance(value, float):
        return value + 0.5
    return value[:-1] + chr(ord(value[-1]) ^ 1) if value else "x"


@contextlib.contextmanager
def small_disk(place: Path, size: str = "900k") -> Iterator[Path]:
    """Mount a disk of a size in memory, which takes the rights of root."""
    place.mkdir()
    mount = program("mount")
    command = [str(mount), "-t", "tmpfs", "-o", f"size={size}", "tmpfs", str(place)]
    if mount is None or os.geteuid() != 0 or subprocess.run(command, check=False, capture_output=True).returncode:
        missing("the right to mount a disk (root)")
    try:
        yield place
    finally:
        subprocess.run([str(program("umount")), "-l", str(place)], check=False)


def fill(filler: Path) -> None:
    """Write to a file until its disk is full."""
    with contextlib.suppress(OSError), filler.open("wb") as stream:
        while True:
            stream.write(bytes(4096))
            stream.flush()


def test_a_disk_that_was_full_before_is_a_sentence(tmp_path: Path) -> None:
    """Readers, too, need a small file beside that of the registry; SQLite calls its lack an I/O error."""
    with small_disk(tmp_path / "disk") as disk:
        open_registry(disk / "r.sqlite", create=True).close()
        fill(disk / "filler")
        command = [*COMMAND, "list", "--registry", str(disk / "r.sqlite")]
        done = subprocess.run(command, capture_output=True, text=True, check=False)
        assert (done.returncode, "disk of the registry is full" in done.stderr) == (3, True), done.stderr


def test_a_disk_that_fills_up_is_a_sentence_and_leaves_nothing_half(tmp_path: Path) -> None:
    with small_disk(tmp_path / "disk") as disk:
        path, filler = disk / "r.sqlite", disk / "filler"
        with open_registry(path, create=True) as registry:
            registry.submit(GOOD, submitter="UNODC", dataset="ccp", issued="2024-03-31")
            fill(filler)
            file = large(tmp_path / "a.csv", 1, rows=300)
            with submit(str(path), file, "ccp", "2024-06-30") as process:
                assert process.wait() == 3
            assert [each.number for each in registry.submissions()] == [1]
            assert registry.verify() == []
            filler.unlink()
            with submit(str(path), file, "ccp", "2024-06-30") as process:
                out, _ = process.communicate()
            assert json.loads(out)["submission"]["number"] == 2
            assert registry.verify() == []


def test_a_backup_on_a_full_disk_names_it_and_leaves_nothing(tmp_path: Path) -> None:
    with open_registry(tmp_path / "r.sqlite", create=True) as registry, small_disk(tmp_path / "disk", "40k") as disk:
        registry.submit(GOOD, submitter="UNODC", dataset="ccp", issued="2024-03-31")
        with pytest.raises(OutputError, match=r"copy\.sqlite cannot be written"):
            registry.backup(disk / "copy.sqlite")
        assert list(disk.iterdir()) == []
        registry.backup(tmp_path / "copy.sqlite")
        assert registry.verify() == []


def test_a_folder_that_is_read_only_is_a_sentence(tmp_path: Path) -> None:
    with small_disk(tmp_path / "disk", "4m") as disk:
        path = disk / "r.sqlite"
        with open_registry(path, create=True) as registry:
            registry.submit(GOOD, submitter="UNODC", dataset="ccp", issued="2024-03-31")
        remount = [str(program("mount")), "-o", "remount,ro", str(disk)]
        # The worker may be on its way out, with the file still open.
        until(lambda: subprocess.run(remount, capture_output=True, check=False).returncode == 0)
        for arguments in (
            ("submit", str(GOOD), "--as", "UNODC", "--dataset", "b", "--issued", "2024", "--registry", str(path)),
            ("init", str(disk / "b.sqlite")),
        ):
            done = subprocess.run([*COMMAND, *arguments], capture_output=True, text=True, check=False)
            assert done.returncode == 3
            assert "read-only" in done.stderr
        command = [*COMMAND, "backup", str(disk / "copy.sqlite"), "--registry", str(path)]
        done = subprocess.run(command, capture_output=True, text=True, check=False)
        assert (done.returncode, f"{disk / 'copy.sqlite'} cannot be written" in done.stderr) == (3, True)
        for asked in (("list",), ("verify",), ("file", "1")):  # reading goes on
            command = [*COMMAND, *asked, "--registry", str(path)]
            assert subprocess.run(command, capture_output=True, check=False).returncode == 0


def test_postgres_refuses_changes_too(server: str) -> None:
    with open_registry(new_database(server), create=True) as registry:
        registry.submit(GOOD, submitter="UNODC", dataset="ccp", issued="2024-03-31")
        for table in ("record", "blob", "event", "submission", '"check"', "member"):
            with pytest.raises(DatabaseError, match="never changed"):
                registry.database.execute(f"DELETE FROM {table}")


def test_a_backup_taken_while_others_write_is_whole(tmp_path: Path) -> None:
    path = tmp_path / "r.sqlite"
    open_registry(path, create=True).close()
    writers = [submit(str(path), large(tmp_path / f"{n}.csv", n, rows=300), f"d-{n}", "2024") for n in range(4)]
    copies: list[Path] = []
    with open_registry(path) as registry:
        readings = [threading.Thread(target=writer.communicate) for writer in writers]
        for reading in readings:
            reading.start()
        while any(reading.is_alive() for reading in readings):
            copies.append(tmp_path / f"copy-{len(copies)}.sqlite")
            registry.backup(copies[-1])
            time.sleep(0.05)
        with pytest.raises(UsageError, match="not touched"):
            registry.backup(copies[0])
        with pytest.raises(UsageError, match="does not exist"):
            registry.backup(tmp_path / "no" / "copy.sqlite")
    assert copies
    for copy in copies:
        with open_registry(copy) as registry:
            assert registry.verify() == []


def test_a_full_disk_leaves_nothing_half(tmp_path: Path, table: Table) -> None:
    path = tmp_path / "r.sqlite"
    with open_registry(path, create=True) as registry:
        registry.submit(GOOD, submitter="UNODC", dataset="ccp", issued="2024-03-31")
        pages = registry.database.value("PRAGMA page_count")
        registry.database.execute(f"PRAGMA max_page_count = {pages}")
        noise = random.Random(3).randbytes(200_000).hex()
        with pytest.raises(DatabaseError, match="disk of the registry is full"):
            registry.submit(
                table({"A-001": {"description": noise[:30_000]}}) + noise.encode(), name="a.csv",
                submitter="UNODC", dataset="ccp", issued="2024-06-30",
            )  # fmt: skip
        assert len(registry.submissions()) == 1
        assert registry.verify() == []
        registry.database.execute("PRAGMA max_page_count = 1000000")
        done = registry.submit(table(), name="a.csv", submitter="UNODC", dataset="ccp", issued="2024-06-30")
        assert done.submission is not None
        assert done.submission.number == 2


def test_what_was_received_before_the_disk_was_full_is_told(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def fail(*_: Any, **__: Any) -> str:
        raise problems.full()

    with open_registry(tmp_path / "r.sqlite", create=True) as registry:
        with monkeypatch.context() as patched:
            patched.setattr(submitting, "judge", fail)
            with pytest.raises(DiskFullError, match=r"was received \(number 1\).*the disk of the registry is full"):
                registry.submit(GOOD, submitter="UNODC", dataset="ccp", issued="2024-03-31")
        assert [each.state for each in registry.submissions()] == ["received"]
        assert proves(registry.receipt(1), GOOD.read_bytes())
        done = registry.submit(GOOD, submitter="UNODC", dataset="ccp", issued="2024-03-31")
        assert (done.submission and done.submission.state, done.is_new) == ("accepted", False)


def test_a_clock_that_goes_back_does_not_disorder_events(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    from bicentennial.monitoring.store import chain

    with open_registry(tmp_path / "r.sqlite", create=True) as registry:
        registry.add_party("one")
        monkeypatch.setattr(chain, "now", lambda: "1999-01-01T00:00:00.000000Z")
        registry.add_party("two")
        first, second = registry.log()
        assert second.at == first.at
        assert registry.verify() == []


def test_a_network_drive_and_what_is_no_registry_are_refused(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    mounts, share = tmp_path / "mounts", tmp_path / "a share"
    share.mkdir()
    mounts.write_text(f"/dev/a / ext4 rw 0 0\nserver:/export {str(share).replace(' ', chr(92) + '040')} nfs4 rw 0 0\n")
    monkeypatch.setattr(sqlite, "MOUNTS", mounts)
    with pytest.raises(UsageError, match=r"network drive \(nfs4\)"):
        open_registry(share / "r.sqlite", create=True)
    open_registry(tmp_path / "r.sqlite", create=True).close()
    text = tmp_path / "text.sqlite"
    text.write_text("this is no database, but a text that is long enough to be looked at" * 20)
    with pytest.raises(DatabaseError, match="is no registry, or is damaged"):
        open_registry(text)
    with pytest.raises(UsageError, match="does not exist"):
        open_registry(tmp_path / "none" / "r.sqlite", create=True)


def test_a_database_that_is_away_is_a_sentence() -> None:
    pytest.importorskip("psycopg")
    with pytest.raises(DatabaseError, match="does not answer"):
        open_registry("postgresql://tester@127.0.0.1:1/none?connect_timeout=2")


def test_what_the_disk_has_room_for_is_checked_beside_what_it_has_not(
    url: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    def judge_others(database: Any, number: int, *rest: Any, **options: Any) -> str:
        if number == 1:
            raise problems.full()
        return judge(database, number, *rest, **options)

    with open_registry(url, create=True) as registry:
        for name in ("first", "second", "third"):
            handed = Handed(
                data=GOOD.read_bytes(), name="a.csv", dataset=registry.dataset_number("UNODC", name), issued="2024-03",
                sent_by="UNODC",
            )  # fmt: skip
            receive(registry.database, handed)
        with monkeypatch.context() as patched:
            patched.setattr(submitting, "judge", judge_others)
            for _ in range(2):
                with pytest.raises(DiskFullError, match=r"was received \(number 1\).*the disk of the registry is full"):
                    registry.work()
        assert [each.state for each in registry.submissions()] == ["received", "accepted", "accepted"]
        assert (registry.work(), registry.verify()) == ([1], [])


def test_a_full_disk_for_temporary_files_is_a_sentence_and_waited_for(tmp_path: Path) -> None:
    path = tmp_path / "r.sqlite"
    open_registry(path, create=True).close()
    with small_disk(tmp_path / "disk") as disk:
        fill(disk / "filler")
        environment = {**os.environ, "BICENTENNIAL_REGISTRY": str(path), "TMPDIR": str(disk)}
        with subprocess.Popen([*COMMAND, "work"], stderr=subprocess.PIPE, env=environment, text=True) as working:
            command = [*COMMAND, "submit", str(GOOD), "--as", "UNODC", "--dataset", "ccp", "--issued", "2024-03"]
            done = subprocess.run(command, capture_output=True, env=environment, text=True, check=False)
            assert (done.returncode, "was received (number 1)" in done.stderr) == (3, True), done.stderr
            assert working.stderr is not None
            assert "disk for temporary files is full" in working.stderr.readline()
            (disk / "filler").unlink()
            with open_registry(path) as registry:
                until(lambda: registry.submission(1).state == "accepted")
            working.terminate()
        fill(disk / "filler")
        command = [sys.executable, "-m", "bicentennial", "validate", "-"]
        done = subprocess.run(
            command, input=GOOD.read_text(), capture_output=True, env=environment, text=True, check=False
        )
        assert (done.returncode, "no room left on the disk" in done.stderr) == (3, True), done.stderr
