"""From rows to statements: one way for the rows of a table and for the objects of a JSON list.

Values are looked at once each and column by column, however many rows repeat them.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Final
from urllib.parse import quote

from bicentennial.intake.dataset import IRI, LITERAL, Statement
from bicentennial.intake.notices import notice
from bicentennial.intake.resolve import is_iri
from bicentennial.intake.values import date_type, decimal_type
from bicentennial.namespaces import BIC, DCTERMS, RDF, SKOS, XSD, local_name

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence

    from bicentennial.findings import Finding, Location
    from bicentennial.intake.headers import Heading
    from bicentennial.intake.index import Column, Table
    from bicentennial.intake.limits import Limits
    from bicentennial.intake.mapping import Mapping
    from bicentennial.intake.resolve import Resolver

__all__ = ["Cell", "Field", "Records", "declare", "mint", "statements"]

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
    identifiers = records.values(DCTERMS.identifier)
    named = [
        values
        for values in (
            identifiers,
            records.values(SKOS.prefLabel),
            records.values(SKOS.notation),
            records.values(SKOS.altLabel),
        )
        if values is not None
    ]
    names = records.table.iri not in (BIC.Action, BIC.Indicator, BIC.Measurement)
    seen: set[str] = set()
    for position, number in enumerate(records.numbers):
        identifier = _first(identifiers[position]) if identifiers is not None else ""
        subject = mint(records.table.iri, identifier)
        if not identifier or subject in seen:
            subject = f"{subject}:row:{number}"
        seen.add(subject)
        records.subjects.append(subject)
        if names:
            resolver.declare(
                records.table.iri, subject, [name for values in named for name in _parts(values[position]) if name]
            )
        elif identifier and subject == mint(records.table.iri, identifier):
            resolver.declare(records.table.iri, subject, [identifier])


def _first(value: Cell) -> str:
    return value if isinstance(value, str) else next(iter(value), "")


def _parts(value: Cell) -> Sequence[str]:
    return (value,) if isinstance(value, str) else value


class Reader:
    """Reads the values of one column: each distinct one once.

    `problems` holds, for a value that could not be told, the code of its finding and the words.
    """

    def __init__(self, heading: Heading, language: str, resolver: Resolver, limits: Limits, mapping: Mapping) -> None:
        self._column: Column = heading.column
        self._language = heading.language or language
        self._resolver = resolver
        self._limits = limits
        self._mapping = mapping
        self._renamed = mapping.values_of(heading.text, heading.column)
        self._split = splits(heading.column)
        self._objects: dict[Cell, list[Object]] = {}
        self.problems: dict[Cell, list[tuple[str, tuple[str, ...]]]] = {}

    def read(self, value: Cell) -> list[Object]:
        """Return what a cell says, as objects of statements."""
        known = self._objects.get(value)
        if known is None:
            known = self._objects[value] = list(self._read(value))
        return known

    def _read(self, value: Cell) -> Iterator[Object]:
        if isinstance(value, tuple):
            for item, part in enumerate(value, start=1):
                if part:
                    yield (*self._one(part, value), item)
            return
        value = self._renamed.get(value, value)
        parts = [part.strip() for part in value.split(_SPLIT)] if self._split and _SPLIT in value else [value]
        for item, part in enumerate(parts, start=1):
            if part:
                yield (*self._one(part, value), item if len(parts) > 1 else None)

    def _one(self, part: str, whole: Cell) -> tuple[str, int, str, str]:
        column = self._column
        part = self._renamed.get(part, part)
        if column.is_text:
            return part, LITERAL, RDF.langString, self._language
        if column.is_date:
            part = self._mapping.date(part)
            return part, LITERAL, date_type(part) or XSD.string, ""
        if column.is_number:
            return part, LITERAL, decimal_type(part, self._limits.digits) or XSD.string, ""
        if column.iri == BIC.budgetCurrency:
            return self._resolver.currency(part), LITERAL, XSD.string, ""
        if column.ranges or not column.datatypes:
            # A source may be anything: a passage or document of ours, an address, or merely its title.
            found = self._resolver.resolve(part, column.ranges or (BIC.SourceDocument, BIC.Passage))
            if found.iri and len(found.iri) <= self._limits.iri_characters:
                return found.iri, IRI, "", ""
            if found.candidates:
                self.problems.setdefault(whole, []).append((part, found.candidates))
        elif XSD.anyURI in column.datatypes and is_iri(part):
            return part, LITERAL, XSD.anyURI, ""
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
            findings += _ambiguous(records, each, reader, resolver)


def _ambiguous(records: Records, each: Field, reader: Reader, resolver: Resolver) -> Iterator[Finding]:
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
