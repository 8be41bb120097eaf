"""The search finds what people call things, in the same order with a script and without."""

from __future__ import annotations

import json

import pytest

from bicentennial.core.messages import LANGUAGES, Language
from bicentennial.explorer.search import find, index_script


@pytest.mark.parametrize(
    ("asked", "lang", "first"),
    [
        ("OFAC", "en", "/id/agency-ofac"),
        ("uif", "es", "/id/agency-uif"),
        ("proteger gente", "es", "/id/goal-protect-our-people"),
        ("Protect our people", "es", "/id/goal-protect-our-people"),
        ("A10", "en", "/id/action-additional-ballistic-laboratories"),
        ("CJNG", "es", "/id/network-cjng"),
        ("trafico de armas", "es", "/id/theme-arms-trafficking"),
        ("TRÁFICO  de-armas", "es", "/id/theme-arms-trafficking"),
        ("Action-endsAfterItStarts", "en", "/codes/Action-endsAfterItStarts"),
        ("firearms trafficking", "en", "/id/theme-arms-trafficking"),
    ],
)
def test_the_best_comes_first(asked: str, lang: Language, first: str) -> None:
    assert find(asked, lang)[0].path == first


def test_words_may_be_begun_and_stand_in_any_order() -> None:
    paths = [hit.path for hit in find("lab balist", "es")]
    assert "/id/action-additional-ballistic-laboratories" in paths
    assert [hit.path for hit in find("balist lab", "es")] == paths


def test_nothing_is_found_for_nothing() -> None:
    assert find("", "en") == find("  ", "en") == find("—", "en") == find("qwertyuiop", "en") == []


def test_a_kind_can_be_chosen() -> None:
    assert {hit.kind for hit in find("protect", "en", "goals")} == {"goals"}
    assert len({hit.kind for hit in find("protect", "en")}) > 1


@pytest.mark.parametrize("lang", LANGUAGES)
def test_the_index_leads_to_pages_alone(lang: Language, pages: dict[str, str]) -> None:
    text = index_script(lang)
    index = json.loads(text.removeprefix("window.bicentennialIndex = ").removesuffix(";\n"))
    paths = [entry[0] for entry in index["entries"]]
    assert len(paths) == len(set(paths)) > 3_000
    assert [path for path in paths if f"/{lang}{path}" not in pages] == []
    assert {entry[3] for entry in index["entries"]} <= index["kinds"].keys()
