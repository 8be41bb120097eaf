"""The results of an IATI activity: its indicators, with baseline and target, and what was measured."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Final

from bicentennial.core.namespaces import BIC, DCTERMS, RDF, SKOS, XSD
from bicentennial.semantics.records import mint
from bicentennial.semantics.resolver import is_iri
from bicentennial.semantics.values import date_type, decimal_type
from bicentennial.storage.dataset import IRI, LITERAL, Statement

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from bicentennial.core.limits import Limits
    from bicentennial.formats.iati.codes import Codes
    from bicentennial.formats.xmltext import Element

__all__ = ["address", "dated", "results"]

_TIMED: Final = re.compile(r"(\d{4}-\d{2}-\d{2})(?:Z|[+-]\d{2}:\d{2}|T.*)")


def dated(subject: str, p: str, value: str) -> Statement:
    """Return the statement of a date; the time zone that a day may have in XML is left out.

    >>> dated("urn:a", "urn:p", "2024-02-29Z").o, dated("urn:a", "urn:p", "29/02/2024").dt == XSD.string
    ('2024-02-29', True)
    """
    timed = _TIMED.fullmatch(value)
    day = timed[1] if timed else value
    return Statement.literal(subject, p, day, date_type(day) or XSD.string)


def address(subject: str, url: str, limits: Limits) -> Statement:
    """Return the statement of a source that is an address, or is meant to be one."""
    if is_iri(url) and len(url) <= limits.iri_characters:
        return Statement(subject, DCTERMS.source, url, IRI)
    return Statement(subject, DCTERMS.source, url, LITERAL, XSD.string)


def results(
    activity: Element,
    action: str,
    identifier: str,
    codes: Codes,
    texts: Callable[[Element], dict[str, str]],
    limits: Limits,
) -> Iterator[tuple[Element, Statement]]:
    """Yield what an activity's results say, each statement with the element that it comes from.

    Args:
        activity: the element.
        action: the action that it became.
        identifier: the activity's.
        codes: what others' codes stand for.
        texts: tells the texts of an element by language.
        limits: see `Limits`.
    """
    for result in activity.all("result"):
        for indicator in result.all("indicator"):
            # Indicators have no identifier of their own; where they stand in their activity is what tells them apart.
            name = f"{identifier or action}/R{result.number}.{indicator.number}"
            subject = mint(BIC.Indicator, name)
            yield indicator, Statement.iri(subject, RDF.type, BIC.Indicator)
            yield indicator, Statement.literal(subject, DCTERMS.identifier, name)
            yield indicator, Statement.iri(subject, BIC.measures, action)
            for part, p in (("title", SKOS.prefLabel), ("description", DCTERMS.description)):
                for element in indicator.all(part)[:1]:
                    for language, text in texts(element).items():
                        yield element, Statement.literal(subject, p, text, XSD.string, language)
            for language, text in codes.label("IndicatorMeasure", indicator.get("measure")).items():
                yield indicator, Statement.literal(subject, BIC.unit, text, lang=language)
            yield from _baseline(indicator, subject, limits)
            yield from _periods(indicator, subject, name, limits)


def _baseline(indicator: Element, subject: str, limits: Limits) -> Iterator[tuple[Element, Statement]]:
    element = _total(indicator.all("baseline"))
    if element is None:
        return
    yield element, _number(subject, BIC.baselineValue, element.get("value"), limits)
    if day := element.get("iso-date") or element.get("year"):
        yield element, dated(subject, BIC.baselineDate, day)


def _periods(indicator: Element, subject: str, name: str, limits: Limits) -> Iterator[tuple[Element, Statement]]:
    periods = [(_end(period), period) for period in indicator.all("period")]
    targets = [(end, target) for end, period in periods if (target := _total(period.all("target"))) is not None]
    if targets:
        # What is to be reached in the end is the target; those of earlier periods are steps on the way.
        end, target = max(targets, key=lambda each: each[0])
        yield target, _number(subject, BIC.targetValue, target.get("value"), limits)
        if end:
            yield target, dated(subject, BIC.dueDate, end)
    for end, period in periods:
        actual = _total(period.all("actual"))
        if actual is None:
            continue
        measurement = mint(BIC.Measurement, f"{name}.{period.number}")
        yield actual, Statement.iri(measurement, RDF.type, BIC.Measurement)
        yield actual, Statement.literal(measurement, DCTERMS.identifier, f"{name}.{period.number}")
        yield actual, Statement.iri(measurement, BIC.observes, subject)
        yield actual, _number(measurement, BIC.numericValue, actual.get("value"), limits)
        if end:
            yield actual, dated(measurement, DCTERMS.date, end)
        for link in actual.all("document-link"):
            if url := link.get("url"):
                yield link, address(measurement, url, limits)


def _end(period: Element) -> str:
    element = period.first("period-end")
    return element.get("iso-date") or element.text if element is not None else ""


def _total(values: list[Element]) -> Element | None:
    # Values that are broken down by place or group stand beside the one for all.
    return next(
        (each for each in values if each.get("value") and not (each.first("dimension") or each.first("location"))), None
    )


def _number(subject: str, p: str, value: str, limits: Limits) -> Statement:
    return Statement.literal(subject, p, value, decimal_type(value, limits.digits) or XSD.string)
