"""The description of the endpoint in the vocabulary SPARQL 1.1 Service Description."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

import pyoxigraph as ox

from bicentennial.core.messages import sentence
from bicentennial.core.namespaces import DCTERMS, RDF, VOID, Namespace
from bicentennial.exchange.publications.owl import DATASET
from bicentennial.knowledge.sparql.functions import functions
from bicentennial.knowledge.store import store

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

__all__ = ["described"]

SD: Final = Namespace("http://www.w3.org/ns/sparql-service-description#")
FORMATS: Final = Namespace("http://www.w3.org/ns/formats/")
_FORMATS: Final = (
    "SPARQL_Results_JSON",
    "SPARQL_Results_XML",
    "SPARQL_Results_CSV",
    "SPARQL_Results_TSV",
    "Turtle",
    "N-Triples",
    "JSON-LD",
    "RDF_XML",
)
_LICENCE: Final = "https://creativecommons.org/licenses/by/4.0/"


def described(endpoint: str, graphs: Sequence[str]) -> list[ox.Triple]:
    """Return the description of an endpoint at an address, with the named graphs that queries find by themselves."""
    service, dataset, default = ox.NamedNode(endpoint), ox.BlankNode(), ox.BlankNode()
    return [
        *_said(service, RDF.type, SD.Service),
        *_said(service, SD.endpoint, endpoint),
        *_said(service, SD.supportedLanguage, SD.SPARQL11Query),
        *(each for name in _FORMATS for each in _said(service, SD.resultFormat, FORMATS[name])),
        *(each for name in functions() for each in _said(service, SD.extensionFunction, name.value)),
        *(each for name in functions() for each in _said(name, RDF.type, SD.Function)),
        *_texts(service, "title", DCTERMS.title),
        *_said(service, DCTERMS.license, _LICENCE),
        ox.Triple(service, ox.NamedNode(SD.defaultDataset), dataset),
        *_said(dataset, RDF.type, SD.Dataset),
        ox.Triple(dataset, ox.NamedNode(SD.defaultGraph), default),
        *_said(default, RDF.type, SD.Graph),
        *_said(default, DCTERMS.isPartOf, DATASET),
        *_texts(default, "default", DCTERMS.description),
        ox.Triple(default, ox.NamedNode(VOID.triples), ox.Literal(len(store()))),
        *(each for name in graphs for each in _graph(dataset, name)),
    ]


def _graph(dataset: ox.BlankNode, name: str) -> Iterator[ox.Triple]:
    node = ox.BlankNode()
    yield ox.Triple(dataset, ox.NamedNode(SD.namedGraph), node)
    yield from _said(node, RDF.type, SD.NamedGraph)
    yield from _said(node, SD.name, name)


def _said(subject: ox.NamedNode | ox.BlankNode, prop: str, value: str) -> Iterator[ox.Triple]:
    yield ox.Triple(subject, ox.NamedNode(prop), ox.NamedNode(value))


def _texts(subject: ox.NamedNode | ox.BlankNode, key: str, prop: str) -> Iterator[ox.Triple]:
    for lang, text in sentence("sparql", "description", key).items():
        yield ox.Triple(subject, ox.NamedNode(prop), ox.Literal(text, language=lang))
