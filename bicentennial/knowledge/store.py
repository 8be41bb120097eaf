"""The ontology and the Framework's data in memory, for SPARQL and for everything that shows them.

Parsing all files takes some hundredths of a second, so nothing is cached on disk.

>>> len(store()) > 1000
True
>>> ask("ASK { bicd:agency-ofac bic:isPartOf bicd:agency-treasury }")
True
"""

from __future__ import annotations

import json
from functools import cache
from typing import TYPE_CHECKING, Any

from bicentennial.core.namespaces import PREFIXES
from bicentennial.core.resources import files

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    import pyoxigraph
    import rdflib

__all__ = ["ask", "graph", "load", "select", "store"]


def load() -> pyoxigraph.Store:
    """Return a new store with the ontology and the Framework in its default graph."""
    import pyoxigraph as ox

    new = ox.Store()
    for path in files("ontology", "**/*.ttl"):
        new.load(path=str(path), format=ox.RdfFormat.TURTLE)
    return new


@cache
def store() -> pyoxigraph.Store:
    """Return the one store that all questions about our own data share; it is never written to."""
    return load()


def graph() -> rdflib.Graph:
    """Return the ontology and the Framework as a new rdflib Graph, which is the caller's to change.

    >>> from rdflib import URIRef
    >>> (URIRef("https://w3id.org/bicentennial/id/agency-ofac"), None, None) in graph()
    True
    """
    import rdflib

    new = rdflib.Graph(bind_namespaces="none")
    for prefix, namespace in PREFIXES.items():
        new.bind(prefix, namespace)
    for path in files("ontology", "**/*.ttl"):
        new.parse(path, format="turtle")
    return new


def select(query: str) -> Iterator[Mapping[str, Mapping[str, Any]]]:
    """Run one of our own SELECT queries; each row maps variables to terms as in SPARQL JSON.

    Terms cross from the engine as one JSON text: touching them one by one would take most of the time.
    """
    import pyoxigraph as ox

    solutions = store().query(query, prefixes=PREFIXES)
    assert isinstance(solutions, ox.QuerySolutions)
    text = solutions.serialize(format=ox.QueryResultsFormat.JSON)
    assert text is not None
    yield from json.loads(text)["results"]["bindings"]


def ask(query: str) -> bool:
    """Run one of our own ASK queries."""
    return bool(store().query(query, prefixes=PREFIXES))
