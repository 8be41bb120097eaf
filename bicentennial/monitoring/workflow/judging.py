"""Judging: the verdict, the records and the state of a submission that was received."""

from __future__ import annotations

from typing import TYPE_CHECKING

from bicentennial.monitoring.store import chain, content
from bicentennial.monitoring.store.submissions import base_of, state_of
from bicentennial.monitoring.workflow.checking import add_check

if TYPE_CHECKING:
    from collections.abc import Iterator

    from bicentennial.monitoring.store.database import Database
    from bicentennial.monitoring.workflow.checking import Checked
    from bicentennial.validation.outcome import Outcome

__all__ = ["adopt", "is_outdated", "judge", "others_for_date", "supersede"]


def judge(database: Database, submission: int, checked: Checked, *, actor: str) -> str:
    """Keep the verdict and the records of a received submission, and return its new state.

    A submission that another process has judged meanwhile is left as it is.
    """
    with database.transaction():
        if state_of(database, submission) != "received":
            return state_of(database, submission)
        row = database.one(
            "SELECT s.dataset, s.partial, d.approval FROM submission s JOIN dataset d ON d.id = s.dataset"
            " WHERE s.id = ?",
            [submission],
        )
        assert row is not None
        dataset, partial, approval = row
        stored = None
        if checked.outcome.checked:
            base = base_of(database, submission) if partial else None
            stored = content.store(database, dataset, submission, checked.lines, checked.places, base)
        sealed = add_check(database, submission, checked.outcome)
        state = "returned" if not sealed["conforms"] else "pending" if approval else "accepted"
        root = _seal(database, submission, checked, stored, sealed["row"], actor)
        reason = "" if sealed["conforms"] else _summary(checked.outcome)
        chain.append(database, state, actor=actor, submission=submission, reason=reason, data={"root": root})
        if state == "accepted":
            supersede(database, submission, actor)
        return state


def adopt(
    database: Database, submission: int, checked: Checked, *, state: str, actor: str, reason: str = ""
) -> str | None:
    """Keep the records of a submission that another registry has judged, with its state there; return their root."""
    with database.transaction():
        dataset = database.value("SELECT dataset FROM submission WHERE id = ?", [submission])
        stored = None
        if checked.lines:
            stored = content.store(database, dataset, submission, checked.lines, checked.places, None)
        sealed = add_check(database, submission, checked.outcome)
        root = _seal(database, submission, checked, stored, sealed["row"], actor)
        chain.append(database, state, actor=actor, submission=submission, reason=reason, data={"root": root})
        return root


def _seal(
    database: Database, submission: int, checked: Checked, stored: content.Stored | None, verdict: str, actor: str
) -> str | None:
    """Add the event that a submission was checked, with the hashes of all that came of it; return the root."""
    root = stored.root if stored else None
    data = {
        "check": verdict,
        "root": root,
        "rows": stored.rows if stored else None,
        "content": chain.digest([submission, root, checked.places]) if stored else None,
    }
    chain.append(database, "checked", actor=actor, submission=submission, data=data)
    return root


def _summary(outcome: Outcome) -> str:
    return ", ".join(f"{code} ({number})" for code, (grade, number) in outcome.totals.items() if grade == "violation")


def is_outdated(database: Database, submission: int) -> bool:
    """Return whether a submission says only what is new, and what it was added to when it was checked holds no more."""
    checked = database.value("SELECT min(id) FROM event WHERE submission = ? AND what = 'checked'", [submission])
    partial = database.value("SELECT partial FROM submission WHERE id = ?", [submission])
    return bool(partial) and base_of(database, submission) != base_of(database, submission, until=checked)


def others_for_date(database: Database, submission: int) -> Iterator[int]:
    """Yield the other submissions of a dataset for the same date, the last first."""
    rows = database.all(
        "SELECT o.id FROM submission s JOIN submission o ON o.dataset = s.dataset AND o.issued_until = s.issued_until"
        " AND o.id <> s.id WHERE s.id = ? ORDER BY o.number DESC",
        [submission],
    )
    yield from (number for (number,) in rows)


def supersede(database: Database, submission: int, actor: str) -> None:
    """Let an accepted submission take the place of others for the same date."""
    for other in others_for_date(database, submission):
        if state_of(database, other) == "accepted":
            chain.append(database, "superseded", actor=actor, submission=other, data={"by": submission})
