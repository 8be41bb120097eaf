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
        same = False
        with contextlib.suppress(OSError, ValueError):  # a NUL in a path is a ValueError
            same = Path(output).samefile(given)
        if same:
            text = render(entry("cli", "output-is-input"), path=output)
            raise UsageError(text["en"], text["es"])


def write(text: str, output: str | None) -> None:
    """Write a result to standard output, or into a file: all of it or nothing.

    What a link points to is replaced, not the link; into a device or a pipe the text is simply written.

    Raises:
        OutputError: it cannot be written.
    """
    temporary = None
    try:
        if output is None:
            sys.stdout.write(text)
            sys.stdout.flush()
            return
        target = Path(output).resolve()
        if target.exists() and not target.is_file():
            target.write_text(text, encoding="utf-8", errors="backslashreplace", newline="")
            return
        descriptor, temporary = tempfile.mkstemp(dir=target.parent, prefix=f".{target.name[:80]}-")
        with os.fdopen(descriptor, "w", encoding="utf-8", errors="backslashreplace", newline="") as stream:
            stream.write(text)
        mask = os.umask(0)
        os.umask(mask)
        Path(temporary).chmod(0o666 & ~mask)
        Path(temporary).replace(target)
    except BrokenPipeError:
        raise
    except (OSError, ValueError) as error:
        reason = getattr(error, "strerror", None) or type(error).__name__
        said = render(entry("cli", "not-written"), path=output or "–", reason=reason)
        raise OutputError(said["en"], said["es"]) from error
    finally:
        if temporary is not None:
            Path(temporary).unlink(missing_ok=True)
