"""Queries of the Reconciliation API as they come in a request.

>>> read_query("q0", {"query": "OFAC", "type": "Agency", "limit": 3})
Wanted(name='OFAC', types=('Agency',), strictness='any', properties=(), limit=3)
"""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any, Final

from bicentennial.core.messages import LANGUAGES, sentence
from bicentennial.service.reconciliation.matching import Wanted
from bicentennial.service.sparql.protocol import Refused

if TYPE_CHECKING:
    from collections.abc import Mapping

__all__ = ["read_object", "read_query", "refused"]

_LONGEST: Final = 300
_USUAL_LIMIT: Final = 10
_PROPERTIES: Final = 20
_VALUES: Final = 20


def read_object(text: Any, name: str) -> dict[str, Any]:
    """Return the JSON object that a parameter of a request holds.

    Raises:
        Refused: it holds none.
    """
    try:
        found = json.loads(text)
        json.dumps(found, ensure_ascii=False).encode()  # half a character is no text
    except (TypeError, ValueError, RecursionError) as error:
        raise refused(name, dict.fromkeys(LANGUAGES, str(error))) from None
    if not isinstance(found, dict):
        raise refused(name, sentence("reconcile", "expected-object"))
    return found


def refused(name: str, reason: Mapping[str, str]) -> Refused:
    """Return the refusal of a parameter that makes no sense."""
    return Refused(400, sentence("reconcile", "not-json", name=name, reason=reason))


def read_query(key: str, query: Any) -> Wanted:
    """Return what a query asks for.

    Raises:
        Refused: it is none of the Reconciliation API.
    """
    wrong = refused("queries", sentence("reconcile", "expected-query", name=key[:100]))
    if not isinstance(query, dict):
        raise wrong
    name, types, properties = query.get("query", ""), query.get("type") or (), query.get("properties") or []
    types = [types] if isinstance(types, str) else types
    # OpenRefine sends types as objects in some of its versions.
    types = (
        [each.get("id") if isinstance(each, dict) else each for each in types]
        if isinstance(types, list | tuple)
        else None
    )
    if not isinstance(name, str) or types is None or not all(isinstance(each, str) for each in types):
        raise wrong
    if not isinstance(properties, list) or not (name.strip() or properties):
        raise wrong
    limit = query.get("limit")
    pairs = tuple(_property(each, wrong) for each in properties[:_PROPERTIES])
    many = int(limit) if isinstance(limit, int | float) and 0 < limit < 1_000 else _USUAL_LIMIT
    strictness = query.get("type_strict") if query.get("type_strict") in ("all", "should") else "any"
    return Wanted(name[:_LONGEST], tuple(types), str(strictness), pairs, many)


def _property(given: Any, wrong: Refused) -> tuple[str, tuple[str, ...]]:
    if not isinstance(given, dict) or not isinstance(given.get("pid"), str) or "v" not in given:
        raise wrong
    values = given["v"] if isinstance(given["v"], list) else [given["v"]]
    texts = (str(each.get("id", "")) if isinstance(each, dict) else str(each) for each in values[:_VALUES])
    return given["pid"], tuple(text[:_LONGEST] for text in texts)
