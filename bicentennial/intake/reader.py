"""From a file of any format to a `Submission`: each format has its way, and all of them end in one dataset."""

from __future__ import annotations

from itertools import chain, islice
from pathlib import Path
from typing import TYPE_CHECKING, Any

from bicentennial.core.findings import Finding, Location
from bicentennial.core.limits import DEFAULT, Limits
from bicentennial.core.notices import notice, unreadable
from bicentennial.formats.decoding import decode
from bicentennial.formats.registry import TITLES, Format, detect
from bicentennial.intake.builder import Loading
from bicentennial.intake.bulk import Wholesale, has_sqlite
from bicentennial.intake.submission import Sheet, Submission
from bicentennial.semantics.declarations import listed_parties
from bicentennial.semantics.records import Reader as Values
from bicentennial.semantics.records import Records
from bicentennial.semantics.resolver import Resolver
from bicentennial.semantics.submission_date import Dating
from bicentennial.semantics.template_sheets import explains
from bicentennial.semantics.versions import Versions, unsaid
from bicentennial.storage.origins import JsonOrigins, Origins, SheetOrigin, TabularOrigins

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Sequence

    from bicentennial.formats.csv.delimited import Grid
    from bicentennial.intake.builder import Own
    from bicentennial.semantics.headers import Header
    from bicentennial.semantics.mapping import Mapping
    from bicentennial.semantics.tables import Reading, Tables
    from bicentennial.storage.dataset import Dataset
    from bicentennial.vocabulary.index import Index

__all__ = ["Reader"]


class Reader:
    """Reads one file.

    Args:
        path: the file.
        index: the compiled index.
        mapping: what a mapping file says.
        limits: see `Limits`.
        light: whether a small submission may be kept in SQLite.
        meanwhile: what to do while it is being opened; see `formats.workbook.sheets`.
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
        self.loading = Loading(index, mapping, limits, light and has_sqlite())
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
            from bicentennial.formats.workbook.sheets import read_workbook
            from bicentennial.semantics.tables import Tables

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
        from bicentennial.formats.csv.delimited import read_delimited
        from bicentennial.semantics.tables import Tables

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
        from bicentennial.formats.json.document import read_json
        from bicentennial.semantics.tables import Tables

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
        own: Sequence[Own] = (),
        dataset: Dataset | None = None,
    ) -> Submission:
        suppressed: set[tuple[str, str]] = set()
        for _, header in parts:
            self.findings += header.findings
            suppressed |= header.suppressed
        dataset = self.loading.records([records for records, _ in parts], own, self.findings, dataset)
        return Submission(self.file, found.name, dataset, self.findings, Origins(self.file), suppressed=suppressed)

    def _iati(self, found: Format, text: str) -> Submission:
        from bicentennial.formats.iati import Activities, IatiOrigins
        from bicentennial.semantics.tables import Tables

        resolver = Resolver(self.index)
        declared = [*listed_parties(self.mapping.parties, resolver)]
        tables = Tables(self.index, self.mapping, self.dating)
        constants = [
            (each.iri, said)
            for each in tables.constants(tables.main, 1)
            for said in Values(each.heading, "en", resolver, self.limits, self.mapping).read(each.values[0])
        ]
        activities = Activities(self.file, self.index, resolver, self.limits, self.mapping, constants)
        dataset = self.loading.statements(
            islice(chain(declared, activities.statements(text)), self.limits.statements + 1)
        )
        self.limits.check("statements", len(dataset))
        self.dating.of_iati(activities.generated, self.file)
        self.findings += activities.findings()
        origins = IatiOrigins(self.file, dataset, activities.paths, activities.subjects)
        return Submission(self.file, found.name, dataset, self.findings, origins)

    def _rdf(self, found: Format, text: str) -> Submission:
        from bicentennial.formats.rdf.textorigins import TextOrigins
        from bicentennial.intake.untrusted import distrust

        dataset, graphs = self.loading.graph(text, found.name)
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
