r"""XML read element by element, with nothing in it that could act: no DOCTYPE, no entities of its own, bounded depth.

The elements of one kind are handed out one after the other as small trees, each element with its line, so that a
large file is never held whole.

>>> text = '<list version="1"><item ref="a">\n<name>first</name></item><item/></list>'
>>> [(item.line, item.get("ref"), item.text_of("name")) for item in elements(text, "item", DEFAULT)]
[(1, 'a', 'first'), (2, '', '')]
"""

from __future__ import annotations

import re
from collections import Counter
from itertools import islice
from typing import TYPE_CHECKING, Final
from xml.parsers import expat

from bicentennial.core.limits import DEFAULT, Limits
from bicentennial.core.problems import broken, unreadable
from bicentennial.core.startup.records import field, record
from bicentennial.formats.invisible import visible

if TYPE_CHECKING:
    from collections.abc import Iterator

    from bicentennial.core.errors import UnreadableInputError

__all__ = ["DEFAULT", "Element", "Guard", "elements", "undeclared"]

_DECLARATION: Final = re.compile(r"^\s*<\?xml[^>]*\?>")
_WORD: Final = re.compile(r"&#?[\w.-]+;?|/?[\w:.-]+")
_REFERENCE: Final = re.compile(r"&[\w.#-]*[^;]?\Z")
_CHUNK: Final = 1_000_000
_NO_ELEMENT: Final = 3
_INVALID_TOKEN: Final = 4


@record
class Element:
    """An element with its attributes, its text without white space around it, and the elements within it.

    `number` counts the elements of the same name within the same parent, from 1; it is 0 if the element is the root.
    """

    name: str
    line: int
    number: int
    attributes: dict[str, str]
    parent: Element | None = None
    parts: list[str] = field(default_factory=list)
    children: list[Element] = field(default_factory=list)

    @property
    def text(self) -> str:
        """The text within the element itself."""
        return visible("".join(self.parts)).strip()

    @property
    def path(self) -> str:
        """The steps from below the handed-out element to this one, as in XPath: `result[1]/indicator[2]`."""
        steps = []
        step: Element | None = self
        while step is not None and step.parent is not None:
            steps.append(f"{step.name}[{step.number}]")
            step = step.parent
        return "/".join(reversed(steps))

    def get(self, attribute: str) -> str:
        """Return the value of an attribute, empty if there is none."""
        return visible(self.attributes.get(attribute, "")).strip()

    def all(self, name: str) -> list[Element]:
        """Return the elements of a name that stand directly within this one."""
        return [child for child in self.children if child.name == name]

    def first(self, name: str) -> Element | None:
        """Return the first such element."""
        return next((child for child in self.children if child.name == name), None)

    def text_of(self, name: str) -> str:
        """Return the text of the first such element, empty if there is none."""
        child = self.first(name)
        return child.text if child is not None else ""


