"""The page that checks a file, as a browser without scripts uses it."""

from __future__ import annotations

import io
import json
import re
import sqlite3
import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import TYPE_CHECKING

import openpyxl
import pytest

from bicentennial.core.messages import LANGUAGES, sentence
from bicentennial.report import FORMATS
from bicentennial.service.checks.result import OFFERED
from tests.service.checking import HTML, fork_server, report_of, send, stopped, text_of
from tests.serving import EXAMPLES, Service, serving
from tests.waiting import within

if TYPE_CHECKING:
    from collections.abc import Iterator

    import httpx

FOREIGN = """Clave,Nombre del proyecto,Meta del acuerdo,Institución,Situación,Comienzo,Monto
X1,Capacitar analistas,proteger,SSPC,en curso,03/04/2023,"1,200"
X2,Otra cosa,G2,Fundación Ficticia,suspendidísima,05/06/2024,300
"""


@pytest.fixture(scope="module")
def plain(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Service]:
    """Yield a service without a registry, which checks one file at a time and lets two wait."""
    with serving(tmp_path_factory.mktemp("plain"), checks=1, queue=2) as running:
        yield running


@pytest.fixture
def client(plain: Service) -> Iterator[httpx.Client]:
    with plain.client() as made:
        yield made


def _href(page: str, text: str) -> str:
    found = re.search(rf'<a [^>]*?href="([^"]+)"[^>]*>{re.escape(text)}', page)
    assert found, text
    return found[1]


@pytest.mark.parametrize(("accepted", "lang"), [("es-MX,es;q=0.9", "es"), ("en-US", "en"), ("", "en")])
def test_the_first_page_is_in_the_language_that_is_preferred(client: httpx.Client, accepted: str, lang: str) -> None:
    answer = client.get("/", headers={"Accept-Language": accepted})
    assert (answer.status_code, answer.headers["location"]) == (303, f"/{lang}/")
    assert answer.headers["vary"] == "Accept-Language"


@pytest.mark.parametrize("lang", LANGUAGES)
def test_the_form_tells_its_limits_and_needs_no_script(client: httpx.Client, lang: str) -> None:
    page = client.get(f"/{lang}/", headers=HTML).text
    form = re.search(r"<form .*?</form>", page, re.DOTALL)
    assert form
    assert f'action="/{lang}/"' in form[0]
    assert 'method="post"' in form[0]
    assert 'enctype="multipart/form-data"' in form[0]
    assert form[0].count('name="file"') == 1
    assert sentence("check", "limits", size="50", seconds="120")[lang] in text_of(form[0])
    for ending in ("xlsx", "ods", "csv", "json"):
        template = client.get(f"/{lang}/template.{ending}")
        assert template.headers["content-disposition"].startswith("attachment")
        assert f"/{lang}/template.{ending}" in page
    for example in re.findall(rf'"(/{lang}/examples/[^"]+)"', page):
        assert client.get(example).content == (EXAMPLES / Path(example).name).read_bytes()


@pytest.mark.parametrize("lang", LANGUAGES)
def test_a_file_gets_its_report_by_cell(client: httpx.Client, lang: str) -> None:
    sent = send(client, "faulty.xlsx", lang=lang)
    assert sent.status_code == 303
    page = report_of(client, sent.headers["location"])
    assert f'<html lang="{lang}">' in page
    assert '<meta name="robots" content="noindex">' in page
    assert {"en": "faulty.xlsx does not conform", "es": "faulty.xlsx no es conforme"}[lang] in text_of(page)
    assert "actions!A6" in page
    assert "/tmp" not in page
    with client.stream("GET", f"/{lang}/check/{'x' * 43}") as unknown:
        assert unknown.status_code == 404


def test_the_report_is_that_of_the_command_line(client: httpx.Client) -> None:
    address = send(client, "faulty.xlsx").headers["location"]
    report_of(client, address)
    for form in ("json", "csv", "text", "turtle", "sarif", "github", "concise"):
        command = [sys.executable, "-m", "bicentennial", "validate", "faulty.xlsx", "--format", form, "--lang", "en"]
        told = subprocess.run(command, cwd=EXAMPLES, capture_output=True)
        saved = client.get(f"{address}/report/{form}")
        assert saved.status_code == 200
        assert saved.content == told.stdout, form


