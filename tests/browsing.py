"""A real browser for tests: Chromium of the system, driven by Playwright, and axe-core for accessibility."""

from __future__ import annotations

import contextlib
import os
import time
from pathlib import Path
from typing import TYPE_CHECKING, Final

import pytest

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from playwright.sync_api import Browser, Page, expect
else:

    def expect(*arguments: object) -> object:
        """Return what Playwright's `expect` does, which is imported when it is called."""
        from playwright.sync_api import expect

        return expect(*arguments)


__all__ = ["PATIENCE", "browsing", "expect", "settled", "too_wide", "violations"]

PATIENCE: Final = 60_000
"""Milliseconds that a browser gets for anything: a busy machine is no fault of the page."""

_CHROMIUM: Final = (
    "/usr/bin/chromium-headless-shell",  # the same without what draws windows: a page costs a third less
    "/usr/bin/chromium",
    "/usr/bin/chromium-browser",
    "/usr/bin/google-chrome",
)
_ARGUMENTS: Final = ("--no-sandbox", "--disable-background-networking", "--disable-gpu")
_AXE: Final = Path(__file__).parent / "vendored" / "axe-core" / "axe.min.js"
_RULES: Final = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]


@contextlib.contextmanager
def browsing() -> Iterator[Browser]:
    """Yield a running browser; without one, the test is skipped, and fails in continuous integration."""
    path = next((each for each in _CHROMIUM if Path(each).is_file()), None)
    if path is None:
        reason = "there is no Chromium here; install the package chromium"
        (pytest.fail if os.environ.get("CI") == "true" else pytest.skip)(reason)
    from playwright.sync_api import expect, sync_playwright

    expect.set_options(timeout=PATIENCE)
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=path, args=list(_ARGUMENTS))
        try:
            yield browser
        finally:
            browser.close()


def settled(read: Callable[[], object], expected: object, what: str = "") -> None:
    """Read something of a page until it is as expected, which what a script does need not be at once.

    Args:
        read: reads it.
        expected: what it is to be.
        what: what the failure says.
    """
    deadline = time.monotonic() + PATIENCE / 1000
    while (found := read()) != expected and time.monotonic() < deadline:
        time.sleep(0.05)
    assert found == expected, what


def violations(page: Page) -> list[str]:
    """Return what axe-core finds against WCAG 2.2 AA on a page: the rule and the elements."""
    # A page's own policy allows no script from elsewhere, so this one comes in by the debugger.
    if not page.evaluate("'axe' in window"):
        page.evaluate(_AXE.read_text(encoding="utf-8"))
    found = page.evaluate(
        "rules => axe.run(document, {runOnly: {type: 'tag', values: rules}, preload: false})"
        ".then(result => result.violations.map("
        "each => `${each.id}: ${each.nodes.slice(0, 3).map(node => node.target.join(' ')).join(', ')}`))",
        _RULES,
    )
    return [str(each) for each in found]


def too_wide(page: Page) -> int:
    """Return by how many pixels a page is wider than its window."""
    found: int = page.evaluate("document.documentElement.scrollWidth - document.documentElement.clientWidth")
    return found
