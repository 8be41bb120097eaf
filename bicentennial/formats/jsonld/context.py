"""JSON-LD contexts: what the keys of a document mean (JSON-LD 1.1 Processing Algorithms and API, section 4).

Nothing is fetched: the only context that may be named by its address is the project's own.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING, Any, Final

from bicentennial.core.problems import unreadable
from bicentennial.formats.json.text import Number
from bicentennial.formats.jsonld.definition import definition
from bicentennial.formats.jsonld.errors import JsonLdError
from bicentennial.formats.rdf.iris import has_scheme, resolve

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from bicentennial.formats.jsonld.definition import Term

__all__ = ["KEYWORDS", "UNSET", "Context", "is_keyword_like"]

KEYWORDS: Final = frozenset(
    {
        "@base", "@container", "@context", "@default", "@direction", "@graph", "@id", "@import", "@included", "@index",
        "@json", "@language", "@list", "@nest", "@none", "@prefix", "@propagate", "@protected", "@reverse", "@set",
        "@type", "@value", "@version", "@vocab",
    }
)  # fmt: skip
# Keys and types are looked up once, unless a document has more of them than any vocabulary.
_REMEMBERED: Final = 10_000
_KEYWORD_LIKE: Final = re.compile(r"@[A-Za-z]+")
UNSET: Final = "\x00"
"""What a language or direction is where nothing sets one; None stands for a setting to nothing."""


def is_keyword_like(text: str) -> bool:
    """Return whether a text is reserved: it has the form of a keyword, and may become one."""
    return _KEYWORD_LIKE.fullmatch(text) is not None


@dataclass(slots=True, eq=False)
class Context:
    """An active context; it never changes once it is made.

    Args:
        original_base: the address of the document.
        load: returns the context of an address, or raises an error.
        base: what relative references are resolved against; None if they are not.
        vocab: what comes before a key that is no term.
        language: the default language of texts.
        direction: the default base direction of texts.
        terms: the definitions.
        previous: the context that comes back in nodes within one whose type brought this context along.
    """

    original_base: str
    load: Callable[[str], Any]
    base: str | None = None
    vocab: str | None = None
    language: str | None = None
    direction: str | None = None
    terms: dict[str, Term | None] = field(default_factory=dict)
    previous: Context | None = None
    _meanings: dict[str, str | None] = field(default_factory=dict)
    _types: dict[str, str | None] = field(default_factory=dict)
    _scoped: dict[tuple[str, bool], Context] = field(default_factory=dict)
    _has_scopes: bool | None = None

    @property
    def has_scopes(self) -> bool:
        """Whether any term has a context of its own."""
        if self._has_scopes is None:
            self._has_scopes = any(term is not None and term.has_context for term in self.terms.values())
        return self._has_scopes

    def meaning(self, key: str) -> str | None:
        """Return the IRI or keyword that a key or type stands for; None or a text without a colon if it has none."""
        try:
            return self._meanings[key]
        except KeyError:
            found = self.expand(key, vocab=True)
            if len(self._meanings) < _REMEMBERED:
                self._meanings[key] = found
            return found

    def type_of(self, text: str) -> str | None:
        """Return the IRI of a type, which may also be relative to the document."""
        try:
            return self._types[text]
        except KeyError:
            found = self.expand(text, relative=True, vocab=True)
            if len(self._types) < _REMEMBERED:
                self._types[text] = found
            return found

    def expand(
        self,
        value: str,
        *,
        relative: bool = False,
        vocab: bool = False,
        local: Mapping[str, Any] | None = None,
        defined: dict[str, bool] | None = None,
    ) -> str | None:
        """Return what a value expands to as an IRI (section 5.2 of the recommendation).

        Args:
            value: the text.
            relative: whether it may be relative to the document.
            vocab: whether it may be a term, or relative to the vocabulary.
            local: the context that is being processed.
            defined: which of its terms are defined (true) or being defined (false).
        """
        if value.startswith("@"):
            if value in KEYWORDS:
                return value
            if is_keyword_like(value):
                return None
        if local is not None and defined is not None and value in local and not defined.get(value):
            definition(self, local, value, defined)
        if value in self.terms:
            term = self.terms[value]
            iri = term.iri if term is not None else None
            if vocab or iri in KEYWORDS:
                return iri
        colon = value.find(":", 1)
        if colon > 0:
            prefix, suffix = value[:colon], value[colon + 1 :]
            if prefix == "_" or suffix.startswith("//"):
                return value
            if local is not None and defined is not None and prefix in local and not defined.get(prefix):
                definition(self, local, prefix, defined)
            term = self.terms.get(prefix)
            if term is not None and term.iri is not None and term.is_prefix:
                return term.iri + suffix
            if has_scheme(value):
                return value
        if vocab and self.vocab is not None:
            return self.vocab + value
        if relative and self.base is not None:
            return resolve(self.base, value)
        return value

    def scoped(self, term: str, *, by_type: bool = False) -> Context:
        """Return the context that holds within what a term of this context describes.

        Args:
            term: a term with a context of its own.
            by_type: whether it is the type of a node, so that the context ends with that node.
        """
        key = (term, by_type)
        if key not in self._scoped:
            return self._scoped.setdefault(key, self.scoped_from(self, term, by_type=by_type))
        return self._scoped[key]

    def scoped_from(self, terms: Context, term: str, *, by_type: bool) -> Context:
        """Return the same for a term that is defined in another context."""
        described = terms.terms[term]
        assert described is not None
        return self.processed(described.context, override=not by_type, propagate=not by_type)

    def processed(
        self, local: Any, *, override: bool = False, propagate: bool = True, remote: tuple[str, ...] = ()
    ) -> Context:
        """Return this context changed by a local one (section 5.1 of the recommendation).

        Args:
            local: the value of `@context`.
            override: whether protected terms may be defined anew.
            propagate: whether the context holds in nodes within the node too.
            remote: the addresses of the contexts that this one comes from.

        Raises:
            JsonLdError: it is no context.
            UnreadableInputError: it asks for a context that is not in the package.
        """
        if isinstance(local, dict) and "@propagate" in local:
            propagate = local["@propagate"]
            if not isinstance(propagate, bool):
                raise JsonLdError("invalid @propagate value", propagate)
        made = self._copy()
        if not propagate and made.previous is None:
            made.previous = self
        for each in local if isinstance(local, list) else [local]:
            made = made._with(each, remote, override=override, propagate=propagate)  # noqa: SLF001 - one of its own class
        return made

    def _copy(self) -> Context:
        return replace(self, terms=dict(self.terms), _meanings={}, _types={}, _scoped={}, _has_scopes=None)

    def _with(self, local: Any, remote: tuple[str, ...], *, override: bool, propagate: bool) -> Context:
        if local is None:
            if not override and any(term is not None and term.is_protected for term in self.terms.values()):
                raise JsonLdError("invalid context nullification")
            previous = None if propagate else self
            return Context(self.original_base, self.load, self.original_base, previous=previous)
        if isinstance(local, str) and not isinstance(local, Number):
            address = resolve(self.original_base, local)
            if address in remote:
                return self  # it is being processed already
            loaded = self.load(address if has_scheme(local) else local)
            return self.processed(loaded, override=override, propagate=propagate, remote=(*remote, address))
        if not isinstance(local, dict):
            raise JsonLdError("invalid local context", local)
        self._set(local, remote)
        defined: dict[str, bool] = {}
        for key in local:
            if key not in _SETTINGS:
                definition(self, local, key, defined, protected=local.get("@protected", False), override=override)
        return self

    def _set(self, local: Mapping[str, Any], remote: tuple[str, ...]) -> None:
        if "@version" in local and not (isinstance(local["@version"], Number) and local["@version"] == "1.1"):
            raise JsonLdError("invalid @version value", local["@version"])
        if "@import" in local:
            raise unreadable("foreign-context", context=local["@import"])
        if not isinstance(local.get("@protected", False), bool):
            raise JsonLdError("invalid @protected value", local["@protected"])
        if "@base" in local and not remote:
            self.base = self._base(local["@base"])
        if "@vocab" in local:
            self.vocab = self._vocab(local["@vocab"])
        if "@language" in local:
            self.language = local["@language"]
            if not _is_text_or_none(self.language):
                raise JsonLdError("invalid default language", self.language)
        if "@direction" in local:
            self.direction = local["@direction"]
            if self.direction not in (None, "ltr", "rtl"):
                raise JsonLdError("invalid base direction", self.direction)

    def _base(self, value: Any) -> str | None:
        if value is None:
            return None
        if not _is_text_or_none(value):
            raise JsonLdError("invalid base IRI", value)
        if has_scheme(value):
            return resolve(value, value)
        if self.base is None:
            raise JsonLdError("invalid base IRI", value)
        return resolve(self.base, value)

    def _vocab(self, value: Any) -> str | None:
        if value is None:
            return None
        if not _is_text_or_none(value):
            raise JsonLdError("invalid vocab mapping", value)
        found = self.expand(value, relative=True, vocab=True)
        # What is relative, and has no base to be relative to, makes keys that are no IRIs and are said to be none.
        is_relative = found is not None and self.base is None
        if found is None or not (is_relative or has_scheme(found) or found.startswith("_:")):
            raise JsonLdError("invalid vocab mapping", value)
        return found


_SETTINGS: Final = frozenset(
    {"@base", "@direction", "@import", "@language", "@propagate", "@protected", "@version", "@vocab"}
)


def _is_text_or_none(value: Any) -> bool:
    return value is None or (isinstance(value, str) and not isinstance(value, Number))