def test_every_format_is_a_file_to_save(client: httpx.Client) -> None:
    address = send(client, "faulty.xlsx").headers["location"]
    page = report_of(client, address)
    for form in FORMATS:
        saved = client.get(f"{address}/report/{form}")
        name = "faulty.xlsx" if form == "xlsx" else f"faulty.report{(*FORMATS[form], '.txt')[0]}"
        assert saved.headers["content-disposition"] == f"attachment; filename=\"{name}\"; filename*=UTF-8''{name}"
        assert saved.headers["content-type"] == "application/octet-stream"
        assert saved.headers["cache-control"] == "no-store"
        assert b"/tmp" not in saved.content
        assert (f"{address}/report/{form}" in page) == (form in OFFERED)
    marked = openpyxl.load_workbook(io.BytesIO(client.get(f"{address}/report/xlsx").content))
    assert marked["actions"]["A6"].comment is not None
    assert client.get(f"{address}/report/docx").status_code == 404


def test_what_cannot_be_read_says_so_and_offers_no_workbook(client: httpx.Client) -> None:
    address = send(client, "photo.xlsx", b"\x89PNG\r\n\x1a\n" + b"\x00" * 64).headers["location"]
    page = report_of(client, address)
    assert "photo.xlsx" in page
    assert "/report/xlsx" not in page
    assert "/mapping" not in page
    assert json.loads(client.get(f"{address}/report/json").content)["conforms"] is False


def test_without_a_file_there_is_a_sentence(client: httpx.Client) -> None:
    for files in ({"other": ("a.csv", b"x")}, {"file": ("", b"")}):
        answer = client.post("/es/", files=files, headers=HTML)
        assert answer.status_code == 400
        assert sentence("check", "no-file")["es"] in text_of(answer.text)


def test_several_files_at_once_are_refused_rather_than_one_of_them_checked(client: httpx.Client) -> None:
    files = [("file", ("a.csv", b"x")), ("file", ("b.csv", b"y"))]
    answer = client.post("/es/", files=files, headers=HTML)
    assert answer.status_code == 400
    assert sentence("check", "several-files")["es"] in text_of(answer.text)


@pytest.mark.parametrize(
    ("given", "shown"),
    [
        ("../../etc/passwd.csv", "passwd.csv"),
        ("C:\\Users\\ana\\Avance 2024.csv", "Avance 2024.csv"),
        ("<script>alert(1)</script>.csv", "script>.csv"),
        ("año\u202egpj.csv", "año"),
        ("..", "submission"),
    ],
)
def test_a_name_is_a_name_and_nothing_else(client: httpx.Client, given: str, shown: str) -> None:
    address = send(client, given, (EXAMPLES / "good.csv").read_bytes()).headers["location"]
    page = report_of(client, address)
    assert "<script>alert" not in page
    assert "\u202e" not in page
    assert "etc/passwd" not in page
    submission = json.loads(client.get(f"{address}/report/json").content)["submission"]
    assert shown in submission["file"]
    assert "/" not in submission["file"]


def test_one_waits_where_one_stands_and_is_told_when_there_is_no_room(plain: Service, client: httpx.Client) -> None:
    with stopped(fork_server(plain)):
        with ThreadPoolExecutor(3) as threads:
            first, second, third = threads.map(lambda _: send(client, "good.csv", lang="es"), range(3))
        addresses = [each.headers["location"] for each in (first, second, third)]
        pages = [client.get(each, headers=HTML).text for each in addresses]
        standing = sorted(text_of(re.search(r'role="status".*?</p>', page, re.DOTALL)[0]) for page in pages)  # type: ignore[index]
        expected = sentence("check", "ahead", number=1), sentence("check", "next"), sentence("check", "running")
        assert all(any(text["es"] in each for each in standing) for text in expected), standing
        states = sorted(client.get(f"{each}/state").json()["state"] for each in addresses)
        assert states == ["running", "waiting", "waiting"]
        assert client.get(f"{addresses[0]}/report/json").status_code == 303

        refused = send(client, "good.csv", lang="es")
        assert refused.status_code == 503
        seconds = refused.headers["retry-after"]
        assert sentence("check", "queue-full", seconds=seconds)["es"] in text_of(refused.text)

        waiting = next(each for each in addresses if client.get(f"{each}/state").json()["state"] == "waiting")
        assert client.post(f"{waiting}/delete", data={"a": ""}).status_code == 303
        assert client.get(waiting).status_code == 410
    for each in addresses:
        if each != waiting:
            assert "es conforme" in text_of(report_of(client, each))


