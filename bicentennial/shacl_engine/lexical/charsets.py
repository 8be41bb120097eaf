r"""Sets of characters as XSD's regular expressions name them: categories, blocks, and the letters after a backslash.

A set is a sorted tuple of ranges of code points. `named_set` gives what stands for a set in a class of RE2 where that
engine has a name for it, and `ranges_of` its ranges, which any engine can write.

>>> ranges_of("s")
((9, 10), (13, 13), (32, 32))
>>> subtracted(((97, 122),), ((101, 101), (105, 105)))
((97, 100), (102, 104), (106, 122))
"""

from __future__ import annotations

import unicodedata
from functools import cache
from typing import Final

from bicentennial.shacl_engine.lexical.datatypes import NAME_REST, NAME_START

__all__ = ["Ranges", "named_set", "ranges_of", "subtracted", "union"]

Ranges = tuple[tuple[int, int], ...]

_LAST: Final = 0x10FFFF
_CATEGORIES: Final = frozenset(
    [
        category + part
        for category, parts in {
            "L": "ultmo",
            "M": "nce",
            "N": "dlo",
            "P": "cdseifo",
            "Z": "slp",
            "S": "mcko",
            "C": "cfon",
        }.items()
        for part in ("", *parts)
    ]
)
_BLOCKS: Final = {
    "BasicLatin": (0x0000, 0x007F),
    "Latin-1Supplement": (0x0080, 0x00FF),
    "LatinExtended-A": (0x0100, 0x017F),
    "LatinExtended-B": (0x0180, 0x024F),
    "IPAExtensions": (0x0250, 0x02AF),
    "SpacingModifierLetters": (0x02B0, 0x02FF),
    "CombiningDiacriticalMarks": (0x0300, 0x036F),
    "Greek": (0x0370, 0x03FF),
    "GreekandCoptic": (0x0370, 0x03FF),
    "Cyrillic": (0x0400, 0x04FF),
    "Armenian": (0x0530, 0x058F),
    "Hebrew": (0x0590, 0x05FF),
    "Arabic": (0x0600, 0x06FF),
    "Devanagari": (0x0900, 0x097F),
    "Thai": (0x0E00, 0x0E7F),
    "LatinExtendedAdditional": (0x1E00, 0x1EFF),
    "GreekExtended": (0x1F00, 0x1FFF),
    "GeneralPunctuation": (0x2000, 0x206F),
    "SuperscriptsandSubscripts": (0x2070, 0x209F),
    "CurrencySymbols": (0x20A0, 0x20CF),
    "LetterlikeSymbols": (0x2100, 0x214F),
    "NumberForms": (0x2150, 0x218F),
    "Arrows": (0x2190, 0x21FF),
    "MathematicalOperators": (0x2200, 0x22FF),
    "Hiragana": (0x3040, 0x309F),
    "Katakana": (0x30A0, 0x30FF),
    "CJKUnifiedIdeographs": (0x4E00, 0x9FFF),
    "HangulSyllables": (0xAC00, 0xD7A3),
}
# What RE2 calls a set within a class. Its \p{C} leaves the unassigned out, so that has no name there.
_NAMES: Final = {
    "d": r"\p{Nd}",
    "D": r"\P{Nd}",
    "s": r" \t\n\r",
    "w": r"\p{L}\p{M}\p{N}\p{S}",
}


def named_set(name: str) -> str | None:
    r"""Return what RE2 calls a set within a class, None where it has no name for it.

    Args:
        name: a letter such as `d`, or a category or block such as `p{Lu}`, `P{Lu}`, `p{IsGreek}`.

    >>> named_set("w"), named_set("p{Lu}"), named_set("p{C}")
    ('\\p{L}\\p{M}\\p{N}\\p{S}', '\\p{Lu}', None)
    """
    if name in _NAMES:
        return _NAMES[name]
    category = name[2:-1]
    return f"\\{name}" if category in _CATEGORIES and category not in ("C", "Cn") else None


@cache
def ranges_of(name: str) -> Ranges | None:
    """Return the ranges of a set, None if XSD has no such set; see `named_set` for the names."""
    if name[0] in "DSWICP":
        ranges = ranges_of(name[0].lower() + name[1:])
        return None if ranges is None else subtracted(((0, _LAST),), ranges)
    if name == "s":
        return ((9, 10), (13, 13), (32, 32))
    if name == "d":
        return _of_categories("Nd")
    if name == "w":
        return _of_categories("L", "M", "N", "S")
    if name == "i":
        return _written(NAME_START + ":")
    if name == "c":
        return _written(NAME_REST + ":")
    inner = name[2:-1]
    if inner.startswith("Is"):
        block = _BLOCKS.get(inner[2:])
        return None if block is None else (block,)
    return _of_categories(inner) if inner in _CATEGORIES else None


def _written(text: str) -> Ranges:
    """Return the ranges that the inside of a class writes, in which a hyphen at the end is one."""
    found: list[tuple[int, int]] = []
    position = 0
    while position < len(text):
        if text[position + 1 : position + 2] == "-" and position + 2 < len(text) and text[position] != "-":
            found.append((ord(text[position]), ord(text[position + 2])))
            position += 3
        else:
            found.append((ord(text[position]), ord(text[position])))
            position += 1
    return union(tuple(found))


@cache
def _by_category() -> dict[str, list[tuple[int, int]]]:
    found: dict[str, list[tuple[int, int]]] = {}
    first, category = 0, unicodedata.category("\0")
    for code in range(1, _LAST + 2):
        following = unicodedata.category(chr(code)) if code <= _LAST else ""
        if following != category:
            found.setdefault(category, []).append((first, code - 1))
            first, category = code, following
    return found


@cache
def _of_categories(*names: str) -> Ranges:
    ranges = [each for category, found in _by_category().items() if category.startswith(names) for each in found]
    return union(tuple(ranges))


def union(*sets: Ranges) -> Ranges:
    """Return the union of sets.

    >>> union(((5, 9),), ((1, 4), (20, 30)))
    ((1, 9), (20, 30))
    """
    merged: list[tuple[int, int]] = []
    for low, high in sorted(each for ranges in sets for each in ranges):
        if merged and low <= merged[-1][1] + 1:
            merged[-1] = (merged[-1][0], max(merged[-1][1], high))
        else:
            merged.append((low, high))
    return tuple(merged)


def subtracted(a: Ranges, b: Ranges) -> Ranges:
    """Return what is in one set and not in another; both are sorted, as `union` gives them."""
    found: list[tuple[int, int]] = []
    for begin, end in a:
        left = begin
        for first, last in b:
            if last < left or first > end:
                continue
            if first > left:
                found.append((left, first - 1))
            left = last + 1
        if left <= end:
            found.append((left, end))
    return tuple(found)
