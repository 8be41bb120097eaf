"""Answers: pages in the frame of the site, problems, and downloads."""

from __future__ import annotations

from http import HTTPStatus
from typing import TYPE_CHECKING, Any
from urllib.parse import quote

from starlette.requests import Request
from starlette.responses import HTMLResponse, JSONResponse, Response

from bicentennial.core.escape import plain
from bicentennial.core.messages import section, sentence
from bicentennial.html.frame import page as framed
from bicentennial.html.markup import Markup, element
from bicentennial.service.forms import remember
from bicentennial.service.http.negotiation import tagged
from bicentennial.service.http.requests import context_of, is_signed_in, language_of

if TYPE_CHECKING:
    from collections.abc import Mapping

    from starlette.types import Scope

    from bicentennial.core.messages import Language

__all__ = ["answer", "attachment", "fault", "kept", "page", "problem", "problem_page"]


def page(
    request: Request,
    title: str,
    *body: Markup,
    status: int = 200,
    headers: Mapping[str, str] | None = None,
    **options: Any,
) -> HTMLResponse:
    """Return a page of the site for a request; `options` are those of `bicentennial.html.frame.page`."""
    lang, site = language_of(request), context_of(request).site
    here = request.url.path
    options.setdefault("other", None if here.startswith(f"/{lang}/") else "/{lang}/")
    text = framed(site, lang, here, title, *body, **options)
    response = HTMLResponse(text, status, {"Content-Language": lang, **(headers or {})})
    remember(request, response)
    return response


def problem(
    request: Request,
    status: int,
    detail: Mapping[str, str] | None = None,
    *,
    headers: Mapping[str, str] | None = None,
    **more: Any,
) -> Response:
    """Return a problem document (RFC 9457) in the language of the request.

    Args:
        request: what is answered.
        status: the HTTP status, for which `[service.problems]` has a title.
        detail: a sentence by language on what is wrong and what to do.
        headers: further headers.
        more: further members of the document.
    """
    lang = language_of(request)
    body = {"type": "about:blank", "title": _title(status, lang), "status": status}
    if detail:
        body["detail"] = plain(detail[lang])
    all_headers = {"Content-Language": lang, **(headers or {})}
    return JSONResponse({**body, **more}, status, all_headers, media_type="application/problem+json")


def problem_page(
    request: Request, status: int, detail: Mapping[str, str] | None = None, *, headers: Mapping[str, str] | None = None
) -> Response:
    """Return a problem as a page for people."""
    lang = language_of(request)
    title = _title(status, lang)
    parts = [element("h1", title), *([element("p", detail[lang])] if detail else [])]
    return page(request, title, *parts, status=status, headers=headers, private=True)


def answer(
    request: Request,
    status: int,
    detail: Mapping[str, str] | None = None,
    headers: Mapping[str, str] | None = None,
) -> Response:
    """Return a problem as a page to who reads pages, as a problem document to a program."""
    is_page = "text/html" in request.headers.get("accept", "") and "/api/" not in request.url.path
    shown = problem_page if is_page else problem
    return shown(request, status, detail, headers=headers)


def fault(scope: Scope) -> Response:
    """Return the answer for a request that the service failed at."""
    return answer(Request(scope), 500, sentence("traffic", "fault"))


def _title(status: int, lang: Language) -> str:
    known = section("service")["problems"]
    return str(known[str(status)]["title"][lang]) if str(status) in known else HTTPStatus(status).phrase


def attachment(content: bytes, name: str, media_type: str = "application/octet-stream") -> Response:
    """Return bytes as a file to save: never shown in the browser, whatever it takes them for."""
    return Response(content, media_type=media_type, headers=_disposition(name))


def kept(request: Request, content: bytes, name: str, media_type: str = "application/octet-stream") -> Response:
    """Return what the registry keeps as a file to save; 304 without it if the client has it already.

    It is asked for each time, since it may be withdrawn, and nothing is kept of what only those see who have signed in.
    """
    headers = {} if is_signed_in(request) else {"Cache-Control": "no-cache"}
    return tagged(request, content, media_type, {**_disposition(name), **headers})


def _disposition(name: str) -> dict[str, str]:
    safe = "".join(each if each.isascii() and (each.isalnum() or each in "._-") else "_" for each in name)
    return {"Content-Disposition": f"attachment; filename=\"{safe}\"; filename*=UTF-8''{quote(name, safe='')}"}
