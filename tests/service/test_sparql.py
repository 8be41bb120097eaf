"""The endpoint for SPARQL: forms of answers, whose graphs it shows, limits that hold, and what it says of itself."""

from __future__ import annotations

import contextlib
import csv
import io
import itertools
import json
import os
import signal
import time
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import TYPE_CHECKING, Any
from urllib.parse import quote
from xml.etree import ElementTree as ET

import pyoxigraph as ox
import pytest
import rdflib
from rdflib.compare import isomorphic

from bicentennial.core.messages import sentence
from bicentennial.core.namespaces import BIC, BICD
from bicentennial.exchange.publications.owl import DATASET
from bicentennial.knowledge import framework
from bicentennial.monitoring.registry import open_registry
from bicentennial.monitoring.store import problems
from bicentennial.monitoring.store.audience import Audience
from bicentennial.service import Settings
from bicentennial.service.sparql import engine
from bicentennial.service.sparql.engine import Queries
from bicentennial.service.sparql.protocol import Asked, Refused
from tests.serving import EXAMPLES, Filled, Service, serving
from tests.waiting import until

if TYPE_CHECKING:
    from collections.abc import Iterator

    import httpx

GOALS = "SELECT ?goal ?label { ?goal a bic:Goal ; skos:prefLabel ?label FILTER(LANG(?label) = 'es') } ORDER BY ?goal"
GRAPH = "CONSTRUCT { ?goal skos:notation ?n } { ?goal a bic:Goal ; skos:notation ?n }"
BASE = "urn:x-bicentennial:registry"
BROWSER = "text/html,application/xhtml+xml,application/xml;q=0.9,image/avif,image/webp,*/*;q=0.8"


@pytest.fixture(scope="module")
def plain(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Service]:
    """Yield a service without a registry."""
    with serving(tmp_path_factory.mktemp("plain")) as running:
        yield running


def _asked(client: httpx.Client, query: str, **options: Any) -> Any:
    found = client.get("/sparql", params={"query": query, **options})
    assert found.status_code == 200, found.text
    return found.json()


def _column(client: httpx.Client, query: str) -> list[str]:
    return _rows(_asked(client, query))


def _rows(found: Any) -> list[str]:
    (name,) = found["head"]["vars"]
    return [row[name]["value"] for row in found["results"]["bindings"]]


# --- Forms of answers ---


@pytest.mark.parametrize(
    ("accept", "kind"),
    [
        ("*/*", "application/sparql-results+json"),
        ("application/sparql-results+json", "application/sparql-results+json"),
        ("application/json", "application/sparql-results+json"),
        ("application/sparql-results+xml", "application/sparql-results+xml"),
        ("text/csv", "text/csv; charset=utf-8"),
        ("text/tab-separated-values", "text/tab-separated-values; charset=utf-8"),
        ("text/csv;q=0.5, application/sparql-results+xml;q=0.6", "application/sparql-results+xml"),
    ],
)
def test_rows_in_each_form(plain: Service, accept: str, kind: str) -> None:
    with plain.client() as client:
        found = client.get("/sparql", params={"query": GOALS}, headers={"Accept": accept})
    assert (found.status_code, found.headers["content-type"]) == (200, kind)
    assert found.headers["access-control-allow-origin"] == "*"
    if kind == "text/csv; charset=utf-8":
        rows = [tuple(row) for row in csv.reader(io.StringIO(found.text))][1:]
    else:
        formats = {"json": "JSON", "xml": "XML", "alues; charset=utf-8": "TSV"}
        name = next(value for ending, value in formats.items() if kind.endswith(ending))
        table = ox.parse_query_results(found.content, format=getattr(ox.QueryResultsFormat, name))
        assert isinstance(table, ox.QuerySolutions)
        rows = [(each["goal"].value, each["label"].value) for each in table]
    assert rows == [
        (f"{BICD}goal-prevent-transborder-crime", "Prevenir los delitos transfronterizos"),
        (f"{BICD}goal-protect-our-people", "Proteger a nuestra gente"),
        (f"{BICD}goal-pursue-criminal-networks", "Perseguir las redes criminales"),
    ]


