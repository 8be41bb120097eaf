"""What becomes of errors: their status, and a sentence that names no path or part of the server."""

from __future__ import annotations

from http import HTTPStatus
from typing import TYPE_CHECKING, Final

from starlette.exceptions import HTTPException
from starlette.routing import Match, Mount

from bicentennial.core.errors import (
    BicentennialError,
    ConflictError,
    DatabaseError,
    DiskFullError,
    InputNotFoundError,
    LimitReachedError,
    OutputError,
    UnknownNameError,
    WorkerLostError,
)
from bicentennial.core.messages import sentence
from bicentennial.core.reasons import is_full
from bicentennial.service.http.refusals import Refusal
from bicentennial.service.http.responses import answer
from bicentennial.service.jobs import QueueFullError

if TYPE_CHECKING:
    from collections.abc import Mapping

    from starlette.requests import Request
    from starlette.responses import Response

__all__ = ["http_error", "known_error", "queue_full", "status_and_text", "system_error"]

_STATUS: Final[dict[type[BicentennialError], int]] = {
    UnknownNameError: 404,
    InputNotFoundError: 404,
    LimitReachedError: 413,
    DiskFullError: 507,
    DatabaseError: 503,
    OutputError: 507,
    ConflictError: 409,
    WorkerLostError: 500,
}
_METHODS: Final = ("DELETE", "GET", "OPTIONS", "PATCH", "POST", "PUT")
_OF_SERVER: Final = {507: "no-room", 503: "registry-away"}
"""Errors whose own sentences, meant for who runs the service, may name its files."""


def status_and_text(error: BicentennialError) -> tuple[int, Mapping[str, str]]:
    """Return the HTTP status of an error of the library, and the sentence for who asked.

    >>> from bicentennial.core.messages import sentence
    >>> status_and_text(ConflictError(sentence("registry", "busy")))[0]
    409
    """
    status = next((status for kind, status in _STATUS.items() if isinstance(error, kind)), 400)
    return status, sentence("traffic", _OF_SERVER[status]) if status in _OF_SERVER else error.text


async def http_error(request: Request, error: Exception) -> Response:
    """Answer for an error that a handler raised by its status, with its sentence if it has one."""
    assert isinstance(error, HTTPException)
    text = error.text if isinstance(error, Refusal) else None
    headers = error.headers
    if error.status_code == HTTPStatus.METHOD_NOT_ALLOWED:
        headers = {**(headers or {}), "Allow": ", ".join(_methods(request)) or (headers or {}).get("Allow", "")}
    return answer(request, error.status_code, text, headers)


def _methods(request: Request) -> list[str]:
    """Return the methods that an address takes: there may be a route for each, and the router tells those of one."""
    routes = [route for route in request.app.routes if not isinstance(route, Mount)]
    methods = {
        method
        for method in _METHODS
        if any(route.matches({**request.scope, "method": method})[0] is Match.FULL for route in routes)
    }
    return sorted(methods | ({"HEAD"} if "GET" in methods else set()))


async def known_error(request: Request, error: Exception) -> Response:
    """Answer for an error that the library raised on purpose."""
    assert isinstance(error, BicentennialError)
    status, text = status_and_text(error)
    return answer(request, status, text, {"Retry-After": "10"} if status == 503 else None)


async def queue_full(request: Request, error: Exception) -> Response:
    """Answer for a job that is not taken because so many wait already."""
    assert isinstance(error, QueueFullError)
    headers = {"Retry-After": str(error.retry_after)}
    return answer(request, 503, sentence("check", "queue-full", seconds=error.retry_after), headers)


async def system_error(request: Request, error: Exception) -> Response:
    """Answer where there is no room for what was sent; any other error of the system is a fault of the service."""
    assert isinstance(error, OSError)
    if not is_full(error):
        raise error
    return answer(request, 507, sentence("traffic", "no-room"))
