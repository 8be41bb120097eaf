"""The results of an IATI activity: its indicators, with baseline and target, and what was measured."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Final

from bicentennial.core.namespaces import BIC, DCTERMS, RDF, SKOS, XSD, make_iri
from bicentennial.semantics.values.resolver import is_iri
from bicentennial.semantics.values.typed import date_type, decimal_type
from bicentennial.storage.layout import IRI, LITERAL
from bicentennial.storage.statement import Statement

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from bicentennial.core.limits import Limits
    from bicentennial.formats.iati.codes import Codes
    from bicentennial.formats.iati.unread import Unread
    from bicentennial.formats.xmltext import Element

__all__ = ["address", "dated", "results"]

_ZONED: Final = re.compile(r"(\d{4}-\d{2}-\d{2})(?:Z|[+-]\d{2}:\d{2}|T.*)")


def dated(subject: str, p: str, value: str) -> Statement:
    """Return the statement of a date; the time zone that a day may have in XML is left out.

    >>> dated("urn:a", "urn:p", "2024-02-29Z").o, dated("urn:a", "urn:p", "29/02/2024").dt == XSD.string
    ('2024-02-29', True)
    """
    zoned = _ZONED.fullmatch(value)
    day = zoned[1] if zoned else value
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
    unread: Unread,
    today: str = "",
) -> Iterator[tuple[Element, Statement]]:
    """Yield what an activity's results say, each statement with the element that it comes from.

    Args:
        activity: the element.
        action: the action that it became.
        identifier: the activity's.
        codes: what others' codes stand for.
        texts: gives the texts of an element by language.
        limits: see `Limits`.
        unread: collects what is left out.
        today: the day on which the file was generated, if it says so.
    """
    for result in activity.all("result"):
        for indicator in result.all("indicator"):
            if _is_by_group(indicator):
                unread.leave(indicator, "result/indicator (by group)")
                continue
            # Indicators have no identifier of their own; where they stand in their activity identifies them.
            name = f"{identifier or action}/R{result.number}.{indicator.number}"
            subject = make_iri(BIC.Indicator, name)
            yield indicator, Statement.iri(subject, RDF.type, BIC.Indicator)
            yield indicator, Statement.literal(subject, DCTERMS.identifier, name)
            yield indicator, Statement.iri(subject, BIC.measures, action)
            for part, p in (("title", SKOS.prefLabel), ("description", DCTERMS.description)):
                for element in indicator.all(part)[:1]:
                    for language, text in texts(element).items():
                        yield element, Statement.literal(subject, p, text, XSD.string, language)
            for language, text in codes.label("IndicatorMeasure", indicator.get("measure")).items():
                yield indicator, Statement.literal(subject, BIC.unit, text, lang=language)
            yield from _baseline(indicator, subject, limits, unread)
            yield from _targets(indicator, subject, limits, unread)
            yield from _actuals(indicator, subject, name, limits, unread, today)


def _is_by_group(indicator: Element) -> bool:
    """Return whether some value of an indicator is given for groups or places alone, and for none as a whole."""
    values = [
        indicator.all("baseline"),
        [each for period in indicator.all("period") for each in period.all("target")],
        [each for period in indicator.all("period") for each in period.all("actual")],
    ]
    return any(_total(each) is None and any(value.get("value") for value in each) for each in values)


def _baseline(indicator: Element, subject: str, limits: Limits, unread: Unread) -> Iterator[tuple[Element, Statement]]:
    element = _total(indicator.all("baseline"))
    _leave_others(indicator.all("baseline"), element, "result/indicator/baseline", unread)
    if element is None:
        return
    yield element, _number(subject, BIC.baselineValue, element.get("value"), limits)
    if day := element.get("iso-date") or element.get("year"):
        yield element, dated(subject, BIC.baselineDate, day)


def _targets(indicator: Element, subject: str, limits: Limits, unread: Unread) -> Iterator[tuple[Element, Statement]]:
    found = []
    for period in indicator.all("period"):
        target = _total(period.all("target"))
        _leave_others(period.all("target"), target, "result/indicator/period/target", unread)
        if target is not None:
            found.append((_end(period), target))
    if not found:
        return
    # What is to be reached in the end is the target; those of earlier periods are steps on the way.
    end, last = max(found, key=lambda each: each[0])
    for _, target in found:
        if target is not last:
            unread.leave(target, "result/indicator/period/target (earlier)")
    yield last, _number(subject, BIC.targetValue, last.get("value"), limits)
    if end:
        yield last, dated(subject, BIC.dueDate, end)


def _actuals(
    indicator: Element, subject: str, name: str, limits: Limits, unread: Unread, today: str
) -> Iterator[tuple[Element, Statement]]:
    is_open = False
    for period in sorted(indicator.all("period"), key=_end):
        actual = _total(period.all("actual"))
        _leave_others(period.all("actual"), actual, "result/indicator/period/actual", unread)
        if actual is None:
            continue
        end = _end(period)
        if today and date_type(end[:10]) and end[:10] > today:
            # What is reached so far, on the date of the file; of several such, the first to end.
            if is_open:
                unread.leave(actual, "result/indicator/period/actual (not over)")
                continue
            is_open, end = True, today
            unread.open_period(period)
        measurement = make_iri(BIC.Measurement, f"{name}.{period.number}")
        yield actual, Statement.iri(measurement, RDF.type, BIC.Measurement)
        yield actual, Statement.literal(measurement, DCTERMS.identifier, f"{name}.{period.number}")
        yield actual, Statement.iri(measurement, BIC.observes, subject)
        yield actual, _number(measurement, BIC.numericValue, actual.get("value"), limits)
        if end:
            yield actual, dated(measurement, DCTERMS.date, end)
        for link in actual.all("document-link"):
            if url := link.get("url"):
                yield link, address(measurement, url, limits)


def _leave_others(values: list[Element], total: Element | None, kind: str, unread: Unread) -> None:
    for each in values:
        if each is not total:
            is_of_group = each.first("dimension") is not None or each.first("location") is not None
            unread.leave(each, f"{kind} (by group)" if is_of_group else f"{kind} (further)")


def _end(period: Element) -> str:
    element = period.first("period-end")
    return element.get("iso-date") or element.text if element is not None else ""


def _total(values: list[Element]) -> Element | None:
    # Values that are broken down by place or group stand beside the one for all.
    return next(
        (
            each
            for each in values
            if each.get("value") and each.first("dimension") is None and each.first("location") is None
        ),
        None,
    )


def _number(subject: str, p: str, value: str, limits: Limits) -> Statement:
    return Statement.literal(subject, p, value, decimal_type(value, limits.digits) or XSD.string)
