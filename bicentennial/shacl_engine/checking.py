"""One check of data against shapes, as the process does it that reads them.

Only what loading data takes is imported with this module: what shapes take is imported while the data is loaded.
"""

from __future__ import annotations

from contextlib import nullcontext
from functools import partial
from typing import TYPE_CHECKING, Any, Final

from bicentennial.core.concurrency import both
from bicentennial.core.findings import Location
from bicentennial.core.limits import Limits
from bicentennial.core.namespaces import OWL, RDF
from bicentennial.core.startup.named_tuples import NamedTuple
from bicentennial.formats import long_lines  # noqa: F401 -- beside what shapes take, it would take twice as long
from bicentennial.formats.rdf import stretches  # noqa: F401 -- likewise
from bicentennial.shacl_engine.job import Job
from bicentennial.shacl_engine.result_table import ResultTable
from bicentennial.shacl_engine.sources import blank_prefix
from bicentennial.storage.connection import duckdb  # noqa: F401 -- which takes longer to load than all else here
from bicentennial.storage.duckdb.dataset import DuckDBDataset
from bicentennial.storage.graphs import graph_of, triples_of

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping

    import rdflib

    from bicentennial.shacl_engine.engines import Engines
    from bicentennial.shacl_engine.results import Result
    from bicentennial.shacl_engine.shapes.wording import ConstraintWording
    from bicentennial.storage.dataset import Dataset
    from bicentennial.storage.origins import Origins

__all__ = ["Found", "find", "preload", "run_in_worker"]

_LOCATED: Final = 10_000


_kept: Final[list[DuckDBDataset]] = []


def run_in_worker(plain: Mapping[str, Any], settings: Mapping[str, int]) -> dict[str, Any]:
    """Do a job that came as JSON, and return what it finds as JSON.

    The process is to end then: what it has read is not taken apart before.
    """
    job = Job.of_plain(plain)
    _kept.append(DuckDBDataset())
    found = find(job, Limits.of(settings), _kept[-1])
    packed = [_packed(result) for result in found.results]
    wordings = [(*key, *wording) for key, wording in found.wordings.items()]
    return found._asdict() | {"results": packed, "wordings": wordings}


def _packed(result: Result) -> list[Any]:
    value = None if result.value is None else result.value.key
    shared = [result.path, value, result.component, result.shape, result.severity]
    return [result.focus.key, *shared, result.messages, result.source]


class Found(NamedTuple):
    """What a job finds; `paths` are the complex ones by their text, `places` those of the first results, if wanted."""

    results: list[Result]
    paths: dict[str, Any]
    wordings: dict[tuple[str, str], ConstraintWording]
    """How a report names the constraints, by shape and component."""
    places: list[tuple[Any, ...]]
    engine: str
    focus_nodes: int
    unread: dict[str, list[str]]
    """The ontologies that `shapes` and `data` import and have no header of, and the `undefined` shapes."""


def find(job: Job, limits: Limits, dataset: DuckDBDataset) -> Found:
    """Do a job, and return what it finds.

    Args:
        job: what to check.
        limits: what data and shapes may hold.
        dataset: where the data go: empty.
    """
    if job.shapes is job.data:
        from bicentennial.shacl_engine.shapes.indexed import indexed_triples

        origins = _loaded(job, dataset, limits)
        engines = _engines(job, lambda: indexed_triples(triples_of(dataset)))
    else:
        origins, engines = _beside(job, dataset, limits)
    with _entailed(dataset) if job.rdfs else nullcontext(dataset) as known:
        found = ResultTable(known)
        engines.find(known, found)
        results = found.results()
    results = results[:1] if job.first else results
    if job.locate:
        for origin in origins:
            origin.prefetch({result.focus.lexical for result in results[:_LOCATED]})
    files = _files(dataset, results[:_LOCATED]) if job.locate and len(origins) > 1 else {}
    places = [_place(origins, files, result) for result in results[:_LOCATED]] if job.locate else []
    from bicentennial.shacl_engine.shapes.pathterms import as_json  # as `Engines`, with what shapes take

    paths = {text: as_json(path) for text, path in engines.paths().items()}
    unread = engines.unread()
    if job.shapes is not job.data:
        unread["data"] = _unread_imports(dataset)
    number = engines.focus_nodes(dataset)
    return Found(results, paths, engines.wordings(results), places, engines.names, number, unread)


