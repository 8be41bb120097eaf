"""The pictures of the pages are those that `scripts/make_pictures.py` makes, of examples that are there."""

from __future__ import annotations

import re

import pytest

from tests.pages import ROOT

PICTURE = re.compile(r"!\[([^\]]*)\]\((docs/assets/pictures/[\w-]+)-(en|es)\.png\)")


@pytest.mark.parametrize(("page", "lang"), [("README.md", "en"), ("LÉEME.md", "es")])
def test_a_page_shows_pictures_in_its_language_and_says_what_they_show(page: str, lang: str) -> None:
    shown = PICTURE.findall((ROOT / page).read_text(encoding="utf-8"))
    assert {name.rpartition("/")[2] for _, name, _ in shown} >= {"report", "workbook"}
    for text, name, language in shown:
        assert language == lang
        assert len(text) > 20
        data = (ROOT / f"{name}-{lang}.png").read_bytes()
        assert data.startswith(b"\x89PNG")
        assert len(data) < 60_000


def test_what_the_script_takes_is_there() -> None:
    text = (ROOT / "scripts" / "make_pictures.py").read_text(encoding="utf-8")
    for name in re.findall(r'"(\w+\.csv)"', text):
        assert (ROOT / "examples" / "submissions" / name).is_file()
    assert (ROOT / "examples" / "registry" / "play.py").is_file()
    made = {path.stem for path in (ROOT / "docs" / "assets" / "pictures").glob("*.png")}
    names = set(re.findall(r'f"(\w+)-\{lang\}"', text))
    assert made <= {f"{name}-{lang}" for name in names for lang in ("en", "es")}
