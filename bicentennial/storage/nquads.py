"""Files of canonical N-Quads, as pyoxigraph writes them and DuckDB reads them."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from collections.abc import Iterable
    from pathlib import Path

    import pyoxigraph

__all__ = ["PIECE", "write_quads"]

PIECE: Final = 1 << 20
"""What is written in pieces of this size is kept in large pages, which are read and removed in a tenth of the time."""


def write_quads(quads: Iterable[pyoxigraph.Quad], path: Path) -> None:
    """Write quads to a file."""
    import pyoxigraph

    with path.open("wb", buffering=PIECE) as out:
        pyoxigraph.serialize(quads, out, format=pyoxigraph.RdfFormat.N_QUADS)
