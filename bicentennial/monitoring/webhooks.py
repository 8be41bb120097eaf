"""Webhooks: messages to addresses on what became of submissions, each signed, and repeated until it arrives.

The outbox in the database holds what is still to be sent, so that nothing is lost by a restart and several machines
share the work. A message says which submission reached which state, and nothing of its content. It is sent to the
addresses of the settings alone: to public ones, or in networks that the settings name; redirects are not followed.

The signature is over the time and the body, so that an old message cannot be sent again by another:

>>> signature("secret", "1700000000", "{}")
'sha256=b8569b78799ff9e3cbff0fc2d63a33a2b57f3282abd07c37ae5e8e7d79a5f163'
"""

from __future__ import annotations

import hashlib
import hmac
import http.client
import json
import socket
import ssl
import time
from datetime import UTC, datetime, timedelta
from ipaddress import ip_address, ip_network
from typing import TYPE_CHECKING, Any, Final
from urllib.parse import urlsplit

from bicentennial.core.resources import version
from bicentennial.monitoring.store import chain
from bicentennial.monitoring.store.dates import now, written

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from bicentennial.monitoring.store.database import Database

__all__ = ["deliver", "signature"]

_TOLD: Final = ("accepted", "returned", "pending", "superseded", "withdrawn", "rechecked", "redacted")
_WAITS: Final = (60, 300, 1800, 7200, 21_600, 86_400)
"""Seconds after each attempt until the next; after the last of them a message is given up."""
_CLAIM: Final = 120
"""Seconds for which a message belongs to the process that sends it."""
_AT_ONCE: Final = 20
_TIMEOUT: Final = 10.0
_LONGEST: Final = 200


def signature(secret: str, timestamp: str, body: str) -> str:
    """Return what the header `X-Bicentennial-Signature` of a message holds: HMAC-SHA-256 over time, dot and body."""
    return "sha256=" + hmac.new(secret.encode(), f"{timestamp}.{body}".encode(), hashlib.sha256).hexdigest()


def deliver(database: Database, addresses: Mapping[str, str], networks: Sequence[str] = ()) -> int:
    """Send what is due, and return how many messages arrived.

    Args:
        database: the registry's.
        addresses: where to send it, each with the secret that signs; a new one gets what happens from now on.
        networks: networks that are not public and may be sent to all the same.

    Raises:
        DatabaseError: the database is away, read-only or full.
    """
    if not addresses:
        return 0
    _fill(database, addresses)
    arrived = 0
    for number, address, body, attempts in _claimed(database, addresses):
        problem = _send(address, addresses[address], number, body, networks)
        arrived += problem is None
        _note(database, number, attempts, problem)
    return arrived


def _fill(database: Database, addresses: Mapping[str, str]) -> None:
    """Put into the outbox what has not been sent to each address yet."""
    known = dict(database.all("SELECT address, max(event) FROM outbox GROUP BY address"))
    first = min(known.get(address, -1) for address in addresses)
    kinds = ", ".join(f"'{what}'" for what in _TOLD)
    # Events of which nothing is sent would otherwise take the writer's lock again and again.
    last = database.value(f"SELECT max(id) FROM event WHERE id > ? AND what IN ({kinds})", [first])  # noqa: S608 - constants
    if last is None and first >= 0:
        return
    with database.transaction():
        known = dict(database.all("SELECT address, max(event) FROM outbox GROUP BY address"))
        for address in addresses:
            seen = known.get(address)
            if seen is None:  # what was before is not sent; the row says from where on
                _add(database, address, last or 0, "", sent_at=now())
                continue
            for event in chain.events(database, "WHERE id > ?", [seen]):
                if event.what in _TOLD and event.submission is not None:
                    _add(database, address, event.id, _body(database, event))


def _add(database: Database, address: str, event: int, body: str, *, sent_at: str | None = None) -> None:
    database.execute(
        "INSERT INTO outbox(address, event, body, next_at, sent_at) VALUES (?, ?, ?, ?, ?) ON CONFLICT DO NOTHING",
        [address, event, body, now(), sent_at],
    )


def _body(database: Database, event: chain.Event) -> str:
    row = database.one(
        "SELECT d.submitter, d.name, s.number, s.issued FROM submission s JOIN dataset d ON d.id = s.dataset"
        " WHERE s.id = ?",
        [event.submission],
    )
    assert row is not None
    submitter, dataset, number, issued = row
    about = {
        "id": event.submission, "name": f"{submitter}/{dataset}/{number}", "submitter": submitter, "dataset": dataset,
        "number": number, "issued": issued,
    }  # fmt: skip
    registry = database.value("SELECT value FROM meta WHERE key = 'registry'")
    message = {"registry": registry, "event": event.id, "at": event.at, "what": event.what, "submission": about}
    return json.dumps(message, ensure_ascii=False, separators=(",", ":"))


