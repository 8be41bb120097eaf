"""Whether a registry still holds what it was given: every byte of files, records, verdicts and events is looked at."""

from __future__ import annotations

import json
from collections import Counter
from decimal import Decimal
from typing import TYPE_CHECKING, Any

from bicentennial.core.errors import DatabaseError
from bicentennial.monitoring.integrity.faults import Fault
from bicentennial.monitoring.integrity.settings import settings
from bicentennial.monitoring.store import blobs, chain, content, facts, problems
from bicentennial.monitoring.workflow.receiving import RECEIPT

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from bicentennial.monitoring.store.database import Database

__all__ = ["Fault", "proves", "verify"]


def verify(database: Database) -> list[Fault]:
    """Return what was changed or is missing; nothing, if all is as it was received."""
    # An index that misses rows gives wrong answers, and no row shows it.
    damage = [Fault("database", each, "damaged") for each in database.damage()]
    try:
        with database.snapshot():
            return damage + _changes(database)
    except DatabaseError:
        if not damage:
            raise
        return damage


def _changes(database: Database) -> list[Fault]:
    rows = dict(database.all("SELECT sha, event FROM redacted"))
    events = _said_redacted(database)
    redacted, said = set(rows), {sha for sha in events if rows.get(sha) == events[sha]}
    faults = [Fault("event", str(number), kind) for kind, number in chain.faults(database)]
    faults += [Fault("redacted", sha, "not-in-chain") for sha in sorted(redacted - said)]
    faults += _blobs(database, redacted & said)
    faults += _records(database, redacted & said)
    faults += _submissions(database)
    faults += _members(database)
    faults += _facts(database)
    faults += settings(database)
    return faults


def _said_redacted(database: Database) -> dict[str, int]:
    """Return the hash of what was redacted, and the event that says so."""
    found: dict[str, int] = {}
    for event in chain.events(database, "WHERE what = 'redacted'"):
        for sha in (*event.data.get("blobs", []), *event.data.get("records", [])):
            found.setdefault(sha, event.id)
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
    for number, sha, kind, body in database.all("SELECT id, sha, kind, body FROM record"):
        if sha in redacted and not body:
            continue
        if content.hash_of_record(body) != sha or facts.kind_of_body(body) != kind:
            yield Fault("record", str(number), "changed")


def _facts(database: Database) -> Iterator[Fault]:
    """Yield where the columns for questions are not what the records say; they can be made again."""
    expected = facts.derived(database.all("SELECT id, kind, body FROM record"))
    for table, columns in facts.TABLES.items():
        there = Counter(map(_plain, database.all(f"SELECT {columns} FROM {table}")))  # noqa: S608 - constants
        wrong = {row[0] for row in (there - Counter(map(_plain, expected[table])))}
        wrong |= {row[0] for row in (Counter(map(_plain, expected[table])) - there)}
        yield from (Fault(table, f"record {number:.0f}", "not-derived") for number in sorted(wrong))


def _plain(row: tuple[Any, ...]) -> tuple[Any, ...]:
    """Return a row with its numbers as both databases give them."""
    return tuple(float(value) if isinstance(value, int | Decimal) else value for value in row)


def _submissions(database: Database) -> Iterator[Fault]:
    received = {event.submission: event for event in chain.events(database, "WHERE what = 'received'")}
    columns = (
        "id, dataset, number, issued, issued_until, received_at, sent_by, note, file_name, file_sha, file_bytes,"
        " mapping_sha, partial, previous"
    )
    rows = {row[0]: row for row in database.all(f"SELECT {columns} FROM submission")}  # noqa: S608 - constants
    datasets = {number: (submitter, name) for number, submitter, name in database.all(
        "SELECT id, submitter, name FROM dataset")}  # fmt: skip
    for number, event in received.items():
        if number in rows and datasets.get(rows[number][1]) != tuple(map(event.data.get, ("submitter", "dataset"))):
            yield Fault("dataset", str(rows[number][1]), "changed")
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
    strangers = database.all(
        "SELECT DISTINCT u.id FROM member m JOIN subject u ON u.id = m.subject JOIN submission s ON s.id = m.submission"
        " WHERE u.dataset <> s.dataset ORDER BY u.id"
    )
    yield from (Fault("subject", str(number), "changed") for (number,) in strangers)
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
        members = content.members(database, number)
        its_root = content.root_of((each.name, each.sha) for each in members)
        rows = content.hash_of_rows((each.name, each.sheet, each.row) for each in members)
        # The first registries said nothing of rows.
        if its_root != root or rows != (event.data.get("rows") or rows):
            yield Fault("member", f"submission {number}", "changed")


def proves(receipt: Mapping[str, Any], data: bytes) -> bool:
    """Return whether a receipt is whole and is that of these bytes; no registry is needed.

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
