"""What a mapping file for a submission could say, from its headers and values and from what was answered."""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING, Any, Final

from bicentennial.core.namespaces import BIC
from bicentennial.core.problems import excerpt
from bicentennial.core.startup.named_tuples import NamedTuple
from bicentennial.semantics.column_matching import ColumnMatcher, Sheet
from bicentennial.semantics.values.currencies import suggest_currency
from bicentennial.semantics.values.joined_values import separated
from bicentennial.semantics.values.plain_text import is_error, is_placeholder
from bicentennial.semantics.values.resolver import WHERE, Resolution, Resolver, suggest
from bicentennial.vocabulary.index import Column, Index, normalize_key

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

__all__ = ["LISTED", "SHOWN", "Answers", "Proposal"]

LISTED: Final = 40
"""How many unknown values of a column are listed."""
SHOWN: Final = 8
"""How many names of parties or places are shown."""
_PARTIES: Final = (BIC.hasResponsibleParty, BIC.hasPartner, BIC.isFundedBy)
_CLOSED: Final = 40
_NONE: Final[Mapping[str, str]] = {}
_NO_VALUES: Final[Mapping[str, Mapping[str, str]]] = {}


class Answers(NamedTuple):
    """What a person has said of a proposal.

    Args:
        columns: for each sheet that is read, what its headers mean: a header of ours, or an empty text.
        constants: by our header, the value that holds for every row.
        values: by their header, what their values stand for.
        declared: the headers of columns whose unknown names are all the partner's own.
        date_format: how dates are written, where that can be read in several ways.
    """

    columns: Sequence[Mapping[str, str]] = ()
    constants: Mapping[str, str] = _NONE
    values: Mapping[str, Mapping[str, str]] = _NO_VALUES
    declared: Sequence[str] = ()
    date_format: str = ""


