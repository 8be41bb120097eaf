"""The Framework itself for programs: one thing with everything about it, and a search by name."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated, Any, Final, Literal

from fastapi import APIRouter, Path, Query, Request
from starlette.responses import JSONResponse, Response

from bicentennial.core.namespaces import BIC, compact
from bicentennial.knowledge.names import KINDS, names
from bicentennial.knowledge.text import normalize_words
from bicentennial.service.api import models
from bicentennial.service.api.parameters import Window
from bicentennial.service.http.requests import language_of

if TYPE_CHECKING:
    from collections.abc import Iterator

    from bicentennial.knowledge.names import Thing

__all__ = ["found", "router"]

router = APIRouter()

if TYPE_CHECKING:
    Kind = str
else:
    Kind = Literal[tuple(KINDS)]
_TIERS: Final = ("notations", "labels", "alternatives", "local")


@router.get("/things/{name:path}", response_model=models.Thing)
def thing(request: Request, name: Annotated[str, Path(min_length=1, max_length=300)]) -> Response:
    """Return one thing of the Framework: an action, a goal, an agency, a document, a passage, a term."""
    from bicentennial.guide import show

    language = language_of(request)
    page: Any = show(name, lang=language)
    return JSONResponse(page.to_dict(), headers={"Content-Language": language})


@router.get("/search", response_model=models.Page[models.Hit])
def search(
    request: Request,
    q: Annotated[str, Query(min_length=1, max_length=200)],
    window: Window,
    kind: Kind = "thing",
) -> Response:
    """Find things of the Framework by name, in either language; case and accents make no difference."""
    hits = [
        {
            "id": compact(each.iri),
            "iri": each.iri,
            "kind": _kind(each),
            "label": each.label or each.caption,
            "notations": sorted(each.notations),
        }
        for each in found(q, kind)
    ]
    return window.page(request, hits)


def found(asked: str, kind: str = "thing") -> list[Thing]:
    """Return the things that a text names, or is the beginning or a part of a name of; the nearest first.

    >>> [each.label["en"] for each in found("pursue")][:1]
    ['Pursue criminal networks']
    """
    wanted = normalize_words(asked)
    ranked = [(rank, each.iri, each) for each in names().of_kind(kind) if (rank := _rank(each, wanted)) is not None]
    return [each for _, _, each in sorted(ranked, key=lambda entry: entry[:2])]


def _rank(each: Thing, wanted: str) -> tuple[int, int, int, int] | None:
    """Return how near a name is: whole, begun, begun at a word, within; terms after things; None if it is no name."""
    best = min(_fits(each, wanted), default=None)
    if best is None:
        return None
    is_term = each.iri.startswith(str(BIC)) or BIC.Name in each.types
    return best[0], int(is_term), best[1], best[2]


def _fits(each: Thing, wanted: str) -> Iterator[tuple[int, int, int]]:
    for tier, name in enumerate(_TIERS):
        for text in each.matches(name) if wanted else ():
            if text == wanted:
                yield 0, tier, len(text)
            elif text.startswith(wanted):
                yield 1, tier, len(text)
            elif f" {wanted}" in text:
                yield 2, tier, len(text)
            elif wanted in text:
                yield 3, tier, len(text)


def _kind(each: Thing) -> str | None:
    """Return the most special of the kinds that a thing is of."""
    classes = names().classes(each.iri)
    kinds = [kind for kind, iri in KINDS.items() if iri is not None and iri in classes]
    return kinds[-1] if kinds else None
