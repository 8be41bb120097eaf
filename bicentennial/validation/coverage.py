"""What a submission covers: its actions counted by goal and pillar, by responsible party, by status and over time.

Nothing here judges; a report draws it. A handful of SQL counts over the statements, on request.

>>> from bicentennial.storage.duckdb.dataset import DuckDBDataset
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
from itertools import accumulate
from typing import TYPE_CHECKING, Any, Final, Literal

from bicentennial.core.messages import LANGUAGES
from bicentennial.core.namespaces import BIC, BICD, DCTERMS, RDF, SKOS
from bicentennial.core.startup.records import asdict, fields, record
from bicentennial.storage.layout import IRI, quoted
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
_NAMED: Final = (BIC.advancesGoal, BIC.advancesPillar, BIC.hasStatus, BIC.hasResponsibleParty)
_DATE: Final = "[1-9][0-9]{3}(-(0[1-9]|1[0-2])(-(0[1-9]|[12][0-9]|3[01]))?)?"
_ZONE: Final = "(Z|[+-][0-9]{2}:[0-9]{2})?"
_ZONELESS: Final = (
    "CASE WHEN o LIKE '%Z' THEN substr(o, 1, length(o) - 1)"
    " WHEN o LIKE '%:%' THEN substr(o, 1, length(o) - 6) ELSE o END"
)


@record(frozen=True)
class Bar:
    """How many actions name something.

    `kind` says what that is: `known` to the Framework, the partner's `own`, `unresolved` text, `none` for actions
    that name nothing, `others` for what is left where not all can be shown. `below` are the parts of a goal.
    """

    label: Mapping[str, str]
    count: int
    kind: Kind = "known"
    below: tuple[Bar, ...] = ()


@record(frozen=True)
class Span:
    """An action in time: dates as written, without a time zone; `due` is true where the finish is only due."""

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
        """Return the coverage that `to_dict` described, be it of another version, as far as this one knows it."""
        bars = {name: tuple(map(_bar, plain.get(name, ()))) for name in ("goals", "parties", "statuses")}
        spans = tuple(
            Span(**{each.name: span.get(each.name) for each in fields(Span)}) for span in plain.get("spans", ())
        )
        years = tuple((year, count) for year, count in plain.get("years", ()))
        known = {each.name: plain[each.name] for each in fields(cls) if each.name in plain}
        return cls(**{**known, **bars, "spans": spans, "years": years})


def _bar(plain: Mapping[str, Any]) -> Bar:
    return Bar(plain["label"], plain["count"], plain.get("kind", "known"), tuple(map(_bar, plain.get("below", ()))))


def coverage(dataset: Dataset) -> Coverage:
    """Return what the actions of a submission cover."""
    actions = dataset.count_of(BIC.Action)
    return _Counts(dataset, default_index(), actions).coverage() if actions else Coverage(0)


class _Counts:
    """The actions counted by what they name, those that name anything, and those that name what is not known."""

    def __init__(self, dataset: Dataset, index: Index, actions: int) -> None:
        self._dataset = dataset
        self._index = index
        self._all = actions
        self._actions = f"SELECT s FROM {dataset.statements_of(RDF.type)} WHERE o = '{BIC.Action}' AND kind = {IRI}"
        self._known = {BIC.advancesGoal: self._of(BIC.Goal), BIC.hasStatus: self._of(BIC.Status)}
        named = f"{dataset.statements_of(*_NAMED)} WHERE s IN ({self._actions})"
        self._by: dict[str, list[tuple[str, int, int]]] = {p: [] for p in _NAMED}
        for p, value, kind, count in self._rows(
            f"SELECT p, o, kind, count(DISTINCT s) FROM {named} GROUP BY p, o, kind ORDER BY 4 DESC, kind, o"
        ):
            self._by[p].append((value, kind, count))
        unknown = " OR ".join(
            f"(p = {quoted(p)} AND o NOT IN ({', '.join(map(quoted, known))}))" for p, known in self._known.items()
        )
        self._naming = {
            p: (naming, unresolved)
            for p, naming, unresolved in self._rows(
                f"SELECT p, count(DISTINCT s), count(DISTINCT CASE WHEN {unknown} THEN s END) FROM {named} GROUP BY p"
            )
        }

    def coverage(self) -> Coverage:
        parties, others = self._parties()
        spans, years, dated = self._time()
        return Coverage(self._all, self._goals(), parties, others, self._statuses(), spans, years, self._all - dated)

    def _rows(self, query: str, *values: object) -> list[tuple[Any, ...]]:
        return self._dataset.connection.execute(query, list(values)).fetchall()

    def _ours(self, property_iri: str) -> dict[str, int]:
        return {value: count for value, kind, count in self._by[property_iri] if kind == IRI}

    def _unknown(self, property_iri: str) -> tuple[Bar, ...]:
        """Return how many actions name something that is not known, and how many nothing."""
        named, unresolved = self._naming.get(property_iri, (0, 0))
        found: list[tuple[Kind, int]] = [("unresolved", unresolved), ("none", self._all - named)]
        return tuple(Bar({}, count, kind) for kind, count in found if count)

    def _of(self, class_iri: str) -> list[str]:
        """Return our individuals of a class, by their notation, then as the index has them."""
        below = self._index.of_classes(frozenset({class_iri}))
        found = [iri for iri in below if class_iri in self._index.individuals[iri]["types"]]
        return sorted(found, key=lambda iri: self._index.individuals[iri]["notations"][:1])

    def _goals(self) -> tuple[Bar, ...]:
        goals, pillars = self._ours(BIC.advancesGoal), self._ours(BIC.advancesPillar)
        framework = BICD["framework-bicentennial"]
        shown = [iri for iri in self._known[BIC.advancesGoal] if framework in self._index.individuals[iri]["parents"]]
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
        return (*bars, *elsewhere, *self._unknown(BIC.advancesGoal))

    def _statuses(self) -> tuple[Bar, ...]:
        counts = self._ours(BIC.hasStatus)
        ranked = sorted(self._known[BIC.hasStatus], key=lambda iri: -counts.get(iri, 0))
        bars = [Bar(self._index.labels(iri), counts.get(iri, 0)) for iri in ranked]
        return (*bars, *self._unknown(BIC.hasStatus))

    def _parties(self) -> tuple[tuple[Bar, ...], int]:
        counts = self._by[BIC.hasResponsibleParty]
        names = self._names([value for value, _, _ in counts[:_PARTIES] if value not in self._index.individuals])
        shown = [self._party(value, kind, count, names) for value, kind, count in counts[:_PARTIES]]
        missing = self._all - self._naming.get(BIC.hasResponsibleParty, (0, 0))[0]
        return (*shown, *([Bar({}, missing, "none")] if missing else [])), max(0, len(counts) - _PARTIES)

    def _names(self, subjects: list[str]) -> dict[str, str]:
        """Return what the submission calls some parties."""
        rows = self._rows(
            f"SELECT s, o FROM {self._dataset.statements_of(SKOS.prefLabel)}"
            f" WHERE s IN ({self._dataset.texts('?1')}) ORDER BY lang, o",
            subjects,
        )
        return dict(reversed(rows))

    def _party(self, value: str, kind: int, count: int, names: Mapping[str, str]) -> Bar:
        if kind == IRI and value in self._index.individuals:
            acronym = next(iter(self._index.individuals[value]["notations"]), None)
            labels = self._index.labels(value)
            return Bar({lang: f"{acronym} · {text}" if acronym else text for lang, text in labels.items()}, count)
        if value in names:
            return Bar(dict.fromkeys(LANGUAGES, names[value]), count, "own")
        return Bar(dict.fromkeys(LANGUAGES, value), count, "unresolved")

    def _time(self) -> tuple[tuple[Span, ...], tuple[tuple[int, int], ...], int]:
        dates = self._dates()
        covered = self._rows(
            "SELECT CAST(substr(coalesce(start, ended, due), 1, 4) AS INTEGER),"
            f" CAST(substr(coalesce(ended, due, start), 1, 4) AS INTEGER), count(*) FROM ({dates}) GROUP BY 1, 2"
        )
        dated = sum(count for _, _, count in covered)
        if dated <= _SPANS:
            return self._spans(dates) if dated else (), (), dated
        begun: Counter[int] = Counter()
        for first, last, count in covered:
            begun[first] += count
            begun[max(first, last) + 1] -= count
        every = range(min(begun), max(begun))
        going_on = accumulate(begun[year] for year in every)
        return (), tuple((year, count) for year, count in zip(every, going_on, strict=True) if count), dated

    def _dates(self) -> str:
        return (
            f"SELECT s, min(o) FILTER (WHERE p = '{BIC.startDate}') AS start,"
            f" max(o) FILTER (WHERE p = '{BIC.endDate}') AS ended, max(o) FILTER (WHERE p = '{BIC.dueDate}') AS due"
            f" FROM (SELECT s, p, {_ZONELESS} AS o"
            f" FROM {self._dataset.statements_of(BIC.startDate, BIC.endDate, BIC.dueDate)}"
            f" WHERE s IN ({self._actions}) AND regexp_full_match(o, '{_DATE}{_ZONE}')) x GROUP BY s"
        )

    def _spans(self, dates: str) -> tuple[Span, ...]:
        rows = self._rows(
            "SELECT coalesce(i.o, d.s), coalesce(t.o, ''), d.start, coalesce(d.ended, d.due), d.ended IS NULL"
            f" FROM ({dates}) d"
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
