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
_UNNAMED: Final = re.compile(r"\n(?=[\[(])")
_MOST: Final = 200
_DIRECTIVES: Final = frozenset(("@prefix", "@base", "@version", "prefix", "base", "version"))
_PREFIX: Final = re.compile(r"(?:@|\b)prefix\s+([^\s:]*):\s*<([^<>\s]*)>", re.IGNORECASE)
_ABSOLUTE: Final = re.compile(r"[A-Za-z][A-Za-z0-9+.-]*:")


class TurtleText:
    r"""The places of subjects, properties and values in a text.

    >>> text = TurtleText('@prefix e: <urn:e:> .\n# e:a\ne:a a e:C ;\n  e:p "x", "y" .\n')
    >>> text.position("urn:e:a"), text.text[text.position("urn:e:a", "urn:e:p", "y"):]
    (28, '"y" .\n')
    >>> text = TurtleText('@prefix e: <urn:e:> .\n[ e:p [ e:q 1 ] ] .\n')
    >>> text.unnamed(), text.brackets(22, "urn:e:p"), text.within(28, "urn:e:q", is_nested=True)
    ([22], [28], 30)
    """

    def __init__(self, text: str) -> None:
        self.text = text
        self._prefixes: dict[str, str] = {}
        self._base = BASE
        self._starts: dict[str, list[int]] = {}
        self._unnamed: list[int] = []
        self._is_scanned = False
        self._predicates: dict[str, str] = {}

    def position(self, s: str, p: str | None = None, o: str | None = None) -> int | None:
        """Return where a value of a thing stands, else the property, else where the thing's description begins."""
        starts = self.starts(s)
        if not starts:
            return None
        if p is None:
            return starts[0]
        nearest: int | None = None
        for start in starts[:_MOST]:
            is_found, place = self._value(start, p, o, is_nested=False)
            if is_found:
                return place
            nearest = place if nearest is None else nearest
        return starts[0] if nearest is None else nearest

    def starts(self, s: str) -> list[int]:
        """Return where the descriptions of a thing with a name begin."""
        self._see_to_it()
        return self._starts.get(s, [])

    def unnamed(self) -> list[int]:
        """Return where the statements begin whose subject has no name: with a bracket."""
        self._see_to_it()
        return self._unnamed

    def within(self, start: int, p: str, o: str | None = None, *, is_nested: bool = False) -> int | None:
        """Return where a value of a thing stands that is described from a place on, else the property, else None.

        Args:
            start: where its description begins, with a bracket if it has no name.
            p: the property.
            o: the value.
            is_nested: whether it has no name and is a value of another thing.
        """
        return self._value(start, p, o, is_nested=is_nested)[1]

    def brackets(self, start: int, p: str, *, is_nested: bool = False) -> list[int]:
        """Return where the values of a property stand that have no name; arguments are those of `within`."""
        return [place for _, place in self._said(start, p, is_nested=is_nested) if self.text[place] in "[("]

    def _value(self, start: int, p: str, o: str | None, *, is_nested: bool) -> tuple[bool, int | None]:
        """Return whether a value, or any if None, is found, and where it or else the property stands."""
        nearest: int | None = None
        for value, place in self._said(start, p, is_nested=is_nested):
            if o is None or value == o:
                return True, place
            nearest = place if nearest is None else nearest
        return False, nearest

    def _see_to_it(self) -> None:
        if not self._is_scanned:
            self._is_scanned = True
            self._scan_lines() if len(self.text) > LONG else self._scan()

    def _tokens(self) -> Iterator[tuple[str, str, int]]:
        for match in _TOKEN.finditer(self.text):
            kind = match.lastgroup
            if kind != "end" and kind is not None:
                yield kind, match[kind], match.start(kind)

    def _scan(self) -> None:
        # Statements end with a full stop at no depth; braces of TriG hold statements, so they count for nothing.
        directive: list[str] = []
        depth, beginning = 0, True
        for kind, word, place in self._tokens():
            if directive:
                directive.append(word)
                if kind in ("iri", "string"):
                    if kind == "iri":
                        self._direct(directive)
                    directive = []
                    beginning = True
                continue
            if kind == "mark":
                if word in "[(":
                    if beginning:
                        self._unnamed.append(place)
                    beginning = False
                    depth += 1
                elif word in "])":
                    depth -= 1
                elif word in "{}" or (word == "." and depth <= 0):
                    beginning, depth = True, 0
                continue
            if not beginning:
                continue
            if word.lower() in _DIRECTIVES:
                directive = [word]
            elif word.lower() == "graph":
                continue
            elif kind in ("iri", "name"):
                self._starts.setdefault(self._meaning(kind, word), []).append(place)
                beginning = False
            else:
                beginning = False

    def _scan_lines(self) -> None:
        self._unnamed = [match.start() + 1 for match in _UNNAMED.finditer(self.text)]
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

    def _said(self, start: int, p: str, *, is_nested: bool) -> Iterator[tuple[str | None, int]]:
        # The predicate with None, then with each of its values: up to what ends the statement, or the bracket.
        depth, level, expected, is_wanted, end = 0, 0, "subject", False, start
        if self.text[start] in "[(":
            depth, level, expected, end = 1, 1 if self.text[start] == "[" else 0, "predicate", start + 1
        while match := _TOKEN.match(self.text, end):
            kind, end = match.lastgroup or "end", match.end()
            if kind == "end":
                return
            word = match[kind]
            if kind == "mark":
                if word in "[(":
                    if depth <= level and expected == "object" and is_wanted:
                        yield None, match.start(kind)
                    depth += 1
                elif word in "])":
                    depth -= 1
                    if depth < level or (depth == 0 and is_nested):
                        if is_nested:
                            return
                        level, expected = 0, "predicate"
                elif depth <= level and word == ";":
                    expected = "predicate"
                elif depth <= level and (word in ".{}"):
                    return
            elif depth > level:
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
