"""What the text of a cell is as a value: a date, a number, a language.

Nothing is guessed. A date is one of XML Schema or stays the text that it is, for the shapes to find; `dates` and
`amounts` return what it may have been meant for.
"""

from __future__ import annotations

import re
from datetime import date
from typing import Final

from bicentennial.core.namespaces import XSD
from bicentennial.core.startup.patterns import lazy

__all__ = ["DECIMAL", "date_type", "day_of", "days_of_month", "decimal_type", "language_tag", "year_typed"]

# XML Schema 1.1: a year zero and years before it, a time zone. Its years of more than four digits are left out: in a
# cell, 20230315 and 45000 are dates written otherwise.
_DATE: Final = re.compile(
    r"(-?[0-9]{4})(?:-([0-9]{2})(?:-([0-9]{2}))?)?"
    r"(?:Z|[+-](?:(?:0[0-9]|1[0-3]):[0-5][0-9]|14:00))?",
    re.ASCII,
)
DECIMAL: Final = r"[+-]?(?:[0-9]+(?:\.[0-9]*)?|\.[0-9]+)"
"""What a plain decimal number looks like, as a regular expression."""

_DECIMAL: Final = re.compile(DECIMAL, re.ASCII)
_TIMED: Final = lazy(
    r"([0-9]{4}-[0-9]{2}-[0-9]{2})[T ](?:[01][0-9]|2[0-3]):[0-5][0-9](?::[0-5][0-9](?:\.[0-9]+)?)?"
    r"(?:Z|[+-](?:0[0-9]|1[0-4]):?[0-5][0-9])?"
)
_DAYS: Final = (31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31)
_EPOCHS: Final = (date(1899, 12, 30), date(1904, 1, 1))
_YEARS: Final = range(1900, 2101)
_EARLY: Final = ("1905-", "1909-")
# A language, its script, region and variants, extensions, and what is private (RFC 5646, 2.1).
_LANGUAGE: Final = lazy(
    r"(?:[a-z]{2,3}(?:-[a-z]{3}){0,3}|[a-z]{4,8})(?:-[a-z]{4})?(?:-(?:[a-z]{2}|[0-9]{3}))?"
    r"(?:-(?:[a-z0-9]{5,8}|[0-9][a-z0-9]{3}))*(?:-[a-wyz0-9](?:-[a-z0-9]{2,8})+)*(?:-x(?:-[a-z0-9]{1,8})+)?"
)
_NUMBER: Final = XSD.decimal
_TYPES: Final = (XSD.gYear, XSD.gYearMonth, XSD.date)


def date_type(value: str) -> str | None:
    """Return the datatype of a date, month or year of XML Schema; None for anything else, such as 30 February.

    >>> [str(date_type(text))[33:] or "-" for text in ("2023-02-28", "2023-02", "2023", "2023-02-30", "3/4/2023")]
    ['date', 'gYearMonth', 'gYear', '-', '-']
    >>> [str(date_type(text))[33:] or "-" for text in ("2023-02-28Z", "-0044-03-15", "0000", "45000", "2023-02+15:00")]
    ['date', 'date', 'gYear', '-', '-']
    """
    match = _DATE.fullmatch(value)
    if not match:
        return None
    year, month, day = match.groups()
    if not _exists(int(year), int(month or 1), int(day or 1)):
        return None
    return _TYPES[match.lastindex - 1] if match.lastindex else None


def day_of(value: str) -> str:
    """Return the day of a point in time, which is what counts of one here; any other text as it is.

    >>> day_of("2023-01-15T10:30:00"), day_of("2023-01-15 00:00"), day_of("2023-01-15"), day_of("15/01/2023 10:30")
    ('2023-01-15', '2023-01-15', '2023-01-15', '15/01/2023 10:30')
    >>> day_of("2023-01-15 25:61"), day_of("2023-01-15T10:30-06:00")
    ('2023-01-15 25:61', '2023-01-15')
    """
    timed = _TIMED.fullmatch(value)
    return timed[1] if timed and date_type(timed[1]) else value


def year_typed(value: str) -> str | None:
    """Return the year that was typed into a cell formatted as a date, None if a date is none of those.

    Spreadsheet programs take such a year for a number of days, since 1900 or, some on a Mac, since 1904.

    >>> year_typed("1905-07-15"), year_typed("1909-07-16"), year_typed("2023-07-15"), year_typed("1905-07-15Z")
    ('2023', '2023', None, None)
    """
    if not value.startswith(_EARLY) or len(value) != len("1905-07-15") or date_type(value) != XSD.date:
        return None
    for epoch in _EPOCHS:
        days = (date.fromisoformat(value) - epoch).days
        if days in _YEARS:
            return str(days)
    return None


def decimal_type(value: str, digits: int = 38) -> str | None:
    """Return the datatype of a plain decimal number of not too many digits; None for anything else.

    >>> str(decimal_type("-12.50")), decimal_type("1,000"), decimal_type("1e6"), decimal_type("٣")
    ('http://www.w3.org/2001/XMLSchema#decimal', None, None, None)
    """
    return _NUMBER if len(value) <= digits + 2 and _DECIMAL.fullmatch(value) else None


def language_tag(value: str) -> str:
    """Return the tag of a language in small letters; nothing for anything else, which no literal can have.

    >>> language_tag("es-MX"), language_tag("Spanish (Mexico)"), language_tag('en . <urn:a> <urn:b> "c')
    ('es-mx', '', '')
    """
    tag = value.lower()
    return tag if _LANGUAGE.fullmatch(tag) else ""


def days_of_month(year: int, month: int) -> int:
    """Return how many days a month has; `calendar` knows as well, but loads more than a small file needs.

    >>> [days_of_month(year, 2) for year in (1900, 2000, 2023, 2024)], days_of_month(2023, 12)
    ([28, 29, 28, 29], 31)
    """
    is_leap = year % 4 == 0 and (year % 100 != 0 or year % 400 == 0)
    return 29 if month == 2 and is_leap else _DAYS[month - 1]


def _exists(year: int, month: int, day: int) -> bool:
    # The calendar of every 400 years is the same, those before the first included.
    return 1 <= month <= 12 and 1 <= day <= days_of_month(year, month)
