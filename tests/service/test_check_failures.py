"""What becomes of checks when too many come, when files are too large, and when processes die."""

from __future__ import annotations

import errno
import os
import re
import signal
import socket
import time
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

from bicentennial.core.errors import OutputError
from bicentennial.core.files.workspace import Workspace
from bicentennial.core.messages import LANGUAGES, sentence
from bicentennial.service.checks.checked import Checked, Given
from bicentennial.service.jobs import QueueFullError
from tests.service.checking import HTML, children, fork_server, report_of, runs, send, stopped, text_of, workers
from tests.serving import EXAMPLES, Service, serving
from tests.waiting import within

if TYPE_CHECKING:
    from collections.abc import Iterator

SLOW = "id,title,goal,responsible_party\n" + "".join(f"A-{n},b,none,nobody\n" for n in range(60_000))
"""A file whose check takes some seconds."""


@pytest.fixture(scope="module")
def plain(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Service]:
    with serving(tmp_path_factory.mktemp("plain"), queue=60) as running:
        yield running


def _memory(pid: int) -> int:
    """Return how many MB a process holds at most since it was started."""
    found = re.search(r"VmHWM:\s+(\d+) kB", Path(f"/proc/{pid}/status").read_text())
    assert found
    return int(found[1]) >> 10


def test_fifty_at_once_are_all_answered(plain: Service) -> None:
    def one(number: int) -> str:
        with plain.client() as client:
            sent = send(client, f"file-{number}.csv", (EXAMPLES / "faulty.csv").read_bytes())
            if sent.status_code == 503:
                assert int(sent.headers["retry-after"]) > 0
                return "busy"
            assert sent.status_code == 303
            page = report_of(client, sent.headers["location"])
            assert f"file-{number}.csv does not conform" in text_of(page)
            return "done"

    with ThreadPoolExecutor(50) as threads:
        answers = list(threads.map(one, range(50)))
    assert answers.count("done") == 50  # there is room for sixty
    assert _memory(plain.process.pid) < 400
    assert within(lambda: workers(plain) == [])


def test_above_the_bound_the_others_are_told_when_to_come_again(tmp_path: Path) -> None:
    with serving(tmp_path, checks=1, queue=5) as running, stopped(fork_server(running)):

        def one(_: int) -> Any:
            with running.client() as client:
                return send(client, "good.csv")

        with ThreadPoolExecutor(20) as threads:
            answers = list(threads.map(one, range(20)))
        assert sorted(each.status_code for each in answers) == [303] * 6 + [503] * 14
        assert all(int(each.headers["retry-after"]) > 0 for each in answers if each.status_code == 503)


@pytest.mark.parametrize("lang", LANGUAGES)
def test_a_file_that_is_too_large_is_refused_with_the_limit_and_the_command(plain: Service, lang: str) -> None:
    before = _memory(plain.process.pid)

    start = b'--x\r\nContent-Disposition: form-data; name="file"; filename="large.csv"\r\n\r\n'
    end = b"\r\n--x--\r\n"

    def body() -> Iterator[bytes]:
        yield start
        for _ in range(300):
            yield b"x" * 1_000_000
        yield end

    headers = {**HTML, "Content-Type": "multipart/form-data; boundary=x"}
    with plain.client() as client:
        # Both with the length told, as browsers do, and without.
        for told in ({"Content-Length": str(300_000_000 + len(start + end))}, {}):
            answer = client.post(f"/{lang}/", content=body(), headers={**headers, **told})
            assert answer.status_code == 413
            said = text_of(answer.text)
            assert sentence("traffic", "too-large", limit="50")[lang] in said
            assert "bicentennial validate" in said
        assert client.get("/healthz").status_code == 200
    assert _memory(plain.process.pid) < before + 100


def test_without_room_on_the_disk_nothing_half_is_kept(tmp_path: Path) -> None:
    import resource

    with serving(tmp_path) as running, running.client() as client:
        pid, usual = running.process.pid, resource.prlimit(running.process.pid, resource.RLIMIT_FSIZE)
        # The system refuses to write more, as it does where there is no room.
        resource.prlimit(pid, resource.RLIMIT_FSIZE, (1_500_000, usual[1]))
        answer = send(client, "large.csv", b"x" * 5_000_000, "es")
        assert answer.status_code == 507
        assert sentence("traffic", "no-room")["es"] in text_of(answer.text)
        resource.prlimit(pid, resource.RLIMIT_FSIZE, usual)
        assert "good.csv conforms" in text_of(report_of(client, send(client, "good.csv").headers["location"]))


def test_a_killed_worker_is_a_sentence_and_the_next_check_is_done(plain: Service) -> None:
    with plain.client() as client:
        with ThreadPoolExecutor(1) as threads:
            sent = threads.submit(send, client, "slow.csv", SLOW.encode())
            assert within(lambda: workers(plain) != [])
            os.kill(workers(plain)[0], signal.SIGKILL)
            address = sent.result().headers["location"]
        assert "memory" in report_of(client, address)
        assert "good.csv conforms" in text_of(report_of(client, send(client, "good.csv").headers["location"]))