@pytest.mark.parametrize(
    ("accept", "kind", "parser"),
    [
        ("*/*", "text/turtle; charset=utf-8", "turtle"),
        ("application/n-triples", "application/n-triples", "nt"),
        ("application/ld+json", "application/ld+json", "json-ld"),
        ("application/rdf+xml", "application/rdf+xml", "xml"),
        ("application/rdf+xml;q=0.8, text/turtle;q=0.9", "text/turtle; charset=utf-8", "turtle"),
    ],
)
def test_graphs_in_each_form(plain: Service, accept: str, kind: str, parser: str) -> None:
    with plain.client() as client:
        found = client.post("/sparql", data={"query": GRAPH}, headers={"Accept": accept})
    assert (found.status_code, found.headers["content-type"]) == (200, kind)
    notations = {(str(s), str(o)) for s, _, o in rdflib.Graph().parse(data=found.content, format=parser)}
    assert notations == {
        (f"{BICD}goal-protect-our-people", "G1"),
        (f"{BICD}goal-prevent-transborder-crime", "G2"),
        (f"{BICD}goal-pursue-criminal-networks", "G3"),
    }


def test_what_is_not_to_be_had_is_told_with_what_is(plain: Service) -> None:
    with plain.client(headers={"Accept-Language": "es"}) as client:
        found = client.get("/sparql", params={"query": GOALS}, headers={"Accept": "image/png"})
        assert found.status_code == 406
        assert "text/csv" in found.json()["detail"]
        found = client.get("/sparql", params={"query": "ASK {}", "format": "csv"})
        assert (found.status_code, found.json()["detail"]) == (
            400,
            "No hay un formato «csv» para esta respuesta. Hay: json, xml.",
        )


def test_a_browser_goes_to_the_page(plain: Service) -> None:
    with plain.client(headers={"Accept": BROWSER, "Accept-Language": "es-MX"}) as client:
        assert client.get("/sparql").headers["location"] == "/es/query"
        found = client.get("/sparql?query=ASK%20%7B%7D")
        assert (found.status_code, found.headers["location"]) == (303, "/es/query?query=ASK%20%7B%7D")
        # A form that is named goes before what the browser says.
        assert client.get("/sparql?query=ASK%20%7B%7D&format=json").json()["boolean"] is True


def test_a_wrong_query_is_shown_to_a_person_and_told_to_a_program(plain: Service) -> None:
    with plain.client(headers={"Accept": BROWSER, "Accept-Language": "es-MX"}) as client:
        for query in ("x", "INSERT%20DATA%20%7B%7D"):
            found = client.get(f"/sparql?query={query}")
            assert (found.status_code, found.headers["location"]) == (303, f"/es/query?query={query}")
        assert client.get("/es/query?query=x").status_code == 400
        assert client.get("/sparql?query=x&format=json").headers["content-type"] == "application/problem+json"
        assert client.post("/sparql", data={"query": "x"}).headers["content-type"] == "application/problem+json"
        for accept in ("*/*", "application/sparql-results+json", "application/json, text/html;q=0.1, */*;q=0.5"):
            found = client.get("/sparql?query=x", headers={"Accept": accept})
            assert (found.status_code, found.headers["content-type"]) == (400, "application/problem+json"), accept


def test_an_answer_to_save(plain: Service) -> None:
    with plain.client() as client:
        found = client.get("/sparql", params={"query": GOALS, "format": "csv", "download": "1"})
    assert found.headers["content-disposition"].startswith('attachment; filename="bicentennial.csv"')
    assert found.text.startswith("goal,label\r\n")


def test_formulas_do_not_act_in_spreadsheets(plain: Service) -> None:
    with plain.client() as client:
        query = "SELECT ('=1+1' AS ?a) ('-5' AS ?b) {}"
        assert client.get("/sparql", params={"query": query, "format": "csv"}).text == "a,b\r\n'=1+1,-5\r\n"
        assert (
            client.get("/sparql", params={"query": query, "format": "tsv"}).text == '?a\t?b\n"\\u003D1+1"\t"\\u002D5"\n'
        )


