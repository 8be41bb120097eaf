"""A submission's statements as a table: what every reader fills and every engine reads.

A `Dataset` is a DuckDB connection of its own, closed to the outside world, with these relations:

- `statements(s, p, o, kind, dt, lang, sheet, row, col, item)`: what the partner says, each row with its origin;
- `background(s, p, o, kind, dt, lang)`: what we know ourselves, such as the types of our own individuals;
- `keyed`: the statements with `k`, the key of the object, see `shacl_engine.results.Term.decode`.

Statements are stored one by one, or are those that a table of cells stands for: see `Dataset.add_columns`.

`kind` is 0 for an IRI, 1 for a blank node (`_:b0`), 2 for a literal. `dt` is the full datatype IRI of a literal
and `lang` its language tag in lower case; both are empty where they do not apply. Lexical forms stay as they were
written.

>>> rows = [Statement.iri("urn:a", "urn:p", "urn:b"), Statement.literal("urn:a", "urn:q", "maybe", XSD.boolean)]
>>> with Dataset() as dataset:
...     dataset.load(rows)
...     dataset.connection.execute("SELECT o, kind FROM statements ORDER BY o").fetchall()
[('maybe', 2), ('urn:b', 0)]
"""

# ruff: noqa: S608 -- the SQL is put together from constants of this module alone

from __future__ import annotations

import os
from contextlib import contextmanager
from itertools import islice
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

from bicentennial.core.namespaces import RDF, XSD
from bicentennial.core.records import replace
from bicentennial.core.worker.limits import address_space
from bicentennial.core.workspace import Workspace
from bicentennial.storage.duckdb_lines import (
    FOREIGN,
    count_of_graphs,
    doubtful_terms,
    rows_of,
    triples,
    triples_of_quads,
    unescaped,
)
from bicentennial.storage.layout import BLANK, IRI, LITERAL, Column, Layout, keyed, quoted
from bicentennial.storage.statement import Statement, no_triple_term, not_text, of_graph, spooled

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Sequence
    from types import TracebackType
    from typing import Self

    import pyoxigraph
    import rdflib

    from bicentennial.storage.duckdb import Connection

__all__ = ["BLANK", "IRI", "LITERAL", "TABLES", "Dataset", "Statement", "quoted"]

_TERMS: Final = dict.fromkeys(("s", "p", "o"), "VARCHAR") | {"kind": "UTINYINT", "dt": "VARCHAR", "lang": "VARCHAR"}
_COLUMNS: Final = _TERMS | {"sheet": "SMALLINT", "row": "INTEGER", "col": "SMALLINT", "item": "SMALLINT"}


_KEYED: Final = f"CREATE VIEW keyed AS SELECT *, {keyed()} AS k FROM statements;"
TABLES: Final = (
    "".join(
        f"CREATE TABLE {table}({', '.join(f'{name} {kind}' for name, kind in columns.items())});"
        for table, columns in (("statements", _COLUMNS), ("background", _TERMS))
    )
    + _KEYED
)
"""The statements that make the relations above."""
# Up to here one call with Python lists costs less than writing a file and having DuckDB read it.
_SMALL: Final = 2_000


def _memory() -> str:
    try:
        import resource
    except ImportError:  # not on Windows
        return "2GB"
    allowed = resource.getrlimit(resource.RLIMIT_AS)[0]
    if allowed in (resource.RLIM_INFINITY, -1):
        return "2GB"
    # Half of it, or what a large document leaves, less what is lost to fragments.
    return f"{max(min(allowed // 2, (allowed - address_space()) * 3 // 4) >> 20, 64)}MiB"


