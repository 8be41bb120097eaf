"""A proposal written as the text of a mapping file: what is sure as settings, all else as comments."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Final

from bicentennial.core.messages import entry
from bicentennial.core.namespaces import BIC
from bicentennial.core.problems import excerpt
from bicentennial.intake.proposal.analysis import LISTED, SHOWN, Proposal
from bicentennial.semantics.values.amounts import currency_named, scale
from bicentennial.vocabulary.index import normalize_key

if TYPE_CHECKING:
    from collections.abc import Mapping

__all__ = ["MappingText"]

_NONE: Final[Mapping[str, str]] = {}


class MappingText:
    """Writes the text of a mapping file.

    Args:
        proposal: what it is to say.
    """

    def __init__(self, proposal: Proposal) -> None:
        self._proposal = proposal
        self._answers = proposal.answers
        self._lang = proposal.lang
        self._words = entry("proposal", "comments")

    def render(self) -> str:
        """Return the text."""
        lines = [f"# {line}" for line in self._comment("top", file=excerpt(self._proposal.file)).split("\n")]
        for ways in (self._date_format(), self._number_format()):
            lines += ["", *ways] if ways else []
        rows = {sheet.row for sheet in self._proposal.read}
        if len(rows) == 1 and any(sheet.header for sheet in self._proposal.read):
            lines += ["", f"header_row = {rows.pop()}"]
        lines += [*self._sheets(), *self._columns(), *self._multiply(), *self._constants()]
        lines += [*self._values(), *self._declare()]
        return "\n".join(lines) + "\n"

    def _date_format(self) -> list[str]:
        wanted, common = self._proposal.date_ways()
        if not wanted:
            return []
        if self._answers.date_format in common:
            return [f"date_format = {_quoted(self._answers.date_format)}"]
        if not common:  # each column in its own way: the first of each will do
            ways = list(dict.fromkeys(each[0] for each in wanted))
            return [f"date_format = [{', '.join(map(_quoted, ways))}]"]
        lines = [f"date_format = {_quoted(common[0])}"]
        if len(common) > 1:
            lines.insert(0, f"# {self._comment('dates', others=', '.join(common[1:]))}")
        return lines

    def _number_format(self) -> list[str]:
        wanted = [
            sheet.marks[text]
            for sheet in self._proposal.read
            for text, column in sheet.found.items()
            if column.is_number and sheet.marks[text]
        ]
        if not wanted:
            return []
        common = [each for each in wanted[0] if all(each in others for others in wanted)]
        return [f"number_format = {_quoted((common or wanted[0])[0])}  # {self._comment('numbers')}"]

    def _multiply(self) -> list[str]:
        """Return the columns whose headers say that their numbers are thousands or millions."""
        factors = {
            text: 10**power
            for sheet in self._proposal.read
            for text, column in sheet.found.items()
            if column.is_number and (power := _unit(text))
        }
        if not factors:
            return []
        lines = [f"{_quoted(text)} = {factor}" for text, factor in factors.items()]
        return ["", f"[multiply]  # {self._comment('multiply')}", *lines]

    def _sheets(self) -> list[str]:
        named = [sheet for sheet in self._proposal.read if sheet.name is not None and sheet.table is not None]
        if not named:
            return []
        lines = ["", f"[sheets]  # {self._comment('sheets')}"]
        lines += [
            f"{_quoted(each.name or '')} = {_quoted(each.table.name[self._lang])}" for each in named if each.table
        ]
        return lines + [
            f'# {_quoted(each.name or "")} = ""  # {self._comment("unread")}' for each in self._proposal.unread
        ]

    def _columns(self) -> list[str]:
        lines: list[str] = []
        for sheet in self._proposal.read:
            of_sheet = f".{_quoted(sheet.name)}" if sheet.name is not None and len(self._proposal.read) > 1 else ""
            lines += ["", f"[columns{of_sheet}]  # {self._comment('columns')}"]
            for text, values in sheet.columns.items():
                column = sheet.found.get(text)
                ours = column.header[self._lang] if column else ""
                example = ", ".join(excerpt(value)[:30] for value in list(dict.fromkeys(values))[:2])
                note = self._comment("unused" if column is None else "used", example=example or "–")
                if misfits := sheet.misfits(text):
                    some = ", ".join(excerpt(value)[:30] for value in misfits[:2])
                    note += self._comment("misfits", number=len(misfits), some=some)
                lines.append(f"{_quoted(text)} = {_quoted(ours)}  # {note}")
            if sheet.table is not None and sheet.table.iri != BIC.Action:
                lines += [f"# {column.header[self._lang]}: {self._comment('needed')}" for column in sheet.required]
        return lines

    def _constants(self) -> list[str]:
        if not any(sheet.table is not None and sheet.table.iri == BIC.Action for sheet in self._proposal.read):
            return []
        columns = {column.header[self._lang]: column for column in self._proposal.index.tables[0].columns}
        lines = ["", f"[constants]  # {self._comment('constants')}"]
        for header in [column.header[self._lang] for column in self._proposal.wanted()]:
            if given := self._answers.constants.get(header):
                lines.append(f"{_quoted(header)} = {_quoted(given)}")
                continue
            closed = sorted(
                f"{(each['notations'] or [''])[0]} {each['label'].get(self._lang, '')}".strip()
                for each in self._proposal.index.individuals.values()
                if columns[header].iri == BIC.advancesGoal and BIC.Goal in each["types"]
            )
            hint = self._comment("choose", choices="; ".join(closed)) if closed else self._comment("needed")
            lines.append(f'# {_quoted(header)[1:-1]} = ""  # {hint}')
        return lines

    def _values(self) -> list[str]:
        lines: list[str] = []
        for text, (column, counts) in self._proposal.unknown().items():
            lines += ["", f"[values.{_quoted(text)}]  # {self._comment('values')}"]
            given = self._answers.values.get(text, _NONE)
            for value, count in counts.most_common(LISTED):
                if given.get(value):
                    lines.append(f"{_quoted(value)} = {_quoted(given[value])}  # {count} ×")
                    continue
                near = self._proposal.near(value, column)
                others = self._comment("others", others="; ".join(near[1:])) if near[1:] else ""
                lines.append(f"# {_quoted(value)} = {_quoted(near[0] if near else '')}  # {count} ×{others}")
            if len(counts) > LISTED:
                lines.append(f"# {self._comment('more', number=len(counts) - LISTED)}")
        return lines

    def _declare(self) -> list[str]:
        lines: list[str] = []
        for text, (sheet, column) in self._proposal.own_columns().items():
            mark = "" if text in self._answers.declared else "# "
            kind = "place" if column.iri == BIC.takesPlaceIn else "party"
            named = ", ".join(excerpt(value)[:30] for value in list(self._proposal.strange(sheet, text))[:SHOWN])
            lines += [
                "",
                f"# {self._comment('declare', header=excerpt(text), names=named)}",
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
                and normalize_key(other[len(stem) + 1 :]) in self._proposal.matcher.identifying
            )
            lines += [f"{mark}id = {_quoted(other)}" for other in list(identifying)[:1]]
        return lines

    def _comment(self, key: str, **words: object) -> str:
        text: str = self._words[key][self._lang]
        return text.format(**words)


def _unit(header: str) -> int:
    """Return the power of ten that a header names, 0 if none.

    >>> [_unit(each) for each in ("Monto (mdp)", "Presupuesto en miles de pesos", "Budget (USD millions)")]
    [6, 3, 6]
    >>> [_unit(each) for each in ("Budget (USD)", "Miles driven", "Millones de personas")]
    [0, 0, 0]
    """
    return scale(header)[0] if currency_named(header)[0] else 0


def _quoted(text: str) -> str:
    return json.dumps(text, ensure_ascii=False).replace("\x7f", "\\u007f")
