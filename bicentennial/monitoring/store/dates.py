"""Dates of a registry: for which date something was reported, and when it was learned.

A partial date (`2024-03`, `2024`) stands for its last day.

>>> last_day("2024-02"), last_day("2024"), last_day("2024-03-31")
('2024-02-29', '2024-12-31', '2024-03-31')
>>> moment("2024-03-31")
'2024-03-31T23:59:59.999999Z'
"""

from __future__ import annotations

import calendar
import re
from datetime import UTC, date, datetime, timedelta
from typing import Final, TypeAlias

from bicentennial.monitoring.store import problems

__all__ = [
    "FOREVER",
    "Day",
    "as_text",
    "day_of",
    "days_between",
    "earliest_day",
    "last_day",
    "moment",
    "now",
    "past",
    "times",
    "written",
]

Day: TypeAlias = str | date
"""A date, month or year as a text, or a date of Python's."""
FOREVER: Final = "9999-12-31"
"""The day that stands for "whatever was reported"."""
_PARTIAL: Final = re.compile(r"(\d{4})(?:-(\d{2})(?:-(\d{2}))?)?", re.ASCII)
_EPOCH: Final = datetime(1970, 1, 1, tzinfo=UTC)
_RECORDED: Final = re.compile(r"(\d{4})(?:-(\d{2})(?:-(\d{2}))?)?(?:Z|[+-]\d{2}:\d{2})?", re.ASCII)
_BEHIND: Final = timedelta(hours=12)
"""How far the last place on Earth is behind UTC."""
_ZONED: Final = re.compile(r"(\d{4}-\d{2}-\d{2})(?:Z|[+-]\d{2}:\d{2})", re.ASCII)


def as_text(value: Day) -> str:
    """Return a date as it is written; of a moment, its day.

    >>> as_text(" 2024-03"), as_text(date(2024, 3, 31)), as_text(datetime(2024, 3, 31, 23, 59))
    ('2024-03', '2024-03-31', '2024-03-31')
    """
    return str(value.date() if isinstance(value, datetime) else value).strip()


def last_day(value: Day) -> str:
    """Return the last day of a date, month or year, as `YYYY-MM-DD`.

    Raises:
        UsageError: it is none.
    """
    text = as_text(value)
    zoned = _ZONED.fullmatch(text)
    found = _PARTIAL.fullmatch(zoned[1] if zoned else text)
    if found is None:
        raise problems.usage("bad-date", value=text)
    year, month, day = int(found[1]), int(found[2] or 12), found[3]
    try:
        last = int(day) if day else calendar.monthrange(year, month)[1]
        return date(year, month, last).isoformat()
    except (ValueError, calendar.IllegalMonthError) as error:
        raise problems.usage("bad-date", value=text) from error


def day_of(recorded: str | None, *, is_first: bool = False) -> str | None:
    """Return the last day, or the first, of a date, month or year that a record holds; None of what is no such date.

    Records hold whatever a partner stated: months and years with a time zone, years of five digits, and where a
    reviewer has accepted what does not conform, any text. No question may fail for it.

    >>> day_of("2024-02"), day_of("2024Z", is_first=True), day_of("2024-12-06:00"), day_of("2024-03-31")
    ('2024-02-29', '2024-01-01', '2024-12-31', '2024-03-31')
    >>> day_of("12024-01-01"), day_of("0000"), day_of("2024-13"), day_of("soon"), day_of(None)
    (None, None, None, None, None)
    """
    found = _RECORDED.fullmatch(recorded or "")
    if found is None:
        return None
    year, month, day = int(found[1]), int(found[2] or (1 if is_first else 12)), found[3]
    try:
        return date(year, month, int(day or (1 if is_first else calendar.monthrange(year, month)[1]))).isoformat()
    except (ValueError, calendar.IllegalMonthError):
        return None


def moment(value: Day) -> str:
    """Return a time of day in UTC as events hold it; of a date, its end.

    Raises:
        UsageError: it is neither.
    """
    text = str(value).strip()
    if "T" not in text and " " not in text:
        return f"{last_day(text)}T23:59:59.999999Z"
    try:
        found = datetime.fromisoformat(text.replace(" ", "T", 1))
        # A time without a zone is one of the log, which is in UTC; whole seconds are meant to their end.
        found = found.replace(tzinfo=UTC) if found.tzinfo is None else found.astimezone(UTC)
    except (ValueError, OverflowError) as error:
        raise problems.usage("bad-date", value=text) from error
    return written(found if "." in text else found.replace(microsecond=999_999))


def times(as_of: Day | None = None, known: Day | None = None) -> dict[str, str]:
    """Return the two times of a question: the last day that is asked about, and the last moment that is known."""
    return {"as_of": last_day(as_of or FOREVER), "known": moment(known or FOREVER)}


def now() -> str:
    """Return the present moment as events hold it."""
    return written(datetime.now(UTC))


def past(text: str) -> str | None:
    """Return a moment that another registry noted, as events hold it; None if it is none, or still to come.

    >>> past("2024-04-02T10:00:00-06:00"), past("2024-04-02"), past("9999-01-01T00:00:00Z"), past("soon")
    ('2024-04-02T16:00:00.000000Z', None, None, None)
    """
    try:
        at = datetime.fromisoformat(text)
    except ValueError:
        return None
    is_past = at.tzinfo is not None and _EPOCH < at < datetime.now(UTC)
    return written(at.astimezone(UTC)) if is_past else None


def earliest_day(at: datetime | None = None) -> str:
    """Return the first day that is not over yet somewhere on Earth, at a moment or now.

    What holds to the end of a day holds to its end in Tijuana, too, where that is eight hours after UTC's.

    >>> earliest_day(datetime(2025, 7, 1, 11, tzinfo=UTC)), earliest_day(datetime(2025, 7, 1, 12, tzinfo=UTC))
    ('2025-06-30', '2025-07-01')
    """
    return written((at or datetime.now(UTC)) - _BEHIND)[:10]


def days_between(first: str, second: str) -> int:
    """Return how many days the second of two dates is after the first; of partial dates, their last days count.

    >>> days_between("2024-03-31", "2024-06")
    91
    """
    return (date.fromisoformat(last_day(second)) - date.fromisoformat(last_day(first))).days


def written(at: datetime) -> str:
    """Return a moment in UTC as events hold it."""
    return f"{at.replace(tzinfo=None).isoformat(timespec='microseconds')}Z"
