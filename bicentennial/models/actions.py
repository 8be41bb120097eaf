"""What the parties undertake: the unit that partners report about.

>>> action = Action(
...     id="urn:x-example:1",
...     identifier="A-1",
...     pref_label={"en": "Train port inspectors", "es": "Capacitar a inspectores portuarios"},
...     advances_goal=["bicd:goal-prevent-transborder-crime"],
...     has_responsible_party=["bicd:agency-unodc"],
...     budget_amount="250000.00",
...     budget_currency="USD",
... )
>>> action.replace(due_date="2024-06").due_date.latest
datetime.date(2024, 6, 30)
>>> Action(id="urn:x-example:2", identifier="A-2", pref_label="Talk", advances_goal=[], has_responsible_party=[])
Traceback (most recent call last):
pydantic_core._pydantic_core.ValidationError: 1 validation error for Action
...
"""

from typing import TYPE_CHECKING, Annotated, ClassVar, Self

from annotated_types import MinLen
from pydantic import model_validator

from bicentennial.models.entity import Labelled
from bicentennial.models.fields import Amount, Code, CurrencyCode, Either, ExternalIdentifier, Ref, Should
from bicentennial.models.values import PartialDate

if TYPE_CHECKING:
    from bicentennial.models.context import CriminalNetwork, Place, Quantity
    from bicentennial.models.framework import Framework, Goal, GuidingCommitment, Objective, Pillar
    from bicentennial.models.instruments import Instrument
    from bicentennial.models.parties import Party
    from bicentennial.models.vocabulary import BeneficiaryGroup, Modality, Status, Theme

__all__ = ["Action"]


class Action(Labelled):
    """Something that parties undertake towards a goal of the Framework, or to honor one of its guiding commitments."""

    declarable: ClassVar[bool] = True

    identifier: Code
    advances_goal: Annotated[tuple[Ref["Goal"], ...], Either("honors_commitment")] = ()
    states_goal_by_section: tuple[Ref["Goal"], ...] = ()
    infers_goal: tuple[Ref["Goal"], ...] = ()
    advances_pillar: tuple[Ref["Pillar"], ...] = ()
    infers_pillar: tuple[Ref["Pillar"], ...] = ()
    advances_objective: tuple[Ref["Objective"], ...] = ()
    infers_objective: tuple[Ref["Objective"], ...] = ()
    has_editor: Ref["Party"] | None = None
    has_responsible_party: Annotated[tuple[Ref["Party"], ...], MinLen(1)]
    infers_responsible_party: tuple[Ref["Party"], ...] = ()
    has_accountable_party: tuple[Ref["Party"], ...] = ()
    has_implementing_party: tuple[Ref["Party"], ...] = ()
    is_reported_by: tuple[Ref["Party"], ...] = ()
    has_partner: tuple[Ref["Party"], ...] = ()
    benefits: Annotated[tuple[Ref["Party | BeneficiaryGroup"], ...], Should()] = ()
    is_funded_by: tuple[Ref["Party"], ...] = ()
    uses_instrument: tuple[Ref["Instrument"], ...] = ()
    honors_commitment: tuple[Ref["GuidingCommitment"], ...] = ()
    infers_commitment: tuple[Ref["GuidingCommitment"], ...] = ()
    has_modality: tuple[Ref["Modality"], ...] = ()
    has_status: Ref["Status"] | None = None
    start_date: PartialDate | None = None
    due_date: PartialDate | None = None
    end_date: PartialDate | None = None
    budget_amount: Amount | None = None
    budget_currency: CurrencyCode | None = None
    has_quantity: tuple[Ref["Quantity"], ...] = ()
    has_theme: tuple[Ref["Theme"], ...] = ()
    targets_network: tuple[Ref["CriminalNetwork"], ...] = ()
    takes_place_in: Annotated[tuple[Ref["Place"], ...], Should()] = ()
    is_example_of: tuple[Ref["Action"], ...] = ()
    realizes: tuple[Ref["Action"], ...] = ()
    depends_on: tuple[Ref["Action"], ...] = ()
    external_identifier: tuple[ExternalIdentifier, ...] = ()
    is_part_of: tuple[Ref["Framework"], ...] = ()

    @model_validator(mode="after")
    def _serves_the_framework(self) -> Self:
        if not self.advances_goal and not self.honors_commitment:
            raise ValueError("advances_goal: a goal is required, or a guiding commitment in honors_commitment")
        return self
