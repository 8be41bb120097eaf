"""Feeds and the catalogue: what is public, once for each change, in a form that readers understand."""

from __future__ import annotations

import xml.etree.ElementTree as ET
from typing import TYPE_CHECKING
from uuid import UUID

from rdflib import Graph, URIRef
from rdflib.namespace import DCAT, RDF

from bicentennial.monitoring.registry import open_registry
from tests.serving import EXAMPLES, serving

if TYPE_CHECKING:
    from pathlib import Path

    import httpx

    from tests.serving import Filled, Service

ATOM = "{http://www.w3.org/2005/Atom}"


def entries(client: httpx.Client, path: str) -> dict[str, str]:
    """Return the titles of a feed's entries by their ids, and see that it is what a feed has to be."""
    answer = client.get(path)
    assert answer.status_code == 200
    assert answer.headers["content-type"] == "application/atom+xml"
    feed = ET.fromstring(answer.content)
    assert feed.tag == f"{ATOM}feed"
    for part in (feed, *feed.iter(f"{ATOM}entry")):
        assert all(len(part.findall(ATOM + name)) == 1 for name in ("id", "title", "updated"))
    found = {str(each.findtext(f"{ATOM}id")): str(each.findtext(f"{ATOM}title")) for each in feed.iter(f"{ATOM}entry")}
    assert len(found) == len(list(feed.iter(f"{ATOM}entry")))
    assert all(UUID(str(each.text)).urn == each.text for each in feed.iter(f"{ATOM}id")), "a name that readers know"
    return found


def test_feeds_tell_public_changes_once(tmp_path: Path, filled: Filled) -> None:
    copy = filled.copy(tmp_path)
    with serving(tmp_path, registry=copy, tokens=filled.tokens) as running, running.client() as client:
        assert list(entries(client, "/feed.atom?lang=en").values()) == [
            "example-ngo/actions/1 was accepted: it reports for 2024-03-31"
        ]
        assert client.get("/feed/fundacion/acciones.atom").status_code == 404
        data = (EXAMPLES / "good.csv").read_bytes().replace(b"ongoing", b"completed")
        with open_registry(copy) as registry:
            registry.submit(data, name="q4.csv", submitter="example-ngo", dataset="actions", issued="2024-12-31")
            changes = registry.changes()
        after = entries(client, "/feed/example-ngo/actions.atom?lang=es")
        assert len(after) == 2 + len(changes)
        assert len([each for each in after.values() if each.startswith("Se aceptó ")]) == 2, after
        tag = client.get("/feed.atom").headers["etag"]
        assert client.get("/feed.atom", headers={"If-None-Match": tag}).status_code == 304
        profile = tmp_path / "strict.toml"
        profile.write_text('[severity]\n"Action-title-languages" = "violation"\n', encoding="utf-8")
        for _ in range(2):  # the second time adds nothing
            with open_registry(copy) as registry:
                registry.recheck()
            again = entries(client, "/feed/example-ngo/actions.atom?lang=es")
            assert set(after) <= set(again)


def test_the_catalogue_lists_what_is_public(service: Service) -> None:
    with service.client() as client:
        answer = client.get("/catalog.ttl")
        assert answer.headers["content-type"].startswith("text/turtle")
        assert answer.headers["access-control-allow-origin"] == "*"
    graph = Graph().parse(data=answer.text, format="turtle")
    [catalogue] = graph.subjects(RDF.type, DCAT.Catalog)
    assert [str(each).rpartition(":registry/")[2] for each in graph.objects(catalogue, DCAT.dataset)] == [
        "example-ngo/actions"
    ]
    assert URIRef(f"{catalogue}/fundacion/acciones/1") not in set(graph.subjects())
    assert URIRef(f"{catalogue}/example-ngo/actions/2") not in set(graph.subjects())
