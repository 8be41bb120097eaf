"""JSON-LD in flattened form is read by a way of its own, which says what the way for everything says."""

from __future__ import annotations

import json
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bicentennial.core.errors import BicentennialError
from bicentennial.core.limits import DEFAULT
from bicentennial.core.namespaces import BIC, RDF, XSD
from bicentennial.formats.jsonld.statements import JsonLdDocument

IRIS = st.sampled_from(
    [
        "urn:a",
        "urn:b",
        "https://d.example/a",
        "_:b0",
        "_:b1",
        "https://d.example/a b",
        "a",
        "",
        "@id",
        "@other",
        "//x/y",
    ]
)
KEYS = st.sampled_from(
    ["urn:p", "urn:q", "https://d.example/a/b~c", str(BIC.hasStatus), str(RDF.type), "_:p", "p", "@none", "urn:a b"]
)
TYPES = st.sampled_from([XSD.date, XSD.string, "urn:own", "@json", "x", "_:t", "urn:a b", str(RDF.langString)])
TAGS = st.sampled_from(["en", "es-MX", "en_US", "es-mx", "", "a b"])
TEXTS = st.sampled_from(["", "a", "1.50", "ñ\n\\"])
PLAIN = st.one_of(
    TEXTS,
    st.builds(lambda iri: {"@id": iri}, IRIS),
    st.builds(lambda text: {"@value": text}, TEXTS),
    st.builds(lambda text, kind: {"@value": text, "@type": kind}, TEXTS, TYPES),
    st.builds(lambda text, kind: {"@type": kind, "@value": text}, TEXTS, TYPES),
    st.builds(lambda text, tag: {"@value": text, "@language": tag}, TEXTS, TAGS),
    st.builds(lambda text, tag: {"@value": text, "@language": tag, "@direction": "rtl"}, TEXTS, TAGS),
)
ODD = st.one_of(
    st.none(),
    st.booleans(),
    st.sampled_from([5, 5.25]),
    st.builds(lambda number: {"@value": number}, st.sampled_from([5, 5.25, True, None])),
    st.builds(lambda items: {"@list": items}, st.lists(PLAIN, max_size=2)),
    st.builds(lambda iri, text: {"@id": iri, "urn:p": text}, IRIS, TEXTS),
    st.lists(PLAIN, max_size=2),
    st.just({}),
)
VALUES = st.one_of(PLAIN, st.lists(st.one_of(PLAIN, ODD), max_size=3), ODD)
NODES: st.SearchStrategy[dict[str, Any]] = st.builds(
    dict,
    st.lists(
        st.one_of(
            st.tuples(st.just("@id"), IRIS),
            st.tuples(st.just("@type"), st.one_of(IRIS, st.lists(IRIS, max_size=2))),
            st.tuples(KEYS, VALUES),
        ),
        max_size=5,
    ),
)
CONTEXTS = st.sampled_from(
    [None, {}, {"urn": "https://d.example/"}, {"@vocab": "urn:v:"}, {"@language": "es"}, {"@base": "urn:x:y"}]
)


def said(text: str, monkeypatch: pytest.MonkeyPatch | None) -> Any:
    """Return all there is to know of a document, read by the way for everything if there is something to patch."""
    document = JsonLdDocument(text, DEFAULT)
    if monkeypatch is not None:
        monkeypatch.setattr(document, "_is_flat", lambda *_: False)
    try:
        statements = list(document.statements())
    except BicentennialError as error:
        return error.text, vars(error)
    notes = [
        (each.code, each.word, each.place, each.path, each.number, each.more, each.count) for each in document.notes
    ]
    pointers = [document.expansion.places.pointer(each.row or 0) for each in statements]
    return statements, pointers, document.paths, document.graphs, notes, document.directions


@settings(max_examples=1_500, deadline=None)
@given(st.lists(NODES, max_size=4), CONTEXTS, st.booleans())
def test_both_ways_say_the_same(nodes: list[Any], context: Any, in_graph: bool) -> None:
    whole = {"@graph": nodes} if in_graph or context is not None else nodes
    if context is not None:
        assert isinstance(whole, dict)
        whole = {"@context": context, **whole}
    text = json.dumps(whole)
    with pytest.MonkeyPatch.context() as patch:
        assert said(text, None) == said(text, patch)


def test_the_flattened_form_goes_the_quick_way(monkeypatch: pytest.MonkeyPatch) -> None:
    nodes = [{"@id": "urn:a", "@type": "urn:C", "urn:p": [{"@id": "urn:b"}, "x"], "urn:q": {"@value": "y"}}]
    document = JsonLdDocument(json.dumps(nodes), DEFAULT)
    monkeypatch.setattr(document.expansion, "expand", None)  # which nothing is left for
    assert [each.o for each in document.statements()] == ["urn:C", "urn:b", "x", "y"]


def test_a_key_given_twice_is_told_in_flattened_form_too() -> None:
    document = JsonLdDocument('[{"@id": "urn:a", "urn:p": "1", "urn:p": {"@value": "2", "@value": "3"}}]', DEFAULT)
    assert [each.o for each in document.statements()] == ["3"]
    assert [(note.code, note.word) for note in document.notes] == [
        ("key-repeated", "urn:p"),
        ("key-repeated", "@value"),
    ]
