"""The quick way for nodes in flattened form, as RDF libraries write JSON-LD: values of whole IRIs, and nothing nested.

What it reads it reads as `Expansion` does, which gets whatever is not of that form; a property-based test holds the two
together.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

from bicentennial.core.namespaces import RDF, XSD
from bicentennial.storage.layout import IRI, LITERAL
from bicentennial.storage.origins import escaped
from bicentennial.storage.statement import Statement

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from bicentennial.formats.jsonld.context import Context

__all__ = ["Flat", "has_meanings"]

_STRING: Final = XSD.string
_LANG_STRING: Final = RDF.langString
_TYPE: Final = RDF.type
_SMALLINT: Final = 32_767
_new: Final = tuple.__new__


def has_meanings(context: Context) -> bool:
    """Return whether a context changes anything of what is written in full."""
    return bool(context.terms or context.vocab or context.language or context.direction or context.previous is not None)


class _Key:
    """A key of nodes: its meaning, how it is written in a path, and the number of that as a `col` of statements."""

    __slots__ = ("column", "iri", "path")

    def __init__(self, iri: str, path: str) -> None:
        self.iri = iri
        self.path = path
        self.column: int | None = None


class Flat:
    """Reads nodes in flattened form, where no context says anything.

    Args:
        meaning: the IRI or keyword of a key; see `Context.meaning`.
        is_iri: whether a text is an absolute IRI.
        languages: the language tags that were met, and how they are kept.
        column: the number of a path; None for more than there is room for.
    """

    def __init__(
        self,
        meaning: Callable[[str], str | None],
        is_iri: Callable[[str], bool],
        languages: Mapping[str, str],
        column: Callable[[str], int | None],
    ) -> None:
        self._meaning = meaning
        self._is_iri = is_iri
        self._languages = languages
        self._column = column
        self._keys: dict[str, _Key | None] = {}
        self._type = _Key(_TYPE, "@type")
        self._names: set[str] = set()

    def read(self, element: Any, place: int) -> list[Statement] | None:
        """Return what is said of a node that stands at a place, or None if it is not of this form."""
        if type(element) is not dict:
            return None
        subject = element.get("@id")
        if type(subject) is not str or not self._is_iri(subject):
            return None
        found: list[Statement] = []
        unnumbered: list[tuple[_Key, int, int]] = []
        keys, names, say = self._keys, self._names, found.append
        for key, value in element.items():
            if key in keys:
                known = keys[key]
            elif key == "@id":
                continue
            elif key == "@type":
                if found or not self._types(subject, value, place, found):  # types come first
                    return None
                if self._type.column is None:
                    unnumbered.append((self._type, 0, len(found)))
                continue
            else:
                known = keys[key] = self._property(key)
            if known is None:
                return None
            iri, column, before = known.iri, known.column, len(found)
            number = 1 if type(value) is list else None
            for each in value if number else (value,):
                if type(each) is dict and "@id" in each:
                    o = each["@id"]
                    if len(each) > 1 or type(o) is not str or not (o in names or self._is_name(o)):
                        return None
                    # The constructor of the class would take twice as long.
                    say(_new(Statement, (subject, iri, o, IRI, "", "", None, place, column, number)))
                else:
                    literal = (each, _STRING, "") if type(each) is str else self._literal(each)
                    if literal is None:
                        return None
                    text, datatype, language = literal
                    say(_new(Statement, (subject, iri, text, LITERAL, datatype, language, None, place, column, number)))
                if number:
                    number += 1
            if column is None:
                unnumbered.append((known, before, len(found)))
        if len(found) > _SMALLINT:  # there may be too many values to number
            return None
        # Keys are numbered once it is known that the node is read here.
        for known, start, end in unnumbered:
            if start < end:
                known.column = self._column(known.path)
                found[start:end] = [each._replace(col=known.column) for each in found[start:end]]
        return found

    def _property(self, key: str) -> _Key | None:
        meaning = self._meaning(key)
        if meaning is None or meaning[0] == "@" or ":" not in meaning or not self._is_iri(meaning):
            return None
        return _Key(meaning, escaped(key))

    def _types(self, subject: str, value: Any, place: int, found: list[Statement]) -> bool:
        column = self._type.column
        for number, each in enumerate(value if type(value) is list else [value], start=1):
            if type(each) is not str or not self._is_name(each):
                return False
            item = number if type(value) is list else None
            found.append(Statement(subject, _TYPE, each, IRI, "", "", None, place, column, item))
        return True

    def _literal(self, value: Any) -> tuple[str, str, str] | None:
        """Return the lexical form, datatype and language of a value object."""
        if type(value) is not dict:
            return None
        text = value.get("@value")
        if type(text) is not str:
            return None
        count = len(value)
        if count == 1:
            return text, _STRING, ""
        if count == 2:
            if "@type" in value:
                datatype = value["@type"]
                if type(datatype) is str and self._is_name(datatype):
                    return text, datatype, ""
            elif "@language" in value:
                tag = value["@language"]
                # The first of each tag is looked into by the way for everything.
                if type(tag) is str and tag and (kept := self._languages.get(tag)) and kept == tag.lower():
                    return text, _LANG_STRING, kept
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
