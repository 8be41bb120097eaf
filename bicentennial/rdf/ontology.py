"""The ontology's terms: what is called what, and which property a field stands for.

>>> ontology().property_of("advances_goal").iri
'https://w3id.org/bicentennial/ontology#advancesGoal'
>>> ontology().terms["https://w3id.org/bicentennial/ontology#Goal"].label["es"]
'meta'
"""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass, field
from functools import cache
from typing import TYPE_CHECKING, Final

import pyoxigraph as ox

from bicentennial.core.errors import UnknownNameError
from bicentennial.core.namespaces import BIC, DCTERMS, OWL, RDF, RDFS, SKOS, VANN, local_name, snake_case
from bicentennial.core.resources import files

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

__all__ = ["Ontology", "Term", "describe", "ontology", "read"]

_PROPERTIES: Final = frozenset({OWL.ObjectProperty, OWL.DatatypeProperty, OWL.AnnotationProperty})


@dataclass(frozen=True, slots=True)
class Term:
    """A class, a property or an individual, with what people call it.

    Texts are by language; `noun` is how messages call a property, its label if the ontology gives no other.
    """

    iri: str
    types: tuple[str, ...] = ()
    label: Mapping[str, str] = field(default_factory=dict)
    alternatives: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    definition: Mapping[str, str] = field(default_factory=dict)
    noun: Mapping[str, str] = field(default_factory=dict)
    notations: tuple[str, ...] = ()
    identifier: str | None = None
    parents: tuple[str, ...] = ()
    superclasses: tuple[str, ...] = ()

    @property
    def is_property(self) -> bool:
        """Whether this is a property."""
        return bool(_PROPERTIES & set(self.types))

    @property
    def is_class(self) -> bool:
        """Whether this is a class."""
        return OWL.Class in self.types


def read(*patterns: str) -> list[ox.Triple]:
    """Return the triples of the files of the ontology that match the patterns.

    >>> len(read("terms/header.ttl")) > 5
    True
    """
    return [
        quad.triple
        for pattern in patterns
        for path in files("ontology", pattern)
        for quad in ox.parse(path=path, format=ox.RdfFormat.TURTLE)
    ]


def describe(triples: Iterable[ox.Triple]) -> dict[str, Term]:
    """Return the things that triples are about, by IRI, those without a type left out."""
    about: dict[str, dict[str, list[ox.NamedNode | ox.BlankNode | ox.Literal | ox.Triple]]] = defaultdict(
        lambda: defaultdict(list)
    )
    for triple in triples:
        if isinstance(triple.subject, ox.NamedNode):
            about[triple.subject.value][triple.predicate.value].append(triple.object)
    return {iri: _term(iri, values) for iri, values in sorted(about.items()) if RDF.type in values}


def _term(iri: str, values: Mapping[str, list[ox.NamedNode | ox.BlankNode | ox.Literal | ox.Triple]]) -> Term:
    def iris(predicate: str) -> tuple[str, ...]:
        return tuple(sorted(value.value for value in values.get(predicate, ()) if isinstance(value, ox.NamedNode)))

    def texts(predicate: str) -> dict[str, tuple[str, ...]]:
        found: dict[str, list[str]] = {}
        for value in values.get(predicate, ()):
            if isinstance(value, ox.Literal):
                found.setdefault(value.language or "", []).append(value.value)
        return {language: tuple(sorted(found[language])) for language in sorted(found)}

    def one_each(predicate: str) -> dict[str, str]:
        return {language: some[0] for language, some in texts(predicate).items()}

    # A term of another vocabulary keeps its own labels there; here stands how this project uses it.
    label = one_each(SKOS.prefLabel) or one_each(BIC.usageLabel)
    identifiers = texts(DCTERMS.identifier).get("", ())
    return Term(
        iri=iri,
        types=iris(RDF.type),
        label=label,
        alternatives=texts(SKOS.altLabel) or texts(BIC.usageSynonym),
        definition=one_each(SKOS.definition) or one_each(VANN.usageNote),
        noun=one_each(BIC.messageNoun) or label,
        notations=tuple(text for some in texts(SKOS.notation).values() for text in some),
        identifier=identifiers[0] if identifiers else None,
        parents=iris(BIC.isPartOf),
        superclasses=iris(RDFS.subClassOf),
    )


@dataclass(frozen=True)
class Ontology:
    """The terms of the ontology by IRI."""

    terms: Mapping[str, Term]

    def __post_init__(self) -> None:
        by_field: dict[str, list[Term]] = defaultdict(list)
        for term in self.terms.values():
            if term.is_property:
                by_field[snake_case(local_name(term.iri))].append(term)
        object.__setattr__(self, "_by_field", dict(by_field))

    @property
    def by_field(self) -> Mapping[str, list[Term]]:
        """The properties by the name of the field that stands for them; a name should have but one."""
        found: Mapping[str, list[Term]] = self.__dict__["_by_field"]
        return found

    def property_of(self, field_name: str) -> Term:
        """Return the property that a field stands for: the one whose local name, in snake case, is the field's.

        Raises:
            UnknownNameError: no property or more than one has that name.
        """
        found = self.by_field.get(field_name, ())
        if len(found) != 1:
            raise UnknownNameError(field_name, [term.iri for term in found])
        return found[0]

    def class_of(self, name: str) -> Term:
        """Return the class with a name.

        Raises:
            UnknownNameError: no class has that name.
        """
        for iri in (BIC[name], SKOS[name]):
            if iri in self.terms and self.terms[iri].is_class:
                return self.terms[iri]
        raise UnknownNameError(name)

    def superclasses(self, iri: str) -> tuple[str, ...]:
        """Return all superclasses of a class, nearest first, without the class itself.

        >>> [local_name(above) for above in ontology().superclasses(BIC.InternationalOrganization)]
        ['Agency', 'Party']
        """
        found: list[str] = []
        level = [iri]
        while level:
            level = [
                above
                for name in level
                for above in (self.terms[name].superclasses if name in self.terms else ())
                if above not in found and above != iri
            ]
            found += dict.fromkeys(level)
        return tuple(found)


@cache
def ontology() -> Ontology:
    """Return the project's ontology, read once."""
    return Ontology(describe(read("terms/*.ttl")))
