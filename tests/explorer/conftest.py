"""The explorer in the ways in which people meet it: pages of a service, files on a disk, a browser."""

from __future__ import annotations

import json
import re
import subprocess
import sys
from html import unescape
from typing import TYPE_CHECKING, Final

import pytest

from bicentennial.explorer import Explorer
from bicentennial.html.frame import Site
from tests.sharing import made_once

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path


_HREF: Final = re.compile(r'(?:href|src|action)="([^"]*)"')


def links(page: str) -> list[str]:
    """Return what a page links to, loads and asks."""
    return [unescape(each) for each in _HREF.findall(page)]


def main(page: str) -> str:
    """Return what a page says, without what every page of its site has around it."""
    return page[page.index("<main") : page.index("</main>")]


@pytest.fixture(scope="session")
def pages(tmp_path_factory: pytest.TempPathFactory) -> dict[str, str]:
    """Return all pages of the explorer, by path; they are made once for all processes of a run."""

    def make(folder: Path) -> None:
        explorer = Explorer(Site(sections=("check", "explore", "query")))
        made = {path: explorer.render(path) or "" for path in explorer.paths()}
        (folder / "pages.json").write_text(json.dumps(made), encoding="utf-8")

    made: dict[str, str] = json.loads((made_once(tmp_path_factory, "pages", make) / "pages.json").read_bytes())
    return made


@pytest.fixture(scope="session")
def address() -> Iterator[str]:
    """Yield the address of a service that runs as a process of its own."""
    serve = [sys.executable, "-m", "bicentennial", "serve", "--port", "0"]
    with subprocess.Popen(serve, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True) as process:
        assert process.stdout is not None
        yield process.stdout.readline().strip()
        process.terminate()
