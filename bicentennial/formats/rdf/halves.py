r"""Long Turtle parsed by two processes, a half each.

A text is parted where a line ends as statements do and the next begins as they do. If the first half is Turtle by
itself, a statement has ended there, whatever it looks like; and the second half means what it means in the whole if no
prefix is declared after the beginning of the text, which is put in front of it. Whatever else comes out, the text is
parsed as a whole.

>>> _parted("@prefix e: <urn:e:> .\ne:a e:p e:b .\n\ne:b e:p e:c .\ne:c e:p e:d .\n")
(36, '@prefix e: <urn:e:> .\n')
"""

from __future__ import annotations

import re
import subprocess
import sys
from collections import deque
from contextlib import contextmanager
from itertools import islice
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

from bicentennial.formats.rdf.iris import BASE
from bicentennial.storage.nquads import write_quads

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from bicentennial.storage.duckdb_dataset import DuckDBDataset

__all__ = ["halved", "main"]

_FRONT: Final = re.compile(r"(?:[ \t]*(?:(?:@?prefix|@?base)\b[^\n]*|#[^\n]*|\r?)\n)*", re.IGNORECASE)
_BETWEEN: Final = re.compile(r"\.[ \t\r]*\n(?=\s*(?:<[^<>\s]*>|[\w.-]*:[^\s;,\"<>()\[\]]*)[ \t\r\n])")
_NEAR: Final = 1_000_000
# While the second is parsed, the whole is measured, too.
_FIRST: Final = 0.45
_CHUNK: Final = 500_000


@contextmanager
def halved(text: str, dataset: DuckDBDataset, most: int) -> Iterator[Callable[[], bool] | None]:
    """Have the second half of a text parsed by another process, and yield what loads both; None if they are not parted.

    What loads them adds what the text says to the dataset, in its order, and returns whether that was possible; if not,
    nothing was added. It raises an `UnreadableInputError` if there is a triple term.

    Args:
        text: Turtle.
        dataset: where the statements go.
        most: how many there may be.
    """
    parts = _parted(text)
    if parts is None:
        yield None
        return
    place, front = parts
    files = [dataset.spool / name for name in ("first", "second")]
    _write(files[1], text, place, len(text), front)
    start = f"import sys; sys.path[:] = {sys.path!r}; from bicentennial.formats.rdf.halves import main; main()"
    arguments = [sys.executable, "-c", start, str(files[1]), str(most)]
    aside = subprocess.Popen(arguments, stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)

    def load() -> bool:
        _write(files[0], text, 0, place)
        try:
            known = _serialized(files[0], most)
            if aside.wait() != 0 or known != _declared(front):
                return False
        except (SyntaxError, MemoryError, ValueError):
            return False
        return dataset.load_files(list(map(_result, files)), most)

    try:
        yield load
    finally:
        aside.kill()
        aside.wait()
        for file in (*files, *map(_result, files)):
            file.unlink(missing_ok=True)


def main() -> None:
    """Parse the second half: what the other process does, whose arguments are the file and the most statements."""
    from bicentennial.core.worker.child import isolate

    isolate()
    _serialized(Path(sys.argv[1]), int(sys.argv[2]))


def _parted(text: str) -> tuple[int, str] | None:
    """Return where the second half of a text begins, and what goes in front of it; None if no place is found."""
    middle = int(len(text) * _FIRST)
    between = _BETWEEN.search(text, middle, middle + _NEAR)
    front = _FRONT.match(text)
    return (between.end(), front[0]) if between and front else None


def _write(file: Path, text: str, start: int, end: int, front: str = "") -> None:
    with file.open("wb") as out:
        out.write(front.encode())
        for place in range(start, end, _CHUNK):
            out.write(text[place : min(place + _CHUNK, end)].encode())


def _serialized(file: Path, most: int) -> Any:
    """Write what a file says, but one statement more than there may be at most, as N-Quads; return its prefixes."""
    import pyoxigraph

    parser = pyoxigraph.parse(path=str(file), **_options(pyoxigraph.RdfFormat.TURTLE))
    write_quads(islice(parser, most + 1), _result(file))
    return parser.prefixes, parser.base_iri


def _declared(front: str) -> Any:
    """Return the prefixes that are declared in front, and the base."""
    import pyoxigraph

    parser = pyoxigraph.parse(front, **_options(pyoxigraph.RdfFormat.TURTLE))
    deque(parser, 0)
    return parser.prefixes, parser.base_iri


def _options(syntax: object) -> dict[str, Any]:
    return {"format": syntax, "base_iri": BASE, "without_named_graphs": True}


def _result(file: Path) -> Path:
    return file.with_suffix(".nq")
