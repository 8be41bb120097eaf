"""The same submission as it may be written: none of these may cost much more than the plainest.

Each has a file, and what else the command is given.
"""

from __future__ import annotations

import csv
from typing import TYPE_CHECKING, Any, Final

import openpyxl

from benchmarks import data

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping, Sequence
    from pathlib import Path

__all__ = ["PLAIN_CSV", "PLAIN_XLSX", "variations"]

PLAIN_CSV: Final = "CSV, UTF-8"
PLAIN_XLSX: Final = "XLSX, shared texts"

_TITLE: Final = data.HEADER.index("title")
_NARROW: Final = """
@prefix sh: <http://www.w3.org/ns/shacl#> .
@prefix skos: <http://www.w3.org/2004/02/skos/core#> .
@prefix bic: <https://w3id.org/bicentennial/ontology#> .
<urn:x-benchmark:Titles> sh:targetClass bic:Action ;
    sh:property [ sh:path skos:prefLabel ; sh:maxLength 200 ; sh:severity sh:Info ] .
"""


def variations(folder: Path, count: int) -> Iterator[tuple[str, Path, tuple[str, ...]]]:
    """Write each way, and yield its name, its file, and further arguments."""
    rows = list(data.rows(count))
    accented = _titled(rows, lambda title: f"{title}: acción")
    yield PLAIN_CSV, _csv(folder / "plain.csv", rows), ()
    for name, given, options in (
        ("every cell quoted", rows, {"quoting": csv.QUOTE_ALL}),
        ("CRLF", rows, {"lineterminator": "\r\n"}),
        ("semicolons", rows, {"delimiter": ";"}),
        ("accents, UTF-8", accented, {}),
        ("accents, Latin-1", accented, {"encoding": "latin-1"}),
        ("accents, UTF-16", accented, {"encoding": "utf-16"}),
        ("byte order mark", accented, {"encoding": "utf-8-sig"}),
        ("line breaks in cells", _titled(rows, lambda title: f"{title}\nand more"), {}),
        ("blank lines", [each for n, row in enumerate(rows) for each in ([row], [row, []])[n % 100 == 99]], {}),
        (
            "rows that are short",
            [row[: -1 if n % 50 == 49 and not row[-1] else None] for n, row in enumerate(rows)],
            {},
        ),
        ("separators at the end of rows", [rows[0], *([*row, ""] for row in rows[1:])], {}),
        ("tabs", rows, {"delimiter": "\t"}),
        ("a title above", [["Actions of the year"], [], *rows], {}),
        ("forty empty columns", [[*row, *[""] * 40] for row in rows], {}),
    ):
        yield f"CSV, {name}", _csv(folder / f"{name}.csv", given, **options), ()
    mapping = folder / "mapping.toml"
    mapping.write_text('[columns]\n"what is done" = "title"\n', encoding="utf-8")
    renamed = [[*rows[0][:_TITLE], "what is done", *rows[0][_TITLE + 1 :]], *rows[1:]]
    yield "CSV, a mapping", _csv(folder / "mapped.csv", renamed), ("--mapping", str(mapping))
    shapes = folder / "shapes.ttl"
    shapes.write_text(_NARROW, encoding="utf-8")
    yield "CSV, further shapes", folder / "plain.csv", ("--shapes", str(shapes))
    data.write_xlsx(folder / "plain.xlsx", count)
    yield PLAIN_XLSX, folder / "plain.xlsx", ()
    yield "XLSX, as openpyxl writes it", _xlsx(folder / "texts.xlsx", {"actions": rows}), ()
    yield "XLSX, empty texts in cells", _xlsx(folder / "empty.xlsx", {"actions": rows}, empty=""), ()
    half = len(rows) // 2
    sheets = {"actions": rows[:half], "more actions": [rows[0], *rows[half:]]}
    yield "XLSX, two sheets", _xlsx(folder / "sheets.xlsx", sheets), ()


def _titled(rows: Sequence[Sequence[str]], change: Callable[[str], str]) -> list[list[str]]:
    return [list(rows[0]), *([*row[:_TITLE], change(row[_TITLE]), *row[_TITLE + 1 :]] for row in rows[1:])]


def _csv(path: Path, rows: Sequence[Sequence[str]], *, encoding: str = "utf-8", **options: Any) -> Path:
    with path.open("w", encoding=encoding, newline="") as stream:
        csv.writer(stream, **{"lineterminator": "\n", **options}).writerows(rows)
    return path


def _xlsx(path: Path, sheets: Mapping[str, Sequence[Sequence[str]]], *, empty: str | None = None) -> Path:
    book = openpyxl.Workbook(write_only=True)
    for name, rows in sheets.items():
        sheet = book.create_sheet(name)
        for row in rows:
            sheet.append([each or empty for each in row])
    book.save(path)
    return path
