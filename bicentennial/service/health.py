"""Whether the service runs, and whether it can do all its work."""

from __future__ import annotations

from typing import TYPE_CHECKING

from starlette.responses import PlainTextResponse
from starlette.routing import Route

from bicentennial.core.errors import BicentennialError
from bicentennial.service.http.requests import context_of

if TYPE_CHECKING:
    from starlette.requests import Request
    from starlette.responses import Response
    from starlette.routing import BaseRoute

    from bicentennial.service.context import Context

__all__ = ["routes"]


def routes(context: Context) -> list[BaseRoute]:  # noqa: ARG001 - each part takes it
    """Return `/healthz` and `/readyz`."""
    return [Route("/healthz", _alive), Route("/readyz", _ready)]


async def _alive(request: Request) -> Response:  # noqa: ARG001 - as Starlette calls it
    return PlainTextResponse("ok\n")


def _ready(request: Request) -> Response:
    context = context_of(request)
    if context.settings.registry is not None:
        try:
            with context.registry() as registry:
                registry.database.value("SELECT 1")
        except BicentennialError:
            return PlainTextResponse("registry: away\n", 503)
    return PlainTextResponse("ok\n")
