"""A workbook of openpyxl as an OpenDocument spreadsheet (ODF 1.3): cells, comments, lists to choose from, page setup.

It writes what the form needs of a workbook, and nothing that LibreOffice would have to convert: colours and widths,
column formats, validations over a range or a formula, protected sheets, frozen panes.
"""

from __future__ import annotations

import re
import zipfile
from datetime import date
from typing import TYPE_CHECKING, Any, Final
from xml.sax.saxutils import escape, quoteattr

from bicentennial.core.findings import column_letter, column_number
from bicentennial.exchange.cells import UNWRITABLE

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator
    from pathlib import Path

    from openpyxl import Workbook

__all__ = ["write_ods"]

_MIME: Final = "application/vnd.oasis.opendocument.spreadsheet"
_URN: Final = "urn:oasis:names:tc:opendocument:xmlns:"
_SPACES: Final = {
    "office": f"{_URN}office:1.0", "table": f"{_URN}table:1.0", "text": f"{_URN}text:1.0", "style": f"{_URN}style:1.0",
    "fo": f"{_URN}xsl-fo-compatible:1.0", "number": f"{_URN}datastyle:1.0", "meta": f"{_URN}meta:1.0",
    "config": f"{_URN}config:1.0", "of": f"{_URN}of:1.2", "dc": "http://purl.org/dc/elements/1.1/",
}  # fmt: skip
_ROOT: Final = " ".join(f'xmlns:{prefix}="{iri}"' for prefix, iri in _SPACES.items()) + ' office:version="1.3"'
_ROWS: Final = 1_000
"""How many rows below the header have a list to choose from."""

_CHARACTER: Final = 0.075
_SIZE: Final = 11
_RANGE: Final = re.compile(r"'([^']+)'!(\$?[A-Z]+\$?\d+):(\$?[A-Z]+\$?\d+)")
_REFERENCE: Final = re.compile(r"(?<![A-Z$.])\b([A-Z]{1,2}\d+)\b")
_BASE: Final = (
    '<style:style style:name="wrap" style:family="table-cell"><style:table-cell-properties fo:wrap-option="wrap"'
    ' style:vertical-align="top"/></style:style>'
    '<number:date-style style:name="day"><number:year number:style="long"/><number:text>-</number:text><number:month'
    ' number:style="long"/><number:text>-</number:text><number:day number:style="long"/></number:date-style>'
    '<number:text-style style:name="asis"><number:text-content/></number:text-style>'
    '<style:style style:name="date" style:family="table-cell" style:data-style-name="day"/>'
    '<style:style style:name="text" style:family="table-cell" style:data-style-name="asis"/>'
)


def write_ods(book: Workbook, path: Path) -> None:
    """Write a workbook as an OpenDocument spreadsheet.

    Args:
        book: the workbook; what it holds beyond the form's needs is left out.
        path: where to write it.
    """
    made = _Ods(book)
    parts = {
        "content.xml": made.content(),
        "styles.xml": made.pages(),
        "settings.xml": made.settings(),
        "meta.xml": made.meta(),
    }
    entries = "".join(
        f'<manifest:file-entry manifest:full-path="{name}" manifest:media-type="{kind}"/>'
        for name, kind in (("/", _MIME), *((part, "text/xml") for part in parts))
    )
    parts["META-INF/manifest.xml"] = (
        f'<manifest:manifest xmlns:manifest="{_URN}manifest:1.0" manifest:version="1.3">{entries}</manifest:manifest>'
    )
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr(zipfile.ZipInfo("mimetype"), _MIME, zipfile.ZIP_STORED)
        for name, text in parts.items():
            archive.writestr(
                zipfile.ZipInfo(name), f'<?xml version="1.0" encoding="UTF-8"?>\n{text}', zipfile.ZIP_DEFLATED
            )


