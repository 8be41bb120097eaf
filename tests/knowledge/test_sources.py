"""Are citations found in documents, and is what is not found told with its reason?"""

from __future__ import annotations

import os
from typing import TYPE_CHECKING

import pytest

from bicentennial.core.errors import InputNotFoundError, UnreadableInputError
from bicentennial.core.namespaces import BICD
from bicentennial.knowledge.sources import Citation, check, citations, fingerprint, sentences

if TYPE_CHECKING:
    from pathlib import Path

FACTS = (
    "Ficticious title\n\nOne sentence. A second one, in the U.S. Senate.\n• First item. With more.\n• Second item.\n"
)
OTHER = "Another document\nwith one line.\n"


def cite(paragraph: int, text: str, sentence: int | None = None, bullet: int | None = None) -> Citation:
    name = f"passage-{paragraph}-{sentence}-{bullet}"
    return Citation(BICD[name], BICD["document-fact-sheet"], paragraph, sentence, bullet, fingerprint(text))


def quote(citation: Citation, quotation: str) -> Citation:
    return citation._replace(passage=f"{citation.passage}-quoted", quotation=quotation)


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    (tmp_path / "facts.txt").write_text(FACTS, encoding="utf-8")
    (tmp_path / "other.md").write_text(OTHER, encoding="utf-8")
    (tmp_path / "latin.txt").write_bytes("España\n".encode("latin-1"))
    (tmp_path / "picture.png").write_bytes(b"\x89PNG")
    return tmp_path


GOOD = [
    cite(1, "Ficticious title"),
    cite(2, "A  second one, in the U.S.\u00a0Senate.", sentence=2),
    cite(3, "With more.", sentence=2, bullet=1),
    cite(4, "• Second item.", bullet=2),
    quote(cite(2, "A second one, in the U.S. Senate.", sentence=2), "in the  U.S. Senate"),
    quote(cite(3, "• First item. With more.", bullet=1), "First item. With"),
]
BAD = {
    "altered": (cite(1, "Fictitious title"), "no file of the folder has this paragraph"),
    "moved": (cite(7, "Ficticious title"), "but as number 1"),
    "altered sentence": (cite(2, "A second one.", sentence=2), "no file of the folder has this sentence"),
    "third sentence": (cite(2, "A second one, in the U.S. Senate.", sentence=3), "but as number 2 of its paragraph"),
    "moved sentence": (cite(3, "A second one, in the U.S. Senate.", sentence=2), "but in paragraph 2"),
    "a paragraph as a sentence": (
        cite(2, "One sentence. A second one, in the U.S. Senate.", sentence=1),
        "this sentence",
    ),
    "quotation of another sentence": (
        quote(cite(2, "A second one, in the U.S. Senate.", sentence=2), "One sentence"),
        "does not stand in it word for word",
    ),
    "wrong item": (cite(4, "• Second item.", bullet=1), "but as item 2 of its list"),
    "no item": (cite(1, "Ficticious title", bullet=1), "is no item of a list"),
}


def test_all_found(folder: Path) -> None:
    result = check(folder, GOOD)
    assert (result.complete, result.found, result.missing) == (True, 6, 0)
    assert result.documents[0].file == "facts.txt"
    assert result.to_text("en").splitlines()[-1] == "6 of 6 passages found."
    assert result.to_text("es").splitlines()[-1] == "6 de 6 pasajes encontrados."


@pytest.mark.parametrize(("bad", "reason"), BAD.values(), ids=BAD)
def test_what_is_not_found_has_a_reason(folder: Path, bad: Citation, reason: str) -> None:
    result = check(folder, [*GOOD, bad])
    assert (result.complete, result.found, result.missing) == (False, 6, 1)
    [(missing, told)] = result.documents[0].missing
    assert missing == bad
    assert reason in told["en"]
    assert reason in result.to_text("en")
    assert told["es"] in result.to_text("es")


def test_a_document_that_is_not_there(folder: Path) -> None:
    (folder / "facts.txt").unlink()
    result = check(folder, GOOD)
    assert (result.documents[0].file, result.found, result.missing) == (None, 0, 6)
    assert "none of 6 passages found in any file" in result.to_text("en")


def test_windows_line_ends_and_byte_order_marks_do_not_matter(folder: Path) -> None:
    (folder / "facts.txt").write_bytes(b"\xef\xbb\xbf" + FACTS.replace("\n", "\r\n").encode())
    assert check(folder, GOOD).complete


def test_folders_that_cannot_be_checked(tmp_path: Path) -> None:
    with pytest.raises(InputNotFoundError, match="cannot be read as a folder"):
        check(tmp_path / "missing")
    with pytest.raises(UnreadableInputError, match="holds no text file"):
        check(tmp_path)
    (tmp_path / "blank.txt").write_text("\n \n", encoding="utf-8")
    with pytest.raises(UnreadableInputError, match="holds no text file"):
        check(tmp_path)


def test_sentences_survive_abbreviations_and_list_marks() -> None:
    assert sentences("1. In 2022. Both met.") == ["In 2022.", "Both met."]
    assert sentences("It meets in December 2022. Both states.") == ["It meets in December 2022.", "Both states."]


def test_every_citation_of_ours_is_well_formed() -> None:
    cited = citations()
    assert len(cited) > 150
    assert len({citation.passage for citation in cited}) == len(cited)
    assert all(len(citation.sha256) == 64 and citation.paragraph > 0 for citation in cited)


@pytest.mark.skipif(
    "BICENTENNIAL_SOURCES" not in os.environ, reason="BICENTENNIAL_SOURCES names no folder of documents"
)
def test_the_real_documents() -> None:
    result = check(os.environ["BICENTENNIAL_SOURCES"])
    assert result.complete, result.to_text("en")
