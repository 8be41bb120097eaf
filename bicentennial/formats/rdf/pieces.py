r"""Long Turtle parsed in pieces by several processes, while DuckDB loads what is parsed already.

A text is split where a line ends as statements do and the next begins as they do. If all before such a place is
Turtle by itself, a statement has ended there, whatever it looks like; and the next piece means what it means in the
whole if no prefix is declared after the beginning of the text, which is put in front of it. Whatever else comes out,
the text is parsed as a whole.

>>> _places("@prefix e: <urn:e:> .\ne:a e:p e:b .\n\ne:b e:p e:c .\ne:c e:p e:d .\n")
[22, 36, 51, 65]
"""

from __future__ import annotations

import os
import re
import select
import subprocess
import sys
from collections import deque
from contextlib import contextmanager
from itertools import islice, takewhile
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

from bicentennial.core.concurrency import Aside
from bicentennial.formats.rdf.iris import BASE
from bicentennial.storage.nquads import write_quads

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from bicentennial.storage.duckdb.dataset import DuckDBDataset

__all__ = ["in_pieces", "main"]

_VALUE: Final = r"(?:<[^<>\n]*>|\"[^\"\n]*\"|'[^'\n]*')"
_DIRECTIVE: Final = rf"@?(?:prefix[ \t]+[^\s:]*:|base|version)[ \t]*{_VALUE}[ \t]*(?:\.[ \t]*)?"
# Whole lines of nothing else: what is put in front of each piece must state nothing.
_FRONT: Final = re.compile(rf"(?:[ \t]*(?:{_DIRECTIVE})*(?:#[^\n]*)?\r?\n)*", re.IGNORECASE)
_BETWEEN: Final = re.compile(r"\.[ \t\r]*\n(?=\s*(?:<[^<>\s]*>|[\w.-]*:[^\s;,\"<>()\[\]]*)[ \t\r\n])")
_NEAR: Final = 1_000_000
_PIECE: Final = 12_000_000
_FEWEST: Final = 4
# Loading what is parsed takes two thirds of the time of parsing it, and makes use of other processors itself.
_MOST_PROCESSES: Final = 4
# DuckDB plans each load anew.
_LOADS: Final = 3
# What the caches of a processor hold is written in half the time.
_CHUNK: Final = 1 << 17
# Numbers of pieces go through pipes in records of one length: one that is written or read at once stays whole.
_RECORD: Final = 8
_FAILED: Final = b"-" * _RECORD
_END: Final = b"." * _RECORD
# So many milliseconds may pass before it shows that a process has ended.
_GLANCE: Final = 200


@contextmanager
def in_pieces(text: str, dataset: DuckDBDataset, most: int, processors: int) -> Iterator[Callable[[], bool] | None]:
    """Have a text parsed by other processes, and yield what loads that; None if the text is not split.

    What loads it, and parses along with them, adds what the text says to the dataset, in its order, and returns whether
    that was possible; if not, nothing was added. It raises an `UnreadableInputError` if there is a triple term.

    Args:
        text: Turtle.
        dataset: where the statements go.
        most: how many there may be.
        processors: how many there are.
    """
    places = _places(text)
    front = _FRONT.match(text)
    if len(places) == 1 or front is None or front.end() > places[0]:
        yield None
        return
    folder = dataset.spool / "pieces"
    folder.mkdir()
    (folder / "front").write_bytes(front[0].encode())
    with _Parsers(folder, most, min(processors, _MOST_PROCESSES, len(places)) - 1) as parsers:
        for number, (start, end) in enumerate(zip([0, *places[:-1]], places, strict=True)):
            _write(_piece(folder, number), text, start, end, front[0] if number else "")
            parsers.hand_over(number)

        def load() -> bool:
            parsing = Aside(parsers.parse)
            try:
                return dataset.load_files(parsers.parsed(len(places)), most)
            except _NotParsedError:
                return False
            finally:
                parsers.stop()
                parsing.wait()

        yield load


class _NotParsedError(Exception):
    """A piece is no Turtle by itself, or changes what the next means."""


