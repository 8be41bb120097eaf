"""The partner's own workbook back, its faulty cells marked and commented, with a sheet that lists the findings.

A submission that is no XLSX workbook gets one made from it. How a workbook is changed without touching the rest of it,
and what that leaves out, is told in `package`. The submission is opened again for this, so that happens in the worker,
under the limits that validating has.
"""

from __future__ import annotations

import os
from pathlib import Path
from typing import TYPE_CHECKING

from bicentennial.core.output_files import descriptors, never_over, replacing

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
    from bicentennial.core.worker import WorkerLimits, call

    never_over(target, [report.file, *([mapping] if mapping is not None else [])])
    worker, settings = WorkerLimits.split(limits or {})
    options = {
        "limits": settings,
        "mapping": os.fspath(mapping) if mapping is not None else None,
        "suffix": Path(target).suffix.lower(),
    }
    with replacing(target) as path:
        call(
            "bicentennial.report.workbook.marking:write",
            os.fspath(path),
            report.outcome.to_dict(),
            report.fail_on,
            lang,
            options,
            limits=worker,
            tick=tick,
            files=descriptors(path),
        )
