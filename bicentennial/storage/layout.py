"""Where the statements of a submission are: in one table, and for large tables in the columns of those.

What a property says is then a query over few of them, and what several properties say of the same subjects needs no
join where all of them stand in the same row of one sheet.
"""

# ruff: noqa: S608 -- nothing that a partner wrote is ever part of the text of a query

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from bicentennial.core.startup.records import record

if TYPE_CHECKING:
    from collections.abc import Collection, Sequence

__all__ = [
    "ALL_ROWS",
    "BLANK",
    "COLUMNS",
    "IRI",
    "KEYED",
    "LITERAL",
    "ONCE",
    "PLACE",
    "TABLES",
    "TERM",
    "Layout",
    "SqlColumn",
    "begins",
    "keyed",
    "literal_key",
    "materialized",
    "quoted",
]

IRI: Final = 0
BLANK: Final = 1
LITERAL: Final = 2
ALL_ROWS: Final = f" LIMIT {(1 << 63) - 1}"
"""A limit that leaves nothing out, before which DuckDB puts no condition; other databases need none."""
ONCE: Final = "NOT MATERIALIZED"
"""Said of a join that is used once, which DuckDB then plans with what uses it; SQLite, which would find a worse order,
is to be told `MATERIALIZED` in its place."""
TERM: Final = ("k", "o", "kind", "dt", "lang")
"""The parts of an object: its key, see `keyed`, and the columns from which that is made."""


def quoted(text: str) -> str:
    """Return a text as an SQL string.

    >>> quoted("l'été")
    "'l''été'"
    """
    return "'" + text.replace("'", "''") + "'"


def begins(column: str, prefix: str) -> str:
    """Return what is true of texts with a beginning, as SQL that calls no function, which SQLite would have of Python.

    >>> begins("s", "urn:a#")
    "(s >= 'urn:a#' AND s < 'urn:a$')"
    """
    after = prefix[:-1] + chr(ord(prefix[-1]) + 1)
    return f"({column} >= {quoted(prefix)} AND {column} < {quoted(after)})"


def materialized(query: str) -> str:
    """Return a query for the rows of another, all of which are found before a condition is put to any.

    DuckDB would put it to every row before it looks for those that differ; for a regular expression that takes five
    times as long.
    """
    return f"SELECT * FROM ({query}){ALL_ROWS}"


def literal_key(o: str, dt: str, lang: str) -> str:
    """Return the key of a literal with these parts, as SQL; see `shacl_engine.results.Term.decode`."""
    return f"""'"' || {dt} || '"' || {lang} || '"' || {o}"""


def keyed() -> str:
    """Return the key of the term in the columns `o`, `kind`, `dt` and `lang`, as SQL."""
    return f"CASE WHEN kind = {LITERAL} THEN {literal_key('o', 'dt', 'lang')} ELSE o END"


_TERMS: Final = dict.fromkeys(("s", "p", "o"), "VARCHAR") | {"kind": "UTINYINT", "dt": "VARCHAR", "lang": "VARCHAR"}
PLACE: Final = {"sheet": "SMALLINT", "row": "INTEGER", "col": "SMALLINT", "item": "SMALLINT"}
"""The columns of `statements` that say where one stands, with their types."""
COLUMNS: Final = _TERMS | PLACE
"""The columns of `statements`, with their types."""
KEYED: Final = f"CREATE VIEW keyed AS SELECT *, {keyed()} AS k FROM statements;"
"""The statement that makes the relation `keyed` where all statements are stored one by one."""
TABLES: Final = (
    "".join(
        f"CREATE TABLE {table}({', '.join(f'{name} {kind}' for name, kind in columns.items())});"
        for table, columns in (("statements", COLUMNS), ("background", _TERMS))
    )
    + KEYED
)
"""The statements that make the relations."""


