"""Content negotiation (RFC 9110, section 12): which of the forms of an answer a request prefers, and what goes with it.

>>> browser = "text/html,application/xhtml+xml,application/xml;q=0.9,image/avif,image/webp,*/*;q=0.8"
>>> preferred_type(browser, ["text/html", "text/turtle"])
'text/html'
>>> preferred_type("text/turtle;q=0.9, application/ld+json", ["text/html", "text/turtle", "application/ld+json"])
'application/ld+json'
>>> preferred_type("text/*;q=0.3, text/html;q=0", ["text/html", "text/turtle"])
'text/turtle'
>>> preferred_type("image/png", ["text/html"]) is None
True
"""

from __future__ import annotations

import hashlib
import re
from typing import TYPE_CHECKING, Final

from starlette.responses import Response

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from starlette.requests import Request

__all__ = ["CORS", "preferred_type", "preflight", "tagged", "weighted"]

CORS: Final[Mapping[str, str]] = {
    "Access-Control-Allow-Origin": "*",
    "Access-Control-Expose-Headers": "ETag, Link, Content-Location, Retry-After",
    "Cross-Origin-Resource-Policy": "cross-origin",
}
"""The headers that let a page from anywhere read an answer, which is public and depends on no cookie."""
_QUALITY: Final = re.compile(r"\s*q\s*=\s*(0(?:\.\d{0,3})?|1(?:\.0{0,3})?)\s*", re.IGNORECASE)
_TAG: Final = re.compile(r'(?:W/)?"[^"]*"')
# More entries than any client sends: what is behind them is left out, so that a header of any length costs little.
_MOST: Final = 100


def preferred_type(accept: str | None, offered: Sequence[str]) -> str | None:
    """Return the media type that a header `Accept` prefers among those offered; None if it takes none of them.

    Args:
        accept: the header; one that is missing or empty takes anything.
        offered: what there is, the best first: it decides between types that the header likes equally.
    """
    if accept is None or not accept.strip():
        return offered[0]
    ranges = weighted(accept)
    ranked = [(_quality(each, ranges), -place, each) for place, each in enumerate(offered)]
    quality, _, best = max(ranked)
    return best if quality > 0 else None


def weighted(header: str) -> list[tuple[str, float]]:
    """Return what a header accepts, in lower case, with its weights.

    >>> weighted("es-MX, en; q=0.5")
    [('es-mx', 1.0), ('en', 0.5)]
    """
    return [_range(part) for part in header.split(",")[:_MOST]]


def _range(part: str) -> tuple[str, float]:
    """Return a range and its weight; a weight that makes no sense is taken for none."""
    name, *parameters = part.split(";")
    weight = 1.0
    for each in parameters:
        if found := _QUALITY.fullmatch(each):
            weight = float(found[1])
    return name.strip().lower(), weight


def _quality(media_type: str, ranges: Sequence[tuple[str, float]]) -> float:
    """Return the weight of a media type: that of the most specific range that covers it."""
    kind = media_type.partition("/")[0]
    for pattern in (media_type, f"{kind}/*", "*/*"):
        weights = [weight for name, weight in ranges if name == pattern]
        if weights:
            return max(weights)
    return 0.0


def _entity_tag(content: bytes) -> str:
    """Return the strong entity tag of a representation.

    >>> _entity_tag(b"a")
    '"ypeBEsobvcr6wjGzmiPcTaeG"'
    """
    import base64

    return f'"{base64.urlsafe_b64encode(hashlib.sha256(content).digest()[:18]).decode()}"'


def _is_unchanged(request: Request, tag: str) -> bool:
    """Return whether a request names the entity tag of what it has already in `If-None-Match`."""
    given = request.headers.get("if-none-match", "").strip()
    return given == "*" or tag in [each.removeprefix("W/") for each in _TAG.findall(given)]


def tagged(request: Request, content: bytes, media_type: str, headers: Mapping[str, str]) -> Response:
    """Return a representation with its entity tag; 304 without a body if the client has it already."""
    tag = _entity_tag(content)
    every = {**headers, "ETag": tag}
    if _is_unchanged(request, tag):
        return Response(status_code=304, headers=every)
    return Response(content, media_type=media_type, headers=every)


def preflight(methods: str) -> Response:
    """Return the answer to the question of a browser whether a page from elsewhere may use these methods."""
    headers = {
        **CORS,
        "Access-Control-Allow-Methods": methods,
        "Access-Control-Allow-Headers": "Accept, Accept-Language, Content-Type, If-None-Match",
        "Access-Control-Max-Age": "86400",
        "Allow": methods,
    }
    return Response(status_code=204, headers=headers)
