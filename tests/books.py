"""Small workbooks, written part by part as programs write them."""

from __future__ import annotations

import io
import zipfile
from typing import TYPE_CHECKING, Any, Final
from xml.sax.saxutils import escape, quoteattr

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

HEADER: Final = ("id", "title", "goal", "responsible_party", "status", "start_date", "due_date", "budget", "currency")
ROW: Final = ("A-1", "Train", "G2", "SRE", "ongoing", "2023", "2024", "", "")
MAIN: Final = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
RELATIONS: Final = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
PACKAGE: Final = "http://schemas.openxmlformats.org/package/2006/relationships"
SPREADSHEET: Final = "application/vnd.oasis.opendocument.spreadsheet"
NAMESPACES: Final = " ".join(
    f'xmlns:{prefix}="urn:oasis:names:tc:opendocument:xmlns:{prefix}:1.0"'
    for prefix in ("office", "table", "text", "style")
)
DRAWING: Final = 'xmlns:draw="urn:oasis:names:tc:opendocument:xmlns:drawing:1.0"'
CALC: Final = 'xmlns:calcext="urn:org:documentfoundation:names:experimental:calc:xmlns:calcext:1.0"'
STYLES: Final = (
    f'<styleSheet xmlns="{MAIN}"><fonts count="1"><font><sz val="11"/></font></fonts>'
    '<fills count="1"><fill><patternFill patternType="none"/></fill></fills>'
    '<borders count="1"><border><left/><right/><top/><bottom/><diagonal/></border></borders>'
    '<cellStyleXfs count="1"><xf/></cellStyleXfs>'
    '<cellXfs count="2"><xf/><xf numFmtId="14" applyNumberFormat="1"/></cellXfs></styleSheet>'
)


def packed(parts: Mapping[str, str | bytes]) -> bytes:
    """Return an archive of some parts."""
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as archive:
        for name, content in parts.items():
            info = zipfile.ZipInfo("x")
            info.filename = name  # which a backslash in the name would change otherwise, on some systems
            archive.writestr(info, content)
    return out.getvalue()


def xlsx_cell(place: str, value: Any) -> str:
    """Return a cell: a text, a number, or XML after `<c r="…"`, given in a tuple."""
    if isinstance(value, tuple):
        return f'<c r="{place}"{value[0]}'
    if isinstance(value, str):
        return f'<c r="{place}" t="inlineStr"><is><t xml:space="preserve">{escape(value)}</t></is></c>'
    return f'<c r="{place}"><v>{value}</v></c>'


def xlsx_sheet(rows: Sequence[Sequence[Any]], *, hidden: Sequence[int] = (), before: str = "", after: str = "") -> str:
    """Return the part of a sheet; `None` is no cell."""
    written = []
    for number, row in enumerate(rows, start=1):
        cells = (xlsx_cell(f"{chr(65 + n)}{number}", value) for n, value in enumerate(row) if value not in (None, ""))
        written.append(f'<row r="{number}"{" hidden=" + chr(34) + "1" + chr(34) if number in hidden else ""}>')
        written += [*cells, "</row>"]
    return f'<worksheet xmlns="{MAIN}">{before}<sheetData>{"".join(written)}</sheetData>{after}</worksheet>'


