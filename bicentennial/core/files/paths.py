r"""What a path leads to. Where the system does not say, as for a folder that may not be entered, that is nothing.

`pathlib` raises there, and for a name that is too long or holds a NUL.

>>> exists("README.md"), is_folder("docs"), is_file("x" * 5000), exists("a\0b")
(True, True, False, False)
"""

from __future__ import annotations

import os

__all__ = ["exists", "is_file", "is_folder"]


def exists(path: str | os.PathLike[str]) -> bool:
    """Return whether there is something at a path."""
    return os.path.exists(path)  # noqa: PTH110 - it does not raise


def is_file(path: str | os.PathLike[str]) -> bool:
    """Return whether a path leads to a file."""
    return os.path.isfile(path)  # noqa: PTH113


def is_folder(path: str | os.PathLike[str]) -> bool:
    """Return whether a path leads to a folder."""
    return os.path.isdir(path)  # noqa: PTH112
