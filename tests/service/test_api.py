"""The program interface: its answers are the command line's, its problems say what to do, its description is true."""

from __future__ import annotations

import json
import subprocess
import sys
from typing import TYPE_CHECKING, Any

import pytest

from bicentennial.core.messages import LANGUAGES, section, sentence
from bicentennial.monitoring.registry import open_registry
from bicentennial.service import Settings
from tests.serving import EXAMPLES, Filled, Service, serving

if TYPE_CHECKING:
    from pathlib import Path

    import httpx

NOW = {"Prefer": "wait=60"}


def _cli(*arguments: str) -> Any:
    done = subprocess.run(
        [sys.executable, "-m", "bicentennial", *arguments, "--format", "json"], capture_output=True, text=True
    )
    return json.loads(done.stdout)


def _problem(answer: httpx.Response, status: int) -> dict[str, Any]:
    assert answer.status_code == status, answer.text
    assert answer.headers["content-type"] == "application/problem+json"
    found: dict[str, Any] = answer.json()
    assert found["status"] == status
    return found


def test_several_files_at_once_are_refused_rather_than_one_of_them_checked(service: Service) -> None:
    files = [("file", ("a.csv", b"x")), ("file", ("b.csv", b"y"))]
    with service.client() as client:
        found = _problem(client.post("/api/v1/check", files=files), 400)
    assert found["detail"] == section("api")["problems"]["several-files"]["en"]


@pytest.mark.parametrize(
    ("accept", "there"),
    [("*/*", "/api/v1/openapi.json"), ("text/html, */*;q=0.8", "/docs"), ("", "/api/v1/openapi.json")],
)
def test_the_root_leads_to_the_description(service: Service, accept: str, there: str) -> None:
    with service.client(headers={"Accept": accept}) as client:
        answer = client.get("/api/v1/")
        assert (answer.status_code, answer.headers["location"], answer.headers["vary"]) == (303, there, "Accept")
        assert client.get(there).status_code == 200


@pytest.mark.parametrize("file", ["good.csv", "faulty.csv", "faulty.xlsx", "faulty.xml", "faulty.jsonld"])
def test_a_check_gives_the_report_of_the_command_line(service: Service, file: str) -> None:
    expected = _cli("validate", str(EXAMPLES / file))
    expected["submission"]["file"] = file
    with service.client(headers=NOW) as client:
        for answer in (
            client.post(f"/api/v1/check?name={file}", content=(EXAMPLES / file).read_bytes()),
            client.post("/api/v1/check", files={"file": (file, (EXAMPLES / file).read_bytes())}),
            client.post(
                "/api/v1/check",
                content=(EXAMPLES / file).read_bytes(),
                headers={"Content-Disposition": f"attachment; filename*=UTF-8''{file}"},
            ),
        ):
            assert answer.status_code == 200
            assert answer.json() == expected


@pytest.mark.parametrize("lang", LANGUAGES)
@pytest.mark.parametrize("form", ["text", "csv", "turtle", "sarif", "github", "concise"])
def test_every_format_of_the_command_line(service: Service, form: str, lang: str) -> None:
    path = EXAMPLES / "faulty.csv"
    command = [sys.executable, "-m", "bicentennial", "--lang", lang, "validate", path.name, "--format", form]
    written = subprocess.run(command, capture_output=True, cwd=EXAMPLES)
    with service.client(headers=NOW) as client:
        url = f"/api/v1/check?name=faulty.csv&format={form}&lang={lang}"
        answer = client.post(url, content=path.read_bytes())
    assert answer.status_code == 200
    assert answer.headers["content-language"] == lang
    assert answer.content == written.stdout or form in ("turtle", "sarif")  # these two have times and ids of their own


def test_the_page_of_a_report_keeps_its_own_policy(service: Service) -> None:
    with service.client(headers=NOW) as client:
        answer = client.post("/api/v1/check?name=a.csv&format=html", content=(EXAMPLES / "faulty.csv").read_bytes())
    policy = answer.headers["content-security-policy"]
    assert policy.startswith("default-src 'none'; style-src 'sha256-")
    assert "unsafe" not in policy
    assert "frame-ancestors 'none'" in policy


def test_a_marked_workbook_comes_back_under_its_name(service: Service, tmp_path: Path) -> None:
    import openpyxl

    with service.client(headers=NOW) as client:
        data = (EXAMPLES / "faulty.xlsx").read_bytes()
        answer = client.post("/api/v1/check?name=faulty.xlsx&format=xlsx", content=data)
    assert answer.headers["content-disposition"].startswith('attachment; filename="faulty.xlsx"')
    (tmp_path / "marked.xlsx").write_bytes(answer.content)
    book = openpyxl.load_workbook(tmp_path / "marked.xlsx")
    assert set(openpyxl.load_workbook(EXAMPLES / "faulty.xlsx").sheetnames) < set(book.sheetnames)


