"""The check page in a real browser: with and without scripts, by keyboard, on a phone, in both languages."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest

from bicentennial.core.messages import LANGUAGES, sentence
from tests.browsing import PATIENCE, too_wide, violations
from tests.serving import EXAMPLES, Service, serving

if TYPE_CHECKING:
    from collections.abc import Iterator

    from playwright.sync_api import Browser, Page

WAIT = PATIENCE


@pytest.fixture(scope="module")
def plain(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Service]:
    with serving(tmp_path_factory.mktemp("plain"), file_bytes=2_000_000) as running:
        yield running


class Told(list[str]):
    """What a browser complains of, and which addresses elsewhere a page asks for."""

    def watch(self, page: Page, url: str) -> Page:
        page.on("pageerror", lambda error: self.append(str(error)))
        page.on("console", lambda message: self.append(message.text) if message.type == "error" else None)
        page.on("request", lambda asked: self.append(asked.url) if not asked.url.startswith(url) else None)
        return page


def _page(browser: Browser, service: Service, told: Told, **options: Any) -> Page:
    return told.watch(browser.new_page(base_url=service.url, **options), service.url)


def _complaints(told: Told) -> list[str]:
    return [each for each in told if "favicon" not in each and "404" not in each]


@pytest.mark.parametrize("lang", LANGUAGES)
@pytest.mark.parametrize("width", [320, 1280])
def test_from_the_form_to_the_link(plain: Service, browser: Browser, lang: str, width: int) -> None:
    told = Told()
    page = _page(browser, plain, told, viewport={"width": width, "height": 800})

    def holds() -> None:
        assert violations(page) == [], page.url
        assert too_wide(page) <= 0, page.url

    page.goto(f"/{lang}/")
    holds()
    page.set_input_files("#file", EXAMPLES / "faulty.xlsx")
    page.click("form.check button")
    page.wait_for_selector(".report", timeout=WAIT)
    assert "actions!A6" in page.inner_text("main")
    assert {"en": "does not conform", "es": "no es conforme"}[lang] in page.inner_text("h1")
    other = {"en": "no es conforme", "es": "does not conform"}[lang]
    assert other not in page.inner_text("main")
    holds()
    with page.expect_download() as saved:
        page.click(f"text={sentence('check', 'format-xlsx')[lang]}")
    assert saved.value.suggested_filename == "faulty.xlsx"

    page.click(f"text={sentence('check', 'map')[lang]}")
    page.wait_for_selector("form.mapping")
    holds()
    page.go_back()
    page.click(f"text={sentence('check', 'keep')[lang]}")
    page.wait_for_selector(".share")
    holds()
    link = page.inner_text(".share")
    second = browser.new_context()
    try:
        elsewhere = second.new_page()
        elsewhere.goto(link)
        assert "faulty.xlsx" in elsewhere.inner_text("h1")
        with page.expect_navigation(timeout=WAIT):
            page.click(f'button:has-text("{sentence("check", "delete-link")[lang]}")')
        gone = elsewhere.reload()
        assert gone is not None
        assert gone.status == 410
    finally:
        second.close()
    assert _complaints(told) == []


def test_without_scripts(plain: Service, browser: Browser) -> None:
    context = browser.new_context(java_script_enabled=False, base_url=plain.url)
    try:
        page = context.new_page()
        page.goto("/es/")
        page.set_input_files("#file", EXAMPLES / "defectuosa.csv")
        page.click("form.check button")
        page.wait_for_selector(".report", timeout=WAIT)
        assert "defectuosa.csv no es conforme" in page.inner_text("h1")
        with page.expect_navigation(timeout=WAIT):
            page.click("text=English")
        assert "defectuosa.csv does not conform" in page.inner_text("h1")
        with page.expect_navigation(timeout=WAIT):
            page.click(f"button:has-text('{sentence('check', 'delete')['en']}')")
        assert sentence("check", "deleted")["en"] in page.inner_text("main")
    finally:
        context.close()


def test_by_keyboard_alone(plain: Service, browser: Browser) -> None:
    told = Told()
    page = _page(browser, plain, told)
    page.goto("/en/")
    page.set_input_files("#file", EXAMPLES / "good.csv")  # the window of the system is not a part of the page
    page.focus("#file")
    reached = []
    for _ in range(4):
        page.keyboard.press("Tab")
        reached.append(page.evaluate("document.activeElement.textContent.trim()"))
        if reached[-1] == sentence("check", "check")["en"]:
            break
    page.keyboard.press("Enter")
    page.wait_for_selector(".report", timeout=WAIT)
    assert "good.csv conforms" in page.inner_text("h1")
    assert _complaints(told) == []


def test_a_file_is_dropped(plain: Service, browser: Browser) -> None:
    told = Told()
    page = _page(browser, plain, told)
    page.goto("/en/")
    content = (EXAMPLES / "good.csv").read_text(encoding="utf-8")
    dropped = page.evaluate_handle(
        "content => { const given = new DataTransfer();"
        " given.items.add(new File([content], 'dropped.csv', {type: 'text/csv'})); return given; }",
        content,
    )
    page.dispatch_event(".drop", "dragover", {"dataTransfer": dropped})
    assert "over" in (page.get_attribute(".drop", "class") or "")
    page.dispatch_event(".drop", "drop", {"dataTransfer": dropped})
    page.wait_for_selector(".report", timeout=WAIT)
    assert "dropped.csv conforms" in page.inner_text("h1")
    assert _complaints(told) == []


@pytest.mark.parametrize("scripts", [True, False])
def test_a_file_that_is_too_large_is_told_with_the_command(
    plain: Service, browser: Browser, scripts: bool, tmp_path: Any
) -> None:
    large = tmp_path / "large.csv"
    large.write_bytes(b"x" * 30_000_000)
    context = browser.new_context(java_script_enabled=scripts, base_url=plain.url)
    try:
        page = context.new_page()
        page.goto("/es/")
        page.set_input_files("#file", large)
        if scripts:  # told before it is sent
            assert "bicentennial validate ARCHIVO" in page.inner_text("form.check [role=alert]")
        page.click("form.check button")
        page.wait_for_selector("text=bicentennial validate ARCHIVO")
        assert "2 MB" in page.inner_text("main")
    finally:
        context.close()
