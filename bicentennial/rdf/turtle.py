"""One way to write Turtle, so that a diff shows only what changed.

Only prefixes in use, subjects in order, `a` first and labels next, one object a line, each with its place in an
order that does not depend on how the file was written before. Comments before the first statement are kept,
as the head of the file; others have no place to be kept at and are refused.

>>> print(format_turtle('''
... # What this file holds.
... @prefix skos: <http://www.w3.org/2004/02/skos/core#> .
... <https://w3id.org/bicentennial/id/x> skos:prefLabel "equis"@es, "x"@en ; a skos:Concept .
... '''), end="")
# What this file holds.
@prefix bicd: <https://w3id.org/bicentennial/id/> .
@prefix skos: <http://www.w3.org/2004/02/skos/core#> .
<BLANKLINE>
bicd:x a skos:Concept ;
    skos:prefLabel "x"@en ,
        "equis"@es .
"""

from __future__ import annotations

import re
from collections import Counter, defaultdict
from typing import TYPE_CHECKING, Final

import pyoxigraph as ox

from bicentennial.core.errors import UnreadableInputError
from bicentennial.core.messages import sentence
from bicentennial.core.namespaces import BIC, DCTERMS, OWL, PREFIXES, RDF, RDFS, SH, SKOS, SKOSXL, VANN, XSD

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

__all__ = ["format_turtle", "write_turtle"]

_FIRST_PREDICATES: Final = (
    RDF.type,
    RDFS.subClassOf,
    RDFS.isDefinedBy,
    SKOS.inScheme,
    SKOS.topConceptOf,
    SKOS.prefLabel,
    SKOSXL.literalForm,
    BIC.usageLabel,
    SKOS.altLabel,
    BIC.usageSynonym,
    SKOS.notation,
    DCTERMS.identifier,
    DCTERMS["title"],
    SKOS.definition,
    VANN.usageNote,
    DCTERMS.description,
    SKOS.scopeNote,
    SKOS.example,
    SH.targetClass,
    SH.path,
    SH.name,
    SH.description,
    SH.severity,
    SH.message,
)
_LAST_PREDICATES: Final = (SH.prefixes, SH.select, SH.property, SH.sparql, DCTERMS.source)
_HEADS: Final = frozenset({OWL.Ontology, SKOS.ConceptScheme, SH.NodeShape})
_FIRST: Final = {iri: rank for rank, iri in enumerate(_FIRST_PREDICATES)}
_LAST: Final = {iri: 1000 + rank for rank, iri in enumerate(_LAST_PREDICATES)}
_LOCAL: Final = re.compile(r"[A-Za-z0-9_](?:[\w.-]*[\w-])?", re.ASCII)
_SHORT_LITERALS: Final = {
    XSD.integer: re.compile(r"[+-]?\d+"),
    XSD.decimal: re.compile(r"[+-]?\d*\.\d+"),
    XSD.boolean: re.compile(r"true|false"),
}
_ESCAPES: Final = str.maketrans(
    {"\\": "\\\\", '"': '\\"', "\n": "\\n", "\r": "\\r", "\t": "\\t", "\b": "\\b", "\f": "\\f"}
)
_LONG_ESCAPES: Final = str.maketrans({"\\": "\\\\", "\r": "\\r", "\b": "\\b", "\f": "\\f"})
_TOKEN: Final = re.compile(
    r'"""(?:[^"\\]|\\.|"(?!""))*"""|\'\'\'(?:[^\'\\]|\\.|\'(?!\'\'))*\'\'\'|"(?:[^"\\\n]|\\.)*"|\'(?:[^\'\\\n]|\\.)*\'|<[^>\s]*>|#[^\n]*|[^\s"\'<#]+',
    re.DOTALL,
)

Object = ox.NamedNode | ox.BlankNode | ox.Literal | ox.Triple


def format_turtle(text: str) -> str:
    """Return Turtle rewritten in the one way; twice is the same as once.

    Raises:
        UnreadableInputError: it is no Turtle, or a comment stands where it would be lost.
    """
    comment = _head(text)
    try:
        parser = ox.parse(text, format=ox.RdfFormat.TURTLE)
        triples = [quad.triple for quad in parser]
    except SyntaxError as error:
        raise UnreadableInputError(sentence("turtle", "syntax", error=error), line=error.lineno) from error
    return write_turtle(triples, comment=comment, prefixes=parser.prefixes)


