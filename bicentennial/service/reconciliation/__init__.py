"""The Reconciliation API 0.2 at `/reconcile`: programs such as OpenRefine match columns of names with things of ours.

Its answers are in the language of the address (`/en/reconcile`, `/es/reconcile`) or of the request. Identifiers are the
local names of `https://w3id.org/bicentennial/id/`, types and properties those of the ontology.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

from starlette.concurrency import run_in_threadpool
from starlette.responses import JSONResponse
from starlette.routing import Route

from bicentennial.core.messages import LANGUAGES, sentence
from bicentennial.core.namespaces import BIC, BICD
from bicentennial.core.resources import version
from bicentennial.service.http.negotiation import preflight
from bicentennial.service.http.requests import context_of, language_of
from bicentennial.service.http.responses import problem
from bicentennial.service.reconciliation.matching import TYPES, Candidate, candidates
from bicentennial.service.reconciliation.queries import read_object, read_query, refused
from bicentennial.service.reconciliation.suggesting import (
    HEADERS,
    entity,
    named,
    preview,
    properties,
    suggest_entity,
    suggest_property,
    suggest_type,
    types_of,
)
from bicentennial.service.reconciliation.values import extended
from bicentennial.service.sparql import address_of, body_of
from bicentennial.service.sparql.protocol import FORM, Refused, decoded, form_fields

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from starlette.requests import Request
    from starlette.responses import Response
    from starlette.routing import BaseRoute

    from bicentennial.core.messages import Language
    from bicentennial.service.context import Context

__all__ = ["routes"]

_METHODS: Final = "GET, POST, OPTIONS"
_BATCH: Final = 100
_USUAL_TYPES: Final = 3
_WIDTH, _HEIGHT = 430, 180


def routes(context: Context) -> list[BaseRoute]:  # noqa: ARG001 - each part takes it
    """Return the endpoint and its services for suggestions and previews, for each language and for none."""
    found: list[BaseRoute] = []
    for start in ("", *(f"/{lang}" for lang in LANGUAGES)):
        path = f"{start}/reconcile"
        found += [
            Route(path, _endpoint, methods=["GET", "POST", "OPTIONS"]),
            Route(f"{path}/suggest/entity", _got(suggest_entity), methods=["GET", "OPTIONS"]),
            Route(f"{path}/suggest/type", _got(suggest_type), methods=["GET", "OPTIONS"]),
            Route(f"{path}/suggest/property", _got(suggest_property), methods=["GET", "OPTIONS"]),
            Route(f"{path}/properties", _got(properties), methods=["GET", "OPTIONS"]),
            Route(f"{path}/preview", preview),
        ]
    return found


def _got(answer: Callable[[Request], Any]) -> Callable[[Request], Response]:
    def endpoint(request: Request) -> Response:
        if request.method == "OPTIONS":
            return preflight(_METHODS)
        return JSONResponse(answer(request), headers=HEADERS)

    return endpoint


async def _endpoint(request: Request) -> Response:
    if request.method == "OPTIONS":
        return preflight(_METHODS)
    try:
        given: Mapping[str, Any] = request.query_params
        if request.method == "POST":
            kind = request.headers.get("content-type", "").partition(";")[0].strip().lower()
            if kind != FORM:
                raise Refused(415, sentence("sparql", "body-type" if kind else "no-type", kind=kind))
            given = {**given, **dict(form_fields(decoded(await body_of(request))))}
        return JSONResponse(await run_in_threadpool(_answer, request, given), headers=HEADERS)
    except Refused as error:
        return problem(request, error.status, error.text, headers={**HEADERS, **error.headers})


def _answer(request: Request, given: Mapping[str, Any]) -> dict[str, Any]:
    lang = language_of(request)
    if "queries" in given:
        queries = read_object(given["queries"], "queries")
        if len(queries) > _BATCH:
            raise Refused(413, sentence("reconcile", "too-many", limit=_BATCH))
        wanted = {key: read_query(key, query) for key, query in queries.items()}
        return {
            key: {"result": [_candidate(each, lang) for each in candidates(query, lang)]}
            for key, query in wanted.items()
        }
    if "extend" in given:
        asked = read_object(given["extend"], "extend")
        try:
            return extended(asked["ids"], asked["properties"], lang)
        except (KeyError, TypeError, AttributeError):
            raise refused("extend", sentence("reconcile", "expected-object")) from None
    return _manifest(request, lang)


def _candidate(found: Candidate, lang: Language) -> dict[str, Any]:
    return {
        **entity(found.thing, lang),
        "type": types_of(found.thing, lang),
        "score": found.score,
        "features": [{"id": "name_similarity", "value": found.likeness}],
        "match": found.is_match,
    }


def _manifest(request: Request, lang: Language) -> dict[str, Any]:
    base = address_of(request, "")
    path = request.url.path.removeprefix(context_of(request).site.base)
    endpoint = f"{base}{path}"
    return {
        "versions": ["0.2"],
        "name": sentence("reconcile", "name")[lang],
        "identifierSpace": str(BICD),
        "schemaSpace": str(BIC),
        "serviceVersion": version(),
        "documentation": f"{base}/{lang}/ontology",
        "defaultTypes": [named(BIC[name], lang) for name in TYPES[:_USUAL_TYPES]],
        "view": {"url": f"{base}/id/{{{{id}}}}"},
        "preview": {"url": f"{endpoint}/preview?id={{{{id}}}}", "width": _WIDTH, "height": _HEIGHT},
        "suggest": {
            kind: {"service_url": endpoint, "service_path": f"/suggest/{kind}"}
            for kind in ("entity", "type", "property")
        },
        "extend": {"propose_properties": {"service_url": endpoint, "service_path": "/properties"}},
        "batchSize": _BATCH,
    }
