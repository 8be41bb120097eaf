"""Who may hand in, how datasets are treated and who holds tokens, as the chain of events says it and as the tables do.

These tables are changed as the office decides; each decision is an event, so that a change without one is found.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

from bicentennial.monitoring.access import tokens
from bicentennial.monitoring.integrity.faults import Fault
from bicentennial.monitoring.store import chain

if TYPE_CHECKING:
    from collections.abc import Iterator

    from bicentennial.monitoring.store.database import Database

__all__ = ["settings"]

_DEFAULTS: Final[dict[str, Any]] = {"title": "", "approval": 0, "partial": 0, "cadence": None, "embargo": None}


def settings(database: Database) -> Iterator[Fault]:
    """Yield what the tables say otherwise than the events."""
    yield from _submitters(database)
    yield from _datasets(database)
    yield from _tokens(database)
    said = [event.data["base"] for event in chain.events(database, "WHERE what = 'base'")]
    if database.value("SELECT value FROM meta WHERE key = 'base'") != (said[-1] if said else None):
        yield Fault("meta", "base", "changed")


def _submitters(database: Database) -> Iterator[Fault]:
    said = {}
    for event in chain.events(database, "WHERE what = 'party'"):
        said[event.data.get("submitter")] = tuple(event.data.get(each) for each in ("name", "kind", "iri"))
    there = {row[0]: row[1:] for row in database.all("SELECT id, name, kind, iri FROM submitter")}
    yield from _differing("submitter", said, there)


def _datasets(database: Database) -> Iterator[Fault]:
    """Hold the settings against the events; that a dataset is there is said by its submissions too."""
    said: dict[tuple[str, str], dict[str, Any]] = {}
    for event in chain.events(database, "WHERE what IN ('dataset', 'received')"):
        key = str(event.data.get("submitter")), str(event.data.get("dataset"))
        made = said.setdefault(key, dict(_DEFAULTS))
        if event.what == "dataset":
            made |= {name: event.data[name] for name in _DEFAULTS if name in event.data}
    rows = database.all(f"SELECT submitter, name, {', '.join(_DEFAULTS)} FROM dataset")  # noqa: S608 - constants
    there = {(row[0], row[1]): row[2:] for row in rows}
    yield from _differing("dataset", {key: tuple(made.values()) for key, made in said.items()}, there)


def _tokens(database: Database) -> Iterator[Fault]:
    said: dict[Any, tuple[Any, ...]] = {}
    for event in chain.events(database, "WHERE what IN ('token', 'token-revoked')"):
        identifier = event.data.get("token")
        if event.what == "token":
            scopes = " ".join(event.data.get("scopes", ()))
            said[identifier] = (
                event.data.get("submitter"),
                scopes,
                event.data.get("expires"),
                event.data.get("seal"),
                False,
            )
        elif identifier in said:
            said[identifier] = (*said[identifier][:-1], True)
    there: dict[Any, tuple[Any, ...]] = {}
    for row in database.all("SELECT id, submitter, scopes, expires, secret_sha256, created_at, revoked FROM token"):
        identifier, submitter, scopes, expires, secret, created_at, revoked = row
        sealed: str | None = tokens.seal(identifier, secret, created_at)
        if identifier in said and said[identifier][3] is None:  # the first events said nothing of secrets
            sealed = None
        there[identifier] = submitter, scopes, expires, sealed, revoked is not None
    yield from _differing("token", said, there)


def _differing(table: str, said: dict[Any, tuple[Any, ...]], there: dict[Any, tuple[Any, ...]]) -> Iterator[Fault]:
    for key in sorted({*said, *there}, key=str):
        name = "/".join(key) if isinstance(key, tuple) else str(key)
        if key not in there:
            yield Fault(table, name, "missing")
        elif key not in said:
            yield Fault(table, name, "not-received")
        elif said[key] != there[key]:
            yield Fault(table, name, "changed")
