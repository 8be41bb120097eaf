"""What is public goes to a SPARQL server by the Graph Store Protocol: to Virtuoso, and to a small one that fails."""

from __future__ import annotations

import base64
import json
import threading
import urllib.parse
import urllib.request
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import TYPE_CHECKING, Any, ClassVar

import pyoxigraph
import pytest

from bicentennial import OutputError, UsageError
from bicentennial.cli import main
from bicentennial.monitoring.exports.graph_store import Credentials, GraphStore
from bicentennial.monitoring.registry import Registry, open_registry

from .conftest import GOOD, Table, missing, program
from .virtuoso import USER, virtuoso

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

BASE = "https://example.org/registry"


@pytest.fixture
def filled(tmp_path: Path, table: Table) -> Iterator[Registry]:
    """Yield a registry with two versions of a dataset, a returned submission and a dataset under embargo."""
    with open_registry(tmp_path / "r.sqlite", create=True) as registry:
        registry.set_base(BASE)
        registry.set_dataset("UNODC/closed", embargo="2999-12-31")
        for name, data, issued in (
            ("ccp", table(), "2024-03-31"),
            ("ccp", table({"A-003": {"budget": "130000"}}), "2024-06"),
            ("ccp", GOOD.with_name("faulty.csv").read_bytes(), "2024-09-30"),
            ("closed", table(), "2024-03-31"),
        ):
            registry.submit(data, name="a.csv", submitter="UNODC", dataset=name, issued=issued)
        yield registry


class Store(BaseHTTPRequestHandler):
    """A graph store that keeps graphs in memory, and fails when it is told to."""

    graphs: ClassVar[dict[str, bytes]] = {}
    asked: ClassVar[list[tuple[str, str, str]]] = []
    failing: ClassVar[list[tuple[int, dict[str, str]]]] = []
    user: ClassVar[str | None] = None

    def _graph(self) -> str | None:
        graph = urllib.parse.parse_qs(urllib.parse.urlsplit(self.path).query)["graph"][0]
        length = int(self.headers.get("Content-Length", 0))
        self.body = self.rfile.read(length)
        self.asked.append((self.command, graph, self.headers.get("Authorization", "")))
        if self.failing and self.command == "PUT":
            status, headers = self.failing.pop(0)
            self._answer(status, b"no room for this graph\nat line 7", headers)
            return None
        if self.user is not None and self.headers.get("Authorization") != self.user:
            self._answer(401, b"", {"WWW-Authenticate": 'Basic realm="store"'})
            return None
        return graph

    def _answer(self, status: int, body: bytes = b"", headers: dict[str, str] | None = None) -> None:
        self.send_response(status)
        for name, value in (headers or {}).items():
            self.send_header(name, value)
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def do_PUT(self) -> None:
        if (graph := self._graph()) is not None:
            assert self.headers["Content-Type"] == "application/n-triples"
            self.graphs[graph] = self.body
            self._answer(204)

    def do_GET(self) -> None:
        if (graph := self._graph()) is not None:
            self._answer(200 if graph in self.graphs else 404, self.graphs.get(graph, b"<html>no such graph</html>"))

    def do_DELETE(self) -> None:
        if (graph := self._graph()) is not None:
            self._answer(204 if self.graphs.pop(graph, None) is not None else 404)

    def log_message(self, format: str, *args: Any) -> None:  # noqa: A002 - its name there
        pass


@pytest.fixture
def store() -> Iterator[str]:
    """Yield the address of the small server, empty and willing."""
    Store.graphs.clear()
    Store.asked.clear()
    Store.failing.clear()
    Store.user = None
    with ThreadingHTTPServer(("127.0.0.1", 0), Store) as server:
        threading.Thread(target=server.serve_forever, daemon=True).start()
        yield f"http://127.0.0.1:{server.server_address[1]}/data"
        server.shutdown()


def put(store: list[tuple[str, str, str]]) -> list[str]:
    return [graph.removeprefix(f"{BASE}/") for verb, graph, _ in store if verb == "PUT"]


