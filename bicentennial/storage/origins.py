"""Where in a partner's file a statement stands.

For tables and JSON the statements carry their rows and columns; for RDF text, whose parsers give no positions, the
text is searched, and only for the things that there is something to say about.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final, Protocol

from bicentennial.core.findings import Location, column_letter
from bicentennial.core.namespaces import RDF
from bicentennial.core.startup.records import field, record

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from bicentennial.storage.dataset import Dataset

__all__ = ["JsonOrigins", "Origins", "RecordPlaces", "SheetOrigin", "TabularOrigins", "escaped"]

_TYPE: Final = RDF.type


class Origins:
    """Where statements stand; this one knows no more than the file.

    >>> Origins("a.ttl").locate("urn:a").file
    'a.ttl'
    """

    def __init__(self, file: str) -> None:
        self.file = file
        self.placed: dict[tuple[str, str | None], Location] = {}
        """Where the values of things stand that are no row or object of their own; of any value under None."""

    def prefetch(self, subjects: Iterable[str]) -> None:
        """Look up at once where many things stand that will be asked for."""

    def locate(self, s: str, p: str | None = None, o: str | None = None) -> Location:  # noqa: ARG002 - others use them
        """Return the place of a thing, of its values of a property, or of one value.

        Args:
            s: IRI or blank node (`_:b0`).
            p: IRI of the property; a property that the thing has not is located where it is missing.
            o: the value, as the statements hold it.
        """
        return self.placed.get((s, o)) or self.placed.get((s, None)) or Location(file=self.file)


@record
class SheetOrigin:
    """What a place in a sheet or JSON list needs: its name, the columns of each property."""

    name: str | None
    columns: dict[str, list[tuple[int, str]]] = field(default_factory=dict)
    is_alone: bool = False
    """Whether it is one object, without a list around it."""


class TabularOrigins(Origins):
    """Places in sheets: cells.

    Args:
        file: the file's name.
        dataset: whose statements carry the rows and columns.
        sheets: what else is known of each sheet, by its number.
    """

    def __init__(self, file: str, dataset: Dataset, sheets: dict[int, SheetOrigin]) -> None:
        super().__init__(file)
        self._dataset = dataset
        self.sheets = sheets
        self._rows: dict[str, list[tuple[int, int]]] = {}

    def locate(self, s: str, p: str | None = None, o: str | None = None) -> Location:
        """Return the cell of a value, the empty one if it is missing, the row of the thing if there is no column."""
        record = self.record(s, p, o)
        if record is None:
            return Origins.locate(self, s, p, o)
        number, row = record
        sheet = self.sheets[number]
        if p is None or p == _TYPE:
            return Location(self.file, sheet.name, row)
        columns = sheet.columns.get(p)
        if not columns:
            return Location(self.file, sheet.name, row)
        column, text = columns[0]
        if len(columns) > 1 and (found := self.stored(s, p, o)):
            column = found[0]
            text = next((text for each, text in columns if each == column), text)
        if not column:
            return Location(self.file, sheet.name, row)
        return Location(self.file, sheet.name, row, column_letter(column), text)

    def prefetch(self, subjects: Iterable[str]) -> None:
        """Look up the rows of many things at once."""
        wanted = [subject for subject in subjects if subject not in self._rows]
        if wanted:
            self._rows.update({subject: [] for subject in wanted})
            found = self._dataset.connection.execute(
                f"SELECT s, sheet, row FROM {self._dataset.statements_of(_TYPE)}"  # noqa: S608 - no value in it
                " WHERE sheet IS NOT NULL AND col IS NULL"
                f" AND s IN ({self._dataset.texts('?1')}) ORDER BY sheet, row",
                [wanted],
            ).fetchall()
            for s, sheet, row in found:
                self._rows[s].append((sheet, row))

    def record(self, s: str, p: str | None = None, o: str | None = None) -> tuple[int, int] | None:
        """Return the sheet and row of a thing: of several the one that holds the value, or else the first."""
        if s not in self._rows:
            self.prefetch([s])
        records = self._rows[s]
        if len(records) > 1 and p is not None and (found := self._place(s, p, o)):
            return found[0], found[1]
        return records[0] if records else None

    def stored(self, s: str, p: str, o: str | None) -> tuple[int, int | None] | None:
        """Return column and item of a value, or of the first value of the property."""
        found = self._place(s, p, o)
        return (found[2], found[3]) if found else None

    def _place(self, s: str, p: str, o: str | None) -> tuple[int, int, int, int | None] | None:
        condition, values = ("AND o = ?", [s, p, o]) if o is not None else ("", [s, p])
        found: tuple[int, int, int, int | None] | None = self._dataset.connection.execute(
            f"SELECT sheet, row, col, item FROM statements WHERE s = ? AND p = ? {condition} AND col IS NOT NULL"  # noqa: S608 - no value in it
            " ORDER BY sheet, row, col, item NULLS LAST LIMIT 1",
            values,
        ).fetchone()
        return found


class RecordPlaces(Protocol):
    """Where the things of a list of JSON objects stand in its text; records and items count from 1."""

    def keys(self, record: int) -> dict[str, bool]:
        """Return the keys of a record, and whether each has an array."""
        ...

    def line(self, record: int, key: str | None, item: int | None) -> int:
        """Return the line of a record, of one of its keys, or of an item there."""
        ...


class JsonOrigins(TabularOrigins):
    """Places in JSON: pointers and lines.

    Args:
        file: the file's name.
        dataset: whose statements carry the records and keys.
        sheets: the lists of the document; the name of each is the pointer to it.
        places: where the records of each list stand.
    """

    def __init__(
        self, file: str, dataset: Dataset, sheets: dict[int, SheetOrigin], places: Mapping[int, RecordPlaces]
    ) -> None:
        super().__init__(file, dataset, sheets)
        self._places = places

    def locate(self, s: str, p: str | None = None, o: str | None = None) -> Location:
        """Return pointer and line of a value; those of the object where it has none."""
        record = self.record(s, p, o)
        if record is None:
            return Origins.locate(self, s, p, o)
        number, row = record
        places = self._places[number]
        sheet = self.sheets[number]
        pointer = (sheet.name or "") + ("" if sheet.is_alone else f"/{row - 1}")
        key, item = self._key(s, p, o, number, places.keys(row)) if p is not None else (None, None)
        if key is not None:
            pointer += "/" + escaped(key) + (f"/{item - 1}" if item is not None else "")
        return Location(file=self.file, header=key, line=places.line(row, key, item), pointer=pointer)

    def _key(self, s: str, p: str, o: str | None, number: int, keys: dict[str, bool]) -> tuple[str | None, int | None]:
        # The statements are only asked where several keys or items could be meant.
        columns = [(column, key) for column, key in self.sheets[number].columns.get(p, []) if column and key in keys]
        if not columns:
            return None, None
        if len({key for _, key in columns}) == 1 and (o is None or not keys[columns[0][1]]):
            return columns[0][1], None
        found = self.stored(s, p, o)
        if found is None:
            return columns[0][1], None
        return next((key for column, key in columns if column == found[0]), columns[0][1]), found[1]


def escaped(key: str) -> str:
    """Return a key as a step of a JSON Pointer (RFC 6901)."""
    return key.replace("~", "~0").replace("/", "~1")
