"""Turtle that several processes parse in pieces says what it says to one."""

from __future__ import annotations

import subprocess
import sys
from random import Random
from typing import TYPE_CHECKING, Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bicentennial.core.errors import LimitReachedError, UnreadableInputError
from bicentennial.core.limits import Limits
from bicentennial.formats.rdf import pieces
from bicentennial.formats.rdf.reading import read_rdf
from bicentennial.storage import sizes
from bicentennial.storage.duckdb.dataset import DuckDBDataset

if TYPE_CHECKING:
    from collections.abc import Iterator

pytestmark = pytest.mark.skipif(sys.platform != "linux", reason="only on Linux do several processes parse Turtle")

FRONT = "@prefix e: <urn:e:> .\n@base <http://e.example/> .\n"
BLOCKS = (
    'e:a e:p e:b , "x" ;\n  e:q 1 .\n',
    "<s> e:p _:n .\n_:n e:p <t> .\n",
    "e:c e:list ( e:a 'y' ) .\n",
    "e:d e:p [ e:p [ a e:D ] ] .\n",
    'e:f e:p """a line.\ne:x e:p e:y .\n""" .\n',
    "e:g e:p e:h ;\n# a remark .\n  e:p e:i .\n",
    "[] e:p e:j .\n",
    "e:k a e:D .e:l a e:D .\n\n",
)
LATER = ("@prefix e: <urn:other:> .\n", "PREFIX f: <urn:f:>\n", "@base <http://other.example/> .\n", FRONT)
BROKEN = ("e:m e:p .\n", "e:m none:p e:n .\n", "e:m e:p 'o\n' .\n")


def _rows(dataset: DuckDBDataset) -> list[tuple[Any, ...]]:
    """Return what there is in its order, nodes without a name numbered."""
    rows = dataset.connection.execute("SELECT s, p, o, kind, dt, lang FROM statements ORDER BY rowid").fetchall()
    labels: dict[str, str] = {}

    def name(term: str) -> str:
        return labels.setdefault(term, f"_:{len(labels)}") if term.startswith("_:") else term

    return [(name(s), p, name(o), *rest) for s, p, o, *rest in rows]


def _read(text: str, limits: Limits, *, is_parted: bool) -> tuple[str, Any]:
    with pytest.MonkeyPatch.context() as patch, DuckDBDataset() as dataset:
        patch.setattr(sizes, "PARTED_CHARACTERS", -1 if is_parted else 10**9)
        try:
            read_rdf(text, "turtle", dataset, limits)
        except (UnreadableInputError, LimitReachedError) as error:
            return "error", error.text
        return "rows", _rows(dataset)


def load_pieces(text: str, dataset: DuckDBDataset, most: int) -> bool:
    with pieces.in_pieces(text, dataset, most, 3) as load:
        return load is not None and load()


@pytest.fixture
def dataset() -> Iterator[DuckDBDataset]:
    with DuckDBDataset() as made:
        yield made


def test_all_pieces_are_there_in_their_order(dataset: DuckDBDataset) -> None:
    assert load_pieces(FRONT + "".join(BLOCKS[:4] * 3), dataset, 100)
    assert _rows(dataset) == _read(FRONT + "".join(BLOCKS[:4] * 3), Limits(), is_parted=False)[1]
    assert list(dataset.spool.iterdir()) == []


@pytest.mark.parametrize(
    "front",
    [
        '@version "1.2" .\n@prefix e: <urn:e:> . @prefix f: <urn:f:> . # two\n\n',
        "VERSION '1.2'\r\nBASE <urn:b>\r\nprefix e:<urn:e:>\r\n",
        "@prefix base: <urn:e:> .\n@prefix e: <urn:e:> .\nbase:z e:p [] .\n",
        "@prefix prefix: <urn:e:> .\n@prefix e: <urn:e:> .\nprefix:z e:p [] .\n",
        "PREFIX e: <urn:e:> e:z e:p [] .\n",
        "@prefix e: <urn:e:> . e:z e:p [] .\n",
    ],
)
def test_what_stands_before_each_piece_states_nothing(front: str) -> None:
    text = front + "".join(BLOCKS[:4:2]) * 6
    assert _read(text, Limits(), is_parted=True) == _read(text, Limits(), is_parted=False)


