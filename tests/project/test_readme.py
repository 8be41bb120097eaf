"""What README.md and LÉEME.md show is what a reader gets: their commands are run and their Python is executed.

A `console` block holds `$ command` lines, each followed by what the command prints; a line `…` stands for any number of
lines that are left out, and `…` at the end of a line for the rest of it. All commands of a page are run in their order
in one folder that holds the examples, as in a checkout. `$ cat FILE` shows a file that an earlier command wrote, or
one that the reader has: it is made then. Setting up (pip, make) is what this very test run has done already.
"""

from __future__ import annotations

import doctest
import os
import re
import shlex
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
PAGES = ("README.md", "LÉEME.md")
BLOCK = re.compile(r"^```(\w+)\n(.*?)^```$", re.MULTILINE | re.DOTALL)
COMMAND = re.compile(r"^\$ (.+)\n((?:(?!\$ ).*\n)*)", re.MULTILINE)
ENVIRONMENT = {"LC_ALL": "C.UTF-8", "PATH": "/usr/bin:/bin", "COLUMNS": "100", "PYTHONPATH": str(ROOT)}


def blocks(page: str, language: str) -> list[str]:
    text = (ROOT / page).read_text(encoding="utf-8")
    return [block for name, block in BLOCK.findall(text) if name == language]


def commands(page: str) -> list[tuple[str, str]]:
    return [each for block in blocks(page, "console") for each in COMMAND.findall(block)]


def fits(printed: str, shown: str) -> bool:
    """Whether an output is what a page shows of it."""
    ways = {"…\n": r"(?:.*\n)*", "…": ".*"}
    parts = re.split(r"(^…\n|(?<= )…$)", shown, flags=re.MULTILINE)
    return re.fullmatch("".join(ways.get(part) or re.escape(part) for part in parts), printed) is not None


def checkout(folder: Path) -> Path:
    shutil.copytree(ROOT / "examples", folder / "examples", ignore=shutil.ignore_patterns("__pycache__"))
    return folder


def run(line: str, folder: Path) -> str:
    program, *arguments = shlex.split(line)
    assert program in ("bicentennial", "python")
    module = ["-m", "bicentennial"] if program == "bicentennial" else []
    done = subprocess.run(
        [sys.executable, *module, *arguments],
        cwd=folder,
        capture_output=True,
        encoding="utf-8",
        check=False,
        env={**os.environ, **ENVIRONMENT} if os.name == "nt" else ENVIRONMENT,
    )
    assert not done.stderr or module, done.stderr
    return done.stderr + done.stdout


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
    folder = checkout(tmp_path)
    for line, shown in commands(page):
        if line.startswith("cat ") and not (folder / line[4:]).exists():
            (folder / line[4:]).write_text(shown, encoding="utf-8")
            continue
        cat = line.startswith("cat ")
        printed = (folder / line[4:]).read_text(encoding="utf-8") if cat else run(line, folder)
        assert fits(printed.strip() + "\n", shown.strip() + "\n"), f"$ {line}\n{printed}"


@pytest.mark.parametrize("page", PAGES)
def test_python(page: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(checkout(tmp_path))
    test = doctest.DocTestParser().get_doctest("\n".join(blocks(page, "python")), {}, page, page, 0)
    runner = doctest.DocTestRunner()  # as `python -m doctest` runs it
    printed: list[str] = []
    runner.run(test, out=printed.append)
    assert runner.summarize(verbose=False).attempted > 0
    assert not printed, "".join(printed)


def test_what_is_left_out_may_be_anywhere() -> None:
    assert fits("a\nb\nc\n", "a\n…\n")
    assert fits("a\nb\nc\n", "a\n…\nc\n")
    assert fits("a\nb\nc\n", "…\nc\n")
    assert fits("a b\nc\n", "a …\nc\n")
    assert not fits("a b\nb\nc\n", "a …\nc\n")
    assert not fits("a\nb\nc\n", "a\n…\nb\n")
    assert not fits("a\nb\nc\n", "b\n…\n")