def _head(text: str) -> str:
    """Return the comments before the first statement; refuse later ones."""
    head: list[str] = []
    started = False
    words: list[str] = []
    for match in _TOKEN.finditer(text):
        token = match.group()
        if token.startswith("#"):
            if started:
                line = text.count("\n", 0, match.start()) + 1
                raise UnreadableInputError(sentence("turtle", "comment", line=line), line=line)
            head.append(token.rstrip())
        elif not started:
            words.append(token)
            directive = words[0].lower() in ("@prefix", "@base", "prefix", "base")
            if not directive:
                started = True
            elif (words[0].startswith("@") and token.endswith(".") and len(words) > 2) or (
                not words[0].startswith("@") and len(words) == (2 if words[0].lower() == "base" else 3)
            ):
                words = []
    return "\n".join(head)


def write_turtle(triples: Iterable[ox.Triple], *, comment: str = "", prefixes: Mapping[str, str] | None = None) -> str:
    """Return triples as Turtle; `prefixes` are those that may be used beside the project's own."""
    return _Writer(triples, {**(prefixes or {}), **PREFIXES}).text(comment)


def _natural(text: str) -> tuple[tuple[int, int | str], ...]:
    """Order numbers within names by value: `p2` before `p10`."""
    return tuple((0, int(part)) if part.isdecimal() else (1, part) for part in re.split(r"(\d+)", text) if part)


