"""Statements as JSON-LD in the words of our own context.

>>> node("urn:a", {str(RDF.type): [(BIC.Action, 0, "", "")], SKOS.prefLabel: [("Talk", 2, RDF.langString, "en")]})
{'id': 'urn:a', 'type': 'Action', 'prefLabel': {'en': 'Talk'}}
>>> node("urn:a", {BIC.startDate: [("2023", 2, XSD.gYear, "")], BIC.advancesGoal: [("Gaol", 2, XSD.string, "")]})
{'id': 'urn:a', 'startDate': {'@value': '2023', '@type': 'xsd:gYear'}, 'advancesGoal': {'@value': 'Gaol'}}
"""

from __future__ import annotations

import json
from functools import cache
from typing import TYPE_CHECKING, Any, Final

from bicentennial.core.escape import coded
from bicentennial.core.namespaces import BIC, CONTEXT, PREFIXES, RDF, SKOS, XSD, compact, expand
from bicentennial.core.resources import COMPILED
from bicentennial.storage.layout import LITERAL

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping
    from pathlib import Path

    from bicentennial.exchange.source import Object

__all__ = ["BIC", "SKOS", "ambiguous", "node", "write_jsonld"]

_KEYWORDS: Final = {"id": "@id", "type": "@type"}


@cache
def _terms() -> dict[str, tuple[str, str, bool]]:
    """Return each property's key in the context, the type that this gives to values, and if it sorts by language."""
    context = json.loads((COMPILED / "context.jsonld").read_bytes())["@context"]
    found = {}
    for key, said in context.items():
        if key.startswith("@") or key in _KEYWORDS or key in PREFIXES:
            continue
        described = said if isinstance(said, dict) else {"@id": said}
        kind = described.get("@type", "")
        found[expand(described["@id"])] = (key, expand(kind), described.get("@container") == "@language")
    return found


def ambiguous(iri: str) -> bool:
    """Return whether an IRI would be taken for a compact one.

    >>> ambiguous("schema:Person"), ambiguous("https://schema.org/Person")
    (True, False)
    """
    scheme, _, rest = iri.partition(":")
    return scheme in PREFIXES and not rest.startswith("//")


def write_jsonld(path: Path, things: Iterable[tuple[str, Mapping[str, list[Object]]]]) -> None:
    """Write things as a JSON-LD document that names our context, which is never fetched."""
    with path.open("w", encoding="utf-8", newline="\n") as out:
        out.write(f'{{\n "@context": {json.dumps(CONTEXT)},\n "@graph": [')
        for number, (s, about) in enumerate(things):
            out.write(",\n  " if number else "\n  ")
            out.write(coded(json.dumps(node(s, about), ensure_ascii=False)))
        out.write("\n ]\n}\n")


def node(s: str, about: Mapping[str, list[Object]]) -> dict[str, Any]:
    """Return what is said of a thing."""
    made: dict[str, Any] = {"id": compact(s)}
    for p, values in about.items():
        key, kind, by_language = _terms().get(p, (compact(p), "", False))
        if p == RDF.type and all(value[1] != LITERAL for value in values):
            made["type"] = _one_or_more([_terms().get(o, (compact(o),))[0] for o, *_ in values])
        elif by_language:
            _by_language(made, key, p, values)
        else:
            made[key] = _one_or_more([_value(value, kind) for value in values])
    return made


def _by_language(made: dict[str, Any], key: str, p: str, values: list[Object]) -> None:
    sorted_: dict[str, list[str]] = {}
    others = []
    for value in values:
        o, kind, dt, language = value
        if kind == LITERAL and (language or dt == XSD.string):
            sorted_.setdefault(language or "@none", []).append(o)
        else:
            others.append(_value(value, ""))
    if sorted_:
        made[key] = {language: _one_or_more(texts) for language, texts in sorted_.items()}
    if others:
        made[compact(p)] = _one_or_more(others)


def _value(value: Object, coerced: str) -> Any:
    o, kind, dt, language = value
    if kind != LITERAL:
        return compact(o) if coerced == "@id" else {"id": compact(o)}
    if language:
        return {"@value": o, "@language": language}
    if dt == coerced or (dt == XSD.string and not coerced):
        return o
    return {"@value": o} if dt == XSD.string else {"@value": o, "@type": compact(dt)}


def _one_or_more(values: list[Any]) -> Any:
    return values[0] if len(values) == 1 else values
