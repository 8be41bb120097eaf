"""Which of our tables a sheet is, and in which row its header stands: by the name of the sheet or by its first rows."""

from __future__ import annotations

import re
from collections import Counter
from typing import TYPE_CHECKING, Final

from bicentennial.core.namespaces import BIC, DCTERMS, SKOS
from bicentennial.core.startup.patterns import lazy
from bicentennial.semantics.sheets.header_rows import joined_below
from bicentennial.semantics.sheets.headers import Recogniser
from bicentennial.vocabulary.index import normalize_key

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from bicentennial.semantics.mapping import MappingFile
    from bicentennial.vocabulary.index import Index, Table

__all__ = ["TableRecogniser"]

# Numbers exports each table of a sheet as a sheet of its own: `Parties - Table 1`.
_OF_NUMBERS: Final = lazy(r"\s+-\s+(?:table|tabla) \d+\s*$", re.IGNORECASE)
_WITHIN: Final = 20
_FURTHER: Final = 200
_HEADERS: Final = 2
_MANY: Final = 4
_WHOLE: Final = 0.8
_NEARLY_ALL: Final = 0.6
# Their headers are common ones: a sheet without such a name is one of these only if none that is required is missing.
_ONLY_WHOLE: Final = frozenset({BIC.FinancialRecord, BIC.Milestone})


