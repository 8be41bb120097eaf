"""From JSON-LD to statements, each with the place that it stands at (JSON-LD 1.1 Processing Algorithms and API, 8).

The recommendation lets a processor drop what is no RDF: nodes whose identifier is no IRI, texts whose language is none.
Here it is kept as near as can be to what was written, and said.

>>> from bicentennial.core.limits import DEFAULT
>>> text = '{"@id": "https://d.example/a b", "urn:p": {"@value": "Talk", "@language": "en_US"}}'
>>> document = JsonLdDocument(text, DEFAULT)
>>> [(each.s, each.o, each.lang) for each in document.statements()]
[('https://d.example/a%20b', 'Talk', 'en-us')]
>>> [note.code for note in document.notes]
['jsonld-identifier', 'jsonld-language']
"""

from __future__ import annotations

import json
import re
import sys
from functools import cache
from typing import TYPE_CHECKING, Any, Final

from bicentennial.core import resources
from bicentennial.core.errors import InputError
from bicentennial.core.messages import entry
from bicentennial.core.namespaces import BIC, RDF, XSD
from bicentennial.core.problems import broken, unreadable
from bicentennial.formats.json.text import JsonText, Number, Repeated
from bicentennial.formats.jsonld.context import Context
from bicentennial.formats.jsonld.errors import JsonLdError
from bicentennial.formats.jsonld.expansion import Expansion
from bicentennial.formats.jsonld.flat import Flat, has_meanings
from bicentennial.formats.jsonld.nodes import ListObject, Node
from bicentennial.formats.jsonld.notes import Notes
from bicentennial.formats.jsonld.places import Positions
from bicentennial.formats.rdf.iris import BASE, is_language_tag, is_well_formed, mended, resolve
from bicentennial.storage.layout import BLANK, IRI, LITERAL
from bicentennial.storage.statement import Statement

if TYPE_CHECKING:
    from collections import deque
    from collections.abc import Iterator

    from bicentennial.core.errors import UnreadableInputError
    from bicentennial.core.limits import Limits
    from bicentennial.formats.jsonld.terms import Item

__all__ = ["CONTEXTS", "JsonLdDocument"]

CONTEXTS: Final = (
    "https://w3id.org/bicentennial/context.jsonld",
    "https://w3id.org/bicentennial/context",
)
"""The addresses of our own JSON-LD context."""

_DEFAULT: Final = ""
_SMALLINT: Final = 32_767
_FLAT_DEPTH: Final = 4
_FRAMES: Final = 6_000  # a level of a document takes five frames, and the default of Python is a thousand
_STRING: Final = XSD.string
_LANG_STRING: Final = RDF.langString
_USUAL: Final = frozenset({_STRING, XSD.date, XSD.decimal, XSD.integer, XSD.boolean, XSD.double})
_new: Final = tuple.__new__


def _prefixes(value: Any) -> int:
    """Return how many prefixes the context of a document declares."""
    context = value.get("@context") if isinstance(value, dict) else None
    contexts = context if isinstance(context, list) else [context]
    terms = (meaning for each in contexts if isinstance(each, dict) for meaning in each.values())
    return sum(isinstance(meaning, str) and meaning.endswith((":", "/", "?", "#")) for meaning in terms)


@cache
def _own_context() -> Any:
    said = json.loads((resources.COMPILED / "context.jsonld").read_bytes(), parse_float=Number, parse_int=Number)
    # What our context does not know becomes a term of ours that does not exist: reported instead of dropped.
    return {"@vocab": str(BIC)} | said["@context"]


def _load(address: str) -> Any:
    if address in CONTEXTS:
        return _own_context()
    raise unreadable("foreign-context", context=address)


_SURROGATE: Final = re.compile(r"\\u[dD][89a-fA-F]")
_ESCAPE: Final = re.compile(r"\\(?:u([0-9a-fA-F]{4})|.)", re.DOTALL)
_FIRST: Final = (0xD800, 0xDBFF)
_SECOND: Final = (0xDC00, 0xDFFF)


