"""Statements in the syntaxes of RDF, by the ending of a file's name.

`written` gives the same statements always the same bytes, which entity tags rely on; `serialized` takes them as they
come, since giving names to nodes that have none may take for ever on data made to that end.

>>> triple = ox.Triple(ox.NamedNode("urn:a"), ox.NamedNode(SKOS.prefLabel), ox.Literal("Talk", language="en"))
>>> print(written([triple], ".jsonld").decode(), end="")
{
 "@context": {
  "@version": 1.1,
  "id": "@id",
  "prefLabel": {
   "@id": "skos:prefLabel",
   "@container": "@language"
  },
  "skos": "http://www.w3.org/2004/02/skos/core#",
  "type": "@type"
 },
 "@graph": [
  {
   "id": "urn:a",
   "prefLabel": {
    "en": "Talk"
   }
  }
 ]
}
"""

from __future__ import annotations

import json
import re
from functools import cache
from typing import TYPE_CHECKING, Any, Final

import pyoxigraph as ox

from bicentennial.core.escape import numbered
from bicentennial.core.namespaces import PREFIXES, SKOS
from bicentennial.core.resources import COMPILED
from bicentennial.exchange.cells import UNWRITABLE
from bicentennial.exchange.linked import ambiguous, node
from bicentennial.rdf import write_turtle
from bicentennial.storage.layout import BLANK, IRI, LITERAL

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from bicentennial.exchange.source import Object

__all__ = ["FORMS", "SKOS", "serialized", "written"]

FORMS: Final = {
    ".ttl": "text/turtle",
    ".jsonld": "application/ld+json",
    ".nt": "application/n-triples",
    ".rdf": "application/rdf+xml",
}
"""The media type of each ending, the most useful first."""
_PREFIXED: Final = re.compile(r"([a-z]+):(?!//)")


def written(triples: Iterable[ox.Triple], ending: str) -> bytes:
    """Return statements in the syntax of an ending of `FORMS`."""
    dataset = ox.Dataset(ox.Quad(each.subject, each.predicate, each.object) for each in triples)
    dataset.canonicalize(ox.CanonicalizationAlgorithm.RDFC_1_0)
    ordered = sorted((quad.triple for quad in dataset), key=str)
    return numbered(write_turtle(ordered)).encode() if ending == ".ttl" else serialized(ordered, ending)


def serialized(triples: Iterable[ox.Triple], ending: str) -> bytes:
    """Return statements in the syntax of an ending, in the order of their texts; RDF/XML has no control characters.

    Raises:
        ValueError: the syntax has no way to write them, as RDF/XML has none for some properties.
    """
    ordered = sorted(triples, key=str)
    if ending == ".nt":
        return "".join(f"{each} .\n" for each in ordered).encode()
    if ending == ".jsonld" and not any(map(_is_ambiguous, ordered)):
        return _jsonld(ordered)
    kind = {".ttl": ox.RdfFormat.TURTLE, ".rdf": ox.RdfFormat.RDF_XML, ".jsonld": ox.RdfFormat.JSON_LD}[ending]
    seen = " ".join(str(each.predicate) if ending == ".rdf" else str(each) for each in ordered)
    content = ox.serialize(ordered, format=kind, prefixes={name: iri for name, iri in PREFIXES.items() if iri in seen})
    assert content is not None
    return UNWRITABLE.sub("\ufffd", content.decode()).encode() if ending == ".rdf" else content


def _is_ambiguous(triple: ox.Triple) -> bool:
    terms = (triple.subject, triple.predicate, triple.object)
    return any(isinstance(each, ox.NamedNode) and ambiguous(each.value) for each in terms)


def _jsonld(ordered: list[ox.Triple]) -> bytes:
    """Return JSON-LD that says itself what its words mean: nothing has to be fetched to read it."""
    about: dict[str, dict[str, list[Object]]] = {}
    for each in ordered:
        said = about.setdefault(_term(each.subject)[0], {})
        said.setdefault(each.predicate.value, []).append(_term(each.object))
    graph = [node(subject, said) for subject, said in about.items()]
    document = {"@context": _context(graph), "@graph": graph}
    return (json.dumps(document, ensure_ascii=False, indent=1) + "\n").encode()


def _term(term: ox.NamedNode | ox.BlankNode | ox.Literal | ox.Triple) -> Object:
    if isinstance(term, ox.NamedNode):
        return term.value, IRI, "", ""
    if isinstance(term, ox.BlankNode):
        return str(term), BLANK, "", ""
    assert isinstance(term, ox.Literal)
    return term.value, LITERAL, term.datatype.value, term.language or ""


@cache
def _whole_context() -> dict[str, Any]:
    context: dict[str, Any] = json.loads((COMPILED / "context.jsonld").read_bytes())["@context"]
    return context


def _context(graph: list[dict[str, Any]]) -> dict[str, Any]:
    """Return the part of our context that a document uses."""
    whole = _whole_context()
    used = {each for each in _words(graph) if each in whole}
    for each in tuple(used):
        described = whole[each] if isinstance(whole[each], dict) else {"@id": whole[each]}
        for text in (described.get("@id", ""), described.get("@type", "")):
            if (found := _PREFIXED.match(text)) and found[1] in whole:
                used.add(found[1])
    return {"@version": 1.1, **{each: whole[each] for each in sorted(used | {"id", "type"})}}


def _words(value: Any) -> Iterator[str]:
    """Yield the keys, the types and the prefixes that occur in a document."""
    if isinstance(value, dict):
        for key, inner in value.items():
            yield key
            yield from _words(inner)
            yield from _prefix(key)
    elif isinstance(value, list):
        for each in value:
            yield from _words(each)
    elif isinstance(value, str):
        yield value
        yield from _prefix(value)


def _prefix(text: str) -> Iterator[str]:
    if found := _PREFIXED.match(text):
        yield found[1]
