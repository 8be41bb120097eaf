"""From the cells of a sheet to records: which table it is, where its header stands, what its columns are."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Final

from bicentennial.core.findings import Finding, Location, column_letter
from bicentennial.core.namespaces import BIC
from bicentennial.core.notices import notice
from bicentennial.semantics.declarations import Columns
from bicentennial.semantics.headers import Header, Heading, Recogniser, recognise
from bicentennial.semantics.records import Field, Records
from bicentennial.semantics.submission_date import Dating
from bicentennial.vocabulary.index import fold

if TYPE_CHECKING:
    from collections.abc import Sequence

    from bicentennial.formats.csv.delimited import Grid
    from bicentennial.semantics.mapping import Mapping
    from bicentennial.vocabulary.index import Index, Table

__all__ = ["Reading", "Tables", "is_tagged"]

_WITHIN: Final = 20
_HEADERS: Final = 2
# Their headers are common ones: a sheet without such a name is one of these only if none that is required is missing.
_ONLY_WHOLE: Final = frozenset({BIC.FinancialRecord, BIC.Milestone})
_TAG: Final = re.compile(r"#[A-Za-z][\w+ ]*")


def _may_be(recogniser: Recogniser, header: Sequence[str]) -> bool:
    if recogniser.table.iri not in _ONLY_WHOLE:
        return True
    matches = map(recogniser.match, map(str.strip, header))
    present = {match[0].iri for match in matches if match}
    return all(column.iri in present for column in recogniser.table.required)


@dataclass(slots=True)
class Reading:
    """A sheet that was read as a table: its records, its header and where that stands."""

    records: Records
    header: Header
    at: Location
    own: list[tuple[str, str, str, int]] = field(default_factory=list)
    """What the mapping file declares to be the partner's own: class, name, identifier, row."""


class Tables:
    """The tables that sheets may be, each with the headers that it knows.

    Args:
        index: the compiled index.
        mapping: a partner's own headers and constants.
        dating: collects the date of the submission.
    """

    def __init__(self, index: Index, mapping: Mapping, dating: Dating | None = None) -> None:
        self._mapping = mapping
        self.dating = dating or Dating(index, mapping)
        """Is told what the columns say that are about the submission itself."""
        self.declared = Columns(mapping.declare)
        """Which columns hold things of the partner's own."""
        self._index = index
        self._recognisers: dict[tuple[str, str], Recogniser] = {}
        self.main = index.tables[0]
        """The table of actions, which a submission is above all."""
        self._named = {fold(name): table for table in index.tables for name in table.name.values()}
        self._matched: dict[tuple[str, str], bool] = {}

    def named(self, name: str) -> Table | None:
        """Return the table that a sheet or a JSON key is by its name in either language.

        The mapping file goes first: if it names sheets, those are all there are.
        """
        ours: str | None = name
        if self._mapping.sheets:
            ours = next((ours for theirs, ours in self._mapping.sheets.items() if fold(theirs) == fold(name)), None)
        return self._named.get(fold(ours)) if ours is not None else None

    def recogniser(self, table: Table, sheet: str | None = None) -> Recogniser:
        """Return what knows the headers of a table, those that a sheet alone has among them."""
        key = (table.iri, fold(sheet) if sheet is not None and self._mapping.sheet_columns else "")
        if key not in self._recognisers:
            declared = [each[part] for each in self._mapping.declare for part in ("name", "id") if part in each]
            self._recognisers[key] = Recogniser(self._index, table, self._mapping.columns_of(sheet), declared)
        return self._recognisers[key]

    def _every(self, sheet: str | None) -> list[Recogniser]:
        return [self.recogniser(table, sheet) for table in self._index.tables]

    def score(self, rows: Sequence[Sequence[str]]) -> int:
        """Return how many headers of one table the best of the first rows has."""
        return max((self._best(rows, each)[0] for each in self._every(None)), default=0)

    def _best(self, rows: Sequence[Sequence[str]], recogniser: Recogniser, *, nearly: bool = False) -> tuple[int, int]:
        # The row with the most recognised headers, the first of several: header and title rows come first.
        best = (0, 0)
        for position, row in enumerate(rows[: _WITHIN if self._mapping.header_row is None else 1]):
            count = recogniser.count([cell.strip() for cell in row], nearly=nearly)
            if count > best[0]:
                best = (count, position)
        return best

    def choose(self, rows: Sequence[Sequence[str]], name: str | None) -> tuple[Table, int] | None:
        """Return the table that rows are, by the sheet's name or their header, and the position of the header row.

        Two headers at least make a table; the name alone does if there is a header at all. Only where nothing is
        recognised are headers counted that nearly are some of ours.
        """
        table = self.named(name) if name else None
        if table is None and self._mapping.sheets and name is not None:
            return None
        if table is not None:
            count, position = self._best(rows, self.recogniser(table, name))
            if count:
                return table, position
        for nearly in (False, True):
            ranked = []
            for recogniser in self._every(name):
                count, position = self._best(rows, recogniser, nearly=nearly)
                if count >= _HEADERS and _may_be(recogniser, rows[position]):
                    weight = recogniser.weight([cell.strip() for cell in rows[position]])
                    share = count / len(recogniser.table.columns)
                    ranked.append((count, weight, share, recogniser.table, position))
            if ranked:
                best = max(ranked, key=lambda rank: rank[:3])
                return best[3], best[4]
        return None

    def begin(self, grid: Grid) -> None:
        """Leave out what stands above the header row that the mapping file gives."""
        if self._mapping.header_row is not None:
            above = sum(number < self._mapping.header_row for number in grid.numbers)
            grid.rows, grid.numbers = grid.rows[above:], grid.numbers[above:]

    def read(self, grid: Grid, sheet: int, file: str) -> Reading | None:
        """Return the records of a sheet, or None if it is none of the tables."""
        chosen = self.choose(grid.rows, grid.name)
        if chosen is None:
            return None
        table, position = chosen
        at = Location(file=file, sheet=grid.name, row=grid.numbers[position])
        header_row = [cell.strip() for cell in grid.rows[position]]
        width = len(header_row)
        while width and not header_row[width - 1]:
            width -= 1
        header = recognise(self.recogniser(table, grid.name), header_row, at, given=self.given(table))
        rows, numbers = grid.rows[position + 1 :], grid.numbers[position + 1 :]
        rows, numbers = _without_blank(rows, numbers)
        if rows and is_tagged(rows[0]):
            header.findings.append(notice("row-of-tags", _in_row(at, numbers[0], None), row=numbers[0]))
            rows, numbers = rows[1:], numbers[1:]
        header.findings += _ragged(rows, numbers, width, at, header_row)
        grid.rows, grid.numbers = [], []  # a large table need not be held twice
        columns = [list(map(str.strip, column)) for column in _transposed(rows, len(header_row))]
        header.findings += _unheaded(header_row, columns, at)
        fields = [
            Field(heading, columns[heading.number - 1]) for heading in header.headings if not heading.column.about
        ]
        fields += self.constants(table, len(rows))

        def place(record: int, heading: Heading | None) -> Location:
            letter = column_letter(heading.number) if heading and heading.number else None
            return Location(
                at.file, at.sheet, numbers[record], letter, heading.text if heading and heading.number else None
            )

        for heading in header.headings:
            if heading.column.about:
                values = columns[heading.number - 1]
                self.dating.of_column(heading, ((value, place(n, heading)) for n, value in enumerate(values) if value))
        reading = Reading(Records(table, sheet, numbers, fields, header.language, place), header, at)
        reading.own = [*self.declared.own(header_row, lambda column, record: columns[column][record], numbers)]
        return reading

    def given(self, table: Table) -> list[str]:
        """Return the properties of a table that the mapping file gives a constant."""
        return [heading.column.iri for heading, _ in self._constants(table)]

    def constants(self, table: Table, count: int) -> list[Field]:
        """Return the constants of the mapping file as columns that have no place in the sheet."""
        return [Field(heading, [value] * count) for heading, value in self._constants(table)]

    def _constants(self, table: Table) -> list[tuple[Heading, str]]:
        # Constants are said of the actions: those are what a mapped file lists.
        if table.iri != self.main.iri:
            return []
        found: list[tuple[Heading, str]] = []
        for name, value in self._mapping.constants.items():
            match = self.recogniser(table).match(name)
            if match and not match[0].about:
                column, language = match
                found.append((Heading(0, name, column, language), value))
        return found


