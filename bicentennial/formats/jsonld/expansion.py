"""Expansion: what JSON-LD objects say, independent of the context (JSON-LD 1.1 Processing Algorithms and API, 5).

Each value keeps the place where it stands, and whatever has no meaning is noted instead of dropped.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING, Any, Final

from bicentennial.core.namespaces import RDF, XSD
from bicentennial.formats.json.text import Number, Repeated
from bicentennial.formats.jsonld import maps
from bicentennial.formats.jsonld.context import UNSET
from bicentennial.formats.jsonld.errors import JsonLdError
from bicentennial.formats.jsonld.nodes import ListObject, Node, Places, is_node
from bicentennial.formats.jsonld.scopes import contexts_of
from bicentennial.formats.jsonld.terms import json_literal, literal
from bicentennial.formats.jsonld.values import kind_of, value_object
from bicentennial.storage.layout import IRI, LITERAL
from bicentennial.storage.origins import escaped

if TYPE_CHECKING:
    from collections.abc import Callable

    from bicentennial.core.limits import Limits
    from bicentennial.formats.jsonld.context import Context
    from bicentennial.formats.jsonld.definition import Term
    from bicentennial.formats.jsonld.notes import Notes
    from bicentennial.formats.jsonld.terms import Item

    Found = tuple[str, int | None, Node | ListObject | Item]
    Meant = list[tuple[str | None, str, Any]]
    Quick = Callable[[Context, Any, str, int | None], bool]

__all__ = ["Expansion"]

_STRING: Final = XSD.string
_LANG_STRING: Final = RDF.langString


class Expansion:
    """Expands the objects of one document.

    Args:
        notes: collects what has no meaning.
        limits: see `Limits`.
    """

    def __init__(self, notes: Notes, limits: Limits) -> None:
        self.notes = notes
        self.limits = limits
        self.places = Places()

    def document(self, context: Context, value: Any, quick: Quick) -> Iterator[Node | None]:
        """Yield the nodes of a document, one after the other.

        Args:
            context: the active context.
            value: the document; an array may come element by element.
            quick: given a context, an element, and its path and number, returns whether it has read it already; None is
                yielded in its place.

        Raises:
            JsonLdError: it is no JSON-LD.
        """
        is_array = isinstance(value, (list, Iterator))
        path, elements = "", value if is_array else [value]
        if isinstance(value, dict):
            inner, _ = contexts_of(value, None, context, 0, self.notes, from_map=False)
            keys = [key for key in value if key != "@context"]
            # Most documents are one array of nodes, which need not be held all at once.
            if len(keys) == 1 and inner.meaning(keys[0]) == "@graph":
                context, path = inner, escaped(keys[0])
                graph = value[keys[0]]
                is_array = isinstance(graph, list)
                elements = graph if is_array else [graph]
        for number, element in enumerate(elements, start=1):
            if quick(context, element, path, number if is_array else None):
                yield None
                continue
            found: list[Found] = []
            self.expand(context, "@graph" if path else None, element, 0, path, number if is_array else None, found)
            yield from (item for _, _, item in found if isinstance(item, Node))

    def expand(
        self,
        context: Context,
        prop: str | None,
        element: Any,
        place: int,
        path: str,
        number: int | None,
        found: list[Found],
        *,
        from_map: bool = False,
    ) -> None:
        """Add to `found` what an element expands to.

        Args:
            context: the active context.
            prop: the key that it is the value of; None at the top.
            element: the element.
            place: of the object that it stands in.
            path: the keys that lead to it from there.
            number: its place in the array there.
            found: where the values go.
            from_map: whether it stands in a map by index, identifier or type.
        """
        if element is None:
            return
        if isinstance(element, dict):
            self._object(context, prop, element, place, path, number, found, from_map=from_map)
        elif isinstance(element, list):
            path = path if number is None else f"{path}/{number - 1}"
            term = context.terms.get(prop) if prop is not None else None
            as_lists = term is not None and "@list" in term.container
            for item, each in enumerate(element, start=1):
                if as_lists and isinstance(each, list):
                    inner = ListObject()
                    self.expand(context, prop, each, place, path, item, inner.items)
                    found.append((path, item, inner))
                else:
                    self.expand(context, prop, each, place, path, item, found, from_map=from_map)
        elif prop is None or prop == "@graph":
            self.notes.add("jsonld-loose-value", str(element), place, path, number)
        else:
            term = context.terms.get(prop)
            if term is not None and term.has_context:
                context = context.scoped(prop)
            found.append((path, number, self.value(context, prop, element)))

    # ---- objects ----------------------------------------------------------------------------------------------------

    def _object(
        self,
        context: Context,
        prop: str | None,
        element: dict[str, Any],
        place: int,
        path: str,
        number: int | None,
        found: list[Found],
        *,
        from_map: bool = False,
    ) -> None:
        inner, by_type = contexts_of(element, prop, context, place, self.notes, from_map=from_map)
        if type(element) is Repeated:
            self.notes.repeated(element, place, path, number)
        meant: Meant = [(inner.meaning(key), key, each) for key, each in element.items() if key != "@context"]
        keywords = {meaning: each for meaning, _, each in meant if meaning is not None and meaning[0] == "@"}
        try:
            if "@value" in keywords:
                item = value_object(inner, by_type, prop, meant, self.notes, place, self.limits)
                if item is not None and prop is not None and prop != "@graph":
                    found.append((path, number, item))
            elif "@list" in keywords or "@set" in keywords:
                self._list_or_set(inner, prop, meant, keywords, place, path, number, found)
            elif len(meant) == 1 and meant[0][0] == "@id" and prop is not None and prop != "@graph":
                iri = self._identifier(inner, meant[0][2])
                if iri is not None:
                    found.append((path, number, (iri, IRI, meant[0][2], "")))
            elif meant and keywords.keys() | {key for _, key, _ in meant} != {"@language"}:
                found.append((path, number, self._node(inner, by_type, prop, meant, place, path, number)))
            elif prop is not None and prop != "@graph" and not meant:
                found.append((path, number, Node(self.places.add(place, path, number))))
        except JsonLdError as error:
            error.place = self.places.add(place, path, number) if error.place is None else error.place
            raise

    def _list_or_set(
        self,
        context: Context,
        prop: str | None,
        meant: Meant,
        keywords: dict[str, Any],
        place: int,
        path: str,
        number: int | None,
        found: list[Found],
    ) -> None:
        if len(meant) != len(keywords) or keywords.keys() - {"@index"} not in ({"@list"}, {"@set"}):
            raise JsonLdError("invalid set or list object")
        key = next(key for meaning, key, _ in meant if meaning in ("@list", "@set"))
        path = _joined(path, number, key)
        if "@set" in keywords:
            self.expand(context, prop, keywords["@set"], place, path, None, found)
        elif prop is None or prop == "@graph":
            self.notes.add("jsonld-loose-value", key, place, path, None)
        else:
            made = ListObject()
            for item, each in enumerate(_listed(keywords["@list"]), start=1):
                self.expand(context, prop, [each] if isinstance(each, list) else each, place, path, item, made.items)
            found.append((path, number, made))

    def _node(
        self,
        context: Context,
        by_type: Context,
        prop: str | None,
        meant: Meant,
        place: int,
        path: str,
        number: int | None,
    ) -> Node:
        node = Node(self.places.add(place, path, number))
        seen: set[str] = set()
        self._fill(node, context, by_type, prop, meant, "", seen)
        return node

    def _fill(
        self,
        node: Node,
        context: Context,
        by_type: Context,
        prop: str | None,
        meant: Meant,
        prefix: str,
        seen: set[str],
    ) -> None:
        nested: list[tuple[str, Any]] = []
        for meaning, key, value in meant:
            if meaning is None or (meaning[0] != "@" and ":" not in meaning):
                if value is not None:
                    self.notes.add("jsonld-key-unread", key, node.place, prefix + escaped(key), None)
            elif meaning[0] != "@":
                self._property(node, context, key, meaning, value, prefix)
            elif meaning == "@nest":
                nested.append((key, value))
            else:
                if prop == "@reverse":
                    raise JsonLdError("invalid reverse property map", key)
                if meaning in seen and meaning not in ("@type", "@included"):
                    raise JsonLdError("colliding keywords", meaning)
                seen.add(meaning)
                self._keyword(node, context, by_type, meaning, key, value, prefix)
        for key, value in nested:
            term = context.terms.get(key)
            inner = context.scoped(key) if term is not None and term.has_context else context
            for item, each in enumerate(_listed(value)):
                if not isinstance(each, dict) or any(inner.meaning(name) == "@value" for name in each):
                    raise JsonLdError("invalid @nest value", key)
                steps = f"{prefix}{escaped(key)}/" + (f"{item}/" if isinstance(value, list) else "")
                said: Meant = [(inner.meaning(name), name, one) for name, one in each.items() if name != "@context"]
                self._fill(node, inner, by_type, prop, said, steps, seen)

    def _keyword(
        self, node: Node, context: Context, by_type: Context, keyword: str, key: str, value: Any, prefix: str
    ) -> None:
        path = prefix + escaped(key)
        if keyword == "@id":
            node.id = self._identifier(context, value)
        elif keyword == "@type":
            if not all(isinstance(each, str) and type(each) is not Number for each in _listed(value)):
                raise JsonLdError("invalid type value", value)
            for item, each in enumerate(_listed(value), start=1):
                node.types.append((path, item if isinstance(value, list) else None, each, by_type.type_of(each)))
        elif keyword == "@graph":
            node.graph = [] if node.graph is None else node.graph
            self.expand(context, "@graph", value, node.place, path, None, node.graph)
        elif keyword == "@included":
            self.expand(context, key, value, node.place, path, None, node.included)
            if not all(isinstance(item, Node) or is_node(item) for _, _, item in node.included):
                raise JsonLdError("invalid @included value", key)
        elif keyword == "@index":
            if not _is_text(value):
                raise JsonLdError("invalid @index value", value)
            node.index = value
        elif keyword == "@reverse":
            self._reverse(node, context, key, value, path)
        elif keyword != "@language" and value is not None:
            self.notes.add("jsonld-key-unread", key, node.place, path, None)

    def _identifier(self, context: Context, value: Any) -> str | None:
        if not _is_text(value):
            raise JsonLdError("invalid @id value", value)
        return context.expand(value, relative=True)

    def _reverse(self, node: Node, context: Context, key: str, value: Any, path: str) -> None:
        if not isinstance(value, dict):
            raise JsonLdError("invalid @reverse value", key)
        inner, by_type = contexts_of(value, "@reverse", context, node.place, self.notes, from_map=False)
        mirrored = Node(node.place)
        meant: Meant = [(inner.meaning(name), name, each) for name, each in value.items() if name != "@context"]
        self._fill(mirrored, inner, by_type, "@reverse", meant, f"{path}/", set())
        if not all(is_node(item) for *_, item in mirrored.properties):
            raise JsonLdError("invalid reverse property value", key)
        node.properties += mirrored.reverse
        node.reverse += mirrored.properties

    # ---- properties -------------------------------------------------------------------------------------------------

    def _property(self, node: Node, context: Context, key: str, iri: str, value: Any, prefix: str) -> None:
        term = context.terms.get(key)
        path = prefix + (escaped(key) if "/" in key or "~" in key else key)
        if type(value) is str and (term is None or term.is_plain):
            # Most values are texts.
            node.properties.append((iri, path, None, self.value(context, key, value)))
            return
        found: list[Found] = []
        container = term.container if term is not None else frozenset()
        if term is not None and term.type == "@json":
            if value is not None or key in context.terms:
                found.append((path, None, json_literal(value)))
        elif isinstance(value, dict) and "@language" in container:
            assert term is not None
            maps.by_language(self, context, term, value, node.place, path, found)
        elif isinstance(value, dict) and container & {"@index", "@id", "@type"}:
            assert term is not None
            maps.by_key(self, context, key, term, value, node.place, path, found)
        else:
            self.expand(context, key, value, node.place, path, None, found)
        self._add(node, iri, term, value, path, found)

    def _add(self, node: Node, iri: str, term: Term | None, value: Any, path: str, found: list[Found]) -> None:
        if term is None:
            node.properties += [(iri, *each) for each in found]
            return
        if "@list" in term.container and value is not None:
            is_list = isinstance(value, dict) and len(found) == 1 and isinstance(found[0][2], ListObject)
            found = found if is_list else [(path, None, ListObject(found))]
        if "@graph" in term.container and not term.container & {"@id", "@index"}:
            found = [(path, number, self.graph_of(node.place, path, number, item)) for path, number, item in found]
        if term.is_reverse:
            if not all(is_node(item) for *_, item in found):
                raise JsonLdError("invalid reverse property value", iri)
            node.reverse += [(iri, *each) for each in found]
        else:
            node.properties += [(iri, *each) for each in found]

    def graph_of(self, place: int, path: str, number: int | None, item: Node | ListObject | Item) -> Node:
        """Return the node of a graph that holds an item."""
        made = Node(self.places.add(place, path, number))
        made.graph = [("", None, item)]
        return made

    # ---- values -----------------------------------------------------------------------------------------------------

    def value(self, context: Context, key: str, value: Any) -> Item:
        """Return what a scalar stands for as the value of a key (section 5.3 of the recommendation)."""
        term = context.terms.get(key)
        kind = term.type if term is not None else None
        if type(value) is not str:
            if isinstance(value, Number) and not value.is_finite:
                raise JsonLdError("not a number", value)
            return literal(
                value, kind_of(context, key, value, None if kind in ("@id", "@vocab", "@none") else kind), self.limits
            )
        if kind is None or kind == "@none":
            return self.text(context, term, value)
        if kind == "@id":
            return context.expand(value, relative=True) or value, IRI, value, ""
        if kind == "@vocab":
            return context.expand(value, relative=True, vocab=True) or value, IRI, value, ""
        return value, LITERAL, kind, ""

    def text(self, context: Context, term: Term | None, value: str) -> Item:
        """Return a text in the language that holds where it stands."""
        own = term.language if term is not None else UNSET
        language = context.language if own == UNSET else own
        direction = context.direction if term is None or term.direction == UNSET else term.direction
        if direction:
            self.notes.directed()
        return (value, LITERAL, _LANG_STRING, language) if language else (value, LITERAL, _STRING, "")


def _listed(value: Any) -> list[Any]:
    return value if isinstance(value, list) else [value]


def _joined(path: str, number: int | None, key: str) -> str:
    return "/".join(filter(None, [path, str(number - 1) if number is not None else "", escaped(key)]))


def _is_text(value: Any) -> bool:
    return type(value) is str