def test_only_what_is_public_and_what_changed_is_sent(filled: Registry, store: str, table: Table) -> None:
    assert len(filled.publish(store, dry_run=True).put) == 6
    assert put(Store.asked) == []
    done = filled.publish(store)
    assert [each.removeprefix(f"{BASE}/") for each in done.put[2:]] == [
        "UNODC/ccp",
        "UNODC/ccp/1",
        "UNODC/ccp/2",
        "provenance",
    ]
    said = b"".join(Store.graphs.values())
    assert b"UNODC/closed" not in said
    assert b"/ccp/3" not in said
    Store.asked.clear()
    again = filled.publish(store)
    assert (again.put, again.deleted, again.unchanged) == ([], [], 6)
    assert put(Store.asked) == []
    filled.submit(
        table({"A-001": {"budget": "9"}}), name="a.csv", submitter="UNODC", dataset="ccp", issued="2024-12-31"
    )
    filled.withdraw("UNODC/ccp/1", reason="sent by mistake")
    later = filled.publish(store)
    assert [each.removeprefix(f"{BASE}/") for each in later.put] == ["UNODC/ccp", "UNODC/ccp/4", "provenance"]
    assert later.deleted == [f"{BASE}/UNODC/ccp/1"]
    assert f"{BASE}/UNODC/ccp/1" not in Store.graphs


