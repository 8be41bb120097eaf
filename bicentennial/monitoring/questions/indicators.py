"""Indicators of current submissions against their targets, and how much of their time has passed."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from bicentennial.monitoring.questions.progress import reporting_day, to_float
from bicentennial.monitoring.store.dates import FOREVER, days_between, last_day
from bicentennial.monitoring.store.submissions import current

if TYPE_CHECKING:
    from bicentennial.monitoring.store.database import Database
    from bicentennial.monitoring.store.submissions import Submission

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
    found = []
    for submission in current(database, as_of=as_of, known=known):
        day = reporting_day(as_of, submission)
        latest = _latest(database, submission, day)
        rows = database.all(
            "SELECT u.name, i.title_en, i.title_es, i.unit, i.baseline, i.baseline_date, i.target, i.due_date"
            " FROM member m JOIN subject u ON u.id = m.subject JOIN indicator i ON i.record = m.record"
            " WHERE m.submission = ? ORDER BY u.name",
            [submission.id],
        )
        for name, en, es, unit, first, baseline_date, last, due in rows:
            value, date = latest.get(name, (None, None))
            baseline, target = to_float(first), to_float(last)
            share = _share(baseline, target, value)
            time = _time_share(baseline_date, due, day)
            title = {"en": en or es or name, "es": es or en or name}
            subject = f"{submission.submitter}/{submission.dataset}/{name}"
            found.append(IndicatorState(subject, title, unit, baseline, target, due, value, date, share, time))
    return found


def _latest(database: Database, submission: Submission, day: str) -> dict[str, tuple[float, str]]:
    rows = database.all(
        "SELECT x.indicator, x.value, x.date FROM member m JOIN measurement x ON x.record = m.record"
        " WHERE m.submission = ? AND x.date IS NOT NULL",
        [submission.id],
    )
    dated = sorted((last_day(date), indicator, value, date) for indicator, value, date in rows if last_day(date) <= day)
    return {indicator: (value, date) for _, indicator, value, date in dated}


def _share(baseline: float | None, target: float | None, value: float | None) -> float | None:
    if target is None or value is None or target == (baseline or 0):
        return None
    return round((value - (baseline or 0)) / (target - (baseline or 0)), 4)


def _time_share(start: str | None, due: str | None, day: str) -> float | None:
    if not start or not due:
        return None
    whole = days_between(start, due)
    return round(min(max(days_between(start, day) / whole, 0), 1), 4) if whole > 0 else None
