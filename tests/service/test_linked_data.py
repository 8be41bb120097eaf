"""Linked data: each IRI in the form that a request asks for, from the service and by way of the redirects of w3id."""

from __future__ import annotations

import json
import os
import pwd
import shutil
import subprocess
import tempfile
from pathlib import Path
from typing import TYPE_CHECKING

import httpx
import pyoxigraph as ox
import pytest

from bicentennial.core.namespaces import BIC, BICD, SKOS
from bicentennial.core.resources import COMPILED, ontology_version
from bicentennial.explorer.catalogue import KINDS, address, things
from bicentennial.knowledge.store import store
from tests.serving import Service, serving
from tests.waiting import PATIENCE, free_port, until

if TYPE_CHECKING:
    from collections.abc import Iterator

HTACCESS = Path(__file__).parents[2] / "w3id" / "bicentennial" / ".htaccess"
OFAC = f"{BICD}agency-ofac"
FORMATS = {
    ".ttl": ("text/turtle; charset=utf-8", ox.RdfFormat.TURTLE),
    ".jsonld": ("application/ld+json", ox.RdfFormat.JSON_LD),
    ".nt": ("application/n-triples", ox.RdfFormat.N_TRIPLES),
    ".rdf": ("application/rdf+xml", ox.RdfFormat.RDF_XML),
}
FIREFOX = "text/html,application/xhtml+xml,application/xml;q=0.9,*/*;q=0.8"
CHROME = (
    "text/html,application/xhtml+xml,application/xml;q=0.9,image/avif,image/webp,image/apng,*/*;q=0.8,"
    "application/signed-exchange;v=b3;q=0.7"
)
SAFARI = "text/html,application/xhtml+xml,application/xml;q=0.9,*/*;q=0.8"
RDFLIB = "application/rdf+xml,text/rdf+n3;q=0.9,application/xhtml+xml;q=0.5, */*;q=0.1"
JENA = "text/turtle,application/n-triples;q=0.9,application/ld+json;q=0.8,application/rdf+xml;q=0.7,*/*;q=0.3"
PROTEGE = "application/rdf+xml, application/xml; q=0.7, text/xml; q=0.6, text/plain; q=0.1, */*; q=0.09"
ACCEPTED = {
    None: "page",
    "": "page",
    "*/*": "page",
    FIREFOX: "page",
    CHROME: "page",
    SAFARI: "page",
    "application/xhtml+xml": "page",
    RDFLIB: ".rdf",
    JENA: ".ttl",
    PROTEGE: ".rdf",
    "text/turtle": ".ttl",
    "TEXT/Turtle;charset=utf-8": ".ttl",
    "application/x-turtle": ".ttl",
    "application/ld+json": ".jsonld",
    'application/ld+json;profile="http://www.w3.org/ns/json-ld#compacted"': ".jsonld",
    "application/json": ".jsonld",
    "application/n-triples": ".nt",
    "application/rdf+xml": ".rdf",
    "application/*": ".jsonld",
    "text/*": "page",
    "text/html;q=0.5, text/turtle;q=0.6": ".ttl",
    "text/html;q=0.6, text/turtle;q=0.5": "page",
    "text/html;q=0, */*;q=0.1": ".ttl",
    "text/turtle;q=0, application/n-triples;q=0.001": ".nt",
    "text/turtle;q=nonsense": ".ttl",
    "image/png": "none",
    "text/turtle;q=0": "none",
    "*/*;q=0": "none",
}


@pytest.fixture(scope="module")
def site(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Service]:
    """Yield a service without a registry."""
    with serving(tmp_path_factory.mktemp("site")) as running:
        yield running


def _canonical(content: bytes, form: ox.RdfFormat) -> ox.Dataset:
    found = ox.Dataset(ox.Quad(each.subject, each.predicate, each.object) for each in ox.parse(content, format=form))
    found.canonicalize(ox.CanonicalizationAlgorithm.RDFC_1_0)
    return found


