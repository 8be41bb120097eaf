"""The endpoint `/sparql` for the SPARQL 1.1 protocol: queries by GET and both ways of POST; updates are refused.

Without a query, GET answers with the description of the service, and a browser is sent to the page for queries, as it
is for a query whose answer it wants to see. `format=` names a form of the answer for those who cannot set a header.
"""

from __future__ import annotations

import threading
from typing import TYPE_CHECKING, Final

import anyio
from anyio.to_thread import run_sync
from starlette.responses import RedirectResponse, Response
from starlette.routing import Route

from bicentennial.core.errors import BicentennialError
from bicentennial.core.messages import sentence
from bicentennial.service.access import user_of
from bicentennial.service.http.errors import status_and_text
from bicentennial.service.http.negotiation import CORS, preferred_type, preflight
from bicentennial.service.http.rdf_syntaxes import FORMS, written
from bicentennial.service.http.refusals import Refusal
from bicentennial.service.http.requests import context_of, preferred
from bicentennial.service.http.responses import attachment, problem
from bicentennial.service.sparql.description import described
from bicentennial.service.sparql.engine import MOST, inspected
from bicentennial.service.sparql.forms import Form, chosen, named, offered, types
from bicentennial.service.sparql.protocol import Asked, Refused, read

if TYPE_CHECKING:
    from collections.abc import Callable

    from starlette.requests import Request
    from starlette.routing import BaseRoute

    from bicentennial.service.context import Context

__all__ = ["PATH", "address_of", "body_of", "routes"]

PATH: Final = "/sparql"
_METHODS: Final = "GET, HEAD, POST, OPTIONS"
_PAGE: Final = "text/html"
_PROBLEM: Final = "application/problem+json"
_MOST_BODY: Final = 1 << 20
"""Longer than any query that is allowed, however it is encoded."""
_HEADERS: Final = {**CORS, "Vary": "Accept, Authorization, Cookie"}


def routes(context: Context) -> list[BaseRoute]:
    """Return the endpoint."""
    endpoint = _Endpoint(context)
    return [Route(path, endpoint.answer, methods=["GET", "POST", "OPTIONS"]) for path in (PATH, f"{PATH}/")]


class _Endpoint:
    """The endpoint, with threads of its own: queries that wait for their process keep no other request waiting."""

    def __init__(self, context: Context) -> None:
        self._context = context
        self._threads: anyio.CapacityLimiter | None = None

    async def answer(self, request: Request) -> Response:
        """Answer a request in a thread, and stop when the one who asked has gone."""
        if request.method == "OPTIONS":
            return preflight(_METHODS)
        if self._threads is None:
            # More than there may be queries, so that those above their number get an answer.
            self._threads = anyio.CapacityLimiter(2 * MOST)
        try:
            body = await body_of(request)
        except Refused as refused:
            return _problem(request, refused)
        gone = threading.Event()
        found: list[Response] = []
        async with anyio.create_task_group() as tasks:
            tasks.start_soon(_watch, request, gone)
            found.append(await run_sync(_answer, request, body, gone, limiter=self._threads))
            tasks.cancel_scope.cancel()
        return found[0]


async def body_of(request: Request) -> bytes:
    """Return the body of a request.

    Raises:
        Refused: it is longer than that of any query.
    """
    parts = []
    size = 0
    async for part in request.stream():
        size += len(part)
        if size > _MOST_BODY:
            raise Refused(413, sentence("sparql", "query_characters", limit=f"{_MOST_BODY:,}"))
        parts.append(part)
    return b"".join(parts)


async def _watch(request: Request, gone: threading.Event) -> None:
    """Note when the one who asked has gone."""
    while (await request.receive())["type"] != "http.disconnect":
        pass
    gone.set()


