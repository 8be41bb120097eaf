"""From a file of any format to a `Submission`: each format has its way, and all of them end in one dataset."""

from __future__ import annotations

from itertools import chain, islice
from pathlib import Path
from typing import IO, TYPE_CHECKING, Any, Final

from bicentennial.core.content import content
from bicentennial.core.errors import UnreadableInputError
from bicentennial.core.file_formats import FILE_FORMATS, Family
from bicentennial.core.findings import Finding, Location, column_letter
from bicentennial.core.limits import DEFAULT, Limits
from bicentennial.core.messages import LANGUAGES
from bicentennial.core.problems import make_finding, unreadable
from bicentennial.formats.decoding import NAMES, decoded, decoded_xml, garbled
from bicentennial.formats.invisible import first_invisible, visible
from bicentennial.formats.registry import TITLES, Format, detect
from bicentennial.intake.builder import DatasetBuilder
from bicentennial.intake.bulk import BulkLoader
from bicentennial.intake.submission import Sheet, Submission
from bicentennial.semantics.declarations import declared as only_declared
from bicentennial.semantics.declarations import listed_parties
from bicentennial.semantics.records import Records
from bicentennial.semantics.records import ValueReader as Values
from bicentennial.semantics.sheets.body import GridBody
from bicentennial.semantics.sheets.template_sheets import explains
from bicentennial.semantics.submission_date import SubmissionDate
from bicentennial.semantics.values.resolver import Resolver
from bicentennial.semantics.versions import Versions
from bicentennial.storage.choice import for_tables, has_sqlite
from bicentennial.storage.origins import JsonOrigins, Origins, SheetOrigin, TabularOrigins
from bicentennial.storage.sizes import is_plain_size

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from bicentennial.core.grid import Grid
    from bicentennial.formats.rdf.reading import Content
    from bicentennial.intake.builder import Own
    from bicentennial.semantics.mapping import MappingFile
    from bicentennial.semantics.sheets.body import TableBody
    from bicentennial.semantics.sheets.headers import Header
    from bicentennial.semantics.sheets.sheet_plan import SheetPlan
    from bicentennial.semantics.tables import Reading, Tables
    from bicentennial.storage.dataset import Dataset
    from bicentennial.storage.duckdb_dataset import DuckDBDataset
    from bicentennial.vocabulary.index import Index

__all__ = ["FileReader"]

_KEPT: Final = 200
# So much of a file shows what it is.
_HEAD: Final = 1_000_000


