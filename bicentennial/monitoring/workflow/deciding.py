"""Deciding: a submission is signed off, returned, withdrawn or redacted."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from bicentennial.core.messages import LANGUAGES, entry
from bicentennial.monitoring.store import chain, facts, problems
from bicentennial.monitoring.store.submissions import find, redacted, state_of
from bicentennial.monitoring.workflow.judging import is_outdated, others_for_date, supersede

if TYPE_CHECKING:
    from bicentennial.monitoring.store.database import Database

__all__ = ["decide", "redact"]

_ALLOWED: Final = {"accepted": ("pending", "returned"), "returned": ("pending", "accepted"), "withdrawn": None}


def decide(database: Database, submission: int, what: str, *, actor: str, reason: str) -> None:
    """Accept, return or withdraw a submission.

    Args:
        database: where.
        submission: its id.
        what: `accepted`, `returned` or `withdrawn`.
        actor: who decides; never the sender where the dataset asks for approval.
        reason: why; needed for returning and withdrawing.

    Raises:
        UsageError: the reason is missing, the state does not allow it, nothing was read that could be accepted, or it
            says only what is new and what that was added to holds no more.
    """
    verb = {"accepted": "accept", "returned": "return", "withdrawn": "withdraw"}[what]
    if what != "accepted" and not reason.strip():
        raise problems.usage("needs-reason", what=verb)
    with database.transaction():
        found = find(database, submission)
        allowed = _ALLOWED[what]
        wrong = found.state not in allowed if allowed else found.state == "withdrawn"
        if wrong:
            words = entry("registry", "states")
            states = [words[each] for each in allowed or ("received", "accepted", "returned", "pending")]
            names = {language: ", ".join(each[language] for each in states) for language in LANGUAGES}
            state = words[found.state]
            raise problems.usage(
                "wrong-state", submission=found.name, state=state, what=entry("registry", "verbs")[verb], allowed=names
            )
        if what == "accepted" and found.root is None:
            raise problems.usage("nothing-read", submission=found.name)
        approval = database.value(
            "SELECT d.approval FROM submission s JOIN dataset d ON d.id = s.dataset WHERE s.id = ?", [submission]
        )
        if what == "accepted" and approval and actor == found.sent_by:
            raise problems.usage("own-submission", actor=actor)
        if what == "accepted" and is_outdated(database, submission):
            raise problems.usage("outdated", submission=found.name)
        chain.append(database, what, actor=actor, submission=submission, reason=reason, data={"root": found.root})
        if what == "accepted":
            supersede(database, submission, actor)
        elif found.state == "accepted":
            _reinstate(database, submission, actor)


def _reinstate(database: Database, submission: int, actor: str) -> None:
    """Accept again what was superseded last of what still stands for the date of one that no longer does."""
    superseded = [each for each in others_for_date(database, submission) if state_of(database, each) == "superseded"]
    if superseded:
        when = "SELECT max(id) FROM event WHERE submission = ? AND what = 'superseded'"
        last = max(superseded, key=lambda each: int(database.value(when, [each])))
        chain.append(database, "accepted", actor=actor, submission=last, data={"reinstated": True})


def redact(database: Database, submission: int, *, actor: str, reason: str) -> list[str]:
    """Take away the bytes and the content of a submission: hashes, events and the gap stay.

    What another submission holds too stays for it, unless that one was redacted as well; return the names of those.

    Raises:
        UsageError: the reason is missing.
    """
    if not reason.strip():
        raise problems.usage("needs-reason", what="redact")
    with database.transaction():
        row = database.one("SELECT file_sha, mapping_sha FROM submission WHERE id = ?", [submission])
        assert row is not None
        shas = {sha for sha in row if sha}
        shas |= {sha for (sha,) in database.all('SELECT report_sha FROM "check" WHERE submission = ?', [submission])}
        for sha in list(shas):
            if database.value(
                "SELECT 1 FROM submission WHERE id <> ? AND (file_sha = ? OR mapping_sha = ?) AND id NOT IN"
                " (SELECT submission FROM event WHERE what = 'redacted')",
                [submission, sha, sha],
            ) or database.value(
                'SELECT 1 FROM "check" WHERE submission <> ? AND report_sha = ? AND submission NOT IN'
                " (SELECT submission FROM event WHERE what = 'redacted')",
                [submission, sha],
            ):
                shas.discard(sha)
        alone = database.all(
            "SELECT id, sha FROM record WHERE id IN (SELECT record FROM member WHERE submission = ? EXCEPT"
            " SELECT record FROM member WHERE submission <> ?"
            " AND submission NOT IN (SELECT submission FROM event WHERE what = 'redacted'))",
            [submission, submission],
        )
        records = sorted({sha for _, sha in alone})
        if state_of(database, submission) == "received":  # nothing is left to be checked
            chain.append(database, "withdrawn", actor=actor, submission=submission, reason=reason, data={"root": None})
        data = {"blobs": sorted(shas), "records": records}
        event = chain.append(database, "redacted", actor=actor, submission=submission, reason=reason, data=data)
        database.executemany(
            "INSERT INTO redacted(sha, event) VALUES (?, ?) ON CONFLICT DO NOTHING",
            [(sha, event.id) for sha in {*shas, *records}],
        )
        for sha in shas:
            database.execute("DELETE FROM blob WHERE sha = ?", [sha])
        for number, _ in alone:
            database.execute("UPDATE record SET body = '' WHERE id = ?", [number])
            for table in facts.TABLES:
                database.execute(f"DELETE FROM {table} WHERE record = ?", [number])  # noqa: S608 - constants
        return _holders(database, submission)


def _holders(database: Database, submission: int) -> list[str]:
    """Return the names of the submissions that hold the file of a redacted one, or say some of what it said."""
    rows = database.all(
        "SELECT submission FROM member WHERE record IN (SELECT m.record FROM member m JOIN record r ON r.id = m.record"
        " WHERE m.submission = ? AND r.kind <> 'submission') UNION SELECT o.id FROM submission s JOIN submission o"
        " ON o.file_sha = s.file_sha WHERE s.id = ? ORDER BY 1",
        [submission, submission],
    )
    gone = redacted(database)
    return [find(database, number).name for (number,) in rows if number not in gone]
