"""What is current in a registry as IATI activities (version 2.03): the inverse of how `formats/iati` reads them.

Goals, pillars, objectives, commitments and themes are tags of our vocabulary, so that reading the file again states
them. What the standard has no place for, or demands where the data do not say it, is counted and named.
"""

from __future__ import annotations

import re
from collections import Counter
from functools import cache
from typing import TYPE_CHECKING, Final
from urllib.parse import quote
from xml.etree import ElementTree as ET

from bicentennial.core.messages import entry
from bicentennial.core.namespaces import BIC, local_name
from bicentennial.exchange.xml_document import document, put
from bicentennial.formats.iati.aims import OURS
from bicentennial.formats.rdf.iris import is_well_formed
from bicentennial.monitoring.exports.things import Held, Thing, held, own
from bicentennial.monitoring.questions.comparing import long
from bicentennial.monitoring.store.dates import day_of
from bicentennial.semantics.values.typed import DECIMAL
from bicentennial.vocabulary.index import default_index

if TYPE_CHECKING:
    from bicentennial.monitoring.store.database import Database

__all__ = ["activities", "labels"]

_XML_LANG: Final = "{http://www.w3.org/XML/1998/namespace}lang"
_REGISTERED: Final = re.compile(r"[A-Z]{2,3}-[A-Z0-9_]+-\S+")
_NUMBER: Final = re.compile(DECIMAL, re.ASCII)
_AIMS: Final = (
    "bic:advancesGoal", "bic:advancesPillar", "bic:advancesObjective", "bic:honorsCommitment", "bic:hasTheme",
)  # fmt: skip
_ROLES: Final = ("bic:hasResponsibleParty", "bic:hasPartner", "bic:isFundedBy")
_DATES: Final = ("bic:startDate", "bic:dueDate", "bic:endDate")
_SAID: Final = frozenset(
    {
        *_AIMS, *_ROLES, *_DATES, "rdf:type", "dcterms:identifier", "skos:prefLabel", "dcterms:description",
        "bic:hasStatus", "bic:takesPlaceIn", "bic:budgetAmount", "bic:budgetCurrency", "dcterms:source",
    }
)  # fmt: skip
_KINDS: Final = {"InternationalOrganization": "40", "Agency": "10", "Government": "10"}
_OTHER_KIND: Final = "90"
_RESULT_OUTPUT: Final = "1"
_UNITS: Final = "1"
_PERCENT: Final = "2"
_DOCUMENT: Final = "A12"
"""The category of a document of which nothing more is known than that it is about the activity."""


def activities(database: Database, lang: str) -> tuple[str, dict[str, int]]:
    """Return the activities as an XML document, and how often each thing could not be said.

    Args:
        database: where.
        lang: the language in which things are named that have a name in ours alone.
    """
    writer = _Writer(lang, _submitters(database))
    root = ET.Element("iati-activities", version="2.03")
    for each in held(database):
        for action in each.of_kind("action"):
            root.append(writer.activity(each, action))
        actions = {action.name for action in each.of_kind("action")}
        for indicator in each.of_kind("indicator"):
            if not actions.intersection(indicator.all("bic:measures")):
                writer.lost["indicator-without-action"] += 1
    return document(root), dict(writer.lost)


