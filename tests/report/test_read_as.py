"""What each sheet was read as can be said of every table there is."""

from __future__ import annotations

from typing import TYPE_CHECKING, Literal

import pytest

import bicentennial as bic

if TYPE_CHECKING:
    from pathlib import Path


@pytest.mark.parametrize("lang", ["en", "es"])
def test_a_form_as_it_was_written_is_read_and_each_sheet_is_named(lang: Literal["en", "es"], tmp_path: Path) -> None:
    form = tmp_path / "form.xlsx"
    bic.template(form, lang=lang)
    report = bic.validate(form)
    assert report.exit_code == 3
    text = report.to_text(lang)
    assert {"en": "“milestones” as milestones", "es": "«finanzas» como finanzas"}[lang] in " ".join(text.split())
    assert "nothing-checked" in report.to_html(lang)
