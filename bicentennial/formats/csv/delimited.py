r"""CSV and its kin: which character separates the values is decided by which makes the headers known.

No sniffing by statistics: a `sep=` line is obeyed, otherwise comma, semicolon, tab and bar are tried, and the one that
makes most headers recognisable wins, then the one that cuts the lines most evenly. Where none makes any known, rarer
ones are tried, and whether each line is quoted as a whole. Rows are counted as a spreadsheet
program does: a value with line breaks in it is within one row, a blank line is a row, a `sep=` line is none.

>>> grid = read_delimited("sep=|\nid|title\nA|b, c\n", Location(file="a.csv"), DEFAULT, lambda rows: 0)
>>> grid.rows, grid.numbers
([['id', 'title'], ['A', 'b, c']], [1, 2])
"""

from __future__ import annotations

import csv
import io
import re
from collections import Counter
from contextlib import suppress
from itertools import chain, islice
from sys import intern
from typing import TYPE_CHECKING, Final

from bicentennial.core.findings import Finding, Location, column_letter
from bicentennial.core.grid import GUARDED, Grid
from bicentennial.core.limits import DEFAULT
from bicentennial.core.problems import make_finding
from bicentennial.core.startup.named_tuples import NamedTuple
from bicentennial.core.startup.patterns import lazy
from bicentennial.core.startup.records import record

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Sequence

    from bicentennial.core.limits import Limits

__all__ = ["BREAK", "Dialect", "dialect_of", "read_delimited", "rows_of"]

_DELIMITERS: Final = ",;\t|"
# Tried where none of these makes headers known.
_RARE: Final = "^~"
_KNOWN: Final = 2
_HEAD: Final = 200_000
_SAMPLE: Final = 60
_NARROW: Final = 3
_SWALLOWS: Final = "quote-swallows-rows"
BREAK: Final = lazy(r"\r\n|\r|\n")
"""What ends a line."""
_LARGE: Final = 20_000_000
_GUARDED: Final = lazy(GUARDED)
_SEP: Final = lazy(r"\ufeff?\s*\"?sep=(.)\"?[ \t]*\r?\n", re.IGNORECASE)


@record(frozen=True)
class Dialect:
    """How a delimited text is written.

    `start` is where it begins, after a `sep=` line if it has one. `is_spaced` says that blanks stand before quotation
    marks, `is_wrapped` that each line is quoted as a whole.
    """

    delimiter: str
    start: int = 0
    is_spaced: bool = False
    is_wrapped: bool = False


def read_delimited(
    text: str,
    at: Location,
    limits: Limits = DEFAULT,
    score: Callable[[Sequence[Sequence[str]]], int] = len,
    *,
    tab: bool = False,
) -> Grid:
    """Return the cells of a delimited text.

    Args:
        text: the whole text.
        at: the file, for findings.
        limits: see `Limits`.
        score: how many headers of ours are among the first rows.
        tab: whether the tab is to be preferred.

    Raises:
        LimitReachedError: there are more rows, columns or characters in a cell than the limits allow.
    """
    dialect = dialect_of(text, score, tab=tab)
    text = text[dialect.start :]
    grid = Grid([], [])
    _allow(limits.cell_characters)
    if dialect.is_wrapped:
        text = _unwrapped(text)
        grid.findings.append(make_finding("lines-quoted", at, separator=dialect.delimiter))
    too_long: list[int] = []
    if text.count("\n") >= limits.rows or not _at_once(grid, text, dialect, limits):
        too_long = _one_by_one(grid, text, dialect, at, limits)
    if grid.numbers and text.count("\n") + (not text.endswith("\n")) > grid.numbers[-1]:
        grid.findings += spanning(grid, dialect.delimiter, at, limits)
    _shorten(grid, too_long, limits)
    if "'" in text:
        grid.rows = [[cell[1:] if _GUARDED.match(cell) else cell for cell in row] for row in grid.rows]
    return grid


def dialect_of(text: str, score: Callable[[Sequence[Sequence[str]]], int] = len, *, tab: bool) -> Dialect:
    r"""Return how a delimited text is written; a `sep=` line is obeyed.

    >>> dialect_of('id, "title"\nA-1, "Trees, large"\n', tab=False)
    Dialect(delimiter=',', start=0, is_spaced=True, is_wrapped=False)
    """
    if said := _SEP.match(text):
        start = said.end()
        return Dialect(said[1], start, _is_spaced(text[start : start + _HEAD], said[1]))
    head = text[:_HEAD]
    best, rows = _delimiter(head, score, _DELIMITERS, tab=tab)
    if best.score < _KNOWN:
        unwrapped = _unwrapped(head[: head.rfind("\n") + 1 or None]) if _is_wrapped(head, rows) else ""
        if unwrapped and (other := _delimiter(unwrapped, score, _DELIMITERS, tab=tab)[0]).score > best.score:
            return Dialect(other.delimiter, is_wrapped=True)
        if (other := _delimiter(head, score, _RARE, tab=False)[0]).score >= max(_KNOWN, best.score + 1):
            best = other
    return Dialect(best.delimiter, is_spaced=_is_spaced(head, best.delimiter))