class _Writer:
    def __init__(self, lang: str, submitters: dict[str, tuple[str, str]]) -> None:
        self.lang = lang
        self._submitters = submitters
        self.lost: Counter[str] = Counter()
        self._codes = {name: _inverse(name) for name in ("ActivityStatus", "ActivityDateType", "OrganisationRole")}

    def activity(self, where: Held, action: Thing) -> ET.Element:
        """Return an action as an element; the standard's schema demands the order of its parts."""
        submitter, dataset = where.submission.submitter, where.submission.dataset
        element = ET.Element("iati-activity")
        code = action.code
        full = code if _REGISTERED.fullmatch(code) else f"{submitter}-{dataset}-{code}"
        put(element, "iati-identifier", _identifier(full))
        name, kind = self._submitters[submitter]
        put(put(element, "reporting-org", ref=submitter, type=kind), "narrative", name)
        self._texts(element, "title", action.texts("skos:prefLabel"))
        # The standard demands a description; where there is none, the title is all that is said.
        described = action.texts("dcterms:description") or action.texts("skos:prefLabel")
        self._texts(element, "description", described, type="1")
        self._parties(element, where, action)
        self._status(element, action)
        self._dates(element, action)
        self._places(element, where, action)
        self._tags(element, where, action)
        self._budget(element, action)
        self._documents(element, action)
        self._results(element, where, action)
        self.lost.update(prop for prop in action.values if prop not in _SAID)
        return element

    def _texts(self, parent: ET.Element, name: str, texts: dict[str, str], **attributes: str) -> ET.Element:
        element = put(parent, name, **attributes)
        for language, text in texts.items():
            narrative = put(element, "narrative", text)
            if language:
                narrative.set(_XML_LANG, language)
        return element

    def _parties(self, element: ET.Element, where: Held, action: Thing) -> None:
        for prop in _ROLES:
            for party in action.all(prop):
                code = self._codes["OrganisationRole"].get(long(prop))
                if code is None:
                    self.lost[prop] += 1
                    continue
                organization = put(element, "participating-org", role=code)
                reference = _reference(where, party)
                if reference:
                    organization.set("ref", reference)
                put(organization, "narrative", where.label(party, self.lang)).set(_XML_LANG, self.lang)

    def _status(self, element: ET.Element, action: Thing) -> None:
        status = action.one("bic:hasStatus")
        code = self._codes["ActivityStatus"].get(long(status)) if status else None
        if status and code is None:
            # What is announced is in the pipeline; the standard has no earlier state.
            self.lost["bic:hasStatus"] += 1
        put(element, "activity-status", code=code or "1")

    def _dates(self, element: ET.Element, action: Thing) -> None:
        begun = action.one("bic:hasStatus") not in ("bicd:status-announced", "bicd:status-planned")
        for prop in _DATES:
            for value in action.all(prop):
                code = self._codes["ActivityDateType"][long(prop)]
                if prop == "bic:startDate" and not begun:
                    code = "1"
                day = day_of(value, is_first=prop == "bic:startDate")
                if day is None:
                    self.lost[prop] += 1
                    continue
                if day != value:
                    self.lost["partial-date"] += 1
                put(element, "activity-date", **{"type": code, "iso-date": day})

    def _places(self, element: ET.Element, where: Held, action: Thing) -> None:
        places = [(place, _country(place)) for place in action.all("bic:takesPlaceIn")]
        # Of several countries the standard wants the share of each, which is not stated; as locations they need none.
        alone = sum(code is not None for _, code in places) == 1
        for place, code in sorted(places, key=lambda each: each[1] is None):
            if alone and code is not None:
                parent = put(element, "recipient-country", code=code)
            else:
                parent = put(put(element, "location"), "name")
            put(parent, "narrative", where.label(place, self.lang)).set(_XML_LANG, self.lang)

    def _tags(self, element: ET.Element, where: Held, action: Thing) -> None:
        for prop in _AIMS:
            for aim in action.all(prop):
                code = own(aim)
                if code is None:
                    self.lost[prop] += 1
                    continue
                tag = put(element, "tag", **{"vocabulary": "99", "vocabulary-uri": f"{OURS}/id/", "code": code})
                put(tag, "narrative", where.label(aim, self.lang)).set(_XML_LANG, self.lang)

    def _budget(self, element: ET.Element, action: Thing) -> None:
        amounts, currencies = action.all("bic:budgetAmount"), action.all("bic:budgetCurrency")
        if not amounts:
            return
        # Of several, the record does not say which amount is in which currency.
        if len(amounts) > 1 or len(currencies) > 1 or _number(amounts[0]) is None:
            self.lost["bic:budgetAmount"] += len(amounts)
            return
        start = day_of(action.one("bic:startDate"), is_first=True)
        end = day_of(action.one("bic:dueDate")) or day_of(action.one("bic:endDate"))
        if start is None or end is None or start > end:
            self.lost["budget-without-period"] += 1
            return
        budget = put(element, "budget", type="1", status="1")
        put(budget, "period-start", **{"iso-date": start})
        put(budget, "period-end", **{"iso-date": end})
        value = put(budget, "value", amounts[0], **{"value-date": start})
        for currency in currencies:
            if currency in _currencies():
                value.set("currency", currency)
            else:
                self.lost["bic:budgetCurrency"] += 1

    def _documents(self, element: ET.Element, action: Thing) -> None:
        for source in action.all("dcterms:source"):
            if not source.startswith(("http://", "https://")) or not is_well_formed(source):
                self.lost["dcterms:source"] += 1
                continue
            link = put(element, "document-link", url=source, format="text/html")
            put(put(link, "title"), "narrative", source)
            put(link, "category", code=_DOCUMENT)

    def _results(self, element: ET.Element, where: Held, action: Thing) -> None:
        for indicator in where.pointing("indicator", "bic:measures", action.name):
            result = put(element, "result", type=_RESULT_OUTPUT)
            self._texts(result, "title", indicator.texts("skos:prefLabel"))
            self._indicator(result, where, indicator)

    def _indicator(self, result: ET.Element, where: Held, indicator: Thing) -> None:
        units = {text.lower() for text in indicator.texts("bic:unit").values()}
        percent = any("percent" in unit or "porcent" in unit or unit == "%" for unit in units)
        if units and not percent:
            self.lost["bic:unit"] += 1
        element = put(result, "indicator", measure=_PERCENT if percent else _UNITS)
        self._texts(element, "title", indicator.texts("skos:prefLabel"))
        if indicator.all("dcterms:description"):
            self._texts(element, "description", indicator.texts("dcterms:description"))
        baseline, stated = self._number(indicator, "bic:baselineValue"), indicator.one("bic:baselineDate")
        day = day_of(stated, is_first=True)
        if baseline is not None and day is None:
            self.lost["baseline-without-date"] += 1
        elif baseline is not None and day is not None:
            made = put(element, "baseline", year=day[:4], value=baseline)
            if day == day_of(stated):
                made.set("iso-date", day)
        target, due = self._number(indicator, "bic:targetValue"), indicator.one("bic:dueDate")
        first, last = day or day_of(due, is_first=True), day_of(due)
        if target is not None:
            if first is None or last is None:
                self.lost["target-without-date"] += 1
            else:
                put(self._period(element, first, last), "target", value=target)
        for measurement in where.pointing("measurement", "bic:observes", indicator.name):
            value, date = _number(measurement.one("bic:numericValue")), measurement.one("dcterms:date")
            first, last = day_of(date, is_first=True), day_of(date)
            if value is None or first is None or last is None:
                self.lost["measurement-without-date"] += 1
                continue
            put(self._period(element, first, last), "actual", value=value)

    def _number(self, thing: Thing, prop: str) -> str | None:
        """Return the value of a property where it is a number, as the standard demands of all that is counted."""
        value = thing.one(prop)
        found = _number(value)
        if found != value:
            self.lost[prop] += 1
        return found

    def _period(self, parent: ET.Element, start: str, end: str) -> ET.Element:
        period = put(parent, "period")
        put(period, "period-start", **{"iso-date": min(start, end)})
        put(period, "period-end", **{"iso-date": end})
        return period


