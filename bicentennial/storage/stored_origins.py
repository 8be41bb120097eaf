"""Where the statements of a text stand that carry their places themselves, row by row, as RDF/XML and JSON-LD do."""

from __future__ import annotations

from typing import TYPE_CHECKING

from bicentennial.core.startup.named_tuples import NamedTuple
from bicentennial.storage.origins import Origins

if TYPE_CHECKING:
    from collections.abc import Iterable

    from bicentennial.storage.dataset import Dataset

__all__ = ["StoredOrigins", "StoredPlace"]


class StoredPlace(NamedTuple):
    """A property and a value of a thing, and where they stand."""

    p: str
    o: str
    row: int
    col: int | None
    item: int | None

    @staticmethod
    def of_value(places: Iterable[StoredPlace], p: str | None, o: str | None) -> StoredPlace | None:
        """Return the place of a value, or of the first value of the property where it has not that one."""
        of_property = [place for place in places if place.p == p]
        return next((place for place in of_property if place.o == o), of_property[0] if of_property else None)


class StoredOrigins(Origins):
    """Places that the statements carry themselves, in the columns `row`, `col` and `item`.

    Args:
        file: the file's name.
        dataset: its statements.
        number: which file it is of several, whose statements have their numbers as `sheet`, but those of the first.
    """

    def __init__(self, file: str, dataset: Dataset, number: int = 0) -> None:
        super().__init__(file)
        self._dataset = dataset
        self._number = number
        self._rows: dict[str, list[StoredPlace]] = {}

    def prefetch(self, subjects: Iterable[str]) -> None:
        """Look up at once where the statements about many things stand."""
        wanted = [subject for subject in dict.fromkeys(subjects) if subject not in self._rows]
        if not wanted:
            return
        self._rows.update((subject, []) for subject in wanted)
        found = self._dataset.connection.execute(
            f"SELECT s, p, o, row, col, item FROM statements WHERE s IN ({self._dataset.texts('?1')})"  # noqa: S608 - no value in it
            " AND row IS NOT NULL AND coalesce(sheet, 0) = ?2 ORDER BY row, col, item",
            [wanted, self._number],
        )
        for s, *place in found.fetchall():
            self._rows[s].append(StoredPlace(*place))

    def places(self, s: str) -> list[StoredPlace]:
        """Return the places of what is said of a thing, in the order of the file."""
        self.prefetch([s])
        return self._rows[s]
