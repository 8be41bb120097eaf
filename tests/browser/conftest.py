"""A real browser before a real service: Chromium of the distribution, driven by Playwright.

    visit = visitor(lang="es", width=320); visit.open("/es/"); visit.barriers(); visit.overflow()

Whatever a page asks for from elsewhere, and whatever the browser complains of, is collected by the visitor.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

import pytest

from tests.browsing import PATIENCE, violations
from tests.serving import Filled, Service, serving

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from playwright.sync_api import Browser, BrowserContext, ConsoleMessage, Locator, Page, Request

WIDE, NARROW = 1280, 320


@pytest.fixture(scope="session")
def site(browser: Browser, filled: Filled, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Service]:
    """Yield a service with a registry that has something in every state; tests that change it make their own."""
    folder = tmp_path_factory.mktemp("site")
    with serving(folder, registry=filled.copy(folder), tokens=filled.tokens) as running:
        yield running


@dataclass  # without slots, for Playwright notes on it what listens
class Visitor:
    """Someone with a browser of their own: no cookie is shared with another."""

    site: Service
    lang: str
    context: BrowserContext
    page: Page = field(init=False)
    foreign: list[str] = field(default_factory=list)
    complaints: list[str] = field(default_factory=list)

    def __post_init__(self) -> None:
        self.page = self.context.new_page()
        self.page.set_default_timeout(PATIENCE)
        self.page.on("request", self._asked)
        self.page.on("console", self._complained)
        self.page.on("pageerror", lambda error: self.complaints.append(str(error)))

    def _asked(self, request: Request) -> None:
        if not request.url.startswith((self.site.url, "data:", "blob:")):
            self.foreign.append(request.url)

    def _complained(self, message: ConsoleMessage) -> None:
        if message.type in ("error", "warning"):
            self.complaints.append(f"{self.page.url}: {message.text}")

    def open(self, path: str) -> int:
        """Go to a page of the service, and return the status of the answer."""
        answer = self.page.goto(f"{self.site.url}{path}")
        assert answer is not None
        return answer.status

    def barriers(self) -> list[str]:
        """Return what keeps people out by WCAG 2.2 AA, as far as axe-core can tell: the rule and the elements."""
        self.page.evaluate("() => document.getAnimations().forEach((each) => each.finish())")
        return violations(self.page)

    def overflow(self) -> list[str]:
        """Return what stands out of the page to the right, other than in a box that scrolls by itself."""
        found: list[str] = self.page.evaluate(
            """() => {
              if (document.documentElement.scrollWidth <= window.innerWidth) return [];
              const scrolls = (each) => each && each !== document.body && each !== document.documentElement
                && (getComputedStyle(each).overflowX !== 'visible' || scrolls(each.parentElement));
              const sticksOut = (each) => each.getBoundingClientRect().right > window.innerWidth + 1;
              const named = (each) => `${each.tagName.toLowerCase()}.${each.className}`;
              return [...document.querySelectorAll('body *')]
                .filter((each) => sticksOut(each) && !scrolls(each.parentElement))
                .slice(0, 6)
                .map((each) => `${named(each)} ${each.textContent.trim().slice(0, 40)}`)
                .concat([`${document.documentElement.scrollWidth} px`]);
            }"""
        )
        return found

    def sign_in(self, token: str) -> None:
        """Sign in with one of the tokens of the service by name."""
        self.open(f"/{self.lang}/login")
        self.page.locator("main input[type=password], main input[name=token]").first.fill(self.site.tokens[token])
        self.sent(self.page.locator("main form button, main form input[type=submit]").first)

    def sent(self, button: Locator) -> None:
        """Press a button that sends a form, and wait for the answer's page: going elsewhere before would cancel it."""
        with self.page.expect_navigation(timeout=PATIENCE):
            button.click()


def _context(browser: Browser, lang: str, width: int = WIDE, *, has_script: bool = True) -> BrowserContext:
    return browser.new_context(
        locale={"en": "en-US", "es": "es-MX"}[lang],
        viewport={"width": width, "height": 800},
        java_script_enabled=has_script,
        accept_downloads=True,
    )


@pytest.fixture(scope="module")
def readers(browser: Browser, site: Service) -> Iterator[dict[str, Visitor]]:
    """Yield a visitor for each language who goes from page to page: to open another costs as much as to judge one."""
    found = {lang: Visitor(site, lang, _context(browser, lang)) for lang in ("en", "es")}
    yield found
    for each in found.values():
        each.context.close()


@pytest.fixture
def visitor(browser: Browser, site: Service, request: pytest.FixtureRequest) -> Iterator[Callable[..., Visitor]]:
    """Return a function that makes a visitor; at its end nothing foreign was asked for and nothing complained of.

    One that only reads, which takes `reader=True`, is the reader of the language, without cookies.
    """
    made: list[Visitor] = []
    reading: list[Visitor] = []

    def make(
        lang: str = "en",
        *,
        width: int = WIDE,
        has_script: bool = True,
        to: Service | None = None,
        strict: bool = True,
        reader: bool = False,
    ) -> Visitor:
        if reader:
            known: Visitor = request.getfixturevalue("readers")[lang]
            known.page.set_viewport_size({"width": width, "height": 800})
            known.foreign.clear()
            known.complaints.clear()
            reading.append(known)
            made.append(known)
            return known
        found = Visitor(to or site, lang, _context(browser, lang, width, has_script=has_script))
        if strict:
            made.append(found)
        return found

    yield make
    for each in made:
        if each in reading:
            each.page.goto("about:blank")  # so that what it still says is said of this test
            each.context.clear_cookies()
        else:
            each.context.close()
    assert [each.foreign for each in made if each.foreign] == []
    assert [each.complaints for each in made if each.complaints] == []
