"""Pages that show commands and Python: what they show is run, and compared with what comes out.

A `console` block holds `$ command` lines, each followed by what the command prints; a line `…` stands for any number of
lines that are left out, and `…` at the end of a line for the rest of it. All commands of a page are run in their order
in one folder that holds the examples, as in a checkout. `$ cat FILE` shows a file that an earlier command wrote, or
one that the reader has: it is made then.
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

__all__ = ["ROOT", "blocks", "checkout", "commands", "fits", "play", "run", "run_python"]

ROOT = Path(__file__).resolve().parents[1]
BLOCK = re.compile(r"^```(\w+)\n(.*?)^```$", re.MULTILINE | re.DOTALL)
COMMAND = re.compile(r"^\$ (.+)\n((?:(?!\$ ).*\n)*)", re.MULTILINE)
ENVIRONMENT = {"LC_ALL": "C.UTF-8", "PATH": "/usr/bin:/bin", "COLUMNS": "100", "PYTHONPATH": str(ROOT)}


def blocks(page: str, language: str) -> list[str]:
    """Return the blocks of code in a language."""
    text = (ROOT / page).read_text(encoding="utf-8")
    return [block for name, block in BLOCK.findall(text) if name == language]


def commands(page: str) -> list[tuple[str, str]]:
    """Return the commands of a page, each with what the page shows of its output."""
    return [each for block in blocks(page, "console") for each in COMMAND.findall(block)]


def fits(printed: str, shown: str) -> bool:
    """Whether an output is what a page shows of it."""
    ways = {"…\n": r"(?:.*\n)*", "…": ".*"}
    parts = re.split(r"(^…\n|(?<= )…$)", shown, flags=re.MULTILINE)
    return re.fullmatch("".join(ways.get(part) or re.escape(part) for part in parts), printed) is not None


def checkout(folder: Path) -> Path:
    """Put the examples and a script for readers into a folder, where a checkout has them."""
    (folder / "scripts").mkdir()
    shutil.copy(ROOT / "scripts" / "minimal_example.py", folder / "scripts")
    shutil.copytree(ROOT / "examples", folder / "examples", ignore=shutil.ignore_patterns("__pycache__"))
    return folder


def run(line: str, folder: Path) -> str:
    """Run a command of ours and return what it prints."""
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


def play(page: str, folder: Path) -> None:
    """Run the commands of a page in a folder, and compare what they print with what it shows."""
    for line, shown in commands(page):
        if line.startswith("cat ") and not (folder / line[4:]).exists():
            (folder / line[4:]).parent.mkdir(parents=True, exist_ok=True)
            (folder / line[4:]).write_text(shown, encoding="utf-8")
            continue
        cat = line.startswith("cat ")
        printed = (folder / line[4:]).read_text(encoding="utf-8-sig") if cat else run(line, folder)
        assert fits(printed.strip() + "\n", shown.strip() + "\n"), f"$ {line}\n{printed}"


def run_python(page: str) -> int:
    """Run the Python of a page in the present folder, and return how many examples there were."""
    test = doctest.DocTestParser().get_doctest("\n".join(blocks(page, "python")), {}, page, page, 0)
    runner = doctest.DocTestRunner()  # as `python -m doctest` runs it
    printed: list[str] = []
    runner.run(test, out=printed.append)
    assert not printed, "".join(printed)
    return runner.summarize(verbose=False).attempted
