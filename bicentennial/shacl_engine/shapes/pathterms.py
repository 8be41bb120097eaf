"""Property paths as rdflib writes them: as path objects, as nodes of a report, and as JSON between processes.

>>> from bicentennial.shacl_engine.shapes.paths import Inverse, Predicate, Sequence
>>> path = Sequence((Predicate("urn:p"), Inverse(Predicate("urn:q"))))
>>> of_json(as_json(path)) == path
True
>>> print(as_rdflib(path).n3())
<urn:p>/^<urn:q>
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import rdflib
from rdflib import paths as rdflib_paths
from rdflib.collection import Collection
from rdflib.namespace import SH

from bicentennial.shacl_engine.shapes.paths import Alternative, Inverse, Path, Predicate, Repeat, Sequence

if TYPE_CHECKING:
    from rdflib.term import Node

__all__ = ["as_json", "as_nodes", "as_rdflib", "of_json"]

_MARKS = {"*": SH.zeroOrMorePath, "+": SH.oneOrMorePath, "?": SH.zeroOrOnePath}


def as_json(path: Path) -> Any:
    """Return a path as lists and texts."""
    match path:
        case Predicate():
            return path.iri
        case Inverse():
            return ["^", as_json(path.path)]
        case Repeat():
            return [path.mark, as_json(path.path)]
        case Sequence():
            return ["/", *map(as_json, path.paths)]
        case Alternative():
            return ["|", *map(as_json, path.paths)]


def of_json(plain: Any) -> Path:
    """Return the path that `as_json` wrote."""
    if isinstance(plain, str):
        return Predicate(plain)
    kind, *parts = plain
    paths = tuple(map(of_json, parts))
    if kind == "^":
        return Inverse(paths[0])
    if kind in _MARKS:
        return Repeat(paths[0], kind)
    return Sequence(paths) if kind == "/" else Alternative(paths)


def as_rdflib(path: Path) -> rdflib.URIRef | rdflib_paths.Path:
    """Return a path as a term or path object of rdflib."""
    match path:
        case Predicate():
            return rdflib.URIRef(path.iri)
        case Inverse():
            return rdflib_paths.InvPath(as_rdflib(path.path))
        case Repeat():
            return rdflib_paths.MulPath(as_rdflib(path.path), path.mark)  # type: ignore[arg-type]
        case Sequence():
            return rdflib_paths.SequencePath(*map(as_rdflib, path.paths))
        case Alternative():
            return rdflib_paths.AlternativePath(*map(as_rdflib, path.paths))


def as_nodes(path: Path, graph: rdflib.Graph) -> Node:
    """Add a path to a graph as SHACL writes it, and return its node."""
    if isinstance(path, Predicate):
        return rdflib.URIRef(path.iri)
    node = rdflib.BNode()
    match path:
        case Inverse():
            graph.add((node, SH.inversePath, as_nodes(path.path, graph)))
        case Repeat():
            graph.add((node, _MARKS[path.mark], as_nodes(path.path, graph)))
        case Sequence():
            Collection(graph, node, [as_nodes(step, graph) for step in path.paths])
        case Alternative():
            ways = rdflib.BNode()
            Collection(graph, ways, [as_nodes(way, graph) for way in path.paths])
            graph.add((node, SH.alternativePath, ways))
    return node
