"""The explorer over HTTP: each page is made once, kept, and answered with 304 to those who have it."""

from __future__ import annotations

from functools import lru_cache
from typing import TYPE_CHECKING, Final

from starlette.routing import Route

from bicentennial.core.messages import LANGUAGES, entry
from bicentennial.explorer import Explorer
from bicentennial.service.http.negotiation import tagged
from bicentennial.service.http.refusals import Refusal

if TYPE_CHECKING:
    from collections.abc import Callable

    from starlette.requests import Request
    from starlette.responses import Response
    from starlette.routing import BaseRoute

    from bicentennial.service.context import Context

__all__ = ["routes"]

_KEPT: Final = 2_000
"""How many pages are kept in memory, of some four kilobytes each on average."""
_LONGEST: Final = 200
"""How long what a form asks for may be."""
_CACHED: Final = {"Cache-Control": "public, max-age=300"}
_PATHS: Final = (
    "/explore",
    "/explore/{name}",
    "/id/{name}",
    "/ontology",
    "/ontology/{name}",
    "/codes",
    "/codes/{name}",
)


def routes(context: Context) -> list[BaseRoute]:
    """Return the routes of the explorer's pages, and of the index that its search reads."""
    site = context.site
    explorer = Explorer(site)

    @lru_cache(maxsize=_KEPT)
    def kept(path: str) -> bytes | None:
        text = explorer.render(path)
        return None if text is None else text.encode("utf-8")

    def page(request: Request) -> Response:
        path = request.url.path.removeprefix(site.base)
        lang, part = path.split("/")[1:3]
        asked = {key: value[:_LONGEST] for key, value in request.query_params.items() if value}
        if asked and part == "explore":
            text = explorer.render(path, asked)
            found = None if text is None else text.encode("utf-8")
        else:
            found = kept(path)
        if found is None:
            raise Refusal(404, entry("explorer", "site")["no-such"])
        return tagged(request, found, "text/html; charset=utf-8", {**_CACHED, "Content-Language": lang})

    pages = [Route(f"/{lang}{path}", page, methods=["GET"]) for lang in LANGUAGES for path in _PATHS]
    return [*pages, *(Route(f"/static/search-{lang}.js", _script(explorer, lang)) for lang in LANGUAGES)]


def _script(explorer: Explorer, lang: str) -> Callable[[Request], Response]:
    @lru_cache(maxsize=1)
    def content() -> bytes:
        return dict(explorer.scripts())[f"/static/search-{lang}.js"].encode("utf-8")

    def script(request: Request) -> Response:
        return tagged(request, content(), "text/javascript; charset=utf-8", _CACHED)

    return script
