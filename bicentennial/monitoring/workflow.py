"""What happens to a submission: received, checked, accepted or returned, signed off, withdrawn, replaced, redacted.

Receiving is one transaction (file, submission, event), and only after it is a receipt given. The check runs in a
worker on the stored bytes; verdict, records and the events that follow are a second transaction. A process that is
killed between them leaves the submission `received`, and `pending_work` names it for the next one.
"""

from __future__ import annotations

import getpass
import hashlib
import json
import re
from dataclasses import dataclass, field, replace
from pathlib import Path, PurePath
from typing import TYPE_CHECKING, Any, Final

from bicentennial.core import worker
from bicentennial.core.errors import ConflictError, InputError, UsageError
from bicentennial.core.resources import COMPILED, version
from bicentennial.core.workspace import Workspace
from bicentennial.monitoring.store import blobs, chain, content, facts, problems
from bicentennial.monitoring.store.database import wait
from bicentennial.monitoring.store.dates import last_day, now
from bicentennial.monitoring.store.submissions import Submission, find, state_of
from bicentennial.validation.outcome import Outcome, unreadable

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence

    from bicentennial.limits import Limits
    from bicentennial.monitoring.store.chain import Event
    from bicentennial.monitoring.store.database import Database
    from bicentennial.report import Report
    from bicentennial.report.profile import Profile

__all__ = [
    "Checked",
    "Handed",
    "adopt",
    "check",
    "check_again",
    "current_rules",
    "decide",
    "judge",
    "outcome_of",
    "receipt",
    "receive",
    "redact",
    "report_of",
    "safe_name",
]

_CHECK: Final = "bicentennial.validation.submission:check_in_worker"
_ATTEMPTS: Final = 6
_UNSAFE: Final = re.compile(r"[\x00-\x1f\x7f/\\]")
_LONGEST_NAME: Final = 120
_LONGEST_SUFFIX: Final = 16
RECEIPT: Final = "bicentennial receipt 1"
_ALLOWED: Final = {"accepted": ("pending", "returned"), "returned": ("pending", "accepted"), "withdrawn": None}


@dataclass(frozen=True, slots=True, kw_only=True)
class Handed:
    """What is handed in: bytes with a name, by whom and for what."""

    data: bytes
    name: str
    dataset: int
    issued: str
    sent_by: str
    note: str = ""
    mapping: bytes | None = None
    partial: bool = False


@dataclass(frozen=True, slots=True)
class Checked:
    """What checking bytes gave: the outcome, the records as a worker wrote them, and the date that the file states."""

    outcome: Outcome
    lines: Sequence[str] = field(default_factory=list)
    places: str = "{}"
    issued: str | None = None


def check(data: bytes, name: str, mapping: bytes | None, limits: Limits) -> Checked:
    """Check bytes in a worker process with limits and without network; the records are written in the same pass."""
    with Workspace() as folder:
        place = folder.path / "submission"
        place.mkdir()
        file, records = place / safe_name(name), folder.path / "records.jsonl"
        file.write_bytes(data)
        options: dict[str, Any] = {"coverage": True, "records": str(records), "limits": limits.changed()}
        if mapping is not None:
            options["mapping"] = str(folder.path / "mapping.toml")
            Path(options["mapping"]).write_bytes(mapping)
        try:
            found = worker.call(_CHECK, str(file), options, limits=limits.of_worker())
        except InputError as error:
            return Checked(replace(unreadable(str(file), error), file=name))
        outcome = replace(Outcome.from_dict({**found.plain, "findings": found.text}), file=name)
        if not records.exists():
            return Checked(outcome)
        with records.open(encoding="utf-8", errors="surrogatepass", newline="\n") as stream:
            head, lines = json.loads(stream.readline()), stream.readlines()
    return Checked(outcome, lines, json.dumps(head["places"], ensure_ascii=False), head["issued"])