def test_other_methods_and_pages_from_elsewhere(plain: Service) -> None:
    with plain.client() as client:
        assert client.delete("/sparql").status_code == 405
        found = client.options("/sparql", headers={"Origin": "https://example.org"})
        assert (found.status_code, found.headers["access-control-allow-origin"]) == (204, "*")
        assert "POST" in found.headers["access-control-allow-methods"]
        assert client.head("/sparql?query=ASK%20%7B%7D").content == b""


# --- Datasets ---


def test_graphs_that_a_request_or_a_query_names(filled: Filled, tmp_path: Path) -> None:
    with serving(tmp_path, registry=filled.copy(tmp_path)) as running, running.client() as client:
        actions = f"{BASE}/example-ngo/actions"
        count = "SELECT (COUNT(*) AS ?n) { ?action a bic:Action }"
        ours = len(framework().actions)
        with (EXAMPLES / "good.csv").open(encoding="utf-8") as table:
            theirs = len(list(csv.DictReader(table)))
        both = {"default-graph-uri": [DATASET, actions]}
        assert _column(client, count) == [str(ours)]
        assert _rows(_asked(client, count, **{"default-graph-uri": actions})) == [str(theirs)]
        assert _rows(_asked(client, count, **both)) == [str(ours + theirs)]
        assert _column(client, count.replace("{", f"FROM <{actions}> {{", 1)) == [str(theirs)]
        assert _column(client, count.replace("{", f"FROM <{DATASET}> FROM <{actions}> {{", 1)) == [str(ours + theirs)]
        assert _column(client, f"SELECT (COUNT(*) AS ?n) FROM NAMED <{actions}> {{ ?s a bic:Action }}") == ["0"]
        names = "SELECT DISTINCT ?g { GRAPH ?g { ?s ?p ?o } } ORDER BY ?g"
        assert _column(client, names) == [actions, f"{BASE}/provenance"]
        found = _asked(client, names, **{"named-graph-uri": [actions, "urn:no-such"]})
        assert [row["g"]["value"] for row in found["results"]["bindings"]] == [actions]


def test_a_graph_must_have_a_name_that_can_be_one(plain: Service) -> None:
    with plain.client() as client:
        for name in ("no iri", "", "<a>"):
            found = client.get("/sparql", params={"query": "ASK {}", "default-graph-uri": name})
            assert found.status_code == 400
        found = client.get(
            "/sparql", params=[("query", "ASK {}"), *[("named-graph-uri", f"urn:{n}") for n in range(101)]]
        )
        assert found.status_code == 400
        found = client.get("/sparql", params=[("query", "ASK {}"), *[("x", str(n)) for n in range(1_000)]])
        assert found.status_code == 400


def test_the_service_description_says_what_there_is(filled: Filled, tmp_path: Path) -> None:
    with serving(tmp_path, registry=filled.copy(tmp_path)) as running, running.client() as client:
        graphs = []
        for kind, parser in (
            ("text/turtle", "turtle"),
            ("application/rdf+xml", "xml"),
            ("application/ld+json", "json-ld"),
        ):
            found = client.get("/sparql", headers={"Accept": kind})
            assert (found.status_code, found.headers["access-control-allow-origin"]) == (200, "*")
            graphs.append(rdflib.Graph().parse(data=found.content, format=parser))
        assert isomorphic(graphs[0], graphs[1])
        assert isomorphic(graphs[0], graphs[2])
        sd = rdflib.Namespace("http://www.w3.org/ns/sparql-service-description#")
        service = rdflib.URIRef(f"{running.url}/sparql")
        assert (service, sd.endpoint, service) in graphs[0]
        assert (service, sd.supportedLanguage, sd.SPARQL11Query) in graphs[0]
        assert {str(name) for name in graphs[0].objects(None, sd.name)} == {
            f"{BASE}/example-ngo/actions",
            f"{BASE}/provenance",
        }


# --- Who sees what ---


