"""Submissions in DuckDB: statements one by one, and large tables as they are, whose columns stand for statements.

>>> from bicentennial.core.namespaces import XSD
>>> rows = [Statement.iri("urn:a", "urn:p", "urn:b"), Statement.literal("urn:a", "urn:q", "maybe", XSD.boolean)]
>>> with DuckDBDataset() as dataset:
...     dataset.load(rows)
...     dataset.connection.execute("SELECT o, kind FROM statements ORDER BY o").fetchall()
[('maybe', 2), ('urn:b', 0)]
"""

# ruff: noqa: S608 -- the SQL is put together from constants of this module alone

from __future__ import annotations

import os
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

from bicentennial.core.concurrency import Aside, run_threads
from bicentennial.core.files.workspace import Workspace
from bicentennial.core.namespaces import RDF
from bicentennial.core.startup.records import replace
from bicentennial.core.worker.limits import address_space
from bicentennial.storage.connection import duckdb
from bicentennial.storage.duckdb import loading
from bicentennial.storage.duckdb.arranging import arranged
from bicentennial.storage.graphs import of_graph
from bicentennial.storage.layout import IRI, KEYED, TABLES, Layout, SqlColumn, keyed, quoted
from bicentennial.storage.sizes import is_worth_sorting
from bicentennial.storage.statement import Statement  # noqa: TC001 - for the examples

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
    from typing import Self

    import pyoxigraph
    import rdflib

    from bicentennial.storage.connection import Connection

__all__ = ["DuckDBDataset"]


def _memory() -> str:
    try:
        import resource
    except ImportError:  # not on Windows
        return "2GB"
    allowed = resource.getrlimit(resource.RLIMIT_AS)[0]
    if allowed in (resource.RLIM_INFINITY, -1):
        return "2GB"
    # So that what DuckDB does not count finds room beside it; or what a large document leaves, less lost fragments.
    return f"{max(min(allowed * 3 // 8, (allowed - address_space()) * 3 // 4) >> 20, 64)}MiB"


