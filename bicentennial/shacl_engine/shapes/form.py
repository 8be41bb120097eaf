"""The form of shapes graphs: the syntax rules of SHACL, checked before any engine looks.

An engine that answers ill-formed shapes answers at random: what breaks a rule is refused, by name, whichever engine
is chosen. What is a term of the namespace of SHACL but of none of its recommendations is taken for a misspelling.

>>> import rdflib
>>> graph = rdflib.Graph().parse(data='''
...     @prefix sh: <http://www.w3.org/ns/shacl#> .
...     <urn:S> sh:targetClass <urn:C> ; sh:property [ sh:path <urn:p> ; sh:mincount 1 ] .''')
>>> check_form(graph)
Traceback (most recent call last):
    ...
bicentennial.core.errors.ShapesError: sh:mincount is not a term of SHACL; did you mean sh:minCount?
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Final

import rdflib
from rdflib.namespace import RDF, SH, XSD

from bicentennial.core.similar import similar
from bicentennial.shacl_engine.lexical.datatypes import is_valid
from bicentennial.shacl_engine.problems import ill_formed
from bicentennial.shacl_engine.shapes.discovery import (
    BOUNDS,
    COUNTS,
    PROPERTIES,
    SHAPE_LISTS,
    SHAPES,
    TARGETS,
    instances,
    list_members,
    named,
    prefixes,
    shapes_of,
    targeted,
    unread_imports,
)

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from rdflib.term import Node

__all__ = ["check_form", "check_targets"]

_KEYWORDS: Final = ("and", "class", "in", "not", "or")
_TERMS: Final = frozenset(str(term).rpartition("#")[2] for term in dir(SH) if str(term).startswith(str(SH))) | {
    *_KEYWORDS
}
# Terms that drafts and notes have added since the recommendation.
_LATER: Final = frozenset(
    (
        *("ByTypes", "ShapeClass", "codeIdentifier", "conformanceDisallows", "else", "if", "maxListLength"),
        *("memberShape", "minListLength", "nodeByExpression", "reificationRequired", "reifierShape", "rootClass"),
        *("singleLine", "someValue", "subsetOf", "targetWhere", "then", "uniqueMembers", "values"),
    )
)
_BOOLEANS: Final = (SH.uniqueLang, SH.closed, SH.deactivated, SH.qualifiedValueShapesDisjoint)
_TEXTS: Final = (SH.pattern, SH.flags)
_LISTS: Final = (SH["in"], SH.languageIn, SH.ignoredProperties, *SHAPE_LISTS)
_ONCE: Final = (
    *(SH.datatype, SH.nodeKind, SH["in"], SH.languageIn, SH.path, SH.severity, SH.ignoredProperties),
    *COUNTS,
    *_BOOLEANS,
    *BOUNDS,
    *_TEXTS,
    SH.qualifiedValueShape,
)
_ONLY_PROPERTY: Final = (
    *(SH.minCount, SH.maxCount, SH.uniqueLang, SH.lessThan, SH.lessThanOrEquals, SH.qualifiedValueShape),
)
_NODE_KINDS: Final = frozenset(
    SH[name] for name in ("IRI", "BlankNode", "Literal", "BlankNodeOrIRI", "BlankNodeOrLiteral", "IRIOrLiteral")
)
# SHACL Advanced Features and SHACL-JS: what would change a verdict if it were passed over.
_ADVANCED: Final = (SH.target, SH.expression, SH.rule)
_NO_ENGINE: Final = (SH.js, SH.filterShape)
_PATHS: Final = (SH.inversePath, SH.alternativePath, SH.zeroOrMorePath, SH.oneOrMorePath, SH.zeroOrOnePath)
_DEEPEST: Final = 100
_PATH: Final = re.compile(r"[$?]PATH\b")
# Names that people write for the namespace of SHACL.
_LOOKALIKE: Final = re.compile(r"https?://(?:www\.)?w3\.org/(?:ns|TR|2015/shacl|[0-9]+)?/?shacl[#/]?", re.IGNORECASE)


def check_form(graph: rdflib.Graph, *, advanced: bool = False) -> None:
    """Raise an error if a shapes graph breaks a rule of SHACL's syntax.

    Args:
        graph: the shapes graph.
        advanced: whether targets, expressions and rules of SHACL Advanced Features may be used.

    Raises:
        ShapesError: what is wrong, and in which shape.
    """
    shapes = shapes_of(graph)
    _check_terms(graph, {*shapes, *_described(graph)})
    for _, _, regime in graph.triples((None, SH.entailment, None)):
        raise ill_formed("entailment", regime=regime)
    form = _Form(graph, shapes, advanced=advanced)
    for node in sorted(shapes, key=str):
        form.check(node)
    _check_recursion(graph, shapes)

    from bicentennial.shacl_engine.shapes.components import check_components

    check_components(graph)


def check_targets(graph: rdflib.Graph, file: str) -> None:
    """Raise an error if a shapes graph can find nothing, whatever the data: no shape in it has a target.

    Args:
        graph: the shapes graph.
        file: what the error calls it.

    Raises:
        ShapesError: there is no shape, or none has a target.
    """
    if targeted(graph):
        return
    _check_terms(graph, set(graph.subjects()))
    if imported := unread_imports(graph):
        raise ill_formed("only-imports", file=file, iri=imported[0])
    if shapes_of(graph):
        raise ill_formed("no-target", file=file)
    used = {str(term) for triple in graph for term in triple if isinstance(term, rdflib.URIRef)}
    other = next((found[0] for iri in sorted(used) if (found := _LOOKALIKE.match(iri)) and found[0] != str(SH)), None)
    if other:
        raise ill_formed("other-namespace", file=file, namespace=other)
    raise ill_formed("no-shapes", file=file)


def _described(graph: rdflib.Graph) -> set[Node]:
    """Return what a graph describes in terms of SHACL's classes."""
    return {s for s, o in graph.subject_objects(RDF.type) if str(o).startswith(str(SH))}


