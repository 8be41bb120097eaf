"""Large tables in the database: the cells of a sheet, with the number and the subject of each row.

A delimited text goes to DuckDB as it is; where the two readers might not agree on its rows, and for workbooks and JSON,
the cells that Python has read are written to a private file for DuckDB.
"""

# ruff: noqa: S608 -- nothing that a partner wrote is ever part of the text of a query

from __future__ import annotations

import json
import re
from typing import TYPE_CHECKING, Final

from bicentennial.core.cell_errors import PATTERN
from bicentennial.core.concurrency import Aside, prefetch
from bicentennial.core.grid import FEW, GUARDED
from bicentennial.core.namespaces import make_iri
from bicentennial.core.startup.records import field, record, replace
from bicentennial.storage.connection import duckdb
from bicentennial.storage.duckdb.spool import QUOTED_FIELDS, in_parts, spooled, trimming, written
from bicentennial.storage.layout import quoted
from bicentennial.storage.uneven_rows import evened, may_be_even

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence

    from bicentennial.core.grid import Cell, Grid, Part
    from bicentennial.core.limits import Limits
    from bicentennial.storage.connection import Connection
    from bicentennial.storage.duckdb.dataset import DuckDBDataset
    from bicentennial.storage.uneven_rows import Evened

__all__ = [
    "MARK",
    "Head",
    "Raw",
    "begin_as_errors",
    "errors",
    "identifier_of",
    "of_records",
    "of_rows",
    "of_text",
    "unmarked",
]

MARK: Final = "\x02"
"""What a text begins with that stands for several values, or that might be taken for such a text."""

# Expressions that begin with one letter search a large text in half the time of `in` for two letters, or of counting.
_BLANK_LINE: Final = re.compile(r"\n(?=\r?\n)")
# By so many characters a text shows what it is like.
_BEGINNING: Final = 250_000
_OTHER_BREAK: Final = re.compile(r"\r(?!\n)")


@record(frozen=True)
class Raw:
    """A large table in the dataset: `row`, its subject `s`, and `c1` … `cN`, the cells as texts, perhaps empty.

    If Python made records of them, the columns are those of the records.
    """

    table: str
    count: int
    by_python: bool
    has_blanks: bool = False
    """Whether some rows hold nothing."""
    broken: tuple[str, ...] = ()
    """The columns of a delimited text in which cells have line breaks."""
    spans: bool = False
    """Whether some rows of a delimited text are several lines."""
    uneven: Mapping[int, Sequence[str]] = field(default_factory=dict)
    """The cells of rows that are shorter than the header, or longer and not with blanks, by the number of the row."""


@record(frozen=True)
class Head:
    """The header of a sheet: its cells, of which class the rows are, and which column identifies them, from 1.

    `prefix` goes before the number of a row that names its thing, so that rows of several sheets differ.
    """

    texts: Sequence[str]
    class_iri: str
    identifier: int | None
    prefix: str = ""

    @property
    def cells(self) -> list[str]:
        """The columns of the table."""
        return [f"c{number}" for number in range(1, len(self.texts) + 1)]

    @property
    def numbered(self) -> str:
        """A subject named by the number of its row too, as SQL."""
        return f"s || ':{self.prefix}row:' || row"


def of_text(
    dataset: DuckDBDataset, text: str, delimiter: str, header_row: int, head: Head, limits: Limits
) -> Raw | None:
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
    if not 1 < width <= limits.columns or ("\r" in text and _OTHER_BREAK.search(text)):
        return None
    table = f"{dataset.store}sheet1"
    raw = None
    if _is_plain(text, delimiter, width, header_row):
        lines = _read(dataset, table, text, delimiter, header_row, head)
        raw = _numbered(dataset, table, text, lines, header_row, head, limits)
    raw = raw or _of_uneven(dataset, table, text, delimiter, header_row, head, limits)
    return _without_blanks(dataset, raw, head) if raw and raw.has_blanks else raw


