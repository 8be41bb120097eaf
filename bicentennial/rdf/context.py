"""The JSON-LD context, compiled from the models: keys are the local names of properties and classes.

>>> context()["@context"]["advancesGoal"]
{'@id': 'bic:advancesGoal', '@type': '@id'}
>>> context()["@context"]["prefLabel"]
{'@id': 'skos:prefLabel', '@container': '@language'}
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from bicentennial.core.namespaces import PREFIXES, RDF, XSD, compact, local_name
from bicentennial.models import CLASSES
from bicentennial.models.structure import structure
from bicentennial.rdf.ontology import ontology

if TYPE_CHECKING:
    from bicentennial.models.structure import FieldStructure

__all__ = ["coercion", "context"]

_TYPED = {XSD.date, XSD.decimal, XSD.integer}


def coercion(field: FieldStructure) -> dict[str, str]:
    """Return what the context says about a field's values: the first of several datatypes is the plain one.

    >>> from bicentennial.models import Action
    >>> coercion(structure(Action)["start_date"])
    {'@type': 'xsd:date'}
    """
    if RDF.langString in field.datatypes:
        return {"@container": "@language"}
    if field.is_reference:
        return {"@type": "@id"}
    if field.datatypes and field.datatypes[0] in _TYPED:
        return {"@type": compact(field.datatypes[0])}
    return {}


def context() -> dict[str, Any]:
    """Return the context document.

    Raises:
        ValueError: a property holds values of different kinds in different classes, so that no one context fits.
    """
    keys: dict[str, Any] = {}
    for name, model in CLASSES.items():
        keys[name] = compact(ontology().class_of(name).iri)
        for field in structure(model).values():
            iri = ontology().property_of(field.name).iri
            rules = coercion(field)
            key = {"@id": compact(iri), **rules} if rules else compact(iri)
            if keys.setdefault(local_name(iri), key) != key:
                raise ValueError(f"{compact(iri)} is one thing for {name} and another elsewhere")
    head = {"@version": 1.1, "id": "@id", "type": "@type", **PREFIXES}
    return {"@context": head | {key: keys[key] for key in sorted(keys)}}
