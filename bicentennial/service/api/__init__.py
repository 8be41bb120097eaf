"""The program interface: `/api/v1`, its description in OpenAPI 3.1, and `/docs`, which shows it to people.

application   the FastAPI application: routers, problems, description
checks · submissions · answers · things   what is at which address
models        what answers hold, as OpenAPI says it
parameters · uploads   what requests share
documents     the page that shows the description
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from starlette.routing import Mount, Route

if TYPE_CHECKING:
    from starlette.routing import BaseRoute

    from bicentennial.service.context import Context

__all__ = ["routes"]


def routes(context: Context) -> list[BaseRoute]:
    """Return `/api/v1` and `/docs`."""
    from bicentennial.service.api.application import create_api
    from bicentennial.service.api.documents import shown

    api = create_api(context)
    pages = [Route(path, lambda request: shown(request, api)) for path in ("/docs", "/{lang:str}/docs")]
    return [*pages, Mount("/api/v1", api, name="api")]
