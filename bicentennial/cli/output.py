"""Where a result goes: to standard output, or atomically into a file that is none of the inputs."""

from __future__ import annotations

import contextlib
import os
import sys
import tempfile
from pathlib import Path
from typing import TYPE_CHECKING

from bicentennial.errors import OutputError, UsageError
from bicentennial.messages import entry, render

if TYPE_CHECKING:
    from collections.abc import Iterable

__all__ = ["never_over", "write"]


def never_over(output: str | None, inputs: Iterable[str]) -> None:
    """Refuse an output that is one of the inputs, by whatever name or link.

    Raises:
        UsageError: it is.
    """
    if output is None:
        return
    for given in inputs:
        with contextlib.suppress(OSError):
            if Path(output).samefile(given):
                text = render(entry("cli", "output-is-input"), path=output)
                raise UsageError(text["en"], text["es"])


def write(text: str, output: str | None) -> None:
    """Write a result to standard output, or into a file: all of it or nothing.

    Raises:
        OutputError: the file cannot be written.
    """
    if output is None:
        sys.stdout.write(text)
        return
    target = Path(output)
    temporary = None
    try:
        descriptor, temporary = tempfile.mkstemp(dir=target.parent, prefix=f".{target.name}-")
        with os.fdopen(descriptor, "w", encoding="utf-8", errors="backslashreplace", newline="") as stream:
            stream.write(text)
        mask = os.umask(0)
        os.umask(mask)
        Path(temporary).chmod(0o666 & ~mask)
        Path(temporary).replace(target)
    except OSError as error:
        if temporary is not None:
            Path(temporary).unlink(missing_ok=True)
        said = render(entry("cli", "not-written"), path=output, reason=error.strerror or type(error).__name__)
        raise OutputError(said["en"], said["es"]) from error
