"""Counters of a running service, in Prometheus' text format, on a port of the loopback address alone.

>>> metrics = Metrics()
>>> metrics.observe("GET", "/healthz", 200, 0.002)
>>> [line for line in metrics.text().splitlines() if line.startswith("bicentennial_requests_total")]
['bicentennial_requests_total{method="GET",route="/healthz",status="200"} 1.0']
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from prometheus_client import (
    CollectorRegistry,
    Counter,
    Gauge,
    Histogram,
    PlatformCollector,
    ProcessCollector,
    generate_latest,
    start_http_server,
)

if TYPE_CHECKING:
    from collections.abc import Callable

__all__ = ["Metrics"]

_BUCKETS: Final = (0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1.0, 2.5, 5.0, 10.0, 30.0, 120.0)
_METHODS: Final = frozenset({"GET", "HEAD", "POST", "OPTIONS", "PUT", "PATCH", "DELETE"})


class Metrics:
    """What is counted of one application: requests by route, method and status, their time, and what parts add."""

    def __init__(self) -> None:
        self.registry = CollectorRegistry()
        ProcessCollector(registry=self.registry)
        PlatformCollector(registry=self.registry)
        labels = ("method", "route")
        self._requests = Counter(
            "bicentennial_requests", "Requests answered", (*labels, "status"), registry=self.registry
        )
        self._seconds = Histogram(
            "bicentennial_request_seconds",
            "Time to the end of the answer",
            labels,
            buckets=_BUCKETS,
            registry=self.registry,
        )
        self.running = Gauge("bicentennial_requests_running", "Requests being answered", registry=self.registry)

    def observe(self, method: str, route: str, status: int, seconds: float) -> None:
        """Count a request that was answered; a method that is none of HTTP's counts as `other`."""
        known = method if method in _METHODS else "other"
        self._requests.labels(known, route, str(status)).inc()
        self._seconds.labels(known, route).observe(seconds)

    def gauge(self, name: str, help_text: str, value: Callable[[], float]) -> None:
        """Show a number that is asked for whenever the metrics are read, such as the length of a queue."""
        Gauge(f"bicentennial_{name}", help_text, registry=self.registry).set_function(value)

    def text(self) -> str:
        """Return everything in Prometheus' text format."""
        return generate_latest(self.registry).decode()

    def serve(self, port: int) -> None:
        """Answer `/metrics` on a port of the loopback address, in a thread that ends with the process.

        Raises:
            OSError: the port is taken.
        """
        start_http_server(port, "127.0.0.1", registry=self.registry)
