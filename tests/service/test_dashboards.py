"""Dashboards: the numbers of plot, table, CSV, JSON and SQL are the same, and lead to what they count."""

from __future__ import annotations

import csv
import io
import re
from html import unescape
from typing import TYPE_CHECKING, Any

import pytest

from bicentennial.core.messages import LANGUAGES, entry, section
from bicentennial.monitoring.questions.views import state_label
from bicentennial.monitoring.registry import open_registry
from bicentennial.service.office.dashboards import DASHBOARDS
from tests.serving import Service, serving
from tests.visiting import rows_of

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    import httpx

AS_OF = "2025-06-30"


@pytest.fixture(scope="module")
def played(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Service]:
    """Yield a service with the example of a year."""
    import runpy

    folder = tmp_path_factory.mktemp("played")
    play = runpy.run_path("examples/registry/play.py")["play"]
    play(str(folder / "registry.sqlite"))
    with serving(folder, registry=folder / "registry.sqlite") as running:
        yield running


@pytest.fixture
def client(played: Service) -> Iterator[httpx.Client]:
    with played.client(headers={"Accept": "text/html"}) as made:
        yield made


def described(page: str) -> dict[str, int]:
    """Return the numbers that the description of a plot says, by label."""
    found = re.search(r"<desc>(.*?)</desc>", page)
    assert found is not None
    return {label: int(n) for label, n in re.findall(r"(?:^|; )([^;]+?): (\d+) \(", unescape(found[1]))}


@pytest.mark.parametrize("by", ["goal", "pillar", "agency", "partner", "status", "place", "theme"])
@pytest.mark.parametrize("lang", LANGUAGES)
def test_progress_says_the_same_everywhere(played: Service, client: httpx.Client, by: str, lang: str) -> None:
    address = f"/{lang}/progress?by={by}&as_of={AS_OF}"
    page = client.get(address).text
    plain = client.get(f"{address}&format=json").json()
    table = list(csv.reader(io.StringIO(client.get(f"{address}&format=csv").text)))
    svg = client.get(f"{address}&format=svg")
    numbers = {row["label"][lang]: row["actions"] for row in plain["rows"]}
    assert plain["by"] == by
    assert plain["as_of"] == AS_OF
    assert {row[0]: int(row[1]) for row in table[1:]} == numbers
    shown = rows_of(page, entry("registry", "titles")["progress"][lang])
    assert {row[0]: int(row[1]) for row in shown[1:]} == numbers
    assert described(page) == described(svg.text) == numbers
    assert svg.headers["content-disposition"].startswith("attachment")
    with open_registry(played.registry) as registry:
        prop = {"goal": "bic:advancesGoal", "status": "bic:hasStatus", "agency": "bic:hasResponsibleParty"}.get(by)
        current = ", ".join(str(each.id) for each in registry.current(as_of=AS_OF))
        if prop:
            counted = registry.database.value(
                "SELECT count(*) FROM member m JOIN action a ON a.record = m.record LEFT JOIN link l"
                f" ON l.record = m.record AND l.property = ? WHERE m.submission IN ({current})",
                [prop],
            )
            assert counted == sum(numbers.values())


def test_each_number_leads_to_what_it_counts(client: httpx.Client) -> None:
    page = client.get("/en/progress?by=goal").text
    links = re.findall(r'<a href="(/en/progress\?[^"]*part=[^"]*)#behind">(\d+)</a>', page)
    assert len(links) > 6
    for address, number in links:
        there = unescape(address)
        listed = client.get(there).text
        behind = listed[listed.index('id="behind"') :]
        assert behind.count("<tr>") - 1 == int(number), there
        assert len(client.get(f"{there}&format=json").json()["actions"]) == int(number)
        for subject in re.findall(r'href="(/en/registry/[^"]+)"', behind)[:1]:
            assert client.get(subject).status_code == 200


