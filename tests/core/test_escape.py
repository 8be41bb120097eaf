"""What a reader of a terminal cannot see, or what acts on it, is written as an escape, the same way everywhere."""

from __future__ import annotations

import unicodedata

from hypothesis import given
from hypothesis import strategies as st

from bicentennial.core.escape import plain, printable
from bicentennial.core.problems import excerpt

ACTING = ("\x1b", "\x07", "\r", "\x85", "\u00ad", "\u200b", "\u202e", "\u2028", "\ufeff", "\U000e0041", "\U0001d173")


def test_each_character_that_acts_is_an_escape_on_every_way() -> None:
    for character in ACTING:
        text = f"A{character}B"
        escaped = "A" + ascii(character)[1:-1] + "B"
        assert plain(text) == printable(text) == excerpt(text) == escaped


@given(st.text())
def test_a_printable_text_is_its_lines_each_made_plain(text: str) -> None:
    assert printable(text).split("\n") == [plain(line) for line in text.split("\n")]
    assert plain(text) == "\\n".join(printable(text).split("\n"))


@given(st.text())
def test_nothing_controls_what_is_plain(text: str) -> None:
    assert not {unicodedata.category(character) for character in plain(text)} & {"Cc", "Cs", "Zl", "Zp"}
