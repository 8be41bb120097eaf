"""Which of the needs of scripts the data meets: one query over what is said, whatever the number of scripts.

>>> from bicentennial.shacl_engine.plan import Need
>>> from bicentennial.shacl_engine.sql.edges import Edges
>>> from bicentennial.storage.duckdb.dataset import DuckDBDataset
>>> from bicentennial.storage.statement import Statement
>>> needs = [Need((("urn:p",),), ("urn:b",)), Need((("urn:p",),), ("urn:c",)), Need((("urn:p", "urn:q"),))]
>>> with DuckDBDataset() as dataset:
...     dataset.load([Statement.iri("urn:a", "urn:p", "urn:b")])
...     facts = Facts(dataset, Edges(dataset), needs)
...     [facts.meet(each) for each in needs]
[True, False, False]
"""

# ruff: noqa: S608 -- what goes into the SQL is quoted by `layout.quoted`

from __future__ import annotations

from typing import TYPE_CHECKING

from bicentennial.storage.layout import quoted

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable

    from bicentennial.shacl_engine.plan import Need
    from bicentennial.shacl_engine.sql.edges import Edges
    from bicentennial.storage.dataset import Dataset

__all__ = ["Facts"]

_Fact = tuple[str, str, str]
"""A property, that of what it leads to if another one follows, and where that leads; empty where it does not matter."""


class Facts:
    """What the data says of what scripts need.

    Args:
        dataset: the data.
        edges: where it is.
        needs: all that will be asked for.
    """

    def __init__(self, dataset: Dataset, edges: Edges, needs: Iterable[Need]) -> None:
        self._present = edges.present
        asked: list[_Fact] = [fact for need in needs for fact in self._facts(need) if fact[1] or fact[2]]
        self._said: set[_Fact] = set()
        if asked:
            self._said.update(dataset.connection.execute(_query(edges, asked)).fetchall())

    def meet(self, need: Need) -> bool:
        """Return whether the data says what is needed."""
        return any(fact in self._said or not (fact[1] or fact[2]) for fact in self._facts(need))

    def _facts(self, need: Need) -> list[_Fact]:
        """Return the facts, any of which meets a need, as far as their properties occur."""
        return [
            (path[0], path[1] if path[1:] else "", value)
            for path in need.paths
            if self._present.issuperset(path)
            for value in need.values or ("",)
        ]


def _query(edges: Edges, asked: Collection[_Fact]) -> str:
    """Return a query for those of some facts that are so."""
    values = {value for _, following, value in asked if not following}
    objects = edges.resources({p for p, _, _ in asked}, values)
    led, queries = f"WITH led AS MATERIALIZED ({objects})", []
    if values:
        queries.append(f"SELECT p, '' AS following, k FROM led WHERE k IN ({_listed(values)})")
    if seconds := {following for _, following, _ in asked if following}:
        ends = {value for _, following, value in asked if following and value}
        end = f"CASE WHEN e.k IN ({_listed(ends)}) THEN e.k ELSE '' END" if ends else "''"
        further = f"FROM led JOIN {edges.among(seconds, of_values=True)} e ON e.s = led.k"
        led += f", further AS MATERIALIZED (SELECT DISTINCT led.p, e.p AS following, {end} AS k {further})"
        queries.append("SELECT * FROM further UNION SELECT p, following, '' FROM further")
    return f"{led} {' UNION '.join(queries)}"


def _listed(names: Iterable[str]) -> str:
    return ", ".join(map(quoted, sorted(names)))
