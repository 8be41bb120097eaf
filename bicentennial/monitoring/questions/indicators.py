"""Indicators of current submissions against their targets, and how much of their time has passed."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from bicentennial.monitoring.questions.progress import reporting_day, to_float
from bicentennial.monitoring.store.dates import FOREVER, day_of, days_between
from bicentennial.monitoring.store.submissions import current

if TYPE_CHECKING:
    from collections.abc import Mapping

    from bicentennial.monitoring.store.database import Database

__all__ = ["IndicatorState", "indicators"]


@dataclass(frozen=True, slots=True)
class IndicatorState:
    """An indicator against its target: the latest value, and how much of the way and of the time is behind it."""

    subject: str
    title: dict[str, str]
    unit: str | None
    baseline: float | None
    target: float | None
    due: str | None
    latest: float | None
    latest_date: str | None
    share: float | None
    time_share: float | None


def indicators(database: Database, *, as_of: str = FOREVER, known: str) -> list[IndicatorState]:
    """Return every indicator of a current submission with its latest measurement up to the date."""
    submissions = {each.id: each for each in current(database, as_of=as_of, known=known)}
    days = {number: reporting_day(as_of, each) for number, each in submissions.items()}
    latest = _latest(database, days)
    found: dict[int, list[IndicatorState]] = {number: [] for number in submissions}
    rows = database.all_in(
        "SELECT m.submission, u.name, i.title_en, i.title_es, i.unit, i.baseline, i.baseline_date, i.target, i.due_date"
        " FROM member m JOIN subject u ON u.id = m.subject JOIN indicator i ON i.record = m.record"
        " WHERE m.submission IN (*) ORDER BY u.name",
        submissions,
    )
    for number, name, en, es, unit, first, baseline_date, last, due in rows:
        value, date = latest.get((number, name), (None, None))
        baseline, target = to_float(first), to_float(last)
        share = _share(baseline, target, value)
        time = _time_share(baseline_date, due, days[number])
        title = {"en": en or es or name, "es": es or en or name}
        subject = f"{submissions[number].submitter}/{submissions[number].dataset}/{name}"
        state = IndicatorState(subject, title, unit, baseline, target, due, value, date, share, time)
        found[number].append(state)
    return [state for states in found.values() for state in states]


def _latest(database: Database, days: Mapping[int, str]) -> dict[tuple[int, str], tuple[float, str]]:
    """Return the latest value of each indicator, by the number of its submission and its name, and of when it is."""
    rows = database.all_in(
        "SELECT m.submission, x.indicator, x.value, x.date FROM member m JOIN measurement x ON x.record = m.record"
        " WHERE x.date IS NOT NULL AND m.submission IN (*)",
        days,
    )
    done = [
        (day, number, indicator, value, date)
        for number, indicator, stated, date in rows
        if (day := day_of(date)) and day <= days[number] and (value := to_float(stated)) is not None
    ]
    return {(number, indicator): (value, date) for _, number, indicator, value, date in sorted(done)}


def _share(baseline: float | None, target: float | None, value: float | None) -> float | None:
    if target is None or value is None or target == (baseline or 0):
        return None
    return round((value - (baseline or 0)) / (target - (baseline or 0)), 4)


def _time_share(start: str | None, due: str | None, day: str) -> float | None:
    first, last = day_of(start), day_of(due)
    if not first or not last:
        return None
    whole = days_between(first, last)
    return round(min(max(days_between(first, day) / whole, 0), 1), 4) if whole > 0 else None
