"""Requests as such: hosts, headers, rates, sizes, slow clients, log lines, counters."""

from __future__ import annotations

import asyncio
import json
import socket
import time
from concurrent.futures import ThreadPoolExecutor
from typing import TYPE_CHECKING, Any

import httpx
import pytest

from bicentennial.core.messages import LANGUAGES, sentence
from bicentennial.service import Settings, create_app
from bicentennial.service.http.security import HEADERS
from tests.serving import Filled, Service, serving
from tests.visiting import Visitor
from tests.waiting import PATIENCE, free_port, until

if TYPE_CHECKING:
    from pathlib import Path


def test_every_answer_has_the_headers(service: Service) -> None:
    with service.client() as client:
        for path in ("/healthz", "/no-such-page", "/static/theme.css", "/static/none", "/static/../app.py"):
            answer = client.get(path)
            assert {name: answer.headers.get(name) for name in HEADERS} == HEADERS, path
            assert len(answer.headers["x-request-id"]) == 12


@pytest.mark.parametrize("host", ["evil.example", "127.0.0.1.evil.example", "[", "localhost@evil.example", ""])
def test_another_host_is_refused(service: Service, host: str) -> None:
    with service.client() as client:
        answer = client.get("/healthz", headers={"Host": host, "Accept-Language": "es"})
        assert answer.status_code == 400
        assert answer.json()["detail"] == sentence("traffic", "other-host")["es"]


def test_a_named_host_is_answered(tmp_path: Path) -> None:
    running = serving(tmp_path, hosts=("data.example.org",), base="https://portal.example.org/x")
    with running as named, named.client() as client:
        for host in ("data.example.org", "DATA.example.org:443", "portal.example.org"):
            answer = client.get("/healthz", headers={"Host": host})
            assert answer.status_code == 200
            assert answer.headers["strict-transport-security"] == "max-age=31536000"


def test_behind_a_path_every_address_begins_with_it(tmp_path: Path) -> None:
    """The proxy takes the path away; what a visitor is led to has it, and no other scheme or host."""
    running = serving(tmp_path, base="https://portal.example.org/x/")
    with running as named, named.client() as client:
        client.headers["Host"] = "portal.example.org"
        for path, there in (
            ("/es", "/x/es/"),
            ("/es/explore/?a=1", "/x/es/explore?a=1"),
            ("/api/v1/limits/", "/x/api/v1/limits"),
            ("//evil.example/es", "404"),
        ):
            answer = client.get(f"{named.url}{path}")
            assert answer.headers.get("location", str(answer.status_code)) == there
        waiting = client.post("/api/v1/check?name=a.csv", content=b"id\n1\n")
        assert waiting.status_code == 202
        assert waiting.headers["location"] == waiting.json()["report"]
        assert waiting.json()["report"].startswith("/x/api/v1/checks/")
        assert client.get("/api/v1/openapi.json").json()["servers"] == [{"url": "/x/api/v1"}]


def test_too_many_requests_are_told_how_long_to_wait(tmp_path: Path) -> None:
    with serving(tmp_path, rate=5) as running, running.client() as client:
        assert [client.get("/none").status_code for _ in range(6)] == [404] * 5 + [429]
        for lang in LANGUAGES:
            refused = client.get("/none", headers={"Accept-Language": lang})
            wait = int(refused.headers["retry-after"])
            assert 1 <= wait <= 61
            assert refused.headers["content-type"] == "application/problem+json"
            assert refused.json()["detail"] == sentence("traffic", "too-many", seconds=wait)[lang]
        page = client.get("/none", headers={"Accept": "text/html"})
        assert page.status_code == 429
        assert page.headers["content-type"] == "text/html; charset=utf-8"
        # Neither a new token nor a forwarded address is another client; what watches the service is not counted.
        forged = {"Authorization": f"Bearer bic_abcd_{'0' * 64}", "X-Forwarded-For": "192.0.2.1"}
        assert client.get("/none", headers=forged).status_code == 429
        assert client.get("/healthz").status_code == 200
        assert client.get("/static/theme.css").status_code == 200


def test_who_knows_the_public_part_of_a_token_uses_up_nothing_of_its_holder(filled: Filled, tmp_path: Path) -> None:
    path = filled.copy(tmp_path)
    with serving(tmp_path, registry=path, tokens=filled.tokens, check_rate=3, proxies=["127.0.0.1"]) as running:
        public = filled.tokens["example-ngo"].rpartition("_")[0]
        forged = {"Authorization": f"Bearer {public}_{'0' * 64}", "X-Forwarded-For": "192.0.2.1"}
        with running.client() as client:
            answers = [client.post("/api/v1/submissions", headers=forged).status_code for _ in range(5)]
            assert answers == [401, 401, 401, 429, 429]
        with running.client("example-ngo", headers={"X-Forwarded-For": "192.0.2.2"}) as client:
            assert client.post("/api/v1/submissions?dataset=other", content=b"").status_code != 429