class DuckDBDataset:
    """The statements of one submission, and what we know ourselves, in a database of its own.

    Args:
        memory_limit: what DuckDB may use before it writes to its private folder, such as `"2GB"`; if None, three
            eighths of what this process may use, or most of what it has left.
        overflow_limit: how much it may write there.
        threads: how many it may use; all processors if None.
        on_disk: keep tables of cells compressed in the private folder. It pays from about a million statements: they
            then take a tenth of the memory.
        readable: files that SQL on the connection may read, besides those in `spool`.
    """

    is_sqlite: Final = False
    _length: int | None = None
    _parts: Layout | None = None
    _layout: Layout | None = None
    _begun: Aside[None] | None = None

    def __init__(
        self,
        *,
        memory_limit: str | None = None,
        overflow_limit: str = "10GB",
        threads: int | None = None,
        on_disk: bool = False,
        readable: Sequence[str | os.PathLike[str]] = (),
    ) -> None:
        self._folder = Workspace()
        self.spool = self._folder.path / "spool"
        """A private folder, removed with the dataset, from which SQL on the connection may read."""
        self.spool.mkdir()
        self.written: tuple[str, Path] | None = None
        """A text that is to be read, with the file in `spool` that holds it already."""
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
        self._included: list[SqlColumn] = []
        self._made: dict[str, str] = {}
        self.connection.execute(
            f"{store} SET allowed_directories = [{quoted(f'{self.spool}/')}]; SET allowed_paths = [{allowed}];"
            # Where Python runs no file, as in a worker or a notebook, it would be drawn on standard output.
            "SET enable_progress_bar = false;"
            f"SET enable_external_access = false; SET lock_configuration = true; {TABLES}"
        )

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *ended: object) -> None:
        self.close()

    def __len__(self) -> int:
        if self._length is None:
            counts: dict[str, list[str]] = {}
            queries = [f"SELECT count(*) AS n FROM {self._stored}"]
            for column in self._included:
                if column.is_one_a_cell and column.filled is None:
                    counts.setdefault(column.table, []).append(column.count)
                else:
                    queries.append(f"SELECT {column.filled if column.is_one_a_cell else column.count}")
            queries += [f"SELECT {' + '.join(each)} FROM {table}" for table, each in counts.items()]
            whole = f"SELECT CAST(sum(n) AS BIGINT) FROM ({' UNION ALL '.join(queries)})"
            ((self._length,),) = self.connection.execute(whole).fetchall()
        return self._length

    def connections(self, most: int) -> list[Connection]:
        """Return a connection for each of so many threads: see `Dataset.connections`."""
        return [self._duckdb.cursor() for _ in range(max(1, min(most, os.cpu_count() or 1)))]

    def texts(self, parameter: str) -> str:
        """Return a query for the texts of a list: see `Dataset.texts`.

        >>> with DuckDBDataset() as dataset:
        ...     dataset.connection.execute(f"SELECT 'b' IN ({dataset.texts('?1')})", [["a", "b"]]).fetchone()
        (True,)
        """
        return f"SELECT unnest({parameter}::VARCHAR[])"

    def begin(
        self,
        rows: Callable[[], Iterable[tuple[str, ...]]],
        queries: Mapping[str, str],
        *,
        then: Callable[[], None] | None = None,
    ) -> None:
        """Load the background and make tables, in another thread, while statements are added.

        `load_background` then waits for it, and `define` makes no table again that is wanted as it is.

        Args:
            rows: returns the statements of ours.
            queries: what the tables hold, by name: they read the background, and the tables before them.
            then: what else there is to do.

        >>> with DuckDBDataset() as dataset:
        ...     dataset.begin(lambda: [("urn:goal", RDF.type, "urn:Goal")], {"named": "SELECT s FROM background"})
        ...     dataset.load_background([])
        ...     dataset.connection.execute("FROM named").fetchall()
        [('urn:goal',)]
        """
        connection = self._duckdb.cursor()

        def work() -> None:
            loading.load_background(connection, rows())
            for table, query in queries.items():
                connection.execute(f"CREATE TABLE {table} AS {query}")
            self._made.update(queries)
            if then is not None:
                then()

        self._begun = Aside(work)

    def define(self, table: str, query: str, *, indexed: Sequence[str] = ()) -> None:  # noqa: ARG002 - others do
        """Make a table of what a query finds: see `Dataset.define`."""
        if self._made.pop(table, None) == query:
            return
        self.connection.execute(f"CREATE OR REPLACE TABLE {table} AS {query}")

    def define_each(self, queries: Mapping[str, str], *, indexed: Sequence[str] = ()) -> None:  # noqa: ARG002 - as above
        """Make tables of what queries find, several at a time: see `Dataset.define_each`."""

        def define(connection: Connection, each: tuple[str, str]) -> None:
            connection.execute(f"CREATE OR REPLACE TABLE {each[0]} AS {each[1]}")

        if queries:
            run_threads(define, queries.items(), self.connections(len(queries)))

    def define_view(self, name: str, query: str) -> None:
        """Make a view of what a query finds: see `Dataset.define_view`."""
        self.connection.execute(f"CREATE OR REPLACE VIEW {name} AS {query}")

    def close(self) -> None:
        """Close the connection and remove the private folder."""
        if self._begun is not None:
            with suppress(Exception):  # of no interest any more
                self._begun.result()
        self.connection.close()
        self._folder.close()

    @property
    def is_tabular(self) -> bool:
        """Whether there are tables of cells, whose columns are of our own properties alone."""
        return bool(self._included)

    def load(self, rows: Iterable[Statement]) -> None:
        """Add statements of the partner: see `Dataset.load`."""
        self._changed()
        with self._file("statements") as path:
            loading.load_rows(self.connection, self._stored, rows, path)

    def load_background(self, rows: Iterable[tuple[str, ...]]) -> None:
        """Add statements of ours: see `Dataset.load_background`.

        >>> with DuckDBDataset() as dataset:
        ...     dataset.load_background([("urn:goal", RDF.type, "urn:Goal")])
        ...     dataset.connection.execute("SELECT s, kind, dt FROM background").fetchall()
        [('urn:goal', 0, '')]
        """
        self._layout = None  # which depends on what is said of the subjects of rows
        if self._begun is not None:
            self._begun.result()
            self._begun = None
            return
        loading.load_background(self.connection, rows)

    def load_quads(self, quads: Iterable[pyoxigraph.Quad], *, numbered: bool = False, named: bool = True) -> int:
        r"""Add what pyoxigraph has parsed, without touching a term from Python: see `Dataset.load_quads`.

        >>> import pyoxigraph
        >>> text = r'<urn:a> <urn:p> "1\n2"@EN , <urn:b> .'
        >>> with DuckDBDataset() as dataset:
        ...     _ = dataset.load_quads(pyoxigraph.parse(text, format=pyoxigraph.RdfFormat.TURTLE), numbered=True)
        ...     dataset.connection.execute("SELECT o, kind, lang, row FROM statements ORDER BY row").fetchall()
        [('1\n2', 2, 'en', 1), ('urn:b', 0, '', 2)]
        """
        self._changed()
        with self._file("quads") as path:
            return loading.load_quads(self.connection, self._stored, quads, path, numbered=numbered, named=named)

    def load_files(self, files: Iterable[Sequence[Path]], most: int) -> bool:
        """Add what files of canonical N-Quads say, in which no graph has a name, and return whether they could be.

        So many as come at once are loaded at once, and then removed. If there are more statements than `most`, or an
        error in getting the files, nothing is added.

        Raises:
            UnreadableInputError: there is a triple term.
        """
        self._changed()
        return loading.load_files(self.connection, self._stored, files, most)

    def load_ntriples(self, stretches: Iterable[bytes], most: int) -> bool:
        r"""Add what N-Triples say without a parser: see `Dataset.load_ntriples`.

        >>> with DuckDBDataset() as dataset:
        ...     [dataset.load_ntriples([text], 9) for text in (b'<urn:ex:a> <urn:ex:p> "1\\n2"@EN .', b"<urn:ex:a> .")]
        ...     dataset.connection.execute("SELECT s, o, kind, dt, lang, row FROM statements").fetchall()
        [True, False]
        [('urn:ex:a', '1\n2', 2, 'http://www.w3.org/1999/02/22-rdf-syntax-ns#langString', 'en', 1)]
        """
        if self._included:
            return False
        self._changed()
        with self._file("triples") as path:
            return loading.load_ntriples(self.connection, stretches, path, most)

    def statements_of(self, *properties: str) -> str:
        """Return the relation of the statements about some properties of ours: see `Dataset.statements_of`.

        >>> with DuckDBDataset() as dataset:
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

        >>> with DuckDBDataset() as dataset:
        ...     dataset.load([Statement.iri("urn:a", RDF.type, "urn:C"), Statement.iri("urn:b", RDF.type, "urn:D")])
        ...     dataset.count_of("urn:C")
        1
        """
        columns = [each for each in self._known_parts().columns if each.p == RDF.type and each.o == quoted(class_iri)]
        # The rows of a sheet are subjects that differ, which takes long to find out.
        if len(columns) == 1 and not columns[0].meanings:
            stored = f"SELECT 1 FROM {self._stored} WHERE p = ?1 AND o = ?2 LIMIT 1"
            if not self.connection.execute(stored, [RDF.type, class_iri]).fetchall():
                if columns[0].filled is not None:
                    return columns[0].filled
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
        self._length = self._parts = self._layout = None

    def delete(self, condition: str, parameters: Sequence[object] = ()) -> None:
        """Take statements out that meet a condition.

        >>> with DuckDBDataset() as dataset:
        ...     dataset.load([Statement.iri("urn:a", "urn:p", "urn:b"), Statement.iri("urn:a", "urn:q", "urn:b")])
        ...     dataset.delete("p = ?1", ["urn:q"])
        ...     len(dataset)
        1
        """
        self._changed()
        self.connection.execute(f"DELETE FROM statements WHERE {condition}", parameters)

    def add_columns(self, *columns: SqlColumn) -> None:
        """Let the statements of the partner be those too that columns of tables stand for.

        >>> from bicentennial.core.namespaces import XSD
        >>> with DuckDBDataset() as dataset:
        ...     _ = dataset.connection.execute("CREATE TABLE cells AS SELECT 'urn:a' AS s, 2 AS row, 'x' AS f1")
        ...     dataset.add_columns(SqlColumn("urn:p", "cells", 1, 1, "f1", o="f1", dt=quoted(XSD.string)))
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
        if self._layout is None:
            layout = self._known_parts()
            self._layout = replace(layout, disjoint=self._are_disjoint(layout))
        return self._layout

    def _are_disjoint(self, layout: Layout) -> bool:
        # Subjects of sheets with different classes differ, since the class is part of their names.
        classes = {column.table: column.o for column in layout.columns if column.p == RDF.type}
        for number, sheet in enumerate(layout.sheets):
            alike = [each for each in layout.sheets[:number] if classes.get(each) == classes.get(sheet)]
            others = " UNION ALL ".join(f"SELECT s FROM {each}" for each in (self._stored, "background", *alike))
            if self.connection.execute(f"SELECT 1 FROM {sheet} WHERE s IN ({others}) LIMIT 1").fetchall():
                return False
        return True

    def materialize(self) -> None:
        """Store all statements one by one, so that SQL can change them."""
        if self._included:
            self._changed()
            self._included.clear()
            self._stored = "statements"
            self.connection.execute(
                "CREATE TABLE settled AS FROM statements; DROP VIEW statements; DROP VIEW keyed; DROP TABLE stored;"
                f"ALTER TABLE settled RENAME TO statements; {KEYED}"
            )

    def arrange(self) -> None:
        """Arrange many statements by what they are about: see `Dataset.arrange` and `duckdb.arranging`.

        >>> rows = [Statement.iri("urn:a", p, "urn:b") for p in ("urn:q", "urn:p", "urn:q")]
        >>> with DuckDBDataset() as dataset:
        ...     dataset.load(rows * 20_000)
        ...     dataset.arrange()
        ...     dataset.connection.execute("SELECT p, count(*) FROM statements GROUP BY p ORDER BY p").fetchall()
        [('urn:p', 20000), ('urn:q', 40000)]
        """
        if not self._included and is_worth_sorting(len(self)):
            columns = arranged(self.connection)
            if columns:
                self.add_columns(*columns)

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
        >>> with DuckDBDataset.from_graph(rdflib.Graph().parse(data="[] a <urn:C> .")) as dataset:
        ...     dataset.connection.execute("SELECT o, kind FROM statements").fetchall()
        [('urn:C', 0)]
        """
        dataset = cls(**options)
        dataset.load(of_graph(graph))
        return dataset

    @contextmanager
    def _file(self, name: str) -> Iterator[Path]:
        """Name a file in `spool`, which is removed in the end, as are others whose names begin like it."""
        try:
            yield self.spool / name
        finally:
            for path in self.spool.glob(f"{name}*"):
                path.unlink()
