r"""How deep brackets nest, counted in the text before any parser sees it: many do not survive an extreme of that.

>>> from bicentennial.core.errors import LimitReachedError
>>> from bicentennial.core.limits import Limits
>>> refuse_deep("{[][[()]]}", Limits(depth=4))
>>> try:
...     refuse_deep(brackets_of_json('{"a": [{"b[[[": [1, "\\\\"]}]}'), Limits(depth=3))
... except LimitReachedError as error:
...     error.setting
'depth'
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Final

from bicentennial.core.startup.patterns import lazy

if TYPE_CHECKING:
    from bicentennial.core.limits import Limits

__all__ = ["brackets_of_json", "refuse_deep"]

_PAIR: Final = lazy(r"\[\]|\(\)|\{\}")
_OPENING: Final = "[({"
_NO_BRACKETS: Final = bytes(byte for byte in range(256) if byte not in b'[]{}"')


def brackets_of_json(text: str) -> str:
    """Return the brackets of a JSON text that stand outside strings."""
    data = text.encode("utf-8", "replace").replace(b"\\\\", b"").replace(b'\\"', b"")
    # Two quotation marks side by side change nothing of what is inside a string and what is not.
    marks = data.translate(None, _NO_BRACKETS).replace(b'""', b"")
    return re.sub(rb'"[^"]*"?', b"", marks).decode()


def refuse_deep(brackets: str, limits: Limits) -> None:
    """Do nothing if brackets nest as deep as they may at most.

    Args:
        brackets: those of a text, and nothing else.
        limits: of which `depth` counts.

    Raises:
        LimitReachedError: they nest deeper.
    """
    if sum(map(brackets.count, _OPENING)) <= limits.depth:
        return
    # Each pass takes the innermost brackets away, so what is left after as many passes nests deeper than that.
    for _ in range(limits.depth):
        shorter = _PAIR.sub("", brackets)
        if len(shorter) == len(brackets):
            break
        brackets = shorter
    # What does not match is broken, which the parser says; only how deep it gets matters here.
    depth = deepest = 0
    for bracket in brackets:
        depth += 1 if bracket in _OPENING else -1
        deepest = max(deepest, depth)
    if _PAIR.search(brackets):
        deepest = max(deepest, limits.depth + 1)
    limits.check("depth", deepest)
