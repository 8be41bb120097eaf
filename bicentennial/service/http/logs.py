"""Log lines as JSON on standard error: ids, templates of routes, times, statuses, and never what was sent.

A line of a request has no address, no query, no name of a file and no token; `client` tells requests of one address
apart as long as the process runs, and `token` is the public part of a token. An exception is logged by its type and the
lines of code that it passed, for its text may quote a submission.
"""

from __future__ import annotations

import hashlib
import json
import logging
import re
import secrets
import sys
import time
import traceback
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Final

from starlette.datastructures import Headers, MutableHeaders
from starlette.requests import ClientDisconnect

from bicentennial.service.http.responses import fault

if TYPE_CHECKING:
    from starlette.types import ASGIApp, Message, Receive, Scope, Send

    from bicentennial.service.http.metrics import Metrics

__all__ = ["Requests", "address_of", "configure", "token_of"]

_KEY: Final = secrets.token_bytes(16)
_TOKEN: Final = re.compile(r"(?i:bearer) bic_([0-9a-f]{4,16})_[0-9a-f]{64}")
_HOME: Final = Path(__file__).resolve().parents[2]
_FIELDS: Final = ("request", "method", "route", "status", "ms", "client", "token")
_GONE: Final = 499
"""The status in logs and metrics of a request whose client left before it was answered."""
_log: Final = logging.getLogger("bicentennial.service")


class _Lines(logging.Formatter):
    """Writes a record as one line of JSON."""

    def format(self, record: logging.LogRecord) -> str:
        line: dict[str, object] = {
            "time": datetime.fromtimestamp(record.created, UTC).isoformat(timespec="milliseconds"),
            "level": record.levelname.lower(),
            "logger": record.name,
        }
        line |= {name: getattr(record, name) for name in _FIELDS if getattr(record, name, None) is not None}
        error = record.exc_info[1] if record.exc_info else None
        if error is not None:
            line["error"] = type(error).__name__
            line["where"] = [
                f"{_place(frame.filename)}:{frame.lineno} {frame.name}"
                for frame in traceback.extract_tb(error.__traceback__)
            ]
        # What libraries log may quote a request, so of theirs only the text without its values is kept.
        line["message"] = record.getMessage() if record.name.startswith("bicentennial") else str(record.msg)[:200]
        return json.dumps(line, ensure_ascii=False)


def _place(file: str) -> str:
    path = Path(file)
    return str(path.relative_to(_HOME)) if path.is_relative_to(_HOME) else path.name


def configure() -> None:
    """Let all that is logged in this process become lines of JSON on standard error."""
    handler = logging.StreamHandler(sys.stderr)
    handler.setFormatter(_Lines())
    root = logging.getLogger()
    root.handlers[:] = [handler]
    root.setLevel(logging.WARNING)
    _log.setLevel(logging.INFO)


def address_of(scope: Scope) -> str:
    """Return the address of a request's client; of IPv6, the network that one subscriber has.

    >>> address_of({"client": ("2001:db8:1:2:3:4:5:6", 1)}), address_of({"client": ("192.0.2.7", 1)})
    ('2001:db8:1:2::/64', '192.0.2.7')
    """
    from ipaddress import ip_address, ip_network

    host = (scope.get("client") or ("", 0))[0]
    try:
        address = ip_address(host)
    except ValueError:
        return str(host)
    if address.version == 6:
        return str(address.ipv4_mapped or ip_network((address, 64), strict=False))
    return str(address)


def token_of(headers: Headers) -> str | None:
    """Return the public part of the token that a request brings, valid or not."""
    found = _TOKEN.fullmatch(headers.get("authorization", "").strip())
    return found[1] if found else None


class Requests:
    """Logs and counts each request, and answers those that the application fails at."""

    def __init__(self, app: ASGIApp, *, metrics: Metrics) -> None:
        self.app, self.metrics = app, metrics

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer, or let the application answer."""
        if scope["type"] != "http":
            await self.app(scope, receive, send)
            return
        start, root, identifier = time.perf_counter(), scope.get("root_path", ""), secrets.token_hex(6)
        status, is_answered = 0, False

        async def noted(message: Message) -> None:
            nonlocal status, is_answered
            is_answered = message["type"] == "http.response.body" and not message.get("more_body")
            if message["type"] == "http.response.start":
                status = message["status"]
                MutableHeaders(scope=message).setdefault("X-Request-Id", identifier)
            await send(message)

        self.metrics.running.inc()
        try:
            await self.app(scope, receive, noted)
        except ClientDisconnect:
            status = _GONE  # a part may have answered 500 meanwhile, which nobody reads
        except Exception:
            _log.exception("failed", extra={"request": identifier, "route": _route(scope, root)})
            if not status:
                await fault(scope)(scope, receive, noted)
            elif not is_answered:
                raise
        finally:
            seconds = time.perf_counter() - start
            self.metrics.running.dec()
            self.metrics.observe(scope["method"], _route(scope, root), status, seconds)
            fields = {
                "request": identifier,
                "method": scope["method"],
                "route": _route(scope, root),
                "status": status,
                "ms": round(seconds * 1000, 1),
                "client": hashlib.blake2b(address_of(scope).encode(), key=_KEY, digest_size=6).hexdigest(),
                "token": token_of(Headers(scope=scope)),
            }
            _log.info("request", extra=fields)


def _route(scope: Scope, root: str) -> str:
    """Return the template of the route that a request took: what it was filled with may be a key."""
    route = scope.get("route")
    path = getattr(route, "path_format", None) or getattr(route, "path", None)
    if path is None:
        return "unmatched"
    prefix = scope.get("root_path", "").removeprefix(root)
    # A part that has no such address leaves the route by which it was reached.
    return path if path.startswith(prefix) else f"{prefix}{path}"