def _claimed(database: Database, addresses: Mapping[str, str]) -> list[tuple[int, str, str, int]]:
    """Return the messages that are due, which no other process sends for a while."""
    marks = ", ".join("?" * len(addresses))
    due = (
        "SELECT id, address, body, attempts FROM outbox WHERE sent_at IS NULL AND given_up_at IS NULL"  # noqa: S608
        f" AND next_at <= ? AND address IN ({marks}) ORDER BY id LIMIT {_AT_ONCE}"
    )
    if not database.all(due, [now(), *addresses]):
        return []
    with database.transaction():
        found = database.all(due, [now(), *addresses])
        for number, *_ in found:
            database.execute("UPDATE outbox SET next_at = ? WHERE id = ?", [_after(_CLAIM), number])
    return [(int(number), str(address), str(body), int(attempts)) for number, address, body, attempts in found]


def _note(database: Database, number: int, attempts: int, problem: str | None) -> None:
    """Keep what came of an attempt: it arrived, is tried again, or is given up."""
    with database.transaction():
        if problem is None:
            database.execute(
                "UPDATE outbox SET sent_at = ?, attempts = ?, problem = NULL WHERE id = ?",
                [now(), attempts + 1, number],
            )
        elif attempts < len(_WAITS):
            database.execute(
                "UPDATE outbox SET attempts = ?, next_at = ?, problem = ? WHERE id = ?",
                [attempts + 1, _after(_WAITS[attempts]), problem, number],
            )
        else:
            database.execute(
                "UPDATE outbox SET attempts = ?, given_up_at = ?, problem = ? WHERE id = ?",
                [attempts + 1, now(), problem, number],
            )


def _after(seconds: int) -> str:
    return written(datetime.now(UTC) + timedelta(seconds=seconds))


def _send(address: str, secret: str, number: int, body: str, networks: Sequence[str]) -> str | None:
    """Send a message, and return what went wrong, or None if it arrived."""
    timestamp = str(int(time.time()))
    headers = {
        "Content-Type": "application/json",
        "User-Agent": f"bicentennial/{version()}",
        "X-Bicentennial-Delivery": str(number),
        "X-Bicentennial-Timestamp": timestamp,
        "X-Bicentennial-Signature": signature(secret, timestamp, body),
    }
    parts = urlsplit(address)
    connection: http.client.HTTPConnection | None = None
    try:
        connection = _connection(parts, networks)
        path = (parts.path or "/") + (f"?{parts.query}" if parts.query else "")
        connection.request("POST", path, body.encode(), headers)
        status = connection.getresponse().status
    except (OSError, http.client.HTTPException, ValueError) as error:
        return f"{type(error).__name__}: {error}"[:_LONGEST]
    finally:
        if connection is not None:
            connection.close()
    # A redirect is no arrival either: where it leads is not allowed.
    return None if 200 <= status < 300 else f"HTTP {status}"


def _connection(parts: Any, networks: Sequence[str]) -> http.client.HTTPConnection:
    """Return a connection to an address that was looked at: the name is resolved once, so it cannot change meanwhile.

    Raises:
        OSError: it cannot be reached, or lies where nothing may be sent to.
    """
    is_tls = parts.scheme == "https"
    port = parts.port or (443 if is_tls else 80)
    found = socket.getaddrinfo(parts.hostname, port, type=socket.SOCK_STREAM)
    hosts = [str(each[4][0]) for each in found]
    refused = [host for host in hosts if not _may_reach(host, networks)]
    if refused or not hosts:
        raise OSError(f"{', '.join(refused)}: not a public address, and in none of the networks allowed")
    connection: http.client.HTTPConnection
    if is_tls:
        connection = http.client.HTTPSConnection(parts.hostname, port, timeout=_TIMEOUT)
    else:
        connection = http.client.HTTPConnection(parts.hostname, port, timeout=_TIMEOUT)
    opened = socket.create_connection((hosts[0], port), timeout=_TIMEOUT)
    if is_tls:
        try:
            opened = ssl.create_default_context().wrap_socket(opened, server_hostname=parts.hostname)
        except BaseException:
            opened.close()
            raise
    connection.sock = opened
    return connection


def _may_reach(host: str, networks: Sequence[str]) -> bool:
    """Return whether an address may be sent to.

    >>> _may_reach("127.0.0.1", []), _may_reach("127.0.0.1", ["127.0.0.0/8"]), _may_reach("1.1.1.1", [])
    (False, True, True)
    >>> _may_reach("::ffff:10.0.0.1", []), _may_reach("169.254.169.254", []), _may_reach("64:ff9b::a00:1", [])
    (False, False, False)
    """
    address = ip_address(host.partition("%")[0])
    address = getattr(address, "ipv4_mapped", None) or address
    if any(address in ip_network(each, strict=False) for each in networks):
        return True
    # Addresses that a gateway turns into others say nothing of where they lead.
    translated = ip_network("64:ff9b::/96"), ip_network("2002::/16")
    return address.is_global and not address.is_multicast and not any(address in each for each in translated)
