"""Data classes that cost nothing until they are used: `record` in place of `dataclasses.dataclass`.

For each class `dataclass` writes and compiles some six methods when the module is imported, and itself imports what can
look into source text; for the classes on the way of a small file that is a tenth of its time. Here all classes share
one method of each kind, but for the initializer, which is compiled when the first instance is made. To `dataclasses`
they are data classes all the same: `fields`, `replace`, `asdict` and the decorator itself take them as their own.

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
>>> import dataclasses
>>> [each.name for each in dataclasses.fields(Point)], dataclasses.asdict(Point(1))
(['x', 'y', 'names'], {'x': 1, 'y': 0, 'names': []})
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final, TypeVar, dataclass_transform, overload

if TYPE_CHECKING:
    import inspect
    from collections.abc import Callable
    from dataclasses import field

__all__ = ["asdict", "field", "fields", "record", "replace"]

_Class = TypeVar("_Class", bound=type)
_Instance = TypeVar("_Instance")


class _Named:
    """What stands for something that is not there."""

    def __init__(self, name: str) -> None:
        self._name = name

    def __repr__(self) -> str:
        return self._name


_FACTORY: Final = _Named("<factory>")
_MISSING: Final = _Named("<missing>")


class _Field:
    """A field of a record: what `dataclasses.Field` says of one."""

    __slots__ = ("compare", "default", "default_factory", "kw_only", "name", "repr", "type")

    def __init__(
        self,
        *,
        default: Any = _MISSING,
        default_factory: Any = _MISSING,
        repr: bool = True,  # noqa: A002 - as `dataclasses` calls it
        compare: bool = True,
    ) -> None:
        self.name = self.type = ""
        self.default = default
        self.default_factory = default_factory
        self.repr = repr
        self.compare = compare
        self.kw_only = False


if not TYPE_CHECKING:

    def field(**options: Any) -> Any:
        """Say more of a field than its type: `default`, `default_factory`, `repr`, `compare`."""
        return _Field(**options)


def fields(of: Any) -> tuple[_Field, ...]:
    """Return the fields of a record, or of a class of them."""
    found: tuple[_Field, ...] = of.__record_fields__
    return found


def replace(instance: _Instance, /, **changes: Any) -> _Instance:
    """Return a record with some fields replaced."""
    kept = {each.name: getattr(instance, each.name) for each in fields(instance) if each.name not in changes}
    return type(instance)(**kept, **changes)


def asdict(instance: Any) -> dict[str, Any]:
    """Return a record as a dictionary, and so the records in its lists, tuples and dictionaries."""
    return {each.name: _plain(getattr(instance, each.name)) for each in fields(instance)}


def _plain(value: Any) -> Any:
    if hasattr(value, "__record_fields__"):
        return asdict(value)
    if isinstance(value, (list, tuple)):
        parts = map(_plain, value)
        return type(value)(*parts) if hasattr(value, "_fields") else type(value)(parts)
    return {key: _plain(each) for key, each in value.items()} if isinstance(value, dict) else value


@overload
def record(cls: _Class, /) -> _Class: ...


@overload
def record(
    *, frozen: bool = False, slots: bool = True, kw_only: bool = False, repr: bool = True
) -> Callable[[_Class], _Class]: ...


@dataclass_transform(field_specifiers=(field,))
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
        found = _fields(cls, kw_only=kw_only)
        cls.__record_fields__ = found
        cls.__match_args__ = tuple(each.name for each in found if not each.kw_only)  # type: ignore[misc]
        cls.__dataclass_fields__ = _OfDataclass("__dataclass_fields__", frozen=frozen)
        cls.__dataclass_params__ = _OfDataclass("__dataclass_params__", frozen=frozen)
        if slots:
            cls = _slotted(cls)
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


def _fields(cls: Any, *, kw_only: bool) -> tuple[_Field, ...]:
    """Return the fields of a class: those of its bases, and those that it annotates itself."""
    found = {each.name: each for base in cls.__mro__[:0:-1] for each in vars(base).get("__record_fields__", ())}
    for name, note in vars(cls).get("__annotations__", {}).items():
        given = vars(cls).get(name, _MISSING)
        each = given if isinstance(given, _Field) else _Field(default=given)
        if type(each.default).__hash__ is None:
            raise ValueError(f"the default of {name} could be changed: use default_factory")
        each.name, each.type, each.kw_only = name, note, kw_only
        found[name] = each
        if each.default is not _MISSING:
            setattr(cls, name, each.default)
        elif given is not _MISSING:
            delattr(cls, name)
    return tuple(found.values())


def _slotted(cls: Any) -> Any:
    """Return the same class with slots for its fields, for which it has to be made anew."""
    names = [each.name for each in fields(cls)]
    space = {name: value for name, value in vars(cls).items() if name not in {*names, "__dict__", "__weakref__"}}
    taken = {slot for base in cls.__mro__[1:-1] for slot in vars(base).get("__slots__", ())}
    space["__slots__"] = tuple(name for name in names if name not in taken)
    made = type(cls)(cls.__name__, cls.__bases__, space)
    made.__qualname__ = cls.__qualname__
    return made


class _OfDataclass:
    """What `dataclasses` keeps of a data class, under names of its own: worked out when it is asked for."""

    def __init__(self, name: str, *, frozen: bool) -> None:
        self._name = name
        self._frozen = frozen

    def __get__(self, instance: object, owner: Any) -> Any:
        import dataclasses

        parts = []
        for each in fields(owner):
            options = {"default": each.default, "default_factory": each.default_factory}
            given = {name: value for name, value in options.items() if value is not _MISSING}
            same = dataclasses.field(**given, repr=each.repr, compare=each.compare, kw_only=each.kw_only)
            parts.append((each.name, each.type, same))
        found = getattr(dataclasses.make_dataclass(owner.__name__, parts, frozen=self._frozen), self._name)
        setattr(owner, self._name, found)
        return found


class _Signature:
    """The signature of a class, worked out when it is asked for."""

    def __init__(self, cls: Any, *, frozen: bool) -> None:
        self._cls = cls
        self._frozen = frozen

    def __get__(self, instance: object, owner: Any) -> inspect.Signature:
        import inspect

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
        if each.default is not _MISSING:
            names[f"default_{name}"] = each.default
            parameter = f"{name}=default_{name}"
        elif each.default_factory is not _MISSING:
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
    from dataclasses import FrozenInstanceError

    raise FrozenInstanceError(f"cannot assign to field {name!r}")


def _delete(self: Any, name: str) -> None:  # noqa: ARG001 - as Python calls it
    from dataclasses import FrozenInstanceError

    raise FrozenInstanceError(f"cannot delete field {name!r}")


def _state(self: Any) -> list[Any]:
    return [getattr(self, each.name) for each in fields(self)]


def _restore(self: Any, state: list[Any]) -> None:
    for each, value in zip(fields(self), state, strict=True):
        object.__setattr__(self, each.name, value)
