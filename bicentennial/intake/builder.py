"""From records, or the text of a graph, to a dataset: how large they are decides which database and which way."""

from __future__ import annotations

from dataclasses import dataclass
from itertools import chain
from typing import TYPE_CHECKING

from bicentennial.intake.bulk import is_worthwhile, new_dataset
from bicentennial.semantics.declarations import listed_parties, named_in_columns
from bicentennial.semantics.records import declare, statements
from bicentennial.semantics.resolver import Resolver
from bicentennial.storage.dataset import Dataset

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from bicentennial.core.findings import Finding
    from bicentennial.core.limits import Limits
    from bicentennial.semantics.columns import Columns
    from bicentennial.semantics.mapping import Mapping
    from bicentennial.semantics.records import Records
    from bicentennial.storage.statement import Statement
    from bicentennial.vocabulary.index import Index

__all__ = ["Loading", "Own"]

Own = tuple[int, list[tuple[str, str, str, int]]]
"""A sheet by its number, and the parties and places that columns of its own declare."""


@dataclass(frozen=True, slots=True)
class Loading:
    """Brings what a file says into a dataset.

    Args:
        index: the compiled index.
        mapping: what a mapping file says.
        limits: see `Limits`.
        light: whether what is small may be kept in SQLite.
    """

    index: Index
    mapping: Mapping
    limits: Limits
    light: bool

    def records(
        self, parts: Sequence[Records], own: Sequence[Own], findings: list[Finding], dataset: Dataset | None
    ) -> Dataset:
        """Return the dataset of the sheets or lists of one file, and add what could not be told to `findings`.

        Args:
            parts: what each holds.
            own: what else some declare.
            findings: where to say what is ambiguous.
            dataset: the one that has the cells of large sheets already.
        """
        resolver = Resolver(self.index)
        declared = [*listed_parties(self.mapping.parties, resolver)]
        for records in parts:
            if records.raw is None:
                declare(records, resolver)
        for sheet, named in own:
            declared += named_in_columns(named, sheet, resolver)
        filled = sum(len(each.values) - each.values.count("") for records in parts for each in records.fields)
        self.limits.check("statements", filled)
        cells = sum(len(records.numbers) * len(records.fields) for records in parts)
        large = []
        small: list[Iterable[Statement]] = [declared]
        for records in parts:
            if records.raw is None and not is_worthwhile(len(records.numbers) * len(records.fields)):
                small.append(statements(records, resolver, self.limits, self.mapping, findings))
            else:
                dataset = new_dataset(cells) if dataset is None else dataset
                large.append(self._large(records, dataset, resolver, alone=len(parts) == 1))
        for columns in large:
            columns.finish(findings)
        dataset = self.statements(chain(*small), dataset)
        self.limits.check("statements", len(dataset))
        return dataset

    def _large(self, records: Records, dataset: Dataset, resolver: Resolver, *, alone: bool) -> Columns:
        from bicentennial.semantics.columns import Columns, Values
        from bicentennial.storage.duckdb_tables import of_records

        raw = records.raw or of_records(dataset, records)
        sheet = Columns(dataset, raw, records, Values(resolver, self.limits, self.mapping))
        sheet.begin(self.index, alone=alone)
        return sheet

    def statements(self, rows: Iterable[Statement], dataset: Dataset | None = None) -> Dataset:
        """Add statements to a dataset, or to a new one that suits them."""
        if dataset is None and self.light:
            from bicentennial.storage.sqlite import holding

            return holding(rows)
        dataset = Dataset() if dataset is None else dataset
        dataset.load(rows)
        return dataset

    def graph(self, text: str, format_name: str) -> tuple[Dataset, int]:
        """Return a dataset with what an RDF text says, and how many graphs it has; see `read_rdf`."""
        from bicentennial.formats.rdf.reading import read_rdf

        if self.light:
            from bicentennial.storage.sqlite import LightDataset, UnfitError, is_short

            if is_short(text):
                light = LightDataset()
                try:
                    return light, read_rdf(text, format_name, light, self.limits)
                except UnfitError:
                    light.close()
        dataset = Dataset()
        return dataset, read_rdf(text, format_name, dataset, self.limits)
