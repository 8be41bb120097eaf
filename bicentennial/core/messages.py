"""Every sentence that the program says, in English and Spanish, from one catalogue: `bicentennial/messages/`.

A file there is a section of the catalogue, with the same name.

>>> entry("intake", "header-unknown")["title"]
{'en': 'Column that the form does not know', 'es': 'Columna que el formulario no conoce'}
"""

from __future__ import annotations

import json
import os
import zlib
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final, Literal, get_args

from bicentennial.core.resources import COMPILED, GENERATED
from bicentennial.core.startup.patterns import lazy
from bicentennial.core.startup.prepared import Unpacked, packed, prepared

if TYPE_CHECKING:
    from collections.abc import Mapping

__all__ = [
    "LANGUAGES",
    "UNSAFE",
    "Language",
    "artefacts",
    "entry",
    "environment_language",
    "render",
    "section",
    "sentence",
]

Language = Literal["en", "es"]
LANGUAGES: Final[tuple[Language, ...]] = get_args(Language)
"""The languages that every sentence is in: the only list of them. The first serves where no other is known."""

# Control characters, invisible ones, those that turn the direction of writing, lone surrogates.
UNSAFE: Final = lazy(
    "[\x00-\x1f\x7f-\x9f\u00ad\u034f\u061c\u115f\u1160\u17b4\u17b5\u180b-\u180f\u200b-\u200f\u2028-\u202e\u2060-\u206f"
    "\u3164\ufe00-\ufe0f\ufeff\uffa0\ufff0-\ufffb\ufffe\uffff\ud800-\udfff\U0001bca0-\U0001bca3\U0001d173-\U0001d17a\U000e0000-\U000e0fff]"
)
"""Characters that no text we show may hold as they are."""


_HOME: Final = Path(__file__).resolve().parent.parent / "messages"
_COMPILED: Final = COMPILED / "messages.json"


@cache
def _catalogue() -> Mapping[str, dict[str, Any]]:
    if not _COMPILED.is_file():
        return _read()
    return Unpacked(prepared(_COMPILED, lambda: packed(_read()), __file__, *_files()))


def _read() -> dict[str, dict[str, Any]]:
    # TOML takes fifteen times as long to read as JSON, which everyone would wait for.
    compiled: dict[str, Any] = json.loads(_COMPILED.read_text(encoding="utf-8")) if _COMPILED.is_file() else {}
    if compiled.get("checksum") == _checksum():
        return compiled["messages"]  # type: ignore[no-any-return]
    return _written()


def _checksum() -> int:
    # A size alone would not show that a letter was replaced.
    checksum = 0
    for path in _files():
        checksum = zlib.crc32(path.read_bytes(), checksum)
    return checksum


def _files() -> list[Path]:
    names = os.listdir(_HOME)  # noqa: PTH208 - `glob` takes five times as long
    return [_HOME / name for name in sorted(names) if name.endswith(".toml")]


def _written() -> dict[str, dict[str, Any]]:
    import tomllib

    catalogue: dict[str, dict[str, Any]] = {}
    for path in _files():
        catalogue |= tomllib.loads(path.read_text(encoding="utf-8"))
    return catalogue


def artefacts() -> dict[Path, str]:
    """Return the file that is compiled from the catalogue, and its content; `checksum` says of which catalogue."""
    compiled = {"$comment": GENERATED, "checksum": _checksum(), "messages": _written()}
    return {_COMPILED: json.dumps(compiled, ensure_ascii=False, indent=1) + "\n"}


def section(name: str) -> dict[str, Any]:
    """Return a whole section (`intake`, `component`, `report`, `cli`) of the catalogue."""
    found: dict[str, Any] = _catalogue()[name]
    return found


def entry(section_name: str, key: str) -> dict[str, Any]:
    """Return one entry of a section.

    Raises:
        KeyError: there is no such entry: a fault of the program, which a test finds.
    """
    found: dict[str, Any] = section(section_name)[key]
    return found


def sentence(section_name: str, /, *keys: str, **words: object) -> dict[str, str]:
    """Return a text of the catalogue in each language, its placeholders filled.

    Args:
        section_name: the section.
        keys: the way from there to the text.
        words: what fills the placeholders, see `render`.

    >>> sentence("error", "disk-full")["en"]
    'there is no room left on the disk, or for a file as large as this one'
    """
    found: Any = section(section_name)
    for key in keys:
        found = found[key]
    return render(found, **words)


def environment_language(environment: Mapping[str, str]) -> Language:
    """Return the language that an environment asks for, English if it is none of ours.

    >>> environment_language({"LANG": "es_MX.UTF-8"}), environment_language({"LC_ALL": "C", "LANG": "es_MX.UTF-8"})
    ('es', 'en')
    """
    spoken = next((environment[name] for name in ("LC_ALL", "LC_MESSAGES", "LANG") if environment.get(name)), "")
    return next((language for language in LANGUAGES if spoken.lower().startswith(language)), LANGUAGES[0])


def render(texts: Mapping[str, str], **values: object) -> dict[str, str]:
    """Fill the placeholders of a text in each of its languages.

    A value that is itself a mapping of languages gives each text its own.

    >>> render({"en": "no {x}", "es": "sin {x}"}, x={"en": "goal", "es": "meta"})
    {'en': 'no goal', 'es': 'sin meta'}
    """
    return {
        language: text.format(
            **{name: value[language] if isinstance(value, dict) else value for name, value in values.items()}
        )
        for language, text in texts.items()
    }
