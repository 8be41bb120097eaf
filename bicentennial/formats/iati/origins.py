"""Where the statements of an IATI file stand: the line of an element and the way to it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from bicentennial.core.findings import Location
from bicentennial.core.namespaces import RDF
from bicentennial.storage.origins import Origins

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from bicentennial.storage.dataset import Dataset

__all__ = ["IatiOrigins", "pointer"]


def pointer(activity: int, path: str) -> str:
    """Return the place of an element within a file, as an XPath expression; activity 0 is the root.

    >>> pointer(2, "title[1]")
    '/iati-activities/iati-activity[2]/title[1]'
    >>> pointer(0, "title[1]")
    '/iati-activity/title[1]'
    """
    way = f"/iati-activities/iati-activity[{activity}]" if activity else "/iati-activity"
    return way + (f"/{path}" if path else "")


class IatiOrigins(Origins):
    """Places in an IATI file.

    Args:
        file: the file's name.
        dataset: whose statements carry the line in `row` and the place of their path in `col`.
        paths: the paths within an activity.
        subjects: the number of the activity that each thing comes from.
    """

    def __init__(self, file: str, dataset: Dataset, paths: Sequence[str], subjects: Mapping[str, int]) -> None:
        super().__init__(file)
        self._dataset = dataset
        self._paths = paths
        self._subjects = subjects

    def locate(self, s: str, p: str | None = None, o: str | None = None) -> Location:
        """Return the line and path of a value; those of the activity, indicator or party where it has none."""
        if s not in self._subjects:
            return Location(file=self.file)
        found = self._stored(s, p or RDF.type, o) or self._stored(s, RDF.type, None)
        if found is None:
            return Location(file=self.file)
        line, path = found
        return Location(file=self.file, line=line, pointer=pointer(self._subjects[s], self._paths[path or 0]))

    def _stored(self, s: str, p: str, o: str | None) -> tuple[int, int | None] | None:
        condition, values = ("AND o = ?", [s, p, o]) if o is not None else ("", [s, p])
        found = self._dataset.connection.execute(
            f"SELECT row, col FROM statements WHERE s = ? AND p = ? {condition} ORDER BY row NULLS LAST LIMIT 1",  # noqa: S608 - no value in it
            values,
        ).fetchone()
        return (found[0], found[1]) if found else None
