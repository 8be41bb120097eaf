"""What the parts of the service share."""

from __future__ import annotations

import contextlib
import logging
import threading
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Final

from starlette.concurrency import run_in_threadpool

from bicentennial.core.errors import BicentennialError
from bicentennial.core.worker import Pool, processors
from bicentennial.core.worker.pool import used
from bicentennial.html.frame import SECTIONS, Site
from bicentennial.service.http.metrics import Metrics
from bicentennial.service.jobs import Jobs

if TYPE_CHECKING:
    from collections.abc import AsyncIterator, Iterator

    from starlette.applications import Starlette

    from bicentennial.monitoring.registry import Registry
    from bicentennial.monitoring.store.audience import Audience
    from bicentennial.service.settings import Settings
    from bicentennial.service.sparql.engine import Queries

__all__ = ["Context"]

_OF_REGISTRY = ("progress", "send")
_CHECKING: Final = ("bicentennial.validation.submission", "bicentennial.report.stored")
_GLANCE: Final = 2.0
"""Seconds between two looks for what is to be sent to webhooks."""
_HOUR: Final = 3_600.0
_PATIENCE: Final = 5.0
"""Seconds that running jobs get once all requests have been answered."""


@dataclass(slots=True)
class Context:
    """Settings, site and resources of a running service."""

    settings: Settings
    metrics: Metrics = field(default_factory=Metrics)
    jobs: Jobs = field(init=False)
    """The queue of checks and of whatever else takes longer than a request should."""
    checks: Pool = field(init=False)
    """The workers that read what visitors send; `validate` and the like use them by themselves."""
    ending: threading.Event = field(default_factory=threading.Event)
    """Set once the service ends."""
    queries: Queries = field(init=False)
    """The processes that answer SPARQL."""

    def __post_init__(self) -> None:
        from bicentennial.service.sparql.engine import Queries

        at_once = self.settings.checks or processors()
        self.jobs = Jobs(at_once, self.settings.queue)
        self.checks = Pool(_CHECKING)
        self.queries = Queries(self.settings, self.registry)
        self.metrics.gauge("jobs_waiting", "Checks that wait", self.jobs.waiting)
        self.metrics.gauge("jobs_running", "Checks that run", self.jobs.running)

    @contextlib.asynccontextmanager
    async def lifespan(self, app: Starlette) -> AsyncIterator[None]:  # noqa: ARG002 - as Starlette calls it
        """Start what the service works with, and end it."""
        await run_in_threadpool(self._start)
        with used(self.checks):
            try:
                yield
            finally:
                await run_in_threadpool(self._end)

    def _start(self) -> None:
        if self.settings.webhooks and self.settings.registry:
            threading.Thread(target=self._notify, name="webhooks", daemon=True).start()
        if self.settings.registry:
            threading.Thread(target=self._clear, name="links", daemon=True).start()
        self.checks.start()
        self.queries.start()

    def _end(self) -> None:
        self.ending.set()
        self.queries.close()
        self.jobs.close(_PATIENCE)
        self.checks.close(0)

    def _notify(self) -> None:
        """Notify the webhooks of the settings of what becomes of submissions, until the service ends."""
        from bicentennial.monitoring import webhooks
        from bicentennial.monitoring.store.audience import EVERYTHING

        while not self.ending.wait(_GLANCE):
            try:
                with self.registry(EVERYTHING) as registry:
                    webhooks.deliver(registry.database, self.settings.webhooks, self.settings.webhook_networks)
            except BicentennialError as error:  # tried again at the next glance
                logging.getLogger(__name__).warning("webhooks: %s", type(error).__name__)

    def _clear(self) -> None:
        """Delete the kept reports whose time is over, now and once an hour, until the service ends."""
        from bicentennial.monitoring.access import shares
        from bicentennial.monitoring.store.audience import EVERYTHING

        while not self.ending.is_set():
            with contextlib.suppress(BicentennialError), self.registry(EVERYTHING) as registry:
                shares.clear(registry.database)
            self.ending.wait(_HOUR)

    @property
    def site(self) -> Site:
        """Where pages lie, and which sections there are."""
        base = (self.settings.base or "").rstrip("/")
        path = "/" + base.split("/", 3)[3] if base.count("/") > 2 else ""
        has_registry = self.settings.registry is not None
        return Site(path, sections=tuple(each for each in SECTIONS if has_registry or each not in _OF_REGISTRY))

    @contextlib.contextmanager
    def registry(self, audience: Audience | None = None) -> Iterator[Registry]:
        """Open the registry for the time of one request, in the thread that serves it.

        Args:
            audience: for whom it answers; the public if None. `access.opened` opens it for the one who asks.

        Raises:
            DatabaseError: the database is away, read-only or full.
        """
        from bicentennial.monitoring.registry import open_registry
        from bicentennial.monitoring.store.audience import Audience

        with open_registry(self.settings.registry) as registry:
            registry.database.audience = Audience() if audience is None else audience
            yield registry
