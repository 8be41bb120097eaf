"""The office in a browser: signing in, sending, reviewing, and who may do and see what."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any

import pytest

from bicentennial.core.messages import section
from bicentennial.monitoring.registry import open_registry
from bicentennial.monitoring.workflow.parties import dataset_number
from bicentennial.monitoring.workflow.receiving import Handed, receive
from tests.serving import EXAMPLES, Service, serving
from tests.visiting import Visitor, rows_of

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from pathlib import Path

    import httpx

    from tests.serving import Filled

WORDS = section("office")["words"]
_OF_FRAMEWORK = ("/static", "/ontology", "/shapes", "/id", "/dataset", "/context", "/schema", "/metrics")
SECRET = "Nota-interna-7391"
"""A text that stands only in what is not public."""


@pytest.fixture
def visitor(service: Service) -> Iterator[Callable[[str | None], Visitor]]:
    """Return what makes a visitor, signed in with a token by name or not."""
    made: list[Visitor] = []

    def make(token: str | None = None) -> Visitor:
        made.append(Visitor(service))
        if token is not None:
            assert made[-1].sign_in(token).status_code == 303
        return made[-1]

    yield make
    for each in made:
        each.close()


def good(status: str = "") -> bytes:
    data = (EXAMPLES / "buena.csv").read_bytes()
    return data.replace(b"en curso", status.encode(), 1) if status else data


def send(visitor: Visitor, dataset: str, issued: str, data: bytes, **more: str) -> str:
    """Hand a file in by the form, and return the path of the submission's page."""
    submitter, _, name = dataset.partition("/")
    form = {"submitter": submitter, "dataset": name, "issued": issued, **more}
    answer = visitor.send("/es/send", "/es/send", form, {"file": ("informe.csv", data)})
    assert answer.status_code == 303, answer.text
    return answer.headers["location"].partition("?")[0]


def test_a_submission_goes_its_way(service: Service, visitor: Callable[[str | None], Visitor]) -> None:
    """Sent, waiting, returned with a reason, sent again, accepted by another; the dashboard's number rises."""
    partner, reviewer, public = visitor("fundacion"), visitor("review"), visitor(None)

    def counted() -> int:
        with service.client() as client:
            rows = client.get("/en/progress?by=status&format=json").json()["rows"]
        return sum(row["actions"] for row in rows)

    before = counted()
    path = send(partner, "fundacion/obras", "2024-03-31", good())  # makes the dataset; no approval is needed yet
    assert counted() > before
    with open_registry(service.registry) as registry:
        registry.set_dataset("fundacion/obras", approval=True, actor="office")
    before = counted()
    data = good().replace(b"A-001", b"A-901")
    path = send(partner, "fundacion/obras", "2024-06-30", data, note=SECRET)
    number = int(path.rpartition("/")[2])
    assert number == 2
    page = partner.page(path)
    with open_registry(service.registry) as registry:
        at = registry.submission("fundacion/obras/2").received_at
    for where in (path, "/es/mine", "/es/registry/fundacion/obras"):
        assert f"{at[:10]} {at[11:16]} UTC" in partner.page(where)
    assert WORDS["means-pending"]["es"] in page
    assert SECRET in page
    public.page(path, 404)
    assert counted() == before

    queue = reviewer.page("/es/review")
    assert "fundacion/obras/2" in queue
    assert "action/A-901" in queue  # what is new, cell by cell
    links = set(re.findall(r'href="(/es/registry/fundacion/obras/action/[^"]+)"', queue))
    assert "/es/registry/fundacion/obras/action/A-901" in links
    for each in links:  # what only this submission speaks of has a page in it
        shown = reviewer.client.get(each, follow_redirects=True)
        assert (shown.status_code, public.client.get(each).status_code) in ((200, 200), (200, 404)), each
    ident = re.search(r'action="/es/review/(\d+)"', queue[queue.index("fundacion/obras/2") :])
    assert ident is not None
    where = f"/es/review/{ident[1]}"
    refused = reviewer.send("/es/review", where, {"decision": "return", "reason": "  "})
    assert refused.status_code == 422
    assert WORDS["needs-reason"]["es"] in refused.text
    reason = "Falta la dependencia de A-901."
    assert reviewer.send("/es/review", where, {"decision": "return", "reason": reason}).status_code == 303
    assert reason in partner.page(path)
    assert reason in partner.page("/es/mine")

    again = send(partner, "fundacion/obras", "2024-06-30", data.replace(b"A-901", b"A-902"))
    queue = reviewer.page("/en/review")
    ident = re.findall(r'action="/en/review/(\d+)"', queue)[-1]
    done = reviewer.send("/en/review", f"/en/review/{ident}", {"decision": "accept"})
    assert done.status_code == 303
    assert WORDS["means-accepted"]["es"] in public.page(again)
    assert counted() == before  # A-902 for A-001: the current state holds as many
    assert "A-902" in public.page("/en/progress?by=status&id=bicd:status-ongoing&part=actions") + public.page(
        "/en/progress?by=status&id=bicd:status-completed&part=actions"
    ) + public.page("/en/progress?by=status&id=bicd:status-planned&part=actions")


