"""The public calls, each importing what it needs when it is called.

>>> report = validate("examples/submissions/good.csv")
>>> report.conforms, report.counts["violation"]
(True, 0)
"""

from __future__ import annotations

import os
from importlib import import_module
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final, overload

from bicentennial.core.errors import InputError

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping, Sequence
    from typing import IO, Protocol, TypeAlias, TypedDict, Unpack

    from bicentennial.core.findings import Severity
    from bicentennial.core.worker import WorkerLimits
    from bicentennial.exchange.conversion import convert
    from bicentennial.exchange.forms.template import template
    from bicentennial.guide import check_sources, explain, export, propose_mapping, show
    from bicentennial.inputs import Collected, Input
    from bicentennial.knowledge import framework
    from bicentennial.knowledge.facade import FrameworkData
    from bicentennial.knowledge.store import graph
    from bicentennial.limits import Limits
    from bicentennial.models import Entity
    from bicentennial.monitoring.registry import Registry
    from bicentennial.monitoring.registry import open_registry as registry
    from bicentennial.querying import query
    from bicentennial.report import Report, Reports
    from bicentennial.validation.outcome import Outcome

    class _Frame(Protocol):
        """A table of pandas or polars."""

        @property
        def columns(self) -> Any: ...
        @property
        def shape(self) -> tuple[int, int]: ...

    class _ArrowTable(Protocol):
        """A table of pyarrow."""

        @property
        def column_names(self) -> list[str]: ...
        @property
        def num_rows(self) -> int: ...

    class _Graph(Protocol):
        """A graph or dataset of rdflib."""

        def serialize(self, *args: Any, **kwargs: Any) -> Any: ...
        def triples(self, *args: Any, **kwargs: Any) -> Any: ...

    Path_: TypeAlias = str | os.PathLike[str]
    Single: TypeAlias = (
        Path_
        | bytes
        | bytearray
        | memoryview
        | IO[bytes]
        | IO[str]
        | _Frame
        | _ArrowTable
        | _Graph
        | Mapping[str, Any]
        | Entity
        | Sequence[Mapping[str, Any]]
        | Sequence[Entity]
    )
    """What is one submission."""

    class _Options(TypedDict, total=False):
        """What `validate` takes besides the submissions."""

        engine: str
        fail_on: Severity
        shapes: Path_ | Sequence[Path_]
        mapping: Path_ | None
        profile: Path_ | None
        limits: Limits | Mapping[str, float] | None
        coverage: bool
        isolated: bool
        on_progress: Callable[[float], None] | None
        input_format: str | None
        results: Path_ | None


__all__ = [
    "FrameworkData",
    "Limits",
    "Registry",
    "Report",
    "Reports",
    "check_sources",
    "convert",
    "explain",
    "export",
    "framework",
    "graph",
    "propose_mapping",
    "query",
    "registry",
    "show",
    "template",
    "validate",
]

_SEVERAL: Final = 4
"""From how many submissions on it pays to load what checks need once, before a worker is forked for each."""
_MODULES: Final = {
    "FrameworkData": "bicentennial.knowledge.facade",
    "Limits": "bicentennial.limits",
    "Registry": "bicentennial.monitoring.registry",
    "Report": "bicentennial.report",
    "Reports": "bicentennial.report",
    "check_sources": "bicentennial.guide",
    "convert": "bicentennial.exchange.conversion",
    "explain": "bicentennial.guide",
    "export": "bicentennial.guide",
    "framework": "bicentennial.knowledge",
    "graph": "bicentennial.knowledge.store",
    "propose_mapping": "bicentennial.guide",
    "query": "bicentennial.querying",
    "show": "bicentennial.guide",
    "registry": "bicentennial.monitoring.registry",
    "template": "bicentennial.exchange.forms.template",
}
ENGINES: Final = ("auto", "compiled", "pyshacl", "spark")
"""What can run the checks, the usual one first."""