class Dataset:
    """The statements of one submission, and what we know ourselves, in a database of its own.

    Args:
        memory_limit: what DuckDB may use before it writes to its private folder, such as `"2GB"`; half of what this
            process may use if None, or most of what it has left.
        overflow_limit: how much it may write there.
        threads: how many it may use; all processors if None.
        on_disk: keep tables of cells compressed in the private folder. It pays from about a million statements: they
            then take a tenth of the memory.
        readable: files that SQL on the connection may read, besides those in `spool`.
    """

    is_sqlite = False
    """Whether it is a small one, see `storage.sqlite`: for those planning a statement takes longer than running it."""
    _length: int | None = None
    _parts: Layout | None = None

    def __init__(
        self,
        *,
        memory_limit: str | None = None,
        overflow_limit: str = "10GB",
        threads: int | None = None,
        on_disk: bool = False,
        readable: Sequence[str | os.PathLike[str]] = (),
    ) -> None:
        from bicentennial.storage.duckdb import duckdb

        self._folder = Workspace()
        self.spool = self._folder.path / "spool"
        """A private folder, removed with the dataset, from which SQL on the connection may read."""
        self.spool.mkdir()
        self._duckdb = duckdb.connect(
            ":memory:",
            config={
                "memory_limit": memory_limit or _memory(),
                "threads": threads or os.cpu_count() or 1,
                "temp_directory": str(self._folder.path / "overflow"),
                "max_temp_directory_size": overflow_limit,
                "preserve_insertion_order": True,  # by which rows are numbered
                "autoinstall_known_extensions": False,
                "autoload_known_extensions": False,
            },
        )
        self.connection: Connection = self._duckdb
        """The connection; its configuration is locked and it reaches no file but those allowed."""
        allowed = ", ".join(quoted(str(Path(path).resolve())) for path in readable)
        self.store = "store." if on_disk else ""
        """What goes before the name of a table of cells."""
        store = f"ATTACH {quoted(str(self._folder.path / 'cells.duckdb'))} AS store;" if on_disk else ""
        self._stored = "statements"
        self._included: list[Column] = []
        self.connection.execute(
            f"{store} SET allowed_directories = [{quoted(f'{self.spool}/')}]; SET allowed_paths = [{allowed}];"
            f"SET enable_external_access = false; SET lock_configuration = true; {TABLES}"
        )

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()

    def __len__(self) -> int:
        if self._length is None:
            counts: dict[str, list[str]] = {}
            for column in self._included:
                counts.setdefault(column.table, []).append(column.count)
            queries = [f"SELECT {' + '.join(each)} AS n FROM {table}" for table, each in counts.items()]
            queries.append(f"SELECT count(*) AS n FROM {self._stored}")
            whole = f"SELECT CAST(sum(n) AS BIGINT) FROM ({' UNION ALL '.join(queries)})"
            ((self._length,),) = self.connection.execute(whole).fetchall()
        return self._length

    def connections(self, most: int) -> list[Connection]:
        """Return a connection for each of so many threads, but for no more than there are processors."""
        further = min(most, os.cpu_count() or 1) - 1
        return [self.connection, *(self._duckdb.cursor() for _ in range(further))]

    def create_function(self, name: str, arguments: int, function: Callable[..., str | bool | int | None]) -> None:
        """Let SQL call a function of Python's: only light datasets do, for which it costs little."""
        raise NotImplementedError

    def texts(self, parameter: str) -> str:
        """Return a query, to go into brackets, for the texts of a list that is given as a parameter.

        >>> with Dataset() as dataset:
        ...     dataset.connection.execute(f"SELECT 'b' IN ({dataset.texts('?1')})", [["a", "b"]]).fetchone()
        (True,)
        """
        return f"SELECT unnest({parameter}::VARCHAR[])"

    def define(self, table: str, query: str, *, indexed: Sequence[str] = ()) -> None:  # noqa: ARG002 - others do
        """Make a table of what a query finds, in place of one with its name.

        Args:
            table: the name.
            query: the query.
            indexed: columns, separated by commas, by which rows will be sought.
        """
        self.connection.execute(f"CREATE OR REPLACE TABLE {table} AS {query}")

    def close(self) -> None:
        """Close the connection and remove the private folder."""
        self.connection.close()
        self._folder.close()

    def load(self, rows: Iterable[Statement]) -> None:
        """Add statements of the partner, however many.

        Raises:
            UnreadableInputError: a value holds half of a surrogate pair, which is no character.
        """
        from bicentennial.storage.duckdb import duckdb

        self._changed()
        iterator = iter(rows)
        first = list(islice(iterator, _SMALL))
        try:
            if len(first) < _SMALL:
                self._insert(first)
                return
            with self.file("rows") as path:
                with path.open("w", encoding="utf-8", newline="\n") as out:
                    out.writelines(map(spooled, first))
                    out.writelines(map(spooled, iterator))
                self.connection.execute(
                    f"INSERT INTO {self._stored} SELECT * REPLACE ({unescaped('o')} AS o) FROM {rows_of(_COLUMNS)}",
                    [str(path)],
                )
        except (UnicodeEncodeError, duckdb.InvalidInputException) as error:
            if "surrogate" not in str(error):
                raise
            raise not_text() from error

    @property
    def is_tabular(self) -> bool:
        """Whether there are tables of cells, whose columns are of our own properties alone."""
        return bool(self._included)

    def statements_of(self, *properties: str) -> str:
        """Return the relation of the statements about some properties of ours, to stand after `FROM`.

        Of large tables it is planned sooner than a condition on all statements, which are the union of all columns.

        >>> with Dataset() as dataset:
        ...     dataset.load([Statement.iri("urn:a", RDF.type, "urn:C"), Statement.iri("urn:a", "urn:q", "urn:b")])
        ...     dataset.connection.execute(f"SELECT s, o FROM {dataset.statements_of(RDF.type)}").fetchall()
        [('urn:a', 'urn:C')]
        """
        layout = self._known_parts()
        present = layout.properties.intersection(properties)
        if not layout.columns or not present:
            return f"(SELECT * FROM statements WHERE p IN ({', '.join(map(quoted, properties))}))"
        return f"({' UNION ALL '.join(map(layout.statements_of, sorted(present)))})"

    def count_of(self, class_iri: str) -> int:
        """Return how many things are said to be of a class.

        >>> with Dataset() as dataset:
        ...     dataset.load([Statement.iri("urn:a", RDF.type, "urn:C"), Statement.iri("urn:b", RDF.type, "urn:D")])
        ...     dataset.count_of("urn:C")
        1
        """
        columns = [each for each in self._known_parts().columns if each.p == RDF.type and each.o == quoted(class_iri)]
        # The rows of a sheet are subjects that differ, which takes long to find out.
        if len(columns) == 1 and not columns[0].meanings:
            stored = f"SELECT 1 FROM {self._stored} WHERE p = ?1 AND o = ?2 LIMIT 1"
            if not self.connection.execute(stored, [RDF.type, class_iri]).fetchall():
                return int(self.connection.execute(f"SELECT {columns[0].count} FROM {columns[0].table}").fetchone()[0])
        relation = self.statements_of(RDF.type)
        query = f"SELECT count(DISTINCT s) FROM {relation} WHERE o = ?1 AND kind = {IRI}"
        return int(self.connection.execute(query, [class_iri]).fetchone()[0])

    def properties(self) -> frozenset[str]:
        """Return the properties that the partner's statements have."""
        return self._known_parts().properties

    def _known_parts(self) -> Layout:
        if self._parts is None:
            stored = self.connection.execute(f"SELECT DISTINCT p FROM {self._stored}").fetchall()
            self._parts = Layout(self._stored, frozenset(p for (p,) in stored), tuple(self._included))
        return self._parts

    def _changed(self) -> None:
        self._length = self._parts = None

    def delete(self, condition: str, parameters: Sequence[object] = ()) -> None:
        """Take statements out that meet a condition.

        >>> with Dataset() as dataset:
        ...     dataset.load([Statement.iri("urn:a", "urn:p", "urn:b"), Statement.iri("urn:a", "urn:q", "urn:b")])
        ...     dataset.delete("p = ?1", ["urn:q"])
        ...     len(dataset)
        1
        """
        self._changed()
        self.connection.execute(f"DELETE FROM statements WHERE {condition}", parameters)

    def add_columns(self, *columns: Column) -> None:
        """Let the statements of the partner be those too that columns of tables stand for.

        >>> with Dataset() as dataset:
        ...     _ = dataset.connection.execute("CREATE TABLE cells AS SELECT 'urn:a' AS s, 2 AS row, 'x' AS f1")
        ...     dataset.add_columns(Column("urn:p", "cells", 1, 1, "f1", o="f1", dt=quoted(XSD.string)))
        ...     dataset.load([Statement.iri("urn:a", "urn:p", "urn:c")])
        ...     dataset.connection.execute("SELECT o FROM statements ORDER BY o").fetchall()
        [('urn:c',), ('x',)]
        """
        views = ""
        self._changed()
        if not self._included:
            self._stored = "stored"
            views = "DROP VIEW keyed; ALTER TABLE statements RENAME TO stored;"
        self._included += columns
        self.connection.execute(
            f"{views} CREATE OR REPLACE VIEW keyed AS SELECT *, {keyed()} AS k FROM stored"
            f" UNION ALL {' UNION ALL '.join(column.statements() for column in self._included)};"
            " CREATE OR REPLACE VIEW statements AS SELECT * EXCLUDE k FROM keyed;"
        )

    def layout(self) -> Layout:
        """Return where the statements of the partner are, as long as none are added or changed."""
        layout = self._known_parts()
        return replace(layout, apart=self._apart(layout))

    def _apart(self, layout: Layout) -> bool:
        # Subjects of sheets with different classes differ, since the class is part of their names.
        if len({column.o for column in layout.columns if column.p == RDF.type}) < len(layout.sheets):
            return False
        others = f"SELECT s FROM {self._stored} UNION SELECT s FROM background"
        return not any(
            self.connection.execute(f"SELECT 1 FROM {sheet} WHERE s IN ({others}) LIMIT 1").fetchall()
            for sheet in layout.sheets
        )

    def materialize(self) -> None:
        """Store all statements one by one, so that SQL can change them."""
        if self._included:
            self._changed()
            self._included.clear()
            self._stored = "statements"
            self.connection.execute(
                "CREATE TABLE settled AS FROM statements; DROP VIEW statements; DROP VIEW keyed; DROP TABLE stored;"
                f"ALTER TABLE settled RENAME TO statements; {_KEYED}"
            )

    def cluster(self) -> None:
        """Order statements that are stored one by one by their properties, and number those.

        What is asked about one property is then read from one stretch of the table, which pays for its sorting as soon
        as some checks have run. Statements about other properties can no longer be added.

        >>> rows = [Statement.iri("urn:a", p, "urn:b") for p in ("urn:q", "urn:p", "urn:q")]
        >>> with Dataset() as dataset:
        ...     dataset.load(rows)
        ...     dataset.cluster()
        ...     dataset.connection.execute("SELECT p FROM statements WHERE p <> 'urn:r'").fetchall()
        [('urn:p',), ('urn:q',), ('urn:q',)]
        """
        if self._included:
            return
        self.connection.execute(
            "CREATE TYPE property AS ENUM (SELECT DISTINCT p FROM statements ORDER BY p);"
            "CREATE TABLE clustered AS SELECT * REPLACE (p::property AS p) FROM statements ORDER BY p;"
            f"DROP VIEW keyed; DROP TABLE statements; ALTER TABLE clustered RENAME TO statements; {_KEYED}"
        )

    def load_background(self, rows: Iterable[tuple[str, ...]]) -> None:
        """Add statements of ours about things: subject, predicate, object, and the datatype of a literal.

        >>> with Dataset() as dataset:
        ...     dataset.load_background([("urn:goal", RDF.type, "urn:Goal")])
        ...     dataset.connection.execute("SELECT s, kind, dt FROM background").fetchall()
        [('urn:goal', 0, '')]
        """
        columns = list(zip(*((*row[:3], row[3] if row[3:] else "") for row in rows), strict=True))
        if columns:
            self.connection.execute(
                "INSERT INTO background SELECT s, p, o, CASE WHEN dt = '' THEN 0 ELSE 2 END, dt, '' FROM (SELECT"
                " unnest($1::VARCHAR[]) AS s, unnest($2::VARCHAR[]) AS p, unnest($3::VARCHAR[]) AS o,"
                " unnest($4::VARCHAR[]) AS dt)",
                columns,
            )

    def load_quads(self, quads: Iterable[pyoxigraph.Quad], *, numbered: bool = False, named: bool = True) -> int:
        r"""Add what pyoxigraph has parsed, whatever graph it stands in, without touching a term from Python.

        Args:
            quads: as `pyoxigraph.parse` gives them.
            numbered: let `row` be the number of the statement, counted from 1; in N-Triples without blank lines
                and comments that is its line.
            named: whether they may stand in named graphs; it is faster if not.

        Returns:
            How many graphs they stand in, the one without a name included; 0 if there is no other.

        Raises:
            UnreadableInputError: there is a triple term, which RDF 1.1 does not have.

        >>> import pyoxigraph
        >>> text = r'<urn:a> <urn:p> "1\n2"@EN , <urn:b> .'
        >>> with Dataset() as dataset:
        ...     _ = dataset.load_quads(pyoxigraph.parse(text, format=pyoxigraph.RdfFormat.TURTLE), numbered=True)
        ...     dataset.connection.execute("SELECT o, kind, lang, row FROM statements ORDER BY row").fetchall()
        [('1\n2', 2, 'en', 1), ('urn:b', 0, '', 2)]
        """
        import pyoxigraph

        self._changed()
        with self.file("quads") as path:
            pyoxigraph.serialize(quads, output=str(path), format=pyoxigraph.RdfFormat.N_QUADS)
            query = triples_of_quads() if named else triples()
            ((before,),) = self.connection.execute(f"SELECT coalesce(max(rowid) + 1, 0) FROM {self._stored}").fetchall()
            self.connection.execute(
                f"INSERT INTO {self._stored} SELECT s, p, o, kind, dt, lang, NULL, NULL, NULL, NULL FROM ({query})",
                [str(path)],
            )
            if numbered:  # as `stored.of_text` does, and for the same reason
                self.connection.execute(
                    f"UPDATE {self._stored} SET row = rowid + 1 - {before} WHERE rowid >= {before}",
                )
            found = self.connection.execute(count_of_graphs(), [str(path)]).fetchone() if named else None
        if self.connection.execute("SELECT 1 FROM statements WHERE p = '' LIMIT 1").fetchone():
            raise no_triple_term()
        return int(found[0]) if found and found[1] else 0

    def load_ntriples(self, text: str) -> bool:
        r"""Add what N-Triples say without a parser, if they are written as serializers write them; tell whether so.

        `row` is then the line. Whatever is not plain beyond doubt, be it right or wrong, adds nothing: comments,
        several blanks, IRIs with other characters than most have.

        Args:
            text: the document.

        >>> with Dataset() as dataset:
        ...     dataset.load_ntriples('<urn:ex:a> <urn:ex:p> "1\\n2"@EN .'), dataset.load_ntriples("<urn:ex:a> .")
        ...     dataset.connection.execute("SELECT s, o, kind, dt, lang, row FROM statements").fetchall()
        (True, False)
        [('urn:ex:a', '1\n2', 2, 'http://www.w3.org/1999/02/22-rdf-syntax-ns#langString', 'en', 1)]
        """
        from bicentennial.storage.duckdb import duckdb

        if self._included or any(each in text for each in FOREIGN):
            return False
        self._changed()
        ((before,),) = self.connection.execute("SELECT coalesce(max(rowid) + 1, 0) FROM statements").fetchall()
        with self.file("triples") as path:
            path.write_text(text, encoding="utf-8", newline="")
            try:
                self.connection.execute(
                    "INSERT INTO statements SELECT s, p, o, kind, dt, lang, NULL, NULL, NULL, NULL FROM"
                    f" ({triples(trusted=False)})",
                    [str(path)],
                )
                is_plain = not self.connection.execute(doubtful_terms()).fetchone()
                if is_plain:
                    self.connection.execute(f"UPDATE statements SET row = rowid + 1 - {before} WHERE rowid >= {before}")
            except duckdb.Error:  # a line is too long, or not of UTF-8
                is_plain = False
        if not is_plain:
            self.connection.execute(f"DELETE FROM statements WHERE rowid >= {before}")
        return is_plain

    @classmethod
    def from_quads(cls, quads: Iterable[pyoxigraph.Quad], *, named: bool = True, **options: Any) -> Self:
        """Return a new dataset that holds what pyoxigraph has parsed; see `load_quads`, and the class for `options`."""
        dataset = cls(**options)
        dataset.load_quads(quads, named=named)
        return dataset

    @classmethod
    def from_graph(cls, graph: rdflib.Graph, **options: Any) -> Self:
        """Return a new dataset that holds an rdflib graph; `options` as for the class.

        Raises:
            UnreadableInputError: something in the place of an IRI is none.

        >>> import rdflib
        >>> with Dataset.from_graph(rdflib.Graph().parse(data="[] a <urn:C> .")) as dataset:
        ...     dataset.connection.execute("SELECT o, kind FROM statements").fetchall()
        [('urn:C', 0)]
        """
        dataset = cls(**options)
        dataset.load(of_graph(graph))
        return dataset

    def to_graph(self) -> rdflib.Graph:
        """Return the statements as an rdflib graph, lexical forms untouched.

        >>> with Dataset() as dataset:
        ...     dataset.load([Statement.literal("urn:a", "urn:q", "01", XSD.integer)])
        ...     [str(value) for value in dataset.to_graph().objects()]
        ['01']
        """
        import rdflib

        graph = rdflib.Graph()
        cursor = self.connection.execute("SELECT s, p, o, kind, dt, lang FROM statements")
        while rows := cursor.fetchmany(10_000):
            for s, p, o, kind, dt, lang in rows:
                subject = rdflib.BNode(s[2:]) if s.startswith("_:") else rdflib.URIRef(s)
                value: rdflib.term.Node
                if kind == LITERAL:
                    plain = lang or dt == XSD.string
                    value = rdflib.Literal(
                        o, lang=lang or None, datatype=None if plain else rdflib.URIRef(dt), normalize=False
                    )
                else:
                    value = rdflib.URIRef(o) if kind == IRI else rdflib.BNode(o[2:])
                graph.add((subject, rdflib.URIRef(p), value))
        return graph

    def _insert(self, rows: Sequence[Statement]) -> None:
        if rows:
            values = ", ".join(f"unnest(${n}::{kind}[])" for n, kind in enumerate(_COLUMNS.values(), 1))
            self.connection.execute(f"INSERT INTO {self._stored} SELECT {values}", list(zip(*rows, strict=True)))

    @contextmanager
    def file(self, name: str) -> Iterator[Path]:
        """Name a file in `spool`, which is removed in the end."""
        path = self.spool / name
        try:
            yield path
        finally:
            path.unlink(missing_ok=True)
