"""Several values that stand in one cell without semicolons: `G1, G3`, `SSPC y FGR`, `SSPC/FGR`.

>>> def known(part):
...     return {"ssp": "SSPC", "fgr": "FGR", "research and development": "R&D"}.get(part.lower(), "")
>>> separated("ssp y FGR", known), separated("FGR, research and development", known), separated("FGR, other", known)
(('SSPC', 'FGR'), ('FGR', 'R&D'), ())
>>> separated("SSP FGR", known), separated("SSP or FGR", known)
(('SSPC', 'FGR'), ())
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Final

from bicentennial.core.startup.patterns import lazy

if TYPE_CHECKING:
    from collections.abc import Callable

__all__ = ["are_acronyms", "pieces", "separated"]

_MARK: Final = lazy(
    r"\s*(?:[,;/|+&•·\n\r\t]|\\n)+\s*(?:(?:y|e|and)\s+)?|\s+(?:y|e|and|con|with|-|–|—)\s+|\s{2,}",
    re.IGNORECASE,
)
_BULLET: Final = lazy(r"^\s*(?:[-*•·]|\(?\d{1,2}[.)])\s+")
_PRINTED: Final = lazy(r"[\[\]\"']")
_ACRONYM: Final = lazy(r"[A-ZÁÉÍÓÚÑ][A-ZÁÉÍÓÚÑ0-9.-]{1,9}")
_MOST: Final = 12
_LONGEST: Final = 1_000


def separated(value: str, known: Callable[[str], str]) -> tuple[str, ...]:
    """Return the parts that a value is made of, as they should be written; nothing if any of it is not known.

    Names hold commas and conjunctions themselves, so of all ways to cut the value, that with the fewest parts is taken.

    Args:
        value: what stands in the cell.
        known: returns how a part is written, or an empty text if it is none.
    """
    if len(value) > _LONGEST:
        return ()
    if value.startswith("[") and value.endswith("]"):  # a list as programs print it: ['G1', 'G2']
        value = _PRINTED.sub("", value)
    marks = list(_MARK.finditer(value))
    if not marks and all(map(_ACRONYM.fullmatch, value.split())):
        marks = list(re.finditer(r"\s+", value))  # `G1 G2`: an acronym holds no space
    if not 0 < len(marks) <= _MOST:
        return ()
    starts = [0, *(mark.end() for mark in marks)]
    ends = [*(mark.start() for mark in marks), len(value)]
    # best[n] is the shortest way to write what comes before the nth piece.
    best: list[tuple[str, ...] | None] = [()]
    for end in range(1, len(starts) + 1):
        found: tuple[str, ...] | None = None
        for start in range(end):
            before = best[start]
            if before is None or (found is not None and len(before) + 1 >= len(found)):
                continue
            part = _BULLET.sub("", value[starts[start] : ends[end - 1]]).strip(" .")
            if not part:
                found = before
            elif written := known(part):
                found = (*before, written)
        best.append(found)
    parts = tuple(dict.fromkeys(best[-1] or ()))
    return parts if len(parts) > 1 else ()


def pieces(value: str, known: Callable[[str], str]) -> tuple[str, ...]:
    """Return the known names that a value of several pieces holds.

    >>> pieces("FGR, other", {"FGR": "FGR"}.get), pieces("FGR", {"FGR": "FGR"}.get)
    (('FGR',), ())
    """
    parts = [part for part in _MARK.split(value[:_LONGEST]) if part.strip()][: _MOST + 1]
    return tuple(written for part in parts if (written := known(part.strip(" .")))) if len(parts) > 1 else ()


def are_acronyms(value: str) -> bool:
    """Return whether a value of several pieces holds nothing but acronyms, known or not.

    >>> are_acronyms("XYZ, QQQ"), are_acronyms("Smith, Jones"), are_acronyms("XYZ")
    (True, False, False)
    """
    parts = [part.strip() for part in _MARK.split(value[:_LONGEST]) if part.strip()]
    return len(parts) > 1 and all(map(_ACRONYM.fullmatch, parts))
