"""Which currency was meant: the codes of ISO 4217 that a text may stand for, those of the two countries first."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Final

from bicentennial.core.namespaces import BIC
from bicentennial.semantics.values.plain_text import is_error, is_placeholder, plain, unaccented, words
from bicentennial.semantics.values.resolver import is_iri, suggest
from bicentennial.vocabulary.index import default_index, normalize_key

if TYPE_CHECKING:
    from bicentennial.vocabulary.index import Index

__all__ = ["suggest_currency"]

_HERE: Final = ("MXN", "USD", "MXV")
_LONGEST: Final = 60
_SHORT: Final = 4


def suggest_currency(value: str, *, index: Index | None = None) -> tuple[str, ...]:
    """Return the codes of the currencies that a text may mean; nothing for a placeholder or an address.

    Args:
        value: the text.
        index: the compiled index, the package's own if None.

    >>> suggest_currency("M.N."), suggest_currency("DLS"), suggest_currency("MXP"), suggest_currency("UDI")
    (('MXN',), ('USD',), ('MXN',), ('MXV',))
    >>> suggest_currency("$"), suggest_currency("pesos argentinos"), suggest_currency("UDS")
    (('MXN', 'USD'), ('ARS',), ('USD',))
    >>> suggest_currency("N/A"), suggest_currency("https://example.org/mxn")
    ((), ())
    """
    text = " ".join(unaccented(plain(value).casefold()).replace(".", "").split())
    if not text or len(text) > _LONGEST or is_error(value) or is_placeholder(value) or is_iri(value.strip()):
        return ()
    for each in (text, text.replace(" ", ""), re.sub(r"\s*[(/,;-].*", "", text), re.sub(r"^.*[(/-]\s*|\)$", "", text)):
        if each in words("currencies"):
            return (str(words("currencies")[each]),)
        if each in words("signs"):
            return tuple(words("signs")[each])
    said = re.findall(r"[^\W\d_]+", text)
    if all(word in words("currencies") or word in words("around-amounts")["texts"] for word in said):
        meant = dict.fromkeys(str(words("currencies")[word]) for word in said if word in words("currencies"))
        return tuple(meant) if len(meant) == 1 else ()
    known = index or default_index()
    if named := [code for part in said if (code := _code(part, known))]:
        return tuple(dict.fromkeys(named))
    near = [code for name in suggest(value, [BIC.Currency], 12, index=index) if (code := _code(name, known))]
    if len(text) <= _SHORT:
        # Almost any three letters are like the code of some currency.
        swapped = [code for code in near if sorted(code) == sorted(text.upper())]
        near = [code for code in _HERE if code in near] or swapped
    return tuple(dict.fromkeys(near))[:3]


def _code(name: str, index: Index) -> str:
    """Return the code of the currency that has a name, or a code, but for case and accents; empty if none has."""
    found = [index.individuals[iri]["notations"] for iri in index.named(normalize_key(name), frozenset({BIC.Currency}))]
    return next((notations[0] for notations in reversed(found) if notations), "")
