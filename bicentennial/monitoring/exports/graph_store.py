"""A SPARQL server as the Graph Store Protocol of SPARQL 1.1 sees it: graphs that are put, read and deleted whole."""

from __future__ import annotations

import http.client
import ssl
import time
import urllib.error
import urllib.request
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final
from urllib.parse import quote, urlsplit

from bicentennial.core.resources import version
from bicentennial.monitoring.store import problems

if TYPE_CHECKING:
    from collections.abc import Mapping

    from bicentennial.core.errors import OutputError

__all__ = ["Credentials", "GraphStore"]

_SECONDS: Final = 120.0
_ATTEMPTS: Final = 4
_LONGEST_WAIT: Final = 60.0
_BUSY: Final = frozenset({429, 503})
_LOOPBACK: Final = frozenset({"localhost", "127.0.0.1", "::1"})
_N_TRIPLES: Final = "application/n-triples"
_SHOWN: Final = 200


@dataclass(frozen=True, slots=True, repr=False)
class Credentials:
    """Who writes to the server: a user with a password (Digest or Basic, as the server asks), or a bearer token."""

    user: str = ""
    password: str = ""
    token: str = ""

    @classmethod
    def of(cls, environment: Mapping[str, str]) -> Credentials:
        """Return what the environment says, so that no secret stands among the arguments of a process.

        >>> Credentials.of({"BICENTENNIAL_PUBLISH_USER": "office", "BICENTENNIAL_PUBLISH_PASSWORD": "x"}).user
        'office'
        """
        user, password, token = (
            environment.get(f"BICENTENNIAL_PUBLISH_{name}", "") for name in ("USER", "PASSWORD", "TOKEN")
        )
        return cls(user, password, token)


class _Digest(urllib.request.HTTPDigestAuthHandler):
    """Digest authentication that answers a challenge once, and then each request of itself: bodies go out once."""

    _challenge: dict[str, str] | None = None

    def retry_http_digest_auth(self, req: urllib.request.Request, auth: str) -> http.client.HTTPResponse | None:
        self._challenge = urllib.request.parse_keqv_list(
            [each for each in urllib.request.parse_http_list(auth.partition(" ")[2]) if each]
        )
        return super().retry_http_digest_auth(req, auth)

    def http_request(self, req: urllib.request.Request) -> urllib.request.Request:
        if self._challenge is not None and not req.has_header(self.auth_header):
            answer = self.get_authorization(req, self._challenge)
            if answer:
                req.add_unredirected_header(self.auth_header, f"Digest {answer}")
        return req

    https_request = http_request


class GraphStore:
    """A SPARQL server's graph store.

    Args:
        endpoint: its address, such as `https://example.org/rdf-graphs/service`.
        credentials: who writes.

    Raises:
        UsageError: the address is none of HTTP, holds credentials, or a secret would go out unencrypted.
    """

    def __init__(self, endpoint: str, credentials: Credentials) -> None:
        parts = urlsplit(endpoint)
        if parts.scheme not in ("http", "https") or not parts.hostname or parts.username or parts.fragment:
            raise problems.usage("bad-endpoint", endpoint=endpoint.rpartition("@")[2])
        is_private = parts.scheme == "https" or parts.hostname in _LOOPBACK
        if credentials.token and not is_private:
            raise problems.usage("unencrypted", endpoint=endpoint)
        self.endpoint = endpoint
        self._token = credentials.token
        handlers: list[urllib.request.BaseHandler] = [urllib.request.HTTPSHandler(context=ssl.create_default_context())]
        if credentials.user:
            known = urllib.request.HTTPPasswordMgrWithDefaultRealm()
            known.add_password(None, endpoint, credentials.user, credentials.password)
            handlers.append(_Digest(known))
            if is_private:  # a password is not sent where everybody on the way can read it
                handlers.append(urllib.request.HTTPBasicAuthHandler(known))
        self._opener = urllib.request.build_opener(*handlers)

    def put(self, graph: str, data: bytes) -> None:
        """Replace a graph by N-Triples.

        Raises:
            OutputError: the server is away, refuses, or does not take graphs.
        """
        self._ask("PUT", graph, data)

    def delete(self, graph: str) -> None:
        """Delete a graph; one that is not there is no error.

        Raises:
            OutputError: as for `put`.
        """
        self._ask("DELETE", graph)

    def get(self, graph: str) -> bytes:
        """Return a graph as N-Triples; nothing of one that is not there.

        Raises:
            OutputError: as for `put`.
        """
        return self._ask("GET", graph) or b""

    def _ask(self, method: str, graph: str, data: bytes | None = None) -> bytes | None:
        """Return the body of the answer, or None where there is no such graph; wait where the server asks for it."""
        mark = "&" if urlsplit(self.endpoint).query else "?"
        request = urllib.request.Request(f"{self.endpoint}{mark}graph={quote(graph, safe='')}", data, method=method)  # noqa: S310 - of HTTP, see above
        request.add_header("User-Agent", f"bicentennial/{version()}")
        request.add_header("Accept", _N_TRIPLES if method == "GET" else "*/*")
        if data is not None:
            request.add_header("Content-Type", _N_TRIPLES)
        if self._token:
            request.add_unredirected_header("Authorization", f"Bearer {self._token}")
        for attempt in range(_ATTEMPTS):
            try:
                with self._opener.open(request, timeout=_SECONDS) as answer:
                    return bytes(answer.read())
            except urllib.error.HTTPError as error:
                with error:
                    if error.code == 404 and method != "PUT":
                        return None
                    if error.code not in _BUSY or attempt + 1 == _ATTEMPTS:
                        raise self._problem(error) from error
                    time.sleep(_pause(error.headers.get("Retry-After"), attempt))
            except (OSError, http.client.HTTPException) as error:
                raise problems.output("endpoint-away", endpoint=self.endpoint, why=_why(error)) from error
        return None

    def _problem(self, error: urllib.error.HTTPError) -> OutputError:
        if error.code in (401, 403, 407):
            return problems.output("endpoint-refuses", endpoint=self.endpoint, status=error.code)
        if error.code in (301, 302, 303, 307, 308, 404, 405, 501):
            return problems.output("no-graph-store", endpoint=self.endpoint, status=error.code)
        said = error.read(_SHOWN).decode("utf-8", "replace").strip().partition("\n")[0]
        return problems.output("endpoint-fails", endpoint=self.endpoint, status=error.code, said=said or error.reason)


def _pause(asked: str | None, attempt: int) -> float:
    """Return for how many seconds to wait: what the server asks for, within reason.

    >>> _pause("3", 0), _pause(None, 2), _pause("86400", 0), _pause("Fri, 31 Dec 1999 23:59:59 GMT", 0)
    (3.0, 4.0, 60.0, 1.0)
    """
    wanted = float(asked) if asked is not None and asked.isdecimal() else float(2**attempt)
    return min(wanted, _LONGEST_WAIT)


def _why(error: Exception) -> str:
    reason = getattr(error, "reason", error)
    return str(getattr(reason, "strerror", None) or reason or type(error).__name__)
