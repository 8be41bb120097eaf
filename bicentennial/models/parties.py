"""Who acts: governments, agencies, international organizations and the bodies in which they cooperate.

>>> ofac = Agency(id="bicd:agency-ofac", pref_label={"en": "Office of Foreign Assets Control"}, alt_label="OFAC")
>>> isinstance(ofac, Party), str(ofac)
(True, 'Office of Foreign Assets Control')
"""

from typing import TYPE_CHECKING, Annotated, ClassVar

from bicentennial.models.entity import Labelled
from bicentennial.models.fields import ExternalIdentifier, Inherited, Ref
from bicentennial.models.instruments import Instrument
from bicentennial.models.values import PartialDate

if TYPE_CHECKING:
    from bicentennial.models.context import Place
    from bicentennial.models.vocabulary import OrganizationKind

__all__ = ["Agency", "CooperationBody", "Government", "InternationalOrganization", "Party"]


class Party(Labelled):
    """What can be responsible for an action, take part in it or fund it."""

    declarable: ClassVar[bool] = True

    is_part_of: Ref["Party"] | None = None
    belongs_to_state: tuple[Ref["Government"], ...] = ()
    is_based_in: tuple[Ref["Place"], ...] = ()
    has_organization_kind: Ref["OrganizationKind"] | None = None
    start_date: PartialDate | None = None
    end_date: PartialDate | None = None
    external_identifier: tuple[ExternalIdentifier, ...] = ()


class Government(Party):
    """The government of a state or of a part of it."""


class Agency(Party):
    """An organization with a mandate of its own."""


class InternationalOrganization(Agency):
    """An agency whose members are states."""


class CooperationBody(Party, Instrument):
    """A network, dialogue or working group: an instrument that can itself be responsible for something."""

    is_part_of: Annotated[Ref["CooperationBody"] | None, Inherited()] = None
    has_member: tuple[Ref["Party"], ...] = ()
