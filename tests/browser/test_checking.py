"""Checking a file in the browser: chosen or dropped, with and without script, by keyboard, on a phone."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import openpyxl
import pytest

from tests.browser.conftest import NARROW, WIDE, Visitor
from tests.serving import EXAMPLES

if TYPE_CHECKING:
    from collections.abc import Callable

    from playwright.sync_api import Page, Route

LANGUAGES = ("en", "es")


def _wait_for_report(page: Page) -> None:
    """Wait until the page shows a report: it leads there by itself, with or without script."""
    page.wait_for_url("**/check/**")
    page.wait_for_selector("text=Action-advancesGoal", state="attached")


@pytest.mark.parametrize("lang", LANGUAGES)
@pytest.mark.parametrize(("has_script", "width"), [(True, WIDE), (False, NARROW)])
def test_a_chosen_file_gets_its_report(
    visitor: Callable[..., Visitor], lang: str, has_script: bool, width: int
) -> None:
    visit = visitor(lang, has_script=has_script, width=width, reader=has_script)
    visit.open(f"/{lang}/")
    visit.page.set_input_files("input[name=file]", EXAMPLES / "faulty.xlsx")
    visit.page.locator("main form [type=submit]").first.click()
    _wait_for_report(visit.page)
    text = visit.page.content()
    assert "faulty.xlsx" in text
    assert "/tmp/" not in text
    assert str(Path(__file__).parents[2]) not in text
    if has_script:
        assert visit.barriers() == []
        visit.page.set_viewport_size({"width": NARROW, "height": 800})
        assert visit.overflow() == []
        assert visit.barriers() == []


@pytest.mark.parametrize("lang", LANGUAGES)
def test_the_marked_workbook_is_saved_under_its_name(
    visitor: Callable[..., Visitor], lang: str, tmp_path: Path
) -> None:
    visit = visitor(lang, reader=True)
    visit.open(f"/{lang}/")
    visit.page.set_input_files("input[name=file]", EXAMPLES / "faulty.xlsx")
    visit.page.locator("main form [type=submit]").first.click()
    _wait_for_report(visit.page)
    with visit.page.expect_download() as saving:
        visit.page.locator("a[href$='/report/xlsx']").first.click()
    assert saving.value.suggested_filename == "faulty.xlsx"
    saving.value.save_as(tmp_path / "marked.xlsx")
    assert len(openpyxl.load_workbook(tmp_path / "marked.xlsx").sheetnames) > 1


@pytest.mark.parametrize("lang", LANGUAGES)
def test_a_dropped_file_is_checked(visitor: Callable[..., Visitor], lang: str) -> None:
    visit = visitor(lang, reader=True)
    visit.open(f"/{lang}/")
    data = (EXAMPLES / "faulty.csv").read_text(encoding="utf-8")
    transfer = visit.page.evaluate_handle(
        "(text) => { const all = new DataTransfer(); all.items.add(new File([text], 'faulty.csv')); return all }", data
    )
    target = visit.page.locator("main form .drop").first
    for event in ("dragenter", "dragover", "drop"):
        target.dispatch_event(event, {"dataTransfer": transfer})
    _wait_for_report(visit.page)


@pytest.mark.parametrize("lang", LANGUAGES)
def test_the_keyboard_alone_is_enough(visitor: Callable[..., Visitor], lang: str) -> None:
    visit = visitor(lang, reader=True)
    visit.open(f"/{lang}/")
    visit.page.set_input_files("input[name=file]", EXAMPLES / "faulty.csv")
    visit.page.locator("input[name=file]").focus()
    for _ in range(10):
        visit.page.keyboard.press("Tab")
        if visit.page.evaluate("() => document.activeElement.type") == "submit":
            break
    visit.page.keyboard.press("Enter")
    _wait_for_report(visit.page)


def test_whoever_waits_goes_on_asking_a_service_that_is_busy(visitor: Callable[..., Visitor]) -> None:
    visit = visitor("es", strict=False)  # Chromium complains of answers that are errors
    where, loads = f"{visit.site.url}/es/check/aaaa", list[str]()
    states = iter(
        [(503, "{}"), (429, "{}"), (200, '{"state": "checking", "text": "en eso"}'), (200, '{"state": "done"}')]
    )
    page = '<!doctype html><p data-state="/es/check/aaaa/state">en fila</p><script src="/static/checks.js"></script>'

    def shown(route: Route) -> None:
        loads.append(page if not loads else "<p>listo</p>")
        route.fulfill(content_type="text/html", body=loads[-1])

    def asked(route: Route) -> None:
        status, body = next(states)
        route.fulfill(status=status, content_type="application/json", body=body)

    visit.page.route(where, shown)
    visit.page.route(f"{where}/state", asked)
    visit.page.goto(where)
    visit.page.wait_for_selector("text=en eso")
    assert len(loads) == 1
    visit.page.wait_for_selector("text=listo")