def test_checking_again_and_keeping_count_as_checks(tmp_path: Path) -> None:
    with serving(tmp_path, check_rate=2) as running, running.client(headers={"Accept": "text/html"}) as client:
        for what in ("mapping", "keep"):
            found = [client.post(f"/en/check/none/{what}", data={"days": "7"}).status_code for _ in range(2)]
        assert found == [429, 429]


def test_a_crawler_that_waits_as_it_is_told_gets_everything(monkeypatch: pytest.MonkeyPatch) -> None:
    now = time.time()
    monkeypatch.setattr(time, "time", lambda: now)
    app = create_app(Settings(rate=10))

    async def crawl() -> list[int]:
        nonlocal now
        waits = []
        transport = httpx.ASGITransport(app=app)
        async with httpx.AsyncClient(transport=transport, base_url="http://localhost") as client:
            for number in range(35):
                while (answer := await client.get(f"/{number}")).status_code == 429:
                    waits.append(int(answer.headers["retry-after"]))
                    now += waits[-1]
                assert answer.status_code == 404
        return waits

    # In a thread of its own, for the browser of other tests leaves an event loop in this one.
    with ThreadPoolExecutor(1) as threads:
        assert threads.submit(asyncio.run, crawl()).result() == [61, 61, 61]


def test_a_request_that_is_too_long_is_refused_with_the_remedy(tmp_path: Path) -> None:
    with serving(tmp_path, file_bytes=1_000_000) as running, running.client() as client:
        for lang in LANGUAGES:
            expected = sentence("traffic", "too-large", limit="1")[lang]
            assert "bicentennial validate" in expected
            for body in (b"x" * 3_000_000, _parts(3_000_000)):
                answer = client.post("/healthz", content=body, headers={"Accept-Language": lang})
                if isinstance(body, bytes):
                    assert answer.status_code == 413
                    assert answer.json()["detail"] == expected
                else:
                    assert answer.status_code == 405  # it was not read at all
                assert client.get("/healthz").status_code == 200


