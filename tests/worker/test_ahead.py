"""Runs the tests of workers that are forked ahead in a process that can be forked."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

from tests.waiting import PATIENCE


def test_workers_forked_ahead(tmp_path: Path) -> None:
    tests = Path(__file__).with_name("ahead.py")
    command = [sys.executable, "-m", "pytest", "-n", "0", "-vv", "--color=no", "-p", "no:cacheprovider", str(tests)]
    said = tmp_path / "said.txt"  # a pipe would stay open as long as any worker does
    with said.open("wb") as stream:
        try:
            status = subprocess.run(command, stdout=stream, stderr=stream, timeout=5 * PATIENCE, check=False).returncode
        except subprocess.TimeoutExpired:
            status = -1
    assert status == 0, said.read_text(encoding="utf-8")