def check_again(database: Database, submission: int, limits: Limits) -> Checked | None:
    """Check the stored bytes of a submission, or return None where they were redacted."""
    row = database.one("SELECT file_name, file_sha, mapping_sha FROM submission WHERE id = ?", [submission])
    assert row is not None
    name, sha, mapping = row
    data = blobs.get(database, sha)
    if data is None:
        return None
    try:
        return check(data, name, blobs.get(database, mapping) if mapping else None, limits)
    except UsageError as error:  # a mapping that this version refuses
        return Checked(replace(unreadable(name, InputError(error.text)), file=name))


def safe_name(name: str) -> str:
    """Return the last part of a name, such that it can be that of a file here; the ending stays."""
    last = _UNSAFE.sub("_", PurePath(name.replace("\\", "/")).name).strip() or "submission"
    if last in (".", ".."):
        return "submission"
    suffix = PurePath(last).suffix[:_LONGEST_SUFFIX]
    return f"{last.removesuffix(suffix)[:_LONGEST_NAME]}{suffix}"


def retried(attempt: Callable[[], Any], *, retry: bool) -> Any:
    """Do something, and again a few times if another writer was in the way."""
    for number in range(_ATTEMPTS if retry else 0):
        try:
            return attempt()
        except ConflictError:
            wait(number)
    return attempt()


def same(database: Database, handed: Handed) -> Submission | None:
    """Return the submission of the same bytes for the same date and dataset that still stands, if there is one."""
    sha = blobs.sha_of(handed.data)
    mapping = blobs.sha_of(handed.mapping) if handed.mapping is not None else None
    rows = database.all(
        "SELECT id, mapping_sha FROM submission WHERE dataset = ? AND issued = ? AND file_sha = ? AND partial = ?"
        " ORDER BY id DESC",
        [handed.dataset, handed.issued, sha, int(handed.partial)],
    )
    for number, its_mapping in rows:
        if its_mapping == mapping and state_of(database, number) not in ("withdrawn", "superseded"):
            return find(database, number)
    return None


def receive(database: Database, handed: Handed, *, number: int | None = None) -> tuple[int, bool]:
    """Keep what was handed in, and return the submission's id, and whether it is new.

    It gets the next number of its dataset, unless one is given, as for what another registry has numbered.

    The same bytes for the same date and dataset are the same submission: nothing is added then.
    """
    with database.transaction():
        known = same(database, handed) if number is None else None
        if known is not None:
            return known.id, False
        sha = blobs.put(database, handed.data)
        mapping = blobs.put(database, handed.mapping) if handed.mapping is not None else None
        previous, following = database.one(
            "SELECT max(id), coalesce(max(number), 0) + 1 FROM submission WHERE dataset = ?", [handed.dataset]
        ) or (None, 1)
        row = {
            "dataset": handed.dataset,
            "number": number or following,
            "issued": handed.issued,
            "issued_until": last_day(handed.issued),
            "received_at": now(),
            "sent_by": handed.sent_by,
            "note": handed.note,
            "file_name": safe_name(handed.name),
            "file_sha": sha,
            "file_bytes": len(handed.data),
            "mapping_sha": mapping,
            "partial": int(handed.partial),
            "previous": previous,
        }
        marks = ", ".join("?" * len(row))
        submission = database.value(
            f"INSERT INTO submission({', '.join(row)}) VALUES ({marks}) RETURNING id",  # noqa: S608 - constants
            list(row.values()),
        )
        data = {
            "row": chain.digest([submission, *row.values()]),
            "file": sha,
            "mapping": mapping,
            "number": row["number"],
        }
        data |= {"name": row["file_name"], "bytes": row["file_bytes"], "issued": handed.issued}
        submitter, dataset = database.one("SELECT submitter, name FROM dataset WHERE id = ?", [handed.dataset]) or ()
        data |= {"submitter": submitter, "dataset": dataset}
        chain.append(database, "received", actor=handed.sent_by, submission=submission, data=data)
        return int(submission), True


