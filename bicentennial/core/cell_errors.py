"""The errors that cells of spreadsheet programs show, in whatever language, and wherever their texts have got to."""

from __future__ import annotations

import re
from typing import Final

__all__ = ["PATTERN", "as_error", "is_error"]

PATTERN: Final = (
    "#[¡¿]?[A-ZÀ-ÖØ-Þ][A-ZÀ-ÖØ-Þ0-9_/ ]*[!?]|#N/[AD]|#N/A N/A|#(?:GETTING_DATA|OBTENIENDO_DATOS)|Err:[0-9]{3}|#{3,}"
)
"""What the text of an error looks like, whole, as a regular expression."""

_ERROR: Final = re.compile(PATTERN)


def is_error(text: str) -> bool:
    """Return whether a text is that of an error, or the hashes of a column that is too narrow for its value.

    >>> [text for text in ("#N/A", "#¡VALOR!", "#¿NOMBRE?", "Err:502", "########", "#1", "#agua", "") if is_error(text)]
    ['#N/A', '#¡VALOR!', '#¿NOMBRE?', 'Err:502', '########']
    """
    return text[:1] in ("#", "E") and _ERROR.fullmatch(text) is not None


def as_error(text: str) -> str:
    """Return the text of a cell that has an error, so written that `is_error` knows it.

    >>> as_error("#SPILL!"), as_error("#BLOCKED"), as_error("")
    ('#SPILL!', '#BLOCKED!', '#ERROR!')
    """
    plain = text.strip()
    if is_error(plain):
        return plain
    letters = re.sub(r"[^A-Z0-9_/]", "", plain.upper()).lstrip("0123456789_/")
    return f"#{letters or 'ERROR'}!"
