"""The frame of every page of the site: head, navigation, language switch, footer; served or written to files.

A page knows its own address and those of the pages it links to as *paths* such as `/es/id/goal-protect`. What a link is
written as depends on the `Site`: the service writes paths below its base, a static site relative paths of files.

>>> Site().href("/en/", "/en/progress")
'/en/progress'
>>> Site(files=True).href("/en/id/goal-protect", "/es/progress?by=goal#x")
'../../es/progress.html#x'
"""

from __future__ import annotations

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
    sections: tuple[str, ...] = SECTIONS

    def href(self, here: str, there: str) -> str:
        """Return how the page at `here` links to the path `there`, which may have a query and a fragment."""
        if not self.files:
            return f"{self.base}{there}"
        path, _, fragment = there.partition("#")
        target = _relative(self.file(path.partition("?")[0]), self.beside(here))
        return f"{target}#{fragment}" if fragment else target

    def beside(self, here: str) -> str:
        """Return the folder in which all pages link as the one at `here` does; it is a path, too.

        >>> Site(files=True).beside("/en/id/a"), Site(files=True).beside("/en/"), Site().beside("/en/id/a")
        ('/en/id/', '/en/', '/')
        """
        return here[: here.rindex("/") + 1] if self.files else "/"

    def file(self, path: str) -> str:
        """Return the file of a static site in which the page of a path is written.

        >>> Site(files=True).file("/en/"), Site(files=True).file("/en/id/a"), Site(files=True).file("/static/theme.css")
        ('/en/index.html', '/en/id/a.html', '/static/theme.css')
        """
        if path.startswith("/static/"):
            return path
        return f"{path}index.html" if path.endswith("/") else f"{path}.html"


def _relative(file: str, folder: str) -> str:
    """Return how a page in a folder calls a file; both are absolute."""
    steps, left = file.split("/"), folder.split("/")[:-1]
    shared = 0
    while shared < min(len(left), len(steps) - 1) and left[shared] == steps[shared]:
        shared += 1
    return "/".join([*[".."] * (len(left) - shared), *steps[shared:]])


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
    words, beside = section("site"), site.beside(here)
    elsewhere = {
        each: (other or here.replace(f"/{lang}/", "/{lang}/", 1)).replace("{lang}", each) for each in LANGUAGES
    }
    metas = [
        element("meta", charset="utf-8"),
        element("meta", name="viewport", content="width=device-width, initial-scale=1"),
        element("title", f"{title} – {words['name'][lang]}"),
        *([element("meta", name="description", content=description)] if description else []),
        *([element("meta", name="robots", content="noindex")] if private else []),
        _loaded(site, beside, (*STYLES, *styles)),
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
        _footer(site, lang, beside),
        *(Markup(f'<script src="{site.href(here, each)}" defer></script>') for each in scripts),
    ]
    document = element("html", element("head", *metas), element("body", *parts), lang=lang)
    return f"<!doctype html>\n{document}\n"


# What all pages of a folder have alike is made once for each folder.


@lru_cache(1 << 6)
def _loaded(site: Site, beside: str, styles: tuple[str, ...]) -> Markup:
    icon = element("link", rel="icon", type="image/svg+xml", href=site.href(beside, "/static/icon.svg"))
    return Markup(icon + "".join(element("link", rel="stylesheet", href=site.href(beside, each)) for each in styles))


def _header(
    site: Site, lang: Language, here: str, current: str, elsewhere: dict[Language, str], user: Markup | None
) -> Markup:
    languages = [
        element("a", entry("report", "language")[each], href=site.href(here, path), hreflang=each, lang=each)
        for each, path in elsewhere.items()
        if each != lang
    ]
    return element(
        "header",
        _navigation(site, lang, site.beside(here), current),
        element("div", *([user] if user else []), *languages, class_="tools"),
        class_="site",
    )


@lru_cache(1 << 8)
def _navigation(site: Site, lang: Language, beside: str, current: str) -> Markup:
    words = section("site")
    links = [
        element(
            "li",
            element(
                "a",
                words["sections"][each][lang],
                href=site.href(beside, f"/{lang}/{_PLACES[each]}"),
                aria_current="page" if each == current else False,
            ),
        )
        for each in SECTIONS
        if each in site.sections
    ]
    brand = element("a", words["name"][lang], href=site.href(beside, f"/{lang}/"), class_="brand")
    return Markup(brand + element("nav", element("ul", *links), aria_label=words["navigation"][lang]))


@lru_cache(1 << 6)
def _footer(site: Site, lang: Language, beside: str) -> Markup:
    words = section("site")
    programs = element("a", words["programs"][lang], href=site.href(beside, f"/{lang}/docs"))
    return element(
        "footer",
        element("p", words["about"][lang], *([] if site.files else [" ", programs])),
        element("p", words["licence"][lang], " ", element("small", f"bicentennial {version()}")),
        class_="site",
    )
