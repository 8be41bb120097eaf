"""RDF/XML: what the recommendation says, and errors that say what is wrong."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from bicentennial.core.errors import UnreadableInputError
from bicentennial.core.namespaces import RDF

if TYPE_CHECKING:
    from collections.abc import Callable

    from tests.conftest import Told


def document(inner: str, attributes: str = "") -> str:
    return f'<?xml version="1.0"?>\n<rdf:RDF xmlns:rdf="{RDF}" xmlns:e="urn:e:"{attributes}>\n{inner}\n</rdf:RDF>\n'


def described(inner: str, attributes: str = "") -> str:
    return document(f'<rdf:Description rdf:about="urn:a"{attributes}>{inner}</rdf:Description>')


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        (described("<e:p>a<!-- c -->b</e:p>"), [("urn:a", "urn:e:p", "ab", "")]),
        (described("<e:p>a<?x y?>b</e:p>"), [("urn:a", "urn:e:p", "ab", "")]),
        (described("<e:p>a<![CDATA[<x> & ]]>b</e:p>"), [("urn:a", "urn:e:p", "a<x> & b", "")]),
        (described("<e:p> <!-- c --> </e:p>"), [("urn:a", "urn:e:p", "  ", "")]),
        (
            described('<e:p xml:lang="">x</e:p><e:q>y</e:q>', ' xml:lang="es-MX"'),
            [("urn:a", "urn:e:p", "x", ""), ("urn:a", "urn:e:q", "y", "es-mx")],
        ),
        (
            document(
                '<rdf:Description rdf:about="y" xml:base="z/"><e:p rdf:resource="#f"/></rdf:Description>',
                ' xml:base="http://e/x/"',
            ),
            [("http://e/x/z/y", "urn:e:p", "http://e/x/z/#f", "")],
        ),
        (
            document(
                '<rdf:Description rdf:about="y" xml:base=""><e:p>1</e:p></rdf:Description>', ' xml:base="http://e/x/"'
            ),
            [("http://e/x/y", "urn:e:p", "1", "")],
        ),
        (document('<e:C rdf:about="../g" xml:base="http://a/b/./d"/>'), [("http://a/g", RDF.type, "urn:e:C", "")]),
        (
            described('<e:p rdf:parseType="Literal"><b xmlns="http://h">x<!-- c --></b></e:p>'),
            [("urn:a", "urn:e:p", '<b xmlns="http://h">x<!-- c --></b>', "")],
        ),
        (
            described('<e:p rdf:parseType="Literal"><e:b z="1" a="2"/>&amp;</e:p>'),
            [("urn:a", "urn:e:p", '<e:b xmlns:e="urn:e:" a="2" z="1"></e:b>&amp;', "")],
        ),
    ],
)
def test_what_a_document_says(reads: Callable[..., Told], text: str, expected: list[tuple[str, ...]]) -> None:
    told = reads("a.rdf", text)
    found = told.submission.dataset.connection.execute("SELECT s, p, o, lang FROM statements ORDER BY p")
    assert found.fetchall() == expected


@pytest.mark.parametrize(
    ("inner", "words"),
    [
        ('<e:p rdf:parseType="Literal" rdf:datatype="urn:d">1</e:p>', "«datatype» no puede estar ahí junto"),
        ('<e:p rdf:resource="urn:b" rdf:nodeID="c"/>', "nodeID"),
        ('<e:p rdf:resource="urn:b">x</e:p>', "el texto «x»"),
        ("<e:p><e:A/><e:B/></e:p>", "el elemento «B»"),
        ("<e:p>x<e:A/></e:p>", "el elemento «A»"),
        ('<e:p rdf:resource="a b"/>', "«a b» no es un IRI"),
        ('<e:p xml:lang="en_US">x</e:p>', "«en_US» no es una etiqueta de idioma"),
        ('<e:p rdf:nodeID="1"/>', "«1» no es un nombre"),
        ("<p>x</p>", "«p» no tiene espacio de nombres"),
        ('<e:p colour="x"/>', "el atributo «colour»"),
        ('<e:p rdf:parseType="Triple"/>', "término de tripleta"),
    ],
)
def test_what_is_no_rdf_xml_is_refused_in_words(reads: Callable[..., Told], inner: str, words: str) -> None:
    with pytest.raises(UnreadableInputError) as caught:
        reads("a.rdf", described(inner))
    assert words in caught.value.text["es"]
    assert caught.value.line == 3
    assert caught.value.text["en"] != caught.value.text["es"]


def test_each_value_has_the_line_of_its_element(reads: Callable[..., Told]) -> None:
    told = reads("a.rdf", described('\n<e:p>1</e:p>\n<e:q rdf:parseType="Resource">\n<e:p>2</e:p></e:q>\n'))
    node = told.said("urn:e:q")[0][2] if told.said("urn:e:q") else ""
    assert told.place("urn:a")[2] == 3 or told.place("urn:a")[2] == 4
    assert told.place("urn:a", "urn:e:p", "1")[2] == 4
    assert told.place("urn:a", "urn:e:q")[2] == 5
    blank = told.submission.dataset.connection.execute("SELECT s FROM statements WHERE o = '2'").fetchone()[0]
    assert told.place(blank, "urn:e:p", "2")[2] == 6
    assert node is not None


def test_a_base_with_dots_in_turtle_is_resolved_by_the_rules(reads: Callable[..., Told]) -> None:
    text = "@base <http://a/bb/ccc/./d;p?q> .\n<g> <http://p/> <../g> , '<x>' . # <y>\n"
    told = reads("a.ttl", text)
    found = told.submission.dataset.connection.execute("SELECT s, o FROM statements ORDER BY kind")
    assert found.fetchall() == [("http://a/bb/ccc/g", "http://a/bb/g"), ("http://a/bb/ccc/g", "<x>")]
    assert told.place("http://a/bb/ccc/g", "http://p/", "http://a/bb/g")[2] == 2


@pytest.mark.parametrize("name", ["a.ttl", "a.nt", "a.nq", "a.trig"])
def test_texts_with_a_base_direction_are_read_and_told(reads: Callable[..., Told], name: str) -> None:
    told = reads(name, '<urn:a> <urn:p> "x"@ar--rtl .\n<urn:a> <urn:p> "y"@en .\n')
    found = told.submission.dataset.connection.execute("SELECT o, dt, lang FROM statements ORDER BY o")
    assert found.fetchall() == [("x", RDF.langString, "ar"), ("y", RDF.langString, "en")]
    assert told.found() == [("text-direction", None)]


@pytest.mark.parametrize(
    "text",
    [
        '<urn:a> <urn:p> <<( <urn:b> <urn:q> "x\\ny" )>> .',
        '<urn:a> <urn:p> <<( <urn:b> <urn:q> "x\\"y"@en )>> .',
        "<urn:a> <urn:p> <<( <urn:b> <urn:q> <urn:c> )>> .",
    ],
)
@pytest.mark.parametrize("filler", [0, 13_000])
def test_triple_terms_are_refused_in_words(reads: Callable[..., Told], text: str, filler: int) -> None:
    with pytest.raises(UnreadableInputError) as caught:
        reads("a.nt", text + "\n" + "".join(f"<urn:x{n}> <urn:p> <urn:y> .\n" for n in range(filler)))
    assert "término de tripleta" in caught.value.text["es"]


@pytest.mark.parametrize(
    ("text", "place", "words"),
    [
        ("<urn:a> <urn:b> e:c .", "línea 1, columna 17", "el prefijo «e:» no está declarado"),
        ("<urn:a> <urn:b>\n  <a b> .", "línea 2, columna 3", "ningún IRI admite"),
        ('<urn:a> <urn:b> "x"@en_US .', "línea 1, columna 23", "«_US» no puede estar ahí"),
        ('<urn:a> <urn:b> "x\\q" .', "línea 1", "barra invertida"),
        ('<urn:a> <urn:b> "x .', "línea 1", "termina ahí"),
        ("<urn:a> <urn:b> .", "línea 1, columna 17", "valor"),
        ("<urn:a> 5 <urn:c> .", "línea 1, columna 9", "propiedad"),
        ("@prefix e <urn:e> .", "línea 1", "prefijo"),
        ("<urn:a> <urn:b> [ <urn:c> 1 .", "línea 1", ""),
    ],
)
def test_broken_turtle_is_told_in_the_language_of_the_reader(
    reads: Callable[..., Told], text: str, place: str, words: str
) -> None:
    with pytest.raises(UnreadableInputError) as caught:
        reads("a.ttl", text)
    assert place in caught.value.text["es"]
    assert words in caught.value.text["es"]
    assert "valid" not in caught.value.text["es"].replace("válid", "")
