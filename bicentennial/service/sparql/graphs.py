"""The named graphs of a registry, for those who may see them: which a query names, and what they hold.

A query process holds the current state of each dataset and where everything comes from. Earlier submissions, of which
there may be many more, are read for the query that names them; `<base>/provenance` lists them all.

>>> from bicentennial.knowledge.sparql.guard import inspect
>>> text = "PREFIX r: <urn:r/> SELECT * FROM <urn:a> FROM NAMED r:b { GRAPH <urn:c> { ?s a skos:Concept } }"
>>> graphs_of(inspect(text, datasets=True).tokens)
(['urn:a'], ['urn:r/b'])
>>> sorted(named_in(inspect(text, datasets=True).tokens))
['http://www.w3.org/2004/02/skos/core#Concept', 'urn:a', 'urn:c', 'urn:r/', 'urn:r/b']
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from bicentennial.core.namespaces import PREFIXES

if TYPE_CHECKING:
    from collections.abc import Collection, Iterator, Sequence

    from bicentennial.knowledge.sparql.guard import Token
    from bicentennial.monitoring.registry import Registry
    from bicentennial.monitoring.store.submissions import Submission

__all__ = ["PROVENANCE", "current_graphs", "graphs_of", "named_in", "state_of", "wanted_graphs"]


PROVENANCE: Final = "provenance"
"""How the name of the graph ends that says where all others come from; what is before it begins all their names."""


def _resolved(tokens: Sequence[Token]) -> Iterator[tuple[int, str]]:
    """Yield the place of each name of a thing in a query, and its IRI."""
    prefixes = dict(PREFIXES)
    for place, token in enumerate(tokens):
        before = tokens[place - 1] if place else None
        if token.kind == "iri":
            yield place, token.text[1:-1]
        elif token.kind == "name":
            prefix, _, name = token.text.partition(":")
            if before is not None and before.text.upper() == "PREFIX" and place + 1 < len(tokens):
                prefixes[prefix] = tokens[place + 1].text[1:-1]
            elif prefix in prefixes:
                yield place, prefixes[prefix] + name.replace("\\", "")


def named_in(tokens: Sequence[Token]) -> set[str]:
    """Return the IRIs that a query holds."""
    return {iri for _, iri in _resolved(tokens)}


def graphs_of(tokens: Sequence[Token]) -> tuple[list[str], list[str]]:
    """Return the graphs that a query names with FROM for its default graph, and with FROM NAMED."""
    default, named = [], []
    for place, iri in _resolved(tokens):
        words = [each.text.upper() for each in tokens[max(0, place - 2) : place] if each.kind == "word"]
        if words[-1:] == ["FROM"]:
            default.append(iri)
        elif words == ["FROM", "NAMED"]:
            named.append(iri)
    return default, named


def state_of(registry: Registry) -> tuple[object, ...]:
    """Return what changes whenever the graphs of a registry may have: its last event, and the day for embargoes."""
    database = registry.database
    return database.value("SELECT max(id) FROM event"), database.audience.day


def current_graphs(registry: Registry) -> tuple[list[str], Iterator[str]]:
    """Return the names of the graphs that queries find by themselves, and what these hold as N-Quads.

    The last is that of provenance.
    """
    from bicentennial.monitoring.exports import graphs
    from bicentennial.monitoring.store import submissions

    base = graphs.base_of(registry.database)
    names = [graphs.dataset_graph(base, each) for each in submissions.current(registry.database)]
    return [*names, f"{base}/{PROVENANCE}"], graphs.quads(registry.database, versions=[])


def wanted_graphs(registry: Registry, names: Collection[str], known: Collection[str]) -> Iterator[str]:
    """Yield the graphs that are named and not known, as lines of N-Quads: submissions, and states under embargo.

    Args:
        registry: opened for the one who asks, so that nothing else is found.
        names: the IRIs that a query names.
        known: the graphs that its process has.
    """
    from bicentennial.monitoring.exports import graphs
    from bicentennial.monitoring.store import submissions

    database = registry.database
    base = graphs.base_of(database)
    missing = {each for each in names if each.startswith(f"{base}/")}.difference(known)
    if not missing:
        return
    found: dict[str, Submission] = {}
    for each in submissions.current(database):
        found[graphs.dataset_graph(base, each)] = each
    for each in submissions.listed(database):
        found[f"{graphs.dataset_graph(base, each)}/{each.number}"] = each
    for name in sorted(missing.intersection(found)):
        yield from (f"{line[:-3]} <{name}> .\n" for line in graphs.triples(database, found[name], base))
