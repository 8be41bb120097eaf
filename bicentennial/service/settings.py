"""What can be set of a service: by the command line, or in a TOML file, whose keys are the names of the fields.

>>> Settings(file_bytes=1_000_000).file_bytes
1000000
"""

from __future__ import annotations

import tomllib
from dataclasses import dataclass, field, fields
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

from bicentennial.core.errors import UsageError
from bicentennial.core.messages import sentence
from bicentennial.core.reasons import reason

if TYPE_CHECKING:
    import os
    from collections.abc import Mapping

    from bicentennial.limits import Limits

__all__ = ["Settings"]

_MIB: Final = 1 << 20


@dataclass(frozen=True, slots=True, kw_only=True)
class Settings:
    """How a service runs.

    Args:
        registry: path or address of the registry; None for a service that only checks and explains.
        host: the address to listen on.
        port: the port; 0 lets the system choose one.
        base: the address under which visitors reach the service, such as `https://example.org/bicentennial`; names
            of datasets' graphs, feeds and the session cookie depend on it. That of the socket if None.
        hosts: further values of the header `Host` that are answered.
        proxies: addresses of proxies whose `X-Forwarded-*` headers are believed.
        user_header: a header in which such a proxy names who has signed in; None for none.
        users: whom such a proxy may name, each with their scopes: `"maria@example.org" = "review submit:example-ngo"`.
        file_bytes: how large a file may be.
        check_seconds: how long a check may take.
        check_memory: how many bytes of memory a check may use.
        checks: how many checks run at once; as many as there are processors if None.
        queue: how many checks may wait; above that the answer is 503.
        query_seconds: how long a SPARQL query may take.
        query_memory: how many bytes of memory a query may use.
        graphs: files (N-Quads, TriG) whose named graphs queries find beside those of the registry.
        request_seconds: how long a request may take to arrive; one with a file gets a second more for each 8 KiB.
        answer_seconds: how long an answer may lie without its client taking any of it.
        rate: requests a minute from one address.
        check_rate: checks and submissions a minute from one address.
        metrics_port: the port of `/metrics`, on the loopback address only; None for none.
        webhooks: addresses to which events are sent, each with the secret that signs them.
        webhook_networks: private networks in which such addresses may lie, such as `10.1.0.0/16`.
    """

    registry: str | None = None
    host: str = "127.0.0.1"
    port: int = 8000
    base: str | None = None
    hosts: tuple[str, ...] = ()
    proxies: tuple[str, ...] = ()
    user_header: str | None = None
    users: Mapping[str, str] = field(default_factory=dict)
    file_bytes: int = 50_000_000
    check_seconds: float = 120
    check_memory: int = 2048 * _MIB
    checks: int | None = None
    queue: int = 100
    query_seconds: float = 10
    query_memory: int = 512 * _MIB
    graphs: tuple[str, ...] = ()
    request_seconds: float = 45
    answer_seconds: float = 60
    rate: int = 600
    check_rate: int = 60
    metrics_port: int | None = None
    webhooks: Mapping[str, str] = field(default_factory=dict)
    webhook_networks: tuple[str, ...] = ()

    def __post_init__(self) -> None:
        """Refuse what could only be found wrong once a request comes.

        Raises:
            UsageError: an address of a proxy or a network is none, a user has a scope that is none, or a webhook is no
                address of HTTP.
        """
        from ipaddress import ip_network

        from bicentennial.monitoring.access.tokens import is_scope

        for name, values in (("proxies", self.proxies), ("webhook_networks", self.webhook_networks)):
            for value in values:
                try:
                    ip_network(value, strict=False)
                except ValueError:
                    raise _wrong(f"{name}: {value}") from None
        for user, scopes in self.users.items():
            if not all(map(is_scope, scopes.split())):
                raise _wrong(f"users: {user} = {scopes}")
        for address in self.webhooks:
            if not address.startswith(("https://", "http://")):
                raise _wrong(f"webhooks: {address}")

    @property
    def limits(self) -> Limits:
        """What reading and checking a file may take, whichever way it came."""
        from bicentennial.limits import Limits

        return Limits(file_bytes=int(self.file_bytes), seconds=self.check_seconds, memory=int(self.check_memory))

    @classmethod
    def read(cls, path: str | os.PathLike[str], **given: Any) -> Settings:
        """Return the settings of a TOML file; what is given besides and is not None goes before it.

        Raises:
            UsageError: the file cannot be read, is no TOML, or has a key or a value that is none of a setting's.
        """
        try:
            found = tomllib.loads(Path(path).read_text(encoding="utf-8"))
        except (OSError, UnicodeError, tomllib.TOMLDecodeError) as error:
            raise UsageError(sentence("service", "bad-config", file=path, reason=reason(error))) from None
        known = {each.name: each for each in fields(cls)}
        for name, value in found.items():
            if name not in known or not _fits(value, getattr(cls(), name), known[name].type):
                raise UsageError(sentence("service", "bad-config", file=path, reason=name))
        values = {name: tuple(value) if isinstance(value, list) else value for name, value in found.items()}
        return cls(**{**values, **{name: value for name, value in given.items() if value is not None}})


def _wrong(what: str) -> UsageError:
    return UsageError(sentence("service", "bad-setting", setting=what))


def _fits(value: Any, usual: Any, kind: Any) -> bool:
    """Return whether a value of TOML is of the kind of a setting."""
    if isinstance(usual, tuple):
        return isinstance(value, list) and all(isinstance(each, str) for each in value)
    if isinstance(usual, dict):
        return isinstance(value, dict) and all(isinstance(each, str) for each in value.values())
    if isinstance(usual, bool) or isinstance(value, bool):
        return isinstance(usual, bool) and isinstance(value, bool)
    if isinstance(usual, int | float) or "int" in str(kind):
        return isinstance(value, int | float) and value > 0
    return isinstance(value, str)