def is_tagged(row: Sequence[str]) -> bool:
    """Tell whether a row holds nothing but hashtags, which the Humanitarian Exchange Language has below the header.

    >>> is_tagged(["#org+name", "", "#date +start"]), is_tagged(["#1", "A"]), is_tagged(["#org", ""])
    (True, False, False)
    """
    cells = [cell.strip() for cell in row if cell.strip()]
    return len(cells) > 1 and all(map(_TAG.fullmatch, cells))


def _transposed(rows: list[list[str]], width: int) -> Sequence[Sequence[str]]:
    if not rows:
        return [()] * width
    if all(len(row) >= width for row in rows):
        return list(zip(*rows, strict=False))[:width]
    blank = [""] * width
    return list(zip(*(row if len(row) >= width else row + blank[len(row) :] for row in rows), strict=False))[:width]


def _without_blank(rows: list[list[str]], numbers: list[int]) -> tuple[list[list[str]], list[int]]:
    kept = [position for position, row in enumerate(rows) if "".join(row).strip()]
    if len(kept) == len(rows):
        return rows, numbers
    return [rows[position] for position in kept], [numbers[position] for position in kept]


def _ragged(
    rows: list[list[str]], numbers: list[int], width: int, at: Location, header_row: list[str]
) -> list[Finding]:
    # Sheets are rectangles, so this speaks of delimited text only: there a cell too many has usually moved the rest.
    found: list[Finding] = []
    full = len(header_row)
    for row, number in zip(rows, numbers, strict=True):
        if len(row) == full:
            continue
        if len(row) > full and any(cell.strip() for cell in row[full:]):
            found.append(
                notice("row-too-long", _in_row(at, number, full + 1), cells=len(row), headers=full, row=number)
            )
        elif len(row) < width:
            found.append(notice("row-too-short", _in_row(at, number, None), cells=len(row), headers=width, row=number))
    return found


def _in_row(at: Location, number: int, column: int | None) -> Location:
    return Location(at.file, at.sheet, number, column_letter(column) if column else None)


def _unheaded(header_row: list[str], columns: list[list[str]], at: Location) -> list[Finding]:
    found: list[Finding] = []
    for position, (text, values) in enumerate(zip(header_row, columns, strict=True)):
        if not text and any(values):
            letter = column_letter(position + 1)
            found.append(notice("header-blank", Location(at.file, at.sheet, at.row, letter), column=letter))
    return found
