"""The workbook that partners fill in: a sheet for each table, and sheets that explain.

What explains is never read as data: no row of those sheets holds two headers of a table of ours, which is what makes
a sheet one of ours. So the example stands on its side, one column of a table in each row.

>>> form("es").sheetnames[1:-2]
['acciones', 'partes', 'lugares', 'indicadores', 'mediciones', 'finanzas', 'hitos']
"""

from __future__ import annotations

from math import ceil
from typing import TYPE_CHECKING, Any, Final, cast

from bicentennial.core.findings import column_letter
from bicentennial.core.messages import entry
from bicentennial.core.namespaces import BIC, DCTERMS, expand
from bicentennial.core.resources import ontology_version
from bicentennial.exchange.cells import DATE_FORMAT, TEXT_FORMAT, put
from bicentennial.exchange.forms.reference import known, offered, single
from bicentennial.exchange.names import Names
from bicentennial.semantics.records import splits
from bicentennial.semantics.sheets.template_sheets import HEADS
from bicentennial.vocabulary.index import default_index

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from openpyxl import Workbook
    from openpyxl.worksheet.worksheet import Worksheet

    from bicentennial.exchange.forms.reference import Entry
    from bicentennial.vocabulary.index import Column, Table

__all__ = ["form"]

_SHEETS: Final = (
    BIC.Action,
    BIC.Party,
    BIC.Place,
    BIC.Indicator,
    BIC.Measurement,
    BIC.FinancialRecord,
    BIC.Milestone,
)
_LAST_ROW: Final = 1_048_576
_DARK, _LIGHT, _WHITE = "1F3864", "D9E2F3", "FFFFFF"
_WIDTHS: Final = {"text": 44, "date": 13, "number": 14, "identifier": 14, "thing": 30}
_FONT: Final = "Calibri"
_LINE: Final = 15.5
# The years that the rules on dates find plausible.
_FIRST_YEAR, _LAST_YEAR = 1950, 2100
_LIMIT: Final = 255
"""How long a hint on a cell may be in Excel."""


def form(lang: str) -> Workbook:
    """Return the blank workbook in a language."""
    book: Workbook = _Form(lang).book
    return book


