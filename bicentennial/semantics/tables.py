"""From the cells of a sheet to a plan of it and to records."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from bicentennial.core.findings import Finding, Location, column_letter
from bicentennial.core.namespaces import BIC
from bicentennial.core.problems import make_finding
from bicentennial.core.startup.records import field, record, replace
from bicentennial.semantics.declarations import DeclaredColumns
from bicentennial.semantics.records import Field, Places, Records
from bicentennial.semantics.sheets.header_rows import headers_at, width_of_table
from bicentennial.semantics.sheets.headers import Heading, at_column, recognise
from bicentennial.semantics.sheets.row_kinds import RowRules, Sifted, explaining, is_tagged, not_read
from bicentennial.semantics.sheets.sheet_plan import SheetPlan
from bicentennial.semantics.submission_date import SubmissionDate
from bicentennial.semantics.table_recognition import TableRecogniser
from bicentennial.semantics.values.amounts import currency_named, currency_words, names_other_currency
from bicentennial.semantics.versions import Versions

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Sequence

    from bicentennial.core.grid import Grid
    from bicentennial.semantics.mapping import MappingFile
    from bicentennial.semantics.sheets.body import Body, GridBody
    from bicentennial.semantics.sheets.headers import Header
    from bicentennial.vocabulary.index import Index, Table

__all__ = ["AMOUNTS", "Reading", "Tables"]

AMOUNTS: Final = frozenset((BIC.budgetAmount, BIC.amount))
"""The properties whose numbers are of the currency of their row."""


@record
class Reading:
    """A sheet that was read as a table: its plan and its records."""

    plan: SheetPlan
    records: Records
    own: list[tuple[str, str, str, int]] = field(default_factory=list)
    """What the mapping file declares to be the partner's own: class, name, identifier, row."""
    sifted: Sifted = field(default_factory=lambda: Sifted([], []))
    """Which rows below its header hold no record."""

    @property
    def at(self) -> Location:
        """The place of its header."""
        return self.plan.at


