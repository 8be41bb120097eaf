"""The values that a field can hold beside numbers and plain strings: texts in several languages, partial dates.

>>> LangText({"en": "Protect our people", "es": "Proteger a nuestra gente"}).es
'Proteger a nuestra gente'
>>> PartialDate("2022-01").latest
datetime.date(2022, 1, 31)
"""

import datetime as dt
import re
from abc import abstractmethod
from calendar import monthrange
from collections.abc import Iterator, Mapping
from types import MappingProxyType
from typing import Any, ClassVar, Final, Self, TypeVar

from pydantic import GetCoreSchemaHandler, GetJsonSchemaHandler
from pydantic_core import CoreSchema, core_schema

from bicentennial.core.namespaces import XSD

__all__ = ["LangText", "LangTexts", "PartialDate", "Text"]

V_co = TypeVar("V_co", covariant=True)

_WEB: Final = re.compile(r"https?://[^\s<>\"{}|\\^`\x00-\x1f]+")
_TEXT: Final = {"type": "string", "minLength": 1}
_DATE: Final = re.compile(r"(\d{4})(?:-(\d\d)(?:-(\d\d))?)?(?:Z|[+-](?:(?:0\d|1[0-3]):[0-5]\d|14:00))?", re.ASCII)


class Text(str):
    """A literal with its language or datatype, where several kinds of literal are allowed.

    >>> Text("https://www.gob.mx/sre").datatype
    'http://www.w3.org/2001/XMLSchema#anyURI'
    """

    language: str
    datatype: str

    def __new__(cls, value: str, *, language: str = "", datatype: str | None = None) -> Self:
        """Make a literal; without a datatype, what looks like a web address is an `xsd:anyURI`."""
        self = super().__new__(cls, value)
        self.language = language
        self.datatype = datatype or (XSD.anyURI if not language and _WEB.fullmatch(value) else XSD.string)
        return self

    @classmethod
    def parse(cls, value: object) -> Self:
        """Return the literal for a string; a literal stays what it is."""
        if isinstance(value, cls):
            return value
        if isinstance(value, str) and value.strip():
            return cls(value)
        raise ValueError("a text is expected")

    @classmethod
    def __get_pydantic_core_schema__(cls, source: Any, handler: GetCoreSchemaHandler) -> CoreSchema:
        return core_schema.no_info_plain_validator_function(cls.parse, serialization=core_schema.to_string_ser_schema())

    @classmethod
    def __get_pydantic_json_schema__(cls, schema: CoreSchema, handler: GetJsonSchemaHandler) -> dict[str, Any]:
        return {"type": "string", "minLength": 1}


class _FrozenMapping(Mapping[str, V_co]):
    """An immutable, hashable mapping of language tags; the key `""` stands for no language."""

    __slots__ = ("_values",)
    _values: Mapping[str, V_co]
    _one_language: ClassVar[Mapping[str, Any]]
    """JSON Schema of what there is in one language."""

    def __init__(self, values: Mapping[str, V_co]) -> None:
        ordered = {language.lower(): values[language] for language in sorted(values, key=str.lower)}
        object.__setattr__(self, "_values", MappingProxyType(ordered))

    def __setattr__(self, name: str, value: object) -> None:
        raise AttributeError(f"{type(self).__name__} cannot be changed")

    def __getitem__(self, language: str) -> V_co:
        return self._values[language]

    def __iter__(self) -> Iterator[str]:
        return iter(self._values)

    def __len__(self) -> int:
        return len(self._values)

    def __hash__(self) -> int:
        return hash(tuple(self._values.items()))

    def __repr__(self) -> str:
        return f"{type(self).__name__}({dict(self._values)!r})"

    def __reduce__(self) -> tuple[Any, ...]:
        return type(self), (dict(self._values),)

    @classmethod
    @abstractmethod
    def parse(cls, value: Any) -> Self:
        """Return the mapping for what a user may write instead of one.

        Raises:
            ValueError: it is nothing of the kind.
        """

    @classmethod
    def __get_pydantic_core_schema__(cls, source: Any, handler: GetCoreSchemaHandler) -> CoreSchema:
        return core_schema.no_info_plain_validator_function(
            cls.parse, serialization=core_schema.plain_serializer_function_ser_schema(dict)
        )

    @classmethod
    def __get_pydantic_json_schema__(cls, schema: CoreSchema, handler: GetJsonSchemaHandler) -> dict[str, Any]:
        return {"anyOf": [cls._one_language, {"type": "object", "additionalProperties": cls._one_language}]}


def _text(value: object) -> str:
    if not isinstance(value, str) or not value.strip():
        raise ValueError("a text that is not empty is expected")
    return value