class _Parsers:
    """Processes that parse pieces, this one among them.

    They get the numbers of the pieces from one pipe, and say by another which are done.

    Args:
        folder: where pieces are, and where what they say is written to.
        most: how many statements there may be.
        others: how many other processes there are to be.
    """

    def __init__(self, folder: Path, most: int, others: int) -> None:
        self._folder = folder
        self._most = most
        self._jobs_in, self._jobs_out = os.pipe()
        self._answers_in, self._answers_out = os.pipe()
        self._is_stopped = False
        self._others: list[subprocess.Popen[bytes]] = []
        start = f"import sys; sys.path[:] = {sys.path!r}; from bicentennial.formats.rdf.pieces import main; main()"
        arguments = [sys.executable, "-c", start, str(folder), str(most)]
        try:
            for _ in range(others):
                made = subprocess.Popen(
                    arguments, stdin=self._jobs_in, stdout=self._answers_out, stderr=subprocess.DEVNULL
                )
                self._others.append(made)
        except BaseException:
            self.__exit__()
            raise

    def __enter__(self) -> _Parsers:
        return self

    def __exit__(self, *ended: object) -> None:
        """End them, and remove whatever is left."""
        for each in self._others:
            each.kill()
            each.wait()
        for end in (self._jobs_in, self._jobs_out, self._answers_in, self._answers_out):
            os.close(end)
        for file in self._folder.iterdir():
            file.unlink()
        self._folder.rmdir()

    def hand_over(self, number: int) -> None:
        """Let one of them parse a piece."""
        os.write(self._jobs_out, _record(number))

    def parse(self) -> None:
        """Parse along with the others."""
        _parse(self._folder, self._most, self._taken(), self._answers_out)

    def _taken(self) -> Iterator[bytes]:
        while not self._is_stopped:
            yield os.read(self._jobs_in, _RECORD)

    def stop(self) -> None:
        """Let all of them end, this one before the next piece."""
        self._is_stopped = True
        os.write(self._jobs_out, _END * (len(self._others) + 1))

    def parsed(self, count: int) -> Iterator[list[Path]]:
        """Yield the files of what so many pieces say, in their order, several of them as soon as they are there.

        Raises:
            _NotParsedError: one is not parsed.
        """
        done: set[bytes] = set()
        begun = 0
        while begun < count:
            ready = begun
            while ready < min(begun + -(-count // _LOADS), count):
                if _record(ready) in done:
                    ready += 1
                    continue
                done.add(self._answer())
            yield [_result(_piece(self._folder, number)) for number in range(begun, ready)]
            begun = ready

    def _answer(self) -> bytes:
        """Return the number of a piece that is parsed."""
        waiting = select.poll()
        waiting.register(self._answers_in, select.POLLIN)
        while not waiting.poll(_GLANCE):
            if any(each.poll() is not None for each in self._others):  # it ran out of memory, and said nothing
                raise _NotParsedError
        answer = os.read(self._answers_in, _RECORD)
        if answer == _FAILED:
            raise _NotParsedError
        return answer


def main() -> None:
    """Parse pieces: what each of the other processes does; its arguments are the folder and the most statements."""
    from bicentennial.core.worker.child import isolate

    isolate()
    _parse(Path(sys.argv[1]), int(sys.argv[2]), iter(lambda: os.read(0, _RECORD), b""), 1)


def _parse(folder: Path, most: int, numbers: Iterator[bytes], answers: int) -> None:
    """Parse pieces up to the end of their numbers, and write to a pipe which are done, or that one could not be."""
    try:
        declared = _declared((folder / "front").read_bytes())
        for record in takewhile(_END.__ne__, numbers):
            piece = _piece(folder, int(record))
            if _serialized(piece, most) != declared:
                raise _NotParsedError
            piece.unlink()
            os.write(answers, record)
    except BaseException:
        os.write(answers, _FAILED)
        raise


def _places(text: str) -> list[int]:
    """Return where the pieces of a text end."""
    step = max(min(_PIECE, len(text) // _FEWEST), 1)
    starts = range(step, len(text) - step // 2, step)
    found = (_BETWEEN.search(text, start, start + min(_NEAR, step)) for start in starts)
    return [*(each.end() for each in found if each), len(text)]


def _record(number: int) -> bytes:
    return b"%0*d" % (_RECORD, number)


def _piece(folder: Path, number: int) -> Path:
    return folder / f"{number}.ttl"


def _result(piece: Path) -> Path:
    return piece.with_suffix(".nq")


def _write(file: Path, text: str, start: int, end: int, front: str) -> None:
    with file.open("wb") as out:
        out.write(front.encode())
        for place in range(start, end, _CHUNK):
            out.write(text[place : min(place + _CHUNK, end)].encode())


def _serialized(piece: Path, most: int) -> Any:
    """Write what a piece says, but one statement more than there may be at most, as N-Quads; return its prefixes."""
    import pyoxigraph

    parser = pyoxigraph.parse(path=str(piece), **_options(pyoxigraph.RdfFormat.TURTLE))
    write_quads(islice(parser, most + 1), _result(piece))
    return parser.prefixes, parser.base_iri


def _declared(front: bytes) -> Any:
    """Return the prefixes that are declared in front, and the base."""
    import pyoxigraph

    parser = pyoxigraph.parse(front, **_options(pyoxigraph.RdfFormat.TURTLE))
    deque(parser, 0)
    return parser.prefixes, parser.base_iri


def _options(syntax: object) -> dict[str, Any]:
    return {"format": syntax, "base_iri": BASE, "without_named_graphs": True}
