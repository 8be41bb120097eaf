"""The explorer in Chromium: accessible, narrow, by keyboard, while one types, from a server and from a disk."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

import pytest

from bicentennial.explorer.catalogue import things
from bicentennial.explorer.search import find
from tests.browsing import expect, settled, too_wide, violations

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from pathlib import Path

    from playwright.sync_api import Browser, Page

    from bicentennial.core.messages import Language

PAGES: Final = (
    "explore", "explore/search", "explore/search?q=drog", "explore/timeline", "explore/map", "explore/actions",
    "explore/documents", "id/goal-protect-our-people", "id/action-substance-use-mou", "id/agency-ofac",
    "id/theme-arms-trafficking", "id/conflict-weapons-secured-or-traced", "id/passage-joint-statement-p10",
    "id/document-gao-21-322", "id/place-mexico", "codes/Action-endsAfterItStarts", "ontology", "ontology/Action",
    "ontology/advancesGoal", "id/scheme-status", "id/framework-bicentennial", "nothing-here",
)  # fmt: skip


@pytest.fixture(scope="module")
def tab(browser: Browser) -> Iterator[Page]:
    """Yield the page that all tests go on with: in a new one, half of a test's time is the start of its process."""
    with browser.new_context() as context:
        yield context.new_page()
        assert context.cookies() == []


@pytest.fixture
def page(tab: Page) -> Iterator[Page]:
    """Yield a page on which nothing may fail to load or be refused by the policy."""
    said: list[str] = []
    listeners: dict[Any, Callable[[Any], None]] = {
        "console": lambda message: said.append(message.text),
        "pageerror": lambda error: said.append(str(error)),
        # What a page still loads when one leaves it is given up by the browser, which is no fault.
        "requestfailed": lambda it: said.append(it.url) if it.failure != "net::ERR_ABORTED" else None,
    }
    tab.set_viewport_size({"width": 1280, "height": 900})
    for event, listener in listeners.items():
        tab.on(event, listener)
    yield tab
    tab.goto("about:blank")  # so that what it still says is said of this test
    for event, listener in listeners.items():
        tab.remove_listener(event, listener)
    assert [text for text in said if "404" not in text] == []


@pytest.mark.parametrize("lang", ["en", "es"])
@pytest.mark.parametrize("path", PAGES)
def test_a_page_is_accessible_and_fits(page: Page, address: str, lang: str, path: str) -> None:
    page.goto(f"{address}/{lang}/id/{path}" if path == "nothing-here" else f"{address}/{lang}/{path}")
    assert violations(page) == []
    for width in (1280, 320):
        page.set_viewport_size({"width": width, "height": 900})
        assert too_wide(page) <= 0
    if path in ("explore", "explore/map", "explore/timeline", "id/action-substance-use-mou"):
        assert violations(page) == []


def _shown(page: Page) -> list[str]:
    return [str(each.get_attribute("href")) for each in page.locator(".results a").all()]


@pytest.mark.parametrize("lang", ["en", "es"])
def test_the_search_answers_while_one_types_as_the_server_does(page: Page, address: str, lang: Language) -> None:
    page.goto(f"{address}/{lang}/explore/search")
    for asked in ("OFAC", "armas", "trafico", "A1", "ÁRMAS  de", "lab balist", "2021-10", "meta", "x", "qwertyuiop"):
        page.locator("input[name=q]").fill(asked)
        settled(lambda: _shown(page), [f"/{lang}{hit.path}" for hit in find(asked, lang)[:50]], asked)
    expect(page.locator("#found .notice")).to_have_count(1)
    page.locator("input[name=q]").fill("protect")
    page.locator("select[name=kind]").select_option("goals")
    settled(lambda: _shown(page), [f"/{lang}{hit.path}" for hit in find("protect", lang, "goals")])
    page.locator("input[name=q]").fill("")
    settled(lambda: _shown(page), [])
    expect(page.locator("#all")).to_be_visible()