def test_a_report_is_deleted_at_once(client: httpx.Client) -> None:
    address = send(client, "faulty.csv", lang="es").headers["location"]
    page = report_of(client, address)
    assert f'action="{address}/delete"' in page
    answer = client.post(f"{address}/delete", data={"a": ""})
    assert (answer.status_code, answer.headers["location"]) == (303, address)
    for path in (address, f"{address}/report/json", f"{address}/state", f"{address}/mapping"):
        gone = client.get(path, headers=HTML)
        assert gone.status_code == 410, path
        assert sentence("check", "deleted")["es"] in text_of(gone.text)


@pytest.mark.parametrize("days", ["7", "30"])
def test_a_link_is_kept_for_some_days_and_ended_at_once(client: httpx.Client, plain: Service, days: str) -> None:
    address = send(client, "faulty.xlsx").headers["location"]
    report_of(client, address)
    own = client.post(f"{address}/keep", data={"days": days}).headers["location"]
    page = client.get(own).text
    assert sentence("check", "link-in-memory")["en"] in page
    assert re.search(
        r"cells, until \d{4}-\d\d-\d\d \d\d:\d\d UTC", text_of(page)
    )  # a day ends at other times elsewhere
    link = re.search(rf'href="{plain.url}(/en/shared/[A-Za-z0-9_-]{{43}})"', page)
    assert link
    with plain.client() as other:
        shown = other.get(link[1])
        assert shown.status_code == 200
        assert '<meta name="robots" content="noindex">' in shown.text
        assert "faulty.xlsx does not conform" in text_of(shown.text)
        assert other.get(f"{link[1]}/report/json").content == client.get(f"{address}/report/json").content
        assert other.get(f"{link[1]}/report/xlsx").status_code == 200
        assert "delete" not in shown.text
        assert other.post(f"{link[1]}/delete", data={"a": ""}).status_code in (404, 405)
        assert client.post(f"{own}/delete", data={"a": ""}).status_code == 200
        for path in (link[1], f"{link[1]}/report/json", own):
            assert other.get(path).status_code == 410
    secrets = [own.rpartition("/")[2], link[1].rpartition("/")[2], address.rpartition("/")[2]]
    assert len(set(secrets)) == 3
    assert not any(each in plain.logged() for each in secrets)


def test_nothing_is_kept_for_longer_or_without_a_report(client: httpx.Client) -> None:
    address = send(client, "good.csv").headers["location"]
    report_of(client, address)
    for days in ("365", "-1", "x", ""):
        assert client.post(f"{address}/keep", data={"days": days}).status_code == 400
    unknown = "A" * 43
    for path in (f"/en/shared/{unknown}", f"/en/link/{unknown}", f"/en/check/{unknown}", f"/en/check/{unknown}/state"):
        assert client.get(path).status_code == 404
    assert client.post(f"/en/link/{unknown}/delete", data={"a": ""}).status_code == 404


def test_with_a_registry_links_outlast_the_service_until_their_day(service: Service, tmp_path: Path) -> None:
    with service.client() as client:
        address = send(client, "faulty.csv").headers["location"]
        report_of(client, address)
        own = [client.post(f"{address}/keep", data={"days": "30"}).headers["location"] for _ in range(3)]
        pages = [client.get(each).text for each in own]
        assert sentence("check", "link-in-memory")["en"] not in pages[0]
        links = [re.search(r"/en/shared/[A-Za-z0-9_-]{43}", page)[0] for page in pages]  # type: ignore[index]
        assert client.post(f"{own[1]}/delete", data={"a": ""}).status_code == 200
        assert service.registry is not None
        with sqlite3.connect(service.registry) as database:
            rows = database.execute("SELECT key_sha256, content FROM shared_report").fetchall()
            assert [row[1] is None for row in rows].count(True) == 1
            stored = repr(rows)
            assert not any(each.rpartition("/")[2] in stored for each in (*own, *links))
            hashed = next(row[0] for row in rows if row[1] is not None)
            yesterday = (datetime.now(UTC) - timedelta(days=1)).date().isoformat()
            database.execute("UPDATE shared_report SET expires_at = ? WHERE key_sha256 = ?", [yesterday, hashed])
    with serving(tmp_path, registry=service.registry) as again, again.client() as client:
        assert sorted(client.get(each).status_code for each in links) == [200, 410, 410]
        with sqlite3.connect(service.registry) as database:  # what has expired is not only hidden
            left = "SELECT count(*) FROM shared_report WHERE content IS NOT NULL"
            assert within(lambda: database.execute(left).fetchone() == (1,))


