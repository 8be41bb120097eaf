"""A submission's statements as a table: what every reader fills and every engine reads.

A dataset is a database of its own, closed to the outside world, with these relations:

- `statements(s, p, o, kind, dt, lang, sheet, row, col, item)`: what the partner says, each row with its origin;
- `background(s, p, o, kind, dt, lang)`: what we know ourselves, such as the types of our own individuals;
- `keyed`: the statements with `k`, the key of the object, see `shacl_engine.results.Term.decode`.

`kind` is 0 for an IRI, 1 for a blank node (`_:b0`), 2 for a literal. `dt` is the full datatype IRI of a literal
and `lang` its language tag in lower case; both are empty where they do not apply. Lexical forms stay as they were
written.

There are two: `sqlite_dataset.SqliteDataset` for small submissions, `duckdb.dataset.DuckDBDataset` for the others;
`storage.choice` decides which of them a submission gets. Both are asked in SQL that both read alike: `CAST` and no
`::`, parameters with numbers (`?1`), `IN` and no `ANTI JOIN`. What only one of them reads depends on `is_sqlite`.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Protocol

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence
    from typing import Self

    import pyoxigraph

    from bicentennial.storage.connection import Connection
    from bicentennial.storage.layout import Layout
    from bicentennial.storage.statement import Statement

__all__ = ["Dataset"]


class Dataset(Protocol):
    """The statements of one submission, and what we know ourselves, in a database of its own."""

    @property
    def is_sqlite(self) -> bool:
        """Whether it is a small one in SQLite, for which planning a statement takes longer than running it."""
        ...

    @property
    def is_tabular(self) -> bool:
        """Whether there are tables of cells, whose columns are of our own properties alone."""
        ...

    @property
    def connection(self) -> Connection:
        """The connection, which reaches no file but those allowed."""
        ...

    def __len__(self) -> int:
        """Return how many statements the partner makes."""
        ...

    def __enter__(self) -> Self: ...

    def __exit__(self, *ended: object) -> None: ...

    def close(self) -> None:
        """Close the connection and remove what the dataset has written to disk."""
        ...

    # Loading

    def load(self, rows: Iterable[Statement]) -> None:
        """Add statements of the partner, however many.

        Raises:
            UnreadableInputError: a value holds half of a surrogate pair, which is no character.
        """
        ...

    def load_background(self, rows: Iterable[tuple[str, ...]]) -> None:
        """Add statements of ours about things: subject, predicate, object, and the datatype of a literal."""
        ...

    def load_quads(self, quads: Iterable[pyoxigraph.Quad], *, numbered: bool = False, named: bool = True) -> int:
        """Add what pyoxigraph has parsed, whatever graph it stands in.

        Args:
            quads: as `pyoxigraph.parse` gives them.
            numbered: let `row` be the number of the statement, counted from 1; in N-Triples without blank lines
                and comments that is its line.
            named: whether they may stand in named graphs; it is faster if not.

        Returns:
            How many graphs they stand in, the one without a name included; 0 if there is no other.

        Raises:
            UnreadableInputError: there is a triple term, which RDF 1.1 does not have.
            UnfitError: they do not suit this database; nothing has been added.
        """
        ...

    def load_ntriples(self, stretches: Iterable[bytes], most: int) -> bool:
        """Add what N-Triples say without a parser, and return whether that was possible; if not, nothing was added.

        The text comes in stretches, each of which ends where a line does, and has `most` lines at most. `row` is then
        the line. It takes lines as serializers write them: no comments, single blanks, and IRIs of the characters that
        most have. Whatever else stands there, be it right or wrong, is left to the parser.
        """
        ...

    def delete(self, condition: str, parameters: Sequence[Any] = ()) -> None:
        """Take statements out that meet a condition."""
        ...

    def materialize(self) -> None:
        """Store all statements one by one, so that SQL can change them."""
        ...

    # Asking

    def properties(self) -> frozenset[str]:
        """Return the properties that the partner's statements have."""
        ...

    def count_of(self, class_iri: str) -> int:
        """Return how many things are said to be of a class."""
        ...

    def statements_of(self, *properties: str) -> str:
        """Return the relation of the statements about some properties of ours, to stand after `FROM`.

        Of large tables it is planned sooner than a condition on all statements, which are the union of all columns.
        """
        ...

    def layout(self) -> Layout:
        """Return where the statements of the partner are, as long as none are added or changed."""
        ...

    def arrange(self) -> None:
        """Store the statements so that many checks are answered quickly; nothing can be added from then on."""
        ...

    def texts(self, parameter: str) -> str:
        """Return a query, to go into brackets, for the texts of a list that is given as a parameter."""
        ...

    def define(self, table: str, query: str, *, indexed: Sequence[str] = ()) -> None:
        """Make a table of what a query finds, in place of one with its name.

        Args:
            table: the name.
            query: the query.
            indexed: columns, separated by commas, by which rows will be sought.
        """
        ...

    def define_each(self, queries: Mapping[str, str], *, indexed: Sequence[str] = ()) -> None:
        """Make tables, by name, of what queries find that do not depend on each other: see `define`."""
        ...

    def define_view(self, name: str, query: str) -> None:
        """Make a view of what a query finds, in place of one with its name."""
        ...

    def connections(self, most: int) -> list[Connection]:
        """Return a connection for each of so many threads, but for no more than there are processors."""
        ...