def test_only_what_is_public_is_there_for_the_public(filled: Filled, tmp_path: Path) -> None:
    registry = filled.copy(tmp_path)
    names = "SELECT DISTINCT ?g { GRAPH ?g { ?s ?p ?o } } ORDER BY ?g"
    pending = f"{BASE}/fundacion/acciones/1"
    asked = f"ASK {{ GRAPH <{pending}> {{ ?s a bic:Action }} }}"
    told = f"ASK {{ GRAPH <{BASE}/provenance> {{ <{pending}> ?p ?o }} }}"
    with serving(tmp_path, registry=registry, tokens=filled.tokens) as running:
        seen = {
            who: (_asked(client, asked)["boolean"], _asked(client, told)["boolean"], len(_column(client, names)))
            for who in (None, "reader", "example-ngo", "fundacion", "review", "admin")
            for client in [running.client(who)]
        }
        assert seen == {
            None: (False, False, 2),
            "reader": (False, False, 2),
            "example-ngo": (False, False, 2),
            "fundacion": (True, False, 2),
            "review": (True, True, 2),
            "admin": (True, True, 2),
        }
        with running.client() as client:
            accepted = f"ASK {{ GRAPH <{BASE}/example-ngo/actions/1> {{ ?s a bic:Action }} }}"
            assert _asked(client, accepted)["boolean"] is True
            assert client.get("/sparql", params={"query": "ASK {}"}).headers["cache-control"] == "no-cache"
        with running.client("review") as client:
            found = client.get("/sparql", params={"query": "ASK {}"})
            assert found.headers["cache-control"] == "private, no-store"


def test_a_token_that_is_none_is_refused(filled: Filled, tmp_path: Path) -> None:
    with serving(tmp_path, registry=filled.copy(tmp_path)) as running, running.client() as client:
        found = client.get("/sparql?query=ASK%20%7B%7D", headers={"Authorization": "Bearer bic_0000_no"})
        assert (found.status_code, found.headers["content-type"]) == (401, "application/problem+json")
        assert found.json()["detail"] == sentence("office", "bad-token")["en"]


def test_xml_is_well_formed_whatever_a_partner_wrote(filled: Filled, tmp_path: Path) -> None:
    path = filled.copy(tmp_path)
    data = (
        (EXAMPLES / "good.csv").read_text(encoding="utf-8").replace("Train port", f"one\x0btwo{chr(0x2028) * 600}", 1)
    )
    assert "\x0b" in data
    with open_registry(path) as registry:
        registry.submit(data.encode(), name="a.csv", submitter="example-ngo", dataset="other", issued="2024-03-31")
    pattern = f"{{ GRAPH <{BASE}/example-ngo/other> {{ ?s ?p ?o }} }}"
    with serving(tmp_path, registry=path) as running, running.client() as client:
        for address, form in (
            (f"/sparql?query={quote(f'SELECT * {pattern}')}", "xml"),
            (f"/sparql?query={quote(f'CONSTRUCT {{ ?s ?p ?o }} WHERE {pattern}')}", "rdf"),
            ("/registry/example-ngo/other?", "rdf"),
        ):
            found = client.get(f"{address}&format={form}")
            assert any("one\ufffdtwo" in text for text in ET.fromstring(found.content).itertext()), address
        turtle = client.get("/registry/example-ngo/other?format=ttl").text
        assert "one\\u000Btwo" in turtle
        # What Python takes for the end of a line is none of a statement.
        shown = client.get(f"/en/query?query={quote(f'CONSTRUCT {{ ?s ?p ?o }} WHERE {pattern}')}").text
        triples = len(client.get("/registry/example-ngo/other?format=nt").text.strip().split("\n"))
        assert f">{triples} rows<" in shown


def test_what_is_accepted_withdrawn_or_under_embargo_shows_within_a_moment(filled: Filled, tmp_path: Path) -> None:
    path = filled.copy(tmp_path)
    names = "SELECT DISTINCT ?g { GRAPH ?g { ?s ?p ?o } FILTER(!STRENDS(STR(?g), 'provenance')) } ORDER BY ?g"
    ngo, foundation = f"{BASE}/example-ngo/actions", f"{BASE}/fundacion/acciones"

    with serving(tmp_path, registry=path, tokens=filled.tokens) as running, running.client() as client:
        until(lambda: _column(client, names) == [ngo])
        with open_registry(path) as registry:
            registry.accept("fundacion/acciones/1", reason="complete", actor="office")
        until(lambda: _column(client, names) == [ngo, foundation])
        with open_registry(path) as registry:
            registry.set_dataset("example-ngo/actions", embargo="2099-12-31", actor="office")
        until(lambda: _column(client, names) == [foundation])
        assert _asked(client, f"ASK {{ GRAPH <{ngo}/1> {{ ?s ?p ?o }} }}")["boolean"] is False
        with running.client("example-ngo") as owner:
            assert _asked(owner, f"ASK {{ GRAPH <{ngo}> {{ ?s a bic:Action }} }}")["boolean"] is True
        with open_registry(path) as registry:
            registry.withdraw("fundacion/acciones/1", reason="mistake", actor="office")
        until(lambda: _column(client, names) == [])


