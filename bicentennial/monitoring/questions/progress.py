"""How far actions are: by goal, pillar, agency, status or place, over time, and against their deadlines.

Every number is counted over the current submissions of all datasets, for a date and as known at a moment; the list
behind it is the actions that it counts. The clock is never asked: what is overdue is held against the date asked for,
or against the date for which the action's own dataset was last reported.
"""

from __future__ import annotations

import math
from collections import Counter, defaultdict
from dataclasses import dataclass, field
from decimal import Decimal
from itertools import pairwise
from typing import TYPE_CHECKING, Any, Final

from bicentennial.core.messages import sentence
from bicentennial.monitoring.questions.changes import versions
from bicentennial.monitoring.questions.comparing import long
from bicentennial.monitoring.store import problems
from bicentennial.monitoring.store.dates import FOREVER, day_of, days_between
from bicentennial.monitoring.store.submissions import Submission, current
from bicentennial.vocabulary.index import default_index

if TYPE_CHECKING:
    from collections.abc import Iterable

    from bicentennial.monitoring.store.database import Database

__all__ = [
    "DEADLINE_STATES",
    "GROUPINGS",
    "ActionState",
    "Deadline",
    "ProgressRow",
    "actions",
    "deadlines",
    "over_time",
    "progress",
    "reporting_day",
    "to_float",
    "watched",
]

GROUPINGS: Final = {
    "goal": "bic:advancesGoal",
    "pillar": "bic:advancesPillar",
    "agency": "bic:hasResponsibleParty",
    "partner": "bic:hasPartner",
    "status": "bic:hasStatus",
    "place": "bic:takesPlaceIn",
    "theme": "bic:hasTheme",
}
"""What actions may be counted by, and the property that says it."""
DEADLINE_STATES: Final = ("overdue", "missed", "open", "met", "cancelled")
"""What becomes of deadlines, the most urgent first."""
_COMPLETED: Final = "bicd:status-completed"
_CANCELLED: Final = "bicd:status-cancelled"


@dataclass(slots=True)
class ProgressRow:
    """The actions of one goal, agency or the like: how many, in which status, with what money, and which they are."""

    id: str | None
    label: dict[str, str]
    actions: int = 0
    by_status: dict[str, int] = field(default_factory=dict)
    overdue: int = 0
    with_indicator: int = 0
    budget: dict[str, float] = field(default_factory=dict)
    subjects: list[str] = field(default_factory=list)
    behind: dict[str, list[str]] = field(default_factory=dict)
    """The actions behind each other number: `overdue`, `with-indicator`, and `status-` with a status."""


@dataclass(frozen=True, slots=True)
class ActionState:
    """A current action: its status, its deadline and what became of it, its budget, and which submission says so."""

    subject: str
    title: dict[str, str]
    status: str | None
    due: str | None
    state: str | None
    budget: float | None
    currency: str | None
    submission: str


@dataclass(frozen=True, slots=True)
class Deadline:
    """An action's deadline: `met`, `missed`, `overdue`, `open`, or `cancelled` as the action is.

    `first` is the first one that was stated, `moved` how often it was changed.
    """

    subject: str
    title: dict[str, str]
    due: str
    state: str
    status: str | None
    days_late: int
    first: str
    moved: int


@dataclass(frozen=True, slots=True)
class _Action:
    name: str
    submission: Submission
    record: int
    status: str | None
    due: str | None
    end: str | None
    budget: float | None
    currency: str | None
    title: dict[str, str]


def progress(database: Database, *, by: str = "goal", as_of: str = FOREVER, known: str) -> list[ProgressRow]:
    """Return the actions counted by one of `GROUPINGS`; an action with two goals counts for each.

    Raises:
        UsageError: there is no such grouping.
    """
    if by not in GROUPINGS:
        raise problems.usage("no-grouping", by=by, known=", ".join(GROUPINGS))
    submissions = current(database, as_of=as_of, known=known)
    actions = _actions(database, submissions)
    links = _links(database, submissions, GROUPINGS[by])
    has_indicator = watched(database, [each.id for each in submissions])
    rows: dict[str | None, ProgressRow] = {}
    for action in actions:
        for target in links.get(action.record, [""]):
            key = _qualified(target, action.submission) if target else None
            row = rows.get(key)
            if row is None:
                row = rows[key] = ProgressRow(key, _label(database, target, action.submission))
            _count(row, action, as_of, watched=(action.submission.id, action.name) in has_indicator)
    return sorted(rows.values(), key=lambda row: (row.id is None, -row.actions, row.id or ""))


