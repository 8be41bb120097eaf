"""One check of data against shapes, here or in a process of its own."""

from __future__ import annotations

from collections.abc import Mapping
from contextlib import nullcontext
from functools import partial
from typing import TYPE_CHECKING, Any, Final

import rdflib
from rdflib.namespace import SH

from bicentennial.core.concurrency import both
from bicentennial.core.findings import Location
from bicentennial.core.limits import Limits
from bicentennial.core.records import fields, record
from bicentennial.shacl_engine.engines import Engines
from bicentennial.shacl_engine.report import ShaclReport, ShaclResult
from bicentennial.shacl_engine.results import Result, Term
from bicentennial.shacl_engine.shapes.form import check_targets
from bicentennial.shacl_engine.shapes.pathterms import as_json
from bicentennial.shacl_engine.sources import Given, Sources

if TYPE_CHECKING:
    from collections.abc import Callable

    from bicentennial.shacl_engine.shapes.paths import Path
    from bicentennial.storage.dataset import Dataset
    from bicentennial.storage.origins import Origins

__all__ = ["Job", "checked", "run_in_worker"]

_LOCATED: Final = 10_000
_OF_PROCESS: Final = ("seconds", "memory", "open_files")


@record(frozen=True)
class Job:
    """What to check, against what, and how; see `api.shacl`."""

    data: Sources
    shapes: Sources
    engine: str = "auto"
    advanced: bool = False
    rdfs: bool = False
    locate: bool = False
    first: bool = False
    strict: bool = False

    @property
    def is_text(self) -> bool:
        """Whether it holds no graph of rdflib, which cannot pass to another process."""
        return not self.data.graphs and not self.shapes.graphs

    def plain(self) -> dict[str, Any]:
        """Return the job as JSON has it."""
        rest = {name: getattr(self, name) for name in ("engine", "advanced", "rdfs", "locate", "first", "strict")}
        return rest | {name: [each.plain() for each in getattr(self, name).texts] for name in ("data", "shapes")}

    @classmethod
    def of_plain(cls, plain: Mapping[str, Any]) -> Job:
        """Return the job that `plain` wrote."""
        texts = {name: Sources(tuple(map(Given.of_plain, plain[name]))) for name in ("data", "shapes")}
        return cls(**{**plain, **texts})


def checked(
    job: Job,
    *,
    allow_infos: bool,
    allow_warnings: bool,
    limits: Limits | Mapping[str, float],
    isolated: bool,
    on_progress: Callable[[float], None] | None,
) -> ShaclReport:
    """Return the report on a job; see `api.shacl` for the arguments and errors."""
    from bicentennial.core import worker

    Engines(rdflib.Graph(), job.engine)  # refuses an unknown one before anything is read
    given = _settings(limits)
    process = worker.WorkerLimits(**{name: given.pop(name) for name in _OF_PROCESS if name in given})
    settings: dict[str, Any] = given
    allowed = Limits.of(settings)  # which says if one is no whole number
    if isolated and job.is_text:
        name = "bicentennial.shacl_engine.checking:run_in_worker"
        found = worker.call(name, job.plain(), settings, limits=process, on_progress=on_progress)
        results, engine, focus_nodes = _of_plain(found), found["engine"], found["focus_nodes"]
    else:
        results, engine, focus_nodes = _run(job, allowed)
    mild = {SH.Info} if allow_infos or allow_warnings else set()
    mild |= {SH.Warning} if allow_warnings else set()
    return ShaclReport(tuple(results), engine, focus_nodes, frozenset(mild))


def _settings(limits: Limits | Mapping[str, float]) -> dict[str, Any]:
    """Return limits by name: those given, or those of an object that are set."""
    if isinstance(limits, Mapping):
        return dict(limits)
    known = (*_OF_PROCESS, *(each.name for each in fields(Limits)))
    values = {name: getattr(limits, name, None) for name in known}
    return {name: value for name, value in values.items() if value is not None}


