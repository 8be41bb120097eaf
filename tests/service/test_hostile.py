"""What visitors may try: hostile files and names, others' data, forged headers. Refused or inert, and never a fault."""

from __future__ import annotations

import re
import socket
import threading
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from time import sleep
from typing import TYPE_CHECKING, Any
from urllib.parse import quote

import httpx
import pytest

import bicentennial
from bicentennial.monitoring.registry import open_registry
from bicentennial.service import Settings, create_app
from bicentennial.service.http.security import HEADERS
from tests.security.cases import CASES
from tests.serving import EXAMPLES, Filled, Service, serving
from tests.waiting import until

if TYPE_CHECKING:
    from collections.abc import Iterator

NOW = {"Prefer": "wait=60"}
HOME = Path(bicentennial.__file__).parents[1]
LEAKS = re.compile(
    rf"{re.escape(str(HOME))}|/tmp/|bicentennial-run-|site-packages|Traceback \(most|\.sqlite|\.py\"?, line"
)


def innocent(answer: httpx.Response) -> None:
    """Hold an answer to what every answer promises: no fault, the headers, nothing of the server."""
    assert answer.status_code < 500, (answer.request.url, answer.text)
    for name, value in HEADERS.items():
        assert answer.headers.get(name) == value or name == "Content-Security-Policy", (answer.request.url, name)
    policy = answer.headers["content-security-policy"]
    assert policy.startswith("default-src 'none'"), answer.request.url
    assert "unsafe" not in policy
    # A program that matches names shows its previews within its own pages.
    assert "frame-ancestors 'none'" in policy or answer.request.url.path.endswith("/reconcile/preview")
    assert not LEAKS.search(answer.text), (answer.request.url, LEAKS.search(answer.text))


# Files


@pytest.fixture(scope="module")
def answers(service: Service) -> dict[str, httpx.Response]:
    """Return what comes of each hostile file."""

    def send(threat: str) -> httpx.Response:
        case = CASES[threat]
        with service.client(headers=NOW) as client:
            return client.post("/api/v1/check", params={"name": case.name}, content=case.data)

    with ThreadPoolExecutor(4) as several:
        return dict(zip(CASES, several.map(send, CASES), strict=True))


@pytest.mark.parametrize("threat", CASES)
def test_every_hostile_file_gets_a_report(answers: dict[str, httpx.Response], threat: str) -> None:
    case, answer = CASES[threat], answers[threat]
    assert answer.status_code == 200, answer.text
    innocent(answer)
    report = answer.json()
    assert report["conforms"] is (case.exit == 0)
    assert report["submission"]["file"] == case.name
    if case.finding is not None:
        assert case.finding in {finding["code"] for finding in report["findings"]}


@pytest.fixture(scope="module")
def pages(service: Service) -> dict[str, httpx.Response]:
    """Return what the form answers for each hostile file, once its page has the report."""

    def send(threat: str) -> httpx.Response:
        case = CASES[threat]
        with service.client(headers={"Accept": "text/html"}) as client:
            answer = client.post("/es/", files={"file": (case.name, case.data)})
            while (
                answer.status_code in (302, 303) or 'http-equiv="refresh"' in answer.text or "refresh" in answer.headers
            ):
                innocent(answer)
                sleep(0.05 if answer.status_code == 200 else 0)
                answer = client.get(answer.headers.get("location", str(answer.request.url)))
            return answer

    with ThreadPoolExecutor(4) as several:
        return dict(zip(CASES, several.map(send, CASES), strict=True))


@pytest.mark.parametrize("threat", CASES)
def test_every_hostile_file_gets_a_page(pages: dict[str, httpx.Response], threat: str) -> None:
    answer = pages[threat]
    assert answer.status_code == 200
    innocent(answer)
    assert "<h1" in answer.text
    assert "<script>alert" not in answer.text


NAMES = (
    "../../../etc/passwd",
    "..\\..\\windows\\system.ini",
    "/etc/passwd",
    "a\r\nSet-Cookie: stolen=1.csv",
    "<script>alert(1)</script>.csv",
    "a\x00b.csv",
    "\u202ecsv.exe",
    "x" * 180 + ".csv",
    ".",
    "..",
    "",
    "CON",
    "ñandú año 2024.csv",
)


@pytest.mark.parametrize("name", NAMES)
@pytest.mark.parametrize("form", ["json", "html", "text"])
def test_names_of_files_are_only_names(service: Service, name: str, form: str) -> None:
    data = (EXAMPLES / "faulty.csv").read_bytes()
    with service.client(headers=NOW) as client:
        answer = client.post("/api/v1/check", params={"name": name, "format": form}, content=data)
        part = client.post("/api/v1/check", params={"format": form}, files={"file": (name or "x", data)})
    for each in (answer, part):
        assert each.status_code == 200, each.text
        innocent(each)
        assert "set-cookie" not in each.headers
        assert "<script>alert" not in each.text or form == "text"
        if form == "json":
            shown = each.json()["submission"]["file"]
            assert not set(shown) & set("/\\\r\n\x00")
            assert len(shown) <= 136


