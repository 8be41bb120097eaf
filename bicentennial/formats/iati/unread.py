"""What an IATI file says and nothing here has a place for: counted by kind, with the first place of each.

A kind is the way to an element, `result/indicator/reference`, or to an attribute that carries a value,
`sector/@percentage`. An element within one that is not read is not counted by itself.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from bicentennial.core.findings import Location
    from bicentennial.formats.xmltext import Element

__all__ = ["Unread"]

_INDICATOR: Final = "result/indicator"
_PERIOD: Final = f"{_INDICATOR}/period"
# Of these everything is read that does not say otherwise; whatever is not here is not read.
_READ: Final = frozenset(
    {
        *("activity-date", "activity-status", "activity-website", "budget", "budget/period-end", "budget/period-start"),
        *("budget/value", "description", "document-link", "iati-identifier", "location", "location/name"),
        *("participating-org", "recipient-country", "recipient-region", "result", "sector", "tag", "title"),
        *(_INDICATOR, f"{_INDICATOR}/title", f"{_INDICATOR}/description", f"{_INDICATOR}/baseline", _PERIOD),
        *(f"{_PERIOD}/period-end", f"{_PERIOD}/target", f"{_PERIOD}/actual", f"{_PERIOD}/actual/document-link"),
    }
)
# Elements whose texts are read.
_TEXTS: Final = frozenset(
    {
        *("title", "description", "participating-org", "recipient-country", "recipient-region", "location/name"),
        *("sector", "tag", f"{_INDICATOR}/title", f"{_INDICATOR}/description"),
    }
)
# Attributes that carry a value of their own, on elements that are read.
_ATTRIBUTES: Final = frozenset(
    {
        *("activity-id", "aggregation-status", "ascending", "budget-not-provided", "crs-channel-code", "humanitarian"),
        "percentage",
    }
)


class Unread:
    """Counts what is not read.

    Args:
        at: returns the place of an element.
    """

    def __init__(self, at: Callable[[Element], Location]) -> None:
        self._at = at
        self._found: dict[str, tuple[Location, int]] = {}
        self._left: dict[int, str] = {}
        self.open: tuple[Location, int] | None = None
        """The first indicator's period that was not over, and how many there are."""
        self.lacking: dict[tuple[str, str], tuple[Location, int]] = {}
        """What elements lack to say anything, by their name and what it is, with the first and how many there are."""

    def __iter__(self) -> Iterator[tuple[str, Location, int]]:
        """Yield each kind with its first place and how often it was met, the most frequent first."""
        for kind, (place, count) in sorted(self._found.items(), key=lambda item: -item[1][1]):
            yield kind, place, count

    def leave(self, element: Element, kind: str) -> None:
        """Note that an element is left out although others like it are read.

        Args:
            element: the element.
            kind: as what it is counted, such as `budget (replaced)`; empty if it is reported elsewhere.
        """
        self._left[id(element)] = kind

    def lack(self, element: Element, what: str) -> None:
        """Note that an element says nothing.

        Args:
            element: the element.
            what: what it lacks, as the catalogue names it.
        """
        self._left[id(element)] = ""
        place, count = self.lacking.get((element.name, what), (self._at(element), 0))
        self.lacking[element.name, what] = place, count + 1

    def open_period(self, period: Element) -> None:
        """Note a period that was not over when the file was generated."""
        place, count = self.open or (self._at(period), 0)
        self.open = place, count + 1

    def look_at(self, activity: Element) -> None:
        """Count what of an activity is not read, once all that is has been read."""
        self._attributes(activity, "iati-activity")
        for child in activity.children:
            self._look(child, child.name)
        self._left.clear()

    def _look(self, element: Element, path: str) -> None:
        kind = self._left.get(id(element))
        if kind is None and path not in _READ:
            kind = path
        if kind is not None:
            if kind:
                self._count(kind, element)
            return
        self._attributes(element, path)
        for child in element.children:
            if child.name != "narrative" or path not in _TEXTS:
                self._look(child, f"{path}/{child.name}")

    def _attributes(self, element: Element, path: str) -> None:
        for name in element.attributes:
            if (name in _ATTRIBUTES or (path, name) == ("result", "type")) and element.get(name):
                self._count(f"{path}/@{name}", element)

    def _count(self, kind: str, element: Element) -> None:
        place, count = self._found.get(kind, (None, 0))
        self._found[kind] = place or self._at(element), count + 1
