"""A real browser before a real service: Chromium of the distribution, driven by Playwright.

    visit = visitor(lang="es", width=320); visit.open("/es/"); visit.barriers(); visit.overflow()

Whatever a page asks for from elsewhere, and whatever the browser complains of, is collected by the visitor.
"""

from __future__ import annotations

import os
import shutil
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

from tests.serving import Filled, Service, fill, serving

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from playwright.sync_api import Browser, BrowserContext, ConsoleMessage, Page, Request

AXE = Path(__file__).with_name("axe") / "axe.min.js"
STANDARD = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa"]
WIDE, NARROW = 1280, 320
_NAMES = ("chromium", "chromium-browser", "google-chrome")
_ARGUMENTS = ["--no-sandbox", "--disable-background-networking", "--disable-component-update", "--no-first-run"]
_MILLISECONDS = 20_000


def _missing(what: str) -> None:
    """Skip where a part of the full tests is not installed; in continuous integration that is a failure."""
    if os.environ.get("CI"):
        pytest.fail(f"{what} is needed in continuous integration; .ci/run installs it")
    pytest.skip(f"{what} is not installed: the tests in a browser are left out")


@pytest.fixture(scope="session")
def browser() -> Iterator[Browser]:
    """Yield the browser of the distribution."""
    path = next((found for name in _NAMES if (found := shutil.which(name))), None)
    if path is None:
        _missing("Chromium")
    try:
        from playwright.sync_api import sync_playwright
    except ImportError:
        _missing("playwright")
    with sync_playwright() as playwright:
        started = playwright.chromium.launch(executable_path=path, args=_ARGUMENTS)
        yield started
        started.close()


@pytest.fixture(scope="session")
def site(browser: Browser, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Service]:
    """Yield a service with a registry that has something in every state; tests that change it make their own."""
    folder = tmp_path_factory.mktemp("site")
    path = folder / "registry.sqlite"
    tokens = fill(path)
    with serving(folder, registry=path, tokens=tokens) as running:
        yield running


@pytest.fixture(scope="session")
def filled(browser: Browser, tmp_path_factory: pytest.TempPathFactory) -> Filled:
    """Return a registry to copy."""
    path = tmp_path_factory.mktemp("filled") / "registry.sqlite"
    return Filled(path, fill(path))


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
        self.page.set_default_timeout(_MILLISECONDS)
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
        if not self.page.evaluate("() => 'axe' in window"):
            # Straight into the page's world: its policy allows no script but its own.
            self.page.evaluate(AXE.read_text(encoding="utf-8"))
        found: list[dict[str, Any]] = self.page.evaluate(
            "(tags) => axe.run(document, {runOnly: tags, resultTypes: ['violations']}).then((all) => all.violations)",
            STANDARD,
        )
        return [
            f"{each['id']}: {' · '.join(str(node['target'][-1]) for node in each['nodes'][:4])}"
            f" ({each['nodes'][0]['failureSummary'].splitlines()[1].strip()})"
            for each in found
        ]

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
        self.page.locator("main form button, main form input[type=submit]").first.click()
        self.page.wait_for_load_state()


@pytest.fixture
def visitor(browser: Browser, site: Service) -> Iterator[Callable[..., Visitor]]:
    """Return a function that makes a visitor; at its end nothing foreign was asked for and nothing complained of."""
    made: list[Visitor] = []

    def make(
        lang: str = "en", *, width: int = WIDE, has_script: bool = True, to: Service | None = None, strict: bool = True
    ) -> Visitor:
        context = browser.new_context(
            locale={"en": "en-US", "es": "es-MX"}[lang],
            viewport={"width": width, "height": 800},
            java_script_enabled=has_script,
            accept_downloads=True,
        )
        found = Visitor(to or site, lang, context)
        if strict:
            made.append(found)
        return found

    yield make
    for each in made:
        each.context.close()
    assert [each.foreign for each in made if each.foreign] == []
    assert [each.complaints for each in made if each.complaints] == []