class _Ods:
    def __init__(self, book: Workbook) -> None:
        self._book: Any = book
        self._styles: dict[str, str] = {}
        self._validations: list[str] = []

    def content(self) -> str:
        """Return the part with sheets, styles and validations."""
        tables = "".join(map(self._table, self._book.worksheets))
        styles = "".join(f'<style:style style:name="{name}" {body}' for body, name in self._styles.items())
        masters = "".join(
            f'<style:style style:name="t{number}" style:family="table" style:master-page-name="m{number}"/>'
            for number, _ in enumerate(self._book.worksheets)
        )
        validations = f"<table:content-validations>{''.join(self._validations)}</table:content-validations>"
        return (
            f"<office:document-content {_ROOT}>"
            f"<office:automatic-styles>{_BASE}{masters}{styles}</office:automatic-styles>"
            f"<office:body><office:spreadsheet>{validations}{tables}</office:spreadsheet></office:body>"
            "</office:document-content>"
        )

    def pages(self) -> str:
        """Return the part that says how sheets are printed: as wide as a page."""
        layouts = masters = ""
        for number, sheet in enumerate(self._book.worksheets):
            upright = sheet.page_setup.orientation == "portrait"
            width, height = ("8.5in", "11in") if upright else ("11in", "8.5in")
            layouts += (
                f'<style:page-layout style:name="p{number}"><style:page-layout-properties fo:page-width="{width}"'
                f' fo:page-height="{height}" style:print-orientation="{sheet.page_setup.orientation}" fo:margin="0.6in"'
                ' style:scale-to-X="1" style:scale-to-Y="0"/></style:page-layout>'
            )
            masters += f'<style:master-page style:name="m{number}" style:page-layout-name="p{number}"/>'
        return (
            f"<office:document-styles {_ROOT}><office:automatic-styles>{layouts}</office:automatic-styles>"
            f"<office:master-styles>{masters}</office:master-styles></office:document-styles>"
        )

    def settings(self) -> str:
        """Return the part that freezes headers."""
        maps = ""
        for sheet in self._book.worksheets:
            frozen = re.fullmatch(r"([A-Z]+)(\d+)", sheet.freeze_panes or "A1")
            columns, rows = (column_number(frozen[1]) - 1, int(frozen[2]) - 1) if frozen else (0, 0)
            items = "".join(
                _item(f"{side}SplitMode", "short", 2 if at else 0) + _item(f"{side}SplitPosition", "int", at)
                for side, at in (("Horizontal", columns), ("Vertical", rows))
            )
            items += _item("PositionRight", "int", columns) + _item("PositionBottom", "int", rows)
            name = quoteattr(sheet.title)
            maps += f"<config:config-item-map-entry config:name={name}>{items}</config:config-item-map-entry>"
        return (
            f"<office:document-settings {_ROOT}><office:settings>"
            '<config:config-item-set config:name="ooo:view-settings">'
            '<config:config-item-map-indexed config:name="Views"><config:config-item-map-entry>'
            f'<config:config-item-map-named config:name="Tables">{maps}</config:config-item-map-named>'
            "</config:config-item-map-entry></config:config-item-map-indexed></config:config-item-set></office:settings>"
            "</office:document-settings>"
        )

    def meta(self) -> str:
        """Return the part with title, language and the properties of the workbook's own."""
        properties = self._book.properties
        own = "".join(
            f"<meta:user-defined meta:name={quoteattr(each.name)}>{_text(each.value)}</meta:user-defined>"
            for each in self._book.custom_doc_props.props
        )
        return (
            f"<office:document-meta {_ROOT}><office:meta><meta:generator>bicentennial</meta:generator>"
            f"<dc:title>{_text(properties.title)}</dc:title><dc:language>{_text(properties.language)}</dc:language>{own}"
            "</office:meta></office:document-meta>"
        )

    def _table(self, sheet: Any) -> str:
        number = self._book.worksheets.index(sheet)
        protected = ' table:protected="true"' if sheet.protection.sheet else ""
        rules = self._rules(sheet)
        columns = "".join(self._column(sheet, column_letter(at)) for at in range(1, sheet.max_column + 1))
        rows = "".join(self._row(sheet, cells) for cells in sheet.iter_rows())
        blank = ""
        if rules:
            cells = "".join(
                f'<table:table-cell table:content-validation-name="{rules[letter]}"/>'
                if letter in rules
                else "<table:table-cell/>"
                for letter in map(column_letter, range(1, sheet.max_column + 1))
            )
            blank = f'<table:table-row table:number-rows-repeated="{_ROWS}">{cells}</table:table-row>'
        return (
            f'<table:table table:name={quoteattr(sheet.title)} table:style-name="t{number}"{protected}>'
            f"{columns}{rows}{blank}</table:table>"
        )

    def _rules(self, sheet: Any) -> dict[str, str]:
        """Write the validations of a sheet and return their names by the letter of the column."""
        found = {}
        for rule in sheet.data_validations.dataValidation:
            letter = column_letter(next(iter(rule.sqref.ranges)).min_col)
            name = f"v{len(self._validations)}"
            kind = "cell-content-is-in-list" if rule.type == "list" else "is-true-formula"
            condition = f"of:{kind}({_formula(rule.formula1)})"
            strict = "true" if rule.showErrorMessage else "false"
            self._validations.append(
                f'<table:content-validation table:name="{name}" table:condition={quoteattr(condition)}'
                f' table:allow-empty-cell="true" table:display-list="unsorted"'
                f" table:base-cell-address={quoteattr(f'${_sheet(sheet.title)}.{letter}2')}>"
                f'<table:help-message table:title={quoteattr(rule.promptTitle or "")} table:display="true">'
                f"<text:p>{_text(rule.prompt)}</text:p></table:help-message>"
                f'<table:error-message table:message-type="stop" table:title={quoteattr(rule.errorTitle or "")}'
                f' table:display="{strict}"><text:p>{_text(rule.error)}</text:p></table:error-message>'
                "</table:content-validation>"
            )
            found[letter] = name
        return found

    def _column(self, sheet: Any, letter: str) -> str:
        dimension = sheet.column_dimensions[letter]
        width = (
            'style:family="table-column"><style:table-column-properties'
            f' style:column-width="{dimension.width * _CHARACTER:.2f}in"/></style:style>'
        )
        default = {"yyyy-mm-dd": "date", "@": "text"}.get(dimension.number_format, "Default")
        return (
            f'<table:table-column table:style-name="{self._style(width)}" table:default-cell-style-name="{default}"/>'
        )

    def _row(self, sheet: Any, cells: Iterable[Any]) -> str:
        several = list(cells)
        height = sheet.row_dimensions[several[0].row].height
        style = ""
        if height:
            properties = f'<style:table-row-properties style:row-height="{height:.1f}pt"/>'
            said = f'style:family="table-row">{properties}</style:style>'
            style = f' table:style-name="{self._style(said)}"'
        return f"<table:table-row{style}>{''.join(self._cells(several))}</table:table-row>"

    def _cells(self, cells: Iterable[Any]) -> Iterator[str]:
        for cell in cells:
            if cell.value is None:
                yield "<table:table-cell/>"
                continue
            note = f"<office:annotation>{_paragraphs(cell.comment.text)}</office:annotation>" if cell.comment else ""
            shown = _paragraphs(str(cell.value))
            yield f"<table:table-cell{self._look(cell)}{_typed(cell.value)}>{note}{shown}</table:table-cell>"

    def _look(self, cell: Any) -> str:
        if isinstance(cell.value, date):
            return ' table:style-name="date"'
        if not cell.font.bold and cell.fill.fill_type is None:
            return ' table:style-name="wrap"'
        fill = "" if cell.fill.fill_type is None else f' fo:background-color="#{cell.fill.fgColor.rgb[-6:]}"'
        colour = cell.font.color.rgb[-6:] if cell.font.color is not None and cell.font.color.rgb else "000000"
        weight = "bold" if cell.font.bold else "normal"
        body = (
            'style:family="table-cell"><style:table-cell-properties fo:wrap-option="wrap" style:vertical-align="middle"'
            f'{fill}/><style:text-properties fo:font-weight="{weight}" fo:color="#{colour}"'
            f' fo:font-size="{cell.font.size or _SIZE:g}pt"/>'
            "</style:style>"
        )
        return f' table:style-name="{self._style(body)}"'

    def _style(self, body: str) -> str:
        return self._styles.setdefault(body, f"s{len(self._styles)}")


