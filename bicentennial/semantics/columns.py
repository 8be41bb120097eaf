"""Large tables stay tables: Python looks only at what a column holds, each value once.

A sheet is one table of the dataset, see `storage.duckdb.tables`. What the distinct values of a column mean goes into a
table of its own, and `statements` is then a view over both (`DuckDBDataset.add_columns`): no cell is stored as a
statement.
"""

# ruff: noqa: S608 -- nothing that a partner wrote is ever part of the text of a query

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING, Final

from bicentennial.core.cell_errors import PATTERN
from bicentennial.core.concurrency import run_threads
from bicentennial.core.namespaces import BIC, DCTERMS, RDF, XSD
from bicentennial.core.startup.records import record, replace
from bicentennial.semantics.records import Look, ValueReader, splits, stored_value_findings, value_findings
from bicentennial.semantics.values.typed import DECIMAL
from bicentennial.storage.duckdb.tables import MARK, begin_as_errors, errors, unmarked
from bicentennial.storage.layout import IRI, SqlColumn, keyed, quoted

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from bicentennial.core.findings import Finding
    from bicentennial.core.limits import Limits
    from bicentennial.semantics.mapping import MappingFile
    from bicentennial.semantics.records import Field, Records
    from bicentennial.semantics.sheets.headers import Heading
    from bicentennial.semantics.values.resolver import Resolver
    from bicentennial.storage.connection import Connection
    from bicentennial.storage.duckdb.dataset import DuckDBDataset
    from bicentennial.storage.duckdb.tables import Raw
    from bicentennial.vocabulary.index import Index

__all__ = ["ADDRESS", "ColumnImporter", "ValueContext", "looked_at"]

_MEANING: Final = {
    "value": "VARCHAR",
    "o": "VARCHAR",
    "kind": "UTINYINT",
    "dt": "VARCHAR",
    "lang": "VARCHAR",
    "item": "SMALLINT",
}
_GIVEN: Final = ", ".join(f"unnest(${n}::{kind}[]) AS {name}" for n, (name, kind) in enumerate(_MEANING.items(), 1))
# So many values that mean themselves are not worth handing back to the database, which has them.
_MANY: Final = 1_000
# If so many rows share a value, it is looked at once for all of them.
_ALIKE: Final = 8
# What is an address beyond doubt; `resolve.is_iri` knows more.
ADDRESS: Final = "(?:https?|urn):[A-Za-z0-9._~:/?#@!$&()*+,=%-]+"


@record(frozen=True)
class ValueContext:
    """What the values of a submission mean, and what is allowed."""

    resolver: Resolver
    limits: Limits
    mapping: MappingFile

    def reader(self, heading: Heading, language: str) -> ValueReader:
        """Return what reads the values of a column."""
        return ValueReader(heading, language, self.resolver, self.limits, self.mapping)


def _usual(rows: Sequence[tuple[str, str, int, str, str, int | None]]) -> tuple[int, str, str] | None:
    """Return what most values are that mean themselves: kind, datatype, language; None if they are not many."""
    if len(rows) < _MANY:
        return None
    kinds = Counter((kind, dt, lang) for value, o, kind, dt, lang, item in rows if o == value and item is None)
    return kinds.most_common(1)[0][0] if kinds and kinds.most_common(1)[0][1] >= _MANY else None


def looked_at(connection: Connection, raw: Raw, fields: Sequence[Field], digits: int) -> list[Look]:
    """Return how the cells of each column look: one statement for all, which takes longer to plan than to run.

    Args:
        connection: of the database.
        raw: the cells.
        fields: the columns.
        digits: how many digits a plain number has at most.
    """
    parts = []
    for number, each in enumerate(fields, start=1):
        cell = _cell(raw, number, each)
        parts.append(f"bool_or({begin_as_errors(cell)})" if _may_be_plain(each) else "false")
        parts.append(f"bool_or(contains({cell}, $1))" if raw.by_python else "false")
        is_number = each.heading.column.is_number
        parts.append(f"bool_or(contains({cell}, ';'))" if is_number else "true")
        parts.append(f"bool_and({cell} = '' OR {_is_decimal(cell, digits)})" if is_number else "false")
        parts.append(f"count(*) FILTER (WHERE {cell} <> '')")
    given = [MARK] if raw.by_python else []
    (found,) = connection.execute(f"SELECT {', '.join(parts)} FROM {raw.table}", given).fetchall()
    return [Look(*look) for look in zip(*[iter(found)] * len(Look._fields), strict=True)]


