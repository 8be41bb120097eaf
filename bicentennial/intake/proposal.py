"""A mapping file proposed from a file's own headers and values, for a person to finish.

What is not certain is written as a comment with the best candidates, so that nothing is decided unseen;
`likeness` says how columns are told. `outline` gives the same as data, so that a form can ask, and `propose` takes what
was answered.
"""

from __future__ import annotations

import json
import re
from collections import Counter
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final, NamedTuple

from bicentennial.core.content import content
from bicentennial.core.limits import DEFAULT, Limits
from bicentennial.core.messages import entry
from bicentennial.core.namespaces import BIC
from bicentennial.core.problems import excerpt, unreadable
from bicentennial.intake.cells import cells_of
from bicentennial.semantics.column_matching import Likeness, Sheet
from bicentennial.semantics.sheets.template_sheets import explains
from bicentennial.semantics.values.currencies import suggest_currency
from bicentennial.semantics.values.joined_values import separated
from bicentennial.semantics.values.plain_text import is_error, is_placeholder, unaccented, words
from bicentennial.semantics.values.resolver import Resolver, suggest
from bicentennial.vocabulary.index import Column, Index, default_index, normalize_key

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

__all__ = ["Answers", "outline", "outline_in_worker", "propose"]

_VALUES: Final = 40
_NAMED: Final = 8
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


def propose(path: str, lang: str, limits: Limits = DEFAULT, answers: Answers | None = None) -> str:
    """Return the text of a mapping file for a submission.

    Args:
        path: the submission: a table, a workbook or JSON.
        lang: the language of the comments.
        limits: see `Limits`.
        answers: what a person has said of what was proposed before, if anything.

    Raises:
        InputNotFoundError: there is no such file.
        UnreadableInputError: it is of a format that needs no mapping, or holds no table.
        LimitReachedError: it is larger than the limits allow.
    """
    return _proposal(path, lang, limits, answers or Answers()).render()


def outline(path: str, lang: str, limits: Limits = DEFAULT, answers: Answers | None = None) -> dict[str, Any]:
    """Return what `propose` would say, as data that a form can be made of.

    Returns:
        `sheets`, each with `name`, the `choices` of our headers and `columns` (`header`, `ours`, `examples`);
        `constants`, each with `header` and the `choices` of values where the list is closed; `values`, each with
        `header`, and `unknown` values with what is `near` to each and all `choices` where the list is closed;
        `dates`, the ways in which dates can be read; `declared`, the headers of columns with unknown parties or places,
        and some of them. A choice is the name that a mapping takes, and what it is called.

    Raises:
        InputError: as `propose`.
    """
    return _proposal(path, lang, limits, answers or Answers()).outline()


def outline_in_worker(path: str, lang: str, limits: Mapping[str, int], answers: Mapping[str, Any]) -> dict[str, Any]:
    """Do between processes what `outline` and `propose` do: `outline` and `text`, JSON in and JSON out."""
    made = _proposal(path, lang, Limits.of(limits), Answers(**answers))
    return {"outline": made.outline(), "text": made.render()}


def _proposal(path: str, lang: str, limits: Limits, answers: Answers) -> _Proposal:
    place = Path(path)
    grids = [grid for grid in cells_of(place, content(place, limits), limits) if grid.rows and not explains(grid)]
    if not grids:
        raise unreadable("empty")
    sheets = [Sheet(default_index(), grid) for grid in grids]
    return _Proposal(default_index(), sheets, place.name, lang, answers)