def _is_plain(text: str, delimiter: str, width: int, header_row: int) -> bool:
    """Return whether a text begins as if it had neither quotation marks nor blank lines, and rows of one length alone.

    To look through all of it takes as long as a check does; without quotation marks, DuckDB reads no row of another
    length, and fewer rows than lines where some are blank.
    """
    begins = text[: text.rfind("\n", 0, _BEGINNING) + 1]
    plain = begins and '"' not in text and not _BLANK_LINE.search(begins)
    return bool(plain) and may_be_even(begins, delimiter, width, header_row)


def _of_uneven(
    dataset: DuckDBDataset, table: str, text: str, delimiter: str, header_row: int, head: Head, limits: Limits
) -> Raw | None:
    """Return the rows of a text that may have quotation marks, blank lines and rows of other lengths."""
    width = len(head.texts)
    if _BLANK_LINE.search(text):
        blank = "\n" + delimiter * (width - 1)
        text = _outside(text, lambda part: _BLANK_LINE.sub(lambda _: blank, part))
    even = may_be_even(text, delimiter, width, header_row)
    made = None if even else evened(text, delimiter, width, header_row, limits)
    text = made.text if made else text
    lines = _read(dataset, table, text, delimiter, header_row, head) if even or made else 0
    if not lines:
        # Where there are quotation marks, only reading shows that some rows are of another length.
        made = evened(text, delimiter, width, header_row, limits) if even else None
        if made is None or not made.changed:
            return None
        text = made.text
        lines = _read(dataset, table, text, delimiter, header_row, head)
    raw = _numbered(dataset, table, text, lines, header_row, head, limits)
    if raw and made:
        raw = _with_uneven(dataset, raw, made, head, header_row, guarded="'" in text)
    return raw


def _without_blanks(dataset: DuckDBDataset, raw: Raw, head: Head) -> Raw:
    """Take blank rows out, which whatever looks at rows would have to fetch."""
    ((gone,),) = dataset.connection.execute(
        f"DELETE FROM {raw.table} WHERE concat({', '.join(head.cells)}) = ''"
    ).fetchall()
    return replace(raw, count=raw.count - gone)


def _read(dataset: DuckDBDataset, table: str, text: str, delimiter: str, header_row: int, head: Head) -> int:
    """Have DuckDB read a text to a table, and return how many lines the text has; 0 if it cannot be read so."""
    written, path = dataset.written or (None, dataset.spool / "text")
    dataset.written = None  # it is removed once it is read
    names = [f"r{number}" for number in range(1, len(head.texts) + 1)]
    trim = trimming(text, "\r\n")
    options = f"{QUOTED_FIELDS}, strict_mode=true, null_padding=false"
    options += f", delim={quoted(delimiter)}, skip={header_row}"
    source = f"read_csv($1, {options}, columns={dict.fromkeys(names, 'VARCHAR')})"
    if "'" in text:
        source = f"(SELECT {', '.join(f'{_unguarded(name)} AS {name}' for name in names)} FROM {source})"
    try:
        if text != written:
            with path.open("wb") as out:
                out.writelines(part.encode() for part in in_parts(text))
        lines = Aside(lambda: text.count("\n") + (not text.endswith("\n")))
        dataset.connection.execute(
            f"CREATE TABLE {table} AS SELECT {_cells(map(trim, names), head)} FROM {source}", [str(path)]
        )
        return lines.result()
    except (duckdb.Error, UnicodeEncodeError):
        return 0
    finally:
        path.unlink(missing_ok=True)


