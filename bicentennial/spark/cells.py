"""The rows of a register of tables: cells as texts, below a header that is the same in all files.

Delimited text is read line by line, so that Spark may split large files; a row that another reader might see otherwise
is refused by name. Columns of Parquet become the texts that a file of delimited text would hold.
"""

# ruff: noqa: S608, E501 -- what goes into the SQL is ours, or written by `session.literal`

from __future__ import annotations

import csv
import io
from typing import TYPE_CHECKING, Final

from bicentennial.core.findings import Location
from bicentennial.core.grid import GUARDED
from bicentennial.formats.csv.delimited import dialect_of, read_delimited
from bicentennial.formats.decoding import garbled
from bicentennial.formats.invisible import INVISIBLE
from bicentennial.spark.dataset import checkpointed
from bicentennial.spark.session import lists, literal, refused
from bicentennial.spark.sources import numbered, numbered_parquet
from bicentennial.storage.duckdb.spool import BLANKS

if TYPE_CHECKING:
    from collections.abc import Sequence

    from pyspark.sql import DataFrame, SparkSession

    from bicentennial.core.grid import Grid
    from bicentennial.core.limits import Limits
    from bicentennial.semantics.sheets.sheet_plan import SheetPlan
    from bicentennial.semantics.tables import Tables
    from bicentennial.spark.sources import Files

__all__ = ["STRIDE", "cells_of", "garbled_row", "placed"]

STRIDE: Final = 10_000_000_000
"""A row is numbered across files by `g`: the number of the file times this, plus the row in the file."""
_SHOWN: Final = 60
_FLOATS: Final = ("float", "double")
# A wider form of what `decoding.garbled` looks for.
_ODD: Final = "[\ufffd\u00c2\u00c3]|\u00e2\u20ac"
_LOOKED_AT: Final = 10_000
_OPTIONS: Final = {
    "columnNameOfCorruptRecord": "broken_",
    "emptyValue": "",
    "nullValue": "",
    "ignoreLeadingWhiteSpace": "false",
    "ignoreTrailingWhiteSpace": "false",
    "maxCharsPerColumn": "-1",
}
_NESTED: Final = ("array", "struct", "map", "binary", "variant")


