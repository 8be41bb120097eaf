"""The database of a registry: SQLite in one file, or PostgreSQL, behind one small interface.

SQL is written once, with `?` for parameters; what the two say differently is in `Dialect`. Every write happens in
`transaction()`, which takes the one writer's lock first, so that numbers and the chain of events have no gaps.

>>> from bicentennial.monitoring.store import connect
>>> database = connect("sqlite:///:memory:", create=True)
>>> with database.transaction():
...     _ = database.execute("INSERT INTO submitter(id, name) VALUES (?, ?)", ["ngo", "An NGO (fictitious)"])
>>> database.all("SELECT id FROM submitter")
[('ngo',)]
>>> database.close()
"""

from __future__ import annotations

import contextlib
import time
from importlib import resources
from typing import TYPE_CHECKING, Any, Final, NamedTuple

from bicentennial.monitoring.store import problems
from bicentennial.monitoring.store.audience import EVERYTHING, Audience

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence
    from pathlib import Path

    from bicentennial.core.errors import BicentennialError

__all__ = ["APPEND_ONLY", "WAITING", "Database", "Dialect", "migrations", "wait"]

APPEND_ONLY: Final = ("blob", "submission", "event", "check", "content", "subject", "record", "member")
"""The tables in which nothing is changed; of blob and record, a redaction may take away what it names."""
_JUDGED: Final = "'accepted', 'returned', 'pending', 'superseded', 'withdrawn'"
WAITING: Final = (
    "SELECT s.id FROM submission s WHERE NOT EXISTS (SELECT 1 FROM event e WHERE e.submission = s.id"  # noqa: S608 - constants
    f" AND e.what IN ({_JUDGED}))"
)
"""The query for submissions that are not judged yet; a condition or an order may follow."""

# SQLite may be made so that it takes no more than 999 parameters.
_TOGETHER: Final = 500
_GLANCE: Final = 0.25
"""Seconds between two looks for news where the database sends no notification."""


class Dialect(NamedTuple):
    """What the two databases write differently."""

    bytes: str
    identity: str
    without_rowid: str
    of_postgres: str
    """What stands before a statement that PostgreSQL alone takes: nothing, or what makes a comment of it."""


def migrations() -> list[tuple[int, str]]:
    """Return the numbered scripts that make and change the tables, in their order."""
    folder = resources.files("bicentennial.monitoring.store") / "migrations"
    scripts = sorted((each for each in folder.iterdir() if each.name.endswith(".sql")), key=lambda each: each.name)
    return [(int(each.name[:4]), each.read_text(encoding="utf-8")) for each in scripts]