# --- Limits ---

CROSS = "SELECT (COUNT(*) AS ?n) { ?a ?b ?c . ?d ?e ?f . ?g ?h ?i }"
HARMLESS = "ASK { FILTER(" + "!" * 9_000 + "true) }"
"""As long as any, and soon answered."""
HOSTILE = [
    CROSS,
    "SELECT * { ?a ?b ?c . ?d ?e ?f . ?g ?h ?i } ORDER BY ?c ?f ?i",
    "SELECT (COUNT(DISTINCT *) AS ?n) { ?a ?b ?c . ?d ?e ?f }",
    "ASK { ?a ?b ?c . ?d ?e ?f . ?g ?h ?i FILTER(?c + ?f + ?i = 1) }",
    "CONSTRUCT { ?a ?e ?f } { ?a ?b ?c . ?d ?e ?f }",
    "SELECT (COUNT(*) AS ?n) { ?a (!bic:no)* ?b }",
    "SELECT (COUNT(*) AS ?n) { ?a (!bic:no|^!bic:no)* ?b . ?b (!bic:no)+ ?c }",
    "SELECT (COUNT(*) AS ?n) { ?a ((!bic:no)*)* ?b . ?c ((!bic:no)*)* ?d }",
    "SELECT (COUNT(*) AS ?n) { ?a !bic:no/!bic:no/!bic:no/!bic:no/!bic:no/!bic:no ?b . ?x ?y ?z }",
    "SELECT (COUNT(*) AS ?n) { ?a ?b ?c . ?d ?e ?f FILTER(REGEX(STR(?c), CONCAT('(a|b|', STR(?f), ')*c'))) }",
    "SELECT (COUNT(*) AS ?n) { ?a ?b ?c . ?d ?e ?f FILTER(STR(?c) > STR(?f) && REGEX(STR(?c), '(.*)(.*)(.*)x')) }",
    "SELECT (COUNT(*) AS ?n) { ?a ?b ?c . ?d ?e ?f FILTER(REPLACE(STR(?c), '(.)', '$1$1$1') = STR(?f)) }",
    "SELECT (STRLEN(?z) AS ?n) { BIND('0123456789' AS ?a)"
    + "".join(f" BIND(CONCAT({', '.join([f'?{chr(97 + n)}'] * 10)}) AS ?{chr(98 + n)})" for n in range(10))
    + " BIND(?k AS ?z) }",
    "SELECT (GROUP_CONCAT(?c; SEPARATOR='-') AS ?all) { ?a ?b ?c . ?d ?e ?f }",
    "SELECT ?a (GROUP_CONCAT(CONCAT(STR(?c), STR(?f))) AS ?all) { ?a ?b ?c . ?d ?e ?f } GROUP BY ?a",
    "SELECT * { " + "{" * 19 + "?a ?b ?c" + "}" * 19 + " ?d ?e ?f . ?g ?h ?i }",
    "SELECT * { " + "{" * 50 + "?a ?b ?c" + "}" * 50 + " }",
    "ASK { FILTER(" + "(" * 18 + "1" + ")" * 18 + ") }",
    HARMLESS,
    "ASK { FILTER(" + " + ".join(["1"] * 4_900) + " = 1) }",
    "ASK { FILTER(" + "1=1||" * 2_400 + "1=1) }",
    "SELECT * { " + "OPTIONAL { ?a ?b ?c } " * 1_200 + "}",
    "SELECT * { " + " UNION ".join(["{ ?a ?b ?c . ?d ?e ?f }"] * 300) + " }",
    "SELECT * { " + "?a ?b ?c . " * 2_000 + "}",
    "SELECT * { ?a ?b ?c MINUS { ?d ?e ?f . ?g ?h ?c } FILTER EXISTS { ?x ?y ?z . ?z ?q ?c } }",
    "SELECT (COUNT(*) AS ?n) { { SELECT * { ?a ?b ?c . ?d ?e ?f } } { SELECT * { ?g ?h ?i . ?j ?k ?l } } }",
    "SELECT ?a (SUM(?n * ?m) AS ?s) { ?a ?b ?n . ?c ?d ?m . ?e ?f ?g } GROUP BY ?a HAVING (SUM(?n * ?m) > 3)",
    "DESCRIBE ?a { ?a ?b ?c . ?d ?e ?f . ?g ?h ?i }",
    "SELECT * { ?a ?b ?c . FILTER(bicf:similarity(STR(?c), STR(?f)) > 0.5) ?d ?e ?f }".replace(
        "bicf:similarity", "<https://w3id.org/bicentennial/function#similarity>"
    ),
    "SELECT * { VALUES ?x { " + "1 " * 9_900 + "} VALUES ?y { 1 2 } ?a ?b ?c . ?d ?e ?f }",
]

