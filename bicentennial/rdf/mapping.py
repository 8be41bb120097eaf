"""Models to triples and back, without loss.

>>> from bicentennial.models import Place
>>> place = Place(id="bicd:place-oaxaca", pref_label={"en": "Oaxaca", "es": "Oaxaca"})
>>> print(to_turtle([place]), end="")
@prefix bic: <https://w3id.org/bicentennial/ontology#> .
@prefix bicd: <https://w3id.org/bicentennial/id/> .
@prefix skos: <http://www.w3.org/2004/02/skos/core#> .
<BLANKLINE>
bicd:place-oaxaca a bic:Place ;
    skos:prefLabel "Oaxaca"@en ,
        "Oaxaca"@es .
"""

from __future__ import annotations

from collections import defaultdict
from decimal import Decimal
from functools import cache
from typing import TYPE_CHECKING, Any

import pyoxigraph as ox

from bicentennial.core.errors import UnreadableInputError
from bicentennial.core.messages import sentence
from bicentennial.core.namespaces import RDF, XSD, compact, local_name
from bicentennial.models import CLASSES, Entity, LangText, LangTexts, PartialDate, Text
from bicentennial.models.fields import Ref
from bicentennial.models.structure import structure
from bicentennial.rdf.ontology import ontology
from bicentennial.rdf.turtle import write_turtle

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping

    from rdflib import Graph

__all__ = ["from_graph", "from_triples", "to_graph", "to_triples", "to_turtle"]

_TYPE = ox.NamedNode(RDF.type)


def _objects(value: object) -> Iterator[ox.NamedNode | ox.Literal]:
    """Yield the RDF terms that a field's value stands for."""
    match value:
        case None:
            return
        case LangText():
            for language, text in value.items():
                yield _literal(text, language)
        case LangTexts():
            for language, texts in value.items():
                yield from (_literal(text, language) for text in texts)
        case tuple():
            for item in value:
                yield from _objects(item)
        case Ref():
            yield ox.NamedNode(value)
        case Text():
            yield _literal(str(value), value.language, value.datatype)
        case PartialDate():
            yield _literal(str(value), datatype=value.datatype)
        case int():
            yield _literal(str(value), datatype=XSD.integer)
        case Decimal():
            yield _literal(format(value, "f"), datatype=XSD.decimal)
        case _:
            yield ox.Literal(str(value))


def _literal(text: str, language: str = "", datatype: str = XSD.string) -> ox.Literal:
    return ox.Literal(text, language=language) if language else ox.Literal(text, datatype=ox.NamedNode(datatype))


def to_triples(entities: Iterable[Entity]) -> Iterator[ox.Triple]:
    """Yield what the entities say, as pyoxigraph triples."""
    for entity in entities:
        subject = ox.NamedNode(entity.id)
        yield ox.Triple(subject, _TYPE, ox.NamedNode(ontology().class_of(type(entity).__name__).iri))
        for name in structure(type(entity)):
            for value in _objects(getattr(entity, name)):
                yield ox.Triple(subject, ox.NamedNode(ontology().property_of(name).iri), value)


def to_turtle(entities: Iterable[Entity]) -> str:
    """Return what the entities say as Turtle, formatted as all Turtle of the project."""
    return write_turtle(to_triples(entities))


def to_graph(entities: Iterable[Entity]) -> Graph:
    """Return what the entities say as an rdflib graph, with the project's prefixes bound."""
    import rdflib

    from bicentennial.core.namespaces import PREFIXES

    graph = rdflib.Graph(bind_namespaces="none")
    for prefix, namespace in PREFIXES.items():
        graph.bind(prefix, namespace)
    lines = ox.serialize(to_triples(entities), format=ox.RdfFormat.N_TRIPLES)
    return graph.parse(data=lines, format="nt")


def from_graph(graph: Graph) -> list[Entity]:
    """Return the entities that an rdflib graph describes, in the order of their IRIs.

    Raises:
        UnreadableInputError: the graph says something that no model can hold, so that it would be lost.
    """
    data = graph.serialize(format="nt", encoding="utf-8")
    return from_triples(quad.triple for quad in ox.parse(data, format=ox.RdfFormat.N_TRIPLES))


@cache
def _fields(model: type[Entity]) -> Mapping[str, str]:
    return {ontology().property_of(name).iri: name for name in structure(model)}


def from_triples(triples: Iterable[ox.Triple]) -> list[Entity]:
    """Return the entities that pyoxigraph triples describe, in the order of their IRIs.

    Raises:
        UnreadableInputError: the triples say something that no model can hold, so that it would be lost.
    """
    about: dict[str, dict[str, list[Any]]] = defaultdict(lambda: defaultdict(list))
    for triple in triples:
        if not isinstance(triple.subject, ox.NamedNode):
            raise _unreadable(str(triple.subject), "blank-node")
        about[triple.subject.value][triple.predicate.value].append(triple.object)
    return [_entity(iri, about[iri]) for iri in sorted(about)]


def _unreadable(iri: str, key: str, **words: object) -> UnreadableInputError:
    return UnreadableInputError(sentence("entity", key, entity=compact(iri), **words))


def _entity(iri: str, statements: Mapping[str, list[Any]]) -> Entity:
    types = [kind.value for kind in statements.get(RDF.type, ())]
    model = CLASSES.get(local_name(types[0])) if len(types) == 1 else None
    if model is None or ontology().class_of(model.__name__).iri != types[0]:
        named = ", ".join(sorted(compact(kind) for kind in types))
        raise _unreadable(iri, "class", named=named or "–")
    fields = _fields(model)
    given: dict[str, Any] = {"id": iri}
    for predicate, values in statements.items():
        if predicate == RDF.type:
            continue
        if predicate not in fields:
            raise _unreadable(iri, "property", property=compact(predicate), model=model.__name__)
        given[fields[predicate]] = _value(iri, model, fields[predicate], values)
    try:
        return model.model_validate(given)
    except ValueError as error:
        raise _unreadable(iri, "invalid", model=model.__name__, error=error) from error


def _value(iri: str, model: type[Entity], name: str, values: list[Any]) -> Any:
    """Return the value of a field for the objects that a property has."""
    field = structure(model)[name]
    if field.one_per_language or RDF.langString in field.datatypes:
        texts: dict[str, list[str]] = defaultdict(list)
        for value in values:
            if not isinstance(value, ox.Literal):
                raise _unreadable(iri, "no-text", name=name)
            texts[value.language or ""].append(value.value)
        if not field.one_per_language:
            return {language: sorted(some) for language, some in texts.items()}
        if any(len(some) > 1 for some in texts.values()):
            raise _unreadable(iri, "two-texts", name=name)
        return {language: some[0] for language, some in texts.items()}
    items = sorted((_item(value) for value in values), key=str)
    if field.maximum != 1:
        return items
    if len(items) > 1:
        raise _unreadable(iri, "several", name=name)
    return items[0]


def _item(value: ox.NamedNode | ox.BlankNode | ox.Literal) -> object:
    if not isinstance(value, ox.Literal):
        return Ref.parse(value.value)
    match value.datatype.value:
        case XSD.integer:
            return int(value.value)
        case XSD.decimal:
            return Decimal(value.value)
        case datatype:
            return Text(value.value, language=value.language or "", datatype=datatype)
