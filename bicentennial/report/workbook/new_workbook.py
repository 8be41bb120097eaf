"""A workbook made from a submission that is none: one sheet a table, every value as text just as it was read.

Rows keep the numbers that findings give them. Everything is text (`quotePrefix`), so that no value becomes a formula,
and no identifier loses its leading zeros.
"""

from __future__ import annotations

import re
import zipfile
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, BinaryIO, Final

from bicentennial.core.errors import OutputError
from bicentennial.core.findings import column_letter
from bicentennial.core.messages import UNSAFE, entry
from bicentennial.report.workbook.markup import escaped
from bicentennial.report.workbook.styles import EMPTY, Styles

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Sequence

    from bicentennial.core.findings import Finding

__all__ = ["Table", "write_fresh"]

_ROWS: Final = 1_048_576
# What a name of a sheet may not hold, a number in place of a character among it.
_FORBIDDEN: Final = re.compile(rf"{UNSAFE.pattern}|[\[\]:*?/\\]|_(?=x[0-9A-Fa-f]{{4}}_)")
_RESERVED: Final = "history"
"""The name that Excel keeps for itself."""
_NAME: Final = 28
"""How many units of UTF-16 of a table's name are kept: there may be 31, with a number behind."""
_OPEN: Final = "http://schemas.openxmlformats.org"
_XML: Final = '<?xml version="1.0" encoding="UTF-8" standalone="yes"?>\n'
_MOST: Final = 32_767


@dataclass(slots=True)
class Table:
    """A sheet to be: its name, its rows with their numbers, which of them is the header, and where a finding is."""

    name: str
    rows: Iterable[tuple[int, Sequence[str]]]
    header: int | None
    locate: Callable[[Finding], tuple[int, int | None] | None] = field(repr=False)


def write_fresh(tables: Sequence[Table], target: BinaryIO) -> list[str]:
    """Write a workbook and return the names of its sheets, which may differ from those of the tables.

    Raises:
        OutputError: a table has more rows than a sheet can hold.
    """
    names: list[str] = []
    for table in tables:
        names.append(_free(table.name, names))
    styles = Styles(EMPTY)
    with zipfile.ZipFile(target, "w", zipfile.ZIP_DEFLATED, compresslevel=5) as out:
        for at, table in enumerate(tables, start=1):
            with out.open(f"xl/worksheets/sheet{at}.xml", "w", force_zip64=True) as sheet:
                for piece in _sheet(table, styles):
                    sheet.write(piece)
        parts = _parts(names)
        parts["xl/styles.xml"] = styles.xml().decode()
        for part, text in parts.items():
            out.writestr(part, text)
    return names


def _free(name: str, taken: Sequence[str]) -> str:
    units = _FORBIDDEN.sub("-", name).strip("'").encode("utf-16-le")[: 2 * _NAME]
    base = units.decode("utf-16-le", "ignore").strip("'") or "Data"
    folded = {_RESERVED, *(each.casefold() for each in taken)}
    return next(each for each in (base, *(f"{base} {n}" for n in range(2, 1_000))) if each.casefold() not in folded)


def _sheet(table: Table, styles: Styles) -> Iterator[bytes]:
    yield f'{_XML}<worksheet xmlns="{_OPEN}/spreadsheetml/2006/main">'.encode()
    yield b'<sheetViews><sheetView workbookViewId="0">'
    if table.header is not None:
        top = table.header
        yield (f'<pane ySplit="{top}" topLeftCell="A{top + 1}" activePane="bottomLeft" state="frozen"/>'.encode())
    yield b'</sheetView></sheetViews><sheetFormatPr defaultRowHeight="15"/>'
    yield b'<cols><col min="1" max="500" width="20" customWidth="1"/></cols><sheetData>'
    letters = [column_letter(number).encode() for number in range(1, 16_385)]
    piece: list[bytes] = []
    for number, row in table.rows:
        if number > _ROWS:
            text = entry("report", "workbook")["rows"]
            raise OutputError(text)
        style = b"%d" % (styles.head if number == table.header else styles.plain)
        here = b"%d" % number
        piece.append(b'<row r="%s">' % here)
        for letter, value in zip(letters, row, strict=False):
            if value:
                text = value if len(value) <= _MOST else value[: _MOST - 1] + "…"
                piece.append(
                    b'<c r="%s%s" s="%s" t="inlineStr"><is><t xml:space="preserve">%s</t></is></c>'
                    % (letter, here, style, escaped(text))
                )
        piece.append(b"</row>")
        if len(piece) > 20_000:
            yield b"".join(piece)
            piece.clear()
    yield b"".join(piece)
    yield (
        b'</sheetData><ignoredErrors><ignoredError sqref="A1:XFD1048576" numberStoredAsText="1"/></ignoredErrors>'
        b"</worksheet>"
    )


def _parts(names: Sequence[str]) -> dict[str, str]:
    kinds = "application/vnd.openxmlformats-officedocument.spreadsheetml"
    relations = f"{_OPEN}/package/2006/relationships"
    office = f"{_OPEN}/officeDocument/2006/relationships"
    numbers = range(1, len(names) + 1)
    sheets = "".join(
        f'<sheet name="{escaped(name).decode()}" sheetId="{at}" r:id="rId{at}"/>'
        for at, name in zip(numbers, names, strict=True)
    )
    types = "".join(
        f'<Override PartName="/xl/worksheets/sheet{at}.xml" ContentType="{kinds}.worksheet+xml"/>' for at in numbers
    )
    related = "".join(
        f'<Relationship Id="rId{at}" Type="{office}/worksheet" Target="worksheets/sheet{at}.xml"/>' for at in numbers
    )
    return {
        "[Content_Types].xml": f'{_XML}<Types xmlns="{_OPEN}/package/2006/content-types">'
        '<Default Extension="rels" ContentType="application/vnd.openxmlformats-package.relationships+xml"/>'
        '<Default Extension="xml" ContentType="application/xml"/>'
        f'<Override PartName="/xl/workbook.xml" ContentType="{kinds}.sheet.main+xml"/>{types}'
        f'<Override PartName="/xl/styles.xml" ContentType="{kinds}.styles+xml"/></Types>',
        "_rels/.rels": f'{_XML}<Relationships xmlns="{relations}">'
        f'<Relationship Id="rId1" Type="{office}/officeDocument" Target="xl/workbook.xml"/></Relationships>',
        "xl/workbook.xml": f'{_XML}<workbook xmlns="{_OPEN}/spreadsheetml/2006/main" xmlns:r="{office}">'
        f"<sheets>{sheets}</sheets></workbook>",
        "xl/_rels/workbook.xml.rels": f'{_XML}<Relationships xmlns="{relations}">{related}'
        f'<Relationship Id="rIdS" Type="{office}/styles" Target="styles.xml"/></Relationships>',
    }