class Tables:
    """The tables that sheets may be, each with the headers that it knows.

    Args:
        index: the compiled index.
        mapping: a partner's own headers and constants.
        submission_date: collects the date of the submission.
    """

    def __init__(self, index: Index, mapping: MappingFile, submission_date: SubmissionDate | None = None) -> None:
        self._mapping = mapping
        self.submission_date = submission_date or SubmissionDate(index, mapping)
        """Collects what the columns say that are about the submission itself."""
        self.declared = DeclaredColumns(mapping.declare)
        """Which columns hold things of the partner's own."""
        self.index = index
        self.recogniser = TableRecogniser(index, mapping)

    def rules(self, plan: SheetPlan) -> RowRules:
        """Return the rules by which rows of a sheet hold no record."""
        return RowRules(plan, self.index, self.recogniser.is_table)

    def plan(self, grid: Grid, file: str) -> SheetPlan | None:
        """Return what a sheet is read as, or None if it is none of the tables.

        Args:
            grid: its cells, or the first rows of them: as many as `choose` looks at, and some more.
            file: the file's name.
        """
        start = 0
        if self._mapping.header_row is not None:
            start = sum(number < self._mapping.header_row for number in grid.numbers)
        chosen = self.recogniser.choose(grid.rows[start:], grid.name) if grid.rows[start:] else None
        if chosen is None:
            return None
        table, position = chosen[0], start + chosen[1]
        recogniser = self.recogniser.headers_of(table, grid.name)
        at = Location(file=file, sheet=grid.name, row=grid.numbers[position])
        texts, below = headers_at(grid, position, recogniser)
        beside = width_of_table(texts, recogniser)
        header = recognise(recogniser, texts[:beside], at, given=self.given(table))
        if beside < len(texts):
            first = next(number for number, text in enumerate(texts, start=1) if text and number > beside)
            letter = column_letter(first)
            place = Location(at.file, at.sheet, at.row, letter, texts[first - 1])
            header.findings.append(make_finding("table-beside", place, column=letter))
        plan = SheetPlan(
            table,
            at,
            above=position,
            below=below,
            texts=[*texts[:beside], *[""] * (len(texts) - beside)],
            rows=grid.rows[position:below],
            header=header,
            version=[number for number, text in enumerate(texts[:beside], start=1) if Versions.is_key(text)],
            declares=bool(self._mapping.declare),
            beside=beside,
        )
        return _without_explanations(plan, grid)

    def read(self, plan: SheetPlan, body: GridBody, sheet: int) -> Reading:
        """Return the records of a sheet whose rows Python holds, those without a record taken out before.

        Args:
            plan: what it is read as.
            body: its rows.
            sheet: its number.
        """
        header, at, numbers = plan.header, plan.at, body.numbers
        full = len(plan.texts)
        columns = [list(map(str.strip, column)) for column in _transposed(body.rows, full)]
        header.findings += _unheaded(plan, columns)
        fields = [Field(heading, columns[heading.number - 1]) for heading in plan.headings]
        fields += self.constants(plan.table, len(numbers))
        place = Places(at, numbers)
        own = [*self.declared.own(plan.texts, lambda column, record: columns[column][record], numbers)]
        return Reading(plan, Records(plan.table, sheet, numbers, fields, header.language, place), own)

    def outline(self, plan: SheetPlan, sheet: int) -> Reading:
        """Return what a sheet is whose cells are in the database: its columns, without a record."""
        fields = [Field(heading, ()) for heading in plan.headings]
        fields += self.constants(plan.table, 1)
        place = Places(plan.at, ())
        return Reading(plan, Records(plan.table, sheet, (), fields, plan.header.language, place))

    @staticmethod
    def of_other_length(plan: SheetPlan, body: Body) -> list[Finding]:
        """Return what there is to say of rows with fewer or more cells than the header."""
        # Sheets are rectangles, so this speaks of delimited text only: a cell too many has usually moved the rest.
        found: list[Finding] = []
        full = len(plan.texts)
        width = max((number for number, text in enumerate(plan.texts, start=1) if text), default=0)
        for number, row in body.uneven(full):
            place = Location(plan.at.file, plan.at.sheet, number)
            if len(row) > full and any(cell.strip() for cell in row[full:]):
                place = place._replace(column=column_letter(full + 1))
                found.append(make_finding("row-too-long", place, cells=len(row), headers=full, row=number))
            elif len(row) < width:
                found.append(make_finding("row-too-short", place, cells=len(row), headers=width, row=number))
        return found

    def of_other_currency(
        self, header: Header, table: Table, at: Location, firsts: Callable[[int], Iterable[tuple[str, int]]]
    ) -> Iterator[Finding]:
        """Yield a finding for each column of amounts whose header names another currency than rows have.

        Args:
            header: which columns there are.
            table: what they are columns of.
            at: the place of the header.
            firsts: see `Body.firsts`.
        """
        named = [
            (each, said, currency)
            for each in header.headings
            if each.column.iri in AMOUNTS and (currency := currency_named(said := currency_words(each.text))[0])
        ]
        of = next((each for each in header.headings if each.column.iri == BIC.budgetCurrency), None)
        if not named:
            return
        given = [] if of is None else [(of, text) for text, _ in firsts(of.number)]
        given += [each for each in self._constants(table) if each[0].column.iri == BIC.budgetCurrency]
        there = [self._mapping.values_of(each.text, each.column).of(text) for each, text in given]
        for heading, said, currency in named:
            if others := [each for each in there if names_other_currency(said, each)]:
                yield make_finding(
                    "header-other-currency",
                    at_column(at, heading.number, heading.text),
                    value=heading.text,
                    path=heading.column.iri,
                    header=heading.text,
                    named=currency,
                    currency=", ".join(sorted({each.upper() for each in others})),
                )

    def given(self, table: Table) -> list[str]:
        """Return the properties of a table that the mapping file gives a constant."""
        return [heading.column.iri for heading, _ in self._constants(table)]

    def constants(self, table: Table, count: int) -> list[Field]:
        """Return the constants of the mapping file as columns that have no place in the sheet."""
        return [Field(heading, [value] * count) for heading, value in self._constants(table)]

    def _constants(self, table: Table) -> list[tuple[Heading, str]]:
        # Constants are said of the actions: those are what a mapped file lists.
        if table.iri != self.recogniser.main.iri:
            return []
        found: list[tuple[Heading, str]] = []
        for name, value in self._mapping.constants.items():
            match = self.recogniser.headers_of(table).match(name)
            if match and not match[0].about:
                column, language = match
                found.append((Heading(0, name, column, language), value))
        return found


def _without_explanations(plan: SheetPlan, grid: Grid) -> SheetPlan:
    """Return a plan whose rows begin below those that explain the header."""
    below = plan.below
    while below < len(grid.rows):
        row, number = grid.rows[below], grid.numbers[below]
        if is_tagged(row):
            place = Location(plan.at.file, plan.at.sheet, number)
            plan.header.findings.append(make_finding("row-of-tags", place, row=number))
        elif found := explaining(plan, row):
            plan.header.findings.append(not_read(plan, number, *found))
        elif "".join(row).strip():
            break
        below += 1
    return replace(plan, below=below)


def _transposed(rows: list[list[str]], width: int) -> Sequence[Sequence[str]]:
    if not rows:
        return [()] * width
    if all(len(row) >= width for row in rows):
        return list(zip(*rows, strict=False))[:width]
    blank = [""] * width
    return list(zip(*(row if len(row) >= width else row + blank[len(row) :] for row in rows), strict=False))[:width]


def _unheaded(plan: SheetPlan, columns: Sequence[Sequence[str]]) -> list[Finding]:
    found: list[Finding] = []
    for position, (text, values) in enumerate(zip(plan.texts, columns, strict=True)):
        if not text and position < plan.beside and any(values):
            letter = column_letter(position + 1)
            place = Location(plan.at.file, plan.at.sheet, plan.at.row, letter)
            found.append(make_finding("header-blank", place, column=letter))
    return found