def _answer(request: Request, body: bytes, gone: threading.Event) -> Response:
    try:
        asked = read(request.method.replace("HEAD", "GET"), request.url.query, _content_type(request), body)
        if asked is None:
            return _description(request)
        return _answered(request, asked, lambda: not gone.is_set())
    except Refused as refused:
        return _told(request) or _problem(request, refused)
    except Refusal as error:
        return problem(request, error.status_code, error.text, headers={**_HEADERS, **(error.headers or {})})
    except BicentennialError as error:
        status, text = status_and_text(error)
        return _told(request) or problem(request, status, text, headers=_HEADERS)


def _told(request: Request) -> Response | None:
    """Send a person whose query is refused to the page, which says why beside it; None for a program."""
    is_person = preferred_type(request.headers.get("accept"), [_PROBLEM, _PAGE]) == _PAGE
    fields = request.query_params
    is_shown = is_person and request.method != "POST" and "query" in fields and "format" not in fields
    return _to_page(request) if is_shown else None


def _to_page(request: Request) -> Response:
    site, lang = context_of(request).site, preferred(request.headers.get("accept-language"))
    return RedirectResponse(site.href("", f"/{lang}/query?{request.url.query}"), 303, _HEADERS)


def _content_type(request: Request) -> str:
    return request.headers.get("content-type", "")


def _problem(request: Request, refused: Refused) -> Response:
    return problem(request, refused.status, refused.text, headers={**_HEADERS, **refused.headers})


def _answered(request: Request, asked: Asked, is_wanted: Callable[[], bool] = lambda: True) -> Response:
    """Return the answer to a query in the form that the request asks for.

    Raises:
        Refused: the query or the form is not to be had.
    """
    kind = inspected(asked.query).form
    form = _form(request, asked, kind)
    if form is None:
        return _to_page(request)
    user = user_of(request)
    queries = context_of(request).queries
    found = queries.ask(asked, form.name, user.audience, base=address_of(request), is_wanted=is_wanted)
    headers = {**_HEADERS, "Cache-Control": "no-cache" if user.is_anonymous else "private, no-store"}
    content = found.text.encode()
    if asked.is_file:
        response = attachment(content, f"bicentennial.{_ending(form)}", form.media_type)
        response.headers.update(headers)
        return response
    return Response(content, media_type=form.media_type, headers=headers)


def _ending(form: Form) -> str:
    return {"json": "srj", "xml": "srx"}.get(form.name, form.name)


def _form(request: Request, asked: Asked, kind: str) -> Form | None:
    """Return the form that a request asks for; None for the page that shows it to people.

    Raises:
        Refused: there is no such form of this answer.
    """
    name = asked.format
    if name is not None:
        form = named(kind, name)
        if form is None:
            known = ", ".join(each.name for each in offered(kind))
            raise Refused(400, sentence("sparql", "bad-format", name=name[:100], known=known))
        return form
    accept = request.headers.get("accept")
    # A page is for those who like it better than any form of the answer, as browsers do.
    if request.method == "GET" and preferred_type(accept, [*types(kind), _PAGE]) == _PAGE:
        return None
    form = chosen(kind, accept)
    if form is None:
        known = ", ".join(each.media_type for each in offered(kind))
        raise Refused(406, sentence("sparql", "not-acceptable", types=known))
    return form


def address_of(request: Request, path: str = PATH) -> str:
    """Return the address of a path, that of the endpoint as a rule, as visitors know it."""
    base = context_of(request).settings.base
    return f"{base.rstrip('/') if base else str(request.base_url).rstrip('/')}{path}"


def _description(request: Request) -> Response:
    kinds = {kind: ending for ending, kind in FORMS.items()}
    found = preferred_type(request.headers.get("accept"), [*kinds, _PAGE])
    if found == _PAGE:
        lang = preferred(request.headers.get("accept-language"))
        return RedirectResponse(context_of(request).site.href("", f"/{lang}/query"), 303, _HEADERS)
    if found is None:
        raise Refused(406, sentence("sparql", "not-acceptable", types=", ".join(kinds)))
    graphs = context_of(request).queries.graphs(user_of(request).audience)
    content = written(described(address_of(request), graphs), kinds[found])
    return Response(content, media_type=found, headers={**_HEADERS, "Cache-Control": "no-cache"})
