"""What README.md shows is what a reader gets: its commands are run and its Python is executed.

A `console` block holds `$ command` lines, each followed by what the command prints; `…` at the end stands for the
rest. Setting up (pip, make) is what this very test run has done already.
"""

from __future__ import annotations

import doctest
import re
import shlex
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
README = (ROOT / "README.md").read_text(encoding="utf-8")
BLOCK = re.compile(r"^```(\w+)\n(.*?)^```$", re.MULTILINE | re.DOTALL)
COMMAND = re.compile(r"^\$ (.+)\n((?:(?!\$ ).*\n)*)", re.MULTILINE)


def commands() -> list[tuple[str, str]]:
    shown = [text for language, text in BLOCK.findall(README) if language == "console"]
    return [(line, output) for text in shown for line, output in COMMAND.findall(text)]


def test_the_readme_shows_commands_and_python() -> None:
    assert len(commands()) >= 3
    assert any(language == "python" for language, _ in BLOCK.findall(README))


@pytest.mark.parametrize(("command", "output"), commands())
def test_command(command: str, output: str, tmp_path: Path) -> None:
    program, *arguments = shlex.split(command)
    assert program == "bicentennial"
    done = subprocess.run(
        [sys.executable, "-m", "bicentennial", *(str(tmp_path / a) if a.startswith("out") else a for a in arguments)],
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=False,
        env={"LC_ALL": "C.UTF-8", "PATH": "/usr/bin:/bin", "COLUMNS": "100"},
    )
    assert not done.stderr or done.returncode in (1, 2, 3), done.stderr
    printed, shown = done.stdout.strip(), output.strip()
    if shown.endswith("\n…"):  # the README shows how it begins
        shown = shown.removesuffix("…")
        printed = printed[: len(shown)]
    assert printed == shown


def test_python() -> None:
    text = "\n".join(text for language, text in BLOCK.findall(README) if language == "python")
    test = doctest.DocTestParser().get_doctest(text, {}, "README.md", "README.md", 0)
    runner = doctest.DocTestRunner(optionflags=doctest.ELLIPSIS)
    printed: list[str] = []
    runner.run(test, out=printed.append)
    assert runner.summarize(verbose=False).attempted > 0
    assert not printed, "".join(printed)