class _Writer:
    """The triples of one file, and how each of their terms is written."""

    def __init__(self, triples: Iterable[ox.Triple], prefixes: Mapping[str, str]) -> None:
        dataset = ox.Dataset(ox.Quad(triple.subject, triple.predicate, triple.object) for triple in triples)
        if any(isinstance(term, ox.BlankNode) for quad in dataset for term in (quad.subject, quad.object)):
            dataset.canonicalize(ox.CanonicalizationAlgorithm.RDFC_1_0)
        self.prefixes = sorted(prefixes.items(), key=lambda item: (-len(item[1]), item[0]))
        self.used: dict[str, str] = {}
        self.about: dict[ox.NamedNode | ox.BlankNode, dict[str, list[Object]]] = defaultdict(lambda: defaultdict(list))
        uses: Counter[ox.BlankNode] = Counter()
        for quad in dataset:
            assert not isinstance(quad.subject, ox.Triple)
            self.about[quad.subject][quad.predicate.value].append(quad.object)
            if isinstance(quad.object, ox.BlankNode):
                uses[quad.object] += 1
        self.nested = {node for node, count in uses.items() if count == 1 and not self._in_cycle(node)}

    def _in_cycle(self, start: ox.BlankNode) -> bool:
        """Whether a blank node leads back to itself, so that it cannot be written within brackets."""
        seen: set[ox.BlankNode] = set()
        stack = [start]
        while stack:
            for values in self.about.get(stack.pop(), {}).values():
                for value in values:
                    if value == start:
                        return True
                    if isinstance(value, ox.BlankNode) and value not in seen:
                        seen.add(value)
                        stack.append(value)
        return False

    def text(self, comment: str) -> str:
        top = [subject for subject in self.about if subject not in self.nested]
        blocks = [self._subject(subject) for subject in sorted(top, key=self._rank_subject)]
        head = [comment] if comment else []
        head += [f"@prefix {prefix}: <{self.used[prefix]}> ." for prefix in sorted(self.used)]
        return "\n\n".join(["\n".join(head), *blocks] if head else blocks) + "\n"

    def _rank_subject(
        self, subject: ox.NamedNode | ox.BlankNode
    ) -> tuple[bool, bool, tuple[tuple[int, int | str], ...]]:
        kinds = {kind.value for kind in self.about[subject].get(RDF.type, ()) if isinstance(kind, ox.NamedNode)}
        return not kinds & _HEADS, isinstance(subject, ox.BlankNode), _natural(subject.value)

    def _subject(self, subject: ox.NamedNode | ox.BlankNode) -> str:
        unnamed = isinstance(subject, ox.BlankNode) and not self._is_used(subject)
        name = "[]" if unnamed else self._term(subject, 0)
        return f"{name} {self._predicates(subject, 1)} ."

    def _is_used(self, node: ox.BlankNode) -> bool:
        return any(node in values for about in self.about.values() for values in about.values())

    def _predicates(self, subject: ox.NamedNode | ox.BlankNode, depth: int) -> str:
        about = self.about[subject]

        def rank(predicate: str) -> tuple[int, str]:
            return _FIRST.get(predicate, _LAST.get(predicate, 500)), self._shortened(predicate)[0]

        lines = []
        for predicate in sorted(about, key=rank):
            verb = "a" if predicate == RDF.type else self._iri(predicate)
            ordered = sorted(
                ((self._rank_object(value), value) for value in about[predicate]), key=lambda pair: pair[0]
            )
            objects = [self._term(value, depth + (len(ordered) > 1)) for _, value in ordered]
            lines.append(f"{verb} " + (" ,\n" + "    " * (depth + 1)).join(objects))
        return (" ;\n" + "    " * depth).join(lines)

    def _rank_object(self, value: Object) -> tuple[object, ...]:
        if isinstance(value, ox.Literal):
            return 1, value.language or "", _natural(value.value), value.datatype.value
        if isinstance(value, ox.BlankNode):
            return 2, self._term(value, 0)
        return 0, _natural(str(value))

    def _term(self, value: Object, depth: int) -> str:
        if isinstance(value, ox.NamedNode):
            return "()" if value.value == RDF.nil else self._iri(value.value)
        if isinstance(value, ox.Literal):
            return self._literal(value)
        if isinstance(value, ox.BlankNode):
            return self._blank(value, depth)
        raise UnreadableInputError(sentence("turtle", "triple-term"))

    def _blank(self, node: ox.BlankNode, depth: int) -> str:
        items = self._items(node)
        indent = "\n" + "    " * (depth + 1)
        outdent = "\n" + "    " * depth
        if items is not None:
            inner = [self._term(item, depth + 1) for item in items]
            return "(" + "".join(indent + item for item in inner) + (outdent if inner else "") + ")"
        if node not in self.nested:
            return f"_:{node.value}"
        if not self.about.get(node):
            return "[]"
        inside = self._predicates(node, depth + 1)
        return f"[{indent}{inside}{outdent}]" if "\n" in inside else f"[ {inside} ]"

    def _items(self, node: ox.BlankNode) -> list[Object] | None:
        """Return the members of the RDF list that starts here, or None if this is not one that brackets can say."""
        items: list[Object] = []
        current: Object = node
        while current != ox.NamedNode(RDF.nil):
            about = self.about.get(current) if isinstance(current, ox.BlankNode) else None
            if about is None or current not in self.nested or set(about) != {RDF.first, RDF.rest}:
                return None
            if len(about[RDF.first]) != 1 or len(about[RDF.rest]) != 1:
                return None
            items.append(about[RDF.first][0])
            current = about[RDF.rest][0]
        return items

    def _literal(self, literal: ox.Literal) -> str:
        value, datatype = literal.value, literal.datatype.value
        if not literal.language and datatype in _SHORT_LITERALS and _SHORT_LITERALS[datatype].fullmatch(value):
            return value
        if "\n" in value:
            quoted = '"""' + re.sub(r'"(?=""|$)', r'\\"', value.translate(_LONG_ESCAPES)) + '"""'
        else:
            quoted = '"' + value.translate(_ESCAPES) + '"'
        if literal.language:
            return f"{quoted}@{literal.language}"
        return quoted if datatype == XSD.string else f"{quoted}^^{self._iri(datatype)}"

    def _shortened(self, iri: str) -> tuple[str, str, str]:
        """Return how an IRI is written, and the prefix and namespace that this takes."""
        for prefix, namespace in self.prefixes:
            name = iri[len(namespace) :]
            if namespace and iri.startswith(namespace) and (not name or _LOCAL.fullmatch(name)):
                return f"{prefix}:{name}", prefix, namespace
        return f"<{iri}>", "", ""

    def _iri(self, iri: str) -> str:
        written, prefix, namespace = self._shortened(iri)
        if namespace:
            self.used[prefix] = namespace
        return written
