"""The page for questions: without script, with it, in both languages, by keyboard, narrow, and with foreign data."""

from __future__ import annotations

import csv
import io
import re
import time
from html import unescape
from typing import TYPE_CHECKING, Final
from urllib.parse import parse_qs, urlsplit

import pytest

from bicentennial.core.messages import section
from bicentennial.knowledge.sparql.library import all_queries
from bicentennial.monitoring.registry import open_registry
from tests.browsing import PATIENCE, expect, too_wide, violations
from tests.serving import Filled, Service, serving

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    import httpx
    from playwright.sync_api import Browser, Page

GOALS: Final = (
    "SELECT ?goal ?label { ?goal a bic:Goal ; skos:prefLabel ?label FILTER(LANG(?label) = 'es') } ORDER BY ?goal"
)
ABOUT_DATA: Final = {"deadlines", "failing-records", "indicators", "money-by-year", "unmatched-parties"}
_HREF: Final = re.compile(r'href="([^"]*)"')
_TAG: Final = re.compile(r"<[^>]+>")


@pytest.fixture(scope="module")
def plain(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Service]:
    """Yield a service without a registry."""
    with serving(tmp_path_factory.mktemp("asking")) as running:
        yield running


@pytest.fixture
def page(browser: Browser, plain: Service) -> Iterator[Page]:
    """Yield a page from which nothing may be asked of another host, and on which nothing may go wrong."""
    context = browser.new_context(viewport={"width": 1280, "height": 900})
    opened = context.new_page()
    said: list[str] = []
    opened.on("console", lambda message: said.append(message.text))
    opened.on("pageerror", lambda error: said.append(str(error)))
    opened.on("request", lambda sent: None if sent.url.startswith((plain.url, "data:")) else said.append(sent.url))
    yield opened
    context.close()
    assert [text for text in said if not re.search("status of (400|404)", text)] == []


def _links(text: str) -> list[str]:
    return [unescape(each) for each in _HREF.findall(text)]


def _table(text: str) -> list[list[str]]:
    body = text[text.index("<tbody>") : text.index("</tbody>")]
    return [
        [unescape(_TAG.sub("", cell)) for cell in re.findall(r"<td[^>]*>(.*?)</td>", row, re.DOTALL)]
        for row in re.findall(r"<tr>(.*?)</tr>", body, re.DOTALL)
    ]


# --- Without script ---


@pytest.mark.parametrize("lang", ["en", "es"])
def test_the_questions_are_listed_in_the_language(plain: Service, lang: str) -> None:
    with plain.client() as client:
        found = client.get(f"/{lang}/query")
    assert (found.status_code, found.headers["content-language"]) == (200, lang)
    titles = [unescape(each) for each in re.findall(rf'<a href="/{lang}/query\?question=[^"]+">(.*?)</a>', found.text)]
    assert titles == [each.title[lang] for each in all_queries() if each.name not in ABOUT_DATA]
    topics = [unescape(each) for each in re.findall(r'<h3>(.*?)</h3><ul class="list">', found.text)]
    assert topics == [names[lang] for topic, names in section("query")["topic"].items() if topic != "submitted"]
    assert '<textarea id="query" name="query"' in found.text


def test_questions_about_partners_data_need_a_registry(filled: Filled, tmp_path: Path) -> None:
    with serving(tmp_path, registry=filled.copy(tmp_path)) as running, running.client() as client:
        names = [
            parse_qs(urlsplit(each).query)["question"][0]
            for each in _links(client.get("/en/query").text)
            if "question=" in each
        ]
        assert names == [each.name for each in all_queries()]
        found = client.get("/en/query?question=indicators")
        assert (found.status_code, "urn:x-bicentennial:registry/example-ngo/actions" in found.text) == (200, True)


