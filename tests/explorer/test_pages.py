"""Each thing has a page in each language, each link leads to one, and each statement shows where it is from."""

from __future__ import annotations

import re
from html import unescape
from typing import TYPE_CHECKING, Final

import pytest
from starlette.testclient import TestClient

from bicentennial.core.escape import plain
from bicentennial.core.messages import LANGUAGES
from bicentennial.explorer.catalogue import KINDS, address, kind_of, things
from bicentennial.knowledge.names import names
from bicentennial.knowledge.store import select
from bicentennial.report.codes.explanation import codes
from bicentennial.service import create_app
from tests.explorer.conftest import links, main

if TYPE_CHECKING:
    from collections.abc import Iterator

_OTHER_PARTS: Final = ("/{lang}/", "/{lang}/query", "/{lang}/docs")
"""What the frame of a service without a registry links to beside the explorer."""
_DATA: Final = re.compile(r"/(?:id|ontology)/[^/]+\.(?:ttl|jsonld|nt|rdf)")


@pytest.fixture(scope="module")
def client() -> Iterator[TestClient]:
    with TestClient(create_app(), base_url="http://localhost") as running:
        yield running


def test_every_individual_has_a_page_in_both_languages(pages: dict[str, str]) -> None:
    rows = select("SELECT DISTINCT ?thing { ?thing a ?class FILTER(ISIRI(?thing)) }")
    things_said = [row["thing"]["value"] for row in rows]
    assert len(things_said) > 1_900
    missing = [
        f"/{lang}{address(iri)}" for iri in things_said for lang in LANGUAGES if not pages.get(f"/{lang}{address(iri)}")
    ]
    assert missing == []


def test_every_code_has_a_page_in_both_languages(pages: dict[str, str]) -> None:
    assert [code for code in codes() for lang in LANGUAGES if not pages.get(f"/{lang}/codes/{code}")] == []


@pytest.mark.parametrize(
    ("lang", "breaks", "keeps", "sheet", "cell", "rdf"),
    [
        ("en", "A row that breaks it", "A row that keeps it", "actions", "Train port officers", "The same in RDF"),
        ("es", "Una fila que lo incumple", "Una fila que lo cumple", "acciones", "Capacitar a oficiales portuarios",
         "Lo mismo en RDF"),
    ],
)  # fmt: skip
def test_a_code_shows_rows_of_tables_in_the_readers_language_and_rdf_after_them(
    pages: dict[str, str], lang: str, breaks: str, keeps: str, sheet: str, cell: str, rdf: str
) -> None:
    page = pages[f"/{lang}/codes/Action-endsAfterItStarts"]
    assert [page.index(each) for each in (breaks, keeps, "<details>")] == sorted(
        page.index(each) for each in (breaks, keeps, "<details>")
    )
    assert page.count(f"<td>{cell}</td>") == 2
    assert [page.count(f'aria-label="{title}: {sheet}"') for title in (breaks, keeps)] == [1, 1]
    assert page.count("<mark>2023-01-31</mark>") == 1
    folded = page[page.index("<details>") :]
    assert rdf in folded
    assert "@prefix" not in page
    assert "bic:endDate" in folded
    assert "bic:endDate" not in page[page.index(breaks) : page.index("<details>")]


def test_a_code_without_a_column_shows_rdf(pages: dict[str, str]) -> None:
    page = pages["/es/codes/Claim-description.missing"]
    assert "<mark>" not in page
    assert "<details>" not in page


def test_every_thing_is_of_a_kind_and_in_its_list(pages: dict[str, str]) -> None:
    for kind in KINDS:
        assert things(kind), kind
        for lang in LANGUAGES:
            linked = set(links(pages[f"/{lang}/explore/{kind}"]))
            assert {f"/{lang}{address(iri)}" for iri in things(kind)} <= linked, kind
    assert [row["thing"]["value"] for row in select("SELECT DISTINCT ?thing { ?thing a ?c FILTER(ISIRI(?thing)) }")
            if kind_of(row["thing"]["value"]) is None] == []  # fmt: skip


def test_every_link_leads_to_a_page_and_every_page_is_reached(pages: dict[str, str], client: TestClient) -> None:
    elsewhere = {each.format(lang=lang) for each in _OTHER_PARTS for lang in LANGUAGES}
    reached = {"/en/explore", "/es/explore"}
    ahead = sorted(reached)
    loaded: set[str] = set()
    broken = []
    while ahead:
        path = ahead.pop()
        page = pages[path]
        for link in links(page):
            target, _, fragment = link.partition("#")
            if link.startswith(("https://", "http://")) or target in elsewhere:
                continue
            if target.startswith("/static/") or _DATA.fullmatch(target):
                loaded.add(target)
            elif (target and target not in pages) or (fragment and f'id="{fragment}"' not in pages[target or path]):
                broken.append((path, link))
            elif target and target not in reached:
                reached.add(target)
                ahead.append(target)
    assert broken == []
    assert sorted(set(pages) - reached) == []
    assert len(reached) == len(pages) > 6_800
    # The statements of each thing are made by another part, so a part of them will do.
    asked = [each for n, each in enumerate(sorted(loaded)) if n % 25 == 0 or each.startswith("/static/")]
    asked += sorted(elsewhere)
    assert len(loaded) > 6_000
    assert {path: client.get(path).status_code for path in asked} == dict.fromkeys(asked, 200)


