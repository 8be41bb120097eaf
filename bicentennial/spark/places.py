"""Where in the files of a register a statement stands."""

from __future__ import annotations

from typing import TYPE_CHECKING

from bicentennial.core.findings import Location, column_letter
from bicentennial.core.namespaces import RDF
from bicentennial.storage.origins import Origins

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

    from bicentennial.spark.dataset import SparkDataset

__all__ = ["Places"]

_Stated = tuple[str, str, int, int, int | None]


class Places(Origins):
    """Places by file and line of N-Triples, row of Parquet, or cell of a table.

    Args:
        name: what the register is called.
        files: the names of the files, by their number.
        dataset: whose statements carry file, row and column.
        by_line: whether rows are lines.
        columns: of tables, the columns of each property: number and header.
    """

    def __init__(
        self,
        name: str,
        files: Sequence[str],
        dataset: SparkDataset,
        *,
        by_line: bool = False,
        columns: Mapping[str, Sequence[tuple[int, str]]] | None = None,
    ) -> None:
        super().__init__(name)
        self._files = files
        self._dataset = dataset
        self._by_line = by_line
        self._columns = columns
        self._stated: dict[str, list[_Stated]] = {}

    def prefetch(self, subjects: Iterable[str]) -> None:
        """Look up at once where the statements about many things stand."""
        wanted = [subject for subject in dict.fromkeys(subjects) if subject not in self._stated]
        if not wanted:
            return
        self._stated.update((subject, []) for subject in wanted)
        found = self._dataset.connection.execute(
            f"SELECT s, p, o, sheet, row, col FROM statements WHERE s IN ({self._dataset.texts('?1')})"  # noqa: S608 - no value in it
            " AND row IS NOT NULL ORDER BY sheet, row, col NULLS LAST, item NULLS LAST",
            [wanted],
        )
        for s, *rest in found.fetchall():
            self._stated[s].append((*rest,))

    def locate(self, s: str, p: str | None = None, o: str | None = None) -> Location:
        """Return the line, row or cell of a value, of a property, or of where the thing is described first."""
        self.prefetch([s])
        stated = self._stated[s]
        if not stated:
            return super().locate(s, p, o)
        of_property = [each for each in stated if each[0] == p and (each[4] is not None or self._columns is None)]
        found = next((each for each in of_property if each[1] == o), of_property[0] if of_property else None)
        if found is None and self._columns is not None:
            found = next((each for each in stated if each[0] == RDF.type), None)
        _, _, sheet, row, column = found or stated[0]
        file = self._files[sheet]
        if self._by_line:
            return Location(file=file, line=row)
        if self._columns is None or p is None or p == RDF.type:
            return Location(file=file, row=row)
        columns = self._columns.get(p, ())
        number, text = next((each for each in columns if each[0] == column), columns[0] if columns else (0, ""))
        if not number:
            return Location(file=file, row=row)
        return Location(file, None, row, column_letter(number), text)
