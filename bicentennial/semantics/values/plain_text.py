"""Plain spellings of what people type: full-width digits, dashes of all kinds, blanks that are none, placeholders.

What is found here depends on lists of words (`messages/words.toml`), never on the language of the environment.
"""

from __future__ import annotations

import re
import unicodedata
from functools import cache
from typing import Any, Final

from bicentennial.core.messages import UNSAFE, section
from bicentennial.core.startup.patterns import lazy

__all__ = ["is_error", "is_placeholder", "plain", "unaccented", "words"]

_DASHES: Final = dict.fromkeys(map(ord, "\u2010\u2011\u2012\u2013\u2014\u2015\u2212\ufe58\ufe63\uff0d"), "-")
_BLANKS: Final = dict.fromkeys(map(ord, "\t\n\r\u00a0\u2002\u2003\u2007\u2008\u2009\u200a\u202f\u205f\u3000"), " ")
_QUOTES: Final = dict.fromkeys(map(ord, "\u2018\u2019\u02bc\u00b4\u0060\u2032"), "'")
_TRANSLATED: Final = _DASHES | _BLANKS | _QUOTES
# Excel, LibreOffice and Google Sheets, in English and Spanish; a row of hashes is a column too narrow for its value.
_ERROR: Final = lazy(r"#+|#[\w/¡¿ ]+[!?]|#n/?[ad]|#getting_data|err:\d{3}", re.IGNORECASE)


def plain(text: str) -> str:
    """Return a text with ASCII digits, hyphens, spaces and apostrophes, and without invisible characters.

    >>> plain("５\u00a0０００\u200b"), plain("–\u202f5"), plain("5²")
    ('5 000', '- 5', '5²')
    """
    if text.isascii() and text.isprintable():
        return text.strip()
    text = UNSAFE.sub("", text.translate(_TRANSLATED))
    return "".join(map(_narrow, text)).strip()


def _narrow(character: str) -> str:
    if character.isascii():
        return character
    if 0xFF01 <= ord(character) <= 0xFF5E:
        return chr(ord(character) - 0xFEE0)
    digit = unicodedata.decimal(character, None)
    return character if digit is None else str(digit)


def unaccented(text: str) -> str:
    """Return a text without accents.

    >>> unaccented("millón"), unaccented("dólares")
    ('millon', 'dolares')
    """
    if text.isascii():
        return text
    return "".join(c for c in unicodedata.normalize("NFKD", text) if not unicodedata.combining(c))


def is_error(text: str) -> bool:
    """Return whether a text is what a spreadsheet program shows where a formula fails.

    >>> [is_error(each) for each in ("#DIV/0!", "#¡VALOR!", "Err:502", "########", "#N/D", "# 5", "Error")]
    [True, True, True, True, True, False, False]
    """
    return _ERROR.fullmatch(text.strip()) is not None


def is_placeholder(text: str) -> bool:
    """Return whether a text stands for “nothing”, “not known” or “not yet”.

    >>> [is_placeholder(each) for each in ("N/A", "s/d", "—", "Por definir", "xx", "<NA>", "NaT", "SD", "CA")]
    [True, True, True, True, True, True, True, False, False]
    """
    key = " ".join(plain(text).casefold().split()).strip("()[]<>\"'*¿?¡! ")
    bare = unaccented(key)
    return bool(text.strip()) and (not bare.strip(".-_…/x ") or bare.rstrip(".") in words("placeholders")["texts"])


@cache
def words(name: str) -> dict[str, Any]:
    """Return a list of the words that are understood.

    >>> words("months")["es"][0]
    'enero'
    """
    found: dict[str, Any] = section("words")[name]
    return found
