"""Checking again when the rules change: verdicts are added, none is changed, and what was accepted stays accepted."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

from bicentennial.monitoring.store import chain
from bicentennial.monitoring.store.dates import FOREVER, moment
from bicentennial.monitoring.store.submissions import current
from bicentennial.monitoring.workflow.checking import add_check, check_again, current_rules

if TYPE_CHECKING:
    import os

    from bicentennial.limits import Limits
    from bicentennial.monitoring.store.database import Database

__all__ = ["Recheck", "recheck"]


@dataclass(frozen=True, slots=True)
class Recheck:
    """What the rules of today say of a current submission, beside what those said under which it was accepted."""

    submission: str
    rules: str
    conforms: bool
    violations: int
    before: str

    def to_dict(self) -> dict[str, Any]:
        """Return the verdict as JSON holds it."""
        return {
            "submission": self.submission,
            "rules": self.rules,
            "conforms": self.conforms,
            "violations": self.violations,
            "before": self.before,
        }


def recheck(
    database: Database, *, profile: str | os.PathLike[str] | None, dry_run: bool, limits: Limits
) -> list[Recheck]:
    """Return a verdict for each current submission that the rules of today have not checked yet."""
    from bicentennial.report import Report
    from bicentennial.report.profile import Profile

    judge = Profile.read(profile) if profile is not None else None
    rules = current_rules()
    if profile is not None:
        rules += "+" + hashlib.sha256(Path(profile).read_bytes()).hexdigest()[:8]
    found = []
    for submission in current(database, known=moment(FOREVER)):
        known = database.all('SELECT rules FROM "check" WHERE submission = ? ORDER BY id', [submission.id])
        if (rules,) in known:
            continue
        checked = check_again(database, submission.id, limits)
        if checked is None:
            continue
        report = Report.of(checked.outcome, "violation", judge)
        if not dry_run:
            with database.transaction():
                sealed = add_check(database, submission.id, checked.outcome, rules=rules, profile=judge)
                data = {"check": sealed["row"], "conforms": report.conforms, "rules": rules}
                chain.append(database, "rechecked", actor="registry recheck", submission=submission.id, data=data)
        found.append(Recheck(submission.name, rules, report.conforms, report.counts["violation"], known[0][0]))
    return found