class Guard:
    """What expat calls: refuses declarations and what nests too deeply, and lets everything else pass.

    Args:
        limits: of which `depth` counts.
        levels: how many elements within each other count as one.
        namespaces: whether names come as namespace, local name and prefix, separated by U+0001.
    """

    def __init__(self, limits: Limits, levels: int = 1, *, namespaces: bool = False) -> None:
        self.limits = limits
        self.parser = expat.ParserCreate("utf-8", "\x01") if namespaces else expat.ParserCreate("utf-8")
        self.parser.StartElementHandler = self._start
        self.parser.EndElementHandler = self._end
        self.parser.StartDoctypeDeclHandler = self._refuse
        self.parser.EntityDeclHandler = self._refuse
        self._levels = levels
        self._depth = 0

    def parse(self, text: str) -> Iterator[None]:
        """Parse a text in pieces, and yield after each.

        Raises:
            UnreadableInputError: it is no XML, or has a DOCTYPE.
            LimitReachedError: it nests too deeply.
        """
        try:
            for start in range(0, len(text), _CHUNK):
                self.parser.Parse(text[start : start + _CHUNK].encode("utf-8", "replace"), False)
                yield
            self.parser.Parse(b"", True)
        except expat.ExpatError as error:
            raise _broken(text, error) from error

    def _refuse(self, *declared: object) -> None:  # noqa: ARG002 - as the parser calls it
        line = self.parser.CurrentLineNumber
        raise unreadable("doctype", line=line, row=line)

    def _start(self, name: str, attributes: dict[str, str]) -> None:  # noqa: ARG002
        self._depth += 1
        deep = -(-self._depth // self._levels)
        if deep > self.limits.depth:
            self.limits.check("depth", deep, line=self.parser.CurrentLineNumber)

    def _end(self, name: str) -> None:  # noqa: ARG002
        self._depth -= 1


def _broken(text: str, error: expat.ExpatError) -> UnreadableInputError:
    """Return the error for what expat says of a text, with the words that stand there."""
    line = next(islice(text.split("\n", error.lineno), error.lineno - 1, None), "")
    column = error.offset
    kind, near = str(error.code), line[column:]
    if error.code == _INVALID_TOKEN:
        # It stops at what follows a bare & and the word after it, or a bare <.
        if bare := _REFERENCE.search(line[: column + 1]):
            kind, column = "ampersand", bare.start()
        elif "<" in (line[:column][-1:], near[:1]):
            kind = "less-than"
        near = near[:1]
    elif error.code == _NO_ELEMENT and text.strip():
        kind = "end"
    elif word := _WORD.match(near):
        near = word[0]
    return broken(
        "broken-xml", kind, line=error.lineno, row=error.lineno, column=column + 1, near=near.strip()[:30] or "…"
    )


class _Collector(Guard):
    """A guard that builds the trees of the wanted elements."""

    def __init__(self, name: str, limits: Limits) -> None:
        super().__init__(limits)
        self.name = name
        self.done: list[Element] = []
        self.above: dict[str, str] = {}
        self._current: Element | None = None
        self._found = 0
        self._counts: list[Counter[str]] = []
        self._length = 0
        self.parser.buffer_text = True
        self.parser.CharacterDataHandler = self._data

    def _start(self, name: str, attributes: dict[str, str]) -> None:
        super()._start(name, attributes)
        line = self.parser.CurrentLineNumber
        if self._current is None:
            if name != self.name:
                self.above = attributes
                return
            self._found += 1
            self._counts = [Counter()]
            self._length = 0
            self._current = Element(name, line, self._found if self._depth > 1 else 0, attributes)
            return
        self._counts[-1][name] += 1
        self._counts.append(Counter())
        child = Element(name, line, self._counts[-2][name], attributes, self._current)
        self._current.children.append(child)
        self._current = child

    def _end(self, name: str) -> None:
        super()._end(name)
        if self._current is None:
            return
        self._counts.pop()
        if self._current.parent is None:
            self.done.append(self._current)
        self._current = self._current.parent

    def _data(self, text: str) -> None:
        if self._current is not None:
            self._length += len(text)
            if self._length > self.limits.literal_characters:
                self.limits.check("literal_characters", self._length, line=self.parser.CurrentLineNumber)
            self._current.parts.append(text)


def elements(text: str, name: str, limits: Limits, above: dict[str, str] | None = None) -> Iterator[Element]:
    """Yield the outermost elements of a name, in order.

    Args:
        text: the document.
        name: of the elements.
        limits: see `Limits`; the texts of one element together keep the limit of a literal.
        above: is given the attributes of the element around them.

    Raises:
        UnreadableInputError: it is no XML, or has a DOCTYPE.
        LimitReachedError: it nests too deeply, or an element holds too much.
    """
    collector = _Collector(name, limits)
    for _ in collector.parse(undeclared(text)):
        if above is not None:
            above.update(collector.above)
        yield from collector.done
        collector.done.clear()
    yield from collector.done


def undeclared(text: str) -> str:
    """Return a document without its XML declaration; its lines stay where they are."""
    # The text is decoded already, so an encoding that it declares is no longer true.
    return _DECLARATION.sub(lambda match: "\n" * match.group().count("\n"), text)