def test_a_check_without_waiting_says_where_its_report_will_be(service: Service) -> None:
    with service.client() as client:
        answer = client.post("/api/v1/check?name=good.csv", content=(EXAMPLES / "good.csv").read_bytes())
        assert answer.status_code == 202
        where = answer.headers["location"]
        assert answer.json()["report"] == where
        later = client.get(where, headers=NOW)
        assert later.status_code == 200
        assert later.json()["conforms"] is True
        expected = sentence("api", "problems", "no-check")
        assert _problem(client.get("/api/v1/checks/none?lang=es"), 404)["detail"] == expected["es"]


def test_a_mapping_comes_with_a_form(service: Service) -> None:
    table = b"clave,nombre,meta,quien\nA-1,Plantar,G2,SRE\n"
    mapping = b'[columns]\nclave = "id"\nnombre = "title"\nmeta = "goal"\nquien = "responsible_party"\n'
    with service.client(headers=NOW) as client:
        without = client.post("/api/v1/check", files={"file": ("a.csv", table)})
        files = {"file": ("a.csv", table), "mapping": ("m.toml", mapping)}
        with_it = client.post("/api/v1/check", files=files)
    assert with_it.json()["summary"]["violation"] < without.json()["summary"]["violation"]


@pytest.mark.parametrize("path", ["/api/v1/check", "/api/v1/submissions?dataset=actions&issued=2026-06&lang=es"])
def test_a_mapping_that_makes_no_sense_is_called_by_its_name(service: Service, path: str) -> None:
    files = {"file": ("mapping", b"clave\nA-1\n"), "mapping": ("../el mío.toml", b"columns = 7")}
    with service.client("example-ngo", headers=NOW) as client:
        answer = client.post(path, files=files)
    assert "el mío.toml" in _problem(answer, 400)["detail"]


def test_lists_come_in_pages(service: Service) -> None:
    with service.client("review") as client:
        whole = client.get("/api/v1/submissions").json()
        assert whole["next"] is None
        found, url = [], "/api/v1/submissions?limit=1"
        while url:
            answer = client.get(url)
            found += answer.json()["items"]
            url = answer.json()["next"]
            assert answer.headers.get("link") == (f'<{url}>; rel="next"' if url else None)
        assert found == whole["items"]
        assert [each["id"] for each in found] == [1, 2, 3]
        _problem(client.get("/api/v1/submissions?after=xyz"), 400)


def test_a_page_follows_the_other_while_submissions_come_and_change(filled: Filled, tmp_path: Path) -> None:
    path = filled.copy(tmp_path)
    with serving(tmp_path, registry=path, tokens=filled.tokens) as service, service.client("review") as client:
        with open_registry(path) as registry:
            for month in range(4, 9):
                file = EXAMPLES / "good.csv"
                registry.submit(file, submitter="example-ngo", dataset="actions", issued=f"2025-{month:02}")
            accepted = [each.id for each in registry.submissions(state="accepted")]
            answer = client.get("/api/v1/submissions?state=accepted&limit=2").json()
            assert [each["id"] for each in answer["items"]] == accepted[:2]
            registry.withdraw(accepted[0], reason="twice")
            last = registry.submit(file, submitter="example-ngo", dataset="actions", issued="2025-12").submission
            assert last is not None
        found = []
        while answer["next"]:
            answer = client.get(answer["next"]).json()
            assert len(answer["items"]) <= 2
            found += [each["id"] for each in answer["items"]]
        assert found == [*accepted[2:], last.id]


def test_the_limits_of_the_service_hold_for_what_is_handed_in(filled: Filled, tmp_path: Path) -> None:
    """A hundredth of a second is less than any check takes."""
    path = filled.copy(tmp_path)
    running = serving(tmp_path, registry=path, tokens=filled.tokens, check_seconds=0.01)
    with running as service, service.client("example-ngo") as client:
        url = "/api/v1/submissions?name=good.csv&dataset=actions&issued=2026-01"
        handed = client.post(url, content=(EXAMPLES / "good.csv").read_bytes()).json()
        assert handed["submission"]["state"] == "returned"
        assert [each["code"] for each in handed["report"]["findings"]] == ["limit-reached"]
        assert "0.01" in json.dumps(handed["report"])