class Database:
    """A connection to a registry's database; `audience` says which submissions those who ask through it may see."""

    dialect: Dialect
    errors: tuple[type[Exception], ...]
    _connection: Any
    _depth = 0
    _seen: object = None
    audience: Audience = EVERYTHING

    def execute(self, sql: str, parameters: Sequence[Any] = ()) -> Any:
        """Run a statement and return its cursor."""
        with self._translated():
            return self._run(sql, parameters)

    def executemany(self, sql: str, rows: Iterable[Sequence[Any]]) -> None:
        """Run a statement for each of many rows."""
        with self._translated():
            self._run_many(sql, rows)

    def all(self, sql: str, parameters: Sequence[Any] = ()) -> list[tuple[Any, ...]]:
        """Return all rows of a query."""
        with self._translated():
            return [tuple(row) for row in self._run(sql, parameters).fetchall()]

    def all_in(self, sql: str, many: Iterable[Any], before: Sequence[Any] = ()) -> Iterator[tuple[Any, ...]]:
        """Yield the rows of a query for many values of one kind, as many at a time as parameters allow.

        Args:
            sql: the query; `IN (*)` stands for `IN` with the values, and no parameter may follow it.
            many: the values.
            before: the parameters before those.

        >>> from bicentennial.monitoring.store import connect
        >>> database = connect("sqlite:///:memory:", create=True)
        >>> database.executemany("INSERT INTO submitter(id, name) VALUES (?, ?)", [["ngo", "A"], ["fund", "B"]])
        >>> list(database.all_in("SELECT id FROM submitter WHERE name <> ? AND id IN (*)", ["fund", "other"], ["A"]))
        [('fund',)]
        >>> database.close()
        """
        values = [*many]
        for start in range(0, len(values), _TOGETHER):
            some = values[start : start + _TOGETHER]
            yield from self.all(sql.replace(" IN (*)", f" IN ({', '.join('?' * len(some))})"), [*before, *some])

    def one(self, sql: str, parameters: Sequence[Any] = ()) -> tuple[Any, ...] | None:
        """Return the first row of a query, or None."""
        with self._translated():
            row = self._run(sql, parameters).fetchone()
        return tuple(row) if row is not None else None

    def value(self, sql: str, parameters: Sequence[Any] = ()) -> Any:
        """Return the first value of the first row, or None."""
        row = self.one(sql, parameters)
        return row[0] if row else None

    @contextlib.contextmanager
    def transaction(self) -> Iterator[None]:
        """Run what is inside as one transaction of the one writer; a transaction inside another is part of it."""
        if self._depth:
            yield
            return
        try:
            with self._translated():
                self._begin()
        except BaseException:  # another has the lock; what was begun for it is in the way of the next attempt
            self._rollback()
            raise
        self._depth += 1
        try:
            yield
        except BaseException:
            self._rollback()
            raise
        else:
            self._commit()
        finally:
            self._depth -= 1

    @contextlib.contextmanager
    def claimed(self, submission: int | None = None, *, after: int = 0) -> Iterator[int | None]:
        """Take a submission that waits for its check, and yield its id, or None if there is none.

        On PostgreSQL it is taken from all other machines until the block ends, in which `transaction()` then takes the
        writer's lock alone; if this process or its network goes away meanwhile, the submission waits again.

        Args:
            submission: that one, once no other process has it; the first that no other process has if None.
            after: only one with a greater number, where it may be any.
        """
        condition, value = ("=", submission) if submission is not None else (">", after)
        yield self.value(f"{WAITING} AND s.id {condition} ? ORDER BY s.id LIMIT 1", [value])

    def wait_for_news(self, seconds: float) -> bool:
        """Wait until another connection has written something; return whether one has, or the time was up."""
        end = time.monotonic() + seconds
        while (seen := self._news()) == self._seen and time.monotonic() < end:
            time.sleep(min(_GLANCE, max(end - time.monotonic(), 0)))
        self._seen, before = seen, self._seen
        return seen != before

    def damage(self) -> list[str]:
        """Return what the database's own check of its file finds, such as an index that misses rows."""
        return []

    def announce(self) -> None:
        """Let those who wait for news know, once the transaction ends."""

    def _commit(self) -> None:
        with self._translated():
            self._run("COMMIT", ())

    def _rollback(self) -> None:
        with contextlib.suppress(*self.errors):
            self._run("ROLLBACK", ())

    @contextlib.contextmanager
    def snapshot(self) -> Iterator[None]:
        """Let several queries see the same state, whatever is written meanwhile."""
        if self._depth:
            yield
            return
        with self._translated():
            self._read()
        self._depth += 1
        try:
            yield
        finally:
            self._depth -= 1
            self._rollback()

    def prepare(self, url: str, *, create: bool) -> None:
        """Make the tables, or bring them up to date."""
        version = self._version()
        known = [number for number, _ in migrations()]
        if create and version:
            raise problems.usage("exists", registry=url)
        if not create and not version:
            raise problems.usage("no-registry", registry=url)
        if version > known[-1]:
            raise problems.usage("newer", registry=url, version=version, known=known[-1])
        if version < known[-1] and not self._migrate(version) and create:
            raise problems.usage("exists", registry=url)

    def close(self) -> None:
        """Close the connection."""
        with contextlib.suppress(*self.errors):
            self._connection.close()

    def _migrate(self, version: int) -> bool:
        """Run the scripts that are missing, and return whether it was not another process that did."""
        with self.transaction():
            if self._version() != version:
                return False
            for number, script in migrations():
                if number > version:
                    self._script(
                        script.replace("{{BYTES}}", self.dialect.bytes)
                        .replace("{{ID}}", self.dialect.identity)
                        .replace("{{WITHOUT_ROWID}}", self.dialect.without_rowid)
                        .replace("{{OF_POSTGRES}}", self.dialect.of_postgres)
                    )
                    self._run("DELETE FROM meta WHERE key = 'version'", ())
                    self._run("INSERT INTO meta(key, value) VALUES ('version', ?)", [str(number)])
            if not version:
                self._guard()
        return True

    def _script(self, script: str) -> None:
        lines = [line for line in script.splitlines() if not line.lstrip().startswith("--")]
        for statement in "\n".join(lines).split(";"):
            if statement.strip():
                self._run(statement, ())

    @contextlib.contextmanager
    def _translated(self) -> Iterator[None]:
        try:
            yield
        except self.errors as error:
            raise self._problem(error) from error

    def _run(self, sql: str, parameters: Sequence[Any]) -> Any:
        raise NotImplementedError

    def _run_many(self, sql: str, rows: Iterable[Sequence[Any]]) -> None:
        raise NotImplementedError

    def _begin(self) -> None:
        raise NotImplementedError

    def _read(self) -> None:
        raise NotImplementedError

    def _news(self) -> object:
        """Return something that is another after another connection has written."""
        raise NotImplementedError

    def _version(self) -> int:
        raise NotImplementedError

    def _guard(self) -> None:
        raise NotImplementedError

    def _problem(self, error: Exception) -> BicentennialError:
        raise NotImplementedError

    def copy_to(self, target: Path) -> None:
        """Write a consistent copy of the whole database into a new file."""
        raise NotImplementedError


def wait(attempt: int) -> None:
    """Wait before another attempt at what another writer was in the way of."""
    time.sleep(min(0.05 * 2**attempt, 2.0))
