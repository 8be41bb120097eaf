"""Results as a table of the database that they are about: a million of them cost no Python object each.

>>> from bicentennial.storage.duckdb.dataset import DuckDBDataset
>>> with DuckDBDataset() as dataset:
...     found = ResultTable(dataset)
...     found.load([Result(Term("urn:a"), "urn:p", None, SH.MinCountConstraintComponent, "urn:S")])
...     [str(result.focus) for result in found.results()]
['<urn:a>']
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final, TypeVar

from bicentennial.core.concurrency import run_threads
from bicentennial.core.namespaces import SH
from bicentennial.core.startup.records import record
from bicentennial.shacl_engine.results import Result, Term, kind_of
from bicentennial.storage.list_encoding import decode_list

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

    from bicentennial.storage.connection import Connection
    from bicentennial.storage.dataset import Dataset

__all__ = ["CheckInfo", "ResultTable", "Sources"]

_Item = TypeVar("_Item")
_MANY: Final = 8


@record(frozen=True)
class CheckInfo:
    """What all results of one check share: see `Result` for the parts.

    `path` is that of the shape; `variables` name the values of the bindings that its results have, `node` is the key of
    its node if it is a SPARQL constraint; `of` is the class by which the focus nodes are targets, empty where it is not
    by a class.
    """

    shape: str
    component: str
    severity: str = SH.Violation
    path: str | None = None
    templates: tuple[tuple[str, str], ...] = ()
    variables: tuple[str, ...] = ()
    node: str | None = None
    of: str = ""

    @property
    def kind(self) -> str:
        """The local name of the constraint component without its ending, such as `MinCount`."""
        return kind_of(self.component)


class Sources:
    """The checks that results may come from, numbered from 0; each is described when it is asked for.

    A plan has more than a thousand checks, of which few find anything.
    """

    def __init__(self) -> None:
        self._waiting: list[tuple[Callable[[Any], CheckInfo], object]] = []
        self._made: dict[int, CheckInfo] = {}

    def __len__(self) -> int:
        return len(self._waiting)

    def __getitem__(self, number: int) -> CheckInfo:
        if number not in self._made:
            describe, check = self._waiting[number]
            self._made[number] = describe(check)
        return self._made[number]

    def add(self, checks: Iterable[_Item], describe: Callable[[_Item], CheckInfo]) -> int:
        """Add checks, and return the number of the first."""
        first = len(self)
        self._waiting += [(describe, each) for each in checks]
        return first


class ResultTable:
    """The results of one submission, in the table `found(source, f, k, path, bindings)` of its dataset.

    `f` and `k` are the keys of the focus node and the value, see `Term.decode`; `path` is set where a result has
    another one than its shape. A dataset has one such table: a new object empties it.
    """

    def __init__(self, dataset: Dataset) -> None:
        self.dataset = dataset
        self.sources = Sources()
        """What `source` counts through."""
        dataset.define(
            "found", "SELECT 0 AS source, '' AS f, '' AS k, '' AS path, list_value('') AS bindings WHERE false"
        )

    def insert(self, queries: Iterable[str], first: int = 0) -> None:
        """Add what queries find: rows of the table, whose sources count from `first`.

        Each is planned by one processor, and much of it runs on one: so several run at a time, while it takes the
        connection of the dataset to find out what the next one is.
        """

        def insert(connection: Connection, query: str) -> None:
            rows = f"SELECT source + {first}, f, k, path, bindings FROM ({query})" if first else query  # noqa: S608 - our own SQL
            connection.execute(f"INSERT INTO found {rows}")

        run_threads(insert, queries, self.dataset.connections(_MANY))

    def load(self, results: Iterable[Result]) -> None:
        """Add results that exist as objects."""
        first = len(self.sources)
        numbers: dict[CheckInfo, int] = {}
        columns: tuple[list[int], list[str], list[str | None], list[list[str]]] = ([], [], [], [])
        for each in results:
            shared = (each.shape, each.component, each.severity, each.path, each.templates)
            source = CheckInfo(*shared, tuple(name for name, _ in each.bindings), each.source, each.of)
            columns[0].append(numbers.setdefault(source, first + len(numbers)))
            columns[1].append(each.focus.key)
            columns[2].append(each.value.key if each.value else None)
            columns[3].append([value.key for _, value in each.bindings])
        self.sources.add(numbers, lambda source: source)
        if columns[0]:
            self.dataset.connection.execute(
                "INSERT INTO found"
                " SELECT unnest($1::INTEGER[]), unnest($2::VARCHAR[]), unnest($3::VARCHAR[]), NULL,"
                " unnest($4::VARCHAR[][])",
                columns,
            )

    def results(self) -> list[Result]:
        """Return all results, sorted and each once."""
        found: dict[tuple[str, ...], tuple[Any, ...]] = {}
        for row in self.dataset.connection.execute("SELECT source, f, k, path, bindings FROM found").fetchall():
            source, focus, value, path, _ = row
            shared = self.sources[source]
            # `sort_key` of the result, by which two are the same; most of them differ.
            key = (focus, path or shared.path or "", shared.component, value or "", shared.shape, shared.severity)
            found.setdefault(key, row)
        return [self.result(*found[key]) for key in sorted(found)]

    def result(
        self, source: int, focus: str, value: str | None, path: str | None, bindings: list[str | None] | str | None
    ) -> Result:
        """Return the result that a row of the table stands for."""
        shared = self.sources[source]
        if isinstance(bindings, str):
            bindings = decode_list(bindings)
        bound = zip(shared.variables, bindings, strict=True) if bindings is not None else ()
        return Result(
            Term.decode(focus),
            path or shared.path,
            Term.decode(value) if value is not None else None,
            shared.component,
            shared.shape,
            shared.severity,
            shared.templates,
            tuple((name, Term.decode(each)) for name, each in bound if each is not None),
            shared.node,
            shared.of,
        )
