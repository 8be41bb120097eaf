"""Registers of tables: what `semantics.columns` does for one machine, with the cells in Spark.

Python looks at what a column holds, each different value once; what the values mean goes back by a broadcast join. The
rows that hold no record, the names of rows and the statements are worked out by Spark.
"""

# ruff: noqa: S608 -- names of ours alone, and what `session.literal` and `session.rewritten` write

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Any, Final

from bicentennial.core.cell_errors import PATTERN
from bicentennial.core.findings import Location, column_letter
from bicentennial.core.namespaces import BIC, DCTERMS, RDF, XSD, make_iri
from bicentennial.core.problems import make_finding
from bicentennial.intake.submission import Sheet, Submission
from bicentennial.semantics.columns import ADDRESS
from bicentennial.semantics.declarations import declared as only_declared
from bicentennial.semantics.declarations import listed_parties
from bicentennial.semantics.records import ValueReader, splits, stored_value_findings
from bicentennial.semantics.sheets.row_kinds import NAMES
from bicentennial.semantics.submission_date import SubmissionDate
from bicentennial.semantics.tables import Tables
from bicentennial.semantics.values.resolver import Resolver
from bicentennial.semantics.values.typed import DECIMAL
from bicentennial.semantics.versions import Versions
from bicentennial.spark.cells import STRIDE, cells_of, garbled_row, placed
from bicentennial.spark.dataset import SparkDataset, checkpointed
from bicentennial.spark.places import Places as SparkPlaces
from bicentennial.spark.session import frame, lists, literal, refused, rewritten
from bicentennial.storage.duckdb.tables import errors, identifier_of
from bicentennial.storage.layout import IRI, LITERAL, quoted

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from pyspark.sql import DataFrame, SparkSession

    from bicentennial.core.findings import Finding
    from bicentennial.core.limits import Limits
    from bicentennial.semantics.mapping import MappingFile
    from bicentennial.semantics.records import Field
    from bicentennial.semantics.sheets.row_kinds import RowRules, Sifted
    from bicentennial.semantics.sheets.sheet_plan import SheetPlan
    from bicentennial.semantics.tables import Reading
    from bicentennial.spark.sources import Files
    from bicentennial.vocabulary.index import Index

__all__ = ["read_table"]

_MEANING: Final = "value STRING, o STRING, kind INT, dt STRING, lang STRING, item INT"


