"""The partner's own workbook back, its faulty cells marked and commented, with a sheet that lists the findings.

A submission that is no XLSX workbook gets one made from it. How a workbook is changed without touching the rest of it,
and what that leaves out, is told in `package`. The submission is opened again for this, so that happens in the worker,
under the limits that validating has.
"""

from __future__ import annotations

import contextlib
import os
import tempfile
from pathlib import Path
from typing import TYPE_CHECKING, Any

from bicentennial.errors import OutputError, UsageError
from bicentennial.messages import entry, render

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from bicentennial.report.model import Language, Report

__all__ = ["write_workbook"]


def write_workbook(
    report: Report,
    target: str | os.PathLike[str],
    lang: Language = "en",
    *,
    mapping: str | os.PathLike[str] | None = None,
    limits: Mapping[str, float] | None = None,
    tick: Callable[[float], None] | None = None,
) -> None:
    """Write the marked workbook of a report: all of it or nothing, and never over the submission.

    Args:
        report: what validating the submission gave; its file is read again.
        target: the workbook to write.
        lang: the language of comments and list.
        mapping: the mapping file that the submission was read with.
        limits: the limits that it was read with.
        tick: called with the seconds passed while the work goes on.

    Raises:
        UsageError: the target is the submission itself, or has the suffix of a workbook with macros where there are
            none, or the reverse.
        OutputError: the target cannot be written, or a table has more rows than a sheet holds.
        InputError: the submission cannot be opened any more within the limits.
    """
    from bicentennial.worker import WorkerLimits, call

    path = Path(target)
    with contextlib.suppress(OSError):
        if path.samefile(report.file):
            text = render(entry("report", "workbook")["input"], path=os.fspath(target))
            raise UsageError(text["en"], text["es"])
    settings: dict[str, Any] = dict(limits or {})
    worker = {name: settings.pop(name) for name in ("seconds", "memory") if name in settings}
    options = {
        "limits": settings,
        "mapping": os.fspath(mapping) if mapping is not None else None,
        "suffix": path.suffix.lower(),
    }
    temporary = None
    try:
        descriptor, temporary = tempfile.mkstemp(dir=path.parent, prefix=f".{path.name}-")
        os.close(descriptor)
        call(
            "bicentennial.report.workbook.job:write",
            os.path.abspath(temporary),  # noqa: PTH100 - a link is kept
            report.outcome.to_dict(),
            report.fail_on,
            lang,
            options,
            limits=WorkerLimits(**worker),
            tick=tick,
        )
        mask = os.umask(0)
        os.umask(mask)
        Path(temporary).chmod(0o666 & ~mask)
        Path(temporary).replace(path)
        temporary = None
    except OSError as error:
        text = render(
            entry("report", "workbook")["not-written"],
            path=os.fspath(target),
            reason=error.strerror or type(error).__name__,
        )
        raise OutputError(text["en"], text["es"]) from error
    finally:
        if temporary is not None:
            Path(temporary).unlink(missing_ok=True)
