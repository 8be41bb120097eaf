"""What a submission says as RDF, by content negotiation or by the ending of an address."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pyoxigraph as ox

from bicentennial.html.markup import Markup
from bicentennial.monitoring.exports import graphs
from bicentennial.service import access
from bicentennial.service.http.negotiation import preferred_type, tagged
from bicentennial.service.http.rdf_syntaxes import FORMS, written
from bicentennial.service.office.components import link

if TYPE_CHECKING:
    from starlette.requests import Request
    from starlette.responses import Response

    from bicentennial.monitoring.store.database import Database
    from bicentennial.monitoring.store.submissions import Submission

__all__ = ["answer", "asked", "links", "record"]

_PAGE = "text/html"


def asked(request: Request) -> str | None:
    """Return the ending of the syntax that a request wants; None for a page.

    Raises:
        HTTPException: 406 for a request that takes neither.
    """
    given = request.query_params.get("format")
    if given is not None:
        if f".{given}" not in FORMS:
            raise access.refusal(406, "no-such-format")
        return f".{given}"
    kind = preferred_type(request.headers.get("accept"), [_PAGE, *FORMS.values()])
    if kind is None:
        raise access.refusal(406, "no-such-format")
    return next((ending for ending, each in FORMS.items() if each == kind), None)


def links(request: Request, path: str) -> Markup:
    """Return links to what an address is in each syntax."""
    names = {".ttl": "Turtle", ".jsonld": "JSON-LD", ".nt": "N-Triples", ".rdf": "RDF/XML"}
    return Markup(", ".join(link(request, name, f"{path}?format={ending[1:]}") for ending, name in names.items()))


def record(database: Database, submission: Submission, name: str) -> str | None:
    """Return what a submission says of a thing as records write it, or None if it says nothing."""
    found = database.value(
        "SELECT r.body FROM member m JOIN subject u ON u.id = m.subject JOIN record r ON r.id = m.record"
        " WHERE m.submission = ? AND u.name = ?",
        [submission.id, name],
    )
    return None if found is None else str(found)


def answer(request: Request, database: Database, submission: Submission, name: str | None, ending: str) -> Response:
    """Return what a submission says, of everything or of one thing, in the syntax of an ending.

    Raises:
        HTTPException: 404 if it does not speak of the thing.
    """
    base = graphs.base_of(database)
    lines = "".join(graphs.triples(database, submission, base, name)).encode("utf-8", "replace")
    if name is not None and not lines:
        raise access.refusal(404, "no-thing")
    triples = (quad.triple for quad in ox.parse(lines, format=ox.RdfFormat.N_TRIPLES))
    is_public = submission.state == "accepted" and not access.user_of(request).audience.everything
    headers = {
        "Vary": "Accept, Authorization, Cookie",
        "Cache-Control": "no-cache" if is_public else "private, no-store",
    }
    return tagged(request, written(triples, ending), FORMS[ending], headers)
