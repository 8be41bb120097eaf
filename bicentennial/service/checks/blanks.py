"""Blank forms and examples to save: what a partner begins with."""

from __future__ import annotations

from functools import cache
from typing import TYPE_CHECKING, Final

from starlette.exceptions import HTTPException

from bicentennial.core.messages import entry
from bicentennial.core.resources import directory
from bicentennial.service.checks.texts import each_language
from bicentennial.service.http.requests import language_of
from bicentennial.service.http.responses import attachment

if TYPE_CHECKING:
    from pathlib import Path

    from starlette.requests import Request
    from starlette.responses import Response
    from starlette.routing import BaseRoute

    from bicentennial.core.messages import Language
    from bicentennial.service.context import Context

__all__ = ["EXAMPLES", "TEMPLATES", "routes"]

TEMPLATES: Final = ("xlsx", "ods", "csv", "json")
"""The endings of blank forms."""
EXAMPLES: Final[dict[str, tuple[tuple[str, str], ...]]] = {
    "en": (("good.csv", "example-good"), ("faulty.xlsx", "example-faulty")),
    "es": (("buena.csv", "example-good"), ("defectuosa.csv", "example-faulty")),
}
"""The examples to show in each language: a file, and what is said of it."""


def routes(context: Context) -> list[BaseRoute]:  # noqa: ARG001 - each part takes it
    """Return the routes of blank forms and examples."""
    return [
        *(route for ending in TEMPLATES for route in each_language(f"/template.{ending}", _template)),
        *each_language("/examples/{name}", _example),
    ]


def _template(request: Request) -> Response:
    lang, ending = language_of(request), request.url.path.rpartition(".")[2]
    return attachment(_made(lang, ending), f"{entry('check', 'template-name')[lang]}.{ending}")


@cache
def _made(lang: Language, ending: str) -> bytes:
    """Return a blank form; it is the same for every visitor."""
    from bicentennial.core.files.workspace import Workspace
    from bicentennial.exchange.forms.template import template

    with Workspace() as folder:
        path = folder.path / f"form.{ending}"
        template(path, lang=lang)
        return path.read_bytes()


def _example(request: Request) -> Response:
    name = request.path_params["name"]
    known: dict[str, Path] = {each.name: each for each in directory("submissions").iterdir()}
    if name not in known:
        raise HTTPException(404)
    return attachment(known[name].read_bytes(), name)
