"""What is kept beside the compiled files is what follows from them, and nothing else is ever read there."""

from __future__ import annotations

import json
import os
import sys
from typing import TYPE_CHECKING, Any

import pytest

from bicentennial.core.resources import COMPILED
from bicentennial.core.startup.prepared import prepared
from bicentennial.shacl_engine.plan import Plan
from bicentennial.validation import own_shapes
from bicentennial.vocabulary.index import Index, default_index

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path


@pytest.fixture
def keeping(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sys, "dont_write_bytecode", False)
    monkeypatch.setattr(sys, "pycache_prefix", None)


class Counted:
    """Reads a file of JSON, and counts how often."""

    def __init__(self, path: Path) -> None:
        self.path = path
        self.times = 0

    def __call__(self) -> Any:
        self.times += 1
        return json.loads(self.path.read_text("utf-8"))


@pytest.fixture
def source(tmp_path: Path) -> Path:
    path = tmp_path / "source.json"
    path.write_text('{"a": ["á", 1, null]}', "utf-8")
    return path


def _kept(source: Path) -> Path:
    (path,) = (source.parent / "__pycache__").iterdir()
    return path


@pytest.mark.usefixtures("keeping")
def test_it_is_worked_out_once(source: Path) -> None:
    make = Counted(source)
    assert prepared(source, make) == prepared(source, make) == {"a": ["á", 1, None]}
    assert make.times == 1


@pytest.mark.usefixtures("keeping")
def test_a_change_of_any_file_is_seen(source: Path, tmp_path: Path) -> None:
    other = tmp_path / "module.py"
    other.write_text("", "utf-8")
    make = Counted(source)
    prepared(source, make, other)
    source.write_text('{"a": ["b", 1, null]}', "utf-8")
    assert prepared(source, make, other) == {"a": ["b", 1, None]}
    moment = other.stat().st_mtime_ns + 1_000_000
    os.utime(other, ns=(moment, moment))
    prepared(source, make, other)
    assert make.times == 3


@pytest.mark.usefixtures("keeping")
@pytest.mark.parametrize("spoil", [lambda data: data[:-3], lambda _: b"", lambda data: data[:40] + b"\xff" * 40])
def test_what_is_damaged_is_worked_out_again(source: Path, spoil: Callable[[bytes], bytes]) -> None:
    make = Counted(source)
    prepared(source, make)
    _kept(source).write_bytes(spoil(_kept(source).read_bytes()))
    assert prepared(source, make) == prepared(source, make) == {"a": ["á", 1, None]}
    assert make.times == 2


@pytest.mark.parametrize("forbidden", ["dont_write_bytecode", "pycache_prefix"])
def test_where_python_keeps_nothing_there_neither_do_we(
    source: Path, forbidden: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(sys, "dont_write_bytecode", forbidden == "dont_write_bytecode")
    monkeypatch.setattr(sys, "pycache_prefix", "elsewhere" if forbidden == "pycache_prefix" else None)
    assert prepared(source, Counted(source)) == {"a": ["á", 1, None]}
    assert not (source.parent / "__pycache__").exists()


@pytest.mark.usefixtures("keeping")
def test_what_cannot_be_written_is_worked_out_each_time(source: Path) -> None:
    (source.parent / "__pycache__").write_text("no folder", "utf-8")
    make = Counted(source)
    assert prepared(source, make) == prepared(source, make) == {"a": ["á", 1, None]}
    assert make.times == 2


@pytest.mark.usefixtures("keeping")
def test_a_source_that_is_missing_is_no_obstacle(source: Path) -> None:
    assert prepared(source, Counted(source), source.parent / "none.py") == {"a": ["á", 1, None]}
    assert not (source.parent / "__pycache__").exists()


def test_the_index_is_what_its_file_says() -> None:
    plain, used = Index(json.loads((COMPILED / "index.json").read_bytes())), default_index()
    for table in plain.tables:
        assert {key: tuple(found) for key, found in used.headers(table).items()} == plain.headers(table)
    assert used.names == plain.names
    assert (used.individuals, used.properties, used.classes) == (plain.individuals, plain.properties, plain.classes)
    for each in used.classes:
        allowed = frozenset({each})
        members = [iri for iri, one in plain.individuals.items() if any(plain.within(c, allowed) for c in one["types"])]
        assert used.of_classes(allowed) == plain.of_classes(allowed) == members
    assert used.of_classes(frozenset()) == list(plain.individuals)


def test_the_plan_is_what_its_file_says() -> None:
    plan = Plan.from_json((COMPILED / "plan.json").read_text("utf-8"))
    assert Plan.from_plain(plan.plain()) == plan == own_shapes.load()
    assert plan.to_json() == (COMPILED / "plan.json").read_text("utf-8")
