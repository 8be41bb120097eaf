"""Make the smallest table that still shows a finding, with invented texts: something to attach to a fault report.

    python scripts/minimal_example.py FILE --code Action-endsAfterItStarts -o small.csv

Rows and columns that the finding does not need are taken away; of what is left, names, texts and numbers are replaced,
as long as the finding stays and no other comes of it. What cannot be replaced stays and is listed: look at it before
you send the file. Tables are read (CSV, TSV, XLSX, ODS), a CSV is written. Nothing leaves the machine.
"""

from __future__ import annotations

import argparse
import csv
import io
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Final

import bicentennial as bic

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

Rows = list[list[str]]

INVENTED: Final = ("", "Text", "Text {n}", "X-{n}", "G2", "SRE", "1", "2023-01-15")
"""What a cell is replaced by, the first that keeps the finding."""


def read(path: str) -> Rows:
    """Return the rows of a table: of the first sheet that has rows, for a workbook."""
    if path.lower().endswith((".csv", ".tsv", ".txt")):
        sample = Path(path).read_bytes().decode("utf-8-sig", "replace")
        dialect = csv.Sniffer().sniff(sample.partition("\n")[0], delimiters=",;\t|")
        return [row for row in csv.reader(io.StringIO(sample), dialect) if any(row)]
    from python_calamine import CalamineWorkbook

    book = CalamineWorkbook.from_path(path)
    for name in book.sheet_names:
        rows = [[_text(cell) for cell in row] for row in book.get_sheet_by_name(name).to_python()]
        if len(rows) > 1 and _codes(rows):
            return rows
    raise SystemExit(f"{path}: no sheet of this workbook alone shows a finding")


def _text(value: object) -> str:
    return str(int(value)) if isinstance(value, float) and value.is_integer() else "" if value is None else str(value)


def written(rows: Rows) -> str:
    """Return rows as CSV."""
    text = io.StringIO(newline="")
    csv.writer(text, lineterminator="\n").writerows(rows)
    return text.getvalue()


def _codes(rows: Rows) -> dict[str, int]:
    return bic.validate(written(rows).encode(), name="small.csv", input_format="csv", isolated=False).by_code


def without_rows(rows: Rows, shows: Callable[[Rows], bool]) -> Rows:
    """Take rows away in ever smaller parts, as long as the finding stays; the first row is the header."""
    size = max((len(rows) - 1) // 2, 1)
    while True:
        start = 1
        while start < len(rows):
            fewer = rows[:start] + rows[start + size :]
            if len(fewer) > 1 and shows(fewer):
                rows = fewer
            else:
                start += size
        if size == 1:
            return rows
        size //= 2


def without_columns(rows: Rows, shows: Callable[[Rows], bool]) -> Rows:
    """Take columns away, as long as the finding stays."""
    for number in reversed(range(len(rows[0]))):
        fewer = [row[:number] + row[number + 1 :] for row in rows]
        if fewer[0] and shows(fewer):
            rows = fewer
    return rows


def invented(rows: Rows, shows: Callable[[Rows], bool]) -> Iterator[tuple[int, int]]:
    """Replace the cells of rows in place, and yield those that had to stay."""
    for place, row in enumerate(rows[1:], start=1):
        for number, old in enumerate(row):
            for new in INVENTED if old else ():
                row[number] = new.format(n=place)
                if shows(rows):
                    break
            else:
                row[number] = old
                if old:
                    yield place, number


def smallest(rows: Rows, code: str) -> tuple[Rows, list[str]]:
    """Return the smallest table that shows a code, and the cells that are as they were."""
    allowed = set(_codes(rows))

    def shows(some: Rows) -> bool:
        nonlocal allowed
        found = set(_codes(some))
        if code not in found or not found <= allowed:
            return False
        allowed = found  # a fault that has gone is not to come back
        return True

    width = max(map(len, rows))
    padded = [[*row, *[""] * (width - len(row))] for row in rows]
    rows = without_columns(without_rows(padded, shows), shows)
    kept = [rows[place][number] for place, number in invented(rows, shows)]
    return rows, kept


def main() -> int:
    """Read, make smaller, write; 0 if the finding was there."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("file")
    parser.add_argument("--code", required=True, help="the code of the finding that is wrong")
    parser.add_argument("-o", "--output", required=True, help="the CSV to write")
    arguments = parser.parse_args()
    rows = read(arguments.file)
    if arguments.code not in _codes(rows):
        print(f"{arguments.file} has no finding {arguments.code}", file=sys.stderr)
        return 1
    small, kept = smallest(rows, arguments.code)
    Path(arguments.output).write_bytes(written(small).encode())
    if kept:
        print("unchanged / sin cambio: " + "; ".join(dict.fromkeys(kept)))
    return 0


if __name__ == "__main__":
    sys.exit(main())
