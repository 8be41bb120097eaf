"""The page `/{l}/query`: named questions with their parameters, an editor for others, answers as tables.

Everything works without script; with it the text field becomes an editor. A question and its answer have an address,
so that they can be passed on. Queries only read, so any page may link to them.
"""

from __future__ import annotations

import json
from functools import cache
from typing import TYPE_CHECKING, Final
from urllib.parse import urlencode

from starlette.concurrency import run_in_threadpool
from starlette.routing import Route

from bicentennial.core.errors import BicentennialError
from bicentennial.core.messages import LANGUAGES, sentence
from bicentennial.core.namespaces import PREFIXES, compact
from bicentennial.html.markup import Markup, element
from bicentennial.knowledge.names import KINDS, names
from bicentennial.knowledge.sparql.library import NamedQuery, all_queries
from bicentennial.knowledge.sparql.query import bound
from bicentennial.knowledge.sparql.results import Kind, QueryResult
from bicentennial.service.access import user_of
from bicentennial.service.asking.pages import PATH, Answered, Maker, declared, noted
from bicentennial.service.asking.parameters import given
from bicentennial.service.http.errors import status_and_text
from bicentennial.service.http.negotiation import tagged
from bicentennial.service.http.requests import context_of, language_of
from bicentennial.service.http.responses import page
from bicentennial.service.sparql import address_of, body_of
from bicentennial.service.sparql.engine import inspected
from bicentennial.service.sparql.forms import offered
from bicentennial.service.sparql.protocol import Asked, Refused, read

if TYPE_CHECKING:
    from collections.abc import Mapping

    from starlette.requests import Request
    from starlette.responses import Response
    from starlette.routing import BaseRoute

    from bicentennial.core.messages import Language
    from bicentennial.service.context import Context

__all__ = ["routes"]

_ROWS: Final = 500
"""How many rows the page shows."""
_STYLES: Final = ("/static/query.css",)
_EDITOR_STYLES: Final = ("/static/yasqe/yasqe.min.css", *_STYLES)
_SCRIPTS: Final = ("/static/yasqe/yasqe.min.js", "/static/query.js")


def routes(context: Context) -> list[BaseRoute]:  # noqa: ARG001 - each part takes it
    """Return the page in each language, and the names that its editor completes."""
    pages: list[BaseRoute] = [Route(f"/{lang}{PATH}", _page, methods=["GET", "POST"]) for lang in LANGUAGES]
    return [*pages, Route(f"{PATH}/terms.json", _terms)]


async def _page(request: Request) -> Response:
    try:
        body = await body_of(request)
        content_type = request.headers.get("content-type", "")
        method = "POST" if request.method == "POST" else "GET"
        asked = await run_in_threadpool(read, method, request.url.query, content_type, body)
    except Refused as refused:
        return _shown(request, Answered("", error=refused.text), refused.status, "")
    return await run_in_threadpool(_answered_page, request, asked)


def _answered_page(request: Request, asked: Asked | None) -> Response:
    name = request.query_params.get("question", "")
    if name:
        query = next((each for each in all_queries() if each.name == name), None)
        if query is None:
            return _landing(request, sentence("ask", "unknown-question", name=name[:100]))
        return _question(request, query)
    if asked is None or not asked.query.strip():
        return _landing(request, None)
    # Forms end lines as HTTP does.
    asked = asked._replace(query=declared(asked.query.replace("\r\n", "\n")))
    if "edit" in request.query_params:
        return _shown(request, None, 200, asked.query)
    answered, status = _asked(request, asked)
    return _shown(request, answered, status, asked.query)


def _asked(request: Request, asked: Asked, named: NamedQuery | None = None) -> tuple[Answered, int]:
    """Ask a query and return what came of it, and the status that says so."""
    try:
        kind = inspected(asked.query).form
        form = "nt" if offered(kind)[0].name == "ttl" else "json"
        rows = _ROWS if kind == "SELECT" else None
        queries = context_of(request).queries
        found = queries.ask(asked, form, user_of(request).audience, base=address_of(request), rows=rows)
    except Refused as refused:
        return Answered(asked.query, error=refused.text), refused.status
    except BicentennialError as error:
        status, reason = status_and_text(error)
        return Answered(asked.query, error=reason), status
    kinds: dict[str, Kind] = {"SELECT": "select", "ASK": "ask"}
    text, is_cut = found.text, found.is_cut
    if form == "nt":
        lines = text.split("\n")  # a text may hold what Python takes for the end of a line, too
        text, is_cut = "\n".join(lines[:_ROWS]), len(lines) > _ROWS + 1
    result = QueryResult(kinds.get(kind, "graph"), text.encode())
    if named is not None:
        result = QueryResult(result.kind, result.payload, named.heads(result.columns))
    return Answered(asked.query, kind, result, is_cut, found.notes), 200


