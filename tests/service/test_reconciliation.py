"""The Reconciliation API 0.2: answers by the schemas of the specification, to its examples and OpenRefine's."""

from __future__ import annotations

import json
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

import jsonschema
import pytest
from referencing import Registry, Resource

from bicentennial.core.namespaces import BIC, BICD
from tests.serving import serving

if TYPE_CHECKING:
    from collections.abc import Iterator

    import httpx

FOLDER: Final = Path(__file__).with_name("reconciliation")
SCHEMAS: Final = {path.stem: json.loads(path.read_text("utf-8")) for path in (FOLDER / "schemas").glob("*.json")}
EXAMPLES: Final = {path.stem: path.read_text("utf-8") for path in sorted((FOLDER / "queries").glob("*.json"))}
# As OpenRefine's own tests and those of services for it write them.
OPENREFINE: Final[dict[str, Any]] = {
    "column of names": {
        "q0": {"query": "shakespeare", "type": "/people/person", "type_strict": "should"},
        "q1": {"query": "wittgenstein", "type": "/people/person", "type_strict": "should"},
    },
    "with a property": {
        "q0": {
            "query": "david lynch",
            "type": "Q11424",
            "properties": [{"pid": "P57", "v": "david lynch"}],
            "type_strict": "should",
            "limit": 3,
        }
    },
    "with a reconciled cell": {
        "q0": {"query": "OFAC", "properties": [{"pid": "isPartOf", "v": {"id": "agency-treasury", "name": "Treasury"}}]}
    },
}


@pytest.fixture(scope="module")
def client(tmp_path_factory: pytest.TempPathFactory) -> Iterator[httpx.Client]:
    """Yield a client of a service without a registry."""
    with serving(tmp_path_factory.mktemp("reconcile")) as running, running.client() as its:
        yield its


def _fits(found: Any, schema: str) -> None:
    known = Registry().with_resources(
        (each["$id"], Resource.from_contents(each, default_specification=_specification())) for each in SCHEMAS.values()
    )
    jsonschema.Draft7Validator(SCHEMAS[schema], registry=known).validate(found)


def _specification() -> Any:
    from referencing.jsonschema import DRAFT7

    return DRAFT7


def _batch(client: httpx.Client, queries: Any, path: str = "/reconcile") -> Any:
    text = queries if isinstance(queries, str) else json.dumps(queries)
    found = client.post(path, data={"queries": text})
    assert (found.status_code, found.headers["access-control-allow-origin"]) == (200, "*"), found.text
    _fits(found.json(), "reconciliation-result-batch")
    assert client.get(path, params={"queries": text}).json() == found.json()
    return found.json()


def _ids(client: httpx.Client, query: str, **more: Any) -> list[str]:
    return [each["id"] for each in _batch(client, {"q": {"query": query, **more}})["q"]["result"]]


def test_the_manifest(client: httpx.Client) -> None:
    found = client.get("/reconcile")
    assert (found.status_code, found.headers["access-control-allow-origin"]) == (200, "*")
    manifest = found.json()
    _fits(manifest, "manifest")
    assert manifest["versions"] == ["0.2"]
    assert (manifest["identifierSpace"], manifest["schemaSpace"]) == (str(BICD), str(BIC))
    assert [each["id"] for each in manifest["defaultTypes"]] == ["Party", "Place", "Goal"]
    spanish = client.get("/es/reconcile").json()
    assert [each["name"] for each in spanish["defaultTypes"]] == ["parte", "lugar", "meta"]
    assert spanish["suggest"]["entity"]["service_url"].endswith("/es/reconcile")
    for address in (
        manifest["view"]["url"].replace("{{id}}", "agency-ofac"),
        manifest["preview"]["url"].replace("{{id}}", "agency-ofac"),
        manifest["suggest"]["entity"]["service_url"] + manifest["suggest"]["entity"]["service_path"] + "?prefix=OFAC",
    ):
        assert client.get(address).status_code in (200, 303)


@pytest.mark.parametrize("name", [each for each in EXAMPLES if each.startswith("valid-")])
def test_the_examples_of_the_specification(client: httpx.Client, name: str) -> None:
    asked = json.loads(EXAMPLES[name])
    _fits(asked, "reconciliation-query-batch")
    assert list(_batch(client, EXAMPLES[name])) == list(asked)


@pytest.mark.parametrize("name", ["invalid-empty-properties", "invalid-empty-query"])
def test_what_asks_nothing_is_refused(client: httpx.Client, name: str) -> None:
    with pytest.raises(jsonschema.ValidationError):
        _fits(json.loads(EXAMPLES[name]), "reconciliation-query-batch")
    found = client.post("/reconcile", data={"queries": EXAMPLES[name]}, headers={"Accept-Language": "es"})
    assert (found.status_code, found.headers["content-type"]) == (400, "application/problem+json")
    assert "la consulta q1 no tiene «query» ni «properties»" in found.json()["detail"]
    assert found.headers["access-control-allow-origin"] == "*"