def xlsx_parts(sheets: Mapping[str, str], states: Mapping[str, str] | None = None) -> dict[str, str | bytes]:
    """Return the parts of a workbook, by their names."""
    states = states or {}
    listed = "".join(
        f'<sheet name={quoteattr(name)} sheetId="{n}" r:id="rId{n}"'
        f"{' state=' + quoteattr(states[name]) if name in states else ''}/>"
        for n, name in enumerate(sheets, start=1)
    )
    targets = "".join(
        f'<Relationship Id="rId{n}" Type="{RELATIONS}/worksheet" Target="worksheets/sheet{n}.xml"/>'
        for n in range(1, len(sheets) + 1)
    )
    types = "application/vnd.openxmlformats-officedocument.spreadsheetml"
    return {
        "[Content_Types].xml": (
            '<Types xmlns="http://schemas.openxmlformats.org/package/2006/content-types">'
            '<Default Extension="rels" ContentType="application/vnd.openxmlformats-package.relationships+xml"/>'
            '<Default Extension="xml" ContentType="application/xml"/>'
            f'<Override PartName="/xl/workbook.xml" ContentType="{types}.sheet.main+xml"/></Types>'
        ),
        "_rels/.rels": (
            f'<Relationships xmlns="{PACKAGE}">'
            f'<Relationship Id="rId1" Type="{RELATIONS}/officeDocument" Target="xl/workbook.xml"/></Relationships>'
        ),
        "xl/workbook.xml": f'<workbook xmlns="{MAIN}" xmlns:r="{RELATIONS}"><sheets>{listed}</sheets></workbook>',
        "xl/_rels/workbook.xml.rels": (
            f'<Relationships xmlns="{PACKAGE}">{targets}'
            f'<Relationship Id="rIdS" Type="{RELATIONS}/styles" Target="styles.xml"/></Relationships>'
        ),
        "xl/styles.xml": STYLES,
        **{f"xl/worksheets/sheet{n}.xml": sheet for n, sheet in enumerate(sheets.values(), start=1)},
    }


def xlsx(*rows: Sequence[Any], **options: Any) -> bytes:
    """Return an XLSX workbook of one sheet of actions."""
    return packed(xlsx_parts({"actions": xlsx_sheet(rows, **options)}))


def ods_cell(value: Any) -> str:
    """Return a cell: a text, a number, or XML after `<table:table-cell`, given in a tuple."""
    if isinstance(value, tuple):
        return f"<table:table-cell{value[0]}"
    if value in (None, ""):
        return "<table:table-cell/>"
    if isinstance(value, str):
        shown = "".join(f"<text:p>{_spaced(line)}</text:p>" for line in value.split("\n"))
        return f'<table:table-cell office:value-type="string">{shown}</table:table-cell>'
    kind = 'office:value-type="float"'
    return f'<table:table-cell {kind} office:value="{value}"><text:p>{value}</text:p></table:table-cell>'


def _spaced(text: str) -> str:
    return escape(text).replace("  ", " <text:s/>").replace("\t", "<text:tab/>")


def ods_table(
    rows: Sequence[Sequence[Any]], *, hidden: Sequence[int] = (), name: str = "actions", more: str = ""
) -> str:
    """Return a sheet."""
    written = [
        f"<table:table-row{' table:visibility=' + chr(34) + 'filter' + chr(34) if number in hidden else ''}>"
        f"{''.join(map(ods_cell, row))}</table:table-row>"
        for number, row in enumerate(rows, start=1)
    ]
    return f"<table:table table:name={quoteattr(name)}>{more}{''.join(written)}</table:table>"


def content(*tables: str, root: str = "document-content", more: str = "") -> str:
    """Return the content of an ODS workbook."""
    return (
        f'<?xml version="1.0" encoding="UTF-8"?><office:{root} {NAMESPACES} {DRAWING} {CALC}'
        f' office:version="1.2"{more}>'
        f"<office:body><office:spreadsheet>{''.join(tables)}</office:spreadsheet></office:body></office:{root}>"
    )


def ods_parts(*tables: str) -> dict[str, str | bytes]:
    """Return the parts of an ODS workbook."""
    return {
        "mimetype": SPREADSHEET,
        "content.xml": content(*tables),
        "META-INF/manifest.xml": (
            '<manifest:manifest xmlns:manifest="urn:oasis:names:tc:opendocument:xmlns:manifest:1.0"/>'
        ),
    }


def ods(*rows: Sequence[Any], **options: Any) -> bytes:
    """Return an ODS workbook of one sheet of actions."""
    return packed(ods_parts(ods_table(rows, **options)))
