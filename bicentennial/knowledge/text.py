"""Text for people: columns line up, names compare without case or accents.

>>> normalize_words("Proteger a  la CIUDADANÍA")
'proteger a la ciudadania'
"""

from __future__ import annotations

import textwrap
import unicodedata
from functools import lru_cache
from typing import TYPE_CHECKING, Final

from bicentennial.core.escape import plain
from bicentennial.core.startup.patterns import lazy

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

__all__ = ["aligned", "normalize_words"]

_READABLE: Final = 16
_NARROWEST: Final = 12
_APART: Final = lazy(r"[\W_]+")
"""What stands between words."""


@lru_cache(maxsize=16_384)
def normalize_words(name: str) -> str:
    """Return the words of a name as they are compared: no case, no accents, punctuation and `_` as single spaces.

    Words stay apart, unlike in `vocabulary.index.normalize_key`, which knows headers however they are joined: here
    parts of labels are asked for, and queries compare names word by word.

    >>> normalize_words("Prevent_transborder-crime")
    'prevent transborder crime'
    """
    letters = unicodedata.normalize("NFKD", name).casefold()
    if not letters.isascii():
        letters = "".join(character for character in letters if not unicodedata.combining(character))
    return _APART.sub(" ", letters).strip(" ")


def _width(text: str) -> int:
    """Return how many terminal columns a printable text takes."""
    if text.isascii():
        return len(text)
    return sum(
        0 if unicodedata.combining(character) else 2 if unicodedata.east_asian_width(character) in "WF" else 1
        for character in text
    )


def _record(titles: Sequence[str], row: Sequence[str], width: int) -> Iterator[str]:
    """Yield the lines of one row, a head and its value each; addresses stay whole, what is empty is left out."""
    for title, cell in zip(titles, row, strict=True):
        if cell:
            yield from textwrap.wrap(
                f"{title}: {cell}", width, subsequent_indent="  ", break_long_words=False, break_on_hyphens=False
            )


def aligned(heads: Sequence[str], rows: Iterable[Sequence[str]], *, width: int | None = None) -> str:
    """Lay rows out in columns below their heads; with a `width`, long cells are wrapped so that lines fit it.

    Where that leaves too little for the columns to be read, each row becomes lines of head and value.

    >>> print(aligned(["goal", "n"], [["Protect our people", "9"], ["Prevent", "10"]]))
    goal                n
    ------------------  --
    Protect our people  9
    Prevent             10
    """
    cells = [[plain(cell) for cell in row] for row in rows]
    titles = [plain(head) for head in heads]
    widths = [max([_width(title), *(_width(row[n]) for row in cells)]) for n, title in enumerate(titles)]
    if width is not None and sum(widths) > width and width < len(widths) * _READABLE:
        return "\n\n".join("\n".join(_record(titles, row, width)) for row in cells)
    if width is not None:
        least = sum(min(one, _NARROWEST) for one in widths)
        room = max(width - 2 * (len(widths) - 1), least)
        while sum(widths) > room:
            # The widest gives way first, down to the next widest, so that narrow columns stay whole.
            widest = widths.index(max(widths))
            next_widest = sorted(widths)[-2] if len(widths) > 1 else 0
            least_step = max(1, widths[widest] - max(next_widest, _NARROWEST))
            widths[widest] -= min(sum(widths) - room, least_step)

    def lines(row: Sequence[str]) -> Iterable[str]:
        parts = [
            [cell] if _width(cell) <= limit else textwrap.wrap(cell, limit) or [""]
            for cell, limit in zip(row, widths, strict=True)
        ]
        for n in range(max(map(len, parts), default=0)):  # an answer may have rows and no columns: SELECT * { }
            here = [part[n] if n < len(part) else "" for part in parts]
            yield "  ".join(
                text + " " * (limit - _width(text)) for text, limit in zip(here, widths, strict=True)
            ).rstrip()

    out = [*lines(titles), "  ".join("-" * limit for limit in widths)]
    for row in cells:
        out.extend(lines(row))
    return "\n".join(out)