@pytest.mark.parametrize(("accept", "form"), ACCEPTED.items())
def test_a_thing_in_the_form_that_the_header_prefers(site: Service, accept: str | None, form: str) -> None:
    with site.client() as client:
        del client.headers["Accept"]
        headers = {"Accept": accept} if accept is not None else {}
        found = client.get("/id/agency-ofac", headers=headers)
        if form == "page":
            assert (found.status_code, found.headers["location"]) == (303, "/en/id/agency-ofac")
        elif form == "none":
            assert (found.status_code, found.headers["content-type"]) == (406, "application/problem+json")
            assert [each["address"] for each in found.json()["available"]] == [
                f"/id/agency-ofac{ending}" for ending in FORMATS
            ]
            assert "text/turtle" in found.json()["detail"]
        else:
            assert (found.status_code, found.headers["content-type"]) == (200, FORMATS[form][0])
            assert found.headers["content-location"] == f"/id/agency-ofac{form}"
            assert found.content == client.get(f"/id/agency-ofac{form}").content
        assert found.headers["vary"] == "Accept, Accept-Language"
        assert found.headers["access-control-allow-origin"] == "*"


@pytest.mark.parametrize(
    ("languages", "lang"),
    [(None, "en"), ("es-MX,es;q=0.9,en;q=0.5", "es"), ("en-US,en;q=0.9,es;q=0.8", "en"), ("de, es;q=0.1", "es")],
)
def test_a_browser_goes_to_the_page_in_its_language(site: Service, languages: str | None, lang: str) -> None:
    headers = {"Accept": CHROME, **({"Accept-Language": languages} if languages else {})}
    with site.client() as client:
        for path in ("/id/goal-protect-our-people", "/ontology", "/ontology/Action"):
            assert client.get(path, headers=headers).headers["location"] == f"/{lang}{path}"


@pytest.mark.parametrize("lang", ["en", "es"])
def test_every_page_that_a_browser_is_sent_to_is_there(site: Service, lang: str) -> None:
    paths = {path for kind in KINDS for iri in list(things(kind))[::40] if (path := address(iri)) is not None}
    paths |= {"/ontology", "/shapes", "/dataset", "/shapes/Action", "/shapes/Action-endsAfterItStarts"}
    assert len(paths) > 40
    with site.client(headers={"Accept": CHROME, "Accept-Language": lang}) as client:
        for path in sorted(paths):
            found = client.get(path)
            assert found.status_code == 303, path
            assert found.headers["location"].startswith(f"/{lang}/")
            assert client.get(found.headers["location"]).status_code == 200, path
            assert client.get(f"{path}.nt").text.count("\n") > 0


def test_all_forms_of_a_thing_say_its_statements_and_what_links_to_it(site: Service) -> None:
    thing = ox.NamedNode(OFAC)
    own = {quad.triple for quad in store().quads_for_pattern(thing, None, None)}
    linking = {quad.triple for quad in store().quads_for_pattern(None, None, thing)}
    labels = {quad.triple for quad in store().quads_for_pattern(None, ox.NamedNode(SKOS.prefLabel), None)}
    with site.client() as client:
        graphs = [
            _canonical(client.get(f"/id/agency-ofac{ending}").content, form) for ending, (_, form) in FORMATS.items()
        ]
    assert graphs[0] == graphs[1] == graphs[2] == graphs[3]
    said = {quad.triple for quad in graphs[0]}
    assert own
    assert linking
    assert own | linking <= said
    # The rest are names of the things in these statements, in each language.
    about = {term for each in own | linking for term in (each.subject, each.object)} - {thing}
    rest = said - own - linking
    assert {each.subject for each in rest} <= about
    assert {each for each in labels if each.subject in about} <= rest
    assert {each for each in said if each not in {quad.triple for quad in store()}} == set()


@pytest.mark.parametrize("iri", ["Action", "advancesGoal", "Pillar"])
def test_a_term_is_served_below_its_document(site: Service, iri: str) -> None:
    thing = ox.NamedNode(BIC[iri])
    with site.client() as client:
        found = client.get(f"/ontology/{iri}", headers={"Accept": JENA})
    said = {quad.triple for quad in ox.parse(found.content, format=ox.RdfFormat.TURTLE)}
    assert said >= {
        quad.triple
        for quad in store().quads_for_pattern(thing, None, None)
        if not isinstance(quad.object, ox.BlankNode)
    }
    assert any(each.subject == thing for each in said)


@pytest.mark.parametrize("document", ["ontology", "shapes", "dataset"])
def test_documents_are_the_same_graph_in_all_forms(site: Service, document: str) -> None:
    with site.client() as client:
        graphs = {}
        for ending, (kind, form) in FORMATS.items():
            found = client.get(f"/{document}{ending}")
            assert found.headers["content-type"] == kind
            assert client.get(f"/{document}", headers={"Accept": kind}).content == found.content
            graphs[ending] = _canonical(found.content, form)
    assert len(graphs[".ttl"]) > 4_000
    assert graphs[".ttl"] == graphs[".jsonld"] == graphs[".nt"] == graphs[".rdf"]


