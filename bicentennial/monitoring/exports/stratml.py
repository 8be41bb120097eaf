"""What is current in a registry as a performance report in StratML Part 2: actions as objectives of their goals.

The Framework's own part is that of `exchange.publications.stratml`; an action stands under each of its goals, with its
indicators, their targets and what was measured. The elements stand in the order that the standard's schema demands.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Final
from xml.etree import ElementTree as ET

from bicentennial.core.messages import entry, render
from bicentennial.core.namespaces import local_name
from bicentennial.exchange.publications import stratml
from bicentennial.exchange.xml_document import document, put
from bicentennial.monitoring.exports.things import Held, Thing, held
from bicentennial.monitoring.questions.comparing import long
from bicentennial.monitoring.store.dates import day_of
from bicentennial.vocabulary.index import default_index

if TYPE_CHECKING:
    from bicentennial.monitoring.store.database import Database

__all__ = ["NAMESPACE", "report"]

NAMESPACE: Final = "urn:ISO:std:iso:17469:tech:xsd:PerformancePlanOrReport"
_CORE: Final = f"{{{stratml.NAMESPACE}}}"
_UNFIT: Final = re.compile(r"[^\w.-]", re.ASCII)


def report(database: Database, lang: str) -> str:
    """Return the report as an XML document, its texts in a language where there are any in it."""
    plan = ET.fromstring(stratml.plan(lang))  # noqa: S314 - of our own making
    for element in plan.iter():
        element.tag = element.tag.removeprefix(_CORE)
    root = ET.Element("PerformancePlanOrReport", xmlns=NAMESPACE, Type="Performance_Report")
    root.extend(plan)
    goals = {goal.findtext("Identifier"): goal for goal in root.iter("Goal")}
    latest = ""
    for each in held(database):
        latest = max(latest, each.submission.issued_until)
        for action in each.of_kind("action"):
            for goal in dict.fromkeys(_goals(action)):
                if goal in goals:
                    goals[goal].append(_objective(each, action, goal, lang))
    _reported_until(root, latest)
    return document(root)


def _goals(action: Thing) -> list[str]:
    """Return the local names of the goals of an action, those of its pillars and objectives among them."""
    index = default_index()
    found = []
    waiting = [
        long(aim)
        for prop in ("bic:advancesGoal", "bic:advancesPillar", "bic:advancesObjective")
        for aim in action.all(prop)
    ]
    while waiting:
        iri = waiting.pop(0)
        found.append(local_name(iri))
        waiting += index.individuals.get(iri, {}).get("parents", ())
    return found


def _objective(where: Held, action: Thing, goal: str, lang: str) -> ET.Element:
    path = where.submission.submitter, where.submission.dataset, action.code
    objective = ET.Element("Objective")
    put(objective, "Name", action.text("skos:prefLabel", lang) or action.code)
    put(objective, "Description", action.text("dcterms:description", lang) or action.text("skos:prefLabel", lang))
    put(objective, "Identifier", _identifier(goal, *path))
    put(objective, "SequenceIndicator", action.code)
    words = entry("exchange", "stratml")
    for prop, role in (("bic:hasResponsibleParty", "responsible"), ("bic:hasPartner", "partner")):
        for party in action.all(prop):
            stakeholder = put(objective, "Stakeholder")
            stakeholder.set("StakeholderTypeType", "Organization")
            put(stakeholder, "Name", where.label(party, lang))
            put(stakeholder, "Description", words[role][lang])
    status = action.one("bic:hasStatus")
    said = render(
        entry("registry", "stratml-reported"),
        name="/".join(path),
        issued=where.submission.issued,
        status=where.label(status, lang) if status else "–",
        due=action.one("bic:dueDate") or "–",
    )
    put(objective, "OtherInformation", said[lang])
    for indicator in where.pointing("indicator", "bic:measures", action.name):
        objective.append(_indicator(where, indicator, _identifier(goal, *path, indicator.code), lang))
    return objective


def _indicator(where: Held, indicator: Thing, identifier: str, lang: str) -> ET.Element:
    element = ET.Element("PerformanceIndicator", PerformanceIndicatorType="Quantitative")
    put(element, "SequenceIndicator", indicator.code)
    put(element, "MeasurementDimension", indicator.text("skos:prefLabel", lang) or indicator.code)
    put(element, "UnitOfMeasurement", indicator.text("bic:unit", lang) or "–")
    put(element, "Identifier", identifier)
    instance = ET.Element("MeasurementInstance")
    target, due = indicator.one("bic:targetValue"), indicator.one("bic:dueDate")
    if target is not None:
        _result(instance, "TargetResult", indicator.one("bic:baselineDate"), due, target)
    for measurement in where.pointing("measurement", "bic:observes", indicator.name):
        value, date = measurement.one("bic:numericValue"), measurement.one("dcterms:date")
        if value is not None:
            _result(instance, "ActualResult", None, date, value)
    if len(instance):
        element.append(instance)
    return element


def _result(parent: ET.Element, name: str, start: str | None, end: str | None, value: str) -> None:
    element = put(parent, name)
    if first := day_of(start, is_first=True):
        put(element, "StartDate", first)
    if last := day_of(end):
        put(element, "EndDate", last)
    put(element, "NumberOfUnits", value)


def _reported_until(root: ET.Element, latest: str) -> None:
    administration = root.find("AdministrativeInformation")
    if administration is None or not latest:
        return
    start = administration.find("StartDate")
    end = ET.Element("EndDate")
    end.text = latest
    administration.insert(0 if start is None else list(administration).index(start) + 1, end)
    publication = administration.find("PublicationDate")
    if publication is not None:
        publication.text = latest


def _identifier(*path: str) -> str:
    """Return an identifier that is one in XML, and the only one in the document.

    >>> _identifier("goal", "ngo", "A/1"), _identifier("goal", "ngo", "A_1")
    ('__goal__ngo__A_x002F_1', '__goal__ngo__A_1')
    """
    return "".join(f"__{_UNFIT.sub(lambda found: f'_x{ord(found[0]):04X}_', step)}" for step in path)
