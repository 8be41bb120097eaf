"""What the annotations of the models say, read once for all that is compiled from them.

>>> from bicentennial.models import Action
>>> goals = structure(Action)["advances_goal"]
>>> goals.minimum, goals.maximum, goals.ranges
(0, None, ('Goal',))
>>> [name for name, field in structure(Action).items() if field.minimum and field.maximum == 1]
['identifier']
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, fields, replace
from decimal import Decimal
from functools import cache
from types import NoneType, UnionType
from typing import Annotated, Any, Final, TypeVar, Union, get_args, get_origin

from annotated_types import Ge, MaxLen, MinLen
from pydantic import StringConstraints

from bicentennial.core.namespaces import RDF, XSD
from bicentennial.models import CLASSES
from bicentennial.models.entity import Entity, Labelled
from bicentennial.models.fields import Either, Inherited, NotationOf, Pattern, Range, Ref, Should
from bicentennial.models.values import LangText, LangTexts, PartialDate, Text

__all__ = ["SHAPED", "FieldStructure", "demands", "own_structure", "structure", "superclasses"]

T = TypeVar("T")

_DATATYPES: Final[Mapping[type, tuple[str, ...]]] = {
    str: (XSD.string,),
    int: (XSD.integer,),
    Decimal: (XSD.decimal,),
    PartialDate: (XSD.date, XSD.gYearMonth, XSD.gYear),
    LangText: (RDF.langString, XSD.string),
    LangTexts: (RDF.langString, XSD.string),
    Text: (XSD.anyURI, XSD.string),
}


@dataclass(frozen=True, slots=True)
class FieldStructure:
    """How many values of what kind a field holds.

    `maximum` None means any number. With neither `ranges` (class names) nor `datatypes` (IRIs) a value may be
    anything. `either` names the field that may hold a value in the place of this one. `one_per_language` is about
    texts; `should` lowers what breaks the structure to a warning.
    """

    name: str
    minimum: int
    maximum: int | None
    ranges: tuple[str, ...] = ()
    datatypes: tuple[str, ...] = ()
    pattern: str | None = None
    at_least: int | None = None
    min_length: int | None = None
    one_per_language: bool = False
    notation_of: str | None = None
    should: bool = False
    inherited: bool = False
    either: str | None = None

    def beyond(self, above: "FieldStructure") -> "FieldStructure":
        """Return what this structure demands that the structure of the same field of a base does not.

        >>> need = FieldStructure("notation", 1, None, min_length=1)
        >>> need.beyond(FieldStructure("notation", 0, None, min_length=1))
        FieldStructure(name='notation', minimum=1, maximum=None, ranges=(), datatypes=(), pattern=None, at_least=None, \
min_length=None, one_per_language=False, notation_of=None, should=False, inherited=False, either=None)
        """
        if self.should != above.should:
            return self
        free = FieldStructure(self.name, 0, None)
        same = {each.name: getattr(free, each.name) for each in fields(self) if _agree(each.name, self, above)}
        return replace(self, **same)

    @property
    def is_reference(self) -> bool:
        """Whether each value is a thing and not a literal."""
        return not self.datatypes and not self.is_open

    @property
    def is_open(self) -> bool:
        """Whether a value may be a thing or a literal alike."""
        return "anything" in self.ranges

    @property
    def is_free(self) -> bool:
        """Whether the structure demands nothing at all."""
        return self == FieldStructure(self.name, 0, None, ranges=self.ranges) and self.ranges in ((), ("anything",))


def _agree(name: str, one: FieldStructure, other: FieldStructure) -> bool:
    return name != "name" and bool(getattr(one, name) == getattr(other, name))


def _unwrap(annotation: Any) -> tuple[Any, list[object]]:
    """Return the type below `Annotated`, and all marks."""
    marks: list[object] = []
    while get_origin(annotation) is Annotated:
        annotation, *further = get_args(annotation)
        marks += further
    return annotation, marks


def _leaves(annotation: Any, marks: list[object]) -> Iterator[tuple[Any, list[object]]]:
    """Yield each type of a union with the marks that hold for it."""
    base, own = _unwrap(annotation)
    if get_origin(base) in (UnionType, Union):
        for part in get_args(base):
            yield from _leaves(part, marks + own)
    else:
        yield base, marks + own


def _first(marks: list[object], kind: type[T]) -> T | None:
    return next((mark for mark in marks if isinstance(mark, kind)), None)


def _read(name: str, annotation: Any, *, required: bool) -> FieldStructure:
    base, outer = _unwrap(annotation)
    many = get_origin(base) is tuple
    item = get_args(base)[0] if many else base
    leaves = [(kind, marks) for kind, marks in _leaves(item, []) if kind is not NoneType]
    kinds = [kind for kind, _ in leaves]
    marks = [mark for _, own in leaves for mark in own] + ([] if many else outer)
    texts = bool({LangText, LangTexts} & set(kinds))
    least = _first(outer, MinLen)
    most = _first(outer, MaxLen)
    if many or texts:
        minimum, maximum = (least.min_length if least else 0), (most.max_length if most else None)
    else:
        minimum, maximum = int(required), 1
    strings = _first(marks, StringConstraints)
    literal = _first(marks, Pattern)
    above = _first(marks, Ge)
    notation = _first(marks, NotationOf)
    ranges: tuple[str, ...] = tuple(name for mark in marks if isinstance(mark, Range) for name in mark.classes)
    if Ref in kinds and Text in kinds:
        ranges, kinds = ("anything",), []
    return FieldStructure(
        name=name,
        minimum=minimum,
        maximum=maximum,
        ranges=ranges,
        datatypes=tuple(dict.fromkeys(datatype for kind in kinds for datatype in _DATATYPES.get(kind, ()))),
        pattern=literal.expression if literal else str(strings.pattern) if strings and strings.pattern else None,
        at_least=int(str(above.ge)) if above else None,
        min_length=strings.min_length if strings else 1 if texts else None,
        one_per_language=LangText in kinds,
        notation_of=notation.concept if notation else None,
        should=_first(outer, Should) is not None,
        inherited=_first(outer, Inherited) is not None,
        either=either.other if (either := _first(outer, Either)) else None,
    )


@cache
def structure(model: type[Entity]) -> Mapping[str, FieldStructure]:
    """Return the structure of all fields of a model but `id`, in the order of the class."""
    annotations: dict[str, Any] = {}
    for base in reversed(model.__mro__):
        if issubclass(base, Entity):
            annotations |= {name: kind for name, kind in base.__annotations__.items() if name in model.model_fields}
    return {
        name: _read(name, annotation, required=model.model_fields[name].is_required())
        for name, annotation in annotations.items()
        if name != "id"
    }


def superclasses(model: type[Entity]) -> tuple[type[Entity], ...]:
    """Return the models of all superclasses of a class, nearest first.

    >>> from bicentennial.models import InternationalOrganization
    >>> [each.__name__ for each in superclasses(InternationalOrganization)]
    ['Agency', 'Party']
    """
    return tuple(base for base in model.__mro__[1:] if base in CLASSES.values())


def own_structure(model: type[Entity]) -> Mapping[str, FieldStructure]:
    """Return the structure of those fields that no superclass settles.

    >>> from bicentennial.models import CooperationBody
    >>> list(own_structure(CooperationBody))
    ['has_member']
    """
    settled = [structure(base) for base in superclasses(model)]
    return {
        name: field
        for name, field in structure(model).items()
        if not field.inherited and not any(above.get(name) == field for above in settled)
    }


SHAPED: Final[Mapping[str, type[Entity]]] = {"Entity": Entity, "Labelled": Labelled, **CLASSES}
"""The models that shapes are compiled from, by name: those of the classes, and the bases that several classes share."""


def demands(model: type[Entity]) -> Mapping[str, FieldStructure]:
    """Return what a model demands of its fields and no base of it does.

    >>> from bicentennial.models import Action
    >>> demands(Action)["identifier"].minimum, demands(Action)["identifier"].datatypes
    (1, ())
    >>> "pref_label" in demands(Action), demands(Labelled)["pref_label"].minimum
    (False, 1)
    """
    bases = [structure(base) for base in model.__mro__[1:] if issubclass(base, Entity)]
    found: dict[str, FieldStructure] = {}
    for name, field in structure(model).items():
        above = [base[name] for base in bases if name in base]
        if not field.inherited and field not in above:
            found[name] = field.beyond(above[0]) if above else field
    return found
