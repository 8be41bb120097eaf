"""Submissions as they stand: which there are, in which state, and which is current for a date as known at a moment."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any, Final, NamedTuple

from bicentennial.monitoring.store import problems
from bicentennial.monitoring.store.dates import FOREVER

if TYPE_CHECKING:
    from collections.abc import Sequence

    from bicentennial.monitoring.store.database import Database

__all__ = [
    "EVENTS",
    "STATES",
    "Submission",
    "base_of",
    "before",
    "current",
    "emptied",
    "find",
    "listed",
    "redacted",
    "state_of",
]

STATES: Final = ("received", "accepted", "returned", "pending", "superseded", "withdrawn")
"""The events that set a submission's state; the last of them is its state."""
EVENTS: Final = ", ".join(f"'{state}'" for state in STATES)
"""The same as SQL lists them."""
_NUMBERED: Final = re.compile(r"(?P<submitter>[^/]+)/(?P<dataset>[^/]+)/(?P<number>\d{1,9})")
_LATEST: Final = "9999-12-31T23:59:59.999999Z"


class Submission(NamedTuple):
    """One submission: whose, of which dataset, which number, for which date, and where it stands."""

    id: int
    submitter: str
    dataset: str
    number: int
    issued: str
    issued_until: str
    state: str
    received_at: str
    sent_by: str
    note: str
    file: str
    file_sha256: str
    root: str | None

    @property
    def name(self) -> str:
        """The name by which people call it: `SUBMITTER/DATASET/NUMBER`."""
        return f"{self.submitter}/{self.dataset}/{self.number}"

    def to_dict(self) -> dict[str, Any]:
        """Return the submission as JSON holds it."""
        return self._asdict()


def _rows(database: Database, known: str, condition: str, values: Sequence[Any]) -> list[Submission]:
    """Return the submissions that the database's audience may see, with their states as known at a moment.

    Args:
        database: where.
        known: the last moment whose events count.
        condition: what follows in SQL, with an order at its end if there is one.
        values: its parameters.
    """
    visible, its_values = database.audience.submissions("l.what")
    where, _, order = condition.partition(" ORDER BY ")
    query = (
        "SELECT s.id, d.submitter, d.name, s.number, s.issued, s.issued_until, l.what, s.received_at, s.sent_by,"  # noqa: S608 - constants
        " s.note, s.file_name, s.file_sha, c.root FROM submission s JOIN dataset d ON d.id = s.dataset"
        " JOIN event l ON l.id = (SELECT max(e.id) FROM event e WHERE e.submission = s.id"
        f" AND e.what IN ({EVENTS}) AND e.at <= ?) LEFT JOIN content c ON c.submission = s.id"
        f" WHERE {visible}{f' AND {where}' if where else ''}{f' ORDER BY {order}' if order else ''}"
    )
    return [Submission(*row) for row in database.all(query, [known, *its_values, *values])]


def listed(
    database: Database,
    *,
    submitter: str | None = None,
    dataset: str | None = None,
    state: str | None = None,
    known: str = _LATEST,
    after: int = 0,
    limit: int | None = None,
) -> list[Submission]:
    """Return the submissions, in the order in which they came.

    Args:
        database: where.
        submitter: only those of a submitter.
        dataset: only those of datasets of this name.
        state: only those in this state.
        known: the last moment whose events count.
        after: only those with a greater id, so that a list can be gone through while it grows.
        limit: at most so many.
    """
    wanted = {"d.submitter": submitter, "d.name": dataset, "l.what": state}
    given = {column: value for column, value in wanted.items() if value is not None}
    condition = " AND ".join(["s.id > ?", *(f"{column} = ?" for column in given)])
    order, most = ("s.id", []) if limit is None else ("s.id LIMIT ?", [limit])
    return _rows(database, known, f"{condition} ORDER BY {order}", [after, *given.values(), *most])


def current(database: Database, *, as_of: str = FOREVER, known: str = _LATEST) -> list[Submission]:
    """Return for each dataset the submission that holds for a date, as known at a moment.

    That is the accepted one that was issued last, not after the date; of several for one date, the last number.

    Args:
        database: where.
        as_of: the last day that counts.
        known: the last moment whose events count.
    """
    found: dict[tuple[str, str], Submission] = {}
    condition = "l.what = 'accepted' AND s.issued_until <= ? ORDER BY s.issued_until, s.number"
    for each in _rows(database, known, condition, [as_of]):
        found[each.submitter, each.dataset] = each
    return list(found.values())


def redacted(database: Database) -> set[int]:
    """Return the ids of the submissions whose content was taken away: nothing is known of what they said."""
    return {int(number) for (number,) in database.all("SELECT submission FROM event WHERE what = 'redacted'")}


def emptied(database: Database, submission: Submission) -> set[str]:
    """Return the things of a submission of which a redaction left nothing but their names."""
    rows = database.all(
        "SELECT u.name FROM member m JOIN subject u ON u.id = m.subject JOIN record r ON r.id = m.record"
        " WHERE m.submission = ? AND r.body = ''",
        [submission.id],
    )
    return {str(name) for (name,) in rows}


def before(database: Database, submission: Submission) -> Submission | None:
    """Return the submission before one in its dataset, of those that the database's audience may see."""
    several = listed(database, submitter=submission.submitter, dataset=submission.dataset)
    return max((each for each in several if each.number < submission.number), key=lambda s: s.number, default=None)


def base_of(database: Database, submission: int, *, until: int = (1 << 63) - 1) -> int | None:
    """Return the accepted submission that holds for the date of another without that one.

    Args:
        database: where.
        submission: the other's id.
        until: the last event that counts; all if it is not given.
    """
    found = database.value(
        "SELECT o.id FROM submission s JOIN submission o ON o.dataset = s.dataset AND o.issued_until <= s.issued_until"  # noqa: S608 - constants
        " AND o.id <> s.id JOIN event l ON l.id = (SELECT max(e.id) FROM event e WHERE e.submission = o.id"
        f" AND e.what IN ({EVENTS}) AND e.id <= ?) WHERE s.id = ? AND l.what = 'accepted'"
        " ORDER BY o.issued_until DESC, o.number DESC LIMIT 1",
        [until, submission],
    )
    return None if found is None else int(found)


def state_of(database: Database, submission: int) -> str:
    """Return the state of a submission."""
    found = database.value(
        f"SELECT what FROM event WHERE submission = ? AND what IN ({EVENTS}) ORDER BY id DESC LIMIT 1",  # noqa: S608 - constants
        [submission],
    )
    assert found is not None
    return str(found)


def find(database: Database, asked: str | int) -> Submission:
    """Return the submission that an id, `SUBMITTER/DATASET/NUMBER`, or a number where there is one dataset, means.

    Raises:
        UsageError: there is none, or several datasets have the number.
    """
    text = str(asked).strip()
    named = _NUMBERED.fullmatch(text)
    if named:
        where, values = "d.submitter = ? AND d.name = ? AND s.number = ?", [*named.groups()[:2], int(named["number"])]
    elif text.isdecimal() and len(text) < 10:
        where, values = "s.id = ?", [int(text)]
    else:
        raise problems.usage("not-an-id", value=text)
    found = _rows(database, _LATEST, where, values)
    if not found:
        raise problems.usage("not-an-id", value=text)
    return found[0]