def _numbered(
    dataset: DuckDBDataset, table: str, text: str, lines: int, header_row: int, head: Head, limits: Limits
) -> Raw | None:
    """Return the rows that were read from a text with their numbers; None if they are not those of its lines."""
    if not lines:
        return None
    # DuckDB keeps the order of the file and numbers the rows of a table from 0. Counting them while it reads would
    # leave the reading to one processor.
    connection = dataset.connection
    connection.execute(f"ALTER TABLE {table} ADD COLUMN row INTEGER; UPDATE {table} SET row = rowid + {header_row + 1}")
    raw = _checked(dataset, table, head, limits)
    if raw is None or raw.count == lines - header_row:
        return raw
    # Where a value has line breaks, a row ends at those that no quotation marks are around.
    within = lines - sum(part.count("\n") for part in text.split('"')[::2]) - (not text.endswith("\n"))
    if raw.count == lines - within - header_row:
        broken = _true_of(connection, table, {cell: f"contains({cell}, chr(10))" for cell in head.cells})
        # What `trimming` may not have taken away.
        ends = {cell: " OR ".join(f"{cell}[{at}] IN (chr(10), chr(13))" for at in (1, -1)) for cell in broken}
        if not _true_of(connection, table, ends):
            return replace(raw, broken=broken, spans=True)
    connection.execute(f"DROP TABLE {table}")
    return None


def _with_uneven(
    dataset: DuckDBDataset, raw: Raw, made: Evened, head: Head, header_row: int, *, guarded: bool
) -> Raw | None:
    """Return rows along with what those were that had another length.

    None where values have line breaks and too many rows are of another length: what is to be made of such a value
    depends on the length that most rows have.
    """
    if raw.broken:
        ((count,),) = dataset.connection.execute(
            f"SELECT count(*) FROM {raw.table} WHERE concat({', '.join(head.cells)}) <> ''"
        ).fetchall()
        beyond = any("\n" in cell for row in made.rows.values() for cell in row[len(head.texts) :])
        if beyond or count <= 2 * made.changed + header_row:
            dataset.connection.execute(f"DROP TABLE {raw.table}")
            return None
    begins = re.compile(GUARDED)
    rows = made.rows
    if guarded:
        rows = {n: [cell[1:] if begins.match(cell) else cell for cell in row] for n, row in rows.items()}
    return replace(raw, uneven=rows)


def _outside(text: str, change: Callable[[str], str]) -> str:
    """Return a text changed wherever no quotation marks are around."""
    parts = text.split('"')
    parts[::2] = map(change, parts[::2])
    return '"'.join(parts)


def _true_of(connection: Connection, table: str, conditions: Mapping[str, str]) -> tuple[str, ...]:
    """Return the columns of which a condition is true in some row."""
    if not conditions:
        return ()
    found = connection.execute(f"SELECT {', '.join(f'bool_or({each})' for each in conditions.values())} FROM {table}")
    return tuple(column for column, is_true in zip(conditions, found.fetchall()[0], strict=True) if is_true)


def of_rows(dataset: DuckDBDataset, grid: Grid, position: int, head: Head, limits: Limits, sheet: int) -> Raw | None:
    """Return the rows below the header of a sheet that Python has read, or None if they are not all as wide."""
    if set(map(len, grid.rows[position + 1 :])) != {len(head.texts)}:
        return None
    names = [f"r{number}" for number in range(1, len(head.texts) + 1)]
    table = f"{dataset.store}sheet{sheet}"

    def select(trim: Callable[[str], str]) -> str:
        return "row, " + _cells(map(trim, names), head)

    _fill(dataset, table, grid.parts(position), names, select, f"concat({', '.join(names)}) <> ''")
    return _checked(dataset, table, head, limits)


def _cells(cells: Iterable[str], head: Head) -> str:
    """Return the select list of the cells and of the subject that each row gets from its identifier."""
    named = f"url_encode({identifier_of(head.identifier)})" if head.identifier else "''"
    selected = [f"{cell} AS c{number}" for number, cell in enumerate(cells, start=1)]
    return ", ".join([*selected, f"{quoted(make_iri(head.class_iri, ''))} || {named} AS s"])


def errors(cell: str, pattern: str) -> str:
    """Return the SQL that is true of cells with the text of an error, given that of `cell_errors.PATTERN`."""
    return f"({begin_as_errors(cell)} AND regexp_full_match({cell}, {pattern}))"


def begin_as_errors(cell: str) -> str:
    """Return the SQL that is true of cells that begin as the text of an error, which costs hardly anything."""
    return f"({cell} >= '#' AND {cell} < '$' OR {cell} >= 'Err:' AND {cell} < 'Err;')"