def _cell(raw: Raw, number: int, each: Field) -> str:
    if raw.by_python:
        return f"c{number}"
    # A constant of the mapping file stands in no column.
    return f"c{each.heading.number}" if each.heading.number else quoted(str(each.values[0] if each.values else ""))


def _may_be_plain(each: Field) -> bool:
    """Return whether what stands in the cells of a column may be what they say."""
    column = each.heading.column
    return column.is_number or (not splits(column) and (column.is_text or each.iri == DCTERMS.identifier))


def _is_decimal(cell: str, digits: int) -> str:
    """Return the SQL that is true of cells with a plain decimal number that is not too long."""
    return f"(length({cell}) <= {digits + 2} AND regexp_full_match({cell}, {quoted(DECIMAL)}))"


class ColumnImporter:
    """One large sheet on its way from cells to statements.

    It does what `records.declare`, `records.statements` and `Dataset.load` do together: first `begin`, for all sheets
    of a file, since the values of one may name the rows of another, then `finish`.

    Args:
        dataset: where the cells are.
        raw: the cells.
        records: what they are; of cells that Python has not made records of, the first ones.
        reading: what values mean, and what is allowed.
    """

    def __init__(self, dataset: DuckDBDataset, raw: Raw, records: Records, reading: ValueContext) -> None:
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
        """Let the dataset say what the cells say, and add what is ambiguous to `findings`."""
        own = self._records.table.iri
        fields = list(enumerate(self._records.fields, start=1))
        readers = {n: self._values.reader(each.heading, self._records.language) for n, each in fields}
        typed = SqlColumn(RDF.type, self._raw.table, self._records.sheet, o=quoted(own), kind=IRI)
        columns = {0: replace(typed, filled=self._raw.count)}
        looks = self._records.looks or self._looks()

        def understand(connection: Connection, field: tuple[int, Field]) -> None:
            number, each = field
            columns[number] = self._column(connection, number, each, readers[number], looks[number - 1])

        run_threads(understand, fields, self._dataset.connections(len(fields)))
        for number, each in fields:
            if readers[number].problems:
                findings += self._findings(self._cell(number, each), each, readers[number])
        self._dataset.add_columns(*(column for _, column in sorted(columns.items())))

    def _looks(self) -> Sequence[Look]:
        digits = self._values.limits.digits
        return looked_at(self._connection, self._raw, self._records.fields, digits)

    def _cell(self, number: int, each: Field) -> str:
        return _cell(self._raw, number, each)

    def _identify(self) -> None:
        fields = enumerate(self._records.fields, start=1)
        cell = next((self._cell(n, each) for n, each in fields if each.iri == DCTERMS.identifier), None)
        if cell is not None:
            rows = self._connection.execute(
                f"SELECT {cell}, s FROM {self._raw.table} WHERE {cell} <> '' ORDER BY row DESC"
            )
            self._values.resolver.identify(self._records.table.iri, dict(rows.fetchall()))

    def _column(self, connection: Connection, number: int, each: Field, reader: ValueReader, look: Look) -> SqlColumn:
        """Return what a column says; where that is not what stands in its cells, make a table of what they mean."""
        cell, column = self._cell(number, each), each.heading.column
        place = (self._raw.table, self._records.sheet, each.heading.number)
        plain = SqlColumn(each.iri, *place, cell, o=cell, filled=look.filled)
        has_errors = look.are_doubtful and self._holds_errors(connection, cell)
        if not (reader.renames or look.are_marked or has_errors):
            if not splits(column) and (column.is_text or each.iri == DCTERMS.identifier):
                dt, lang = map(quoted, reader.plain)
                return replace(plain, dt=dt, lang=lang)
            if column.is_number and not (reader.converts or look.are_lists):
                if look.are_decimal is not False:
                    return replace(plain, dt=quoted(XSD.decimal), is_decimal=True)
                types = (quoted(XSD.decimal), quoted(XSD.string))
                return replace(
                    plain,
                    dt=f"CASE WHEN {_is_decimal(cell, self._values.limits.digits)} THEN {types[0]} ELSE {types[1]} END",
                )
        return self._meant(connection, plain, f"{self._raw.table}_{number}", reader)

    def _meant(self, connection: Connection, column: SqlColumn, meanings: str, reader: ValueReader) -> SqlColumn:
        """Make a table of what the cells of a column mean, and return the column with it."""
        values = f"SELECT DISTINCT {column.cell} AS value FROM {column.table} WHERE {column.cell} <> ''"
        differing = f"WITH differing AS MATERIALIZED ({values})"
        # Plain addresses, often another one in each row, mean themselves; Python looks at each of the other values.
        is_address = "false"
        if reader.address is not None and not reader.renames:
            length = self._values.limits.iri_characters
            is_address = f"length(value) <= {length} AND regexp_full_match(value, {quoted(ADDRESS)})"
        ((addresses, listed),) = connection.execute(
            f"{differing} SELECT count(*) FILTER (WHERE {is_address}),"
            f" list(value) FILTER (WHERE NOT ({is_address})) FROM differing"
        ).fetchall()
        others = listed or []
        if not others and reader.address is not None and addresses * _ALIKE > self._raw.count:
            kind, dt = reader.address
            return replace(column, kind=kind, dt=quoted(dt))
        rows = [
            (value, *said)
            for value in others
            for said in reader.read(unmarked(value) if self._raw.by_python else value)
        ]
        given = f"SELECT {_GIVEN}"
        if addresses and reader.address is not None:
            kind, dt = reader.address
            given += f" UNION ALL SELECT value, value, {kind}, {quoted(dt)}, '', NULL FROM differing WHERE {is_address}"
        told = {value for value, *_ in rows}
        single, silent = len(told) == len(rows), len(told) < len(others)
        is_untagged = not any(lang for *_, lang, _ in rows)
        if usual := _usual(rows):
            # Most values mean themselves: DuckDB has them already, and is told of the others only.
            kind, dt, lang = usual
            rows = [row for row in rows if row[2:5] != usual or row[0] != row[1] or row[5] is not None]
            others = [*(value for value in others if value not in told), *(value for value, *_ in rows)]
            given += (
                f" UNION ALL SELECT value, value, {kind}, {quoted(dt)}, {quoted(lang)}, NULL FROM differing"
                f" WHERE NOT ({is_address}) AND value NOT IN (SELECT unnest(${len(_MEANING) + 1}::VARCHAR[]))"
            )
        parameters = list(map(list, zip(*rows, strict=True))) or [[] for _ in _MEANING]
        whole = f"{differing} " if "FROM differing" in given else ""
        connection.execute(
            f"CREATE TABLE {meanings} AS {whole}SELECT *, {keyed()} AS k FROM ({given})",
            [*parameters, others] if usual else parameters,
        )
        return replace(column, meanings=meanings, single=single, silent_values=silent, is_untagged=is_untagged)

    def _holds_errors(self, connection: Connection, cell: str) -> bool:
        found = connection.execute(f"SELECT 1 FROM {self._raw.table} WHERE {errors(cell, '$1')} LIMIT 1", [PATTERN])
        return found.fetchone() is not None

    def _findings(self, cell: str, each: Field, reader: ValueReader) -> Iterator[Finding]:
        if self._raw.by_python:
            return value_findings(self._records, each, reader, self._values.resolver)
        of = self._records.field(BIC.budgetCurrency)
        currency = self._cell(self._records.fields.index(of) + 1, of) if of else "''"
        rows = self._connection.execute(
            f"SELECT row, s, {cell}, {currency} FROM {self._raw.table}"
            f" WHERE {cell} IN (SELECT unnest($1::VARCHAR[])) ORDER BY row",
            [list(reader.problems)],
        ).fetchall()
        return stored_value_findings(self._records, each.heading, rows, reader, self._values.resolver)
