"""A mapping file proposed from a file's own headers and values, for a person to finish.

What cannot be told is written as a comment with the best candidates, so that nothing is decided behind anybody's back;
`likeness` says how columns are told.
"""

from __future__ import annotations

import json
import re
from collections import Counter
from pathlib import Path
from typing import TYPE_CHECKING, Final

from bicentennial.core.content import content
from bicentennial.core.limits import DEFAULT, Limits
from bicentennial.core.messages import entry
from bicentennial.core.namespaces import BIC
from bicentennial.core.notices import shown, unreadable
from bicentennial.intake.cells import cells_of
from bicentennial.semantics.column_matching import Likeness, Sheet
from bicentennial.semantics.currencies import suggest_currency
from bicentennial.semantics.joined_values import separated
from bicentennial.semantics.plain_text import is_error, is_placeholder, unaccented, words
from bicentennial.semantics.resolver import Resolver, suggest
from bicentennial.semantics.template_sheets import explains
from bicentennial.vocabulary.index import Column, Index, default_index, normalize_key

if TYPE_CHECKING:
    from collections.abc import Sequence

__all__ = ["propose"]

_VALUES: Final = 40
_NAMED: Final = 8
_PARTIES: Final = (BIC.hasResponsibleParty, BIC.hasPartner, BIC.isFundedBy)


def propose(path: str, lang: str, limits: Limits = DEFAULT) -> str:
    """Return the text of a mapping file for a submission.

    Args:
        path: the submission: a table, a workbook or JSON.
        lang: the language of the comments.
        limits: see `Limits`.

    Raises:
        InputNotFoundError: there is no such file.
        UnreadableInputError: it is of a format that needs no mapping, or holds no table.
        LimitReachedError: it is larger than the limits allow.
    """
    place = Path(path)
    grids = [grid for grid in cells_of(place, content(place, limits), limits) if grid.rows and not explains(grid)]
    if not grids:
        raise unreadable("empty")
    sheets = [Sheet(default_index(), grid) for grid in grids]
    return _Proposal(default_index(), sheets, place.name, lang).render()


