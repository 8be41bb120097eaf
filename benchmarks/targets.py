"""What we want to reach, and what was measured."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from benchmarks import contenders as who
from benchmarks.tables import Table
from benchmarks.variations import PLAIN_CSV, PLAIN_XLSX

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from benchmarks.measure import Run

Place = tuple[str, int, str]
"""Where a run belongs: the kind of work, how many actions, the contender."""

_RDF: Final = ("rdf", 100_000)
_CSV: Final = ("table", 100_000)
_MILLION: Final = ("table", 1_000_000)
_XLSX: Final = ("workbook", 100_000)
_START: Final = ("start", 100)
_TTL: Final = ("turtle", 100_000)
_LD: Final = ("jsonld", 100_000)
_LUBM: Final = ("lubm", 1)
_MOST_MEGABYTES: Final = 2_000


@dataclass(frozen=True)
class Target:
    """A ratio of two runs' times to reach: ours over another's, or the other way round if `faster`."""

    work: str
    ours: Place
    other: Place
    ratio: float
    faster: bool
    most_megabytes: float | None = None

    def row(self, runs: Mapping[Place, Run]) -> list[str]:
        """Return what was wanted, what was measured, and whether it is reached."""
        wanted = ("at least " if self.faster else "at most ") + _ratio(self.ratio, faster=self.faster)
        if self.most_megabytes:
            wanted += f", below {self.most_megabytes:,.0f} MB"
        ours, other = runs.get(self.ours), runs.get(self.other)
        if ours is None or other is None:
            return [self.work, wanted, "", "not measured"]
        if not ours.is_good:
            return [self.work, wanted, ours.failure, "not reached"]
        if not other.is_good:
            return [self.work, wanted, f"the other {other.failure}", "not measured"]
        measured = other.seconds / ours.seconds if self.faster else ours.seconds / other.seconds
        reached = measured >= self.ratio if self.faster else measured <= self.ratio
        said = _ratio(round(measured, 2), faster=self.faster)
        if self.most_megabytes:
            reached = reached and ours.megabytes < self.most_megabytes
            said += f", {ours.megabytes:,.0f} MB"
        return [self.work, wanted, said, "reached" if reached else "not reached"]


@dataclass(frozen=True)
class Bound:
    """So many seconds at most, or so many times the megabytes of something else, if `other` names it."""

    work: str
    ours: Place
    most: float
    other: str | None = None

    def row(self, runs: Mapping[Place, Run]) -> list[str]:
        """Return what was wanted, what was measured, and whether it is reached."""
        unit = "times as much" if self.other else "s"
        wanted = f"at most {self.most:g} {unit}"
        ours, other = runs.get(self.ours), runs.get((*self.ours[:2], self.other or self.ours[2]))
        if ours is None or other is None:
            return [self.work, wanted, "", "not measured"]
        if not ours.is_good:
            return [self.work, wanted, ours.failure, "not reached"]
        measured = ours.megabytes / other.megabytes if self.other else ours.seconds
        said = f"{measured:.2f} {unit}" if self.other else f"{measured:.3f} {unit}"
        return [self.work, wanted, said, "reached" if measured <= self.most else "not reached"]


@dataclass(frozen=True)
class Worst:
    """How much longer the slowest way to write the same may take than the plainest."""

    work: str
    kind: str
    plain: str
    ratio: float

    def row(self, runs: Mapping[Place, Run]) -> list[str]:
        """Return what was wanted, what was measured, and whether it is reached."""
        wanted = f"at most {_ratio(self.ratio, faster=False)}"
        ways = {name: run for (work, _, name), run in runs.items() if work == "variations"}
        of_kind = {name: run for name, run in ways.items() if name.startswith(self.kind)}
        plain = of_kind.pop(self.plain, None)
        if plain is None or not plain.is_good or not of_kind:
            return [self.work, wanted, "", "not measured"]
        if failed := [f"{name} {run.failure}" for name, run in of_kind.items() if not run.is_good]:
            return [self.work, wanted, failed[0], "not reached"]
        name = max(of_kind, key=lambda name: of_kind[name].seconds)
        measured = of_kind[name].seconds / plain.seconds
        said = f"{_ratio(round(measured, 2), faster=False)} ({name})"
        return [self.work, wanted, said, "reached" if measured <= self.ratio else "not reached"]


def _ratio(number: float, *, faster: bool) -> str:
    return f"{number:g} times faster" if faster else f"{number:g} times as long"


def _faster(work: str, ours: Place, other: Place, ratio: float) -> Target:
    return Target(work, ours, other, ratio, faster=True)


def _within(work: str, ours: Place, other: Place, ratio: float, most_megabytes: float | None = None) -> Target:
    return Target(work, ours, other, ratio, faster=False, most_megabytes=most_megabytes)


TARGETS: Final = (
    _faster("100,000 actions in N-Triples against pySHACL", (*_RDF, who.SAME), (*_RDF, who.PYSHACL), 20),
    _faster("the same against TopBraid SHACL", (*_RDF, who.SAME), (*_RDF, who.TOPBRAID), 4),
    _within("the same against pyoxigraph.parse alone", (*_RDF, who.SAME), (*_RDF, who.PARSE), 4),
    _faster("CSV of 100,000 rows, all rules, against frictionless", (*_CSV, who.OURS), (*_CSV, who.FRICTIONLESS), 3),
    _within("CSV of 1,000,000 rows against 100,000", (*_MILLION, who.OURS), (*_CSV, who.OURS), 12, _MOST_MEGABYTES),
    _within("XLSX of 100,000 rows against python-calamine alone", (*_XLSX, who.OURS), (*_XLSX, who.CALAMINE), 2.5),
    _within("CSV of 100 rows against import rdflib, pyshacl", (*_START, who.SMALL), (*_START, who.IMPORTS), 1),
)


def _table(count: int, name: str) -> Place:
    return "table", count, name


AHEAD: Final[tuple[Target | Bound | Worst, ...]] = (
    _within("CSV of 5 rows against import rdflib, pyshacl", (*_START, who.SMALLEST), (*_START, who.IMPORTS), 0.42),
    _within("CSV of 100 rows against import rdflib, pyshacl", (*_START, who.SMALL), (*_START, who.IMPORTS), 0.5),
    _within("CSV of 1,000 rows against dataframely", _table(1_000, who.OURS), _table(1_000, who.DATAFRAMELY), 0.85),
    _within("CSV of 10,000 rows against dataframely", _table(10_000, who.OURS), _table(10_000, who.DATAFRAMELY), 1.1),
    _within("CSV of 100,000 rows against queries written by hand", (*_CSV, who.OURS), (*_CSV, who.BY_HAND), 2),
    _within("CSV of 100,000 rows against pandera on polars", (*_CSV, who.OURS), (*_CSV, who.PANDERA), 0.75),
    _within("CSV of 100,000 rows as JSON against the text", (*_CSV, who.AS_JSON), (*_CSV, who.OURS), 1.2),
    _within("CSV of 1,000,000 rows against dataframely", (*_MILLION, who.OURS), (*_MILLION, who.DATAFRAMELY), 4, 1_100),
    _within("XLSX of 100,000 rows against python-calamine alone", (*_XLSX, who.OURS), (*_XLSX, who.CALAMINE), 1.5),
    _within("XLSX of 100,000 rows against fastexcel alone", (*_XLSX, who.OURS), (*_XLSX, who.FASTEXCEL), 1.9),
    _within("N-Triples of 100,000 actions, same shapes, against parsing", (*_RDF, who.SAME), (*_RDF, who.PARSE), 1.4),
    _within("N-Triples of 100,000 actions, all our rules, against parsing", (*_RDF, who.OURS), (*_RDF, who.PARSE), 2.2),
    _faster("the same against TopBraid SHACL", (*_RDF, who.OURS), (*_RDF, who.TOPBRAID), 4.5),
    _within("Turtle of 100,000 actions, all our rules, against parsing", (*_TTL, who.OURS), (*_TTL, who.PARSE), 2.6),
    _within("JSON-LD of 100,000 actions, all our rules, against parsing", (*_LD, who.OURS), (*_LD, who.PARSE), 2.3),
    _within("RDF of 1,000 actions against rudof", ("rdf", 1_000, who.OURS), ("rdf", 1_000, who.RUDOF), 1),
    Bound("N-Triples of 1,000,000 actions, memory against the file", ("rdf", 1_000_000, who.OURS), 2, who.THE_FILE),
    _within("LUBM, 1 university, command on the file, against parsing", (*_LUBM, who.COMMAND), (*_LUBM, who.PARSE), 4),
    _within("LUBM, 1 university, the call against the engine alone", (*_LUBM, who.CALL), (*_LUBM, who.SAME), 1.1),
    Bound("ERA's shapes compiled", ("compile", 1, who.COMPILED), 0.4),
    Bound("a check of 100 rows in a process of its own, from a warm caller", (*_START, who.WARM), 0.05),
    Bound("the same from a caller with threads", (*_START, who.THREADS), 0.065),
    Worst("CSV written in another way, against the plainest", "CSV", PLAIN_CSV, 1.25),
    Worst("XLSX written in another way, against the plainest", "XLSX", PLAIN_XLSX, 1.25),
)
"""What would put us ahead of what is picked today; none of it is promised."""
# No targets, but likely next questions: the same with all our rules, or with much to remark on.
BESIDE: Final = (
    _faster("N-Triples with all our rules against pySHACL", (*_RDF, who.OURS), (*_RDF, who.PYSHACL), 20),
    _faster("N-Triples with all our rules against TopBraid SHACL", (*_RDF, who.OURS), (*_RDF, who.TOPBRAID), 4),
    _within("N-Triples with all our rules against parsing", (*_RDF, who.OURS), (*_RDF, who.PARSE), 4),
    _faster(
        "CSV with the report for programs against frictionless", (*_CSV, who.AS_JSON), (*_CSV, who.FRICTIONLESS), 3
    ),
    _faster("CSV with many remarks against frictionless", (*_CSV, who.REMARKS), (*_CSV, who.FRICTIONLESS), 3),
)


def summary(runs: Mapping[Place, Run]) -> Table:
    """Return the targets with what was measured."""
    rows = [target.row(runs) for target in TARGETS]
    reached = sum(row[-1] == "reached" for row in rows)
    return Table(f"Targets: {reached} of {len(rows)} reached", ("", "wanted", "measured", ""), rows)


def ahead(runs: Mapping[Place, Run]) -> Table:
    """Return what would put us ahead of others, with what was measured."""
    rows = [target.row(runs) for target in AHEAD]
    reached = sum(row[-1] == "reached" for row in rows)
    return Table(f"To get ahead: {reached} of {len(rows)} reached", ("", "wanted", "measured", ""), rows)


def beside(runs: Mapping[Place, Run]) -> Table:
    """Return comparisons that are no targets, but likely to be asked for next."""
    rows = [target.row(runs) for target in BESIDE]
    return Table("Beside the targets", ("", "measured"), [[work, said or verdict] for work, _, said, verdict in rows])


def growth(runs: Mapping[Place, Run], works: Mapping[str, str]) -> Table:
    """Return how time and memory grow with the number of actions, and by which factor from size to size.

    `works` are the kinds of work that come in sizes, with what they are called.
    """
    sizes = sorted({size for work, size, _ in runs if work in works})
    rows = []
    for work, title in works.items():
        for name in dict.fromkeys(name for kind, _, name in runs if kind == work):
            good = {size: run for size in sizes if (run := runs.get((work, size, name))) and run.is_good}
            for unit, value in _UNITS.items():
                cells = [f"{title}, {name}" if unit == "s" else "", *_cells(good, sizes, unit, value)]
                rows.append(cells)
    return Table("Growth", ["", *(f"{size:,}" for size in sizes)], rows)


_UNITS: Final[dict[str, Callable[[Run], float]]] = {"s": lambda run: run.seconds, "MB": lambda run: run.megabytes}


def _cells(good: Mapping[int, Run], sizes: list[int], unit: str, value: Callable[[Run], float]) -> list[str]:
    cells = []
    before: float | None = None
    for size in sizes:
        if size not in good:
            cells.append("")
            before = None
            continue
        amount = value(good[size])
        number = f"{amount:,.2f}" if unit == "s" else f"{amount:,.0f}"
        cells.append(f"{number} {unit}" + (f" ×{amount / before:.1f}" if before else ""))
        before = amount
    return cells