def test_a_script_in_labels_is_text(service: Service) -> None:
    mark = '"><img src=x onerror=alert(1)><script>alert(2)</script>'
    table = f'id,title,goal,responsible_party\nA-1,"{mark.replace(chr(34), chr(34) * 2)}",G9,Nobody\n'.encode()
    with service.client(headers=NOW) as client:
        page = client.post("/api/v1/check?name=a.csv&format=html", content=table)
        things = client.get("/api/v1/search", params={"q": mark})
        missing = client.get(f"/en/{quote(mark, safe='')}", headers={"Accept": "text/html"})
    assert "&lt;script&gt;alert(2)" in page.text
    for answer in (page, things, missing):
        innocent(answer)
        assert "<img src=x" not in answer.text or answer.headers["content-type"] == "application/json"
        assert "<script>alert" not in answer.text or answer.headers["content-type"] == "application/json"


def test_what_was_handed_in_is_saved_and_never_shown(filled: Filled, tmp_path: Path) -> None:
    page = b"<!doctype html><script>alert(document.domain)</script>"
    with serving(tmp_path, registry=filled.copy(tmp_path), tokens=filled.tokens) as running:
        with running.client("example-ngo") as client:
            note = "first\r\nSet-Cookie: a=b\r\n\r\n<script>alert(3)</script>"
            params = {"dataset": "pages", "issued": "2024-01", "name": "evil.html\r\nX: y", "note": note}
            handed = client.post("/api/v1/submissions", params=params, content=page)
            assert handed.status_code == 201, handed.text
            innocent(handed)
            assert handed.json()["submission"]["note"] == note  # as it was said; it is JSON, and inert
            file = client.get(f"{handed.headers['location']}/file", headers={"Accept": "text/html"})
            innocent(file)
            assert file.content == page
            assert file.headers["content-type"] == "application/octet-stream"
            assert file.headers["content-disposition"].startswith("attachment; ")
            for path in ("", "/events", "/receipt", "/diff"):
                innocent(client.get(f"{handed.headers['location']}{path}"))
        assert all(
            secret not in running.logged() for secret in ("evil", "alert", "Set-Cookie", filled.tokens["example-ngo"])
        )


class Listener:
    """A server that nothing should ever speak to."""

    def __init__(self) -> None:
        self.socket = socket.create_server(("127.0.0.1", 0))
        self.url = f"http://127.0.0.1:{self.socket.getsockname()[1]}/"
        self.heard = 0
        threading.Thread(target=self._listen, daemon=True).start()

    def _listen(self) -> None:
        while True:
            try:
                connection, _ = self.socket.accept()
            except OSError:
                return
            self.heard += 1
            connection.close()


@pytest.fixture
def listener() -> Iterator[Listener]:
    """Yield a listener, which is shown to hear what does speak to it."""
    made = Listener()
    yield made
    heard = made.heard
    socket.create_connection(("127.0.0.1", made.socket.getsockname()[1])).close()
    while made.heard == heard:
        pass
    made.socket.close()
    assert heard == 0


def test_nothing_is_fetched_for_a_visitor(service: Service, listener: Listener) -> None:
    url = listener.url
    files = {
        "a.jsonld": f'{{"@context": "{url}c.jsonld", "@id": "urn:x"}}',
        "a.xml": f'<!DOCTYPE a [<!ENTITY x SYSTEM "{url}">]><iati-activities version="2.03">&x;</iati-activities>',
        "a.ttl": f"<urn:x> <http://www.w3.org/2002/07/owl#imports> <{url}> .",
        "a.csv": f'id,title,goal,source\nA-1,"=WEBSERVICE(""{url}"")",G1,{url}\n',
        "a.json": f'[{{"$ref": "{url}", "id": "A-1", "source": "{url}"}}]',
    }
    with service.client(headers=NOW) as client:
        for name, text in files.items():
            for form in ("json", "html"):
                innocent(client.post(f"/api/v1/check?name={name}&format={form}", content=text.encode()))
        innocent(client.post("/api/v1/check", params={"name": url}, content=b""))
        innocent(client.get("/api/v1/things/" + quote(url, safe="")))
        for query in (f"SELECT * {{ SERVICE <{url}> {{ ?s ?p ?o }} }}", f"SELECT * FROM <{url}> {{ ?s ?p ?o }}"):
            innocent(client.get("/sparql", params={"query": query}))


# Others' data

MARK = "marca-secreta-7391"


