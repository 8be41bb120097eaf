"""Whether a registry still holds what it was given: every byte of files, records, verdicts and events is looked at."""

from __future__ import annotations

import json
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from bicentennial.monitoring import blobs, chain, content, problems
from bicentennial.monitoring.workflow import RECEIPT

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from bicentennial.monitoring.database import Database

__all__ = ["Fault", "proves", "verify"]


@dataclass(frozen=True, slots=True)
class Fault:
    """Something that is not what it was: in which table, which row, and what is wrong with it."""

    table: str
    row: str
    kind: str

    def to_dict(self) -> dict[str, str]:
        """Return the fault as JSON holds it."""
        return {"table": self.table, "row": self.row, "kind": self.kind}


def verify(database: Database) -> list[Fault]:
    """Return what was changed or is missing; nothing, if all is as it was received."""
    with database.snapshot():
        redacted = {str(sha) for (sha,) in database.all("SELECT sha FROM redacted")}
        said = _said_redacted(database)
        faults = [Fault("event", str(number), kind) for kind, number in chain.faults(database)]
        faults += [Fault("redacted", sha, "not-in-chain") for sha in sorted(redacted - said)]
        faults += _blobs(database, redacted & said)
        faults += _records(database, redacted & said)
        faults += _submissions(database)
        faults += _members(database)
    return faults


def _said_redacted(database: Database) -> set[str]:
    found: set[str] = set()
    for event in chain.events(database, "WHERE what = 'redacted'"):
        found |= {*event.data.get("blobs", []), *event.data.get("records", [])}
    return found


def _blobs(database: Database, redacted: set[str]) -> Iterator[Fault]:
    needed = {str(sha) for (sha,) in database.all("SELECT file_sha FROM submission")}
    needed |= {str(sha) for (sha,) in database.all("SELECT mapping_sha FROM submission") if sha}
    needed |= {str(sha) for (sha,) in database.all('SELECT report_sha FROM "check"')}
    there = {str(sha) for (sha,) in database.all("SELECT DISTINCT sha FROM blob")}
    for sha in sorted(needed - there - redacted):
        yield Fault("blob", sha, "missing")
    for sha in sorted(there):
        if blobs.get(database, sha) is None:
            yield Fault("blob", sha, "changed")
        elif sha not in needed:
            yield Fault("blob", sha, "not-received")


def _records(database: Database, redacted: set[str]) -> Iterator[Fault]:
    for number, sha, body in database.all("SELECT id, sha, body FROM record"):
        if sha in redacted and not body:
            continue
        if content.hash_of_record(body) != sha:
            yield Fault("record", str(number), "changed")


def _submissions(database: Database) -> Iterator[Fault]:
    received = {event.submission: event for event in chain.events(database, "WHERE what = 'received'")}
    columns = (
        "id, dataset, number, issued, issued_until, received_at, sent_by, note, file_name, file_sha, file_bytes,"
        " mapping_sha, partial, previous"
    )
    rows = {row[0]: row for row in database.all(f"SELECT {columns} FROM submission")}  # noqa: S608 - constants
    for number, event in received.items():
        if number not in rows:
            yield Fault("submission", str(number), "missing")
        elif chain.digest(list(rows[number])) != event.data.get("row"):
            yield Fault("submission", str(number), "changed")
    for number in sorted(set(rows) - set(received)):
        yield Fault("submission", str(number), "not-received")
    yield from _checks(database)


def _checks(database: Database) -> Iterator[Fault]:
    columns = "id, submission, at, rules, version, engine, conforms, exit_code, counts, report_sha"
    rows = {chain.digest(list(row)): row[0] for row in database.all(f'SELECT {columns} FROM "check"')}  # noqa: S608
    events = chain.events(database, "WHERE what IN ('checked', 'rechecked')")
    said = {event.data.get("check"): event.submission for event in events}
    for digest, submission in said.items():
        if digest not in rows:
            yield Fault("check", f"submission {submission}", "changed")
    for digest, number in rows.items():
        if digest not in said:
            yield Fault("check", str(number), "changed")


def _members(database: Database) -> Iterator[Fault]:
    for event in chain.events(database, "WHERE what = 'checked'"):
        number, root = event.submission, event.data.get("root")
        if root is None or number is None:
            continue
        row = database.one("SELECT root, places FROM content WHERE submission = ?", [number])
        if row is None:
            yield Fault("content", str(number), "missing")
            continue
        if row[0] != root or chain.digest([number, *row]) != event.data.get("content"):
            yield Fault("content", str(number), "changed")
        if content.root_of(content.members(database, number).items()) != root:
            yield Fault("member", f"submission {number}", "changed")


def proves(receipt: Mapping[str, Any], data: bytes) -> bool:
    """Tell whether a receipt is whole and is that of these bytes; no registry is needed.

    Raises:
        UsageError: it is no receipt.
    """
    try:
        events = [chain.Event(**event) for event in receipt["events"]]
        whole = receipt["format"] == RECEIPT and bool(events)
    except (KeyError, TypeError) as error:
        raise problems.usage("unreadable-receipt", file="receipt") from error
    if not whole:
        raise problems.usage("unreadable-receipt", file="receipt")
    received = events[0]
    return (
        all(event.is_sealed() for event in events)
        and received.what == "received"
        and received.data["file"] == receipt["sha256"] == blobs.sha_of(data)
        and received.data["issued"] == receipt["submission"]["issued"]
    )


def read_receipt(text: str, file: str) -> dict[str, Any]:
    """Return a receipt, or the part of an answer of `registry submit` that is one.

    Raises:
        UsageError: it is none.
    """
    try:
        found = json.loads(text)
        found = found.get("submission", {}).get("receipt", found) if "format" not in found else found
        assert isinstance(found, dict)
    except (ValueError, AttributeError, AssertionError) as error:
        raise problems.usage("unreadable-receipt", file=file) from error
    return found
