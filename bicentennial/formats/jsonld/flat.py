"""The quick way for nodes in flattened form, as RDF libraries write JSON-LD: values of whole IRIs, and nothing nested.

What it reads it reads as `Expansion` does, which gets whatever is not of that form; a property-based test holds the two
together.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

from bicentennial.core.namespaces import RDF, XSD
from bicentennial.storage.layout import IRI, LITERAL
from bicentennial.storage.origins import escaped

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from bicentennial.formats.jsonld.context import Context

__all__ = ["Flat", "has_meanings"]

_STRING: Final = XSD.string
_LANG_STRING: Final = RDF.langString
_TYPE: Final = RDF.type

Said = tuple[str, str, str, int, str, str, int | None]
"""Predicate, path, object, kind, datatype, language, and the place in the array, of a statement about a node."""


def has_meanings(context: Context) -> bool:
    """Return whether a context changes anything of what is written in full."""
    return bool(context.terms or context.vocab or context.language or context.direction or context.previous is not None)


class Flat:
    """Reads nodes in flattened form, where no context says anything.

    Args:
        meaning: the IRI or keyword of a key; see `Context.meaning`.
        is_iri: whether a text is an absolute IRI.
        languages: the language tags that were met, and how they are kept.
    """

    def __init__(
        self, meaning: Callable[[str], str | None], is_iri: Callable[[str], bool], languages: Mapping[str, str]
    ) -> None:
        self._meaning = meaning
        self._is_iri = is_iri
        self._languages = languages
        self._keys: dict[str, tuple[str, str] | None] = {}
        self._names: set[str] = set()

    def read(self, element: Any) -> tuple[str, list[Said]] | None:
        """Return the identifier of a node and what is said of it, or None if it is not of this form."""
        if type(element) is not dict:
            return None
        subject = element.get("@id")
        if type(subject) is not str or not self._is_iri(subject):
            return None
        found: list[Said] = []
        keys, values_of = self._keys, self._values
        for key, value in element.items():
            if key in keys:
                known = keys[key]
            elif key == "@id":
                continue
            elif key == "@type":
                if found or not self._types(value, found):  # types come first
                    return None
                continue
            else:
                known = keys[key] = self._property(key)
            if known is None:
                return None
            iri, path = known
            if type(value) is list:
                for number, each in enumerate(value, start=1):
                    said = values_of(iri, path, each, number)
                    if said is None:
                        return None
                    found.append(said)
            else:
                said = values_of(iri, path, value, None)
                if said is None:
                    return None
                found.append(said)
        return subject, found

    def _property(self, key: str) -> tuple[str, str] | None:
        meaning = self._meaning(key)
        if meaning is None or meaning[0] == "@" or ":" not in meaning or not self._is_iri(meaning):
            return None
        return meaning, escaped(key)

    def _types(self, value: Any, found: list[Said]) -> bool:
        for number, each in enumerate(value if type(value) is list else [value], start=1):
            if type(each) is not str or not self._is_name(each):
                return False
            found.append((_TYPE, "@type", each, IRI, "", "", number if type(value) is list else None))
        return True

    def _values(self, iri: str, path: str, value: Any, number: int | None) -> Said | None:
        if type(value) is str:
            return iri, path, value, LITERAL, _STRING, "", number
        if type(value) is not dict:
            return None
        count = len(value)
        if "@id" in value:
            other = value["@id"]
            if count == 1 and type(other) is str and self._is_name(other):
                return iri, path, other, IRI, "", "", number
            return None
        text = value.get("@value")
        if type(text) is not str:
            return None
        if count == 1:
            return iri, path, text, LITERAL, _STRING, "", number
        if count == 2:
            if "@type" in value:
                datatype = value["@type"]
                if type(datatype) is str and self._is_name(datatype):
                    return iri, path, text, LITERAL, datatype, "", number
            elif "@language" in value:
                tag = value["@language"]
                # The first of each tag is looked into by the way for everything.
                if type(tag) is str and tag and (kept := self._languages.get(tag)) and kept == tag.lower():
                    return iri, path, text, LITERAL, _LANG_STRING, kept, number
        return None

    def _is_name(self, text: str) -> bool:
        # A whole IRI stands for itself.
        if text in self._names:
            return True
        if not self._is_iri(text):
            return False
        if len(self._names) < 10_000:
            self._names.add(text)
        return True
