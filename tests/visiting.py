"""A visitor's browser as far as forms and cookies go: it sends with each form what the page had, and whence it came."""

from __future__ import annotations

import re
from html import unescape
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    import httpx

    from tests.serving import Service

__all__ = ["Visitor", "rows_of"]

_TOKEN = re.compile(r'name="form_token" value="([0-9a-f]{64})"')
_ROW = re.compile(r"<tr>(.*?)</tr>", re.DOTALL)
_CELL = re.compile(r"<t[hd][^>]*>(.*?)</t[hd]>", re.DOTALL)
_TAG = re.compile(r"<[^>]+>")


class Visitor:
    """Someone who looks at the pages of a service, and may sign in."""

    def __init__(self, service: Service) -> None:
        self.service = service
        self.client = service.client(headers={"Accept": "text/html"})

    def close(self) -> None:
        self.client.close()

    def sign_in(self, token: str) -> httpx.Response:
        """Sign in with one of the service's tokens by name."""
        return self.send("/en/login", "/en/login", {"token": self.service.tokens.get(token, token)})

    def page(self, path: str, status: int = 200) -> str:
        """Return the text of a page."""
        answer = self.client.get(path)
        assert answer.status_code == status, (path, answer.status_code, answer.text[:500])
        return answer.text

    def send(
        self, page: str, to: str, data: dict[str, Any], files: Any = None, headers: dict[str, str] | None = None
    ) -> httpx.Response:
        """Load a page, and send its form with the token that it has."""
        found = _TOKEN.search(self.page(page))
        given = {"form_token": found[1]} if found else {}
        sent = {"Origin": self.service.url, "Sec-Fetch-Site": "same-origin", **(headers or {})}
        return self.client.post(to, data={**given, **data}, files=files, headers=sent)


def rows_of(page: str, caption: str) -> list[list[str]]:
    """Return the cells of the table of a caption, row by row, as they are read."""
    table = re.search(rf"<table><caption[^>]*>{re.escape(caption)}</caption>(.*?)</table>", page, re.DOTALL)
    assert table is not None, caption
    return [[unescape(_TAG.sub("", each)) for each in _CELL.findall(row)] for row in _ROW.findall(table[1])]
