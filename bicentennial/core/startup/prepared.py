"""What is worked out of files of the package, kept as Python keeps bytecode: in `__pycache__`, until a file changes.

JSON and what follows from it take a quarter of the time of a small file to read; the same as Python's own data takes a
third of that. Where nothing can be written, or `-B` forbids it, it is worked out each time. Of a large dictionary,
`packed` makes one whose values are read one by one, when `Unpacked` is asked for them.

>>> from bicentennial.core.resources import COMPILED
>>> prepared(COMPILED / "rules.json", lambda: {"names": ["a", ("b", 1)]}, name="example")
{'names': ['a', ('b', 1)]}
>>> _kept(COMPILED / "rules.json", "example").unlink(missing_ok=True)
>>> Unpacked(packed({"a": [1], "b": 2})) == {"a": [1], "b": 2}
True
"""

from __future__ import annotations

import contextlib
import marshal
import os
import sys
from collections.abc import Mapping
from typing import TYPE_CHECKING, Any, TypeVar

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from pathlib import Path

__all__ = ["Unpacked", "packed", "prepared"]

_Plain = TypeVar("_Plain")


def prepared(path: Path, make: Callable[[], _Plain], *others: Path | str, name: str = "") -> _Plain:
    """Return what `make` returns, from where it was kept if none of the files changed since.

    Args:
        path: the file that it is worked out of; it is kept beside that.
        make: works it out: dictionaries, lists, tuples, texts and numbers alone.
        others: further files that it depends on, modules that work it out among them.
        name: what it is called, if not as the file.
    """
    try:
        files = [os.stat(source) for source in (path, *others)]  # noqa: PTH116 - in a third of the time
    except OSError:  # in an archive, or without the source of a module
        return make()
    kept = _kept(path, name or path.stem)
    stamp = marshal.dumps([(each.st_mtime_ns, each.st_size) for each in files], 2)
    try:
        data = kept.read_bytes()
        if data.startswith(stamp):
            found: _Plain = marshal.loads(memoryview(data)[len(stamp) :])  # noqa: S302 - as trusted as our bytecode
            return found
    except (OSError, ValueError, EOFError, TypeError):
        pass  # there is none yet, or it was damaged
    made = make()
    if not sys.dont_write_bytecode and not sys.pycache_prefix:
        _keep(kept, stamp + marshal.dumps(_shared(made, {})))
    return made


def packed(values: Mapping[str, Any]) -> dict[str, bytes]:
    """Return a dictionary with each value as bytes, see `Unpacked`; the values are as `prepared` asks for."""
    return {key: marshal.dumps(_shared(value, {})) for key, value in values.items()}


class Unpacked(Mapping[str, Any]):
    """A dictionary that `packed` has packed; each value is read when it is asked for."""

    def __init__(self, values: dict[str, bytes]) -> None:
        self._packed = values
        self._read: dict[str, Any] = {}

    def __getitem__(self, key: str) -> Any:
        if key not in self._read:
            self._read[key] = marshal.loads(self._packed[key])  # noqa: S302 - it comes out of `prepared`
        return self._read[key]

    def get(self, key: str, default: Any = None) -> Any:
        """Return the value of a key, or another one if there is none."""
        return self[key] if key in self._packed else default

    def __contains__(self, key: object) -> bool:
        return key in self._packed

    def __iter__(self) -> Iterator[str]:
        return iter(self._packed)

    def __len__(self) -> int:
        return len(self._packed)


def _kept(path: Path, name: str) -> Path:
    return path.parent / "__pycache__" / f"{name}.{sys.implementation.cache_tag}.data"


def _keep(path: Path, data: bytes) -> None:
    between = path.with_suffix(f".{os.getpid()}")
    try:
        path.parent.mkdir(exist_ok=True)
        between.write_bytes(data)
        between.replace(path)  # whole, or not at all
    except OSError:
        with contextlib.suppress(OSError):
            between.unlink(missing_ok=True)


def _shared(value: Any, known: dict[str, str]) -> Any:
    """Return data in which equal texts are one object, which is kept, and read, once."""
    match value:
        case str():
            return known.setdefault(value, value)
        case dict():
            return {_shared(key, known): _shared(each, known) for key, each in value.items()}
        case list():
            return [_shared(each, known) for each in value]
        case tuple():
            return tuple(_shared(each, known) for each in value)
        case _:
            return value
