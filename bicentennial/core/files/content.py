"""What a file holds, read once and no further than the limits allow."""

from __future__ import annotations

import os
from pathlib import Path
from typing import TYPE_CHECKING

from bicentennial.core.errors import InputNotFoundError
from bicentennial.core.escape import plain
from bicentennial.core.messages import entry, render

if TYPE_CHECKING:
    from bicentennial.core.limits import Limits

__all__ = ["content"]


def content(path: str | os.PathLike[str], limits: Limits, name: str | None = None) -> bytes:
    """Return the bytes of a file.

    Args:
        path: the file; a path is a path, never an address.
        limits: of which `file_bytes` counts.
        name: what errors call it; the path if None.

    Raises:
        InputNotFoundError: there is no such file, or it may not be read.
        LimitReachedError: it is larger than the limits allow.
    """
    place = Path(path)
    try:
        if not place.is_file():  # a folder, a pipe or a device, which may never end
            raise FileNotFoundError(place)
        with place.open("rb") as stream:
            size = os.fstat(stream.fileno()).st_size
            limits.check("file_bytes", size)
            # Asking for as much as is allowed would cost as much memory, whatever there is.
            data = stream.read(size + 1)
            if len(data) > size:  # it has grown, or its size is not known: half of a file is none
                data += stream.read(limits.file_bytes + 1 - len(data))
    except (OSError, ValueError) as error:
        text = render(entry("intake", "input-not-found")["message"], file=plain(name or os.fspath(path)))
        raise InputNotFoundError(text) from error
    limits.check("file_bytes", len(data))
    return data
