r"""Rows of a sheet in private files, and how DuckDB reads them.

Rows that need no quotation marks are written without, since DuckDB reads those faster.

>>> [each.text for each in written([([2, 3], [["A-1", "A-2"], ["Trees", "Roads"]])], 2)]
['2\x1fA-1\x1fTrees\n3\x1fA-2\x1fRoads\n']
"""

from __future__ import annotations

import csv
import io
import os
from typing import TYPE_CHECKING, Final

from bicentennial.core.startup.records import record
from bicentennial.storage.layout import quoted

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Sequence
    from pathlib import Path

    from bicentennial.core.grid import Part

__all__ = ["BATCH", "BLANKS", "QUOTED_FIELDS", "in_parts", "spooled", "trimming", "written"]

# What `str.strip` takes away.
BLANKS: Final = (
    "\t\n\x0b\x0c\r\x1c\x1d\x1e\x1f \x85\xa0\u1680\u2000\u2001\u2002\u2003\u2004\u2005\u2006\u2007\u2008\u2009\u200a"
    "\u2028\u2029\u202f\u205f\u3000"
)
_OTHERS: Final = BLANKS.replace(" ", "")
# Random, so that no cell holds it and DuckDB takes none for missing.
_NULL: Final = f"\x02{os.urandom(8).hex()}"
_FIELDS: Final = f"auto_detect=false, header=false, comment='', nullstr='{_NULL}'"
_QUOTED: Final = "quote='\"', escape='\"'"
_UNIT: Final = "\x1f"
# DuckDB reads a file in pieces of twice the longest line, at several places at once.
_LONGEST: Final = 4_000_000
_AT_HAND: Final = 1 << 17
# About so many characters are written for DuckDB to read while the next are prepared.
BATCH: Final = 4_000_000


def _pieces(longest: int = _LONGEST) -> str:
    return f"max_line_size={longest}, buffer_size={2 * longest}"


QUOTED_FIELDS: Final = f"{_FIELDS}, {_QUOTED}, {_pieces()}"
"""Options of DuckDB's reader for a text with quotation marks."""


def in_parts(text: str) -> Iterator[str]:
    """Yield a text in parts that a processor keeps at hand: to go through each of them several times takes less time.

    >>> [len(each) for each in in_parts("x" * 300_000)]
    [131072, 131072, 37856]
    """
    return (text[start : start + _AT_HAND] for start in range(0, len(text), _AT_HAND))


def trimming(text: str, between: str) -> Callable[[str], str]:
    """Return what writes SQL that strips the cells of a text; some characters stand but between cells."""
    # DuckDB is quick to take spaces away, and quicker to see that there are none; other blanks take it ten times as
    # long, and are rare.
    others = [character for character in _OTHERS if character not in between]
    if not any(character in part for part in in_parts(text) for character in others):
        return lambda cell: (
            f"CASE WHEN {cell} >= ' ' AND {cell} < '!' OR ends_with({cell}, ' ') THEN trim({cell}) ELSE {cell} END"
        )
    ends = quoted(f"^[{_OTHERS}]|[{_OTHERS}]$")

    def trimmed(cell: str) -> str:
        plain = f"trim({cell})"
        return f"CASE WHEN regexp_matches({plain}, {ends}) THEN trim({cell}, {quoted(BLANKS)}) ELSE {plain} END"

    return trimmed


def spooled(
    spool: Path, texts: Iterable[_Written], names: Sequence[str]
) -> Iterator[tuple[Path, str, Callable[[str], str]]]:
    """Write each text to a private file; yield that, the SQL that reads it as `row` and the names, and `trimming`."""
    columns = {"row": "INTEGER"} | dict.fromkeys(names, "VARCHAR")
    for number, each in enumerate(texts):
        path = spool / f"rows{number}"
        path.write_text(each.text, encoding="utf-8", newline="")
        source = f"read_csv({quoted(str(path))}, {_FIELDS}, {each.options}, columns={columns})"
        yield path, source, trimming(each.text, each.between)


@record(frozen=True)
class _Written:
    """Rows as a text, and how it is to be read; `between` are characters that separate cells and are in none."""

    text: str
    options: str
    between: str


def written(parts: Iterable[Part], width: int) -> Iterator[_Written]:
    """Write rows without quotation marks, which DuckDB reads faster, up to the first cells that cannot do without."""
    texts: list[str] = []
    longest = size = 0
    plain = True
    for numbers, columns in parts:
        lines = list(map(_UNIT.join, zip(map(str, numbers), *columns, strict=True)))
        text = "\n".join([*lines, ""])
        if plain and not _is_plain(text, len(lines), width):
            if texts:
                yield _as_written(texts, longest, plain=True)
            texts, longest, size, plain = [], 0, 0, False
        if not plain:
            buffer = io.StringIO(newline="")
            csv.writer(buffer).writerows(zip(numbers, *columns, strict=True))
            text = buffer.getvalue()
        texts.append(text)
        longest, size = max(longest, max(map(len, lines), default=0)), size + len(text)
        if size > BATCH:
            yield _as_written(texts, longest, plain=plain)
            texts, longest, size = [], 0, 0
    if texts:
        yield _as_written(texts, longest, plain=plain)


def _is_plain(text: str, lines: int, width: int) -> bool:
    single = text.count("\n") == lines and text.count(_UNIT) == lines * width
    return single and "\r" not in text and "\x00" not in text


def _as_written(texts: Sequence[str], longest: int, *, plain: bool) -> _Written:
    pieces = _pieces(max(_LONGEST, 8 * longest))
    if plain:
        options = f"quote='', escape='', delim='{_UNIT}', new_line='\\n', {pieces}"
        return _Written("".join(texts), options, f"\n{_UNIT}")
    return _Written("".join(texts), f"{_QUOTED}, new_line='\\r\\n', {pieces}", "")
