"""What a file is: its content decides, its name breaks ties; what is not read is refused with a remedy that fits."""

from __future__ import annotations

from typing import Any

import pytest

from bicentennial.core.errors import UnreadableInputError
from tests.books import packed

CSV = "id,title,goal,responsible_party\nA-1,Train,G2,SRE\n"
ACTIONS = '{"actions": [{"id": "A-1", "title": "Train", "goal": "G2", "responsible_party": "SRE"}]}'
SPREADSHEETML = (
    '<?mso-application progid="Excel.Sheet"?>\n<Workbook xmlns="urn:schemas-microsoft-com:office:spreadsheet"/>'
)


@pytest.mark.parametrize(
    ("content", "words"),
    [
        *((f"{start}<table><tr><th>id</th></tr></table>", "web page") for start in ("", "<div>\n\t", "<!-- x -->\n")),
        ("<style>td {}</style>\n<table></table>", "web page"),
        ('<html xmlns:x="urn:schemas-microsoft-com:office:excel"><body/></html>', "web page"),
        ('<?xml version="1.0"?>\n<html xmlns="http://www.w3.org/1999/xhtml"/>', "web page"),
        ('MIME-Version: 1.0\nContent-Type: multipart/related; boundary="x"\n', "web page"),
        ("From: <Saved by a browser>\nSubject: x\nMIME-Version: 1.0\n", "web page"),
        (f'<?xml version="1.0"?>\n{SPREADSHEETML}', "Excel 2003"),
        ('<pkg:package xmlns:pkg="http://schemas.microsoft.com/office/2006/xmlPackage"/>', "Excel 2003"),
        (r"{\rtf1\ansi id}", "text document"),
        (b"\x09\x08\x10\x00\x00\x06\x05\x00rest", "old kind"),
        ('{"url":"https://docs.google.com/open?id=x","doc_id":"x","email":"a@example.org"}', "only a link"),
        (b"\xfd7zXZ\x00rest", "compressed"),
        (b"PAR1restPAR1", "Parquet"),
        (b"ARROW1\x00\x00rest", "Parquet or Arrow"),
        (b"SQLite format 3\x00rest", "Access or SQLite"),
        (b"\x00\x01\x00\x00Standard Jet DB\x00", "Access or SQLite"),
        (packed({"acciones.csv": "id,title"}), "compressed"),
        (packed({"[Content_Types].xml": "", "ppt/presentation.xml": ""}), "no workbook"),
        (b"\x28\xb5\x2f\xfdrest", "compressed"),
        ('<kml xmlns="http://www.opengis.net/kml/2.2"/>', "kml"),
    ],
)
@pytest.mark.parametrize("name", ["a.xls", "a.xlsx", "a.json"])
def test_what_is_not_read_is_called_what_it_is(reads: Any, name: str, content: str | bytes, words: str) -> None:
    with pytest.raises(UnreadableInputError, match=words) as caught:
        reads(name, content)
    assert caught.value.text["es"] != caught.value.text["en"]


NOISE = bytes(number * 7919 % 251 for number in range(5_000))


@pytest.mark.parametrize(
    ("name", "words"),
    [*((f"a.{each}", "damaged") for each in ("xlsx", "xlsm", "ods")), ("a.csv", "binary"), ("a", "binary")],
)
def test_bytes_that_are_no_text_are_called_so(reads: Any, name: str, words: str) -> None:
    with pytest.raises(UnreadableInputError, match=words):
        reads(name, NOISE)


@pytest.mark.parametrize("encoding", ["utf-16", "utf-16-le", "utf-32"])
def test_wide_text_is_text(reads: Any, encoding: str) -> None:
    assert reads("a.csv", CSV.encode(encoding)).values("identifier") == ["A-1"]


@pytest.mark.parametrize(
    "name", ["a.json", "a.jsonl", "a.jsonld", "a.xml", "a.rdf", "a.ttl", "a.nt", "a.trig", "a.xlsx"]
)
@pytest.mark.parametrize("delimiter", [",", ";", "\t", "|"])
def test_delimited_text_is_read_whatever_it_is_called(reads: Any, name: str, delimiter: str) -> None:
    submission = reads(name, CSV.replace(",", delimiter))
    assert submission.submission.format == ("tsv" if delimiter == "\t" else "csv")
    assert submission.found() == [("format-differs", None)]
    assert submission.values("identifier") == ["A-1"]