def __getattr__(name: str) -> Any:
    if name in _MODULES:
        return getattr(import_module(_MODULES[name]), name)
    raise AttributeError(f"module {__name__!r} has no attribute {name!r}")


# To a type checker, a text is also several of one letter each: the first of the two wins.
@overload
def validate(  # type: ignore[overload-overlap]
    source: Single, *, name: str | None = None, **options: Unpack[_Options]
) -> Report: ...


@overload
def validate(source: Iterable[Single], **options: Unpack[_Options]) -> Reports: ...


def validate(
    source: Single | Iterable[Single],
    *,
    name: str | None = None,
    engine: str = "auto",
    fail_on: Severity = "violation",
    shapes: Path_ | Sequence[Path_] = (),
    mapping: Path_ | None = None,
    profile: Path_ | None = None,
    limits: Limits | Mapping[str, float] | None = None,
    coverage: bool = True,
    isolated: bool = True,
    on_progress: Callable[[float], None] | None = None,
    input_format: str | None = None,
    results: Path_ | None = None,
) -> Report | Reports:
    """Check a submission against the Framework and return a report, or several and return their reports.

    What cannot be read, or holds nothing to check, gives a report as well: one that does not conform and whose exit
    code is 3. Several submissions are checked side by side, as many at once as there are processors; what becomes of
    one touches none of the others, and the reports come in the order of the submissions.

    Args:
        source: a path, never an address, to a file of any format that is read: CSV, TSV, XLSX, XLSM, ODS, JSON,
            JSON Lines, JSON-LD, Turtle, TriG, N-Triples, N-Quads, RDF/XML, IATI XML; bytes or a file object with the
            content of one; a table of pandas, polars or pyarrow, read as the CSV that says the same; a list of
            dictionaries or a dictionary, read as JSON; models such as `Action`, or an rdflib graph, read as RDF. An
            iterable of any of these is several, and so is a folder: all files in it and in its folders, sorted,
            without those that are hidden or temporary (`Reports.skipped` names them).
        name: what the report calls the submission, instead of its path: where the path must not show.
        engine: `compiled`, `pyshacl`, or `auto` for the compiled one on all files of shapes that it covers; `spark` for
            registers in a lakehouse: the source is then one or several paths, folders or patterns, wherever Spark reads
            from, which are one submission together, in the process and with the rights of the caller.
        fail_on: the mildest severity that keeps a submission from conforming.
        shapes: files of further SHACL shapes to apply besides our own.
        mapping: a TOML file that says which columns and values mean what.
        profile: a TOML file that switches codes off or grades them otherwise; see `bicentennial.report.profile`.
        limits: `Limits`, or some of its settings by name, for submissions that need more.
        coverage: count what the submission covers as well, as the plots of the HTML report show it.
        isolated: do the work in a process of its own with limits and without network; turn it off only for data
            that you trust.
        on_progress: called with the seconds passed while the work goes on in a process of its own.
        input_format: the format of bytes and file objects, such as `csv`, where neither content nor name says it.
        results: with `spark`, where to write all results as Parquet: a file ending with `.parquet`, or a folder.

    Raises:
        UsageError: an argument makes no sense, or names a file of shapes, a mapping or a profile that
            cannot be used; or the source is nothing of the above.

    >>> validate("no-such-file.csv").exit_code
    3
    >>> [report.exit_code for report in validate(["examples/submissions/good.csv", "examples/submissions/faulty.csv"])]
    [0, 1]
    >>> validate([{"id": "A-1", "title": "Train", "goal": "G2", "responsible_party": "SRE"}], name="mine").conforms
    True
    """
    from bicentennial.core.findings import SEVERITIES
    from bicentennial.inputs import collect
    from bicentennial.limits import Limits

    _one_of("engine", engine, ENGINES)
    _one_of("fail_on", fail_on, SEVERITIES)
    given = [shapes] if isinstance(shapes, (str, os.PathLike)) else list(shapes)
    allowed = Limits.of(limits)
    judge = None
    if profile is not None:
        from bicentennial.report.profile import Profile

        judge = Profile.read(profile)
    files = [os.fspath(each) for each in given]
    rules = os.fspath(mapping) if mapping is not None else None
    options: dict[str, Any] = {"shapes": files, "mapping": rules, "limits": allowed.changed(), "coverage": coverage}
    judged: dict[str, Any] = {"fail_on": fail_on, "profile": judge, "mapping": rules, "limits": allowed}
    if engine == "spark":
        from bicentennial.report import Report, Reports
        from bicentennial.spark.check import check_paths

        found = check_paths(source, name=name, input_format=input_format, results=results, **options)
        report = Report.of(found, **judged)
        return report if isinstance(source, (str, os.PathLike)) else Reports([report])
    if results is not None:
        from bicentennial.core.errors import UsageError
        from bicentennial.core.messages import sentence

        raise UsageError(sentence("spark", "results-engine"))
    apart = [*files, *([rules] if rules else []), *([os.fspath(profile)] if profile is not None else [])]
    collected = collect(source, name=name, input_format=input_format, limits=allowed, apart=apart)
    worker = allowed.of_worker() if isolated else None
    outcomes = _outcomes(collected, {"engine": engine, **options}, worker, on_progress)
    from bicentennial.report import Report, Reports  # loaded while the work goes on, if the caller sees to it

    reports = [
        Report.of(outcome, source=given, **judged) for given, outcome in zip(collected.inputs, outcomes, strict=True)
    ]
    return Reports(reports, collected.skipped) if collected.several else reports[0]