@pytest.mark.parametrize("lang", ["en", "es"])
@pytest.mark.parametrize("name", [each.name for each in all_queries() if each.name not in ABOUT_DATA])
def test_each_question_is_answered_with_its_note(plain: Service, name: str, lang: str) -> None:
    query = next(each for each in all_queries() if each.name == name)
    with plain.client() as client:
        found = client.get(f"/{lang}/query", params={"question": name})
        assert found.status_code == 200
        text = unescape(found.text)
        assert f"<h1>{query.title[lang]}</h1>" in text
        assert query.description[lang].replace("`", "") in unescape(_TAG.sub("", found.text))
        heads = [unescape(each) for each in re.findall(r'<th scope="col"[^>]*>(.*?)</th>', found.text)]
        assert [each.lower() for each in heads] == [each.lower() for each in query.columns.get(lang, heads)]
        assert all(f'name="{each}"' in text for each in query.parameters)
        assert all(section("ask")["parameters"][each][lang] for each in query.parameters)
        (saved,) = [each for each in _links(found.text) if "format=csv" in each]
        rows = list(csv.reader(io.StringIO(client.get(saved).text)))[1:]
        assert len(rows) >= len(_table(found.text)) > 0


def test_a_parameter_narrows_the_answer_and_is_kept_in_the_form(plain: Service) -> None:
    with plain.client() as client:
        every = _table(client.get("/es/query?question=actions-by-goal").text)
        one = client.get("/es/query?question=actions-by-goal&goal=goal-protect-our-people")
        assert 0 < len(_table(one.text)) < len(every)
        assert {row[2] for row in _table(one.text)} == {"Proteger a nuestra gente"}
        assert '<option value="goal-protect-our-people" selected>Proteger a nuestra gente</option>' in one.text
        by_name = client.get("/es/query", params={"question": "actions-by-goal", "goal": "Protect our people"})
        assert _table(by_name.text) == _table(one.text)
        assert 'value="goal-protect-our-people" selected' in by_name.text
        # The other language is the same question with the same values.
        assert '<a href="/en/query?question=actions-by-goal&amp;goal=goal-protect-our-people"' in one.text


@pytest.mark.parametrize(
    ("question", "values", "sentence"),
    [
        ("actions-by-goal", {"goal": "no such goal"}, "nada se llama aquí"),
        ("framework-state", {"date": "ayer"}, "«ayer» no es una fecha"),
        ("sources", {"thing": "xyzzy"}, "nada se llama aquí"),
    ],
)
def test_a_value_that_makes_no_sense_is_told_at_its_field(
    plain: Service, question: str, values: dict[str, str], sentence: str
) -> None:
    (name,) = values
    with plain.client() as client:
        found = client.get("/es/query", params={"question": question, **values})
    assert found.status_code == 400
    assert re.search(rf'aria-invalid="true"[^>]*aria-describedby="[^"]*q-{name}-told"', found.text)
    told = re.search(rf'<p id="q-{name}-told" class="error">(.*?)</p>', found.text)
    assert told is not None
    assert sentence in unescape(told[1])
    assert "<table" not in found.text


def test_a_question_that_there_is_not_leads_to_the_list(plain: Service) -> None:
    with plain.client() as client:
        found = client.get("/es/query?question=%3Cscript%3E")
    assert found.status_code == 404
    assert "No hay ninguna pregunta llamada «&lt;script&gt;»" in found.text
    assert "question=actions-by-goal" in found.text


def test_a_query_of_ones_own(plain: Service) -> None:
    with plain.client() as client:
        found = client.get("/es/query", params={"query": GOALS})
        assert found.status_code == 200
        assert [row[1] for row in _table(found.text)] == [
            "Prevenir los delitos transfronterizos",
            "Proteger a nuestra gente",
            "Perseguir las redes criminales",
        ]
        assert '<a href="/es/id/goal-protect-our-people"><code>bicd:goal-protect-our-people</code></a>' in found.text
        # It stands in the editor with its prefixes declared, so that it can be read anywhere.
        text = unescape(re.search(r"<textarea[^>]*>\n(.*?)</textarea>", found.text, re.DOTALL)[1])  # type: ignore[index]
        assert text.startswith("PREFIX bic: <https://w3id.org/bicentennial/ontology#>\nPREFIX skos: ")
        assert text.endswith(GOALS)
        assert client.post("/es/query", data={"query": GOALS}).text.count("<tr>") == found.text.count("<tr>")
        saved = [each for each in _links(found.text) if "format=" in each]
        assert [parse_qs(urlsplit(each).query)["format"] for each in saved] == [["csv"], ["json"], ["xml"], ["tsv"]]
        for each in saved:
            assert client.get(each).headers["content-disposition"].startswith("attachment")


