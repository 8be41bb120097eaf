"""The cells of any table, workbook or JSON file as texts, whatever its headers mean."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from bicentennial.core.cell_errors import is_error
from bicentennial.core.file_formats import Family
from bicentennial.core.findings import Location
from bicentennial.core.grid import Grid
from bicentennial.core.problems import unreadable
from bicentennial.formats.csv.delimited import read_delimited
from bicentennial.formats.decoding import decode
from bicentennial.formats.invisible import visible
from bicentennial.formats.registry import TITLES, detect
from bicentennial.semantics.mapping import MappingFile
from bicentennial.semantics.table_recognition import TableRecogniser
from bicentennial.vocabulary.index import default_index

if TYPE_CHECKING:
    from pathlib import Path

    from bicentennial.core.limits import Limits

__all__ = ["cells_of"]


def cells_of(place: Path, data: bytes, limits: Limits) -> list[Grid]:
    """Return the sheets of a file; each list of objects of a JSON document is one, its keys the first row.

    Raises:
        UnreadableInputError: it is damaged, or of a format that says itself what it means.
        LimitReachedError: it is larger than the limits allow.
    """
    found = detect(place.name, data)
    if found.family is Family.WORKBOOK:
        from bicentennial.formats.workbook.sheets import read_workbook

        return [_without_errors(grid.complete()) for grid in read_workbook(data, found.name, limits)]
    text, _ = decode(data)
    if found.family is Family.DELIMITED:
        score = TableRecogniser(default_index(), MappingFile()).score
        at = Location(file=place.name)
        return [_without_errors(read_delimited(visible(text), at, limits, score, tab=found.name == "tsv"))]
    if found.family is Family.JSON:
        return [_grid(name, objects, limits) for name, objects in _lists(text, limits, lines=found.name == "jsonl")]
    raise unreadable("no-mapping", format=TITLES[found.name])


def _without_errors(grid: Grid) -> Grid:
    grid.rows = [["" if is_error(cell) else cell for cell in row] for row in grid.rows]
    return grid


def _lists(text: str, limits: Limits, *, lines: bool) -> list[tuple[str | None, list[dict[str, Any]]]]:
    from bicentennial.formats.json.document import document_of

    document, lines = document_of(text, TableRecogniser(default_index(), MappingFile()), limits, lines=lines)
    start = document.start()
    if lines:
        lists: dict[str | None, Any] = {None: [value for _, value in document.lines()]}
    elif text[start] == "[":
        lists = {None: [value for _, value in document.elements(start)]}
    else:
        lists = {}
        for key, at in document.members(start):
            lists.setdefault(key, document.value(at)[0])  # of a key that is repeated, the first is read
    objects = {
        key: [each for each in some if isinstance(each, dict)] for key, some in lists.items() if isinstance(some, list)
    }
    return [(key, some) for key, some in objects.items() if some]


def _grid(name: str | None, objects: list[dict[str, Any]], limits: Limits) -> Grid:
    keys = list(dict.fromkeys(key for each in objects for key in each))
    limits.check("columns", len(keys), name or "")
    limits.check("rows", len(objects), name or "")
    limits.check("grid_cells", len(keys) * len(objects), name or "")
    rows = [keys, *([_scalar(each.get(key)) for key in keys] for each in objects)]
    return Grid(rows, list(range(1, len(rows) + 1)), name)


def _scalar(value: Any) -> str:
    if isinstance(value, list):
        return ";".join(_scalar(each) for each in value if not isinstance(each, list))
    return "" if value is None or isinstance(value, dict) else str(value)
