"""A statement of SQL under construction: relations that depend on each other, each written once.

Relations of *focus nodes* have the column `f`; relations of *value nodes* the columns `f, k, o, kind, dt, lang`, the
last five as in `literals.Row`. The data is the relation `edges(s, p, k, o, kind, dt, lang)`; what it says of certain
properties is a relation of its own, which the engine provides: see `Script.star`.
"""

# ruff: noqa: S608 -- what goes into the SQL is quoted by `literals.quoted`

from __future__ import annotations

import re
from collections import Counter
from typing import TYPE_CHECKING, Final

from bicentennial.core.errors import UnsupportedShapeError
from bicentennial.shacl_engine.plan import Star
from bicentennial.shacl_engine.shapes.paths import (
    Alternative,
    Inverse,
    Predicate,
    Repeat,
    Sequence,
    inverted,
    simplified,
)
from bicentennial.shacl_engine.sql.literals import decoded
from bicentennial.storage.layout import ONCE, TERM

if TYPE_CHECKING:
    from collections.abc import Sequence as Sequence_

    from bicentennial.shacl_engine.plan import InRow
    from bicentennial.shacl_engine.shapes.paths import Path

__all__ = ["Script"]

# DuckDB plans a relation within the one before, and a thousand at most, some of which are of the engine.
_MOST: Final = 980
_RELATION: Final = re.compile(r"\br\d+\b")


