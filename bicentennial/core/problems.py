r"""Findings and errors of what is read, made from the texts of the catalogue, never from sentences in code.

>>> found = make_finding("header-unknown", Location(file="a.csv", row=1, column="C"), header="Notes")
>>> found.code, found.severity, found.location.cell
('header-unknown', 'info', 'C1')
>>> excerpt("a\x1b[2J" + "b" * 100)[:12]
'a\\x1b[2Jbbbb'
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any, Final, TypeGuard

from bicentennial.core.errors import UnreadableInputError
from bicentennial.core.escape import plain
from bicentennial.core.findings import Finding, Location
from bicentennial.core.messages import LANGUAGES, entry, render

if TYPE_CHECKING:
    from collections.abc import Iterable

__all__ = ["broken", "excerpt", "excerpts", "make_finding", "unreadable"]

_WIDTH: Final = 80


def excerpt(value: object) -> str:
    """Return a value as a message may quote it: short, on one line, and with nothing in it that acts on a terminal."""
    text = plain(str(value)[: 4 * _WIDTH])
    return text if len(text) <= _WIDTH else text[: _WIDTH - 1] + "…"


def excerpts(values: Iterable[str], *, most: int = 30) -> str:
    """Return values as a list in a sentence.

    >>> excerpts(["goal", "pillar", "status"], most=2)
    'goal, pillar, …'
    """
    listed = [excerpt(value) for value in values]
    return ", ".join(listed[:most]) + (", …" if len(listed) > most else "")


def make_finding(
    code: str,
    location: Location,
    *,
    suggestions: Iterable[str] | Mapping[str, Iterable[str]] = (),
    focus: str | None = None,
    path: str | None = None,
    value: str | None = None,
    **words: Any,
) -> Finding:
    """Return the finding of a code; `words` fill the placeholders of its texts.

    A word is quoted safely (see `excerpt`); a mapping gives each language its own, of suggestions too. What stands at a
    JSON Pointer is spoken of in the code's own texts for JSON, if it has any: an object has keys and no columns.
    """
    texts = entry("intake", code)
    if location.pointer is not None and "json" in texts:
        texts = {**texts, **texts["json"]}
    by_language = suggestions if isinstance(suggestions, Mapping) else dict.fromkeys(LANGUAGES, tuple(suggestions))
    others = {language: tuple(each) for language, each in by_language.items()}
    first = others[LANGUAGES[0]]
    safe = _safe(words)
    return Finding(
        code=code,
        severity=texts["severity"],
        problem=render(texts["message"], **safe),
        remedy=render(texts["remedy"], **safe),
        location=location,
        focus=focus,
        path=path,
        value=value,
        suggestions=first,
        suggested={language: each for language, each in others.items() if each != first},
    )


def _safe(words: dict[str, Any]) -> dict[str, Any]:
    return {name: _each(word) if _is_per_language(word) else excerpt_or_list(word) for name, word in words.items()}


def _is_per_language(word: object) -> TypeGuard[dict[str, Any]]:
    # Any other mapping is a value of a partner's file.
    return isinstance(word, dict) and word.keys() == set(LANGUAGES)


def _each(word: dict[str, Any]) -> dict[str, str]:
    # A text that is given in each language is one of ours.
    given = {language: word[language] for language in LANGUAGES}
    return {language: each if isinstance(each, str) else excerpt_or_list(each) for language, each in given.items()}


def excerpt_or_list(word: object) -> str:
    """Return one word, or several in a row, as a message may hold them."""
    return excerpts(word) if isinstance(word, (list, tuple)) else excerpt(word)


def unreadable(
    why: str, /, *, line: int | None = None, because: Mapping[str, str] | None = None, **words: Any
) -> UnreadableInputError:
    """Return the error that says why nothing can be read.

    Args:
        why: one of the reasons of `input-unreadable`.
        line: where.
        because: what exactly is wrong, by language; it follows the reason.
        words: what fills the placeholders of both, as for `make_finding`.
    """
    texts = entry("intake", "input-unreadable")["reasons"][why]
    if because is not None:
        texts = {language: f"{texts[language]} {because[language]}" for language in LANGUAGES}
    text = render(texts, **_safe(words))
    return UnreadableInputError(text, line=line)


def broken(why: str, kind: str, /, *, line: int | None = None, **words: Any) -> UnreadableInputError:
    """Return the error that a text breaks the rules of its syntax.

    Args:
        why: one of the reasons of `input-unreadable`, `broken-xml` or the like.
        kind: what exactly is wrong: an entry of the syntax of that name in the section `syntax`.
        line: where.
        words: what fills the placeholders of both.
    """
    kinds = entry("syntax", why.removeprefix("broken-"))
    return unreadable(why, line=line, because=kinds.get(kind) or kinds["other"], **words)
