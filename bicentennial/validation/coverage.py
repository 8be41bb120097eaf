"""What a submission covers: its actions counted by goal and pillar, by responsible party, by status and over time.

Nothing here judges; a report draws it. A handful of SQL counts over the statements, on request.

>>> from bicentennial.storage.duckdb_dataset import DuckDBDataset
>>> from bicentennial.storage.statement import Statement
>>> action, goal = "urn:x-bicentennial:action:A-1", "https://w3id.org/bicentennial/id/goal-protect-our-people"
>>> with DuckDBDataset() as dataset:
...     dataset.load([Statement.iri(action, RDF.type, BIC.Action), Statement.iri(action, BIC.advancesGoal, goal)])
...     covered = coverage(dataset)
>>> [(bar.label["en"], bar.count) for bar in covered.goals][0]
('Protect our people', 1)
>>> Coverage.from_dict(covered.to_dict()) == covered
True
"""

# ruff: noqa: S608 -- the SQL is put together from constants of this module alone

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING, Any, Final, Literal

from bicentennial.core.messages import LANGUAGES
from bicentennial.core.namespaces import BIC, BICD, DCTERMS, RDF, SKOS
from bicentennial.core.records import asdict, record
from bicentennial.storage.layout import IRI
from bicentennial.vocabulary.index import default_index

if TYPE_CHECKING:
    from collections.abc import Mapping
    from typing import Self

    from bicentennial.storage.dataset import Dataset
    from bicentennial.vocabulary.index import Index

__all__ = ["Bar", "Coverage", "Kind", "Span", "coverage"]

Kind = Literal["known", "own", "unresolved", "none", "others"]

_PARTIES: Final = 10
_SPANS: Final = 24
_ACTIONS: Final = f"SELECT s FROM statements WHERE p = '{RDF.type}' AND o = '{BIC.Action}' AND kind = {IRI}"
_DATES: Final = (
    f"SELECT s, min(o) FILTER (WHERE p = '{BIC.startDate}') AS start,"
    f" max(o) FILTER (WHERE p = '{BIC.endDate}') AS ended,"
    f" max(o) FILTER (WHERE p = '{BIC.dueDate}') AS due FROM statements"
    f" WHERE p IN ('{BIC.startDate}', '{BIC.endDate}', '{BIC.dueDate}') AND s IN ({_ACTIONS})"
    " AND regexp_full_match(o, '[1-9][0-9]{3}(-(0[1-9]|1[0-2])(-(0[1-9]|[12][0-9]|3[01]))?)?') GROUP BY s"
)


@record(frozen=True)
class Bar:
    """How many actions name something.

    `kind` tells what that is: `known` to the Framework, the partner's `own`, `unresolved` text, `none` for actions
    that name nothing, `others` for what is left where not all can be shown. `below` are the parts of a goal.
    """

    label: Mapping[str, str]
    count: int
    kind: Kind = "known"
    below: tuple[Bar, ...] = ()


@record(frozen=True)
class Span:
    """An action in time: dates as they were written; `due` is true where the finish is only due."""

    label: str
    start: str | None
    finish: str | None
    due: bool


@record(frozen=True)
class Coverage:
    """The counts of a submission.

    `parties` hold the most frequent, `others` how many further ones there are. Either `spans` hold each dated action,
    the earliest first, or, where those are too many to draw, `years` hold how many actions each year saw.
    """

    actions: int
    goals: tuple[Bar, ...] = ()
    parties: tuple[Bar, ...] = ()
    others: int = 0
    statuses: tuple[Bar, ...] = ()
    spans: tuple[Span, ...] = ()
    years: tuple[tuple[int, int], ...] = ()
    undated: int = 0

    def to_dict(self) -> dict[str, Any]:
        """Return everything as values that JSON can hold."""
        return asdict(self)

    @classmethod
    def from_dict(cls, plain: Mapping[str, Any]) -> Self:
        """Return the coverage that `to_dict` described."""
        bars = {name: tuple(map(_bar, plain[name])) for name in ("goals", "parties", "statuses")}
        spans = tuple(Span(**each) for each in plain["spans"])
        years = tuple((year, count) for year, count in plain["years"])
        return cls(**{**plain, **bars, "spans": spans, "years": years})


def _bar(plain: Mapping[str, Any]) -> Bar:
    return Bar(plain["label"], plain["count"], plain["kind"], tuple(map(_bar, plain["below"])))


def coverage(dataset: Dataset) -> Coverage:
    """Return what the actions of a submission cover."""
    return _Counts(dataset, default_index()).coverage()


