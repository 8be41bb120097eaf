"""What the data says, as relations that DuckDB plans quickly: all of it, or what it says of certain properties.

`edges(s, p, o, kind, dt, lang, k)` is the data and what we know ourselves; of that, `known` is at hand. Of a small file
that is all of it, for it spends most time on planning, and a table is planned fastest.
"""

# ruff: noqa: S608 -- what goes into the SQL is quoted by `layout.quoted`

from __future__ import annotations

from functools import cached_property
from typing import TYPE_CHECKING, Final

from bicentennial.storage import sizes
from bicentennial.storage.layout import TERM, keyed, quoted

if TYPE_CHECKING:
    from collections.abc import Collection, Sequence

    from bicentennial.storage.dataset import Dataset

__all__ = ["OURS", "Edges"]

_TERMS: Final = "s, p, o, kind, dt, lang"
OURS: Final = f"SELECT {_TERMS}, {keyed()} AS k FROM background"
"""The query for what is at hand of a large dataset: what we know ourselves."""


class Edges:
    """The edges of a dataset, as long as nothing is added to it.

    Args:
        dataset: the dataset.
        whole: whether anything asks for all of them together.

    >>> from bicentennial.storage.duckdb.dataset import DuckDBDataset
    >>> from bicentennial.storage.statement import Statement
    >>> with DuckDBDataset() as dataset:
    ...     dataset.load([Statement.iri("urn:a", "urn:p", "urn:b"), Statement.iri("urn:a", "urn:q", "urn:c")])
    ...     edges = Edges(dataset)
    ...     dataset.connection.execute(f"SELECT s, k1, k2 FROM ({edges.star(('urn:p', 'urn:q'))})").fetchall()
    [('urn:a', 'urn:b', 'urn:c')]
    """

    def __init__(self, dataset: Dataset, *, whole: bool = True) -> None:
        self._dataset = dataset
        connection = dataset.connection
        self.large = sizes.is_worth_planning(len(dataset))
        """Whether there are so many that what runs takes longer than planning it."""
        theirs = f"SELECT {_TERMS}, k FROM keyed"
        known, others = (OURS, f"{theirs} UNION ALL ") if self.large else (f"{theirs} UNION ALL {OURS}", "")
        dataset.define("known", known, indexed=("p, s", "p, k"))
        if whole:
            dataset.define_view("edges", f"{others}SELECT * FROM known")
        self._known = {p for (p,) in connection.execute("SELECT DISTINCT p FROM known").fetchall()}
        self.layout = dataset.layout()
        """Where the partner's statements are."""
        self.present = self.layout.properties | self._known
        """All properties."""

    def statements_of(self, p: str, where: str = "", *, columns: bool = True) -> str:
        """Return a query for the edges of one property; see `Layout.statements_of`."""
        known = f"SELECT {_TERMS}, k FROM known WHERE p = {quoted(p)}" + (f" AND ({where})" if where else "")
        if not self.large or p not in (self.layout.properties if columns else self.layout.stored):
            return known
        theirs = f"SELECT {_TERMS}, k FROM ({self.layout.statements_of(p, where, columns=columns)})"
        return f"{theirs} UNION ALL {known}" if p in self._known else theirs

    def among(self, properties: Collection[str], *, of_values: bool = False) -> str:
        """Return the relation of the edges of some properties, if need be those of values alone; see `Script.star`."""
        names = sorted(self.present.intersection(properties))
        if self.large and names and not (of_values and self._are_alone):
            return f"({' UNION ALL '.join(map(self.statements_of, names))})"
        return f"(SELECT * FROM known WHERE p IN ({', '.join(map(quoted, names)) or 'NULL'}))"

    def resources(self, properties: Collection[str], values: Collection[str]) -> str:
        """Return a query for where properties lead: `p`, and the key `k` of each value, with or without literals.

        Left out may be what is neither among some values nor a thing of which anything is said.
        """
        queries = [f"SELECT p, k FROM known WHERE p IN ({', '.join(map(quoted, sorted(properties)))})"]
        among = ""
        if self.large:
            led = ((p, query) for p in sorted(properties) for query in self.layout.resources_of(p))
            queries += [f"SELECT {quoted(p)} AS p, k FROM ({query})" for p, query in led]
            listed = "".join(f" UNION ALL SELECT {quoted(value)}" for value in sorted(values))
            among = f" WHERE k IN (SELECT s FROM known{listed})" if self._are_alone else ""
        return f"SELECT DISTINCT p, k FROM ({' UNION ALL '.join(queries)}){among}"

    def star(self, properties: Sequence[str], lacks: Sequence[str] = (), *, of_values: bool = False) -> str:
        """Return a query for what the edges say of subjects that have all of some properties; see `Script.star`."""
        stars = self.layout.stars(properties, lacks) if self.large else None
        if stars is None:
            return self._joined(properties, lacks)
        if of_values and stars and self._are_unnamed:
            return self._joined(properties, lacks, columns=False)
        found = list(stars.values())
        if not found or self._known.union(self.layout.stored).issuperset(properties):
            found.append(self._joined(properties, lacks, columns=False))
        return " UNION ALL ".join(found)

    def _joined(self, properties: Sequence[str], lacks: Sequence[str], *, columns: bool = True) -> str:
        """Return a query for the subjects of all of several relations of edges, perhaps without those of columns."""
        numbers = range(1, len(properties) + 1)
        edges = [self.statements_of(p, columns=columns) for p in properties]
        terms = [f"e{number}.{part} AS {part}{number}" for number in numbers for part in TERM]
        sources = [f"({query}) e{number}" for number, query in zip(numbers, edges, strict=True)]
        conditions = [f"e1.s = e{number}.s" for number in numbers[1:]]
        others = [self.statements_of(p, columns=columns) for p in lacks if p in self.present]
        conditions += [f"e1.s NOT IN (SELECT s FROM ({query}) other)" for query in others]
        return f"SELECT e1.s, {', '.join(terms)} FROM {', '.join(sources)} WHERE {' AND '.join(conditions) or 'true'}"

    def star_of_rows(self, properties: Sequence[str], tables: Sequence[str], lacks: Sequence[str] = ()) -> str | None:
        """Return the same for the rows of sheets that nothing else speaks of; None if it takes a join."""
        stars = self.layout.stars(properties, lacks)
        if stars is None:
            return None
        found = [stars[table] for table in tables if table in stars]
        return " UNION ALL ".join(found) or f"SELECT * FROM ({self.star(properties)}) WHERE false"

    @cached_property
    def _are_alone(self) -> bool:
        """Whether all that the partner says are rows of sheets, none of which is the value of anything."""
        return not self.layout.stored and self._are_unnamed

    @cached_property
    def _are_unnamed(self) -> bool:
        """Whether no row of a sheet is the value of anything."""
        objects = [f"SELECT k FROM {table}" for table in ("known", *self.layout.resources)]
        named = " UNION ALL ".join(objects)
        rows = " UNION ALL ".join(f"SELECT s FROM {sheet}" for sheet in self.layout.sheets)
        query = f"SELECT 1 FROM ({rows}) WHERE s IN ({named}) LIMIT 1"
        return not self._dataset.connection.execute(query).fetchall()

    def lacking(self, tables: Sequence[str], p: str) -> str | None:
        """Return a query for the rows `s` of sheets that say nothing of a property; see `Layout.lacking`."""
        found = [self.layout.lacking(table, p) for table in tables]
        return " UNION ALL ".join(query for query in found if query) if found and all(found) else None

    def single(self, p: str) -> bool:
        """Return whether it is known that nothing has two values of a property."""
        return p not in self._known and self.layout.single(p)