def test_a_killed_fork_server_is_replaced_and_its_check_answered_once(plain: Service) -> None:
    with plain.client() as client:
        with ThreadPoolExecutor(1) as threads:
            sent = threads.submit(send, client, "slow.csv", SLOW.encode(), "es")
            assert within(lambda: workers(plain) != [])
            server = fork_server(plain)
            worker = workers(plain)[0]
            os.kill(server, signal.SIGKILL)
            address = sent.result().headers["location"]
        answers = [client.get(address, headers=HTML) for _ in range(2)]
        assert [each.status_code for each in answers] == [500, 500]
        assert sentence("error", "worker-lost")["es"] in text_of(answers[0].text)
        assert within(lambda: not runs(worker))
        assert "good.csv conforms" in text_of(report_of(client, send(client, "good.csv").headers["location"]))
    assert fork_server(plain) != server


def _uploading(service: Service) -> socket.socket:
    """Begin to send a file, and do not end."""
    host, port = service.url.removeprefix("http://").split(":")
    connection = socket.create_connection((host, int(port)))
    head = (
        f"POST /en/ HTTP/1.1\r\nHost: {host}\r\nContent-Length: 1000000\r\n"
        "Content-Type: multipart/form-data; boundary=x\r\n\r\n"
        '--x\r\nContent-Disposition: form-data; name="file"; filename="a.csv"\r\n\r\n'
    )
    connection.sendall(head.encode() + b"id,title\n" * 10_000)
    return connection


def test_a_server_killed_in_the_middle_of_an_upload_leaves_nothing(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    temporary = tmp_path / "temporary"
    temporary.mkdir()
    monkeypatch.setenv("TMPDIR", str(temporary))
    with serving(tmp_path / "first") as running, running.client() as client, ThreadPoolExecutor(1) as threads:
        lost = threads.submit(send, client, "slow.csv", SLOW.encode())
        assert within(lambda: workers(running) != [])
        with _uploading(running):
            everyone = children(running.process.pid)
            assert len(everyone) >= 2
            running.process.kill()
            running.process.wait()
            assert within(lambda: not any(runs(each) for each in everyone))
        lost.exception(60)  # the answer may have come before the end
    assert not list(temporary.glob("bicentennial-run-*/outcome.json"))
    with serving(tmp_path / "second") as running, running.client() as client:
        assert "good.csv conforms" in text_of(report_of(client, send(client, "good.csv").headers["location"]))
        # What the killed one had received is removed by the next that needs a folder.
        assert not any("slow" in path.name for path in temporary.rglob("*"))


def test_asked_to_end_under_load_it_ends_in_order_and_leaves_nothing(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    temporary = tmp_path / "temporary"
    temporary.mkdir()
    monkeypatch.setenv("TMPDIR", str(temporary))
    with serving(tmp_path / "service") as running:
        stop = time.monotonic() + 60

        def load(_: int) -> set[Any]:
            seen: set[Any] = set()
            with running.client() as client:
                while time.monotonic() < stop:
                    try:
                        seen.add(send(client, "faulty.csv").status_code)
                    except Exception as error:
                        seen.add(type(error).__name__)
                        return seen
            return seen

        with ThreadPoolExecutor(8) as threads:
            answers = [threads.submit(load, number) for number in range(8)]
            assert within(lambda: workers(running) != [])
            everyone = children(running.process.pid)
            running.process.send_signal(signal.SIGTERM)
            assert running.process.wait(120) == 0
            assert within(lambda: not any(runs(each) for each in everyone))
            codes = set().union(*(each.result() for each in answers))
        assert {each for each in codes if isinstance(each, int)} <= {303, 503}
        assert "Traceback" not in running.logged()
    assert not list(temporary.glob("bicentennial-run-*"))


def test_what_is_made_of_a_check_is_made_once_and_kept_whole_or_not_at_all(monkeypatch: pytest.MonkeyPatch) -> None:
    folder = Workspace()
    checked = Checked(Given("a.csv", folder.path / "a.csv", folder), conforms=True, by_code={}, format="csv")
    write, texts = Path.write_text, iter(("a report", "another"))

    def half(path: Path, text: str, **options: Any) -> int:
        write(path, text[:3], **options)
        raise OSError(errno.ENOSPC, "No space left on device")

    with monkeypatch.context() as full:
        full.setattr(Path, "write_text", half)
        with pytest.raises(OutputError):
            checked.kept("report.text.en", lambda: next(texts))
    assert [checked.kept("report.text.en", lambda: next(texts)) for _ in range(2)] == ["another", "another"]

    def slow() -> str:
        # Who asks meanwhile gives its thread back to other visitors.
        with ThreadPoolExecutor(1) as other, pytest.raises(QueueFullError):
            other.submit(checked.kept, "report.html.en", str, patience=0).result()
        return "slow"

    assert checked.kept("report.html.en", slow) == "slow"