class _Counts:
    def __init__(self, dataset: Dataset, index: Index) -> None:
        self._dataset = dataset
        self._index = index
        self._all: int = self._rows(f"SELECT count(DISTINCT s) FROM ({_ACTIONS})")[0][0]

    def coverage(self) -> Coverage:
        if not self._all:
            return Coverage(0)
        parties, others = self._parties()
        spans, years, dated = self._time()
        return Coverage(self._all, self._goals(), parties, others, self._statuses(), spans, years, self._all - dated)

    def _rows(self, query: str, *values: object) -> list[tuple[Any, ...]]:
        return self._dataset.connection.execute(query, list(values)).fetchall()

    def _by(self, property_iri: str) -> list[tuple[str, int, int]]:
        return [
            (value, kind, count)
            for value, kind, count in self._rows(
                "SELECT o, kind, count(DISTINCT s) FROM statements"
                f" WHERE p = ? AND s IN ({_ACTIONS}) GROUP BY o, kind ORDER BY 3 DESC, kind, o",
                property_iri,
            )
        ]

    def _unknown(self, property_iri: str, known: set[str]) -> tuple[Bar, ...]:
        """Return how many actions name something that is not known, and how many nothing."""
        naming = f"SELECT count(DISTINCT s) FROM statements WHERE p = ?1 AND s IN ({_ACTIONS})"
        ((named,),) = self._rows(naming, property_iri)
        ((unresolved,),) = self._rows(
            f"{naming} AND o NOT IN ({self._dataset.texts('?2')})", property_iri, sorted(known)
        )
        found: list[tuple[Kind, int]] = [("unresolved", unresolved), ("none", self._all - named)]
        return tuple(Bar({}, count, kind) for kind, count in found if count)

    def _of(self, class_iri: str) -> list[str]:
        """Return our individuals of a class, by their notation, then as the index has them."""
        below = self._index.of_classes(frozenset({class_iri}))
        found = [iri for iri in below if class_iri in self._index.individuals[iri]["types"]]
        return sorted(found, key=lambda iri: self._index.individuals[iri]["notations"][:1])

    def _goals(self) -> tuple[Bar, ...]:
        goals = {value: count for value, kind, count in self._by(BIC.advancesGoal) if kind == IRI}
        pillars = {value: count for value, kind, count in self._by(BIC.advancesPillar) if kind == IRI}
        framework = BICD["framework-bicentennial"]
        every = self._of(BIC.Goal)
        shown = [iri for iri in every if framework in self._index.individuals[iri]["parents"]]
        below: dict[str, list[Bar]] = {iri: [] for iri in shown}
        elsewhere: list[Bar] = []
        for pillar in self._of(BIC.Pillar):
            bar = Bar(self._index.labels(pillar), pillars.get(pillar, 0))
            parent = next((iri for iri in self._index.individuals[pillar]["parents"] if iri in below), None)
            if parent is not None:
                below[parent].append(bar)
            elif bar.count:
                elsewhere.append(bar)
        bars = [Bar(self._index.labels(iri), goals.get(iri, 0), below=tuple(below[iri])) for iri in shown]
        return (*bars, *elsewhere, *self._unknown(BIC.advancesGoal, set(every)))

    def _statuses(self) -> tuple[Bar, ...]:
        counts = {value: count for value, kind, count in self._by(BIC.hasStatus) if kind == IRI}
        known = self._of(BIC.Status)
        ranked = sorted(known, key=lambda iri: -counts.get(iri, 0))
        bars = [Bar(self._index.labels(iri), counts.get(iri, 0)) for iri in ranked]
        return (*bars, *self._unknown(BIC.hasStatus, set(known)))

    def _parties(self) -> tuple[tuple[Bar, ...], int]:
        counts = self._by(BIC.hasResponsibleParty)
        shown = [self._party(value, kind, count) for value, kind, count in counts[:_PARTIES]]
        named = self._rows(
            f"SELECT count(DISTINCT s) FROM statements WHERE p = ? AND s IN ({_ACTIONS})", BIC.hasResponsibleParty
        )[0][0]
        missing = self._all - named
        return (*shown, *([Bar({}, missing, "none")] if missing else [])), max(0, len(counts) - _PARTIES)

    def _party(self, value: str, kind: int, count: int) -> Bar:
        if kind == IRI and value in self._index.individuals:
            acronym = next(iter(self._index.individuals[value]["notations"]), None)
            labels = self._index.labels(value)
            return Bar({lang: f"{acronym} · {text}" if acronym else text for lang, text in labels.items()}, count)
        names = self._rows("SELECT o FROM statements WHERE s = ? AND p = ? ORDER BY lang, o", value, SKOS.prefLabel)
        if names:
            return Bar(dict.fromkeys(LANGUAGES, names[0][0]), count, "own")
        return Bar(dict.fromkeys(LANGUAGES, value), count, "unresolved")

    def _time(self) -> tuple[tuple[Span, ...], tuple[tuple[int, int], ...], int]:
        dated: int = self._rows(f"SELECT count(*) FROM ({_DATES})")[0][0]
        if dated <= _SPANS:
            return self._spans(), (), dated
        years: Counter[int] = Counter()
        for first, last, count in self._rows(
            "SELECT CAST(substr(coalesce(start, ended, due), 1, 4) AS INTEGER),"
            " CAST(substr(coalesce(ended, due, start), 1, 4) AS INTEGER),"
            f" count(*) FROM ({_DATES}) GROUP BY 1, 2"
        ):
            for year in range(first, max(first, last) + 1):
                years[year] += count
        return (), tuple(sorted(years.items())), dated

    def _spans(self) -> tuple[Span, ...]:
        rows = self._rows(
            "SELECT coalesce(i.o, d.s), coalesce(t.o, ''), d.start, coalesce(d.ended, d.due), d.ended IS NULL"
            f" FROM ({_DATES}) d"
            " LEFT JOIN (SELECT s, min(o) o FROM statements WHERE p = ?1 GROUP BY s) i ON i.s = d.s"
            " LEFT JOIN (SELECT s, min(o) o FROM statements WHERE p = ?2 GROUP BY s) t ON t.s = d.s"
            " ORDER BY coalesce(d.start, d.ended, d.due), 4 NULLS LAST, 1, 2, 3 NULLS LAST, 5",
            DCTERMS.identifier,
            SKOS.prefLabel,
        )
        return tuple(
            Span(f"{name} · {title}" if title else name, start, finish, bool(due) and finish is not None)
            for name, title, start, finish, due in rows
        )