def _question(request: Request, query: NamedQuery) -> Response:
    """Return the page of a named question: its form, its answer, and the note that belongs to it."""
    make, lang = _maker(request), language_of(request)
    values = given(query, request.query_params)
    errors: dict[str, str] = {}
    usable = {}
    for name, value in values.items():
        try:
            bound(query, {name: value}, lang)
            usable[name] = value
        except BicentennialError as error:
            errors[name] = error.text[lang]
    text = declared(_without_header(bound(query, usable, lang)))
    answered, status = _asked(request, Asked(text), query) if not errors else (None, 400)
    body = [
        make.crumbs(),
        element("h1", query.title[lang]),
        noted(query.description[lang]),
        make.form(query, {**values, **_resolved(query, usable)}, errors),
        *([make.result(answered)] if answered is not None else []),
        make.as_sparql(text),
    ]
    return page(
        request,
        query.title[lang],
        *body,
        status=status,
        section_name="query",
        description=query.description[lang],
        styles=_STYLES,
        other=f"/{{lang}}{PATH}?{urlencode({'question': query.name, **values})}",
    )


def _without_header(text: str) -> str:
    """Return a named question without the comments that it begins with: the page says what is in them."""
    lines = text.splitlines(keepends=True)
    start = next((place for place, line in enumerate(lines) if not line.startswith("#")), 0)
    return "".join(lines[start:])


def _resolved(query: NamedQuery, values: Mapping[str, str]) -> dict[str, str]:
    """Return the local names of the things that values stand for, by which a list of choices knows them."""
    found = {}
    for name, value in values.items():
        kind = query.parameters[name]
        if kind in KINDS and kind != "thing":
            found[name] = names().resolve(value, kind=kind).rpartition("/")[2]
    return found


def _landing(request: Request, error: Mapping[str, str] | None) -> Response:
    make, lang = _maker(request), language_of(request)
    notice = [element("p", error[lang], class_="notice warning", role="alert")] if error else []
    settings = context_of(request).settings
    body = [
        *_heading(make),
        *notice,
        make.questions(),
        make.editor(is_part=True),
        make.programs(address_of(request), settings.query_seconds, settings.query_memory),
    ]
    return _with_editor(request, body, 404 if error else 200)


def _heading(make: Maker) -> list[Markup]:
    return [element("h1", make.word("title")), element("p", make.word("lead"), class_="lead")]


def _shown(request: Request, answered: Answered | None, status: int, text: str) -> Response:
    """Return the page of a query of one's own, with its answer."""
    make = _maker(request)
    result = [make.result(answered)] if answered is not None else []
    return _with_editor(request, [make.crumbs(), make.editor(text), *result], status)


def _with_editor(request: Request, body: list[Markup], status: int) -> Response:
    make = _maker(request)
    return page(
        request,
        make.word("title"),
        *body,
        status=status,
        section_name="query",
        description=make.word("description"),
        styles=_EDITOR_STYLES,
        scripts=_SCRIPTS,
        other=f"/{{lang}}{PATH}{f'?{request.url.query}' if request.url.query else ''}",
    )


def _maker(request: Request) -> Maker:
    context = context_of(request)
    return Maker(language_of(request), lambda path: context.site.href("", path), context.settings.registry is not None)


def _terms(request: Request) -> Response:
    return tagged(request, _completions(), "application/json", {"Cache-Control": "public, max-age=300"})


@cache
def _completions() -> bytes:
    """Return the prefixes that the editor declares and the names that it completes, in each language."""
    found: dict[str, dict[Language, str]] = {}
    for iri, thing in names().things.items():
        short = compact(iri)
        if short != iri and thing.label:
            found[short] = {lang: thing.name(lang) for lang in LANGUAGES}
    return json.dumps({"prefixes": PREFIXES, "names": found}, ensure_ascii=False, separators=(",", ":")).encode()
