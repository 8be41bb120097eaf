"""Every page, in both languages: no barrier, nothing out of the page at 320 px, nothing foreign, no complaint."""

from __future__ import annotations

from typing import TYPE_CHECKING
from urllib.parse import urlsplit

import pytest

from tests.browser.conftest import NARROW, WIDE, Visitor

if TYPE_CHECKING:
    from collections.abc import Callable

LANGUAGES = ("en", "es")
PAGES = (
    "",
    "explore",
    "id/agency-ofac",
    "ontology/Action",
    "query",
    "progress",
    "deadlines",
    "indicators",
    "changes",
    "gaps",
    "submitters",
    "registry",
    "registry/example-ngo/actions",
    "registry/example-ngo/actions/1",
    "registry/example-ngo/actions/action/A-001",
    "login",
    "docs",
)
SIGNED_IN = {
    "example-ngo": ("send", "mine", "registry/example-ngo/actions/2", "registry/example-ngo/actions/2/diff"),
    "review": ("review", "registry/fundacion/acciones/1", "progress"),
    "admin": ("admin",),
}


def _judge(visit: Visitor, path: str) -> list[str]:
    """Return what is wrong with a page at both widths."""
    wrong = []
    status = visit.open(f"/{visit.lang}/{path}")
    if status != 200:
        return [f"{path}: {status}"]
    if visit.page.evaluate("() => document.documentElement.lang") != visit.lang:
        wrong.append(f"{path}: the language of the page is not {visit.lang}")
    if visit.page.locator("h1").count() != 1:
        wrong.append(f"{path}: {visit.page.locator('h1').count()} headings of the first level")
    for width in (NARROW, WIDE):
        visit.page.set_viewport_size({"width": width, "height": 800})
        wrong += [f"{path} at {width}: {each}" for each in (*visit.overflow(), *visit.barriers())]
    return wrong


@pytest.mark.parametrize("lang", LANGUAGES)
@pytest.mark.parametrize("path", PAGES)
def test_a_page_is_for_everybody(visitor: Callable[..., Visitor], lang: str, path: str) -> None:
    assert _judge(visitor(lang, reader=True), path) == []


@pytest.mark.parametrize("lang", LANGUAGES)
@pytest.mark.parametrize("user", SIGNED_IN)
def test_pages_of_those_who_signed_in(visitor: Callable[..., Visitor], lang: str, user: str) -> None:
    visit = visitor(lang)
    visit.sign_in(user)
    assert [each for path in SIGNED_IN[user] for each in _judge(visit, path)] == []


@pytest.mark.parametrize("lang", LANGUAGES)
def test_every_link_of_the_frame_leads_somewhere(visitor: Callable[..., Visitor], lang: str) -> None:
    visit = visitor(lang, reader=True)
    visit.open(f"/{lang}/")
    links: list[str] = visit.page.eval_on_selector_all(
        "header.site a, footer.site a", "(all) => all.map((each) => each.href)"
    )
    ours = [each for each in links if each.startswith(visit.site.url)]
    assert len(ours) > 5
    for each in ours:
        parts = urlsplit(each)
        assert visit.open(parts.path + (f"?{parts.query}" if parts.query else "")) == 200, each


@pytest.mark.parametrize("lang", LANGUAGES)
@pytest.mark.parametrize("path", ["", "id/agency-ofac", "progress", "query"])
def test_the_language_is_switched_on_the_same_page(visitor: Callable[..., Visitor], lang: str, path: str) -> None:
    other = "es" if lang == "en" else "en"
    visit = visitor(lang, reader=True)
    visit.open(f"/{lang}/{path}")
    visit.page.locator(f"header.site a[hreflang={other}]").click()
    visit.page.wait_for_load_state()
    assert urlsplit(visit.page.url).path == f"/{other}/{path}"
    assert visit.page.evaluate("() => document.documentElement.lang") == other


@pytest.mark.parametrize("lang", LANGUAGES)
def test_the_keyboard_reaches_the_content_first_and_sees_where_it_is(
    visitor: Callable[..., Visitor], lang: str
) -> None:
    visit = visitor(lang, reader=True)
    visit.open(f"/{lang}/explore")
    visit.page.keyboard.press("Tab")
    assert visit.page.evaluate("() => document.activeElement.getAttribute('href')") == "#main"
    assert visit.page.evaluate(
        "() => { const box = document.activeElement.getBoundingClientRect(); return box.top >= 0 && box.height > 10 }"
    )
    visit.page.keyboard.press("Enter")
    seen = []
    for _ in range(12):
        visit.page.keyboard.press("Tab")
        style = visit.page.evaluate(
            "() => { const its = getComputedStyle(document.activeElement);"
            " return [document.activeElement.tagName, its.outlineStyle, parseFloat(its.outlineWidth), its.boxShadow] }"
        )
        seen.append(style)
    reached = [each for each in seen if each[0] != "BODY"]
    assert len(reached) >= 3
    assert all((each[1] != "none" and each[2] > 0) or each[3] != "none" for each in reached), seen