AT_REST = 5
"""Processes below a service that answers nothing: two fork servers, and three that wait for a query."""


def _memory(pid: int) -> int:
    """Return the bytes of memory that a process and those below it hold for themselves."""
    total = 0
    for each in [pid, *_below(pid)]:
        try:
            for line in Path(f"/proc/{each}/smaps_rollup").read_text("ascii").splitlines():
                if line.startswith(("Private_Clean", "Private_Dirty")):
                    total += int(line.split()[1]) << 10
        except (OSError, ProcessLookupError):
            continue
    return total


def _below(pid: int) -> list[int]:
    try:
        children = [
            int(each)
            for task in Path(f"/proc/{pid}/task").iterdir()
            for each in (task / "children").read_text("ascii").split()
        ]
    except OSError:
        return []
    return [found for child in children for found in (child, *_below(child))]


def _rests(running: Service) -> bool:
    """Whether no query runs, and the processes that were used are replaced: there are fork servers and spares alone."""
    counts = set()
    for _ in range(5):
        counts.add(len(_below(running.process.pid)))
        time.sleep(0.02)
    return counts == {AT_REST}


def test_thirty_hostile_queries_at_once(tmp_path: Path) -> None:
    assert len(HOSTILE) == 30

    def send(running: Service, query: str) -> tuple[int, Any]:
        with running.client() as client:
            # It is the limit that ends it: the client has no more patience than a minute.
            found = client.post("/sparql", data={"query": query})
            return found.status_code, found.json() if found.status_code >= 400 else None

    with (
        serving(tmp_path, query_seconds=4) as running,
        running.client() as client,
        ThreadPoolExecutor(len(HOSTILE)) as threads,
    ):
        # What so many long queries need at once is taken once and then kept: threads and what they read with.
        assert {status for status, _ in threads.map(send, [running] * 30, [HARMLESS] * 30)} <= {200, 408, 503}
        send(running, CROSS)
        until(lambda: _rests(running))
        before = _memory(running.process.pid)
        sent = [threads.submit(send, running, query) for query in HOSTILE]
        meanwhile = 0
        while not all(each.done() for each in sent):
            quick = client.get("/sparql", params={"query": "ASK {}"}).status_code
            # On a machine that has other work, what is quick may take so long that it counts as long.
            assert quick in (200, 503)
            meanwhile += quick == 200 and not all(each.done() for each in sent)
        assert meanwhile > 0
        answers = [each.result() for each in sent]
        for query, (status, told) in zip(HOSTILE, answers, strict=True):
            # Some are not hostile to this engine, and are answered.
            assert status in (200, 400, 408, 503), (query[:80], told)
            if status != 200:
                assert told["detail"].endswith((".", ")")), told
                assert "Traceback" not in told["detail"]
        assert [status for status, _ in answers].count(200) < 12
        assert {408, 503} & {status for status, _ in answers}
        until(lambda: _rests(running))
        assert _memory(running.process.pid) < before + (8 << 20)


