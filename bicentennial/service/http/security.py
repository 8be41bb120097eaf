"""What holds for every request: which hosts are answered, and which headers every answer has."""

from __future__ import annotations

import re
from http import HTTPStatus
from ipaddress import ip_address, ip_network
from typing import TYPE_CHECKING, Any, Final, cast
from urllib.parse import urlsplit

from starlette.datastructures import Headers, MutableHeaders
from starlette.middleware import Middleware
from starlette.requests import Request
from uvicorn.middleware.proxy_headers import ProxyHeadersMiddleware

from bicentennial.core.messages import sentence
from bicentennial.service.http.requests import is_signed_in
from bicentennial.service.http.responses import answer

if TYPE_CHECKING:
    from collections.abc import Sequence

    from starlette.types import ASGIApp, Message, Receive, Scope, Send

    from bicentennial.service.http.metrics import Metrics
    from bicentennial.service.settings import Settings

__all__ = ["HEADERS", "POLICY", "middleware"]

POLICY: Final = (
    "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; connect-src 'self'; "
    "form-action 'self'; base-uri 'none'; frame-ancestors 'none'"
)
"""The Content Security Policy of every page: nothing inline, nothing from elsewhere."""
HEADERS: Final = {
    "Content-Security-Policy": POLICY,
    "X-Content-Type-Options": "nosniff",
    "Referrer-Policy": "same-origin",  # with "no-referrer" browsers send "Origin: null" with our own forms
    "Cross-Origin-Opener-Policy": "same-origin",
    "Permissions-Policy": "camera=(), geolocation=(), microphone=()",
}
"""What every answer has, unless it sets something stricter."""
_HSTS: Final = "max-age=31536000"
_BEARER: Final = re.compile(rb"bearer ", re.IGNORECASE)
_TOKEN: Final = re.compile(rb"bearer +bic_", re.IGNORECASE)


def middleware(settings: Settings, metrics: Metrics) -> list[Middleware]:
    """Return what every request passes, the outermost first."""
    from bicentennial.service.http.logs import Requests
    from bicentennial.service.http.traffic import Bodies, Rates

    named = urlsplit(settings.base).hostname if settings.base else None
    hosts = ["localhost", "127.0.0.1", "::1", settings.host, *settings.hosts, *([named] if named else [])]
    is_tls = bool(settings.base and settings.base.startswith("https:"))
    return [
        Middleware(_Proxies, proxies=settings.proxies, user_header=settings.user_header),
        Middleware(_Headers, is_tls=is_tls),
        Middleware(_Redirects, base=urlsplit(settings.base or "").path.rstrip("/")),
        Middleware(Requests, metrics=metrics),
        Middleware(_Hosts, hosts=frozenset(each.lower().strip("[]") for each in hosts)),
        Middleware(Rates, settings=settings),
        Middleware(Bodies, settings=settings),
    ]


class _Proxies:
    """Believes what listed proxies say of the visitor's address and name; from all others, it takes the name out.

    Credentials that a proxy has asked for itself and passes on are not for us: a name and a password, or what its
    provider of identities gave to whom it names.
    """

    def __init__(self, app: ASGIApp, *, proxies: Sequence[str], user_header: str | None) -> None:
        self.app = app
        # uvicorn has types of its own for what ASGI passes on.
        self.behind: Any = ProxyHeadersMiddleware(cast("Any", app), trusted_hosts=list(proxies))
        self.networks = [ip_network(each, strict=False) for each in proxies]
        self.user_header = user_header.lower().encode() if user_header else None

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] not in ("http", "websocket"):
            await self.app(scope, receive, send)
            return
        is_proxy = self._lists(scope.get("client"))
        named = [value for name, value in scope["headers"] if name == self.user_header]
        scope["headers"] = [(name, value) for name, value in scope["headers"] if name != self.user_header]
        if is_proxy:
            if len(named) == 1:
                scope.setdefault("state", {})["signed_on"] = named[0].decode("utf-8", "replace").strip()
            ours = _TOKEN if named else _BEARER
            scope["headers"] = [each for each in scope["headers"] if each[0] != b"authorization" or ours.match(each[1])]
        await (self.behind if is_proxy else self.app)(scope, receive, send)

    def _lists(self, client: tuple[str, int] | None) -> bool:
        try:
            address = ip_address(client[0] if client else "")
        except ValueError:
            return False
        return any(address in network for network in self.networks)


class _Headers:
    """Adds the headers that an answer does not have of its own.

    An answer to somebody who has signed in is kept by nobody: the same address shows others less.
    """

    def __init__(self, app: ASGIApp, *, is_tls: bool) -> None:
        self.app = app
        self.headers = {**HEADERS, **({"Strict-Transport-Security": _HSTS} if is_tls else {})}

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            await self.app(scope, receive, send)
            return
        scope.setdefault("state", {})
        request = Request(scope)

        async def with_headers(message: Message) -> None:
            if message["type"] == "http.response.start":
                headers = MutableHeaders(scope=message)
                for name, value in self.headers.items():
                    headers.setdefault(name, value)
                if is_signed_in(request):
                    headers.setdefault("Cache-Control", "private, no-store")
            await send(message)

        await self.app(scope, receive, with_headers)


class _Redirects:
    """Keeps visitors where they reach the service when the router adds or takes away the slash at an address's end.

    The router knows neither the path nor the scheme under which a proxy is reached.
    """

    def __init__(self, app: ASGIApp, *, base: str) -> None:
        self.app, self.base = app, base

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        async def from_base(message: Message) -> None:
            if message["type"] == "http.response.start" and message["status"] == HTTPStatus.TEMPORARY_REDIRECT:
                headers = MutableHeaders(scope=message)
                there = urlsplit(headers.get("location", ""))
                # Two slashes would be the name of another host.
                path = f"{self.base}/{there.path.lstrip('/')}"
                headers["location"] = f"{path}?{there.query}" if there.query else path
            await send(message)

        await self.app(scope, receive, from_base)


class _Hosts:
    """Answers under the names of the service alone, so that no other site's name can be made to stand for it."""

    def __init__(self, app: ASGIApp, *, hosts: frozenset[str]) -> None:
        self.app, self.hosts = app, hosts

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] == "http" and not self._is_ours(Headers(scope=scope).get("host", "")):
            refusal = answer(Request(scope), 400, sentence("traffic", "other-host"))
            await refusal(scope, receive, send)
            return
        await self.app(scope, receive, send)

    def _is_ours(self, given: str) -> bool:
        try:
            return (urlsplit(f"//{given}").hostname or "") in self.hosts
        except ValueError:
            return False