def _outcomes(
    collected: Collected,
    options: Mapping[str, Any],
    worker: WorkerLimits | None,
    on_progress: Callable[[float], None] | None,
) -> list[Outcome]:
    """Return what came of each submission; those that are no files are put into a private folder for it."""
    from contextlib import ExitStack

    from bicentennial.validation.outcome import unreadable

    readable = [each for each in collected.inputs if each.error is None]
    with ExitStack() as stack:
        folders: list[Path] = []
        if any(each.path is None for each in readable):
            from bicentennial.core.files.workspace import Workspace

            folder = stack.enter_context(Workspace()).path
            folders = [folder / str(number) for number in range(len(readable))]
        jobs = []
        for number, each in enumerate(readable):
            if each.path is None:
                folders[number].mkdir()
            jobs.append((each, each.placed(folders[number] if folders else Path())))
        if worker is not None:
            done = iter(_checked(jobs, options, worker, on_progress))
        else:
            from bicentennial.validation.submission import check

            done = iter([check(path, name=each.name, **options) for each, path in jobs])
        return [unreadable(each.name, each.error) if each.error else next(done) for each in collected.inputs]


def _checked(
    jobs: Sequence[tuple[Input, str]],
    options: Mapping[str, Any],
    limits: WorkerLimits,
    on_progress: Callable[[float], None] | None,
) -> list[Outcome]:
    from bicentennial.core.worker import call_each
    from bicentennial.core.worker.processes import is_single_threaded
    from bicentennial.validation.outcome import Outcome, unreadable

    if len(jobs) >= _SEVERAL and is_single_threaded():
        from bicentennial.validation.submission import preload

        preload("good.csv")
    arguments = [(path, {**options, "name": given.name}) for given, path in jobs]
    function = "bicentennial.validation.submission:check_in_worker"
    done = call_each(function, arguments, limits=limits, on_progress=on_progress)
    outcomes = []
    for (given, _), found in zip(jobs, done, strict=True):
        if isinstance(found, InputError):
            outcomes.append(unreadable(given.name, found))
        elif isinstance(found, BaseException):
            raise found
        else:
            outcomes.append(Outcome.from_dict({**found.plain, "findings": found.text}))
    return outcomes


def _one_of(argument: str, value: str, allowed: Sequence[str]) -> None:
    if value not in allowed:
        from bicentennial.core.errors import UsageError
        from bicentennial.core.messages import entry, render

        text = render(entry("cli", "not-one-of"), argument=argument, value=value, allowed=", ".join(allowed))
        raise UsageError(text)
