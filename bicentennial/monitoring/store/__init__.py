"""What is stored: the database and its tables, files, records, the chain of events, submissions for an audience."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Final

from bicentennial.monitoring.store import problems

if TYPE_CHECKING:
    from bicentennial.monitoring.store.database import Database

__all__ = ["connect", "is_postgres", "path_of"]

_SCHEME: Final = re.compile(r"[A-Za-z][A-Za-z0-9+.-]+://")


def connect(url: str, *, create: bool = False) -> Database:
    """Open a registry's database, or make one.

    Args:
        url: `postgresql://…`, or the path of a file (`sqlite:///PATH` is taken too).
        create: make the tables; a registry that exists already is then an error, and is not touched.

    Raises:
        UsageError: there is no registry there, or one where none should be, or it is on a network drive; or it is the
            address of a database of another kind.
        DatabaseError: the database is away, read-only or full.
    """
    database: Database
    if is_postgres(url):
        from bicentennial.monitoring.store.postgres import Postgres

        database = Postgres(url)
    elif scheme := _SCHEME.match(path_of(url)):
        raise problems.usage("other-database", kind=scheme[0])  # what follows may hold a password
    else:
        from bicentennial.monitoring.store.sqlite import Sqlite

        database = Sqlite(path_of(url), create=create)
    try:
        database.prepare(url, create=create)
    except BaseException:
        database.close()
        raise
    return database


def path_of(url: str) -> str:
    """Return the path of a registry in a file.

    >>> path_of("sqlite:///registry.sqlite"), path_of("/srv/registry.sqlite")
    ('registry.sqlite', '/srv/registry.sqlite')
    """
    return url.removeprefix("sqlite:///")


def is_postgres(url: str) -> bool:
    """Return whether an address is one of PostgreSQL; anything else is a path of SQLite's."""
    return url.startswith(("postgresql://", "postgres://"))
