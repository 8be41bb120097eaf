"""Where a result goes: into a file that is none of the inputs, all of it or nothing.

>>> import os, tempfile
>>> folder = tempfile.TemporaryDirectory()
>>> target = os.path.join(folder.name, "a.txt")
>>> with replacing(target) as path:
...     _ = path.write_bytes(b"whole")
>>> os.listdir(folder.name), Path(target).read_text()
(['a.txt'], 'whole')
>>> try:
...     never_over(target, [target])
... except UsageError as error:
...     print(error.text["es"].removeprefix(target))
 es una de las entradas, y una entrada nunca se sobrescribe; elija otra salida
>>> folder.cleanup()
"""

from __future__ import annotations

import contextlib
import errno
import os
import tempfile
from pathlib import Path
from typing import TYPE_CHECKING

from bicentennial.errors import OutputError, UsageError
from bicentennial.messages import entry, render

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

__all__ = ["ending", "never_over", "replacing", "speaks"]


def never_over(output: str | os.PathLike[str], inputs: Iterable[str | os.PathLike[str]]) -> None:
    """Refuse an output that is one of the inputs, by whatever name or link.

    Raises:
        UsageError: it is.
    """
    for given in inputs:
        same = False
        with contextlib.suppress(OSError, ValueError):  # a NUL in a path is a ValueError
            same = Path(output).samefile(given)
        if same:
            text = render(entry("exchange", "output-is-input"), path=os.fspath(output))
            raise UsageError(text["en"], text["es"])


@contextlib.contextmanager
def replacing(output: str | os.PathLike[str]) -> Iterator[Path]:
    """Give a private file beside the output, which takes its place once it is written without an error.

    Raises:
        OutputError: the file cannot be written.
    """
    temporary: Path | None = None
    try:
        target = Path(output).resolve()  # what a link points to is replaced, not the link
        if target.exists() and not target.is_file():
            raise OSError(errno.EINVAL, "not a file")
        descriptor, name = tempfile.mkstemp(dir=target.parent, prefix=f".{target.name[:80]}-")
        os.close(descriptor)
        temporary = Path(name)
        yield temporary
        mask = os.umask(0)
        os.umask(mask)
        temporary.chmod(0o666 & ~mask)
        temporary.replace(target)
    except (OSError, ValueError) as error:  # a NUL in a path is a ValueError
        if isinstance(error, UsageError):
            raise
        reason = getattr(error, "strerror", None) or type(error).__name__
        text = render(entry("exchange", "not-written"), path=os.fspath(output), reason=reason)
        raise OutputError(text["en"], text["es"]) from error
    finally:
        if temporary is not None:
            temporary.unlink(missing_ok=True)


def ending(output: str | os.PathLike[str], known: Iterable[str]) -> str:
    """Return the ending of a file's name, which says what to write.

    Raises:
        UsageError: it is none of those known.

    >>> ending("A.XLSX", [".xlsx"])
    '.xlsx'
    """
    found = Path(output).suffix.lower()
    if found not in known:
        text = render(entry("exchange", "ending"), path=os.fspath(output), endings=" ".join(known))
        raise UsageError(text["en"], text["es"])
    return found


def speaks(lang: str) -> str:
    """Return a language that texts may be written in.

    Raises:
        UsageError: it is another one.
    """
    from bicentennial.messages import LANGUAGES

    if lang not in LANGUAGES:
        text = render(entry("exchange", "language"), lang=lang)
        raise UsageError(text["en"], text["es"])
    return lang