def _submitters(database: Database) -> dict[str, tuple[str, str]]:
    """Return the name of each submitter, and what kind of organisation the standard has for it."""
    individuals = default_index().individuals
    found = {}
    for party, name, iri in database.all("SELECT id, name, iri FROM submitter"):
        classes = {local_name(each) for each in individuals.get(iri or "", {}).get("types", ())}
        found[party] = name, next((code for each, code in _KINDS.items() if each in classes), _OTHER_KIND)
    return found


def _number(text: str | None) -> str | None:
    """Return a text that is a number, or None: records hold amounts in words, too."""
    return text if text is not None and _NUMBER.fullmatch(text) else None


def _identifier(text: str) -> str:
    """Return an identifier of a code, another for each: what IATI advises against is percent-encoded, but for letters.

    >>> _identifier("ngo-a-Acción 1/A")
    'ngo-a-Acción%201%2FA'
    """
    return re.sub(r"[^\w.:-]", lambda found: quote(found[0], safe="", errors="replace"), text)


@cache
def _currencies() -> frozenset[str]:
    index = default_index()
    return frozenset(
        code for iri in index.of_classes(frozenset({BIC.Currency})) for code in index.individuals[iri]["notations"]
    )


def _country(place: str) -> str | None:
    notations = default_index().individuals.get(long(place), {}).get("notations", ())
    return next((code for code in notations if len(code) == 2 and code.isalpha()), None)


def _reference(where: Held, party: str) -> str | None:
    """Return the identifier that the standard knows of a party."""
    if own(party):
        external = default_index().external
        found = [code for code, iris in external.items() if long(party) in iris and code.startswith("XM-DAC:")]
        return found[0].replace(":", "-") if found else None
    thing = where.things.get(party)
    return thing.one("dcterms:identifier") if thing else None


def _inverse(notation: str) -> dict[str, str]:
    """Return the codes of a list by what they mean here: of several, the lowest of the nearest."""
    ranked: dict[str, tuple[int, str]] = {}
    for each in default_index().codelists:
        if notation not in each["notations"]:
            continue
        for code, described in each["codes"].items():
            for grade, iri in described["matches"]:
                rank = (0 if grade == "closeMatch" else 1, code)
                if code.isdecimal() and rank < ranked.get(iri, (2, "")):
                    ranked[iri] = rank
    return {iri: code for iri, (_, code) in ranked.items()}


def labels(lost: dict[str, int], lang: str) -> list[str]:
    """Return what could not be said, with how often, in a language."""
    words, index = entry("registry", "not-exported"), default_index()
    named = {key: words[key][lang] if key in words else index.label(long(key), lang) for key in lost}
    return [f"{named[key]}: {number}" for key, number in sorted(lost.items())]
