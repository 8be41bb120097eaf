"""The Framework as a strategic plan in StratML Part 1 (ISO 17469-1:2015): goals, pillars as objectives, stakeholders.

The order of the elements is the one that the standard's schema demands.

>>> plan("es").splitlines()[2].strip()[:62]
'<Name>Entendimiento Bicentenario sobre Seguridad, Salud Públic'
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final
from xml.etree import ElementTree as ET

from bicentennial.core.messages import entry
from bicentennial.core.namespaces import local_name
from bicentennial.core.resources import version
from bicentennial.exchange.xml_document import document, put

if TYPE_CHECKING:
    from bicentennial import models
    from bicentennial.knowledge.facade import FrameworkData
    from bicentennial.models import Entity

__all__ = ["NAMESPACE", "plan"]

NAMESPACE: Final = "urn:ISO:std:iso:17469:tech:xsd:stratml_core"
_PRIMARY: Final = "document-standing-official"


def plan(lang: str) -> str:
    """Return the plan as an XML document."""
    from bicentennial.knowledge.facade import load

    return document(_Plan(load(), lang).element())


class _Plan:
    def __init__(self, fw: FrameworkData, lang: str) -> None:
        self.fw = fw
        self.lang = lang
        self.words = entry("exchange", "stratml")

    def element(self) -> ET.Element:
        framework = self.fw.framework
        root = ET.Element("StrategicPlan", xmlns=NAMESPACE)
        put(root, "Name", framework.pref_label[self.lang])
        put(root, "Description", framework.description[self.lang])
        documents = "; ".join(document.pref_label[self.lang] for document in self.documents())
        put(root, "OtherInformation", self.words["compiled"][self.lang].format(version=version(), documents=documents))
        core = put(root, "StrategicPlanCore")
        for organization in self.organizations():
            self._named(put(core, "Organization"), organization, acronym=True)
        for name, text in (("Vision", framework.vision), ("Mission", framework.mission)):
            part = put(core, name)
            put(part, "Description", text[self.lang])
            put(part, "Identifier", name.lower())
        for commitment in self.fw.commitments:
            value = put(core, "Value")
            put(value, "Name", commitment.pref_label[self.lang])
            put(value, "Description", commitment.description[self.lang])
        for goal in self.fw.goals:
            made = self._aim(core, "Goal", goal)
            for pillar in self.fw.parts_of(goal):
                self._aim(made, "Objective", pillar)
        self._administration(root)
        return root

    def documents(self) -> list[models.SourceDocument]:
        """Return the documents that the Framework itself is described from."""
        about = {source if "/document-" in source else self.fw[source].is_part_of  # type: ignore[attr-defined]
                 for source in self.fw.framework.source}  # fmt: skip
        return [document for document in self.fw.documents if document.id in about]

    def organizations(self) -> list[Entity]:
        """Return the parties whose plan it is: the members of the bodies that keep it going."""
        found = [member for body in self.fw.framework.has_mechanism for member in self.fw[body].has_member]
        return [self.fw[iri] for iri in dict.fromkeys(found)]

    def _named(self, element: ET.Element, thing: Entity, *, acronym: bool) -> None:
        put(element, "Name", thing.pref_label[self.lang])
        if acronym and thing.notation:
            put(element, "Acronym", thing.notation[0])
        put(element, "Identifier", local_name(thing.id))
        if self.lang in thing.description:
            put(element, "Description", thing.description[self.lang])

    def _aim(self, parent: ET.Element, name: str, aim: Entity) -> ET.Element:
        element = put(parent, name)
        put(element, "Name", aim.pref_label[self.lang])
        put(element, "Description", aim.description[self.lang])
        put(element, "Identifier", local_name(aim.id))
        put(element, "SequenceIndicator", aim.notation[0])
        for name_of, role, kind in self.stakeholders(aim):
            stakeholder = put(element, "Stakeholder")
            stakeholder.set("StakeholderTypeType", kind)
            put(stakeholder, "Name", name_of)
            put(stakeholder, "Description", role)
        parts = self.fw.parts_of(aim) if name == "Objective" else ()
        if parts:
            clauses = (f"{part.notation[0]} {part.pref_label[self.lang]}" for part in parts)
            put(element, "OtherInformation", "; ".join(clauses))
        return element

    def stakeholders(self, aim: Entity) -> list[tuple[str, str, str]]:
        """Return name, roles and kind of all who have a part in the actions that advance an aim."""
        roles: dict[str, list[str]] = {}
        for action in self.fw.actions_for(aim):
            for role, parties in (
                ("responsible", action.has_responsible_party),
                ("partner", action.has_partner),
                ("beneficiary", action.benefits),
            ):
                for iri in parties:
                    roles.setdefault(iri, []).append(self.words[role][self.lang])
        found = []
        for party, several in roles.items():
            thing = self.fw[party]
            kind = "Generic_Group" if type(thing).__name__ == "BeneficiaryGroup" else "Organization"
            found.append((thing.pref_label[self.lang], ", ".join(sorted(set(several))), kind))
        return sorted(found)

    def _administration(self, root: ET.Element) -> None:
        element = put(root, "AdministrativeInformation")
        start = self.fw.framework.start_date
        if start is not None and start.earliest == start.latest:
            put(element, "StartDate", str(start))
            put(element, "PublicationDate", str(start))
        links = [
            url
            for document in self.documents()
            for url in document.url
            if document.has_document_standing.endswith(_PRIMARY) and url.startswith("https://")
        ]
        put(element, "Source", min(links, default=self.fw.framework.id))