def _item(name: str, kind: str, value: int) -> str:
    return f'<config:config-item config:name="{name}" config:type="{kind}">{value}</config:config-item>'


def _text(value: object) -> str:
    return escape(UNWRITABLE.sub("\ufffd", str(value or "")))


def _paragraphs(text: str) -> str:
    return "".join(f"<text:p>{_text(line)}</text:p>" for line in text.split("\n"))


def _typed(value: Any) -> str:
    if isinstance(value, date):
        return f' office:value-type="date" office:date-value="{value:%Y-%m-%d}"'
    if isinstance(value, (int, float)):
        return f' office:value-type="float" office:value="{value}"'
    return ' office:value-type="string"'


def _sheet(name: str) -> str:
    quoted = name.replace("'", "''")
    return f"'{quoted}'"


def _formula(formula: str) -> str:
    """Return a formula of a validation in OpenFormula.

    >>> _formula("'reference'!$B$2:$B$9"), _formula("OR(ISTEXT(L2),L2>=DATE(1950,1,1))")
    ("[$'reference'.$B$2:.$B$9]", 'OR(ISTEXT([.L2]);[.L2]>=DATE(1950;1;1))')
    """
    if found := _RANGE.fullmatch(formula):
        return f"[${_sheet(found[1])}.{found[2]}:.{found[3]}]"
    return _REFERENCE.sub(r"[.\1]", formula).replace(",", ";")
