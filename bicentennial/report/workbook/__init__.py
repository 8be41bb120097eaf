"""The partner's own workbook back, its faulty cells marked and commented, with a sheet that lists the findings.

A submission that is no XLSX workbook gets one made from it. How a workbook is changed without touching the rest of it,
and what that leaves out, is described in `package`. The submission is opened again for this, so that happens in the
worker, under the limits that validating has.
"""

from __future__ import annotations

import os
from typing import TYPE_CHECKING, Final

from bicentennial.core.files.output import atomic_path, descriptors, refuse_overwrite, suffix_of

if TYPE_CHECKING:
    from collections.abc import Callable

    from bicentennial.core.messages import Language
    from bicentennial.report.judged import JudgedOutcome

__all__ = ["SUFFIXES", "write_workbook"]

SUFFIXES: Final = (".xlsx", ".xlsm")
"""What the name of a marked workbook may end in."""


def write_workbook(
    report: JudgedOutcome,
    target: str | os.PathLike[str],
    lang: Language = "en",
    *,
    on_progress: Callable[[float], None] | None = None,
) -> None:
    """Write the marked workbook of a report: all of it or nothing, and never over the submission.

    Args:
        report: what validating the submission gave; the submission is read again, with the same mapping and limits.
        target: the workbook to write.
        lang: the language of comments and list.
        on_progress: called with the seconds passed while the work goes on.

    Raises:
        UsageError: the target is the submission itself, or has the suffix of a workbook with macros where there are
            none, or the reverse; or no suffix of a workbook at all.
        OutputError: the target cannot be written, or a table has more rows than a sheet holds.
        InputError: the submission cannot be opened any more within the limits.
    """
    from contextlib import ExitStack

    from bicentennial.core.worker import call
    from bicentennial.limits import Limits

    suffix = suffix_of(target, SUFFIXES)
    source = report.source
    path = report.file if source is None else source.path
    refuse_overwrite(target, [each for each in (path, report.mapping) if each is not None])
    limits = report.limits or Limits()
    options = {"limits": limits.changed(), "mapping": report.mapping, "suffix": suffix}
    with ExitStack() as stack:
        if path is None:
            from bicentennial.core.files.workspace import Workspace

            assert source is not None
            path = source.placed(stack.enter_context(Workspace()).path)
        made = stack.enter_context(atomic_path(target))
        call(
            "bicentennial.report.workbook.marking:write",
            os.fspath(made),
            report.outcome.to_dict(),
            report.fail_on,
            lang,
            {**options, "path": path},
            limits=limits.of_worker(),
            on_progress=on_progress,
            files=descriptors(made),
        )
