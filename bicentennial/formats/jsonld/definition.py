"""Term definitions of JSON-LD contexts (JSON-LD 1.1 Processing Algorithms and API, section 4.2)."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, Final

from bicentennial.formats.json.text import Number
from bicentennial.formats.jsonld.errors import JsonLdError
from bicentennial.formats.rdf.iris import has_scheme

if TYPE_CHECKING:
    from collections.abc import Mapping

    from bicentennial.formats.jsonld.context import Context

__all__ = ["Term", "definition"]

_UNSET: Final = "\x00"
_ALLOWED: Final = frozenset(
    {
        "@container", "@context", "@direction", "@id", "@index", "@language", "@nest", "@prefix", "@protected",
        "@reverse", "@type",
    }
)  # fmt: skip
_CONTAINERS: Final = frozenset(
    map(
        frozenset,
        [
            (), ("@list",), ("@graph",), ("@id",), ("@index",), ("@language",), ("@set",), ("@type",),
            ("@graph", "@id"), ("@graph", "@index"), ("@graph", "@id", "@set"), ("@graph", "@index", "@set"),
            ("@set", "@graph"), ("@set", "@id"), ("@set", "@index"), ("@set", "@language"), ("@set", "@type"),
        ],
    )
)  # fmt: skip


@dataclass(slots=True)
class Term:
    """What a term of a context stands for.

    `language` and `direction` are the character U+0000 where the term does not set them; None sets them to nothing.
    """

    iri: str | None = None
    is_prefix: bool = False
    is_reverse: bool = False
    is_protected: bool = False
    type: str | None = None
    language: str | None = _UNSET
    direction: str | None = _UNSET
    container: frozenset[str] = field(default_factory=frozenset)
    index: str = "@index"
    nest: str | None = None
    has_context: bool = False
    context: Any = None

    @property
    def is_plain(self) -> bool:
        """Whether a text under the term is a value by itself: no map, no list, and no context changes."""
        return not (self.container or self.has_context or self.is_reverse or self.type == "@json")

    def is_like(self, other: Term) -> bool:
        """Return whether it is the same but for its protection."""
        return _without_protection(self) == _without_protection(other)


def _without_protection(term: Term) -> tuple[Any, ...]:
    return (
        *(term.iri, term.is_prefix, term.is_reverse, term.type, term.language, term.direction, term.container),
        *(term.index, term.nest, term.has_context, term.context),
    )


def definition(
    context: Context,
    local: Mapping[str, Any],
    name: str,
    defined: dict[str, bool],
    *,
    protected: bool = False,
    override: bool = False,
) -> None:
    """Add the definition of a term of a local context to a context that is being made.

    Args:
        context: the one that is being made.
        local: the local context.
        name: the term.
        defined: which terms of it are defined (true), or being defined (false).
        protected: whether its terms are protected.
        override: whether protected terms may be defined anew.

    Raises:
        JsonLdError: the definition is none.
    """
    from bicentennial.formats.jsonld.context import is_keyword_like

    if name in defined:
        if defined[name]:
            return
        raise JsonLdError("cyclic IRI mapping", name)
    value = local[name]
    if not name:
        raise JsonLdError("invalid term definition", name)
    if not _may_be_defined(name, value):
        raise JsonLdError("keyword redefinition", name)
    if is_keyword_like(name) and name != "@type":
        return
    defined[name] = False
    previous = context.terms.pop(name, None)
    made = _Definition(context, local, name, defined, value).made(protected=protected)
    if made is None:
        return
    if previous is not None and previous.is_protected and not override:
        if not made.is_like(previous):
            raise JsonLdError("protected term redefinition", name)
        made = previous
    context.terms[name] = made
    defined[name] = True


def _may_be_defined(name: str, value: Any) -> bool:
    from bicentennial.formats.jsonld.context import KEYWORDS

    if name != "@type":
        return name not in KEYWORDS
    return (
        isinstance(value, dict)
        and len(value) > 0
        and not value.keys() - {"@container", "@protected"}
        and value.get("@container", "@set") in ("@set", ["@set"])
    )


class _Definition:
    """The definition of one term while it is being made."""

    def __init__(
        self, context: Context, local: Mapping[str, Any], name: str, defined: dict[str, bool], value: Any
    ) -> None:
        self.context = context
        self.local = local
        self.name = name
        self.defined = defined
        self.is_simple = _is_text(value)
        if value is None or self.is_simple:
            value = {"@id": value}
        if not isinstance(value, dict):
            raise JsonLdError("invalid term definition", name)
        self.value: dict[str, Any] = value
        self.term = Term()

    def made(self, *, protected: bool) -> Term | None:
        """Return the definition, or None if the term is to have none."""
        value, term = self.value, self.term
        term.is_protected = value.get("@protected", protected)
        if not isinstance(term.is_protected, bool):
            raise JsonLdError("invalid @protected value", term.is_protected)
        if "@type" in value:
            term.type = self._type(value["@type"])
        if "@reverse" in value:
            return self._reverse()
        if not self._iri():
            return None
        self._container()
        self._context()
        self._texts()
        self._nest_and_prefix()
        if value.keys() - _ALLOWED:
            raise JsonLdError("invalid term definition", self.name)
        return term

    def _expanded(self, value: str) -> str | None:
        return self.context.expand(value, vocab=True, local=self.local, defined=self.defined)

    def _type(self, value: Any) -> str:
        if not _is_text(value):
            raise JsonLdError("invalid type mapping", value)
        found = self._expanded(value)
        if found in ("@id", "@vocab", "@json", "@none"):
            return found
        if found is None or found.startswith(("@", "_:")) or not has_scheme(found):
            raise JsonLdError("invalid type mapping", value)
        return found

    def _reverse(self) -> Term | None:
        from bicentennial.formats.jsonld.context import is_keyword_like

        value, term = self.value, self.term
        if "@id" in value or "@nest" in value:
            raise JsonLdError("invalid reverse property", self.name)
        if not _is_text(value["@reverse"]):
            raise JsonLdError("invalid IRI mapping", value["@reverse"])
        if is_keyword_like(value["@reverse"]):
            return None
        term.iri = self._expanded(value["@reverse"])
        if not _is_iri_or_blank(term.iri):
            raise JsonLdError("invalid IRI mapping", value["@reverse"])
        if value.get("@container") not in (None, "@set", "@index"):
            raise JsonLdError("invalid reverse property", self.name)
        if value.get("@container"):
            term.container = frozenset({value["@container"]})
        if value.keys() - _ALLOWED:
            raise JsonLdError("invalid term definition", self.name)
        term.is_reverse = True
        return term

    def _iri(self) -> bool:
        """Find out what the term stands for; false if the term is to have no definition."""
        value, name = self.value, self.name
        if "@id" in value and value["@id"] != name:
            return self._given(value["@id"])
        if ":" in name[1:]:
            prefix, _, suffix = name.partition(":")
            if not prefix:
                prefix, suffix = ":" + suffix.partition(":")[0], suffix.partition(":")[2]
            if prefix in self.local:
                definition(self.context, self.local, prefix, self.defined)
            known = self.context.terms.get(prefix)
            self.term.iri = known.iri + suffix if known is not None and known.iri is not None else name
        elif "/" in name:
            self.term.iri = self._expanded_as_itself()
            if not _is_iri_or_blank(self.term.iri):
                raise JsonLdError("invalid IRI mapping", name)
        elif name == "@type":
            self.term.iri = "@type"
        elif self.context.vocab is not None:
            self.term.iri = self.context.vocab + name
        else:
            raise JsonLdError("invalid IRI mapping", name)
        return True

    def _given(self, iri: Any) -> bool:
        from bicentennial.formats.jsonld.context import KEYWORDS, is_keyword_like

        name = self.name
        if iri is None:
            return True
        if not _is_text(iri):
            raise JsonLdError("invalid IRI mapping", iri)
        if iri not in KEYWORDS and is_keyword_like(iri):
            return False
        found = self._expanded(iri)
        if found == "@context":
            raise JsonLdError("invalid keyword alias", name)
        if found not in KEYWORDS and not _is_iri_or_blank(found):
            raise JsonLdError("invalid IRI mapping", iri)
        self.term.iri = found
        if ":" in name[1:-1] or "/" in name:
            self.defined[name] = True
            if self._expanded_as_itself() != found:
                raise JsonLdError("invalid IRI mapping", iri)
        elif ":" not in name and self.is_simple and found is not None:
            self.term.is_prefix = found.endswith((":", "/", "?", "#", "[", "]", "@")) or found.startswith("_:")
        return True

    def _expanded_as_itself(self) -> str | None:
        # The term must not be taken for what is being defined.
        return self.context.expand(self.name, vocab=True, local=self.local, defined=self.defined | {self.name: True})

    def _container(self) -> None:
        value, term = self.value, self.term
        if "@container" in value:
            given = value["@container"]
            names = given if isinstance(given, list) else [given]
            if not all(map(_is_text, names)) or frozenset(names) not in _CONTAINERS or not names:
                raise JsonLdError("invalid container mapping", given)
            term.container = frozenset(names)
            if "@type" in term.container:
                term.type = term.type or "@id"
                if term.type not in ("@id", "@vocab"):
                    raise JsonLdError("invalid type mapping", term.type)
        if "@index" in value:
            index = value["@index"]
            found = self._expanded(index) if _is_text(index) else None
            if "@index" not in term.container or not _is_iri_or_blank(found):
                raise JsonLdError("invalid term definition", self.name)
            term.index = index

    def _context(self) -> None:
        if "@context" not in self.value:
            return
        self.term.has_context, self.term.context = True, self.value["@context"]
        try:
            self.context.processed(self.term.context, override=True)
        except JsonLdError as error:
            raise JsonLdError("invalid scoped context", error.value or self.name) from error

    def _texts(self) -> None:
        value, term = self.value, self.term
        if "@language" in value and "@type" not in value:
            term.language = value["@language"]
            if term.language is not None and not _is_text(term.language):
                raise JsonLdError("invalid language mapping", term.language)
        if "@direction" in value and "@type" not in value:
            term.direction = value["@direction"]
            if term.direction not in (None, "ltr", "rtl"):
                raise JsonLdError("invalid base direction", term.direction)

    def _nest_and_prefix(self) -> None:
        from bicentennial.formats.jsonld.context import KEYWORDS

        value, term = self.value, self.term
        if "@nest" in value:
            term.nest = value["@nest"]
            if not _is_text(term.nest) or (term.nest in KEYWORDS and term.nest != "@nest"):
                raise JsonLdError("invalid @nest value", term.nest)
        if "@prefix" in value:
            if ":" in self.name or "/" in self.name:
                raise JsonLdError("invalid term definition", self.name)
            if not isinstance(value["@prefix"], bool):
                raise JsonLdError("invalid @prefix value", value["@prefix"])
            term.is_prefix = value["@prefix"]
            if term.is_prefix and term.iri in KEYWORDS:
                raise JsonLdError("invalid term definition", self.name)


def _is_text(value: Any) -> bool:
    return isinstance(value, str) and not isinstance(value, Number)


def _is_iri_or_blank(value: str | None) -> bool:
    return value is not None and (value.startswith("_:") or (not value.startswith("@") and has_scheme(value)))
