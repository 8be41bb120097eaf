"""A mapping file proposed from a file's own headers and values, for a person to finish.

Columns are matched by what they are called and by what they hold: a column is one of dates only if it holds dates. What
cannot be told is written as a comment with the best candidates, so that nothing is decided behind anybody's back.
"""

from __future__ import annotations

import json
from collections import Counter
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING, Final

from bicentennial.intake.cells import cells_of
from bicentennial.intake.index import Column, Index, Table, fold, names_of, own
from bicentennial.intake.limits import DEFAULT, Limits
from bicentennial.intake.mapping import Mapping
from bicentennial.intake.notices import shown, unreadable
from bicentennial.intake.resolve import Resolver, is_iri, suggest
from bicentennial.intake.tables import Tables
from bicentennial.intake.values import date_type, decimal_type
from bicentennial.messages import entry
from bicentennial.namespaces import BIC, DCTERMS, SKOS

if TYPE_CHECKING:
    from collections.abc import Sequence

    from bicentennial.intake.delimited import Grid

__all__ = ["propose"]

_SAMPLE: Final = 5_000
_VALUES: Final = 40
_HEADER_WITHIN: Final = 20
_ENOUGH: Final = 62.0
_TELLING: Final = 35.0
_FORMATS: Final = ("%d/%m/%Y", "%m/%d/%Y", "%d-%m-%Y", "%m-%d-%Y", "%d.%m.%Y", "%Y/%m/%d", "%d/%m/%y", "%m/%d/%y",
                   "%d %B %Y", "%B %d, %Y", "%d %b %Y", "%Y%m%d", "%Y-%m-%dT%H:%M:%S", "%Y-%m-%d %H:%M:%S")  # fmt: skip
_PARTIES: Final = (BIC.hasResponsibleParty, BIC.hasPartner, BIC.isFundedBy)


def propose(path: str, lang: str, limits: Limits = DEFAULT) -> str:
    """Return the text of a mapping file for a submission.

    Args:
        path: the submission: a table, a workbook or JSON.
        lang: the language of the comments.
        limits: see `Limits`.

    Raises:
        UnreadableInputError: it is of a format that needs no mapping, or holds no table.
        LimitReachedError: it is larger than the limits allow.
    """
    place = Path(path)
    limits.check("file_bytes", place.stat().st_size)
    grids = cells_of(place, place.read_bytes(), limits)
    grid = max(grids, key=lambda each: len(each.rows) * max(map(len, each.rows), default=0), default=None)
    if grid is None or not grid.rows:
        raise unreadable("empty")
    return _Proposal(own(), grid, place.name, lang, several=len(grids) > 1 or grid.name is not None).render()


