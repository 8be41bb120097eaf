"""What is said of a sheet that was read: cells without a value, merged cells, and what is hidden.

Only columns that are read and rows from the header on count, but for totals and what stands below the table: what is
odd about others changes nothing.
"""

from __future__ import annotations

import sys
from decimal import Decimal
from typing import TYPE_CHECKING, Final

from bicentennial.core.findings import Finding, Location, column_letter
from bicentennial.core.namespaces import BIC
from bicentennial.core.problems import make_finding
from bicentennial.semantics.tables import AMOUNTS
from bicentennial.semantics.values.amounts import names_other_currency

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Sequence

    from bicentennial.core.grid import Oddities, Position
    from bicentennial.semantics.mapping import MappingFile
    from bicentennial.semantics.sheets.body import GridBody, TableBody
    from bicentennial.semantics.tables import Reading

__all__ = ["odd_characters", "odd_findings"]

_EACH: Final = 1_000
_SHOWN: Final = 12


def odd_findings(
    odd: Oddities, reading: Reading, body: GridBody | TableBody, mapping: MappingFile
) -> Iterator[Finding]:
    """Yield what is to be said of a sheet.

    Args:
        odd: what is odd about it.
        reading: what it was read as.
        body: its rows.
        mapping: which says of some columns that their numbers stand for thousands or millions.
    """
    at = reading.at
    columns = sorted(heading.number for heading in reading.plan.header.headings)
    read = frozenset(columns)
    top = at.row or 0
    if odd.state:
        yield make_finding("sheet-hidden", Location(at.file, at.sheet), sheet=at.sheet)
    if rows := [(max(first, top), last) for first, last in odd.hidden_rows if last >= top]:
        yield make_finding("rows-hidden", Location(at.file, at.sheet, rows[0][0]), rows=_spans(rows, str))
    if hidden := _within(odd.hidden_columns, columns):
        place = Location(at.file, at.sheet, at.row, column_letter(hidden[0][0]))
        yield make_finding("columns-hidden", place, columns=_spans(hidden, column_letter))
    if struck := sorted({cell[0] for cell in odd.struck if _is_read(cell, reading, read)}):
        place = Location(at.file, at.sheet, struck[0])
        yield make_finding("text-struck-out", place, rows=_spans(_within([(0, sys.maxsize)], struck), str))
    for code, cells in (("formula-without-value", odd.uncached), ("text-lost", odd.lost), ("number-long", odd.long)):
        kept = (cell for cell in cells if _is_read(cell, reading, read))
        for _, cell in zip(range(_EACH), kept, strict=False):
            yield make_finding(
                code, _place(reading, cell), value=odd.texts.get(cell) or None, number=odd.texts.get(cell, "")
            )
    numbers = {heading.number for heading in reading.plan.header.headings if heading.column.is_number}
    shown = ((cell, text) for cell, text in odd.percentages.items() if cell[0] > top and cell[1] in numbers)
    for _, (cell, text) in zip(range(_EACH), shown, strict=False):
        number = _plain(Decimal(text) * 100)
        yield make_finding("percentage-shown", _place(reading, cell), value=text, held=text, number=number)
    plain = {heading.number for heading in mapping.unscaled(reading.plan.header.headings)}
    with_unit = ((cell, shown) for cell, shown in odd.scaled.items() if cell[0] > top and cell[1] in plain)
    for _, (cell, (text, unit, power)) in zip(range(_EACH), with_unit, strict=False):
        if held := Decimal(text):
            number = _plain(held.scaleb(power))
            words = {"held": text, "shown": f"{_plain(held)} {unit}", "number": number}
            yield make_finding("unit-shown", _place(reading, cell), value=text, **words)
    if odd.currencies:
        yield from _of_other_currency(odd, reading, body, mapping)
    yield from _merged(odd, reading, columns)
    yield from odd_characters(odd, lambda cell: _place(reading, cell))


def odd_characters(odd: Oddities, place: Callable[[Position], Location]) -> Iterator[Finding]:
    """Yield what is to be said of the characters of a sheet, given how the place of a cell is told."""
    if odd.invisible is not None:
        yield make_finding("invisible-characters", place(odd.invisible))
    if odd.garbled is not None:
        cell, sample = odd.garbled
        yield make_finding("text-garbled", place(cell), value=sample, quoted=sample)


def _is_read(cell: Position, reading: Reading, columns: frozenset[int]) -> bool:
    row, column = cell
    top, end = reading.at.row or 0, reading.sifted.end or sys.maxsize
    return top <= row < end and column in columns and row not in reading.sifted.totals


def _plain(number: Decimal) -> str:
    """Return a number without exponent and without zeros at its end.

    >>> _plain(Decimal("7.500")), _plain(Decimal("1E+2")), _plain(Decimal("0.07") * 100)
    ('7.5', '100', '7')
    """
    text = f"{round(number, 10):f}"
    return text.rstrip("0").rstrip(".") if "." in text else text


def _place(reading: Reading, cell: Position) -> Location:
    row, column = cell
    header = next((each.text for each in reading.plan.header.headings if each.number == column), None)
    return Location(reading.at.file, reading.at.sheet, row, column_letter(column), header)


def _of_other_currency(
    odd: Oddities, reading: Reading, body: GridBody | TableBody, mapping: MappingFile
) -> Iterator[Finding]:
    """Yield a finding for each amount that is shown in another currency than its row has."""
    of = reading.records.field(BIC.budgetCurrency)
    if of is None:
        return
    amounts = {each.number for each in reading.plan.header.headings if each.column.iri in AMOUNTS}
    shown = {cell: each for cell, each in odd.currencies.items() if cell[1] in amounts}
    renames, number = mapping.values_of(of.heading.text, of.heading.column), of.heading.number
    beside = body.texts(number, {row for row, _ in shown}) if number else {}
    constant = "" if number else str(next(iter(of.values), ""))
    count = 0
    for cell, (held, shown_as) in shown.items():
        currency = renames.of(beside.get(cell[0], constant))
        if count < _EACH and names_other_currency(shown_as, currency):
            count += 1
            yield make_finding(
                "currency-shown", _place(reading, cell), value=held, shown=shown_as, held=held, currency=currency
            )


def _merged(odd: Oddities, reading: Reading, columns: Sequence[int]) -> Iterator[Finding]:
    # Titles are merged across the sheet, in a row of their own; only a merge over several rows takes values away.
    count, header = 0, reading.at.row or 0
    for (top, left), (bottom, right) in odd.merged:
        if bottom > top > header and any(left <= column <= right for column in columns) and count < _EACH:
            span = f"{column_letter(left)}{top}:{column_letter(right)}{bottom}"
            yield make_finding("cells-merged", _place(reading, (top, left)), range=span, value=span)
            count += 1


def _within(ranges: Iterable[tuple[int, int]], columns: Sequence[int]) -> list[tuple[int, int]]:
    """Return the columns that are read and lie in some ranges, those that follow one another as one range."""
    found: list[tuple[int, int]] = []
    for column in columns:
        if any(first <= column <= last for first, last in ranges):
            first = found.pop()[0] if found and found[-1][1] == column - 1 else column
            found.append((first, column))
    return found


def _spans(ranges: Sequence[tuple[int, int]], written: Callable[[int], str]) -> str:
    """Return ranges as a sentence may list them.

    >>> _spans([(3, 3), (7, 9)], str)
    '3, 7–9'
    """
    listed = [written(first) if first == last else f"{written(first)}–{written(last)}" for first, last in ranges]
    return ", ".join(listed[:_SHOWN]) + (", …" if len(listed) > _SHOWN else "")
