"""Limits on requests as such: how many in a minute, and how large."""

from __future__ import annotations

import hashlib
import math
import time
from typing import TYPE_CHECKING, Final

from limits import RateLimitItemPerMinute
from limits.storage import MemoryStorage
from limits.strategies import MovingWindowRateLimiter
from starlette.datastructures import Headers
from starlette.requests import Request

from bicentennial.core.messages import sentence
from bicentennial.service.http.logs import address_of, token_of
from bicentennial.service.http.refusals import Refusal
from bicentennial.service.http.responses import answer

if TYPE_CHECKING:
    from starlette.types import ASGIApp, Message, Receive, Scope, Send

    from bicentennial.service.settings import Settings

__all__ = ["Bodies", "Rates", "too_large"]

_FREE: Final = ("/static/", "/healthz", "/readyz")
_COSTLY: Final = frozenset({"", "en", "es", "check", "checks", "mapping", "keep", "submissions", "send", "login"})
"""The last parts of addresses by which files are sent, checked again or kept, or secrets that might be guessed sent."""
_DRAINED: Final = 1 << 30
_FRAMING: Final = 1 << 20
"""How much longer than the file a form with a file may be."""


class Rates:
    """Refuses what comes more often from one address, or with one token, than the settings allow."""

    def __init__(self, app: ASGIApp, *, settings: Settings) -> None:
        self.app = app
        self._limiter = MovingWindowRateLimiter(MemoryStorage())
        self._all = RateLimitItemPerMinute(settings.rate, namespace="all")
        self._costly = RateLimitItemPerMinute(settings.check_rate, namespace="costly")

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer, or let the application answer."""
        if scope["type"] != "http" or scope["path"].removeprefix(scope.get("root_path", "")).startswith(_FREE):
            await self.app(scope, receive, send)
            return
        wait = self._wait(scope)
        if wait is None:
            await self.app(scope, receive, send)
            return
        headers = {"Retry-After": str(wait)}
        refusal = answer(Request(scope), 429, sentence("traffic", "too-many", seconds=wait), headers)
        await refusal(scope, receive, send)

    def _wait(self, scope: Scope) -> int | None:
        """Return how many seconds the client should wait, or None where it need not."""
        keys = [address_of(scope), *_presented(scope)]
        is_costly = scope["method"] == "POST" and scope["path"].rstrip("/").rpartition("/")[2] in _COSTLY
        for item in (self._costly, self._all) if is_costly else (self._all,):
            for key in keys:
                if not self._limiter.hit(item, key):
                    free_at = self._limiter.get_window_stats(item, key).reset_time
                    return max(0, math.floor(free_at - time.time())) + 1  # at that very moment it is not free yet
        return None


def _presented(scope: Scope) -> list[str]:
    """Return the key of the token that a request brings: of all of it, since its public part could be anybody's."""
    headers = Headers(scope=scope)
    is_token = token_of(headers) is not None
    return [hashlib.sha256(headers["authorization"].strip().encode()).hexdigest()] if is_token else []


class Bodies:
    """Refuses a request that is longer than a file may be, at once where it says so, else once it is."""

    def __init__(self, app: ASGIApp, *, settings: Settings) -> None:
        self.app = app
        self._file_bytes = settings.file_bytes
        self._most = settings.file_bytes + _FRAMING

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer, or let the application answer."""
        if scope["type"] != "http":
            await self.app(scope, receive, send)
            return
        headers = Headers(scope=scope)
        length = headers.get("content-length", "")
        if length.isdecimal() and int(length) > self._most:
            if "expect" not in headers:  # who asks first sends nothing after a refusal
                await _drained(receive)
            await answer(Request(scope), 413, too_large(self._file_bytes))(scope, receive, send)
            return
        received = 0

        async def counted() -> Message:
            nonlocal received
            message = await receive()
            received += len(message.get("body", b""))
            if received > self._most:
                if message.get("more_body"):
                    await _drained(receive)
                raise Refusal(413, too_large(self._file_bytes))
            return message

        await self.app(scope, counted, send)


async def _drained(receive: Receive) -> None:
    """Take the rest of a request that is refused: browsers read no answer before they have sent all.

    None of it is kept. What is far too long is not taken to its end; the connection is then closed.
    """
    taken = 0
    while taken < _DRAINED:
        message = await receive()
        taken += len(message.get("body", b""))
        if message["type"] != "http.request" or not message.get("more_body"):
            return


def too_large(limit: int) -> dict[str, str]:
    """Return the sentence for a file above a limit: the limit, and what to do instead."""
    return sentence("traffic", "too-large", limit=f"{limit / 1_000_000:g}")