def test_what_was_sent_by_a_process_that_was_killed_is_deleted_once_it_is_withdrawn(
    filled: Registry, store: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    kept = GraphStore.put

    def killed(self: GraphStore, graph: str, data: bytes) -> None:
        if graph.endswith("/ccp/2"):  # nothing is done after it
            monkeypatch.setattr(GraphStore, "put", lambda *_: pytest.fail("dead"))
        kept(self, graph, data)

    monkeypatch.setattr(GraphStore, "put", killed)
    with pytest.raises(pytest.fail.Exception, match="dead"):
        filled.publish(store)
    monkeypatch.setattr(GraphStore, "put", kept)
    assert f"{BASE}/UNODC/ccp/2" in Store.graphs
    filled.withdraw("UNODC/ccp/2", reason="sent by mistake")
    assert f"{BASE}/UNODC/ccp/2" in filled.publish(store).deleted
    assert f"{BASE}/UNODC/ccp/2" not in Store.graphs


def test_what_was_sent_before_an_error_is_not_sent_again(filled: Registry, store: str) -> None:
    filled.publish(store, versions=False)
    Store.graphs.clear()
    Store.failing[:] = [*[(200, {})] * 4, (507, {})]
    with pytest.raises(OutputError, match="no room for this graph") as failed:
        filled.publish(store)
    assert "line 7" not in str(failed.value)
    rest = filled.publish(store)
    assert [each.removeprefix(f"{BASE}/") for each in rest.put] == ["UNODC/ccp/1", "UNODC/ccp/2", "provenance"]
    assert rest.unchanged == 3


def test_a_server_that_is_busy_is_asked_again_after_the_time_that_it_says(filled: Registry, store: str) -> None:
    Store.failing[:] = [(503, {"Retry-After": "0"}), (429, {"Retry-After": "0"})]
    assert len(filled.publish(store).put) == 6


@pytest.mark.parametrize(
    ("status", "sentence"),
    [(401, "does not let us write"), (403, "does not let us write"), (405, "no Graph Store"), (302, "no Graph Store")],
)
def test_refusals_say_what_to_do(filled: Registry, store: str, status: int, sentence: str) -> None:
    Store.failing[:] = [(status, {"Location": "http://127.0.0.1:1/"} if status == 302 else {})]
    with pytest.raises(OutputError, match=sentence):
        filled.publish(store)


def test_a_password_goes_where_it_is_asked_for_and_no_secret_goes_out_unencrypted(filled: Registry, store: str) -> None:
    Store.user = "Basic " + base64.b64encode(b"office:secret").decode()
    credentials = Credentials("office", "secret")
    GraphStore(store, credentials).put("urn:x:a", b"")
    Store.user = "Bearer abc"
    GraphStore(store, Credentials(token="abc")).put("urn:x:b", b"")
    assert set(Store.graphs) == {"urn:x:a", "urn:x:b"}
    assert "secret" not in repr(credentials)
    with pytest.raises(UsageError, match="not encrypted"):
        GraphStore("http://example.org/data", Credentials(token="abc"))
    for endpoint in ("ftp://example.org/", "example.org", "http://user:secret@example.org/", "https://example.org/#a"):
        with pytest.raises(UsageError, match="is no address of a Graph Store") as refused:
            GraphStore(endpoint, Credentials())
        assert "secret" not in str(refused.value)
    with pytest.raises(OutputError, match="does not answer"):
        filled.publish("http://127.0.0.1:1/data")


def test_the_command_says_it_in_both_languages_and_to_programs(
    filled: Registry, store: str, capfd: pytest.CaptureFixture[str]
) -> None:
    url = filled.url
    assert main(["registry", "publish", "--to", store, "--registry", url, "--lang", "es"]) == 0
    assert capfd.readouterr().out == f"{store}: grafos enviados 6, eliminados 0, sin cambios 0\n"
    assert main(["registry", "publish", "--to", store, "--registry", url, "--current", "-f", "json"]) == 0
    answer = json.loads(capfd.readouterr().out)
    assert answer["deleted"] == [f"{BASE}/UNODC/ccp/1", f"{BASE}/UNODC/ccp/2"]
    assert main(["registry", "publish", "--to", "http://127.0.0.1:1/", "--registry", url]) == 3
    assert main(["registry", "publish", "--to", "nowhere", "--registry", url]) == 2
    assert main(["registry", "publish", "--registry", url]) == 2


def test_virtuoso_holds_what_the_registry_says(filled: Registry, monkeypatch: pytest.MonkeyPatch) -> None:
    server = program("virtuoso-t") or missing("Virtuoso")
    monkeypatch.setenv("BICENTENNIAL_PUBLISH_USER", USER[0])
    monkeypatch.setenv("BICENTENNIAL_PUBLISH_PASSWORD", USER[1])
    with virtuoso(str(server)) as address:
        store = f"{address}/sparql-graph-crud-auth"
        assert len(filled.publish(store).put) == 6
        there = {each.removeprefix(f"{BASE}/"): number for each, number in _counts(address)}
        ours = {graph: len(set(lines)) for graph, lines in _ours(filled).items()}
        assert {name: there[name] for name in ours} == ours
        assert filled.publish(store).unchanged == 6
        filled.withdraw("UNODC/ccp/2", reason="sent by mistake")
        assert filled.publish(store).deleted == [f"{BASE}/UNODC/ccp/2"]
        assert "UNODC/ccp/2" not in {each.removeprefix(f"{BASE}/") for each, _ in _counts(address)}
        monkeypatch.setenv("BICENTENNIAL_PUBLISH_PASSWORD", "wrong")
        with pytest.raises(OutputError, match="does not let us write"):
            filled.publish(store)
        with pytest.raises(OutputError, match="nothing-here"):
            filled.publish(f"{address}/nothing-here")


def _counts(address: str) -> list[tuple[str, int]]:
    query = f"SELECT ?g (COUNT(*) AS ?n) {{ GRAPH ?g {{ ?s ?p ?o }} FILTER(STRSTARTS(STR(?g), '{BASE}')) }} GROUP BY ?g"
    asked = urllib.parse.urlencode({"query": query, "format": "application/sparql-results+json"})
    with urllib.request.urlopen(f"{address}/sparql?{asked}") as answer:
        rows = json.load(answer)["results"]["bindings"]
    return [(row["g"]["value"], int(row["n"]["value"])) for row in rows]


def _ours(registry: Registry) -> dict[str, list[str]]:
    found: dict[str, list[str]] = {}
    text = "".join(registry.quads()).encode()
    for quad in pyoxigraph.parse(text, format=pyoxigraph.RdfFormat.N_QUADS):
        graph = str(quad.graph_name.value).removeprefix(f"{BASE}/")
        if graph in ("UNODC/ccp", "UNODC/ccp/1", "UNODC/ccp/2"):
            found.setdefault(graph, []).append(str(quad.triple))
    return found
