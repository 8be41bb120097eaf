"""Parameters that several addresses of the program interface share."""

from __future__ import annotations

import base64
from dataclasses import dataclass
from typing import TYPE_CHECKING, Annotated, Any, Final, Literal

from fastapi import Depends, Query, Request
from fastapi.exceptions import RequestValidationError
from starlette.responses import JSONResponse, Response

from bicentennial.core.messages import sentence
from bicentennial.service.http.refusals import Refusal
from bicentennial.service.http.requests import language_of

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from bicentennial.monitoring.questions.views import View

__all__ = [
    "MEDIA_TYPES",
    "Date",
    "Drawn",
    "Listed",
    "Name",
    "Paging",
    "Times",
    "Window",
    "known_alone",
    "refuse",
    "shown",
    "spoken",
]

_DATE: Final = r"^\d{4}(-\d{2}(-\d{2})?)?$"
_MOMENT: Final = r"^\d{4}(-\d{2}(-\d{2}([T ]\d{2}:\d{2}(:\d{2}(\.\d{1,6})?)?(Z|[+-]\d{2}:\d{2})?)?)?)?$"
_CURSOR: Final = r"^[A-Za-z0-9_-]{1,64}$"
_MOST: Final = 1000

Listed = Annotated[Literal["json", "csv"], Query(alias="format")]
Drawn = Annotated[Literal["json", "csv", "svg"], Query(alias="format")]
Date = Annotated[str | None, Query(pattern=_DATE)]
Name = Annotated[str | None, Query(max_length=200)]


def spoken(lang: Literal["en", "es"] | None = None) -> None:
    """Let every address take `lang`, which `language_of` reads."""


def known_alone(request: Request) -> None:
    """Refuse parameters that an address does not have: a filter that is misspelt would let everything pass.

    Raises:
        RequestValidationError: there is one.
    """
    if not request.query_params:
        return
    operation = request.app.openapi()["paths"][request.scope["route"].path_format][request.method.lower()]
    known = {each["name"] for each in operation["parameters"] if each["in"] == "query"}
    if unknown := set(request.query_params) - known:
        raise RequestValidationError([{"type": "extra_forbidden", "loc": ("query", name)} for name in sorted(unknown)])


@dataclass(frozen=True, slots=True)
class Times:
    """The two times of a question."""

    as_of: Date = None
    known: Annotated[str | None, Query(pattern=_MOMENT)] = None

    def to_dict(self) -> dict[str, str | None]:
        """Return them as the registry takes them."""
        return {"as_of": self.as_of, "known": self.known}


@dataclass(frozen=True, slots=True)
class Paging:
    """Which part of a list is wanted: at most so many entries after a cursor."""

    limit: Annotated[int, Query(ge=1, le=_MOST)] = 100
    after: Annotated[str | None, Query(pattern=_CURSOR)] = None

    def start(self) -> int:
        """Return where the part begins: how many entries are passed over, or the number of the entry before it.

        Raises:
            Refusal: 400 for a cursor that none of our answers has named.
        """
        if self.after is None:
            return 0
        try:
            name, _, number = base64.urlsafe_b64decode(self.after + "==").decode("ascii").partition(":")
        except (ValueError, UnicodeError):
            name, number = "", ""
        if name != "after" or not number.isdecimal() or len(number) > 9:
            raise refuse(400, "bad-cursor")
        return int(number)

    def page(self, request: Request, entries: Sequence[Any]) -> Response:
        """Return the part of a list that is wanted, with the address of what follows."""
        start = self.start()
        end = start + self.limit
        return self.part(request, entries[start:end], after=end if end < len(entries) else None)

    def part(self, request: Request, entries: Sequence[Any], *, after: int | None) -> Response:
        """Return a part of a list, with the address of what follows.

        Args:
            request: what is answered.
            entries: the part that is wanted, and nothing else.
            after: what `start` returns for the part that follows; None if nothing does.
        """
        following = None
        if after is not None:
            cursor = base64.urlsafe_b64encode(f"after:{after}".encode()).decode().rstrip("=")
            url = request.url.include_query_params(after=cursor)
            following = f"{url.path}?{url.query}"
        headers = {"Link": f'<{following}>; rel="next"'} if following else None
        return JSONResponse({"items": list(entries), "next": following}, headers=headers)


Window = Annotated[Paging, Depends()]


def refuse(status: int, key: str, headers: Mapping[str, str] | None = None, **words: object) -> Refusal:
    """Return the error that answers with a status and a sentence of `[api.problems]`."""
    return Refusal(status, sentence("api", "problems", key, **words), headers)


MEDIA_TYPES: Final = {"csv": "text/csv; charset=utf-8", "svg": "image/svg+xml"}
"""The types of the other formats of the registry's answers."""


def shown(request: Request, view: View, form: str, paging: Paging | None = None) -> Response:
    """Return an answer of the registry: in JSON as it stands or as a page of a list, else whole in another format."""
    if form != "json":
        lang = language_of(request)
        return Response(view.render(form, lang), media_type=MEDIA_TYPES[form], headers={"Content-Language": lang})
    if paging is None:
        return JSONResponse(dict(view.plain))
    [entries] = view.plain.values()
    return paging.page(request, entries)
