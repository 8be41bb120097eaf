from __future__ import annotations

import re
from collections import Counter
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bicentennial.core.errors import UnreadableInputError
from bicentennial.formats import codepages, decoding
from bicentennial.storage import sizes

CSV = "identificador,título,meta,parte_responsable\nA-1,Niñez y protección,G1,SRE\n"


@pytest.mark.parametrize(
    ("encoding", "name"),
    [
        ("cp1252", "Windows-1252"),
        ("utf-16", "UTF-16"),
        ("utf-16-le", "UTF-16-LE"),
        ("utf-16-be", "UTF-16-BE"),
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


def iati(title: str, encoding: str, declared: str | None = None) -> bytes:
    return (
        f"<?xml version='1.0' encoding='{declared or encoding}'?>\n<iati-activities version='2.03'><iati-activity>"
        f"<iati-identifier>XX-EX-1</iati-identifier><title><narrative>{title}</narrative></title></iati-activity>"
        "</iati-activities>"
    ).encode(encoding)


@pytest.mark.parametrize(
    ("title", "encoding"),
    [
        ("Łódź: Capacitación", "ISO-8859-2"),
        ("Œuvre à 5 €", "ISO-8859-15"),
        ("Capacitación de niñas", "macintosh"),
        ("Capacitación de niñas", "IBM850"),
        ("Capacitación “de” niñas", "windows-1252"),
        ("Обучение", "windows-1251"),
        ("Обучение", "KOI8-R"),
        ("訓練", "Shift_JIS"),
        ("訓練", "UTF-16"),
    ],
)
def test_xml_says_its_encoding_itself(reads: Any, title: str, encoding: str) -> None:
    python = {"macintosh": "mac-roman", "IBM850": "cp850"}.get(encoding, encoding)
    submission = reads("a.xml", iati(title, python, encoding))
    assert submission.values("prefLabel") == [title]
    codes = [each.code for each in submission.findings]
    assert "text-garbled" not in codes
    assert ("encoding-assumed" in codes) == (encoding == "UTF-16")


def test_rdf_xml_says_its_encoding_too(reads: Any) -> None:
    text = (
        "<?xml version='1.0' encoding='ISO-8859-2'?><rdf:RDF xmlns:rdf='http://www.w3.org/1999/02/22-rdf-syntax-ns#'"
        " xmlns:s='http://www.w3.org/2004/02/skos/core#'><rdf:Description rdf:about='urn:a'><s:prefLabel>Łódź"
        "</s:prefLabel></rdf:Description></rdf:RDF>"
    )
    assert reads("a.rdf", text.encode("iso-8859-2")).values("prefLabel") == ["Łódź"]


@pytest.mark.parametrize("encoding", ["UTF-16", "utf-8", "us-ascii", "UCS-2"])
def test_a_declaration_that_is_plainly_not_so_does_not_count(reads: Any, encoding: str) -> None:
    assert reads("a.xml", iati("Niñez", "utf-8", encoding)).values("prefLabel") == ["Niñez"]


@pytest.mark.parametrize(
    "encoding", ["UTF-7", "rot13", "hex", "unicode_escape", "idna", "x-unheard-of", "EBCDIC-CP-US"]
)
def test_an_encoding_that_is_not_read_is_refused(reads: Any, encoding: str) -> None:
    with pytest.raises(UnreadableInputError, match=encoding) as caught:
        reads("a.xml", iati("Train", "ascii", encoding))
    assert "UTF-8" in caught.value.text["es"]


def test_xml_that_is_not_what_it_declares_is_refused_with_the_line(reads: Any) -> None:
    with pytest.raises(UnreadableInputError, match="SHIFT_JIS, but line 2"):
        reads("a.xml", iati("Train", "ascii", "Shift_JIS").replace(b"Train", b"\x81"))


@pytest.mark.parametrize("encoding", ["mac-roman", "cp850", "cp437"])
@pytest.mark.parametrize("text", ["Niñez y protección", "¿Qué es? Capacitación", "Michoacán; León y más"])
def test_code_pages_of_mac_and_dos_are_told_from_windows(reads: Any, encoding: str, text: str) -> None:
    submission = reads("a.csv", CSV.replace("Niñez y protección", text).encode(encoding))
    assert submission.values("prefLabel") == [text]
    assert submission.found() == [("encoding-assumed", None)]


@pytest.mark.parametrize(
    "text", ["don’t — “stop” – it", "l’été à 5 °C", "O’Brien, Núm. 5º", "SÍ, AÑO", "garçon für São"]
)
def test_windows_1252_stays_what_it_is(reads: Any, text: str) -> None:
    submission = reads("a.csv", CSV.replace("Niñez y protección", text.replace(",", ";")).encode("cp1252"))
    assert submission.values("prefLabel") == [text.replace(",", ";")]
    assert submission.found() == [("encoding-assumed", None)]


@pytest.mark.parametrize("encoding", ["mac-roman", "cp850"])
def test_what_may_be_garbled_is_told(reads: Any, encoding: str) -> None:
    text = "id,title,goal,responsible_party\nA-1,Train,G1,SRE\nA-2,Capacitación,G1,SRE\n"
    submission = reads("a.csv", text.encode(encoding))
    assert submission.found() == [("encoding-assumed", None), ("text-garbled", "B3")]
    assert submission.findings[1].severity == "warning"


@pytest.mark.parametrize("title", ["CapacitaciÃ³n", "NiÃ±ez", "Â¿QuÃ©?", "donâ€™t", "â€œquotedâ€\x9d", "Acci\ufffdn"])
def test_text_that_was_garbled_before_is_told_in_every_format(reads: Any, title: str) -> None:
    from tests.books import HEADER, ROW, ods, xlsx

    row = [ROW[0], title, *ROW[2:]]
    csv = f"{','.join(HEADER)}\n{','.join(ROW)}\n{','.join(row)}\n".replace("A-1,T", "A-0,T", 1)
    for name, content in (
        ("a.csv", csv),
        ("a.xlsx", xlsx(HEADER, ["A-0", *ROW[1:]], row)),
        ("a.ods", ods(HEADER, ["A-0", *ROW[1:]], row)),
    ):
        submission = reads(name, content)
        assert [(each.code, each.location.cell, each.location.header) for each in submission.findings] == [
            ("text-garbled", "B3", "title")
        ]


def test_invisible_characters_are_left_out_and_said(reads: Any) -> None:
    from tests.books import HEADER, ROW, ods, xlsx

    rows = [HEADER, ROW, ["A-1\u200b", "T\u00adrain", "G\ufeff2", "S\u2060RE", *ROW[4:]]]
    csv = "\n".join(map(",".join, rows))
    keys = [dict(zip(HEADER, row, strict=True)) for row in rows[1:]]
    import json

    for name, content in (
        ("a.csv", csv),
        ("a.xlsx", xlsx(*rows)),
        ("a.ods", ods(*rows)),
        ("a.json", json.dumps(keys)),
        ("a.json", json.dumps(keys, ensure_ascii=False)),
    ):
        submission = reads(name, content)
        (told,) = submission.findings
        where = ("id", None) if name == "a.json" else ("id", "A3")
        assert (told.code, told.location.header, told.location.cell) == ("invisible-characters", *where), name
        assert submission.values("identifier") == ["A-1", "A-1"]
        assert submission.values("prefLabel") == ["Train", "Train"]
        assert submission.values("advancesGoal") == 2 * ["bicd:goal-prevent-transborder-crime"]
    kept = "می\u200cخواهم 👩\u200d🔬"
    assert reads("a.csv", csv.replace("Train", kept)).values("prefLabel")[0] == kept


@pytest.mark.parametrize("large", [False, True])
@pytest.mark.parametrize(
    ("text", "cell"),
    [
        ("id,title,goal,responsible_party\nA-1,x,G1,SRE{}\nA-2,x,G1,SRE\n", "D2"),
        ("id,title,goal,responsible_party\nA-1,x,G1,SRE\n{}A-2,x,G1,SRE\n", "A3"),
        ('sep=;\nid;title;goal;responsible_party\nA-1;"a; ""b""\nc{}";G1;SRE\n', "B2"),
        ('id,title,goal,responsible_party\nA-1,"a\nb\n\n",G1,SRE\n\nA-2,"x",{}G1,SRE\n', "C4"),
        ("id,title{},goal,responsible_party\nA-1,x,G1,SRE\n", "B1"),
    ],
)
def test_odd_characters_are_told_with_their_cell(
    reads: Any, monkeypatch: pytest.MonkeyPatch, text: str, cell: str, large: bool
) -> None:
    if large:
        monkeypatch.setattr(sizes, "TABLE_CHARACTERS", 1)
    assert reads("a.csv", text.replace("{}", "\u200b")).found() == [("invisible-characters", cell)]
    if cell == "B2":
        assert ("text-garbled", cell) in reads("a.csv", text.replace("{}", "Ã³")).found()
        both = text.replace("{}", "\u200b\u200bÃ³").replace("sep=;\n", "")
        assert [
            each for each in reads("a.csv", both).found() if each[0] in ("invisible-characters", "text-garbled")
        ] == [
            ("invisible-characters", cell),
            ("text-garbled", cell),
        ]


def test_odd_characters_of_what_is_no_table_are_told_too(reads: Any) -> None:
    found = reads("a.csv", "id,title,foo\nA-1,\u200bx,y\n").found()
    assert ("invisible-characters", "B2") in found


@given(st.binary(max_size=40) | st.text("aá é\n—", max_size=40).map(lambda text: text.encode("cp1252")))
def test_letters_are_sought_quickly_and_none_is_missed(data: bytes) -> None:
    plain = re.findall(rb"[ -~]{0,2}[\x80-\xff]+[ -~]{0,3}", data)
    assert codepages._around(data) == Counter(plain)


@given(st.text("aáÂÃâ€\ufffd\u0083³\xa0 à", max_size=12))
def test_what_is_garbled_is_seen_whatever_is_looked_at_first(text: str) -> None:
    assert str(decoding.garbled(text)) == str(decoding._GARBLED.search(text))
