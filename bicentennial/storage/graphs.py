"""Statements from the terms of rdflib, and a graph of rdflib's from statements."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Final

from bicentennial.core.errors import UnreadableInputError
from bicentennial.core.escape import plain
from bicentennial.core.messages import sentence
from bicentennial.core.namespaces import XSD
from bicentennial.storage.layout import IRI, LITERAL
from bicentennial.storage.statement import Statement

if TYPE_CHECKING:
    from collections.abc import Iterator

    import rdflib
    from rdflib.term import Node

    from bicentennial.storage.dataset import Dataset

__all__ = ["graph_of", "of_graph", "triples_of"]

# What neither IRIs nor the names of blank nodes can hold.
_NO_NAME: Final = re.compile(r'[\x00-\x20<>"]')


def graph_of(dataset: Dataset) -> rdflib.Graph:
    """Return the statements of a dataset as an rdflib graph, lexical forms untouched.

    >>> from bicentennial.storage.choice import for_statements
    >>> with for_statements([Statement.literal("urn:a", "urn:q", "01", XSD.integer)], sqlite=True) as dataset:
    ...     [str(value) for value in graph_of(dataset).objects()]
    ['01']
    """
    import rdflib

    graph = rdflib.Graph()
    for triple in triples_of(dataset):
        graph.add(triple)
    return graph


def triples_of(dataset: Dataset) -> Iterator[tuple[Node, Node, Node]]:
    """Yield the statements of a dataset as rdflib's terms, of which those that recur are made once."""
    from functools import cache

    import rdflib

    iri = cache(rdflib.URIRef)
    blank = cache(rdflib.BNode)
    cursor = dataset.connection.execute("SELECT s, p, o, kind, dt, lang FROM statements")
    while rows := cursor.fetchmany(10_000):
        for s, p, o, kind, dt, lang in rows:
            value: Node
            if kind == LITERAL:
                plain = lang or dt == XSD.string
                value = rdflib.Literal(o, lang=lang or None, datatype=None if plain else iri(dt), normalize=False)
            else:
                value = iri(o) if kind == IRI else blank(o[2:])
            yield blank(s[2:]) if s.startswith("_:") else iri(s), iri(p), value


def of_graph(graph: rdflib.Graph) -> Iterator[Statement]:
    """Yield the statements of an rdflib graph, those of a dataset whatever graph they stand in.

    Raises:
        UnreadableInputError: something in the place of an IRI is none.
    """
    import rdflib

    several = isinstance(graph, rdflib.ConjunctiveGraph)  # whose iteration gives quads
    for s, p, o in graph.triples((None, None, None)) if not several else _of_all(graph):
        if isinstance(o, rdflib.Literal):
            datatype = str(o.datatype or XSD.string)
            if _NO_NAME.search(datatype):
                raise _no_iri(datatype)
            yield Statement.literal(_name(s), _name(p), str(o), datatype, o.language or "")
        else:
            yield Statement.iri(_name(s), _name(p), _name(o))


def _of_all(graph: rdflib.Graph) -> Iterator[tuple[Node, Node, Node]]:
    import rdflib

    assert isinstance(graph, rdflib.ConjunctiveGraph)
    yield from {quad[:3] for quad in graph.quads((None, None, None, None))}


def _name(node: Node) -> str:
    import rdflib

    if _NO_NAME.search(str(node)):
        raise _no_iri(str(node))
    return f"_:{node}" if isinstance(node, rdflib.BNode) else str(node)


def _no_iri(text: str) -> UnreadableInputError:
    return UnreadableInputError(sentence("error", "no-iri", text=plain(text[:80])))
