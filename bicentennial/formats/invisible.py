r"""Characters that are not seen and mean nothing in what is submitted: they are left out, as blanks around a value are.

They come along when text is copied from web pages and documents, or when files are put together, and would make two
identifiers of one. Joiners stay where the letters around them are of a script that has them.

>>> visible("A\u00ad-1\u200b"), visible("\ufeffA-2"), visible("Train")
('A-1', 'A-2', 'Train')
"""

from __future__ import annotations

from contextlib import suppress
from typing import Final

from bicentennial.core.startup.patterns import lazy

__all__ = ["INVISIBLE", "first_invisible", "visible"]

INVISIBLE: Final = lazy(
    "[\u00ad\u034f\u061c\u180e\u200b\u200e\u200f\u202a-\u202e\u2060-\u2064\u2066-\u206f\ufeff\ufff9-\ufffb\U000e0000-\U000e007f]"
    "|(?<![\u0300-\U0010ffff])[\u200c\u200d]|[\u200c\u200d](?![\u0300-\U0010ffff])"
)
# Looking for each character first is quicker than searching with the expression, and few texts have any of them.
_CHARACTERS: Final = frozenset(
    "\u00ad\u034f\u061c\u180e\u200b\u200c\u200d\u200e\u200f\ufeff\ufff9\ufffa\ufffb"
    + "".join(
        map(chr, (*range(0x202A, 0x202F), *range(0x2060, 0x2065), *range(0x2066, 0x2070), *range(0xE0000, 0xE0080)))
    )
)
_LONG: Final = 1_000


def _has_none(text: str) -> bool:
    if text.isascii():
        return True
    if len(text) > _LONG:
        with suppress(UnicodeEncodeError):
            text.encode("latin-1")  # which is quick, and leaves one character to look for
            return "\u00ad" not in text
    return _CHARACTERS.isdisjoint(text)


def visible(text: str) -> str:
    """Return a text without invisible characters."""
    return text if _has_none(text) else INVISIBLE.sub("", text)


def first_invisible(text: str) -> int | None:
    """Return where the first invisible character of a text is, None if there is none.

    >>> first_invisible("A-1"), first_invisible("A-1\u200b")
    (None, 3)
    """
    found = None if _has_none(text) else INVISIBLE.search(text)
    return found.start() if found else None
