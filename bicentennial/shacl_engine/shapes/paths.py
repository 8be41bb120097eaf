"""Property paths: as typed objects, as a shapes graph holds them, and as SPARQL writes them.

>>> str(inverted(Inverse(Sequence((Predicate("urn:p"), Repeat(Predicate("urn:q"), "*"))))))
'(^<urn:q>*/^<urn:p>)'
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import rdflib
from rdflib.namespace import RDF, SH

from bicentennial.core.errors import UnsupportedShapeError
from bicentennial.shacl_engine.shapes.discovery import list_members

if TYPE_CHECKING:
    from rdflib.term import Node

__all__ = [
    "Alternative",
    "Inverse",
    "Path",
    "Predicate",
    "Repeat",
    "Sequence",
    "inverted",
    "members",
    "one",
    "path_text",
    "read_path",
    "simplified",
]


@dataclass(frozen=True, slots=True)
class Predicate:
    """A path of one property."""

    iri: str

    def __str__(self) -> str:
        return f"<{self.iri}>"


@dataclass(frozen=True, slots=True)
class Inverse:
    """A path walked backwards."""

    path: Path

    def __str__(self) -> str:
        return f"^{self.path}"


@dataclass(frozen=True, slots=True)
class Sequence:
    """Paths one after the other."""

    paths: tuple[Path, ...]

    def __str__(self) -> str:
        return "(" + "/".join(map(str, self.paths)) + ")"


@dataclass(frozen=True, slots=True)
class Alternative:
    """Any of several paths."""

    paths: tuple[Path, ...]

    def __str__(self) -> str:
        return "(" + "|".join(map(str, self.paths)) + ")"


@dataclass(frozen=True, slots=True)
class Repeat:
    """A path walked as often as its `mark` says: `*`, `+` or `?`."""

    path: Path
    mark: str

    def __str__(self) -> str:
        return f"{self.path}{self.mark}"


Path = Predicate | Inverse | Sequence | Alternative | Repeat


def inverted(path: Path) -> Path:
    """Return a path in which only properties are inverted, and nothing twice."""
    if not isinstance(path, Inverse):
        return path
    inner = path.path
    if isinstance(inner, Predicate):
        return path
    if isinstance(inner, Inverse):
        return inverted(inner.path)
    if isinstance(inner, Repeat):
        return Repeat(inverted(Inverse(inner.path)), inner.mark)
    ways = tuple(inverted(Inverse(way)) for way in inner.paths)
    return Sequence(ways[::-1]) if isinstance(inner, Sequence) else Alternative(ways)


def simplified(path: Path) -> Path:
    """Return a path that reaches the same, in which no repetition repeats another one directly.

    >>> str(simplified(Repeat(Repeat(Predicate("urn:p"), "?"), "+")))
    '<urn:p>*'
    >>> str(simplified(Repeat(Alternative((Repeat(Predicate("urn:p"), "*"), Predicate("urn:q"))), "+")))
    '(<urn:p>|<urn:q>)*'
    """
    if not isinstance(path, Repeat):
        return path
    inner = simplified(inverted(path.path))
    if isinstance(inner, Repeat):
        return Repeat(inner.path, _both(path.mark, inner.mark))
    if isinstance(inner, Alternative) and path.mark != "?":
        mark, ways = path.mark, []
        for way in map(simplified, map(inverted, inner.paths)):
            mark = _both(mark, way.mark) if isinstance(way, Repeat) else mark
            ways.append(way.path if isinstance(way, Repeat) else way)
        return Repeat(Alternative(tuple(ways)), mark)
    return Repeat(inner, path.mark)


def _both(outer: str, inner: str) -> str:
    none, many = {outer, inner} & {"*", "?"}, {outer, inner} & {"*", "+"}
    return "*" if none and many else "?" if none else "+"


def path_text(path: Path) -> str:
    """Return a path as results show it: the IRI of a property, or what SPARQL writes."""
    return path.iri if isinstance(path, Predicate) else str(path)


def read_path(graph: rdflib.Graph, node: Node, above: tuple[Node, ...] = ()) -> Path:
    """Return the path that a node of a shapes graph stands for.

    Raises:
        UnsupportedShapeError: it is none, or contains itself.
    """
    if node in above:
        raise UnsupportedShapeError("path-in-itself")
    if isinstance(node, rdflib.URIRef):
        return Predicate(str(node))
    above = (*above, node)
    if (node, RDF.first, None) in graph:
        return Sequence(tuple(read_path(graph, step, above) for step in members(graph, node)))
    steps = list(graph.predicate_objects(node))
    if len(steps) == 1:
        predicate, value = steps[0]
        if predicate == SH.inversePath:
            return Inverse(read_path(graph, value, above))
        if predicate == SH.alternativePath:
            return Alternative(tuple(read_path(graph, way, above) for way in members(graph, value)))
        for mark, kind in (("*", SH.zeroOrMorePath), ("+", SH.oneOrMorePath), ("?", SH.zeroOrOnePath)):
            if predicate == kind:
                return Repeat(read_path(graph, value, above), mark)
    raise UnsupportedShapeError("ill-formed-path")


def one(graph: rdflib.Graph, node: Node, predicate: rdflib.URIRef) -> Node | None:
    """Return the only value of a property, or None; two are an error."""
    values = list(graph.objects(node, predicate))
    if len(values) > 1:
        raise UnsupportedShapeError("two-values", property=predicate.fragment, node=node)
    return values[0] if values else None


def members(graph: rdflib.Graph, head: Node) -> list[Node]:
    """Return the members of an RDF list."""
    found = list_members(graph, head)
    if found is None:
        raise UnsupportedShapeError("ill-formed-list")
    return found