class FileReader:
    """Reads one file.

    Args:
        path: the file.
        index: the compiled index.
        mapping: what a mapping file says.
        limits: see `Limits`.
        sqlite: whether a small submission may be kept in SQLite.
        name: what findings call it; its own name if None.
    """

    def __init__(
        self,
        path: Path,
        index: Index,
        mapping: MappingFile,
        limits: Limits = DEFAULT,
        *,
        sqlite: bool = False,
        name: str | None = None,
    ) -> None:
        self.path = path
        self.name = name
        self.file = Path(name).name if name else path.name
        self.index = index
        self.mapping = mapping
        self.limits = limits
        self.builder = DatasetBuilder(self.file, index, mapping, limits, sqlite and has_sqlite())
        self.findings: list[Finding] = []
        self.versions = Versions(index)
        self.submission_date = SubmissionDate(index, mapping)

    def read(self, data: bytes) -> Submission:
        """Return what the bytes of the file hold."""
        return self._settled(self._read([data]))

    def read_file(self) -> Submission:
        """Return what the file holds.

        Raises:
            InputError: it cannot be read, or holds too much; see `intake.read`.
        """
        return self.read_in_stretches() or self._settled(self._read([content(self.path, self.limits, self.name)]))

    def read_in_stretches(self) -> Submission | None:
        """Return what a long file of plain N-Triples holds, which is not read as a whole; None if it is something else.

        Raises:
            LimitReachedError: something in it is too long.
        """
        try:
            size = self.path.stat().st_size if self.path.is_file() else 0
            if not is_plain_size(size) or size > self.limits.file_bytes:
                return None
            stream = self.path.open("rb")
        except (OSError, ValueError):  # which is told by what reads it as a whole
            return None
        with stream:
            return self._of_stream(stream)

    def _of_stream(self, stream: IO[bytes]) -> Submission | None:
        try:
            found = detect(self._named, stream.read(_HEAD) + stream.readline(_HEAD))
        except UnreadableInputError:
            return None
        if found.name != "ntriples":
            return None
        from bicentennial.formats.rdf.stretches import read_in_stretches

        stream.seek(0)
        dataset = for_tables()
        content = None
        try:
            content = read_in_stretches(stream, dataset, self.limits)
        finally:
            if content is None:
                dataset.close()
        if content is None:
            return None
        self._note_promise(found)
        return self._settled(self._graph(found, dataset, content, ""))

    @property
    def _named(self) -> str:
        return (self.path if self.path.suffix else Path(self.file)).name

    def _note_promise(self, found: Format) -> None:
        if found.promised:
            self._say("format-differs", extension=Path(self._named).suffix, format=TITLES[found.name])

    def _settled(self, made: Submission) -> Submission:
        if passed_over := self.mapping.passed_over(made.format):
            self._say("mapping-passed-over", keys=passed_over, format=TITLES[made.format])
        if self.mapping.version:
            self.versions.state(self.mapping.version, "mapping", Location(file=self.file))
        self.submission_date.settle(made.dataset, made.origins, self.versions.headers)
        made.findings += self.versions.findings()
        made.version, made.version_source = self.versions.chosen, self.versions.source
        return made

    def _read(self, held: list[bytes]) -> Submission:
        """Return what some bytes hold, which are taken out of a list so that they are gone once they are text."""
        data = held.pop()
        found = detect(self._named, data)
        self._note_promise(found)
        if found.family is Family.WORKBOOK:
            from bicentennial.formats.workbook.sheets import read_workbook, unflattened
            from bicentennial.semantics.tables import Tables

            data = unflattened(data)
            grids = read_workbook(data, found.name, self.limits)
            self.versions.of_workbook(data, self.file)
            return self._sheets(found, grids, Tables(self.index, self.mapping, self.submission_date))
        text = self._decoded(data, found.name)
        del data
        if found.family is Family.DELIMITED:
            if (at := first_invisible(text)) is not None:
                place = Location(file=self.file, row=text.count("\n", 0, at) + 1)
                self.findings.append(make_finding("invisible-characters", place))
                text = visible(text)
            return self._delimited(found, text)
        if found.family is Family.JSON:
            return self._json(found, text)
        if found.family is Family.IATI:
            return self._iati(found, text)
        return self._rdf(found, text)

    def _decoded(self, data: bytes, format_name: str) -> str:
        """Return the text of a file, and say what encoding was assumed and where letters look garbled."""
        text, encoding, doubt = decoded_xml(data) if FILE_FORMATS[format_name].is_xml else decoded(data)
        is_assumed = encoding in NAMES
        if is_assumed:
            self._say("encoding-assumed", encoding=NAMES[encoding])
        sample = ""
        if found := garbled(text):
            line, sample = text.count("\n", 0, found.start()) + 1, found[0]
        elif doubt:
            line, sample = doubt
        if sample:
            in_rows = FILE_FORMATS[format_name].family is Family.DELIMITED
            place = Location(file=self.file, row=line) if in_rows else Location(file=self.file, line=line)
            self.findings.append(make_finding("text-garbled", place, value=sample, quoted=sample))
        return text

    def _say(self, code: str, **words: Any) -> None:
        self.findings.append(make_finding(code, Location(file=self.file), **words))

    def _delimited(self, found: Format, text: str) -> Submission:
        from bicentennial.formats.csv.delimited import read_delimited
        from bicentennial.semantics.tables import Tables

        tables = Tables(self.index, self.mapping, self.submission_date)
        tab = found.name == "tsv"
        bulk = BulkLoader(self.file, tables, self.limits)
        if at_once := bulk.of_text(text, tab=tab):
            grid, plan, body = at_once
            self._above(grid, plan)
            return self._loaded(found, tables, [self._reading(tables, plan, body, 1, "")], bulk)
        grid = read_delimited(text, Location(file=self.file), self.limits, tables.score, tab=tab)
        return self._sheets(found, [grid], tables)

    def _sheets(self, found: Format, grids: Iterable[Grid], tables: Tables) -> Submission:
        readings: list[Reading] = []
        seen: set[str] = set()
        unread: list[Grid] = []
        bulk = BulkLoader(self.file, tables, self.limits)
        for number, grid in enumerate(grids, start=1):
            plan = tables.plan(grid, self.file) if grid.rows else None
            self._above(grid, plan)
            if plan is None:
                self._unread(grid)
                grid.keep(_KEPT)
                unread.append(grid)
                continue
            self.findings += grid.findings
            prefix = f"sheet:{number}:" if plan.table.iri in seen else ""
            seen.add(plan.table.iri)
            body = bulk.of_grid(grid, plan, number, prefix)
            reading = self._reading(tables, plan, body, number, prefix)
            if grid.odd is not None:
                from bicentennial.intake.odd_sheets import odd_findings

                self.findings += odd_findings(grid.odd, reading)
            self._note_repeated(readings, reading)
            readings.append(reading)
        if not readings:
            self._refuse(unread, tables)
        return self._loaded(found, tables, readings, bulk)

    def _above(self, grid: Grid, plan: SheetPlan | None) -> None:
        """Look for the version and the date of the submission in what is no row of a table."""
        above = plan.above if plan is not None else None
        self.versions.of_notes(grid, above, self.file)
        self.submission_date.of_notes(grid, above, self.file)

    def _reading(
        self, tables: Tables, plan: SheetPlan, body: GridBody | TableBody, number: int, prefix: str
    ) -> Reading:
        """Return the records of a sheet, once its columns about the submission have been looked at."""
        from bicentennial.semantics.tables import of_other_length

        self.versions.of_rows(plan, body)
        self.submission_date.of_rows(plan, body)
        plan.header.findings += [*body.sift(tables.rules(plan)).findings, *of_other_length(body, plan)]
        reading = tables.read(plan, body, number) if isinstance(body, GridBody) else tables.outline(plan, number)
        reading.records.raw = None if isinstance(body, GridBody) else body.raw
        reading.records.prefix = prefix
        return reading

    def _unread(self, grid: Grid) -> None:
        if grid.name is None:
            self.findings += grid.findings
        elif not explains(grid):
            self.findings.append(make_finding("sheet-not-read", Location(self.file, grid.name), sheet=grid.name))

    def _refuse(self, unread: Sequence[Grid], tables: Tables) -> None:
        """Say why no sheet is a table of ours: as a finding if one might be, otherwise by raising an error."""
        grids = [grid for grid in unread if grid.rows]
        if not grids:
            raise unreadable("empty")
        headers = {each: [column.header[each] for column in tables.main.required] for each in LANGUAGES}
        if found := next((known for grid in grids if (known := tables.known(grid.rows))), None):
            self._say("table-unrecognised", seen=found, headers=headers)
            return
        grid = grids[0]
        if grid.name is None and explains(grid):
            raise unreadable("form-sheet", actions=tables.main.name)
        seen = [cell for cell in grid.rows[0] if cell.strip()]
        for column, cells in enumerate(zip(*(row[:2] for row in grid.rows if len(row) > 1), strict=False), start=1):
            if known := tables.known([cells]):
                raise unreadable("transposed", column=column_letter(column), seen=known)
        if len(seen) == 1 and not any(sum(map(bool, row)) > 1 for row in grid.rows):
            raise unreadable("no-separator", seen=seen[0], headers=headers)
        raise unreadable("no-header", headers=headers, seen=seen)

    def _loaded(self, found: Format, tables: Tables, readings: Sequence[Reading], bulk: BulkLoader) -> Submission:
        sheets = {
            reading.records.sheet: SheetOrigin(reading.at.sheet, _columns(reading.records)) for reading in readings
        }
        self.findings += tables.declared.missing(self.file)
        made = self._load(
            found,
            [(reading.records, reading.plan.header) for reading in readings],
            [(reading.records.sheet, reading.own) for reading in readings],
            bulk.dataset,
        )
        made.origins = TabularOrigins(self.file, made.dataset, sheets)
        made.sheets = [
            Sheet(reading.at.sheet, reading.records.table.iri, _length(reading.records), reading.at.row)
            for reading in readings
        ]
        return made

    def _note_repeated(self, before: list[Reading], reading: Reading) -> None:
        table = reading.records.table
        for other in before:
            if other.records.table.iri == table.iri and reading.at.sheet is not None:
                place = Location(file=self.file, sheet=reading.at.sheet)
                self.findings.append(
                    make_finding(
                        "sheet-repeated", place, sheet=reading.at.sheet, table=table.name, other=other.at.sheet
                    )
                )
                return

    def _json(self, found: Format, text: str) -> Submission:
        from bicentennial.formats.json.document import document_of, read_json
        from bicentennial.semantics.tables import Tables

        tables = Tables(self.index, self.mapping, self.submission_date)
        document, lines = document_of(text, tables, self.limits, lines=found.name == "jsonl")
        if found.name == "jsonl" and not lines:
            found = Format("json")
            self._say("format-differs", extension=Path(self.file).suffix, format=TITLES["json"])
        lists, notes = read_json(document, self.file, tables, self.limits, lines=lines, versions=self.versions)
        self.findings += [*notes, *tables.declared.missing(self.file)]
        made = self._load(
            found,
            [(each.records, each.header) for each in lists],
            [(each.records.sheet, each.own) for each in lists],
        )
        sheets = {each.records.sheet: SheetOrigin(each.pointer, _columns(each.records)) for each in lists}
        made.origins = JsonOrigins(self.file, made.dataset, sheets, {each.records.sheet: each for each in lists})
        made.sheets = [Sheet(each.pointer, each.records.table.iri, len(each.records.numbers), None) for each in lists]
        return made

    def _load(
        self,
        found: Format,
        parts: Sequence[tuple[Records, Header]],
        own: Sequence[Own] = (),
        dataset: DuckDBDataset | None = None,
    ) -> Submission:
        suppressed: set[tuple[str, str]] = set()
        for _, header in parts:
            self.findings += header.findings
            suppressed |= header.suppressed
        whole = self.builder.records([records for records, _ in parts], own, self.findings, dataset)
        return Submission(self.file, found.name, whole, self.findings, Origins(self.file), suppressed=suppressed)

    def _iati(self, found: Format, text: str) -> Submission:
        from bicentennial.formats.iati import Activities, IatiOrigins
        from bicentennial.semantics.tables import Tables

        resolver = Resolver(self.index)
        declared = [*listed_parties(self.mapping.parties, resolver)]
        at = Location(file=self.file)
        self.findings += only_declared(((each["name"], at) for each in self.mapping.parties), self.limits.findings)
        tables = Tables(self.index, self.mapping, self.submission_date)
        constants = [
            (each.iri, said)
            for each in tables.constants(tables.main, 1)
            for said in Values(each.heading, "en", resolver, self.limits, self.mapping).read(each.values[0])
        ]
        activities = Activities(self.file, self.index, resolver, self.limits, self.mapping, constants)
        dataset = self.builder.statements(
            islice(chain(declared, activities.statements(text)), self.limits.statements + 1)
        )
        self.limits.check("statements", len(dataset))
        self.submission_date.of_iati(activities.generated, self.file)
        self.findings += activities.findings()
        origins = IatiOrigins(self.file, dataset, activities.paths, activities.subjects)
        return Submission(self.file, found.name, dataset, self.findings, origins)

    def _rdf(self, found: Format, text: str) -> Submission:
        dataset, content = self.builder.graph(text, found.name)
        return self._graph(found, dataset, content, text)

    def _graph(self, found: Format, dataset: Dataset, content: Content, text: str) -> Submission:
        from bicentennial.intake.untrusted import sanitize

        if content.graphs == 1:
            self._say("graph-ignored")
        elif content.graphs:
            self._say("graphs-several", count=content.graphs)
        origins = content.origins(self.file, text, dataset)
        self.findings += content.findings(origins, self.index.properties)
        self.versions.of_dataset(dataset, origins)
        self.findings += sanitize(dataset, self.index, origins)
        return Submission(self.file, found.name, dataset, self.findings, origins)


def _length(records: Records) -> int:
    return records.raw.count if records.raw else len(records.numbers)


def _columns(records: Records) -> dict[str, list[tuple[int, str]]]:
    columns: dict[str, list[tuple[int, str]]] = {}
    for each in records.fields:
        # A constant of the mapping file stands in no column: 0.
        columns.setdefault(each.iri, []).append((each.heading.number, each.heading.text))
    return columns
