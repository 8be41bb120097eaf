"""JSON read list by list, with the position of every record and nothing lost on the way.

Numbers keep the digits that they are written with, repeated keys and `NaN` are noticed, and the text of one record is
walked again only when the line of a value is needed.
"""

from __future__ import annotations

import json
import re
from collections import Counter
from decimal import Decimal
from typing import TYPE_CHECKING, Any, Final

from bicentennial.core.limits import DEFAULT, Limits
from bicentennial.core.problems import unreadable
from bicentennial.formats.lines import Lines
from bicentennial.formats.nesting import brackets_of_json, refuse_deep

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from bicentennial.core.errors import UnreadableInputError

__all__ = ["JsonText", "Number", "Repeated", "fitting"]

_SPACE: Final = re.compile(r"[ \t\n\r]*")
_COLON: Final = re.compile(r"[ \t\n\r]*:[ \t\n\r]*")
_UNFIT: Final = re.compile("[\x00\ud800-\udfff]")
_AFTER: Final = re.compile(r"[ \t\n\r]*(?:(,)[ \t\n\r]*|[\]}])")


def fitting(text: str) -> str:
    r"""Return a text with a sign in place of each character that no text may hold: NUL, half of a character pair.

    >>> fitting("5\0"), fitting("5")
    ('5\ufffd', '5')
    """
    return _UNFIT.sub("\ufffd", text)


class Number(str):
    """A number as it is written; `NaN` and the infinities, which JSON does not have, are among them."""

    __slots__ = ()

    @property
    def is_finite(self) -> bool:
        """Whether it is a number in the sense of JSON."""
        return not self.endswith(("NaN", "Infinity"))

    def plain(self, digits: int) -> str:
        """Return the number without an exponent; as it is written where that would take more digits than allowed.

        >>> Number("1e5").plain(38), Number("2.5E-05").plain(38), Number("1.50").plain(38), Number("1e400").plain(38)
        ('100000', '0.000025', '1.50', '1e400')
        """
        if "e" not in self.lower() or not self.is_finite or len(self) > digits:
            return str(self)
        number = Decimal(self)
        if abs(number.adjusted()) + len(number.as_tuple().digits) > digits:
            return str(self)
        return f"{number:f}"


class Repeated(dict[str, Any]):
    """An object that gives a key twice; the last value counts, as everywhere."""

    keys_repeated: tuple[str, ...] = ()


