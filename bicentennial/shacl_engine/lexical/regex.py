r"""Regular expressions of XPath and XSD, which SHACL and SPARQL use, read by their own grammar and written for others.

`for_re2` writes them for DuckDB's engine and `for_python` for Python's `re`, with the same meaning; `check` says why a
pattern is none. Written for RE2 are no references to groups and no counts above 1,000, which it does not have.

>>> for_re2(r"^\d{4}$", "i"), for_python(r"^\d{4}$", "i")
('(?i-s)^\\p{Nd}{4}$', '(?i-s:^\\d{4}\\Z)')
>>> for_re2("^[a-z-[aeiou]]+$", "")
'(?-s)^[b-df-hj-np-tv-z]+$'
>>> check("[", "")
{'en': '“[” is never closed', 'es': '«[» no se cierra'}
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from functools import lru_cache
from typing import Final

from bicentennial.core.messages import entry, render
from bicentennial.shacl_engine.lexical.charsets import Ranges, named_set, ranges_of, subtracted, union

__all__ = ["NotCoveredError", "PatternError", "check", "for_python", "for_re2"]

_LAST: Final = 0x10FFFF
_FLAGS: Final = "imsxq"
_SPACE: Final = " \t\n\r"
_MOST: Final = 1000
_DEEPEST: Final = 100
_CONTROLS: Final = {"n": "\n", "r": "\r", "t": "\t"}
_SETS: Final = "dDsSwWiIcC"
_QUANTIFIER: Final = re.compile(r"(?:[?*+]|\{(\d+)(,(\d*))?\})(\?)?", re.ASCII)
_CONTROL: Final = re.compile("[\x00-\x1f\x7f-\xa0]")
_CATEGORY: Final = re.compile(r"[pP]\{[A-Za-z0-9-]+\}")
# What stands for itself in a class only behind a backslash, in either engine.
_SPECIAL_WITHIN: Final = frozenset(r"\[]^-&~|")
_SPECIAL: Final = frozenset(r".\?*+()|[]{}^$")


class PatternError(ValueError):
    """The text is no regular expression of XPath; `text` says why, by language.

    Args:
        key: that of the sentence, in the entry `[shapes.regex]` of the catalogue.
        part: the part of the pattern that it is about.
    """

    def __init__(self, key: str, part: str = "") -> None:
        self.text = render(entry("shapes", "regex")[key], part=part)
        super().__init__(self.text["en"])


class NotCoveredError(ValueError):
    """The engine that it is written for has no such construct; its message names it."""


@dataclass(slots=True)
class _Class:
    """A class of characters: ranges, names of sets, and another class that is taken away."""

    negated: bool
    ranges: list[tuple[int, int]] = field(default_factory=list)
    sets: list[str] = field(default_factory=list)
    without: _Class | None = None

    def code_points(self) -> Ranges:
        found = union(tuple(self.ranges), *(ranges_of(name) or () for name in self.sets))
        if self.negated:
            found = subtracted(((0, _LAST),), found)
        return found if self.without is None else subtracted(found, self.without.code_points())


# A kind (`character`, `set`, `class`, `reference`, `quantifier`, or one of `( ) . ^ $ |`) and what is of that kind.
_Token = tuple[str, object]


def check(pattern: str, flags: str) -> dict[str, str] | None:
    """Return why a text is no regular expression of XPath, by language; None if it is one."""
    try:
        _parsed(pattern, flags)
    except PatternError as error:
        return error.text
    return None


@lru_cache(512)
def for_re2(pattern: str, flags: str) -> str:
    """Return a pattern for RE2.

    Raises:
        PatternError: it is no regular expression.
        NotCoveredError: RE2 has no such construct.
    """
    kept = _kept(flags)
    prefix = f"(?{kept}{'' if 's' in kept else '-s'})"
    return prefix + "".join(_re2(kind, value) for kind, value in _parsed(pattern, flags))


@lru_cache(512)
def for_python(pattern: str, flags: str) -> str:
    """Return a pattern for Python's `re`.

    Raises:
        PatternError: it is no regular expression.
    """
    kept = _kept(flags)
    end = "$" if "m" in kept else r"\Z"
    body = "".join(end if kind == "$" else _python(kind, value) for kind, value in _parsed(pattern, flags))
    return f"(?{kept}{'' if 's' in kept else '-s'}:{body})"


def _kept(flags: str) -> str:
    return "".join(sorted(set(flags) & set("i" if "q" in flags else "ims")))


def _re2(kind: str, value: object) -> str:
    if kind == "reference":
        raise NotCoveredError(f"\\{value}")
    if kind == "quantifier":
        assert isinstance(value, str)
        if any(int(number) > _MOST for number in re.findall(r"\d+", value)):
            raise NotCoveredError(value)
    if isinstance(value, _Class):
        return _class(value, python=False)
    return _plain(kind, value)


def _python(kind: str, value: object) -> str:
    if kind == "set" and value in ("d", "D"):
        return f"\\{value}"
    if kind == "set" and value == "S":
        return f"[^{named_set('s')}]"
    if isinstance(value, _Class):
        return _class(value, python=True)
    if kind == "set":
        assert isinstance(value, str)
        return _class(_Class(negated=False, sets=[value]), python=True)
    return _plain(kind, value)


def _plain(kind: str, value: object) -> str:
    if kind == "set":
        assert isinstance(value, str)
        return _lone_set(value)
    if kind == "character":
        assert isinstance(value, str)
        return f"\\{value}" if value in _SPECIAL else _visible(value)
    return f"\\{value}" if kind == "reference" else str(value)


def _lone_set(name: str) -> str:
    if name in "dD" or (name[0] in "pP" and named_set(name)):
        return named_set(name) or ""
    if name in "SW":
        return f"[^{named_set(name.lower())}]"
    return _class(_Class(negated=False, sets=[name]), python=False)


def _visible(character: str) -> str:
    short = {"\n": r"\n", "\r": r"\r", "\t": r"\t"}.get(character)
    # Databases do not take a text with a NUL, and the other control characters cannot be read.
    return short or (f"\\x{ord(character):02x}" if _CONTROL.match(character) else character)


def _class(given: _Class, *, python: bool) -> str:
    names = [_within_python(name) if python else named_set(name) for name in given.sets]
    if given.without is None and all(names):
        inside = "".join(_range(*each) for each in given.ranges) + "".join(filter(None, names))
        return f"[{'^' if given.negated else ''}{inside}]"
    ranges = given.code_points()
    if not ranges:
        return r"[^\s\S]"
    return f"[{''.join(_range(*each) for each in ranges)}]"


def _within_python(name: str) -> str | None:
    return f"\\{name}" if name in ("d", "D") else named_set(name) if name == "s" else None


def _range(low: int, high: int) -> str:
    # Surrogates are no characters, and text in UTF-8 has none.
    if 0xD800 <= low <= 0xDFFF:
        low = 0xE000
    if 0xD800 <= high <= 0xDFFF:
        high = 0xD7FF
    if low > high:
        return ""
    first, last = _within(chr(low)), _within(chr(high))
    return first if low == high else f"{first}{last}" if high == low + 1 else f"{first}-{last}"


def _within(character: str) -> str:
    return f"\\{character}" if character in _SPECIAL_WITHIN else _visible(character)


@lru_cache(512)
def _parsed(pattern: str, flags: str) -> tuple[_Token, ...]:
    unknown = sorted(set(flags) - set(_FLAGS))
    if unknown:
        raise PatternError("flag", part=unknown[0])
    if "q" in flags:
        return tuple(("character", character) for character in pattern)
    return tuple(_Parser(pattern, spaced="x" in flags).tokens())


class _Parser:
    """Reads one pattern."""

    def __init__(self, pattern: str, *, spaced: bool) -> None:
        self._text = pattern
        self._at = 0
        self._spaced = spaced
        self._open: list[int] = []
        self._groups = 0
        self._closed: set[int] = set()

    def tokens(self) -> list[_Token]:
        """Return the tokens of the whole pattern."""
        found: list[_Token] = []
        quantifiable = False
        while self._skipped() < len(self._text):
            quantifier = self._quantifier()
            if quantifier is not None:
                if not quantifiable:
                    raise PatternError("nothing-to-repeat", part=quantifier)
                found.append(("quantifier", quantifier))
                quantifiable = False
                continue
            token = self._token()
            found.append(token)
            quantifiable = token[0] not in ("(", "|", "^", "$")
        if self._open:
            raise PatternError("unclosed", part="(")
        return found

    def _skipped(self) -> int:
        while self._spaced and self._at < len(self._text) and self._text[self._at] in _SPACE:
            self._at += 1
        return self._at

    def _quantifier(self) -> str | None:
        text = self._text[self._at :]
        if self._spaced:  # white space may stand anywhere outside of classes
            text = re.sub(f"[{_SPACE}]", "", text[:64])
        found = _QUANTIFIER.match(text)
        if found is None:
            return None
        if found[1] and found[3] and int(found[1]) > int(found[3]):
            raise PatternError("downwards", part=found[0])
        wanted = len(found[0])
        while wanted:
            wanted -= not (self._spaced and self._text[self._at] in _SPACE)
            self._at += 1
        return found[0]

    def _token(self) -> _Token:
        character = self._text[self._at]
        self._at += 1
        if character == "\\":
            return self._escape()
        if character == "[":
            return "class", self._class(0)
        if character == "(":
            return self._group()
        if character == ")":
            if not self._open:
                raise PatternError("unopened", part=")")
            self._closed.add(self._open.pop())
            return ")", ")"
        if character in ".^$|":
            return character, character
        return "character", character

    def _group(self) -> _Token:
        if len(self._open) >= _DEEPEST:
            raise PatternError("too-deep")
        if self._text.startswith("?:", self._at):
            self._at += 2
            self._open.append(0)
            return "(", "(?:"
        if self._text.startswith("?", self._at):
            raise PatternError("foreign", part=self._text[self._at - 1 : self._at + 2])
        self._groups += 1
        self._open.append(self._groups)
        return "(", "("

    def _escape(self) -> _Token:
        character = self._next()
        if character.isascii() and character.isdigit() and character != "0":
            number = int(character)
            if number not in self._closed:
                raise PatternError("reference", part=f"\\{number}")
            return "reference", number
        name = self._set(character)
        return ("set", name) if name else ("character", self._single(character))

    def _next(self) -> str:
        if self._at >= len(self._text):
            raise PatternError("backslash")
        self._at += 1
        return self._text[self._at - 1]

    def _set(self, character: str) -> str | None:
        """Return the name of a set whose letter comes after a backslash, None if it is no set's."""
        if character in _SETS:
            return character
        if character not in "pP":
            return None
        found = _CATEGORY.match(self._text, self._at - 1)
        if found is None:
            raise PatternError("category", part=f"\\{character}")
        self._at = found.end()
        if ranges_of(found[0]) is None:
            raise PatternError("category", part=f"\\{found[0]}")
        return found[0]

    def _single(self, character: str) -> str:
        if character in _CONTROLS:
            return _CONTROLS[character]
        if character.isalnum() or not character.isascii():
            raise PatternError("foreign", part=f"\\{character}")
        return character

    def _class(self, depth: int) -> _Class:
        if depth > _DEEPEST:
            raise PatternError("too-deep")
        found = _Class(negated=self._text.startswith("^", self._at))
        self._at += found.negated
        first = True
        while True:
            if self._at >= len(self._text):
                raise PatternError("unclosed", part="[")
            character = self._text[self._at]
            if character == "]" and not first:
                self._at += 1
                return found
            if self._text.startswith("-[", self._at):
                self._at += 2
                found.without = self._class(depth + 1)
                if not self._text.startswith("]", self._at):
                    raise PatternError("after-subtraction")
                continue
            if character == "[":
                raise PatternError("bracket")
            if character == "]":
                raise PatternError("empty")
            first = False
            self._item(found)

    def _item(self, found: _Class) -> None:
        low = self._member(found)
        if low is None:
            return
        high = low
        following = self._text[self._at + 1 : self._at + 2]
        if self._text.startswith("-", self._at) and following not in ("]", "[", ""):
            self._at += 1
            last = self._member(found)
            if last is None or ord(last) < ord(low):
                raise PatternError("range", part=f"{low}-")
            high = last
        found.ranges.append((ord(low), ord(high)))

    def _member(self, found: _Class) -> str | None:
        """Return the next character of a class; None if it was a set, which is added."""
        character = self._text[self._at]
        self._at += 1
        if character != "\\":
            return character
        character = self._next()
        name = self._set(character)
        if name is None:
            return self._single(character)
        found.sets.append(name)
        return None