@record(frozen=True)
class SqlColumn:
    """What one column of a table says of its rows, each of which has a subject `s` of its own.

    `cell` is the column in `table`, empty where all rows say the same. What the cells mean is in the table `meanings`,
    which has the parts of the object for each `value`; without one, `o`, `kind`, `dt` and `lang` are expressions over
    the row. `single` says that no row says two things, `silent_values` that some values mean nothing, `is_nullable`
    that cells which say nothing are NULL, and not empty; `repeats` that many rows share a cell; `is_decimal` that every
    cell is a plain decimal number or empty, `is_untagged` that no meaning has a language. `filled` is how many cells
    are not empty, if that is known. `place` has the parts of `PLACE` as expressions, `m` being the row of the meanings,
    if that is not `sheet`, the row, and the column by its `number`.
    """

    p: str
    table: str
    sheet: int
    number: int | None = None
    cell: str = ""
    meanings: str = ""
    single: bool = True
    silent_values: bool = False
    is_nullable: bool = False
    repeats: bool = False
    is_decimal: bool = False
    is_untagged: bool = False
    filled: int | None = None
    o: str = ""
    kind: int | str = LITERAL
    dt: str = "''"
    lang: str = "''"
    place: tuple[str, ...] = ()

    def source(self, alias: str, where: str = "") -> str:
        """Return what has to be joined to the table for the meanings, or for those that meet a condition."""
        meanings = f"(SELECT * FROM {self.meanings} WHERE {where})" if where else self.meanings
        return f" JOIN {meanings} {alias} ON {alias}.value = {self.cell}" if self.meanings else ""

    @property
    def condition(self) -> str:
        """Which rows say anything, if the meanings are joined."""
        if self.meanings or not self.cell:
            return "true"
        return f"{self.cell} IS NOT NULL" if self.is_nullable else f"{self.cell} <> ''"

    @property
    def silent(self) -> str:
        """Which rows say nothing."""
        if self.silent_values:
            return f"{self.cell} NOT IN (SELECT value FROM {self.meanings})"
        if self.is_nullable:
            return f"{self.cell} IS NULL"
        return f"{self.cell} = ''" if self.cell else "false"

    @property
    def is_one_a_cell(self) -> bool:
        """Whether each cell that is not empty makes one statement."""
        return not self.meanings or (self.single and not self.silent_values)

    @property
    def count(self) -> str:
        """How many statements the rows make, as SQL: over the table if each cell makes one, and by itself otherwise."""
        if not self.is_one_a_cell:
            return f"(SELECT count(*) FROM {self.table}{self.source('m')})"
        return f"count(*) FILTER (WHERE NOT ({self.silent}))"

    def term(self, alias: str) -> dict[str, str]:
        """Return the parts of the object, as SQL."""
        if self.meanings:
            return {part: f"{alias}.{part}" for part in TERM}
        parts = {"o": self.o, "kind": f"{self.kind}::UTINYINT", "dt": self.dt, "lang": self.lang}
        literal = literal_key(self.o, self.dt, self.lang)
        if isinstance(self.kind, str):  # another one in each row
            return {"k": f"CASE WHEN {self.kind} = {LITERAL} THEN {literal} ELSE {self.o} END", **parts}
        return {"k": literal if self.kind == LITERAL else self.o, **parts}

    def statements(self, where: str = "") -> str:
        """Return a query with the columns of `keyed`, perhaps for objects alone that meet a condition."""
        term = self.term("m")
        number = "NULL" if self.number is None else str(self.number)
        places = self.place or (str(self.sheet), "row", number, "m.item" if self.meanings else "NULL")
        place = (f"{sql}::{kind} AS {part}" for sql, (part, kind) in zip(places, PLACE.items(), strict=True))
        parts = ", ".join([*(f"{term[part]} AS {part}" for part in TERM[1:]), *place, f"{term['k']} AS k"])
        return self._select(f"s, {quoted(self.p)} AS p, {parts}", where)

    def subjects(self, where: str) -> str:
        """Return a query for the subjects `s` and the keys `k` of objects that meet a condition."""
        if self.meanings:
            return self._select("s, m.k", where)
        parts = ", ".join(f"{sql} AS {part}" for part, sql in self.term("m").items())
        return self._select(f"s, {parts}", where)

    def _select(self, columns: str, where: str) -> str:
        """Return a query for some columns of the rows whose objects meet a condition, if there is one.

        A value or what it means is looked at once, however many rows have it: DuckDB alone would do so for each row.
        """
        query = f"SELECT {columns} FROM {self.table}{self.source('m', where)} WHERE {self.condition}"
        if not where or self.meanings:
            return query
        if not self.repeats:
            return f"SELECT * FROM ({query}) WHERE {where}"
        cells = materialized(f"SELECT DISTINCT {self.cell} FROM {self.table} WHERE {self.condition}")
        terms = ", ".join(f"{sql} AS {part}" for part, sql in self.term("m").items())
        return f"{query} AND {self.cell} IN (SELECT {self.cell} FROM (SELECT *, {terms} FROM ({cells})) WHERE {where})"

    @property
    def languages(self) -> str:
        """A query for the languages `lang` of texts; empty if there are none."""
        if self.is_untagged if self.meanings else self.lang == "''":
            return ""
        tagged = self.source("m", "lang <> ''")
        return f"SELECT {self.term('m')['lang']} AS lang FROM {self.table}{tagged} WHERE {self.condition}"

    @property
    def resources(self) -> str:
        """A query for the keys `k` of what is no literal; empty if there is none."""
        if self.meanings:
            return f"SELECT k FROM {self.meanings} WHERE kind < {LITERAL}"
        if self.kind == LITERAL:
            return ""
        return f"SELECT {self.term('m')['k']} AS k FROM {self.table} WHERE {self.condition}"