def placed(files: Sequence[str], g: int) -> tuple[str, int]:
    """Return the file and row of a number of `STRIDE`."""
    return files[g // STRIDE], g % STRIDE


def cells_of(
    session: SparkSession, files: Files, tables: Tables, limits: Limits, name: str
) -> tuple[Grid, SheetPlan, DataFrame]:
    """Return the first rows of a register, what they are, and all rows below the header: `g, sheet, row, c1` ….

    Raises:
        InputError: it is no table of ours, or not in the form that is read.
    """
    is_text = files.kind != "parquet"
    read = _of_text if is_text else _of_parquet
    head, rows, width = read(session, files, tables)
    at = Location(file=files.names[0] if len(files.names) == 1 else name)
    grid = read_delimited(head, at, limits, tables.recogniser.score, tab=files.kind == "tsv")
    plan = tables.plan(grid, at.file or name) if grid.rows and not grid.findings else None
    if plan is None:
        headers = {each: [column.header[each] for column in tables.recogniser.main.required] for each in ("en", "es")}
        seen = ", ".join(grid.rows[0][:20]) if grid.rows else ""
        raise refused("no-table", seen=seen, headers={each: ", ".join(texts) for each, texts in headers.items()})
    if not plan.is_columnar or grid.numbers[plan.below - 1] != 1 or len(plan.texts) != width:
        raise refused("table-by-row")
    rows.createOrReplaceTempView("raw_cells")
    names = range(1, width + 1)
    if is_text:
        _same_headers(session, files, width)
    blanks = literal(BLANKS)
    selected = ", ".join(
        f"trim(BOTH {blanks} FROM CASE WHEN regexp_like(r{n}, {literal('^' + GUARDED)}) THEN substr(r{n}, 2)"
        f" ELSE r{n} END) AS c{n}"
        for n in names
    )
    given = ", ".join(f"coalesce(r{n}, '') AS r{n}" for n in names)
    return (
        grid,
        plan,
        session.sql(
            f"SELECT sheet * {STRIDE}L + row AS g, sheet, row, {selected}"
            f" FROM (SELECT sheet, row, {given} FROM raw_cells WHERE row > 1)"
        ),
    )


def _of_text(session: SparkSession, files: Files, tables: Tables) -> tuple[str, DataFrame, int]:
    raw = session.read.option("lineSep", "\n").text(list(files.paths)).withColumnRenamed("value", "line")
    numbered(session, raw, files, 1).createOrReplaceTempView("raw")
    checkpointed(
        session.sql(
            "SELECT regexp_replace(CASE WHEN row = 1 THEN regexp_replace(line, '^\ufeff', '') ELSE line END,"
            " '\\\\r$', '') AS line, is_valid_utf8(line) AS valid, sheet, row FROM raw"
        )
    ).createOrReplaceTempView("lines")
    top = lists(session.sql(f"SELECT line FROM lines WHERE sheet = 0 AND row <= {_SHOWN} ORDER BY row"))
    text = "".join(f"{line}\n" for (line,) in top)
    dialect = dialect_of(text, tables.recogniser.score, tab=files.kind == "tsv")
    if dialect.is_spaced or dialect.is_wrapped or dialect.start:
        raise refused("table-by-row")
    _whole(session, files, dialect.delimiter)
    width = len(next(csv.reader(io.StringIO(text), delimiter=dialect.delimiter), []))
    names = [f"r{n}" for n in range(1, width + 1)]
    options = {"sep": dialect.delimiter, "quote": '"', "escape": '"', "mode": "PERMISSIVE", **_OPTIONS}
    given = ", ".join(f"{literal(key)}, {literal(value)}" for key, value in options.items())
    schema = literal(", ".join([*(f"{name} STRING" for name in names), "broken_ STRING"]))
    rows = session.sql(
        f"SELECT sheet, row, cells.* FROM (SELECT sheet, row, from_csv(line, {schema}, map({given})) AS cells"
        " FROM lines WHERE trim(line) <> '')"
    )
    return text, rows, width


def _whole(session: SparkSession, files: Files, delimiter: str) -> None:
    """Refuse lines that are no rows, or that readers see differently.

    Raises:
        UnreadableInputError: there is one.
    """
    sep = literal(delimiter)[1:-1] if delimiter not in "|^" else f"\\\\{delimiter}"
    cell = f'(?:"[^"]*+(?:""[^"]*+)*+"|[^"{sep}][^{sep}]*+|)'
    plain = f"regexp_like(line, '(?s)\\\\A{cell}(?:{sep}{cell})*+\\\\z')"
    odd = (
        ("not-utf-8", "NOT valid"),
        ("hidden", f"regexp_like(line, {literal(INVISIBLE.pattern)})"),
        ("row-differs", f"NOT {plain} OR contains(line, '\\r')"),
    )
    asked = ", ".join(f"min(struct(sheet, row)) FILTER (WHERE {condition})" for _, condition in odd)
    (found,) = lists(session.sql(f"SELECT {asked} FROM lines"))
    for (key, _), place in zip(odd, found, strict=True):
        if place is not None:
            raise refused(key, file=files.names[place["sheet"]], row=place["row"])


def _same_headers(session: SparkSession, files: Files, width: int) -> None:
    """Refuse files whose first rows differ, and rows that are not as wide.

    Raises:
        UnreadableInputError: there are such.
    """
    cells = ", ".join(f"r{n}" for n in range(1, width + 1))
    ((broken,),) = lists(
        session.sql("SELECT min(struct(sheet, row, r1)) FILTER (WHERE broken_ IS NOT NULL) FROM raw_cells")
    )
    if broken:
        raise refused("row-differs", file=files.names[broken["sheet"]], row=broken["row"])
    headers = lists(
        session.sql(f"SELECT array({cells}) AS header, min(sheet) FROM raw_cells WHERE row = 1 GROUP BY 1 ORDER BY 2")
    )
    if len(headers) > 1 or (
        len(files.names) > 1 and session.sql("SELECT 1 FROM raw_cells WHERE row = 1").count() != len(files.names)
    ):
        raise refused("headers-differ", file=files.names[headers[-1][1]])


def _of_parquet(session: SparkSession, files: Files, tables: Tables) -> tuple[str, DataFrame, int]:  # noqa: ARG001
    rows = session.read.parquet(*files.paths)
    nested = [name for name, kind in rows.dtypes if kind.startswith(_NESTED)]
    if nested:
        raise refused("nested-columns", columns=", ".join(nested[:20]))
    numbered_rows = numbered_parquet(session, rows, files, 2)
    numbered_rows.createOrReplaceTempView("typed_cells")
    texts = ", ".join(
        f"{_text('`' + name.replace('`', '``') + '`', kind)} AS r{n}" for n, (name, kind) in enumerate(rows.dtypes, 1)
    )
    cells = session.sql(f"SELECT sheet, row, {texts} FROM typed_cells")
    buffer = io.StringIO(newline="")
    writer = csv.writer(buffer, lineterminator="\n")
    writer.writerow([name for name, _ in rows.dtypes])
    for first in cells.drop("sheet", "row").limit(_SHOWN).collect():
        writer.writerow([" ".join((cell or "").split()) for cell in first])
    return buffer.getvalue(), cells, len(rows.dtypes)


def _text(column: str, kind: str) -> str:
    """Return a column as text: numbers in plain digits, dates and times as ISO 8601 has them."""
    if kind in _FLOATS or kind.startswith("decimal"):
        plain = f"CAST(try_cast({column} AS DECIMAL(38, 18)) AS STRING)"
        digits = f"regexp_replace(regexp_replace({plain}, '(\\\\.[0-9]*?)0+$', '$1'), '\\\\.$', '')"
        return f"coalesce({digits}, CAST({column} AS STRING))"
    return f"CAST({column} AS STRING)"


def garbled_row(session: SparkSession) -> tuple[int, int, str] | None:
    """Return file and row of the first line whose letters are plainly not those that were written, and these."""
    rows = lists(
        session.sql(
            f"SELECT sheet, row, line FROM lines WHERE regexp_like(line, '{_ODD}') ORDER BY sheet, row LIMIT {_LOOKED_AT}"
        )
    )
    for sheet, row, line in rows:
        if match := garbled(line):
            return sheet, row, match[0]
    return None
