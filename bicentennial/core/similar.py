"""Which names are nearly the same as a given one: the one measure behind “did you mean …?”.

>>> similar("validat", ["version", "validate", "convert"])
['validate']
>>> similar("x", ["validate"])
[]
"""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterable

__all__ = ["similar"]


def similar(value: str, names: Iterable[str], *, cutoff: float = 60, limit: int = 3) -> list[str]:
    """Return the names that are most like a value, the nearest first.

    Args:
        value: what was given.
        names: what it may have meant; of names that are equally near, the first goes first.
        cutoff: how alike a name has to be, from 0 to 100, as `rapidfuzz.fuzz.ratio` measures it.
        limit: how many names to return at most.
    """
    from rapidfuzz import fuzz, process  # only where something is wrong: start-up time is a feature

    found = process.extract(value, list(names), scorer=fuzz.ratio, score_cutoff=cutoff, limit=limit)
    return [name for name, _, _ in found]
