"""The way of a submission in the browser: sent, waiting, returned with a reason, sent again, accepted, counted."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

import pytest

from tests.serving import EXAMPLES, Filled, Service, serving

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from pathlib import Path

    from tests.browser.conftest import Visitor

REASON = {"en": "The annex is missing; send it with the table.", "es": "Falta el anexo; envíelo con la tabla."}


@pytest.fixture
def own(browser: object, filled: Filled, tmp_path: Path) -> Iterator[Service]:
    """Yield a service whose registry this test may change."""
    with serving(tmp_path, registry=filled.copy(tmp_path), tokens=filled.tokens) as running:
        yield running


def _send(visit: Visitor, file: Path, day: str) -> None:
    visit.open(f"/{visit.lang}/send")
    form = visit.page.locator("main form:has(input[type=file])").first
    form.locator("input[type=file]").first.set_input_files(file)
    dataset = form.locator("[name=dataset]").first
    if dataset.evaluate("(each) => each.tagName") == "SELECT":
        dataset.select_option(index=0)
    else:
        dataset.fill("acciones")
    form.locator("[name=issued]").first.fill(day)
    visit.sent(form.locator("[type=submit]").last)


def _decide(visit: Visitor, number: int, decision: str, reason: str = "") -> None:
    visit.open(f"/{visit.lang}/registry/fundacion/acciones/{number}")
    form = visit.page.locator(f"main form:has([name=decision][value={decision}])").first
    if reason:
        form.locator("[name=reason]").first.fill(reason)
    visit.sent(form.locator(f"[name=decision][value={decision}]").first)


def _actions(visit: Visitor) -> int:
    """Return how many actions the dashboard counts, as its table says."""
    answer = visit.page.request.get(f"{visit.site.url}/api/v1/progress?by=partner")
    return sum(row["actions"] for row in answer.json()["rows"])


@pytest.mark.parametrize("lang", ["en", "es"])
def test_a_submission_goes_its_way(visitor: Callable[..., Visitor], own: Service, lang: str, tmp_path: Path) -> None:
    partner, reviewer, anyone = (visitor(lang, to=own) for _ in range(3))
    before = _actions(anyone)
    partner.sign_in("fundacion")
    reviewer.sign_in("review")
    table = tmp_path / "tabla.csv"
    text = (EXAMPLES / "buena.csv").read_text(encoding="utf-8")
    table.write_text(text, encoding="utf-8")

    _send(partner, table, "2024-09-30")
    partner.open(f"/{lang}/mine")
    assert "acciones/2" in partner.page.content() or "tabla.csv" in partner.page.content()
    assert anyone.open(f"/{lang}/registry/fundacion/acciones/2") == 404

    reviewer.open(f"/{lang}/review")
    assert re.search(r"/registry/fundacion/acciones/2", reviewer.page.content())
    _decide(reviewer, 2, "return", REASON[lang])
    partner.open(f"/{lang}/registry/fundacion/acciones/2")
    assert REASON[lang] in partner.page.inner_text("main")

    table.write_text(text.replace("2024", "2025", 1) + "\n", encoding="utf-8")
    _send(partner, table, "2024-12-31")
    _decide(reviewer, 3, "accept")
    assert anyone.open(f"/{lang}/registry/fundacion/acciones/3") == 200
    assert _actions(anyone) > before
    assert anyone.open(f"/{lang}/progress") == 200
    assert [each for each in anyone.complaints if "404" not in each] == []
    anyone.complaints.clear()
