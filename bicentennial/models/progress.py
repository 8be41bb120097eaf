"""What is followed of an action on its way: money by kind and period, and milestones.

>>> paid = FinancialRecord(
...     id="urn:x-example:f1", finances="urn:x-example:1", has_money_kind="bicd:money-kind-disbursed", amount=900000,
...     budget_currency="USD", fiscal_year=2021,
... )
>>> paid.amount, paid.fiscal_year
(900000, '2021')
"""

from typing import TYPE_CHECKING, ClassVar

from bicentennial.models.entity import Entity, Labelled
from bicentennial.models.fields import Amount, CurrencyCode, ExternalIdentifier, Ref
from bicentennial.models.values import PartialDate

if TYPE_CHECKING:
    from bicentennial.models.actions import Action
    from bicentennial.models.parties import Party
    from bicentennial.models.vocabulary import MoneyKind, Status

__all__ = ["FinancialRecord", "Milestone"]


class FinancialRecord(Entity):
    """A sum of money that was planned, obligated or paid for an action."""

    declarable: ClassVar[bool] = True

    finances: Ref["Action"]
    has_money_kind: Ref["MoneyKind"]
    amount: Amount
    budget_currency: CurrencyCode
    fiscal_year: PartialDate | None = None
    start_date: PartialDate | None = None
    end_date: PartialDate | None = None
    is_funded_by: tuple[Ref["Party"], ...] = ()
    has_recipient: tuple[Ref["Party"], ...] = ()
    external_identifier: tuple[ExternalIdentifier, ...] = ()


class Milestone(Labelled):
    """A step on the way of an action that is set beforehand."""

    declarable: ClassVar[bool] = True

    is_milestone_of: Ref["Action"]
    due_date: PartialDate
    end_date: PartialDate | None = None
    has_status: Ref["Status"] | None = None
