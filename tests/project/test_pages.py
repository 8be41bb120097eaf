"""What the pages of the project point to is there: links, paths, and the tests that hold a promise."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
PAGES = sorted(path.name for path in ROOT.glob("*.md"))
LINK = re.compile(r"\]\(([^)#]+)\)")
PATH = re.compile(r"`((?:bicentennial|benchmarks|examples|ontology|scripts|shapes|tests)/[\w./-]*)`")
TEST = re.compile(r"`(test_\w+)(\.py)?`")


@pytest.mark.parametrize("page", PAGES)
def test_links_and_paths_are_there(page: str) -> None:
    text = (ROOT / page).read_text(encoding="utf-8")
    links = {link for link in LINK.findall(text) if "://" not in link}
    assert [each for each in sorted({*links, *PATH.findall(text)}) if not (ROOT / each).exists()] == []


def test_every_test_that_security_names_is_there() -> None:
    files = list((ROOT / "tests").rglob("test_*.py"))
    names = {path.name for path in files}
    functions = {each for path in files for each in re.findall(r"def (test_\w+)", path.read_text("utf-8"))}
    named = TEST.findall((ROOT / "SECURITY.md").read_text(encoding="utf-8"))
    assert len(named) > 40
    assert [name + end for name, end in named if (name + end not in names if end else name not in functions)] == []
