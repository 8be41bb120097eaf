"""DuckDB itself, without what its package brings along: that is four fifths of the time its import takes."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import duckdb
else:
    try:
        import _duckdb as duckdb
    except ImportError:  # should the extension ever move within its package
        import duckdb

__all__ = ["duckdb"]
