"""Where the statements of a JSON-LD document stand: the JSON Pointer of a node or value, and its line."""

from __future__ import annotations

from typing import TYPE_CHECKING

from bicentennial.core.findings import Location
from bicentennial.core.namespaces import RDF
from bicentennial.formats.jsonld.nodes import with_item
from bicentennial.storage.origins import Origins

if TYPE_CHECKING:
    from collections.abc import Iterable

    from bicentennial.formats.jsonld.statements import JsonLdDocument
    from bicentennial.storage.dataset import Dataset

__all__ = ["JsonLdOrigins"]

_Row = tuple[str, str, int, int | None, int | None]


class JsonLdOrigins(Origins):
    """Places in a JSON-LD document.

    Args:
        file: the file's name.
        document: the document, once it is read.
        dataset: its statements.
    """

    def __init__(self, file: str, document: JsonLdDocument, dataset: Dataset) -> None:
        super().__init__(file)
        self._document = document
        self._dataset = dataset
        self._positions = document.positions()
        self._rows: dict[str, list[_Row]] = {}

    def prefetch(self, subjects: Iterable[str]) -> None:
        """Look up at once where many things stand."""
        wanted = [subject for subject in dict.fromkeys(subjects) if subject not in self._rows]
        if not wanted:
            return
        self._rows.update((subject, []) for subject in wanted)
        found = self._dataset.connection.execute(
            f"SELECT s, p, o, row, col, item FROM statements WHERE s IN ({self._dataset.texts('?1')})"  # noqa: S608 - no value in it
            " AND row IS NOT NULL ORDER BY row, col, item",
            [wanted],
        )
        for s, *row in found.fetchall():
            self._rows[s].append(tuple(row))

    def locate(self, s: str, p: str | None = None, o: str | None = None) -> Location:
        """Return the place of a value, of the first value of a property, or of the node where it has none."""
        self.prefetch([s])
        rows = self._rows[s]
        if not rows:
            return super().locate(s, p, o)
        of_property = [row for row in rows if row[0] == p]
        found = next((row for row in of_property if row[1] == o), of_property[0] if of_property else None)
        if p is None or found is None:
            # A node may be described in several places; the one with its type is where it is at home.
            home = next((row for row in rows if row[0] == RDF.type), rows[0])
            return self.at(home[2])
        _, _, place, column, item = found
        path = self._document.paths[column - 1] if column is not None else ""
        return self.at(place, path, item if o is not None else None)

    def at(self, place: int, path: str = "", item: int | None = None) -> Location:
        """Return where a node stands, or the value that some keys lead to from there."""
        pointer = self._document.expansion.places.pointer(place) + with_item(path, item)
        # A node is best known by the line with its identifier, which may stand below that of its brace.
        nearer = "" if path else self._positions.key_of(pointer, ("@id", "id"))
        return Location(file=self.file, line=self._positions.line(pointer + nearer), pointer=pointer)
