"""The Framework's classes as typed, immutable Python objects.

One model per class of the ontology; a field is named after its property by one rule (`has_responsible_party`
for `bic:hasResponsibleParty`). Models know nothing of RDF: `bicentennial.rdf` turns them into graphs and back.

>>> from bicentennial.models import CLASSES, Action
>>> CLASSES["Action"] is Action
True
>>> sorted(CLASSES)[:3]
['Action', 'Agency', 'BeneficiaryGroup']
"""

from typing import Final

from bicentennial.models.actions import Action
from bicentennial.models.context import CriminalNetwork, Event, OfficeHolding, Official, Place, Quantity
from bicentennial.models.entity import Entity
from bicentennial.models.evidence import (
    Claim,
    Name,
    Passage,
    Recommendation,
    SourceConflict,
    SourceDocument,
    StateChange,
)
from bicentennial.models.framework import Framework, Goal, GuidingCommitment, Objective, Pillar, Principle
from bicentennial.models.instruments import (
    GrantProgram,
    Instrument,
    MemorandumOfUnderstanding,
    PolicyInitiative,
    SanctionsDesignation,
    TechnicalProgram,
)
from bicentennial.models.parties import Agency, CooperationBody, Government, InternationalOrganization, Party
from bicentennial.models.progress import FinancialRecord, Milestone
from bicentennial.models.results import Indicator, Measurement
from bicentennial.models.submission import Submission
from bicentennial.models.values import LangText, LangTexts, PartialDate, Text
from bicentennial.models.vocabulary import (
    BeneficiaryGroup,
    Concept,
    Currency,
    Direction,
    DocumentReading,
    DocumentStanding,
    IndicatorKind,
    InstrumentState,
    Modality,
    MoneyKind,
    NameStanding,
    OrganizationKind,
    PlaceKind,
    PrincipleKind,
    RecommendationState,
    ResultLevel,
    RevisionState,
    Sex,
    Status,
    Theme,
    Verification,
)

__all__ = [
    "CLASSES",
    "Action",
    "Agency",
    "BeneficiaryGroup",
    "Claim",
    "Concept",
    "CooperationBody",
    "CriminalNetwork",
    "Currency",
    "Direction",
    "DocumentReading",
    "DocumentStanding",
    "Entity",
    "Event",
    "FinancialRecord",
    "Framework",
    "Goal",
    "Government",
    "GrantProgram",
    "GuidingCommitment",
    "Indicator",
    "IndicatorKind",
    "Instrument",
    "InstrumentState",
    "InternationalOrganization",
    "LangText",
    "LangTexts",
    "Measurement",
    "MemorandumOfUnderstanding",
    "Milestone",
    "Modality",
    "MoneyKind",
    "Name",
    "NameStanding",
    "Objective",
    "OfficeHolding",
    "Official",
    "OrganizationKind",
    "PartialDate",
    "Party",
    "Passage",
    "Pillar",
    "Place",
    "PlaceKind",
    "PolicyInitiative",
    "Principle",
    "PrincipleKind",
    "Quantity",
    "Recommendation",
    "RecommendationState",
    "ResultLevel",
    "RevisionState",
    "SanctionsDesignation",
    "Sex",
    "SourceConflict",
    "SourceDocument",
    "StateChange",
    "Status",
    "Submission",
    "TechnicalProgram",
    "Text",
    "Theme",
    "Verification",
]

CLASSES: Final[dict[str, type[Entity]]] = {
    name: model
    for name in __all__
    if isinstance(model := globals().get(name), type) and issubclass(model, Entity) and model is not Entity
}
"""Every model by the name of its class."""