def preload() -> None:
    """Load what checks need, in a process that forks a worker for each."""
    import bicentennial.shacl_engine.engines
    import bicentennial.shacl_engine.sql.engine  # noqa: F401


def _beside(job: Job, dataset: Dataset, limits: Limits) -> tuple[list[Origins], Engines]:
    """Load the data while shapes are read, which is begun once a long file has been read: both take the interpreter."""
    from threading import Event

    is_read = Event()

    def load() -> list[Origins]:
        try:
            return _loaded(job, dataset, limits, is_read.set)
        finally:
            is_read.set()

    def read_shapes() -> Engines:
        is_read.wait()
        return _engines(job, partial(job.shapes.graph, limits))

    return both(load, read_shapes)


def _engines(job: Job, shapes_of: Callable[[], rdflib.Graph]) -> Engines:
    from bicentennial.shacl_engine.engines import Engines
    from bicentennial.shacl_engine.shapes.form import check_targets

    shapes = shapes_of()
    if job.strict:
        check_targets(shapes, ", ".join(given.name for given in job.shapes.texts))
    return Engines(shapes, job.engine, advanced=job.advanced)


def _loaded(job: Job, dataset: Dataset, limits: Limits, on_read: Callable[[], None] | None = None) -> list[Origins]:
    loaded = enumerate(job.data.load(dataset, limits, on_read))
    return [
        content.origins(given.name, text, dataset, number, blank_prefix(number))
        for number, (given, text, content) in loaded
        if job.locate
    ]


def _entailed(dataset: Dataset) -> Dataset:
    """Return a new dataset with what RDF Schema entails, as far as it is RDF: nothing is said of literals there."""
    import owlrl
    import rdflib

    graph = graph_of(dataset)
    owlrl.DeductiveClosure(owlrl.RDFS_Semantics).expand(graph)
    beyond = [
        triple for triple in graph if isinstance(triple[0], rdflib.Literal) or not isinstance(triple[1], rdflib.URIRef)
    ]
    for triple in beyond:
        graph.remove(triple)
    return DuckDBDataset.from_graph(graph)


def _unread_imports(dataset: Dataset) -> list[str]:
    """Return the ontologies that data imports and has no header of, as `unread_imports` does for shapes."""
    found = dataset.connection.execute(
        "SELECT DISTINCT o FROM statements WHERE p = ?1 AND kind = 0 AND o NOT IN"
        " (SELECT s FROM statements WHERE p = ?2 AND o = ?3 UNION ALL SELECT o FROM statements WHERE p = ?4)",
        [OWL.imports, RDF.type, OWL.Ontology, OWL.versionIRI],
    )
    return sorted(iri for (iri,) in found.fetchall())


_Said = tuple[str, str | None, str | None]


def _files(dataset: Dataset, results: Iterable[Result]) -> dict[_Said, int]:
    """Return which of several files, counted from 0, says what of the focus nodes: first of a value, property, node."""
    subjects = sorted({result.focus.lexical for result in results})
    found = dataset.connection.execute(
        f"SELECT s, p, o, coalesce(sheet, 0) FROM statements WHERE s IN ({dataset.texts('?1')})",  # noqa: S608 - no value in it
        [subjects],
    )
    files: dict[_Said, int] = {}
    for s, p, o, number in found.fetchall():
        for said in ((s, p, o), (s, p, None), (s, None, None)):
            files[said] = min(number, files.get(said, number))
    return files


def _place(origins: list[Origins], files: Mapping[_Said, int], result: Result) -> tuple[Any, ...]:
    s, p, o = result.focus.lexical, result.path, result.value.lexical if result.value else None
    known = [files[said] for said in ((s, p, o), (s, p, None), (s, None, None)) if said in files]
    candidates = [origins[known[0]]] if known else origins
    for origin in candidates:
        place = origin.locate(s, p, o)
        if place.line is not None:
            return tuple(place)
    return tuple(Location(file=candidates[0].file if len(candidates) == 1 else None))
