"""Tokens: who may do what over the network. Only the hash of the secret is kept; a token is shown once.

>>> parts = split("bic_ab12_" + "0" * 64)
>>> parts
('ab12', '0000000000000000000000000000000000000000000000000000000000000000')
"""

from __future__ import annotations

import contextlib
import hashlib
import hmac
import re
import secrets
from dataclasses import asdict, dataclass
from typing import TYPE_CHECKING, Any, Final

from bicentennial.core.errors import ConflictError, OutputError
from bicentennial.monitoring.store import chain, problems
from bicentennial.monitoring.store.dates import earliest_day, last_day, now
from bicentennial.monitoring.workflow.parties import demand_submitter, refuse_other_case

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable

    from bicentennial.monitoring.store.database import Database
    from bicentennial.monitoring.store.dates import Day

__all__ = ["Token", "add", "allows", "check", "is_scope", "listed", "revoke", "seal", "split", "usable"]

_SCOPE: Final = re.compile(r"review|admin|(?:submit|read):[\w.-]+|submit:[\w.-]+/[\w.-]+", re.ASCII)
_TOKEN: Final = re.compile(r"bic_([0-9a-f]{4,16})_([0-9a-f]{64})", re.ASCII)


@dataclass(frozen=True, slots=True)
class Token:
    """A token as the registry knows it: never its secret."""

    id: str
    submitter: str | None
    scopes: tuple[str, ...]
    created_at: str
    expires: str | None
    used: str | None
    revoked: str | None

    def allows(self, scope: str) -> bool:
        """Return whether a scope is among those of the token; `admin` allows everything.

        >>> token = Token("a", "x", ("submit:x",), "", None, None, None)
        >>> token.allows("submit:x/d"), token.allows("submit:y/d"), token.allows("review")
        (True, False, False)
        """
        return allows(self.scopes, scope)

    def to_dict(self) -> dict[str, Any]:
        """Return the token as JSON holds it."""
        return asdict(self)


def allows(scopes: Collection[str], scope: str) -> bool:
    """Return whether some scopes include another: `admin` includes all, `submit:X` each `submit:X/DATASET`."""
    return "admin" in scopes or scope in scopes or scope.partition("/")[0] in scopes


def is_scope(text: str) -> bool:
    """Return whether a text is a scope.

    >>> is_scope("submit:ngo/a"), is_scope("read:ngo"), is_scope("read:ngo/a"), is_scope("everything")
    (True, True, False, False)
    """
    return _SCOPE.fullmatch(text) is not None


def split(text: str) -> tuple[str, str] | None:
    """Return the id and the secret of a token, or None if it is none."""
    found = _TOKEN.fullmatch(text)
    return (found[1], found[2]) if found else None


def add(
    database: Database, *, submitter: str | None, scopes: Iterable[str], expires: Day | None, actor: str
) -> tuple[Token, str]:
    """Make a token and return it with the text that its holder needs, which is kept nowhere.

    Raises:
        UsageError: a scope makes no sense or is about a submitter who is not there, or the day is over.
    """
    wanted = tuple(scopes)
    for scope in wanted:
        if not is_scope(scope):
            raise problems.usage("bad-scope", scope=scope)
        if of := scope.partition(":")[2]:
            its_submitter, _, dataset = of.partition("/")
            refuse_other_case(database, its_submitter, dataset)
            demand_submitter(database, its_submitter)
    if not wanted:
        raise problems.usage("bad-scope", scope="")
    at, until = now(), last_day(expires) if expires else None
    if until is not None and until < earliest_day():
        raise problems.usage("token-expired", day=until)
    identifier, secret = secrets.token_hex(4), secrets.token_hex(32)
    token = Token(identifier, submitter, wanted, at, until, None, None)
    with database.transaction():
        database.execute(
            "INSERT INTO token(id, secret_sha256, submitter, scopes, created_at, expires) VALUES (?, ?, ?, ?, ?, ?)",
            [identifier, _hash(secret), submitter, " ".join(wanted), token.created_at, token.expires],
        )
        data = {"token": identifier, "submitter": submitter, "scopes": list(wanted), "expires": token.expires}
        data["seal"] = seal(identifier, _hash(secret), token.created_at)
        chain.append(database, "token", actor=actor, data=data)
    return token, f"bic_{identifier}_{secret}"


def check(database: Database, text: str) -> Token | None:
    """Return the token that a text is, or None if it is none, has expired or was revoked.

    When it was last used is kept to the hour.
    """
    parts = split(text)
    if parts is None:
        return None
    identifier, secret = parts
    row = database.one("SELECT secret_sha256 FROM token WHERE id = ?", [identifier])
    if row is None or not hmac.compare_digest(str(row[0]), _hash(secret)):
        return None
    return usable(database, identifier)


def usable(database: Database, identifier: str) -> Token | None:
    """Return the token of an id, or None if there is none, it has expired or was revoked; note that it was used."""
    token = next(iter(listed(database, identifier)), None)
    at = now()
    if token is None or token.revoked or (token.expires and earliest_day() > token.expires):
        return None
    hour = at[:13]
    if token.used != hour:
        # Who reads goes on reading where nothing can be written: on a full disk, or while another writes for long.
        with contextlib.suppress(ConflictError, OutputError), database.transaction():
            database.execute("UPDATE token SET used = ? WHERE id = ?", [hour, identifier])
    return token


def listed(database: Database, identifier: str | None = None) -> list[Token]:
    """Return the tokens in the order in which they were made."""
    condition, values = ("WHERE id = ?", [identifier]) if identifier else ("", [])
    rows = database.all(
        f"SELECT id, submitter, scopes, created_at, expires, used, revoked FROM token {condition}"  # noqa: S608 - constants
        " ORDER BY created_at, id",
        values,
    )
    return [Token(row[0], row[1], tuple(str(row[2]).split()), *row[3:]) for row in rows]


def revoke(database: Database, identifier: str, *, actor: str) -> None:
    """Let a token open nothing from now on.

    Raises:
        UnknownNameError: there is none of this id.
    """
    if not listed(database, identifier):
        raise problems.unknown(identifier, [token.id for token in listed(database)][:3])
    with database.transaction():
        database.execute("UPDATE token SET revoked = ? WHERE id = ? AND revoked IS NULL", [now(), identifier])
        chain.append(database, "token-revoked", actor=actor, data={"token": identifier})


def seal(identifier: str, secret_sha256: str, created_at: str) -> str:
    """Return what the event of a token says of its secret, so that another one put in its place is found."""
    return chain.digest([identifier, secret_sha256, created_at])


def _hash(secret: str) -> str:
    return hashlib.sha256(secret.encode()).hexdigest()
