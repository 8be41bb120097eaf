"""A check of data against shapes, here or in a process of its own, and the report on it."""

from __future__ import annotations

import sys
from collections.abc import Mapping
from typing import TYPE_CHECKING, Any, Final

from bicentennial.core.findings import Location
from bicentennial.core.limits import Limits
from bicentennial.core.startup.records import fields
from bicentennial.shacl_engine.job import Job, refuse_other_engines
from bicentennial.shacl_engine.results import Result, Term

if TYPE_CHECKING:
    from collections.abc import Callable

    from bicentennial.shacl_engine.report import ShaclReport, ShaclResult

__all__ = ["checked"]

_OF_PROCESS: Final = ("seconds", "memory", "open_files")
_CHECK: Final = "bicentennial.shacl_engine.checking:run_in_worker"


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

    refuse_other_engines(job.engine)  # before anything is read
    given = _settings(limits)
    process = worker.WorkerLimits(**{name: given.pop(name) for name in _OF_PROCESS if name in given})
    settings: dict[str, Any] = given
    allowed = Limits.of(settings)  # which says if one is no whole number
    if isolated and job.is_text:
        if "bicentennial.shacl_engine.report" in sys.modules:  # not the first check: what it takes is loaded once
            from bicentennial.shacl_engine.checking import preload

            preload()

        def waiting(seconds: float) -> None:
            import bicentennial.shacl_engine.report  # noqa: F401 -- which takes a while

            if on_progress is not None:
                on_progress(seconds)

        found = worker.call(_CHECK, job.plain(), settings, limits=process, on_progress=waiting)
        results = _of_plain(found)
        engine, focus_nodes, unread = found["engine"], found["focus_nodes"], found["unread"]
    else:
        results, engine, focus_nodes, unread = _run(job, allowed)
    from rdflib.namespace import SH

    from bicentennial.shacl_engine.report import ShaclReport

    mild = {SH.Info} if allow_infos or allow_warnings else set()
    mild |= {SH.Warning} if allow_warnings else set()
    imports = tuple((by, iri) for by, iris in unread.items() for iri in iris)
    return ShaclReport(tuple(results), engine, focus_nodes, frozenset(mild), imports)


def _settings(limits: Limits | Mapping[str, float]) -> dict[str, Any]:
    """Return limits by name: those given, or those of an object that are set."""
    if isinstance(limits, Mapping):
        return dict(limits)
    known = (*_OF_PROCESS, *(each.name for each in fields(Limits)))
    values = {name: getattr(limits, name, None) for name in known}
    return {name: value for name, value in values.items() if value is not None}


def _of_plain(plain: Mapping[str, Any]) -> list[ShaclResult]:
    from bicentennial.shacl_engine.report import ShaclResult
    from bicentennial.shacl_engine.shapes.wording import ConstraintWording

    wordings = {(shape, component): ConstraintWording(*texts) for shape, component, *texts in plain["wordings"]}
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
        location = None if place is None else Location(*place)
        found.append(ShaclResult.of(result, plain["paths"], location, wordings[shape, component]))
    return found


def _run(job: Job, limits: Limits) -> tuple[list[ShaclResult], str, int, dict[str, list[str]]]:
    from bicentennial.shacl_engine.checking import find
    from bicentennial.shacl_engine.report import ShaclResult
    from bicentennial.storage.duckdb.dataset import DuckDBDataset

    with DuckDBDataset() as dataset:
        found = find(job, limits, dataset)
    located = [Location(*place) for place in found.places] + [None] * (len(found.results) - len(found.places))
    results = [
        ShaclResult.of(result, found.paths, place, found.wordings[result.shape, result.component])
        for result, place in zip(found.results, located, strict=True)
    ]
    return results, found.engine, found.focus_nodes, found.unread
