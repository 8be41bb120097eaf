r"""CSV and its kin: which character separates the values is decided by which makes the headers known.

No sniffing by statistics: a `sep=` line is obeyed, otherwise comma, semicolon, tab and bar are tried, and the one that
makes most headers recognisable wins, then the one that cuts the lines most evenly. Rows are counted as a spreadsheet
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
from collections.abc import Sequence
from contextlib import suppress
from dataclasses import dataclass, field
from itertools import chain, islice
from sys import intern
from typing import TYPE_CHECKING, Final, Self

from bicentennial.core.findings import Finding, Location
from bicentennial.core.limits import DEFAULT, reached
from bicentennial.core.notices import notice

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from bicentennial.core.limits import Limits

__all__ = ["DELIMITERS", "FEW", "GUARDED", "Grid", "Part", "Raw", "delimiter_of", "read_delimited"]

DELIMITERS: Final = ",;\t|"
_SAMPLE: Final = 60
_LARGE: Final = 20_000_000
# An apostrophe keeps spreadsheets from running a text; it is no part of the text. `exchange.grids` writes it.
GUARDED: Final = "'+[=+\\-@\t\r\n\uff1d\uff0b\uff0d\uff20]"
"""How a text begins whose first apostrophe is none of it, as a regular expression."""

_GUARDED: Final = re.compile(GUARDED)
_SEP: Final = re.compile(r"\ufeff?\s*\"?sep=(.)\"?[ \t]*\r?\n", re.IGNORECASE)


Part = tuple[Sequence[int], Sequence[Sequence[str]]]
"""Some rows of one width: their numbers, and their cells column by column."""

FEW: Final = 500
"""So many rows at a time are handled faster than all at once, which go to and from memory at each step."""


@dataclass(frozen=True, slots=True)
class Raw:
    """A large table in the dataset: `row`, its subject `s`, and `c1` … `cN`, the cells as texts, perhaps empty.

    If Python made records of them, the columns are those of the records.
    """

    table: str
    count: int
    by_python: bool


@dataclass(slots=True)
class Grid:
    """The cells of a sheet as texts, blank rows left out, each row with the number that people see beside it."""

    rows: list[list[str]]
    numbers: list[int]
    name: str | None = None
    findings: list[Finding] = field(default_factory=list)
    raw: Raw | None = None
    """Where all cells are, if these are only the first ones of a large table."""

    def size(self) -> int:
        """Return how many cells there are."""
        return sum(map(len, self.rows))

    def parts(self, position: int) -> Iterator[Part]:
        """Yield the rows below one a few at a time, with their numbers."""
        for start in range(position + 1, len(self.rows), FEW):
            yield self.numbers[start : start + FEW], list(zip(*self.rows[start : start + FEW], strict=True))

    def keep(self, count: int) -> None:
        """Keep the first rows, and forget the others, which are elsewhere."""
        del self.rows[count:], self.numbers[count:]

    def complete(self) -> Self:
        """Return the grid with all its rows, of which it may have had the first ones only."""
        return self


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
    delimiter, start = delimiter_of(text, score, tab=tab)
    text = text[start:]
    grid = Grid([], [])
    if not _fill(grid, text, delimiter, at, limits, strict=True):
        found = grid.findings
        grid.rows.clear()
        grid.numbers.clear()
        _fill(grid, text, delimiter, at, limits, strict=False)
        grid.findings = found
    if "'" in text:
        grid.rows = [[cell[1:] if _GUARDED.match(cell) else cell for cell in row] for row in grid.rows]
    return grid


def delimiter_of(text: str, score: Callable[[Sequence[Sequence[str]]], int] = len, *, tab: bool) -> tuple[str, int]:
    """Return what separates the values of a delimited text, and where it begins: after a `sep=` line if it has one."""
    said = _SEP.match(text)
    return (said[1], said.end()) if said else (_delimiter(text, score, tab=tab), 0)


def _delimiter(text: str, score: Callable[[Sequence[Sequence[str]]], int], *, tab: bool) -> str:
    best, chosen = (-1, 0.0, 0), ","
    order = "\t" + DELIMITERS.replace("\t", "") if tab else DELIMITERS
    head = text[:200_000]
    for preference, delimiter in enumerate(order):
        rows: list[list[str]] = []
        with suppress(csv.Error):  # a value too large for now: the reading proper will say so
            rows.extend(islice(_rows(head, delimiter, strict=False), _SAMPLE))
        widths = Counter(len(row) for row in rows if row)
        width, times = widths.most_common(1)[0] if widths else (1, 0)
        even = times / max(1, sum(widths.values())) if width > 1 else 0.0
        rank = (score(rows), even, -preference)
        if rank > best:
            best, chosen = rank, delimiter
    return chosen


def _rows(text: str, delimiter: str, *, strict: bool) -> Iterator[list[str]]:
    return csv.reader(io.StringIO(text, newline=""), delimiter=delimiter, strict=strict, skipinitialspace=False)


def _fill(grid: Grid, text: str, delimiter: str, at: Location, limits: Limits, *, strict: bool) -> bool:
    # Reads into the grid and tells whether that is final: text after a closing quote is worth a lenient second one.
    if csv.field_size_limit() < limits.cell_characters:
        csv.field_size_limit(limits.cell_characters)
    if strict and text.count("\n") < limits.rows and _at_once(grid, text, delimiter, limits):
        return True
    number, longest, most = 0, limits.cell_characters, limits.columns
    rows = _rows(text, delimiter, strict=strict)
    while True:
        number += 1
        try:
            row = next(rows)
        except StopIteration:
            return True
        except csv.Error as error:
            what = str(error)
            if "field limit" in what or "field larger" in what:
                raise reached(
                    "cell_characters",
                    found=f"> {csv.field_size_limit():,}",
                    allowed=limits.cell_characters,
                    place=f"row {number}",
                ) from error
            place = Location(file=at.file, row=number)
            if "unexpected end" in what:
                grid.findings.append(notice("quote-unclosed", place, row=number))
                return True
            grid.findings.append(notice("quote-stray", place, row=number))
            return False
        if not any(row):
            continue
        if len(row) > most:
            limits.check("columns", len(row), f"row {number}")
        if (length := max(map(len, row))) > longest:
            limits.check("cell_characters", length, f"row {number}")
        grid.rows.append(row)
        grid.numbers.append(number)
        if len(grid.rows) > limits.rows:
            limits.check("rows", len(grid.rows))


def _at_once(grid: Grid, text: str, delimiter: str, limits: Limits) -> bool:
    # Most files have nothing to find fault with; they are read without a look at each row.
    try:
        read = _rows(text, delimiter, strict=True)
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
