"""JSON-LD in flattened form is read by a way of its own, which says what the way for everything says."""

from __future__ import annotations

import json
from random import Random
from typing import TYPE_CHECKING, Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bicentennial.core.errors import BicentennialError
from bicentennial.core.limits import DEFAULT
from bicentennial.core.namespaces import BIC, RDF, XSD
from bicentennial.formats.jsonld.statements import JsonLdDocument

if TYPE_CHECKING:
    from collections.abc import Callable

IRIS = (
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
)
KEYS = ("urn:p", "urn:q", "https://d.example/a/b~c", str(BIC.hasStatus), str(RDF.type), "_:p", "p", "@none", "urn:a b")
TYPES = (XSD.date, XSD.string, "urn:own", "@json", "x", "_:t", "urn:a b", str(RDF.langString))
TAGS = ("en", "es-MX", "en_US", "es-mx", "", "a b")
TEXTS = ("", "a", "1.50", "ñ\n\\")
CONTEXTS: tuple[dict[str, str] | None, ...] = (
    None,
    {},
    {"urn": "https://d.example/"},
    {"@vocab": "urn:v:"},
    {"@language": "es"},
    {"@base": "urn:x:y"},
)


class Invented:
    """Random documents: made by hand, since a strategy takes fifty times as long as reading what it draws."""

    def __init__(self, seed: int) -> None:
        self._random = Random(seed)
        self._one = self._random.choice

    def _vary(self) -> None:
        # Some documents are nearly in flattened form, and each has few types and tags, so that some come again.
        self._oddity = self._one((0.02, 0.1, 0.5))
        self._types, self._tags = self._random.sample(TYPES, 3), self._random.sample(TAGS, 2)

    def _is_odd(self) -> bool:
        return self._random.random() < self._oddity

    def _iri(self) -> str:
        return self._one(IRIS if self._is_odd() else IRIS[:4])

    def _several(self, make: Callable[[], Any], most: int) -> list[Any]:
        return [make() for _ in range(self._random.randint(0, most))]

    def _plain(self) -> Any:
        text = self._one(TEXTS)
        match self._random.randrange(7):
            case 0:
                return text
            case 1:
                return {"@id": self._iri()}
            case 2:
                return {"@value": text}
            case 3:
                return {"@value": text, "@type": self._one(self._types)}
            case 4:
                return {"@type": self._one(self._types), "@value": text}
            case 5:
                return {"@value": text, "@language": self._one(self._tags)}
        return {"@value": text, "@language": self._one(self._tags), "@direction": "rtl"}

    def _odd(self) -> Any:
        match self._random.randrange(8):
            case 0:
                return self._one((None, True, False))
            case 1:
                return self._one((5, 5.25))
            case 2:
                return {"@value": self._one((5, 5.25, True, None))}
            case 3:
                return {"@list": self._several(self._plain, 2)}
            case 4:
                return {"@id": self._iri(), "urn:p": self._one(TEXTS)}
            case 5:
                return self._several(self._plain, 2)
            case 6:
                return {}
        return self._plain()

    def _item(self) -> Any:
        return self._odd() if self._is_odd() else self._plain()

    def _value(self) -> Any:
        return self._one((self._item, lambda: self._several(self._item, 3)))()

    def _said(self) -> tuple[str, Any]:
        match self._random.randrange(3):
            case 0:
                return "@id", self._iri()
            case 1:
                return "@type", self._one((self._iri(), self._several(self._iri, 2)))
        return self._one(KEYS if self._is_odd() else KEYS[:5]), self._value()

    def _node(self) -> dict[str, Any]:
        first = [] if self._is_odd() else [("@id", self._iri())]
        return dict([*first, *self._several(self._said, 4)])

    def document(self) -> str:
        """Return a document of a few nodes, with a context or without."""
        self._vary()
        nodes = self._several(self._node, 4)
        context = self._one(CONTEXTS)
        if context is not None:
            return json.dumps({"@context": context, "@graph": nodes})
        return json.dumps(self._one((nodes, {"@graph": nodes})))


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


@settings(max_examples=60)
@given(st.integers(0))
def test_both_ways_say_the_same(seed: int) -> None:
    invented = Invented(seed)
    for text in (invented.document() for _ in range(50)):
        with pytest.MonkeyPatch.context() as patch:
            assert said(text, None) == said(text, patch), text


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
