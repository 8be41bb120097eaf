"""What the databases have in common, and DuckDB itself.

That comes without what its package brings along, which is four fifths of the time its import takes.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Protocol

if TYPE_CHECKING:
    from collections.abc import Sequence

    import duckdb
else:
    try:
        import _duckdb as duckdb
    except ImportError:  # should the extension ever move within its package
        import duckdb

__all__ = ["Connection", "Rows", "duckdb"]


class Rows(Protocol):
    """What a statement found."""

    def fetchone(self) -> Any:
        """Return the next row, None if there is none."""
        ...

    def fetchmany(self, size: int = ..., /) -> list[Any]:
        """Return the next rows, none at the end."""
        ...

    def fetchall(self) -> list[Any]:
        """Return all rows."""
        ...


class Connection(Protocol):
    """What DuckDB and SQLite have in common."""

    def execute(self, sql: str, parameters: Sequence[Any] = ..., /) -> Rows:
        """Run a statement."""
        ...

    def close(self) -> None:
        """Close it."""
        ...