@pytest.mark.parametrize("name", [each for each in DASHBOARDS if each != "progress"])
@pytest.mark.parametrize("lang", LANGUAGES)
def test_states_are_counted_alike(client: httpx.Client, name: str, lang: str) -> None:
    address = f"/{lang}/{name}?as_of={AS_OF}"
    page = client.get(address).text
    plain: dict[str, Any] = client.get(f"{address}&format=json").json()
    counts = {state_label(state, lang): number for state, number in plain["counts"].items()}  # type: ignore[arg-type]
    assert counts, name
    title = entry("registry", "titles")[name][lang]
    assert {row[0]: int(row[1]) for row in rows_of(page, title)[1:]} == counts
    assert described(page) == counts
    numbers = csv.reader(io.StringIO(client.get(f"{address}&format=csv&of=numbers").text))
    assert {row[0]: int(row[1]) for row in list(numbers)[1:]} == counts
    assert len(plain[name]) == sum(counts.values())
    for state, number in plain["counts"].items():
        chosen = client.get(f"{address}&state={state}").text
        title = section("dashboards")["words"]["list-of"][lang].format(state=state_label(state, lang))  # type: ignore[arg-type]
        assert len(rows_of(chosen, title)) - 1 == number
        listed = list(csv.reader(io.StringIO(client.get(f"{address}&state={state}&format=csv").text)))
        assert len(listed) - 1 == number


def test_over_time_says_what_each_date_says(client: httpx.Client) -> None:
    for by in ("goal", "status", "agency"):
        points = client.get(f"/en/progress?by={by}&over=time&format=json").json()["over_time"]
        assert [point["as_of"] for point in points] == ["2024-03-31", "2024-06-30", "2024-09-30", "2024-12-31"]
        for point in points:
            rows = client.get(f"/en/progress?by={by}&as_of={point['as_of']}&format=json").json()["rows"]
            assert {row["id"]: row["actions"] for row in rows} == {row["id"]: row["actions"] for row in point["rows"]}
            assert {row["id"]: row["by_status"] for row in rows} == {
                row["id"]: row["by_status"] for row in point["rows"]
            }


def test_what_was_known_before_a_correction_is_told(client: httpx.Client) -> None:
    known = client.get("/en/progress?by=status&as_of=2024-04-01&known=2000-01-01")
    assert section("dashboards")["words"]["nothing"]["en"] in known.text


@pytest.mark.parametrize(
    ("address", "word"),
    [
        ("/es/progress?as_of=ayer", "ayer"),
        ("/es/progress?by=weather", "weather"),
        ("/es/deadlines?state=lost", "lost"),
        ("/es/changes?since=2024-13", "2024-13"),
        ("/es/gaps?known=<script>", "&lt;script&gt;"),
    ],
)
def test_a_filter_that_makes_no_sense_is_told_on_the_page(client: httpx.Client, address: str, word: str) -> None:
    answer = client.get(address)
    assert answer.status_code == 400
    assert f"«{word}»" in answer.text
    assert 'class="filters"' in answer.text
    assert "<script>" not in answer.text


@pytest.mark.parametrize("name", ["deadlines", "indicators", "changes", "gaps"])
def test_whatever_is_named_has_a_page(client: httpx.Client, name: str) -> None:
    addresses = set(re.findall(r'href="(/en/registry/[^"#?]+)"', client.get(f"/en/{name}").text))
    assert addresses
    assert {client.get(unescape(each)).status_code for each in addresses} == {200}


def test_what_was_dropped_is_told_on_its_page(client: httpx.Client) -> None:
    page = client.get("/en/registry/fundacion-ejemplo/salas/action/S-3").text
    assert "is no longer there" in page
    assert section("office")["words"]["as-said-by"]["en"] not in page, "the current submission does not speak of it"
    assert client.get("/en/registry/fundacion-ejemplo/salas/3/action/S-3").status_code == 404
    assert client.get("/en/registry/fundacion-ejemplo/salas/2/action/S-3").status_code == 200


def test_without_anything_accepted_it_says_so(tmp_path: Path) -> None:
    with open_registry(tmp_path / "r.sqlite", create=True):
        pass
    with serving(tmp_path, registry=tmp_path / "r.sqlite") as running, running.client() as client:
        for lang in LANGUAGES:
            for name in ("progress", "deadlines", "indicators", "changes"):
                answer = client.get(f"/{lang}/{name}", headers={"Accept": "text/html"})
                assert answer.status_code == 200
                assert section("dashboards")["words"]["nothing-yet"][lang] in answer.text
