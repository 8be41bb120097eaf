"""Linked data: what our IRIs stand for, as a page for people or as RDF for programs, by the header `Accept`.

| address | what |
| --- | --- |
| `/id/NAME` | a thing: its statements, what links to it, and labels |
| `/ontology/TERM`, `/shapes/NAME` | a class, property or shape, whose IRIs have `#` for the last slash |
| `/ontology`, `/ontology/VERSION`, `/shapes`, `/dataset` | whole documents |
| `/context.jsonld`, `/schema.json` | the files that JSON-LD and JSON name |

An address with one of the endings of `rdf_syntaxes.FORMS` is that syntax. A browser is sent to the explorer's page in
the language that it prefers. The addresses are the paths of the IRIs, so that `w3id/` only has to point to a service.
"""

from __future__ import annotations

from functools import lru_cache
from typing import TYPE_CHECKING, Final

from starlette.responses import RedirectResponse
from starlette.routing import Route

from bicentennial.core.messages import LANGUAGES, sentence
from bicentennial.core.namespaces import BIC, BICD, BICSH, local_name
from bicentennial.core.resources import ontology_version
from bicentennial.core.similar import similar
from bicentennial.explorer.catalogue import iri_at
from bicentennial.knowledge.names import names
from bicentennial.report.codes.explanation import codes
from bicentennial.service.http.negotiation import CORS, preferred_type, preflight, tagged
from bicentennial.service.http.rdf_syntaxes import FORMS, written
from bicentennial.service.http.requests import context_of, preferred
from bicentennial.service.http.responses import problem, problem_page
from bicentennial.service.linked_data.descriptions import described, is_known
from bicentennial.service.linked_data.documents import DOCUMENTS, FILES, document, file

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from starlette.requests import Request
    from starlette.responses import Response
    from starlette.routing import BaseRoute

    from bicentennial.service.context import Context

__all__ = ["routes"]

_PAGE: Final = "text/html"
_ALIKE: Final = {"application/xhtml+xml": _PAGE, "application/x-turtle": ".ttl", "application/json": ".jsonld"}
"""Further media types that requests ask for, and which form of ours is meant."""
_SPACES: Final = {"id": str(BICD), "ontology": str(BIC), "shapes": str(BICSH)}
_METHODS: Final = "GET, HEAD, OPTIONS"
_FRESH: Final = "public, max-age=300"
_LICENCE: Final = "https://creativecommons.org/licenses/by/4.0/"
_KEPT: Final = 512
_LONGEST: Final = 200
_PAGES: Final = {"/shapes": "/codes", "/dataset": "/explore"}
"""Pages of the explorer that do not lie where the document lies."""


def routes(context: Context) -> list[BaseRoute]:  # noqa: ARG001 - each part takes it
    """Return the addresses of things, terms, shapes, documents and files."""
    methods = ["GET", "OPTIONS"]
    return [
        *(Route(f"/{name}", _file, methods=methods) for name in FILES),
        *(Route(f"/{name}{ending}", _document, methods=methods) for name in DOCUMENTS for ending in ("", *FORMS)),
        *(Route(f"/{space}/{{name}}", _thing, methods=methods) for space in _SPACES),
    ]


def _file(request: Request) -> Response:
    if request.method == "OPTIONS":
        return preflight(_METHODS)
    name = request.url.path.rpartition("/")[2]
    return tagged(request, file(name), FILES[name], {**CORS, "Cache-Control": _FRESH})


def _document(request: Request) -> Response:
    if request.method == "OPTIONS":
        return preflight(_METHODS)
    name, ending = _split(_path(request)[1:])
    return _answered(request, f"/{name}", ending, lambda form: document(name, form))


def _thing(request: Request) -> Response:
    if request.method == "OPTIONS":
        return preflight(_METHODS)
    space, _, rest = _path(request)[1:].partition("/")
    name, ending = (rest, "") if rest == ontology_version() else _split(rest)
    if space == "ontology" and name == ontology_version():
        return _answered(request, "/ontology", ending, lambda form: document("ontology", form))
    # The explorer has pages for terms of other vocabularies, too, with addresses of their own.
    iri = iri_at(f"/{space}/{name}") or _SPACES[space] + name
    if not _is_name(name) or not is_known(iri):
        return _unknown(request, space, name)
    return _answered(request, f"/{space}/{name}", ending, lambda form: _description(iri, form))


