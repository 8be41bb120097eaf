"""A file read: its statements, where they stand, and what reading it found."""

from __future__ import annotations

from dataclasses import dataclass, field
from itertools import chain, islice
from pathlib import Path
from typing import TYPE_CHECKING, Any, NamedTuple

from bicentennial.findings import Finding, Location
from bicentennial.intake.dataset import Dataset
from bicentennial.intake.dating import Dating
from bicentennial.intake.declarations import listed_parties, named_in_columns
from bicentennial.intake.decoding import decode
from bicentennial.intake.formats import TITLES, Format, detect
from bicentennial.intake.limits import DEFAULT, Limits
from bicentennial.intake.notices import notice, unreadable
from bicentennial.intake.origins import JsonOrigins, Origins, SheetOrigin, TabularOrigins
from bicentennial.intake.ownsheets import explains
from bicentennial.intake.records import Reader as Values
from bicentennial.intake.records import Records, declare, statements
from bicentennial.intake.resolve import Resolver
from bicentennial.intake.versions import Versions, unsaid
from bicentennial.intake.wholesale import Wholesale, has_sqlite, is_worthwhile, new_dataset

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Sequence

    from bicentennial.intake.columnar import Columns
    from bicentennial.intake.delimited import Grid
    from bicentennial.intake.headers import Header
    from bicentennial.intake.index import Index
    from bicentennial.intake.mapping import Mapping
    from bicentennial.intake.statement import Statement
    from bicentennial.intake.tables import Reading, Tables

__all__ = ["Reader", "Sheet", "Submission"]

_Own = tuple[int, list[tuple[str, str, str, int]]]


class Sheet(NamedTuple):
    """A sheet or JSON list that was read: its name, the class of its rows, how many there are."""

    name: str | None
    class_iri: str
    rows: int
    header_row: int | None


@dataclass(slots=True)
class Submission:
    """What a file turned out to hold.

    `suppressed` holds pairs of class and property whose column is missing or misspelt: that is one finding
    already, so that nobody need hear of it again for every row. `version` is that of the ontology which the file was
    made for, `version_source` where it says so; see `intake.versions`.
    """

    file: str
    format: str
    dataset: Dataset
    findings: list[Finding]
    origins: Origins
    sheets: list[Sheet] = field(default_factory=list)
    suppressed: set[tuple[str, str]] = field(default_factory=set)
    version: str = ""
    version_source: str = "assumed"


