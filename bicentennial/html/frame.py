"""The frame of every page of the site: head, navigation, language switch, footer; served or written to files.

A page knows its own address and those of the pages it links to as *paths* such as `/es/id/goal-protect`. What a link is
written as depends on the `Site`: the service writes paths below its base, a static site relative paths of files.

>>> Site().href("/en/", "/en/progress")
'/en/progress'
>>> Site(files=True).href("/en/id/goal-protect", "/es/progress?by=goal#x")
'../../es/progress.html#x'
"""

from __future__ import annotations

import posixpath
from dataclasses import dataclass
from functools import lru_cache
from typing import TYPE_CHECKING, Final

from bicentennial.core.messages import LANGUAGES, entry, section
from bicentennial.core.resources import version
from bicentennial.html.markup import Markup, element

if TYPE_CHECKING:
    from collections.abc import Sequence

    from bicentennial.core.messages import Language

__all__ = ["SECTIONS", "STYLES", "Site", "page"]

SECTIONS: Final = ("check", "explore", "progress", "query", "send")
"""The parts of the site that the navigation names, in its order."""
STYLES: Final = ("/static/base.css", "/static/theme.css")

_PLACES: Final = {"check": "", "explore": "explore", "progress": "progress", "query": "query", "send": "send"}


@dataclass(frozen=True, slots=True)
class Site:
    """Where the pages lie.

    Args:
        base: the path below which the service is reached, without a slash at its end.
        files: pages are files that link to each other by relative paths; queries are dropped.
        sections: the parts of the site that there are.
    """

    base: str = ""
    files: bool = False
    sections: Sequence[str] = SECTIONS

    def href(self, here: str, there: str) -> str:
        """Return how the page at `here` links to the path `there`, which may have a query and a fragment."""
        if not self.files:
            return f"{self.base}{there}"
        path, _, fragment = there.partition("#")
        path = path.partition("?")[0]
        target = _relative(self.file(path), posixpath.dirname(self.file(here)))
        return f"{target}#{fragment}" if fragment else target

    def file(self, path: str) -> str:
        """Return the file of a static site in which the page of a path is written.

        >>> Site(files=True).file("/en/"), Site(files=True).file("/en/id/a"), Site(files=True).file("/static/theme.css")
        ('/en/index.html', '/en/id/a.html', '/static/theme.css')
        """
        if path.startswith("/static/"):
            return path
        return f"{path}index.html" if path.endswith("/") else f"{path}.html"


@lru_cache(1 << 14)
def _relative(file: str, folder: str) -> str:
    return posixpath.relpath(file, folder)


def page(
    site: Site,
    lang: Language,
    here: str,
    title: str,
    *body: Markup,
    section_name: str = "",
    description: str = "",
    styles: Sequence[str] = (),
    scripts: Sequence[str] = (),
    head: Sequence[Markup] = (),
    private: bool = False,
    other: str | None = None,
    user: Markup | None = None,
) -> str:
    """Return a page of the site in one language.

    Args:
        site: where pages lie.
        lang: the language of the page.
        here: its path, which begins with `/{lang}/`.
        title: what it is called; the site's name is added in the head.
        body: what stands in `main`.
        section_name: which of `SECTIONS` it belongs to.
        description: one sentence for search engines.
        styles: paths of further style sheets.
        scripts: paths of scripts; there are none within pages.
        head: further elements of the head.
        private: not to be found by search engines, nor named to other sites.
        other: the path of the same page in another language, with `{lang}` for it; worked out of `here` if None.
        user: what the header says of who is signed in.
    """
    words = section("site")
    elsewhere = {
        each: (other or here.replace(f"/{lang}/", "/{lang}/", 1)).replace("{lang}", each) for each in LANGUAGES
    }
    metas = [
        element("meta", charset="utf-8"),
        element("meta", name="viewport", content="width=device-width, initial-scale=1"),
        element("title", f"{title} – {words['name'][lang]}"),
        *([element("meta", name="description", content=description)] if description else []),
        *([element("meta", name="robots", content="noindex")] if private else []),
        element("link", rel="icon", type="image/svg+xml", href=site.href(here, "/static/icon.svg")),
        *(element("link", rel="stylesheet", href=site.href(here, each)) for each in (*STYLES, *styles)),
        *(
            element("link", rel="alternate", hreflang=each, href=site.href(here, path))
            for each, path in elsewhere.items()
            if not private
        ),
        *head,
    ]
    parts = [
        element("a", words["skip"][lang], href="#main", class_="skip"),
        _header(site, lang, here, section_name, elsewhere, user),
        element("main", *body, id="main", tabindex="-1"),
        _footer(site, lang, here),
        *(Markup(f'<script src="{site.href(here, each)}" defer></script>') for each in scripts),
    ]
    document = element("html", element("head", *metas), element("body", *parts), lang=lang)
    return f"<!doctype html>\n{document}\n"


def _header(
    site: Site, lang: Language, here: str, current: str, elsewhere: dict[Language, str], user: Markup | None
) -> Markup:
    words = section("site")
    links = [
        element(
            "li",
            element(
                "a",
                words["sections"][each][lang],
                href=site.href(here, f"/{lang}/{_PLACES[each]}"),
                aria_current="page" if each == current else False,
            ),
        )
        for each in SECTIONS
        if each in site.sections
    ]
    languages = [
        element("a", entry("report", "language")[each], href=site.href(here, path), hreflang=each, lang=each)
        for each, path in elsewhere.items()
        if each != lang
    ]
    return element(
        "header",
        element("a", words["name"][lang], href=site.href(here, f"/{lang}/"), class_="brand"),
        element("nav", element("ul", *links), aria_label=words["navigation"][lang]),
        element("div", *([user] if user else []), *languages, class_="tools"),
        class_="site",
    )


def _footer(site: Site, lang: Language, here: str) -> Markup:
    words = section("site")
    programs = element("a", words["programs"][lang], href=site.href(here, f"/{lang}/docs"))
    return element(
        "footer",
        element("p", words["about"][lang], *([] if site.files else [" ", programs])),
        element("p", words["licence"][lang], " ", element("small", f"bicentennial {version()}")),
        class_="site",
    )
