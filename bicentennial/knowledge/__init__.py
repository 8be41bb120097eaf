"""The Framework's own data, to read, to ask and to show.

Importing this costs nothing: what is heavy is loaded by the call that needs it.

>>> len(framework().goals), len(framework().pillars), len(framework().objectives)
(3, 10, 31)
"""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import rdflib

    from bicentennial.knowledge.facade import FrameworkData

__all__ = ["framework", "graph"]


def framework() -> FrameworkData:
    """Return the Framework's data as typed, read-only objects; the same ones each time.

    >>> str(framework().agencies["OFAC"])
    'Office of Foreign Assets Control'
    """
    from bicentennial.knowledge.facade import load

    return load()


def graph() -> rdflib.Graph:
    """Return the ontology and the Framework as a new rdflib Graph, which is the caller's to change.

    >>> len(graph()) > 5000
    True
    """
    from bicentennial.knowledge import store

    return store.graph()
