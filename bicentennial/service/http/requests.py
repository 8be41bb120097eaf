"""What a request says: its language, how it came, and the service that it came to.

>>> preferred("es-MX,es;q=0.9,en;q=0.5"), preferred("de, en; q=0.2, es; q=0.3"), preferred("es,en")
('es', 'es', 'es')
>>> preferred(None), preferred("es;q=0")
('en', 'en')
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from bicentennial.core.messages import LANGUAGES, Language
from bicentennial.service.http.negotiation import weighted

if TYPE_CHECKING:
    from starlette.requests import Request

    from bicentennial.service.context import Context

__all__ = ["context_of", "cookie_name", "is_signed_in", "is_tls", "language_of", "preferred", "reached_at"]


def context_of(request: Request) -> Context:
    """Return what the parts of the service share."""
    found: Context = request.app.state.context
    return found


def reached_at(request: Request, path: str) -> str:
    """Return the address of a path within the application that answers, as visitors reach it."""
    return f"{context_of(request).site.base}{request.scope.get('root_path', '')}{path}"


def preferred(accepted: str | None) -> Language:
    """Return the language that a header `Accept-Language` prefers among ours."""
    weights: dict[Language, float] = {}  # of equal ones, the first
    for name, weight in weighted(accepted or ""):
        for each in LANGUAGES:
            if name.split("-")[0] == each and weight > weights.get(each, 0.0):
                weights[each] = weight
    return max(weights, key=lambda each: weights[each]) if weights else LANGUAGES[0]


def language_of(request: Request) -> Language:
    """Return the language of a request: that of its path, of `?lang=`, else the one that its headers prefer."""
    for given in (request.path_params.get("lang"), request.query_params.get("lang")):
        for each in LANGUAGES:
            if given == each:
                return each
    first = request.url.path.removeprefix(request.scope.get("root_path", "")).split("/")[1:2]
    return next((each for each in LANGUAGES if [each] == first), preferred(request.headers.get("accept-language")))


def cookie_name(request: Request, what: str) -> str:
    """Return the name of a cookie, with the prefix by which browsers let nothing but this host set it over TLS."""
    return f"__Host-bicentennial-{what}" if is_tls(request) else f"bicentennial-{what}"


def is_tls(request: Request) -> bool:
    """Return whether visitors reach the service by HTTPS."""
    return request.url.scheme == "https" or (context_of(request).settings.base or "").startswith("https:")


def is_signed_in(request: Request) -> bool:
    """Return whether the answer is for somebody who presents a token, or whom the pages know by a session."""
    user = getattr(request.state, "user", None)
    return "authorization" in request.headers or not (user is None or user.is_anonymous)