class _Proposal:
    def __init__(self, index: Index, sheets: Sequence[Sheet], file: str, lang: str) -> None:
        self.index, self.file, self.lang = index, file, lang
        self.words = entry("proposal", "comments")
        self.resolver = Resolver(index)
        self.likeness = Likeness(index, self.resolver)
        names = [sheet.names() for sheet in sheets]
        largest = max(sheets, key=lambda sheet: sheet.size)
        for number, sheet in enumerate(sheets):
            others = set().union(*names[:number], *names[number + 1 :])
            self.likeness.tell(sheet, others, fallback=index.tables[0] if sheet is largest else None)
        self.read = [sheet for sheet in sheets if sheet.table is not None]
        self.unread = [sheet for sheet in sheets if sheet.table is None]

    def say(self, key: str, **words: object) -> str:
        text: str = self.words[key][self.lang]
        return text.format(**words)

    def render(self) -> str:
        lines = [f"# {line}" for line in self.say("top", file=shown(self.file)).split("\n")]
        for ways in (self._date_format(), self._number_format()):
            lines += ["", *ways] if ways else []
        rows = {sheet.row for sheet in self.read}
        if len(rows) == 1 and any(sheet.header for sheet in self.read):
            lines += ["", f"header_row = {rows.pop()}"]
        lines += [*self._sheets(), *self._columns(), *self._multiply(), *self._constants()]
        lines += [*self._values(), *self._declare()]
        return "\n".join(lines) + "\n"

    def _date_format(self) -> list[str]:
        wanted = [
            sheet.formats[text]
            for sheet in self.read
            for text, column in sheet.found.items()
            if column.is_date and sheet.formats[text]
        ]
        if not wanted:
            return []
        common = [each for each in wanted[0] if all(each in others for others in wanted)]
        if not common:  # each column in its own way: the first of each will do
            ways = list(dict.fromkeys(each[0] for each in wanted))
            return [f"date_format = [{', '.join(map(_quoted, ways))}]"]
        lines = [f"date_format = {_quoted(common[0])}"]
        if len(common) > 1:
            lines.insert(0, f"# {self.say('dates', others=', '.join(common[1:]))}")
        return lines

    def _number_format(self) -> list[str]:
        wanted = [
            sheet.marks[text]
            for sheet in self.read
            for text, column in sheet.found.items()
            if column.is_number and sheet.marks[text]
        ]
        if not wanted:
            return []
        common = [each for each in wanted[0] if all(each in others for others in wanted)]
        return [f"number_format = {_quoted((common or wanted[0])[0])}  # {self.say('numbers')}"]

    def _multiply(self) -> list[str]:
        """Return the columns whose headers say that their numbers are thousands or millions."""
        factors = {
            text: 10**power
            for sheet in self.read
            for text, column in sheet.found.items()
            if column.is_number and (power := _unit(text))
        }
        if not factors:
            return []
        lines = [f"{_quoted(text)} = {factor}" for text, factor in factors.items()]
        return ["", f"[multiply]  # {self.say('multiply')}", *lines]

    def _sheets(self) -> list[str]:
        named = [sheet for sheet in self.read if sheet.name is not None and sheet.table is not None]
        if not named:
            return []
        lines = ["", f"[sheets]  # {self.say('sheets')}"]
        lines += [f"{_quoted(each.name or '')} = {_quoted(each.table.name[self.lang])}" for each in named if each.table]
        return lines + [f'# {_quoted(each.name or "")} = ""  # {self.say("unread")}' for each in self.unread]

    def _columns(self) -> list[str]:
        lines: list[str] = []
        for sheet in self.read:
            of_sheet = f".{_quoted(sheet.name)}" if sheet.name is not None and len(self.read) > 1 else ""
            lines += ["", f"[columns{of_sheet}]  # {self.say('columns')}"]
            for text, values in sheet.columns.items():
                column = sheet.found.get(text)
                ours = column.header[self.lang] if column else ""
                example = ", ".join(shown(value)[:30] for value in list(dict.fromkeys(values))[:2])
                note = self.say("unused" if column is None else "used", example=example or "–")
                if misfits := sheet.misfits(text):
                    some = ", ".join(shown(value)[:30] for value in misfits[:2])
                    note += self.say("misfits", number=len(misfits), some=some)
                lines.append(f"{_quoted(text)} = {_quoted(ours)}  # {note}")
            if sheet.table is not None and sheet.table.iri != BIC.Action:
                lines += [f"# {column.header[self.lang]}: {self.say('needed')}" for column in sheet.required]
        return lines

    def _constants(self) -> list[str]:
        actions = [sheet for sheet in self.read if sheet.table is not None and sheet.table.iri == BIC.Action]
        if not actions:
            return []
        wanted = list(dict.fromkeys(column.header[self.lang] for sheet in actions for column in sheet.required))
        present = {column.iri for sheet in actions for column in sheet.found.values()}
        columns = {column.header[self.lang]: column for column in self.index.tables[0].columns}
        if BIC.budgetAmount in present and BIC.budgetCurrency not in present:
            wanted += [header for header, column in columns.items() if column.iri == BIC.budgetCurrency]
        lines = ["", f"[constants]  # {self.say('constants')}"]
        for header in wanted:
            closed = sorted(
                f"{(each['notations'] or [''])[0]} {each['label'].get(self.lang, '')}".strip()
                for each in self.index.individuals.values()
                if columns[header].iri == BIC.advancesGoal and BIC.Goal in each["types"]
            )
            hint = self.say("choose", choices="; ".join(closed)) if closed else self.say("needed")
            lines.append(f'# {_quoted(header)[1:-1]} = ""  # {hint}')
        return lines

    def _strange(self, sheet: Sheet, text: str) -> Counter[str]:
        """Return the values of a column that are neither known nor rows of a sheet, and how often each occurs."""
        column = sheet.found[text]
        rows = (each.names() for each in self.read if each.table is not None and each.table.iri in column.ranges)
        declared: set[str] = set().union(*rows)
        counts = Counter(part.strip() for value in sheet.columns[text] for part in value.split(";") if part.strip())
        ranges = _ranges(column)
        known = (each for each in counts if normalize_key(each) in declared or self.resolver.resolve(each, ranges).iri)
        for value in list(known):
            del counts[value]
        return counts

    def _values(self) -> list[str]:
        strange: dict[str, tuple[Column, Counter[str]]] = {}
        for sheet in self.read:
            for text, column in sheet.found.items():
                if _ranges(column) and not column.is_text and (found := self._strange(sheet, text)):
                    strange.setdefault(text, (column, Counter()))[1].update(found)
        lines: list[str] = []
        for text, (column, counts) in strange.items():
            if column.iri in (*_PARTIES, BIC.observes) and len(counts) > _VALUES:
                continue
            lines += ["", f"[values.{_quoted(text)}]  # {self.say('values')}"]
            for value, count in counts.most_common(_VALUES):
                near = self._near(value, column)
                others = self.say("others", others="; ".join(near[1:])) if near[1:] else ""
                lines.append(f"# {_quoted(value)} = {_quoted(near[0] if near else '')}  # {count} ×{others}")
            if len(counts) > _VALUES:
                lines.append(f"# {self.say('more', number=len(counts) - _VALUES)}")
        return lines

    def _near(self, value: str, column: Column) -> tuple[str, ...]:
        """Return what a value may stand for: several names that it joins, or the names most like it."""
        if column.iri == BIC.budgetCurrency:
            return suggest_currency(value, index=self.index)
        if is_placeholder(value) or is_error(value):
            return ()
        parts = separated(value, lambda part: part if self.resolver.resolve(part, column.ranges).iri else "")
        if parts:
            return ("; ".join(parts),)
        return suggest(value, column.ranges, index=self.index, language=self.lang) if len(value) > 2 else ()

    def _declare(self) -> list[str]:
        wanted: dict[str, tuple[Sheet, Column]] = {}
        for sheet in self.read:
            for text, column in sheet.found.items():
                own_kind = column.iri in (*_PARTIES, BIC.takesPlaceIn)
                if own_kind and self._strange(sheet, text):
                    wanted.setdefault(text, (sheet, column))
        lines: list[str] = []
        for text, (sheet, column) in wanted.items():
            kind = "place" if column.iri == BIC.takesPlaceIn else "party"
            named = ", ".join(shown(value)[:30] for value in list(self._strange(sheet, text))[:_NAMED])
            lines += [
                "",
                f"# {self.say('declare', header=text, names=named)}",
                "# [[declare]]",
                f'# as = "{kind}"',
                f"# name = {_quoted(text)}",
            ]
            stem, colon, _ = text.rpartition(":")
            identifying = (
                other
                for other in sheet.columns
                if colon
                and other.startswith(f"{stem}:")
                and normalize_key(other[len(stem) + 1 :]) in self.likeness.identifying
            )
            lines += [f"# id = {_quoted(other)}" for other in list(identifying)[:1]]
        return lines


def _ranges(column: Column) -> tuple[str, ...]:
    return (BIC.Currency,) if column.iri == BIC.budgetCurrency else column.ranges


def _unit(header: str) -> int:
    """Return the power of ten that a header names, 0 if none.

    >>> _unit("Monto (mdp)"), _unit("Presupuesto en miles de pesos"), _unit("Budget (USD)"), _unit("Miles driven")
    (6, 3, 0, 0)
    """
    said = re.findall(r"[^\W\d_]+", unaccented(header.casefold()))
    powers = [words("multiples")[word] for word in said if len(word) > 1 and word in words("multiples")]
    is_money = any(word in words("currencies") or word in ("dollars", "pesos", "dolares") for word in said)
    return sum(powers) if powers and is_money else 0


def _quoted(text: str) -> str:
    return json.dumps(text, ensure_ascii=False).replace("\x7f", "\\u007f")
