"""What expansion makes of JSON-LD: nodes and lists, each knowing where it stands in the document."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from bicentennial.storage.layout import IRI

if TYPE_CHECKING:
    from bicentennial.formats.jsonld.terms import Item

__all__ = ["Found", "ListObject", "Node", "Places", "is_node"]

Found = "tuple[str, int | None, Node | ListObject | Item]"
"""A value with the keys that lead to it from its node, and its place in the array there, counted from 1."""


@dataclass(slots=True, eq=False)
class Node:
    """A node object."""

    place: int
    id: str | None = None
    subject: str | None = None
    types: list[tuple[str, int | None, str, str | None]] = field(default_factory=list)
    properties: list[tuple[str, str, int | None, Node | ListObject | Item]] = field(default_factory=list)
    reverse: list[tuple[str, str, int | None, Node | ListObject | Item]] = field(default_factory=list)
    included: list[tuple[str, int | None, Node | ListObject | Item]] = field(default_factory=list)
    graph: list[tuple[str, int | None, Node | ListObject | Item]] | None = None
    index: str | None = None

    @property
    def is_graph(self) -> bool:
        """Whether it is a graph object: a graph with a name or index, of which nothing else is said."""
        return self.graph is not None and not (self.properties or self.types or self.reverse or self.included)


@dataclass(slots=True, eq=False)
class ListObject:
    """An ordered list."""

    items: list[tuple[str, int | None, Node | ListObject | Item]] = field(default_factory=list)


def is_node(item: Node | ListObject | Item) -> bool:
    """Return whether an item is a node or refers to one."""
    return isinstance(item, Node) or (isinstance(item, tuple) and item[1] == IRI)


class Places:
    """Where objects stand in a document: each by the one around it and the keys from there on.

    >>> places = Places()
    >>> places.pointer(places.add(places.add(0, "@graph", 2), "a/b", None))
    '/@graph/1/a/b'
    """

    def __init__(self) -> None:
        self._steps: list[tuple[int, str, int | None]] = [(-1, "", None)]

    @property
    def next(self) -> int:
        """The number that the next place gets."""
        return len(self._steps)

    def add(self, within: int, path: str, item: int | None) -> int:
        """Return the number of a new place.

        Args:
            within: the place of the object around it; 0 is the document.
            path: the keys from there, each escaped as in a JSON Pointer, separated by slashes.
            item: the place in the array there, counted from 1.
        """
        self._steps.append((within, path, item))
        return len(self._steps) - 1

    def pointer(self, place: int) -> str:
        """Return the JSON Pointer of a place (RFC 6901)."""
        steps: list[str] = []
        while place > 0:
            place, path, item = self._steps[place]
            steps.append(with_item(path, item))
        return "".join(reversed(steps))


def with_item(path: str, item: int | None) -> str:
    """Return the end of a JSON Pointer for keys and a place in an array.

    >>> with_item("a", 3), with_item("", None)
    ('/a/2', '')
    """
    return (f"/{path}" if path else "") + (f"/{item - 1}" if item is not None else "")