def over_time(database: Database, *, by: str = "goal", as_of: str = FOREVER, known: str) -> list[dict[str, Any]]:
    """Return for each date of a submission how many actions each goal, agency or the like had, and in which status.

    One query counts by submission; which submission is current at which date is then a matter of adding up.
    """
    several = versions(database, as_of=as_of, known=known)
    counts: dict[int, Counter[tuple[str, str]]] = defaultdict(Counter)
    rows = database.all_in(
        "SELECT m.submission, coalesce(l.target, ''), coalesce(a.status, ''), count(*) FROM member m"
        " JOIN action a ON a.record = m.record LEFT JOIN link l ON l.record = m.record AND l.property = ?"
        " WHERE m.submission IN (*) GROUP BY 1, 2, 3",
        [each.id for listed in several.values() for each in listed],
        [GROUPINGS[by]],
    )
    for submission, target, status, number in rows:
        counts[submission][target, status] += number
    points = []
    labels: dict[str, dict[str, str]] = {}
    for day in sorted({each.issued_until for listed in several.values() for each in listed}):
        total: dict[str, Counter[str]] = defaultdict(Counter)
        for listed in several.values():
            holding = [each for each in listed if each.issued_until <= day]
            for (target, status), number in counts[holding[-1].id].items() if holding else ():
                key = _qualified(target, holding[-1]) if target else ""
                if key not in labels:
                    labels[key] = _label(database, target, holding[-1])
                total[key][status] += number
        counted = [
            {
                "id": key or None,
                "label": labels[key],
                "actions": total[key].total(),
                "by_status": {
                    status_name(status) or "not-stated": number for status, number in sorted(total[key].items())
                },
            }
            for key in sorted(total, key=lambda its: (not its, its))
        ]
        points.append({"as_of": day, "rows": counted})
    return points


def deadlines(database: Database, *, as_of: str = FOREVER, known: str) -> list[Deadline]:
    """Return every deadline of a current action, the latest first."""
    submissions = current(database, as_of=as_of, known=known)
    earlier = _earlier_deadlines(database, as_of, known)
    found = []
    for action in _actions(database, submissions):
        if action.due is None:
            continue
        past = earlier.get((action.submission.submitter, action.submission.dataset, action.name), [action.due])
        state, late = _deadline_state(action, reporting_day(as_of, action.submission))
        moved = sum(before != after for before, after in pairwise(map(day_of, past)))
        found.append(
            Deadline(
                _subject(action), action.title, action.due, state, status_name(action.status), late, past[0], moved
            )
        )
    order = DEADLINE_STATES.index
    return sorted(found, key=lambda each: (order(each.state), -each.days_late, day_of(each.due), each.subject))


def status_name(status: str | None) -> str | None:
    """Return the short name of a status, such as `ongoing`."""
    return status.removeprefix("bicd:status-") if status else None


def actions(database: Database, *, as_of: str = FOREVER, known: str) -> list[ActionState]:
    """Return every current action."""
    return [
        ActionState(
            subject=_subject(each),
            title=each.title,
            status=status_name(each.status),
            due=each.due,
            state=_deadline_state(each, reporting_day(as_of, each.submission))[0] if each.due else None,
            budget=each.budget,
            currency=each.currency,
            submission=each.submission.name,
        )
        for each in _actions(database, current(database, as_of=as_of, known=known))
    ]


def _actions(database: Database, submissions: list[Submission]) -> list[_Action]:
    found: dict[int, list[_Action]] = {each.id: [] for each in submissions}
    by_id = {each.id: each for each in submissions}
    rows = database.all_in(
        "SELECT m.submission, u.name, m.record, a.status, a.due_date, a.end_date, a.budget, a.currency, a.title_en,"
        " a.title_es FROM member m JOIN subject u ON u.id = m.subject JOIN action a ON a.record = m.record"
        " WHERE m.submission IN (*) ORDER BY u.name",
        by_id,
    )
    for number, name, record, status, due, end, budget, currency, en, es in rows:
        title = {"en": en or es or name, "es": es or en or name}
        due_date, end_date = (each if day_of(each) else None for each in (due, end))
        action = _Action(name, by_id[number], record, status, due_date, end_date, to_float(budget), currency, title)
        found[number].append(action)
    return [action for actions in found.values() for action in actions]


def _links(database: Database, submissions: list[Submission], prop: str) -> dict[int, list[str]]:
    found: dict[int, dict[str, None]] = defaultdict(dict)
    rows = database.all_in(
        "SELECT DISTINCT l.record, l.target FROM member m JOIN link l ON l.record = m.record"
        " WHERE l.property = ? AND m.submission IN (*) ORDER BY l.target",
        [each.id for each in submissions],
        [prop],
    )
    for record, target in rows:
        found[record][target] = None
    return {record: [*targets] for record, targets in found.items()}


