r"""From a JSON Pointer to a line: the text is read again as far as the pointer leads, and no part of it twice.

>>> from bicentennial.core.limits import DEFAULT
>>> from bicentennial.formats.json.text import JsonText
>>> positions = Positions(JsonText('{"@graph": [\n {"a": 1},\n {"a": [2,\n 3]}]}', DEFAULT))
>>> [positions.line(each) for each in ("", "/@graph/0", "/@graph/1/a/1", "/@graph/1/none")]
[1, 2, 4, 3]
"""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from bicentennial.formats.json.text import JsonText

__all__ = ["Positions"]


class Positions:
    """The positions of values in a JSON text.

    Args:
        text: the text.
        known: where the elements of some arrays stand, by where those do.
    """

    def __init__(self, text: JsonText, known: Mapping[int, Sequence[int]] | None = None) -> None:
        self._text = text
        self._within: dict[int, Mapping[str, int] | Sequence[int]] = {**(known or {})}

    def line(self, pointer: str) -> int:
        """Return the line of what a JSON Pointer leads to, or of the last step that there is."""
        position = self._text.start()
        for step in pointer.split("/")[1:]:
            found = self._step(position, step.replace("~1", "/").replace("~0", "~"))
            if found is None:
                break
            position = found
        return self._text.line(position)

    def key_of(self, pointer: str, keys: Sequence[str]) -> str:
        """Return the step to the first of some keys that the object at a pointer has, or nothing."""
        position = self._text.start()
        for step in pointer.split("/")[1:]:
            position = self._step(position, step.replace("~1", "/").replace("~0", "~")) or position
        within = self._children(position)
        return next((f"/{key}" for key in keys if isinstance(within, dict) and key in within), "")

    def _step(self, position: int, key: str) -> int | None:
        within = self._children(position)
        if not isinstance(within, dict):
            return within[int(key)] if key.isdecimal() and int(key) < len(within) else None  # type: ignore[index]
        return within.get(key)

    def _children(self, position: int) -> Mapping[str, int] | Sequence[int]:
        if position not in self._within:
            mark = self._text.text[position]
            if mark == "{":
                self._within[position] = dict(self._text.members(position))
            elif mark == "[":
                self._within[position] = [each for each, _ in self._text.elements(position)]
            else:
                return ()
        return self._within[position]
