"""Elements of a page, built so that text can never become markup.

>>> element("p", "<script>", element("b", "a & b"), class_="note")
Markup('<p class="note">&lt;script&gt;<b>a &amp; b</b></p>')
>>> element("br"), element("input", type="checkbox", checked=True, hidden=False)
(Markup('<br>'), Markup('<input type="checkbox" checked>'))
"""

from __future__ import annotations

from functools import lru_cache
from html import escape
from typing import TYPE_CHECKING, Final

from bicentennial.core.escape import plain
from bicentennial.core.messages import LANGUAGES

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from bicentennial.core.messages import Language

__all__ = ["Markup", "bilingual", "both", "element", "lines", "safe"]

_VOID: Final = frozenset({"br", "input", "link", "meta"})
_SHORT: Final = 120
"""Up to how many letters a text is one that pages have again and again, such as a label or an address."""


class Markup(str):
    """Markup that is whole and safe; any other text is escaped before it enters a page."""

    __slots__ = ()

    def __repr__(self) -> str:
        return f"Markup({str(self)!r})"


def safe(text: str) -> Markup:
    r"""Return a text with nothing in it that acts: neither markup nor control or bidirectional characters.

    >>> safe("a\u202eb<")
    Markup('a\\u202eb&lt;')
    """
    return text if isinstance(text, Markup) else Markup(_written(text))


def _written(text: str) -> str:
    return _escaped(text) if len(text) <= _SHORT else escape(plain(text))


@lru_cache(1 << 12)
def _escaped(text: str) -> str:
    return escape(plain(text))


@lru_cache(1 << 8)
def _label(key: str) -> str:
    return key.removesuffix("_").replace("_", "-")


def lines(text: str) -> Markup:
    r"""Return a text of several lines for an element `pre`: each line is as in `safe`, the line ends stay.

    >>> lines("a <b>\nc\x07")
    Markup('a &lt;b&gt;\nc\\x07')
    """
    return Markup("\n".join(map(safe, text.split("\n"))))


def element(name: str, /, *children: str, **attributes: str | float | bool) -> Markup:
    """Return an element; text among its children is escaped, as are attributes.

    An underscore at the end of an attribute's name is dropped, others become hyphens; True gives an attribute without
    a value, False none at all.
    """
    # There are hundreds of thousands in a site, so nothing is called or made that can be done without.
    start = f"<{name}"
    for key, value in attributes.items():
        if value is True:
            start += f" {_label(key)}"
        elif value is not False:
            start += f' {_label(key)}="{value if type(value) is Markup else _written(str(value))}"'
    if name in _VOID:
        return Markup(f"{start}>")
    inner = "".join([each if type(each) is Markup else _written(each) for each in children])
    return Markup(f"{start}>{inner}</{name}>")


def both(texts: Mapping[str, str], tag: str = "span") -> Markup:
    """Return a text in each language, of which the page shows one.

    >>> both({"en": "goal", "es": "meta"})
    Markup('<span lang="en">goal</span><span lang="es">meta</span>')
    """
    return Markup("".join(element(tag, texts[language], lang=language) for language in LANGUAGES))


def bilingual(made: Callable[[Language], str], tag: str = "span") -> Markup:
    """Return what a function makes for each language.

    >>> bilingual(lambda language: language.upper())
    Markup('<span lang="en">EN</span><span lang="es">ES</span>')
    """
    return both({language: made(language) for language in LANGUAGES}, tag)
