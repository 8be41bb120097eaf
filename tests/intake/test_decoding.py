from __future__ import annotations

from typing import Any

import pytest

from bicentennial.core.errors import UnreadableInputError

CSV = "identificador,título,meta,parte_responsable\nA-1,Niñez y protección,G1,SRE\n"


@pytest.mark.parametrize(
    ("encoding", "name"),
    [
        ("cp1252", "Windows-1252"),
        ("utf-16", "UTF-16"),
        ("utf-16-le", "UTF-16-Le"),
        ("utf-16-be", "UTF-16-Be"),
        ("utf-32", "UTF-32"),
    ],
)
def test_other_encodings_are_read_and_named(reads: Any, encoding: str, name: str) -> None:
    submission = reads("a.csv", CSV.encode(encoding))
    assert submission.values("prefLabel") == ["Niñez y protección"]
    assert submission.found() == [("encoding-assumed", None)]
    assert name in submission.findings[0].message["en"]
    assert name in submission.findings[0].message["es"]


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig"])
def test_utf8_needs_no_word(reads: Any, encoding: str) -> None:
    submission = reads("a.csv", CSV.encode(encoding))
    assert submission.values("prefLabel") == ["Niñez y protección"]
    assert submission.findings == []


def test_a_byte_that_windows_1252_lacks_makes_it_latin_1(reads: Any) -> None:
    submission = reads("a.csv", CSV.replace("Niñez", "Ni\x81ñez").encode("latin-1"))
    assert "Latin-1" in submission.findings[0].message["en"]


@pytest.mark.parametrize(
    ("content", "line"),
    [
        (CSV.encode() + b"A-2,x\x00y,G1,SRE\n", 3),
        (("é" * 50 + "\n").encode() + b"\xff\n", 2),
        (CSV.encode("utf-16") + b"\x00\xd8", 3),
    ],
    ids=["NUL", "mostly UTF-8", "half a surrogate pair"],
)
def test_what_is_no_text_is_refused_with_the_line(reads: Any, content: bytes, line: int) -> None:
    with pytest.raises(UnreadableInputError) as caught:
        reads("a.csv", content)
    assert caught.value.line == line
    assert str(line) in caught.value.text["es"]


@pytest.mark.parametrize(
    ("content", "words"),
    [
        (b"", "empty"),
        (b" \n\n\t", "empty"),
        (b"\xef\xbb\xbf", "empty"),
        (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1rest", "password"),
        (b"%PDF-1.7 ...", "PDF"),
        (b"\x1f\x8b\x08...", "compressed"),
        (b"\x89PNG...", "picture"),
        (b"<!doctype html><html></html>", "web page"),
        (b"<note/>", "note"),
        (b"PK\x03\x04broken", "damaged"),
        (b"nothing,of\nours,here\n", "No header"),
    ],
)
@pytest.mark.parametrize("name", ["a.csv", "a.xlsx", "a"])
def test_foreign_files_are_refused_by_what_they_are(reads: Any, name: str, content: bytes, words: str) -> None:
    with pytest.raises(UnreadableInputError) as caught:
        reads(name, content)
    assert words in caught.value.text["en"]
    assert caught.value.text["es"] != caught.value.text["en"]


def test_content_decides_the_format_and_the_difference_is_said(reads: Any) -> None:
    submission = reads("a.xlsx", CSV)
    assert submission.submission.format == "csv"
    assert submission.found() == [("format-differs", None)]
    assert "“.xlsx”" in submission.findings[0].message["en"]
    assert "CSV" in submission.findings[0].message["es"]


@pytest.mark.parametrize(
    ("name", "content", "expected"),
    [
        ("a", "@prefix : <urn:a:> .\n:a :b :c .", "turtle"),
        ("a.txt", "PREFIX e: <urn:e>\ne:a e:b 1 .", "turtle"),
        ("a.nt", "<urn:a> <urn:b> <urn:c> .", "ntriples"),
        ("a.txt", "<urn:a> <urn:b> <urn:c> .", "ntriples"),
        ("a.txt", "<urn:a> <urn:b> <urn:c> <urn:g> .", "nquads"),
        ("a.trig", "<urn:a> <urn:b> <urn:c> .", "trig"),
        ("a.json", '{"@id": "urn:a"}', "jsonld"),
        ("a.json", '{"id": 1, "title": "x", "goal": "G1"}\n{"id": 2}', "jsonl"),
        ("a.tsv", "id\ttitle\tgoal\n1\tx\tG1\n", "tsv"),
        ("a", "id\ttitle\tgoal\n1\tx\tG1\n", "tsv"),
        ("a.xml", '<rdf:RDF xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#"/>', "rdfxml"),
    ],
)
def test_formats_are_told_apart(reads: Any, name: str, content: str, expected: str) -> None:
    submission = reads(name, content)
    assert submission.submission.format == expected
    assert [each.code for each in submission.findings if each.code == "format-differs"] == []
