"""What later partial submissions still hold of what was corrected or taken back before them.

A partial submission says only what is new, and its state is that beside what held when it was checked. That state is
sealed: what is corrected for an earlier date afterwards changes nothing in it, which its sender has to know.
"""

from __future__ import annotations

from dataclasses import dataclass
from itertools import takewhile
from typing import TYPE_CHECKING, Any, Final

from bicentennial.core.messages import sentence
from bicentennial.monitoring.questions.comparing import ABOUT_THE_FILE
from bicentennial.monitoring.store.submissions import Submission, base_of, listed

if TYPE_CHECKING:
    from bicentennial.monitoring.store.database import Database

__all__ = ["NotCarried", "not_carried"]

_UNCHANGED: Final = f"""
    WITH held AS (
        SELECT subject, max(CASE WHEN submission = ? THEN record ELSE 0 END) AS before,
            max(CASE WHEN submission = ? THEN record ELSE 0 END) AS after,
            max(CASE WHEN submission = ? THEN record ELSE 0 END) AS later,
            max(CASE WHEN submission = ? THEN row_number END) AS said
        FROM member WHERE submission IN (?, ?, ?) GROUP BY subject
    )
    SELECT u.name FROM held h JOIN subject u ON u.id = h.subject
    JOIN record r ON r.id = CASE WHEN h.after = 0 THEN h.before ELSE h.after END
    WHERE h.before <> h.after AND h.later = h.before AND h.said IS NULL
        AND r.kind NOT IN ({", ".join(f"'{kind}'" for kind in ABOUT_THE_FILE)}) ORDER BY u.name
"""  # noqa: S608 - constants


@dataclass(frozen=True, slots=True)
class NotCarried:
    """A later partial submission, and what it holds as before although it was corrected or taken back."""

    submission: Submission
    subjects: tuple[str, ...]

    def message(self) -> dict[str, str]:
        """Return what that means and what can be done, in each language."""
        name, issued = self.submission.name, self.submission.issued
        return sentence("registry", "not-carried", name=name, issued=issued, number=len(self.subjects))

    def to_dict(self) -> dict[str, Any]:
        """Return the same as JSON holds it."""
        return {
            "submission": self.submission.name,
            "issued": self.submission.issued,
            "subjects": list(self.subjects),
            "message": self.message(),
        }


def not_carried(database: Database, submission: Submission) -> list[NotCarried]:
    """Return the accepted partial submissions for later dates that still hold what one has changed for its own date.

    A whole submission says all that holds from its date on, so none after it is looked at.

    Args:
        database: where.
        submission: one that was accepted, or one that was accepted once and holds no more.
    """
    accepted = database.value("SELECT min(id) FROM event WHERE submission = ? AND what = 'accepted'", [submission.id])
    if accepted is None or submission.state == "superseded":
        return []
    sides: tuple[int | None, int | None] = (base_of(database, submission.id, until=accepted), submission.id)
    if submission.state != "accepted":
        sides = submission.id, base_of(database, submission.id)
    several = listed(database, submitter=submission.submitter, dataset=submission.dataset, state="accepted")
    partial = {
        number for (number,) in database.all(
            "SELECT s.id FROM submission s JOIN submission o ON o.dataset = s.dataset WHERE o.id = ? AND s.partial = 1",
            [submission.id],
        )
    }  # fmt: skip
    later = sorted(
        (each for each in several if each.issued_until > submission.issued_until),
        key=lambda each: (each.issued_until, each.number),
    )
    found = []
    for each in takewhile(lambda each: each.id in partial, later):
        held = [*(side or 0 for side in sides), each.id]
        if subjects := tuple(str(name) for (name,) in database.all(_UNCHANGED, [*held, each.id, *held])):
            found.append(NotCarried(each, subjects))
    return found
