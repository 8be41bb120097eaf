"""From rows to statements: one way for the rows of a table and for the objects of a JSON list.

Values are looked at once each and column by column, however many rows repeat them.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Final
from urllib.parse import quote

from bicentennial.core.namespaces import BIC, DCTERMS, RDF, SKOS, XSD, local_name
from bicentennial.core.notices import notice
from bicentennial.semantics.resolver import is_iri
from bicentennial.semantics.values import date_type, decimal_type
from bicentennial.storage.dataset import IRI, LITERAL, Statement
from bicentennial.vocabulary.index import NAMED_BY_IDENTIFIER

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence

    from bicentennial.core.findings import Finding, Location
    from bicentennial.core.limits import Limits
    from bicentennial.formats.csv.delimited import Raw
    from bicentennial.semantics.headers import Heading
    from bicentennial.semantics.mapping import Mapping
    from bicentennial.semantics.resolver import Resolver
    from bicentennial.vocabulary.index import Column, Table

__all__ = [
    "Cell",
    "Field",
    "Reader",
    "Records",
    "ambiguous",
    "declare",
    "mint",
    "parts",
    "several",
    "splits",
    "statements",
]

Cell = str | tuple[str, ...]
"""What stands in a cell or at a key: a text, or in JSON several."""

_SPLIT: Final = ";"


@dataclass(slots=True)
class Field:
    """One column of records: what it stands for and its value in each record, `""` where there is none."""

    heading: Heading
    values: Sequence[Cell]

    @property
    def iri(self) -> str:
        """The IRI of the property."""
        return self.heading.column.iri


@dataclass(slots=True)
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
    """Where the cells are, if these records are only the first ones of a large table."""

    def values(self, property_iri: str) -> Sequence[Cell] | None:
        """Return the values of a property, or None if no column has it."""
        return next((each.values for each in self.fields if each.iri == property_iri), None)


def mint(class_iri: str, identifier: str) -> str:
    """Return the IRI that a record gets from its identifier.

    >>> mint("https://w3id.org/bicentennial/ontology#Action", "A 1/ñ")
    'urn:x-bicentennial:action:A%201%2F%C3%B1'
    """
    return f"urn:x-bicentennial:{local_name(class_iri).lower()}:{quote(identifier, safe='')}"


def declare(records: Records, resolver: Resolver) -> None:
    """Give each record its subject, and let other values name it."""
    table = records.table.iri
    identifiers = records.values(DCTERMS.identifier)
    if identifiers is None:
        identifiers = [""] * len(records.numbers)
    base = mint(table, "")
    texts = list(map(_first, identifiers))
    if all(texts) and len(set(texts)) == len(texts) and _UNRESERVED("".join(texts)):
        records.subjects = [base + text for text in texts]
        plain = dict(zip(texts, records.subjects, strict=True))
    else:
        plain = _minted(records, base, texts)
    resolver.identify(table, plain)
    if table in NAMED_BY_IDENTIFIER:
        return
    named = [each.values for each in records.fields if each.iri in (SKOS.prefLabel, SKOS.notation, SKOS.altLabel)]
    for position, subject in enumerate(records.subjects):
        resolver.declare(table, subject, [name for values in named for name in parts(values[position]) if name])


def _minted(records: Records, base: str, texts: list[str]) -> dict[str, str]:
    seen: set[str] = set()
    plain: dict[str, str] = {}
    for identifier, number in zip(texts, records.numbers, strict=True):
        subject = base + (identifier if _UNRESERVED(identifier) else quote(identifier, safe=""))
        if not identifier or subject in seen:
            subject = f"{subject}:row:{number}"
        seen.add(subject)
        plain.setdefault(identifier, subject)
        records.subjects.append(subject)
    plain.pop("", None)
    return plain


_UNRESERVED: Final = re.compile(r"[A-Za-z0-9_.~-]*", re.ASCII).fullmatch


def _first(value: Cell) -> str:
    return value if isinstance(value, str) else next(iter(value), "")


def parts(value: Cell) -> Sequence[str]:
    """Return the values of a cell that are told apart already, as in a list of JSON."""
    return (value,) if isinstance(value, str) else value


def several(value: Cell) -> list[str]:
    """Return the values of a cell of a column that may hold several.

    >>> several("UIF; SRE"), several(("UIF", "SRE"))
    (['UIF', 'SRE'], ['UIF', 'SRE'])
    """
    given = value.split(_SPLIT) if isinstance(value, str) else value
    return [part for each in given if (part := each.strip())]


class Reader:
    """Reads the values of one column: each distinct one once.

    `problems` holds, for a value that could not be told, its ambiguous parts with the candidates for each; `renames`
    the values that a mapping file replaces; `plain` the datatype and language of a column that holds texts; `address`
    the kind and datatype of what an address means, where that is itself.
    """

    def __init__(self, heading: Heading, language: str, resolver: Resolver, limits: Limits, mapping: Mapping) -> None:
        column = heading.column
        self._ranges = column.ranges
        self._resolver = resolver
        self._limits = limits
        self._mapping = mapping
        self._split = splits(column)
        self._objects: dict[Cell, list[Object]] = {}
        self.renames = mapping.values_of(heading.text, column) if mapping.values else {}
        self.plain = (RDF.langString, heading.language or language) if column.is_text else (XSD.string, "")
        self.problems: dict[Cell, list[tuple[str, tuple[str, ...]]]] = {}
        self._one = self._way(column)
        self.address: tuple[int, str] | None = None
        if self._one in (self._thing, self._address):
            self.address = (IRI, "") if self._one == self._thing else (LITERAL, XSD.anyURI)

    def read(self, value: Cell) -> list[Object]:
        """Return what a cell says, as objects of statements."""
        known = self._objects.get(value)
        if known is None:
            if isinstance(value, tuple) or self.renames or (self._split and _SPLIT in value):
                known = list(self._read(value))
            else:
                known = [(*self._one(value, value), None)]
            self._objects[value] = known
        return known

    def _read(self, value: Cell) -> Iterator[Object]:
        if isinstance(value, tuple):
            for item, part in enumerate(value, start=1):
                if part:
                    yield (*self._one(self.renames.get(part, part), value), item)
            return
        whole = self.renames.get(value, value)
        parts = [part.strip() for part in whole.split(_SPLIT)] if self._split and _SPLIT in whole else [whole]
        for item, part in enumerate(parts, start=1):
            if part:
                yield (*self._one(self.renames.get(part, part), value), item if len(parts) > 1 else None)

    def _way(self, column: Column) -> Callable[[str, Cell], tuple[str, int, str, str]]:
        if column.is_text:
            return self._text
        if column.is_date:
            return self._date
        if column.is_number:
            return self._number
        if column.iri == BIC.budgetCurrency:
            return self._currency
        if column.ranges:
            return self._thing
        if not column.datatypes:
            # A source may be anything: a passage or document of ours, an address, or merely its title.
            self._ranges = (BIC.SourceDocument, BIC.Passage)
            return self._thing
        return self._address if XSD.anyURI in column.datatypes else self._text

    def _text(self, part: str, whole: Cell) -> tuple[str, int, str, str]:  # noqa: ARG002 - all ways are called alike
        return part, LITERAL, *self.plain

    def _date(self, part: str, whole: Cell) -> tuple[str, int, str, str]:  # noqa: ARG002
        part = self._mapping.date(part)
        return part, LITERAL, date_type(part) or XSD.string, ""

    def _number(self, part: str, whole: Cell) -> tuple[str, int, str, str]:  # noqa: ARG002
        return part, LITERAL, decimal_type(part, self._limits.digits) or XSD.string, ""

    def _currency(self, part: str, whole: Cell) -> tuple[str, int, str, str]:  # noqa: ARG002
        return self._resolver.currency(part), LITERAL, XSD.string, ""

    def _address(self, part: str, whole: Cell) -> tuple[str, int, str, str]:  # noqa: ARG002
        return part, LITERAL, XSD.anyURI if is_iri(part) else XSD.string, ""

    def _thing(self, part: str, whole: Cell) -> tuple[str, int, str, str]:
        found = self._resolver.resolve(part, self._ranges)
        if found.iri and len(found.iri) <= self._limits.iri_characters:
            return found.iri, IRI, "", ""
        if found.candidates:
            self.problems.setdefault(whole, []).append((part, found.candidates))
        return part, LITERAL, XSD.string, ""


Object = tuple[str, int, str, str, int | None]


def splits(column: Column) -> bool:
    """Tell whether a cell of a column may hold several values: not where it holds a text or an identifier."""
    return not column.is_text and column.iri not in (DCTERMS.identifier, BIC.unit)


def statements(
    records: Records, resolver: Resolver, limits: Limits, mapping: Mapping, findings: list[Finding]
) -> Iterator[Statement]:
    """Yield what the records of a sheet say, and add what could not be told to `findings`."""
    sheet = records.sheet
    for subject, number in zip(records.subjects, records.numbers, strict=True):
        yield Statement(subject, RDF.type, records.table.iri, IRI, "", "", sheet, number)
    for each in records.fields:
        heading, reader = each.heading, Reader(each.heading, records.language, resolver, limits, mapping)
        for subject, number, value in zip(records.subjects, records.numbers, each.values, strict=True):
            if value:
                for o, kind, dt, language, item in reader.read(value):
                    yield Statement(subject, each.iri, o, kind, dt, language, sheet, number, heading.number, item)
        if reader.problems:
            findings += ambiguous(records, each, reader, resolver)


def ambiguous(records: Records, each: Field, reader: Reader, resolver: Resolver) -> Iterator[Finding]:
    """Yield a finding for each cell whose value may mean several things."""
    for position, value in enumerate(each.values):
        for part, candidates in reader.problems.get(value, ()):
            labels = {
                language: [resolver.label(candidate, language) for candidate in candidates] for language in ("en", "es")
            }
            yield notice(
                "value-ambiguous",
                records.place(position, each.heading),
                value=part,
                focus=records.subjects[position],
                path=each.iri,
                quoted=part,
                candidates=labels,
                suggestions=labels["en"],
            )
