"""Forms: where they may come from, how large they may be, and the token that ties them to a page of ours.

A handler of a form is a plain function that takes the request and the form's data; `posted` makes an endpoint of it.
"""

from __future__ import annotations

import hashlib
import hmac
import secrets
from email.message import Message
from typing import TYPE_CHECKING, Any, Final
from urllib.parse import urlsplit

from starlette.concurrency import run_in_threadpool
from starlette.datastructures import UploadFile
from starlette.exceptions import HTTPException

from bicentennial.html.markup import Markup, element
from bicentennial.service.access import refusal
from bicentennial.service.http.requests import context_of, cookie_name, is_tls

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable
    from contextlib import AbstractAsyncContextManager

    from starlette.datastructures import FormData
    from starlette.requests import Request
    from starlette.responses import Response

__all__ = [
    "FIELD",
    "NAMELESS",
    "check_origin",
    "files_of",
    "hidden",
    "posted",
    "read",
    "remember",
    "text_of",
    "texts_of",
]

FIELD: Final = "form_token"
"""The name of the field that holds a form's token."""
NAMELESS: Final = "submission"
"""What a file is called that came without a name."""
_COOKIE: Final = "form"
_FIELDS: Final = 60
_FIELD_BYTES: Final = 1 << 16
_CHARSETS: Final = ("utf-8", "utf8", "us-ascii", "iso-8859-1", "windows-1252")
_KINDS: Final = ("application/x-www-form-urlencoded", "multipart/form-data")


def posted(
    handler: Callable[[Request, FormData], Response], *, has_token: bool = True
) -> Callable[[Request], Awaitable[Response]]:
    """Return the endpoint of a form.

    Args:
        handler: takes the request and the form, in a thread.
        has_token: whether the form has a `hidden` token; a form that changes nothing needs none.
    """

    async def endpoint(request: Request) -> Response:
        check_origin(request)
        if request.headers.get("content-type", "").partition(";")[0].strip().lower() not in _KINDS:
            raise HTTPException(415)
        async with read(request, max_files=2, max_fields=_FIELDS, max_part_size=_FIELD_BYTES) as form:
            if has_token:
                _check_token(request, form)
            return await run_in_threadpool(handler, request, form)

    return endpoint


def read(request: Request, **limits: int) -> AbstractAsyncContextManager[FormData]:
    """Return the form of a request, to be read in a block; `limits` are those of Starlette's `Request.form`.

    Raises:
        HTTPException: 415 for a form in an encoding that none of a browser's is in: some make texts that are none.
    """
    message = Message()
    message["Content-Type"] = request.headers.get("content-type", "")
    if message.get_content_charset("utf-8") not in _CHARSETS:
        raise HTTPException(415)
    return request.form(**limits)


def check_origin(request: Request) -> None:
    """Refuse a request that a page of another site has sent.

    Browsers say in `Origin` where a form stands, or `null` where they keep it to themselves and say in
    `Sec-Fetch-Site` whether it was ours. Other programs send neither.

    Raises:
        HTTPException: 403.
    """
    origin, site = request.headers.get("origin"), request.headers.get("sec-fetch-site")
    if origin and origin != "null":
        base = context_of(request).settings.base
        ours = {request.headers.get("host", "").lower(), *([urlsplit(base).netloc.lower()] if base else [])}
        is_ours = _netloc(origin) in ours
    else:
        is_ours = site in ("same-origin", "none") if site or origin else True
    if not is_ours:
        raise refusal(403, "foreign-form")


def _netloc(origin: str) -> str | None:
    """Return host and port of an origin; None of what is none."""
    try:
        return urlsplit(origin).netloc.lower()
    except ValueError:
        return None


def hidden(request: Request) -> Markup:
    """Return the field that ties a form to this browser; the page that holds it sets a cookie to compare it with."""
    key = getattr(request.state, "form_key", None) or request.cookies.get(cookie_name(request, _COOKIE))
    if not key:
        key = secrets.token_urlsafe(32)
    request.state.form_key = key
    return element("input", type="hidden", name=FIELD, value=_token(key))


def remember(request: Request, response: Response) -> None:
    """Set the cookie of a page whose forms have a token."""
    key = getattr(request.state, "form_key", None)
    name = cookie_name(request, _COOKIE)
    if key and request.cookies.get(name) != key:
        response.set_cookie(name, key, path="/", secure=is_tls(request), httponly=True, samesite="strict")


def text_of(form: FormData, name: str, default: str = "") -> str:
    """Return the text of a field, without spaces around it; a file, or what is not there, is the default."""
    value: Any = form.get(name)
    return value.strip() if isinstance(value, str) and value.strip() else default


def texts_of(form: FormData, name: str) -> list[str]:
    """Return the texts of the fields of a name, such as the boxes that were ticked, in the order of the page."""
    return [value.strip() for value in form.getlist(name) if isinstance(value, str) and value.strip()]


def files_of(form: FormData, name: str) -> list[UploadFile]:
    """Return the files of a name: none where none was chosen, for which browsers send an empty part."""
    parts = (part for part in form.getlist(name) if isinstance(part, UploadFile))
    return [part for part in parts if part.filename or part.size]


def _check_token(request: Request, form: FormData) -> None:
    key = request.cookies.get(cookie_name(request, _COOKIE), "")
    given = text_of(form, FIELD)
    if not key or not hmac.compare_digest(given.encode(), _token(key).encode()):
        raise refusal(403, "stale-form")


def _token(key: str) -> str:
    return hashlib.sha256(f"form:{key}".encode("utf-8", "surrogatepass")).hexdigest()