def judge(database: Database, submission: int, checked: Checked, *, actor: str) -> str:
    """Keep the verdict and the records of a received submission, and return its new state.

    A submission that another process has judged meanwhile is left as it is.
    """
    with database.transaction():
        if state_of(database, submission) != "received":
            return state_of(database, submission)
        row = database.one(
            "SELECT s.dataset, s.partial, s.issued_until, d.approval FROM submission s JOIN dataset d"
            " ON d.id = s.dataset WHERE s.id = ?",
            [submission],
        )
        assert row is not None
        dataset, partial, issued_until, approval = row
        stored = None
        if checked.outcome.checked:
            base = _current_of(database, dataset, issued_until) if partial else None
            stored = content.store(database, dataset, submission, checked.lines, checked.places, base)
        sealed = add_check(database, submission, checked.outcome)
        state = "returned" if not sealed["conforms"] else "pending" if approval else "accepted"
        root = _seal(database, submission, checked, stored, sealed["row"], actor)
        reason = "" if sealed["conforms"] else _summary(checked.outcome)
        chain.append(database, state, actor=actor, submission=submission, reason=reason, data={"root": root})
        if state == "accepted":
            _supersede(database, submission, actor)
        return state


def adopt(database: Database, submission: int, checked: Checked, *, state: str, actor: str) -> None:
    """Keep the records of a submission that another registry has judged, with the state that it had there."""
    with database.transaction():
        dataset = database.value("SELECT dataset FROM submission WHERE id = ?", [submission])
        stored = None
        if checked.lines:
            stored = content.store(database, dataset, submission, checked.lines, checked.places, None)
        sealed = add_check(database, submission, checked.outcome)
        root = _seal(database, submission, checked, stored, sealed["row"], actor)
        chain.append(database, state, actor=actor, submission=submission, data={"root": root})


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


def add_check(
    database: Database, submission: int, outcome: Outcome, *, rules: str | None = None, profile: Profile | None = None
) -> dict[str, Any]:
    """Add the verdict of one set of rules, inside the caller's transaction; return what the event says of it."""
    from bicentennial.report import Report

    report = Report.of(outcome, "violation", profile)
    body = json.dumps(outcome.to_dict(), ensure_ascii=False).encode("utf-8", "surrogatepass")
    row = {
        "submission": submission,
        "at": now(),
        "rules": rules or current_rules(),
        "version": version(),
        "engine": outcome.engine,
        "conforms": int(report.conforms),
        "exit_code": report.exit_code,
        "counts": chain.canonical(report.counts),
        "report_sha": blobs.put(database, body),
    }
    marks = ", ".join("?" * len(row))
    number = database.value(
        f'INSERT INTO "check"({", ".join(row)}) VALUES ({marks}) RETURNING id',  # noqa: S608 - constants
        list(row.values()),
    )
    return {
        "row": chain.digest([number, *row.values()]),
        "conforms": report.conforms,
        "violations": report.counts["violation"],
    }


def current_rules() -> str:
    """Return what names the rules that submissions are checked by: the start of the hash of the compiled plan."""
    return hashlib.sha256((COMPILED / "plan.json").read_bytes()).hexdigest()[:16]


def _summary(outcome: Outcome) -> str:
    return ", ".join(f"{code} ({number})" for code, (grade, number) in outcome.totals.items() if grade == "violation")


def _current_of(database: Database, dataset: int, issued_until: str) -> int | None:
    rows = database.all(
        "SELECT id FROM submission WHERE dataset = ? AND issued_until <= ? ORDER BY issued_until DESC, number DESC",
        [dataset, issued_until],
    )
    return next((number for (number,) in rows if state_of(database, number) == "accepted"), None)


def _others_for_date(database: Database, submission: int) -> Iterator[int]:
    rows = database.all(
        "SELECT o.id FROM submission s JOIN submission o ON o.dataset = s.dataset AND o.issued_until = s.issued_until"
        " AND o.id <> s.id WHERE s.id = ? ORDER BY o.number DESC",
        [submission],
    )
    yield from (number for (number,) in rows)


def _supersede(database: Database, submission: int, actor: str) -> None:
    for other in _others_for_date(database, submission):
        if state_of(database, other) == "accepted":
            chain.append(database, "superseded", actor=actor, submission=other, data={"by": submission})