def test_a_correction_names_the_later_partial_submissions_that_do_not_hold_it(
    service: Service, visitor: Callable[[str | None], Visitor]
) -> None:
    partner, rows = visitor("fundacion"), good().splitlines(keepends=True)
    send(partner, "fundacion/partes", "2024-03-31", good())
    with open_registry(service.registry) as registry:
        registry.set_dataset("fundacion/partes", partial=True, actor="office")
    send(partner, "fundacion/partes", "2024-06-30", b"".join(rows[:2]))
    path = send(partner, "fundacion/partes", "2024-03-31", good().replace(b"2024-06-30", b"2024-09-30"))
    page = partner.page(path)
    assert "fundacion/partes/2 dice solo lo nuevo para 2024-06-30" in page
    assert page.count("/es/registry/fundacion/partes/2") > partner.page(f"{path}/report").count("partes/2")
    assert "dice solo lo nuevo" not in partner.page(path.replace("/3", "/1")) + partner.page(path.replace("/3", "/2"))


def test_the_limits_of_the_service_hold_for_a_file_that_is_sent(tmp_path: Path, filled: Filled) -> None:
    """A hundredth of a second is less than any check takes."""
    copy = filled.copy(tmp_path)
    with serving(tmp_path, registry=copy, tokens=filled.tokens, check_seconds=0.01) as running:
        partner = Visitor(running)
        partner.sign_in("example-ngo")
        send(partner, "example-ngo/actions", "2026-01", good())
        partner.close()
    with open_registry(copy) as registry:
        last = registry.submissions()[-1]
        assert (last.issued, last.state) == ("2026-01", "returned")
        assert registry.report(last.id).by_code == {"limit-reached": 1}


def test_nobody_signs_off_their_own(
    service: Service, tmp_path: Path, filled: Filled, visitor: Callable[[str | None], Visitor]
) -> None:
    del visitor
    copy = filled.copy(tmp_path)
    with open_registry(copy) as registry:
        _, both = registry.add_token(["submit:fundacion", "review"], submitter="fundacion")
        waiting = registry.submission("fundacion/acciones/1").id
    tokens = {**filled.tokens, "both": both}
    with serving(tmp_path, registry=copy, tokens=tokens) as running:
        one = Visitor(running)
        one.sign_in("both")
        assert WORDS["own-submission"]["en"] in one.page("/en/review")
        answer = one.send("/en/review", f"/en/review/{waiting}", {"decision": "accept"})
        assert answer.status_code == 403
        one.close()


def test_the_cookie_is_for_this_host_alone(service: Service, visitor: Callable[[str | None], Visitor]) -> None:
    one = visitor(None)
    answer = one.sign_in("review")
    cookie = next(each for each in answer.headers.get_list("set-cookie") if "session" in each)
    assert re.fullmatch(r"bicentennial-session=[\w-]{43}; HttpOnly; Max-Age=43200; Path=/; SameSite=strict", cookie)
    assert service.tokens["review"] not in cookie
    assert answer.headers["location"] == "/en/review"
    # Signed in by a proxy with TLS, its name has the prefix that binds it to this host.
    assert one.send("/en/login", "/en/logout", {}).status_code == 303
    assert one.client.get("/en/review").headers["location"] == "/en/login?next=%2Fen%2Freview"