def _check_terms(graph: rdflib.Graph, nodes: Iterable[Node]) -> None:
    """Refuse names in the namespace of SHACL that are none of its terms, where they would be passed over."""
    used: set[Node] = set()
    for node in nodes:
        used.update(graph.predicates(node))
        used.update(graph.objects(node, RDF.type))
    names = (str(term).removeprefix(str(SH)) for term in used if str(term).startswith(str(SH)))
    for name in sorted(names):
        if name not in _TERMS:
            if name in _LATER:
                raise ill_formed("later", name=name)
            near = _nearest(name)
            raise ill_formed("misspelt" if near else "unknown-term", name=name, near=near)


def _nearest(name: str) -> str:
    """Return the term of SHACL that a name most likely means, or an empty text."""
    by_lower = {term.lower(): term for term in sorted(_TERMS)}
    return next((by_lower[found] for found in similar(name.lower(), by_lower, cutoff=82, limit=1)), "")


class _Form:
    """Checks shapes of one graph."""

    def __init__(self, graph: rdflib.Graph, shapes: set[Node], *, advanced: bool) -> None:
        self._graph = graph
        self._shapes = shapes
        self._advanced = advanced
        self._properties = instances(graph, SH.PropertyShape)
        self._nodes = instances(graph, SH.NodeShape)
        self._node = ""
        self._known: dict[Node, dict[Node, list[Node]]] = {}

    def check(self, node: Node) -> None:
        """Raise an error if a shape breaks a rule."""
        if isinstance(node, rdflib.Literal):
            raise ill_formed("literal-shape", value=node)
        self._node = self._called(node)
        self._check_once(node)
        self._check_path(node)
        self._check_extensions(node)
        for predicate in (*COUNTS, *_BOOLEANS, *BOUNDS, *_TEXTS, SH.message):
            self._check_literal(node, predicate)
        for predicate in (SH.datatype, SH["class"], SH.severity, *PROPERTIES, *TARGETS):
            self._check_name(node, predicate)
        self._check_node_kind(node)
        self._check_lists(node)
        self._check_inner(node)
        self._check_patterns(node)
        for constraint in self._graph.objects(node, SH.sparql):
            self._check_select(constraint)

    def _called(self, node: Node) -> str:
        """Return what a message calls a shape; one without a name by its path, if that is a property."""
        path = self._graph.value(node, SH.path)
        about = isinstance(node, rdflib.BNode) and isinstance(path, rdflib.URIRef)
        return f"[ sh:path <{path}> ]" if about else named(node)

    def _refuse(self, key: str, **words: object) -> None:
        raise ill_formed(key, self._node, **words)

    def _values(self, node: Node, predicate: Node) -> list[Node]:
        if node not in self._known:  # which is asked for dozens of properties, most of which it does not have
            known = self._known[node] = {}
            for p, o in self._graph.predicate_objects(node):
                known.setdefault(p, []).append(o)
        found = self._known[node].get(predicate)
        return sorted(found, key=str) if found else []

    def _check_once(self, node: Node) -> None:
        for predicate in _ONCE:
            if len(self._values(node, predicate)) > 1:
                self._refuse("two-values", property=_term(predicate))

    def _check_path(self, node: Node) -> None:
        paths = self._values(node, SH.path)
        if not paths:
            if node in self._properties:
                self._refuse("no-path")
            for predicate in _ONLY_PROPERTY:
                if self._values(node, predicate):
                    self._refuse("only-property", property=_term(predicate))
            return
        if node in self._nodes:
            self._refuse("path-on-node-shape")
        if not self._is_path(paths[0], ()):
            self._refuse("ill-formed-path")

    def _is_path(self, path: Node, above: tuple[Node, ...]) -> bool:
        graph = self._graph
        if isinstance(path, rdflib.URIRef):
            return path != RDF.nil
        if isinstance(path, rdflib.Literal) or path in above or len(above) > _DEEPEST:
            return False
        above = (*above, path)
        if (path, RDF.first, None) in graph:
            steps = list_members(graph, path)
            return steps is not None and len(steps) > 1 and all(self._is_path(step, above) for step in steps)
        kinds = [(p, o) for p, o in graph.predicate_objects(path) if p in _PATHS]
        if len(kinds) != 1:
            return False
        kind, value = kinds[0]
        if kind != SH.alternativePath:
            return self._is_path(value, above)
        ways = list_members(graph, value)
        return ways is not None and len(ways) > 1 and all(self._is_path(way, above) for way in ways)

    def _check_extensions(self, node: Node) -> None:
        for predicate in _NO_ENGINE:
            if self._values(node, predicate):
                self._refuse("extension", property=_term(predicate))
        for predicate in () if self._advanced else _ADVANCED:
            if self._values(node, predicate):
                self._refuse("advanced", property=_term(predicate))

    def _check_literal(self, node: Node, predicate: Node) -> None:
        for value in self._values(node, predicate):
            right = isinstance(value, rdflib.Literal) and (predicate in BOUNDS or _fits(predicate, value))
            if not right:
                self._refuse(_expected(predicate), property=_term(predicate), value=_shown(value))

    def _check_name(self, node: Node, predicate: Node) -> None:
        for value in self._values(node, predicate):
            literal = predicate == SH.targetNode and isinstance(value, rdflib.Literal)
            if not literal and not isinstance(value, rdflib.URIRef):
                self._refuse("no-iri", property=_term(predicate), value=_shown(value))

    def _check_node_kind(self, node: Node) -> None:
        for value in self._values(node, SH.nodeKind):
            if value not in _NODE_KINDS:
                self._refuse("node-kind", value=_term(value) if isinstance(value, rdflib.URIRef) else _shown(value))

    def _check_lists(self, node: Node) -> None:
        for predicate in _LISTS:
            for head in self._values(node, predicate):
                members = list_members(self._graph, head)
                if members is None:
                    self._refuse("ill-formed-list", property=_term(predicate))
                for member in members or () if predicate == SH.languageIn else ():
                    plain = isinstance(member, rdflib.Literal) and not member.language and _is_text(member)
                    if not plain:
                        self._refuse("no-text", property=_term(predicate), value=_shown(member))
                for member in members or () if predicate == SH.ignoredProperties else ():
                    if not isinstance(member, rdflib.URIRef):
                        self._refuse("no-iri", property=_term(predicate), value=_shown(member))

    def _check_inner(self, node: Node) -> None:
        for value in self._values(node, SH.property):
            if not self._values(value, SH.path):
                self._refuse("property-without-path", value=named(value))
        for value in self._values(node, SH.node):
            if self._values(value, SH.path):
                self._refuse("node-with-path", value=named(value))

    def _check_patterns(self, node: Node) -> None:
        from bicentennial.shacl_engine.lexical.regex import check

        for pattern in self._values(node, SH.pattern):
            flags = "".join(map(str, self._values(node, SH.flags)))
            if (reason := check(str(pattern), flags)) is not None:
                self._refuse("pattern", pattern=pattern, reason=reason)

    def _check_select(self, constraint: Node) -> None:
        self._check_literal(constraint, SH.deactivated)
        self._check_literal(constraint, SH.message)
        selects = self._values(constraint, SH.select)
        if len(selects) != 1 or not isinstance(selects[0], rdflib.Literal):
            self._refuse("no-select")
        for owner in self._graph.objects(constraint, SH.prefixes):
            for declared in self._graph.objects(owner, SH.declare):
                if not all(len(self._values(declared, each)) == 1 for each in (SH.prefix, SH.namespace)):
                    self._refuse("prefix-declaration")
        text = prefixes(self._graph, constraint) + _PATH.sub("<urn:x-path>", str(selects[0]))
        from bicentennial.shacl_engine.shapes.queries import algebra  # loads a parser that few shapes need

        algebra(text, self._node)