@pytest.mark.parametrize("first", ["[id]", "{id}", "[2024] Informe\nid"])
def test_a_table_may_begin_with_a_bracket(reads: Any, first: str) -> None:
    submission = reads("a.csv", f"{first},[title],goal,responsible_party\nA-1,T,G1,SRE\n")
    assert (submission.found(), submission.values("identifier")) == ([], ["A-1"])


def test_a_table_may_begin_with_a_name_in_angle_brackets(reads: Any) -> None:
    for name, separator in (("a.csv", ","), ("a.csv", ";"), ("a.tsv", "\t")):
        rows = [["<id>", "<title>", "goal", "responsible_party"], ["A-1", "T", "G1", "SRE"]]
        submission = reads(name, "\n".join(map(separator.join, rows)))
        assert submission.values("identifier") == ["A-1"]
    with pytest.raises(UnreadableInputError, match="XML"):
        reads("a.csv", "<actions>\n<action/>, and more</actions>")


@pytest.mark.parametrize("name", ["a.jsonl", "a.ndjson"])
@pytest.mark.parametrize(
    "content",
    [
        ACTIONS,
        ACTIONS.replace(", ", ",\n  "),
        ACTIONS.removeprefix('{"actions": ').removesuffix("}"),
        ACTIONS.replace('{"actions"', '{"version": "1.0.0", "acciones"'),
    ],
)
def test_a_document_that_is_called_lines_is_read_as_one(reads: Any, name: str, content: str) -> None:
    submission = reads(name, content)
    assert submission.submission.format == "json"
    assert ("format-differs", None) in submission.found()
    assert submission.values("identifier") == ["A-1"]


def test_lines_of_objects_stay_lines(reads: Any) -> None:
    line = ACTIONS.removeprefix('{"actions": [').removesuffix("]}")
    for content in (line, f"{line}\n{line.replace('A-1', 'A-2')}\n"):
        submission = reads("a.jsonl", content)
        assert (submission.submission.format, submission.findings) == ("jsonl", [])


@pytest.mark.parametrize("name", ["a.json", "a.jsonl"])
@pytest.mark.parametrize(
    ("content", "line", "near"),
    [
        (f"// actions\n{ACTIONS}", 1, "// actions"),
        (f"\n\n/* actions */ {ACTIONS}", 3, "/* actions"),
        (f"callback({ACTIONS});", 1, "callback("),
        (f"var actions = {ACTIONS};", 1, "var actions"),
        ("- id: A-1\n  title: Train\n", 1, "- id: A-1"),
        ("id: A-1", 1, "id: A-1"),
    ],
)
def test_what_is_no_json_is_told_from_where_on(reads: Any, name: str, content: str, line: int, near: str) -> None:
    with pytest.raises(UnreadableInputError, match="no JSON") as caught:
        reads(name, content)
    assert caught.value.line == line
    assert near in caught.value.text["es"]


@pytest.mark.parametrize("rest", ["garbage", ACTIONS, "]"])
def test_json_that_goes_on_is_broken_where_it_does(reads: Any, rest: str) -> None:
    with pytest.raises(UnreadableInputError, match="breaks off at line 2, column 1"):
        reads("a.json", f"{ACTIONS}\n{rest}")


