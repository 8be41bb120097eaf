"""Results: indicators with baseline and target, and what was measured.

>>> Indicator(
...     id="urn:x-example:i1", identifier="I-1", pref_label="Weapons traced", measures=["urn:x-example:1"],
...     baseline_value=0, target_value=80000,
... ).target_value
80000
"""

from typing import TYPE_CHECKING, Annotated, ClassVar

from annotated_types import MinLen

from bicentennial.models.entity import Entity, Labelled
from bicentennial.models.fields import Code, Number, Ref
from bicentennial.models.values import LangText, PartialDate

if TYPE_CHECKING:
    from bicentennial.models.actions import Action
    from bicentennial.models.context import Place
    from bicentennial.models.framework import Goal, GuidingCommitment, Objective, Pillar
    from bicentennial.models.parties import Party
    from bicentennial.models.vocabulary import Direction, IndicatorKind, ResultLevel, RevisionState, Sex, Verification

__all__ = ["Indicator", "Measurement"]


class Indicator(Labelled):
    """What is watched in order to see whether something is being reached."""

    declarable: ClassVar[bool] = True

    identifier: Code
    measures: Annotated[tuple[Ref["Action | Pillar | Goal | Objective | GuidingCommitment"], ...], MinLen(1)]
    unit: LangText = LangText()
    baseline_value: Number | None = None
    baseline_date: PartialDate | None = None
    target_value: Number | None = None
    due_date: PartialDate | None = None
    has_direction: Ref["Direction"] | None = None
    has_result_level: Ref["ResultLevel"] | None = None
    frequency: LangText = LangText()
    method: LangText = LangText()
    has_responsible_party: tuple[Ref["Party"], ...] = ()
    has_indicator_kind: Ref["IndicatorKind"] | None = None


class Measurement(Entity):
    """The value of an indicator at a date."""

    declarable: ClassVar[bool] = True

    observes: Ref["Indicator"]
    numeric_value: Number
    unit: LangText = LangText()
    start_date: PartialDate | None = None
    date: PartialDate
    covers_place: tuple[Ref["Place"], ...] = ()
    age_group: Code | None = None
    has_sex: Ref["Sex"] | None = None
    has_revision_state: Ref["RevisionState"] | None = None
    has_verification: Ref["Verification"] | None = None