@lru_cache(_KEPT)
def _description(iri: str, ending: str) -> bytes:
    return written(described(iri), ending)


def _answered(request: Request, path: str, ending: str, content: Callable[[str], bytes]) -> Response:
    """Return the form of what lies at a path that its ending or the request says."""
    site = context_of(request).site
    others = [f'<{site.href("", path + each)}>; rel="alternate"; type="{kind}"' for each, kind in FORMS.items()]
    headers = {**CORS, "Cache-Control": _FRESH, "Link": ", ".join([f'<{_LICENCE}>; rel="license"', *others])}
    if ending:
        return tagged(request, content(ending), FORMS[ending], headers)
    headers["Vary"] = "Accept, Accept-Language"
    form = _form(request.headers.get("accept"))
    if form is None:
        return _not_acceptable(request, path, headers)
    if form == _PAGE:
        lang = preferred(request.headers.get("accept-language"))
        return RedirectResponse(site.href("", _page(path, lang)), 303, headers)
    headers["Content-Location"] = site.href("", path + form)
    return tagged(request, content(form), FORMS[form], headers)


def _form(accept: str | None) -> str | None:
    """Return what a header asks for: `text/html` for a page, an ending of `FORMS`, or None for what there is not."""
    endings = {kind: ending for ending, kind in FORMS.items()}
    found = preferred_type(accept, [_PAGE, *FORMS.values(), *_ALIKE])
    return None if found is None else _ALIKE.get(found, endings.get(found, found))


def _page(path: str, lang: str) -> str:
    """Return the explorer's page of a path: a shape's is that of the code that its findings have."""
    code = path.removeprefix("/shapes/")
    if code != path:
        return f"/{lang}/codes/{code}" if code in codes() else f"/{lang}/codes"
    return f"/{lang}{_PAGES.get(path, path)}"


def _path(request: Request) -> str:
    """Return the path of a request below the address of the service."""
    return request.url.path.removeprefix(context_of(request).site.base)


def _split(name: str) -> tuple[str, str]:
    """Return a name and its ending, which is empty if it has none of `FORMS`."""
    ending = next((each for each in FORMS if name.endswith(each)), "")
    return name.removesuffix(ending), ending


def _is_name(name: str) -> bool:
    """Return whether a text can be a local name of ours: the engine refuses IRIs with other characters."""
    return bool(name) and len(name) <= _LONGEST and name.replace("-", "").replace("_", "").isalnum()


def _unknown(request: Request, space: str, name: str) -> Response:
    known = [local_name(iri) for iri in names().things if iri.startswith(_SPACES[space])]
    near = ", ".join(similar(name[:_LONGEST], known))
    hint = sentence("linked", "did-you-mean", names=near) if near else dict.fromkeys(LANGUAGES, "")
    where = {each: f"/{each}" for each in DOCUMENTS}
    return _told(request, 404, sentence("linked", "unknown", name=f"{space}/{name}", hint=hint, **where), CORS)


def _not_acceptable(request: Request, path: str, headers: Mapping[str, str]) -> Response:
    """Return 406 with the list of what there is."""
    types = [_PAGE, *FORMS.values()]
    detail = sentence("linked", "not-acceptable", types=", ".join(types), endings=", ".join(FORMS))
    available = [{"type": kind, "address": path + ending} for ending, kind in FORMS.items()]
    kept = {name: value for name, value in headers.items() if name != "Cache-Control"}
    return problem(request, 406, detail, headers=kept, available=available)


def _told(request: Request, status: int, detail: Mapping[str, str], headers: Mapping[str, str]) -> Response:
    shown = problem_page if _form(request.headers.get("accept")) == _PAGE else problem
    return shown(request, status, detail, headers={**headers, "Vary": "Accept, Accept-Language"})
