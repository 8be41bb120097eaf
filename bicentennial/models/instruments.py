"""By what means actions are done: memoranda, programmes, designations, policies.

>>> Instrument(
...     id="bicd:instrument-merida-initiative", pref_label={"en": "Mérida Initiative", "es": "Iniciativa Mérida"},
...     date="2007-10-22",
... ).date.earliest.year
2007
"""

from typing import TYPE_CHECKING

from bicentennial.models.entity import Labelled
from bicentennial.models.fields import Code, ExternalIdentifier, Ref
from bicentennial.models.values import PartialDate

if TYPE_CHECKING:
    from bicentennial.models.context import CriminalNetwork, Place
    from bicentennial.models.framework import Framework
    from bicentennial.models.parties import Party
    from bicentennial.models.vocabulary import InstrumentState, Verification

__all__ = [
    "GrantProgram",
    "Instrument",
    "MemorandumOfUnderstanding",
    "PolicyInitiative",
    "SanctionsDesignation",
    "TechnicalProgram",
]


class Instrument(Labelled):
    """A means by which parties act."""

    is_part_of: Ref["Instrument | Framework"] | None = None
    has_instrument_state: Ref["InstrumentState"] | None = None
    is_administered_by: tuple[Ref["Party"], ...] = ()
    is_funded_by: tuple[Ref["Party"], ...] = ()
    has_responsible_party: tuple[Ref["Party"], ...] = ()
    has_partner: tuple[Ref["Party"], ...] = ()
    date: PartialDate | None = None
    replaces: tuple[Ref["Instrument"], ...] = ()
    takes_place_in: tuple[Ref["Place"], ...] = ()
    external_identifier: tuple[ExternalIdentifier, ...] = ()
    has_verification: Ref["Verification"] | None = None


class MemorandumOfUnderstanding(Instrument):
    """A written understanding between parties."""


class GrantProgram(Instrument):
    """A programme that gives money to others."""


class TechnicalProgram(Instrument):
    """A programme that gives training, equipment or expertise."""


class PolicyInitiative(Instrument):
    """A policy under which programmes are run."""


class SanctionsDesignation(Instrument):
    """The naming of persons or networks on a sanctions list."""

    designates: tuple[Ref["CriminalNetwork | Party"], ...] = ()
    program_code: tuple[Code, ...] = ()
    legal_basis: tuple[Code, ...] = ()