@pytest.mark.parametrize(
    ("content", "place", "words"),
    [
        ("<title>R&D</title>", (3, 9), ("Write it as &amp;", "Escríbalo como &amp;")),
        ('<a b="R&D"/>', (3, None), ("Write it as &amp;", "Escríbalo como &amp;")),
        ("<title>á & b</title>", (3, None), ("Write it as &amp;", "Escríbalo como &amp;")),
        ("<title>a &nbsp; b</title>", (3, 10), ("“&nbsp;” is no entity", "«&nbsp;» no es una entidad")),
        ("<title>ñ a < b</title>", (3, 13), ("write it as &lt;", "escríbalo como &lt;")),
        ("<title>a</titel>", (3, None), ("end tag", "etiqueta de cierre")),
        ('<a b="1" b="2"/>', (3, None), ("attribute is given twice", "un atributo aparece dos veces")),
        ("<title>\x0b</title>", (3, 8), ("cannot stand there", "no puede estar ahí")),
        ("<x:a/>", (None, None), ("prefix", "prefijo")),
        ("</iati-activity></iati-activities><more/>", (3, 35), ("follows after the end", "sigue tras el fin")),
    ],
)
@pytest.mark.parametrize("root", ["iati-activities", "rdf"])
def test_broken_xml_is_told_in_both_languages(
    reads: Any, root: str, content: str, place: tuple[int | None, int | None], words: tuple[str, str]
) -> None:
    if (root == "rdf" and "iati" in content) or ("<x:" in content and root != "rdf"):
        pytest.skip("speaks of the other kind")
    around = {
        "iati-activities": '<iati-activities version="2.03">\n<iati-activity>\n{}\n</iati-activity></iati-activities>',
        "rdf": '<rdf:RDF xmlns="urn:a:" xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#">\n<rdf:Description>\n{}\n'
        "</rdf:Description></rdf:RDF>",
    }[root]
    with pytest.raises(UnreadableInputError) as caught:
        reads("a.xml", around.replace("{}", content))
    text = caught.value.text
    assert words[0] in text["en"]
    assert words[1] in text["es"]
    if place[0]:
        assert f"line {place[0]}, column" in text["en"]
    if place[1]:
        assert f"columna {place[1]}:" in text["es"]


@pytest.mark.parametrize(
    ("name", "content", "en", "es"),
    [
        ("a.ttl", "ex:a ex:b ex:c .", "the prefix “ex:” is not declared", "el prefijo «ex:» no está declarado"),
        ("a.ttl", "<urn:a> <urn:b> <urn:c>", "in the middle of a statement", "en medio de una afirmación"),
        ("a.ttl", "<urn:a> <urn:b> <urn c> .", "holds what no IRI may: a space", "ningún IRI admite: un espacio"),
        ("a.ttl", "<urn:a> <urn:b> <2024:1> .", "“<2024:1>” is not absolute", "«<2024:1>» no es absoluto"),
        ("a.ttl", "<urn:a> <urn:b> foo .", "“foo” stands where a value should", "«foo» está donde debería ir un valor"),
        ("a.ttl", '<urn:a> <urn:b> "a\nb" .', "line 1, column 19", "línea 1, columna 19"),
        ("a.ttl", "<urn:a> <urn:b> “x” .", "line 1, column 17: ““x”” stands in typographic", "comillas tipográficas"),
        (
            "a.nt",
            "<urn:a> <urn:b> <urn:c>",
            "the full stop that ends a statement is missing",
            "falta el punto que termina una afirmación",
        ),
        (
            "a.trig",
            "GRAPH <urn:g> <urn:a>",
            "where the name of a graph or a brace should",
            "donde debería ir el nombre de un grafo o una llave",
        ),
    ],
)
def test_broken_rdf_is_told_in_both_languages(reads: Any, name: str, content: str, en: str, es: str) -> None:
    with pytest.raises(UnreadableInputError) as caught:
        reads(name, content)
    assert en in caught.value.text["en"]
    assert es in caught.value.text["es"]


@pytest.mark.parametrize(
    ("content", "en", "es"),
    [
        ("a", "no = after the key", "falta el signo = después"),
        ('a = "x', "is not closed", "no se cierra"),
        ("a = x", "in quotation marks", "va entre comillas"),
        ("[columns]\n[columns]", "given twice", "aparece dos veces"),
        ('a = "1" b', "on the same line", "en el mismo renglón"),
        ('a = "C:\\d"', "backslash must be doubled", "barra inversa se escribe doble"),
        ("título = 1", "quotation marks", "comillas"),
    ],
)
def test_a_broken_mapping_is_told_in_both_languages(tmp_path: Any, content: str, en: str, es: str) -> None:
    from bicentennial.core.errors import UsageError
    from bicentennial.semantics.mapping import MappingFile

    path = tmp_path / "m.toml"
    path.write_text(content, encoding="utf-8")
    with pytest.raises(UsageError) as caught:
        MappingFile.read(path)
    assert en in caught.value.text["en"]
    assert es in caught.value.text["es"]
    assert "Expected" not in caught.value.text["es"]
