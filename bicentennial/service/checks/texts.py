"""Sentences of the check page, and elements that its parts have in common.

>>> say("keep-days", "es", days=7)
'7 días'
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

from starlette.routing import Route

from bicentennial.core.messages import LANGUAGES, section, sentence
from bicentennial.html.markup import Markup, element
from bicentennial.service.http.requests import context_of

if TYPE_CHECKING:
    from collections.abc import Callable

    from starlette.requests import Request

    from bicentennial.core.messages import Language

__all__ = ["SCRIPT", "STYLES", "button_form", "each_language", "href", "megabytes", "say"]

STYLES: Final = ("/static/checks.css", "/static/report.css")
SCRIPT: Final = "/static/checks.js"


def each_language(path: str, endpoint: Callable[[Request], Any], **options: Any) -> list[Route]:
    """Return the routes of a page in every language; `options` are those of Starlette's `Route`."""
    return [Route(f"/{lang}{path}", endpoint, **options) for lang in LANGUAGES]


def say(key: str, lang: Language, **words: object) -> str:
    """Return a sentence of the part in a language."""
    found: Any = section("check")[key]
    return sentence("check", key, **words)[lang] if words else str(found[lang])


def href(request: Request, path: str) -> str:
    """Return how a page links to a path of the site."""
    return context_of(request).site.href(request.url.path, path)


def megabytes(size: int) -> str:
    """Return a size in MB for people.

    >>> megabytes(50 << 20)
    '52.4'
    """
    return f"{size / 1_000_000:.3g}"


def button_form(action: str, text: str, *fields: Markup, class_: str = "quiet") -> Markup:
    """Return a form that is one button."""
    return element("form", *fields, element("button", text, type="submit", class_=class_), method="post", action=action)
