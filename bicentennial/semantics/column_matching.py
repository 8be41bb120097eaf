"""What the columns of a partner's table are likely to be, by what they are called and by what they hold.

A column is one of dates only if it holds dates. Of two likely columns the one with fitting values wins, but values
alone decide only where they are distinctive, such as codes of currencies.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Final

from bicentennial.core.namespaces import BIC, DCTERMS, SKOS
from bicentennial.core.startup.named_tuples import NamedTuple
from bicentennial.core.startup.patterns import lazy
from bicentennial.semantics.mapping import MappingFile
from bicentennial.semantics.sheets.header_rows import headers_at
from bicentennial.semantics.sheets.headers import Recogniser
from bicentennial.semantics.sheets.row_kinds import is_no_record, is_tagged
from bicentennial.semantics.table_recognition import TableRecogniser
from bicentennial.semantics.values.amounts import read_amount
from bicentennial.semantics.values.currencies import suggest_currency
from bicentennial.semantics.values.dates import read_date
from bicentennial.semantics.values.plain_text import unaccented, words
from bicentennial.semantics.values.resolver import Resolver, is_iri
from bicentennial.semantics.values.typed import date_type, decimal_type
from bicentennial.vocabulary.index import Column, Index, Table, names_of, normalize_key

if TYPE_CHECKING:
    from collections.abc import Collection, Iterator, Sequence
    from typing import Self

    from bicentennial.core.grid import Grid

__all__ = ["ColumnMatcher", "Sheet"]

_SAMPLE: Final = 5_000
_VALUES: Final = 40
_HEADER_WITHIN: Final = 200
_ENOUGH: Final = 62.0
_NEAR: Final = 75.0
_TELLING: Final = 35.0
_SURE: Final = 90.0
_WHOLE: Final = 100.0
_EXACT: Final = 120.0
_MANY: Final = 3
_HALF: Final = 0.5
_MOST: Final = 0.8
_FORMATS: Final = (
    "%d/%m/%Y", "%m/%d/%Y", "%d-%m-%Y", "%m-%d-%Y", "%d.%m.%Y", "%Y/%m/%d", "%d/%m/%y", "%m/%d/%y", "%d-%m-%y",
    "%d de %B de %Y", "%d de %B del %Y", "%d de %B, %Y", "%d %B %Y", "%B %d, %Y", "%d-%b-%Y", "%d-%b-%y", "%d/%b/%Y",
    "%d/%b/%y", "%d %b %y", "%B de %Y", "%B %Y", "%b-%y", "%m/%Y", "%Y%m%d", "%Y-%m-%dT%H:%M:%S",
    "%Y-%m-%d %H:%M:%S", "%d/%m/%Y %H:%M", "%d/%m/%Y %H:%M:%S",
)  # fmt: skip
_MARKS: Final = {",": "1,234.56", ".": "1.234,56"}
_NAMES: Final = frozenset({DCTERMS.identifier, SKOS.prefLabel, SKOS.altLabel, SKOS.notation})
_BRACKETED: Final = lazy(r"\s*[(\[][^()\[\]]*[)\]]")
_FLAGS: Final = frozenset(("yes", "no", "si", "true", "false", "verdadero", "falso", "x", "y", "n"))
# Columns that many a table has, which therefore do not distinguish kinds.
_COMMON: Final = _NAMES | {DCTERMS.description, DCTERMS.source, DCTERMS.issued}


class Sheet:
    """A sheet of a partner's: its header row, its columns with some of their values, how those write dates and amounts.

    `table` and `found` are what it is likely to be: none and nothing until stated otherwise.
    """

    def __init__(self, index: Index, grid: Grid) -> None:
        self.name = grid.name
        self.header = _header_row(index, grid)
        self.row = grid.numbers[self.header]
        texts, below = _headers(index, grid, self.header)
        rows = [row for row in grid.rows[below : below + _SAMPLE] if not (is_tagged(row) or is_no_record(row, texts))]
        self.size = len(grid.rows) * max(map(len, grid.rows), default=0)
        self.columns = {
            text: [row[position].strip() for row in rows if position < len(row) and row[position].strip()]
            for position, text in enumerate(texts)
            if text
        }
        self.formats = {text: _date_formats(values) for text, values in self.columns.items()}
        self.marks = {text: _number_formats(values) for text, values in self.columns.items()}
        self.table: Table | None = None
        self.found: dict[str, Column] = {}

    def names(self) -> set[str]:
        """Return what names the rows: where that is not known yet, the values of columns that never repeat one."""
        naming = [text for text, column in self.found.items() if column.iri in _NAMES]
        if self.table is None:
            naming = [text for text, values in self.columns.items() if len(set(values)) == len(values)]
        values = (value for text in naming for value in self.columns[text])
        return {normalize_key(value) for value in values if not (decimal_type(value) or date_type(value))}

    def misfits(self, text: str) -> list[str]:
        """Return the values of a column of dates or numbers that are not read in any of the ways that are proposed."""
        column = self.found.get(text)
        values = list(dict.fromkeys(self.columns[text]))
        if column is not None and column.is_date:
            return [each for each in values if not date_type(each) and not any(_reads(each, self.formats[text]))]
        if column is not None and column.is_number:
            marks = [mark for mark, pattern in _MARKS.items() if pattern in self.marks[text]]
            return [each for each in values if not decimal_type(each) and not any(_amounts(each, marks))]
        return []

    @property
    def required(self) -> list[Column]:
        """The required columns for which none was found."""
        present = {column.iri for column in self.found.values()}
        required = self.table.required if self.table else ()
        return [column for column in required if not present & {column.iri, column.either}]


def _headers(index: Index, grid: Grid, position: int) -> tuple[list[str], int]:
    """Return the headers of a sheet, of two rows for some table of ours if that reads them so, and where rows begin."""
    plain = [cell.strip() for cell in grid.rows[position]]
    for table in index.tables:
        texts, below = headers_at(grid, position, Recogniser(index, table))
        if texts != plain:
            return texts, below
    return plain, position + 1


class _Names(NamedTuple):
    """What a column may be called, in each form in which headers are compared with it."""

    keys: frozenset[str]
    """The names without case, accents, spaces and punctuation."""
    heads: frozenset[tuple[str, str]]
    """The same, each with its language."""
    words: list[str]
    """The names as words, in small letters."""
    long: list[str]
    """Those, underscores and all, that are long enough to be found within a header."""

    @classmethod
    def of(cls, column: Column, index: Index) -> Self:
        named = [(name, language) for language, name in column.header.items()]
        named += names_of(index.properties.get(column.iri, {}), column.iri)[:-2]
        keyed = frozenset((normalize_key(name), language) for name, language in named)
        return cls(
            frozenset(key for key, _ in keyed),
            keyed,
            [name.replace("_", " ").casefold() for name, _ in named],
            [name.casefold() for name, _ in named if len(name) > 3],
        )


class ColumnMatcher:
    """Decides which table a sheet is likely to be, and which columns its columns are.

    Args:
        index: the compiled index.
        resolver: what values are looked up with.
    """

    def __init__(self, index: Index, resolver: Resolver) -> None:
        self.index = index
        self.resolver = resolver
        self._tables = TableRecogniser(index, MappingFile())
        self._names: dict[tuple[str, ...], _Names] = {}
        party = index.table(BIC.Party)
        self._naming = {
            normalize_key(text) for each in party.columns if each.iri == SKOS.prefLabel for text in each.header.values()
        }
        self.identifying = {
            normalize_key(name)
            for name, _ in names_of(index.properties.get(DCTERMS.identifier, {}), DCTERMS.identifier)
        } | {
            normalize_key(text)
            for each in party.columns
            if each.iri == DCTERMS.identifier
            for text in each.header.values()
        }

    def classify(self, sheet: Sheet, own: Collection[str] = (), *, fallback: Table | None = None) -> None:
        """Set the table that a sheet is likely to be, and its columns.

        Args:
            sheet: learns its table and the columns that were found.
            own: folded names of things that other sheets have in their rows.
            fallback: what it is if nothing shows it.
        """
        named = self._tables.named(sheet.name) if sheet.name else None
        ranked = []
        for table in [named] if named else self.index.tables:
            scores = self._assign(sheet, table, own)
            found = {text: column for text, (column, _) in scores.items()}
            there = {column.iri for column in found.values()}
            lacking = sum(not there & {column.iri, column.either} for column in table.required) / len(table.required)
            own_columns = len(there - _COMMON)
            distinctive = named is not None or (
                own_columns > 0 and not lacking if own_columns < _MANY else lacking <= _HALF
            )
            weight = sum(score for _, score in scores.values()) + _WHOLE * (1 - lacking)
            ranked.append((weight, distinctive, table, found))
        _, distinctive, table, found = max(ranked, key=lambda rank: rank[0])
        if distinctive and found:
            sheet.table, sheet.found = table, found
        elif fallback is not None:
            sheet.table = fallback
            sheet.found = next((found for *_, table, found in ranked if table.iri == fallback.iri), {})

    def _assign(self, sheet: Sheet, table: Table, own: Collection[str]) -> dict[str, tuple[Column, float]]:
        by_values = table.iri == self.index.tables[0].iri  # goals and pillars make any table look like indicators
        ranked = sorted(
            (-self._score(sheet, text, column, own, by_values=by_values), position, text)
            for text in sheet.columns
            for position, column in enumerate(table.columns)
        )
        found: dict[str, tuple[Column, float]] = {}
        taken: set[str] = set()
        for score, position, text in ranked:
            column = table.columns[position]
            if -score >= _ENOUGH and text not in found and column.iri not in taken:
                found[text] = column, -score
                taken.add(column.iri)
        return {text: found[text] for text in sheet.columns if text in found}

    def _score(self, sheet: Sheet, text: str, column: Column, own: Collection[str], *, by_values: bool) -> float:
        alike = self._name_score(text, column)
        if alike >= _EXACT:  # a header of ours stays what it is, whatever the values
            return alike + max(0.0, self._value_score(sheet, text, column, own))
        if alike < (_SURE if column.about else 0.0 if by_values else _ENOUGH):
            return 0.0
        fit = self._value_score(sheet, text, column, own)
        # Where the values show nothing, the header has to; parties and places may be a partner's own.
        needed = _ENOUGH if fit > 0 or any(map(self.index.is_open, column.ranges)) else _NEAR
        return alike + fit if alike >= needed or fit >= _TELLING else 0.0

    def _name_score(self, text: str, column: Column) -> float:
        from rapidfuzz import fuzz, process

        names = self._names_of(column)
        if normalize_key(text) in names.keys:
            return _EXACT
        if column.is_number and (bare := _BRACKETED.sub("", text)) != text and normalize_key(bare) in names.keys:
            return _SURE
        if column.iri == SKOS.prefLabel and normalize_key(text) in words("titles")["texts"]:
            return _SURE
        # Flattened data has headers such as “Funding Org:Name”: of a party, what stands for it is its name.
        stem, colon, part = text.rpartition(":")
        said = (stem if colon and column.ranges else text).replace("_", " ").replace(":", " ").casefold()
        _, whole, _ = process.extractOne(said, names.words, scorer=fuzz.token_sort_ratio)
        within = process.extractOne(said, names.long, scorer=fuzz.token_set_ratio)[1] if names.long else 0.0
        # In English the last word says what a thing is, in Spanish the first.
        heads = (
            {(normalize_key(said.split()[-1]), "en"), (normalize_key(said.split()[0]), "es")} if said.split() else set()
        )
        if heads & names.heads:
            within = 106.0
        other = 40.0 if colon and column.ranges and normalize_key(part) not in self._naming else 0.0
        return max(whole, 0.8 * within) - other

    def _names_of(self, column: Column) -> _Names:
        known = column.iri, *column.header.values()
        if known not in self._names:
            self._names[known] = _Names.of(column, self.index)
        return self._names[known]

    def _value_score(self, sheet: Sheet, text: str, column: Column, own: Collection[str]) -> float:
        # How well the values are of the kind that the column demands; what cannot be right rules it out.
        values = sheet.columns[text]
        if not values:
            return -20.0
        distinct = len(set(values)) / len(values)
        if column.is_date:
            dates = sum(date_type(value) is not None for value in values) / len(values)
            return 15.0 if dates > _MOST or sheet.formats[text] else -100.0
        if column.is_number:
            numbers = sum(decimal_type(value) is not None for value in values) / len(values)
            return 15.0 if numbers > _MOST or sheet.marks[text] else -100.0
        if column.iri == BIC.budgetCurrency:
            return 60.0 if all(map(self._is_currency, set(values))) else -100.0
        if column.iri == DCTERMS.identifier:
            return 10.0 if distinct == 1.0 else -60.0
        if column.is_text and sum(decimal_type(value) is not None for value in values) / len(values) > 0.5:
            return -100.0
        if column.iri == SKOS.prefLabel:
            return 5.0 if distinct > 0.3 else -20.0
        if column.iri == DCTERMS.source:
            return 45.0 if all(map(is_iri, values)) and _is_link(text) else 0.0
        return self._things_score(values, column, own) if column.ranges else 0.0

    def _is_currency(self, value: str) -> bool:
        return not is_iri(value) and bool(
            self.resolver.resolve(value, (BIC.Currency,)).iri or len(suggest_currency(value, index=self.index)) == 1
        )

    def _things_score(self, values: Sequence[str], column: Column, own: Collection[str]) -> float:
        if {normalize_key(value) for value in values} <= _FLAGS:
            return -100.0
        some = list(dict.fromkeys(part.strip() for value in values for part in value.split(";") if part.strip()))
        known = [
            normalize_key(value) in own or (bool(self.resolver.resolve(value, column.ranges).iri) and not is_iri(value))
            for value in some[:_VALUES]
        ]
        if not any(known) and (_codes(values) or all(is_iri(value) for value in values[:100])):
            # Indicators have codes, and those of another file are not known here.
            return 10.0 if column.iri in (BIC.observes, BIC.measures) else -100.0
        if not any(known) and not any(map(self.index.is_open, column.ranges)):
            return -100.0  # where only ours count, the header alone does not make it one of ours
        return 40.0 * sum(known) / len(known)


def _header_row(index: Index, grid: Grid) -> int:
    chosen = TableRecogniser(index, MappingFile()).choose(grid.rows, grid.name)
    if chosen is not None:
        return chosen[1]
    # Otherwise the first row that is filled as widely as any and holds words, not numbers.
    first = grid.rows[:_HEADER_WITHIN]
    widths = [sum(bool(cell.strip()) and not decimal_type(cell.strip()) for cell in row) for row in first]
    return next(position for position, width in enumerate(widths) if width >= _MOST * max(widths))


def _date_formats(values: Sequence[str]) -> list[str]:
    """Return the ways in which most of the values that are not ISO dates write them, the likeliest first."""
    some = [value for value in values[:500] if not date_type(value)]
    dated = [value for value in some if any(map(str.isdigit, value))]  # as whatever says a year is
    read = {each: sum(read_date(value, each) is not None for value in dated) for each in _FORMATS}
    best = max(read.values(), default=0)
    return [each for each, count in read.items() if count == best] if best and best >= _HALF * len(some) else []


def _number_formats(values: Sequence[str]) -> list[str]:
    """Return the ways in which most of the values that are no plain numbers write amounts."""
    some = [value for value in values[:500] if not decimal_type(value)]
    read = {mark: sum(read_amount(value, mark) is not None for value in some) for mark in _MARKS}
    best = max(read.values())
    return [_MARKS[mark] for mark, count in read.items() if count == best] if best and best >= _HALF * len(some) else []


def _reads(value: str, patterns: Sequence[str]) -> Iterator[bool]:
    return (read_date(value, pattern) is not None for pattern in patterns)


def _amounts(value: str, marks: Sequence[str]) -> Iterator[bool]:
    return (read_amount(value, mark) is not None for mark in marks)


def _is_link(text: str) -> bool:
    said = re.split(r"[\W_]+", unaccented(text.casefold()))
    return any(word in words("links")["texts"] for word in said)


def _codes(values: Sequence[str]) -> bool:
    # Codes, numbers and dates hold digits and no spaces; names hold neither.
    return all(" " not in value and any(map(str.isdigit, value)) for value in values[:100])
