"""What there is to say about a JSON-LD document besides what it says: noted while it is read, reported afterwards."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from bicentennial.formats.json.text import Repeated

if TYPE_CHECKING:
    from collections.abc import Iterator

__all__ = ["Note", "Notes"]

_MOST = 1_000


@dataclass(slots=True)
class Note:
    """One thing to say: where it was met first, and how often.

    `place`, `path` and `number` are those of `nodes.Places.add`; `more` holds further words for the sentence.
    """

    code: str
    word: str
    place: int
    path: str
    number: int | None
    more: dict[str, str]
    count: int = 1


class Notes:
    """Notes by code and word, so that each thing is said once.

    >>> notes = Notes()
    >>> notes.add("jsonld-key-unread", "colour", 1, "colour", None)
    >>> notes.add("jsonld-key-unread", "colour", 2, "colour", None)
    >>> [(note.word, note.count) for note in notes]
    [('colour', 2)]
    """

    def __init__(self) -> None:
        self._noted: dict[tuple[str, str], Note] = {}
        self.directions = 0
        """How many texts have a base direction, which is not kept."""

    def __iter__(self) -> Iterator[Note]:
        yield from self._noted.values()

    def add(self, code: str, word: str, place: int, path: str, number: int | None, **more: str) -> None:
        """Note a thing; of those of one code no more than a thousand are kept."""
        note = self._noted.get((code, word))
        if note is not None:
            note.count += 1
        elif len(self._noted) < _MOST:
            self._noted[code, word] = Note(code, word, place, path, number, more)

    def directed(self) -> None:
        """Note a text with a base direction."""
        self.directions += 1

    def repeated(self, value: Any, place: int, path: str, number: int | None = None) -> None:
        """Note the keys that an object, or one within it, gives more than once."""
        if isinstance(value, list):
            for item, each in enumerate(value, start=1):
                self.repeated(each, place, path, item)
        elif isinstance(value, dict):
            if isinstance(value, Repeated):
                for key in value.keys_repeated:
                    self.add("key-repeated", key, place, path, number)
            if path.endswith("@context"):
                for each in value.values():
                    self.repeated(each, place, path, number)
