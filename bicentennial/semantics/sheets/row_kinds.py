"""Rows below a header that hold no record: totals, headings of sections, notes, headers repeated, other tables.

Which rows may be such is a condition that SQL can state as well as Python; what those rows are, Python says of both.

>>> RowRules.is_total("Sub-total Meta 1"), RowRules.is_total("Totally new")
(True, False)
"""

from __future__ import annotations

import re
from functools import cache
from typing import TYPE_CHECKING, Final
from unicodedata import combining, normalize

from bicentennial.core.cell_errors import is_error
from bicentennial.core.findings import Location
from bicentennial.core.messages import LANGUAGES, entry, render, section
from bicentennial.core.namespaces import BIC, DCTERMS
from bicentennial.core.problems import make_finding
from bicentennial.core.startup.patterns import lazy
from bicentennial.core.startup.records import record
from bicentennial.semantics.values.typed import decimal_type
from bicentennial.vocabulary.index import names_of

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping, Sequence

    from bicentennial.core.findings import Finding
    from bicentennial.semantics.sheets.sheet_plan import SheetPlan
    from bicentennial.vocabulary.index import Column, Index

__all__ = ["NAMES", "RowRules", "Sifted", "explaining", "is_no_record", "is_tagged", "not_read"]

NAMES: Final = "(SELECT unnest(?1::VARCHAR[]))"
"""Where the names of `RowRules` stand in its condition."""

_FEW: Final = 3
_LONG: Final = 100
# Columns that spreadsheet programs fill all the way down, or sum up.
_WEAK: Final = (BIC.budgetCurrency, BIC.unit)
_MARKED: Final = lazy(r"(?:\*+|[¹²³⁴⁵⁶⁷⁸⁹†‡]|\(?(?:\d{1,2}|[a-z])[/)]|\(\*+\))\s*\S+\s+\S", re.IGNORECASE)
_IDENTIFIER: Final = lazy(r"(?!(?:19|20)\d\d$)(?=\S*\d)\S+")
_DATE_FORM: Final = lazy(r"(?=.*[ya])[dmya]{1,4}([-/. ])[dmya]{1,4}(?:\1[dmya]{1,4})?", re.IGNORECASE)
_BRACKETS: Final = lazy(r"[(\[<{].*[)\]>}]|[$€%#]|[A-Z]{3}")
_TAG: Final = lazy(r"#[A-Za-z][\w+ ]*")
_NUMBERED: Final = lazy(r"[(\[]?(\d{1,3})[)\].]?")


@record
class Sifted:
    """What was found among the rows below a header: rows to leave out, and from which row on nothing is read."""

    findings: list[Finding]
    left_out: list[int]
    end: int | None = None
    totals: frozenset[int] = frozenset()
    """Of the rows that are left out, those of totals."""