class Reader:
    """Reads one file.

    Args:
        path: the file.
        index: the compiled index.
        mapping: what a mapping file says.
        limits: see `Limits`.
        light: whether a small submission may be kept in SQLite.
        meanwhile: what to do while it is being opened; see `intake.workbook`.
    """

    def __init__(
        self,
        path: Path,
        index: Index,
        mapping: Mapping,
        limits: Limits = DEFAULT,
        *,
        light: bool = False,
        meanwhile: Callable[[], None] | None = None,
    ) -> None:
        self.path = path
        self.file = path.name
        self.index = index
        self.mapping = mapping
        self.limits = limits
        self.light = light and has_sqlite()
        self.meanwhile = meanwhile
        self.findings: list[Finding] = []
        self.versions = Versions(index)
        self.dating = Dating(index, mapping)

    def read(self, data: bytes) -> Submission:
        """Return what the bytes of the file hold."""
        made = self._read(data)
        if passed_over := self.mapping.passed_over(made.format):
            self._say("mapping-passed-over", keys=passed_over, format=TITLES[made.format])
        if self.mapping.version:
            self.versions.state(self.mapping.version, "mapping", Location(file=self.file))
        self.dating.settle(made.dataset, made.origins, self.versions.headers)
        made.findings += self.versions.findings()
        made.version, made.version_source = self.versions.chosen, self.versions.source
        return made

    def _read(self, data: bytes) -> Submission:
        found = detect(self.file, data)
        if found.promised:
            self._say("format-differs", extension=Path(self.file).suffix, format=TITLES[found.name])
        if found.name in ("xlsx", "xlsm", "ods"):
            from bicentennial.intake.tables import Tables
            from bicentennial.intake.workbook import read_workbook

            grids = read_workbook(data, found.name, self.file, self.limits, meanwhile=self.meanwhile)
            self.versions.of_workbook(data, self.file)
            return self._sheets(found, grids, Tables(self.index, self.mapping, self.dating))
        text, encoding = decode(data)
        if encoding != "utf-8":
            self._say(
                "encoding-assumed",
                encoding={"iso-8859-1": "Latin-1"}.get(encoding, encoding.title().replace("Utf", "UTF")),
            )
        if found.name in ("csv", "tsv"):
            return self._delimited(found, text)
        if found.name in ("json", "jsonl"):
            return self._json(found, text)
        if found.name == "iati":
            return self._iati(found, text)
        return self._rdf(found, text)

    def _say(self, code: str, **words: Any) -> None:
        self.findings.append(notice(code, Location(file=self.file), **words))

    def _delimited(self, found: Format, text: str) -> Submission:
        from bicentennial.intake.delimited import read_delimited
        from bicentennial.intake.tables import Tables

        tables = Tables(self.index, self.mapping, self.dating)
        at = Location(file=self.file)
        tab = found.name == "tsv"
        if at_once := self._wholesale(tables).of_text(text, tab=tab):
            head, dataset = at_once
            return self._sheets(found, [head], tables, dataset)
        grid = read_delimited(text, at, self.limits, tables.score, tab=tab)
        return self._sheets(found, [grid], tables)

    def _wholesale(self, tables: Tables) -> Wholesale:
        return Wholesale(self.file, tables, self.mapping, self.versions, self.limits)

    def _sheets(
        self, found: Format, grids: Iterable[Grid], tables: Tables, dataset: Dataset | None = None
    ) -> Submission:
        readings: list[Reading] = []
        first: list[str] = []
        wholesale = self._wholesale(tables)
        for number, grid in enumerate(grids, start=1):
            odd, explaining = grid.findings, explains(grid)
            dataset = wholesale.of_grid(grid, dataset, number)
            tables.begin(grid)
            chosen = tables.choose(grid.rows, grid.name) if grid.rows else None
            stated = self.versions.of_grid(grid, chosen[1] if chosen else None, self.file)
            self.dating.of_grid(grid, chosen[1] if chosen else None, self.file)
            reading = tables.read(grid, number, self.file) if chosen else None
            if reading is not None:
                reading.records.raw = grid.raw
            if reading is not None and stated is not None:
                unsaid(reading.header, stated)
            if reading is None:
                first = first or next(iter(grid.rows), [])
                if grid.name is None:
                    self.findings += odd
                elif not explaining:
                    place = Location(file=self.file, sheet=grid.name)
                    self.findings.append(notice("sheet-not-read", place, sheet=grid.name))
                continue
            self.findings += odd
            self._note_repeated(readings, reading)
            readings.append(reading)
        if not readings:
            if not first:
                raise unreadable("empty")
            seen = [cell for cell in first if cell.strip()]
            raise unreadable("no-header", headers=[column.header["en"] for column in tables.main.required], seen=seen)
        sheets = {
            reading.records.sheet: SheetOrigin(reading.at.sheet, reading.at.row, _columns(reading.records))
            for reading in readings
        }
        self.findings += tables.declared.missing(self.file)
        made = self._load(
            found,
            [(reading.records, reading.header) for reading in readings],
            [(reading.records.sheet, reading.own) for reading in readings],
            dataset,
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
                    notice("sheet-repeated", place, sheet=reading.at.sheet, table=table.name, other=other.at.sheet)
                )
                return

    def _json(self, found: Format, text: str) -> Submission:
        from bicentennial.intake.jsondoc import read_json
        from bicentennial.intake.tables import Tables

        tables = Tables(self.index, self.mapping, self.dating)
        lists, notes = read_json(
            text,
            self.file,
            tables,
            self.limits,
            lines=found.name == "jsonl",
            versions=self.versions,
        )
        self.findings += [*notes, *tables.declared.missing(self.file)]
        made = self._load(
            found,
            [(each.records, each.header) for each in lists],
            [(each.records.sheet, each.own) for each in lists],
        )
        sheets = {each.records.sheet: SheetOrigin(each.pointer, None, _columns(each.records)) for each in lists}
        made.origins = JsonOrigins(self.file, made.dataset, sheets, {each.records.sheet: each for each in lists})
        made.sheets = [Sheet(each.pointer, each.records.table.iri, len(each.records.numbers), None) for each in lists]
        return made

    def _load(
        self,
        found: Format,
        parts: Sequence[tuple[Records, Header]],
        own: Sequence[_Own] = (),
        dataset: Dataset | None = None,
    ) -> Submission:
        resolver = Resolver(self.index)
        declared = [*listed_parties(self.mapping.parties, resolver)]
        suppressed: set[tuple[str, str]] = set()
        for records, header in parts:
            self.findings += header.findings
            suppressed |= header.suppressed
            if records.raw is None:
                declare(records, resolver)
        for sheet, named in own:
            declared += named_in_columns(named, sheet, resolver)
        filled = sum(len(each.values) - each.values.count("") for records, _ in parts for each in records.fields)
        self.limits.check("statements", filled)
        cells = sum(len(records.numbers) * len(records.fields) for records, _ in parts)
        large = []
        small: list[Iterable[Statement]] = [declared]
        for records, _ in parts:
            if records.raw is None and not is_worthwhile(len(records.numbers) * len(records.fields)):
                small.append(statements(records, resolver, self.limits, self.mapping, self.findings))
            else:
                dataset = new_dataset(cells) if dataset is None else dataset
                large.append(self._large(records, dataset, resolver, alone=len(parts) == 1))
        for columns in large:
            columns.finish(self.findings)
        dataset = self._stored(chain(*small), dataset)
        self.limits.check("statements", len(dataset))
        return Submission(self.file, found.name, dataset, self.findings, Origins(self.file), suppressed=suppressed)

    def _stored(self, rows: Iterable[Statement], dataset: Dataset | None = None) -> Dataset:
        """Add statements to a dataset, or to a new one that suits them."""
        if dataset is None and self.light:
            from bicentennial.intake.light import holding

            return holding(rows)
        dataset = Dataset() if dataset is None else dataset
        dataset.load(rows)
        return dataset

    def _large(self, records: Records, dataset: Dataset, resolver: Resolver, *, alone: bool) -> Columns:
        from bicentennial.intake.columnar import Columns
        from bicentennial.intake.columnar import Values as Meanings
        from bicentennial.intake.stored import of_records

        raw = records.raw or of_records(dataset, records)
        sheet = Columns(dataset, raw, records, Meanings(resolver, self.limits, self.mapping))
        sheet.begin(self.index, alone=alone)
        return sheet

    def _iati(self, found: Format, text: str) -> Submission:
        from bicentennial.intake.iati import Activities, IatiOrigins
        from bicentennial.intake.tables import Tables

        resolver = Resolver(self.index)
        declared = [*listed_parties(self.mapping.parties, resolver)]
        tables = Tables(self.index, self.mapping, self.dating)
        constants = [
            (each.iri, said)
            for each in tables.constants(tables.main, 1)
            for said in Values(each.heading, "en", resolver, self.limits, self.mapping).read(each.values[0])
        ]
        activities = Activities(self.file, self.index, resolver, self.limits, self.mapping, constants)
        dataset = self._stored(islice(chain(declared, activities.statements(text)), self.limits.statements + 1))
        self.limits.check("statements", len(dataset))
        self.dating.of_iati(activities.generated, self.file)
        self.findings += activities.findings()
        origins = IatiOrigins(self.file, dataset, activities.paths, activities.subjects)
        return Submission(self.file, found.name, dataset, self.findings, origins)

    def _graph(self, found: Format, text: str) -> tuple[Dataset, int]:
        """Return a dataset with what an RDF text says, and how many graphs it has."""
        from bicentennial.intake.rdf import read_rdf

        if self.light:
            from bicentennial.intake.light import LightDataset, UnfitError, is_short

            if is_short(text):
                light = LightDataset()
                try:
                    return light, read_rdf(text, found.name, light, self.limits)
                except UnfitError:
                    light.close()
        dataset = Dataset()
        return dataset, read_rdf(text, found.name, dataset, self.limits)

    def _rdf(self, found: Format, text: str) -> Submission:
        from bicentennial.intake.textorigins import TextOrigins
        from bicentennial.intake.trust import distrust

        dataset, graphs = self._graph(found, text)
        if graphs == 1:
            self._say("graph-ignored")
        elif graphs:
            self._say("graphs-several", count=graphs)
        origins = TextOrigins(self.file, text, found.name, dataset)
        self.versions.of_dataset(dataset, origins)
        self.findings += distrust(dataset, self.index, origins)
        return Submission(self.file, found.name, dataset, self.findings, origins)


def _length(records: Records) -> int:
    return records.raw.count if records.raw else len(records.numbers)


def _columns(records: Records) -> dict[str, list[tuple[int, str]]]:
    columns: dict[str, list[tuple[int, str]]] = {}
    for each in records.fields:
        # A constant of the mapping file stands in no column: 0.
        columns.setdefault(each.iri, []).append((each.heading.number, each.heading.text))
    return columns
