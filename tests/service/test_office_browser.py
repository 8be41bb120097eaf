"""The office in a real browser: both languages, wide and narrow, by keyboard, and WCAG 2.2 AA."""

from __future__ import annotations

from typing import TYPE_CHECKING, Literal

import pytest

from bicentennial.core.messages import LANGUAGES, section
from bicentennial.monitoring.registry import open_registry
from tests.browsing import PATIENCE, expect, too_wide, violations
from tests.serving import EXAMPLES, serving

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from playwright.sync_api import Browser, Page

    from tests.serving import Filled, Service

WIDTHS = (1280, 320)
WORDS = section("office")["words"]


@pytest.fixture(scope="module")
def office(filled: Filled, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Service]:
    folder = tmp_path_factory.mktemp("office")
    copy = filled.copy(folder)
    with open_registry(copy) as registry:
        data = (EXAMPLES / "good.csv").read_bytes().replace(b"ongoing", b"completed")
        registry.submit(data, name="q4.csv", submitter="example-ngo", dataset="actions", issued="2024-12-31")
    with serving(folder, registry=copy, tokens=filled.tokens) as running:
        yield running


def signed_in(browser: Browser, office: Service, token: str | None) -> Page:
    page = browser.new_page(viewport={"width": 1280, "height": 800})
    if token is not None:
        page.goto(f"{office.url}/en/login")
        page.keyboard.press("Tab")  # the keyboard alone signs in
        page.focus("#f-token")
        page.keyboard.type(office.tokens[token])
        page.keyboard.press("Enter")
        page.wait_for_url(lambda url: "/login" not in url)
    return page


@pytest.mark.parametrize("medium", ["screen", "print"])
def test_a_title_without_a_space_pushes_no_column_out(
    browser: Browser, filled: Filled, tmp_path: Path, medium: Literal["screen", "print"]
) -> None:
    copy = filled.copy(tmp_path)
    with open_registry(copy) as registry:
        data = (
            (EXAMPLES / "good.csv").read_bytes().replace(b"Open a reading room", b"https://example.org/" + b"x" * 3000)
        )
        registry.submit(data, name="q4.csv", submitter="example-ngo", dataset="actions", issued="2024-12-31")
    with serving(tmp_path, registry=copy) as running:
        page = browser.new_page(viewport={"width": 1280, "height": 800})
        page.emulate_media(media=medium)
        page.goto(f"{running.url}/en/deadlines")
        assert page.get_by_text("x" * 3000).count()
        widest = page.locator(".scroll").evaluate_all("all => Math.max(...all.map(e => e.scrollWidth - e.clientWidth))")
        assert widest <= 0
        page.close()


@pytest.mark.parametrize(
    ("token", "paths"),
    [
        (
            None,
            [
                "login", "send", "registry", "registry/example-ngo/actions", "registry/example-ngo/actions/3",
                "registry/example-ngo/actions/3/diff", "registry/example-ngo/actions/action/A-001", "progress",
                "progress?by=status&over=time", "progress?by=goal&over=time", "deadlines?state=overdue",
                "indicators", "changes", "gaps", "submitters", "changes?since=ayer",
            ],
        ),
        ("example-ngo", ["send", "mine", "registry/example-ngo/actions/2", "registry/example-ngo/actions/2/report"]),
        ("review", ["review", "registry/fundacion/acciones/1"]),
        ("admin", ["admin"]),
    ],
)  # fmt: skip
def test_every_page_is_for_everyone(browser: Browser, office: Service, token: str | None, paths: list[str]) -> None:
    page = signed_in(browser, office, token)
    said: list[str] = []
    page.on("console", lambda message: said.append(message.text))
    page.on("request", lambda request: said.append(request.url) if not request.url.startswith(office.url) else None)
    for path in paths:
        for lang in LANGUAGES:
            page.goto(f"{office.url}/{lang}/{path}")
            assert page.locator("html").get_attribute("lang") == lang
            assert page.locator("h1").count() == 1
            for width in WIDTHS:
                page.set_viewport_size({"width": width, "height": 800})
                assert too_wide(page) == 0, (path, lang, width)
                assert violations(page) == [], (path, lang, width)
    assert [each for each in said if "400" not in each] == []  # of the date that is none
    page.close()


def test_a_file_is_sent_reviewed_and_accepted(browser: Browser, office: Service) -> None:
    partner = signed_in(browser, office, "fundacion")
    partner.goto(f"{office.url}/es/send")
    partner.get_by_label(WORDS["dataset"]["es"]).fill("acciones")
    partner.get_by_label(WORDS["file"]["es"], exact=True).set_input_files(EXAMPLES / "good.xlsx")
    partner.get_by_label(WORDS["issued"]["es"]).fill("2024-09")
    partner.get_by_role("button", name=WORDS["send-file"]["es"]).click()
    expect(partner.get_by_role("status")).to_contain_text(WORDS["result-pending"]["es"])
    name = "fundacion/acciones/2"
    expect(partner.locator("h1")).to_contain_text(name)
    with partner.expect_download() as saved:
        partner.get_by_role("link", name=WORDS["receipt"]["es"]).click()
    assert saved.value.suggested_filename == "receipt-fundacion-acciones-2.json"
    with partner.expect_download() as saved:
        partner.get_by_role("link", name=WORDS["report-xlsx"]["es"]).click()
    assert saved.value.suggested_filename == "fundacion-acciones-2-report.xlsx"

    reviewer = signed_in(browser, office, "review")
    article = reviewer.locator("article").filter(has_text=name)
    article.get_by_role("button", name=WORDS["do-accept"]["en"]).click()
    expect(reviewer.get_by_role("status")).to_contain_text(WORDS["did-accept"]["en"])
    partner.reload()
    expect(partner.locator("main")).to_contain_text(WORDS["means-accepted"]["es"])
    for each in (partner, reviewer):
        with each.expect_navigation(timeout=PATIENCE):  # or going on would cancel it
            each.get_by_role("button", name=WORDS["sign-out"]["es" if each is partner else "en"]).click()
        each.goto(f"{office.url}/en/mine")
        assert "/en/login" in each.url
        each.close()
