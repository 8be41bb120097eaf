"""Which code page of one byte a text is in, where Windows-1252 would make no words of it.

Spreadsheet programs on a Mac and programs for DOS save CSV in code pages of their own. Whether accented letters stand
within words, and signs between them, tells those apart from Windows-1252 wherever there is some text.
"""

from __future__ import annotations

from collections import Counter
from typing import Final

from bicentennial.core.patterns import lazy

__all__ = ["first_doubtful", "likely_page"]

_OTHERS: Final = ("mac-roman", "cp850")
# A few bytes with what stands around them show as much as the whole text, and there are not many different ones.
_AROUND: Final = lazy(rb"[\x80-\xff]+[ -~]{0,3}")
_BEFORE: Final = 2
_GOOD: Final = lazy(
    r"(?<![A-ZÁÉÍÓÚÑÜ])[áéíóúñü](?=[a-z])|(?<=[a-z])[áéíóúñü]|\b[áéíóúñü](?=[a-z])"  # small letters in a word
    r"|(?<![^\W\d_A-ZÁÉÍÓÚÑÜ])[ÁÉÍÓÚÑÜ](?=[^\W\d_])|(?<=[A-Z])[ÁÉÍÓÚÑÜ]"  # capitals, not after a small letter
    r"|(?<!\w)[“‘«¿¡](?=\w)|(?<=[\w.,;:!?)])[”’»](?!\w)|(?<=\w)’(?=(?:s|t|re|ve|ll|d|m)\b)|(?<=\b\w)’(?=\w)"
    r"|(?<=\d)[ºª°](?!\w)|(?<= )[–—](?= )|(?<=\d)–(?=\d)|(?<=\w)…|€"
)
_BAD: Final = lazy(
    r"(?<=[^\W\d_])[^\w\s’–—…](?<=[^\x00-\x7f])(?=[^\W\d_])"  # a sign within a word
    r"|(?<=[a-z])[À-ÖØ-ÞŒŠŸŽ]|(?<=[A-Z])[à-öø-ÿœšž](?=[A-Z])|[ƒ‡†ˆ˜‰¤¦¬¨¸¯]"
)


def likely_page(data: bytes) -> str | None:
    """Return the code page that a text is in, None if it may as well be Windows-1252.

    >>> likely_page("título, año, acción".encode("cp850")), likely_page("año, acción".encode("cp1252"))
    ('cp850', None)
    """
    found = _around(data)
    usual = _score(found, "cp1252")
    best = max(_OTHERS, key=lambda page: _score(found, page))
    several = len({byte for around in found for byte in around if byte > 0x7F}) > 1
    return best if several and _score(found, best) > usual + 1 else None


def first_doubtful(text: str) -> tuple[int, str] | None:
    r"""Return the line and the letters where a text taken for Windows-1252 looks least like it, if it does not.

    >>> first_doubtful("x\nCapacitaci—n"), first_doubtful("Don’t stop — café")
    ((2, 'ci—n'), None)
    """
    data = text.encode("cp1252", "replace")
    found = _around(data)
    usual = _score(found, "cp1252")
    best = max(_OTHERS, key=lambda page: _score(found, page))
    if _score(found, best) <= max(usual, 0):
        return None
    worst = max(found, key=lambda around: _score(Counter([around]), best) - _score(Counter([around]), "cp1252"))
    return data.count(b"\n", 0, data.find(worst)) + 1, worst.decode("cp1252", "replace")


def _around(data: bytes) -> Counter[bytes]:
    r"""Return how often which letters beyond ASCII stand there, with two before them and three behind.

    >>> sorted(_around("año, acción".encode("cp1252")))
    [b'a\xf1o, ', b'ci\xf3n']
    """
    # Sought from the letters: an expression that begins with what may stand before them tries each place of the text.
    found: Counter[bytes] = Counter()
    last = 0
    for match in _AROUND.finditer(data):
        start, end = match.span()
        first = start
        while first > last and first > start - _BEFORE and 0x20 <= data[first - 1] <= 0x7E:
            first -= 1
        found[data[first:end]] += 1
        last = end
    return found


def _score(found: Counter[bytes], page: str) -> int:
    score = 0
    for around, times in found.items():
        text = around.decode(page, "replace")
        score += times * (len(_GOOD.findall(text)) - len(_BAD.findall(text)))
    return score
