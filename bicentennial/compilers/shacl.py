"""Structural SHACL, compiled from the models' annotations and the ontology's labels.

>>> from bicentennial.models import Quantity
>>> "bicsh:Quantity-unit a sh:PropertyShape" in _shape_file(Quantity)
True
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

import pyoxigraph as ox

from bicentennial.compilers.wording import either_requirement, joined, noun, requirement
from bicentennial.core.messages import entry
from bicentennial.core.namespaces import BICSH, RDF, SH, XSD, local_name
from bicentennial.models import CLASSES, Concept
from bicentennial.models.structure import SHAPED, demands, structure, superclasses
from bicentennial.rdf.ontology import ontology, read
from bicentennial.rdf.turtle import write_turtle

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from bicentennial.models import Entity
    from bicentennial.models.structure import FieldStructure

__all__ = ["notations", "shape_files", "shape_name", "shape_names"]

_HEADER: Final = "# Compiled by scripts/compile.py from the models and the ontology. Change those, not this file."

_Node = ox.NamedNode | ox.BlankNode
_Term = ox.NamedNode | ox.BlankNode | ox.Literal


def shape_name(model: type[Entity], field: FieldStructure) -> str | None:
    """Return the local name of the shape of a field, None where its structure demands nothing.

    >>> from bicentennial.models import Action
    >>> from bicentennial.models.structure import structure
    >>> shape_name(Action, structure(Action)["advances_goal"])
    'Action-advancesGoal'
    >>> shape_name(Action, structure(Action)["source"])
    """
    return None if field.is_free else f"{model.__name__}-{local_name(ontology().property_of(field.name).iri)}"


def notations(concept: str) -> tuple[str, ...]:
    """Return the notations of the individuals of a class, sorted.

    >>> "MXN" in notations("Currency")
    True
    """
    triples = read("vocabularies/*.ttl")
    kind = ox.NamedNode(ontology().class_of(concept).iri)
    notation = ox.NamedNode("http://www.w3.org/2004/02/skos/core#notation")
    members = {t.subject for t in triples if t.predicate.value == RDF.type and t.object == kind}
    return tuple(
        sorted(
            t.object.value
            for t in triples
            if t.subject in members and t.predicate == notation and isinstance(t.object, ox.Literal)
        )
    )


class _Shapes:
    """The triples of one shapes file."""

    def __init__(self) -> None:
        self.triples: list[ox.Triple] = []

    def add(self, subject: _Node, predicate: str, value: _Term) -> None:
        self.triples.append(ox.Triple(subject, ox.NamedNode(predicate), value))

    def texts(self, subject: _Node, predicate: str, texts: Mapping[str, str]) -> None:
        for language, text in texts.items():
            self.add(subject, predicate, ox.Literal(text, language=language))

    def items(self, items: list[_Term]) -> _Node:
        """Add an RDF list and return its first node."""
        rest: _Node = ox.NamedNode(RDF.nil)
        for item in reversed(items):
            node = ox.BlankNode()
            self.add(node, RDF.first, item)
            self.add(node, RDF.rest, rest)
            rest = node
        return rest

    def alternatives(self, subject: _Node, predicate: str, values: list[str]) -> None:
        """Say that one of several classes or datatypes will do; of a single one, simply that."""
        if len(values) == 1:
            self.add(subject, predicate, ox.NamedNode(values[0]))
            return
        options: list[_Term] = []
        for value in values:
            option = ox.BlankNode()
            self.add(option, predicate, ox.NamedNode(value))
            options.append(option)
        self.add(subject, SH["or"], self.items(options))

    def node(self, model: type[Entity]) -> _Node:
        shape = ox.NamedNode(BICSH[model.__name__])
        self.add(shape, RDF.type, ox.NamedNode(SH.NodeShape))
        for target in _targets(model):
            self.add(shape, SH.targetClass, ox.NamedNode(target))
        self.texts(shape, SH.name, _label(model))
        return shape

    def field(self, node: _Node, model: type[Entity], field: FieldStructure) -> None:
        name = shape_name(model, field)
        if name is None:
            return
        term = ontology().property_of(field.name)
        shape = ox.NamedNode(BICSH[name])
        self.add(node, SH.property, shape)
        self.add(shape, RDF.type, ox.NamedNode(SH.PropertyShape))
        self.add(shape, SH.path, ox.NamedNode(term.iri))
        self.texts(shape, SH.name, noun(field))
        self.texts(shape, SH.description, term.definition)
        self.add(shape, SH.severity, ox.NamedNode(SH.Warning if field.should else SH.Violation))
        self.texts(shape, SH.message, requirement(model, structure(model)[field.name]))
        self.constraints(shape, field)

    def either(self, node: _Node, model: type[Entity], field: FieldStructure) -> None:
        """Add the shape that demands a value of a field or of another one."""
        first, second = (ontology().property_of(each.name) for each in _either(model, field))
        shape = ox.NamedNode(BICSH[_either_name(model, field)])
        path = ox.BlankNode()
        self.add(path, SH.alternativePath, self.items([ox.NamedNode(first.iri), ox.NamedNode(second.iri)]))
        self.add(node, SH.property, shape)
        self.add(shape, RDF.type, ox.NamedNode(SH.PropertyShape))
        self.add(shape, SH.path, path)
        self.texts(shape, SH.name, joined(*(noun(each) for each in _either(model, field))))
        self.texts(shape, SH.description, first.definition)
        self.add(shape, SH.severity, ox.NamedNode(SH.Violation))
        self.texts(shape, SH.message, either_requirement(model, *_either(model, field)))
        self.add(shape, SH.minCount, _integer(1))

    def constraints(self, shape: _Node, field: FieldStructure) -> None:
        if field.minimum:
            self.add(shape, SH.minCount, _integer(field.minimum))
        if field.maximum is not None:
            self.add(shape, SH.maxCount, _integer(field.maximum))
        if field.notation_of:
            values: list[_Term] = [ox.Literal(code) for code in notations(field.notation_of)]
            self.add(shape, SH["in"], self.items(values))
            return
        if field.ranges and not field.is_open:
            self.alternatives(shape, SH["class"], [ontology().class_of(name).iri for name in field.ranges])
        if field.datatypes:
            self.alternatives(shape, SH.datatype, list(field.datatypes))
        if field.one_per_language and field.maximum != 1:  # of one value there is nothing to compare
            self.add(shape, SH.uniqueLang, ox.Literal("true", datatype=ox.NamedNode(XSD.boolean)))
        if field.pattern:
            self.add(shape, SH.pattern, ox.Literal(field.pattern))
        if field.min_length is not None:
            self.add(shape, SH.minLength, _integer(field.min_length))
        if field.at_least is not None:
            self.add(shape, SH.minInclusive, _integer(field.at_least))


def _either(model: type[Entity], field: FieldStructure) -> tuple[FieldStructure, FieldStructure]:
    assert field.either is not None
    return structure(model)[field.name], structure(model)[field.either]


def _either_name(model: type[Entity], field: FieldStructure) -> str:
    first, second = (local_name(ontology().property_of(each.name).iri) for each in _either(model, field))
    return f"{model.__name__}-{first}Or{second[0].upper()}{second[1:]}"


def _integer(value: int) -> ox.Literal:
    return ox.Literal(str(value), datatype=ox.NamedNode(XSD.integer))


def _label(model: type[Entity]) -> Mapping[str, str]:
    if model.__name__ in CLASSES:
        return ontology().class_of(model.__name__).label
    label: Mapping[str, str] = entry("shape", "bases")[model.__name__]
    return label


def _targets(model: type[Entity]) -> Iterator[str]:
    """Yield the classes that a shape is about, none below another.

    A base without a class of its own is about the classes that share it. Of concepts those are our own, since others
    have theirs.
    """
    is_class = model.__name__ in CLASSES
    highest = [each for each in CLASSES.values() if issubclass(each, model) and not superclasses(each)]
    for root in [model] if is_class else highest:
        names = (
            [name for name, each in CLASSES.items() if Concept in each.__bases__]
            if root is Concept
            else [root.__name__]
        )
        yield from (ontology().class_of(name).iri for name in names)


def _shape_file(model: type[Entity]) -> str | None:
    """Return the Turtle of the shapes of a class, None where its superclasses settle everything."""
    fields = demands(model).values()
    if all(field.is_free for field in fields):
        return None
    shapes = _Shapes()
    node = shapes.node(model)
    for field in fields:
        shapes.field(node, model, field)
        if field.either:
            shapes.either(node, model, field)
    return write_turtle(shapes.triples, comment=_HEADER)


def shape_files() -> dict[str, str]:
    """Return the Turtle of all structural shapes by the name of their class."""
    return {name: text for name, model in SHAPED.items() if (text := _shape_file(model)) is not None}


def shape_names() -> list[str]:
    """Return the local names of all structural shapes, of classes and of their fields.

    >>> {"Entity", "Entity-notation", "Labelled-prefLabel", "Action-identifier"} <= set(shape_names())
    True
    """
    found = set(SHAPED)
    for model in SHAPED.values():
        found.update(filter(None, (shape_name(model, field) for field in demands(model).values())))
        found.update(_either_name(model, field) for field in demands(model).values() if field.either)
    return sorted(found)
