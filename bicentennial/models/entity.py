"""The base of all models: what every thing has, whatever its class.

>>> from bicentennial.models import Place
>>> place = Place(id="bicd:place-manzanillo", pref_label={"en": "Manzanillo", "es": "Manzanillo"})
>>> place.id
'https://w3id.org/bicentennial/id/place-manzanillo'
>>> place.replace(notation=["MX-COL"]).notation
('MX-COL',)
"""

from typing import Annotated, Any, ClassVar, Self

from annotated_types import MinLen
from pydantic import BaseModel, ConfigDict

from bicentennial.core.namespaces import BIC
from bicentennial.models.fields import Code, Iri, Reference
from bicentennial.models.values import LangText, LangTexts

__all__ = ["Entity", "Labelled"]


class Entity(BaseModel):
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
