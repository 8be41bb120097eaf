"""Where things stand in Turtle, TriG, N-Triples and N-Quads.

Subjects are found by reading the tokens of the text: prefixed names are expanded, comments, strings and everything
within brackets passed over. Of long texts only the beginnings of lines are looked at, where writers put subjects.
"""

from __future__ import annotations

import re
from itertools import chain
from typing import TYPE_CHECKING, Final

from bicentennial.core.namespaces import RDF
from bicentennial.formats.rdf.iris import BASE, resolve

if TYPE_CHECKING:
    from collections.abc import Iterator

__all__ = ["LONG", "TurtleText"]

LONG: Final = 4_000_000
"""From so many characters on, a text is not read word by word."""

# Nothing is tried a second time (`++`, `*+`): what two alternatives begin with differs.
_SKIPPED: Final = r"[ \t\r\n]++|#[^\r\n]*+"
_STRING: Final = (
    r'"""(?:[^"\\]++|\\.|"(?!""))*+"""'
    r"|'''(?:[^'\\]++|\\.|'(?!''))*+'''"
    r'|"(?:[^"\\\n\r]++|\\.)*+"'
    r"|'(?:[^'\\\n\r]++|\\.)*+'"
)
_IRI: Final = r"<[^<>\s\"{}|^`]*+>"
_AT: Final = r"@[A-Za-z][A-Za-z0-9-]*+"
_NAME: Final = r"(?:[^\s<>\"'{}|^`;,.\[\]()#\\]++|\\.|\.(?=[\w:%\\.-])|(?<=\S)#)++"
_TOKEN: Final = re.compile(
    rf"(?:{_SKIPPED})*+(?:(?P<string>{_STRING})|(?P<iri>{_IRI})|(?P<at>{_AT})"
    r"|(?P<mark>\^\^|<<\(?|\)?>>|[\[\](){}.;,](?![\w:%\\-]*:)|[\[\](){};,])"
    rf"|(?P<name>{_NAME})|(?P<other>.)|(?P<end>\Z))",
    re.DOTALL,
)
_VALUES: Final = re.compile(rf"(?:{_SKIPPED}|{_STRING}|{_IRI}|{_AT}|\^\^|(?!\.){_NAME})*+", re.DOTALL)
_SUBJECT: Final = re.compile(r"(?:<([^<>\s]*)>|([\w.-]*:[^\s;,\"<>()\[\]]*))(?=[ \t\r\n])")
# An expression that begins with a character is found five times as fast as one that begins with `^`.
_LINE_START: Final = re.compile(rf"\n{_SUBJECT.pattern}")
_PREFIX: Final = re.compile(r"(?:@|\b)prefix\s+([^\s:]*):\s*<([^<>\s]*)>", re.IGNORECASE)
_ABSOLUTE: Final = re.compile(r"[A-Za-z][A-Za-z0-9+.-]*:")


