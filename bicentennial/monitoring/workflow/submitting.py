"""A file on its way from the hand of a partner to a verdict, and what is left half way."""

from __future__ import annotations

import os
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final, TypeVar

from bicentennial.core.errors import ConflictError, DatabaseError, DiskFullError
from bicentennial.core.files.content import content
from bicentennial.inputs import collect
from bicentennial.monitoring.questions import changes as changing
from bicentennial.monitoring.questions.carrying import NotCarried, not_carried
from bicentennial.monitoring.store import problems, submissions
from bicentennial.monitoring.store.database import wait
from bicentennial.monitoring.store.dates import days_between, now
from bicentennial.monitoring.workflow.checking import Checked, check, check_again
from bicentennial.monitoring.workflow.judging import judge
from bicentennial.monitoring.workflow.parties import dataset_number, refuse_other_case
from bicentennial.monitoring.workflow.receiving import Handed, receipt, receive
from bicentennial.monitoring.workflow.stored import report_of

if TYPE_CHECKING:
    from collections.abc import Callable

    from bicentennial.limits import Limits
    from bicentennial.monitoring.store.database import Database
    from bicentennial.monitoring.store.submissions import Submission
    from bicentennial.report import Report

__all__ = ["Result", "submit", "work"]

_ATTEMPTS: Final = 6
_MOST_DAYS_AHEAD: Final = 366
"""How far ahead a report may be dated: one for a year that has begun stands for its last day."""

_T = TypeVar("_T")


@dataclass(frozen=True, slots=True)
class Result:
    """What came of handing something in: the submission as it stands, its receipt and its report."""

    submission: Submission | None
    receipt: dict[str, Any] | None
    report: Report
    is_new: bool
    changes: list[changing.Change] = field(default_factory=list)
    not_carried: list[NotCarried] = field(default_factory=list)

    @property
    def exit_code(self) -> int:
        """0 if it was accepted or waits for approval, otherwise that of the report."""
        return self.report.exit_code

    def to_dict(self) -> dict[str, Any]:
        """Return the result as JSON holds it."""
        import json

        submission = None
        if self.submission is not None:
            submission = {**self.submission.to_dict(), "receipt": self.receipt}
        report = json.loads(self.report.to_json())
        return {
            "submission": submission,
            "report": report,
            "changes": [each.to_dict() for each in self.changes],
            "not_carried": [each.to_dict() for each in self.not_carried],
        }


def submit(
    database: Database,
    file: Any,
    *,
    submitter: str,
    dataset: str,
    issued: str | None = None,
    note: str = "",
    mapping: str | os.PathLike[str] | bytes | None = None,
    name: str | None = None,
    partial: bool | None = None,
    dry_run: bool = False,
    retry: bool = True,
    actor: str | None = None,
    limits: Limits,
) -> Result:
    """Receive, check and judge a file; see `Registry.submit`."""
    from bicentennial.report import Report

    data, shown = _handed(file, name, limits)
    if mapping is None or isinstance(mapping, bytes):
        rules, its_name = mapping, "mapping.toml"
    else:
        rules, its_name = content(mapping, limits), Path(mapping).name
    checked = None
    if issued is None or rules is not None or dry_run:  # so that a wrong argument is said before anything is kept
        checked = check(data, shown, rules, limits, mapping_name=its_name)
        issued = issued or checked.issued
        if issued is None and not dry_run:
            raise problems.usage("no-issue-date", file=shown)
    if dry_run:
        assert checked is not None
        return Result(None, None, Report.of(checked.outcome, "violation", None), is_new=False)
    assert issued is not None
    if days_between(now()[:10], issued) > _MOST_DAYS_AHEAD:
        raise problems.usage("far-ahead", issued=issued)

    def received() -> tuple[int, bool]:
        with database.transaction():
            refuse_other_case(database, submitter, dataset)
            where = dataset_number(database, submitter, dataset)
            habit = bool(database.value("SELECT partial FROM dataset WHERE id = ?", [where]))
            handed = Handed(
                data=data,
                name=shown,
                dataset=where,
                issued=issued,
                sent_by=actor or submitter,
                note=note,
                mapping=rules,
                partial=habit if partial is None else partial,
            )
            return receive(database, handed)

    number, is_new = _retried(received, retry=retry)
    if submissions.state_of(database, number) == "received":
        try:
            with database.claimed(number) as taken:  # if another process is judging it, this waits for that
                if taken is not None:
                    _judge(database, taken, checked, actor or submitter, limits, retry=retry)
        except (DatabaseError, ConflictError) as error:
            raise problems.unfinished(error, number) from error
    this = submissions.find(database, number)
    report = report_of(database, this)
    later = not_carried(database, this)
    return Result(this, receipt(database, number), report, is_new, _changes(database, this), later)


def _handed(file: Any, name: str | None, limits: Limits) -> tuple[bytes, str]:
    """Return the bytes of what is handed in, and the name that reports show.

    Raises:
        UsageError: it is of no kind that is taken, or it is several files.
        InputError: it cannot be read.
    """
    if isinstance(file, (str, os.PathLike)):
        return content(file, limits), name or Path(file).name
    given = collect(file, limits=limits)
    if given.several:
        raise problems.usage("one-file")
    (one,) = given.inputs
    if one.error is not None:
        raise one.error
    # What has no name of its own, such as records, has one in angle brackets.
    return one.content or b"", name or (f"submission{one.suffix}" if one.name.startswith("<") else one.name)


def work(database: Database, *, limits: Limits) -> list[int]:
    """Check and judge what was received and not judged yet, and return the ids; see `Registry.work`.

    Raises:
        DiskFullError: there was no room for what came of one; all others have been checked.
    """
    done: list[int] = []
    blocked: list[DiskFullError] = []
    last = 0
    while True:
        taken = None
        try:
            with database.claimed(after=last) as taken:
                if taken is None:
                    break
                _judge(database, taken, None, "registry work", limits, retry=True)
            done.append(taken)
        except DiskFullError as error:
            if taken is None:
                raise
            blocked.append(problems.unfinished(error, taken))
        last = taken
    if blocked:
        raise blocked[0]
    return done


def _judge(
    database: Database, number: int, checked: Checked | None, actor: str, limits: Limits, *, retry: bool
) -> None:
    known = checked or check_again(database, number, limits)
    if known is not None:
        _retried(lambda: judge(database, number, known, actor=actor), retry=retry)


def _changes(database: Database, this: Submission) -> list[changing.Change]:
    """Return what a submission changes against what was accepted before it in its dataset."""
    accepted = submissions.listed(database, submitter=this.submitter, dataset=this.dataset, state="accepted")
    if this.root is None:
        return []
    before = [each for each in accepted if each.id != this.id and each.issued_until < this.issued_until]
    return list(changing.brought(database, sorted(before, key=lambda each: (each.issued_until, each.number)), this))


def _retried(attempt: Callable[[], _T], *, retry: bool) -> _T:
    """Do something, and again a few times if another writer was in the way."""
    for number in range(_ATTEMPTS if retry else 0):
        try:
            return attempt()
        except ConflictError:
            wait(number)
    return attempt()
