"""Lists of texts as one text, for a database without lists: the texts sort like the lists.

>>> unlisted(listed("a", None, "b"))
['a', None, 'b']
>>> listed("a", "z") < listed("a b", "a"), listed("a") < listed(None)
(True, True)
"""

from __future__ import annotations

from typing import Final

__all__ = ["RESERVED", "listed", "unlisted"]

_BETWEEN: Final = "\0"
_NONE: Final = "\U0010ffff"
RESERVED: Final = (_BETWEEN, _NONE)
"""Characters that no text in a list may hold."""


def listed(*texts: str | None) -> str:
    """Return the text of a list; what is missing comes after everything else."""
    return _BETWEEN.join(_NONE if text is None else text for text in texts)


def unlisted(text: str) -> list[str | None]:
    """Return the list of a text."""
    return [None if part == _NONE else part for part in text.split(_BETWEEN)]
