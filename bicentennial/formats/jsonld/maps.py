"""Values that a JSON-LD context sorts into maps: by language, index, identifier or type."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

from bicentennial.core.namespaces import RDF, XSD
from bicentennial.formats.json.text import Repeated
from bicentennial.formats.jsonld.context import UNSET
from bicentennial.formats.jsonld.errors import JsonLdError
from bicentennial.formats.jsonld.nodes import Node, is_node
from bicentennial.storage.layout import IRI, LITERAL
from bicentennial.storage.origins import escaped

if TYPE_CHECKING:
    from bicentennial.formats.jsonld.context import Context
    from bicentennial.formats.jsonld.definition import Term
    from bicentennial.formats.jsonld.expansion import Expansion, Found

__all__ = ["by_key", "by_language"]

_STRING: Final = XSD.string
_LANG_STRING: Final = RDF.langString


def by_language(
    expansion: Expansion,
    context: Context,
    term: Term,
    value: dict[str, Any],
    place: int,
    path: str,
    found: list[Found],
) -> None:
    """Add the texts of a language map to `found`.

    Raises:
        JsonLdError: something in it is no text.
    """
    direction = context.direction if term.direction == UNSET else term.direction
    if type(value) is Repeated:
        expansion.notes.repeated(value, place, path)
    for tag, texts in value.items():
        steps = f"{path}/{escaped(tag)}"
        language = "" if context.meaning(tag) == "@none" else tag
        listed = texts if isinstance(texts, list) else [texts]
        for number, text in enumerate(listed, start=1):
            if text is None:
                continue
            if type(text) is not str:
                raise JsonLdError("invalid language map value", tag)
            if direction:
                expansion.notes.directed()
            item = (text, LITERAL, _LANG_STRING if language else _STRING, language)
            found.append((steps, number if isinstance(texts, list) else None, item))


def by_key(
    expansion: Expansion,
    context: Context,
    key: str,
    term: Term,
    value: dict[str, Any],
    place: int,
    path: str,
    found: list[Found],
) -> None:
    """Add the values of a map by index, identifier or type to `found`.

    Args:
        expansion: of the document.
        context: the active context.
        key: the key that has the map as its value.
        term: its definition.
        value: the map.
        place: of the object that it stands in.
        path: the keys that lead to it from there.
        found: where the values go.

    Raises:
        JsonLdError: the values do not fit such a map.
    """
    outer = context.previous or context if term.container & {"@id", "@type"} else context
    if type(value) is Repeated:
        expansion.notes.repeated(value, place, path)
    for index, listed in value.items():
        inner = outer
        if "@type" in term.container:
            scoping = outer.terms.get(index)
            if scoping is not None and scoping.has_context:
                inner = outer.processed(scoping.context)
        steps = f"{path}/{escaped(index)}"
        items: list[Found] = []
        expansion.expand(
            inner, key, listed if isinstance(listed, list) else [listed], place, steps, None, items, from_map=True
        )
        is_none = context.meaning(index) == "@none"
        for where, number, item in items:
            one = item
            if "@graph" in term.container and not (isinstance(item, Node) and item.is_graph):
                one = expansion.graph_of(place, where, number, item)
            if not is_none:
                one = _marked(expansion, context, term, index, one, place, where)
            found.append((where, number if isinstance(listed, list) else None, one))


def _marked(expansion: Expansion, context: Context, term: Term, index: str, item: Any, place: int, path: str) -> Any:
    """Return an item with what the key of the map says of it."""
    if "@index" in term.container:
        if term.index == "@index":
            return item
        if not is_node(item):
            raise JsonLdError("invalid value object", index)
        node = _as_node(expansion, item, place, path)
        meaning = context.meaning(term.index)
        assert meaning is not None  # the definition of the term has made sure
        node.properties.insert(0, (meaning, "", None, expansion.value(context, term.index, index)))
        return node
    if not is_node(item):
        raise JsonLdError("invalid value object", index)
    if "@id" in term.container:
        node = _as_node(expansion, item, place, path)
        if node.id is None:
            node.id = context.expand(index, relative=True)
        return node
    node = _as_node(expansion, item, place, path)
    node.types.insert(0, ("", None, index, context.type_of(index)))
    return node


def _as_node(expansion: Expansion, item: Any, place: int, path: str) -> Node:
    if isinstance(item, Node):
        return item
    assert item[1] == IRI
    return Node(expansion.places.add(place, path, None), id=item[0])
