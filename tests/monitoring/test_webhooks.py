"""Webhooks: what an address is told, that it can be proved, and where nothing is ever sent."""

from __future__ import annotations

import json
import socket
import threading
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, HTTPServer
from typing import TYPE_CHECKING

import pytest

from bicentennial.cli import main
from bicentennial.monitoring.registry import Registry, open_registry
from bicentennial.monitoring.webhooks import deliver, signature

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

SECRET = "a-secret-of-the-receiver"
LOOPBACK = ["127.0.0.0/8"]


@dataclass
class Receiver:
    """A server that keeps what it is sent, and answers with a status."""

    address: str = ""
    status: int = 204
    got: list[tuple[dict[str, str], str]] = field(default_factory=list)


@pytest.fixture
def receiver() -> Iterator[Receiver]:
    made = Receiver()

    class Handler(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            body = self.rfile.read(int(self.headers["Content-Length"])).decode()
            made.got.append(({name.lower(): value for name, value in self.headers.items()}, body))
            self.send_response(made.status)
            self.send_header("Location", f"{made.address}/elsewhere")
            self.send_header("Content-Length", "0")
            self.end_headers()

        def log_message(self, *_: object) -> None:
            pass

    server = HTTPServer(("127.0.0.1", 0), Handler)
    made.address = f"http://127.0.0.1:{server.server_port}"
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    yield made
    server.shutdown()
    server.server_close()
    thread.join()


def outbox(registry: Registry) -> list[tuple[int, bool, bool, str | None]]:
    """Return for each message how often it was tried, whether it arrived or was given up, and the last problem."""
    rows = registry.database.all(
        "SELECT attempts, sent_at, given_up_at, problem FROM outbox WHERE body <> '' ORDER BY id"
    )
    return [(attempts, sent is not None, given_up is not None, problem) for attempts, sent, given_up, problem in rows]


def due_now(registry: Registry) -> None:
    with registry.database.transaction():
        registry.database.execute("UPDATE outbox SET next_at = '2020-01-01T00:00:00.000000Z'")


def test_messages_are_signed_and_say_what_happened(registry: Registry, table, receiver: Receiver) -> None:  # type: ignore[no-untyped-def]
    hooks = {f"{receiver.address}/told?a=b": SECRET}
    registry.submit(table(), name="a.csv", submitter="fundacion", dataset="d", issued="2024-03-31", note="nota interna")
    assert deliver(registry.database, hooks, LOOPBACK) == 0  # what was before is not told
    done = registry.submit(
        table({"A-001": {"status": "completed"}}), name="b.csv", submitter="fundacion", dataset="d", issued="2024-06-30"
    )
    assert done.submission is not None
    registry.withdraw(done.submission.id, reason="otra nota interna", actor="office")
    assert deliver(registry.database, hooks, LOOPBACK) == 2
    assert deliver(registry.database, hooks, LOOPBACK) == 0
    told = [json.loads(body) for _, body in receiver.got]
    assert [each["what"] for each in told] == ["accepted", "withdrawn"]
    assert {each["submission"]["name"] for each in told} == {"fundacion/d/2"}
    for headers, body in receiver.got:
        assert headers["x-bicentennial-signature"] == signature(SECRET, headers["x-bicentennial-timestamp"], body)
        assert headers["content-type"] == "application/json"
        assert "interna" not in body
    assert len({headers["x-bicentennial-delivery"] for headers, _ in receiver.got}) == 2


def test_what_nobody_is_told_takes_no_lock(
    registry: Registry,
    url: str,
    receiver: Receiver,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    hooks = {receiver.address: SECRET}
    deliver(registry.database, hooks, LOOPBACK)
    registry.add_party("otra", name="Otra (ficticia)")  # an event of which no message is sent

    def locks(_: object) -> None:
        raise AssertionError

    with open_registry(url) as reader:
        monkeypatch.setattr(type(reader.database), "_begin", locks)
        assert deliver(reader.database, hooks, LOOPBACK) == 0


def test_what_does_not_arrive_is_tried_again_and_given_up(registry: Registry, table, receiver: Receiver) -> None:  # type: ignore[no-untyped-def]
    hooks = {receiver.address: SECRET}
    deliver(registry.database, hooks, LOOPBACK)
    registry.submit(table(), name="a.csv", submitter="fundacion", dataset="d", issued="2024-03-31")
    receiver.status = 500
    assert deliver(registry.database, hooks, LOOPBACK) == 0
    assert outbox(registry) == [(1, False, False, "HTTP 500")]
    assert deliver(registry.database, hooks, LOOPBACK) == 0  # it is not due yet
    assert len(receiver.got) == 1
    receiver.status = 302  # followed, it would be two requests
    due_now(registry)
    deliver(registry.database, hooks, LOOPBACK)
    assert len(receiver.got) == 2
    assert outbox(registry) == [(2, False, False, "HTTP 302")]
    for _ in range(5):
        due_now(registry)
        deliver(registry.database, hooks, LOOPBACK)
    assert outbox(registry) == [(7, False, True, "HTTP 302")]
    due_now(registry)
    receiver.status = 200
    assert deliver(registry.database, hooks, LOOPBACK) == 0
    assert len(receiver.got) == 7


@pytest.mark.parametrize("networks", [[], ["10.0.0.0/8"]])
def test_nothing_is_sent_to_private_addresses(registry: Registry, table, receiver: Receiver, networks) -> None:  # type: ignore[no-untyped-def]
    name = receiver.address.replace("127.0.0.1", "localhost")
    hooks = {receiver.address: SECRET, name: SECRET, "http://[::1]:9/": SECRET, "http://169.254.169.254/": SECRET}
    deliver(registry.database, hooks, networks)
    registry.submit(table(), name="a.csv", submitter="fundacion", dataset="d", issued="2024-03-31")
    assert deliver(registry.database, hooks, networks) == 0
    assert receiver.got == []
    assert len(outbox(registry)) == 4
    assert all("not a public address" in str(problem) for *_, problem in outbox(registry))


def test_an_address_that_does_not_answer_keeps_nothing_up(registry: Registry, table, receiver: Receiver) -> None:  # type: ignore[no-untyped-def]
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        closed = f"http://127.0.0.1:{taken.getsockname()[1]}/"
        hooks = {closed: SECRET, "http://no-such-host.invalid/": SECRET, receiver.address: SECRET}
        deliver(registry.database, hooks, LOOPBACK)
        registry.submit(table(), name="a.csv", submitter="fundacion", dataset="d", issued="2024-03-31")
        assert deliver(registry.database, hooks, LOOPBACK) == 1
    assert sorted(sent for _, sent, _, _ in outbox(registry)) == [False, False, True]


def test_the_worker_tells_too(tmp_path: Path, table, receiver: Receiver) -> None:  # type: ignore[no-untyped-def]
    path = tmp_path / "r.sqlite"
    config = tmp_path / "serve.toml"
    hooks = f'webhooks = {{"{receiver.address}" = "{SECRET}"}}\nwebhook_networks = ["127.0.0.0/8"]\n'
    config.write_text(hooks, encoding="utf-8")
    with open_registry(path, create=True) as registry:
        registry.add_party("fundacion")
        work = ["registry", "work", "--once", "--config", str(config), "--registry", str(path)]
        assert main(work) == 0
        registry.submit(table(), name="a.csv", submitter="fundacion", dataset="d", issued="2024-03-31")
    assert main(work) == 0
    assert [json.loads(body)["what"] for _, body in receiver.got] == ["accepted"]
