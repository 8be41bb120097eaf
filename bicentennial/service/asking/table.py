"""The answer to a query as a table that people read: links to the pages of things, dates and numbers in place.

>>> from bicentennial.knowledge.sparql.results import QueryResult
>>> found = QueryResult.of_select(
...     b'{"head":{"vars":["x"]},"results":{"bindings":[{"x":{"type":"uri","value":"javascript:alert(1)"}}]}}')
>>> "<a" in answer(found, "en", href=lambda path: path, label="Answer")
False
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any, Final

from bicentennial.core.escape import plain
from bicentennial.core.messages import section
from bicentennial.core.namespaces import XSD, compact
from bicentennial.explorer.catalogue import address
from bicentennial.html.markup import Markup, element

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping

    from bicentennial.core.messages import Language
    from bicentennial.knowledge.sparql.results import QueryResult

__all__ = ["answer"]

_NUMBERS: Final = frozenset(XSD[name] for name in ("integer", "decimal", "double", "float", "int", "long"))
_WEB: Final = ("https://", "http://")
_ADDRESS: Final = re.compile(r"https?://[^\s<>\"'(){}|\\^`\[\];,]+[^\s<>\"'(){}|\\^`\[\];,.]")
_SHORT, _MEDIUM = 16, 90
_FOLDED, _SUMMARY, _ADDRESS_LENGTH = 260, 90, 40
# So much of a text is shown in a cell; what is longer is in the files to save.
_LONGEST: Final = 2_000


def answer(found: QueryResult, lang: Language, *, href: Callable[[str], str], label: str) -> Markup:
    """Return the answer to a query: yes or no, a table, or that there is nothing.

    Args:
        found: the answer.
        lang: the language of heads and words.
        href: makes the address of a page of its path without the language.
        label: what the table is called.
    """
    words = section("ask")
    if found.kind == "ask":
        return element("p", words["yes" if found.boolean else "no"][lang], class_="lead")
    if not found.cells:
        return element("p", words["none"][lang])
    heads = found.titles(lang)
    numbers = [_is_number_column(found, place) for place in range(len(heads))]
    widths = ["number" if numbers[place] else _width(found, place) for place in range(len(heads))]
    titles = (
        element("th", _capital(each) if found.heads else each, scope="col", class_=width)
        for each, width in zip(heads, widths, strict=True)
    )
    head = element("thead", element("tr", *titles))
    rows = [
        element("tr", *(_cell(term, lang, href, is_number=each) for term, each in zip(cells, numbers, strict=True)))
        for cells in found.cells
    ]
    table = element("table", head, element("tbody", *rows), class_="answer")
    return element("div", table, class_="scroll", tabindex="0", role="region", aria_label=label)


def _capital(text: str) -> str:
    return text[:1].upper() + text[1:]


def _is_number_column(found: QueryResult, place: int) -> bool:
    terms = [cells[place] for cells in found.cells]
    return any(terms) and all(term is None or term.get("datatype") in _NUMBERS for term in terms)


def _width(found: QueryResult, place: int) -> str:
    """Return how much room a column needs: most of its texts fit in a line of this width, or three."""
    terms = [term for cells in found.cells if (term := cells[place]) is not None]
    lengths = sorted(
        len(compact(str(term["value"])) if term["type"] == "uri" else str(term["value"])) for term in terms
    )
    usual = lengths[len(lengths) * 3 // 4] if lengths else 0
    return "short" if usual <= _SHORT else "medium" if usual <= _MEDIUM else "long"


def _cell(term: Mapping[str, Any] | None, lang: Language, href: Callable[[str], str], *, is_number: bool) -> Markup:
    if term is None:
        return element("td")
    if is_number:
        return element("td", plain(str(term["value"])), class_="number")
    return element("td", _term(term, lang, href))


def _term(term: Mapping[str, Any], lang: Language, href: Callable[[str], str]) -> Markup:
    text = str(term.get("value", ""))
    if term["type"] == "uri":
        return _thing(text, href)
    if term["type"] == "bnode":
        return element("code", f"_:{text}")
    if term["type"] != "literal":
        return element("code", plain(str(term)))
    if term.get("datatype") == XSD.boolean:
        return element("span", section("ask")["yes" if text in ("true", "1") else "no"][lang].lower())
    if term.get("datatype") == XSD.anyURI and text.startswith(_WEB):
        return element("a", text, href=text, rel="external nofollow")
    shown = text if len(text) <= _LONGEST else f"{text[:_LONGEST]}…"
    its = str(term.get("xml:lang", lang))
    lang_of = its if its != lang and its.replace("-", "").isalnum() else False
    if len(shown) <= _FOLDED:
        return element("span", *_linked(shown), lang=lang_of)
    # A row stays as low as its other cells; the text is there for who opens it.
    start = shown[:_SUMMARY].rsplit(" ", 1)[0]
    return element("details", element("summary", f"{start} …"), element("span", *_linked(shown)), lang=lang_of)


def _linked(text: str) -> Iterator[str]:
    """Yield the parts of a text, the web addresses in it as links."""
    done = 0
    for match in _ADDRESS.finditer(text):
        yield text[done : match.start()]
        address = match.group()
        name = address.partition("://")[2]
        short = name if len(name) <= _ADDRESS_LENGTH else f"{name[:_ADDRESS_LENGTH]}…"
        yield element("a", short, href=address, rel="external nofollow")
        done = match.end()
    yield text[done:]


def _thing(iri: str, href: Callable[[str], str]) -> Markup:
    """Return an IRI as a link to its page, or out of the site; one that no browser should open as text."""
    shown = element("code", compact(iri))
    path = address(iri)
    if path is not None:
        return element("a", shown, href=href(path))
    if iri.startswith(_WEB):
        return element("a", shown, href=iri, rel="external nofollow")
    return shown
