"""The help sheets of our own template, recognised by the texts that it writes into them; they are passed over silently.

>>> from bicentennial.core.grid import Grid
>>> explains(Grid([["What it is", "Write this", "or its code", "Belongs to", "What it says"]], [1], "reference"))
True
>>> explains(Grid([["What it is", "Our codes"]], [1], "reference"))
False
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from bicentennial.core.messages import LANGUAGES, entry

if TYPE_CHECKING:
    from bicentennial.core.grid import Grid

__all__ = ["HEADS", "explains"]

HEADS: Final = {
    "example": ("sheet", "column", "required", "question", "expected", "example"),
    "reference": ("entry", "write", "code", "within", "meaning"),
}
"""The columns of the sheets of the form that list something, by the key of the sheet's name."""


def explains(grid: Grid) -> bool:
    """Return whether a sheet is one of the form's own that explain: its name and its first row are still those.

    Saved as a delimited text it has no name.
    """
    words = entry("exchange", "template")
    first = [cell for cell in grid.rows[0] if cell] if grid.rows else []
    return any(
        grid.name in (None, words[key][language])
        and first
        == ([words["heads"][name][language] for name in HEADS[key]] if key in HEADS else [words["title"][language]])
        for key in ("instructions", *HEADS)
        for language in LANGUAGES
    )
