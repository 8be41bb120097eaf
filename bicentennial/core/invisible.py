r"""Characters that are not seen and mean nothing in what is submitted: they are left out, as blanks around a value are.

They come along when text is copied from web pages and documents, or when files are put together, and would make two
identifiers of one. Joiners stay where the letters around them are of a script that has them.

>>> visible("A\u00ad-1\u200b"), visible("\ufeffA-2"), visible("Train")
('A-1', 'A-2', 'Train')
"""

from __future__ import annotations

import re
from typing import Final

__all__ = ["first_invisible", "visible"]

_INVISIBLE: Final = re.compile(
    "[\u00ad\u034f\u061c\u180e\u200b\u200e\u200f\u202a-\u202e\u2060-\u2064\u2066-\u206f\ufeff\ufff9-\ufffb\U000e0000-\U000e007f]"
    "|(?<![\u0300-\U0010ffff])[\u200c\u200d]|[\u200c\u200d](?![\u0300-\U0010ffff])"
)


def visible(text: str) -> str:
    """Return a text without invisible characters."""
    return text if text.isascii() else _INVISIBLE.sub("", text)


def first_invisible(text: str) -> int | None:
    """Return where the first invisible character of a text is, None if there is none.

    >>> first_invisible("A-1"), first_invisible("A-1\u200b")
    (None, 3)
    """
    found = None if text.isascii() else _INVISIBLE.search(text)
    return found.start() if found else None