class LangText(_FrozenMapping[str]):
    """One text per language; a plain string has no language.

    >>> str(LangText("Oaxaca")), str(LangText({"es": "acción", "en": "action"}))
    ('Oaxaca', 'action')
    """

    __slots__ = ()
    _one_language: ClassVar[Mapping[str, Any]] = _TEXT

    def __init__(self, texts: str | Mapping[str, str] = MappingProxyType({})) -> None:
        super().__init__({"": texts} if isinstance(texts, str) else texts)
        for text in self.values():
            _text(text)

    def get_text(self, language: str) -> str:
        """Return the text in a language, or the next best one; empty if there is none at all."""
        for candidate in (language, "", "en", "es", *self):
            if candidate in self:
                return self[candidate]
        return ""

    @property
    def en(self) -> str:
        """The English text, or the next best one."""
        return self.get_text("en")

    @property
    def es(self) -> str:
        """The Spanish text, or the next best one."""
        return self.get_text("es")

    def __str__(self) -> str:
        return self.en

    @classmethod
    def parse(cls, value: Any) -> Self:
        """Return the text for a string or a mapping of languages."""
        if isinstance(value, cls):
            return value
        if not isinstance(value, (str, Mapping)):
            raise ValueError('a text or a mapping of languages, such as {"en": "…", "es": "…"}, is expected')
        return cls(value)


class LangTexts(_FrozenMapping[tuple[str, ...]]):
    """Any number of texts per language.

    >>> LangTexts({"en": "OFAC", "es": ["Oficina A", "Oficina B"]})["es"]
    ('Oficina A', 'Oficina B')
    """

    __slots__ = ()
    _one_language: ClassVar[Mapping[str, Any]] = {"anyOf": [_TEXT, {"type": "array", "items": _TEXT}]}

    def __init__(
        self, texts: str | list[str] | tuple[str, ...] | Mapping[str, str | list[str] | tuple[str, ...]] = ()
    ) -> None:
        by_language = texts if isinstance(texts, Mapping) else {"": texts} if texts else {}
        super().__init__(
            {
                language: (values,) if isinstance(values, str) else tuple(values)
                for language, values in by_language.items()
            }
        )
        for values in self.values():
            for text in values:
                _text(text)

    def all(self) -> tuple[str, ...]:
        """Return the texts of all languages."""
        return tuple(text for texts in self.values() for text in texts)

    @classmethod
    def parse(cls, value: Any) -> Self:
        """Return the texts for a string, a list of strings, or a mapping of languages to either."""
        if isinstance(value, cls):
            return value
        if not isinstance(value, (str, list, tuple, Mapping)):
            raise ValueError("a text, a list of texts or a mapping of languages is expected")
        return cls(value)


def _is_date(text: str) -> bool:
    match = _DATE.fullmatch(text)
    if match is None:
        return False
    try:
        dt.date(int(match[1]), int(match[2] or 1), int(match[3] or 1))
    except ValueError:
        return False
    return True


class PartialDate(str):
    """A day, or a month or a year where no more is known, as ISO 8601 writes it.

    >>> PartialDate("2023-02-28").datatype.rpartition("#")[2], PartialDate("2023").earliest
    ('date', datetime.date(2023, 1, 1))
    >>> PartialDate("03/04/2023")
    Traceback (most recent call last):
    ValueError: '03/04/2023' is no ISO 8601 date, such as 2023-02-28, 2023-02 or 2023
    """

    __slots__ = ()

    def __new__(cls, value: "str | dt.date | PartialDate") -> Self:
        """Make a date from its ISO 8601 form or from a date (of a datetime, the day)."""
        if isinstance(value, dt.datetime):
            value = value.date()
        text = value.isoformat() if isinstance(value, dt.date) else value
        if not _is_date(text):
            raise ValueError(f"{text!r} is no ISO 8601 date, such as 2023-02-28, 2023-02 or 2023")
        return super().__new__(cls, text)

    @property
    def _parts(self) -> tuple[int, int | None, int | None]:
        match = _DATE.fullmatch(self)
        assert match is not None
        return int(match[1]), int(match[2]) if match[2] else None, int(match[3]) if match[3] else None

    @property
    def datatype(self) -> str:
        """The XML Schema datatype: `xsd:date`, `xsd:gYearMonth` or `xsd:gYear`."""
        _, month, day = self._parts
        return XSD.date if day else XSD.gYearMonth if month else XSD.gYear

    @property
    def earliest(self) -> dt.date:
        """The first day that the date can mean."""
        year, month, day = self._parts
        return dt.date(year, month or 1, day or 1)

    @property
    def latest(self) -> dt.date:
        """The last day that the date can mean."""
        year, month, day = self._parts
        return dt.date(year, month or 12, day or monthrange(year, month or 12)[1])

    @classmethod
    def parse(cls, value: Any) -> Self:
        """Return the date for an ISO 8601 string, a whole number (a year) or a date."""
        if isinstance(value, int) and not isinstance(value, bool):
            value = f"{value:04}"
        if not isinstance(value, (str, dt.date)):
            raise ValueError("a date is expected, such as 2023-02-28, 2023-02 or 2023")
        return value if isinstance(value, cls) else cls(value)

    @classmethod
    def __get_pydantic_core_schema__(cls, source: Any, handler: GetCoreSchemaHandler) -> CoreSchema:
        return core_schema.no_info_plain_validator_function(cls.parse, serialization=core_schema.to_string_ser_schema())

    @classmethod
    def __get_pydantic_json_schema__(cls, schema: CoreSchema, handler: GetJsonSchemaHandler) -> dict[str, Any]:
        return {"type": "string", "pattern": f"^{_DATE.pattern}$"}