def run_in_worker(plain: Mapping[str, Any], settings: Mapping[str, int]) -> dict[str, Any]:
    """Do a job that came as JSON, and return what it finds as JSON."""
    job = Job.of_plain(plain)
    found, paths, places, engine, focus_nodes = _find(job, Limits.of(settings))
    return {
        "results": [_packed(result) for result in found],
        "paths": {text: as_json(path) for text, path in paths.items()},
        "places": places,
        "engine": engine,
        "focus_nodes": focus_nodes,
    }


def _packed(result: Result) -> list[Any]:
    value = None if result.value is None else result.value.key
    shared = [result.path, value, result.component, result.shape, result.severity]
    return [result.focus.key, *shared, result.messages, result.source]


def _of_plain(plain: Mapping[str, Any]) -> list[ShaclResult]:
    found = []
    for number, (focus, path, value, component, shape, severity, messages, source) in enumerate(plain["results"]):
        templates = tuple((language, text) for language, text in messages)
        result = Result(
            Term.decode(focus),
            path,
            None if value is None else Term.decode(value),
            component,
            shape,
            severity,
            templates,
            source=source,
        )
        place = plain["places"][number] if number < len(plain["places"]) else None
        found.append(ShaclResult.of(result, plain["paths"], None if place is None else Location(*place)))
    return found


def _run(job: Job, limits: Limits) -> tuple[list[ShaclResult], str, int]:
    found, paths, places, engine, focus_nodes = _find(job, limits)
    plain = {text: as_json(path) for text, path in paths.items()}
    located = [Location(*place) for place in places] + [None] * (len(found) - len(places))
    results = [ShaclResult.of(result, plain, place) for result, place in zip(found, located, strict=True)]
    return results, engine, focus_nodes


_Found = tuple[list[Result], dict[str, "Path"], list[tuple[Any, ...]], str, int]


def _find(job: Job, limits: Limits) -> _Found:
    from bicentennial.shacl_engine.result_table import ResultTable
    from bicentennial.storage.duckdb_dataset import DuckDBDataset
    from bicentennial.storage.graphs import graph_of

    with DuckDBDataset() as dataset:
        if job.shapes is job.data:
            origins = _loaded(job, dataset, limits)
            engines = _engines(job, graph_of(dataset))
        else:
            loading = partial(_loaded, job, dataset, limits)
            origins, engines = both(loading, lambda: _engines(job, job.shapes.graph(limits)))
        with _entailed(dataset) if job.rdfs else nullcontext(dataset) as known:
            found = ResultTable(known)
            engines.find(known, found)
            results = found.results()
        results = results[:1] if job.first else results
        if job.locate:
            for origin in origins:
                origin.prefetch({result.focus.lexical for result in results[:_LOCATED]})
        places = [_place(origins, result) for result in results[:_LOCATED]] if job.locate else []
        return results, engines.paths(), places, engines.names, engines.focus_nodes(dataset)


def _engines(job: Job, shapes: rdflib.Graph) -> Engines:
    if job.strict:
        check_targets(shapes, ", ".join(given.name for given in job.shapes.texts))
    return Engines(shapes, job.engine, advanced=job.advanced)


def _loaded(job: Job, dataset: Dataset, limits: Limits) -> list[Origins]:
    origins: list[Origins] = []
    for given, text, format_name in job.data.load(dataset, limits):
        if job.locate:
            from bicentennial.formats.rdf.textorigins import LineOrigins, TextOrigins

            of_file = (given.name, text or "", format_name, dataset)
            origins.append(LineOrigins(*of_file) if text is None else TextOrigins(*of_file))
    return origins


def _entailed(dataset: Dataset) -> Dataset:
    """Return a new dataset with what RDF Schema entails."""
    import owlrl

    from bicentennial.storage.duckdb_dataset import DuckDBDataset
    from bicentennial.storage.graphs import graph_of

    graph = graph_of(dataset)
    owlrl.DeductiveClosure(owlrl.RDFS_Semantics).expand(graph)
    return DuckDBDataset.from_graph(graph)


def _place(origins: list[Origins], result: Result) -> tuple[Any, ...]:
    value = result.value.lexical if result.value else None
    for origin in origins:
        place = origin.locate(result.focus.lexical, result.path, value)
        if place.line is not None:
            return tuple(place)
    return tuple(Location(file=origins[0].file if len(origins) == 1 else None))
