"""The Framework's own design: what it wants, from its vision down to its 31 objectives.

>>> goal = Goal(
...     id="bicd:goal-protect-our-people",
...     pref_label={"en": "Protect our people", "es": "Proteger a nuestra gente"},
...     is_part_of="bicd:framework-bicentennial",
... )
>>> Pillar(id="bicd:pillar-public-health", pref_label={"en": "Public Health"}, is_part_of=goal).is_part_of
'https://w3id.org/bicentennial/id/goal-protect-our-people'
"""

from typing import TYPE_CHECKING

from bicentennial.models.entity import Labelled
from bicentennial.models.fields import Ref
from bicentennial.models.values import LangText, PartialDate

if TYPE_CHECKING:
    from bicentennial.models.evidence import SourceDocument
    from bicentennial.models.instruments import Instrument
    from bicentennial.models.parties import CooperationBody, Party
    from bicentennial.models.vocabulary import InstrumentState, Modality, PrincipleKind, Theme

__all__ = ["Framework", "Goal", "GuidingCommitment", "Objective", "Pillar", "Principle"]


class Framework(Labelled):
    """A framework of cooperation, with the bodies that keep it going."""

    vision: LangText = LangText()
    mission: LangText = LangText()
    rationale: LangText = LangText()
    has_mechanism: tuple[Ref["CooperationBody"], ...] = ()
    has_instrument_state: Ref["InstrumentState"] | None = None
    start_date: PartialDate | None = None


class Goal(Labelled):
    """One of a framework's strategic goals."""

    is_part_of: Ref["Framework"]
    has_theme: tuple[Ref["Theme"], ...] = ()


class Pillar(Labelled):
    """An area of cooperation, the level below a goal; the Mérida Initiative has pillars too."""

    is_part_of: Ref["Goal | Instrument"]
    corresponds_to: tuple[Ref["Pillar | Objective"], ...] = ()
    has_theme: tuple[Ref["Theme"], ...] = ()


class Objective(Labelled):
    """One of the clauses that a pillar consists of."""

    is_part_of: Ref["Pillar"]
    has_theme: tuple[Ref["Theme"], ...] = ()


class GuidingCommitment(Labelled):
    """A commitment that holds across all goals."""

    is_part_of: Ref["Framework"]


class Principle(Labelled):
    """A principle, a value, or a numbered point of a document that is not an undertaking of the Framework."""

    is_part_of: Ref["Framework | SourceDocument"]
    has_principle_kind: Ref["PrincipleKind"]
    has_modality: tuple[Ref["Modality"], ...] = ()
    has_responsible_party: tuple[Ref["Party"], ...] = ()
    corresponds_to: tuple[Ref["Pillar | Objective | GuidingCommitment | Goal"], ...] = ()