class _Rank(NamedTuple):
    """How well a delimiter does: by the headers that it makes known, by how evenly it cuts, by our preference."""

    score: int
    even: float
    preference: int
    delimiter: str


def _delimiter(
    head: str, score: Callable[[Sequence[Sequence[str]]], int], delimiters: str, *, tab: bool
) -> tuple[_Rank, list[list[str]]]:
    """Return the delimiter that does best, and the first rows as it cuts them."""
    order = "\t" + delimiters.replace("\t", "") if tab else delimiters
    # Those that do not occur all cut alike, so only the first of them is looked at.
    absent = [each for each in order if each not in head][1:]
    ranked = []
    for preference, delimiter in enumerate(each for each in order if each not in absent):
        rows = _sample(head, Dialect(delimiter))
        ranked.append((_Rank(score(rows), _evenness(rows), -preference, delimiter), rows))
    return max(ranked, key=lambda each: each[0])


def _sample(head: str, dialect: Dialect) -> list[list[str]]:
    rows: list[list[str]] = []
    with suppress(csv.Error):  # a value too large for now: the reading proper will say so
        rows.extend(islice(_rows(io.StringIO(head, newline=""), dialect, strict=False), _SAMPLE))
    return rows


def _evenness(rows: Sequence[Sequence[str]]) -> float:
    widths = Counter(len(row) for row in rows if row)
    width, times = widths.most_common(1)[0] if widths else (1, 0)
    return times / max(1, sum(widths.values())) if width > 1 else 0.0


def _is_spaced(head: str, delimiter: str) -> bool:
    if f'{delimiter} "' not in head:
        return False
    plain, spaced = (_sample(head, Dialect(delimiter, is_spaced=each)) for each in (False, True))
    first: list[str] = next(filter(any, plain), [])
    return any(cell.lstrip(" ").startswith('"') for cell in first) or _evenness(spaced) > _evenness(plain)


def _is_wrapped(head: str, rows: Sequence[Sequence[str]]) -> bool:
    filled = [row for row in rows if any(row)]
    return head.lstrip("\ufeff").startswith('"') and len(filled) > 1 and all(len(row) == 1 for row in filled)


def _unwrapped(text: str) -> str:
    # Each line is one value; blank lines stay, so that rows keep their numbers. One left open runs on to the end.
    _allow(len(text))
    return "\n".join(row[0] if row else "" for row in csv.reader(io.StringIO(text, newline=""))) + "\n"


def _rows(lines: Iterable[str], dialect: Dialect, *, strict: bool) -> Iterator[list[str]]:
    return csv.reader(lines, delimiter=dialect.delimiter, strict=strict, skipinitialspace=dialect.is_spaced)


def rows_of(text: str, dialect: Dialect) -> Iterator[list[str]]:
    """Yield all rows of a delimited text as `read_delimited` counts them, without a look at what is wrong with them."""
    text = text[dialect.start :]
    _allow(len(text))
    text = _unwrapped(text) if dialect.is_wrapped else text
    return _rows(io.StringIO(text, newline=""), dialect, strict=False)


def _allow(characters: int) -> None:
    """Let `csv` read values of so many characters."""
    if csv.field_size_limit() < characters:
        csv.field_size_limit(characters)


def _one_by_one(grid: Grid, text: str, dialect: Dialect, at: Location, limits: Limits) -> list[int]:
    """Read rows into the grid, and find what is wrong with their quotation marks, each time that something is.

    Returns:
        The positions of the rows that hold a value longer than allowed.
    """
    number, most = 0, limits.columns
    too_long: list[int] = []
    lines = io.StringIO(text, newline="").readlines()
    at_line = 0
    while at_line < len(lines):
        number += 1
        row, taken = _row(lines, at_line, number, dialect, grid, at)
        if row is None:
            break
        at_line += taken
        if not any(row):
            continue
        if len(row) > most:
            limits.check("columns", len(row), row=number)
        if max(map(len, row)) > limits.cell_characters:
            too_long.append(len(grid.rows))
        grid.rows.append(row)
        grid.numbers.append(number)
        if len(grid.rows) > limits.rows:
            limits.check("rows", len(grid.rows))
    return too_long


