"""A connection that ends when its client is too slow: in saying what it wants, in sending a file, in taking the answer.

uvicorn limits only how long an idle connection is kept. Here a request has `request_seconds` to arrive, and as much
more as its body needs at `BYTES_PER_SECOND`; an answer that is not taken for `answer_seconds` is dropped.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

import h11
from uvicorn.protocols.http.h11_impl import H11Protocol

from bicentennial.core.messages import LANGUAGES, sentence
from bicentennial.service.http.security import HEADERS

if TYPE_CHECKING:
    import asyncio

    from bicentennial.service.settings import Settings

__all__ = ["HEADER_BYTES", "connection"]

BYTES_PER_SECOND: Final = 8 * 1024
HEADER_BYTES: Final = 16 * 1024
"""How long the request line and the headers may be together."""


def connection(settings: Settings) -> type[H11Protocol]:
    """Return the class of a service's connections, with the deadlines of its settings."""
    deadlines = {"request_seconds": settings.request_seconds, "answer_seconds": settings.answer_seconds}
    return type("Connection", (_Connection,), deadlines)


class _Connection(H11Protocol):
    """An HTTP/1.1 connection with deadlines."""

    request_seconds: float
    answer_seconds: float
    _deadline: asyncio.TimerHandle | None = None
    _unread: asyncio.TimerHandle | None = None
    _since: float | None = None
    _received = 0

    def connection_made(self, transport: asyncio.Transport) -> None:  # type: ignore[override]
        """Begin to wait for a request."""
        super().connection_made(transport)
        self._wait()

    def connection_lost(self, exc: Exception | None) -> None:
        """Stop all clocks."""
        for timer in (self._deadline, self._unread):
            if timer is not None:
                timer.cancel()
        super().connection_lost(exc)

    def data_received(self, data: bytes) -> None:
        """Take a part of a request, and note whether it is whole."""
        if self._since is None:
            self._wait()
        self._received += len(data)
        super().data_received(data)
        if self.conn.their_state in (h11.DONE, h11.MUST_CLOSE, h11.CLOSED, h11.ERROR):
            self._rest()

    def on_response_complete(self) -> None:
        """Rest until the next request, which may be here already."""
        if self.conn.their_state is h11.DONE:
            self._rest()
        super().on_response_complete()

    def _wait(self) -> None:
        self._since, self._received = self.loop.time(), 0
        self._deadline = self.loop.call_later(self.request_seconds, self._look)

    def _rest(self) -> None:
        if self._deadline is not None:
            self._deadline.cancel()
        self._since = self._deadline = None

    def _look(self) -> None:
        """Close the connection of a request that should be here by now; give one that is on its way its time."""
        assert self._since is not None
        left = self._since + self.request_seconds + self._received / BYTES_PER_SECOND - self.loop.time()
        if left > 0:
            self._deadline = self.loop.call_later(left, self._look)
            return
        self._since = self._deadline = None
        self._refuse(408, "too-slow")

    def pause_writing(self) -> None:
        """Begin to wait for a client that does not take its answer."""
        super().pause_writing()
        self._unread = self.loop.call_later(self.answer_seconds, self.transport.abort)

    def resume_writing(self) -> None:
        """Stop waiting: the client reads."""
        if self._unread is not None:
            self._unread.cancel()
        super().resume_writing()

    def timeout_keep_alive_handler(self) -> None:
        """Close an idle connection, and drop what its client has not taken a while later."""
        super().timeout_keep_alive_handler()
        self.loop.call_later(self.answer_seconds, self.transport.abort)

    def send_400_response(self, msg: str) -> None:  # noqa: ARG002 - uvicorn's own text is in English alone
        """Say in both languages that this is no request."""
        self._rest()
        self._refuse(400, "not-http")

    def _refuse(self, status: int, key: str) -> None:
        """Answer what never became a request, as far as an answer can still be given, and close."""
        if self.conn.our_state in (h11.IDLE, h11.SEND_RESPONSE):
            texts = sentence("traffic", key)
            body = "".join(f"{texts[lang]}\n" for lang in LANGUAGES).encode()
            headers = {**HEADERS, "Content-Type": "text/plain; charset=utf-8", "Connection": "close"}
            headers["Content-Length"] = str(len(body))
            response = h11.Response(status_code=status, headers=list(headers.items()))
            for event in (response, h11.Data(data=body), h11.EndOfMessage()):
                self.transport.write(self.conn.send(event) or b"")
        self.transport.close()
        self.loop.call_later(self.answer_seconds, self.transport.abort)
