"""Elements of a page, built so that text can never become markup.

>>> element("p", "<script>", element("b", "a & b"), class_="note")
Markup('<p class="note">&lt;script&gt;<b>a &amp; b</b></p>')
>>> element("br"), element("input", type="checkbox", checked=True, hidden=False)
(Markup('<br>'), Markup('<input type="checkbox" checked>'))
"""

from __future__ import annotations

from html import escape
from typing import TYPE_CHECKING, Final

from bicentennial.core.escape import plain
from bicentennial.core.messages import LANGUAGES

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from bicentennial.core.messages import Language

__all__ = ["Markup", "bilingual", "both", "element", "lines", "safe"]

_VOID: Final = frozenset({"br", "input", "link", "meta"})


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
    return text if isinstance(text, Markup) else Markup(escape(plain(text)))


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
    written = []
    for key, value in attributes.items():
        label = key.removesuffix("_").replace("_", "-")
        if value is True:
            written.append(f" {label}")
        elif value is not False:
            written.append(f' {label}="{safe(str(value))}"')
    start = f"<{name}{''.join(written)}>"
    return Markup(start if name in _VOID else f"{start}{''.join(map(safe, children))}</{name}>")


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
