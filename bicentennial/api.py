"""The public calls, each importing what it needs when it is called.

>>> report = validate("examples/submissions/good.csv")
>>> report.conforms, report.counts["violation"]
(True, 0)
"""

from __future__ import annotations

import os
from importlib import import_module
from typing import TYPE_CHECKING, Any, Final, TypedDict, overload

from bicentennial.core.errors import InputError, LimitReachedError

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence
    from pathlib import Path
    from typing import Unpack

    from bicentennial.core.findings import Severity
    from bicentennial.core.worker import WorkerLimits
    from bicentennial.exchange.conversion import convert
    from bicentennial.exchange.publication import export
    from bicentennial.exchange.template import template
    from bicentennial.knowledge import framework
    from bicentennial.knowledge.facade import FrameworkData
    from bicentennial.knowledge.store import graph
    from bicentennial.querying import query
    from bicentennial.report import Report
    from bicentennial.validation.outcome import Outcome

__all__ = ["FrameworkData", "Report", "convert", "export", "framework", "graph", "query", "template", "validate"]

_HOMES: Final = {
    "FrameworkData": "bicentennial.knowledge.facade",
    "Report": "bicentennial.report",
    "convert": "bicentennial.exchange.conversion",
    "export": "bicentennial.exchange.publication",
    "framework": "bicentennial.knowledge",
    "graph": "bicentennial.knowledge.store",
    "query": "bicentennial.querying",
    "template": "bicentennial.exchange.template",
}
# What is opened while it is measured.
_WORKBOOKS: Final = (".xlsx", ".xlsm", ".ods")
_ENGINES: Final = ("auto", "compiled", "pyshacl")


def __getattr__(name: str) -> Any:
    if name in _HOMES:
        return getattr(import_module(_HOMES[name]), name)
    raise AttributeError(f"module {__name__!r} has no attribute {name!r}")


class _Options(TypedDict, total=False):
    """What `validate` takes besides files."""

    engine: str
    fail_on: Severity
    shapes: str | os.PathLike[str] | Sequence[str | os.PathLike[str]]
    mapping: str | os.PathLike[str] | None
    profile: str | os.PathLike[str] | None
    limits: Mapping[str, float] | None
    coverage: bool
    isolated: bool
    tick: Callable[[float], None] | None


@overload
def validate(path: str | os.PathLike[str], **options: Unpack[_Options]) -> Report: ...


@overload
def validate(
    path: list[str] | list[Path] | tuple[str | os.PathLike[str], ...], **options: Unpack[_Options]
) -> list[Report]: ...


