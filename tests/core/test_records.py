"""Records are data classes: to `dataclasses`, to pickling and copying, and to classes that derive from them."""

from __future__ import annotations

import copy
import dataclasses
import inspect
import pickle
import subprocess
import sys

import pytest

from bicentennial.core.startup.records import asdict, field, fields, record, replace


@record(frozen=True)
class Base:
    a: int
    b: str = "x"
    c: list[int] = field(default_factory=list, compare=False, repr=False)


@record(frozen=True)
class Below(Base):
    d: int = 0

    def __post_init__(self) -> None:
        object.__setattr__(self, "d", self.d + 1)


@record(frozen=True, kw_only=True, slots=False)
class Named:
    one: int
    two: int = 2


@dataclasses.dataclass(frozen=True)
class Plain(Named):
    three: int = 3


_PARAMETERS = ["a: 'int'", "b: 'str' = 'x'", "c: 'list[int]' = <factory>"]


@dataclasses.dataclass
class _Same:
    a: int
    b: str = "x"
    c: list[int] = dataclasses.field(default_factory=list, compare=False, repr=False)


def test_what_dataclasses_keeps_is_what_it_would_have_made() -> None:
    told = ("name", "type", "default", "default_factory", "repr", "compare", "hash", "init", "kw_only")

    def of(kind: type) -> list[list[object]]:
        return [[getattr(each, name) for name in told] for each in dataclasses.fields(kind)]

    assert of(Base) == of(_Same)
    assert Base.__match_args__ == _Same.__match_args__
    assert [each.name for each in fields(Below)] == [each.name for each in dataclasses.fields(Below)]
    assert list(map(str, inspect.signature(Base).parameters.values())) == _PARAMETERS


def test_functions_of_dataclasses_take_them() -> None:
    thing = Base(1, c=[2])
    assert dataclasses.is_dataclass(thing)
    assert dataclasses.asdict(thing) == asdict(thing) == {"a": 1, "b": "x", "c": [2]}
    nested = Base(1, c=[thing, {"k": (thing, 1)}])  # type: ignore[list-item]
    assert dataclasses.asdict(nested) == asdict(nested)
    assert dataclasses.replace(thing, b="y") == replace(thing, b="y") == Base(1, "y")


def test_they_are_copied_and_pickled() -> None:
    for thing in (Base(1, "y", [2]), Below(1, d=4), Named(one=1)):
        for same in (pickle.loads(pickle.dumps(thing)), copy.copy(thing), copy.deepcopy(thing)):
            assert (same, asdict(same)) == (thing, asdict(thing))


def test_frozen_ones_keep_what_they_have_and_have_slots() -> None:
    thing = Base(1)
    with pytest.raises(dataclasses.FrozenInstanceError):
        thing.a = 2  # type: ignore[misc]
    with pytest.raises(dataclasses.FrozenInstanceError):
        del thing.a
    assert not hasattr(thing, "__dict__")
    assert hash(thing) == hash(Base(1, c=[5]))


def test_classes_derive_from_them() -> None:
    below = Below(1, d=4)
    assert (repr(below), below.c) == ("Below(a=1, b='x', d=5)", [])
    assert replace(below, a=2) == Below(2, d=5)
    assert Below.__slots__ == ("d",)  # type: ignore[attr-defined]
    assert (Plain(one=1), Plain(one=1).two) == (Plain(one=1, two=2, three=3), 2)
    with pytest.raises(TypeError):
        Named(1)  # type: ignore[call-arg]
    match below:
        case Below(a, b, _, d):
            assert (a, b, d) == (1, "x", 5)


def test_a_default_that_could_change_is_refused() -> None:
    with pytest.raises(ValueError, match="default_factory"):

        @record
        class _Wrong:
            a: list[int] = []  # noqa: RUF012 - it is what is refused


def test_what_is_made_of_them_loads_nothing_that_looks_into_source() -> None:
    check = "import sys, bicentennial.limits; print({'dataclasses', 'inspect', 'ast'} & set(sys.modules))"
    done = subprocess.run([sys.executable, "-P", "-S", "-c", f"import sys; sys.path[:] = {sys.path!r}; {check}"],
                          capture_output=True, text=True, check=True)  # fmt: skip
    assert done.stdout == "set()\n"
