"""The documentation site: both languages say the same, and do what they show; nothing is loaded from elsewhere."""

from __future__ import annotations

import re
import shlex
import subprocess
import sys
from typing import TYPE_CHECKING
from urllib.parse import unquote

import pytest

from tests.pages import ROOT, checkout, commands, play, run_python

if TYPE_CHECKING:
    from pathlib import Path

DOCS = ROOT / "docs"
SITE = ROOT / "build" / "site"
PAGES = sorted(path.relative_to(DOCS / "en").as_posix() for path in (DOCS / "en").rglob("*.md"))
BOTH = [f"docs/{lang}/{page}" for page in PAGES for lang in ("en", "es")]
WITH_COMMANDS = [page for page in BOTH if commands(page)]
WITH_PYTHON = [page for page in BOTH if "```python\n" in (ROOT / page).read_text(encoding="utf-8")]
# What a page loads: a link that a reader may follow is none of it.
LINK = re.compile(r"""<a\b[^>]*\bhref="([^"]+)""")
LOADED = re.compile(r"""<(?:script|img|iframe|source)\b[^>]*\bsrc="?([^"\s>]+)|<link\b([^>]*)>""")


def test_both_languages_have_the_same_pages() -> None:
    assert sorted(path.relative_to(DOCS / "es").as_posix() for path in (DOCS / "es").rglob("*.md")) == PAGES
    assert len(PAGES) >= 18


@pytest.mark.parametrize("page", PAGES)
def test_both_languages_show_the_same(page: str) -> None:
    texts = [(DOCS / lang / page).read_text(encoding="utf-8") for lang in ("en", "es")]
    for mark in (r"^#+ ", r"^```\w+", r"^\| ", r"!\["):
        first, second = (re.findall(mark, text, re.MULTILINE) for text in texts)
        assert first == second, mark
    kinds = [
        [words[:2] for line, _ in commands(f"docs/{lang}/{page}") if (words := shlex.split(line))[0] == "bicentennial"]
        for lang in ("en", "es")
    ]
    assert kinds[0] == kinds[1]
    assert all("--lang es" in line for line, _ in commands(f"docs/es/{page}") if line.startswith("bicentennial"))


@pytest.mark.parametrize("page", WITH_COMMANDS)
def test_commands(page: str, tmp_path: Path) -> None:
    play(page, checkout(tmp_path))


@pytest.mark.parametrize("page", WITH_PYTHON)
def test_python(page: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(checkout(tmp_path))
    assert run_python(page) > 0


def _dead(page: Path) -> list[str]:
    """Return the links of a page to files beside it that are not there."""
    links = {unquote(each.partition("#")[0]) for each in LINK.findall(page.read_text(encoding="utf-8"))}
    near = [each for each in links if each and not re.match(r"[a-z]+:|//", each)]
    # The page for what is not found has links from the top.
    return [each for each in near if not (SITE / each[1:] if each[0] == "/" else page.parent / each).exists()]


def test_the_site_is_whole_and_loads_nothing_from_elsewhere(exported: Path) -> None:
    """A dead link, a dead anchor, or a page that no menu leads to is an error of the strict build."""
    pytest.importorskip("mkdocs", reason="the site is built with the extra [docs]")
    command = [sys.executable, "scripts/make_docs.py", "--explorer", str(exported)]
    done = subprocess.run(command, cwd=ROOT, capture_output=True, encoding="utf-8")
    assert done.returncode == 0, done.stdout + done.stderr
    pages = [page for page in sorted(SITE.rglob("*.html")) if not page.is_relative_to(SITE / "explorer")]
    assert len(pages) > 60
    for page in pages:
        text = page.read_text(encoding="utf-8")
        loaded = [
            src or re.sub(r'.*href="?([^"\s>]+).*', r"\1", link)
            for src, link in LOADED.findall(text)
            if src or not re.search(r"rel=\"?(?:canonical|alternate|next|prev)", link)
        ]
        assert loaded
        assert [each for each in loaded if each.startswith(("http:", "https:", "//"))] == [], page
    assert "Cómo se llega a un veredicto" in (SITE / "es/explanation/verdicts.html").read_text(encoding="utf-8")
    # The builder does not look at links that are HTML already, such as those into the explorer.
    assert {page.relative_to(SITE).as_posix(): _dead(page) for page in pages if _dead(page)} == {}
    for name, there in (
        ("index.html", "explorer/en/explore.html"),
        ("es/index.html", "../explorer/es/explore.html"),
        ("es/reference/terms.html", "../../explorer/es/ontology/Action.html"),
        ("reference/codes/others.html", "../../explorer/en/codes/"),
    ):
        assert there in (SITE / name).read_text(encoding="utf-8"), name