class _Proposal:
    def __init__(self, index: Index, sheets: Sequence[Sheet], file: str, lang: str, answers: Answers) -> None:
        self.answers = answers
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
                {"header": column.header[self.lang], "choices": self._closed(column)} for column in self._wanted()
            ],
            "values": [
                {
                    "header": text,
                    "unknown": [[value, list(self._near(value, column))] for value, _ in counts.most_common(_VALUES)],
                    "choices": self._closed(column),
                }
                for text, (column, counts) in self._unknown().items()
            ],
            "dates": self._ways()[1],
            "declared": [[text, list(self._strange(sheet, text))[:_NAMED]] for text, (sheet, _) in self._own().items()],
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

    def say(self, key: str, **words: object) -> str:
        text: str = self.words[key][self.lang]
        return text.format(**words)

    def render(self) -> str:
        lines = [f"# {line}" for line in self.say("top", file=excerpt(self.file)).split("\n")]
        for ways in (self._date_format(), self._number_format()):
            lines += ["", *ways] if ways else []
        rows = {sheet.row for sheet in self.read}
        if len(rows) == 1 and any(sheet.header for sheet in self.read):
            lines += ["", f"header_row = {rows.pop()}"]
        lines += [*self._sheets(), *self._columns(), *self._multiply(), *self._constants()]
        lines += [*self._values(), *self._declare()]
        return "\n".join(lines) + "\n"

    def _ways(self) -> tuple[list[list[str]], list[str]]:
        """Return the ways in which each column's dates can be read, and those in which all can."""
        wanted = [
            sheet.formats[text]
            for sheet in self.read
            for text, column in sheet.found.items()
            if column.is_date and sheet.formats[text]
        ]
        return wanted, [each for each in wanted[0] if all(each in others for others in wanted)] if wanted else []

    def _date_format(self) -> list[str]:
        wanted, common = self._ways()
        if not wanted:
            return []
        if self.answers.date_format in common:
            return [f"date_format = {_quoted(self.answers.date_format)}"]
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
                example = ", ".join(excerpt(value)[:30] for value in list(dict.fromkeys(values))[:2])
                note = self.say("unused" if column is None else "used", example=example or "–")
                if misfits := sheet.misfits(text):
                    some = ", ".join(excerpt(value)[:30] for value in misfits[:2])
                    note += self.say("misfits", number=len(misfits), some=some)
                lines.append(f"{_quoted(text)} = {_quoted(ours)}  # {note}")
            if sheet.table is not None and sheet.table.iri != BIC.Action:
                lines += [f"# {column.header[self.lang]}: {self.say('needed')}" for column in sheet.required]
        return lines

    def _constants(self) -> list[str]:
        if not any(sheet.table is not None and sheet.table.iri == BIC.Action for sheet in self.read):
            return []
        columns = {column.header[self.lang]: column for column in self.index.tables[0].columns}
        lines = ["", f"[constants]  # {self.say('constants')}"]
        for header in [column.header[self.lang] for column in self._wanted()]:
            if given := self.answers.constants.get(header):
                lines.append(f"{_quoted(header)} = {_quoted(given)}")
                continue
            closed = sorted(
                f"{(each['notations'] or [''])[0]} {each['label'].get(self.lang, '')}".strip()
                for each in self.index.individuals.values()
                if columns[header].iri == BIC.advancesGoal and BIC.Goal in each["types"]
            )
            hint = self.say("choose", choices="; ".join(closed)) if closed else self.say("needed")
            lines.append(f'# {_quoted(header)[1:-1]} = ""  # {hint}')
        return lines

    def _wanted(self) -> list[Column]:
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

    def _unknown(self) -> dict[str, tuple[Column, Counter[str]]]:
        """Return the columns of things with the values that are not known; not those of a partner's own parties."""
        strange: dict[str, tuple[Column, Counter[str]]] = {}
        for sheet in self.read:
            for text, column in sheet.found.items():
                if _ranges(column) and not column.is_text and (found := self._strange(sheet, text)):
                    strange.setdefault(text, (column, Counter()))[1].update(found)
        return {
            text: (column, counts)
            for text, (column, counts) in strange.items()
            if column.iri not in (*_PARTIES, BIC.observes) or len(counts) <= _VALUES
        }

    def _values(self) -> list[str]:
        lines: list[str] = []
        for text, (column, counts) in self._unknown().items():
            lines += ["", f"[values.{_quoted(text)}]  # {self.say('values')}"]
            given = self.answers.values.get(text, _NONE)
            for value, count in counts.most_common(_VALUES):
                if given.get(value):
                    lines.append(f"{_quoted(value)} = {_quoted(given[value])}  # {count} ×")
                    continue
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

    def _own(self) -> dict[str, tuple[Sheet, Column]]:
        """Return the columns with parties or places that are not known."""
        wanted: dict[str, tuple[Sheet, Column]] = {}
        for sheet in self.read:
            for text, column in sheet.found.items():
                own_kind = column.iri in (*_PARTIES, BIC.takesPlaceIn)
                if own_kind and self._strange(sheet, text):
                    wanted.setdefault(text, (sheet, column))
        return wanted

    def _declare(self) -> list[str]:
        lines: list[str] = []
        for text, (sheet, column) in self._own().items():
            mark = "" if text in self.answers.declared else "# "
            kind = "place" if column.iri == BIC.takesPlaceIn else "party"
            named = ", ".join(excerpt(value)[:30] for value in list(self._strange(sheet, text))[:_NAMED])
            lines += [
                "",
                f"# {self.say('declare', header=text, names=named)}",
                f"{mark}[[declare]]",
                f'{mark}as = "{kind}"',
                f"{mark}name = {_quoted(text)}",
            ]
            stem, colon, _ = text.rpartition(":")
            identifying = (
                other
                for other in sheet.columns
                if colon
                and other.startswith(f"{stem}:")
                and normalize_key(other[len(stem) + 1 :]) in self.likeness.identifying
            )
            lines += [f"{mark}id = {_quoted(other)}" for other in list(identifying)[:1]]
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
