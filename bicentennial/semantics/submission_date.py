"""When a submission was handed in: what the file itself says of it, never what the clock says.

A table says it in a column `submission_date` (one row is enough) or above the header, in a workbook also on a sheet of
another kind: the words in a cell, the date in the next one or after a colon. JSON says it at the key
`submission_date`, a mapping file by `submission_date`, IATI by `generated-datetime`, RDF by `dcterms:issued` of a
`bic:Submission` or of the header that names the version.

>>> from bicentennial.vocabulary.index import default_index
>>> from bicentennial.semantics.mapping import MappingFile
>>> submission_date = SubmissionDate(default_index(), MappingFile(date_format=("%d/%m/%Y",)))
>>> column, _ = submission_date.match("Fecha de envío:")
>>> submission_date.state(column, "30/06/2024", Location(file="a.csv"))
>>> [(statement.o, statement.dt.rpartition("#")[2]) for statement in submission_date.statements()]
[('https://w3id.org/bicentennial/ontology#Submission', ''), ('2024-06-30', 'date')]
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from bicentennial.core.findings import Location, column_letter
from bicentennial.core.namespaces import BIC, DCTERMS, RDF, XSD
from bicentennial.semantics.sheets.headers import Recogniser
from bicentennial.semantics.values.dates import suggest_date
from bicentennial.semantics.values.typed import date_type, day_of
from bicentennial.storage.statement import Statement

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable, Iterator

    from bicentennial.core.grid import Grid
    from bicentennial.semantics.mapping import MappingFile
    from bicentennial.semantics.sheets.body import Body
    from bicentennial.semantics.sheets.headers import Heading
    from bicentennial.semantics.sheets.sheet_plan import SheetPlan
    from bicentennial.storage.dataset import Dataset
    from bicentennial.storage.origins import Origins
    from bicentennial.vocabulary.index import Column, Index

__all__ = ["SubmissionDate"]

_LOOKED_AT: Final = 200


class SubmissionDate:
    """Collects the dates that a submission gives itself, each with its place.

    Args:
        index: the compiled index.
        mapping: what a mapping file says: it may give the date, and how the file writes dates.
    """

    def __init__(self, index: Index, mapping: MappingFile) -> None:
        self._recogniser = Recogniser(index, index.tables[0], mapping.columns)
        self._mapping = mapping
        self._classes: dict[str, str] = {}
        self._stated: dict[tuple[str, str, str], Location] = {}

    def match(self, text: str) -> tuple[Column, str] | None:
        """Return the column whose name a header, a key or the words of a cell are, if it is about the submission."""
        found = self._recogniser.match(text.strip().removesuffix(":").rstrip())
        return found if found and found[0].about else None

    def state(self, column: Column, text: str, place: Location) -> None:
        """Take note of a date that is given somewhere; what is no date is kept as it is, for the shapes to find."""
        for date in filter(None, map(str.strip, text.split(";"))):
            self._classes[column.about] = column.describes
            self._stated.setdefault((column.about, column.iri, day_of(self._mapping.date(date))), place)

    def of_column(self, heading: Heading, values: Iterable[tuple[str, Location]]) -> None:
        """Take note of the dates of a column, each at the place where it stands first."""
        for text, place in values:
            self.state(heading.column, text, place)

    def of_rows(self, plan: SheetPlan, body: Body) -> None:
        """Take note of the dates in the columns of a sheet that are about the submission."""
        for heading in plan.about:
            place = plan.at._replace(column=column_letter(heading.number), header=heading.text)
            firsts = body.firsts(heading.number)
            self.of_column(heading, ((text, place._replace(row=number)) for text, number in firsts))

    def of_notes(self, grid: Grid, above: int | None, file: str) -> None:
        """Look at what stands above the header row, or at a sheet that is no table of ours.

        Args:
            grid: its cells.
            above: how many rows stand above the header, None if there is none.
            file: the file's name.
        """
        for number, row in zip(grid.numbers, grid.rows[: _LOOKED_AT if above is None else above], strict=False):
            for position, cell in enumerate(row):
                words, colon, date = cell.partition(":")
                found = self.match(words) if colon else self.match(cell)
                if found is None:
                    continue
                at = position
                if not date.strip():
                    at = next((each for each in range(position + 1, len(row)) if row[each].strip()), position)
                    date = row[at] if at > position else ""
                if not date_type(day_of(self._mapping.date(date.strip()))) and not suggest_date(date):
                    continue  # a list of columns, perhaps, that goes on with what each means
                self.state(found[0], date, Location(file, grid.name, number, column_letter(at + 1), words.strip()))

    def of_iati(self, generated: str, file: str) -> None:
        """Take note of when a file of IATI was generated; of a time, the day."""
        if found := self.match("submission_date"):
            self.state(found[0], generated.partition("T")[0], Location(file=file))

    def of_mapping(self, file: str) -> None:
        """Take note of what the mapping file says."""
        for name, text in [("submission_date", self._mapping.submission_date), *self._mapping.constants.items()]:
            if found := self.match(name):
                self.state(found[0], text, Location(file=file))

    def statements(self) -> Iterator[Statement]:
        """Yield what was stated, as statements about the submission."""
        for about, described in self._classes.items():
            yield Statement.iri(about, RDF.type, described)
        for about, iri, date in self._stated:
            yield Statement.literal(about, iri, date, date_type(date) or XSD.string)

    def finish(self, dataset: Dataset, origins: Origins, headers: Collection[str]) -> None:
        """Add to a dataset what was stated, and type the headers of RDF as submissions.

        Args:
            dataset: the statements of the file.
            origins: get the places of the dates.
            headers: what names the version of the ontology that the file was made for.
        """
        self.of_mapping(origins.file)
        for (about, _, date), place in self._stated.items():
            origins.placed[about, date] = origins.placed[about, None] = place
        dated = [*self.statements()]
        if headers:
            issued = dataset.connection.execute("SELECT DISTINCT s FROM statements WHERE p = ?", [DCTERMS.issued])
            dated += [Statement.iri(s, RDF.type, BIC.Submission) for (s,) in issued.fetchall() if s in headers]
        if dated:
            dataset.load(dated)