def decide(database: Database, submission: int, what: str, *, actor: str, reason: str) -> None:
    """Accept, return or withdraw a submission.

    Args:
        database: where.
        submission: its id.
        what: `accepted`, `returned` or `withdrawn`.
        actor: who decides; never the sender where the dataset asks for approval.
        reason: why; needed for returning and withdrawing.

    Raises:
        UsageError: the reason is missing, or the state does not allow it.
    """
    verb = {"accepted": "accept", "returned": "return", "withdrawn": "withdraw"}[what]
    if what != "accepted" and not reason.strip():
        raise problems.usage("needs-reason", what=verb)
    with database.transaction():
        found = find(database, submission)
        allowed = _ALLOWED[what]
        wrong = found.state not in allowed if allowed else found.state == "withdrawn"
        if wrong or (what == "accepted" and found.root is None):
            names = ", ".join(allowed or ("received", "accepted", "returned", "pending"))
            raise problems.usage("wrong-state", submission=found.name, state=found.state, what=verb, allowed=names)
        approval = database.value(
            "SELECT d.approval FROM submission s JOIN dataset d ON d.id = s.dataset WHERE s.id = ?", [submission]
        )
        if what == "accepted" and approval and actor == found.sent_by:
            raise problems.usage("own-submission", actor=actor)
        chain.append(database, what, actor=actor, submission=submission, reason=reason, data={"root": found.root})
        if what == "accepted":
            _supersede(database, submission, actor)
        elif found.state == "accepted":
            _reinstate(database, submission, actor)


def _reinstate(database: Database, submission: int, actor: str) -> None:
    """Accept again what a submission had superseded, now that it no longer stands."""
    for other in _others_for_date(database, submission):
        by = database.value(
            "SELECT data FROM event WHERE submission = ? AND what = 'superseded' ORDER BY id DESC LIMIT 1", [other]
        )
        if state_of(database, other) == "superseded" and by and json.loads(by).get("by") == submission:
            chain.append(database, "accepted", actor=actor, submission=other, data={"reinstated": True})


def redact(database: Database, submission: int, *, actor: str, reason: str) -> None:
    """Take away the bytes and the content of a submission: hashes, events and the gap stay.

    What another submission holds too stays for it.

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
            ) or database.value('SELECT 1 FROM "check" WHERE submission <> ? AND report_sha = ?', [submission, sha]):
                shas.discard(sha)
        alone = database.all(
            "SELECT r.id, r.sha FROM member m JOIN record r ON r.id = m.record WHERE m.submission = ? AND NOT EXISTS"
            " (SELECT 1 FROM member o WHERE o.record = m.record AND o.submission <> m.submission)",
            [submission],
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


def outcome_of(database: Database, submission: int) -> Outcome | None:
    """Return the outcome of a submission's first check, or None where it was redacted or not checked yet."""
    sha = database.value('SELECT report_sha FROM "check" WHERE submission = ? ORDER BY id LIMIT 1', [submission])
    data = blobs.get(database, sha) if sha else None
    return Outcome.from_dict(json.loads(data)) if data is not None else None


def report_of(database: Database, submission: int) -> Report | None:
    """Return the report of a submission's first check, or None where it was redacted or not checked yet."""
    outcome = outcome_of(database, submission)
    if outcome is None:
        return None
    from bicentennial.report import Report

    return Report.of(outcome, "violation", None)


def receipt(database: Database, submission: int) -> dict[str, Any]:
    """Return what proves, years later and without the registry, what was handed in and when."""
    found = find(database, submission)
    events: list[Event] = list(chain.events(database, "WHERE submission = ?", [submission]))
    return {
        "format": RECEIPT,
        "registry": database.value("SELECT value FROM meta WHERE key = 'registry'"),
        "submission": {"id": found.id, "name": found.name, "issued": found.issued, "file": found.file},
        "sha256": found.file_sha256,
        "received_at": found.received_at,
        "events": [event.to_dict() for event in events if event.what == "received"],
    }


def actor_of(given: str | None) -> str:
    """Return who acts: the name given, or the user of this process."""
    if given:
        return given
    try:
        return getpass.getuser()
    except (KeyError, OSError):
        return "?"
