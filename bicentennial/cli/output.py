"""Where a result goes, and in which format: to standard output, or atomically into a file."""

from __future__ import annotations

import errno
import os
import sys
from pathlib import Path
from typing import TYPE_CHECKING

from bicentennial.core.errors import UsageError
from bicentennial.core.files.output import atomic_path, unwritten
from bicentennial.core.messages import entry, render

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

__all__ = ["choose_format", "terminal_width", "write"]

# What holds plain text may be called so, whichever format the text is in.
_PLAIN: tuple[str, ...] = (".txt", ".log")


def choose_format(
    asked: str | None,
    output: str | None,
    formats: Mapping[str, Sequence[str]],
    usual: str,
    *,
    binary: Sequence[str] = (),
) -> str:
    """Return the format to write: the one asked for, else the one that the ending of the output's name says.

    Args:
        asked: the format that was asked for by name.
        output: where it goes; None for standard output. A name without an ending, and a device, take any format.
        formats: the formats of a command, each with the endings of files that hold it.
        usual: the format where nothing says which.
        binary: formats that are no text.

    Raises:
        UsageError: the ending is that of no format of the command, or of another than the one asked for.
        OutputError: there is no such folder, which is better said before the work than after it.

    >>> choose_format(None, "a.HTML", {"text": (".txt",), "html": (".html",)}, "text")
    'html'
    """
    if output is not None and _lacks_folder(output):
        raise unwritten(output, FileNotFoundError(errno.ENOENT, os.strerror(errno.ENOENT)))
    name = Path(output).name.lower() if output else ""
    if output is None or not Path(name).suffix or _is_special(output):
        return asked or usual
    if asked is None:
        # The longest ending, for `.sarif.json` is more than `.json`; of two formats with the same one, the first.
        fits = [(len(ending), each) for each, some in formats.items() for ending in some if name.endswith(ending)]
        if fits:
            return max(fits, key=lambda fit: fit[0])[1]
        raise _wrong_ending(output, [ending for some in formats.values() for ending in some])
    plain = () if asked in binary else _PLAIN
    if not name.endswith((*formats[asked], *plain)):
        raise _wrong_ending(output, [*formats[asked], *plain])
    return asked


def _lacks_folder(output: str) -> bool:
    try:
        return not Path(output).parent.exists()
    except (OSError, ValueError):  # a NUL in a path is a ValueError
        return False


def _is_special(output: str) -> bool:
    try:
        return Path(output).exists() and not Path(output).is_file()
    except (OSError, ValueError):
        return False


def _wrong_ending(output: str, known: Sequence[str]) -> UsageError:
    text = render(entry("exchange", "ending"), path=output, endings=" ".join(dict.fromkeys(known)))
    return UsageError(text)


def terminal_width() -> int:
    """Return how many characters a line of the terminal has."""
    import shutil  # which loads what packs and unpacks archives

    return shutil.get_terminal_size((100, 24)).columns


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
            with atomic_path(output) as path:
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
