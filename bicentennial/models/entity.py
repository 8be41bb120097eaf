"""The base of all models: what every thing has, whatever its class.

>>> from bicentennial.models import Place
>>> place = Place(id="bicd:place-manzanillo", pref_label={"en": "Manzanillo", "es": "Manzanillo"})
>>> place.id
'https://w3id.org/bicentennial/id/place-manzanillo'
>>> place.replace(notation=["MX-COL"]).notation
('MX-COL',)
"""

from typing import TYPE_CHECKING, Annotated, Any, ClassVar, Self

from annotated_types import MinLen
from pydantic import BaseModel, ConfigDict, ModelWrapValidatorHandler, ValidationError, model_validator

from bicentennial.core.namespaces import BIC
from bicentennial.models.errors import without_echoes
from bicentennial.models.fields import Code, Iri, Ref, Reference, References
from bicentennial.models.values import LangText, LangTexts

if TYPE_CHECKING:
    from collections.abc import Mapping

    from pydantic.fields import FieldInfo

__all__ = ["Entity", "Labelled"]


if TYPE_CHECKING:

    class _Meta(type):
        """A class of classes of its own, so that classes are hashable to type checkers as well."""

    class _Model(metaclass=_Meta):
        """What type checkers see of pydantic's base: fields are given as what they accept, and read as what they are.

        A `LangText` is also given as a text or a dictionary, a tuple of references as a list of names, a date as a
        text. Were this a dataclass to them, they would ask for the types that the fields have once they are validated.
        """

        model_config: ClassVar[ConfigDict]
        model_fields: ClassVar[dict[str, FieldInfo]]

        def __init__(self, /, **fields: Any) -> None: ...
        @property
        def model_fields_set(self) -> set[str]: ...
        def model_dump(self, **options: Any) -> dict[str, Any]: ...
        def model_dump_json(self, **options: Any) -> str: ...
        def model_copy(self, *, update: Mapping[str, Any] | None = None, deep: bool = False) -> Self: ...
        @classmethod
        def model_validate(cls, obj: Any, **options: Any) -> Self: ...
        @classmethod
        def model_validate_json(cls, json_data: str | bytes | bytearray, **options: Any) -> Self: ...
        @classmethod
        def model_json_schema(cls, **options: Any) -> dict[str, Any]: ...
        @classmethod
        def model_rebuild(cls, **options: Any) -> bool | None: ...

else:
    _Model = BaseModel


class Entity(_Model):
    """A thing with an IRI and what may be said about any thing.

    Immutable; unknown fields are refused. What each field means is said by the property in the ontology whose
    local name, in snake case, is the field's name.
    """

    model_config: ClassVar[ConfigDict] = ConfigDict(frozen=True, extra="forbid", allow_inf_nan=False, defer_build=True)

    declarable: ClassVar[bool] = False
    """Whether partners may have such things of their own; of the other classes only the Framework's count."""

    id: Iri
    pref_label: LangText = LangText()
    alt_label: LangTexts = LangTexts()
    notation: tuple[Code, ...] = ()
    identifier: Code | None = None
    description: LangText = LangText()
    scope_note: LangText = LangText()
    source: tuple[Reference, ...] = ()

    @model_validator(mode="wrap")
    @classmethod
    def _validated(cls, given: Any, handler: ModelWrapValidatorHandler[Self]) -> Self:
        try:
            made = handler(given)
        except ValidationError as error:
            raise without_echoes(error) from None
        for name, value in made.__dict__.items():
            if type(value) is tuple and value and isinstance(value[0], Ref):
                made.__dict__[name] = References(value)
        return made

    @classmethod
    def class_iri(cls) -> str:
        """Return the IRI of the ontology's class of the same name.

        >>> Entity.class_iri()
        'https://w3id.org/bicentennial/ontology#Entity'
        """
        return BIC[cls.__name__]

    def replace(self, **changes: Any) -> Self:
        """Return a copy with some fields changed; unlike `model_copy`, the new values are validated."""
        given = {name: getattr(self, name) for name in self.model_fields_set}
        return type(self).model_validate(given | changes)

    def __str__(self) -> str:
        return str(self.pref_label) or self.identifier or self.id


class Labelled(Entity):
    """A thing that must have a name."""

    pref_label: Annotated[LangText, MinLen(1)]
