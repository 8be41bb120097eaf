"""What fuzzing has found is read again in every run: only our own errors may come of it."""

from __future__ import annotations

from pathlib import Path

import pytest

from fuzz.targets import TARGETS, seeds

FAILURES = sorted(Path(__file__).with_name("corpus").glob("[a-z]*-*"))


@pytest.mark.parametrize("path", FAILURES, ids=lambda path: path.name)
def test_past_failures_stay_mended(path: Path) -> None:
    TARGETS[path.name.partition("-")[0]](path.read_bytes())


@pytest.mark.parametrize("name", TARGETS)
def test_the_seeds_are_read(name: str) -> None:
    assert seeds(name)
    for seed in seeds(name)[:2]:
        TARGETS[name](seed)