def test_behind_tls_cookies_are_bound_to_the_host(tmp_path: Path, filled: Filled) -> None:
    settings: dict[str, Any] = {"base": "https://portal.example.org", "hosts": ("127.0.0.1",)}
    with serving(tmp_path, registry=filled.copy(tmp_path), tokens=filled.tokens, **settings) as running:
        one = Visitor(running)
        page = one.client.get("/en/login")
        key = re.match(
            r"(__Host-bicentennial-form=[\w-]+); HttpOnly; Path=/; SameSite=strict; Secure", page.headers["set-cookie"]
        )
        assert key is not None
        token = re.search(r'name="form_token" value="(\w+)"', page.text)
        assert token is not None
        answer = one.client.post(
            "/en/login",
            data={"form_token": token[1], "token": running.tokens["review"]},
            headers={"Origin": "https://portal.example.org", "Cookie": key[1]},
        )
        assert answer.status_code == 303
        assert answer.headers["set-cookie"].startswith("__Host-bicentennial-session=")
        assert answer.headers["set-cookie"].endswith("; Secure")
        one.close()


def test_a_session_ends_with_its_token(tmp_path: Path, filled: Filled) -> None:
    copy = filled.copy(tmp_path)
    with serving(tmp_path, registry=copy, tokens=filled.tokens) as running:
        one = Visitor(running)
        one.sign_in("admin")
        assert one.client.get("/en/admin").status_code == 200
        made = one.send("/en/admin", "/en/admin", {"task": "add-token", "holder": "maria", "may": "review"})
        shown = re.search(r"bic_([0-9a-f]+)_[0-9a-f]{64}", made.text)
        assert shown is not None
        assert shown[0] not in one.page("/en/admin")  # once
        two = Visitor(running)
        assert two.sign_in(shown[0]).status_code == 303
        assert two.client.get("/en/review").status_code == 200
        assert one.send("/en/admin", "/en/admin", {"task": "revoke-token", "id": shown[1]}).status_code == 303
        assert two.client.get("/en/review").status_code == 303
        with open_registry(copy) as registry, registry.database.transaction():
            registry.database.execute("UPDATE session SET expires_at = '2020-01-01T00:00:00.000000Z'")
        assert one.client.get("/en/admin").status_code == 303
        for each in (one, two):
            each.close()


def test_what_a_token_allows_is_chosen(tmp_path: Path, filled: Filled) -> None:
    with serving(tmp_path, registry=filled.copy(tmp_path), tokens=filled.tokens) as running:
        one = Visitor(running)
        one.sign_in("admin")
        page = one.page("/es/admin")
        assert re.findall(r'name="may" value="(\w+)"', page) == ["submit", "read", "review", "admin"]
        assert '<option value="example-ngo">' in page

        def add(**form: Any) -> httpx.Response:
            return one.send("/es/admin", "/es/admin", {"task": "add-token", "holder": "maria", **form})

        assert add(may=["submit", "read"], of="example-ngo/ports", expires="2099-06-30").status_code == 200
        texts = rows_of(one.page("/es/admin"), section("office")["words"]["tokens"]["es"])[-1]
        assert texts[1:3] == ["maria", "entregar: example-ngo/ports; leer: example-ngo"]
        assert texts[4] == "2099-06-30"
        for form, key in (
            ({}, "token-for-nothing"),
            ({"of": "example-ngo"}, "token-for-nothing"),
            ({"may": ["submit"]}, "token-of-whom"),
            ({"may": ["review", "read"], "of": "a name"}, "token-of-whom"),
        ):
            answer = add(**form)
            assert answer.status_code == 422
            assert section("office")[key]["es"] in answer.text
        one.close()


@pytest.mark.parametrize(
    "headers",
    [
        {"Origin": "https://evil.example"},
        {"Origin": "null", "Sec-Fetch-Site": "cross-site"},
        {"Origin": "", "Sec-Fetch-Site": "same-site"},
        {"Origin": "http://127.0.0.1:1"},
    ],
)
def test_a_form_of_another_site_is_refused(visitor: Callable[[str | None], Visitor], headers: dict[str, str]) -> None:
    one = visitor("review")
    answer = one.send("/es/review", "/es/review/3", {"decision": "accept"}, headers=headers)
    assert answer.status_code == 403
    assert section("office")["foreign-form"]["es"] in answer.text


