"""The process that serves: a socket, the address on standard output, and an orderly end."""

from __future__ import annotations

import signal
import socket
import sys
from typing import TYPE_CHECKING, Final

from bicentennial.core.errors import ConflictError, DatabaseError, OutputError
from bicentennial.core.messages import sentence
from bicentennial.core.reasons import reason

if TYPE_CHECKING:
    from types import FrameType

    from bicentennial.service.http.metrics import Metrics
    from bicentennial.service.settings import Settings

__all__ = ["serve"]

_GRACE: Final = 20
"""Seconds that running requests get once the service is asked to end."""
_BACKLOG: Final = 2048


def serve(settings: Settings, *, lang: str = "en", open_browser: bool = False) -> None:
    """Serve until a signal ends it.

    The address is the only line on standard output, written once connections are accepted.

    Raises:
        OutputError: the port is taken, or may not be listened on.
        UsageError: there is no registry where the settings say that one is.
    """
    import uvicorn

    from bicentennial.service.app import create_app
    from bicentennial.service.http import logs
    from bicentennial.service.http.connections import HEADER_BYTES, connection

    class Server(uvicorn.Server):
        """A server that prints its address once it accepts connections, and ends with 0 when it is asked to."""

        def handle_exit(self, sig: int, frame: FrameType | None) -> None:  # noqa: ARG002
            # uvicorn would raise the signal again after an orderly end; a second Ctrl-C waits for no answer.
            self.force_exit = self.should_exit and sig == signal.SIGINT
            self.should_exit = True

        async def startup(self, sockets: list[socket.socket] | None = None) -> None:
            await super().startup(sockets)
            if not self.should_exit:
                print(url, flush=True)
                if open_browser:
                    import webbrowser

                    webbrowser.open(url)

    _look_at_registry(settings, lang)
    listening = _listen(settings)
    host, port = listening.getsockname()[:2]
    url = f"http://{f'[{host}]' if ':' in host else host}:{port}"
    logs.configure()
    app = create_app(settings)
    if settings.metrics_port is not None:
        _show_metrics(app.state.context.metrics, settings.metrics_port)
    config = uvicorn.Config(
        app,
        http=connection(settings),
        ws="none",
        h11_max_incomplete_event_size=HEADER_BYTES,
        log_config=None,
        access_log=False,
        proxy_headers=False,  # `security` believes the proxies of the settings, and no others
        server_header=False,
        timeout_graceful_shutdown=_GRACE,
    )
    print(sentence("service", "listening", url=url)[lang], file=sys.stderr)
    Server(config).run(sockets=[listening])


def _look_at_registry(settings: Settings, lang: str) -> None:
    """Refuse to serve what is no registry; one that does not answer now may do so later, and is only reported."""
    if settings.registry is None:
        return
    from bicentennial.monitoring.registry import open_registry

    try:
        open_registry(settings.registry).close()
    except (ConflictError, DatabaseError) as error:
        print(f"bicentennial: {error.text[lang]}", file=sys.stderr, flush=True)


def _show_metrics(metrics: Metrics, port: int) -> None:
    try:
        metrics.serve(port)
    except OSError as error:
        raise OutputError(
            sentence("service", "port-taken", host="127.0.0.1", port=port, reason=reason(error))
        ) from None


def _listen(settings: Settings) -> socket.socket:
    family = socket.AF_INET6 if ":" in settings.host else socket.AF_INET
    # Named as TCP, or else asyncio leaves the delay for small packets on: 40 ms for each answer.
    listening = socket.socket(family, socket.SOCK_STREAM, socket.IPPROTO_TCP)
    listening.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    try:
        listening.bind((settings.host, settings.port))
    except (OSError, OverflowError) as error:
        listening.close()
        raise OutputError(
            sentence("service", "port-taken", host=settings.host, port=settings.port, reason=reason(error))
        ) from None
    listening.listen(_BACKLOG)
    return listening
