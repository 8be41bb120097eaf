"""What the parts of the service share."""

from __future__ import annotations

import contextlib
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from bicentennial.html.frame import SECTIONS, Site
from bicentennial.service.metrics import Metrics

if TYPE_CHECKING:
    from collections.abc import Iterator

    from bicentennial.monitoring.audience import Audience
    from bicentennial.monitoring.registry import Registry
    from bicentennial.service.settings import Settings

__all__ = ["Context"]

_OF_REGISTRY = ("progress", "send")


@dataclass(slots=True)
class Context:
    """Settings, site and resources of a running service."""

    settings: Settings
    metrics: Metrics = field(default_factory=Metrics)

    @property
    def site(self) -> Site:
        """Where pages lie, and which sections there are."""
        base = (self.settings.base or "").rstrip("/")
        path = "/" + base.split("/", 3)[3] if base.count("/") > 2 else ""
        has_registry = self.settings.registry is not None
        return Site(path, sections=[each for each in SECTIONS if has_registry or each not in _OF_REGISTRY])

    @contextlib.contextmanager
    def registry(self, audience: Audience | None = None) -> Iterator[Registry]:
        """Open the registry for the time of one request, in the thread that serves it.

        Args:
            audience: for whom it answers; the public if None. `access.opened` opens it for the one who asks.

        Raises:
            DatabaseError: the database is away, read-only or full.
        """
        from bicentennial.monitoring.audience import Audience
        from bicentennial.monitoring.registry import open_registry

        with open_registry(self.settings.registry) as registry:
            registry.database.audience = Audience() if audience is None else audience
            yield registry
