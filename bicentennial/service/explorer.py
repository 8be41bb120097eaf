"""The explorer over HTTP: each page is made once, kept, and answered with 304 to those who have it."""

from __future__ import annotations

import hashlib
from functools import lru_cache
from typing import TYPE_CHECKING, Final

from starlette.exceptions import HTTPException
from starlette.responses import Response
from starlette.routing import Route

from bicentennial.core.messages import LANGUAGES, entry
from bicentennial.explorer import Explorer

if TYPE_CHECKING:
    from collections.abc import Callable

    from starlette.requests import Request
    from starlette.routing import BaseRoute

    from bicentennial.service.context import Context

__all__ = ["routes"]

_KEPT: Final = 2_000
"""How many pages are kept in memory, of some four kilobytes each on average."""
_LONGEST: Final = 200
"""How long what a form asks for may be."""
_AGE: Final = "public, max-age=300"
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
    explorer = Explorer(context.site)

    @lru_cache(maxsize=_KEPT)
    def kept(path: str) -> tuple[bytes, str] | None:
        text = explorer.render(path)
        return None if text is None else _tagged(text)

    def page(request: Request) -> Response:
        # What precedes the path, where the service is reached below another, is the site's business.
        path = request.scope["path"]
        asked = {key: value[:_LONGEST] for key, value in request.query_params.items() if value}
        if asked and path.split("/")[2] == "explore":
            text = explorer.render(path, asked)
            found = None if text is None else _tagged(text)
        else:
            found = kept(path)
        if found is None:
            raise HTTPException(404, entry("explorer", "site")["no-such"])
        return _answer(request, *found, "text/html; charset=utf-8", {"Content-Language": path.split("/")[1]})

    pages = [Route(f"/{lang}{path}", page, methods=["GET"]) for lang in LANGUAGES for path in _PATHS]
    return [*pages, *(Route(path, _script(text)) for path, text in explorer.scripts())]


def _script(text: str) -> Callable[[Request], Response]:
    found = _tagged(text)

    def script(request: Request) -> Response:
        return _answer(request, *found, "text/javascript; charset=utf-8", {})

    return script


def _tagged(text: str) -> tuple[bytes, str]:
    content = text.encode("utf-8")
    return content, f'"{hashlib.sha256(content).hexdigest()[:32]}"'


def _answer(request: Request, content: bytes, tag: str, media_type: str, headers: dict[str, str]) -> Response:
    """Return the content, or that it has not changed since it was last asked for."""
    headers = {**headers, "ETag": tag, "Cache-Control": _AGE}
    known = {each.strip().removeprefix("W/") for each in request.headers.get("if-none-match", "").split(",")}
    if tag in known or "*" in known:
        return Response(status_code=304, headers=headers)
    return Response(content, media_type=media_type, headers=headers)
