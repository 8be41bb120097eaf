"""`typing.NamedTuple` that is made in a third of the time: the types of its fields are not compiled one by one.

>>> class Point(NamedTuple):
...     "A place."
...
...     x: int
...     y: int = 0
...
...     @property
...     def is_zero(self) -> bool:
...         return self == (0, 0)
>>> Point(1), Point(0).is_zero, Point(1)._replace(y=2), Point.__doc__
(Point(x=1, y=0), True, Point(x=1, y=2), 'A place.')
"""

from __future__ import annotations

from collections import namedtuple
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from typing import NamedTuple

__all__ = ["NamedTuple"]


class _Maker(type):
    def __new__(cls, name: str, bases: tuple[type, ...], space: dict[str, Any]) -> Any:
        if not bases:
            return super().__new__(cls, name, bases, space)
        notes = space.get("__annotations__", {})
        defaults = [space.pop(each) for each in notes if each in space]
        made: Any = namedtuple(name, notes, defaults=defaults, module=space["__module__"])  # type: ignore[misc]
        for key, value in space.items():
            setattr(made, key, value)
        return made


if not TYPE_CHECKING:

    class NamedTuple(metaclass=_Maker):
        """The base of a class of named tuples; its fields are what the class annotates."""
