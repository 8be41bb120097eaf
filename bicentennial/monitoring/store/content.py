"""What a submission says: a map from subjects to records, each record stored once, and one hash over all of it."""

from __future__ import annotations

import hashlib
import json
from itertools import islice
from typing import TYPE_CHECKING, Any, Final, NamedTuple

from bicentennial.monitoring.store import facts

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

    from bicentennial.monitoring.store.database import Database

__all__ = ["Held", "Member", "Stored", "hash_of_record", "hash_of_rows", "members", "root_of", "store"]

_CHUNK: Final = 5_000
_RECORDS: Final = "SELECT sha, id FROM record WHERE sha IN (*)"
_SUBJECTS: Final = "SELECT name, id FROM subject WHERE dataset = ? AND name IN (*)"


class Member(NamedTuple):
    """One line of what a worker writes: a subject, its classes, what is said of it, and where it stands."""

    name: str
    classes: list[str]
    body: str
    sheet: int | None
    row: int | None


class Held(NamedTuple):
    """One subject of a submission: the hash of its record, and where it stands."""

    name: str
    sha: str
    sheet: int | None
    row: int | None


class Stored(NamedTuple):
    """What stands for the content of a submission: the root of its records, and the hash of their places."""

    root: str
    rows: str


def hash_of_record(body: str) -> str:
    """Return the hash under which a record is stored."""
    return hashlib.sha256(body.encode("utf-8", "surrogatepass")).hexdigest()


def root_of(pairs: Iterable[tuple[str, str]]) -> str:
    """Return the hash over subjects and the hashes of their records, whatever their order.

    >>> root_of([("b", "2"), ("a", "1")]) == root_of([("a", "1"), ("b", "2")])
    True
    """
    total = hashlib.sha256()
    for name, sha in sorted(pairs):
        total.update(f"{name}\t{sha}\n".encode("utf-8", "surrogatepass"))
    return total.hexdigest()


def hash_of_rows(rows: Iterable[tuple[str, int | None, int | None]]) -> str:
    """Return the hash over where each subject stands in its file, whatever their order."""
    total = hashlib.sha256()
    for name, sheet, row in sorted(rows, key=lambda each: each[0]):
        total.update(f"{name}\t{sheet}\t{row}\n".encode("utf-8", "surrogatepass"))
    return total.hexdigest()


def store(
    database: Database, dataset: int, submission: int, lines: Iterable[str], places: str, base: int | None
) -> Stored:
    """Store the records of a submission, inside the caller's transaction, and return the hashes of them.

    Args:
        database: where.
        dataset: the dataset's number; subjects belong to it.
        submission: the submission's number.
        lines: `[subject, classes, body, sheet, row]` as JSON, one a line.
        places: what the numbers of sheets stand for, as JSON.
        base: the submission whose other subjects are carried over, if this one is partial.
    """
    pairs: dict[str, str] = {}
    rows: list[tuple[str, int | None, int | None]] = []
    read = (Member(*json.loads(line)) for line in lines)
    while chunk := list(islice(read, _CHUNK)):
        pairs.update(_store(database, dataset, submission, chunk))
        rows += [(each.name, each.sheet, each.row) for each in chunk]
    if base is not None:
        carried = dict(_carried(database, submission, base, set(pairs)))
        rows += [(name, None, None) for name in carried]
        pairs |= carried
    root = root_of(pairs.items())
    database.execute("INSERT INTO content(submission, root, places) VALUES (?, ?, ?)", [submission, root, places])
    return Stored(root, hash_of_rows(rows))


def _store(database: Database, dataset: int, submission: int, chunk: list[Member]) -> Iterator[tuple[str, str]]:
    shas = {each.name: hash_of_record(each.body) for each in chunk}
    records = _records(database, {shas[each.name]: each for each in chunk})
    subjects = _subjects(database, dataset, [each.name for each in chunk])
    database.executemany(
        "INSERT INTO member(submission, subject, record, sheet, row_number) VALUES (?, ?, ?, ?, ?)",
        [(submission, subjects[each.name], records[shas[each.name]], each.sheet, each.row) for each in chunk],
    )
    yield from shas.items()


def _records(database: Database, wanted: dict[str, Member]) -> dict[str, int]:
    known = _numbers(database, _RECORDS, wanted)
    _restore(database, wanted)
    new = {sha: each for sha, each in wanted.items() if sha not in known}
    if new:
        database.executemany(
            "INSERT INTO record(sha, kind, body) VALUES (?, ?, ?) ON CONFLICT DO NOTHING",
            [(sha, facts.kind_of(each.classes), each.body) for sha, each in new.items()],
        )
        made = _numbers(database, _RECORDS, new)
        known |= made
        facts.add_facts(database, [(made[sha], facts.kind_of(each.classes), each.body) for sha, each in new.items()])
    return known


def _restore(database: Database, wanted: dict[str, Member]) -> None:
    """Give records that were redacted their bodies back: a later submission says the same, and is not redacted."""
    if database.value("SELECT 1 FROM redacted LIMIT 1") is None:
        return
    empty = _numbers(database, "SELECT sha, id FROM record WHERE body = '' AND sha IN (*)", wanted)
    again = [(number, wanted[sha]) for sha, number in empty.items() if wanted[sha].body]
    database.executemany("UPDATE record SET body = ? WHERE id = ?", [(each.body, number) for number, each in again])
    facts.add_facts(database, [(number, facts.kind_of(each.classes), each.body) for number, each in again])


def _subjects(database: Database, dataset: int, names: list[str]) -> dict[str, int]:
    known = _numbers(database, _SUBJECTS, names, [dataset])
    new = [name for name in names if name not in known]
    if new:
        database.executemany(
            "INSERT INTO subject(dataset, name) VALUES (?, ?) ON CONFLICT DO NOTHING", [(dataset, name) for name in new]
        )
        known |= _numbers(database, _SUBJECTS, new, [dataset])
    return known


def _numbers(database: Database, query: str, texts: Iterable[str], before: Sequence[Any] = ()) -> dict[str, int]:
    return {text: number for text, number in database.all_in(query, texts, before)}  # noqa: C416 - rows of any length


def _carried(database: Database, submission: int, base: int, said: set[str]) -> Iterator[tuple[str, str]]:
    rows = database.all(
        "SELECT u.name, r.sha, m.subject, m.record FROM member m JOIN subject u ON u.id = m.subject"
        " JOIN record r ON r.id = m.record WHERE m.submission = ?",
        [base],
    )
    kept = [row for row in rows if row[0] not in said]
    database.executemany(
        "INSERT INTO member(submission, subject, record, sheet, row_number) VALUES (?, ?, ?, NULL, NULL)",
        [(submission, subject, record) for _, _, subject, record in kept],
    )
    return ((name, sha) for name, sha, _, _ in kept)


def members(database: Database, submission: int) -> list[Held]:
    """Return the subjects of a submission with the hashes of their records and their places."""
    rows = database.all(
        "SELECT u.name, r.sha, m.sheet, m.row_number FROM member m JOIN subject u ON u.id = m.subject"
        " JOIN record r ON r.id = m.record WHERE m.submission = ?",
        [submission],
    )
    return [Held(*row) for row in rows]
