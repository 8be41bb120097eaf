"""What the registry has of a submission: its file and mapping, the outcome of its first check, and the report on it.

Nothing of it is given once it was redacted, even where another submission, which not everybody may see, keeps the same.
"""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

from bicentennial.monitoring.store import blobs, chain, problems
from bicentennial.validation.outcome import Outcome

if TYPE_CHECKING:
    from bicentennial.core.errors import UsageError
    from bicentennial.monitoring.store.database import Database
    from bicentennial.monitoring.store.submissions import Submission
    from bicentennial.report import Report

__all__ = ["file_of", "is_redacted", "mapping_of", "outcome_of", "redacted", "report_of"]


def file_of(database: Database, submission: Submission) -> bytes:
    """Return the bytes that were handed in.

    Raises:
        UsageError: they were redacted.
    """
    data = _content(database, submission.id, submission.file_sha256)
    if data is None:
        raise redacted(database, submission)
    return data


def mapping_of(database: Database, submission: Submission) -> bytes | None:
    """Return the mapping file that was handed in with a submission, if there was one."""
    sha = database.value("SELECT mapping_sha FROM submission WHERE id = ?", [submission.id])
    return _content(database, submission.id, sha) if sha else None


def is_redacted(database: Database, submission: int) -> bool:
    """Return whether the content of a submission was taken away."""
    return bool(database.value("SELECT 1 FROM event WHERE submission = ? AND what = 'redacted'", [submission]))


def _content(database: Database, submission: int, sha: str) -> bytes | None:
    return None if is_redacted(database, submission) else blobs.get(database, sha)


def redacted(database: Database, submission: Submission) -> UsageError:
    """Return the error for what was taken away, with the reason that was given."""
    event = next(chain.events(database, "WHERE submission = ? AND what = 'redacted'", [submission.id]), None)
    at, reason = (event.at, event.reason) if event else ("–", "–")
    return problems.usage("redacted", submission=submission.name, at=at, reason=reason)


def outcome_of(database: Database, submission: int) -> Outcome | None:
    """Return the outcome of a submission's first check, or None where it was redacted or not checked yet."""
    sha = database.value('SELECT report_sha FROM "check" WHERE submission = ? ORDER BY id LIMIT 1', [submission])
    data = _content(database, submission, sha) if sha else None
    return Outcome.from_dict(json.loads(data)) if data is not None else None


def report_of(database: Database, submission: Submission) -> Report:
    """Return the report of a submission's first check.

    Raises:
        UsageError: it was redacted, or there is none yet.
    """
    from bicentennial.report import Report

    outcome = outcome_of(database, submission.id)
    if outcome is None:
        is_gone = is_redacted(database, submission.id)
        raise redacted(database, submission) if is_gone else problems.usage("no-report", submission=submission.name)
    return Report.of(outcome, "violation", None)
