"""Requests of the SPARQL 1.1 protocol: what is asked, of which graphs.

>>> read("GET", "query=ASK%20%7B%7D&named-graph-uri=urn:a", "", b"")
Asked(query='ASK {}', default=(), named=('urn:a',), format=None, is_file=False)
>>> read("POST", "", "application/sparql-query; charset=UTF-8", b"ASK {}").query
'ASK {}'
>>> read("GET", "", "", b"") is None
True
"""

from __future__ import annotations

from email.message import Message
from typing import TYPE_CHECKING, Final, NamedTuple
from urllib.parse import parse_qsl

from bicentennial.core.messages import sentence

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

__all__ = ["FORM", "QUERY", "Asked", "Refused", "decoded", "form_fields", "read"]

FORM: Final = "application/x-www-form-urlencoded"
QUERY: Final = "application/sparql-query"
_UPDATE: Final = "application/sparql-update"
_FIELDS: Final = 300
_GRAPHS: Final = 100


class Asked(NamedTuple):
    """A query, and the graphs of the dataset that the request names beside it.

    `format` and `is_file` are ours: the name of a form of the answer, and whether it is to be saved.
    """

    query: str
    default: tuple[str, ...] = ()
    named: tuple[str, ...] = ()
    format: str | None = None
    is_file: bool = False


class Refused(Exception):  # noqa: N818 - an answer, not an error
    """A request that is answered with a status and a sentence by language."""

    def __init__(self, status: int, text: Mapping[str, str], headers: Mapping[str, str] | None = None) -> None:
        super().__init__(text["en"])
        self.status = status
        self.text = text
        self.headers = dict(headers or {})


def _refused(status: int, key: str, **words: object) -> Refused:
    return Refused(status, sentence("sparql", key, **words))


def read(method: str, query_string: str, content_type: str, body: bytes) -> Asked | None:
    """Return what a request asks; None for one that asks nothing, which is answered with the service's description.

    Args:
        method: `GET` or `POST`.
        query_string: that of the address.
        content_type: that of the body.
        body: of a POST.

    Raises:
        Refused: it is no request of the protocol, or an update.
    """
    fields = form_fields(query_string)
    queries = [value for name, value in fields if name == "query"]
    if method == "POST":
        kind, charset = _kind(content_type)
        if kind == _UPDATE:
            raise _refused(403, "read-only")
        if kind not in (FORM, QUERY):
            raise _refused(415, "body-type" if kind else "no-type", kind=kind)
        text = decoded(body, charset)
        if kind == QUERY:
            queries.append(text)
        else:
            posted = form_fields(text)
            queries += [value for name, value in posted if name == "query"]
            fields += posted
    if any(name == "update" for name, _ in fields):
        raise _refused(403, "read-only")
    if len(queries) > 1:
        raise _refused(400, "two-queries")
    if not queries:
        if method == "POST":
            raise _refused(400, "no-query")
        return None
    given = dict(fields)
    return Asked(
        queries[0],
        _graphs(fields, "default-graph-uri"),
        _graphs(fields, "named-graph-uri"),
        given.get("format"),
        "download" in given,
    )


def _kind(content_type: str) -> tuple[str, str]:
    """Return the media type of a body and its character set."""
    if not content_type:
        return "", "utf-8"
    header = Message()
    header["Content-Type"] = content_type
    return header.get_content_type() if "/" in content_type else content_type, header.get_content_charset("utf-8")


def decoded(body: bytes, charset: str = "utf-8") -> str:
    """Return the text of a body.

    Raises:
        Refused: it is not in UTF-8.
    """
    if charset not in ("utf-8", "utf8", "us-ascii"):
        raise _refused(415, "not-utf-8")
    try:
        return body.decode("utf-8")
    except UnicodeDecodeError:
        raise _refused(400, "not-utf-8") from None


def form_fields(text: str) -> list[tuple[str, str]]:
    """Return the fields of a form or of the end of an address.

    Raises:
        Refused: they are not in UTF-8, or too many.
    """
    try:
        return parse_qsl(text, keep_blank_values=True, errors="strict", max_num_fields=_FIELDS)
    except UnicodeDecodeError:
        raise _refused(400, "not-utf-8") from None
    except ValueError:
        raise _refused(400, "too-many-graphs", limit=_GRAPHS) from None


def _graphs(fields: Sequence[tuple[str, str]], name: str) -> tuple[str, ...]:
    import pyoxigraph as ox

    found = tuple(dict.fromkeys(value for key, value in fields if key == name))
    if len(found) > _GRAPHS:
        raise _refused(400, "too-many-graphs", limit=_GRAPHS)
    for each in found:
        try:
            ox.NamedNode(each)
        except ValueError:
            raise _refused(400, "bad-graph", name=each[:200]) from None
    return found