class RowRules:
    """Decides which rows of a sheet hold no record.

    Args:
        plan: what the sheet is read as.
        index: the compiled index, whose headers are known.
        is_table: returns whether a row holds the headers that a table of ours needs.
    """

    def __init__(self, plan: SheetPlan, index: Index, is_table: Callable[[Sequence[str]], bool]) -> None:
        self._plan = plan
        self._is_table = is_table
        self.read = tuple(each.number for each in plan.headings)
        """The columns that a row needs a value in, in one at least, to be one."""
        weak = {each.number for each in plan.headings if each.column.is_number or each.column.iri in _WEAK}
        self.strong = tuple(number for number in self.read if number not in weak)
        """The columns of which a record fills several."""
        self.most = 2 if len(self.strong) > _FEW else 1
        """A row with so many of them filled, or fewer, is looked at."""
        required = {each.number for each in plan.headings if each.column.required}
        self._required = required.intersection(self.strong)
        self._identifier = next((each.number for each in plan.headings if each.column.iri == DCTERMS.identifier), 0)
        self._heads = [[_plain(cell) for cell in row] for row in (plan.texts, *plan.rows)]
        self._index = index
        self._names = _header_names(index).union(_signatures(), *self._heads) - {""}
        self.names = sorted(self._names)
        """The texts that begin a row of headers, or one below the records: the parameter of `condition`."""

    def condition(self) -> str:
        """Return which rows are to be looked at, as SQL over the cells of the row, `c1` and so on, and `names`."""
        filled = " + ".join(f"(c{number} <> '')::TINYINT" for number in self.strong) or "0"
        # Most rows have their first cells filled, which is quicker to see than to count them all.
        some = "".join(f"c{number} = '' OR " for number in self.strong[: self.most + 1])
        heads = "".join(f" OR lower(c{number}) IN {NAMES}" for number in (1, 2) if number <= len(self._plan.texts))
        return f"(({some}{len(self.strong)} <= {self.most}) AND {filled} <= {self.most}){heads}"

    def is_suspect(self, row: Sequence[str]) -> bool:
        """Return whether a row is to be looked at: the same condition for Python; a row may lack its last cells."""
        width = len(row)
        filled = 0
        for number in self.strong:
            if number <= width and row[number - 1].strip():
                filled += 1
                if filled > self.most:
                    return any(_plain(cell) in self._names for cell in row[:2])
        return True

    def sift(self, suspects: Iterable[tuple[int, Sequence[str]]]) -> Sifted:
        """Return which rows to leave out of those that are to be looked at, in their order."""
        sifted = Sifted([], [])
        for number, cells in suspects:
            row = [cell.strip() for cell in cells]
            if self._begins_table(row):
                sifted.end = number
                sifted.findings.append(self._below(number, row))
                break
            if found := self._kind(row):
                sifted.left_out.append(number)
                if found[0] == "total":
                    sifted.totals |= {number}
                sifted.findings.append(not_read(self._plan, number, *found))
        return sifted

    def _kind(self, row: Sequence[str]) -> tuple[str, str] | None:
        """Return what a row is that holds no record, and the text that says so; None if it holds one."""
        if self._repeats(row):
            return "header", ""
        cells = {number: row[number - 1] for number in self.read if number <= len(row) and row[number - 1]}
        strong = [number for number in self.strong if number in cells]
        if not cells or len(strong) > self.most:
            return None
        # The word may stand in a column that is not read, such as that of running numbers.
        within = enumerate(row[: self._plan.beside], start=1)
        total = next(((number, text) for number, text in within if self.is_total(text)), None)
        if total is not None and not self._is_identified(cells):
            others = self._required - {total[0]}
            return ("total", total[1]) if 2 * len(others - cells.keys()) >= len(others) else None
        if not all(_is_amount(cells[number], self._plan, number) for number in cells.keys() - set(strong)):
            return None
        if not strong:
            return "amounts", ""
        text = cells[strong[0]]
        if all(_notes().match(cells[number]) for number in strong):
            return "note", text
        if len(strong) > 1 or is_error(text):
            return None
        if len(self._required) == len(self._plan.table.required) and self._required <= cells.keys():
            return None  # a list of names: a party or a place needs nothing else
        if strong[0] != min(self.read) or _IDENTIFIER.fullmatch(text):
            return None
        return "note" if _MARKED.match(text) or len(text) > _LONG else "heading", text

    def _is_identified(self, cells: Mapping[int, str]) -> bool:
        """Return whether a row has an identifier of its own, which is more than a running number."""
        text = cells.get(self._identifier, "")
        return _IDENTIFIER.fullmatch(text) is not None and not text.isdigit() and not self.is_total(text)

    @staticmethod
    def is_total(text: str) -> bool:
        """Return whether a text begins as that of a row of totals does."""
        return _totals().match(text) is not None

    def _repeats(self, row: Sequence[str]) -> bool:
        cells = [(position, _plain(cell)) for position, cell in enumerate(row) if cell]
        return any(
            len(cells) > 1
            and sum(position < len(head) and head[position] == cell for position, cell in cells) * 2 > len(cells)
            for head in self._heads
        ) or self._says_again(cells)

    def _says_again(self, cells: Sequence[tuple[int, str]]) -> bool:
        """Return whether a row holds other names of its columns, as those of the other language below the first."""
        if len(cells) < 2 or 2 * sum(cell in self._names for _, cell in cells) <= len(cells):
            return False
        called = {each.number - 1: _names_of(self._index, each.column) for each in self._plan.headings}
        return 2 * sum(cell in called.get(position, ()) for position, cell in cells) > len(cells)

    def _begins_table(self, row: Sequence[str]) -> bool:
        filled = [_plain(cell) for cell in row if cell]
        known = sum(cell in self._names for cell in filled)
        if known < 2 or 2 * known < len(filled) or not any(_plain(cell) in self._names for cell in row[:2]):
            return False
        # A record may be called like a column, such as “Budget” or “lead”; it has an identifier.
        identifier = row[self._identifier - 1] if 0 < self._identifier <= len(row) else ""
        return not self._is_identified({self._identifier: identifier}) and not self._repeats(row)

    def _below(self, number: int, row: Sequence[str]) -> Finding:
        place = Location(self._plan.at.file, self._plan.at.sheet, number)
        quoted_row = ", ".join(filter(None, row))
        if self._is_table(row):
            return make_finding("table-below", place, value=quoted_row, row=number, quoted=quoted_row)
        return make_finding("rows-below", place, value=quoted_row, row=number, quoted=quoted_row)