@contextlib.contextmanager
def _kept_out(_audience: Audience | None) -> Iterator[Any]:
    raise problems.conflict("busy")
    yield


def test_a_service_starts_while_another_process_keeps_it_out_of_the_registry() -> None:
    queries = Queries(Settings(registry="registry.sqlite"), _kept_out)
    queries.start()
    queries.close()


def test_graphs_that_a_query_names_take_no_more_than_a_query_may(
    filled: Filled, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = filled.copy(tmp_path)
    asked = Asked(f"ASK {{ GRAPH <{BASE}/example-ngo/actions/1> {{ ?s ?p ?o }} }}")
    monkeypatch.setattr(engine, "wanted_graphs", lambda *_: itertools.repeat("x" * 1_000 + "\n"))
    for settings, status in ({"query_memory": 1 << 20}, 503), ({"query_seconds": 0.1}, 408):
        queries = Queries(Settings(registry=str(path), **settings), lambda _: open_registry(path))
        with pytest.raises(Refused) as refused:
            queries.ask(asked, "json", Audience())
        queries.close()
        assert refused.value.status == status


def test_a_limit_is_told_as_a_sentence(tmp_path: Path) -> None:
    with serving(tmp_path, query_seconds=1, query_memory=64 << 20) as running, running.client() as client:
        slow = client.get("/sparql", params={"query": CROSS})
        assert (slow.status_code, slow.headers["content-type"]) == (408, "application/problem+json")
        assert slow.json()["detail"].startswith("The query took longer than 1 seconds and was stopped.")
        large = client.get("/sparql", params={"query": HOSTILE[1]})
        assert (large.status_code, large.json()["status"]) in ((503, 503), (408, 408))
        long = client.get("/sparql", params={"query": "SELECT * { ?a ?b ?c . ?d ?e ?f } LIMIT 1000000"})
        assert long.json()["detail"] in (
            "The answer is larger than 32 MB. Add LIMIT, or select fewer columns.",
            slow.json()["detail"],
        )
        deep = client.get("/sparql", params={"query": HOSTILE[16]})
        assert (deep.status_code, deep.json()["detail"]) == (
            400,
            "The query is nested deeper than 20 brackets. Write it flatter, with fewer groups inside groups.",
        )
        body = client.post("/sparql", data={"query": "a" * (2 << 20)})
        assert body.status_code == 413


def test_service_and_files_are_out_of_reach(plain: Service) -> None:
    with plain.client() as client:
        for query in (
            "SELECT * { SERVICE <http://127.0.0.1:1/> { ?s ?p ?o } }",
            "SELECT * FROM <file:///etc/passwd> { ?s ?p ?o }",
            "SELECT * { GRAPH <file:///etc/passwd> { ?s ?p ?o } }",
        ):
            found = client.get("/sparql", params={"query": query})
            if "SERVICE" in query:
                assert (found.status_code, "SERVICE is not allowed" in found.json()["detail"]) == (400, True)
            else:
                assert found.json()["results"]["bindings"] == []


def test_a_query_ends_when_the_one_who_asked_has_gone(tmp_path: Path) -> None:
    with serving(tmp_path, query_seconds=600) as running:
        with running.client() as client:
            _asked(client, "ASK {}")
        until(lambda: _rests(running))
        import httpx

        with pytest.raises(httpx.ReadTimeout), httpx.Client(base_url=running.url, timeout=2, trust_env=False) as client:
            client.get("/sparql", params={"query": CROSS})
        until(lambda: _rests(running))


def test_a_query_process_that_is_killed_is_replaced(tmp_path: Path) -> None:
    with serving(tmp_path) as running, running.client() as client:
        assert _asked(client, "ASK {}")["boolean"] is True
        until(lambda: _rests(running))
        for child in _below(running.process.pid):
            with contextlib.suppress(ProcessLookupError):  # those that wait end with the one that made them
                os.kill(child, signal.SIGKILL)

        def is_answered() -> bool:
            found = client.get("/sparql", params={"query": f"ASK {{ <{BIC.Goal}> a owl:Class }}"})
            if found.status_code != 200:
                assert found.status_code == 503
                return False
            assert json.loads(found.text)["boolean"] is True
            return True

        until(is_answered)