def identifier_of(column: int) -> str:
    """Return the SQL of the identifier in a column: an error is none."""
    return f"CASE WHEN {errors(f'c{column}', quoted(PATTERN))} THEN '' ELSE c{column} END"


def _checked(dataset: DuckDBDataset, table: str, head: Head, limits: Limits) -> Raw | None:
    """Return the rows in a table, unless Python has something to say about them."""
    longest = ", ".join(f"max(length({name}))" for name in head.cells)
    blank = " AND ".join(f"{name} = ''" for name in head.cells)
    connection = dataset.connection
    asked = f"SELECT count(*), bool_or({blank}), {longest} FROM {table}"
    ((count, has_blanks, *lengths),) = connection.execute(asked).fetchall()
    unheaded = any(length and not text for length, text in zip(lengths, head.texts, strict=True))
    if not count or unheaded or max(lengths) > limits.cell_characters:
        connection.execute(f"DROP TABLE {table}")
        return None
    limits.check("rows", count)
    return Raw(table, count, by_python=False, has_blanks=has_blanks)


def _unguarded(name: str) -> str:
    return f"CASE WHEN regexp_matches({name}, {quoted('^' + GUARDED)}) THEN substr({name}, 2) ELSE {name} END"


def of_records(
    dataset: DuckDBDataset,
    sheet: int,
    numbers: Sequence[int],
    subjects: Sequence[str],
    columns: Iterable[Sequence[Cell]],
) -> Raw:
    """Return the cells of records that Python has read.

    Args:
        dataset: where to put them.
        sheet: the number of the sheet.
        numbers: the row of each record.
        subjects: the subject of each record.
        columns: the values of the records, column by column.
    """
    marked = list(map(_all_marked, columns))
    names = [f"r{number}" for number in range(1, len(marked) + 1)]
    table = f"{dataset.store}sheet{sheet}"
    cells = "".join(f", {name} AS c{number}" for number, name in enumerate(names, start=1))
    _fill(dataset, table, _parts(numbers, [subjects, *marked]), ["s", *names], lambda _: f"row, s{cells}")
    return Raw(table, len(numbers), by_python=True)


def _parts(numbers: Sequence[int], columns: Sequence[Sequence[str]]) -> Iterator[Part]:
    for start in range(0, max(1, len(numbers)), FEW):
        few = slice(start, start + FEW)
        yield numbers[few], [column[few] for column in columns]


def _fill(
    dataset: DuckDBDataset,
    table: str,
    parts: Iterable[Part],
    names: Sequence[str],
    select: Callable[[Callable[[str], str]], str],
    condition: str = "true",
) -> None:
    """Make a table of rows by way of private files, the next of which is prepared while DuckDB reads one.

    Args:
        dataset: where to put it.
        table: its name.
        parts: the rows.
        names: those of the cells.
        select: given `trimming`, writes the select list over `row` and the names.
        condition: which rows there are to be.
    """
    into = f"CREATE TABLE {table} AS"
    for path, source, trim in prefetch(spooled(dataset.spool, written(parts, len(names)), names)):
        try:
            dataset.connection.execute(f"{into} SELECT {select(trim)} FROM {source} WHERE {condition}")
        finally:
            path.unlink()
        into = f"INSERT INTO {table}"


def _all_marked(values: Sequence[Cell]) -> Sequence[str]:
    texts = [value for value in values if isinstance(value, str)]
    return texts if len(texts) == len(values) and MARK not in "".join(texts) else list(map(_marked, values))


def _marked(value: Cell) -> str:
    return value if isinstance(value, str) and not value.startswith(MARK) else MARK + json.dumps(value)


def unmarked(text: str) -> Cell:
    r"""Return the value that a text in the table stands for.

    >>> unmarked("a"), unmarked('\x02["a", "b"]')
    ('a', ('a', 'b'))
    """
    if not text.startswith(MARK):
        return text
    value = json.loads(text[1:])
    return value if isinstance(value, str) else tuple(value)
