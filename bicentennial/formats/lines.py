r"""The line of a position in a text, however long the text and however many the questions.

>>> lines = Lines("a\nb\nc")
>>> [lines.of(position) for position in range(5)]
[1, 1, 2, 2, 3]
"""

from __future__ import annotations

from typing import Final

__all__ = ["Lines"]

_STEP: Final = 4_096


class Lines:
    """Counts lines from the nearest of many known positions, which are found out as far as questions reach.

    Args:
        text: the text.
    """

    def __init__(self, text: str) -> None:
        self._text = text
        self._before = [0]

    def of(self, position: int) -> int:
        """Return the line that a position is in, the first being 1."""
        step = position // _STEP
        while step >= len(self._before):
            end = len(self._before) * _STEP
            self._before.append(self._before[-1] + self._text.count("\n", end - _STEP, end))
        return self._before[step] + self._text.count("\n", step * _STEP, position) + 1
