"""Large tables stay tables: DuckDB reads the cells, and Python looks only at what a column holds, each value once.

A sheet becomes one table of the dataset, with a subject for each row. What the distinct values of a column mean goes
into a table of its own, and `statements` is then a view over both (`Dataset.include`): no cell is ever stored as a
statement. A delimited text goes to DuckDB as it is; where the two readers might not agree on its rows, and for
workbooks and JSON, the cells that Python has read are written to a private file for DuckDB.
"""

# ruff: noqa: S608 -- nothing that a partner wrote is ever part of the text of a query

from __future__ import annotations

import csv
import json
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any, Final

from bicentennial.findings import Location, column_letter
from bicentennial.intake.database import duckdb
from bicentennial.intake.delimited import GUARDED, Raw
from bicentennial.intake.layout import IRI, Column, keyed, quoted
from bicentennial.intake.records import Field, Reader, ambiguous, mint, splits
from bicentennial.intake.values import DECIMAL
from bicentennial.namespaces import DCTERMS, RDF, XSD

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

    from bicentennial.findings import Finding
    from bicentennial.intake.dataset import Dataset
    from bicentennial.intake.delimited import Grid
    from bicentennial.intake.headers import Heading
    from bicentennial.intake.index import Index
    from bicentennial.intake.limits import Limits
    from bicentennial.intake.mapping import Mapping
    from bicentennial.intake.records import Cell, Records
    from bicentennial.intake.resolve import Resolver

__all__ = ["Columns", "Head", "Values", "of_records", "of_rows", "of_text"]

_MARK: Final = "\x02"
# What `str.strip` takes away.
_BLANKS: Final = (
    "\t\n\x0b\x0c\r\x1c\x1d\x1e\x1f \x85\xa0\u1680\u2000\u2001\u2002\u2003\u2004\u2005\u2006\u2007\u2008\u2009\u200a"
    "\u2028\u2029\u202f\u205f\u3000"
)
_MEANING: Final = {
    "value": "VARCHAR",
    "o": "VARCHAR",
    "kind": "UTINYINT",
    "dt": "VARCHAR",
    "lang": "VARCHAR",
    "item": "SMALLINT",
}
_OTHERS: Final = _BLANKS.replace(" ", "")
# Addresses of which nobody could think otherwise; `resolve.is_iri` knows more.
_ADDRESS: Final = "(?:https?|urn):[A-Za-z0-9._~:/?#@!$&()*+,=%-]+"
_FIELDS: Final = "auto_detect=false, header=false, quote='\"', escape='\"', comment='', max_line_size=16777216"


def of_text(dataset: Dataset, text: str, delimiter: str, header_row: int, head: Head, limits: Limits) -> Raw | None:
    """Return the rows below the header of a delimited text, or None where another reader might see other rows.

    Args:
        dataset: where to put them.
        text: all of it, without a `sep=` line.
        delimiter: what separates the cells.
        header_row: the number of the header's row.
        head: its cells, and what the rows are.
        limits: see `Limits`.

    Raises:
        LimitReachedError: there are more rows than the limits allow.
    """
    width = len(head.texts)
    if text.count("\r") != text.count("\r\n") or not 1 < width <= limits.columns:
        return None
    path = dataset.spool / "text"
    names = [f"r{number}" for number in range(1, width + 1)]
    spaces = not any(character in text for character in _OTHERS if character not in "\r\n")
    cells = _cells((_trimmed(_unguarded(name, text), spaces=spaces) for name in names), head)
    options = f"{_FIELDS}, delim={quoted(delimiter)}, skip={header_row}, strict_mode=true, null_padding=false"
    table = f"{dataset.store}sheet1"
    try:
        path.write_text(text, encoding="utf-8", newline="")
        dataset.connection.execute(
            f"CREATE TABLE {table} AS SELECT (row_number() OVER () + {header_row})::INTEGER AS row, {cells}"
            f" FROM read_csv($1, {options}, columns={dict.fromkeys(names, 'VARCHAR')})",
            [str(path)],
        )
    except (duckdb.Error, UnicodeEncodeError):
        return None
    finally:
        path.unlink(missing_ok=True)
    # A value with a line break, a blank line: only if there is none does each line make a row.
    lines = text.count("\n") + (not text.endswith("\n"))
    return _checked(dataset, table, head, limits, lines - header_row)


