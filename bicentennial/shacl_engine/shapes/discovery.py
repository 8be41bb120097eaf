"""What a shapes graph holds: which of its nodes are shapes, classes and targets, and what messages call them."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Final

import rdflib
from rdflib.namespace import OWL, RDF, RDFS, SH, XSD

if TYPE_CHECKING:
    from rdflib.term import Node

__all__ = [
    "BOUNDS",
    "COUNTS",
    "PROPERTIES",
    "SHAPES",
    "SHAPE_LISTS",
    "TARGETS",
    "TRUE",
    "instances",
    "is_class",
    "list_members",
    "named",
    "prefixes",
    "shapes_of",
    "targeted",
    "undefined_shapes",
    "unread_imports",
]

TRUE: Final = rdflib.Literal("true", datatype=XSD.boolean)
"""The only term that switches on what takes a boolean: `"1"^^xsd:boolean` is another, and does not."""

TARGETS: Final = (SH.targetClass, SH.targetNode, SH.targetSubjectsOf, SH.targetObjectsOf)
COUNTS: Final = (SH.minCount, SH.maxCount, SH.qualifiedMinCount, SH.qualifiedMaxCount, SH.minLength, SH.maxLength)
BOUNDS: Final = (SH.minExclusive, SH.minInclusive, SH.maxExclusive, SH.maxInclusive)
PROPERTIES: Final = (SH.equals, SH.disjoint, SH.lessThan, SH.lessThanOrEquals)
SHAPES: Final = (SH.node, SH["not"], SH.property, SH.qualifiedValueShape)
SHAPE_LISTS: Final = (SH["and"], SH["or"], SH.xone)
_PARAMETERS: Final = frozenset(
    (
        *(SH["class"], SH.datatype, SH.nodeKind, SH.hasValue, SH.sparql, SH.pattern),
        *(set(COUNTS) | {SH.uniqueLang, SH.closed, *BOUNDS, *PROPERTIES, *SHAPES, *SHAPE_LISTS}),
        *(SH["in"], SH.languageIn),
    )
)
_LABEL: Final = re.compile(r"^[NnfF]?[0-9a-fA-F]{16,}(?:b\d+)?$")


def instances(graph: rdflib.Graph, *classes: Node) -> set[Node]:
    """Return the SHACL instances of classes: subclasses in the graph count.

    >>> graph = rdflib.Graph().parse(data='''@prefix sh: <http://www.w3.org/ns/shacl#> .
    ...     @prefix rdfs: <http://www.w3.org/2000/01/rdf-schema#> .
    ...     <urn:Mine> rdfs:subClassOf sh:NodeShape . <urn:S> a <urn:Mine> .''')
    >>> instances(graph, SH.NodeShape)
    {rdflib.term.URIRef('urn:S')}
    """
    found: set[Node] = set()
    for wanted in classes:
        for lower in graph.transitive_subjects(RDFS.subClassOf, wanted):
            found.update(graph.subjects(RDF.type, lower))
    return found


def is_class(graph: rdflib.Graph, node: Node) -> bool:
    """Return whether a node is a class by the shapes graph."""
    if not isinstance(node, rdflib.URIRef):
        return False
    kinds = set(graph.transitive_subjects(RDFS.subClassOf, RDFS.Class)) | {OWL.Class}
    return any(kind in kinds for kind in graph.objects(node, RDF.type))


def targeted(graph: rdflib.Graph) -> set[Node]:
    """Return the nodes that are shapes with a target."""
    found: set[Node] = set()
    for predicate in (*TARGETS, SH.target):
        found.update(graph.subjects(predicate))
    return found | {node for node in shapes_of(graph) if is_class(graph, node)}


def shapes_of(graph: rdflib.Graph) -> set[Node]:
    """Return all shapes of a graph, as section 2.1 of the recommendation defines them."""
    found = instances(graph, SH.NodeShape, SH.PropertyShape)
    for predicate in (*TARGETS, SH.target, *_PARAMETERS):
        found.update(graph.subjects(predicate))
    for predicate in SHAPES:
        found.update(graph.objects(None, predicate))
    for predicate in SHAPE_LISTS:
        for head in graph.objects(None, predicate):
            found.update(list_members(graph, head) or ())
    parameters = set(graph.objects(None, SH.parameter))
    return {node for node in found if node not in parameters}


def unread_imports(graph: rdflib.Graph) -> list[str]:
    """Return the ontologies that a graph imports and has no header of: nothing is fetched.

    >>> graph = rdflib.Graph().parse(data='''@prefix owl: <http://www.w3.org/2002/07/owl#> .
    ...     <urn:a> owl:imports <urn:b>, <urn:c>, <urn:d> . <urn:b> a owl:Ontology ; owl:versionIRI <urn:c> .''')
    >>> unread_imports(graph)
    ['urn:d']
    """
    imported = {iri for iri in graph.objects(None, OWL.imports) if isinstance(iri, rdflib.URIRef)}
    headers = set(graph.subjects(RDF.type, OWL.Ontology))
    return sorted(map(str, imported - headers - set(graph.objects(None, OWL.versionIRI))))


def undefined_shapes(graph: rdflib.Graph) -> list[str]:
    """Return the shapes that others name and of which a graph says nothing, so that anything conforms to them.

    >>> graph = rdflib.Graph().parse(data='''@prefix sh: <http://www.w3.org/ns/shacl#> .
    ...     <urn:S> sh:node <urn:T>, <urn:U> ; sh:or ( <urn:T> <urn:V> ) . <urn:T> sh:nodeKind sh:IRI .
    ...     <urn:W> sh:node <urn:X> ; sh:deactivated true .''')
    >>> undefined_shapes(graph)
    ['urn:U', 'urn:V']
    """
    off = set(graph.subjects(SH.deactivated, TRUE))
    used = {node for predicate in SHAPES for s, node in graph.subject_objects(predicate) if s not in off}
    for predicate in SHAPE_LISTS:
        for s, head in graph.subject_objects(predicate):
            used.update((list_members(graph, head) or ()) if s not in off else ())
    return sorted(str(node) for node in used if isinstance(node, rdflib.URIRef) and (node, None, None) not in graph)


def named(node: Node) -> str:
    """Return what a message calls a shape: its IRI, or that it has no name."""
    return str(node) if isinstance(node, rdflib.URIRef) else f"_:{'…' if _LABEL.match(str(node)) else node}"


def list_members(graph: rdflib.Graph, head: Node, most: int | None = None) -> list[Node] | None:
    """Return the members of a list, or only the first ones; None if it is ill-formed as far as that."""
    found: list[Node] = []
    seen: set[Node] = set()
    first, rest, nil = RDF.first, RDF.rest, RDF.nil  # which rdflib looks up each time
    while head != nil and (most is None or len(found) < most):
        values, others = list(graph.objects(head, first)), list(graph.objects(head, rest))
        if len(values) != 1 or len(others) != 1 or head in seen or isinstance(head, rdflib.Literal):
            return None
        seen.add(head)
        found += values
        head = others[0]
    return found


def prefixes(graph: rdflib.Graph, constraint: Node) -> str:
    """Return the declarations of prefixes of a SPARQL constraint or component, as SPARQL writes them."""
    owners = {
        owner
        for stated in graph.objects(constraint, SH.prefixes)
        for owner in graph.transitive_objects(stated, OWL.imports)
    }
    lines = {
        f"PREFIX {graph.value(declared, SH.prefix)}: <{graph.value(declared, SH.namespace)}>\n"
        for owner in owners
        for declared in graph.objects(owner, SH.declare)
    }
    return "".join(sorted(lines))