class _Proposal:
    def __init__(self, index: Index, grid: Grid, file: str, lang: str, *, several: bool) -> None:
        self.index, self.grid, self.file, self.lang, self.several = index, grid, file, lang, several
        self.words = entry("proposal", "comments")
        self.table: Table = index.tables[0]
        self.resolver = Resolver(index)
        party = index.table(BIC.Party)
        self.naming = {
            fold(text) for each in party.columns if each.iri == SKOS.prefLabel for text in each.header.values()
        }
        self.identifying = {
            fold(name) for name, _ in names_of(index.properties.get(DCTERMS.identifier, {}), DCTERMS.identifier)
        } | {fold(text) for each in party.columns if each.iri == DCTERMS.identifier for text in each.header.values()}
        self.header = self._header_row()
        texts = [cell.strip() for cell in grid.rows[self.header]]
        rows = grid.rows[self.header + 1 : self.header + 1 + _SAMPLE]
        self.columns = {
            text: [row[position].strip() for row in rows if position < len(row) and row[position].strip()]
            for position, text in enumerate(texts)
            if text
        }
        self.formats = {text: _date_formats(values) for text, values in self.columns.items()}
        self.found = self._assign()

    def say(self, key: str, **words: object) -> str:
        text: str = self.words[key][self.lang]
        return text.format(**words)

    def _header_row(self) -> int:
        chosen = Tables(self.index, Mapping()).choose(self.grid.rows, None)
        if chosen is not None:
            return chosen[1]
        # Otherwise the first row that is filled as widely as any and holds words, not numbers.
        first = self.grid.rows[:_HEADER_WITHIN]
        widths = [sum(bool(cell.strip()) and not decimal_type(cell.strip()) for cell in row) for row in first]
        return next(position for position, width in enumerate(widths) if width >= 0.8 * max(widths))

    def _assign(self) -> dict[str, Column]:
        ranked = sorted(
            (
                (-self._score(text, column), position, text)
                for text in self.columns
                for position, column in enumerate(self.table.columns)
            ),
        )
        found: dict[str, Column] = {}
        taken: set[str] = set()
        for score, position, text in ranked:
            column = self.table.columns[position]
            if -score >= _ENOUGH and text not in found and column.iri not in taken:
                found[text] = column
                taken.add(column.iri)
        return {text: found[text] for text in self.columns if text in found}

    def _score(self, text: str, column: Column) -> float:
        fit = self._fit(text, column)
        alike = self._alike(text, column)
        # Of two likely columns the one with fitting values wins; but being a date does not make a column any date.
        return alike + fit if alike >= _ENOUGH or fit >= _TELLING else 0.0

    def _alike(self, text: str, column: Column) -> float:
        from rapidfuzz import fuzz

        named = [(name, language) for language, name in column.header.items()]
        named += names_of(self.index.properties.get(column.iri, {}), column.iri)[:-2]
        names = [name for name, _ in named]
        if fold(text) in set(map(fold, names)):
            return 100.0
        # Flattened data has headers such as “Funding Org:Name”: of a party, what stands for it is its name.
        stem, colon, part = text.rpartition(":")
        words = (stem if colon and column.ranges else text).replace("_", " ").replace(":", " ").casefold()
        whole = max(fuzz.token_sort_ratio(words, name.replace("_", " ").casefold()) for name in names)
        within = max((fuzz.token_set_ratio(words, name.casefold()) for name in names if len(name) > 3), default=0.0)
        # In English the last word says what a thing is, in Spanish the first.
        heads = {(fold(words.split()[-1]), "en"), (fold(words.split()[0]), "es")} if words.split() else set()
        if heads & {(fold(name), language) for name, language in named}:
            within = 106.0
        other = 40.0 if colon and column.ranges and fold(part) not in self.naming else 0.0
        return max(whole, 0.8 * within) - other

    def _fit(self, text: str, column: Column) -> float:
        # How well the values are of the kind that the column demands; what cannot be right rules it out.
        values = self.columns[text]
        if not values:
            return -20.0
        distinct = len(set(values)) / len(values)
        if column.is_date:
            dates = sum(date_type(value) is not None for value in values) / len(values)
            return 15.0 if dates > 0.8 or self.formats[text] else -100.0
        if column.is_number:
            return 15.0 if sum(decimal_type(value) is not None for value in values) / len(values) > 0.8 else -100.0
        if column.iri == BIC.budgetCurrency:
            known = sum(bool(self.resolver.resolve(value, (BIC.Currency,)).iri) for value in set(values))
            return 60.0 if known == len(set(values)) else -100.0
        if column.iri == DCTERMS.identifier:
            return 10.0 if distinct == 1.0 else -60.0
        if column.is_text and sum(decimal_type(value) is not None for value in values) / len(values) > 0.5:
            return -100.0
        if column.iri == SKOS.prefLabel:
            return 5.0 if distinct > 0.3 else -20.0
        if column.ranges:
            some = list(dict.fromkeys(part.strip() for value in values for part in value.split(";") if part.strip()))
            told = [
                bool(self.resolver.resolve(value, column.ranges).iri) and not is_iri(value) for value in some[:_VALUES]
            ]
            if not any(told) and (_codes(values) or all(is_iri(value) for value in values[:100])):
                return -100.0
            return 40.0 * sum(told) / len(told)
        return 0.0

    # ---- the text ---------------------------------------------------------------------------------------------------

    def render(self) -> str:
        lines = [f"# {line}" for line in self.say("top", file=shown(self.file)).split("\n")]
        if formats := self._date_format():
            lines += ["", *formats]
        if self.header:
            lines += ["", f"header_row = {self.grid.numbers[self.header]}"]
        if self.several and self.grid.name is not None:
            name = self.table.name[self.lang]
            lines += ["", f"[sheets]  # {self.say('sheets')}", f"{_quoted(self.grid.name)} = {_quoted(name)}"]
        lines += ["", f"[columns]  # {self.say('columns')}"]
        for text, values in self.columns.items():
            column = self.found.get(text)
            ours = column.header[self.lang] if column else ""
            example = ", ".join(shown(value)[:30] for value in list(dict.fromkeys(values))[:2])
            note = self.say("unused" if column is None else "used", example=example or "–")
            lines.append(f"{_quoted(text)} = {_quoted(ours)}  # {note}")
        lines += ["", *self._constants()]
        for text, column in self.found.items():
            lines += self._values(text, column)
        lines += self._declare()
        return "\n".join(lines) + "\n"

    def _date_format(self) -> list[str]:
        wanted = [self.formats[text] for text, column in self.found.items() if column.is_date and self.formats[text]]
        if not wanted:
            return []
        common = [each for each in wanted[0] if all(each in others for others in wanted)] or wanted[0]
        lines = [f"date_format = {_quoted(common[0])}"]
        if len(common) > 1:
            lines.insert(0, f"# {self.say('dates', others=', '.join(common[1:]))}")
        return lines

    def _constants(self) -> list[str]:
        present = {column.iri for column in self.found.values()}
        lines = [f"[constants]  # {self.say('constants')}"]
        wanted = [column for column in self.table.required if column.iri not in present]
        if BIC.budgetAmount in present and BIC.budgetCurrency not in present:
            wanted += [column for column in self.table.columns if column.iri == BIC.budgetCurrency]
        for column in wanted:
            closed = sorted(
                f"{(each['notations'] or [''])[0]} {each['label'].get(self.lang, '')}".strip()
                for each in self.index.individuals.values()
                if column.iri == BIC.advancesGoal and BIC.Goal in each["types"]
            )
            hint = self.say("choose", choices="; ".join(closed)) if closed else self.say("needed")
            lines.append(f'# {_quoted(column.header[self.lang])[1:-1]} = ""  # {hint}')
        return lines

    def _values(self, text: str, column: Column) -> list[str]:
        if not column.ranges or column.is_text:
            return []
        counts = Counter(part.strip() for value in self.columns[text] for part in value.split(";") if part.strip())
        strange = [(v, n) for v, n in counts.most_common() if not self.resolver.resolve(v, column.ranges).iri]
        if not strange or (column.iri in _PARTIES and len(strange) > _VALUES):
            return []
        lines = ["", f"[values.{_quoted(text)}]  # {self.say('values')}"]
        for value, count in strange[:_VALUES]:
            near = suggest(value, column.ranges, index=self.index) if len(value) > 2 else ()
            others = self.say("others", others="; ".join(near[1:])) if near[1:] else ""
            lines.append(f"# {_quoted(value)} = {_quoted(near[0] if near else '')}  # {count} ×{others}")
        if len(strange) > _VALUES:
            lines.append(f"# {self.say('more', number=len(strange) - _VALUES)}")
        return lines

    def _declare(self) -> list[str]:
        lines: list[str] = []
        for text, column in self.found.items():
            if column.iri not in (*_PARTIES, BIC.takesPlaceIn):
                continue
            values = dict.fromkeys(self.columns[text])
            if all(self.resolver.resolve(value, column.ranges).iri for value in values):
                continue
            kind = "place" if column.iri == BIC.takesPlaceIn else "party"
            lines += [
                "",
                f"[[declare]]  # {self.say('declare', header=text)}",
                f'as = "{kind}"',
                f"name = {_quoted(text)}",
            ]
            stem, colon, _ = text.rpartition(":")
            for other in self.columns:
                if colon and other.startswith(f"{stem}:") and fold(other[len(stem) + 1 :]) in self.identifying:
                    lines.append(f"id = {_quoted(other)}")
                    break
        return lines


def _date_formats(values: Sequence[str]) -> list[str]:
    some = values[:500]
    if not some or all(date_type(value) for value in some):
        return []
    return [each for each in _FORMATS if all(date_type(value) or _reads(value, each) for value in some)]


def _reads(value: str, pattern: str) -> bool:
    try:
        datetime.strptime(value, pattern)  # noqa: DTZ007 - a day has no time zone
    except ValueError:
        return False
    return True


def _codes(values: Sequence[str]) -> bool:
    # Codes, numbers and dates hold digits and no spaces; names hold neither.
    return all(" " not in value and any(map(str.isdigit, value)) for value in values[:100])


def _quoted(text: str) -> str:
    return json.dumps(text, ensure_ascii=False).replace("\x7f", "\\u007f")