@pytest.fixture(scope="module")
def two(filled: Filled, tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[Service, list[int]]]:
    """Yield a service where `fundacion` has a submission that waits, a returned one, and one under embargo."""
    folder = tmp_path_factory.mktemp("two")
    path = filled.copy(folder)
    table = (EXAMPLES / "buena.csv").read_text(encoding="utf-8").replace("A-001", MARK.upper())
    assert MARK.upper() in table
    with open_registry(path) as registry:
        registry.set_dataset("fundacion/reservado", embargo="2999-12-31", title=MARK, actor="office")
        ids = []
        for dataset, data in (("acciones", table), ("acciones", f"id\n{MARK}\n"), ("reservado", table)):
            done = registry.submit(
                data.encode(), submitter="fundacion", dataset=dataset, issued="2024-09", name=f"{MARK}.csv", note=MARK
            )
            assert done.submission is not None
            ids.append(done.submission.id)
        assert [registry.submission(each).state for each in ids] == ["pending", "returned", "accepted"]
    with serving(folder, registry=path, tokens=filled.tokens) as running:
        yield running, ids


def _addresses(running: Service, number: int) -> Iterator[tuple[str, str, str]]:
    """Yield each operation of the OpenAPI document with parameters that ask for another's data."""
    with running.client() as client:
        document = client.get("/api/v1/openapi.json").json()
    values = {
        "id": number, "submitter": "fundacion", "dataset": "acciones", "name": MARK, "q": MARK, "before": number,
        "limit": 1000, "note": "x", "issued": "2024-12", "by": "goal", "format": "json",
    }  # fmt: skip
    for path, methods in document["paths"].items():
        for method, operation in methods.items():
            query: dict[str, Any] = {}
            address = path
            for parameter in operation.get("parameters", ()):
                name = parameter["name"]
                if parameter["in"] == "path":
                    address = address.replace(f"{{{name}}}", quote(str(values[name])))
                elif parameter["in"] == "query" and name in values and name != "state":
                    query[name] = values[name]
            yield method.upper(), f"/api/v1{address}", str(httpx.QueryParams(query))


def test_a_token_reads_and_changes_nothing_of_another(two: tuple[Service, list[int]]) -> None:
    running, ids = two
    seen = 0
    states = {}
    with open_registry(running.registry) as registry:
        states = {each: registry.submission(each).state for each in ids}
    for number in ids:
        for method, path, query in _addresses(running, number):
            for user in (None, "example-ngo", "reader"):
                with running.client(user, headers=NOW) as client:
                    body = (
                        {"content": b"id\nA\n"}
                        if path.endswith(("/check", "/submissions"))
                        else {"json": {"reason": "x"}}
                    )
                    answer = client.request(method, f"{path}?{query}", **(body if method == "POST" else {}))
                innocent(answer)
                # Only what was asked for may come back, in the words of the problem.
                text = answer.text.replace(f"“{MARK}”", "")
                assert MARK not in text or path.endswith("/check"), (user, method, path)
                assert MARK.upper() not in text, (user, method, path)
                if f"/submissions/{number}" in path:
                    assert answer.status_code == 404, (user, method, path)
                elif path.endswith("/submissions") and method == "POST":
                    assert answer.status_code in (401, 403), (user, method, path)
            if method == "GET" and f"/submissions/{number}" in path:
                with running.client("fundacion") as client:  # its own submitter does see it
                    answer = client.get(f"{path}?{query}")
                    assert answer.status_code == 200, (path, answer.text)
                    seen += MARK in answer.text or MARK.upper() in answer.text
    assert seen >= 3 * 4  # the checks above could have failed
    with open_registry(running.registry) as registry:
        assert {each: registry.submission(each).state for each in ids} == states
        assert len(registry.submissions()) == 6


def test_pages_show_nothing_of_another_either(two: tuple[Service, list[int]]) -> None:
    running, ids = two
    whose = {"lang": "es", "submitter": "fundacion", "id": str(ids[0]), "name": "action/A-002"}
    datasets = ({"dataset": "acciones", "number": "2"}, {"dataset": "reservado", "number": "1"})
    paths = set()
    for route in create_app(Settings(registry=str(running.registry))).routes:
        template = getattr(route, "path_format", "")
        names = re.findall(r"\{(\w+)\}", template)
        paths |= {template.format(**{name: {**whose, **each}.get(name, "x") for name in names}) for each in datasets}
    with running.client("example-ngo") as partner, running.client() as anyone:
        for path in sorted(paths):
            for client in (partner, anyone):
                answer = client.get(path, follow_redirects=True)
                innocent(answer)
                assert MARK not in answer.text.lower(), path
                if "/acciones/2" in path or "/reservado" in path:  # the name of the other dataset is public
                    assert answer.status_code in (401, 403, 404), path


