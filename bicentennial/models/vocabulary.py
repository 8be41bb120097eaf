"""The concepts of the closed lists; the lists themselves are the SKOS schemes of the ontology.

>>> Status(
...     id="bicd:status-completed", pref_label={"en": "completed", "es": "concluida"}, in_scheme="bicd:scheme-status"
... ).class_iri().rpartition("#")[2]
'Status'
"""

from typing import Any

from bicentennial.models.entity import Labelled
from bicentennial.models.fields import Ref
from bicentennial.models.values import LangText, LangTexts

__all__ = [
    "BeneficiaryGroup",
    "Concept",
    "Currency",
    "Direction",
    "DocumentReading",
    "DocumentStanding",
    "IndicatorKind",
    "InstrumentState",
    "Modality",
    "MoneyKind",
    "NameStanding",
    "OrganizationKind",
    "PlaceKind",
    "PrincipleKind",
    "RecommendationState",
    "ResultLevel",
    "RevisionState",
    "Sex",
    "Status",
    "Theme",
    "Verification",
]


class Concept(Labelled):
    """An entry of a closed list."""

    definition: LangText = LangText()
    example: LangTexts = LangTexts()
    in_scheme: Ref[Any]
    top_concept_of: Ref[Any] | None = None
    broader: tuple[Ref["Concept"], ...] = ()


class Status(Concept):
    """How far an action is."""


class Modality(Concept):
    """How firmly a document puts an undertaking, by its verb."""


class Theme(Concept):
    """A subject that cuts across goals."""


class InstrumentState(Concept):
    """How far an instrument is."""


class OrganizationKind(Concept):
    """What sort of organization a party is."""


class BeneficiaryGroup(Concept):
    """A group of people or bodies for whose good something is done."""


class PlaceKind(Concept):
    """What sort of place a place is."""


class PrincipleKind(Concept):
    """What sort of statement a principle is."""


class DocumentStanding(Concept):
    """How near a document is to what the governments themselves published."""


class DocumentReading(Concept):
    """How much of a document was read."""


class Verification(Concept):
    """How well the sources seen bear a statement out."""


class NameStanding(Concept):
    """Who stands behind a name."""


class RecommendationState(Concept):
    """How far a recommendation has been carried out."""


class Sex(Concept):
    """The sex of the people whom a figure counts."""


class RevisionState(Concept):
    """Whether a published figure may still change."""


class IndicatorKind(Concept):
    """For what purpose an indicator is followed."""


class MoneyKind(Concept):
    """At which stage between plan and payment a sum of money stands."""


class ResultLevel(Concept):
    """A link of the results chain."""


class Direction(Concept):
    """In which direction the value of an indicator is meant to move."""


class Currency(Concept):
    """A currency of ISO 4217; its notation is the code."""