def test_a_form_needs_the_token_of_its_page(service: Service, visitor: Callable[[str | None], Visitor]) -> None:
    one, other = visitor("review"), visitor("review")
    theirs = re.search(r'name="form_token" value="(\w+)"', other.page("/en/review"))
    assert theirs is not None
    for token in ("", "0" * 64, theirs[1]):
        answer = one.send("/en/review", "/en/review/3", {"decision": "accept", "form_token": token})
        assert answer.status_code == 403
        assert section("office")["stale-form"]["en"] in answer.text
    # The interface for programs takes no cookie: for it this is a stranger, who sees no such submission.
    assert one.client.post("/api/v1/submissions/3/accept").status_code == 404
    assert one.client.post("/en/review/3", content=b"{}", headers={"Content-Type": "text/plain"}).status_code == 415
    with open_registry(service.registry) as registry:
        assert registry.submission(3).state == "pending"


def test_what_partners_write_is_text(service: Service, visitor: Callable[[str | None], Visitor]) -> None:
    partner = visitor("example-ngo")
    label = b'<script>alert(1)</script>"><img src=x onerror=alert(2)>'
    lines = (EXAMPLES / "good.csv").read_bytes().splitlines(keepends=True)
    first = lines[1].split(b",", 2)
    data = b"".join([lines[0], b",".join([first[0], b'"' + label.replace(b'"', b'""') + b'"', first[2]]), *lines[2:]])
    form = {"submitter": "example-ngo", "dataset": "hostile", "issued": "2024-03-31"}
    note = "one\r\nSet-Cookie: a=b\r\n\r\n<b>two</b>\u202e"
    name = "../../etc/\r\nX: y/<svg onload=alert(3)>.csv"
    answer = partner.send("/en/send", "/en/send", {**form, "note": note}, {"file": (name, data)})
    assert answer.status_code == 303, answer.text
    assert "a=b" not in str(answer.headers.get_list("set-cookie"))
    path = answer.headers["location"].partition("?")[0]
    for page in (path, "/en/mine", "/en/registry/example-ngo/hostile", f"{path}/diff", "/es/progress?by=goal"):
        text = partner.client.get(page).text
        for forbidden in ("<script>alert", "<img src=x", "<b>two", "<svg onload", "\u202e", "etc/"):
            assert forbidden not in text, (page, forbidden)
    saved = partner.client.get(f"{path}/file")
    assert saved.content == data
    assert saved.headers["content-type"] == "application/octet-stream"
    assert saved.headers["content-disposition"].startswith("attachment; ")
    assert saved.headers["content-security-policy"].startswith("default-src 'none'")


def test_a_dataset_of_another_may_not_be_sent_to(visitor: Callable[[str | None], Visitor]) -> None:
    partner = visitor("example-ngo")
    form = {"submitter": "fundacion", "dataset": "acciones", "issued": "2024-12-31"}
    for fields in (form, {**form, "submitter": "example-ngo", "dataset": "fundacion/acciones"}):
        answer = partner.send("/en/send", "/en/send", fields, {"file": ("a.csv", good())})
        assert answer.status_code == 403
    for missing, word in (({"dataset": ""}, "no-dataset"), ({}, "no-file")):
        files = None if not missing else {"file": ("a.csv", good())}
        answer = partner.send("/en/send", "/en/send", {**form, "submitter": "example-ngo", **missing}, files)
        assert answer.status_code == 422
        assert WORDS[word]["en"] in answer.text
    several = [("file", ("a.csv", good())), ("file", ("b.csv", good()))]
    answer = partner.send("/en/send", "/en/send", {**form, "submitter": "example-ngo"}, several)
    assert answer.status_code == 422
    assert WORDS["several-files"]["en"] in answer.text
    mapped = {"file": ("a.csv", good()), "mapping": ("mío.toml", b"columns = 7")}
    answer = partner.send("/en/send", "/en/send", {**form, "submitter": "example-ngo"}, mapped)
    assert answer.status_code == 422
    assert "“mío.toml”" in answer.text, "it is called by its name"