class JsonLdDocument:
    """A JSON-LD text.

    Args:
        text: the document.
        limits: see `Limits`.
        base: what relative IRIs are resolved against.
    """

    def __init__(self, text: str, limits: Limits, base: str = BASE) -> None:
        # Nodes in flattened form do not nest: how deep others do is measured when the first of them is met.
        self._is_flat_so_far = text[:100].lstrip(" \t\n\r").startswith("[") and limits.depth >= _FLAT_DEPTH
        self._text = JsonText(text, limits, is_flat=self._is_flat_so_far)
        self._base = base
        self._limits = limits
        self.notes = Notes()
        self.expansion = Expansion(self.notes, limits)
        self.paths: list[str] = []
        """The keys that lead from a node to its values; a statement's `col` counts in this list from 1."""
        self.graphs: set[str] = set()
        """The graphs that something stands in; the one without a name is the empty text."""
        self.graph_of: deque[str] | None = None
        """If set to a queue, it is given the graph of each statement, in the order of `statements`."""
        self._numbers: dict[str, int] = {}
        self._known: dict[str, bool] = {}
        self._languages: dict[str, str] = {}
        self._blanks: dict[str, str] = {}
        self._count = 0
        self._mended: dict[str, str] = {}
        self._held: list[tuple[str, str, str, str, str, tuple[int, str, int | None]]] = []
        self._out: list[Statement] = []
        self._plain: tuple[Context | None, Flat | None] = None, None
        self._starts: dict[int, list[int]] = {}

    def statements(self) -> Iterator[Statement]:
        """Yield what the document says; `row` is the place of the node, `col` the keys, `item` that in an array.

        Raises:
            UnreadableInputError: it is no JSON, or no JSON-LD, or asks for a context that is not in the package.
            LimitReachedError: it holds too much.
        """
        start = self._text.start()
        if _SURROGATE.search(self._text.text):
            self._refuse_halves()
        value = self._elements(start) if self._text.text.startswith("[", start) else self._text.whole(start)
        if (prefixes := _prefixes(value)) > self._limits.prefixes:
            self._limits.check("prefixes", prefixes)
        context = Context(self._base, _load, self._base)
        usual = sys.getrecursionlimit()
        try:
            sys.setrecursionlimit(max(usual, _FRAMES))
            for node in self.expansion.document(context, value, self._is_flat):
                if node is not None:
                    self._node(node, _DEFAULT)
                yield from self._out
                self._out.clear()
        except (JsonLdError, RecursionError, InputError) as error:
            self._measure_depth()  # which goes before all else that may be wrong
            if isinstance(error, InputError):
                raise
            if isinstance(error, JsonLdError):
                raise self._wrong(error) from error
            line = self._text.line(start)  # the parser takes deeper values than can be walked through here
            raise unreadable("too-deep", line=line, row=line) from error
        finally:
            sys.setrecursionlimit(usual)
        self._resolve_held()
        yield from self._out

    def _elements(self, start: int) -> Iterator[Any]:
        """Yield the elements of an array that is the whole document, and keep where they stand."""
        starts = self._starts[start] = []
        for position, element in self._text.elements(start):
            starts.append(position)
            yield element
        self._text.finish(start)

    def _measure_depth(self) -> None:
        if self._is_flat_so_far:
            self._is_flat_so_far = False
            self._text.refuse_deep()

    def _refuse_halves(self) -> None:
        """Raise an error if an escape stands for half of a character."""
        open_half: re.Match[str] | None = None
        for escape in _ESCAPE.finditer(self._text.text):
            code = int(escape[1] or "0", 16)
            is_second = _SECOND[0] <= code <= _SECOND[1]
            if open_half is not None and not (is_second and open_half.end() == escape.start()):
                break
            if is_second and open_half is None:
                open_half = escape
                break
            open_half = escape if _FIRST[0] <= code <= _FIRST[1] else None
        if open_half is not None:
            line = self._text.line(open_half.start())
            raise unreadable("surrogate", line=line, row=line, value=open_half[0])

    @property
    def directions(self) -> int:
        """How many texts have a base direction, which is not kept."""
        return self.notes.directions

    def positions(self) -> Positions:
        """Return where things stand in the text."""
        return Positions(self._text, self._starts)

    def _wrong(self, error: JsonLdError) -> UnreadableInputError:
        pointer = self.expansion.places.pointer(error.place or 0)
        line = self.positions().line(pointer)
        kind = error.code.replace(" ", "-").replace("@", "")
        if kind not in entry("syntax", "jsonld"):
            kind = "context" if error.is_of_context else "other"
        return broken(
            "broken-jsonld", kind, line=line, row=line, pointer=pointer or "/", value=error.value, code=error.code
        )

    def _is_flat(self, context: Context, element: Any, path: str, number: int | None) -> bool:
        """Say what a node in flattened form says, and return whether it is one."""
        if context is not self._plain[0]:
            self._plain = (
                context,
                None if has_meanings(context) else Flat(context.meaning, self._is_iri, self._languages, self._column),
            )
        flat = self._plain[1]
        places = self.expansion.places
        found = flat.read(element, places.next) if flat is not None else None
        if found is None:
            if self._is_flat_so_far and _depth(element) >= self._limits.depth:
                self._measure_depth()
            return False
        places.add(0, path, number)
        self._out += found
        if found:
            self.graphs.add(_DEFAULT)
            if self.graph_of is not None:
                self.graph_of.extend([_DEFAULT] * len(found))
        return True

    # ---- nodes ------------------------------------------------------------------------------------------------------

    def _node(self, node: Node, graph: str) -> str:
        """Say what a node says, and return its name."""
        subject = self._subject(node)
        for path, number, written, iri in node.types:
            self._type(subject, (node.place, path, number), written, iri, graph)
        known, place = self._known, node.place
        for iri, path, number, item in node.properties:
            predicate = iri if known.get(iri) else self._predicate(iri, place, path)
            if predicate is not None:
                self._say(subject, predicate, item, (place, path, number), graph)
        for iri, path, number, item in node.reverse:
            if predicate := self._predicate(iri, node.place, path):
                other = self._named(item, graph)
                self._add(other, predicate, subject, _kind(subject), "", "", (node.place, path, number), graph)
        for _, _, item in node.included:
            if isinstance(item, Node):
                self._node(item, graph)
        if node.graph is not None:
            self._graph(node, subject)
        return subject

    def _graph(self, node: Node, name: str) -> None:
        for _, _, item in node.graph or ():
            if isinstance(item, Node):
                self._node(item, name)

    def _subject(self, node: Node) -> str:
        if node.id is None:
            return self._blank()
        if node.id.startswith("_:"):
            return self._blank(node.id)
        if self._is_iri(node.id):
            return node.id
        if node.id not in self._mended:
            found = mended(node.id) or mended(resolve(BASE, node.id)) or self._blank()
            self._mended[node.id] = found
            self.notes.add("jsonld-identifier", node.id, node.place, "", None, iri=found)
        return self._mended[node.id]

    def _named(self, item: Node | ListObject | Item, graph: str) -> str:
        if isinstance(item, Node):
            return self._node(item, graph)
        assert not isinstance(item, ListObject)
        return self._subject(Node(0, item[0]))

    def _blank(self, label: str | None = None) -> str:
        if label is not None and label in self._blanks:
            return self._blanks[label]
        name = f"_:b{self._count}"
        self._count += 1
        if label is not None:
            self._blanks[label] = name
        return name

    def _is_iri(self, text: str) -> bool:
        known = self._known.get(text)
        if known is None:
            if len(text) > self._limits.iri_characters:
                self._limits.check("iri_characters", len(text))
            known = is_well_formed(text)
            if len(self._known) < 100_000:
                self._known[text] = known
        return known

    def _type(self, subject: str, at: tuple[int, str, int | None], written: str, iri: str | None, graph: str) -> None:
        if iri is not None and iri.startswith("_:"):
            self._add(subject, RDF.type, self._blank(iri), BLANK, "", "", at, graph)
            return
        found = iri if iri is not None and self._is_iri(iri) else mended(iri or "")
        if found is None:
            self.notes.add("jsonld-type", written, *at)
        else:
            self._add(subject, RDF.type, found, IRI, "", "", at, graph)

    def _predicate(self, iri: str, place: int, path: str) -> str | None:
        if self._is_iri(iri):
            return iri
        found = None if iri.startswith("_:") else mended(iri)
        if found is None:
            self.notes.add("jsonld-key-unread", path.rpartition("/")[2] or iri, place, path, None)
        return found

    # ---- values -----------------------------------------------------------------------------------------------------

    def _say(
        self, subject: str, predicate: str, item: Node | ListObject | Item, at: tuple[int, str, int | None], graph: str
    ) -> None:
        if type(item) is tuple:
            if item[1] == IRI:
                self._refer(subject, predicate, item, at, graph)
            else:
                self._literal(subject, predicate, item, at, graph)
        elif isinstance(item, Node):
            other = self._node(item, graph)
            self._add(subject, predicate, other, _kind(other), "", "", at, graph)
        else:
            assert isinstance(item, ListObject)
            head = self._list(item, at, graph)
            self._add(subject, predicate, head, _kind(head), "", "", at, graph)

    def _refer(self, subject: str, predicate: str, item: Item, at: tuple[int, str, int | None], graph: str) -> None:
        iri, _, written, _ = item
        if iri.startswith("_:"):
            self._add(subject, predicate, self._blank(iri), BLANK, "", "", at, graph)
        elif self._is_iri(iri):
            self._add(subject, predicate, iri, IRI, "", "", at, graph)
        else:
            # Whether it is the identifier of a node is known in the end.
            self._held.append((subject, predicate, iri, written, graph, at))

    def _resolve_held(self) -> None:
        for subject, predicate, iri, written, graph, at in self._held:
            if iri in self._mended:
                other = self._mended[iri]
                self._add(subject, predicate, other, _kind(other), "", "", at, graph)
            else:
                # What names nothing stays as it was written, for a shape to find it.
                self.notes.add("jsonld-reference", written, *at, property=predicate)
                self._add(subject, predicate, written, LITERAL, XSD.string, "", at, graph)

    def _literal(self, subject: str, predicate: str, item: Item, at: tuple[int, str, int | None], graph: str) -> None:
        text, _, datatype, language = item
        if language:
            # Most tags have been met, and were right.
            if self._languages.get(language) != language:
                language = self._language(language, at)
                datatype = _LANG_STRING if language else _STRING
        elif datatype not in _USUAL and not self._is_iri(datatype):
            self.notes.add("jsonld-datatype", datatype, *at)
            datatype = _STRING
        self._add(subject, predicate, text, LITERAL, datatype, language, at, graph)

    def _language(self, tag: str, at: tuple[int, str, int | None]) -> str:
        if tag not in self._languages:
            found = next((each for each in (tag, tag.strip().replace("_", "-")) if is_language_tag(each)), "")
            self._languages[tag] = found.lower()
        found = self._languages[tag]
        if found != tag.lower():
            self.notes.add("jsonld-language", tag, *at, read=found or "–")
        return found

    def _list(self, made: ListObject, at: tuple[int, str, int | None], graph: str) -> str:
        cells = [self._blank() for _ in made.items]
        for cell, after, (path, number, item) in zip(cells, [*cells[1:], RDF.nil], made.items, strict=False):
            place = (at[0], path or at[1], number)
            self._say(cell, RDF.first, item, place, graph)
            self._add(cell, RDF.rest, after, _kind(after), "", "", place, graph)
        return cells[0] if cells else RDF.nil

    def _add(
        self,
        s: str,
        p: str,
        o: str,
        kind: int,
        dt: str,
        lang: str,
        at: tuple[int, str, int | None],
        graph: str,
    ) -> None:
        place, path, item = at
        column = self._column(path)
        if graph not in self.graphs:
            self.graphs.add(graph)
        if self.graph_of is not None:
            self.graph_of.append(graph)
        if item is not None and item > _SMALLINT:
            item = None
        # The constructor of the class would take twice as long.
        self._out.append(_new(Statement, (s, p, o, kind, dt, lang, None, place, column, item)))

    def _column(self, path: str) -> int | None:
        """Return the number of the keys that lead to a value; None for more than there is room for."""
        column = self._numbers.get(path)
        if column is None and len(self.paths) < _SMALLINT:
            self.paths.append(path)
            column = self._numbers[path] = len(self.paths)
        return column


def _depth(value: Any) -> int:
    """Return how deep objects and arrays nest in a value; more than any limit if that cannot be told from it."""
    depth, level = 0, [value]
    while level := [each for each in level if isinstance(each, dict | list)]:
        if any(type(each) is Repeated for each in level):
            return sys.maxsize  # what stood there first is gone
        depth += 1
        level = [inner for each in level for inner in (each.values() if isinstance(each, dict) else each)]
    return depth


def _kind(name: str) -> int:
    return BLANK if name.startswith("_:") else IRI