class TableRecogniser:
    """Recognises the tables that sheets may be.

    Args:
        index: the compiled index.
        mapping: a partner's own headers, and names of sheets.
    """

    def __init__(self, index: Index, mapping: MappingFile) -> None:
        self.index = index
        self._mapping = mapping
        self.main = index.tables[0]
        """The table of actions, which a submission is above all."""
        self._recognisers: dict[tuple[str, str], Recogniser] = {}
        self._own: dict[str, frozenset[str]] = {}
        several = Counter(iri for table in index.tables for iri in {column.iri for column in table.columns})
        self._common = frozenset(iri for iri, tables in several.items() if tables > 1)
        self._named = {normalize_key(name): table for table in index.tables for name in table.name.values()}

    def named(self, name: str) -> Table | None:
        """Return the table that a sheet or a JSON key is by its name in either language.

        The mapping file goes first: if it names sheets, those are all there are.
        """
        ours: str | None = name
        if self._mapping.sheets:
            ours = next(
                (ours for theirs, ours in self._mapping.sheets.items() if normalize_key(theirs) == normalize_key(name)),
                None,
            )
        return self._named.get(normalize_key(_OF_NUMBERS.sub("", ours))) if ours is not None else None

    def headers_of(self, table: Table, sheet: str | None = None) -> Recogniser:
        """Return the recogniser of the headers of a table, those that a sheet alone has among them."""
        key = (table.iri, normalize_key(sheet) if sheet is not None and self._mapping.sheet_columns else "")
        if key not in self._recognisers:
            declared = [each[part] for each in self._mapping.declare for part in ("name", "id") if part in each]
            self._recognisers[key] = Recogniser(
                self.index, table, self._mapping.columns_of(sheet), declared, self._mapping.multiply
            )
        return self._recognisers[key]

    def _every(self, sheet: str | None) -> list[Recogniser]:
        return [self.headers_of(table, sheet) for table in self.index.tables]

    def score(self, rows: Sequence[Sequence[str]]) -> int:
        """Return how many headers of one table the best of the first rows of a text has, blank rows included."""
        row = self._mapping.header_row
        looked_at = rows[:_WITHIN] if row is None else rows[row - 1 : row]
        return self._score(looked_at) or self._score(rows[_WITHIN:])

    def _score(self, rows: Sequence[Sequence[str]]) -> int:
        texts = list(map(_texts, rows))
        return max((_best(texts, each)[0] for each in self._every(None)), default=0)

    def choose(self, rows: Sequence[Sequence[str]], name: str | None) -> tuple[Table, int] | None:
        """Return the table that rows are, by the sheet's name or their header, and the position of the header row.

        The name alone makes a table if there is a header at all. Otherwise the header has to be one of its own kind,
        see `_is_kind`. Only where nothing is recognised are headers counted that nearly are some of ours.

        Args:
            rows: the rows; of those the first ones are looked at.
            name: that of the sheet, None if it has none.
        """
        only = self._mapping.header_row is not None
        table = self.named(name) if name else None
        if table is None and self._mapping.sheets and name is not None:
            return None
        near, far = (rows[:1], ()) if only else (rows[:_WITHIN], rows[_WITHIN:_FURTHER])
        if table is not None:
            recogniser = self.headers_of(table, name)
            count, position = _best(list(map(_texts, near)), recogniser)
            if count < _HEADERS:
                further = (n for n, row in enumerate(far) if recogniser.count(_texts(row)) >= _HEADERS)
                if (first := next(further, None)) is not None:
                    return table, len(near) + first
            if count <= 1 and self.transposed(rows, recogniser):
                return None
            if count:
                return table, position
        if found := self._kind(near, name, nearly=False):
            return found
        for position, row in enumerate(far, start=len(near)):
            if found := self._kind([row], name, nearly=False):
                return found[0], position
        return self._kind(near, name, nearly=True)

    @staticmethod
    def transposed(rows: Sequence[Sequence[str]], recogniser: Recogniser) -> list[str]:
        """Return the headers that stand below each other in one of the first columns, if they are several of a table's.

        Args:
            rows: the rows.
            recogniser: of the table.
        """
        columns = ([row[at] for row in rows[:_FURTHER] if at < len(row)] for at in range(2))
        return next((texts for texts in map(_texts_of, columns) if recogniser.count(texts) > _HEADERS), [])

    def _kind(self, rows: Sequence[Sequence[str]], name: str | None, *, nearly: bool) -> tuple[Table, int] | None:
        ranked = []
        of_rows = list(map(_texts, rows))
        for recogniser in self._every(name):
            count, position = _best(of_rows, recogniser, nearly=nearly)
            texts = of_rows[position] if of_rows else []
            if count >= _HEADERS and position + 1 < len(of_rows):
                # What a table needs may stand below the name of a group of columns.
                texts = joined_below(texts, of_rows[position + 1], recogniser) or texts
            if count < _HEADERS or not _may_be(recogniser, texts):
                continue
            if self._is_kind(recogniser, texts, alone=name is None, nearly=nearly):
                share = count / len(recogniser.table.columns)
                ranked.append((count, recogniser.weight(texts), share, recogniser.table, position))
        if not ranked:
            return None
        most = max(count for count, *_ in ranked)
        first = min(position for count, *_, position in ranked if count >= _NEARLY_ALL * most)
        *_, table, position = max((rank for rank in ranked if rank[-1] == first), key=lambda rank: rank[:3])
        return table, position

    def _is_kind(self, recogniser: Recogniser, texts: Sequence[str], *, alone: bool, nearly: bool = False) -> bool:
        """Return whether headers are those of a table and could not as well be those of any list.

        Args:
            recogniser: of the table.
            texts: the headers.
            alone: whether the file is this table, so that there is nothing else in it that could be meant.
            nearly: whether headers count that nearly are some of the table's.
        """
        table = recogniser.table
        found = recogniser.found(texts, nearly=nearly)
        own = self._own_headers(table)
        telling = {iri for iri, text in found.items() if iri not in self._common or normalize_key(text) in own}
        required = {column.iri for column in table.required}
        lacking = len(required - found.keys())
        if table.iri == self.main.iri:
            # A list of what may be chosen has the same headers as the actions, and nothing that tells one from another.
            listing = not found.keys() & {DCTERMS.identifier, SKOS.prefLabel} and all(
                column.ranges or column.iri == BIC.budgetCurrency for column in table.columns if column.iri in found
            )
            sure = alone or (not listing and (bool(telling & (required - self._common)) or len(telling) >= _MANY))
            return not lacking or (bool(telling) and sure)
        if required <= self._common:  # parties and places have names, as anything has
            template = sum(column.template for column in table.columns)
            return bool(telling) and not lacking and len(found) >= _WHOLE * template
        return len(telling) >= (_HEADERS if lacking else 1) and lacking <= 1

    def _own_headers(self, table: Table) -> frozenset[str]:
        """Return the headers that a table has and no other, folded."""
        if not self._own:
            headers = {
                each.iri: {normalize_key(text) for column in each.columns for text in column.header.values()}
                for each in self.index.tables
            }
            times = Counter(text for texts in headers.values() for text in texts)
            self._own = {iri: frozenset(each for each in texts if times[each] == 1) for iri, texts in headers.items()}
        return self._own[table.iri]

    def is_table(self, row: Sequence[str]) -> bool:
        """Return whether a row holds the headers of a table of ours, all that it needs or all but one."""
        texts = _texts(row)
        return any(
            self._is_kind(each, texts, alone=False)
            and sum(column.iri not in each.found(texts) for column in each.table.required) <= 1
            for each in self._every(None)
        )

    def known(self, rows: Sequence[Sequence[str]]) -> list[str]:
        """Return the headers of the first row that has several of ours, though they are those of any list."""
        for row in rows[:_WITHIN]:
            if max(each.count(_texts(row)) for each in self._every(None)) >= _HEADERS:
                return [text for text in _texts(row) if text]
        return []


def _may_be(recogniser: Recogniser, header: Sequence[str]) -> bool:
    if recogniser.table.iri not in _ONLY_WHOLE:
        return True
    matches = map(recogniser.match, header)
    present = {match[0].iri for match in matches if match}
    return all(column.iri in present for column in recogniser.table.required)


def _best(rows: Iterable[Sequence[str]], recogniser: Recogniser, *, nearly: bool = False) -> tuple[int, int]:
    # About as many headers as any row has, the first of several rows: what stands below may be another table.
    counts = [recogniser.count(texts, nearly=nearly) for texts in rows]
    most = max(counts, default=0)
    return next(((count, at) for at, count in enumerate(counts) if count and count >= _NEARLY_ALL * most), (0, 0))


def _texts_of(column: Sequence[str]) -> list[str]:
    return [text for text in _texts(column) if text]


def _texts(row: Sequence[str]) -> list[str]:
    return [cell.strip() for cell in row]
