r"""RDF/XML, read element by element (https://www.w3.org/TR/rdf-syntax-grammar/), each statement with its line.

>>> text = '<rdf:RDF xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#" xmlns:e="urn:e:">'
>>> text += '<e:C rdf:about="urn:a">\n<e:p>a<!-- c -->b</e:p></e:C></rdf:RDF>'
>>> [(each.p, each.o, each.row) for each in RdfXmlDocument(text, DEFAULT).statements()]
[('http://www.w3.org/1999/02/22-rdf-syntax-ns#type', 'urn:e:C', 1), ('urn:e:p', 'ab', 2)]
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Final

from bicentennial.core.namespaces import RDF, XSD
from bicentennial.core.problems import broken, unreadable
from bicentennial.formats.rdf.iris import BASE, is_language_tag, is_well_formed, resolve
from bicentennial.formats.rdf.xmlliteral import Literal, parts
from bicentennial.formats.xmltext import DEFAULT, Guard, undeclared
from bicentennial.storage.layout import BLANK, IRI, LITERAL
from bicentennial.storage.statement import Statement

if TYPE_CHECKING:
    from collections.abc import Iterator

    from bicentennial.core.errors import UnreadableInputError
    from bicentennial.core.limits import Limits

__all__ = ["DEFAULT", "RdfXmlDocument"]

_XML: Final = "http://www.w3.org/XML/1998/namespace"
_ITS: Final = "http://www.w3.org/2005/11/its"
_XMLNS: Final = re.compile(r"""xmlns(?::[\w.-]+)?\s*=\s*(?:"[^"<]*+"|'[^'<]*+')?""")
_OLD: Final = {"aboutEach", "aboutEachPrefix", "bagID"}
_SYNTAX: Final = {"RDF", "ID", "about", "parseType", "resource", "nodeID", "datatype"} | _OLD
# Attributes that may stand without a namespace, as they could in the first version of the syntax.
_BARE: Final = {"ID", "about", "resource", "parseType", "type"}
_NO_NODE: Final = _SYNTAX | {"li"}
_NO_PROPERTY: Final = _SYNTAX | {"Description"}
_NO_ATTRIBUTE: Final = {"RDF", "Description", "li"} | _OLD
_NAME: Final = re.compile(r"[^\W\d][\w.\-\u00b7\u0300-\u036f\u203f-\u2040]*")


@dataclass(slots=True)
class _Scope:
    """An element that is open: what holds within it, and what it says."""

    kind: str  # `nodes`, `node`, `property`, `collection`, `literal` or `empty`
    base: str
    language: str
    line: int
    name: str = ""
    subject: str = ""
    predicate: str = ""
    datatype: str = ""
    reified: str = ""
    members: int = 0
    object: str | None = None
    text: list[str] = field(default_factory=list)
    items: list[str] = field(default_factory=list)
    literal: Literal | None = None


