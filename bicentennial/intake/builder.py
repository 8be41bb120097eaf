"""From records, or the text of a graph, to a dataset: how large they are decides which database and which way."""

from __future__ import annotations

from bisect import bisect_left
from collections import Counter
from itertools import chain
from typing import TYPE_CHECKING

from bicentennial.core.findings import Location
from bicentennial.core.namespaces import SKOS
from bicentennial.core.startup.records import record
from bicentennial.semantics.declarations import declared as only_declared
from bicentennial.semantics.declarations import listed_parties, named_in_columns
from bicentennial.semantics.records import Places, declare, statements
from bicentennial.semantics.values.resolver import Resolver
from bicentennial.storage.choice import for_statements, for_tables
from bicentennial.storage.sizes import is_large_sheet

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

    from bicentennial.core.findings import Finding
    from bicentennial.core.limits import Limits
    from bicentennial.formats.rdf.reading import Content
    from bicentennial.semantics.columns import ColumnImporter
    from bicentennial.semantics.mapping import MappingFile
    from bicentennial.semantics.records import Records
    from bicentennial.storage.dataset import Dataset
    from bicentennial.storage.duckdb.dataset import DuckDBDataset
    from bicentennial.storage.statement import Statement
    from bicentennial.vocabulary.index import Index

__all__ = ["DatasetBuilder", "Own"]

Own = tuple[int, list[tuple[str, str, str, int]]]
"""A sheet by its number, and the parties and places that columns of its own declare."""


@record(frozen=True)
class DatasetBuilder:
    """Brings what a file says into a dataset.

    Args:
        file: the file's name.
        index: the compiled index.
        mapping: what a mapping file says.
        limits: see `Limits`.
        sqlite: whether what is small may be kept in SQLite.
    """

    file: str
    index: Index
    mapping: MappingFile
    limits: Limits
    sqlite: bool

    def records(
        self, parts: Sequence[Records], own: Sequence[Own], findings: list[Finding], dataset: DuckDBDataset | None
    ) -> Dataset:
        """Return the dataset of the sheets or lists of one file, and add what is ambiguous to `findings`.

        Args:
            parts: what each holds.
            own: what else some declare.
            findings: where to say what is ambiguous.
            dataset: the one that has the cells of large sheets already.
        """
        resolver = Resolver(self.index)
        declared = [*listed_parties(self.mapping.parties, resolver)]
        _assign_subjects(parts, resolver, dataset)
        for sheet, named in own:
            declared += named_in_columns(named, sheet, resolver)
        findings += self._declared(declared, {records.sheet: records for records in parts})
        filled = sum(len(each.values) - each.values.count("") for records in parts for each in records.fields)
        self.limits.check("statements", filled)
        cells = sum(_size(records) for records in parts)
        large = []
        small: list[Iterable[Statement]] = [declared]
        for records in parts:
            if records.raw is None and not is_large_sheet(_size(records)):
                small.append(statements(records, resolver, self.limits, self.mapping, findings))
            else:
                dataset = for_tables(cells=cells) if dataset is None else dataset
                large.append(self._large(records, dataset, resolver, alone=len(parts) == 1))
        for columns in large:
            columns.finish(findings)
        whole = self.statements(chain(*small), dataset)
        self.limits.check("statements", len(whole))
        return whole

    def _declared(self, said: Iterable[Statement], parts: dict[int, Records]) -> Iterator[Finding]:
        """Yield what is to be said of the things that the mapping file declares."""
        whole = Location(file=self.file)

        def place(each: Statement) -> Location:
            records = parts.get(each.sheet or 0)
            if records is None or each.row is None:
                return whole
            if isinstance(records.place, Places):  # rows of a table that is in the database have no other place here
                return Location(self.file, records.place.at.sheet, each.row)
            return records.place(bisect_left(records.numbers, each.row), None)

        named = ((each.o, place(each)) for each in said if each.p == SKOS.prefLabel)
        return only_declared(named, self.limits.findings)

    def _large(self, records: Records, dataset: DuckDBDataset, resolver: Resolver, *, alone: bool) -> ColumnImporter:
        from bicentennial.semantics.columns import ColumnImporter, ValueContext
        from bicentennial.storage.duckdb.tables import of_records

        raw = records.raw or of_records(
            dataset, records.sheet, records.numbers, records.subjects, [each.values for each in records.fields]
        )
        sheet = ColumnImporter(dataset, raw, records, ValueContext(resolver, self.limits, self.mapping))
        sheet.begin(self.index, alone=alone)
        return sheet

    def statements(self, rows: Iterable[Statement], dataset: Dataset | None = None) -> Dataset:
        """Add statements to a dataset, or to a new one that suits them."""
        if dataset is None:
            return for_statements(rows, sqlite=self.sqlite)
        dataset.load(rows)
        return dataset

    def graph(self, text: str, format_name: str) -> tuple[Dataset, Content]:
        """Return a dataset with what an RDF text says, and what else there is to know of it; see `open_rdf`."""
        from bicentennial.formats.rdf.reading import open_rdf

        return open_rdf(text, format_name, self.limits, sqlite=self.sqlite)


def _size(records: Records) -> int:
    return len(records.numbers) * len(records.fields)


def _assign_subjects(parts: Sequence[Records], resolver: Resolver, dataset: Dataset | None) -> None:
    """Give the records of all sheets their subjects, so that no two rows share one.

    A row whose identifier stands in a sheet of the same kind before is named by its number too.
    """
    classes = Counter(records.table.iri for records in parts)
    before: dict[str, list[Records]] = {iri: [] for iri in classes}
    for records in parts:
        others = before[records.table.iri]
        if records.raw is not None:
            assert dataset is not None
            for other in others:
                _rename(records, other, dataset)
        else:
            taken = {subject for other in others for subject in _subjects(other, dataset)}
            declare(records, resolver, taken)
        if classes[records.table.iri] > 1:
            others.append(records)


def _subjects(records: Records, dataset: Dataset | None) -> Iterable[str]:
    if records.raw is None or dataset is None:
        return records.subjects
    return (s for (s,) in dataset.connection.execute(f"SELECT s FROM {records.raw.table}").fetchall())  # noqa: S608 - a name of ours


def _rename(records: Records, other: Records, dataset: Dataset) -> None:
    """Name those rows of a table of cells by their numbers too that share a subject with another sheet's."""
    assert records.raw is not None
    given = [] if other.raw else [other.subjects]
    source = f"SELECT s FROM {other.raw.table}" if other.raw else dataset.texts("?1")  # noqa: S608 - a name of ours
    dataset.connection.execute(
        f"UPDATE {records.raw.table} SET s = s || ':{records.prefix}row:' || row WHERE s IN ({source})",  # noqa: S608 - names of ours
        given,
    )
