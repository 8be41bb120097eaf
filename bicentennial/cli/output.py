"""Where a result goes: to standard output, or atomically into a file."""

from __future__ import annotations

import os
import sys
from pathlib import Path

from bicentennial.core.output_files import replacing, unwritten

__all__ = ["write"]


def write(text: str, output: str | None) -> None:
    """Write a result to standard output, or into a file: all of it or nothing.

    What a link points to is replaced, not the link; into a device or a pipe the text is simply written.

    Raises:
        OutputError: it cannot be written.
    """
    try:
        if output is None:
            _show(text)
        elif Path(output).exists() and not Path(output).is_file():
            _into(Path(output), text)
        else:
            with replacing(output) as path:
                _into(path, text)
    except BrokenPipeError:
        raise
    except (OSError, ValueError) as error:  # a NUL in a path is a ValueError
        raise unwritten(output or "–", error) from error


def _show(text: str) -> None:
    sys.stdout.flush()
    stream = getattr(sys.stdout, "buffer", None)
    if stream is None or os.linesep != "\n":
        sys.stdout.write(text)
        sys.stdout.flush()
        return
    # An unbuffered stream takes less than it is given when its reader leaves, and Python does not look.
    data = memoryview(text.encode(sys.stdout.encoding, "backslashreplace"))
    while data:
        data = data[stream.write(data) :]
    stream.flush()


def _into(path: Path, text: str) -> None:
    path.write_text(text, encoding="utf-8", errors="backslashreplace", newline="")
