"""Private folders that do not outlive their owner for long.

A folder goes with the object that stands for it, at the latest when the process ends in good order. A process that is
killed cannot do that. So the owner of a folder holds a lock on it for as long as it lives, and the next to make one
removes those of ours whose lock is free.

>>> with Workspace() as scratch:
...     _ = (scratch.path / "a.txt").write_text("a")
...     scratch.path.is_dir()
True
>>> scratch.path.exists()
False
"""

from __future__ import annotations

import contextlib
import os
import re
import sys
import weakref
from pathlib import Path
from typing import TYPE_CHECKING, Final

from bicentennial.core.startup.patterns import lazy

if TYPE_CHECKING:
    from collections.abc import Iterator
    from typing import Self

__all__ = ["Workspace", "lock", "locked", "remove", "sweep"]

_PREFIX: Final = "bicentennial-run-"
# Nothing else in the place for temporary files may be taken for one of ours.
_OURS: Final = lazy(re.escape(_PREFIX) + r"[a-z0-9_]{8}")
_swept: set[str] = set()


class Workspace:
    """A folder for this process alone, in the place for temporary files; `path` is where."""

    def __init__(self) -> None:
        while True:
            self.path = _make_folder()
            place = str(self.path.parent)
            self._lock = locked(self.path, wait=True)
            # Another process may sweep between these two lines.
            if self.path.exists():
                break
            if self._lock is not None:
                os.close(self._lock)
        if place not in _swept:
            _swept.add(place)
            sweep(place)
        self._end = weakref.finalize(self, _remove, self.path, self._lock, os.getpid())

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *ended: object) -> None:
        self.close()

    def close(self) -> None:
        """Remove the folder and all that is in it."""
        self._end()


def _make_folder() -> Path:
    error: OSError = FileNotFoundError("no folder for temporary files")
    for place in _places():
        try:
            path = Path(place, f"{_PREFIX}{os.urandom(4).hex()}").absolute()
            path.mkdir(mode=0o700)
        except OSError as caught:
            error = caught
        else:
            return path
    raise error


def _places() -> Iterator[str]:
    """Return where temporary files may go, as `tempfile` has it.

    `tempfile` itself finds out by writing a file, which stays if the process is killed then.
    """
    if sys.platform == "win32" or ("tempfile" in sys.modules and sys.modules["tempfile"].tempdir):
        import tempfile

        yield tempfile.gettempdir()
        return
    yield from filter(None, map(os.environ.get, ("TMPDIR", "TEMP", "TMP")))
    yield from ("/tmp", "/var/tmp", "/usr/tmp", os.curdir)  # noqa: S108


def _remove(path: Path, held: int | None, owner: int) -> None:
    if os.getpid() != owner:  # a fork of the owner has the object too, but not the say
        return
    remove(path)
    if held is not None:
        os.close(held)


def remove(path: str | Path) -> None:
    """Remove a folder and what is in it, as far as that is possible."""
    try:
        Path(path).rmdir()
    except FileNotFoundError:
        pass
    except OSError:  # it is not empty
        import shutil  # which loads what packs and unpacks archives

        shutil.rmtree(path, ignore_errors=True)


def lock(descriptor: int, *, wait: bool = False) -> bool:
    """Lock an open file or folder for as long as it is open, and return whether that was possible."""
    try:
        import fcntl
    except ImportError:  # not on Windows
        return False
    try:
        fcntl.flock(descriptor, fcntl.LOCK_EX | (0 if wait else fcntl.LOCK_NB))
    except OSError:
        return False
    return True


def locked(path: Path, *, wait: bool = False) -> int | None:
    """Lock a file or folder and return the descriptor that holds the lock.

    Returns:
        None if another process holds it, if it is not there, or if this system has no such locks.
    """
    try:
        descriptor = os.open(path, os.O_RDONLY | getattr(os, "O_NOFOLLOW", 0) | getattr(os, "O_NONBLOCK", 0))
    except OSError:  # on Windows this is so of every folder
        return None
    if lock(descriptor, wait=wait):
        return descriptor
    os.close(descriptor)
    return None


def sweep(place: str) -> None:
    """Remove the folders of ours in a place whose owners have died."""
    if not hasattr(os, "getuid"):  # not known on Windows
        return
    with contextlib.suppress(OSError), os.scandir(place) as entries:
        for entry in entries:
            if _OURS.fullmatch(entry.name) and _is_own_folder(entry):
                _sweep(Path(entry.path))


def _is_own_folder(entry: os.DirEntry[str]) -> bool:
    try:
        return entry.is_dir(follow_symlinks=False) and entry.stat(follow_symlinks=False).st_uid == os.getuid()
    except OSError:
        return False


def _sweep(path: Path) -> None:
    held = locked(path)
    if held is not None:
        remove(path)
        os.close(held)