def test_a_list_is_filtered_while_one_types(page: Page, address: str) -> None:
    page.goto(f"{address}/es/explore/actions")
    rows = page.locator("#rows tbody tr:visible")
    count = len(things("actions"))
    expect(rows).to_have_count(count)
    page.locator("input[name=q]").fill("balis")
    expect(rows).to_have_count(1)
    expect(page.locator("output")).to_have_text(f"1 de {count}")
    page.locator("input[name=q]").fill("zzz")
    expect(page.locator(".none")).to_be_visible()
    page.locator("input[name=q]").fill("")
    expect(rows).to_have_count(count)
    page.locator("select[name=hasStatus]").select_option("en curso")
    settled(lambda: {row.locator("td").last.inner_text() for row in rows.all()}, {"en curso"})


def test_the_keyboard_reaches_the_content_first(page: Page, address: str) -> None:
    page.goto(f"{address}/en/id/goal-protect-our-people")
    page.keyboard.press("Tab")
    assert page.evaluate("document.activeElement.textContent") == "Skip to the content"
    assert page.locator(".skip").bounding_box()["x"] >= 0  # type: ignore[index]
    page.keyboard.press("Enter")
    assert page.evaluate("document.activeElement.id") == "main"
    page.keyboard.press("Tab")
    assert page.evaluate("document.activeElement.textContent") == "Explore"
    page.keyboard.press("Enter")
    page.wait_for_url("**/en/explore")


def test_a_summary_opens_by_keyboard_and_shows_the_objectives(page: Page, address: str) -> None:
    page.goto(f"{address}/es/explore")
    summary = page.locator(".pillars summary").first
    summary.focus()
    page.keyboard.press("Enter")
    expect(page.locator(".objectives a").first).to_be_visible()


def test_the_language_changes_on_the_same_page(page: Page, address: str) -> None:
    page.goto(f"{address}/en/id/theme-arms-trafficking")
    page.get_by_role("link", name="Español").click()
    page.wait_for_url("**/es/id/theme-arms-trafficking")
    expect(page.locator("h1")).to_have_text("Tráfico de armas")


def test_the_map_leads_to_a_state(page: Page, address: str) -> None:
    page.goto(f"{address}/es/explore/map")
    page.locator("svg a[href$='place-colima']").click()
    page.wait_for_url("**/es/id/place-colima")


def test_the_static_site_works_from_a_disk(page: Page, exported: Path) -> None:
    page.goto((exported / "index.html").as_uri())
    page.get_by_role("link", name="Español").last.click()
    expect(page.locator("h1")).to_have_text("El Entendimiento, punto por punto")
    page.locator("input[name=q]").fill("uif")
    page.locator(".results a").first.click()
    expect(page.locator("h1")).to_have_text("Unidad de Inteligencia Financiera")
    assert page.evaluate("getComputedStyle(document.querySelector('h1')).fontWeight") == "600"
    page.get_by_role("link", name="English").click()
    expect(page).to_have_url((exported / "en" / "id" / "agency-uif.html").as_uri())
    page.goto((exported / "es" / "explore" / "actions.html").as_uri())
    page.locator("input[name=q]").fill("balis")
    expect(page.locator("#rows tbody tr:visible")).to_have_count(1)
    assert violations(page) == []


def test_without_a_script_the_static_search_names_everything(browser: Browser, exported: Path) -> None:
    context = browser.new_context(java_script_enabled=False)
    opened = context.new_page()
    opened.goto((exported / "es" / "explore" / "search.html").as_uri())
    goals = opened.locator("#all-goals")
    goals.locator("summary").click()
    goals.get_by_role("link", name="Proteger a nuestra gente").click()
    expect(opened.locator("h1")).to_have_text("Proteger a nuestra gente")
    # A list without a server cannot answer its form, so it does not show one.
    opened.goto((exported / "es" / "explore" / "actions.html").as_uri())
    assert not opened.locator("form.filter").is_visible()
    context.close()
