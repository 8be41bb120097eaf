"""Delimited texts and workbooks to submissions: each sheet is recognised, its rows read or put into the database."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from bicentennial.core.concurrency import Aside
from bicentennial.core.findings import Location, column_letter
from bicentennial.core.grid import Oddities
from bicentennial.core.messages import LANGUAGES
from bicentennial.core.namespaces import RDF
from bicentennial.core.problems import make_finding, unreadable
from bicentennial.core.startup.named_tuples import NamedTuple
from bicentennial.core.startup.records import replace
from bicentennial.intake.bulk import BulkLoader
from bicentennial.intake.context import columns_of
from bicentennial.intake.submission import Sheet
from bicentennial.semantics.sheets.body import GridBody
from bicentennial.semantics.sheets.template_sheets import explains
from bicentennial.semantics.values.amounts import is_statement_of_units
from bicentennial.storage.origins import SheetOrigin, TabularOrigins

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

    from bicentennial.core.findings import Finding
    from bicentennial.core.grid import Grid
    from bicentennial.formats.csv.delimited import Dialect
    from bicentennial.formats.registry import Format
    from bicentennial.intake.context import IntakeContext
    from bicentennial.intake.submission import Submission
    from bicentennial.semantics.records import Records
    from bicentennial.semantics.sheets.body import TableBody
    from bicentennial.semantics.sheets.row_kinds import Sifted
    from bicentennial.semantics.sheets.sheet_plan import SheetPlan
    from bicentennial.semantics.tables import Reading
    from bicentennial.storage.dataset import Dataset

__all__ = ["OddCharacters", "SheetsReader"]

_KEPT: Final = 200
# A line that says what the separator is stands within so many characters.
_SEP: Final = 10
_TAKEN_AS_EMPTY: Final = frozenset(("formula-without-value", "text-lost"))


class OddCharacters(NamedTuple):
    """Where the first characters of a delimited text stand, or stood, that are not seen or look garbled, if any."""

    invisible: int | None = None
    garbled: tuple[int, str] | None = None


class SheetsReader:
    """Reads the sheets of one file.

    Args:
        context: what the readers of the file share.
        found: its format.
    """

    def __init__(self, context: IntakeContext, found: Format) -> None:
        self._context = context
        self._found = found
        self._tables = context.tables()
        self._bulk = BulkLoader(context.file, self._tables, context.limits, context.begin, context.opening)

    def read_text(self, text: str, odd: OddCharacters) -> Submission:
        """Return what a delimited text holds, given where characters in it are odd."""
        from bicentennial.formats.csv.delimited import dialect_of, read_delimited

        tab, score = self._found.name == "tsv", self._tables.recogniser.score
        seen = None if odd == (None, None) else _odd_cells(text, odd, dialect_of(text, score, tab=tab))
        if at_once := self._bulk.of_text(text, tab=tab):
            grid, plan, body = at_once
            self._above(grid, plan)
            reading, spans = self._reading(plan, body, 1, ""), body.raw.spans
            if seen is not None:
                self._note_odd(seen, reading, body)
            made = self._loaded([reading])
        else:
            grid = read_delimited(text, Location(file=self._context.file), self._context.limits, score, tab=tab)
            grid.odd, spans = seen, '"' in text and _lines(text) > max(grid.numbers, default=0)
            made = self.read([grid])
        if spans or "sep=" in text[:_SEP].lower():
            from bicentennial.formats.csv.places import RowLines

            made.row_lines = RowLines(text, dialect_of(text, score, tab=tab))
        return made

    def read(self, grids: Iterable[Grid]) -> Submission:
        """Return what the sheets of a file hold."""
        readings: list[Reading] = []
        seen: set[str] = set()
        unread: list[Grid] = []
        for number, grid in enumerate(grids, start=1):
            plan = self._tables.plan(grid, self._context.file) if grid.rows else None
            self._above(grid, plan)
            if plan is None:
                self._unread(grid)
                grid.keep(_KEPT)
                unread.append(grid)
                continue
            self._context.findings += grid.findings
            prefix = f"sheet:{number}:" if plan.table.iri in seen else ""
            seen.add(plan.table.iri)
            body = self._bulk.of_grid(grid, plan, number, prefix)
            reading = self._reading(plan, body, number, prefix)
            if grid.odd is not None:
                self._note_odd(grid.odd, reading, body)
            self._note_repeated(readings, reading)
            readings.append(reading)
        if not readings:
            self._refuse(unread)
        return self._loaded(readings)

    def _above(self, grid: Grid, plan: SheetPlan | None) -> None:
        """Look for the version and the date of the submission in what is no row of a table."""
        above = plan.above if plan is not None else None
        self._context.versions.of_notes(grid, above, self._context.file)
        self._context.submission_date.of_notes(grid, above, self._context.file)
        if plan is not None:
            self._context.findings += self._units_stated(grid, plan)

    def _units_stated(self, grid: Grid, plan: SheetPlan) -> Iterator[Finding]:
        """Yield a finding for a note above the header that says that amounts are in thousands or millions."""
        named = self._unscaled(plan)
        if named is None:
            return
        for number, row in zip(grid.numbers, grid.rows[: plan.above], strict=False):
            for position, cell in enumerate(row, start=1):
                if cell and is_statement_of_units(cell):
                    place = Location(self._context.file, grid.name, number, column_letter(position))
                    yield _unit_stated(place, cell, named)

    def _unscaled(self, plan: SheetPlan) -> dict[str, str] | None:
        """Return what the first column of numbers is called that no mapping file multiplies; None if there is none."""
        return next((each.column.header for each in self._context.mapping.unscaled(plan.headings)), None)

    def _reading(self, plan: SheetPlan, body: GridBody | TableBody, number: int, prefix: str) -> Reading:
        """Return the records of a sheet, once its columns about the submission have been looked at."""
        self._context.versions.of_rows(plan, body)
        self._context.submission_date.of_rows(plan, body)
        if isinstance(body, GridBody):
            sifted = self._sift(plan, body)
            reading = self._tables.read(plan, body, number)
            reading.sifted = sifted
        else:
            reading = self._outline(plan, body, number)
        reading.records.prefix = prefix
        return reading

    def _sift(self, plan: SheetPlan, body: GridBody | TableBody) -> Sifted:
        sifted = body.sift(self._tables.rules(plan))
        if (named := self._unscaled(plan)) is not None:
            # A note that is not read as data, but says what the numbers above it mean.
            sifted.findings = [
                _unit_stated(each.location, each.value, named)
                if each.code == "row-not-read" and each.value and is_statement_of_units(each.value)
                else each
                for each in sifted.findings
            ]
        plan.header.findings += sifted.findings
        plan.header.findings += self._tables.of_other_length(plan, body)
        plan.header.findings += self._tables.of_other_currency(plan.header, plan.table, plan.at, body.firsts)
        return sifted

    def _outline(self, plan: SheetPlan, body: TableBody, number: int) -> Reading:
        """Return the columns of a sheet in the database, whose cells are looked at while its rows are sifted."""
        from bicentennial.semantics.columns import looked_at

        before, digits = body.raw, self._context.limits.digits
        fields = self._tables.outline(plan, number).records.fields
        (connection,) = body.dataset.connections(1)
        looks = Aside(lambda: looked_at(connection, before, fields, digits))
        sifted = self._sift(plan, body)
        reading = self._tables.outline(plan, number)
        reading.sifted = sifted
        reading.records.raw = body.raw
        if body.raw.count == before.count:
            reading.records.looks = looks.result()
        return reading

    def _note_odd(self, odd: Oddities, reading: Reading, body: GridBody | TableBody) -> None:
        from bicentennial.intake.odd_sheets import odd_findings

        self._context.findings += odd_findings(odd, reading, body, self._context.mapping)

    def _unread(self, grid: Grid) -> None:
        if grid.name is None:
            self._context.findings += grid.findings
            if grid.odd is not None:
                from bicentennial.intake.odd_sheets import odd_characters

                file = self._context.file
                self._context.findings += odd_characters(
                    grid.odd, lambda cell: Location(file, row=cell[0], column=column_letter(cell[1]))
                )
        elif (table := self._tables.recogniser.named(grid.name)) and (
            seen := self._tables.recogniser.transposed(grid.rows, self._tables.recogniser.headers_of(table, grid.name))
        ):
            place = Location(self._context.file, grid.name)
            self._context.findings.append(make_finding("table-transposed", place, sheet=grid.name, seen=seen))
        elif not explains(grid):
            self._context.findings.append(
                make_finding("sheet-not-read", Location(self._context.file, grid.name), sheet=grid.name)
            )

    def _refuse(self, unread: Sequence[Grid]) -> None:
        """Say why no sheet is a table of ours: as a finding if one might be, otherwise by raising an error."""
        grids = [grid for grid in unread if grid.rows]
        if not grids:
            raise unreadable("empty")
        recogniser = self._tables.recogniser
        headers = {each: [column.header[each] for column in recogniser.main.required] for each in LANGUAGES}
        if found := next((known for grid in grids if (known := recogniser.known(grid.rows))), None):
            self._context.note("table-unrecognised", seen=found, headers=headers)
            return
        grid = grids[0]
        if grid.name is None and explains(grid):
            raise unreadable("form-sheet", actions=recogniser.main.name)
        seen = [cell for cell in grid.rows[0] if cell.strip()]
        for column, cells in enumerate(zip(*(row[:2] for row in grid.rows if len(row) > 1), strict=False), start=1):
            if known := recogniser.known([cells]):
                raise unreadable("transposed", column=column_letter(column), seen=known)
        if len(seen) == 1 and not any(sum(map(bool, row)) > 1 for row in grid.rows):
            raise unreadable("no-separator", seen=seen[0], headers=headers)
        raise unreadable("no-header", headers=headers, seen=seen)

    def _loaded(self, readings: Sequence[Reading]) -> Submission:
        sheets = {
            reading.records.sheet: SheetOrigin(reading.at.sheet, columns_of(reading.records)) for reading in readings
        }
        self._context.findings += self._tables.declared.missing(self._context.file)
        made = self._context.load(
            self._found,
            [(reading.records, reading.plan.header) for reading in readings],
            [(reading.records.sheet, reading.own) for reading in readings],
            self._bulk.dataset,
        )
        made.origins = TabularOrigins(self._context.file, made.dataset, sheets)
        if any(each.code in _TAKEN_AS_EMPTY for each in made.findings):
            made.findings[:] = _with_subjects(made.findings, readings, made.dataset)
        made.sheets = [
            Sheet(reading.at.sheet, reading.records.table.iri, _length(reading.records), reading.at.row)
            for reading in readings
        ]
        return made

    def _note_repeated(self, before: list[Reading], reading: Reading) -> None:
        table = reading.records.table
        for other in before:
            if other.records.table.iri == table.iri and reading.at.sheet is not None:
                place = Location(file=self._context.file, sheet=reading.at.sheet)
                self._context.findings.append(
                    make_finding(
                        "sheet-repeated", place, sheet=reading.at.sheet, table=table.name, other=other.at.sheet
                    )
                )
                return


def _with_subjects(findings: Sequence[Finding], readings: Sequence[Reading], dataset: Dataset) -> Iterator[Finding]:
    """Yield findings, those of cells that were taken as empty with what they say something of, now that it has a name.

    So what only follows from such a cell is not told once more.
    """
    numbers = {reading.at.sheet: reading.records.sheet for reading in readings}
    paths = {
        (reading.at.sheet, column_letter(each.number)): each.column.iri
        for reading in readings
        for each in reading.plan.headings
    }
    rows = sorted({each.location.row or 0 for each in findings if each.code in _TAKEN_AS_EMPTY})
    found = dataset.connection.execute(
        f"SELECT sheet, row, s FROM {dataset.statements_of(RDF.type)}"  # noqa: S608 - no value in it
        f" WHERE sheet IS NOT NULL AND col IS NULL AND row IN ({', '.join(map(str, rows))})"
    )
    subjects = {(sheet, row): s for sheet, row, s in found.fetchall()}
    for each in findings:
        place = each.location
        if each.code in _TAKEN_AS_EMPTY:
            focus = subjects.get((numbers.get(place.sheet, 0), place.row or 0))
            yield replace(each, focus=focus, path=paths.get((place.sheet, place.column or "")) if focus else None)
        else:
            yield each


def _unit_stated(place: Location, note: str, named: dict[str, str]) -> Finding:
    return make_finding("unit-stated", place, value=note, quoted=note, named=named)


def _odd_cells(text: str, odd: OddCharacters, dialect: Dialect) -> Oddities:
    from bicentennial.formats.csv.places import cell_at

    made = Oddities()
    if odd.invisible is not None:
        made.invisible = cell_at(text, odd.invisible, dialect)
    if odd.garbled is not None:
        position, sample = odd.garbled
        made.garbled = cell_at(text, position, dialect), sample
    return made


def _lines(text: str) -> int:
    """Return how many lines a text has, whatever they end with."""
    return text.count("\n") + text.count("\r") - text.count("\r\n") + (not text.endswith(("\n", "\r")))


def _length(records: Records) -> int:
    return records.raw.count if records.raw else len(records.numbers)