def test_yes_no_and_graphs(plain: Service) -> None:
    with plain.client() as client:
        yes = client.get("/es/query", params={"query": "ASK { ?x a bic:Goal }"})
        assert '<p class="lead">Sí</p>' in yes.text
        graph = client.get(
            "/es/query", params={"query": "CONSTRUCT { ?x skos:notation ?n } { ?x a bic:Goal ; skos:notation ?n }"}
        )
        assert sorted(row[2] for row in _table(graph.text)) == ["G1", "G2", "G3"]
        assert "format=ttl" in graph.text
        nothing = client.get("/en/query", params={"query": "SELECT * { ?x a bic:Goal ; skos:notation 'G9' }"})
        assert "Nothing fits the question." in nothing.text


def test_what_is_wrong_is_told_and_the_query_stays(plain: Service) -> None:
    with plain.client() as client:
        broken = client.get("/es/query", params={"query": "SELECT * { ?s"})
        assert broken.status_code == 400
        assert 'role="alert"' in broken.text
        assert "esto no es SPARQL 1.1" in broken.text
        assert "SELECT * { ?s</textarea>" in broken.text
        misspelt = client.get("/es/query", params={"query": "SELECT * { ?a bic:hasResponsible ?b }"})
        assert "nada se llama bic:hasResponsible" in unescape(misspelt.text)
        assert client.get("/es/query", params={"query": "DROP ALL"}).status_code == 400


def test_only_the_first_rows_are_shown_and_files_have_all(plain: Service) -> None:
    with plain.client() as client:
        found = client.get("/en/query", params={"query": "SELECT ?s ?p { ?s ?p ?o } LIMIT 777"})
        assert len(_table(found.text)) == 500
        assert "The first 500 rows; files to save have all of them." in found.text
        (saved,) = [each for each in _links(found.text) if "format=csv" in each]
        assert len(list(csv.reader(io.StringIO(client.get(saved).text)))) == 778


def test_a_long_query_is_saved_by_a_form(plain: Service) -> None:
    query = "SELECT ?x { VALUES ?x { " + " ".join(f'"{n:06}"' for n in range(1_000)) + " } }"
    with plain.client() as client:
        found = client.post("/en/query", data={"query": query})
        assert '<form method="post" action="/sparql">' in found.text
        saved = client.post("/sparql", data={"query": query, "format": "csv", "download": "1"})
        assert saved.headers["content-disposition"].startswith("attachment")
        assert len(saved.text.splitlines()) == 1_001


def test_a_question_can_be_changed_in_the_editor(plain: Service) -> None:
    with plain.client() as client:
        found = client.get("/en/query?question=actions-by-goal&goal=G1")
        (change,) = [each for each in _links(found.text) if "edit=1" in each]
        editor = client.get(change.partition("#")[0])
        text = unescape(re.search(r"<textarea[^>]*>\n(.*?)</textarea>", editor.text, re.DOTALL)[1])  # type: ignore[index]
        assert "VALUES ?goal { <https://w3id.org/bicentennial/id/goal-protect-our-people> }" in text
        assert "<table" not in editor.text
        assert _table(client.post("/en/query", data={"query": text}).text) == _table(found.text)


def test_nothing_in_foreign_data_acts(tmp_path: Path) -> None:
    data = tmp_path / "foreign.nq"
    values = [
        '"<img src=x onerror=alert(1)>"',
        "<javascript:alert(1)>",
        '"\\u202Eevil"',
        "<http://x.example/\\u0022onclick=>",
    ]
    data.write_text("".join(f"<urn:s> <urn:p> {each} <urn:g> .\n" for each in values if "u0022" not in each), "utf-8")
    with serving(tmp_path, graphs=[str(data)]) as running, running.client() as client:
        found = client.get("/en/query", params={"query": "SELECT ?o { GRAPH <urn:g> { ?s ?p ?o } }"})
        assert len(_table(found.text)) == 3
        assert "<img" not in found.text
        assert 'href="javascript' not in found.text
        assert "\u202e" not in found.text