def _fits(predicate: Node, value: rdflib.Literal) -> bool:
    if predicate in COUNTS:
        return value.datatype == XSD.integer and is_valid(str(XSD.integer), str(value))
    if predicate in _BOOLEANS:
        return value.datatype == XSD.boolean and is_valid(str(XSD.boolean), str(value))
    return _is_text(value) and (predicate == SH.message or not value.language)


def _expected(predicate: Node) -> str:
    if predicate in COUNTS:
        return "no-number"
    if predicate in _BOOLEANS:
        return "no-boolean"
    return "no-literal" if predicate in BOUNDS else "no-text"


def _is_text(value: rdflib.Literal) -> bool:
    return bool(value.language) or value.datatype in (None, XSD.string, RDF.langString)


def _term(predicate: Node) -> str:
    return str(predicate).replace(str(SH), "sh:")


def _shown(value: Node) -> str:
    if isinstance(value, rdflib.BNode):
        return named(value)
    return value.n3() if isinstance(value, rdflib.Literal) else _term(value)


def _check_recursion(graph: rdflib.Graph, shapes: Iterable[Node]) -> None:
    steps = {shape: set(_below(graph, shape)) for shape in shapes}
    # What leads to nothing is on no circle, and nor is what then leads to nothing.
    while ends := [shape for shape, found in steps.items() if not any(each in steps for each in found)]:
        for shape in ends:
            del steps[shape]
    if steps:
        # What is left is on a circle or leads to one: following it ends on one.
        way = [min(steps, key=str)]
        while (further := min(steps[way[-1]] & steps.keys(), key=str)) not in way:
            way.append(further)
        circle = way[way.index(further) :]
        raise ill_formed("recursive", named(min(circle, key=lambda each: (isinstance(each, rdflib.BNode), str(each)))))


def _below(graph: rdflib.Graph, shape: Node) -> Iterator[Node]:
    for predicate in SHAPES:
        yield from graph.objects(shape, predicate)
    for predicate in SHAPE_LISTS:
        for head in graph.objects(shape, predicate):
            yield from list_members(graph, head) or ()