@record(frozen=True)
class Layout:
    """Where statements are at the moment: those about the properties in `stored` in `table`, others in columns.

    Sheets are `disjoint` if nothing is said of the subject of a row but in that row.
    """

    table: str
    stored: frozenset[str]
    columns: tuple[SqlColumn, ...] = ()
    disjoint: bool = False

    @property
    def properties(self) -> frozenset[str]:
        """All properties."""
        return self.stored.union(column.p for column in self.columns)

    @property
    def sheets(self) -> list[str]:
        """The tables that the columns are of."""
        return list(dict.fromkeys(column.table for column in self.columns))

    @property
    def languages(self) -> str:
        """A query for the languages `lang` of all statements that may have one."""
        stored = [f"SELECT lang FROM {self.table}"] if self.stored else []
        return " UNION ALL ".join([*stored, *(each.languages for each in self.columns if each.languages)]) or (
            f"SELECT lang FROM {self.table}"
        )

    @property
    def resources(self) -> list[str]:
        """Queries, as relations, for the keys `k` of all values that may be resources, and perhaps of others."""
        found = [f"(SELECT {keyed()} AS k FROM {self.table} WHERE kind <> {LITERAL})"] if self.stored else []
        for each in self.columns:
            if each.meanings:
                found.append(each.meanings)
            elif each.kind != LITERAL:
                found.append(f"(SELECT {each.o} AS k FROM {each.table} WHERE {each.kind} <> {LITERAL})")
        return found

    def statements_of(self, p: str, where: str = "", *, columns: bool = True) -> str:
        """Return a query for the rows of `keyed` that are about one property.

        Args:
            p: the property.
            where: a condition on the object that they are to meet.
            columns: whether those of columns are included.

        >>> Layout("stored", frozenset({"urn:p"})).statements_of("urn:q")
        'SELECT * FROM keyed WHERE false'
        """
        parts = [column.statements(where) for column in self.columns if column.p == p and columns]
        if p in self.stored:
            stored = f"SELECT *, {keyed()} AS k FROM {self.table} WHERE p = {quoted(p)}"
            parts.append(f"SELECT * FROM ({stored}) WHERE {where}" if where else stored)
        return " UNION ALL ".join(parts) or "SELECT * FROM keyed WHERE false"

    def resources_of(self, p: str) -> list[str]:
        """Return queries for the keys `k` of what a property leads to and is no literal."""
        found = [column.resources for column in self.columns if column.p == p and column.resources]
        stored = f"SELECT DISTINCT o AS k FROM {self.table} WHERE p = {quoted(p)} AND kind < {LITERAL}"
        return [*found, *([stored] if p in self.stored else [])]

    def stars(self, properties: Sequence[str], lacks: Sequence[str] = ()) -> dict[str, str] | None:
        """Return for each sheet the query for what it says of subjects that have all of some properties, row by row.

        Left out are the subjects that have any of the properties that they are to lack.

        The columns are `s`, and for each property those of `TERM` with its number after them, counted from 1. None is
        returned if it takes a join: where a subject may be spoken of in several places.
        """
        stars = {}
        for table in self.sheets:
            found = [self._of(table, p) for p in properties]
            if not self.disjoint or any(len(columns) > 1 for columns in found):
                return None
            if all(found):
                others = [column for p in lacks for column in self._of(table, p)]
                stars[table] = _star(table, [columns[0] for columns in found], others)
        return stars

    def cells(self, properties: Collection[str]) -> dict[str, list[SqlColumn]] | None:
        """Return for each sheet the columns in whose cells stands all that is said about some properties, in order.

        None is returned where it may stand elsewhere, or where a cell does not stand for one value.
        """
        found: dict[str, list[SqlColumn]] = {}
        for column in self.columns:
            if column.p in properties:
                found.setdefault(column.table, []).append(column)
        for columns in found.values():
            columns.sort(key=lambda each: (each.p, each.number is None, each.number or 0))
        named = [(each.p, each.table, each.number) for columns in found.values() for each in columns]
        are_plain = all(
            isinstance(each.kind, int) and not (each.meanings or each.place)
            for columns in found.values()
            for each in columns
        )
        is_known = self.disjoint and self.stored.isdisjoint(properties) and len(set(named)) == len(named)
        return found if is_known and are_plain else None

    def lacking(self, table: str, p: str) -> str | None:
        """Return a query for the rows `s` of a sheet that say nothing of a property, if one column of it could."""
        columns = self._of(table, p)
        if len(columns) != 1 or not self.disjoint:
            return None
        return f"SELECT s FROM {table} WHERE {columns[0].silent}"

    def single(self, p: str) -> bool:
        """Return whether it is known that nothing has two values of a property."""
        columns = [column for column in self.columns if column.p == p]
        tables = {column.table for column in columns}
        single = len(tables) == len(columns) and all(column.single for column in columns)
        return single and self.disjoint and p not in self.stored

    def _of(self, table: str, p: str) -> list[SqlColumn]:
        return [column for column in self.columns if column.p == p and column.table == table]


def _star(table: str, columns: Sequence[SqlColumn], lacks: Sequence[SqlColumn]) -> str:
    found = [(f"m{number}", number, column) for number, column in enumerate(columns, start=1)]
    terms = (f"{sql} AS {part}{number}" for m, number, each in found for part, sql in each.term(m).items())
    sources = "".join(each.source(m) for m, _, each in found)
    conditions = " AND ".join([*(each.condition for _, _, each in found), *(each.silent for each in lacks)])
    return f"SELECT s, {', '.join(terms)} FROM {table}{sources} WHERE {conditions}"