def _object(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    made = dict(pairs)
    if len(made) == len(pairs):
        return made
    several = Repeated(made)
    times = Counter(key for key, _ in pairs)
    several.keys_repeated = tuple(key for key in made if times[key] > 1)
    return several


_DECODER: Any = json.JSONDecoder(
    object_pairs_hook=_object, parse_float=Number, parse_int=Number, parse_constant=Number, strict=True
)
# What the decoder itself is made of: it reads one value at a position and says where that ends.
_SCAN: Final[Callable[[str, int], tuple[Any, int]]] = _DECODER.scan_once
_STRING: Final[Callable[[str, int, bool], tuple[str, int]]] = _DECODER.parse_string


class JsonText:
    r"""A JSON text and the positions in it.

    Args:
        text: what it holds.
        limits: of which `depth` counts.
        is_flat: that is not measured now: the caller has to call `refuse_deep` before a value may be deep.

    Raises:
        LimitReachedError: its values nest too deeply.

    >>> text = JsonText('{"actions": [{"id": 1},\n {"id": 2.50}]}')
    >>> [(key, position) for key, position in text.members(0)]
    [('actions', 12)]
    >>> list(text.elements(12))
    [(13, {'id': '1'}), (25, {'id': '2.50'})]
    >>> text.line(25)
    2
    """

    def __init__(self, text: str, limits: Limits = DEFAULT, *, is_flat: bool = False) -> None:
        self.text = text
        self._limits = limits
        if not is_flat:
            self.refuse_deep()
        self._lines = Lines(text)
        self._ends: dict[int, int] = {}  # of the objects and arrays that were read piece by piece

    def refuse_deep(self) -> None:
        """Do nothing if values nest as deep as they may at most; see `JsonText` for the error."""
        refuse_deep(brackets_of_json(self.text), self._limits)

    def start(self) -> int:
        """Return the position of the first value."""
        return self._skip(0)

    def line(self, position: int) -> int:
        """Return the line that a position is in, the first being 1."""
        return self._lines.of(position)

    def value(self, position: int) -> tuple[Any, int]:
        """Return the value that begins at a position, and the position after it."""
        try:
            return _SCAN(self.text, position)
        except StopIteration as error:
            raise self._broken(error.value) from error
        except json.JSONDecodeError as error:
            raise self._broken(error.pos) from error
        except RecursionError as error:
            raise unreadable("too-deep", line=self.line(position), row=self.line(position)) from error

    def whole(self, position: int) -> Any:
        """Return the value at a position, after which nothing but white space may follow."""
        value, self._ends[position] = self.value(position)
        self.finish(position)
        return value

    def members(self, position: int) -> Iterator[tuple[str, int]]:
        """Yield each key of the object at a position, with the position of its value."""
        begin = position
        position = self._skip(position + 1)
        if self._at(position) == "}":
            self._ends[begin] = position + 1
            return
        while True:
            if self._at(position) != '"':
                raise self._broken(position)
            key, position = self._key(position + 1)
            colon = _COLON.match(self.text, position)
            if colon is None:
                raise self._broken(self._skip(position))
            position = colon.end()
            yield key, position
            position, is_last = self._next(self._end(position), "}")
            if is_last:
                self._ends[begin] = position
                return

    def elements(self, position: int) -> Iterator[tuple[int, Any]]:
        """Yield each value of the array at a position, after its own position."""
        begin = position
        position = self._skip(position + 1)
        if self._at(position) == "]":
            self._ends[begin] = position + 1
            return
        while True:
            value, end = self.value(position)
            yield position, value
            position, is_last = self._next(end, "]")
            if is_last:
                self._ends[begin] = position
                return

    def lines(self) -> Iterator[tuple[int, Any]]:
        """Yield each value of a text that holds one a line, after its position."""
        position = self._skip(0)
        while position < len(self.text):
            value, end = self.value(position)
            after = self._skip(end)
            if after < len(self.text) and "\n" not in self.text[end:after] and "\r" not in self.text[end:after]:
                raise self._broken(after)
            yield position, value
            position = after

    def finish(self, position: int) -> None:
        """Insist that nothing but white space follows the value at a position."""
        end = self._skip(self._end(position))
        if end < len(self.text):
            raise self._broken(end)

    def _end(self, position: int) -> int:
        """Return where the value at a position ends."""
        end = self._ends.get(position)
        return self.value(position)[1] if end is None else end

    def _key(self, position: int) -> tuple[str, int]:
        try:
            return _STRING(self.text, position, True)
        except json.JSONDecodeError as error:
            raise self._broken(error.pos) from error

    def _next(self, position: int, close: str) -> tuple[int, bool]:
        """Return where the next value or key begins, or the end of what holds them, and whether it is that."""
        mark = _AFTER.match(self.text, position)
        if mark is None or not (mark[1] or mark[0].endswith(close)):
            raise self._broken(self._skip(position))
        return mark.end(), mark[1] is None

    def _skip(self, position: int) -> int:
        match = _SPACE.match(self.text, position)
        assert match is not None
        return match.end()

    def _at(self, position: int) -> str:
        return self.text[position : position + 1]

    def _broken(self, position: int) -> UnreadableInputError:
        line = self.line(position)
        column = position - (self.text.rfind("\n", 0, position) + 1) + 1
        near = self.text[position : position + 20]
        return unreadable("broken-json", line=line, row=line, column=column, near=near or "…")
