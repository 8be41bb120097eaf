"""The stable codes of findings: how they are made from shapes and constraint components.

>>> code("Action-advancesGoal", "MinCount", is_rule=False), code("Action-endsAfterItStarts", "SPARQL", is_rule=True)
('Action-advancesGoal.missing', 'Action-endsAfterItStarts')
"""

from __future__ import annotations

from typing import Final

from bicentennial.core.messages import section
from bicentennial.core.namespaces import local_name
from bicentennial.core.startup.patterns import lazy

__all__ = ["KINDS", "code", "kind", "name_for", "texts"]

KINDS: Final = {
    "MinCount": "missing",
    "MaxCount": "repeated",
    "Class": "unknown",
    "In": "unknown",
    "Datatype": "datatype",
    "Or": "datatype",
    "Pattern": "pattern",
    "MinInclusive": "range",
    "MaxInclusive": "range",
    "MinExclusive": "range",
    "MaxExclusive": "range",
    "MinLength": "empty",
    "MaxLength": "length",
    "UniqueLang": "language",
    "LanguageIn": "language",
    "NodeKind": "kind",
    "HasValue": "value",
    "Closed": "closed",
}
"""What a constraint component's failure is called in a code, by the component's name."""

_HUMP: Final = lazy(r"(?<=[a-z0-9])(?=[A-Z])")


def kind(component: str) -> str:
    """Return what the failure of a component is called; components without a name of ours keep their own.

    >>> kind("MinCount"), kind("LessThanOrEquals")
    ('missing', 'less-than-or-equals')
    """
    return KINDS.get(component) or _HUMP.sub("-", component).lower()


def name_for(path: str, class_iri: str) -> str:
    """Return what codes call the structural shape of a property, for things of a class.

    A shape that several classes share has the name of each of them in codes.

    >>> name_for("http://www.w3.org/2004/02/skos/core#prefLabel", "https://w3id.org/bicentennial/ontology#Action")
    'Action-prefLabel'
    """
    return f"{local_name(class_iri)}-{local_name(path)}"


def code(shape: str, component: str, *, is_rule: bool) -> str:
    """Return the code of a finding from its shape's and its component's name."""
    return shape if is_rule else f"{shape}.{kind(component)}"


def texts(component: str) -> dict[str, dict[str, str]]:
    """Return how the catalogue speaks of a component's failure: `title`, `message` and `remedy`."""
    spoken: dict[str, dict[str, dict[str, str]]] = section("component")
    return spoken.get(kind(component)) or spoken["others"]