@pytest.mark.parametrize("header", ["X-Forwarded-User", "X-Remote-User", "Remote-User", "X-Forwarded-For"])
def test_a_stranger_who_forges_headers_is_a_stranger(filled: Filled, tmp_path: Path, header: str) -> None:
    settings: dict[str, Any] = {
        "user_header": header, "proxies": ("192.0.2.1",), "users": {"root@example.org": "admin"}
    }  # fmt: skip
    started = serving(tmp_path, registry=filled.copy(tmp_path), tokens=filled.tokens, **settings)
    with started as running, running.client(headers={header: "root@example.org"}) as client:
        answer = client.get("/api/v1/submissions")
        innocent(answer)
        assert {each["state"] for each in answer.json()["items"]} == {"accepted"}
        assert client.post("/api/v1/submissions/3/accept").status_code == 404


@pytest.mark.parametrize("charset", ["utf-7", "undefined", "punycode", "none"])
@pytest.mark.parametrize("path", ["/en/login", "/es/", "/api/v1/check"])
def test_a_form_in_an_encoding_that_no_browser_sends_is_refused(service: Service, path: str, charset: str) -> None:
    content = b'--b\r\nContent-Disposition: form-data; name="form_token"\r\n\r\n+2AA-\r\n--b--\r\n'
    with service.client(headers={"Content-Type": f"multipart/form-data; boundary=b; charset={charset}"}) as client:
        assert client.post(path, content=content).status_code == 415


def test_an_origin_that_is_none_is_another_site(service: Service) -> None:
    with service.client(headers={"Origin": "http://["}) as client:
        assert client.post("/en/login", data={"token": "x"}).status_code == 403


def test_the_check_of_a_page_is_none_of_a_program(service: Service) -> None:
    with service.client() as client:
        sent = client.post("/en/", files={"file": ("good.csv", (EXAMPLES / "good.csv").read_bytes())})
        name = sent.headers["location"].rpartition("/")[2]
        until(lambda: client.get(f"/en/check/{name}/state").json()["state"] == "done")
        assert client.get(f"/api/v1/checks/{name}").status_code == 404
        assert client.get(f"/en/check/{name}").status_code == 200


def test_a_token_that_is_none_opens_nothing(service: Service) -> None:
    known = service.tokens["admin"]
    for text in ("bic_", known[:-1], known[:-1] + ("0" if known[-1] != "0" else "1"), "x' OR '1'='1", "ñ"):
        for scheme in ("Bearer", "Basic", "bearer "):
            with service.client() as client:
                answer = client.get("/api/v1/submissions", headers={b"Authorization": f"{scheme} {text}".encode()})
            assert answer.status_code == 401, text
            innocent(answer)
            assert answer.headers["www-authenticate"] == "Bearer"


def test_a_fault_is_told_without_what_caused_it(caplog: pytest.LogCaptureFixture) -> None:
    from starlette.routing import Route
    from starlette.testclient import TestClient

    def fails(request: Any) -> None:
        raise ValueError("secret of /srv/registry.sqlite")

    app = create_app(Settings())
    app.router.routes.insert(0, Route("/fails", fails))
    with TestClient(app, base_url="http://localhost", raise_server_exceptions=False) as client:
        for lang, accept in (("en", "text/html"), ("es", "*/*")):
            answer = client.get("/fails", headers={"Accept": accept, "Accept-Language": lang})
            assert answer.status_code == 500
            assert "secret" not in answer.text
            assert "X-Request-Id" in answer.text
            assert answer.headers["content-security-policy"] == HEADERS["Content-Security-Policy"]


def test_a_full_disk_is_507_and_leaves_nothing_half(
    filled: Filled, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    from starlette.testclient import TestClient

    from bicentennial.monitoring import registry as home

    path, opening = filled.copy(tmp_path), home.open_registry

    def small(*arguments: Any, **options: Any) -> Any:
        opened = opening(*arguments, **options)
        opened.database.execute(f"PRAGMA max_page_count = {opened.database.value('PRAGMA page_count')}")
        return opened

    app = create_app(Settings(registry=str(path)))
    headers = {"Authorization": f"Bearer {filled.tokens['example-ngo']}", "Accept-Language": "es"}
    with TestClient(app, base_url="http://localhost", headers=headers) as client:
        assert client.get("/api/v1/submissions").status_code == 200  # the token is marked as used
        monkeypatch.setattr(home, "open_registry", small)
        url = "/api/v1/submissions?dataset=actions&issued=2024-12&name=a.csv"
        data = (EXAMPLES / "good.csv").read_bytes() + bytes(range(256)) * 2000
        answer = client.post(url, content=data)
        assert answer.status_code == 507
        assert answer.headers["content-type"] == "application/problem+json"
        assert answer.json()["detail"].startswith("no hay lugar para esto: el disco")
        monkeypatch.undo()
        assert len(client.get("/api/v1/submissions").json()["items"]) == 2
        with open_registry(path) as registry:
            assert registry.verify() == []
