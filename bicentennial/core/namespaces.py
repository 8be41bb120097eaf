"""The namespaces of the project and of the vocabularies that it reuses, and the one rule for names.

Term IRIs carry no version; the ontology's header does. A Python field is named after its property by
`snake_case`, never by a table.

>>> BIC.advancesGoal
'https://w3id.org/bicentennial/ontology#advancesGoal'
>>> expand("skos:prefLabel")
'http://www.w3.org/2004/02/skos/core#prefLabel'
>>> compact("https://w3id.org/bicentennial/id/agency-ofac")
'bicd:agency-ofac'
>>> snake_case(local_name(BIC.hasResponsibleParty))
'has_responsible_party'
"""

from __future__ import annotations

from functools import lru_cache
from typing import Final

from bicentennial.core.startup.patterns import lazy

__all__ = [
    "BIC",
    "BICD",
    "BICSH",
    "CONTEXT",
    "CSVW",
    "DCTERMS",
    "OWL",
    "PREFIXES",
    "RDF",
    "RDFS",
    "SCHEMA",
    "SH",
    "SKOS",
    "SKOSXL",
    "VANN",
    "VOID",
    "XSD",
    "Namespace",
    "compact",
    "expand",
    "local_name",
    "make_iri",
    "snake_case",
]


class Namespace:
    """An IRI prefix whose attributes and items are the IRIs below it, whatever they are called.

    It is no string, whose methods would stand in the way of terms such as `dcterms:title`.

    >>> Namespace("http://example.org/")["a b"], Namespace("http://example.org/").title
    ('http://example.org/a b', 'http://example.org/title')
    >>> str(Namespace("http://example.org/"))
    'http://example.org/'
    """

    __slots__ = ("_iri",)

    def __init__(self, iri: str) -> None:
        self._iri = iri

    def __getattr__(self, name: str) -> str:
        if name.startswith("_"):
            raise AttributeError(name)
        return self._iri + name

    def __getitem__(self, name: str) -> str:
        return self._iri + name

    def __str__(self) -> str:
        return self._iri

    def __repr__(self) -> str:
        return f"Namespace({self._iri!r})"


BIC: Final = Namespace("https://w3id.org/bicentennial/ontology#")
"""Terms: classes and properties."""
BICSH: Final = Namespace("https://w3id.org/bicentennial/shapes#")
"""Shapes."""
BICD: Final = Namespace("https://w3id.org/bicentennial/id/")
"""Individuals."""
CONTEXT: Final = "https://w3id.org/bicentennial/context.jsonld"
"""The name of the JSON-LD context, which is never fetched: the package holds it."""
RDF: Final = Namespace("http://www.w3.org/1999/02/22-rdf-syntax-ns#")
RDFS: Final = Namespace("http://www.w3.org/2000/01/rdf-schema#")
OWL: Final = Namespace("http://www.w3.org/2002/07/owl#")
XSD: Final = Namespace("http://www.w3.org/2001/XMLSchema#")
SH: Final = Namespace("http://www.w3.org/ns/shacl#")
SKOS: Final = Namespace("http://www.w3.org/2004/02/skos/core#")
SKOSXL: Final = Namespace("http://www.w3.org/2008/05/skos-xl#")
DCTERMS: Final = Namespace("http://purl.org/dc/terms/")
PROV: Final = Namespace("http://www.w3.org/ns/prov#")
DCAT: Final = Namespace("http://www.w3.org/ns/dcat#")
CSVW: Final = Namespace("http://www.w3.org/ns/csvw#")
SCHEMA: Final = Namespace("https://schema.org/")
VANN: Final = Namespace("http://purl.org/vocab/vann/")
VOID: Final = Namespace("http://rdfs.org/ns/void#")

PREFIXES: Final[dict[str, str]] = {
    "bic": str(BIC),
    "bicd": str(BICD),
    "bicsh": str(BICSH),
    "csvw": str(CSVW),
    "dcat": str(DCAT),
    "dcterms": str(DCTERMS),
    "foaf": "http://xmlns.com/foaf/0.1/",
    "org": "http://www.w3.org/ns/org#",
    "owl": str(OWL),
    "prov": str(PROV),
    "rdf": str(RDF),
    "rdfs": str(RDFS),
    "schema": str(SCHEMA),
    "sh": str(SH),
    "skos": str(SKOS),
    "skosxl": str(SKOSXL),
    "vann": str(VANN),
    "void": str(VOID),
    "xsd": str(XSD),
}
"""Every prefix that the project's files and queries may use, in alphabetical order."""

_LOCAL = lazy(r"[^/#:]*$")
_HUMP = lazy(r"(?<=[a-z0-9])(?=[A-Z])")


@lru_cache(4096)
def local_name(iri: str) -> str:
    """Return what follows the last `#`, `/` or `:` of an IRI."""
    match = _LOCAL.search(iri)
    assert match is not None
    return match.group()


def snake_case(name: str) -> str:
    """Return a camelCase name in snake_case: the rule that names a Python field after its property."""
    return _HUMP.sub("_", name).lower()


def expand(curie: str) -> str:
    """Return the IRI of a compact one; what has no known prefix is returned as it is."""
    prefix, colon, name = curie.partition(":")
    return PREFIXES[prefix] + name if colon and prefix in PREFIXES else curie


def compact(iri: str) -> str:
    """Return `prefix:name` for an IRI of a known namespace, otherwise the IRI as it is."""
    for prefix, namespace in PREFIXES.items():
        name = iri.removeprefix(namespace)
        if name != iri and name and not set(name) & set("/#:"):
            return f"{prefix}:{name}"
    return iri


def make_iri(class_iri: str, identifier: str) -> str:
    """Return the IRI that a record of a submission gets from its class and its identifier.

    >>> make_iri("https://w3id.org/bicentennial/ontology#Action", "A 1/ñ")
    'urn:x-bicentennial:action:A%201%2F%C3%B1'
    """
    from urllib.parse import quote

    return f"urn:x-bicentennial:{local_name(class_iri).lower()}:{quote(identifier, safe='')}"