def _shorten(grid: Grid, rows: Iterable[int], limits: Limits) -> None:
    """Cut the values of rows that are longer than allowed because a quotation mark swallows the rows after it.

    Raises:
        LimitReachedError: a value is longer for another reason.
    """
    swallowing = {(each.location.row, each.location.column) for each in grid.findings if each.code == _SWALLOWS}
    for position in rows:
        row, number = grid.rows[position], grid.numbers[position]
        for column, cell in enumerate(row):
            if len(cell) > limits.cell_characters:
                if (number, column_letter(column + 1)) not in swallowing:
                    limits.check("cell_characters", len(cell), row=number)
                row[column] = cell[: limits.cell_characters]


def _row(
    lines: list[str], start: int, number: int, dialect: Dialect, grid: Grid, at: Location
) -> tuple[list[str] | None, int]:
    """Return the row that begins in a line, and how many lines it takes; None if it never ends."""
    place = Location(file=at.file, row=number)
    for strict in (True, False):
        # One line more than there are shows of a lenient reader that a quotation mark was never closed.
        left = map(lines.__getitem__, range(start, len(lines)))
        reader = csv.reader(
            left if strict else chain(left, ["\n"]),
            delimiter=dialect.delimiter,
            strict=strict,
            skipinitialspace=dialect.is_spaced,
        )
        try:
            row = next(reader)
        except csv.Error as error:
            if "field l" in str(error):  # larger than the limit of `csv`: where it ends says what is wrong with it
                _allow(sum(map(len, lines[start:])))
                return _row(lines, start, number, dialect, grid, at)
            if "unexpected end" in str(error):
                grid.findings.append(make_finding("quote-unclosed", place, row=number))
                return None, 0
            grid.findings.append(make_finding("quote-stray", place, row=number))
        else:
            taken = reader.line_num
            if start + taken > len(lines):
                grid.findings.append(make_finding("quote-unclosed", place, row=number))
                return None, 0
            return row, taken
    return None, 0  # pragma: no cover - a lenient reader finds no fault


def spanning(grid: Grid, delimiter: str, at: Location, limits: Limits) -> Iterator[Finding]:
    """Yield a finding for each value over several lines that look like rows, as after a quotation mark left open."""
    width = Counter(map(len, grid.rows)).most_common(1)[0][0] if grid.rows else 0
    if width < _NARROW:
        return
    for row, number in zip(grid.rows, grid.numbers, strict=True):
        for position, cell in enumerate(row):
            if "\n" not in cell or delimiter not in cell:
                continue
            lines = BREAK.split(cell)
            found = _spanned(lines, delimiter, width, row[0] if position else "")
            if found is not None:
                place = Location(at.file, row=number, column=column_letter(position + 1))
                yield make_finding(found, place, value=cell[: limits.cell_characters], lines=len(lines))


def _spanned(lines: Sequence[str], delimiter: str, width: int, identifier: str) -> str | None:
    """Return the code for a value of several lines, if they have as many separators as rows have."""
    first, *middle, last = (line.count(delimiter) for line in lines)
    if any(count != width - 1 for count in middle) or (not middle and first + last != width - 1):
        return None
    shape = _shape(identifier)
    if "9" in shape and all(_shape(line.partition(delimiter)[0]) == shape for line in lines[1:]):
        return _SWALLOWS
    return "value-spans-rows" if middle else None


def _shape(text: str) -> str:
    return re.sub(r"[^\W\d_]+", "a", re.sub(r"\d+", "9", text.strip()))


def _at_once(grid: Grid, text: str, dialect: Dialect, limits: Limits) -> bool:
    # Most files have nothing to find fault with; they are read without a look at each row.
    try:
        read = _rows(io.StringIO(text, newline=""), dialect, strict=True)
        # Values repeat; in a large table each distinct one is kept once.
        rows = list(read) if len(text) < _LARGE else [list(map(intern, row)) for row in read]
    except csv.Error:
        return False
    width, length = max(map(len, rows), default=0), max(map(len, chain.from_iterable(rows)), default=0)
    if width > limits.columns or length > limits.cell_characters:
        return False
    grid.numbers = [number for number, row in enumerate(rows, start=1) if any(row)]
    grid.rows = rows if len(grid.numbers) == len(rows) else [row for row in rows if any(row)]
    return True