def test_the_page_shows_only_what_its_visitor_may_see(filled: Filled, tmp_path: Path) -> None:
    registry = filled.copy(tmp_path)
    query = "SELECT DISTINCT ?s { GRAPH <urn:x-bicentennial:registry/fundacion/acciones/1> { ?s a bic:Action } }"
    with serving(tmp_path, registry=registry, tokens=filled.tokens) as running:

        def rows(client: httpx.Client) -> int:
            return client.get("/en/query", params={"query": query}).text.count("<tr><td")

        assert [rows(running.client(who)) > 0 for who in (None, "reader", "fundacion", "review")] == [
            False,
            False,
            True,
            True,
        ]
    with open_registry(registry) as opened:
        assert opened.submission("fundacion/acciones/1").state == "pending"


# --- In a browser ---

PAGES: Final = (
    "query",
    "query?question=actions-by-goal&goal=goal-protect-our-people",
    "query?question=framework-state&date=ayer",
    "query?question=office-holders",
    "query?query=SELECT%20%3Fs%20%3Fl%20%7B%20%3Fs%20a%20bic%3AGoal%20%3B%20skos%3AprefLabel%20%3Fl%20%7D",
    "query?query=ASK%20%7B%7D",
    "query?query=SELECT%20*%20%7B%20%3Fs",
)


@pytest.mark.parametrize("lang", ["en", "es"])
@pytest.mark.parametrize("path", PAGES)
def test_a_page_is_accessible_and_fits(page: Page, plain: Service, lang: str, path: str) -> None:
    page.goto(f"{plain.url}/{lang}/{path}")
    page.wait_for_load_state("networkidle")
    assert violations(page) == []
    for width in (1280, 320):
        page.set_viewport_size({"width": width, "height": 900})
        assert too_wide(page) <= 0


def _until(page: Page, text: str) -> None:
    """Wait until a text stands in the editor."""
    deadline = time.monotonic() + PATIENCE / 1000
    while text not in page.evaluate("document.querySelector('.CodeMirror').CodeMirror.getValue()"):
        assert time.monotonic() < deadline, text
        page.wait_for_timeout(50)


def test_the_editor_asks_completes_and_lets_the_keyboard_go(page: Page, plain: Service) -> None:
    page.goto(f"{plain.url}/es/query")
    page.wait_for_load_state("networkidle")
    assert not page.locator("textarea#query").is_visible()
    page.locator(".CodeMirror").click()
    page.keyboard.press("Control+A")
    page.keyboard.type("SELECT ?l { ?g a bic:Goal ; skos:prefLabel ?l FILTER(LANG(?l) = 'es")
    _until(page, "PREFIX skos:")
    page.keyboard.type("') }")
    # Tab leaves the editor, which is no trap for the keyboard.
    page.keyboard.press("Tab")
    assert page.evaluate("document.activeElement.closest('.editor-place') === null")
    page.locator(".CodeMirror").click()
    with page.expect_navigation():
        page.keyboard.press("Control+Enter")
    expect(page.locator("table.answer tbody tr")).to_have_count(3)
    expect(page.locator(".parseErrorIcon")).to_have_count(0)
    expect(page.locator("form.editor button")).to_have_text("Preguntar")


def test_names_are_completed_by_what_they_are_called(page: Page, plain: Service) -> None:
    page.goto(f"{plain.url}/es/query")
    page.wait_for_load_state("networkidle")
    page.locator(".CodeMirror").click()
    page.keyboard.press("Control+A")
    page.keyboard.type("ASK { bicd:agency-ofa")
    page.keyboard.press("Control+Space")
    choice = page.locator(".CodeMirror-hints li").first
    expect(choice).to_have_text("bicd:agency-ofac — Oficina de Control de Activos Extranjeros")
    page.keyboard.press("Enter")
    _until(page, "bicd:agency-ofac")


def test_the_form_works_without_script(browser: Browser, plain: Service) -> None:
    context = browser.new_context(java_script_enabled=False, viewport={"width": 320, "height": 700})
    opened = context.new_page()
    opened.goto(f"{plain.url}/es/query?question=actions-by-goal")
    opened.select_option("select[name=goal]", label="Proteger a nuestra gente")
    opened.click("form.ask button")
    opened.wait_for_url("**goal=goal-protect-our-people**")
    opened.goto(f"{plain.url}/es/query")
    opened.fill("textarea#query", GOALS)
    opened.click("form.editor button")
    expect(opened.locator("table.answer tbody tr")).to_have_count(3)
    with opened.expect_download() as saved:
        opened.click(".files a:has-text('CSV')")
    assert saved.value.suggested_filename == "bicentennial.csv"
    context.close()
