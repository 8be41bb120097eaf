"""Terms of rdflib as ours.

>>> import rdflib
>>> term(rdflib.Literal("meta", lang="ES"))
Term(lexical='meta', kind=2, datatype='http://www.w3.org/1999/02/22-rdf-syntax-ns#langString', language='es')
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import rdflib
from rdflib.namespace import RDF, SH

from bicentennial.shacl_engine.results import BLANK, IRI, LITERAL, Term

if TYPE_CHECKING:
    from rdflib.term import Node

__all__ = ["messages_of", "node_of", "term"]


def term(node: Node) -> Term:
    """Return an rdflib term as ours."""
    if isinstance(node, rdflib.Literal):
        datatype = RDF.langString if node.language else node.datatype or rdflib.XSD.string
        return Term(str(node), LITERAL, str(datatype), (node.language or "").lower())
    return Term(f"_:{node}", BLANK) if isinstance(node, rdflib.BNode) else Term(str(node), IRI)


def node_of(key: str) -> rdflib.URIRef | rdflib.BNode:
    """Return the node of rdflib that a key stands for: an IRI, or a blank node, which begins with `_:`."""
    return rdflib.BNode(key[2:]) if key.startswith("_:") else rdflib.URIRef(key)


def messages_of(graph: rdflib.Graph, node: Node) -> tuple[tuple[str, str], ...]:
    """Return the messages of a shape or a constraint, as sorted pairs of language and text."""
    found = graph.objects(node, SH.message)
    return tuple(sorted((getattr(text, "language", None) or "", str(text)) for text in found))
