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

from bicentennial.core.namespaces import PREFIXES, XSD
from bicentennial.core.resources import files

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    import pyoxigraph
    import rdflib

__all__ = ["ask", "graph", "incoming", "load", "objects", "outgoing", "select", "store"]


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


def objects(subject: str, link: str) -> Iterator[Any]:
    """Yield the values of a property of a thing, as terms of Oxigraph; nothing where the thing is no IRI.

    What is asked of each of thousands of things is looked up, which takes a fifth of the time of a query.
    """
    import pyoxigraph as ox

    try:
        one = ox.NamedNode(subject)
    except ValueError:  # an identifier of a blank node or a text, of which nothing is said
        return
    for quad in store().quads_for_pattern(one, ox.NamedNode(link), None, ox.DefaultGraph()):
        yield quad.object


def outgoing(iri: str) -> Iterator[tuple[str, Mapping[str, str]]]:
    """Yield property and value of each statement about a thing; values are as in `select`."""
    import pyoxigraph as ox

    for quad in store().quads_for_pattern(ox.NamedNode(iri), None, None, ox.DefaultGraph()):
        yield quad.predicate.value, _described(quad.object)


def incoming(iri: str) -> Iterator[tuple[str, Mapping[str, str]]]:
    """Yield property and subject of each statement that names a thing; subjects are as in `select`."""
    import pyoxigraph as ox

    for quad in store().quads_for_pattern(None, None, ox.NamedNode(iri), ox.DefaultGraph()):
        yield quad.predicate.value, _described(quad.subject)


def _described(term: Any) -> Mapping[str, str]:
    import pyoxigraph as ox

    if not isinstance(term, ox.Literal):
        return {"type": "uri" if isinstance(term, ox.NamedNode) else "bnode", "value": term.value}
    if term.language:
        return {"type": "literal", "value": term.value, "xml:lang": term.language}
    datatype = term.datatype.value
    return {"type": "literal", "value": term.value, **({} if datatype == XSD.string else {"datatype": datatype})}


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
