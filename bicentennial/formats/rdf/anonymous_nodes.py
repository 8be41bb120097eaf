"""Names for the nodes of Turtle and TriG that have none, in the order in which they are met.

The parser gives each of them a name by chance. A report names the nodes that it is about, and has to be the same
whenever the same file is read; and `_:b0` is what JSON-LD and RDF/XML have for the first of them, too.
"""

# ruff: noqa: S608 -- what goes into the SQL is our own

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from bicentennial.core.namespaces import RDF
from bicentennial.core.startup.patterns import lazy
from bicentennial.storage.layout import begins

if TYPE_CHECKING:
    from collections.abc import Iterable

    from bicentennial.formats.rdf.turtletext import TurtleText
    from bicentennial.storage.dataset import Dataset

__all__ = ["AnonymousNodes", "name_anonymous"]

# A number of 128 bits in hexadecimal digits, of which the parser takes none that begins with a decimal one. Of those
# by chance, one in four thousand million has fewer digits.
_DIGITS: Final = "0123456789abcdef"
_SHORTEST, _LONGEST = 24, 32
_DEEPEST: Final = 16
_OF_LISTS: Final = frozenset((RDF.first, RDF.rest))
_Parent = tuple[str, str]
"""A thing and the property by which it has a node."""
_ALIKE: Final = lazy(r"_:[a-f][0-9a-f]{23,31}(?![\w.-]*\w)")


def name_anonymous(dataset: Dataset, text: str) -> None:
    """Name the nodes without a name that a dataset has from a text: `_:b0`, `_:b1` and so on.

    Args:
        dataset: what the parser has made of the text.
        text: Turtle or TriG; nodes that it names keep their names.
    """
    connection = dataset.connection
    ours = set(_ALIKE.findall(text)) if "_:" in text else set()
    subject, of_object = (f"{_by_chance(column)} AND {column} NOT IN ({dataset.texts('?1')})" for column in ("s", "o"))
    found = (
        f"SELECT s AS node, 2 * rowid AS place FROM statements WHERE {subject}"
        f" UNION ALL SELECT o, 2 * rowid + 1 FROM statements WHERE kind = 1 AND {of_object}"
    )
    if connection.execute(f"SELECT 1 FROM ({found}) LIMIT 1", [sorted(ours)]).fetchone() is None:
        return
    prefix = _prefix(text)
    name = f"'{prefix}' || (row_number() OVER (ORDER BY min(place)) - 1)"
    connection.execute(
        f"CREATE TEMP TABLE anonymous AS SELECT node, {name} AS name FROM ({found}) GROUP BY node", [sorted(ours)]
    )
    if dataset.is_sqlite:
        connection.execute("CREATE INDEX temp.anonymous_nodes ON anonymous(node)")
    connection.execute("UPDATE statements SET s = name FROM anonymous WHERE s = node")
    connection.execute("UPDATE statements SET o = name FROM anonymous WHERE o = node AND kind = 1")
    connection.execute("DROP TABLE anonymous")


def _prefix(text: str) -> str:
    """Return what names of ours begin with: nothing that a text names begins so."""
    prefix = "_:b"
    while prefix in text:
        prefix += "b"
    return prefix


class AnonymousNodes:
    """Where the nodes stand that `name_anonymous` has named.

    Their names are in the order in which the parser has met them. So those that are the value of nothing are the
    brackets with which statements begin, in that order; and of those that are values of a property of a thing, each is
    a bracket behind it.

    Args:
        text: the text.
        dataset: what it says.
        renamed: what the names of its blank nodes begin with in the dataset.
    """

    def __init__(self, text: TurtleText, dataset: Dataset, renamed: str = "_:") -> None:
        self._text = text
        self._dataset = dataset
        self._names = renamed + _prefix(text.text).removeprefix("_:")
        self._parents: dict[str, _Parent | None] = {}
        self._brackets: dict[_Parent, dict[str, int]] = {}
        self._subjects: dict[str, int] | None = None

    def __contains__(self, node: str) -> bool:
        return node.startswith(self._names) and node[len(self._names) :].isdecimal()

    def prefetch(self, nodes: Iterable[str]) -> None:
        """Look up at once whose values nodes are, and whose those are."""
        for _ in range(_DEEPEST):
            wanted = list({node for node in nodes if node in self and node not in self._parents})
            if not wanted:
                return
            self._parents.update(dict.fromkeys(wanted))
            rows = self._dataset.connection.execute(
                "SELECT s, p, o FROM statements WHERE kind = 1 AND s IN"
                f" (SELECT s FROM statements WHERE kind = 1 AND o IN ({self._dataset.texts('?1')})) ORDER BY s, p",
                [wanted],
            ).fetchall()
            families: dict[_Parent, set[str]] = {}
            for s, p, o in rows:
                if o in self:
                    families.setdefault((s, p), set()).add(o)
            for parent, members in families.items():
                for node in members:
                    if self._parents.get(node) is None:
                        self._parents[node] = parent
                if parent not in self._brackets:
                    self._brackets[parent] = dict.fromkeys(sorted(members, key=self._number), -1)
            nodes = [s for s, _ in families]

    def position(self, node: str, p: str | None = None, o: str | None = None) -> int | None:
        """Return where a value of a node stands, else the property, else the node; None if it is not found."""
        found = self._start(node, 0)
        if found is None or p is None:
            return found and found[0]
        place = self._text.within(found[0], p, o, is_nested=found[1])
        return found[0] if place is None else place

    def _start(self, node: str, depth: int) -> tuple[int, bool] | None:
        """Return where a node begins, and whether it is a value of something."""
        self.prefetch([node])
        parent = self._parents[node]
        if parent is None:
            place = self._tops().get(node)
            return None if place is None else (place, False)
        if depth > _DEEPEST:
            return None
        s, p = parent
        if p in _OF_LISTS:
            return self._start(s, depth + 1) if s in self else None
        places = self._brackets[parent]
        if -1 in places.values():
            outer = self._start(s, depth + 1) if s in self else None
            starts = [outer] if outer else [(start, False) for start in self._text.starts(s)]
            found = [each for start, nested in starts for each in self._text.brackets(start, p, is_nested=nested)]
            nearest = found[0] if found else starts[0][0] if starts else None
            if nearest is None:
                return None
            listed = found if len(found) == len(places) else [nearest] * len(places)
            places.update(zip(places, listed, strict=True))
        return places[node], True

    def _tops(self) -> dict[str, int]:
        """Return the nodes that are the value of nothing, and where they are."""
        if self._subjects is None:
            rows = self._dataset.connection.execute(
                f"SELECT DISTINCT s FROM statements WHERE {begins('s', self._names)}"
                " AND s NOT IN (SELECT o FROM statements WHERE kind = 1)"
            ).fetchall()
            nodes = sorted((s for (s,) in rows if s in self), key=self._number)
            places = self._text.unnamed()
            self._subjects = dict(zip(nodes, places, strict=True)) if len(nodes) == len(places) else {}
        return self._subjects

    def _number(self, node: str) -> int:
        return int(node[len(self._names) :])


def _by_chance(column: str) -> str:
    """Return what is true of names that the parser may have given."""
    return (
        f"{begins(column, '_:')} AND length({column}) BETWEEN {_SHORTEST + 2} AND {_LONGEST + 2}"
        f" AND trim(substr({column}, 3), '{_DIGITS}') = ''"
    )
