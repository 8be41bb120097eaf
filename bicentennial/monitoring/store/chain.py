"""The chain of events: what happened, in an order that cannot be changed afterwards without being seen.

Each event holds the hash of the one before it and its own, over all its fields. The last hash is kept in `meta` too, so
that an event missing at the end is noticed.

>>> event = Event(1, "2024-04-01T00:00:00.000000Z", "UNODC", "received", 1, "", {"file": "ab"}, "").sealed()
>>> event.is_sealed(), event._replace(actor="FGR").is_sealed()
(True, False)
"""

from __future__ import annotations

import hashlib
import json
from typing import TYPE_CHECKING, Any, NamedTuple

from bicentennial.monitoring.store.dates import now

if TYPE_CHECKING:
    from collections.abc import Iterator

    from bicentennial.monitoring.store.database import Database

__all__ = ["Event", "append", "canonical", "digest", "events", "faults"]

_COLUMNS = "id, at, actor, what, submission, reason, data, prev, hash"


def canonical(value: object) -> str:
    """Return JSON in the one form that is hashed: sorted keys, no spaces."""
    return json.dumps(value, ensure_ascii=False, sort_keys=True, separators=(",", ":"))


def digest(value: object) -> str:
    """Return the SHA-256 of a value's canonical JSON."""
    return hashlib.sha256(canonical(value).encode("utf-8", "surrogatepass")).hexdigest()


class Event(NamedTuple):
    """One event: when it was learned, who caused it, what it was, of which submission, why, and with what data."""

    id: int
    at: str
    actor: str
    what: str
    submission: int | None
    reason: str
    data: dict[str, Any]
    prev: str
    hash: str = ""

    def sealed(self) -> Event:
        """Return the event with the hash over its other fields."""
        return self._replace(hash=self._digest())

    def is_sealed(self) -> bool:
        """Return whether the hash is that of the other fields."""
        return self.hash == self._digest()

    def _digest(self) -> str:
        return digest(list(self[:-1]))

    def to_dict(self) -> dict[str, Any]:
        """Return the event as JSON holds it."""
        return self._asdict()


def append(
    database: Database, what: str, *, actor: str, submission: int | None = None, reason: str = "", data: dict[str, Any]
) -> Event:
    """Add an event at the end of the chain, inside the caller's transaction.

    Its time is never before that of the event before it, even if the clock was set back.
    """
    last = database.one("SELECT id, at, hash FROM event ORDER BY id DESC LIMIT 1")
    number, before, prev = last or (0, "", "")
    event = Event(number + 1, max(now(), before), actor, what, submission, reason, data, prev).sealed()
    database.execute(
        f"INSERT INTO event({_COLUMNS}) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)",  # noqa: S608 - constant
        [*event[:6], canonical(data), event.prev, event.hash],
    )
    database.execute("DELETE FROM meta WHERE key = 'head'")
    database.execute("INSERT INTO meta(key, value) VALUES ('head', ?)", [f"{event.id} {event.hash}"])
    database.announce()
    return event


def events(database: Database, condition: str = "", parameters: list[Any] | None = None) -> Iterator[Event]:
    """Return events in their order; `condition` is SQL that follows `FROM event`."""
    for row in database.all(f"SELECT {_COLUMNS} FROM event {condition} ORDER BY id", parameters or []):  # noqa: S608 - of ours
        number, at, actor, what, submission, reason, data, prev, sealed = row
        yield Event(number, at, actor, what, submission, reason, _data(data), prev, sealed)


def _data(text: str) -> dict[str, Any]:
    try:
        found = json.loads(text)
    except ValueError:
        return {"unreadable": text}
    return found if isinstance(found, dict) else {"unreadable": text}


def faults(database: Database) -> Iterator[tuple[str, int]]:
    """Return what is wrong with the chain: the kind of fault and the event's number."""
    prev, number, at = "", 0, ""
    for event in events(database):
        if event.id != number + 1:
            yield "event-missing", number + 1
        elif event.prev != prev:
            yield "event-changed", event.id
        if not event.is_sealed():
            yield "event-changed", event.id
        if event.at < at:
            yield "event-out-of-order", event.id
        prev, number, at = event.hash, event.id, event.at
    head = database.value("SELECT value FROM meta WHERE key = 'head'")
    if head != (f"{number} {prev}" if number else None):
        yield "event-missing", number + 1