def test_answers_are_those_of_the_command_line(service: Service) -> None:
    registry = ("--registry", str(service.registry))
    with service.client("review") as client:
        for name in ("changes", "deadlines", "indicators", "gaps"):
            [expected] = _cli("registry", *registry, name).values()
            assert client.get(f"/api/v1/{name}?limit=1000").json()["items"] == expected, name
        assert client.get("/api/v1/progress?by=agency").json() == _cli(
            "registry", *registry, "progress", "--by", "agency"
        )
        over_time = _cli("registry", *registry, "progress", "--over-time")
        assert client.get("/api/v1/progress?over_time=true").json() == over_time
        [submissions] = _cli("registry", *registry, "list").values()
        assert client.get("/api/v1/submissions").json()["items"] == submissions
        table = client.get("/api/v1/deadlines?format=csv&lang=es")
        assert table.headers["content-type"] == "text/csv; charset=utf-8"
        plot = client.get("/api/v1/progress?format=svg&lang=es")
        assert plot.headers["content-type"] == "image/svg+xml"
        assert "<desc>" in plot.text
        assert client.get("/api/v1/parties").json()["items"] == [
            {"id": "example-ngo", "name": "Example NGO (fictitious)", "kind": None, "iri": None},
            {"id": "fundacion", "name": "Fundación Ejemplo (ficticia)", "kind": None, "iri": None},
        ]
        assert [each["dataset"] for each in client.get("/api/v1/datasets").json()["items"]] == ["actions", "acciones"]


def test_the_framework_is_there_too(service: Service) -> None:
    with service.client() as client:
        thing = client.get("/api/v1/things/A6?lang=es")
        assert thing.json()["id"] == "bicd:action-container-control-mou"
        assert client.get("/api/v1/search?q=ofac").json()["items"][0]["id"] == "bicd:agency-ofac"
        goals = client.get("/api/v1/search?q=pursue&kind=goal").json()["items"]
        assert [each["id"] for each in goals] == ["bicd:goal-pursue-criminal-networks"]
        missing = _problem(client.get("/api/v1/things/OFACC", headers={"Accept-Language": "es"}), 404)
        assert "OFAC" in missing["detail"]
        limits = client.get("/api/v1/limits").json()
        usual = Settings(rate=1_000_000, check_rate=1_000_000)  # as tests/serving.py starts it
        assert limits == {name: getattr(usual, name) for name in limits}
        assert {"file_bytes", "query_seconds", "rate"} <= set(limits)


def test_handing_in_reviewing_and_withdrawing(filled: Filled, tmp_path: Path) -> None:
    with serving(tmp_path, registry=filled.copy(tmp_path), tokens=filled.tokens) as running:
        partner, reviewer = running.client("fundacion"), running.client("review")
        anyone = running.client()
        url = "/api/v1/submissions?dataset=acciones&issued=2024-09&name=q3.csv&note=tercer+trimestre"
        data = (EXAMPLES / "buena.csv").read_bytes()
        _problem(anyone.post(url, content=data), 401)
        _problem(running.client("reader").post(url, content=data), 403)
        _problem(running.client("example-ngo").post(f"{url}&submitter=fundacion", content=data), 403)
        handed = partner.post(url, content=data)
        assert handed.status_code == 201
        submission = handed.json()["submission"]
        assert (submission["state"], submission["number"], submission["note"]) == ("pending", 2, "tercer trimestre")
        assert submission["receipt"]["sha256"] == submission["file_sha256"]
        where = handed.headers["location"]
        assert where == f"/api/v1/submissions/{submission['id']}"
        assert partner.post(url, content=data).status_code == 200
        # Others do not see it, and a decision needs a right and a reason.
        _problem(anyone.get(where), 404)
        _problem(partner.post(f"{where}/accept"), 403)
        assert _problem(reviewer.post(f"{where}/return?lang=es"), 422)["detail"].startswith("se necesita un motivo")
        returned = reviewer.post(f"{where}/return", json={"reason": "falta el anexo"})
        assert returned.json()["state"] == "returned"
        reasons = [each["reason"] for each in partner.get(f"{where}/events").json()["items"]]
        assert reasons[-1] == "falta el anexo"
        assert reviewer.post(f"{where}/accept").json()["state"] == "accepted"
        assert anyone.get(where).json()["state"] == "accepted"
        assert anyone.get(f"{where}/file").content == data
        assert anyone.get(f"{where}/file").headers["content-type"] == "application/octet-stream"
        _problem(reviewer.post(f"{where}/accept"), 409)
        assert partner.post(f"{where}/withdraw", json={"reason": "versión equivocada"}).json()["state"] == "withdrawn"
        _problem(anyone.get(where), 404)
        diff = reviewer.get(f"{where}/diff").json()
        assert diff == {"items": [], "next": None}