class _Form:
    def __init__(self, lang: str) -> None:
        from openpyxl import Workbook
        from openpyxl.packaging.custom import StringProperty

        self.lang = lang
        self.words = entry("exchange", "template")
        self.entries = known(lang)
        self.tables = [default_index().table(iri) for iri in _SHEETS]
        self.book = cast("Any", Workbook())
        instructions = self.book.active
        for table in self.tables:
            self._sheet(table)
        self._example()
        self._reference()
        self._instructions(instructions)
        for name in ("instructions", "example", "reference"):
            _protect(self.book[self.say(name)])
        for sheet in self.book.worksheets:
            sheet.page_setup.orientation = "portrait" if sheet is instructions else "landscape"
            sheet.page_setup.paperSize = sheet.PAPERSIZE_LETTER
            sheet.page_setup.fitToWidth = 1
            sheet.page_setup.fitToHeight = 0
            sheet.sheet_properties.pageSetUpPr.fitToPage = True
            sheet.print_title_rows = "1:1"
        self.book.properties.title = self.say("title")
        self.book.properties.creator = "bicentennial"
        self.book.properties.language = lang
        self.book.properties.version = ontology_version()
        self.book.custom_doc_props.append(
            StringProperty(name="bicentennial ontology version", value=ontology_version())
        )

    def say(self, key: str, **words: object) -> str:
        text: str = self.words[key][self.lang]
        return text.format(**words)

    def _sheet(self, table: Table) -> None:
        sheet = self.book.create_sheet(table.name[self.lang])
        columns = [column for column in table.columns if column.template]
        for number, column in enumerate(columns, start=1):
            self._column(sheet, table, column, number)
        sheet.freeze_panes = "B2"
        sheet.row_dimensions[1].height = 20

    def _column(self, sheet: Worksheet, table: Table, column: Column, number: int) -> None:
        from openpyxl.comments import Comment

        letter = column_letter(number)
        cell = _head(sheet.cell(1, number), column.header[self.lang], dark=column.required)
        cell.comment = Comment("\n".join(self._explained(table, column)), "bicentennial", height=220, width=320)
        dimension = sheet.column_dimensions[letter]
        dimension.width = _WIDTHS[_sort(column)]
        if column.is_date:
            dimension.number_format = DATE_FORMAT
        elif _sort(column) == "identifier":
            dimension.number_format = TEXT_FORMAT
        self._validation(sheet, table, column, letter)

    def _explained(self, table: Table, column: Column) -> list[str]:
        lines = [self.say("required" if column.required else "optional") + ".", self._question(table, column)]
        if not column.is_date and (column.is_number or column.ranges):
            lines.append(self.say("expected", expected=self._expected(table, column)))
        if column.is_date:
            lines.append(self.say("date"))
        if self._several(table, column):
            lines.append(self.say("several"))
        if column.about:
            lines.append(self.say("once"))
        if offered(self.entries, column):
            lines.append(self.say("listed", sheet=self.say("reference")))
        return lines

    def _question(self, table: Table, column: Column) -> str:
        """Return what a column asks of the officer who fills it in."""
        question: str = self.words["questions"][table.name["en"]][column.header["en"]][self.lang]
        return question

    def _expected(self, table: Table, column: Column) -> str:
        of = default_index().properties[column.iri]["of"]
        described = column.describes or table.iri
        above = (described, *default_index().classes[described]["superclasses"])
        found: str = next(of[each]["expected"][self.lang] for each in above if each in of)
        return found

    def _several(self, table: Table, column: Column) -> bool:
        return splits(column) and not single(column, column.describes or table.iri)

    def _validation(self, sheet: Worksheet, table: Table, column: Column, letter: str) -> None:
        from openpyxl.worksheet.datavalidation import DataValidation

        wanted = self._wanted(table, column, letter)
        if wanted is None:
            return
        kind, formula, strict, hint, error = wanted
        title = column.header[self.lang]
        rule = DataValidation(
            type=kind,
            formula1=formula,
            allow_blank=True,
            showErrorMessage=strict,
            errorTitle=title,
            error=error[:_LIMIT],
            showInputMessage=True,
            promptTitle=title,
            prompt=hint[:_LIMIT],
        )
        rule.add(f"{letter}2:{letter}{_LAST_ROW}")
        sheet.add_data_validation(rule)

    def _wanted(self, table: Table, column: Column, letter: str) -> tuple[Any, str, bool, str, str] | None:
        """Return kind and formula of a rule for the cells of a column, whether it is strict, and what it says."""
        if column.is_date:
            # A year alone would be taken for the number of a day in 1905; texts are left to the validator.
            first = f"{letter}2"
            within = f"AND({first}>=DATE({_FIRST_YEAR},1,1),{first}<DATE({_LAST_YEAR + 1},1,1))"
            return "custom", f"OR(ISTEXT({first}),{within})", True, self.say("date"), self.say("date")
        if column.is_number:
            expected = self.say("expected", expected=self._expected(table, column))
            return "custom", f"ISNUMBER({letter}2)", True, expected, expected
        several = [self.say("several")] if self._several(table, column) else []
        if column.iri == BIC.observes:
            indicators = default_index().table(BIC.Indicator).name[self.lang]
            hint = self.say("expected", expected=self._expected(table, column))
            return "list", f"'{indicators}'!$A$2:$A$1000", False, hint, hint
        entries = offered(self.entries, column)
        if not entries:
            return None
        first_row = self.entries.index(entries[0]) + 2
        formula = f"'{self.say('reference')}'!$B${first_row}:$B${first_row + len(entries) - 1}"
        declared = [each for each in self.tables if each.iri in column.ranges]
        strict = not declared and not several
        if declared:
            hint = self.say("suggested", sheet=declared[0].name[self.lang])
        else:
            hint = self.say("choose") if strict else self.say("listed", sheet=self.say("reference"))
        return "list", formula, strict, " ".join([hint, *several]), self.say("not-listed", sheet=self.say("reference"))

    def _example(self) -> None:
        sheet = self.book.create_sheet(self.say("example"))
        self._heads(sheet, HEADS["example"], (16, 20, 13, 60, 50, 44))
        row = 1
        for table in self.tables:
            for column in (column for column in table.columns if column.template):
                row += 1
                cells = (
                    table.name[self.lang],
                    column.header[self.lang],
                    self.say("yes" if column.required else "no"),
                    self._question(table, column),
                    self._expected(table, column),
                )
                _fill(sheet, row, cells)
                value = put(sheet.cell(row, 6), self.shown(table, column), date=column.is_date, number=column.is_number)
                _wrap(value, left=True)

    def shown(self, table: Table, column: Column) -> str:
        """Return the example value of a column."""
        values: dict[str, Any] = self.words[table.name["en"]]
        value = values[column.header["en"]]
        if isinstance(value, dict):
            return str(value[self.lang])
        iri = expand(value)
        return str(Names(default_index(), self.lang).of(iri, column)) if iri != value else str(value)

    def _reference(self) -> None:
        sheet = self.book.create_sheet(self.say("reference"))
        self._heads(sheet, HEADS["reference"], (24, 48, 18, 36, 90))
        for row, each in enumerate(self.entries, start=2):
            _fill(sheet, row, _listed(each))
        sheet.auto_filter.ref = f"A1:E{len(self.entries) + 1}"

    def _heads(self, sheet: Worksheet, names: Sequence[str], widths: Sequence[int]) -> None:
        for number, (name, width) in enumerate(zip(names, widths, strict=True), start=1):
            _head(sheet.cell(1, number), self.words["heads"][name][self.lang], dark=False)
            sheet.column_dimensions[column_letter(number)].width = width
        sheet.freeze_panes = "A2"

    def _instructions(self, sheet: Worksheet) -> None:
        from openpyxl.styles import Font

        sheet.title = self.say("instructions")
        sheet.column_dimensions["A"].width = 88  # as wide as a page of either country's paper, upright
        names = {table.name["en"]: table.name[self.lang] for table in self.tables}
        names |= {name: self.say(name) for name in ("example", "reference")}
        steps = [text[self.lang].format(**names) for text in self.words["steps"].values()]
        iri = "https://w3id.org/bicentennial/ontology/" + ontology_version()
        lines = [self.say("title"), *steps, self.say("version", version=ontology_version(), iri=iri)]
        for row, line in enumerate(lines, start=1):
            _fill(sheet, row, [line])
        sheet.row_dimensions[1].height = 2 * _LINE
        sheet["A1"].font = Font(name=_FONT, bold=True, size=16, color=_DARK)


