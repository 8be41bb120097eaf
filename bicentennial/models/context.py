"""What actions happen around: events, officials, places, networks, quantities.

>>> Quantity(id="urn:x-example:q1", numeric_value=80000, unit={"en": "weapons", "es": "armas"}).unit.es
'armas'
"""

from typing import TYPE_CHECKING, Annotated, ClassVar

from annotated_types import MinLen

from bicentennial.models.entity import Entity, Labelled
from bicentennial.models.fields import ExternalIdentifier, Number, Ref
from bicentennial.models.values import LangText, PartialDate

if TYPE_CHECKING:
    from bicentennial.models.actions import Action
    from bicentennial.models.framework import Framework
    from bicentennial.models.instruments import Instrument
    from bicentennial.models.parties import Government, Party
    from bicentennial.models.vocabulary import PlaceKind, Theme, Verification

__all__ = ["CriminalNetwork", "Event", "OfficeHolding", "Official", "Place", "Quantity"]


class Event(Labelled):
    """Something that happened at a time and a place, such as a meeting."""

    date: PartialDate | None = None
    takes_place_in: tuple[Ref["Place"], ...] = ()
    has_participant: tuple[Ref["Official | Party"], ...] = ()
    is_hosted_by: tuple[Ref["Official | Party"], ...] = ()
    is_led_by: tuple[Ref["Official | Party"], ...] = ()
    transfers_from: tuple[Ref["Government"], ...] = ()
    transfers_to: tuple[Ref["Government"], ...] = ()
    has_quantity: tuple[Ref["Quantity"], ...] = ()
    has_theme: tuple[Ref["Theme"], ...] = ()
    has_verification: Ref["Verification"] | None = None
    is_part_of: tuple[Ref["Instrument | Framework"], ...] = ()
    realizes: tuple[Ref["Action"], ...] = ()


class Official(Labelled):
    """A person in a public office."""

    office: LangText = LangText()
    serves_in: tuple[Ref["Party"], ...] = ()


class OfficeHolding(Entity):
    """The time for which an official holds an office."""

    is_held_by: Ref["Official"]
    office: Annotated[LangText, MinLen(1)]
    serves_in: Ref["Party"]
    start_date: PartialDate | None = None
    end_date: PartialDate | None = None
    has_verification: Ref["Verification"] | None = None


class Place(Labelled):
    """A country, a part of one, a city, a port or a border."""

    declarable: ClassVar[bool] = True

    is_part_of: tuple[Ref["Place"], ...] = ()
    has_place_kind: Ref["PlaceKind"] | None = None
    external_identifier: tuple[ExternalIdentifier, ...] = ()


class CriminalNetwork(Labelled):
    """A criminal organization that actions are aimed at."""

    external_identifier: tuple[ExternalIdentifier, ...] = ()


class Quantity(Entity):
    """An amount of something, in figures where the source gives them."""

    declarable: ClassVar[bool] = True

    numeric_value: Number | None = None
    unit: LangText = LangText()
