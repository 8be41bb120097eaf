"""What reading, checking and querying may take: one object for every call.

>>> Limits(rows=10).rows, Limits.of({"query_rows": 5}).query_rows
(10, 5)
>>> Limits(rows=0)
Traceback (most recent call last):
bicentennial.core.errors.UsageError: there is no limit rows = 0; a limit is a number above 0 for one of: ...
"""

from __future__ import annotations

import math
from typing import TYPE_CHECKING, Any, Final

from bicentennial.core.errors import UsageError
from bicentennial.core.limits import Limits as ReadingLimits
from bicentennial.core.messages import entry, render
from bicentennial.core.startup.records import fields, record
from bicentennial.core.worker.limits import WorkerLimits
from bicentennial.knowledge.sparql.guard import QueryLimits

if TYPE_CHECKING:
    from collections.abc import Mapping
    from typing import Self

__all__ = ["Limits"]

_WORKER: Final = WorkerLimits()
_QUERY: Final = QueryLimits()
_FRACTIONS: Final = frozenset({"seconds"})
_OWN: Final = ("seconds", "memory", "open_files")


@record(frozen=True, kw_only=True)
class Limits(ReadingLimits):
    """What a call may take; the names of the fields are the names of the settings that errors and `--limit` use.

    The same object serves every call; what does not concern a call is not looked at. Wherever `limits=` is accepted, a
    mapping from these names to numbers is accepted too.

    Args:
        file_bytes: size of the file.
        statements: statements in it.
        rows: rows of a sheet.
        columns: columns of a sheet.
        cell_characters: characters in a cell.
        literal_characters: characters of a literal in RDF or of a text in JSON.
        iri_characters: characters of an IRI.
        depth: how deep brackets, elements or JSON values may nest.
        prefixes: different prefixes that an RDF file may declare.
        digits: digits of a number.
        unpacked_bytes: size of a workbook once it is unpacked.
        unpacked_ratio: how many times larger than packed that may be.
        merged_cells: cells that one merged range of a workbook may cover.
        grid_cells: cells of the rectangle that the values of one sheet span.
        findings: findings of one code that a report lists; its totals count them all.
        seconds: wall time; None for what is usual: 600 for files, 30 for a query.
        memory: bytes of address space; None for what is usual: 4 GiB for files, 1 GiB for a query.
        open_files: files that may be open at the same time.
        query_rows: rows, or triples of a graph, that the answer to a query may have.
        query_depth: how deep the brackets of a query may nest.
        query_characters: characters of a query.
        query_words: words and marks of a query.

    Raises:
        UsageError: a limit is no number above 0.
    """

    seconds: float | None = None
    memory: int | None = None
    open_files: int = _WORKER.open_files
    query_rows: int = _QUERY.rows
    query_depth: int = _QUERY.depth
    query_characters: int = _QUERY.characters
    query_words: int = _QUERY.words

    def __post_init__(self) -> None:
        for each in fields(self):
            value = getattr(self, each.name)
            if value is None and each.default is None:
                continue
            if not _is_limit(value, fraction=each.name in _FRACTIONS):
                raise _no_such_limit(each.name, value)

    @classmethod
    def of(cls, settings: Limits | Mapping[str, float] | None) -> Self:
        """Return limits from an object, settings by name, or None for the usual ones.

        Raises:
            UsageError: there is no such limit, or a value makes no sense.
        """
        if isinstance(settings, cls):
            return settings
        given: dict[str, Any] = dict(settings or {})  # type: ignore[arg-type]
        known = {each.name for each in fields(cls)}
        for name, value in given.items():
            if name not in known:
                raise _no_such_limit(name, value)
        return cls(**given)

    def changed(self) -> dict[str, int]:
        """Return the settings for reading a file that are not the usual ones, as a worker is given them."""
        return {
            each.name: getattr(self, each.name)
            for each in fields(ReadingLimits)
            if getattr(self, each.name) != each.default
        }

    def of_worker(self, usual: WorkerLimits = _WORKER) -> WorkerLimits:
        """Return what a worker process may use, where `usual` is what it may use unless something else is set."""
        return WorkerLimits(self.memory or usual.memory, self.seconds or usual.seconds, self.open_files)

    def of_query(self) -> QueryLimits:
        """Return how long and deep a query may be, and how many rows it may answer."""
        return QueryLimits(
            rows=self.query_rows, depth=self.query_depth, characters=self.query_characters, words=self.query_words
        )


def _is_limit(value: object, *, fraction: bool) -> bool:
    kinds = int | float if fraction else int
    return isinstance(value, kinds) and not isinstance(value, bool) and 0 < value < math.inf


def _no_such_limit(name: str, value: object) -> UsageError:
    known = ", ".join(each.name for each in fields(Limits) if each.name not in _OWN)
    text = render(entry("cli", "no-such-limit"), name=name, value=value, known=known)
    return UsageError(text)
