"""Models as JSON-LD, in the words of the project's context.

>>> from bicentennial.models import Quantity
>>> to_jsonld([Quantity(id="bicd:quantity-weapons", numeric_value="80000.0", unit={"en": "weapons"})])["@graph"]
[{'id': 'bicd:quantity-weapons', 'type': 'Quantity', 'numericValue': '80000.0', 'unit': {'en': 'weapons'}}]
"""

from __future__ import annotations

from decimal import Decimal
from typing import TYPE_CHECKING, Any

from bicentennial.core.namespaces import CONTEXT, XSD, compact, local_name
from bicentennial.models import LangText, LangTexts, PartialDate, Text
from bicentennial.models.fields import Ref
from bicentennial.models.structure import structure
from bicentennial.rdf.context import coercion
from bicentennial.rdf.ontology import ontology

if TYPE_CHECKING:
    from collections.abc import Iterable

    from bicentennial.models import Entity
    from bicentennial.models.structure import FieldStructure

__all__ = ["to_jsonld"]


def to_jsonld(entities: Iterable[Entity]) -> dict[str, Any]:
    """Return what the entities say as a JSON-LD document.

    It names the context, which is never fetched: `bicentennial/compiled/context.jsonld` holds it.
    """
    return {"@context": CONTEXT, "@graph": [_node(entity) for entity in entities]}


def _node(entity: Entity) -> dict[str, Any]:
    node: dict[str, Any] = {"id": compact(entity.id), "type": type(entity).__name__}
    for name, field in structure(type(entity)).items():
        value = getattr(entity, name)
        if value not in (None, ()) and value not in (LangText(), LangTexts()):
            node[local_name(ontology().property_of(name).iri)] = _value(value, field)
    return node


def _value(value: object, field: FieldStructure) -> object:
    match value:
        case LangText():
            return {language or "@none": text for language, text in value.items()}
        case LangTexts():
            return {language or "@none": list(texts) for language, texts in value.items()}
        case tuple():
            return [_value(item, field) for item in value]
        case Ref():
            return compact(value) if field.is_reference else {"id": compact(value)}
        case Text() if value.language:
            return {"@value": str(value), "@language": value.language}
        case Text() | PartialDate():
            return _typed(str(value), value.datatype, field)
        case Decimal():
            return _typed(format(value, "f"), XSD.decimal, field)
        case int():
            return _typed(value, XSD.integer, field)
        case _:
            return value


def _typed(value: str | int, datatype: str, field: FieldStructure) -> object:
    """Return a literal, with its datatype where the context would not give it that one."""
    if datatype == XSD.string or coercion(field).get("@type") == compact(datatype):
        return value
    return {"@value": str(value), "@type": compact(datatype)}
