"""The kinds of value that a field of a model can hold, and the marks that say more about it.

A field's annotation is the only source of its structure: `X | None` is at most one, `tuple[X, ...]` any number,
`MinLen(1)` on a tuple at least one, a field without default exactly one; `Ref["Goal"]` names the class that a
reference must point to. Shapes, JSON-LD context and JSON Schema are compiled from it.

>>> Ref["Goal"].__metadata__
(Range(classes=('Goal',)),)
"""

import re
from dataclasses import dataclass
from decimal import Decimal
from typing import TYPE_CHECKING, Annotated, Any, Final, Generic, Self, TypeVar

from annotated_types import Ge
from pydantic import BeforeValidator, GetCoreSchemaHandler, GetJsonSchemaHandler, StringConstraints
from pydantic_core import CoreSchema, PydanticCustomError, core_schema

from bicentennial.core.errors import UnknownNameError
from bicentennial.core.namespaces import expand
from bicentennial.models.known import IRI_FORM, find, resolve
from bicentennial.models.values import Text

__all__ = [
    "Amount",
    "Code",
    "CurrencyCode",
    "Either",
    "ExternalIdentifier",
    "Inherited",
    "Iri",
    "NotationOf",
    "Number",
    "Ordinal",
    "Range",
    "Ref",
    "Reference",
    "References",
    "Should",
    "WebAddress",
]

E_co = TypeVar("E_co", covariant=True)

_WEB: Final = re.compile(r"(?:https?|urn):[^\s<>\"{}|\\^`\x00-\x1f]+")
_WEB_ADDRESS: Final = re.compile(r"https?://\S+")


@dataclass(frozen=True, slots=True)
class Range:
    """The classes, by name, of which a reference must be an instance; none means anything.

    A text that a model is given for such a reference is resolved: a name of ours becomes its IRI, one of nothing that
    we know is an error with suggestions. What is a `Ref` already stays as it is.
    """

    classes: tuple[str, ...]

    def __get_pydantic_core_schema__(self, source: Any, handler: GetCoreSchemaHandler) -> CoreSchema:
        """Resolve a text before the reference is made of it."""
        return core_schema.no_info_before_validator_function(self._resolved, handler(source))

    def _resolved(self, value: object) -> object:
        if not isinstance(value, str) or isinstance(value, (Ref, Text)) or not self.classes:
            return value
        try:
            return Ref.parse(resolve(value, self.classes))
        except UnknownNameError as error:
            raise PydanticCustomError("unknown_name", "{text}", {"text": " · ".join(error.text.values())}) from error


@dataclass(frozen=True, slots=True)
class Should:
    """A mark: what breaks the field's structure is a warning, not a violation."""


@dataclass(frozen=True, slots=True)
class Either:
    """A mark: this field or another one of the same model, by name, must hold a value."""

    other: str


@dataclass(frozen=True, slots=True)
class Inherited:
    """A mark: the field only reconciles two superclasses, whose own shapes already say everything."""


@dataclass(frozen=True, slots=True)
class Pattern:
    """A mark: the regular expression that the literal must match."""

    expression: str


@dataclass(frozen=True, slots=True)
class NotationOf:
    """A mark: the value is the notation (a code) of an individual of this class, by name."""

    concept: str


def _iri(value: object) -> str:
    """Return the full IRI of an IRI, a compact IRI or an entity."""
    text = getattr(value, "id", value)
    if not isinstance(text, str):
        raise ValueError("an IRI, a compact IRI such as bicd:agency-ofac, or an entity is expected")
    iri = expand(text)
    if not IRI_FORM.fullmatch(iri):
        raise ValueError(f"{text!r} is no IRI")
    return iri


Iri = Annotated[str, BeforeValidator(_iri)]
"""The IRI of a thing; a compact one is expanded."""


class References(tuple["Ref[Any]", ...]):
    """References in their order, in which a thing is also found by its compact IRI, its acronym or its name.

    >>> "OFAC" in References([Ref.parse("bicd:agency-ofac")])
    True
    """

    __slots__ = ()

    def __contains__(self, value: object) -> bool:
        if super().__contains__(value):
            return True
        if not isinstance(value, str):
            return super().__contains__(getattr(value, "id", None))
        return super().__contains__(expand(value)) or super().__contains__(find(value))


class Ref(str, Generic[E_co]):
    """The IRI of an entity of some class; `Ref["Party | Instrument"]` allows either, `Ref[Any]` anything.

    Given as an IRI, as a compact IRI, as a name of the Framework's or as the entity itself; held as the full IRI. That
    what others have exists and is of the class is for the shapes to say, since a model sees nothing but itself.
    """

    __slots__ = ()

    if not TYPE_CHECKING:

        def __class_getitem__(cls, names: Any) -> Any:
            if names is Any:
                return Annotated[cls, Range(())]
            given = names if isinstance(names, str) else names.__name__
            return Annotated[cls, Range(tuple(name.strip() for name in given.split("|")))]

    @classmethod
    def parse(cls, value: object) -> Self:
        """Return the reference that an IRI, a compact IRI or an entity stands for.

        >>> Ref.parse("bicd:agency-ofac")
        'https://w3id.org/bicentennial/id/agency-ofac'
        """
        return cls(_iri(value))

    @classmethod
    def __get_pydantic_core_schema__(cls, source: Any, handler: GetCoreSchemaHandler) -> CoreSchema:
        return core_schema.no_info_plain_validator_function(cls.parse, serialization=core_schema.to_string_ser_schema())

    @classmethod
    def __get_pydantic_json_schema__(cls, schema: CoreSchema, handler: GetJsonSchemaHandler) -> dict[str, Any]:
        return {"type": "string", "format": "iri"}


def _reference(value: object) -> object:
    if isinstance(value, (Text, Ref)):
        return value
    if isinstance(value, str) and not _WEB.fullmatch(expand(value)):
        return Text(value)
    return Ref.parse(value)


Reference = Annotated[Ref[Any] | Text, BeforeValidator(_reference)]
"""Where something comes from: a thing by its IRI, or else a text."""


def _web_address(value: object) -> Text:
    text = Text.parse(value)
    if not _WEB_ADDRESS.fullmatch(text):
        raise ValueError(f"{text!r} is no web address, such as https://www.gob.mx/sre")
    return text


WebAddress = Annotated[Text, BeforeValidator(_web_address), Pattern(r"^https?://\S+$")]
"""The address of a page on the web."""

Number = Decimal | int
"""A number; one written without a decimal point stays a whole one, so that nothing is lost on the way."""

Amount = Annotated[Number, Ge(0)]
"""A number that is not negative."""

Ordinal = Annotated[int, Ge(1)]
"""The place in a row, the first being 1."""

Code = Annotated[str, StringConstraints(min_length=1)]
"""An identifier, an acronym or another short string without language."""

ExternalIdentifier = Annotated[str, StringConstraints(pattern=r"^[A-Za-z0-9][A-Za-z0-9.-]*:\S+$")]
"""A code that others gave, after the name of their scheme: `MX-CPA:05`."""

CurrencyCode = Annotated[str, StringConstraints(pattern=r"^[A-Z]{3}$"), NotationOf("Currency")]
"""A currency by its ISO 4217 code; which codes there are, the vocabulary says."""