def test_directives_on_one_line_are_read_in_one_way() -> None:
    """With two ways for the spaces after each, those of forty would be more than there is time for."""
    line = "".join(f"@prefix e{number}: <urn:{number}>  .  " for number in range(40))
    text = f"{line}\n{line}e1:a e1:p e1:b .\n" + "e1:x e1:p e1:y .\n" * 60
    assert _read(text, Limits(), is_parted=True) == _read(text, Limits(), is_parted=False)


@pytest.mark.parametrize("front", [FRONT, '@version "1.2" .\n@prefix e: <urn:e:> . @base <urn:b> . # two\n\n'])
def test_what_may_stand_before_the_pieces(dataset: DuckDBDataset, front: str) -> None:
    assert load_pieces(front + BLOCKS[0] * 6, dataset, 100)


@pytest.mark.parametrize(
    "text",
    [
        FRONT + BLOCKS[0] * 2 + LATER[0] + BLOCKS[0] * 5,
        FRONT + BLOCKS[1] * 2 + LATER[2] + BLOCKS[1] * 5,
        FRONT + BLOCKS[0] * 5 + BROKEN[0],
        BROKEN[1] + BLOCKS[0] * 5,
        FRONT + 'e:a e:p """' + "A line.\ne:x e:p e:y .\n" * 9 + '""" .\n',
        FRONT + "e:a e:p e:b ;\n" + "# A remark.\ne:p e:b ;\n" * 9 + "e:p e:c .\n",
        FRONT + "e:a e:p e:b . " * 20,
    ],
    ids=["other prefix", "other base", "broken end", "broken beginning", "in a text", "after a remark", "one line"],
)
def test_what_is_not_parted_for_sure_is_left_to_one_process(text: str, dataset: DuckDBDataset) -> None:
    assert not load_pieces(text, dataset, 100)
    assert len(dataset) == 0


def test_no_more_statements_are_kept_than_there_may_be(dataset: DuckDBDataset) -> None:
    text = FRONT + BLOCKS[0] * 4
    assert not load_pieces(text, dataset, 11)
    assert len(dataset) == 0
    assert load_pieces(text, dataset, 12)
    assert len(dataset) == 12


def test_the_other_processes_end_when_a_piece_is_broken(
    dataset: DuckDBDataset, monkeypatch: pytest.MonkeyPatch
) -> None:
    started = []
    popen = subprocess.Popen

    def start(*words: Any, **more: Any) -> Any:
        started.append(popen(*words, **more))
        return started[-1]

    monkeypatch.setattr(subprocess, "Popen", start)
    assert not load_pieces(BROKEN[0] + BLOCKS[0] * 9, dataset, 100)
    assert [each.returncode is not None for each in started] == [True, True]


def test_a_process_that_ends_without_a_word_is_noticed(dataset: DuckDBDataset, monkeypatch: pytest.MonkeyPatch) -> None:
    popen = subprocess.Popen

    def start(words: Any, **more: Any) -> Any:
        made = popen(words, **more)
        made.kill()  # as one is that has no memory left
        return made

    monkeypatch.setattr(pieces, "_parse", lambda *_: None)
    monkeypatch.setattr(subprocess, "Popen", start)
    assert not load_pieces(FRONT + BLOCKS[0] * 9, dataset, 100)
    assert len(dataset) == 0
    assert list(dataset.spool.iterdir()) == []


@settings(max_examples=25, deadline=None)
@given(st.integers(0))
def test_random_texts_say_the_same(seed: int) -> None:
    random = Random(seed)
    blocks = random.choices(BLOCKS, k=random.randint(2, 12))
    if random.random() < 0.4:
        blocks.insert(random.randint(0, len(blocks)), random.choice((*LATER, *BROKEN)))
    text = random.choice((FRONT, FRONT, f"# Beginning\n\n{FRONT}")) + "".join(blocks)
    limits = Limits(statements=random.choice((5, 1_000, 1_000)))
    assert _read(text, limits, is_parted=True) == _read(text, limits, is_parted=False)
