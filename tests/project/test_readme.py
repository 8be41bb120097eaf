"""What README.md and LÉEME.md show is what a reader gets: their commands are run and their Python is executed.

Setting up (pip, make) is what this very test run has done already.
"""

from __future__ import annotations

import shlex
from typing import TYPE_CHECKING

import pytest

from tests.pages import blocks, checkout, commands, fits, play, run_python

if TYPE_CHECKING:
    from pathlib import Path

PAGES = ("README.md", "LÉEME.md")


@pytest.mark.parametrize("page", PAGES)
def test_both_pages_show_commands_and_python(page: str) -> None:
    assert len(commands(page)) >= 12
    assert blocks(page, "python")


def test_both_pages_show_the_same_commands() -> None:
    """The pages are of equal standing: whatever one demonstrates, the other does too."""

    def kinds(page: str) -> list[tuple[str, ...]]:
        words = (shlex.split(line) for line, _ in commands(page))
        return [
            (program, *rest[: 1 + (rest[0] == "registry")]) for program, *rest in words if program == "bicentennial"
        ]

    assert kinds("README.md") == kinds("LÉEME.md")
    assert all("--lang es" in line for line, _ in commands("LÉEME.md") if line.startswith("bicentennial"))


@pytest.mark.parametrize("page", PAGES)
def test_commands(page: str, tmp_path: Path) -> None:
    play(page, checkout(tmp_path))


@pytest.mark.parametrize("page", PAGES)
def test_python(page: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(checkout(tmp_path))
    assert run_python(page) > 0


def test_what_is_left_out_may_be_anywhere() -> None:
    assert fits("a\nb\nc\n", "a\n…\n")
    assert fits("a\nb\nc\n", "a\n…\nc\n")
    assert fits("a\nb\nc\n", "…\nc\n")
    assert fits("a b\nc\n", "a …\nc\n")
    assert not fits("a b\nb\nc\n", "a …\nc\n")
    assert not fits("a\nb\nc\n", "a\n…\nb\n")
    assert not fits("a\nb\nc\n", "b\n…\n")
