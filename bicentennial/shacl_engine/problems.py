"""Errors about shapes, whose sentences are in the section `[shapes]` of the catalogue.

>>> error = ill_formed("two-values", "urn:S", property="sh:minCount")
>>> print(error)
the shape urn:S has two values of sh:minCount, where SHACL allows one
>>> error.construct, error.shape
('two values of sh:minCount', 'urn:S')
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from bicentennial.core.errors import ShapesError
from bicentennial.core.messages import LANGUAGES, entry, render

if TYPE_CHECKING:
    from collections.abc import Mapping

__all__ = ["ill_formed", "sentence", "unusable"]

_LONGEST = 120


def sentence(key: str, **words: object) -> dict[str, str]:
    """Return a sentence of the section `[shapes]`, filled in, in each language."""
    return render(entry("shapes", key)["message"], **{name: _shown(word) for name, word in words.items()})


def ill_formed(key: str, shape: str | None = None, **words: object) -> ShapesError:
    """Return the error for shapes that no engine may answer; `key` is that of the sentence."""
    text = sentence(key, shape=shape, **words)
    construct = entry("shapes", key).get("construct", "").format(shape=shape, **words)
    return ShapesError(text, construct=construct, shape=shape)


def unusable(reason: str | Mapping[str, str]) -> ShapesError:
    """Return the error for shapes of which pySHACL or its SPARQL engine says that they cannot be used."""
    if isinstance(reason, str):
        reason = dict.fromkeys(LANGUAGES, " ".join(reason.split())[:500])
    text = render(entry("shapes", "unusable")["message"], reason=dict(reason))
    return ShapesError(text, construct=reason["en"])


def _shown(word: object) -> object:
    text = str(word)
    if isinstance(word, dict) or len(text) <= _LONGEST:
        return word
    return text[: _LONGEST - 1] + "…"
