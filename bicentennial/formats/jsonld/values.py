"""Value objects of JSON-LD: `{"@value": …}` with a type, or with a language and a base direction."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

from bicentennial.core.namespaces import BIC, RDF, XSD
from bicentennial.formats.json.text import Number
from bicentennial.formats.jsonld.errors import JsonLdError
from bicentennial.formats.jsonld.terms import json_literal, literal
from bicentennial.formats.rdf.iris import has_scheme
from bicentennial.storage.layout import LITERAL

if TYPE_CHECKING:
    from bicentennial.core.limits import Limits
    from bicentennial.formats.jsonld.context import Context
    from bicentennial.formats.jsonld.notes import Notes
    from bicentennial.formats.jsonld.terms import Item

__all__ = ["kind_of", "value_object"]

_ALLOWED: Final = {"@direction", "@index", "@language", "@type", "@value"}


def value_object(
    context: Context,
    by_type: Context,
    prop: str | None,
    meant: list[tuple[str | None, str, Any]],
    notes: Notes,
    place: int,
    limits: Limits,
) -> Item | None:
    """Return the literal of a value object, or None if its value is null.

    Args:
        context: the active context.
        by_type: the one in which types are looked up.
        prop: the key that it is the value of.
        meant: what its keys mean, the keys, and their values.
        notes: collects what has no meaning.
        place: of the object around it.
        limits: see `Limits`.

    Raises:
        JsonLdError: it is none.
    """
    said: dict[str, Any] = {}
    for meaning, key, value in meant:
        if meaning is None or (meaning[0] != "@" and ":" not in meaning):
            notes.add("jsonld-key-unread", key, place, key, None)
            continue
        if meaning not in _ALLOWED:
            raise JsonLdError("invalid value object", key)
        if meaning in said:
            raise JsonLdError("colliding keywords", meaning)
        said[meaning] = value
    value = said["@value"]
    kind = _type(by_type, said)
    _check(said)
    if kind == "@json":
        return json_literal(value)
    if isinstance(value, (dict, list)):
        if value == []:
            return None
        raise JsonLdError("invalid value object value")
    if value is None:
        return None
    if said.get("@language") is not None and type(value) is not str:
        raise JsonLdError("invalid language-tagged value", value)
    if kind is not None and (not has_scheme(kind) or kind.startswith("_:")):
        raise JsonLdError("invalid typed value", kind)
    if type(value) is not str:
        if isinstance(value, Number) and not value.is_finite:
            raise JsonLdError("not a number", value)
        return literal(value, kind_of(context, prop, value, kind), limits)
    if said.get("@direction"):
        notes.directed()
    if language := said.get("@language"):
        return value, LITERAL, RDF.langString, language
    return value, LITERAL, kind or XSD.string, ""


def kind_of(context: Context, key: str | None, value: Number | bool, kind: str | None) -> str | None:
    """Return the datatype of a number: the one given, or a decimal for properties of ours, none of which takes doubles.

    Args:
        context: the active context.
        key: the key that the number is the value of.
        value: the number.
        kind: the datatype that is given.
    """
    if kind is None and key is not None and isinstance(value, Number) and "." in value and "e" not in value.lower():
        return XSD.decimal if (context.meaning(key) or "").startswith(str(BIC)) else None
    return kind


def _type(context: Context, said: dict[str, Any]) -> str | None:
    kind = said.get("@type")
    if isinstance(kind, list) and len(kind) == 1:
        kind = kind[0]
    if kind is None:
        return None
    if type(kind) is not str:
        raise JsonLdError("invalid typed value" if isinstance(kind, list) else "invalid type value", kind)
    return context.type_of(kind)


def _check(said: dict[str, Any]) -> None:
    language, direction, index = said.get("@language"), said.get("@direction"), said.get("@index")
    if "@language" in said and type(language) is not str:
        raise JsonLdError("invalid language-tagged string", language)
    if "@direction" in said and direction not in ("ltr", "rtl"):
        raise JsonLdError("invalid base direction", direction)
    if "@index" in said and type(index) is not str:
        raise JsonLdError("invalid @index value", index)
    if "@type" in said and ("@language" in said or "@direction" in said):
        raise JsonLdError("invalid value object")
