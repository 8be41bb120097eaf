"""N-Triples that DuckDB reads as they are say what a parser makes of them, or are left to the parser."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pyoxigraph as ox
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bicentennial.storage.duckdb import loading
from bicentennial.storage.duckdb.dataset import DuckDBDataset
from bicentennial.storage.layout import TABLES

if TYPE_CHECKING:
    from collections.abc import Iterator

    from hypothesis.strategies import SearchStrategy

IRIS = st.sampled_from(
    ["urn:ex:a", "https://example.org/a?b=c#d", "http://example.org", "https://example.org/%41", "https://é.example/",
     "relative", "urn:ex:a b", "https://example.org/a'b", "http://[::1]/", "https://example.org:80/x", "urn:x", "a:b"]
)  # fmt: skip
PIECES = st.sampled_from(
    ["a", " ", '"', "\\", '\\"', "\\\\", "\\n", "\\t", "\\q", "\\u00e9", "\t", "é", "^^<urn:ex:t>", "@en", " .", "<",
     ">", '" .', '"^^<urn:ex:t> .', '"@en .', "#", "''", "\x02"]
)  # fmt: skip
LITERALS = st.tuples(
    st.lists(PIECES, max_size=4).map("".join),
    st.sampled_from(["", "@en", "@EN-us", "@en--ltr", "@x y", "@", "^^<urn:ex:t>", "^^<t>", "^^", "^^<urn:ex:t> "]),
).map(lambda parts: f'"{parts[0]}"{parts[1]}')
NODES = st.sampled_from(["_:b0", "_:0", "_:a.b", "_:a.", "_:", "_:é"])
TERMS: SearchStrategy[str] = st.one_of(IRIS.map("<{}>".format), LITERALS, NODES, st.just("<< <urn:ex:a> >>"))
LINES = st.one_of(
    st.tuples(TERMS, IRIS.map("<{}>".format), TERMS).map(lambda parts: " ".join(parts) + " ."),
    st.sampled_from(["", "# a remark", "<urn:ex:a> <urn:ex:p> <urn:ex:b>.", " <urn:ex:a> <urn:ex:p> <urn:ex:b> .",
                     "<urn:ex:a>  <urn:ex:p> <urn:ex:b> .", "<urn:ex:a> <urn:ex:p> .",
                     "<urn:ex:a> <urn:ex:p> <urn:ex:b> . # x", "<urn:ex:a> <urn:ex:p> <urn:ex:b> .\r",
                     '<urn:ex:a> <urn:ex:p> "a', "<urn:ex:a> _:p <urn:ex:b> ."]),
)  # fmt: skip


@pytest.fixture(scope="module")
def dataset() -> Iterator[DuckDBDataset]:
    """Yield a dataset for all texts, which `_emptied` makes as if it were new: to open one takes longer than a text."""
    with DuckDBDataset() as opened:
        yield opened


def _emptied(dataset: DuckDBDataset) -> DuckDBDataset:
    dataset.connection.execute(f"DROP VIEW keyed; DROP TABLE statements; DROP TABLE background; {TABLES}")
    return dataset


def _parsed(text: str, dataset: DuckDBDataset) -> list[tuple[object, ...]] | None:
    _emptied(dataset)
    try:
        quads = list(ox.parse(text.encode(), format=ox.RdfFormat.N_TRIPLES))
        dataset.load_quads(quads, numbered=True, named=False)
    except (SyntaxError, ValueError):
        return None
    return _rows(dataset)


def _rows(dataset: DuckDBDataset) -> list[tuple[object, ...]]:
    return dataset.connection.execute("SELECT s, p, o, kind, dt, lang, row FROM statements ORDER BY row").fetchall()


@settings(max_examples=300, deadline=None)
@given(lines=st.lists(LINES, min_size=1, max_size=3), ended=st.booleans())
def test_what_is_read_without_a_parser_is_what_a_parser_reads(
    dataset: DuckDBDataset, lines: list[str], ended: bool
) -> None:
    text = "\n".join(lines) + ("\n" if ended else "")
    taken = _emptied(dataset).load_ntriples([text.encode()], 1_000)
    found = _rows(dataset)
    assert found == (_parsed(text, dataset) if taken else [])


@pytest.mark.parametrize(
    "line",
    [
        '<urn:ex:a> <urn:ex:p> "1\\n\\"2\\"" .',
        '<urn:ex:a> <urn:ex:p> "é"@es-MX .',
        '_:b0 <https://example.org/p#q> "2024-01-01"^^<http://www.w3.org/2001/XMLSchema#date> .',
        "<urn:ex:a> <urn:ex:p> _:b1 .",
        '<urn:ex:a> <urn:ex:p> "" .',
    ],
)
def test_what_serializers_write_needs_no_parser(line: str, dataset: DuckDBDataset) -> None:
    assert _emptied(dataset).load_ntriples([line.encode()], 1)
    found = _rows(dataset)
    assert found == _parsed(line, dataset)


def test_what_was_there_stays_when_a_text_is_left_to_the_parser() -> None:
    with DuckDBDataset() as dataset:
        assert dataset.load_ntriples([b"<urn:ex:a> <urn:ex:p> <urn:ex:b> .\n"], 9)
        assert not dataset.load_ntriples([b"<urn:ex:a> <urn:ex:p> <urn:ex:c> .\n", b"<urn:ex:a> .\n"], 9)
        assert [o for _, _, o, *_ in _rows(dataset)] == ["urn:ex:b"]


@settings(max_examples=100, deadline=None)
@given(lines=st.lists(LINES, min_size=2, max_size=4))
def test_what_is_loaded_in_pieces_is_what_is_loaded_at_once(dataset: DuckDBDataset, lines: list[str]) -> None:
    stretches = [f"{line}\n".encode() for line in lines]
    text = b"".join(stretches).decode()

    def loaded() -> tuple[object, ...]:
        return _emptied(dataset).load_ntriples(stretches, 1_000), _rows(dataset), _parsed(text, dataset)

    at_once = loaded()
    with pytest.MonkeyPatch.context() as patched:
        patched.setattr(loading, "_BYTES", 1)
        patched.setattr(loading, "_QUADS", 1)
        assert loaded() == at_once


def test_what_was_loaded_before_a_fault_is_taken_out(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(loading, "_QUADS", 1)
    text = "<urn:ex:a> <urn:ex:p> <urn:ex:b> , <urn:ex:c> . <urn:ex:a> ?"
    with DuckDBDataset() as dataset:
        with pytest.raises(SyntaxError):
            dataset.load_quads(ox.parse(text, format=ox.RdfFormat.TURTLE), named=False)
        assert _rows(dataset) == []
        assert list(dataset.spool.iterdir()) == []
