"""Signing in with a token, and out again."""

from __future__ import annotations

from typing import TYPE_CHECKING

from starlette.responses import RedirectResponse

from bicentennial.html.markup import Markup, element
from bicentennial.monitoring.access import sessions, tokens
from bicentennial.monitoring.store.audience import EVERYTHING
from bicentennial.service import forms
from bicentennial.service.http.requests import context_of, cookie_name, is_tls, language_of
from bicentennial.service.office.components import button, field, form, notice, office_page, say, with_query

if TYPE_CHECKING:
    from starlette.datastructures import FormData
    from starlette.requests import Request
    from starlette.responses import Response

__all__ = ["enter", "leave", "login_form", "login_page", "to_login"]


def login_page(request: Request) -> Response:
    """Return `/{l}/login`."""
    return _page(request, _local(request.query_params.get("next", "")))


def login_form(request: Request, then: str) -> Markup:
    """Return the form that takes a token.

    Args:
        request: what is answered.
        then: the path that is shown afterwards.
    """
    lang = language_of(request)
    return form(
        request,
        f"/{lang}/login",
        element("input", type="hidden", name="next", value=then),
        field("token", say("token", lang), say("token-hint", lang), type="password", autocomplete="off", required=True),
        button(say("sign-in", lang)),
    )


def enter(request: Request, data: FormData) -> Response:
    """Take a token and begin a session."""
    lang = language_of(request)
    then = _local(forms.text_of(data, "next"))
    with context_of(request).registry(EVERYTHING) as registry:
        token = tokens.check(registry.database, forms.text_of(data, "token"))
        secret = sessions.start(registry.database, token) if token else None
    if token is None or secret is None:
        return _page(request, then, wrong=True)
    reviews = tokens.allows(token.scopes, "review")
    response = see(request, then or f"/{lang}/{'review' if reviews else 'mine'}")
    response.set_cookie(
        cookie_name(request, "session"),
        secret,
        max_age=sessions.HOURS * 3600,
        path="/",
        secure=is_tls(request),
        httponly=True,
        samesite="strict",
    )
    return response


def leave(request: Request, data: FormData) -> Response:  # noqa: ARG001 - as forms call it
    """End the session."""
    name = cookie_name(request, "session")
    secret = request.cookies.get(name)
    if secret:
        with context_of(request).registry(EVERYTHING) as registry:
            sessions.end(registry.database, secret)
    response = see(request, f"/{language_of(request)}/")
    response.delete_cookie(name, path="/", secure=is_tls(request), httponly=True, samesite="strict")
    return response


def see(request: Request, path: str) -> RedirectResponse:
    """Return what sends a browser to a path of ours after a form."""
    return RedirectResponse(context_of(request).site.base + path, 303)


def to_login(request: Request) -> Response:
    """Return what sends a visitor to the form that takes a token, and back here afterwards."""
    return see(request, with_query(f"/{language_of(request)}/login", next=request.url.path))


def _page(request: Request, then: str, *, wrong: bool = False) -> Response:
    lang = language_of(request)
    title = say("sign-in-title", lang)
    parts = [
        element("h1", title),
        element("p", say("sign-in-about", lang), class_="lead"),
        *([notice(say("wrong-token", lang), kind="error")] if wrong else []),
        login_form(request, then),
    ]
    other = with_query("/{lang}/login", next=then or None)
    return office_page(request, title, *parts, status=401 if wrong else 200, private=True, other=other)


def _local(path: str) -> str:
    r"""Return a path of ours, or nothing for an address of another site.

    >>> _local("/en/send"), _local("//evil.example"), _local("/\\evil.example"), _local("https://evil.example")
    ('/en/send', '', '', '')
    """
    is_ours = path.startswith("/") and not path.startswith(("//", "/\\")) and path.isprintable() and "\\" not in path
    return path if is_ours else ""
