"""Which pages the explorer has, and how each is made.

>>> explorer = Explorer()
>>> page = explorer.render("/es/id/goal-protect-our-people")
>>> "<h1>Proteger a nuestra gente</h1>" in page
True
>>> explorer.render("/es/id/nothing") is None
True
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Final

from bicentennial.core.messages import LANGUAGES
from bicentennial.explorer.catalogue import KINDS, address, iri_at, things
from bicentennial.explorer.codes import code_list, code_page
from bicentennial.explorer.landing import landing_page, term_list
from bicentennial.explorer.listing import list_page
from bicentennial.explorer.search import index_script, search_page
from bicentennial.explorer.states import map_page
from bicentennial.explorer.thing import thing_page
from bicentennial.explorer.timeline import timeline_page
from bicentennial.explorer.view import View
from bicentennial.html.frame import Site
from bicentennial.report.codes.explanation import codes

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping

    from bicentennial.core.messages import Language

__all__ = ["Explorer"]

_FIXED: Final[dict[str, Callable[[View, Mapping[str, str]], str]]] = {
    "/explore": lambda view, _: landing_page(view),
    "/explore/timeline": lambda view, _: timeline_page(view),
    "/explore/map": lambda view, _: map_page(view),
    "/explore/search": lambda view, query: search_page(view, query.get("q", ""), query.get("kind", "")),
    "/ontology": lambda view, _: term_list(view),
    "/codes": lambda view, _: code_list(view),
}
_NO_QUERY: Final[Mapping[str, str]] = {}


@dataclass(frozen=True, slots=True)
class Explorer:
    """All pages of the explorer on a site.

    Args:
        site: where the pages lie, which decides how they link to each other.
    """

    site: Site = field(default_factory=Site)

    def paths(self) -> Iterator[str]:
        """Yield the path of every page, in each language, such as `/es/id/goal-protect-our-people`."""
        for lang in LANGUAGES:
            yield from (f"/{lang}{path}" for path in _paths())

    def render(self, path: str, query: Mapping[str, str] = _NO_QUERY) -> str | None:
        """Return the page at a path, or None if there is none.

        Args:
            path: it begins with a language.
            query: what a form asked for; only the search and the lists heed it.
        """
        lang = next((each for each in LANGUAGES if path.startswith(f"/{each}/")), None)
        if lang is None:
            return None
        rest = path.removeprefix(f"/{lang}")
        view = View(self.site, lang, path)
        if rest in _FIXED:
            return _FIXED[rest](view, query)
        if (kind := rest.removeprefix("/explore/")) in KINDS and rest != kind:
            return list_page(view, kind, query)
        if (code := rest.removeprefix("/codes/")) in codes() and rest != code:
            return code_page(view, code)
        iri = iri_at(rest)
        return thing_page(view, iri) if iri is not None else None

    def scripts(self) -> Iterator[tuple[str, str]]:
        """Yield path and text of each script that is made from the data."""
        for lang in LANGUAGES:
            yield f"/static/search-{lang}.js", self.index(lang)

    def index(self, lang: Language) -> str:
        """Return the index of the search in a language, as a script."""
        return index_script(lang)


def _paths() -> Iterator[str]:
    yield from _FIXED
    yield from (f"/explore/{kind}" for kind in KINDS)
    yield from (f"/codes/{code}" for code in codes())
    for iri in dict.fromkeys(iri for kind in KINDS for iri in things(kind)):
        path = address(iri)
        if path is not None and path not in _FIXED:
            yield path
