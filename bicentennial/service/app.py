r"""The application: the parts put together, and what becomes of errors.

>>> from starlette.testclient import TestClient
>>> with TestClient(create_app(), base_url="http://localhost") as client:
...     client.get("/healthz").text
'ok\n'
"""

from __future__ import annotations

from importlib import import_module
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

from starlette.applications import Starlette
from starlette.exceptions import HTTPException
from starlette.routing import Mount
from starlette.staticfiles import StaticFiles

from bicentennial.core.errors import (
    BicentennialError,
    ConflictError,
    DatabaseError,
    InputNotFoundError,
    LimitReachedError,
    OutputError,
    UnknownNameError,
)
from bicentennial.html.assets import STATIC
from bicentennial.service.context import Context
from bicentennial.service.responses import problem, problem_page
from bicentennial.service.security import middleware
from bicentennial.service.settings import Settings

if TYPE_CHECKING:
    from collections.abc import Iterator

    from starlette.requests import Request
    from starlette.responses import Response
    from starlette.routing import BaseRoute

__all__ = ["PARTS", "create_app"]

PARTS: Final = ("health", "explorer")
"""The modules of this package that have routes, in the order in which addresses are compared."""
_OWN_STATIC: Final[list[str | tuple[str, str]]] = (
    [(__package__, "static")] if Path(__file__).with_name("static").is_dir() else []
)
"""Where the files of the service itself are, beside those that a static site has too."""
_STATUS: Final[dict[type[BicentennialError], int]] = {
    UnknownNameError: 404,
    InputNotFoundError: 404,
    LimitReachedError: 413,
    DatabaseError: 503,
    OutputError: 507,
    ConflictError: 409,
}


def create_app(settings: Settings | None = None) -> Starlette:
    """Return the service as an ASGI application.

    Args:
        settings: how it runs; without a registry if None.
    """
    context = Context(settings or Settings())
    app = Starlette(
        routes=[
            *_routes(context),
            Mount("/static", StaticFiles(directory=STATIC, packages=_OWN_STATIC), name="static"),
        ],
        middleware=middleware(context.settings),
        exception_handlers={HTTPException: _http_error, BicentennialError: _known_error, Exception: _fault},
    )
    app.state.context = context
    return app


def _routes(context: Context) -> Iterator[BaseRoute]:
    for name in PARTS:
        routes: list[BaseRoute] = import_module(f"bicentennial.service.{name}").routes(context)
        yield from routes


def _answer(request: Request, status: int, detail: Any = None, headers: Any = None) -> Response:
    """Return a page to who reads pages, a problem document to a program."""
    shown = problem_page if "text/html" in request.headers.get("accept", "") else problem
    return shown(request, status, detail, headers=headers)


async def _http_error(request: Request, error: Exception) -> Response:
    assert isinstance(error, HTTPException)
    detail = error.detail if isinstance(error.detail, dict) else None
    return _answer(request, error.status_code, detail, error.headers)


async def _known_error(request: Request, error: Exception) -> Response:
    assert isinstance(error, BicentennialError)
    status = next((status for kind, status in _STATUS.items() if isinstance(error, kind)), 400)
    return _answer(request, status, error.text, {"Retry-After": "10"} if status == 503 else None)


async def _fault(request: Request, error: Exception) -> Response:  # noqa: ARG001 - the log has it
    return _answer(request, 500)
