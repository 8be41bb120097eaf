"""Long N-Triples read in stretches: what is plain is never in memory as a whole, and seen by no parser."""

from __future__ import annotations

from typing import IO, TYPE_CHECKING, Final

from bicentennial.formats.decoding import may_be_garbled
from bicentennial.formats.rdf.reading import Content, measure_terms

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from bicentennial.core.limits import Limits
    from bicentennial.storage.dataset import Dataset

__all__ = ["read_in_stretches"]

# What the caches of a processor hold is looked at in two thirds of the time.
_STRETCH: Final = 500_000
_LINE: Final = 16_000_000


class _DoubtError(Exception):
    """There may be something to say of a text."""


def read_in_stretches(
    stream: IO[bytes], dataset: Dataset, limits: Limits, *, on_read: Callable[[], None] | None = None
) -> Content | None:
    """Load what N-Triples say into an empty dataset, if they are plain; see `Dataset.load_ntriples`.

    Args:
        stream: the file.
        dataset: where the statements go.
        limits: see `Limits`.
        on_read: called when the file has been read, and is being loaded, which leaves the interpreter alone.

    Returns:
        What else there is to know of it; None, and nothing is loaded, if the text is to be looked at as a whole.

    Raises:
        LimitReachedError: something in it is too long.
    """
    try:
        if not dataset.load_ntriples(_stretches(stream, on_read), limits.statements):
            return None
    except _DoubtError:
        return None
    measure_terms(dataset, limits)
    return Content("ntriples", is_numbered=True)


def _stretches(stream: IO[bytes], on_read: Callable[[], None] | None) -> Iterator[bytes]:
    while stretch := stream.read(_STRETCH):
        stretch += stream.readline(_LINE)
        if may_be_garbled(stretch):
            raise _DoubtError
        yield stretch
    if on_read is not None:
        on_read()