def validate(
    path: str | os.PathLike[str] | list[str] | list[Path] | tuple[str | os.PathLike[str], ...],
    *,
    engine: str = "auto",
    fail_on: Severity = "violation",
    shapes: str | os.PathLike[str] | Sequence[str | os.PathLike[str]] = (),
    mapping: str | os.PathLike[str] | None = None,
    profile: str | os.PathLike[str] | None = None,
    limits: Mapping[str, float] | None = None,
    coverage: bool = True,
    isolated: bool = True,
    tick: Callable[[float], None] | None = None,
) -> Report | list[Report]:
    """Check a file against the Framework and return a report, or several files and return a list of reports.

    A file that cannot be read, or that holds nothing to check, gives a report as well: one that does not conform and
    whose exit code is 3. Several files are checked side by side, as many at once as there are processors; what
    becomes of one touches none of the others, and the reports come in the order of the files.

    Args:
        path: CSV, TSV, XLSX, ODS, JSON, JSON-LD, Turtle, N-Triples, N-Quads, TriG or RDF/XML; a path is a path, never
            an address. A list or tuple of paths is several files.
        engine: `compiled`, `pyshacl`, or `auto` for the compiled one on all files of shapes that it covers.
        fail_on: the mildest severity that keeps the file from conforming.
        shapes: files of further SHACL shapes to apply besides our own.
        mapping: a TOML file that says which columns and values mean what.
        profile: a TOML file that switches codes off or grades them otherwise; see `bicentennial.report.profile`.
        limits: settings of `intake.Limits` and `worker.WorkerLimits` (`seconds`, `memory` in bytes, `open_files`), by
            name, for files that need more.
        coverage: count what the submission covers as well, as the plots of the HTML report show it.
        isolated: do the work in a process of its own with limits and without network; turn it off only for files
            that you trust.
        tick: called with the seconds passed while the work goes on in a process of its own.

    Raises:
        UsageError: an argument makes no sense, or names a file of shapes, a mapping or a profile that
            cannot be used.

    >>> validate("no-such-file.csv").exit_code
    3
    >>> [report.exit_code for report in validate(["examples/submissions/good.csv", "examples/submissions/faulty.csv"])]
    [0, 1]
    """
    from bicentennial.core.findings import SEVERITIES
    from bicentennial.core.worker import WorkerLimits

    _one_of("engine", engine, _ENGINES)
    _one_of("fail_on", fail_on, SEVERITIES)
    given = [shapes] if isinstance(shapes, (str, os.PathLike)) else list(shapes)
    worker, settings = WorkerLimits.split(limits or {})
    judge = None
    if profile is not None:
        from bicentennial.report.profile import Profile

        judge = Profile.read(profile)
    names = [os.fspath(each) for each in (path if isinstance(path, list | tuple) else [path])]
    options: dict[str, Any] = {
        "engine": engine,
        "shapes": [os.fspath(each) for each in given],
        "mapping": os.fspath(mapping) if mapping is not None else None,
        "limits": settings,
        "coverage": coverage,
    }
    if isolated:
        outcomes = _checked(names, options, worker, tick)
    else:
        from bicentennial.validation.submission import check

        outcomes = [check(name, **options) for name in names]
    from bicentennial.report import Report  # loaded while the work goes on, if the caller sees to it

    reports = [Report.of(outcome, fail_on, judge) for outcome in outcomes]
    return reports if isinstance(path, list | tuple) else reports[0]


def _checked(
    names: list[str], options: Mapping[str, Any], limits: WorkerLimits, tick: Callable[[float], None] | None
) -> list[Outcome]:
    from bicentennial.core.worker import call_each
    from bicentennial.validation.outcome import Outcome, unreadable

    def done_by(jobs: Sequence[tuple[str, bool]]) -> list[Any]:
        arguments = [(name, {**options, "hasty": hasty}) for name, hasty in jobs]
        return call_each("bicentennial.validation.submission:check_in_worker", arguments, limits=limits, tick=tick)

    outcomes = []
    hasty = [name.lower().endswith(_WORKBOOKS) for name in names]
    done = done_by([*zip(names, hasty, strict=True)])
    # A worker that died of its haste could not say what is wrong with the workbook.
    died = [n for n, found in enumerate(done) if hasty[n] and isinstance(found, InputError) and not _is_late(found)]
    for number, found in zip(died, done_by([(names[number], False) for number in died]), strict=True):
        done[number] = found
    for name, found in zip(names, done, strict=True):
        if isinstance(found, InputError):
            outcomes.append(unreadable(name, found))
        elif isinstance(found, BaseException):
            raise found
        else:
            outcomes.append(Outcome.from_dict({**found.plain, "findings": found.text}))
    return outcomes


def _is_late(error: InputError) -> bool:
    return isinstance(error, LimitReachedError) and error.setting == "seconds"


def _one_of(argument: str, value: str, allowed: Sequence[str]) -> None:
    if value not in allowed:
        from bicentennial.core.errors import UsageError
        from bicentennial.core.messages import entry, render

        text = render(entry("cli", "not-one-of"), argument=argument, value=value, allowed=", ".join(allowed))
        raise UsageError(text["en"], text["es"])
