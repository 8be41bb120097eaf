"""Which currency was meant: the codes of ISO 4217 that a text may stand for, those of the two countries first."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Final

from bicentennial.core.namespaces import BIC
from bicentennial.semantics.values.plain_text import is_error, is_placeholder, plain, unaccented, words
from bicentennial.semantics.values.resolver import is_iri, suggest
from bicentennial.vocabulary.index import default_index, normalize_key, written

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
    codes = _codes(index or default_index())
    named = [codes[normalize_key(part)] for part in said if normalize_key(part) in codes]
    if named:
        return tuple(dict.fromkeys(named))
    near = [
        codes[normalize_key(name)]
        for name in suggest(value, [BIC.Currency], 12, index=index)
        if normalize_key(name) in codes
    ]
    if len(text) <= _SHORT:
        # Almost any three letters are like the code of some currency.
        swapped = [code for code in near if sorted(code) == sorted(text.upper())]
        near = [code for code in _HERE if code in near] or swapped
    return tuple(dict.fromkeys(near))[:3]


def _codes(index: Index) -> dict[str, str]:
    """Return the code of each currency by its folded names and codes."""
    each = (one for one in index.individuals.values() if BIC.Currency in one["types"] and one["notations"])
    return {key: one["notations"][0] for one in each for key in map(normalize_key, written(one))}
