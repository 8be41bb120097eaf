"""The budget of an IATI activity: one amount, if its budgets are of one kind and their periods lie side by side.

IATI gives a budget by period, originals and revisions, indicative and committed. What would have to be guessed to make
one amount of them is not: the budgets are left out, and it is said why.
"""

from __future__ import annotations

from decimal import Decimal
from itertools import pairwise
from typing import TYPE_CHECKING, Final

from bicentennial.core.startup.named_tuples import NamedTuple
from bicentennial.semantics.values.typed import date_type, decimal_type

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

    from bicentennial.formats.xmltext import Element

__all__ = ["Budget", "budget_of"]

_TYPES: Final = {"": "1", "original": "1", "revised": "2"}
_STATUSES: Final = {"": "1", "indicative": "1", "committed": "2"}


class _Part(NamedTuple):
    """A budget: its element, its value, and what it is of."""

    element: Element
    value: Element
    type: str
    status: str
    start: str
    end: str


class Budget(NamedTuple):
    """What the budgets of an activity come to.

    `amount` is empty if they come to nothing that could be said; `problem` is then the code of the finding that says
    why. `value` is the element of the amount, or of the first part of it. `parts` is how many were added up.
    `replaced` holds the originals in whose place a revision stands.
    """

    amount: str = ""
    currency: str = ""
    value: Element | None = None
    parts: int = 0
    problem: str = ""
    replaced: tuple[Element, ...] = ()


def budget_of(activity: Element, digits: int, currency_of: Callable[[str], str]) -> Budget:
    """Return the budget of an activity.

    Args:
        activity: the element.
        digits: how many a number may have.
        currency_of: returns the code of a currency however it is written.
    """
    parts = [made for element in activity.all("budget") if (made := _part(element)) is not None]
    if not parts:
        return Budget()
    kept = [part for part in parts if not _is_replaced(part, parts)]
    replaced = tuple(part.element for part in parts if part not in kept)
    default = activity.get("default-currency")
    currencies = {currency_of(part.value.get("currency") or default) for part in kept}
    first = kept[0].value
    if len(currencies) > 1:
        return Budget(value=first, problem="iati-several-currencies", replaced=replaced)
    (currency,) = currencies
    if len(kept) == 1:
        return Budget(first.text, currency, first, 1, replaced=replaced)
    if problem := _problem(kept, digits):
        return Budget(value=first, problem=problem, replaced=replaced)
    amount = format(sum((Decimal(part.value.text) for part in kept), Decimal()), "f")
    return Budget(amount, currency, first, len(kept), replaced=replaced)


def _part(element: Element) -> _Part | None:
    value = element.first("value")
    if value is None or not value.text:
        return None
    kind, status = element.get("type").lower(), element.get("status").lower()
    start, end = (_day(element.first(name)) for name in ("period-start", "period-end"))
    return _Part(element, value, _TYPES.get(kind, kind), _STATUSES.get(status, status), start, end)


def _day(element: Element | None) -> str:
    return (element.get("iso-date") or element.text)[:10] if element is not None else ""


def _is_replaced(part: _Part, parts: Iterable[_Part]) -> bool:
    return part.type == "1" and any(
        other.type == "2" and other[3:] == part[3:] and part.start and part.end for other in parts
    )


def _problem(parts: list[_Part], digits: int) -> str:
    """Return the code of the finding that says why budgets cannot be added up; empty if they can."""
    if len({(part.type, part.status) for part in parts}) > 1:
        return "iati-budgets-of-kinds"
    if not all(decimal_type(part.value.text, digits) for part in parts):
        return "iati-budgets-not-numbers"
    if not all(date_type(day) and len(day) == 10 for part in parts for day in (part.start, part.end)):
        return "iati-budgets-without-period"
    ordered = sorted((part.start, part.end) for part in parts)
    if any(after[0] <= before[1] for before, after in pairwise(ordered)):
        return "iati-budgets-overlap"
    return ""
