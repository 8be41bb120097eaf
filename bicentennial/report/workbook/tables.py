"""The rows of a submission that is no XLSX workbook, as they were read, under the same limits as the first time."""

from __future__ import annotations

from itertools import chain
from pathlib import Path
from typing import TYPE_CHECKING, Final

from bicentennial.core.file_formats import Family
from bicentennial.core.findings import Location, column_number
from bicentennial.core.messages import entry
from bicentennial.core.namespaces import RDF, compact
from bicentennial.formats.decoding import decode
from bicentennial.formats.registry import detect
from bicentennial.report.workbook.new_workbook import Table
from bicentennial.vocabulary.index import default_index

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from bicentennial.core.findings import Finding
    from bicentennial.core.grid import Grid
    from bicentennial.core.limits import Limits
    from bicentennial.core.messages import Language
    from bicentennial.formats.json.document import JsonList
    from bicentennial.semantics.mapping import MappingFile

__all__ = ["tables_of"]

_COLUMNS: Final = 500


def tables_of(path: str, data: bytes, mapping: MappingFile, limits: Limits, lang: Language) -> list[Table]:
    """Return the tables of a submission.

    Raises:
        InputError: it cannot be read.
    """
    from bicentennial.semantics.tables import Tables

    file = Path(path).name
    found = detect(file, data)
    data_name: str = entry("report", "workbook")["data"][lang]
    if found.family is Family.WORKBOOK:
        from bicentennial.formats.workbook.sheets import read_workbook

        return [_grid(grid.complete(), grid.name or data_name) for grid in read_workbook(data, found.name, limits)]
    if found.family is Family.DELIMITED:
        from bicentennial.formats.csv.delimited import read_delimited

        scored = Tables(default_index(), mapping).recogniser.score
        return [
            _grid(
                read_delimited(decode(data)[0], Location(file=file), limits, scored, tab=found.name == "tsv"), data_name
            )
        ]
    if found.family is Family.JSON:
        from bicentennial.formats.json.document import document_of, read_json

        tables = Tables(default_index(), mapping)
        document, lines = document_of(decode(data)[0], tables.recogniser, limits, lines=found.name == "jsonl")
        lists, _ = read_json(document, file, tables, limits, lines=lines)
        return [_json(each, each.pointer.strip("/") or data_name) for each in lists]
    return [_statements(path, data, mapping, limits, data_name)]


def _grid(grid: Grid, name: str) -> Table:
    def locate(finding: Finding) -> tuple[int, int | None] | None:
        place = finding.location
        if place.row is None or place.sheet != grid.name:
            return None
        return place.row, column_number(place.column) if place.column else None

    return Table(name, zip(grid.numbers, grid.rows, strict=True), None, locate)


def _json(read: JsonList, name: str) -> Table:
    fields = [each for each in read.records.fields if each.heading.number]
    # A text given by language has a field of its own for each; what no object uses is not shown.
    shown = [each for each in fields if any(each.values)]
    heads = [
        f"{each.heading.text} ({each.heading.language})"
        if sum(other.heading.text == each.heading.text for other in shown) > 1 and each.heading.language
        else each.heading.text
        for each in shown
    ]
    columns = {each.iri: at for at, each in reversed(list(enumerate(shown, start=1)))}
    keys = {each.heading.text: at for at, each in reversed(list(enumerate(shown, start=1)))}
    rows = {number: at for at, number in enumerate(read.records.numbers, start=2)}

    def cells() -> Iterator[tuple[int, Sequence[str]]]:
        yield 1, heads
        values = [each.values for each in shown]
        for at in range(len(read.records.numbers)):
            yield at + 2, [cell if isinstance(cell, str) else "; ".join(cell) for cell in (each[at] for each in values)]

    def locate(finding: Finding) -> tuple[int, int | None] | None:
        pointer = finding.location.pointer
        if pointer is None or not pointer.startswith(f"{read.pointer}/"):
            return None
        steps = pointer[len(read.pointer) + 1 :].split("/")
        row = rows.get(int(steps[0]) + 1) if steps[0].isdecimal() else None
        if row is None:
            return None
        key = steps[1].replace("~1", "/").replace("~0", "~") if len(steps) > 1 else None
        return row, keys.get(key) if key is not None else columns.get(finding.path or "")

    return Table(name, cells(), 1, locate)


def _statements(path: str, data: bytes, mapping: MappingFile, limits: Limits, name: str) -> Table:
    """Return RDF as a table: a row for each thing, a column for each property."""
    from bicentennial.intake.reader import FileReader

    submission = FileReader(Path(path), default_index(), mapping, limits).read(data)
    with submission.dataset as dataset:
        properties = [
            p
            for (p,) in dataset.connection.execute(
                "SELECT p FROM statements WHERE p <> ? GROUP BY p ORDER BY count(*) DESC, p LIMIT ?",
                [RDF.type, _COLUMNS],
            ).fetchall()
        ]
        found = dataset.connection.execute(
            "SELECT s, p, string_agg(o, '; ' ORDER BY o) FROM statements GROUP BY s, p ORDER BY s"
        ).fetchall()
    columns = {p: at for at, p in enumerate([RDF.type, *properties], start=2)}
    things: dict[str, list[str]] = {}
    for s, p, values in found:
        row = things.setdefault(s, [s, *[""] * len(columns)])
        if p in columns:
            row[columns[p] - 1] = compact(values) if p == RDF.type else values
    numbers = {s: at for at, s in enumerate(things, start=2)}
    heads = ["", *(compact(p) for p in columns)]

    def locate(finding: Finding) -> tuple[int, int | None] | None:
        row = numbers.get(finding.focus or "")
        return None if row is None else (row, columns.get(finding.path or "", 1))

    return Table(name, chain([(1, heads)], enumerate(things.values(), start=2)), 1, locate)
