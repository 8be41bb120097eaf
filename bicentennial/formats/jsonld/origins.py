"""Where the statements of a JSON-LD document stand: the JSON Pointer of a node or value, and its line."""

from __future__ import annotations

from typing import TYPE_CHECKING

from bicentennial.core.findings import Location
from bicentennial.core.namespaces import RDF
from bicentennial.formats.jsonld.nodes import with_item
from bicentennial.storage.stored_origins import StoredOrigins, StoredPlace

if TYPE_CHECKING:
    from bicentennial.formats.jsonld.statements import JsonLdDocument
    from bicentennial.storage.dataset import Dataset

__all__ = ["JsonLdOrigins"]


class JsonLdOrigins(StoredOrigins):
    """Places in a JSON-LD document.

    Args:
        file: the file's name.
        document: the document, once it is read.
        dataset: its statements.
        number: which file it is of several: see `StoredOrigins`.
    """

    def __init__(self, file: str, document: JsonLdDocument, dataset: Dataset, number: int = 0) -> None:
        super().__init__(file, dataset, number)
        self._document = document
        self._positions = document.positions()

    def locate(self, s: str, p: str | None = None, o: str | None = None) -> Location:
        """Return the place of a value, of the first value of a property, or of the node where it has none."""
        places = self.places(s)
        if not places:
            return super().locate(s, p, o)
        found = StoredPlace.of_value(places, p, o)
        if p is None or found is None:
            # A node may be described in several places; the one with its type is its main one.
            return self.at(next((place for place in places if place.p == RDF.type), places[0]).row)
        path = self._document.paths[found.col - 1] if found.col is not None else ""
        return self.at(found.row, path, found.item if o is not None else None)

    def at(self, place: int, path: str = "", item: int | None = None) -> Location:
        """Return where a node stands, or the value that some keys lead to from there."""
        pointer = self._document.expansion.places.pointer(place) + with_item(path, item)
        # A node is best known by the line with its identifier, which may stand below that of its brace.
        nearer = "" if path else self._positions.key_of(pointer, ("@id", "id"))
        return Location(file=self.file, line=self._positions.line(pointer + nearer), pointer=pointer)
