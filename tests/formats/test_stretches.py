"""N-Triples read in stretches are N-Triples read as a whole."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from bicentennial.core.errors import LimitReachedError, UnreadableInputError
from bicentennial.formats.rdf import stretches
from bicentennial.intake import Limits, read
from bicentennial.intake.reader import FileReader
from bicentennial.semantics.mapping import MappingFile
from bicentennial.storage import sizes
from bicentennial.vocabulary.index import default_index

if TYPE_CHECKING:
    from pathlib import Path
    from typing import Any

    from bicentennial.intake import Submission

ACTION = "https://w3id.org/bicentennial/ontology#Action"
LABEL = "http://www.w3.org/2004/02/skos/core#prefLabel"
TYPE = "http://www.w3.org/1999/02/22-rdf-syntax-ns#type"
LINES = "".join(
    f'<urn:ex:a{n}> <{TYPE}> <{ACTION}> .\n<urn:ex:a{n}> <{LABEL}> "Acción número {n}"@es .\n' for n in range(20)
)


@pytest.fixture(autouse=True)
def any_length(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sizes, "PLAIN_CHARACTERS", range(1, 10**9))
    monkeypatch.setattr(stretches, "_STRETCH", 100)
    monkeypatch.setattr(stretches, "_LINE", 100)


def _reader(path: Path, limits: Limits = Limits()) -> FileReader:  # noqa: B008 - it cannot change
    return FileReader(path, default_index(), MappingFile(), limits)


def _as_a_whole(path: Path) -> Submission:
    return _reader(path).read(path.read_bytes())


def _described(submission: Submission) -> tuple[Any, ...]:
    with submission.dataset as dataset:
        rows = dataset.connection.execute("SELECT s, p, o, kind, dt, lang, row FROM statements ORDER BY row").fetchall()
        places = [submission.origins.locate(s, p, o) for s, p, o, *_ in rows]
        return submission.format, rows, places, submission.findings


def test_plain_lines_are_never_read_as_a_whole(tmp_path: Path) -> None:
    path = tmp_path / "a.nt"
    path.write_text(LINES, "utf-8")
    found = _reader(path).read_in_stretches()
    assert found is not None
    with found.dataset as dataset:
        assert (len(dataset), found.format, found.findings) == (40, "ntriples", [])
        assert found.origins.locate("urn:ex:a3", LABEL).line == 8
        assert found.origins.locate("urn:ex:a3").line == 7
        assert found.origins.locate("urn:ex:none").line is None


@pytest.mark.parametrize(
    "added",
    [
        "# a remark\n",
        f'<urn:ex:b> <{LABEL}> "AcciÃ³n"@es .\n',
        f'<urn:ex:b> <{LABEL}> "a\\u0301" .\n',
        f'<urn:ex:b> <{LABEL}> "a" .\r\n',
        f'\n<urn:ex:b> <{LABEL}> "a" .',
        f'<urn:ex:b> <{LABEL}> "{"a" * 300}" .\n',
    ],
    ids=["a comment", "garbled letters", "an escape", "another line end", "an empty line", "a line that is too long"],
)
def test_what_is_not_plain_is_left_to_what_reads_it_as_a_whole(added: str, tmp_path: Path) -> None:
    path = tmp_path / "a.nt"
    path.write_bytes((LINES + added).encode())
    reader = _reader(path)
    assert reader.read_in_stretches() is None
    assert reader.findings == []
    assert _described(read(path)) == _described(_as_a_whole(path))


def test_the_same_is_found_either_way(tmp_path: Path) -> None:
    path = tmp_path / "a.json"  # whose content is another
    path.write_text(LINES, "utf-8")
    found = _described(read(path))
    assert [finding.code for finding in found[3]] == ["format-differs"]
    assert found[0::3] == _described(_as_a_whole(path))[0::3]
    assert found[1] == [(*row[:6], number) for number, row in enumerate(_described(_as_a_whole(path))[1], 1)]


@pytest.mark.parametrize("data", [b"\xff\xfe<\x00", LINES.encode() + b"\xff\n", b"  \n" * 99, b"<a> <b>"])
def test_what_is_wrong_is_told_by_what_reads_it_as_a_whole(data: bytes, tmp_path: Path) -> None:
    path = tmp_path / "a.nt"
    path.write_bytes(data)
    told = []
    for reading in (read, _as_a_whole):
        with pytest.raises(UnreadableInputError) as caught:
            reading(path)
        told.append((caught.value.text, caught.value.line))
    assert told[0] == told[1]


def test_limits_hold_in_stretches(tmp_path: Path) -> None:
    path = tmp_path / "a.nt"
    path.write_text(LINES, "utf-8")
    for limits, setting in (
        (Limits(statements=39), "statements"),
        (Limits(file_bytes=100), "file_bytes"),
        (Limits(iri_characters=20), "iri_characters"),
    ):
        with pytest.raises(LimitReachedError) as caught:
            read(path, limits=limits)
        assert caught.value.setting == setting