def of_rows(dataset: Dataset, grid: Grid, position: int, head: Head, limits: Limits, sheet: int) -> Raw | None:
    """Return the rows below the header of a sheet that Python has read, or None if they are not all as wide."""
    rows, numbers = grid.rows[position + 1 :], grid.numbers[position + 1 :]
    if set(map(len, rows)) != {len(head.texts)}:
        return None
    names = [f"r{number}" for number in range(1, len(head.texts) + 1)]
    table = f"{dataset.store}sheet{sheet}"
    cells = _cells((_trimmed(f"coalesce({name}, '')") for name in names), head)
    _spool(
        dataset,
        ([number, *row] for number, row in zip(numbers, rows, strict=True)),
        {"row": "INTEGER"} | dict.fromkeys(names, "VARCHAR"),
        f"CREATE TABLE {table} AS SELECT row, {cells}",
        f"WHERE concat({', '.join(names)}) <> ''",
    )
    return _checked(dataset, table, head, limits)


def _cells(cells: Iterable[str], head: Head) -> str:
    """Return the select list of the cells and of the subject that each row gets from its identifier."""
    named = f"url_encode(c{head.identifier})" if head.identifier else "':row:' || row"
    selected = [f"{cell} AS c{number}" for number, cell in enumerate(cells, start=1)]
    return ", ".join([*selected, f"{quoted(mint(head.class_iri, ''))} || {named} AS s"])


def _checked(dataset: Dataset, table: str, head: Head, limits: Limits, expected: int | None = None) -> Raw | None:
    """Return the rows in a table, unless Python has something to say about them, or has counted others."""
    names = [f"c{number}" for number in range(1, len(head.texts) + 1)]
    longest = ", ".join(f"max(length({name}))" for name in names)
    connection = dataset.connection
    count, *lengths = connection.execute(f"SELECT count(*), {longest} FROM {table}").fetchall()[0]
    unheaded = any(length and not text for length, text in zip(lengths, head.texts, strict=True))
    if not count or unheaded or max(lengths) > limits.cell_characters or count != (expected or count):
        connection.execute(f"DROP TABLE {table}")
        return None
    limits.check("rows", count)
    ((blank,),) = connection.execute(f"DELETE FROM {table} WHERE concat({', '.join(names)}) = ''").fetchall()
    if head.identifier:
        _tell_apart(dataset, table, f"c{head.identifier}")
    return Raw(table, count - blank, by_python=False)


def _tell_apart(dataset: Dataset, table: str, name: str) -> None:
    """Name rows by their number too whose identifier is missing or stands in a row before."""
    ((repeated,),) = dataset.connection.execute(
        f"SELECT count(*) <> count(DISTINCT {name}) OR min({name}) = '' FROM {table}"
    ).fetchall()
    if repeated:
        later = f"{name} = '' OR row_number() OVER (PARTITION BY {name} ORDER BY row) > 1"
        dataset.connection.execute(
            f"UPDATE {table} SET s = s || ':row:' || row WHERE row IN (SELECT row FROM {table} QUALIFY {later})"
        )


def _trimmed(cell: str, *, spaces: bool = False) -> str:
    # DuckDB is quick to take spaces away; other blanks take it ten times as long, and are rare.
    plain = f"trim({cell})"
    if spaces:
        return plain
    others = quoted(f"^[{_OTHERS}]|[{_OTHERS}]$")
    return f"CASE WHEN regexp_matches({plain}, {others}) THEN trim({cell}, {quoted(_BLANKS)}) ELSE {plain} END"


def _unguarded(name: str, text: str) -> str:
    cell = f"coalesce({name}, '')"
    if "'" not in text:
        return cell
    return f"CASE WHEN regexp_matches({name}, {quoted('^' + GUARDED)}) THEN substr({name}, 2) ELSE {cell} END"


def of_records(dataset: Dataset, records: Records) -> Raw:
    """Return the cells of records that Python has read."""
    columns = [list(map(_written, each.values)) for each in records.fields]
    names = {"row": "INTEGER", "s": "VARCHAR"} | {f"c{number}": "VARCHAR" for number in range(1, len(columns) + 1)}
    cells = "".join(f", coalesce({name}, '') AS {name}" for name in list(names)[2:])
    table = f"{dataset.store}sheet{records.sheet}"
    rows = zip(records.numbers, records.subjects, *columns, strict=True)
    _spool(dataset, rows, names, f"CREATE TABLE {table} AS SELECT row, s{cells}")
    return Raw(table, len(records.numbers), by_python=True)


