"""The explorer over HTTP: what is kept, what is answered with 304, and what is not there."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from starlette.testclient import TestClient

from bicentennial.explorer.catalogue import address, things
from bicentennial.service import Settings, create_app
from tests.explorer.conftest import links

if TYPE_CHECKING:
    from collections.abc import Iterator

GOAL = "/es/id/goal-protect-our-people"


@pytest.fixture(scope="module")
def client() -> Iterator[TestClient]:
    with TestClient(create_app(), base_url="http://localhost") as running:
        yield running


@pytest.mark.parametrize("path", [GOAL, "/en/explore", "/en/codes/Action-endsAfterItStarts", "/static/search-es.js"])
def test_what_one_has_is_not_sent_again(client: TestClient, path: str) -> None:
    first = client.get(path)
    tag = first.headers["etag"]
    for known in (tag, f"W/{tag}", f'"other", {tag}', "*"):
        again = client.get(path, headers={"If-None-Match": known})
        assert (again.status_code, again.content, again.headers["etag"]) == (304, b"", tag)
    assert client.get(path, headers={"If-None-Match": '"other"'}).status_code == 200
    head = client.head(path)
    assert (head.status_code, head.content) == (200, b"")
    assert head.headers["content-length"] == str(len(first.content))
    assert head.headers["etag"] == tag


def test_a_page_tells_its_language(client: TestClient) -> None:
    assert client.get(GOAL).headers["content-language"] == "es"


@pytest.mark.parametrize(
    "path",
    [
        "/es/id/nothing",
        "/es/ontology/nothing",
        "/es/codes/nothing",
        "/es/explore/nothing",
        "/es/id/codes",
        "/es/id/a%2Fb",
    ],
)
def test_what_is_not_there_is_said_in_the_language(client: TestClient, path: str) -> None:
    answer = client.get(path, headers={"Accept": "text/html"})
    assert answer.status_code == 404
    if path.count("%2F") == 0:
        assert "No hay página con ese nombre. Busque o comience por las listas por clase." in answer.text


def test_a_list_is_filtered_without_a_script(client: TestClient) -> None:
    def actions(**query: str) -> tuple[set[str], str]:
        page = client.get("/es/explore/actions", params=query).text
        rows = page[page.index("<tbody>") : page.index("</tbody>")]
        return set(links(rows)), page

    every, _ = actions()
    assert every == {f"/es{address(iri)}" for iri in things("actions")}
    found, page = actions(q="balística")
    assert found == {"/es/id/action-additional-ballistic-laboratories"}
    assert f"1 de {len(every)}" in page
    assert 'value="balística"' in page
    begun, page = actions(hasStatus="en curso")
    assert 0 < len(begun) < len(every)
    assert '<option value="en curso" selected>' in page
    assert actions(hasStatus="en curso", q="balística")[0] == found
    none, page = actions(q="<b>nada")
    assert none == set()
    assert "Nada coincide." in page
    assert "<b>nada" not in page
    assert "&lt;b&gt;nada" in page


def test_the_search_answers_without_a_script(client: TestClient) -> None:
    page = client.get("/en/explore/search", params={"q": "OFAC"}).text
    found = page[page.index('id="found"') :]
    assert links(found)[0] == "/en/id/agency-ofac"
    assert "Nothing is called that." in client.get("/en/explore/search", params={"q": "qwertyuiop"}).text
    assert client.get("/en/explore/search", params={"q": "x" * 5_000}).status_code == 200
    # What is asked for beside these is not heeded, and no page is made twice for it.
    assert client.get(GOAL, params={"utm": "x"}).headers["etag"] == client.get(GOAL).headers["etag"]


def test_links_lie_below_the_base_of_the_service() -> None:
    app = create_app(Settings(base="http://localhost/framework"))
    with TestClient(app, base_url="http://localhost") as client:
        page = client.get("/en/explore").text
    internal = [link for link in links(page) if not link.startswith(("#", "https://"))]
    assert internal
    assert [link for link in internal if not link.startswith("/framework/")] == []
