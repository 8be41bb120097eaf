r"""Rows of a delimited text that have fewer or more cells than the header, made as long as the others.

DuckDB reads nothing but rows of one length at full speed. Which rows differ is seen from the number of separators in
each line; within quotation marks separators and line breaks are hidden while that is counted.

>>> from bicentennial.core.limits import DEFAULT
>>> made = evened("id,title,note\nA-1\nA-2,Trees,x,y\nA-3,Roads,,\n", ",", 3, 1, DEFAULT)
>>> made.text, made.rows, made.changed
('id,title,note\nA-1,,\nA-2,Trees,x\nA-3,Roads,\n', {2: ['A-1'], 3: ['A-2', 'Trees', 'x', 'y']}, 3)
"""

from __future__ import annotations

import csv
import io
from typing import TYPE_CHECKING, Final

from bicentennial.core.startup.named_tuples import NamedTuple

if TYPE_CHECKING:
    from collections.abc import Sequence

    from bicentennial.core.limits import Limits

__all__ = ["Evened", "evened", "may_be_even"]

# What stands for line breaks and separators within quotation marks: no text has the former.
_BREAK: Final = "\x00"
_SEPARATOR: Final = "\x01"


class Evened(NamedTuple):
    """A text whose rows are all of one length."""

    text: str
    rows: dict[int, list[str]]
    """The cells of rows that were not, by number: of shorter ones, and of those that go on with more than blanks."""
    changed: int
    """How many rows there were, those included that had blank cells too many."""


def may_be_even(text: str, delimiter: str, width: int, header_row: int) -> bool:
    """Return whether the rows of a text may all be of one length, as far as the whole text tells.

    Args:
        text: the text, blank lines filled.
        delimiter: what separates the cells.
        width: how many cells rows should have.
        header_row: how many lines there are up to the header, in which the number makes no difference.
    """
    if '"' in text:
        return True
    start = _below(text, header_row)
    lines = text.count("\n", start) + (not text.endswith("\n"))
    return text.count(delimiter, start) == lines * (width - 1)


def evened(text: str, delimiter: str, width: int, header_row: int, limits: Limits) -> Evened | None:
    """Return a text with its rows made as long as the header.

    See `may_be_even` for what it is given.

    Returns:
        None if quotation marks stand where readers differ about them, or if a row is beyond the limits.
    """
    start = _below(text, header_row)
    body = text[start:]
    hidden = _hidden(body, delimiter) if '"' in body else body
    if hidden is None:
        return None
    lines = hidden.split("\n")
    last = lines.pop() if hidden.endswith("\n") else None
    rows: dict[int, list[str]] = {}
    changed = 0
    for position, line in enumerate(lines):
        lacking = width - 1 - line.count(delimiter)
        if not lacking:
            continue
        changed += 1
        end = "\r" if line.endswith("\r") else ""
        cells = line.removesuffix("\r").split(delimiter)
        lines[position] = delimiter.join(cells[:width]) + delimiter * lacking + end
        if lacking > 0 or any(map(str.strip, cells[width:])):
            row = _row(line, delimiter)
            if row is None or len(row) > limits.columns or max(map(len, row), default=0) > limits.cell_characters:
                return None
            if any(row):
                rows[header_row + 1 + position] = row
    if last is not None:
        lines.append(last)
    whole = "\n".join(lines)
    if hidden is not body:
        whole = whole.replace(_BREAK, "\n").replace(_SEPARATOR, delimiter)
    return Evened(text[:start] + whole, rows, changed)


def _below(text: str, header_row: int) -> int:
    start = 0
    for _ in range(header_row):
        start = text.find("\n", start) + 1 or len(text)
    return start


def _hidden(body: str, delimiter: str) -> str | None:
    """Return a text without line breaks and separators within quotation marks, if those are around whole cells."""
    parts = body.split('"')
    if _SEPARATOR in body or not len(parts) % 2 or not _are_whole(parts[::2], delimiter):
        return None
    parts[1::2] = [part.replace("\n", _BREAK).replace(delimiter, _SEPARATOR) for part in parts[1::2]]
    return '"'.join(parts)


def _are_whole(outside: Sequence[str], delimiter: str) -> bool:
    """Return whether what stands outside quotation marks begins and ends where cells do, or is nothing.

    Between two marks nothing stands for a mark within the cell.
    """
    before, after = (delimiter, "\n"), (delimiter, "\n", "\r\n")
    return all(not part or part.endswith(before) for part in outside[:-1]) and all(
        not part or part.startswith(after) for part in outside[1:]
    )


def _row(line: str, delimiter: str) -> list[str] | None:
    whole = line.replace(_BREAK, "\n").replace(_SEPARATOR, delimiter)
    try:
        return next(csv.reader(io.StringIO(whole, newline=""), delimiter=delimiter, strict=True), [])
    except csv.Error:  # a cell that is too long
        return None