def test_nobody_reads_what_is_anothers(tmp_path: Path, filled: Filled) -> None:
    """Walk every address that there is with a name of another's: pending, returned and under embargo."""
    from bicentennial.service import Settings, create_app

    copy = filled.copy(tmp_path)
    with open_registry(copy) as registry:
        data = good().replace(b"A-001", SECRET.encode())
        its = {"submitter": "fundacion", "issued": "2024-09-30", "note": SECRET}
        hidden = registry.submit(data, name=f"{SECRET}.csv", dataset="acciones", **its)  # type: ignore[arg-type]
        registry.submit(data, name="e.csv", dataset="embargada", **its)  # type: ignore[arg-type]
        registry.set_dataset("fundacion/embargada", embargo="2999-12-31")
        assert hidden.submission is not None
        hidden_id = hidden.submission.id
    app = create_app(Settings(registry=str(copy)))
    paths = sorted({path for route in app.routes for path in _paths(route) if not path.startswith(_OF_FRAMEWORK)})
    names = {
        "submitter": "fundacion", "dataset": "acciones", "number": "2", "id": str(hidden_id), "lang": "en",
        "name": f"action/{SECRET}", "party": "fundacion",
    }  # fmt: skip
    asked = 0
    with serving(tmp_path, registry=copy, tokens=filled.tokens) as running:
        for token in (None, "example-ngo"):
            with running.client(token) as client:
                for path in paths:
                    for dataset, number in (("acciones", "2"), ("embargada", "1")):
                        words = {**names, "dataset": dataset, "number": number}
                        place = _filled(path, words)
                        for query, accept in (("", "text/html"), ("?format=json", "*/*"), ("?format=ttl", "*/*")):
                            answer = client.get(place + query, headers={"Accept": accept})
                            said = answer.text.replace(f"action/{SECRET}", "").replace(f"action%2F{SECRET}", "")
                            assert SECRET not in said, (token, place + query)
                            assert answer.status_code < 500, (place + query, answer.text)
                            asked += 1
        with running.client("fundacion") as client:  # whose it is reads it
            assert SECRET in client.get("/en/registry/fundacion/acciones/2").text
            assert SECRET.encode() in client.get("/registry/fundacion/embargada/1/file").content
    assert asked > 300


def _filled(path: str, words: dict[str, str]) -> str:
    return re.sub(r"\{(\w+)(:\w+)?\}", lambda found: words.get(found[1], "x"), path)


def _paths(route: object, start: str = "") -> list[str]:
    """Return the paths of a route, and of what is mounted at it."""
    inner = getattr(route, "routes", None) or getattr(getattr(route, "app", None), "routes", None)
    path = start + getattr(route, "path", "")
    if inner:
        return [each for one in inner for each in _paths(one, path)]
    return [path] if path.startswith("/") else []


def test_a_user_header_counts_from_listed_proxies_alone(tmp_path: Path, filled: Filled) -> None:
    users = {"maria@example.org": "review"}
    header = {"X-Forwarded-User": "maria@example.org", "Accept": "text/html"}
    for proxies, status in (((), 303), (("192.0.2.1",), 303), (("127.0.0.1",), 200)):
        folder = tmp_path / f"{len(proxies)}-{status}"
        folder.mkdir()
        running = serving(
            folder, registry=filled.copy(folder), proxies=proxies, user_header="X-Forwarded-User", users=users
        )
        with running as named, named.client() as client:
            assert client.get("/en/review", headers=header).status_code == status
            assert client.get("/en/review", headers={"Accept": "text/html"}).status_code == 303
            other = {**header, "X-Forwarded-User": "pedro@example.org"}
            assert client.get("/en/review", headers=other).status_code == (403 if status == 200 else 303)


def test_a_thing_has_the_address_that_its_name_in_graphs_is(tmp_path: Path) -> None:
    where = tmp_path / "registry.sqlite"
    with open_registry(where, create=True) as registry:
        rows = "id,title,goal,responsible_party\nAcción 12,Train,G1,DEA\nA/7,Teach,G2,SRE\n"
        registry.submit(rows.encode(), name="a.csv", submitter="UNODC", dataset="a", issued="2024-03-31")
    with serving(tmp_path, registry=where) as running, running.client() as client:
        listed = client.get("/es/gaps", headers={"Accept": "text/html"}).text
        named = re.findall(r'href="/es/registry/UNODC/a/action/[^"]*">([^<]*)<', listed)
        assert set(named) == {"A/7", "Acción 12"}
        for name, title in (("Acci%C3%B3n%2012", "Train"), ("A%2F7", "Teach")):
            address = f"/registry/UNODC/a/action/{name}"
            graph = client.get(address, headers={"Accept": "text/turtle"})
            assert graph.status_code == 200
            assert f"UNODC/a/action/{name}>" in graph.text
            for lang, other in (("en", "es"), ("es", "en")):
                page = client.get(f"/{lang}{address}", headers={"Accept": "text/html"})
                assert f"<h1>{title}</h1>" in page.text
                (switch,) = set(re.findall(f'href="(/{other}/registry/[^"]*/action/[^"]*)"', page.text))
                assert client.get(switch, headers={"Accept": "text/html"}).status_code == 200
        shown = re.sub(r"<[^>]*>", " ", client.get("/es/gaps").text)
        assert "Acción 12" in shown
        assert "%" not in shown