class _Body:
    """The rows below the header in Spark: they answer what `semantics.body.Body` is asked."""

    def __init__(self, session: SparkSession, plan: SheetPlan) -> None:
        self._session = session
        self._plan = plan

    def firsts(self, column: int) -> Iterator[tuple[str, int]]:
        """Yield the differing values of a column, each with the row that it stands in first."""
        yield from lists(
            self._session.sql(f"SELECT c{column}, min(g) AS n FROM cells WHERE c{column} <> '' GROUP BY 1 ORDER BY n")
        )

    def sift(self, rules: RowRules) -> list[Sifted]:
        """Take the rows out that hold no record, file by file, and name the others."""
        width = len(self._plan.texts)
        names = ", ".join(f"c{n}" for n in range(1, width + 1))
        condition = rewritten(rules.condition().replace(NAMES, f"({', '.join(map(quoted, rules.names))})"))
        suspects = lists(self._session.sql(f"SELECT g, {names} FROM cells WHERE {condition} ORDER BY g"))
        by_file: dict[int, list[tuple[int, Sequence[str]]]] = {}
        for g, *texts in suspects:
            by_file.setdefault(g // STRIDE, []).append((g, texts))
        found = [rules.sift(each) for each in by_file.values()]
        left_out = [g for sifted in found for g in sifted.left_out]
        ends = [sifted.end for sifted in found if sifted.end is not None]
        blank = f"concat({', '.join(f'c{n}' for n in rules.read)}) = ''"
        after = "".join(f" OR (g >= {end} AND g < {(end // STRIDE + 1) * STRIDE})" for end in ends)
        frame(self._session, [(g,) for g in left_out], "g BIGINT").createOrReplaceTempView("left_out")
        kept = self._session.sql(f"SELECT * FROM cells LEFT ANTI JOIN left_out USING (g) WHERE NOT ({blank}{after})")
        kept.createOrReplaceTempView("cells")
        self._name()
        return found

    def _name(self) -> None:
        """Give each row its subject: by its identifier, by its number too where that is missing or said before."""
        base = literal(make_iri(self._plan.table.iri, ""))
        several = "CASE WHEN sheet = 0 THEN '' ELSE concat('sheet:', sheet + 1, ':') END"
        number = f"concat(':', {several}, 'row:', row)"
        if not self._plan.identifier:
            self._session.sql(f"SELECT *, concat({base}, {number}) AS s FROM cells").createOrReplaceTempView("cells")
            return
        name = rewritten(identifier_of(self._plan.identifier))
        encoded = "replace(replace(replace(url_encode(name_), '+', '%20'), '*', '%2A'), '%7E', '~')"
        self._session.sql(
            f"SELECT *, concat({base}, {encoded}, CASE WHEN name_ = '' OR before_ > 1 THEN {number} ELSE '' END) AS s"
            f" FROM (SELECT *, row_number() OVER (PARTITION BY name_ ORDER BY g) AS before_"
            f" FROM (SELECT *, {name} AS name_ FROM cells))"
        ).createOrReplaceTempView("cells")


def _garbled_cell(session: SparkSession, plan: SheetPlan, file: int, row: int, sample: str) -> Location:
    """Return which cell of a row, of the file with a number, holds a text."""
    names = ", ".join(f"c{n}" for n in range(1, len(plan.texts) + 1))
    found = lists(session.sql(f"SELECT {names} FROM cells WHERE sheet = {file} AND row = {row}")) if row > 1 else []
    cells = found[0] if found else plan.texts
    column = next((n for n, cell in enumerate(cells, start=1) if sample in cell), None)
    if column is None:
        return Location(row=row)
    header = next((each.text for each in plan.headings if each.number == column), None)
    return Location(row=row, column=column_letter(column), header=header)


def read_table(
    session: SparkSession, files: Files, name: str, index: Index, mapping: MappingFile, limits: Limits
) -> Submission:
    """Return what the tables of a register say; see `reading.read`.

    Raises:
        InputError: something cannot be read.
    """
    versions, date = Versions(index), SubmissionDate(index, mapping)
    tables = Tables(index, mapping, date)
    _, plan, rows = cells_of(session, files, tables, limits, name)
    checkpointed(rows).createOrReplaceTempView("cells")
    findings: list[Finding] = []
    if files.kind != "parquet" and (odd := garbled_row(session)):
        number, row, sample = odd
        place = _garbled_cell(session, plan, number, row, sample)._replace(file=files.names[number])
        findings.append(make_finding("text-garbled", place, value=sample, quoted=sample))
    session.catalog.dropTempView("lines")
    _measure(session, plan, limits)
    body: Any = _Body(session, plan)
    versions.of_rows(plan, body)
    date.of_rows(plan, body)
    for sifted in body.sift(tables.rules(plan)):
        plan.header.findings += sifted.findings
    plan.header.findings += tables.of_other_currency(plan.header, plan.table, plan.at, body.firsts)
    checkpointed(session.table("cells")).createOrReplaceTempView("cells")
    reading = tables.outline(plan, 1)
    columns: dict[str, list[tuple[int, str]]] = {}
    for each in reading.records.fields:
        columns.setdefault(each.iri, []).append((each.heading.number, each.heading.text))
    findings += [*tables.declared.missing(name), *plan.header.findings]
    resolver = Resolver(index)
    declared = list(listed_parties(mapping.parties, resolver))
    whole = Location(file=name)
    findings += only_declared(((each["name"], whole) for each in mapping.parties), limits.findings)
    said = _Columns(session, reading, resolver, index, mapping, limits, findings).statements()
    dataset = SparkDataset(session, said)
    dataset.load(declared)
    dataset.keep()
    origins = SparkPlaces(name, files.names, dataset, columns=columns)
    if mapping.version:
        versions.state(mapping.version, "mapping", whole)
    date.finish(dataset, origins, versions.headers)  # type: ignore[arg-type]
    findings += versions.findings()
    # Findings speak of columns of Parquet as of those of delimited text.
    form = "csv" if files.kind == "parquet" else files.kind
    made = Submission(name, form, dataset, [_there(each, files.names) for each in findings], origins)  # type: ignore[arg-type]
    for key, place in [*origins.placed.items()]:
        origins.placed[key] = _at(place, files.names)
    made.suppressed |= plan.header.suppressed
    made.version, made.version_source = versions.chosen, versions.source
    ((count,),) = lists(session.sql("SELECT count(*) FROM cells"))
    made.sheets = [Sheet(None, plan.table.iri, count, 1)]
    return made


def _there(finding: Finding, files: Sequence[str]) -> Finding:
    return replace(finding, location=_at(finding.location, files))


def _at(place: Location, files: Sequence[str]) -> Location:
    if place.row is None or (place.row < STRIDE and len(files) > 1 and place.row == 1):
        return place
    file, row = placed(files, place.row)
    return place._replace(file=file, row=row)


def _measure(session: SparkSession, plan: SheetPlan, limits: Limits) -> None:
    width = len(plan.texts)
    limits.check("columns", width)
    longest = ", ".join(f"max(length(c{n}))" for n in range(1, width + 1))
    (lengths,) = lists(session.sql(f"SELECT {longest} FROM cells"))
    for number, (length, text) in enumerate(zip(lengths, plan.texts, strict=True), start=1):
        if length and not text:
            raise refused("no-header-cell", column=column_letter(number))
    limits.check("cell_characters", max((each or 0 for each in lengths), default=0))


class _Columns:
    """The columns of a register on their way from cells to statements; see `semantics.columns.Columns`."""

    def __init__(
        self,
        session: SparkSession,
        reading: Reading,
        resolver: Resolver,
        index: Index,
        mapping: MappingFile,
        limits: Limits,
        findings: list[Finding],
    ) -> None:
        self._session = session
        self._records = reading.records
        self._resolver = resolver
        self._index = index
        self._mapping = mapping
        self._limits = limits
        self._findings = findings

    def statements(self) -> DataFrame:
        """Return what the cells say as statements, and add what is ambiguous to the findings."""
        own = self._records.table.iri
        queries = [self._query(str(RDF.type), literal(own), IRI, "''", "''", 0, "true", number=False)]
        values: dict[int, list[str]] = {}
        facts = self._facts()
        for number, each in enumerate(self._records.fields):
            reader = ValueReader(each.heading, self._records.language, self._resolver, self._limits, self._mapping)
            plain = self._plain(number, each, reader, facts)
            if plain is None:
                values[number] = self._values(each, reader)
            else:
                queries.append(plain)
        self._identify(values)
        for number, listed in values.items():
            queries.append(self._meant(number, self._records.fields[number], listed))
        return self._session.sql(" UNION ALL ".join(queries))

    def _cell(self, each: Field) -> str:
        if each.heading.number:
            return f"c{each.heading.number}"
        return literal(str(each.values[0] if each.values else ""))

    def _facts(self) -> list[Any]:
        """Return for each column whether it holds texts of errors, lists, and nothing but numbers."""
        asked = []
        for each in self._records.fields:
            cell = self._cell(each)
            number = self._number(cell)
            asked += [
                f"coalesce(bool_or({rewritten(errors(cell, '?1'), [PATTERN])}), false)",
                f"coalesce(bool_or(contains({cell}, ';')), false)",
                f"coalesce(bool_and(CASE WHEN {cell} <> '' THEN {number} END), true)",
            ]
        (row,) = lists(self._session.sql(f"SELECT {', '.join(asked)} FROM cells")) if asked else [()]
        return list(row)

    def _number(self, cell: str) -> str:
        pattern = literal(f"\\A(?:{DECIMAL})\\z")
        return f"(length({cell}) <= {self._limits.digits + 2} AND regexp_like({cell}, {pattern}))"

    def _plain(self, number: int, each: Field, reader: ValueReader, facts: list[Any]) -> str | None:
        """Return the statements of a column whose cells mean what they say, None if they have to be understood."""
        wrong, lists_, numbers = facts[3 * number : 3 * number + 3]
        cell, column = self._cell(each), each.heading.column
        if reader.renames or wrong:
            return None
        dt, lang = reader.plain
        if not splits(column) and (column.is_text or each.iri == DCTERMS.identifier):
            datatype = literal(str(dt))
        elif column.is_number and not reader.converts and not lists_:
            decimal, text = literal(str(XSD.decimal)), literal(str(XSD.string))
            datatype = decimal if numbers else f"CASE WHEN {self._number(cell)} THEN {decimal} ELSE {text} END"
            lang = ""
        else:
            return None
        return self._query(each.iri, cell, LITERAL, datatype, literal(lang), each.heading.number, f"{cell} <> ''")

    def _query(
        self, p: str, o: str, kind: int, dt: str, lang: str, col: int, condition: str, *, number: bool = True
    ) -> str:
        place = col if number else "CAST(NULL AS INT)"
        return (
            f"SELECT s, {literal(str(p))} AS p, {o} AS o, {kind} AS kind, {dt} AS dt, {lang} AS lang, sheet, row,"
            f" {place} AS col, CAST(NULL AS INT) AS item FROM cells WHERE {condition}"
        )

    def _address(self, reader: ValueReader, cell: str) -> str:
        """Return whether a value means itself, as plain addresses do."""
        if reader.address is None or reader.renames:
            return "false"
        plain = literal(f"\\A(?:{ADDRESS})\\z")
        return f"(length({cell}) <= {self._limits.iri_characters} AND regexp_like({cell}, {plain}))"

    def _values(self, each: Field, reader: ValueReader) -> list[str]:
        """Return the different values of a column that are no plain addresses."""
        cell = self._cell(each)
        found = lists(
            self._session.sql(
                f"SELECT value FROM (SELECT DISTINCT {cell} AS value FROM cells WHERE {cell} <> '')"
                f" WHERE NOT {self._address(reader, 'value')} ORDER BY value"
            )
        )
        return [value for (value,) in found]

    def _identify(self, values: dict[int, list[str]]) -> None:
        """Let values name rows by their identifiers: of those, only what some value says."""
        own = self._records.table.iri
        of_rows = [n for n in values if self._index.within(own, set(self._records.fields[n].heading.column.ranges))]
        cell = next((self._cell(each) for each in self._records.fields if each.iri == DCTERMS.identifier), None)
        if cell is None or not of_rows:
            return
        said = {part.strip() for n in of_rows for value in values[n] for part in (value, *value.split(";"))}
        said |= {new for n in of_rows for new in self._renamed(n)}
        frame(self._session, [(each,) for each in sorted(said)], "value STRING").createOrReplaceTempView("said_")
        rows = self._session.sql(
            f"SELECT {cell}, s FROM cells LEFT SEMI JOIN said_ ON {cell} = value WHERE {cell} <> '' ORDER BY g DESC"
        )
        self._resolver.identify(own, dict(lists(rows)))

    def _renamed(self, number: int) -> set[str]:
        heading = self._records.fields[number].heading
        renames = self._mapping.values_of(heading.text, heading.column) if self._mapping.values else {}
        return {part.strip() for new in renames.values() for part in (new, *new.split(";"))}

    def _meant(self, number: int, each: Field, values: Sequence[str]) -> str:
        """Return the statements of a column by what its values mean."""
        reader = ValueReader(each.heading, self._records.language, self._resolver, self._limits, self._mapping)
        rows = [(value, *said) for value in values for said in reader.read(value)]
        meanings = f"meanings{number}"
        frame(self._session, rows, _MEANING).createOrReplaceTempView(meanings)
        cell = self._cell(each)
        if reader.problems:
            self._findings += self._value_findings(cell, each, reader)
        query = (
            f"SELECT /*+ BROADCAST(m) */ s, {literal(str(each.iri))} AS p, m.o, m.kind, m.dt, m.lang, sheet, row,"
            f" {each.heading.number} AS col, m.item FROM cells JOIN {meanings} m ON m.value = {cell}"
        )
        if reader.address is not None:
            kind, dt = reader.address
            addressed = f"{cell} <> '' AND {self._address(reader, cell)}"
            query += " UNION ALL " + self._query(
                each.iri, cell, kind, literal(str(dt)), "''", each.heading.number, addressed
            )
        return query

    def _value_findings(self, cell: str, each: Field, reader: ValueReader) -> Iterator[Finding]:
        values = frame(self._session, [(str(value),) for value in reader.problems], "value STRING")
        values.createOrReplaceTempView("problems_")
        of = self._records.field(BIC.budgetCurrency)
        currency = self._cell(of) if of else "''"
        rows = lists(
            self._session.sql(
                f"SELECT g, s, {cell}, {currency} FROM cells LEFT SEMI JOIN problems_ ON {cell} = value ORDER BY g"
            )
        )
        return stored_value_findings(self._records, each.heading, rows, reader, self._resolver)