class Proposal:
    """What a mapping file could say.

    Args:
        index: the compiled index.
        sheets: the sheets of the submission.
        file: its name.
        lang: the language of names and comments.
        answers: what a person has said.
    """

    def __init__(self, index: Index, sheets: Sequence[Sheet], file: str, lang: str, answers: Answers) -> None:
        self.answers = answers
        self.index, self.file, self.lang = index, file, lang
        self.resolver = Resolver(index)
        self.matcher = ColumnMatcher(index, self.resolver)
        names = [sheet.names() for sheet in sheets]
        largest = max(sheets, key=lambda sheet: sheet.size)
        for number, sheet in enumerate(sheets):
            others = set().union(*names[:number], *names[number + 1 :])
            self.matcher.classify(sheet, others, fallback=index.tables[0] if sheet is largest else None)
        self.read = [sheet for sheet in sheets if sheet.table is not None]
        self.unread = [sheet for sheet in sheets if sheet.table is None]
        for sheet, said in zip(self.read, answers.columns, strict=False):
            self._take(sheet, said)

    def _take(self, sheet: Sheet, said: Mapping[str, str]) -> None:
        """Let columns be what a person says that they are."""
        assert sheet.table is not None
        by_header = {column.header[self.lang]: column for column in sheet.table.columns}
        for text, ours in said.items():
            if text in sheet.columns:
                sheet.found.pop(text, None)
                if ours in by_header:
                    sheet.found[text] = by_header[ours]
        sheet.found = {text: sheet.found[text] for text in sheet.columns if text in sheet.found}

    def outline(self) -> dict[str, Any]:
        """Return the proposal as data."""
        return {
            "sheets": [self._outlined(sheet) for sheet in self.read],
            "constants": [
                {"header": column.header[self.lang], "choices": self._closed(column)} for column in self.wanted()
            ],
            "values": [
                {
                    "header": text,
                    "unknown": [[value, list(self.near(value, column))] for value, _ in counts.most_common(LISTED)],
                    "choices": self._closed(column),
                }
                for text, (column, counts) in self.unknown().items()
            ],
            "dates": self.date_ways()[1],
            "declared": [
                [text, list(self.strange(sheet, text))[:SHOWN]] for text, (sheet, _) in self.own_columns().items()
            ],
        }

    def _outlined(self, sheet: Sheet) -> dict[str, Any]:
        assert sheet.table is not None
        columns = [
            {
                "header": text,
                "ours": sheet.found[text].header[self.lang] if text in sheet.found else "",
                "examples": [excerpt(value)[:30] for value in list(dict.fromkeys(values))[:2]],
            }
            for text, values in sheet.columns.items()
        ]
        choices = [column.header[self.lang] for column in sheet.table.columns]
        return {"name": sheet.name or "", "columns": columns, "choices": choices}

    def _closed(self, column: Column) -> list[list[str]]:
        """Return what may stand in a column whose list is closed and short, and what each is called."""
        ranges = set(_ranges(column))
        if not ranges or any(map(self.index.is_open, ranges)):
            return []
        found = [
            [(each["notations"] or [each["label"].get(self.lang, "")])[0], each["label"].get(self.lang, "")]
            for each in self.index.individuals.values()
            if ranges.intersection(each["types"])
        ]
        named = sorted(each for each in found if each[0])
        return named if len(named) <= _CLOSED else []

    def date_ways(self) -> tuple[list[list[str]], list[str]]:
        """Return the ways in which each column's dates can be read, and those in which all can."""
        wanted = [
            sheet.formats[text]
            for sheet in self.read
            for text, column in sheet.found.items()
            if column.is_date and sheet.formats[text]
        ]
        return wanted, [each for each in wanted[0] if all(each in others for others in wanted)] if wanted else []

    def wanted(self) -> list[Column]:
        """Return the columns of actions that are required and that the submission does not have."""
        actions = [sheet for sheet in self.read if sheet.table is not None and sheet.table.iri == BIC.Action]
        if not actions:
            return []
        wanted = {column.header[self.lang]: column for sheet in actions for column in sheet.required}
        present = {column.iri for sheet in actions for column in sheet.found.values()}
        if BIC.budgetAmount in present and BIC.budgetCurrency not in present:
            of_actions = self.index.tables[0].columns
            wanted |= {each.header[self.lang]: each for each in of_actions if each.iri == BIC.budgetCurrency}
        return list(wanted.values())

    def strange(self, sheet: Sheet, text: str) -> Counter[str]:
        """Return the values of a column that are neither known nor rows of a sheet, and how often each occurs."""
        column = sheet.found[text]
        rows = (each.names() for each in self.read if each.table is not None and each.table.iri in column.ranges)
        declared: set[str] = set().union(*rows)
        counts = Counter(part.strip() for value in sheet.columns[text] for part in value.split(";") if part.strip())
        known = (each for each in counts if normalize_key(each) in declared or self._resolved(each, column).iri)
        for value in list(known):
            del counts[value]
        return counts

    def _resolved(self, value: str, column: Column) -> Resolution:
        is_where = column.iri in WHERE
        return self.resolver.resolve_place(value) if is_where else self.resolver.resolve(value, _ranges(column))

    def unknown(self) -> dict[str, tuple[Column, Counter[str]]]:
        """Return the columns of things with the values that are not known; not those of a partner's own parties."""
        strange: dict[str, tuple[Column, Counter[str]]] = {}
        for sheet in self.read:
            for text, column in sheet.found.items():
                if _ranges(column) and not column.is_text and (found := self.strange(sheet, text)):
                    strange.setdefault(text, (column, Counter()))[1].update(found)
        return {
            text: (column, counts)
            for text, (column, counts) in strange.items()
            if column.iri not in (*_PARTIES, BIC.observes) or len(counts) <= LISTED
        }

    def near(self, value: str, column: Column) -> tuple[str, ...]:
        """Return what a value may stand for: several names that it joins, or the names most like it."""
        if column.iri == BIC.budgetCurrency:
            return suggest_currency(value, index=self.index)
        if is_placeholder(value) or is_error(value):
            return ()
        if several := self._resolved(value, column).candidates:
            return tuple(self.index.label(iri, self.lang) for iri in several)
        parts = separated(value, lambda part: part if self.resolver.resolve(part, column.ranges).iri else "")
        if parts:
            return ("; ".join(parts),)
        return suggest(value, column.ranges, index=self.index, language=self.lang) if len(value) > 2 else ()

    def own_columns(self) -> dict[str, tuple[Sheet, Column]]:
        """Return the columns with parties or places that are not known."""
        wanted: dict[str, tuple[Sheet, Column]] = {}
        for sheet in self.read:
            for text, column in sheet.found.items():
                own_kind = column.iri in (*_PARTIES, BIC.takesPlaceIn)
                if own_kind and self.strange(sheet, text):
                    wanted.setdefault(text, (sheet, column))
        return wanted


def _ranges(column: Column) -> tuple[str, ...]:
    return (BIC.Currency,) if column.iri == BIC.budgetCurrency else column.ranges
