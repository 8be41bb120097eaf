"""The headers of a sheet: in one row or in two, one of which names groups of columns, and how far the table reaches."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from bicentennial.core.messages import LANGUAGES, section
from bicentennial.semantics.sheets.row_kinds import RowRules
from bicentennial.semantics.values.amounts import scale
from bicentennial.semantics.values.typed import decimal_type
from bicentennial.vocabulary.index import normalize_key

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from bicentennial.core.grid import Grid
    from bicentennial.semantics.sheets.headers import Recogniser

__all__ = ["headers_at", "joined_below", "width_of_table"]


def headers_at(grid: Grid, position: int, recogniser: Recogniser) -> tuple[list[str], int]:
    """Return the headers, and the position of the first row below them."""
    texts, below = [cell.strip() for cell in grid.rows[position]], position + 1
    following = below < len(grid.rows) and grid.numbers[below] == grid.numbers[position] + 1
    if following and (joined := joined_below(texts, grid.rows[below], recogniser)):
        return joined, below + 1
    if position and grid.numbers[position - 1] == grid.numbers[position] - 1:
        texts = _named_by_groups(grid.rows[position - 1], texts, recogniser)
    return texts, below


def width_of_table(texts: Sequence[str], recogniser: Recogniser) -> int:
    """Return how many columns the table has: after a blank one another may begin.

    That has a header once more, or totals and nothing that this one needs.
    """
    seen: set[str] = set()
    required = {column.iri for column in recogniser.table.required}
    for position, text in enumerate(texts):
        if text:
            continue
        seen |= recogniser.found(texts[:position]).keys()
        further = recogniser.found(texts[position + 1 :]).keys()
        has_totals = any(map(RowRules.is_total, texts[position + 1 :])) and not further & required
        if has_totals or not seen.isdisjoint(further):
            return position
    return len(texts)


def joined_below(upper: Sequence[str], lower: Sequence[str], recogniser: Recogniser) -> list[str] | None:
    """Return the headers of two rows, or None if the lower one holds data.

    It belongs to the header if all it holds stands below groups, and some of it is recognised there.

    Args:
        upper: the row with the most headers.
        lower: the next one.
        recogniser: of the table.
    """
    upper, lower = _stripped(upper, lower)
    groups = _groups(upper, lower)
    filled = [position for position, text in enumerate(lower) if text]
    if not filled or any(groups[position] is None or decimal_type(lower[position]) for position in filled):
        return None
    taken = recogniser.found([text for text, below in zip(upper, lower, strict=True) if not below]).keys()
    texts = list(upper)
    is_header = False
    for position in filled:
        group, is_first = groups[position] or ("", False)
        ways = [*_ways(group, lower[position]), *([group] if is_first else [])]
        text = _known(ways, recogniser) or f"{group} {lower[position]}".strip()
        match = recogniser.match(text)
        is_header = is_header or (match is not None and match[0].iri not in taken and text != group)
        texts[position] = _with_unit(text, (lower[position], group), recogniser)
    return texts if is_header else None


def _named_by_groups(upper: Sequence[str], texts: Sequence[str], recogniser: Recogniser) -> list[str]:
    """Return headers, those that are not recognised with the name of the group above them where that helps.

    Args:
        upper: the row above the headers.
        texts: the headers.
        recogniser: of the table.
    """
    above, own = _stripped(upper, texts)
    if sum(map(bool, above)) < 2 or not all(own[position] for position, text in enumerate(above) if text):
        return list(texts)
    made, group = list(texts), ""
    for position, text in enumerate(own[: len(texts)]):
        group = above[position] or group
        if text and group and recogniser.match(text) is None:
            made[position] = _known([*_ways(group, text)][1:], recogniser) or text
        if text and group:
            made[position] = _with_unit(made[position], (text, group), recogniser)
    return made


def _stripped(first: Sequence[str], second: Sequence[str]) -> tuple[list[str], list[str]]:
    width = max(len(first), len(second))
    one, other = ([text.strip() for text in row] + [""] * (width - len(row)) for row in (first, second))
    return one, other


def _groups(upper: Sequence[str], lower: Sequence[str]) -> list[tuple[str, bool] | None]:
    """Return for each column the group that it is in, of two columns at least, and whether it is the first there."""
    groups: list[tuple[str, bool] | None] = [None] * len(upper)
    start = 0
    while start < len(upper):
        end = start + 1
        while upper[start] and lower[start] and end < len(upper) and not upper[end] and lower[end]:
            end += 1
        if end - start > 1:
            groups[start:end] = [(upper[start], position == start) for position in range(start, end)]
        start = end
    return groups


def _ways(group: str, text: str) -> Iterator[str]:
    """Yield what a column may be called that stands in a group: alone, and with the group before or after it."""
    yield text
    for name in dict.fromkeys((group, re.sub(r"e?s$", "", group), group.removesuffix("s"))):
        yield f"{name} {text}"
        yield f"{name} de {text}"
        yield f"{text} {name}"
    date = {language: section("recognition")["date"][language] for language in LANGUAGES}
    if normalize_key(group).removesuffix("s") in date.values():
        yield f"{text} {date['en']}"
        yield f"{date['es']} {text}"
        yield f"{date['es']} de {text}"


def _with_unit(text: str, said: Sequence[str], recogniser: Recogniser) -> str:
    """Return a header with the unit that a part of it names: `Autorizado (mdp)` below `Presupuesto` is in millions."""
    match = recogniser.match(text)
    if match is None or not match[0].is_number or scale(text)[0]:
        return text
    for each in said:
        power, before = scale(each)
        if power:
            return f"{text} ({each[len(before) :].strip(' ()[]')})"
    return text


def _known(ways: Sequence[str], recogniser: Recogniser) -> str | None:
    return next((text for text in ways if recogniser.match(text) is not None), None)