def test_without_a_registry_files_are_checked_all_the_same(tmp_path: Path) -> None:
    with serving(tmp_path) as running, running.client(headers=NOW) as client:
        assert client.post("/api/v1/check?name=good.csv", content=(EXAMPLES / "good.csv").read_bytes()).json()[
            "conforms"
        ]
        for lang in LANGUAGES:
            found = _problem(client.get(f"/api/v1/progress?lang={lang}"), 404)
            assert found["detail"] == sentence("api", "problems", "no-registry")[lang]


def test_wrong_parameters_are_named(service: Service) -> None:
    with service.client("review") as client:
        for lang in LANGUAGES:
            found = _problem(client.get(f"/api/v1/progress?by=moon&as_of=soon&lang={lang}"), 422)
            words = section("api")["invalid"]
            assert [each["name"] for each in found["errors"]] == ["as_of", "by"]
            assert found["errors"][1]["detail"].startswith(words["literal_error"][lang].partition("{")[0])
            assert found["errors"][1]["detail"].endswith("'place', 'theme'")
            # A filter that is misspelt would let everything pass.
            found = _problem(client.get(f"/api/v1/submissions?stat=returned&limit=2&lang={lang}"), 422)
            assert found["errors"] == [{"name": "stat", "detail": words["extra_forbidden"][lang]}]
            _problem(client.post(f"/api/v1/check?nam=a.csv&lang={lang}", content=b"id,title\n"), 422)
        _problem(client.get("/api/v1/submissions/0"), 422)
        _problem(client.get("/api/v1/submissions/99"), 404)
        _problem(client.get("/api/v1/no-such-address"), 404)
        _problem(client.delete("/api/v1/limits"), 405)
        _problem(client.post("/api/v1/check", files={"other": ("a.csv", b"x")}), 400)
        bad = client.post("/api/v1/submissions/1/return", content=b"{", headers={"Content-Type": "application/json"})
        _problem(bad, 422)


@pytest.mark.parametrize("path", ["limits", "submissions", "progress?by=status", "openapi.json", "submissions/99"])
def test_head_says_what_get_says_without_the_body(service: Service, path: str) -> None:
    with service.client("review") as client:
        whole, head = client.get(f"/api/v1/{path}"), client.head(f"/api/v1/{path}")
    assert (head.status_code, head.content) == (whole.status_code, b"")
    kept = ("content-type", "content-length", "content-language", "vary", "cache-control")
    assert [head.headers.get(name) for name in kept] == [whole.headers.get(name) for name in kept]


def test_a_file_that_is_too_large(tmp_path: Path) -> None:
    with serving(tmp_path, file_bytes=1000) as running, running.client() as client:
        for answer in (
            client.post("/api/v1/check?lang=es", content=b"x" * 1001),
            client.post("/api/v1/check?lang=es", files={"file": ("a.csv", b"x" * 1001)}),
        ):
            assert _problem(answer, 413)["detail"] == sentence("traffic", "too-large", limit="0.001")["es"]


def test_the_description_words_everything_in_both_languages(service: Service) -> None:
    import openapi_spec_validator

    with service.client() as client:
        documents = {lang: client.get(f"/api/v1/openapi.json?lang={lang}").json() for lang in LANGUAGES}
    for document in documents.values():
        openapi_spec_validator.validate(document)
        assert document["openapi"].startswith("3.1")
    words = section("api")
    operations = {each["operationId"]: each for path in documents["es"]["paths"].values() for each in path.values()}
    assert set(operations) == set(words["operations"])
    named = {parameter["name"] for each in operations.values() for parameter in each.get("parameters", ())}
    assert named == set(words["parameters"])
    for name, each in operations.items():
        assert each["description"] == words["operations"][name]["es"]
    assert documents["en"]["info"]["title"] != documents["es"]["info"]["title"]


@pytest.mark.parametrize("lang", LANGUAGES)
def test_the_page_shows_every_address_and_loads_nothing_foreign(service: Service, lang: str) -> None:
    import re

    with service.client() as client:
        page = client.get("/docs", headers={"Accept-Language": lang})
        assert client.get(f"/{lang}/docs").status_code == 200
        paths = client.get("/api/v1/openapi.json").json()["paths"]
        assert page.status_code == 200
        assert f'lang="{lang}"' in page.text
        assert all(f"/api/v1{path}" in page.text for path in paths)
        loaded = re.findall(r'<(?:script|link rel="stylesheet"|img)[^>]*(?:src|href)="([^"]+)"', page.text)
        assert loaded
        for address in loaded:
            assert address.startswith("/static/")
            assert client.get(address).status_code == 200
    assert "<style" not in page.text
