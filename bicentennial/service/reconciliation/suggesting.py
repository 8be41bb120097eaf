"""The services beside the Reconciliation API's queries: suggestions as one types, and previews."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final
from urllib.parse import quote

from starlette.responses import HTMLResponse

from bicentennial.core.namespaces import BIC, BICD, local_name
from bicentennial.html.markup import element
from bicentennial.knowledge.names import names
from bicentennial.knowledge.show import about
from bicentennial.knowledge.text import normalize_words
from bicentennial.service.http.negotiation import CORS
from bicentennial.service.http.requests import context_of, language_of
from bicentennial.service.http.security import POLICY
from bicentennial.service.reconciliation.matching import TYPES, Wanted, candidates, things
from bicentennial.service.reconciliation.values import proposed, suggested_properties

if TYPE_CHECKING:
    from collections.abc import Iterable

    from starlette.requests import Request
    from starlette.responses import Response

    from bicentennial.core.messages import Language
    from bicentennial.knowledge.names import Thing

__all__ = [
    "HEADERS",
    "entity",
    "named",
    "preview",
    "properties",
    "suggest_entity",
    "suggest_property",
    "suggest_type",
    "types_of",
]

HEADERS: Final = {**CORS, "Vary": "Accept-Language"}
_SUGGESTIONS: Final = 20
_BATCH: Final = 100
_LONGEST: Final = 300


def entity(thing: Thing, lang: Language) -> dict[str, Any]:
    """Return a thing with its id, its name and what distinguishes it."""
    short = next(iter(thing.notations), "")
    kinds = ", ".join(names()[kind].name(lang) for kind in thing.types[:1])
    description = " · ".join(filter(None, (short, kinds)))
    return {"id": local_name(thing.iri), "name": thing.name(lang), "description": description}


def types_of(thing: Thing, lang: Language) -> list[dict[str, str]]:
    """Return the types of a thing, its own first, then those above that can be asked for."""
    classes = names().classes(thing.iri)
    own = [iri for iri in thing.types if iri.startswith(str(BIC))]
    above = [BIC[name] for name in TYPES if BIC[name] in classes and BIC[name] not in own]
    return [named(iri, lang) for iri in (*own, *above)]


def named(iri: str, lang: Language) -> dict[str, str]:
    """Return a term with its id and its name."""
    return {"id": local_name(iri), "name": names()[iri].name(lang)}


def suggest_entity(request: Request) -> dict[str, Any]:
    """Return the things whose names begin with a text, then those whose names are like it."""
    lang, prefix = language_of(request), request.query_params.get("prefix", "")[:_LONGEST]
    types = tuple(filter(None, request.query_params.getlist("type")))
    found = [each.thing for each in candidates(Wanted(prefix, types, limit=_BATCH), lang)] if prefix.strip() else []
    wanted = normalize_words(prefix)
    begun = [thing for thing in (*found, *_beginning(wanted, types)) if _begins(thing, wanted)]
    ordered = list({thing.iri: thing for thing in (*begun, *found)}.values())
    return {"result": [{**entity(each, lang), "notable": types_of(each, lang)} for each in _cut(request, ordered)]}


def _beginning(wanted: str, types: tuple[str, ...]) -> Iterable[Thing]:
    return (each for each in things(types) if wanted and _begins(each, wanted))


def _begins(thing: Thing, wanted: str) -> bool:
    called = (*thing.notations, *thing.label.values(), *thing.alternatives)
    return any(normalize_words(each).startswith(wanted) for each in called)


def _cut(request: Request, found: list[Any]) -> list[Any]:
    """Leave out as many as a request says that it has, and what is too much for one answer."""
    cursor = request.query_params.get("cursor", "")
    start = int(cursor) if cursor.isascii() and cursor.isdigit() and len(cursor) < 6 else 0
    return found[start : start + _SUGGESTIONS]


def suggest_type(request: Request) -> dict[str, Any]:
    """Return the types whose names have a text in them."""
    lang, wanted = language_of(request), normalize_words(request.query_params.get("prefix", "")[:_LONGEST])
    every = [named(BIC[name], lang) for name in TYPES]
    fits = [each for each in every if wanted in normalize_words(each["name"]) or wanted in each["id"].lower()]
    return {"result": _cut(request, fits)}


def suggest_property(request: Request) -> dict[str, Any]:
    """Return the properties whose names have a text in them."""
    prefix = request.query_params.get("prefix", "")[:_LONGEST]
    return {"result": _cut(request, suggested_properties(prefix, language_of(request)))}


def properties(request: Request) -> dict[str, Any]:
    """Return the properties that things of a type have."""
    limit = request.query_params.get("limit", "")
    most = int(limit) if limit.isascii() and limit.isdigit() and len(limit) < 6 else _BATCH
    return proposed(request.query_params.get("type", "")[:_LONGEST], most, language_of(request))


def preview(request: Request) -> Response:
    """Return a small page on a thing, which other programs show in a frame."""
    lang, ident = language_of(request), request.query_params.get("id", "")[:_LONGEST]
    site = context_of(request).site
    iri = f"{BICD}{ident}"
    is_known = iri in names().things
    parts = []
    if is_known:
        shown = about(iri, lang)
        line = " · ".join([*shown.notations, *shown.kinds])
        link = element(
            "a", shown.title, href=site.href("", f"/{lang}/id/{quote(ident)}"), target="_blank", rel="noopener"
        )
        parts = [element("h1", link), element("p", line), *(element("p", text) for text in shown.paragraphs[:1])]
    else:
        parts = [element("p", ident)]
    head = element(
        "head",
        element("meta", charset="utf-8"),
        element("title", names()[iri].name(lang) if is_known else ident),
        *(element("link", rel="stylesheet", href=site.href("", f"/static/{each}.css")) for each in ("base", "preview")),
    )
    text = f"<!doctype html>\n{element('html', head, element('body', element('main', *parts)), lang=lang)}\n"
    headers = {
        **HEADERS,
        "Content-Language": lang,
        "Content-Security-Policy": POLICY.replace("frame-ancestors 'none'", "frame-ancestors *"),
    }
    return HTMLResponse(text, 200 if is_known else 404, headers)
