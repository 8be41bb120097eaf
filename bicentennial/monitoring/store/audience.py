"""Who may see which submissions: the one rule that every page, program interface and graph follows.

Accepted submissions of a dataset that is not under embargo are public. All others are seen by those who may read the
dataset: its submitter, and reviewers. A database that is opened for an audience answers as if there were nothing else.

>>> Audience().sees("ngo", "a"), Audience(names=frozenset({"ngo"})).sees("ngo", "a"), EVERYTHING.sees("ngo", "a")
(False, True, True)
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Final

from bicentennial.monitoring.store.dates import earliest_day

__all__ = ["EVERYTHING", "Audience"]


@dataclass(frozen=True, slots=True)
class Audience:
    """Those who ask.

    Args:
        everything: they may see all there is.
        names: the submitters (`SUBMITTER`) and datasets (`SUBMITTER/DATASET`) of which they may see everything.
        day: the day on which they ask, where that is earliest; an embargo that ends on it or later still holds.
    """

    everything: bool = False
    names: frozenset[str] = frozenset()
    day: str = field(default_factory=earliest_day)

    def sees(self, submitter: str, dataset: str) -> bool:
        """Return whether they may see everything of a dataset, whatever its state."""
        return self.everything or submitter in self.names or f"{submitter}/{dataset}" in self.names

    def datasets(self) -> tuple[str, list[str]]:
        """Return the condition in SQL for datasets `d` of which they may see something, and its parameters."""
        if self.everything:
            return "1 = 1", []
        full, values = self._full()
        return f"(d.embargo IS NULL OR d.embargo < ? OR {full})", [self.day, *values]

    def submissions(self, state: str) -> tuple[str, list[str]]:
        """Return the condition for submissions of datasets `d` that they may see, and its parameters.

        Args:
            state: the expression in SQL for a submission's state.
        """
        if self.everything:
            return "1 = 1", []
        full, values = self._full()
        is_public = f"({state} = 'accepted' AND (d.embargo IS NULL OR d.embargo < ?))"
        return f"({is_public} OR {full})", [self.day, *values]

    def _full(self) -> tuple[str, list[str]]:
        names = sorted(self.names)
        if not names:
            return "1 = 0", []
        marks = ", ".join("?" * len(names))
        return f"d.submitter IN ({marks}) OR (d.submitter || '/' || d.name) IN ({marks})", [*names, *names]


EVERYTHING: Final = Audience(everything=True, day="")
"""The audience of the program itself and of reviewers."""