def explaining(plan: SheetPlan, row: Sequence[str]) -> tuple[str, str] | None:
    """Return what a row is that stands right below a header and explains it, and the text that says so.

    Args:
        plan: what the sheet is read as.
        row: the first row below its header.
    """
    cells = [cell.strip() for cell in row if cell.strip()]
    if len(cells) < 2:
        return None
    numbers = [match[1] for cell in cells if (match := _NUMBERED.fullmatch(cell))]
    if len(cells) >= _FEW and numbers == [str(number) for number in range(1, len(cells) + 1)]:
        return "numbers", ""
    is_hint = all(_DATE_FORM.fullmatch(cell) or _BRACKETS.fullmatch(cell) or _plain(cell) in _hints() for cell in cells)
    return ("hints", cells[0]) if is_hint and plan.texts else None


def not_read(plan: SheetPlan, number: int, kind: str, text: str) -> Finding:
    """Return the finding of a row that holds no record."""
    what = render(entry("intake", "row-not-read")["reasons"][kind], quoted=text)
    headers = {
        language: [column.header[language] for column in plan.table.required if column.header] for language in LANGUAGES
    }
    place = Location(plan.at.file, plan.at.sheet, number)
    return make_finding("row-not-read", place, value=text or None, row=number, what=what, headers=headers)


def _plain(text: str) -> str:
    return text.strip().lower()


def _is_amount(text: str, plan: SheetPlan, number: int) -> bool:
    column = next(each.column for each in plan.headings if each.number == number)
    return column.iri in _WEAK or decimal_type(text) is not None or any(map(str.isdigit, text))


def _words(kind: str) -> frozenset[str]:
    texts = section("recognition")[kind]
    return frozenset(word.strip() for language in LANGUAGES for word in texts[language].split(","))


def _beginning(kind: str) -> re.Pattern[str]:
    words = "|".join(map(re.escape, sorted(_words(kind), key=len, reverse=True)))
    return re.compile(rf"[\W_]*(?:{words})\b", re.IGNORECASE)


@cache
def _totals() -> re.Pattern[str]:
    return _beginning("total")


@cache
def _notes() -> re.Pattern[str]:
    return _beginning("note")


@cache
def _signatures() -> frozenset[str]:
    """Return what a block of signatures below a table begins with."""
    return frozenset(variant for word in _words("note") for variant in (word, f"{word}:"))


@cache
def _hints() -> frozenset[str]:
    return _words("hint")


@cache
def _header_names(index: Index) -> frozenset[str]:
    """Return the headers of all tables, as they may be written in small letters."""
    return frozenset[str]().union(*(_names_of(index, column) for table in index.tables for column in table.columns))


def _names_of(index: Index, column: Column) -> frozenset[str]:
    """Return the headers that a column may have, as they may be written in small letters."""
    named = names_of(index.properties.get(column.iri, {}), column.iri)[:-3]
    texts = {*column.header.values(), *(name for name, _ in named)}
    names = {variant for text in map(_plain, texts) for variant in (text, text.replace("_", " "))}
    return frozenset(names.union(_unaccented(name) for name in names if not name.isascii()))


def _unaccented(text: str) -> str:
    return "".join(character for character in normalize("NFKD", text) if not combining(character))


def is_tagged(row: Sequence[str]) -> bool:
    """Return whether a row holds nothing but hashtags, which the Humanitarian Exchange Language has below the header.

    >>> is_tagged(["#org+name", "", "#date +start"]), is_tagged(["#1", "A"]), is_tagged(["#org", ""])
    (True, False, False)
    """
    cells = [cell.strip() for cell in row if cell.strip()]
    return len(cells) > 1 and all(map(_TAG.fullmatch, cells))


def is_no_record(row: Sequence[str], texts: Sequence[str]) -> bool:
    """Return whether a row seems to hold totals or the headers again, as far as that shows without knowing its columns.

    >>> [is_no_record(row, ["Folio", "Eje", "Monto"]) for row in (["", "TOTAL", "9"], ["Folio", "Eje", "Monto"])]
    [True, True]
    >>> is_no_record(["A-1", "Total health", "9"], ["Folio", "Eje", "Monto"])
    False
    """
    heads = dict(enumerate(map(_plain, texts)))
    cells = {position: text for position, cell in enumerate(row) if (text := _plain(cell))}
    if len(cells) > 1 and 2 * sum(heads.get(position) == text for position, text in cells.items()) > len(cells):
        return True
    said = [text for text in cells.values() if not any(map(str.isdigit, text))]
    others = [text for text in said if not RowRules.is_total(text)]
    is_identified = _IDENTIFIER.fullmatch(next(iter(cells.values()), "")) is not None
    return len(others) < min(len(said), 2) and not is_identified
