"""From rows to statements: one way for the rows of a table and for the objects of a JSON list.

Values are looked at once each and column by column, however many rows repeat them.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Final
from urllib.parse import quote

from bicentennial.core.cell_errors import is_error
from bicentennial.core.findings import Location, column_letter
from bicentennial.core.messages import LANGUAGES
from bicentennial.core.namespaces import BIC, DCTERMS, RDF, SKOS, XSD, make_iri
from bicentennial.core.problems import make_finding
from bicentennial.core.startup.named_tuples import NamedTuple
from bicentennial.core.startup.records import field, record, replace
from bicentennial.semantics.values.amounts import currency_named, names_other_currency
from bicentennial.semantics.values.resolver import WHERE, is_iri
from bicentennial.semantics.values.typed import date_type, day_of, decimal_type, year_typed
from bicentennial.storage.layout import IRI, LITERAL
from bicentennial.storage.statement import Statement
from bicentennial.vocabulary.index import NAMED_BY_IDENTIFIER

if TYPE_CHECKING:
    from collections.abc import Callable, Collection, Iterator, Sequence

    from bicentennial.core.findings import Finding
    from bicentennial.core.grid import Cell
    from bicentennial.core.limits import Limits
    from bicentennial.semantics.mapping import MappingFile
    from bicentennial.semantics.sheets.headers import Heading
    from bicentennial.semantics.values.resolver import Resolution, Resolver
    from bicentennial.storage.duckdb.tables import Raw
    from bicentennial.vocabulary.index import Column, Table

__all__ = [
    "Field",
    "Look",
    "Places",
    "Records",
    "ValueReader",
    "declare",
    "parts",
    "several",
    "splits",
    "statements",
    "stored_value_findings",
    "value_findings",
]

_SPLIT: Final = ";"
_STRING: Final = XSD.string


@record
class Field:
    """One column of records: what it stands for and its value in each record, `""` where there is none."""

    heading: Heading
    values: Sequence[Cell]

    @property
    def iri(self) -> str:
        """The IRI of the property."""
        return self.heading.column.iri


@record(frozen=True)
class Places:
    """Says where the values of the records of a sheet stand: in the rows with these numbers.

    >>> Places(Location(file="a.csv", row=1), [3])(0, None).row
    3
    """

    at: Location
    numbers: Sequence[int]

    def __call__(self, record: int, heading: Heading | None) -> Location:
        """Return the place of a value of a record, or of the record."""
        place = Location(self.at.file, self.at.sheet, self.numbers[record])
        if heading is None or not heading.number:
            return place
        return place._replace(column=column_letter(heading.number), header=heading.text)


class Look(NamedTuple):
    """How the cells of a column look, None where it has none, and how many are `filled`.

    `are_doubtful`: some begin as the text of an error does, in a column whose cells may be what they say;
    `are_marked`: some stand for several values. Of a column of numbers, `are_lists`: some have a semicolon;
    `are_decimal`: all are plain numbers.
    """

    are_doubtful: bool | None
    are_marked: bool | None
    are_lists: bool | None
    are_decimal: bool | None
    filled: int


@record
class Records:
    """The records of one sheet or JSON list, column by column.

    `numbers` are the rows that the records stand in, `place(record, heading)` says where one of their values is.
    """

    table: Table
    sheet: int
    numbers: Sequence[int]
    fields: list[Field]
    language: str
    place: Callable[[int, Heading | None], Location]
    subjects: list[str] = field(default_factory=list)
    raw: Raw | None = None
    """Where the cells are, if they are in the database; then there are no values here."""
    looks: Sequence[Look] | None = None
    """How the cells in the database look, column by column, if that is known."""
    prefix: str = ""
    """Goes before the number of a row that names its thing, so that rows of several sheets differ."""

    def field(self, property_iri: str) -> Field | None:
        """Return the column of a property, or None if there is none."""
        return next((each for each in self.fields if each.iri == property_iri), None)

    def values(self, property_iri: str) -> Sequence[Cell] | None:
        """Return the values of a property, or None if no column has it."""
        return each.values if (each := self.field(property_iri)) else None


def declare(records: Records, resolver: Resolver, taken: Collection[str] = ()) -> None:
    """Give each record its subject, and let other values name it.

    Args:
        records: the records.
        resolver: learns their identifiers and names.
        taken: subjects that rows of other sheets have already.
    """
    table = records.table.iri
    identifiers = records.values(DCTERMS.identifier)
    if identifiers is None:
        identifiers = [""] * len(records.numbers)
    base = make_iri(table, "")
    texts = ["" if is_error(text) else text for text in map(_first, identifiers)]
    if not taken and all(texts) and len(set(texts)) == len(texts) and _UNRESERVED("".join(texts)):
        records.subjects = [base + text for text in texts]
        plain = dict(zip(texts, records.subjects, strict=True))
    else:
        plain = _minted(records, base, texts, taken)
    resolver.identify(table, plain)
    if table in NAMED_BY_IDENTIFIER:
        return
    named = [each.values for each in records.fields if each.iri in (SKOS.prefLabel, SKOS.notation, SKOS.altLabel)]
    for position, subject in enumerate(records.subjects):
        resolver.declare(table, subject, [name for values in named for name in parts(values[position]) if name])


def _minted(records: Records, base: str, texts: list[str], taken: Collection[str]) -> dict[str, str]:
    seen = set(taken)
    plain: dict[str, str] = {}
    for identifier, number in zip(texts, records.numbers, strict=True):
        subject = base + (identifier if _UNRESERVED(identifier) else quote(identifier, safe=""))
        if not identifier or subject in seen:
            subject = f"{subject}:{records.prefix}row:{number}"
        else:
            plain[identifier] = subject
        seen.add(subject)
        records.subjects.append(subject)
    return plain


_UNRESERVED: Final = re.compile(r"[A-Za-z0-9_.~-]*", re.ASCII).fullmatch


def _first(value: Cell) -> str:
    return value if isinstance(value, str) else next(iter(value), "")


def parts(value: Cell) -> Sequence[str]:
    """Return the values of a cell that are separate already, as in a list of JSON."""
    return (value,) if isinstance(value, str) else value


def several(value: Cell) -> list[str]:
    """Return the values of a cell of a column that may hold several.

    >>> several("UIF; SRE"), several(("UIF", "SRE"))
    (['UIF', 'SRE'], ['UIF', 'SRE'])
    """
    given = value.split(_SPLIT) if isinstance(value, str) else value
    return [part for each in given if (part := each.strip())]


class Problem(NamedTuple):
    """What there is to say of a part of a value: the code of the finding, and what is suggested or may be meant."""

    code: str
    part: str
    suggestions: tuple[str, ...] = ()


class ValueReader:
    """Reads the values of one column: each distinct one once.

    `problems` holds the values of which there is something to say, see `Problem`; `renames` the values that a mapping
    file replaces; `converts` whether there are numbers written in another way; `plain` the datatype and language of a
    column that holds texts; `address` the kind and datatype of what an address means, where that is itself.
    """

    def __init__(
        self, heading: Heading, language: str, resolver: Resolver, limits: Limits, mapping: MappingFile
    ) -> None:
        column = heading.column
        self._ranges = frozenset(column.ranges)
        self._resolver = resolver
        self._limits = limits
        self._mapping = mapping
        self._split = splits(column)
        self._objects: dict[Cell, list[Object]] = {}
        self._currencies: dict[str, str] = {}
        self.renames = mapping.values_of(heading.text, column)
        self.plain = (RDF.langString, heading.language or language) if column.is_text else (XSD.string, "")
        self.problems: dict[Cell, list[Problem]] = {}
        self._factor = mapping.factor_of(heading.text, column) if mapping.multiply else None
        self.converts = column.is_number and bool(mapping.number_format or self._factor)
        self._one = self._way(column)
        self.address: tuple[int, str] | None = None
        if self._one in (self._thing, self._place, self._address):
            self.address = (LITERAL, XSD.anyURI) if self._one == self._address else (IRI, "")

    def read(self, value: Cell) -> list[Object]:
        """Return what a cell says, as objects of statements."""
        known = self._objects.get(value)
        if known is None:
            if isinstance(value, tuple) or self.renames or (self._split and _SPLIT in value):
                known = list(self._read(value))
            elif is_error(value):
                known = [(*said, None) for said in self._said(value, value)]
            else:
                known = [(*self._one(value, value), None)]
            self._objects[value] = known
        return known

    def _read(self, value: Cell) -> Iterator[Object]:
        if isinstance(value, tuple):
            for item, part in enumerate(value, start=1):
                for said in self._said(self.renames.of(part), value) if part else ():
                    yield (*said, item)
            return
        whole = self.renames.of(value)
        parts = [part.strip() for part in whole.split(_SPLIT)] if self._split and _SPLIT in whole else [whole]
        for item, part in enumerate(parts, start=1):
            for said in self._said(self.renames.of(part), value) if part else ():
                yield (*said, item if len(parts) > 1 else None)

    def _said(self, part: str, whole: Cell) -> Iterator[tuple[str, int, str, str]]:
        """Yield what a part of a value says, which is nothing where it is the text of an error."""
        if is_error(part):
            self._note(whole, Problem("cell-error", part) if part.strip("#") else Problem("cell-too-narrow", part))
        else:
            yield self._one(part, whole)

    def _note(self, whole: Cell, problem: Problem) -> None:
        self.problems.setdefault(whole, []).append(problem)

    def currency(self, of: Field | None, position: int) -> str:
        """Return the code of the currency that stands in a column of them, empty if there is none."""
        said = _first(of.values[position]) if of else ""
        if of is not None and said not in self._currencies:
            renames = self._mapping.values_of(of.heading.text, of.heading.column)
            self._currencies[said] = self._resolver.currency(renames.of(said))
        return self._currencies.get(said, "")

    def _way(self, column: Column) -> Callable[[str, Cell], tuple[str, int, str, str]]:
        if column.is_text:
            return self._text
        if column.is_date:
            return self._date
        if column.is_number:
            return self._number
        if column.iri == BIC.budgetCurrency:
            return self._currency
        if column.iri in WHERE:
            return self._place
        if column.ranges:
            return self._thing
        if not column.datatypes:
            # A source may be anything: a passage or document of ours, an address, or merely its title.
            self._ranges = frozenset((BIC.SourceDocument, BIC.Passage))
            return self._thing
        return self._address if XSD.anyURI in column.datatypes else self._text

    def _text(self, part: str, whole: Cell) -> tuple[str, int, str, str]:  # noqa: ARG002 - all ways are called alike
        return part, LITERAL, *self.plain

    def _date(self, part: str, whole: Cell) -> tuple[str, int, str, str]:
        part = day_of(self._mapping.date(part))
        if year := year_typed(part):
            self._note(whole, Problem("year-as-date", part, (year,)))
        return part, LITERAL, date_type(part) or XSD.string, ""

    def _number(self, part: str, whole: Cell) -> tuple[str, int, str, str]:
        if self.converts:
            written, part = part, self._mapping.number(part, self._factor)
            if written != part and (named := currency_named(written)[0]):
                self._note(whole, Problem("amount-other-currency", written, (named,)))
        return part, LITERAL, decimal_type(part, self._limits.digits) or XSD.string, ""

    def _currency(self, part: str, whole: Cell) -> tuple[str, int, str, str]:  # noqa: ARG002
        return self._resolver.currency(part), LITERAL, XSD.string, ""

    def _address(self, part: str, whole: Cell) -> tuple[str, int, str, str]:  # noqa: ARG002
        return part, LITERAL, XSD.anyURI if is_iri(part) else XSD.string, ""

    def _place(self, part: str, whole: Cell) -> tuple[str, int, str, str]:
        return self._meant(self._resolver.resolve_place(part), part, whole)

    def _thing(self, part: str, whole: Cell) -> tuple[str, int, str, str]:
        return self._meant(self._resolver.resolve(part, self._ranges), part, whole)

    def _meant(self, found: Resolution, part: str, whole: Cell) -> tuple[str, int, str, str]:
        if found.iri and len(found.iri) <= self._limits.iri_characters:
            return found.iri, IRI, "", ""
        if found.candidates:
            self._note(whole, Problem("value-ambiguous", part, found.candidates))
        return part, LITERAL, _STRING, ""


Object = tuple[str, int, str, str, int | None]


def splits(column: Column) -> bool:
    """Return whether a cell of a column may hold several values: not where it holds a text or an identifier."""
    return not column.is_text and column.iri not in (DCTERMS.identifier, BIC.unit)


def statements(
    records: Records, resolver: Resolver, limits: Limits, mapping: MappingFile, findings: list[Finding]
) -> Iterator[Statement]:
    """Yield what the records of a sheet say, and add what is ambiguous to `findings`."""
    sheet = records.sheet
    for subject, number in zip(records.subjects, records.numbers, strict=True):
        yield Statement(subject, RDF.type, records.table.iri, IRI, "", "", sheet, number)
    for each in records.fields:
        heading, reader = each.heading, ValueReader(each.heading, records.language, resolver, limits, mapping)
        for subject, number, value in zip(records.subjects, records.numbers, each.values, strict=True):
            if value:
                for o, kind, dt, language, item in reader.read(value):
                    yield Statement(subject, each.iri, o, kind, dt, language, sheet, number, heading.number, item)
        if reader.problems:
            findings += value_findings(records, each, reader, resolver)


def stored_value_findings(
    records: Records,
    heading: Heading,
    rows: Sequence[tuple[int, str, str, str]],
    reader: ValueReader,
    resolver: Resolver,
) -> Iterator[Finding]:
    """Yield the findings on values of a column whose cells are in a database.

    Args:
        records: the records of the sheet, without their cells.
        heading: the heading of the column.
        rows: number, subject, value and text of the currency of each row whose value has a problem.
        reader: what has read the values.
        resolver: knows the labels of what a value may mean.
    """
    assert isinstance(records.place, Places)
    currency = records.field(BIC.budgetCurrency)
    numbers = [number for number, *_ in rows]
    selected = replace(
        records,
        numbers=numbers,
        fields=[Field(currency.heading, [text for *_, text in rows])] if currency else [],
        subjects=[subject for _, subject, *_ in rows],
        place=replace(records.place, numbers=numbers),
    )
    return value_findings(selected, Field(heading, [value for _, _, value, _ in rows]), reader, resolver)


def value_findings(records: Records, each: Field, reader: ValueReader, resolver: Resolver) -> Iterator[Finding]:
    """Yield a finding for each problem with a value of a column."""
    currencies = records.field(BIC.budgetCurrency)
    for position, value in enumerate(each.values):
        for problem in reader.problems.get(value, ()):
            suggested, words = problem.suggestions, {}
            if problem.code == "amount-other-currency":  # which is one where the row has another
                currency = reader.currency(currencies, position)
                if not names_other_currency(problem.part, currency):
                    continue
                suggested, words = (), {"named": problem.suggestions[0], "currency": currency}
            labels: dict[str, Sequence[str]] = dict.fromkeys(LANGUAGES, suggested)
            if problem.code == "value-ambiguous":
                labels = {lang: [resolver.label(iri, lang) for iri in suggested] for lang in LANGUAGES}
            yield make_finding(
                problem.code,
                records.place(position, each.heading),
                value=problem.part,
                focus=records.subjects[position],
                path=each.iri,
                quoted=problem.part,
                error=problem.part,
                candidates=labels,
                suggestions=labels,
                **words,
            )
