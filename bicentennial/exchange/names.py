"""What to write into a cell for a thing, so that the cell is resolved to that thing and no other.

Labels are for people and come first; where a label is shared, or would be cut at a semicolon, an acronym, an
identifier, the other language's label or the IRI stands instead. Every name is tried on the reader itself.

>>> index = default_index()
>>> column = next(each for each in index.tables[0].columns if each.header["en"] == "goal")
>>> Names(index, "es").of(BICD["goal-protect-our-people"], column)
'Proteger a nuestra gente'
>>> party = next(each for each in index.tables[0].columns if each.header["en"] == "partner")
>>> Names(index, "en").of("https://example.org/nobody", party)
'https://example.org/nobody'
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Final

from bicentennial.core.limits import DEFAULT
from bicentennial.core.namespaces import BIC, BICD, compact
from bicentennial.semantics.mapping import MappingFile
from bicentennial.semantics.records import ValueReader
from bicentennial.semantics.sheets.headers import Heading
from bicentennial.semantics.values.resolver import Resolver
from bicentennial.storage.layout import IRI
from bicentennial.vocabulary.index import default_index

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from bicentennial.core.grid import Cell
    from bicentennial.semantics.records import Object
    from bicentennial.vocabulary.index import Column, Index

__all__ = ["BICD", "Names", "counted", "default_index"]

_NOTHING = MappingFile()
_DIGITS: Final = re.compile(r"(\d+)")


def counted(code: str) -> list[tuple[int, str]]:
    """Return what codes are sorted by so that they stand in the order in which people count them.

    >>> sorted(["A10", "A2", "A"], key=counted)
    ['A', 'A2', 'A10']
    """
    return [(int(part), "") if part.isdecimal() else (0, part) for part in _DIGITS.split(code)]


class Names:
    """The names of things in one language, as the cells of a column need them.

    Args:
        index: the compiled index.
        lang: the language that is preferred.
        resolver: what values are looked up with; it also knows what a submission declares itself.
    """

    def __init__(self, index: Index, lang: str, resolver: Resolver | None = None) -> None:
        self._index = index
        self._lang = lang
        self._resolver = resolver or Resolver(index)
        self._readers: dict[tuple[str, tuple[str, ...]], ValueReader] = {}

    def of(self, iri: str, *columns: Column, own_names: Iterable[str] = ()) -> str | None:
        """Return what to write for a thing in any of some columns, or None if nothing would be read as that thing.

        Args:
            iri: the thing.
            columns: where it is written.
            own_names: what a submission calls it, the best name first.
        """
        wanted: list[Object] = [(iri, IRI, "", "", None)]
        for name in (*own_names, *self._ours(iri), compact(iri), iri):
            if all(self._means(name, iri, column, wanted) for column in columns):
                return name
        return None

    def _means(self, name: str, iri: str, column: Column, wanted: list[Object]) -> bool:
        found = self.read(name, column)
        if column.iri == BIC.budgetCurrency:  # a currency is its code, wherever it is written
            return [each[0] for each in found] == self._index.individuals.get(iri, {}).get("notations")
        return found == wanted

    def read(self, cell: Cell, column: Column) -> list[Object]:
        """Return what a cell says: objects of statements."""
        key = (column.iri, column.ranges)
        if key not in self._readers:
            heading = Heading(1, column.header[self._lang], column, self._lang)
            self._readers[key] = ValueReader(heading, self._lang, self._resolver, DEFAULT, _NOTHING)
        return self._readers[key].read(cell.strip() if isinstance(cell, str) else cell)

    def _ours(self, iri: str) -> Iterator[str]:
        individual = self._index.individuals.get(iri)
        if individual is None:
            return
        labels = individual["label"]
        if BIC.Currency in individual["types"]:
            yield from individual["notations"]
        if self._lang in labels:
            yield labels[self._lang]
        yield from individual["notations"]
        if individual["identifier"]:
            yield individual["identifier"]
        yield from labels.values()
