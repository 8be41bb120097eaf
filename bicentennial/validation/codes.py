"""The stable codes of findings: how they are made from shapes and constraint components.

>>> code("Action-advancesGoal", "MinCount", is_rule=False), code("Action-endsAfterItStarts", "SPARQL", is_rule=True)
('Action-advancesGoal.missing', 'Action-endsAfterItStarts')
"""

from __future__ import annotations

import re
from typing import Final

from bicentennial.core.messages import section

__all__ = ["KINDS", "code", "kind", "texts"]

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

_HUMP: Final = re.compile(r"(?<=[a-z0-9])(?=[A-Z])")


def kind(component: str) -> str:
    """Return what the failure of a component is called; components without a name of ours keep their own.

    >>> kind("MinCount"), kind("LessThanOrEquals")
    ('missing', 'less-than-or-equals')
    """
    return KINDS.get(component) or _HUMP.sub("-", component).lower()


def code(shape: str, component: str, *, is_rule: bool) -> str:
    """Return the code of a finding from its shape's and its component's name."""
    return shape if is_rule else f"{shape}.{kind(component)}"


def texts(component: str) -> dict[str, dict[str, str]]:
    """Return how the catalogue speaks of a component's failure: `title`, `message` and `remedy`."""
    spoken: dict[str, dict[str, dict[str, str]]] = section("component")
    return spoken.get(kind(component)) or spoken["others"]
