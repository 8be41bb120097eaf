r"""The application: the parts put together.

>>> from starlette.testclient import TestClient
>>> with TestClient(create_app(), base_url="http://localhost") as client:
...     client.get("/healthz").text
'ok\n'
"""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING, Final

from starlette.applications import Starlette
from starlette.exceptions import HTTPException
from starlette.routing import Mount
from starlette.staticfiles import StaticFiles

from bicentennial.core.errors import BicentennialError
from bicentennial.html.assets import STATIC
from bicentennial.service.context import Context
from bicentennial.service.http.errors import http_error, known_error, queue_full, system_error
from bicentennial.service.http.security import middleware
from bicentennial.service.jobs import QueueFullError
from bicentennial.service.settings import Settings

if TYPE_CHECKING:
    from collections.abc import Iterator

    from starlette.routing import BaseRoute

__all__ = ["PARTS", "create_app"]

PARTS: Final = (
    "checks",
    "health",
    "linked_data",
    "sparql",
    "api",
    "office",
    "asking",
    "reconciliation",
    "explorer",
    "feeds",
)
"""The modules of this package that have routes, in the order in which addresses are compared."""
_OWN_STATIC: Final[list[str | tuple[str, str]]] = [(__package__, "static")]
"""Where the files of the service itself are, beside those that a static site has too."""


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
        middleware=middleware(context.settings, context.metrics),
        exception_handlers={
            HTTPException: http_error,
            BicentennialError: known_error,
            QueueFullError: queue_full,
            OSError: system_error,
        },
        lifespan=context.lifespan,
    )
    app.state.context = context
    return app


def _routes(context: Context) -> Iterator[BaseRoute]:
    for name in PARTS:
        routes: list[BaseRoute] = import_module(f"bicentennial.service.{name}").routes(context)
        yield from routes