def test_the_version_of_the_ontology_is_the_document_and_no_other_version_is(site: Service) -> None:
    with site.client(headers={"Accept": "text/turtle"}) as client:
        assert client.get(f"/ontology/{ontology_version()}").content == client.get("/ontology").content
        assert client.get("/ontology/9.9.9").status_code == 404


def test_shapes_come_one_at_a_time_too(site: Service) -> None:
    with site.client() as client:
        found = client.get("/shapes/Action-advancesGoal.ttl")
        assert found.status_code == 200
        assert "bicsh:Action-advancesGoal a sh:PropertyShape" in found.text


def test_context_and_schema_are_served_under_their_names(site: Service) -> None:
    with site.client() as client:
        for name, kind in (("context.jsonld", "application/ld+json"), ("schema.json", "application/schema+json")):
            found = client.get(f"/{name}")
            assert (found.headers["content-type"], found.content) == (kind, (COMPILED / name).read_bytes())
            assert found.headers["access-control-allow-origin"] == "*"


@pytest.mark.parametrize("path", ["/id/agency-ofac.ttl", "/ontology.nt", "/context.jsonld", "/shapes/Action.jsonld"])
def test_head_and_entity_tags(site: Service, path: str) -> None:
    with site.client() as client:
        whole, head = client.get(path), client.head(path)
        assert head.content == b""
        assert (head.status_code, head.headers["content-length"]) == (200, whole.headers["content-length"])
        tag = whole.headers["etag"]
        assert tag.startswith('"')
        for header in (tag, f'"other", {tag}', f"W/{tag}", "*"):
            found = client.get(path, headers={"If-None-Match": header})
            assert (found.status_code, found.content, found.headers["etag"]) == (304, b"", tag)
        assert client.get(path, headers={"If-None-Match": '"other"'}).status_code == 200


def test_forms_have_entity_tags_of_their_own_that_outlive_the_process(site: Service, tmp_path: Path) -> None:
    paths = [f"/{name}{ending}" for name in ("id/agency-ofac", "ontology", "ontology/Action") for ending in FORMATS]
    with site.client() as client:
        here = [client.head(path).headers["etag"] for path in paths]
    assert len(set(here)) == len(paths)
    with serving(tmp_path) as another, another.client() as client:
        assert [client.head(path).headers["etag"] for path in paths] == here


def test_what_is_not_there_is_told_in_the_language_and_form_asked_for(site: Service) -> None:
    with site.client(headers={"Accept-Language": "es"}) as client:
        told = client.get("/id/agency-ofax", headers={"Accept": "text/turtle"})
        assert (told.status_code, told.headers["content-type"]) == (404, "application/problem+json")
        assert told.json()["detail"].startswith("Aquí nada se llama id/agency-ofax. ¿Quiso decir agency-ofac")
        shown = client.get("/id/agency-ofax", headers={"Accept": CHROME})
        assert (shown.status_code, shown.headers["content-type"]) == (404, "text/html; charset=utf-8")
        assert "¿Quiso decir agency-ofac" in shown.text
        for odd in ("a%20b", "%3Cscript%3E", "a%22b", "%00", "é" * 300, "..", "ñ"):
            assert client.get(f"/id/{odd}.ttl").status_code == 404


def test_pages_from_elsewhere_may_ask(site: Service) -> None:
    with site.client() as client:
        asked = {"Origin": "https://example.org", "Access-Control-Request-Headers": "if-none-match"}
        found = client.options("/id/agency-ofac", headers=asked)
        assert (found.status_code, found.headers["access-control-allow-origin"]) == (204, "*")
        assert "If-None-Match" in found.headers["access-control-allow-headers"]
        assert client.post("/id/agency-ofac").status_code == 405


def test_jsonld_can_be_read_without_fetching_anything(site: Service) -> None:
    with site.client() as client:
        document = json.loads(client.get("/id/agency-ofac.jsonld").content)
    assert document["@context"]["prefLabel"] == {"@id": "skos:prefLabel", "@container": "@language"}
    assert all(isinstance(each, str | dict | float) for each in document["@context"].values())