@pytest.mark.parametrize(
    "path", ["/en/", "/en/check/x/delete", "/en/check/x/keep", "/en/link/x/delete", "/en/check/x/mapping"]
)
def test_forms_of_other_sites_are_refused(client: httpx.Client, path: str) -> None:
    for headers in ({"Origin": "https://example.org"}, {"Sec-Fetch-Site": "cross-site"}):
        answer = client.post(path, files={"file": ("a.csv", b"id\n1\n")}, headers=headers)
        assert answer.status_code == 403, headers


def test_what_columns_mean_is_confirmed_and_kept(client: httpx.Client, tmp_path: Path) -> None:
    address = send(client, "avance.csv", FOREIGN.encode(), lang="es").headers["location"]
    before = text_of(report_of(client, address))
    assert "no es conforme" in before
    page = client.get(f"{address}/mapping").text
    chosen = dict(re.findall(r'<select name="([^"]+)"[^>]*>.*?<option value="([^"]*)" selected>', page))
    assert chosen["column-0-0"] == "identificador"
    data = {
        "column-0-0": "identificador",
        "column-0-1": "título",
        "column-0-2": "meta",
        "column-0-3": "parte_responsable",
        "column-0-4": "estado",
        "column-0-5": "fecha_inicio",
        "column-0-6": "presupuesto",
        "constant-0": "MXN",
        "value-0-0": "G1",
        "value-2-0": "suspendida",
        "declared-0": "yes",
        "date_format": "%d/%m/%Y",
        "column-9-9": "identificador",
    }
    again = client.post(f"{address}/mapping", data=data)
    assert again.status_code == 303
    after = report_of(client, again.headers["location"])
    assert "avance.csv es conforme" in text_of(after)
    saved = client.get(f"{again.headers['location']}/mapping.toml")
    assert saved.headers["content-disposition"].startswith('attachment; filename="avance.csv.mapping.toml"')

    # What was said stands in the form when it is opened again, and is not lost when it is sent as it is.
    second = again.headers["location"]
    page = client.get(f"{second}/mapping").text
    assert 'value="MXN"' in page
    assert 'name="declared-0" value="yes" checked' in page
    chosen = dict(
        re.findall(r'<select name="([^"]+)"[^>]*>(?:(?!</select>).)*?<option value="([^"]*)" selected>', page)
    )
    assert (chosen["value-0-0"], chosen["value-2-0"]) == ("G1", "suspendida")
    typed = {**chosen, "constant-0": "MXN", "declared-0": "yes"}
    repeated = client.post(f"{second}/mapping", data=typed).headers["location"]
    assert "avance.csv es conforme" in text_of(report_of(client, repeated))
    assert client.get(f"{repeated}/mapping.toml").content == saved.content

    # The mapping serves on the command line and in the form as well.
    (tmp_path / "avance.csv").write_text(FOREIGN, encoding="utf-8")
    (tmp_path / "mapping.toml").write_bytes(saved.content)
    command = [sys.executable, "-m", "bicentennial", "validate", "avance.csv", "--mapping", "mapping.toml", "-q"]
    assert subprocess.run(command, cwd=tmp_path).returncode == 0
    files = {"file": ("avance.csv", FOREIGN.encode()), "mapping": ("m.toml", saved.content)}
    third = client.post("/es/", files=files)
    assert "avance.csv es conforme" in text_of(report_of(client, third.headers["location"]))


@pytest.mark.parametrize("name", ["m.toml", "submission"])
def test_a_mapping_that_makes_no_sense_is_said_so(client: httpx.Client, name: str) -> None:
    files = {"file": ("a.csv", FOREIGN.encode()), "mapping": (name, b"columns = 7")}
    address = client.post("/es/", files=files, headers=HTML).headers["location"]
    answer = client.get(address, headers=HTML)
    assert answer.status_code == 400
    assert "columns" in answer.text
    assert f"«{name}»" in answer.text
    assert "/tmp" not in answer.text


def test_only_tables_have_columns_to_speak_of(client: httpx.Client) -> None:
    address = send(client, "good.ttl").headers["location"]
    assert "/mapping" not in report_of(client, address)
    assert client.get(f"{address}/mapping").status_code == 404
    assert client.get(f"{address}/mapping.toml").status_code == 404
