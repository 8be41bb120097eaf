"""Which code page of one byte a text is in, where Windows-1252 would make no words of it.

Spreadsheet programs on a Mac and programs for DOS save CSV in code pages of their own. Whether accented letters stand
within words, and signs between them, distinguishes those from Windows-1252 wherever there is some text.
"""

from __future__ import annotations

import re
from collections import Counter
from typing import TYPE_CHECKING, Final

from bicentennial.core.startup.patterns import lazy

if TYPE_CHECKING:
    from collections.abc import Iterable

__all__ = ["judged"]

_OTHERS: Final = ("mac-roman", "cp850")
# A few bytes with what stands around them show as much as the whole text, and there are not many different ones.
_AROUND: Final = lazy(rb"[\x80-\xff]+[ -~]{0,3}")
_BEFORE: Final = 2
_ASCII: Final = bytes(range(0x80))
# A letter in so many.
_RARE: Final = 20
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


def judged(data: bytes) -> tuple[str | None, tuple[int, str] | None]:
    r"""Return the code page that a text is in, and where it looks least like Windows-1252, which it is otherwise.

    Args:
        data: the text.

    Returns:
        The page, None if the text may as well be in Windows-1252. Where it is none of that, though no other page is
        much likelier, the position and the letters that look least like it.

    >>> judged("título, año, acción".encode("cp850"))
    ('cp850', None)
    >>> judged("año, acción".encode("cp1252")), judged("Don’t stop — café".encode("cp1252"))
    ((None, None), (None, None))
    >>> judged("x\nCapacitaci—n".encode("cp1252"))
    (None, (12, 'ci—n'))
    """
    found = _around(data)
    usual, *scores = (_score(found, page) for page in ("cp1252", *_OTHERS))
    best = _OTHERS[scores.index(max(scores))]
    several = len({byte for around in found for byte in around if byte > 0x7F}) > 1
    if several and max(scores) > usual + 1:
        return best, None
    if max(scores) <= max(usual, 0):
        return None, None
    worst = max(found, key=lambda around: _score(Counter([around]), best) - _score(Counter([around]), "cp1252"))
    letter = next(position for position, byte in enumerate(worst) if byte > 0x7F)
    return None, (data.find(worst) + letter, worst.decode("cp1252", "replace"))


def _around(data: bytes) -> Counter[bytes]:
    r"""Return how often which letters beyond ASCII stand there, with two before them and three behind.

    >>> sorted(_around("año, acción".encode("cp1252")))
    [b'a\xf1o, ', b'ci\xf3n']
    """
    found: Counter[bytes] = Counter()
    last = 0
    for start in _letters(data):
        if start < last or not (match := _AROUND.match(data, start)):
            continue
        first, end = start, match.end()
        while first > last and first > start - _BEFORE and 0x20 <= data[first - 1] <= 0x7E:
            first -= 1
        found[data[first:end]] += 1
        last = end
    return found


def _letters(data: bytes) -> Iterable[int]:
    """Return where letters beyond ASCII stand, in order; of those that follow one another at least the first."""
    beyond = data.translate(None, _ASCII)
    if len(beyond) * _RARE > len(data):
        return (match.start() for match in _AROUND.finditer(data))
    # A few letters are sought one by one: an expression for them all looks at each byte of the text.
    each = (re.finditer(re.escape(bytes([letter])), data) for letter in set(beyond))
    return sorted(match.start() for matches in each for match in matches)


def _score(found: Counter[bytes], page: str) -> int:
    score = 0
    for around, times in found.items():
        text = around.decode(page, "replace")
        score += times * (len(_GOOD.findall(text)) - len(_BAD.findall(text)))
    return score
