"""Lists of texts as one text, for a database without lists: the texts sort like the lists.

>>> decode_list(encode_list("a", None, "b"))
['a', None, 'b']
>>> encode_list("a", "z") < encode_list("a b", "a"), encode_list("a") < encode_list(None)
(True, True)
"""

from __future__ import annotations

from typing import Final

__all__ = ["RESERVED", "decode_list", "encode_list"]

_BETWEEN: Final = "\0"
_NONE: Final = "\U0010ffff"
RESERVED: Final = (_BETWEEN, _NONE)
"""Characters that no text in a list may hold."""


def encode_list(*texts: str | None) -> str:
    """Return the text of a list; what is missing comes after everything else."""
    return _BETWEEN.join(_NONE if text is None else text for text in texts)


def decode_list(text: str) -> list[str | None]:
    """Return the list of a text."""
    return [None if part == _NONE else part for part in text.split(_BETWEEN)]
