"""Where a result goes: into a file that is none of the inputs, all of it or nothing.

Where the system can, the file has no name until it is whole, so that nothing is left of it if we are killed.

>>> import os, tempfile
>>> folder = tempfile.TemporaryDirectory()
>>> target = os.path.join(folder.name, "a.txt")
>>> with atomic_path(target) as path:
...     _ = path.write_bytes(b"whole")
>>> os.listdir(folder.name), Path(target).read_text()
(['a.txt'], 'whole')
>>> try:
...     refuse_overwrite(target, [target])
... except UsageError as error:
...     print(error.text["es"].removeprefix(target))
 es una de las entradas, y una entrada nunca se sobrescribe; elija otra salida
>>> folder.cleanup()
"""

from __future__ import annotations

import contextlib
import errno
import os
import stat
from pathlib import Path
from typing import TYPE_CHECKING, Final

from bicentennial.core.errors import OutputError, UsageError
from bicentennial.core.files.paths import is_folder
from bicentennial.core.files.workspace import lock, locked
from bicentennial.core.messages import entry, render
from bicentennial.core.reasons import reason

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

__all__ = ["atomic_path", "check_language", "descriptors", "refuse_overwrite", "suffix_of", "unwritten"]

_OPEN: Final = "/proc/self/fd/"
# Files of ours that have a name before they are whole; the owner of one without a lock has ended.
_PART: Final = ".bicentennial-part"


def refuse_overwrite(output: str | os.PathLike[str] | None, inputs: Iterable[str | os.PathLike[str]]) -> None:
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
            text = render(entry("exchange", "output-is-input"), path=os.fspath(output))
            raise UsageError(text)


def unwritten(output: str | os.PathLike[str], error: Exception) -> OutputError:
    """Return the error for an output that cannot be written, with the reason: most often, there is no such folder."""
    path = os.fspath(output)
    if getattr(error, "errno", None) == errno.ENOENT:
        return OutputError(render(entry("exchange", "no-folder"), path=path, folder=os.fspath(Path(path).parent)))
    return OutputError(render(entry("exchange", "not-written"), path=path, reason=reason(error)))


@contextlib.contextmanager
def atomic_path(output: str | os.PathLike[str]) -> Iterator[Path]:
    """Give a path to write to, which takes the output's place once it is written without an error.

    A worker can write to it too, if it is given the `descriptors` of the path. What a link points to is replaced, not
    the link.

    Raises:
        OutputError: the file cannot be written.
    """
    try:
        target = Path(output).resolve()
        if target.exists() and not target.is_file():
            raise OSError(errno.EINVAL, "not a file")
        _sweep(target)
        with _nameless(target) or _named(target) as path:
            yield path
    except (OSError, ValueError) as error:  # a NUL in a path is a ValueError
        if isinstance(error, UsageError):
            raise
        raise unwritten(output, error) from error


def descriptors(path: Path) -> tuple[int, ...]:
    """Return the descriptors that a worker needs to write to a path that `replacing` has given."""
    text = os.fspath(path)
    return (int(text.removeprefix(_OPEN)),) if text.startswith(_OPEN) else ()


def _nameless(target: Path) -> contextlib.AbstractContextManager[Path] | None:
    """Return what gives a file without a name in the target's folder; None where the system cannot."""
    if not hasattr(os, "O_TMPFILE"):  # on Linux alone
        return None
    try:
        descriptor = os.open(target.parent, os.O_TMPFILE | os.O_RDWR, 0o666)
    except OSError:
        return None
    if Path(f"{_OPEN}{descriptor}").exists():
        return _written(descriptor, target)
    os.close(descriptor)  # without /proc it could not get a name
    return None


@contextlib.contextmanager
def _written(descriptor: int, target: Path) -> Iterator[Path]:
    try:
        lock(descriptor)
        nameless = f"{_OPEN}{descriptor}"
        yield Path(nameless)
        _keep_mode(descriptor, target)
        folder = os.open(target.parent, os.O_RDONLY)
        try:
            # With a folder given, the link in /proc is followed to the file that it stands for.
            os.link(nameless, target.name, dst_dir_fd=folder)
        except FileExistsError:
            # What has a name already can only be replaced by what has one too.
            between = _part(target)
            os.link(nameless, between, dst_dir_fd=folder)
            os.replace(between, target.name, src_dir_fd=folder, dst_dir_fd=folder)
        finally:
            os.close(folder)
    finally:
        os.close(descriptor)


@contextlib.contextmanager
def _named(target: Path) -> Iterator[Path]:
    path = target.parent / _part(target)
    descriptor = os.open(path, os.O_CREAT | os.O_EXCL | os.O_RDWR, 0o666)
    try:
        if not lock(descriptor):  # on Windows, where an open file cannot be replaced either
            os.close(descriptor)
            descriptor = -1
        yield path
        _keep_mode(descriptor, target)
        path.replace(target)
    finally:
        if descriptor >= 0:
            os.close(descriptor)
        path.unlink(missing_ok=True)


def _keep_mode(descriptor: int, target: Path) -> None:
    """Let a file be for those whom the one is for that it replaces: what is private stays so."""
    if descriptor >= 0 and hasattr(os, "fchmod"):
        with contextlib.suppress(OSError):
            os.fchmod(descriptor, stat.S_IMODE(target.stat().st_mode))


def _part(target: Path) -> str:
    return f"{_beginning(target)}{os.urandom(8).hex()}{_PART}"


def _beginning(target: Path) -> str:
    return f".{target.name[:40]}-"  # with letters of four bytes it still fits into a name


def _sweep(target: Path) -> None:
    """Remove what was killed while it wrote to the same target."""
    with contextlib.suppress(OSError), os.scandir(target.parent) as entries:
        for each in entries:
            if each.name.startswith(_beginning(target)) and each.name.endswith(_PART):
                descriptor = locked(Path(each.path))
                if descriptor is not None:
                    if stat.S_ISREG(os.fstat(descriptor).st_mode):
                        Path(each.path).unlink(missing_ok=True)
                    os.close(descriptor)


def suffix_of(output: str | os.PathLike[str], known: Iterable[str]) -> str:
    """Return the ending of a file's name, which says what to write.

    Raises:
        UsageError: it is none of those known.
        OutputError: it is the name of a folder.

    >>> suffix_of("A.XLSX", [".xlsx"])
    '.xlsx'
    """
    found = Path(output).suffix.lower()
    if is_folder(output):
        raise unwritten(output, IsADirectoryError(errno.EISDIR, os.strerror(errno.EISDIR)))
    if found not in known:
        text = render(entry("exchange", "ending"), path=os.fspath(output), endings=" ".join(known))
        raise UsageError(text)
    return found


def check_language(lang: str) -> str:
    """Return a language that texts may be written in.

    Raises:
        UsageError: it is another one.
    """
    from bicentennial.core.messages import LANGUAGES

    if lang not in LANGUAGES:
        text = render(entry("exchange", "language"), lang=lang)
        raise UsageError(text)
    return lang