def _spool(dataset: Dataset, rows: Iterable[Any], columns: dict[str, str], before: str, after: str = "") -> None:
    """Run a statement that reads rows from a private file."""
    path = dataset.spool / "rows"
    try:
        with path.open("w", encoding="utf-8", newline="") as out:
            csv.writer(out).writerows(rows)
        dataset.connection.execute(
            f"{before} FROM read_csv($1, {_FIELDS}, new_line='\\r\\n', columns={columns}) {after}", [str(path)]
        )
    finally:
        path.unlink(missing_ok=True)


def _written(value: Cell) -> str:
    # Several values of JSON, or a text that might be taken for them.
    return value if isinstance(value, str) and not value.startswith(_MARK) else _MARK + json.dumps(value)


def _read(text: str) -> Cell:
    if not text.startswith(_MARK):
        return text
    value = json.loads(text[1:])
    return value if isinstance(value, str) else tuple(value)


@dataclass(frozen=True, slots=True)
class Head:
    """The header of a sheet: its cells, of which class the rows are, and which column identifies them, from 1."""

    texts: Sequence[str]
    class_iri: str
    identifier: int | None


@dataclass(frozen=True, slots=True)
class Values:
    """What the values of a submission mean, and what is allowed."""

    resolver: Resolver
    limits: Limits
    mapping: Mapping

    def reader(self, heading: Heading, language: str) -> Reader:
        """Return what reads the values of a column."""
        return Reader(heading, language, self.resolver, self.limits, self.mapping)