class RdfXmlDocument(Guard):
    """An RDF/XML text.

    Args:
        text: the document.
        limits: see `Limits`.
        base: what relative IRIs are resolved against.
    """

    def __init__(self, text: str, limits: Limits, base: str = BASE) -> None:
        super().__init__(limits, 2, namespaces=True)  # things and properties take turns
        self._text = undeclared(text)
        self._base = base
        self.directions = 0
        """How many elements say in which direction their text is written."""
        self._open: list[_Scope] = []
        self._out: list[Statement] = []
        self._blanks: dict[str, str] = {}
        self._count = 0
        self._ids: set[str] = set()
        self._known: set[str] = set()
        self.parser.namespace_prefixes = True
        self.parser.buffer_text = True
        self.parser.CharacterDataHandler = self._data
        self.parser.CommentHandler = self._comment
        self.parser.ProcessingInstructionHandler = self._instruction

    def statements(self) -> Iterator[Statement]:
        """Yield what the document says; `row` is the line.

        Raises:
            UnreadableInputError: it is no XML, or no RDF/XML, or has a DOCTYPE.
            LimitReachedError: it holds too much, or nests too deeply.
        """
        self._count_prefixes()
        for _ in self.parse(self._text):
            yield from self._out
            self._out.clear()
        yield from self._out

    def _count_prefixes(self) -> None:
        # Some programs declare the same ones in each element.
        declared: set[str] = set()
        for match in _XMLNS.finditer(self._text):
            declared.add(match[0])
            if len(declared) > self.limits.prefixes:
                self.limits.check("prefixes", len(declared))

    # ---- what expat calls -------------------------------------------------------------------------------------------

    def _start(self, name: str, attributes: dict[str, str]) -> None:
        super()._start(name, attributes)
        scope = self._open[-1] if self._open else None
        if scope is not None and scope.literal is not None:
            scope.literal.start(name, attributes)
            return
        space, local, _ = parts(name)
        line = self.parser.CurrentLineNumber
        base, language, said = self._attributes(attributes, scope)
        made = _Scope("node", base, language, line, name=local)
        self._open.append(made)
        if scope is None and space == str(RDF) and local == "RDF":
            made.kind = "nodes"
            self._only(said, {"version"})
        elif scope is None or scope.kind in ("nodes", "collection", "property"):
            self._begin_node(made, space, local, said)
            self._place(scope, made)
        elif scope.kind in ("node", "resource"):
            self._begin_property(made, scope, space, local, said)
        else:
            raise self._wrong("element", local)

    def _end(self, name: str) -> None:
        super()._end(name)
        scope = self._open[-1]
        if scope.literal is not None and scope.literal.depth:
            scope.literal.end()
            return
        self._open.pop()
        if scope.predicate:
            self._end_property(scope)

    def _data(self, text: str) -> None:
        scope = self._open[-1] if self._open else None
        if scope is None:
            return
        if scope.literal is not None:
            scope.literal.text(text)
        elif scope.kind == "property" and scope.object is None:
            scope.text.append(text)
        elif not text.isspace():
            raise self._wrong("text", text.strip())

    def _comment(self, text: str) -> None:
        if self._open and self._open[-1].literal is not None:
            self._open[-1].literal.comment(text)

    def _instruction(self, target: str, data: str) -> None:
        if self._open and self._open[-1].literal is not None:
            self._open[-1].literal.instruction(target, data)

    # ---- attributes -------------------------------------------------------------------------------------------------

    def _attributes(self, attributes: dict[str, str], around: _Scope | None) -> tuple[str, str, dict[str, str]]:
        """Return base, language and the other attributes, those of RDF by their local names and others by IRI."""
        base, language = (around.base, around.language) if around is not None else (self._base, "")
        said: dict[str, str] = {}
        for name, value in attributes.items():
            space, local, _ = parts(name)
            if space == _XML:
                if local == "base":
                    base = resolve(base, value.partition("#")[0])
                elif local == "lang":
                    language = self._language(value)
            elif space == _ITS and local in ("dir", "version"):
                self.directions += local == "dir"
            elif space == str(RDF):
                said[local] = value
            elif space:
                said[space + local] = value
            elif local in _BARE:
                said[local] = value
            elif not local.lower().startswith("xml"):
                raise self._wrong("attribute", local)
        return base, language, said

    def _only(self, said: dict[str, str], allowed: set[str]) -> None:
        for name in said:
            if name not in allowed and name != "version":
                raise self._wrong("together", name)

    def _language(self, tag: str) -> str:
        if tag and not is_language_tag(tag):
            raise self._wrong("language", tag)
        return tag.lower()

    def _iri(self, reference: str, base: str) -> str:
        iri = resolve(base, reference)
        if iri not in self._known:
            self.limits.check("iri_characters", len(iri))
            if not is_well_formed(iri):
                raise self._wrong("iri", reference)
            if len(self._known) < 100_000:
                self._known.add(iri)
        return iri

    def _named(self, local: str, base: str) -> str:
        if not _NAME.fullmatch(local):
            raise self._wrong("id", local)
        iri = self._iri(f"#{local}", base)
        if iri in self._ids:
            raise self._wrong("id-twice", local)
        self._ids.add(iri)
        return iri

    def _blank(self, label: str | None = None) -> str:
        if label is not None:
            if not _NAME.fullmatch(label):
                raise self._wrong("id", label)
            if label in self._blanks:
                return self._blanks[label]
        name = f"_:b{self._count}"
        self._count += 1
        if label is not None:
            self._blanks[label] = name
        return name

    # ---- nodes ------------------------------------------------------------------------------------------------------

    def _begin_node(self, node: _Scope, space: str, local: str, said: dict[str, str]) -> None:
        self._check_name(space, local, _NO_NODE)
        given = [key for key in ("about", "ID", "nodeID") if key in said]
        if len(given) > 1:
            raise self._wrong("together", given[1])
        if not given:
            node.subject = self._blank()
        elif given == ["about"]:
            node.subject = self._iri(said["about"], node.base)
        elif given == ["ID"]:
            node.subject = self._named(said["ID"], node.base)
        else:
            node.subject = self._blank(said["nodeID"])
        if space + local != RDF.Description:
            self._say(node.subject, RDF.type, self._iri(space + local, node.base), node)
        self._property_attributes(node, node.subject, {k: v for k, v in said.items() if k not in given})

    def _check_name(self, space: str, local: str, forbidden: set[str]) -> None:
        if not space:
            raise self._wrong("no-node", local)
        if space == str(RDF) and local in forbidden:
            raise self._wrong("name", f"rdf:{local}")

    def _property_attributes(self, scope: _Scope, subject: str, said: dict[str, str]) -> None:
        for name, value in said.items():
            if name == "type":
                self._say(subject, RDF.type, self._iri(value, scope.base), scope)
            elif name in ("version", "annotation", "annotationNodeID"):
                self._refuse_annotation(name)
            elif ":" in name:
                self._value(subject, self._iri(name, scope.base), value, "", scope)
            elif name in _SYNTAX or name in _NO_ATTRIBUTE:
                raise self._wrong("name", f"rdf:{name}")
            else:
                self._value(subject, RDF[name], value, "", scope)

    def _refuse_annotation(self, name: str) -> None:
        if name != "version":
            raise unreadable("triple-term", line=self.parser.CurrentLineNumber)

    def _place(self, around: _Scope | None, node: _Scope) -> None:
        """Make a node the value of the property that it stands in."""
        if around is None or around.kind == "nodes":
            return
        if around.kind == "collection":
            around.items.append(node.subject)
            return
        if around.object is not None or "".join(around.text).strip():
            raise self._wrong("element", node.name)
        around.text.clear()
        around.object = node.subject

    # ---- properties -------------------------------------------------------------------------------------------------

    def _begin_property(self, made: _Scope, node: _Scope, space: str, local: str, said: dict[str, str]) -> None:
        self._check_name(space, local, _NO_PROPERTY)
        made.kind, made.subject = "property", node.subject
        if space + local == RDF.li:
            node.members += 1
            local = f"_{node.members}"
        made.predicate = self._iri(space + local, made.base)
        if "ID" in said:
            made.reified = self._named(said.pop("ID"), made.base)
        for name in ("annotation", "annotationNodeID"):
            if name in said:
                self._refuse_annotation(name)
        if "parseType" in said:
            self._parse_as(made, said)
        elif "datatype" in said:
            self._only(said, {"datatype"})
            made.datatype = self._iri(said["datatype"], made.base)
            if made.datatype in (RDF.langString, RDF.dirLangString):
                raise self._wrong("iri", said["datatype"])
        elif said.keys() - {"version"}:
            self._begin_empty(made, said)

    def _parse_as(self, made: _Scope, said: dict[str, str]) -> None:
        self._only(said, {"parseType"})
        kind = said["parseType"]
        if kind == "Resource":
            # Its elements are properties of a node without a name.
            made.kind, made.object = "resource", self._blank()
            self._value_of(made)
            made.predicate, made.subject = "", made.object
        elif kind == "Collection":
            made.kind = "collection"
        elif kind == "Triple":
            raise unreadable("triple-term", line=self.parser.CurrentLineNumber)
        else:
            made.kind, made.literal = "literal", Literal()

    def _begin_empty(self, made: _Scope, said: dict[str, str]) -> None:
        if "resource" in said and "nodeID" in said:
            raise self._wrong("together", "rdf:nodeID")
        made.kind = "empty"
        if "resource" in said:
            made.object = self._iri(said["resource"], made.base)
        else:
            made.object = self._blank(said.get("nodeID"))
        others = {key: value for key, value in said.items() if key not in ("resource", "nodeID")}
        self._property_attributes(made, made.object, others)

    def _end_property(self, scope: _Scope) -> None:
        if scope.kind == "collection":
            scope.object = self._list(scope)
        elif scope.literal is not None:
            said = self._value(scope.subject, scope.predicate, str(scope.literal), RDF.XMLLiteral, scope)
            return self._reify(scope, said)
        elif scope.object is None:
            said = self._value(scope.subject, scope.predicate, "".join(scope.text), scope.datatype, scope)
            return self._reify(scope, said)
        elif scope.datatype:
            raise self._wrong("together", "rdf:datatype")
        return self._value_of(scope)

    def _list(self, scope: _Scope) -> str:
        cells = [self._blank() for _ in scope.items]
        for number, item in enumerate(scope.items):
            self._say(cells[number], RDF.first, item, scope)
            self._say(cells[number], RDF.rest, cells[number + 1] if number + 1 < len(cells) else RDF.nil, scope)
        return cells[0] if cells else RDF.nil

    # ---- statements -------------------------------------------------------------------------------------------------

    def _value_of(self, scope: _Scope) -> None:
        assert scope.object is not None
        self._say(scope.subject, scope.predicate, scope.object, scope)
        self._reify(scope, Statement.iri(scope.subject, scope.predicate, scope.object))

    def _value(self, s: str, p: str, text: str, datatype: str, scope: _Scope) -> Statement:
        self.limits.check("literal_characters", len(text))
        language = "" if datatype else scope.language
        kind = RDF.langString if language else datatype or XSD.string
        made = Statement(s, p, text, LITERAL, kind, language, None, scope.line)
        self._out.append(made)
        return made

    def _say(self, s: str, p: str, o: str, scope: _Scope) -> None:
        self._out.append(Statement(s, p, o, BLANK if o.startswith("_:") else IRI, "", "", None, scope.line))

    def _reify(self, scope: _Scope, made: Statement) -> None:
        if not scope.reified:
            return
        name, scope.reified = scope.reified, ""
        self._say(name, RDF.type, RDF.Statement, scope)
        self._say(name, RDF.subject, made.s, scope)
        self._say(name, RDF.predicate, made.p, scope)
        self._out.append(made._replace(s=name, p=RDF.object, row=scope.line))

    def _wrong(self, kind: str, value: str) -> UnreadableInputError:
        line = self.parser.CurrentLineNumber
        element = self._open[-1].name if self._open else "?"
        return broken("broken-rdfxml", kind, line=line, row=line, element=element, value=value)
