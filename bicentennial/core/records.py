"""Data classes that cost nothing until they are used: `record` in place of `dataclasses.dataclass`.

For each class `dataclass` writes and compiles some six methods when the module is imported, which for the classes on
the way of a small file is a tenth of its time. Here all classes share one method of each kind, but for the initializer,
which is compiled when the first instance is made. `fields`, `replace` and `asdict` take such classes as their own.

>>> import inspect
>>> @record(frozen=True)
... class Point:
...     x: int
...     y: int = 0
...     names: list[str] = field(default_factory=list, compare=False)
>>> Point(1), replace(Point(1), y=2) == Point(1, 2), len({Point(1), Point(1, names=["a"])})
(Point(x=1, y=0, names=[]), True, 1)
>>> inspect.signature(Point)
<Signature (x: 'int', y: 'int' = 0, names: 'list[str]' = <factory>) -> 'None'>
>>> try:
...     Point(1).x = 2
... except AttributeError as error:
...     print(error)
cannot assign to field 'x'
"""

from __future__ import annotations

import dataclasses
import inspect
from dataclasses import MISSING, FrozenInstanceError, asdict, field, fields, replace
from typing import TYPE_CHECKING, Any, Final, TypeVar, dataclass_transform, overload

if TYPE_CHECKING:
    from collections.abc import Callable

__all__ = ["asdict", "field", "fields", "record", "replace"]

_Class = TypeVar("_Class", bound=type)


class _Factory:
    def __repr__(self) -> str:
        return "<factory>"


_FACTORY: Final = _Factory()


@overload
def record(cls: _Class, /) -> _Class: ...


@overload
def record(
    *, frozen: bool = False, slots: bool = True, kw_only: bool = False, repr: bool = True
) -> Callable[[_Class], _Class]: ...


@dataclass_transform(field_specifiers=(dataclasses.field,))
def record(
    cls: Any = None,
    /,
    *,
    frozen: bool = False,
    slots: bool = True,
    kw_only: bool = False,
    repr: bool = True,  # noqa: A002 - as `dataclass` calls it
) -> Any:
    """Make a data class of a class.

    Args:
        cls: the class.
        frozen: whether its instances keep what they were made with, and can be hashed by it.
        slots: whether its instances have these fields and no other attributes.
        kw_only: whether the initializer takes keywords alone.
        repr: whether instances are shown with their fields, unless the class says how.
    """

    def made(cls: Any) -> Any:
        own = frozenset(vars(cls))
        cls = dataclasses.dataclass(init=False, repr=False, eq=False, slots=slots, kw_only=kw_only)(cls)
        cls.__init__ = _first_init(cls, frozen=frozen)
        cls.__signature__ = _Signature(cls, frozen=frozen)
        if repr and "__repr__" not in own:
            cls.__repr__ = _repr
        if "__eq__" not in own:
            cls.__eq__ = _eq
            if "__hash__" not in own:
                cls.__hash__ = _hash if frozen else None
        if frozen:
            cls.__setattr__, cls.__delattr__ = _set, _delete
            if slots:
                cls.__getstate__, cls.__setstate__ = _state, _restore
        return cls

    return made if cls is None else made(cls)


class _Signature:
    """The signature of a class, worked out when it is asked for."""

    def __init__(self, cls: Any, *, frozen: bool) -> None:
        self._cls = cls
        self._frozen = frozen

    def __get__(self, instance: object, owner: Any) -> inspect.Signature:
        if owner is not self._cls:  # of a class that derives from it and is no record
            return inspect.signature(owner.__init__)
        signature = inspect.signature(_init(self._cls, frozen=self._frozen))
        return signature.replace(parameters=list(signature.parameters.values())[1:])


def _first_init(cls: Any, *, frozen: bool) -> Any:
    def __init__(self: object, *given: Any, **named: Any) -> None:  # noqa: N807 - it is one
        cls.__init__ = made = _init(cls, frozen=frozen)
        made(self, *given, **named)

    return __init__


def _init(cls: Any, *, frozen: bool) -> Any:
    names: dict[str, Any] = {"FACTORY": _FACTORY, "put": object.__setattr__}
    plain: list[str] = []
    keywords: list[str] = []
    body: list[str] = []
    notes: dict[str, Any] = {}
    for each in fields(cls):
        name, value = each.name, each.name
        notes[name] = each.type
        if each.default is not MISSING:
            names[f"default_{name}"] = each.default
            parameter = f"{name}=default_{name}"
        elif each.default_factory is not MISSING:
            names[f"make_{name}"] = each.default_factory
            parameter = f"{name}=FACTORY"
            value = f"make_{name}() if {name} is FACTORY else {name}"
        else:
            parameter = name
        (keywords if each.kw_only else plain).append(parameter)
        body.append(f" put(self, {name!r}, {value})" if frozen else f" self.{name} = {value}")
    if hasattr(cls, "__post_init__"):
        body.append(" self.__post_init__()")
    parameters = ", ".join(["self", *plain, *(["*", *keywords] if keywords else [])])
    exec(f"def __init__({parameters}):\n" + "\n".join(body or [" pass"]), names)  # noqa: S102 - of names of fields alone
    made = names["__init__"]
    made.__qualname__ = f"{cls.__qualname__}.__init__"
    made.__module__ = cls.__module__
    made.__annotations__ = {**notes, "return": "None"}
    return made


def _compared(self: Any) -> tuple[Any, ...]:
    return tuple(getattr(self, each.name) for each in fields(self) if each.compare)


def _repr(self: Any) -> str:
    shown = ", ".join(f"{each.name}={getattr(self, each.name)!r}" for each in fields(self) if each.repr)
    return f"{type(self).__qualname__}({shown})"


def _eq(self: Any, other: object) -> Any:
    return _compared(self) == _compared(other) if other.__class__ is self.__class__ else NotImplemented


def _hash(self: Any) -> int:
    return hash(_compared(self))


def _set(self: Any, name: str, value: object) -> None:  # noqa: ARG001 - as Python calls it
    raise FrozenInstanceError(f"cannot assign to field {name!r}")


def _delete(self: Any, name: str) -> None:  # noqa: ARG001 - as Python calls it
    raise FrozenInstanceError(f"cannot delete field {name!r}")


def _state(self: Any) -> list[Any]:
    return [getattr(self, each.name) for each in fields(self)]


def _restore(self: Any, state: list[Any]) -> None:
    for each, value in zip(fields(self), state, strict=True):
        object.__setattr__(self, each.name, value)
