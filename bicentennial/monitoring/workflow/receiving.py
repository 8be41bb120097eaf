"""Receiving: what was handed in is kept under a number, and a receipt proves it."""

from __future__ import annotations

import re
from dataclasses import dataclass
from pathlib import PurePath
from typing import TYPE_CHECKING, Any, Final

from bicentennial.monitoring.store import blobs, chain
from bicentennial.monitoring.store.dates import last_day, now
from bicentennial.monitoring.store.submissions import Submission, find, state_of
from bicentennial.monitoring.workflow.stored import outcome_of

if TYPE_CHECKING:
    from bicentennial.monitoring.store.database import Database

__all__ = ["RECEIPT", "Handed", "receipt", "receive", "safe_name"]

RECEIPT: Final = "bicentennial receipt 1"
"""What a receipt calls its format."""
_UNSAFE: Final = re.compile(r"[\x00-\x1f\x7f/\\\ud800-\udfff]")
"""Surrogates stand for bytes of a name that is not in UTF-8, as names from other systems are."""
_LONGEST_NAME: Final = 120
_LONGEST_BYTES: Final = 180
_LONGEST_SUFFIX: Final = 16


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


def receive(
    database: Database, handed: Handed, *, number: int | None = None, received_at: str | None = None
) -> tuple[int, bool]:
    """Keep what was handed in, and return the submission's id, and whether it is new.

    It gets the next number of its dataset and the present moment, unless another registry has given it both already;
    the event that it was received is of now all the same.

    The same bytes for the same date and dataset are the same submission: nothing is added then.
    """
    with database.transaction():
        known = _same(database, handed) if number is None else None
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
            "received_at": received_at or now(),
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


def _same(database: Database, handed: Handed) -> Submission | None:
    """Return the submission of the same bytes for the same date and dataset that still stands, if there is one.

    One that was not checked because a limit was reached, as on a busy machine, does not keep the file out.
    """
    sha = blobs.sha_of(handed.data)
    mapping = blobs.sha_of(handed.mapping) if handed.mapping is not None else None
    rows = database.all(
        "SELECT id, mapping_sha FROM submission WHERE dataset = ? AND issued = ? AND file_sha = ? AND partial = ?"
        " ORDER BY id DESC",
        [handed.dataset, handed.issued, sha, int(handed.partial)],
    )
    for number, its_mapping in rows:
        state = state_of(database, number)
        if its_mapping != mapping or state in ("withdrawn", "superseded"):
            continue
        if state != "returned" or not _was_stopped(database, number):
            return find(database, number)
    return None


def _was_stopped(database: Database, submission: int) -> bool:
    """Return whether a limit kept a submission from being checked."""
    outcome = outcome_of(database, submission)
    return outcome is not None and "limit-reached" in outcome.totals


def receipt(database: Database, submission: int) -> dict[str, Any]:
    """Return what proves, years later and without the registry, what was handed in and when."""
    found = find(database, submission)
    events = list(chain.events(database, "WHERE submission = ?", [submission]))
    first = next(event for event in events if event.what == "received")
    # When another registry received it is its word; what is proved here is that it was brought in.
    is_imported = any(event.what == "imported" for event in events)
    return {
        "format": RECEIPT,
        "registry": database.value("SELECT value FROM meta WHERE key = 'registry'"),
        "submission": {"id": found.id, "name": found.name, "issued": found.issued, "file": found.file},
        "sha256": found.file_sha256,
        "received_at": first.at if is_imported else found.received_at,
        "events": [first.to_dict()],
    }


def safe_name(name: str) -> str:
    r"""Return the last part of a name, such that it can be that of a file here; the ending stays.

    >>> safe_name("C:\\reports\\q1.csv"), safe_name("acci\udcf3n.csv"), len(safe_name("漢" * 200 + ".csv"))
    ('q1.csv', 'acci_n.csv', 64)
    """
    last = _UNSAFE.sub("_", PurePath(name.replace("\\", "/")).name).strip() or "submission"
    if last in (".", ".."):
        return "submission"
    suffix = PurePath(last).suffix[:_LONGEST_SUFFIX]
    stem = last.removesuffix(suffix)[:_LONGEST_NAME].encode()[:_LONGEST_BYTES]  # file systems count bytes
    return f"{stem.decode(errors='ignore')}{suffix}"