def _parts(size: int) -> Any:
    yield from (b"x" * 100_000 for _ in range(size // 100_000))


def _talk(url: str, *sent: bytes, pause: float = 0.0) -> bytes:
    """Send bytes with pauses until the service closes the connection, and return what it said."""
    host, port = url.removeprefix("http://").split(":")
    with socket.create_connection((host, int(port)), timeout=PATIENCE) as connection:
        try:
            for part in sent:
                connection.sendall(part)
                time.sleep(pause)
        except OSError:
            pass  # it was cut while it spoke
        heard = b""
        try:
            while part := connection.recv(65536):
                heard += part
        except ConnectionResetError:
            pass
        return heard


def test_a_slow_client_is_cut(tmp_path: Path) -> None:
    with serving(tmp_path, request_seconds=2) as running:
        slow = [bytes([letter]) for letter in b"GET /healthz HTTP/1.1\r\nHost: localhost\r\nX: " + b"y" * 60]
        for sent in (slow, [], [b"POST /healthz HTTP/1.1\r\nHost: localhost\r\nContent-Length: 9\r\nX: y"]):
            heard = _talk(running.url, *sent, pause=0.05)
            assert heard.startswith(b"HTTP/1.1 408 "), heard
            assert all(sentence("traffic", "too-slow")[lang].encode() in heard for lang in LANGUAGES)
            assert b"content-security-policy: default-src 'none'" in heard.lower()
        with running.client() as client:  # an idle connection and a quick one are not cut
            assert client.get("/healthz").status_code == 200
            time.sleep(2.5)
            assert client.get("/healthz").status_code == 200


@pytest.mark.parametrize(
    "sent",
    [
        b"\x16\x03\x01\x02\x00\x01\x00",
        b"GET / HTTP/1.1\r\nHost: localhost\r\nX: " + b"y" * 40_000,
        b"G\x00T / HTTP/1.1\r\n\r\n",
    ],
)
def test_what_is_no_request_gets_a_sentence(service: Service, sent: bytes) -> None:
    heard = _talk(service.url, sent)
    assert heard.startswith(b"HTTP/1.1 400 ")
    assert all(sentence("traffic", "not-http")[lang].encode() in heard for lang in LANGUAGES)
    assert b"x-content-type-options: nosniff" in heard.lower()


@pytest.mark.parametrize("path", ["/api/v1/check", "/en/"])
def test_a_file_that_is_half_sent_is_no_fault_of_the_service(service: Service, path: str) -> None:
    host, port = service.url.removeprefix("http://").split(":")
    before = len(service.logged())
    with socket.create_connection((host, int(port))) as connection:
        head = f"POST {path} HTTP/1.1\r\nHost: {host}\r\nContent-Type: text/csv\r\nContent-Length: 100\r\n\r\n"
        connection.sendall(f"{head}id,title".encode())
        time.sleep(0.2)
    until(lambda: path in service.logged()[before:])
    lines = [json.loads(line) for line in service.logged()[before:].splitlines()]
    assert {(each["level"], each.get("status")) for each in lines if each.get("route") == path} == {("info", 499)}


def test_log_lines_say_nothing_of_what_was_sent(tmp_path: Path) -> None:
    secret = f"bic_abcd_{'7' * 64}"
    with serving(tmp_path) as running, running.client() as client:
        client.get("/no/such/secretpath?q=secretquery", headers={"Authorization": f"Bearer {secret}"})
        client.post("/healthz?name=secretname.csv", content=b"secretbody", headers={"Cookie": "a=secretcookie"})
    log = running.logged()
    lines = [json.loads(line) for line in log.splitlines() if line.startswith("{")]
    requests = [line for line in lines if line["message"] == "request"]
    assert [(line["method"], line["route"], line["status"], line.get("token")) for line in requests] == [
        ("GET", "unmatched", 404, "abcd"),
        ("POST", "/healthz", 405, None),
    ]
    assert all(set(line) >= {"time", "level", "request", "ms", "client"} for line in requests)
    assert "secret" not in log
    assert secret not in log
    assert "127.0.0.1" not in "".join(line for line in log.splitlines() if line.startswith("{"))


@pytest.mark.parametrize(
    ("path", "methods"),
    [
        ("/api/v1/submissions", "GET, HEAD, POST"),
        ("/api/v1/submissions/1/accept", "POST"),
        ("/api/v1/progress", "GET, HEAD"),
        ("/en/", "GET, HEAD, POST"),
        ("/en/progress", "GET, HEAD"),
        ("/sparql", "GET, HEAD, OPTIONS, POST"),
        ("/static/base.css", "GET, HEAD"),
    ],
)
def test_a_refused_method_is_told_all_that_are_taken(service: Service, path: str, methods: str) -> None:
    with service.client() as client:
        answer = client.patch(path)
    assert (answer.status_code, answer.headers["allow"]) == (405, methods)


def test_what_a_signed_in_visitor_sees_is_kept_by_nobody(service: Service) -> None:
    """The same address shows others less, so no cache between may have it; what is the same for all may be kept."""
    paths = ("/api/v1/submissions", "/en/progress", "/en/submitters", "/api/v1/submissions/999")
    with service.client() as anybody, service.client("fundacion") as partner:
        assert {anybody.get(path).headers.get("cache-control") for path in paths} == {None}
        assert {partner.get(path).headers["cache-control"] for path in paths} == {"private, no-store"}
    visitor = Visitor(service)
    visitor.sign_in("fundacion")
    for path in ("/en/mine", "/en/progress"):
        assert visitor.client.get(path).headers["cache-control"] == "private, no-store"
    assert "etag" in visitor.client.get("/static/base.css").headers
    visitor.close()


@pytest.mark.parametrize(
    "path",
    [
        "/en/registry/example-ngo/actions/1/file",
        "/es/registry/example-ngo/actions/1/report?format=csv",
        "/en/registry/example-ngo/actions/1/receipt",
        "/api/v1/submissions/1/file",
    ],
)
def test_what_is_kept_is_sent_once_to_who_may_keep_it(service: Service, path: str) -> None:
    with service.client() as anybody, service.client("review") as reviewer:
        first = anybody.get(path)
        asked = {"If-None-Match": first.headers["etag"]}
        again = anybody.get(path, headers=asked)
        assert (first.status_code, bool(first.content), again.status_code, again.content) == (200, True, 304, b"")
        assert first.headers["cache-control"] == again.headers["cache-control"] == "no-cache"
        assert anybody.get(path, headers={"If-None-Match": '"other"'}).content == first.content
        assert reviewer.get(path).headers["cache-control"] == "private, no-store"


def test_an_address_that_no_part_has_is_logged_as_what_was_asked(tmp_path: Path) -> None:
    asked = ("/api/v1/no-such", "/api/v1/submissions/999", "/static/no-such.css")
    with serving(tmp_path) as running, running.client() as client:

        def routes() -> list[str]:
            lines = [line for line in running.logged().split("\n")[:-1] if '"route"' in line]
            # An answer is logged once it is sent, by when the next request may have been answered.
            return sorted(route for line in lines if (route := json.loads(line)["route"]) != "/healthz")

        assert {client.get(path).status_code for path in asked} == {404}
        until(lambda: len(routes()) >= len(asked))
        assert routes() == ["/api/v1/submissions/{id}", "/api/v1/{path}", "/static/{path}"]


def test_metrics_are_on_a_port_of_their_own(tmp_path: Path) -> None:
    port = free_port()
    with serving(tmp_path, metrics_port=port) as running, running.client() as client:
        client.get("/healthz")
        assert client.get("/metrics").status_code == 404
        text = httpx.get(f"http://127.0.0.1:{port}/metrics", trust_env=False).text
        assert 'bicentennial_requests_total{method="GET",route="/healthz",status="200"} 1.0' in text
        assert "process_resident_memory_bytes" in text
