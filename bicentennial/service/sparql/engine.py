"""The outside of the query processes: who is answered by which, how many queries run at once, what becomes of limits.

    public query process      the Framework, and what of the registry anyone may see
    internal query process    the Framework, and all of the registry; for reviewers

Each holds its store and forks for every query, so limits of memory and time hold whatever a query does, and what is
under embargo is not filtered but absent. A process is replaced by another once the registry has changed.

A query that takes longer than a second is a long one, of which only some may run at a time: where there are more, those
that have run longest are stopped and told so. So quick ones are always answered, even where many others keep them
waiting, and the memory of all is bounded.
"""

from __future__ import annotations

import contextlib
import threading
import time
from typing import TYPE_CHECKING, Any, Final, NamedTuple

from bicentennial.core.errors import (
    BicentennialError,
    ConflictError,
    LimitReachedError,
    OutputError,
    UnreadableInputError,
    WorkerLostError,
)
from bicentennial.core.files.output import atomic_path
from bicentennial.core.files.workspace import Workspace
from bicentennial.core.messages import sentence
from bicentennial.core.worker import Pool, WithText, WorkerLimits
from bicentennial.knowledge.sparql.guard import QueryLimits, inspect
from bicentennial.monitoring.store.audience import EVERYTHING, Audience
from bicentennial.service.sparql.graphs import PROVENANCE, current_graphs, named_in, state_of, wanted_graphs
from bicentennial.service.sparql.protocol import Refused

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Sequence
    from contextlib import AbstractContextManager
    from pathlib import Path

    from bicentennial.knowledge.sparql.guard import Inspection
    from bicentennial.monitoring.registry import Registry
    from bicentennial.service.settings import Settings
    from bicentennial.service.sparql.protocol import Asked

    Opening = Callable[[Audience | None], AbstractContextManager[Registry]]

__all__ = ["LIMITS", "Answer", "Queries", "inspected"]

LIMITS: Final = QueryLimits()
"""How long and deep a query may be."""
MOST: Final = 32
"""How many queries may run at once."""
_SPARES: Final = 3
"""How many processes wait for a query, forked before it comes."""
_LONG_SECONDS: Final = 1.0
_LONG_AT_ONCE: Final = 8
_FRESH_SECONDS: Final = 1.0
_AWAY: Final = (ConflictError, OutputError)
"""What is raised while the registry is away, or another process keeps all others out of it."""
_BUSY: Final = {"Retry-After": "5"}
_RUN: Final = "bicentennial.service.sparql.running:run"
_GRAPHS: Final = "bicentennial.service.sparql.running:graphs"
_PRELOAD: Final = "bicentennial.service.sparql.running:preload"


class Answer(NamedTuple):
    """The text of an answer, whether it is only its beginning, and what there is to know about it, by language."""

    text: str
    is_cut: bool
    notes: list[dict[str, str]]


def inspected(query: str) -> Inspection:
    """Return what a query is, before any engine sees it.

    Raises:
        Refused: it is none, asks for what is not allowed, or is too long.
    """
    try:
        return inspect(query, LIMITS, datasets=True)
    except LimitReachedError as error:
        limit = {"query_characters": LIMITS.characters, "query_words": LIMITS.words, "query_depth": LIMITS.depth}
        text = sentence("sparql", error.setting, limit=f"{limit[error.setting]:,}")
        raise Refused(400, text) from None
    except BicentennialError as error:
        raise Refused(400, error.text) from None


class Queries:
    """The query processes of a running service; its methods may be called from any thread.

    Args:
        settings: those of the service.
        registry: opens the registry for an audience.
    """

    def __init__(self, settings: Settings, registry: Opening) -> None:
        self._settings = settings
        self._registry = registry
        self._public = _Process(settings, registry, Audience)
        self._internal = _Process(settings, registry, lambda: EVERYTHING)
        self._lock = threading.Lock()
        self._running = 0
        self._long: list[threading.Event] = []

    def start(self) -> None:
        """Start the process that most queries need, so that none waits for it."""
        with contextlib.suppress(*_AWAY):
            self._public.refresh()
        self._public.pool.start()

    def close(self) -> None:
        """End the query processes."""
        for each in (self._public, self._internal):
            each.close()

    def graphs(self, audience: Audience) -> list[str]:
        """Return the names of the graphs that queries of an audience find by themselves."""
        process = self._process_of(audience)
        process.refresh()
        return process.graphs()

    def _process_of(self, audience: Audience) -> _Process:
        return self._internal if audience.everything else self._public

    def ask(
        self,
        asked: Asked,
        form: str,
        audience: Audience,
        *,
        base: str | None = None,
        rows: int | None = None,
        is_wanted: Callable[[], bool] = lambda: True,
    ) -> Answer:
        """Answer a query.

        Args:
            asked: the query and its graphs.
            form: the name of the form of the answer, one of those that its kind of query has.
            audience: who asks.
            base: what relative IRIs in the query are relative to.
            rows: how many rows to answer at most, as JSON; all if None.
            is_wanted: tells from time to time whether anyone still waits for the answer.

        Raises:
            Refused: the query is wrong, or reached a limit, or there are too many.
        """
        with self._room() as watch:
            process = self._process_of(audience)
            known = process.refresh()
            job = {**asked._asdict(), "form": form, "base": base, "rows": rows}
            with self._further_graphs(asked, audience, known) as files:
                found = process.run(job, files, lambda seconds: watch(seconds, is_wanted))
        return Answer(found.text, found.plain["is_cut"], found.plain["notes"])

    @contextlib.contextmanager
    def _room(self) -> Iterator[Callable[[float, Callable[[], bool]], None]]:
        """Count a query for as long as it runs, and give what is called while it does."""
        stopped = threading.Event()

        def watch(seconds: float, is_wanted: Callable[[], bool]) -> None:
            if stopped.is_set() or not is_wanted():  # where it is not wanted, the answer is not read
                raise Refused(503, sentence("sparql", "busy"), _BUSY)
            if seconds < _LONG_SECONDS:
                return
            with self._lock:
                if stopped in self._long:
                    return
                self._long.append(stopped)
                if len(self._long) > _LONG_AT_ONCE:
                    self._long.pop(0).set()

        with self._lock:
            if self._running >= MOST:
                raise Refused(503, sentence("sparql", "busy"), _BUSY)
            self._running += 1
        try:
            yield watch
        finally:
            with self._lock:
                self._running -= 1
                if stopped in self._long:
                    self._long.remove(stopped)

    @contextlib.contextmanager
    def _further_graphs(self, asked: Asked, audience: Audience, known: Sequence[str]) -> Iterator[list[str]]:
        """Give the files of the graphs that a query names and its process has not.

        Raises:
            Refused: they are more than a query may use, or writing them takes longer than a query may.
        """
        if self._settings.registry is None:
            yield []
            return
        names = named_in(inspected(asked.query).tokens).union(asked.default, asked.named)
        base = (
            known[-1].removesuffix(PROVENANCE) if known else ""
        )  # while there is nothing known, the registry is asked
        if not {each for each in names if each.startswith(base)}.difference(known):
            yield []
            return
        with Workspace() as folder:
            path = folder.path / "further.nq"
            try:
                with self._registry(audience) as registry:
                    size = self._write(path, wanted_graphs(registry, names, known))
            except _AWAY:
                size = 0
            yield [str(path)] if size else []

    def _write(self, path: Path, lines: Iterable[str]) -> int:
        """Write lines of graphs, as many as a query may use, and return how many characters they have."""
        size, end = 0, time.monotonic() + self._settings.query_seconds
        with path.open("w", encoding="utf-8", newline="\n") as stream:
            for line in lines:
                size += stream.write(line)
                if size > self._settings.query_memory:
                    raise _reached("memory", self._settings)
                if time.monotonic() > end:
                    raise _reached("seconds", self._settings)
        return size