def test_the_service_answers_with_these_pages(pages: dict[str, str], client: TestClient) -> None:
    # One of each kind and each fixed page: what `render` makes is what is answered.
    chosen = [f"/{lang}{address(things(kind)[0])}" for lang in LANGUAGES for kind in KINDS]
    chosen += [path for path in pages if path.count("/") < 3 or path.startswith(("/en/explore", "/es/explore"))]
    chosen += [path for path in pages if "/codes/" in path][::400]
    for path in chosen:
        answer = client.get(path)
        assert (answer.status_code, main(answer.text)) == (200, main(pages[path])), path


def test_every_statement_shows_its_passage_and_document(pages: dict[str, str]) -> None:
    rows = select(
        "SELECT ?thing ?source ?document ?url ?quotation { ?thing dcterms:source ?source "
        "OPTIONAL { ?source a bic:Passage ; bic:isPartOf ?whole } BIND(COALESCE(?whole, ?source) AS ?document) "
        "OPTIONAL { ?document schema:url ?url } OPTIONAL { ?source bic:quotation ?quotation } "
        "FILTER(ISIRI(?thing) && ?thing != ?source) }"
    )
    missing, count = [], 0
    for row in rows:
        count += 1
        for lang in LANGUAGES:
            page = pages[f"/{lang}{address(row['thing']['value'])}"]
            shown = set(links(page))
            wanted = {f"/{lang}{address(row[each]['value'])}" for each in ("source", "document")}
            if "url" in row:
                wanted.add(row["url"]["value"])
            quotes = "quotation" not in row or plain(row["quotation"]["value"]) in unescape(page)
            if not wanted <= shown or not quotes:
                missing.append((row["thing"]["value"], row["source"]["value"], lang))
    assert count > 1_000
    assert missing == []


def test_what_cites_nothing_says_so(pages: dict[str, str]) -> None:
    assert "the wording is that of the editors" in pages["/en/id/theme-homicide"]
    assert "la redacción es del equipo editor" in pages["/es/id/theme-homicide"]
    assert "el equipo editor" not in pages["/es/id/agency-ofac"]


def test_a_conflict_stands_side_by_side_on_what_it_is_about(pages: dict[str, str]) -> None:
    rows = list(select(
        "SELECT ?about ?conflict ?claim { ?conflict a bic:SourceConflict ; bic:concerns ?about ; bic:hasClaim ?claim }"
    ))  # fmt: skip
    assert {row["conflict"]["value"] for row in rows} == set(things("conflicts"))
    for row in rows:
        for place in ("about", "conflict", "claim"):
            page = pages[f"/es{address(row[place]['value'])}"]
            assert f'href="/es{address(row["claim"]["value"])}"' in page
            assert "En qué difieren las fuentes" in page
            assert 'class="sides"' in page


def test_a_goal_tells_what_was_promised_and_what_came_of_it(pages: dict[str, str]) -> None:
    rows = select("SELECT ?action ?goal { ?action a bic:Action ; bic:advancesGoal ?goal }")
    for row in rows:
        assert f'href="/en{address(row["action"]["value"])}"' in pages[f"/en{address(row['goal']['value'])}"]
    protect = pages["/es/id/goal-protect-our-people"]
    assert "<h2>Qué se prometió y qué resultó</h2>" in protect
    assert "«Sin informes vistos» quiere decir que ninguna fuente consultada informa algo." in protect
    ballistics = pages["/en/id/action-additional-ballistic-laboratories"]
    assert "<h2>What came of it</h2>" in ballistics
    assert "Laboratories of 25 states and of the FGR were accredited" in ballistics


def test_passages_lead_to_those_before_and_after(pages: dict[str, str]) -> None:
    rows = select("SELECT ?passage { ?passage bic:isPartOf bicd:document-joint-statement ; a bic:Passage }")
    inside = {f"/en{address(row['passage']['value'])}" for row in rows}
    start = next(path for path in sorted(inside) if ">the passage before<" not in pages[path])
    seen = [start]
    while ">the next passage<" in pages[seen[-1]]:
        before_link = pages[seen[-1]].split(">the next passage<")[0]
        seen.append(links(before_link)[-1])
    assert (set(seen), len(seen)) == (inside, len(inside))


def test_titles_are_in_the_language_of_the_page(pages: dict[str, str]) -> None:
    for kind in ("goals", "actions", "parties", "instruments", "events", "themes"):
        for iri in things(kind):
            for lang in LANGUAGES:
                name = names()[iri].label[lang]
                page = unescape(pages[f"/{lang}{address(iri)}"])
                assert f">{name[:1].upper()}{name[1:]}</h1>" in page, (iri, lang)
                assert page.startswith(f'<!doctype html>\n<html lang="{lang}">')


def test_nothing_is_named_by_its_iri_alone(pages: dict[str, str]) -> None:
    titled = {path: page.partition("</h1>")[0].rpartition(">")[2] for path, page in pages.items()}
    assert [(path, title) for path, title in titled.items() if title.startswith(("bicd:", "bic:", "https:"))] == []