@pytest.mark.parametrize("name", OPENREFINE)
def test_requests_as_openrefine_sends_them(client: httpx.Client, name: str) -> None:
    _fits(OPENREFINE[name], "reconciliation-query-batch")
    assert list(_batch(client, OPENREFINE[name])) == list(OPENREFINE[name])


@pytest.mark.parametrize(
    ("query", "first"),
    [
        ("SSCP", "agency-sspc"),
        ("SSPC", "agency-sspc"),
        ("sspc", "agency-sspc"),
        ("Secretaria de Seguridad y Proteccion Ciudadana", "agency-sspc"),
        ("Secretaría de Seguridad y Protección", "agency-sspc"),
        ("Sec. de Relaciones Exteriores", "agency-sre"),
        ("OFFICE OF FOREIGN ASSETS CONTROL", "agency-ofac"),
        ("Guardia Nacional de México", "agency-national-guard"),
        ("agency-ofac", "agency-ofac"),
        (f"{BICD}agency-ofac", "agency-ofac"),
        ("Oaxca", "place-oaxaca"),
        ("proteger a nuestra gente", "goal-protect-our-people"),
        ("Protecting our people", "goal-protect-our-people"),
    ],
)
def test_the_first_candidate_is_what_people_mean(client: httpx.Client, query: str, first: str) -> None:
    assert _ids(client, query)[0] == first


def test_only_a_name_that_fits_one_thing_alone_is_certain(client: httpx.Client) -> None:
    asked = {
        "exact": {"query": "SSPC"},
        "misspelt": {"query": "SSCP"},
        "several": {"query": "México"},
        "narrowed": {"query": "México", "type": "Place"},
    }
    found = _batch(client, asked)
    certain = {key: [each["id"] for each in value["result"] if each["match"]] for key, value in found.items()}
    assert certain == {"exact": ["agency-sspc"], "misspelt": [], "several": [], "narrowed": ["place-mexico"]}
    scores = [each["score"] for each in found["several"]["result"]]
    assert scores == sorted(scores, reverse=True)
    assert found["misspelt"]["result"][0]["score"] == 87.5


def test_types_limit_or_only_order(client: httpx.Client) -> None:
    assert _ids(client, "Treasury", type="Place") == ["place-texas"]
    assert _ids(client, "Treasury", type=["Place", "Agency"])[0] == "agency-treasury"
    assert _ids(client, "Treasury", type=["Place", "Agency"], type_strict="all") == []
    soft = _batch(client, {"q": {"query": "Mexico", "type": "Government", "type_strict": "should"}})["q"]["result"]
    assert [(each["id"], each["score"]) for each in soft[:2]] == [("government-mexico", 100.0), ("place-mexico", 80.0)]
    assert (
        _ids(client, "OFAC", type=f"{BIC.Agency}")[:1] == _ids(client, "OFAC", type="bic:Agency")[:1] == ["agency-ofac"]
    )
    assert _ids(client, "OFAC", type="NoSuchType") == []
    assert len(_ids(client, "Secretaría", limit=2)) == 2


def test_properties_narrow_down(client: httpx.Client) -> None:
    assert (
        _ids(client, "National Guard", properties=[{"pid": "isBasedIn", "v": "México"}])[0] == "agency-national-guard"
    )
    part = {"pid": "isPartOf", "v": ["USDT", {"id": "agency-sre"}]}
    found = _batch(client, {"q": {"properties": [part]}})["q"]["result"]
    assert "agency-ofac" in [each["id"] for each in found]
    assert {each["score"] for each in found} == {100.0}


def test_names_come_in_the_language_of_the_address_or_the_request(client: httpx.Client) -> None:
    query = {"q": {"query": "OFAC"}}

    def name(path: str, **headers: str) -> str:
        found = client.post(path, data={"queries": json.dumps(query)}, headers=headers)
        return str(found.json()["q"]["result"][0]["name"])

    assert name("/reconcile") == name("/en/reconcile") == "Office of Foreign Assets Control"
    spanish = "Oficina de Control de Activos Extranjeros"
    assert name("/es/reconcile") == name("/reconcile?lang=es") == spanish
    assert name("/reconcile", **{"Accept-Language": "es-MX"}) == spanish


