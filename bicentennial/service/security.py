"""What holds for every request: which hosts are answered, and which headers every answer has."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final
from urllib.parse import urlsplit

from starlette.datastructures import Headers, MutableHeaders
from starlette.middleware import Middleware
from starlette.requests import Request

from bicentennial.core.messages import sentence
from bicentennial.service.responses import answer

if TYPE_CHECKING:
    from starlette.types import ASGIApp, Message, Receive, Scope, Send

    from bicentennial.service.metrics import Metrics
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
    "Referrer-Policy": "no-referrer",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Permissions-Policy": "camera=(), geolocation=(), microphone=()",
}
"""What every answer has, unless it sets something stricter."""
_HSTS: Final = "max-age=31536000"


def middleware(settings: Settings, metrics: Metrics) -> list[Middleware]:
    """Return what every request passes, the outermost first."""
    from bicentennial.service.logs import Requests
    from bicentennial.service.traffic import Bodies, Rates

    named = urlsplit(settings.base).hostname if settings.base else None
    hosts = ["localhost", "127.0.0.1", "::1", settings.host, *settings.hosts, *([named] if named else [])]
    is_tls = bool(settings.base and settings.base.startswith("https:"))
    return [
        Middleware(_Headers, is_tls=is_tls),
        Middleware(Requests, metrics=metrics),
        Middleware(_Hosts, hosts=frozenset(each.lower().strip("[]") for each in hosts)),
        Middleware(Rates, settings=settings),
        Middleware(Bodies, settings=settings),
    ]


class _Headers:
    """Adds the headers that an answer does not have of its own."""

    def __init__(self, app: ASGIApp, *, is_tls: bool) -> None:
        self.app = app
        self.headers = {**HEADERS, **({"Strict-Transport-Security": _HSTS} if is_tls else {})}

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            await self.app(scope, receive, send)
            return

        async def with_headers(message: Message) -> None:
            if message["type"] == "http.response.start":
                headers = MutableHeaders(scope=message)
                for name, value in self.headers.items():
                    headers.setdefault(name, value)
            await send(message)

        await self.app(scope, receive, with_headers)


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
