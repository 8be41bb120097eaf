"""What the parts of a page share: its language, its own address, how it links, and how it writes words and dates.

>>> view = View(Site(), "es", "/es/explore")
>>> view.href("/id/goal-protect-our-people"), view.date("2021-10-08"), view.date("2022-04")
('/es/id/goal-protect-our-people', '8 de octubre de 2021', 'abril de 2022')
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final

from bicentennial.core.messages import LANGUAGES, section
from bicentennial.core.namespaces import compact
from bicentennial.explorer.catalogue import address
from bicentennial.html.frame import Site, page
from bicentennial.html.markup import Markup, element
from bicentennial.report.words import number

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from bicentennial.core.messages import Language
    from bicentennial.knowledge.pages import Value

__all__ = ["View", "capital"]

STYLES: Final = ("/static/explorer.css",)
_DATE: Final = re.compile(r"(\d{4})(?:-(\d\d)(?:-(\d\d))?)?")
_NUMBER: Final = re.compile(r"(-?)(\d+)(?:\.(\d*))?")
_NUMBERS: Final = frozenset({"decimal", "integer"})
_DATES: Final = frozenset({"date", "gYear", "gYearMonth"})


def capital(text: str) -> str:
    """Return a text that begins with a capital letter, as headings do."""
    return text[:1].upper() + text[1:]


@dataclass(frozen=True, slots=True)
class View:
    """A page that is being made: where it lies, and in which language it is."""

    site: Site
    lang: Language
    here: str

    @property
    def other(self) -> Language:
        """The other language."""
        return next(each for each in LANGUAGES if each != self.lang)

    def href(self, path: str) -> str:
        """Return how this page links to a page in its language; `path` is without the language."""
        return self.site.href(self.here, f"/{self.lang}{path}")

    def word(self, *keys: str, **fields: str) -> str:
        """Return a text of the section `explorer` of the catalogue."""
        found: Any = section("explorer")
        for key in keys:
            found = found[key]
        text: str = found[self.lang]
        return text.format(**fields) if fields else text

    def counted(self, key: str, one: str, count: int) -> str:
        """Return a text with a number in it, or that for exactly one."""
        return self.word(one) if count == 1 else self.word(key, count=self.number(count))

    def number(self, value: int) -> str:
        """Return a number as the language writes it."""
        return number(value, self.lang)

    def decimal(self, text: str) -> str:
        """Return a decimal number as the language writes it; any other text as it is."""
        match = _NUMBER.fullmatch(text)
        if match is None:
            return text
        part = (match[3] or "").rstrip("0")
        return f"{match[1]}{self.number(int(match[2]))}{f'.{part}' if part else ''}"

    def date(self, text: str) -> str:
        """Return a date, month or year as the language writes it; any other text as it is."""
        match = _DATE.fullmatch(text)
        if match is None or match[2] is None:
            return text
        month = section("explorer")["months"][self.lang][int(match[2]) - 1]
        if match[3] is None:
            return self.word("month-year", month=month, year=match[1])
        return self.word("month-day", month=month, day=str(int(match[3])), year=match[1])

    def time(self, text: str) -> Markup:
        """Return a date as an element that programs can read too."""
        return element("time", self.date(text), datetime=text)

    def link(self, iri: str, text: str) -> Markup:
        """Return a link to the page of a thing; a web address without one is a link out of the site."""
        path = address(iri)
        if path is not None:
            return element("a", text, href=self.href(path))
        if iri.startswith(("https://", "http://")):
            return element("a", text, href=iri, rel="external")
        return element("span", text)

    def value(self, value: Value) -> Markup:
        """Return a value of a fact: a link to what it names, a date as people write it, or its text."""
        if value.iri:
            return self.link(value.iri, value.text)
        if value.datatype in _DATES:
            return self.time(value.text)
        if value.datatype in _NUMBERS:
            return element("span", self.decimal(value.text))
        if value.datatype == "anyURI" and value.text.startswith(("https://", "http://")):
            return element("a", value.text, href=value.text, rel="external")
        return element("span", value.text)

    def crumbs(self, *steps: tuple[str, str]) -> Markup:
        """Return the way from the landing page to this page: path and name of each step, this page not among them."""
        links = [element("li", element("a", name, href=self.href(path))) for path, name in steps]
        return element("nav", element("ol", *links), class_="crumbs", aria_label=self.word("path"))

    def table(
        self, label: str, heads: Sequence[str], rows: Iterable[Markup], *, caption: str = "", ident: str = ""
    ) -> Markup:
        """Return a table that scrolls by itself where the page is too narrow for it."""
        head = element("thead", element("tr", *(element("th", capital(each), scope="col") for each in heads)))
        parts = [*([element("caption", caption)] if caption else []), head, element("tbody", *rows)]
        options: dict[str, str] = {"id": ident} if ident else {}
        return element("div", element("table", *parts, **options), class_="scroll", tabindex="0", role="region",
                       aria_label=label)  # fmt: skip

    def page(
        self,
        title: str,
        *body: Markup,
        description: str = "",
        scripts: Sequence[str] = (),
    ) -> str:
        """Return the whole page."""
        return page(
            self.site,
            self.lang,
            self.here,
            title,
            *body,
            section_name="explore",
            description=description,
            styles=STYLES,
            scripts=scripts,
        )

    def code(self, iri: str) -> Markup:
        """Return the short form of an IRI, with the IRI itself to be read on pointing at it."""
        return element("code", compact(iri), title=iri)
