"""The W3C's tests of the SPARQL 1.1 protocol, over HTTP: queries pass, updates are refused."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Final

import pytest
import rdflib
from rdflib import Namespace
from rdflib.collection import Collection

from tests.serving import Service, serving

if TYPE_CHECKING:
    from collections.abc import Iterator

    import httpx

SUITE: Final = Path(__file__).with_name("w3c-protocol")
DATA: Final = "http://kasei.us/2009/09/sparql/data/"
MF: Final = Namespace("http://www.w3.org/2001/sw/DataAccess/tests/test-manifest#")
HT: Final = Namespace("http://www.w3.org/2011/http#")
CNT: Final = Namespace("http://www.w3.org/2011/content#")
RESULTS: Final = {
    "boolean": {"application/sparql-results+json", "application/sparql-results+xml"},
    "tabular": {
        "application/sparql-results+json",
        "application/sparql-results+xml",
        "text/csv",
        "text/tab-separated-values",
    },
    "RDF": {"application/rdf+xml", "text/turtle", "application/n-triples", "application/ld+json"},
}


@dataclass(frozen=True, slots=True)
class Call:
    """A request of a test, and what it expects."""

    method: str
    path: str
    headers: dict[str, str]
    body: bytes
    statuses: frozenset[str]
    boolean: bool | None
    form: str | None

    @property
    def is_update(self) -> bool:
        kind = self.headers.get("content-type", "")
        return "sparql-update" in kind or b"update=" in self.body or "update=" in self.path


def _tests() -> dict[str, list[Call]]:
    graph = rdflib.Graph().parse(SUITE / "manifest.ttl", publicID="https://example.org/suite/manifest.ttl")
    (entries,) = graph.objects(None, MF.entries)
    found = {}
    for test in Collection(graph, entries):
        action = graph.value(test, MF.action)
        requests = graph.value(action, HT.requests)
        assert requests is not None
        found[str(test).rpartition("#")[2]] = [_call(graph, each) for each in Collection(graph, requests)]
    return found


def _call(graph: rdflib.Graph, request: rdflib.term.Node) -> Call:
    body, response = graph.value(request, HT.body), graph.value(request, HT.resp)
    headers = graph.value(request, HT.headers)
    fields = list(Collection(graph, headers)) if headers is not None else []
    text, encoding = graph.value(body, CNT.chars), graph.value(body, CNT.characterEncoding)
    boolean, form = graph.value(response, MF.expectedBoolean), graph.value(response, MF.expectedFormat)
    return Call(
        str(graph.value(request, HT.methodName)),
        str(graph.value(request, HT.absolutePath)),
        {str(graph.value(each, HT.fieldName)).lower(): str(graph.value(each, HT.fieldValue)) for each in fields},
        str(text).encode(str(encoding or "utf-8")) if text is not None else b"",
        frozenset(str(each).rpartition("StatusCode")[2] for each in graph.objects(response, MF.expectedStatus)),
        None if boolean is None else bool(boolean),
        None if form is None else str(form),
    )


TESTS: Final = _tests()
UPDATES: Final = {name for name in TESTS if "update" in name}


def test_the_suite_is_whole() -> None:
    assert (len(TESTS), len(UPDATES)) == (34, 14)


@pytest.fixture(scope="module")
def endpoint(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Service]:
    """Yield a service with the graphs that the suite asks for."""
    folder = tmp_path_factory.mktemp("protocol")
    data = folder / "suite.nq"
    lines = [
        f"{(SUITE / f'data{n}.nt').read_text('utf-8').strip().removesuffix('.')} <{DATA}data{n}.rdf> .\n"
        for n in (1, 2, 3)
    ]
    data.write_text("".join(lines), "utf-8")
    with serving(folder, graphs=[str(data)]) as running:
        yield running


def _sent(client: httpx.Client, call: Call) -> httpx.Response:
    return client.request(call.method, call.path, headers=call.headers, content=call.body)


@pytest.mark.parametrize("name", sorted(set(TESTS) - UPDATES))
def test_query(endpoint: Service, name: str) -> None:
    with endpoint.client(follow_redirects=True) as client:
        for call in TESTS[name]:
            found = _sent(client, call)
            assert f"{found.status_code // 100}xx" in call.statuses
            kind = found.headers["content-type"].partition(";")[0]
            if call.form is not None:
                assert kind in RESULTS[call.form]
            if call.boolean is not None:
                assert found.json()["boolean"] is call.boolean
            if call.statuses == {"4xx"}:
                assert kind == "application/problem+json"


@pytest.mark.parametrize("name", sorted(UPDATES))
def test_update_is_refused(endpoint: Service, name: str) -> None:
    with endpoint.client(follow_redirects=True) as client:
        for call in TESTS[name]:
            if call.is_update or call.statuses == {"4xx"}:
                found = _sent(client, call)
                assert found.status_code in (400, 403, 415)
                assert found.headers["content-type"] == "application/problem+json"
        unchanged = client.get("/sparql", params={"query": "SELECT DISTINCT ?g { GRAPH ?g { ?s ?p ?o } } ORDER BY ?g"})
        names = [each["g"]["value"] for each in unchanged.json()["results"]["bindings"]]
        assert names == [f"{DATA}data{n}.rdf" for n in (1, 2, 3)]