def test_what_was_never_checked_has_a_page_and_no_report(tmp_path: Path, filled: Filled) -> None:
    path = filled.copy(tmp_path)
    with open_registry(path) as registry, registry.database.transaction():
        dataset = dataset_number(registry.database, "example-ngo", "late")
        given = Handed(data=b"id", name="a.csv", dataset=dataset, issued="2024-03", sent_by="example-ngo")
        number, _ = receive(registry.database, given)
    with serving(tmp_path, registry=path, tokens=filled.tokens) as running, running.client("example-ngo") as client:
        page, api = "/es/registry/example-ngo/late/1", f"/api/v1/submissions/{number}"
        for _ in range(2):
            assert client.get(page).status_code == 200
            for answer in (client.get(f"{page}/report?format=json"), client.get(f"{api}/report?lang=es")):
                assert answer.status_code == 404
                assert answer.json()["detail"].endswith("no se ha revisado")
            assert client.get(f"{page}/file").content == client.get(f"{api}/file").content == b"id"
            with open_registry(path) as registry:
                if registry.submission(number).state == "received":
                    registry.withdraw(number, reason="mistaken", actor="example-ngo")
        with open_registry(path) as registry:
            registry.redact(number, reason="private", actor="office")
        for answer in (client.get(f"{page}/file"), client.get(f"{api}/file"), client.get(f"{page}/report")):
            assert answer.status_code == 410
            assert "private" in answer.json()["detail"]


def test_the_credentials_of_a_listed_proxy_are_not_ours(tmp_path: Path, filled: Filled) -> None:
    settings: dict[str, Any] = {"user_header": "X-Forwarded-User", "users": {"maria@example.org": "review"}}
    passed = ("Basic bWFyaWE6", "Bearer eyJhbGciOiJSUzI1NiJ9.e30.x")
    running = serving(tmp_path, registry=filled.copy(tmp_path), proxies=("127.0.0.1",), **settings)
    with running as named, named.client(headers={"Accept": "text/html"}) as client:
        for each in passed:
            header = {"Authorization": each, "X-Forwarded-User": "maria@example.org"}
            assert client.get("/en/review", headers=header).status_code == 200, each
            assert client.get("/api/v1/submissions", headers=header).status_code == 200, each
        basic, foreign = ({"Authorization": each} for each in passed)
        assert client.get("/en/registry", headers=basic).status_code == 200
        assert client.get("/en/registry", headers=foreign).status_code == 401
        ours = {"Authorization": f"Bearer bic_{'0' * 8}", "X-Forwarded-User": "maria@example.org"}
        assert client.get("/en/review", headers=ours).status_code == 401


def test_pages_go_on_while_the_database_is_away(tmp_path: Path, filled: Filled) -> None:
    copy = filled.copy(tmp_path)
    with serving(tmp_path, registry=copy, tokens=filled.tokens) as running:
        one = Visitor(running)
        one.sign_in("review")
        for each in tmp_path.glob("registry.sqlite*"):
            each.unlink()
        copy.write_bytes(b"this is no database" * 100)
        for path in ("/en/progress", "/es/review", "/en/registry", "/feed.atom"):
            answer = one.client.get(path)
            assert answer.status_code == 503, path
            assert "registry.sqlite" not in answer.text
            assert answer.headers["retry-after"] == "10"
        assert one.client.get("/healthz").status_code == 200
        assert one.client.get("/static/theme.css").status_code == 200
        assert one.client.get("/id/goal-protect-our-people", headers={"Accept": "text/turtle"}).status_code == 200
        one.close()