class Script:
    """Collects the relations of one statement.

    >>> script = Script()
    >>> focus = script.relation("SELECT 'urn:a' AS f")
    >>> pairs = script.walked(Predicate("urn:p"), script.started(focus))
    >>> print(script.statement([f"SELECT f FROM {pairs}"]))
    r1 AS (SELECT 'urn:a' AS f),
    r2 AS (SELECT DISTINCT f FROM r1),
    r3 AS (SELECT f, f AS k FROM r2),
    r4 AS (SELECT a.f, e.k1 AS k FROM r3 a JOIN s1 e ON e.s = a.k)
    SELECT f FROM r4
    >>> [star.properties for star in script.reads]
    [('urn:p',)]
    """

    def __init__(self, *, sqlite: bool = False) -> None:
        self.sqlite = sqlite
        """Whether it is for SQLite: see `literals.Row`."""
        self.reads: list[Star] = []
        """What is read of the data: the relations `s1`, `s2` …"""
        self.in_row: list[InRow] = []
        """What may be written in another way; see `note`."""
        self.seed = ""
        """The relation of the focus nodes as a variable, if `seeded` has made one of the target's."""
        self._target = ""
        self._relations: dict[str, str] = {}
        self._materialized: set[str] = set()
        self._joins: set[str] = set()
        self._spare: dict[str, list[tuple[str, str]]] = {}
        self._unique: set[str] = set()
        self._themselves: dict[str, str] = {}
        self._pairs: dict[Path, str] = {}

    def relation(
        self,
        sql: str,
        *,
        materialized: bool = False,
        joined: bool = False,
        unique: bool = False,
        spare: Sequence_[tuple[str, str]] = (),
    ) -> str:
        """Return the name of the relation that a query makes; the same query is the same relation.

        What is materialized is worked out as it is written, and not mixed with what uses it; what is joined, only if it
        is used more than once, so that no more of it is worked out than is needed. A relation of focus nodes is unique
        if it holds none twice. Columns that are `spare`, given as their names and as what is selected, are left out if
        nothing asks for them: a database works out all columns of what is materialized.
        """
        if spare:
            self._spare[sql] = [*spare]
        if materialized:
            self._materialized.add(sql)
        if joined:
            self._joins.add(sql)
        name = self._relations.setdefault(sql, f"r{len(self._relations) + 1}")
        if unique:
            self._unique.add(name)
        return name

    def target(self) -> str:
        """Return the relation of the focus nodes that this statement is about, which the engine provides."""
        self._target = self.relation("SELECT f FROM focus", unique=True)
        return self._target

    def targets(self, numbers: Sequence_[int]) -> str:
        """Return the relation of the focus nodes of several targets together."""
        listed = ", ".join(map(str, numbers))
        return self.relation(f"SELECT DISTINCT f FROM targets WHERE t IN ({listed})", materialized=True, unique=True)

    def seeded(self, focus: str) -> str:
        """Return the relation of focus nodes as solutions, of which SPARQL's `$this` is the only variable."""
        name = self.relation(f'SELECT f AS "?this" FROM {self.distinct(focus)}')
        if focus == self._target:
            self.seed = name
        return name

    def star(
        self, *properties: str, of_focus: bool = False, of_values: bool = False, lacks: tuple[str, ...] = ()
    ) -> str:
        """Return the relation of what the data says of subjects that have all of some properties, and none of others.

        Its columns are `s`, and the parts of each value with the number of its property: `k1`, `o1` and so on. If only
        the focus nodes of the target are asked for, that is no join where the engine knows what they are; if only
        values of something are, the engine may leave out what is none.
        """
        star = Star(properties, of_focus, of_values, lacks)
        if star not in self.reads:
            self.reads.append(star)
        return f"s{self.reads.index(star) + 1}"

    def note(self, in_row: InRow) -> None:
        """Remember how a part of the statement may be written where some properties have but one value."""
        if in_row not in self.in_row:
            self.in_row.append(in_row)

    def distinct(self, focus: str) -> str:
        """Return a relation of focus nodes that holds each once."""
        return focus if focus in self._unique else self.relation(f"SELECT DISTINCT f FROM {focus}", unique=True)

    def statement(self, queries: list[str]) -> str:
        """Return the union of queries over the relations, to go after `WITH RECURSIVE` and those of `reads`.

        Raises:
            UnsupportedShapeError: there are more relations than DuckDB plans: each is within the one before.
        """
        body = "\nUNION ALL ".join(queries)
        used = Counter(_RELATION.findall(body))
        statement, parts = f"\n{body}", len(self.reads)
        for key, name in reversed(self._relations.items()):  # each uses but those before it
            if times := used[name]:
                sql, parts = key, parts + 1
                for column, selected in self._spare.get(key, ()):
                    if column not in statement:
                        sql = sql.replace(f"{selected}, ", "", 1)
                used.update(_RELATION.findall(sql))
                comma = "" if statement[0] == "\n" else ",\n"
                hint = "MATERIALIZED " if key in self._materialized else ""
                if key in self._joins:
                    hint = "MATERIALIZED " if times > 1 else f"{ONCE} "
                statement = f"{name} AS {hint}({sql}){comma}{statement}"
        if parts > _MOST:
            raise UnsupportedShapeError("parts", number=parts)
        return statement

    def values(self, path: Path | None, focus: str) -> str:
        """Return the relation of value nodes that a path reaches from focus nodes: the nodes themselves without one."""
        if path is None:
            focus = self.distinct(focus)
            name = self._decoded(f"SELECT f, f AS k FROM {focus}")
            self._themselves[name] = focus
            return name
        path = inverted(path) if isinstance(path, Inverse) else path
        if isinstance(path, Predicate):
            parts = ", ".join(f"e.{part}1 AS {part}" for part in TERM)
            if focus == self._target:
                return self.relation(f"SELECT e.s AS f, {parts} FROM {self.star(path.iri, of_focus=True)} e")
            return self.relation(f"SELECT a.f, {parts} FROM {focus} a JOIN {self.star(path.iri)} e ON e.s = a.f")
        return self._decoded(f"SELECT DISTINCT f, k FROM {self.walked(path, self.started(focus))}")

    def nodes(self, values: str) -> str:
        """Return the value nodes of a relation as one of focus nodes."""
        return self._themselves.get(values) or self.relation(f"SELECT DISTINCT k AS f FROM {values}", unique=True)

    def is_target(self, values: str) -> bool:
        """Return whether value nodes are the focus nodes of the target themselves."""
        return self._themselves.get(values) == self._target != ""

    def started(self, focus: str) -> str:
        """Return the pairs of focus nodes with themselves, from which a path is walked."""
        return self.relation(f"SELECT f, f AS k FROM {self.distinct(focus)}")

    def walked(self, path: Path, pairs: str) -> str:
        """Return the pairs `f, k` after a path is walked from the `k` of other pairs."""
        path = simplified(path)
        if isinstance(path, Repeat):
            if path.mark == "?":
                return self.relation(f"SELECT f, k FROM {pairs} UNION SELECT f, k FROM {self.walked(path.path, pairs)}")
            first = pairs if path.mark == "*" else self.walked(path.path, pairs)
            return self._repeated(first, path.path)
        if isinstance(path, Sequence):
            for step_path in path.paths:
                pairs = self.walked(step_path, pairs)
            return pairs
        if isinstance(path, Alternative):
            return self.relation(" UNION ".join(f"SELECT f, k FROM {self.walked(way, pairs)}" for way in path.paths))
        if isinstance(path, Inverse) and not isinstance(path.path, Predicate):
            return self.walked(inverted(path), pairs)
        return self.relation(self._inline(path, pairs))

    def _decoded(self, pairs: str) -> str:
        parts = ", ".join(f"{sql} AS {part}" for part, sql in decoded("k").items())
        return self.relation(f"SELECT f, k, {parts} FROM ({pairs})")

    def _repeated(self, first: str, step: Path) -> str:
        """Return the pairs that are reached from others by any number of steps, none included."""
        self._inline(step, "r0")  # the relations that it reads go before the one that is named next
        name = f"r{len(self._relations) + 1}"
        return self.relation(f"SELECT f, k FROM {first} UNION {self._inline(step, name)}")

    def _inline(self, path: Path, pairs: str) -> str:
        """Return a query for a path, as the inside of a recursion needs it: it reads the pairs once."""
        path = inverted(path)
        if isinstance(path, Predicate):
            return f"SELECT a.f, e.k1 AS k FROM {pairs} a JOIN {self.star(path.iri)} e ON e.s = a.k"
        if isinstance(path, Inverse) and isinstance(path.path, Predicate):
            return f"SELECT a.f, e.s AS k FROM {pairs} a JOIN {self.star(path.path.iri)} e ON e.k1 = a.k"
        if isinstance(path, Sequence):
            for step in path.paths:
                pairs = f"({self._inline(step, pairs)})"
            return pairs[1:-1]
        return f"SELECT a.f, e.k FROM {pairs} a JOIN {self._all_pairs(path)} e ON e.f = a.k"

    def _all_pairs(self, path: Path) -> str:
        """Return the relation of all pairs of nodes that a path connects, whatever the focus nodes."""
        if path not in self._pairs:  # a recursion has its own name in it: written again it would be another
            self._pairs[path] = self._of_all(inverted(path))
        return self._pairs[path]

    def _of_all(self, path: Path) -> str:
        if isinstance(path, Alternative):
            return self.relation(" UNION ALL ".join(f"SELECT f, k FROM {self._all_pairs(way)}" for way in path.paths))
        if isinstance(path, Repeat):
            return self.walked(path, self.relation("SELECT s AS f, s AS k FROM edges UNION SELECT k, k FROM edges"))
        if isinstance(path, Sequence):
            found = self._all_pairs(path.paths[0])
            for step in path.paths[1:]:
                found = self.relation(self._inline(step, found))
            return found
        if isinstance(path, Inverse) and isinstance(path.path, Predicate):
            return self.relation(f"SELECT k1 AS f, s AS k FROM {self.star(path.path.iri)}")
        assert isinstance(path, Predicate)
        return self.relation(f"SELECT s AS f, k1 AS k FROM {self.star(path.iri)}")