class TurtleText:
    r"""The places of subjects, properties and values in a text.

    >>> text = TurtleText('@prefix e: <urn:e:> .\n# e:a\ne:a a e:C ;\n  e:p "x", "y" .\n')
    >>> text.position("urn:e:a"), text.text[text.position("urn:e:a", "urn:e:p", "y"):]
    (28, '"y" .\n')
    """

    def __init__(self, text: str) -> None:
        self.text = text
        self._prefixes: dict[str, str] = {}
        self._base = BASE
        self._starts: dict[str, list[int]] | None = None
        self._predicates: dict[str, str] = {}

    def position(self, s: str, p: str | None = None, o: str | None = None) -> int | None:
        """Return where a value of a thing stands, else the property, else where the thing's description begins."""
        if self._starts is None:
            self._starts = {}
            self._scan_lines() if len(self.text) > LONG else self._scan()
        starts = self._starts.get(s)
        if not starts:
            return None
        if p is None:
            return starts[0]
        nearest: int | None = None
        for start in starts[:200]:
            for value, place in self._said(start, p):
                if o is None or value == o:
                    return place
                nearest = place if nearest is None else nearest
        return starts[0] if nearest is None else nearest

    def _tokens(self) -> Iterator[tuple[str, str, int]]:
        for match in _TOKEN.finditer(self.text):
            kind = match.lastgroup
            if kind != "end" and kind is not None:
                yield kind, match[kind], match.start(kind)

    def _scan(self) -> None:
        # Statements end with a full stop at no depth; braces of TriG hold statements, so they count for nothing.
        assert self._starts is not None
        directive: list[str] = []
        depth, beginning = 0, True
        for kind, word, place in self._tokens():
            if directive:
                directive.append(word)
                if kind == "iri":
                    self._direct(directive)
                    directive = []
                    beginning = True
                continue
            if kind == "mark":
                if word in "[(":
                    beginning = False
                    depth += 1
                elif word in "])":
                    depth -= 1
                elif word in "{}" or (word == "." and depth <= 0):
                    beginning, depth = True, 0
                continue
            if not beginning:
                continue
            if word.lower() in ("@prefix", "@base", "prefix", "base"):
                directive = [word]
            elif word.lower() == "graph":
                continue
            elif kind in ("iri", "name"):
                self._starts.setdefault(self._meaning(kind, word), []).append(place)
                beginning = False
            else:
                beginning = False

    def _scan_lines(self) -> None:
        assert self._starts is not None
        self._prefixes = dict(_PREFIX.findall(self.text[:100_000]))
        first = _SUBJECT.match(self.text)
        for match in chain([first] if first else [], _LINE_START.finditer(self.text)):
            subject = match[1] if match[1] is not None else self._meaning("name", match[2])
            self._starts.setdefault(subject, []).append(match.start() + (match is not first))

    def _direct(self, directive: list[str]) -> None:
        iri = self._meaning("iri", directive[-1])
        if directive[0].lower().endswith("base"):
            self._base = iri
        else:
            self._prefixes["".join(directive[1:-1]).rstrip(":")] = iri

    def _meaning(self, kind: str, word: str) -> str:
        if kind == "iri":
            iri = _unescaped(word[1:-1])
            if _ABSOLUTE.match(iri):
                return iri
            return resolve(self._base, iri)
        if word == "a":
            return RDF.type
        prefix, colon, name = word.partition(":")
        if not colon or prefix == "_":
            return word
        return self._prefixes.get(prefix, prefix + ":") + re.sub(r"\\(.)", r"\1", name)

    def _said(self, start: int, p: str) -> Iterator[tuple[str | None, int]]:
        # The predicate with None, then with each of its values: up to the full stop that ends the statement.
        depth, expected, is_wanted, end = 0, "subject", False, start
        while match := _TOKEN.match(self.text, end):
            kind, end = match.lastgroup or "end", match.end()
            if kind == "end":
                return
            word = match[kind]
            if kind == "mark":
                if word in "[(":
                    if depth == 0 and expected == "object" and is_wanted:
                        yield None, match.start(kind)
                    depth += 1
                elif word in "])":
                    depth -= 1
                elif depth <= 0 and word == ";":
                    expected = "predicate"
                elif depth <= 0 and (word in ".{}"):
                    return
            elif depth > 0:
                continue
            elif expected == "object":
                if is_wanted and kind in ("iri", "name", "string"):
                    yield _unquoted(word) if kind == "string" else self._meaning(kind, word), match.start(kind)
            elif expected == "predicate":
                if word not in self._predicates:
                    self._predicates[word] = self._meaning(kind, word)
                is_wanted, expected = self._predicates[word] == p, "object"
                if is_wanted:
                    yield None, match.start(kind)
                elif passed := _VALUES.match(self.text, end):
                    end = passed.end()
            else:
                expected = "predicate"


def _unquoted(word: str) -> str:
    quotes = 3 if word.startswith(('"""', "'''")) and len(word) >= 6 else 1
    return _unescaped(word[quotes:-quotes])


_ESCAPE: Final = re.compile(r"\\(?:u([0-9A-Fa-f]{4})|U([0-9A-Fa-f]{8})|(.))", re.DOTALL)
_CONTROL: Final = {"t": "\t", "n": "\n", "r": "\r", "b": "\b", "f": "\f"}


def _unescaped(text: str) -> str:
    if "\\" not in text:
        return text
    return _ESCAPE.sub(lambda m: chr(int(m[1] or m[2], 16)) if m[1] or m[2] else _CONTROL.get(m[3], m[3]), text)