def watched(database: Database, submissions: Iterable[int]) -> set[tuple[int, str]]:
    """Return what some indicator of a submission measures: the submission's number, and the thing's name."""
    rows = database.all_in(
        "SELECT m.submission, l.target FROM member m JOIN indicator i ON i.record = m.record"
        " JOIN link l ON l.record = m.record WHERE l.property = 'bic:measures' AND m.submission IN (*)",
        submissions,
    )
    return {(submission, target) for submission, target in rows}


def _count(row: ProgressRow, action: _Action, as_of: str, *, watched: bool) -> None:
    row.actions += 1
    status = status_name(action.status) or "not-stated"
    row.by_status[status] = row.by_status.get(status, 0) + 1
    is_overdue = (
        action.due is not None and _deadline_state(action, reporting_day(as_of, action.submission))[0] == "overdue"
    )
    row.overdue += is_overdue
    row.with_indicator += watched
    for part, counts in ((f"status-{status}", True), ("overdue", is_overdue), ("with-indicator", watched)):
        if counts:
            row.behind.setdefault(part, []).append(_subject(action))
    if action.budget is not None:
        currency = action.currency or "?"
        # As people add: 0.1 and 0.2 are 0.3.
        row.budget[currency] = float(Decimal(str(row.budget.get(currency, 0))) + Decimal(str(action.budget)))
    row.subjects.append(_subject(action))


def _deadline_state(action: _Action, day: str) -> tuple[str, int]:
    """Return the state of a deadline, and by how many days it was or is late."""
    due, end = day_of(action.due), day_of(action.end)
    assert due is not None
    if action.status == _CANCELLED:  # neither kept nor broken
        return "cancelled", 0
    if action.status == _COMPLETED:
        late = days_between(due, end) if end else 0
        return ("missed", late) if late > 0 else ("met", 0)
    return ("overdue", days_between(due, day)) if due < day else ("open", 0)


def _earlier_deadlines(database: Database, as_of: str, known: str) -> dict[tuple[str, str, str], list[str]]:
    submissions = [each for several in versions(database, as_of=as_of, known=known).values() for each in several]
    dues: dict[int, list[tuple[str, str]]] = {each.id: [] for each in submissions}
    rows = database.all_in(
        "SELECT m.submission, u.name, a.due_date FROM member m JOIN subject u ON u.id = m.subject"
        " JOIN action a ON a.record = m.record WHERE a.due_date IS NOT NULL AND m.submission IN (*)",
        dues,
    )
    for number, name, due in rows:
        if day_of(due):
            dues[number].append((name, due))
    found: dict[tuple[str, str, str], list[str]] = defaultdict(list)
    for each in submissions:
        for name, due in dues[each.id]:
            found[each.submitter, each.dataset, name].append(due)
    return found


def reporting_day(as_of: str, submission: Submission) -> str:
    """Return the day that a submission is held against: the one asked about, or the last that it reports on."""
    return submission.issued_until if as_of == FOREVER else as_of


def to_float(value: Any) -> float | None:
    """Return a number of the database as a float, which PostgreSQL gives as a decimal; None of one without end.

    Registries hold such numbers from before texts such as `inf` were none.
    """
    number = math.nan if value is None else float(value)
    return number if math.isfinite(number) else None


def _subject(action: _Action) -> str:
    return f"{action.submission.submitter}/{action.submission.dataset}/{action.name}"


def _qualified(target: str, submission: Submission) -> str:
    """Return the name of a thing for all datasets: ours, or a partner's own with theirs before it."""
    is_own = target.startswith("bicd:") or ":" in target.partition("/")[0]
    return target if is_own else f"{submission.submitter}/{submission.dataset}/{target}"


def _label(database: Database, target: str, submission: Submission) -> dict[str, str]:
    if not target:
        return sentence("registry", "not-stated")
    if target.startswith("bicd:"):
        return default_index().labels(long(target))
    body = database.value(
        "SELECT r.body FROM member m JOIN subject u ON u.id = m.subject JOIN record r ON r.id = m.record"
        " WHERE m.submission = ? AND u.name = ?",
        [submission.id, target],
    )
    from bicentennial.monitoring.store.facts import parsed

    titles = {each.kind: each.value for each in parsed(body or "") if each.property == "skos:prefLabel"}
    en, es = titles.get("@en"), titles.get("@es")
    name = next(iter(titles.values()), target)
    return {"en": en or es or name, "es": es or en or name}