class Columns:
    """One large sheet on its way from cells to statements.

    It does what `records.declare`, `records.statements` and `Dataset.load` do together: first `begin`, for all sheets
    of a file, since the values of one may name the rows of another, then `finish`.

    Args:
        dataset: where the cells are.
        raw: the cells.
        records: what they are; of cells that Python has not made records of, the first ones.
        reading: what values mean, and what is allowed.
    """

    def __init__(self, dataset: Dataset, raw: Raw, records: Records, reading: Values) -> None:
        self._dataset = dataset
        self._connection = dataset.connection
        self._raw = raw
        self._records = records
        self._values = reading

    def begin(self, index: Index, *, alone: bool) -> None:
        """Let values name the rows by their identifiers.

        Args:
            index: the compiled index.
            alone: whether the file has no other sheet.
        """
        ranges = {each for field in self._records.fields for each in field.heading.column.ranges}
        if not self._raw.by_python and (not alone or index.within(self._records.table.iri, ranges)):
            self._identify()

    def finish(self, findings: list[Finding]) -> None:
        """Let the dataset say what the cells say, and add what could not be told to `findings`."""
        own = self._records.table.iri
        columns = [Column(RDF.type, self._raw.table, self._records.sheet, o=quoted(own), kind=IRI)]
        for number, each in enumerate(self._records.fields, start=1):
            reader = self._values.reader(each.heading, self._records.language)
            columns.append(self._column(number, each, reader))
            if reader.problems:
                findings += self._ambiguous(self._cell(number, each), each, reader)
        self._dataset.include(*columns)

    def _cell(self, number: int, each: Field) -> str:
        if self._raw.by_python:
            return f"c{number}"
        # A constant of the mapping file stands in no column.
        return f"c{each.heading.number}" if each.heading.number else quoted(str(each.values[0] if each.values else ""))

    def _identify(self) -> None:
        fields = enumerate(self._records.fields, start=1)
        cell = next((self._cell(n, each) for n, each in fields if each.iri == DCTERMS.identifier), None)
        if cell is not None:
            rows = self._connection.execute(
                f"SELECT {cell}, s FROM {self._raw.table} WHERE {cell} <> '' ORDER BY row DESC"
            )
            self._values.resolver.identify(self._records.table.iri, dict(rows.fetchall()))

    def _column(self, number: int, each: Field, reader: Reader) -> Column:
        """Return what a column says; where that is not what stands in its cells, make a table of what they mean."""
        cell, column = self._cell(number, each), each.heading.column
        plain = Column(each.iri, self._raw.table, self._records.sheet, each.heading.number, cell, o=cell)
        if not reader.renames and not (self._raw.by_python and self._holds(cell, _MARK)):
            if not splits(column) and (column.is_text or each.iri == DCTERMS.identifier):
                dt, lang = map(quoted, reader.plain)
                return replace(plain, dt=dt, lang=lang)
            if column.is_number and not self._holds(cell, ";"):
                return replace(plain, dt=self._datatype(cell))
        meanings = f"{self._raw.table}_{number}"
        self._connection.execute(
            f"CREATE TABLE {meanings}({', '.join(map(' '.join, _MEANING.items()))}, k VARCHAR)",
        )
        others = "true" if reader.renames or reader.address is None else self._addresses(cell, meanings, reader.address)
        rows = list(self._meanings(cell, reader, others))
        if rows:
            values = ", ".join(
                f"unnest(${place}::{kind}[]) AS {name}" for place, (name, kind) in enumerate(_MEANING.items(), start=1)
            )
            self._connection.execute(
                f"INSERT INTO {meanings} SELECT *, {keyed()} FROM (SELECT {values})", list(zip(*rows, strict=True))
            )
        single = len({value for value, *_ in rows}) == len(rows)
        return replace(plain, meanings=meanings, single=single)

    def _addresses(self, cell: str, meanings: str, means: tuple[int, str]) -> str:
        """Note what values mean that are plainly addresses, often another one in each row; return which are not."""
        length = self._values.limits.iri_characters
        plain = f"length({cell}) <= {length} AND regexp_full_match({cell}, {quoted(_ADDRESS)})"
        kind, dt = means
        self._connection.execute(
            f"INSERT INTO {meanings} SELECT *, {keyed()} FROM (SELECT DISTINCT {cell} AS value, {cell} AS o,"
            f" {kind} AS kind, {quoted(dt)} AS dt, '' AS lang, NULL AS item FROM {self._raw.table} WHERE {plain})"
        )
        return f"NOT ({plain})"

    def _datatype(self, cell: str) -> str:
        """Return the datatype of the numbers in a column, which is the same for all if all are numbers."""
        digits = self._values.limits.digits + 2
        number = f"length({cell}) <= {digits} AND regexp_full_match({cell}, {quoted(DECIMAL)})"
        ((all_are,),) = self._connection.execute(
            f"SELECT coalesce(bool_and({number}), true) FROM {self._raw.table} WHERE {cell} <> ''"
        ).fetchall()
        if all_are:
            return quoted(XSD.decimal)
        return f"CASE WHEN {number} THEN {quoted(XSD.decimal)} ELSE {quoted(XSD.string)} END"

    def _holds(self, cell: str, character: str) -> bool:
        found = self._connection.execute(
            f"SELECT 1 FROM {self._raw.table} WHERE contains({cell}, $1) LIMIT 1", [character]
        )
        return found.fetchone() is not None

    def _meanings(self, cell: str, reader: Reader, which: str) -> Iterator[tuple[str, str, int, str, str, int | None]]:
        values = self._connection.execute(
            f"SELECT DISTINCT {cell} FROM {self._raw.table} WHERE {cell} <> '' AND {which}"
        ).fetchall()
        for (value,) in values:
            for said in reader.read(_read(value) if self._raw.by_python else value):
                yield (value, *said)

    def _ambiguous(self, cell: str, each: Field, reader: Reader) -> Iterator[Finding]:
        if self._raw.by_python:
            return ambiguous(self._records, each, reader, self._values.resolver)
        rows = self._connection.execute(
            f"SELECT row, s, {cell} FROM {self._raw.table} WHERE {cell} IN (SELECT unnest($1::VARCHAR[])) ORDER BY row",
            [list(reader.problems)],
        ).fetchall()

        at = self._records.place(0, None)

        def place(record: int, _: object) -> Location:
            return Location(at.file, at.sheet, rows[record][0], column_letter(each.heading.number), each.heading.text)

        there = replace(
            self._records, numbers=[row for row, _, _ in rows], subjects=[s for _, s, _ in rows], place=place
        )
        return ambiguous(there, Field(each.heading, [value for _, _, value in rows]), reader, self._values.resolver)