class _Process:
    """A query process, and the graphs that it holds.

    Args:
        settings: those of the service.
        registry: opens the registry for an audience.
        audience: makes the audience whose graphs it holds.
    """

    def __init__(self, settings: Settings, registry: Opening, audience: Callable[[], Audience]) -> None:
        self._settings = settings
        self._registry = registry
        self._audience = audience
        self._folder = Workspace()
        self._path = self._folder.path / "graphs.nq"
        self._files = [str(self._path), *settings.graphs]
        self.pool = Pool([[_PRELOAD, *self._files]], spares=_SPARES)
        self._lock = threading.Lock()
        self._looked_at = float("-inf")
        self._state: tuple[object, ...] | None = None
        self._names: list[str] = []

    def close(self) -> None:
        """End the process and remove its graphs."""
        self.pool.close(0)
        self._folder.close()

    def refresh(self) -> list[str]:
        """Look if the registry has changed, replace the process if it has, and return the names of its graphs.

        While the registry is away, queries are answered from what was read of it last.
        """
        if self._settings.registry is None or time.monotonic() - self._looked_at < _FRESH_SECONDS:
            return self._names
        # One thread looks; the others are answered from what there is, unless there is nothing yet.
        if self._lock.acquire(blocking=self._state is None):
            try:
                self._look()
            except _AWAY:
                if self._state is None:
                    raise
            finally:
                self._lock.release()
        return self._names

    def _look(self) -> None:
        if time.monotonic() - self._looked_at < _FRESH_SECONDS:
            return
        with self._registry(self._audience()) as registry, registry.database.snapshot():
            state = state_of(registry)
            if state != self._state:
                names, lines = current_graphs(registry)
                with atomic_path(self._path) as made, made.open("w", encoding="utf-8", newline="\n") as stream:
                    stream.writelines(lines)
                self.pool.replace()
                self._state, self._names = state, names
        self._looked_at = time.monotonic()

    def graphs(self) -> list[str]:
        """Return the names of the graphs that the process holds."""
        found: list[str] = self.pool.call(_GRAPHS, self._files, limits=self._limits)
        return found

    @property
    def _limits(self) -> WorkerLimits:
        return WorkerLimits(memory=self._settings.query_memory, seconds=self._settings.query_seconds)

    def run(self, job: dict[str, Any], files: Sequence[str], on_progress: Callable[[float], None]) -> WithText:
        """Have a query answered by a fork of the process.

        Args:
            job: see `running.run`.
            files: further graphs.
            on_progress: called from time to time; what it raises ends the query.

        Raises:
            Refused: the query is wrong, or reached a limit.
        """
        try:
            asked = {**job, "files": [*self._files, *files]}
            found: WithText = self.pool.call(_RUN, asked, limits=self._limits, on_progress=on_progress)
        except LimitReachedError as error:
            if error.setting not in ("seconds", "memory"):
                raise Refused(400, error.text) from None
            raise _reached(error.setting, self._settings) from None
        except UnreadableInputError:
            raise Refused(400, sentence("sparql", "died")) from None
        except WorkerLostError as error:
            raise Refused(503, error.text, _BUSY) from None
        except BicentennialError as error:
            raise Refused(400, error.text) from None
        return found


def _reached(setting: str, settings: Settings) -> Refused:
    """Return the refusal of a query that takes more time, or more memory, than it may."""
    if setting == "seconds":
        return Refused(408, sentence("sparql", "seconds", limit=f"{settings.query_seconds:g}"))
    return Refused(503, sentence("sparql", "memory", limit=f"{settings.query_memory >> 20:,}"))
