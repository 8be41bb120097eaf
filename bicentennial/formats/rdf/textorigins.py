"""The lines of RDF text, found by searching it and only for what there is a finding about.

No RDF parser gives positions. So the text is scanned once, when the first place is asked for: where the description
of each subject begins. A property or value is then looked for from there on.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from bicentennial.core.findings import Location
from bicentennial.formats.lines import Lines
from bicentennial.formats.rdf.anonymous_nodes import AnonymousNodes
from bicentennial.formats.rdf.turtletext import TurtleText
from bicentennial.storage.origins import Origins
from bicentennial.storage.stored_origins import StoredOrigins, StoredPlace

if TYPE_CHECKING:
    from collections.abc import Iterable

    from bicentennial.storage.dataset import Dataset

__all__ = ["TextOrigins"]


class TextOrigins(Origins):
    """Places in RDF text: lines.

    Args:
        file: the file's name.
        text: what it holds.
        format_name: its syntax.
        dataset: its statements, by which nodes without a name are found.
        renamed: what the names of its blank nodes begin with in the dataset.
    """

    def __init__(self, file: str, text: str, format_name: str, dataset: Dataset, renamed: str = "_:") -> None:
        super().__init__(file)
        self._renamed = renamed
        self._lines = Lines(text)
        self._dataset = dataset
        self._turtle = TurtleText(text)
        self._anonymous = AnonymousNodes(self._turtle, dataset, renamed)
        # In a file of one statement a line, the numbers of the statements are those of the lines.
        length = text.count("\n") + (not text.endswith("\n"))
        self._is_numbered = format_name == "ntriples" and renamed == "_:" and len(dataset) == length
        self._numbered: dict[str, dict[tuple[str | None, str | None], int]] = {}

    def prefetch(self, subjects: Iterable[str]) -> None:
        """Look up at once on which lines the statements about many things are."""
        if not self._is_numbered:
            self._anonymous.prefetch(subjects)
            return
        wanted = [subject for subject in subjects if subject not in self._numbered]
        if not wanted:
            return
        self._numbered.update((subject, {}) for subject in wanted)
        found = self._dataset.connection.execute(
            f"SELECT s, p, o, row FROM statements WHERE s IN ({self._dataset.texts('?1')}) AND row IS NOT NULL"  # noqa: S608 - no value in it
            " AND sheet IS NULL ORDER BY row DESC",
            [wanted],
        )
        for s, p, o, row in found.fetchall():
            self._numbered[s].update({(None, None): row, (p, None): row, (p, o): row})

    def locate(self, s: str, p: str | None = None, o: str | None = None) -> Location:
        """Return the line of a value, of a property, or at least of where the thing's description begins."""
        if self._is_numbered:
            self.prefetch([s])
            lines = self._numbered[s]
            line = lines.get((p, o)) or lines.get((p, None)) or lines.get((None, None))
            return Location(file=self.file, line=line)
        position = self._position(s, p, o)
        if position is None:
            return Location(file=self.file)
        return Location(file=self.file, line=self._lines.of(position))

    def _position(self, s: str, p: str | None, o: str | None) -> int | None:
        if o is not None and o in self._anonymous and (place := self._anonymous.position(o)) is not None:
            return place
        if s in self._anonymous:
            return self._anonymous.position(s, p, o)
        if not s.startswith("_:"):
            return self._turtle.position(s, p, o)
        return (
            self._turtle.position(f"_:{s.removeprefix(self._renamed)}", p, o) if s.startswith(self._renamed) else None
        )


class LineOrigins(StoredOrigins):
    """Places in a text whose statements carry their lines."""

    def locate(self, s: str, p: str | None = None, o: str | None = None) -> Location:
        """Return the line of a value, of a property, or at least of where the thing's description begins."""
        places = self.places(s)
        if not places:
            return super().locate(s, p, o)
        return Location(file=self.file, line=(StoredPlace.of_value(places, p, o) or places[0]).row)
