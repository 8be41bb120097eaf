"""From statements to sheets: each thing a row, each property a column, each cell what a reader finds the same in.

A cell is written as it would be read: what it says is read back at once, and where that is not what it should say,
the difference is named among the losses.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Final

from bicentennial.core.findings import Location
from bicentennial.core.messages import LANGUAGES
from bicentennial.core.namespaces import DCTERMS, RDF, SKOS, XSD, compact
from bicentennial.exchange.names import Names
from bicentennial.formats.rdf.iris import is_well_formed
from bicentennial.semantics.records import Field, Records, declare
from bicentennial.semantics.sheets.headers import Heading
from bicentennial.semantics.values.resolver import Resolver
from bicentennial.storage.layout import BLANK, IRI, LITERAL
from bicentennial.vocabulary.index import NAMED_BY_IDENTIFIER

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

    from bicentennial.exchange.losses import Losses
    from bicentennial.exchange.source import Object
    from bicentennial.vocabulary.index import Column, Index, Table

__all__ = ["Sheet", "sheets"]

_MINTED: Final = "urn:x-bicentennial:"
Things = dict[str, dict[str, list["Object"]]]


@dataclass(slots=True)
class Sheet:
    """A table filled: its columns, each with its header and the language of its texts, and its rows.

    A cell holds its values one by one; what is joined how is for the format to say.
    """

    table: Table
    columns: list[tuple[Column, str, str]] = field(default_factory=list)
    rows: list[list[tuple[str, ...]]] = field(default_factory=list)


def sheets(
    things: Iterable[tuple[str, Mapping[str, list[Object]]]],
    index: Index,
    lang: str,
    losses: Losses,
    *,
    only_one: bool = False,
    listed: bool = False,
) -> list[Sheet]:
    """Return the sheets that hold some things.

    Args:
        things: each with what is said of it, by property.
        index: the compiled index.
        lang: the language of headers and names.
        losses: where that is noted which finds no place.
        only_one: whether the format holds a single table: the first one that has rows.
        listed: whether several values of a cell are a list, so that a semicolon divides nothing.
    """
    by_table: dict[str, Things] = {}
    itself: Things = {}
    for s, about in things:
        if _is_submission(about, index):
            itself[s] = dict(about)
            continue
        table = _table_of(s, about, index, losses)
        if table is not None:
            by_table.setdefault(table.iri, {})[s] = dict(about)
    tables = [table for table in index.tables if table.iri in by_table]
    if only_one:
        for table in tables[1:]:
            losses.note("no-sheet", table.iri, count=len(by_table[table.iri]), sheet=table.name)
    things_of_sheets = {s: about for each in by_table.values() for s, about in each.items()}
    writer = _Writer(index, lang, losses, things_of_sheets, listed=listed)
    kept = tables[:1] if only_one else tables
    made = [writer.begun(table, by_table[table.iri]) for table in kept]
    filled = [writer.filled(sheet, by_table[sheet.table.iri]) for sheet in made]
    writer.add_submission(itself, filled)
    return filled


def _is_submission(about: Mapping[str, list[Object]], index: Index) -> bool:
    described = {column.describes for table in index.tables for column in table.columns if column.about}
    return any(o in described for o, kind, _, _ in about.get(RDF.type, ()) if kind == IRI)


def _table_of(s: str, about: Mapping[str, list[Object]], index: Index, losses: Losses) -> Table | None:
    types = [o for o, kind, _, _ in about.get(RDF.type, ()) if kind == IRI]
    for table in index.tables:
        if any(index.within(each, {table.iri}) for each in types):
            for each in types:
                if each != table.iri:
                    losses.note("no-type", each, type=compact(each), table=table.name)
            return table
    for each in types or [""]:
        losses.note("no-table", each, type=compact(each) or "–", thing=compact(s))
    return None


class _Writer:
    def __init__(self, index: Index, lang: str, losses: Losses, things: Things, *, listed: bool) -> None:
        self.index = index
        self.lang = lang
        self.losses = losses
        self.things = things
        self.listed = listed
        self.resolver = Resolver(index)
        self.names = Names(index, lang, self.resolver)
        self.subjects: dict[str, str] = {}
        self.kinds: dict[str, str] = {}
        self._texts: dict[tuple[str, tuple[str, ...], Object], str] = {}

    def begun(self, table: Table, things: Things) -> Sheet:
        """Lay out the columns of a table, and make its rows known by their names."""
        sheet = Sheet(table)
        for column in table.columns:
            if column.about:
                continue
            if not column.is_text:
                if column.template or any(column.iri in about for about in things.values()):
                    sheet.columns.append((column, column.header[self.lang], ""))
                continue
            used = {language for about in things.values() for *_, language in about.get(column.iri, ())}
            languages = [each for each in (self.lang, *LANGUAGES) if each in {_base(language) for language in used}]
            if (column.template and not languages) or "" in used:
                languages.insert(0, self.lang)
            for language in dict.fromkeys(languages):
                header = column.header[self.lang]
                sheet.columns.append((column, header if language == self.lang else f"{header}_{language}", language))
        fields = []
        for number, (column, header, language) in enumerate(sheet.columns, start=1):
            if column.iri in (DCTERMS.identifier, SKOS.prefLabel, SKOS.notation, SKOS.altLabel):
                values = [
                    "; ".join(self._of_language(about.get(column.iri, []), column, language))
                    for about in things.values()
                ]
                fields.append(Field(Heading(number, header, column, language), values))
        numbers = range(2, len(things) + 2)
        records = Records(table, 1, numbers, fields, self.lang, lambda *_: Location())
        declare(records, self.resolver)
        self.subjects.update(zip(things, records.subjects, strict=True))
        self.kinds.update(dict.fromkeys(things, table.iri))
        for s in things:
            if not s.startswith((_MINTED, "_:")):
                self.losses.note("no-iri", table.iri, table=table.name, thing=s)
        return sheet

    def _of_language(self, values: list[Object], column: Column, language: str) -> list[str]:
        if not column.is_text:
            return [o for o, kind, _, _ in values if kind == LITERAL]
        wanted = {language, ""} if language == self.lang else {language}
        return [o for o, kind, _, tag in values if kind == LITERAL and _base(tag) in wanted]

    def filled(self, sheet: Sheet, things: Things) -> Sheet:
        """Write the rows of a sheet."""
        known = {column.iri for column, _, _ in sheet.columns} | {RDF.type}
        for about in things.values():
            for p in about:
                if p not in known:
                    self.losses.note("no-column", p, count=len(about[p]), property=compact(p))
            row = [self._cell(about.get(column.iri, []), column, language) for column, _, language in sheet.columns]
            for column in {column.iri: column for column, _, _ in sheet.columns if column.is_text}.values():
                self._unwritten(about.get(column.iri, ()), column)
            if any(row):
                sheet.rows.append(row)
            else:
                self.losses.note("empty", sheet.table.iri, table=sheet.table.name)
        return sheet

    def add_submission(self, itself: Things, sheets: list[Sheet]) -> None:
        """Write what is said of the submission itself into the first row that has a column for it."""
        columns = ((sheet, column) for sheet in sheets if sheet.rows for column in sheet.table.columns if column.about)
        sheet, column = next(columns, (None, None))
        values: list[Object] = []
        for s, about in itself.items():
            for p in about.keys() - {RDF.type, column.iri if column else ""}:
                self.losses.note("no-column", p, count=len(about[p]), property=compact(p))
            if column is not None:
                values += about.get(column.iri, ())
                if s != column.about:
                    label = self.index.labels(column.describes)
                    self.losses.note("no-iri", column.describes, table=label, thing=s)
        if sheet is not None and column is not None and (cell := self._cell(values, column, "")):
            sheet.columns.append((column, column.header[self.lang], ""))
            for number, row in enumerate(sheet.rows):
                row.append(() if number else cell)

    def _unwritten(self, values: Iterable[Object], column: Column) -> None:
        for o, kind, _, language in values:
            if kind != LITERAL:
                self.losses.note("no-text", column.iri, property=compact(column.iri), value=o)
            elif _base(language) not in (*LANGUAGES, ""):
                self.losses.note("no-language", column.iri + language, property=compact(column.iri), language=language)

    def _cell(self, values: list[Object], column: Column, language: str) -> tuple[str, ...]:
        if not column.is_text:
            return tuple(text for value in values if (text := self._text(value, column)))
        texts = self._of_language(values, column, language)
        if len(texts) > 1:
            self.losses.note("several", column.iri, property=compact(column.iri), value=texts[1])
        written = "; ".join(texts)
        known = set(texts)
        for o, kind, dt, tag in values:
            if kind == LITERAL and o in known and (dt, tag) != (RDF.langString, language):
                self._changed(column, o)
        if written and len(texts) == 1 and [each[0] for each in self.names.read(written, column)] != [written]:
            self._changed(column, written)
        return (written,) if written else ()

    def _text(self, value: Object, column: Column) -> str:
        key = (column.iri, column.ranges, value)
        if key not in self._texts:
            self._texts[key] = self._written(value, column)
        return self._texts[key]

    def _written(self, value: Object, column: Column) -> str:
        o, kind, dt, language = value
        if kind == LITERAL:
            wanted: Object = (o, LITERAL, dt or XSD.string, language)
            text = o
        elif kind == BLANK and not self._called(o):
            self.losses.note("blank", column.iri, property=compact(column.iri))
            return ""
        elif o in self.things and o not in self.subjects:
            return next(iter(self._called(o)), o)
        else:
            wanted = (self._row_of(o, column), IRI, "", "")
            text = self.names.of(wanted[0], column, own_names=self._called(o)) or (self._called(o) or [o])[0]
        found = self.names.read((text.strip(),) if self.listed else text, column)
        if [each[:4] for each in found] != [wanted] and not _was_mended(wanted, found):
            self._changed(column, text)
        return text.strip()

    def _row_of(self, o: str, column: Column) -> str:
        """Return the row that stands for a thing, as far as the column takes things of its table."""
        found = self.subjects.get(o)
        kind = self.kinds.get(o, "")
        return found if found and (not column.ranges or self.index.within(kind, set(column.ranges))) else o

    def _called(self, s: str) -> list[str]:
        """Return what a thing of the submission is called, the best name first."""
        about = self.things.get(s, {})
        labels = sorted(about.get(SKOS.prefLabel, ()), key=lambda value: value[3] != self.lang)
        identifiers = [o for o, *_ in about.get(DCTERMS.identifier, ())]
        names = [o for o, *_ in [*labels, *about.get(SKOS.notation, ())]]
        types = {o for o, *_ in about.get(RDF.type, ())}
        return [*identifiers, *names] if types & set(NAMED_BY_IDENTIFIER) else [*names, *identifiers]

    def _changed(self, column: Column, text: str) -> None:
        self.losses.note("changed", column.iri, property=compact(column.iri), value=text)


def _was_mended(wanted: Object, found: Sequence[tuple[object, ...]]) -> bool:
    # What looks like an IRI and is none came out of a table as a text, since RDF has no other way to hold it.
    o, kind, _, _ = wanted
    return kind == LITERAL and [each[:2] for each in found] == [(o, IRI)] and not is_well_formed(o)


def _base(language: str) -> str:
    return language.partition("-")[0]
