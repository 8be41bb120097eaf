"""What is missing: of actions, of indicators, of goals, and of those who should have reported."""

from __future__ import annotations

import calendar
from dataclasses import asdict, dataclass
from datetime import MAXYEAR, date
from typing import TYPE_CHECKING, Any, Final

from bicentennial.core.namespaces import BIC, compact
from bicentennial.monitoring.questions.progress import watched
from bicentennial.monitoring.store.dates import FOREVER, days_between
from bicentennial.monitoring.store.submissions import current, listed
from bicentennial.vocabulary.index import default_index

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping

    from bicentennial.monitoring.store.database import Database
    from bicentennial.monitoring.store.submissions import Submission

__all__ = ["CADENCES", "KINDS", "Gap", "SubmitterState", "gaps", "submitters"]

CADENCES: Final = {"month": 1, "quarter": 3, "year": 12}
"""How often a dataset may be due, and how many months that is."""
_ACTIONS: Final = {
    "no-indicator": "1 = 1",  # unless one measures it
    "no-budget": "t.budget IS NULL",
    "no-due-date": "t.due_date IS NULL",
    "no-agency": "NOT EXISTS (SELECT 1 FROM link l WHERE l.record = t.record AND l.property = 'bic:hasResponsibleParty'"
    " AND l.target NOT LIKE 'bicd:government-%')",
}
_INDICATORS: Final = {
    "no-target": "t.target IS NULL",
    "no-measurement": "1 = 1",  # unless there is one
}


KINDS: Final = (*_ACTIONS, *_INDICATORS, "no-action")
"""The kinds of gaps."""


@dataclass(frozen=True, slots=True)
class Gap:
    """Something that is missing: what kind of gap, and of what."""

    kind: str
    subject: str
    title: dict[str, str]

    def to_dict(self) -> dict[str, Any]:
        """Return the gap as JSON holds it."""
        return asdict(self)


@dataclass(frozen=True, slots=True)
class SubmitterState:
    """One dataset of a submitter: what came, what was returned, and when the next is due and how late it is."""

    submitter: str
    name: str
    dataset: str
    last_issued: str | None
    accepted: int
    returned: int
    cadence: str | None
    next_due: str | None
    days_late: int

    def to_dict(self) -> dict[str, Any]:
        """Return the state as JSON holds it."""
        return asdict(self)


def gaps(database: Database, *, as_of: str = FOREVER, known: str) -> list[Gap]:
    """Return what is missing in the current submissions, and the goals that no action of theirs serves."""
    found: list[Gap] = []
    submissions = {each.id: each for each in current(database, as_of=as_of, known=known)}
    # Asked of each thing by itself, either would be a walk through the whole submission.
    there = {"no-indicator": watched(database, submissions), "no-measurement": _measured(database, submissions)}
    for table, conditions in (("action", _ACTIONS), ("indicator", _INDICATORS)):
        for kind, condition in conditions.items():
            for (number, name), gap in _rows(database, submissions, kind, table, condition):
                if (number, name) not in there.get(kind, ()):
                    found.append(gap)
    goals = database.all_in(
        "SELECT DISTINCT l.target FROM member m JOIN link l ON l.record = m.record"
        " WHERE l.property = 'bic:advancesGoal' AND m.submission IN (*)",
        submissions,
    )
    served = {str(target) for (target,) in goals}
    index = default_index()
    for iri, individual in index.individuals.items():
        if BIC.Goal in individual["types"] and compact(iri) not in served:
            found.append(Gap("no-action", compact(iri), index.labels(iri)))
    return sorted(found, key=lambda gap: (gap.kind, gap.subject))


def _measured(database: Database, submissions: Iterable[int]) -> set[tuple[int, str]]:
    """Return what some measurement of a submission is of: the submission's number, and the indicator's name."""
    rows = database.all_in(
        "SELECT DISTINCT m.submission, x.indicator FROM member m JOIN measurement x ON x.record = m.record"
        " WHERE m.submission IN (*)",
        submissions,
    )
    return {(submission, indicator) for submission, indicator in rows}


def _rows(
    database: Database, submissions: Mapping[int, Submission], kind: str, table: str, condition: str
) -> Iterator[tuple[tuple[int, str], Gap]]:
    """Yield the number of the submission and the name of each thing that a condition holds for, and the gap."""
    rows = database.all_in(
        f"SELECT m.submission, u.name, t.title_en, t.title_es FROM member m JOIN subject u ON u.id = m.subject"  # noqa: S608 - constants
        f" JOIN {table} t ON t.record = m.record WHERE {condition} AND m.submission IN (*)",
        submissions,
    )
    for number, name, en, es in rows:
        its, titles = submissions[number], {"en": en or es or name, "es": es or en or name}
        yield (number, name), Gap(kind, f"{its.submitter}/{its.dataset}/{name}", titles)


def submitters(
    database: Database, *, as_of: str = FOREVER, known: str, today: str | None = None
) -> list[SubmitterState]:
    """Return for each dataset what came of it and how late the next submission is, on a date or on what is today."""
    day = as_of if today is None else today
    several: dict[tuple[str, str], list[Submission]] = {}
    for each in listed(database, known=known):
        if each.issued_until <= as_of:
            several.setdefault((each.submitter, each.dataset), []).append(each)
    found = []
    visible, values = database.audience.datasets()
    rows = database.all(
        "SELECT p.id, p.name, d.name, d.cadence FROM submitter p LEFT JOIN dataset d ON d.submitter = p.id"  # noqa: S608
        f" WHERE d.id IS NULL OR {visible} ORDER BY p.id, d.name",
        values,
    )
    for submitter, name, dataset, cadence in rows:
        its = several.get((submitter, dataset or ""), [])
        accepted = [each for each in its if each.state == "accepted"]
        last = max((each.issued_until for each in accepted), default=None)
        due = _next(last, cadence) if last and cadence else None
        late = max(days_between(due, day), 0) if due and day != FOREVER else 0
        returned = sum(each.state == "returned" for each in its)
        found.append(SubmitterState(submitter, name, dataset or "", last, len(accepted), returned, cadence, due, late))
    return found


def _next(last: str, cadence: str) -> str | None:
    """Return the end of the period after the one that a date ends; None after the end of all dates.

    >>> _next("2024-03-31", "quarter"), _next("2024-11-30", "quarter"), _next("2024-12-31", "year")
    ('2024-06-30', '2025-02-28', '2025-12-31')
    """
    day = date.fromisoformat(last)
    months = day.year * 12 + day.month - 1 + CADENCES[cadence]
    year, month = divmod(months, 12)
    if year > MAXYEAR:
        return None
    return date(year, month + 1, calendar.monthrange(year, month + 1)[1]).isoformat()
