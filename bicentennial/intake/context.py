"""What the readers of one file share: what it is read by, and what there is to say of it."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from bicentennial.core.findings import Location
from bicentennial.core.problems import make_finding
from bicentennial.intake.builder import DatasetBuilder
from bicentennial.intake.submission import Submission
from bicentennial.semantics.submission_date import SubmissionDate
from bicentennial.semantics.versions import Versions
from bicentennial.storage.origins import Origins

if TYPE_CHECKING:
    from collections.abc import Sequence

    from bicentennial.core.findings import Finding
    from bicentennial.core.limits import Limits
    from bicentennial.formats.registry import Format
    from bicentennial.intake.builder import Own
    from bicentennial.intake.bulk import Begin, Opening
    from bicentennial.semantics.mapping import MappingFile
    from bicentennial.semantics.records import Records
    from bicentennial.semantics.sheets.headers import Header
    from bicentennial.semantics.tables import Tables
    from bicentennial.storage.duckdb.dataset import DuckDBDataset
    from bicentennial.vocabulary.index import Index

__all__ = ["IntakeContext", "columns_of"]


class IntakeContext:
    """The index, mapping and limits that a file is read by, and the findings, version and date that are found in it.

    Args:
        file: the file's name.
        index: the compiled index.
        mapping: what a mapping file says.
        limits: see `Limits`.
        sqlite: whether a small submission may be kept in SQLite.
        begin: see `intake.read`.
    """

    def __init__(
        self,
        file: str,
        index: Index,
        mapping: MappingFile,
        limits: Limits,
        *,
        sqlite: bool,
        begin: Begin | None = None,
    ) -> None:
        self.file = file
        self.index = index
        self.mapping = mapping
        self.limits = limits
        self.begin = begin
        self.opening: Opening | None = None
        self.builder = DatasetBuilder(file, index, mapping, limits, sqlite)
        self.findings: list[Finding] = []
        self.versions = Versions(index)
        self.submission_date = SubmissionDate(index, mapping)

    def tables(self) -> Tables:
        """Return the tables that the sheets of the file may be."""
        from bicentennial.semantics.tables import Tables

        return Tables(self.index, self.mapping, self.submission_date)

    def note(self, code: str, **words: Any) -> None:
        """Add a finding about the file as a whole."""
        self.findings.append(make_finding(code, Location(file=self.file), **words))

    def load(
        self,
        found: Format,
        parts: Sequence[tuple[Records, Header]],
        own: Sequence[Own] = (),
        dataset: DuckDBDataset | None = None,
    ) -> Submission:
        """Return the submission of the sheets or lists of a file, still without their origins.

        Args:
            found: the format.
            parts: the records and the header of each.
            own: the parties and places that some declare.
            dataset: the one that has the cells of large sheets already.
        """
        suppressed: set[tuple[str, str]] = set()
        for _, header in parts:
            self.findings += header.findings
            suppressed |= header.suppressed
        whole = self.builder.records([records for records, _ in parts], own, self.findings, dataset)
        return Submission(self.file, found.name, whole, self.findings, Origins(self.file), suppressed=suppressed)


def columns_of(records: Records) -> dict[str, list[tuple[int, str]]]:
    """Return the columns of each property: numbers and headers."""
    columns: dict[str, list[tuple[int, str]]] = {}
    for each in records.fields:
        # A constant of the mapping file stands in no column: 0.
        columns.setdefault(each.iri, []).append((each.heading.number, each.heading.text))
    return columns
