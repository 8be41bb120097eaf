"""Long files of N-Triples, which need not be read as a whole."""

from __future__ import annotations

from contextlib import ExitStack, suppress
from typing import IO, TYPE_CHECKING, Final

from bicentennial.core.errors import UnreadableInputError
from bicentennial.formats.registry import detect
from bicentennial.storage.sizes import is_plain_size

if TYPE_CHECKING:
    from pathlib import Path

    from bicentennial.core.limits import Limits
    from bicentennial.formats.registry import Format

__all__ = ["open_lines"]

# So much of a file shows what it is.
_HEAD: Final = 1_000_000


def open_lines(path: Path, name: str, limits: Limits) -> tuple[IO[bytes], Format] | None:
    """Open a long file of N-Triples, and return it with its format; None if it is something else.

    What cannot be opened, or is longer than the limits allow, is reported by what reads files as a whole.

    Args:
        path: the file.
        name: its name, by which its format is recognised.
        limits: see `Limits`.
    """
    try:
        size = path.stat().st_size if path.is_file() else 0
        if not is_plain_size(size) or size > limits.file_bytes:
            return None
        stream = path.open("rb")
    except (OSError, ValueError):
        return None
    with ExitStack() as opened:
        opened.enter_context(stream)
        with suppress(UnreadableInputError):
            found = detect(name, stream.read(_HEAD) + stream.readline(_HEAD))
            if found.name == "ntriples":
                stream.seek(0)
                opened.pop_all()
                return stream, found
    return None
