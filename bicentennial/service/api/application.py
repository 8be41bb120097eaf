"""The FastAPI application of the program interface, its problems, and its description in each language."""

from __future__ import annotations

import copy
from typing import TYPE_CHECKING, Any, Final

from fastapi import APIRouter, Depends, FastAPI, Request
from fastapi.exceptions import RequestValidationError
from starlette.exceptions import HTTPException
from starlette.responses import JSONResponse, RedirectResponse, Response

from bicentennial.core.errors import BicentennialError
from bicentennial.core.messages import section, sentence
from bicentennial.core.resources import version
from bicentennial.service.api import answers, checks, submissions, things
from bicentennial.service.api.models import Problem
from bicentennial.service.api.parameters import MEDIA_TYPES, known_alone, refuse, spoken
from bicentennial.service.http.errors import http_error, known_error, queue_full, system_error
from bicentennial.service.http.negotiation import preferred_type
from bicentennial.service.http.requests import context_of, language_of, reached_at
from bicentennial.service.http.responses import fault, problem
from bicentennial.service.jobs import QueueFullError

if TYPE_CHECKING:
    from collections.abc import Sequence

    from fastapi.routing import APIRoute
    from starlette.types import ASGIApp, Message, Receive, Scope, Send

    from bicentennial.core.messages import Language
    from bicentennial.service.context import Context

__all__ = ["create_api", "described"]

_SHOWN: Final = 200


def create_api(context: Context) -> FastAPI:
    """Return the application that is mounted at `/api/v1`."""
    api = FastAPI(
        title=section("api")["title"]["en"],
        version=version(),
        openapi_url=None,
        docs_url=None,
        redoc_url=None,
        generate_unique_id_function=_name,
        exception_handlers={
            RequestValidationError: _invalid,
            HTTPException: http_error,
            BicentennialError: known_error,
            QueueFullError: queue_full,
            OSError: system_error,
            Exception: _fault,
        },
        default_response_class=JSONResponse,
    )
    api.state.context = context
    of_registry = APIRouter(dependencies=[Depends(_needs_registry)])
    of_registry.include_router(submissions.router)
    of_registry.include_router(answers.router)
    for router in (checks.router, things.router, answers.of_service, of_registry):
        api.include_router(router, dependencies=[Depends(spoken), Depends(known_alone)])
    api.add_route("/openapi.json", _document, include_in_schema=False)
    api.add_route("/", _root, include_in_schema=False)
    api.add_middleware(_Heads)
    return api


class _Heads:
    """Answers HEAD as GET without the body, as every address of the pages does; FastAPI would refuse it."""

    def __init__(self, app: ASGIApp) -> None:
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        async def without_body(message: Message) -> None:
            await send({**message, "body": b""} if message["type"] == "http.response.body" else message)

        if scope["type"] == "http" and scope["method"] == "HEAD":
            await self._app({**scope, "method": "GET"}, receive, without_body)
        else:
            await self._app(scope, receive, send)


def _name(route: APIRoute) -> str:
    return route.name


def _needs_registry(request: Request) -> None:
    if request.app.state.context.settings.registry is None:
        raise refuse(404, "no-registry")


# Problems


async def _fault(request: Request, error: Exception) -> Response:  # noqa: ARG001 - the log has it
    return fault(request.scope)


async def _invalid(request: Request, error: Exception) -> Response:
    """Answer for parameters that make no sense: which, and why, never with what they were."""
    assert isinstance(error, RequestValidationError)
    lang, words = language_of(request), section("api")["invalid"]
    errors = []
    for each in error.errors():
        texts = words.get(each["type"], words["other"])
        # The last two of several are joined by an English word.
        values = {name: str(value)[:_SHOWN].replace("' or '", "', '") for name, value in each.get("ctx", {}).items()}
        name = ".".join(str(part) for part in each["loc"][1:]) or str(each["loc"][0])
        errors.append({"name": name[:_SHOWN], "detail": texts[lang].format(**values)})
    return problem(request, 422, sentence("api", "invalid", "sentence", number=len(errors)), errors=errors)


# The description


def _root(request: Request) -> Response:
    """Lead to the description: people to the page, programs to the document."""
    is_person = preferred_type(request.headers.get("accept"), ["application/json", "text/html"]) == "text/html"
    address = f"{context_of(request).site.base}/docs" if is_person else reached_at(request, "/openapi.json")
    return RedirectResponse(address, 303, {"Vary": "Accept"})


def _document(request: Request) -> Response:
    lang = language_of(request)
    document = {**described(request.app, lang), "servers": [{"url": reached_at(request, "") or "/"}]}
    return JSONResponse(document, headers={"Content-Language": lang})


def described(api: FastAPI, lang: Language) -> dict[str, Any]:
    """Return the OpenAPI document of the interface, worded in a language."""
    words = section("api")
    document: dict[str, Any] = copy.deepcopy(api.openapi())
    document["info"] |= {"title": words["title"][lang], "description": words["description"][lang]}
    components = document["components"]
    for unused in ("HTTPValidationError", "ValidationError"):
        components["schemas"].pop(unused, None)
    models = Problem.model_json_schema(ref_template="#/components/schemas/{model}")
    components["schemas"] |= models.pop("$defs", {}) | {"Problem": models}
    components["securitySchemes"] = {
        "token": {"type": "http", "scheme": "bearer", "description": words["security"][lang]}
    }
    content = {"application/problem+json": {"schema": {"$ref": "#/components/schemas/Problem"}}}
    for path in document["paths"].values():
        for operation in path.values():
            text = words["operations"][operation["operationId"]][lang]
            operation |= {"summary": text.partition(". ")[0].removesuffix("."), "description": text}
            operation["security"] = [{}, {"token": []}]
            operation["responses"].pop("422", None)
            operation["responses"]["default"] = {"description": words["problem"][lang], "content": content}
            for parameter in operation.get("parameters", ()):
                if parameter["name"] == "format":
                    _add_formats(operation["responses"]["200"]["content"], parameter["schema"]["enum"])
                parameter["description"] = words["parameters"][parameter["name"]][lang]
    return document


def _add_formats(content: dict[str, Any], formats: Sequence[str]) -> None:
    """Name the other types in which an answer comes."""
    for form in formats:
        if form in MEDIA_TYPES:
            content.setdefault(MEDIA_TYPES[form].partition(";")[0], {"schema": {"type": "string"}})
