"""Names for the nodes of Turtle and TriG that have none, in the order in which they are met.

The parser gives each of them a name by chance. A report names the nodes that it is about, and has to be the same
whenever the same file is read; and `_:b0` is what JSON-LD and RDF/XML have for the first of them, too.
"""

# ruff: noqa: S608 -- what goes into the SQL is our own

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from bicentennial.core.patterns import lazy
from bicentennial.storage.layout import begins

if TYPE_CHECKING:
    from bicentennial.storage.dataset import Dataset

__all__ = ["name_anonymous"]

# A number of 128 bits in hexadecimal digits, of which the parser takes none that begins with a decimal one. Of those
# by chance, one in four thousand million has fewer digits.
_DIGITS: Final = "0123456789abcdef"
_SHORTEST, _LONGEST = 24, 32
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
    prefix = "_:b"
    while prefix in text:
        prefix += "b"
    connection.execute(
        f"CREATE TEMP TABLE anonymous AS SELECT node, '{prefix}' || (row_number() OVER (ORDER BY min(place)) - 1) AS name"
        f" FROM ({found}) GROUP BY node",
        [sorted(ours)],
    )
    if dataset.is_sqlite:
        connection.execute("CREATE INDEX temp.anonymous_nodes ON anonymous(node)")
    connection.execute("UPDATE statements SET s = name FROM anonymous WHERE s = node")
    connection.execute("UPDATE statements SET o = name FROM anonymous WHERE o = node AND kind = 1")
    connection.execute("DROP TABLE anonymous")


def _by_chance(column: str) -> str:
    """Return what is true of names that the parser may have given."""
    return (
        f"{begins(column, '_:')} AND length({column}) BETWEEN {_SHORTEST + 2} AND {_LONGEST + 2}"
        f" AND trim(substr({column}, 3), '{_DIGITS}') = ''"
    )
