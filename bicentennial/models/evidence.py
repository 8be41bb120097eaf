"""Where statements come from: documents, their passages, conflicts between them, names that were given.

>>> passage = Passage(
...     id="bicd:passage-fact-sheet-p07", is_part_of="bicd:document-fact-sheet", paragraph=7, sha256="0" * 64
... )
>>> passage.paragraph
7
"""

from typing import TYPE_CHECKING, Annotated, Any

from annotated_types import MaxLen, MinLen
from pydantic import StringConstraints

from bicentennial.models.entity import Entity, Labelled
from bicentennial.models.fields import Code, Ordinal, Ref, Reference, Should, WebAddress
from bicentennial.models.values import LangText, PartialDate

if TYPE_CHECKING:
    from bicentennial.models.context import Place, Quantity
    from bicentennial.models.parties import Party
    from bicentennial.models.vocabulary import (
        DocumentReading,
        DocumentStanding,
        InstrumentState,
        NameStanding,
        RecommendationState,
        Status,
        Verification,
    )

__all__ = ["Claim", "Name", "Passage", "Recommendation", "SourceConflict", "SourceDocument", "StateChange"]


class SourceDocument(Labelled):
    """A document or web page that statements are taken from."""

    publisher: Code | None = None
    creator: tuple[Code, ...] = ()
    date: PartialDate | None = None
    earliest_date: PartialDate | None = None
    latest_date: PartialDate | None = None
    language: Code | None = None
    has_document_standing: Ref["DocumentStanding"]
    has_document_reading: Ref["DocumentReading"] | None = None
    url: Annotated[tuple[WebAddress, ...], Should()] = ()
    address_note: LangText = LangText()
    access_date: PartialDate | None = None
    takes_place_in: tuple[Ref["Place"], ...] = ()


class Passage(Entity):
    """A paragraph, a sentence or a list item of a document."""

    is_part_of: Ref["SourceDocument"]
    paragraph: Ordinal
    sentence: Ordinal | None = None
    bullet: Ordinal | None = None
    sha256: Annotated[str, StringConstraints(pattern=r"^[0-9a-f]{64}$")]
    quotation: Annotated[LangText, MaxLen(1)] = LangText()


class SourceConflict(Entity):
    """A matter on which sources disagree."""

    concerns: tuple[Ref[Any], ...] = ()
    has_claim: Annotated[tuple[Ref["Claim"], ...], MinLen(2)]


class Claim(Entity):
    """What some of the sources say about a matter: one side of a conflict, or a finding about the Framework."""

    concerns: tuple[Ref[Any], ...] = ()
    description: Annotated[LangText, MinLen(1)]
    has_quantity: tuple[Ref["Quantity"], ...] = ()
    has_verification: Ref["Verification"] | None = None
    source: Annotated[tuple[Reference, ...], MinLen(1)]


class StateChange(Entity):
    """The state that something was in from a date on."""

    concerns: Ref[Any]
    has_instrument_state: Ref["InstrumentState"] | None = None
    has_status: Ref["Status"] | None = None
    date: PartialDate
    has_verification: Ref["Verification"] | None = None
    source: Annotated[tuple[Reference, ...], MinLen(1)]


class Recommendation(Entity):
    """What an evaluator asks a party to do."""

    is_part_of: Ref["SourceDocument"]
    description: Annotated[LangText, MinLen(1)]
    has_addressee: Annotated[tuple[Ref["Party"], ...], MinLen(1)]
    has_recommendation_state: Ref["RecommendationState"] | None = None
    date: PartialDate | None = None
    concerns: tuple[Ref[Any], ...] = ()
    has_verification: Ref["Verification"] | None = None


class Name(Entity):
    """A name of a thing in one language, as a source gives it, with its standing."""

    literal_form: Annotated[LangText, MinLen(1), MaxLen(1)]
    is_name_of: Ref[Any]
    has_name_standing: Ref["NameStanding"]