def test_suggestions(client: httpx.Client) -> None:
    found = client.get("/es/reconcile/suggest/entity", params={"prefix": "Secretaría de S"}).json()
    _fits(found, "suggest-entities-response")
    assert {"agency-sspc", "agency-ssa"} <= {each["id"] for each in found["result"][:4]}
    assert found["result"][0]["notable"][0]["id"] == "Agency"
    assert (
        client.get("/reconcile/suggest/entity", params={"prefix": "agency-ofac"}).json()["result"][0]["id"]
        == "agency-ofac"
    )
    typed = client.get("/reconcile/suggest/entity", params={"prefix": "me", "type": "Place"}).json()["result"]
    assert {"place-mexico", "place-mexico-city"} <= {each["id"] for each in typed}
    assert all(each["id"].startswith("place-") for each in typed)
    rest = client.get("/reconcile/suggest/entity", params={"prefix": "me", "type": "Place", "cursor": "1"}).json()[
        "result"
    ]
    assert rest[: len(typed) - 1] == typed[1:]
    types = client.get("/es/reconcile/suggest/type", params={"prefix": "lug"}).json()
    _fits(types, "suggest-types-response")
    assert types["result"] == [{"id": "Place", "name": "lugar"}]
    properties = client.get("/reconcile/suggest/property", params={"prefix": "part of"}).json()
    _fits(properties, "suggest-properties-response")
    assert "isPartOf" in {each["id"] for each in properties["result"]}
    for empty in ("", "%00", "zzzzzzzz"):
        answer = client.get(f"/reconcile/suggest/entity?prefix={empty}")
        assert (answer.status_code, answer.json()) == (200, {"result": []})


def test_columns_of_values_are_added(client: httpx.Client) -> None:
    asked = {
        "ids": ["agency-ofac", "no-such"],
        "properties": [{"id": "isPartOf"}, {"id": "description", "settings": {"limit": "1"}}, {"id": "no such"}],
    }
    _fits(asked, "data-extension-query")
    found = client.post("/es/reconcile", data={"extend": json.dumps(asked)}).json()
    _fits(found, "data-extension-response")
    assert found["rows"]["agency-ofac"]["isPartOf"] == [
        {"id": "agency-treasury", "name": "Departamento del Tesoro de los Estados Unidos"}
    ]
    assert found["rows"]["agency-ofac"]["description"][0]["str"].startswith("Oficina del Tesoro")
    assert found["rows"]["no-such"] == {"isPartOf": [], "description": [], "no such": []}
    offered = client.get("/reconcile/properties", params={"type": "Agency", "limit": "5"}).json()
    _fits(offered, "data-extension-property-proposal")
    assert len(offered["properties"]) == 5
    every = client.get("/reconcile/properties", params={"type": "Agency"}).json()["properties"]
    extended = client.post(
        "/reconcile", data={"extend": json.dumps({"ids": ["agency-dea", "agency-fgr"], "properties": every[:30]})}
    ).json()
    _fits(extended, "data-extension-response")


def test_a_preview_stands_in_a_frame_of_another_site(client: httpx.Client) -> None:
    found = client.get("/es/reconcile/preview", params={"id": "agency-ofac"})
    assert found.status_code == 200
    assert "frame-ancestors *" in found.headers["content-security-policy"]
    assert "script-src 'self'" in found.headers["content-security-policy"]
    assert "Oficina de Control de Activos Extranjeros" in found.text
    hostile = client.get("/reconcile/preview", params={"id": "<script>alert(1)</script>"})
    assert hostile.status_code == 404
    assert "<script>" not in hostile.text


@pytest.mark.parametrize(
    ("data", "status"),
    [
        ({"queries": "{"}, 400),
        ({"queries": "[]"}, 400),
        ({"queries": "[" * 100_000}, 400),
        ({"queries": '{"q": []}'}, 400),
        ({"queries": '{"q": {"query": 3}}'}, 400),
        ({"queries": '{"q": {"query": "a", "type": 3}}'}, 400),
        ({"queries": '{"q": {"query": "a", "type": [3]}}'}, 400),
        ({"queries": '{"q": {"query": "a", "properties": [3]}}'}, 400),
        ({"queries": '{"q": {"query": "a", "properties": [{"pid": "x"}]}}'}, 400),
        ({"queries": '{"\\ud800": {"query": "a"}}'}, 400),
        ({"extend": '{"ids": ["\\ud800"], "properties": []}'}, 400),
        ({"extend": "{}"}, 400),
        ({"extend": '{"ids": [1], "properties": [1]}'}, 400),
        ({"queries": json.dumps({f"q{n}": {"query": "a"} for n in range(101)})}, 413),
        ({"queries": "x" * (2 << 20)}, 413),
        ({"queries": '{"q": {"query": "a", "limit": 1e999, "properties": [{"pid": "a b", "v": "\\u0000"}]}}'}, 200),
        ({"queries": '{"q": {"query": "' + "a" * 100_000 + '"}}'}, 200),
    ],
)
def test_nonsense_is_answered_with_a_sentence(client: httpx.Client, data: dict[str, str], status: int) -> None:
    found = client.post("/reconcile", data=data)
    assert found.status_code == status
    assert found.headers["access-control-allow-origin"] == "*"
    if status >= 400:
        assert found.json()["detail"]


def test_no_script_is_ever_answered(client: httpx.Client) -> None:
    found = client.get("/reconcile", params={"callback": "alert"})
    assert found.headers["content-type"] == "application/json"
    assert found.text.startswith("{")


def test_pages_from_elsewhere_may_ask(client: httpx.Client) -> None:
    for path in ("/reconcile", "/es/reconcile/suggest/entity"):
        found = client.options(path, headers={"Origin": "https://example.org"})
        assert (found.status_code, found.headers["access-control-allow-origin"]) == (204, "*")
