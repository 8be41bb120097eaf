"""What is new, for feed readers and harvesters: Atom feeds of public changes, and the catalogue in DCAT."""

from __future__ import annotations

import xml.etree.ElementTree as ET
from typing import TYPE_CHECKING, Any, Final
from urllib.parse import quote
from uuid import UUID, uuid5

from starlette.routing import Route

from bicentennial.core.escape import plain
from bicentennial.core.messages import sentence
from bicentennial.monitoring.exports import graphs
from bicentennial.monitoring.exports.provenance import provenance
from bicentennial.monitoring.store import chain
from bicentennial.monitoring.store.audience import Audience
from bicentennial.service.access import refusal
from bicentennial.service.http.negotiation import CORS, tagged
from bicentennial.service.http.requests import context_of, language_of

if TYPE_CHECKING:
    from collections.abc import Iterator

    from starlette.requests import Request
    from starlette.responses import Response
    from starlette.routing import BaseRoute

    from bicentennial.core.messages import Language
    from bicentennial.monitoring.registry import Registry
    from bicentennial.monitoring.store.submissions import Submission
    from bicentennial.service.context import Context

__all__ = ["routes"]

_ATOM: Final = "http://www.w3.org/2005/Atom"
_XML: Final = "http://www.w3.org/XML/1998/namespace"
_ENTRIES: Final = 100
_PUBLIC: Final = {**CORS, "Cache-Control": "public, max-age=60", "Vary": "Accept-Language"}


def routes(context: Context) -> list[BaseRoute]:
    """Return `/feed.atom`, the feed of each dataset, and `/catalog.ttl`; there are none without a registry."""
    if context.settings.registry is None:
        return []
    return [
        Route("/feed.atom", _feed),
        Route("/feed/{submitter}/{dataset}.atom", _feed),
        Route("/catalog.ttl", _catalogue),
    ]


def _catalogue(request: Request) -> Response:
    """Return the datasets and their public submissions in DCAT, with where they come from in PROV."""
    import pyoxigraph as ox

    from bicentennial.service.http.rdf_syntaxes import FORMS, written

    with context_of(request).registry(Audience()) as registry:
        lines = "".join(provenance(registry.database, graphs.base_of(registry.database))).encode("utf-8", "replace")
    quads = ox.parse(lines, format=ox.RdfFormat.N_TRIPLES)
    return tagged(request, written((quad.triple for quad in quads), ".ttl"), FORMS[".ttl"], _PUBLIC)


def _feed(request: Request) -> Response:
    """Return the public changes, one an entry, the latest first."""
    lang = language_of(request)
    only = request.path_params.get("submitter"), request.path_params.get("dataset")
    base = _base(request)
    with context_of(request).registry(Audience()) as registry:
        shown = [each for each in registry.submissions() if only[0] is None or only == (each.submitter, each.dataset)]
        if only[0] is not None and not shown:
            raise refusal(404, "no-dataset")
        identity = UUID(registry.database.value("SELECT value FROM meta WHERE key = 'registry'"))
        found = _entries(registry, only, shown, lang)
        entries = sorted(found, key=lambda each: each["updated"], reverse=True)[:_ENTRIES]
    name = f"{only[0]}/{only[1]}" if only[0] else None
    title = sentence("feeds", "title-of", name=name) if name else sentence("feeds", "title")
    feed = ET.Element(f"{{{_ATOM}}}feed", {f"{{{_XML}}}lang": lang})
    _add(feed, "id", (uuid5(identity, name) if name else identity).urn)
    _add(feed, "title", title[lang])
    _add(feed, "updated", entries[0]["updated"] if entries else "1970-01-01T00:00:00Z")
    _add(ET.SubElement(feed, f"{{{_ATOM}}}author"), "name", sentence("site", "name")[lang])
    ET.SubElement(feed, f"{{{_ATOM}}}link", {"rel": "self", "href": f"{base}{_path(request)}"})
    page = f"/{lang}/registry/{quote(name)}" if name else f"/{lang}/changes"
    ET.SubElement(feed, f"{{{_ATOM}}}link", {"rel": "alternate", "type": "text/html", "href": f"{base}{page}"})
    for each in entries:
        entry = ET.SubElement(feed, f"{{{_ATOM}}}entry")
        _add(entry, "id", uuid5(identity, each["id"]).urn)
        _add(entry, "title", each["title"])
        _add(entry, "updated", each["updated"])
        _add(ET.SubElement(entry, f"{{{_ATOM}}}author"), "name", each["author"])
        ET.SubElement(entry, f"{{{_ATOM}}}category", {"term": each["kind"]})
        ET.SubElement(entry, f"{{{_ATOM}}}link", {"href": f"{base}/{lang}/registry/{quote(each['about'])}"})
        _add(entry, "summary", each["summary"])
    ET.register_namespace("", _ATOM)
    content = ET.tostring(feed, encoding="utf-8", xml_declaration=True)
    return tagged(request, content, "application/atom+xml", {**_PUBLIC, "Content-Language": lang})


def _entries(
    registry: Registry, only: tuple[str | None, str | None], shown: list[Submission], lang: Language
) -> Iterator[dict[str, str]]:
    """Yield an entry for each submission that was accepted, each change that it brought, and each new verdict."""
    accepted: dict[str, str] = {}
    by_id = {each.id: each for each in shown}
    for event in chain.events(registry.database):
        this = by_id.get(event.submission or 0)
        if this is None:
            continue
        words: dict[str, Any] = {"name": this.name, "issued": this.issued}
        if event.what == "accepted":
            accepted[this.name] = event.at
        elif event.what == "rechecked":
            text = sentence("feeds", "rechecked" if event.data.get("conforms") else "rechecked-fails", **words)
            yield _entry(f"event-{event.id}", "rechecked", this, event.at, text[lang], text[lang])
    for this in shown:
        text = sentence("feeds", "accepted", name=this.name, issued=this.issued)
        if this.name in accepted:
            yield _entry(f"{this.name}/accepted", "accepted", this, accepted[this.name], text[lang], this.file)
    by_name = {each.name: each for each in shown}
    for change in registry.changes(submitter=only[0], dataset=only[1]):
        new = by_name.get(change.second)
        if new is not None and new.name in accepted:
            ident = f"{new.name}/{change.kind}/{change.subject}/{(change.path or '').rpartition('#')[2]}"
            message = change.message()[lang]
            entry = _entry(ident, change.kind, new, accepted[new.name], change.title[lang], message)
            yield {**entry, "about": f"{change.submitter}/{change.dataset}/{change.subject}"}


def _entry(ident: str, kind: str, this: Submission, at: str, title: str, summary: str) -> dict[str, str]:
    return {
        "id": ident, "kind": kind, "about": this.name, "updated": at, "author": this.submitter, "title": title,
        "summary": summary,
    }  # fmt: skip


def _add(parent: ET.Element, name: str, text: str) -> None:
    ET.SubElement(parent, f"{{{_ATOM}}}{name}").text = plain(text)


def _base(request: Request) -> str:
    """Return the address under which the service is reached."""
    context = context_of(request)
    return (context.settings.base or f"{request.url.scheme}://{request.url.netloc}").rstrip("/")


def _path(request: Request) -> str:
    return request.url.path.removeprefix(request.scope.get("root_path", ""))
