r"""How intake speaks: findings and errors made from the texts of `messages.toml`, never from sentences in code.

>>> found = notice("header-unknown", Location(file="a.csv", row=1, column="C"), header="Notes")
>>> found.code, found.severity, found.location.cell
('header-unknown', 'info', 'C1')
>>> shown("a\x1b[2J" + "b" * 100)[:12]
'a\\x1b[2Jbbbb'
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

from bicentennial.core.errors import UnreadableInputError
from bicentennial.core.findings import Finding, Location
from bicentennial.core.messages import LANGUAGES, UNSAFE, entry, render

if TYPE_CHECKING:
    from collections.abc import Iterable

__all__ = ["notice", "series", "shown", "unreadable"]

_WIDTH: Final = 80


def shown(value: object) -> str:
    """Return a value as a message may quote it: short, on one line, and with nothing in it that acts on a terminal."""
    text = str(value)[: 4 * _WIDTH]
    if not (text.isascii() and text.isprintable()):  # most are, and need no search
        text = UNSAFE.sub(lambda match: ascii(match.group())[1:-1], text)
    return text if len(text) <= _WIDTH else text[: _WIDTH - 1] + "…"


def series(values: Iterable[str], *, most: int = 30) -> str:
    """Return values as a list in a sentence.

    >>> series(["goal", "pillar", "status"], most=2)
    'goal, pillar, …'
    """
    listed = [shown(value) for value in values]
    return ", ".join(listed[:most]) + (", …" if len(listed) > most else "")


def notice(
    code: str,
    location: Location,
    *,
    suggestions: Iterable[str] = (),
    focus: str | None = None,
    path: str | None = None,
    value: str | None = None,
    **words: Any,
) -> Finding:
    """Return the finding of a code; `words` fill the placeholders of its texts.

    A word is quoted safely (see `shown`), a mapping gives each language its own.
    """
    texts = entry("intake", code)
    safe = {
        name: {language: shown_or_listed(word[language]) for language in LANGUAGES}
        if isinstance(word, dict)
        else shown_or_listed(word)
        for name, word in words.items()
    }
    message = render(
        {language: f"{texts['message'][language]} {texts['remedy'][language]}" for language in LANGUAGES}, **safe
    )
    return Finding(
        code=code,
        severity=texts["severity"],
        message=message,
        location=location,
        focus=focus,
        path=path,
        value=value,
        suggestions=tuple(suggestions),
    )


def shown_or_listed(word: object) -> str:
    """Return one word, or several in a row, as a message may hold them."""
    return series(word) if isinstance(word, (list, tuple)) else shown(word)


def unreadable(why: str, /, *, line: int | None = None, **words: Any) -> UnreadableInputError:
    """Return the error that says why nothing can be read; the reasons are those of `input-unreadable`."""
    texts = entry("intake", "input-unreadable")["reasons"][why]
    text = render(texts, **{name: shown_or_listed(word) for name, word in words.items()})
    return UnreadableInputError(text["en"], text["es"], line=line)