# --- The redirects of w3id, in Debian's Apache ---


@pytest.fixture(scope="module")
def apache(site: Service) -> Iterator[str]:
    """Yield the address of an Apache of our own that serves `w3id/`, with the service as its SITE."""
    program, modules = shutil.which("apache2", path="/usr/sbin:/usr/bin"), Path("/usr/lib/apache2/modules")
    if program is None or not modules.is_dir():
        if os.environ.get("CI"):
            pytest.fail("Apache is needed in continuous integration; .ci/run installs it")
        pytest.skip("Apache is not installed")
    port = free_port()
    with tempfile.TemporaryDirectory(prefix="apache-") as name:
        folder = Path(name)
        folder.chmod(0o755)
        root = folder / "w3id"
        (root / "bicentennial").mkdir(parents=True)
        rules = HTACCESS.read_text("utf-8")
        placed = rules.replace("SITE=https://bicentennial.github.io/bicentennial", f"SITE={site.url}")
        assert placed != rules
        (root / "bicentennial" / ".htaccess").write_text(placed, "utf-8")
        needed = ("mpm_event", "authz_core", "rewrite", "setenvif", "headers")
        lines = [
            *(f"LoadModule {each}_module {modules}/mod_{each}.so" for each in needed),
            f"ServerRoot {folder}",
            f"Listen 127.0.0.1:{port}",
            "ServerName 127.0.0.1",
            f"PidFile {folder}/pid",
            f"ErrorLog {folder}/error.log",
            f"DocumentRoot {root}",
            f"<Directory {root}>",
            "AllowOverride All",
            "Require all granted",
            "</Directory>",
        ]
        if os.geteuid() == 0:
            user = pwd.getpwnam("www-data")
            lines += [f"User {user.pw_name}", f"Group #{user.pw_gid}"]
        (folder / "apache.conf").write_text("\n".join(lines) + "\n", "utf-8")
        process = subprocess.Popen([program, "-DFOREGROUND", "-f", str(folder / "apache.conf")])
        try:

            def answers() -> bool:
                try:
                    httpx.get(f"http://127.0.0.1:{port}/", trust_env=False)
                except httpx.TransportError:
                    assert process.poll() is None, (folder / "error.log").read_text("utf-8")
                    return False
                return True

            until(answers)
            yield f"http://127.0.0.1:{port}/bicentennial"
        finally:
            process.terminate()
            process.wait(PATIENCE)


@pytest.mark.parametrize("accept", ACCEPTED)
def test_apache_leads_to_the_same(site: Service, apache: str, accept: str | None) -> None:
    headers = {"Accept-Language": "es-MX, en;q=0.5", **({"Accept": accept} if accept is not None else {})}
    with site.client(headers=headers) as client:
        if accept is None:
            del client.headers["Accept"]
        for path in (
            "/id/agency-ofac",
            "/ontology",
            f"/ontology/{ontology_version()}",
            "/shapes",
            "/dataset",
            "/id/no-such",
        ):
            direct = client.get(path)
            by_name = client.get(f"{apache}{path}")
            assert (by_name.status_code, by_name.headers["location"]) == (303, f"{site.url}{path}")
            assert by_name.headers["access-control-allow-origin"] == "*"
            led = client.get(by_name.headers["location"])
            assert led.status_code == direct.status_code
            assert led.headers.get("location") == direct.headers.get("location")
            assert led.headers.get("content-type") == direct.headers.get("content-type")
            assert led.headers.get("etag") == direct.headers.get("etag")
            assert led.content == direct.content


@pytest.mark.parametrize(
    ("path", "status"),
    [
        ("/context.jsonld", 200),
        ("/schema.json", 200),
        ("/ontology.ttl", 200),
        ("/id/agency-ofac.rdf", 200),
        ("/ontology/Action.nt", 200),
        ("/shapes/Action.jsonld", 200),
    ],
)
def test_apache_leads_to_each_address(apache: str, path: str, status: int) -> None:
    found = httpx.get(f"{apache}{path}", follow_redirects=True, trust_env=False)
    assert found.status_code == status
    assert [each.status_code for each in found.history] == [303]


def test_apache_leads_nowhere_else(apache: str) -> None:
    for path in ("/nonsense", "/id/", "/id/a/b", "/en/", "/sparql", "/static/theme.css"):
        assert httpx.get(f"{apache}{path}", trust_env=False).status_code == 404