def _protect(sheet: Worksheet) -> None:
    # The lists of the other sheets point to these rows, so sorting or changing them would break those.
    sheet.protection.sheet = True
    sheet.protection.autoFilter = False
    sheet.protection.formatColumns = False


def _listed(each: Entry) -> tuple[str, ...]:
    return each.kind, each.write, each.code, each.within, each.meaning


def _sort(column: Column) -> str:
    if column.is_date:
        return "date"
    if column.is_number:
        return "number"
    if column.iri == DCTERMS.identifier:
        return "identifier"
    return "text" if column.is_text else "thing"


def _head(cell: Any, text: str, *, dark: bool) -> Any:
    from openpyxl.styles import Alignment, Font, PatternFill

    put(cell, text)
    cell.font = Font(name=_FONT, bold=True, color=_WHITE if dark else _DARK)
    cell.fill = PatternFill("solid", fgColor=_DARK if dark else _LIGHT)
    cell.alignment = Alignment(vertical="center")
    return cell


def _fill(sheet: Worksheet, row: int, texts: Iterable[str]) -> None:
    lines = 1
    for number, text in enumerate(texts, start=1):
        _wrap(put(sheet.cell(row, number), text))
        # Programs do not agree on whether they fit the height of a row to its text, so it is given.
        lines = max(lines, ceil(1.1 * len(text) / sheet.column_dimensions[column_letter(number)].width))
    sheet.row_dimensions[row].height = _LINE * lines


def _wrap(cell: Any, *, left: bool = False) -> None:
    from openpyxl.styles import Alignment

    cell.alignment = Alignment(wrap_text=True, vertical="top", horizontal="left" if left else None)
